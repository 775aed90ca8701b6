/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_policy.h - the names of a leader's public log and of its helper as a witness, and whether a
 * policy is one for them (docs/log.md).
 */
#ifndef SKA_LOG_POLICY_H
#define SKA_LOG_POLICY_H

#include "protocol/tlog_policy.h"

/* The log's origin, also its key's name: the leader's URL without scheme, and "log". The helper's
 * name as a witness: its URL without scheme, and "witness". `url` is "https://...", and ends in a
 * slash, as in parameters. SKA_E_FORMAT, SKA_E_LIMIT. */
enum ska_status ska_log_origin(char out[static SKA_NOTE_NAME_MAX + 1],
                               const char *leader_url) SKA_MUST_CHECK;
enum ska_status ska_log_helper_name(char out[static SKA_NOTE_NAME_MAX + 1],
                                    const char *helper_url) SKA_MUST_CHECK;

/*
 * Whether a policy names one log, under the leader's origin; the helper as a witness; no
 * witness besides it that has its name, or the log's name or key; and a quorum that is met neither
 * without the helper nor by the helper alone. (A quorum only grows with its members, so asking
 * without the helper, and with nobody else, decides this.)
 *
 * Out: *helper  the member that is the helper
 *
 * Returns SKA_OK; SKA_E_MISMATCH with the reason in `err`; SKA_E_FORMAT, SKA_E_LIMIT for a URL.
 */
enum ska_status ska_log_policy_check(size_t *helper, const struct ska_tlog_policy *policy,
                                     const char *leader_url, const char *helper_url,
                                     struct ska_error *err) SKA_MUST_CHECK;

#endif
