/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dataset_px.c - a dataset as a PX file (PX-file format, AXIS-VERSION 2013).
 *
 * Strings hold no quotation marks (they become apostrophes) and no line ends; long ones are cut
 * into pieces in a row, as the format has it. Figures: hidden "..", missing ".".
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "support/dataset.h"

#define LINE_MAX_BYTES 250u /* of the 256 that readers must take */
#define PIECE_BYTES 200u

/* A file being written in UTF-8. */
struct px {
    struct ska_writer *w;
    const struct dataset *d;
    size_t line_begin; /* of the line being written */
};

static void raw(struct px *px, const char *text)
{
    ska_write_bytes(px->w, text, strlen(text));
}

static void new_line(struct px *px)
{
    raw(px, "\r\n");
    px->line_begin = px->w->len;
}

/* How many bytes of `text` make the next piece: whole characters, PIECE_BYTES at the most. */
static size_t piece_length(const char *text)
{
    size_t len = strnlen(text, PIECE_BYTES);
    while (len > 1 && text[len] != '\0' && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

/* "text", in pieces on lines of their own if it is long. */
static void quote(struct px *px, const char *text)
{
    do {
        size_t len = piece_length(text);
        if (px->w->len - px->line_begin + len + 4 > LINE_MAX_BYTES && px->w->len > px->line_begin)
            new_line(px);
        ska_write_u8(px->w, '"');
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)text[i];
            ska_write_u8(px->w, c == '"' ? '\'' : c < 0x20 ? ' ' : c);
        }
        ska_write_u8(px->w, '"');
        text += len;
    } while (*text != '\0');
}

static void end(struct px *px)
{
    ska_write_u8(px->w, ';');
    new_line(px);
}

/* KEYWORD= or, in the second language, KEYWORD[en]= */
static void keyword(struct px *px, const char *name, bool swedish)
{
    raw(px, name);
    if (!swedish)
        raw(px, "[en]");
}

/* KEYWORD="text"; in both languages. */
static void both(struct px *px, const char *name, const char *sv, const char *en)
{
    keyword(px, name, true);
    ska_write_u8(px->w, '=');
    quote(px, sv);
    end(px);
    keyword(px, name, false);
    ska_write_u8(px->w, '=');
    quote(px, en);
    end(px);
}

static void write_note(struct px *px)
{
    static const char sv[] = "\"..\" skyddat värde; \".\" uppgift saknas";
    static const char en[] = "\"..\" protected figure; \".\" no figure";
    char rounded_sv[200], rounded_en[200];
    (void)snprintf(rounded_sv, sizeof rounded_sv,
                   "%s; antal avrundade till multiplar av %" PRIu64
                   ", delar behöver inte summera till totalen",
                   sv, px->d->rounding);
    (void)snprintf(rounded_en, sizeof rounded_en,
                   "%s; counts rounded to multiples of %" PRIu64
                   ", parts need not add up to the total",
                   en, px->d->rounding);
    both(px, "NOTE", px->d->rounding > 1 ? rounded_sv : sv, px->d->rounding > 1 ? rounded_en : en);
}

/* KEYWORD("variable"[,"value"])= */
static void about(struct px *px, const char *name, enum dataset_axis a,
                  const struct dataset_value *value, bool swedish)
{
    keyword(px, name, swedish);
    ska_write_u8(px->w, '(');
    if (value == NULL)
        quote(px, dataset_axis_label(a, swedish));
    else
        quote(px, dataset_in(&value->label, swedish));
    raw(px, ")=");
}

static void write_stub(struct px *px, bool swedish)
{
    bool is_first = true;
    keyword(px, "STUB", swedish);
    ska_write_u8(px->w, '=');
    for (enum dataset_axis a = DATASET_GROUP; a < DATASET_TIME; a++) {
        if (px->d->axes[a].is_dropped)
            continue;
        if (!is_first)
            ska_write_u8(px->w, ',');
        is_first = false;
        quote(px, dataset_axis_label(a, swedish));
    }
    end(px);
    keyword(px, "HEADING", swedish);
    ska_write_u8(px->w, '=');
    quote(px, dataset_axis_label(DATASET_TIME, swedish));
    end(px);
}

