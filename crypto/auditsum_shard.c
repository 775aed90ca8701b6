/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_shard.c - the contributor's side: counts become two shares, commitments and a proof.
 *
 * Counts, blindings and both shares are secret. Nothing here branches or indexes on them; that the
 * counts are refused (out of range, a rule broken) is told, and nothing else about them.
 */
#include "crypto/auditsum_internal.h"

#include "crypto/labels.h"
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <assert.h>
#include <string.h>

/* All about one submission while it is made. Owned arrays; secret unless said otherwise. */
struct submission {
    const struct ska_auditsum_config *config;
    struct ska_submission_layout layout; /* public */
    uint64_t *x;                         /* m: the counts, then the values of the rules */
    ska_scalar *r;                       /* m: their blindings */
    ska_point *v;                        /* m commitments; public */
    ska_point *earlier;                  /* n_compared commitments; public */
    uint8_t *v1, *v2;                    /* encoded commitments to the shares; public */
    uint8_t *leader;                     /* x1[n] | r1[n], encoded */
    uint8_t seed[SKA_SEED_BYTES];        /* the helper's */
};

static void submission_clear(struct submission *s)
{
    const size_t n = s->layout.n_cells;
    const size_t m = s->layout.m;
    ska_wipe_free(s->x, m * sizeof *s->x);
    ska_wipe_free(s->r, m * sizeof *s->r);
    free(s->v);
    free(s->earlier);
    free(s->v1);
    free(s->v2);
    ska_wipe_free(s->leader, 2 * n * SKA_SCALAR_BYTES);
    ska_submission_layout_clear(&s->layout);
    ska_wipe(s, sizeof *s);
}

static enum ska_status submission_init(struct submission *s,
                                       const struct ska_auditsum_config *config)
{
    s->config = config;
    SKA_TRY(ska_submission_layout_init(&s->layout, config->statement));
    s->x = ska_alloc(s->layout.m, sizeof *s->x);
    s->r = ska_alloc(s->layout.m, sizeof *s->r);
    s->v = ska_alloc(s->layout.m, sizeof *s->v);
    s->earlier = ska_alloc(s->layout.n_compared + 1, sizeof *s->earlier);
    s->v1 = ska_alloc(s->layout.n_cells, SKA_POINT_BYTES);
    s->v2 = ska_alloc(s->layout.n_cells, SKA_POINT_BYTES);
    s->leader = ska_alloc(s->layout.n_cells, 2 * SKA_SCALAR_BYTES);
    if (s->x == NULL || s->r == NULL || s->v == NULL || s->earlier == NULL || s->v1 == NULL ||
        s->v2 == NULL || s->leader == NULL)
        return SKA_E_MEMORY;
    return SKA_OK;
}

/*
 * The value of a rule modulo 2^128. The true value lies in (-2^128 + width, 2^128), since P + N +
 * width < 2^128 (statement.h) once every count is in its range; so it is in [0, width] exactly if
 * its residue is.
 */
__extension__ static unsigned __int128 rule_value(const struct ska_rule *rule, const uint64_t *x)
{
    __extension__ typedef unsigned __int128 wide;
    wide sum = (wide)rule->constant; /* sign-extended: modulo 2^128 */
    for (uint32_t i = 0; i < rule->n_terms; i++)
        sum += (wide)rule->terms[i].coefficient * x[rule->terms[i].cell];
    return sum;
}

/* 1 if a > b, in constant time: the borrow of b - a. */
static uint64_t is_greater(uint64_t a, uint64_t b)
{
    return ((~b & a) | ((~b | a) & (b - a))) >> 63;
}

