/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * plain_proof.h - the weighted-bit proof a second time, straight from docs/proofs.md, slow and
 * without a thought for secrets: an oracle for the real one, and the tool of its forgers.
 *
 * It folds generators in every round, checks the two equations one by one, and shares with the real
 * implementation only the group, the hash and the generators.
 */
#ifndef SKA_TESTS_PLAIN_PROOF_H
#define SKA_TESTS_PLAIN_PROOF_H

#include <assert.h>

#include "crypto/proof.h"
#include "crypto/proof_generators.h"

#include "tests/unit/crypto/property.h"

#include <string.h>

#define PLAIN_BITS_MAX 256
#define PLAIN_PROOF_MAX (224 + 8 * 64 + 64)

/* How a test-only prover departs from the protocol. Zeroed: not at all. */
struct plain_faults {
    bool without_w;     /* no challenge w: Q = G */
    bool set_first_bit; /* "bit" 0 is first_bit, whatever that is */
    uint64_t first_bit;
    bool hide_in_a;     /* A += first_bit (first_bit - 1) G, and t^ less by as much */
    bool without_masks; /* sL = sR = 0 and rho = 0: S is the identity, l and r are bare */
    const char *forget; /* the message with this label is not absorbed */
};

struct plain_layout {
    size_t n; /* N */
    uint64_t weight[PLAIN_BITS_MAX];
    size_t value_of[PLAIN_BITS_MAX]; /* SIZE_MAX on padding */
};

static inline void plain_layout_init(struct plain_layout *out, const uint64_t *bound, size_t m)
{
    size_t at = 0;
    for (size_t j = 0; j < m; j++) {
        if (bound[j] == 0)
            continue;
        uint64_t power = 1; /* 2^k, the largest power of two that is at most the bound */
        while (power <= bound[j] / 2)
            power *= 2;
        for (uint64_t w = 1; w < power; w *= 2, at++) {
            out->weight[at] = w;
            out->value_of[at] = j;
        }
        out->weight[at] = bound[j] - (power - 1);
        out->value_of[at++] = j;
    }
    for (out->n = 1; out->n < at;)
        out->n *= 2;
    assert(out->n <= PLAIN_BITS_MAX);
    for (; at < out->n; at++) {
        out->weight[at] = 0;
        out->value_of[at] = SIZE_MAX;
    }
}

static inline ska_scalar plain_mul(ska_scalar a, ska_scalar b)
{
    ska_scalar_mul(&a, &a, &b);
    return a;
}

static inline ska_scalar plain_add(ska_scalar a, ska_scalar b)
{
    ska_scalar_add(&a, &a, &b);
    return a;
}

static inline ska_scalar plain_sub(ska_scalar a, ska_scalar b)
{
    ska_scalar_sub(&a, &a, &b);
    return a;
}

static inline ska_scalar plain_inverse(ska_scalar a)
{
    ska_scalar_invert(&a, &a);
    return a;
}

static inline ska_scalar plain_power(ska_scalar base, size_t exponent)
{
    ska_scalar out = ska_scalar_one;
    while (exponent-- > 0)
        out = plain_mul(out, base);
    return out;
}

static inline ska_scalar plain_inner(const ska_scalar *a, const ska_scalar *b, size_t n)
{
    ska_scalar sum = ska_scalar_zero;
    for (size_t i = 0; i < n; i++)
        sum = plain_add(sum, plain_mul(a[i], b[i]));
    return sum;
}

/* sum += k p */
static inline void plain_accumulate(ska_point *sum, ska_scalar k, const ska_point *p)
{
    ska_point term;
    ska_point_mul(&term, p, &k);
    ska_point_add(sum, sum, &term);
}

static inline ska_scalar plain_zeta(const struct plain_layout *layout, ska_scalar z, size_t i)
{
    return layout->value_of[i] == SIZE_MAX ? ska_scalar_zero
                                           : plain_power(z, 2 + layout->value_of[i]);
}

/* delta, summed bit by bit. */
static inline ska_scalar plain_delta(const struct plain_layout *layout, ska_scalar y, ska_scalar z)
{
    ska_scalar y_sum = ska_scalar_zero;
    ska_scalar w_sum = ska_scalar_zero;
    for (size_t i = 0; i < layout->n; i++) {
        y_sum = plain_add(y_sum, plain_power(y, i));
        w_sum = plain_add(
            w_sum, plain_mul(plain_zeta(layout, z, i), ska_scalar_from_u64(layout->weight[i])));
    }
    return plain_sub(plain_mul(plain_sub(z, plain_mul(z, z)), y_sum), plain_mul(z, w_sum));
}

