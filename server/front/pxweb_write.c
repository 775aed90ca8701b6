/* SPDX-License-Identifier: EUPL-1.2 */
/* pxweb_write.c - PxWeb's own forms: its JSON, its CSV, and the list of a table's variables. */
#include "server/front/pxweb.h"

#include <string.h>

#include "support/json_text.h"

static void raw(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

/* Variables ----------------------------------------------------------------------------------- */

static void write_list(struct ska_writer *w, const struct dataset_dimension *axis, bool labels,
                       bool swedish)
{
    ska_write_u8(w, '[');
    for (size_t i = 0; i < axis->n; i++) {
        if (i > 0)
            ska_write_u8(w, ',');
        json_string(w, labels ? dataset_in(&axis->values[i].label, swedish) : axis->values[i].code);
    }
    ska_write_u8(w, ']');
}

void pxweb_write_variables(struct ska_writer *w, const struct dataset *d, bool swedish)
{
    JSON(w, "{\"title\":{},\"variables\":[", dataset_in(&d->title, swedish));
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++) {
        if (a > 0)
            ska_write_u8(w, ',');
        JSON(w, "{\"code\":{},\"text\":{},\"values\":", dataset_axis_code(a),
             dataset_axis_label(a, swedish));
        write_list(w, &d->axes[a], false, swedish);
        raw(w, ",\"valueTexts\":");
        write_list(w, &d->axes[a], true, swedish);
        raw(w, a == DATASET_GROUP  ? ",\"elimination\":true}"
               : a == DATASET_TIME ? ",\"time\":true}"
                                   : "}");
    }
    raw(w, "]}\n");
}

/* JSON ---------------------------------------------------------------------------------------- */

static void write_columns(struct ska_writer *w, const struct dataset *d, bool swedish)
{
    const struct dataset_dimension *contents = &d->axes[DATASET_CONTENT];
    raw(w, "{\"columns\":[");
    if (!d->axes[DATASET_GROUP].is_dropped)
        JSON(w, "{\"code\":{},\"text\":{},\"type\":\"d\"},", dataset_axis_code(DATASET_GROUP),
             dataset_axis_label(DATASET_GROUP, swedish));
    JSON(w, "{\"code\":{},\"text\":{},\"type\":\"t\"}", dataset_axis_code(DATASET_TIME),
         dataset_axis_label(DATASET_TIME, swedish));
    for (size_t c = 0; c < contents->n; c++)
        JSON(w, ",{\"code\":{},\"text\":{},\"type\":\"c\",\"unit\":{}}", contents->values[c].code,
             dataset_in(&contents->values[c].label, swedish),
             dataset_in(&contents->values[c].unit, swedish));
    raw(w, "],\"comments\":[],\"data\":[");
}

static void write_row(struct ska_writer *w, const struct dataset *d, size_t group, size_t time)
{
    raw(w, "{\"key\":[");
    if (!d->axes[DATASET_GROUP].is_dropped)
        JSON(w, "{},", d->axes[DATASET_GROUP].values[group].code);
    JSON(w, "{}],\"values\":[", d->axes[DATASET_TIME].values[time].code);
    for (size_t c = 0; c < d->axes[DATASET_CONTENT].n; c++) {
        char text[DATASET_FIGURE_BYTES];
        dataset_figure_text(text, dataset_at(d, group, c, time));
        JSON(w, c > 0 ? ",{}" : "{}", text);
    }
    raw(w, "]}");
}

void pxweb_write_json(struct ska_writer *w, const struct dataset *d, bool swedish)
{
    write_columns(w, d, swedish);
    for (size_t g = 0; g < d->axes[DATASET_GROUP].n; g++)
        for (size_t t = 0; t < d->axes[DATASET_TIME].n; t++) {
            if (g > 0 || t > 0)
                ska_write_u8(w, ',');
            write_row(w, d, g, t);
        }
    raw(w, "],\"metadata\":[{\"infofile\":\"\",\"updated\":\"");
    if (d->updated[0] != '\0') {
        raw(w, d->updated); /* a date of ours */
        raw(w, "T00:00:00Z");
    }
    JSON(w, "\",\"label\":{},\"source\":{}}]}\n", dataset_in(&d->title, swedish),
         dataset_in(&d->source, swedish));
}

