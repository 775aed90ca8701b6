/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_share.c - the form of a submission: what its proof covers, the bytes of its public share
 * and who signed it.
 */
#include "crypto/auditsum_internal.h"

#include "crypto/hash.h"
#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <string.h>

#define PREFIX_BYTES (4 + 8) /* contributor, number */

enum ska_status ska_submission_layout_init(struct ska_submission_layout *layout,
                                           const struct ska_statement *s)
{
    if (s->n_cells == 0 || s->n_cells > SKA_CELLS_MAX || s->n_rules > SKA_RULES_MAX)
        return SKA_E_LIMIT;
    SKA_SCOPED(ska_submission_layout_clear)
    struct ska_submission_layout made = {.n_cells = s->n_cells,
                                         .n_compared = ska_statement_compared(s)};
    made.m = made.n_cells + s->n_rules + 2 * made.n_compared;
    made.bound = ska_alloc(made.m, sizeof *made.bound);
    made.cells = ska_alloc(made.n_cells, sizeof *made.cells);
    if (made.bound == NULL || made.cells == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < s->n_cells; i++) {
        made.bound[i] = s->bound[i];
        made.cells[i] = i;
    }
    for (uint32_t k = 0; k < s->n_rules; k++)
        made.bound[s->n_cells + k] = s->rules[k].width;
    uint64_t *comparisons = made.bound + made.n_cells + s->n_rules;
    for (size_t j = 0; j < made.n_compared; j++)
        comparisons[2 * j] = comparisons[2 * j + 1] = 2 * s->bound[j];
    *layout = made;
    made = (struct ska_submission_layout){0}; /* the caller owns the arrays now */
    return SKA_OK;
}

void ska_submission_layout_clear(struct ska_submission_layout *layout)
{
    if (layout == NULL)
        return;
    free(layout->bound);
    free(layout->cells);
    *layout = (struct ska_submission_layout){0};
}

static enum ska_status share_length(size_t *len, size_t *proof_len, const struct ska_statement *s)
{
    SKA_SCOPED(ska_submission_layout_clear) struct ska_submission_layout layout = {0};
    SKA_TRY(ska_submission_layout_init(&layout, s));
    size_t proof;
    SKA_TRY(ska_proof_length(&proof, layout.bound, layout.m));
    size_t sum;
    SKA_TRY(ska_size_add(
        &sum, proof, PREFIX_BYTES + 2 * SKA_POINT_BYTES * layout.n_cells + SKA_SIGNATURE_BYTES));
    *len = sum;
    *proof_len = proof;
    return SKA_OK;
}

enum ska_status ska_public_share_length(size_t *len, const struct ska_statement *s)
{
    size_t proof_len;
    return share_length(len, &proof_len, s);
}

size_t ska_auditsum_input_share_length(const struct ska_statement *s, enum ska_role role)
{
    return role == SKA_ROLE_LEADER ? (size_t)s->n_cells * SKA_CELL_SHARE_BYTES : SKA_SEED_BYTES;
}

enum ska_status ska_public_share_decode(struct ska_public_share *share, struct ska_slice bytes,
                                        const struct ska_statement *s)
{
    size_t len;
    size_t proof_len;
    SKA_TRY(share_length(&len, &proof_len, s));
    struct ska_public_share found = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_read_u32(&found.contributor, &r));
    SKA_TRY(ska_read_u64(&found.number, &r));
    const size_t points_len = (size_t)s->n_cells * SKA_POINT_BYTES;
    SKA_TRY(ska_read_borrow(&found.v1, &r, points_len));
    SKA_TRY(ska_read_borrow(&found.v2, &r, points_len));
    SKA_TRY(ska_read_borrow(&found.proof.data, &r, proof_len));
    SKA_TRY(ska_read_borrow(&found.signature, &r, SKA_SIGNATURE_BYTES));
    SKA_TRY(ska_read_end(&r));
    if (found.number == 0)
        return SKA_E_RANGE;
    found.proof.len = proof_len;
    found.signed_part = (struct ska_slice){bytes.data, bytes.len - SKA_SIGNATURE_BYTES};
    *share = found;
    return SKA_OK;
}

