/* SPDX-License-Identifier: EUPL-1.2 */
/* test_aggregator_control.c - commands, closing, reading: who may do what when, and that a refusal
 * changes nothing. */
#include "tests/unit/server/world_report.h"

/* --- commands --- */

static struct got control_of(const struct ska_signing_key *key, enum ska_control_kind kind,
                             uint64_t serial, size_t len)
{
    struct ska_control c = {.kind = kind, .serial = serial};
    memcpy(c.task_id, world.task->context.task_id, 32);
    uint8_t bytes[SKA_CONTROL_BYTES + 1] = {0};
    need(ska_control_encode(bytes, &c, key), "control");
    return world_request(LEADER, ROUTE_CONTROL, "", (struct ska_slice){bytes, len});
}

START_TEST(command_must_be_the_publishers_and_newer)
{
    world_start_both(NULL);
    ck_assert_answer(world_propose(), 200, "");
    ck_assert_answer(control_of(&world.contributor[0], SKA_CONTROL_OPEN, 5, SKA_CONTROL_BYTES), 403,
                     "SKA_E_SIGNATURE");
    ck_assert_answer(control_of(&world.publisher, SKA_CONTROL_OPEN, 5, SKA_CONTROL_BYTES - 1), 400,
                     "invalidMessage");
    ck_assert_answer(control_of(&world.publisher, SKA_CONTROL_OPEN, 5, SKA_CONTROL_BYTES + 1), 400,
                     "invalidMessage");
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 5), 409, "SKA_E_STATE");
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 5), 409, "SKA_E_STATE");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_READY);
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 5), 200, "");
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 5), 200, ""); /* a repetition */
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 6), 409, "SKA_E_STATE");
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 5), 409, "SKA_E_CONFLICT");
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 4), 409, "SKA_E_NUMBER");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_OPEN);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    world_end();
}
END_TEST

START_TEST(command_of_another_task_is_refused)
{
    world_begin();
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .task_id = {9}, .serial = 7};
    uint8_t bytes[SKA_CONTROL_BYTES];
    need(ska_control_encode(bytes, &c, &world.publisher), "control");
    ck_assert_answer(
        world_request(LEADER, ROUTE_CONTROL, "", (struct ska_slice){bytes, sizeof bytes}), 409,
        "SKA_E_TASK");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_OPEN);
    world_end();
}
END_TEST

START_TEST(closed_task_reopens_and_takes_corrections_until_collected)
{
    world_begin();
    world_submit_all(3);
    world_close(2);
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 3), 200, "");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_OPEN);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    ck_assert_answer(world_request(LEADER, ROUTE_ACCEPTED, "", (struct ska_slice){0}), 409,
                     "SKA_E_STATE");
    struct submission s = {.contributor = 1, .number = 2, .counts = {9, 20}};
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 2), 409, "SKA_E_NUMBER");
    world_close(4);
    world_close(4); /* a repetition, answered as before */
    world_check_totals(3, 11, 22);
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 6), 409, "SKA_E_STATE");
    ck_assert_answer(world_release(), 200, ""); /* the last command, answered as before */
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_COLLECTED);
    world_end();
}
END_TEST

/* Send the helper a close, as the leader would, over any list. */
static struct got close_helper(const struct ska_accepted *a, uint64_t serial, bool bad_signature)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_accepted_encode(&list, a);
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = serial};
    memcpy(c.task_id, world.task->context.task_id, 32);
    uint8_t bytes[SKA_CONTROL_BYTES];
    uint8_t signature[64];
    need(ska_control_encode(bytes, &c, &world.publisher), "control");
    need(ska_accepted_sign(signature, &world.party[LEADER].signing,
                           (struct ska_slice){list.data, list.len}),
         "sign");
    signature[0] ^= bad_signature ? 1 : 0;
    ska_write_bytes(&w, bytes, sizeof bytes);
    ska_write_opaque32(&w, list.data, list.len);
    ska_write_bytes(&w, signature, sizeof signature);
    return world_request(HELPER, ROUTE_CONTROL, "", (struct ska_slice){w.data, w.len});
}

