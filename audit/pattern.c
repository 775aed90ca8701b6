/* SPDX-License-Identifier: EUPL-1.2 */
/* pattern.c - a pattern in the making, and what is said of its cells. */
#include "audit/pattern.h"

#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

SKA_DEFINE_RELEASE(struct pattern *, pattern_release, pattern_free)

/* An array that may be of nothing. */
static void *array(size_t n, size_t size)
{
    return ska_alloc(n > 0 ? n : 1, size);
}

static bool allocate(struct pattern *d)
{
    const struct ska_statement *s = &d->linked->statement;
    size_t n = d->linked->n_figures, n_terms = 0;
    for (uint32_t k = 0; k < s->n_rules; k++)
        n_terms += s->rules[k].n_terms; /* at most SKA_RULES_MAX * SKA_TERMS_MAX */
    d->reason = array(n, sizeof *d->reason);
    d->is_candidate = array(n, sizeof *d->is_candidate);
    d->is_null = array(n, sizeof *d->is_null);
    d->total = array(n, sizeof *d->total);
    d->first_rule = array(n + 1, sizeof *d->first_rule);
    d->rule_at = array(n_terms, sizeof *d->rule_at);
    d->component = array(n, sizeof *d->component);
    d->is_derivable = array(n, sizeof *d->is_derivable);
    d->is_stale = array(n, sizeof *d->is_stale);
    d->interval = array(n, sizeof *d->interval);
    d->first_interval = array(n, sizeof *d->first_interval);
    d->queue = array(n, sizeof *d->queue);
    d->is_rule_seen = array(s->n_rules, sizeof *d->is_rule_seen);
    d->is_due = array(s->n_rules, sizeof *d->is_due);
    return d->reason != NULL && d->is_candidate != NULL && d->is_null != NULL && d->total != NULL &&
           d->first_rule != NULL && d->rule_at != NULL && d->component != NULL &&
           d->is_derivable != NULL && d->is_stale != NULL && d->interval != NULL &&
           d->first_interval != NULL && d->queue != NULL && d->is_rule_seen != NULL &&
           d->is_due != NULL;
}

/* The rules of each cell, in order, by counting first. */
static void index_rules(struct pattern *d)
{
    const struct ska_statement *s = &d->linked->statement;
    uint32_t n = d->linked->n_figures;
    for (uint32_t k = 0; k < s->n_rules; k++)
        for (uint32_t i = 0; i < s->rules[k].n_terms; i++)
            d->first_rule[s->rules[k].terms[i].cell + 1]++;
    for (uint32_t j = 0; j < n; j++)
        d->first_rule[j + 1] += d->first_rule[j];
    uint32_t *filled = d->queue; /* scratch */
    memset(filled, 0, n * sizeof *filled);
    for (uint32_t k = 0; k < s->n_rules; k++)
        for (uint32_t i = 0; i < s->rules[k].n_terms; i++) {
            uint32_t cell = s->rules[k].terms[i].cell;
            d->rule_at[d->first_rule[cell] + filled[cell]++] = k;
        }
}

/* The component's lowest cell, shortening the way for next time. */
static uint32_t find_root(uint32_t *parent, uint32_t cell)
{
    while (parent[cell] != cell) {
        parent[cell] = parent[parent[cell]];
        cell = parent[cell];
    }
    return cell;
}

static void find_components(struct pattern *d)
{
    const struct ska_statement *s = &d->linked->statement;
    for (uint32_t j = 0; j < d->linked->n_figures; j++)
        d->component[j] = j;
    for (uint32_t k = 0; k < s->n_rules; k++) {
        if (s->rules[k].width != 0)
            continue;
        for (uint32_t i = 1; i < s->rules[k].n_terms; i++) {
            uint32_t a = find_root(d->component, s->rules[k].terms[0].cell);
            uint32_t b = find_root(d->component, s->rules[k].terms[i].cell);
            if (a < b)
                d->component[b] = a;
            else
                d->component[a] = b;
        }
    }
    for (uint32_t j = 0; j < d->linked->n_figures; j++)
        d->component[j] = find_root(d->component, j);
}

