/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_world.h - a small task with its roster and aggregators, for the tests of AuditSum; and a
 * contributor who shards whatever it likes.
 *
 * Cells: women, men, all (16 bits each), answered (0 or 1). Rules: women + men - all = 0, and
 * 0 <= 65535 answered - all.
 */
#ifndef SKA_TESTS_AUDITSUM_WORLD_H
#define SKA_TESTS_AUDITSUM_WORLD_H

#include "crypto/auditsum_internal.h"
#include "crypto/labels.h"
#include "crypto/random.h"

#include "tests/test.h"

#include <string.h>

#define WORLD_CONTRIBUTORS 5
#define WORLD_CELLS 4
#define WORLD_RULES 2
#define WORLD_VALUES (WORLD_CELLS + WORLD_RULES)
#define WORLD_BOUND 65535

struct world {
    uint64_t bound[WORLD_CELLS];
    struct ska_term terms[WORLD_RULES][3];
    struct ska_rule rules[WORLD_RULES];
    struct ska_statement statement;
    struct ska_signing_key contributor[WORLD_CONTRIBUTORS];
    uint8_t roster[WORLD_CONTRIBUTORS][SKA_SIGN_PUBLIC_BYTES];
    struct ska_signing_key aggregator[2];
    struct ska_auditsum_config config[3]; /* leader's, helper's, everyone else's */
};

/* What one contributor made. The bytes are owned. */
struct report {
    uint8_t nonce[SKA_VDAF_NONCE_BYTES];
    struct ska_writer public_share;
    struct ska_writer input[2];
};

static inline void world_init(struct world *w)
{
    *w = (struct world){
        .bound = {WORLD_BOUND, WORLD_BOUND, WORLD_BOUND, 1},
        .terms = {{{0, 1}, {1, 1}, {2, -1}}, {{2, -1}, {3, WORLD_BOUND}}},
    };
    w->rules[0] = (struct ska_rule){.n_terms = 3, .terms = w->terms[0]};
    w->rules[1] = (struct ska_rule){.width = WORLD_BOUND, .n_terms = 2, .terms = w->terms[1]};
    w->statement = (struct ska_statement){
        .n_cells = WORLD_CELLS, .bound = w->bound, .n_rules = WORLD_RULES, .rules = w->rules};
    for (size_t i = 0; i < WORLD_CONTRIBUTORS; i++) {
        ck_assert_status(ska_signing_key_generate(&w->contributor[i]), SKA_OK);
        memcpy(w->roster[i], w->contributor[i].public_key, SKA_SIGN_PUBLIC_BYTES);
    }
    struct ska_task_context task = {.period = "2025Q2", .revision = 0};
    ska_random(task.task_id, sizeof task.task_id);
    ska_random(task.parameters_hash, sizeof task.parameters_hash);
    for (int agg = 0; agg < 2; agg++)
        ck_assert_status(ska_signing_key_generate(&w->aggregator[agg]), SKA_OK);
    for (int who = 0; who < 3; who++) {
        w->config[who] = (struct ska_auditsum_config){
            .statement = &w->statement,
            .task = task,
            .n_contributors = WORLD_CONTRIBUTORS,
            .contributor_keys = (const uint8_t(*)[SKA_SIGN_PUBLIC_BYTES])w->roster,
            .leader_key = w->aggregator[0].public_key,
            .helper_key = w->aggregator[1].public_key,
            .own_key = who < 2 ? &w->aggregator[who] : NULL};
    }
}

static inline void report_clear(struct report *r)
{
    ska_writer_clear(&r->public_share);
    ska_writer_clear(&r->input[0]);
    ska_writer_clear(&r->input[1]);
}

