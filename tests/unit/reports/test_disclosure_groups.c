/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_disclosure_groups.c - disclosure control over groups against brute force: every table of
 * two atoms that agrees with what is published is tried, and each sensitive figure must keep the
 * protection. And small counties worked by hand: what is hidden, and what is shown again.
 */
#include "reports/disclosure/disclosure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/rounding.h"
#include "tests/test.h"

/* A | A.D.x | A.D.y: every submission has A = x + y, each at most 4. Contributors 0 to 2 are one
 * atom, 3 to 5 the other. */
enum { A, X, Y, CELLS };
#define ATOM 3
#define ROSTER (2 * ATOM)
#define BOUND 4
#define CAP (ATOM * BOUND) /* of an atom */
#define TABLES ((CAP + 1) * (CAP + 1))

static struct ska_cell cells[CELLS] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = A},
    {.kind = SKA_CELL_CATEGORY, .code = "A.D.x", .flag = SKA_NONE, .total = A},
    {.kind = SKA_CELL_CATEGORY, .code = "A.D.y", .flag = SKA_NONE, .total = A}};
static const uint64_t bounds[CELLS] = {2 * BOUND, BOUND, BOUND};
static const struct ska_term terms[] = {{A, -1}, {X, 1}, {Y, 1}};
static const struct ska_rule rules[] = {{.width = 0, .n_terms = 3, .terms = terms}};
static struct ska_rule_source sources[] = {{SKA_RULE_TABLE, 0}};
static struct ska_layout layout = {
    .n_cells = CELLS,
    .cells = cells,
    .statement = {.n_cells = CELLS, .bound = bounds, .n_rules = N_OF(rules), .rules = rules},
    .rule_sources = sources};

static uint32_t members[2][ATOM] = {{0, 1, 2}, {3, 4, 5}};
static const struct ska_groups groups[] = {
    {.n = 1, .at = (struct ska_group[]){{.code = "G1", .n_members = ATOM, .members = members[0]}}},
    {.n = 2,
     .at = (struct ska_group[]){{.code = "G1", .n_members = ATOM, .members = members[0]},
                                {.code = "G2", .n_members = ATOM, .members = members[1]}}}};

struct release {
    struct ska_policy policy;
    struct ska_linked *linked;
    uint64_t total[4 * CELLS];
    uint64_t shown[4 * CELLS]; /* of open ones what is published */
    uint8_t reason[4 * CELLS];
};

/* The totals of every block that can be listed, from x and y of both atoms. */
static void add_up(uint64_t *total, const struct ska_linked *l, uint64_t atom[2][CELLS])
{
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        total[cell] = atom[0][cell] + atom[1][cell];
        for (uint32_t g = 0; g < l->groups->n; g++)
            total[(1 + g) * CELLS + cell] = atom[g][cell];
    }
    ck_assert_status(disclosure_subtract(total, l), SKA_OK);
}

static void start(struct release *r, const struct ska_groups *at, struct ska_policy policy)
{
    static const uint32_t counted[ROSTER] = {0, 1, 2, 3, 4, 5};
    *r = (struct release){.policy = policy};
    ck_assert_status(ska_linked_new(&r->linked, &layout, &policy, at, ROSTER, counted, ROSTER),
                     SKA_OK);
    ck_assert_uint_le(r->linked->n_listed, N_OF(r->total));
}

/* Up or down to a multiple of the policy's base, at random. */
static void round_all(struct release *r)
{
    uint64_t base = r->policy.rounding;
    memcpy(r->shown, r->total, sizeof r->shown);
    for (uint32_t f = 0; base != 0 && f < r->linked->n_published; f++)
        r->shown[f] = (r->total[f] + test_random() % base) / base * base;
}