START_TEST(helper_signs_no_list_but_its_own)
{
    world_begin();
    world_submit_all(3);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    struct ska_accepted a = {.close_serial = 2};
    memcpy(a.task_id, world.task->context.task_id, 32);
    memcpy(a.parameters_hash, world.task->context.parameters_hash, 32);
    ck_assert_answer(close_helper(&a, 2, true), 403, "SKA_E_SIGNATURE");
    ck_assert_answer(close_helper(&a, 2, false), 409, "batchMismatch"); /* all left out */
    struct ska_accepted_entry one = {.contributor = 3, .number = 1};
    a.at = &one;
    a.n = 1;
    ck_assert_answer(close_helper(&a, 2, false), 409, "batchMismatch"); /* one made up */
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    world_close(2);
    ck_assert_answer(close_helper(&a, 2, false), 409, "batchMismatch"); /* after the right one */
    world_check_totals(3, 3, 3);
    world_end();
}
END_TEST

START_TEST(close_waits_for_what_is_pending)
{
    world_begin();
    world_submit_all(3);
    world.helper_down = true;
    struct submission s = {.contributor = 3, .number = 1, .counts = {5, 5}};
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 2), 202, "");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSING);
    s.number = 2;
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_TASK_EXPIRED);
    world.helper_down = false;
    world_close(2);
    world_check_totals(4, 8, 8);
    world_end();
}
END_TEST

/* --- reading --- */

static struct got query(uint32_t contributor, const struct ska_signing_key *key, int64_t off_s)
{
    struct ska_query q = {.contributor = contributor,
                          .time_s = (uint64_t)((int64_t)time(NULL) + off_s)};
    memcpy(q.task_id, world.task->context.task_id, 32);
    uint8_t bytes[SKA_QUERY_BYTES];
    need(ska_query_encode(bytes, &q, key), "query");
    return world_request(LEADER, ROUTE_SUBMISSIONS, "", (struct ska_slice){bytes, sizeof bytes});
}

START_TEST(submissions_are_shown_to_their_contributor_only)
{
    world_begin();
    world_submit_all(2);
    ck_assert_answer(query(0, &world.contributor[0], 0), 200, "");
    ck_assert_answer(query(0, &world.contributor[1], 0), 403, "SKA_E_SIGNATURE");
    ck_assert_answer(query(99, &world.contributor[1], 0), 403, "SKA_E_ROSTER");
    ck_assert_answer(query(0, &world.contributor[0], -700), 409, "SKA_E_TOO_LATE");
    struct got off = query(0, &world.contributor[0], -700);
    SKA_SCOPED(ska_scoped_free) char *text = strndup((const char *)off.body, off.len);
    ck_assert_ptr_nonnull(strstr(text, "clock")); /* who asks must learn what to set right */
    free(off.body);
    ck_assert_answer(query(0, &world.contributor[0], 700), 409, "SKA_E_TOO_EARLY");
    ck_assert_answer(query(0, &world.contributor[0], -500), 200, "");
    ck_assert_answer(
        world_request(LEADER, ROUTE_SUBMISSIONS, "", (struct ska_slice){(const uint8_t *)"\1", 1}),
        400, "invalidMessage");
    world_end();
}
END_TEST

