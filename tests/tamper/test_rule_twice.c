/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_rule_twice.c - docs/disclosure-control.md carried out twice: the first pattern P0 of the
 * publisher's own implementation is the auditor's, and the whole is accepted, over random layouts,
 * rules, policies and counts.
 *
 * The layouts are made here and not from catalogues, so that rules of every shape occur: tables in
 * common, equalities between tables, flags in equalities, inequalities with several terms.
 */
#include <string.h>

#include "audit/check.h"
#include "reports/disclosure/disclosure.h"
#include "tests/linked_alone.h"
#include "tests/tamper/honest_pattern.h"

#include "tests/test.h"

#define CELLS_MAX 64
#define RULES_MAX 64
#define TERMS_MAX 8
#define CONTRIBUTORS 5
#define BOUND 30

struct random_world {
    struct ska_cell cells[CELLS_MAX];
    uint64_t bounds[CELLS_MAX];
    struct ska_term terms[RULES_MAX][TERMS_MAX];
    struct ska_rule rules[RULES_MAX];
    struct ska_layout layout;
    struct ska_linked *linked; /* owned */
    uint64_t counts[CONTRIBUTORS][CELLS_MAX];
    uint64_t totals[CELLS_MAX];
    struct ska_policy policy;
};

static uint64_t draw(uint64_t n)
{
    return test_random() % n;
}

static uint32_t add_cell(struct random_world *w, enum ska_cell_kind kind)
{
    uint32_t j = w->layout.n_cells++;
    w->cells[j] = (struct ska_cell){.kind = kind, .flag = SKA_NONE, .total = j};
    snprintf(w->cells[j].code, sizeof w->cells[j].code, "C%u", j);
    w->bounds[j] = kind == SKA_CELL_ANSWERED || kind == SKA_CELL_MARK ? 1 : BOUND;
    return j;
}

/* Terms must come by increasing cell; cells given in any order. */
static void add_rule(struct random_world *w, int64_t constant, uint64_t width, uint32_t n,
                     const struct ska_term *terms)
{
    uint32_t k = w->layout.statement.n_rules++;
    memcpy(w->terms[k], terms, n * sizeof *terms);
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t at = i; at > 0 && w->terms[k][at].cell < w->terms[k][at - 1].cell; at--) {
            struct ska_term kept = w->terms[k][at];
            w->terms[k][at] = w->terms[k][at - 1];
            w->terms[k][at - 1] = kept;
        }
    w->rules[k] =
        (struct ska_rule){.constant = constant, .width = width, .n_terms = n, .terms = w->terms[k]};
}

/* One indicator: total, perhaps a flag, perhaps tables; counts that keep its rules. */
static void add_indicator(struct random_world *w)
{
    uint32_t total = add_cell(w, SKA_CELL_TOTAL), flag = SKA_NONE;
    uint64_t most = 1 + draw(12);
    if (draw(3) == 0) {
        flag = add_cell(w, SKA_CELL_ANSWERED);
        w->cells[total].flag = flag;
        add_rule(w, 0, BOUND, 2, (struct ska_term[]){{total, -1}, {flag, BOUND}});
    }
    if (draw(4) == 0) {
        uint32_t mark = add_cell(w, SKA_CELL_MARK);
        w->cells[mark].total = total;
        for (size_t c = 0; c < CONTRIBUTORS; c++)
            w->counts[c][mark] = draw(10) == 0;
    }
    for (size_t c = 0; c < CONTRIBUTORS; c++) {
        uint64_t answers = flag == SKA_NONE || draw(3) != 0;
        if (flag != SKA_NONE)
            w->counts[c][flag] = answers;
        w->counts[c][total] = answers * draw(most);
    }
    for (uint64_t t = draw(3); t > 0; t--) {
        uint32_t n = 2 + (uint32_t)draw(3), first = w->layout.n_cells;
        bool is_multiple = draw(3) == 0;
        struct ska_term terms[TERMS_MAX] = {{total, -1}};
        for (uint32_t i = 0; i < n; i++) {
            uint32_t j = add_cell(w, SKA_CELL_CATEGORY);
            w->cells[j].flag = flag;
            w->cells[j].total = total;
            terms[1 + i] = (struct ska_term){j, 1};
            if (is_multiple)
                add_rule(w, 0, BOUND, 2, (struct ska_term[]){{total, 1}, {j, -1}});
        }
        if (!is_multiple)
            add_rule(w, 0, 0, 1 + n, terms);
        for (size_t c = 0; c < CONTRIBUTORS; c++)
            for (uint64_t left = w->counts[c][total]; left > 0; left--) {
                uint64_t *at = &w->counts[c][first + draw(n)];
                if (!is_multiple || *at < w->counts[c][total])
                    (*at)++;
            }
    }
}