/* Copy the counts and compute the rules' values; refuse what the statement forbids. */
static enum ska_status fill_values(struct submission *s, const uint64_t *counts,
                                   struct ska_error *err)
{
    const struct ska_statement *statement = s->config->statement;
    uint64_t bad_range = 0;
    uint64_t bad_rule = 0;
    for (size_t i = 0; i < s->layout.n_cells; i++) {
        s->x[i] = counts[i];
        bad_range |= is_greater(counts[i], statement->bound[i]);
    }
    for (uint32_t k = 0; k < statement->n_rules; k++) {
        __extension__ unsigned __int128 value = rule_value(&statement->rules[k], s->x);
        const uint64_t high = (uint64_t)(value >> 64);
        s->x[s->layout.n_cells + k] = (uint64_t)value;
        bad_rule |= is_greater(high, 0) | is_greater((uint64_t)value, statement->rules[k].width);
        ska_wipe(&value, sizeof value);
    }
    SKA_MARK_PUBLIC(&bad_range, sizeof bad_range, "that counts are refused is told");
    SKA_MARK_PUBLIC(&bad_rule, sizeof bad_rule, "that counts are refused is told");
    if (bad_range != 0)
        return ska_fail(err, SKA_E_RANGE, "a count is larger than its indicator allows");
    if (bad_rule != 0)
        return ska_fail(err, SKA_E_RULE, "the counts break a consistency rule of the catalogue");
    return SKA_OK;
}

/* The two comparisons of every compared cell, modulo 2^128 like a rule. */
static enum ska_status fill_comparisons(struct submission *s,
                                        const struct ska_auditsum_measurement *m,
                                        struct ska_error *err)
{
    const struct ska_statement *statement = s->config->statement;
    uint64_t *out = s->x + s->layout.n_cells + statement->n_rules;
    uint64_t bad = 0;
    for (size_t j = 0; j < s->layout.n_compared; j++) {
        const uint64_t old = m->earlier_counts == NULL ? 0 : m->earlier_counts[j];
        const uint64_t most = statement->bound[j] * s->x[s->layout.n_cells - 1]; /* B f <= 2^62 */
        out[2 * j] = most + s->x[j] - old;
        out[2 * j + 1] = most - s->x[j] + old;
        bad |= is_greater(old, statement->bound[j]);
        bad |= is_greater(out[2 * j], 2 * statement->bound[j]);
        bad |= is_greater(out[2 * j + 1], 2 * statement->bound[j]);
    }
    SKA_MARK_PUBLIC(&bad, sizeof bad, "that counts are refused is told");
    if (bad != 0)
        return ska_fail(err, SKA_E_RULE,
                        "the counts differ from the revision before, and the flag says that they "
                        "do not");
    return SKA_OK;
}

/* Blindings: fresh for every cell, and by the same linear map as the values for every rule. */
static void draw_blindings(struct submission *s)
{
    const struct ska_statement *statement = s->config->statement;
    const size_t n = s->layout.n_cells;
    for (size_t i = 0; i < n; i++)
        ska_scalar_random(&s->r[i]);
    for (uint32_t k = 0; k < statement->n_rules; k++) {
        const struct ska_rule *rule = &statement->rules[k];
        for (uint32_t i = 0; i < rule->n_terms; i++) {
            const ska_scalar coefficient = ska_scalar_from_i64(rule->terms[i].coefficient);
            ska_scalar_muladd(&s->r[n + k], &coefficient, &s->r[rule->terms[i].cell], &s->r[n + k]);
        }
    }
}

static void draw_comparison_blindings(struct submission *s,
                                      const struct ska_auditsum_measurement *m)
{
    const struct ska_statement *statement = s->config->statement;
    ska_scalar *out = s->r + s->layout.n_cells + statement->n_rules;
    SKA_SCOPED(ska_scalar_clear) ska_scalar change = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar multiple = {{0}};
    for (size_t j = 0; j < s->layout.n_compared; j++) {
        const ska_scalar bound = ska_scalar_from_u64(statement->bound[j]);
        ska_scalar_mul(&multiple, &bound, &s->r[s->layout.n_cells - 1]);
        change = s->r[j];
        if (m->earlier_counts != NULL)
            ska_scalar_sub(&change, &change, &m->earlier_blindings[j]);
        ska_scalar_add(&out[2 * j], &multiple, &change);
        ska_scalar_sub(&out[2 * j + 1], &multiple, &change);
    }
}

