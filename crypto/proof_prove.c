/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_prove.c - the prover of the weighted-bit proof, with the letters of docs/proofs.md.
 *
 * Constant time in values, blindings, bits and nonces up to the vectors l and r, which the masks
 * make independent of them.
 */
#include "crypto/proof.h"

#include "crypto/labels.h"
#include "crypto/proof_bits.h"
#include "crypto/proof_format.h"
#include "crypto/proof_generators.h"
#include "crypto/proof_inner.h"
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <string.h>

/* Everything secret, in one piece of heap memory that is wiped when released. */
struct prover {
    size_t n;        /* N */
    size_t bytes;    /* of all of this */
    uint8_t *bits;   /* N of them, b_i */
    ska_scalar *s_l; /* N masks of l */
    ska_scalar *s_r; /* N masks of r; then y^i sR_i */
    ska_scalar *l;   /* l at X = 0, then l */
    ska_scalar *r;
    ska_scalar *y_inverse_powers;
    ska_scalar alpha, rho, tau1, tau2;
    ska_scalar t1, t2;
    uint64_t fits; /* 1 if every value is within its bound */
};

static void prover_release(struct prover **p)
{
    if (*p != NULL)
        ska_wipe_free(*p, (*p)->bytes);
    *p = NULL;
}

static struct prover *prover_new(size_t n)
{
    size_t bytes = sizeof(struct prover) + n * (5 * sizeof(ska_scalar) + 1); /* n <= 2^16 */
    struct prover *p = ska_alloc(1, bytes);
    if (p == NULL)
        return NULL;
    p->n = n;
    p->bytes = bytes;
    p->s_l = (ska_scalar *)(p + 1);
    p->s_r = p->s_l + n;
    p->l = p->s_r + n;
    p->r = p->l + n;
    p->y_inverse_powers = p->r + n;
    p->bits = (uint8_t *)(p->y_inverse_powers + n);
    p->fits = 1;
    return p;
}

/* Nonces are hashes of fresh randomness, the witness and the context: neither a weak source of
 * randomness alone nor a repeated context alone repeats them. */
struct nonces {
    uint8_t seed[SKA_SHA512_BYTES];
    uint64_t counter;
};

static void nonces_clear(struct nonces *source)
{
    ska_wipe(source, sizeof *source);
}

static void nonces_init(struct nonces *source, const struct ska_transcript *t,
                        const struct ska_proof_values *values, const uint64_t *x,
                        const ska_scalar *r)
{
    struct ska_sha512_state hash;
    uint8_t fresh[SKA_SHA512_BYTES];
    uint8_t bytes[SKA_SCALAR_BYTES];
    ska_random(fresh, sizeof fresh);
    ska_sha512_init(&hash);
    ska_sha512_add_label(&hash, SKA_LABEL_NONCE);
    ska_sha512_add(&hash, fresh, sizeof fresh);
    ska_sha512_add(&hash, t->state, sizeof t->state);
    ska_sha512_add_u64(&hash, values->m);
    for (size_t j = 0; j < values->m; j++) {
        ska_sha512_add_u64(&hash, x[j]);
        ska_scalar_encode(bytes, &r[j]);
        ska_sha512_add(&hash, bytes, sizeof bytes);
    }
    ska_sha512_finish(source->seed, &hash);
    source->counter = 0;
    ska_wipe(fresh, sizeof fresh);
    ska_wipe(bytes, sizeof bytes);
}

static void nonces_next(ska_scalar *out, struct nonces *source)
{
    struct ska_sha512_state hash;
    uint8_t wide[SKA_SHA512_BYTES];
    ska_sha512_init(&hash);
    ska_sha512_add(&hash, source->seed, sizeof source->seed);
    ska_sha512_add_u64(&hash, source->counter++);
    ska_sha512_finish(wide, &hash);
    ska_scalar_reduce64(out, wide);
    ska_wipe(wide, sizeof wide);
}

static void draw(struct prover *p, const struct ska_transcript *t,
                 const struct ska_proof_values *values, const uint64_t *x, const ska_scalar *r)
{
    SKA_SCOPED(nonces_clear) struct nonces source;
    nonces_init(&source, t, values, x, r);
    for (size_t i = 0; i < p->n; i++) {
        nonces_next(&p->s_l[i], &source);
        nonces_next(&p->s_r[i], &source);
    }
    nonces_next(&p->alpha, &source);
    nonces_next(&p->rho, &source);
    nonces_next(&p->tau1, &source);
    nonces_next(&p->tau2, &source);
}

static void split_values(struct prover *p, const struct ska_proof_values *values, const uint64_t *x)
{
    size_t at = 0;
    for (size_t j = 0; j < values->m; j++) {
        p->fits &= ska_bits_split(p->bits + at, x[j], values->bound[j]);
        at += ska_bits_of_bound(values->bound[j]);
    }
}

