/* SPDX-License-Identifier: EUPL-1.2 */
/* test_group.c - the group's laws, its encoding, commitments, and multi-scalar multiplication. */
#include "crypto/group.h"

#include "crypto/hash.h"
#include "crypto/labels.h"
#include "crypto/msm.h"
#include "crypto/scoped.h"

#include "tests/unit/crypto/property.h"

#include <string.h>

START_TEST(group_laws)
{
    for (int i = 0; i < 50; i++) {
        ska_point p = property_point();
        ska_point q = property_point();
        ska_point r = property_point();
        ska_scalar a = property_scalar();
        ska_scalar b = property_scalar();
        ska_point left;
        ska_point right;
        ska_point zero;
        ska_point_add(&left, &p, &q); /* associative, commutative */
        ska_point_add(&left, &left, &r);
        ska_point_add(&right, &r, &q);
        ska_point_add(&right, &p, &right);
        ck_assert(ska_point_equal(&left, &right));
        ska_point_set_identity(&zero);
        ska_point_add(&left, &p, &zero);
        ck_assert(ska_point_equal(&left, &p));
        ska_point_neg(&left, &p);
        ska_point_add(&left, &left, &p);
        ck_assert(ska_point_is_identity(&left));
        ska_point_sub(&left, &p, &p);
        ck_assert(ska_point_is_identity(&left));
        ck_assert(!ska_point_is_identity(&p));
        ck_assert(!ska_point_equal(&p, &q));
        ska_point_mul(&left, &p, &a); /* a p + b p = (a + b) p */
        ska_point_mul(&right, &p, &b);
        ska_point_add(&left, &left, &right);
        ska_scalar_add(&a, &a, &b);
        ska_point_mul(&right, &p, &a);
        ck_assert(ska_point_equal(&left, &right));
        ska_point_select(&left, &p, &q, false);
        ck_assert(ska_point_equal(&left, &p));
        ska_point_select(&left, &p, &q, true);
        ck_assert(ska_point_equal(&left, &q));
    }
}
END_TEST

START_TEST(the_order_is_l)
{
    ska_point p = property_point();
    ska_point q;
    ska_scalar minus_one;
    ska_scalar_neg(&minus_one, &ska_scalar_one);
    ska_point_mul(&q, &p, &minus_one);
    ska_point_add(&q, &q, &p);
    ck_assert(ska_point_is_identity(&q));
    ska_point_mul(&q, &p, &ska_scalar_zero);
    ck_assert(ska_point_is_identity(&q));
}
END_TEST

START_TEST(encoding_is_one_to_one)
{
    for (int i = 0; i < 200; i++) {
        ska_point p = property_point();
        ska_point back;
        uint8_t wire[SKA_POINT_BYTES];
        uint8_t again[SKA_POINT_BYTES];
        ska_point_encode(wire, &p);
        ck_assert(ska_point_decode(&back, wire) == SKA_OK);
        ck_assert(ska_point_equal(&p, &back));
        ska_point_encode(again, &back);
        ck_assert_mem_eq(wire, again, sizeof wire);
        wire[31] |= 0x80; /* the highest bit is not part of any canonical encoding */
        ck_assert(ska_point_decode(&back, wire) == SKA_E_ENCODING);
        wire[31] &= 0x7F;
        wire[0] |= 1; /* negative */
        ck_assert(ska_point_decode(&back, wire) == SKA_E_ENCODING);
        ck_assert(ska_point_equal(&p, &back));
    }
}
END_TEST

START_TEST(about_half_of_random_bytes_are_refused_and_the_rest_are_canonical)
{
    int n_good = 0;
    for (int i = 0; i < 400; i++) {
        uint8_t wire[SKA_POINT_BYTES];
        uint8_t again[SKA_POINT_BYTES];
        ska_point p;
        property_bytes(wire, sizeof wire);
        wire[31] &= 0x7F;
        wire[0] &= 0xFE;
        if (ska_point_decode(&p, wire) != SKA_OK)
            continue;
        n_good++;
        ska_point_encode(again, &p);
        ck_assert_mem_eq(wire, again, sizeof wire);
    }
    ck_assert_int_gt(n_good, 20);
    ck_assert_int_lt(n_good, 300);
}
END_TEST

