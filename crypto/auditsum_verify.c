/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_verify.c - an aggregator's side: is a report good, and say so with a signature.
 *
 * A report passes these in order; the first that fails is its status:
 *
 *     form -> contributor on the roster -> its signature -> form of the own share -> points
 *          -> own share opens own commitments -> proof -> (only now) the verifier share
 *
 * Shares are secret. Whether they are well formed and open their commitments is told.
 */
#include "crypto/auditsum_internal.h"

#include "crypto/labels.h"
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <assert.h>
#include <string.h>

#define WEIGHT_BYTES 16 /* a wrong share passes with probability 2^-128 */

/* What is kept from verify_init to verify_next. Secret, heap, wiped on release. */
struct verified {
    struct ska_log_entry entry;
    size_t output_len; /* bytes at output: SKA_CELL_SHARE_BYTES per cell */
    uint8_t output[];  /* the output share, (x, r)[n] */
};

static void verified_free(struct verified *v)
{
    if (v != NULL)
        ska_wipe_free(v, sizeof *v + v->output_len);
}

/* One report on its way through verify_init. */
struct examined {
    struct ska_public_share share;
    struct verified *state;
    uint8_t *verifier_share;
};

/* A whole call of verify_init. Owned arrays. */
struct examination {
    const struct ska_auditsum_config *config;
    int agg_id;
    size_t n;
    enum ska_status *status;
    struct examined *reports;
    struct ska_submission_batch batch;
    ska_scalar *weights; /* n_cells; public */
};

static void examination_clear(struct examination *e)
{
    for (size_t i = 0; e->reports != NULL && i < e->n; i++) {
        verified_free(e->reports[i].state);
        free(e->reports[i].verifier_share);
    }
    free(e->status);
    free(e->reports);
    free(e->weights);
    ska_submission_batch_clear(&e->batch);
    *e = (struct examination){0};
}

static enum ska_status examination_init(struct examination *e,
                                        const struct ska_auditsum_config *config, int agg_id,
                                        size_t n)
{
    e->config = config;
    e->agg_id = agg_id;
    e->n = n;
    e->status = ska_alloc(n, sizeof *e->status);
    e->reports = ska_alloc(n, sizeof *e->reports);
    e->weights = ska_alloc(config->statement->n_cells, sizeof *e->weights);
    if (e->status == NULL || e->reports == NULL || e->weights == NULL)
        return SKA_E_MEMORY;
    return ska_submission_batch_init(&e->batch, config, n);
}

void ska_helper_share_init(struct ska_xof *x, const uint8_t seed[static SKA_SEED_BYTES],
                           const uint8_t task_id[static 32], uint32_t contributor, uint64_t number)
{
    static const char version[] = SKA_LABEL_DAP;
    static const char dst[] = SKA_LABEL_SHARE;
    uint8_t binder[sizeof version - 1 + 32 + 4 + 8];
    struct ska_writer w;
    ska_writer_init_fixed(&w, binder, sizeof binder);
    ska_write_bytes(&w, version, sizeof version - 1);
    ska_write_bytes(&w, task_id, 32);
    ska_write_u32(&w, contributor);
    ska_write_u64(&w, number);
    assert(ska_writer_status(&w) == SKA_OK && w.len == sizeof binder);
    ska_xof_init(x, (struct ska_slice){seed, SKA_SEED_BYTES},
                 (struct ska_slice){(const uint8_t *)dst, sizeof dst - 1},
                 (struct ska_slice){binder, sizeof binder});
}

/* The leader's x1[n] | r1[n] to (x, r)[n]; the form of the numbers is checked with the opening. */
static enum ska_status interleave_leader(uint8_t *output, struct ska_slice input, size_t n)
{
    if (input.len < n * SKA_CELL_SHARE_BYTES)
        return SKA_E_TRUNCATED;
    if (input.len > n * SKA_CELL_SHARE_BYTES)
        return SKA_E_TRAILING;
    for (size_t i = 0; i < n; i++) {
        uint8_t *cell = output + i * SKA_CELL_SHARE_BYTES;
        memcpy(cell, input.data + i * SKA_SCALAR_BYTES, SKA_SCALAR_BYTES);
        memcpy(cell + SKA_SCALAR_BYTES, input.data + (n + i) * SKA_SCALAR_BYTES, SKA_SCALAR_BYTES);
    }
    return SKA_OK;
}