/* A total that is the sum of a few cells that are there already, at times of flags: equalities that
 * overlap, so that cells follow from several together and from none alone. */
static void add_sum(struct random_world *w)
{
    struct ska_term terms[TERMS_MAX];
    uint32_t n = 0, others = w->layout.n_cells, sum = add_cell(w, SKA_CELL_TOTAL);
    bool has_flags = draw(3) == 0;
    w->bounds[sum] = 4 * BOUND;
    for (uint32_t first = (uint32_t)draw(others), i = 0; i < others && n < 4; i++) {
        uint32_t cell = (first + i) % others;
        bool is_flag = w->cells[cell].kind == SKA_CELL_ANSWERED;
        bool is_mark = w->cells[cell].kind == SKA_CELL_MARK; /* in no rule */
        if (is_mark || (is_flag && !has_flags) || draw(2) == 0)
            continue;
        terms[n++] = (struct ska_term){cell, 1};
        for (size_t c = 0; c < CONTRIBUTORS; c++)
            w->counts[c][sum] += w->counts[c][cell];
    }
    terms[n++] = (struct ska_term){sum, -1};
    if (n > 1)
        add_rule(w, 0, 0, n, terms);
}

/* An inequality between any two or three cells that happens to hold, with room to spare or none. */
static void add_loose_rule(struct random_world *w)
{
    struct ska_term terms[3];
    uint32_t n = 0;
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (int tries = 0; tries < 3; tries++) {
        uint32_t cell = (uint32_t)draw(w->layout.n_cells);
        bool is_new = w->cells[cell].kind != SKA_CELL_MARK;
        for (uint32_t i = 0; i < n; i++)
            is_new = is_new && terms[i].cell != cell;
        if (is_new)
            terms[n++] = (struct ska_term){cell, (int64_t)draw(2) * 4 - 2 + (int64_t)draw(2)};
    }
    for (size_t c = 0; c < CONTRIBUTORS; c++) {
        int64_t value = 0;
        for (uint32_t i = 0; i < n; i++)
            value += terms[i].coefficient * (int64_t)w->counts[c][terms[i].cell];
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    if (n > 0)
        add_rule(w, -least, (uint64_t)(most - least) + draw(20), n,
                 terms); /* at times an equality */
}

static void make_world(struct random_world *w)
{
    memset(w, 0, sizeof *w);
    for (uint64_t i = 1 + draw(3); i > 0 && w->layout.n_cells < CELLS_MAX / 2; i--)
        add_indicator(w);
    for (uint64_t i = draw(5); i > 0 && w->layout.n_cells < CELLS_MAX; i--)
        add_sum(w);
    for (uint64_t i = draw(4); i > 0 && w->layout.statement.n_rules < RULES_MAX; i--)
        add_loose_rule(w);
    w->layout.cells = w->cells;
    w->layout.statement.n_cells = w->layout.n_cells;
    w->layout.statement.bound = w->bounds;
    w->layout.statement.rules = w->rules;
    w->policy = (struct ska_policy){
        .min_contributors = 3, .threshold = 1 + draw(6), .show_zero = draw(3) != 0};
    for (size_t c = 0; c < CONTRIBUTORS; c++)
        for (uint32_t j = 0; j < w->layout.n_cells; j++)
            w->totals[j] += w->counts[c][j];
}

static struct honest_input input_of(const struct random_world *w)
{
    return (struct honest_input){.linked = w->linked, .policy = &w->policy, .totals = w->totals};
}

/* P0 by the auditor's pieces, and the whole. Returns SKA_E_STATE if a cell cannot be protected. */
static enum ska_status decide(uint8_t *first, uint8_t *whole, const struct random_world *w)
{
    const struct honest_input input = input_of(w);
    honest_primary(first, &input);
    memcpy(whole, first, CELLS_MAX);
    SKA_TRY(honest_first(first, &input));
    return honest_complete(whole, &input);
}

/* The three checks of the audit, over a pattern. Returns whether all pass. */
static bool is_accepted(const struct random_world *w, const uint8_t *reason)
{
    struct ska_task task = {.parameters = {.policy = w->policy}};
    uint64_t total[CELLS_MAX] = {0};
    uint8_t hidden[CELLS_MAX];
    struct finding primary = {0}, complements = {0}, protection = {0};
    for (uint32_t j = 0; j < w->layout.n_cells; j++)
        total[j] = reason[j] == 0 ? w->totals[j] : 0; /* the auditor knows no hidden total */
    memcpy(hidden, reason, sizeof hidden);
    struct evidence e = {
        .task = &task, .linked = w->linked, .hidden_reason = hidden, .total = total};
    check_primary_suppression(&e, &primary);
    if (primary.n_bad > 0)
        return false;
    check_complementary_suppression(&e, &complements);
    check_protection(&e, &protection);
    ck_assert(!complements.is_undecided);
    ck_assert(!protection.is_undecided);
    return complements.n_bad == 0 && protection.n_bad == 0;
}

static void decide_by_publisher(uint8_t *reason, enum ska_status *status,
                                const struct random_world *w)
{
    struct ska_suppression hidden = {0};
    const struct disclosure_input input = {
        .linked = w->linked, .policy = w->policy, .totals = w->totals};
    memset(reason, 0, CELLS_MAX);
    *status = disclosure_decide(&hidden, NULL, NULL, &input, NULL);
    for (uint32_t i = 0; *status == SKA_OK && i < hidden.n; i++)
        reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    ska_suppression_clear(&hidden);
}

/* Open one complement after the other. Those of P0 the audit must miss; of the others it may let
 * one be open, since it does not know why they were hidden (docs/disclosure-control.md, section 7).
 */
static void open_complements(size_t *n_demanded, const struct random_world *w, uint8_t *reason)
{
    const struct honest_input input = input_of(w);
    uint8_t demanded[CELLS_MAX] = {0};
    honest_primary(demanded, &input);
    ck_assert_status(honest_first(demanded, &input), SKA_OK);
    for (uint32_t j = 0; j < w->layout.n_cells; j++) {
        if (demanded[j] != SKA_HIDDEN_COMPLEMENT)
            continue;
        ck_assert_uint_eq(reason[j], SKA_HIDDEN_COMPLEMENT);
        reason[j] = 0;
        ck_assert_msg(!is_accepted(w, reason), "cell %u opened", j);
        reason[j] = SKA_HIDDEN_COMPLEMENT;
        (*n_demanded)++;
    }
}

START_TEST(both_hide_the_same_cells_and_the_audit_accepts_them)
{
    static struct random_world w;
    size_t n_refused = 0, n_complements = 0, n_demanded = 0;
    test_seed("rule twice");
    test_seed_state += (uint64_t)_i << 32;
    for (int round = 0; round < 5000; round++) {
        uint8_t theirs[CELLS_MAX] = {0}, ours[CELLS_MAX] = {0}, whole[CELLS_MAX] = {0};
        enum ska_status status;
        ska_linked_free(w.linked);
        make_world(&w);
        w.linked = linked_alone(&w.layout, &w.policy, CONTRIBUTORS);
        decide_by_publisher(theirs, &status, &w);
        enum ska_status our_status = decide(ours, whole, &w);
        ck_assert_msg(status == our_status || our_status == SKA_E_STATE, "round %d: %s, %s", round,
                      ska_status_name(status), ska_status_name(our_status));
        for (uint32_t j = 0; j < w.layout.n_cells; j++) {
            ck_assert_msg(theirs[j] == ours[j], "round %d, cell %u: %u, %u", round, j, theirs[j],
                          ours[j]);
            n_complements += whole[j] == SKA_HIDDEN_COMPLEMENT ? 1u : 0u;
        }
        if (our_status != SKA_OK) {
            n_refused++;
            continue;
        }
        ck_assert_msg(is_accepted(&w, whole), "round %d", round);
        open_complements(&n_demanded, &w, whole);
    }
    ck_assert_uint_gt(n_demanded, 500);
    ck_assert_uint_gt(n_complements, n_demanded); /* some were hidden for protection */
    ck_assert_uint_lt(n_refused, 2500);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("rule twice");
    TCase *t = tcase_create("rule");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, both_hide_the_same_cells_and_the_audit_accepts_them, 0, 4);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
