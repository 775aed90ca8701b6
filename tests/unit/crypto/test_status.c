/* SPDX-License-Identifier: EUPL-1.2 */
/* test_status.c - names, texts, classes, and who fills an error. */
#include "crypto/status.h"

#include "tests/test.h"

#include <string.h>

START_TEST(every_status_has_its_own_name_a_text_and_a_class)
{
    for (int i = 0; i < SKA_N_STATUSES; i++) {
        const enum ska_status s = (enum ska_status)i;
        ck_assert_msg(strncmp(ska_status_name(s), "SKA_", 4) == 0, "status %d", i);
        ck_assert_msg(ska_status_text(s)[0] != '\0', "status %d", i);
        ck_assert_msg((ska_status_class(s) == SKA_CLASS_OK) == (s == SKA_OK), "status %d", i);
        for (int j = 0; j < i; j++) {
            ck_assert_str_ne(ska_status_name(s), ska_status_name((enum ska_status)j));
            ck_assert_str_ne(ska_status_text(s), ska_status_text((enum ska_status)j));
        }
    }
    ck_assert_str_eq(ska_status_name(SKA_E_RANGE), "SKA_E_RANGE");
    ck_assert_int_eq(ska_status_class(SKA_E_RANGE), SKA_CLASS_INPUT);
    ck_assert_int_eq(ska_status_class(SKA_E_PROOF), SKA_CLASS_REJECTED);
    ck_assert_int_eq(ska_status_class(SKA_E_MEMORY), SKA_CLASS_RESOURCE);
    ck_assert_int_eq(ska_status_class(SKA_E_STORE), SKA_CLASS_IO);
    ck_assert_int_eq(ska_status_class(SKA_E_CRYPTO), SKA_CLASS_BUG);
}
END_TEST

START_TEST(a_value_outside_the_list_is_an_unknown_bug)
{
    static const int outside[] = {SKA_N_STATUSES, 10000, -1};
    const enum ska_status s = (enum ska_status)outside[_i];
    ck_assert_str_eq(ska_status_name(s), "unknown status");
    ck_assert_str_eq(ska_status_text(s), "unknown status");
    ck_assert_int_eq(ska_status_class(s), SKA_CLASS_BUG);
}
END_TEST

START_TEST(the_first_failure_is_told_and_kept)
{
    struct ska_error err = {0};
    ck_assert_status(ska_fail(&err, SKA_E_RANGE, "row %d", 7), SKA_E_RANGE);
    ck_assert_status(ska_fail(&err, SKA_E_FORMAT, "row %d", 8), SKA_E_FORMAT);
    ck_assert_int_eq(err.status, SKA_E_RANGE);
    ck_assert_str_eq(err.text, "row 7");
    ska_error_clear(&err);
    ck_assert_int_eq(err.status, SKA_OK);
    ck_assert_status(ska_fail(&err, SKA_E_FORMAT, "row %d", 8), SKA_E_FORMAT);
    ck_assert_str_eq(err.text, "row 8");
    ck_assert_status(ska_fail(NULL, SKA_E_FORMAT, "nobody listens"), SKA_E_FORMAT);
    ska_error_clear(NULL);
}
END_TEST

/* A text of `lead` ASCII letters and then characters of two, three or four bytes, far too long. */
START_TEST(a_long_text_is_cut_at_the_end_of_a_character)
{
    static const char *const characters[] = {"å", "…", "𝄞"};
    const char *character = characters[_i];
    const size_t width = strlen(character);
    for (size_t lead = 0; lead < 5; lead++) {
        char text[1200] = "";
        memset(text, 'a', lead);
        for (size_t at = lead; at + width < 1100; at += width)
            memcpy(text + at, character, width + 1);
        struct ska_error err = {0};
        ck_assert_status(ska_fail(&err, SKA_E_RANGE, "%s", text), SKA_E_RANGE);
        size_t len = strlen(err.text);
        ck_assert_uint_lt(len, sizeof err.text);
        ck_assert_uint_ge(len + width, sizeof err.text - 1);
        ck_assert_uint_eq((len - lead) % width, 0);
        ck_assert_mem_eq(err.text, text, len);
    }
}
END_TEST

/* Bytes from outside may be anything, also nothing but the ends of characters. */
START_TEST(a_long_text_without_a_beginning_of_a_character_is_cut_too)
{
    char text[1200];
    memset(text, 0x80, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct ska_error err = {0};
    ck_assert_status(ska_fail(&err, SKA_E_RANGE, "%s", text), SKA_E_RANGE);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
}
END_TEST

START_TEST(a_text_that_cannot_be_written_is_empty)
{
    static const wchar_t outside[] = {0x7FFFFFFF, 0}; /* a character of no language */
    struct ska_error err = {0};
    ck_assert_status(ska_fail(&err, SKA_E_RANGE, "row %ls", outside), SKA_E_RANGE);
    ck_assert_int_eq(err.status, SKA_E_RANGE);
    ck_assert_str_eq(err.text, "");
}
END_TEST

static enum ska_status try_twice(enum ska_status first, int *reached)
{
    SKA_TRY(first);
    *reached = 1;
    return SKA_OK;
}

START_TEST(try_returns_the_failure_at_once)
{
    int reached = 0;
    ck_assert_status(try_twice(SKA_E_LIMIT, &reached), SKA_E_LIMIT);
    ck_assert_int_eq(reached, 0);
    ck_assert_status(try_twice(SKA_OK, &reached), SKA_OK);
    ck_assert_int_eq(reached, 1);
    ska_ignore(SKA_E_LIMIT, "ignoring has no effect");
}
END_TEST

static const char *in_swedish(const char *english)
{
    return strcmp(english, "row %d") == 0 ? "rad %d" : NULL;
}

START_TEST(texts_are_told_in_the_chosen_language_or_as_they_are)
{
    struct ska_error err = {0};
    ska_translate_with(in_swedish);
    ck_assert_status(ska_fail(&err, SKA_E_RANGE, "row %d", 7), SKA_E_RANGE);
    ck_assert_str_eq(err.text, "rad 7");
    ck_assert_str_eq(ska_text("column"), "column");
    ska_translate_with(NULL);
    err = (struct ska_error){0};
    ck_assert_status(ska_fail(&err, SKA_E_RANGE, "row %d", 7), SKA_E_RANGE);
    ck_assert_str_eq(err.text, "row 7");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status");
    TCase *t = tcase_create("status");
    tcase_add_test(t, every_status_has_its_own_name_a_text_and_a_class);
    tcase_add_loop_test(t, a_value_outside_the_list_is_an_unknown_bug, 0, 3);
    tcase_add_test(t, the_first_failure_is_told_and_kept);
    tcase_add_loop_test(t, a_long_text_is_cut_at_the_end_of_a_character, 0, 3);
    tcase_add_test(t, a_long_text_without_a_beginning_of_a_character_is_cut_too);
    tcase_add_test(t, a_text_that_cannot_be_written_is_empty);
    tcase_add_test(t, try_returns_the_failure_at_once);
    tcase_add_test(t, texts_are_told_in_the_chosen_language_or_as_they_are);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
