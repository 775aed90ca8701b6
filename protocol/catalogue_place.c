/* SPDX-License-Identifier: EUPL-1.2 */
/* catalogue_place.c - where in a catalogue a fault is: the path, and its line in the JSON text. */
#include "protocol/catalogue_part.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static size_t append(struct catalogue_place *at, const char *text)
{
    size_t mark = at->path_len;
    size_t room = CATALOGUE_PATH_MAX - at->path_len;
    size_t len = strlen(text);
    len = len < room ? len : room;
    memcpy(at->path + at->path_len, text, len);
    at->path_len += len;
    at->path[at->path_len] = '\0';
    return mark;
}

size_t catalogue_enter(struct catalogue_place *at, const char *field)
{
    size_t mark = at->path_len;
    if (mark > 0)
        append(at, ".");
    append(at, field);
    return mark;
}

size_t catalogue_enter_index(struct catalogue_place *at, size_t index)
{
    char text[32];
    snprintf(text, sizeof text, "[%zu]", index);
    return append(at, text);
}

void catalogue_leave(struct catalogue_place *at, size_t mark)
{
    at->path_len = mark;
    at->path[mark] = '\0';
}

enum ska_status catalogue_fault(const struct catalogue_place *at, enum ska_status status,
                                const char *format, ...)
{
    char text[384];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, ska_text(format), args);
    va_end(args);
    const char *path = at->path_len > 0 ? at->path : ska_text("catalogue");
    if (at->json == NULL)
        return ska_fail(at->err, status, "%s: %s", path, text);
    size_t line = catalogue_line(at->json, at->json_len, at->path);
    return ska_fail(at->err, status, "line %zu, %s: %s", line, path, text);
}

/* ------------------------------------------------------------------------------------------------
 * The scan. `i` always stands on a byte of a text that parses, so brackets match and strings end;
 * every loop also stops at the text's end, should it not.
 */
struct scan {
    const char *text;
    size_t len;
    size_t i;
};

static void skip_blanks(struct scan *s)
{
    while (s->i < s->len && strchr(" \t\r\n", s->text[s->i]) != NULL)
        s->i++;
}

/* From an opening quote to behind the closing one. */
static void skip_string(struct scan *s)
{
    for (s->i++; s->i < s->len && s->text[s->i] != '"'; s->i++)
        if (s->text[s->i] == '\\')
            s->i++;
    s->i++;
}

/* Over one value of any kind, to the comma or bracket behind it. */
static void skip_value(struct scan *s)
{
    size_t depth = 0;
    while (s->i < s->len) {
        char c = s->text[s->i];
        if (c == '"') {
            skip_string(s);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return;
        if (c == '{' || c == '[')
            depth++;
        if (c == '}' || c == ']')
            depth--;
        s->i++;
    }
}

/* One step of a path: a key ("bound") or an index ("[3]"); `name` borrows from the path. */
struct step {
    const char *name;
    size_t len;
    size_t index;
    bool is_index;
};

static bool next_step(struct step *step, const char **path)
{
    const char *p = *path;
    if (*p == '.')
        p++;
    if (*p == '\0')
        return false;
    *step = (struct step){.is_index = *p == '['};
    if (step->is_index) {
        for (p++; *p >= '0' && *p <= '9'; p++)
            step->index = step->index * 10 + (size_t)(*p - '0');
        p += *p == ']';
    } else {
        step->name = p;
        step->len = strcspn(p, ".[");
        p += step->len;
    }
    *path = p;
    return true;
}

/* Into the value that a step names. False: there is none; the scan is then anywhere. */
static bool descend(struct scan *s, const struct step *step)
{
    char open = step->is_index ? '[' : '{';
    if (s->i >= s->len || s->text[s->i] != open)
        return false;
    s->i++;
    for (size_t n = 0;; n++) {
        skip_blanks(s);
        if (s->i >= s->len || s->text[s->i] == '}' || s->text[s->i] == ']')
            return false;
        bool found = step->is_index && n == step->index;
        if (!step->is_index) {
            size_t key = s->i + 1;
            skip_string(s);
            size_t key_len = s->i - key - 1;
            found = key_len == step->len && s->i <= s->len &&
                    memcmp(s->text + key, step->name, key_len) == 0;
            skip_blanks(s);
            s->i++; /* the colon */
            skip_blanks(s);
        }
        if (found)
            return true;
        skip_value(s);
        s->i++; /* the comma, or the bracket that ends the search */
        if (s->i > s->len || s->text[s->i - 1] != ',')
            return false;
    }
}

size_t catalogue_line(const char *json, size_t len, const char *path)
{
    struct scan s = {.text = json, .len = len};
    skip_blanks(&s);
    size_t best = s.i;
    struct step step;
    while (next_step(&step, &path) && descend(&s, &step))
        best = s.i;
    size_t line = 1;
    for (size_t i = 0; i < best && i < len; i++)
        line += json[i] == '\n';
    return line;
}
