/* SPDX-License-Identifier: EUPL-1.2 */
/* policy.h - the public log's policy as a server reads it: for its role, with its own key in it. */
#ifndef SKA_SERVER_POLICY_H
#define SKA_SERVER_POLICY_H

#include "protocol/log_policy.h"
#include "server/config.h"

/* The file log_policy, which is not empty, and its SHA-256. SKA_E_CONFIG, SKA_E_FILE, each naming
 * the file. */
enum ska_status policy_read(struct ska_tlog_policy *out, uint8_t sha256[static 32],
                            const struct config *config, struct ska_error *err) SKA_MUST_CHECK;

/*
 * Whether a policy is one for this server: its log and its helper are own_url and peer_url, and the
 * one of them that is ours has the public key of log_key.
 *
 * Out: *helper  the member that is the helper
 *      *key     our public side: the log's key at a leader, the witness's at a helper
 *
 * Returns SKA_OK; SKA_E_CONFIG, naming the file and what is not as it must be.
 */
enum ska_status policy_judge(size_t *helper, struct ska_note_key *key,
                             const struct ska_tlog_policy *policy, const struct config *config,
                             const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                             struct ska_error *err) SKA_MUST_CHECK;

/* Whether this server calls a witness, whose certificate witness_ca then has to have issued.
 * SKA_E_CONFIG if so, and witness_ca is empty. */
enum ska_status policy_calls(bool *calls, const struct ska_tlog_policy *policy,
                             const struct config *config, struct ska_error *err) SKA_MUST_CHECK;

#endif
