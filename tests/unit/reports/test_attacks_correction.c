/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_attacks_correction.c - attack_correction_differencing_of_a_told_figure
 * (docs/disclosure-control.md, "Attacks"): a correction hides a figure in which nothing changed, to
 * protect another, and the release before it told that figure. The rule is left out by deciding the
 * correction by itself; the attacker tries every whole table.
 */
#include "reports/disclosure/disclosure_parts.h"
#include "tests/unit/reports/linked_ground.h"

/* One cell in two blocks: all eight, and a group of the first four. */
enum { ALL, GROUP, N_BLOCKS };
#define CONTRIBUTORS 8u
#define FIGURES_MAX 8u
static const uint64_t before[N_BLOCKS] = {40, 20}; /* the others: 20 */
static const uint64_t after[N_BLOCKS] = {23, 20};  /* the others: 3, to be hidden */

/* The reasons of what can be listed, as the publisher decides them. */
static void decide(uint8_t reason[static FIGURES_MAX], const struct ska_linked *l,
                   const uint64_t published[static N_BLOCKS])
{
    uint64_t totals[FIGURES_MAX] = {published[ALL], published[GROUP]};
    ck_assert_uint_eq(l->n_published, N_BLOCKS);
    ck_assert_uint_le(l->n_listed, FIGURES_MAX);
    for (uint32_t b = N_BLOCKS; b < l->n_listed; b++)
        totals[b] = totals[l->blocks[b].plus] - totals[l->blocks[b].minus];
    ground_decide(reason, FIGURES_MAX, l, totals);
}

static bool is_possible(uint8_t reason, uint64_t total, uint64_t x)
{
    return reason == 0 ? x == total : reason == SKA_HIDDEN_COMPLEMENT ? x >= 5 : true;
}

/* What the correction may hide beside others, before anything is. */
static bool is_candidate(const struct ska_linked *l, uint32_t figure)
{
    SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern p = {0};
    uint64_t totals[FIGURES_MAX] = {after[ALL], after[GROUP]};
    const struct disclosure_input input = {.linked = l, .policy = policy, .totals = totals};
    ck_assert_status(disclosure_pattern_init(&p, &input), SKA_OK);
    disclosure_primary(&p);
    return disclosure_is_candidate(&p, figure);
}

/* How many values the others' figure can have for who knows the release before, and that nobody in
 * the group changed anything: that is opened by both aggregators. */
static size_t attack(const uint8_t reason[static FIGURES_MAX])
{
    size_t n = 0;
    ck_assert_uint_eq(reason[N_BLOCKS], 0); /* nothing is said of the difference */
    for (uint64_t others = 0; others <= 240; others++) {
        bool is_whole = false;
        for (uint64_t group = 0; group <= 240; group++)
            is_whole |= group == before[GROUP] && is_possible(reason[GROUP], after[GROUP], group) &&
                        is_possible(reason[ALL], after[ALL], group + others);
        n += is_whole;
    }
    return n;
}

START_TEST(attack_correction_differencing_of_a_told_figure)
{
    struct ground g;
    uint8_t first[FIGURES_MAX], reason[FIGURES_MAX];
    ground_init(&g, GROUND_CATALOGUE(""), true);
    ck_assert_uint_eq(g.layout->n_cells, 1);
    struct ska_linked *old = ground_link(&g, CONTRIBUTORS), *now = ground_link(&g, CONTRIBUTORS),
                      *joined = NULL;
    decide(first, old, before);
    for (size_t i = 0; i < FIGURES_MAX; i++)
        ck_assert_uint_eq(first[i], 0); /* all was told */

    /* The rule left out: the correction by itself hides the group, which is the smaller one. */
    decide(reason, now, after);
    ck_assert_uint_eq(reason[GROUP], SKA_HIDDEN_COMPLEMENT);
    ck_assert_uint_eq(reason[ALL], 0);
    ck_assert_uint_eq(attack(reason), 1);

    /* The rule kept: the group's figure is told, and hides nothing. */
    const uint32_t changed[2] = {0, 3}; /* by atom: the group, the others */
    struct ska_linked_layer layers[2] = {
        {.alone = now, .corrects = 1, .changed = changed},
        {.name = "2025H1", .alone = old, .reason = first, .total = before, .corrects = SKA_NONE},
    };
    ck_assert_status(ska_linked_join(&joined, layers, 2), SKA_OK);
    ck_assert(ska_linked_is_told(joined, GROUP));
    ck_assert(!ska_linked_is_told(joined, ALL));
    ck_assert(!is_candidate(joined, GROUP) && is_candidate(joined, ALL) &&
              is_candidate(now, GROUP));
    decide(reason, joined, after);
    ck_assert_uint_eq(reason[ALL], SKA_HIDDEN_COMPLEMENT);
    ck_assert_uint_eq(reason[GROUP], 0);
    ck_assert_uint_eq(attack(reason), 241);
    ska_linked_free(joined);
    ground_clear(&g);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attacks_correction");
    TCase *t = tcase_create("attacks");
    tcase_add_test(t, attack_correction_differencing_of_a_told_figure);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
