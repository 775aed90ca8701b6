/* SPDX-License-Identifier: EUPL-1.2 */
/* test_statement.c - what is a statement, where it could wrap around, and which counts satisfy it.
 */
#include "crypto/statement.h"

#include "crypto/proof.h"

#include "tests/unit/crypto/property.h"

#include <string.h>

static enum ska_status check(const uint64_t *bound, uint32_t n_cells, const struct ska_rule *rules,
                             uint32_t n_rules)
{
    const struct ska_statement s = {n_cells, bound, n_rules, rules, false};
    struct ska_error err = {0};
    enum ska_status got = ska_statement_check(&s, &err);
    ck_assert(got == err.status);
    return got;
}

/* One rule over cells with bound 2^64 - 1. */
static enum ska_status check_rule(struct ska_rule rule, const struct ska_term *terms,
                                  uint32_t n_terms)
{
    static const uint64_t bound[] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    rule.terms = terms;
    rule.n_terms = n_terms;
    return check(bound, 3, &rule, 1);
}

START_TEST(cells_and_rules_have_a_form)
{
    static const uint64_t good[] = {1, 5, 65535};
    static const uint64_t zero[] = {1, 0};
    static const struct ska_term in_order[] = {{0, 1}, {2, -1}};
    static const struct ska_term repeated[] = {{1, 1}, {1, 2}};
    static const struct ska_term backwards[] = {{2, 1}, {0, 2}};
    static const struct ska_term outside[] = {{3, 1}};
    static const struct ska_term nothing[] = {{0, 0}};
    static const struct ska_term lowest[] = {{0, INT64_MIN}};
    const struct ska_rule equality = {0};
    const struct ska_rule bad_constant = {.constant = INT64_MIN};
    ck_assert(check(NULL, 0, NULL, 0) == SKA_OK);
    ck_assert(check(good, 3, NULL, 0) == SKA_OK);
    ck_assert(check(zero, 2, NULL, 0) == SKA_E_RANGE);
    ck_assert(check_rule(equality, in_order, 2) == SKA_OK);
    ck_assert(check_rule(equality, repeated, 2) == SKA_E_RANGE);
    ck_assert(check_rule(equality, backwards, 2) == SKA_E_RANGE);
    ck_assert(check_rule(equality, outside, 1) == SKA_E_RANGE);
    ck_assert(check_rule(equality, nothing, 1) == SKA_E_RANGE);
    ck_assert(check_rule(equality, lowest, 1) == SKA_E_RANGE);
    ck_assert(check_rule(equality, in_order, 0) == SKA_E_LIMIT);
    ck_assert(check_rule(equality, in_order, SKA_TERMS_MAX + 1) == SKA_E_LIMIT);
    ck_assert(check_rule(bad_constant, in_order, 2) == SKA_E_RANGE);
}
END_TEST

START_TEST(limits_are_hit_exactly)
{
    static uint64_t bound[SKA_CELLS_MAX + 1];
    static struct ska_rule rules[SKA_RULES_MAX + 1];
    static const struct ska_term term = {0, 1};
    for (size_t i = 0; i <= SKA_CELLS_MAX; i++)
        bound[i] = 1;
    for (size_t i = 0; i <= SKA_RULES_MAX; i++)
        rules[i] = (struct ska_rule){.width = 1, .n_terms = 1, .terms = &term};
    ck_assert(check(bound, SKA_CELLS_MAX, rules, SKA_RULES_MAX) == SKA_OK);
    ck_assert(check(bound, SKA_CELLS_MAX + 1, rules, 0) == SKA_E_LIMIT);
    ck_assert(check(bound, 1, rules, SKA_RULES_MAX + 1) == SKA_E_LIMIT);
    for (size_t i = 0; i < SKA_CELLS_MAX; i++)
        bound[i] = 65535; /* 4096 * 16 bits are exactly the largest N */
    ck_assert(check(bound, SKA_CELLS_MAX, NULL, 0) == SKA_OK);
    ck_assert(check(bound, SKA_CELLS_MAX, rules, 1) == SKA_E_LIMIT);
    const struct ska_statement s = {SKA_CELLS_MAX, bound, 1, rules, false};
    ck_assert_uint_eq(ska_statement_bits(&s), SKA_PROOF_BITS_MAX + 1);
}
END_TEST

