/* SPDX-License-Identifier: EUPL-1.2 */
/* tally.c - case records become counts. */
#include "client/tally.h"

#include <stdlib.h>
#include <string.h>

#include "client/columns.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/words.h"
#include "support/language.h"

#define FILES_MAX 1000u
struct tally {
    const struct ska_layout *layout;
    const struct ska_catalogue *catalogue;
    uint64_t *counts;        /* n_cells */
    bool *given;             /* per record kind: a file or zero */
    bool *lacking;           /* per indicator: a file lacks a column it needs */
    struct string_map *ids;  /* per record kind: folded id -> place */
    struct string_map *seen; /* per indicator: distinct texts and their categories */
    size_t n_files;
    char *files[FILES_MAX]; /* names, owned, by file number */
};

/* Where a record stands: its file and row in one number, never 0. */
static uint64_t place_of(size_t file, size_t row)
{
    return (uint64_t)file << 40 | (row & ((UINT64_C(1) << 40) - 1));
}

static size_t row_of(uint64_t place)
{
    return (size_t)(place & ((UINT64_C(1) << 40) - 1));
}

enum ska_status tally_new(struct tally **out, const struct ska_layout *layout)
{
    struct tally *t = calloc(1, sizeof *t);
    if (t == NULL)
        return SKA_E_MEMORY;
    t->layout = layout;
    t->catalogue = layout->catalogue;
    t->counts = ska_alloc(layout->n_cells, sizeof *t->counts);
    t->given = ska_alloc(t->catalogue->n_record_kinds, sizeof *t->given);
    t->lacking = ska_alloc(t->catalogue->n_indicators, sizeof *t->lacking);
    t->ids = ska_alloc(t->catalogue->n_record_kinds, sizeof *t->ids);
    t->seen = ska_alloc(t->catalogue->n_indicators, sizeof *t->seen);
    if (t->counts == NULL || t->given == NULL || t->lacking == NULL || t->ids == NULL ||
        t->seen == NULL) {
        tally_free(t);
        return SKA_E_MEMORY;
    }
    *out = t;
    return SKA_OK;
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    for (size_t i = 0; tally->ids != NULL && i < tally->catalogue->n_record_kinds; i++)
        string_map_clear(&tally->ids[i]);
    for (size_t i = 0; tally->seen != NULL && i < tally->catalogue->n_indicators; i++)
        string_map_clear(&tally->seen[i]);
    for (size_t i = 0; i < tally->n_files; i++)
        free(tally->files[i]);
    ska_wipe_free(tally->counts, tally->layout->n_cells * sizeof *tally->counts);
    free(tally->given);
    free(tally->lacking);
    free(tally->ids);
    free(tally->seen);
    free(tally);
}

void tally_zero(struct tally *tally, uint32_t kind)
{
    tally->given[kind] = true;
}

/* --- one file --------------------------------------------------------------------------------- */

/* A file being read. */
struct file {
    struct tally *t;
    const char *name;
    size_t number; /* index in t->files */
    uint32_t kind; /* as told, SKA_NONE: not told */
    bool has_header;
    struct columns columns;
    bool *used;                 /* n_columns: an indicator of this cadence needs it */
    struct field_value *values; /* n_columns, of the current row */
    struct notes *notes;
};

/* The indicators of the layout that count this file's records: total cell by total cell. */
static const struct ska_indicator *indicator_at(const struct file *f, uint32_t cell)
{
    const struct ska_cell *c = &f->t->layout->cells[cell];
    const struct ska_indicator *ind = &f->t->catalogue->indicators[c->indicator];
    bool counts = c->kind == SKA_CELL_TOTAL && ind->record_kind == f->columns.kind;
    return counts ? ind : NULL;
}

