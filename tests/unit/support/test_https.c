/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_https.c - the programs' HTTPS client against a server that is not who it should be, or does
 * not answer as it should: which status, that nothing was sent to a stranger, that nothing changed.
 */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "support/https.h"

#include "protocol/swedish.h"
#include "support/language.h"
#include "tests/unit/server/tls_kit.h"

#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>

static char folder[100];
static char ca_file[300];
static int listen_fd = -1;
static unsigned port;

static void make_world(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(unsetenv("https_proxy") + unsetenv("HTTPS_PROXY") + unsetenv("ALL_PROXY"), 0);
    ck_assert_int_eq(unsetenv("all_proxy"), 0);
    ck_assert(language_choose("en"));
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-https.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    struct kit_authority ca = kit_authority(folder, "ca");
    struct kit_authority foreign = kit_authority(folder, "foreign");
    kit_leaf(folder, "own", &ca, "DNS:localhost,IP:127.0.0.1", -60, 3600);
    kit_leaf(folder, "misnamed", &ca, "DNS:other.test,IP:127.0.0.2", -60, 3600);
    kit_leaf(folder, "expired", &ca, "DNS:localhost,IP:127.0.0.1", -7200, -3600);
    kit_leaf(folder, "future", &ca, "DNS:localhost,IP:127.0.0.1", 3600, 7200);
    kit_leaf(folder, "stranger", &foreign, "DNS:localhost,IP:127.0.0.1", -60, 3600);
    kit_authority_clear(&ca);
    kit_authority_clear(&foreign);
    kit_path(ca_file, folder, "ca", ".pem");
    listen_fd = kit_listen(&port);
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
    ck_assert_int_eq(close(listen_fd), 0);
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

enum { NOTHING_CAME, REQUEST_CAME };

/* One connection, in a child, which ends with what came. `answer` NULL: waits for the other to go.
 */
static pid_t serve(const char *certificate, const char *answer, int version)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    static char request[4096];
    SSL_CTX *context = kit_context(TLS_server_method(), folder, certificate);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    if (SSL_CTX_set_max_proto_version(context, version) != 1)
        _exit(9);
    int fd = accept(listen_fd, NULL, NULL);
    SSL *ssl = fd < 0 ? NULL : kit_handshake(context, fd, true);
    if (ssl == NULL || kit_receive(request, sizeof request, ssl, true) == 0)
        _exit(NOTHING_CAME);
    if (answer != NULL)
        kit_send(ssl, answer, strlen(answer));
    else
        (void)SSL_read(ssl, request, sizeof request);
    (void)SSL_shutdown(ssl);
    _exit(REQUEST_CAME);
}

static int end_of(pid_t pid)
{
    int how = 0;
    ck_assert_int_eq(waitpid(pid, &how, 0), pid);
    ck_assert(WIFEXITED(how));
    return WEXITSTATUS(how);
}

typedef enum ska_status (*caller)(struct https_answer *answer, struct https_client *client,
                                  const char *method, const char *path, const char *content_type,
                                  struct ska_slice body, struct ska_error *err);

static enum ska_status send_bytes(struct https_answer *answer, caller call, size_t answer_max,
                                  struct ska_error *err)
{
    char url[100];
    struct https_client *client = NULL;
    (void)snprintf(url, sizeof url, "https://localhost:%u/", port);
    const struct https_options options = {
        .base_url = url, .ca_file = ca_file, .timeout_s = 1, .answer_max = answer_max};
    ck_assert_status(https_client_new(&client, &options, err), SKA_OK);
    const struct ska_slice body = {(const uint8_t *)"secret", 6};
    enum ska_status status = call(answer, client, "POST", "x", "text/plain", body, err);
    https_client_free(client);
    return status;
}

static enum ska_status send_secret(struct https_answer *answer, caller call, struct ska_error *err)
{
    return send_bytes(answer, call, 10, err);
}

