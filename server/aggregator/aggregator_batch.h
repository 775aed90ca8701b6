/* SPDX-License-Identifier: EUPL-1.2 */
/* aggregator_batch.h - a leader's batch, between its verification (aggregator_verify.c) and the
 * helper's answer (aggregator_job.c). */
#ifndef SKA_SERVER_AGGREGATOR_BATCH_H
#define SKA_SERVER_AGGREGATOR_BATCH_H

#include "server/aggregator/aggregator_internal.h"

struct leader_batch {
    struct verify_batch verify; /* first: its work is what the pool gives back */
    struct leader_batch *next;
    struct task_entry *task; /* pinned */
    int64_t job;             /* 0: not stored yet */
    size_t n;                /* reports at the start */
    size_t n_good;           /* once verified: the first so many are the job's, in its order */
    size_t bytes;            /* encoded bytes */
    int64_t *rows;           /* owned, n */
    uint32_t *contributors;  /* owned, n: whose they are */
    uint8_t **encoded;       /* owned, n, each owned */
    struct ska_dap_ciphertext helper[JOB_REPORTS_MAX]; /* borrow from `encoded` */
};

void batch_drop(struct aggregator *a, struct leader_batch *gone);
void batch_retry_later(struct aggregator *a);
/* The helper's answer to a batch's job. */
enum call_next batch_answered(struct aggregator *a, struct call *c, enum call_result result,
                              const struct ipc_fetched *m);

#endif
