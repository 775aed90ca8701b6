/* SPDX-License-Identifier: EUPL-1.2 */
/* folder.c - packing an unpacked bundle again. */
#include "audit/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/input.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/bundle.h"

struct entry {
    char name[SKA_BUNDLE_NAME_MAX + 1];
};

struct listing {
    const char *folder; /* for messages */
    int fd;
    struct entry *at; /* owned */
    size_t n, capacity;
};

static void listing_clear(struct listing *l)
{
    free(l->at);
}

static void close_folder(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

static void close_descriptor(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static enum ska_status fail(const struct listing *l, const char *name, struct ska_error *err)
{
    return ska_fail(err, SKA_E_FILE, words("%s/%s kan inte läsas: %s", "cannot read %s/%s: %s"),
                    l->folder, name, ska_text(strerror(errno)));
}

static enum ska_status add(struct listing *l, const char *name, struct ska_error *err)
{
    if (l->n == SKA_BUNDLE_FILES_MAX || strlen(name) > SKA_BUNDLE_NAME_MAX)
        return ska_fail(err, SKA_E_LIMIT,
                        words("%s är inget uppackat paket: %s", "%s is no unpacked bundle: %s"),
                        l->folder, name);
    if (l->n == l->capacity) {
        size_t wanted = l->capacity == 0 ? 512 : 2 * l->capacity; /* below FILES_MAX, doubled */
        struct entry *bigger = realloc(l->at, wanted * sizeof *bigger);
        if (bigger == NULL)
            return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
        l->at = bigger;
        l->capacity = wanted;
    }
    (void)snprintf(l->at[l->n++].name, sizeof l->at[0].name, "%s", name);
    return SKA_OK;
}

/* A folder's names, each behind `prefix`. Of a folder in it, its name with a slash behind. */
static enum ska_status list(struct listing *l, const char *prefix, struct ska_error *err)
{
    SKA_SCOPED(close_folder) DIR *dir = NULL;
    int fd = openat(l->fd, prefix[0] == '\0' ? "." : prefix,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail(l, prefix, err);
    dir = fdopendir(fd);
    if (dir == NULL) {
        close(fd);
        return fail(l, prefix, err);
    }
    for (;;) {
        char name[300];
        struct stat s;
        errno = 0;
        const struct dirent *found = readdir(dir);
        if (found == NULL)
            return errno == 0 ? SKA_OK : fail(l, prefix, err);
        if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0)
            continue;
        if (fstatat(fd, found->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
            return fail(l, found->d_name, err);
        (void)snprintf(name, sizeof name, "%s%s%s", prefix, found->d_name,
                       S_ISDIR(s.st_mode) ? "/" : "");
        SKA_TRY(add(l, name, err));
    }
}

static bool is_folder(const char *name)
{
    return name[0] != '\0' && name[strlen(name) - 1] == '/';
}

/* The names of the folders in the folder make way for what is in them. */
static enum ska_status list_inner(struct listing *l, struct ska_error *err)
{
    size_t n_outer = l->n, n = 0;
    for (size_t i = 0; i < n_outer; i++) {
        struct entry outer = l->at[i]; /* the list moves while it grows */
        if (is_folder(outer.name))
            SKA_TRY(list(l, outer.name, err));
    }
    for (size_t i = 0; i < l->n; i++)
        if (!is_folder(l->at[i].name))
            l->at[n++] = l->at[i];
    l->n = n;
    return SKA_OK;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const uint32_t p = ska_bundle_rank(x->name), q = ska_bundle_rank(y->name);
    return p != q ? (p < q ? -1 : 1) : strcmp(x->name, y->name);
}

static enum ska_status write_out(int to, const struct ska_writer *w)
{
    SKA_TRY(ska_writer_status(w));
    return input_store(to, w->data, w->len);
}

static enum ska_status pack_one(int to, const struct listing *l, const char *name,
                                struct ska_error *err)
{
    SKA_SCOPED(close_descriptor)
    int fd = openat(l->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    size_t len = 0;
    struct stat s;
    if (fd < 0 || fstat(fd, &s) != 0)
        return fail(l, name, err);
    if (!S_ISREG(s.st_mode))
        return ska_fail(err, SKA_E_FILE, words("%s/%s är ingen fil", "%s/%s is not a file"),
                        l->folder, name);
    enum ska_status status = input_read_open(&data, &len, fd, SKA_BUNDLE_BYTES_MAX);
    if (status == SKA_OK) {
        ska_bundle_write_file(&w, name, (struct ska_slice){data, len});
        status = write_out(to, &w);
    }
    if (status == SKA_E_FILE)
        return fail(l, name, err);
    return status;
}

enum ska_status folder_pack(int to, int folder, const char *name, struct ska_error *err)
{
    SKA_SCOPED(listing_clear) struct listing l = {.folder = name, .fd = folder};
    SKA_SCOPED(ska_writer_clear) struct ska_writer end = {0};
    SKA_TRY(list(&l, "", err));
    SKA_TRY(list_inner(&l, err));
    if (l.n > 0)
        qsort(l.at, l.n, sizeof *l.at, compare);
    if (l.n == 0 || strcmp(l.at[0].name, "bundle") != 0)
        return ska_fail(err, SKA_E_FILE,
                        words("mappen %s är inget uppackat paket: filen bundle saknas",
                              "the folder %s is no unpacked bundle: the file bundle is missing"),
                        name);
    for (size_t i = 0; i < l.n; i++)
        SKA_TRY(pack_one(to, &l, l.at[i].name, err));
    ska_bundle_write_end(&end);
    return write_out(to, &end);
}
