/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_disclosure.c - disclosure control against the worked examples, against brute force over all
 * integer tables, and against itself: the pattern may not depend on hidden values.
 */
#include "reports/disclosure/disclosure.h"

#include "reports/disclosure/disclosure_parts.h"

#include "tests/linked_alone.h"
#include "tests/unit/reports/county.h"

#define O 0
#define S SKA_HIDDEN_SMALL
#define F SKA_HIDDEN_FEW
#define D SKA_HIDDEN_DEPENDENT
#define C SKA_HIDDEN_COMPLEMENT

/* A layout of the county's catalogue with this bound, for `n` submissions. */
struct ground {
    struct ska_catalogue *catalogue;
    struct ska_layout *layout;
    struct ska_linked *linked;
    uint64_t n;
    struct disclosure_input input;
};

/* Under this policy, with the protection that is usual: 2, or the most it allows. */
static void ground_set(struct ground *g, uint64_t threshold, bool show_zero)
{
    uint64_t most = threshold - 1 - (show_zero ? 1 : 0);
    struct ska_policy policy = {3, threshold, show_zero, most < 2 ? most : 2, 0};
    ska_linked_free(g->linked);
    g->linked = linked_alone(g->layout, &policy, g->n);
    g->input = (struct disclosure_input){.linked = g->linked, .policy = policy};
}