/* The column of a record kind that carries a dimension; a valid catalogue has it. */
static uint32_t column_of_dimension(const struct ska_record_kind *k, uint32_t dimension)
{
    for (uint32_t i = 0; i < k->n_columns; i++)
        if (k->columns[i].kind == SKA_COLUMN_CATEGORY && k->columns[i].dimension == dimension)
            return i;
    return SKA_NONE;
}

/* Mark the columns an indicator needs; whether the file has them all. */
static bool mark_columns(struct file *f, const struct ska_indicator *ind)
{
    const struct ska_record_kind *k = &f->t->catalogue->record_kinds[f->columns.kind];
    uint32_t needed[SKA_DIMENSIONS_MAX + SKA_CONDITIONS_MAX + 2];
    size_t n = 0;
    for (size_t i = 0; i < ind->n_tables; i++)
        needed[n++] = column_of_dimension(k, ind->tables[i]);
    for (size_t i = 0; i < ind->n_conditions; i++)
        needed[n++] = ind->conditions[i].column;
    if (ind->sum_column != SKA_NONE)
        needed[n++] = ind->sum_column;
    if (ind->distinct_column != SKA_NONE)
        needed[n++] = ind->distinct_column;
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        bool there = f->columns.field_of[needed[i]] != SKA_NONE;
        f->used[needed[i]] = f->used[needed[i]] || there;
        all = all && there;
    }
    return all;
}

static void plan_columns(struct file *f)
{
    const struct ska_record_kind *k = &f->t->catalogue->record_kinds[f->columns.kind];
    for (uint32_t i = 0; i < k->n_columns; i++)
        f->used[i] = k->columns[i].kind == SKA_COLUMN_ID && f->columns.field_of[i] != SKA_NONE;
    for (uint32_t cell = 0; cell < f->t->layout->n_cells; cell++) {
        const struct ska_indicator *ind = indicator_at(f, cell);
        if (ind == NULL || mark_columns(f, ind))
            continue;
        f->t->lacking[f->t->layout->cells[cell].indicator] = true;
        notes_add(f->notes,
                  tr("%s: en kolumn som %s behöver saknas; %s lämnas obesvarad",
                     "%s: a column that %s needs is missing; %s is left blank"),
                  f->name, ind->code, ind->code);
    }
}

static void note_unknown_columns(const struct file *f, const struct row *header)
{
    for (size_t i = 0; i < f->columns.n_unknown; i++)
        notes_add(f->notes,
                  tr("%s: kolumnen \"%.60s\" finns inte i katalogen och används inte",
                     "%s: the column \"%.60s\" is not in the catalogue and is not used"),
                  f->name, header->fields[f->columns.unknown[i]]);
}

static enum ska_status take_header(struct file *f, const struct row *row, struct ska_error *err)
{
    SKA_TRY(columns_match(&f->columns, f->t->catalogue, f->kind, row, f->name, err));
    f->has_header = true;
    f->used = ska_alloc(f->columns.n_columns, sizeof *f->used);
    f->values = ska_alloc(f->columns.n_columns, sizeof *f->values);
    if (f->used == NULL || f->values == NULL)
        return SKA_E_MEMORY;
    f->t->given[f->columns.kind] = true;
    note_unknown_columns(f, row);
    plan_columns(f);
    return SKA_OK;
}

/* --- one row ---------------------------------------------------------------------------------- */

static enum ska_status check_width(const struct file *f, const struct row *row,
                                   struct ska_error *err)
{
    bool same = row->n_fields == f->columns.n_fields;
    for (size_t i = f->columns.n_fields; !same && i < row->n_fields; i++) {
        if (row->fields[i][0] != '\0')
            break;
        same = i + 1 == row->n_fields; /* only empty fields beyond the header */
    }
    if (same)
        return SKA_OK;
    return ska_fail(err, SKA_E_FORMAT,
                    tr("%s, rad %zu: %zu fält där rubrikraden har %zu; står ett skiljetecken i en "
                       "text utan citattecken?",
                       "%s, row %zu: %zu fields where the header has %zu; is there a delimiter in "
                       "a text without quotes?"),
                    f->name, row->number, row->n_fields, f->columns.n_fields);
}

