/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_control.c - the leader's side of open, close, reopen and collect. Each arrow is one
 * transaction, together with the command's serial and bytes.
 *
 *     READY  --open: helper agreed, then--> OPEN
 *     OPEN   --close-------------------> CLOSING --nothing pending, helper signed--> CLOSED
 *     CLOSED --reopen: helper agreed, then--> OPEN        (not while a collection job is there)
 *     CLOSED --collect: helper agreed, then-> CLOSED      (now a collection job may be created)
 *
 * To collect a correction, the two first open the sum of the flags to each other (protocol/
 * revision.h). If too few changed, both refuse: the task stays CLOSED for ever, and is not
 * reopened.
 *
 * Whether a task may be collected is no state of its own: its last command is `collect`, or not.
 *
 * The last part of closing is close_advance, which is called whenever a task may have nothing left
 * to verify.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/log.h"

enum ska_status control_check(struct control_check *out, const struct aggregator *a,
                              const struct store_task *row, struct ska_slice bytes)
{
    struct control_check c = {0};
    if (bytes.len != SKA_CONTROL_BYTES)
        return bytes.len < SKA_CONTROL_BYTES ? SKA_E_TRUNCATED : SKA_E_TRAILING;
    SKA_TRY(ska_control_decode(&c.control, bytes, a->config->publisher_key));
    if (memcmp(c.control.task_id, row->task_id, sizeof row->task_id) != 0)
        return SKA_E_TASK;
    if (c.control.serial > STORE_NUMBER_MAX)
        return SKA_E_RANGE;
    if (c.control.serial < row->serial)
        return SKA_E_NUMBER;
    c.is_repetition = c.control.serial == row->serial;
    if (c.is_repetition && memcmp(bytes.data, row->control, SKA_CONTROL_BYTES) != 0)
        return SKA_E_CONFLICT;
    *out = c;
    return SKA_OK;
}

enum ska_status control_apply(struct aggregator *a, int64_t task, const struct ska_control *c,
                              const uint8_t bytes[static SKA_CONTROL_BYTES],
                              enum ska_task_state state)
{
    SKA_TRY(store_task_set_control(a->store, task, c->serial, bytes));
    if (c->kind == SKA_CONTROL_REOPEN)
        SKA_TRY(store_accepted_delete(a->store, task));
    SKA_TRY(tlog_add_control(a, task, c, bytes));
    return store_task_set_state(a->store, task, state);
}

enum ska_status control_allowed(struct aggregator *a, const struct store_task *row,
                                enum ska_control_kind kind)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *both = NULL;
    switch (kind) {
    case SKA_CONTROL_OPEN:
        return row->state == SKA_TASK_READY ? SKA_OK : SKA_E_STATE;
    case SKA_CONTROL_CLOSE:
        return row->state == SKA_TASK_OPEN ? SKA_OK : SKA_E_STATE;
    case SKA_CONTROL_COLLECT:
        return row->state == SKA_TASK_CLOSED ? SKA_OK : SKA_E_STATE;
    case SKA_CONTROL_REOPEN:
        break;
    }
    if (row->state != SKA_TASK_CLOSED)
        return SKA_E_STATE;
    /* Opened flags are of one list for ever: who changed since could be read off a second sum. */
    size_t len = 0;
    enum ska_status status = store_changes_get(&both, &len, a->store, row->id);
    if (status != SKA_E_NOT_FOUND)
        return status == SKA_OK ? SKA_E_STATE : status;
    SKA_SCOPED(store_collection_clear) struct store_collection collection = {0};
    status = store_collection_get(&collection, a->store, row->id);
    if (status == SKA_OK)
        return SKA_E_STATE; /* a collection is under way */
    return status == SKA_E_NOT_FOUND ? SKA_OK : status;
}

enum ska_task_state control_target(enum ska_control_kind kind)
{
    switch (kind) {
    case SKA_CONTROL_OPEN:
    case SKA_CONTROL_REOPEN:
        return SKA_TASK_OPEN;
    case SKA_CONTROL_CLOSE:
    case SKA_CONTROL_COLLECT:
        break;
    }
    return SKA_TASK_CLOSED;
}

enum ska_status control_collectable(const struct aggregator *a, const struct store_task *row)
{
    struct ska_control c;
    if (row->state != SKA_TASK_CLOSED || row->serial == 0)
        return SKA_E_STATE;
    SKA_TRY(ska_control_decode(&c, (struct ska_slice){row->control, sizeof row->control},
                               a->config->publisher_key));
    return c.kind == SKA_CONTROL_COLLECT ? SKA_OK : SKA_E_STATE;
}

