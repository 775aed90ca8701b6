/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_verify.c - the leader's batches: reports are verified together, then go to the helper
 * as one aggregation job.
 *
 *     STORED reports --batch_fill--> VERIFYING --verified--> (job stored) ASKING --answered--> gone
 *     a job of the database (after a restart) --batch_fill--> VERIFYING ----^
 *
 * A batch is memory only: it holds what verification gave (the output shares) until the helper has
 * answered. If the process dies, the database still has the reports (STORED), or the job with its
 * exact request (SENT), and the batch is made again.
 */
#include "server/aggregator/aggregator_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/aggregator/aggregator_batch.h"
#include "server/log.h"

static void batch_free(struct leader_batch *b)
{
    for (size_t i = 0; b->encoded != NULL && i < b->n; i++)
        free(b->encoded[i]);
    verify_batch_clear(&b->verify);
    task_unpin(b->task);
    free(b->encoded);
    free(b->rows);
    free(b->contributors);
    free(b);
}

void batch_drop(struct aggregator *a, struct leader_batch *gone)
{
    struct leader_batch **at = &a->batches;
    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    batch_free(gone);
}

void batch_free_all(struct aggregator *a)
{
    while (a->batches != NULL)
        batch_drop(a, a->batches);
}

void batch_retry_later(struct aggregator *a)
{
    a->batches_at_ms = aggregator_now_ms() + STORE_RETRY_MS;
    aggregator_wake_at(a, a->batches_at_ms);
}

/* Whether a report is in a batch, or another of its contributor is: a contributor's reports pass
 * one batch after the other, so that an older one never comes to the helper after a newer. */
static bool is_busy(const struct aggregator *a, const struct store_report *r)
{
    for (const struct leader_batch *b = a->batches; b != NULL; b = b->next)
        for (size_t i = 0; i < b->n; i++)
            if (b->rows[i] == r->id ||
                (b->task->id == r->task && b->contributors[i] == r->contributor))
                return true;
    return false;
}

static bool has_job(const struct aggregator *a, int64_t job)
{
    for (const struct leader_batch *b = a->batches; b != NULL; b = b->next)
        if (b->job == job)
            return true;
    return false;
}

/* --- making a batch --- */

static enum ska_status batch_new(struct leader_batch **out, struct aggregator *a, int64_t task,
                                 size_t n)
{
    struct leader_batch *b = ska_alloc(1, sizeof *b);
    if (b == NULL)
        return SKA_E_MEMORY;
    b->n = n;
    b->rows = ska_alloc(n, sizeof *b->rows);
    b->contributors = ska_alloc(n, sizeof *b->contributors);
    b->encoded = ska_alloc(n, sizeof *b->encoded);
    bool made = b->rows != NULL && b->contributors != NULL && b->encoded != NULL;
    enum ska_status status = made ? SKA_OK : SKA_E_MEMORY;
    if (status == SKA_OK)
        status = verify_batch_init(&b->verify, n);
    if (status == SKA_OK)
        status = task_load(&b->task, a, task);
    if (status != SKA_OK) {
        b->task = NULL;
        batch_free(b);
        return status;
    }
    task_pin(b->task);
    b->verify.role = SKA_ROLE_LEADER;
    b->verify.task = b->task->task;
    b->verify.vdaf = a->vdaf;
    b->verify.hpke = &a->hpke;
    b->verify.hpke_config_id = (uint8_t)a->config->hpke_config_id;
    *out = b;
    return SKA_OK;
}

/* Read report `i` from the database into the batch. */
static enum ska_status load_report(struct leader_batch *b, size_t i, struct aggregator *a,
                                   int64_t row)
{
    size_t len = 0;
    struct store_report stored;
    SKA_TRY(store_report_get(&stored, a->store, row));
    SKA_TRY(store_report_encoded(&b->encoded[i], &len, a->store, row));
    b->rows[i] = row;
    b->contributors[i] = stored.contributor;
    b->bytes += len;
    struct ska_reader r;
    struct ska_dap_report report;
    ska_reader_init(&r, b->encoded[i], len);
    if (ska_dap_report_decode(&report, &r) != SKA_OK)
        return SKA_E_STORE; /* it was decoded before it was stored */
    struct verify_report *v = &b->verify.reports[i];
    v->metadata = report.metadata;
    v->public_share = report.public_share;
    v->ciphertext = report.leader;
    b->helper[i] = report.helper;
    return SKA_OK;
}

static void submit(struct aggregator *a, struct leader_batch *b)
{
    b->next = a->batches;
    a->batches = b;
    verify_pool_submit(a->pool, &b->verify.work);
}

