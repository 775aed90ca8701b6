/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_sum.h - the one sum that is the identity if all proofs added to it hold.
 *
 * Each proof's two equations are brought to the form "this sum of points is the identity" and added
 * up with a fresh random weight for each (docs/proofs.md, section "Many proofs at once"). What the
 * shared generators are multiplied with is added up over all proofs; the proofs' own points and
 * commitments are multiplied in portions, so that memory stays bounded.
 */
#ifndef SKA_PROOF_SUM_H
#define SKA_PROOF_SUM_H

#include "crypto/msm.h"
#include "crypto/proof_parse.h"

/* Terms of proofs kept until they are multiplied: 4 MB of scalars, and about as much in msm.c. */
#define SKA_SUM_TERMS 131072u

/* Valid after init, until clear. */
struct ska_proof_sum {
    ska_point total; /* of the portions already multiplied */
    ska_scalar *k;   /* owned: scalars of the portion */
    ska_scalar *gs;  /* owned: n_max coefficients of Gs, of Hs, and room for products */
    ska_scalar *hs;
    ska_scalar *s;
    struct ska_msm_run *runs; /* owned */
    size_t n_terms, terms_max;
    size_t n_runs, runs_max;
    size_t n; /* largest N so far */
    ska_scalar g, h, h_prime;
};

/* Room for proofs of at most n_max bits and m_max values, n_proofs of them. SKA_E_MEMORY. */
enum ska_status ska_proof_sum_init(struct ska_proof_sum *sum, size_t n_max, size_t m_max,
                                   size_t n_proofs) SKA_MUST_CHECK;

/* Add one proof. Its points and values are borrowed until the sum is cleared. SKA_E_MEMORY. */
enum ska_status ska_proof_sum_add(struct ska_proof_sum *sum, const struct ska_parsed_proof *proof,
                                  const struct ska_proof_values *values) SKA_MUST_CHECK;

/* SKA_OK if the sum is the identity, SKA_E_PROOF if not; SKA_E_MEMORY. */
enum ska_status ska_proof_sum_verify(struct ska_proof_sum *sum) SKA_MUST_CHECK;

void ska_proof_sum_clear(struct ska_proof_sum *sum);

#endif
