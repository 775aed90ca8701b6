/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_suite.c - the must-fail suite: every class of cheats where it is made for, in the other
 * kinds of release, and in random pairs; and random mutations. Prints for each class how many
 * bundles were made and how many each verifier refused, then a line "ok - ..." or "not ok - ..."
 * for each kind.
 *
 *     tool_suite ELSEWHERE PAIRS MUTATIONS EVERY JOBS [COMMAND...]
 *
 * ELSEWHERE: how many tries in other kinds of release, drawn from all; 0: all; "-": no classes at
 * all, mutations alone. COMMAND: the second verifier (other_verifier.h), asked of every EVERYth
 * mutation; without it the first is asked alone. SKARVA_TEST_SEED repeats a run.
 */
#include "tests/tamper/suite.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "tests/test.h"

#define MUTATIONS_AT_ONCE 100u
#define SLOWEST_MS 1000u

struct jobs {
    struct suite_job *at; /* owned */
    size_t n;
};

static void add_job(struct jobs *jobs, struct suite_job job)
{
    if ((jobs->n & (jobs->n - 1)) == 0) {
        size_t room = jobs->n > 0 ? 2 * jobs->n : 1;
        jobs->at = realloc(jobs->at, room * sizeof *jobs->at);
        world_expect(jobs->at != NULL, "memory");
    }
    jobs->at[jobs->n++] = job;
}

static void add_alone(struct jobs *jobs)
{
    for (size_t c = 0; c < suite_n_classes(); c++) {
        const struct cheat_group *group;
        (void)suite_class(&group, c);
        for (size_t p = 0; p < N_PLAY_PLACES; p++)
            if (play_places[p].from == group->from)
                add_job(jobs, (struct suite_job){.kind = SUITE_ALONE,
                                                 .place = &play_places[p],
                                                 .class = {c, SUITE_NONE}});
    }
}

/* One that is no fault must pass: it says nothing in a pair, or elsewhere. */
static bool is_fault(size_t class)
{
    const struct cheat_group *group;
    const struct cheat *cheat = suite_class(&group, class);
    return cheat->want[0] != '\0' || cheat->waits;
}

static void add_elsewhere(struct jobs *jobs, size_t wanted)
{
    struct jobs all = {0};
    for (size_t c = 0; c < suite_n_classes(); c++) {
        const struct cheat_group *group;
        (void)suite_class(&group, c);
        for (size_t p = 0; p < N_PLAY_PLACES; p++)
            if (play_places[p].from != group->from && is_fault(c) &&
                play_is_for(group, &play_places[p]))
                add_job(&all, (struct suite_job){.kind = SUITE_ELSEWHERE,
                                                 .place = &play_places[p],
                                                 .class = {c, SUITE_NONE}});
    }
    for (size_t i = 0; i < all.n && (wanted == 0 || i < wanted); i++) {
        size_t k = wanted == 0 ? i : i + test_random() % (all.n - i);
        add_job(jobs, all.at[k]);
        all.at[k] = all.at[i];
    }
    free(all.at);
}

static void add_pairs(struct jobs *jobs, size_t wanted)
{
    for (size_t i = 0; i < wanted; i++) {
        struct suite_job job = {.kind = SUITE_PAIR,
                                .place = &play_places[test_random() % N_PLAY_PLACES]};
        for (size_t k = 0; k < 2; k++) {
            const struct cheat_group *group;
            do {
                job.class[k] = test_random() % suite_n_classes();
                (void)suite_class(&group, job.class[k]);
            } while (!is_fault(job.class[k]) || !play_is_for(group, job.place) ||
                     (k == 1 && job.class[1] == job.class[0]));
        }
        add_job(jobs, job);
    }
}

static void add_mutations(struct jobs *jobs, size_t wanted)
{
    for (size_t n; wanted > 0; wanted -= n) {
        n = wanted < MUTATIONS_AT_ONCE ? wanted : MUTATIONS_AT_ONCE;
        add_job(jobs, (struct suite_job){.kind = SUITE_MUTATIONS, .seed = test_random(), .n = n});
    }
}

