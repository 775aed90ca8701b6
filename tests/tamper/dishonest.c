/* SPDX-License-Identifier: EUPL-1.2 */
/* dishonest.c - contributors that lie. */
#include "tests/tamper/dishonest.h"

#include <string.h>

#include "crypto/auditsum_internal.h"
#include "crypto/labels.h"
#include "crypto/random.h"

#include "tests/test.h"
#include "tests/unit/crypto/plain_proof.h"

#define VALUES_MAX 64

uint8_t *world_commitment(struct world_submission *s, size_t k, size_t cell)
{
    return s->bytes + 12 + 32 * (s->n_cells * k + cell);
}

uint8_t *world_proof(struct world_submission *s)
{
    return world_commitment(s, 2, 0);
}

static void sign(struct world_submission *s, const struct ska_task_context *task,
                 const struct ska_signing_key *key)
{
    struct ska_writer w = {0};
    size_t body_len = s->len - SKA_SIGNATURE_BYTES;
    ska_submission_write_signed(&w, task, s->report_id, (struct ska_slice){s->bytes, body_len});
    world_must(ska_writer_status(&w));
    world_must(ska_sign(s->bytes + body_len, key, SKA_LABEL_SIGN_SUBMISSION, w.data, w.len));
    ska_writer_clear(&w);
}

void world_resign(struct world *w, struct world_submission *s, uint32_t signer)
{
    sign(s, &w->task->context, &w->keys->contributor[signer]);
}

void world_shift(struct world_submission *s, size_t cell, int64_t delta)
{
    ska_scalar k = ska_scalar_from_i64(delta), x;
    ska_point v, change;
    ska_commit(&change, &k, &ska_scalar_zero);
    world_must(ska_point_decode(&v, world_commitment(s, 0, cell)));
    ska_point_add(&v, &v, &change);
    ska_point_encode(world_commitment(s, 0, cell), &v);
    world_must(ska_scalar_decode(&x, s->output[0] + 64 * cell));
    ska_scalar_add(&x, &x, &k);
    ska_scalar_encode(s->output[0] + 64 * cell, &x);
}

/* Shares, outputs and commitments; r gets the blindings, v the joint commitments. */
static void commit(struct world_submission *s, ska_scalar *r, ska_point *v, const ska_scalar *x)
{
    for (size_t j = 0; j < WORLD_CELLS; j++) {
        ska_scalar part[2][2]; /* [aggregator][x or r] */
        ska_scalar_random(&r[j]);
        ska_scalar_random(&part[1][0]);
        ska_scalar_random(&part[1][1]);
        ska_scalar_sub(&part[0][0], &x[j], &part[1][0]);
        ska_scalar_sub(&part[0][1], &r[j], &part[1][1]);
        ska_commit(&v[j], &x[j], &r[j]);
        for (size_t k = 0; k < 2; k++) {
            ska_point half;
            ska_commit(&half, &part[k][0], &part[k][1]);
            ska_point_encode(world_commitment(s, k, j), &half);
            ska_scalar_encode(s->output[k] + 64 * j, &part[k][0]);
            ska_scalar_encode(s->output[k] + 64 * j + 32, &part[k][1]);
        }
    }
}

/* The values and blindings of the rules, after those of the cells. */
static void apply_rules(uint64_t *claimed, ska_scalar *r, const struct ska_statement *statement)
{
    for (uint32_t k = 0; k < statement->n_rules; k++) {
        const struct ska_rule *rule = &statement->rules[k];
        uint64_t value = (uint64_t)rule->constant;
        r[WORLD_CELLS + k] = ska_scalar_zero;
        for (uint32_t i = 0; i < rule->n_terms; i++) {
            ska_scalar a = ska_scalar_from_i64(rule->terms[i].coefficient);
            value += (uint64_t)rule->terms[i].coefficient * claimed[rule->terms[i].cell];
            ska_scalar_muladd(&r[WORLD_CELLS + k], &a, &r[rule->terms[i].cell],
                              &r[WORLD_CELLS + k]);
        }
        claimed[WORLD_CELLS + k] = value;
    }
}

/* Prove about `claimed` under the context that `how` wants. */
static void prove(struct world *w, struct world_submission *s, const uint64_t *claimed,
                  const ska_scalar *r, const struct dishonesty *how)
{
    struct ska_auditsum_config config = w->task->config;
    struct ska_submission_layout layout = {0};
    struct ska_transcript t;
    size_t proof_len;
    const struct ska_public_share share = {.contributor =
                                               how->has_identity ? how->identity : s->contributor,
                                           .number = how->number > 0 ? how->number : s->number,
                                           .v1 = world_commitment(s, 0, 0),
                                           .v2 = world_commitment(s, 1, 0)};
    const struct plain_faults faults = {.without_w = how->forge_without_w,
                                        .set_first_bit = how->forge_without_w,
                                        .first_bit = claimed[0],
                                        .hide_in_a = how->forge_without_w};
    uint64_t bits[VALUES_MAX];
    if (how->context != NULL)
        config.task = *how->context;
    world_must(ska_submission_layout_init(&layout, config.statement));
    ska_submission_transcript(&t, &config, &layout, &share, NULL);
    world_must(ska_proof_length(&proof_len, layout.bound, layout.m));
    world_expect(12 + 64 * WORLD_CELLS + proof_len + 64 <= sizeof s->bytes, "room for the share");
    memcpy(bits, claimed, layout.m * sizeof bits[0]);
    if (how->forge_without_w)
        bits[0] = 0; /* no other bit is set */
    plain_prove(world_proof(s), &t, layout.bound, layout.m, bits, r, &faults);
    s->len = 12 + 64 * WORLD_CELLS + proof_len + SKA_SIGNATURE_BYTES;
    ska_submission_layout_clear(&layout);
}

static void put_prefix(struct world_submission *s)
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, s->bytes, 12);
    ska_write_u32(&w, s->contributor);
    ska_write_u64(&w, s->number);
    world_must(ska_writer_status(&w));
}

struct world_submission *world_submit_dishonestly(struct world *w, uint32_t contributor,
                                                  uint64_t number, const uint64_t *counts,
                                                  const struct dishonesty *how)
{
    world_expect(w->n_submissions < WORLD_SUBMISSIONS_MAX, "room for a submission");
    const struct ska_statement *statement = &w->task->layout->statement;
    struct world_submission *s = &w->submissions[w->n_submissions++];
    ska_scalar x[WORLD_CELLS], r[VALUES_MAX];
    ska_point v[WORLD_CELLS];
    uint64_t claimed[VALUES_MAX] = {0};
    *s = (struct world_submission){.contributor = contributor,
                                   .number = number,
                                   .n_cells = WORLD_CELLS,
                                   .is_listed = true,
                                   .is_filed = true,
                                   .is_added = {true, true}};
    world_expect(WORLD_CELLS + statement->n_rules <= VALUES_MAX, "room for the values");
    ska_random(s->report_id, sizeof s->report_id);
    for (size_t j = 0; j < WORLD_CELLS; j++) {
        claimed[j] = counts[j];
        x[j] = how->x != NULL ? how->x[j] : ska_scalar_from_u64(counts[j]);
    }
    put_prefix(s);
    commit(s, r, v, x);
    apply_rules(claimed, r, statement);
    prove(w, s, claimed, r, how);
    sign(s, &w->task->context,
         how->key != NULL ? how->key : &w->keys->contributor[contributor % WORLD_CONTRIBUTORS]);
    return s;
}
