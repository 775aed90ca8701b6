/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_submissions.c - the counted submissions: that they are the listed ones, signed and proven,
 * and the sums of their commitments.
 */
#include "audit/check.h"

#include "audit/parallel.h"
#include "audit/window.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#include <stdatomic.h>
#include <string.h>

#define BATCH_MIN 16u /* proofs verified together; more share more of the work, fewer find jobs */
#define BATCH_MAX 128u
#define CELLS_AT_ONCE 8u

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

static void verify_proofs(void *arg, size_t step)
{
    struct each *each = arg;
    const struct evidence *e = each->e;
    size_t first = step * each->batch;
    size_t n = e->n_submissions - first < each->batch ? e->n_submissions - first : each->batch;
    struct ska_slice shares[BATCH_MAX] = {0};
    for (size_t i = 0; i < n; i++) {
        shares[i] = e->submissions[first + i].bytes;
        each->status[first + i] = SKA_OK;
    }
    enum ska_status status =
        ska_public_shares_verify(each->status + first, shares, n, &e->task->config);
    for (size_t i = 0; i < n && status != SKA_OK; i++)
        if (each->status[first + i] != SKA_OK)
            return;       /* the failure is told by whose it is */
    if (status != SKA_OK) /* nobody's: nothing was decided for any */
        each->status[first] = status;
}

/* Tables of generators are made once, before threads start. */
static enum ska_status prepare_generators(const struct ska_statement *s)
{
    size_t n = 1, bits = ska_statement_bits(s);
    while (n < bits)
        SKA_TRY(ska_size_mul(&n, n, 2));
    return ska_proof_generators_prepare(n);
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
    if (finding_is_undecided(f, prepare_generators(&e->task->statement)))
        return;
    const size_t batch = batch_size(n, e->jobs);
    struct each each = {.e = e, .status = status, .batch = batch};
    parallel_run(e->jobs, (n + batch - 1) / batch, verify_proofs, &each, "submission-proofs");
    tell_statuses(e, f, status);
}

/* Adding up commitments: a step is a few cells of some submissions, few enough to be in memory
 * together. */
struct adding {
    struct evidence *e;
    atomic_uchar *is_bad; /* one for each submission: a point is not canonical */
    size_t first, end;    /* the submissions */
};

/* One cell's commitment of one submission, to every block that its contributor is in. */
static void add_to_blocks(struct evidence *e, const struct evidence_submission *submission,
                          size_t k, uint32_t cell, const ska_point *v)
{
    const struct ska_task *task = e->task;
    for (uint32_t block = 0; block < task->n_blocks; block++) {
        ska_point *sum = &e->sum[k][block * task->layout->n_cells + cell];
        if (ska_groups_has(&e->kept, block, submission->contributor))
            ska_point_add(sum, sum, v);
    }
}

static void add_cells(void *arg, size_t step)
{
    struct adding *a = arg;
    struct evidence *e = a->e;
    size_t n_cells = e->task->layout->n_cells, first = step * CELLS_AT_ONCE;
    size_t end = first + CELLS_AT_ONCE < n_cells ? first + CELLS_AT_ONCE : n_cells;
    for (size_t cell = first; cell < end; cell++) {
        for (size_t i = a->first; i < a->end; i++) {
            const struct evidence_submission *submission = &e->submissions[i];
            const uint8_t *v[2] = {submission->share.v1, submission->share.v2};
            for (size_t k = 0; k < 2; k++) {
                ska_point point;
                if (ska_point_decode(&point, v[k] + cell * SKA_POINT_BYTES) == SKA_OK)
                    add_to_blocks(e, submission, k, (uint32_t)cell, &point);
                else
                    atomic_store(&a->is_bad[i], 1);
            }
        }
    }
}

/* Add the submissions, as many at once as half a window holds. */
static void add_all(struct evidence *e, atomic_uchar *is_bad)
{
    const size_t n_cells = e->task->layout->n_cells;
    struct adding adding = {.e = e, .is_bad = is_bad};
    for (size_t figure = 0; figure < e->task->n_figures; figure++)
        for (size_t k = 0; k < 2; k++)
            ska_point_set_identity(&e->sum[k][figure]);
    while (adding.first < e->n_submissions) {
        for (size_t bytes = 0; adding.end < e->n_submissions && bytes < WINDOW_BYTES / 2;)
            bytes += e->submissions[adding.end++].file.len;
        parallel_run(e->jobs, (n_cells + CELLS_AT_ONCE - 1) / CELLS_AT_ONCE, add_cells, &adding,
                     "commitments");
        adding.first = adding.end;
    }
}

/* Which groups are summed, and how many submissions each block has. */
static enum ska_status count_blocks(struct evidence *e)
{
    const struct ska_parameters *p = &e->task->parameters;
    SKA_SCOPED(ska_scoped_free)
    uint32_t *contributors = ska_alloc(e->n_submissions + 1, sizeof *contributors);
    e->n_in = ska_alloc(e->task->n_blocks, sizeof *e->n_in);
    if (e->n_in == NULL || contributors == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < e->n_submissions; i++)
        contributors[i] = e->submissions[i].contributor;
    SKA_TRY(ska_groups_keep(&e->kept, &p->groups, p->roster.n, contributors, e->n_submissions,
                            p->policy.min_contributors));
    for (uint32_t block = 0; block < e->task->n_blocks; block++)
        for (size_t i = 0; i < e->n_submissions; i++)
            e->n_in[block] += ska_groups_has(&e->kept, block, contributors[i]);
    return SKA_OK;
}

void check_commitments(struct evidence *e, struct finding *f)
{
    size_t n_cells = e->task->layout->n_cells, n = e->n_submissions;
    if (n == 0)
        return;
    SKA_SCOPED(ska_scoped_free) atomic_uchar *is_bad = ska_alloc(n, sizeof *is_bad);
    for (size_t k = 0; k < 2; k++) /* at most SKA_FIGURES_MAX points */
        e->sum[k] = ska_alloc(e->task->n_figures, sizeof(ska_point));
    if (is_bad == NULL || e->sum[0] == NULL || e->sum[1] == NULL || count_blocks(e) != SKA_OK) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    add_all(e, is_bad);
    for (size_t i = 0; i < n; i++)
        if (atomic_load(&is_bad[i]) != 0)
            finding_bad(f,
                        words("%s: ett åtagande är inte en punkt i kanonisk form",
                              "%s: a commitment is not a point in canonical form"),
                        evidence_contributor(e, e->submissions[i].contributor));
    f->n_inputs = 2 * (uint64_t)n_cells * n;
}
