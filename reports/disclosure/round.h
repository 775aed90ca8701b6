/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * round.h - which multiple of the base a figure is shown as: keyed, unbiased, and the same for ever
 * (docs/disclosure-control.md, section 14).
 *
 *     XOF = XofTurboShake128(key, "skarva-1 rounding", opaque8 collection | opaque8 period |
 *                            opaque16 code | u64 base | u64 x)
 *     u   = its next u64 below the largest multiple of the base that a u64 can hold a range of
 *     x is shown as x - r + base if u mod base < r = x mod base, else as x - r
 *
 * Neither task nor revision is in it: a figure that did not change is shown alike in a correction.
 */
#ifndef SKA_REPORTS_ROUND_H
#define SKA_REPORTS_ROUND_H

#include <stdint.h>

#define ROUND_KEY_BYTES 32

/* Which figure. Borrowed strings. */
struct round_figure {
    const char *collection;
    const char *period; /* of the figure: "2025Q2", "2025" */
    const char *code;   /* "OST/NS01.TYP.PLA" */
};

/* In: base  at least 2; x  at most 2^63 less the base. Time depends on whether x is a multiple of
 * the base and on how often the XOF's number is out of range. */
uint64_t round_value(const uint8_t key[static ROUND_KEY_BYTES], const struct round_figure *figure,
                     uint64_t base, uint64_t x);

#endif