START_TEST(commitments_are_sums_over_g_and_h)
{
    uint8_t uniform[64];
    uint8_t label[64] = {sizeof SKA_LABEL_PEDERSEN_H - 1};
    ska_point h;
    memcpy(label + 1, SKA_LABEL_PEDERSEN_H, sizeof SKA_LABEL_PEDERSEN_H - 1);
    ska_sha512(uniform, label, sizeof SKA_LABEL_PEDERSEN_H);
    ska_point_from_uniform(&h, uniform);
    ck_assert(ska_point_equal(&h, ska_group_h()));
    for (int i = 0; i < 50; i++) {
        ska_scalar x = i == 0 ? ska_scalar_zero : property_scalar();
        ska_scalar r = i == 1 ? ska_scalar_zero : property_scalar();
        ska_point got;
        ska_point want;
        ska_point term;
        ska_commit(&got, &x, &r);
        ska_point_mul(&want, ska_group_g(), &x);
        ska_point_mul(&term, ska_group_h(), &r);
        ska_point_add(&want, &want, &term);
        ck_assert(ska_point_equal(&got, &want));
    }
}
END_TEST

#define MSM_MAX 5000

struct terms {
    ska_scalar k[MSM_MAX];
    ska_point p[MSM_MAX];
};

/* Scalars at the edges of windows and of the choice between k and L - k. */
static ska_scalar edge_scalar(size_t which)
{
    uint8_t bytes[SKA_SCALAR_BYTES] = {0};
    ska_scalar out = ska_scalar_zero;
    size_t bit = which / 3 % 252;
    bytes[bit / 8] = (uint8_t)(1u << (bit % 8));
    ck_assert(ska_scalar_decode(&out, bytes) == SKA_OK); /* 2^bit, 2^bit - 1, -(2^bit) */
    if (which % 3 == 1)
        ska_scalar_sub(&out, &out, &ska_scalar_one);
    if (which % 3 == 2)
        ska_scalar_neg(&out, &out);
    return out;
}

static struct terms *terms_new(size_t n)
{
    struct terms *t = calloc(1, sizeof *t);
    ck_assert(t != NULL);
    for (size_t i = 0; i < n; i++) {
        t->k[i] = property_u64() % 2 == 0 ? property_scalar() : edge_scalar(property_u64() % 756);
        t->p[i] = i > 0 && property_u64() % 16 == 0 ? t->p[i - 1] : property_point();
    }
    return t;
}

START_TEST(sums_of_products_agree_with_the_plain_way)
{
    static const size_t sizes[] = {0,   1,   2,   3,   4,   5,   7,   8,   31,  33,
                                   127, 128, 129, 130, 200, 255, 257, 300, 511, 1000};
    size_t n = sizes[_i];
    SKA_SCOPED(ska_scoped_free) struct terms *t = terms_new(n);
    ska_point want;
    ska_point got;
    ska_msm_plain(&want, t->k, t->p, n);
    ck_assert(ska_msm_vartime(&got, t->k, t->p, n) == SKA_OK);
    ck_assert_msg(ska_point_equal(&got, &want), "vartime, %zu terms", n);
    ck_assert(ska_msm(&got, t->k, t->p, n) == SKA_OK);
    ck_assert_msg(ska_point_equal(&got, &want), "constant time, %zu terms", n);
}
END_TEST

START_TEST(large_sums_agree_with_the_constant_time_way)
{
    SKA_SCOPED(ska_scoped_free) struct terms *t = terms_new(MSM_MAX);
    ska_point want;
    ska_point got;
    ck_assert(ska_msm(&want, t->k, t->p, MSM_MAX) == SKA_OK);
    ck_assert(ska_msm_vartime(&got, t->k, t->p, MSM_MAX) == SKA_OK);
    ck_assert(ska_point_equal(&got, &want));
}
END_TEST

