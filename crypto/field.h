/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * field.h - numbers modulo p = 2^255 - 19 in five limbs of 51 bits; for curve.c alone.
 *
 * "Reduced" means limbs below 2^51 + 2^15. Products are reduced. A multiplication accepts limbs
 * below 2^54: its sums of five products, of which four are multiplied by 19, stay below 2^115.
 *
 * Constant time: no branch, no index, no division depends on a limb.
 */
#ifndef SKA_FIELD_H
#define SKA_FIELD_H

#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 ska_wide;

typedef struct {
    uint64_t limb[5];
} ska_field;

#define SKA_FIELD_MASK ((UINT64_C(1) << 51) - 1)

/* A call would cost half a multiplication. */
#define SKA_FIELD_INLINE static inline __attribute__((always_inline))

SKA_FIELD_INLINE void ska_field_add(ska_field *out, const ska_field *a, const ska_field *b)
{
    out->limb[0] = a->limb[0] + b->limb[0];
    out->limb[1] = a->limb[1] + b->limb[1];
    out->limb[2] = a->limb[2] + b->limb[2];
    out->limb[3] = a->limb[3] + b->limb[3];
    out->limb[4] = a->limb[4] + b->limb[4];
}

/* a - b + 4 p; b's limbs are below 2^53 - 76. */
SKA_FIELD_INLINE void ska_field_sub(ska_field *out, const ska_field *a, const ska_field *b)
{
    const uint64_t four_p0 = (UINT64_C(1) << 53) - 76;
    const uint64_t four_p = (UINT64_C(1) << 53) - 4;
    out->limb[0] = a->limb[0] + four_p0 - b->limb[0];
    out->limb[1] = a->limb[1] + four_p - b->limb[1];
    out->limb[2] = a->limb[2] + four_p - b->limb[2];
    out->limb[3] = a->limb[3] + four_p - b->limb[3];
    out->limb[4] = a->limb[4] + four_p - b->limb[4];
}

/* Carry five sums, each below 2^115, into reduced limbs; 2^255 = 19. The first carry out of the top
 * is below 2^60 (no term there is multiplied by 19), so 19 times it fits 64 bits. */
SKA_FIELD_INLINE void ska_field_carry(ska_field *out, ska_wide r0, ska_wide r1, ska_wide r2,
                                      ska_wide r3, ska_wide r4)
{
    r1 += (uint64_t)(r0 >> 51);
    r2 += (uint64_t)(r1 >> 51);
    r3 += (uint64_t)(r2 >> 51);
    r4 += (uint64_t)(r3 >> 51);
    uint64_t low = ((uint64_t)r0 & SKA_FIELD_MASK);
    uint64_t high = (uint64_t)(r4 >> 51) * 19;
    ska_wide first = (ska_wide)low + high;
    out->limb[0] = (uint64_t)first & SKA_FIELD_MASK;
    out->limb[1] = ((uint64_t)r1 & SKA_FIELD_MASK) + (uint64_t)(first >> 51);
    out->limb[2] = (uint64_t)r2 & SKA_FIELD_MASK;
    out->limb[3] = (uint64_t)r3 & SKA_FIELD_MASK;
    out->limb[4] = (uint64_t)r4 & SKA_FIELD_MASK;
}

SKA_FIELD_INLINE void ska_field_mul(ska_field *out, const ska_field *a, const ska_field *b)
{
    uint64_t a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2], a3 = a->limb[3], a4 = a->limb[4];
    uint64_t b0 = b->limb[0], b1 = b->limb[1], b2 = b->limb[2], b3 = b->limb[3], b4 = b->limb[4];
    uint64_t c1 = b1 * 19, c2 = b2 * 19, c3 = b3 * 19, c4 = b4 * 19; /* below 2^59 */
    ska_wide r0 = (ska_wide)a0 * b0 + (ska_wide)a1 * c4 + (ska_wide)a2 * c3 + (ska_wide)a3 * c2 +
                  (ska_wide)a4 * c1;
    ska_wide r1 = (ska_wide)a0 * b1 + (ska_wide)a1 * b0 + (ska_wide)a2 * c4 + (ska_wide)a3 * c3 +
                  (ska_wide)a4 * c2;
    ska_wide r2 = (ska_wide)a0 * b2 + (ska_wide)a1 * b1 + (ska_wide)a2 * b0 + (ska_wide)a3 * c4 +
                  (ska_wide)a4 * c3;
    ska_wide r3 = (ska_wide)a0 * b3 + (ska_wide)a1 * b2 + (ska_wide)a2 * b1 + (ska_wide)a3 * b0 +
                  (ska_wide)a4 * c4;
    ska_wide r4 = (ska_wide)a0 * b4 + (ska_wide)a1 * b3 + (ska_wide)a2 * b2 + (ska_wide)a3 * b1 +
                  (ska_wide)a4 * b0;
    ska_field_carry(out, r0, r1, r2, r3, r4);
}

SKA_FIELD_INLINE void ska_field_square(ska_field *out, const ska_field *a)
{
    uint64_t a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2], a3 = a->limb[3], a4 = a->limb[4];
    uint64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2;
    uint64_t e3 = 19 * a3, e4 = 19 * a4;
    ska_wide r0 = (ska_wide)a0 * a0 + (ska_wide)d1 * e4 + (ska_wide)d2 * e3;
    ska_wide r1 = (ska_wide)d0 * a1 + (ska_wide)d2 * e4 + (ska_wide)a3 * e3;
    ska_wide r2 = (ska_wide)d0 * a2 + (ska_wide)a1 * a1 + (ska_wide)(2 * a3) * e4;
    ska_wide r3 = (ska_wide)d0 * a3 + (ska_wide)d1 * a2 + (ska_wide)a4 * e4;
    ska_wide r4 = (ska_wide)d0 * a4 + (ska_wide)d1 * a3 + (ska_wide)a2 * a2;
    ska_field_carry(out, r0, r1, r2, r3, r4);
}

/* factor is below 2^18. */
SKA_FIELD_INLINE void ska_field_mul_small(ska_field *out, const ska_field *a, uint32_t factor)
{
    ska_field_carry(out, (ska_wide)a->limb[0] * factor, (ska_wide)a->limb[1] * factor,
                    (ska_wide)a->limb[2] * factor, (ska_wide)a->limb[3] * factor,
                    (ska_wide)a->limb[4] * factor);
}

/* a^(p - 2) = 1 / a, and 0 for 0: p - 2 is 250 ones, then 01011. */
static inline void ska_field_invert(ska_field *out, const ska_field *a)
{
    ska_field power = *a;
    for (unsigned bit = 254; bit-- > 0;) {
        ska_field_square(&power, &power);
        if (bit != 2 && bit != 4)
            ska_field_mul(&power, &power, a);
    }
    *out = power;
}

#endif
