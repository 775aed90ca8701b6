/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bytes.h - the only way bytes of a message are read or written, and size arithmetic that cannot
 * wrap.
 *
 * All integers are big-endian (RFC 8446, section 3.3). A reader walks over borrowed bytes and moves
 * only on success. A writer appends to a caller's buffer or to a growing heap buffer and remembers
 * its first failure, so that a message can be written straight down and checked once with
 * ska_writer_status or ska_writer_take.
 */
#ifndef SKA_BYTES_H
#define SKA_BYTES_H

#include "crypto/status.h"

#include <stdint.h>

/* Sum and product of sizes from outside. Out: *sum, *product, unchanged on SKA_E_LIMIT (it would
 * wrap). */
enum ska_status ska_size_add(size_t *sum, size_t a, size_t b) SKA_MUST_CHECK;
enum ska_status ska_size_mul(size_t *product, size_t a, size_t b) SKA_MUST_CHECK;

/* Zeroed heap memory for `n` elements of `size` bytes; NULL if that wraps, is zero or is not to be
 * had. The caller frees. */
void *ska_alloc(size_t n, size_t size) SKA_MUST_CHECK;

/* Bytes borrowed from somewhere else, or owned by the struct that says so. */
struct ska_slice {
    const uint8_t *data; /* NULL exactly if len is 0 and nothing was ever there */
    size_t len;
};

struct ska_reader {
    const uint8_t *at; /* next byte to read */
    size_t left;       /* bytes not yet read */
};

void ska_reader_init(struct ska_reader *r, const uint8_t *data, size_t len);

/* Fixed-width integers. Returns SKA_OK or SKA_E_TRUNCATED; *value and `r` untouched on failure. */
enum ska_status ska_read_u8(uint8_t *value, struct ska_reader *r) SKA_MUST_CHECK;
enum ska_status ska_read_u16(uint16_t *value, struct ska_reader *r) SKA_MUST_CHECK;
enum ska_status ska_read_u32(uint32_t *value, struct ska_reader *r) SKA_MUST_CHECK;
enum ska_status ska_read_u64(uint64_t *value, struct ska_reader *r) SKA_MUST_CHECK;

/* Exactly `len` bytes, copied to `out`, or borrowed. SKA_E_TRUNCATED if fewer are left. */
enum ska_status ska_read_bytes(uint8_t *out, size_t len, struct ska_reader *r) SKA_MUST_CHECK;
enum ska_status ska_read_borrow(const uint8_t **value, struct ska_reader *r,
                                size_t len) SKA_MUST_CHECK;

/*
 * A vector with a one-, two- or four-byte length prefix, borrowed from the buffer under `r`.
 *
 * Returns SKA_OK; SKA_E_TRUNCATED if the buffer ends early; SKA_E_LIMIT if the length is over
 * `max`. Spec:   RFC 8446, section 3.4.     Time: depends on lengths only.
 */
enum ska_status ska_read_opaque8(const uint8_t **value, size_t *len, struct ska_reader *r,
                                 size_t max) SKA_MUST_CHECK;
enum ska_status ska_read_opaque16(const uint8_t **value, size_t *len, struct ska_reader *r,
                                  size_t max) SKA_MUST_CHECK;
enum ska_status ska_read_opaque32(const uint8_t **value, size_t *len, struct ska_reader *r,
                                  size_t max) SKA_MUST_CHECK;

/* Every decoder ends with this: SKA_OK if all was read, else SKA_E_TRAILING. */
enum ska_status ska_read_end(const struct ska_reader *r) SKA_MUST_CHECK;

/* Valid when zeroed: an empty growing writer with no limit but SIZE_MAX. */
struct ska_writer {
    uint8_t *data;          /* owned if `fixed` is false, else the caller's */
    size_t len;             /* bytes written */
    size_t capacity;        /* bytes at data */
    bool fixed;             /* data is the caller's and does not grow */
    enum ska_status status; /* the first failure; nothing is written after it */
};

/* Write into `capacity` bytes of the caller's; running over is SKA_E_LIMIT. */
void ska_writer_init_fixed(struct ska_writer *w, uint8_t *data, size_t capacity);

/* Wipe what was written and, if it is owned, free it. Accepts a zeroed writer, may be called twice.
 */
void ska_writer_clear(struct ska_writer *w);

void ska_write_u8(struct ska_writer *w, uint8_t value);
void ska_write_u16(struct ska_writer *w, uint16_t value);
void ska_write_u32(struct ska_writer *w, uint32_t value);
void ska_write_u64(struct ska_writer *w, uint64_t value);
void ska_write_bytes(struct ska_writer *w, const void *data, size_t len);

/* A vector with a length prefix; SKA_E_LIMIT is remembered if `len` does not fit the prefix. */
void ska_write_opaque8(struct ska_writer *w, const void *data, size_t len);
void ska_write_opaque16(struct ska_writer *w, const void *data, size_t len);
void ska_write_opaque32(struct ska_writer *w, const void *data, size_t len);

/*
 * Nested vectors of unknown length: open reserves the prefix and returns its place, close fills it
 * in.
 *
 *     size_t mark = ska_write_open16(w);
 *     ...
 *     ska_write_close16(w, mark);
 */
size_t ska_write_open16(struct ska_writer *w);
void ska_write_close16(struct ska_writer *w, size_t mark);
size_t ska_write_open32(struct ska_writer *w);
void ska_write_close32(struct ska_writer *w, size_t mark);

/* The first failure so far, or SKA_OK. */
enum ska_status ska_writer_status(const struct ska_writer *w) SKA_MUST_CHECK;

/* Hand a growing writer's bytes to the caller, who frees them. On failure nothing is handed over
 * and `w` is cleared. An empty message gives a non-NULL pointer and length 0. */
enum ska_status ska_writer_take(uint8_t **data, size_t *len, struct ska_writer *w) SKA_MUST_CHECK;

/* Lower-case hexadecimal: `out` holds 2 len + 1 bytes. Decoding wants exactly 2 len digits, else
 * SKA_E_FORMAT. */
void ska_hex_encode(char *out, const uint8_t *data, size_t len);
enum ska_status ska_hex_decode(uint8_t *out, size_t len, const char *text) SKA_MUST_CHECK;

/* URL-safe Base64 without padding (RFC 4648, section 5), as DAP uses in paths. `out` of encode
 * holds 4 ceil(len/3) + 1 bytes. Decoding wants exactly `len` bytes' worth in canonical form, else
 * SKA_E_FORMAT and `out` means nothing. Time: depends on lengths only, for key files. */
void ska_base64url_encode(char *out, const uint8_t *data, size_t len);
enum ska_status ska_base64url_decode(uint8_t *out, size_t len, const char *text,
                                     size_t text_len) SKA_MUST_CHECK;

/* Base64 with padding (RFC 4648, section 4), as signed notes have it. `out` of encode holds
 * 4 ceil(len/3) + 1 bytes. Decoding gives at most `max` bytes, else SKA_E_LIMIT; SKA_E_FORMAT if
 * the text is not canonical. *len is unchanged on failure, `out`
 * means nothing. Time: depends on lengths only. */
void ska_base64_encode(char *out, const uint8_t *data, size_t len);
enum ska_status ska_base64_decode(uint8_t *out, size_t *len, size_t max, const char *text,
                                  size_t text_len) SKA_MUST_CHECK;

#endif
