/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rounding.h - counts that are published as multiples of the policy's base, and what is proven
 * about them (docs/disclosure-control.md, section 14): the file `rounding` of a bundle.
 *
 * u8 version = 1 | u32 n | n x (u32 figure | u64 value) | a proof as opaque32 for every 256 figures
 * in order
 *
 * Figures strictly increasing: exactly the counts that are not hidden, those of a roll-up too. With
 * V the sum of V1 + V2 over the counted submissions of the figure's block (of a roll-up's: of all
 * parts of the year), b the base, t the threshold (b <= t):
 *
 *     value 0           V         in [0, 0]
 *     value R > 0       V - lo G  in [0, hi - lo],   lo = max(t, R - (b - 1)),  hi = R + (b - 1)
 *
 * Transcript of a proof: the context of proof_context.h (kind SKA_PROOF_ROUNDING, role collector,
 * identity the portion's number, number = counted submissions, the portion's figures, their bounds,
 * no rules), then the item "V" with the encodings of V, unshifted, then the item "rounded" with the
 * values as u64; then ska_proof_prove or ska_proof_verify goes on.
 */
#ifndef SKA_ROUNDING_H
#define SKA_ROUNDING_H

#include "protocol/suppression.h"

#define SKA_ROUNDING_PORTION 256u
#define SKA_ROUNDED_MAX (UINT64_C(1) << 63)

struct ska_rounded_figure {
    uint32_t figure;
    uint64_t value;
};

/* Valid when zeroed. */
struct ska_rounding {
    uint32_t n;
    struct ska_rounded_figure *at; /* owned */
    uint32_t n_proofs;             /* ska_rounding_portions of n */
    struct ska_slice *proofs;      /* owned array; bytes borrowed */
};
void ska_rounding_clear(struct ska_rounding *r);
uint32_t ska_rounding_portions(uint32_t n);
void ska_rounding_encode(struct ska_writer *w, const struct ska_rounding *r);
/* Order and limits are checked, values against a base are not. SKA_E_ENCODING for a wrong order,
 * SKA_E_RANGE, SKA_E_LIMIT, SKA_E_TRUNCATED, SKA_E_TRAILING, SKA_E_FORMAT, SKA_E_MEMORY. */
enum ska_status ska_rounding_decode(struct ska_rounding *out,
                                    struct ska_slice bytes) SKA_MUST_CHECK;

/* Whether a cell is shown rounded: a count, where the policy rounds. */
bool ska_policy_rounds(const struct ska_policy *policy, const struct ska_cell *cell);

/* Whether a figure, if it is shown, is shown rounded: a published count that is there. */
bool ska_linked_rounds(const struct ska_linked *linked, const struct ska_policy *policy,
                       uint32_t figure);

/* What is known of a count that is shown as `value`, a multiple of the base of at most
 * SKA_ROUNDED_MAX: lo <= hi. */
void ska_rounding_range(uint64_t *lo, uint64_t *hi, const struct ska_policy *policy,
                        uint64_t value);

/*
 * What one portion's proof is about, in the form of a suppression proof's statement: cells, bounds,
 * V - offset G with offset = lo, and the transcript.
 *
 * Out:    out        to be cleared by the caller (ska_suppression_statement_clear); untouched on
 *                    failure
 * In:     linked     the release's system
 *         portion    from 0, below ska_rounding_portions(rounding->n)
 *         sum        by published figure: V
 *         n_counted  counted submissions of the task
 *
 * Returns SKA_OK; SKA_E_RANGE if a figure is no published count or a value is no multiple of the
 * base; SKA_E_MEMORY.
 */
enum ska_status ska_rounding_statement_init(struct ska_suppression_statement *out,
                                            const struct ska_task *task,
                                            const struct ska_linked *linked,
                                            const struct ska_rounding *rounding, uint32_t portion,
                                            const ska_point *sum,
                                            uint64_t n_counted) SKA_MUST_CHECK;

#endif
