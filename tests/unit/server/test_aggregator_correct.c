/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_aggregator_correct.c - corrections of a collected period: who may propose them, and that
 * neither server gives its share of one in which fewer than three changed.
 */
#include "tests/unit/server/correction.h"

START_TEST(three_changed_and_all_of_it_is_collected)
{
    static const int add[N_CONTRIBUTORS] = {1, 2, 0, 3};
    collected_once();
    correct(add);
    world_check_totals(N_CONTRIBUTORS, 14 + 6, 60);
    struct got got = world_request(LEADER, ROUTE_CHANGES, "", (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 200);
    struct ska_reader r;
    struct ska_changes both[2];
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    need(ska_change_tally_init(&tally, world.task), "tally");
    ska_reader_init(&r, got.body, got.len);
    for (int who = 0; who < 2; who++) {
        struct ska_slice bytes;
        need(ska_read_opaque32(&bytes.data, &bytes.len, &r, SKA_CHANGES_BYTES_MAX), "changes");
        need(ska_changes_read(&both[who], bytes, world.party[who].signing.public_key), "changes");
    }
    need(ska_changes_open(&tally, &both[0], &both[1]), "flags");
    ck_assert_uint_eq(tally.changed[0], 3);
    free(got.body);
    world_end();
}
END_TEST

/* Openings of an earlier submission that there never was: these counts, under one aggregator. */
static void invent_earlier(struct ska_earlier *out, ska_scalar blinding[2],
                           const uint64_t counts[2])
{
    static uint8_t wire[2][2 * SKA_POINT_BYTES]; /* the helper's: identities */
    for (int k = 0; k < 2; k++) {
        const ska_scalar x = ska_scalar_from_u64(counts[k]);
        ska_point v;
        ska_scalar_random(&blinding[k]);
        ska_commit(&v, &x, &blinding[k]);
        ska_point_encode(wire[0] + (size_t)k * SKA_POINT_BYTES, &v);
    }
    *out = (struct ska_earlier){wire[0], wire[1]};
}

/* Changed, and proven to be unchanged from what it invented; or compared with nothing. What counted
 * stays what counts, here the first submission that holds. */
START_TEST(who_lies_about_its_earlier_submission_is_refused_and_not_counted)
{
    static const int add[N_CONTRIBUTORS] = {1, 1, 1, 1};
    struct ska_earlier invented[N_CONTRIBUTORS] = {{0}};
    ska_scalar blinding[2];
    collected_once();
    world_sign(&next);
    world_open();
    struct submission s = {
        .number = 7, .counts = {before[0][0] + 1, before[0][1], (uint64_t)_i}, .earlier = invented};
    if (_i == 0) {
        invent_earlier(&invented[0], blinding, s.counts);
        s.earlier_counts = s.counts;
        s.earlier_blindings = blinding;
    }
    ck_assert_uint_eq(world_submit(&s), 0); /* stored, not yet looked into */
    ck_assert_uint_eq(world_decided(0, 7), SKA_REPORT_VDAF_VERIFY_ERROR);
    submit_changes(add); /* number 1 of each, of the liar too */
    world_check_totals(N_CONTRIBUTORS, 14 + 4, 60);
    world_end();
}
END_TEST

START_TEST(a_correction_of_a_correction_names_it)
{
    static const int add[N_CONTRIBUTORS] = {1, 1, 1, 0};
    collected_once();
    const struct ska_previous first = next.previous;
    correct(add);
    world_check_totals(N_CONTRIBUTORS, 14 + 3, 60);
    prepare_next();
    uint8_t second_id[32];
    memcpy(second_id, next.previous.task_id, 32);
    memcpy(next.previous.task_id, first.task_id, 32); /* with the list of the other */
    world_sign(&next);
    ck_assert_answer(world_propose(), 409, "SKA_E_MISMATCH");
    memcpy(next.previous.task_id, second_id, 32);
    correct(add);
    world_check_totals(N_CONTRIBUTORS, 14 + 6, 60);
    world_end();
}
END_TEST

START_TEST(too_few_changes_are_refused_by_both)
{
    static const int cases[][N_CONTRIBUTORS] = {
        {1, 0, 0, 0},  {1, 2, 0, 0}, {0, 0, 0, 0}, /* nobody: pointless */
        {1, 1, 1, -1},                             /* one is gone, alone */
        {-1, 0, 0, 0},
    };
    collected_once();
    correct(cases[_i]);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 409, "SKA_E_BATCH_SIZE");
    check_refused();
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 4), 409, "SKA_E_BATCH_SIZE");
    world_kill(LEADER);
    world_kill(HELPER);
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 5), 409, "SKA_E_BATCH_SIZE");
    check_refused();
    world_end();
}
END_TEST

