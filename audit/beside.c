/* SPDX-License-Identifier: EUPL-1.2 */
/* beside.c - reading the bundles of earlier releases. */
#include "audit/beside.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/scoped.h"

#define REVISIONS_MAX 64u /* looked for; a bundle that nobody has verified says which it is */

void beside_clear(struct beside *b)
{
    for (size_t i = 0; i < b->n; i++)
        window_unmap(&b->bytes[i]);
    *b = (struct beside){0};
}

bool beside_has_changed(const struct beside *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (window_has_changed(&b->bytes[i]))
            return true;
    return false;
}

/* The parameters of a bundle, and its list, empty if it has none. */
static enum ska_status read_list(struct ska_earlier_list *list, struct ska_parameters *parameters,
                                 struct ska_slice archive)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    struct ska_signed_parameters s = {0};
    struct ska_slice found = {0};
    size_t n = 0;
    SKA_TRY(ska_bundle_read(&files, &n, archive, NULL));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(files[i].name, "earlier") == 0)
            found = files[i].data;
        if (strcmp(files[i].name, "parameters") == 0)
            SKA_TRY(ska_signed_parameters_decode(&s, files[i].data));
    }
    if (found.len > 0)
        SKA_TRY(ska_earlier_decode(list, found));
    return ska_parameters_decode(parameters, s.parameters, NULL);
}

static enum ska_status add(struct beside *b, const char *path, const char *name,
                           struct ska_error *err)
{
    struct evidence_given *given = &b->at[b->n];
    (void)snprintf(given->name, sizeof given->name, "%s", name);
    SKA_TRY(source_open(&b->bytes[b->n], path, err));
    given->archive = b->bytes[b->n++].bytes;
    return SKA_OK;
}

/* The first of the names under which a release may lie in a folder. */
static enum ska_status find(struct beside *b, const char *folder, size_t folder_len,
                            const char *collection, const char *name, struct ska_error *err)
{
    size_t size = folder_len + strlen(collection) + strlen(name) + 16;
    SKA_SCOPED(ska_scoped_free) char *path = ska_alloc(size, 1);
    if (path == NULL)
        return SKA_E_MEMORY;
    const bool is_address = source_is_address(folder);
    for (int form = 0; form < (is_address ? 1 : 3); form++) {
        (void)snprintf(path, size, "%.*s%s%s%s%s", (int)folder_len, folder,
                       form == 0 ? collection : "", form == 0 ? "-" : "", name,
                       form == 2 ? "/bundle" : ".tar");
        struct ska_error why = {0};
        enum ska_status status = SKA_E_NOT_FOUND;
        if (is_address || access(path, F_OK) == 0)
            status = add(b, path, name, &why);
        if (status != SKA_OK && status != SKA_E_NOT_FOUND)
            return ska_fail(err, status, "%s", why.text);
        if (status == SKA_OK)
            break;
    }
    return SKA_OK;
}

/* Whether a file is there that has not been read yet. */
static bool is_new(const struct beside *b, const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (b->bytes[i].was.st_dev == s.st_dev && b->bytes[i].was.st_ino == s.st_ino)
            return false;
    return true;
}

static int may_be_bundle(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* What else lies in a folder; what cannot be opened is not looked at. */
static enum ska_status add_others(struct beside *b, const char *folder)
{
    struct dirent **entries = NULL;
    enum ska_status status = SKA_OK;
    const char *place = folder[0] != '\0' ? folder : ".";
    int n = source_is_address(folder) ? 0 : scandir(place, &entries, may_be_bundle, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        const size_t len = strlen(name), size = strlen(folder) + len + 16;
        const bool is_tar = len > 4 && strcmp(name + len - 4, ".tar") == 0;
        SKA_SCOPED(ska_scoped_free) char *path = ska_alloc(size, 1);
        if (path == NULL)
            status = SKA_E_MEMORY;
        else {
            (void)snprintf(path, size, "%s%s%s", folder, name, is_tar ? "" : "/bundle");
            if (b->n < BESIDE_MAX && is_new(b, path))
                ska_ignore(add(b, path, "", NULL), "not looked at");
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static bool is_folder(const char *path)
{
    struct stat s;
    return path != NULL && stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Of a path or an address, what goes before the last name; the question of an address is none. */
static size_t folder_length(const char *bundle)
{
    const bool is_address = source_is_address(bundle);
    size_t end = is_address ? strcspn(bundle, "?#") : strlen(bundle);
    while (!is_address && end > 1 && bundle[end - 1] == '/')
        end--;
    while (end > 0 && bundle[end - 1] != '/')
        end--;
    return end;
}

enum ska_status beside_read(struct beside *b, struct ska_slice archive, const char *bundle,
                            const char *earlier, struct ska_error *err)
{
    struct ska_earlier_list list = {0};
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters parameters = {0};
    if (earlier != NULL && !is_folder(earlier))
        SKA_TRY(add(b, earlier, "", err));
    b->n_named = b->n;
    enum ska_status status = read_list(&list, &parameters, archive);
    if (status == SKA_E_MEMORY)
        return status;
    if (status != SKA_OK)
        return SKA_OK;
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    size_t len = folder_length(bundle);
    if (is_folder(earlier))
        len = strlen(earlier) + 1;
    folder = ska_alloc(len + 1, 1);
    if (folder == NULL)
        return SKA_E_MEMORY;
    if (is_folder(earlier))
        (void)snprintf(folder, len + 1, "%s/", earlier);
    else
        memcpy(folder, bundle, len);
    for (uint32_t i = 0; i < list.n; i++) {
        char name[SKA_EARLIER_NAME_MAX + 1];
        ska_earlier_name(name, list.at[i].period, list.at[i].revision);
        SKA_TRY(find(b, folder, len, parameters.collection, name, err));
    }
    /* A correction alone: of the revisions before it, the last that is there. */
    uint32_t revision = parameters.previous.exists && list.n == 0 ? parameters.revision : 0;
    const uint32_t last = revision > REVISIONS_MAX ? revision - REVISIONS_MAX : 0;
    for (size_t n = b->n; revision > last && b->n == n; revision--) {
        char name[SKA_EARLIER_NAME_MAX + 1];
        ska_earlier_name(name, parameters.period, revision - 1);
        SKA_TRY(find(b, folder, len, parameters.collection, name, err));
    }
    b->n_named = b->n;
    return add_others(b, folder);
}

struct ska_slice beside_corrected(const struct beside *b, struct ska_slice archive)
{
    struct ska_earlier_list list = {0};
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters parameters = {0};
    if (read_list(&list, &parameters, archive) != SKA_OK || !parameters.previous.exists)
        return (struct ska_slice){0};
    for (uint32_t i = 0; i < list.n; i++) {
        char name[SKA_EARLIER_NAME_MAX + 1];
        ska_earlier_name(name, list.at[i].period, list.at[i].revision);
        if (memcmp(list.at[i].task_id, parameters.previous.task_id, 32) != 0)
            continue;
        for (size_t k = 0; k < b->n_named; k++)
            if (strcmp(b->at[k].name, name) == 0)
                return b->at[k].archive;
    }
    bool is_given = b->n_named > 0 && b->at[0].name[0] == '\0';
    if (list.n == 0 && b->n_named > 0)
        return b->at[is_given ? 0 : b->n_named - 1].archive;
    return is_given ? b->at[0].archive : (struct ska_slice){0};
}