enum ska_status pattern_new(struct pattern **out, const struct ska_linked *linked,
                            const struct ska_policy *policy)
{
    SKA_SCOPED(pattern_release) struct pattern *d = ska_alloc(1, sizeof *d);
    if (d == NULL)
        return SKA_E_MEMORY;
    d->linked = linked;
    d->policy = *policy;
    if (!allocate(d))
        return SKA_E_MEMORY;
    for (uint32_t j = linked->n_published; j < linked->n_own; j++)
        d->reason[j] = ska_linked_is_absent(linked, j) ? 0 : PATTERN_UNKNOWN;
    for (uint32_t j = linked->n_own; j < linked->n_figures; j++) {
        d->reason[j] = ska_linked_frozen_reason(linked, j);
        d->total[j] = ska_linked_frozen_total(linked, j);
    }
    index_rules(d);
    find_components(d);
    *out = d;
    d = NULL; /* the caller owns it now */
    return SKA_OK;
}

void pattern_free(struct pattern *d)
{
    if (d == NULL)
        return;
    free(d->reason);
    free(d->is_candidate);
    free(d->is_null);
    free(d->total);
    free(d->first_rule);
    free(d->rule_at);
    free(d->component);
    free(d->is_derivable);
    free(d->is_stale);
    free(d->interval);
    free(d->first_interval);
    free(d->queue);
    free(d->is_rule_seen);
    free(d->is_due);
    free(d);
}

void pattern_hide(struct pattern *d, uint32_t cell, enum ska_hidden_reason reason)
{
    d->reason[cell] = (uint8_t)reason;
    d->is_stale[d->component[cell]] = true;
}

bool pattern_is_marked(const struct ska_linked *linked, const uint8_t *reason, uint32_t cell)
{
    uint32_t mark = ska_linked_mark(linked, cell);
    return mark != SKA_NONE && ska_cell_is_count(&linked->cells[cell]) &&
           reason[mark] == SKA_HIDDEN_MARKED;
}

bool pattern_is_dependent(const struct ska_linked *linked, const uint8_t *reason, uint32_t cell)
{
    const struct ska_cell *c = &linked->cells[cell];
    if (!ska_cell_is_count(c) || pattern_is_marked(linked, reason, cell) ||
        pattern_is_between(linked, cell) || reason[cell] == SKA_HIDDEN_WITHDRAWN)
        return false;
    if (c->flag != SKA_NONE && reason[c->flag] == SKA_HIDDEN_FEW)
        return true;
    if (ska_linked_lacks_part(linked, reason, cell))
        return true;
    for (uint32_t i = 0; i < ska_linked_count_parents(linked, cell); i++) {
        uint8_t parent = reason[ska_linked_parent(linked, cell, i)];
        if (parent == SKA_HIDDEN_SMALL || parent == SKA_HIDDEN_DEPENDENT ||
            parent == SKA_HIDDEN_WITHDRAWN)
            return true;
    }
    return false;
}

pattern_int pattern_cap(const struct pattern *d, uint32_t cell)
{
    const struct ska_linked *l = d->linked;
    return (pattern_int)l->blocks[cell / l->n_cells].n_counted * (pattern_int)l->bound[cell];
}

bool pattern_is_sensitive(const struct pattern *d, uint32_t cell)
{
    uint8_t reason = d->reason[cell];
    if (reason == 0 || reason == PATTERN_UNKNOWN || reason == SKA_HIDDEN_COMPLEMENT ||
        pattern_cap(d, cell) == 0 || ska_linked_is_told(d->linked, cell) ||
        ska_linked_repeats_part(d->linked, d->reason, cell, d->policy.rounding == 0))
        return false;
    return d->linked->groups->n == 0 || ska_cell_is_count(&d->linked->cells[cell]);
}

