/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_serve.c - the whole witness as a process: its HTTP, clients that race with two versions of a
 * log, and SIGKILL at random moments.
 */
#include "witness/witness.h"

#include "tests/unit/witness/world.h"

#include "support/file.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#define N_LOGS 12 /* rounds of killing, each with a log of its own */
#define N_CLIENTS 8

static char folder[64], config[96], state[96], port_file[96], messages[96];
static struct world_log logs[N_LOGS], forks[N_LOGS];
static pid_t server;

static void sleep_us(uint64_t us)
{
    struct timespec t = {.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000};
    (void)nanosleep(&t, NULL);
}

static void write_config(void)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    char text[SKA_NOTE_KEY_TEXT_MAX + 1], line[SKA_NOTE_KEY_TEXT_MAX + 200];
    int n = snprintf(line, sizeof line,
                     "# test\nname = w.example/1\nlisten_port = 0\nport_file = %s\nkey = %s/key\n"
                     "state = %s\n",
                     port_file, folder, state);
    ska_write_bytes(&w, line, (size_t)n);
    for (size_t i = 0; i < N_LOGS; i++) {
        ska_note_key_format(text, &logs[i].key);
        n = snprintf(line, sizeof line, "log = %s\n", text);
        ska_write_bytes(&w, line, (size_t)n);
    }
    ck_assert_status(file_write(config, w.data, w.len, false, NULL), SKA_OK);
}

/* The command in a process of its own, what it says in a file. */
static pid_t spawn(const char *option)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    int fd = open(messages, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
        _exit(99);
    char words[4][96];
    const char *const texts[] = {"witness", "--config", config, option};
    char *argv[5] = {NULL};
    int argc = option == NULL ? 3 : 4;
    for (int i = 0; i < argc; i++) {
        (void)snprintf(words[i], sizeof words[i], "%s", texts[i]);
        argv[i] = words[i];
    }
    _exit(witness_main(argc, argv));
}

static int wait_for(pid_t pid)
{
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static uint16_t port;

static void start(void)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    (void)unlink(port_file);
    server = spawn(NULL);
    for (int i = 0; i < 1000 && !file_exists(port_file); i++)
        sleep_us(5000);
    ck_assert_status(file_read(&data, &len, port_file, 20, NULL), SKA_OK);
    port = (uint16_t)strtoul((const char *)data, NULL, 10);
}

static void setup(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-serve.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    (void)snprintf(config, sizeof config, "%s/config", folder);
    (void)snprintf(state, sizeof state, "%s/state", folder);
    (void)snprintf(port_file, sizeof port_file, "%s/port", folder);
    (void)snprintf(messages, sizeof messages, "%s/messages", folder);
    for (size_t i = 0; i < N_LOGS; i++) {
        char origin[40];
        (void)snprintf(origin, sizeof origin, "leader.example/log%zu", i);
        world_log_init(&logs[i], origin);
        forks[i] = logs[i];
        world_log_fork(&forks[i], 0);
    }
    write_config();
    ck_assert_int_eq(wait_for(spawn("--init")), 0);
    (void)signal(SIGPIPE, SIG_IGN);
    start();
}

static void teardown(void)
{
    if (server > 0) {
        (void)kill(server, SIGKILL);
        (void)waitpid(server, NULL, 0);
    }
    server = 0;
}

/* --- a client --------------------------------------------------------------------------------- */

