/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_attacks_year.c - attack_year_minus_quarters (docs/disclosure-control.md, "Attacks"): what a
 * year's sum tells about the hidden figures of its parts. The rule is left out by deciding the year
 * by itself; the attacker tries every whole table.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/linked_join.h"
#include "reports/disclosure.h"
#include "tests/test.h"

static const char catalogue_text[] =
    "{\"skarva_catalogue\": 1, \"id\": \"sample\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"Prov\", \"en\": \"Sample\"},"
    " \"dimensions\": [{\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"},"
    "   \"categories\": [{\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},"
    "                    {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}}]}],"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"columns\": [{\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"}]}],"
    " \"indicators\": [{\"code\": \"A\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"}, \"origin\": \"ordered\","
    "   \"cadence\": \"half_year\", \"sensitivity\": \"case\", \"bound\": 60, \"yearly\": \"sum\","
    "   \"tables\": [\"KON\"], \"count\": {\"records\": \"fall\"}}],"
    " \"rules\": []}";

enum { A, K, M, N_CELLS };
#define COUNTED 4u
static const struct ska_policy policy = {3, 5, true, 2, 0};
static const uint64_t first_half[N_CELLS] = {20, 17, 3}; /* K and M are hidden */
static const uint64_t second_half[N_CELLS] = {30, 20, 10};

struct ground {
    struct ska_catalogue *catalogue;
    struct ska_layout *layout;
    struct ska_groups groups;
};

static void ground_init(struct ground *g)
{
    *g = (struct ground){0};
    ck_assert_status(
        ska_catalogue_parse(&g->catalogue, catalogue_text, sizeof catalogue_text - 1, NULL),
        SKA_OK);
    ck_assert_status(ska_layout_new(&g->layout, g->catalogue, SKA_HALF_YEAR, NULL), SKA_OK);
}

static void ground_clear(struct ground *g)
{
    ska_layout_free(g->layout);
    ska_catalogue_free(g->catalogue);
}

static struct ska_linked *link_alone(const struct ground *g)
{
    static const uint32_t counted[COUNTED] = {0, 1, 2, 3};
    struct ska_linked *l = NULL;
    ck_assert_status(ska_linked_new(&l, g->layout, &policy, &g->groups, COUNTED, counted, COUNTED),
                     SKA_OK);
    return l;
}

/* The reasons of published figures, as the publisher decides them. */
static void decide(uint8_t *reason, const struct ska_linked *l, const uint64_t *totals)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    const struct disclosure_input input = {.linked = l, .policy = policy, .totals = totals};
    struct ska_error err = {0};
    ck_assert_msg(disclosure_decide(&hidden, &certificate, NULL, &input, &err) == SKA_OK, "%s",
                  err.text);
    memset(reason, 0, l->n_published);
    for (uint32_t i = 0; i < hidden.n; i++)
        reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
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
    ground_init(&g);
    see_totals(&s);
    struct ska_linked *one = link_alone(&g), *two = link_alone(&g), *year = NULL, *joined = NULL;
    decide(s.reason[0], one, s.total[0]);
    ck_assert_uint_eq(s.reason[0][M], SKA_HIDDEN_SMALL);

    /* The rule left out: the second half and the year, each by itself. */
    decide(s.reason[1], two, s.total[1]);
    const struct ska_linked *parts[2] = {one, two};
    ck_assert_status(ska_linked_new_year(&year, parts, 2, &policy), SKA_OK);
    decide(s.reason[2], year, s.total[2]);
    attack(&least, &most, &s);
    ck_assert_uint_eq(least, first_half[M]);
    ck_assert_uint_eq(most, first_half[M]);

    /* The rule kept: one system. */
    uint8_t both[2 * N_CELLS];
    uint64_t totals[2 * N_CELLS];
    struct ska_linked_layer layers[3] = {
        {.alone = two, .corrects = SKA_NONE},
        {.name = "2025",
         .alone = year,
         .is_year = true,
         .n_parts = 2,
         .part = {2, 0},
         .corrects = SKA_NONE},
        {.name = "2025H1",
         .alone = one,
         .reason = s.reason[0],
         .total = s.total[0],
         .corrects = SKA_NONE},
    };
    ck_assert_status(ska_linked_join(&joined, layers, 3), SKA_OK);
    ck_assert_ptr_null(layers[0].alone);
    ck_assert_uint_eq(joined->n_published, 2 * N_CELLS);
    memcpy(totals, s.total[1], sizeof s.total[1]);
    memcpy(totals + N_CELLS, s.total[2], sizeof s.total[2]);
    decide(both, joined, totals);
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
    ground_init(&g);
    struct ska_linked *one = link_alone(&g), *two = link_alone(&g), *year = NULL, *joined = NULL;
    decide(before, one, second_half);
    ck_assert_uint_eq(before[K], 0);
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
        {.name = "2025H1",
         .alone = one,
         .reason = before,
         .total = second_half,
         .corrects = SKA_NONE},
    };
    ck_assert_status(ska_linked_join(&joined, layers, 3), SKA_OK);
    for (int c = 0; c < N_CELLS; c++) {
        totals[c] = first_half[c];
        totals[N_CELLS + c] = first_half[c] + second_half[c];
    }
    decide(both, joined, totals);
    const uint8_t want[2 * N_CELLS] = {0, SKA_HIDDEN_COMPLEMENT, SKA_HIDDEN_SMALL,
                                       0, SKA_HIDDEN_COMPLEMENT, SKA_HIDDEN_COMPLEMENT};
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
