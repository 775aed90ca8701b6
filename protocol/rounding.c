/* SPDX-License-Identifier: EUPL-1.2 */
/* rounding.c - the file `rounding` of a bundle, and what a rounded figure tells. */
#include "protocol/rounding.h"

#include "crypto/scoped.h"
#include "protocol/bundle.h"

#include <stdlib.h>

#define ROUNDED_BYTES (4 + 8)

void ska_rounding_clear(struct ska_rounding *r)
{
    if (r == NULL)
        return;
    free(r->at);
    free(r->proofs);
    *r = (struct ska_rounding){0};
}

uint32_t ska_rounding_portions(uint32_t n)
{
    return n / SKA_ROUNDING_PORTION + (n % SKA_ROUNDING_PORTION > 0 ? 1 : 0);
}

void ska_rounding_encode(struct ska_writer *w, const struct ska_rounding *r)
{
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_u32(w, r->n);
    for (uint32_t i = 0; i < r->n; i++) {
        ska_write_u32(w, r->at[i].figure);
        ska_write_u64(w, r->at[i].value);
    }
    for (uint32_t i = 0; i < r->n_proofs; i++)
        ska_write_opaque32(w, r->proofs[i].data, r->proofs[i].len);
}

static enum ska_status read_figures(struct ska_rounding *out, uint32_t n, struct ska_reader *r)
{
    if (n > SKA_FIGURES_MAX)
        return SKA_E_LIMIT;
    if (n > r->left / ROUNDED_BYTES)
        return SKA_E_TRUNCATED;
    if (n == 0)
        return SKA_OK;
    out->at = ska_alloc(n, sizeof *out->at);
    out->proofs = ska_alloc(ska_rounding_portions(n), sizeof *out->proofs);
    if (out->at == NULL || out->proofs == NULL)
        return SKA_E_MEMORY;
    out->n = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(ska_read_u32(&out->at[i].figure, r));
        SKA_TRY(ska_read_u64(&out->at[i].value, r));
        if (out->at[i].figure >= SKA_FIGURES_MAX || out->at[i].value > SKA_ROUNDED_MAX)
            return SKA_E_RANGE;
        if (i > 0 && out->at[i - 1].figure >= out->at[i].figure)
            return SKA_E_ENCODING;
    }
    return SKA_OK;
}

static enum ska_status read_proofs(struct ska_rounding *out, struct ska_reader *r)
{
    if (out->proofs == NULL) /* no figure, no proof */
        return SKA_OK;
    for (uint32_t i = 0; i < ska_rounding_portions(out->n); i++) {
        struct ska_slice *proof = &out->proofs[out->n_proofs++];
        SKA_TRY(ska_read_opaque32(&proof->data, &proof->len, r, SKA_SUPPRESSION_PROOF_MAX));
        if (proof->len == 0)
            return SKA_E_FORMAT;
    }
    return SKA_OK;
}

enum ska_status ska_rounding_decode(struct ska_rounding *out, struct ska_slice bytes)
{
    SKA_SCOPED(ska_rounding_clear) struct ska_rounding read = {0};
    struct ska_reader r;
    uint32_t n;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    SKA_TRY(ska_read_u32(&n, &r));
    SKA_TRY(read_figures(&read, n, &r));
    SKA_TRY(read_proofs(&read, &r));
    SKA_TRY(ska_read_end(&r));
    *out = read;
    read = (struct ska_rounding){0};
    return SKA_OK;
}

bool ska_policy_rounds(const struct ska_policy *policy, const struct ska_cell *cell)
{
    return policy->rounding != 0 && ska_cell_is_count(cell);
}

bool ska_linked_rounds(const struct ska_linked *linked, const struct ska_policy *policy,
                       uint32_t figure)
{
    return figure < linked->n_published && !ska_linked_is_absent(linked, figure) &&
           ska_policy_rounds(policy, &linked->cells[figure]);
}

void ska_rounding_range(uint64_t *lo, uint64_t *hi, const struct ska_policy *policy, uint64_t value)
{
    uint64_t most = policy->rounding - 1; /* the base is at least 2 */
    *lo = *hi = 0;
    if (value == 0)
        return; /* a count below the base is below the threshold: shown, it is 0 */
    *lo = value > most ? value - most : 0;
    if (*lo < policy->threshold)
        *lo = policy->threshold;
    *hi = value + most;
}
