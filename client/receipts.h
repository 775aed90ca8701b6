/* SPDX-License-Identifier: EUPL-1.2 */
/* receipts.h - the receipts of accepted submissions: verified, kept in the home folder, shown. */
#ifndef SKA_CLIENT_RECEIPTS_H
#define SKA_CLIENT_RECEIPTS_H

#include <stdio.h>

#include "client/home.h"
#include "client/submission.h"
#include "protocol/documents.h"
#include "support/keyfile.h"

/*
 * Verify a receipt the leader gave: both signatures, the task, that it is for us and this number,
 * and, if `mine` has a report, that it is over the very public share that was sent.
 * SKA_E_SIGNATURE, SKA_E_TASK, SKA_E_MISMATCH.
 */
enum ska_status receipts_verify(const struct ska_receipt *receipt, const struct ska_task *task,
                                uint32_t contributor, const struct submission *mine,
                                struct ska_error *err) SKA_MUST_CHECK;

/* Keep it as receipts/PERIOD-NUMBER.receipt. */
enum ska_status receipts_save(const struct ska_receipt *receipt, const struct home *home,
                              struct ska_error *err) SKA_MUST_CHECK;

/* Read one from a file and verify both signatures against the trust file's keys. */
enum ska_status receipts_read(struct ska_receipt *out, const char *path,
                              const struct ska_trust *trust, struct ska_error *err) SKA_MUST_CHECK;

/* The kept one of a period with the highest number. SKA_E_NOT_FOUND. The caller frees *path. */
enum ska_status receipts_find(char **path, const struct home *home, const char *period,
                              struct ska_error *err) SKA_MUST_CHECK;

void receipts_print(FILE *out, const struct ska_receipt *receipt, const struct home *home);

#endif