/* Shard honestly, or say why not. */
static inline enum ska_status report_try(struct report *r, const struct world *w,
                                         uint32_t contributor, uint64_t number,
                                         const uint64_t *counts)
{
    *r = (struct report){.nonce = {0}};
    ska_random(r->nonce, sizeof r->nonce);
    const struct ska_auditsum_measurement m = {.counts = counts,
                                               .contributor = contributor,
                                               .number = number,
                                               .key = contributor < WORLD_CONTRIBUTORS
                                                          ? &w->contributor[contributor]
                                                          : &w->contributor[0]};
    return ska_auditsum.shard(&r->public_share, &r->input[0], &r->input[1], &w->config[2], &m,
                              r->nonce, NULL);
}

static inline struct report report_make(const struct world *w, uint32_t contributor,
                                        uint64_t number, uint64_t women, uint64_t men)
{
    const uint64_t counts[WORLD_CELLS] = {women, men, women + men, 1};
    struct report r;
    ck_assert_status(report_try(&r, w, contributor, number, counts), SKA_OK);
    return r;
}

/* What aggregator `agg` sees; `status` is preset to a value nothing returns here. */
static inline struct ska_vdaf_verification report_view(const struct report *r, int agg)
{
    struct ska_vdaf_verification v = {
        .public_share = {r->public_share.data, r->public_share.len},
        .input_share = {r->input[agg].data, r->input[agg].len},
        .status = SKA_E_BUG,
    };
    memcpy(v.nonce, r->nonce, sizeof v.nonce);
    return v;
}

/* What `agg` says of the report alone; a refused one must leave no state and no verifier share. */
static inline enum ska_status report_verdict_by(const struct report *r,
                                                const struct ska_auditsum_config *config, int agg)
{
    struct ska_vdaf_verification v = report_view(r, agg);
    ck_assert_status(ska_auditsum.verify_init(&v, 1, config, agg), SKA_OK);
    const enum ska_status status = v.status;
    if (status != SKA_OK) {
        ck_assert_ptr_null(v.state);
        ck_assert_ptr_null(v.verifier_share);
    } else {
        ck_assert_uint_eq(v.verifier_share_len, SKA_SIGNATURE_BYTES);
    }
    ska_auditsum.verification_clear(&v);
    return status;
}

static inline enum ska_status report_verdict(const struct report *r, const struct world *w, int agg)
{
    return report_verdict_by(r, &w->config[agg], agg);
}

/* Sign the public share anew, as a contributor does who tampers with its own. */
static inline void report_resign(struct report *r, const struct ska_task_context *task,
                                 const struct ska_signing_key *key)
{
    struct ska_writer w = {0};
    const size_t body_len = r->public_share.len - SKA_SIGNATURE_BYTES;
    ska_submission_write_signed(&w, task, r->nonce,
                                (struct ska_slice){r->public_share.data, body_len});
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    ck_assert_status(
        ska_sign(r->public_share.data + body_len, key, SKA_LABEL_SIGN_SUBMISSION, w.data, w.len),
        SKA_OK);
    ska_writer_clear(&w);
}

/* The bytes of V1 (agg 0) or V2 (agg 1) of a cell in a public share. */
static inline uint8_t *report_commitment(struct report *r, int agg, size_t cell)
{
    return r->public_share.data + 12 + ((size_t)agg * WORLD_CELLS + cell) * SKA_POINT_BYTES;
}

/* Prove about `claimed` and append the proof and room for a signature; fills the rules' part of v.
 */
