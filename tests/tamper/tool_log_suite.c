/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_log_suite.c - the must-fail suite about public logs: prints for each class how many logs
 * were made and how many each verifier refused, then "ok - ..." or "not ok - ..." for each kind.
 *
 *     tool_log_suite FOLDER FLIPS MUTATIONS JOBS [COMMAND...]
 *
 * FOLDER: an empty one to work in. FLIPS: how many bits are flipped in each file, one at a time;
 * 0: each file is damaged in one way, not in all. MUTATIONS: logs of which entries were changed at
 * random.
 * COMMAND: the second verifier, asked about folders (other_verifier.h); without it the first is
 * asked alone. SKARVA_TEST_SEED repeats a run.
 */
#include "tests/tamper/log_suite.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/wait.h>

#include "audit/words.h"

#include "tests/test.h"

static void work_all(struct log_tally *tally, char **argv)
{
    const size_t flips = strtoul(argv[2], NULL, 10), mutations = strtoul(argv[3], NULL, 10);
    const size_t n = strtoul(argv[4], NULL, 10);
    const uint64_t seed = test_random();
    world_expect(n > 0 && n <= 50, "jobs");
    (void)fflush(stdout);
    for (size_t i = 0; i < n; i++) {
        pid_t pid = fork();
        world_expect(pid >= 0, "a process");
        if (pid == 0) {
            struct other_verifier other = {0};
            if (argv[5] != NULL)
                other_start(&other, argv + 5);
            log_suite_work(tally, argv[1], i, n, flips, mutations, seed, &other);
            other_end(&other);
            (void)fflush(stdout);
            _exit(0);
        }
    }
    for (size_t i = 0; i < n; i++) {
        int status = 0;
        world_expect(wait(&status) > 0 && status == 0, "a worker's end");
    }
}

static void add(struct suite_count *sum, const struct suite_count *one)
{
    atomic_fetch_add(&sum->n, one->n);
    atomic_fetch_add(&sum->asked, one->asked);
    atomic_fetch_add(&sum->n_bad, one->n_bad);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: tool_log_suite FOLDER FLIPS MUTATIONS JOBS [COMMAND...]\n");
        return 2;
    }
    struct log_tally *tally = suite_shared(sizeof *tally);
    struct suite_count cheats = {0}, damage = {0};
    world_expect(words_choose("en") && log_cheats_count() <= 900, "words, and room");
    (void)signal(SIGPIPE, SIG_IGN); /* a verifier that ends is one that gives no answer */
    test_seed("log suite");
    play_log_begin();
    work_all(tally, argv);
    suite_print_head("logs");
    for (size_t i = 0; i < log_cheats_count(); i++) {
        suite_print_count(&tally->cheat[i], "log", log_cheat(i)->name);
        add(&cheats, &tally->cheat[i]);
    }
    for (size_t i = 0; i < n_log_classes; i++) {
        suite_print_count(&tally->class[i], "log's files", log_classes[i].name);
        add(&damage, &tally->class[i]);
    }
    suite_print_count(&tally->mutations, "log", "entries changed at random, all signed anew");
    bool is_ok = suite_print_verdict(
        &cheats, "each class about a public log fails exactly the checks it must");
    is_ok = suite_print_verdict(&damage, "damage to any file of a public log is refused, by the "
                                         "checks it must") &&
            is_ok;
    if (tally->mutations.asked > 0)
        is_ok = suite_print_verdict(&tally->mutations,
                                    "both say the same of entries changed at random") &&
                is_ok;
    return is_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
