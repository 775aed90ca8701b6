/* SPDX-License-Identifier: EUPL-1.2 */
/* figures.c - the published figures of a period, and their table. */
#include "reports/data/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/data/data_csv.h"
#include "reports/options.h"

static enum ska_status allocate(struct figures *f, uint32_t n_figures)
{
    *f = (struct figures){.n = n_figures};
    f->value = ska_alloc(n_figures, sizeof *f->value);
    f->reason = ska_alloc(n_figures, sizeof *f->reason);
    if (f->value != NULL && f->reason != NULL)
        return SKA_OK;
    figures_clear(f);
    return SKA_E_MEMORY;
}

enum ska_status figures_init(struct figures *f, uint32_t n_figures, const uint64_t *totals,
                             const struct ska_suppression *hidden)
{
    SKA_TRY(allocate(f, n_figures));
    /* Figures of differences between blocks come last; nobody publishes them. */
    for (uint32_t i = 0; i < hidden->n && hidden->at[i].figure < n_figures; i++)
        f->reason[hidden->at[i].figure] = (uint8_t)hidden->at[i].reason;
    for (uint32_t j = 0; j < n_figures; j++)
        if (f->reason[j] == 0)
            f->value[j] = totals[j];
    return SKA_OK;
}

enum ska_status figures_init_year(struct figures *f, uint32_t n_figures, const uint64_t *totals,
                                  const struct ska_suppression *hidden)
{
    SKA_TRY(allocate(f, n_figures));
    for (uint32_t i = 0; i < hidden->n; i++)
        if (hidden->at[i].figure >= n_figures && hidden->at[i].figure < 2 * n_figures)
            f->reason[hidden->at[i].figure - n_figures] = (uint8_t)hidden->at[i].reason;
    for (uint32_t j = 0; j < n_figures; j++)
        if (f->reason[j] == 0)
            f->value[j] = totals[n_figures + j];
    return SKA_OK;
}

void figures_tell_whole(struct figures *f, const struct ska_layout *layout)
{
    for (uint32_t j = layout->n_cells; j < f->n; j++) {
        const struct ska_cell *cell = &layout->cells[j % layout->n_cells];
        if (f->reason[j] != 0 && f->reason[j] != FIGURES_MISSING && ska_cell_is_count(cell) &&
            layout->catalogue->indicators[cell->indicator].whole_only)
            f->reason[j] = FIGURES_WHOLE;
    }
}

void figures_clear(struct figures *f)
{
    free(f->value);
    free(f->reason);
    *f = (struct figures){0};
}

const char *figures_reason(uint8_t reason)
{
    static const char *const names[] = {"",           "small",  "few",    "dependent",
                                        "complement", "block",  "marked", "kept",
                                        "withdrawn",  "summed", "whole"};
    return reason < sizeof names / sizeof names[0] ? names[reason] : "";
}

enum ska_status figures_encode(struct ska_writer *w, const struct figures *f,
                               const struct ska_layout *layout, const struct ska_groups *groups)
{
    for (uint32_t j = 0; j < f->n; j++) {
        char code[SKA_FIGURE_CODE_MAX + 1], line[sizeof code + 32];
        ska_figure_code_in(code, layout, groups, j);
        int n = f->reason[j] != 0
                    ? snprintf(line, sizeof line, "%s %s\n", code,
                               f->reason[j] == FIGURES_MISSING ? "." : "..")
                    : snprintf(line, sizeof line, "%s %" PRIu64 "\n", code, f->value[j]);
        ska_write_bytes(w, line, (size_t)n); /* fits: a code, a number */
    }
    return ska_writer_status(w);
}

/* One line without its end. A hidden cell's reason is not kept; any reason will do. */
static enum ska_status decode_line(struct figures *f, uint32_t figure, const char *line, size_t len,
                                   const char *code)
{
    size_t code_len = strlen(code);
    char number[24];
    if (len < code_len + 2 || memcmp(line, code, code_len) != 0 || line[code_len] != ' ' ||
        len - code_len - 1 >= sizeof number)
        return SKA_E_FORMAT;
    memcpy(number, line + code_len + 1, len - code_len - 1);
    number[len - code_len - 1] = '\0';
    if (strcmp(number, "..") != 0 && strcmp(number, ".") != 0)
        return options_number(&f->value[figure], number, UINT64_MAX);
    f->reason[figure] = number[1] == '\0' ? FIGURES_MISSING : SKA_HIDDEN_COMPLEMENT;
    return SKA_OK;
}

