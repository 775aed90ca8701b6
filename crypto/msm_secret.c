/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * msm_secret.c - multi-scalar multiplication in constant time in the scalars (the points are
 * public).
 *
 * Interleaved fixed windows: every scalar is cut into 64 signed digits of 4 bits in [-8, 8), and
 * for each digit the whole table 1 P .. 8 P is read and the wanted multiple taken with masks. Terms
 * are handled in groups, so that the tables stay in cache; a group pays its own 252 doublings.
 */
#include "crypto/msm.h"

#include "crypto/bytes.h"
#include "crypto/curve.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <string.h>

#define WINDOW 4u
#define DIGITS 64u /* 256 bits: a scalar is below 2^253, so the carry ends in the last digit */
#define TABLE 8u
#define GROUP 128u /* terms that share their doublings */
#define ENTRY_LIMBS                                                              \
    16u /* fifteen limbs of a ska_curve_affine, and one to make vectors come out \
         */

typedef ska_curve_point point;

struct entry {
    uint64_t limb[ENTRY_LIMBS];
};

struct tables {
    point multiple[GROUP * TABLE]; /* i P[t] at TABLE t + i - 1 */
    ska_curve_affine affine[GROUP * TABLE];
    struct entry entry[GROUP][TABLE]; /* the same again */
    int8_t digit[GROUP][DIGITS];      /* secret */
};

_Static_assert(sizeof(ska_curve_affine) == 15 * sizeof(uint64_t), "fifteen limbs in a row");

static void release_tables(struct tables **tables)
{
    if (*tables != NULL)
        ska_wipe((*tables)->digit, sizeof(*tables)->digit);
    free(*tables);
    *tables = NULL;
}

static void cut_digits(int8_t digit[static DIGITS], const ska_scalar *k)
{
    uint8_t bytes[SKA_SCALAR_BYTES];
    ska_scalar_encode(bytes, k);
    int carry = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        int value = (bytes[i / 2] >> (WINDOW * (i % 2)) & 15) + carry;
        carry = (value + 8) >> WINDOW; /* 1 exactly if value >= 8 */
        digit[i] = (int8_t)(value - carry * 16);
    }
    ska_wipe(bytes, sizeof bytes);
}

/* Tables of n points. */
static void fill_tables(struct tables *tables, const ska_point *p, size_t n)
{
    for (size_t t = 0; t < n; t++) {
        point *multiple = &tables->multiple[TABLE * t];
        ska_curve_load(&multiple[0], &p[t]);
        for (size_t i = 1; i < TABLE; i++)
            ska_curve_add(&multiple[i], &multiple[i - 1], &multiple[0]);
    }
    ska_curve_normalise_vartime(tables->affine, tables->multiple, TABLE * n);
    for (size_t i = 0; i < TABLE * n; i++)
        memcpy(tables->entry[i / TABLE][i % TABLE].limb, &tables->affine[i],
               sizeof tables->affine[i]);
}

/* All ones if a == b, for a, b < 2^32; else zero. */
static uint64_t equal_mask(uint64_t a, uint64_t b)
{
    return 0 - (((a ^ b) - 1) >> 63);
}

static void take_masked(uint64_t out[static ENTRY_LIMBS], const uint64_t in[static ENTRY_LIMBS],
                        uint64_t mask)
{
    for (size_t i = 0; i < ENTRY_LIMBS; i++)
        out[i] |= in[i] & mask;
}

/* out = digit times the table's point, reading all of the table. */
static void look_up(ska_curve_affine *out, const struct entry table[static TABLE], int8_t digit)
{
    static const struct entry identity = {{[0] = 1, [5] = 1}}; /* y - x = y + x = 1 */
    static const ska_field zero = {{0}};
    uint64_t sign = (uint64_t)((uint8_t)digit >> 7);              /* 1 if negative */
    uint64_t size = (((uint64_t)digit ^ (0 - sign)) + sign) & 15; /* |digit|, 0..8 */
    struct entry found = {{0}};
    ska_curve_affine plain;
    ska_field minus_t2d;
    take_masked(found.limb, identity.limb, equal_mask(size, 0));
    for (uint64_t i = 0; i < TABLE; i++)
        take_masked(found.limb, table[i].limb, equal_mask(size, i + 1));
    memcpy(&plain, found.limb, sizeof plain);
    ska_field_sub(&minus_t2d, &zero, &plain.t2d);
    for (size_t i = 0; i < 5; i++) { /* -(x, y) = (-x, y): minus and plus trade places */
        uint64_t swap = (plain.minus.limb[i] ^ plain.plus.limb[i]) & (0 - sign);
        out->minus.limb[i] = plain.minus.limb[i] ^ swap;
        out->plus.limb[i] = plain.plus.limb[i] ^ swap;
        out->t2d.limb[i] = (plain.t2d.limb[i] & (sign - 1)) | (minus_t2d.limb[i] & (0 - sign));
    }
}

/* The sum over one group of n <= GROUP terms. */
static void sum_group(point *sum, struct tables *tables, const ska_scalar *k, const ska_point *p,
                      size_t n)
{
    ska_curve_affine term = {{{0}}, {{0}}, {{0}}};
    for (size_t t = 0; t < n; t++)
        cut_digits(tables->digit[t], &k[t]);
    fill_tables(tables, p, n);
    ska_curve_set_identity(sum);
    for (size_t i = DIGITS; i-- > 0;) {
        for (unsigned j = 0; j < WINDOW; j++)
            ska_curve_double(sum, sum);
        for (size_t t = 0; t < n; t++) {
            look_up(&term, tables->entry[t], tables->digit[t][i]);
            ska_curve_add_affine(sum, sum, &term);
        }
    }
    ska_wipe(&term, sizeof term);
}

enum ska_status ska_msm(ska_point *out, const ska_scalar *k, const ska_point *p, size_t n)
{
    SKA_SCOPED(release_tables) struct tables *tables = ska_alloc(1, sizeof *tables);
    if (tables == NULL)
        return SKA_E_MEMORY;
    point total;
    point part;
    ska_curve_set_identity(&total);
    for (size_t done = 0; done < n; done += GROUP) {
        sum_group(&part, tables, k + done, p + done, n - done < GROUP ? n - done : GROUP);
        ska_curve_add(&total, &total, &part);
    }
    ska_curve_store(out, &total);
    ska_wipe(&total, sizeof total);
    return SKA_OK;
}
