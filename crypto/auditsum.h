/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum.h - the VDAF whose every sum anyone can verify (DESIGN, "AuditSum").
 *
 * Public share      u32 contributor | u64 number | V1[n] | V2[n] (32 bytes each) | proof |
 *                   signature[64]
 *                   The proof's length follows from the statement. The signature
 *                   (SKA_LABEL_SIGN_SUBMISSION) is over task_id | parameters_hash | report_id | all
 *                   that stands before it.
 *                   In a later revision the proof is also about the differences from the revision
 *                   before (statement.h), over V1 + V2 and config->earlier.
 * Leader's share    x1[n] | r1[n], scalars
 * Helper's share    seed[32]; from XofTurboShake128(seed, dst SKA_LABEL_SHARE, binder
 *                   SKA_LABEL_DAP || task_id || u32 contributor || u64 number) come the scalars
 *                   x2[0], r2[0], x2[1], ...
 * Verifier share    signature[64] over the submission's log entry (log_entry.h); it is only made
 *                   when everything was checked
 * Verifier message  the leader's signature, then the helper's
 * Output share and aggregate share   (x, r)[n], scalars, 64 n bytes
 */
#ifndef SKA_AUDITSUM_H
#define SKA_AUDITSUM_H

#include "crypto/log_entry.h"
#include "crypto/proof.h"
#include "crypto/vdaf.h"

/* One contributor's commitments in the revision before: those of its counted submission, of the
 * cells that are compared. Borrowed; NULL: it had none, and the zeros of the identity stand for
 * them. */
struct ska_earlier {
    const uint8_t *v1, *v2; /* 32 bytes for each compared cell */
};

/* All borrowed. */
struct ska_auditsum_config {
    const struct ska_statement *statement;
    struct ska_task_context task;
    uint32_t n_contributors;
    const uint8_t (*contributor_keys)[SKA_SIGN_PUBLIC_BYTES]; /* by index in the roster */
    const uint8_t *leader_key; /* 32 bytes, public: checks verifier shares */
    const uint8_t *helper_key;
    const struct ska_signing_key *own_key; /* an aggregator's own; NULL for others */
    const struct ska_earlier *earlier;     /* by index in the roster, of the task that
                                              task.previous_task_id names; exactly if the statement
                                              compares */
};

struct ska_auditsum_measurement {
    const uint64_t *counts; /* statement->n_cells of them; secret */
    uint32_t contributor;
    uint64_t number;                   /* >= 1 */
    const struct ska_signing_key *key; /* the contributor's */
    /* If the statement compares: what opens config->earlier[contributor], a number for each
     * compared cell, or NULL where it has none. Secret. */
    const uint64_t *earlier_counts;
    const ska_scalar *earlier_blindings;
    ska_scalar *blindings; /* out, unless NULL: statement->n_cells blindings, which a later
                              revision needs; secret; as it was on failure */
};

/* What unshard gives; arrays are the caller's, n_cells long. */
struct ska_auditsum_totals {
    uint64_t *total;
    ska_scalar *blinding;
};

extern const struct ska_vdaf ska_auditsum;

/* A public share taken apart; pointers borrow from its bytes. */
struct ska_public_share {
    uint32_t contributor;
    uint64_t number;
    const uint8_t *v1, *v2; /* n_cells * 32 bytes each */
    struct ska_slice proof;
    const uint8_t *signature;
    struct ska_slice signed_part; /* all before the signature */
};

/* Bytes of a public share under this statement. */
enum ska_status ska_public_share_length(size_t *len, const struct ska_statement *s) SKA_MUST_CHECK;

/* Bytes of the input share of the aggregator of `role` (leader or helper). */
size_t ska_auditsum_input_share_length(const struct ska_statement *s, enum ska_role role);

/* Form only. SKA_E_TRUNCATED, SKA_E_TRAILING; SKA_E_RANGE if number is 0; SKA_E_LIMIT for a
 * statement that is too large; SKA_E_MEMORY. *share is as it was on failure. */
enum ska_status ska_public_share_decode(struct ska_public_share *share, struct ska_slice bytes,
                                        const struct ska_statement *s) SKA_MUST_CHECK;

/* Contributor on the roster (SKA_E_ROSTER) and its signature (SKA_E_SIGNATURE); SKA_E_MEMORY,
 * SKA_E_CRYPTO. Cheap: no proof is checked. */
enum ska_status
ska_public_share_authenticate(const struct ska_public_share *share,
                              const struct ska_auditsum_config *config,
                              const uint8_t report_id[static SKA_VDAF_NONCE_BYTES]) SKA_MUST_CHECK;

