/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test.h - what every Check program of ours shares: running the suite, naming statuses in failures,
 * and a repeatable seed for property tests.
 */
#ifndef SKA_TESTS_TEST_H
#define SKA_TESTS_TEST_H

#include "crypto/status.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/wait.h>

#include <check.h>

/* Fails the test unless `got_` is `want_`; names both. */
#define ck_assert_status(got_, want_)                                           \
    do {                                                                        \
        enum ska_status test_got_ = (got_);                                     \
        enum ska_status test_want_ = (want_);                                   \
        ck_assert_msg(test_got_ == test_want_, "%s: got %s, want %s", #got_,    \
                      ska_status_name(test_got_), ska_status_name(test_want_)); \
    } while (0)

/* The elements of an array. */
#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Randomness for property tests: splitmix64 from a seed that is printed, and taken from
 * SKARVA_TEST_SEED if that is set, so that a failing run can be repeated.
 */
static uint64_t test_seed_state;

static inline void test_seed(const char *test)
{
    const char *wanted = getenv("SKARVA_TEST_SEED");
    test_seed_state = wanted != NULL ? strtoull(wanted, NULL, 10) /* a test, not parse.c */
                                     : (uint64_t)time(NULL) * 2654435761u;
    printf("%s: SKARVA_TEST_SEED=%" PRIu64 "\n", test, test_seed_state);
    fflush(stdout);
}

static inline uint64_t test_random(void)
{
    uint64_t z = test_seed_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* A source for ska_random_replace_for_test. */
static inline void test_random_bytes(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)test_random();
}

/* Whether a test may end its process on purpose: not when all tests run in one (CK_FORK=no, as
 * debuggers like it). Says so in a line when it may not. */
static inline bool test_may_abort(const char *test)
{
    const char *fork_mode = getenv("CK_FORK");
    bool may = fork_mode == NULL || strcmp(fork_mode, "no") != 0;
    if (!may)
        printf("SKIP %s: ends its process, and CK_FORK=no keeps all tests in one\n", test);
    fflush(stdout);
    return may;
}

/*
 * Scratch files and folders: mkdtemp and mkstemp that are written down, so that test_run removes
 * what is left when all tests have run, also what a failed or killed test could not. KEEP=1 keeps
 * it and prints its names.
 */
static int test_scratch_list = -1;

static inline void test_scratch_note(const char *path)
{
    if (test_scratch_list >= 0)
        dprintf(test_scratch_list, "%s\n", path); /* a name that is lost is only not tidied */
}

static inline char *test_mkdtemp(char *path)
{
    char *made = mkdtemp(path);
    if (made != NULL)
        test_scratch_note(path);
    return made;
}

static inline int test_mkstemp(char *path)
{
    int fd = mkstemp(path);
    if (fd >= 0)
        test_scratch_note(path);
    return fd;
}

static inline void test_scratch_remove(const char *path)
{
    const char *keep = getenv("KEEP");
    if (access(path, F_OK) != 0)
        return;
    if (keep != NULL && strcmp(keep, "1") == 0) {
        printf("kept: %s\n", path);
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        (void)waitpid(pid, NULL, 0); /* what stays is only not tidied */
}

static inline void test_scratch_clean(void)
{
    char path[200];
    FILE *list = fdopen(test_scratch_list, "r");
    if (list == NULL)
        return;
    rewind(list);
    while (fgets(path, sizeof path, list) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        test_scratch_remove(path);
    }
    (void)fclose(list);
    test_scratch_list = -1;
}

/* The list has no name, so that it never stays behind itself; tests inherit the descriptor. */
static inline void test_scratch_begin(void)
{
    char path[] = "/tmp/skarva-list-XXXXXX";
    test_scratch_list = mkstemp(path);
    if (test_scratch_list >= 0)
        (void)unlink(path);
}

/* Run the suite and give the program's exit status. */
static inline int test_run(Suite *suite)
{
    test_scratch_begin();
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    test_scratch_clean();
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A tool whose one test is its work, since the steps are assertions of Check: nothing is forked,
 * and only what fails is told. */
static inline int test_run_tool(const char *name, const TTest *work)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 0);
    tcase_add_test(tcase, work);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
