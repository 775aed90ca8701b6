/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_inner.h - the prover's side of the inner-product argument (docs/proofs.md, section "The
 * inner-product argument").
 */
#ifndef SKA_PROOF_INNER_H
#define SKA_PROOF_INNER_H

#include "crypto/transcript.h"

/*
 * Reduce <l, Gs> + <r, y^-i Hs> + <l, r> w G to two numbers.
 *
 * Out:    out     64 bytes a round (L, R), then a, b: log2(n) * 64 + 64 bytes
 * In/out: t       extended by every L, R and challenge
 *         l, r    n numbers each, used up; public, as a proof without this argument would send them
 * In:     y_inverse_powers   y^0, y^-1, ... y^-(n-1)
 *         w       the challenge that makes Q = w G
 *         n       a power of two, at most what the generators were prepared for
 *
 * Returns SKA_OK; SKA_E_MEMORY; SKA_E_PROOF if a challenge is zero. Time: variable, all is public.
 */
enum ska_status ska_inner_prove_vartime(uint8_t *out, struct ska_transcript *t, ska_scalar *l,
                                        ska_scalar *r, const ska_scalar *y_inverse_powers,
                                        const ska_scalar *w, size_t n) SKA_MUST_CHECK;

#endif