static inline void report_append_proof(struct report *made, const struct ska_auditsum_config *c,
                                       uint32_t contributor, uint64_t number, ska_point *v,
                                       const uint64_t *claimed, const ska_scalar *r)
{
    struct ska_submission_layout layout;
    ck_assert_status(ska_submission_layout_init(&layout, c->statement), SKA_OK);
    ska_submission_rule_commitments_vartime(v, c->statement);
    const struct ska_public_share share = {.contributor = contributor,
                                           .number = number,
                                           .v1 = report_commitment(made, 0, 0),
                                           .v2 = report_commitment(made, 1, 0)};
    struct ska_transcript t;
    ska_submission_transcript(&t, c, &layout, &share, NULL);
    uint8_t proof[4096];
    size_t proof_len;
    ck_assert_status(ska_proof_length(&proof_len, layout.bound, layout.m), SKA_OK);
    ck_assert_uint_le(proof_len, sizeof proof);
    const struct ska_proof_values values = {layout.m, layout.bound, v};
    ck_assert_status(ska_proof_prove(proof, proof_len, &t, &values, claimed, r), SKA_OK);
    ska_submission_layout_clear(&layout);
    ska_write_bytes(&made->public_share, proof, proof_len);
    ska_write_bytes(&made->public_share, (uint8_t[SKA_SIGNATURE_BYTES]){0}, SKA_SIGNATURE_BYTES);
    ck_assert_status(ska_writer_status(&made->public_share), SKA_OK);
}

/*
 * Shard without any check: commit to `x`, any scalars, and prove about `claimed`, m numbers within
 * their bounds that need not be what was committed to. With claims that are true it is the honest
 * algorithm, written a second time.
 */
static inline struct report report_dishonest(const struct world *w, uint32_t contributor,
                                             uint64_t number, const ska_scalar x[WORLD_CELLS],
                                             const uint64_t claimed[WORLD_VALUES])
{
    const struct ska_auditsum_config *c = &w->config[2];
    struct report made = {.nonce = {0}};
    uint8_t seed[SKA_SEED_BYTES];
    uint8_t wire[SKA_SCALAR_BYTES];
    ska_scalar r[WORLD_VALUES] = {{{0}}};
    ska_scalar part[2][2][WORLD_CELLS]; /* [aggregator][x or r][cell] */
    ska_point v[WORLD_VALUES];
    struct ska_xof xof;
    ska_random(made.nonce, sizeof made.nonce);
    ska_random(seed, sizeof seed);
    ska_helper_share_init(&xof, seed, c->task.task_id, contributor, number);
    for (size_t i = 0; i < WORLD_CELLS; i++) {
        ska_scalar_random(&r[i]);
        ska_xof_next_scalar(&part[1][0][i], &xof);
        ska_xof_next_scalar(&part[1][1][i], &xof);
        ska_scalar_sub(&part[0][0][i], &x[i], &part[1][0][i]);
        ska_scalar_sub(&part[0][1][i], &r[i], &part[1][1][i]);
        ska_commit(&v[i], &x[i], &r[i]);
    }
    for (size_t k = 0; k < w->statement.n_rules; k++) {
        for (size_t i = 0; i < w->rules[k].n_terms; i++) {
            const ska_scalar a = ska_scalar_from_i64(w->rules[k].terms[i].coefficient);
            ska_scalar_muladd(&r[WORLD_CELLS + k], &a, &r[w->rules[k].terms[i].cell],
                              &r[WORLD_CELLS + k]);
        }
    }
    ska_write_u32(&made.public_share, contributor);
    ska_write_u64(&made.public_share, number);
    for (int agg = 0; agg < 2; agg++) {
        for (size_t i = 0; i < WORLD_CELLS; i++) {
            ska_point commitment;
            ska_commit(&commitment, &part[agg][0][i], &part[agg][1][i]);
            ska_point_encode(wire, &commitment);
            ska_write_bytes(&made.public_share, wire, sizeof wire);
        }
    }
    for (size_t i = 0; i < 2 * (size_t)WORLD_CELLS; i++) {
        ska_scalar_encode(wire, &part[0][i / WORLD_CELLS][i % WORLD_CELLS]);
        ska_write_bytes(&made.input[0], wire, sizeof wire);
    }
    ska_write_bytes(&made.input[1], seed, sizeof seed);

    report_append_proof(&made, c, contributor, number, v, claimed, r);
    report_resign(&made, &c->task, &w->contributor[contributor]);
    return made;
}

#endif
