/* SPDX-License-Identifier: EUPL-1.2 */
/* log_place.c - reading a public log's files. */
#include "audit/log_place.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/input.h"
#include "audit/source.h"
#include "audit/words.h"
#include "crypto/scoped.h"

enum ska_status log_place_init(struct log_place *out, const char *prefix, struct ska_error *err)
{
    struct stat s;
    const bool is_address = source_is_address(prefix);
    if (!is_address && (stat(prefix, &s) != 0 || !S_ISDIR(s.st_mode)))
        return ska_fail(err, SKA_E_FILE, words("%s är ingen mapp", "%s is not a folder"), prefix);
    *out = (struct log_place){.prefix = prefix, .is_address = is_address};
    return SKA_OK;
}

/* The place of a file; NULL without memory. */
static char *join(const struct log_place *place, const char *path)
{
    const size_t len = strlen(place->prefix);
    const size_t size = len + strlen(path) + 2;
    char *out = malloc(size);
    if (out != NULL)
        (void)snprintf(out, size, "%s%s%s", place->prefix,
                       len > 0 && place->prefix[len - 1] == '/' ? "" : "/", path);
    return out;
}

/* What is fetched is copied out of its window: files of a log are small. */
static enum ska_status fetch(uint8_t **data, size_t *len, const char *address, uint64_t max,
                             struct ska_error *err)
{
    SKA_SCOPED(window_unmap) struct window w = {0};
    SKA_TRY(source_open(&w, address, err));
    if (w.bytes.len > max)
        return SKA_E_LIMIT;
    uint8_t *copy = ska_alloc(w.bytes.len + 1, 1);
    if (copy == NULL)
        return SKA_E_MEMORY;
    memcpy(copy, w.bytes.data, w.bytes.len);
    *data = copy;
    *len = w.bytes.len;
    return SKA_OK;
}

enum ska_status log_place_read(uint8_t **data, size_t *len, const struct log_place *place,
                               const char *path, uint64_t max, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *at = join(place, path);
    struct stat s;
    if (at == NULL)
        return SKA_E_MEMORY;
    if (place->is_address)
        return fetch(data, len, at, max, err);
    if (stat(at, &s) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return ska_fail(err, SKA_E_NOT_FOUND, words("%s saknas", "%s is missing"), path);
    return input_read(data, len, at, max, err);
}

static void close_folder(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

enum ska_status log_place_list(const struct log_place *place, const char *folder,
                               void (*on_name)(void *arg, const char *name), void *arg)
{
    if (place->is_address)
        return SKA_OK;
    SKA_SCOPED(ska_scoped_free) char *at = join(place, folder);
    SKA_SCOPED(close_folder) DIR *dir = NULL;
    if (at == NULL)
        return SKA_E_MEMORY;
    dir = opendir(at);
    if (dir == NULL)
        return errno == ENOENT ? SKA_OK : SKA_E_FILE;
    for (const struct dirent *found = readdir(dir); found != NULL; found = readdir(dir))
        if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0)
            on_name(arg, found->d_name);
    return SKA_OK;
}
