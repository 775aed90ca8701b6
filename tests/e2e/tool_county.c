/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_county.c - what tests/e2e/county needs done with tables.
 *
 *     tool_county prepare COUNTS.csv WORK BITS
 *         from the table quarter,municipality_code,event_type,events makes WORK/catalogue.json,
 *         WORK/contributors (code TAB name), WORK/quarters, WORK/names.json and one file of case
 *         records WORK/records/QUARTER/CODE.csv each
 *     tool_county join WORK OUT
 *         from WORK/collected/QUARTER.csv (period,cell,value) and WORK/tables/QUARTER.csv (a
 *         bundle's table) makes OUT/collected.csv and OUT/published.csv
 *
 * Names of event types stay in names.json to the letter; the catalogue carries them as labels,
 * without control characters. Rows with the same quarter, municipality and type are added up.
 */
#include "protocol/catalogue.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <csv.h>
#include <jansson.h>

#define FIELD_MAX 4000
#define COLUMNS_MAX 18
#define RECORDS_MAX 1000000u /* of one contributor and quarter: a file that tally takes */

/* Different texts, in the order in which they were first seen. */
struct names {
    char **at;
    size_t n, room;
};

struct row {
    size_t quarter, code, type; /* indices into the names */
    uint64_t events;
};

struct table {
    struct names quarters, codes, types;
    struct row *rows;
    size_t n_rows, room;
    uint64_t bound;
};

static _Noreturn void stop(const char *format, ...) SKA_PRINTF(1, 2);
static void stop(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void *grow(void *at, size_t *room, size_t size)
{
    *room = *room == 0 ? 64 : *room * 2;
    void *bigger = realloc(at, *room * size);
    if (bigger == NULL)
        stop("out of memory");
    return bigger;
}

/* The place of a text in the list; a new one is added. */
static size_t place_of(struct names *names, const char *text)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->at[i], text) == 0)
            return i;
    }
    if (names->n == names->room)
        names->at = grow(names->at, &names->room, sizeof *names->at);
    names->at[names->n] = strdup(text);
    if (names->at[names->n] == NULL)
        stop("out of memory");
    return names->n++;
}

static void names_clear(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->at[i]);
    free(names->at);
}

static void table_clear(struct table *t)
{
    names_clear(&t->quarters);
    names_clear(&t->codes);
    names_clear(&t->types);
    free(t->rows);
}

/* --- reading CSV --- */

struct reading {
    const char *path;
    const char *const *header; /* what the first row must be */
    size_t n_columns;
    void (*on_row)(void *arg, char **fields, size_t row);
    void *arg;
    char *fields[COLUMNS_MAX];
    size_t n_fields, row;
};