static void log_state(const struct store_task *row, enum ska_task_state state)
{
    char text[TASK_TEXT_BYTES];
    log_info("task_state", "task=%s state=%s", task_text(text, row->task_id),
             ska_task_state_name(state));
}

/* --- open, reopen and collect: the helper first --- */

/* The helper's status must say that it did the same. */
static enum ska_status check_done(const struct ipc_fetched *m, const struct call *c,
                                  const struct ska_control *control)
{
    struct ska_task_status s;
    struct ska_slice status = m->body;
    if (status.len > SKA_TASK_STATUS_BYTES) /* the helper's changes follow */
        status.len = SKA_TASK_STATUS_BYTES;
    SKA_TRY(ska_task_status_decode(&s, status));
    if (memcmp(s.task_id, c->task_id, sizeof s.task_id) != 0 || s.serial != control->serial)
        return SKA_E_MISMATCH;
    /* COLLECTED: it gave its share to what we have forgotten, say with a restored database. */
    bool given = control->kind == SKA_CONTROL_COLLECT && s.state == SKA_TASK_COLLECTED;
    return given || s.state == control_target(control->kind) ? SKA_OK : SKA_E_MISMATCH;
}

static enum ska_status do_same(struct aggregator *a, const struct call *c,
                               const struct ska_control *control)
{
    struct store_task row;
    SKA_TRY(store_task_get(&row, a->store, c->key));
    SKA_TRY(control_allowed(a, &row, control->kind));
    SKA_TRY(store_begin(a->store));
    enum ska_task_state state = control_target(control->kind);
    SKA_TRY(store_end(a->store, control_apply(a, c->key, control, c->body, state)));
    if (control->kind == SKA_CONTROL_COLLECT)
        tlog_cut(a);
    if (control->kind == SKA_CONTROL_COLLECT)
        log_info("task_collectable", "row=%lld", (long long)c->key);
    else
        log_state(&row, state);
    return SKA_OK;
}

/* What follows `len` bytes of a body: opaque32 changes, and no more. */
static enum ska_status read_changes(struct ska_slice *changes, struct ska_slice body, size_t len)
{
    struct ska_reader r;
    const uint8_t *skipped = NULL;
    ska_reader_init(&r, body.data, body.len);
    SKA_TRY(ska_read_borrow(&skipped, &r, len));
    SKA_TRY(ska_read_opaque32(&changes->data, &changes->len, &r, SKA_CHANGES_BYTES_MAX));
    return ska_read_end(&r);
}

/* The helper's opening, judged with ours; kept, also if the correction is refused. */
static enum ska_status take_changes(struct aggregator *a, const struct call *c,
                                    struct ska_slice answer, struct ska_error *err)
{
    struct store_task row;
    struct task_entry *t = NULL;
    struct ska_slice own = {0};
    struct ska_slice theirs = {0};
    SKA_TRY(store_task_get(&row, a->store, c->key));
    SKA_TRY(task_load(&t, a, c->key));
    if (!t->task->config.statement->compares)
        return answer.len == SKA_TASK_STATUS_BYTES ? SKA_OK : SKA_E_PEER;
    SKA_TRY(read_changes(&own, (struct ska_slice){c->body, c->body_len}, SKA_CONTROL_BYTES));
    if (read_changes(&theirs, answer, SKA_TASK_STATUS_BYTES) != SKA_OK)
        return SKA_E_PEER;
    SKA_SCOPED(ska_writer_clear) struct ska_writer both = {0};
    enum ska_status verdict = changes_judge(&both, a, &row, t->task, own, theirs, err);
    if (verdict != SKA_OK && verdict != SKA_E_BATCH_SIZE)
        return verify_is_undecided(verdict) ? verdict : SKA_E_PEER;
    SKA_TRY(store_begin(a->store));
    SKA_TRY(store_end(a->store, changes_keep(a, c->key, (struct ska_slice){both.data, both.len})));
    return verdict;
}

