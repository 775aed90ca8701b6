/* SPDX-License-Identifier: EUPL-1.2 */
/* proof_format.h - where each item of an encoded proof stands, and the limits of its parts. */
#ifndef SKA_PROOF_FORMAT_H
#define SKA_PROOF_FORMAT_H

#include "crypto/proof.h"

#define SKA_PROOF_ROUNDS_MAX 16u /* log2 SKA_PROOF_BITS_MAX */

/* Offsets in bytes; the rounds' L and R follow the seven fixed items, then a and b. */
enum {
    SKA_PROOF_AT_A = 0,
    SKA_PROOF_AT_S = 32,
    SKA_PROOF_AT_T1 = 64,
    SKA_PROOF_AT_T2 = 96,
    SKA_PROOF_AT_T_HAT = 128,
    SKA_PROOF_AT_TAU_X = 160,
    SKA_PROOF_AT_MU = 192,
    SKA_PROOF_AT_ROUNDS = 224,
    SKA_PROOF_ROUND_BYTES = 64, /* L, R */
    SKA_PROOF_END_BYTES = 64    /* a, b */
};

/* log2 of N, a power of two. */
static inline size_t ska_proof_rounds(size_t n)
{
    size_t rounds = 0;
    while (n > 1) {
        n /= 2;
        rounds++;
    }
    return rounds;
}

static inline size_t ska_proof_bytes(size_t rounds)
{
    return SKA_PROOF_AT_ROUNDS + rounds * SKA_PROOF_ROUND_BYTES + SKA_PROOF_END_BYTES;
}

#endif
