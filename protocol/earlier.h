/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * earlier.h - the two files of a bundle about earlier releases, and who has them.
 *
 * A release *carries the roll-up* of its year if with it every part of the year is released, and
 * something is to be added up: then it has the file `year`. It is *linked* if it, or an earlier
 * release of its year and cadence, carries a roll-up, or if it corrects one of them: then it has
 * the file `earlier`, a list of all earlier releases of its year and cadence that are alike
 * (frozen.h), in the order of release.
 *
 * Bytes:
 *
 *     earlier   u8 version = 1 | u32 n | n x (opaque8 period | u32 revision | task_id[32] |
 *               sha256[32])
 *     year      u8 version = 1 | u32 n | n x (u32 figure | 2 x (x[32] | r[32]))
 *
 * sha256 is that of the whole bundle file. The figures of `year` are strictly increasing and those
 * of the joined system (linked_join.h); (x, r) is the sum of an aggregator's openings over the
 * parts: leader's, then helper's.
 */
#ifndef SKA_EARLIER_H
#define SKA_EARLIER_H

#include "protocol/bundle.h"

#define SKA_EARLIER_MAX 48u

struct ska_earlier_entry {
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    uint8_t task_id[32];
    uint8_t sha256[32];
};
/* Valid when zeroed: not linked. */
struct ska_earlier_list {
    uint32_t n; /* at most SKA_EARLIER_MAX */
    struct ska_earlier_entry at[SKA_EARLIER_MAX];
};
void ska_earlier_encode(struct ska_writer *w, const struct ska_earlier_list *list);
/* SKA_E_VERSION, SKA_E_LIMIT, SKA_E_FORMAT for a period that is none, SKA_E_RANGE for an empty
 * list, SKA_E_TRUNCATED, SKA_E_TRAILING. */
enum ska_status ska_earlier_decode(struct ska_earlier_list *out,
                                   struct ska_slice bytes) SKA_MUST_CHECK;

/* "2025Q1.r1", as its bundle and folder are called. */
#define SKA_EARLIER_NAME_MAX (SKA_PERIOD_MAX + 12)
void ska_earlier_name(char out[static SKA_EARLIER_NAME_MAX + 1], const char *period,
                      uint32_t revision);

struct ska_year_opening {
    uint32_t figure;
    uint8_t xr[2][64]; /* leader's, helper's */
};
/* Valid when zeroed. */
struct ska_year_openings {
    uint32_t n;
    struct ska_year_opening *at; /* owned */
};
void ska_year_openings_clear(struct ska_year_openings *o);
void ska_year_openings_encode(struct ska_writer *w, const struct ska_year_openings *o);
/* Order checked, scalars not. SKA_E_VERSION, SKA_E_LIMIT, SKA_E_ENCODING, SKA_E_TRUNCATED,
 * SKA_E_TRAILING, SKA_E_MEMORY. */
enum ska_status ska_year_openings_decode(struct ska_year_openings *out,
                                         struct ska_slice bytes) SKA_MUST_CHECK;

#endif
