/* SPDX-License-Identifier: EUPL-1.2 */
/* suppression.c - which cells are hidden, why, and the proof that the reasons hold. */
#include "protocol/bundle.h"

#include "crypto/scoped.h"
#include "protocol/linked.h"

#include <stdlib.h>

#define HIDDEN_BYTES (4 + 1)
#define NEEDED_BYTES (4 + 1 + 2 * 8) /* at least */

void ska_suppression_clear(struct ska_suppression *s)
{
    if (s == NULL)
        return;
    free(s->at);
    free(s->needed);
    *s = (struct ska_suppression){0};
}

bool ska_needed_has(const struct ska_needed *needed, uint64_t total)
{
    for (uint32_t k = 0; k < needed->n_runs; k++)
        if (total >= needed->run[k].lo && total <= needed->run[k].hi)
            return true;
    return false;
}

static void write_needed(struct ska_writer *w, const struct ska_needed *needed)
{
    ska_write_u32(w, needed->figure);
    ska_write_u8(w, (uint8_t)needed->n_runs);
    for (uint32_t k = 0; k < needed->n_runs; k++) {
        ska_write_u64(w, needed->run[k].lo);
        ska_write_u64(w, needed->run[k].hi);
    }
    if (needed->n_runs > 1)
        ska_write_bytes(w, needed->side, sizeof needed->side);
}

void ska_suppression_encode(struct ska_writer *w, const struct ska_suppression *s)
{
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_u32(w, s->n);
    for (uint32_t i = 0; i < s->n; i++) {
        ska_write_u32(w, s->at[i].figure);
        ska_write_u8(w, (uint8_t)s->at[i].reason);
    }
    ska_write_u32(w, s->n_needed);
    for (uint32_t i = 0; i < s->n_needed; i++)
        write_needed(w, &s->needed[i]);
    ska_write_opaque32(w, s->proof.data, s->proof.len);
}

static bool is_proven(enum ska_hidden_reason reason)
{
    return reason == SKA_HIDDEN_SMALL || reason == SKA_HIDDEN_FEW || reason == SKA_HIDDEN_MARKED;
}

static bool is_reason(uint8_t reason)
{
    return reason >= SKA_HIDDEN_SMALL && reason <= SKA_HIDDEN_SUMMED;
}

static enum ska_status read_hidden(struct ska_hidden_cell *hidden, struct ska_reader *r)
{
    uint8_t reason;
    SKA_TRY(ska_read_u32(&hidden->figure, r));
    SKA_TRY(ska_read_u8(&reason, r));
    if (hidden->figure >= SKA_LINKED_MAX || !is_reason(reason))
        return SKA_E_RANGE;
    hidden->reason = (enum ska_hidden_reason)reason;
    return SKA_OK;
}

/* The hidden cells; `*needs_proof` says whether a reason carries one: where a count is MARKED, its
 * indicator's mark is. */
static enum ska_status read_cells(struct ska_suppression *s, bool *needs_proof, uint32_t n,
                                  struct ska_reader *r)
{
    *needs_proof = false;
    if (n > SKA_LINKED_MAX)
        return SKA_E_LIMIT;
    if (n > r->left / HIDDEN_BYTES)
        return SKA_E_TRUNCATED;
    if (n == 0)
        return SKA_OK;
    s->at = ska_alloc(n, sizeof *s->at);
    if (s->at == NULL)
        return SKA_E_MEMORY;
    s->n = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(read_hidden(&s->at[i], r));
        if (i > 0 && s->at[i - 1].figure >= s->at[i].figure)
            return SKA_E_ENCODING;
        *needs_proof = *needs_proof || is_proven(s->at[i].reason);
    }
    return SKA_OK;
}

/* Increasing runs of numbers from 1 on, with a gap between two, of limited width. */
static bool are_runs(const struct ska_needed *needed)
{
    const struct ska_run *first = &needed->run[0], *last = &needed->run[needed->n_runs - 1];
    for (uint32_t k = 0; k < needed->n_runs; k++)
        if (needed->run[k].lo > needed->run[k].hi)
            return false;
    return first->lo >= 1 && last->hi <= INT64_MAX &&
           (needed->n_runs == 1 || last->lo > first->hi + 1) &&
           last->hi - first->lo < SKA_NEEDED_WIDTH_MAX;
}

static enum ska_status read_one_needed(struct ska_needed *needed, struct ska_reader *r)
{
    uint8_t n_runs;
    SKA_TRY(ska_read_u32(&needed->figure, r));
    SKA_TRY(ska_read_u8(&n_runs, r));
    if (n_runs < 1 || n_runs > SKA_NEEDED_RUNS_MAX)
        return SKA_E_RANGE;
    needed->n_runs = n_runs;
    for (uint32_t k = 0; k < needed->n_runs; k++) {
        SKA_TRY(ska_read_u64(&needed->run[k].lo, r));
        SKA_TRY(ska_read_u64(&needed->run[k].hi, r));
    }
    if (!are_runs(needed))
        return SKA_E_RANGE;
    return needed->n_runs > 1 ? ska_read_bytes(needed->side, sizeof needed->side, r) : SKA_OK;
}

/* Complements that are proven to be needed. */
static enum ska_status read_needed(struct ska_suppression *s, struct ska_reader *r)
{
    uint32_t n, at = 0;
    SKA_TRY(ska_read_u32(&n, r));
    if (n > s->n)
        return SKA_E_LIMIT;
    if (n > r->left / NEEDED_BYTES)
        return SKA_E_TRUNCATED;
    if (n == 0)
        return SKA_OK;
    s->needed = ska_alloc(n, sizeof *s->needed);
    if (s->needed == NULL)
        return SKA_E_MEMORY;
    s->n_needed = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(read_one_needed(&s->needed[i], r));
        if (i > 0 && s->needed[i - 1].figure >= s->needed[i].figure)
            return SKA_E_ENCODING;
        while (at < s->n && s->at[at].figure < s->needed[i].figure)
            at++;
        if (at == s->n || s->at[at].figure != s->needed[i].figure ||
            s->at[at].reason != SKA_HIDDEN_COMPLEMENT)
            return SKA_E_FORMAT;
    }
    return SKA_OK;
}

enum ska_status ska_suppression_decode(struct ska_suppression *out, struct ska_slice bytes)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression s = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    uint32_t n;
    bool needs_proof;
    SKA_TRY(ska_read_u32(&n, &r));
    SKA_TRY(read_cells(&s, &needs_proof, n, &r));
    SKA_TRY(read_needed(&s, &r));
    SKA_TRY(ska_read_opaque32(&s.proof.data, &s.proof.len, &r, SKA_SUPPRESSION_PROOF_MAX));
    SKA_TRY(ska_read_end(&r));
    if ((s.proof.len > 0) != (needs_proof || s.n_needed > 0))
        return SKA_E_FORMAT;
    *out = s;
    s = (struct ska_suppression){0};
    return SKA_OK;
}
