/* SPDX-License-Identifier: EUPL-1.2 */
/* honest_pattern.c - what an honest publisher hides. */
#include "tests/tamper/honest_pattern.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/disclosure/gate_task.h"

SKA_DEFINE_RELEASE(struct pattern *, pattern_release, pattern_free)

/* In: reason  by figure, of all that there are: frozen ones are filled in, others 0 */
static void find_primary(uint8_t *reason, const struct honest_input *in)
{
    static const enum ska_cell_kind kinds[] = {SKA_CELL_MARK, SKA_CELL_ANSWERED, SKA_CELL_TOTAL,
                                               SKA_CELL_CATEGORY};
    const struct ska_linked *l = in->linked;
    for (uint32_t i = 0; i < 4 * l->n_listed; i++) {
        uint32_t block = l->order[i / (4 * l->n_cells)], pass = i / l->n_cells % 4;
        uint32_t j = block * l->n_cells + i % l->n_cells;
        uint64_t total = in->totals[j];
        if (l->cells[j].kind != kinds[pass] || ska_linked_is_absent(l, j))
            continue;
        if (l->blocks[ska_linked_block(l, j)].n_least < in->policy->min_contributors)
            reason[j] = SKA_HIDDEN_BLOCK;
        else if (in->kept != NULL && j < l->n_published && in->kept[j] != 0)
            reason[j] = SKA_HIDDEN_KEPT;
        else if (pass == 0)
            reason[j] = total > 0 ? SKA_HIDDEN_MARKED : 0;
        else if (pass == 1)
            reason[j] = total < in->policy->min_contributors ? SKA_HIDDEN_FEW : 0;
        else if (pattern_is_marked(l, reason, j))
            reason[j] = SKA_HIDDEN_MARKED;
        else if (ska_linked_is_never_shown(l, j))
            reason[j] = SKA_HIDDEN_WITHDRAWN;
        else if (pattern_is_dependent(l, reason, j))
            reason[j] = SKA_HIDDEN_DEPENDENT;
        else if (pattern_is_between(l, j))
            reason[j] = 0;
        else if (total < in->policy->threshold && (total > 0 || !l->shows_zero[j]))
            reason[j] = ska_linked_is_of_year(l, j) ? SKA_HIDDEN_SUMMED : SKA_HIDDEN_SMALL;
    }
}

void honest_primary(uint8_t *reason, const struct honest_input *in)
{
    const struct ska_linked *l = in->linked;
    uint8_t *all = calloc(l->n_figures, 1);
    if (all == NULL)
        abort();
    for (uint32_t j = l->n_own; j < l->n_figures; j++)
        all[j] = ska_linked_frozen_reason(l, j);
    find_primary(all, in);
    memcpy(reason, all, l->n_listed);
    free(all);
}

/* What is hidden in a roll-up along with something; and beside it is like it. By figure that can be
 * listed. Returns whether anything was open in `before`. */
static bool sum_up(uint8_t *before, uint8_t *reason, const struct honest_input *in)
{
    const struct ska_linked *l = in->linked;
    bool is_new = false;
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t j = 0; j < l->n_published; j++) {
            bool is_open = ska_cell_is_count(&l->cells[j]) && reason[j] == 0;
            if (ska_linked_is_absent(l, j) || !ska_linked_is_of_year(l, j) ||
                !((is_open && pattern_is_hidden_along(l, reason, j, in->policy->rounding > 0)) ||
                  reason[j] == SKA_HIDDEN_COMPLEMENT))
                continue;
            reason[j] = before[j] = SKA_HIDDEN_SUMMED;
            is_changed = is_new = true;
        }
    }
    return is_new;
}

/* SKA_E_STATE if a cell fails, by the audit's test or by the gate's: then fails, by figure. */
static enum ska_status look(struct pattern *d, bool *fails)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate found = {0};
    const struct gate_view view = {
        .linked = d->linked, .policy = d->policy, .reason = d->reason, .total = d->total};
    SKA_TRY(pattern_solve(d));
    SKA_TRY(pattern_intervals(d));
    pattern_find_null(d);
    for (uint32_t f = 0; f < d->linked->n_figures; f++)
        if (pattern_fails(d, f))
            return SKA_E_STATE;
    return gate_task_certify(&found, fails, NULL, &view);
}

static void show(struct pattern *d, uint32_t cell)
{
    d->reason[cell] = 0;
    d->is_stale[d->component[cell]] = true;
}

/* What shares a rule of its block with a cell that is not shown stays hidden, as if it were of P0.
 */
static void keep_beside(uint8_t *first, const struct pattern *d, uint32_t cell)
{
    const struct ska_linked *l = d->linked;
    for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++) {
        const struct ska_rule *rule = &l->rules[d->rule_at[at]];
        if (rule->terms[0].cell / l->n_cells == rule->terms[rule->n_terms - 1].cell / l->n_cells)
            for (uint32_t t = 0; t < rule->n_terms; t++)
                first[rule->terms[t].cell] |=
                    d->reason[rule->terms[t].cell] == SKA_HIDDEN_COMPLEMENT;
    }
}

