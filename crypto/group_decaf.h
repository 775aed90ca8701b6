/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * group_decaf.h - between ska_point and libdecaf's point; for group.c only.
 *
 * libdecaf pads each of a point's four coordinates from 40 to 64 bytes. ska_point leaves the
 * padding out, so that arrays of points are 160 bytes an element instead of 256.
 */
#ifndef SKA_GROUP_DECAF_H
#define SKA_GROUP_DECAF_H

#include "crypto/group.h"

#include <string.h>

#include <decaf/point_255.h>

#define SKA_COORDINATE_LIMBS 5

_Static_assert(sizeof(((gf_25519_s *)0)->limb) == SKA_COORDINATE_LIMBS * sizeof(uint64_t),
               "a coordinate is 5 limbs of 64 bits");

static inline void point_to_decaf(decaf_255_point_t out, const ska_point *p)
{
    memcpy(out->x->limb, p->limb, sizeof out->x->limb);
    memcpy(out->y->limb, p->limb + SKA_COORDINATE_LIMBS, sizeof out->y->limb);
    memcpy(out->z->limb, p->limb + 2 * SKA_COORDINATE_LIMBS, sizeof out->z->limb);
    memcpy(out->t->limb, p->limb + 3 * SKA_COORDINATE_LIMBS, sizeof out->t->limb);
}

static inline void point_from_decaf(ska_point *out, const decaf_255_point_t p)
{
    memcpy(out->limb, p->x->limb, sizeof p->x->limb);
    memcpy(out->limb + SKA_COORDINATE_LIMBS, p->y->limb, sizeof p->y->limb);
    memcpy(out->limb + 2 * SKA_COORDINATE_LIMBS, p->z->limb, sizeof p->z->limb);
    memcpy(out->limb + 3 * SKA_COORDINATE_LIMBS, p->t->limb, sizeof p->t->limb);
}

#endif
