/* SPDX-License-Identifier: EUPL-1.2 */
/* figures.c - the published figures of a period, and their table. */
#include "reports/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/data_csv.h"
#include "reports/options.h"

static enum ska_status allocate(struct figures *f, uint32_t n_cells)
{
    *f = (struct figures){.n = n_cells};
    f->value = ska_alloc(n_cells, sizeof *f->value);
    f->reason = ska_alloc(n_cells, sizeof *f->reason);
    if (f->value != NULL && f->reason != NULL)
        return SKA_OK;
    figures_clear(f);
    return SKA_E_MEMORY;
}

enum ska_status figures_init(struct figures *f, uint32_t n_cells, const uint64_t *totals,
                             const struct ska_suppression *hidden)
{
    for (uint32_t i = 0; i < hidden->n; i++)
        if (hidden->at[i].cell >= n_cells)
            return SKA_E_RANGE;
    SKA_TRY(allocate(f, n_cells));
    for (uint32_t i = 0; i < hidden->n; i++)
        f->reason[hidden->at[i].cell] = (uint8_t)hidden->at[i].reason;
    for (uint32_t j = 0; j < n_cells; j++)
        if (f->reason[j] == 0)
            f->value[j] = totals[j];
    return SKA_OK;
}

void figures_clear(struct figures *f)
{
    free(f->value);
    free(f->reason);
    *f = (struct figures){0};
}

const char *figures_reason(uint8_t reason)
{
    static const char *const names[] = {"", "small", "few", "dependent", "complement"};
    return reason < sizeof names / sizeof names[0] ? names[reason] : "";
}

enum ska_status figures_encode(struct ska_writer *w, const struct figures *f,
                               const struct ska_layout *layout)
{
    for (uint32_t j = 0; j < f->n; j++) {
        char line[SKA_CELL_CODE_MAX + 32];
        int n = f->reason[j] != 0 ? snprintf(line, sizeof line, "%s ..\n", layout->cells[j].code)
                                  : snprintf(line, sizeof line, "%s %" PRIu64 "\n",
                                             layout->cells[j].code, f->value[j]);
        ska_write_bytes(w, line, (size_t)n); /* fits: a code, a number */
    }
    return ska_writer_status(w);
}

/* One line without its end. A hidden cell's reason is not kept; any reason will do. */
static enum ska_status decode_line(struct figures *f, uint32_t cell, const char *line, size_t len,
                                   const struct ska_layout *layout)
{
    const char *code = layout->cells[cell].code;
    size_t code_len = strlen(code);
    char number[24];
    if (len < code_len + 2 || memcmp(line, code, code_len) != 0 || line[code_len] != ' ' ||
        len - code_len - 1 >= sizeof number)
        return SKA_E_FORMAT;
    memcpy(number, line + code_len + 1, len - code_len - 1);
    number[len - code_len - 1] = '\0';
    if (strcmp(number, "..") != 0)
        return options_number(&f->value[cell], number, UINT64_MAX);
    f->reason[cell] = SKA_HIDDEN_COMPLEMENT;
    return SKA_OK;
}

enum ska_status figures_decode(struct figures *f, struct ska_slice text,
                               const struct ska_layout *layout)
{
    struct figures read = {0};
    SKA_TRY(allocate(&read, layout->n_cells));
    const char *at = (const char *)text.data, *end = at + text.len;
    enum ska_status status = SKA_OK;
    for (uint32_t j = 0; j < read.n && status == SKA_OK; j++) {
        const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        status = newline != NULL ? decode_line(&read, j, at, (size_t)(newline - at), layout)
                                 : SKA_E_FORMAT;
        at = newline != NULL ? newline + 1 : end;
    }
    if (status == SKA_OK && at != end)
        status = SKA_E_FORMAT;
    if (status != SKA_OK) {
        figures_clear(&read);
        return SKA_E_FORMAT;
    }
    *f = read;
    return SKA_OK;
}

void figures_number_text(char out[static FIGURES_TEXT_MAX], uint64_t value, bool swedish)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, value);
    const char *separator = swedish ? "\xC2\xA0" : ",";
    char *to = out;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            memcpy(to, separator, strlen(separator));
            to += strlen(separator);
        }
        *to++ = digits[i];
    }
    *to = '\0'; /* 20 digits and 6 separators of 2 bytes at the most */
}

void figures_text(char out[static FIGURES_TEXT_MAX], const struct figures *f, uint32_t cell,
                  bool swedish)
{
    if (f->reason[cell] != 0)
        memcpy(out, "..", 3);
    else
        figures_number_text(out, f->value[cell], swedish);
}

/* The table ----------------------------------------------------------------------------------- */

static const char *kind_name(enum ska_cell_kind kind)
{
    switch (kind) {
    case SKA_CELL_TOTAL:
        return "total";
    case SKA_CELL_ANSWERED:
        return "answered";
    case SKA_CELL_CATEGORY:
        return "category";
    }
    return "";
}

static void write_line(struct ska_writer *w, const char *const *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            ska_write_u8(w, ',');
        data_csv_field(w, fields[i]);
    }
    ska_write_u8(w, '\n');
}

enum ska_status figures_table(struct ska_writer *w, const struct figures *f,
                              const struct ska_layout *layout, const char *collection,
                              const char *period, uint32_t revision)
{
    static const char *const header[] = {
        "collection",   "period",       "revision",     "cell",         "kind",
        "indicator_sv", "indicator_en", "dimension_sv", "dimension_en", "category_sv",
        "category_en",  "unit_sv",      "unit_en",      "value",        "reason"};
    char revision_text[16], value[24];
    (void)snprintf(revision_text, sizeof revision_text, "%" PRIu32, revision);
    write_line(w, header, sizeof header / sizeof header[0]);
    for (uint32_t j = 0; j < f->n; j++) {
        const struct ska_cell *cell = &layout->cells[j];
        const struct ska_indicator *indicator = &layout->catalogue->indicators[cell->indicator];
        const struct ska_dimension *dimension =
            cell->kind == SKA_CELL_CATEGORY ? &layout->catalogue->dimensions[cell->dimension]
                                            : NULL;
        const struct ska_category *category =
            dimension != NULL ? &dimension->categories[cell->category] : NULL;
        bool is_flag = cell->kind == SKA_CELL_ANSWERED;
        if (f->reason[j] != 0)
            memcpy(value, "..", 3);
        else
            (void)snprintf(value, sizeof value, "%" PRIu64, f->value[j]);
        const char *fields[] = {collection,
                                period,
                                revision_text,
                                cell->code,
                                kind_name(cell->kind),
                                indicator->label.sv,
                                indicator->label.en,
                                dimension != NULL ? dimension->label.sv : "",
                                dimension != NULL ? dimension->label.en : "",
                                category != NULL ? category->label.sv : "",
                                category != NULL ? category->label.en : "",
                                is_flag ? "svarande" : indicator->unit.sv,
                                is_flag ? "answering" : indicator->unit.en,
                                value,
                                figures_reason(f->reason[j])};
        write_line(w, fields, sizeof fields / sizeof fields[0]);
    }
    return ska_writer_status(w);
}
