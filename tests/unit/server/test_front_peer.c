/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front_peer.c - the front process asking the other server, which is played by the test. */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "tests/unit/server/front_kit.h"

/* --- the other server ------------------------------------------------------------------------- */

static SSL_CTX *peer_server(const char *name)
{
    SSL_CTX *context = kit_context(TLS_server_method(), folder, name);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return context;
}

/* The next connection to the other server; NULL if its handshake fails. */
static SSL *peer_accept(SSL_CTX *context)
{
    int fd = accept(peer_fd, NULL, NULL);
    ck_assert_int_ge(fd, 0);
    return kit_handshake(context, fd, true);
}

#define JOB_ANSWER                                                                               \
    "HTTP/1.1 201 Created\r\nContent-Type: application/ppm-dap;message=aggregation-job-resp\r\n" \
    "Content-Length: 3\r\n\r\nyes"

START_TEST(fetch_is_made_with_our_certificate_and_the_line_kept)
{
    start();
    SSL_CTX *context = peer_server("peer");
    give_fetch(7, "please");
    SSL *ssl = peer_accept(context);
    ck_assert_ptr_nonnull(ssl);
    X509 *shown = SSL_get0_peer_certificate(ssl);
    ck_assert_ptr_nonnull(shown);
    ck_assert_int_eq(X509_check_host(shown, "leader.test", 0, 0, NULL), 1);
    (void)kit_receive(answer, sizeof answer, ssl, true);
    char want[600];
    (void)snprintf(want, sizeof want,
                   "POST /dap/tasks/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/aggregation_jobs "
                   "HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                   "Content-Type: application/ppm-dap;message=aggregation-job-init-req\r\n"
                   "Content-Length: 6\r\n\r\nplease",
                   peer_port);
    ck_assert_str_eq(answer, want);
    kit_send(ssl, JOB_ANSWER, strlen(JOB_ANSWER));
    struct ipc_fetched m = take_fetched(7);
    ck_assert_int_eq(m.outcome, SKA_OK);
    ck_assert_uint_eq(m.status, 201);
    ck_assert_int_eq(m.media, MEDIA_AGGREGATION_JOB_RESP);
    ck_assert_uint_eq(m.body.len, 3);
    ck_assert_mem_eq(m.body.data, "yes", 3);
    give_fetch(8, "again");
    (void)kit_receive(answer, sizeof answer, ssl, true); /* on the same line */
    ck_assert_ptr_nonnull(strstr(answer, "again"));
    kit_send(ssl, JOB_ANSWER, strlen(JOB_ANSWER));
    ck_assert_int_eq(take_fetched(8).outcome, SKA_OK);
    kit_close(ssl);
    SSL_CTX_free(context);
}
END_TEST

START_TEST(fetch_on_a_line_that_was_closed_is_repeated_once)
{
    start();
    SSL_CTX *context = peer_server("peer");
    give_fetch(1, "one");
    SSL *ssl = peer_accept(context);
    ck_assert_ptr_nonnull(ssl);
    (void)kit_receive(answer, sizeof answer, ssl, true);
    kit_send(ssl, JOB_ANSWER, strlen(JOB_ANSWER));
    ck_assert_int_eq(take_fetched(1).outcome, SKA_OK);
    give_fetch(2, "two");
    (void)kit_receive(answer, sizeof answer, ssl, true);
    kit_close(ssl); /* without a word */
    ssl = peer_accept(context);
    ck_assert_ptr_nonnull(ssl);
    (void)kit_receive(answer, sizeof answer, ssl, true);
    ck_assert_ptr_nonnull(strstr(answer, "two"));
    kit_close(ssl); /* a new line that fails is not tried again */
    ck_assert_int_eq(take_fetched(2).outcome, SKA_E_NETWORK);
    SSL_CTX_free(context);
}
END_TEST

START_TEST(fetches_go_on_several_lines_and_queue_beyond)
{
    start();
    SSL_CTX *context = peer_server("peer");
    SSL *ssl[4];
    for (uint32_t i = 0; i < 6; i++)
        give_fetch(100 + i, "x");
    for (size_t i = 0; i < 4; i++) {
        ssl[i] = peer_accept(context);
        ck_assert_ptr_nonnull(ssl[i]);
        (void)kit_receive(answer, sizeof answer, ssl[i], true);
    }
    ck_assert(nothing_comes());
    for (size_t i = 0; i < 4; i++)
        kit_send(ssl[i], JOB_ANSWER, strlen(JOB_ANSWER));
    uint32_t seen = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t id = 0;
        (void)take(IPC_FETCHED, &id);
        seen |= 1u << (id - 100);
    }
    ck_assert_uint_eq(seen, 0xF);
    for (size_t i = 0; i < 4; i++)
        kit_close(ssl[i]);
    for (size_t i = 0; i < 2; i++) { /* the last two, perhaps on new lines */
        ssl[i] = peer_accept(context);
        ck_assert_ptr_nonnull(ssl[i]);
        (void)kit_receive(answer, sizeof answer, ssl[i], true);
        kit_send(ssl[i], JOB_ANSWER, strlen(JOB_ANSWER));
    }
    for (size_t i = 0; i < 2; i++) {
        uint32_t id = 0;
        struct ipc_fetched m = {0};
        ck_assert_status(ipc_read_fetched(&m, take(IPC_FETCHED, &id)), SKA_OK);
        ck_assert_int_eq(m.outcome, SKA_OK);
        seen |= 1u << (id - 100);
        kit_close(ssl[i]);
    }
    ck_assert_uint_eq(seen, 0x3F);
    SSL_CTX_free(context);
}
END_TEST

