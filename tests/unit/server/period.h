/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * period.h - a whole period in world.h that insists: whoever is dead is started again, whatever is
 * not answered is repeated, until all is collected and every acknowledged submission is in it.
 */
#ifndef SKA_TESTS_PERIOD_H
#define SKA_TESTS_PERIOD_H

#include "tests/unit/server/world_report.h"

#define ROUNDS 2u /* submissions of each contributor */

static inline void revive(void)
{
    for (int who = 1; who >= 0; who--)
        if (world.party[who].pid == 0)
            world_start(who);
}

/* Repeat a request until it is answered with one of 200 and 201. */
static inline void insist(struct got (*request)(void))
{
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    for (;;) {
        revive();
        struct got got = request();
        bool later = got.status == 0 || got.status == 202 || got.status == 503;
        ck_assert_msg(later || got.status == 200 || got.status == 201, "got %u %.*s", got.status,
                      got.media == MEDIA_PROBLEM ? (int)got.len : 0,
                      got.body == NULL ? "" : (const char *)got.body);
        free(got.body);
        if (!later)
            return;
        ck_assert_msg(aggregator_now_ms() < until, "no end");
        world_run(2);
    }
}

static inline struct got open_it(void)
{
    return world_control(SKA_CONTROL_OPEN, 1);
}

static inline struct got close_it(void)
{
    return world_control(SKA_CONTROL_CLOSE, 2);
}

static struct ska_writer reports[ROUNDS][N_CONTRIBUTORS];

static inline void make_reports(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
            struct submission s = {
                .contributor = i, .number = round + 1, .counts = {round + 1, i * (round + 1)}};
            reports[round][i] = (struct ska_writer){0};
            world_report(&reports[round][i], &s);
        }
}

/* Upload until it is acknowledged. */
static inline void submit_report(const struct ska_writer *w)
{
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    for (;;) {
        revive();
        uint8_t error = world_upload_bytes(w);
        if (error == 0)
            return;
        ck_assert_msg(error == 255, "refused: %s", ska_report_error_name(error));
        ck_assert_msg(aggregator_now_ms() < until, "no end");
    }
}

/* Every acknowledged submission has its receipt, whatever died meanwhile. */
static inline void check_receipts(void)
{
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        size_t n = 0;
        struct ska_submission_status *list = world_submissions(&n, i);
        ck_assert_uint_eq(n, ROUNDS);
        for (size_t j = 0; j < n; j++)
            ck_assert_int_eq(list[j].state, SKA_SUBMISSION_ACCEPTED);
        free(list);
    }
}

static inline void whole_period(void)
{
    world.revive = revive;
    revive();
    insist(world_propose);
    insist(open_it);
    if (world.opened != NULL)
        world.opened();
    make_reports();
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
            submit_report(&reports[round][i]);
    insist(close_it);
    insist(world_release);
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    struct got got = {0};
    while (got.len == 0 || got.status != 201) {
        revive();
        free(got.body);
        got = world_request(LEADER, ROUTE_COLLECTION_JOBS, "", (struct ska_slice){q.data, q.len});
    }
    free(got.body);
    world.kill_whom = -1;
    if (world.settled != NULL)
        world.settled();
    revive();
    check_receipts();
    world_check_totals(N_CONTRIBUTORS, ROUNDS * N_CONTRIBUTORS,
                       ROUNDS * N_CONTRIBUTORS * (N_CONTRIBUTORS - 1) / 2);
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
            ska_writer_clear(&reports[round][i]);
}

/* Kill `whom` at frame 1, at frame 2, ... until a period ends before its turn comes. */
static inline void kill_at_every_step(int whom, void (*in_child)(void))
{
    size_t k = 1;
    for (bool killed = true; killed; k++) {
        world_make(NULL);
        world.kill_whom = whom;
        world.kill_at = k;
        world.in_child = in_child;
        whole_period();
        killed = world.steps >= k;
        world_end();
    }
    printf("%s was killed at each of %zu frames\n", whom == LEADER ? "leader" : "helper", k - 2);
    ck_assert_uint_gt(k, 20); /* open, uploads, jobs, close, collection have passed */
}

#endif
