/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_verify.c - verifying one proof, or many together with the search for the bad ones.
 *
 * Proofs are handled in groups of GROUP. A group whose sum is not the identity is halved: if the
 * first half holds, the second is bad without another look; a bad range of one proof names it.
 */
#include "crypto/proof.h"

#include "crypto/proof_bits.h"
#include "crypto/proof_sum.h"
#include "crypto/scoped.h"

#include <assert.h>

#define GROUP 512u         /* proofs in one sum */
#define BAD_RANGES_MAX 16u /* on the way down: at most one waits at each halving */

struct group {
    struct ska_parsed_proof *parsed;              /* owned */
    const struct ska_proof_values *values[GROUP]; /* of the proofs that could be parsed */
    enum ska_status *status[GROUP];
    size_t n;
};

static void group_clear(struct group *g)
{
    free(g->parsed);
}

/* Whether the proofs [from, to) of the group hold together. */
static enum ska_status verify_range(const struct group *g, size_t from, size_t to)
{
    size_t n_max = 1;
    size_t m_max = 1;
    for (size_t i = from; i < to; i++) {
        n_max = g->parsed[i].n > n_max ? g->parsed[i].n : n_max;
        m_max = g->values[i]->m > m_max ? g->values[i]->m : m_max;
    }
    SKA_TRY(ska_proof_generators_prepare(n_max));
    SKA_SCOPED(ska_proof_sum_clear) struct ska_proof_sum sum = {0};
    SKA_TRY(ska_proof_sum_init(&sum, n_max, m_max, to - from));
    for (size_t i = from; i < to; i++)
        SKA_TRY(ska_proof_sum_add(&sum, &g->parsed[i], g->values[i]));
    return ska_proof_sum_verify(&sum);
}

/* Name every bad proof of a group that does not hold as a whole. */
static enum ska_status search(struct group *g)
{
    struct {
        size_t from, to;
    } bad[BAD_RANGES_MAX] = {{0, g->n}};
    size_t n_bad = 1;
    while (n_bad > 0) {
        size_t from = bad[--n_bad].from;
        size_t to = bad[n_bad].to;
        if (to - from == 1) {
            *g->status[from] = SKA_E_PROOF;
            continue;
        }
        size_t middle = from + (to - from) / 2;
        enum ska_status low = verify_range(g, from, middle);
        enum ska_status high = SKA_E_PROOF; /* follows if the low half holds */
        if (low == SKA_E_PROOF)
            high = verify_range(g, middle, to);
        if ((low != SKA_OK && low != SKA_E_PROOF) || (high != SKA_OK && high != SKA_E_PROOF))
            return SKA_E_MEMORY;
        assert(n_bad + 2 <= BAD_RANGES_MAX);
        if (high == SKA_E_PROOF) {
            bad[n_bad].from = middle;
            bad[n_bad++].to = to;
        }
        if (low == SKA_E_PROOF) {
            bad[n_bad].from = from;
            bad[n_bad++].to = middle;
        }
    }
    return SKA_OK;
}

static enum ska_status verify_group(struct ska_proof_job *jobs, size_t n)
{
    SKA_SCOPED(group_clear) struct group g = {0};
    g.parsed = ska_alloc(n, sizeof *g.parsed);
    if (g.parsed == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        struct ska_transcript t = jobs[i].transcript;
        jobs[i].status =
            ska_proof_parse(&g.parsed[g.n], &t, jobs[i].proof, jobs[i].proof_len, &jobs[i].values);
        if (jobs[i].status != SKA_OK)
            continue;
        g.values[g.n] = &jobs[i].values;
        g.status[g.n] = &jobs[i].status;
        g.n++;
    }
    if (g.n == 0)
        return SKA_OK;
    enum ska_status status = verify_range(&g, 0, g.n);
    return status == SKA_E_PROOF ? search(&g) : status;
}

enum ska_status ska_proof_verify_batch(struct ska_proof_job *jobs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        jobs[i].status = SKA_E_MEMORY; /* nothing decided yet */
    for (size_t done = 0; done < n; done += GROUP)
        SKA_TRY(verify_group(jobs + done, n - done < GROUP ? n - done : GROUP));
    for (size_t i = 0; i < n; i++) {
        if (jobs[i].status != SKA_OK)
            return SKA_E_PROOF;
    }
    return SKA_OK;
}

enum ska_status ska_proof_verify(const uint8_t *proof, size_t proof_len, struct ska_transcript *t,
                                 const struct ska_proof_values *values)
{
    struct ska_parsed_proof parsed;
    struct ska_transcript extended = *t;
    SKA_TRY(ska_proof_parse(&parsed, &extended, proof, proof_len, values));
    SKA_TRY(ska_proof_generators_prepare(parsed.n));
    SKA_SCOPED(ska_proof_sum_clear) struct ska_proof_sum sum = {0};
    SKA_TRY(ska_proof_sum_init(&sum, parsed.n, values->m, 1));
    SKA_TRY(ska_proof_sum_add(&sum, &parsed, values));
    SKA_TRY(ska_proof_sum_verify(&sum));
    *t = extended;
    return SKA_OK;
}
