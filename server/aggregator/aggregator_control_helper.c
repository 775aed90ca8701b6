/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_control_helper.c - the helper's side of open, close, reopen and collect.
 *
 *     READY --open--> OPEN --close, the leader's list is ours--> CLOSED --reopen--> OPEN
 *     CLOSED --collect--> CLOSED: now an aggregate share may be asked for
 *
 * To collect a correction, the leader's opening of the flags comes with the command, and ours goes
 * with the answer, also if too few changed; then the command is not carried out, which the answer's
 * serial says.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/log.h"

static enum ska_status apply(struct aggregator *a, struct store_task *row,
                             const struct ska_control *c, const uint8_t *bytes,
                             enum ska_task_state state, struct ska_slice signed_accepted,
                             struct ska_slice record)
{
    SKA_TRY(store_begin(a->store));
    enum ska_status status = control_apply(a, row->id, c, bytes, state);
    if (status == SKA_OK && signed_accepted.len > 0)
        status = store_accepted_set(a->store, row->id, signed_accepted);
    if (status == SKA_OK && record.len > 0)
        status = tlog_add(a, row->id, SKA_LEAF_CLOSE, c->serial, record);
    SKA_TRY(store_end(a->store, status));
    char text[TASK_TEXT_BYTES];
    log_info("task_state", "task=%s state=%s", task_text(text, row->task_id),
             ska_task_state_name(state));
    return store_task_get(row, a->store, row->id);
}

/* What follows the command in a close: opaque32 list | leader's signature[64]. */
static enum ska_status read_list(struct ska_signed_accepted *s, const struct aggregator *a,
                                 struct ska_reader *r)
{
    SKA_TRY(ska_read_opaque32(&s->list.data, &s->list.len, r, SKA_ACCEPTED_BYTES_MAX));
    SKA_TRY(ska_read_bytes(s->leader, sizeof s->leader, r));
    return ska_accepted_verify(s->leader, a->config->peer_key, s->list);
}

/* Then, where there is a log, opaque32 close record | leader's signature[64]. It is signed if it is
 * what we would say of the log at its size, which is ours up to there. Out: the record with both
 * signatures. */
static enum ska_status sign_record(struct ska_writer *w, struct aggregator *a,
                                   const struct store_task *row, const uint8_t *control,
                                   struct ska_reader *r)
{
    struct ska_slice body = {0};
    const uint8_t *leader = NULL;
    uint8_t own[SKA_SIGNATURE_BYTES];
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record theirs = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer ours = {0};
    SKA_TRY(ska_read_opaque32(&body.data, &body.len, r, SKA_CLOSE_BYTES_MAX));
    SKA_TRY(ska_read_borrow(&leader, r, SKA_SIGNATURE_BYTES));
    SKA_TRY(ska_close_record_verify(leader, a->config->peer_key, body));
    SKA_TRY(ska_close_record_decode(&theirs, body));
    if (theirs.log_size > a->tlog->tree.size)
        return SKA_E_MISMATCH;
    SKA_TRY(tlog_close_body(&ours, a, row->id, control, theirs.log_size));
    if (ours.len != body.len || memcmp(ours.data, body.data, body.len) != 0)
        return SKA_E_MISMATCH;
    SKA_TRY(ska_close_record_sign(own, &a->signing, body));
    ska_write_bytes(w, body.data, body.len);
    ska_write_bytes(w, leader, SKA_SIGNATURE_BYTES);
    ska_write_bytes(w, own, sizeof own);
    return ska_writer_status(w);
}

/* SKA_E_MISMATCH if our own list is another. */
static enum ska_status sign_if_same(struct ska_signed_accepted *s, struct aggregator *a,
                                    const struct store_task *row, uint64_t serial)
{
    struct task_entry *t = NULL;
    SKA_TRY(task_load(&t, a, row->id));
    SKA_SCOPED(ska_scoped_free) uint8_t *own = NULL;
    size_t len = 0;
    SKA_TRY(accepted_build(&own, &len, a, row->id, t->task, serial));
    if (len != s->list.len || memcmp(own, s->list.data, len) != 0)
        return SKA_E_MISMATCH;
    return ska_accepted_sign(s->helper, &a->signing, s->list);
}

