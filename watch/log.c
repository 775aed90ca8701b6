/* SPDX-License-Identifier: EUPL-1.2 */
/* log.c - reading a tiled log, over HTTP as a rule. */
#include "watch/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "support/https.h"
#include "support/language.h"

void watch_answer_clear(struct watch_answer *answer)
{
    free(answer->body);
    *answer = (struct watch_answer){0};
}

enum ska_status watch_log_checkpoint(struct watch_answer *out, const struct watch_log *log,
                                     struct ska_error *err)
{
    return log->get(&out->body, &out->len, log->arg, "checkpoint", SKA_NOTE_BYTES_MAX, err);
}

/* Keep the first tile->width entries of a bundle; SKA_E_FORMAT if there are not so many. */
static enum ska_status cut_entries(struct watch_answer *answer, const struct ska_tile *tile)
{
    struct ska_reader r;
    const uint8_t *entry;
    size_t len;
    ska_reader_init(&r, answer->body, answer->len);
    for (unsigned i = 0; i < tile->width; i++)
        if (ska_read_opaque16(&entry, &len, &r, SKA_TILE_ENTRY_MAX) != SKA_OK)
            return SKA_E_FORMAT;
    answer->len -= r.left;
    return SKA_OK;
}

static enum ska_status cut_hashes(struct watch_answer *answer, const struct ska_tile *tile)
{
    const size_t len = (size_t)tile->width * SKA_HASH_BYTES;
    if (answer->len < len)
        return SKA_E_FORMAT;
    answer->len = len;
    return SKA_OK;
}

/* One file of a tile; `exact`: nothing may follow what the tile has. */
static enum ska_status get_file(struct watch_answer *out, const struct watch_log *log,
                                const struct ska_tile *file, const struct ska_tile *tile,
                                struct ska_error *err)
{
    char path[SKA_TILE_PATH_MAX + 1];
    struct watch_answer answer = {0};
    const bool is_bundle = tile->level == SKA_TILE_ENTRIES;
    ska_tile_path(path, file);
    enum ska_status status =
        log->get(&answer.body, &answer.len, log->arg, path,
                 is_bundle ? SKA_TILE_BUNDLE_BYTES_MAX : SKA_TILE_BYTES_MAX, err);
    if (status != SKA_OK)
        return status == SKA_E_LIMIT ? SKA_E_FORMAT : status;
    const size_t len = answer.len;
    status = is_bundle ? cut_entries(&answer, tile) : cut_hashes(&answer, tile);
    if (status == SKA_OK && file->width == tile->width && answer.len != len)
        status = SKA_E_FORMAT;
    if (status != SKA_OK) {
        watch_answer_clear(&answer);
        return status;
    }
    *out = answer;
    return SKA_OK;
}

enum ska_status watch_log_tile(struct watch_answer *out, const struct watch_log *log,
                               const struct ska_tile *tile, struct ska_error *err)
{
    enum ska_status status = get_file(out, log, tile, tile, err);
    if (status != SKA_E_NOT_FOUND || tile->width == SKA_TILE_WIDTH)
        return status;
    const struct ska_tile full = {tile->level, tile->index, SKA_TILE_WIDTH};
    ska_error_clear(err);
    return get_file(out, log, &full, tile, err);
}

enum ska_status watch_log_open(struct watch_log *log, struct https_client **client, const char *url,
                               const char *ca_file, struct ska_error *err)
{
    const size_t len = strlen(url), size = len + 2;
    SKA_SCOPED(ska_scoped_free) char *base = malloc(size);
    if (base == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    const char *end = len > 0 && url[len - 1] == '/' ? "" : "/";
    (void)snprintf(base, size, "%s%s", url, end); /* fits: measured above */
    const struct https_options options = {.base_url = base,
                                          .ca_file = ca_file,
                                          .answer_max = SKA_TILE_BUNDLE_BYTES_MAX + 1,
                                          .is_public = true};
    SKA_TRY(https_client_new(client, &options, err));
    *log = (struct watch_log){https_get_file, *client};
    return SKA_OK;
}
