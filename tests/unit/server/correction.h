/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * correction.h - a collected period of world.h, and corrections of it.
 *
 * The rules of protocol/revision.h can be switched off in either server: its process then takes
 * every verdict for a good one (the program is linked with --wrap for both). That is how the
 * attacks that the rules stop are shown, and that each server stops them by itself.
 */
#ifndef SKA_TESTS_UNIT_SERVER_CORRECTION_H
#define SKA_TESTS_UNIT_SERVER_CORRECTION_H

#include "protocol/revision.h"

#include "tests/unit/server/world_report.h"

static bool is_off[2];

enum ska_status __real_ska_changes_judge(const struct ska_change_tally *tally,
                                         struct ska_error *err);
enum ska_status __wrap_ska_changes_judge(const struct ska_change_tally *tally,
                                         struct ska_error *err);
enum ska_status __wrap_ska_changes_judge(const struct ska_change_tally *tally,
                                         struct ska_error *err)
{
    return is_off[world.starting] ? SKA_OK : __real_ska_changes_judge(tally, err);
}

enum ska_status __real_ska_passed_judge(const struct ska_passed *row, struct ska_error *err);
enum ska_status __wrap_ska_passed_judge(const struct ska_passed *row, struct ska_error *err);
enum ska_status __wrap_ska_passed_judge(const struct ska_passed *row, struct ska_error *err)
{
    return is_off[world.starting] ? SKA_OK : __real_ska_passed_judge(row, err);
}

enum ska_status __real_ska_passed_judge_back(struct ska_change_tally *tally,
                                             const uint32_t *n_differ,
                                             const struct ska_accepted *before,
                                             const struct ska_accepted *corrected,
                                             const struct ska_accepted *now, struct ska_error *err);
enum ska_status __wrap_ska_passed_judge_back(struct ska_change_tally *tally,
                                             const uint32_t *n_differ,
                                             const struct ska_accepted *then,
                                             const struct ska_accepted *corrected,
                                             const struct ska_accepted *now, struct ska_error *err);
enum ska_status __wrap_ska_passed_judge_back(struct ska_change_tally *tally,
                                             const uint32_t *n_differ,
                                             const struct ska_accepted *then,
                                             const struct ska_accepted *corrected,
                                             const struct ska_accepted *now, struct ska_error *err)
{
    return is_off[world.starting]
               ? SKA_OK
               : __real_ska_passed_judge_back(tally, n_differ, then, corrected, now, err);
}

/* --- two revisions --- */

static uint64_t before[N_CONTRIBUTORS][3];
static ska_scalar blindings[N_CONTRIBUTORS][3];
static uint8_t points[N_CONTRIBUTORS][2][3 * SKA_POINT_BYTES];
static struct ska_earlier earlier[N_CONTRIBUTORS];
static struct ska_parameters next; /* of the correction; its pointers are world.task's */

/* What a contributor of the period is compared with in the next, from the leader. */
static inline void fetch_earlier(uint32_t contributor)
{
    char name[16];
    (void)snprintf(name, sizeof name, "%u", (unsigned)contributor);
    struct got got = world_request(LEADER, ROUTE_PUBLIC_SHARE, name, (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 200);
    struct ska_earlier e;
    need(ska_revision_earlier(&e, world.task, (struct ska_slice){got.body + 16, got.len - 16}),
         "earlier");
    memcpy(points[contributor][0], e.v1, 2 * SKA_POINT_BYTES);
    memcpy(points[contributor][1], e.v2, 2 * SKA_POINT_BYTES);
    earlier[contributor] = (struct ska_earlier){points[contributor][0], points[contributor][1]};
    free(got.body);
}

/* The period, collected; then a correction of it, ready to be proposed. */
static inline void collect_first(void)
{
    world_begin();
    uint64_t sum[2] = {0};
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        struct submission s = {
            .contributor = i, .number = 1, .counts = {2 + i, 10 * i}, .blindings = blindings[i]};
        memcpy(before[i], s.counts, sizeof s.counts);
        for (int k = 0; k < 2; k++)
            sum[k] += s.counts[k];
        ck_assert_uint_eq(world_submit(&s), 0);
        ck_assert_uint_eq(world_decided(i, 1), 0);
    }
    world_close(2);
    world_check_totals(N_CONTRIBUTORS, sum[0], sum[1]);
}

static inline void prepare_next(void)
{
    struct ska_error err = {0};
    ska_parameters_clear(&next);
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        fetch_earlier(i);
    need(ska_parameters_decode(
             &next, (struct ska_slice){world.task->encoded, world.task->encoded_len}, &err),
         err.text);
    next.revision++;
    next.previous.exists = true;
    memcpy(next.previous.task_id, world.task->context.task_id, 32);
    world_list_hash(next.previous.accepted_hash);
}

static inline void collected_once(void)
{
    memset(earlier, 0, sizeof earlier);
    collect_first();
    prepare_next();
}

/* Contributors submit to the open correction: add[i] to the first count, and the flag that tells
 * it; a negative one submits nothing. Then it closes. */
static inline void submit_changes(const int add[N_CONTRIBUTORS])
{
    static ska_scalar fresh[N_CONTRIBUTORS][3];
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        if (add[i] < 0)
            continue;
        struct submission s = {
            .contributor = i,
            .number = 1,
            .counts = {before[i][0] + (uint64_t)add[i], before[i][1], add[i] > 0 ? 1 : 0},
            .earlier_counts = before[i],
            .earlier_blindings = blindings[i],
            .blindings = fresh[i],
            .earlier = earlier};
        ck_assert_uint_eq(world_submit(&s), 0);
        ck_assert_uint_eq(world_decided(i, 1), 0);
        memcpy(before[i], s.counts, sizeof s.counts);
    }
    memcpy(blindings, fresh, sizeof fresh);
    world_close(2);
}

/* A correction is proposed, opened, handed in and closed. */
static inline void correct(const int add[N_CONTRIBUTORS])
{
    world_sign(&next);
    world_open();
    submit_changes(add);
}

static inline struct got ask_collection(void)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    return world_request(LEADER, ROUTE_COLLECTION_JOBS, "", (struct ska_slice){q.data, q.len});
}

/* Neither server gives a share, now or later. */
static inline void check_refused(void)
{
    ck_assert_answer(ask_collection(), 409, "SKA_E_STATE");
    ck_assert_answer(world_request(LEADER, ROUTE_CHANGES, "", (struct ska_slice){0}), 409,
                     "SKA_E_STATE");
    ck_assert_answer(world_control(SKA_CONTROL_REOPEN, 9), 409, "SKA_E_STATE");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
}

static inline void correction_teardown(void)
{
    ska_parameters_clear(&next);
    is_off[LEADER] = is_off[HELPER] = false;
}

#endif
