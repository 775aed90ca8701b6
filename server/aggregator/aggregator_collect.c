/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_collect.c - the leader's collection job: one per task, once it is CLOSED and the
 * publisher's last command is `collect`.
 *
 *     CLOSED --POST: row stored--> asking the helper --its share--> COLLECTED, answer stored
 *                 ^---------- refused by the helper: row deleted --+
 *
 * Who creates the job is not asked: when it may be created is the publisher's decision, what comes
 * out opens for the collector of the signed parameters alone, and the one query that is accepted is
 * fixed by the parameters. Before the command a request is refused and leaves nothing behind, so
 * that a stranger cannot end the time for reopening. Deleting the job is acknowledged and does
 * nothing, since it could not be made a second time.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "server/log.h"

/* The name follows from task and request, so that a repetition has the same. */
void collection_name(uint8_t name[static STORE_NAME_BYTES], const uint8_t task_id[static 32],
                     struct ska_slice request)
{
    uint8_t hash[SKA_HASH_BYTES];
    const struct ska_slice pieces[2] = {{task_id, 32}, request};
    ska_sha256_pieces(hash, pieces, 2);
    memcpy(name, hash, STORE_NAME_BYTES);
}

/* --- the helper's answer --- */

static enum ska_status write_response(struct ska_writer *w, struct aggregator *a, int64_t task,
                                      const struct store_collection *c, struct ska_slice helper)
{
    struct task_entry *t = NULL;
    SKA_TRY(task_load(&t, a, task));
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_TRY(counted_load(&counted, a, task));
    SKA_SCOPED(ska_writer_clear) struct ska_writer own = {0};
    SKA_TRY(counted_seal(&own, a, task, t->task, &counted,
                         (struct ska_slice){c->request, c->request_len}));
    struct ska_dap_collection_resp resp = {
        .report_count = counted.n, .start = ska_task_time(t->task), .duration = 1};
    struct ska_reader r;
    ska_reader_init(&r, own.data, own.len);
    SKA_TRY(ska_dap_ciphertext_decode(&resp.leader, &r));
    ska_reader_init(&r, helper.data, helper.len);
    if (ska_dap_ciphertext_decode(&resp.helper, &r) != SKA_OK || ska_read_end(&r) != SKA_OK)
        return SKA_E_PEER;
    ska_dap_collection_resp_encode(w, &resp);
    return ska_writer_status(w);
}

/* The leader's row is there already; the helper's is made with its answer. */
static enum ska_status keep_answer(struct aggregator *a, int64_t task,
                                   const uint8_t name[static STORE_NAME_BYTES],
                                   struct ska_slice request, struct ska_slice answer_bytes)
{
    if (a->config->role == SKA_ROLE_LEADER)
        return store_collection_set_answer(a->store, task, answer_bytes);
    return store_collection_add(a->store, task, name, request, answer_bytes);
}

/* What a correction opened is told in the log once it is collected. */
static enum ska_status log_changes(struct aggregator *a, int64_t task)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *both = NULL;
    size_t len = 0;
    enum ska_status status = store_changes_get(&both, &len, a->store, task);
    if (status == SKA_OK)
        status = tlog_add(a, task, SKA_LEAF_CHANGES, 0, (struct ska_slice){both, len});
    return status == SKA_E_NOT_FOUND ? SKA_OK : status;
}

enum ska_status collection_finish(struct aggregator *a, int64_t task,
                                  const uint8_t name[static STORE_NAME_BYTES],
                                  struct ska_slice request, struct ska_slice answer_bytes)
{
    SKA_TRY(store_begin(a->store));
    enum ska_status status = keep_answer(a, task, name, request, answer_bytes);
    if (status == SKA_OK)
        status = store_task_set_state(a->store, task, SKA_TASK_COLLECTED);
    if (status == SKA_OK)
        status = store_output_delete(a->store, task);
    if (status == SKA_OK)
        status = log_changes(a, task);
    SKA_TRY(store_end(a->store, status));
    /* The deleted shares leave the log too; if that fails now, a later checkpoint does it. */
    status = store_checkpoint(a->store);
    if (status != SKA_OK)
        log_warn("checkpoint_failed", "status=%s", ska_status_name(status));
    log_info("task_state", "row=%lld state=collected", (long long)task);
    tlog_cut(a);
    return SKA_OK;
}