static enum ska_status check_id(struct file *f, const char *id, const struct row *row,
                                const char *column, struct ska_error *err)
{
    uint64_t here = place_of(f->number, row->number);
    uint64_t first = 0;
    SKA_TRY(string_map_put(&first, &f->t->ids[f->columns.kind], id, strlen(id), here));
    if (first == here)
        return SKA_OK;
    return ska_fail(err, SKA_E_CONFLICT,
                    tr("%s, rad %zu, kolumn %s: samma värde som i %s, rad %zu; varje post räknas "
                       "en gång",
                       "%s, row %zu, column %s: the same value as in %s, row %zu; each record "
                       "counts once"),
                    f->name, row->number, column, f->t->files[first >> 40], row_of(first));
}

static enum ska_status read_values(struct file *f, const struct row *row, struct ska_error *err)
{
    const struct ska_record_kind *k = &f->t->catalogue->record_kinds[f->columns.kind];
    for (uint32_t i = 0; i < k->n_columns; i++) {
        field_value_clear(&f->values[i]);
        if (!f->used[i])
            continue;
        SKA_TRY(columns_read(&f->values[i], &f->columns, i, row, f->name, err));
        if (k->columns[i].kind == SKA_COLUMN_ID)
            SKA_TRY(check_id(f, f->values[i].text, row, f->columns.called[i], err));
    }
    return SKA_OK;
}

/* --- one row for one indicator ---------------------------------------------------------------- */

static bool has_text(const struct ska_strings *list, const char *folded)
{
    for (size_t i = 0; i < list->n; i++)
        if (columns_says(list->at[i], folded))
            return true;
    return false;
}

static bool has_category(const struct ska_strings *codes, const struct ska_dimension *d,
                         const struct field_value *value)
{
    for (size_t i = 0; i < value->n_categories; i++)
        for (size_t j = 0; j < codes->n; j++)
            if (strcmp(d->categories[value->categories[i]].code, codes->at[j]) == 0)
                return true;
    return false;
}

static bool holds(const struct file *f, const struct ska_condition *condition)
{
    const struct ska_catalogue *c = f->t->catalogue;
    const struct ska_column *column = &c->record_kinds[f->columns.kind].columns[condition->column];
    const struct field_value *value = &f->values[condition->column];
    if (column->kind == SKA_COLUMN_FLAG)
        return has_text(&condition->values, value->number == 1 ? "yes" : "no");
    if (column->kind == SKA_COLUMN_CATEGORY)
        return has_category(&condition->values, &c->dimensions[column->dimension], value);
    return has_text(&condition->values, value->text);
}

/* Whether text|table|category is met for the first time; *first is what was put then. The last two
 * have a fixed length, so no two triples share a key. */
static enum ska_status meet(bool *is_new, uint64_t *first, struct string_map *seen,
                            const char *text, uint32_t table, uint32_t category, uint64_t value)
{
    size_t len = strlen(text);
    struct ska_writer key = {0};
    ska_write_bytes(&key, text, len);
    ska_write_u32(&key, table);
    ska_write_u32(&key, category);
    enum ska_status status = ska_writer_status(&key);
    size_t before = seen->n;
    if (status == SKA_OK)
        status = string_map_put(first, seen, (const char *)key.data, key.len, value);
    *is_new = seen->n > before;
    ska_writer_clear(&key);
    return status;
}

