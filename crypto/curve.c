/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * curve.c - the formulas, with their bounds: what is added or subtracted below stays under 2^54.
 *
 * ska_field_sub adds 4 p < 2^53 + 2^53, so the difference of a reduced number or of the double of
 * one stays under 2^52 + 2^15 + 2^53 < 2^54, and that of coordinates too.
 */
#include "crypto/curve.h"

#include <string.h>

#define TWO_D 243330u

static const ska_field one = {{1}};

void ska_curve_load(ska_curve_point *out, const ska_point *p)
{
    memcpy(out, p->limb, sizeof *out);
}

void ska_curve_store(ska_point *out, const ska_curve_point *p)
{
    memcpy(out->limb, p, sizeof *p);
}

void ska_curve_set_identity(ska_curve_point *out)
{
    *out = (ska_curve_point){.y = {{1}}, .z = {{1}}};
}

/* The last step of all formulas: X = e f, Y = g h, T = e h, Z = f g. */
SKA_FIELD_INLINE void finish(ska_curve_point *out, const ska_field *e, const ska_field *f,
                             const ska_field *g, const ska_field *h)
{
    ska_field_mul(&out->x, e, f);
    ska_field_mul(&out->y, g, h);
    ska_field_mul(&out->t, e, h);
    ska_field_mul(&out->z, f, g);
}

void ska_curve_add(ska_curve_point *out, const ska_curve_point *p, const ska_curve_point *q)
{
    ska_field a, b, c, d, e, f;
    ska_field_sub(&a, &p->y, &p->x);
    ska_field_sub(&b, &q->y, &q->x);
    ska_field_mul(&a, &a, &b);
    ska_field_add(&b, &p->y, &p->x);
    ska_field_add(&c, &q->y, &q->x);
    ska_field_mul(&b, &b, &c);
    ska_field_mul(&c, &p->t, &q->t);
    ska_field_mul_small(&c, &c, TWO_D);
    ska_field_mul(&d, &p->z, &q->z);
    ska_field_add(&d, &d, &d);
    ska_field_sub(&e, &b, &a);
    ska_field_sub(&f, &d, &c);
    ska_field_add(&d, &d, &c);
    ska_field_add(&b, &b, &a);
    finish(out, &e, &f, &d, &b);
}

void ska_curve_sub(ska_curve_point *out, const ska_curve_point *p, const ska_curve_point *q)
{
    ska_field a, b, c, d, e, f;
    ska_field_sub(&a, &p->y, &p->x);
    ska_field_add(&b, &q->y, &q->x);
    ska_field_mul(&a, &a, &b);
    ska_field_add(&b, &p->y, &p->x);
    ska_field_sub(&c, &q->y, &q->x);
    ska_field_mul(&b, &b, &c);
    ska_field_mul(&c, &p->t, &q->t);
    ska_field_mul_small(&c, &c, TWO_D);
    ska_field_mul(&d, &p->z, &q->z);
    ska_field_add(&d, &d, &d);
    ska_field_sub(&e, &b, &a);
    ska_field_add(&f, &d, &c);
    ska_field_sub(&d, &d, &c);
    ska_field_add(&b, &b, &a);
    finish(out, &e, &f, &d, &b);
}

void ska_curve_double(ska_curve_point *out, const ska_curve_point *p)
{
    ska_field a, b, c, e, g, h;
    ska_field_square(&a, &p->x);
    ska_field_square(&b, &p->y);
    ska_field_square(&c, &p->z);
    ska_field_add(&e, &p->x, &p->y);
    ska_field_square(&e, &e);
    ska_field_add(&h, &a, &b);
    ska_field_sub(&e, &h, &e);
    ska_field_sub(&g, &a, &b);
    ska_field_mul_small(&g, &g, 1); /* 2 z^2 + g must stay below 2^54 */
    ska_field_add(&c, &c, &c);
    ska_field_add(&c, &c, &g);
    finish(out, &e, &c, &g, &h);
}