START_TEST(public_shares_are_those_counted_once_closed)
{
    world_begin();
    world_submit_all(3);
    struct submission s = {.contributor = 1, .number = 2, .counts = {3, 3}, .report_id = {42}};
    ck_assert_uint_eq(world_decided(1, 1), 0);
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_answer(world_request(LEADER, ROUTE_PUBLIC_SHARE, "1", (struct ska_slice){0}), 409,
                     "SKA_E_STATE");
    world_close(2);
    struct got got = world_request(LEADER, ROUTE_PUBLIC_SHARE, "1", (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 200);
    ck_assert_uint_eq(got.body[0], 42);
    struct ska_public_share share;
    need(ska_public_share_decode(&share, (struct ska_slice){got.body + 16, got.len - 16},
                                 world.task->config.statement),
         "share");
    ck_assert_uint_eq(share.contributor, 1);
    ck_assert_uint_eq(share.number, 2);
    need(ska_public_share_authenticate(&share, &world.task->config, got.body), "signature");
    free(got.body);
    ck_assert_answer(world_request(LEADER, ROUTE_PUBLIC_SHARE, "3", (struct ska_slice){0}), 404,
                     "SKA_E_NOT_FOUND");
    ck_assert_answer(world_request(LEADER, ROUTE_PUBLIC_SHARE, "1x", (struct ska_slice){0}), 400,
                     "invalidMessage");
    world_end();
}
END_TEST

START_TEST(hpke_configuration_is_the_servers_own)
{
    world_begin();
    for (int who = 0; who < 2; who++) {
        struct got got = world_request(who, ROUTE_HPKE_CONFIG, "", (struct ska_slice){0});
        uint8_t id = 0;
        uint8_t key[32];
        ck_assert_uint_eq(got.status, 200);
        need(ska_dap_hpke_config_list_choose(&id, key, (struct ska_slice){got.body, got.len}),
             "list");
        ck_assert_uint_eq(id, world.party[who].config.hpke_config_id);
        ck_assert_mem_eq(key, world.party[who].hpke.public_key, 32);
        free(got.body);
    }
    world_end();
}
END_TEST

START_TEST(each_server_serves_its_role_only)
{
    world_begin();
    static const enum route at_helper[] = {ROUTE_AGGREGATION_JOBS, ROUTE_AGGREGATION_JOB_GET,
                                           ROUTE_AGGREGATE_SHARES};
    static const enum route at_leader[] = {ROUTE_REPORTS,  ROUTE_COLLECTION_JOBS,
                                           ROUTE_TASKS,    ROUTE_SUBMISSIONS,
                                           ROUTE_ACCEPTED, ROUTE_PUBLIC_SHARE};
    for (size_t i = 0; i < N_OF(at_helper); i++)
        ck_assert_answer(world_request(LEADER, at_helper[i], "", (struct ska_slice){0}), 404,
                         "SKA_E_NOT_FOUND");
    for (size_t i = 0; i < N_OF(at_leader); i++)
        ck_assert_answer(world_request(HELPER, at_leader[i], "", (struct ska_slice){0}), 404,
                         "SKA_E_NOT_FOUND");
    world_end();
}
END_TEST

START_TEST(helper_obeys_the_leader_only)
{
    world_begin();
    world.without_peer = true;
    static const enum route peers[] = {ROUTE_AGGREGATION_JOBS,
                                       ROUTE_AGGREGATION_JOB_CONTINUE,
                                       ROUTE_AGGREGATION_JOB_GET,
                                       ROUTE_AGGREGATION_JOB_DELETE,
                                       ROUTE_AGGREGATE_SHARES,
                                       ROUTE_AGGREGATE_SHARE_GET,
                                       ROUTE_AGGREGATE_SHARE_DELETE,
                                       ROUTE_PARAMETERS_PUT,
                                       ROUTE_CONTROL,
                                       ROUTE_RELEASE,
                                       ROUTE_VERIFIER};
    for (size_t i = 0; i < N_OF(peers); i++)
        ck_assert_answer(world_request(HELPER, peers[i], "", (struct ska_slice){0}), 403,
                         "SKA_E_FORBIDDEN");
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_control");
    TCase *tc = tcase_create("control");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, command_must_be_the_publishers_and_newer);
    tcase_add_test(tc, command_of_another_task_is_refused);
    tcase_add_test(tc, closed_task_reopens_and_takes_corrections_until_collected);
    tcase_add_test(tc, helper_signs_no_list_but_its_own);
    tcase_add_test(tc, close_waits_for_what_is_pending);
    tcase_add_test(tc, submissions_are_shown_to_their_contributor_only);
    tcase_add_test(tc, public_shares_are_those_counted_once_closed);
    tcase_add_test(tc, hpke_configuration_is_the_servers_own);
    tcase_add_test(tc, each_server_serves_its_role_only);
    tcase_add_test(tc, helper_obeys_the_leader_only);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
