/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_kit.h - a front process for tests, between clients and an aggregator, which is played by
 * the test at the other end of the socketpair. A test file begins with _GNU_SOURCE and ends with
 * front_kit_case.
 */
#ifndef SKA_TESTS_FRONT_KIT_H
#define SKA_TESTS_FRONT_KIT_H

#include "server/front/front.h"

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
static int pair = -1;    /* the aggregator's end */
static pid_t second_pid; /* of a second front, with its own aggregator's end */
static int second_pair = -1;
static unsigned port;
static int peer_fd = -1; /* listening, as the other server */
static unsigned peer_port;
static char answer[4 << 20];

/* --- set-up ----------------------------------------------------------------------------------- */

static inline void set_path(char *out, const char *name, const char *ending)
{
    char path[300];
    kit_path(path, folder, name, ending);
    memcpy(out, path, strlen(path) + 1);
}

static inline void make_world(void)
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

/* Fork a front, whose end of the socketpair is not `end`. */
static inline pid_t fork_front(int *end, struct front_shared *shared, int listen_fd, bool is_first)
{
    int ends[2];
    struct ska_error err = {0};
    struct front *front = NULL;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        (void)close(peer_fd);
        if (pair >= 0)
            (void)close(pair);
        if (front_open(&front, &config, shared, listen_fd, is_first, &err) != SKA_OK) {
            (void)fprintf(stderr, "%s\n", err.text);
            _exit(99);
        }
        int code = front_run(front, ends[1]);
        front_free(front);
        front_shared_free(shared);
        exit(code);
    }
    ck_assert_int_eq(close(ends[1]), 0);
    *end = ends[0];
    return pid;
}

/* Start front as it is configured now, in a process of its own, and a second one if it is to be. */
static inline void start(void)
{
    int listen_fd = -1;
    struct ska_error err = {0};
    struct front_shared *shared = NULL;
    enum ska_status status = front_listen(&listen_fd, &config, &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    ck_assert_status(front_shared_new(&shared, &config, &err), SKA_OK);
    front_pid = fork_front(&pair, shared, listen_fd, true);
    if (config.front_processes > 1)
        second_pid = fork_front(&second_pair, shared, listen_fd, false);
    front_shared_free(shared);
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    ck_assert_int_eq(getsockname(listen_fd, (struct sockaddr *)&address, &len), 0);
    port = ntohs(address.sin_port);
    ck_assert_int_eq(close(listen_fd), 0);
    kit_deadline(pair);
}

/* Wait for front's end; its exit status. */
static inline int end_of_front(void)
{
    int status = 0;
    ck_assert_int_eq(waitpid(front_pid, &status, 0), front_pid);
    front_pid = 0;
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void end_front(pid_t *pid, int *end)
{
    if (*pid > 0) {
        (void)kill(*pid, SIGKILL);
        (void)waitpid(*pid, NULL, 0);
    }
    *pid = 0;
    if (*end >= 0)
        ck_assert_int_eq(close(*end), 0);
    *end = -1;
}

static inline void end_world(void)
{
    end_front(&front_pid, &pair);
    end_front(&second_pid, &second_pair);
    ck_assert_int_eq(close(peer_fd), 0);
    SSL_CTX_free(stranger);
    SSL_CTX_free(peer_client);
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* --- playing the aggregator ------------------------------------------------------------------- */

static uint8_t payload_bytes[5 << 20];

static inline bool read_all(uint8_t *out, size_t len)
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
static inline struct ska_slice take(enum ipc_type want, uint32_t *id)
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

static inline struct ipc_request take_request(uint32_t *id)
{
    struct ipc_request m = {0};
    ck_assert_status(ipc_read_request(&m, take(IPC_REQUEST, id)), SKA_OK);
    return m;
}

static inline struct ipc_fetched take_fetched(uint32_t want_id)
{
    uint32_t id = 0;
    struct ipc_fetched m = {0};
    ck_assert_status(ipc_read_fetched(&m, take(IPC_FETCHED, &id)), SKA_OK);
    ck_assert_uint_eq(id, want_id);
    return m;
}

static inline bool nothing_comes(void)
{
    struct timeval tv = {.tv_usec = NOTHING_MS * 1000};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pair, &set);
    return select(pair + 1, &set, NULL, NULL, &tv) == 0;
}

static inline void give(struct ska_writer *w)
{
    ck_assert_status(ska_writer_status(w), SKA_OK);
    ck_assert_int_eq(write(pair, w->data, w->len), (ssize_t)w->len);
    ska_writer_clear(w);
}

static inline void give_answer(uint32_t id, uint16_t status, const char *body)
{
    struct ipc_answer m = {.status = status,
                           .media = MEDIA_TASK_STATUS,
                           .body = {(const uint8_t *)body, strlen(body)}};
    struct ska_writer w = {0};
    ipc_write_answer(&w, id, &m);
    give(&w);
}

static inline void give_fetch(uint32_t id, const char *body)
{
    struct ipc_fetch m = {.route = ROUTE_AGGREGATION_JOBS,
                          .body = {(const uint8_t *)body, strlen(body)}};
    memset(m.task_id, 0, sizeof m.task_id);
    struct ska_writer w = {0};
    ipc_write_fetch(&w, id, &m);
    give(&w);
}

/* --- clients ---------------------------------------------------------------------------------- */

static inline SSL *client(SSL_CTX *context, const char *request)
{
    SSL *ssl = kit_connect(context, port);
    ck_assert_ptr_nonnull(ssl);
    kit_send(ssl, request, strlen(request));
    return ssl;
}

static inline void expect_answer(SSL *ssl, const char *want_status, const char *want_in)
{
    ck_assert_uint_gt(kit_receive(answer, sizeof answer, ssl, true), 0);
    ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0 && strncmp(answer + 9, want_status, 3) == 0,
                  "got %.400s", answer);
    ck_assert_msg(strstr(answer, want_in) != NULL, "no %s in %.600s", want_in, answer);
}

/* A suite whose one case makes and ends the world for each test. */
static inline TCase *front_kit_case(Suite **suite, const char *name)
{
    *suite = suite_create(name);
    TCase *tests = tcase_create(name);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_world, end_world);
    suite_add_tcase(*suite, tests);
    return tests;
}

#endif