static enum ska_status take_share(struct aggregator *a, int64_t task, struct ska_slice body)
{
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    SKA_TRY(store_collection_get(&c, a->store, task));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(write_response(&w, a, task, &c, body));
    SKA_TRY(collection_finish(a, task, c.name, (struct ska_slice){c.request, c.request_len},
                              (struct ska_slice){w.data, w.len}));
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_COLLECT, task)) != 0)
        reply_created(a, handle, MEDIA_COLLECTION_JOB_RESP, c.name,
                      (struct ska_slice){w.data, w.len});
    return SKA_OK;
}

/* The job has failed for good: forget it, so that it can be tried anew. */
static enum call_next on_refused(struct aggregator *a, const struct call *c,
                                 const struct ipc_fetched *m)
{
    log_error("collection_refused", "row=%lld", (long long)c->key);
    enum ska_status status = store_begin(a->store);
    if (status == SKA_OK)
        status = store_end(a->store, store_collection_delete(a->store, c->key));
    if (status != SKA_OK)
        return CALL_REPEAT;
    call_pass_on(a, PARKED_COLLECT, c->key, m);
    return CALL_DONE;
}

static enum call_next on_share(struct aggregator *a, struct call *c, enum call_result result,
                               const struct ipc_fetched *m)
{
    if (result == CALL_FAILED)
        return CALL_REPEAT;
    if (result == CALL_REFUSED)
        return on_refused(a, c, m);
    enum ska_status status = take_share(a, c->key, m->body);
    if (status == SKA_OK)
        return CALL_DONE;
    if (status == SKA_E_PEER)
        log_peer("peer_answered_wrongly", "what=aggregate_share");
    else
        log_error("collection_failed", "status=%s", ska_status_name(status));
    return CALL_REPEAT;
}

static enum ska_status ask_helper(struct aggregator *a, const struct store_task *row,
                                  const struct store_collection *c)
{
    struct task_entry *t = NULL;
    SKA_TRY(task_load(&t, a, row->id));
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_TRY(counted_load(&counted, a, row->id));
    struct ska_dap_aggregate_share_req q = {.collection_req = {c->request, c->request_len},
                                            .batch_mode = SKA_DAP_BATCH_TIME_INTERVAL,
                                            .start = ska_task_time(t->task),
                                            .duration = 1,
                                            .report_count = counted.n};
    memcpy(q.checksum, counted.checksum, sizeof q.checksum);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_dap_aggregate_share_req_encode(&w, &q);
    SKA_TRY(ska_writer_status(&w));
    struct call *call = NULL;
    SKA_TRY(call_new(&call, a, ROUTE_AGGREGATE_SHARES, row->task_id,
                     (struct ska_slice){w.data, w.len}));
    call->key = row->id;
    call->answered = on_share;
    call_start(a, call);
    return SKA_OK;
}

void collect_advance(struct aggregator *a, int64_t task)
{
    if (a->draining || call_is_open(a, task))
        return;
    struct store_task row;
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    enum ska_status status = store_collection_get(&c, a->store, task);
    if (status == SKA_E_NOT_FOUND)
        return;
    if (status == SKA_OK)
        status = store_task_get(&row, a->store, task);
    if (status == SKA_OK && row.state == SKA_TASK_CLOSED)
        status = ask_helper(a, &row, &c);
    if (status != SKA_OK) /* goes on with the next request for the job, or after a restart */
        log_error("collection_failed", "status=%s", ska_status_name(status));
}

/* --- the requests --- */

static void answer_query_problem(struct aggregator *a, uint64_t handle, enum ska_problem problem)
{
    reply_problem(a, handle, problem, 400,
                  problem == SKA_PROBLEM_BATCH_INVALID
                      ? "the query must be the task's one bucket: its window's first hour"
                      : "the collection job is not acceptable");
}

/* A job that is there: its result, or wait for it. */
static void answer_collection(struct aggregator *a, uint64_t handle, int64_t task,
                              const struct store_collection *c)
{
    if (c->answer != NULL) {
        reply_created(a, handle, MEDIA_COLLECTION_JOB_RESP, c->name,
                      (struct ska_slice){c->answer, c->answer_len});
        return;
    }
    struct ipc_answer late = {.status = 201, .retry_after_s = RETRY_AFTER_S};
    ska_base64url_encode(late.location, c->name, sizeof c->name);
    request_park(a, handle, PARKED_COLLECT, task, CLOSE_WAIT_MS, &late);
    collect_advance(a, task);
}

