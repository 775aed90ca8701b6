/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_pick.c - which open cell is hidden to protect another: a fixed order that never looks
 * at values beyond "not zero" (docs/disclosure-control.md, section 3).
 */
#include "reports/disclosure_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"

#define FAR UINT32_MAX

static const struct ska_statement *statement_of(const struct disclosure_pattern *p)
{
    return &p->input->linked->statement;
}

/* Neither flags nor marks are counts. */
static bool is_flag(const struct disclosure_pattern *p, uint32_t cell)
{
    return !ska_cell_is_count(&p->input->linked->cells[cell]);
}

static bool is_candidate(const struct disclosure_pattern *p, uint32_t cell)
{
    return cell < p->input->linked->n_published && p->reason[cell] == 0 && !is_flag(p, cell) &&
           p->total[cell] >= 1 && !ska_linked_is_told(p->input->linked, cell);
}

/* 0 goes first: categories near by, totals farther away. */
static unsigned class_at(const struct disclosure_pattern *p, uint32_t cell, uint32_t distance)
{
    bool is_total = p->input->linked->cells[cell].kind == SKA_CELL_TOTAL;
    return distance <= 1 ? is_total : !is_total;
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

/* Likewise over rules of every kind: what happens in one part tells nothing about another. */
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
    p->is_null = ska_alloc(n, sizeof *p->is_null);
    p->derivable = ska_alloc(n, sizeof *p->derivable);
    p->component = ska_alloc(n, sizeof *p->component);
    p->part = ska_alloc(n, sizeof *p->part);
    p->distance = ska_alloc(n, sizeof *p->distance);
    p->queue = ska_alloc(n, sizeof *p->queue);
    p->interval = ska_alloc(n, sizeof *p->interval);
    p->first = ska_alloc(n, sizeof *p->first);
    p->first_rule = ska_alloc(n + 1, sizeof *p->first_rule);
    p->rule_at = ska_alloc(n_terms + 1, sizeof *p->rule_at);
    p->walked = ska_alloc((size_t)s->n_rules + 1, sizeof *p->walked);
    return p->total != NULL && p->shown != NULL && p->reason != NULL && p->is_withdrawn != NULL &&
           p->is_null != NULL && p->derivable != NULL && p->component != NULL && p->part != NULL &&
           p->distance != NULL && p->queue != NULL && p->interval != NULL && p->first != NULL &&
           p->first_rule != NULL && p->rule_at != NULL && p->walked != NULL;
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
    memcpy(p->shown, p->total, p->n * sizeof *p->shown);
    if (input->shown != NULL)
        memcpy(p->shown, input->shown, l->n_listed * sizeof *p->shown);
    index_rules(p);
    join_components(p);
    join_parts(p);
    return SKA_OK;
}

void disclosure_pattern_clear(struct disclosure_pattern *p)
{
    ska_wipe_free(p->total, p->n * sizeof *p->total);
    ska_wipe_free(p->shown, p->n * sizeof *p->shown);
    free(p->reason);
    free(p->is_withdrawn);
    free(p->is_null);
    free(p->derivable);
    free(p->component);
    free(p->part);
    free(p->distance);
    free(p->queue);
    free(p->interval);
    free(p->first);
    free(p->first_rule);
    free(p->rule_at);
    free(p->walked);
    memset(p, 0, sizeof *p);
}

disclosure_int disclosure_cap(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct ska_linked *l = p->input->linked;
    return (disclosure_int)l->blocks[ska_linked_block(l, cell)].n_counted *
           (disclosure_int)l->bound[cell];
}

/* Distances from f over the rules; a path does not lead over a flag. A rule is walked once, when
 * the first of its cells is reached. */
static void measure(struct disclosure_pattern *p, uint32_t f)
{
    const struct ska_statement *s = statement_of(p);
    uint32_t head = 0, tail = 0;
    memset(p->walked, 0, s->n_rules);
    for (uint32_t j = 0; j < p->n; j++)
        p->distance[j] = FAR;
    p->distance[f] = 0;
    p->queue[tail++] = f;
    while (head < tail) {
        uint32_t at = p->queue[head++];
        for (uint32_t i = p->first_rule[at]; i < p->first_rule[at + 1]; i++) {
            const struct ska_rule *rule = &s->rules[p->rule_at[i]];
            if (p->walked[p->rule_at[i]])
                continue;
            p->walked[p->rule_at[i]] = 1;
            for (uint32_t t = 0; t < rule->n_terms; t++) {
                uint32_t next = rule->terms[t].cell;
                if (p->distance[next] != FAR || is_flag(p, next))
                    continue;
                p->distance[next] = p->distance[at] + 1;
                p->queue[tail++] = next;
            }
        }
    }
}

/* Whether `a` goes before `b`; both are candidates. */
static bool goes_first(const struct disclosure_pattern *p, uint32_t a, uint32_t b)
{
    if (p->distance[a] != p->distance[b])
        return p->distance[a] < p->distance[b];
    unsigned class_a = class_at(p, a, p->distance[a]), class_b = class_at(p, b, p->distance[b]);
    if (class_a != class_b)
        return class_a < class_b;
    return a > b;
}

uint32_t disclosure_pick_rule(const struct disclosure_pattern *p, uint32_t rule)
{
    const struct ska_rule *r = &statement_of(p)->rules[rule];
    uint32_t best = SKA_NONE;
    for (uint32_t t = 0; t < r->n_terms; t++) {
        uint32_t j = r->terms[t].cell;
        if (!is_candidate(p, j))
            continue;
        if (best == SKA_NONE || class_at(p, j, 1) < class_at(p, best, 1) ||
            (class_at(p, j, 1) == class_at(p, best, 1) && j > best))
            best = j;
    }
    return best;
}

static void prepare_distances(struct disclosure_pattern *p, uint32_t f)
{
    if (!is_flag(p, f)) {
        measure(p, f);
        return;
    }
    for (uint32_t j = 0; j < p->n; j++)
        p->distance[j] = 1;
}

uint32_t disclosure_pick_component(struct disclosure_pattern *p, uint32_t f)
{
    uint32_t best = SKA_NONE;
    prepare_distances(p, f);
    for (uint32_t j = 0; j < p->n; j++)
        if (p->component[j] == p->component[f] && is_candidate(p, j) &&
            (best == SKA_NONE || goes_first(p, j, best)))
            best = j;
    return best;
}

uint32_t disclosure_pick_near(struct disclosure_pattern *p, uint32_t f)
{
    uint32_t best = SKA_NONE;
    if (is_flag(p, f))
        return SKA_NONE;
    prepare_distances(p, f);
    for (uint32_t j = 0; j < p->n; j++)
        if (p->distance[j] != FAR && is_candidate(p, j) &&
            (best == SKA_NONE || goes_first(p, j, best)))
            best = j;
    return best;
}
