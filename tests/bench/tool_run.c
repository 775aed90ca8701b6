/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_run.c - what a program costs.
 *
 *     tool_run COMMAND [ARGUMENT...]
 *
 * Runs it, its standard output thrown away, and prints "wall user+system peak": seconds, seconds,
 * and the largest resident set in MB. Ends with the program's status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void become(char **command)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
        (void)execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: tool_run COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    const double start = now_s();
    const pid_t pid = fork();
    if (pid == 0)
        become(argv + 1);
    int status = 0;
    struct rusage used = {0};
    if (pid < 0 || waitpid(pid, &status, 0) != pid || getrusage(RUSAGE_CHILDREN, &used) != 0) {
        perror("tool_run");
        return 1;
    }
    printf("%.3f %.3f %.1f\n", now_s() - start, seconds(used.ru_utime) + seconds(used.ru_stime),
           (double)used.ru_maxrss / 1024);
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