/* A table of a distinct count: rule 2 of the header. */
static enum ska_status count_distinct_table(struct file *f, const struct ska_table *table,
                                            uint32_t t, const struct field_value *value,
                                            const char *text, size_t row)
{
    struct string_map *seen = &f->t->seen[table->indicator];
    for (size_t i = 0; i < value->n_categories; i++) {
        uint32_t category = value->categories[i];
        uint64_t first = 0;
        bool is_new = false;
        SKA_TRY(meet(&is_new, &first, seen, text, t, table->multiple_response ? category : SKA_NONE,
                     category));
        if (is_new)
            f->t->counts[table->first + category]++;
        else if (first != category)
            notes_add(f->notes,
                      tr("%s, rad %zu: %s skiljer sig från en tidigare rad om samma; den första "
                         "gäller",
                         "%s, row %zu: %s differs from an earlier row about the same; the first "
                         "one holds"),
                      f->name, row,
                      language_is_swedish()
                          ? f->t->catalogue->dimensions[table->dimension].label.sv
                          : f->t->catalogue->dimensions[table->dimension].label.en);
    }
    return SKA_OK;
}

static enum ska_status count_tables(struct file *f, uint32_t total, uint64_t amount,
                                    const char *distinct, size_t row)
{
    const struct ska_layout *l = f->t->layout;
    const struct ska_record_kind *k = &f->t->catalogue->record_kinds[f->columns.kind];
    for (uint32_t t = 0; t < l->n_tables; t++) {
        const struct ska_table *table = &l->tables[t];
        if (table->total != total)
            continue;
        const struct field_value *value = &f->values[column_of_dimension(k, table->dimension)];
        if (distinct != NULL) {
            SKA_TRY(count_distinct_table(f, table, t, value, distinct, row));
            continue;
        }
        for (size_t i = 0; i < value->n_categories; i++)
            f->t->counts[table->first + value->categories[i]] += amount;
    }
    return SKA_OK;
}

static enum ska_status count_indicator(struct file *f, uint32_t total,
                                       const struct ska_indicator *ind, const struct row *row,
                                       struct ska_error *err)
{
    for (size_t i = 0; i < ind->n_conditions; i++)
        if (!holds(f, &ind->conditions[i]))
            return SKA_OK;
    uint64_t amount = ind->sum_column == SKA_NONE ? 1 : f->values[ind->sum_column].number;
    if (amount > ind->bound)
        return ska_fail(err, SKA_E_RANGE,
                        tr("%s, rad %zu, kolumn %s: %llu är för stort; %s är högst %llu",
                           "%s, row %zu, column %s: %llu is too large; %s is at most %llu"),
                        f->name, row->number, f->columns.called[ind->sum_column],
                        (unsigned long long)amount, ind->code, (unsigned long long)ind->bound);
    if (ind->distinct_column == SKA_NONE) {
        f->t->counts[total] += amount;
        return count_tables(f, total, amount, NULL, row->number);
    }
    const char *text = f->values[ind->distinct_column].text;
    if (text[0] == '\0')
        return SKA_OK;
    bool is_new = false;
    uint64_t first = 0;
    SKA_TRY(meet(&is_new, &first, &f->t->seen[f->t->layout->cells[total].indicator], text, SKA_NONE,
                 SKA_NONE, 0));
    f->t->counts[total] += is_new;
    return count_tables(f, total, 1, text, row->number);
}

static enum ska_status on_row(void *arg, const struct row *row, struct ska_error *err)
{
    struct file *f = arg;
    if (!f->has_header)
        return take_header(f, row, err);
    SKA_TRY(check_width(f, row, err));
    SKA_TRY(read_values(f, row, err));
    for (uint32_t cell = 0; cell < f->t->layout->n_cells; cell++) {
        const struct ska_indicator *ind = indicator_at(f, cell);
        if (ind != NULL && !f->t->lacking[f->t->layout->cells[cell].indicator])
            SKA_TRY(count_indicator(f, cell, ind, row, err));
    }
    return SKA_OK;
}

/* --- files ------------------------------------------------------------------------------------ */

static void clear_file(struct file *f)
{
    for (size_t i = 0; f->values != NULL && i < f->columns.n_columns; i++)
        field_value_clear(&f->values[i]);
    free(f->values);
    free(f->used);
    columns_clear(&f->columns);
}

