/* SPDX-License-Identifier: EUPL-1.2 */
/* bytes.c - bounded reading and writing of messages. */
#include "crypto/bytes.h"

#include "crypto/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum ska_status ska_size_add(size_t *sum, size_t a, size_t b)
{
    size_t result;
    if (__builtin_add_overflow(a, b, &result))
        return SKA_E_LIMIT;
    *sum = result;
    return SKA_OK;
}

enum ska_status ska_size_mul(size_t *product, size_t a, size_t b)
{
    size_t result;
    if (__builtin_mul_overflow(a, b, &result))
        return SKA_E_LIMIT;
    *product = result;
    return SKA_OK;
}

void *ska_alloc(size_t n, size_t size)
{
    size_t bytes;
    if (ska_size_mul(&bytes, n, size) != SKA_OK || bytes == 0)
        return NULL;
    return calloc(n, size);
}

void ska_reader_init(struct ska_reader *r, const uint8_t *data, size_t len)
{
    r->at = data;
    r->left = len;
}

enum ska_status ska_read_borrow(const uint8_t **value, struct ska_reader *r, size_t len)
{
    if (len > r->left)
        return SKA_E_TRUNCATED;
    *value = r->at;
    if (len > 0)
        r->at += len;
    r->left -= len;
    return SKA_OK;
}

enum ska_status ska_read_bytes(uint8_t *out, size_t len, struct ska_reader *r)
{
    const uint8_t *at;
    SKA_TRY(ska_read_borrow(&at, r, len));
    if (len > 0)
        memcpy(out, at, len);
    return SKA_OK;
}

/* Read a big-endian integer of `width` bytes, 1..8. */
static enum ska_status read_integer(uint64_t *value, struct ska_reader *r, size_t width)
{
    const uint8_t *at;
    SKA_TRY(ska_read_borrow(&at, r, width));
    uint64_t sum = 0;
    for (size_t i = 0; i < width; i++)
        sum = sum << 8 | at[i];
    *value = sum;
    return SKA_OK;
}

enum ska_status ska_read_u8(uint8_t *value, struct ska_reader *r)
{
    uint64_t wide;
    SKA_TRY(read_integer(&wide, r, 1));
    *value = (uint8_t)wide;
    return SKA_OK;
}

enum ska_status ska_read_u16(uint16_t *value, struct ska_reader *r)
{
    uint64_t wide;
    SKA_TRY(read_integer(&wide, r, 2));
    *value = (uint16_t)wide;
    return SKA_OK;
}

enum ska_status ska_read_u32(uint32_t *value, struct ska_reader *r)
{
    uint64_t wide;
    SKA_TRY(read_integer(&wide, r, 4));
    *value = (uint32_t)wide;
    return SKA_OK;
}

enum ska_status ska_read_u64(uint64_t *value, struct ska_reader *r)
{
    return read_integer(value, r, 8);
}

/* Read a length of `width` bytes and as many bytes as it says. */
static enum ska_status read_opaque(const uint8_t **value, size_t *len, struct ska_reader *r,
                                   size_t width, size_t max)
{
    struct ska_reader inner = *r;
    uint64_t wide;
    SKA_TRY(read_integer(&wide, &inner, width));
    if (wide > max)
        return SKA_E_LIMIT;
    const uint8_t *at;
    SKA_TRY(ska_read_borrow(&at, &inner, (size_t)wide));
    *value = at;
    *len = (size_t)wide;
    *r = inner;
    return SKA_OK;
}

enum ska_status ska_read_opaque8(const uint8_t **value, size_t *len, struct ska_reader *r,
                                 size_t max)
{
    return read_opaque(value, len, r, 1, max);
}

enum ska_status ska_read_opaque16(const uint8_t **value, size_t *len, struct ska_reader *r,
                                  size_t max)
{
    return read_opaque(value, len, r, 2, max);
}

enum ska_status ska_read_opaque32(const uint8_t **value, size_t *len, struct ska_reader *r,
                                  size_t max)
{
    return read_opaque(value, len, r, 4, max);
}

enum ska_status ska_read_end(const struct ska_reader *r)
{
    return r->left == 0 ? SKA_OK : SKA_E_TRAILING;
}

void ska_writer_init_fixed(struct ska_writer *w, uint8_t *data, size_t capacity)
{
    *w = (struct ska_writer){.data = data, .capacity = capacity, .fixed = true};
}

void ska_writer_clear(struct ska_writer *w)
{
    if (w->data != NULL)
        ska_wipe(w->data, w->len);
    if (!w->fixed)
        free(w->data);
    *w = (struct ska_writer){0};
}

