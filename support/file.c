/* SPDX-License-Identifier: EUPL-1.2 */
/* file.c - whole files, read with a limit and written durably. */
#define _GNU_SOURCE /* O_CLOEXEC and mkostemp in one place */
#include "support/file.h"

#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Closes a descriptor that is not -1. */
static void fd_release(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd); /* nothing was written through it that matters */
    *fd = -1;
}

/* Open for reading and look at it; a folder or a pipe is refused. */
static enum ska_status open_regular(int *out, struct stat *st, const char *path, size_t max,
                                    struct ska_error *err)
{
    SKA_SCOPED(fd_release) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return ska_fail(err, errno == ENOENT ? SKA_E_NOT_FOUND : SKA_E_FILE, "%s: %s", path,
                        ska_text(strerror(errno)));
    if (fstat(fd, st) != 0)
        return ska_fail(err, SKA_E_FILE, "%s: %s", path, ska_text(strerror(errno)));
    if (!S_ISREG(st->st_mode))
        return ska_fail(err, SKA_E_FILE, "%s: is not a regular file", path);
    if (st->st_size < 0 || (uintmax_t)st->st_size > max)
        return ska_fail(err, SKA_E_LIMIT, "%s: is %jd bytes long, at most %zu are read", path,
                        (intmax_t)st->st_size, max);
    *out = fd;
    fd = -1;
    return SKA_OK;
}

