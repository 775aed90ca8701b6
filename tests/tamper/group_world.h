/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * group_world.h - releases with groups that overlap, with groups and counts drawn at random, as the
 * publisher decides them and as the audit judges.
 *
 * The layout is one indicator with a table of three, a second one that is at most the first and may
 * be marked, and a third one that may be blank.
 */
#ifndef SKA_TESTS_GROUP_WORLD_H
#define SKA_TESTS_GROUP_WORLD_H

#include "protocol/rounding.h"
#include "reports/disclosure/disclosure.h"

#include <string.h>

#include "audit/check.h"
#include "crypto/scoped.h"
#include "tests/test.h"

#define ROSTER 12u
#define CELLS 8u /* A | A.x A.y A.z | C | C.marked | B B.answered */
#define BLANK 6u
#define ANSWERED 7u
#define GROUPS 3u

static const struct ska_cell cells[CELLS] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.x", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.y", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.z", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_TOTAL, .code = "C", .flag = SKA_NONE, .total = 4, .indicator = 2},
    {.kind = SKA_CELL_MARK, .code = "C.marked", .flag = SKA_NONE, .total = 4, .indicator = 2},
    {.kind = SKA_CELL_TOTAL, .code = "B", .flag = ANSWERED, .total = BLANK, .indicator = 1},
    {.kind = SKA_CELL_ANSWERED,
     .code = "B.answered",
     .flag = SKA_NONE,
     .total = BLANK,
     .indicator = 1}};
static const uint64_t bounds[CELLS] = {60, 60, 60, 60, 60, 1, 60, 1};
static const struct ska_term sum_terms[] = {{0, -1}, {1, 1}, {2, 1}, {3, 1}};
static const struct ska_term at_most_terms[] = {{0, 1}, {4, -1}};
static const struct ska_term flag_terms[] = {{BLANK, -1}, {ANSWERED, 60}};
static const struct ska_rule rules[] = {
    {0, 0, 4, sum_terms}, {0, 60, 2, at_most_terms}, {0, 60, 2, flag_terms}};
static const struct ska_rule_source sources[] = {
    {SKA_RULE_TABLE, 0}, {SKA_RULE_CATALOGUE, 0}, {SKA_RULE_FLAG, BLANK}};
static struct ska_cell own_cells[CELLS];
static struct ska_rule_source own_sources[N_OF(rules)];
static struct ska_layout layout; /* without a catalogue: all is added up over a year */
static const struct ska_catalogue *own_catalogue; /* of the next layout: A, B, C; or NULL */

/* One release: groups, counts, and everything derived. */
struct release {
    struct ska_policy policy;
    struct ska_group at[GROUPS];
    struct ska_groups groups;
    uint32_t members[GROUPS][ROSTER];
    uint64_t counts[ROSTER][CELLS];
    struct ska_linked *linked; /* owned */
    uint64_t *total;           /* n_listed; owned */
    uint64_t *shown;           /* n_listed; of open ones what is published; owned */
    uint8_t *reason;           /* n_figures; owned */
    uint8_t *kept;             /* n_published: hidden in what is corrected; owned; NULL: none */
    struct ska_needed *needed; /* complements that are proven to be needed; owned */
    uint32_t n_needed;
};

static inline void release_clear(struct release *r)
{
    free(r->total);
    free(r->shown);
    free(r->reason);
    free(r->kept);
    free(r->needed);
    ska_linked_free(r->linked);
    memset(r, 0, sizeof *r);
}

/* Groups by a mask of their members. */
static inline void set_groups(struct release *r, const uint32_t *masks, uint32_t n)
{
    r->groups = (struct ska_groups){.n = n, .at = r->at};
    for (uint32_t g = 0; g < n; g++) {
        (void)snprintf(r->at[g].code, sizeof r->at[g].code, "G%u", g + 1);
        r->at[g].members = r->members[g];
        r->at[g].n_members = 0;
        for (uint32_t i = 0; i < ROSTER; i++)
            if (masks[g] >> i & 1)
                r->members[g][r->at[g].n_members++] = i;
    }
}

/* For the figures of what is linked. */
static inline void make_room(struct release *r)
{
    r->total = calloc(r->linked->n_listed, sizeof *r->total);
    r->shown = calloc(r->linked->n_listed, sizeof *r->shown);
    r->reason = calloc(r->linked->n_figures, 1);
}

/* From the totals of published figures: those of differences; and what is shown, counts up or down
 * to a multiple of the policy's base, at random. */
static inline void show_totals(struct release *r)
{
    uint64_t base = r->policy.rounding;
    ck_assert_status(disclosure_subtract(r->total, r->linked), SKA_OK);
    memcpy(r->shown, r->total, r->linked->n_listed * sizeof *r->shown);
    for (uint32_t f = 0; f < r->linked->n_published; f++)
        if (ska_linked_rounds(r->linked, &r->policy, f))
            r->shown[f] = (r->total[f] + test_random() % base) / base * base;
}

