/* SPDX-License-Identifier: EUPL-1.2 */
/* test_confine.c - what a confined process can still do, tried by one that has been confined. */
#define _GNU_SOURCE /* mkdtemp, syscall, memfd */
#include "server/confine.h"

#include "server/log.h"
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define ENDED_BY_FILTER 159
#define COULD 10
#define DENIED 11 /* an error, the process goes on */

#ifdef SKA_SANITIZED

int main(void)
{
    puts("SKIP confine: sanitizer builds are not confined");
    return 0;
}

#else

static char folder[100];
static struct config config;

static void put(const char *name)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fclose(f), 0);
}

static void make_folder(void)
{
    (void)log_open("error");
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-confine.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    char path[200];
    (void)snprintf(path, sizeof path, "%s/in", folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    put("in/file");
    put("outside");
    config = (struct config){0};
    (void)snprintf(config.site, sizeof config.site, "%s/in", folder);
    (void)snprintf(config.database, sizeof config.database, "%s/in/file", folder);
    (void)snprintf(config.peer_url, sizeof config.peer_url, "https://127.0.0.1:7/");
}

static void remove_folder(void)
{
    static const char *const names[] = {"in/file", "in/new", "in", "outside", "new"};
    for (size_t i = 0; i < N_OF(names); i++) {
        char path[200];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)remove(path); /* some are not there */
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

static int outcome(long result)
{
    return result >= 0 ? COULD : DENIED;
}

static int open_one(const char *name, int flags)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return outcome(open(path, flags | O_CLOEXEC, 0600));
}

/* Each tries one thing in the confined process and says how it went. */
static int read_inside(void)
{
    return open_one("in/file", O_RDONLY);
}
static int read_outside(void)
{
    return open_one("outside", O_RDONLY);
}
static int write_inside(void)
{
    return open_one("in/file", O_RDWR);
}
static int create_inside(void)
{
    return open_one("in/new", O_RDWR | O_CREAT);
}
static int create_outside(void)
{
    return open_one("new", O_RDWR | O_CREAT);
}
static int open_internet_socket(void)
{
    return outcome(socket(AF_INET, SOCK_STREAM, 0));
}
static int open_unix_socket(void)
{
    return outcome(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int make_socketpair(void)
{
    int pair[2];
    return outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}
/* To a port where nobody listens: refused by the other end, or by our own kernel. */
static int connect_to(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int failed = connect(fd, (const struct sockaddr *)&address, sizeof address);
    return failed == 0 || errno == ECONNREFUSED ? COULD : DENIED;
}
static int connect_to_peer(void)
{
    return connect_to(7);
}
static int connect_elsewhere(void)
{
    return connect_to(9);
}
static int bind_socket(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return outcome(bind(fd, (const struct sockaddr *)&address, sizeof address));
}
static int run_program(void)
{
    char *const argv[] = {NULL};
    return outcome(execv("/bin/true", argv));
}
static int make_process(void)
{
    return outcome(fork());
}
static int map_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? DENIED : COULD;
}
static int make_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? DENIED : outcome(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}
static int trace(void)
{
    return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}
static int signal_parent(void)
{
    return outcome(kill(getppid(), 0));
}
static void *in_thread(void *arg)
{
    return arg;
}
static int start_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, in_thread, NULL) != 0)
        return DENIED;
    return pthread_join(thread, NULL) == 0 ? COULD : DENIED;
}
static int allocate(void)
{
    char *p = malloc(10 << 20);
    if (p == NULL)
        return DENIED;
    memset(p, 1, 10 << 20);
    int result = p[12345] == 1 ? COULD : DENIED;
    free(p);
    return result;
}

/* Attempts that only landlock stops; without it they succeed, or the filter stops them. */
static bool has_landlock(long version)
{
#ifdef SYS_landlock_create_ruleset
    return version == 0 || syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= version;
#else
    return version == 0;
#endif
}

static const struct {
    const char *name;
    int (*attempt)(void);
    int front, aggregator; /* how it must end */
    long landlock;         /* the version that this rests on, 0: none */
} attempts[] = {
    {"read a file inside", read_inside, COULD, COULD, 0},
    {"read a file outside", read_outside, DENIED, DENIED, 1},
    {"write a file inside", write_inside, ENDED_BY_FILTER, COULD, 0},
    {"create a file inside", create_inside, ENDED_BY_FILTER, COULD, 0},
    {"create a file outside", create_outside, ENDED_BY_FILTER, DENIED, 1},
    {"open an internet socket", open_internet_socket, COULD, ENDED_BY_FILTER, 0},
    {"open a local socket", open_unix_socket, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"make a pair of sockets", make_socketpair, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"connect to the peer's port", connect_to_peer, COULD, ENDED_BY_FILTER, 0},
    {"connect to another port", connect_elsewhere, DENIED, ENDED_BY_FILTER, 4},
    {"bind a socket", bind_socket, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"run a program", run_program, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"make a process", make_process, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"map memory as code", map_code, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"make memory code", make_code, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"trace", trace, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"signal another process", signal_parent, ENDED_BY_FILTER, ENDED_BY_FILTER, 0},
    {"start a thread", start_thread, ENDED_BY_FILTER, COULD, 0},
    {"allocate memory", allocate, COULD, COULD, 0},
};

/* A front without outside witnesses. */
static enum ska_status confine_bare_front(const struct config *c, struct ska_error *err)
{
    return confine_front(c, NULL, 0, err);
}

/* How the attempt ends in a process of its own, confined as `confine` does. */
static int try(int (*attempt)(void),
               enum ska_status (*confine)(const struct config *, struct ska_error *))
{
    struct ska_error err = {0};
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(null, STDERR_FILENO); /* the filter's line is expected */
        if (confine(&config, &err) != SKA_OK)
            _exit(99);
        _exit(attempt());
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return ENDED_BY_FILTER; /* signals were blocked: there is no line in the log then */
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

START_TEST(attempt_ends_as_it_must)
{
    if (!has_landlock(attempts[_i].landlock))
        return; /* main has said so */
    int got = try(attempts[_i].attempt, confine_bare_front);
    ck_assert_msg(got == attempts[_i].front, "front: %s: got %d", attempts[_i].name, got);
    got = try(attempts[_i].attempt, confine_aggregator);
    ck_assert_msg(got == attempts[_i].aggregator, "aggregator: %s: got %d", attempts[_i].name, got);
}
END_TEST

START_TEST(unconfined_process_could_do_it)
{
    ck_assert_int_eq(open_one("outside", O_RDONLY), COULD);
    ck_assert_int_eq(map_code(), COULD);
    ck_assert_int_eq(open_unix_socket(), COULD);
    ck_assert_int_eq(connect_elsewhere(), COULD);
}
END_TEST

int main(void)
{
    if (!has_landlock(4))
        puts("SKIP confine (files, ports): this kernel's landlock is too old or off");
    Suite *suite = suite_create("confine");
    TCase *tests = tcase_create("confine");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, attempt_ends_as_it_must, 0, (int)N_OF(attempts));
    tcase_add_test(tests, unconfined_process_could_do_it);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}

#endif
