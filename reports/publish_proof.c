/* SPDX-License-Identifier: EUPL-1.2 */
/* publish_proof.c - the proof of what is hidden and of what is rounded. */
#include "reports/publish.h"

#include <stdlib.h>

#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

/* Values and blindings in the statement's order. */
static void fill(uint64_t *x, ska_scalar *r, const struct ska_suppression_statement *s,
                 const struct publish_secrets *secrets)
{
    size_t at = s->n_plain;
    for (size_t i = 0; i < s->n_plain; i++) {
        x[i] = secrets->total[s->cells[i]] - s->offset[i];
        r[i] = secrets->blinding[s->cells[i]];
    }
    for (uint32_t i = 0; i < secrets->n_needed; i++) {
        const struct ska_needed *needed = &secrets->needed[i];
        uint64_t own_x[3];
        ska_scalar own_r[3];
        ska_needed_open(own_x, own_r, needed, secrets->total[needed->figure],
                        &secrets->blinding[needed->figure], &secrets->side[i]);
        for (uint32_t k = 0; k < (needed->n_runs > 1 ? 3u : 1u) && at < s->m; k++, at++) {
            x[at] = own_x[k];
            r[at] = own_r[k];
        }
        ska_wipe(own_x, sizeof own_x);
        ska_wipe(own_r, sizeof own_r);
    }
}

enum ska_status publish_prove_statement(uint8_t *proof, size_t proof_len,
                                        const struct ska_suppression_statement *s,
                                        const struct publish_secrets *secrets)
{
    uint64_t *x = ska_alloc(s->m, sizeof *x);
    ska_scalar *r = ska_alloc(s->m, sizeof *r);
    enum ska_status status = x == NULL || r == NULL ? SKA_E_MEMORY : SKA_OK;
    struct ska_transcript prover = s->transcript, verifier = s->transcript;
    const struct ska_proof_values values = {.m = s->m, .bound = s->bound, .v = s->v};
    if (status == SKA_OK) {
        fill(x, r, s, secrets);
        status = ska_proof_prove(proof, proof_len, &prover, &values, x, r);
    }
    /* A proof that does not hold must not leave the house. */
    if (status == SKA_OK)
        status = ska_proof_verify(proof, proof_len, &verifier, &values);
    ska_wipe_free(x, s->m * sizeof *x);
    ska_wipe_free(r, s->m * sizeof *r);
    return status;
}

/* Commit to which of two runs a needed complement is in. */
static void commit_side(struct ska_needed *needed, ska_scalar *blinding, uint64_t total)
{
    ska_scalar side = ska_scalar_from_u64(total > needed->run[0].hi ? 1 : 0);
    ska_point point;
    ska_scalar_random(blinding);
    ska_commit(&point, &side, blinding);
    ska_point_encode(needed->side, &point);
    ska_scalar_clear(&side);
}

static enum ska_status prove(uint8_t **proof, size_t *proof_len, ska_scalar *side,
                             struct ska_suppression *pattern, const struct publish_proof *of)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    for (uint32_t i = 0; i < pattern->n_needed; i++)
        if (pattern->needed[i].n_runs > 1)
            commit_side(&pattern->needed[i], &side[i], of->total[pattern->needed[i].figure]);
    const struct publish_secrets secrets = {of->total, of->blinding, pattern->needed,
                                            pattern->n_needed, side};
    SKA_TRY(
        ska_suppression_statement_init(&s, of->task, of->linked, pattern, of->sum, of->n_counted));
    if (s.m == 0)
        return SKA_OK;
    SKA_TRY(ska_proof_length(proof_len, s.bound, s.m));
    *proof = ska_alloc(*proof_len, 1);
    return *proof == NULL ? SKA_E_MEMORY
                          : publish_prove_statement(*proof, *proof_len, &s, &secrets);
}

enum ska_status publish_prove(struct ska_writer *w, struct ska_suppression *pattern,
                              const struct publish_proof *of)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *proof = NULL;
    size_t proof_len = 0, n_sides = (size_t)pattern->n_needed + 1; /* room for none, too */
    ska_scalar *side = ska_alloc(n_sides, sizeof *side);
    if (side == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = prove(&proof, &proof_len, side, pattern, of);
    ska_wipe_free(side, n_sides * sizeof *side);
    SKA_TRY(status);
    pattern->proof = (struct ska_slice){proof, proof_len};
    ska_suppression_encode(w, pattern);
    pattern->proof = (struct ska_slice){0};
    return ska_writer_status(w);
}
