/* SPDX-License-Identifier: EUPL-1.2 */
/* front_site.c - files under the site's folder. */
#define _GNU_SOURCE /* O_DIRECTORY and st_mtim */
#include "server/front_site.h"

#include "crypto/scoped.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fd_release(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd); /* only read from */
    *fd = -1;
}

static const char *type_of(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".csv", "text/csv; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
        {".json", "application/json"},
        {".tar", "application/x-tar"},
        {".px", "text/plain; charset=utf-8"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decode one element of a path; false if it cannot name a file of the site. */
static bool decode_element(char out[static SITE_NAME_MAX + 1], const char *at, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c == '%') {
            int high = i + 2 < len ? digit(at[i + 1]) : -1;
            int low = high < 0 ? -1 : digit(at[i + 2]);
            if (low < 0)
                return false;
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || c == '/' || c == '\\' || n == SITE_NAME_MAX)
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    return n > 0 && out[0] != '.';
}

/* The open folder's file `name`, which must be a regular file. */
static enum ska_status open_file(struct site_file *out, int folder, const char *name)
{
    SKA_SCOPED(fd_release)
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? SKA_E_FILE : SKA_E_NOT_FOUND;
    struct stat st;
    if (fstat(fd, &st) != 0)
        return SKA_E_FILE;
    if (S_ISDIR(st.st_mode))
        return SKA_E_STATE;
    if (!S_ISREG(st.st_mode) || st.st_size < 0)
        return SKA_E_NOT_FOUND;
    *out = (struct site_file){.fd = fd, .len = (uint64_t)st.st_size, .type = type_of(name)};
    (void)snprintf(out->etag, sizeof out->etag, "\"%jx-%jx-%lx-%jx\"", (uintmax_t)st.st_ino,
                   (uintmax_t)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec,
                   (uintmax_t)st.st_size);
    fd = -1;
    return SKA_OK;
}

enum ska_status site_open(struct site_file *out, int site_fd, const char *path)
{
    SKA_SCOPED(fd_release) int opened = -1; /* the folder we are in, if it is not the first */
    int folder = site_fd;
    for (size_t depth = 0; depth < SITE_DEPTH_MAX; depth++) {
        char name[SITE_NAME_MAX + 1];
        size_t len = strcspn(path, "/");
        if (*path == '\0')
            return open_file(out, folder, "index.html");
        if (!decode_element(name, path, len))
            return SKA_E_NOT_FOUND;
        if (path[len] == '\0')
            return open_file(out, folder, name);
        int next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0)
            return SKA_E_NOT_FOUND;
        fd_release(&opened);
        opened = next;
        folder = next;
        path += len + 1;
    }
    return SKA_E_NOT_FOUND;
}
