/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_internal.h - what the files of AuditSum share with each other, and with tests that play
 * a dishonest contributor. Not for other parts.
 */
#ifndef SKA_AUDITSUM_INTERNAL_H
#define SKA_AUDITSUM_INTERNAL_H

#include "crypto/auditsum.h"
#include "crypto/xof.h"

#define SKA_CELL_SHARE_BYTES 64 /* one cell of an output or aggregate share: x | r */

/* What a submission's proof is about, in its order: the cells, then the rules, then for each
 * compared cell its two comparisons. Owned arrays; valid
 * when zeroed (nothing). */
struct ska_submission_layout {
    size_t n_cells;
    size_t n_compared;
    size_t m;        /* values proven: n_cells + n_rules + 2 n_compared */
    uint64_t *bound; /* m: of each cell, then the width of each rule, then twice 2 B for each */
    uint32_t *cells; /* 0, 1, ... n_cells - 1 */
};

/* Out: *layout, untouched on failure. SKA_E_LIMIT for too many cells or rules; SKA_E_MEMORY. */
enum ska_status ska_submission_layout_init(struct ska_submission_layout *layout,
                                           const struct ska_statement *s) SKA_MUST_CHECK;
void ska_submission_layout_clear(struct ska_submission_layout *layout);

/* Start the transcript of a submission's proof: its context, then "V1" and "V2", 32 n_cells bytes
 * each; then, if the statement compares, "previous" and "earlier", 32 n_compared bytes: `earlier`
 * as ska_submission_earlier gives it (else not read). */
void ska_submission_transcript(struct ska_transcript *t, const struct ska_auditsum_config *config,
                               const struct ska_submission_layout *layout,
                               const struct ska_public_share *share, const ska_point *earlier);

/* earlier[j] = V1 + V2 of a compared cell in the revision before; the identity where the
 * contributor has none. SKA_OK, also where nothing is compared; SKA_E_ENCODING. */
enum ska_status ska_submission_earlier(ska_point *earlier, const struct ska_auditsum_config *config,
                                       uint32_t contributor) SKA_MUST_CHECK;

/* With at = n_cells + n_rules: v[at + 2 j] = B_j F + (v[j] - earlier[j]), v[at + 2 j + 1] = B_j F -
 * (v[j] - earlier[j]) for every compared cell j; F = v[n_cells - 1]. */
void ska_submission_comparisons_vartime(ska_point *v, const struct ska_statement *s,
                                        const ska_point *earlier);

/* out = k p; k is public and usually small. */
void ska_submission_multiply_vartime(ska_point *out, const ska_point *p, int64_t k);

/* SKA_E_CONFIG if the statement compares and config->earlier is not there, or the other way. */
enum ska_status
ska_submission_check_earlier(const struct ska_auditsum_config *config) SKA_MUST_CHECK;

/* v[n_cells + k] = constant_k G + sum of coefficient * v[cell], for every rule k. Variable time:
 * commitments and rules are public. */
void ska_submission_rule_commitments_vartime(ska_point *v, const struct ska_statement *s);

/* Start the expansion of the helper's seed; then x2[0], r2[0], x2[1], ... follow, each by
 * ska_xof_next_scalar. Clear `x` after. */
void ska_helper_share_init(struct ska_xof *x, const uint8_t seed[static SKA_SEED_BYTES],
                           const uint8_t task_id[static 32], uint32_t contributor, uint64_t number);

/* The bytes a contributor signs: task_id | parameters_hash | report_id | body. */
void ska_submission_write_signed(struct ska_writer *w, const struct ska_task_context *task,
                                 const uint8_t report_id[static SKA_VDAF_NONCE_BYTES],
                                 struct ska_slice body);

/*
 * Many submissions' proofs, verified together. Memory grows with the number of values proven in a
 * batch, not with the number of reports: when it is full, verify it and go on.
 *
 *     init -> { decode -> (look at v1, v2) -> add }* -> verify -> ... -> clear
 *
 * Owned arrays; valid when zeroed.
 */
struct ska_submission_batch {
    const struct ska_auditsum_config *config; /* borrowed */
    struct ska_submission_layout layout;
    ska_point *v1, *v2; /* n_cells each: the commitments decoded last */
    ska_point *earlier; /* n_compared: of the same contributor in the revision before */
    size_t capacity;    /* proofs that fit */
    size_t n;           /* proofs added */
    ska_point *v;       /* capacity * m */
    struct ska_proof_job *jobs;
    size_t *owner; /* for each job whose it is */
};

enum ska_status ska_submission_batch_init(struct ska_submission_batch *b,
                                          const struct ska_auditsum_config *config,
                                          size_t n_reports) SKA_MUST_CHECK;
void ska_submission_batch_clear(struct ska_submission_batch *b);

/* Decode V1 and V2 of a share into b->v1, b->v2. SKA_OK or SKA_E_ENCODING. */
enum ska_status ska_submission_batch_decode(struct ska_submission_batch *b,
                                            const struct ska_public_share *share) SKA_MUST_CHECK;

/* Add the proof of the share decoded last, as that of report `owner`; `share` stays borrowed until
 * verify. The batch must not be full. */
void ska_submission_batch_add(struct ska_submission_batch *b, const struct ska_public_share *share,
                              size_t owner);

/* Verify what was added and empty the batch. Out: status[owner] of each. Returns SKA_OK also when
 * proofs did not hold; SKA_E_MEMORY or the like if nothing could be decided. */
enum ska_status ska_submission_batch_verify(struct ska_submission_batch *b,
                                            enum ska_status *status) SKA_MUST_CHECK;

/* Whether a status says that nothing could be decided, and not that an input is bad. */
bool ska_is_undecided(enum ska_status status);

/* The table's functions (vdaf.h). */
enum ska_status ska_auditsum_shard(struct ska_writer *public_share, struct ska_writer *leader_share,
                                   struct ska_writer *helper_share, const void *config,
                                   const void *measurement,
                                   const uint8_t nonce[SKA_VDAF_NONCE_BYTES],
                                   struct ska_error *err) SKA_MUST_CHECK;
enum ska_status ska_auditsum_verify_init(struct ska_vdaf_verification *reports, size_t n,
                                         const void *config, int agg_id) SKA_MUST_CHECK;
enum ska_status ska_auditsum_verify_message(struct ska_writer *message, const void *config,
                                            const struct ska_vdaf_verification *report,
                                            struct ska_slice leader_verifier_share,
                                            struct ska_slice helper_verifier_share) SKA_MUST_CHECK;
enum ska_status ska_auditsum_verify_next(struct ska_writer *output_share, const void *config,
                                         const struct ska_vdaf_verification *report,
                                         struct ska_slice message) SKA_MUST_CHECK;
void ska_auditsum_verification_clear(struct ska_vdaf_verification *report);
size_t ska_auditsum_aggregate_len(const void *config);
enum ska_status ska_auditsum_aggregate(uint8_t *aggregate_share, size_t len, const void *config,
                                       struct ska_slice output_share) SKA_MUST_CHECK;
enum ska_status ska_auditsum_unshard(void *result, const void *config,
                                     struct ska_slice leader_share, struct ska_slice helper_share,
                                     struct ska_error *err) SKA_MUST_CHECK;

#endif
