/* SPDX-License-Identifier: EUPL-1.2 */
/* publish_log.h - the public log's part of a period, kept in its folder until it is published. */
#ifndef SKA_REPORTS_PUBLISH_LOG_H
#define SKA_REPORTS_PUBLISH_LOG_H

#include "protocol/bundle.h"
#include "reports/period.h"

/* The period's files of the names of a bundle's: log-policy, log-checkpoint, ... */
extern const char *const publish_log_files[SKA_BUNDLE_LOG_FILES];

/* Read the log's policy that was kept when the period was opened. SKA_E_MISMATCH: it is not the one
 * that the signed parameters name. The caller frees. */
enum ska_status publish_log_policy(uint8_t **policy, size_t *len, const struct period *p,
                                   struct ska_error *err) SKA_MUST_CHECK;

/*
 * Fetch a collected period's part of the log from the leader, unless it is there, or its parameters
 * promise none. Waits up to wait_s for a checkpoint that covers the collection, and says so: asked
 * for again and again is the checkpoint, anything else once it is new (log_cache.h). Then
 * SKA_E_BUSY with what to do. As log_fetch; nothing is written on failure.
 */
enum ska_status publish_log_keep(const struct period *p, uint64_t wait_s,
                                 struct ska_error *err) SKA_MUST_CHECK;

#endif
