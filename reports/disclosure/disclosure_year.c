/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_year.c - what is hidden in a year's roll-up (docs/disclosure-control.md, section 13):
 * one reason, SUMMED, for what is small and for what is hidden beside it, and tables that are shown
 * whole or not at all, so that which figures are hidden does not tell how large they are.
 */
#include "reports/disclosure/disclosure_parts.h"

bool disclosure_has_open_parts(const struct disclosure_pattern *p, uint32_t figure)
{
    return p->input->policy.rounding == 0 &&
           ska_linked_has_open_parts(p->input->linked, p->reason, figure);
}

uint8_t disclosure_year_reason(const struct disclosure_pattern *p, uint32_t j, bool is_small)
{
    const struct ska_linked *l = p->input->linked;
    bool is_part = false;
    if (l->blocks[ska_linked_block(l, j)].kind != SKA_BLOCK_PUBLISHED)
        return 0;
    if (p->is_withdrawn[j])
        return SKA_HIDDEN_WITHDRAWN;
    if (ska_linked_lacks_part(l, p->reason, j))
        return SKA_HIDDEN_DEPENDENT;
    for (uint32_t i = 0; i < ska_linked_count_parents(l, j); i++) {
        uint8_t parent = p->reason[ska_linked_parent(l, j, i)];
        if (parent == SKA_HIDDEN_DEPENDENT || parent == SKA_HIDDEN_WITHDRAWN)
            return SKA_HIDDEN_DEPENDENT;
        is_part = is_part || parent == SKA_HIDDEN_SUMMED;
    }
    is_part = is_part && !disclosure_has_open_parts(p, j);
    return is_part || is_small || p->is_summed[j] ? SKA_HIDDEN_SUMMED : 0;
}

/* A count of the roll-up that is open becomes SUMMED. Returns whether it was open. */
static bool sum_up(struct disclosure_pattern *p, uint32_t j)
{
    if (p->reason[j] != 0 && p->reason[j] != SKA_HIDDEN_COMPLEMENT)
        return false;
    p->reason[j] = SKA_HIDDEN_SUMMED;
    p->is_summed[j] = 1;
    return true;
}

/* Whether some other figure has a count hidden with it. */
static bool is_hidden_along(const struct disclosure_pattern *p, uint32_t j)
{
    const struct ska_linked *l = p->input->linked;
    uint32_t first = j - j % l->n_cells;
    if (disclosure_has_open_parts(p, j))
        return false;
    if (ska_linked_hides_year(l, p->reason, j))
        return true;
    for (uint32_t i = 0; i < ska_linked_count_parents(l, j); i++)
        if (p->reason[ska_linked_parent(l, j, i)] == SKA_HIDDEN_SUMMED)
            return true;
    for (uint32_t k = first; k < first + l->n_cells; k++)
        if (p->reason[k] == SKA_HIDDEN_SUMMED && ska_linked_are_one_table(l, j, k))
            return true;
    return false;
}

bool disclosure_year_spread(struct disclosure_pattern *p)
{
    const struct ska_linked *l = p->input->linked;
    bool is_new = false;
    for (uint32_t j = 0; j < l->n_published; j++)
        if (p->reason[j] == SKA_HIDDEN_COMPLEMENT && ska_linked_is_of_year(l, j))
            is_new = sum_up(p, j) || is_new;
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t j = 0; j < l->n_published; j++)
            if (p->reason[j] == 0 && ska_cell_is_count(&l->cells[j]) &&
                ska_linked_is_of_year(l, j) && !ska_linked_is_absent(l, j) && is_hidden_along(p, j))
                is_changed = sum_up(p, j) || is_changed;
        is_new = is_new || is_changed;
    }
    return is_new;
}