enum ska_status tally_text(struct tally *tally, const char *text, size_t len, const char *name,
                           uint32_t kind, struct notes *notes, struct ska_error *err)
{
    if (tally->n_files == FILES_MAX)
        return ska_fail(err, SKA_E_LIMIT, tr("fler än %u filer", "more than %u files"), FILES_MAX);
    char *copy = strdup(name);
    if (copy == NULL)
        return SKA_E_MEMORY;
    tally->files[tally->n_files++] = copy;
    struct file f = {
        .t = tally, .name = copy, .number = tally->n_files - 1, .kind = kind, .notes = notes};
    char delimiter = ';';
    enum ska_status status = rows_delimiter(&delimiter, text, len, columns_known, tally->catalogue);
    if (status == SKA_OK)
        status = rows_read(text, len, delimiter, name, on_row, &f, err);
    bool has_header = f.has_header;
    clear_file(&f);
    SKA_TRY(status);
    if (!has_header)
        return ska_fail(
            err, SKA_E_FORMAT,
            tr("%s: filen är tom; rubrikraden saknas", "%s: the file is empty; there is no header"),
            name);
    return SKA_OK;
}

enum ska_status tally_file(struct tally *tally, const char *path, uint32_t kind,
                           struct notes *notes, struct ska_error *err)
{
    char *text = NULL;
    size_t len = 0;
    SKA_TRY(rows_load(&text, &len, path, err));
    enum ska_status status = tally_text(tally, text, len, path, kind, notes, err);
    ska_wipe_free(text, len);
    return status;
}

/* --- the end ---------------------------------------------------------------------------------- */

static enum ska_status finish_indicator(struct tally *t, uint32_t total, struct notes *notes,
                                        struct ska_error *err)
{
    const struct ska_cell *cell = &t->layout->cells[total];
    const struct ska_indicator *ind = &t->catalogue->indicators[cell->indicator];
    const char *label = language_is_swedish() ? ind->label.sv : ind->label.en;
    const char *kind = t->catalogue->record_kinds[ind->record_kind].code;
    bool answered = t->given[ind->record_kind] && !t->lacking[cell->indicator];
    if (!answered && !ind->may_be_blank)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s %s måste besvaras: ange en fil med uppgifter av slaget %s som har "
                           "alla kolumner, eller --zero %s om inget hände",
                           "%s %s must be answered: give a file of %s records with all columns, "
                           "or --zero %s if nothing happened"),
                        ind->code, label, kind, kind);
    if (!answered)
        notes_add(notes,
                  tr("%s %s lämnas obesvarad (ingen uppgift av slaget %s)",
                     "%s %s is left blank (no %s records)"),
                  ind->code, label, kind);
    for (uint32_t i = 0; !answered && i < t->layout->n_cells; i++)
        if (t->layout->cells[i].total == total)
            t->counts[i] = 0;
    if (cell->flag != SKA_NONE)
        t->counts[cell->flag] = answered;
    if (t->counts[total] > ind->bound)
        return ska_fail(err, SKA_E_RANGE,
                        tr("%s %s: %llu är för stort, högst %llu kan redovisas",
                           "%s %s: %llu is too large, at most %llu can be reported"),
                        ind->code, label, (unsigned long long)t->counts[total],
                        (unsigned long long)ind->bound);
    return SKA_OK;
}

enum ska_status tally_finish(uint64_t *counts, struct tally *tally, struct notes *notes,
                             struct ska_error *err)
{
    for (uint32_t i = 0; i < tally->layout->n_cells; i++)
        if (tally->layout->cells[i].kind == SKA_CELL_TOTAL)
            SKA_TRY(finish_indicator(tally, i, notes, err));
    memcpy(counts, tally->counts, tally->layout->n_cells * sizeof *counts);
    return SKA_OK;
}
