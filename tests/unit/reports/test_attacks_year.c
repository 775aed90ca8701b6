/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_attacks_year.c - attack_year_minus_quarters (docs/disclosure-control.md, "Attacks"): what a
 * year's sum tells about the hidden figures of its parts. The rule is left out by deciding the year
 * by itself; the attacker tries every whole table.
 */
#include "tests/unit/reports/linked_ground.h"

static const char catalogue[] = GROUND_CATALOGUE("\"yearly\": \"sum\", \"tables\": [\"KON\"],");
enum { A, K, M, N_CELLS };
#define COUNTED 4u
static const uint64_t first_half[N_CELLS] = {20, 17, 3}; /* K and M are hidden */
static const uint64_t second_half[N_CELLS] = {30, 20, 10};

/* The two halves, the first released, with the year: one system, and what is left to decide. */
static struct ska_linked *join_year(struct ska_linked *one, struct ska_linked *two,
                                    const uint8_t *reason, const uint64_t *total)
{
    struct ska_linked *year = NULL, *joined = NULL;
    const struct ska_linked *parts[2] = {one, two};
    ck_assert_status(ska_linked_new_year(&year, parts, 2, &policy), SKA_OK);
    struct ska_linked_layer layers[3] = {
        {.alone = two, .corrects = SKA_NONE},
        {.name = "2025",
         .alone = year,
         .is_year = true,
         .n_parts = 2,
         .part = {2, 0},
         .corrects = SKA_NONE},
        {.name = "2025H1", .alone = one, .reason = reason, .total = total, .corrects = SKA_NONE},
    };
    ck_assert_status(ska_linked_join(&joined, layers, 3), SKA_OK);
    ck_assert_ptr_null(layers[0].alone);
    ck_assert_uint_eq(joined->n_published, 2 * N_CELLS);
    return joined;
}

/* What everybody sees: three tables, of the halves and of the year. */
struct seen {
    uint8_t reason[3][N_CELLS];
    uint64_t total[3][N_CELLS];
};

static bool is_possible(const uint8_t *reason, const uint64_t *total, const uint64_t *x)
{
    for (int c = 0; c < N_CELLS; c++) {
        bool is_so = reason[c] == 0                       ? x[c] == total[c]
                     : reason[c] == SKA_HIDDEN_SMALL      ? x[c] >= 1 && x[c] <= 4
                     : reason[c] == SKA_HIDDEN_COMPLEMENT ? x[c] >= 5
                                                          : true;
        if (!is_so)
            return false;
    }
    return true;
}

/* The values that the first half's M can have: from least to most, over all whole tables. */
static void attack(uint64_t *least, uint64_t *most, const struct seen *s)
{
    *least = UINT64_MAX;
    *most = 0;
    for (uint64_t m = 0; m <= 20; m++)
        for (uint64_t k2 = 0; k2 <= 60; k2++)
            for (uint64_t m2 = 0; m2 <= 60; m2++) {
                const uint64_t one[N_CELLS] = {first_half[A], first_half[A] - m, m};
                const uint64_t two[N_CELLS] = {k2 + m2, k2, m2};
                const uint64_t sum[N_CELLS] = {one[A] + two[A], one[K] + k2, m + m2};
                if (!is_possible(s->reason[0], s->total[0], one) ||
                    !is_possible(s->reason[1], s->total[1], two) ||
                    !is_possible(s->reason[2], s->total[2], sum))
                    continue;
                *least = m < *least ? m : *least;
                *most = m > *most ? m : *most;
            }
}

static void see_totals(struct seen *s)
{
    for (int c = 0; c < N_CELLS; c++) {
        s->total[0][c] = first_half[c];
        s->total[1][c] = second_half[c];
        s->total[2][c] = first_half[c] + second_half[c];
    }
}

START_TEST(attack_year_minus_quarters)
{
    struct ground g;
    struct seen s = {0};
    uint64_t least, most;
    ground_init(&g, catalogue, false);
    see_totals(&s);
    struct ska_linked *one = ground_link(&g, COUNTED), *two = ground_link(&g, COUNTED),
                      *year = NULL;
    ground_decide(s.reason[0], one->n_published, one, s.total[0]);
    ck_assert_uint_eq(s.reason[0][M], SKA_HIDDEN_SMALL);

    /* The rule left out: the second half and the year, each by itself. */
    ground_decide(s.reason[1], two->n_published, two, s.total[1]);
    const struct ska_linked *parts[2] = {one, two};
    ck_assert_status(ska_linked_new_year(&year, parts, 2, &policy), SKA_OK);
    ground_decide(s.reason[2], year->n_published, year, s.total[2]);
    ska_linked_free(year);
    attack(&least, &most, &s);
    ck_assert_uint_eq(least, first_half[M]);
    ck_assert_uint_eq(most, first_half[M]);

    /* The rule kept: one system. */
    uint8_t both[2 * N_CELLS];
    uint64_t totals[2 * N_CELLS];
    struct ska_linked *joined = join_year(one, two, s.reason[0], s.total[0]);
    memcpy(totals, s.total[1], sizeof s.total[1]);
    memcpy(totals + N_CELLS, s.total[2], sizeof s.total[2]);
    ground_decide(both, joined->n_published, joined, totals);
    memcpy(s.reason[1], both, N_CELLS);
    memcpy(s.reason[2], both + N_CELLS, N_CELLS);
    attack(&least, &most, &s);
    ck_assert_uint_le(least, first_half[M]);
    ck_assert_uint_ge(most, least + 2);   /* the policy's protection */
    ck_assert_uint_eq(s.reason[2][A], 0); /* and the year's total is shown for all that */
    ska_linked_free(joined);
    ground_clear(&g);
}
END_TEST

/* The half that completes the year has figures to hide, the one before has none: what its table
 * hides is hidden in the year's too, and both totals are shown. */
START_TEST(the_half_that_completes_the_year_hides_no_more)
{
    struct ground g;
    uint8_t before[N_CELLS], both[2 * N_CELLS];
    uint64_t totals[2 * N_CELLS];
    ground_init(&g, catalogue, false);
    struct ska_linked *one = ground_link(&g, COUNTED), *two = ground_link(&g, COUNTED);
    ground_decide(before, one->n_published, one, second_half);
    ck_assert_uint_eq(before[K], 0);
    struct ska_linked *joined = join_year(one, two, before, second_half);
    for (int c = 0; c < N_CELLS; c++) {
        totals[c] = first_half[c];
        totals[N_CELLS + c] = first_half[c] + second_half[c];
    }
    ground_decide(both, joined->n_published, joined, totals);
    const uint8_t want[2 * N_CELLS] = {0, SKA_HIDDEN_COMPLEMENT, SKA_HIDDEN_SMALL,
                                       0, SKA_HIDDEN_SUMMED,     SKA_HIDDEN_SUMMED};
    for (int f = 0; f < 2 * N_CELLS; f++)
        ck_assert_msg(both[f] == want[f], "figure %d: reason %u, not %u", f, both[f], want[f]);
    ska_linked_free(joined);
    ground_clear(&g);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attacks_year");
    TCase *t = tcase_create("attacks");
    tcase_add_test(t, attack_year_minus_quarters);
    tcase_add_test(t, the_half_that_completes_the_year_hides_no_more);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
