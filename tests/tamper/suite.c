/* SPDX-License-Identifier: EUPL-1.2 */
/* suite.c - bundles that must be refused, and what two verifiers say of them. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "tests/tamper/suite.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "crypto/random.h"
#include "crypto/scoped.h"
#include "tests/tamper/elsewhere.h"
#include "tests/tamper/mutate.h"

#include "tests/test.h"

#define CHILD_SECONDS 600u /* of processor time; what takes longer hangs */
#define SLOWEST_NS UINT64_C(1000000000)

/* How far the process got that makes a bundle and has it judged. */
enum phase { PHASE_MAKING, PHASE_AUDITING, PHASE_ASKING, PHASE_DONE };

/* What that process tells the one that started it. */
struct said {
    enum phase phase;
    struct verdict first, second;
    bool has_second;
    bool is_undone; /* nothing came of it there, or one of a pair undid the other */
    enum outcome outcome[N_CHECKS];
    size_t n_mutations;
};

static struct world honest[N_PLAY_PLACES]; /* packed */

size_t suite_n_classes(void)
{
    size_t n = 0;
    for (size_t g = 0; g < N_CHEAT_GROUPS; g++)
        n += *cheat_groups[g].n;
    return n;
}

const struct cheat *suite_class(const struct cheat_group **group, size_t class)
{
    size_t g = 0;
    for (; class >= *cheat_groups[g].n; g++)
        class -= *cheat_groups[g].n;
    *group = &cheat_groups[g];
    return &cheat_groups[g].at[class];
}

void *suite_shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    world_expect(memory != MAP_FAILED, "memory");
    return memory;
}

void suite_begin(uint64_t seed)
{
    test_seed_state = seed;
    ska_random_replace_for_test(test_random_bytes);
    play_begin();
    for (size_t p = 0; p < N_PLAY_PLACES; p++)
        play_both(&honest[p], &play_places[p], NULL, NULL);
    ska_random_replace_for_test(NULL);
}

/* --- in a process of its own --------------------------------------------------------------------
 */

static uint64_t processor_ns(void)
{
    struct timespec now;
    world_expect(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0, "a clock");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* When the first check failed, by the processor's clock; 0: none did. */
static uint64_t first_fault_ns;

static void note_fault(const struct check *check, const struct finding *f)
{
    (void)check;
    if (f->outcome == OUTCOME_FAIL && first_fault_ns == 0)
        first_fault_ns = processor_ns();
}

static void judge(struct verdict *v, struct finding findings[static N_CHECKS],
                  const struct world *w, struct ska_slice archive)
{
    struct evidence e = {.archive = archive,
                         .trust = &w->trust,
                         .policy = w->policy,
                         .jobs = 1,
                         .earlier = {.archive = w->earlier_bundle},
                         .given = w->given,
                         .n_given = w->n_given};
    first_fault_ns = 0;
    check_all(findings, &e, note_fault);
    evidence_clear(&e);
    v->passes = check_is_verdict_pass(findings);
    world_failed(v->failed, sizeof v->failed, findings);
}

static void ask(struct said *said, struct other_verifier *other, const struct world *w,
                struct ska_slice archive)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer question = {0};
    said->phase = PHASE_ASKING;
    other_question(&question, w, archive);
    said->has_second =
        other_ask(&said->second, other, (struct ska_slice){question.data, question.len});
    world_expect(said->has_second, "an answer of the second verifier");
}

/* What must fail of a class at this place; *is_exact: that and nothing else. */
static const char *wanted(bool *is_exact, const struct suite_job *job, size_t which)
{
    const struct cheat_group *group;
    const struct cheat *cheat = suite_class(&group, job->class[which]);
    const char *other = group->from == job->place->from ? NULL : elsewhere_want(job->place, cheat);
    *is_exact = job->kind == SUITE_ALONE || (job->kind == SUITE_ELSEWHERE && other != NULL);
    return other != NULL ? other : cheat->want;
}

/* How much of a class is carried out. */
enum extent { EXTENT_NONE, EXTENT_BEGUN, EXTENT_WHOLE, N_EXTENTS };

