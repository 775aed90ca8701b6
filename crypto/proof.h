/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof.h - the aggregated Bulletproof with public per-bit weights (DESIGN section 4;
 * docs/proofs.md has the argument).
 *
 * It proves, for commitments V[j] = v[j] G + r[j] H, j in [0, m), that every v[j] is in [0,
 * bound[j]]. A value of bound B >= 1 has the k + 1 weights 1, 2, ... 2^(k-1), B - (2^k - 1) with k
 * = floor(log2 B), which reach every value of [0, B] and no other; a bound of 0 has no bits and
 * proves v[j] = 0. The bits of all values in order, padded with weight 0 to N = a power of two (at
 * least 1), share one inner-product argument.
 *
 * Encoded proof, all 32-byte items:  A S T1 T2 (points)  t^ tau_x mu (scalars)  L[0] R[0] ...
 * L[log2 N - 1] R[log2 N - 1] (points)  a b (scalars). Its length follows from the bounds alone.
 */
#ifndef SKA_PROOF_H
#define SKA_PROOF_H

#include "crypto/transcript.h"

#define SKA_PROOF_BITS_MAX 65536u /* largest N */

/* The public part of one proof. Arrays are borrowed. */
struct ska_proof_values {
    size_t m;
    const uint64_t *bound; /* m of them */
    const ska_point *v; /* m commitments, in the order in which `transcript` says what they are */
};

/* Bytes of a proof over these bounds; SKA_E_LIMIT if more than SKA_PROOF_BITS_MAX bits. */
enum ska_status ska_proof_length(size_t *len, const uint64_t *bound, size_t m) SKA_MUST_CHECK;

/* Generators for N up to n; cached for the process; thread-safe after the first call with the
 * largest N in use. */
enum ska_status ska_proof_generators_prepare(size_t n) SKA_MUST_CHECK;

/* The same, the work done by `run`: it calls step(step_arg, i) for every i in [0, n), from any
 * threads and in any order, and returns when all are done. */
typedef void ska_proof_run(void *arg, size_t n, void (*step)(void *arg, size_t i), void *step_arg);
enum ska_status ska_proof_generators_prepare_by(size_t n, ska_proof_run *run,
                                                void *arg) SKA_MUST_CHECK;

/* SHA-256 over the encodings of G, H, H' and the first SKA_GENERATORS_HASHED Gs and Hs: pins the
 * generators. */
void ska_proof_generators_hash(uint8_t out[static 32]);

/*
 * Prove. `t` has absorbed the whole context (proof_context.h), so the proof cannot be moved.
 *
 * Out:    proof  proof_len bytes, as ska_proof_length gives
 * In/out: t      extended by the proof's messages
 * In:     x      m values, each at most its bound (secret)
 *         r      m blindings (secret)
 *
 * Returns SKA_OK; SKA_E_RANGE if a value exceeds its bound (decided after all the work, the value
 * does not show in the time); SKA_E_MEMORY; SKA_E_LIMIT. Time: depends on m, bounds only.
 */
enum ska_status ska_proof_prove(uint8_t *proof, size_t proof_len, struct ska_transcript *t,
                                const struct ska_proof_values *values, const uint64_t *x,
                                const ska_scalar *r) SKA_MUST_CHECK;

/* SKA_OK; SKA_E_PROOF; SKA_E_ENCODING for a non-canonical point or scalar; SKA_E_TRUNCATED /
 * SKA_E_TRAILING for a wrong length; SKA_E_MEMORY. Public inputs only; variable time. */
enum ska_status ska_proof_verify(const uint8_t *proof, size_t proof_len, struct ska_transcript *t,
                                 const struct ska_proof_values *values) SKA_MUST_CHECK;

/* One of many proofs to verify together; each has its own transcript and values. */
struct ska_proof_job {
    const uint8_t *proof;
    size_t proof_len;
    struct ska_transcript transcript;
    struct ska_proof_values values;
    enum ska_status status; /* out: what ska_proof_verify would have said */
};

/*
 * Verify n proofs with one multi-scalar multiplication, weighted by fresh randomness; a failing
 * batch is halved until every bad proof is named in its `status`. Returns SKA_OK if all hold,
 * SKA_E_PROOF if one does not, SKA_E_MEMORY.
 */
enum ska_status ska_proof_verify_batch(struct ska_proof_job *jobs, size_t n) SKA_MUST_CHECK;

#endif
