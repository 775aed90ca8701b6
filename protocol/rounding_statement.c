/* SPDX-License-Identifier: EUPL-1.2 */
/* rounding_statement.c - the statements of a bundle's proofs about rounded figures. */
#include "protocol/rounding.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <string.h>

static enum ska_status allocate(struct ska_suppression_statement *s, size_t n)
{
    s->cells = ska_alloc(n, sizeof *s->cells);
    s->bound = ska_alloc(n, sizeof *s->bound);
    s->offset = ska_alloc(n, sizeof *s->offset);
    s->v = ska_alloc(n, sizeof *s->v);
    return s->cells == NULL || s->bound == NULL || s->offset == NULL || s->v == NULL ? SKA_E_MEMORY
                                                                                     : SKA_OK;
}

/* One more value. */
static enum ska_status add(struct ska_suppression_statement *s, const struct ska_policy *policy,
                           const struct ska_linked *linked, const struct ska_rounded_figure *at,
                           const ska_point *sum)
{
    if (!ska_linked_rounds(linked, policy, at->figure) || at->value % policy->rounding != 0 ||
        at->value > SKA_ROUNDED_MAX)
        return SKA_E_RANGE;
    uint64_t lo, hi;
    ska_rounding_range(&lo, &hi, policy, at->value);
    if (lo > hi)
        return SKA_E_RANGE;
    const ska_scalar offset = ska_scalar_from_u64(lo);
    ska_point shift;
    ska_point_mul(&shift, ska_group_g(), &offset);
    s->cells[s->m] = at->figure;
    s->bound[s->m] = hi - lo;
    s->offset[s->m] = lo;
    ska_point_sub(&s->v[s->m], &sum[at->figure], &shift);
    s->m++;
    return SKA_OK;
}

/* The context, then the items "V" and "rounded". */
static enum ska_status start_transcript(struct ska_suppression_statement *s,
                                        const struct ska_task *task,
                                        const struct ska_rounded_figure *at, uint32_t portion,
                                        const ska_point *sum, uint64_t n_counted)
{
    const struct ska_prover prover = {.kind = SKA_PROOF_ROUNDING,
                                      .role = SKA_ROLE_COLLECTOR,
                                      .identity = portion,
                                      .number = n_counted};
    SKA_SCOPED(ska_scoped_free) uint8_t *encoded = ska_alloc(s->m, SKA_POINT_BYTES);
    SKA_SCOPED(ska_writer_clear) struct ska_writer values = {0};
    if (encoded == NULL)
        return SKA_E_MEMORY;
    for (size_t j = 0; j < s->m; j++) {
        ska_point_encode(encoded + j * SKA_POINT_BYTES, &sum[s->cells[j]]);
        ska_write_u64(&values, at[j].value);
    }
    SKA_TRY(ska_writer_status(&values));
    ska_proof_context_absorb(&s->transcript, &task->context, &prover, s->cells, s->m, s->bound,
                             s->m, NULL);
    ska_transcript_absorb(&s->transcript, SKA_LABEL_T_V, encoded, s->m * SKA_POINT_BYTES);
    ska_transcript_absorb(&s->transcript, SKA_LABEL_T_ROUNDED, values.data, values.len);
    return SKA_OK;
}

enum ska_status ska_rounding_statement_init(struct ska_suppression_statement *out,
                                            const struct ska_task *task,
                                            const struct ska_linked *linked,
                                            const struct ska_rounding *rounding, uint32_t portion,
                                            const ska_point *sum, uint64_t n_counted)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    if (portion >= ska_rounding_portions(rounding->n))
        return SKA_E_RANGE;
    const struct ska_rounded_figure *at = rounding->at + (size_t)portion * SKA_ROUNDING_PORTION;
    size_t n = rounding->n - (size_t)portion * SKA_ROUNDING_PORTION;
    if (n > SKA_ROUNDING_PORTION)
        n = SKA_ROUNDING_PORTION;
    SKA_TRY(allocate(&s, n));
    for (size_t i = 0; i < n; i++)
        SKA_TRY(add(&s, &task->parameters.policy, linked, &at[i], sum));
    s.n_plain = s.m;
    SKA_TRY(start_transcript(&s, task, at, portion, sum, n_counted));
    *out = s;
    memset(&s, 0, sizeof s);
    return SKA_OK;
}
