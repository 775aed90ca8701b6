/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_fetch.h - a period's part of the public log (docs/log.md, "In the bundle"), fetched from the
 * leader's files and judged before any of it is used.
 */
#ifndef SKA_REPORTS_LOG_FETCH_H
#define SKA_REPORTS_LOG_FETCH_H

#include "protocol/documents.h"
#include "protocol/log_part.h"

/* Where the log's files are: "checkpoint", "tile/...", "blob/...". `get` returns SKA_OK and bytes
 * that the caller frees, at most `max`; SKA_E_NOT_FOUND; or what passes on, with `err` filled. */
struct log_source {
    enum ska_status (*get)(uint8_t **data, size_t *len, void *arg, const char *path, size_t max,
                           struct ska_error *err);
    void *arg;
};

/* What it must fit. Borrowed. */
struct log_wanted {
    const struct ska_task *task;
    struct ska_slice parameters; /* signed by all three */
    struct ska_slice policy;
    struct ska_slice changes; /* of a correction; else empty */
    const struct ska_accepted *list;
};

/* The files log/checkpoint, left, leaves, records. Owned. Valid when zeroed. */
struct log_fetched {
    uint8_t *checkpoint;
    size_t checkpoint_len;
    struct ska_writer left, leaves, records;
    uint64_t size; /* of the log */
};
void log_fetched_clear(struct log_fetched *f);

/*
 * Fetch the checkpoint, and bundles from the last one back to the task's first entry; tiles for
 * what stands before that; and blobs. The checkpoint must hold under the policy, with its quorum;
 * the entries must give its root; the task's must be in order, of these parameters and changes; and
 * its last close be signed by both and name exactly the submissions of the list.
 *
 * Returns SKA_OK; SKA_E_BUSY: the checkpoint does not cover the task's collect (in a correction its
 * changes) yet, or there is none; SKA_E_MISMATCH, SKA_E_SIGNATURE, SKA_E_FORMAT and the like: the
 * log is not what it must be; SKA_E_LIMIT; what `get` says. `err` says what, in the chosen
 * language. *out is unchanged on failure.
 */
enum ska_status log_fetch(struct log_fetched *out, const struct log_wanted *wanted,
                          const struct log_source *source, struct ska_error *err) SKA_MUST_CHECK;

#endif