/* A repeated close: the list must be the one that was signed. */
static enum ska_status find_signed(struct ska_signed_accepted *s, struct aggregator *a,
                                   int64_t task)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(store_accepted_get(&data, &len, a->store, task));
    struct ska_signed_accepted stored;
    SKA_TRY(ska_signed_accepted_decode(&stored, (struct ska_slice){data, len}));
    if (stored.list.len != s->list.len ||
        memcmp(stored.list.data, s->list.data, stored.list.len) != 0)
        return SKA_E_MISMATCH;
    memcpy(s->helper, stored.helper, sizeof s->helper);
    return SKA_OK;
}

/* The close record that was signed for a close that is repeated, perhaps about a smaller log. */
static enum ska_status find_record(struct ska_writer *record, struct aggregator *a,
                                   const struct store_task *row)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(tlog_close_find(&data, &len, a, row->id, row->serial));
    ska_write_bytes(record, data, len);
    return ska_writer_status(record);
}

static enum ska_status close_task(struct ska_signed_accepted *s, struct ska_writer *record,
                                  struct aggregator *a, struct store_task *row,
                                  const struct control_check *c, struct ska_reader *rest,
                                  const uint8_t *bytes)
{
    bool covers = false;
    SKA_TRY(read_list(s, a, rest));
    SKA_TRY(tlog_covers(&covers, a, row->id));
    if (c->is_repetition && covers)
        SKA_TRY(find_record(record, a, row));
    if (c->is_repetition)
        return find_signed(s, a, row->id);
    SKA_TRY(control_allowed(a, row, SKA_CONTROL_CLOSE));
    SKA_TRY(sign_if_same(s, a, row, c->control.serial));
    if (covers)
        SKA_TRY(sign_record(record, a, row, bytes, rest));
    SKA_TRY(ska_read_end(rest));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_signed_accepted_encode(&w, s);
    SKA_TRY(ska_writer_status(&w));
    return apply(a, row, &c->control, bytes, SKA_TASK_CLOSED, (struct ska_slice){w.data, w.len},
                 (struct ska_slice){record->data, record->len});
}

static void answer_close(struct aggregator *a, uint64_t handle, const struct store_task *row,
                         const struct ska_signed_accepted *s, const struct ska_writer *record)
{
    struct ska_task_status state = {.state = row->state, .serial = row->serial};
    uint8_t status_bytes[SKA_TASK_STATUS_BYTES];
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    memcpy(state.task_id, row->task_id, sizeof state.task_id);
    ska_task_status_encode(status_bytes, &state);
    ska_write_bytes(&w, status_bytes, sizeof status_bytes);
    ska_write_bytes(&w, s->helper, sizeof s->helper);
    if (record->len > 0)
        ska_write_opaque32(&w, record->data, record->len);
    if (ska_writer_status(&w) == SKA_OK)
        reply_body(a, handle, 200, MEDIA_TASK_STATUS, (struct ska_slice){w.data, w.len});
    else
        reply_status(a, handle, SKA_E_MEMORY, NULL);
}

static void handle_close(struct aggregator *a, uint64_t handle, struct store_task *row,
                         const struct control_check *c, struct ska_reader *rest,
                         const uint8_t *bytes)
{
    struct ska_signed_accepted s = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer record = {0};
    enum ska_status status = close_task(&s, &record, a, row, c, rest, bytes);
    if (status == SKA_E_MISMATCH) {
        char text[TASK_TEXT_BYTES];
        log_error("close_mismatch", "task=%s", task_text(text, row->task_id));
        reply_problem(a, handle, SKA_PROBLEM_BATCH_MISMATCH, 409,
                      "the list is not what this server accepted");
        return;
    }
    if (status != SKA_OK) {
        reply_status(a, handle, status, NULL);
        return;
    }
    answer_close(a, handle, row, &s, &record);
}

