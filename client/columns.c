/* SPDX-License-Identifier: EUPL-1.2 */
/* columns.c - a header matched with the record kinds of a catalogue. */
#include "client/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/words.h"
#include "support/language.h"

void columns_clear(struct columns *columns)
{
    for (size_t i = 0; columns->words != NULL && i < columns->n_columns; i++)
        string_map_clear(&columns->words[i]);
    free(columns->words);
    free(columns->called);
    free(columns->unknown);
    free(columns->field_of);
    *columns = (struct columns){0};
}

/* --- headers ---------------------------------------------------------------------------------- */

bool columns_says(const char *word, const char *folded)
{
    char buffer[SKA_TEXT_MAX + 1];
    size_t len = strlen(word);
    if (len > SKA_TEXT_MAX)
        return false;
    ska_fold(buffer, word, len);
    return strcmp(buffer, folded) == 0;
}

/* The word of the column that a header is, borrowed, or NULL. */
static const char *word_of_header(const struct ska_column *column, const char *folded)
{
    if (columns_says(column->code, folded))
        return column->code;
    for (size_t i = 0; i < column->headers.n; i++)
        if (columns_says(column->headers.at[i], folded))
            return column->headers.at[i];
    return NULL;
}

/* The column a header names, or SKA_NONE. */
static uint32_t find_column(const struct ska_record_kind *kind, const char *folded)
{
    for (uint32_t i = 0; i < kind->n_columns; i++)
        if (word_of_header(&kind->columns[i], folded) != NULL)
            return i;
    return SKA_NONE;
}

size_t columns_known(const void *arg, const char *field)
{
    const struct ska_catalogue *c = arg;
    SKA_SCOPED(ska_scoped_free) char *folded = ska_fold_new(field);
    size_t n = 0;
    if (folded == NULL)
        return SIZE_MAX;
    for (size_t i = 0; i < c->n_record_kinds; i++)
        n += find_column(&c->record_kinds[i], folded) != SKA_NONE;
    return n;
}

/* How well a header fits a record kind. */
struct fit {
    size_t known;     /* its columns that are there */
    size_t required;  /* those it must have */
    uint32_t missing; /* a required column that is not there, or SKA_NONE */
};

static struct fit measure(const struct ska_record_kind *kind, char *const *folded, size_t n)
{
    struct fit fit = {.missing = SKA_NONE};
    for (uint32_t i = 0; i < kind->n_columns; i++) {
        const struct ska_column *column = &kind->columns[i];
        bool there = false;
        for (size_t f = 0; f < n && !there; f++)
            there = word_of_header(column, folded[f]) != NULL;
        fit.known += there;
        fit.required += column->required;
        if (column->required && !there && fit.missing == SKA_NONE)
            fit.missing = i;
    }
    return fit;
}

static const char *label_of(const struct ska_text *text)
{
    return language_is_swedish() ? text->sv : text->en;
}

/* "kon (kön, sex)" for an error. */
static void describe_column(char *out, size_t size, const struct ska_column *column)
{
    size_t len = (size_t)snprintf(out, size, "%s", column->code);
    for (size_t i = 0; i < column->headers.n && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i == 0 ? " (" : ", ",
                                column->headers.at[i]);
    if (column->headers.n > 0 && len < size)
        snprintf(out + len, size - len, ")");
}

/* No kind fits: the one that comes nearest says what is missing, or none does. */
static enum ska_status fits_none(const struct ska_catalogue *c, uint32_t kind, struct fit fit,
                                 size_t n, const char *name, struct ska_error *err)
{
    if (n == 1 && fit.known == 0)
        return ska_fail(
            err, SKA_E_NOT_FOUND,
            tr("%s, rad 1: bara en kolumn. Första raden ska vara rubrikerna, åtskilda av "
               "semikolon, komma eller tabb",
               "%s, row 1: one column only. The first row must be the headers, separated "
               "by semicolon, comma or tab"),
            name);
    if (kind == SKA_NONE || 2 * fit.known < fit.required || fit.known == 0)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s: kolumnerna hör inte till katalogen %s (%s); är filen för en annan "
                           "insamling?",
                           "%s: the columns are not those of the catalogue %s (%s); is the file "
                           "for another collection?"),
                        name, c->id, label_of(&c->title));
    const struct ska_record_kind *k = &c->record_kinds[kind];
    char column[200];
    describe_column(column, sizeof column, &k->columns[fit.missing]);
    return ska_fail(err, SKA_E_NOT_FOUND,
                    tr("%s, rad 1: kolumnen %s saknas; den måste finnas i %s (%s)",
                       "%s, row 1: the column %s is missing; %s (%s) must have it"),
                    name, column, k->code, label_of(&k->label));
}

