/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * msm.c - multi-scalar multiplication with public scalars: buckets (Pippenger) for many terms,
 * interleaved signed windows (Straus) for few.
 *
 * A scalar k >= 2^251 is replaced by L - k with the sign turned, so that every magnitude is at most
 * 2^251 + 2^125: 252 bits, of which bits 126 to 250 are zero if bit 251 is set.
 */
#include "crypto/msm.h"

#include "crypto/bytes.h"
#include "crypto/curve.h"
#include "crypto/scoped.h"

#include <assert.h>
#include <stdlib.h>

#define MAGNITUDE_BITS 252u
#define WINDOW_MIN 4u
#define WINDOW_MAX 15u /* digits must fit int16_t */
#define STRAUS_MAX 96u /* terms up to which interleaved windows are faster than buckets */
#define PORTION 128u   /* points that share an inversion */
#define NAF_WIDTH 5u
#define NAF_DIGITS (MAGNITUDE_BITS + 1)
#define NAF_TABLE 8u /* 1 P, 3 P, ... 15 P */

typedef ska_curve_point point;

/* A number below 2^256 as four limbs, least significant first, and a zero to read past the end. */
struct magnitude {
    uint64_t limb[5];
    bool negative;
};

static void load_limbs(struct magnitude *out, const ska_scalar *k)
{
    uint8_t bytes[SKA_SCALAR_BYTES];
    ska_scalar_encode(bytes, k);
    *out = (struct magnitude){{0}, false};
    for (size_t i = 0; i < SKA_SCALAR_BYTES; i++)
        out->limb[i / 8] |= (uint64_t)bytes[i] << (8 * (i % 8));
}

static void magnitude_init(struct magnitude *out, const ska_scalar *k)
{
    load_limbs(out, k);
    if (out->limb[3] >> 59 == 0) /* k < 2^251 */
        return;
    ska_scalar minus;
    ska_scalar_neg(&minus, k);
    load_limbs(out, &minus);
    out->negative = true;
}

/* `count` < 32 bits from bit `first` < 256. */
static int32_t bits_at(const struct magnitude *m, size_t first, unsigned count)
{
    uint64_t low = m->limb[first / 64] >> (first % 64);
    uint64_t high = m->limb[first / 64 + 1] << 1 << (63 - first % 64);
    return (int32_t)((low | high) & ((UINT64_C(1) << count) - 1));
}

/* ---- few terms: interleaved width-5 non-adjacent forms ---- */

struct naf {
    int16_t digit[NAF_DIGITS]; /* 0 or odd, in [-15, 15]; of five in a row at most one is not 0 */
};

static void naf_init(struct naf *naf, const ska_scalar *k)
{
    struct magnitude m;
    magnitude_init(&m, k);
    int sign = m.negative ? -1 : 1;
    *naf = (struct naf){{0}};
    int32_t carry = 0;
    for (size_t i = 0; i < NAF_DIGITS;) {
        if ((bits_at(&m, i, 1) ^ carry) == 0) {
            i++;
            continue;
        }
        int32_t value = bits_at(&m, i, NAF_WIDTH) + carry;
        carry = value >> (NAF_WIDTH - 1) & 1; /* 17..31 become -15..-1 */
        naf->digit[i] = (int16_t)(sign * (value - carry * (1 << NAF_WIDTH)));
        i += NAF_WIDTH;
    }
    assert(carry == 0);
}

/* table = 1 P, 3 P, ... 15 P */
static void naf_table(point table[static NAF_TABLE], const ska_point *p)
{
    point two;
    ska_curve_load(&table[0], p);
    ska_curve_double(&two, &table[0]);
    for (size_t i = 1; i < NAF_TABLE; i++)
        ska_curve_add(&table[i], &table[i - 1], &two);
}

/* out = sum of the n numbers in `naf` times the points of `tables` (NAF_TABLE for each). */
static void interleave(ska_point *out, const struct naf *naf, const point *tables, size_t n)
{
    point sum;
    ska_curve_set_identity(&sum);
    bool started = false;
    for (size_t i = NAF_DIGITS; i-- > 0;) {
        if (started)
            ska_curve_double(&sum, &sum);
        for (size_t t = 0; t < n; t++) {
            int digit = naf[t].digit[i];
            if (digit == 0)
                continue;
            started = true;
            if (digit > 0)
                ska_curve_add(&sum, &sum, &tables[t * NAF_TABLE + (size_t)digit / 2]);
            else
                ska_curve_sub(&sum, &sum, &tables[t * NAF_TABLE + (size_t)-digit / 2]);
        }
    }
    ska_curve_store(out, &sum);
}

