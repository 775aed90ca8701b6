/* SPDX-License-Identifier: EUPL-1.2 */
/* test_window.c - windows that nobody could use are refused, with what to give instead. */
#include "reports/window.h"

#include "support/language.h"
#include "tests/test.h"

#define DAY_S UINT64_C(86400)
#define JULY_S UINT64_C(1751328000) /* 2025-07-01 */

static const struct {
    const char *period;
    uint64_t end_s;
} ends[] = {
    {"2025Q2", JULY_S},
    {"2025-06", JULY_S},
    {"2025H1", JULY_S},
    {"2025Q4", 1767225600},
    {"2025-12", 1767225600},
    {"2025T3", 1767225600},
    {"2025H2", 1767225600},
    {"2025", 1767225600},
    {"2025T1", 1746057600},
    {"2062Q1", UINT64_C(2911075200)},
    {"1960", 0},
};

START_TEST(a_period_ends_where_the_next_starts)
{
    ck_assert_uint_eq(window_period_end(ends[_i].period), ends[_i].end_s);
}
END_TEST

static void must_say(enum ska_status got, enum ska_status want, const struct ska_error *err,
                     const char *words)
{
    ck_assert_status(got, want);
    ck_assert_msg(strstr(err->text, words) != NULL, "\"%s\" does not say \"%s\"", err->text, words);
}

START_TEST(a_window_that_is_over_is_not_proposed)
{
    const struct window w = {JULY_S, 14 * DAY_S};
    const uint64_t end_s = JULY_S + 14 * DAY_S;
    struct ska_error err = {0};
    ck_assert_status(window_check(w, "2025Q2", false, JULY_S, &err), SKA_OK);
    ck_assert_status(window_check(w, "2025Q2", false, JULY_S - DAY_S, &err), SKA_OK);
    ck_assert_status(window_check(w, "2025Q2", false, end_s - 3600, &err), SKA_OK);
    must_say(window_check(w, "2025Q2", true, end_s - 3599, &err), SKA_E_USAGE, &err,
             "from 2025-07-01 00:00 to 2025-07-15 00:00 (UTC) is over");
    err = (struct ska_error){0};
    must_say(window_check(w, "2025Q2", false, end_s + 300 * DAY_S, &err), SKA_E_USAGE, &err,
             "Give --window-start now");
}
END_TEST

START_TEST(a_window_before_the_periods_end_wants_a_word)
{
    const struct window w = {JULY_S - 3600, 14 * DAY_S};
    struct ska_error err = {0};
    must_say(window_check(w, "2025Q2", false, JULY_S - 3600, &err), SKA_E_USAGE, &err,
             "Give --window-start 2025-07-01 or later, or --early");
    ck_assert_status(window_check(w, "2025Q2", true, JULY_S - 3600, &err), SKA_OK);
    err = (struct ska_error){0};
    must_say(window_check(w, "2062Q1", false, JULY_S, &err), SKA_E_USAGE, &err,
             "not over until 2062-04-01");
}
END_TEST

START_TEST(what_is_signed_is_opened_only_while_it_can_be_used)
{
    struct ska_parameters p = {.window_start_s = JULY_S, .window_duration_s = DAY_S};
    struct ska_error err = {0};
    (void)strcpy(p.period, "2025Q2");
    ck_assert_status(window_check_open(&p, "2025Q2.r1", JULY_S + DAY_S - 3600, &err), SKA_OK);
    must_say(window_check_open(&p, "2025Q2.r1", JULY_S + DAY_S - 3599, &err), SKA_E_STATE, &err,
             "2025Q2.r1: the window until 2025-07-02 00:00 (UTC) is over");
    ck_assert_status(window_check_reopen(&p, "2025Q2.r1", JULY_S + DAY_S - 1, &err), SKA_OK);
    err = (struct ska_error){0};
    must_say(window_check_reopen(&p, "2025Q2.r1", JULY_S + DAY_S, &err), SKA_E_STATE, &err,
             "skarva-publish revise 2025Q2 opens");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("window");
    TCase *t = tcase_create("window");
    (void)language_choose("en");
    tcase_add_loop_test(t, a_period_ends_where_the_next_starts, 0, N_OF(ends));
    tcase_add_test(t, a_window_that_is_over_is_not_proposed);
    tcase_add_test(t, a_window_before_the_periods_end_wants_a_word);
    tcase_add_test(t, what_is_signed_is_opened_only_while_it_can_be_used);
    suite_add_tcase(s, t);
    return test_run(s);
}
