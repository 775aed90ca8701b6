/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * main.c - skarvad: one supervisor, the aggregator, and front_processes fronts, all confined, with
 * a socketpair between the aggregator and each front.
 *
 *     main: port
 *       |---fork---> aggregator: user, keys, database, confine, serve the fronts
 *       |
 *       +---fork---> front 0: user, certificates, site, confine, serve the world, call the peer
 *       +---fork---> front 1, ...: the same, but call nobody
 *
 * main touches no byte from outside: it passes SIGTERM and SIGINT on to the fronts, which drain;
 * the aggregator ends when all fronts have sent DRAIN or one is gone. If one process ends, main
 * sees to it that all others do, and ends with the worst of their statuses: whoever started it
 * starts the whole again, and no process goes on with what another left half done.
 */
#define _GNU_SOURCE /* SOCK_CLOEXEC, prctl, sched_getaffinity */
#include "protocol/swedish.h"
#include "server/aggregator/aggregator.h"
#include "server/command.h"
#include "server/confine.h"
#include "server/front/front.h"
#include "server/log.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define GRACE_S 15 /* from the end of one process, or a signal, to SIGKILL */

#define FRONTS_BY_ITSELF 4u /* at most so many, if front_processes is 0 */

/* What the processes are made from. */
struct server {
    struct config config;
    int listen_fd;
    struct front_shared *shared;
    size_t n_fronts;
    int aggregator_fds[CONFIG_FRONTS_MAX], front_fds[CONFIG_FRONTS_MAX]; /* the socketpairs */
    sigset_t signals;                                                    /* as they were */
};

/* The children; 0: none, or it ended. */
struct children {
    pid_t aggregator;
    pid_t fronts[CONFIG_FRONTS_MAX];
};

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)close(fds[i]);
}

/* The aggregator: signals to the group (Ctrl-C) are the fronts' business; their end is its end. */
static int run_aggregator(const struct server *s)
{
    struct ska_error err = {0};
    struct aggregator *aggregator = NULL;
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    (void)close(s->listen_fd);
    close_all(s->front_fds, s->n_fronts);
    front_shared_free(s->shared);
    if (confine_drop_user(&s->config, &err) != SKA_OK ||
        aggregator_open(&aggregator, &s->config, &err) != SKA_OK ||
        confine_aggregator(&s->config, &err) != SKA_OK) {
        aggregator_free(aggregator);
        return command_fail(&err);
    }
    ska_speak_swedish(false); /* what goes out, and the log, is in one language */
    int status = aggregator_run(aggregator, s->aggregator_fds, s->n_fronts);
    aggregator_free(aggregator);
    return status;
}

static enum ska_status confine(const struct front *front, const struct server *s,
                               struct ska_error *err)
{
    uint16_t ports[SKA_POLICY_MEMBERS_MAX];
    size_t n = front_witness_ports(ports, front);
    return confine_front(&s->config, ports, n, err);
}

/* One front. If main dies, it drains. SIGTERM waits until it can be obeyed. What keeps one front
 * from starting mostly keeps all: only the first tells it to people. */
static int run_front(const struct server *s, size_t which)
{
    struct ska_error err = {0};
    struct front *front = NULL;
    close_all(s->aggregator_fds, s->n_fronts);
    for (size_t i = 0; i < s->n_fronts; i++)
        if (i != which)
            (void)close(s->front_fds[i]);
    if (confine_drop_user(&s->config, &err) != SKA_OK ||
        front_open(&front, &s->config, s->shared, s->listen_fd, which == 0, &err) != SKA_OK ||
        prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || confine(front, s, &err) != SKA_OK) {
        front_free(front);
        if (which == 0)
            return command_fail(&err);
        log_info("front_not_started", "front=%zu", which);
        return EXIT_NOT_STARTED;
    }
    (void)sigprocmask(SIG_SETMASK, &s->signals, NULL);
    ska_speak_swedish(false);
    int status = front_run(front, s->front_fds[which]);
    front_free(front);
    front_shared_free(s->shared);
    return status;
}

/* Everything the children inherit. Any failure is told and ends with the status returned. */
static int prepare(struct server *s)
{
    struct ska_error err = {0};
    cpu_set_t cores;
    s->n_fronts = (size_t)s->config.front_processes;
    if (s->n_fronts == 0) {
        size_t n = sched_getaffinity(0, sizeof cores, &cores) == 0 ? (size_t)CPU_COUNT(&cores) : 1;
        s->n_fronts = n < FRONTS_BY_ITSELF ? n : FRONTS_BY_ITSELF;
    }
    if (front_listen(&s->listen_fd, &s->config, &err) != SKA_OK ||
        front_shared_new(&s->shared, &s->config, &err) != SKA_OK)
        return command_fail(&err);
    for (size_t i = 0; i < s->n_fronts; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
            log_error("not_started", "reason=\"%s\"", strerror(errno));
            return EXIT_SERVER_FAILED;
        }
        s->aggregator_fds[i] = pair[0];
        s->front_fds[i] = pair[1];
    }
    return EXIT_SUCCESS;
}

