/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * suppression.h - what the one aggregated suppression proof of a bundle is about (bundle.h), the
 * same for the publisher that proves and for whoever verifies.
 *
 * Proven are the hidden figures with reason SMALL or FEW and the marks that are MARKED, in order,
 * those of differences of blocks (linked.h) too. With V the sum of V1 + V2 over the counted
 * submissions of the figure's block, n how many those are, t the threshold and c the least number
 * of answers:
 *
 *     SMALL, zeros shown      V - G   in [0, t-2]     (t >= 2)
 *     SMALL, zeros hidden     V       in [0, t-1]
 *     FEW                     V       in [0, c-1]
 *     MARKED, a mark          V - G   in [0, n-1]
 *
 * Then, for each complement that is proven to be needed (struct ska_needed), in order: that V is in
 * its run [lo, hi]; or, of two runs, that S, the side, is 0 or 1, and V in the run that it names:
 *
 *     V - lo G                          in [0, hi - lo]
 *
 *     S                                 in [0, 1]
 *     V - lo1 G - (lo2 - lo1) S         in [0, w]      w: the longer one's hi - lo
 *     hi1 G + (hi2 - hi1) S - V         in [0, w]
 *
 * Transcript: the context of proof_context.h (kind SKA_PROOF_SUPPRESSION, role collector, identity
 * 0, number = counted submissions, the proven cells, their bounds, no rules), then the item "V"
 * with the encodings of the proven cells' V, unshifted, in order, and of what is proven of needed
 * complements as in the table above; then ska_proof_prove or ska_proof_verify goes on.
 */
#ifndef SKA_SUPPRESSION_H
#define SKA_SUPPRESSION_H

#include "crypto/proof.h"
#include "protocol/bundle.h"
#include "protocol/linked.h"

/* Valid when zeroed (nothing to prove). Owned arrays, m long. */
struct ska_suppression_statement {
    size_t m;
    size_t n_plain; /* the first ones: V or V - G; the others are of needed complements */
    uint32_t *cells;
    uint64_t *bound;
    ska_point *v;     /* what is proven about */
    uint64_t *offset; /* of plain ones: 1 where v is V - G, else 0: the prover's value is total -
                         offset */
    struct ska_transcript transcript;
};

/*
 * Out:    out         to be cleared by the caller; untouched on failure
 * In:     sum         linked->n_listed points: the sum of V1 + V2 over the counted submissions
 *         n_counted   how many those are
 *
 *         linked      the task's
 *
 * Returns SKA_OK, also if nothing is to be proven (m = 0); SKA_E_RANGE if a cell is not of the task
 * or a reason is impossible under its policy; SKA_E_ENCODING for a side that is no point;
 * SKA_E_MEMORY.
 */
enum ska_status ska_suppression_statement_init(struct ska_suppression_statement *out,
                                               const struct ska_task *task,
                                               const struct ska_linked *linked,
                                               const struct ska_suppression *suppression,
                                               const ska_point *sum,
                                               uint64_t n_counted) SKA_MUST_CHECK;
/* The commitments of differences from those of the published blocks: sum is n_listed long, its
 * first n_published are given. */
void ska_suppression_subtract(ska_point *sum, const struct ska_linked *linked);

/* The prover's side of one needed complement: its one or three values and blindings, as above, of a
 * total that is in one of its runs, and the side's blinding. */
void ska_needed_open(uint64_t x[static 3], ska_scalar r[static 3], const struct ska_needed *needed,
                     uint64_t total, const ska_scalar *blinding, const ska_scalar *side_blinding);

void ska_suppression_statement_clear(struct ska_suppression_statement *s);

#endif
