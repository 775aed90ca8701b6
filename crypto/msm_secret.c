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
#include "crypto/group_decaf.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#define WINDOW 4u
#define DIGITS 64u /* 256 bits: a scalar is below 2^253, so the carry ends in the last digit */
#define TABLE 8u
#define GROUP 128u /* terms that share their doublings */

typedef struct decaf_255_point_s point;

struct tables {
    ska_point multiple[GROUP][TABLE]; /* multiple[t][i] = (i + 1) P[t] */
    int8_t digit[GROUP][DIGITS];      /* secret */
};

static void release_tables(struct tables **tables)
{
    ska_wipe_free(*tables, sizeof **tables);
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

static void fill_table(ska_point table[static TABLE], const ska_point *p)
{
    point base;
    point multiple;
    point_to_decaf(&base, p);
    multiple = base;
    table[0] = *p;
    for (size_t i = 1; i < TABLE; i++) {
        decaf_255_point_add(&multiple, &multiple, &base);
        point_from_decaf(&table[i], &multiple);
    }
}

/* out = digit times the table's point, reading all of the table. */
static void look_up(point *out, const ska_point table[static TABLE], int8_t digit)
{
    unsigned sign = (unsigned)((uint8_t)digit >> 7);              /* 1 if negative */
    unsigned size = (((unsigned)digit ^ (0 - sign)) + sign) & 15; /* |digit|, 0..8 */
    ska_point sum = {{0}};
    for (unsigned i = 0; i < TABLE; i++) {
        uint64_t differs = (uint64_t)(size ^ (i + 1));
        uint64_t mask = ((differs - 1) >> 63) * UINT64_MAX; /* all ones if equal */
        for (size_t j = 0; j < sizeof sum.limb / sizeof sum.limb[0]; j++)
            sum.limb[j] |= table[i].limb[j] & mask;
    }
    point found;
    point negative;
    point_to_decaf(&found, &sum);
    decaf_255_point_cond_sel(&found, &found, decaf_255_point_identity,
                             0 - (decaf_bool_t)((size - 1) >> 31));
    decaf_255_point_negate(&negative, &found);
    decaf_255_point_cond_sel(out, &found, &negative, 0 - (decaf_bool_t)sign);
}

/* The sum over one group of n <= GROUP terms. */
static void sum_group(point *sum, struct tables *tables, const ska_scalar *k, const ska_point *p,
                      size_t n)
{
    point term;
    for (size_t t = 0; t < n; t++) {
        cut_digits(tables->digit[t], &k[t]);
        fill_table(tables->multiple[t], &p[t]);
    }
    *sum = *decaf_255_point_identity;
    for (size_t i = DIGITS; i-- > 0;) {
        for (unsigned j = 0; j < WINDOW; j++)
            decaf_255_point_double(sum, sum);
        for (size_t t = 0; t < n; t++) {
            look_up(&term, tables->multiple[t], tables->digit[t][i]);
            decaf_255_point_add(sum, sum, &term);
        }
    }
    decaf_255_point_destroy(&term);
}

enum ska_status ska_msm(ska_point *out, const ska_scalar *k, const ska_point *p, size_t n)
{
    SKA_SCOPED(release_tables) struct tables *tables = ska_alloc(1, sizeof *tables);
    if (tables == NULL)
        return SKA_E_MEMORY;
    point total = *decaf_255_point_identity;
    point part;
    for (size_t done = 0; done < n; done += GROUP) {
        sum_group(&part, tables, k + done, p + done, n - done < GROUP ? n - done : GROUP);
        decaf_255_point_add(&total, &total, &part);
    }
    point_from_decaf(out, &total);
    decaf_255_point_destroy(&total);
    return SKA_OK;
}
