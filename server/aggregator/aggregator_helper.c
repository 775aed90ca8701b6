/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_helper.c - the helper's aggregation jobs: created, verified and answered at once, in
 * one request.
 *
 *     POST --known request--> its stored answer
 *       +--the same is being verified--> wait for that
 *       +--new--> VERIFYING (a worker) --job_verified: one transaction--> answered
 *
 * The transaction decides, for each report that verified, whether the task is open, whether the
 * identifier or the number was seen, and keeps output share and answer together. Our signature over
 * an entry, which verification made, leaves this process in that stored answer only.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum.h"
#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "server/log.h"

struct helper_job {
    struct verify_batch verify; /* first: its work is what the pool gives back */
    struct helper_job *next;
    int64_t serial;          /* what its requests are parked on */
    struct task_entry *task; /* pinned */
    uint8_t request_sha256[32];
    uint8_t *body; /* owned copy of the request */
};

static void job_free(struct helper_job *job)
{
    verify_batch_clear(&job->verify);
    task_unpin(job->task);
    free(job->body);
    free(job);
}

SKA_DEFINE_RELEASE(struct helper_job *, job_release, job_free)

void job_free_all(struct aggregator *a)
{
    while (a->jobs != NULL) {
        struct helper_job *job = a->jobs;
        a->jobs = job->next;
        job_free(job);
    }
}

/* --- reading a request --- */

static bool is_known(const struct ska_dap_verify_init *at, size_t n, const uint8_t *report_id)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(at[i].metadata.report_id, report_id, sizeof at[i].metadata.report_id) == 0)
            return true;
    return false;
}

static enum ska_problem read_header(struct ska_reader *r)
{
    uint8_t key_id = 0;
    struct ska_slice param = {0};
    struct ska_slice extensions = {0};
    if (ska_dap_agg_init_header_decode(&key_id, &param, &extensions, r) != SKA_OK)
        return SKA_PROBLEM_INVALID_MESSAGE;
    enum ska_status status = ska_dap_extensions_check(extensions);
    if (status == SKA_E_UNSUPPORTED)
        return SKA_PROBLEM_UNSUPPORTED_EXTENSION;
    if (status != SKA_OK || key_id != 0) /* AuditSum has no verification key: 0 is the only name */
        return SKA_PROBLEM_INVALID_MESSAGE;
    return param.len == 0 ? SKA_PROBLEM_NONE : SKA_PROBLEM_INVALID_AGGREGATION_PARAMETER;
}

/* The request's reports, all distinct, at least one, at most JOB_REPORTS_MAX. */
static enum ska_problem read_request(struct ska_dap_verify_init at[static JOB_REPORTS_MAX],
                                     size_t *n, struct ska_slice body)
{
    struct ska_reader r;
    ska_reader_init(&r, body.data, body.len);
    enum ska_problem problem = read_header(&r);
    if (problem != SKA_PROBLEM_NONE)
        return problem;
    size_t found = 0;
    while (r.left > 0) {
        struct ska_dap_verify_init init;
        if (found == JOB_REPORTS_MAX || ska_dap_verify_init_decode(&init, &r) != SKA_OK ||
            is_known(at, found, init.metadata.report_id))
            return SKA_PROBLEM_INVALID_MESSAGE;
        at[found++] = init;
    }
    *n = found;
    return found == 0 ? SKA_PROBLEM_INVALID_MESSAGE : SKA_PROBLEM_NONE;
}

/* The draft's section "Input Share Validation", what needs no decryption. */
static uint8_t check_metadata(const struct ska_dap_metadata *m, const struct ska_task *task)
{
    const struct ska_parameters *p = &task->parameters;
    if (ska_dap_extensions_check(m->extensions) != SKA_OK)
        return SKA_REPORT_INVALID_MESSAGE;
    uint64_t start = p->window_start_s / SKA_TIME_PRECISION_S;
    uint64_t duration = p->window_duration_s / SKA_TIME_PRECISION_S;
    uint64_t latest = (aggregator_now_s() + CLOCK_LENIENCY_S) / SKA_TIME_PRECISION_S;
    if (m->time > latest)
        return SKA_REPORT_TOO_EARLY;
    if (m->time < start)
        return SKA_REPORT_TASK_NOT_STARTED;
    if (m->time - start >= duration)
        return SKA_REPORT_TASK_EXPIRED;
    return m->time == ska_task_time(task) ? SKA_REPORT_OK : SKA_REPORT_DROPPED;
}

