/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * verify.h - the worker threads, and what they compute: opening and verifying reports.
 *
 * The event loop submits work and goes on; a finished one makes verify_pool_fd readable. A worker
 * touches nothing but its work and what that borrows, which nobody changes meanwhile.
 */
#ifndef SKA_SERVER_VERIFY_H
#define SKA_SERVER_VERIFY_H

#include "crypto/vdaf.h"
#include "protocol/dap.h"

/* First member of a struct of the caller's, which owns it; not to be freed until it was taken. */
struct verify_work {
    void (*run)(struct verify_work *work); /* in a worker thread */
    struct verify_work *next;              /* the pool's */
};

struct verify_pool;
/* SKA_E_MEMORY, SKA_E_BUSY (the system gives no thread or descriptor). */
enum ska_status verify_pool_new(struct verify_pool **out, size_t n_threads,
                                struct ska_error *err) SKA_MUST_CHECK;
/* Wait for what is running; what is queued is not run, and remains the caller's. NULL is accepted.
 */
void verify_pool_free(struct verify_pool *pool);
int verify_pool_fd(const struct verify_pool *pool); /* an eventfd; readable: take */
void verify_pool_submit(struct verify_pool *pool, struct verify_work *work);
/* The next finished work, in order of finishing, or NULL; the descriptor is read empty first. */
struct verify_work *verify_pool_take(struct verify_pool *pool);

/* One report of a batch. Slices are borrowed from whoever owns the batch. Zeroed: nothing. */
struct verify_report {
    struct ska_dap_metadata metadata;     /* in */
    struct ska_slice public_share;        /* in */
    struct ska_dap_ciphertext ciphertext; /* in: ours */
    struct ska_slice inbound;             /* in, helper: the leader's ping-pong message */
    uint8_t error;                        /* in: not 0: leave it out; out: DAP report error, or 0 */
    struct ska_vdaf_verification vdaf;    /* out, secret */
    uint8_t *plain;                       /* out, owned, secret: what vdaf borrows from */
    size_t plain_len;
    struct ska_writer message; /* out, helper: the verifier message */
    struct ska_writer output;  /* out, helper: the output share, secret */
};

/* Reports of one task, verified together. */
struct verify_batch {
    struct verify_work work;         /* run is verify_batch_run */
    enum ska_role role;              /* leader or helper */
    const struct ska_task *task;     /* borrowed */
    const struct ska_vdaf *vdaf;     /* borrowed */
    const struct ska_hpke_key *hpke; /* borrowed */
    uint8_t hpke_config_id;
    size_t n;
    struct verify_report *reports; /* owned, n */
    enum ska_status status; /* out: SKA_OK, or nothing could be decided (SKA_E_MEMORY, ...) */
};

/* Room for n reports. SKA_E_MEMORY. */
enum ska_status verify_batch_init(struct verify_batch *b, size_t n) SKA_MUST_CHECK;
void verify_batch_clear(struct verify_batch *b); /* wipes; may be called twice */

/*
 * Open our input share of every report without error, verify all together, and, as helper, combine
 * the verifier shares and finish. A report that does not hold gets its report error; if nothing
 * could be decided, b->status says why and all reports are as good as new.
 */
void verify_batch_run(struct verify_work *work);

/* Whether a status says nothing about the report: no memory, no random numbers, a broken invariant.
 * Then the report is not refused for it; whoever sent it tries again. */
bool verify_is_undecided(enum ska_status status);

/* Whether the sealed input share of `whose` (leader or helper) has the only length that it can have
 * under the task. */
bool verify_share_fits(const struct ska_dap_ciphertext *c, enum ska_role whose,
                       const struct ska_task *task);

/* The report error for a status of opening (section "Input Share Decryption") or of the VDAF
 * (section "Input Share Validation"). */
uint8_t verify_open_error(enum ska_status status);
uint8_t verify_vdaf_error(enum ska_status status);

#endif
