/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_pattern.c - the worked examples of docs/disclosure-control.md, section 9, and derivability
 * on random rules against an oracle.
 */
#include "audit/pattern.h"

#include "tests/linked_alone.h"

#include <string.h>

#include "tests/test.h"

/* A | A.D.x | A.D.y | A.D.z | B | B.answered | C, by hand: a layout without its catalogue. */
enum { A, AX, AY, AZ, B, BF, C, N };

static struct ska_cell cells[N] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = A},
    {.kind = SKA_CELL_CATEGORY, .code = "A.D.x", .flag = SKA_NONE, .total = A},
    {.kind = SKA_CELL_CATEGORY, .code = "A.D.y", .flag = SKA_NONE, .total = A},
    {.kind = SKA_CELL_CATEGORY, .code = "A.D.z", .flag = SKA_NONE, .total = A},
    {.kind = SKA_CELL_TOTAL, .code = "B", .flag = BF, .total = B},
    {.kind = SKA_CELL_ANSWERED, .code = "B.answered", .flag = SKA_NONE, .total = B},
    {.kind = SKA_CELL_TOTAL, .code = "C", .flag = SKA_NONE, .total = C}};
static const uint64_t bounds[N] = {100, 100, 100, 100, 100, 1, 100};
static const struct ska_term table_terms[] = {{A, -1}, {AX, 1}, {AY, 1}, {AZ, 1}};
static const struct ska_term flag_terms[] = {{B, -1}, {BF, 100}};
static const struct ska_term order_terms[] = {{A, 1}, {C, -1}};
static const struct ska_rule rules[] = {{.width = 0, .n_terms = 4, .terms = table_terms},
                                        {.width = 100, .n_terms = 2, .terms = flag_terms},
                                        {.width = 100, .n_terms = 2, .terms = order_terms}};
static const struct ska_layout layout = {
    .n_cells = N,
    .cells = cells,
    .statement = {.n_cells = N, .bound = bounds, .n_rules = 3, .rules = rules}};
static const struct ska_policy policy = {.min_contributors = 3, .threshold = 5, .show_zero = true};

struct example {
    const char *name;
    uint64_t totals[N];
    uint8_t primary[N];
    uint8_t first[N]; /* P0 */
    uint8_t whole[N]; /* after the gate */
    int64_t lo[N], hi[N];
};

#define S SKA_HIDDEN_SMALL
#define F SKA_HIDDEN_FEW
#define D SKA_HIDDEN_DEPENDENT
#define K SKA_HIDDEN_COMPLEMENT

static const struct example examples[] = {{"1",
                                           {30, 27, 3, 0, 12, 2, 4},
                                           {0, 0, S, 0, D, F, S},
                                           {0, K, S, 0, D, F, S},
                                           {0, K, S, 0, D, F, S},
                                           {30, 26, 1, 0, 0, 0, 1},
                                           {30, 29, 4, 0, 200, 2, 4}},
                                          {"2",
                                           {6, 5, 1, 0, 12, 4, 5},
                                           {0, 0, S, 0, 0, 0, 0},
                                           {0, K, S, 0, 0, 0, 0},
                                           {K, K, S, 0, 0, 0, K},
                                           {6, 5, 1, 0, 12, 4, 5},
                                           {400, 399, 4, 0, 12, 4, 400}},
                                          {"3",
                                           {4, 4, 0, 0, 0, 3, 0},
                                           {S, D, D, D, 0, 0, 0},
                                           {S, D, D, D, 0, 0, 0},
                                           {S, D, D, D, 0, 0, 0},
                                           {1, 0, 0, 0, 0, 3, 0},
                                           {4, 4, 4, 4, 0, 3, 0}}};

static struct pattern *start(const uint64_t *totals, const uint8_t *reasons)
{
    struct pattern *d = NULL;
    static struct ska_linked *linked;
    if (linked == NULL)
        linked = linked_alone(&layout, &policy, 4);
    ck_assert_status(pattern_new(&d, linked, &policy), SKA_OK);
    for (uint32_t j = 0; j < N; j++) {
        d->total[j] = totals[j];
        d->is_candidate[j] = cells[j].kind != SKA_CELL_ANSWERED && totals[j] >= 1;
        if (reasons[j] != 0)
            pattern_hide(d, j, (enum ska_hidden_reason)reasons[j]);
    }
    return d;
}