static inline void plain_absorb(struct ska_transcript *t, const struct plain_faults *faults,
                                const char *label, const uint8_t *bytes)
{
    if (faults->forget == NULL || strcmp(faults->forget, label) != 0)
        ska_transcript_absorb(t, label, bytes, 32);
}

static inline uint8_t *plain_send_point(uint8_t *out, struct ska_transcript *t,
                                        const struct plain_faults *faults, const char *label,
                                        const ska_point *p)
{
    ska_point_encode(out, p);
    plain_absorb(t, faults, label, out);
    return out + 32;
}

static inline uint8_t *plain_send_scalar(uint8_t *out, struct ska_transcript *t,
                                         const struct plain_faults *faults, const char *label,
                                         const ska_scalar *s)
{
    ska_scalar_encode(out, s);
    plain_absorb(t, faults, label, out);
    return out + 32;
}

static inline ska_scalar plain_challenge(struct ska_transcript *t, const char *label)
{
    ska_scalar out;
    assert(ska_transcript_challenge(&out, t, label) == SKA_OK);
    return out;
}

struct plain_vectors {
    ska_scalar l[PLAIN_BITS_MAX], r[PLAIN_BITS_MAX];
    ska_point g[PLAIN_BITS_MAX], h[PLAIN_BITS_MAX]; /* h is y^-i Hs */
};

/* The inner-product argument, folding everything in every round. */
static inline void plain_inner_prove(uint8_t *out, struct ska_transcript *t,
                                     const struct plain_faults *faults, struct plain_vectors *v,
                                     size_t n, const ska_point *q)
{
    while (n > 1) {
        size_t half = n / 2;
        ska_point left;
        ska_point right;
        ska_point_set_identity(&left);
        ska_point_set_identity(&right);
        for (size_t i = 0; i < half; i++) {
            plain_accumulate(&left, v->l[i], &v->g[half + i]);
            plain_accumulate(&left, v->r[half + i], &v->h[i]);
            plain_accumulate(&right, v->l[half + i], &v->g[i]);
            plain_accumulate(&right, v->r[i], &v->h[half + i]);
        }
        plain_accumulate(&left, plain_inner(v->l, v->r + half, half), q);
        plain_accumulate(&right, plain_inner(v->l + half, v->r, half), q);
        out = plain_send_point(out, t, faults, "L", &left);
        out = plain_send_point(out, t, faults, "R", &right);
        ska_scalar u = plain_challenge(t, "u");
        ska_scalar inverse = plain_inverse(u);
        for (size_t i = 0; i < half; i++) {
            v->l[i] = plain_add(plain_mul(u, v->l[i]), plain_mul(inverse, v->l[half + i]));
            v->r[i] = plain_add(plain_mul(inverse, v->r[i]), plain_mul(u, v->r[half + i]));
            ska_point_mul(&v->g[i], &v->g[i], &inverse);
            plain_accumulate(&v->g[i], u, &v->g[half + i]);
            ska_point_mul(&v->h[i], &v->h[i], &u);
            plain_accumulate(&v->h[i], inverse, &v->h[half + i]);
        }
        n = half;
    }
    ska_scalar_encode(out, &v->l[0]);
    ska_scalar_encode(out + 32, &v->r[0]);
}

/* Bits with sum w_i b_i = x where that is possible; what is left over goes to no bit. */
static inline void plain_bits(ska_scalar *b, const struct plain_layout *layout, const uint64_t *x)
{
    for (size_t i = 0; i < layout->n; i++)
        b[i] = ska_scalar_zero;
    for (size_t i = layout->n; i-- > 0;) {
        size_t j = layout->value_of[i];
        if (j == SIZE_MAX || (i + 1 < layout->n && layout->value_of[i + 1] == j))
            continue; /* from each value's last bit: */
        size_t first = i;
        while (first > 0 && layout->value_of[first - 1] == j)
            first--;
        uint64_t rest = x[j];
        if (rest >= UINT64_C(1) << (i - first)) {
            b[i] = ska_scalar_one;
            rest -= layout->weight[i];
        }
        for (size_t k = first; k < i; k++)
            b[k] = ska_scalar_from_u64(rest >> (k - first) & 1);
    }
}