static void answer_changes(struct aggregator *a, uint64_t handle, const struct store_task *row,
                           const struct ska_writer *own)
{
    struct ska_task_status state = {.state = row->state, .serial = row->serial};
    memcpy(state.task_id, row->task_id, sizeof state.task_id);
    uint8_t bytes[SKA_TASK_STATUS_BYTES];
    ska_task_status_encode(bytes, &state);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_write_bytes(&w, bytes, sizeof bytes);
    ska_write_opaque32(&w, own->data, own->len);
    if (ska_writer_status(&w) == SKA_OK)
        reply_body(a, handle, 200, MEDIA_TASK_STATUS, (struct ska_slice){w.data, w.len});
    else
        reply_status(a, handle, SKA_E_MEMORY, NULL);
}

/* One transaction: keep the openings, and carry the command out if they allow it. */
static enum ska_status collect_correction(struct ska_writer *own, struct aggregator *a,
                                          struct store_task *row, const struct ska_task *task,
                                          const struct control_check *c, struct ska_reader *rest,
                                          const uint8_t *bytes)
{
    struct ska_slice leader = {0};
    struct ska_error err = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer both = {0};
    SKA_TRY(ska_read_opaque32(&leader.data, &leader.len, rest, SKA_CHANGES_BYTES_MAX));
    SKA_TRY(ska_read_end(rest));
    if (!c->is_repetition)
        SKA_TRY(control_allowed(a, row, SKA_CONTROL_COLLECT));
    SKA_TRY(changes_write_own(own, a, row, task));
    enum ska_status verdict =
        changes_judge(&both, a, row, task, (struct ska_slice){own->data, own->len}, leader, &err);
    if (verdict != SKA_OK && verdict != SKA_E_BATCH_SIZE)
        return verdict;
    SKA_TRY(store_begin(a->store));
    enum ska_status status = changes_keep(a, row->id, (struct ska_slice){both.data, both.len});
    if (status == SKA_OK && verdict == SKA_OK && !c->is_repetition)
        status = control_apply(a, row->id, &c->control, bytes, SKA_TASK_CLOSED);
    SKA_TRY(store_end(a->store, status));
    if (verdict != SKA_OK)
        log_warn("correction_refused", "row=%lld text=\"%s\"", (long long)row->id, err.text);
    return store_task_get(row, a->store, row->id);
}

/* Whether it is a correction to collect; then it is answered. */
static bool handle_correction(struct aggregator *a, uint64_t handle, struct store_task *row,
                              const struct control_check *c, struct ska_reader *rest,
                              const uint8_t *bytes)
{
    struct task_entry *t = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer own = {0};
    if (c->control.kind != SKA_CONTROL_COLLECT)
        return false;
    enum ska_status status = task_load(&t, a, row->id);
    if (status == SKA_OK && !t->task->config.statement->compares)
        return false;
    if (status == SKA_OK)
        status = collect_correction(&own, a, row, t->task, c, rest, bytes);
    if (status == SKA_OK)
        answer_changes(a, handle, row, &own);
    else
        reply_status(a, handle, status, NULL);
    return true;
}

void handle_control_helper(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m))
        return;
    struct ska_reader r;
    ska_reader_init(&r, m->body.data, m->body.len);
    const uint8_t *bytes = NULL;
    struct control_check c = {0};
    enum ska_status status = ska_read_borrow(&bytes, &r, SKA_CONTROL_BYTES);
    if (status == SKA_OK)
        status = control_check(&c, a, &row, (struct ska_slice){bytes, SKA_CONTROL_BYTES});
    if (status == SKA_OK && c.control.kind == SKA_CONTROL_CLOSE) {
        handle_close(a, handle, &row, &c, &r, bytes);
        return;
    }
    if (status == SKA_OK && handle_correction(a, handle, &row, &c, &r, bytes))
        return;
    if (status == SKA_OK)
        status = ska_read_end(&r);
    if (status == SKA_OK && !c.is_repetition)
        status = control_allowed(a, &row, c.control.kind);
    if (status == SKA_OK && !c.is_repetition)
        status = apply(a, &row, &c.control, bytes, control_target(c.control.kind),
                       (struct ska_slice){0}, (struct ska_slice){0});
    if (status == SKA_OK)
        reply_task_state(a, handle, 200, &row);
    else
        reply_status(a, handle, status, NULL);
}