/* A prover's message: encode, declare public, absorb. */
static void send_point(uint8_t *out, struct ska_transcript *t, const char *label,
                       const ska_point *point)
{
    ska_point sent = *point; /* public before it is encoded: libdecaf asserts on the way */
    SKA_MARK_PUBLIC(&sent, sizeof sent, "a message of the proof, masked by fresh blinding");
    ska_point_encode(out, &sent);
    ska_transcript_absorb_point(t, label, out);
}

static void send_scalar(uint8_t *out, struct ska_transcript *t, const char *label,
                        const ska_scalar *scalar)
{
    ska_scalar_encode(out, scalar);
    SKA_MARK_PUBLIC(out, SKA_SCALAR_BYTES, "a message of the proof, masked by fresh nonces");
    ska_transcript_absorb(t, label, out, SKA_SCALAR_BYTES);
}

/* A = alpha H' + <b, Gs> + <b - 1, Hs>: of each pair either Gs_i or -Hs_i. */
static void commit_bits(uint8_t *proof, struct ska_transcript *t, const struct prover *p)
{
    ska_point a;
    ska_point term;
    ska_point_mul(&a, ska_proof_h(), &p->alpha);
    for (size_t i = 0; i < p->n; i++) {
        ska_point_neg(&term, &ska_proof_hs()[i]);
        ska_point_select(&term, &term, &ska_proof_gs()[i], p->bits[i]);
        ska_point_add(&a, &a, &term);
    }
    send_point(proof + SKA_PROOF_AT_A, t, SKA_LABEL_T_A, &a);
    ska_point_clear(&a);
    ska_point_clear(&term);
}

/* S = rho H' + <sL, Gs> + <sR, Hs> */
static enum ska_status commit_masks(uint8_t *proof, struct ska_transcript *t,
                                    const struct prover *p)
{
    ska_point s;
    ska_point part;
    ska_point_mul(&s, ska_proof_h(), &p->rho);
    SKA_TRY(ska_msm(&part, p->s_l, ska_proof_gs(), p->n));
    ska_point_add(&s, &s, &part);
    SKA_TRY(ska_msm(&part, p->s_r, ska_proof_hs(), p->n));
    ska_point_add(&s, &s, &part);
    send_point(proof + SKA_PROOF_AT_S, t, SKA_LABEL_T_S, &s);
    ska_point_clear(&s);
    ska_point_clear(&part);
    return SKA_OK;
}

/*
 * l = b - z,  r_i = y^i (b_i - 1 + z) + zeta_i w_i,  s_r_i = y^i sR_i,  and the coefficients of
 * t(X) = <l + sL X, r + y sR X>:  t1 = <l, s_r> + <sL, r>,  t2 = <sL, s_r>.
 */
static void make_vectors(struct prover *p, const struct ska_proof_values *values,
                         const ska_scalar *y, const ska_scalar *z)
{
    ska_scalar l_of[2]; /* of a bit 0 and of a bit 1 */
    ska_scalar r_of[2];
    ska_scalar_neg(&l_of[0], z);
    ska_scalar_sub(&l_of[1], &ska_scalar_one, z);
    ska_scalar_sub(&r_of[0], z, &ska_scalar_one);
    r_of[1] = *z;
    ska_scalar y_power = ska_scalar_one;
    for (size_t i = 0; i < p->n; i++) {
        ska_scalar_select(&p->l[i], &l_of[0], &l_of[1], p->bits[i]);
        ska_scalar_select(&p->r[i], &r_of[0], &r_of[1], p->bits[i]);
        ska_scalar_mul(&p->r[i], &p->r[i], &y_power);
        ska_scalar_mul(&p->s_r[i], &p->s_r[i], &y_power);
        ska_scalar_mul(&y_power, &y_power, y);
    }
    struct ska_weight_walk walk;
    ska_weight_walk_init(&walk, values->bound, values->m, z, &ska_scalar_one, &ska_scalar_one);
    for (size_t i = 0; i < p->n; i++) {
        ska_scalar weighted;
        ska_weight_walk_next(&weighted, &walk);
        ska_scalar_add(&p->r[i], &p->r[i], &weighted);
        ska_scalar_muladd(&p->t1, &p->l[i], &p->s_r[i], &p->t1);
        ska_scalar_muladd(&p->t1, &p->s_l[i], &p->r[i], &p->t1);
        ska_scalar_muladd(&p->t2, &p->s_l[i], &p->s_r[i], &p->t2);
    }
}

/* T1 = t1 G + tau1 H, T2 = t2 G + tau2 H */
static void commit_polynomial(uint8_t *proof, struct ska_transcript *t, const struct prover *p)
{
    ska_point point;
    ska_commit(&point, &p->t1, &p->tau1);
    send_point(proof + SKA_PROOF_AT_T1, t, SKA_LABEL_T_T1, &point);
    ska_commit(&point, &p->t2, &p->tau2);
    send_point(proof + SKA_PROOF_AT_T2, t, SKA_LABEL_T_T2, &point);
    ska_point_clear(&point);
}

