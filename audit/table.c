/* SPDX-License-Identifier: EUPL-1.2 */
/* table.c - the published table, derived again. */
#include "audit/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/figure.h"

static const char first_line[] = "collection,period,revision,group,group_sv,group_en,cell,kind,"
                                 "indicator_sv,indicator_en,dimension_sv,dimension_en,"
                                 "category_sv,category_en,unit_sv,unit_en,value,reason\n";

static void put(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

/* One field and the comma after it. */
static void put_field(struct ska_writer *w, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        put(w, text);
    } else {
        put(w, "\"");
        for (; *text != '\0'; text++) {
            if (*text == '"')
                put(w, "\"");
            ska_write_bytes(w, text, 1);
        }
        put(w, "\"");
    }
    put(w, ",");
}

static void put_texts(struct ska_writer *w, const char *sv, const char *en)
{
    put_field(w, sv);
    put_field(w, en);
}

/* A label, or two empty fields. */
static void put_label(struct ska_writer *w, const struct ska_text *label)
{
    put_texts(w, label != NULL ? label->sv : "", label != NULL ? label->en : "");
}

static void put_number(struct ska_writer *w, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    put_field(w, text);
}

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

const char *table_reason(const struct ska_task *task, uint32_t figure, uint8_t reason)
{
    if (reason != 0 && ska_figure_is_whole_only(task, figure))
        return "whole";
    switch (reason) {
    case SKA_HIDDEN_SMALL:
        return "small";
    case SKA_HIDDEN_FEW:
        return "few";
    case SKA_HIDDEN_DEPENDENT:
        return "dependent";
    case SKA_HIDDEN_COMPLEMENT:
        return "complement";
    case SKA_HIDDEN_MARKED:
        return "marked";
    case SKA_HIDDEN_BLOCK:
        return "block";
    case SKA_HIDDEN_WITHDRAWN:
        return "withdrawn";
    case SKA_HIDDEN_KEPT:
        return "kept";
    case SKA_HIDDEN_SUMMED:
        return "summed";
    }
    return "";
}

static void put_group(struct ska_writer *w, const struct ska_task *task, uint32_t block)
{
    const struct ska_group *group = block > 0 ? &task->parameters.groups.at[block - 1] : NULL;
    put_field(w, group != NULL ? group->code : "");
    put_texts(w, group != NULL ? group->sv : "", group != NULL ? group->en : "");
}

static void put_line(struct ska_writer *w, const struct ska_task *task, const char *period,
                     uint32_t figure)
{
    const struct ska_cell *cell = ska_figure_cell(task, figure);
    const struct ska_catalogue *catalogue = task->layout->catalogue;
    const struct ska_indicator *indicator = &catalogue->indicators[cell->indicator];
    bool is_category = cell->kind == SKA_CELL_CATEGORY;
    const struct ska_dimension *dimension =
        is_category ? &catalogue->dimensions[cell->dimension] : NULL;
    put_field(w, task->parameters.collection);
    put_field(w, period);
    put_number(w, task->parameters.revision);
    put_group(w, task, ska_figure_block(task, figure));
    put_field(w, cell->code);
    put_field(w, kind_name(cell->kind));
    put_label(w, &indicator->label);
    put_label(w, is_category ? &dimension->label : NULL);
    put_label(w, is_category ? &dimension->categories[cell->category].label : NULL);
    if (cell->kind == SKA_CELL_ANSWERED)
        put_texts(w, "svarande", "answering");
    else if (cell->kind == SKA_CELL_MARK)
        put_texts(w, "markeringar", "marks");
    else
        put_label(w, &indicator->unit);
}

/* reason  "" of an open figure */
static void put_value(struct ska_writer *w, uint64_t total, const char *reason)
{
    if (reason[0] == '\0')
        put_number(w, total);
    else
        put_field(w, "..");
    put(w, reason);
    put(w, "\n");
}

void table_write(struct ska_writer *w, const struct ska_task *task, const struct ska_linked *linked,
                 const uint64_t *total, const uint8_t *hidden_reason)
{
    const uint32_t n = task->n_figures;
    char year[5] = "";
    memcpy(year, task->parameters.period, 4);
    put(w, first_line);
    for (uint32_t i = 0; i < n; i++) {
        put_line(w, task, task->parameters.period, i);
        put_value(w, total[i], table_reason(task, i, hidden_reason[i]));
    }
    for (uint32_t i = n; i < linked->n_published; i++) {
        if (ska_linked_is_absent(linked, i))
            continue;
        put_line(w, task, year, i - n);
        put_value(w, total[i], table_reason(task, i - n, hidden_reason[i]));
    }
}