static void on_field(void *data, size_t len, void *arg)
{
    struct reading *in = arg;
    const char *text = data;
    if (in->row == 0 && in->n_fields == 0 && len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (in->n_fields == in->n_columns)
        stop("%s, row %zu: more than %zu columns", in->path, in->row + 1, in->n_columns);
    if (len > FIELD_MAX || (len > 0 && memchr(text, '\0', len) != NULL))
        stop("%s, row %zu: a field is too long or holds a zero byte", in->path, in->row + 1);
    char *copy = calloc(len + 1, 1);
    if (copy == NULL)
        stop("out of memory");
    if (len > 0)
        memcpy(copy, text, len);
    in->fields[in->n_fields++] = copy;
}

static void on_end(int character, void *arg)
{
    struct reading *in = arg;
    (void)character;
    if (in->n_fields != in->n_columns)
        stop("%s, row %zu: %zu columns instead of %zu", in->path, in->row + 1, in->n_fields,
             in->n_columns);
    for (size_t i = 0; in->row == 0 && i < in->n_columns; i++) {
        if (strcmp(in->fields[i], in->header[i]) != 0)
            stop("%s: column %zu must be %s, not %s", in->path, i + 1, in->header[i],
                 in->fields[i]);
    }
    if (in->row > 0)
        in->on_row(in->arg, in->fields, in->row + 1);
    for (size_t i = 0; i < in->n_fields; i++)
        free(in->fields[i]);
    in->n_fields = 0;
    in->row++;
}

/* Spaces belong to names. */
static int is_no_space(unsigned char character)
{
    (void)character;
    return 0;
}

static void read_csv(struct reading *in)
{
    FILE *file = fopen(in->path, "re");
    if (file == NULL)
        stop("%s: %s", in->path, strerror(errno));
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        stop("out of memory");
    csv_set_space_func(&parser, is_no_space);
    static char buffer[1 << 16];
    for (size_t n = 0; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) {
        if (csv_parse(&parser, buffer, n, on_field, on_end, in) != n)
            stop("%s, row %zu: %s", in->path, in->row + 1, csv_strerror(csv_error(&parser)));
    }
    if (ferror(file) != 0 || csv_fini(&parser, on_field, on_end, in) != 0)
        stop("%s: ends in the middle of a field, or cannot be read", in->path);
    csv_free(&parser);
    (void)fclose(file); /* only read from */
    if (in->row == 0)
        stop("%s: is empty", in->path);
}

static uint64_t parse_number(const char *text, uint64_t max, const char *where, size_t row)
{
    size_t len = strlen(text);
    if (len == 0 || len > 18 || strspn(text, "0123456789") != len)
        stop("%s, row %zu: %s is not a whole number", where, row, text);
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    if (value > max)
        stop("%s, row %zu: %" PRIu64 " is more than %" PRIu64 "; use more --bits", where, row,
             value, max);
    return value;
}

/* --- prepare --- */

static const char *counts_path;

static void take_counts(void *arg, char **fields, size_t row)
{
    struct table *t = arg;
    enum ska_cadence cadence = SKA_QUARTER;
    uint32_t year = 0;
    uint32_t part = 0;
    if (ska_period_parse(&cadence, &year, &part, fields[0]) != SKA_OK || cadence != SKA_QUARTER)
        stop("%s, row %zu: %s is not a quarter like 2025Q2", counts_path, row, fields[0]);
    if (t->n_rows == t->room)
        t->rows = grow(t->rows, &t->room, sizeof *t->rows);
    t->rows[t->n_rows++] = (struct row){
        .quarter = place_of(&t->quarters, fields[0]),
        .code = place_of(&t->codes, fields[1]),
        .type = place_of(&t->types, fields[2]),
        .events = parse_number(fields[3], t->bound, counts_path, row),
    };
}

static FILE *create(const char *path)
{
    FILE *out = fopen(path, "we");
    if (out == NULL)
        stop("%s: %s", path, strerror(errno));
    return out;
}

static void finish(FILE *out, const char *path)
{
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        stop("%s: cannot be written", path);
}

/* A municipality's code where it is a valid roster code, else one that is made up. */
static void roster_code(char out[static 40], const struct table *t, size_t i)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    const char *code = t->codes.at[i];
    size_t len = strlen(code);
    if (len >= 1 && len <= SKA_CODE_MAX && strspn(code, allowed) == len)
        (void)snprintf(out, 40, "%s", code); /* fits: measured */
    else
        (void)snprintf(out, 40, "x-%05zu", i + 1);
}

/* A name as a label or a line: no control characters, not empty, not too long. */
static void clean_text(char *out, size_t size, const char *text)
{
    size_t n = 0;
    for (const char *at = text; *at != '\0' && n + 1 < size; at++)
        out[n++] = (unsigned char)*at < 0x20 || *at == 0x7F ? ' ' : *at;
    while (n + 1 == size && n > 0 && ((unsigned char)out[n - 1] & 0x80u) != 0)
        n--; /* do not cut a character in two */
    out[n] = '\0';
    if (strspn(out, " ") == n)
        (void)snprintf(out, size, "(utan namn)");
}

static json_t *both(const char *text)
{
    return json_pack("{s:s, s:s}", "sv", text, "en", text);
}

