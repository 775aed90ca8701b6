/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * main.c - skarvad: one supervisor, two confined processes, one socketpair between them.
 *
 *     main ---fork---> aggregator: user, keys, database, confine, serve front
 *       |
 *       +-----fork---> front: port, user, certificates, site, confine, serve the world
 *
 * main touches no byte from outside: it passes SIGTERM and SIGINT on to front, which drains; the
 * aggregator ends when front has sent DRAIN or is gone. If one ends, main sees to it that the other
 * does, and ends with the worse of their statuses.
 */
#define _GNU_SOURCE /* SOCK_CLOEXEC, prctl */
#include "protocol/swedish.h"
#include "server/aggregator.h"
#include "server/command.h"
#include "server/confine.h"
#include "server/front.h"
#include "server/log.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define GRACE_S 15 /* from the end of one process, or a signal, to SIGKILL */

/* The aggregator: signals to the group (Ctrl-C) are front's business; its end is front's end. */
static int run_aggregator(const struct config *config, int socket_fd)
{
    struct ska_error err = {0};
    struct aggregator *aggregator = NULL;
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    if (confine_drop_user(config, &err) != SKA_OK ||
        aggregator_open(&aggregator, config, &err) != SKA_OK ||
        confine_aggregator(config, &err) != SKA_OK) {
        aggregator_free(aggregator);
        return command_fail(&err);
    }
    ska_speak_swedish(false); /* what goes out, and the log, is in one language */
    int status = aggregator_run(aggregator, socket_fd);
    aggregator_free(aggregator);
    return status;
}

/* The front: the port is all that it takes as root. If main dies, it drains. */
static int run_front(const struct config *config, int socket_fd)
{
    struct ska_error err = {0};
    struct front *front = NULL;
    int listen_fd = -1;
    if (front_listen(&listen_fd, config, &err) != SKA_OK ||
        confine_drop_user(config, &err) != SKA_OK ||
        front_open(&front, config, listen_fd, &err) != SKA_OK ||
        prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || confine_front(config, &err) != SKA_OK) {
        front_free(front);
        return command_fail(&err);
    }
    ska_speak_swedish(false);
    int status = front_run(front, socket_fd);
    front_free(front);
    return status;
}

/* Fork; the child runs with its end of the socketpair only, signals as they were, and exits. */
static pid_t start(int (*run)(const struct config *, int), const struct config *config, int own,
                   int other, const sigset_t *signals)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    (void)close(other);
    (void)sigprocmask(SIG_SETMASK, signals, NULL);
    exit(run(config, own));
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

/* Take the ends of children that ended; their places become 0. Returns the worst status so far. */
static int reap(pid_t *front, pid_t *aggregator, int worst)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        bool is_front = pid == *front;
        int code = status_of(is_front ? "front" : "aggregator", status);
        *(is_front ? front : aggregator) = 0;
        worst = code > worst ? code : worst;
    }
    return worst;
}

/* Wait with the signals blocked, so that none is lost between looking and waiting. */
static int supervise(pid_t front, pid_t aggregator, const sigset_t *blocked)
{
    int worst = EXIT_SUCCESS;
    struct timespec grace = {.tv_sec = GRACE_S};
    bool ending = false;
    while (front > 0 || aggregator > 0) {
        int signal = sigtimedwait(blocked, NULL, ending ? &grace : NULL);
        if (signal < 0 && errno == EAGAIN) {
            log_error("process_killed", "reason=\"did not end in %d s\"", GRACE_S);
            if (front > 0)
                (void)kill(front, SIGKILL);
            if (aggregator > 0)
                (void)kill(aggregator, SIGKILL);
        }
        worst = reap(&front, &aggregator, worst);
        bool told = signal == SIGTERM || signal == SIGINT;
        if ((told || aggregator == 0) && front > 0 && !ending)
            (void)kill(front, SIGTERM);
        ending = ending || told || front == 0 || aggregator == 0;
    }
    return worst;
}

int main(int argc, char *argv[])
{
    struct ska_error err = {0};
    struct command command;
    struct config config;
    confine_begin();
    if (command_parse(&command, argc, argv, &err) != SKA_OK)
        return command_fail(&err);
    if (command.action != COMMAND_SERVE)
        return command_run(&command);
    if (config_read(&config, command.path, &err) != SKA_OK)
        return command_fail(&err);
    (void)log_open(config.log_level); /* a level that was checked */

    int pair[2];
    sigset_t blocked;
    sigset_t before;
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGINT);
    (void)sigaddset(&blocked, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &blocked, &before) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        log_error("not_started", "reason=\"%s\"", strerror(errno));
        return EXIT_SERVER_FAILED;
    }
    pid_t aggregator = start(run_aggregator, &config, pair[0], pair[1], &before);
    pid_t front = start(run_front, &config, pair[1], pair[0], &before);
    (void)close(pair[0]);
    (void)close(pair[1]);
    log_info("started", "front=%ld aggregator=%ld", (long)front, (long)aggregator);
    return supervise(front > 0 ? front : 0, aggregator > 0 ? aggregator : 0, &blocked);
}
