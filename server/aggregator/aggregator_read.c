/* SPDX-License-Identifier: EUPL-1.2 */
/* aggregator_read.c - the resources that only read. */
#include "server/aggregator/aggregator_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

/* Answer with what was written, or with why it could not be. */
static void answer_written(struct aggregator *a, uint64_t handle, enum media media,
                           enum ska_status status, struct ska_writer *w)
{
    if (status == SKA_OK)
        status = ska_writer_status(w);
    if (status == SKA_OK)
        reply_body(a, handle, 200, media, (struct ska_slice){w->data, w->len});
    else
        reply_status(a, handle, status, NULL);
}

void handle_hpke_config(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    (void)m;
    struct ska_hpke_recipient own = {.config_id = (uint8_t)a->config->hpke_config_id};
    memcpy(own.public_key, a->hpke.public_key, sizeof own.public_key);
    const struct ska_dap_hpke_config config = ska_dap_hpke_config_of(&own);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_dap_hpke_config_list_encode(&w, &config, 1);
    answer_written(a, handle, MEDIA_HPKE_CONFIG_LIST, SKA_OK, &w);
}

static enum ska_status write_tasks(struct ska_writer *w, struct aggregator *a)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *tasks = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_task_listing *list = NULL;
    size_t n = 0;
    SKA_TRY(store_task_all(&tasks, &n, a->store));
    list = ska_alloc(n + 1, sizeof *list);
    if (list == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        memcpy(list[i].task_id, tasks[i].task_id, sizeof list[i].task_id);
        memcpy(list[i].collection, tasks[i].collection, sizeof list[i].collection);
        memcpy(list[i].period, tasks[i].period, sizeof list[i].period);
        list[i].revision = tasks[i].revision;
        list[i].state = tasks[i].state;
    }
    ska_task_list_encode(w, list, n);
    return SKA_OK;
}

void handle_tasks(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    (void)m;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    enum ska_status status = write_tasks(&w, a);
    answer_written(a, handle, MEDIA_TASK_LIST, status, &w);
}

void handle_parameters_get(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m))
        return;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    enum ska_status status = store_task_parameters(&data, &len, a->store, row.id);
    if (status == SKA_OK)
        reply_body(a, handle, 200, MEDIA_PARAMETERS, (struct ska_slice){data, len});
    else
        reply_status(a, handle, status, NULL);
}

void handle_status(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m))
        return;
    reply_task_state(a, handle, 200, &row);
}

void reply_task_state(struct aggregator *a, uint64_t handle, uint16_t status,
                      const struct store_task *row)
{
    struct ska_task_status s = {.state = row->state, .serial = row->serial};
    memcpy(s.task_id, row->task_id, sizeof s.task_id);
    uint8_t bytes[SKA_TASK_STATUS_BYTES];
    ska_task_status_encode(bytes, &s);
    struct ipc_answer m = {.status = status, .media = MEDIA_TASK_STATUS};
    m.retry_after_s = status == 202 ? RETRY_AFTER_S : 0;
    m.body = (struct ska_slice){bytes, sizeof bytes};
    reply(a, handle, &m);
}

/* --- a contributor's own submissions --- */

static struct ska_submission_status describe(const struct store_report *r,
                                             const struct ska_task *task)
{
    struct ska_submission_status s = {.number = r->number, .report_error = r->error};
    memcpy(s.report_id, r->report_id, sizeof s.report_id);
    switch (r->state) {
    case STORE_REPORT_STORED:
    case STORE_REPORT_SENT:
        s.state = SKA_SUBMISSION_PENDING;
        return s;
    case STORE_REPORT_REJECTED:
        s.state = SKA_SUBMISSION_REJECTED;
        return s;
    case STORE_REPORT_ACCEPTED:
        break;
    }
    s.state = SKA_SUBMISSION_ACCEPTED;
    s.has_receipt = true;
    struct ska_log_entry *entry = &s.receipt.entry;
    memcpy(entry->task_id, task->context.task_id, sizeof entry->task_id);
    memcpy(entry->period, task->context.period, sizeof entry->period);
    entry->revision = task->context.revision;
    entry->contributor = r->contributor;
    entry->number = r->number;
    memcpy(entry->sha256, r->sha256, sizeof entry->sha256);
    entry->length = r->length;
    memcpy(s.receipt.leader, r->leader, sizeof s.receipt.leader);
    memcpy(s.receipt.helper, r->helper, sizeof s.receipt.helper);
    return s;
}