/* Make room for `len` more bytes. The old buffer is wiped when it moves, since messages may hold
 * shares. */
static enum ska_status reserve(struct ska_writer *w, size_t len)
{
    size_t need;
    SKA_TRY(ska_size_add(&need, w->len, len));
    if (need <= w->capacity)
        return SKA_OK;
    if (w->fixed)
        return SKA_E_LIMIT;
    size_t capacity = w->capacity < 256 ? 256 : w->capacity;
    while (capacity < need)
        SKA_TRY(ska_size_mul(&capacity, capacity, 2));
    uint8_t *data = malloc(capacity);
    if (data == NULL)
        return SKA_E_MEMORY;
    if (w->len > 0)
        memcpy(data, w->data, w->len);
    ska_wipe_free(w->data, w->len);
    w->data = data;
    w->capacity = capacity;
    return SKA_OK;
}

void ska_write_bytes(struct ska_writer *w, const void *data, size_t len)
{
    if (w->status != SKA_OK || len == 0)
        return;
    w->status = reserve(w, len);
    if (w->status != SKA_OK)
        return;
    memcpy(w->data + w->len, data, len);
    w->len += len;
}

static void put_integer(uint8_t *out, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
}

static void write_integer(struct ska_writer *w, uint64_t value, size_t width)
{
    uint8_t wire[8];
    put_integer(wire, value, width);
    ska_write_bytes(w, wire, width);
    ska_wipe(wire, sizeof wire); /* counts are secrets */
}

void ska_write_u8(struct ska_writer *w, uint8_t value)
{
    write_integer(w, value, 1);
}

void ska_write_u16(struct ska_writer *w, uint16_t value)
{
    write_integer(w, value, 2);
}

void ska_write_u32(struct ska_writer *w, uint32_t value)
{
    write_integer(w, value, 4);
}

void ska_write_u64(struct ska_writer *w, uint64_t value)
{
    write_integer(w, value, 8);
}

static void write_opaque(struct ska_writer *w, const void *data, size_t len, size_t width)
{
    uint64_t max = (UINT64_C(1) << (8 * width)) - 1;
    if (len > max && w->status == SKA_OK)
        w->status = SKA_E_LIMIT;
    write_integer(w, len, width);
    ska_write_bytes(w, data, len);
}

void ska_write_opaque8(struct ska_writer *w, const void *data, size_t len)
{
    write_opaque(w, data, len, 1);
}

void ska_write_opaque16(struct ska_writer *w, const void *data, size_t len)
{
    write_opaque(w, data, len, 2);
}

void ska_write_opaque32(struct ska_writer *w, const void *data, size_t len)
{
    write_opaque(w, data, len, 4);
}

static void close_vector(struct ska_writer *w, size_t mark, size_t width)
{
    if (w->status != SKA_OK)
        return;
    assert(mark + width <= w->len);
    uint64_t len = w->len - mark - width;
    if (len > (UINT64_C(1) << (8 * width)) - 1)
        w->status = SKA_E_LIMIT;
    else
        put_integer(w->data + mark, len, width);
}

size_t ska_write_open16(struct ska_writer *w)
{
    size_t mark = w->len;
    ska_write_u16(w, 0);
    return mark;
}

void ska_write_close16(struct ska_writer *w, size_t mark)
{
    close_vector(w, mark, 2);
}

size_t ska_write_open32(struct ska_writer *w)
{
    size_t mark = w->len;
    ska_write_u32(w, 0);
    return mark;
}

void ska_write_close32(struct ska_writer *w, size_t mark)
{
    close_vector(w, mark, 4);
}

enum ska_status ska_writer_status(const struct ska_writer *w)
{
    return w->status;
}

enum ska_status ska_writer_take(uint8_t **data, size_t *len, struct ska_writer *w)
{
    assert(!w->fixed);
    if (w->status == SKA_OK)
        w->status = reserve(w, 1); /* an empty message must still have an address */
    enum ska_status status = w->status;
    if (status != SKA_OK) {
        ska_writer_clear(w);
        return status;
    }
    *data = w->data;
    *len = w->len;
    *w = (struct ska_writer){0};
    return SKA_OK;
}

void ska_hex_encode(char *out, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * len] = '\0';
}

/* The value of a lower-case hexadecimal digit, or 16. */
static unsigned hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return (unsigned)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (unsigned)(digit - 'a') + 10;
    return 16;
}

