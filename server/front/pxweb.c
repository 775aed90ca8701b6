/* SPDX-License-Identifier: EUPL-1.2 */
/* pxweb.c - the data interface: paths, lists, errors. */
#include "server/front/pxweb.h"

#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "support/json_text.h"

#define LIST_MARK "skarva tables 1\n"
#define CODE_MAX 64
#define ELEMENTS_MAX 4 /* language, collection, level, table */
#define JSON_TYPE "application/json; charset=utf-8"

/* A line of the list of tables. */
struct entry {
    uint8_t level;
    const char *table, *updated;
    struct dataset_text title;
};

/* The list of tables, being walked through. */
struct list {
    uint8_t *data; /* owned */
    struct ska_reader r;
    const char *collection;
    struct dataset_text title;
    uint32_t left;
};

static void list_clear(struct list *l)
{
    free(l->data);
    *l = (struct list){0};
}

/* Levels as data_files.h has them. */
static const struct {
    const char *code;
    struct dataset_text label;
} levels[] = {{"indicators", {"Indikatorer över tid", "Indicators over time"}},
              {"years", {"Årssummor", "Sums of years"}},
              {"releases", {"Hela publiceringar", "Whole releases"}}};
#define N_LEVELS (sizeof levels / sizeof levels[0])

static enum ska_status list_open(struct list *l, const struct pxweb_site *site)
{
    size_t len = 0;
    const uint8_t *mark = NULL;
    SKA_TRY(site->read(&l->data, &len, "data/tables", site->arg));
    ska_reader_init(&l->r, l->data, len);
    SKA_TRY(ska_read_borrow(&mark, &l->r, sizeof LIST_MARK - 1));
    if (memcmp(mark, LIST_MARK, sizeof LIST_MARK - 1) != 0)
        return SKA_E_FORMAT;
    SKA_TRY(dataset_read_string(&l->collection, &l->r));
    SKA_TRY(dataset_read_string(&l->title.sv, &l->r));
    SKA_TRY(dataset_read_string(&l->title.en, &l->r));
    return ska_read_u32(&l->left, &l->r);
}

/* The next line; false after the last, or if the list is damaged. */
static bool list_next(struct entry *e, struct list *l)
{
    if (l->left == 0)
        return false;
    l->left--;
    return ska_read_u8(&e->level, &l->r) == SKA_OK && e->level < N_LEVELS &&
           dataset_read_string(&e->table, &l->r) == SKA_OK &&
           dataset_read_string(&e->title.sv, &l->r) == SKA_OK &&
           dataset_read_string(&e->title.en, &l->r) == SKA_OK &&
           dataset_read_string(&e->updated, &l->r) == SKA_OK;
}

/* Answers ------------------------------------------------------------------------------------- */

static void refuse(struct pxweb_answer *out, int status, const char *text)
{
    out->status = status;
    out->type = JSON_TYPE;
    JSON(&out->body, "{\"error\":{}}\n", text);
}

static void refuse_read(struct pxweb_answer *out, enum ska_status status)
{
    if (status == SKA_E_NOT_FOUND)
        refuse(out, 404, "Not Found");
    else
        refuse(out, 500, "Internal Server Error");
}

static void begin_json(struct pxweb_answer *out)
{
    out->status = 200;
    out->type = JSON_TYPE;
}

static void answer_databases(struct pxweb_answer *out, const struct list *l, bool swedish)
{
    begin_json(out);
    JSON(&out->body, "[{\"dbid\":{},\"text\":{}}]\n", l->collection,
         dataset_in(&l->title, swedish));
}

static void answer_config(struct pxweb_answer *out)
{
    char text[160];
    begin_json(out);
    (void)snprintf(text, sizeof text,
                   "{\"maxValues\":%u,\"maxCells\":%u,\"maxCalls\":30,\"timeWindow\":1,"
                   "\"CORS\":true}\n",
                   PXWEB_CELLS_MAX, PXWEB_CELLS_MAX);
    json_raw(&out->body, text);
}