static enum ska_status write_submissions(struct ska_writer *w, struct aggregator *a, int64_t task,
                                         const struct ska_task *decoded, uint32_t contributor)
{
    SKA_SCOPED(ska_scoped_free) struct store_report *reports = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_submission_status *list = NULL;
    size_t n = 0;
    SKA_TRY(store_report_of(&reports, &n, a->store, task, contributor));
    list = ska_alloc(n + 1, sizeof *list);
    if (list == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        list[i] = describe(&reports[i], decoded);
    ska_submissions_encode(w, list, n);
    return SKA_OK;
}

static enum ska_status check_query(const struct ska_query *q, struct ska_slice bytes,
                                   const struct ska_task *task)
{
    if (memcmp(q->task_id, task->context.task_id, sizeof q->task_id) != 0)
        return SKA_E_TASK;
    if (q->contributor >= task->parameters.roster.n)
        return SKA_E_ROSTER;
    SKA_TRY(ska_query_verify(bytes, task->parameters.roster.at[q->contributor].key));
    uint64_t now = aggregator_now_s();
    uint64_t off = q->time_s > now ? q->time_s - now : now - q->time_s;
    if (off > QUERY_AGE_MAX_S)
        return q->time_s > now ? SKA_E_TOO_EARLY : SKA_E_TOO_LATE;
    return SKA_OK;
}

void handle_submissions(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    struct task_entry *t = NULL;
    if (!task_load_or_answer(&row, &t, a, handle, m))
        return;
    struct ska_query q;
    enum ska_status status = ska_query_decode(&q, m->body);
    if (status == SKA_OK)
        status = check_query(&q, m->body, t->task);
    if (status == SKA_E_TOO_EARLY || status == SKA_E_TOO_LATE) {
        reply_status(
            a, handle, status,
            "the asking computer's clock is more than 10 minutes off this server's; set it");
        return;
    }
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (status == SKA_OK)
        status = write_submissions(&w, a, row.id, t->task, q.contributor);
    answer_written(a, handle, MEDIA_SUBMISSIONS, status, &w);
}

/* --- once closed --- */

static bool closed_or_answer(struct aggregator *a, uint64_t handle, const struct store_task *row)
{
    if (row->state == SKA_TASK_CLOSED || row->state == SKA_TASK_COLLECTED)
        return true;
    reply_status(a, handle, SKA_E_STATE, "the task is not closed");
    return false;
}

void handle_accepted(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m) || !closed_or_answer(a, handle, &row))
        return;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    enum ska_status status = store_accepted_get(&data, &len, a->store, row.id);
    if (status == SKA_OK)
        reply_body(a, handle, 200, MEDIA_ACCEPTED, (struct ska_slice){data, len});
    else
        reply_status(a, handle, status, NULL);
}

/* The name is decimal digits that fit an uint32_t (routes.c); checked again, since front is not
 * trusted. */
static enum ska_status parse_contributor(uint32_t *out, const char *name)
{
    uint64_t value = 0;
    size_t len = strlen(name);
    if (len == 0 || len > 10)
        return SKA_E_FORMAT;
    for (size_t i = 0; i < len; i++) {
        if (name[i] < '0' || name[i] > '9')
            return SKA_E_FORMAT;
        value = 10 * value + (uint64_t)(name[i] - '0');
    }
    if (value > UINT32_MAX)
        return SKA_E_FORMAT;
    *out = (uint32_t)value;
    return SKA_OK;
}

static enum ska_status write_public_share(struct ska_writer *w, struct aggregator *a, int64_t task,
                                          uint32_t contributor)
{
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_TRY(counted_load(&counted, a, task));
    const struct ska_accepted *list = &counted.list;
    uint32_t i = 0;
    while (i < list->n &&
           !(list->at[i].contributor == contributor && ska_accepted_is_counted(list, i)))
        i++;
    if (i == list->n)
        return SKA_E_NOT_FOUND;
    struct store_report r;
    SKA_TRY(store_report_find(&r, a->store, task, list->at[i].report_id));
    SKA_SCOPED(ska_scoped_free) uint8_t *share = NULL;
    size_t len = 0;
    SKA_TRY(store_public_share_get(&share, &len, a->store, r.id));
    ska_write_bytes(w, r.report_id, sizeof r.report_id);
    ska_write_bytes(w, share, len);
    return SKA_OK;
}

void handle_public_share(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m) || !closed_or_answer(a, handle, &row))
        return;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint32_t contributor = 0;
    enum ska_status status = parse_contributor(&contributor, m->name);
    if (status == SKA_OK)
        status = write_public_share(&w, a, row.id, contributor);
    answer_written(a, handle, MEDIA_PUBLIC_SHARE, status, &w);
}
