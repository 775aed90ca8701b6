/* SPDX-License-Identifier: EUPL-1.2 */
/* test_swedish.c - the table of Swedish sentences: whole, once each, conversions as in English. */
#include "protocol/swedish.h"

#include "tests/test.h"

#include <errno.h>

#include "protocol/catalogue.h"
#include "protocol/roster.h"

/* The conversions of a format, one after the other, "%zu %s ". */
static void conversions(char *out, size_t size, const char *format)
{
    size_t n = 0;
    out[0] = '\0';
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at, '%')) {
        if (at[1] == '%') {
            at += 2;
            continue;
        }
        size_t len = 1 + strcspn(at + 1, "diuoxXcspfgeEG%") + 1;
        ck_assert_uint_lt(n + len + 1, size);
        memcpy(out + n, at, len);
        out[n + len] = ' ';
        n += len + 1;
        out[n] = '\0';
        at += len;
    }
}

START_TEST(swedish_takes_the_same_arguments)
{
    const char *english = NULL;
    const char *swedish = NULL;
    size_t n = 0;
    for (; ska_swedish_pair(&english, &swedish, n); n++) {
        char want[200];
        char got[200];
        conversions(want, sizeof want, english);
        conversions(got, sizeof got, swedish);
        ck_assert_msg(strcmp(want, got) == 0, "\"%s\": %s, \"%s\": %s", english, want, swedish,
                      got);
        ck_assert_str_ne(english, swedish);
    }
    ck_assert_uint_gt(n, 150);
}
END_TEST

START_TEST(an_english_text_stands_once)
{
    const char *first = NULL;
    const char *other = NULL;
    const char *swedish = NULL;
    for (size_t i = 0; ska_swedish_pair(&first, &swedish, i); i++)
        for (size_t k = i + 1; ska_swedish_pair(&other, &swedish, k); k++)
            ck_assert_msg(strcmp(first, other) != 0, "\"%s\" stands twice", first);
}
END_TEST

START_TEST(every_status_has_a_swedish_text)
{
    for (int i = 0; i < SKA_N_STATUSES; i++) {
        const char *english = ska_status_text((enum ska_status)i);
        ck_assert_msg(ska_in_swedish(english) != NULL, "%s", english);
    }
}
END_TEST

/* What a server says has its numbers in it already. */
START_TEST(a_sentence_with_numbers_is_translated)
{
    const char *said = ska_in_swedish(
        "fewer than 3 of the contributors counted before are missing now: the difference from "
        "what is published would be theirs");
    ck_assert_str_eq(said, "färre än 3 av de uppgiftslämnare som räknades förut fattas nu: "
                           "skillnaden mot det publicerade vore deras");
    ck_assert_str_eq(ska_in_swedish("rule 12: its constant is -2^63"),
                     "regel 12: dess konstant är -2^63");
    ck_assert_str_eq(ska_in_swedish("rule 1: term 23 names cell 4 of 567"),
                     "regel 1: term 23 avser cell 4 av 567");
    static const char *const others[] = {"",
                                         "%",
                                         "rule : its constant is -2^63",
                                         "rule 12: its constant is -2^63.",
                                         "rule 12: its constant",
                                         "a_name: missing"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        ck_assert_msg(ska_in_swedish(others[i]) == NULL, "%s", others[i]);
    char longest[2000] = "rule ";
    memset(longest + 5, '1', 1900);
    memcpy(longest + 1905, ": its constant is -2^63", 24);
    ck_assert_uint_lt(strlen(ska_in_swedish(longest)), sizeof((struct ska_error){0}.text));
}
END_TEST

START_TEST(errors_speak_the_chosen_language)
{
    struct ska_error err = {0};
    struct ska_catalogue *catalogue = NULL;
    ska_speak_swedish(true);
    ck_assert_str_eq(ska_status_text(SKA_E_TOO_LATE), "för sent");
    ck_assert_str_eq(ska_text(strerror(ENOENT)), "filen eller mappen finns inte");
    ck_assert_str_eq(ska_text("a text of another program"), "a text of another program");
    ck_assert(ska_catalogue_parse(&catalogue, "[]", 2, &err) != SKA_OK);
    ck_assert_str_eq(err.text, "rad 1, katalogen: ska vara ett objekt { }");
    ska_speak_swedish(false);
    ska_error_clear(&err);
    ck_assert(ska_catalogue_parse(&catalogue, "[]", 2, &err) != SKA_OK);
    ck_assert_str_eq(err.text, "line 1, catalogue: must be an object { }");
    ck_assert_str_eq(ska_status_text(SKA_E_TOO_LATE), "too late");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("swedish");
    TCase *tcase = tcase_create("swedish");
    tcase_add_test(tcase, swedish_takes_the_same_arguments);
    tcase_add_test(tcase, an_english_text_stands_once);
    tcase_add_test(tcase, every_status_has_a_swedish_text);
    tcase_add_test(tcase, a_sentence_with_numbers_is_translated);
    tcase_add_test(tcase, errors_speak_the_chosen_language);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
