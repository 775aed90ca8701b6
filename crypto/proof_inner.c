/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_inner.c - the prover's side of the inner-product argument, folding generators in chunks.
 *
 * A round halves the vectors and would replace each pair of generators by a combination of them,
 * which costs two scalar multiplications. Instead the generators stay, and what a round does to
 * them is remembered as one coefficient for each block of them:
 *
 *     g[i] = sum over t of cg[t] base_g[t n + i]
 *     h[i] = y^-i sum over t of ch[t] base_h[t n + i]          t in [0, n_blocks), i in [0, n)
 *
 * with n the current length. After FOLD_ROUNDS rounds the sums are carried out (all i share their
 * coefficients), become the new base, and n_blocks is 1 again.
 */
#include "crypto/proof_inner.h"

#include "crypto/bytes.h"
#include "crypto/labels.h"
#include "crypto/msm.h"
#include "crypto/proof_format.h"
#include "crypto/proof_generators.h"
#include "crypto/scoped.h"

#include <assert.h>
#include <string.h>

#define FOLD_ROUNDS 4u
#define BLOCKS_MAX (1u << FOLD_ROUNDS)

struct inner {
    ska_scalar *a; /* current vectors, n long */
    ska_scalar *b;
    size_t n;
    const ska_scalar *y_inverse_powers;
    const ska_scalar *w;
    const ska_point *base_g; /* n * n_blocks points */
    const ska_point *base_h;
    ska_scalar cg[BLOCKS_MAX];
    ska_scalar ch[BLOCKS_MAX];
    size_t n_blocks;
    ska_scalar *scratch; /* as many as the vectors were long at first */
    ska_point *folded;   /* owned: the folded base, NULL before the first fold */
};

static void inner_clear(struct inner *s)
{
    free(s->scratch);
    free(s->folded);
}

/*
 * out = <a[a_at..], g[g_at..]> + <b[b_at..], h[h_at..]> + <a[a_at..], b[b_at..]> w G over half the
 * current length, where g and h are the current generators.
 */
static enum ska_status cross(ska_point *out, const struct inner *s, size_t a_at, size_t g_at,
                             size_t b_at, size_t h_at)
{
    size_t half = s->n / 2;
    struct ska_msm_run runs[2 * BLOCKS_MAX + 1];
    size_t n_runs = 0;
    ska_scalar *k = s->scratch;
    for (size_t t = 0; t < s->n_blocks; t++) {
        for (size_t i = 0; i < half; i++)
            ska_scalar_mul(&k[i], &s->a[a_at + i], &s->cg[t]);
        runs[n_runs++] = (struct ska_msm_run){k, s->base_g + t * s->n + g_at, half};
        k += half;
        for (size_t i = 0; i < half; i++) {
            ska_scalar_mul(&k[i], &s->b[b_at + i], &s->y_inverse_powers[h_at + i]);
            ska_scalar_mul(&k[i], &k[i], &s->ch[t]);
        }
        runs[n_runs++] = (struct ska_msm_run){k, s->base_h + t * s->n + h_at, half};
        k += half;
    }
    ska_scalar product = ska_scalar_zero;
    for (size_t i = 0; i < half; i++)
        ska_scalar_muladd(&product, &s->a[a_at + i], &s->b[b_at + i], &product);
    ska_scalar_mul(&product, &product, s->w);
    runs[n_runs++] = (struct ska_msm_run){&product, ska_group_g(), 1};
    return ska_msm_runs_vartime(out, runs, n_runs);
}

