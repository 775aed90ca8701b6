/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_aggregator_fronts.c - a leader's aggregator with three fronts, all played by the test: each
 * gets its own answers, the first alone calls the helper, and only together they end it.
 */
#define _GNU_SOURCE /* mkdtemp */
#include "tests/unit/server/world_request.h"

#define FRONTS 3

static int fronts[FRONTS];
static pid_t pid;

static void start(void)
{
    int here[FRONTS], there[FRONTS];
    world_make(NULL);
    for (size_t i = 0; i < FRONTS; i++) {
        int pair[2];
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        here[i] = pair[0];
        there[i] = pair[1];
    }
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct aggregator *a = NULL;
        struct ska_error err = {0};
        for (size_t i = 0; i < FRONTS; i++)
            (void)close(here[i]);
        if (aggregator_open(&a, &world.party[LEADER].config, &err) != SKA_OK)
            _exit(3);
        int result = aggregator_run(a, there, FRONTS);
        aggregator_free(a);
        _exit(world_leaks() ? 4 : result);
    }
    for (size_t i = 0; i < FRONTS; i++) {
        const struct timeval wait = {.tv_sec = WAIT_MS / 1000};
        (void)close(there[i]);
        ck_assert_int_eq(setsockopt(here[i], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
        fronts[i] = here[i];
    }
}

static void end(void)
{
    for (size_t i = 0; i < FRONTS; i++)
        (void)close(fronts[i]);
    if (pid > 0) {
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
    }
    pid = 0;
    world_end();
}

static int end_of_aggregator(void)
{
    int how = 0;
    ck_assert_int_eq(waitpid(pid, &how, 0), pid);
    pid = 0;
    ck_assert(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static void put(int front, struct ska_writer *w)
{
    need(ska_writer_status(w), "frame");
    ck_assert_int_eq(send(fronts[front], w->data, w->len, MSG_NOSIGNAL), (ssize_t)w->len);
    ska_writer_clear(w);
}

static void ask(int front, uint32_t id, enum route route, struct ska_slice body)
{
    struct ska_writer w = {0};
    struct ipc_request m = {.route = route, .body = body};
    memcpy(m.task_id, world.task->context.task_id, 32);
    ipc_write_request(&w, id, &m);
    put(front, &w);
}

static void drain(int front)
{
    struct ska_writer w = {0};
    ipc_write_empty(&w, 0, IPC_DRAIN);
    put(front, &w);
}

/* The next frame to a front must be this. Returns an answer's status. */
static uint16_t expect(int front, enum ipc_type want, uint32_t *id)
{
    static uint8_t payload[1 << 16];
    uint8_t header[IPC_HEADER_BYTES], type = 0;
    uint32_t len = 0;
    struct ipc_answer answer = {0};
    ck_assert_int_eq(recv(fronts[front], header, sizeof header, MSG_WAITALL), sizeof header);
    need(ipc_read_header(&len, &type, id, header), "header");
    ck_assert_uint_le(len, sizeof payload);
    ck_assert_int_eq(recv(fronts[front], payload, len, MSG_WAITALL), (ssize_t)len);
    ck_assert_int_eq(type, want);
    if (want == IPC_ANSWER)
        need(ipc_read_answer(&answer, (struct ska_slice){payload, len}), "answer");
    return answer.status;
}

static void expect_answer(int front, uint32_t want_id)
{
    uint32_t id = 0;
    ck_assert_uint_eq(expect(front, IPC_ANSWER, &id), 200);
    ck_assert_uint_eq(id, want_id);
}

static void expect_silence(int front)
{
    uint8_t byte;
    ck_assert_int_eq(recv(fronts[front], &byte, 1, MSG_DONTWAIT), -1);
    ck_assert_int_eq(errno, EAGAIN);
}

/* Propose parameters: what the leader asks of the helper waits at the first front. */
static uint32_t propose(int front, uint32_t id)
{
    uint32_t fetch_id = 0;
    ask(front, id, ROUTE_PARAMETERS_PUT,
        (struct ska_slice){world.parameters, world.parameters_len});
    (void)expect(0, IPC_FETCH, &fetch_id);
    return fetch_id;
}

static void refuse(int front, uint32_t fetch_id)
{
    struct ska_writer w = {0};
    const struct ipc_fetched m = {.status = 403};
    ipc_write_fetched(&w, fetch_id, &m);
    put(front, &w);
}

/* Every front counts its ids from 1: the same id is open at all of them. */
START_TEST(each_front_gets_its_own_answers)
{
    uint32_t id = 0;
    uint32_t fetch_id = propose(2, 7);
    for (int front = 0; front < 2; front++) {
        ask(front, 7, ROUTE_HPKE_CONFIG, (struct ska_slice){0});
        expect_answer(front, 7);
    }
    expect_silence(2);
    refuse(0, fetch_id);
    ck_assert_uint_ne(expect(2, IPC_ANSWER, &id), 200);
    ck_assert_uint_eq(id, 7);
    expect_silence(0);
    expect_silence(1);
}
END_TEST

/* A client of one front went away; the request with the same id at another goes on. */
START_TEST(closing_at_one_front_leaves_the_others_requests)
{
    uint32_t id = 0;
    uint32_t fetch_id = propose(2, 7);
    struct ska_writer w = {0};
    ipc_write_empty(&w, 7, IPC_CLOSED);
    put(1, &w);
    ask(1, 8, ROUTE_HPKE_CONFIG, (struct ska_slice){0});
    expect_answer(1, 8);
    refuse(0, fetch_id);
    (void)expect(2, IPC_ANSWER, &id);
    ck_assert_uint_eq(id, 7);
}
END_TEST

START_TEST(answer_of_the_helper_from_another_front_ends_it)
{
    uint32_t fetch_id = propose(1, 7);
    refuse(1, fetch_id);
    ck_assert_int_eq(end_of_aggregator(), 1);
}
END_TEST

START_TEST(an_id_open_twice_at_one_front_ends_it)
{
    (void)propose(1, 7);
    ask(1, 7, ROUTE_HPKE_CONFIG, (struct ska_slice){0});
    ck_assert_int_eq(end_of_aggregator(), 1);
}
END_TEST

START_TEST(draining_ends_when_all_fronts_drain)
{
    drain(1);
    drain(0);
    ask(2, 1, ROUTE_HPKE_CONFIG, (struct ska_slice){0}); /* it has not heard of it yet */
    expect_answer(2, 1);
    ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
    drain(2);
    ck_assert_int_eq(end_of_aggregator(), 0);
}
END_TEST

START_TEST(request_after_the_same_fronts_drain_ends_it)
{
    drain(1);
    ask(1, 1, ROUTE_HPKE_CONFIG, (struct ska_slice){0});
    ck_assert_int_eq(end_of_aggregator(), 1);
}
END_TEST

START_TEST(loss_of_any_front_ends_it)
{
    ck_assert_int_eq(shutdown(fronts[_i], SHUT_WR), 0);
    ck_assert_int_eq(end_of_aggregator(), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_fronts");
    TCase *tests = tcase_create("fronts");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, start, end);
    tcase_add_test(tests, each_front_gets_its_own_answers);
    tcase_add_test(tests, closing_at_one_front_leaves_the_others_requests);
    tcase_add_test(tests, answer_of_the_helper_from_another_front_ends_it);
    tcase_add_test(tests, an_id_open_twice_at_one_front_ends_it);
    tcase_add_test(tests, draining_ends_when_all_fronts_drain);
    tcase_add_test(tests, request_after_the_same_fronts_drain_ends_it);
    tcase_add_loop_test(tests, loss_of_any_front_ends_it, 0, FRONTS);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
