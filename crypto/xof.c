/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * xof.c - TurboSHAKE128 over our own Keccak-p[1600, 12], and the VDAF draft's XOF on top of it.
 *
 * One state, absorbing first and squeezing after; `offset` is the place within the block of
 * RATE bytes that comes next.
 *
 *     init --ska_xof_absorb*--> absorbing --first ska_xof_squeeze (pads, permutes)--> squeezing
 *
 * The permutation has no branch and no index that depends on the lanes, so its time depends on the
 * number of blocks only.
 */
#include "crypto/xof.h"

#include "crypto/secret.h"

#include <assert.h>

#define RATE 168u /* bytes of a block: 200 minus twice the security strength of 16 bytes */
#define ROUNDS 12

/* The last 12 of Keccak-f[1600]'s 24 round constants (FIPS 202, section 3.2.5; RFC 9861,
 * section 2.2). */
static const uint64_t round_constant[ROUNDS] = {
    UINT64_C(0x000000008000808B), UINT64_C(0x800000000000008B), UINT64_C(0x8000000000008089),
    UINT64_C(0x8000000000008003), UINT64_C(0x8000000000008002), UINT64_C(0x8000000000000080),
    UINT64_C(0x000000000000800A), UINT64_C(0x800000008000000A), UINT64_C(0x8000000080008081),
    UINT64_C(0x8000000000008080), UINT64_C(0x0000000080000001), UINT64_C(0x8000000080008008),
};

/* Rho and pi as one walk over the 24 lanes that move: lane `next` receives the one before it,
 * rotated. */
static const uint8_t pi_next[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                    15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
static const uint8_t rho_bits[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                     27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

static uint64_t rotate_left(uint64_t lane, unsigned bits)
{
    return lane << bits | lane >> (64 - bits); /* bits is 1..63 */
}

static void theta(uint64_t a[static 25])
{
    uint64_t column[5];
    for (size_t x = 0; x < 5; x++)
        column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (size_t x = 0; x < 5; x++) {
        uint64_t d = column[(x + 4) % 5] ^ rotate_left(column[(x + 1) % 5], 1);
        for (size_t y = 0; y < 25; y += 5)
            a[x + y] ^= d;
    }
}

static void rho_pi(uint64_t a[static 25])
{
    uint64_t moving = a[1];
    for (size_t i = 0; i < 24; i++) {
        uint64_t displaced = a[pi_next[i]];
        a[pi_next[i]] = rotate_left(moving, rho_bits[i]);
        moving = displaced;
    }
}

static void chi(uint64_t a[static 25])
{
    for (size_t y = 0; y < 25; y += 5) {
        uint64_t row[5];
        for (size_t x = 0; x < 5; x++)
            row[x] = a[y + x];
        for (size_t x = 0; x < 5; x++)
            a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

/* Keccak-p[1600, 12]. */
static void permute(uint64_t a[static 25])
{
    for (size_t round = 0; round < ROUNDS; round++) {
        theta(a);
        rho_pi(a);
        chi(a);
        a[0] ^= round_constant[round];
    }
}

/* Lanes are little-endian (FIPS 202, section 3.1.2). */
static void xor_byte(struct ska_xof *x, uint32_t at, uint8_t byte)
{
    x->lanes[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

void ska_turboshake128_init(struct ska_xof *x, uint8_t separator)
{
    assert(separator >= 0x01 && separator <= 0x7F);
    *x = (struct ska_xof){.separator = separator};
}

void ska_xof_absorb(struct ska_xof *x, const void *data, size_t len)
{
    assert(!x->squeezing);
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        xor_byte(x, x->offset++, bytes[i]);
        if (x->offset == RATE) {
            permute(x->lanes);
            x->offset = 0;
        }
    }
}

void ska_xof_squeeze(struct ska_xof *x, void *out, size_t len)
{
    if (!x->squeezing) {
        xor_byte(x, x->offset, x->separator);
        xor_byte(x, RATE - 1, 0x80);
        x->squeezing = true;
        x->offset = RATE; /* nothing left of the block before the first output block */
    }
    uint8_t *bytes = out;
    for (size_t i = 0; i < len; i++) {
        if (x->offset == RATE) {
            permute(x->lanes);
            x->offset = 0;
        }
        bytes[i] = (uint8_t)(x->lanes[x->offset / 8] >> (8 * (x->offset % 8)));
        x->offset++;
    }
}

void ska_xof_clear(struct ska_xof *x)
{
    if (x != NULL)
        ska_wipe(x, sizeof *x);
}

void ska_xof_init(struct ska_xof *x, struct ska_slice seed, struct ska_slice dst,
                  struct ska_slice binder)
{
    assert(dst.len <= UINT16_MAX && seed.len <= UINT8_MAX);
    const uint8_t dst_len[2] = {(uint8_t)(dst.len & 0xFF), (uint8_t)(dst.len >> 8)};
    const uint8_t seed_len = (uint8_t)seed.len;
    ska_turboshake128_init(x, 1);
    ska_xof_absorb(x, dst_len, sizeof dst_len);
    ska_xof_absorb(x, dst.data, dst.len);
    ska_xof_absorb(x, &seed_len, sizeof seed_len);
    ska_xof_absorb(x, seed.data, seed.len);
    ska_xof_absorb(x, binder.data, binder.len);
}
