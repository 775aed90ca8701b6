/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_cheats.c - every cheat fails exactly the checks it must; without the cheat the same world
 * passes.
 */
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

static struct world_keys keys;
static struct ska_task *task;
static struct world base; /* all have submitted */

static void make_base(void)
{
    ska_group_init();
    world_keys_make(&keys);
    task = world_task(&keys, &(struct world_options){0});
    world_start(&base, &keys, task);
    world_submit_all(&base);
}

static void apply(void (*change)(struct world *w), struct world *w)
{
    if (change != NULL)
        change(w);
}

static void play(struct finding findings[static N_CHECKS], const struct cheat *cheat)
{
    static struct world w;
    w = base;
    apply(cheat->submitted, &w);
    world_close(&w);
    apply(cheat->closed, &w);
    world_aggregate(&w);
    apply(cheat->added, &w);
    world_disclose(&w);
    apply(cheat->disclosed, &w);
    world_publish(&w);
    apply(cheat->published, &w);
    world_pack(&w);
    apply(cheat->packed, &w);
    world_audit(findings, &w);
    world_clear(&w);
}

static bool is_told(const struct finding findings[static N_CHECKS], const char *text)
{
    for (size_t i = 0; i < N_CHECKS; i++)
        if (findings[i].outcome == OUTCOME_FAIL && strstr(findings[i].detail, text) != NULL)
            return true;
    return false;
}

static void expect(const struct cheat *cheat)
{
    struct finding findings[N_CHECKS];
    char failed[1000];
    play(findings, cheat);
    world_failed(failed, sizeof failed, findings);
    ck_assert_msg(strcmp(failed, cheat->want) == 0, "%s: failed [%s], want [%s]", cheat->name,
                  failed, cheat->want);
    ck_assert_msg(cheat->tells == NULL || is_told(findings, cheat->tells), "%s: does not tell %s",
                  cheat->name, cheat->tells);
    ck_assert_msg(check_is_verdict_pass(findings) == (cheat->want[0] == '\0'), "%s", cheat->name);
}

START_TEST(without_a_cheat_everything_passes)
{
    struct finding findings[N_CHECKS];
    play(findings, &(struct cheat){.name = "none"});
    ck_assert(check_is_verdict_pass(findings));
}
END_TEST

#define CHEAT_TEST(group)                       \
    START_TEST(cheating_with_##group##_is_seen) \
    {                                           \
        expect(&cheats_with_##group[_i]);       \
    }                                           \
    END_TEST

CHEAT_TEST(files)
CHEAT_TEST(lists)
CHEAT_TEST(submissions)
CHEAT_TEST(sums)
CHEAT_TEST(pattern)
CHEAT_TEST(pages)

static Suite *suite(void)
{
    Suite *s = suite_create("cheats");
    TCase *t = tcase_create("cheats");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, make_base, NULL);
    tcase_add_test(t, without_a_cheat_everything_passes);
    tcase_add_loop_test(t, cheating_with_files_is_seen, 0, (int)n_cheats_with_files);
    tcase_add_loop_test(t, cheating_with_lists_is_seen, 0, (int)n_cheats_with_lists);
    tcase_add_loop_test(t, cheating_with_submissions_is_seen, 0, (int)n_cheats_with_submissions);
    tcase_add_loop_test(t, cheating_with_sums_is_seen, 0, (int)n_cheats_with_sums);
    tcase_add_loop_test(t, cheating_with_pattern_is_seen, 0, (int)n_cheats_with_pattern);
    tcase_add_loop_test(t, cheating_with_pages_is_seen, 0, (int)n_cheats_with_pages);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
