/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pattern_first.c - the first pattern P0: everything in reach of something sensitive is hidden, and
 * shown again one figure after the other, as long as nothing sensitive follows from equalities.
 */
#include "audit/pattern.h"

#include "crypto/scoped.h"
#include "protocol/rounding.h"

#include <string.h>

static bool is_candidate(const struct pattern *d, uint32_t cell)
{
    return d->is_candidate[cell] && d->reason[cell] == 0 && !ska_linked_is_told(d->linked, cell);
}

/* Whether a cell has a value of its own for all that is shown: it is hidden, or shown rounded. */
static bool is_vague(const struct pattern *d, uint32_t cell)
{
    return d->reason[cell] != 0 ||
           (ska_policy_rounds(&d->policy, &d->linked->cells[cell]) && d->total[cell] > 0);
}

/* Put a rule's cells into the queue: those that are not known, and candidates if `hides`. */
static void look_at(struct pattern *d, bool *is_reached, uint32_t *filled, uint32_t rule,
                    bool hides)
{
    const struct ska_rule *r = &d->linked->statement.rules[rule];
    if (d->is_rule_seen[rule])
        return;
    d->is_rule_seen[rule] = true;
    for (uint32_t i = 0; i < r->n_terms; i++) {
        uint32_t cell = r->terms[i].cell;
        if (hides && is_candidate(d, cell))
            pattern_hide(d, cell, SKA_HIDDEN_COMPLEMENT);
        if (is_reached[cell] || !is_vague(d, cell))
            continue;
        is_reached[cell] = true;
        d->queue[(*filled)++] = cell;
    }
}

void pattern_reach(bool *is_reached, struct pattern *d, bool hides)
{
    const struct ska_statement *s = &d->linked->statement;
    uint32_t taken = 0, filled = 0;
    memset(d->is_rule_seen, 0, s->n_rules * sizeof *d->is_rule_seen);
    for (uint32_t j = 0; j < s->n_cells; j++)
        if (is_reached[j])
            d->queue[filled++] = j;
    while (taken < filled) {
        uint32_t cell = d->queue[taken++];
        for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++)
            look_at(d, is_reached, &filled, d->rule_at[at], hides);
    }
}

/* Show a cell unless something sensitive of its component follows then that did not before. */
static enum ska_status show_cell(struct pattern *d, uint32_t cell, const bool *anyway)
{
    d->reason[cell] = 0;
    d->is_stale[d->component[cell]] = true;
    SKA_TRY(pattern_solve(d));
    for (uint32_t j = 0; j < d->linked->n_figures; j++)
        if (d->is_derivable[j] && !anyway[j] && pattern_is_sensitive(d, j)) {
            pattern_hide(d, cell, SKA_HIDDEN_COMPLEMENT);
            return SKA_OK;
        }
    return SKA_OK;
}

static enum ska_status show_block(struct pattern *d, uint32_t block, enum ska_cell_kind kind,
                                  const bool *anyway)
{
    uint32_t n = d->linked->n_cells;
    for (uint32_t cell = block * n; cell < (block + 1) * n; cell++)
        if (d->reason[cell] == SKA_HIDDEN_COMPLEMENT && d->linked->cells[cell].kind == kind)
            SKA_TRY(show_cell(d, cell, anyway));
    return SKA_OK;
}

enum ska_status pattern_find_first(struct pattern *d)
{
    const struct ska_linked *l = d->linked;
    SKA_SCOPED(ska_scoped_free) bool *mark = ska_alloc(l->n_figures, sizeof *mark);
    if (mark == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < l->n_figures; j++)
        mark[j] = pattern_is_sensitive(d, j);
    pattern_reach(mark, d, true);
    memset(d->is_stale, true, l->n_figures * sizeof *d->is_stale);
    SKA_TRY(pattern_solve(d));
    memcpy(mark, d->is_derivable, l->n_figures * sizeof *mark);
    for (uint32_t i = 0; i < l->n_listed / l->n_cells; i++)
        SKA_TRY(show_block(d, l->order[i], SKA_CELL_TOTAL, mark));
    for (uint32_t i = 0; i < l->n_listed / l->n_cells; i++)
        SKA_TRY(show_block(d, l->order[i], SKA_CELL_CATEGORY, mark));
    return SKA_OK;
}