/* Commit to one aggregator's part of a cell: `out` gets the encoding, `v` is increased. */
static void commit_part(uint8_t out[static SKA_POINT_BYTES], ska_point *v, const ska_scalar *x,
                        const ska_scalar *r)
{
    ska_point part;
    ska_commit(&part, x, r);
    SKA_MARK_PUBLIC(&part, sizeof part, "a commitment hides its opening perfectly");
    ska_point_encode(out, &part);
    ska_point_add(v, v, &part);
}

/* Split every cell: the helper's part expands from its seed, the leader's is the rest. */
static void split_shares(struct submission *s, uint32_t contributor, uint64_t number)
{
    ska_random(s->seed, sizeof s->seed);
    SKA_SCOPED(ska_xof_clear) struct ska_xof xof;
    ska_helper_share_init(&xof, s->seed, s->config->task.task_id, contributor, number);
    SKA_SCOPED(ska_scalar_clear) ska_scalar x1 = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar r1 = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar x2 = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar r2 = {{0}};
    const size_t n = s->layout.n_cells;
    for (size_t i = 0; i < n; i++) {
        ska_xof_next_scalar(&x2, &xof);
        ska_xof_next_scalar(&r2, &xof);
        x1 = ska_scalar_from_u64(s->x[i]);
        ska_scalar_sub(&x1, &x1, &x2);
        ska_scalar_sub(&r1, &s->r[i], &r2);
        ska_scalar_encode(s->leader + i * SKA_SCALAR_BYTES, &x1);
        ska_scalar_encode(s->leader + (n + i) * SKA_SCALAR_BYTES, &r1);
        ska_point_set_identity(&s->v[i]);
        commit_part(s->v1 + i * SKA_POINT_BYTES, &s->v[i], &x1, &r1);
        commit_part(s->v2 + i * SKA_POINT_BYTES, &s->v[i], &x2, &r2);
    }
}

/* Prove, and append the proof to `w`. */
static enum ska_status write_proof(struct ska_writer *w, struct submission *s,
                                   const struct ska_auditsum_measurement *measurement)
{
    ska_submission_rule_commitments_vartime(s->v, s->config->statement);
    ska_submission_comparisons_vartime(s->v, s->config->statement, s->earlier);
    const struct ska_public_share share = {.contributor = measurement->contributor,
                                           .number = measurement->number,
                                           .v1 = s->v1,
                                           .v2 = s->v2};
    struct ska_transcript t;
    ska_submission_transcript(&t, s->config, &s->layout, &share, s->earlier);
    size_t len;
    SKA_TRY(ska_proof_length(&len, s->layout.bound, s->layout.m));
    SKA_SCOPED(ska_scoped_free) uint8_t *proof = ska_alloc(len, 1);
    if (proof == NULL)
        return SKA_E_MEMORY;
    const struct ska_proof_values values = {.m = s->layout.m, .bound = s->layout.bound, .v = s->v};
    SKA_TRY(ska_proof_prove(proof, len, &t, &values, s->x, s->r));
    ska_write_bytes(w, proof, len);
    return ska_writer_status(w);
}

static enum ska_status write_public_share(struct ska_writer *w, struct submission *s,
                                          const struct ska_auditsum_measurement *measurement,
                                          const uint8_t nonce[SKA_VDAF_NONCE_BYTES])
{
    const size_t points_len = s->layout.n_cells * SKA_POINT_BYTES;
    ska_write_u32(w, measurement->contributor);
    ska_write_u64(w, measurement->number);
    ska_write_bytes(w, s->v1, points_len);
    ska_write_bytes(w, s->v2, points_len);
    SKA_TRY(write_proof(w, s, measurement));
    SKA_SCOPED(ska_writer_clear) struct ska_writer signed_bytes = {0};
    ska_submission_write_signed(&signed_bytes, &s->config->task, nonce,
                                (struct ska_slice){w->data, w->len});
    SKA_TRY(ska_writer_status(&signed_bytes));
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_TRY(ska_sign(signature, measurement->key, SKA_LABEL_SIGN_SUBMISSION, signed_bytes.data,
                     signed_bytes.len));
    ska_write_bytes(w, signature, sizeof signature);
    return ska_writer_status(w);
}

