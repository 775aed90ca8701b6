/* SPDX-License-Identifier: EUPL-1.2 */
/* words.c - UTF-8 checked by hand (RFC 3629, section 4) and folded for comparison. */
#include "protocol/words.h"

#include <stdlib.h>
#include <string.h>

size_t ska_utf8_next(uint32_t *character, const char *text, size_t len)
{
    const uint8_t *s = (const uint8_t *)text;
    if (len == 0)
        return 0;
    if (s[0] < 0x80) {
        if (character != NULL)
            *character = s[0];
        return 1;
    }
    size_t n = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
               : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
               : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                              : 0;
    if (n == 0 || n > len)
        return 0;
    uint32_t c = s[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3Fu);
    }
    bool overlong = (n == 3 && c < 0x800) || (n == 4 && c < 0x10000);
    if (overlong || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
        return 0;
    if (character != NULL)
        *character = c;
    return n;
}

bool ska_utf8_is_valid(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t n = ska_utf8_next(NULL, text + i, len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x202F ||
           (c >= 0x2000 && c <= 0x200A);
}

static bool is_between(uint32_t c, uint32_t first, uint32_t last)
{
    return c >= first && c <= last;
}

/* The small letter of a capital, for the scripts named in the header; else the character itself. */
static uint32_t lower_of(uint32_t c)
{
    if (is_between(c, 'A', 'Z'))
        return c + 32;
    if (is_between(c, 0xC0, 0xDE) && c != 0xD7)
        return c + 32;
    if (is_between(c, 0x100, 0x137) || is_between(c, 0x14A, 0x177))
        return c == 0x130 || c == 0x131 ? c : c | 1; /* capitals are even; the dotted I stays */
    if (is_between(c, 0x139, 0x148) || is_between(c, 0x179, 0x17E))
        return c % 2 == 1 ? c + 1 : c; /* capitals are odd */
    if (c == 0x178)
        return 0xFF;
    if (is_between(c, 0x391, 0x3A9) && c != 0x3A2)
        return c + 32;
    if (is_between(c, 0x410, 0x42F))
        return c + 32;
    return is_between(c, 0x400, 0x40F) ? c + 80 : c;
}

/* A small letter with a combining mark as one letter, or 0 if we know none. */
static uint32_t compose(uint32_t letter, uint32_t mark)
{
    static const struct {
        uint16_t letter, mark, composed;
    } table[] = {
        {'a', 0x30A, 0xE5}, {'a', 0x308, 0xE4}, {'o', 0x308, 0xF6}, {'e', 0x301, 0xE9},
        {'u', 0x308, 0xFC}, {'e', 0x300, 0xE8}, {'a', 0x301, 0xE1}, {'a', 0x300, 0xE0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].letter == letter && table[i].mark == mark)
            return table[i].composed;
    return 0;
}

static size_t put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/*
 * Writing never overtakes reading: a folded letter is as long as its capital, a composed one two
 * bytes for three, a blank one byte for at least one, written before the next letter is.
 */
size_t ska_fold(char *out, const char *text, size_t len)
{
    size_t w = 0;
    bool blank = false;
    for (size_t i = 0; i < len;) {
        uint32_t c = 0;
        size_t n = ska_utf8_next(&c, text + i, len - i);
        if (n == 0) { /* not UTF-8: keep the byte */
            char kept = text[i++];
            if (blank && w > 0)
                out[w++] = ' ';
            blank = false;
            out[w++] = kept;
            continue;
        }
        i += n;
        if (is_blank(c)) {
            blank = true;
            continue;
        }
        c = lower_of(c);
        uint32_t mark = 0;
        size_t m = ska_utf8_next(&mark, text + i, len - i);
        if (m > 0 && compose(c, mark) != 0) {
            c = compose(c, mark);
            i += m;
        }
        if (blank && w > 0)
            out[w++] = ' ';
        blank = false;
        w += put(out + w, c);
    }
    out[w] = '\0';
    return w;
}

char *ska_fold_new(const char *text)
{
    size_t len = strlen(text);
    char *out = malloc(len + 1);
    if (out != NULL)
        ska_fold(out, text, len);
    return out;
}

size_t ska_utf8_width(const char *text)
{
    size_t len = strlen(text);
    size_t width = 0;
    for (size_t i = 0; i < len;) {
        uint32_t c = 0;
        size_t n = ska_utf8_next(&c, text + i, len - i);
        bool combining = is_between(c, 0x300, 0x36F);
        width += combining ? 0 : 1;
        i += n > 0 ? n : 1;
    }
    return width;
}
