/* SPDX-License-Identifier: EUPL-1.2 */
/* disclosure_pattern.c - a pattern in the making: what it is made in, and its candidates. */
#include "reports/disclosure/disclosure_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"

static const struct ska_statement *statement_of(const struct disclosure_pattern *p)
{
    return &p->input->linked->statement;
}

/* Never zero: everybody knows that, so a complement that might be one would protect nobody. */
bool disclosure_is_candidate(const struct disclosure_pattern *p, uint32_t figure)
{
    const struct ska_linked *l = p->input->linked;
    return figure < l->n_published && p->reason[figure] == 0 &&
           ska_cell_is_count(&l->cells[figure]) && p->shown[figure] >= 1 &&
           !ska_linked_is_told(l, figure);
}

/* Equality components, each named by its lowest cell. */
static uint32_t find_root(uint32_t *component, uint32_t cell)
{
    while (component[cell] != cell) {
        component[cell] = component[component[cell]];
        cell = component[cell];
    }
    return cell;
}

static void join_components(struct disclosure_pattern *p)
{
    const struct ska_statement *s = statement_of(p);
    for (uint32_t j = 0; j < p->n; j++)
        p->component[j] = j;
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct ska_rule *rule = &s->rules[i];
        for (uint32_t t = 1; rule->width == 0 && t < rule->n_terms; t++) {
            uint32_t a = find_root(p->component, rule->terms[0].cell);
            uint32_t b = find_root(p->component, rule->terms[t].cell);
            p->component[a < b ? b : a] = a < b ? a : b;
        }
    }
    for (uint32_t j = 0; j < p->n; j++)
        p->component[j] = find_root(p->component, j);
}

/* Likewise over rules of every kind: what happens in one part tells nothing about another. The
 * parts are numbered by their lowest figures. */
static void join_parts(struct disclosure_pattern *p)
{
    const struct ska_statement *s = statement_of(p);
    for (uint32_t j = 0; j < p->n; j++)
        p->part[j] = j;
    for (uint32_t i = 0; i < s->n_rules; i++)
        for (uint32_t t = 1; t < s->rules[i].n_terms; t++) {
            uint32_t a = find_root(p->part, s->rules[i].terms[0].cell);
            uint32_t b = find_root(p->part, s->rules[i].terms[t].cell);
            p->part[a < b ? b : a] = a < b ? a : b;
        }
    for (uint32_t j = 0; j < p->n; j++)
        p->part[j] = find_root(p->part, j);
    for (uint32_t j = 0; j < p->n; j++) /* a root is the lowest figure: it has its number already */
        p->part[j] = p->part[j] == j ? p->n_parts++ : p->part[p->part[j]];
}

/* Numbers from 0 grouped by part. In: part  of each */
static void group(uint32_t *grouped, uint32_t *first, uint32_t n_parts, const uint32_t *part,
                  uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        first[part[i] + 1]++;
    for (uint32_t k = 0; k < n_parts; k++)
        first[k + 1] += first[k];
    for (uint32_t i = 0; i < n; i++)
        grouped[first[part[i]]++] = i;
    memmove(first + 1, first, n_parts * sizeof *first); /* each was moved on by its own */
    first[0] = 0;
}

/* The figures and rules of each part. */
static enum ska_status index_parts(struct disclosure_pattern *p)
{
    const struct ska_statement *s = statement_of(p);
    SKA_SCOPED(ska_scoped_free) uint32_t *of_rule = ska_alloc((size_t)s->n_rules + 1, 4);
    if (of_rule == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < s->n_rules; i++)
        of_rule[i] = p->part[s->rules[i].terms[0].cell];
    group(p->part_figure, p->first_figure_of_part, p->n_parts, p->part, p->n);
    group(p->part_rule, p->first_rule_of_part, p->n_parts, of_rule, s->n_rules);
    return SKA_OK;
}

struct gate_part disclosure_part(const struct disclosure_pattern *p, uint32_t part)
{
    uint32_t figure = p->first_figure_of_part[part], rule = p->first_rule_of_part[part];
    return (struct gate_part){.figure = p->part_figure + figure,
                              .rule = p->part_rule + rule,
                              .n_figures = p->first_figure_of_part[part + 1] - figure,
                              .n_rules = p->first_rule_of_part[part + 1] - rule};
}

/* The rules of each figure, in order. queue is scratch. */
static void index_rules(struct disclosure_pattern *p)
{
    const struct ska_statement *s = statement_of(p);
    for (uint32_t i = 0; i < s->n_rules; i++)
        for (uint32_t t = 0; t < s->rules[i].n_terms; t++)
            p->first_rule[s->rules[i].terms[t].cell + 1]++;
    for (uint32_t j = 0; j < p->n; j++)
        p->first_rule[j + 1] += p->first_rule[j];
    memcpy(p->queue, p->first_rule, p->n * sizeof *p->queue);
    for (uint32_t i = 0; i < s->n_rules; i++)
        for (uint32_t t = 0; t < s->rules[i].n_terms; t++)
            p->rule_at[p->queue[s->rules[i].terms[t].cell]++] = i;
}

