/* SPDX-License-Identifier: EUPL-1.2 */
/* suppression_statement.c - the statement of a bundle's suppression proof. */
#include "protocol/suppression.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

/* How a hidden cell is proven. Out: *is_proven; if it is, bound and offset. */
static enum ska_status prove_how(bool *is_proven, uint64_t *bound, uint64_t *offset,
                                 const struct ska_hidden_cell *hidden,
                                 const struct ska_policy *policy, const struct ska_linked *linked)
{
    if (hidden->figure >= linked->n_listed)
        return SKA_E_RANGE;
    enum ska_cell_kind kind = linked->cells[hidden->figure].kind;
    bool is_flag = kind == SKA_CELL_ANSWERED, is_mark = kind == SKA_CELL_MARK;
    uint64_t n = linked->blocks[ska_linked_block(linked, hidden->figure)].n_counted;
    bool shows_zero = linked->shows_zero[hidden->figure];
    *is_proven = false;
    switch (hidden->reason) {
    case SKA_HIDDEN_SMALL:
        if (is_flag || is_mark || policy->threshold < (shows_zero ? 2u : 1u))
            return SKA_E_RANGE;
        *is_proven = true;
        *offset = shows_zero ? 1 : 0;
        *bound = policy->threshold - 1 - *offset;
        return SKA_OK;
    case SKA_HIDDEN_FEW:
        if (!is_flag || policy->min_contributors < 1)
            return SKA_E_RANGE;
        *is_proven = true;
        *offset = 0;
        *bound = policy->min_contributors - 1u;
        return SKA_OK;
    case SKA_HIDDEN_MARKED:
        if (n < 1)
            return SKA_E_RANGE;
        *is_proven = is_mark;
        *offset = is_mark ? 1 : 0;
        *bound = n - 1;
        return SKA_OK;
    case SKA_HIDDEN_DEPENDENT:
    case SKA_HIDDEN_COMPLEMENT:
    case SKA_HIDDEN_BLOCK:
    case SKA_HIDDEN_WITHDRAWN:
    case SKA_HIDDEN_KEPT:
    case SKA_HIDDEN_SUMMED:
        return SKA_OK;
    }
    return SKA_E_RANGE;
}

/* The context, then the item "V". */
static enum ska_status start_transcript(struct ska_suppression_statement *s,
                                        const struct ska_task *task, const ska_point *sum,
                                        uint64_t n_counted)
{
    const struct ska_prover prover = {
        .kind = SKA_PROOF_SUPPRESSION, .role = SKA_ROLE_COLLECTOR, .number = n_counted};
    SKA_SCOPED(ska_scoped_free) uint8_t *encoded = ska_alloc(s->m, SKA_POINT_BYTES);
    if (encoded == NULL)
        return SKA_E_MEMORY;
    for (size_t j = 0; j < s->m; j++)
        ska_point_encode(encoded + j * SKA_POINT_BYTES,
                         j < s->n_plain ? &sum[s->cells[j]] : &s->v[j]);
    ska_proof_context_absorb(&s->transcript, &task->context, &prover, s->cells, s->m, s->bound,
                             s->m, NULL);
    ska_transcript_absorb(&s->transcript, SKA_LABEL_T_V, encoded, s->m * SKA_POINT_BYTES);
    return SKA_OK;
}

/* Fill the arrays, which have room for every hidden cell. */
static enum ska_status collect(struct ska_suppression_statement *s, const struct ska_policy *policy,
                               const struct ska_linked *linked,
                               const struct ska_suppression *suppression, const ska_point *sum)
{
    for (uint32_t i = 0; i < suppression->n; i++) {
        bool is_proven;
        uint64_t bound = 0, offset = 0;
        SKA_TRY(prove_how(&is_proven, &bound, &offset, &suppression->at[i], policy, linked));
        if (!is_proven)
            continue;
        uint32_t cell = suppression->at[i].figure;
        s->cells[s->m] = cell;
        s->bound[s->m] = bound;
        s->offset[s->m] = offset;
        if (offset == 1)
            ska_point_sub(&s->v[s->m], &sum[cell], ska_group_g());
        else
            s->v[s->m] = sum[cell];
        s->m++;
    }
    s->n_plain = s->m;
    return SKA_OK;
}

/* out = p - k q, k public. */
static void subtract_times(ska_point *out, const ska_point *p, uint64_t k, const ska_point *q)
{
    ska_scalar factor = ska_scalar_from_u64(k);
    ska_point product;
    ska_point_mul(&product, q, &factor);
    ska_point_sub(out, p, &product);
}

