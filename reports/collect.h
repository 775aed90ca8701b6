/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * collect.h - what the publisher learns when a period is closed: accepted list, public shares,
 * both aggregate shares; and the checks that name whoever is wrong.
 */
#ifndef SKA_REPORTS_COLLECT_H
#define SKA_REPORTS_COLLECT_H

#include "crypto/group.h"
#include "reports/period.h"

/* Sums of commitments over the counted submissions. Owned arrays, n_figures long. Valid when
 * zeroed.
 */
struct collect_sums {
    ska_point *v[2];        /* leader's, helper's */
    struct ska_groups kept; /* the groups that are summed (ska_accepted_groups); owned. None for a
                               task without groups */
};
void collect_sums_clear(struct collect_sums *sums);

/* The accepted list as kept, both signatures and its place verified. `list` is cleared by the
 * caller; signed_bytes (owned by the caller) is the file. */
enum ska_status collect_read_accepted(struct ska_accepted *list, uint8_t **signed_bytes,
                                      size_t *signed_len, uint8_t hash[static 32],
                                      const struct period *p, struct ska_error *err) SKA_MUST_CHECK;
/* Form, task, parameters, both signatures and range of the contributors. SKA_E_SIGNATURE naming the
 * aggregator, SKA_E_TASK, SKA_E_ROSTER. */
enum ska_status collect_check_accepted(struct ska_accepted *list, uint8_t hash[static 32],
                                       struct ska_slice bytes, const struct ska_task *task,
                                       struct ska_error *err) SKA_MUST_CHECK;

/* How many submissions of a list count. */
uint32_t collect_count(const struct ska_accepted *list);

/* One counted public share (report_id[16] | share) against its line of the list, and added to the
 * sums. SKA_E_MISMATCH (hash, length, identifier), SKA_E_ROSTER, SKA_E_SIGNATURE, SKA_E_ENCODING;
 * `err` names the contributor. */
enum ska_status collect_add_submission(struct collect_sums *sums, struct ska_slice bytes,
                                       const struct ska_accepted_entry *entry,
                                       const struct ska_task *task,
                                       struct ska_error *err) SKA_MUST_CHECK;
enum ska_status collect_sums_new(struct collect_sums *sums, uint32_t n_figures) SKA_MUST_CHECK;

/*
 * One aggregate share with its signature ((x, r)[n] | signature[64], secret) against the list and
 * the sums: the Merkle root's signature, then x G + r H = V for each figure. SKA_E_SIGNATURE,
 * SKA_E_COMMITMENT naming the aggregator and the first wrong figure; SKA_E_PEER for a wrong length.
 */
enum ska_status collect_check_share(struct ska_slice share_and_signature, enum ska_role role,
                                    const struct collect_sums *sums,
                                    const uint8_t accepted_hash[static 32],
                                    const struct ska_task *task,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* What publish and export work from: everything above read from the period's folder and checked
 * again, and the totals. Secret; collect_result_clear wipes. */
struct collect_result {
    uint8_t *kept; /* the file "collected", wiped when cleared */
    size_t kept_len;
    struct ska_slice share[2]; /* (x, r)[n] | signature, borrowed from kept */
    uint32_t n_figures;
    uint64_t *total;
    ska_scalar *blinding;
};
enum ska_status collect_load(struct collect_result *out, const struct period *p,
                             struct ska_error *err) SKA_MUST_CHECK;
void collect_result_clear(struct collect_result *r);

/* The sums as kept in the folder. */
enum ska_status collect_load_sums(struct collect_sums *sums, const struct period *p,
                                  struct ska_error *err) SKA_MUST_CHECK;
enum ska_status collect_store_sums(const struct collect_sums *sums, const struct period *p,
                                   struct ska_error *err) SKA_MUST_CHECK;

#endif
