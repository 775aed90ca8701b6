/* SPDX-License-Identifier: EUPL-1.2 */
/* front_site.c - files under the site's folder. */
#define _GNU_SOURCE /* O_DIRECTORY and st_mtim */
#include "server/front/front_site.h"

#include "crypto/hash.h"
#include "crypto/scoped.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_S 86400u

static void fd_release(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd); /* only read from */
    *fd = -1;
}

/* What kind a file is of, by its name's ending. Others' pages may read data as their programs may;
 * ours are for people. */
struct kind {
    const char *ending, *type;
    bool is_data;
};

static const struct kind *kind_of(const char *name)
{
    /* Of two that fit, the first. */
    static const struct kind kinds[] = {
        {".html", "text/html; charset=utf-8", false},
        {".css", "text/css; charset=utf-8", false},
        {".js", "text/javascript; charset=utf-8", false},
        {".svg", "image/svg+xml", false},
        {".csv", "text/csv; charset=utf-8", true},
        {".txt", "text/plain; charset=utf-8", false},
        {".tlog-proof", "text/plain; charset=utf-8", true},
        {".csv-metadata.json", "application/csvm+json", true},
        {".json", "application/json", true},
        {".tar", "application/x-tar", true},
        {".ansi.px", "text/plain; charset=windows-1252", true},
        {".px", "text/plain; charset=utf-8", true},
        {".atom", "application/atom+xml; charset=utf-8", true},
        {".rdf", "application/rdf+xml; charset=utf-8", true},
        {".png", "image/png", false},
        {".woff2", "font/woff2", false},
    };
    static const struct kind other = {"", "application/octet-stream", false};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t ending_len = strlen(kinds[i].ending);
        if (len >= ending_len && strcmp(name + len - ending_len, kinds[i].ending) == 0)
            return &kinds[i];
    }
    return &other;
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

/* A tag that changes with the file and says nothing of its time to the second, nor of the disk: a
 * hash of both. */
static void set_validators(struct site_file *file, const struct stat *st)
{
    char text[120], hex[2 * SKA_HASH_BYTES + 1];
    uint8_t hash[SKA_HASH_BYTES];
    int n = snprintf(text, sizeof text, "skarva etag %jx %jx %lx %jx", (uintmax_t)st->st_ino,
                     (uintmax_t)st->st_mtim.tv_sec, (unsigned long)st->st_mtim.tv_nsec,
                     (uintmax_t)st->st_size);
    ska_sha256(hash, text, (size_t)n); /* fits: four numbers of 16 digits */
    ska_hex_encode(hex, hash, sizeof hash);
    (void)snprintf(file->etag, sizeof file->etag, "\"%.32s\"", hex);
    uint64_t changed_s = st->st_mtim.tv_sec > 0 ? (uint64_t)st->st_mtim.tv_sec : 0;
    file->changed_day_s = changed_s - changed_s % DAY_S;
}

bool site_is_match(const char *field, const char *etag)
{
    size_t len = strlen(etag);
    if (strcmp(field, "*") == 0)
        return true;
    for (;;) {
        field += strspn(field, " \t,");
        if (strncmp(field, "W/", 2) == 0)
            field += 2;
        if (strncmp(field, etag, len) == 0)
            return true;
        if (*field == '\0')
            return false;
        field += strcspn(field, ",");
    }
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
    const struct kind *kind = kind_of(name);
    *out = (struct site_file){
        .fd = fd, .len = (uint64_t)st.st_size, .type = kind->type, .is_open = kind->is_data};
    set_validators(out, &st);
    fd = -1;
    return SKA_OK;
}

bool site_name(char out[static SITE_NAME_BYTES], const char *path)
{
    memset(out, 0, SITE_NAME_BYTES);
    for (size_t depth = 0, at = 0; depth < SITE_DEPTH_MAX; depth++) {
        char name[SITE_NAME_MAX + 1];
        size_t len = strcspn(path, "/");
        if (*path == '\0')
            (void)snprintf(name, sizeof name, "index.html");
        else if (!decode_element(name, path, len))
            return false;
        /* SITE_DEPTH_MAX names fit, each with a slash or NUL. */
        at += (size_t)snprintf(out + at, sizeof name, "%s", name);
        if (path[len] == '\0')
            return true;
        out[at++] = '/';
        path += len + 1;
    }
    return false;
}

static enum ska_status open_below(struct site_file *out, int site_fd, const char *path)
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

enum ska_status site_open(struct site_file *out, int site_fd, const char *path)
{
    static const char folder[] = "check/";
    SKA_TRY(open_below(out, site_fd, path));
    out->may_fetch = strncmp(path, folder, sizeof folder - 1) == 0;
    return SKA_OK;
}

/* "tile/" and a level or "entries", then digits in groups; or "blob/" and 64 hexadecimal digits. */
static bool is_immutable_name(const char *path)
{
    static const char tile[] = "tile/", entries[] = "entries/", blob[] = "blob/";
    if (strncmp(path, blob, sizeof blob - 1) == 0)
        return strlen(path) == sizeof blob - 1 + 64 &&
               strspn(path + sizeof blob - 1, "0123456789abcdef") == 64;
    if (strncmp(path, tile, sizeof tile - 1) != 0)
        return false;
    path += sizeof tile - 1;
    if (strncmp(path, entries, sizeof entries - 1) == 0)
        path += sizeof entries - 1;
    return *path != '\0' && path[strspn(path, "0123456789x.p/")] == '\0';
}

enum ska_status log_file_open(struct site_file *out, int log_fd, const char *path)
{
    const bool is_checkpoint = strcmp(path, "checkpoint") == 0;
    if (!is_checkpoint && !is_immutable_name(path))
        return SKA_E_NOT_FOUND;
    enum ska_status status = site_open(out, log_fd, path);
    if (status == SKA_E_STATE)
        return SKA_E_NOT_FOUND; /* a folder */
    SKA_TRY(status);
    out->type = is_checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream";
    out->is_immutable = !is_checkpoint;
    out->is_open = true;
    return SKA_OK;
}
