/* SPDX-License-Identifier: EUPL-1.2 */
/* html.h - writing HTML so that text from outside can only ever be text. */
#ifndef SKA_REPORTS_HTML_H
#define SKA_REPORTS_HTML_H

#include "crypto/bytes.h"

/* Markup as it stands: only for our own constants. */
void html_raw(struct ska_writer *w, const char *markup);

/* Text, with & < > " ' escaped: right between tags and inside quoted attributes. */
void html_text(struct ska_writer *w, const char *text);

/* A template of markup in which each {} takes the next text, escaped: HTML(w, "<h2>{}</h2>",
 * label). As many texts as {}; ends the process otherwise (a mistake in the program). */
void html_fill(struct ska_writer *w, const char *markup, const char *const *texts);
#define HTML(w, ...) HTML_FILL(w, __VA_ARGS__, NULL)
#define HTML_FILL(w, markup, ...) html_fill((w), (markup), (const char *const[]){__VA_ARGS__})

#endif
