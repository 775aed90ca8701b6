/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_parse.h - an encoded proof as points, numbers and challenges, for the verifier.
 */
#ifndef SKA_PROOF_PARSE_H
#define SKA_PROOF_PARSE_H

#include "crypto/proof_format.h"

/* The proof's own points, in this order. */
enum { SKA_OWN_A, SKA_OWN_S, SKA_OWN_T1, SKA_OWN_T2, SKA_OWN_ROUNDS };
#define SKA_OWN_POINTS_MAX (SKA_OWN_ROUNDS + 2 * SKA_PROOF_ROUNDS_MAX)

/* Valid after ska_proof_parse. All public. */
struct ska_parsed_proof {
    size_t n; /* N */
    size_t n_rounds;
    ska_point point[SKA_OWN_POINTS_MAX]; /* A S T1 T2, then L, R of each round; none the identity */
    ska_scalar t_hat, tau_x, mu, a, b;
    ska_scalar y, z, x, w; /* challenges, none zero */
    ska_scalar u[SKA_PROOF_ROUNDS_MAX];
    ska_scalar y_inverse;
    ska_scalar u_inverse[SKA_PROOF_ROUNDS_MAX];
};

/*
 * Decode a proof and replay its transcript.
 *
 * In/out: t   extended by the proof's messages; undefined on failure
 *
 * Returns SKA_OK; SKA_E_TRUNCATED or SKA_E_TRAILING for a wrong length; SKA_E_ENCODING for a point
 * or number that is not canonical; SKA_E_PROOF for an identity point or a zero challenge;
 * SKA_E_LIMIT for too many bits.
 */
enum ska_status ska_proof_parse(struct ska_parsed_proof *out, struct ska_transcript *t,
                                const uint8_t *proof, size_t proof_len,
                                const struct ska_proof_values *values) SKA_MUST_CHECK;

#endif