/* The same bytes each time, whatever is drawn. */
static void make(struct world *w, const struct suite_job *job, enum extent first,
                 enum extent second)
{
    const enum extent extent[2] = {first, second};
    struct cheat cheat[2] = {{.name = "none"}, {.name = "none"}};
    for (size_t k = 0; k < 2; k++) {
        const struct cheat_group *group;
        if (job->class[k] == SUITE_NONE || extent[k] == EXTENT_NONE)
            continue;
        const struct cheat *whole = suite_class(&group, job->class[k]);
        if (extent[k] == EXTENT_WHOLE)
            cheat[k] = *whole;
        else
            cheat[k].begun = whole->begun;
    }
    test_seed_state = 1;
    ska_random_replace_for_test(test_random_bytes);
    play_both(w, job->place, &cheat[0], &cheat[1]);
    ska_random_replace_for_test(NULL);
}

/* Whether carrying out so much of a class is honest, and not the job itself. */
static bool is_honest(const struct suite_job *job, size_t which, enum extent extent)
{
    const struct cheat_group *group;
    bool is_exact;
    if (extent == EXTENT_NONE)
        return true;
    if (job->class[which] == SUITE_NONE)
        return false;
    return extent == EXTENT_BEGUN
               ? suite_class(&group, job->class[which])->begun != NULL
               : job->kind == SUITE_PAIR && wanted(&is_exact, job, which)[0] == '\0';
}

/* Whether one of a pair is seen only by a bundle that the other takes away. */
static bool is_taken_away(const struct suite_job *job, size_t which)
{
    const struct cheat_group *group;
    return suite_class(&group, job->class[which])->is_seen_beside &&
           suite_class(&group, job->class[1 - which])->takes_beside;
}

/* Whether nothing has come of it: the bytes are an honest bundle's, also of what the classes begin
 * with, or, of a pair, what one alone makes, where that does no harm. */
static bool is_undone(const struct suite_job *job, const struct world *pair)
{
    static struct world w;
    bool is_same = job->kind == SUITE_PAIR && (is_taken_away(job, 0) || is_taken_away(job, 1));
    for (unsigned k = 0; k + 1 < N_EXTENTS * N_EXTENTS && !is_same; k++) { /* both whole: the job */
        const enum extent first = k / N_EXTENTS, second = k % N_EXTENTS;
        if (!is_honest(job, 0, first) || !is_honest(job, 1, second))
            continue;
        make(&w, job, first, second);
        is_same = w.archive_len == pair->archive_len &&
                  memcmp(w.archive, pair->archive, w.archive_len) == 0;
        world_clear(&w);
    }
    return is_same;
}

/* No trust file gives two parties one key. */
static bool is_trust_file(const struct trust *trust)
{
    const size_t n = sizeof trust->key / sizeof trust->key[0];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (memcmp(trust->key[i], trust->key[j], sizeof trust->key[i]) == 0)
                return false;
    return true;
}

static void make_and_judge(struct said *said, const struct suite_job *job,
                           struct other_verifier *other)
{
    static struct world w;
    struct finding findings[N_CHECKS];
    make(&w, job, EXTENT_WHOLE, EXTENT_WHOLE);
    world_expect(is_trust_file(&w.trust), "a trust file");
    said->phase = PHASE_AUDITING;
    const struct ska_slice archive = {w.archive, w.archive_len};
    judge(&said->first, findings, &w, archive);
    for (size_t i = 0; i < N_CHECKS; i++)
        said->outcome[i] = findings[i].outcome;
    said->is_undone = said->first.passes && job->kind != SUITE_ALONE && is_undone(job, &w);
    if (other->pid != 0)
        ask(said, other, &w, archive);
    said->phase = PHASE_DONE;
}

/* --- mutations --- */

static void tell_mutation(struct suite_tally *tally, const struct suite_job *job, size_t at,
                          const char *what, const struct said *said)
{
    printf("# mutation %zu of seed %" PRIu64 ": %s: [%s]%s%s%s\n", at, job->seed, what,
           said->first.failed, said->has_second ? ", second [" : "",
           said->has_second ? said->second.failed : "", said->has_second ? "]" : "");
    atomic_fetch_add(&tally->kind[SUITE_MUTATIONS].n_bad, 1);
}

static void raise_slowest(struct suite_tally *tally, uint64_t ns)
{
    uint64_t slowest = atomic_load(&tally->slowest_ns);
    while (ns > slowest && !atomic_compare_exchange_weak(&tally->slowest_ns, &slowest, ns))
        continue;
}

