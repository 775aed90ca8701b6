/* SPDX-License-Identifier: EUPL-1.2 */
/* test_aggregator_collect.c - who collects what, when, and how often. */
#define N_CONTRIBUTORS 6u
#include "tests/unit/server/world_report.h"

static struct got collect_query(uint8_t mode, uint64_t start, uint64_t duration, size_t param,
                                size_t extensions)
{
    static const uint8_t extension[] = {0, 7, 0, 0};
    const struct ska_dap_collection_req q = {.batch_mode = mode,
                                             .start = start,
                                             .duration = duration,
                                             .agg_param = {extension, param},
                                             .extensions = {extension, extensions}};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_dap_collection_req_encode(&w, &q);
    return world_request(LEADER, ROUTE_COLLECTION_JOBS, "", (struct ska_slice){w.data, w.len});
}

/* An aggregate share request by hand. */
static struct got ask_share(uint64_t count, uint8_t checksum_change, uint64_t start)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    world_query(&q);
    struct got got = world_request(LEADER, ROUTE_ACCEPTED, "", (struct ska_slice){0});
    struct ska_signed_accepted s;
    need(ska_signed_accepted_decode(&s, (struct ska_slice){got.body, got.len}), "accepted");
    struct ska_accepted a = {0};
    need(ska_accepted_decode(&a, s.list), "list");
    struct ska_dap_aggregate_share_req r = {.collection_req = {q.data, q.len},
                                            .batch_mode = SKA_DAP_BATCH_TIME_INTERVAL,
                                            .start = start,
                                            .duration = 1,
                                            .report_count = count};
    for (uint32_t i = 0; i < a.n; i++) {
        uint8_t hash[32];
        ska_sha256(hash, a.at[i].report_id, 16);
        for (size_t j = 0; j < 32; j++)
            r.checksum[j] ^= hash[j];
    }
    r.checksum[0] ^= checksum_change;
    ska_dap_aggregate_share_req_encode(&w, &r);
    ska_accepted_clear(&a);
    free(got.body);
    return world_request(HELPER, ROUTE_AGGREGATE_SHARES, "", (struct ska_slice){w.data, w.len});
}

START_TEST(collection_is_of_the_one_batch_once_closed)
{
    world_begin();
    uint64_t t = ska_task_time(world.task);
    world_submit_all(3);
    ck_assert_answer(collect_query(1, t, 1, 0, 0), 409, "SKA_E_STATE");
    world_close(2);
    ck_assert_answer(collect_query(2, t, 1, 0, 0), 400, "invalidMessage");
    ck_assert_answer(collect_query(1, t, 1, 1, 0), 400, "invalidAggregationParameter");
    ck_assert_answer(collect_query(1, t, 1, 0, 4), 400, "unsupportedExtension");
    ck_assert_answer(collect_query(1, t, 1, 0, 3), 400, "invalidMessage");
    ck_assert_answer(collect_query(1, t, 2, 0, 0), 400, "batchInvalid");
    ck_assert_answer(collect_query(1, t + 1, 1, 0, 0), 400, "batchInvalid");
    ck_assert_answer(world_request(LEADER, ROUTE_COLLECTION_JOBS, "",
                                   (struct ska_slice){(const uint8_t *)"\1", 1}),
                     400, "invalidMessage");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    world_check_totals(3, 3, 3);
    ck_assert_answer(collect_query(1, t + 1, 1, 0, 0), 400, "batchInvalid");
    world_end();
}
END_TEST

/* Leave nothing behind: what a stranger may ask neither collects nor ends the time for reopening.
 */
START_TEST(nobody_collects_before_the_publisher_says_so)
{
    world_begin();
    uint64_t t = ska_task_time(world.task);
    world_submit_all(3);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 2), 409, "SKA_E_STATE"); /* open */
    world_close(2);
    for (int i = 0; i < 2; i++) {
        ck_assert_answer(collect_query(1, t, 1, 0, 0), 409, "SKA_E_STATE");
        ck_assert_answer(ask_share(3, 0, t), 409, "SKA_E_STATE"); /* the helper by itself */
        ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
        ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    }
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 3), 200, "");
    struct submission s = {.contributor = 0, .number = 2, .counts = {4, 4}};
    ck_assert_uint_eq(world_submit(&s), 0);
    world_close(4);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 5), 200, "");
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 5), 200, ""); /* a repetition */
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 6), 200,
                     ""); /* no job yet: still possible */
    world_close(7);
    ck_assert_answer(collect_query(1, t, 1, 0, 0), 409, "SKA_E_STATE"); /* by the older command */
    ck_assert_answer(ask_share(3, 0, t), 409, "SKA_E_STATE");
    world_check_totals(3, 6, 7);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 9), 409, "SKA_E_STATE");
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 9), 409, "SKA_E_STATE");
    world_end();
}
END_TEST

