/* SPDX-License-Identifier: EUPL-1.2 */
/* test_diff.c - what verify-diff says of two releases: of honest ones, and of each that is not. */
#include <string.h>

#include "audit/diff.h"
#include "audit/words.h"

#include "tests/tamper/make_bundle.h"

#include "tests/test.h"

static struct world_keys keys;

/* A quarter's releases, in order, and others that pretend to be among them. */
enum which {
    FIRST,
    SECOND,
    THIRD,
    OTHER_FIRST,      /* the same period and place, other figures */
    AGAIN,            /* the first period once more, after the first */
    AGAIN_RELEASED,   /* the very task of the first once more, released as the second */
    ELSEWHERE,        /* another collection's second */
    AFTER_OTHER,      /* a second after another first */
    DRAFT,            /* a second that one person signed */
    JUMP,             /* a fourth that names the second as the one before it */
    LINKED,           /* a second, linked with the first */
    LINKED_OTHERWISE, /* a second, linked with another first */
    N_WORLDS
};
static struct world worlds[N_WORLDS];
static struct ska_task *tasks[N_WORLDS];

/* Everybody submits, in a period, and it is released after `before`. */
static void release(enum which at, const struct world_options *options, enum which before,
                    uint64_t of_first)
{
    struct world *w = &worlds[at];
    tasks[at] = world_task(&keys, options);
    world_start(w, &keys, tasks[at]);
    for (uint32_t i = 0; i < WORLD_CONTRIBUTORS; i++) {
        uint64_t counts[WORLD_CELLS];
        memcpy(counts, world_counts[i], sizeof counts);
        counts[CELL_E] = i == 0 ? of_first : counts[CELL_E];
        world_submit(w, i, 1, counts);
    }
    if (before != N_WORLDS) {
        w->place.number = worlds[before].place.number + 1;
        ska_sha256(w->place.previous, worlds[before].archive, worlds[before].archive_len);
    }
    world_close(w);
    world_aggregate(w);
    world_disclose(w);
    world_publish(w);
}

static void pack(enum which at, const struct world_options *options, enum which before)
{
    release(at, options, before, 0);
    world_pack(&worlds[at]);
}

static const struct world_options q1 = {.period = "2025Q1"}, q2 = {.period = "2025Q2"},
                                  q3 = {.period = "2025Q3"};

static void link_second(enum which at, enum which with)
{
    static struct world_part part;
    const struct world_options yearly = {.period = "2025Q2", .yearly = true};
    struct ska_earlier_list list = {.n = 1};
    struct ska_writer bytes = {0};
    release(at, &yearly, FIRST, 0);
    struct world *w = &worlds[at];
    world_part_make(&part, &worlds[with]);
    struct ska_earlier_entry *e = &list.at[0];
    memcpy(e->period, "2025Q1", 7);
    memcpy(e->task_id, part.frozen.task->context.task_id, 32);
    memcpy(e->sha256, part.frozen.sha256, 32);
    ska_earlier_encode(&bytes, &list);
    /* Before the table, which is the fifth from the end. */
    const size_t place = w->n_files - 5;
    memmove(&w->files[place + 1], &w->files[place], 5 * sizeof w->files[0]);
    w->n_files++;
    memset(&w->files[place], 0, sizeof w->files[place]);
    memcpy(w->files[place].name, "earlier", 8);
    world_fill(&w->files[place], &bytes);
    world_pack(w);
    ska_frozen_clear(&part.frozen);
}

static void make_worlds(void)
{
    ska_group_init();
    ck_assert(words_choose("en"));
    world_keys_make(&keys);
    pack(FIRST, &q1, N_WORLDS);
    pack(SECOND, &q2, FIRST);
    pack(THIRD, &q3, SECOND);
    release(OTHER_FIRST, &q1, N_WORLDS, 1);
    world_pack(&worlds[OTHER_FIRST]);
    const struct world_options later = {.period = "2025Q1", .title = "Annan"};
    pack(AGAIN, &later, FIRST);
    release(AGAIN_RELEASED, &q1, FIRST, 1);
    world_pack(&worlds[AGAIN_RELEASED]);
    const struct world_options elsewhere = {.period = "2025Q2", .collection = "sydpol"};
    pack(ELSEWHERE, &elsewhere, FIRST);
    pack(AFTER_OTHER, &q2, OTHER_FIRST);
    release(DRAFT, &q2, FIRST, 0);
    worlds[DRAFT].release_key[SKA_RELEASE_SECOND] = NULL;
    world_pack(&worlds[DRAFT]);
    release(JUMP, &q3, SECOND, 0);
    worlds[JUMP].place.number = 4;
    world_pack(&worlds[JUMP]);
    link_second(LINKED, FIRST);
    link_second(LINKED_OTHERWISE, OTHER_FIRST);
}

static struct ska_slice bytes_of(enum which at)
{
    return (struct ska_slice){worlds[at].archive, worlds[at].archive_len};
}

