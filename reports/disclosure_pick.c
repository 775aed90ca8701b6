/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_pick.c - which open cell is hidden to protect another: a fixed order that never looks
 * at values beyond "not zero" (docs/disclosure-control.md, section 3).
 */
#include "reports/disclosure_parts.h"

#include <stdlib.h>
#include <string.h>

#define FAR UINT32_MAX

static const struct ska_statement *statement_of(const struct disclosure_pattern *p)
{
    return &p->input->layout->statement;
}

/* Neither flags nor marks are counts. */
static bool is_flag(const struct disclosure_pattern *p, uint32_t cell)
{
    return !ska_cell_is_count(&p->input->layout->cells[cell]);
}

static bool is_candidate(const struct disclosure_pattern *p, uint32_t cell)
{
    return p->reason[cell] == 0 && !is_flag(p, cell) && p->input->totals[cell] >= 1;
}

/* 0 goes first: categories near by, totals farther away. */
static unsigned class_at(const struct disclosure_pattern *p, uint32_t cell, uint32_t distance)
{
    bool is_total = p->input->layout->cells[cell].kind == SKA_CELL_TOTAL;
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

enum ska_status disclosure_pattern_init(struct disclosure_pattern *p,
                                        const struct disclosure_input *input)
{
    memset(p, 0, sizeof *p);
    p->input = input;
    p->n = input->layout->n_cells;
    p->reason = ska_alloc(p->n, sizeof *p->reason);
    p->derivable = ska_alloc(p->n, sizeof *p->derivable);
    p->component = ska_alloc(p->n, sizeof *p->component);
    p->distance = ska_alloc(p->n, sizeof *p->distance);
    p->queue = ska_alloc(p->n, sizeof *p->queue);
    p->interval = ska_alloc(p->n, sizeof *p->interval);
    p->first = ska_alloc(p->n, sizeof *p->first);
    if (p->reason == NULL || p->derivable == NULL || p->component == NULL || p->distance == NULL ||
        p->queue == NULL || p->interval == NULL || p->first == NULL) {
        disclosure_pattern_clear(p);
        return SKA_E_MEMORY;
    }
    join_components(p);
    return SKA_OK;
}

void disclosure_pattern_clear(struct disclosure_pattern *p)
{
    free(p->reason);
    free(p->derivable);
    free(p->component);
    free(p->distance);
    free(p->queue);
    free(p->interval);
    free(p->first);
    memset(p, 0, sizeof *p);
}

disclosure_int disclosure_cap(const struct disclosure_pattern *p, uint32_t cell)
{
    return (disclosure_int)p->input->n_counted * (disclosure_int)statement_of(p)->bound[cell];
}

/* Distances from f over the rules; a path does not lead over a flag. A rule is walked once, when
 * the first of its cells is reached. */
static enum ska_status measure(struct disclosure_pattern *p, uint32_t f)
{
    const struct ska_statement *s = statement_of(p);
    uint8_t *walked = s->n_rules > 0 ? ska_alloc(s->n_rules, 1) : NULL;
    if (s->n_rules > 0 && walked == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < p->n; j++)
        p->distance[j] = FAR;
    uint32_t head = 0, tail = 0;
    p->distance[f] = 0;
    p->queue[tail++] = f;
    while (head < tail) {
        uint32_t at = p->queue[head++];
        for (uint32_t i = 0; i < s->n_rules; i++) {
            bool has = false;
            for (uint32_t t = 0; !walked[i] && t < s->rules[i].n_terms; t++)
                has = has || s->rules[i].terms[t].cell == at;
            for (uint32_t t = 0; has && t < s->rules[i].n_terms; t++) {
                uint32_t next = s->rules[i].terms[t].cell;
                if (p->distance[next] != FAR || is_flag(p, next))
                    continue;
                p->distance[next] = p->distance[at] + 1;
                p->queue[tail++] = next;
            }
            walked[i] = walked[i] || has;
        }
    }
    free(walked);
    return SKA_OK;
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

static enum ska_status prepare_distances(struct disclosure_pattern *p, uint32_t f)
{
    if (!is_flag(p, f))
        return measure(p, f);
    for (uint32_t j = 0; j < p->n; j++)
        p->distance[j] = 1;
    return SKA_OK;
}

enum ska_status disclosure_pick_component(uint32_t *pick, struct disclosure_pattern *p, uint32_t f)
{
    *pick = SKA_NONE;
    SKA_TRY(prepare_distances(p, f));
    for (uint32_t j = 0; j < p->n; j++)
        if (p->component[j] == p->component[f] && is_candidate(p, j) &&
            (*pick == SKA_NONE || goes_first(p, j, *pick)))
            *pick = j;
    return SKA_OK;
}

enum ska_status disclosure_pick_near(uint32_t *pick, struct disclosure_pattern *p, uint32_t f)
{
    *pick = SKA_NONE;
    if (is_flag(p, f))
        return SKA_OK;
    SKA_TRY(prepare_distances(p, f));
    for (uint32_t j = 0; j < p->n; j++)
        if (p->distance[j] != FAR && is_candidate(p, j) &&
            (*pick == SKA_NONE || goes_first(p, j, *pick)))
            *pick = j;
    return SKA_OK;
}