START_TEST(reopening_is_refused_while_the_job_is_under_way)
{
    world_begin();
    world_submit_all(3);
    world_close(2);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    world.helper_down = true;
    struct got got = collect_query(1, ska_task_time(world.task), 1, 0, 0);
    ck_assert_uint_eq(got.status, 201);
    ck_assert_uint_eq(got.len, 0);
    free(got.body);
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 4), 409, "SKA_E_STATE");
    world.helper_down = false;
    world_check_totals(3, 3, 3);
    world_end();
}
END_TEST

START_TEST(collection_job_can_be_read_and_survives_its_deletion)
{
    world_begin();
    world_submit_all(3);
    world_close(2);
    world_check_totals(3, 3, 3);
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    struct got made = world_collect((struct ska_slice){q.data, q.len});
    ck_assert_uint_eq(made.status, 201);
    for (int i = 0; i < 2; i++) {
        struct got read =
            world_request(LEADER, ROUTE_COLLECTION_JOB_GET, made.location, (struct ska_slice){0});
        ck_assert_uint_eq(read.status, 200);
        ck_assert_uint_eq(read.len, made.len);
        ck_assert_mem_eq(read.body, made.body, made.len);
        free(read.body);
        ck_assert_answer(world_request(LEADER, ROUTE_COLLECTION_JOB_DELETE, made.location,
                                       (struct ska_slice){0}),
                         200, "");
    }
    ck_assert_answer(world_request(LEADER, ROUTE_COLLECTION_JOB_GET, "AAAAAAAAAAAAAAAAAAAAAA",
                                   (struct ska_slice){0}),
                     404, "SKA_E_NOT_FOUND");
    free(made.body);
    world_end();
}
END_TEST

START_TEST(fewer_than_the_parameters_demand_are_not_collected)
{
    world_begin();
    world_submit_all(2);
    struct submission s = {.contributor = 1, .number = 2, .counts = {3, 3}};
    ck_assert_uint_eq(world_submit(&s), 0); /* three submissions of two contributors */
    world_close(2);
    uint64_t t = ska_task_time(world.task);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    ck_assert_answer(collect_query(1, t, 1, 0, 0), 400, "invalidBatchSize");
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 4), 200, "");
    struct submission third = {.contributor = 2, .number = 1, .counts = {3, 3}};
    ck_assert_uint_eq(world_submit(&third), 0);
    world_close(5);
    world_check_totals(3, 7, 6);
    world_end();
}
END_TEST

/* The first three are a group; the others are what is left beside it. */
static void with_group(struct ska_parameters *p)
{
    p->groups.at = ska_alloc(1, sizeof *p->groups.at);
    uint32_t *members = ska_alloc(3, sizeof *members);
    if (p->groups.at == NULL || members == NULL)
        abort();
    for (uint32_t i = 0; i < 3; i++)
        members[i] = i;
    p->groups.n = 1;
    p->groups.at[0] =
        (struct ska_group){.code = "OST", .sv = "o", .en = "e", .n_members = 3, .members = members};
}

/* What both aggregators give of a group's sums, in bytes that are not 0. */
static size_t collect_group(void)
{
    const size_t block = (size_t)64 * world.task->layout->n_cells;
    uint8_t hash[32];
    world_list_hash(hash);
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    struct ska_slice query = {q.data, q.len};
    struct got got = world_collect(query);
    struct ska_dap_collection_resp resp;
    need(ska_dap_collection_resp_decode(&resp, (struct ska_slice){got.body, got.len}), "resp");
    size_t n = 0;
    for (int who = LEADER; who <= HELPER; who++) {
        size_t len = 0;
        SKA_SCOPED(ska_scoped_free)
        uint8_t *share =
            world_open_share(&len, who, query, who == LEADER ? &resp.leader : &resp.helper, hash);
        ck_assert_uint_ge(len, 2 * block);
        for (size_t i = block; i < 2 * block; i++)
            n += share[i] != 0;
    }
    free(got.body);
    return n;
}

/* All less the group is the fourth's figure: nobody, the publisher neither, gets both sums. */
START_TEST(a_group_is_not_summed_where_one_alone_is_left_beside_it)
{
    world_start_both(with_group);
    world_open();
    world_submit_all(_i == 0 ? 4 : 6);
    world_close(2);
    if (_i == 0)
        ck_assert_uint_eq(collect_group(), 0);
    else
        ck_assert_uint_gt(collect_group(), 100);
    world_end();
}
END_TEST

