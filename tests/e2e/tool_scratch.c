/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_scratch.c - a Check program that fails and crashes on purpose, for test_scratch.sh. Its one
 * argument is a file into which it writes the names of the scratch it made.
 */
#include "tests/test.h"

#include <signal.h>

static const char *names;

static void note(const char *path)
{
    FILE *out = fopen(names, "a");
    ck_assert_ptr_nonnull(out);
    fprintf(out, "%s\n", path);
    ck_assert_int_eq(fclose(out), 0);
}

START_TEST(fails_with_a_folder)
{
    char folder[] = "/tmp/skarva-scratch-XXXXXX";
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    note(folder);
    char path[80];
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
    ck_abort_msg("on purpose");
}
END_TEST

START_TEST(is_killed_with_a_file)
{
    char path[] = "/tmp/skarva-scratch-XXXXXX";
    ck_assert_int_ge(test_mkstemp(path), 0);
    note(path);
    raise(SIGKILL);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    names = argv[1];
    Suite *suite = suite_create("scratch");
    TCase *tcase = tcase_create("scratch");
    tcase_add_test(tcase, fails_with_a_folder);
    tcase_add_test(tcase, is_killed_with_a_file);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