static void answer_levels(struct pxweb_answer *out, struct list *l, bool swedish)
{
    bool has[N_LEVELS] = {false}, first = true;
    struct entry e;
    while (list_next(&e, l))
        has[e.level] = true;
    begin_json(out);
    json_raw(&out->body, "[");
    for (size_t i = 0; i < N_LEVELS; i++) {
        if (!has[i])
            continue;
        JSON(&out->body,
             first ? "{\"id\":{},\"type\":\"l\",\"text\":{}}"
                   : ",{\"id\":{},\"type\":\"l\",\"text\":{}}",
             levels[i].code, dataset_in(&levels[i].label, swedish));
        first = false;
    }
    json_raw(&out->body, "]\n");
}

static void answer_tables(struct pxweb_answer *out, struct list *l, const char *level, bool swedish)
{
    struct entry e;
    size_t wanted = 0;
    bool first = true;
    while (wanted < N_LEVELS && strcmp(levels[wanted].code, level) != 0)
        wanted++;
    if (wanted == N_LEVELS) {
        refuse(out, 404, "Not Found");
        return;
    }
    begin_json(out);
    json_raw(&out->body, "[");
    while (list_next(&e, l)) {
        if (e.level != wanted)
            continue;
        if (!first)
            ska_write_u8(&out->body, ',');
        first = false;
        JSON(&out->body, "{\"id\":{},\"type\":\"t\",\"text\":{}", e.table,
             dataset_in(&e.title, swedish));
        if (e.updated[0] != '\0') {
            json_raw(&out->body, ",\"updated\":\"");
            json_raw(&out->body, e.updated); /* a date of ours */
            json_raw(&out->body, "T00:00:00\"");
        }
        ska_write_u8(&out->body, '}');
    }
    json_raw(&out->body, "]\n");
}

static void write_figures(struct pxweb_answer *out, const struct dataset *d,
                          enum pxweb_format format, bool swedish)
{
    out->status = 200;
    switch (format) {
    case PXWEB_PX:
        out->type = "text/plain; charset=utf-8";
        dataset_px(&out->body, d, DATASET_UTF_8);
        break;
    case PXWEB_JSON_STAT_2:
        out->type = JSON_TYPE;
        dataset_jsonstat(&out->body, d, swedish);
        break;
    case PXWEB_JSON:
        out->type = JSON_TYPE;
        pxweb_write_json(&out->body, d, swedish);
        break;
    case PXWEB_CSV:
        out->type = "text/csv; charset=utf-8";
        pxweb_write_csv(&out->body, d, swedish);
        break;
    }
}

static void answer_query(struct pxweb_answer *out, const struct dataset *table,
                         struct ska_slice body, bool swedish)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    enum pxweb_format format = PXWEB_PX;
    const char *variable = "";
    char text[120];
    switch (pxweb_query(&d, &format, &variable, table, body)) {
    case PXWEB_OK:
        if ((format == PXWEB_CSV || format == PXWEB_JSON) &&
            pxweb_bytes(&d, format == PXWEB_CSV, swedish) > PXWEB_BYTES_MAX) {
            refuse(out, 403, "Too many values selected");
            break;
        }
        write_figures(out, &d, format, swedish);
        break;
    case PXWEB_NO_PARSE:
        refuse(out, 400, "Parameter error");
        break;
    case PXWEB_NO_VARIABLE:
        refuse(out, 400, "Parameter error: the variables are group, content and time");
        break;
    case PXWEB_NO_FORMAT:
        refuse(out, 400, "Parameter error: the formats are px, json-stat2, json and csv");
        break;
    case PXWEB_BAD_VARIABLE:
        (void)snprintf(text, sizeof text,
                       "The request for variable '%s' has an error. Please check your query.",
                       variable);
        refuse(out, 400, text);
        break;
    case PXWEB_TOO_MANY:
        refuse(out, 403, "Too many values selected");
        break;
    case PXWEB_NO_MEMORY:
        refuse(out, 503, "Service Unavailable");
        break;
    }
}