static enum ska_status straus(ska_point *out, const struct ska_msm_run *runs, size_t n_runs,
                              size_t n)
{
    SKA_SCOPED(ska_scoped_free) point *tables = ska_alloc(n * NAF_TABLE, sizeof(point));
    SKA_SCOPED(ska_scoped_free) struct naf *naf = ska_alloc(n, sizeof *naf);
    if (tables == NULL || naf == NULL)
        return SKA_E_MEMORY;
    size_t t = 0;
    for (size_t r = 0; r < n_runs; r++) {
        for (size_t i = 0; i < runs[r].n; i++, t++) {
            naf_init(&naf[t], &runs[r].k[i]);
            naf_table(&tables[t * NAF_TABLE], &runs[r].p[i]);
        }
    }
    interleave(out, naf, tables, n);
    return SKA_OK;
}

/* ---- many terms: buckets ---- */

static size_t n_windows(unsigned c)
{
    return (MAGNITUDE_BITS + c - 1) / c;
}

/* The cheapest window: a term costs one addition to a bucket, a bucket two dearer ones, less the
 * one that its first point saves. */
static unsigned best_window(size_t n)
{
    unsigned best = WINDOW_MIN;
    uint64_t best_cost = UINT64_MAX;
    for (unsigned c = WINDOW_MIN; c <= WINDOW_MAX; c++) {
        uint64_t cost = (uint64_t)n_windows(c) * (3 * n + (UINT64_C(5) << (c - 1)));
        if (cost < best_cost) {
            best_cost = cost;
            best = c;
        }
    }
    return best;
}

/*
 * Write the signed digits of k, each in [-2^(c-1), 2^(c-1)], lowest first, `stride` apart.
 *
 * ceil(252 / c) digits are enough: if c divides 252 and bit 251 is set, the top digit is exactly
 * 2^(c-1), and no carry reaches it, because all windows next to it are zero.
 */
static void cut_digits(int16_t *digit, size_t stride, const ska_scalar *k, unsigned c)
{
    struct magnitude m;
    magnitude_init(&m, k);
    int32_t sign = m.negative ? -1 : 1;
    int32_t half = 1 << (c - 1);
    int32_t carry = 0;
    for (size_t w = 0; w < n_windows(c); w++) {
        int32_t value = bits_at(&m, w * c, c) + carry;
        carry = value > half;
        digit[w * stride] = (int16_t)(sign * (value - carry * 2 * half));
    }
    assert(carry == 0);
}

struct buckets {
    point *sum;   /* 2^(c-1) of them: bucket[d - 1] takes the points with digit d or -d */
    uint8_t *has; /* whether sum[d - 1] holds anything yet */
    size_t n;
};

static void bucket_put(struct buckets *b, int16_t digit, const ska_curve_affine *p)
{
    size_t at = (size_t)abs(digit) - 1;
    if (b->has[at] != 0 && digit > 0)
        ska_curve_add_affine(&b->sum[at], &b->sum[at], p);
    else if (b->has[at] != 0)
        ska_curve_sub_affine(&b->sum[at], &b->sum[at], p);
    else if (digit > 0)
        ska_curve_from_affine(&b->sum[at], p);
    else
        ska_curve_from_affine_neg(&b->sum[at], p);
    b->has[at] = 1;
}

/* Add sum of d bucket[d - 1] to *total: running sums from the top; empties the buckets. */
static void buckets_drain(point *total, struct buckets *b)
{
    point running;
    bool has_running = false;
    for (size_t i = b->n; i-- > 0;) {
        if (b->has[i] != 0 && has_running)
            ska_curve_add(&running, &running, &b->sum[i]);
        else if (b->has[i] != 0)
            running = b->sum[i];
        has_running = has_running || b->has[i] != 0;
        b->has[i] = 0;
        if (has_running)
            ska_curve_add(total, total, &running);
    }
}

/* All points with Z = 1, a portion at a time. */
static void normalise(ska_curve_affine *out, const struct ska_msm_run *runs, size_t n_runs)
{
    point portion[PORTION];
    for (size_t r = 0; r < n_runs; r++) {
        for (size_t i = 0; i < runs[r].n;) {
            size_t n = 0;
            for (; n < PORTION && i < runs[r].n; n++, i++)
                ska_curve_load(&portion[n], &runs[r].p[i]);
            ska_curve_normalise_vartime(out, portion, n);
            out += n;
        }
    }
}

