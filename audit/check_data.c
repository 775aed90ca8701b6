/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_data.c - that the data files of the bundle, table.json (JSON-stat) and table.px (PX), say
 * exactly what was verified, figure by figure: docs/protocol.md, "The data files".
 *
 * Their figures are those of all blocks, then of the cells that are no marks, in order.
 */
#include "audit/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/figure.h"

SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)

#define FIGURE_TEXT_BYTES 24

/* One of the three dimensions, or the figures; what each file must say of them. */
enum axis { AXIS_GROUP, AXIS_CONTENT, AXIS_TIME, N_AXES };

static size_t n_contents(const struct ska_layout *layout)
{
    size_t n = 0;
    for (uint32_t j = 0; j < layout->n_cells; j++)
        n += layout->cells[j].kind != SKA_CELL_MARK;
    return n;
}

static size_t axis_length(const struct evidence *e, enum axis axis)
{
    switch (axis) {
    case AXIS_GROUP:
        return e->task->n_blocks;
    case AXIS_CONTENT:
        return n_contents(e->task->layout);
    case AXIS_TIME:
    case N_AXES:
        break;
    }
    return 1;
}

/* The cell of the n-th content. */
static uint32_t cell_of(const struct ska_layout *layout, size_t n)
{
    for (uint32_t j = 0; j < layout->n_cells; j++)
        if (layout->cells[j].kind != SKA_CELL_MARK && n-- == 0)
            return j;
    return SKA_NONE;
}

static const char *axis_code(const struct evidence *e, enum axis axis, size_t i)
{
    switch (axis) {
    case AXIS_GROUP:
        return i == 0 ? "all" : ska_block_code(e->task, (uint32_t)i);
    case AXIS_CONTENT:
        return e->task->layout->cells[cell_of(e->task->layout, i)].code;
    case AXIS_TIME:
    case N_AXES:
        break;
    }
    return e->task->parameters.period;
}

static size_t n_figures(const struct evidence *e)
{
    return axis_length(e, AXIS_GROUP) * axis_length(e, AXIS_CONTENT);
}

/* The task's figure at a place of the files. */
static uint32_t figure_at(const struct evidence *e, size_t place)
{
    const struct ska_layout *layout = e->task->layout;
    size_t n = axis_length(e, AXIS_CONTENT);
    return (uint32_t)(place / n) * layout->n_cells + cell_of(layout, place % n);
}

/* What stands at a place: the total, or "..". */
static void expect(char out[static FIGURE_TEXT_BYTES], const struct evidence *e, size_t place)
{
    uint32_t figure = figure_at(e, place);
    if (e->hidden_reason[figure] != 0)
        memcpy(out, "..", 3);
    else
        (void)snprintf(out, FIGURE_TEXT_BYTES, "%" PRIu64, e->total[figure]); /* 20 digits */
}

static void tell_figure(const struct evidence *e, struct finding *f, const char *file, size_t place,
                        const char *got, size_t got_len)
{
    char want[FIGURE_TEXT_BYTES];
    expect(want, e, place);
    finding_bad(f, words("%s: %s är \"%.*s\", ska vara %s", "%s: %s is \"%.*s\", should be %s"),
                file, evidence_figure(e, figure_at(e, place)), (int)(got_len < 40 ? got_len : 40),
                got, want);
}

static void tell_form(struct finding *f, const char *file, const char *part)
{
    finding_bad(f, words("%s: %s har inte den form den ska", "%s: %s does not have its form"), file,
                part);
}

/* JSON-stat ----------------------------------------------------------------------------------- */

static const char *const json_axes[N_AXES] = {"group", "content", "time"};

static bool is_list(const json_t *list, const char *const *texts, size_t n)
{
    if (!json_is_array(list) || json_array_size(list) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || strcmp(text, texts[i]) != 0)
            return false;
    }
    return true;
}

/* A dimension's codes, each at its place. */
static bool is_index(const struct evidence *e, enum axis axis, const json_t *dimensions)
{
    const json_t *category =
        json_object_get(json_object_get(dimensions, json_axes[axis]), "category");
    const json_t *index = json_object_get(category, "index");
    size_t n = axis_length(e, axis);
    if (json_object_size(index) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *place = json_object_get(index, axis_code(e, axis, i));
        if (!json_is_integer(place) || json_integer_value(place) != (json_int_t)i)
            return false;
    }
    return true;
}

