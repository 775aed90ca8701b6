/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attacker.h - an attacker of a publication as code: every whole table that agrees with what was
 * published is tried, and what is counted is how many values the attacked figure has in them. One
 * value: the attacker knows it.
 *
 * It shares nothing with disclosure control or the gate: what it knows are the county's rules, as
 * they are written in test_attacks.c's scenes, the figures shown, and what the reasons of hidden
 * ones say (docs/disclosure-control.md, section 5). Tables are of *parts*: sets of contributors
 * that no published block divides, or single ones whose figures somebody knows.
 */
#ifndef SKA_TESTS_ATTACKER_H
#define SKA_TESTS_ATTACKER_H

#include "reports/disclosure/disclosure_parts.h"
#include "tests/linked_alone.h"
#include "tests/unit/reports/attacker_reason.h"
#include "tests/unit/reports/county.h"

#define SCENE_PARTS 4u
#define SCENE_BLOCKS 4u
#define SCENE_ROSTER 16u
#define SCENE_CLOSED 255u /* not published, and nothing is said of it */

/* Who is there, which of their sums are published, and the truth. */
struct scene {
    uint32_t n_parts;
    uint32_t size[SCENE_PARTS];    /* contributors on the roster */
    uint32_t counted[SCENE_PARTS]; /* of them, whose submission counts; 0: all */
    uint32_t n_groups;
    uint32_t group[SCENE_BLOCKS - 1]; /* bit p: part p is in it */
    uint64_t x[SCENE_PARTS][COUNTY_CELLS];
};

/* Published, or listed as a small difference: the sum over the parts of a mask. */
struct seen_block {
    uint32_t mask;
    uint8_t reason[COUNTY_CELLS]; /* 0: shown; SCENE_CLOSED */
    uint64_t value[COUNTY_CELLS]; /* where shown */
};

#define SEEN_BLOCKS (SCENE_BLOCKS * SCENE_BLOCKS)
struct seen {
    struct ska_policy policy;
    uint32_t n;
    struct seen_block block[SEEN_BLOCKS];
};

/* --- the attacker --------------------------------------------------------------------------- */

#define ATTACKER_VARIABLES (SCENE_PARTS * COUNTY_CELLS + 1)
#define ATTACKER_ROWS 200u
#define ATTACKER_TERMS (SCENE_PARTS + 2)

/* lo <= sum of k[i] x[at[i]] <= hi */
struct attacker_row {
    int64_t lo, hi;
    uint32_t n, at[ATTACKER_TERMS];
    int64_t k[ATTACKER_TERMS];
};

struct attacker_table {
    int64_t lo[ATTACKER_VARIABLES], hi[ATTACKER_VARIABLES];
};

struct attacker {
    uint32_t n, n_rows;
    struct attacker_table known;
    struct attacker_row row[ATTACKER_ROWS];
};

static inline struct attacker_row *attacker_row(struct attacker *a, int64_t lo, int64_t hi)
{
    ck_assert_uint_lt(a->n_rows, ATTACKER_ROWS);
    struct attacker_row *row = &a->row[a->n_rows++];
    *row = (struct attacker_row){.lo = lo, .hi = hi};
    return row;
}

static inline void attacker_term(struct attacker_row *row, uint32_t variable, int64_t k)
{
    ck_assert_uint_lt(row->n, ATTACKER_TERMS);
    row->at[row->n] = variable;
    row->k[row->n++] = k;
}

/* Cut off what one row excludes. False if nothing is left. */
static inline bool attacker_cut(bool *changed, struct attacker_table *t,
                                const struct attacker_row *r)
{
    int64_t least = 0, most = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        least += r->k[i] * (r->k[i] > 0 ? t->lo[r->at[i]] : t->hi[r->at[i]]);
        most += r->k[i] * (r->k[i] > 0 ? t->hi[r->at[i]] : t->lo[r->at[i]]);
    }
    if (least > r->hi || most < r->lo)
        return false;
    for (uint32_t i = 0; i < r->n; i++) {
        int64_t *lo = &t->lo[r->at[i]], *hi = &t->hi[r->at[i]], k = r->k[i];
        int64_t old_lo = *lo, old_hi = *hi;
        int64_t others_least = least - k * (k > 0 ? old_lo : old_hi);
        int64_t others_most = most - k * (k > 0 ? old_hi : old_lo);
        while (*lo <= *hi && (k * *lo + others_least > r->hi || k * *lo + others_most < r->lo))
            ++*lo;
        while (*lo <= *hi && (k * *hi + others_least > r->hi || k * *hi + others_most < r->lo))
            --*hi;
        if (*lo > *hi)
            return false;
        *changed = *changed || *lo != old_lo || *hi != old_hi;
        least += k * (k > 0 ? *lo - old_lo : *hi - old_hi);
        most += k * (k > 0 ? *hi - old_hi : *lo - old_lo);
    }
    return true;
}

/* Whether any whole table is left: every value of one figure after the other. */
static inline bool attacker_finds(const struct attacker *a, struct attacker_table t)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t r = 0; r < a->n_rows; r++)
            if (!attacker_cut(&changed, &t, &a->row[r]))
                return false;
    }
    uint32_t next = a->n;
    for (uint32_t j = 0; j < a->n; j++)
        if (t.lo[j] < t.hi[j] && (next == a->n || t.hi[j] - t.lo[j] < t.hi[next] - t.lo[next]))
            next = j;
    if (next == a->n)
        return true;
    for (int64_t x = t.lo[next]; x <= t.hi[next]; x++) {
        struct attacker_table with = t;
        with.lo[next] = with.hi[next] = x;
        if (attacker_finds(a, with))
            return true;
    }
    return false;
}