static void publish(struct release *r, uint64_t atom[2][CELLS])
{
    struct ska_suppression hidden = {0};
    struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    const struct disclosure_input input = {r->linked, r->policy, r->total, r->shown, NULL, false};
    add_up(r->total, r->linked, atom);
    round_all(r);
    enum ska_status status = disclosure_decide(&hidden, &certificate, NULL, &input, &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    memset(r->reason, 0, sizeof r->reason);
    for (uint32_t i = 0; i < hidden.n; i++)
        r->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    ska_suppression_clear(&hidden);
    ska_certificate_clear(&certificate);
}

/* Brute force --------------------------------------------------------------------------------- */

/* Whether another table's totals agree with what is published of this one: the open figures, and
 * what reasons say of the others. */
static bool agrees(const struct release *r, const uint64_t *total)
{
    for (uint32_t f = 0; f < r->linked->n_listed; f++) {
        uint64_t least = r->reason[f] == SKA_HIDDEN_SMALL ? r->policy.show_zero : 0;
        uint64_t most = r->reason[f] == SKA_HIDDEN_SMALL ? r->policy.threshold - 1 : UINT64_MAX;
        if (r->reason[f] == SKA_HIDDEN_COMPLEMENT)
            least = r->policy.threshold;
        if (r->reason[f] == 0 && f < r->linked->n_published)
            least = most = r->shown[f];
        if (r->reason[f] == 0 && f < r->linked->n_published && r->policy.rounding != 0)
            ska_rounding_range(&least, &most, &r->policy, r->shown[f]);
        if (total[f] < least || total[f] > most)
            return false;
    }
    return true;
}

static bool is_sensitive(const struct release *r, uint32_t f)
{
    uint8_t reason = r->reason[f];
    return reason != 0 && reason != SKA_HIDDEN_COMPLEMENT;
}

/* A figure that an open zero makes zero: the same cell of a larger block, or the total. */
static bool is_part_of_zero(const struct release *r, uint32_t f)
{
    uint32_t cell = f % CELLS, block = f - cell;
    const uint32_t larger[] = {block + A, cell, A};
    for (size_t i = 0; i < N_OF(larger); i++)
        if (r->reason[larger[i]] == 0 && larger[i] < r->linked->n_published &&
            r->total[larger[i]] == 0)
            return true;
    return false;
}

/* What lies between two blocks may be known if it is large, or a zero that is shown; or its
 * indicator is withdrawn in the smaller. */
static bool is_kept_between(const struct release *r, uint32_t f, uint64_t lo, uint64_t hi)
{
    uint32_t minus = r->linked->blocks[f / CELLS].minus * CELLS + A;
    return lo < r->policy.threshold && (hi > 0 || !r->policy.show_zero) &&
           r->reason[minus] != SKA_HIDDEN_WITHDRAWN;
}

static void try_all(const struct release *r)
{
    uint64_t lo[4 * CELLS], hi[4 * CELLS] = {0}, total[4 * CELLS];
    memset(lo, 0xFF, sizeof lo);
    for (uint64_t i = 0; i < (uint64_t)TABLES * TABLES; i++) {
        uint64_t atom[2][CELLS];
        for (size_t k = 0; k < 2; k++) {
            uint64_t table = k == 0 ? i % TABLES : i / TABLES;
            atom[k][X] = table % (CAP + 1);
            atom[k][Y] = table / (CAP + 1);
            atom[k][A] = atom[k][X] + atom[k][Y];
        }
        if (r->reason[A] == 0 && r->policy.rounding == 0 && atom[0][A] + atom[1][A] != r->total[A])
            continue;
        add_up(total, r->linked, atom);
        if (!agrees(r, total))
            continue;
        for (uint32_t f = 0; f < r->linked->n_listed; f++) {
            lo[f] = total[f] < lo[f] ? total[f] : lo[f];
            hi[f] = total[f] > hi[f] ? total[f] : hi[f];
        }
    }
    for (uint32_t f = 0; f < r->linked->n_listed; f++) {
        char code[100];
        ska_linked_code(code, sizeof code, r->linked, f);
        bool is_kept =
            f < r->linked->n_published ? is_sensitive(r, f) : is_kept_between(r, f, lo[f], hi[f]);
        if (is_kept && !is_part_of_zero(r, f))
            ck_assert_msg(hi[f] >= lo[f] + r->policy.protection, "%s of %d is within %d and %d",
                          code, (int)r->total[f], (int)lo[f], (int)hi[f]);
    }
}

START_TEST(every_sensitive_figure_keeps_the_protection)
{
    static const struct ska_policy policies[] = {{3, 5, true, 2, 0},
                                                 {3, 5, false, 3, 0},
                                                 {3, 3, true, 1, 0},
                                                 {3, 5, true, 2, 5},
                                                 {3, 5, true, 2, 2}};
    size_t n_hidden = 0, n_shown = 0;
    test_seed("groups by brute force");
    for (int round = 0; round < 60; round++) {
        struct release r;
        start(&r, &groups[round % 2], policies[_i]);
        uint64_t atom[2][CELLS], most = 1 + test_random() % CAP;
        for (size_t k = 0; k < 2; k++) {
            atom[k][X] = test_random() % (most + 1);
            atom[k][Y] = test_random() % (most + 1);
            atom[k][A] = atom[k][X] + atom[k][Y];
        }
        publish(&r, atom);
        try_all(&r);
        for (uint32_t f = 0; f < r.linked->n_published; f++)
            *(r.reason[f] != 0 ? &n_hidden : &n_shown) += 1;
        ska_linked_free(r.linked);
    }
    ck_assert_uint_gt(n_hidden, 50);
    ck_assert_uint_gt(n_shown, 20);
}
END_TEST

/* By hand -------------------------------------------------------------------------------------- */

#define O 0
#define S SKA_HIDDEN_SMALL
#define D SKA_HIDDEN_DEPENDENT
#define C SKA_HIDDEN_COMPLEMENT

struct worked {
    const char *name;
    uint64_t x[2], y[2];       /* by atom: G1, G2 */
    uint8_t reason[3 * CELLS]; /* A x y of all, of G1, of G2 */
};

/* Policy: 5, zeros shown, protection 2; two groups that make up the county. */
static const struct worked worked[] = {
    {"nothing is small", {8, 8}, {8, 8}, {O, O, O, O, O, O, O, O, O}},
    /* G1's y is small: its x goes, and since the county's x and y are shown, so do both of G2. */
    {"four in a square", {8, 8}, {3, 8}, {O, O, O, O, C, S, O, C, C}},
    /* both y small, and 1 + 4 is the county's 5: each may be 1 to 4, and so may what is left */
    {"two small ones protect each other", {8, 8}, {1, 4}, {O, O, O, O, C, S, O, C, S}},
    /* the county's y is small: so it is not broken down by group; its x goes */
    {"a small one is not broken down", {8, 8}, {1, 2}, {O, C, S, O, C, D, O, C, D}},
    {"a zero is shown", {8, 8}, {0, 8}, {O, O, O, O, O, O, O, O, O}},
};

START_TEST(groups_are_as_worked_out_by_hand)
{
    const struct worked *k = &worked[_i];
    struct release r;
    uint64_t atom[2][CELLS] = {{k->x[0] + k->y[0], k->x[0], k->y[0]},
                               {k->x[1] + k->y[1], k->x[1], k->y[1]}};
    start(&r, &groups[1], (struct ska_policy){3, 5, true, 2, 0});
    publish(&r, atom);
    for (uint32_t f = 0; f < 3 * CELLS; f++) {
        char code[100];
        ska_linked_code(code, sizeof code, r.linked, f);
        ck_assert_msg(r.reason[f] == k->reason[f], "%s: %s is %u, want %u", k->name, code,
                      r.reason[f], k->reason[f]);
    }
    ska_linked_free(r.linked);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("disclosure groups");
    TCase *t = tcase_create("groups");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, every_sensitive_figure_keeps_the_protection, 0, 5);
    tcase_add_loop_test(t, groups_are_as_worked_out_by_hand, 0, N_OF(worked));
    suite_add_tcase(s, t);
    return test_run(s);
}