static enum call_next on_done(struct aggregator *a, struct call *c, enum call_result result,
                              const struct ipc_fetched *m)
{
    struct ska_error err = {0};
    char detail[sizeof err.text] = {0};
    struct ska_control control;
    enum ska_status status = ska_control_decode(
        &control, (struct ska_slice){c->body, SKA_CONTROL_BYTES}, a->config->publisher_key);
    if (status == SKA_OK && result != CALL_OK) {
        call_explain(detail, sizeof detail, m);
        status = result == CALL_REFUSED ? SKA_E_STATE : SKA_E_PEER;
    } else if (status == SKA_OK) {
        if (control.kind == SKA_CONTROL_COLLECT)
            status = take_changes(a, c, m->body, &err);
        if (status == SKA_OK && check_done(m, c, &control) != SKA_OK)
            status = SKA_E_PEER;
        if (status == SKA_E_PEER)
            log_peer("peer_answered_wrongly", "what=control");
        if (status == SKA_OK)
            status = do_same(a, c, &control);
        (void)snprintf(detail, sizeof detail, "%s", err.text);
    }
    struct store_task row;
    if (status == SKA_OK)
        status = store_task_get(&row, a->store, c->key);
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_FORWARD, c->key)) != 0) {
        if (status == SKA_OK)
            reply_task_state(a, handle, 200, &row);
        else
            reply_status(a, handle, status, detail);
    }
    return CALL_DONE;
}

/* To collect a correction, our own opening of its flags goes with the command. */
static enum ska_status write_command(struct ska_writer *w, struct aggregator *a,
                                     const struct store_task *row, enum ska_control_kind kind,
                                     struct ska_slice body)
{
    struct task_entry *t = NULL;
    ska_write_bytes(w, body.data, body.len);
    if (kind != SKA_CONTROL_COLLECT)
        return ska_writer_status(w);
    SKA_TRY(task_load(&t, a, row->id));
    if (!t->task->config.statement->compares)
        return ska_writer_status(w);
    SKA_SCOPED(ska_writer_clear) struct ska_writer own = {0};
    SKA_TRY(changes_write_own(&own, a, row, t->task));
    ska_write_opaque32(w, own.data, own.len);
    return ska_writer_status(w);
}

static void forward(struct aggregator *a, uint64_t handle, const struct store_task *row,
                    enum ska_control_kind kind, struct ska_slice body)
{
    if (call_is_open(a, row->id)) {
        reply_status(a, handle, SKA_E_BUSY, "another command of the task is under way");
        return;
    }
    struct call *c = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    enum ska_status status = write_command(&w, a, row, kind, body);
    if (status == SKA_OK)
        status = call_new(&c, a, ROUTE_CONTROL, row->task_id, (struct ska_slice){w.data, w.len});
    if (status != SKA_OK) {
        reply_status(a, handle, status, NULL);
        return;
    }
    c->key = row->id;
    c->answered = on_done;
    const struct ipc_answer late = {.status = 503, .retry_after_s = RETRY_AFTER_S};
    request_park(a, handle, PARKED_FORWARD, row->id, a->config->peer_timeout_ms, &late);
    call_start(a, c);
}

/* --- close --- */

static enum ska_status begin_closing(struct aggregator *a, struct store_task *row,
                                     const struct ska_control *c, struct ska_slice body)
{
    upload_flush(a); /* what came before the command is decided before it */
    SKA_TRY(store_begin(a->store));
    SKA_TRY(store_end(a->store, control_apply(a, row->id, c, body.data, SKA_TASK_CLOSING)));
    log_state(row, SKA_TASK_CLOSING);
    return store_task_get(row, a->store, row->id);
}

static void wait_for_close(struct aggregator *a, uint64_t handle, const struct store_task *row)
{
    const struct ipc_answer late = {.status = 202, .retry_after_s = RETRY_AFTER_S};
    request_park(a, handle, PARKED_CLOSE, row->id, CLOSE_WAIT_MS, &late);
    close_advance(a, row->id);
}

void handle_control_leader(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m))
        return;
    struct control_check c = {0};
    enum ska_status status = control_check(&c, a, &row, m->body);
    if (status == SKA_OK && !c.is_repetition)
        status = control_allowed(a, &row, c.control.kind);
    if (status == SKA_OK && !c.is_repetition && c.control.kind == SKA_CONTROL_CLOSE)
        status = begin_closing(a, &row, &c.control, m->body);
    if (status != SKA_OK)
        reply_status(a, handle, status, NULL);
    else if (c.control.kind == SKA_CONTROL_CLOSE && row.state == SKA_TASK_CLOSING)
        wait_for_close(a, handle, &row);
    else if (c.is_repetition)
        reply_task_state(a, handle, 200, &row);
    else
        forward(a, handle, &row, c.control.kind, m->body);
}
