/* SPDX-License-Identifier: EUPL-1.2 */
/* source.c - opening a bundle, from wherever it is. */
#include "audit/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/folder.h"
#include "audit/input.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/bundle.h"

#define FETCH_NOT_FOUND 4 /* fetch/fetch.h; that folder is not ours to include */
#define COPY_BYTES 65536u
#define PATH_BYTES 4096

extern char **environ;

static const char *fetch_ca_file;
static bool fetch_shows_progress;

void source_choose(const char *ca_file, bool shows_progress)
{
    fetch_ca_file = ca_file;
    fetch_shows_progress = shows_progress;
}

bool source_is_address(const char *place)
{
    return strncasecmp(place, "https://", 8) == 0 || strncasecmp(place, "http://", 7) == 0;
}

static void close_file(int *fd)
{
    if (*fd > STDERR_FILENO)
        close(*fd);
}

/* A new file without a name. */
static enum ska_status open_temporary(int *out, struct ska_error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    if (folder == NULL || folder[0] != '/')
        folder = "/tmp";
    int len = snprintf(path, sizeof path, "%s/skarva-audit-XXXXXX", folder);
    int fd = len > 0 && (size_t)len < sizeof path ? mkstemp(path) : -1;
    if (fd < 0)
        return ska_fail(err, SKA_E_FILE,
                        words("ingen tillfällig fil kan skapas i %s: %s",
                              "no temporary file can be made in %s: %s"),
                        folder, ska_text(strerror(errno)));
    (void)unlink(path);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    *out = fd;
    return SKA_OK;
}

/* Everything that a pipe or the standard input gives. */
static enum ska_status copy(int to, int from)
{
    uint8_t buffer[COPY_BYTES];
    uint64_t all = 0;
    for (;;) {
        ssize_t n = read(from, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return SKA_E_FILE;
        if (n == 0)
            return SKA_OK;
        all += (uint64_t)n;
        if (all > SKA_BUNDLE_BYTES_MAX)
            return SKA_E_LIMIT;
        SKA_TRY(input_store(to, buffer, (size_t)n));
    }
}

/* Where the program that fetches is: beside this one. */
static bool find_fetcher(char path[static PATH_BYTES])
{
    static const char suffix[] = "-fetch";
    char own[PATH_BYTES];
    const ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    if (len <= 0)
        return false;
    own[len] = '\0';
    /* The publisher's program has the auditor's functions too. */
    const char *name = strrchr(own, '/');
    int n = name == NULL
                ? -1
                : snprintf(path, PATH_BYTES, "%.*s/skarva-audit%s", (int)(name - own), own, suffix);
    return n > 0 && (size_t)n < PATH_BYTES && access(path, X_OK) == 0;
}

/* Run it with its output into a file. Returns its exit status, or -1. */
static int run_fetcher(const char *path, int to, const char *address)
{
    char max[32];
    (void)snprintf(max, sizeof max, "%" PRIu64, SKA_BUNDLE_BYTES_MAX);
    const char *arguments[12] = {"skarva-audit-fetch", "--lang", words("sv", "en"), "--max", max};
    size_t n = 5;
    if (fetch_ca_file != NULL) {
        arguments[n++] = "--ca";
        arguments[n++] = fetch_ca_file;
    }
    if (fetch_shows_progress)
        arguments[n++] = "--progress";
    arguments[n] = address;
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;
    int state = -1;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    if (posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO) != 0 ||
        posix_spawn(&pid, path, &actions, NULL, (char *const *)(uintptr_t)arguments, environ) != 0)
        pid = -1;
    (void)posix_spawn_file_actions_destroy(&actions);
    while (pid > 0 && waitpid(pid, &state, 0) < 0)
        if (errno != EINTR)
            pid = -1;
    return pid > 0 && WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

static enum ska_status fetch(int to, const char *address, struct ska_error *err)
{
    char path[PATH_BYTES];
    if (!find_fetcher(path))
        return ska_fail(err, SKA_E_NETWORK, "%s",
                        words("programmet skarva-audit-fetch finns inte bredvid skarva-audit",
                              "the program skarva-audit-fetch is not beside skarva-audit"));
    int status = run_fetcher(path, to, address);
    if (status == EXIT_SUCCESS)
        return SKA_OK;
    if (status == FETCH_NOT_FOUND)
        return ska_fail(err, SKA_E_NOT_FOUND, words("på %s finns inget", "there is nothing at %s"),
                        address);
    return ska_fail(err, SKA_E_NETWORK, words("%s hämtades inte", "%s was not fetched"), address);
}

/* Filled from what is no regular file. */
static enum ska_status open_copy(struct window *out, const char *place, int from,
                                 struct ska_error *err)
{
    SKA_SCOPED(close_file) int fd = -1;
    struct stat s;
    enum ska_status status;
    SKA_TRY(open_temporary(&fd, err));
    if (source_is_address(place))
        status = fetch(fd, place, err);
    else if (fstat(from, &s) == 0 && S_ISDIR(s.st_mode))
        status = folder_pack(fd, from, place, err);
    else
        status = copy(fd, from);
    if (status == SKA_OK)
        status = window_map(out, fd, SKA_BUNDLE_BYTES_MAX);
    if (status == SKA_OK)
        fd = -1; /* the window owns it now */
    return status;
}

static enum ska_status open_file(struct window *out, const char *place, struct ska_error *err)
{
    SKA_SCOPED(close_file)
    int fd = strcmp(place, "-") == 0 ? STDIN_FILENO : open(place, O_RDONLY | O_CLOEXEC);
    struct stat s;
    if (fd < 0)
        return ska_fail(err, SKA_E_FILE, words("%s kan inte öppnas: %s", "cannot open %s: %s"),
                        place, ska_text(strerror(errno)));
    if (fd == STDIN_FILENO || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode))
        return open_copy(out, place, fd, err);
    SKA_TRY(window_map(out, fd, SKA_BUNDLE_BYTES_MAX));
    fd = -1; /* the window owns it now */
    return SKA_OK;
}

enum ska_status source_open(struct window *out, const char *place, struct ska_error *err)
{
    enum ska_status status =
        source_is_address(place) ? open_copy(out, place, -1, err) : open_file(out, place, err);
    if (status == SKA_OK || (err != NULL && err->text[0] != '\0'))
        return status;
    return ska_fail(err, status, "%s: %s", place,
                    status == SKA_E_FILE && errno != 0 ? ska_text(strerror(errno))
                                                       : ska_status_text(status));
}