static bool is_shape(const struct evidence *e, const json_t *root)
{
    static const char *const members[] = {"version",   "class", "label",  "source",
                                          "updated",   "id",    "size",   "role",
                                          "dimension", "value", "status", "extension"};
    const json_t *size = json_object_get(root, "size");
    const json_t *dimensions = json_object_get(root, "dimension");
    size_t n_known = 0;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        n_known += json_object_get(root, members[i]) != NULL;
    if (!json_is_object(root) || json_object_size(root) != n_known ||
        !is_list(json_object_get(root, "id"), json_axes, N_AXES) ||
        json_array_size(size) != N_AXES || json_object_size(dimensions) != N_AXES)
        return false;
    for (enum axis axis = 0; axis < N_AXES; axis++)
        if (json_integer_value(json_array_get(size, axis)) != (json_int_t)axis_length(e, axis) ||
            !is_index(e, axis, dimensions))
            return false;
    return true;
}

/* A number, or null with the status ".."; nothing beside a number. */
static void check_json_figure(const struct evidence *e, struct finding *f, size_t place,
                              const json_t *value, const json_t *statuses, size_t *n_statuses)
{
    char key[FIGURE_TEXT_BYTES], got[FIGURE_TEXT_BYTES] = "?", want[FIGURE_TEXT_BYTES];
    (void)snprintf(key, sizeof key, "%zu", place);
    const char *status = json_string_value(json_object_get(statuses, key));
    *n_statuses += json_object_get(statuses, key) != NULL;
    if (json_is_integer(value) && status == NULL)
        (void)snprintf(got, sizeof got, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_null(value) && status != NULL && strcmp(status, "..") == 0)
        memcpy(got, "..", 3);
    expect(want, e, place);
    if (strcmp(got, want) != 0)
        tell_figure(e, f, "table.json", place, got, strlen(got));
}

static void check_jsonstat(const struct evidence *e, struct finding *f)
{
    struct ska_slice file = e->data_file[DATA_JSON];
    SKA_SCOPED(json_release)
    json_t *root = json_loadb((const char *)file.data, file.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *values = json_object_get(root, "value");
    const json_t *statuses = json_object_get(root, "status");
    size_t n = n_figures(e), n_statuses = 0;
    if (!is_shape(e, root) || !json_is_object(statuses)) {
        tell_form(f, "table.json", words("innehållet", "the content"));
        return;
    }
    if (!json_is_array(values) || json_array_size(values) != n) {
        tell_form(f, "table.json", "value");
        return;
    }
    for (size_t i = 0; i < n; i++)
        check_json_figure(e, f, i, json_array_get(values, i), statuses, &n_statuses);
    if (json_object_size(statuses) != n_statuses)
        tell_form(f, "table.json", "status");
    f->n_inputs += n;
}

/* PX ------------------------------------------------------------------------------------------ */

/* A place in the file's text. */
struct text {
    const char *at, *end;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\r' || c == '\n' || c == '\t';
}

static void skip_space(struct text *t)
{
    while (t->at < t->end && is_space(*t->at))
        t->at++;
}

/* What stands before the next `mark` outside of quotation marks; *t moves behind it. */
static bool take_until(struct text *out, struct text *t, char mark)
{
    bool quoted = false;
    for (const char *c = t->at; c < t->end; c++) {
        if (*c == '"')
            quoted = !quoted;
        if (quoted || *c != mark)
            continue;
        *out = (struct text){t->at, c};
        t->at = c + 1;
        return true;
    }
    return false;
}

static bool is_text(const struct text *t, const char *want)
{
    size_t len = strlen(want);
    return (size_t)(t->end - t->at) == len && memcmp(t->at, want, len) == 0;
}

/* The next string in quotation marks, in one or several pieces, is this one. */
static bool take_string(struct text *t, const char *want)
{
    skip_space(t);
    if (t->at == t->end || *t->at != '"')
        return false;
    while (t->at < t->end && *t->at == '"') {
        for (t->at++; t->at < t->end && *t->at != '"'; t->at++)
            if (*want == '\0' || *t->at != *want++)
                return false;
        if (t->at == t->end)
            return false;
        t->at++;
        skip_space(t);
    }
    return *want == '\0';
}

/* A list of strings, all of them. */
static bool is_strings(struct text value, const char *const *want, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!take_string(&value, want[i]))
            return false;
        if (i + 1 < n && (value.at == value.end || *value.at++ != ','))
            return false;
    }
    return value.at == value.end;
}

