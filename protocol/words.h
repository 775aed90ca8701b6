/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * words.h - words as people type them: valid UTF-8, and equality that does not see case, outer
 * blanks or how an accent is composed.
 */
#ifndef SKA_WORDS_H
#define SKA_WORDS_H

#include "crypto/status.h"

#include <stdint.h>

/* Length of the well-formed UTF-8 character at text[0..len), 1..4, and its code point (may be
 * NULL), or 0 if it is not one (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
size_t ska_utf8_next(uint32_t *character, const char *text, size_t len);

/* Whether all of it is well-formed UTF-8. */
bool ska_utf8_is_valid(const char *text, size_t len);

/*
 * Fold well-formed UTF-8 for comparison: lower case (ASCII, Latin-1, Latin Extended-A, Greek and
 * Cyrillic capitals), a or o or e followed by a combining ring, diaeresis or acute made one letter,
 * every run of blanks (also U+00A0 and U+202F) one space, none at the ends.
 *
 * Out: `out` holds at least len + 1 bytes (folding never lengthens), may be `text` itself;
 * NUL-terminated. Returns its length. Bytes that are not UTF-8 are kept as they are.
 */
size_t ska_fold(char *out, const char *text, size_t len);

/* Fresh heap copy of the folded text; NULL without memory. */
char *ska_fold_new(const char *text) SKA_MUST_CHECK;

/* Columns a text takes on a terminal: characters that are not combining marks. */
size_t ska_utf8_width(const char *text);

#endif