static uint64_t longest(const struct ska_needed *needed)
{
    uint64_t a = needed->run[0].hi - needed->run[0].lo;
    uint64_t b = needed->n_runs > 1 ? needed->run[1].hi - needed->run[1].lo : 0;
    return a > b ? a : b;
}

static void append(struct ska_suppression_statement *s, uint32_t figure, uint64_t bound,
                   const ska_point *v)
{
    s->cells[s->m] = figure;
    s->bound[s->m] = bound;
    s->v[s->m++] = *v;
}

/* What is proven of one needed complement. */
static enum ska_status append_needed(struct ska_suppression_statement *s,
                                     const struct ska_needed *needed, const ska_point *sum)
{
    const struct ska_run *first = &needed->run[0], *second = &needed->run[1];
    ska_point above, below, side;
    subtract_times(&above, &sum[needed->figure], first->lo, ska_group_g());
    if (needed->n_runs < 2) {
        append(s, needed->figure, longest(needed), &above);
        return SKA_OK;
    }
    SKA_TRY(ska_point_decode(&side, needed->side));
    subtract_times(&above, &above, second->lo - first->lo, &side);
    subtract_times(&below, &sum[needed->figure], first->hi, ska_group_g());
    subtract_times(&below, &below, second->hi - first->hi, &side);
    ska_point_neg(&below, &below);
    append(s, needed->figure, 1, &side);
    append(s, needed->figure, longest(needed), &above);
    append(s, needed->figure, longest(needed), &below);
    return SKA_OK;
}

void ska_needed_open(uint64_t x[static 3], ska_scalar r[static 3], const struct ska_needed *needed,
                     uint64_t total, const ska_scalar *blinding, const ska_scalar *side_blinding)
{
    const struct ska_run *first = &needed->run[0], *second = &needed->run[1];
    x[0] = total - first->lo;
    r[0] = *blinding;
    if (needed->n_runs < 2)
        return;
    uint64_t side = total >= second->lo ? 1 : 0;
    ska_scalar to_lo = ska_scalar_from_u64(second->lo - first->lo), minus;
    ska_scalar to_hi = ska_scalar_from_u64(second->hi - first->hi);
    x[0] = side;
    x[1] = total - (side == 1 ? second->lo : first->lo);
    x[2] = (side == 1 ? second->hi : first->hi) - total;
    r[0] = *side_blinding;
    ska_scalar_neg(&minus, side_blinding);
    ska_scalar_muladd(&r[1], &to_lo, &minus, blinding);
    ska_scalar_neg(&minus, blinding);
    ska_scalar_muladd(&r[2], &to_hi, side_blinding, &minus);
    ska_scalar_clear(&minus);
}

enum ska_status ska_suppression_statement_init(struct ska_suppression_statement *out,
                                               const struct ska_task *task,
                                               const struct ska_linked *linked,
                                               const struct ska_suppression *suppression,
                                               const ska_point *sum, uint64_t n_counted)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    size_t n = suppression->n + (size_t)3 * suppression->n_needed;
    if (n > 0) {
        s.cells = ska_alloc(n, sizeof *s.cells);
        s.bound = ska_alloc(n, sizeof *s.bound);
        s.offset = ska_alloc(n, sizeof *s.offset);
        s.v = ska_alloc(n, sizeof *s.v);
        if (s.cells == NULL || s.bound == NULL || s.offset == NULL || s.v == NULL)
            return SKA_E_MEMORY;
        SKA_TRY(collect(&s, &task->parameters.policy, linked, suppression, sum));
        for (uint32_t i = 0; i < suppression->n_needed; i++)
            SKA_TRY(append_needed(&s, &suppression->needed[i], sum));
    }
    if (s.m > 0)
        SKA_TRY(start_transcript(&s, task, sum, n_counted));
    *out = s;
    memset(&s, 0, sizeof s);
    return SKA_OK;
}

void ska_suppression_subtract(ska_point *sum, const struct ska_linked *linked)
{
    for (uint32_t f = linked->n_published; f < linked->n_listed; f++) {
        const struct ska_block *block = &linked->blocks[ska_linked_block(linked, f)];
        uint32_t cell = f % linked->n_cells;
        ska_point_sub(&sum[f], &sum[block->plus * linked->n_cells + cell],
                      &sum[block->minus * linked->n_cells + cell]);
    }
}

void ska_suppression_statement_clear(struct ska_suppression_statement *s)
{
    if (s == NULL)
        return;
    free(s->cells);
    free(s->bound);
    free(s->offset);
    free(s->v);
    memset(s, 0, sizeof *s);
}
