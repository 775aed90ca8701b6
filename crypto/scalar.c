/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * scalar.c - arithmetic modulo L = 2^252 + 27742317777372353535851937790883648493.
 *
 * A scalar a is kept as a R mod L with R = 2^256 (Montgomery form), always below L, four limbs of
 * 64 bits, least significant first. Addition and subtraction are the same in that form; a product
 * is one Montgomery multiplication. Nothing here branches on, or indexes with, a limb.
 */
#include "crypto/scalar.h"

#include "crypto/random.h"
#include "crypto/secret.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

#define LIMBS 4

/* L; its limb 2 is 0 and its limb 3 is 2^60, which the reduction below makes use of. */
#define L0 UINT64_C(0x5812631a5cf5d3ed)
#define L1 UINT64_C(0x14def9dea2f79cd6)
#define L3 UINT64_C(0x1000000000000000)
#define L_NEG_INVERSE UINT64_C(0xd2b51da312547e1b) /* -1 / L mod 2^64 */

static const uint64_t order[LIMBS] = {L0, L1, 0, L3};
static const ska_scalar r_squared = {{UINT64_C(0xa40611e3449c0f01), UINT64_C(0xd00e1ba768859347),
                                      UINT64_C(0xceec73d217f5be65),
                                      UINT64_C(0x0399411b7c309a3d)}}; /* R^2 mod L */
static const ska_scalar r_cubed = {{UINT64_C(0x2a9e49687b83a2db), UINT64_C(0x278324e6aef7f3ec),
                                    UINT64_C(0x8065dc6c04ec5b65),
                                    UINT64_C(0x0e530b773599cec7)}}; /* R^3 mod L */

const ska_scalar ska_scalar_zero = {{0, 0, 0, 0}};
const ska_scalar ska_scalar_one = {{UINT64_C(0xd6ec31748d98951d), UINT64_C(0xc6ef5bf4737dcf70),
                                    UINT64_C(0xfffffffffffffffe),
                                    UINT64_C(0x0fffffffffffffff)}}; /* R mod L */

/* out = t - L if t >= L, else t, for t < 2 L. */
static void subtract_order_once(uint64_t out[LIMBS], const uint64_t t[LIMBS])
{
    uint64_t less[LIMBS];
    uint64_t borrow = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        wide d = (wide)t[i] - order[i] - borrow;
        less[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    uint64_t keep = 0 - borrow; /* all ones if t < L */
    for (size_t i = 0; i < LIMBS; i++)
        out[i] = (t[i] & keep) | (less[i] & ~keep);
}

/*
 * out = a b / R mod L, for b < L and any a < 2^256.
 *
 * One row adds a[i] b and then the multiple m of L that clears the lowest limb, and drops it. After
 * a row t < b + L < 2^254, so four limbs hold it; within a row t < 2^318, so five do.
 */
static void montgomery(uint64_t out[LIMBS], const uint64_t a[LIMBS], const uint64_t b[LIMBS])
{
    uint64_t t[LIMBS] = {0};
    for (size_t i = 0; i < LIMBS; i++) {
        wide c = (wide)a[i] * b[0] + t[0];
        uint64_t u0 = (uint64_t)c;
        c = (wide)a[i] * b[1] + t[1] + (uint64_t)(c >> 64);
        uint64_t u1 = (uint64_t)c;
        c = (wide)a[i] * b[2] + t[2] + (uint64_t)(c >> 64);
        uint64_t u2 = (uint64_t)c;
        c = (wide)a[i] * b[3] + t[3] + (uint64_t)(c >> 64);
        uint64_t u3 = (uint64_t)c;
        uint64_t u4 = (uint64_t)(c >> 64);

        uint64_t m = u0 * L_NEG_INVERSE;
        c = (wide)m * L0 + u0;
        c = (wide)m * L1 + u1 + (uint64_t)(c >> 64);
        t[0] = (uint64_t)c;
        c = (wide)u2 + (uint64_t)(c >> 64);
        t[1] = (uint64_t)c;
        c = ((wide)m << 60) + u3 + (uint64_t)(c >> 64);
        t[2] = (uint64_t)c;
        t[3] = u4 + (uint64_t)(c >> 64);
    }
    subtract_order_once(out, t);
}

static void load_limbs(uint64_t limb[LIMBS], const uint8_t in[static SKA_SCALAR_BYTES])
{
    for (size_t i = 0; i < LIMBS; i++) {
        limb[i] = 0;
        for (size_t j = 0; j < 8; j++)
            limb[i] |= (uint64_t)in[8 * i + j] << (8 * j);
    }
}

/* The number itself, out of Montgomery form. */
static void to_limbs(uint64_t limb[LIMBS], const ska_scalar *a)
{
    static const uint64_t one[LIMBS] = {1, 0, 0, 0};
    montgomery(limb, a->limb, one);
}

ska_scalar ska_scalar_from_u64(uint64_t value)
{
    ska_scalar out = {{0}};
    const uint64_t limb[LIMBS] = {value, 0, 0, 0};
    montgomery(out.limb, limb, r_squared.limb);
    return out;
}

ska_scalar ska_scalar_from_i64(int64_t value)
{
    uint64_t bits = (uint64_t)value;
    uint64_t sign = 0 - (bits >> 63);
    ska_scalar plus = ska_scalar_from_u64((bits ^ sign) - sign); /* |value|, also of INT64_MIN */
    ska_scalar minus = {{0}};
    ska_scalar_neg(&minus, &plus);
    ska_scalar out = {{0}};
    for (size_t i = 0; i < LIMBS; i++)
        out.limb[i] = (plus.limb[i] & ~sign) | (minus.limb[i] & sign);
    return out;
}

void ska_scalar_encode(uint8_t out[static SKA_SCALAR_BYTES], const ska_scalar *a)
{
    uint64_t limb[LIMBS];
    to_limbs(limb, a);
    for (size_t i = 0; i < LIMBS; i++) {
        for (size_t j = 0; j < 8; j++)
            out[8 * i + j] = (uint8_t)(limb[i] >> (8 * j));
    }
}

enum ska_status ska_scalar_decode(ska_scalar *out, const uint8_t in[static SKA_SCALAR_BYTES])
{
    uint64_t limb[LIMBS];
    load_limbs(limb, in);
    uint64_t borrow = 0;
    for (size_t i = 0; i < LIMBS; i++)
        borrow = (uint64_t)(((wide)limb[i] - order[i] - borrow) >> 64) & 1;
    SKA_MARK_PUBLIC(&borrow, sizeof borrow, "whether an encoding is canonical is told to the peer");
    if (borrow == 0)
        return SKA_E_ENCODING;
    montgomery(out->limb, limb, r_squared.limb);
    return SKA_OK;
}

void ska_scalar_reduce64(ska_scalar *out, const uint8_t in[static 64])
{
    uint64_t limb[LIMBS];
    ska_scalar low = {{0}};
    ska_scalar high = {{0}};
    load_limbs(limb, in);
    montgomery(low.limb, limb, r_squared.limb); /* low R */
    load_limbs(limb, in + SKA_SCALAR_BYTES);
    montgomery(high.limb, limb, r_cubed.limb); /* (high 2^256) R */
    ska_scalar_add(out, &low, &high);
}

void ska_scalar_random(ska_scalar *out)
{
    uint8_t bytes[64];
    ska_random(bytes, sizeof bytes);
    ska_scalar_reduce64(out, bytes);
    ska_wipe(bytes, sizeof bytes);
}

void ska_scalar_add(ska_scalar *out, const ska_scalar *a, const ska_scalar *b)
{
    uint64_t sum[LIMBS];
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        wide c = (wide)a->limb[i] + b->limb[i] + carry;
        sum[i] = (uint64_t)c;
        carry = (uint64_t)(c >> 64); /* zero at the end: the sum is below 2 L < 2^254 */
    }
    subtract_order_once(out->limb, sum);
}

