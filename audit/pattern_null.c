/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pattern_null.c - the parts of published zeros, and cells beside which nothing is left to hide.
 *
 * A cell is null if it is open and zero, or if a rule without a constant makes it so: if
 * 0 <= sum of k x and every x with k > 0 is null, so is every x with k < 0; in an equality also the
 * other way. A list of cells whose rules are to be looked at again is worked off.
 */
#include "audit/pattern.h"

#include <string.h>

/* Whether every cell with this sign in a rule is null. */
static bool is_side_null(const struct pattern *d, const struct ska_rule *rule, int sign)
{
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        if ((term->coefficient < 0 ? -1 : 1) == sign && !d->is_null[term->cell])
            return false;
    }
    return true;
}

/* The other side is null: put what is new in the queue. */
static void make_null(struct pattern *d, const struct ska_rule *rule, int sign, uint32_t *filled)
{
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        if ((term->coefficient < 0 ? -1 : 1) != sign || d->is_null[term->cell])
            continue;
        d->is_null[term->cell] = true;
        d->queue[(*filled)++] = term->cell;
    }
}

static void look_at(struct pattern *d, const struct ska_rule *rule, uint32_t *filled)
{
    if (rule->constant != 0)
        return;
    if (is_side_null(d, rule, 1))
        make_null(d, rule, -1, filled);
    if (rule->width == 0 && is_side_null(d, rule, -1))
        make_null(d, rule, 1, filled);
}

void pattern_find_null(struct pattern *d)
{
    const struct ska_statement *s = &d->linked->statement;
    uint32_t taken = 0, filled = 0;
    for (uint32_t j = 0; j < s->n_cells; j++)
        d->is_null[j] = d->reason[j] == 0 && d->total[j] == 0;
    for (uint32_t k = 0; k < s->n_rules; k++)
        look_at(d, &s->rules[k], &filled);
    while (taken < filled) {
        uint32_t cell = d->queue[taken++];
        for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++)
            look_at(d, &s->rules[d->rule_at[at]], &filled);
    }
}

static bool is_count(const struct pattern *d, uint32_t cell)
{
    return ska_cell_is_count(&d->linked->cells[cell]);
}

/* Flood from every open count of at least 1, of this release or an earlier one; what it does not
 * reach is stranded. */
void pattern_find_stranded(bool *is_stranded, struct pattern *d)
{
    const struct ska_statement *s = &d->linked->statement;
    uint32_t taken = 0, filled = 0;
    memset(d->is_rule_seen, 0, s->n_rules * sizeof *d->is_rule_seen);
    for (uint32_t j = 0; j < s->n_cells; j++) {
        is_stranded[j] = d->reason[j] != 0 || !is_count(d, j) || d->total[j] == 0;
        if (!is_stranded[j])
            d->queue[filled++] = j;
    }
    while (taken < filled) {
        uint32_t cell = d->queue[taken++];
        for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++) {
            const struct ska_rule *rule = &s->rules[d->rule_at[at]];
            if (d->is_rule_seen[d->rule_at[at]])
                continue;
            d->is_rule_seen[d->rule_at[at]] = true;
            for (uint32_t i = 0; i < rule->n_terms; i++) {
                uint32_t next = rule->terms[i].cell;
                if (!is_stranded[next] || !is_count(d, next))
                    continue;
                is_stranded[next] = false;
                d->queue[filled++] = next;
            }
        }
    }
}
