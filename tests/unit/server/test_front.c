/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_front.c - the front process between clients and an aggregator, which is played by the test
 * at the other end of the socketpair.
 */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "server/front.h"

#include "server/ipc.h"
#include "server/log.h"
#include "tests/unit/server/tls_kit.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>

#define TASK "8BY0RzZMzxvA46_8ymhzycOB9krN-QIGYvg_RsByGec"
#define JOB "lc7aUeGpdSNosNlh-UZhKA"
#define UPLOAD                                                                      \
    "POST /tasks/" TASK "/reports HTTP/1.1\r\nHost: a\r\n"                          \
    "Content-Type: application/ppm-dap;message=upload-req\r\nContent-Length: 5\r\n" \
    "\r\nhello"
#define STATUS "GET /skarva/tasks/" TASK "/status HTTP/1.1\r\nHost: a\r\n\r\n"
#define NOTHING_MS 200 /* how long a test waits to see that nothing comes */

static char folder[100];
static struct config config;
static SSL_CTX *stranger, *peer_client;
static pid_t front_pid;
static int pair = -1; /* the aggregator's end */
static unsigned port;
static int peer_fd = -1; /* listening, as the other server */
static unsigned peer_port;
static char answer[4 << 20];

/* --- set-up ----------------------------------------------------------------------------------- */

static void set_path(char *out, const char *name, const char *ending)
{
    char path[300];
    kit_path(path, folder, name, ending);
    memcpy(out, path, strlen(path) + 1);
}

static void make_world(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    (void)log_open("error");
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-front.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    struct kit_authority ca = kit_authority(folder, "ca");
    struct kit_authority foreign = kit_authority(folder, "foreign");
    kit_leaf(folder, "own", &ca, "DNS:leader.test,IP:127.0.0.1", -60, 3600);
    kit_leaf(folder, "peer", &ca, "DNS:helper.test", -60, 3600);
    kit_leaf(folder, "misnamed", &ca, "DNS:other.test,DNS:*.test", -60, 3600);
    kit_leaf(folder, "expired", &ca, "DNS:helper.test", -7200, -3600);
    kit_leaf(folder, "stranger", &foreign, "DNS:helper.test", -60, 3600);
    kit_authority_clear(&ca);
    kit_authority_clear(&foreign);
    stranger = kit_context(TLS_client_method(), folder, NULL);
    peer_client = kit_context(TLS_client_method(), folder, "peer");
    peer_fd = kit_listen(&peer_port);
    config = (struct config){.role = SKA_ROLE_LEADER,
                             .own_url = "https://leader.example/",
                             .listen_address = "127.0.0.1",
                             .peer_name = "helper.test",
                             .upload_max = 4u << 20,
                             .connections_max = 20,
                             .requests_max = 3,
                             .reports_per_job_max = 4,
                             .header_timeout_ms = 5000,
                             .request_timeout_ms = 5000,
                             .peer_timeout_ms = 5000};
    (void)snprintf(config.peer_url, sizeof config.peer_url, "https://127.0.0.1:%u/dap/", peer_port);
    set_path(config.tls_certificate, "own", ".pem");
    set_path(config.tls_key, "own", ".key");
    set_path(config.peer_ca, "ca", ".pem");
    set_path(config.port_file, "port", "");
}