enum ska_status figures_decode(struct figures *f, struct ska_slice text,
                               const struct ska_layout *layout, const struct ska_groups *groups)
{
    struct figures read = {0};
    SKA_TRY(allocate(&read, (groups->n + 1) * layout->n_cells));
    const char *at = (const char *)text.data, *end = at + text.len;
    enum ska_status status = SKA_OK;
    for (uint32_t j = 0; j < read.n && status == SKA_OK; j++) {
        char code[SKA_FIGURE_CODE_MAX + 1];
        ska_figure_code_in(code, layout, groups, j);
        const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        status = newline != NULL ? decode_line(&read, j, at, (size_t)(newline - at), code)
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
    if (f->reason[cell] == FIGURES_MISSING)
        memcpy(out, ".", 2);
    else if (f->reason[cell] != 0)
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
    case SKA_CELL_MARK:
        return "mark";
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

/* What is counted in a cell; borrowed. */
static const char *unit_of(const struct ska_cell *cell, const struct ska_indicator *indicator,
                           bool swedish)
{
    switch (cell->kind) {
    case SKA_CELL_ANSWERED:
        return swedish ? "svarande" : "answering";
    case SKA_CELL_MARK:
        return swedish ? "markeringar" : "marks";
    case SKA_CELL_TOTAL:
    case SKA_CELL_CATEGORY:
        break;
    }
    return swedish ? indicator->unit.sv : indicator->unit.en;
}

/* What a figure is, before its value. */
#define LEAD_FIELDS 16
static void lead_fields(const char *fields[static LEAD_FIELDS], const struct ska_task *task,
                        uint32_t figure, const char *period, const char *revision)
{
    uint32_t block = ska_figure_block(task, figure);
    const struct ska_group *group = block > 0 ? &task->parameters.groups.at[block - 1] : NULL;
    const struct ska_cell *cell = ska_figure_cell(task, figure);
    const struct ska_catalogue *catalogue = task->layout->catalogue;
    const struct ska_indicator *indicator = &catalogue->indicators[cell->indicator];
    const struct ska_dimension *dimension =
        cell->kind == SKA_CELL_CATEGORY ? &catalogue->dimensions[cell->dimension] : NULL;
    const struct ska_category *category =
        dimension != NULL ? &dimension->categories[cell->category] : NULL;
    const char *const lead[LEAD_FIELDS] = {
        task->parameters.collection,
        period,
        revision,
        ska_block_code(task, block),
        group != NULL ? group->sv : "",
        group != NULL ? group->en : "",
        cell->code,
        kind_name(cell->kind),
        indicator->label.sv,
        indicator->label.en,
        dimension != NULL ? dimension->label.sv : "",
        dimension != NULL ? dimension->label.en : "",
        category != NULL ? category->label.sv : "",
        category != NULL ? category->label.en : "",
        unit_of(cell, indicator, true),
        unit_of(cell, indicator, false),
    };
    memcpy(fields, lead, sizeof lead);
}

/* A line for each figure but those that a roll-up does not have. */
static void write_figures(struct ska_writer *w, const struct figures *f,
                          const struct ska_task *task, const char *period)
{
    char revision[16], value[24];
    (void)snprintf(revision, sizeof revision, "%" PRIu32, task->parameters.revision);
    for (uint32_t j = 0; j < f->n; j++) {
        const char *fields[LEAD_FIELDS + 2];
        if (f->reason[j] == FIGURES_MISSING)
            continue;
        lead_fields(fields, task, j, period, revision);
        if (f->reason[j] != 0)
            memcpy(value, "..", 3);
        else
            (void)snprintf(value, sizeof value, "%" PRIu64, f->value[j]);
        fields[LEAD_FIELDS] = value;
        fields[LEAD_FIELDS + 1] = figures_reason(f->reason[j]);
        write_line(w, fields, LEAD_FIELDS + 2);
    }
}

enum ska_status figures_table(struct ska_writer *w, const struct figures *f,
                              const struct figures *year, const struct ska_task *task)
{
    static const char *const header[LEAD_FIELDS + 2] = {
        "collection",   "period",       "revision",    "group",        "group_sv",
        "group_en",     "cell",         "kind",        "indicator_sv", "indicator_en",
        "dimension_sv", "dimension_en", "category_sv", "category_en",  "unit_sv",
        "unit_en",      "value",        "reason"};
    char name[5] = "";
    memcpy(name, task->parameters.period, 4);
    write_line(w, header, LEAD_FIELDS + 2);
    write_figures(w, f, task, task->parameters.period);
    if (year != NULL)
        write_figures(w, year, task, name);
    return ska_writer_status(w);
}