/* The system of a release by itself. Every contributor is counted but `absent`. */
static inline struct ska_linked *link_alone(const struct release *r, uint32_t absent)
{
    struct ska_linked *linked = NULL;
    uint32_t counted[ROSTER], n = 0;
    memcpy(own_cells, cells, sizeof cells);
    memcpy(own_sources, sources, sizeof sources);
    layout = (struct ska_layout){
        .catalogue = own_catalogue,
        .n_cells = CELLS,
        .cells = own_cells,
        .statement = {.n_cells = CELLS, .bound = bounds, .n_rules = N_OF(rules), .rules = rules},
        .rule_sources = own_sources};
    for (uint32_t i = 0; i < ROSTER; i++)
        if ((absent >> i & 1) == 0)
            counted[n++] = i;
    ck_assert_status(ska_linked_new(&linked, &layout, &r->policy, &r->groups, ROSTER, counted, n),
                     SKA_OK);
    return linked;
}

/* The totals of all blocks, from the counts. */
static inline void link_release(struct release *r, uint32_t absent)
{
    r->linked = link_alone(r, absent);
    make_room(r);
    for (uint32_t f = 0; f < r->linked->n_published; f++)
        for (uint32_t i = 0; i < ROSTER; i++)
            if ((absent >> i & 1) == 0 && ska_groups_has(&r->groups, f / CELLS, i))
                r->total[f] += r->counts[i][f % CELLS];
    show_totals(r);
}

static inline enum ska_status decide(struct release *r, struct ska_certificate *certificate)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    const struct disclosure_input input = {r->linked, r->policy, r->total,
                                           r->shown,  r->kept,   false};
    struct ska_error err = {0};
    enum ska_status status = disclosure_decide(&hidden, certificate, NULL, &input, &err);
    ck_assert(status == SKA_OK || err.text[0] != '\0'); /* a refusal says which cell and why */
    memset(r->reason, 0, r->linked->n_figures);
    for (uint32_t f = r->linked->n_own; f < r->linked->n_figures; f++)
        r->reason[f] = ska_linked_frozen_reason(r->linked, f);
    for (uint32_t i = 0; i < hidden.n; i++)
        r->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    free(r->needed);
    r->needed = hidden.needed;
    r->n_needed = hidden.n_needed;
    hidden.needed = NULL; /* the release owns it now */
    return status;
}

static inline void expect_pass(const struct finding *f, const char *check)
{
    ck_assert_msg(!f->is_undecided, "%s: %s", check, f->detail);
    ck_assert_msg(f->n_bad == 0, "%s: %s", check, f->detail);
}

/* The audit's four checks over a pattern and a certificate. Returns how many fail. */
static inline size_t audit(struct finding found[static 4], const struct release *r,
                           const struct ska_certificate *certificate)
{
    struct ska_task task = {.layout = &layout, .parameters = {.policy = r->policy}};
    uint64_t *total = calloc(r->linked->n_figures, sizeof *total);
    struct evidence e = {.task = &task,
                         .linked = r->linked,
                         .hidden_reason = r->reason,
                         .total = total,
                         .certificate = *certificate};
    for (uint32_t f = 0; f < r->linked->n_published; f++)
        total[f] = r->reason[f] == 0 ? r->shown[f] : 0;
    for (uint32_t f = 0; f < r->linked->n_listed; f++)
        e.suppression.n += r->reason[f] != 0;
    e.suppression.needed = r->needed;
    e.suppression.n_needed = r->n_needed;
    memset(found, 0, 4 * sizeof *found);
    check_primary_suppression(&e, &found[0]);
    check_complementary_suppression(&e, &found[1]);
    check_protection(&e, &found[2]);
    check_certificate(&e, &found[3]);
    free(total);
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        n += found[i].n_bad > 0 || found[i].is_undecided;
    return n;
}

static inline void draw_counts(struct release *r)
{
    uint64_t size = 1 + test_random() % 8;
    for (uint32_t i = 0; i < ROSTER; i++) {
        uint64_t *x = r->counts[i];
        for (uint32_t j = 1; j <= 3; j++)
            x[j] = test_random() % 3 == 0 ? 0 : test_random() % size;
        x[0] = x[1] + x[2] + x[3];
        x[4] = test_random() % (x[0] + 1);
        x[5] = test_random() % 24 == 0;
        x[ANSWERED] = test_random() % 4 != 0;
        x[BLANK] = x[ANSWERED] * (test_random() % size);
    }
}

/* Groups as parameters may have them: nothing less than three members between them. */
static inline const uint32_t *draw_groups(void)
{
    static const uint32_t sets[][GROUPS] = {
        {0x03F, 0xFC0, 0},     /* a partition in two */
        {0x00F, 0x0F0, 0xF00}, /* a partition in three */
        {0x03F, 0x1F8, 0},     /* overlapping by three */
        {0x007, 0x03F, 0},     /* one within the other */
        {0x1FF, 0xFC7, 0xE38}, /* overlapping all around */
        {0x007, 0x038, 0x1C0}, /* disjoint with a rest */
    };
    return sets[test_random() % N_OF(sets)];
}

static inline void draw_policy(struct release *r)
{
    uint64_t t = 3 + test_random() % 3;
    bool zeros = test_random() % 2 == 0;
    r->policy = (struct ska_policy){3, t, zeros, 1 + test_random() % (t - 1 - zeros), 0};
}

#endif