/*
 * Evaluate at x: l += x sL, r += x s_r, and send t^ = <l, r>,
 * tau_x = tau1 x + tau2 x^2 + sum z^(2+j) r_j, mu = alpha + rho x.
 */
static void evaluate(uint8_t *proof, struct ska_transcript *t, struct prover *p, size_t m,
                     const ska_scalar *blinding, const ska_scalar *x, const ska_scalar *z)
{
    ska_scalar t_hat = ska_scalar_zero;
    for (size_t i = 0; i < p->n; i++) {
        ska_scalar_muladd(&p->l[i], x, &p->s_l[i], &p->l[i]);
        ska_scalar_muladd(&p->r[i], x, &p->s_r[i], &p->r[i]);
        ska_scalar_muladd(&t_hat, &p->l[i], &p->r[i], &t_hat);
    }
    ska_scalar tau;
    ska_scalar mu;
    ska_scalar_muladd(&tau, x, &p->tau2, &p->tau1);
    ska_scalar_mul(&tau, &tau, x);
    ska_scalar_muladd(&mu, x, &p->rho, &p->alpha);
    ska_scalar zeta;
    ska_scalar_mul(&zeta, z, z);
    for (size_t j = 0; j < m; j++) {
        ska_scalar_muladd(&tau, &zeta, &blinding[j], &tau);
        ska_scalar_mul(&zeta, &zeta, z);
    }
    send_scalar(proof + SKA_PROOF_AT_T_HAT, t, SKA_LABEL_T_T_HAT, &t_hat);
    send_scalar(proof + SKA_PROOF_AT_TAU_X, t, SKA_LABEL_T_TAU_X, &tau);
    send_scalar(proof + SKA_PROOF_AT_MU, t, SKA_LABEL_T_MU, &mu);
    const char *reason = "masked by sL x and sR x: the protocol without the inner-product argument "
                         "sends l and r";
    SKA_MARK_PUBLIC(p->l, p->n * sizeof *p->l, reason);
    SKA_MARK_PUBLIC(p->r, p->n * sizeof *p->r, reason);
}

static enum ska_status prove(uint8_t *proof, struct ska_transcript *t, struct prover *p,
                             const struct ska_proof_values *values, const ska_scalar *blinding)
{
    ska_scalar y;
    ska_scalar z;
    ska_scalar x;
    ska_scalar w;
    commit_bits(proof, t, p);
    SKA_TRY(commit_masks(proof, t, p));
    SKA_TRY(ska_transcript_challenge(&y, t, SKA_LABEL_T_Y));
    SKA_TRY(ska_transcript_challenge(&z, t, SKA_LABEL_T_Z));
    make_vectors(p, values, &y, &z);
    commit_polynomial(proof, t, p);
    SKA_TRY(ska_transcript_challenge(&x, t, SKA_LABEL_T_X));
    evaluate(proof, t, p, values->m, blinding, &x, &z);
    SKA_TRY(ska_transcript_challenge(&w, t, SKA_LABEL_T_W));
    ska_scalar_invert(&y, &y);
    p->y_inverse_powers[0] = ska_scalar_one;
    for (size_t i = 1; i < p->n; i++)
        ska_scalar_mul(&p->y_inverse_powers[i], &p->y_inverse_powers[i - 1], &y);
    return ska_inner_prove_vartime(proof + SKA_PROOF_AT_ROUNDS, t, p->l, p->r, p->y_inverse_powers,
                                   &w, p->n);
}

enum ska_status ska_proof_length(size_t *len, const uint64_t *bound, size_t m)
{
    size_t n;
    SKA_TRY(ska_bits_padded(&n, bound, m));
    *len = ska_proof_bytes(ska_proof_rounds(n));
    return SKA_OK;
}

enum ska_status ska_proof_prove(uint8_t *proof, size_t proof_len, struct ska_transcript *t,
                                const struct ska_proof_values *values, const uint64_t *x,
                                const ska_scalar *r)
{
    size_t n;
    uint8_t made[SKA_PROOF_AT_ROUNDS + SKA_PROOF_ROUNDS_MAX * SKA_PROOF_ROUND_BYTES +
                 SKA_PROOF_END_BYTES];
    SKA_TRY(ska_bits_padded(&n, values->bound, values->m));
    if (proof_len != ska_proof_bytes(ska_proof_rounds(n)))
        return SKA_E_LIMIT;
    SKA_TRY(ska_proof_generators_prepare(n));
    SKA_SCOPED(prover_release) struct prover *p = prover_new(n);
    if (p == NULL)
        return SKA_E_MEMORY;
    struct ska_transcript extended = *t;
    split_values(p, values, x);
    draw(p, t, values, x, r);
    SKA_TRY(prove(made, &extended, p, values, r));
    SKA_MARK_PUBLIC(&p->fits, sizeof p->fits, "the officer is told that a value is out of range");
    if (p->fits == 0)
        return SKA_E_RANGE;
    memcpy(proof, made, proof_len);
    *t = extended;
    return SKA_OK;
}
