/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_linear.c - which hidden cells follow from the equality rules: Gauss-Jordan elimination
 * without fractions, exact.
 *
 * Rows are integer vectors over the hidden cells of one equality component. A row operation is
 * row_i = a row_i - b row_k; afterwards the row is divided by the greatest common divisor of its
 * entries, so that it is the primitive multiple of the row of the rational elimination and stays
 * small. An overflow of 127 bits is a status, never a wrong answer.
 */
#include "reports/disclosure/disclosure_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

/* Smaller than the type allows, so that every entry has an opposite. */
#define ENTRY_MAX ((disclosure_int)1 << 126)

struct matrix {
    size_t n_rows, n_columns;
    disclosure_int *at; /* row by row, owned */
    uint32_t *cell;     /* cell of each column, owned */
};

static void matrix_clear(struct matrix *m)
{
    free(m->at);
    free(m->cell);
}

static disclosure_int absolute(disclosure_int a)
{
    return a < 0 ? -a : a;
}

static disclosure_int gcd(disclosure_int a, disclosure_int b)
{
    while (b != 0) {
        disclosure_int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Divide a row by the greatest common divisor of its entries. */
static void make_primitive(disclosure_int *row, size_t n)
{
    disclosure_int g = 0;
    for (size_t j = 0; j < n && g != 1; j++)
        if (row[j] != 0)
            g = gcd(absolute(row[j]), g);
    if (g > 1)
        for (size_t j = 0; j < n; j++)
            row[j] /= g;
}

/* row = a row - b pivot_row, so that its entry at the pivot's column vanishes. */
static enum ska_status eliminate(disclosure_int *row, const disclosure_int *pivot_row, size_t n,
                                 size_t column)
{
    disclosure_int b = row[column];
    if (b == 0)
        return SKA_OK;
    disclosure_int a = pivot_row[column];
    disclosure_int g = gcd(absolute(a), absolute(b));
    a /= g;
    b /= g;
    for (size_t j = 0; j < n; j++) {
        disclosure_int left, right, difference;
        if (row[j] == 0 && pivot_row[j] == 0)
            continue;
        if (__builtin_mul_overflow(a, row[j], &left) ||
            __builtin_mul_overflow(b, pivot_row[j], &right) ||
            __builtin_sub_overflow(left, right, &difference))
            return SKA_E_LIMIT;
        if (difference > ENTRY_MAX || difference < -ENTRY_MAX)
            return SKA_E_LIMIT;
        row[j] = difference;
    }
    make_primitive(row, n);
    return SKA_OK;
}

static void swap_rows(struct matrix *m, size_t a, size_t b)
{
    for (size_t j = 0; j < m->n_columns && a != b; j++) {
        disclosure_int kept = m->at[a * m->n_columns + j];
        m->at[a * m->n_columns + j] = m->at[b * m->n_columns + j];
        m->at[b * m->n_columns + j] = kept;
    }
}

/* Reduced row echelon form, each row up to a factor. */
static enum ska_status reduce(struct matrix *m)
{
    size_t rank = 0;
    for (size_t column = 0; column < m->n_columns && rank < m->n_rows; column++) {
        size_t pivot = rank;
        while (pivot < m->n_rows && m->at[pivot * m->n_columns + column] == 0)
            pivot++;
        if (pivot == m->n_rows)
            continue;
        swap_rows(m, rank, pivot);
        for (size_t i = 0; i < m->n_rows; i++)
            if (i != rank)
                SKA_TRY(eliminate(&m->at[i * m->n_columns], &m->at[rank * m->n_columns],
                                  m->n_columns, column));
        rank++;
    }
    return SKA_OK;
}

/* A difference that nothing is said about is what its rule says, plus - minus: its column and the
 * rules that have it tell nothing about others. */
static bool is_left_out(const struct disclosure_pattern *p, uint32_t figure)
{
    const struct ska_linked *l = p->input->linked;
    return l->blocks[ska_linked_block(l, figure)].kind == SKA_BLOCK_DIFFERENCE &&
           p->reason[figure] == DISCLOSURE_UNKNOWN;
}

/* Whether a rule is a row: an equality of the component with a hidden figure and none left out. */
static bool is_row(const struct disclosure_pattern *p, const struct ska_rule *rule,
                   uint32_t component)
{
    bool has_hidden = false;
    if (rule->width != 0 || p->component[rule->terms[0].cell] != component)
        return false;
    for (uint32_t t = 0; t < rule->n_terms; t++) {
        if (is_left_out(p, rule->terms[t].cell))
            return false;
        has_hidden = has_hidden || p->reason[rule->terms[t].cell] != 0;
    }
    return has_hidden;
}

/* The rows and columns of one component; and for each column the lowest one that rows connect it
 * with: what they do not connect is solved apart. Owned arrays. */
struct rows {
    size_t n_rows, n_columns;
    uint32_t *rule;   /* by row */
    uint32_t *cell;   /* by column */
    uint32_t *column; /* by figure */
    uint32_t *part;   /* by column */
};

static void rows_clear(struct rows *r)
{
    free(r->rule);
    free(r->cell);
    free(r->column);
    free(r->part);
}

static uint32_t find_part(uint32_t *part, uint32_t column)
{
    while (part[column] != column) {
        part[column] = part[part[column]];
        column = part[column];
    }
    return column;
}

/* The part of a row: that of its first hidden figure. */
static uint32_t part_of(const struct rows *r, const struct disclosure_pattern *p, size_t row)
{
    const struct ska_rule *rule = &p->input->linked->rules[r->rule[row]];
    uint32_t t = 0;
    while (p->reason[rule->terms[t].cell] == 0)
        t++;
    return find_part(r->part, r->column[rule->terms[t].cell]);
}

static void join_parts(struct rows *r, const struct disclosure_pattern *p)
{
    for (uint32_t j = 0; j < r->n_columns; j++)
        r->part[j] = j;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct ska_rule *rule = &p->input->linked->rules[r->rule[i]];
        for (uint32_t t = 0; t < rule->n_terms; t++) {
            if (p->reason[rule->terms[t].cell] == 0)
                continue;
            uint32_t a = part_of(r, p, i), b = find_part(r->part, r->column[rule->terms[t].cell]);
            r->part[a < b ? b : a] = a < b ? a : b;
        }
    }
}

static enum ska_status find_rows(struct rows *r, const struct disclosure_pattern *p,
                                 uint32_t component)
{
    const struct gate_part all = disclosure_part(p, p->part[component]);
    r->rule = ska_alloc((size_t)all.n_rules + 1, sizeof *r->rule);
    r->cell = ska_alloc(all.n_figures, sizeof *r->cell);
    r->column = ska_alloc(p->n, sizeof *r->column);
    r->part = ska_alloc(all.n_figures, sizeof *r->part);
    if (r->rule == NULL || r->cell == NULL || r->column == NULL || r->part == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < all.n_figures; i++) {
        uint32_t j = all.figure[i];
        if (p->component[j] == component && p->reason[j] != 0 && !is_left_out(p, j)) {
            r->column[j] = (uint32_t)r->n_columns;
            r->cell[r->n_columns++] = j;
        }
    }
    if (r->n_columns == 0)
        return SKA_OK;
    for (uint32_t i = 0; i < all.n_rules; i++)
        if (is_row(p, &p->input->linked->rules[all.rule[i]], component))
            r->rule[r->n_rows++] = all.rule[i];
    join_parts(r, p);
    return SKA_OK;
}

/* The coefficients of one part. `place` is scratch: the place of each column within the part. */
static enum ska_status fill(struct matrix *m, uint32_t *place, const struct rows *r,
                            const struct disclosure_pattern *p, uint32_t part)
{
    size_t entries = 0;
    m->cell = ska_alloc(r->n_columns, sizeof *m->cell);
    if (m->cell == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < r->n_columns; j++)
        if (find_part(r->part, j) == part) {
            place[j] = (uint32_t)m->n_columns;
            m->cell[m->n_columns++] = r->cell[j];
        }
    for (size_t i = 0; i < r->n_rows; i++)
        m->n_rows += part_of(r, p, i) == part;
    if (m->n_rows == 0)
        return SKA_OK;
    SKA_TRY(ska_size_mul(&entries, m->n_rows, m->n_columns));
    m->at = ska_alloc(entries, sizeof *m->at);
    if (m->at == NULL)
        return SKA_E_MEMORY;
    disclosure_int *row = m->at;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct ska_rule *rule = &p->input->linked->rules[r->rule[i]];
        if (part_of(r, p, i) != part)
            continue;
        for (uint32_t k = 0; k < rule->n_terms; k++)
            if (p->reason[rule->terms[k].cell] != 0)
                row[place[r->column[rule->terms[k].cell]]] = rule->terms[k].coefficient;
        make_primitive(row, m->n_columns);
        row += m->n_columns;
    }
    return SKA_OK;
}

