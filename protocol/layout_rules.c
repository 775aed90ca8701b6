/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * layout_rules.c - the rules of one task: those that follow from flags and tables, then the
 * catalogue's own.
 *
 * Rules and terms are counted first, then written into two arrays that do not move.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/layout_part.h"

/* --- counting --------------------------------------------------------------------------------- */

/* Whether a catalogue rule's cells are in this task: all are if the first is, since a catalogue's
 * rules never mix cadences. */
static bool is_here(const struct ska_layout *l, const struct ska_catalogue_rule *rule)
{
    return ska_layout_find(l, rule->terms[0].cell) != SKA_NONE;
}

static enum ska_status allocate(struct ska_layout *l, struct ska_error *err)
{
    size_t rules = 0;
    size_t terms = 0;
    for (uint32_t i = 0; i < l->n_cells; i++) {
        rules += l->cells[i].kind == SKA_CELL_ANSWERED;
        terms += l->cells[i].kind == SKA_CELL_ANSWERED ? 2 : 0;
    }
    for (uint32_t i = 0; i < l->n_tables; i++) {
        const struct ska_table *t = &l->tables[i];
        rules += t->multiple_response ? t->n_categories : 1;
        terms += t->multiple_response ? 2 * t->n_categories : 1 + t->n_categories;
    }
    for (size_t i = 0; i < l->catalogue->n_rules; i++) {
        bool here = is_here(l, &l->catalogue->rules[i]);
        rules += here;
        terms += here ? l->catalogue->rules[i].n_terms : 0;
    }
    if (rules > SKA_RULES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "%zu rules are more than the %u a task may have", rules,
                        SKA_RULES_MAX);
    if (rules == 0)
        return SKA_OK;
    l->owned_rules = ska_alloc(rules, sizeof *l->owned_rules);
    l->rule_sources = ska_alloc(rules, sizeof *l->rule_sources);
    l->rule_terms = ska_alloc(terms, sizeof *l->rule_terms);
    bool all = l->owned_rules != NULL && l->rule_sources != NULL && l->rule_terms != NULL;
    l->statement.rules = l->owned_rules;
    return all ? SKA_OK : SKA_E_MEMORY;
}

/* --- writing ---------------------------------------------------------------------------------- */

struct rule_writer {
    struct ska_layout *l;
    uint32_t n_rules; /* finished */
    size_t n_terms;   /* written */
    size_t first;     /* first term of the rule being written */
};

static void add_term(struct rule_writer *w, uint32_t cell, int64_t coefficient)
{
    w->l->rule_terms[w->n_terms++] = (struct ska_term){.cell = cell, .coefficient = coefficient};
}

static void end_rule(struct rule_writer *w, int64_t constant, uint64_t width,
                     enum ska_rule_origin origin, size_t index)
{
    w->l->owned_rules[w->n_rules] = (struct ska_rule){
        .constant = constant,
        .width = width,
        .n_terms = (uint32_t)(w->n_terms - w->first),
        .terms = &w->l->rule_terms[w->first],
    };
    w->l->rule_sources[w->n_rules] =
        (struct ska_rule_source){.origin = origin, .index = (uint32_t)index};
    w->n_rules++;
    w->first = w->n_terms;
}

/* 0 <= bound flag - total <= bound, for the indicator of a total cell */
static void write_flag_rule(struct rule_writer *w, const struct ska_cell *total)
{
    uint64_t bound = w->l->statement.bound[total->total];
    add_term(w, total->total, -1);
    add_term(w, total->flag, (int64_t)bound);
    end_rule(w, 0, bound, SKA_RULE_FLAG, total->indicator);
}

/* sum of categories - total = 0, or 0 <= total - category <= bound for each */
static void write_table_rules(struct rule_writer *w, uint32_t table)
{
    const struct ska_table *t = &w->l->tables[table];
    uint64_t bound = w->l->statement.bound[t->total];
    if (!t->multiple_response)
        add_term(w, t->total, -1);
    for (uint32_t i = 0; i < t->n_categories; i++) {
        if (t->multiple_response) {
            add_term(w, t->total, 1);
            add_term(w, t->first + i, -1);
            end_rule(w, 0, bound, SKA_RULE_TABLE, table);
        } else {
            add_term(w, t->first + i, 1);
        }
    }
    if (!t->multiple_response)
        end_rule(w, 0, 0, SKA_RULE_TABLE, table);
}

static int compare_terms(const void *a, const void *b)
{
    const struct ska_term *x = a;
    const struct ska_term *y = b;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/*
 * The least and the largest value of the rule being written: |coefficient| < 2^53, bound <= 2^32,
 * at most 2^12 terms, so all sums are below 2^98.
 */
__extension__ typedef __int128 wide;

static void extremes(wide *least, wide *most, const struct rule_writer *w, int64_t constant)
{
    *least = constant;
    *most = constant;
    for (size_t i = w->first; i < w->n_terms; i++) {
        const struct ska_term *term = &w->l->rule_terms[i];
        wide part = (wide)term->coefficient * (wide)w->l->statement.bound[term->cell];
        *least += part < 0 ? part : 0;
        *most += part > 0 ? part : 0;
    }
}

static enum ska_status write_catalogue_rule(struct rule_writer *w, size_t index,
                                            struct ska_error *err)
{
    const struct ska_catalogue_rule *rule = &w->l->catalogue->rules[index];
    for (size_t i = 0; i < rule->n_terms; i++) {
        uint32_t cell = ska_layout_find(w->l, rule->terms[i].cell);
        if (cell == SKA_NONE) /* catalogue_check_rules has seen to it */
            return ska_fail(err, SKA_E_BUG, "rule %s: no cell %s", rule->code, rule->terms[i].cell);
        add_term(w, cell, rule->terms[i].coefficient);
    }
    qsort(&w->l->rule_terms[w->first], rule->n_terms, sizeof(struct ska_term), compare_terms);
    wide least = 0;
    wide most = 0;
    extremes(&least, &most, w, rule->constant);
    if (most < 0 || (rule->equality && least > 0))
        return ska_fail(err, SKA_E_RANGE, "rule %s can never hold within the bounds", rule->code);
    if (!rule->equality && most > (wide)UINT64_MAX)
        return ska_fail(err, SKA_E_RANGE, "rule %s: its largest value is over 2^64", rule->code);
    end_rule(w, rule->constant, rule->equality ? 0 : (uint64_t)most, SKA_RULE_CATALOGUE, index);
    return SKA_OK;
}

enum ska_status layout_make_rules(struct ska_layout *l, struct ska_error *err)
{
    SKA_TRY(allocate(l, err));
    struct rule_writer w = {.l = l};
    uint32_t table = 0;
    for (uint32_t i = 0; i < l->n_cells; i++) {
        const struct ska_cell *cell = &l->cells[i];
        if (cell->kind != SKA_CELL_TOTAL)
            continue;
        if (cell->flag != SKA_NONE)
            write_flag_rule(&w, cell);
        for (; table < l->n_tables && l->tables[table].total == i; table++)
            write_table_rules(&w, table);
    }
    for (size_t i = 0; i < l->catalogue->n_rules; i++)
        if (is_here(l, &l->catalogue->rules[i]))
            SKA_TRY(write_catalogue_rule(&w, i, err));
    l->statement.n_rules = w.n_rules;
    return SKA_OK;
}
