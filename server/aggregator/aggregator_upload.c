/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_upload.c - uploads: cheap checks at once, then one transaction for all that came
 * within commit_delay_ms, and the answers after its commit.
 *
 * For each report, the first that applies (docs/faults.md):
 *
 *     report extensions                                     invalid_message
 *     its key configuration is not ours                     outdated_config
 *     its time is not the task's                            report_dropped
 *     now is before / after the window                      report_too_early / task_expired
 *     the public share has another form                     invalid_message
 *     a sealed input share of another length                invalid_message
 *     contributor not on the roster, signature wrong        vdaf_verify_error
 *     the task is not open                                  task_not_started, task_expired,
 *                                                           batch_collected
 *     the same report again                                 none, or why it was rejected
 *     identifier or (contributor, number) with other bytes  report_replayed
 *     a number not above the highest                        report_dropped
 *     the contributor has CONTRIBUTOR_REPORTS_MAX already   report_dropped
 */
#include "server/aggregator/aggregator_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum.h"
#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "server/log.h"

struct upload_report {
    struct ska_slice encoded; /* in the upload's body */
    struct store_report row;  /* what is to be stored */
    uint8_t error;            /* DAP report error; 0: none */
};

/* One request. */
struct upload {
    struct upload *next;
    uint64_t handle;
    int64_t task;
    uint8_t *body; /* owned copy */
    size_t body_len;
    size_t n;
    struct upload_report reports[UPLOAD_REPORTS_MAX];
};

static void upload_free(struct upload *u)
{
    free(u->body);
    free(u);
}

SKA_DEFINE_RELEASE(struct upload *, upload_release, upload_free)

uint8_t upload_state_error(enum ska_task_state state)
{
    switch (state) {
    case SKA_TASK_PROPOSED:
    case SKA_TASK_READY:
        return SKA_REPORT_TASK_NOT_STARTED;
    case SKA_TASK_OPEN:
        return SKA_REPORT_OK;
    case SKA_TASK_CLOSING:
    case SKA_TASK_CLOSED:
        return SKA_REPORT_TASK_EXPIRED;
    case SKA_TASK_COLLECTED:
        return SKA_REPORT_BATCH_COLLECTED;
    }
    return SKA_REPORT_DROPPED;
}

static uint8_t check_time(const struct ska_dap_metadata *metadata, const struct ska_task *task)
{
    const struct ska_parameters *p = &task->parameters;
    if (metadata->time != ska_task_time(task))
        return SKA_REPORT_DROPPED;
    uint64_t now = aggregator_now_s();
    if (now + CLOCK_LENIENCY_S < p->window_start_s)
        return SKA_REPORT_TOO_EARLY;
    if (now >= p->window_start_s + p->window_duration_s + CLOCK_LENIENCY_S)
        return SKA_REPORT_TASK_EXPIRED;
    return SKA_REPORT_OK;
}

static uint8_t check_metadata(const struct aggregator *a, const struct ska_dap_report *r,
                              const struct ska_task *task)
{
    if (ska_dap_extensions_check(r->metadata.extensions) != SKA_OK)
        return SKA_REPORT_INVALID_MESSAGE;
    if (r->leader.config_id != a->config->hpke_config_id ||
        !parameters_name_our_hpke(a, &task->parameters))
        return SKA_REPORT_OUTDATED_CONFIG;
    return check_time(&r->metadata, task);
}

/* Form and signature of the public share, and the length of what is sealed. */
static enum ska_status check_shares(uint8_t *error, struct store_report *row,
                                    const struct ska_dap_report *r, const struct ska_task *task)
{
    struct ska_public_share share;
    enum ska_status status =
        ska_public_share_decode(&share, r->public_share, task->config.statement);
    if (verify_is_undecided(status))
        return status;
    *error = SKA_REPORT_INVALID_MESSAGE;
    if (status != SKA_OK || share.number > STORE_NUMBER_MAX ||
        !verify_share_fits(&r->leader, SKA_ROLE_LEADER, task) ||
        !verify_share_fits(&r->helper, SKA_ROLE_HELPER, task))
        return SKA_OK;
    status = ska_public_share_authenticate(&share, &task->config, r->metadata.report_id);
    if (verify_is_undecided(status))
        return status;
    *error = status == SKA_OK ? SKA_REPORT_OK : SKA_REPORT_VDAF_VERIFY_ERROR;
    row->contributor = share.contributor;
    row->number = share.number;
    return SKA_OK;
}

