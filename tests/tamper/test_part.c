/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_part.c - what a bundle's part of the public log must be beside what the cheats try: a
 * policy that the parties agreed on and that is none for them, a log that nobody promised, a
 * correction's, and the policy that the auditor has.
 */
#include <string.h>

#include "audit/words.h"

#include "tests/tamper/cheats.h"
#include "tests/tamper/make_part.h"

#include "tests/test.h"

static struct world_keys keys;
static struct world w;
static struct ska_task *task;
static struct finding findings[N_CHECKS];

static void finish(struct world *of)
{
    world_close(of);
    world_aggregate(of);
    world_disclose(of);
    world_publish(of);
    world_pack(of);
}

/* A whole period with these options. */
static void make(const struct world_options *options)
{
    task = world_task(&keys, options);
    world_start(&w, &keys, task);
    w.quorum = options->quorum;
    world_submit_all(&w);
    finish(&w);
}

static void end(void)
{
    world_clear(&w);
    ska_task_free(task);
}

static void expect_failed(const struct world *of, const char *want)
{
    char failed[1000];
    world_audit(findings, of);
    world_failed(failed, sizeof failed, findings);
    ck_assert_msg(strcmp(failed, want) == 0, "failed [%s], want [%s]", failed, want);
}

/* All three signed parameters that name it, and it is of no use to anybody else. */
START_TEST(a_policy_that_needs_not_both_helper_and_outsider_is_refused)
{
    static const char *const quorums[] = {"helper", "outside", "none", PART_HELPER_OUTSIDE};
    make(&(struct world_options){.logged = true, .quorum = quorums[_i]});
    expect_failed(&w, "log-policy");
    end();
}
END_TEST

START_TEST(a_log_that_was_not_promised_is_refused)
{
    static struct world logged;
    make(&(struct world_options){.logged = true});
    logged = w;
    struct ska_task *plain = world_task(&keys, &(struct world_options){0});
    world_start(&w, &keys, plain);
    world_submit_all(&w);
    world_close(&w);
    world_aggregate(&w);
    world_disclose(&w);
    world_publish(&w);
    const size_t at = (size_t)(world_find(&w, "aggregates") - w.files);
    memmove(w.files + at + 1, w.files + at, (w.n_files - at) * sizeof w.files[0]);
    w.files[at] = *world_find(&logged, "log/policy");
    w.n_files++;
    world_pack(&w);
    expect_failed(&w, "log-form");
    world_clear(&logged);
    ska_task_free(plain);
    end();
}
END_TEST

/* Up to a checkpoint in which the changes are not yet. */
static void collect_only(struct made_log *m, struct world *of)
{
    made_log_command(m, of->task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
}

START_TEST(a_corrections_log_has_its_changes)
{
    static struct world first, correction;
    make(&(struct world_options){.logged = true});
    first = w;
    struct ska_task *corrected = world_task(
        &keys, &(struct world_options){.revision = 1, .corrects = &first, .logged = true});
    cheats_correct(&correction, corrected, &first);
    finish(&correction);
    world_audit(findings, &correction);
    ck_assert(check_is_verdict_pass(findings));
    ck_assert_uint_gt(findings[CHECK_LOG_TASK].n_inputs, 6);
    part_make(&correction, &(struct part_steps){.closed = collect_only});
    world_pack(&correction);
    expect_failed(&correction, "log-task");
    world_clear(&correction);
    ska_task_free(corrected);
    end();
}
END_TEST

/* Whether it was compared is told. */
START_TEST(the_auditors_policy_is_compared)
{
    static struct made_log m;
    made_log_start(&m, &keys);
    make(&(struct world_options){.logged = true});
    expect_failed(&w, "");
    ck_assert_uint_eq(findings[CHECK_LOG_POLICY].n_inputs, 1);
    ck_assert_ptr_nonnull(strstr(findings[CHECK_LOG_POLICY].detail, "not compared"));
    ck_assert_ptr_nonnull(strstr(findings[CHECK_LOG_QUORUM].detail, "outside.example/witness"));
    w.policy = (struct ska_slice){(const uint8_t *)m.policy, strlen(m.policy)};
    expect_failed(&w, "");
    ck_assert_uint_eq(findings[CHECK_LOG_POLICY].n_inputs, 2);
    ck_assert_ptr_null(strstr(findings[CHECK_LOG_POLICY].detail, "not compared"));
    end();
    make(&(struct world_options){0});
    expect_failed(&w, "");
    w.policy = (struct ska_slice){(const uint8_t *)m.policy, strlen(m.policy)};
    expect_failed(&w, "log-policy");
    end();
}
END_TEST

static void begin(void)
{
    ck_assert(words_choose("en"));
    ska_group_init();
    world_keys_make(&keys);
}

static Suite *suite(void)
{
    Suite *s = suite_create("part");
    TCase *t = tcase_create("part");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, begin, NULL);
    tcase_add_loop_test(t, a_policy_that_needs_not_both_helper_and_outsider_is_refused, 0, 4);
    tcase_add_test(t, a_log_that_was_not_promised_is_refused);
    tcase_add_test(t, a_corrections_log_has_its_changes);
    tcase_add_test(t, the_auditors_policy_is_compared);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
