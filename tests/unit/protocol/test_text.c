/* SPDX-License-Identifier: EUPL-1.2 */
/* test_text.c - codes, periods and UTF-8 text. */
#include "protocol/text.h"

#include "tests/test.h"

#include <string.h>

struct text_case {
    const char *name;
    const char *text;
    enum ska_status want;
};

#define CODE_32 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"

static const struct text_case codes[] = {
    {"one letter", "a", SKA_OK},    {"all kinds", "NS01_a-Z", SKA_OK},
    {"longest", CODE_32, SKA_OK},   {"one more", CODE_32 "g", SKA_E_LIMIT},
    {"empty", "", SKA_E_RANGE},     {"space", "a b", SKA_E_FORMAT},
    {"dot", "a.b", SKA_E_FORMAT},   {"letter with dots", "\xC3\xA5", SKA_E_FORMAT},
    {"slash", "a/b", SKA_E_FORMAT}, {"control", "a\n", SKA_E_FORMAT},
};

START_TEST(codes_have_their_alphabet)
{
    const struct text_case *k = &codes[_i];
    enum ska_status got = ska_code_check(k->text, strlen(k->text));
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
}
END_TEST

static const struct text_case periods[] = {
    {"quarter", "2025Q2", SKA_OK},
    {"month", "2025-07", SKA_OK},
    {"longest", "ABCDEFGHIJKLMNO", SKA_OK},
    {"one more", "ABCDEFGHIJKLMNOP", SKA_E_LIMIT},
    {"empty", "", SKA_E_RANGE},
    {"small letter", "2025q2", SKA_E_FORMAT},
    {"underscore", "2025_2", SKA_E_FORMAT},
};

START_TEST(periods_have_their_alphabet)
{
    const struct text_case *k = &periods[_i];
    enum ska_status got = ska_period_check(k->text, strlen(k->text));
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
}
END_TEST

static const struct text_case texts[] = {
    {"empty", "", SKA_OK},
    {"Swedish", "H\xC3\xA4rje", SKA_OK},
    {"euro", "\xE2\x82\xAC", SKA_OK},
    {"largest", "\xF4\x8F\xBF\xBF", SKA_OK},
    {"ten bytes", "0123456789", SKA_OK},
    {"eleven bytes", "0123456789a", SKA_E_LIMIT},
    {"tab", "a\tb", SKA_E_FORMAT},
    {"line end", "a\n", SKA_E_FORMAT},
    {"delete", "\x7F", SKA_E_FORMAT},
    {"C1 control", "\xC2\x85", SKA_E_FORMAT},
    {"last C1 control", "\xC2\x9F", SKA_E_FORMAT},
    {"no-break space", "\xC2\xA0", SKA_OK},
    {"line separator", "\xE2\x80\xA8", SKA_E_FORMAT},
    {"right-to-left override", "\xE2\x80\xAE", SKA_E_FORMAT},
    {"narrow no-break space", "\xE2\x80\xAF", SKA_OK},
    {"isolate", "\xE2\x81\xA6", SKA_E_FORMAT},
    {"byte order mark", "\xEF\xBB\xBF", SKA_E_FORMAT},
    {"overlong slash", "\xC0\xAF", SKA_E_FORMAT},
    {"overlong in three", "\xE0\x80\xAF", SKA_E_FORMAT},
    {"overlong in four", "\xF0\x80\x80\xAF", SKA_E_FORMAT},
    {"surrogate", "\xED\xA0\x80", SKA_E_FORMAT},
    {"over the largest", "\xF4\x90\x80\x80", SKA_E_FORMAT},
    {"lone continuation", "\x80", SKA_E_FORMAT},
    {"cut short", "\xE2\x82", SKA_E_FORMAT},
    {"Latin-1", "H\xE4rje", SKA_E_FORMAT},
    {"five bytes", "\xF8\x88\x80\x80\x80", SKA_E_FORMAT},
};

START_TEST(text_is_visible_utf8)
{
    const struct text_case *k = &texts[_i];
    enum ska_status got = ska_text_check(k->text, strlen(k->text), 10);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
}
END_TEST

START_TEST(a_nul_is_not_text)
{
    ck_assert_status(ska_text_check("a\0b", 3, 10), SKA_E_FORMAT);
    ck_assert_status(ska_code_check("a\0b", 3), SKA_E_FORMAT);
}
END_TEST

START_TEST(a_character_that_goes_on_after_the_end_is_not_text)
{
    ck_assert_status(ska_text_check("\xE2\x82\xAC", 2, 10), SKA_E_FORMAT);
    ck_assert_uint_eq(ska_text_character("\xE2\x82\xAC", 2), 0);
    ck_assert_uint_eq(ska_text_character("\xE2\x82\xAC", 3), 3);
}
END_TEST

START_TEST(strings_are_read_into_zeroed_buffers)
{
    static const uint8_t wire[] = {2, 'a', 'b', 3, '2', '0', '2', 0, 1, 'x', 4, 'a'};
    struct ska_reader r;
    char code[SKA_CODE_MAX + 1];
    char period[SKA_PERIOD_MAX + 1];
    char text[6];
    memset(code, 7, sizeof code);
    memset(period, 7, sizeof period);
    memset(text, 7, sizeof text);
    ska_reader_init(&r, wire, sizeof wire);
    ck_assert_status(ska_read_code(code, &r), SKA_OK);
    ck_assert_status(ska_read_period(period, &r), SKA_OK);
    ck_assert_status(ska_read_text16(text, &r, 5), SKA_OK);
    ck_assert_str_eq(code, "ab");
    ck_assert_str_eq(period, "202");
    ck_assert_str_eq(text, "x");
    ck_assert_int_eq(code[SKA_CODE_MAX], 0);
    ck_assert_int_eq(period[SKA_PERIOD_MAX], 0);
    ck_assert_int_eq(text[5], 0);
    ck_assert_status(ska_read_code(code, &r), SKA_E_TRUNCATED);
    ck_assert_str_eq(code, "ab");
    ck_assert_uint_eq(r.left, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");
    tcase_add_loop_test(tcase, codes_have_their_alphabet, 0, (int)N_OF(codes));
    tcase_add_loop_test(tcase, periods_have_their_alphabet, 0, (int)N_OF(periods));
    tcase_add_loop_test(tcase, text_is_visible_utf8, 0, (int)N_OF(texts));
    tcase_add_test(tcase, a_nul_is_not_text);
    tcase_add_test(tcase, a_character_that_goes_on_after_the_end_is_not_text);
    tcase_add_test(tcase, strings_are_read_into_zeroed_buffers);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
