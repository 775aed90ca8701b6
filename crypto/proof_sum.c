/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_sum.c - the verification equations of many proofs as one sum of points.
 *
 * With e and f fresh and random for each proof, s_i the product over the rounds of u or 1 / u (u
 * where the round's half of i is the high one), a proof adds
 *
 *     e ( A + x S + sum u^2 L + sum u^-2 R - mu H' + w (t^ - a b) G
 *         + sum_i (-z - a s_i) Gs_i + sum_i (z + y^-i (zeta_i w_i - b / s_i)) Hs_i )
 *   + f ( sum_j z^(2+j) V_j + x T1 + x^2 T2 + (delta - t^) G - tau_x H )
 */
#include "crypto/proof_sum.h"

#include "crypto/proof_bits.h"
#include "crypto/proof_generators.h"
#include "crypto/scoped.h"

#include <assert.h>

enum ska_status ska_proof_sum_init(struct ska_proof_sum *sum, size_t n_max, size_t m_max,
                                   size_t n_proofs)
{
    size_t one;
    size_t all;
    SKA_TRY(ska_size_add(&one, m_max, SKA_OWN_POINTS_MAX));
    SKA_TRY(ska_size_mul(&all, one, n_proofs));
    *sum = (struct ska_proof_sum){0};
    sum->terms_max = all < SKA_SUM_TERMS ? all : SKA_SUM_TERMS;
    if (sum->terms_max < one)
        sum->terms_max = one;
    sum->runs_max = 2 * n_proofs + 5;
    ska_point_set_identity(&sum->total);
    sum->k = ska_alloc(sum->terms_max, sizeof *sum->k);
    sum->gs = ska_alloc(n_max, sizeof *sum->gs);
    sum->hs = ska_alloc(n_max, sizeof *sum->hs);
    sum->s = ska_alloc(n_max, sizeof *sum->s);
    sum->runs = ska_alloc(sum->runs_max, sizeof *sum->runs);
    if (sum->k == NULL || sum->gs == NULL || sum->hs == NULL || sum->s == NULL || sum->runs == NULL)
        return SKA_E_MEMORY;
    return SKA_OK;
}

void ska_proof_sum_clear(struct ska_proof_sum *sum)
{
    free(sum->k);
    free(sum->gs);
    free(sum->hs);
    free(sum->s);
    free(sum->runs);
    *sum = (struct ska_proof_sum){0};
}

/* Multiply the portion and start the next one. */
static enum ska_status flush(struct ska_proof_sum *sum)
{
    ska_point part;
    SKA_TRY(ska_msm_runs_vartime(&part, sum->runs, sum->n_runs));
    ska_point_add(&sum->total, &sum->total, &part);
    sum->n_terms = 0;
    sum->n_runs = 0;
    return SKA_OK;
}

/* A run of n points with scalars to be filled in. */
static ska_scalar *take_run(struct ska_proof_sum *sum, const ska_point *p, size_t n)
{
    ska_scalar *k = sum->k + sum->n_terms;
    assert(sum->n_terms + n <= sum->terms_max && sum->n_runs < sum->runs_max);
    sum->runs[sum->n_runs++] = (struct ska_msm_run){k, p, n};
    sum->n_terms += n;
    return k;
}

/* Coefficients of the proof's own points, with weights e and f. */
static void add_own_points(struct ska_proof_sum *sum, const struct ska_parsed_proof *p,
                           const ska_scalar *e, const ska_scalar *f)
{
    ska_scalar *k = take_run(sum, p->point, SKA_OWN_ROUNDS + 2 * p->n_rounds);
    k[SKA_OWN_A] = *e;
    ska_scalar_mul(&k[SKA_OWN_S], e, &p->x);
    ska_scalar_mul(&k[SKA_OWN_T1], f, &p->x);
    ska_scalar_mul(&k[SKA_OWN_T2], &k[SKA_OWN_T1], &p->x);
    k += SKA_OWN_ROUNDS;
    for (size_t i = 0; i < p->n_rounds; i++) {
        ska_scalar_mul(&k[2 * i], &p->u[i], &p->u[i]);
        ska_scalar_mul(&k[2 * i], &k[2 * i], e);
        ska_scalar_mul(&k[2 * i + 1], &p->u_inverse[i], &p->u_inverse[i]);
        ska_scalar_mul(&k[2 * i + 1], &k[2 * i + 1], e);
    }
}

/* Sum of y^i over i in [0, n), n a power of two: the product of 1 + y^(2^k). */
static ska_scalar sum_of_powers(const ska_scalar *y, size_t n)
{
    ska_scalar sum = ska_scalar_one;
    ska_scalar power = *y;
    for (; n > 1; n /= 2) {
        ska_scalar_muladd(&sum, &sum, &power, &sum);
        ska_scalar_mul(&power, &power, &power);
    }
    return sum;
}

/* Coefficients of the commitments, and delta = (z - z^2) sum y^i - z sum z^(2+j) bound_j: the
 * weights of a value's bits add up to its bound. */
static ska_scalar add_commitments(struct ska_proof_sum *sum, const struct ska_parsed_proof *p,
                                  const struct ska_proof_values *values, const ska_scalar *f)
{
    ska_scalar *k = take_run(sum, values->v, values->m);
    ska_scalar weighted = ska_scalar_zero;
    ska_scalar delta;
    ska_scalar zeta;
    ska_scalar_mul(&zeta, &p->z, &p->z);
    ska_scalar_sub(&delta, &p->z, &zeta);
    ska_scalar y_sum = sum_of_powers(&p->y, p->n);
    ska_scalar_mul(&delta, &delta, &y_sum);
    for (size_t j = 0; j < values->m; j++) {
        ska_scalar bound = ska_scalar_from_u64(values->bound[j]);
        ska_scalar_muladd(&weighted, &zeta, &bound, &weighted);
        ska_scalar_mul(&k[j], &zeta, f);
        ska_scalar_mul(&zeta, &zeta, &p->z);
    }
    ska_scalar_mul(&weighted, &weighted, &p->z);
    ska_scalar_sub(&delta, &delta, &weighted);
    return delta;
}

/* Coefficients of G, H and H'. */
static void add_fixed_points(struct ska_proof_sum *sum, const struct ska_parsed_proof *p,
                             const ska_scalar *delta, const ska_scalar *e, const ska_scalar *f)
{
    ska_scalar term;
    ska_scalar_mul(&term, &p->a, &p->b);
    ska_scalar_sub(&term, &p->t_hat, &term);
    ska_scalar_mul(&term, &term, &p->w);
    ska_scalar_muladd(&sum->g, &term, e, &sum->g);
    ska_scalar_sub(&term, delta, &p->t_hat);
    ska_scalar_muladd(&sum->g, &term, f, &sum->g);
    ska_scalar_neg(&term, &p->tau_x);
    ska_scalar_muladd(&sum->h, &term, f, &sum->h);
    ska_scalar_neg(&term, &p->mu);
    ska_scalar_muladd(&sum->h_prime, &term, e, &sum->h_prime);
}

/*
 * out[i] = first times the product of factor[k] over the bits k of i, for i in [0, 2^n_bits): each
 * from the one without its highest bit.
 */
static void fill_products(ska_scalar *out, const ska_scalar *first, const ska_scalar *factor,
                          size_t n_bits)
{
    out[0] = *first;
    for (size_t k = 0; k < n_bits; k++) {
        size_t half = (size_t)1 << k;
        for (size_t i = 0; i < half; i++)
            ska_scalar_mul(&out[half + i], &out[i], &factor[k]);
    }
}

/* Coefficients of Gs: e (-z - a s_i). Bit k of i is decided in round n_rounds - 1 - k, and setting
 * it turns 1 / u into u. */
static void add_gs(struct ska_proof_sum *sum, const struct ska_parsed_proof *p, const ska_scalar *e,
                   const ska_scalar *ez)
{
    ska_scalar first;
    ska_scalar factor[SKA_PROOF_ROUNDS_MAX];
    ska_scalar_mul(&first, e, &p->a);
    ska_scalar_neg(&first, &first);
    for (size_t k = 0; k < p->n_rounds; k++) {
        size_t round = p->n_rounds - 1 - k;
        ska_scalar_mul(&first, &first, &p->u_inverse[round]);
        ska_scalar_mul(&factor[k], &p->u[round], &p->u[round]);
    }
    fill_products(sum->s, &first, factor, p->n_rounds);
    for (size_t i = 0; i < p->n; i++) {
        ska_scalar_add(&sum->gs[i], &sum->gs[i], &sum->s[i]);
        ska_scalar_sub(&sum->gs[i], &sum->gs[i], ez);
    }
}

/* Coefficients of Hs: e (z + y^-i zeta_i w_i - b y^-i / s_i). The last part is again a product over
 * the bits of i; so is y^-i. */
static void add_hs(struct ska_proof_sum *sum, const struct ska_parsed_proof *p,
                   const struct ska_proof_values *values, const ska_scalar *e, const ska_scalar *ez)
{
    ska_scalar first;
    ska_scalar factor[SKA_PROOF_ROUNDS_MAX];
    ska_scalar power = p->y_inverse; /* y^-(2^k) */
    ska_scalar_mul(&first, e, &p->b);
    ska_scalar_neg(&first, &first);
    for (size_t k = 0; k < p->n_rounds; k++) {
        size_t round = p->n_rounds - 1 - k;
        ska_scalar_mul(&first, &first, &p->u[round]);
        ska_scalar_mul(&factor[k], &p->u_inverse[round], &p->u_inverse[round]);
        ska_scalar_mul(&factor[k], &factor[k], &power);
        ska_scalar_mul(&power, &power, &power);
    }
    fill_products(sum->s, &first, factor, p->n_rounds);
    struct ska_weight_walk walk; /* e y^-i zeta_i w_i */
    ska_weight_walk_init(&walk, values->bound, values->m, &p->z, e, &p->y_inverse);
    for (size_t i = 0; i < p->n; i++) {
        ska_scalar term;
        ska_weight_walk_next(&term, &walk);
        ska_scalar_add(&term, &term, &sum->s[i]);
        ska_scalar_add(&term, &term, ez);
        ska_scalar_add(&sum->hs[i], &sum->hs[i], &term);
    }
}

/* Coefficients of Gs and Hs. */
static void add_generators(struct ska_proof_sum *sum, const struct ska_parsed_proof *p,
                           const struct ska_proof_values *values, const ska_scalar *e)
{
    ska_scalar ez;
    ska_scalar_mul(&ez, e, &p->z);
    add_gs(sum, p, e, &ez);
    add_hs(sum, p, values, e, &ez);
    if (p->n > sum->n)
        sum->n = p->n;
}

enum ska_status ska_proof_sum_add(struct ska_proof_sum *sum, const struct ska_parsed_proof *proof,
                                  const struct ska_proof_values *values)
{
    if (sum->n_terms + values->m + SKA_OWN_POINTS_MAX > sum->terms_max)
        SKA_TRY(flush(sum));
    ska_scalar e;
    ska_scalar f;
    ska_scalar_random(&e);
    ska_scalar_random(&f);
    ska_scalar delta = add_commitments(sum, proof, values, &f);
    add_own_points(sum, proof, &e, &f);
    add_fixed_points(sum, proof, &delta, &e, &f);
    add_generators(sum, proof, values, &e);
    return SKA_OK;
}

enum ska_status ska_proof_sum_verify(struct ska_proof_sum *sum)
{
    struct ska_msm_run *runs = sum->runs + sum->n_runs;
    assert(sum->n_runs + 5 <= sum->runs_max);
    runs[0] = (struct ska_msm_run){sum->gs, ska_proof_gs(), sum->n};
    runs[1] = (struct ska_msm_run){sum->hs, ska_proof_hs(), sum->n};
    runs[2] = (struct ska_msm_run){&sum->g, ska_group_g(), 1};
    runs[3] = (struct ska_msm_run){&sum->h, ska_group_h(), 1};
    runs[4] = (struct ska_msm_run){&sum->h_prime, ska_proof_h(), 1};
    sum->n_runs += 5;
    SKA_TRY(flush(sum));
    return ska_point_is_identity(&sum->total) ? SKA_OK : SKA_E_PROOF;
}
