/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_store_power.c - the power fails at a server, at every frame between the two and at any
 * change of its database: what was not synced is gone, and still no acknowledged submission is lost
 * or counted twice. And a disk that fails or is full once, under servers that go on.
 *
 * SKARVA_CUTS=N sets how many cuts are made at random changes (default 20).
 */
#include "tests/fault/lossy.h"
#include "tests/unit/server/period.h"

START_TEST(power_cut_at_any_frame_of_the_leader_loses_nothing)
{
    kill_at_every_step(LEADER, lossy_install);
}
END_TEST

START_TEST(power_cut_at_any_frame_of_the_helper_loses_nothing)
{
    kill_at_every_step(HELPER, lossy_install);
}
END_TEST

/* The first server of each kind that is started meets its cut; those started after it do not. */
static uint64_t cut_at[2];

static void install_with_cut(void)
{
    lossy_install();
    /* The children inherit what the parent chose before it forked. */
    lossy.luck = cut_at[0] + cut_at[1];
    lossy.at = cut_at[world.starting];
    lossy.fault = lossy.at == 0 ? LOSSY_NONE : LOSSY_CUT;
}

START_TEST(power_cut_at_any_change_of_the_database_loses_nothing)
{
    test_seed("power_cut_at_any_change_of_the_database_loses_nothing");
    const char *wanted = getenv("SKARVA_CUTS");
    unsigned cuts = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : 20;
    for (unsigned i = 0; i < cuts; i++) {
        world_make(NULL);
        world.may_die = true;
        world.may_end_with =
            LOSSY_CUT_STATUS; /* the cut may come as late as the closing of the database */
        world.in_child = install_with_cut;
        world.revive = revive;
        cut_at[LEADER] = 80 + test_random() % 500; /* after the schema was made */
        cut_at[HELPER] = 80 + test_random() % 300;
        revive();
        cut_at[LEADER] = cut_at[HELPER] = 0;
        whole_period();
        world_end();
    }
}
END_TEST

/* --- a disk that fails, and goes on --- */

static enum lossy_fault failure;

static void install_with_failure(void)
{
    lossy_install();
    lossy.at = cut_at[world.starting];
    lossy.fault = lossy.at == 0 ? LOSSY_NONE : failure;
}

/* Both servers meet one failure each and are not started again: they answer 503 and go on. */
static void fail_once(enum lossy_fault what)
{
    test_seed(what == LOSSY_FULL_ONCE ? "full disk" : "failing disk");
    failure = what;
    for (unsigned i = 0; i < 15; i++) {
        world_make(NULL);
        world.in_child = install_with_failure;
        cut_at[LEADER] =
            130 + test_random() % 450; /* once it serves: opening makes some 105 changes */
        cut_at[HELPER] = 130 + test_random() % 250;
        whole_period();
        world_end();
    }
}

START_TEST(failing_disk_is_told_and_loses_nothing)
{
    fail_once(LOSSY_FAIL_ONCE);
}
END_TEST

START_TEST(full_disk_is_told_and_loses_nothing)
{
    fail_once(LOSSY_FULL_ONCE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store_power");
    TCase *tc = tcase_create("power");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, power_cut_at_any_frame_of_the_leader_loses_nothing);
    tcase_add_test(tc, power_cut_at_any_frame_of_the_helper_loses_nothing);
    tcase_add_test(tc, power_cut_at_any_change_of_the_database_loses_nothing);
    tcase_add_test(tc, failing_disk_is_told_and_loses_nothing);
    tcase_add_test(tc, full_disk_is_told_and_loses_nothing);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