/* The log entry of a public share. */
void ska_public_share_entry(struct ska_log_entry *entry, const struct ska_public_share *share,
                            const struct ska_task_context *task, struct ska_slice bytes);

/*
 * The public part alone, for auditors: decode the points of n public shares (every canonical point
 * is allowed in V1 and V2) and verify the proofs over V1 + V2 in one batch. Signatures are
 * ska_public_share_authenticate's business. Memory is bounded, whatever n.
 *
 * Out: status[n]. Returns SKA_OK if all hold, else the first failing status; SKA_E_MEMORY or the
 * like if nothing could be decided, and then `status` means nothing.
 */
enum ska_status ska_public_shares_verify(enum ska_status *status, const struct ska_slice *shares,
                                         size_t n,
                                         const struct ska_auditsum_config *config) SKA_MUST_CHECK;

/* Hears of the decoded points of each public share that has canonical ones, statement->n_cells of
 * V1 and of V2, before its proof is verified: whoever adds them up need not decode them again. */
struct ska_share_points {
    void (*hear)(void *arg, size_t i, const ska_point *v1, const ska_point *v2);
    void *arg;
};
/* The same, telling `points` (may be NULL). */
enum ska_status
ska_public_shares_verify_points(enum ska_status *status, const struct ska_slice *shares, size_t n,
                                const struct ska_auditsum_config *config,
                                const struct ska_share_points *points) SKA_MUST_CHECK;

/*
 * What an aggregate share must open: the sums of one aggregator's commitments over the counted
 * submissions.
 *
 * ska_commitments_add: sum[i] += V_k[i], with k the aggregator of `role` (leader or helper); start
 *     from identities. SKA_OK; SKA_E_ENCODING, SKA_E_MEMORY, and `sum` is as before.
 * ska_aggregate_opening_verify: one cell's (x, r), 64 bytes, opens `sum`, that is x G + r H = sum.
 *     SKA_OK; SKA_E_ENCODING for a scalar >= L; SKA_E_COMMITMENT.
 */
enum ska_status ska_commitments_add(ska_point *sum, const struct ska_public_share *share,
                                    uint32_t n_cells, enum ska_role role) SKA_MUST_CHECK;
enum ska_status ska_aggregate_opening_verify(const ska_point *sum,
                                             const uint8_t xr[static 64]) SKA_MUST_CHECK;

/*
 * The signed Merkle root over an aggregate share, or several of them in a row (one for each group
 * of contributors): figure i is cell i mod n_cells of share i / n_cells. Leaf i is ska_merkle_leaf
 * over len8(label) | label | u32 i | x | r with label SKA_LABEL_MERKLE_AGGREGATE. The signature
 * (SKA_LABEL_SIGN_AGGREGATE) is over task_id | role u8 | accepted-list hash[32] | u32 n_figures |
 * root[32].
 *
 * ska_aggregate_leaves gives all leaves, owned by the caller, who frees; from them ska_merkle_path
 * gives the path of each opened cell. leaves and root return SKA_E_TRUNCATED for a share that is
 * not a whole number of figures, at least one; SKA_E_LIMIT for more than SKA_AGGREGATE_MAX;
 * SKA_E_MEMORY.
 */
#define SKA_AGGREGATE_MAX (UINT32_C(1) << 19)
void ska_aggregate_leaf(uint8_t out[static SKA_HASH_BYTES], uint32_t figure,
                        const uint8_t xr[static 64]);
enum ska_status ska_aggregate_leaves(uint8_t (**leaves)[SKA_HASH_BYTES], uint32_t *n_figures,
                                     struct ska_slice aggregate_share) SKA_MUST_CHECK;
enum ska_status ska_aggregate_root(uint8_t root[static SKA_HASH_BYTES],
                                   struct ska_slice aggregate_share) SKA_MUST_CHECK;
enum ska_status ska_aggregate_root_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                        const struct ska_signing_key *key,
                                        const uint8_t task_id[static 32], enum ska_role role,
                                        const uint8_t accepted_hash[static 32], uint32_t n_figures,
                                        const uint8_t root[static 32]) SKA_MUST_CHECK;
enum ska_status ska_aggregate_root_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                          const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                          const uint8_t task_id[static 32], enum ska_role role,
                                          const uint8_t accepted_hash[static 32],
                                          uint32_t n_figures,
                                          const uint8_t root[static 32]) SKA_MUST_CHECK;

#endif
