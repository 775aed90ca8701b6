/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_ask.c - asks the gate about a pattern in the making, part by part, and again only
 * about a part whose reasons have changed.
 *
 * Parts do not touch each other, so the gate says of each what it says of it in the whole. Where
 * several fail, the whole says what it comes to first: that what is public contradicts itself, then
 * the lowest figure that the rounds give away, then what the search for tables says.
 */
#include "reports/disclosure/disclosure_parts.h"

#include "crypto/scoped.h"

struct gate_view disclosure_view(const struct disclosure_pattern *p, const struct gate_part *part)
{
    return (struct gate_view){.linked = p->input->linked,
                              .policy = p->input->policy,
                              .reason = p->reason,
                              .total = p->shown,
                              .part = part};
}

/* The lowest figure that fails. */
static uint32_t lowest(const bool *fails, const struct gate_view *view)
{
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++)
        if (fails[gate_view_figure(view, i)])
            return gate_view_figure(view, i);
    return SKA_NONE;
}

static void ask(struct disclosure_answer *out, struct disclosure_pattern *p,
                const struct gate_view *view)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate found = {0};
    *out = (struct disclosure_answer){.is_known = true, .stuck = SKA_NONE};
    out->status = gate_task_certify(&found, p->fails, &out->is_early, view);
    if (out->status == SKA_E_STATE)
        out->stuck = lowest(p->fails, view);
}

/* What is remembered of a part, unless something in it has changed since. */
static const struct disclosure_answer *ask_part(struct disclosure_pattern *p, uint32_t number)
{
    struct disclosure_answer *answer = &p->answer[number];
    const struct gate_part part = disclosure_part(p, number);
    const struct gate_view view = disclosure_view(p, &part);
    bool has_changed = !answer->is_known;
    for (uint32_t i = 0; i < part.n_figures; i++) {
        uint32_t figure = part.figure[i];
        has_changed = has_changed || p->asked[figure] != p->reason[figure];
        p->asked[figure] = p->reason[figure];
    }
    if (has_changed && part.n_rules == 0 && p->reason[part.figure[0]] == 0)
        *answer = (struct disclosure_answer){.is_known = true, .stuck = SKA_NONE};
    else if (has_changed)
        ask(answer, p, &view);
    return answer;
}

/* What comes first. */
static int rank(const struct disclosure_answer *a)
{
    if (a->status == SKA_OK)
        return 4;
    return (a->is_early ? 0 : 2) + (a->status == SKA_E_STATE ? 1 : 0);
}

static bool goes_before(const struct disclosure_answer *a, const struct disclosure_answer *b)
{
    return rank(a) < rank(b) ||
           (rank(a) == rank(b) && a->status == SKA_E_STATE && a->stuck < b->stuck);
}

enum ska_status disclosure_ask(struct disclosure_pattern *p, uint32_t part)
{
    struct disclosure_answer all = {.stuck = SKA_NONE};
    if (p->input->plainly) {
        const struct gate_view view = disclosure_view(p, NULL);
        ask(&all, p, &view);
    }
    for (uint32_t k = 0; !p->input->plainly && k < p->n_parts; k++) {
        if (part != SKA_NONE && part != k)
            continue;
        const struct disclosure_answer *answer = ask_part(p, k);
        if (answer->status == SKA_E_MEMORY)
            return SKA_E_MEMORY;
        if (goes_before(answer, &all))
            all = *answer;
    }
    p->stuck = all.stuck;
    return all.status;
}

enum ska_status disclosure_certify(struct ska_certificate *out, struct disclosure_pattern *p)
{
    struct gate_view view = disclosure_view(p, NULL);
    view.needed = p->needed;
    view.n_needed = p->n_needed;
    return gate_task_certify(out, p->fails, NULL, &view);
}
