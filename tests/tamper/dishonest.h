/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dishonest.h - contributors that lie past every check of their own program: they commit to
 * anything, prove about something else, forge, copy and replay, and sign all of it.
 */
#ifndef SKA_TESTS_DISHONEST_H
#define SKA_TESTS_DISHONEST_H

#include "tests/tamper/make_bundle.h"

/* How a dishonest submission departs from an honest one. Zeroed: it does not. */
struct dishonesty {
    const ska_scalar *x;                    /* WORLD_CELLS values committed to; NULL: the counts */
    const struct ska_task_context *context; /* what the proof is bound to; NULL: the task's */
    bool has_identity;                      /* the proof says it is of `identity` */
    uint32_t identity;
    uint64_t number;                   /* the proof says it has this number; 0: the right one */
    bool forge_without_w;              /* cell 0's first bit is the whole value, hidden in A */
    const struct ska_signing_key *key; /* that signs; NULL: the contributor's */
};

/* Add a submission made with a second, plain implementation of the prover. `counts` are what it
 * claims in the proof. */
struct world_submission *world_submit_dishonestly(struct world *w, uint32_t contributor,
                                                  uint64_t number, const uint64_t *counts,
                                                  const struct dishonesty *how);

/* Sign the bytes of a submission anew for this task, as contributor `signer`. */
void world_resign(struct world *w, struct world_submission *s, uint32_t signer);

/* Where in a submission's bytes V1 (k = 0) or V2 (k = 1) of a cell stands, and its proof. */
uint8_t *world_commitment(struct world_submission *s, size_t k, size_t cell);
uint8_t *world_proof(struct world_submission *s);

/* Add `delta` G to V1 of a cell, and delta to the leader's output, so that sums still open. */
void world_shift(struct world_submission *s, size_t cell, int64_t delta);

#endif
