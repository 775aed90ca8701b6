/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pattern_solve.c - which hidden cells follow from the equality rules and what is open.
 *
 * One equality component at a time: its rules restricted to its hidden cells are brought to reduced
 * row echelon form, in integers: a row is replaced by a combination that clears the pivot's column
 * and divided by the greatest common divisor of its entries. A cell is derivable exactly if a row
 * is left with that cell alone.
 */
#include "audit/pattern.h"

#include "crypto/scoped.h"

#include <string.h>

struct matrix {
    size_t rows, columns;
    pattern_int *at; /* owned; row by row */
    uint32_t *cell;  /* owned; of each column */
};

static void matrix_clear(struct matrix *m)
{
    free(m->at);
    free(m->cell);
    memset(m, 0, sizeof *m);
}

static pattern_int magnitude(pattern_int a)
{
    return a < 0 ? -a : a;
}

static pattern_int greatest_divisor(pattern_int a, pattern_int b)
{
    a = magnitude(a);
    b = magnitude(b);
    while (b != 0) {
        pattern_int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static pattern_int *row(const struct matrix *m, size_t i)
{
    return m->at + i * m->columns;
}

/* Divide by what all entries share. */
static void reduce(pattern_int *r, size_t n)
{
    pattern_int divisor = 0;
    for (size_t j = 0; j < n && divisor != 1; j++)
        if (r[j] != 0)
            divisor = greatest_divisor(divisor, r[j]);
    for (size_t j = 0; j < n && divisor > 1; j++)
        r[j] /= divisor;
}

/* r = r * pivot[column] - pivot * r[column], both factors made coprime. SKA_E_LIMIT on overflow;
 * entries stay above the least number, so that a magnitude always exists. */
static enum ska_status eliminate(pattern_int *r, const pattern_int *pivot, size_t column, size_t n)
{
    pattern_int divisor = greatest_divisor(r[column], pivot[column]);
    pattern_int a = pivot[column] / divisor, b = r[column] / divisor;
    for (size_t j = 0; j < n; j++) {
        pattern_int left, right, sum, checked;
        if (__builtin_mul_overflow(r[j], a, &left) || __builtin_mul_overflow(pivot[j], b, &right) ||
            __builtin_sub_overflow(left, right, &sum) ||
            __builtin_sub_overflow((pattern_int)0, sum, &checked))
            return SKA_E_LIMIT;
        r[j] = sum;
    }
    reduce(r, n);
    return SKA_OK;
}

static void swap_rows(struct matrix *m, size_t a, size_t b)
{
    if (a == b)
        return;
    for (size_t j = 0; j < m->columns; j++) {
        pattern_int kept = row(m, a)[j];
        row(m, a)[j] = row(m, b)[j];
        row(m, b)[j] = kept;
    }
}

static enum ska_status to_echelon(struct matrix *m)
{
    size_t done = 0;
    for (size_t column = 0; column < m->columns && done < m->rows; column++) {
        size_t found = done;
        while (found < m->rows && row(m, found)[column] == 0)
            found++;
        if (found == m->rows)
            continue;
        swap_rows(m, done, found);
        for (size_t i = 0; i < m->rows; i++)
            if (i != done && row(m, i)[column] != 0)
                SKA_TRY(eliminate(row(m, i), row(m, done), column, m->columns));
        done++;
    }
    return SKA_OK;
}

/* A difference of which the bundle says nothing is what its rule makes it: neither it nor a rule
 * with it tells about others. */
static bool is_left_out(const struct pattern *d, uint32_t cell)
{
    const struct ska_block *block = &d->linked->blocks[ska_linked_block(d->linked, cell)];
    return block->kind == SKA_BLOCK_DIFFERENCE && d->reason[cell] == PATTERN_UNKNOWN;
}

/* Whether a rule is a row of the component's matrix. */
static bool is_row(const struct pattern *d, const struct ska_rule *rule, uint32_t component)
{
    size_t n_hidden = 0;
    if (rule->width != 0 || d->component[rule->terms[0].cell] != component)
        return false;
    for (uint32_t t = 0; t < rule->n_terms; t++) {
        if (is_left_out(d, rule->terms[t].cell))
            return false;
        n_hidden += d->reason[rule->terms[t].cell] != 0;
    }
    return n_hidden > 0;
}

/* Rows: the equality rules of the component that have a hidden cell. */
static enum ska_status fill(struct matrix *m, const struct pattern *d, uint32_t component)
{
    const struct ska_statement *s = &d->linked->statement;
    uint32_t n = d->linked->n_figures;
    SKA_SCOPED(ska_scoped_free) uint32_t *column_of = ska_alloc(n, sizeof *column_of);
    m->cell = ska_alloc(n, sizeof *m->cell);
    if (column_of == NULL || m->cell == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < n; j++)
        if (d->component[j] == component && d->reason[j] != 0 && !is_left_out(d, j)) {
            column_of[j] = (uint32_t)m->columns;
            m->cell[m->columns++] = j;
        }
    for (uint32_t k = 0; k < s->n_rules; k++)
        m->rows += is_row(d, &s->rules[k], component) ? 1u : 0u;
    if (m->rows == 0 || m->columns == 0)
        return SKA_OK;
    m->at = ska_alloc(m->rows * m->columns, sizeof *m->at); /* both at most SKA_RULES_MAX */
    if (m->at == NULL)
        return SKA_E_MEMORY;
    size_t i = 0;
    for (uint32_t k = 0; k < s->n_rules; k++) {
        const struct ska_rule *rule = &s->rules[k];
        if (!is_row(d, rule, component))
            continue;
        for (uint32_t t = 0; t < rule->n_terms; t++)
            if (d->reason[rule->terms[t].cell] != 0)
                row(m, i)[column_of[rule->terms[t].cell]] = rule->terms[t].coefficient;
        reduce(row(m, i++), m->columns);
    }
    return SKA_OK;
}

static enum ska_status solve_component(struct pattern *d, uint32_t component)
{
    SKA_SCOPED(matrix_clear) struct matrix m = {0};
    SKA_TRY(fill(&m, d, component));
    if (m.at == NULL)
        m.rows = 0;
    SKA_TRY(to_echelon(&m));
    for (size_t j = 0; j < m.columns; j++)
        d->is_derivable[m.cell[j]] = false;
    for (size_t i = 0; i < m.rows; i++) {
        size_t n_set = 0, last = 0;
        for (size_t j = 0; j < m.columns; j++)
            if (row(&m, i)[j] != 0) {
                n_set++;
                last = j;
            }
        if (n_set == 1)
            d->is_derivable[m.cell[last]] = true;
    }
    return SKA_OK;
}

enum ska_status pattern_solve(struct pattern *d)
{
    if (d->policy.rounding != 0)
        return SKA_OK; /* no equation holds between what is shown: nothing is derivable */
    for (uint32_t j = 0; j < d->linked->n_figures; j++) {
        if (!d->is_stale[j])
            continue;
        SKA_TRY(solve_component(d, j));
        d->is_stale[j] = false;
    }
    return SKA_OK;
}