/* Mutate the archive of `from`, or a file of it under a new release, into *w. */
static bool make_mutation(struct world *w, const struct world *from)
{
    *w = *from;
    w->archive = NULL;
    if (test_random() % 2 == 0) {
        size_t i = mutate_file(w, from, test_random);
        world_pack(w);
        return mutate_is_harmless(&w->files[i], &from->files[i]);
    }
    size_t room = from->archive_len + from->archive_len / 2;
    w->archive = malloc(room);
    world_expect(w->archive != NULL, "memory");
    memcpy(w->archive, from->archive, from->archive_len);
    do
        w->archive_len = mutate_bytes(w->archive, from->archive_len, room, test_random);
    while (w->archive_len == from->archive_len &&
           memcmp(w->archive, from->archive, from->archive_len) == 0);
    return false;
}

static void mutate(struct suite_tally *tally, struct said *said, const struct suite_job *job,
                   struct other_verifier *other, size_t every)
{
    static struct world w;
    test_seed_state = job->seed;
    for (size_t i = 0; i < job->n; i++) {
        struct finding findings[N_CHECKS];
        said->phase = PHASE_MAKING;
        bool is_harmless = make_mutation(&w, &honest[test_random() % N_PLAY_PLACES]);
        const struct ska_slice archive = {w.archive, w.archive_len};
        said->phase = PHASE_AUDITING;
        said->has_second = false;
        uint64_t begin = processor_ns();
        judge(&said->first, findings, &w, archive);
        if (first_fault_ns > 0)
            raise_slowest(tally, first_fault_ns - begin);
        if (other->pid != 0 && i % every == 0) {
            ask(said, other, &w, archive);
            atomic_fetch_add(&tally->kind[SUITE_MUTATIONS].asked, 1);
            atomic_fetch_add(&tally->kind[SUITE_MUTATIONS].rejected[1], !said->second.passes);
            if (strcmp(said->first.failed, said->second.failed) != 0)
                tell_mutation(tally, job, i, "the verifiers do not agree", said);
        }
        if (said->first.passes && !is_harmless) /* or a release that it names is not found */
            tell_mutation(tally, job, i, "accepted", said);
        atomic_fetch_add(&tally->kind[SUITE_MUTATIONS].n, 1);
        atomic_fetch_add(&tally->kind[SUITE_MUTATIONS].rejected[0], !said->first.passes);
        atomic_fetch_add(&tally->kind[SUITE_MUTATIONS].inapplicable, is_harmless);
        said->n_mutations = i + 1;
        world_clear(&w);
    }
    said->phase = PHASE_DONE;
}

/* --- what comes of it ---------------------------------------------------------------------------
 */

/* A name for messages: what was done where. */
static void describe(char *out, size_t size, const struct suite_job *job)
{
    const struct cheat_group *group;
    const struct cheat *cheat = suite_class(&group, job->class[0]);
    int len = snprintf(out, size, "%s: %s: %s", job->place->name, group->name, cheat->name);
    if (job->class[1] != SUITE_NONE && len > 0 && (size_t)len < size) {
        cheat = suite_class(&group, job->class[1]);
        (void)snprintf(out + len, size - (size_t)len, ", with %s: %s", group->name, cheat->name);
    }
}

static void tell(struct suite_count *count, const struct suite_job *job, const struct said *said,
                 const char *what)
{
    char name[400];
    describe(name, sizeof name, job);
    printf("# %s: %s: [%s]%s%s%s\n", name, what, said->first.failed,
           said->has_second ? ", second [" : "", said->has_second ? said->second.failed : "",
           said->has_second ? "]" : "");
    atomic_fetch_add(&count->n_bad, 1);
}

/* How many of the checks that a cheat fails by itself passed; *n: of how many. Others failed, or
 * were not reached. */
static size_t count_passed(size_t *n, const struct said *said, const char *want)
{
    size_t n_passed = 0;
    *n = 0;
    for (size_t i = 0; i < N_CHECKS; i++) {
        size_t len = strlen(check_table[i].id);
        for (const char *at = want; (at = strstr(at, check_table[i].id)) != NULL; at += len) {
            if ((at != want && at[-1] != ' ') || (at[len] != ' ' && at[len] != '\0'))
                continue;
            n_passed += said->outcome[i] == OUTCOME_PASS;
            ++*n;
        }
    }
    return n_passed;
}

/* Whether a class is seen as it must be: in other company or elsewhere, some of its checks may have
 * nothing to look at, but not all. */
static bool is_seen(const struct said *said, const char *want, bool is_exact)
{
    size_t n, n_passed = count_passed(&n, said, want);
    return is_exact ? strcmp(said->first.failed, want) == 0 : n_passed < n || n == 0;
}