static inline int64_t scene_counted(const struct scene *s, uint32_t mask)
{
    uint32_t n = 0;
    for (uint32_t p = 0; p < s->n_parts; p++)
        if (mask >> p & 1)
            n += s->counted[p] != 0 ? s->counted[p] : s->size[p];
    return n;
}

#define SCENE_BOUND 40
static inline uint32_t attacker_variable(uint32_t part, uint32_t cell)
{
    return part * COUNTY_CELLS + cell;
}

/* The rules of the county's catalogue, which every submission is proven to keep. */
static inline void attacker_learn_rules(struct attacker *a, const struct scene *s)
{
    for (uint32_t p = 0; p < s->n_parts; p++) {
        int64_t n = scene_counted(s, 1u << p), cap = n * SCENE_BOUND;
        for (uint32_t j = 0; j < COUNTY_CELLS; j++)
            a->known.hi[attacker_variable(p, j)] = j == CELL_B_ANSWERED ? n : cap;
        struct attacker_row *sum = attacker_row(a, 0, 0); /* x + y + z = A */
        for (uint32_t j = CELL_X; j <= CELL_Z; j++)
            attacker_term(sum, attacker_variable(p, j), 1);
        attacker_term(sum, attacker_variable(p, CELL_A), -1);
        struct attacker_row *plans = attacker_row(a, 0, cap); /* C <= A */
        attacker_term(plans, attacker_variable(p, CELL_A), 1);
        attacker_term(plans, attacker_variable(p, CELL_C), -1);
        struct attacker_row *blank = attacker_row(a, 0, cap); /* blank is nothing */
        attacker_term(blank, attacker_variable(p, CELL_B_ANSWERED), SCENE_BOUND);
        attacker_term(blank, attacker_variable(p, CELL_B), -1);
    }
}

static inline void attacker_learn(struct attacker *a, const struct scene *s,
                                  const struct seen *seen)
{
    *a = (struct attacker){.n = SCENE_PARTS * COUNTY_CELLS};
    attacker_learn_rules(a, s);
    for (uint32_t b = 0; b < seen->n; b++)
        for (uint32_t j = 0; j < COUNTY_CELLS; j++) {
            const struct seen_block *block = &seen->block[b];
            int64_t n = scene_counted(s, block->mask), lo = (int64_t)block->value[j], hi = lo;
            if (block->reason[j] == SCENE_CLOSED)
                continue;
            if (block->reason[j] != 0)
                attacker_reason(&lo, &hi, block->reason[j], &seen->policy, n,
                                j == CELL_B_ANSWERED ? n : n * SCENE_BOUND);
            struct attacker_row *row = attacker_row(a, lo, hi);
            for (uint32_t p = 0; p < s->n_parts; p++)
                if (block->mask >> p & 1)
                    attacker_term(row, attacker_variable(p, j), 1);
        }
}

/* What some know for sure: all figures of a part are their own. */
static inline void attacker_learn_part(struct attacker *a, const struct scene *s, uint32_t part)
{
    for (uint32_t j = 0; j < COUNTY_CELLS; j++) {
        uint32_t v = attacker_variable(part, j);
        a->known.lo[v] = a->known.hi[v] = (int64_t)s->x[part][j];
    }
}

/* Only what is tied to the attacked figure is tried: the rest has a table, the true one. */
static inline void attacker_leave_rest(struct attacker *a, uint32_t target)
{
    bool tied[ATTACKER_VARIABLES] = {false}, changed = true;
    tied[target] = true;
    while (changed) {
        changed = false;
        for (uint32_t r = 0; r < a->n_rows; r++) {
            bool is_tied = false;
            for (uint32_t i = 0; i < a->row[r].n; i++)
                is_tied = is_tied || tied[a->row[r].at[i]];
            for (uint32_t i = 0; is_tied && i < a->row[r].n; i++) {
                changed = changed || !tied[a->row[r].at[i]];
                tied[a->row[r].at[i]] = true;
            }
        }
    }
    uint32_t n_rows = 0;
    for (uint32_t r = 0; r < a->n_rows; r++)
        if (tied[a->row[r].at[0]])
            a->row[n_rows++] = a->row[r];
    a->n_rows = n_rows;
    for (uint32_t j = 0; j < a->n; j++)
        if (!tied[j])
            a->known.hi[j] = a->known.lo[j];
}

/* How many values the sum of a cell over the parts of `mask` has in all tables; the true one is
 * among them, or the attacker went astray. Says it in a line. */
static inline uint64_t attacker_count(const struct attacker *knows, const struct scene *s,
                                      uint32_t mask, uint32_t cell, const char *what)
{
    struct attacker a = *knows;
    uint32_t target = a.n++;
    struct attacker_row *sum = attacker_row(&a, 0, 0);
    uint64_t n = 0, truth = 0;
    int64_t first = -1, last = -1;
    bool has_truth = false;
    a.known.lo[target] = 0;
    for (uint32_t p = 0; p < s->n_parts; p++)
        if (mask >> p & 1) {
            attacker_term(sum, attacker_variable(p, cell), 1);
            a.known.hi[target] += a.known.hi[attacker_variable(p, cell)];
            truth += s->x[p][cell];
        }
    attacker_term(sum, target, -1);
    attacker_leave_rest(&a, target);
    for (int64_t x = 0, most = a.known.hi[target]; x <= most; x++) {
        a.known.lo[target] = a.known.hi[target] = x;
        if (!attacker_finds(&a, a.known))
            continue;
        has_truth = has_truth || (uint64_t)x == truth;
        first = n++ == 0 ? x : first;
        last = x;
    }
    printf("%s: %" PRIu64 " possible values, %" PRId64 " to %" PRId64 "\n", what, n, first, last);
    ck_assert_msg(has_truth, "%s: the truth, %" PRIu64 ", is not among them", what, truth);
    return n;
}

#endif
