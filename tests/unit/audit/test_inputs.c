/* SPDX-License-Identifier: EUPL-1.2 */
/* test_inputs.c - trust files, command lines, languages, files, loops over threads. */
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "audit/input.h"
#include "audit/options.h"
#include "audit/parallel.h"
#include "audit/trust.h"
#include "audit/words.h"

#include "tests/test.h"

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"
#define KEY_C "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA"
#define KEY_D "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDA"
#define KEY_BITS "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCB" /* bits beyond the last byte */

static const struct trust_case {
    const char *text;
    enum ska_status want;
    const char *tells;
} trusts[] = {
    {"publisher " KEY_A "\nleader " KEY_B "\nhelper " KEY_C "\nsecond " KEY_D "\n", SKA_OK, ""},
    {"# roots\r\n\nsecond " KEY_D "\nhelper " KEY_C "\r\npublisher " KEY_A "\r\nleader " KEY_B,
     SKA_OK, ""},
    {"", SKA_E_FORMAT, "publisher"},
    {"publisher " KEY_A "\nleader " KEY_B "\n", SKA_E_FORMAT, "helper"},
    {"publisher " KEY_A "\npublisher " KEY_A "\n", SKA_E_FORMAT, "line 2"},
    {"publisher  " KEY_A "\n", SKA_E_FORMAT, "line 1"},
    {"publisher " KEY_A " \n", SKA_E_FORMAT, "line 1"},
    {" publisher " KEY_A "\n", SKA_E_FORMAT, "line 1"},
    {"publisher\t" KEY_A "\n", SKA_E_FORMAT, "line 1"},
    {"witness " KEY_A "\n", SKA_E_FORMAT, "line 1"},
    {"publisher " KEY_BITS "\n", SKA_E_FORMAT, "line 1"},
    {"publisher " KEY_A "\nleader " KEY_B "\nhelper " KEY_C "\n", SKA_E_FORMAT, "second"},
    {"publisher " KEY_A "\nleader " KEY_B "\nhelper " KEY_B "\nsecond " KEY_D, SKA_E_CONFLICT,
     "helper"},
    {"publisher " KEY_A "\nleader " KEY_B "\nhelper " KEY_C "\nsecond " KEY_A, SKA_E_CONFLICT,
     "second"},
};

START_TEST(trust_files_are_read_or_the_line_is_named)
{
    const struct trust_case *c = &trusts[_i];
    struct trust got = {{{7}}};
    struct ska_error err = {0};
    enum ska_status status =
        trust_parse(&got, (struct ska_slice){(const uint8_t *)c->text, strlen(c->text)}, &err);
    ck_assert_msg(status == c->want, "%s: %s", c->text, ska_status_name(status));
    ck_assert_msg(strstr(err.text, c->tells) != NULL, "%s: %s", c->text, err.text);
    ck_assert_uint_eq(got.key[0][0], status == SKA_OK ? 0 : 7); /* unchanged on failure */
    if (status == SKA_OK)
        ck_assert_uint_eq(got.key[TRUST_HELPER][0], 0x08);
}
END_TEST

static const struct option_case {
    const char *line; /* words with one space between */
    enum ska_status want;
    enum command command;
} lines[] = {
    {"verify b --trust t", SKA_OK, COMMAND_VERIFY},
    {"--trust t verify - --json --jobs 3 --lang en", SKA_OK, COMMAND_VERIFY},
    {"verify b --trust t --jobs 256", SKA_OK, COMMAND_VERIFY},
    {"verify-diff a b --trust t", SKA_OK, COMMAND_VERIFY_DIFF},
    {"verify-diff a --trust t b --ca c --earlier f", SKA_OK, COMMAND_VERIFY_DIFF},
    {"verify-diff a --trust t", SKA_E_USAGE, COMMAND_NONE},
    {"verify-diff a b c --trust t", SKA_E_USAGE, COMMAND_NONE},
    {"verify-diff a b", SKA_E_USAGE, COMMAND_NONE},
    {"check-log l --policy p", SKA_OK, COMMAND_CHECK_LOG},
    {"check-log l --policy p --trust t --bundle b --earlier c", SKA_OK, COMMAND_CHECK_LOG},
    {"check-log l", SKA_E_USAGE, COMMAND_NONE},
    {"check-log --policy p", SKA_E_USAGE, COMMAND_NONE},
    {"check-log l m --policy p", SKA_E_USAGE, COMMAND_NONE},
    {"check-log l --policy p --bundle b", SKA_E_USAGE, COMMAND_NONE},
    {"list-checks", SKA_OK, COMMAND_LIST_CHECKS},
    {"list-checks --json", SKA_OK, COMMAND_LIST_CHECKS},
    {"--help", SKA_OK, COMMAND_HELP},
    {"help", SKA_OK, COMMAND_HELP},
    {"verify --help", SKA_OK, COMMAND_HELP},
    {"", SKA_E_USAGE, COMMAND_NONE},
    {"check b --trust t", SKA_E_USAGE, COMMAND_NONE},
    {"verify --trust t", SKA_E_USAGE, COMMAND_NONE},
    {"verify b", SKA_E_USAGE, COMMAND_NONE},
    {"verify b c --trust t", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --trust u", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --jobs 0", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --jobs 257", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --jobs 1000", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --jobs two", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --lang fi", SKA_E_USAGE, COMMAND_NONE},
    {"verify b --trust t --fast", SKA_E_USAGE, COMMAND_NONE},
    {"list-checks now", SKA_E_USAGE, COMMAND_NONE},
};

