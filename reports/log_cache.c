/* SPDX-License-Identifier: EUPL-1.2 */
/* log_cache.c - a public log's files, each fetched once. */
#include "reports/log_cache.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

void log_cache_clear(struct log_cache *cache)
{
    for (size_t i = 0; i < cache->n; i++)
        free(cache->at[i].data);
    free(cache->at);
    *cache = (struct log_cache){.from = cache->from};
}

/* A copy for the caller to free; of no bytes too. */
static enum ska_status copy(uint8_t **out, const uint8_t *data, size_t len)
{
    uint8_t *made = ska_alloc(len > 0 ? len : 1, 1);
    if (made == NULL)
        return SKA_E_MEMORY;
    if (len > 0)
        memcpy(made, data, len);
    *out = made;
    return SKA_OK;
}

static enum ska_status keep(struct log_cache *cache, const char *path, const uint8_t *data,
                            size_t len)
{
    const size_t path_len = strlen(path);
    if (path_len > LOG_CACHE_PATH_MAX)
        return SKA_OK;
    if (cache->n == cache->room) {
        const size_t room = cache->room > 0 ? 2 * cache->room : 64;
        struct log_cached *grown = realloc(cache->at, room * sizeof *grown); /* some thousands */
        if (grown == NULL)
            return SKA_E_MEMORY;
        cache->at = grown;
        cache->room = room;
    }
    struct log_cached *next = &cache->at[cache->n];
    memcpy(next->path, path, path_len + 1);
    next->len = len;
    SKA_TRY(copy(&next->data, data, len));
    cache->n++;
    return SKA_OK;
}

static enum ska_status get(uint8_t **data, size_t *len, void *arg, const char *path, size_t max,
                           struct ska_error *err)
{
    struct log_cache *cache = arg;
    for (size_t i = 0; i < cache->n; i++)
        if (strcmp(cache->at[i].path, path) == 0 && cache->at[i].len <= max) {
            SKA_TRY(copy(data, cache->at[i].data, cache->at[i].len));
            *len = cache->at[i].len;
            return SKA_OK;
        }
    SKA_SCOPED(ska_scoped_free) uint8_t *fetched = NULL;
    SKA_TRY(cache->from.get(&fetched, len, cache->from.arg, path, max, err));
    if (strcmp(path, "checkpoint") != 0)
        SKA_TRY(keep(cache, path, fetched, *len));
    *data = fetched;
    fetched = NULL; /* the caller owns it now */
    return SKA_OK;
}

struct log_source log_cache_source(struct log_cache *cache)
{
    return (struct log_source){.get = get, .arg = cache};
}