void ska_submission_write_signed(struct ska_writer *w, const struct ska_task_context *task,
                                 const uint8_t report_id[static SKA_VDAF_NONCE_BYTES],
                                 struct ska_slice body)
{
    ska_write_bytes(w, task->task_id, sizeof task->task_id);
    ska_write_bytes(w, task->parameters_hash, sizeof task->parameters_hash);
    ska_write_bytes(w, report_id, SKA_VDAF_NONCE_BYTES);
    ska_write_bytes(w, body.data, body.len);
}

enum ska_status ska_public_share_authenticate(const struct ska_public_share *share,
                                              const struct ska_auditsum_config *config,
                                              const uint8_t report_id[static SKA_VDAF_NONCE_BYTES])
{
    if (share->contributor >= config->n_contributors)
        return SKA_E_ROSTER;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_submission_write_signed(&w, &config->task, report_id, share->signed_part);
    SKA_TRY(ska_writer_status(&w));
    return ska_sign_verify(share->signature, config->contributor_keys[share->contributor],
                           SKA_LABEL_SIGN_SUBMISSION, w.data, w.len);
}

void ska_public_share_entry(struct ska_log_entry *entry, const struct ska_public_share *share,
                            const struct ska_task_context *task, struct ska_slice bytes)
{
    *entry = (struct ska_log_entry){.revision = task->revision,
                                    .contributor = share->contributor,
                                    .number = share->number,
                                    .length = bytes.len};
    memcpy(entry->task_id, task->task_id, sizeof entry->task_id);
    memcpy(entry->period, task->period, sizeof entry->period);
    ska_sha256(entry->sha256, bytes.data, bytes.len);
}

void ska_submission_transcript(struct ska_transcript *t, const struct ska_auditsum_config *config,
                               const struct ska_submission_layout *layout,
                               const struct ska_public_share *share, const ska_point *earlier)
{
    const struct ska_prover prover = {.kind = SKA_PROOF_SUBMISSION,
                                      .role = SKA_ROLE_CLIENT,
                                      .identity = share->contributor,
                                      .number = share->number};
    ska_proof_context_absorb(t, &config->task, &prover, layout->cells, layout->n_cells,
                             layout->bound, layout->m, config->statement);
    ska_transcript_absorb(t, SKA_LABEL_T_V1, share->v1, layout->n_cells * SKA_POINT_BYTES);
    ska_transcript_absorb(t, SKA_LABEL_T_V2, share->v2, layout->n_cells * SKA_POINT_BYTES);
    if (layout->n_compared == 0)
        return;
    struct ska_transcript_item item;
    ska_transcript_absorb(t, SKA_LABEL_T_PREVIOUS, config->task.previous_task_id,
                          sizeof config->task.previous_task_id);
    ska_transcript_item_begin(&item, t, SKA_LABEL_T_EARLIER, layout->n_compared * SKA_POINT_BYTES);
    for (size_t j = 0; j < layout->n_compared; j++) {
        uint8_t wire[SKA_POINT_BYTES];
        ska_point_encode(wire, &earlier[j]);
        ska_sha512_add(&item.hash, wire, sizeof wire);
    }
    ska_transcript_item_end(&item);
}

/* By doubling and adding; k is usually 1 or -1. */
void ska_submission_multiply_vartime(ska_point *out, const ska_point *p, int64_t k)
{
    uint64_t magnitude = k < 0 ? -(uint64_t)k : (uint64_t)k;
    ska_point sum;
    ska_point_set_identity(&sum);
    for (int bit = 63; bit >= 0; bit--) {
        if (magnitude >> bit > 1) /* a higher bit is set: the sum is not the identity */
            ska_point_add(&sum, &sum, &sum);
        if ((magnitude >> bit & 1) != 0)
            ska_point_add(&sum, &sum, p);
    }
    if (k < 0)
        ska_point_neg(&sum, &sum);
    *out = sum;
}

void ska_submission_rule_commitments_vartime(ska_point *v, const struct ska_statement *s)
{
    for (uint32_t k = 0; k < s->n_rules; k++) {
        const struct ska_rule *rule = &s->rules[k];
        ska_point sum;
        ska_submission_multiply_vartime(&sum, ska_group_g(), rule->constant);
        for (uint32_t i = 0; i < rule->n_terms; i++) {
            const struct ska_term *term = &rule->terms[i];
            ska_point product;
            ska_submission_multiply_vartime(&product, &v[term->cell], term->coefficient);
            ska_point_add(&sum, &sum, &product);
        }
        v[s->n_cells + k] = sum;
    }
}
