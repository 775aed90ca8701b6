/* SPDX-License-Identifier: EUPL-1.2 */
/* data_json.c - table.json or year.json, derived again. */
#include "audit/data.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/table.h"
#include "protocol/figure.h"

static void put(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

/* A string; texts have no control characters (docs/protocol.md, section 2). */
static void put_string(struct ska_writer *w, const char *text)
{
    put(w, "\"");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            put(w, "\\");
        ska_write_u8(w, (uint8_t)*c);
    }
    put(w, "\"");
}

static void put_number(struct ska_writer *w, uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    put(w, text);
}

/* "key": with a comma before it unless it is the first. */
static void put_key(struct ska_writer *w, bool *is_first, const char *key)
{
    if (!*is_first)
        put(w, ",");
    *is_first = false;
    put_string(w, key);
    put(w, ":");
}

static void put_place(struct ska_writer *w, bool *is_first, uint64_t place, const char *text)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%" PRIu64, place);
    put_key(w, is_first, key);
    put_string(w, text);
}

static uint32_t count_contents(const struct data_figures *f)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < f->task->layout->n_cells; j++)
        n += data_is_in(f, j);
    return n;
}

/* --- dimensions ----------------------------------------------------------------------------- */

static const char *group_code(const struct ska_task *task, uint32_t block)
{
    return block == 0 ? "all" : task->parameters.groups.at[block - 1].code;
}

static void put_groups(struct ska_writer *w, const struct ska_task *task)
{
    bool is_first = true;
    put(w, "\"group\":{\"label\":\"grupp\",\"category\":{\"index\":{");
    for (uint32_t b = 0; b < task->n_blocks; b++) {
        put_key(w, &is_first, group_code(task, b));
        put_number(w, b);
    }
    put(w, "},\"label\":{");
    is_first = true;
    for (uint32_t b = 0; b < task->n_blocks; b++) {
        put_key(w, &is_first, group_code(task, b));
        put_string(w, b == 0 ? "Alla" : task->parameters.groups.at[b - 1].sv);
    }
    put(w, "}}}");
}

enum content { CONTENT_INDEX, CONTENT_LABEL, CONTENT_UNIT };

static void put_content(struct ska_writer *w, const struct data_figures *f, enum content what)
{
    const struct ska_task *task = f->task;
    bool is_first = true;
    uint64_t place = 0;
    for (uint32_t j = 0; j < task->layout->n_cells; j++) {
        char label[DATA_LABEL_BYTES];
        if (!data_is_in(f, j))
            continue;
        put_key(w, &is_first, task->layout->cells[j].code);
        switch (what) {
        case CONTENT_INDEX:
            put_number(w, place++);
            break;
        case CONTENT_LABEL:
            ska_layout_cell_name(label, sizeof label, task->layout, j, true);
            put_string(w, label);
            break;
        case CONTENT_UNIT:
            put(w, "{\"base\":");
            put_string(w, data_unit(task, j, true));
            put(w, ",\"decimals\":0}");
            break;
        }
    }
}

static void put_dimensions(struct ska_writer *w, const struct data_figures *f)
{
    char time[DATA_NAME_BYTES];
    data_time(time, f);
    put(w, ",\"dimension\":{");
    put_groups(w, f->task);
    put(w, ",\"content\":{\"label\":\"innehåll\",\"category\":{\"index\":{");
    put_content(w, f, CONTENT_INDEX);
    put(w, "},\"label\":{");
    put_content(w, f, CONTENT_LABEL);
    put(w, "},\"unit\":{");
    put_content(w, f, CONTENT_UNIT);
    put(w, "}}},\"time\":{\"label\":\"tid\",\"category\":{\"index\":{");
    put_string(w, time);
    put(w, ":0},\"label\":{");
    put_string(w, time);
    put(w, ":");
    put_string(w, time);
    put(w, "}}}}");
}

/* --- figures -------------------------------------------------------------------------------- */

static void put_values(struct ska_writer *w, struct data_marks *marks, const struct data_figures *f)
{
    bool is_first = true;
    put(w, ",\"value\":[");
    for (uint32_t j = 0; j < f->task->n_figures; j++) {
        if (!data_is_in(f, j % f->task->layout->n_cells))
            continue;
        if (!is_first)
            put(w, ",");
        is_first = false;
        data_mark(marks, w, j);
        if (f->hidden_reason[j] != 0)
            put(w, "null");
        else
            put_number(w, f->total[j]);
    }
    data_mark(marks, w, SKA_NONE);
    put(w, "]");
}

/* What stands beside figures: their status, or why they are hidden. */
static void put_beside(struct ska_writer *w, const struct data_figures *f, bool is_reason)
{
    bool is_first = true;
    uint64_t place = 0;
    for (uint32_t j = 0; j < f->task->n_figures; j++) {
        if (!data_is_in(f, j % f->task->layout->n_cells))
            continue;
        if (f->hidden_reason[j] != 0)
            put_place(w, &is_first, place,
                      is_reason ? table_reason(f->task, j, f->hidden_reason[j]) : "..");
        else if (!is_reason && data_is_rounded(f, j))
            put_place(w, &is_first, place, "r");
        place++;
    }
}

static void put_head(struct ska_writer *w, const struct data_figures *f)
{
    const struct ska_text *source = &f->task->layout->catalogue->source;
    char title[DATA_LABEL_BYTES];
    data_title(title, f, true);
    put(w, "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":");
    put_string(w, title);
    put(w, ",\"source\":");
    put_string(w, source->sv != NULL ? source->sv : "");
    put(w, ",\"id\":[\"group\",\"content\",\"time\"],\"size\":[");
    put_number(w, f->task->n_blocks);
    put(w, ",");
    put_number(w, count_contents(f));
    put(w, ",1],\"role\":{\"time\":[\"time\"],\"metric\":[\"content\"]}");
}

void data_write_json(struct ska_writer *w, struct data_marks *marks, const struct data_figures *f)
{
    char table[DATA_NAME_BYTES];
    data_table(table, f);
    put_head(w, f);
    put_dimensions(w, f);
    put_values(w, marks, f);
    put(w, ",\"status\":{");
    put_beside(w, f, false);
    put(w, "},\"extension\":{\"skarva\":{\"collection\":");
    put_string(w, f->task->parameters.collection);
    put(w, ",\"table\":");
    put_string(w, table);
    put(w, ",\"symbols\":{\".\":\"uppgift saknas\",\"..\":\"skyddat värde\",\"r\":\"avrundat\"},"
           "\"rounding\":");
    put_number(w, f->task->parameters.policy.rounding);
    put(w, ",\"reasons\":{");
    put_beside(w, f, true);
    put(w, "}}}}\n");
}