static enum ska_status add_collection(struct aggregator *a, const struct store_task *row,
                                      struct ska_slice request)
{
    uint8_t name[STORE_NAME_BYTES];
    collection_name(name, row->task_id, request);
    SKA_TRY(store_begin(a->store));
    return store_end(a->store,
                     store_collection_add(a->store, row->id, name, request, (struct ska_slice){0}));
}

static void create(struct aggregator *a, uint64_t handle, const struct store_task *row,
                   const struct ska_task *task, struct ska_slice request)
{
    if (row->state != SKA_TASK_CLOSED) {
        reply_status(a, handle, SKA_E_STATE, "the task is not closed");
        return;
    }
    if (call_is_open(a, row->id)) {
        reply_status(a, handle, SKA_E_BUSY, "a command of the task is under way");
        return;
    }
    enum ska_status status = control_collectable(a, row);
    if (status != SKA_OK) {
        reply_status(a, handle, status,
                     status == SKA_E_STATE ? "the publisher has not asked for the totals" : NULL);
        return;
    }
    struct ska_error err = {0};
    status = collection_allowed(a, row, task, &err);
    if (status == SKA_E_STATE || status == SKA_E_MISMATCH || status == SKA_E_BATCH_SIZE) {
        reply_problem(a, handle, SKA_PROBLEM_BATCH_OVERLAP, 400, err.text);
        return;
    }
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    if (status == SKA_OK)
        status = counted_load(&counted, a, row->id);
    if (status == SKA_OK && counted.n < task->parameters.policy.min_contributors) {
        reply_problem(a, handle, SKA_PROBLEM_INVALID_BATCH_SIZE, 400,
                      "fewer contributors than the parameters demand");
        return;
    }
    if (status == SKA_OK)
        status = add_collection(a, row, request);
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    if (status == SKA_OK)
        status = store_collection_get(&c, a->store, row->id);
    if (status == SKA_OK)
        answer_collection(a, handle, row->id, &c);
    else
        reply_status(a, handle, status, NULL);
}

void handle_collection(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    struct task_entry *t = NULL;
    if (!task_load_or_answer(&row, &t, a, handle, m))
        return;
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    enum ska_status status = store_collection_get(&c, a->store, row.id);
    if (status == SKA_OK && c.request_len == m->body.len &&
        memcmp(c.request, m->body.data, c.request_len) == 0) {
        answer_collection(a, handle, row.id, &c);
        return;
    }
    bool other = status == SKA_OK;
    if (!other && status != SKA_E_NOT_FOUND) {
        reply_status(a, handle, status, NULL);
        return;
    }
    struct ska_reader r;
    struct ska_dap_collection_req q;
    ska_reader_init(&r, m->body.data, m->body.len);
    enum ska_problem problem = SKA_PROBLEM_INVALID_MESSAGE;
    if (ska_dap_collection_req_decode(&q, &r) == SKA_OK && ska_read_end(&r) == SKA_OK)
        problem = query_check(&q, t->task);
    if (problem == SKA_PROBLEM_NONE && other)
        problem = SKA_PROBLEM_BATCH_OVERLAP;
    if (problem != SKA_PROBLEM_NONE)
        answer_query_problem(a, handle, problem);
    else
        create(a, handle, &row, t->task, m->body);
}

/* The job of this name. */
static bool collection_or_answer(struct store_collection *c, struct store_task *row,
                                 struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    if (!task_find_or_answer(row, a, handle, m))
        return false;
    uint8_t name[STORE_NAME_BYTES];
    enum ska_status status = ska_base64url_decode(name, sizeof name, m->name, strlen(m->name));
    if (status == SKA_OK)
        status = store_collection_get(c, a->store, row->id);
    if (status == SKA_OK && memcmp(name, c->name, sizeof name) != 0)
        status = SKA_E_NOT_FOUND;
    if (status == SKA_OK)
        return true;
    reply_status(a, handle, status == SKA_E_FORMAT ? SKA_E_NOT_FOUND : status, NULL);
    return false;
}

void handle_collection_get(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    struct store_task row;
    if (!collection_or_answer(&c, &row, a, handle, m))
        return;
    if (c.answer != NULL)
        reply_body(a, handle, 200, MEDIA_COLLECTION_JOB_RESP,
                   (struct ska_slice){c.answer, c.answer_len});
    else
        answer_collection(a, handle, row.id, &c);
}

void handle_collection_delete(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
    struct store_task row;
    if (collection_or_answer(&c, &row, a, handle, m))
        reply_body(a, handle, 200, MEDIA_NONE, (struct ska_slice){0});
}
