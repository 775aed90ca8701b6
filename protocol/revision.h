/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * revision.h - corrections: a task that names the one collected last of the same period, and when
 * the two may both be known.
 *
 * What two totals differ in are the figures of the contributors that changed between them. So a
 * correction is collected only if in every atom of contributors (groups.h) nobody or at least
 * SKA_CHANGED_MIN changed, and nobody or at least SKA_CHANGED_MIN of those counted before are gone;
 * and if anything changed at all. That atoms are looked at, and not only all together, is since the
 * difference of two groups' corrections is one of atoms.
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
/* The rule above. SKA_E_BATCH_SIZE if fewer than SKA_CHANGED_MIN would be isolated, or nobody
 * changed; `err` says which, without a number. */
enum ska_status ska_changes_judge(const struct ska_change_tally *tally,
                                  struct ska_error *err) SKA_MUST_CHECK;

#endif
