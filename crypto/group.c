/* SPDX-License-Identifier: EUPL-1.2 */
/* group.c - ristretto255 over libdecaf, and Pedersen commitments from precomputed tables. */
#include "crypto/group.h"

#include "crypto/curve.h"
#include "crypto/group_decaf.h"
#include "crypto/hash.h"
#include "crypto/labels.h"
#include "crypto/secret.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static ska_point generator_g;
static ska_point generator_h;
static decaf_255_precomputed_s *table_h = NULL; /* lives as long as the process */

/* End the process unless libdecaf's points are what curve.h says: one of its sums, differences and
 * doubles, and the identity, computed both ways. */
static void check_inner_form(void)
{
    decaf_255_point_t want[3] = {0};
    ska_point g, h, got, expected;
    ska_curve_point p, q, result[3];
    point_from_decaf(&g, decaf_255_point_base);
    h = generator_h;
    decaf_255_point_t dh = {0};
    point_to_decaf(dh, &h);
    decaf_255_point_add(want[0], decaf_255_point_base, dh);
    decaf_255_point_sub(want[1], decaf_255_point_base, dh);
    decaf_255_point_double(want[2], dh);
    ska_curve_load(&p, &g);
    ska_curve_load(&q, &h);
    ska_curve_add(&result[0], &p, &q);
    ska_curve_sub(&result[1], &p, &q);
    ska_curve_double(&result[2], &q);
    for (size_t i = 0; i < 3; i++) {
        ska_curve_store(&got, &result[i]);
        point_from_decaf(&expected, want[i]);
        assert(ska_point_equal(&got, &expected) && "libdecaf's points have another inner form");
    }
}

static void make_generators(void)
{
    point_from_decaf(&generator_g, decaf_255_point_base);

    struct ska_sha512_state hash;
    uint8_t uniform[SKA_SHA512_BYTES];
    ska_sha512_init(&hash);
    ska_sha512_add_label(&hash, SKA_LABEL_PEDERSEN_H);
    ska_sha512_finish(uniform, &hash);
    ska_point_from_uniform(&generator_h, uniform);
    check_inner_form();

    void *memory = NULL;
    int failed =
        posix_memalign(&memory, decaf_255_alignof_precomputed_s, decaf_255_sizeof_precomputed_s);
    assert(failed == 0 && "no memory for the table of H at start");
    table_h = memory;
    decaf_255_point_t h = {0};
    point_to_decaf(h, &generator_h);
    decaf_255_precompute(table_h, h);
}

void ska_group_init(void)
{
    int failed = pthread_once(&once, make_generators);
    assert(failed == 0);
}

/* libdecaf wants its own form of scalars; it goes by way of the canonical bytes. */
static void scalar_to_decaf(decaf_255_scalar_t out, const ska_scalar *k)
{
    uint8_t bytes[SKA_SCALAR_BYTES];
    ska_scalar_encode(bytes, k);
    decaf_error_t result = decaf_255_scalar_decode(out, bytes);
    SKA_MARK_PUBLIC(&result, sizeof result, "always a success: the bytes are canonical");
    assert(result == DECAF_SUCCESS);
    ska_wipe(bytes, sizeof bytes);
}

enum ska_status ska_point_decode(ska_point *out, const uint8_t in[static SKA_POINT_BYTES])
{
    decaf_255_point_t p = {0};
    decaf_error_t result = decaf_255_point_decode(p, in, DECAF_TRUE);
    if (result != DECAF_SUCCESS)
        return SKA_E_ENCODING;
    point_from_decaf(out, p);
    return SKA_OK;
}

void ska_point_encode(uint8_t out[static SKA_POINT_BYTES], const ska_point *p)
{
    decaf_255_point_t d = {0};
    point_to_decaf(d, p);
    decaf_255_point_encode(out, d);
}

void ska_point_from_uniform(ska_point *out, const uint8_t in[static 64])
{
    decaf_255_point_t p = {0};
    decaf_255_point_from_hash_uniform(p, in);
    point_from_decaf(out, p);
}

void ska_point_set_identity(ska_point *out)
{
    point_from_decaf(out, decaf_255_point_identity);
}

void ska_point_add(ska_point *out, const ska_point *a, const ska_point *b)
{
    decaf_255_point_t p = {0};
    decaf_255_point_t q = {0};
    point_to_decaf(p, a);
    point_to_decaf(q, b);
    decaf_255_point_add(p, p, q);
    point_from_decaf(out, p);
}

void ska_point_sub(ska_point *out, const ska_point *a, const ska_point *b)
{
    decaf_255_point_t p = {0};
    decaf_255_point_t q = {0};
    point_to_decaf(p, a);
    point_to_decaf(q, b);
    decaf_255_point_sub(p, p, q);
    point_from_decaf(out, p);
}

void ska_point_neg(ska_point *out, const ska_point *a)
{
    decaf_255_point_t p = {0};
    point_to_decaf(p, a);
    decaf_255_point_negate(p, p);
    point_from_decaf(out, p);
}

void ska_point_mul(ska_point *out, const ska_point *p, const ska_scalar *k)
{
    decaf_255_scalar_t scalar = {0};
    decaf_255_point_t d = {0};
    scalar_to_decaf(scalar, k);
    point_to_decaf(d, p);
    decaf_255_point_scalarmul(d, d, scalar);
    point_from_decaf(out, d);
    decaf_255_scalar_destroy(scalar);
}

bool ska_point_equal(const ska_point *a, const ska_point *b)
{
    decaf_255_point_t p = {0};
    decaf_255_point_t q = {0};
    point_to_decaf(p, a);
    point_to_decaf(q, b);
    decaf_bool_t equal = decaf_255_point_eq(p, q);
    SKA_MARK_PUBLIC(&equal, sizeof equal, "callers act on the outcome of a comparison");
    return equal == DECAF_TRUE;
}

bool ska_point_is_identity(const ska_point *a)
{
    decaf_255_point_t p = {0};
    point_to_decaf(p, a);
    decaf_bool_t equal = decaf_255_point_eq(p, decaf_255_point_identity);
    SKA_MARK_PUBLIC(&equal, sizeof equal, "callers act on the outcome of a comparison");
    return equal == DECAF_TRUE;
}

void ska_point_select(ska_point *out, const ska_point *a, const ska_point *b, bool pick_b)
{
    uint64_t mask = 0 - (uint64_t)pick_b;
    for (size_t i = 0; i < sizeof out->limb / sizeof out->limb[0]; i++)
        out->limb[i] = (a->limb[i] & ~mask) | (b->limb[i] & mask);
}

void ska_point_clear(ska_point *p)
{
    ska_wipe(p->limb, sizeof p->limb);
}

const ska_point *ska_group_g(void)
{
    ska_group_init();
    return &generator_g;
}

const ska_point *ska_group_h(void)
{
    ska_group_init();
    return &generator_h;
}

void ska_commit(ska_point *v, const ska_scalar *x, const ska_scalar *r)
{
    ska_group_init();
    decaf_255_scalar_t scalar = {0};
    decaf_255_point_t p = {0};
    decaf_255_point_t q = {0};
    scalar_to_decaf(scalar, x);
    decaf_255_precomputed_scalarmul(p, decaf_255_precomputed_base, scalar);
    scalar_to_decaf(scalar, r);
    decaf_255_precomputed_scalarmul(q, table_h, scalar);
    decaf_255_point_add(p, p, q);
    point_from_decaf(v, p);
    decaf_255_scalar_destroy(scalar);
    decaf_255_point_destroy(p);
    decaf_255_point_destroy(q);
}