static void ground_init(struct ground *g, unsigned bound, uint64_t n)
{
    struct ska_error err = {0};
    *g = (struct ground){.catalogue = county_catalogue(bound)};
    enum ska_status got = ska_layout_new(&g->layout, g->catalogue, SKA_QUARTER, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    g->n = n;
    ground_set(g, 5, true);
}

static void ground_clear(struct ground *g)
{
    ska_linked_free(g->linked);
    ska_layout_free(g->layout);
    ska_catalogue_free(g->catalogue);
}

/* Reasons by cell. */
static enum ska_status decide(uint8_t reason[COUNTY_CELLS], uint32_t *n_extra, struct ground *g,
                              const uint64_t *totals)
{
    struct ska_suppression hidden = {0};
    struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    g->input.totals = totals;
    memset(reason, 0, COUNTY_CELLS);
    enum ska_status status = disclosure_decide(&hidden, &certificate, n_extra, &g->input, &err);
    for (uint32_t i = 0; i < hidden.n; i++)
        reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    ska_suppression_clear(&hidden);
    ska_certificate_clear(&certificate);
    return status;
}

/* Worked cases -------------------------------------------------------------------------------- */

struct worked {
    const char *name;
    uint64_t total[COUNTY_CELLS]; /* A x y z B answered C */
    uint8_t reason[COUNTY_CELLS];
    uint32_t n_extra;
    bool hide_zero;
};

static const struct worked worked[] = {
    {"example 1", {30, 27, 3, 0, 12, 2, 4}, {O, C, S, O, D, F, S}, 0, false},
    {"example 2", {6, 5, 1, 0, 12, 4, 5}, {C, C, S, O, O, O, C}, 2, false},
    {"example 3", {4, 4, 0, 0, 0, 3, 0}, {S, D, D, D, O, O, O}, 0, false},
    {"nothing to hide", {30, 10, 10, 10, 12, 4, 30}, {O, O, O, O, O, O, O}, 0, false},
    {"all zero", {0, 0, 0, 0, 0, 4, 0}, {O, O, O, O, O, O, O}, 0, false},
    {"all zero and zeros hidden", {0, 0, 0, 0, 0, 4, 0}, {S, D, D, D, S, O, S}, 0, true},
    {"nobody answered", {30, 10, 10, 10, 0, 0, 30}, {O, O, O, O, D, F, O}, 0, false},
    {"the threshold itself is shown", {15, 5, 5, 5, 5, 3, 5}, {O, O, O, O, O, O, O}, 0, false},
    {"one below the threshold", {14, 5, 5, 4, 5, 3, 5}, {O, O, C, S, O, O, O}, 0, false},
    {"two small ones protect each other", {25, 20, 2, 3, 9, 3, 9}, {O, O, S, S, O, O, O}, 0, false},
    {"two twos do not: each is at most 3",
     {24, 20, 2, 2, 9, 3, 9},
     {O, C, S, S, O, O, O},
     1,
     false},
    {"two ones do not", {22, 20, 1, 1, 9, 3, 9}, {O, C, S, S, O, O, O}, 1, false},
    {"two fours do not", {28, 20, 4, 4, 9, 3, 9}, {O, C, S, S, O, O, O}, 1, false},
    {"a lone category at the threshold", {5, 5, 0, 0, 9, 3, 5}, {O, O, O, O, O, O, O}, 0, false},
    {"the last nonzero category is taken",
     {40, 20, 3, 17, 9, 3, 9},
     {O, O, S, C, O, O, O},
     0,
     false},
    {"a small total is not broken down", {3, 1, 1, 1, 9, 3, 2}, {S, D, D, D, O, O, S}, 0, false},
};

/* Cells A x y z B answered C; x and y were hidden in what is corrected. */
START_TEST(what_was_hidden_in_an_earlier_revision_stays_hidden)
{
    static const uint64_t totals[][COUNTY_CELLS] = {
        {30, 10, 10, 10, 12, 4, 30}, /* nothing is small any more */
        {30, 3, 17, 10, 12, 4, 30},  /* one still is: that is not told */
        {10, 0, 0, 10, 12, 4, 10},   /* both are zeros now: z, which would tell, goes too */
    };
    static const uint8_t kept[COUNTY_CELLS] = {0, 1, 1, 0, 0, 0, 0};
    struct ground g;
    uint8_t got[COUNTY_CELLS];
    ground_init(&g, 100, 4);
    ck_assert_status(decide(got, NULL, &g, totals[0]), SKA_OK);
    ck_assert_uint_eq(got[1], O);
    g.input.kept = kept;
    ck_assert_status(decide(got, NULL, &g, totals[_i]), SKA_OK);
    for (size_t j = 0; j < COUNTY_CELLS; j++)
        ck_assert_uint_eq(got[j], kept[j] != 0 ? SKA_HIDDEN_KEPT : _i == 2 && j == 3 ? C : O);
    ground_clear(&g);
}
END_TEST

START_TEST(patterns_are_as_worked_out_by_hand)
{
    const struct worked *k = &worked[_i];
    struct ground g;
    uint8_t got[COUNTY_CELLS];
    uint32_t n_extra = 99;
    ground_init(&g, 100, 4);
    ground_set(&g, 5, !k->hide_zero);
    ck_assert_status(decide(got, &n_extra, &g, k->total), SKA_OK);
    for (uint32_t j = 0; j < COUNTY_CELLS; j++)
        ck_assert_msg(got[j] == k->reason[j], "%s: %s is %u, want %u", k->name,
                      g.layout->cells[j].code, got[j], k->reason[j]);
    ck_assert_msg(n_extra == k->n_extra, "%s: %u extra, want %u", k->name, n_extra, k->n_extra);
    ground_clear(&g);
}
END_TEST

START_TEST(intervals_are_those_of_example_1)
{
    static const int64_t want[COUNTY_CELLS][2] = {{30, 30}, {26, 29}, {1, 4}, {0, 0},
                                                  {0, 200}, {0, 2},   {1, 4}};
    struct ground g;
    struct disclosure_pattern p;
    ground_init(&g, 100, 4);
    g.input.totals = worked[0].total;
    ck_assert_status(disclosure_pattern_init(&p, &g.input), SKA_OK);
    memcpy(p.reason, worked[0].reason, COUNTY_CELLS);
    ck_assert_status(disclosure_propagate(&p), SKA_OK);
    for (uint32_t j = 0; j < COUNTY_CELLS; j++) {
        ck_assert_msg(p.interval[j].lo == want[j][0] && p.interval[j].hi == want[j][1],
                      "%s: %lld-%lld", g.layout->cells[j].code, (long long)p.interval[j].lo,
                      (long long)p.interval[j].hi);
    }
    disclosure_pattern_clear(&p);
    ground_clear(&g);
}
END_TEST

/* Brute force --------------------------------------------------------------------------------- */

#define SMALL_BOUND 4
#define SMALL_N 3 /* submissions; so totals up to 12 */

/* A table the reader cannot tell from the real one: rules over sums, and what reasons say. */
static bool is_possible(const uint64_t *x, const uint8_t *reason, const uint64_t *shown,
                        const struct ska_policy *policy)
{
    uint64_t low = policy->show_zero ? 1 : 0;
    if (x[CELL_X] + x[CELL_Y] + x[CELL_Z] != x[CELL_A] || x[CELL_C] > x[CELL_A] ||
        x[CELL_B] > SMALL_BOUND * x[CELL_B_ANSWERED])
        return false;
    for (int j = 0; j < COUNTY_CELLS; j++) {
        switch (reason[j]) {
        case O:
            if (x[j] != shown[j])
                return false;
            break;
        case S:
            if (x[j] < low || x[j] >= policy->threshold)
                return false;
            break;
        case F:
            if (x[j] >= policy->min_contributors)
                return false;
            break;
        case C:
            if (x[j] < policy->threshold)
                return false;
            break;
        default:
            break;
        }
    }
    return true;
}

/* What to do with a possible table. */
struct seen {
    struct ground *g;
    const uint8_t *reason;
    bool pattern_is_public; /* decide must give the same pattern for every possible table */
    uint64_t lo[COUNTY_CELLS], hi[COUNTY_CELLS];
};

static void see(struct seen *seen, const uint64_t *x)
{
    uint8_t again[COUNTY_CELLS];
    for (int j = 0; j < COUNTY_CELLS; j++) {
        seen->lo[j] = x[j] < seen->lo[j] ? x[j] : seen->lo[j];
        seen->hi[j] = x[j] > seen->hi[j] ? x[j] : seen->hi[j];
    }
    if (!seen->pattern_is_public)
        return;
    ck_assert_status(decide(again, NULL, seen->g, x), SKA_OK);
    ck_assert_msg(memcmp(again, seen->reason, COUNTY_CELLS) == 0,
                  "the pattern tells A %d x %d y %d z %d C %d from another table with the same "
                  "published figures",
                  (int)x[0], (int)x[1], (int)x[2], (int)x[3], (int)x[6]);
}

/* Every table with x, y, z, C up to the cap; B and its flag hang on nothing else and stay. */
static void see_all_possible(struct seen *seen, const uint64_t *shown)
{
    const uint64_t cap = SMALL_BOUND * SMALL_N;
    uint64_t x[COUNTY_CELLS] = {0};
    memset(seen->lo, 0xFF, sizeof seen->lo);
    memset(seen->hi, 0, sizeof seen->hi);
    x[CELL_B] = shown[CELL_B];
    x[CELL_B_ANSWERED] = shown[CELL_B_ANSWERED];
    for (x[1] = 0; x[1] <= cap; x[1]++)
        for (x[2] = 0; x[1] + x[2] <= cap; x[2]++)
            for (x[3] = 0; x[1] + x[2] + x[3] <= cap; x[3]++)
                for (x[6] = 0, x[0] = x[1] + x[2] + x[3]; x[6] <= x[0]; x[6]++)
                    if (is_possible(x, seen->reason, shown, &seen->g->input.policy))
                        see(seen, x);
}

/* The width that the policy demands: at most what the cell's reason leaves. */
static uint64_t demand(const struct ground *g, const uint8_t *reason, int cell)
{
    const struct ska_policy *policy = &g->input.policy;
    uint64_t wanted = policy->protection, cap = SMALL_BOUND * SMALL_N;
    uint64_t width = cap;
    if (reason[cell] == S)
        width = policy->threshold - 1 - (policy->show_zero ? 1 : 0);
    if (reason[cell] == C)
        return 0;
    return width < wanted ? width : wanted;
}

/* Every table of totals up to 12: what is published leaves each hidden cell what the policy
 * demands, and tells nothing about hidden values by the choice of what is hidden. */
START_TEST(every_hidden_cell_of_any_small_table_is_protected)
{
    const uint64_t cap = SMALL_BOUND * SMALL_N;
    uint64_t x[COUNTY_CELLS] = {0}, n_tables = 0, n_refused = 0, n_hidden = 0, n_extra_cases = 0;
    struct ground g;
    ground_init(&g, SMALL_BOUND, SMALL_N);
    ground_set(&g, 3 + (uint64_t)_i % 2, _i / 2 == 0);
    x[CELL_B_ANSWERED] = 3;
    x[CELL_B] = 9;
    for (x[1] = 0; x[1] <= cap; x[1]++)
        for (x[2] = 0; x[2] <= cap; x[2]++)
            for (x[3] = 0; x[3] <= cap && x[1] + x[2] + x[3] <= cap; x[3]++) {
                x[0] = x[1] + x[2] + x[3];
                for (x[6] = 0; x[6] <= x[0]; x[6]++) {
                    uint8_t reason[COUNTY_CELLS];
                    uint32_t n_extra = 0;
                    n_tables++;
                    enum ska_status status = decide(reason, &n_extra, &g, x);
                    if (status == SKA_E_STATE) {
                        n_refused++;
                        continue;
                    }
                    ck_assert_status(status, SKA_OK);
                    n_extra_cases += n_extra > 0;
                    struct seen seen = {&g, reason, n_extra == 0, {0}, {0}};
                    see_all_possible(&seen, x);
                    for (int j = 0; j < COUNTY_CELLS; j++) {
                        if (reason[j] == O || (reason[j] == D && seen.hi[j] == 0))
                            continue;
                        n_hidden++;
                        uint64_t width = seen.hi[j] - seen.lo[j];
                        ck_assert_msg(width >= demand(&g, reason, j),
                                      "A %d x %d y %d z %d C %d: cell %d is within %d and %d",
                                      (int)x[0], (int)x[1], (int)x[2], (int)x[3], (int)x[6], j,
                                      (int)seen.lo[j], (int)seen.hi[j]);
                    }
                }
            }
    printf("threshold %d, zeros %s: %d tables, %d refused, %d hidden cells checked, %d needed more "
           "than the first pattern\n",
           (int)g.input.policy.threshold, g.input.policy.show_zero ? "shown" : "hidden",
           (int)n_tables, (int)n_refused, (int)n_hidden, (int)n_extra_cases);
    ck_assert_uint_gt(n_hidden, 0);
    ground_clear(&g);
}
END_TEST

/* The real catalogue --------------------------------------------------------------------------- */

static struct ska_catalogue *norrsken(void)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *json = NULL;
    size_t len = 0;
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    enum ska_status got =
        file_read(&json, &len, "catalogues/operation-norrsken.json", SKA_CATALOGUE_BYTES_MAX, &err);
    if (got == SKA_OK)
        got = ska_catalogue_parse(&c, (const char *)json, len, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    return c;
}

/* The largest value a total may have for this contributor, after those before it: by the
 * catalogue's rules of the form  c + sum of what is before x - x >= 0  and  ... = 0. */
static uint64_t limit(bool *exact, const struct ska_layout *l, uint32_t cell, const uint64_t *x,
                      uint64_t most)
{
    *exact = false;
    for (uint32_t i = 0; i < l->statement.n_rules; i++) {
        const struct ska_rule *r = &l->statement.rules[i];
        int64_t other = r->constant;
        bool is_last = false;
        bool is_after = false;
        for (uint32_t t = 0; t < r->n_terms; t++) {
            uint32_t at = r->terms[t].cell;
            is_last = is_last || (at == cell && r->terms[t].coefficient == -1);
            is_after = is_after || (at > cell && l->cells[at].kind != SKA_CELL_ANSWERED);
            if (at != cell)
                other += r->terms[t].coefficient * (int64_t)x[at];
        }
        if (l->rule_sources[i].origin != SKA_RULE_CATALOGUE || !is_last || is_after || other < 0)
            continue;
        *exact = *exact || r->width == 0;
        most = (uint64_t)other < most || r->width == 0 ? (uint64_t)other : most;
    }
    return most;
}

/* A total's cases into the categories of its tables. */
static void draw_tables(uint64_t *x, const struct ska_layout *l, uint32_t total)
{
    for (uint32_t t = 0; t < l->n_tables; t++) {
        const struct ska_table *table = &l->tables[t];
        for (uint64_t k = 0; table->total == total && k < x[total]; k++) {
            uint64_t at = test_random() % table->n_categories;
            at = at * (test_random() % table->n_categories) / table->n_categories; /* uneven */
            x[table->first + at]++;
        }
    }
}

/* One contributor's figures: `size` cases at the most, and seldom a blank. */
static void draw_contributor(uint64_t *x, const struct ska_layout *l, uint64_t size, bool blank)
{
    for (uint32_t j = 0; j < l->n_cells; j++) {
        bool exact;
        if (l->cells[j].kind != SKA_CELL_TOTAL || blank)
            continue;
        uint64_t most = limit(&exact, l, j, x, size);
        x[j] = exact ? most : test_random() % (most + 1);
        if (l->cells[j].flag != SKA_NONE)
            x[l->cells[j].flag] = 1;
        draw_tables(x, l, j);
    }
}

/* Invariants that need no brute force: the rules of docs/disclosure-control.md about single cells.
 */
static void check_norrsken(const struct ska_suppression *hidden, const struct ska_layout *l,
                           const struct disclosure_input *input)
{
    uint8_t *reason = calloc(l->n_cells, 1);
    for (uint32_t i = 0; i < hidden->n; i++)
        reason[hidden->at[i].figure] = (uint8_t)hidden->at[i].reason;
    for (uint32_t j = 0; j < l->n_cells; j++) {
        uint64_t x = input->totals[j];
        bool is_flag = l->cells[j].kind == SKA_CELL_ANSWERED;
        if (reason[j] == O && !is_flag)
            ck_assert_msg(x == 0 || x >= 5, "%s is shown", l->cells[j].code);
        if (reason[j] == O && is_flag)
            ck_assert_uint_ge(x, 3);
        if (reason[j] == C)
            ck_assert_msg(x >= 5, "%s is a complement", l->cells[j].code);
    }
    for (uint32_t i = 0; i < l->statement.n_rules; i++) { /* no equality with one hidden cell */
        const struct ska_rule *r = &l->statement.rules[i];
        uint32_t n_hidden = 0, last = 0;
        for (uint32_t t = 0; r->width == 0 && t < r->n_terms; t++)
            if (reason[r->terms[t].cell] != O) {
                n_hidden++;
                last = r->terms[t].cell;
            }
        ck_assert_msg(n_hidden != 1 || reason[last] == D || reason[last] == C, "%s is derivable",
                      l->cells[last].code);
    }
    free(reason);
}

START_TEST(a_county_of_any_size_can_publish)
{
    static const uint64_t sizes[] = {1, 2, 4, 8, 16, 60};
    test_seed("a_county_of_any_size_can_publish");
    struct ska_catalogue *c = norrsken();
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    const struct ska_policy policy = {3, 5, true, 2, 0};
    struct ska_linked *linked = linked_alone(l, &policy, 10);
    uint64_t *total = calloc(l->n_cells, sizeof *total), *x = calloc(l->n_cells, sizeof *x);
    for (size_t s = 0; s < N_OF(sizes); s++) {
        unsigned n_hidden = 0, n_extra = 0, n_refused = 0, n_primary = 0;
        for (int round = 0; round < 300; round++) {
            struct ska_suppression hidden = {0};
            struct ska_certificate certificate = {0};
            struct ska_error err = {0};
            uint32_t extra = 0;
            const struct disclosure_input input = {linked, policy, total, NULL, NULL, false};
            memset(total, 0, l->n_cells * sizeof *total);
            for (int i = 0; i < 10; i++) {
                memset(x, 0, l->n_cells * sizeof *x);
                draw_contributor(x, l, sizes[s], test_random() % 4 == 0);
                for (uint32_t j = 0; j < l->n_cells; j++)
                    total[j] += x[j];
            }
            enum ska_status got = disclosure_decide(&hidden, &certificate, &extra, &input, &err);
            n_refused += got == SKA_E_STATE;
            ck_assert_msg(got == SKA_OK || got == SKA_E_STATE, "%s", err.text);
            if (got != SKA_OK)
                printf("  %s\n", err.text);
            else
                check_norrsken(&hidden, l, &input);
            for (uint32_t i = 0; i < hidden.n; i++)
                n_primary += hidden.at[i].reason != C;
            n_hidden += hidden.n;
            n_extra += extra;
            ska_suppression_clear(&hidden);
            ska_certificate_clear(&certificate);
        }
        printf(
            "up to %2d cases each: %5.1f of %u cells hidden, %5.1f of them primary, %4.2f beyond "
            "P0, %u of 300 refused\n",
            (int)sizes[s], n_hidden / 300.0, l->n_cells, n_primary / 300.0, n_extra / 300.0,
            n_refused);
    }
    free(total);
    free(x);
    ska_linked_free(linked);
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

#define GROUPED 12u

/* The totals of every block of a county whose twelve contributors are in these groups, and beyond.
 */
static void draw_blocks(uint64_t *total, const struct ska_linked *linked,
                        const struct ska_layout *l, const struct ska_groups *groups, uint64_t size)
{
    uint64_t *x = calloc(l->n_cells, sizeof *x);
    memset(total, 0, linked->n_listed * sizeof *total);
    for (uint32_t i = 0; i < GROUPED; i++) {
        memset(x, 0, l->n_cells * sizeof *x);
        draw_contributor(x, l, size, test_random() % 4 == 0);
        for (uint32_t f = 0; f < linked->n_published; f++)
            if (ska_groups_has(groups, f / l->n_cells, i))
                total[f] += x[f % l->n_cells];
    }
    free(x);
    ck_assert_status(disclosure_subtract(total, linked), SKA_OK);
}

/* A county in three parts. */
START_TEST(a_county_with_groups_can_publish)
{
    static const uint64_t sizes[] = {2, 8, 16, 60, 100};
    static uint32_t members[3][4] = {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}};
    struct ska_group at[3] = {{"A", "a", "a", 4, members[0]},
                              {"B", "b", "b", 4, members[1]},
                              {"C", "c", "c", 4, members[2]}};
    const struct ska_groups groups = {3, at};
    const struct ska_policy policy = {3, 5, true, 2, 0};
    struct ska_catalogue *c = norrsken();
    struct ska_layout *l = NULL;
    struct ska_linked *linked = NULL;
    uint32_t counted[GROUPED];
    for (uint32_t i = 0; i < GROUPED; i++)
        counted[i] = i;
    test_seed("a_county_with_groups_can_publish");
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    ck_assert_status(ska_linked_new(&linked, l, &policy, &groups, GROUPED, counted, GROUPED),
                     SKA_OK);
    uint64_t *total = calloc(linked->n_listed, sizeof *total);
    for (size_t s = 0; s < N_OF(sizes); s++) {
        unsigned n_hidden = 0, n_extra = 0, n_refused = 0, n_primary = 0, n_differences = 0;
        for (int round = 0; round < 8; round++) {
            SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
            SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
            struct ska_error err = {0};
            uint32_t extra = 0;
            const struct disclosure_input input = {linked, policy, total, NULL, NULL, false};
            draw_blocks(total, linked, l, &groups, sizes[s]);
            enum ska_status got = disclosure_decide(&hidden, &certificate, &extra, &input, &err);
            ck_assert_msg(got == SKA_OK || got == SKA_E_STATE, "%s", err.text);
            if (got == SKA_E_STATE)
                printf("  %s\n", err.text);
            n_refused += got == SKA_E_STATE;
            for (uint32_t i = 0; i < hidden.n; i++) {
                n_differences += hidden.at[i].figure >= linked->n_published;
                n_primary += hidden.at[i].figure < linked->n_published && hidden.at[i].reason != C;
                n_hidden += hidden.at[i].figure < linked->n_published;
            }
            n_extra += extra;
        }
        printf("up to %3d cases each: %5.1f of %u figures hidden, %5.1f of them primary, %5.2f "
               "beyond P0, %5.1f small differences, %u of 8 refused\n",
               (int)sizes[s], n_hidden / 8.0, linked->n_published, n_primary / 8.0, n_extra / 8.0,
               n_differences / 8.0, n_refused);
    }
    free(total);
    ska_linked_free(linked);
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("disclosure");
    TCase *t = tcase_create("disclosure");
    tcase_set_timeout(t, 240);
    tcase_add_loop_test(t, what_was_hidden_in_an_earlier_revision_stays_hidden, 0, 3);
    tcase_add_loop_test(t, patterns_are_as_worked_out_by_hand, 0, N_OF(worked));
    tcase_add_test(t, intervals_are_those_of_example_1);
    tcase_add_loop_test(t, every_hidden_cell_of_any_small_table_is_protected, 0, 4);
    tcase_add_test(t, a_county_of_any_size_can_publish);
    tcase_add_test(t, a_county_with_groups_can_publish);
    suite_add_tcase(s, t);
    return test_run(s);
}