/* Fork all of them, each with its own sockets only and signals as they were. A process that could
 * not be made is missed by the others at once: its socket is closed. */
static void start_all(struct children *children, const struct server *s)
{
    (void)fflush(NULL);
    children->aggregator = fork();
    if (children->aggregator == 0) {
        (void)sigprocmask(SIG_SETMASK, &s->signals, NULL);
        exit(run_aggregator(s));
    }
    for (size_t i = 0; i < s->n_fronts; i++) {
        children->fronts[i] = fork();
        if (children->fronts[i] == 0)
            exit(run_front(s, i));
        log_info("front_started", "front=%zu pid=%ld", i, (long)children->fronts[i]);
    }
    (void)close(s->listen_fd);
    close_all(s->aggregator_fds, s->n_fronts);
    close_all(s->front_fds, s->n_fronts);
}

/* The exit status of a child, and a line if it did not end by itself. SIGTERM before front listens
 * to it is what we asked for. */
static int status_of(const char *name, int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    if (WTERMSIG(status) == SIGTERM)
        return EXIT_SUCCESS;
    log_error("process_killed", "process=%s signal=%d", name, WTERMSIG(status));
    return EXIT_SERVER_FAILED;
}

/* Send a signal to all fronts that there are. */
static void signal_fronts(const struct children *c, int signal)
{
    for (size_t i = 0; i < CONFIG_FRONTS_MAX; i++)
        if (c->fronts[i] > 0)
            (void)kill(c->fronts[i], signal);
}

/* The child's place, set to 0. Returns its name. */
static const char *forget(struct children *c, pid_t pid)
{
    if (c->aggregator == pid) {
        c->aggregator = 0;
        return "aggregator";
    }
    for (size_t i = 0; i < CONFIG_FRONTS_MAX; i++)
        if (c->fronts[i] == pid)
            c->fronts[i] = 0;
    return "front";
}

/* Take the ends of children that ended. Returns whether there were any; *worst is the worst status
 * so far. */
static bool reap(struct children *c, int *worst)
{
    int status;
    pid_t pid;
    bool any = false;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        int code = status_of(forget(c, pid), status);
        *worst = code > *worst ? code : *worst;
        any = true;
    }
    return any;
}

static bool any_left(const struct children *c)
{
    bool any = c->aggregator > 0;
    for (size_t i = 0; i < CONFIG_FRONTS_MAX; i++)
        any = any || c->fronts[i] > 0;
    return any;
}

/* Wait with the signals blocked, so that none is lost between looking and waiting. */
static int supervise(struct children *c, const sigset_t *blocked)
{
    int worst = EXIT_SUCCESS;
    struct timespec grace = {.tv_sec = GRACE_S};
    bool ending = false;
    while (any_left(c)) {
        int signal = sigtimedwait(blocked, NULL, ending ? &grace : NULL);
        if (signal < 0 && errno == EAGAIN) {
            log_error("process_killed", "reason=\"did not end in %d s\"", GRACE_S);
            signal_fronts(c, SIGKILL);
            if (c->aggregator > 0)
                (void)kill(c->aggregator, SIGKILL);
        }
        bool lost = reap(c, &worst);
        if (!ending && (lost || signal == SIGTERM || signal == SIGINT)) {
            ending = true;
            signal_fronts(c, SIGTERM);
        }
    }
    return worst;
}

int main(int argc, char *argv[])
{
    struct ska_error err = {0};
    struct command command;
    struct server server = {.listen_fd = -1};
    struct children children = {0};
    sigset_t blocked;
    confine_begin();
    if (command_parse(&command, argc, argv, &err) != SKA_OK)
        return command_fail(&err);
    if (command.action != COMMAND_SERVE)
        return command_run(&command);
    if (config_read(&server.config, command.path, &err) != SKA_OK)
        return command_fail(&err);
    (void)log_open(server.config.log_level); /* a level that was checked */
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGINT);
    (void)sigaddset(&blocked, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &blocked, &server.signals) != 0) {
        log_error("not_started", "reason=\"%s\"", strerror(errno));
        return EXIT_SERVER_FAILED;
    }
    int failed = prepare(&server);
    if (failed != EXIT_SUCCESS)
        return failed;
    start_all(&children, &server);
    log_info("started", "fronts=%zu aggregator=%ld", server.n_fronts, (long)children.aggregator);
    return supervise(&children, &blocked);
}
