/* SPDX-License-Identifier: EUPL-1.2 */
/* dataset_jsonstat.c - a dataset as JSON-stat 2.0. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/dataset.h"
#include "support/json_text.h"

static void write_number(struct ska_writer *w, uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number); /* 20 digits */
    json_raw(w, text);
}

/* A comma between members: before all but the first. */
static void separate(struct ska_writer *w, bool *is_first)
{
    if (!*is_first)
        ska_write_u8(w, ',');
    *is_first = false;
}

static void write_shape(struct ska_writer *w, const struct dataset *d)
{
    bool first = true;
    json_raw(w, ",\"id\":[");
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++)
        if (!d->axes[a].is_dropped) {
            separate(w, &first);
            json_string(w, dataset_axis_code(a));
        }
    json_raw(w, "],\"size\":[");
    first = true;
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++)
        if (!d->axes[a].is_dropped) {
            separate(w, &first);
            write_number(w, d->axes[a].n);
        }
    json_raw(w, "],\"role\":{\"time\":[\"time\"],\"metric\":[\"content\"]}");
}

static void write_units(struct ska_writer *w, const struct dataset_dimension *axis, bool swedish)
{
    json_raw(w, ",\"unit\":{");
    for (size_t i = 0; i < axis->n; i++)
        JSON(w, i > 0 ? ",{}:{\"base\":{},\"decimals\":0}" : "{}:{\"base\":{},\"decimals\":0}",
             axis->values[i].code, dataset_in(&axis->values[i].unit, swedish));
    ska_write_u8(w, '}');
}

static void write_dimension(struct ska_writer *w, const struct dataset *d, enum dataset_axis a,
                            bool swedish)
{
    const struct dataset_dimension *axis = &d->axes[a];
    JSON(w, "{}:{\"label\":{},\"category\":{\"index\":{", dataset_axis_code(a),
         dataset_axis_label(a, swedish));
    for (size_t i = 0; i < axis->n; i++) {
        JSON(w, i > 0 ? ",{}:" : "{}:", axis->values[i].code);
        write_number(w, i);
    }
    json_raw(w, "},\"label\":{");
    for (size_t i = 0; i < axis->n; i++)
        JSON(w, i > 0 ? ",{}:{}" : "{}:{}", axis->values[i].code,
             dataset_in(&axis->values[i].label, swedish));
    ska_write_u8(w, '}');
    if (a == DATASET_CONTENT)
        write_units(w, axis, swedish);
    json_raw(w, "}}");
}

static void write_dimensions(struct ska_writer *w, const struct dataset *d, bool swedish)
{
    bool first = true;
    json_raw(w, ",\"dimension\":{");
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++)
        if (!d->axes[a].is_dropped) {
            separate(w, &first);
            write_dimension(w, d, a, swedish);
        }
    ska_write_u8(w, '}');
}

static void write_values(struct ska_writer *w, const struct dataset *d)
{
    size_t n = dataset_count(d);
    json_raw(w, ",\"value\":[");
    for (size_t i = 0; i < n; i++) {
        const struct dataset_figure *f = &d->figures[i];
        if (i > 0)
            ska_write_u8(w, ',');
        if (f->status == DATASET_SHOWN || f->status == DATASET_ROUNDED)
            write_number(w, f->value);
        else
            json_raw(w, "null");
    }
    ska_write_u8(w, ']');
}

/* What stands beside a figure; NULL beside one that is shown as it is. */
static const char *status_of(const struct dataset_figure *f)
{
    switch ((enum dataset_status)f->status) {
    case DATASET_MISSING:
        return ".";
    case DATASET_SHOWN:
        return NULL;
    case DATASET_ROUNDED:
        return "r";
    case DATASET_HIDDEN:
        return "..";
    }
    return NULL;
}

static void write_member(struct ska_writer *w, size_t index, const char *text, bool *is_first)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%zu", index);
    separate(w, is_first);
    JSON(w, "{}:{}", key, text);
}

static void write_statuses(struct ska_writer *w, const struct dataset *d)
{
    size_t n = dataset_count(d);
    bool first = true;
    json_raw(w, ",\"status\":{");
    for (size_t i = 0; i < n; i++)
        if (status_of(&d->figures[i]) != NULL)
            write_member(w, i, status_of(&d->figures[i]), &first);
    ska_write_u8(w, '}');
}

static void write_reasons(struct ska_writer *w, const struct dataset *d)
{
    size_t n = dataset_count(d);
    bool first = true;
    json_raw(w, ",\"reasons\":{");
    for (size_t i = 0; i < n; i++)
        if (d->figures[i].reason != 0)
            write_member(w, i, dataset_reason(d, &d->figures[i]), &first);
    ska_write_u8(w, '}');
}

static void write_releases(struct ska_writer *w, const struct dataset *d)
{
    bool first = true;
    json_raw(w, ",\"releases\":{");
    for (size_t i = 0; d->releases != NULL && i < d->axes[DATASET_TIME].n; i++) {
        char hex[65];
        const struct dataset_release *release = &d->releases[i];
        if (release->day[0] == '\0')
            continue;
        ska_hex_encode(hex, release->sha256, sizeof release->sha256);
        separate(w, &first);
        JSON(w, "{}:{\"released\":{},\"bundle_sha256\":{},\"revision\":",
             d->axes[DATASET_TIME].values[i].code, release->day, hex);
        write_number(w, release->revision);
        ska_write_u8(w, '}');
    }
    ska_write_u8(w, '}');
}

void dataset_jsonstat(struct ska_writer *w, const struct dataset *d, bool swedish)
{
    JSON(w, "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":{},\"source\":{}",
         dataset_in(&d->title, swedish), dataset_in(&d->source, swedish));
    if (d->updated[0] != '\0') {
        json_raw(w, ",\"updated\":\"");
        json_raw(w, d->updated); /* a date of ours */
        json_raw(w, "T00:00:00Z\"");
    }
    write_shape(w, d);
    write_dimensions(w, d, swedish);
    write_values(w, d);
    write_statuses(w, d);
    JSON(w,
         ",\"extension\":{\"skarva\":{\"collection\":{},\"table\":{},"
         "\"symbols\":{\".\":{},\"..\":{},\"r\":{}},\"rounding\":",
         d->collection, d->table, swedish ? "uppgift saknas" : "no figure",
         swedish ? "skyddat värde" : "protected figure", swedish ? "avrundat" : "rounded");
    write_number(w, d->rounding);
    write_reasons(w, d);
    if (d->releases != NULL)
        write_releases(w, d);
    json_raw(w, "}}}\n");
}
