/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_gate.c - the attacker's gate against an oracle that tries every whole table of small random
 * systems: the certificate's tables are among them, and a demand fails exactly where the oracle's
 * interval is too short. In systems as large as a year in groups: what is found for a variable
 * alone is found after others, too.
 */
#include "reports/disclosure/gate_task.h"

#include "tests/linked_alone.h"
#include "tests/unit/reports/county.h"

#define VARIABLES_MAX 6u
#define ROWS_MAX 5u
#define LINKED_ROUNDS 40
#define WIDTH_MAX 5u /* so at most 6^6 tables */

SKA_DEFINE_RELEASE(struct gate_system *, gate_release, gate_free)

/* What every table of a system leaves to a variable. */
struct oracle {
    uint64_t n_tables, lo[VARIABLES_MAX], hi[VARIABLES_MAX];
};

static void see(struct oracle *o, const struct gate_system *s, const uint64_t *x)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        gate_int sum = 0;
        for (uint32_t t = 0; t < s->rows[i].n_terms; t++) {
            const struct gate_term *term = &s->terms[s->rows[i].first + t];
            sum += (gate_int)term->coefficient * (gate_int)x[term->variable];
        }
        if (sum < s->rows[i].lo || sum > s->rows[i].hi)
            return;
    }
    for (uint32_t j = 0; j < s->n; j++) {
        o->lo[j] = o->n_tables == 0 || x[j] < o->lo[j] ? x[j] : o->lo[j];
        o->hi[j] = o->n_tables == 0 || x[j] > o->hi[j] ? x[j] : o->hi[j];
    }
    o->n_tables++;
}

static void try_all(struct oracle *o, const struct gate_system *s)
{
    uint64_t x[VARIABLES_MAX];
    memset(o, 0, sizeof *o);
    for (uint32_t j = 0; j < s->n; j++)
        x[j] = (uint64_t)s->lo[j];
    for (uint32_t j = 0; j < s->n;) {
        see(o, s, x);
        for (j = 0; j < s->n && ++x[j] > (uint64_t)s->hi[j]; j++)
            x[j] = (uint64_t)s->lo[j];
    }
}

static int64_t draw_coefficient(void)
{
    static const int64_t values[] = {1, 1, 1, 1, -1, -1, -1, 2, -2, 3};
    return values[test_random() % N_OF(values)];
}

/* A random system around a table that is hidden in it. `shift` is added to every value, to make
 * numbers as large as counties' are. */
static struct gate_system *draw(uint64_t shift)
{
    struct gate_system *s = NULL;
    uint64_t x[VARIABLES_MAX];
    uint32_t n = 1 + (uint32_t)(test_random() % VARIABLES_MAX);
    ck_assert_status(gate_new(&s, n), SKA_OK);
    for (uint32_t j = 0; j < n; j++) {
        uint64_t width = test_random() % (WIDTH_MAX + 1), at = test_random() % (width + 1);
        x[j] = shift + WIDTH_MAX;
        s->lo[j] = (gate_int)(x[j] - at);
        s->hi[j] = (gate_int)(x[j] - at + width);
        s->demand[j] = test_random() % 4;
    }
    uint64_t n_rows = test_random() % (ROWS_MAX + 1);
    for (uint64_t i = 0; i < n_rows; i++) {
        struct gate_term terms[VARIABLES_MAX];
        uint32_t n_terms = 0;
        gate_int sum = 0;
        for (uint32_t j = 0; j < n; j++) {
            if (test_random() % 2 == 0)
                continue;
            terms[n_terms] = (struct gate_term){j, draw_coefficient()};
            sum += (gate_int)terms[n_terms++].coefficient * (gate_int)x[j];
        }
        gate_int slack = (gate_int)(test_random() % 4), below = (gate_int)(test_random() % 2);
        if (n_terms > 0)
            ck_assert_status(
                gate_add_row(s, sum - below * slack, sum + (1 - below) * slack, terms, n_terms),
                SKA_OK);
    }
    return s;
}

