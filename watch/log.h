/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log.h - the log that is followed, as it answers now: its checkpoint and its tiles.
 *
 * Nothing it says is believed; who asks compares. Where it lies is behind one function, so that
 * tests can be a log of their own.
 *
 * Spec: C2SP tlog-tiles.
 */
#ifndef SKA_WATCH_LOG_H
#define SKA_WATCH_LOG_H

#include "protocol/tlog_policy.h"
#include "protocol/tlog_tile.h"

struct watch_log {
    /* Give the file at `path` under the log's prefix; the caller frees *body. SKA_OK;
     * SKA_E_NOT_FOUND: the log says that there is none; SKA_E_LIMIT: it is over `max` bytes; any
     * other: no answer, which `err` tells. */
    enum ska_status (*get)(uint8_t **body, size_t *len, void *arg, const char *path, size_t max,
                           struct ska_error *err);
    void *arg;
};

/* What was answered to one request. Valid when zeroed. */
struct watch_answer {
    uint8_t *body; /* owned */
    size_t len;
};
void watch_answer_clear(struct watch_answer *answer);

enum ska_status watch_log_checkpoint(struct watch_answer *out, const struct watch_log *log,
                                     struct ska_error *err) SKA_MUST_CHECK;

/*
 * A tile or a bundle. A partial one that is not there any more is cut from the full one.
 *
 * Returns SKA_OK: exactly tile->width hashes or entries; SKA_E_NOT_FOUND; SKA_E_FORMAT: another
 * number, or not of the form; other statuses: no answer.
 */
enum ska_status watch_log_tile(struct watch_answer *out, const struct watch_log *log,
                               const struct ska_tile *tile, struct ska_error *err) SKA_MUST_CHECK;

/* A log on HTTP or HTTPS. `ca_file` may be NULL. Fills `log`; free what it returns in *client. */
struct https_client;
enum ska_status watch_log_open(struct watch_log *log, struct https_client **client, const char *url,
                               const char *ca_file, struct ska_error *err) SKA_MUST_CHECK;

#endif
