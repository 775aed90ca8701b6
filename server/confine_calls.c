/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * confine_calls.c - seccomp: the system calls that each process may make, as lists. Any other call
 * is refused, its number logged, and the process ended.
 */
#define _GNU_SOURCE /* CLONE_THREAD, prctl */
#include "server/confine_parts.h"

#ifndef SKA_SANITIZED

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define EXIT_FORBIDDEN_CALL 159 /* 128 + SIGSYS, as a shell would report it */

/* What both need: memory, time, the event loop, reading and writing what is open. */
static const int calls_of_both[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(close),
    SCMP_SYS(shutdown),
    SCMP_SYS(fcntl),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(lseek),
    SCMP_SYS(pread64),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
    SCMP_SYS(poll),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_yield),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(tgkill),
    SCMP_SYS(getsockopt),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(sysinfo),
};

static const int calls_of_front[] = {
    SCMP_SYS(accept4),     SCMP_SYS(connect),     SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(ioctl),
};

/* Threads, and SQLite on its files. */
static const int calls_of_aggregator[] = {
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq),      SCMP_SYS(pwrite64),
    SCMP_SYS(fdatasync),       SCMP_SYS(fsync),     SCMP_SYS(ftruncate),
    SCMP_SYS(openat),          SCMP_SYS(unlink),    SCMP_SYS(unlinkat),
    SCMP_SYS(mkdir), /* the public log's files */
    SCMP_SYS(mkdirat),         SCMP_SYS(rename),    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),       SCMP_SYS(access),    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),      SCMP_SYS(stat),      SCMP_SYS(lstat),
    SCMP_SYS(statx),           SCMP_SYS(getcwd),    SCMP_SYS(readlink),
    SCMP_SYS(fchmod),          SCMP_SYS(fchown),    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(setpriority), /* the threads for proofs step back */
    SCMP_SYS(ioctl),           SCMP_SYS(fallocate), SCMP_SYS(getrusage),
};

/* Says which call was refused, with nothing but calls that are safe in a signal handler. */
static void on_forbidden_call(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    char line[] = "error forbidden_system_call number=0000\n";
    int number = info->si_syscall;
    for (size_t i = sizeof line - 3; line[i] != '='; i--) {
        line[i] = (char)('0' + number % 10);
        number /= 10;
    }
    ssize_t written = write(STDERR_FILENO, line, sizeof line - 1);
    (void)written;
    _exit(EXIT_FORBIDDEN_CALL);
}

static int allow_all(scmp_filter_ctx filter, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        if (failed != 0)
            return failed;
    }
    return 0;
}

/* Memory that is never executable. */
static int allow_memory(scmp_filter_ctx filter)
{
    int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (failed == 0)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (failed == 0) /* asking only: malloc and the thread library look at limits */
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                                  SCMP_A2(SCMP_CMP_EQ, 0, 0));
    return failed;
}

/* Files are opened to be read; sockets are of the internet. */
static int allow_front(scmp_filter_ctx filter)
{
    int failed =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY));
    if (failed == 0)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                                  SCMP_A0(SCMP_CMP_EQ, AF_INET, 0));
    if (failed == 0)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                                  SCMP_A0(SCMP_CMP_EQ, AF_INET6, 0));
    return failed;
}

/* Threads, not processes. clone3 hides its flags in memory: the thread library falls back to clone
 * when it is told that there is none. */
static int allow_aggregator(scmp_filter_ctx filter)
{
    int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    if (failed == 0)
        failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return failed;
}

/* Build the filter of one process and put it on. */
static enum ska_status restrict_calls(const int *calls, size_t n,
                                      int (*allow_more)(scmp_filter_ctx), struct ska_error *err)
{
    struct sigaction action = {.sa_sigaction = on_forbidden_call, .sa_flags = SA_SIGINFO};
    if (sigaction(SIGSYS, &action, NULL) != 0)
        return ska_fail(err, SKA_E_FORBIDDEN, "SIGSYS: %s", strerror(errno));
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    if (filter == NULL)
        return ska_fail(err, SKA_E_FORBIDDEN, "seccomp: out of memory");
    int failed = allow_all(filter, calls_of_both, sizeof calls_of_both / sizeof calls_of_both[0]);
    if (failed == 0)
        failed = allow_all(filter, calls, n);
    if (failed == 0)
        failed = allow_memory(filter);
    if (failed == 0)
        failed = allow_more(filter);
    if (failed == 0)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    if (failed != 0)
        return ska_fail(err, SKA_E_FORBIDDEN, "seccomp: %s", strerror(-failed));
    return SKA_OK;
}

enum ska_status confine_calls_front(struct ska_error *err)
{
    return restrict_calls(calls_of_front, sizeof calls_of_front / sizeof calls_of_front[0],
                          allow_front, err);
}

enum ska_status confine_calls_aggregator(struct ska_error *err)
{
    return restrict_calls(calls_of_aggregator,
                          sizeof calls_of_aggregator / sizeof calls_of_aggregator[0],
                          allow_aggregator, err);
}

#endif
