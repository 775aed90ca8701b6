/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * group.h - ristretto255 (RFC 9496) over libdecaf, and Pedersen commitments.
 *
 * Only group.c calls libdecaf; curve.h knows the inner form of its points. The first function that
 * needs H or a table makes them, once for the process; ska_group_init does it at a moment of the
 * caller's choice. Constant time in scalars and points unless named _vartime. An output may be any
 * of the operands.
 */
#ifndef SKA_GROUP_H
#define SKA_GROUP_H

#include "crypto/scalar.h"

#define SKA_POINT_BYTES 32

/* Valid only after a function here has filled it. */
typedef struct {
    uint64_t limb[20];
} ska_point;

/* Derive H and the tables for G and H. Idempotent, thread-safe. */
void ska_group_init(void);

/* Canonical encodings only (RFC 9496, section 4.3.1): else SKA_E_ENCODING and *out is untouched.
 * The identity (32 zero bytes) is accepted here; where a proof forbids it, the caller checks
 * ska_point_is_identity. */
enum ska_status ska_point_decode(ska_point *out,
                                 const uint8_t in[static SKA_POINT_BYTES]) SKA_MUST_CHECK;
void ska_point_encode(uint8_t out[static SKA_POINT_BYTES], const ska_point *p);

/* The one-way map on 64 uniform bytes (RFC 9496, section 4.3.4). */
void ska_point_from_uniform(ska_point *out, const uint8_t in[static 64]);

void ska_point_set_identity(ska_point *out);
void ska_point_add(ska_point *out, const ska_point *a, const ska_point *b);
void ska_point_sub(ska_point *out, const ska_point *a, const ska_point *b);
void ska_point_neg(ska_point *out, const ska_point *a);
void ska_point_mul(ska_point *out, const ska_point *p, const ska_scalar *k);
bool ska_point_equal(const ska_point *a, const ska_point *b);
bool ska_point_is_identity(const ska_point *a);

/* out = pick_b ? b : a. */
void ska_point_select(ska_point *out, const ska_point *a, const ska_point *b, bool pick_b);

void ska_point_clear(ska_point *p); /* wipes */

/* The two generators of commitments: G is the base point; H is hashed from the label
 * SKA_LABEL_PEDERSEN_H: the one-way map on SHA-512(len8(label) || label). */
const ska_point *ska_group_g(void);
const ska_point *ska_group_h(void);

/* V = x G + r H, from precomputed tables. */
void ska_commit(ska_point *v, const ska_scalar *x, const ska_scalar *r);

/*
 * sum of k_i P_i over i in [0, n). The scalars are public.
 * Returns SKA_OK, or SKA_E_MEMORY. n = 0 gives the identity.
 */
enum ska_status ska_msm_vartime(ska_point *out, const ska_scalar *k, const ska_point *p,
                                size_t n) SKA_MUST_CHECK;

/* The same in constant time in the scalars. The points are public. */
enum ska_status ska_msm(ska_point *out, const ska_scalar *k, const ska_point *p,
                        size_t n) SKA_MUST_CHECK;

#endif