static bool allocate(struct disclosure_pattern *p)
{
    const struct ska_statement *s = statement_of(p);
    size_t n_terms = 0, n = p->n;
    for (uint32_t i = 0; i < s->n_rules; i++)
        n_terms += s->rules[i].n_terms;
    p->total = ska_alloc(n, sizeof *p->total);
    p->shown = ska_alloc(n, sizeof *p->shown);
    p->reason = ska_alloc(n, sizeof *p->reason);
    p->is_withdrawn = ska_alloc(n, sizeof *p->is_withdrawn);
    p->is_summed = ska_alloc(n, sizeof *p->is_summed);
    p->derivable = ska_alloc(n, sizeof *p->derivable);
    p->component = ska_alloc(n, sizeof *p->component);
    p->part = ska_alloc(n, sizeof *p->part);
    p->part_figure = ska_alloc(n, sizeof *p->part_figure);
    p->part_rule = ska_alloc((size_t)s->n_rules + 1, sizeof *p->part_rule);
    p->first_figure_of_part = ska_alloc(n + 1, sizeof *p->first_figure_of_part);
    p->first_rule_of_part = ska_alloc(n + 1, sizeof *p->first_rule_of_part);
    p->fails = ska_alloc(n, sizeof *p->fails);
    p->asked = ska_alloc(n, sizeof *p->asked);
    p->answer = ska_alloc(n, sizeof *p->answer);
    p->primary = ska_alloc(n, sizeof *p->primary);
    p->first_pattern = ska_alloc(n, sizeof *p->first_pattern);
    p->is_seen = ska_alloc(n, sizeof *p->is_seen);
    p->queue = ska_alloc(n, sizeof *p->queue);
    p->interval = ska_alloc(n, sizeof *p->interval);
    p->needed = ska_alloc(p->input->linked->n_published, sizeof *p->needed);
    p->first = ska_alloc(n, sizeof *p->first);
    p->first_rule = ska_alloc(n + 1, sizeof *p->first_rule);
    p->rule_at = ska_alloc(n_terms + 1, sizeof *p->rule_at);
    p->walked = ska_alloc((size_t)s->n_rules + 1, sizeof *p->walked);
    p->is_due = ska_alloc((size_t)s->n_rules + 1, sizeof *p->is_due);
    return p->total != NULL && p->shown != NULL && p->reason != NULL && p->is_withdrawn != NULL &&
           p->is_summed != NULL && p->derivable != NULL && p->component != NULL &&
           p->part != NULL && p->part_figure != NULL && p->part_rule != NULL &&
           p->first_figure_of_part != NULL && p->first_rule_of_part != NULL && p->fails != NULL &&
           p->asked != NULL && p->answer != NULL && p->is_seen != NULL && p->queue != NULL &&
           p->interval != NULL && p->needed != NULL && p->first != NULL && p->first_rule != NULL &&
           p->rule_at != NULL && p->walked != NULL && p->is_due != NULL && p->primary != NULL &&
           p->first_pattern != NULL;
}

enum ska_status disclosure_pattern_init(struct disclosure_pattern *p,
                                        const struct disclosure_input *input)
{
    memset(p, 0, sizeof *p);
    p->input = input;
    p->n = input->linked->n_figures;
    if (!allocate(p)) {
        disclosure_pattern_clear(p);
        return SKA_E_MEMORY;
    }
    const struct ska_linked *l = input->linked;
    memcpy(p->total, input->totals, l->n_listed * sizeof *p->total);
    for (uint32_t j = l->n_own; j < p->n; j++)
        p->total[j] = ska_linked_frozen_total(l, j);
    for (uint32_t j = 0; j < l->n_published; j++)
        p->is_withdrawn[j] = ska_linked_is_never_shown(l, j);
    memcpy(p->shown, p->total, p->n * sizeof *p->shown);
    if (input->shown != NULL)
        memcpy(p->shown, input->shown, l->n_listed * sizeof *p->shown);
    index_rules(p);
    join_components(p);
    join_parts(p);
    enum ska_status status = index_parts(p);
    if (status != SKA_OK)
        disclosure_pattern_clear(p);
    return status;
}

void disclosure_pattern_clear(struct disclosure_pattern *p)
{
    ska_wipe_free(p->total, p->n * sizeof *p->total);
    ska_wipe_free(p->shown, p->n * sizeof *p->shown);
    free(p->reason);
    free(p->is_withdrawn);
    free(p->is_summed);
    free(p->derivable);
    free(p->component);
    free(p->part);
    free(p->part_figure);
    free(p->part_rule);
    free(p->first_figure_of_part);
    free(p->first_rule_of_part);
    free(p->fails);
    free(p->asked);
    free(p->answer);
    free(p->primary);
    free(p->first_pattern);
    free(p->is_seen);
    free(p->queue);
    free(p->interval);
    free(p->needed);
    free(p->first);
    free(p->first_rule);
    free(p->rule_at);
    free(p->walked);
    free(p->is_due);
    memset(p, 0, sizeof *p);
}

disclosure_int disclosure_cap(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct ska_linked *l = p->input->linked;
    return (disclosure_int)l->blocks[ska_linked_block(l, cell)].n_counted *
           (disclosure_int)l->bound[cell];
}
