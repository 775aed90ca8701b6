/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_aggregator_crash.c - the helper answers wrongly, late or not at all; either server is killed
 * between any two frames, or at any moment: nothing acknowledged is lost, nothing is counted twice.
 *
 * SKARVA_CRASHES=N sets how many random kills are made (default 50).
 */
#include "tests/unit/server/period.h"

/* --- a helper that does not answer well --- */

static const struct {
    const char *name;
    enum mishap mishap;
    enum route route;
} mishaps[] = {
    {"job request lost", LOSE_REQUEST, ROUTE_AGGREGATION_JOBS},
    {"job answer lost", LOSE_ANSWER, ROUTE_AGGREGATION_JOBS},
    {"job answer damaged", DAMAGE_ANSWER, ROUTE_AGGREGATION_JOBS},
    {"job answer cut", CUT_ANSWER, ROUTE_AGGREGATION_JOBS},
    {"job answer empty", EMPTY_ANSWER, ROUTE_AGGREGATION_JOBS},
    {"job refused", REFUSE_REQUEST, ROUTE_AGGREGATION_JOBS},
    {"job failed", FAIL_REQUEST, ROUTE_AGGREGATION_JOBS},
    {"close request lost", LOSE_REQUEST, ROUTE_CONTROL},
    {"close answer lost", LOSE_ANSWER, ROUTE_CONTROL},
    {"close answer damaged", DAMAGE_ANSWER, ROUTE_CONTROL},
    {"close answer cut", CUT_ANSWER, ROUTE_CONTROL},
    {"close answer empty", EMPTY_ANSWER, ROUTE_CONTROL},
    {"close failed", FAIL_REQUEST, ROUTE_CONTROL},
    {"share request lost", LOSE_REQUEST, ROUTE_AGGREGATE_SHARES},
    {"share answer lost", LOSE_ANSWER, ROUTE_AGGREGATE_SHARES},
    {"share answer cut", CUT_ANSWER, ROUTE_AGGREGATE_SHARES},
    {"share answer empty", EMPTY_ANSWER, ROUTE_AGGREGATE_SHARES},
    {"share failed", FAIL_REQUEST, ROUTE_AGGREGATE_SHARES},
};

START_TEST(mishap_between_the_servers_loses_nothing)
{
    world_begin();
    world.mishap = mishaps[_i].mishap;
    world.mishap_route = mishaps[_i].route;
    world.mishaps = 3;
    for (uint32_t i = 0; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, i}};
        ck_assert_uint_eq(world_submit(&s), 0);
        ck_assert_uint_eq(world_decided(i, 1), 0);
    }
    world_close(2);
    world_check_totals(3, 3, 3);
    ck_assert_msg(world.happened == 3, "%s happened %u times", mishaps[_i].name, world.happened);
    world_end();
}
END_TEST

/* Until the answer is neither "later" nor "busy". */
static struct got close_answer(void)
{
    struct got got = {.status = 202};
    while (got.status == 202 || got.status == 503) {
        free(got.body);
        got = world_control(SKA_CONTROL_CLOSE, 2);
    }
    return got;
}

START_TEST(refusal_by_the_helper_is_told_and_the_same_request_goes_through_later)
{
    world_begin();
    for (uint32_t i = 0; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, i}};
        ck_assert_uint_eq(world_submit(&s), 0);
        ck_assert_uint_eq(world_decided(i, 1), 0);
    }
    world.mishap = REFUSE_REQUEST;
    world.mishap_route = ROUTE_CONTROL;
    world.mishaps = 1;
    ck_assert_answer(close_answer(), 400, "the other server answered 400");
    world.refusal = SKA_PROBLEM_BATCH_MISMATCH;
    world.mishaps = 1;
    ck_assert_answer(close_answer(), 409, "batchMismatch");
    world.refusal = SKA_PROBLEM_UNRECOGNIZED_TASK;
    world.mishaps = 1;
    ck_assert_answer(close_answer(), 409, "unrecognizedTask");
    world.refusal = SKA_PROBLEM_NONE;
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSING);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    world_close(2);
    world.mishap_route = ROUTE_AGGREGATE_SHARES;
    world.mishaps = 1;
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    struct got got = world_collect((struct ska_slice){q.data, q.len});
    ck_assert_answer(got, 400, "the other server answered 400");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    world_check_totals(3, 3, 3);
    ck_assert_uint_eq(world.happened, 4);
    world_end();
}
END_TEST