static enum ska_status expand_helper(uint8_t *output, struct ska_slice input, size_t n,
                                     const struct ska_auditsum_config *config,
                                     const struct ska_public_share *share)
{
    if (input.len < SKA_SEED_BYTES)
        return SKA_E_TRUNCATED;
    if (input.len > SKA_SEED_BYTES)
        return SKA_E_TRAILING;
    SKA_SCOPED(ska_xof_clear) struct ska_xof xof;
    ska_helper_share_init(&xof, input.data, config->task.task_id, share->contributor,
                          share->number);
    SKA_SCOPED(ska_scalar_clear) ska_scalar next = {{0}};
    for (size_t i = 0; i < 2 * n; i++) {
        ska_xof_next_scalar(&next, &xof);
        ska_scalar_encode(output + i * SKA_SCALAR_BYTES, &next);
    }
    return SKA_OK;
}

static void draw_weights(ska_scalar *weights, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t wide[SKA_SCALAR_BYTES] = {0};
        ska_random(wide, WEIGHT_BYTES);
        enum ska_status status = ska_scalar_decode(&weights[i], wide);
        assert(status == SKA_OK); /* below 2^128 */
    }
}

/*
 * Whether x_i G + r_i H = V_i for all i, by one random linear combination: the left side's numbers
 * are combined in constant time and committed to once, the right side is public.
 */
static enum ska_status verify_opening(const uint8_t *output, const ska_point *v,
                                      ska_scalar *weights, size_t n)
{
    draw_weights(weights, n);
    SKA_SCOPED(ska_scalar_clear) ska_scalar sum_x = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar sum_r = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar part = {{0}};
    for (size_t i = 0; i < n; i++) {
        const uint8_t *cell = output + i * SKA_CELL_SHARE_BYTES;
        SKA_TRY(ska_scalar_decode(&part, cell));
        ska_scalar_muladd(&sum_x, &weights[i], &part, &sum_x);
        SKA_TRY(ska_scalar_decode(&part, cell + SKA_SCALAR_BYTES));
        ska_scalar_muladd(&sum_r, &weights[i], &part, &sum_r);
    }
    ska_point opened;
    ska_point committed;
    ska_commit(&opened, &sum_x, &sum_r);
    SKA_MARK_PUBLIC(&opened, sizeof opened, "equal to what is committed, or the report is refused");
    SKA_TRY(ska_msm_vartime(&committed, weights, v, n));
    uint8_t got[SKA_POINT_BYTES];
    uint8_t want[SKA_POINT_BYTES];
    ska_point_encode(got, &opened);
    ska_point_encode(want, &committed);
    return ska_ct_equal(got, want, sizeof got) ? SKA_OK : SKA_E_COMMITMENT;
}

static enum ska_status new_state(struct verified **out, size_t n_cells)
{
    struct verified *state = ska_alloc(1, sizeof *state + n_cells * SKA_CELL_SHARE_BYTES);
    if (state == NULL)
        return SKA_E_MEMORY;
    state->output_len = n_cells * SKA_CELL_SHARE_BYTES;
    *out = state;
    return SKA_OK;
}

/* Everything but the proof, which joins the batch. */
static enum ska_status examine(struct examination *e, size_t i,
                               const struct ska_vdaf_verification *report)
{
    const struct ska_auditsum_config *config = e->config;
    const size_t n = config->statement->n_cells;
    struct examined *x = &e->reports[i];
    SKA_TRY(ska_public_share_decode(&x->share, report->public_share, config->statement));
    SKA_TRY(ska_public_share_authenticate(&x->share, config, report->nonce));
    SKA_TRY(new_state(&x->state, n));
    if (e->agg_id == 0)
        SKA_TRY(interleave_leader(x->state->output, report->input_share, n));
    else
        SKA_TRY(expand_helper(x->state->output, report->input_share, n, config, &x->share));
    SKA_TRY(ska_submission_batch_decode(&e->batch, &x->share));
    SKA_TRY(verify_opening(x->state->output, e->agg_id == 0 ? e->batch.v1 : e->batch.v2, e->weights,
                           n));
    ska_public_share_entry(&x->state->entry, &x->share, &config->task, report->public_share);
    ska_submission_batch_add(&e->batch, &x->share, i);
    return SKA_OK;
}

/* Only for a report that holds in every respect: sign its log entry. */
static enum ska_status vouch(struct examination *e, size_t i)
{
    uint8_t *signature = ska_alloc(SKA_SIGNATURE_BYTES, 1);
    if (signature == NULL)
        return SKA_E_MEMORY;
    e->reports[i].verifier_share = signature;
    return ska_log_entry_sign(signature, e->config->own_key, &e->reports[i].state->entry);
}

/* The key that vouches must be the one others expect of this aggregator; and the two must differ,
 * or one signature would speak for both. */
static enum ska_status check_keys(const struct ska_auditsum_config *config, int agg_id)
{
    const uint8_t *expected = agg_id == 0 ? config->leader_key : config->helper_key;
    if (config->own_key == NULL || config->leader_key == NULL || config->helper_key == NULL)
        return SKA_E_CONFIG;
    if (memcmp(config->own_key->public_key, expected, SKA_SIGN_PUBLIC_BYTES) != 0 ||
        memcmp(config->leader_key, config->helper_key, SKA_SIGN_PUBLIC_BYTES) == 0)
        return SKA_E_CONFIG;
    return SKA_OK;
}