/* Show again what is hidden beyond P0, in order, as long as nothing fails. */
static enum ska_status show_again(struct pattern *d, uint8_t *first, bool *fails)
{
    const struct ska_linked *l = d->linked;
    for (uint32_t i = 0; i < 2 * l->n_listed; i++) {
        uint32_t cell = l->order[i % l->n_listed / l->n_cells] * l->n_cells + i % l->n_cells;
        bool is_total = l->cells[cell].kind == SKA_CELL_TOTAL;
        if (is_total != (i < l->n_listed) || first[cell] != 0 ||
            d->reason[cell] != SKA_HIDDEN_COMPLEMENT)
            continue;
        show(d, cell);
        enum ska_status status = look(d, fails);
        if (status != SKA_E_STATE) {
            SKA_TRY(status);
            continue;
        }
        pattern_hide(d, cell, SKA_HIDDEN_COMPLEMENT);
        keep_beside(first, d, cell);
    }
    return SKA_OK;
}

/* Hide all in reach of something sensitive, and of what nothing is said of and fails even so. */
static enum ska_status hide_all(struct pattern *d, bool *is_reached, bool *fails)
{
    uint32_t n = d->linked->n_figures;
    enum ska_status status = SKA_E_STATE;
    for (uint32_t j = 0; j < n; j++)
        is_reached[j] = pattern_is_sensitive(d, j);
    for (bool is_more = true; is_more;) {
        pattern_reach(is_reached, d, true);
        status = look(d, fails);
        is_more = false;
        for (uint32_t j = 0; status == SKA_E_STATE && j < n; j++) {
            bool is_new = fails[j] && d->reason[j] == PATTERN_UNKNOWN && !is_reached[j];
            is_reached[j] = is_reached[j] || is_new;
            is_more = is_more || is_new;
        }
    }
    return status;
}

/* Section 6, but for narrow cells. */
static enum ska_status complete(struct pattern *d)
{
    uint32_t n = d->linked->n_figures;
    SKA_SCOPED(ska_scoped_free) uint8_t *first = ska_alloc(n, 1);
    SKA_SCOPED(ska_scoped_free) bool *is_reached = ska_alloc(n, sizeof *is_reached);
    SKA_SCOPED(ska_scoped_free) bool *fails = ska_alloc(n, sizeof *fails);
    if (first == NULL || is_reached == NULL || fails == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(pattern_find_first(d));
    enum ska_status status = look(d, fails);
    if (status != SKA_E_STATE)
        return status;
    memcpy(first, d->reason, n);
    SKA_TRY(hide_all(d, is_reached, fails));
    return show_again(d, first, fails);
}

/* Do one of them to a pattern made from the input and the reasons. */
static enum ska_status carry_out(uint8_t *reason, const struct honest_input *in,
                                 enum ska_status (*step)(struct pattern *d))
{
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    SKA_TRY(pattern_new(&d, in->linked, in->policy));
    for (uint32_t j = 0; j < in->linked->n_listed; j++) {
        d->total[j] = in->shown != NULL ? in->shown[j] : in->totals[j];
        d->is_candidate[j] = j < in->linked->n_published &&
                             ska_cell_is_count(&in->linked->cells[j]) && in->totals[j] >= 1;
        if (reason[j] != 0)
            pattern_hide(d, j, (enum ska_hidden_reason)reason[j]);
    }
    enum ska_status status = step(d);
    for (uint32_t j = 0; j < in->linked->n_listed; j++)
        reason[j] = d->reason[j] == PATTERN_UNKNOWN ? 0 : d->reason[j];
    return status;
}

enum ska_status honest_first(uint8_t *reason, const struct honest_input *in)
{
    return carry_out(reason, in, pattern_find_first);
}

enum ska_status honest_complete(uint8_t *reason, const struct honest_input *in)
{
    uint32_t n = in->linked->n_listed, n_all = in->linked->n_figures;
    SKA_SCOPED(ska_scoped_free) uint8_t *before = ska_alloc(n, 1);
    SKA_SCOPED(ska_scoped_free) uint8_t *all = ska_alloc(n_all, 1);
    if (before == NULL || all == NULL)
        return SKA_E_MEMORY;
    memcpy(before, reason, n);
    for (uint32_t j = n; j < n_all; j++)
        all[j] = j < in->linked->n_own ? PATTERN_UNKNOWN : ska_linked_frozen_reason(in->linked, j);
    enum ska_status status = SKA_OK;
    for (bool is_new = true; is_new && status == SKA_OK;) {
        memcpy(all, before, n);
        (void)sum_up(before, all, in);
        memcpy(all, before, n);
        status = carry_out(all, in, complete);
        is_new = sum_up(before, all, in);
    }
    memcpy(reason, all, n);
    return status;
}