/* A prover between its messages. */
struct plain_prover {
    struct plain_layout layout;
    const struct plain_faults *faults;
    struct ska_transcript *t;
    uint8_t *at; /* where the next item goes */
    ska_scalar b[PLAIN_BITS_MAX], s_l[PLAIN_BITS_MAX], s_r[PLAIN_BITS_MAX];
    ska_scalar r1[PLAIN_BITS_MAX]; /* r's coefficient of X */
    struct plain_vectors v;
    ska_scalar hidden; /* the multiple of G in A */
    ska_scalar alpha, rho, tau1, tau2, y, z;
};

/* Step 1: A and S. */
static inline void plain_commit_bits(struct plain_prover *p, const uint64_t *x)
{
    const struct plain_faults *faults = p->faults;
    plain_bits(p->b, &p->layout, x);
    if (faults->set_first_bit)
        p->b[0] = ska_scalar_from_u64(faults->first_bit);
    p->hidden = faults->hide_in_a ? plain_mul(p->b[0], plain_sub(p->b[0], ska_scalar_one))
                                  : ska_scalar_zero;
    p->alpha = property_scalar();
    p->rho = faults->without_masks ? ska_scalar_zero : property_scalar();
    ska_point a;
    ska_point s;
    ska_point_mul(&a, ska_proof_h(), &p->alpha);
    ska_point_mul(&s, ska_proof_h(), &p->rho);
    plain_accumulate(&a, p->hidden, ska_group_g());
    for (size_t i = 0; i < p->layout.n; i++) {
        p->s_l[i] = faults->without_masks ? ska_scalar_zero : property_scalar();
        p->s_r[i] = faults->without_masks ? ska_scalar_zero : property_scalar();
        plain_accumulate(&a, p->b[i], &ska_proof_gs()[i]);
        plain_accumulate(&a, plain_sub(p->b[i], ska_scalar_one), &ska_proof_hs()[i]);
        plain_accumulate(&s, p->s_l[i], &ska_proof_gs()[i]);
        plain_accumulate(&s, p->s_r[i], &ska_proof_hs()[i]);
    }
    p->at = plain_send_point(p->at, p->t, faults, "A", &a);
    p->at = plain_send_point(p->at, p->t, faults, "S", &s);
}

/* Step 2: l, r at X = 0, the generators of step 4, T1 and T2. */
static inline void plain_commit_polynomial(struct plain_prover *p)
{
    size_t n = p->layout.n;
    p->y = plain_challenge(p->t, "y");
    p->z = plain_challenge(p->t, "z");
    for (size_t i = 0; i < n; i++) {
        ska_scalar weight = ska_scalar_from_u64(p->layout.weight[i]);
        ska_scalar y_i = plain_power(p->y, i);
        ska_scalar y_minus_i = plain_inverse(y_i);
        p->v.l[i] = plain_sub(p->b[i], p->z);
        p->v.r[i] = plain_mul(y_i, plain_add(plain_sub(p->b[i], ska_scalar_one), p->z));
        p->v.r[i] = plain_add(p->v.r[i], plain_mul(plain_zeta(&p->layout, p->z, i), weight));
        p->r1[i] = plain_mul(y_i, p->s_r[i]);
        p->v.g[i] = ska_proof_gs()[i];
        ska_point_mul(&p->v.h[i], &ska_proof_hs()[i], &y_minus_i);
    }
    ska_scalar t1 = plain_add(plain_inner(p->v.l, p->r1, n), plain_inner(p->s_l, p->v.r, n));
    ska_scalar t2 = plain_inner(p->s_l, p->r1, n);
    ska_point point;
    p->tau1 = property_scalar();
    p->tau2 = property_scalar();
    ska_commit(&point, &t1, &p->tau1);
    p->at = plain_send_point(p->at, p->t, p->faults, "T1", &point);
    ska_commit(&point, &t2, &p->tau2);
    p->at = plain_send_point(p->at, p->t, p->faults, "T2", &point);
}

