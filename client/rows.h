/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rows.h - the rows of a CSV text (RFC 4180, with semicolon, comma or tab between fields), over
 * libcsv.
 *
 * Rows are numbered as a spreadsheet numbers them: the header is row 1, blank rows count, a line
 * break inside quotes does not. Rows whose fields are all empty are passed over, and so is a first
 * row "sep=;" or the like, which is for Excel.
 */
#ifndef SKA_CLIENT_ROWS_H
#define SKA_CLIENT_ROWS_H

#include "crypto/bytes.h"

#define ROWS_FIELDS_MAX 1000
#define ROWS_FIELD_BYTES_MAX 65536u
#define ROWS_FILE_BYTES_MAX ((size_t)128 << 20)

/* One row; everything borrowed until the callback returns. Fields are NUL-terminated, blanks around
 * unquoted ones are gone. */
struct row {
    size_t number;
    size_t n_fields;
    char *const *fields;
};

typedef enum ska_status (*rows_callback)(void *arg, const struct row *row, struct ska_error *err);

/*
 * Call `on_row` for each row; its first failure ends the reading and is returned.
 *
 * Returns SKA_OK; SKA_E_FORMAT naming the row whose quotes do not match; SKA_E_LIMIT for too many
 * fields or too long ones; SKA_E_MEMORY.
 */
enum ska_status rows_read(const char *text, size_t len, char delimiter, const char *name,
                          rows_callback on_row, void *arg, struct ska_error *err) SKA_MUST_CHECK;

/* The file's bytes as UTF-8 text: read with a limit, decoded. The caller frees. SKA_E_LIMIT tells
 * the limit. */
enum ska_status rows_load(char **text, size_t *len, const char *path,
                          struct ska_error *err) SKA_MUST_CHECK;

/* Ask `count` how many fields of the first row it knows, with each delimiter; the one that gives
 * most wins, else the one that gives most fields, else the semicolon. `count` returns
 * SIZE_MAX without memory. SKA_E_MEMORY: a guess in want of memory would blame the file. */
enum ska_status rows_delimiter(char *out, const char *text, size_t len,
                               size_t (*count)(const void *arg, const char *field),
                               const void *arg) SKA_MUST_CHECK;

#endif
