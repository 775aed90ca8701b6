/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * group_table.h - one indicator with a table of two categories, the smallest that has margins: for
 * tests that try every table of the contributors of some groups.
 */
#ifndef SKA_TESTS_GROUP_TABLE_H
#define SKA_TESTS_GROUP_TABLE_H

#include <stdlib.h>
#include <string.h>

#include "protocol/layout.h"
#include "reports/disclosure/disclosure.h"
#include "tests/test.h"
#include "tests/unit/reports/attacker_reason.h"

#define CELLS 3u /* A | A.x A.y */
#define ATOM 3u  /* contributors of each atom */

static const struct ska_term terms[] = {{0, -1}, {1, 1}, {2, 1}};
static const struct ska_rule rules[] = {{0, 0, 3, terms}};
static struct ska_rule_source sources[] = {{SKA_RULE_TABLE, 0}};
static struct ska_cell cells[CELLS] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.x", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.y", .flag = SKA_NONE, .total = 0}};

/* The layout; bounds is borrowed. */
static inline struct ska_layout group_layout(const uint64_t bounds[static CELLS])
{
    return (struct ska_layout){
        .n_cells = CELLS,
        .cells = cells,
        .statement = {.n_cells = CELLS, .bound = bounds, .n_rules = N_OF(rules), .rules = rules},
        .rule_sources = sources};
}

/* Every table of contributors that have at most `most` cases together: how many there are. */
static inline uint32_t group_tables(uint64_t (*kind)[CELLS], uint32_t kinds_max, uint64_t most)
{
    uint32_t n = 0;
    for (uint64_t x = 0; x <= most; x++)
        for (uint64_t y = 0; x + y <= most; y++) {
            ck_assert_uint_lt(n, kinds_max);
            memcpy(kind[n++], (uint64_t[CELLS]){x + y, x, y}, sizeof kind[0]);
        }
    return n;
}

/* By night more is tried. */
static inline bool group_is_whole(void)
{
    return getenv("SKARVA_GROUPS_WHOLE") != NULL;
}

/* What is decided, by figure; `needed` holds what is proven too, in order. */
struct group_decided {
    uint8_t reason[64];
    struct ska_needed of[64], needed[64];
    uint32_t n_needed;
};

static inline enum ska_status group_decide(struct group_decided *d,
                                           const struct disclosure_input *input)
{
    struct ska_suppression hidden = {0};
    struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    *d = (struct group_decided){0};
    enum ska_status status = disclosure_decide(&hidden, &certificate, NULL, input, &err);
    for (uint32_t i = 0; i < hidden.n; i++)
        d->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    for (uint32_t i = 0; i < hidden.n_needed; i++)
        d->of[hidden.needed[i].figure] = d->needed[d->n_needed++] = hidden.needed[i];
    ska_suppression_clear(&hidden);
    ska_certificate_clear(&certificate);
    return status;
}

/* Whether a total is one that the reason and what is proven leave, of n contributors. */
static inline bool group_fits(const struct group_decided *d, uint32_t figure, uint64_t x,
                              const struct ska_policy *p, uint64_t n, uint64_t cap)
{
    int64_t lo = 0, hi = 0;
    attacker_reason(&lo, &hi, d->reason[figure], p, (int64_t)n, (int64_t)cap);
    const struct ska_needed *needed = &d->of[figure];
    return (int64_t)x >= lo && (int64_t)x <= hi &&
           (needed->n_runs == 0 || ska_needed_has(needed, x));
}

/* What is left of every figure, over all tables that fit. */
struct group_left {
    uint64_t least, most;
};

static inline void group_leave(struct group_left *left, uint32_t n, const uint64_t *total)
{
    for (uint32_t f = 0; f < n; f++) {
        left[f].least = total[f] < left[f].least ? total[f] : left[f].least;
        left[f].most = total[f] > left[f].most ? total[f] : left[f].most;
    }
}

#endif