/* Step 3: t^, tau_x, mu. */
static inline void plain_evaluate(struct plain_prover *p, size_t m, const ska_scalar *blinding)
{
    size_t n = p->layout.n;
    ska_scalar x = plain_challenge(p->t, "x");
    for (size_t i = 0; i < n; i++) {
        p->v.l[i] = plain_add(p->v.l[i], plain_mul(x, p->s_l[i]));
        p->v.r[i] = plain_add(p->v.r[i], plain_mul(x, p->r1[i]));
    }
    ska_scalar t_hat = plain_sub(plain_inner(p->v.l, p->v.r, n), p->hidden);
    ska_scalar tau_x = plain_mul(x, plain_add(p->tau1, plain_mul(x, p->tau2)));
    for (size_t j = 0; j < m; j++)
        tau_x = plain_add(tau_x, plain_mul(plain_power(p->z, 2 + j), blinding[j]));
    ska_scalar mu = plain_add(p->alpha, plain_mul(x, p->rho));
    p->at = plain_send_scalar(p->at, p->t, p->faults, "t", &t_hat);
    p->at = plain_send_scalar(p->at, p->t, p->faults, "tau_x", &tau_x);
    p->at = plain_send_scalar(p->at, p->t, p->faults, "mu", &mu);
}

/* Prove without asking whether the values are in range. `proof` has the real proof's length. */
static inline void plain_prove(uint8_t *proof, struct ska_transcript *t, const uint64_t *bound,
                               size_t m, const uint64_t *x, const ska_scalar *blinding,
                               const struct plain_faults *faults)
{
    static struct plain_prover p;
    p.faults = faults;
    p.t = t;
    p.at = proof;
    plain_layout_init(&p.layout, bound, m);
    assert(ska_proof_generators_prepare(p.layout.n) == SKA_OK);
    plain_commit_bits(&p, x);
    plain_commit_polynomial(&p);
    plain_evaluate(&p, m, blinding);
    ska_scalar w = faults->without_w ? ska_scalar_one : plain_challenge(t, "w");
    ska_point q;
    ska_point_mul(&q, ska_group_g(), &w);
    plain_inner_prove(p.at, t, faults, &p.v, p.layout.n, &q);
}

struct plain_reader {
    const uint8_t *at;
    bool ok;
    bool allow_identity;
};

static inline ska_point plain_take_point(struct plain_reader *r, struct ska_transcript *t,
                                         const char *label)
{
    ska_point p;
    ska_point_set_identity(&p);
    r->ok = r->ok && ska_point_decode(&p, r->at) == SKA_OK &&
            (r->allow_identity || !ska_point_is_identity(&p));
    ska_transcript_absorb(t, label, r->at, 32);
    r->at += 32;
    return p;
}

/* The label of a and b, which end the proof, is NULL. */
static inline ska_scalar plain_take_scalar(struct plain_reader *r, struct ska_transcript *t,
                                           const char *label)
{
    ska_scalar s = ska_scalar_zero;
    r->ok = r->ok && ska_scalar_decode(&s, r->at) == SKA_OK;
    if (label != NULL)
        ska_transcript_absorb(t, label, r->at, 32);
    r->at += 32;
    return s;
}

/* How a test-only verifier is weaker than the protocol. */
struct plain_leniency {
    bool without_w; /* Q = G: what the forgery breaks */
    bool allow_identity;
};

/* What a verifier has read and been challenged with, before the rounds. */
struct plain_verifier {
    struct plain_layout layout;
    struct plain_reader in;
    struct ska_transcript *t;
    ska_point a, s, t1, t2;
    ska_scalar y, z, x, w, t_hat, tau_x, mu;
    struct plain_vectors v; /* generators only */
};

/* t^ G + tau_x H = sum z^(2+j) V_j + delta G + x T1 + x^2 T2 */
static inline bool plain_first_equation(const struct plain_verifier *c,
                                        const struct ska_proof_values *values)
{
    ska_point left;
    ska_point right;
    ska_scalar delta = plain_delta(&c->layout, c->y, c->z);
    ska_commit(&left, &c->t_hat, &c->tau_x);
    ska_point_mul(&right, ska_group_g(), &delta);
    for (size_t j = 0; j < values->m; j++)
        plain_accumulate(&right, plain_power(c->z, 2 + j), &values->v[j]);
    plain_accumulate(&right, c->x, &c->t1);
    plain_accumulate(&right, plain_mul(c->x, c->x), &c->t2);
    return ska_point_equal(&left, &right);
}