static json_t *make_indicator(size_t i, const char *name, uint64_t bound)
{
    char code[24];
    char label[SKA_TEXT_MAX];
    (void)snprintf(code, sizeof code, "T%04zu", i + 1); /* fits */
    clean_text(label, sizeof label, name);
    json_t *text = both(label);
    if (text == NULL)
        stop("%s: event type number %zu is not valid UTF-8", counts_path, i + 1);
    return json_pack("{s:s, s:o, s:o, s:s, s:s, s:s, s:I, s:{s:s, s:s, s:[{s:s, s:[s]}]}}", "code",
                     code, "label", text, "unit", both("händelser"), "origin", "derived", "cadence",
                     "quarter", "sensitivity", "case", "bound", (json_int_t)bound, "count",
                     "records", "events", "sum", "antal", "where", "column", "typ", "is", code);
}

static void write_json(json_t *root, const char *work, const char *name)
{
    char path[2000];
    (void)snprintf(path, sizeof path, "%s/%s", work, name);
    if (root == NULL || json_dump_file(root, path, JSON_INDENT(1)) != 0)
        stop("%s: cannot be written", path);
    json_decref(root);
}

static void write_catalogue(const struct table *t, const char *work)
{
    json_t *indicators = json_array();
    json_t *names = json_array();
    for (size_t i = 0; i < t->types.n; i++) {
        if (json_array_append_new(indicators, make_indicator(i, t->types.at[i], t->bound)) != 0 ||
            json_array_append_new(names, json_string(t->types.at[i])) != 0)
            stop("out of memory");
    }
    json_t *columns =
        json_pack("[{s:s, s:s, s:b}, {s:s, s:s, s:b}, {s:s, s:s, s:b}]", "code", "arende", "kind",
                  "id", "required", 1, "code", "typ", "kind", "text", "required", 1, "code",
                  "antal", "kind", "number", "required", 1);
    json_t *kinds = json_pack("[{s:s, s:o, s:o}]", "code", "events", "label", both("Händelser"),
                              "columns", columns);
    write_json(json_pack("{s:i, s:s, s:s, s:o, s:o, s:o}", "skarva_catalogue", 1, "id", "county",
                         "edition", "1", "title", both("Händelser per kvartal"), "record_kinds",
                         kinds, "indicators", indicators),
               work, "catalogue.json");
    write_json(names, work, "names.json");
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void write_lists(const struct table *t, const char *work)
{
    char path[2000];
    (void)snprintf(path, sizeof path, "%s/contributors", work);
    FILE *out = create(path);
    for (size_t i = 0; i < t->codes.n; i++) {
        char code[40];
        char name[180];
        roster_code(code, t, i);
        clean_text(name, sizeof name, t->codes.at[i]);
        fprintf(out, "%s\t%s\n", code, name);
    }
    finish(out, path);
    /* Sorted copies of the pointers: the indices of the rows must stay. */
    char **quarters = ska_alloc(t->quarters.n, sizeof *quarters);
    if (quarters == NULL)
        stop("out of memory");
    memcpy(quarters, t->quarters.at, t->quarters.n * sizeof *quarters);
    qsort(quarters, t->quarters.n, sizeof *quarters, compare_texts);
    (void)snprintf(path, sizeof path, "%s/quarters", work);
    out = create(path);
    for (size_t i = 0; i < t->quarters.n; i++)
        fprintf(out, "%s\n", quarters[i]);
    finish(out, path);
    free(quarters);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        stop("%s: %s", path, strerror(errno));
}

/* A record for each event, as long as the file has room for them; the rest of a type in one record.
 */
static void write_records_of(FILE *out, uint64_t *number, uint64_t events, size_t type,
                             size_t n_types)
{
    uint64_t alone = events <= RECORDS_MAX / n_types ? events : RECORDS_MAX / n_types;
    for (uint64_t k = 0; k < alone; k++)
        fprintf(out, "A%08" PRIu64 ";T%04zu;1\r\n", ++*number, type + 1);
    if (events > alone)
        fprintf(out, "A%08" PRIu64 ";T%04zu;%" PRIu64 "\r\n", ++*number, type + 1, events - alone);
}

/* The case records of one contributor and quarter. */
static void write_one(const struct table *t, const char *work, size_t quarter, size_t code,
                      uint64_t *events)
{
    memset(events, 0, t->types.n * sizeof *events);
    for (size_t i = 0; i < t->n_rows; i++) {
        if (t->rows[i].quarter == quarter && t->rows[i].code == code)
            events[t->rows[i].type] += t->rows[i].events;
    }
    char name[40];
    char path[2000];
    roster_code(name, t, code);
    (void)snprintf(path, sizeof path, "%s/records/%s/%s.csv", work, t->quarters.at[quarter], name);
    FILE *out = create(path);
    fputs("arende;typ;antal\r\n", out);
    uint64_t number = 0;
    for (size_t type = 0; type < t->types.n; type++) {
        if (events[type] > t->bound)
            stop("%s, %s: %" PRIu64 " events of one type, more than %" PRIu64 "; use more --bits",
                 t->quarters.at[quarter], t->codes.at[code], events[type], t->bound);
        write_records_of(out, &number, events[type], type, t->types.n);
    }
    finish(out, path);
}

/* One file per contributor and quarter, also where nothing happened: a missing row is a reported
 * zero. */
static void write_records(const struct table *t, const char *work)
{
    char path[2000];
    (void)snprintf(path, sizeof path, "%s/records", work);
    make_folder(path);
    uint64_t *events = ska_alloc(t->types.n, sizeof *events);
    if (events == NULL)
        stop("out of memory");
    for (size_t quarter = 0; quarter < t->quarters.n; quarter++) {
        (void)snprintf(path, sizeof path, "%s/records/%s", work, t->quarters.at[quarter]);
        make_folder(path);
        for (size_t code = 0; code < t->codes.n; code++)
            write_one(t, work, quarter, code, events);
    }
    free(events);
}

static int prepare(const char *counts, const char *work, const char *bits_text)
{
    static const char *const header[] = {"quarter", "municipality_code", "event_type", "events"};
    uint64_t bits = parse_number(bits_text, 32, "--bits", 1);
    if (bits < 1)
        stop("--bits must be 1 to 32");
    struct table t = {.bound = (UINT64_C(1) << bits) - 1};
    counts_path = counts;
    struct reading in = {
        .path = counts, .header = header, .n_columns = 4, .on_row = take_counts, .arg = &t};
    read_csv(&in);
    if (t.codes.n < 3)
        stop("%s: %zu contributors; fewer than 3 cannot be published without telling one about the "
             "others",
             counts, t.codes.n);
    if (t.types.n > SKA_INDICATORS_MAX)
        stop("%s: more than %d event types", counts, SKA_INDICATORS_MAX);
    write_catalogue(&t, work);
    write_lists(&t, work);
    write_records(&t, work);
    table_clear(&t);
    return 0;
}

/* --- join --- */

struct joining {
    const char *path;
    size_t n_types;
    char **values; /* by type; owned */
};

/* The type's index of a cell code "T0001", or SIZE_MAX. */
static size_t type_of_cell(const char *cell, size_t n_types)
{
    size_t len = strlen(cell);
    if (cell[0] != 'T' || len > 10 || strspn(cell + 1, "0123456789") != len - 1)
        return SIZE_MAX;
    size_t i = 0;
    for (const char *at = cell + 1; *at != '\0'; at++)
        i = i * 10 + (size_t)(*at - '0');
    return i >= 1 && i <= n_types ? i - 1 : SIZE_MAX;
}

static void keep_value(struct joining *j, const char *cell, const char *value)
{
    size_t type = type_of_cell(cell, j->n_types);
    if (type == SIZE_MAX)
        return;
    if (j->values[type] != NULL)
        stop("%s: %s is there twice", j->path, cell);
    j->values[type] = strdup(value);
}

static void take_collected(void *arg, char **fields, size_t row)
{
    (void)row;
    keep_value(arg, fields[1], fields[2]);
}

static void take_published(void *arg, char **fields, size_t row)
{
    (void)row;
    keep_value(arg, fields[6], fields[16]);
}

static void write_csv_field(FILE *out, const char *text)
{
    if (text[0] != '\0' && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

struct ordered {
    const char *name;
    size_t type;
};

static int compare_ordered(const void *a, const void *b)
{
    return strcmp(((const struct ordered *)a)->name, ((const struct ordered *)b)->name);
}

/* All types of one quarter, in the order of their names. */
static void join_quarter(FILE *out, struct reading *in, const char *quarter,
                         const struct ordered *order, size_t n)
{
    struct joining j = {.path = in->path, .n_types = n, .values = ska_alloc(n, sizeof(char *))};
    if (j.values == NULL)
        stop("out of memory");
    in->arg = &j;
    read_csv(in);
    for (size_t i = 0; i < n; i++) {
        const char *value = j.values[order[i].type];
        if (value == NULL)
            stop("%s: event type %zu is missing", in->path, order[i].type + 1);
        fprintf(out, "%s,", quarter);
        write_csv_field(out, order[i].name);
        fprintf(out, ",%s\n", value);
    }
    for (size_t i = 0; i < n; i++)
        free(j.values[i]);
    free(j.values);
}

static void join_all(const char *work, const char *folder, const char *out_path,
                     const struct reading *form, const struct ordered *order, size_t n)
{
    char path[2000];
    (void)snprintf(path, sizeof path, "%s/quarters", work);
    FILE *quarters = fopen(path, "re");
    if (quarters == NULL)
        stop("%s: %s", path, strerror(errno));
    FILE *out = create(out_path);
    fputs("quarter,event_type,events\n", out);
    char quarter[64];
    while (fgets(quarter, sizeof quarter, quarters) != NULL) {
        quarter[strcspn(quarter, "\n")] = '\0';
        (void)snprintf(path, sizeof path, "%s/%s/%s.csv", work, folder, quarter);
        struct reading in = *form;
        in.path = path;
        join_quarter(out, &in, quarter, order, n);
    }
    (void)fclose(quarters); /* only read from */
    finish(out, out_path);
}

static int join(const char *work, const char *out)
{
    static const char *const collected_header[] = {"period", "cell", "value"};
    static const char *const published_header[] = {
        "collection",   "period",       "revision",    "group",        "group_sv",
        "group_en",     "cell",         "kind",        "indicator_sv", "indicator_en",
        "dimension_sv", "dimension_en", "category_sv", "category_en",  "unit_sv",
        "unit_en",      "value",        "reason"};
    char path[2000];
    (void)snprintf(path, sizeof path, "%s/names.json", work);
    json_t *names = json_load_file(path, 0, NULL);
    size_t n = json_array_size(names);
    struct ordered *order = ska_alloc(n, sizeof *order);
    if (order == NULL)
        stop("%s: cannot be read", path);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct ordered){json_string_value(json_array_get(names, i)), i};
    qsort(order, n, sizeof *order, compare_ordered);
    (void)snprintf(path, sizeof path, "%s/collected.csv", out);
    struct reading collected = {
        .header = collected_header, .n_columns = 3, .on_row = take_collected};
    join_all(work, "collected", path, &collected, order, n);
    (void)snprintf(path, sizeof path, "%s/published.csv", out);
    struct reading published = {
        .header = published_header, .n_columns = 18, .on_row = take_published};
    join_all(work, "tables", path, &published, order, n);
    free(order);
    json_decref(names);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "prepare") == 0)
        return prepare(argv[2], argv[3], argv[4]);
    if (argc == 4 && strcmp(argv[1], "join") == 0)
        return join(argv[2], argv[3]);
    fputs("usage: tool_county prepare COUNTS.csv WORK BITS\n       tool_county join WORK OUT\n",
          stderr);
    return 2;
}