START_TEST(command_lines_are_understood_or_refused)
{
    const struct option_case *c = &lines[_i];
    char text[200], *argv[16] = {text};
    int argc = 1;
    snprintf(text, sizeof text, "skarva-audit%s%s", c->line[0] != '\0' ? " " : "", c->line);
    for (char *at = text; (at = strchr(at, ' ')) != NULL;) {
        *at++ = '\0';
        argv[argc++] = at;
    }
    struct options o = {0};
    struct ska_error err = {0};
    enum ska_status status = options_parse(&o, argc, argv, &err);
    ck_assert_msg(status == c->want, "%s: %s", c->line, ska_status_name(status));
    ck_assert_int_eq(o.command, c->command);
    ck_assert((status == SKA_OK) == (err.text[0] == '\0'));
}
END_TEST

START_TEST(the_environment_chooses_the_language)
{
    static const struct {
        const char *all, *messages, *lang, *want;
    } cases[] = {{"sv_SE.UTF-8", "en_GB", "en_GB", "sv"},
                 {"", "sv_SE", "en_GB", "sv"},
                 {"C", "sv_SE", "sv_SE", "en"},
                 {NULL, NULL, "sv", "sv"},
                 {NULL, NULL, NULL, "en"}};
    for (size_t i = 0; i < N_OF(cases); i++) {
        const char *names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
        const char *values[] = {cases[i].all, cases[i].messages, cases[i].lang};
        for (size_t k = 0; k < 3; k++)
            ck_assert_int_eq(
                values[k] != NULL ? setenv(names[k], values[k], 1) : unsetenv(names[k]), 0);
        ck_assert(words_choose(NULL));
        ck_assert_str_eq(words("sv", "en"), cases[i].want);
    }
    ck_assert(words_choose("sv"));
    ck_assert(!words_choose("no"));
    ck_assert_str_eq(words("sv", "en"), "sv");
}
END_TEST

START_TEST(files_are_read_whole_up_to_the_limit)
{
    char path[] = "/tmp/skarva-audit-test-XXXXXX";
    int fd = test_mkstemp(path);
    ck_assert_int_ge(fd, 0);
    static const char block[1000] = "x";
    for (size_t i = 0; i < 3000; i++) /* more than one growth */
        ck_assert_int_eq(write(fd, block, sizeof block), sizeof block);
    close(fd);
    uint8_t *data = NULL;
    size_t len = 0;
    struct ska_error err = {0};
    ck_assert_status(input_read(&data, &len, path, 3000000, &err), SKA_OK);
    ck_assert_uint_eq(len, 3000000);
    ck_assert_uint_eq(data[2999000], 'x');
    free(data);
    data = NULL;
    ck_assert_status(input_read(&data, &len, path, 2999999, &err), SKA_E_LIMIT);
    ck_assert_ptr_null(data);
    ck_assert_int_eq(unlink(path), 0);
    ska_error_clear(&err);
    ck_assert_status(input_read(&data, &len, path, 10, &err), SKA_E_FILE);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    ck_assert_status(input_read(&data, &len, "/", 10, NULL), SKA_E_FILE);
    ck_assert_status(input_read(&data, &len, "/dev/null", 10, NULL), SKA_OK);
    ck_assert_uint_eq(len, 0);
    ck_assert_ptr_nonnull(data);
    free(data);
}
END_TEST

static void count(void *arg, size_t i)
{
    atomic_uint *counts = arg;
    atomic_fetch_add(&counts[i], 1);
}

START_TEST(a_loop_does_every_step_once)
{
    static const unsigned jobs[] = {1, 2, 7, PARALLEL_JOBS_MAX};
    static const size_t sizes[] = {0, 1, 2, 500};
    for (size_t j = 0; j < N_OF(jobs); j++)
        for (size_t s = 0; s < N_OF(sizes); s++) {
            atomic_uint counts[501] = {0};
            parallel_run(jobs[j], sizes[s], count, counts, "test");
            for (size_t i = 0; i <= 500; i++)
                ck_assert_uint_eq(atomic_load(&counts[i]), i < sizes[s] ? 1 : 0);
        }
    ck_assert_uint_ge(parallel_cores(), 1);
}
END_TEST

static void speak_english(void)
{
    ck_assert(words_choose("en"));
    ck_assert_int_eq(setenv("LC_ALL", "C", 1), 0);
}

static Suite *suite(void)
{
    Suite *s = suite_create("audit inputs");
    TCase *t = tcase_create("inputs");
    tcase_add_checked_fixture(t, speak_english, NULL);
    tcase_add_loop_test(t, trust_files_are_read_or_the_line_is_named, 0, N_OF(trusts));
    tcase_add_loop_test(t, command_lines_are_understood_or_refused, 0, N_OF(lines));
    tcase_add_test(t, the_environment_chooses_the_language);
    tcase_add_test(t, files_are_read_whole_up_to_the_limit);
    tcase_add_test(t, a_loop_does_every_step_once);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