/* The jobs of one of several workers. */
static void work(struct suite_tally *tally, const struct jobs *jobs, size_t worker,
                 size_t n_workers, size_t every, char *const *command)
{
    struct other_verifier other = {0};
    if (command[0] != NULL)
        other_start(&other, command);
    for (size_t i = worker; i < jobs->n; i += n_workers)
        suite_do(tally, &jobs->at[i], &other, command, every);
    other_end(&other);
}

static void work_all(struct suite_tally *tally, const struct jobs *jobs, size_t n_workers,
                     size_t every, char *const *command)
{
    (void)fflush(stdout);
    for (size_t i = 0; i < n_workers; i++) {
        pid_t pid = fork();
        world_expect(pid >= 0, "a process");
        if (pid == 0) {
            work(tally, jobs, i, n_workers, every, command);
            (void)fflush(stdout);
            _exit(0);
        }
    }
    for (size_t i = 0; i < n_workers; i++) {
        int status = 0;
        world_expect(wait(&status) > 0 && status == 0, "a worker's end");
    }
}

static bool print_mutations(const struct suite_tally *tally)
{
    uint64_t ms = tally->slowest_ns / 1000000;
    bool is_ok = suite_print_verdict(&tally->kind[SUITE_MUTATIONS], "mutations are refused");
    printf("%s - no mutation costs more than a second of processor time before a fault is "
           "named (%" PRIu64 " ms)\n",
           ms <= SLOWEST_MS ? "ok" : "not ok", ms);
    return is_ok && ms <= SLOWEST_MS;
}

static bool print_classes(const struct suite_tally *tally)
{
    static const char *const kinds[SUITE_MUTATIONS] = {
        "each class fails exactly the checks it must",
        "a plain period's classes are refused in the other kinds of release",
        "pairs of classes are refused"};
    bool all_ok = true;
    suite_print_head("bundles");
    for (size_t i = 0; i < suite_n_classes(); i++) {
        const struct cheat_group *group;
        const struct cheat *cheat = suite_class(&group, i);
        suite_print_count(&tally->class[i], group -> name, cheat -> name);
    }
    for (size_t k = 0; k < SUITE_MUTATIONS; k++)
        all_ok = suite_print_verdict(&tally->kind[k], kinds[k]) && all_ok;
    return all_ok;
}

int main(int argc, char **argv)
{
    struct jobs jobs = {0};
    if (argc < 6) {
        fprintf(stderr, "usage: tool_suite ELSEWHERE PAIRS MUTATIONS EVERY JOBS [COMMAND...]\n");
        return 2;
    }
    const bool has_classes = strcmp(argv[1], "-") != 0;
    const size_t elsewhere = strtoul(argv[1], NULL, 10), pairs = strtoul(argv[2], NULL, 10);
    const size_t mutations = strtoul(argv[3], NULL, 10), every = strtoul(argv[4], NULL, 10);
    const size_t workers = strtoul(argv[5], NULL, 10);
    world_expect(suite_n_classes() <= SUITE_CLASSES_MAX && workers > 0 && every > 0,
                 "room for the classes");
    struct suite_tally *tally = suite_shared(sizeof *tally);
    (void)signal(SIGPIPE, SIG_IGN); /* a verifier that ends is one that gives no answer */
    test_seed("suite");
    suite_begin(test_random());
    if (has_classes) {
        add_alone(&jobs);
        add_elsewhere(&jobs, elsewhere);
        add_pairs(&jobs, pairs);
    }
    add_mutations(&jobs, mutations);
    work_all(tally, &jobs, workers, every, argv + 6);
    free(jobs.at);
    bool all_ok = !has_classes || print_classes(tally);
    all_ok = (mutations == 0 || print_mutations(tally)) && all_ok;
    return all_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