START_TEST(a_rule_that_could_wrap_is_refused_at_the_edge)
{
    /* P = (2^63 - 1)(2^64 - 1) = 2^127 - 2^64 - 2^63 + 1 for each term with the largest
     * coefficient; two of them leave 2^65 + 2^64 - 2 below 2^128. */
    static const struct ska_term two[] = {{0, INT64_MAX}, {1, INT64_MAX}};
    static const struct ska_term mixed[] = {{0, INT64_MAX}, {1, -INT64_MAX}};
    static const struct ska_term room[] = {{0, INT64_MAX}, {1, -INT64_MAX}, {2, 1}};
    static const struct ska_term full[] = {{0, INT64_MAX}, {1, -INT64_MAX}, {2, 2}};
    static const struct ska_term over[] = {{0, INT64_MAX}, {1, -INT64_MAX}, {2, 3}};
    static const struct ska_term beyond[] = {{0, INT64_MAX}, {1, INT64_MAX}, {2, INT64_MAX}};
    const struct ska_rule none = {0};
    const struct ska_rule widest = {.width = UINT64_MAX};
    ck_assert(check_rule(none, two, 2) == SKA_OK);
    ck_assert(check_rule(widest, mixed, 2) == SKA_OK);
    ck_assert(check_rule(widest, room, 3) == SKA_OK);
    /* with 2 x: 2^128 - 2^65 - 2^64 + 2 + 2 (2^64 - 1) = 2^128 - 2^64; a width of 2^64 - 1 still
     * fits, one more from the constant does not */
    ck_assert(check_rule(widest, full, 3) == SKA_OK);
    const struct ska_rule one_more = {.constant = 1, .width = UINT64_MAX};
    const struct ska_rule one_less = {.constant = -1, .width = UINT64_MAX};
    const struct ska_rule exactly = {.constant = 1, .width = UINT64_MAX - 1};
    ck_assert(check_rule(one_more, full, 3) == SKA_E_RANGE);
    ck_assert(check_rule(one_less, full, 3) == SKA_E_RANGE);
    ck_assert(check_rule(exactly, full, 3) == SKA_OK);
    /* with 3 x the parts alone reach 2^128 - 1, and any width is too much */
    const struct ska_rule narrow = {.width = 1};
    ck_assert(check_rule(none, over, 3) == SKA_OK);
    ck_assert(check_rule(narrow, over, 3) == SKA_E_RANGE);
    ck_assert(check_rule(none, beyond, 3) == SKA_E_RANGE); /* one part alone is over 2^128 */
    static const struct ska_term both[] = {{0, INT64_MAX}, {1, INT64_MAX}, {2, -INT64_MAX}};
    ck_assert(check_rule(none, both, 3) == SKA_E_RANGE); /* neither part, but both together */
}
END_TEST

START_TEST(a_rule_that_wraps_around_never_holds)
{
    static const uint64_t bound[] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    static const struct ska_term terms[] = {{0, INT64_MAX}, {1, INT64_MAX}, {2, INT64_MAX}};
    const struct ska_rule rule = {.n_terms = 3, .width = UINT64_MAX, .terms = terms};
    const struct ska_statement s = {3, bound, 1, &rule, false};
    size_t where = 99;
    ck_assert(ska_statement_holds(&where, &s, bound) == SKA_E_RULE);
    ck_assert_uint_eq(where, 0);
}
END_TEST

START_TEST(counts_satisfy_a_statement_or_the_first_fault_is_named)
{
    /* women + men - all = 0;  0 <= all - reported <= 100;  0 <= 10 f - women <= 10 */
    static const uint64_t bound[] = {100, 100, 100, 100, 1};
    static const struct ska_term sum[] = {{0, 1}, {1, 1}, {2, -1}};
    static const struct ska_term order[] = {{2, 1}, {3, -1}};
    static const struct ska_term flag[] = {{0, -1}, {4, 10}};
    static const struct ska_rule rules[] = {{0, 0, 3, sum}, {0, 100, 2, order}, {0, 10, 2, flag}};
    const struct ska_statement s = {5, bound, 3, rules, false};
    static const struct {
        uint64_t counts[5];
        enum ska_status want;
        size_t where;
    } cases[] = {
        {{0, 0, 0, 0, 0}, SKA_OK, 99},         {{3, 4, 7, 7, 1}, SKA_OK, 99},
        {{10, 90, 100, 0, 1}, SKA_OK, 99},     {{3, 4, 8, 7, 1}, SKA_E_RULE, 0},
        {{3, 4, 6, 1, 1}, SKA_E_RULE, 0},      {{3, 4, 7, 8, 1}, SKA_E_RULE, 1},
        {{3, 4, 7, 7, 0}, SKA_E_RULE, 2},      {{11, 4, 15, 7, 1}, SKA_E_RULE, 2},
        {{101, 0, 101, 7, 1}, SKA_E_RANGE, 0}, {{0, 0, 0, 101, 0}, SKA_E_RANGE, 3},
        {{0, 0, 0, 0, 2}, SKA_E_RANGE, 4},
    };
    ck_assert(ska_statement_check(&s, NULL) == SKA_OK);
    ck_assert_uint_eq(ska_statement_bits(&s), 4 * 7 + 1 + 7 + 4);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t where = 99;
        ck_assert_msg(ska_statement_holds(&where, &s, cases[i].counts) == cases[i].want, "case %zu",
                      i);
        ck_assert_uint_eq(where, cases[i].where);
    }
}
END_TEST

START_TEST(a_rule_with_a_constant_is_counted_with_its_sign)
{
    static const uint64_t bound[] = {10};
    static const struct ska_term plus[] = {{0, 1}};
    static const struct ska_term minus[] = {{0, -1}};
    const struct ska_rule at_least_3 = {-3, 7, 1, plus};
    const struct ska_rule at_most_4 = {4, 10, 1, minus};
    const struct ska_rule rules[] = {at_least_3, at_most_4};
    const struct ska_statement s = {1, bound, 2, rules, false};
    for (uint64_t x = 0; x <= 10; x++) {
        size_t where = 99;
        enum ska_status got = ska_statement_holds(&where, &s, &x);
        ck_assert(got == (x == 3 || x == 4 ? SKA_OK : SKA_E_RULE));
        ck_assert_uint_eq(where, x < 3 ? 0 : x > 4 ? 1 : 99);
    }
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, cells_and_rules_have_a_form);
    tcase_add_test(tc, limits_are_hit_exactly);
    tcase_add_test(tc, a_rule_that_could_wrap_is_refused_at_the_edge);
    tcase_add_test(tc, a_rule_that_wraps_around_never_holds);
    tcase_add_test(tc, counts_satisfy_a_statement_or_the_first_fault_is_named);
    tcase_add_test(tc, a_rule_with_a_constant_is_counted_with_its_sign);
}

int main(void)
{
    return property_main("statement", fill);
}
