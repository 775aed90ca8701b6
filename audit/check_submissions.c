/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_submissions.c - the counted submissions: that they are the listed ones, signed and proven.
 */
#include "audit/check.h"

#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#include <string.h>

#define BATCH_MIN 16u /* proofs verified together; more share more of the work, fewer find jobs */
#define BATCH_MAX 128u

static void hash_submission(void *arg, size_t i)
{
    struct evidence *e = arg;
    struct evidence_submission *s = &e->submissions[i];
    ska_sha256(s->sha256, s->bytes.data, s->bytes.len);
}

/* Whether a file is the one its counted entry describes. */
static void compare_with_entry(struct evidence *e, struct finding *f,
                               const struct evidence_submission *s,
                               const struct ska_accepted_entry *entry)
{
    const char *name = evidence_contributor(e, s->contributor);
    if (s->bytes.len != entry->length ||
        memcmp(s->sha256, entry->sha256, sizeof entry->sha256) != 0)
        finding_bad(f,
                    words("%s: inte den inlämning som listan anger",
                          "%s: not the submission that the list names"),
                    name);
    else if (memcmp(s->file.data, entry->report_id, SKA_VDAF_NONCE_BYTES) != 0)
        finding_bad(f,
                    words("%s: en annan rapportidentitet än listans",
                          "%s: another report identifier than the list's"),
                    name);
    else if (s->share.number != entry->number)
        finding_bad(f,
                    words("%s: ett annat nummer än listans", "%s: another number than the list's"),
                    name);
}

/* Both are sorted by contributor: walk them together. */
void check_submissions_complete(struct evidence *e, struct finding *f)
{
    size_t at = 0;
    parallel_run(e->jobs, e->n_submissions, hash_submission, e, "submissions-complete");
    for (uint32_t i = 0; i < e->accepted.n; i++) {
        const struct ska_accepted_entry *entry = &e->accepted.at[i];
        if (!ska_accepted_is_counted(&e->accepted, i))
            continue;
        f->n_inputs++;
        for (; at < e->n_submissions && e->submissions[at].contributor < entry->contributor; at++)
            finding_bad(f, words("%s: inte på listan", "%s: not on the list"),
                        evidence_contributor(e, e->submissions[at].contributor));
        if (at < e->n_submissions && e->submissions[at].contributor == entry->contributor)
            compare_with_entry(e, f, &e->submissions[at++], entry);
        else
            finding_bad(f, words("%s: saknas i paketet", "%s: missing from the bundle"),
                        evidence_contributor(e, entry->contributor));
    }
    for (; at < e->n_submissions; at++)
        finding_bad(f, words("%s: inte på listan", "%s: not on the list"),
                    evidence_contributor(e, e->submissions[at].contributor));
}

/* Work over the submissions whose outcome is one status each. */
struct each {
    struct evidence *e;
    enum ska_status *status; /* one for each submission */
    size_t batch;            /* submissions per step */
    bool is_adding;          /* commitments are added up on the way */
};

static void verify_signature(void *arg, size_t i)
{
    struct each *each = arg;
    const struct evidence_submission *s = &each->e->submissions[i];
    each->status[i] =
        ska_public_share_authenticate(&s->share, &each->e->task->config, s->file.data);
}

/* Tell the failures of `status`, by contributor. */
static void tell_statuses(struct evidence *e, struct finding *f, const enum ska_status *status)
{
    for (size_t i = 0; i < e->n_submissions; i++) {
        if (status[i] == SKA_OK)
            continue;
        if (finding_is_undecided(f, status[i]))
            return;
        finding_bad(f, "%s: %s", evidence_contributor(e, e->submissions[i].contributor),
                    ska_status_text(status[i]));
    }
    f->n_inputs = e->n_submissions;
}

void check_submission_signatures(struct evidence *e, struct finding *f)
{
    if (e->n_submissions == 0)
        return;
    SKA_SCOPED(ska_scoped_free)
    enum ska_status *status = ska_alloc(e->n_submissions, sizeof *status);
    if (status == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    struct each each = {.e = e, .status = status};
    parallel_run(e->jobs, e->n_submissions, verify_signature, &each, "submission-signatures");
    tell_statuses(e, f, status);
}

/* Which submissions of all a batch's are. */
struct batch_of {
    struct evidence *e;
    size_t first;
};

static void hear_points(void *arg, size_t i, const ska_point *v1, const ska_point *v2)
{
    const struct batch_of *batch = arg;
    check_sums_add(batch->e, batch->first + i, v1, v2);
}

static void verify_proofs(void *arg, size_t step)
{
    struct each *each = arg;
    const struct evidence *e = each->e;
    size_t first = step * each->batch;
    size_t n = e->n_submissions - first < each->batch ? e->n_submissions - first : each->batch;
    struct ska_slice shares[BATCH_MAX] = {0};
    struct batch_of batch = {each->e, first};
    const struct ska_share_points points = {.hear = hear_points, .arg = &batch};
    for (size_t i = 0; i < n; i++) {
        shares[i] = e->submissions[first + i].bytes;
        each->status[first + i] = SKA_OK;
    }
    enum ska_status status = ska_public_shares_verify_points(
        each->status + first, shares, n, &e->task->config, each->is_adding ? &points : NULL);
    for (size_t i = 0; i < n && status != SKA_OK; i++)
        if (each->status[first + i] != SKA_OK)
            return;       /* the failure is told by whose it is */
    if (status != SKA_OK) /* nobody's: nothing was decided for any */
        each->status[first] = status;
}

static void run_steps(void *arg, size_t n, void (*step)(void *arg, size_t i), void *step_arg)
{
    const struct evidence *e = arg;
    parallel_run(e->jobs, n, step, step_arg, "submission-proofs");
}

/* Generators are made once, by all threads, before they verify. */
static enum ska_status prepare_generators(struct evidence *e)
{
    size_t n = 1, bits = ska_statement_bits(&e->task->statement);
    while (n < bits)
        SKA_TRY(ska_size_mul(&n, n, 2));
    return ska_proof_generators_prepare_by(n, run_steps, e);
}

/* As few batches as may be, but as many for each thread, and all alike. */
static size_t batch_size(size_t n, unsigned jobs)
{
    const size_t n_rounds = (n + BATCH_MAX * (size_t)jobs - 1) / (BATCH_MAX * (size_t)jobs);
    const size_t n_batches = n_rounds * jobs;
    const size_t batch = (n + n_batches - 1) / n_batches;
    return batch < BATCH_MIN ? BATCH_MIN : batch;
}

void check_submission_proofs(struct evidence *e, struct finding *f)
{
    size_t n = e->n_submissions;
    if (n == 0)
        return;
    SKA_SCOPED(ska_scoped_free) enum ska_status *status = ska_alloc(n, sizeof *status);
    if (status == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    if (finding_is_undecided(f, prepare_generators(e)))
        return;
    const size_t batch = batch_size(n, e->jobs);
    struct each each = {.e = e, .status = status, .batch = batch};
    each.is_adding =
        check_sums_start(e) == SKA_OK; /* else check_commitments does it, and says so */
    parallel_run(e->jobs, (n + batch - 1) / batch, verify_proofs, &each, "submission-proofs");
    tell_statuses(e, f, status);
}
