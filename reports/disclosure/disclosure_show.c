/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_show.c - hide everything that could be, then show again what need not be hidden, one
 * figure after the other in a fixed order (docs/disclosure-control.md, sections 3, 4 and 6).
 */
#include "reports/disclosure/disclosure_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/rounding.h"

/* Put a figure into the queue once. */
static void reach(struct disclosure_pattern *p, uint32_t *tail, uint32_t figure)
{
    if (p->is_seen[figure])
        return;
    p->is_seen[figure] = 1;
    p->queue[(*tail)++] = figure;
}

/* Whether a figure is not known for all that is shown: it is hidden, or shown rounded. */
static bool is_vague(const struct disclosure_pattern *p, uint32_t figure)
{
    return p->reason[figure] != 0 ||
           (ska_policy_rounds(&p->input->policy, &p->input->linked->cells[figure]) &&
            p->shown[figure] > 0);
}

/* Everything that rules lead to from what is in the queue, over what is not known; candidates are
 * hidden when they are come to, if wanted. is_seen: what was reached. */
static void follow(struct disclosure_pattern *p, uint32_t tail, bool hides)
{
    const struct ska_linked *l = p->input->linked;
    memset(p->walked, 0, l->statement.n_rules);
    for (uint32_t head = 0; head < tail; head++)
        for (uint32_t i = p->first_rule[p->queue[head]]; i < p->first_rule[p->queue[head] + 1];
             i++) {
            const struct ska_rule *rule = &l->rules[p->rule_at[i]];
            for (uint32_t t = 0; !p->walked[p->rule_at[i]] && t < rule->n_terms; t++) {
                uint32_t next = rule->terms[t].cell;
                if (hides && disclosure_is_candidate(p, next))
                    p->reason[next] = SKA_HIDDEN_COMPLEMENT;
                if (is_vague(p, next))
                    reach(p, &tail, next);
            }
            p->walked[p->rule_at[i]] = 1;
        }
}

/* Hide every candidate in reach of something sensitive, or of one more figure (SKA_NONE: none).
 * Returns how many. */
static uint32_t hide_in_reach(struct disclosure_pattern *p, uint32_t more)
{
    uint32_t tail = 0, n = 0;
    memset(p->is_seen, 0, p->n);
    for (uint32_t j = 0; j < p->n; j++) {
        n += p->reason[j] == SKA_HIDDEN_COMPLEMENT;
        if (j == more || disclosure_is_sensitive(p, j) || p->reason[j] == SKA_HIDDEN_COMPLEMENT)
            reach(p, &tail, j);
    }
    follow(p, tail, true);
    uint32_t n_now = 0;
    for (uint32_t j = 0; j < p->n; j++)
        n_now += p->reason[j] == SKA_HIDDEN_COMPLEMENT;
    return n_now - n;
}

/* The order in which figures are shown again: totals before categories; blocks of more atoms
 * first; then by number. */
static enum ska_status put_in_order(uint32_t *order, uint32_t *n_out,
                                    const struct disclosure_pattern *p)
{
    static const enum ska_cell_kind kinds[] = {SKA_CELL_TOTAL, SKA_CELL_CATEGORY};
    const struct ska_linked *l = p->input->linked;
    uint32_t n = 0;
    for (size_t pass = 0; pass < sizeof kinds / sizeof kinds[0]; pass++)
        for (uint32_t i = 0; i < l->n_listed / l->n_cells; i++) {
            uint32_t first = l->order[i] * l->n_cells;
            for (uint32_t j = first; j < first + l->n_cells; j++)
                if (p->reason[j] == SKA_HIDDEN_COMPLEMENT && l->cells[j].kind == kinds[pass])
                    order[n++] = j;
        }
    *n_out = n;
    return SKA_OK;
}

/* The first pattern --------------------------------------------------------------------------- */

/* Whether a sensitive figure of a component is derivable that was not when everything was hidden.
 */
static bool is_more_derivable(const struct disclosure_pattern *p, uint32_t component,
                              const uint8_t *anyway)
{
    const struct gate_part part = disclosure_part(p, p->part[component]);
    for (uint32_t i = 0; i < part.n_figures; i++) {
        uint32_t j = part.figure[i];
        if (p->component[j] == component && p->derivable[j] && !anyway[j] &&
            disclosure_is_sensitive(p, j))
            return true;
    }
    return false;
}

/* Show again, in order, what nothing sensitive becomes derivable by, in parts that are not known.
 */
static enum ska_status show_underivable(struct disclosure_pattern *p, const uint8_t *is_known,
                                        uint32_t *order, uint8_t *anyway)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < p->n; j++)
        if (p->component[j] == j && !is_known[p->part[j]])
            SKA_TRY(disclosure_find_derivable(p, j));
    memcpy(anyway, p->derivable, p->n);
    SKA_TRY(put_in_order(order, &n, p));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t component = p->component[order[i]];
        if (is_known[p->part[order[i]]])
            continue;
        p->reason[order[i]] = 0;
        SKA_TRY(disclosure_find_derivable(p, component));
        if (is_more_derivable(p, component, anyway))
            p->reason[order[i]] = SKA_HIDDEN_COMPLEMENT;
    }
    return SKA_OK;
}

