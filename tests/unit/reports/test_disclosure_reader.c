/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_disclosure_reader.c - a reader who knows the public rule and tries every table: those that
 * would have been published in exactly this way. That a cell was hidden only because another had
 * failed is part of what it knows. In all of them no small cell may have values nearer each other
 * than the protection. The rule is left out by hiding more only where the gate does not pass.
 */
#include "reports/disclosure/disclosure_parts.h"

#include "tests/linked_alone.h"
#include "tests/unit/reports/county.h"

#define BOUND 4u
#define N_COUNTED 4u
#define CAP ((uint64_t)BOUND * N_COUNTED)
#define TABLES_MAX 20000u

/* One table and how it is published: the pattern, then the figures, 0 where hidden. */
struct published {
    uint8_t reason[COUNTY_CELLS];
    uint64_t shown[COUNTY_CELLS];
    struct ska_needed needed[COUNTY_CELLS]; /* what is proven of complements */
    uint64_t total[COUNTY_CELLS];
};

static int compare(const void *a, const void *b)
{
    const struct published *x = a, *y = b;
    int order = memcmp(x->reason, y->reason, sizeof x->reason);
    if (order == 0)
        order = memcmp(x->needed, y->needed, sizeof x->needed);
    return order != 0 ? order : memcmp(x->shown, y->shown, sizeof x->shown);
}

/* Without the rule about narrow cells: what the equalities demand, where the gate passes that.
 * Returns whether it does. */
static bool publish_first(struct published *p, const struct disclosure_input *input)
{
    SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern d = {0};
    ck_assert_status(disclosure_pattern_init(&d, input), SKA_OK);
    disclosure_primary(&d);
    ck_assert_status(disclosure_propagate(&d), SKA_OK);
    ck_assert_status(disclosure_find_first(&d), SKA_OK);
    if (disclosure_ask(&d, SKA_NONE) != SKA_OK)
        return false;
    memcpy(p->reason, d.reason, sizeof p->reason);
    return true;
}

static size_t n_needed; /* complements that are proven to be needed, of all tables */

static void publish(struct published *p, struct disclosure_input *input, bool with_rule)
{
    struct ska_suppression hidden = {0};
    struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    input->totals = p->total;
    if (with_rule || !publish_first(p, input)) {
        enum ska_status status = disclosure_decide(&hidden, &certificate, NULL, input, &err);
        ck_assert_msg(status == SKA_OK, "%s", err.text);
        for (uint32_t i = 0; i < hidden.n; i++)
            p->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
        for (uint32_t i = 0; i < hidden.n_needed; i++)
            p->needed[hidden.needed[i].figure] = hidden.needed[i];
        n_needed += hidden.n_needed;
        ska_suppression_clear(&hidden);
        ska_certificate_clear(&certificate);
    }
    for (uint32_t j = 0; j < COUNTY_CELLS; j++)
        p->shown[j] = p->reason[j] == 0 ? p->total[j] : 0;
}

/* All tables A = x + y + z <= CAP, C <= A; B stands apart. */
static size_t publish_all(struct published *at, struct disclosure_input *input, bool with_rule)
{
    size_t n = 0;
    for (uint64_t x = 0; x <= CAP; x++)
        for (uint64_t y = 0; x + y <= CAP; y++)
            for (uint64_t z = 0; x + y + z <= CAP; z++)
                for (uint64_t c = 0; c <= x + y + z; c++) {
                    ck_assert_uint_lt(n, TABLES_MAX);
                    const uint64_t total[COUNTY_CELLS] = {x + y + z, x, y, z, 10, 4, c};
                    memcpy(at[n].total, total, sizeof total);
                    publish(&at[n++], input, with_rule);
                }
    return n;
}

/* The small cells of n tables that are published alike whose values are nearer each other than the
 * protection. */
static uint32_t count_near(const struct published *at, size_t n, uint64_t protection)
{
    uint32_t near = 0;
    for (uint32_t j = 0; j < COUNTY_CELLS; j++) {
        uint64_t least = at[0].total[j], most = least;
        for (size_t i = 1; i < n; i++) {
            least = at[i].total[j] < least ? at[i].total[j] : least;
            most = at[i].total[j] > most ? at[i].total[j] : most;
        }
        near += at[0].reason[j] == SKA_HIDDEN_SMALL && most - least < protection;
    }
    return near;
}

static const struct ska_policy policies[] = {{3, 3, true, 1, 0},  {3, 4, true, 2, 0},
                                             {3, 5, true, 2, 0},  {3, 2, false, 1, 0},
                                             {3, 3, false, 2, 0}, {3, 5, false, 2, 0}};

/* How many small cells such a reader comes near, of all tables. */
static uint32_t read_all(const struct ska_policy *policy, bool with_rule)
{
    struct ska_error err = {0};
    struct ska_layout *layout = NULL;
    struct ska_catalogue *catalogue = county_catalogue(BOUND);
    ck_assert_status(ska_layout_new(&layout, catalogue, SKA_QUARTER, &err), SKA_OK);
    struct ska_linked *linked = linked_alone(layout, policy, N_COUNTED);
    struct disclosure_input input = {.linked = linked, .policy = *policy};
    struct published *at = calloc(TABLES_MAX, sizeof *at);
    ck_assert_ptr_nonnull(at);
    size_t n = publish_all(at, &input, with_rule);
    qsort(at, n, sizeof *at, compare);
    uint32_t near = 0;
    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && compare(&at[i], &at[i + same]) == 0;)
            same++;
        near += count_near(&at[i], same, policy->protection);
    }
    printf("%s: %zu tables, %u small cells are nearly known\n",
           with_rule ? "with the rule" : "without it", n, near);
    free(at);
    ska_linked_free(linked);
    ska_layout_free(layout);
    ska_catalogue_free(catalogue);
    return near;
}

START_TEST(no_reader_who_knows_the_rule_comes_near_a_small_cell)
{
    ck_assert_uint_eq(read_all(&policies[_i], true), 0);
    ck_assert_uint_gt(n_needed, 0); /* complements that are proven to be needed */
}
END_TEST

/* That more was hidden because a figure failed tells that it failed. */
START_TEST(attack_pattern_of_suppression)
{
    ck_assert_uint_gt(read_all(&policies[_i], false), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("disclosure reader");
    TCase *t = tcase_create("reader");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, no_reader_who_knows_the_rule_comes_near_a_small_cell, 0, N_OF(policies));
    tcase_add_loop_test(t, attack_pattern_of_suppression, 0, N_OF(policies));
    suite_add_tcase(s, t);
    return test_run(s);
}