/* P = A + x S + sum (-z) g_i + sum (z + y^-i zeta_i w_i) Hs_i - mu H' + t^ Q */
static inline ska_point plain_statement_point(struct plain_verifier *c, const ska_point *q)
{
    ska_point p = c->a;
    plain_accumulate(&p, c->x, &c->s);
    for (size_t i = 0; i < c->layout.n; i++) {
        ska_scalar y_minus_i = plain_inverse(plain_power(c->y, i));
        ska_scalar weight = ska_scalar_from_u64(c->layout.weight[i]);
        c->v.g[i] = ska_proof_gs()[i];
        ska_point_mul(&c->v.h[i], &ska_proof_hs()[i], &y_minus_i);
        plain_accumulate(&p, plain_sub(ska_scalar_zero, c->z), &c->v.g[i]);
        plain_accumulate(&p, c->z, &ska_proof_hs()[i]);
        plain_accumulate(&p, plain_mul(plain_zeta(&c->layout, c->z, i), weight), &c->v.h[i]);
    }
    plain_accumulate(&p, plain_sub(ska_scalar_zero, c->mu), ska_proof_h());
    plain_accumulate(&p, c->t_hat, q);
    return p;
}

/* Follow the rounds with P and the generators; at the end P = a g + b h + a b Q. */
static inline bool plain_second_equation(struct plain_verifier *c)
{
    ska_point q;
    ska_point_mul(&q, ska_group_g(), &c->w);
    ska_point p = plain_statement_point(c, &q);
    for (size_t n = c->layout.n; n > 1; n /= 2) {
        ska_point l = plain_take_point(&c->in, c->t, "L");
        ska_point r = plain_take_point(&c->in, c->t, "R");
        ska_scalar u = plain_challenge(c->t, "u");
        ska_scalar inverse = plain_inverse(u);
        plain_accumulate(&p, plain_mul(u, u), &l);
        plain_accumulate(&p, plain_mul(inverse, inverse), &r);
        for (size_t i = 0; i < n / 2; i++) {
            ska_point_mul(&c->v.g[i], &c->v.g[i], &inverse);
            plain_accumulate(&c->v.g[i], u, &c->v.g[n / 2 + i]);
            ska_point_mul(&c->v.h[i], &c->v.h[i], &u);
            plain_accumulate(&c->v.h[i], inverse, &c->v.h[n / 2 + i]);
        }
    }
    ska_scalar a = plain_take_scalar(&c->in, c->t, NULL);
    ska_scalar b = plain_take_scalar(&c->in, c->t, NULL);
    ska_point end;
    ska_point_mul(&end, &c->v.g[0], &a);
    plain_accumulate(&end, b, &c->v.h[0]);
    plain_accumulate(&end, plain_mul(a, b), &q);
    return ska_point_equal(&end, &p);
}

/* Verify, equation by equation. */
static inline bool plain_verify(const uint8_t *proof, struct ska_transcript *t,
                                const struct ska_proof_values *values, struct plain_leniency weak)
{
    static struct plain_verifier c;
    plain_layout_init(&c.layout, values->bound, values->m);
    assert(ska_proof_generators_prepare(c.layout.n) == SKA_OK);
    c.in = (struct plain_reader){proof, true, weak.allow_identity};
    c.t = t;
    c.a = plain_take_point(&c.in, t, "A");
    c.s = plain_take_point(&c.in, t, "S");
    c.y = plain_challenge(t, "y");
    c.z = plain_challenge(t, "z");
    c.t1 = plain_take_point(&c.in, t, "T1");
    c.t2 = plain_take_point(&c.in, t, "T2");
    c.x = plain_challenge(t, "x");
    c.t_hat = plain_take_scalar(&c.in, t, "t");
    c.tau_x = plain_take_scalar(&c.in, t, "tau_x");
    c.mu = plain_take_scalar(&c.in, t, "mu");
    c.w = weak.without_w ? ska_scalar_one : plain_challenge(t, "w");
    bool first = plain_first_equation(&c, values);
    bool second = plain_second_equation(&c);
    return c.in.ok && first && second;
}

#endif