START_TEST(helper_gives_its_share_once_for_what_it_counts)
{
    world_begin();
    world_submit_all(3);
    world_close(2);
    uint64_t t = ska_task_time(world.task);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    ck_assert_answer(ask_share(4, 0, t), 400, "batchMismatch");
    ck_assert_answer(ask_share(3, 1, t), 400, "batchMismatch");
    ck_assert_answer(ask_share(3, 0, t + 1), 400, "batchInvalid");
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    struct got first = ask_share(3, 0, t);
    struct got again = ask_share(3, 0, t);
    ck_assert_uint_eq(first.status, 201);
    ck_assert_uint_eq(again.status, 201);
    ck_assert_uint_eq(first.len, again.len);
    ck_assert_mem_eq(first.body, again.body, first.len); /* not sealed a second time */
    ck_assert_answer(ask_share(4, 0, t), 400, "batchOverlap");
    struct got read =
        world_request(HELPER, ROUTE_AGGREGATE_SHARE_GET, first.location, (struct ska_slice){0});
    ck_assert_uint_eq(read.status, 200);
    ck_assert_mem_eq(read.body, first.body, first.len);
    ck_assert_answer(
        world_request(HELPER, ROUTE_AGGREGATE_SHARE_DELETE, first.location, (struct ska_slice){0}),
        200, "");
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 4), 409, "SKA_E_STATE"); /* the helper's */
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
    world_check_totals(3, 3, 3); /* the leader still gets it: same request, same share */
    free(first.body);
    free(again.body);
    free(read.body);
    world_end();
}
END_TEST

/* From now on all is about this revision of the period. */
static void turn_to_revision(uint32_t revision)
{
    struct ska_parameters p;
    struct ska_error err = {0};
    struct ska_signed_parameters s;
    world_proposed(&s);
    need(ska_parameters_decode(&p, s.parameters, &err), err.text);
    p.revision = revision;
    world_sign(&p);
    ska_parameters_clear(&p);
}

START_TEST(one_revision_of_a_period_is_collected)
{
    world_begin();
    turn_to_revision(1);
    world_open();
    world_submit_all(3);
    world_close(2);
    turn_to_revision(0);
    world_submit_all(4);
    world_close(2);
    world_check_totals(4, 4, 6);
    turn_to_revision(1); /* its totals would leave contributor 3's: 4 - 3 and 6 - 3 */
    uint64_t t = ska_task_time(world.task);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    ck_assert_answer(collect_query(1, t, 1, 0, 0), 400, "batchOverlap");
    ck_assert_answer(ask_share(3, 0, t), 400, "batchOverlap"); /* the helper by itself */
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    turn_to_revision(2);
    ck_assert_answer(world_propose(), 409, "SKA_E_STATE");
    world_end();
}
END_TEST

START_TEST(helper_gives_no_share_of_too_few)
{
    world_begin();
    world_submit_all(2);
    world_close(2);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    ck_assert_answer(ask_share(2, 0, ska_task_time(world.task)), 400, "invalidBatchSize");
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    world_end();
}
END_TEST

/* Whether any output share of the task is in a server's database, which nobody has open. */
static bool has_outputs(int who)
{
    struct party *p = &world.party[who];
    struct store *store = NULL;
    struct store_task task;
    struct ska_error err = {0};
    need(store_open(&store, p->config.database, p->config.role, p->signing.public_key, &err),
         err.text);
    need(store_task_find(&task, store, world.task->context.task_id), "task");
    bool found = false;
    for (uint32_t i = 0; i < 3; i++) {
        struct store_report r;
        uint8_t *share = NULL;
        size_t len = 0;
        need(store_report_find_number(&r, store, task.id, i, 1), "report");
        found |= store_output_get(&share, &len, store, r.id) == SKA_OK;
        free(share);
    }
    store_close(store);
    return found;
}

START_TEST(output_shares_are_deleted_once_collected)
{
    world_begin();
    world_submit_all(3);
    world_close(2);
    for (int collected = 0; collected < 2; collected++) {
        for (int who = 0; who < 2; who++) {
            world_kill(who);
            ck_assert(has_outputs(who) == (collected == 0));
        }
        world_start(HELPER);
        world_start(LEADER);
        world_check_totals(3, 3, 3);
    }
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_collect");
    TCase *tc = tcase_create("collect");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, collection_is_of_the_one_batch_once_closed);
    tcase_add_test(tc, nobody_collects_before_the_publisher_says_so);
    tcase_add_test(tc, reopening_is_refused_while_the_job_is_under_way);
    tcase_add_test(tc, collection_job_can_be_read_and_survives_its_deletion);
    tcase_add_test(tc, fewer_than_the_parameters_demand_are_not_collected);
    tcase_add_loop_test(tc, a_group_is_not_summed_where_one_alone_is_left_beside_it, 0, 2);
    tcase_add_test(tc, helper_gives_its_share_once_for_what_it_counts);
    tcase_add_test(tc, one_revision_of_a_period_is_collected);
    tcase_add_test(tc, helper_gives_no_share_of_too_few);
    tcase_add_test(tc, output_shares_are_deleted_once_collected);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
