/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * inclusion.h - the proof that a receipt's submission is in the public log: fetched from the
 * leader, kept beside the receipt, checked offline.
 *
 *     receipts/2025Q2-1.receipt        what both servers signed (receipts.h)
 *     receipts/2025Q2-1.tlog-proof     C2SP tlog-proof; its extra is the leaf (protocol/log_leaf.h)
 *
 * Which log and witnesses hold is the policy: the home folder's policy.txt, or --policy FILE.
 */
#ifndef SKA_CLIENT_INCLUSION_H
#define SKA_CLIENT_INCLUSION_H

#include <stdio.h>

#include "client/home.h"
#include "protocol/documents.h"
#include "protocol/tlog_proof.h"
#include "support/https.h"

/* The policy in `path`, or in the home folder if that is NULL. SKA_E_NOT_FOUND: there is none;
 * otherwise as ska_policy_parse. */
enum ska_status inclusion_read_policy(struct ska_tlog_policy *out, const struct home *home,
                                      const char *path, struct ska_error *err) SKA_MUST_CHECK;

/* The name beside a receipt's, in heap memory: .receipt becomes .tlog-proof. */
enum ska_status inclusion_path(char **path, const char *receipt_path) SKA_MUST_CHECK;

/*
 * Whether a proof is of this receipt's submission and holds under the policy.
 *
 * Out: *result, *index  what it shows: log, size, who cosigned when; the entry's number
 *
 * Returns SKA_OK; SKA_E_FORMAT: no proof, or of no leaf; SKA_E_MISMATCH: of another submission, or
 * not in the tree; otherwise as ska_policy_verify. `err` tells.
 */
enum ska_status inclusion_verify(struct ska_policy_result *result, uint64_t *index,
                                 struct ska_slice proof, const struct ska_receipt *receipt,
                                 const struct ska_tlog_policy *policy,
                                 struct ska_error *err) SKA_MUST_CHECK;

/*
 * Ask the leader, once, for the proof of the leaf with this report identifier; the caller frees
 * *proof. SKA_E_BUSY: it is not in a published checkpoint yet; SKA_E_NOT_FOUND: the leader has no
 * such entry; what https_call returns.
 */
enum ska_status inclusion_fetch(uint8_t **proof, size_t *len, struct https_client *leader,
                                const struct ska_receipt *receipt,
                                const uint8_t report_id[static 16],
                                struct ska_error *err) SKA_MUST_CHECK;

void inclusion_print(FILE *out, const struct ska_policy_result *result, uint64_t index,
                     const struct ska_tlog_policy *policy);

#endif