static const struct {
    const char *name;
    const char *certificate;
    const char *answer; /* NULL: none comes */
    enum ska_status want;
    const char *body; /* if SKA_OK */
} peers[] = {
    {"wrong name", "misnamed", NULL, SKA_E_PEER, NULL},
    {"expired", "expired", NULL, SKA_E_PEER, NULL},
    {"foreign CA", "stranger", NULL, SKA_E_PEER, NULL},
    {"silent", "peer", NULL, SKA_E_TIMEOUT, NULL},
    {"not HTTP", "peer", "hello there\r\n\r\n", SKA_E_PEER, NULL},
    {"ambiguous length", "peer",
     "HTTP/1.1 200 x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", SKA_E_PEER, NULL},
    {"too long", "peer", "HTTP/1.1 200 x\r\nContent-Length: 999999999\r\n\r\n", SKA_E_PEER, NULL},
    {"no length", "peer", "HTTP/1.1 200 x\r\n\r\nab", SKA_E_PEER, NULL},
    {"endless interim answers", "peer", "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 100 x\r\n\r\n",
     SKA_E_TIMEOUT, NULL},
    {"chunked", "peer",
     "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", SKA_OK,
     "abc"},
    {"interim answer", "peer", "HTTP/1.1 103 x\r\n\r\nHTTP/1.1 200 x\r\nContent-Length: 1\r\n\r\na",
     SKA_OK, "a"},
    {"refusal", "peer", "HTTP/1.1 503 x\r\nContent-Length: 4\r\n\r\nbusy", SKA_OK, "busy"},
    {"no content", "peer", "HTTP/1.1 204 x\r\n\r\n", SKA_OK, ""},
    {"broken chunk", "peer", "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     SKA_E_PEER, NULL},
};

START_TEST(every_answer_of_the_other_server_becomes_one_fetched)
{
    config.peer_timeout_ms = 700;
    start();
    SSL_CTX *context = peer_server(peers[_i].certificate);
    give_fetch(3, "x");
    SSL *ssl = peer_accept(context);
    if (ssl != NULL && peers[_i].answer != NULL) {
        (void)kit_receive(answer, sizeof answer, ssl, true);
        kit_send(ssl, peers[_i].answer, strlen(peers[_i].answer));
    }
    struct ipc_fetched m = take_fetched(3);
    ck_assert_msg(m.outcome == peers[_i].want, "%s: got %s", peers[_i].name,
                  ska_status_name(m.outcome));
    if (m.outcome == SKA_OK) {
        ck_assert_uint_eq(m.body.len, strlen(peers[_i].body));
        ck_assert_mem_eq(m.body.data, peers[_i].body, m.body.len);
    }
    if (ssl != NULL)
        kit_close(ssl);
    SSL_CTX_free(context);
}
END_TEST

START_TEST(cut_answer_and_closed_port_are_network_failures)
{
    start();
    SSL_CTX *context = peer_server("peer");
    give_fetch(3, "x");
    SSL *ssl = peer_accept(context);
    ck_assert_ptr_nonnull(ssl);
    (void)kit_receive(answer, sizeof answer, ssl, true);
    static const char cut[] = "HTTP/1.1 200 x\r\nContent-Length: 10\r\n\r\nabc";
    kit_send(ssl, cut, strlen(cut));
    kit_close(ssl);
    ck_assert_int_eq(take_fetched(3).outcome, SKA_E_NETWORK);
    ck_assert_int_eq(close(peer_fd), 0);
    peer_fd = kit_listen(&peer_port); /* at another port */
    give_fetch(4, "x");
    ck_assert_int_eq(take_fetched(4).outcome, SKA_E_NETWORK);
    SSL_CTX_free(context);
}
END_TEST

START_TEST(older_tls_of_the_other_server_is_refused)
{
    start();
    SSL_CTX *context = peer_server("peer");
    ck_assert_int_eq(SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION), 1);
    give_fetch(3, "x");
    ck_assert_ptr_null(peer_accept(context));
    ck_assert_int_eq(take_fetched(3).outcome, SKA_E_PEER);
    SSL_CTX_free(context);
}
END_TEST

int main(void)
{
    Suite *suite = NULL;
    TCase *tests = front_kit_case(&suite, "front_peer");
    tcase_add_test(tests, fetch_is_made_with_our_certificate_and_the_line_kept);
    tcase_add_test(tests, fetch_on_a_line_that_was_closed_is_repeated_once);
    tcase_add_test(tests, fetches_go_on_several_lines_and_queue_beyond);
    tcase_add_loop_test(tests, every_answer_of_the_other_server_becomes_one_fetched, 0,
                        (int)N_OF(peers));
    tcase_add_test(tests, cut_answer_and_closed_port_are_network_failures);
    tcase_add_test(tests, older_tls_of_the_other_server_is_refused);
    return test_run(suite);
}