/* --- replay, numbers, state --- */

/* Whether a report may be accepted now; fills in the row that would be stored. A status other than
 * SKA_OK: nothing was decided. */
static enum ska_status judge(uint8_t *error, struct store_report *row, struct aggregator *a,
                             const struct verify_report *r, const struct ska_task *task)
{
    struct ska_public_share share;
    enum ska_status status =
        ska_public_share_decode(&share, r->public_share, task->config.statement);
    if (verify_is_undecided(status))
        return status;
    if (status != SKA_OK || share.number > STORE_NUMBER_MAX ||
        !verify_share_fits(&r->ciphertext, SKA_ROLE_HELPER, task)) {
        *error = SKA_REPORT_INVALID_MESSAGE;
        return SKA_OK;
    }
    row->contributor = share.contributor;
    row->number = share.number;
    struct store_report known;
    status = store_report_find(&known, a->store, row->task, r->metadata.report_id);
    if (status == SKA_E_NOT_FOUND)
        status =
            store_report_find_number(&known, a->store, row->task, row->contributor, row->number);
    if (status == SKA_OK) {
        *error = SKA_REPORT_REPLAYED;
        return SKA_OK;
    }
    if (status != SKA_E_NOT_FOUND)
        return status;
    uint64_t highest = 0;
    SKA_TRY(store_report_highest(&highest, a->store, row->task, row->contributor));
    uint64_t n = 0; /* never more than the leader has, which refuses first */
    SKA_TRY(store_report_count(&n, a->store, row->task, row->contributor));
    bool drop = row->number <= highest || n >= CONTRIBUTOR_REPORTS_MAX;
    *error = drop ? SKA_REPORT_DROPPED : SKA_REPORT_OK;
    return SKA_OK;
}

static enum ska_status keep_accepted(struct aggregator *a, struct store_report *row,
                                     const struct verify_report *r)
{
    memcpy(row->report_id, r->metadata.report_id, sizeof row->report_id);
    ska_sha256(row->sha256, r->public_share.data, r->public_share.len);
    memcpy(row->digest, row->sha256, sizeof row->digest); /* the helper never sees whole reports */
    row->length = r->public_share.len;
    row->state = STORE_REPORT_ACCEPTED;
    if (r->message.len != sizeof row->leader + sizeof row->helper)
        return SKA_E_BUG;
    memcpy(row->leader, r->message.data, sizeof row->leader);
    memcpy(row->helper, r->message.data + sizeof row->leader, sizeof row->helper);
    SKA_TRY(store_report_add(&row->id, a->store, row, (struct ska_slice){0}));
    SKA_TRY(store_public_share_add(a->store, row->id, r->public_share));
    SKA_TRY(store_output_add(a->store, row->id, (struct ska_slice){r->output.data, r->output.len}));
    return tlog_add_report(a, row->id);
}

static enum ska_status write_response(struct ska_writer *w, const struct verify_report *r)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer payload = {0};
    struct ska_dap_verify_resp resp = {.type = SKA_DAP_REJECT, .error = r->error};
    memcpy(resp.report_id, r->metadata.report_id, sizeof resp.report_id);
    if (r->error == 0) {
        ska_ping_pong_finish_encode(&payload, (struct ska_slice){r->message.data, r->message.len});
        SKA_TRY(ska_writer_status(&payload));
        resp.type = SKA_DAP_CONTINUE;
        resp.payload = (struct ska_slice){payload.data, payload.len};
    }
    ska_dap_verify_resp_encode(w, &resp);
    return ska_writer_status(w);
}

/* --- the transaction --- */

static void job_name(uint8_t name[static STORE_NAME_BYTES], const struct helper_job *job)
{
    memcpy(name, job->request_sha256, STORE_NAME_BYTES);
}

static enum ska_status decide(struct ska_writer *w, struct aggregator *a, struct helper_job *job)
{
    struct store_task task;
    SKA_TRY(store_task_get(&task, a->store, job->task->id));
    for (size_t i = 0; i < job->verify.n; i++) {
        struct verify_report *r = &job->verify.reports[i];
        struct store_report row = {.task = job->task->id};
        if (r->error == 0)
            r->error = upload_state_error(task.state);
        if (r->error == 0)
            SKA_TRY(judge(&r->error, &row, a, r, job->task->task));
        if (r->error == 0)
            SKA_TRY(keep_accepted(a, &row, r));
        SKA_TRY(write_response(w, r));
    }
    uint8_t name[STORE_NAME_BYTES];
    job_name(name, job);
    return store_answer_add(a->store, job->task->id, name, job->request_sha256,
                            (struct ska_slice){w->data, w->len});
}

