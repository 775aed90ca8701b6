/* SPDX-License-Identifier: EUPL-1.2 */
/* text.c - codes, periods and UTF-8 text within messages. */
#include "protocol/text.h"

#include "protocol/words.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_code_character(char c)
{
    return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

static bool is_period_character(char c)
{
    return is_digit(c) || is_capital(c) || c == '-';
}

static enum ska_status check_characters(const char *text, size_t len, size_t max,
                                        bool (*is_allowed)(char))
{
    if (len > max)
        return SKA_E_LIMIT;
    if (len == 0)
        return SKA_E_RANGE;
    for (size_t i = 0; i < len; i++) {
        if (!is_allowed(text[i]))
            return SKA_E_FORMAT;
    }
    return SKA_OK;
}

enum ska_status ska_code_check(const char *text, size_t len)
{
    return check_characters(text, len, SKA_CODE_MAX, is_code_character);
}

enum ska_status ska_period_check(const char *text, size_t len)
{
    return check_characters(text, len, SKA_PERIOD_MAX, is_period_character);
}

/* Of the characters that UTF-8 can write. */
static bool is_text_character(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    bool is_invisible = (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
    return !is_control && !is_invisible;
}

size_t ska_text_character(const char *text, size_t len)
{
    uint32_t character;
    size_t width = ska_utf8_next(&character, text, len);
    return width > 0 && is_text_character(character) ? width : 0;
}

enum ska_status ska_text_check(const char *text, size_t len, size_t max)
{
    if (len > max)
        return SKA_E_LIMIT;
    for (size_t i = 0; i < len;) {
        size_t width = ska_text_character(text + i, len - i);
        if (width == 0)
            return SKA_E_FORMAT;
        i += width;
    }
    return SKA_OK;
}

static void put_text(char *out, size_t size, const uint8_t *text, size_t len)
{
    memset(out, 0, size);
    if (len > 0)
        memcpy(out, text, len);
}

enum ska_status ska_read_code(char out[static SKA_CODE_MAX + 1], struct ska_reader *r)
{
    struct ska_reader inner = *r;
    const uint8_t *text;
    size_t len;
    SKA_TRY(ska_read_opaque8(&text, &len, &inner, SKA_CODE_MAX));
    SKA_TRY(ska_code_check((const char *)text, len));
    put_text(out, SKA_CODE_MAX + 1, text, len);
    *r = inner;
    return SKA_OK;
}

enum ska_status ska_read_period(char out[static SKA_PERIOD_MAX + 1], struct ska_reader *r)
{
    struct ska_reader inner = *r;
    const uint8_t *text;
    size_t len;
    SKA_TRY(ska_read_opaque8(&text, &len, &inner, SKA_PERIOD_MAX));
    SKA_TRY(ska_period_check((const char *)text, len));
    put_text(out, SKA_PERIOD_MAX + 1, text, len);
    *r = inner;
    return SKA_OK;
}

enum ska_status ska_read_text16(char *out, struct ska_reader *r, size_t max)
{
    struct ska_reader inner = *r;
    const uint8_t *text;
    size_t len;
    SKA_TRY(ska_read_opaque16(&text, &len, &inner, max));
    SKA_TRY(ska_text_check((const char *)text, len, max));
    put_text(out, max + 1, text, len);
    *r = inner;
    return SKA_OK;
}

void ska_write_string8(struct ska_writer *w, const char *text)
{
    ska_write_opaque8(w, text, strlen(text));
}

void ska_write_string16(struct ska_writer *w, const char *text)
{
    ska_write_opaque16(w, text, strlen(text));
}