/* A job whose answer had not come when the process ended. */
static enum ska_status resume_job(struct aggregator *a, int64_t job)
{
    int64_t rows[JOB_REPORTS_MAX] = {0};
    size_t n = 0;
    int64_t task = 0;
    SKA_SCOPED(ska_scoped_free) uint8_t *request = NULL;
    size_t len = 0;
    SKA_TRY(store_job_reports(rows, &n, a->store, JOB_REPORTS_MAX, job));
    SKA_TRY(store_job_request(&task, &request, &len, a->store, job));
    if (n == 0)
        return SKA_E_STORE;
    struct leader_batch *b = NULL;
    SKA_TRY(batch_new(&b, a, task, n));
    enum ska_status status = SKA_OK;
    for (size_t i = 0; i < n && status == SKA_OK; i++)
        status = load_report(b, i, a, rows[i]);
    if (status != SKA_OK) {
        batch_free(b);
        return status;
    }
    b->job = job;
    log_info("job_resumed", "reports=%zu", n);
    submit(a, b);
    return SKA_OK;
}

static enum ska_status resume_next_job(bool *found, struct aggregator *a)
{
    int64_t jobs[256] = {0};
    size_t n = 0;
    *found = false;
    SKA_TRY(store_job_open(jobs, &n, a->store, sizeof jobs / sizeof jobs[0], 0));
    for (size_t i = 0; i < n; i++) {
        if (has_job(a, jobs[i]))
            continue;
        *found = true;
        return resume_job(a, jobs[i]);
    }
    a->jobs_resumed = true;
    return SKA_OK;
}

/* The rows of due reports that are in no batch and of one task, oldest first. */
static enum ska_status choose(int64_t *rows, size_t *n, int64_t *task, struct aggregator *a)
{
    int64_t due[8 * JOB_REPORTS_MAX] = {0};
    size_t n_due = 0;
    size_t max = (size_t)a->config->reports_per_job_max;
    max = max > JOB_REPORTS_MAX ? JOB_REPORTS_MAX : max;
    SKA_TRY(
        store_report_due(due, &n_due, a->store, sizeof due / sizeof due[0], aggregator_now_s()));
    *n = 0;
    for (size_t i = 0; i < n_due && *n < max; i++) {
        struct store_report r;
        SKA_TRY(store_report_get(&r, a->store, due[i]));
        if (is_busy(a, &r) || (*n > 0 && r.task != *task))
            continue;
        *task = r.task;
        rows[(*n)++] = due[i];
    }
    return SKA_OK;
}

static enum ska_status start_batch(bool *found, struct aggregator *a)
{
    int64_t rows[JOB_REPORTS_MAX] = {0};
    size_t n = 0;
    int64_t task = 0;
    *found = false;
    SKA_TRY(choose(rows, &n, &task, a));
    if (n == 0)
        return SKA_OK;
    struct leader_batch *b = NULL;
    SKA_TRY(batch_new(&b, a, task, n));
    enum ska_status status = SKA_OK;
    size_t loaded = 0;
    while (loaded < n && status == SKA_OK && b->bytes < JOB_BYTES_MAX) {
        status = load_report(b, loaded, a, rows[loaded]);
        loaded += status == SKA_OK ? 1 : 0;
    }
    if (status != SKA_OK) {
        batch_free(b);
        return status;
    }
    b->n = b->verify.n = loaded;
    *found = true;
    submit(a, b);
    return SKA_OK;
}

void batch_fill(struct aggregator *a)
{
    if (a->config->role != SKA_ROLE_LEADER || a->draining || a->pool == NULL)
        return;
    if (a->batches_at_ms > aggregator_now_ms()) {
        aggregator_wake_at(a, a->batches_at_ms);
        return;
    }
    aggregator_wake_at(a, aggregator_now_ms() + 1000u * POSTPONE_S); /* for postponed reports */
    size_t n = 0;
    for (const struct leader_batch *b = a->batches; b != NULL; b = b->next)
        n++;
    bool found = true;
    enum ska_status status = SKA_OK;
    while (found && status == SKA_OK && n < a->config->verify_threads + BATCHES_AHEAD) {
        found = false;
        if (!a->jobs_resumed)
            status = resume_next_job(&found, a);
        if (status == SKA_OK && !found)
            status = start_batch(&found, a);
        n += found ? 1 : 0;
    }
    if (status != SKA_OK) {
        log_error("verification_not_started", "status=%s", ska_status_name(status));
        batch_retry_later(a);
    }
}

