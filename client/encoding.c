/* SPDX-License-Identifier: EUPL-1.2 */
/* encoding.c - telling UTF-8 from Windows-1252, and one from the other. */
#include "client/encoding.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/words.h"
#include "support/language.h"

/* Code points of the bytes 0x80..0x9F in Windows-1252; 0: none. The others are their own. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* What the rows of a file show. 0: not seen. */
struct findings {
    size_t utf8_row;      /* first row with a UTF-8 character of several bytes */
    size_t other_row;     /* first row with bytes that are not UTF-8 */
    size_t undefined_row; /* first row with a byte that Windows-1252 does not have */
    uint8_t undefined;
};

static void look(struct findings *f, const char *text, size_t len)
{
    size_t row = 1;
    for (size_t i = 0; i < len;) {
        uint8_t byte = (uint8_t)text[i];
        size_t n = ska_utf8_next(NULL, text + i, len - i);
        row += byte == '\n';
        if (n > 1 && f->utf8_row == 0)
            f->utf8_row = row;
        if (n == 0 && f->other_row == 0)
            f->other_row = row;
        if (byte >= 0x80 && byte < 0xA0 && n == 0 && windows_1252[byte - 0x80] == 0 &&
            f->undefined_row == 0) {
            f->undefined_row = row;
            f->undefined = byte;
        }
        i += n > 0 ? n : 1;
    }
}

/* Files that are not text at all. */
static enum ska_status refuse_foreign(const uint8_t *data, size_t len, const char *name,
                                      struct ska_error *err)
{
    static const uint8_t old_workbook[4] = {0xD0, 0xCF, 0x11, 0xE0};
    if (len == 0)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: filen är tom", "%s: the file is empty"), name);
    if ((len >= 4 && memcmp(data, "PK\x03\x04", 4) == 0) ||
        (len >= 4 && memcmp(data, old_workbook, 4) == 0))
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: är en kalkylbok, inte CSV; spara den som CSV (UTF-8)",
                           "%s: is a workbook, not CSV; save it as CSV (UTF-8)"),
                        name);
    if (len >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: är i UTF-16; spara den som CSV (UTF-8)",
                           "%s: is in UTF-16; save it as CSV (UTF-8)"),
                        name);
    if (memchr(data, 0, len) != NULL)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: innehåller nollbyte och är inte text; spara den som CSV (UTF-8)",
                           "%s: holds zero bytes and is not text; save it as CSV (UTF-8)"),
                        name);
    return SKA_OK;
}

/* Every byte becomes at most three. */
static char *from_windows_1252(size_t *out_len, const char *text, size_t len)
{
    size_t size = 0;
    if (ska_size_mul(&size, len, 3) != SKA_OK || ska_size_add(&size, size, 1) != SKA_OK)
        return NULL;
    char *out = malloc(size);
    if (out == NULL)
        return NULL;
    size_t w = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)text[i];
        uint32_t c = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
        if (c < 0x80) {
            out[w++] = (char)c;
        } else if (c < 0x800) {
            out[w++] = (char)(0xC0 | c >> 6);
            out[w++] = (char)(0x80 | (c & 0x3F));
        } else {
            out[w++] = (char)(0xE0 | c >> 12);
            out[w++] = (char)(0x80 | (c >> 6 & 0x3F));
            out[w++] = (char)(0x80 | (c & 0x3F));
        }
    }
    out[w] = '\0';
    *out_len = w;
    return out;
}

static char *copy_text(const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

static enum ska_status check_findings(const struct findings *f, bool has_mark, const char *name,
                                      struct ska_error *err)
{
    if (f->other_row == 0)
        return SKA_OK;
    if (f->utf8_row > 0 || has_mark)
        return ska_fail(err, SKA_E_ENCODING,
                        tr("%s, rad %zu: en annan teckenkodning än i resten av filen (UTF-8 på rad "
                           "%zu); spara om hela filen i en kodning",
                           "%s, row %zu: another character encoding than the rest of the file "
                           "(UTF-8 in row %zu); save the whole file in one encoding"),
                        name, f->other_row, has_mark ? (size_t)1 : f->utf8_row);
    if (f->undefined_row > 0)
        return ska_fail(err, SKA_E_ENCODING,
                        tr("%s, rad %zu: byten 0x%02X finns varken i UTF-8 eller Windows-1252",
                           "%s, row %zu: the byte 0x%02X is neither UTF-8 nor Windows-1252"),
                        name, f->undefined_row, (unsigned)f->undefined);
    return SKA_OK;
}

enum ska_status encoding_read(char **text, size_t *text_len, enum encoding *encoding,
                              struct ska_slice bytes, const char *name, struct ska_error *err)
{
    SKA_TRY(refuse_foreign(bytes.data, bytes.len, name, err));
    const char *at = (const char *)bytes.data;
    size_t len = bytes.len;
    bool has_mark = len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0;
    if (has_mark) {
        at += 3;
        len -= 3;
    }
    if (len == 0)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: filen är tom", "%s: the file is empty"), name);
    struct findings f = {0};
    look(&f, at, len);
    SKA_TRY(check_findings(&f, has_mark, name, err));
    size_t out_len = len;
    char *out = f.other_row > 0 ? from_windows_1252(&out_len, at, len) : copy_text(at, len);
    if (out == NULL)
        return ska_fail(err, SKA_E_MEMORY, tr("%s: minnet räcker inte", "%s: out of memory"), name);
    *encoding = f.other_row > 0 ? ENCODING_WINDOWS_1252 : ENCODING_UTF8;
    *text = out;
    *text_len = out_len;
    return SKA_OK;
}