/* Every table of a certificate holds, and each pair does what it says. */
static void check_certificate(const struct ska_certificate *c, const struct gate_system *s)
{
    ck_assert_uint_eq(c->n_variables, s->n);
    for (uint32_t k = 0; k < c->n_tables; k++) {
        struct oracle one;
        memset(&one, 0, sizeof one);
        see(&one, s, c->value + (size_t)k * s->n);
        ck_assert_msg(one.n_tables == 1, "table %u breaks a row", k);
        for (uint32_t j = 0; j < s->n; j++) {
            gate_int x = (gate_int)c->value[(size_t)k * s->n + j];
            ck_assert(x >= s->lo[j] && x <= s->hi[j]);
        }
    }
    for (uint32_t j = 0; j < s->n; j++) {
        const struct ska_table_pair *pair = &c->pair[j];
        if (s->demand[j] == 0) {
            ck_assert(pair->low == SKA_NONE && pair->high == SKA_NONE);
            continue;
        }
        ck_assert(pair->low < c->n_tables && pair->high < c->n_tables);
        uint64_t low = c->value[(size_t)pair->low * s->n + j];
        uint64_t high = c->value[(size_t)pair->high * s->n + j];
        ck_assert_msg(high >= low + s->demand[j], "variable %u: too little", j);
    }
}

/* Large systems --------------------------------------------------------------------------------
 */

#define QUARTERS 4u
#define BLOCKS 5u /* all, and four groups of them */
#define CELLS 8u  /* a total, by three categories, and by four */
#define BLOCK_BOUND 262140

static uint32_t at(uint32_t layer, uint32_t block, uint32_t cell)
{
    return (layer * BLOCKS + block) * CELLS + cell;
}

static void add_equality(struct gate_system *s, const uint32_t *parts, uint32_t n, uint32_t whole)
{
    struct gate_term terms[CELLS];
    for (uint32_t i = 0; i < n; i++)
        terms[i] = (struct gate_term){parts[i], 1};
    terms[n] = (struct gate_term){whole, -1};
    ck_assert_status(gate_add_row(s, 0, 0, terms, n + 1), SKA_OK);
}

/* The figures of a year: small in groups and quarters, sums of them in all others. */
static void draw_year(uint64_t *x)
{
    for (uint32_t layer = 0; layer < QUARTERS; layer++)
        for (uint32_t block = 1; block < BLOCKS; block++) {
            uint64_t by_three = 0, *of = &x[at(layer, block, 0)];
            for (uint32_t cell = 4; cell < CELLS; cell++) {
                of[cell] = test_random() % 3 == 0 ? 0 : test_random() % 30;
                of[0] += of[cell];
            }
            for (uint32_t cell = 1; cell < 3; cell++) {
                of[cell] = test_random() % (of[0] - by_three + 1);
                by_three += of[cell];
            }
            of[3] = of[0] - by_three;
            for (uint32_t cell = 0; cell < CELLS; cell++) {
                x[at(layer, 0, cell)] += of[cell];
                x[at(QUARTERS, block, cell)] += of[cell];
                x[at(QUARTERS, 0, cell)] += of[cell];
            }
        }
}

/* A year in groups and its quarters, of which half of the figures of all but the last is known,
 * and nothing of the others; two are demanded of each. */
static struct gate_system *draw_linked(void)
{
    uint64_t x[(QUARTERS + 1) * BLOCKS * CELLS] = {0};
    struct gate_system *s = NULL;
    uint32_t parts[CELLS];
    draw_year(x);
    ck_assert_status(gate_new(&s, N_OF(x)), SKA_OK);
    for (uint32_t j = 0; j < s->n; j++) {
        bool is_known = j < at(QUARTERS - 1, 0, 0) && test_random() % 2 == 0;
        s->lo[j] = is_known ? (gate_int)x[j] : 0;
        s->hi[j] = is_known ? (gate_int)x[j] : BLOCK_BOUND * (j < BLOCKS * CELLS ? 1 : 4);
        s->demand[j] = is_known ? 0 : 2;
    }
    for (uint32_t layer = 0; layer <= QUARTERS; layer++)
        for (uint32_t block = 0; block < BLOCKS; block++) {
            for (uint32_t i = 0; i < 7; i++)
                parts[i] = at(layer, block, 1 + i);
            add_equality(s, parts, 3, at(layer, block, 0));
            add_equality(s, parts + 3, 4, at(layer, block, 0));
        }
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        for (uint32_t layer = 0; layer <= QUARTERS; layer++) {
            for (uint32_t i = 0; i + 1 < BLOCKS; i++)
                parts[i] = at(layer, i + 1, cell);
            add_equality(s, parts, BLOCKS - 1, at(layer, 0, cell));
        }
        for (uint32_t block = 0; block < BLOCKS; block++) {
            for (uint32_t i = 0; i < QUARTERS; i++)
                parts[i] = at(i, block, cell);
            add_equality(s, parts, QUARTERS, at(QUARTERS, block, cell));
        }
    }
    return s;
}