START_TEST(a_refused_change_goes_with_the_next_window)
{
    static const int one[N_CONTRIBUTORS] = {1, 0, 0, 0};
    static const int three[N_CONTRIBUTORS] = {1, 1, 1, 0};
    static ska_scalar kept[N_CONTRIBUTORS][3];
    collected_once();
    memcpy(kept, blindings, sizeof kept);
    correct(one);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 409, "SKA_E_BATCH_SIZE");
    memcpy(blindings, kept, sizeof kept); /* compared is with what was collected */
    before[0][0]--;
    next.revision++;
    correct(three);
    world_check_totals(N_CONTRIBUTORS, 14 + 3, 60);
    world_end();
}
END_TEST

/* Correction differencing: the second total less the first is one contributor's change. */
START_TEST(the_attack_succeeds_only_with_the_rule_switched_off_in_both)
{
    static const int one[N_CONTRIBUTORS] = {0, 7, 0, 0};
    is_off[LEADER] = (_i & 1) != 0;
    is_off[HELPER] = (_i & 2) != 0;
    collected_once();
    correct(one);
    if (is_off[LEADER] && is_off[HELPER]) {
        world_check_totals(N_CONTRIBUTORS, 14 + 7, 60); /* 7 is contributor 1's */
    } else {
        struct got got = world_control(SKA_CONTROL_COLLECT, 3);
        ck_assert_uint_eq(got.status, is_off[LEADER] ? 503 : 409);
        free(got.body);
        check_refused();
    }
    world_end();
}
END_TEST

START_TEST(only_the_collected_period_can_be_corrected)
{
    static const char *const texts[] = {"SKA_E_STATE", "SKA_E_MISMATCH", "SKA_E_MISMATCH",
                                        "SKA_E_MISMATCH", "SKA_E_MISMATCH"};
    collected_once();
    if (_i == 0)
        next.previous.exists = false;
    else if (_i == 1)
        next.previous.accepted_hash[31] ^= 1;
    else if (_i == 2)
        next.policy.threshold++;
    else if (_i == 3)
        next.previous.task_id[0] ^= 1;
    else
        next.roster.n--;
    world_sign(&next);
    ck_assert_answer(world_propose(), 409, texts[_i]);
    if (_i == 4)
        next.roster.n++;
    world_end();
}
END_TEST

START_TEST(nothing_is_corrected_before_it_is_collected)
{
    world_begin();
    struct ska_error err = {0};
    need(ska_parameters_decode(
             &next, (struct ska_slice){world.task->encoded, world.task->encoded_len}, &err),
         err.text);
    next.revision = 1;
    next.previous.exists = true;
    memcpy(next.previous.task_id, world.task->context.task_id, 32);
    world_sign(&next);
    ck_assert_answer(world_propose(), 409, "SKA_E_STATE");
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator: corrections");
    TCase *c = tcase_create("corrections");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, NULL, correction_teardown);
    tcase_add_test(c, three_changed_and_all_of_it_is_collected);
    tcase_add_loop_test(c, who_lies_about_its_earlier_submission_is_refused_and_not_counted, 0, 2);
    tcase_add_test(c, a_correction_of_a_correction_names_it);
    tcase_add_loop_test(c, too_few_changes_are_refused_by_both, 0, 5);
    tcase_add_test(c, a_refused_change_goes_with_the_next_window);
    tcase_add_loop_test(c, the_attack_succeeds_only_with_the_rule_switched_off_in_both, 0, 4);
    tcase_add_loop_test(c, only_the_collected_period_can_be_corrected, 0, 5);
    tcase_add_test(c, nothing_is_corrected_before_it_is_collected);
    suite_add_tcase(suite, c);
    return test_run(suite);
}
