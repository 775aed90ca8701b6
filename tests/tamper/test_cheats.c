/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_cheats.c - every cheat fails exactly the checks it must; without the cheat the same world
 * passes; and every check has a cheat, one that nothing else sees unless it is said why not.
 */
#include <string.h>

#include "tests/tamper/suite.h"

#include "tests/test.h"

static void play_and_audit(struct finding findings[static N_CHECKS],
                           const struct cheat_group *group, const struct cheat *cheat)
{
    static struct world w;
    play(&w, group, cheat);
    world_audit(findings, &w);
    world_clear(&w);
}

/* Whether one of a cheat's checks is this one. */
static bool is_wanted(const char *want, const char *id)
{
    size_t len = strlen(id);
    for (const char *at = want; (at = strstr(at, id)) != NULL; at += len)
        if ((at == want || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

static bool is_told(const struct finding findings[static N_CHECKS], const char *text)
{
    for (size_t i = 0; i < N_CHECKS; i++)
        if (findings[i].outcome == OUTCOME_FAIL && strstr(findings[i].detail, text) != NULL)
            return true;
    return false;
}

static void expect(const struct cheat_group *group, const struct cheat *cheat)
{
    struct finding findings[N_CHECKS];
    char failed[1000];
    play_and_audit(findings, group, cheat);
    world_failed(failed, sizeof failed, findings);
    ck_assert_msg(strcmp(failed, cheat->want) == 0, "%s: failed [%s], want [%s]", cheat->name,
                  failed, cheat->want);
    ck_assert_msg(cheat->tells == NULL || is_told(findings, cheat->tells), "%s: does not tell %s",
                  cheat->name, cheat->tells);
    ck_assert_msg(check_is_verdict_pass(findings) == (cheat->want[0] == '\0' && !cheat->waits),
                  "%s", cheat->name);
}

START_TEST(without_a_cheat_everything_passes)
{
    struct finding findings[N_CHECKS];
    play_and_audit(findings, &cheat_groups[_i], &(struct cheat){.name = "none"});
    ck_assert(check_is_verdict_pass(findings));
}
END_TEST

/* What is signed says of these that there is nothing to look at; of no other. */
START_TEST(nothing_passes_without_having_looked)
{
#define NO_YEAR "year-commitments year-openings"
#define UNLINKED "earlier-releases " NO_YEAR
#define FIRST "correction-earlier correction-changes correction-kept correction-chain"
#define EXACT "rounding-form rounded-figures"
#define NO_LOG \
    " log-form log-policy log-checkpoint log-quorum log-root log-task log-close log-accepted"
    static const char *const empty[] = {FIRST " " UNLINKED " " EXACT NO_LOG,
                                        "suppression-proof " NO_YEAR
                                        " " EXACT NO_LOG, /* all that is hidden is kept */
                                        FIRST " " UNLINKED NO_LOG,
                                        FIRST " " EXACT NO_LOG,
                                        FIRST " year-openings" NO_LOG /* all are rounded */,
                                        EXACT NO_LOG,
                                        FIRST " " UNLINKED " " EXACT};
    const struct cheat_group *group = &cheat_groups[_i];
    const char *want =
        empty[group->at == cheats_with_corrections                                           ? 1
              : group->at == cheats_with_rounding || group->at == cheats_with_rounded_groups ? 2
              : group->at == cheats_with_years || group->at == cheats_with_year_files ||
                      group->at == cheats_with_group_years
                  ? 3
              : group->at == cheats_with_rounded_years ||
                      group->at == cheats_with_rounded_group_years
                  ? 4
              : group->at == cheats_with_year_corrections ? 5
              : group->at == cheats_with_part             ? 6
                                                          : 0];
    struct finding findings[N_CHECKS];
    play_and_audit(findings, group, &(struct cheat){.name = "none"});
    for (size_t i = 0; i < N_CHECKS; i++)
        ck_assert_msg((findings[i].n_inputs == 0) == is_wanted(want, check_table[i].id), "%s: %s",
                      group->name, check_table[i].id);
}
END_TEST

START_TEST(cheating_is_seen)
{
    const struct cheat_group *group;
    const struct cheat *cheat = suite_class(&group, (size_t)_i);
    struct finding findings[N_CHECKS];
    expect(group, cheat);
    if (cheat->begun == NULL)
        return;
    play_and_audit(findings, group, &(struct cheat){.name = "begun", .begun = cheat->begun});
    ck_assert_msg(check_is_verdict_pass(findings), "what \"%s\" begins with", cheat->name);
}
END_TEST

static size_t class_named(const char *name)
{
    const struct cheat_group *group;
    size_t class = 0;
    while (strcmp(suite_class(&group, class)->name, name) != 0)
        ck_assert_msg(++class < suite_n_classes(), "%s", name);
    return class;
}

/* The second of a pair may undo what the first did: then nothing is wrong, and nothing is counted.
 */
START_TEST(a_pair_may_come_to_nothing)
{
    const size_t by_nobody = class_named("hidden as marked by nobody");
    const size_t as_complement = class_named("mark hidden as complement");
    const struct play_place *place = &play_places[_i];
    struct suite_tally *tally = suite_shared(sizeof *tally);
    const struct suite_count *pairs = &tally->kind[SUITE_PAIR];
    struct suite_job job = {
        .kind = SUITE_PAIR, .place = place, .class = {as_complement, by_nobody}};
    const struct cheat_group *group;
    (void)suite_class(&group, by_nobody);
    if (!play_is_for(group, place))
        return;
    suite_do(tally, &job, &(struct other_verifier){0}, NULL, 1);
    ck_assert_uint_eq(pairs->inapplicable, 1);
    job.class[0] = by_nobody;
    job.class[1] = as_complement;
    suite_do(tally, &job, &(struct other_verifier){0}, NULL, 1);
    ck_assert_uint_eq(pairs->n, pairs->rejected[0]);
    ck_assert_uint_eq(pairs->n + pairs->inapplicable, 2);
    ck_assert_uint_eq(pairs->n_bad, 0);
}
END_TEST

/* The checks that no cheat fails alone, and why that cannot be. */
static const struct {
    const char *id, *why;
    bool has_none; /* not even with others */
} never_alone[] = {
    {"generators", "parameters with others are no parameters (parameters-form)", true},
    {"roster", "parameters with a faulty one are no parameters (parameters-form)", true},
    {"commitments", "about a commitment that is no point there is no proof (submission-proofs)",
     false},
    {"totals", "it follows from the proofs and the openings: a second look at both", false},
    {"minimum-answers", "a flag or a figure is open then that must be hidden (primary-suppression)",
     false},
    {"correction-chain", "the order is that of what it is linked with (earlier-releases)", false},
    {"protection", "what can be worked out has no two tables (certificate)", false},
};

static const char *why_not_alone(const char *id, bool *has_none)
{
    for (size_t i = 0; i < N_OF(never_alone); i++)
        if (strcmp(never_alone[i].id, id) == 0) {
            *has_none = never_alone[i].has_none;
            return never_alone[i].why;
        }
    return NULL;
}

START_TEST(every_check_has_a_cheat_that_it_alone_sees)
{
    const char *id = check_table[_i].id;
    size_t n = 0, n_alone = 0;
    bool has_none = false;
    const char *why = why_not_alone(id, &has_none);
    for (const struct cheat_group *g = cheat_groups; g < cheat_groups + N_CHEAT_GROUPS; g++)
        for (size_t i = 0; i < *g->n; i++) {
            n += is_wanted(g->at[i].want, id);
            n_alone += strcmp(g->at[i].want, id) == 0;
        }
    ck_assert_msg(n > 0 || has_none, "no cheat fails %s", id);
    ck_assert_msg(n_alone > 0 || why != NULL, "no cheat fails %s and nothing else", id);
    ck_assert_msg(n_alone == 0 || why == NULL, "%s is seen alone: %s", id, why);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cheats");
    TCase *t = tcase_create("cheats");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, play_begin, NULL);
    tcase_add_loop_test(t, without_a_cheat_everything_passes, 0, N_CHEAT_GROUPS);
    tcase_add_loop_test(t, nothing_passes_without_having_looked, 0, N_CHEAT_GROUPS);
    tcase_add_loop_test(t, cheating_is_seen, 0, (int)suite_n_classes());
    tcase_add_loop_test(t, a_pair_may_come_to_nothing, 0, N_PLAY_PLACES);
    tcase_add_loop_test(t, every_check_has_a_cheat_that_it_alone_sees, 0, N_CHECKS);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
