/* SPDX-License-Identifier: EUPL-1.2 */
/* log_evidence.c - what an audit of a log holds, and hashes from it. */
#include "audit/log_evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"

#define NAMES_AT_ONCE 4
#define BLOB_PREFIX "blob/"
#define LOG_BLOB_MAX (UINT64_C(128) << 20) /* a close record of the most submissions has half */

void log_evidence_clear(struct log_evidence *log)
{
    if (log == NULL)
        return;
    for (uint32_t i = 0; i < log->n_tasks; i++) {
        if (!log->is_part)
            ska_task_free(log->tasks[i].task);
        free(log->tasks[i].parameters);
        ska_close_record_clear(&log->tasks[i].last_close);
    }
    free(log->tasks);
    free(log->rows);
    free(log->row_of);
    for (size_t k = 0; k < SKA_TILE_LEVELS; k++)
        free(log->hashes[k]);
    free(log->edges);
    free(log->places);
    free(log->places_of);
    ska_log_part_clear(&log->part);
    memset(log, 0, sizeof *log);
}

struct log_row *log_row(const struct log_evidence *log, uint64_t index)
{
    const uint64_t i = index - log->first;
    return &log->rows[log->is_part ? log->row_of[i] : i];
}

static enum ska_status hash_at(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                               uint64_t index)
{
    const struct log_evidence *log = arg;
    if (level >= SKA_TILE_LEVELS || index >= log->n_hashes[level])
        return SKA_E_BUG;
    memcpy(out, log->hashes[level][index], SKA_HASH_BYTES);
    return SKA_OK;
}

struct ska_tile_source log_source(struct log_evidence *log)
{
    return (struct ska_tile_source){.hash = hash_at, .arg = log};
}

/* The edges of a part, in one pass. */
static enum ska_status make_edges(struct log_evidence *log)
{
    const uint64_t n = log->size - log->first;
    struct ska_merkle_edge edge = log->part.left;
    log->edges = ska_alloc((size_t)(n / LOG_EDGE_STEP) + 1, sizeof *log->edges);
    if (log->edges == NULL)
        return SKA_E_MEMORY;
    for (uint64_t i = 0; i <= n; i++) {
        if (i % LOG_EDGE_STEP == 0)
            log->edges[i / LOG_EDGE_STEP] = edge;
        if (i < n)
            ska_merkle_edge_add(&edge, log->hashes[0][i]);
    }
    return SKA_OK;
}

enum ska_status log_root_at(uint8_t out[static SKA_HASH_BYTES], struct log_evidence *log,
                            uint64_t size)
{
    const struct ska_tile_source source = log_source(log);
    struct ska_merkle_edge edge;
    if (!log->is_part) {
        SKA_TRY(ska_tile_edge(&edge, size, &source));
    } else {
        if (log->edges == NULL)
            SKA_TRY(make_edges(log));
        edge = log->edges[(size - log->first) / LOG_EDGE_STEP];
    }
    while (edge.size < size)
        ska_merkle_edge_add(&edge, log->hashes[0][edge.size - log->first]);
    ska_merkle_edge_root(out, &edge);
    return SKA_OK;
}

static bool is_submission(const struct log_row *row)
{
    return row->is_known && row->leaf.type == SKA_LEAF_SUBMISSION && row->task != SKA_NONE;
}

/* By task: how many, then where each begins, then each at its place. */
static enum ska_status make_places(struct log_evidence *log)
{
    const uint64_t n = log->size - log->first;
    SKA_SCOPED(ska_scoped_free)
    uint64_t *begin = ska_alloc((size_t)log->n_tasks + 2, sizeof *begin);
    SKA_SCOPED(ska_scoped_free) uint64_t *places = ska_alloc((size_t)n + 1, sizeof *places);
    if (begin == NULL || places == NULL)
        return SKA_E_MEMORY;
    for (uint64_t i = log->first; i < log->size; i++)
        if (is_submission(log_row(log, i)))
            begin[log_row(log, i)->task + 2]++;
    for (uint32_t k = 2; k < log->n_tasks + 2; k++)
        begin[k] += begin[k - 1];
    for (uint64_t i = log->first; i < log->size; i++)
        if (is_submission(log_row(log, i)))
            places[begin[log_row(log, i)->task + 1]++] = i;
    log->places = places;
    log->places_of = begin; /* begin[k] is now where task k's begin, begin[k + 1] where they end */
    places = begin = NULL;  /* the evidence owns them now */
    return SKA_OK;
}

enum ska_status log_submissions_of(const uint64_t **places, uint64_t *n, struct log_evidence *log,
                                   uint32_t task)
{
    if (log->places == NULL)
        SKA_TRY(make_places(log));
    *places = log->places + log->places_of[task];
    *n = log->places_of[task + 1] - log->places_of[task];
    return SKA_OK;
}

bool log_is_blob(const struct ska_log_leaf *leaf, struct ska_slice bytes)
{
    uint8_t hash[SKA_HASH_BYTES];
    if (bytes.len != leaf->entry.length)
        return false;
    ska_sha256(hash, bytes.data, bytes.len);
    return memcmp(hash, leaf->entry.sha256, sizeof hash) == 0;
}

enum ska_status log_blob(uint8_t **data, size_t *len, const struct log_evidence *log,
                         const struct ska_log_leaf *leaf, struct ska_error *err)
{
    char path[sizeof BLOB_PREFIX + 64] = BLOB_PREFIX;
    SKA_SCOPED(ska_scoped_free) uint8_t *found = NULL;
    size_t found_len = 0;
    if (leaf->entry.length > LOG_BLOB_MAX)
        return SKA_E_LIMIT;
    ska_hex_encode(path + strlen(path), leaf->entry.sha256, SKA_HASH_BYTES);
    enum ska_status status =
        log_place_read(&found, &found_len, &log->place, path, leaf->entry.length, err);
    if (status == SKA_E_LIMIT)
        return SKA_E_MISMATCH; /* longer than its entry says */
    SKA_TRY(status);
    if (!log_is_blob(leaf, (struct ska_slice){found, found_len}))
        return SKA_E_MISMATCH;
    *data = found;
    *len = found_len;
    found = NULL; /* the caller owns it now */
    return SKA_OK;
}

const char *log_entry_name(const struct log_evidence *log, uint64_t index)
{
    static _Thread_local char names[NAMES_AT_ONCE][96];
    static _Thread_local unsigned next;
    char *name = names[next++ % NAMES_AT_ONCE];
    const struct log_row *row = log_row(log, index);
    if (row->is_known)
        (void)snprintf(name, sizeof names[0], "%s %" PRIu64 " (%s, %s)", words("post", "entry"),
                       index, ska_log_leaf_name(row->leaf.type), row->leaf.entry.period);
    else
        (void)snprintf(name, sizeof names[0], "%s %" PRIu64, words("post", "entry"), index);
    return name;
}