/* Everything that needs no database. SKA_E_MEMORY and the like: nothing could be decided. */
static enum ska_status check_report(uint8_t *error, struct store_report *row,
                                    const struct aggregator *a, const struct ska_dap_report *r,
                                    const struct ska_task *task)
{
    *error = check_metadata(a, r, task);
    return *error == SKA_REPORT_OK ? check_shares(error, row, r, task) : SKA_OK;
}

/* Take the body apart. SKA_E_LIMIT: too many reports; SKA_E_MEMORY and the like: try again. */
static enum ska_status read_upload(struct upload *u, const struct aggregator *a,
                                   const struct ska_task *task)
{
    struct ska_reader r;
    ska_reader_init(&r, u->body, u->body_len);
    if (r.left == 0)
        return SKA_E_TRUNCATED;
    while (r.left > 0) {
        if (u->n == UPLOAD_REPORTS_MAX)
            return SKA_E_LIMIT;
        struct upload_report *out = &u->reports[u->n];
        struct ska_dap_report report;
        out->encoded.data = r.at;
        SKA_TRY(ska_dap_report_decode(&report, &r));
        out->encoded.len = (size_t)(r.at - out->encoded.data);
        out->row = (struct store_report){
            .task = u->task, .state = STORE_REPORT_STORED, .length = report.public_share.len};
        memcpy(out->row.report_id, report.metadata.report_id, sizeof out->row.report_id);
        SKA_TRY(check_report(&out->error, &out->row, a, &report, task));
        ska_sha256(out->row.digest, out->encoded.data, out->encoded.len);
        ska_sha256(out->row.sha256, report.public_share.data, report.public_share.len);
        u->n++;
    }
    return SKA_OK;
}

/* --- the transaction --- */

/* A report that is there already: the same once more, or another under its name. */
static uint8_t judge_known(const struct store_report *known, const struct store_report *row)
{
    if (memcmp(known->digest, row->digest, sizeof row->digest) != 0)
        return SKA_REPORT_REPLAYED;
    return known->error; /* accepted or on its way: none */
}

static enum ska_status store_one(struct upload_report *u, struct aggregator *a)
{
    struct store_report known;
    enum ska_status status = store_report_find(&known, a->store, u->row.task, u->row.report_id);
    if (status == SKA_OK) {
        u->error = judge_known(&known, &u->row);
        return SKA_OK;
    }
    if (status != SKA_E_NOT_FOUND)
        return status;
    status =
        store_report_find_number(&known, a->store, u->row.task, u->row.contributor, u->row.number);
    if (status == SKA_OK) {
        u->error = SKA_REPORT_REPLAYED;
        return SKA_OK;
    }
    if (status != SKA_E_NOT_FOUND)
        return status;
    uint64_t highest = 0;
    SKA_TRY(store_report_highest(&highest, a->store, u->row.task, u->row.contributor));
    uint64_t n = 0;
    SKA_TRY(store_report_count(&n, a->store, u->row.task, u->row.contributor));
    if (u->row.number <= highest || n >= CONTRIBUTOR_REPORTS_MAX) {
        u->error = SKA_REPORT_DROPPED;
        return SKA_OK;
    }
    return store_report_add(&u->row.id, a->store, &u->row, u->encoded);
}

static enum ska_status store_upload(struct upload *u, struct aggregator *a)
{
    struct store_task task;
    SKA_TRY(store_task_get(&task, a->store, u->task));
    uint8_t closed = upload_state_error(task.state);
    for (size_t i = 0; i < u->n; i++) {
        struct upload_report *r = &u->reports[i];
        if (r->error == SKA_REPORT_OK)
            r->error = closed;
        if (r->error == SKA_REPORT_OK)
            SKA_TRY(store_one(r, a));
    }
    return SKA_OK;
}