/* Whether enough have surely answered a cell's indicator in its block, or nobody has. Of atoms no
 * flag is listed, so their intervals must tell. */
static bool is_answered_enough(const struct pattern *d, uint32_t cell)
{
    uint32_t flag = d->linked->cells[cell].flag;
    if (flag == SKA_NONE)
        return true;
    const struct pattern_interval *now = &d->interval[flag];
    return now->lo >= (pattern_int)d->policy.min_contributors || now->hi == 0;
}

/* Unknown cells may be known if they are large enough, or zeros that may be shown, of enough
 * contributors, of whom enough have answered. */
bool pattern_is_harmless(const struct pattern *d, uint32_t cell)
{
    const struct ska_linked *l = d->linked;
    const struct ska_block *block = &l->blocks[ska_linked_block(l, cell)];
    const struct pattern_interval *now = &d->interval[cell];
    return block->n_least >= d->policy.min_contributors && is_answered_enough(d, cell) &&
           (now->lo >= (pattern_int)d->policy.threshold || (now->hi == 0 && l->shows_zero[cell]));
}

bool pattern_is_between(const struct ska_linked *l, uint32_t cell)
{
    return l->blocks[ska_linked_block(l, cell)].kind == SKA_BLOCK_DIFFERENCE &&
           ska_cell_is_count(&l->cells[cell]);
}

bool pattern_may_be_stranded(const struct ska_linked *l, const uint8_t *reason, uint32_t cell)
{
    const struct ska_block *block = &l->blocks[ska_linked_block(l, cell)];
    uint32_t total = l->layout->cells[cell % l->n_cells].total;
    if (!pattern_is_between(l, cell) || ska_linked_is_of_year(l, cell))
        return true;
    if (ska_linked_is_whole_only(l, cell))
        return reason[block->minus * l->n_cells + total] != SKA_HIDDEN_BLOCK;
    return reason[block->plus * l->n_cells + total] == SKA_HIDDEN_WITHDRAWN ||
           reason[block->minus * l->n_cells + total] == SKA_HIDDEN_WITHDRAWN;
}

bool pattern_is_hidden_along(const struct ska_linked *l, const uint8_t *reason, uint32_t cell,
                             bool is_rounding)
{
    uint32_t first = cell - cell % l->n_cells;
    if (cell >= l->n_published || !ska_linked_is_of_year(l, cell) ||
        (!is_rounding && ska_linked_has_open_parts(l, reason, cell)))
        return false;
    for (uint32_t i = 0; i < ska_linked_count_parents(l, cell); i++)
        if (reason[ska_linked_parent(l, cell, i)] == SKA_HIDDEN_SUMMED)
            return true;
    for (uint32_t other = first; other < first + l->n_cells; other++)
        if (reason[other] == SKA_HIDDEN_SUMMED && ska_linked_are_one_table(l, cell, other))
            return true;
    return ska_linked_hides_year(l, reason, cell);
}

bool pattern_is_unanswered(const struct pattern *d, uint32_t cell)
{
    uint32_t flag = d->linked->cells[cell].flag;
    return flag != SKA_NONE && d->interval[flag].hi == 0;
}

static bool has_one_value(const void *of, uint32_t cell)
{
    const struct pattern_interval *now = &((const struct pattern *)of)->interval[cell];
    return now->lo == now->hi;
}

bool pattern_repeats_known(const struct pattern *d, uint32_t cell)
{
    return ska_linked_repeats_known(d->linked, cell, has_one_value, d);
}

bool pattern_fails(const struct pattern *d, uint32_t cell)
{
    const struct pattern_interval *now = &d->interval[cell], *first = &d->first_interval[cell];
    if (!pattern_is_sensitive(d, cell) || d->is_null[cell] || pattern_is_unanswered(d, cell) ||
        pattern_repeats_known(d, cell))
        return false;
    return d->is_derivable[cell] || (now->lo == now->hi && first->lo != first->hi);
}
