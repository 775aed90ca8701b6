/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_groups.c - disclosure control over groups that overlap: what the publisher hides the audit
 * accepts, and attacks by subtraction that succeed where each block is looked at alone fail.
 *
 * The layout is one indicator with a table of three, a second one that is at most the first and may
 * be marked, and a third one that may be blank; groups and counts are drawn.
 */
#include "protocol/rounding.h"
#include "reports/disclosure.h"

#include <string.h>

#include "audit/check.h"
#include "crypto/scoped.h"
#include "tests/test.h"

#define ROSTER 12u
#define CELLS 8u /* A | A.x A.y A.z | C | C.marked | B B.answered */
#define BLANK 6u
#define ANSWERED 7u
#define GROUPS 3u
#define DRAWN 4 /* times that 400 releases are drawn, and once more */

static const struct ska_cell cells[CELLS] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.x", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.y", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.z", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_TOTAL, .code = "C", .flag = SKA_NONE, .total = 4},
    {.kind = SKA_CELL_MARK, .code = "C.marked", .flag = SKA_NONE, .total = 4},
    {.kind = SKA_CELL_TOTAL, .code = "B", .flag = ANSWERED, .total = BLANK},
    {.kind = SKA_CELL_ANSWERED, .code = "B.answered", .flag = SKA_NONE, .total = BLANK}};
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

/* One release: groups, counts, and everything derived. */
struct release {
    struct ska_layout layout;
    struct ska_policy policy;
    struct ska_group at[GROUPS];
    struct ska_groups groups;
    uint32_t members[GROUPS][ROSTER];
    uint64_t counts[ROSTER][CELLS];
    struct ska_linked *linked; /* owned */
    uint64_t *total;           /* n_listed; owned */
    uint64_t *shown;           /* n_listed; of open ones what is published; owned */
    uint8_t *reason;           /* n_figures; owned */
};

static void release_clear(struct release *r)
{
    free(r->total);
    free(r->shown);
    free(r->reason);
    ska_linked_free(r->linked);
    memset(r, 0, sizeof *r);
}

/* Groups by a mask of their members. */
static void set_groups(struct release *r, const uint32_t *masks, uint32_t n)
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

/* Counts that are alike for every contributor, with nothing small to hide in a block. */
static void all_alike(struct release *r)
{
    for (uint32_t i = 0; i < ROSTER; i++)
        for (uint32_t j = 0; j < CELLS; j++)
            r->counts[i][j] = j == 0 ? 30 : j == 5 ? 0 : j == ANSWERED ? 1 : 10;
}

/* Counts up or down to a multiple of the policy's base, at random. */
static void round_counts(struct release *r)
{
    uint64_t base = r->policy.rounding;
    for (uint32_t f = 0; f < r->linked->n_published; f++)
        if (ska_policy_rounds(&r->policy, &r->linked->cells[f]))
            r->shown[f] = (r->total[f] + test_random() % base) / base * base;
}

/* The totals of all blocks, from the counts. Every contributor is counted but `absent`. */
static void link_release(struct release *r, uint32_t absent)
{
    uint32_t counted[ROSTER], n = 0;
    memcpy(own_cells, cells, sizeof cells);
    memcpy(own_sources, sources, sizeof sources);
    r->layout = (struct ska_layout){
        .n_cells = CELLS,
        .cells = own_cells,
        .statement = {.n_cells = CELLS, .bound = bounds, .n_rules = N_OF(rules), .rules = rules},
        .rule_sources = own_sources};
    for (uint32_t i = 0; i < ROSTER; i++)
        if ((absent >> i & 1) == 0)
            counted[n++] = i;
    ck_assert_status(
        ska_linked_new(&r->linked, &r->layout, &r->policy, &r->groups, ROSTER, counted, n), SKA_OK);
    r->total = calloc(r->linked->n_listed, sizeof *r->total);
    r->shown = calloc(r->linked->n_listed, sizeof *r->shown);
    r->reason = calloc(r->linked->n_figures, 1);
    for (uint32_t f = 0; f < r->linked->n_published; f++)
        for (uint32_t i = 0; i < n; i++)
            if (ska_groups_has(&r->groups, f / CELLS, counted[i]))
                r->total[f] += r->counts[counted[i]][f % CELLS];
    ck_assert_status(disclosure_subtract(r->total, r->linked), SKA_OK);
    memcpy(r->shown, r->total, r->linked->n_listed * sizeof *r->shown);
    round_counts(r);
}