START_TEST(the_worked_examples_come_out)
{
    const struct example *e = &examples[_i];
    struct pattern *d = start(e->totals, e->primary);
    for (uint32_t j = 0; j < N; j++)
        ck_assert_msg(pattern_is_dependent(d->linked, e->primary, j) == (e->primary[j] == D),
                      "%s: %s", e->name, cells[j].code);
    ck_assert_status(pattern_find_first(d), SKA_OK);
    ck_assert_mem_eq(d->reason, e->first, N);
    pattern_free(d);
    d = start(e->totals, e->whole);
    ck_assert_status(pattern_solve(d), SKA_OK);
    ck_assert_status(pattern_intervals(d), SKA_OK);
    pattern_find_null(d);
    for (uint32_t j = 0; j < N; j++)
        ck_assert(!pattern_fails(d, j));
    for (uint32_t j = 0; j < N; j++)
        ck_assert_msg(d->interval[j].lo == e->lo[j] && d->interval[j].hi == e->hi[j],
                      "%s: %s is in %lld-%lld", e->name, cells[j].code,
                      (long long)d->interval[j].lo, (long long)d->interval[j].hi);
    pattern_free(d);
}
END_TEST

START_TEST(example_2_fails_before_its_second_complement)
{
    struct pattern *d = start(examples[1].totals, examples[1].first);
    ck_assert_status(pattern_solve(d), SKA_OK);
    ck_assert_status(pattern_intervals(d), SKA_OK);
    ck_assert(pattern_fails(d, AY));
    ck_assert(!pattern_fails(d, AX)); /* a complement need not be protected by intervals */
    pattern_free(d);
}
END_TEST

START_TEST(a_lone_hidden_cell_of_an_equality_is_derivable)
{
    static const uint8_t one[N] = {[AY] = S}, two[N] = {[AY] = S, [AZ] = K};
    struct pattern *d = start(examples[0].totals, one);
    ck_assert_status(pattern_solve(d), SKA_OK);
    ck_assert(d->is_derivable[AY]);
    pattern_free(d);
    d = start(examples[0].totals, two);
    ck_assert_status(pattern_solve(d), SKA_OK);
    ck_assert(!d->is_derivable[AY]);
    ck_assert(!d->is_derivable[AZ]);
    pattern_free(d);
}
END_TEST

START_TEST(reach_leads_over_hidden_cells_alone)
{
    static const uint8_t hidden[N] = {[AY] = S, [BF] = F, [B] = D};
    struct pattern *d = start(examples[1].totals, hidden);
    bool is_reached[N] = {[AY] = true};
    pattern_reach(is_reached, d, false);
    for (uint32_t j = 0; j < N; j++)
        ck_assert(is_reached[j] == (j == AY));
    pattern_reach(is_reached, d, true); /* z is zero, and B is of no rule with A */
    for (uint32_t j = 0; j < N; j++)
        ck_assert(is_reached[j] == (j == A || j == AX || j == AY || j == C));
    ck_assert_uint_eq(d->reason[AZ], 0);
    pattern_free(d);
}
END_TEST

START_TEST(totals_that_contradict_a_rule_are_told)
{
    static const uint64_t totals[N] = {30, 27, 3, 1, 12, 3, 6};
    static const uint8_t none[N] = {0};
    struct pattern *d = start(totals, none);
    ck_assert_status(pattern_intervals(d), SKA_E_RULE);
    pattern_free(d);
}
END_TEST

/* --- derivability against an oracle ------------------------------------------------------------
 */

/*
 * Small random equality systems with coefficients -2..2 over 6 hidden cells. A cell is derivable
 * exactly if its unit vector does not raise the rank. The oracle computes ranks modulo a prime: no
 * minor of so small a matrix is as large as the prime (Hadamard: below (2 sqrt 6)^5 < 3000), so
 * they are the ranks over the rationals.
 */
#define PRIME 1000003
#define ROWS 4
#define COLUMNS 6

static int64_t modulo(int64_t a)
{
    return (a % PRIME + PRIME) % PRIME;
}

static int64_t inverse(int64_t a)
{
    int64_t result = 1;
    for (int64_t e = PRIME - 2; e > 0; e /= 2) {
        if (e % 2 == 1)
            result = result * a % PRIME;
        a = a * a % PRIME;
    }
    return result;
}

static void swap_rows(int64_t *a, int64_t *b)
{
    for (size_t k = 0; k < COLUMNS; k++) {
        int64_t kept = a[k];
        a[k] = b[k];
        b[k] = kept;
    }
}

