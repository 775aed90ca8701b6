/* SPDX-License-Identifier: EUPL-1.2 */
/* data_csv.c - a dataset as CSV and the metadata of CSV files. */
#include "reports/data/data_csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/json_text.h"

static void raw(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

void data_csv_field(struct ska_writer *w, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        raw(w, text);
        return;
    }
    ska_write_u8(w, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            ska_write_u8(w, '"');
        ska_write_u8(w, (uint8_t)*c);
    }
    ska_write_u8(w, '"');
}

static const char *status_name(const struct dataset_figure *f)
{
    switch ((enum dataset_status)f->status) {
    case DATASET_MISSING:
        return "missing";
    case DATASET_SHOWN:
        return "shown";
    case DATASET_ROUNDED:
        return "rounded";
    case DATASET_HIDDEN:
        return "hidden";
    }
    return "";
}

static void write_value(struct ska_writer *w, const struct dataset_value *value)
{
    data_csv_field(w, value->code);
    ska_write_u8(w, ',');
    data_csv_field(w, value->label.sv);
    ska_write_u8(w, ',');
    data_csv_field(w, value->label.en);
    ska_write_u8(w, ',');
}

/* Call `line` for each figure, in order. */
static void each_figure(struct ska_writer *w, const struct dataset *d, const char *level,
                        void (*line)(struct ska_writer *w, const struct dataset *d,
                                     const char *level, const size_t at[static DATASET_AXES]))
{
    size_t at[DATASET_AXES];
    for (at[0] = 0; at[0] < d->axes[0].n; at[0]++)
        for (at[1] = 0; at[1] < d->axes[1].n; at[1]++)
            for (at[2] = 0; at[2] < d->axes[2].n; at[2]++)
                line(w, d, level, at);
}

static void write_line(struct ska_writer *w, const struct dataset *d, const char *level,
                       const size_t at[static DATASET_AXES])
{
    char text[DATASET_FIGURE_BYTES];
    const struct dataset_figure *f = dataset_at(d, at[0], at[1], at[2]);
    (void)level;
    write_value(w, &d->axes[DATASET_GROUP].values[at[0]]);
    write_value(w, &d->axes[DATASET_CONTENT].values[at[1]]);
    data_csv_field(w, d->axes[DATASET_TIME].values[at[2]].code);
    dataset_figure_text(text, f);
    ska_write_u8(w, ',');
    raw(w, text);
    ska_write_u8(w, ',');
    raw(w, status_name(f));
    ska_write_u8(w, ',');
    raw(w, dataset_reason(d, f));
    ska_write_u8(w, '\n');
}

void data_csv(struct ska_writer *w, const struct dataset *d)
{
    raw(w, "group,group_sv,group_en,content,content_sv,content_en,time,value,status,reason\n");
    each_figure(w, d, "", write_line);
}

/* CSVW ---------------------------------------------------------------------------------------- */

static void write_head(struct ska_writer *w, const struct dataset *d, const char *url,
                       const char *licence)
{
    JSON(
        w,
        "{\"@context\":[\"http://www.w3.org/ns/csvw\",{\"@language\":\"sv\"}],\"url\":{},"
        "\"dc:title\":[{\"@value\":{},\"@language\":\"sv\"},{\"@value\":{},\"@language\":\"en\"}],",
        url, d->title.sv, d->title.en);
    if (d->source.sv[0] != '\0')
        JSON(w, "\"dc:source\":{},", d->source.sv);
    if (d->updated[0] != '\0')
        JSON(w, "\"dc:modified\":{\"@value\":{},\"@type\":\"xsd:date\"},", d->updated);
    JSON(w, "\"dc:license\":{\"@id\":{}},", licence);
    raw(w, "\"dialect\":{\"encoding\":\"utf-8\",\"header\":true,\"delimiter\":\",\"},"
           "\"tableSchema\":{\"columns\":[");
}

/* What a column is. Its title is what the file's first line says. */
static void write_column(struct ska_writer *w, const char *name, uint64_t rounding)
{
    char base[80] = "";
    if (rounding > 1)
        (void)snprintf(base, sizeof base, "; counts are rounded to multiples of %" PRIu64,
                       rounding);
    JSON(w, "{\"name\":{},\"titles\":{}", name, name);
    size_t len = strlen(name);
    if (strcmp(name, "value") == 0) {
        raw(w, ",\"datatype\":{\"base\":\"nonNegativeInteger\"},\"null\":[\"..\",\".\"],"
               "\"dc:description\":\".. protected figure, . no figure");
        raw(w, base);
        raw(w, "\"");
    } else if (strcmp(name, "revision") == 0)
        raw(w, ",\"datatype\":\"nonNegativeInteger\"");
    else
        raw(w, ",\"datatype\":\"string\"");
    if (len > 3 && strcmp(name + len - 3, "_sv") == 0)
        raw(w, ",\"lang\":\"sv\"");
    if (len > 3 && strcmp(name + len - 3, "_en") == 0)
        raw(w, ",\"lang\":\"en\"");
    ska_write_u8(w, '}');
}

