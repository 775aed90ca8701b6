/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front.c - what the front process passes on, answers itself, refuses and limits, and its
 * ends. */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "tests/unit/server/front_kit.h"

START_TEST(request_reaches_the_aggregator_and_its_answer_the_client)
{
    start();
    SSL *ssl = client(stranger, UPLOAD);
    uint32_t id = 0;
    struct ipc_request m = take_request(&id);
    ck_assert_int_eq(m.route, ROUTE_REPORTS);
    ck_assert(!m.peer);
    ck_assert_uint_eq(m.task_id[0], 0xf0);
    ck_assert_str_eq(m.name, "");
    ck_assert_uint_eq(m.body.len, 5);
    ck_assert_mem_eq(m.body.data, "hello", 5);
    struct ipc_answer a = {.status = 202,
                           .media = MEDIA_UPLOAD_ERRORS,
                           .location = JOB,
                           .retry_after_s = 7,
                           .body = {(const uint8_t *)"world", 5}};
    struct ska_writer w = {0};
    ipc_write_answer(&w, id, &a);
    give(&w);
    expect_answer(ssl, "202", "\r\n\r\nworld");
    ck_assert_ptr_nonnull(
        strstr(answer, "\r\nLocation: https://leader.example/tasks/" TASK "/reports/" JOB "\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, "\r\nRetry-After: 7\r\n"));
    ck_assert_ptr_nonnull(
        strstr(answer, "\r\nContent-Type: application/ppm-dap;message=upload-errors\r\n"));
    ck_assert_ptr_null(strstr(answer, "Connection: close"));
    kit_close(ssl);
}
END_TEST

START_TEST(only_the_peers_certificate_makes_a_peer)
{
    static const char request[] = "GET /hpke_config HTTP/1.1\r\nHost: a\r\n\r\n";
    start();
    uint32_t id = 0;
    SSL *ssl = client(peer_client, request);
    ck_assert(take_request(&id).peer);
    kit_close(ssl);
    uint32_t closed = 0;
    (void)take(IPC_CLOSED, &closed);
    SSL_CTX *misnamed = kit_context(TLS_client_method(), folder, "misnamed");
    ssl = client(misnamed, request);
    ck_assert(!take_request(&id).peer);
    kit_close(ssl);
    SSL_CTX_free(misnamed);
    (void)take(IPC_CLOSED, &closed);
    static const char *const bad[] = {"stranger", "expired"};
    for (size_t i = 0; i < N_OF(bad); i++) {
        SSL_CTX *context = kit_context(TLS_client_method(), folder, bad[i]);
        SSL *refused = kit_connect(context, port); /* TLS 1.3 tells the client later */
        if (refused != NULL) {
            (void)SSL_write(refused, request, (int)strlen(request));
            ck_assert_int_le(SSL_read(refused, answer, sizeof answer), 0);
            kit_close(refused);
        }
        SSL_CTX_free(context);
    }
    ck_assert(nothing_comes());
}
END_TEST

START_TEST(client_that_leaves_is_told_and_its_late_answer_passed_over)
{
    start();
    uint32_t id = 0;
    uint32_t closed = 0;
    SSL *ssl = client(stranger, UPLOAD);
    (void)take_request(&id);
    kit_close(ssl);
    (void)take(IPC_CLOSED, &closed);
    ck_assert_uint_eq(closed, id);
    give_answer(id, 200, "late");
    ssl = client(stranger, STATUS);
    uint32_t next = 0;
    (void)take_request(&next);
    ck_assert_uint_ne(next, id);
    give_answer(next, 200, "right");
    expect_answer(ssl, "200", "\r\n\r\nright");
    kit_close(ssl);
}
END_TEST

START_TEST(late_answer_never_reaches_a_later_client)
{
    start();
    uint32_t first = 0;
    uint32_t id = 0;
    uint32_t closed = 0;
    SSL *ssl = client(stranger, STATUS);
    (void)take_request(&first);
    kit_close(ssl);
    (void)take(IPC_CLOSED, &closed);
    ssl = client(stranger, STATUS);
    for (int i = 0; i < 40; i++) { /* far more than front has places for open requests */
        (void)take_request(&id);
        ck_assert_uint_ne(id, first);
        give_answer(first, 200, "late");
        give_answer(id, 200, "right");
        expect_answer(ssl, "200", "\r\n\r\nright");
        kit_send(ssl, STATUS, strlen(STATUS));
    }
    kit_close(ssl);
}
END_TEST

START_TEST(answers_find_their_clients_in_any_order)
{
    start();
    SSL *ssl[3];
    uint32_t id[3];
    for (size_t i = 0; i < 3; i++) {
        ssl[i] = client(stranger, STATUS);
        (void)take_request(&id[i]);
    }
    give_answer(id[2], 200, "third");
    give_answer(id[0], 200, "first");
    give_answer(id[1], 200, "second");
    expect_answer(ssl[0], "200", "\r\n\r\nfirst");
    expect_answer(ssl[1], "200", "\r\n\r\nsecond");
    expect_answer(ssl[2], "200", "\r\n\r\nthird");
    for (size_t i = 0; i < 3; i++)
        kit_close(ssl[i]);
}
END_TEST

START_TEST(more_requests_than_allowed_are_turned_away_until_one_is_answered)
{
    start();
    SSL *ssl[3];
    uint32_t id[3];
    for (size_t i = 0; i < 3; i++) {
        ssl[i] = client(stranger, STATUS);
        (void)take_request(&id[i]);
    }
    SSL *fourth = client(stranger, UPLOAD);
    expect_answer(fourth, "503", "\r\nRetry-After: 1\r\n");
    ck_assert_ptr_nonnull(strstr(answer, "application/problem+json"));
    ck_assert(nothing_comes());
    give_answer(id[1], 200, "ok");
    expect_answer(ssl[1], "200", "ok");
    SSL *fifth = client(stranger, UPLOAD);
    uint32_t next = 0;
    (void)take_request(&next);
    give_answer(next, 200, "ok");
    expect_answer(fifth, "200", "ok");
    for (size_t i = 0; i < 3; i++)
        kit_close(ssl[i]);
    kit_close(fourth);
    kit_close(fifth);
}
END_TEST

START_TEST(address_has_its_share_of_connections_and_no_more)
{
    config.address_connections_max = 2;
    start();
    SSL *first = kit_connect_from(stranger, port, 2);
    SSL *second = kit_connect_from(stranger, port, 2);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_null(kit_connect_from(stranger, port, 2));
    SSL *other = kit_connect_from(stranger, port, 3);
    ck_assert_ptr_nonnull(other);
    SSL *own[4]; /* this machine itself is not limited */
    for (size_t i = 0; i < N_OF(own); i++) {
        own[i] = kit_connect(stranger, port);
        ck_assert_ptr_nonnull(own[i]);
    }
    kit_close(second);
    second = NULL;
    for (int tries = 0; second == NULL && tries < 100; tries++) {
        (void)usleep(10000); /* until front has seen the end of the other one */
        second = kit_connect_from(stranger, port, 2);
    }
    ck_assert_ptr_nonnull(second);
    for (size_t i = 0; i < N_OF(own); i++)
        kit_close(own[i]);
    kit_close(first);
    kit_close(second);
    kit_close(other);
}
END_TEST

/* Ask once more on a connection; 200 comes from the aggregator, 429 does not. */
static void ask_again(SSL *ssl, const char *want)
{
    kit_send(ssl, STATUS, strlen(STATUS));
    if (strcmp(want, "200") == 0) {
        uint32_t id = 0;
        (void)take_request(&id);
        give_answer(id, 200, "ok");
    }
    expect_answer(ssl, want, want[0] == '4' ? "\r\nRetry-After: 1\r\n" : "ok");
}

START_TEST(address_that_asks_too_fast_is_told_to_wait)
{
    config.address_requests_per_s = 1; /* 20 at once */
    start();
    SSL *ssl = kit_connect_from(stranger, port, 2);
    SSL *more = kit_connect_from(stranger, port, 2);
    SSL *other = kit_connect_from(stranger, port, 3);
    SSL *own = kit_connect(stranger, port);
    SSL *peer = kit_connect_from(peer_client, port, 2);
    for (int i = 0; i < 19; i++)
        ask_again(ssl, "200");
    ask_again(more, "200");
    kit_send(more, STATUS, strlen(STATUS));
    kit_send(more, STATUS, strlen(STATUS));
    (void)kit_receive(answer, sizeof answer, more, true); /* a second may have passed */
    expect_answer(more, "429", "\r\nRetry-After: 1\r\n");
    ask_again(other, "200");
    for (int i = 0; i < 25; i++)
        ask_again(own, "200");
    ask_again(peer, "200"); /* the other server, from the same address */
    (void)sleep(2);
    ask_again(ssl, "200"); /* on the connection it had */
    SSL *all[] = {ssl, more, other, own, peer};
    for (size_t i = 0; i < N_OF(all); i++)
        kit_close(all[i]);
}
END_TEST

/* Room for bodies is taken by bytes that came, not by lengths that were announced. */
START_TEST(announced_bodies_that_never_come_keep_nobody_out)
{
    config.upload_max = 64u << 20;
    start();
    char head[300];
    (void)snprintf(head, sizeof head,
                   "POST /tasks/" TASK "/reports HTTP/1.1\r\nHost: a\r\nContent-Type: "
                   "application/ppm-dap;message=upload-req\r\nContent-Length: %u\r\n\r\nabc",
                   64u << 20);
    SSL *silent[6];
    for (size_t i = 0; i < 6; i++)
        silent[i] = client(stranger, head);
    SSL *honest = client(stranger, UPLOAD);
    uint32_t id = 0;
    (void)take_request(&id);
    give_answer(id, 200, "ok");
    expect_answer(honest, "200", "ok");
    for (size_t i = 0; i < 6; i++)
        kit_close(silent[i]);
    kit_close(honest);
}
END_TEST

#define POST_HEAD "POST /tasks/" TASK "/reports HTTP/1.1\r\nHost: a\r\n"
#define POST_TYPE "Content-Type: application/ppm-dap;message=upload-req\r\n"

static const struct {
    const char *name, *request, *want;
} unpassed[] = {
    {"body over the limit", POST_HEAD POST_TYPE "Content-Length: 4194305\r\n\r\nx", "413"},
    {"200 MB", POST_HEAD POST_TYPE "Content-Length: 200000000\r\n\r\nx", "413"},
    {"length over 2^64", POST_HEAD POST_TYPE "Content-Length: 18446744073709551617\r\n\r\nx",
     "400"},
    {"negative length", POST_HEAD POST_TYPE "Content-Length: -1\r\n\r\nx", "400"},
    {"no length", POST_HEAD POST_TYPE "\r\n", "411"},
    {"chunks", POST_HEAD POST_TYPE "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", "411"},
    {"another media type", POST_HEAD "Content-Type: text/csv\r\nContent-Length: 1\r\n\r\nx", "415"},
    {"half a head", POST_HEAD, "408"},
    {"body short of a byte", POST_HEAD POST_TYPE "Content-Length: 6\r\n\r\nhello", "408"},
};

START_TEST(what_front_refuses_never_reaches_the_aggregator)
{
    config.header_timeout_ms = 300;
    config.request_timeout_ms = 300;
    start();
    SSL *ssl = client(stranger, unpassed[_i].request);
    ck_assert_uint_gt(kit_receive(answer, sizeof answer, ssl, true), 0);
    ck_assert_msg(strncmp(answer + 9, unpassed[_i].want, 3) == 0, "%s: got %.60s",
                  unpassed[_i].name, answer);
    ck_assert(nothing_comes());
    kit_close(ssl);
    uint32_t id = 0;
    ssl = client(stranger, UPLOAD); /* and it goes on serving */
    (void)take_request(&id);
    give_answer(id, 200, "ok");
    expect_answer(ssl, "200", "ok");
    kit_close(ssl);
}
END_TEST

START_TEST(body_in_pieces_and_a_long_answer_stay_whole)
{
    start();
    const size_t len = 3000000;
    char *request = malloc(len + 1000);
    ck_assert_ptr_nonnull(request);
    size_t head = (size_t)snprintf(request, 1000,
                                   "POST /tasks/" TASK "/reports HTTP/1.1\r\nHost: a\r\n"
                                   "Content-Type: application/ppm-dap;message=upload-req\r\n"
                                   "Content-Length: %zu\r\n\r\n",
                                   len);
    for (size_t i = 0; i < len; i++)
        request[head + i] = (char)('a' + i % 23);
    request[head + len] = '\0';
    SSL *ssl = kit_connect(stranger, port);
    ck_assert_ptr_nonnull(ssl);
    for (size_t at = 0; at < head + len;) {
        size_t n = at < 200 ? 1 : head + len - at < 60000 ? head + len - at : 60000;
        kit_send(ssl, request + at, n);
        at += n;
    }
    uint32_t id = 0;
    struct ipc_request m = take_request(&id);
    ck_assert_uint_eq(m.body.len, len);
    ck_assert_mem_eq(m.body.data, request + head, len);
    give_answer(id, 200, request + head);
    ck_assert_uint_gt(kit_receive(answer, sizeof answer, ssl, true), len);
    ck_assert_str_eq(strstr(answer, "\r\n\r\n") + 4, request + head);
    kit_close(ssl);
    free(request);
}
END_TEST

START_TEST(head_is_answered_without_body_and_connection_kept)
{
    start();
    SSL *ssl = client(stranger, "HEAD /hpke_config HTTP/1.1\r\nHost: a\r\n\r\n");
    uint32_t id = 0;
    ck_assert_int_eq(take_request(&id).route, ROUTE_HPKE_CONFIG);
    give_answer(id, 200, "body");
    (void)kit_receive(answer, sizeof answer, ssl, false);
    ck_assert_ptr_nonnull(strstr(answer, "Content-Length: 4\r\n"));
    ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    kit_send(ssl, STATUS, strlen(STATUS));
    (void)take_request(&id);
    give_answer(id, 200, "next");
    expect_answer(ssl, "200", "\r\n\r\nnext");
    kit_close(ssl);
}
END_TEST

START_TEST(waiting_client_is_told_to_go_on)
{
    start();
    SSL *ssl = client(stranger, "POST /tasks/" TASK "/reports HTTP/1.1\r\nHost: a\r\n"
                                "Content-Type: application/ppm-dap;message=upload-req\r\n"
                                "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    (void)kit_receive(answer, sizeof answer, ssl, false);
    ck_assert_str_eq(answer, "HTTP/1.1 100 Continue\r\n\r\n");
    kit_send(ssl, "hello", 5);
    uint32_t id = 0;
    (void)take_request(&id);
    give_answer(id, 200, "ok");
    expect_answer(ssl, "200", "ok");
    kit_close(ssl);
}
END_TEST

START_TEST(paths_lie_under_the_servers_own_path)
{
    (void)snprintf(config.own_url, sizeof config.own_url, "https://leader.example/a/b/");
    start();
    SSL *ssl = client(stranger, STATUS);
    expect_answer(ssl, "404", "problem");
    kit_close(ssl);
    ssl = client(stranger, "GET /a/b/hpke_config HTTP/1.1\r\nHost: a\r\n\r\n");
    uint32_t id = 0;
    ck_assert_int_eq(take_request(&id).route, ROUTE_HPKE_CONFIG);
    kit_close(ssl);
}
END_TEST

/* --- an aggregator that breaks the rules ------------------------------------------------------ */

static const struct {
    const char *name;
    uint8_t bytes[16];
    size_t len;
} hostile[] = {
    {"a request", {0, 0, 0, 5, IPC_REQUEST, 0, 0, 0, 1}, 9},
    {"a drain", {0, 0, 0, 5, IPC_DRAIN, 0, 0, 0, 1}, 9},
    {"a fetched", {0, 0, 0, 5, IPC_FETCHED, 0, 0, 0, 1}, 9},
    {"an unknown type", {0, 0, 0, 5, 9, 0, 0, 0, 1}, 9},
    {"an endless frame", {255, 255, 255, 255, IPC_ANSWER, 0, 0, 0, 1}, 9},
    {"an empty answer", {0, 0, 0, 5, IPC_ANSWER, 0, 0, 0, 1}, 9},
    {"an empty fetch", {0, 0, 0, 5, IPC_FETCH, 0, 0, 0, 1}, 9},
};

START_TEST(broken_rule_ends_front)
{
    start();
    ck_assert_int_eq(write(pair, hostile[_i].bytes, hostile[_i].len), (ssize_t)hostile[_i].len);
    ck_assert_msg(end_of_front() == 1, "%s", hostile[_i].name);
}
END_TEST

START_TEST(answer_to_an_id_never_given_ends_front)
{
    start();
    give_answer(1000, 200, "x");
    ck_assert_int_eq(end_of_front(), 1);
}
END_TEST

START_TEST(end_of_the_aggregator_ends_front)
{
    start();
    ck_assert_int_eq(close(pair), 0);
    pair = -1;
    ck_assert_int_eq(end_of_front(), 1);
}
END_TEST

/* --- draining --------------------------------------------------------------------------------- */

START_TEST(draining_answers_what_is_open_and_accepts_nothing)
{
    start();
    SSL *idle = client(stranger, STATUS);
    uint32_t id = 0;
    (void)take_request(&id);
    give_answer(id, 200, "ok");
    expect_answer(idle, "200", "ok");
    SSL *open = client(stranger, UPLOAD);
    (void)take_request(&id);
    ck_assert_int_eq(kill(front_pid, SIGTERM), 0);
    uint32_t drain = 0;
    (void)take(IPC_DRAIN, &drain);
    ck_assert_int_le(SSL_read(idle, answer, sizeof answer), 0); /* closed */
    struct sockaddr_in address = kit_address(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ne(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(close(fd), 0);
    give_fetch(1, "x");
    ck_assert_int_eq(take_fetched(1).outcome, SKA_E_BUSY);
    give_answer(id, 201, "stored");
    expect_answer(open, "201", "\r\n\r\nstored");
    ck_assert_ptr_nonnull(strstr(answer, "\r\nConnection: close\r\n"));
    ck_assert_int_eq(close(pair), 0);
    pair = -1;
    kit_close(open);
    ck_assert_int_eq(end_of_front(), 0);
    kit_close(idle);
}
END_TEST

START_TEST(draining_with_nothing_open_ends_at_once)
{
    start();
    SSL *ssl = kit_connect(stranger, port);
    ck_assert_ptr_nonnull(ssl);
    ck_assert_int_eq(kill(front_pid, SIGINT), 0);
    uint32_t id = 0;
    (void)take(IPC_DRAIN, &id);
    ck_assert_int_eq(close(pair), 0);
    pair = -1;
    ck_assert_int_eq(end_of_front(), 0);
    kit_close(ssl);
}
END_TEST

/* --- opening ---------------------------------------------------------------------------------- */

START_TEST(what_cannot_be_opened_is_named)
{
    struct ska_error err = {0};
    int fd = -1;
    struct front *front = NULL;
    struct front_shared *shared = NULL;
    ck_assert_status(front_shared_new(&shared, &config, &err), SKA_OK);
    (void)snprintf(config.listen_address, sizeof config.listen_address, "localhost");
    ck_assert_status(front_listen(&fd, &config, &err), SKA_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "listen_address"));
    (void)snprintf(config.listen_address, sizeof config.listen_address, "::1");
    ska_error_clear(&err);
    (void)snprintf(config.listen_address, sizeof config.listen_address, "127.0.0.1");
    config.listen_port = peer_port;
    ck_assert_status(front_listen(&fd, &config, &err), SKA_E_NETWORK);
    ck_assert_ptr_nonnull(strstr(err.text, "listen_port"));
    config.listen_port = 0;
    ck_assert_status(front_listen(&fd, &config, NULL), SKA_OK);
    ska_error_clear(&err);
    set_path(config.tls_key, "peer", ".key");
    ck_assert_status(front_open(&front, &config, shared, fd, true, &err), SKA_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "tls_key"));
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1); /* taken over, and closed */
    ck_assert_status(front_listen(&fd, &config, NULL), SKA_OK);
    ska_error_clear(&err);
    set_path(config.tls_key, "own", ".key");
    (void)snprintf(config.peer_url, sizeof config.peer_url, "https://127.0.0.1:99999/");
    ck_assert_status(front_open(&front, &config, shared, fd, true, &err), SKA_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "peer_url"));
    ck_assert_ptr_null(front);
    front_shared_free(shared);
}
END_TEST

START_TEST(port_file_names_the_port)
{
    start();
    SSL *ssl = kit_connect(stranger, port); /* it listens: the file is there before */
    ck_assert_ptr_nonnull(ssl);
    FILE *f = fopen(config.port_file, "r");
    ck_assert_ptr_nonnull(f);
    unsigned got = 0;
    ck_assert_int_eq(fscanf(f, "%u", &got), 1);
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_uint_eq(got, port);
    kit_close(ssl);
}
END_TEST

int main(void)
{
    Suite *suite = NULL;
    TCase *tests = front_kit_case(&suite, "front");
    tcase_add_test(tests, request_reaches_the_aggregator_and_its_answer_the_client);
    tcase_add_test(tests, only_the_peers_certificate_makes_a_peer);
    tcase_add_test(tests, client_that_leaves_is_told_and_its_late_answer_passed_over);
    tcase_add_test(tests, late_answer_never_reaches_a_later_client);
    tcase_add_test(tests, answers_find_their_clients_in_any_order);
    tcase_add_test(tests, announced_bodies_that_never_come_keep_nobody_out);
    tcase_add_test(tests, more_requests_than_allowed_are_turned_away_until_one_is_answered);
    tcase_add_test(tests, address_has_its_share_of_connections_and_no_more);
    tcase_add_test(tests, address_that_asks_too_fast_is_told_to_wait);
    tcase_add_loop_test(tests, what_front_refuses_never_reaches_the_aggregator, 0,
                        (int)N_OF(unpassed));
    tcase_add_test(tests, body_in_pieces_and_a_long_answer_stay_whole);
    tcase_add_test(tests, head_is_answered_without_body_and_connection_kept);
    tcase_add_test(tests, waiting_client_is_told_to_go_on);
    tcase_add_test(tests, paths_lie_under_the_servers_own_path);
    tcase_add_loop_test(tests, broken_rule_ends_front, 0, (int)N_OF(hostile));
    tcase_add_test(tests, answer_to_an_id_never_given_ends_front);
    tcase_add_test(tests, end_of_the_aggregator_ends_front);
    tcase_add_test(tests, draining_answers_what_is_open_and_accepts_nothing);
    tcase_add_test(tests, draining_with_nothing_open_ends_at_once);
    tcase_add_test(tests, what_cannot_be_opened_is_named);
    tcase_add_test(tests, port_file_names_the_port);
    return test_run(suite);
}