START_TEST(opening_goes_on_after_a_mishap)
{
    static const struct {
        enum mishap mishap;
        enum route route;
    } cases[] = {{LOSE_REQUEST, ROUTE_PARAMETERS_PUT},
                 {LOSE_ANSWER, ROUTE_PARAMETERS_PUT},
                 {DAMAGE_ANSWER, ROUTE_PARAMETERS_PUT},
                 {LOSE_REQUEST, ROUTE_CONTROL},
                 {LOSE_ANSWER, ROUTE_CONTROL}};
    for (size_t i = 0; i < N_OF(cases); i++) {
        world_start_both(NULL);
        world.mishap = cases[i].mishap;
        world.mishap_route = cases[i].route;
        world.mishaps = 1;
        bool at_parameters = cases[i].route == ROUTE_PARAMETERS_PUT;
        ck_assert_answer(world_propose(), at_parameters ? 503 : 200,
                         at_parameters ? "SKA_E_PEER" : "");
        if (at_parameters)
            ck_assert_answer(world_propose(), 200, "");
        else
            ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 503, "SKA_E_PEER");
        ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 200, "");
        ck_assert_int_eq(world_state(LEADER), SKA_TASK_OPEN);
        ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
        world_end();
    }
}
END_TEST

START_TEST(helper_that_is_away_is_waited_for)
{
    world_begin();
    world.helper_down = true;
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, i}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    world_run(300);
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        size_t n = 0;
        struct ska_submission_status *list = world_submissions(&n, i);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(list[0].state, SKA_SUBMISSION_PENDING);
        free(list);
    }
    world.helper_down = false;
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    world_close(2);
    world_check_totals(4, 4, 6);
    world_end();
}
END_TEST

START_TEST(older_submission_reaches_the_helper_before_a_newer)
{
    world_make(NULL);
    world.party[LEADER].config.retry_min_ms = 300;
    world.party[LEADER].config.retry_max_ms = 300;
    world_start(HELPER);
    world_start(LEADER);
    world_open();
    world.mishap = LOSE_REQUEST;
    world.mishap_route = ROUTE_AGGREGATION_JOBS;
    world.mishaps = 1;
    for (uint64_t number = 1; number <= 2; number++) {
        struct submission s = {.number = number, .counts = {1, 1}};
        ck_assert_uint_eq(world_submit(&s), 0);
        world_run(50); /* the first has its mishap and waits to be repeated */
    }
    ck_assert_uint_eq(world.happened, 1);
    ck_assert_uint_eq(world_decided(0, 1), 0);
    ck_assert_uint_eq(world_decided(0, 2), 0);
    world_end();
}
END_TEST

/* --- whole periods in which somebody dies --- */

START_TEST(leader_killed_at_any_frame_loses_nothing)
{
    kill_at_every_step(LEADER, NULL);
}
END_TEST

START_TEST(helper_killed_at_any_frame_loses_nothing)
{
    kill_at_every_step(HELPER, NULL);
}
END_TEST

static volatile sig_atomic_t n_killed;

static void on_alarm(int number)
{
    (void)number;
    for (int who = 0; who < 2; who++)
        if (world.kill_whom == who && world.party[who].pid > 0 &&
            kill(world.party[who].pid, SIGKILL) == 0) /* at this very moment */
            n_killed++;
}

static void arm(unsigned us)
{
    struct itimerval t = {.it_value = {0, (suseconds_t)us}};
    (void)setitimer(ITIMER_REAL, &t, NULL);
}

static int crashes_wanted(void)
{
    const char *wanted = getenv("SKARVA_CRASHES");
    return wanted != NULL ? (int)strtoul(wanted, NULL, 10) : 50;
}

/* A period may be over before its kill comes: it is not counted, and another one is run. */
START_TEST(kill_at_any_moment_loses_nothing)
{
    test_seed("kill_at_any_moment_loses_nothing");
    int crashes = crashes_wanted(), periods = 0;
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    (void)sigaction(SIGALRM, &action, NULL);
    for (n_killed = 0; n_killed < crashes; periods++) {
        ck_assert_msg(periods < 20 * crashes, "only %d kills in %d periods", (int)n_killed,
                      periods);
        world_make(NULL);
        world.may_die = true;
        world.kill_whom = (int)(test_random() % 2);
        world.kill_at = SIZE_MAX;
        revive();
        arm(500 + (unsigned)(test_random() % 60000));
        whole_period();
        arm(0);
        world_end();
    }
    printf("a server was killed at each of %d random moments, in %d periods\n", (int)n_killed,
           periods);
    ck_assert_int_ge(n_killed, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_crash");
    TCase *tc = tcase_create("crash");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, mishap_between_the_servers_loses_nothing, 0, (int)N_OF(mishaps));
    tcase_add_test(tc, refusal_by_the_helper_is_told_and_the_same_request_goes_through_later);
    tcase_add_test(tc, opening_goes_on_after_a_mishap);
    tcase_add_test(tc, helper_that_is_away_is_waited_for);
    tcase_add_test(tc, older_submission_reaches_the_helper_before_a_newer);
    tcase_add_test(tc, leader_killed_at_any_frame_loses_nothing);
    tcase_add_test(tc, helper_killed_at_any_frame_loses_nothing);
    suite_add_tcase(suite, tc);
    TCase *random = tcase_create("random"); /* a fifth of a second each on an idle machine */
    tcase_set_timeout(random, 120 + 4 * crashes_wanted());
    tcase_add_test(random, kill_at_any_moment_loses_nothing);
    suite_add_tcase(suite, random);
    return test_run(suite);
}
