/* SPDX-License-Identifier: EUPL-1.2 */
/* gate_null.c - the parts of published zeros, and figures beside which nothing is left to hide. */
#include "reports/disclosure/gate_task.h"

#include "crypto/scoped.h"

/* Whether all terms of one sign are such parts. */
static bool are_null(const uint8_t *is_null, const struct ska_rule *rule, bool positive)
{
    for (uint32_t t = 0; t < rule->n_terms; t++)
        if ((rule->terms[t].coefficient > 0) == positive && !is_null[rule->terms[t].cell])
            return false;
    return true;
}

static bool set_null(uint8_t *is_null, const struct ska_rule *rule, bool positive)
{
    bool changed = false;
    for (uint32_t t = 0; t < rule->n_terms; t++) {
        uint8_t *at = &is_null[rule->terms[t].cell];
        if ((rule->terms[t].coefficient > 0) == positive && *at == 0) {
            *at = 1;
            changed = true;
        }
    }
    return changed;
}

void gate_find_null(uint8_t *is_null, const struct gate_view *view)
{
    const struct ska_linked *l = view->linked;
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++) {
        uint32_t j = gate_view_figure(view, i);
        is_null[j] = view->reason[j] == 0 && view->total[j] == 0;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < gate_view_n_rules(view); i++) {
            const struct ska_rule *rule = &l->rules[gate_view_rule(view, i)];
            if (rule->constant != 0)
                continue;
            if (are_null(is_null, rule, true))
                changed = set_null(is_null, rule, false) || changed;
            if (rule->width == 0 && are_null(is_null, rule, false))
                changed = set_null(is_null, rule, true) || changed;
        }
    }
}

static uint32_t find_root(uint32_t *parent, uint32_t j)
{
    while (parent[j] != j) {
        parent[j] = parent[parent[j]];
        j = parent[j];
    }
    return j;
}

/* Counts that rules connect get one root; a way does not lead over a flag. */
static void join_counts(uint32_t *parent, const struct gate_view *view)
{
    const struct ska_linked *l = view->linked;
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++)
        parent[gate_view_figure(view, i)] = gate_view_figure(view, i);
    for (uint32_t i = 0; i < gate_view_n_rules(view); i++) {
        const struct ska_rule *rule = &l->rules[gate_view_rule(view, i)];
        uint32_t first = SKA_NONE;
        for (uint32_t t = 0; t < rule->n_terms; t++) {
            uint32_t j = rule->terms[t].cell;
            if (!ska_cell_is_count(&l->cells[j]))
                continue;
            if (first == SKA_NONE)
                first = j;
            uint32_t a = find_root(parent, first), b = find_root(parent, j);
            parent[a < b ? b : a] = a < b ? a : b;
        }
    }
}

enum ska_status gate_find_stranded(uint8_t *is_stranded, const struct gate_view *view)
{
    const struct ska_linked *l = view->linked;
    SKA_SCOPED(ska_scoped_free) uint32_t *parent = ska_alloc(l->n_figures, sizeof *parent);
    SKA_SCOPED(ska_scoped_free) uint8_t *has_pick = ska_alloc(l->n_figures, 1);
    if (parent == NULL || has_pick == NULL)
        return SKA_E_MEMORY;
    join_counts(parent, view);
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++) {
        uint32_t j = gate_view_figure(view, i);
        if (view->reason[j] == 0 && ska_cell_is_count(&l->cells[j]) && view->total[j] >= 1)
            has_pick[find_root(parent, j)] = 1;
    }
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++) {
        uint32_t j = gate_view_figure(view, i);
        is_stranded[j] = !has_pick[find_root(parent, j)];
    }
    return SKA_OK;
}

bool gate_may_be_stranded(const struct gate_view *view, uint32_t figure)
{
    const struct ska_linked *l = view->linked;
    const struct ska_block *block = &l->blocks[ska_linked_block(l, figure)];
    uint32_t total = l->layout->cells[figure % l->n_cells].total;
    if (block->kind != SKA_BLOCK_DIFFERENCE || ska_linked_is_of_year(l, figure))
        return true;
    if (ska_linked_is_whole_only(l, figure))
        return view->reason[block->minus * l->n_cells + total] != SKA_HIDDEN_BLOCK;
    return view->reason[block->plus * l->n_cells + total] == SKA_HIDDEN_WITHDRAWN ||
           view->reason[block->minus * l->n_cells + total] == SKA_HIDDEN_WITHDRAWN;
}
