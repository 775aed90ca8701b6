/* SPDX-License-Identifier: EUPL-1.2 */
/* synthetic_write.c - made-up case records as a file. */
#include "demo/synthetic.h"

#include <string.h>

/* Write a field as CSV in the file's encoding; Windows-1252 has every character of the catalogue's
 * labels. */
static void write_field(FILE *out, const char *utf8, bool windows)
{
    bool quote = strpbrk(utf8, ";\"\n") != NULL;
    if (quote)
        fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)utf8; *at != '\0'; at++) {
        if (*at == '"')
            fputc('"', out);
        if (windows && (*at == 0xC2 || *at == 0xC3)) {
            int high = *at == 0xC3 ? 0x40 : 0;
            at++;
            fputc(*at | high, out);
        } else if (windows && at[0] == 0xE2 && at[1] == 0x80) {
            fputc('-', out); /* dashes and typographic quotes */
            at += 2;
        } else {
            fputc(*at, out);
        }
    }
    if (quote)
        fputc('"', out);
}

static void write_categories(FILE *out, const struct ska_dimension *d, const struct value *value,
                             bool windows)
{
    if (!d->multiple_response) {
        write_field(out, d->categories[value->n].label.sv, windows);
        return;
    }
    bool any = false;
    for (size_t i = 0; i < d->n_categories; i++) {
        if ((value->bits[i / 64] >> i % 64 & 1) == 0)
            continue;
        if (any)
            fputc('|', out);
        write_field(out, d->categories[i].label.sv, windows);
        any = true;
    }
}

static void write_text(FILE *out, const struct ska_catalogue *c, size_t kind, size_t column,
                       uint64_t n, bool windows)
{
    if (word_of(c, kind, column, 0) != NULL) {
        const char *word = word_of(c, kind, column, (size_t)n);
        write_field(out, word != NULL ? word : "annat slag", windows);
    } else if (parent_of(c, kind) != kind) {
        fprintf(out, "SYN-%05llu", (unsigned long long)n + 1);
    } else {
        fprintf(out, "P%05llu", (unsigned long long)n + 1); /* a pseudonym */
    }
}

static void write_value(FILE *out, const struct ska_catalogue *c, size_t kind, size_t column,
                        const struct value *value, bool windows)
{
    const struct ska_column *at = &c->record_kinds[kind].columns[column];
    switch (at->kind) {
    case SKA_COLUMN_ID:
        fprintf(out, "SYN-%05llu", (unsigned long long)value->n + 1);
        break;
    case SKA_COLUMN_CATEGORY:
        write_categories(out, &c->dimensions[at->dimension], value, windows);
        break;
    case SKA_COLUMN_FLAG:
        fputs(value->n != 0 ? "ja" : "nej", out);
        break;
    case SKA_COLUMN_NUMBER:
        fprintf(out, "%llu", (unsigned long long)value->n);
        break;
    case SKA_COLUMN_TEXT:
        write_text(out, c, kind, column, value->n, windows);
        break;
    }
}

void write_records(FILE *out, const struct ska_catalogue *c, size_t kind,
                   const struct records *records, bool windows)
{
    const struct ska_record_kind *k = &c->record_kinds[kind];
    for (size_t i = 0; i < k->n_columns; i++) {
        const struct ska_column *column = &k->columns[i];
        if (i > 0)
            fputc(';', out);
        write_field(out, column->headers.n > 0 ? column->headers.at[0] : column->code, windows);
    }
    fputs("\r\n", out);
    for (size_t row = 0; row < records->n; row++) {
        for (size_t i = 0; i < k->n_columns; i++) {
            if (i > 0)
                fputc(';', out);
            write_value(out, c, kind, i, &records->values[row * k->n_columns + i], windows);
        }
        fputs("\r\n", out);
    }
}
