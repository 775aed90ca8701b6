/* SPDX-License-Identifier: EUPL-1.2 */
/* site_files.h - every file of a folder in memory, for attackers who read all that is published. */
#ifndef SKA_TESTS_SITE_FILES_H
#define SKA_TESTS_SITE_FILES_H

#include "crypto/bytes.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "tests/test.h"

#include <dirent.h>
#include <sys/stat.h>

#define SITE_FILES_MAX 400u

struct site_file {
    char *name; /* below the folder */
    uint8_t *data;
    size_t len;
};

/* Valid when zeroed. In order of names. */
struct site_files {
    size_t n;
    struct site_file at[SITE_FILES_MAX];
};

static inline void site_files_clear(struct site_files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->at[i].name);
        free(files->at[i].data);
    }
    files->n = 0;
}

static inline int site_files_compare(const void *a, const void *b)
{
    return strcmp(((const struct site_file *)a)->name, ((const struct site_file *)b)->name);
}

static inline void site_files_add(struct site_files *files, const char *path, size_t root_len)
{
    struct ska_error err = {0};
    ck_assert_uint_lt(files->n, SITE_FILES_MAX);
    struct site_file *f = &files->at[files->n++];
    f->name = strdup(path + root_len + 1);
    ck_assert_ptr_nonnull(f->name);
    enum ska_status got = file_read(&f->data, &f->len, path, (size_t)1 << 24, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
}

/* Folders lie in folders a few deep. */
static inline void site_files_walk(struct site_files *files, const char *folder, size_t root_len)
{
    DIR *dir = opendir(folder);
    ck_assert_msg(dir != NULL, "%s", folder);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, e->d_name);
        ck_assert_int_eq(stat(path, &st), 0);
        if (S_ISDIR(st.st_mode))
            site_files_walk(files, path, root_len);
        else
            site_files_add(files, path, root_len);
    }
    (void)closedir(dir);
}

static inline void site_files_read(struct site_files *files, const char *folder)
{
    *files = (struct site_files){0};
    site_files_walk(files, folder, strlen(folder));
    qsort(files->at, files->n, sizeof files->at[0], site_files_compare);
}

/* Where bytes stand in others; NULL: nowhere. */
static inline const uint8_t *site_file_find(const struct site_file *f, const void *bytes,
                                            size_t len)
{
    for (size_t i = 0; i + len <= f->len; i++)
        if (f->data[i] == *(const uint8_t *)bytes && memcmp(f->data + i, bytes, len) == 0)
            return f->data + i;
    return NULL;
}

static inline bool site_file_ends(const struct site_file *f, const char *ending)
{
    size_t n = strlen(f->name), k = strlen(ending);
    return n >= k && strcmp(f->name + n - k, ending) == 0;
}

#endif
