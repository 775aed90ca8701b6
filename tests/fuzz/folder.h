/* SPDX-License-Identifier: EUPL-1.2 */
/* folder.h - a private folder for targets of what is read from files; gone when the process ends.
 */
#ifndef SKA_TESTS_FUZZ_FOLDER_H
#define SKA_TESTS_FUZZ_FOLDER_H

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_PATH_MAX 160

static char fuzz_folder[] = "/tmp/skarva-fuzz.XXXXXX";

static int remove_entry(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void folder_remove(void)
{
    (void)nftw(fuzz_folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Make it once, with these folders below it. */
static inline void folder_make(const char *const *below, size_t n)
{
    static bool is_made;
    if (is_made)
        return;
    is_made = true;
    if (mkdtemp(fuzz_folder) == NULL)
        abort();
    (void)atexit(folder_remove);
    for (size_t i = 0; i < n; i++) {
        char path[FOLDER_PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder, below[i]);
        if (mkdir(path, 0700) != 0)
            abort();
    }
}

/* Put a private file there, or another one in its place. */
static inline void folder_put(const char *name, const uint8_t *data, size_t len)
{
    char path[FOLDER_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder, name);
    FILE *f = fopen(path, "wbe");
    if (f == NULL || (len > 0 && fwrite(data, 1, len, f) != len) || fclose(f) != 0 ||
        chmod(path, 0600) != 0)
        abort();
}

static inline void folder_take_away(const char *name)
{
    char path[FOLDER_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder, name);
    (void)unlink(path);
}

#endif
