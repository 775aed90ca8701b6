/* SPDX-License-Identifier: EUPL-1.2 */
/* honest_pattern.c - what an honest publisher hides. */
#include "tests/tamper/honest_pattern.h"

#include <string.h>

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(struct pattern *, pattern_release, pattern_free)

void honest_primary(uint8_t *reason, const struct honest_input *in)
{
    static const enum ska_cell_kind kinds[] = {SKA_CELL_MARK, SKA_CELL_ANSWERED, SKA_CELL_TOTAL,
                                               SKA_CELL_CATEGORY};
    const struct ska_linked *l = in->linked;
    memset(reason, 0, l->n_listed);
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
        else if (pattern_is_dependent(l, reason, j))
            reason[j] = SKA_HIDDEN_DEPENDENT;
        else if (total < in->policy->threshold && (total > 0 || !l->shows_zero[j]))
            reason[j] = SKA_HIDDEN_SMALL;
    }
}

/* Hide until no cell fails. */
static enum ska_status protect(struct pattern *d)
{
    for (;;) {
        uint32_t f = 0;
        SKA_TRY(pattern_close(d));
        SKA_TRY(pattern_intervals(d));
        pattern_find_null(d);
        while (f < d->linked->n_figures && !pattern_fails(d, f))
            f++;
        if (f == d->linked->n_figures)
            return SKA_OK;
        uint32_t pick = pattern_pick_near(d, f);
        if (pick == SKA_NONE)
            return SKA_E_STATE;
        pattern_hide(d, pick, SKA_HIDDEN_COMPLEMENT);
    }
}

/* Section 5: what the rules alone tell about a cell comes within one of deciding it. */
static enum ska_status find_narrow(bool *is_narrow, struct pattern *d, uint32_t cell)
{
    const struct pattern_interval *first = &d->first_interval[cell];
    struct pattern_interval *now = &d->interval[cell];
    *is_narrow = false;
    if (d->reason[cell] != SKA_HIDDEN_SMALL || cell >= d->linked->n_published)
        return SKA_OK;
    SKA_TRY(pattern_start_intervals(d));
    now->lo--;
    now->hi++;
    SKA_TRY(pattern_run_rounds(d));
    *is_narrow = first->lo != first->hi && (now->hi < first->lo + 2 || now->lo > first->hi - 2);
    return SKA_OK;
}

/* Back to earlier reasons. */
static void restore(struct pattern *d, const uint8_t *reason)
{
    memcpy(d->reason, reason, d->linked->n_figures);
    for (uint32_t j = 0; j < d->linked->n_figures; j++)
        d->is_stale[d->component[j]] = true;
}

/* One step for a narrow cell. Out: *goes_on, whether to look at the same cell again. */
static enum ska_status widen_cell(bool *goes_on, struct pattern *d, uint32_t cell)
{
    bool is_narrow;
    *goes_on = false;
    SKA_TRY(find_narrow(&is_narrow, d, cell));
    uint32_t pick = is_narrow ? pattern_pick_near(d, cell) : SKA_NONE;
    if (pick == SKA_NONE)
        return SKA_OK;
    SKA_SCOPED(ska_scoped_free) uint8_t *before = ska_alloc(d->linked->n_figures, 1);
    if (before == NULL)
        return SKA_E_MEMORY;
    memcpy(before, d->reason, d->linked->n_figures);
    pattern_hide(d, pick, SKA_HIDDEN_COMPLEMENT);
    enum ska_status status = protect(d);
    *goes_on = status == SKA_OK;
    if (status != SKA_E_STATE)
        return status;
    restore(d, before);
    return SKA_OK;
}

static enum ska_status complete(struct pattern *d)
{
    SKA_TRY(protect(d));
    for (uint32_t cell = 0; cell < d->linked->n_figures;) {
        bool goes_on;
        SKA_TRY(widen_cell(&goes_on, d, cell));
        if (!goes_on)
            cell++;
    }
    return SKA_OK;
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

enum ska_status honest_close(uint8_t *reason, const struct honest_input *in)
{
    return carry_out(reason, in, pattern_close);
}

enum ska_status honest_complete(uint8_t *reason, const struct honest_input *in)
{
    return carry_out(reason, in, complete);
}
