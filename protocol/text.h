/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * text.h - which text a message may hold.
 *
 * Code:    1..SKA_CODE_MAX bytes of A-Z a-z 0-9 _ -
 * Period:  1..SKA_PERIOD_MAX bytes of A-Z 0-9 - ; whether it names one is ska_period_parse's
 *          business
 * Text:    UTF-8 (RFC 3629) without U+0000..001F, U+007F..009F (controls), U+2028..202E,
 *          U+2066..2069 (line and direction controls) and U+FEFF, so that what is shown is what is
 *          there and stays on its line
 */
#ifndef SKA_TEXT_H
#define SKA_TEXT_H

#include "protocol/catalogue.h"

/* SKA_OK; SKA_E_LIMIT too long; SKA_E_RANGE empty (codes and periods); SKA_E_FORMAT another
 * character. */
enum ska_status ska_code_check(const char *text, size_t len) SKA_MUST_CHECK;
enum ska_status ska_period_check(const char *text, size_t len) SKA_MUST_CHECK;
enum ska_status ska_text_check(const char *text, size_t len, size_t max) SKA_MUST_CHECK;

/* Bytes of the UTF-8 character that `text` starts with, 1..4; 0 if there is none or it is not one
 * that text may hold. */
size_t ska_text_character(const char *text, size_t len);

/* A code, a period (opaque8) or a text (opaque16, at most `max` bytes) out of a message. The buffer
 * is zeroed behind the text. Out and `r` are untouched on failure. */
enum ska_status ska_read_code(char out[static SKA_CODE_MAX + 1],
                              struct ska_reader *r) SKA_MUST_CHECK;
enum ska_status ska_read_period(char out[static SKA_PERIOD_MAX + 1],
                                struct ska_reader *r) SKA_MUST_CHECK;
enum ska_status ska_read_text16(char *out /* max + 1 bytes */, struct ska_reader *r,
                                size_t max) SKA_MUST_CHECK;

/* Write a NUL-terminated string with its length. */
void ska_write_string8(struct ska_writer *w, const char *text);
void ska_write_string16(struct ska_writer *w, const char *text);

#endif
