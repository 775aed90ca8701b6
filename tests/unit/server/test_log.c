/* SPDX-License-Identifier: EUPL-1.2 */
/* test_log.c - log lines: levels, escaping, cutting, and mistakes of others that must not fill a
 * disk. */
#include "server/log.h"

#include "tests/test.h"

#include <string.h>
#include <unistd.h>

/* Standard error goes into a pipe while a test writes. */
static int saved = -1;
static int read_end = -1;

static void catch_lines(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    saved = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
    ck_assert_int_eq(close(ends[1]), 0);
    read_end = ends[0];
}

static char *caught(void)
{
    static char text[65536];
    size_t len = 0;
    ck_assert_int_ge(dup2(saved, STDERR_FILENO), 0);
    ck_assert_int_eq(close(saved), 0);
    for (;;) {
        ssize_t n = read(read_end, text + len, sizeof text - 1 - len);
        ck_assert_int_ge(n, 0);
        if (n == 0)
            break;
        len += (size_t)n;
    }
    text[len] = '\0';
    ck_assert_int_eq(close(read_end), 0);
    return text;
}

START_TEST(line_is_level_event_and_keys)
{
    catch_lines();
    log_info("started", "port=%d name=%s", 17, "x");
    log_error("failed", "%s", "");
    ck_assert_str_eq(caught(), "info started port=17 name=x\nerror failed\n");
}
END_TEST

START_TEST(level_decides_what_is_written)
{
    catch_lines();
    ck_assert(log_open("warn"));
    ck_assert(!log_open("loud"));
    log_debug("d", "a=1");
    log_info("i", "a=1");
    log_peer("p", "a=1");
    log_warn("w", "a=1");
    log_error("e", "a=1");
    ck_assert(log_open("debug"));
    log_debug("d", "a=2");
    ck_assert_str_eq(caught(), "warn w a=1\nerror e a=1\ndebug d a=2\n");
}
END_TEST

START_TEST(line_ends_cannot_be_forged)
{
    catch_lines();
    log_info("e", "a=%s", "x\nerror forged b=1\x1b[31m\xc3\xa5");
    ck_assert_str_eq(caught(), "info e a=x\\x0aerror forged b=1\\x1b[31m\\xc3\\xa5\n");
}
END_TEST

START_TEST(long_line_is_cut)
{
    static char text[5000];
    memset(text, '\x01', sizeof text - 1);
    catch_lines();
    log_info("e", "a=%s", text);
    const char *got = caught();
    ck_assert_uint_le(strlen(got), LOG_LINE_MAX);
    ck_assert_uint_gt(strlen(got), LOG_LINE_MAX - 10);
    ck_assert_int_eq(got[strlen(got) - 1], '\n');
}
END_TEST

START_TEST(text_from_outside_is_one_quoted_value)
{
    char out[LOG_TEXT_BYTES];
    ck_assert_str_eq(log_text(out, "a b=\"c\"\0\xff", 9), "\"a\\x20b\\x3d\\x22c\\x22\\x00\\xff\"");
    uint8_t bytes[300];
    memset(bytes, 0, sizeof bytes);
    ck_assert_uint_eq(strlen(log_text(out, bytes, sizeof bytes)), LOG_TEXT_BYTES - 2);
    ck_assert_str_eq(log_text(out, NULL, 0), "\"\"");
}
END_TEST

START_TEST(mistakes_of_others_are_limited_by_event)
{
    catch_lines();
    for (int i = 0; i < 500; i++)
        log_peer("bad_request", "n=%d", i);
    log_peer("other", "n=1");
    const char *got = caught();
    size_t n_lines = 0;
    for (const char *at = got; *at != '\0'; at++)
        n_lines += *at == '\n';
    ck_assert_uint_eq(n_lines, 11);
    ck_assert_ptr_nonnull(strstr(got, "bad_request n=9\n"));
    ck_assert_ptr_nonnull(strstr(got, "info other n=1\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *tests = tcase_create("log");
    tcase_add_test(tests, line_is_level_event_and_keys);
    tcase_add_test(tests, level_decides_what_is_written);
    tcase_add_test(tests, line_ends_cannot_be_forged);
    tcase_add_test(tests, long_line_is_cut);
    tcase_add_test(tests, text_from_outside_is_one_quoted_value);
    tcase_add_test(tests, mistakes_of_others_are_limited_by_event);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
