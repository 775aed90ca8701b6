/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * scalar.h - integers modulo L, the order of ristretto255 (RFC 9496, section 4.4).
 *
 * A scalar is always reduced. Its inside is Montgomery form and nobody's business but scalar.c's;
 * the zeroed struct is the number 0. All functions take constant time in their scalars unless named
 * _vartime.
 */
#ifndef SKA_SCALAR_H
#define SKA_SCALAR_H

#include "crypto/status.h"

#include <stdint.h>

#define SKA_SCALAR_BYTES 32

typedef struct {
    uint64_t limb[4];
} ska_scalar;

extern const ska_scalar ska_scalar_zero;
extern const ska_scalar ska_scalar_one;

ska_scalar ska_scalar_from_u64(uint64_t value);
ska_scalar ska_scalar_from_i64(int64_t value); /* negative numbers become L - |value| */

/* Little-endian, 32 bytes. Decoding refuses values >= L with SKA_E_ENCODING. */
void ska_scalar_encode(uint8_t out[static SKA_SCALAR_BYTES], const ska_scalar *a);
enum ska_status ska_scalar_decode(ska_scalar *out,
                                  const uint8_t in[static SKA_SCALAR_BYTES]) SKA_MUST_CHECK;

/* Reduce a 512-bit little-endian number modulo L: the way hashes become challenges and XOF output
 * becomes shares. */
void ska_scalar_reduce64(ska_scalar *out, const uint8_t in[static 64]);

/* Uniform, from the operating system. */
void ska_scalar_random(ska_scalar *out);

/* out may be any of the operands. */
void ska_scalar_add(ska_scalar *out, const ska_scalar *a, const ska_scalar *b);
void ska_scalar_sub(ska_scalar *out, const ska_scalar *a, const ska_scalar *b);
void ska_scalar_neg(ska_scalar *out, const ska_scalar *a);
void ska_scalar_mul(ska_scalar *out, const ska_scalar *a, const ska_scalar *b);
void ska_scalar_muladd(ska_scalar *out, const ska_scalar *a, const ska_scalar *b,
                       const ska_scalar *c);                  /* a b + c */
void ska_scalar_invert(ska_scalar *out, const ska_scalar *a); /* 0 becomes 0 */

bool ska_scalar_equal(const ska_scalar *a, const ska_scalar *b);
bool ska_scalar_is_zero(const ska_scalar *a);

/* out = pick_b ? b : a, in constant time. */
void ska_scalar_select(ska_scalar *out, const ska_scalar *a, const ska_scalar *b, bool pick_b);

/* The number as an integer, if it is below 2^64; else SKA_E_RANGE. Used for totals. */
enum ska_status ska_scalar_to_u64(uint64_t *value, const ska_scalar *a) SKA_MUST_CHECK;

void ska_scalar_clear(ska_scalar *a); /* wipes */

#endif