static size_t rank_of(int64_t m[ROWS + 1][COLUMNS], size_t rows)
{
    size_t rank = 0;
    for (size_t c = 0; c < COLUMNS && rank < rows; c++) {
        size_t p = rank;
        while (p < rows && m[p][c] == 0)
            p++;
        if (p == rows)
            continue;
        swap_rows(m[p], m[rank]);
        int64_t scale = inverse(m[rank][c]);
        for (size_t i = rank + 1; i < rows; i++) {
            int64_t factor = m[i][c] * scale % PRIME;
            for (size_t k = 0; k < COLUMNS; k++)
                m[i][k] = modulo(m[i][k] - factor * m[rank][k] % PRIME);
        }
        rank++;
    }
    return rank;
}

static bool is_derivable_by_rank(int a[ROWS][COLUMNS], size_t cell)
{
    int64_t without[ROWS + 1][COLUMNS] = {{0}}, with[ROWS + 1][COLUMNS] = {{0}};
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            without[i][j] = with[i][j] = modulo(a[i][j]);
    with[ROWS][cell] = 1;
    return rank_of(without, ROWS) == rank_of(with, ROWS + 1);
}

/* Fill rules with random terms; rows without any are left out. Returns how many there are. */
static uint32_t draw(struct ska_rule *drawn, struct ska_term terms[ROWS][COLUMNS],
                     int a[ROWS][COLUMNS])
{
    uint32_t n_rules = 0;
    for (size_t i = 0; i < ROWS; i++) {
        uint32_t n = 0;
        for (uint32_t j = 0; j < COLUMNS; j++) {
            int k = test_random() % 2 == 0 ? 0 : (int)(test_random() % 5) - 2;
            if (k == 0)
                continue;
            terms[i][n++] = (struct ska_term){j, k};
            a[n_rules][j] = k;
        }
        if (n > 0)
            drawn[n_rules++] = (struct ska_rule){.n_terms = n, .terms = terms[i]};
    }
    return n_rules;
}

START_TEST(derivable_is_what_the_row_space_says)
{
    size_t n_derivable = 0;
    struct ska_cell drawn_cells[COLUMNS] = {{0}};
    uint64_t drawn_bounds[COLUMNS] = {9, 9, 9, 9, 9, 9};
    for (size_t j = 0; j < COLUMNS; j++)
        drawn_cells[j] = (struct ska_cell){.kind = SKA_CELL_TOTAL, .flag = SKA_NONE};
    test_seed("pattern");
    for (int round = 0; round < 3000; round++) {
        struct ska_term terms[ROWS][COLUMNS];
        struct ska_rule drawn[ROWS] = {{0}};
        int a[ROWS][COLUMNS] = {{0}};
        uint32_t n_rules = draw(drawn, terms, a);
        const struct ska_layout l = {
            .n_cells = COLUMNS,
            .cells = drawn_cells,
            .statement = {
                .n_cells = COLUMNS, .bound = drawn_bounds, .n_rules = n_rules, .rules = drawn}};
        struct ska_linked *linked = linked_alone(&l, &policy, 4);
        struct pattern *d = NULL;
        ck_assert_status(pattern_new(&d, linked, &policy), SKA_OK);
        for (uint32_t j = 0; j < COLUMNS; j++)
            pattern_hide(d, j, SKA_HIDDEN_SMALL);
        ck_assert_status(pattern_solve(d), SKA_OK);
        for (uint32_t j = 0; j < COLUMNS; j++) {
            ck_assert_msg(d->is_derivable[j] == is_derivable_by_rank(a, j), "round %d, cell %u",
                          round, j);
            n_derivable += d->is_derivable[j] ? 1u : 0u;
        }
        pattern_free(d);
        ska_linked_free(linked);
    }
    ck_assert_uint_gt(n_derivable, 1000);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("audit pattern");
    TCase *t = tcase_create("pattern");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_worked_examples_come_out, 0, N_OF(examples));
    tcase_add_test(t, example_2_fails_before_its_second_complement);
    tcase_add_test(t, a_lone_hidden_cell_of_an_equality_is_derivable);
    tcase_add_test(t, reach_leads_over_hidden_cells_alone);
    tcase_add_test(t, totals_that_contradict_a_rule_are_told);
    tcase_add_test(t, derivable_is_what_the_row_space_says);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
