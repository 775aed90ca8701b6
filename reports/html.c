/* SPDX-License-Identifier: EUPL-1.2 */
/* html.c - escaping, and templates with {}. */
#include "reports/html.h"

#include <assert.h>
#include <string.h>

void html_raw(struct ska_writer *w, const char *markup)
{
    ska_write_bytes(w, markup, strlen(markup));
}

void html_text(struct ska_writer *w, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        switch (*c) {
        case '&':
            html_raw(w, "&amp;");
            break;
        case '<':
            html_raw(w, "&lt;");
            break;
        case '>':
            html_raw(w, "&gt;");
            break;
        case '"':
            html_raw(w, "&quot;");
            break;
        case '\'':
            html_raw(w, "&#39;");
            break;
        default:
            ska_write_u8(w, (uint8_t)*c);
        }
    }
}

void html_fill(struct ska_writer *w, const char *markup, const char *const *texts)
{
    for (const char *hole; (hole = strstr(markup, "{}")) != NULL; markup = hole + 2) {
        assert(*texts != NULL);
        ska_write_bytes(w, markup, (size_t)(hole - markup));
        html_text(w, *texts++);
    }
    assert(*texts == NULL);
    html_raw(w, markup);
}
