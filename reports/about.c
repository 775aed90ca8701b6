/* SPDX-License-Identifier: EUPL-1.2 */
/* about.c - who publishes a collection, and under which licence. */
#include "reports/about.h"

#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "support/file.h"

#define ABOUT_BYTES_MAX 4096

struct line {
    const char *name;
    char *value;
    size_t size;
};

bool about_is_kind(const char *text)
{
    return strcmp(text, "local") == 0 || strcmp(text, "regional") == 0 ||
           strcmp(text, "national") == 0;
}

static enum ska_status set_line(struct about *a, const char *text, size_t len)
{
    const struct line lines[] = {{"publisher", a->publisher, sizeof a->publisher},
                                 {"licence", a->licence, sizeof a->licence},
                                 {"contact", a->contact, sizeof a->contact},
                                 {"kind", a->kind, sizeof a->kind}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t name_len = strlen(lines[i].name);
        if (len < name_len + 3 || memcmp(text, lines[i].name, name_len) != 0 ||
            memcmp(text + name_len, " = ", 3) != 0)
            continue;
        const char *value = text + name_len + 3;
        size_t value_len = len - name_len - 3;
        SKA_TRY(ska_text_check(value, value_len, lines[i].size - 1));
        memcpy(lines[i].value, value, value_len);
        lines[i].value[value_len] = '\0';
        return lines[i].value != a->kind || about_is_kind(a->kind) ? SKA_OK : SKA_E_FORMAT;
    }
    return SKA_E_FORMAT;
}

enum ska_status about_read(struct about *out, const struct collection *c, struct ska_error *err)
{
    struct about read = {.licence = ABOUT_LICENCE_DEFAULT};
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "about");
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    if (file_exists(path))
        SKA_TRY(file_read(&data, &len, path, ABOUT_BYTES_MAX, err));
    const char *at = (const char *)data;
    const char *end = at != NULL ? at + len : at;
    while (at != end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        if (set_line(&read, at, (size_t)(stop - at)) != SKA_OK)
            return ska_fail(err, SKA_E_FORMAT, "%s: \"%.*s\"", path, (int)(stop - at), at);
        at = newline != NULL ? stop + 1 : end;
    }
    *out = read;
    return SKA_OK;
}

enum ska_status about_write(const struct about *about, const struct collection *c,
                            struct ska_error *err)
{
    char text[ABOUT_BYTES_MAX];
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "about");
    if (path == NULL)
        return SKA_E_MEMORY;
    static const char *const names[] = {"publisher", "licence", "contact", "kind"};
    const char *const values[] = {about->publisher, about->licence, about->contact, about->kind};
    int n = 0;
    for (size_t i = 0; i < 4; i++)
        if (values[i][0] != '\0')
            n += snprintf(text + n, sizeof text - (size_t)n, "%s = %s\n", names[i],
                          values[i]); /* fits: four lines of at most 520 bytes */
    return file_write(path, text, (size_t)n, false, err);
}