/* CSV ----------------------------------------------------------------------------------------- */

static void write_quoted(struct ska_writer *w, const char *text)
{
    ska_write_u8(w, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            ska_write_u8(w, '"');
        ska_write_u8(w, (uint8_t)*c);
    }
    ska_write_u8(w, '"');
}

/* Texts in the stub, a column for each time; symbols are quoted, numbers are not. */
static void write_csv_row(struct ska_writer *w, const struct dataset *d, size_t group,
                          size_t content, bool swedish)
{
    if (!d->axes[DATASET_GROUP].is_dropped) {
        write_quoted(w, dataset_in(&d->axes[DATASET_GROUP].values[group].label, swedish));
        ska_write_u8(w, ',');
    }
    write_quoted(w, dataset_in(&d->axes[DATASET_CONTENT].values[content].label, swedish));
    for (size_t t = 0; t < d->axes[DATASET_TIME].n; t++) {
        char text[DATASET_FIGURE_BYTES];
        dataset_figure_text(text, dataset_at(d, group, content, t));
        ska_write_u8(w, ',');
        if (text[0] == '.')
            write_quoted(w, text);
        else
            raw(w, text);
    }
    raw(w, "\r\n");
}

void pxweb_write_csv(struct ska_writer *w, const struct dataset *d, bool swedish)
{
    if (!d->axes[DATASET_GROUP].is_dropped) {
        write_quoted(w, dataset_axis_label(DATASET_GROUP, swedish));
        ska_write_u8(w, ',');
    }
    write_quoted(w, dataset_axis_label(DATASET_CONTENT, swedish));
    for (size_t t = 0; t < d->axes[DATASET_TIME].n; t++) {
        ska_write_u8(w, ',');
        write_quoted(w, dataset_in(&d->axes[DATASET_TIME].values[t].label, swedish));
    }
    raw(w, "\r\n");
    for (size_t g = 0; g < d->axes[DATASET_GROUP].n; g++)
        for (size_t c = 0; c < d->axes[DATASET_CONTENT].n; c++)
            write_csv_row(w, d, g, c, swedish);
}

/* Size ---------------------------------------------------------------------------------------- */

#define QUOTES 3u      /* around a text, and what comes after */
#define LINE_BYTES 40u /* of a line, beside texts and figures */
#define ESCAPED 6u     /* what JSON may make of one byte */

/* The bytes of an axis' texts, each written so that no byte becomes more than `most`. */
static uint64_t axis_bytes(const struct dataset_dimension *axis, bool labels, bool swedish,
                           unsigned most)
{
    uint64_t n = 0;
    for (size_t i = 0; i < axis->n; i++) {
        const struct dataset_value *v = &axis->values[i];
        n += most * strlen(labels ? dataset_in(&v->label, swedish) : v->code) + QUOTES;
        n += labels ? most * strlen(dataset_in(&v->unit, swedish)) : 0;
    }
    return n;
}

uint64_t pxweb_bytes(const struct dataset *d, bool csv, bool swedish)
{
    const struct dataset_dimension *group = &d->axes[DATASET_GROUP],
                                   *content = &d->axes[DATASET_CONTENT],
                                   *time = &d->axes[DATASET_TIME];
    uint64_t figures = (uint64_t)group->n * content->n * time->n;
    if (csv) /* a line for each group and content; texts with quotes in them, doubled */
        return figures * (DATASET_FIGURE_BYTES + QUOTES) +
               content->n * axis_bytes(group, true, swedish, 2) +
               group->n * axis_bytes(content, true, swedish, 2) +
               axis_bytes(time, true, swedish, 2) + group->n * content->n * LINE_BYTES;
    /* a line for each group and time, whose codes need no escapes; texts once */
    return figures * (DATASET_FIGURE_BYTES + QUOTES) +
           time->n * axis_bytes(group, false, swedish, 1) +
           group->n * axis_bytes(time, false, swedish, 1) +
           (uint64_t)group->n * time->n * LINE_BYTES + content->n * 2 * LINE_BYTES +
           axis_bytes(content, false, swedish, 1) + axis_bytes(content, true, swedish, ESCAPED);
}