static bool is_codes(const struct evidence *e, enum axis axis, struct text value)
{
    size_t n = axis_length(e, axis);
    for (size_t i = 0; i < n; i++) {
        if (!take_string(&value, axis_code(e, axis, i)))
            return false;
        if (i + 1 < n && (value.at == value.end || *value.at++ != ','))
            return false;
    }
    return value.at == value.end;
}

/* The statements that say where each figure stands, in both languages. */
#define N_PLACING 10
static const struct {
    const char *keyword;
    enum axis codes;      /* N_AXES: the names below */
    const char *names[2]; /* NULL: one alone */
} placing[N_PLACING] = {
    {"STUB", N_AXES, {"grupp", "innehåll"}},
    {"STUB[en]", N_AXES, {"group", "content"}},
    {"HEADING", N_AXES, {"tid", NULL}},
    {"HEADING[en]", N_AXES, {"time", NULL}},
    {"CODES(\"grupp\")", AXIS_GROUP, {NULL, NULL}},
    {"CODES[en](\"group\")", AXIS_GROUP, {NULL, NULL}},
    {"CODES(\"innehåll\")", AXIS_CONTENT, {NULL, NULL}},
    {"CODES[en](\"content\")", AXIS_CONTENT, {NULL, NULL}},
    {"CODES(\"tid\")", AXIS_TIME, {NULL, NULL}},
    {"CODES[en](\"time\")", AXIS_TIME, {NULL, NULL}},
};

static bool begins_with(const struct text *t, const char *begin)
{
    size_t len = strlen(begin);
    return (size_t)(t->end - t->at) >= len && memcmp(t->at, begin, len) == 0;
}

/* One statement before the data; `seen` counts those that place figures. */
static bool is_statement(const struct evidence *e, const struct text *keyword,
                         const struct text *value, unsigned seen[static N_PLACING])
{
    for (size_t i = 0; i < N_PLACING; i++) {
        if (!is_text(keyword, placing[i].keyword))
            continue;
        seen[i]++;
        return placing[i].codes != N_AXES
                   ? is_codes(e, placing[i].codes, *value)
                   : is_strings(*value, placing[i].names, placing[i].names[1] != NULL ? 2 : 1);
    }
    return !begins_with(keyword, "STUB") && !begins_with(keyword, "HEADING") &&
           !begins_with(keyword, "CODES") && !begins_with(keyword, "KEYS");
}

/* Figures with white space between, no more and no fewer. */
static void check_px_data(const struct evidence *e, struct finding *f, struct text data)
{
    size_t n = n_figures(e);
    for (size_t i = 0; i < n; i++) {
        char want[FIGURE_TEXT_BYTES + 2];
        skip_space(&data);
        const char *begin = data.at;
        while (data.at < data.end && !is_space(*data.at))
            data.at++;
        const struct text got = {begin, data.at};
        expect(want, e, i);
        if (strcmp(want, "..") == 0)
            memcpy(want, "\"..\"", 5);
        if (!is_text(&got, want))
            tell_figure(e, f, "table.px", i, begin, (size_t)(data.at - begin));
    }
    skip_space(&data);
    if (data.at != data.end)
        tell_form(f, "table.px", "DATA");
    f->n_inputs += n;
}

static void check_px(const struct evidence *e, struct finding *f)
{
    struct ska_slice file = e->data_file[DATA_PX];
    struct text t = {(const char *)file.data, (const char *)file.data + file.len};
    struct text keyword, value;
    unsigned seen[N_PLACING] = {0};
    for (;;) {
        skip_space(&t);
        if (!take_until(&keyword, &t, '=') || !take_until(&value, &t, ';')) {
            tell_form(f, "table.px", words("ett nyckelord", "a keyword"));
            return;
        }
        if (is_text(&keyword, "DATA"))
            break;
        if (!is_statement(e, &keyword, &value, seen)) {
            tell_form(f, "table.px", "STUB, HEADING, CODES");
            return;
        }
    }
    for (size_t i = 0; i < N_PLACING; i++)
        if (seen[i] != 1)
            tell_form(f, "table.px", placing[i].keyword);
    skip_space(&t);
    if (t.at != t.end)
        tell_form(f, "table.px", words("slutet", "the end"));
    check_px_data(e, f, value);
}

void check_data_files(struct evidence *e, struct finding *f)
{
    check_jsonstat(e, f);
    check_px(e, f);
}