enum ska_status ska_hex_decode(uint8_t *out, size_t len, const char *text)
{
    if (strlen(text) != 2 * len)
        return SKA_E_FORMAT;
    for (size_t i = 0; i < 2 * len; i++) {
        if (hex_value(text[i]) > 15)
            return SKA_E_FORMAT;
    }
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    return SKA_OK;
}

/* All ones if low <= c <= high, else 0. Keys are written so: without a branch, without a table. */
static uint32_t mask_within(uint32_t c, uint32_t low, uint32_t high)
{
    return (((c - low) | (high - c)) >> 31) - 1;
}

/* The character of six bits; `last` are those of 62 and 63. */
static char base64_digit(uint32_t v, const char last[static 2])
{
    return (char)((mask_within(v, 0, 25) & ('A' + v)) | (mask_within(v, 26, 51) & ('a' + v - 26)) |
                  (mask_within(v, 52, 61) & ('0' + v - 52)) |
                  (mask_within(v, 62, 62) & (uint8_t)last[0]) |
                  (mask_within(v, 63, 63) & (uint8_t)last[1]));
}

/* The six bits of a character, or a value with bit 31 set. */
static uint32_t base64_value(char digit, const char last[static 2])
{
    const uint32_t c = (uint8_t)digit;
    const uint32_t upper = mask_within(c, 'A', 'Z');
    const uint32_t lower = mask_within(c, 'a', 'z');
    const uint32_t number = mask_within(c, '0', '9');
    const uint32_t is_62 = mask_within(c, (uint8_t)last[0], (uint8_t)last[0]);
    const uint32_t is_63 = mask_within(c, (uint8_t)last[1], (uint8_t)last[1]);
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (number & (c - '0' + 52)) |
           (is_62 & 62) | (is_63 & 63) | (~(upper | lower | number | is_62 | is_63) & (1u << 31));
}

/* Without padding; returns the end, where a NUL is. */
static char *base64_encode(char *out, const uint8_t *data, size_t len, const char last[static 2])
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    for (size_t i = 0; i < len; i++) {
        bits = (bits << 8 | data[i]) & 0xFFFFu;
        n_bits += 8;
        while (n_bits >= 6) {
            n_bits -= 6;
            *out++ = base64_digit(bits >> n_bits & 63u, last);
        }
    }
    if (n_bits > 0)
        *out++ = base64_digit(bits << (6 - n_bits) & 63u, last);
    *out = '\0';
    return out;
}

/* Without padding; `text_len` is one that whole bytes have. */
static enum ska_status base64_decode(uint8_t *out, const char *text, size_t text_len,
                                     const char last[static 2])
{
    uint32_t bits = 0;
    uint32_t bad = 0;
    unsigned n_bits = 0;
    size_t n_out = 0;
    for (size_t i = 0; i < text_len; i++) {
        const uint32_t value = base64_value(text[i], last);
        bad |= value >> 31;
        bits = (bits << 6 | (value & 63u)) & 0xFFFFu;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n_out++] = (uint8_t)(bits >> n_bits);
        }
    }
    /* Bits left over must be zero, or two texts would name the same bytes. */
    bad |= bits & ((1u << n_bits) - 1);
    SKA_MARK_PUBLIC(&bad, sizeof bad, "that a text is refused is told");
    return bad == 0 ? SKA_OK : SKA_E_FORMAT;
}

void ska_base64url_encode(char *out, const uint8_t *data, size_t len)
{
    (void)base64_encode(out, data, len, "-_");
}

enum ska_status ska_base64url_decode(uint8_t *out, size_t len, const char *text, size_t text_len)
{
    if (text_len != (len * 8 + 5) / 6)
        return SKA_E_FORMAT;
    return base64_decode(out, text, text_len, "-_");
}

void ska_base64_encode(char *out, const uint8_t *data, size_t len)
{
    char *end = base64_encode(out, data, len, "+/");
    for (; len % 3 != 0; len++)
        *end++ = '=';
    *end = '\0';
}

enum ska_status ska_base64_decode(uint8_t *out, size_t *len, size_t max, const char *text,
                                  size_t text_len)
{
    size_t padding = 0;
    while (padding < 2 && padding < text_len && text[text_len - 1 - padding] == '=')
        padding++;
    if (text_len % 4 != 0)
        return SKA_E_FORMAT;
    size_t n = text_len / 4 * 3 - padding;
    if (n > max)
        return SKA_E_LIMIT;
    SKA_TRY(base64_decode(out, text, text_len - padding, "+/"));
    *len = n;
    return SKA_OK;
}
