/* SPDX-License-Identifier: EUPL-1.2 */
/* pxweb_query.c - a query in JSON: what it selects from a table. */
#include "server/front/pxweb.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)

/* Which values of each dimension are wanted, in the table's order. Valid when zeroed. */
struct wanted {
    bool *is_in[DATASET_AXES]; /* owned; NULL until the query named it */
    size_t *index[DATASET_AXES];
    struct dataset_selection by[DATASET_AXES];
};

static void wanted_clear(struct wanted *w)
{
    for (size_t a = 0; a < DATASET_AXES; a++) {
        free(w->is_in[a]);
        free(w->index[a]);
    }
    *w = (struct wanted){0};
}

/* Whether a code fits a pattern in which * stands for any characters. */
static bool fits(const char *code, const char *pattern)
{
    const char *star = NULL, *again = NULL;
    while (*code != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            again = code;
        } else if (*pattern == *code) {
            pattern++;
            code++;
        } else if (star != NULL) {
            pattern = star + 1;
            code = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* Mark what fits; false if nothing does. */
static bool mark(bool *is_in, const struct dataset_dimension *axis, const char *pattern,
                 bool is_pattern)
{
    bool any = false;
    for (size_t i = 0; i < axis->n; i++)
        if (is_pattern ? fits(axis->values[i].code, pattern)
                       : strcmp(axis->values[i].code, pattern) == 0) {
            is_in[i] = true;
            any = true;
        }
    return any;
}

/* A whole number of at most 4 digits, 1 at least; 0 if it is none. */
static size_t count_of(const char *text)
{
    size_t n = 0, len = strlen(text);
    if (len > 4 || strspn(text, "0123456789") != len)
        return 0;
    for (size_t i = 0; i < len; i++)
        n = n * 10 + (size_t)(text[i] - '0');
    return n;
}

static bool mark_top(bool *is_in, const struct dataset_dimension *axis, enum dataset_axis a,
                     const char *text)
{
    size_t n = count_of(text);
    if (n == 0)
        return false;
    n = n < axis->n ? n : axis->n;
    size_t first = a == DATASET_TIME ? axis->n - n : 0; /* the latest times */
    for (size_t i = 0; i < n; i++)
        is_in[first + i] = true;
    return true;
}

/* One variable's selection. */
static bool read_selection(bool *is_in, const struct dataset *d, enum dataset_axis a,
                           const json_t *selection)
{
    const char *filter = json_string_value(json_object_get(selection, "filter"));
    const json_t *values = json_object_get(selection, "values");
    const struct dataset_dimension *axis = &d->axes[a];
    size_t n = json_array_size(values);
    if (filter == NULL || n == 0)
        return false;
    bool all = strcasecmp(filter, "all") == 0, top = strcasecmp(filter, "top") == 0;
    if ((!all && !top && strcasecmp(filter, "item") != 0) || (top && n != 1))
        return false;
    if (n > (all ? PXWEB_PATTERNS_MAX : axis->n)) /* each is looked for among all values */
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *value = json_string_value(json_array_get(values, i));
        if (value == NULL)
            return false;
        if (top ? !mark_top(is_in, axis, a, value) : !mark(is_in, axis, value, all))
            return false;
    }
    return true;
}

static enum pxweb_fault read_variable(struct wanted *w, const char **variable,
                                      const struct dataset *d, const json_t *item)
{
    const char *code = json_string_value(json_object_get(item, "code"));
    const json_t *selection = json_object_get(item, "selection");
    if (code == NULL || !json_is_object(selection))
        return PXWEB_NO_PARSE;
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++) {
        if (strcmp(code, dataset_axis_code(a)) != 0)
            continue;
        *variable = dataset_axis_code(a);
        if (w->is_in[a] != NULL)
            return PXWEB_BAD_VARIABLE; /* named twice */
        w->is_in[a] = ska_alloc(d->axes[a].n, sizeof *w->is_in[a]);
        if (w->is_in[a] == NULL)
            return PXWEB_NO_MEMORY;
        return read_selection(w->is_in[a], d, a, selection) ? PXWEB_OK : PXWEB_BAD_VARIABLE;
    }
    return PXWEB_NO_VARIABLE;
}

static enum pxweb_fault read_format(enum pxweb_format *format, const json_t *response)
{
    static const char *const names[] = {[PXWEB_PX] = "px",
                                        [PXWEB_JSON_STAT_2] = "json-stat2",
                                        [PXWEB_JSON] = "json",
                                        [PXWEB_CSV] = "csv"};
    const json_t *format_text = json_object_get(response, "format");
    const char *name = json_string_value(format_text);
    if (format_text == NULL || json_is_null(format_text)) {
        *format = PXWEB_PX;
        return PXWEB_OK;
    }
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(names[i], name) == 0) {
            *format = (enum pxweb_format)i;
            return PXWEB_OK;
        }
    return name != NULL ? PXWEB_NO_FORMAT : PXWEB_NO_PARSE;
}

/* From marks to indices. What was not named: the group is eliminated, of the others all. */
static enum pxweb_fault finish(struct wanted *w, const struct dataset *d)
{
    size_t cells = 1;
    for (enum dataset_axis a = 0; a < DATASET_AXES; a++) {
        struct dataset_selection *by = &w->by[a];
        w->index[a] = ska_alloc(d->axes[a].n, sizeof *w->index[a]);
        if (w->index[a] == NULL)
            return PXWEB_NO_MEMORY;
        by->index = w->index[a];
        by->drop = a == DATASET_GROUP && w->is_in[a] == NULL;
        for (size_t i = 0; i < d->axes[a].n; i++)
            if (w->is_in[a] == NULL ? !by->drop || i == 0 : w->is_in[a][i])
                w->index[a][by->n++] = i;
        if (by->n == 0 ||
            by->n > PXWEB_CELLS_MAX / cells) /* none: cannot be, a selection has some */
            return PXWEB_TOO_MANY;
        cells *= by->n;
    }
    return PXWEB_OK;
}

enum pxweb_fault pxweb_query(struct dataset *out, enum pxweb_format *format, const char **variable,
                             const struct dataset *from, struct ska_slice body)
{
    SKA_SCOPED(wanted_clear) struct wanted w = {0};
    SKA_SCOPED(json_release)
    json_t *root = json_loadb((const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *query = json_object_get(root, "query");
    const json_t *response = json_object_get(root, "response");
    if (!json_is_array(query))
        return PXWEB_NO_PARSE;
    enum pxweb_fault fault = read_format(format, response);
    for (size_t i = 0; fault == PXWEB_OK && i < json_array_size(query); i++)
        fault = read_variable(&w, variable, from, json_array_get(query, i));
    if (fault == PXWEB_OK)
        fault = finish(&w, from);
    if (fault == PXWEB_OK && dataset_select(out, from, w.by) != SKA_OK)
        fault = PXWEB_NO_MEMORY;
    return fault;
}
