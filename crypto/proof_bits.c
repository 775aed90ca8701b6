/* SPDX-License-Identifier: EUPL-1.2 */
/* proof_bits.c - the bits of bounded values and their weights. */
#include "crypto/proof_bits.h"

#include "crypto/proof.h"

#include <assert.h>

size_t ska_bits_of_bound(uint64_t bound)
{
    size_t n = 0;
    for (; bound != 0; bound >>= 1)
        n++;
    return n;
}

uint64_t ska_bit_weight(uint64_t bound, size_t i)
{
    size_t k = ska_bits_of_bound(bound) - 1;
    assert(bound != 0 && i <= k);
    uint64_t power = UINT64_C(1) << i;
    return i < k ? power : bound - (power - 1);
}

/* 1 if a < b, else 0, without a branch. */
static uint64_t is_less(uint64_t a, uint64_t b)
{
    return ((~a & b) | ((~a | b) & (a - b))) >> 63;
}

/*
 * The top bit is set exactly if the value is at least 2^k. What is left is then at most
 * B - (B - 2^k + 1) = 2^k - 1 and at least 2^k - (B - 2^k + 1) >= 0, as B < 2^(k+1); so it is an
 * ordinary number of k bits.
 */
uint64_t ska_bits_split(uint8_t *bits, uint64_t value, uint64_t bound)
{
    size_t n = ska_bits_of_bound(bound);
    uint64_t fits = 1 ^ is_less(bound, value);
    if (n == 0)
        return fits;
    size_t k = n - 1;
    uint64_t power = UINT64_C(1) << k;
    uint64_t top = 1 ^ is_less(value, power);
    uint64_t rest = value - ((bound - (power - 1)) & (0 - top));
    for (size_t i = 0; i < k; i++)
        bits[i] = (uint8_t)(rest >> i & 1);
    bits[k] = (uint8_t)top;
    return fits;
}

enum ska_status ska_bits_padded(size_t *n_padded, const uint64_t *bound, size_t m)
{
    size_t n = 0;
    for (size_t j = 0; j < m; j++) {
        n += ska_bits_of_bound(bound[j]);
        if (n > SKA_PROOF_BITS_MAX)
            return SKA_E_LIMIT;
    }
    size_t padded = 1;
    while (padded < n)
        padded *= 2;
    *n_padded = padded;
    return SKA_OK;
}

/* Go on to the next value that has bits, from value j. */
static void enter_value(struct ska_weight_walk *walk)
{
    walk->bit = 0;
    while (walk->j < walk->m && walk->bound[walk->j] == 0) {
        walk->j++;
        ska_scalar_mul(&walk->zeta, &walk->zeta, &walk->z);
    }
    if (walk->j == walk->m)
        return;
    walk->n_bits = ska_bits_of_bound(walk->bound[walk->j]);
    walk->power = walk->zeta;
}

void ska_weight_walk_init(struct ska_weight_walk *walk, const uint64_t *bound, size_t m,
                          const ska_scalar *z, const ska_scalar *factor, const ska_scalar *step)
{
    *walk = (struct ska_weight_walk){.bound = bound, .m = m, .z = *z};
    ska_scalar_add(&walk->double_step, step, step);
    walk->step_power[0] = ska_scalar_one;
    for (size_t i = 1; i < sizeof walk->step_power / sizeof walk->step_power[0]; i++)
        ska_scalar_mul(&walk->step_power[i], &walk->step_power[i - 1], step);
    ska_scalar_mul(&walk->zeta, factor, z);
    ska_scalar_mul(&walk->zeta, &walk->zeta, z);
    enter_value(walk);
}

void ska_weight_walk_next(ska_scalar *out, struct ska_weight_walk *walk)
{
    if (walk->j == walk->m) {
        *out = ska_scalar_zero;
        return;
    }
    if (walk->bit + 1 < walk->n_bits) { /* a power of two */
        *out = walk->power;
        ska_scalar_mul(&walk->power, &walk->power, &walk->double_step);
        walk->bit++;
        return;
    }
    ska_scalar last = ska_scalar_from_u64(ska_bit_weight(walk->bound[walk->j], walk->bit));
    ska_scalar_mul(out, &walk->zeta, &last);
    ska_scalar_mul(out, out, &walk->step_power[walk->bit]);
    ska_scalar_mul(&walk->zeta, &walk->zeta, &walk->step_power[walk->n_bits]);
    ska_scalar_mul(&walk->zeta, &walk->zeta, &walk->z);
    walk->j++;
    enter_value(walk);
}