void data_csvw(struct ska_writer *w, const struct dataset *d, const char *url, const char *licence)
{
    static const char *const columns[] = {"group",      "group_sv",   "group_en", "content",
                                          "content_sv", "content_en", "time",     "value",
                                          "status",     "reason"};
    write_head(w, d, url, licence);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (i > 0)
            ska_write_u8(w, ',');
        write_column(w, columns[i], d->rounding);
    }
    raw(w, "],\"primaryKey\":[\"group\",\"content\",\"time\"]}}\n");
}

void data_csvw_table(struct ska_writer *w, const struct dataset *d, const char *url,
                     const char *licence, struct ska_slice header)
{
    const char *at = (const char *)header.data, *end = at + header.len;
    write_head(w, d, url, licence);
    while (at < end) {
        char name[40] = "";
        size_t len = 0;
        while (at + len < end && at[len] != ',' && at[len] != '\n')
            len++;
        if (len < sizeof name)
            memcpy(name, at, len);
        write_column(w, name, d->rounding);
        at += len + 1;
        if (at > end || at[-1] == '\n')
            break;
        ska_write_u8(w, ',');
    }
    raw(w, "],\"primaryKey\":[\"period\",\"group\",\"cell\"]}}\n");
}

/* SDMX-CSV ------------------------------------------------------------------------------------ */

static void write_sdmx_code(struct ska_writer *w, const char *code)
{
    for (; *code != '\0'; code++)
        ska_write_u8(w, *code == '.' ? '$' : (uint8_t)*code);
}

/* "2025Q2" as "2025-Q2", "2025H1" as "2025-S1" (semester); years and months as they are. */
static void write_sdmx_time(struct ska_writer *w, const char *code)
{
    if (strlen(code) != 6) {
        raw(w, code);
        return;
    }
    ska_write_bytes(w, code, 4);
    ska_write_u8(w, '-');
    ska_write_u8(w, code[4] == 'H' ? 'S' : (uint8_t)code[4]);
    ska_write_u8(w, (uint8_t)code[5]);
}

/* CL_OBS_STATUS: A normal, O missing, Q missing since suppressed. CL_CONF_STATUS: F free, A primary
 * suppression of small counts, D secondary. */
static void write_sdmx_figure(struct ska_writer *w, const struct dataset *d,
                              const struct dataset_figure *f)
{
    char text[DATASET_FIGURE_BYTES];
    const char *reason = dataset_reason(d, f);
    bool primary = strcmp(reason, "small") == 0 || strcmp(reason, "few") == 0;
    switch ((enum dataset_status)f->status) {
    case DATASET_MISSING:
        raw(w, ",O,F,");
        break;
    case DATASET_SHOWN:
    case DATASET_ROUNDED:
        dataset_figure_text(text, f);
        raw(w, text);
        raw(w, f->status == DATASET_SHOWN ? ",A,F," : ",A,F,rounded");
        break;
    case DATASET_HIDDEN:
        raw(w, primary ? ",Q,A," : ",Q,D,");
        raw(w, reason);
        break;
    }
    ska_write_u8(w, '\n');
}

static void write_sdmx_line(struct ska_writer *w, const struct dataset *d, const char *level,
                            const size_t at[static DATASET_AXES])
{
    raw(w, "dataflow,SKARVA:");
    raw(w, d->collection);
    ska_write_u8(w, '-');
    raw(w, level);
    ska_write_u8(w, '-');
    raw(w, d->table);
    raw(w, "(1.0),I,");
    write_sdmx_code(w, d->axes[DATASET_GROUP].values[at[0]].code);
    ska_write_u8(w, ',');
    write_sdmx_code(w, d->axes[DATASET_CONTENT].values[at[1]].code);
    ska_write_u8(w, ',');
    write_sdmx_time(w, d->axes[DATASET_TIME].values[at[2]].code);
    ska_write_u8(w, ',');
    write_sdmx_figure(w, d, dataset_at(d, at[0], at[1], at[2]));
}

void data_sdmx_csv(struct ska_writer *w, const struct dataset *d, const char *level)
{
    raw(w, "STRUCTURE,STRUCTURE_ID,ACTION,GROUP,CONTENT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
           "CONF_STATUS,COMMENT_OBS\n");
    each_figure(w, d, level, write_sdmx_line);
}
