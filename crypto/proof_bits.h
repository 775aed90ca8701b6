/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_bits.h - how many bits a bounded value has in a proof, and what each of them weighs.
 *
 * A value in [0, B], B >= 1, has with k = floor(log2 B) the k + 1 weights 1, 2, ... 2^(k-1),
 * B - (2^k - 1). A bound of 0 has no bits. The bits of all values in order, then bits of weight 0,
 * are N in number, a power of two.
 */
#ifndef SKA_PROOF_BITS_H
#define SKA_PROOF_BITS_H

#include "crypto/scalar.h"

/* 0..64. */
size_t ska_bits_of_bound(uint64_t bound);

/* The weight of bit i in [0, ska_bits_of_bound(bound)). */
uint64_t ska_bit_weight(uint64_t bound, size_t i);

/* The bits of `value` (secret), lowest first, each 0 or 1, such that their weights add up to it if
 * value <= bound. Returns 1 in that case, else 0 and some bits. Time: depends on bound only. */
uint64_t ska_bits_split(uint8_t *bits, uint64_t value, uint64_t bound);

/* N for these bounds. SKA_E_LIMIT if it is more than SKA_PROOF_BITS_MAX. */
enum ska_status ska_bits_padded(size_t *n_padded, const uint64_t *bound, size_t m) SKA_MUST_CHECK;

/*
 * The numbers factor step^i z^(2 + j(i)) w_i for i = 0, 1, ... N - 1, one at a time; 0 on padding.
 * All public.
 */
struct ska_weight_walk {
    const uint64_t *bound; /* borrowed */
    size_t m;
    ska_scalar z;
    ska_scalar double_step;    /* 2 step */
    ska_scalar step_power[65]; /* step^0 .. step^64 */
    size_t j;                  /* the value whose bits come next */
    size_t bit;                /* the bit of it that comes next */
    size_t n_bits;             /* of value j */
    ska_scalar zeta;           /* factor step^(first bit of value j) z^(2 + j) */
    ska_scalar power;          /* (2 step)^bit zeta */
};

void ska_weight_walk_init(struct ska_weight_walk *walk, const uint64_t *bound, size_t m,
                          const ska_scalar *z, const ska_scalar *factor, const ska_scalar *step);
void ska_weight_walk_next(ska_scalar *out, struct ska_weight_walk *walk);

#endif