static const struct diff_case {
    const char *name;
    enum which older, newer, between;
    const char *want; /* the checks that do not pass */
} cases[] = {
    {"the same", FIRST, FIRST, N_WORLDS, ""},
    {"the next", FIRST, SECOND, N_WORLDS, ""},
    {"the next but one", FIRST, THIRD, SECOND, ""},
    {"the next, linked", FIRST, LINKED, N_WORLDS, ""},
    {"the next but one, of which the next is not there", FIRST, THIRD, N_WORLDS, "diff-chain"},
    {"the next but one, another between", FIRST, THIRD, AFTER_OTHER, "diff-chain"},
    {"the newer first", SECOND, FIRST, N_WORLDS, "diff-order diff-chain"},
    {"two versions of one release", FIRST, OTHER_FIRST, N_WORLDS,
     "diff-order diff-unchanged diff-chain"},
    {"the next of another version", FIRST, AFTER_OTHER, N_WORLDS, "diff-chain"},
    {"the period again with other parameters", FIRST, AGAIN, N_WORLDS, "diff-unchanged"},
    {"the task again", FIRST, AGAIN_RELEASED, N_WORLDS, "diff-unchanged"},
    {"another collection", FIRST, ELSEWHERE, N_WORLDS, "diff-collection diff-unchanged diff-chain"},
    {"a draft", FIRST, DRAFT, N_WORLDS,
     "diff-newer diff-collection diff-order diff-unchanged diff-chain"},
    {"a draft as the older", DRAFT, THIRD, N_WORLDS,
     "diff-older diff-collection diff-order diff-unchanged diff-chain"},
    {"a number that nothing leads to", FIRST, JUMP, SECOND, "diff-chain"},
    {"linked with another version", FIRST, LINKED_OTHERWISE, N_WORLDS, "diff-unchanged"},
};

static void run(struct finding findings[static N_DIFFS], bool *is_pass, struct ska_slice older,
                struct ska_slice newer, const struct evidence_given *given, size_t n_given,
                const struct trust *trust)
{
    struct evidence before = {.archive = older, .trust = trust, .jobs = 1};
    struct evidence e = {.archive = newer,
                         .trust = trust,
                         .jobs = 1,
                         .older = &before,
                         .given = given,
                         .n_given = n_given};
    *is_pass = diff_all(findings, &e, NULL);
    evidence_clear(&e);
    evidence_clear(&before);
}

START_TEST(two_releases_are_told_apart)
{
    const struct diff_case *c = &cases[_i];
    struct finding findings[N_DIFFS];
    struct evidence_given given = {0};
    bool is_pass = false;
    char got[200] = "";
    if (c->between != N_WORLDS)
        given.archive = bytes_of(c->between);
    run(findings, &is_pass, bytes_of(c->older), bytes_of(c->newer), &given,
        c->between != N_WORLDS ? 1 : 0, &worlds[FIRST].trust);
    for (size_t i = 0; i < N_DIFFS; i++) {
        if (findings[i].outcome == OUTCOME_PASS) {
            ck_assert_uint_gt(findings[i].n_inputs, 0);
            continue;
        }
        const size_t len = strlen(got);
        (void)snprintf(got + len, sizeof got - len, "%s%s", len > 0 ? " " : "", diff_table[i].id);
    }
    ck_assert_msg(strcmp(got, c->want) == 0, "%s: got %s, want %s", c->name, got, c->want);
    ck_assert_int_eq(is_pass, c->want[0] == '\0');
}
END_TEST

START_TEST(a_missing_release_between_is_named)
{
    struct finding findings[N_DIFFS];
    bool is_pass = true;
    run(findings, &is_pass, bytes_of(FIRST), bytes_of(THIRD), NULL, 0, &worlds[FIRST].trust);
    ck_assert_int_eq(findings[DIFF_CHAIN].outcome, OUTCOME_NOT_CHECKED);
    ck_assert_ptr_nonnull(strstr(findings[DIFF_CHAIN].detail, "release 2"));
    ck_assert(!is_pass);
}
END_TEST

START_TEST(nothing_is_shown_with_another_trust_or_of_nothing)
{
    struct finding findings[N_DIFFS];
    struct trust trust = worlds[FIRST].trust;
    bool is_pass = true;
    memcpy(trust.key[TRUST_HELPER], keys.stranger.public_key, 32);
    run(findings, &is_pass, bytes_of(FIRST), bytes_of(SECOND), NULL, 0, &trust);
    ck_assert(!is_pass);
    ck_assert_int_eq(findings[DIFF_OLDER].outcome, OUTCOME_FAIL);
    ck_assert_int_eq(findings[DIFF_CHAIN].outcome, OUTCOME_NOT_CHECKED);
    run(findings, &is_pass, (struct ska_slice){0}, (struct ska_slice){0}, NULL, 0, &trust);
    ck_assert(!is_pass);
    for (size_t i = 0; i < N_DIFFS; i++)
        ck_assert_int_ne(findings[i].outcome, OUTCOME_PASS);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("diff");
    TCase *t = tcase_create("diff");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, make_worlds, NULL);
    tcase_add_loop_test(t, two_releases_are_told_apart, 0, N_OF(cases));
    tcase_add_test(t, a_missing_release_between_is_named);
    tcase_add_test(t, nothing_is_shown_with_another_trust_or_of_nothing);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