/* Read until the end of the file, `max` bytes at the most. */
static enum ska_status read_all(uint8_t **data, size_t *len, int fd, size_t size, const char *path,
                                struct ska_error *err)
{
    uint8_t *buffer = malloc(size + 1);
    if (buffer == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s: out of memory", path);
    size_t got = 0;
    for (;;) {
        ssize_t n = read(fd, buffer + got, size + 1 - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || got + (size_t)n > size) {
            int cause = errno;
            ska_wipe_free(buffer, size + 1);
            return ska_fail(err, SKA_E_FILE, "%s: %s", path,
                            n < 0 ? ska_text(strerror(cause)) : ska_text("grew while it was read"));
        }
        if (n == 0)
            break;
        got += (size_t)n;
    }
    buffer[got] = 0;
    *data = buffer;
    *len = got;
    return SKA_OK;
}

enum ska_status file_read(uint8_t **data, size_t *len, const char *path, size_t max,
                          struct ska_error *err)
{
    SKA_SCOPED(fd_release) int fd = -1;
    struct stat st = {0};
    SKA_TRY(open_regular(&fd, &st, path, max, err));
    return read_all(data, len, fd, (size_t)st.st_size, path, err);
}

enum ska_status file_read_secret(uint8_t **data, size_t *len, const char *path, size_t max,
                                 struct ska_error *err)
{
    SKA_SCOPED(fd_release) int fd = -1;
    struct stat st = {0};
    SKA_TRY(open_regular(&fd, &st, path, max, err));
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return ska_fail(err, SKA_E_CONFIG, "%s: others can read this secret; run chmod 600 %s",
                        path, path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return ska_fail(err, SKA_E_CONFIG, "%s: this secret belongs to another user", path);
    return read_all(data, len, fd, (size_t)st.st_size, path, err);
}

/* What a failed write means: no room, or anything else. */
static enum ska_status failed(int cause)
{
    return cause == ENOSPC || cause == EDQUOT ? SKA_E_FULL : SKA_E_FILE;
}

static enum ska_status write_all(int fd, const uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(errno);
        data += n;
        len -= (size_t)n;
    }
    return SKA_OK;
}

/* Make a rename in the folder of `path` survive a loss of power. */
static enum ska_status sync_folder(const char *path)
{
    SKA_SCOPED(ska_scoped_free) char *folder = strdup(path);
    if (folder == NULL)
        return SKA_E_MEMORY;
    char *slash = strrchr(folder, '/');
    if (slash == folder)
        slash[1] = '\0';
    else if (slash != NULL)
        *slash = '\0';
    SKA_SCOPED(fd_release)
    int fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return SKA_E_FILE;
    return SKA_OK;
}

/* Fill the open temporary file and put it in its place. */
static enum ska_status fill_and_rename(int fd, const char *temporary, const char *path,
                                       const void *data, size_t len, mode_t mode)
{
    SKA_TRY(write_all(fd, data, len));
    if (fchmod(fd, mode) != 0 || fsync(fd) != 0 || rename(temporary, path) != 0)
        return failed(errno);
    return sync_folder(path);
}

/* Whether this is there and no file that a rename may replace: a device, a pipe. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* Into what is special, as it stands: to replace /dev/stdout by a file would be worse than to fail.
 */
static enum ska_status write_into(const char *path, const void *data, size_t len, bool secret,
                                  struct ska_error *err)
{
    if (secret)
        return ska_fail(err, SKA_E_FILE, "%s: is no file, and what is secret goes into one", path);
    SKA_SCOPED(fd_release) int fd = open(path, O_WRONLY | O_CLOEXEC);
    enum ska_status status = fd < 0 ? failed(errno) : write_all(fd, data, len);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: cannot be written: %s", path, ska_text(strerror(errno)));
    return SKA_OK;
}

enum ska_status file_write(const char *path, const void *data, size_t len, bool secret,
                           struct ska_error *err)
{
    if (is_special(path))
        return write_into(path, data, len, secret, err);
    /* Hidden until it has its name: what is left of a process that was killed is not served. */
    const char *slash = strrchr(path, '/');
    const int n_folder = slash != NULL ? (int)(slash - path) + 1 : 0;
    size_t size = strlen(path) + sizeof "..XXXXXX";
    SKA_SCOPED(ska_scoped_free) char *temporary = malloc(size);
    if (temporary == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s: out of memory", path);
    (void)snprintf(temporary, size, "%.*s.%s.XXXXXX", n_folder, path,
                   path + n_folder);                                /* fits: measured above */
    SKA_SCOPED(fd_release) int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 from birth */
    if (fd < 0)
        return ska_fail(err, failed(errno), "%s: cannot be written: %s", path,
                        ska_text(strerror(errno)));
    errno = 0;
    enum ska_status status = fill_and_rename(fd, temporary, path, data, len, secret ? 0600 : 0644);
    if (status == SKA_OK)
        return SKA_OK;
    int cause = errno;
    (void)unlink(temporary); /* the old file is still in place; this is only tidying */
    return ska_fail(err, status, "%s: cannot be written: %s", path,
                    cause != 0 ? ska_text(strerror(cause)) : ska_status_text(status));
}

enum ska_status file_make_folder(const char *path, bool secret, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *partial = strdup(path);
    if (partial == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s: out of memory", path);
    for (char *at = partial + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char end = *at;
        *at = '\0';
        mode_t mode = secret && end == '\0' ? 0700 : 0755;
        if (mkdir(partial, mode) != 0) {
            if (errno != EEXIST)
                return ska_fail(err, failed(errno), "%s: %s", partial, ska_text(strerror(errno)));
        } else {
            SKA_TRY(sync_folder(partial)); /* files in it are made to last, so must it be */
        }
        if (end == '\0')
            break;
        *at = end;
        if (at[1] == '\0')
            break;
    }
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return ska_fail(err, SKA_E_FILE, "%s: is not a folder", path);
    return SKA_OK;
}

enum ska_status file_lock(int *fd, const char *path, struct ska_error *err)
{
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0)
        return ska_fail(err, SKA_E_FILE, "%s: %s", path, ska_text(strerror(errno)));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(opened, F_SETLK, &lock) != 0) {
        bool is_held = errno == EACCES || errno == EAGAIN;
        const char *why = strerror(errno);
        (void)close(opened);
        return is_held ? SKA_E_BUSY : ska_fail(err, SKA_E_FILE, "%s: %s", path, ska_text(why));
    }
    *fd = opened;
    return SKA_OK;
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

char *file_join(const char *folder, const char *name)
{
    size_t len = strlen(folder);
    size_t size = len + strlen(name) + 2;
    char *joined = malloc(size);
    if (joined == NULL)
        return NULL;
    const char *between = len > 0 && folder[len - 1] == '/' ? "" : "/";
    (void)snprintf(joined, size, "%s%s%s", folder, between, name); /* fits: measured above */
    return joined;
}
