/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * curve.h - addition and doubling of points, for the multi-scalar multiplications, which make them
 * by the hundred thousand.
 *
 * libdecaf's ristretto255 stands on the curve -x^2 + y^2 = 1 + d x^2 y^2, d = 121665, modulo
 * p = 2^255 - 19, in extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, T Z = X Y, each of
 * five limbs of 51 bits. A ska_point is those twenty limbs. The formulas here are the complete ones
 * of Hisil, Wong, Carter and Dawson (2008) for a = -1, sections 3.1 and 3.3; without the copies in
 * and out, and with Z = 1 where that can be had, they take five eighths of the library's time. That
 * the library's inner form is the one described is checked when the group is made (group.c ends the
 * process if it is not). Everything else about the group stays the library's.
 *
 * Coordinates have limbs below 2^52. An output may be any of the operands. Constant time.
 */
#ifndef SKA_CURVE_H
#define SKA_CURVE_H

#include "crypto/field.h"
#include "crypto/group.h"

typedef struct {
    ska_field x, y, z, t;
} ska_curve_point;

_Static_assert(sizeof(ska_curve_point) == sizeof(ska_point), "both are twenty limbs");

/* A point with Z = 1 in the form in which it is added to others most cheaply: y - x, y + x and
 * 2 d x y. */
typedef struct {
    ska_field minus, plus, t2d;
} ska_curve_affine;

void ska_curve_load(ska_curve_point *out, const ska_point *p);
void ska_curve_store(ska_point *out, const ska_curve_point *p);
void ska_curve_set_identity(ska_curve_point *out);

/* p + q and p - q, also if they are equal, opposite or the identity; 2 p. */
void ska_curve_add(ska_curve_point *out, const ska_curve_point *p, const ska_curve_point *q);
void ska_curve_sub(ska_curve_point *out, const ska_curve_point *p, const ska_curve_point *q);
void ska_curve_double(ska_curve_point *out, const ska_curve_point *p);

/* The same where q has Z = 1. */
void ska_curve_add_affine(ska_curve_point *out, const ska_curve_point *p,
                          const ska_curve_affine *q);
void ska_curve_sub_affine(ska_curve_point *out, const ska_curve_point *p,
                          const ska_curve_affine *q);

/* q itself, or -q. */
void ska_curve_from_affine(ska_curve_point *out, const ska_curve_affine *q);
void ska_curve_from_affine_neg(ska_curve_point *out, const ska_curve_affine *q);

/*
 * n points brought to Z = 1, with one inversion for all whose Z is not 1 yet. Public points only:
 * which of them these are shows in the time. `out` may be NULL if only `p` is to be changed.
 */
void ska_curve_normalise_vartime(ska_curve_affine *out, ska_curve_point *p, size_t n);

#endif
