/* SPDX-License-Identifier: EUPL-1.2 */
/* test_check.c - the table of checks is sound, and outcomes come about as they should. */
#include "audit/check.h"

#include <string.h>

#include "audit/words.h"

#include "tests/test.h"

START_TEST(every_check_is_whole_and_needs_only_earlier_ones)
{
    for (size_t i = 0; i < N_CHECKS; i++) {
        const struct check *c = &check_table[i];
        ck_assert_ptr_nonnull(c->id);
        ck_assert_ptr_nonnull(c->sentence_sv);
        ck_assert_ptr_nonnull(c->sentence_en);
        ck_assert_ptr_nonnull(c->inputs_sv);
        ck_assert_ptr_nonnull(c->inputs_en);
        ck_assert(c->run != NULL);
        ck_assert_uint_eq(c->needs >> i, 0);
        ck_assert(i == 0 || c->needs != 0); /* all hangs on the bundle's form */
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(c->id, check_table[j].id);
    }
}
END_TEST

START_TEST(nothing_is_checked_without_a_bundle)
{
    struct trust trust = {{{0}}};
    struct evidence e = {.trust = &trust, .jobs = 1};
    struct finding findings[N_CHECKS];
    check_all(findings, &e, NULL);
    ck_assert_int_eq(findings[CHECK_BUNDLE_FORM].outcome, OUTCOME_FAIL);
    for (size_t i = 1; i < N_CHECKS; i++) {
        ck_assert_int_eq(findings[i].outcome, OUTCOME_NOT_CHECKED);
        ck_assert_ptr_nonnull(strstr(findings[i].detail, "depends on: "));
    }
    ck_assert(!check_is_verdict_pass(findings));
    evidence_clear(&e);
}
END_TEST

START_TEST(one_skipped_check_is_enough_to_fail)
{
    struct finding findings[N_CHECKS] = {{0}};
    for (size_t i = 0; i < N_CHECKS; i++)
        findings[i].outcome = OUTCOME_PASS;
    ck_assert(check_is_verdict_pass(findings));
    findings[_i].outcome = OUTCOME_NOT_CHECKED;
    ck_assert(!check_is_verdict_pass(findings));
    findings[_i].outcome = OUTCOME_FAIL;
    ck_assert(!check_is_verdict_pass(findings));
}
END_TEST

START_TEST(the_detail_names_a_few_and_stays_within_its_bytes)
{
    struct finding f = {0};
    for (int i = 0; i < 1000; i++)
        finding_bad(&f, "%s %d", "åäö", i);
    ck_assert_uint_eq(f.n_bad, 1000);
    ck_assert_str_eq(f.detail, "åäö 0; åäö 1; åäö 2; åäö 3");
    for (size_t shift = 0; shift < 2; shift++) { /* a two-byte character across the end */
        char text[2000];
        struct finding g = {0};
        memset(text, 'x', sizeof text);
        for (size_t i = shift; i + 2 < sizeof text; i += 2)
            memcpy(text + i, "å", 2);
        text[sizeof text - 1] = '\0';
        finding_bad(&g, "%s", text);
        ck_assert_uint_lt(strlen(g.detail), sizeof g.detail);
        ck_assert_int_ne((unsigned char)g.detail[strlen(g.detail) - 1], 0xC3);
    }
}
END_TEST

START_TEST(a_machine_that_gives_up_is_not_a_failure_of_the_bundle)
{
    struct finding f = {0};
    ck_assert(!finding_is_undecided(&f, SKA_OK));
    ck_assert(!finding_is_undecided(&f, SKA_E_PROOF));
    ck_assert(!finding_is_undecided(&f, SKA_E_FORMAT));
    ck_assert(!f.is_undecided);
    ck_assert(finding_is_undecided(&f, SKA_E_MEMORY));
    ck_assert(f.is_undecided);
}
END_TEST

static void speak_english(void)
{
    ck_assert(words_choose("en"));
}

static Suite *suite(void)
{
    Suite *s = suite_create("audit check");
    TCase *t = tcase_create("check");
    tcase_add_checked_fixture(t, speak_english, NULL);
    tcase_add_test(t, every_check_is_whole_and_needs_only_earlier_ones);
    tcase_add_test(t, nothing_is_checked_without_a_bundle);
    tcase_add_loop_test(t, one_skipped_check_is_enough_to_fail, 0, N_CHECKS);
    tcase_add_test(t, the_detail_names_a_few_and_stays_within_its_bytes);
    tcase_add_test(t, a_machine_that_gives_up_is_not_a_failure_of_the_bundle);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