static enum ska_status examine_all(struct examination *e,
                                   const struct ska_vdaf_verification *reports)
{
    for (size_t i = 0; i < e->n; i++) {
        e->status[i] = examine(e, i, &reports[i]);
        if (ska_is_undecided(e->status[i]))
            return e->status[i];
        if (e->batch.n == e->batch.capacity)
            SKA_TRY(ska_submission_batch_verify(&e->batch, e->status));
    }
    SKA_TRY(ska_submission_batch_verify(&e->batch, e->status));
    for (size_t i = 0; i < e->n; i++) {
        if (e->status[i] == SKA_OK)
            SKA_TRY(vouch(e, i));
    }
    return SKA_OK;
}

enum ska_status ska_auditsum_verify_init(struct ska_vdaf_verification *reports, size_t n,
                                         const void *config, int agg_id)
{
    assert(agg_id == 0 || agg_id == 1);
    const struct ska_auditsum_config *c = config;
    SKA_TRY(check_keys(c, agg_id));
    SKA_TRY(ska_statement_check(c->statement, NULL));
    SKA_TRY(ska_submission_check_earlier(c));
    if (n == 0)
        return SKA_OK;
    SKA_SCOPED(examination_clear) struct examination e = {0};
    SKA_TRY(examination_init(&e, c, agg_id, n));
    SKA_TRY(examine_all(&e, reports));
    for (size_t i = 0; i < n; i++) {
        reports[i].status = e.status[i];
        if (e.status[i] != SKA_OK)
            continue;
        reports[i].state = e.reports[i].state;
        reports[i].verifier_share = e.reports[i].verifier_share;
        reports[i].verifier_share_len = SKA_SIGNATURE_BYTES;
        e.reports[i].state = NULL; /* the report owns both now */
        e.reports[i].verifier_share = NULL;
    }
    return SKA_OK;
}

/* A verifier share must be this aggregator's signature over the entry that we made ourselves. */
static enum ska_status check_verifier_share(struct ska_slice share, const uint8_t *key,
                                            const struct ska_log_entry *entry)
{
    if (share.len < SKA_SIGNATURE_BYTES)
        return SKA_E_TRUNCATED;
    if (share.len > SKA_SIGNATURE_BYTES)
        return SKA_E_TRAILING;
    return ska_log_entry_verify(share.data, key, entry);
}

enum ska_status ska_auditsum_verify_message(struct ska_writer *message, const void *config,
                                            const struct ska_vdaf_verification *report,
                                            struct ska_slice leader_verifier_share,
                                            struct ska_slice helper_verifier_share)
{
    const struct ska_auditsum_config *c = config;
    const struct verified *state = report->state;
    if (state == NULL)
        return SKA_E_STATE;
    SKA_TRY(check_verifier_share(leader_verifier_share, c->leader_key, &state->entry));
    SKA_TRY(check_verifier_share(helper_verifier_share, c->helper_key, &state->entry));
    uint8_t both[2 * SKA_SIGNATURE_BYTES];
    memcpy(both, leader_verifier_share.data, SKA_SIGNATURE_BYTES);
    memcpy(both + SKA_SIGNATURE_BYTES, helper_verifier_share.data, SKA_SIGNATURE_BYTES);
    ska_write_bytes(message, both, sizeof both);
    return ska_writer_status(message);
}

enum ska_status ska_auditsum_verify_next(struct ska_writer *output_share, const void *config,
                                         const struct ska_vdaf_verification *report,
                                         struct ska_slice message)
{
    const struct ska_auditsum_config *c = config;
    const struct verified *state = report->state;
    if (state == NULL)
        return SKA_E_STATE;
    if (message.len < 2 * SKA_SIGNATURE_BYTES)
        return SKA_E_TRUNCATED;
    if (message.len > 2 * SKA_SIGNATURE_BYTES)
        return SKA_E_TRAILING;
    SKA_TRY(ska_log_entry_verify(message.data, c->leader_key, &state->entry));
    SKA_TRY(ska_log_entry_verify(message.data + SKA_SIGNATURE_BYTES, c->helper_key, &state->entry));
    ska_write_bytes(output_share, state->output, state->output_len);
    return ska_writer_status(output_share);
}

void ska_auditsum_verification_clear(struct ska_vdaf_verification *report)
{
    if (report == NULL)
        return;
    verified_free(report->state);
    free(report->verifier_share);
    report->state = NULL;
    report->verifier_share = NULL;
    report->verifier_share_len = 0;
}
