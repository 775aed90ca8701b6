/* SPDX-License-Identifier: EUPL-1.2 */
/* pattern_pick.c - distances between counts, and which candidate comes first. */
#include "audit/pattern.h"

#include <string.h>

#define FAR UINT32_MAX /* cannot be reached */

/* Neither flags nor marks are counts. */
static bool is_flag(const struct pattern *d, uint32_t cell)
{
    return !ska_cell_is_count(&d->linked->cells[cell]);
}

static bool is_candidate(const struct pattern *d, uint32_t cell)
{
    return d->is_candidate[cell] && d->reason[cell] == 0 && !ska_linked_is_told(d->linked, cell);
}

/* Distances from a count to every count, breadth first over rules; flags stay FAR. */
static void measure(struct pattern *d, uint32_t from)
{
    const struct ska_statement *s = &d->linked->statement;
    uint32_t n = d->linked->n_figures, taken = 0, filled = 0;
    memset(d->is_rule_seen, 0, s->n_rules * sizeof *d->is_rule_seen);
    for (uint32_t j = 0; j < n; j++)
        d->distance[j] = FAR;
    d->distance[from] = 0;
    d->queue[filled++] = from;
    while (taken < filled) {
        uint32_t cell = d->queue[taken++];
        for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++) {
            uint32_t k = d->rule_at[at];
            if (d->is_rule_seen[k])
                continue;
            d->is_rule_seen[k] = true;
            for (uint32_t i = 0; i < s->rules[k].n_terms; i++) {
                uint32_t next = s->rules[k].terms[i].cell;
                if (is_flag(d, next) || d->distance[next] != FAR)
                    continue;
                d->distance[next] = d->distance[cell] + 1;
                d->queue[filled++] = next;
            }
        }
    }
}

/* Whether `a` comes before `b` in the order of picks, at their distances. */
static bool comes_before(const struct pattern *d, uint32_t a, uint32_t a_distance, uint32_t b,
                         uint32_t b_distance)
{
    if (a_distance != b_distance)
        return a_distance < b_distance;
    bool is_a_category = d->linked->cells[a].kind == SKA_CELL_CATEGORY;
    bool is_b_category = d->linked->cells[b].kind == SKA_CELL_CATEGORY;
    if (is_a_category != is_b_category)
        return a_distance == 1 ? is_a_category : is_b_category;
    return a > b;
}

uint32_t pattern_pick_rule(struct pattern *d, uint32_t rule)
{
    const struct ska_rule *r = &d->linked->statement.rules[rule];
    uint32_t best = SKA_NONE;
    for (uint32_t i = 0; i < r->n_terms; i++) {
        uint32_t cell = r->terms[i].cell;
        if (is_candidate(d, cell) && (best == SKA_NONE || comes_before(d, cell, 1, best, 1)))
            best = cell;
    }
    return best;
}

uint32_t pattern_pick_component(struct pattern *d, uint32_t from)
{
    uint32_t best = SKA_NONE, best_distance = 0;
    bool is_from_flag = is_flag(d, from);
    if (!is_from_flag)
        measure(d, from);
    for (uint32_t j = 0; j < d->linked->n_figures; j++) {
        if (!is_candidate(d, j) || d->component[j] != d->component[from])
            continue;
        uint32_t distance = is_from_flag ? 1 : d->distance[j];
        if (best == SKA_NONE || comes_before(d, j, distance, best, best_distance)) {
            best = j;
            best_distance = distance;
        }
    }
    return best;
}

uint32_t pattern_pick_near(struct pattern *d, uint32_t from)
{
    uint32_t best = SKA_NONE;
    if (is_flag(d, from))
        return SKA_NONE;
    measure(d, from);
    for (uint32_t j = 0; j < d->linked->n_figures; j++) {
        if (!is_candidate(d, j) || d->distance[j] == FAR || d->distance[j] == 0)
            continue;
        if (best == SKA_NONE || comes_before(d, j, d->distance[j], best, d->distance[best]))
            best = j;
    }
    return best;
}