static void add(struct suite_tally *tally, const struct suite_job *job, const struct said *said,
                bool is_inapplicable)
{
    struct suite_count *counts[3] = {&tally->kind[job->kind], &tally->class[job->class[0]], NULL};
    if (job->class[1] != SUITE_NONE)
        counts[2] = &tally->class[job->class[1]];
    for (size_t i = 0; i < 3 && counts[i] != NULL; i++) {
        if (is_inapplicable) {
            atomic_fetch_add(&counts[i]->inapplicable, 1);
            continue;
        }
        atomic_fetch_add(&counts[i]->n, 1);
        atomic_fetch_add(&counts[i]->rejected[0], !said->first.passes);
        atomic_fetch_add(&counts[i]->asked, said->has_second);
        atomic_fetch_add(&counts[i]->rejected[1], said->has_second && !said->second.passes);
    }
}

/* Of a pair one may hide what the other did, but not both. */
static void compare(struct suite_tally *tally, const struct suite_job *job, const struct said *said)
{
    struct suite_count *count = &tally->kind[job->kind];
    const char *unseen = NULL;
    bool is_harmless = true;
    size_t n_unseen = 0, n = job->class[1] != SUITE_NONE ? 2 : 1;
    for (size_t k = 0; k < n; k++) {
        bool is_exact;
        const char *want = wanted(&is_exact, job, k);
        is_harmless = is_harmless && want[0] == '\0';
        if (is_seen(said, want, is_exact))
            continue;
        unseen = want;
        n_unseen++;
    }
    if (said->has_second && (said->first.passes != said->second.passes ||
                             strcmp(said->first.failed, said->second.failed) != 0))
        tell(count, job, said, "the verifiers do not agree");
    if (said->first.passes && !is_harmless)
        tell(count, job, said, "accepted");
    else if (n_unseen == n)
        tell(count, job, said, unseen);
}

/* Nothing that a child does is allowed to go on for ever, or to speak while it makes a bundle:
 * what cannot be carried out there ends it. */
static void enter_child(void)
{
    const struct rlimit limit = {CHILD_SECONDS, CHILD_SECONDS};
    (void)setrlimit(RLIMIT_CPU, &limit); /* without it a child may hang */
    (void)fflush(stdout);
    if (freopen("/dev/null", "w", stderr) == NULL)
        _exit(1);
}

void suite_do(struct suite_tally *tally, const struct suite_job *job, struct other_verifier *other,
              char *const *command, size_t every)
{
    static struct said *said;
    if (said == NULL)
        said = suite_shared(sizeof *said);
    memset(said, 0, sizeof *said);
    (void)fflush(stdout);
    pid_t pid = fork();
    world_expect(pid >= 0, "a process");
    if (pid == 0) {
        enter_child();
        if (job->kind == SUITE_MUTATIONS)
            mutate(tally, said, job, other, every);
        else
            make_and_judge(said, job, other);
        (void)fflush(stdout);
        _exit(0);
    }
    world_expect(waitpid(pid, NULL, 0) == pid, "its end");
    if (said->phase == PHASE_ASKING) {
        other_end(other);
        other_start(other, command);
    }
    if (said->phase != PHASE_DONE && job->kind == SUITE_MUTATIONS)
        tell_mutation(tally, job, said->n_mutations, "ended the process", said);
    else if (said->phase == PHASE_MAKING && job->kind != SUITE_ALONE)
        add(tally, job, said, true);
    else if (said->phase != PHASE_DONE)
        tell(&tally->kind[job->kind], job, said, "ended the process");
    else if (job->kind != SUITE_MUTATIONS) {
        add(tally, job, said, said->is_undone);
        if (!said->is_undone)
            compare(tally, job, said);
    }
}

/* --- the table ----------------------------------------------------------------------------------
 */

void suite_print_head(const char *what)
{
    printf("     made   refused by     refused by  not\n"
           "  %7s   the first  the second  made  class\n",
           what);
}

void suite_print_count(const struct suite_count *c, const char *group, const char *name)
{
    char second[24] = "-";
    if (c->asked > 0)
        (void)snprintf(second, sizeof second, "%zu", c->rejected[1]);
    printf("%9zu %9zu %9s %9zu  %s: %s\n", c->n, c->rejected[0], second, c->inapplicable, group,
           name);
}

bool suite_print_verdict(const struct suite_count *c, const char *what)
{
    bool is_ok = c->n_bad == 0 && c->n > 0;
    printf("%s - %s (%zu, %zu of them by both verifiers)\n", is_ok ? "ok" : "not ok", what, c->n,
           c->asked);
    return is_ok;
}