static enum ska_status settle(struct ska_writer *w, struct aggregator *a, struct helper_job *job)
{
    SKA_TRY(job->verify.status);
    SKA_TRY(store_begin(a->store));
    return store_end(a->store, decide(w, a, job));
}

static void log_job(const struct helper_job *job)
{
    size_t good = 0;
    for (size_t i = 0; i < job->verify.n; i++)
        good += job->verify.reports[i].error == 0 ? 1 : 0;
    log_info("job_verified", "accepted=%zu refused=%zu", good, job->verify.n - good);
}

bool job_verified(struct aggregator *a, struct verify_work *work)
{
    struct helper_job **at = &a->jobs;
    while (*at != NULL && &(*at)->verify.work != work)
        at = &(*at)->next;
    if (*at == NULL)
        return false;
    SKA_SCOPED(job_release) struct helper_job *job = *at;
    *at = job->next;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    enum ska_status status = settle(&w, a, job);
    if (status != SKA_OK) {
        log_error("job_failed", "status=%s", ska_status_name(status));
        reply_parked_status(a, PARKED_JOB, job->serial,
                            ska_status_class(status) == SKA_CLASS_REJECTED ? SKA_E_BUG : status,
                            NULL);
        return true;
    }
    log_job(job);
    uint8_t name[STORE_NAME_BYTES];
    job_name(name, job);
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_JOB, job->serial)) != 0)
        reply_created(a, handle, MEDIA_AGGREGATION_JOB_RESP, name,
                      (struct ska_slice){w.data, w.len});
    return true;
}

/* --- the requests --- */

/* Fill in the batch from the request. A report that was seen before is not verified again. */
static enum ska_status fill_batch(struct helper_job *job, struct aggregator *a,
                                  const struct ska_dap_verify_init *at)
{
    struct verify_batch *b = &job->verify;
    b->role = SKA_ROLE_HELPER;
    b->task = job->task->task;
    b->vdaf = a->vdaf;
    b->hpke = &a->hpke;
    b->hpke_config_id = (uint8_t)a->config->hpke_config_id;
    for (size_t i = 0; i < b->n; i++) {
        struct verify_report *r = &b->reports[i];
        struct store_report row = {.task = job->task->id};
        r->metadata = at[i].metadata;
        r->public_share = at[i].public_share;
        r->ciphertext = at[i].encrypted_input_share;
        r->inbound = at[i].payload;
        r->error = check_metadata(&r->metadata, b->task);
        if (r->error == 0)
            SKA_TRY(judge(&r->error, &row, a, r, b->task));
    }
    return SKA_OK;
}

/* Everything of a new job but its place in the list; sets *problem if the request is malformed. */
static enum ska_status job_new(struct helper_job **out, enum ska_problem *problem,
                               struct aggregator *a, struct task_entry *t,
                               const struct ipc_request *m, const uint8_t hash[static 32])
{
    SKA_SCOPED(job_release) struct helper_job *job = ska_alloc(1, sizeof *job);
    SKA_SCOPED(ska_scoped_free)
    struct ska_dap_verify_init *at = ska_alloc(JOB_REPORTS_MAX, sizeof *at);
    if (job == NULL || at == NULL)
        return SKA_E_MEMORY;
    job->body = ska_alloc(m->body.len + 1, 1);
    if (job->body == NULL)
        return SKA_E_MEMORY;
    if (m->body.len > 0)
        memcpy(job->body, m->body.data, m->body.len);
    memcpy(job->request_sha256, hash, sizeof job->request_sha256);
    size_t n = 0;
    *problem = read_request(at, &n, (struct ska_slice){job->body, m->body.len});
    if (*problem != SKA_PROBLEM_NONE)
        return SKA_E_FORMAT;
    SKA_TRY(verify_batch_init(&job->verify, n));
    job->task = t;
    task_pin(t);
    SKA_TRY(fill_batch(job, a, at));
    job->serial = ++a->last_job;
    *out = job;
    job = NULL;
    return SKA_OK;
}

