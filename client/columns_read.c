/* SPDX-License-Identifier: EUPL-1.2 */
/* columns_read.c - what one field of a record says. */
#include "client/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/words.h"
#include "support/language.h"

#define PLACE_MAX 300

void field_value_clear(struct field_value *value)
{
    if (value->text != NULL)
        ska_wipe_free(value->text, strlen(value->text));
    *value = (struct field_value){0};
}

/* "file.csv, row 3, column antal" */
static void write_place(char out[static PLACE_MAX], const char *name, size_t row,
                        const char *column)
{
    snprintf(out, PLACE_MAX, tr("%s, rad %zu, kolumn %s", "%s, row %zu, column %s"), name, row,
             column);
}

enum ska_status columns_read_number(uint64_t *out, const char *text, const char *place,
                                    struct ska_error *err)
{
    size_t len = strlen(text);
    size_t digits = strspn(text, "0123456789");
    if (len == 0)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: är tomt; skriv 0 om det är noll", "%s: is empty; write 0 for zero"),
                        place);
    if (digits == len) {
        uint64_t value = 0;
        for (size_t i = 0; i < len && value <= SKA_BOUND_MAX; i++)
            value = value * 10 + (uint64_t)(text[i] - '0');
        if (value > SKA_BOUND_MAX)
            return ska_fail(err, SKA_E_RANGE,
                            tr("%s: %.30s är för stort", "%s: %.30s is too large"), place, text);
        *out = value;
        return SKA_OK;
    }
    if (text[0] == '-' || strncmp(text, "\xE2\x88\x92", 3) == 0) /* U+2212 */
        return ska_fail(err, SKA_E_RANGE,
                        tr("%s: %.30s är negativt; ett antal är minst 0",
                           "%s: %.30s is negative; a count is at least 0"),
                        place, text);
    bool decimal = digits > 0 && (text[digits] == ',' || text[digits] == '.') &&
                   strspn(text + digits + 1, "0123456789") == len - digits - 1;
    if (decimal)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: %.30s är ett decimaltal; ett antal är ett heltal",
                           "%s: %.30s is a decimal number; a count is a whole number"),
                        place, text);
    return ska_fail(err, SKA_E_FORMAT,
                    tr("%s: \"%.30s\" är inte ett heltal", "%s: \"%.30s\" is not a whole number"),
                    place, text);
}

static enum ska_status read_flag(struct field_value *out, const char *folded, const char *place,
                                 const char *text, struct ska_error *err)
{
    static const char *const yes[] = {"ja", "j", "yes", "y", "1", "x", "true", "sant"};
    static const char *const no[] = {"nej", "n", "no", "0", "", "false", "falskt"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcmp(folded, yes[i]) == 0) {
            out->number = 1;
            return SKA_OK;
        }
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (strcmp(folded, no[i]) == 0)
            return SKA_OK;
    return ska_fail(
        err, SKA_E_FORMAT,
        tr("%s: \"%.40s\" är varken ja eller nej", "%s: \"%.40s\" is neither yes nor no"), place,
        text);
}

/* --- categories ------------------------------------------------------------------------------- */

static const char *label_of(const struct ska_text *text)
{
    return language_is_swedish() ? text->sv : text->en;
}

/* The categories of a dimension for an error, as many as fit. */
static void list_categories(char *out, size_t size, const struct ska_dimension *d)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < d->n_categories && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i == 0 ? "" : ", ",
                                label_of(&d->categories[i].label));
    if (len >= size)
        snprintf(out + size - 4, 4, "...");
}

static enum ska_status unknown_category(const struct ska_dimension *d, const char *text,
                                        const char *place, struct ska_error *err)
{
    char known[220];
    list_categories(known, sizeof known, d);
    if (text[0] == '\0')
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s: är tomt; något av: %s", "%s: is empty; one of: %s"), place, known);
    return ska_fail(err, SKA_E_NOT_FOUND,
                    tr("%s: \"%.40s\" är ingen känd kategori; känns igen: %s",
                       "%s: \"%.40s\" is no known category; known are: %s"),
                    place, text, known);
}

static void add_category(struct field_value *out, uint32_t category)
{
    for (size_t i = 0; i < out->n_categories; i++)
        if (out->categories[i] == category)
            return;
    out->categories[out->n_categories++] = category; /* room: each at most once */
}

/* Several categories between commas or bars; `folded` is taken apart in place. */
static enum ska_status read_several(struct field_value *out, char *folded,
                                    const struct string_map *words, const struct ska_dimension *d,
                                    const char *place, struct ska_error *err)
{
    for (char *at = folded; at != NULL;) {
        char *end = strpbrk(at, ",|");
        char *next = end == NULL ? NULL : end + 1;
        if (end != NULL)
            *end = '\0';
        size_t len = ska_fold(at, at, strlen(at)); /* blanks around it go */
        uint64_t category = 0;
        bool known = string_map_get(&category, words, at, len);
        if (!known && len > 0)
            return unknown_category(d, at, place, err);
        if (known)
            add_category(out, (uint32_t)category);
        at = next;
    }
    return SKA_OK;
}

static enum ska_status read_category(struct field_value *out, char *folded,
                                     const struct string_map *words, const struct ska_dimension *d,
                                     const char *place, const char *text, struct ska_error *err)
{
    uint64_t category = 0;
    if (string_map_get(&category, words, folded, strlen(folded))) {
        add_category(out, (uint32_t)category);
        return SKA_OK;
    }
    if (d->multiple_response)
        return read_several(out, folded, words, d, place, err);
    return unknown_category(d, text, place, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

static enum ska_status read_by_kind(struct field_value *out, const struct columns *columns,
                                    uint32_t column, char *folded, const char *place,
                                    const char *text, struct ska_error *err)
{
    const struct ska_column *c = &columns->catalogue->record_kinds[columns->kind].columns[column];
    switch (c->kind) {
    case SKA_COLUMN_ID:
        if (folded[0] == '\0')
            return ska_fail(err, SKA_E_FORMAT,
                            tr("%s: är tomt; varje post har ett eget värde här",
                               "%s: is empty; each record has a value of its own here"),
                            place);
        return SKA_OK;
    case SKA_COLUMN_TEXT:
        return SKA_OK;
    case SKA_COLUMN_NUMBER:
        return columns_read_number(&out->number, folded, place, err);
    case SKA_COLUMN_FLAG:
        return read_flag(out, folded, place, text, err);
    case SKA_COLUMN_CATEGORY:
        return read_category(out, folded, &columns->words[column],
                             &columns->catalogue->dimensions[c->dimension], place, text, err);
    }
    return SKA_E_BUG;
}

enum ska_status columns_read(struct field_value *out, const struct columns *columns,
                             uint32_t column, const struct row *row, const char *name,
                             struct ska_error *err)
{
    const struct ska_column *c = &columns->catalogue->record_kinds[columns->kind].columns[column];
    const char *text = row->fields[columns->field_of[column]];
    char place[PLACE_MAX];
    write_place(place, name, row->number, columns->called[column]);
    char *folded = ska_fold_new(text);
    if (folded == NULL)
        return SKA_E_MEMORY;
    struct field_value value = {0};
    size_t len = strlen(folded);
    enum ska_status status = read_by_kind(&value, columns, column, folded, place, text, err);
    bool keeps_text = c->kind == SKA_COLUMN_TEXT || c->kind == SKA_COLUMN_ID;
    if (status != SKA_OK || !keeps_text)
        ska_wipe_free(folded, len);
    if (status != SKA_OK)
        return status;
    value.text = keeps_text ? folded : NULL;
    *out = value;
    return SKA_OK;
}