/* The search goes on from where it was; what it finds must not depend on that. */
START_TEST(what_is_found_alone_is_found_after_others)
{
    test_seed("what_is_found_alone_is_found_after_others");
    for (int round = 0; round < LINKED_ROUNDS; round++) {
        SKA_SCOPED(gate_release) struct gate_system *s = draw_linked();
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0}, one = {0};
        bool fails[(QUARTERS + 1) * BLOCKS * CELLS], alone[N_OF(fails)];
        ck_assert_status(gate_propagate(s), SKA_OK);
        for (uint32_t j = 0; j < s->n; j++)
            if (s->hi[j] - s->lo[j] < 2)
                s->demand[j] = 0;
        if (gate_certify(&c, fails, s) == SKA_OK)
            continue;
        for (uint32_t j = 0; j < s->n; j++)
            s->demand[j] = fails[j] ? s->demand[j] : 0;
        enum ska_status status = gate_certify(&one, alone, s);
        for (uint32_t j = 0; j < s->n; j++)
            ck_assert_msg(status != SKA_OK || !fails[j], "%u in round %d", j, round);
    }
}
END_TEST

static const uint64_t shifts[] = {0, 1000, 30000000};

START_TEST(the_gate_finds_what_trying_every_table_finds)
{
    size_t n_fail = 0, n_pass = 0;
    test_seed("the_gate_finds_what_trying_every_table_finds");
    test_seed_state += (uint64_t)_i << 32;
    for (int round = 0; round < 3000; round++) {
        SKA_SCOPED(gate_release) struct gate_system *s = draw(shifts[_i]);
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
        struct oracle o;
        bool fails[VARIABLES_MAX], must_fail = false;
        try_all(&o, s);
        ck_assert_uint_gt(o.n_tables, 0);
        ck_assert_status(gate_propagate(s), SKA_OK);
        enum ska_status status = gate_certify(&c, fails, s);
        for (uint32_t j = 0; j < s->n; j++) {
            bool want = o.hi[j] - o.lo[j] < s->demand[j];
            must_fail = must_fail || want;
            ck_assert_msg(!fails[j] || want, "round %d, variable %u: %d to %d, demand %d: %s",
                          round, j, (int)o.lo[j], (int)o.hi[j], (int)s->demand[j],
                          fails[j] ? "fails" : "passes");
            ck_assert(s->lo[j] <= (gate_int)o.lo[j] && s->hi[j] >= (gate_int)o.hi[j]);
        }
        ck_assert_status(status, must_fail ? SKA_E_STATE : SKA_OK);
        n_fail += must_fail;
        n_pass += !must_fail;
        if (status == SKA_OK)
            check_certificate(&c, s);
    }
    ck_assert_uint_gt(n_fail, 500);
    ck_assert_uint_gt(n_pass, 500);
}
END_TEST

/* Two that sum to 2 and are at least 1 are both 1, though each rule alone leaves two. */
START_TEST(two_cells_that_sum_to_two_are_both_one)
{
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    const struct gate_term terms[] = {{0, 1}, {1, 1}};
    bool fails[2];
    ck_assert_status(gate_new(&s, 2), SKA_OK);
    for (size_t j = 0; j < 2; j++) {
        s->lo[j] = 1;
        s->hi[j] = 4;
        s->demand[j] = 1;
    }
    ck_assert_status(gate_add_row(s, 2, 2, terms, 2), SKA_OK);
    ck_assert_status(gate_propagate(s), SKA_OK);
    ck_assert_status(gate_certify(&c, fails, s), SKA_E_STATE);
    ck_assert(fails[0]);
    ck_assert_ptr_null(c.value);
}
END_TEST

/* x + y, y + z and x + z are known: each row alone leaves 0 to 3, all three leave one table, and
 * that of halves only where the sum is odd. */
