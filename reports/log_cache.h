/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_cache.h - a public log's files, each fetched once: who waits for a checkpoint asks for that
 * again and again, and for tiles, entries and blobs only when the log has new ones.
 *
 * A tile's path says its width, a blob's its hash: what is at a path does not change. Who reads
 * judges all of it each time, by the checkpoint that is never kept here.
 */
#ifndef SKA_REPORTS_LOG_CACHE_H
#define SKA_REPORTS_LOG_CACHE_H

#include "reports/log_fetch.h"

#define LOG_CACHE_PATH_MAX 119u /* what is at a longer path is fetched each time; none is */

/* `from` is set by the caller, borrowed; the rest is valid when zeroed. */
struct log_cache {
    struct log_source from;
    struct log_cached {
        char path[LOG_CACHE_PATH_MAX + 1];
        uint8_t *data;
        size_t len;
    } * at; /* owned */
    size_t n, room;
};
void log_cache_clear(struct log_cache *cache);

/* What reads through it; borrows `cache`. */
struct log_source log_cache_source(struct log_cache *cache);

#endif
