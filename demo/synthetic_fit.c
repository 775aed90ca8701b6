/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * synthetic_fit.c - made-up case records obey their catalogue: count them, and take rows away until
 * bounds and rules hold.
 *
 * When nothing has happened every cell but the answered flags is zero, which satisfies every rule
 * of a catalogue that anybody can use; so this ends.
 */
#include "demo/synthetic.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

struct fitting {
    struct records *records;
    const struct ska_layout *layout;
    uint64_t *cells; /* by cell */
    uint8_t *seen;   /* persons met, by number */
    size_t n_seen;
};

static bool has_category(const struct ska_dimension *d, const struct value *value, size_t category)
{
    if (!d->multiple_response)
        return value->n == category;
    return (value->bits[category / 64] >> category % 64 & 1) != 0;
}

static bool is_one_of(const struct ska_strings *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++)
        if (strcmp(words->at[i], word) == 0)
            return true;
    return false;
}

static bool holds(const struct ska_catalogue *c, size_t kind, const struct ska_condition *condition,
                  const struct value *value)
{
    const struct ska_column *column = &c->record_kinds[kind].columns[condition->column];
    if (column->kind == SKA_COLUMN_FLAG)
        return is_one_of(&condition->values, value->n != 0 ? "yes" : "no");
    if (column->kind == SKA_COLUMN_TEXT) {
        const char *word = word_of(c, kind, condition->column, (size_t)value->n);
        return word != NULL && is_one_of(&condition->values, word);
    }
    const struct ska_dimension *d = &c->dimensions[column->dimension];
    for (size_t i = 0; i < d->n_categories; i++)
        if (has_category(d, value, i) && is_one_of(&condition->values, d->categories[i].code))
            return true;
    return false;
}

/* Does a row count for an indicator? */
static bool counts(const struct ska_catalogue *c, const struct ska_indicator *ind,
                   const struct value *row)
{
    for (size_t i = 0; i < ind->n_conditions; i++)
        if (!holds(c, ind->record_kind, &ind->conditions[i], &row[ind->conditions[i].column]))
            return false;
    return true;
}

static const struct value *column_of(const struct ska_record_kind *k, const struct value *row,
                                     uint32_t dimension)
{
    for (size_t i = 0; i < k->n_columns; i++)
        if (k->columns[i].kind == SKA_COLUMN_CATEGORY && k->columns[i].dimension == dimension)
            return &row[i];
    return row; /* a valid catalogue has one */
}

/* A cell of an indicator's table by counting its rows: of a distinct value, the first row decides
 * the one category, and each adds to several. */
static uint64_t count_cell(struct fitting *f, const struct ska_cell *cell)
{
    const struct ska_catalogue *c = f->layout->catalogue;
    const struct ska_indicator *ind = &c->indicators[cell->indicator];
    const struct ska_record_kind *k = &c->record_kinds[ind->record_kind];
    const struct records *records = &f->records[ind->record_kind];
    const struct ska_dimension *d =
        cell->dimension == SKA_NONE ? NULL : &c->dimensions[cell->dimension];
    uint64_t sum = 0;
    memset(f->seen, 0, f->n_seen);
    for (size_t i = 0; i < records->n; i++) {
        const struct value *row = &records->values[i * k->n_columns];
        if (!counts(c, ind, row))
            continue;
        bool is_in =
            d == NULL || has_category(d, column_of(k, row, cell->dimension), cell->category);
        if (ind->distinct_column != SKA_NONE) {
            uint8_t *seen = &f->seen[row[ind->distinct_column].n];
            bool counts_now = *seen == 0 && is_in;
            if (d == NULL || !d->multiple_response || is_in)
                *seen = 1;
            sum += counts_now;
        } else if (is_in) {
            sum += ind->sum_column == SKA_NONE ? 1 : row[ind->sum_column].n;
        }
    }
    return sum;
}

static void count_cells(struct fitting *f)
{
    for (uint32_t i = 0; i < f->layout->n_cells; i++) {
        const struct ska_cell *cell = &f->layout->cells[i];
        const struct ska_indicator *ind = &f->layout->catalogue->indicators[cell->indicator];
        bool is_answered = f->records[ind->record_kind].is_there;
        if (cell->kind == SKA_CELL_TOTAL || cell->kind == SKA_CELL_CATEGORY)
            f->cells[i] = is_answered ? count_cell(f, cell) : 0;
        else
            f->cells[i] = cell->kind == SKA_CELL_ANSWERED && is_answered;
    }
}

/* Take away the last row that counts in a cell; false if there is none. */
static bool take_row(struct fitting *f, uint32_t at)
{
    const struct ska_cell *cell = &f->layout->cells[at];
    const struct ska_catalogue *c = f->layout->catalogue;
    const struct ska_indicator *ind = &c->indicators[cell->indicator];
    const struct ska_record_kind *k = &c->record_kinds[ind->record_kind];
    struct records *records = &f->records[ind->record_kind];
    for (size_t i = records->n; i > 0; i--) {
        struct value *row = &records->values[(i - 1) * k->n_columns];
        bool is_in = cell->dimension == SKA_NONE ||
                     has_category(&c->dimensions[cell->dimension],
                                  column_of(k, row, cell->dimension), cell->category);
        if (!is_in || !counts(c, ind, row))
            continue;
        memmove(row, row + k->n_columns, (records->n - i) * k->n_columns * sizeof *row);
        records->n--;
        return true;
    }
    return false;
}

/* A cell of which there is too much, or SKA_NONE; *is_broken if a rule does not hold. */
static uint32_t find_excess(const struct fitting *f, bool *is_broken)
{
    const struct ska_statement *s = &f->layout->statement;
    for (uint32_t i = 0; i < f->layout->n_cells; i++)
        if (f->cells[i] > s->bound[i])
            return i;
    for (size_t i = 0; i < s->n_rules; i++) {
        const struct ska_rule *rule = &s->rules[i];
        wide sum = rule->constant;
        for (size_t t = 0; t < rule->n_terms; t++)
            sum += (wide)rule->terms[t].coefficient * (wide)f->cells[rule->terms[t].cell];
        if (sum == 0 || (sum > 0 && rule->width > 0))
            continue;
        *is_broken = true;
        for (size_t t = 0; t < rule->n_terms; t++) {
            const struct ska_term *term = &rule->terms[t];
            bool adds = (term->coefficient > 0) == (sum > 0);
            if (adds && f->cells[term->cell] > 0 &&
                f->layout->cells[term->cell].kind != SKA_CELL_ANSWERED)
                return term->cell;
        }
    }
    return SKA_NONE;
}

static bool fit(struct fitting *f)
{
    for (;;) {
        bool is_broken = false;
        count_cells(f);
        uint32_t excess = find_excess(f, &is_broken);
        if (excess == SKA_NONE)
            return !is_broken;
        if (!take_row(f, excess))
            return false;
    }
}

bool fit_records(struct records *records, const struct ska_layout *layout)
{
    struct fitting f = {
        .records = records, .layout = layout, .n_seen = SKA_CONDITIONS_MAX * SKA_STRINGS_MAX + 1};
    for (size_t i = 0; i < layout->catalogue->n_record_kinds; i++)
        f.n_seen = records[i].n + 1 > f.n_seen ? records[i].n + 1 : f.n_seen;
    f.seen = calloc(f.n_seen, 1);
    f.cells = calloc(layout->n_cells, sizeof *f.cells);
    bool is_fit = f.seen != NULL && f.cells != NULL && fit(&f);
    free(f.seen);
    free(f.cells);
    return is_fit;
}