static enum ska_status solve_part(struct disclosure_pattern *p, uint32_t *place,
                                  const struct rows *r, uint32_t part)
{
    SKA_SCOPED(matrix_clear) struct matrix m = {0};
    SKA_TRY(fill(&m, place, r, p, part));
    if (m.at == NULL)
        return SKA_OK;
    SKA_TRY(reduce(&m));
    for (size_t i = 0; i < m.n_rows; i++) {
        size_t n_nonzero = 0, where = 0;
        for (size_t j = 0; j < m.n_columns; j++)
            if (m.at[i * m.n_columns + j] != 0) {
                n_nonzero++;
                where = j;
            }
        if (n_nonzero == 1)
            p->derivable[m.cell[where]] = 1;
    }
    return SKA_OK;
}

enum ska_status disclosure_find_derivable(struct disclosure_pattern *p, uint32_t component)
{
    SKA_SCOPED(rows_clear) struct rows r = {0};
    const struct gate_part all = disclosure_part(p, p->part[component]);
    for (uint32_t i = 0; i < all.n_figures; i++)
        if (p->component[all.figure[i]] == component)
            p->derivable[all.figure[i]] = 0;
    if (p->input->policy.rounding != 0 || all.n_rules == 0)
        return SKA_OK; /* what is shown is no equation; the gate finds what zeros give away */
    SKA_TRY(find_rows(&r, p, component));
    SKA_SCOPED(ska_scoped_free) uint32_t *place = ska_alloc(all.n_figures, sizeof *place);
    if (place == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < r.n_columns; j++)
        if (find_part(r.part, j) == j)
            SKA_TRY(solve_part(p, place, &r, j));
    return SKA_OK;
}