static enum ska_status decide(struct release *r, struct ska_certificate *certificate)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    const struct disclosure_input input = {r->linked, r->policy, r->total, r->shown, NULL, false};
    enum ska_status status = disclosure_decide(&hidden, certificate, NULL, &input, NULL);
    memset(r->reason, 0, r->linked->n_figures);
    for (uint32_t i = 0; i < hidden.n; i++)
        r->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    return status;
}

static void expect_pass(const struct finding *f, const char *check)
{
    ck_assert_msg(!f->is_undecided, "%s: %s", check, f->detail);
    ck_assert_msg(f->n_bad == 0, "%s: %s", check, f->detail);
}

/* The audit's four checks over a pattern and a certificate. Returns how many fail. */
static size_t audit(struct finding found[static 4], const struct release *r,
                    const struct ska_certificate *certificate)
{
    struct ska_task task = {.layout = (struct ska_layout *)(uintptr_t)&r->layout,
                            .parameters = {.policy = r->policy}};
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

static void draw_counts(struct release *r)
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
static void draw_groups(struct release *r)
{
    static const uint32_t sets[][GROUPS] = {
        {0x03F, 0xFC0, 0},     /* a partition in two */
        {0x00F, 0x0F0, 0xF00}, /* a partition in three */
        {0x03F, 0x1F8, 0},     /* overlapping by three */
        {0x007, 0x03F, 0},     /* one within the other */
        {0x1FF, 0xFC7, 0xE38}, /* overlapping all around */
        {0x007, 0x038, 0x1C0}, /* disjoint with a rest */
    };
    uint32_t k = (uint32_t)(test_random() % N_OF(sets));
    set_groups(r, sets[k], sets[k][2] != 0 ? 3 : 2);
}

START_TEST(what_the_publisher_hides_the_audit_accepts)
{
    size_t n_refused = 0, n_differences = 0, n_complements = 0, n_blocks = 0, n_marked = 0;
    test_seed("groups");
    test_seed_state += (uint64_t)_i << 32;
    if (_i == DRAWN) /* a complement beyond figures that are shown rounded */
        test_seed_state = 40 * 7919 + 12345 + (UINT64_C(1) << 32);
    for (int round = 0; round < 400; round++) {
        SKA_SCOPED(release_clear) struct release r = {0};
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
        struct finding found[4];
        uint64_t t = 3 + test_random() % 3;
        bool zeros = test_random() % 2 == 0;
        r.policy = (struct ska_policy){3, t, zeros, 1 + test_random() % (t - 1 - zeros), 0};
        if (round % 4 == 3)
            r.policy.rounding = 2 + test_random() % (t - 1);
        draw_groups(&r);
        draw_counts(&r);
        link_release(&r, test_random() % 3 == 0 ? (uint32_t)test_random() & 0xFFF : 0);
        if (r.linked->blocks[0].n_counted < 3)
            continue; /* never published */
        enum ska_status status = decide(&r, &c);
        if (status == SKA_E_STATE) {
            n_refused++;
            continue;
        }
        ck_assert_status(status, SKA_OK);
        for (uint32_t f = 0; f < r.linked->n_listed; f++) {
            n_complements += r.reason[f] == SKA_HIDDEN_COMPLEMENT;
            n_blocks += r.reason[f] == SKA_HIDDEN_BLOCK;
            n_marked += r.reason[f] == SKA_HIDDEN_MARKED;
            n_differences += f >= r.linked->n_published && r.reason[f] == SKA_HIDDEN_SMALL;
        }
        audit(found, &r, &c);
        expect_pass(&found[0], "primary");
        expect_pass(&found[1], "complements");
        expect_pass(&found[2], "protection");
        expect_pass(&found[3], "certificate");
    }
    printf(
        "groups: %zu of 400 refused, %zu complements, %zu small differences, %zu of blocks of too "
        "few\n",
        n_refused, n_complements, n_differences, n_blocks);
    ck_assert_uint_gt(n_differences, 100);
    ck_assert_uint_gt(n_complements, 100);
    ck_assert_uint_gt(n_blocks, 10);
    ck_assert_uint_gt(n_marked, 100);
    ck_assert_uint_lt(n_refused, 100);
}
END_TEST

/* Two of A in the six outside G1; all else is large. */
static void small_rest(struct release *r)
{
    static const uint32_t masks[] = {0x03F};
    r->policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(r, masks, 1);
    for (uint32_t i = 0; i < ROSTER; i++) {
        r->counts[i][1] = i < 6 ? 10 : 0;
        r->counts[i][2] = i < 6 ? 20 : 0;
        r->counts[i][3] = i < 6 ? 30 : 0;
        r->counts[i][BLANK] = 10;
        r->counts[i][ANSWERED] = 1;
    }
    r->counts[7][2] = 2;
    for (uint32_t i = 0; i < ROSTER; i++)
        r->counts[i][0] = r->counts[i][1] + r->counts[i][2] + r->counts[i][3];
    link_release(r, 0);
}

/* What is left of the county without the group: the difference of two figures that are shown. */
START_TEST(the_complement_of_a_group_is_protected)
{
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    small_rest(&r);
    uint32_t county = 2, group = CELLS + 2;
    /* Each block alone has nothing to hide: a reader subtracts, and finds two cases. */
    ck_assert_uint_eq(r.total[county] - r.total[group], 2);
    ck_assert_uint_gt(audit(found, &r, &c), 0);
    ck_assert_msg(found[0].n_bad > 0, "the audit lets the difference be seen");
    ck_assert_status(decide(&r, &c), SKA_OK);
    ck_assert(r.reason[county] != 0 || r.reason[group] != 0);
    ck_assert_uint_eq(audit(found, &r, &c), 0);
}
END_TEST

/* A publisher that leaves the difference out of its list cannot show both figures, nor leave what
 * is left of the difference too narrow. */
START_TEST(a_small_difference_that_is_not_listed_is_missed)
{
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    small_rest(&r);
    ck_assert_status(decide(&r, &c), SKA_OK);
    for (uint32_t f = r.linked->n_published; f < r.linked->n_listed; f++)
        r.reason[f] = 0;
    for (uint32_t f = 0; f < r.linked->n_published; f++)
        if (r.reason[f] == SKA_HIDDEN_COMPLEMENT)
            r.reason[f] = 0;
    ck_assert_uint_gt(audit(found, &r, &c), 0);
    ck_assert(found[0].n_bad > 0);
}
END_TEST

START_TEST(a_group_of_too_few_submissions_is_not_shown)
{
    static const uint32_t masks[] = {0x00F, 0x0F0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    all_alike(&r);
    link_release(&r, 0x003);                             /* two of G1 stay away */
    ck_assert_uint_eq(r.linked->blocks[1].n_counted, 0); /* two, who are not summed */
    ck_assert_status(decide(&r, &c), SKA_OK);
    for (uint32_t j = 0; j < CELLS; j++) {
        ck_assert_uint_eq(r.reason[CELLS + j], SKA_HIDDEN_BLOCK);
        ck_assert_uint_eq(r.reason[j] + r.reason[2 * CELLS + j], 0);
    }
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    r.reason[CELLS] = 0;
    audit(found, &r, &c);
    ck_assert(found[0].n_bad > 0);
}
END_TEST

/* One of G2 has most of C in the county, and asks that it be published only with others'. */
START_TEST(a_mark_hides_the_sums_that_its_contributor_is_in_and_no_others)
{
    static const uint32_t masks[] = {0x03F, 0xFC0};
    static const uint32_t hidden[] = {4, 5, 2 * CELLS + 4, 2 * CELLS + 5};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    for (uint32_t i = 0; i < ROSTER; i++) {
        r.counts[i][0] = 60;
        for (uint32_t j = 1; j <= 3; j++)
            r.counts[i][j] = 20;
        r.counts[i][4] = i == 7 ? 50 : 1;
        r.counts[i][5] = i == 7;
        r.counts[i][BLANK] = 10;
        r.counts[i][ANSWERED] = 1;
    }
    link_release(&r, 0);
    ck_assert_status(decide(&r, &c), SKA_OK);
    for (uint32_t f = 0; f < r.linked->n_published; f++) {
        bool is_in = false;
        for (size_t i = 0; i < N_OF(hidden); i++)
            is_in = is_in || hidden[i] == f;
        ck_assert_msg(r.reason[f] == (is_in ? SKA_HIDDEN_MARKED : 0), "figure %u: %u", f,
                      r.reason[f]);
    }
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    for (size_t i = 0; i < N_OF(hidden); i++) {
        r.reason[hidden[i]] = 0;
        audit(found, &r, &c);
        ck_assert_msg(found[0].n_bad > 0, "figure %u shown", hidden[i]);
        r.reason[hidden[i]] = SKA_HIDDEN_MARKED;
    }
}
END_TEST

/* All contributors are in G1 or G2, four in both; of those four one alone has answered B. What is
 * shown of B is G1 + G2 - all: that one's figure, though each block and each difference of two is
 * of enough answers. */
START_TEST(what_one_answered_is_not_told_by_three_blocks)
{
    static const uint32_t masks[] = {0x0FF, 0xFF0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    for (uint32_t i = 0; i < ROSTER; i++) {
        for (uint32_t j = 0; j < CELLS; j++)
            r.counts[i][j] = j == 0 ? 30 : j == 5 ? 0 : 10;
        r.counts[i][ANSWERED] = i < 5 || i > 7;
        r.counts[i][BLANK] = r.counts[i][ANSWERED] * (10 + i);
    }
    link_release(&r, 0);
    uint64_t told = r.total[CELLS + BLANK] + r.total[2 * CELLS + BLANK] - r.total[BLANK];
    ck_assert_uint_eq(told, r.counts[4][BLANK]);
    ck_assert_uint_gt(audit(found, &r, &c), 0); /* a publisher that shows all of it */
    ck_assert_msg(found[3].n_bad > 0, "the audit lets one contributor's figure be seen");
    ck_assert_status(decide(&r, &c), SKA_OK);
    ck_assert(r.reason[BLANK] != 0 || r.reason[CELLS + BLANK] != 0 ||
              r.reason[2 * CELLS + BLANK] != 0);
    audit(found, &r, &c);
    expect_pass(&found[0], "primary");
    expect_pass(&found[1], "complements");
    expect_pass(&found[2], "protection");
    expect_pass(&found[3], "certificate");
}
END_TEST

/* Withdrawing has no proof, so the auditor is told of it. */
START_TEST(what_is_withdrawn_without_a_cause_is_told)
{
    static const uint32_t masks[] = {0x03F, 0xFC0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    all_alike(&r);
    link_release(&r, 0);
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    ck_assert_str_eq(found[0].detail, "");
    r.reason[BLANK] = SKA_HIDDEN_WITHDRAWN;
    for (uint32_t b = 1; b <= 2; b++)
        r.reason[b * CELLS + BLANK] = SKA_HIDDEN_DEPENDENT;
    audit(found, &r, &c);
    ck_assert(found[0].n_bad > 0); /* of all before the groups */
    for (uint32_t b = 1; b <= 2; b++)
        r.reason[b * CELLS + BLANK] = SKA_HIDDEN_WITHDRAWN;
    audit(found, &r, &c);
    expect_pass(&found[0], "primary");
    ck_assert_str_eq(found[0].detail,
                     "withdrawn, on the publisher's word: 1 indicators, 2 groups' totals");
    r.reason[BLANK] = 0;
    audit(found, &r, &c);
    expect_pass(&found[0], "primary");
    r.reason[CELLS + BLANK] = 0; /* of one group alone: never */
    audit(found, &r, &c);
    ck_assert(found[0].n_bad > 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("groups");
    TCase *t = tcase_create("groups");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, what_the_publisher_hides_the_audit_accepts, 0, DRAWN + 1);
    tcase_add_test(t, the_complement_of_a_group_is_protected);
    tcase_add_test(t, a_small_difference_that_is_not_listed_is_missed);
    tcase_add_test(t, a_group_of_too_few_submissions_is_not_shown);
    tcase_add_test(t, what_one_answered_is_not_told_by_three_blocks);
    tcase_add_test(t, what_is_withdrawn_without_a_cause_is_told);
    tcase_add_test(t, a_mark_hides_the_sums_that_its_contributor_is_in_and_no_others);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