static int dial(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* Send bytes, and take all that comes until the other side closes. False: it broke. */
static bool talk(char *answer, size_t size, const void *data, size_t len)
{
    int fd = dial();
    size_t filled = 0;
    if (fd < 0 || write(fd, data, len) != (ssize_t)len) {
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    for (;;) {
        ssize_t n = read(fd, answer + filled, size - 1 - filled);
        if (n <= 0)
            break;
        filled += (size_t)n;
    }
    answer[filled] = '\0';
    (void)close(fd);
    return filled > 0;
}

/* The answer's status; 0: none came whole. *size: of a 409. */
static int submit(const struct world_log *log, size_t old, size_t new, uint64_t *size)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = world_request(log, old, new);
    char head[200], answer[4096];
    int n = snprintf(head, sizeof head,
                     "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nConnection: close\r\n"
                     "Content-Length: %zu\r\n\r\n",
                     body.len);
    ska_write_bytes(&w, head, (size_t)n);
    ska_write_bytes(&w, body.data, body.len);
    if (!talk(answer, sizeof answer, w.data, w.len))
        return 0;
    const char *end = strstr(answer, "\r\n\r\n");
    const size_t len = strlen(answer);
    if (end == NULL || len == 0 || answer[len - 1] != '\n')
        return 0;
    const int status = (int)strtol(answer + 9, NULL, 10);
    if (status == 409)
        *size = strtoull(end + 4, NULL, 10);
    return status;
}

/* --- HTTP ------------------------------------------------------------------------------------- */

#define CLOSE " HTTP/1.1\r\nHost: w\r\nConnection: close\r\n"

static const struct {
    const char *request;
    int want;
} requests[] = {
    {"GET /" CLOSE "\r\n", 404},
    {"GET /add-checkpoint" CLOSE "\r\n", 405},
    {"PUT /add-checkpoint" CLOSE "Content-Length: 0\r\n\r\n", 405},
    {"POST /add-checkpoint" CLOSE "Content-Length: 0\r\n\r\n", 400},
    {"POST /add-checkpoint" CLOSE "\r\n", 400},
    {"POST /add-checkpoint" CLOSE "Content-Length: 6\r\n\r\nold 0\n", 400},
    {"POST /add-checkpoint" CLOSE "Content-Length: 999999\r\n\r\n", 413},
    {"POST /add-checkpoint" CLOSE "Transfer-Encoding: chunked\r\n\r\n", 411},
    {"POST /add-checkpoint" CLOSE "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\nx", 415},
    {"POST /add-checkpoint" CLOSE "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400},
    {"GET /../etc/passwd" CLOSE "\r\n", 404},
    {"GET /0000000000000000000000000000000000000000000000000000000000000000/checkpoint" CLOSE
     "\r\n",
     404},
    {"HEAD /0000000000000000000000000000000000000000000000000000000000000000/checkpoint" CLOSE
     "\r\n",
     404},
    {"POST /0000000000000000000000000000000000000000000000000000000000000000/checkpoint" CLOSE
     "\r\n",
     405},
    {"nonsense\r\n\r\n", 400},
    {"GET / HTTP/3.0\r\nHost: w\r\n\r\n", 505},
};

START_TEST(requests_have_their_status)
{
    for (size_t i = 0; i < N_OF(requests); i++) {
        char answer[4096];
        ck_assert(talk(answer, sizeof answer, requests[i].request, strlen(requests[i].request)));
        ck_assert_msg(strtol(answer + 9, NULL, 10) == requests[i].want, "%s\ngot %s",
                      requests[i].request, answer);
    }
    static char long_head[20000];
    memset(long_head, 'a', sizeof long_head);
    memcpy(long_head, "GET /", 5);
    char answer[4096];
    ck_assert(talk(answer, sizeof answer, long_head, sizeof long_head));
    ck_assert_int_eq(strtol(answer + 9, NULL, 10), 431);
    ck_assert_int_eq(kill(server, SIGTERM), 0);
    ck_assert_int_eq(wait_for(server), 0);
    server = 0;
}
END_TEST

START_TEST(one_connection_takes_requests_one_after_the_other)
{
    static const char one[] = "GET /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n";
    static const char two[] = "GET "
                              "/0000000000000000000000000000000000000000000000000000000000000000/"
                              "checkpoint HTTP/1.1\r\nHost: w\r\n\r\n";
    char all[600], answer[4096];
    (void)snprintf(all, sizeof all, "%s%s%s", two, two, one); /* the last is refused: it closes */
    ck_assert(talk(answer, sizeof answer, all, strlen(all)));
    const char *second = strstr(answer + 1, "HTTP/1.1 404");
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_nonnull(strstr(second, "HTTP/1.1 405"));
}
END_TEST

START_TEST(many_idle_connections_do_not_keep_others_out)
{
    int fds[250];
    for (size_t i = 0; i < N_OF(fds); i++) {
        fds[i] = dial();
        ck_assert_int_ge(fds[i], 0);
    }
    uint64_t size;
    ck_assert_int_eq(submit(&logs[0], 0, 5, &size), 200);
    char byte;
    ck_assert_int_eq(recv(fds[0], &byte, 1, MSG_DONTWAIT), 0);    /* the oldest had to go */
    ck_assert_int_eq(recv(fds[249], &byte, 1, MSG_DONTWAIT), -1); /* the newest is there */
    for (size_t i = 0; i < N_OF(fds); i++)
        (void)close(fds[i]);
}
END_TEST

/* --- clients that race ------------------------------------------------------------------------ */

/* Move the log on by one wherever it is, and write each step that was cosigned into `out`. */
static void race(const struct world_log *log, int out)
{
    uint64_t at = 0;
    while (at < 40) {
        const uint64_t from = at;
        int status = submit(log, at, at + 1, &at);
        if (status == 200) {
            const uint8_t step = (uint8_t)from;
            if (write(out, &step, 1) != 1)
                _exit(1);
            at = from + 1;
        } else if (status == 422) {
            break; /* the other version won */
        } else if (status != 409) {
            _exit(1);
        }
    }
    _exit(0);
}

START_TEST(of_two_versions_one_is_cosigned_and_each_step_once)
{
    int pipes[2][2];
    pid_t pids[N_CLIENTS];
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(pipe(pipes[i]), 0);
    for (size_t i = 0; i < N_CLIENTS; i++) {
        pids[i] = fork();
        ck_assert_int_ge(pids[i], 0);
        if (pids[i] == 0)
            race(i % 2 == 0 ? &logs[0] : &forks[0], pipes[i % 2][1]);
    }
    for (size_t i = 0; i < N_CLIENTS; i++)
        ck_assert_int_eq(wait_for(pids[i]), 0);
    size_t steps[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        bool seen[64] = {false};
        uint8_t step;
        (void)close(pipes[i][1]);
        while (read(pipes[i][0], &step, 1) == 1) {
            ck_assert(!seen[step]);
            seen[step] = true;
            steps[i]++;
        }
        (void)close(pipes[i][0]);
    }
    ck_assert_uint_eq(steps[0] + steps[1], 40);
    ck_assert(steps[0] == 0 || steps[1] == 0);
}
END_TEST

/* --- SIGKILL ---------------------------------------------------------------------------------- */

static void kill_later(pid_t pid, unsigned microseconds)
{
    if (fork() == 0) {
        sleep_us(microseconds);
        (void)kill(pid, SIGKILL);
        _exit(0);
    }
}

START_TEST(a_killed_witness_forgets_nothing_that_it_said)
{
    test_seed("a_killed_witness_forgets_nothing_that_it_said");
    size_t cosigned = 0;
    for (size_t r = 0; r < N_LOGS; r++) {
        uint64_t heard = 0, size = 99;
        int status = 200;
        kill_later(server, (unsigned)(test_random() % 30000));
        while (status == 200 && heard < WORLD_LEAVES) {
            status = submit(&logs[r], heard, heard + 1, &size);
            heard += status == 200 ? 1 : 0;
        }
        cosigned += heard;
        ck_assert_int_eq(wait_for(server), -SIGKILL);
        while (waitpid(-1, NULL, 0) > 0)
            continue; /* the one that killed */
        start();
        if (heard > 0) {
            status = submit(&forks[r], heard, heard + 1, &size);
            ck_assert_msg(status == 409 || status == 422, "a fork at %zu got %d", (size_t)heard,
                          status);
        }
        status = submit(&logs[r], 0, WORLD_LEAVES, &size);
        if (status == 200)
            size = WORLD_LEAVES;
        ck_assert_msg(size >= heard, "said %zu, remembers %zu", (size_t)heard, (size_t)size);
        if (status == 409)
            ck_assert_int_eq(submit(&logs[r], (size_t)size, WORLD_LEAVES, &size), 200);
        else
            ck_assert_uint_eq(heard, 0);
    }
    ck_assert_uint_gt(cosigned, 0);
}
END_TEST

START_TEST(what_cannot_start_says_so)
{
    ck_assert_int_eq(wait_for(spawn("--init")), 5);         /* there is one */
    ck_assert_int_eq(wait_for(spawn("--check-config")), 5); /* it runs: the state is locked */
    ck_assert_int_eq(wait_for(spawn("--nonsense")), 2);
    ck_assert_int_eq(wait_for(spawn("--help")), 0);
    teardown();
    ck_assert_int_eq(wait_for(spawn("--check-config")), 0);
    ck_assert_int_eq(unlink(state), 0);
    ck_assert_int_eq(wait_for(spawn(NULL)), 5); /* a witness that forgot does not go on */
    ck_assert_int_eq(wait_for(spawn("--init")), 5);
    ck_assert_int_eq(unlink(config), 0);
    ck_assert_int_eq(wait_for(spawn(NULL)), 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("witness_serve");
    TCase *t = tcase_create("serve");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, requests_have_their_status);
    tcase_add_test(t, one_connection_takes_requests_one_after_the_other);
    tcase_add_test(t, many_idle_connections_do_not_keep_others_out);
    tcase_add_test(t, of_two_versions_one_is_cosigned_and_each_step_once);
    tcase_add_test(t, a_killed_witness_forgets_nothing_that_it_said);
    tcase_add_test(t, what_cannot_start_says_so);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
