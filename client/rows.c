/* SPDX-License-Identifier: EUPL-1.2 */
/* rows.c - libcsv's callbacks turned into whole rows. */
#include "client/rows.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "client/encoding.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "support/file.h"
#include "support/language.h"

/* A row being read: its fields one after another in `bytes`, each with a NUL. */
struct reading {
    const char *name;
    rows_callback on_row;
    void *arg;
    struct ska_error *err;
    enum ska_status status; /* the first failure; nothing is done after it */
    size_t number;          /* of the row being read */
    struct ska_writer bytes;
    size_t n_fields;
    size_t starts[ROWS_FIELDS_MAX];
    bool after_return; /* the last row ended with CR, so that an LF belongs to it */
};

static void on_field(void *data, size_t len, void *arg)
{
    struct reading *in = arg;
    if (in->status != SKA_OK)
        return;
    if (in->n_fields == ROWS_FIELDS_MAX || len > ROWS_FIELD_BYTES_MAX) {
        in->status =
            ska_fail(in->err, SKA_E_LIMIT,
                     tr("%s, rad %zu: fler än %d kolumner eller ett fält längre än %u byte",
                        "%s, row %zu: more than %d columns or a field longer than %u bytes"),
                     in->name, in->number, ROWS_FIELDS_MAX, ROWS_FIELD_BYTES_MAX);
        return;
    }
    in->starts[in->n_fields++] = in->bytes.len;
    ska_write_bytes(&in->bytes, data, len);
    ska_write_u8(&in->bytes, 0);
    in->status = ska_writer_status(&in->bytes);
}

/* What Excel has before the headers to say the separator: "sep=;". It is the one that is found. */
static bool says_separator(const struct row *row)
{
    return row->number == 1 && strncmp(row->fields[0], "sep=", 4) == 0 &&
           strlen(row->fields[0]) <= 5 &&
           (row->n_fields == 1 || (row->n_fields == 2 && row->fields[1][0] == '\0'));
}

static void hand_over(struct reading *in)
{
    char *fields[ROWS_FIELDS_MAX];
    bool blank = true;
    for (size_t i = 0; i < in->n_fields; i++) {
        fields[i] = (char *)in->bytes.data + in->starts[i];
        blank = blank && fields[i][0] == '\0';
    }
    struct row row = {.number = in->number, .n_fields = in->n_fields, .fields = fields};
    if (!blank && !says_separator(&row))
        in->status = in->on_row(in->arg, &row, in->err);
}

/* libcsv tells every line end (CSV_REPALL_NL), so CR LF comes as a row and an empty row. */
static void on_row_end(int end, void *arg)
{
    struct reading *in = arg;
    bool rest_of_end = end == '\n' && in->after_return && in->n_fields == 0;
    in->after_return = end == '\r';
    if (rest_of_end || in->status != SKA_OK)
        return;
    if (in->n_fields > 0)
        hand_over(in);
    in->n_fields = 0;
    in->bytes.len = 0;
    in->number++;
}

static enum ska_status parse(struct reading *in, struct csv_parser *parser, const char *text,
                             size_t len)
{
    /* In pieces, so that a failure of ours ends the work soon. */
    const size_t piece = (size_t)1 << 16;
    for (size_t i = 0; i < len && in->status == SKA_OK; i += piece) {
        size_t n = len - i < piece ? len - i : piece;
        if (csv_parse(parser, text + i, n, on_field, on_row_end, in) != n)
            in->status = csv_error(parser) == CSV_EPARSE ? SKA_E_FORMAT : SKA_E_MEMORY;
    }
    if (in->status == SKA_OK && csv_fini(parser, on_field, on_row_end, in) != 0)
        in->status = csv_error(parser) == CSV_EPARSE ? SKA_E_FORMAT : SKA_E_MEMORY;
    if (in->status == SKA_E_FORMAT)
        return ska_fail(
            in->err, SKA_E_FORMAT,
            tr("%s, rad %zu: citattecknen stämmer inte (\" inne i ett fält skrivs \"\")",
               "%s, row %zu: the quotes do not match (\" inside a field is written "
               "\"\")"),
            in->name, in->number);
    return in->status;
}

enum ska_status rows_read(const char *text, size_t len, char delimiter, const char *name,
                          rows_callback on_row, void *arg, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct reading *in = calloc(1, sizeof *in);
    if (in == NULL)
        return SKA_E_MEMORY;
    in->name = name;
    in->on_row = on_row;
    in->arg = arg;
    in->err = err;
    in->number = 1;
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        return SKA_E_MEMORY;
    csv_set_delim(&parser, (unsigned char)delimiter);
    enum ska_status status = parse(in, &parser, text, len);
    csv_free(&parser);
    ska_writer_clear(&in->bytes);
    return status;
}

enum ska_status rows_load(char **text, size_t *len, const char *path, struct ska_error *err)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    struct ska_error why = {0};
    enum ska_status status = file_read(&bytes, &n, path, ROWS_FILE_BYTES_MAX, &why);
    if (status == SKA_E_LIMIT)
        return ska_fail(err, status,
                        tr("%s: större än %zu MiB, som är det mesta som läses; dela filen",
                           "%s: larger than %zu MiB, which is the most that is read; divide the "
                           "file"),
                        path, ROWS_FILE_BYTES_MAX >> 20);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s", why.text);
    enum encoding encoding = ENCODING_UTF8;
    status = encoding_read(text, len, &encoding, (struct ska_slice){bytes, n}, path, err);
    ska_wipe_free(bytes, n); /* case records */
    return status;
}

/* --- which delimiter -------------------------------------------------------------------------- */

struct header_count {
    size_t (*count)(const void *arg, const char *field);
    const void *arg;
    size_t known, fields;
};

/* Count the first row, then stop on purpose. */
static enum ska_status count_header(void *arg, const struct row *row, struct ska_error *err)
{
    struct header_count *h = arg;
    (void)err;
    for (size_t i = 0; i < row->n_fields; i++) {
        size_t known = h->count(h->arg, row->fields[i]);
        if (known == SIZE_MAX)
            return SKA_E_MEMORY;
        h->known += known;
    }
    h->fields = row->n_fields;
    return SKA_E_STATE;
}

enum ska_status rows_delimiter(char *out, const char *text, size_t len,
                               size_t (*count)(const void *arg, const char *field), const void *arg)
{
    static const char delimiters[] = {';', ',', '\t'};
    char best = ';';
    struct header_count most = {0};
    for (size_t i = 0; i < sizeof delimiters; i++) {
        struct header_count h = {.count = count, .arg = arg};
        enum ska_status status = rows_read(text, len, delimiters[i], "", count_header, &h, NULL);
        if (status == SKA_E_MEMORY) /* all else: it ended after the first row, or has none */
            return status;
        if (h.known > most.known || (h.known == most.known && h.fields > most.fields)) {
            most = h;
            best = delimiters[i];
        }
    }
    *out = best;
    return SKA_OK;
}