static enum ska_status choose_kind(uint32_t *out, const struct ska_catalogue *c,
                                   char *const *folded, size_t n, const char *name,
                                   struct ska_error *err)
{
    uint32_t best = SKA_NONE;
    uint32_t nearest = SKA_NONE;
    struct fit best_fit = {0};
    struct fit near_fit = {0};
    bool tie = false;
    for (uint32_t i = 0; i < c->n_record_kinds; i++) {
        struct fit fit = measure(&c->record_kinds[i], folded, n);
        if (nearest == SKA_NONE || fit.known > near_fit.known) {
            nearest = i;
            near_fit = fit;
        }
        if (fit.missing != SKA_NONE || fit.known == 0)
            continue;
        tie = best != SKA_NONE && fit.known == best_fit.known;
        if (best == SKA_NONE || fit.known > best_fit.known) {
            best = i;
            best_fit = fit;
        }
    }
    if (best == SKA_NONE)
        return fits_none(c, nearest, near_fit, n, name, err);
    if (tie)
        return ska_fail(err, SKA_E_CONFLICT,
                        tr("%s: filen passar flera slags uppgifter; skriv SLAG=%s",
                           "%s: the file fits several kinds of records; write KIND=%s"),
                        name, name);
    *out = best;
    return SKA_OK;
}

/* --- words of categories ---------------------------------------------------------------------- */

static enum ska_status add_word(struct string_map *map, const char *word, uint32_t category)
{
    SKA_SCOPED(ska_scoped_free) char *folded = ska_fold_new(word);
    if (folded == NULL)
        return SKA_E_MEMORY;
    uint64_t first = 0;
    return string_map_put(&first, map, folded, strlen(folded), category);
}

/* A code wins over another category's label or value only if the catalogue let it: it does not. */
static enum ska_status fill_words(struct string_map *map, const struct ska_dimension *d)
{
    for (uint32_t i = 0; i < d->n_categories; i++) {
        const struct ska_category *category = &d->categories[i];
        SKA_TRY(add_word(map, category->code, i));
        SKA_TRY(add_word(map, category->label.sv, i));
        SKA_TRY(add_word(map, category->label.en, i));
        for (size_t j = 0; j < category->values.n; j++)
            SKA_TRY(add_word(map, category->values.at[j], i));
    }
    return SKA_OK;
}

/* --- matching --------------------------------------------------------------------------------- */

static enum ska_status place_field(struct columns *c, uint32_t field, const struct row *header,
                                   const char *folded, const char *name, struct ska_error *err)
{
    const struct ska_record_kind *kind = &c->catalogue->record_kinds[c->kind];
    uint32_t column = find_column(kind, folded);
    if (column == SKA_NONE) {
        if (folded[0] != '\0') /* a column without a name carries nothing */
            c->unknown[c->n_unknown++] = field;
        return SKA_OK;
    }
    if (c->field_of[column] != SKA_NONE)
        return ska_fail(err, SKA_E_CONFLICT,
                        tr("%s, rad 1: kolumnerna \"%s\" och \"%s\" är båda %s",
                           "%s, row 1: the columns \"%s\" and \"%s\" are both %s"),
                        name, header->fields[c->field_of[column]], header->fields[field],
                        kind->columns[column].code);
    c->field_of[column] = field;
    c->called[column] = word_of_header(&kind->columns[column], folded);
    return SKA_OK;
}

static enum ska_status fill_columns(struct columns *c, const struct row *header,
                                    char *const *folded, const char *name, struct ska_error *err)
{
    const struct ska_record_kind *kind = &c->catalogue->record_kinds[c->kind];
    c->n_fields = header->n_fields;
    c->field_of = ska_alloc(kind->n_columns, sizeof *c->field_of);
    c->called = ska_alloc(kind->n_columns, sizeof *c->called);
    c->words = ska_alloc(kind->n_columns, sizeof *c->words);
    c->unknown = ska_alloc(header->n_fields, sizeof *c->unknown);
    if (c->field_of == NULL || c->called == NULL || c->words == NULL || c->unknown == NULL)
        return SKA_E_MEMORY;
    c->n_columns = kind->n_columns;
    for (size_t i = 0; i < kind->n_columns; i++) {
        c->field_of[i] = SKA_NONE;
        if (kind->columns[i].kind == SKA_COLUMN_CATEGORY)
            SKA_TRY(
                fill_words(&c->words[i], &c->catalogue->dimensions[kind->columns[i].dimension]));
    }
    for (uint32_t f = 0; f < header->n_fields; f++)
        SKA_TRY(place_field(c, f, header, folded[f], name, err));
    struct fit fit = measure(kind, folded, header->n_fields);
    if (fit.missing != SKA_NONE)
        return fits_none(c->catalogue, c->kind, fit, header->n_fields, name, err);
    return SKA_OK;
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; list != NULL && i < n; i++)
        free(list[i]);
    free(list);
}

enum ska_status columns_match(struct columns *out, const struct ska_catalogue *catalogue,
                              uint32_t kind, const struct row *header, const char *name,
                              struct ska_error *err)
{
    struct columns made = {.catalogue = catalogue, .kind = kind};
    char **folded = ska_alloc(header->n_fields, sizeof *folded);
    enum ska_status status = folded != NULL ? SKA_OK : SKA_E_MEMORY;
    for (size_t f = 0; status == SKA_OK && f < header->n_fields; f++) {
        folded[f] = ska_fold_new(header->fields[f]);
        status = folded[f] != NULL ? SKA_OK : SKA_E_MEMORY;
    }
    if (status == SKA_OK && kind == SKA_NONE)
        status = choose_kind(&made.kind, catalogue, folded, header->n_fields, name, err);
    if (status == SKA_OK)
        status = fill_columns(&made, header, folded, name, err);
    free_list(folded, header->n_fields);
    if (status != SKA_OK) {
        columns_clear(&made);
        return status;
    }
    *out = made;
    return SKA_OK;
}
