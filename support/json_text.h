/* SPDX-License-Identifier: EUPL-1.2 */
/* json_text.h - writing JSON so that text from outside can only ever be a string (RFC 8259). */
#ifndef SKA_JSON_TEXT_H
#define SKA_JSON_TEXT_H

#include "crypto/bytes.h"

/* As it stands: only for our own constants and numbers. */
void json_raw(struct ska_writer *w, const char *json);

/* "text", escaped; UTF-8 is left as it is. */
void json_string(struct ska_writer *w, const char *text);

/* A template in which each {} takes the next text as a string: JSON(w, "{\"a\":{}}", text). As many
 * texts as {}; ends the process otherwise (a mistake in the program). */
void json_fill(struct ska_writer *w, const char *json, const char *const *texts);
#define JSON(w, ...) JSON_FILL(w, __VA_ARGS__, NULL)
#define JSON_FILL(w, json, ...) json_fill((w), (json), (const char *const[]){__VA_ARGS__})

#endif