START_TEST(three_rows_together_tell_what_none_tells_alone)
{
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    bool fails[3];
    ck_assert_status(gate_new(&s, 3), SKA_OK);
    for (uint32_t j = 0; j < 3; j++) {
        const struct gate_term terms[] = {{j, 1}, {(j + 1) % 3, 1}};
        s->hi[j] = 10;
        s->demand[j] = 1;
        ck_assert_status(gate_add_row(s, 10, 10, terms, 2), SKA_OK);
    }
    ck_assert_status(gate_propagate(s), SKA_OK);
    ck_assert(s->lo[0] == 0 && s->hi[0] == 10);
    ck_assert_status(gate_certify(&c, fails, s), SKA_E_STATE);
    ck_assert(fails[0]);
}
END_TEST

START_TEST(nothing_hidden_is_an_empty_certificate)
{
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    bool fails[1];
    ck_assert_status(gate_new(&s, 0), SKA_OK);
    ck_assert_status(gate_propagate(s), SKA_OK);
    ck_assert_status(gate_certify(&c, fails, s), SKA_OK);
    ck_assert_uint_eq(c.n_variables, 0);
    ck_assert_uint_eq(c.n_tables, 0);
}
END_TEST

START_TEST(a_system_that_contradicts_itself_is_refused)
{
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    const struct gate_term term = {0, 2};
    ck_assert_status(gate_new(&s, 1), SKA_OK);
    s->hi[0] = 10;
    ck_assert_status(gate_add_row(s, 1, 2, NULL, 0), SKA_E_RULE);
    ck_assert_status(gate_add_row(s, 7, 7, &term, 1), SKA_OK); /* 2 x = 7 */
    ck_assert_status(gate_propagate(s), SKA_E_RULE);
}
END_TEST

/* The certificate's bytes for a table of the county's catalogue under a pattern. */
static void certify(struct ska_writer *w, const struct ska_layout *layout, const uint8_t *reason,
                    const uint64_t *total)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    bool fails[COUNTY_CELLS];
    const struct ska_policy policy = {3, 5, true, 2, 0};
    struct ska_linked *linked = linked_alone(layout, &policy, 4);
    const struct gate_view view = {
        .linked = linked, .policy = policy, .reason = reason, .total = total};
    ck_assert_status(gate_task_certify(&c, fails, NULL, &view), SKA_OK);
    ska_linked_free(linked);
    ska_certificate_encode(w, &c);
    ck_assert_status(ska_writer_status(w), SKA_OK);
}

START_TEST(hidden_totals_do_not_show_in_the_certificate)
{
    /* A 30, x hidden, y hidden, z 0; B hidden for few answers; C hidden. */
    static const uint8_t reason[COUNTY_CELLS] = {0,
                                                 SKA_HIDDEN_COMPLEMENT,
                                                 SKA_HIDDEN_SMALL,
                                                 0,
                                                 SKA_HIDDEN_DEPENDENT,
                                                 SKA_HIDDEN_FEW,
                                                 SKA_HIDDEN_SMALL};
    static const uint64_t totals[][COUNTY_CELLS] = {
        {30, 27, 3, 0, 12, 2, 4}, {30, 29, 1, 0, 0, 0, 1}, {30, 26, 4, 0, 99, 1, 2}};
    struct ska_catalogue *catalogue = county_catalogue(100);
    struct ska_layout *layout = NULL;
    struct ska_writer first = {0};
    ck_assert_status(ska_layout_new(&layout, catalogue, SKA_QUARTER, NULL), SKA_OK);
    certify(&first, layout, reason, totals[0]);
    for (size_t i = 1; i < N_OF(totals); i++) {
        struct ska_writer other = {0};
        certify(&other, layout, reason, totals[i]);
        ck_assert_uint_eq(other.len, first.len);
        ck_assert_mem_eq(other.data, first.data, first.len);
        ska_writer_clear(&other);
    }
    ska_writer_clear(&first);
    ska_layout_free(layout);
    ska_catalogue_free(catalogue);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gate");
    TCase *t = tcase_create("gate");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, the_gate_finds_what_trying_every_table_finds, 0, N_OF(shifts));
    tcase_add_test(t, what_is_found_alone_is_found_after_others);
    tcase_add_test(t, two_cells_that_sum_to_two_are_both_one);
    tcase_add_test(t, three_rows_together_tell_what_none_tells_alone);
    tcase_add_test(t, nothing_hidden_is_an_empty_certificate);
    tcase_add_test(t, a_system_that_contradicts_itself_is_refused);
    tcase_add_test(t, hidden_totals_do_not_show_in_the_certificate);
    suite_add_tcase(s, t);
    return test_run(s);
}
