/* SPDX-License-Identifier: EUPL-1.2 */
/* proof_parse.c - decoding a proof and deriving its challenges. */
#include "crypto/proof_parse.h"

#include "crypto/labels.h"
#include "crypto/proof_bits.h"

static enum ska_status take_point(ska_point *out, const uint8_t *wire)
{
    SKA_TRY(ska_point_decode(out, wire));
    return ska_point_is_identity(out) ? SKA_E_PROOF : SKA_OK;
}

static enum ska_status take_items(struct ska_parsed_proof *p, const uint8_t *proof)
{
    SKA_TRY(take_point(&p->point[SKA_OWN_A], proof + SKA_PROOF_AT_A));
    SKA_TRY(take_point(&p->point[SKA_OWN_S], proof + SKA_PROOF_AT_S));
    SKA_TRY(take_point(&p->point[SKA_OWN_T1], proof + SKA_PROOF_AT_T1));
    SKA_TRY(take_point(&p->point[SKA_OWN_T2], proof + SKA_PROOF_AT_T2));
    SKA_TRY(ska_scalar_decode(&p->t_hat, proof + SKA_PROOF_AT_T_HAT));
    SKA_TRY(ska_scalar_decode(&p->tau_x, proof + SKA_PROOF_AT_TAU_X));
    SKA_TRY(ska_scalar_decode(&p->mu, proof + SKA_PROOF_AT_MU));
    const uint8_t *at = proof + SKA_PROOF_AT_ROUNDS;
    for (size_t i = 0; i < 2 * p->n_rounds; i++, at += SKA_POINT_BYTES)
        SKA_TRY(take_point(&p->point[SKA_OWN_ROUNDS + i], at));
    SKA_TRY(ska_scalar_decode(&p->a, at));
    return ska_scalar_decode(&p->b, at + SKA_SCALAR_BYTES);
}

/* The same messages in the same order as the prover's. Scalars are canonical, so their bytes are
 * what the prover absorbed. */
static enum ska_status replay(struct ska_parsed_proof *p, struct ska_transcript *t,
                              const uint8_t *proof)
{
    ska_transcript_absorb_point(t, SKA_LABEL_T_A, proof + SKA_PROOF_AT_A);
    ska_transcript_absorb_point(t, SKA_LABEL_T_S, proof + SKA_PROOF_AT_S);
    SKA_TRY(ska_transcript_challenge(&p->y, t, SKA_LABEL_T_Y));
    SKA_TRY(ska_transcript_challenge(&p->z, t, SKA_LABEL_T_Z));
    ska_transcript_absorb_point(t, SKA_LABEL_T_T1, proof + SKA_PROOF_AT_T1);
    ska_transcript_absorb_point(t, SKA_LABEL_T_T2, proof + SKA_PROOF_AT_T2);
    SKA_TRY(ska_transcript_challenge(&p->x, t, SKA_LABEL_T_X));
    ska_transcript_absorb_scalar(t, SKA_LABEL_T_T_HAT, &p->t_hat);
    ska_transcript_absorb_scalar(t, SKA_LABEL_T_TAU_X, &p->tau_x);
    ska_transcript_absorb_scalar(t, SKA_LABEL_T_MU, &p->mu);
    SKA_TRY(ska_transcript_challenge(&p->w, t, SKA_LABEL_T_W));
    const uint8_t *at = proof + SKA_PROOF_AT_ROUNDS;
    for (size_t i = 0; i < p->n_rounds; i++, at += SKA_PROOF_ROUND_BYTES) {
        ska_transcript_absorb_point(t, SKA_LABEL_T_L, at);
        ska_transcript_absorb_point(t, SKA_LABEL_T_R, at + SKA_POINT_BYTES);
        SKA_TRY(ska_transcript_challenge(&p->u[i], t, SKA_LABEL_T_U));
    }
    return SKA_OK;
}

/* 1 / y and all 1 / u with one inversion: invert the product, then peel off one factor at a time.
 */
static void invert_challenges(struct ska_parsed_proof *p)
{
    ska_scalar before[SKA_PROOF_ROUNDS_MAX + 1]; /* y u_0 ... u_(i-1) */
    before[0] = p->y;
    for (size_t i = 0; i < p->n_rounds; i++)
        ska_scalar_mul(&before[i + 1], &before[i], &p->u[i]);
    ska_scalar inverse;
    ska_scalar_invert(&inverse, &before[p->n_rounds]);
    for (size_t i = p->n_rounds; i-- > 0;) {
        ska_scalar_mul(&p->u_inverse[i], &inverse, &before[i]);
        ska_scalar_mul(&inverse, &inverse, &p->u[i]);
    }
    p->y_inverse = inverse;
}

enum ska_status ska_proof_parse(struct ska_parsed_proof *out, struct ska_transcript *t,
                                const uint8_t *proof, size_t proof_len,
                                const struct ska_proof_values *values)
{
    SKA_TRY(ska_bits_padded(&out->n, values->bound, values->m));
    out->n_rounds = ska_proof_rounds(out->n);
    size_t want = ska_proof_bytes(out->n_rounds);
    if (proof_len != want)
        return proof_len < want ? SKA_E_TRUNCATED : SKA_E_TRAILING;
    SKA_TRY(take_items(out, proof));
    SKA_TRY(replay(out, t, proof));
    invert_challenges(out);
    return SKA_OK;
}