void ska_curve_add_affine(ska_curve_point *out, const ska_curve_point *p, const ska_curve_affine *q)
{
    ska_field a, b, c, d, e, f;
    ska_field_sub(&a, &p->y, &p->x);
    ska_field_mul(&a, &a, &q->minus);
    ska_field_add(&b, &p->y, &p->x);
    ska_field_mul(&b, &b, &q->plus);
    ska_field_mul(&c, &p->t, &q->t2d);
    ska_field_add(&d, &p->z, &p->z);
    ska_field_sub(&e, &b, &a);
    ska_field_sub(&f, &d, &c);
    ska_field_add(&d, &d, &c);
    ska_field_add(&b, &b, &a);
    finish(out, &e, &f, &d, &b);
}

void ska_curve_sub_affine(ska_curve_point *out, const ska_curve_point *p, const ska_curve_affine *q)
{
    ska_field a, b, c, d, e, f;
    ska_field_sub(&a, &p->y, &p->x);
    ska_field_mul(&a, &a, &q->plus);
    ska_field_add(&b, &p->y, &p->x);
    ska_field_mul(&b, &b, &q->minus);
    ska_field_mul(&c, &p->t, &q->t2d);
    ska_field_add(&d, &p->z, &p->z);
    ska_field_sub(&e, &b, &a);
    ska_field_add(&f, &d, &c);
    ska_field_sub(&d, &d, &c);
    ska_field_add(&b, &b, &a);
    finish(out, &e, &f, &d, &b);
}

/* (4 x : 4 y : 4 : 4 x y), from 2 x = plus - minus and 2 y = plus + minus. */
void ska_curve_from_affine(ska_curve_point *out, const ska_curve_affine *q)
{
    ska_field x, y;
    ska_field_sub(&x, &q->plus, &q->minus);
    ska_field_add(&y, &q->plus, &q->minus);
    ska_field_mul(&out->t, &x, &y);
    ska_field_mul_small(&out->x, &x, 2);
    ska_field_mul_small(&out->y, &y, 2);
    out->z = (ska_field){{4}};
}

void ska_curve_from_affine_neg(ska_curve_point *out, const ska_curve_affine *q)
{
    const ska_curve_affine negative = {.minus = q->plus, .plus = q->minus};
    ska_curve_from_affine(out, &negative);
}

/* With Z = 1. */
static void to_affine(ska_curve_affine *out, const ska_curve_point *p)
{
    ska_field_sub(&out->minus, &p->y, &p->x);
    ska_field_mul_small(&out->minus, &out->minus, 1);
    ska_field_add(&out->plus, &p->y, &p->x);
    ska_field_mul_small(&out->plus, &out->plus, 1);
    ska_field_mul_small(&out->t2d, &p->t, TWO_D);
}

static bool is_normal(const ska_curve_point *p)
{
    return memcmp(&p->z, &one, sizeof one) == 0; /* a Z that is 1 in another form is divided by */
}

/*
 * The product of all Z before a point is kept in its T, which is no longer needed once X, Y and Z
 * are there; the inverse of the whole product is then peeled off from the end.
 */
void ska_curve_normalise_vartime(ska_curve_affine *out, ska_curve_point *p, size_t n)
{
    ska_field inverse = one;
    bool all_normal = true;
    for (size_t i = 0; i < n; i++) {
        if (is_normal(&p[i]))
            continue;
        p[i].t = inverse;
        ska_field_mul(&inverse, &inverse, &p[i].z);
        all_normal = false;
    }
    if (!all_normal)
        ska_field_invert(&inverse, &inverse);
    for (size_t i = n; i-- > 0;) {
        if (!is_normal(&p[i])) {
            ska_field z_inverse;
            ska_field_mul(&z_inverse, &inverse, &p[i].t);
            ska_field_mul(&inverse, &inverse, &p[i].z);
            ska_field_mul(&p[i].x, &p[i].x, &z_inverse);
            ska_field_mul(&p[i].y, &p[i].y, &z_inverse);
            ska_field_mul(&p[i].t, &p[i].x, &p[i].y);
            p[i].z = one;
        }
        if (out != NULL)
            to_affine(&out[i], &p[i]);
    }
}
