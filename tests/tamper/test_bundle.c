/* SPDX-License-Identifier: EUPL-1.2 */
/* test_bundle.c - honest bundles pass every check, whatever the counts. */
#include "tests/tamper/make_bundle.h"

#include <string.h>

#include "tests/test.h"

static struct world_keys keys;

static void make_keys(void)
{
    ska_group_init();
    world_keys_make(&keys);
}

static void finish(struct world *w)
{
    world_close(w);
    world_aggregate(w);
    world_disclose(w);
    world_publish(w);
    world_pack(w);
}

static void expect_pass(const struct world *w)
{
    struct finding findings[N_CHECKS];
    world_audit(findings, w);
    for (size_t i = 0; i < N_CHECKS; i++)
        ck_assert_msg(findings[i].outcome == OUTCOME_PASS, "%s: %s", check_table[i].id,
                      findings[i].detail);
    ck_assert(check_is_verdict_pass(findings));
}

START_TEST(an_honest_bundle_passes_with_the_expected_pattern)
{
    static struct world w;
    static const uint64_t totals[WORLD_CELLS] = {55, 40, 3, 12, 30, 4, 25, 2, 6, 16, 2, 0};
    static const uint8_t reasons[WORLD_CELLS] = {[CELL_M] = SKA_HIDDEN_SMALL,
                                                 [CELL_O] = SKA_HIDDEN_COMPLEMENT,
                                                 [CELL_Q] = SKA_HIDDEN_SMALL,
                                                 [CELL_D] = SKA_HIDDEN_DEPENDENT,
                                                 [CELL_D_ANSWERED] = SKA_HIDDEN_FEW};
    struct ska_task *task = world_task(&keys, &(struct world_options){0});
    world_start(&w, &keys, task);
    world_submit_all(&w);
    finish(&w);
    ck_assert_mem_eq(w.total, totals, sizeof totals);
    ck_assert_mem_eq(w.reason, reasons, sizeof reasons);
    expect_pass(&w);
    world_clear(&w);
    ska_task_free(task);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("bundle");
    TCase *t = tcase_create("honest");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, make_keys, NULL);
    tcase_add_test(t, an_honest_bundle_passes_with_the_expected_pattern);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