static enum ska_status store_group(struct aggregator *a, struct upload *group)
{
    SKA_TRY(store_begin(a->store));
    enum ska_status status = SKA_OK;
    for (struct upload *u = group; u != NULL && status == SKA_OK; u = u->next)
        status = store_upload(u, a);
    return store_end(a->store, status);
}

static void answer_upload(struct aggregator *a, const struct upload *u)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    for (size_t i = 0; i < u->n; i++) {
        const struct upload_report *r = &u->reports[i];
        if (r->error == SKA_REPORT_OK)
            continue;
        ska_dap_upload_status_encode(&w, r->row.report_id, r->error);
        log_peer("upload_refused", "error=%s", ska_report_error_name(r->error));
    }
    enum ska_status status = ska_writer_status(&w);
    if (status != SKA_OK)
        reply_status(a, u->handle, status, NULL);
    else
        reply_body(a, u->handle, 200, w.len == 0 ? MEDIA_NONE : MEDIA_UPLOAD_ERRORS,
                   (struct ska_slice){w.data, w.len});
}

void upload_flush(struct aggregator *a)
{
    struct upload *group = a->uploads;
    a->uploads = NULL;
    a->upload_bytes = 0;
    a->commit_at_ms = 0;
    if (group == NULL)
        return;
    enum ska_status status = store_group(a, group);
    if (status != SKA_OK)
        log_error("store_failed", "what=upload status=%s", ska_status_name(status));
    while (group != NULL) {
        SKA_SCOPED(upload_release) struct upload *u = group;
        group = u->next;
        if (status == SKA_OK)
            answer_upload(a, u);
        else
            reply_status(a, u->handle, status, NULL);
    }
    batch_fill(a);
}

void upload_tick(struct aggregator *a)
{
    if (a->commit_at_ms == 0)
        return;
    if (a->commit_at_ms <= aggregator_now_ms())
        upload_flush(a);
    else
        aggregator_wake_at(a, a->commit_at_ms);
}

void upload_free_all(struct aggregator *a)
{
    while (a->uploads != NULL) {
        struct upload *u = a->uploads;
        a->uploads = u->next;
        upload_free(u);
    }
}

/* --- the request --- */

static void join_group(struct aggregator *a, struct upload *u)
{
    struct upload **at = &a->uploads;
    while (*at != NULL)
        at = &(*at)->next;
    *at = u;
    a->upload_bytes += u->body_len;
    request_park(a, u->handle, PARKED_COMMIT, 0, 0, NULL);
    if (a->commit_at_ms == 0)
        a->commit_at_ms = aggregator_now_ms() + a->config->commit_delay_ms;
    if (a->upload_bytes >= UPLOAD_GROUP_BYTES || a->config->commit_delay_ms == 0)
        upload_flush(a);
    else
        aggregator_wake_at(a, a->commit_at_ms);
}

void handle_upload(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    struct task_entry *t = NULL;
    if (!task_load_or_answer(&row, &t, a, handle, m))
        return;
    SKA_SCOPED(upload_release) struct upload *u = ska_alloc(1, sizeof *u);
    uint8_t *body = ska_alloc(m->body.len + 1, 1);
    if (u == NULL || body == NULL) {
        free(body);
        reply_status(a, handle, SKA_E_MEMORY, NULL);
        return;
    }
    if (m->body.len > 0)
        memcpy(body, m->body.data, m->body.len);
    u->handle = handle;
    u->task = row.id;
    u->body = body;
    u->body_len = m->body.len;
    enum ska_status status = read_upload(u, a, t->task);
    if (status != SKA_OK) {
        reply_status(a, handle, status, NULL);
        return;
    }
    struct upload *kept = u;
    u = NULL;
    join_group(a, kept);
}
