/* SPDX-License-Identifier: EUPL-1.2 */
/* disclosure.c - disclosure control, version 1: the order of the steps (docs/disclosure.md). */
#include "reports/disclosure.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/disclosure_parts.h"

static bool is_small(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct ska_policy *policy = &p->input->policy;
    uint64_t x = p->input->totals[cell];
    return x >= (policy->show_zero ? 1u : 0u) && x < policy->threshold;
}

void disclosure_primary(struct disclosure_pattern *p)
{
    const struct ska_cell *cells = p->input->layout->cells;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_ANSWERED &&
            p->input->totals[j] < p->input->policy.min_contributors)
            p->reason[j] = SKA_HIDDEN_FEW;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind != SKA_CELL_ANSWERED && cells[j].flag != SKA_NONE &&
            p->reason[cells[j].flag] == SKA_HIDDEN_FEW)
            p->reason[j] = SKA_HIDDEN_DEPENDENT;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_TOTAL && p->reason[j] == 0 && is_small(p, j))
            p->reason[j] = SKA_HIDDEN_SMALL;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_CATEGORY && p->reason[j] == 0 &&
            p->reason[cells[j].total] == SKA_HIDDEN_SMALL)
            p->reason[j] = SKA_HIDDEN_DEPENDENT;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_CATEGORY && p->reason[j] == 0 && is_small(p, j))
            p->reason[j] = SKA_HIDDEN_SMALL;
}

/* The first equality rule whose only hidden cell is d, or SKA_NONE. */
static uint32_t find_violated(const struct disclosure_pattern *p, uint32_t d)
{
    const struct ska_statement *s = &p->input->layout->statement;
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct ska_rule *rule = &s->rules[i];
        uint32_t n_hidden = 0;
        bool has = false;
        for (uint32_t t = 0; rule->width == 0 && t < rule->n_terms; t++) {
            n_hidden += p->reason[rule->terms[t].cell] != 0;
            has = has || rule->terms[t].cell == d;
        }
        if (has && n_hidden == 1)
            return i;
    }
    return SKA_NONE;
}

/* CLOSE within one equality component; components do not touch each other here. */
static enum ska_status close_component(struct disclosure_pattern *p, uint32_t component)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *given_up = ska_alloc(p->n, 1);
    if (given_up == NULL)
        return SKA_E_MEMORY;
    for (;;) {
        SKA_TRY(disclosure_find_derivable(p, component));
        uint32_t d = component;
        while (d < p->n && (p->component[d] != component || !p->derivable[d] || given_up[d]))
            d++;
        if (d == p->n)
            return SKA_OK;
        uint32_t rule = find_violated(p, d), pick = SKA_NONE;
        if (rule != SKA_NONE)
            pick = disclosure_pick_rule(p, rule);
        else
            SKA_TRY(disclosure_pick_component(&pick, p, d));
        if (pick == SKA_NONE)
            given_up[d] = 1;
        else
            p->reason[pick] = SKA_HIDDEN_COMPLEMENT;
    }
}

static enum ska_status close_all(struct disclosure_pattern *p)
{
    for (uint32_t j = 0; j < p->n; j++)
        if (p->component[j] == j)
            SKA_TRY(close_component(p, j));
    return SKA_OK;
}

static uint32_t count_hidden(const struct disclosure_pattern *p)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < p->n; j++)
        n += p->reason[j] != 0;
    return n;
}

static enum ska_status hide_near(struct disclosure_pattern *p, uint32_t pick)
{
    p->reason[pick] = SKA_HIDDEN_COMPLEMENT;
    return close_component(p, p->component[pick]);
}

/* Hide until no cell fails. */
static enum ska_status protect(struct disclosure_pattern *p, struct ska_error *err)
{
    for (;;) {
        enum ska_status status = disclosure_propagate(p);
        if (status != SKA_OK)
            return ska_fail(err, status, "the totals and the catalogue's rules do not agree");
        uint32_t f = 0, pick = SKA_NONE;
        while (f < p->n && !disclosure_fails(p, f))
            f++;
        if (f == p->n)
            return SKA_OK;
        SKA_TRY(disclosure_pick_near(&pick, p, f));
        if (pick == SKA_NONE)
            return ska_fail(err, SKA_E_STATE,
                            "cell %s cannot be protected: nothing is left to hide beside it "
                            "(docs/disclosure.md, section 6)",
                            p->input->layout->cells[f].code);
        SKA_TRY(hide_near(p, pick));
    }
}

/* Hide `pick` and what that demands; if nothing is left that it demands, take all of it back and
 * set *is_kept to false. `before` is scratch, n long. */
static enum ska_status try_hide(bool *is_kept, struct disclosure_pattern *p, uint32_t pick,
                                uint8_t *before, struct ska_error *err)
{
    struct ska_error unsaid = {0}; /* why nothing was left is of no concern */
    memcpy(before, p->reason, p->n);
    SKA_TRY(hide_near(p, pick));
    enum ska_status status = protect(p, &unsaid);
    *is_kept = status == SKA_OK;
    if (status == SKA_OK)
        return SKA_OK;
    if (status != SKA_E_STATE)
        return ska_fail(err, status, "%s", unsaid.text);
    memcpy(p->reason, before, p->n);
    return close_all(p); /* finds derivable cells anew; the pattern was closed */
}

/* Then hide until no cell is narrow that something can be hidden beside. Hiding only widens
 * intervals: a cell that is not narrow stays so, and none is looked at again. */
static enum ska_status widen(struct disclosure_pattern *p, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *before = ska_alloc(p->n, 1);
    if (before == NULL)
        return SKA_E_MEMORY;
    for (uint32_t f = 0; f < p->n;) {
        bool is_narrow = false, is_kept = false;
        uint32_t pick = SKA_NONE;
        SKA_TRY(disclosure_find_narrow(&is_narrow, p, f));
        if (is_narrow)
            SKA_TRY(disclosure_pick_near(&pick, p, f));
        if (pick != SKA_NONE)
            SKA_TRY(try_hide(&is_kept, p, pick, before, err));
        if (!is_kept)
            f++;
    }
    return SKA_OK;
}

enum ska_status disclosure_decide(struct ska_suppression *hidden, uint32_t *n_extra,
                                  const struct disclosure_input *input, struct ska_error *err)
{
    SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern p = {0};
    SKA_TRY(disclosure_pattern_init(&p, input));
    disclosure_primary(&p);
    SKA_TRY(close_all(&p));
    uint32_t n_first = count_hidden(&p);
    SKA_TRY(protect(&p, err));
    SKA_TRY(widen(&p, err));
    uint32_t n = count_hidden(&p);
    struct ska_hidden_cell *at = ska_alloc((size_t)n + 1, sizeof *at); /* room for none, too */
    if (at == NULL)
        return SKA_E_MEMORY;
    uint32_t filled = 0;
    for (uint32_t j = 0; j < p.n; j++)
        if (p.reason[j] != 0)
            at[filled++] = (struct ska_hidden_cell){j, (enum ska_hidden_reason)p.reason[j]};
    *hidden = (struct ska_suppression){.n = n, .at = at};
    if (n_extra != NULL)
        *n_extra = n - n_first;
    return SKA_OK;
}
