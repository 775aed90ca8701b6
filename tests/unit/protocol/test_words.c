/* SPDX-License-Identifier: EUPL-1.2 */
/* test_words.c - UTF-8 recognised, words folded for comparison. */
#include "protocol/words.h"

#include "tests/test.h"

struct utf8_case {
    const char *name, *bytes;
    size_t want; /* length of the character, 0: none */
    uint32_t character;
};

/* clang-format off */
static const struct utf8_case utf8_cases[] = {
    {"ASCII", "A", 1, 'A'},
    {"two bytes, the first", "\xC2\x80", 2, 0x80},
    {"two bytes, the last", "\xDF\xBF", 2, 0x7FF},
    {"three bytes, the first", "\xE0\xA0\x80", 3, 0x800},
    {"three bytes, before the surrogates", "\xED\x9F\xBF", 3, 0xD7FF},
    {"three bytes, behind the surrogates", "\xEE\x80\x80", 3, 0xE000},
    {"three bytes, the last", "\xEF\xBF\xBF", 3, 0xFFFF},
    {"four bytes, the first", "\xF0\x90\x80\x80", 4, 0x10000},
    {"four bytes, the last", "\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
    {"nothing", "", 0, 0},
    {"continuation alone", "\x80", 0, 0},
    {"overlong of two", "\xC1\xBF", 0, 0},
    {"overlong of three", "\xE0\x9F\xBF", 0, 0},
    {"overlong of four", "\xF0\x8F\xBF\xBF", 0, 0},
    {"surrogate", "\xED\xA0\x80", 0, 0},
    {"last surrogate", "\xED\xBF\xBF", 0, 0},
    {"over U+10FFFF", "\xF4\x90\x80\x80", 0, 0},
    {"five bytes", "\xF8\x88\x80\x80\x80", 0, 0},
    {"cut off", "\xE2\x82", 0, 0},
    {"broken off", "\xC3" "A", 0, 0},
};

static const struct {
    const char *text, *want;
} fold_cases[] = {
    {"", ""},
    {"Kön", "kön"},
    {"ÅÄÖÉÜØÞ", "åäöéüøþ"},
    {"×ß÷ÿ", "×ß÷ÿ"},
    {"ČŁŠŽŸĐ", "čłšžÿđ"},
    {"İı", "İı"},
    {"ΑΩΣ", "αωσ"},
    {"ЖЯЁ", "жяё"},
    {"  ett \t två\xC2\xA0\xC2\xA0tre ", "ett två tre"},
    {"A\xCC\x8A" "A\xCC\x88O\xCC\x88", "åäö"},
    {"x\xCC\x8A", "x\xCC\x8A"},
    {"\xFF" "A\xFF", "\xFF" "a\xFF"},
    {" \xFF A", "\xFF a"},
    {"\xE2\x80\x93", "\xE2\x80\x93"},
    {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
};
/* clang-format on */

START_TEST(utf8_is_told_from_what_is_not)
{
    const struct utf8_case *k = &utf8_cases[_i];
    uint32_t character = 0;
    size_t got = ska_utf8_next(&character, k->bytes, strlen(k->bytes));
    ck_assert_msg(got == k->want, "%s: got %zu", k->name, got);
    ck_assert_msg(character == k->character, "%s: got U+%04X", k->name, character);
    ck_assert_msg(ska_utf8_is_valid(k->bytes, strlen(k->bytes)) ==
                      (k->want > 0 || k->bytes[0] == '\0'),
                  "%s", k->name);
}
END_TEST

START_TEST(words_fold_in_place_too_and_stay_folded)
{
    const char *text = fold_cases[_i].text;
    char got[64];
    size_t len = ska_fold(got, text, strlen(text));
    ck_assert_str_eq(got, fold_cases[_i].want);
    ck_assert_uint_eq(len, strlen(got));
    char again[64];
    memcpy(again, text, strlen(text) + 1);
    ska_fold(again, again, strlen(again));
    ck_assert_str_eq(again, got);
    ska_fold(again, again, strlen(again));
    ck_assert_str_eq(again, got);
}
END_TEST

START_TEST(width_counts_letters_not_bytes_nor_combining_marks)
{
    ck_assert_uint_eq(ska_utf8_width(""), 0);
    ck_assert_uint_eq(ska_utf8_width("åäö"), 3);
    ck_assert_uint_eq(ska_utf8_width("a\xCC\x8A"), 1);
    ck_assert_uint_eq(ska_utf8_width("18–24 år"), 8);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tc = tcase_create("words");
    tcase_add_loop_test(tc, utf8_is_told_from_what_is_not, 0, (int)N_OF(utf8_cases));
    tcase_add_loop_test(tc, words_fold_in_place_too_and_stay_folded, 0, (int)N_OF(fold_cases));
    tcase_add_test(tc, width_counts_letters_not_bytes_nor_combining_marks);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
