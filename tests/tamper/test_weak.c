/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_weak.c - of each input of a submission's transcript: a proof made without it is refused, it
 * alone of five; and by a verifier that leaves out the same it alone would be taken.
 */
#include "tests/tamper/play.h"
#include "tests/tamper/weak.h"

#include "tests/test.h"

static const struct cheat_group *group;

static void setup(void)
{
    play_begin();
    for (group = cheat_groups; group->at != cheats_with_weak; group++)
        continue;
}

START_TEST(what_a_transcript_leaves_out_is_missed)
{
    static struct world w;
    struct finding findings[N_CHECKS];
    const struct finding *proofs = &findings[CHECK_SUBMISSION_PROOFS];
    play(&w, group, &group->at[_i]);
    world_audit(findings, &w);
    ck_assert_uint_eq(proofs->n_bad, 1);
    weak_forgotten = weak_inputs[_i];
    world_audit(findings, &w);
    weak_forgotten = NULL;
    ck_assert_int_eq(proofs->outcome, OUTCOME_FAIL);
    ck_assert_msg(proofs->n_bad == WORLD_CONTRIBUTORS - 1,
                  "%s: %" PRIu64 " refused by the weak one", weak_inputs[_i], proofs->n_bad);
    world_clear(&w);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("weak");
    TCase *t = tcase_create("weak");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, what_a_transcript_leaves_out_is_missed, 0, (int)n_cheats_with_weak);
    suite_add_tcase(s, t);
    return test_run(s);
}
