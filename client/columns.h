/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * columns.h - which column of a file is which column of the catalogue, and what its fields say.
 */
#ifndef SKA_CLIENT_COLUMNS_H
#define SKA_CLIENT_COLUMNS_H

#include "client/rows.h"
#include "client/string_map.h"
#include "protocol/catalogue.h"

/* The columns of one file. Valid when zeroed; `catalogue` and `kind` are set by columns_match. */
struct columns {
    const struct ska_catalogue *catalogue; /* borrowed */
    uint32_t kind;                         /* index of the record kind */
    size_t n_fields;                       /* of the file */
    size_t n_columns;                      /* of the record kind */
    uint32_t *field_of;                    /* n_columns: the column's field, or SKA_NONE */
    const char **called; /* n_columns: the column's word in the catalogue that the file's header
                          * is, borrowed from it, or NULL */
    struct string_map *words; /* n_columns: for category columns, folded word -> category */
    uint32_t *unknown;        /* fields that are no column of the kind */
    size_t n_unknown;
};
void columns_clear(struct columns *columns);

/* The number of known columns a header's field may be, over all record kinds: 0 or more; SIZE_MAX
 * without memory. For rows_delimiter, with the catalogue as `arg`. */
size_t columns_known(const void *arg, const char *field);

/* Whether a word of the catalogue (at most SKA_TEXT_MAX bytes) is the same as a text without case;
 * `folded` is folded already. Needs no memory. */
bool columns_says(const char *word, const char *folded);

/*
 * Match a header row with the catalogue. Headers are compared with a column's code and headers,
 * without case.
 *
 * In: kind  index of the record kind the file is said to hold, or SKA_NONE: the kind whose required
 *           columns are all there and of which most columns are there
 *
 * Returns SKA_OK; SKA_E_NOT_FOUND with the missing column, or that the file is of another
 * catalogue; SKA_E_CONFLICT for a column that is there twice, or two kinds that fit equally;
 * SKA_E_MEMORY. `err` names the file.
 */
enum ska_status columns_match(struct columns *out, const struct ska_catalogue *catalogue,
                              uint32_t kind, const struct row *header, const char *name,
                              struct ska_error *err) SKA_MUST_CHECK;

/* What one field says, by the kind of its column. */
struct field_value {
    uint64_t number;                         /* of a number; 1 or 0 of a flag */
    size_t n_categories;                     /* of a category column */
    uint32_t categories[SKA_CATEGORIES_MAX]; /* each once */
    char *text;                              /* folded text or id, owned; "" if empty */
};
void field_value_clear(struct field_value *value);

/*
 * Read a field of column `column` of the record kind. Returns SKA_OK; SKA_E_FORMAT, SKA_E_RANGE,
 * SKA_E_NOT_FOUND with file, row and column in `err`; SKA_E_MEMORY.
 */
enum ska_status columns_read(struct field_value *out, const struct columns *columns,
                             uint32_t column, const struct row *row, const char *name,
                             struct ska_error *err) SKA_MUST_CHECK;

/* Digits as a whole number. SKA_E_FORMAT for anything else, telling decimals and signs from
 * nonsense in `err`; SKA_E_RANGE over 2^32. `place` starts the error text ("file.csv, row 3, column
 * antal"). */
enum ska_status columns_read_number(uint64_t *out, const char *text, const char *place,
                                    struct ska_error *err) SKA_MUST_CHECK;

#endif