void ska_scalar_sub(ska_scalar *out, const ska_scalar *a, const ska_scalar *b)
{
    uint64_t diff[LIMBS];
    uint64_t borrow = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        wide d = (wide)a->limb[i] - b->limb[i] - borrow;
        diff[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    uint64_t add = 0 - borrow; /* all ones if a < b: then add L back */
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        wide c = (wide)diff[i] + (order[i] & add) + carry;
        out->limb[i] = (uint64_t)c;
        carry = (uint64_t)(c >> 64);
    }
}

void ska_scalar_neg(ska_scalar *out, const ska_scalar *a)
{
    ska_scalar_sub(out, &ska_scalar_zero, a);
}

void ska_scalar_mul(ska_scalar *out, const ska_scalar *a, const ska_scalar *b)
{
    montgomery(out->limb, a->limb, b->limb);
}

void ska_scalar_muladd(ska_scalar *out, const ska_scalar *a, const ska_scalar *b,
                       const ska_scalar *c)
{
    ska_scalar product = {{0}};
    montgomery(product.limb, a->limb, b->limb);
    ska_scalar_add(out, &product, c);
}

/* a^(L - 2), by the public exponent's bits from the top: the inverse, since L is prime. */
void ska_scalar_invert(ska_scalar *out, const ska_scalar *a)
{
    static const uint64_t exponent[LIMBS] = {L0 - 2, L1, 0, L3};
    ska_scalar power = ska_scalar_one;
    ska_scalar base = *a;
    for (size_t i = 253; i-- > 0;) {
        ska_scalar_mul(&power, &power, &power);
        if ((exponent[i / 64] >> (i % 64) & 1) != 0)
            ska_scalar_mul(&power, &power, &base);
    }
    *out = power;
    ska_scalar_clear(&power);
    ska_scalar_clear(&base);
}

bool ska_scalar_equal(const ska_scalar *a, const ska_scalar *b)
{
    return ska_ct_equal(a->limb, b->limb, sizeof a->limb); /* reduced, so one form per number */
}

bool ska_scalar_is_zero(const ska_scalar *a)
{
    return ska_ct_is_zero(a->limb, sizeof a->limb);
}

void ska_scalar_select(ska_scalar *out, const ska_scalar *a, const ska_scalar *b, bool pick_b)
{
    uint64_t mask = 0 - (uint64_t)pick_b;
    for (size_t i = 0; i < LIMBS; i++)
        out->limb[i] = (a->limb[i] & ~mask) | (b->limb[i] & mask);
}

enum ska_status ska_scalar_to_u64(uint64_t *value, const ska_scalar *a)
{
    uint64_t limb[LIMBS];
    to_limbs(limb, a);
    uint64_t high = limb[1] | limb[2] | limb[3];
    SKA_MARK_PUBLIC(&high, sizeof high, "whether a total has an allowed size is told");
    if (high != 0)
        return SKA_E_RANGE;
    *value = limb[0];
    return SKA_OK;
}

void ska_scalar_clear(ska_scalar *a)
{
    ska_wipe(a->limb, sizeof a->limb);
}
