/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_share.c - the helper's aggregate share: made once, when the leader counts the same
 * reports, and kept for repetitions.
 *
 *     CLOSED, the publisher's last command is `collect`
 *         --POST, count and checksum are ours--> COLLECTED (output shares deleted)
 */
#include "server/aggregator/aggregator_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

/* What is wrong with a request, or SKA_PROBLEM_NONE. */
static enum ska_problem check_request(struct ska_dap_aggregate_share_req *q, struct ska_slice body,
                                      const struct ska_task *task)
{
    struct ska_dap_collection_req query;
    struct ska_reader r;
    if (ska_dap_aggregate_share_req_decode(q, body) != SKA_OK)
        return SKA_PROBLEM_INVALID_MESSAGE;
    ska_reader_init(&r, q->collection_req.data, q->collection_req.len);
    if (ska_dap_collection_req_decode(&query, &r) != SKA_OK || ska_read_end(&r) != SKA_OK)
        return SKA_PROBLEM_INVALID_MESSAGE;
    enum ska_problem problem = query_check(&query, task);
    if (problem != SKA_PROBLEM_NONE)
        return problem;
    if (q->batch_mode != query.batch_mode)
        return SKA_PROBLEM_INVALID_MESSAGE;
    if (q->start != query.start || q->duration != query.duration)
        return SKA_PROBLEM_BATCH_INVALID;
    return SKA_PROBLEM_NONE;
}

static enum ska_problem check_batch(const struct ska_dap_aggregate_share_req *q,
                                    const struct counted *counted, const struct ska_task *task)
{
    if (counted->n < task->parameters.policy.min_contributors)
        return SKA_PROBLEM_INVALID_BATCH_SIZE;
    if (q->report_count != counted->n ||
        memcmp(q->checksum, counted->checksum, sizeof q->checksum) != 0)
        return SKA_PROBLEM_BATCH_MISMATCH;
    return SKA_PROBLEM_NONE;
}

/* Sum, seal, and in one transaction keep the answer, end the task and delete the shares. */
static enum ska_status make_share(struct aggregator *a, const struct store_task *row,
                                  const struct ska_task *task, const struct counted *counted,
                                  const struct ska_dap_aggregate_share_req *q,
                                  struct ska_slice request)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(counted_seal(&w, a, row->id, task, counted, q->collection_req));
    uint8_t name[STORE_NAME_BYTES];
    collection_name(name, row->task_id, request);
    return collection_finish(a, row->id, name, request, (struct ska_slice){w.data, w.len});
}

static void answer_share(struct aggregator *a, uint64_t handle, int64_t task, bool created)
{
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    enum ska_status status = store_collection_get(&c, a->store, task);
    if (status == SKA_OK && !created)
        reply_body(a, handle, 200, MEDIA_AGGREGATE_SHARE,
                   (struct ska_slice){c.answer, c.answer_len});
    else if (status == SKA_OK)
        reply_created(a, handle, MEDIA_AGGREGATE_SHARE, c.name,
                      (struct ska_slice){c.answer, c.answer_len});
    else
        reply_status(a, handle, status, NULL);
}

static void create(struct aggregator *a, uint64_t handle, const struct store_task *row,
                   const struct ska_task *task, struct ska_slice body)
{
    struct ska_dap_aggregate_share_req q;
    enum ska_problem problem = check_request(&q, body, task);
    if (problem == SKA_PROBLEM_NONE && row->state == SKA_TASK_COLLECTED)
        problem = SKA_PROBLEM_BATCH_OVERLAP;
    if (problem != SKA_PROBLEM_NONE) {
        reply_problem(a, handle, problem, 400, "the aggregate share request is not acceptable");
        return;
    }
    if (row->state != SKA_TASK_CLOSED) {
        reply_status(a, handle, SKA_E_STATE, "the task is not closed");
        return;
    }
    enum ska_status status = control_collectable(a, row);
    if (status != SKA_OK) {
        reply_status(a, handle, status,
                     status == SKA_E_STATE ? "the publisher has not asked for the totals" : NULL);
        return;
    }
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    status = collection_allowed(a, row, task, NULL);
    if (status == SKA_OK)
        status = counted_load(&counted, a, row->id);
    else if (status == SKA_E_STATE || status == SKA_E_MISMATCH || status == SKA_E_BATCH_SIZE)
        problem = SKA_PROBLEM_BATCH_OVERLAP;
    if (status == SKA_OK)
        problem = check_batch(&q, &counted, task);
    if (problem != SKA_PROBLEM_NONE) {
        reply_problem(a, handle, problem, 400, "the batch is not acceptable");
        return;
    }
    if (status == SKA_OK)
        status = make_share(a, row, task, &counted, &q, body);
    if (status == SKA_OK)
        answer_share(a, handle, row->id, true);
    else
        reply_status(a, handle, status, NULL);
}

void handle_share(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    struct task_entry *t = NULL;
    if (!task_load_or_answer(&row, &t, a, handle, m))
        return;
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    enum ska_status status = store_collection_get(&c, a->store, row.id);
    if (status == SKA_OK && c.answer != NULL && c.request_len == m->body.len &&
        memcmp(c.request, m->body.data, c.request_len) == 0)
        answer_share(a, handle, row.id, true);
    else if (status == SKA_OK || status == SKA_E_NOT_FOUND)
        create(a, handle, &row, t->task, m->body);
    else
        reply_status(a, handle, status, NULL);
}

static bool share_or_answer(struct store_task *row, struct aggregator *a, uint64_t handle,
                            const struct ipc_request *m)
{
    if (!task_find_or_answer(row, a, handle, m))
        return false;
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    uint8_t name[STORE_NAME_BYTES];
    enum ska_status status = ska_base64url_decode(name, sizeof name, m->name, strlen(m->name));
    if (status == SKA_OK)
        status = store_collection_get(&c, a->store, row->id);
    if (status == SKA_OK && memcmp(name, c.name, sizeof name) == 0)
        return true;
    if (status == SKA_OK || status == SKA_E_FORMAT)
        status = SKA_E_NOT_FOUND;
    reply_status(a, handle, status, NULL);
    return false;
}

void handle_share_get(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (share_or_answer(&row, a, handle, m))
        answer_share(a, handle, row.id, false);
}

/* Acknowledged, and kept: the share could not be made a second time. */
void handle_share_delete(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (share_or_answer(&row, a, handle, m))
        reply_body(a, handle, 200, MEDIA_NONE, (struct ska_slice){0});
}