/* Which parts have the primary reasons that they had when P0 was last found: withdrawing an
 * indicator changes those of its own part. The present ones are remembered. */
static void find_known(uint8_t *is_known, struct disclosure_pattern *p)
{
    for (uint32_t k = 0; k < p->n_parts; k++)
        is_known[k] = p->has_first && !p->input->plainly;
    for (uint32_t j = 0; j < p->n; j++) {
        if (p->primary[j] != p->reason[j])
            is_known[p->part[j]] = 0;
        p->primary[j] = p->reason[j];
    }
    p->has_first = false;
}

enum ska_status disclosure_find_first(struct disclosure_pattern *p)
{
    SKA_SCOPED(ska_scoped_free) uint32_t *order = ska_alloc(p->n, sizeof *order);
    SKA_SCOPED(ska_scoped_free) uint8_t *anyway = ska_alloc(p->n, 1);
    SKA_SCOPED(ska_scoped_free) uint8_t *is_known = ska_alloc(p->n, 1); /* by part */
    if (order == NULL || anyway == NULL || is_known == NULL)
        return SKA_E_MEMORY;
    find_known(is_known, p);
    (void)hide_in_reach(p, SKA_NONE);
    SKA_TRY(show_underivable(p, is_known, order, anyway));
    for (uint32_t j = 0; j < p->n; j++)
        if (is_known[p->part[j]])
            p->reason[j] = p->first_pattern[j];
        else
            p->first_pattern[j] = p->reason[j];
    p->has_first = true;
    return SKA_OK;
}

/* The whole pattern --------------------------------------------------------------------------- */

/* What it is done in. Owned arrays, by figure. */
struct showing {
    uint32_t *order;                    /* scratch */
    uint8_t *first;                     /* reasons of P0 */
    struct disclosure_interval *hidden; /* what is told of small ones when everything is hidden */
};

/* What the rounds tell of each small figure, started as for finding whether it is narrow, and of
 * what is between two. */
static enum ska_status find_narrow(struct disclosure_interval *hidden, struct disclosure_pattern *p)
{
    const struct ska_linked *l = p->input->linked;
    SKA_TRY(disclosure_propagate(p));
    for (uint32_t j = l->n_published; j < l->n_listed; j++)
        hidden[j] = p->interval[j];
    for (uint32_t j = 0; j < p->input->linked->n_published; j++) {
        bool is_narrow = false;
        SKA_TRY(disclosure_find_narrow(&is_narrow, p, j));
        hidden[j] = p->interval[j];
    }
    return SKA_OK;
}

/* Whether the rounds tell more of a figure than when everything is hidden. */
static bool is_told_more(const struct disclosure_pattern *p, uint32_t figure,
                         const struct disclosure_interval *hidden)
{
    return p->interval[figure].lo != hidden[figure].lo ||
           p->interval[figure].hi != hidden[figure].hi;
}

/* Whether what is between two figures is narrow, and more is told of it than when everything is
 * hidden; of those that are looked at. */
static enum ska_status gets_narrow_between(bool *does, struct disclosure_pattern *p, uint32_t shown,
                                           const struct disclosure_interval *hidden)
{
    const struct gate_part one =
        shown != SKA_NONE ? disclosure_part(p, p->part[shown]) : (struct gate_part){0};
    const struct gate_view view = disclosure_view(p, shown != SKA_NONE ? &one : NULL);
    *does = false;
    if (p->input->linked->n_listed == p->input->linked->n_published)
        return SKA_OK;
    SKA_TRY(shown != SKA_NONE ? disclosure_propagate_part(p, p->part[shown])
                              : disclosure_propagate(p));
    for (uint32_t i = 0; i < gate_view_n_figures(&view) && !*does; i++) {
        uint32_t j = gate_view_figure(&view, i);
        *does = disclosure_is_between(p, j) && disclosure_leaves_little_between(p, j) &&
                is_told_more(p, j, hidden);
    }
    return SKA_OK;
}

/* Whether a small figure is narrow, and more is told of it than when everything is hidden. After
 * one more was shown (SKA_NONE: that is not all) only those are looked at that rules lead to from
 * it over hidden figures: the others' intervals are what they were. */
static enum ska_status gets_narrow(bool *does, struct disclosure_pattern *p, uint32_t shown,
                                   const struct disclosure_interval *hidden)
{
    const struct gate_part one =
        shown != SKA_NONE ? disclosure_part(p, p->part[shown]) : (struct gate_part){0};
    const struct gate_view view = disclosure_view(p, shown != SKA_NONE ? &one : NULL);
    bool looks_at_all = shown == SKA_NONE || p->input->policy.rounding != 0 || p->input->plainly;
    *does = false;
    if (!looks_at_all) {
        uint32_t tail = 0;
        memset(p->is_seen, 0, p->n);
        reach(p, &tail, shown);
        follow(p, tail, false);
    }
    for (uint32_t i = 0; i < gate_view_n_figures(&view) && !*does; i++) {
        uint32_t j = gate_view_figure(&view, i);
        if (!looks_at_all && !p->is_seen[j])
            continue;
        SKA_TRY(disclosure_find_narrow(does, p, j));
        *does = *does && is_told_more(p, j, hidden);
    }
    return SKA_OK;
}