/* Start front as it is configured now, in a process of its own. */
static void start(void)
{
    int ends[2];
    int listen_fd = -1;
    struct ska_error err = {0};
    struct front *front = NULL;
    struct front_shared *shared = NULL;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    enum ska_status status = front_listen(&listen_fd, &config, &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    ck_assert_status(front_shared_new(&shared, &config, &err), SKA_OK);
    front_pid = fork();
    if (front_pid == 0) {
        (void)close(ends[0]);
        (void)close(peer_fd);
        if (front_open(&front, &config, shared, listen_fd, true, &err) != SKA_OK) {
            (void)fprintf(stderr, "%s\n", err.text);
            _exit(99);
        }
        int code = front_run(front, ends[1]);
        front_free(front);
        front_shared_free(shared);
        exit(code);
    }
    front_shared_free(shared);
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    ck_assert_int_eq(getsockname(listen_fd, (struct sockaddr *)&address, &len), 0);
    port = ntohs(address.sin_port);
    ck_assert_int_eq(close(listen_fd), 0);
    ck_assert_int_eq(close(ends[1]), 0);
    pair = ends[0];
    kit_deadline(pair);
}

/* Wait for front's end; its exit status. */
static int end_of_front(void)
{
    int status = 0;
    ck_assert_int_eq(waitpid(front_pid, &status, 0), front_pid);
    front_pid = 0;
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void end_world(void)
{
    if (front_pid > 0) {
        (void)kill(front_pid, SIGKILL);
        (void)waitpid(front_pid, NULL, 0);
    }
    front_pid = 0;
    if (pair >= 0)
        ck_assert_int_eq(close(pair), 0);
    pair = -1;
    ck_assert_int_eq(close(peer_fd), 0);
    SSL_CTX_free(stranger);
    SSL_CTX_free(peer_client);
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* --- playing the aggregator ------------------------------------------------------------------- */

static uint8_t payload_bytes[5 << 20];

static bool read_all(uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t n = read(pair, out, len);
        if (n <= 0)
            return false;
        out += n;
        len -= (size_t)n;
    }
    return true;
}

/* The next frame, which must be of this type. */
static struct ska_slice take(enum ipc_type want, uint32_t *id)
{
    uint8_t header[IPC_HEADER_BYTES];
    uint32_t len = 0;
    uint8_t type = 0;
    ck_assert_msg(read_all(header, sizeof header), "no frame came");
    ck_assert_status(ipc_read_header(&len, &type, id, header), SKA_OK);
    ck_assert_int_eq(type, want);
    ck_assert_uint_le(len, sizeof payload_bytes);
    ck_assert(len == 0 || read_all(payload_bytes, len));
    return (struct ska_slice){payload_bytes, len};
}

static struct ipc_request take_request(uint32_t *id)
{
    struct ipc_request m = {0};
    ck_assert_status(ipc_read_request(&m, take(IPC_REQUEST, id)), SKA_OK);
    return m;
}

static struct ipc_fetched take_fetched(uint32_t want_id)
{
    uint32_t id = 0;
    struct ipc_fetched m = {0};
    ck_assert_status(ipc_read_fetched(&m, take(IPC_FETCHED, &id)), SKA_OK);
    ck_assert_uint_eq(id, want_id);
    return m;
}

static bool nothing_comes(void)
{
    struct timeval tv = {.tv_usec = NOTHING_MS * 1000};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pair, &set);
    return select(pair + 1, &set, NULL, NULL, &tv) == 0;
}

static void give(struct ska_writer *w)
{
    ck_assert_status(ska_writer_status(w), SKA_OK);
    ck_assert_int_eq(write(pair, w->data, w->len), (ssize_t)w->len);
    ska_writer_clear(w);
}

static void give_answer(uint32_t id, uint16_t status, const char *body)
{
    struct ipc_answer m = {.status = status,
                           .media = MEDIA_TASK_STATUS,
                           .body = {(const uint8_t *)body, strlen(body)}};
    struct ska_writer w = {0};
    ipc_write_answer(&w, id, &m);
    give(&w);
}

static void give_fetch(uint32_t id, const char *body)
{
    struct ipc_fetch m = {.route = ROUTE_AGGREGATION_JOBS,
                          .body = {(const uint8_t *)body, strlen(body)}};
    memset(m.task_id, 0, sizeof m.task_id);
    struct ska_writer w = {0};
    ipc_write_fetch(&w, id, &m);
    give(&w);
}

/* --- clients ---------------------------------------------------------------------------------- */

static SSL *client(SSL_CTX *context, const char *request)
{
    SSL *ssl = kit_connect(context, port);
    ck_assert_ptr_nonnull(ssl);
    kit_send(ssl, request, strlen(request));
    return ssl;
}

static void expect_answer(SSL *ssl, const char *want_status, const char *want_in)
{
    ck_assert_uint_gt(kit_receive(answer, sizeof answer, ssl, true), 0);
    ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0 && strncmp(answer + 9, want_status, 3) == 0,
                  "got %.400s", answer);
    ck_assert_msg(strstr(answer, want_in) != NULL, "no %s in %.600s", want_in, answer);
}

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
    Suite *suite = suite_create("front");
    TCase *tests = tcase_create("front");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_world, end_world);
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
    tcase_add_test(tests, fetch_is_made_with_our_certificate_and_the_line_kept);
    tcase_add_test(tests, fetch_on_a_line_that_was_closed_is_repeated_once);
    tcase_add_test(tests, fetches_go_on_several_lines_and_queue_beyond);
    tcase_add_loop_test(tests, every_answer_of_the_other_server_becomes_one_fetched, 0,
                        (int)N_OF(peers));
    tcase_add_test(tests, cut_answer_and_closed_port_are_network_failures);
    tcase_add_test(tests, older_tls_of_the_other_server_is_refused);
    tcase_add_test(tests, what_cannot_be_opened_is_named);
    tcase_add_test(tests, port_file_names_the_port);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