START_TEST(every_edge_scalar_is_multiplied_right)
{
    ska_point p = property_point();
    for (size_t i = 0; i < 756; i++) {
        ska_scalar k = edge_scalar(i);
        ska_point want;
        ska_point got;
        ska_point_mul(&want, &p, &k);
        ck_assert(ska_msm_vartime(&got, &k, &p, 1) == SKA_OK);
        ck_assert_msg(ska_point_equal(&got, &want), "vartime, edge %zu", i);
        ck_assert(ska_msm(&got, &k, &p, 1) == SKA_OK);
        ck_assert_msg(ska_point_equal(&got, &want), "constant time, edge %zu", i);
    }
}
END_TEST

/* Every window width must carry edges right: many equal terms give the same answer as one. */
START_TEST(edge_scalars_survive_every_window)
{
    static const size_t sizes[] = {130, 400, 1200, 3000, 5000};
    size_t n = sizes[_i];
    SKA_SCOPED(ska_scoped_free) struct terms *t = terms_new(n);
    for (size_t i = 0; i < n; i++)
        t->k[i] = edge_scalar(i % 756);
    ska_point want;
    ska_point got;
    ck_assert(ska_msm(&want, t->k, t->p, n) == SKA_OK);
    ck_assert(ska_msm_vartime(&got, t->k, t->p, n) == SKA_OK);
    ck_assert(ska_point_equal(&got, &want));
}
END_TEST

START_TEST(terms_that_cancel_give_the_identity)
{
    SKA_SCOPED(ska_scoped_free) struct terms *t = terms_new(400);
    ska_point got;
    for (size_t i = 200; i < 400; i++) {
        t->p[i] = t->p[i - 200];
        ska_scalar_neg(&t->k[i], &t->k[i - 200]);
    }
    ck_assert(ska_msm_vartime(&got, t->k, t->p, 400) == SKA_OK);
    ck_assert(ska_point_is_identity(&got));
    for (size_t i = 0; i < 400; i++)
        t->k[i] = ska_scalar_zero;
    ck_assert(ska_msm_vartime(&got, t->k, t->p, 400) == SKA_OK);
    ck_assert(ska_point_is_identity(&got));
    ck_assert(ska_msm(&got, t->k, t->p, 400) == SKA_OK);
    ck_assert(ska_point_is_identity(&got));
}
END_TEST

START_TEST(runs_and_folds_are_the_same_sums)
{
    SKA_SCOPED(ska_scoped_free) struct terms *t = terms_new(600);
    const struct ska_msm_run runs[] = {
        {t->k, t->p, 17}, {t->k + 17, t->p + 17, 0}, {t->k + 17, t->p + 17, 583}};
    ska_point want;
    ska_point got;
    ska_msm_plain(&want, t->k, t->p, 600);
    ck_assert(ska_msm_runs_vartime(&got, runs, 3) == SKA_OK);
    ck_assert(ska_point_equal(&got, &want));
    ska_point folded[40];
    ck_assert(ska_msm_fold_vartime(folded, 40, t->k, 15, t->p) == SKA_OK);
    for (size_t i = 0; i < 40; i++) {
        ska_point_set_identity(&want);
        for (size_t b = 0; b < 15; b++) {
            ska_point_mul(&got, &t->p[40 * b + i], &t->k[b]);
            ska_point_add(&want, &want, &got);
        }
        ck_assert(ska_point_equal(&folded[i], &want));
    }
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, group_laws);
    tcase_add_test(tc, the_order_is_l);
    tcase_add_test(tc, encoding_is_one_to_one);
    tcase_add_test(tc, about_half_of_random_bytes_are_refused_and_the_rest_are_canonical);
    tcase_add_test(tc, commitments_are_sums_over_g_and_h);
    tcase_add_loop_test(tc, sums_of_products_agree_with_the_plain_way, 0, 20);
    tcase_add_test(tc, large_sums_agree_with_the_constant_time_way);
    tcase_add_test(tc, every_edge_scalar_is_multiplied_right);
    tcase_add_loop_test(tc, edge_scalars_survive_every_window, 0, 5);
    tcase_add_test(tc, terms_that_cancel_give_the_identity);
    tcase_add_test(tc, runs_and_folds_are_the_same_sums);
}

int main(void)
{
    return property_main("group", fill);
}
