/* SPDX-License-Identifier: EUPL-1.2 */
/* json_text.c - JSON strings and templates. */
#include "support/json_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void json_raw(struct ska_writer *w, const char *json)
{
    ska_write_bytes(w, json, strlen(json));
}

void json_string(struct ska_writer *w, const char *text)
{
    ska_write_u8(w, '"');
    for (const char *c = text; *c != '\0'; c++) {
        char escape[8];
        if (*c == '"' || *c == '\\')
            ska_write_u8(w, '\\');
        if ((unsigned char)*c >= 0x20) {
            ska_write_u8(w, (uint8_t)*c);
            continue;
        }
        (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*c);
        json_raw(w, escape);
    }
    ska_write_u8(w, '"');
}

void json_fill(struct ska_writer *w, const char *json, const char *const *texts)
{
    for (const char *hole; (hole = strstr(json, "{}")) != NULL; json = hole + 2) {
        assert(*texts != NULL);
        ska_write_bytes(w, json, (size_t)(hole - json));
        json_string(w, *texts++);
    }
    assert(*texts == NULL);
    json_raw(w, json);
}