static const struct {
    const char *name, *certificate, *answer;
    int version;
    int came;
    enum ska_status want;
    const char *says;
} servers[] = {
    {"expired certificate", "expired", NULL, 0, NOTHING_CAME, SKA_E_NETWORK, "valid certificate"},
    {"certificate of the future", "future", NULL, 0, NOTHING_CAME, SKA_E_NETWORK,
     "valid certificate"},
    {"wrong name", "misnamed", NULL, 0, NOTHING_CAME, SKA_E_NETWORK, "valid certificate"},
    {"another authority", "stranger", NULL, 0, NOTHING_CAME, SKA_E_NETWORK, "valid certificate"},
    {"TLS 1.2", "own", NULL, TLS1_2_VERSION, NOTHING_CAME, SKA_E_NETWORK, "nothing was sent"},
    {"silent", "own", NULL, 0, REQUEST_CAME, SKA_E_TIMEOUT, "does not answer in time"},
    {"not HTTP", "own", "hello there\r\n\r\n", 0, REQUEST_CAME, SKA_E_NETWORK, "localhost"},
    {"cut answer", "own", "HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\nabc", 0, REQUEST_CAME,
     SKA_E_NETWORK, "localhost"},
    {"answer over the limit", "own", "HTTP/1.1 200 x\r\nContent-Length: 11\r\n\r\nabcdefghijk", 0,
     REQUEST_CAME, SKA_E_LIMIT, "longer than 10 bytes"},
    {"redirection", "own",
     "HTTP/1.1 307 x\r\nLocation: https://localhost:1/\r\nContent-Length: 0\r\n\r\n", 0,
     REQUEST_CAME, SKA_OK, ""},
    {"longest answer", "own", "HTTP/1.1 200 x\r\nContent-Length: 10\r\n\r\nabcdefghij", 0,
     REQUEST_CAME, SKA_OK, ""},
};

START_TEST(server_that_is_not_as_it_should_be_is_named_by_status)
{
    struct https_answer answer = {.status = 77};
    struct ska_error err = {0};
    pid_t pid = serve(servers[_i].certificate, servers[_i].answer, servers[_i].version);
    enum ska_status got = send_secret(&answer, https_request, &err);
    int came = end_of(pid);
    ck_assert_msg(got == servers[_i].want, "%s: got %s %s", servers[_i].name, ska_status_name(got),
                  err.text);
    ck_assert_msg(strstr(err.text, servers[_i].says) != NULL, "%s: %s", servers[_i].name, err.text);
    ck_assert_msg(came == servers[_i].came, "%s: what came is %d", servers[_i].name, came);
    if (got == SKA_OK)
        ck_assert_int_ne(answer.status, 77);
    else
        ck_assert(answer.status == 77 && answer.body == NULL);
    https_answer_clear(&answer);
}
END_TEST

START_TEST(nobody_at_the_port_is_a_network_failure)
{
    struct https_answer answer = {.status = 77};
    struct ska_error err = {0};
    ck_assert_int_eq(close(listen_fd), 0);
    ck_assert_status(send_secret(&answer, https_request, &err), SKA_E_NETWORK);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot be reached"));
    ck_assert_int_eq(answer.status, 77);
    listen_fd = kit_listen(&port);
}
END_TEST

static const struct {
    int http;
    enum ska_status want;
} refusals[] = {{400, SKA_E_STATE},    {403, SKA_E_FORBIDDEN}, {404, SKA_E_NOT_FOUND},
                {409, SKA_E_CONFLICT}, {413, SKA_E_LIMIT},     {500, SKA_E_PEER},
                {502, SKA_E_PEER},     {503, SKA_E_BUSY},      {307, SKA_E_PEER}};

START_TEST(refusal_becomes_a_status)
{
    char text[100];
    struct https_answer answer = {.status = 77};
    struct ska_error err = {0};
    (void)snprintf(text, sizeof text, "HTTP/1.1 %d x\r\nContent-Length: 2\r\n\r\nno",
                   refusals[_i].http);
    pid_t pid = serve("own", text, 0);
    enum ska_status got = send_secret(&answer, https_call, &err);
    ck_assert_int_eq(end_of(pid), REQUEST_CAME);
    ck_assert_msg(got == refusals[_i].want, "%d: got %s", refusals[_i].http, ska_status_name(got));
    ck_assert_uint_gt(strlen(err.text), 0);
    ck_assert(answer.status == 77 && answer.body == NULL);
}
END_TEST