/* A job that is being verified for these very bytes, and how many there are. */
static struct helper_job *find_job(const struct aggregator *a, size_t *n, int64_t task,
                                   const uint8_t hash[static 32])
{
    struct helper_job *found = NULL;
    *n = 0;
    for (struct helper_job *job = a->jobs; job != NULL; job = job->next) {
        (*n)++;
        if (job->task->id == task && memcmp(job->request_sha256, hash, 32) == 0)
            found = job;
    }
    return found;
}

static void start_job(struct aggregator *a, uint64_t handle, struct task_entry *t,
                      const struct ipc_request *m, const uint8_t hash[static 32])
{
    size_t n = 0;
    struct helper_job *job = find_job(a, &n, t->id, hash);
    if (job != NULL) {
        request_park(a, handle, PARKED_JOB, job->serial, 0, NULL);
        return;
    }
    if (n >= HELPER_JOBS_MAX) {
        reply_status(a, handle, SKA_E_BUSY, NULL);
        return;
    }
    enum ska_problem problem = SKA_PROBLEM_NONE;
    enum ska_status status = job_new(&job, &problem, a, t, m, hash);
    if (problem != SKA_PROBLEM_NONE) {
        reply_problem(a, handle, problem, 400, "the aggregation job is not acceptable");
        return;
    }
    if (status != SKA_OK) {
        reply_status(a, handle, status, NULL);
        return;
    }
    job->next = a->jobs;
    a->jobs = job;
    request_park(a, handle, PARKED_JOB, job->serial, 0, NULL);
    verify_pool_submit(a->pool, &job->verify.work);
}

void handle_job(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    struct task_entry *t = NULL;
    if (!task_load_or_answer(&row, &t, a, handle, m))
        return;
    uint8_t hash[SKA_HASH_BYTES];
    uint8_t name[STORE_NAME_BYTES];
    SKA_SCOPED(ska_scoped_free) uint8_t *known = NULL;
    size_t len = 0;
    ska_sha256(hash, m->body.data, m->body.len);
    enum ska_status status = store_answer_find(name, &known, &len, a->store, row.id, hash);
    if (status == SKA_OK)
        reply_created(a, handle, MEDIA_AGGREGATION_JOB_RESP, name, (struct ska_slice){known, len});
    else if (status == SKA_E_NOT_FOUND)
        start_job(a, handle, t, m, hash);
    else
        reply_status(a, handle, status, NULL);
}

/* --- the job as a resource --- */

static bool job_or_answer(uint8_t name[static STORE_NAME_BYTES], uint8_t **data, size_t *len,
                          struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m))
        return false;
    enum ska_status status = ska_base64url_decode(name, STORE_NAME_BYTES, m->name, strlen(m->name));
    if (status == SKA_OK)
        status = store_answer_get(data, len, a->store, row.id, name);
    if (status == SKA_OK)
        return true;
    if (status == SKA_E_NOT_FOUND || status == SKA_E_FORMAT)
        reply_problem(a, handle, SKA_PROBLEM_UNRECOGNIZED_AGGREGATION_JOB, 404,
                      "no aggregation job of this identifier is known here");
    else
        reply_status(a, handle, status, NULL);
    return false;
}

void handle_job_get(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    uint8_t name[STORE_NAME_BYTES];
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (job_or_answer(name, &data, &len, a, handle, m))
        reply_body(a, handle, 200, MEDIA_AGGREGATION_JOB_RESP, (struct ska_slice){data, len});
}

/* A one-round VDAF is finished by its first request: there is no step to go to. */
void handle_job_continue(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    uint8_t name[STORE_NAME_BYTES];
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (job_or_answer(name, &data, &len, a, handle, m))
        reply_problem(a, handle, SKA_PROBLEM_STEP_MISMATCH, 400,
                      "the job was finished by its first step");
}

/* The answer goes; what replay protection needs (the reports) stays. */
void handle_job_delete(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    uint8_t name[STORE_NAME_BYTES];
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (!job_or_answer(name, &data, &len, a, handle, m))
        return;
    struct store_task row;
    enum ska_status status = store_task_find(&row, a->store, m->task_id);
    if (status == SKA_OK)
        status = store_begin(a->store);
    if (status == SKA_OK)
        status = store_end(a->store, store_answer_delete(a->store, row.id, name));
    if (status == SKA_OK)
        reply_body(a, handle, 200, MEDIA_NONE, (struct ska_slice){0});
    else
        reply_status(a, handle, status, NULL);
}
