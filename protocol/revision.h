/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * revision.h - corrections: a task that names one collected before of the same period, and when
 * both may be known.
 *
 * What two totals differ in are the figures of the contributors that changed between them. So a
 * correction is collected only if in every atom of contributors (groups.h) nobody or at least
 * SKA_CHANGED_MIN changed, and nobody or at least SKA_CHANGED_MIN of those counted before are gone;
 * and if anything changed at all. That atoms are looked at, and not only all together, is since the
 * difference of two groups' corrections is one of atoms.
 *
 * What is named is what is released and corrected. Revisions may have been collected since that
 * could not be released: they are passed over, but known to the collector. No flag compares with
 * them. They are compared by what the flags of both say: two revisions lie at the ends of a row of
 * comparisons, each with its number that differ (changed or gone). Who differs in one of them alone
 * differs between the ends; who differs in two may be as before. So the largest number, less all
 * others, is the least that differ, and that must be SKA_CHANGED_MIN, or one comparison the only
 * one in which anybody differs. See docs/decisions/0015.
 *
 * How many changed is the sum of the submissions' flags. Each aggregator opens its part of that sum
 * per atom to the other, before either gives an aggregate share:
 *
 *     changes   u8 version = 1 | task_id[32] | u8 role | accepted_hash[32] | u32 n_atoms
 *               | n x (x[32] | r[32]) | signature[64]
 *     both      opaque32 leader's changes | opaque32 helper's changes
 *
 * signed under SKA_LABEL_SIGN_CHANGES over what precedes the signature; (x, r) opens the sum of the
 * role's commitments to the flags of the atom's counted submissions.
 */
#ifndef SKA_REVISION_H
#define SKA_REVISION_H

#include "protocol/documents.h"

#define SKA_CHANGED_MIN 3u
#define SKA_CHANGES_BYTES_MAX (1u << 20)

/*
 * Whether `task` may correct `previous`, whose accepted list has this hash: it names both, has a
 * higher revision, and is the same in collection, period, publisher, catalogue, roster, groups and
 * policy. SKA_E_MISMATCH, and `err` says in what.
 */
enum ska_status ska_revision_check(const struct ska_task *task, const struct ska_task *previous,
                                   const uint8_t accepted_hash[static 32],
                                   struct ska_error *err) SKA_MUST_CHECK;

/* What a contributor's submission to a correction of `previous` is compared with: the commitments
 * of its counted public share there, which they borrow. As ska_public_share_decode. */
enum ska_status ska_revision_earlier(struct ska_earlier *out, const struct ska_task *previous,
                                     struct ska_slice public_share) SKA_MUST_CHECK;

struct ska_changes {
    uint8_t task_id[32];
    enum ska_role role;
    uint8_t accepted_hash[32];
    uint32_t n_atoms;
    const uint8_t *openings; /* n_atoms * 64 bytes, borrowed */
    uint8_t signature[64];
};
/* Sign, and append the encoding to `w`; `changes->signature` is not read. */
enum ska_status ska_changes_write(struct ska_writer *w, const struct ska_changes *changes,
                                  const struct ska_signing_key *key) SKA_MUST_CHECK;
/* Form and signature. SKA_E_VERSION, SKA_E_RANGE, SKA_E_LIMIT, SKA_E_TRUNCATED, SKA_E_TRAILING,
 * SKA_E_SIGNATURE, SKA_E_MEMORY. */
enum ska_status ska_changes_read(struct ska_changes *out, struct ska_slice bytes,
                                 const uint8_t key[static 32]) SKA_MUST_CHECK;

/* A tally of who changed, by atom, kept while the flags are opened and judged. Owned arrays; valid
 * when zeroed. */
struct ska_change_tally {
    struct ska_atoms atoms;
    ska_point *flags[2]; /* of leader and helper: the sums of commitments to the flags, by atom */
    uint32_t *changed;   /* by atom, after ska_changes_open */
    uint32_t *gone;      /* by atom: counted before, but not now */
};
enum ska_status ska_change_tally_init(struct ska_change_tally *tally,
                                      const struct ska_task *task) SKA_MUST_CHECK;
void ska_change_tally_clear(struct ska_change_tally *tally);
/* One counted submission of the correction. SKA_E_ENCODING; what ska_public_share_decode says. */
enum ska_status ska_change_tally_add(struct ska_change_tally *tally, const struct ska_task *task,
                                     struct ska_slice public_share) SKA_MUST_CHECK;
/* From the two accepted lists, who is gone. */
void ska_change_tally_compare(struct ska_change_tally *tally, const struct ska_accepted *before,
                              const struct ska_accepted *now);

/* One aggregator's openings open its own commitments. SKA_E_MISMATCH for another task, list or
 * number of atoms; SKA_E_COMMITMENT; SKA_E_ENCODING. */
enum ska_status ska_changes_verify(const struct ska_changes *changes,
                                   const struct ska_change_tally *tally,
                                   const struct ska_task *task, enum ska_role role,
                                   const uint8_t accepted_hash[static 32]) SKA_MUST_CHECK;
/* Add both parts, verified before: tally->changed. SKA_E_RANGE if one is no small number. */
enum ska_status ska_changes_open(struct ska_change_tally *tally, const struct ska_changes *leader,
                                 const struct ska_changes *helper) SKA_MUST_CHECK;
/* The rule above, of the two that are compared. SKA_E_BATCH_SIZE if fewer than SKA_CHANGED_MIN
 * would be isolated, or nobody changed; `err` says which, without a number. */
enum ska_status ska_changes_judge(const struct ska_change_tally *tally,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* The row of comparisons between a revision and one that it passes over. Owned; valid when zeroed.
 */
struct ska_passed {
    uint32_t n_atoms;
    uint64_t *sum;  /* by atom: of all comparisons, how many differ */
    uint64_t *most; /* the largest of them */
};
enum ska_status ska_passed_init(struct ska_passed *row, uint32_t n_atoms) SKA_MUST_CHECK;
void ska_passed_clear(struct ska_passed *row);
/* One comparison: by atom, how many differ (ska_frozen_count_changes). */
void ska_passed_add(struct ska_passed *row, const uint32_t *n_differ);
/* The rule above, of the ends of the row. SKA_E_BATCH_SIZE, and `err` says so. */
enum ska_status ska_passed_judge(const struct ska_passed *row,
                                 struct ska_error *err) SKA_MUST_CHECK;
/* Of one collected before, whichever: nobody or at least SKA_CHANGED_MIN of an atom's contributors
 * counted then are gone. `tally` is made for the later one; its `gone` is written.
 * SKA_E_BATCH_SIZE. */
enum ska_status ska_passed_judge_gone(struct ska_change_tally *tally,
                                      const struct ska_accepted *before,
                                      const struct ska_accepted *now,
                                      struct ska_error *err) SKA_MUST_CHECK;
/* Of one collected before, whichever: who was counted in it and is now, but not in what is
 * corrected, has a flag and may be as then. So of an atom that has such at least SKA_CHANGED_MIN
 * more changed. `n_differ` compares with what is corrected; `tally` is made for the later one, its
 * `gone` and `changed` are written. SKA_E_BATCH_SIZE. */
enum ska_status ska_passed_judge_back(struct ska_change_tally *tally, const uint32_t *n_differ,
                                      const struct ska_accepted *before,
                                      const struct ska_accepted *corrected,
                                      const struct ska_accepted *now,
                                      struct ska_error *err) SKA_MUST_CHECK;

#endif