/* VALUES (labels) or CODES of a variable. */
static void write_values(struct px *px, enum dataset_axis a, bool codes, bool swedish)
{
    const struct dataset_dimension *axis = &px->d->axes[a];
    about(px, codes ? "CODES" : "VALUES", a, NULL, swedish);
    for (size_t i = 0; i < axis->n; i++) {
        if (i > 0)
            ska_write_u8(px->w, ',');
        quote(px, codes ? axis->values[i].code : dataset_in(&axis->values[i].label, swedish));
    }
    end(px);
}

/* The scale of the times ("Q1"), and how many digits of the part follow the year: NULL for a scale
 * that the format does not know. */
static const char *time_scale(size_t *digits, const char *code)
{
    static const struct {
        char mark;
        const char *scale;
        size_t digits;
    } scales[] = {{'\0', "A1", 0}, {'H', "H1", 1}, {'Q', "Q1", 1}, {'-', "M1", 2}};
    for (size_t i = 0; strlen(code) >= 4 && i < sizeof scales / sizeof scales[0]; i++)
        if (code[4] == scales[i].mark) {
            *digits = scales[i].digits;
            return scales[i].scale;
        }
    return NULL;
}

/* TIMEVAL("tid")=TLIST(Q1),"20251","20252"; */
static void write_times(struct px *px, bool swedish)
{
    const struct dataset_dimension *times = &px->d->axes[DATASET_TIME];
    size_t digits = 0;
    const char *scale = time_scale(&digits, times->values[0].code);
    if (scale == NULL)
        return;
    about(px, "TIMEVAL", DATASET_TIME, NULL, swedish);
    raw(px, "TLIST(");
    raw(px, scale);
    ska_write_u8(px->w, ')');
    for (size_t i = 0; i < times->n; i++) {
        char text[16];
        const char *code = times->values[i].code;
        (void)snprintf(text, sizeof text, "%.4s%s", code, digits > 0 ? code + 5 : "");
        ska_write_u8(px->w, ',');
        quote(px, text);
    }
    end(px);
}

static void write_variables(struct px *px, bool swedish)
{
    const struct dataset *d = px->d;
    write_stub(px, swedish);
    keyword(px, "CONTVARIABLE", swedish);
    ska_write_u8(px->w, '=');
    quote(px, dataset_axis_label(DATASET_CONTENT, swedish));
    end(px);
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++)
        if (!d->axes[a].is_dropped)
            write_values(px, a, false, swedish);
    write_times(px, swedish);
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++)
        if (!d->axes[a].is_dropped)
            write_values(px, a, true, swedish);
    if (!d->axes[DATASET_GROUP].is_dropped &&
        strcmp(d->axes[DATASET_GROUP].values[0].code, "all") == 0) {
        about(px, "ELIMINATION", DATASET_GROUP, NULL, swedish);
        quote(px, dataset_in(&d->axes[DATASET_GROUP].values[0].label, swedish));
        end(px);
    }
    for (size_t i = 0; i < d->axes[DATASET_CONTENT].n; i++) {
        const struct dataset_value *value = &d->axes[DATASET_CONTENT].values[i];
        about(px, "UNITS", DATASET_CONTENT, value, swedish);
        quote(px, dataset_in(&value->unit, swedish));
        end(px);
    }
}

/* LAST-UPDATED("content")="20250720 00:00"; */
static void write_updated(struct px *px)
{
    const char *day = px->d->updated;
    char text[24];
    if (strlen(day) != 10)
        return;
    (void)snprintf(text, sizeof text, "%.4s%.2s%.2s 00:00", day, day + 5, day + 8);
    for (int swedish = 1; swedish >= 0; swedish--)
        for (size_t i = 0; i < px->d->axes[DATASET_CONTENT].n; i++) {
            about(px, "LAST-UPDATED", DATASET_CONTENT, &px->d->axes[DATASET_CONTENT].values[i],
                  swedish != 0);
            quote(px, text);
            end(px);
        }
}

