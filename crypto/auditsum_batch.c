/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_batch.c - the proofs of many submissions, verified together in bounded memory; and with
 * it everything an auditor checks of public shares. All inputs are public.
 */
#include "crypto/auditsum_internal.h"

#include "crypto/scoped.h"

#include <assert.h>

/* Values proven in one batch: 10 MB of points. Some fifty submissions of 500 counts and as many
 * rules, so the fixed cost of a batch is spread thin already. */
#define BATCH_VALUES_MAX 65536u

bool ska_is_undecided(enum ska_status status)
{
    switch (ska_status_class(status)) {
    case SKA_CLASS_OK:
    case SKA_CLASS_INPUT:
    case SKA_CLASS_REJECTED:
        return false;
    case SKA_CLASS_RESOURCE:
    case SKA_CLASS_IO:
    case SKA_CLASS_BUG:
        return true;
    }
    return true;
}

enum ska_status ska_submission_batch_init(struct ska_submission_batch *b,
                                          const struct ska_auditsum_config *config,
                                          size_t n_reports)
{
    SKA_SCOPED(ska_submission_batch_clear) struct ska_submission_batch made = {.config = config};
    SKA_TRY(ska_submission_layout_init(&made.layout, config->statement));
    made.capacity = BATCH_VALUES_MAX / made.layout.m; /* at least 4, as m is at most 16384 */
    if (made.capacity > n_reports)
        made.capacity = n_reports;
    made.v1 = ska_alloc(made.layout.n_cells, sizeof *made.v1);
    made.v2 = ska_alloc(made.layout.n_cells, sizeof *made.v2);
    made.earlier = ska_alloc(made.layout.n_compared + 1, sizeof *made.earlier);
    made.v = ska_alloc(made.capacity, made.layout.m * sizeof *made.v);
    made.jobs = ska_alloc(made.capacity, sizeof *made.jobs);
    made.owner = ska_alloc(made.capacity, sizeof *made.owner);
    if (made.v1 == NULL || made.v2 == NULL || made.earlier == NULL || made.v == NULL ||
        made.jobs == NULL || made.owner == NULL)
        return SKA_E_MEMORY;
    *b = made;
    made = (struct ska_submission_batch){0}; /* the caller owns the arrays now */
    return SKA_OK;
}
_Static_assert(BATCH_VALUES_MAX >= 3 * SKA_CELLS_MAX + SKA_RULES_MAX, "one submission must fit");

void ska_submission_batch_clear(struct ska_submission_batch *b)
{
    if (b == NULL)
        return;
    ska_submission_layout_clear(&b->layout);
    free(b->v1);
    free(b->v2);
    free(b->earlier);
    free(b->v);
    free(b->jobs);
    free(b->owner);
    *b = (struct ska_submission_batch){0};
}

static enum ska_status decode_points(ska_point *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        SKA_TRY(ska_point_decode(&out[i], bytes + i * SKA_POINT_BYTES));
    return SKA_OK;
}

enum ska_status ska_submission_batch_decode(struct ska_submission_batch *b,
                                            const struct ska_public_share *share)
{
    SKA_TRY(decode_points(b->v1, share->v1, b->layout.n_cells));
    SKA_TRY(decode_points(b->v2, share->v2, b->layout.n_cells));
    return ska_submission_earlier(b->earlier, b->config, share->contributor);
}

void ska_submission_batch_add(struct ska_submission_batch *b, const struct ska_public_share *share,
                              size_t owner)
{
    assert(b->n < b->capacity);
    ska_point *v = b->v + b->n * b->layout.m;
    for (size_t i = 0; i < b->layout.n_cells; i++)
        ska_point_add(&v[i], &b->v1[i], &b->v2[i]);
    ska_submission_rule_commitments_vartime(v, b->config->statement);
    ska_submission_comparisons_vartime(v, b->config->statement, b->earlier);
    struct ska_proof_job *job = &b->jobs[b->n];
    *job = (struct ska_proof_job){.proof = share->proof.data,
                                  .proof_len = share->proof.len,
                                  .values = {.m = b->layout.m, .bound = b->layout.bound, .v = v}};
    ska_submission_transcript(&job->transcript, b->config, &b->layout, share, b->earlier);
    b->owner[b->n] = owner;
    b->n++;
}

enum ska_status ska_submission_batch_verify(struct ska_submission_batch *b, enum ska_status *status)
{
    enum ska_status all = b->n == 0 ? SKA_OK : ska_proof_verify_batch(b->jobs, b->n);
    if (ska_is_undecided(all))
        return all;
    for (size_t i = 0; i < b->n; i++) {
        assert(all != SKA_OK || b->jobs[i].status == SKA_OK);
        status[b->owner[i]] = b->jobs[i].status;
    }
    b->n = 0;
    return SKA_OK;
}

static enum ska_status add_public_share(struct ska_submission_batch *b, struct ska_slice bytes,
                                        size_t owner, const struct ska_share_points *points)
{
    struct ska_public_share share;
    SKA_TRY(ska_public_share_decode(&share, bytes, b->config->statement));
    SKA_TRY(ska_submission_batch_decode(b, &share));
    if (points != NULL)
        points->hear(points->arg, owner, b->v1, b->v2);
    ska_submission_batch_add(b, &share, owner);
    return SKA_OK;
}

static enum ska_status verify_all(enum ska_status *status, const struct ska_slice *shares, size_t n,
                                  struct ska_submission_batch *b,
                                  const struct ska_share_points *points)
{
    for (size_t i = 0; i < n; i++) {
        status[i] = add_public_share(b, shares[i], i, points);
        if (ska_is_undecided(status[i]))
            return status[i];
        if (b->n == b->capacity)
            SKA_TRY(ska_submission_batch_verify(b, status));
    }
    return ska_submission_batch_verify(b, status);
}

enum ska_status ska_public_shares_verify(enum ska_status *status, const struct ska_slice *shares,
                                         size_t n, const struct ska_auditsum_config *config)
{
    return ska_public_shares_verify_points(status, shares, n, config, NULL);
}

enum ska_status ska_public_shares_verify_points(enum ska_status *status,
                                                const struct ska_slice *shares, size_t n,
                                                const struct ska_auditsum_config *config,
                                                const struct ska_share_points *points)
{
    SKA_TRY(ska_statement_check(config->statement, NULL));
    SKA_TRY(ska_submission_check_earlier(config));
    if (n == 0)
        return SKA_OK;
    SKA_SCOPED(ska_submission_batch_clear) struct ska_submission_batch b = {0};
    SKA_TRY(ska_submission_batch_init(&b, config, n));
    SKA_TRY(verify_all(status, shares, n, &b, points));
    for (size_t i = 0; i < n; i++) {
        if (status[i] != SKA_OK)
            return status[i];
    }
    return SKA_OK;
}