/* Carry out the sums, so that the current generators are the base again. */
static enum ska_status fold_base(struct inner *s)
{
    SKA_SCOPED(ska_scoped_free) ska_point *folded = ska_alloc(2 * s->n, sizeof *folded);
    if (folded == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(ska_msm_fold_vartime(folded, s->n, s->cg, s->n_blocks, s->base_g));
    SKA_TRY(ska_msm_fold_vartime(folded + s->n, s->n, s->ch, s->n_blocks, s->base_h));
    free(s->folded);
    s->folded = folded;
    s->base_g = folded;
    s->base_h = folded + s->n;
    s->cg[0] = s->ch[0] = ska_scalar_one;
    s->n_blocks = 1;
    folded = NULL;
    return SKA_OK;
}

/*
 * Halve everything by the challenge u:
 *     a = u a_lo + u^-1 a_hi,  b = u^-1 b_lo + u b_hi,  g = u^-1 g_lo + u g_hi,
 *     h = u h_lo + u^-1 h_hi;  the high half of h has y^-half more than the low half.
 */
static enum ska_status halve(struct inner *s, const ska_scalar *u)
{
    size_t half = s->n / 2;
    ska_scalar inverse;
    ska_scalar high;
    ska_scalar_invert(&inverse, u);
    for (size_t i = 0; i < half; i++) {
        ska_scalar_mul(&high, &s->a[half + i], &inverse);
        ska_scalar_muladd(&s->a[i], &s->a[i], u, &high);
        ska_scalar_mul(&high, &s->b[half + i], u);
        ska_scalar_muladd(&s->b[i], &s->b[i], &inverse, &high);
    }
    ska_scalar_mul(&high, &inverse, &s->y_inverse_powers[half]);
    for (size_t t = s->n_blocks; t-- > 0;) {
        ska_scalar g = s->cg[t];
        ska_scalar h = s->ch[t];
        ska_scalar_mul(&s->cg[2 * t + 1], &g, u);
        ska_scalar_mul(&s->cg[2 * t], &g, &inverse);
        ska_scalar_mul(&s->ch[2 * t + 1], &h, &high);
        ska_scalar_mul(&s->ch[2 * t], &h, u);
    }
    s->n = half;
    s->n_blocks *= 2;
    return s->n_blocks == BLOCKS_MAX && s->n > 1 ? fold_base(s) : SKA_OK;
}

static enum ska_status run_rounds(uint8_t *out, struct ska_transcript *t, struct inner *s)
{
    while (s->n > 1) {
        size_t half = s->n / 2;
        ska_point l;
        ska_point r;
        ska_scalar u;
        SKA_TRY(cross(&l, s, 0, half, half, 0));
        SKA_TRY(cross(&r, s, half, 0, 0, half));
        ska_point_encode(out, &l);
        ska_point_encode(out + SKA_POINT_BYTES, &r);
        ska_transcript_absorb_point(t, SKA_LABEL_T_L, out);
        ska_transcript_absorb_point(t, SKA_LABEL_T_R, out + SKA_POINT_BYTES);
        SKA_TRY(ska_transcript_challenge(&u, t, SKA_LABEL_T_U));
        SKA_TRY(halve(s, &u));
        out += SKA_PROOF_ROUND_BYTES;
    }
    ska_scalar_encode(out, &s->a[0]);
    ska_scalar_encode(out + SKA_SCALAR_BYTES, &s->b[0]);
    return SKA_OK;
}

enum ska_status ska_inner_prove_vartime(uint8_t *out, struct ska_transcript *t, ska_scalar *l,
                                        ska_scalar *r, const ska_scalar *y_inverse_powers,
                                        const ska_scalar *w, size_t n)
{
    SKA_SCOPED(inner_clear)
    struct inner s = {.a = l,
                      .b = r,
                      .n = n,
                      .y_inverse_powers = y_inverse_powers,
                      .w = w,
                      .base_g = ska_proof_gs(),
                      .base_h = ska_proof_hs(),
                      .cg = {ska_scalar_one},
                      .ch = {ska_scalar_one},
                      .n_blocks = 1};
    s.scratch = ska_alloc(n, sizeof *s.scratch);
    if (s.scratch == NULL)
        return SKA_E_MEMORY;
    return run_rounds(out, t, &s);
}