static enum ska_status pippenger(ska_point *out, const struct ska_msm_run *runs, size_t n_runs,
                                 size_t n)
{
    unsigned c = best_window(n);
    size_t n_digits;
    SKA_TRY(ska_size_mul(&n_digits, n, n_windows(c)));
    struct buckets b = {.n = (size_t)1 << (c - 1)};
    SKA_SCOPED(ska_scoped_free) ska_curve_affine *points = ska_alloc(n, sizeof *points);
    SKA_SCOPED(ska_scoped_free) int16_t *digits = ska_alloc(n_digits, sizeof *digits);
    SKA_SCOPED(ska_scoped_free) point *sums = b.sum = ska_alloc(b.n, sizeof *sums);
    SKA_SCOPED(ska_scoped_free) uint8_t *has = b.has = ska_alloc(b.n, 1);
    if (points == NULL || digits == NULL || sums == NULL || has == NULL)
        return SKA_E_MEMORY;
    normalise(points, runs, n_runs);
    size_t t = 0;
    for (size_t r = 0; r < n_runs; r++) {
        for (size_t i = 0; i < runs[r].n; i++, t++)
            cut_digits(&digits[t], n, &runs[r].k[i], c);
    }
    point total;
    ska_curve_set_identity(&total);
    for (size_t w = n_windows(c); w-- > 0;) {
        for (unsigned i = 0; i < c; i++)
            ska_curve_double(&total, &total);
        const int16_t *digit = &digits[w * n];
        for (size_t i = 0; i < n; i++) {
            if (digit[i] != 0)
                bucket_put(&b, digit[i], &points[i]);
        }
        buckets_drain(&total, &b);
    }
    ska_curve_store(out, &total);
    return SKA_OK;
}

enum ska_status ska_msm_runs_vartime(ska_point *out, const struct ska_msm_run *runs, size_t n_runs)
{
    size_t n = 0;
    for (size_t r = 0; r < n_runs; r++)
        SKA_TRY(ska_size_add(&n, n, runs[r].n));
    if (n == 0) {
        ska_point_set_identity(out);
        return SKA_OK;
    }
    return n <= STRAUS_MAX ? straus(out, runs, n_runs, n) : pippenger(out, runs, n_runs, n);
}

enum ska_status ska_msm_vartime(ska_point *out, const ska_scalar *k, const ska_point *p, size_t n)
{
    const struct ska_msm_run run = {k, p, n};
    return ska_msm_runs_vartime(out, &run, 1);
}

enum ska_status ska_msm_fold_vartime(ska_point *out, size_t n, const ska_scalar *k, size_t n_blocks,
                                     const ska_point *p)
{
    SKA_SCOPED(ska_scoped_free) point *tables = ska_alloc(n_blocks * NAF_TABLE, sizeof(point));
    SKA_SCOPED(ska_scoped_free) struct naf *naf = ska_alloc(n_blocks, sizeof *naf);
    if (tables == NULL || naf == NULL)
        return SKA_E_MEMORY;
    for (size_t t = 0; t < n_blocks; t++)
        naf_init(&naf[t], &k[t]);
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < n_blocks; t++)
            naf_table(&tables[t * NAF_TABLE], &p[t * n + i]);
        interleave(&out[i], naf, tables, n_blocks);
    }
    return SKA_OK;
}

void ska_points_normalise_vartime(ska_point *p, size_t n)
{
    point portion[PORTION];
    for (size_t done = 0; done < n; done += PORTION) {
        size_t len = n - done < PORTION ? n - done : PORTION;
        for (size_t i = 0; i < len; i++)
            ska_curve_load(&portion[i], &p[done + i]);
        ska_curve_normalise_vartime(NULL, portion, len);
        for (size_t i = 0; i < len; i++)
            ska_curve_store(&p[done + i], &portion[i]);
    }
}

void ska_msm_plain(ska_point *out, const ska_scalar *k, const ska_point *p, size_t n)
{
    ska_point sum;
    ska_point term;
    ska_point_set_identity(&sum);
    for (size_t i = 0; i < n; i++) {
        ska_point_mul(&term, &p[i], &k[i]);
        ska_point_add(&sum, &sum, &term);
    }
    *out = sum;
}