/* What a server of ours says of a 409, in both languages. */
static const struct {
    const char *detail;
    enum ska_status want;
    const char *in_english, *in_swedish;
} conflicts[] = {
    {"SKA_E_BATCH_SIZE: nobody changed anything: there is nothing to correct", SKA_E_BATCH_SIZE,
     "The server answers 409: nobody changed anything: there is nothing to correct",
     "Servern svarar 409: ingen har ändrat något: det finns inget att rätta"},
    {"SKA_E_BATCH_SIZE: fewer than 3 of the contributors counted before are missing now: the "
     "difference from what is published would be theirs",
     SKA_E_BATCH_SIZE, "The server answers 409: fewer than 3 of the contributors",
     "Servern svarar 409: färre än 3 av de uppgiftslämnare"},
    {"SKA_E_STATE: the task is not closed", SKA_E_STATE,
     "The server answers 409: the task is not closed",
     "Servern svarar 409: perioden är inte stängd"},
    {"SKA_E_NUMBER: of another program", SKA_E_NUMBER, "The server answers 409: of another program",
     "(\"of another program\")"},
    {"SKA_E_STATE: the other server answered 409 : SKA_E_NUMBER: seen before", SKA_E_STATE,
     "The server answers 409: the other server answers: seen before",
     "Servern svarar 409: den andra servern svarar: har kommit förut"},
    {"SKA_E_TOO_LATE: too late", SKA_E_CONFLICT, "The server answers 409: too late",
     "Servern svarar 409: för sent"},
};

START_TEST(conflict_is_told_by_its_name_and_not_by_its_text)
{
    for (int is_swedish = 0; is_swedish < 2; is_swedish++) {
        char body[400], text[600];
        struct https_answer answer = {0};
        struct ska_error err = {0};
        (void)snprintf(body, sizeof body, "{\"detail\":\"%s\"}", conflicts[_i].detail);
        (void)snprintf(text, sizeof text,
                       "HTTP/1.1 409 x\r\nContent-Type: application/problem+json\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
        (void)language_choose(is_swedish == 1 ? "sv" : "en");
        ska_speak_swedish(is_swedish == 1);
        pid_t pid = serve("own", text, 0);
        enum ska_status got = send_bytes(&answer, https_call, 400, &err);
        (void)language_choose("en");
        ska_speak_swedish(false);
        ck_assert_int_eq(end_of(pid), REQUEST_CAME);
        const char *want = is_swedish == 1 ? conflicts[_i].in_swedish : conflicts[_i].in_english;
        ck_assert_msg(got == conflicts[_i].want, "%s: got %s", want, ska_status_name(got));
        ck_assert_msg(strstr(err.text, want) != NULL, "%s: %s", want, err.text);
        ck_assert_ptr_null(strstr(err.text, "SKA_E_"));
    }
}
END_TEST

START_TEST(address_must_be_https_and_a_folder)
{
    static const char *const bad[] = {"http://localhost/", "https://localhost", "localhost/"};
    for (size_t i = 0; i < N_OF(bad); i++) {
        struct https_client *client = NULL;
        const struct https_options options = {.base_url = bad[i]};
        ck_assert_status(https_client_new(&client, &options, NULL), SKA_E_CONFIG);
        ck_assert_ptr_null(client);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("https");
    TCase *tc = tcase_create("https");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, make_world, end_world);
    tcase_add_loop_test(tc, server_that_is_not_as_it_should_be_is_named_by_status, 0,
                        (int)N_OF(servers));
    tcase_add_test(tc, nobody_at_the_port_is_a_network_failure);
    tcase_add_loop_test(tc, refusal_becomes_a_status, 0, (int)N_OF(refusals));
    tcase_add_loop_test(tc, conflict_is_told_by_its_name_and_not_by_its_text, 0,
                        (int)N_OF(conflicts));
    tcase_add_test(tc, address_must_be_https_and_a_folder);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