/* Whether the pattern may be as it is: nothing has got narrow, and the gate lets it. `shown` is the
 * only figure that has changed since it might be (SKA_NONE: more has). */
static enum ska_status judge(bool *may, struct disclosure_pattern *p, uint32_t shown,
                             const struct showing *s)
{
    bool is_narrower = false;
    *may = false;
    enum ska_status status = gets_narrow_between(&is_narrower, p, shown, s->hidden);
    if (status == SKA_OK && !is_narrower)
        status = gets_narrow(&is_narrower, p, shown, s->hidden);
    if (status == SKA_OK && !is_narrower)
        status = disclosure_ask(p, shown != SKA_NONE ? p->part[shown] : SKA_NONE);
    else if (status == SKA_OK)
        return SKA_OK;
    *may = status == SKA_OK;
    return status == SKA_E_MEMORY ? status : SKA_OK;
}

static bool is_between_blocks(const struct disclosure_pattern *p, const struct ska_rule *rule)
{
    const struct ska_linked *l = p->input->linked;
    return ska_linked_block(l, rule->terms[0].cell) !=
           ska_linked_block(l, rule->terms[rule->n_terms - 1].cell);
}

/* What stays hidden as if it were of P0: what shares a rule of its block with a figure that is
 * not shown. Which of them is shown would tell of their values. */
static void keep_beside(const struct disclosure_pattern *p, const struct showing *s,
                        uint32_t figure)
{
    const struct ska_linked *l = p->input->linked;
    for (uint32_t i = p->first_rule[figure]; i < p->first_rule[figure + 1]; i++) {
        const struct ska_rule *rule = &l->rules[p->rule_at[i]];
        if (is_between_blocks(p, rule))
            continue;
        for (uint32_t t = 0; t < rule->n_terms; t++)
            if (p->reason[rule->terms[t].cell] == SKA_HIDDEN_COMPLEMENT)
                s->first[rule->terms[t].cell] = SKA_HIDDEN_COMPLEMENT;
    }
}

/* Whether everybody can work out what was shown when a figure was looked at. What hides in a year
 * has another reason in the end, and of a rounded figure no total is proven. */
static bool is_provable(const struct disclosure_pattern *p, uint32_t figure)
{
    return p->input->policy.rounding == 0 && !ska_linked_is_of_year(p->input->linked, figure);
}

/* Show again, in order, what is hidden beyond P0, if the gate lets it. */
static enum ska_status show_again(struct disclosure_pattern *p, const struct showing *s)
{
    uint32_t n = 0;
    SKA_TRY(put_in_order(s->order, &n, p));
    for (uint32_t i = 0; i < n; i++) {
        bool may = false;
        uint32_t figure = s->order[i];
        if (s->first[figure] != 0)
            continue;
        p->reason[figure] = 0;
        SKA_TRY(judge(&may, p, figure, s));
        if (may)
            continue;
        p->reason[figure] = SKA_HIDDEN_COMPLEMENT;
        keep_beside(p, s, figure);
        if (is_provable(p, figure))
            SKA_TRY(disclosure_add_needed(p, figure, s->hidden));
    }
    return SKA_OK;
}

static enum ska_status find_whole(struct disclosure_pattern *p, struct showing *s)
{
    bool may = false;
    SKA_TRY(judge(&may, p, SKA_NONE, s)); /* s->hidden is of nothing, so far */
    if (may)
        return SKA_OK;
    memcpy(s->first, p->reason, p->n);
    (void)hide_in_reach(p, SKA_NONE);
    enum ska_status status;
    while ((status = disclosure_ask(p, SKA_NONE)) == SKA_E_STATE)
        if (p->reason[p->stuck] != DISCLOSURE_UNKNOWN || hide_in_reach(p, p->stuck) == 0)
            break;
    SKA_TRY(status);
    SKA_TRY(find_narrow(s->hidden, p));
    return show_again(p, s);
}

static void showing_clear(struct showing *s)
{
    free(s->order);
    free(s->first);
    free(s->hidden);
}

enum ska_status disclosure_find_whole(struct ska_certificate *out, struct disclosure_pattern *p)
{
    SKA_SCOPED(showing_clear)
    struct showing s = {.order = ska_alloc(p->n, sizeof *s.order),
                        .first = ska_alloc(p->n, 1),
                        .hidden = ska_alloc(p->n, sizeof *s.hidden)};
    if (s.order == NULL || s.first == NULL || s.hidden == NULL)
        return SKA_E_MEMORY;
    p->n_needed = 0;
    SKA_TRY(find_whole(p, &s));
    SKA_TRY(disclosure_keep_needed(p));
    return disclosure_certify(out, p);
}