static void answer_table(struct pxweb_answer *out, const struct pxweb_site *site,
                         const struct pxweb_request *request, char elements[][CODE_MAX + 1],
                         bool swedish)
{
    char name[3 * CODE_MAX];
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    uint8_t *data = NULL;
    size_t len = 0;
    (void)snprintf(name, sizeof name, "data/%s/%s.table", elements[2], elements[3]); /* fits */
    enum ska_status status = site->read(&data, &len, name, site->arg);
    if (status == SKA_OK)
        status = dataset_decode(&d, data, len);
    if (status != SKA_OK) {
        refuse_read(out, status);
        return;
    }
    if (request->is_post) {
        answer_query(out, &d, request->body, swedish);
        return;
    }
    begin_json(out);
    pxweb_write_variables(&out->body, &d, swedish);
}

/* Paths --------------------------------------------------------------------------------------- */

/* Take a path apart into codes; false if it has other elements or too many. */
static bool split(char elements[static ELEMENTS_MAX][CODE_MAX + 1], size_t *n, const char *path)
{
    *n = 0;
    while (*path != '\0') {
        size_t len = strcspn(path, "/");
        if (*n == ELEMENTS_MAX || len == 0 || len > CODE_MAX)
            return false;
        for (size_t i = 0; i < len; i++) {
            char c = path[i];
            bool alphanumeric =
                (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!alphanumeric && c != '_' && c != '-')
                return false;
        }
        memcpy(elements[*n], path, len);
        elements[(*n)++][len] = '\0';
        path += len + (path[len] == '/');
    }
    return *n > 0;
}

/* Whether a query has a parameter, with a value or without. Others (prettyprint) change nothing. */
static bool has_parameter(const char *query, const char *name)
{
    size_t len = strlen(name);
    for (;;) {
        if (strncmp(query, name, len) == 0 && strchr("=&", query[len]) != NULL) /* or the end */
            return true;
        query += strcspn(query, "&");
        if (*query == '\0')
            return false;
        query++;
    }
}

static void answer(struct pxweb_answer *out, const struct pxweb_site *site,
                   const struct pxweb_request *request)
{
    char elements[ELEMENTS_MAX][CODE_MAX + 1];
    size_t n = 0;
    SKA_SCOPED(list_clear) struct list l = {0};
    bool known = split(elements, &n, request->path);
    bool swedish = known && strcmp(elements[0], "sv") == 0;
    enum ska_status status = known ? list_open(&l, site) : SKA_E_NOT_FOUND;
    if (status == SKA_OK && ((!swedish && strcmp(elements[0], "en") != 0) ||
                             (n > 1 && strcmp(elements[1], l.collection) != 0)))
        status = SKA_E_NOT_FOUND;
    if (status != SKA_OK)
        refuse_read(out, status);
    else if (has_parameter(request->query, "config") && !request->is_post)
        answer_config(out);
    else if (n < 4 && has_parameter(request->query, "query"))
        refuse(out, 400, "Search not activated"); /* as where PxWeb has no index */
    else if (n == 4)
        answer_table(out, site, request, elements, swedish);
    else if (request->is_post)
        refuse(out, 400, "Parameter error");
    else if (n == 1)
        answer_databases(out, &l, swedish);
    else if (n == 2)
        answer_levels(out, &l, swedish);
    else
        answer_tables(out, &l, elements[2], swedish);
}

void pxweb_answer(struct pxweb_answer *out, const struct pxweb_site *site,
                  const struct pxweb_request *request)
{
    answer(out, site, request);
    if (ska_writer_status(&out->body) == SKA_OK)
        return;
    ska_writer_clear(&out->body); /* without memory the status must do */
    out->status = 503;
}