static void write_data(struct px *px)
{
    const struct dataset *d = px->d;
    size_t n = dataset_count(d), n_times = d->axes[DATASET_TIME].n;
    raw(px, "DATA=");
    new_line(px);
    for (size_t i = 0; i < n; i++) {
        char text[DATASET_FIGURE_BYTES];
        const struct dataset_figure *f = &d->figures[i];
        dataset_figure_text(text, f);
        if (f->status == DATASET_HIDDEN || f->status == DATASET_MISSING) {
            quote(px, text);
        } else {
            if (px->w->len - px->line_begin + sizeof text > LINE_MAX_BYTES)
                new_line(px);
            raw(px, text);
        }
        ska_write_u8(px->w, ' '); /* at the end of a line too: some readers join lines */
        if ((i + 1) % n_times == 0)
            new_line(px);
    }
    end(px);
}

static void write_file(struct px *px, bool is_utf_8)
{
    const struct dataset *d = px->d;
    raw(px, "CHARSET=\"ANSI\";\r\nAXIS-VERSION=\"2013\";\r\nCODEPAGE=\"");
    raw(px, is_utf_8 ? "utf-8" : "windows-1252");
    raw(px, "\";\r\nLANGUAGE=\"sv\";\r\nLANGUAGES=\"sv\",\"en\";\r\nDECIMALS=0;\r\n"
            "SHOWDECIMALS=0;\r\nMATRIX=");
    px->line_begin = px->w->len;
    quote(px, d->table);
    end(px);
    raw(px, "SUBJECT-CODE=");
    quote(px, d->collection);
    end(px);
    both(px, "SUBJECT-AREA", d->source.sv[0] != '\0' ? d->source.sv : d->collection,
         d->source.en[0] != '\0' ? d->source.en : d->collection);
    both(px, "TITLE", d->title.sv, d->title.en);
    both(px, "CONTENTS", d->title.sv, d->title.en);
    both(px, "UNITS", "antal", "number");
    write_variables(px, true);
    write_variables(px, false);
    write_updated(px);
    if (d->source.sv[0] != '\0')
        both(px, "SOURCE", d->source.sv, d->source.en);
    write_note(px);
    write_data(px);
}

/* Windows-1252 ------------------------------------------------------------------------------- */

/* The code point at *at, which moves behind it; '?' for what is not UTF-8. */
static uint32_t next_character(const uint8_t **at, const uint8_t *end_of_text)
{
    uint8_t first = *(*at)++;
    if (first < 0x80)
        return first;
    size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    uint32_t c = first & (0x3Fu >> more);
    if (first < 0xC2 || (size_t)(end_of_text - *at) < more)
        return '?';
    for (; more > 0; more--)
        c = c << 6 | (*(*at)++ & 0x3Fu);
    return c;
}

static uint8_t to_windows_1252(uint32_t c)
{
    /* 0x80..0x9F; 0: not used */
    static const uint16_t upper[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    if (c < 0x80 || (c >= 0xA0 && c <= 0xFF))
        return (uint8_t)c;
    for (uint8_t i = 0; i < 32; i++)
        if (upper[i] == c)
            return (uint8_t)(0x80 + i);
    return '?';
}

void dataset_px(struct ska_writer *w, const struct dataset *d, enum dataset_charset charset)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer utf_8 = {0};
    struct px px = {.w = charset == DATASET_UTF_8 ? w : &utf_8, .d = d};
    px.line_begin = px.w->len;
    write_file(&px, charset == DATASET_UTF_8);
    if (charset == DATASET_UTF_8)
        return;
    if (utf_8.status != SKA_OK && w->status == SKA_OK)
        w->status = utf_8.status;
    const uint8_t *at = utf_8.data;
    while (utf_8.status == SKA_OK && at < utf_8.data + utf_8.len)
        ska_write_u8(w, to_windows_1252(next_character(&at, utf_8.data + utf_8.len)));
}
