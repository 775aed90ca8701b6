/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_context.h - everything a proof is bound to, absorbed into its transcript before its first
 * message.
 *
 * The order is fixed (DESIGN section 4, "Rules that are not negotiable"): protocol version and
 * proof kind; task, collection, catalogue and parameter hashes; the generators' hash; the roster's
 * hash; period and revision; the prover's role and identity; the cell list; N, m, map, weights,
 * rule coefficients; then the commitments.
 */
#ifndef SKA_PROOF_CONTEXT_H
#define SKA_PROOF_CONTEXT_H

#include "crypto/hash.h"
#include "crypto/statement.h"
#include "crypto/transcript.h"

enum ska_proof_kind {
    SKA_PROOF_SUBMISSION = 1,
    SKA_PROOF_SUPPRESSION = 2,
    SKA_PROOF_ROUNDING = 3,
    SKA_PROOF_NOISE = 4
};

enum ska_role { /* the draft's Role values (draft-ietf-ppm-dap-18, section "Basic Type Definitions")
                 */
                SKA_ROLE_COLLECTOR = 0,
                SKA_ROLE_CLIENT = 1,
                SKA_ROLE_LEADER = 2,
                SKA_ROLE_HELPER = 3
};

#define SKA_PERIOD_MAX \
    15 /* bytes of a period's name: "2025Q2", "2025H1", "2025T3", "2025-07", "2025" */

/* Valid when zeroed. Owns nothing. */
struct ska_task_context {
    uint8_t task_id[32];
    uint8_t collection_hash[32];
    uint8_t catalogue_hash[32];
    uint8_t parameters_hash[32];
    uint8_t roster_hash[32];
    char period[SKA_PERIOD_MAX + 1]; /* NUL-terminated */
    uint32_t revision;               /* 0 for the first publication of a period */
    uint8_t previous_task_id[32];    /* the task of the revision before; zeros for revision 0 */
};

struct ska_prover {
    enum ska_proof_kind kind;
    enum ska_role role; /* client for submissions, collector for proofs on totals */
    uint32_t identity;  /* the contributor's index in the roster; 0 for the collector */
    uint64_t number; /* submission number; for proofs on totals the number of counted submissions */
};

/*
 * Start a transcript and absorb the context of a proof over cells `cells[0..n_cells)` of the task
 * (indices into its cell list), with the bounds of the m values proven and, for submissions, the
 * statement's rules (NULL otherwise).
 */
void ska_proof_context_absorb(struct ska_transcript *t, const struct ska_task_context *task,
                              const struct ska_prover *prover, const uint32_t *cells,
                              size_t n_cells, const uint64_t *bound, size_t m,
                              const struct ska_statement *rules);

#endif