/* --- verified: store the job, ask the helper --- */

static enum ska_status write_request(struct ska_writer *w, const struct leader_batch *b)
{
    ska_dap_agg_init_header_encode(w);
    for (size_t i = 0; i < b->n; i++) {
        const struct verify_report *r = &b->verify.reports[i];
        if (r->error != 0)
            continue;
        SKA_SCOPED(ska_writer_clear) struct ska_writer message = {0};
        ska_ping_pong_initialize_encode(
            &message, (struct ska_slice){r->vdaf.verifier_share, r->vdaf.verifier_share_len});
        SKA_TRY(ska_writer_status(&message));
        const struct ska_dap_verify_init init = {.metadata = r->metadata,
                                                 .public_share = r->public_share,
                                                 .encrypted_input_share = b->helper[i],
                                                 .payload = {message.data, message.len}};
        ska_dap_verify_init_encode(w, &init);
    }
    return ska_writer_status(w);
}

/* One transaction: the refused are REJECTED, the others SENT with the job. */
static enum ska_status store_verified(struct leader_batch *b, struct aggregator *a, size_t n_good,
                                      struct ska_slice request)
{
    int64_t job = 0;
    if (n_good > 0)
        SKA_TRY(store_job_add(&job, a->store, b->task->id, request));
    uint32_t place = 0;
    for (size_t i = 0; i < b->n; i++) {
        uint8_t error = b->verify.reports[i].error;
        if (error != 0)
            SKA_TRY(store_report_reject(a->store, b->rows[i], error));
        else
            SKA_TRY(store_report_send(a->store, b->rows[i], job, place++));
    }
    b->job = job;
    return SKA_OK;
}

static enum ska_status ask_helper(struct aggregator *a, struct leader_batch *b,
                                  struct ska_slice request)
{
    struct call *c = NULL;
    SKA_TRY(call_new(&c, a, ROUTE_AGGREGATION_JOBS, b->task->task->context.task_id, request));
    c->key = b->task->id;
    c->context = b;
    c->answered = batch_answered;
    call_start(a, c);
    return SKA_OK;
}

/* The rejected leave the batch: what remains are the reports of the job, in its order. */
static void keep_good(struct leader_batch *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->verify.reports[i].error != 0)
            continue;
        if (kept != i) {
            struct verify_report moved = b->verify.reports[i];
            b->verify.reports[i] = b->verify.reports[kept];
            b->verify.reports[kept] = moved;
            uint8_t *encoded = b->encoded[i];
            b->encoded[i] = b->encoded[kept];
            b->encoded[kept] = encoded;
            b->rows[kept] = b->rows[i];
            b->contributors[kept] = b->contributors[i];
        }
        kept++;
    }
    b->n_good = kept;
}

static enum ska_status settle_new(struct aggregator *a, struct leader_batch *b)
{
    size_t n_good = 0;
    for (size_t i = 0; i < b->n; i++)
        n_good += b->verify.reports[i].error == 0 ? 1 : 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(write_request(&w, b));
    struct ska_slice request = {w.data, w.len};
    SKA_TRY(store_begin(a->store));
    SKA_TRY(store_end(a->store, store_verified(b, a, n_good, request)));
    log_info("reports_verified", "good=%zu refused=%zu", n_good, b->n - n_good);
    keep_good(b);
    if (n_good > 0)
        return ask_helper(a, b, request);
    int64_t task = b->task->id;
    batch_drop(a, b);
    close_advance(a, task);
    return SKA_OK;
}

static enum ska_status settle_resumed(struct aggregator *a, struct leader_batch *b)
{
    int64_t task = 0;
    SKA_SCOPED(ska_scoped_free) uint8_t *request = NULL;
    size_t len = 0;
    b->n_good = b->n; /* were verified before: what does not verify now is found by its answer */
    SKA_TRY(store_job_request(&task, &request, &len, a->store, b->job));
    return ask_helper(a, b, (struct ska_slice){request, len});
}

void batch_verified(struct aggregator *a, struct verify_work *work)
{
    struct leader_batch *b = (struct leader_batch *)work;
    enum ska_status status = b->verify.status;
    bool resumed = b->job != 0;
    if (status == SKA_OK)
        status = resumed ? settle_resumed(a, b) : settle_new(a, b);
    if (status == SKA_OK)
        return;
    log_error("verification_failed", "status=%s", ska_status_name(status));
    /* The database has everything: make the batch again later, as a job if it became one. */
    a->jobs_resumed = false;
    batch_drop(a, b);
    batch_retry_later(a);
}