/* What can be said before any count is looked at. */
static enum ska_status check_measurement(const struct ska_auditsum_config *config,
                                         const struct ska_auditsum_measurement *measurement,
                                         struct ska_error *err)
{
    if (measurement->number == 0)
        return ska_fail(err, SKA_E_RANGE, "submission numbers begin at 1");
    if (measurement->contributor >= config->n_contributors)
        return ska_fail(err, SKA_E_ROSTER, "contributor %u is not on the roster of %u",
                        (unsigned)measurement->contributor, (unsigned)config->n_contributors);
    if (memcmp(config->contributor_keys[measurement->contributor], measurement->key->public_key,
               SKA_SIGN_PUBLIC_BYTES) != 0)
        return ska_fail(err, SKA_E_ROSTER, "the signing key is not the roster's for contributor %u",
                        (unsigned)measurement->contributor);
    SKA_TRY(ska_submission_check_earlier(config));
    return ska_statement_check(config->statement, err);
}

/* The kept openings must be those of what counted in the revision before, or the proof would be
 * refused without a word that says why. */
static enum ska_status check_openings(struct submission *s,
                                      const struct ska_auditsum_measurement *m,
                                      struct ska_error *err)
{
    if (s->layout.n_compared == 0)
        return SKA_OK;
    SKA_TRY(ska_submission_earlier(s->earlier, s->config, m->contributor));
    const bool is_known = m->earlier_counts != NULL && m->earlier_blindings != NULL;
    if (is_known != (s->config->earlier[m->contributor].v1 != NULL))
        return ska_fail(err, SKA_E_COMMITMENT,
                        "openings of what counted in the revision before are missing, or given "
                        "where nothing counted");
    for (size_t j = 0; is_known && j < s->layout.n_compared; j++) {
        SKA_SCOPED(ska_scalar_clear) ska_scalar x = ska_scalar_from_u64(m->earlier_counts[j]);
        ska_point opened;
        ska_commit(&opened, &x, &m->earlier_blindings[j]);
        SKA_MARK_PUBLIC(&opened, sizeof opened, "a commitment hides its opening perfectly");
        if (!ska_point_equal(&opened, &s->earlier[j]))
            return ska_fail(err, SKA_E_COMMITMENT,
                            "the openings given are not those of what counted in the revision "
                            "before");
    }
    return SKA_OK;
}

static void hand_over(struct ska_writer *out, struct ska_writer *made)
{
    *out = *made;
    *made = (struct ska_writer){0};
}

enum ska_status ska_auditsum_shard(struct ska_writer *public_share, struct ska_writer *leader_share,
                                   struct ska_writer *helper_share, const void *config,
                                   const void *measurement,
                                   const uint8_t nonce[SKA_VDAF_NONCE_BYTES], struct ska_error *err)
{
    assert(public_share->len == 0 && leader_share->len == 0 && helper_share->len == 0);
    const struct ska_auditsum_measurement *m = measurement;
    SKA_TRY(check_measurement(config, m, err));
    SKA_SCOPED(submission_clear) struct submission s = {0};
    SKA_TRY(submission_init(&s, config));
    SKA_TRY(check_openings(&s, m, err));
    SKA_TRY(fill_values(&s, m->counts, err));
    SKA_TRY(fill_comparisons(&s, m, err));
    draw_blindings(&s);
    draw_comparison_blindings(&s, m);
    split_shares(&s, m->contributor, m->number);
    SKA_SCOPED(ska_writer_clear) struct ska_writer shared = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer leader = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer helper = {0};
    SKA_TRY(write_public_share(&shared, &s, m, nonce));
    ska_write_bytes(&leader, s.leader, 2 * s.layout.n_cells * SKA_SCALAR_BYTES);
    SKA_TRY(ska_writer_status(&leader));
    ska_write_bytes(&helper, s.seed, sizeof s.seed);
    SKA_TRY(ska_writer_status(&helper));
    if (m->blindings != NULL)
        memcpy(m->blindings, s.r, s.layout.n_cells * sizeof *s.r);
    hand_over(public_share, &shared);
    hand_over(leader_share, &leader);
    hand_over(helper_share, &helper);
    return SKA_OK;
}
