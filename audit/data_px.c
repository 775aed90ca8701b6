/* SPDX-License-Identifier: EUPL-1.2 */
/* data_px.c - table.px or year.px, derived again. */
#include "audit/data.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/figure.h"

#define LINE_BYTES 250u
#define PIECE_BYTES 200u

/* A file being written, in one of its two languages. */
struct px {
    struct ska_writer *w;
    const struct data_figures *f;
    const struct ska_task *task; /* f's */
    size_t line_begin;           /* of the line being written */
    bool swedish;
};

static void put(struct px *px, const char *text)
{
    ska_write_bytes(px->w, text, strlen(text));
}

static void end_line(struct px *px)
{
    put(px, "\r\n");
    px->line_begin = px->w->len;
}

/* As much of a text as goes into one pair of quotation marks: whole characters. */
static size_t piece_of(const char *text)
{
    size_t len = strnlen(text, PIECE_BYTES);
    while (len > 1 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

static void put_string(struct px *px, const char *text)
{
    do {
        size_t len = piece_of(text), before = px->w->len - px->line_begin;
        if (before > 0 && before + len + 4 > LINE_BYTES)
            end_line(px);
        put(px, "\"");
        for (; len > 0; len--, text++)
            ska_write_u8(px->w, *text == '"' ? '\'' : (uint8_t)*text);
        put(px, "\"");
    } while (*text != '\0');
}

static const char *in(const struct px *px, const char *swedish, const char *english)
{
    return px->swedish ? swedish : english;
}

static void put_keyword(struct px *px, const char *keyword)
{
    put(px, keyword);
    put(px, px->swedish ? "" : "[en]");
}

/* KEYWORD("about")= */
static void put_about(struct px *px, const char *keyword, const char *about)
{
    put_keyword(px, keyword);
    put(px, "(");
    put_string(px, about);
    put(px, ")=");
}

static void put_end(struct px *px)
{
    put(px, ";");
    end_line(px);
}

static void put_statement(struct px *px, const char *keyword, const char *text)
{
    put_keyword(px, keyword);
    put(px, "=");
    put_string(px, text);
    put_end(px);
}

/* The same statement in both languages, one after the other. */
static void put_both(struct px *px, const char *keyword, const char *sv, const char *en)
{
    px->swedish = true;
    put_statement(px, keyword, sv);
    px->swedish = false;
    put_statement(px, keyword, en);
}

/* --- variables ------------------------------------------------------------------------------ */

static const char *group_label(const struct px *px, uint32_t block)
{
    if (block == 0)
        return in(px, "Alla", "All");
    const struct ska_group *group = &px->task->parameters.groups.at[block - 1];
    return in(px, group->sv, group->en);
}

static void put_groups(struct px *px, bool is_code)
{
    put_about(px, is_code ? "CODES" : "VALUES", in(px, "grupp", "group"));
    for (uint32_t b = 0; b < px->task->n_blocks; b++) {
        const char *code = b == 0 ? "all" : px->task->parameters.groups.at[b > 0 ? b - 1 : 0].code;
        put(px, b > 0 ? "," : "");
        put_string(px, is_code ? code : group_label(px, b));
    }
    put_end(px);
}

static void put_contents(struct px *px, bool is_code)
{
    const struct ska_layout *layout = px->task->layout;
    const char *comma = "";
    put_about(px, is_code ? "CODES" : "VALUES", in(px, "innehåll", "content"));
    for (uint32_t j = 0; j < layout->n_cells; j++) {
        char label[DATA_LABEL_BYTES];
        if (!data_is_in(px->f, j))
            continue;
        ska_layout_cell_name(label, sizeof label, layout, j, px->swedish);
        put(px, comma);
        put_string(px, is_code ? layout->cells[j].code : label);
        comma = ",";
    }
    put_end(px);
}

static void put_time(struct px *px, const char *keyword)
{
    put_about(px, keyword, in(px, "tid", "time"));
    char time[DATA_NAME_BYTES];
    data_time(time, px->f);
    put_string(px, time);
    put_end(px);
}

/* TIMEVAL("tid")=TLIST(Q1),"20252"; the format knows no periods of four months. */
static void put_time_scale(struct px *px)
{
    static const char *const scales[] = {[SKA_MONTH] = "M1",
                                         [SKA_QUARTER] = "Q1",
                                         [SKA_FOUR_MONTHS] = NULL,
                                         [SKA_HALF_YEAR] = "H1",
                                         [SKA_YEAR] = "A1"};
    const enum ska_cadence cadence = px->f->is_year ? SKA_YEAR : px->task->parameters.cadence;
    const char *scale = scales[cadence];
    char time[DATA_NAME_BYTES], value[DATA_NAME_BYTES];
    if (scale == NULL)
        return;
    put_about(px, "TIMEVAL", in(px, "tid", "time"));
    put(px, "TLIST(");
    put(px, scale);
    put(px, "),");
    data_time(time, px->f);
    (void)snprintf(value, sizeof value, "%.4s%s", time, cadence == SKA_YEAR ? "" : time + 5);
    put_string(px, value);
    put_end(px);
}

static void put_units(struct px *px)
{
    const struct ska_layout *layout = px->task->layout;
    for (uint32_t j = 0; j < layout->n_cells; j++) {
        char label[DATA_LABEL_BYTES];
        if (!data_is_in(px->f, j))
            continue;
        ska_layout_cell_name(label, sizeof label, layout, j, px->swedish);
        put_about(px, "UNITS", label);
        put_string(px, data_unit(px->task, j, px->swedish));
        put_end(px);
    }
}

static void put_variables(struct px *px, bool swedish)
{
    px->swedish = swedish;
    put_keyword(px, "STUB");
    put(px, "=");
    put_string(px, in(px, "grupp", "group"));
    put(px, ",");
    put_string(px, in(px, "innehåll", "content"));
    put_end(px);
    put_statement(px, "HEADING", in(px, "tid", "time"));
    put_statement(px, "CONTVARIABLE", in(px, "innehåll", "content"));
    put_groups(px, false);
    put_contents(px, false);
    put_time(px, "VALUES");
    put_time_scale(px);
    put_groups(px, true);
    put_contents(px, true);
    put_time(px, "CODES");
    put_about(px, "ELIMINATION", in(px, "grupp", "group"));
    put_string(px, group_label(px, 0));
    put_end(px);
    put_units(px);
}

/* --- the file ------------------------------------------------------------------------------- */

static void put_titles(struct px *px)
{
    const struct ska_parameters *p = &px->task->parameters;
    const struct ska_catalogue *c = p->catalogue;
    char sv[DATA_LABEL_BYTES], en[DATA_LABEL_BYTES];
    data_title(sv, px->f, true);
    data_title(en, px->f, false);
    bool has_source = c->source.sv != NULL && c->source.sv[0] != '\0';
    put_both(px, "SUBJECT-AREA", has_source ? c->source.sv : p->collection,
             has_source ? c->source.en : p->collection);
    put_both(px, "TITLE", sv, en);
    put_both(px, "CONTENTS", sv, en);
    put_both(px, "UNITS", "antal", "number");
}

static void put_notes(struct px *px)
{
    const struct ska_parameters *p = &px->task->parameters;
    const struct ska_text *source = &p->catalogue->source;
    char sv[200] = "\"..\" skyddat värde; \".\" uppgift saknas";
    char en[200] = "\"..\" protected figure; \".\" no figure";
    if (source->sv != NULL && source->sv[0] != '\0')
        put_both(px, "SOURCE", source->sv, source->en);
    if (p->policy.rounding > 1) {
        (void)snprintf(sv + strlen(sv), sizeof sv - strlen(sv),
                       "; antal avrundade till multiplar av %" PRIu64
                       ", delar behöver inte summera till totalen",
                       p->policy.rounding);
        (void)snprintf(en + strlen(en), sizeof en - strlen(en),
                       "; counts rounded to multiples of %" PRIu64
                       ", parts need not add up to the total",
                       p->policy.rounding);
    }
    put_both(px, "NOTE", sv, en);
}

static void put_data(struct px *px, struct data_marks *marks, const struct data_figures *f)
{
    put(px, "DATA=");
    end_line(px);
    for (uint32_t j = 0; j < px->task->n_figures; j++) {
        char text[24];
        if (!data_is_in(f, j % px->task->layout->n_cells))
            continue;
        (void)snprintf(text, sizeof text, "%" PRIu64 " ", f->total[j]);
        data_mark(marks, px->w, j);
        put(px, f->hidden_reason[j] != 0 ? "\"..\" " : text);
        end_line(px);
    }
    data_mark(marks, px->w, SKA_NONE);
    put_end(px);
}

void data_write_px(struct ska_writer *w, struct data_marks *marks, const struct data_figures *f)
{
    struct px px = {.w = w, .f = f, .task = f->task, .line_begin = w->len, .swedish = true};
    char table[DATA_NAME_BYTES];
    data_table(table, f);
    put(&px, "CHARSET=\"ANSI\";\r\nAXIS-VERSION=\"2013\";\r\nCODEPAGE=\"utf-8\";\r\n"
             "LANGUAGE=\"sv\";\r\nLANGUAGES=\"sv\",\"en\";\r\nDECIMALS=0;\r\nSHOWDECIMALS=0");
    put_end(&px);
    put_statement(&px, "MATRIX", table);
    put_statement(&px, "SUBJECT-CODE", f->task->parameters.collection);
    put_titles(&px);
    put_variables(&px, true);
    put_variables(&px, false);
    put_notes(&px);
    put_data(&px, marks, f);
}
