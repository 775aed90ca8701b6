/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_close.c - the end of closing at the leader: when nothing is pending and, with a public
 * log, all of the task is in it, the accepted list and the close record go to the helper, which
 * signs them if its own are the same.
 *
 *     request   control | opaque32 list | leader's signature[64] on the list
 *               with a log: | opaque32 close record without signatures | leader's signature[64]
 *     answer    task status | helper's signature[64] on the list
 *               with a log: | opaque32 close record with both signatures
 *
 * The record that the helper answers with may be one that we sent before and have forgotten, about
 * a smaller log: it bears our signature.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/log.h"

/* Our close record for the log as it is, and our signature on it. */
static enum ska_status write_record(struct ska_writer *w, struct aggregator *a,
                                    const struct store_task *row)
{
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = {0};
    SKA_TRY(tlog_close_body(&body, a, row->id, row->control, a->tlog->head.size));
    SKA_TRY(ska_close_record_sign(signature, &a->signing, (struct ska_slice){body.data, body.len}));
    ska_write_opaque32(w, body.data, body.len);
    ska_write_bytes(w, signature, sizeof signature);
    return ska_writer_status(w);
}

static enum ska_status write_request(struct ska_writer *w, struct aggregator *a,
                                     const struct store_task *row)
{
    struct task_entry *t = NULL;
    SKA_TRY(task_load(&t, a, row->id));
    SKA_SCOPED(ska_scoped_free) uint8_t *list = NULL;
    size_t len = 0;
    SKA_TRY(accepted_build(&list, &len, a, row->id, t->task, row->serial));
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_TRY(ska_accepted_sign(signature, &a->signing, (struct ska_slice){list, len}));
    ska_write_bytes(w, row->control, sizeof row->control);
    ska_write_opaque32(w, list, len);
    ska_write_bytes(w, signature, sizeof signature);
    bool covers = false;
    SKA_TRY(tlog_covers(&covers, a, row->id));
    return covers ? write_record(w, a, row) : ska_writer_status(w);
}

/* The helper's close record: signed by both, and what we would say of the log at its size. Empty
 * where there is no log. */
static enum ska_status read_record(struct ska_slice *record, struct aggregator *a,
                                   const struct store_task *row, struct ska_reader *r)
{
    bool covers = false;
    struct ska_signed_close s;
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record theirs = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer ours = {0};
    *record = (struct ska_slice){0};
    SKA_TRY(tlog_covers(&covers, a, row->id));
    if (!covers)
        return SKA_OK;
    SKA_TRY(ska_read_opaque32(&record->data, &record->len, r, SKA_CLOSE_BYTES_MAX));
    SKA_TRY(ska_signed_close_split(&s, *record));
    SKA_TRY(ska_close_record_verify(s.leader, a->signing.public_key, s.body));
    SKA_TRY(ska_close_record_verify(s.helper, a->config->peer_key, s.body));
    SKA_TRY(ska_close_record_decode(&theirs, s.body));
    SKA_TRY(tlog_close_body(&ours, a, row->id, row->control, theirs.log_size));
    return ours.len == s.body.len && memcmp(ours.data, s.body.data, ours.len) == 0 ? SKA_OK
                                                                                   : SKA_E_MISMATCH;
}

/* Put our request and the helper's answer together: the list with both signatures. */
static enum ska_status join(struct ska_signed_accepted *out, struct ska_slice *record,
                            struct aggregator *a, const struct store_task *row,
                            const struct call *c, struct ska_slice reply_body)
{
    struct ska_reader r;
    struct ska_signed_accepted s = {0};
    const uint8_t *skipped = NULL;
    ska_reader_init(&r, c->body, c->body_len);
    SKA_TRY(ska_read_borrow(&skipped, &r, SKA_CONTROL_BYTES));
    SKA_TRY(ska_read_opaque32(&s.list.data, &s.list.len, &r, SKA_ACCEPTED_BYTES_MAX));
    SKA_TRY(ska_read_bytes(s.leader, sizeof s.leader, &r));
    ska_reader_init(&r, reply_body.data, reply_body.len);
    SKA_TRY(ska_read_borrow(&skipped, &r, SKA_TASK_STATUS_BYTES));
    SKA_TRY(ska_read_bytes(s.helper, sizeof s.helper, &r));
    SKA_TRY(read_record(record, a, row, &r));
    SKA_TRY(ska_read_end(&r));
    SKA_TRY(ska_accepted_verify(s.helper, a->config->peer_key, s.list));
    *out = s;
    return SKA_OK;
}

static enum ska_status finish(struct aggregator *a, struct store_task *row,
                              const struct ska_signed_accepted *s, struct ska_slice record)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_signed_accepted_encode(&w, s);
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(store_begin(a->store));
    enum ska_status status =
        store_accepted_set(a->store, row->id, (struct ska_slice){w.data, w.len});
    if (status == SKA_OK && record.len > 0)
        status = tlog_add(a, row->id, SKA_LEAF_CLOSE, row->serial, record);
    if (status == SKA_OK)
        status = store_task_set_state(a->store, row->id, SKA_TASK_CLOSED);
    SKA_TRY(store_end(a->store, status));
    char text[TASK_TEXT_BYTES];
    log_info("task_state", "task=%s state=closed", task_text(text, row->task_id));
    return store_task_get(row, a->store, row->id);
}

static enum call_next on_refused(struct aggregator *a, const struct call *c,
                                 const struct ipc_fetched *m)
{
    char text[TASK_TEXT_BYTES];
    bool differ = call_problem(m) == SKA_PROBLEM_BATCH_MISMATCH;
    log_error("close_refused", "task=%s status=%u%s", task_text(text, c->task_id),
              (unsigned)m->status, differ ? " hint=the_lists_of_the_two_servers_differ" : "");
    call_pass_on(a, PARKED_CLOSE, c->key, m);
    return CALL_DONE; /* tried again when the publisher repeats the command */
}

static enum call_next on_list_signed(struct aggregator *a, struct call *c, enum call_result result,
                                     const struct ipc_fetched *m)
{
    if (result == CALL_FAILED)
        return CALL_REPEAT;
    if (result == CALL_REFUSED)
        return on_refused(a, c, m);
    struct ska_signed_accepted s;
    struct ska_slice record = {0};
    struct store_task row;
    enum ska_status status = store_task_get(&row, a->store, c->key);
    if (status == SKA_OK)
        status = join(&s, &record, a, &row, c, m->body);
    if (status != SKA_OK) {
        log_peer("peer_answered_wrongly", "what=close status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    status = finish(a, &row, &s, record);
    if (status != SKA_OK) {
        log_error("store_failed", "what=close status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_CLOSE, c->key)) != 0)
        reply_task_state(a, handle, 200, &row);
    tlog_cut(a);
    return CALL_DONE;
}

/* Whether all of the task is in the log, where there is one; else it goes on when it is. */
static enum ska_status is_settled(bool *settled, struct aggregator *a, int64_t task)
{
    bool covers = false;
    *settled = true;
    SKA_TRY(tlog_covers(&covers, a, task));
    return covers ? tlog_is_settled(settled, a, task) : SKA_OK;
}

static enum ska_status send_list(struct aggregator *a, const struct store_task *row)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(write_request(&w, a, row));
    struct call *c = NULL;
    SKA_TRY(call_new(&c, a, ROUTE_CONTROL, row->task_id, (struct ska_slice){w.data, w.len}));
    c->key = row->id;
    c->answered = on_list_signed;
    call_start(a, c);
    return SKA_OK;
}

void close_advance(struct aggregator *a, int64_t task)
{
    struct store_task row;
    uint64_t pending = 0;
    bool settled = false;
    if (a->draining || call_is_open(a, task))
        return;
    enum ska_status status = store_task_get(&row, a->store, task);
    if (status == SKA_OK && row.state != SKA_TASK_CLOSING)
        return;
    if (status == SKA_OK)
        status = store_report_pending(&pending, a->store, task);
    if (status == SKA_OK && pending > 0)
        return;
    if (status == SKA_OK)
        status = is_settled(&settled, a, task);
    if (status == SKA_OK && settled)
        status = send_list(a, &row);
    if (status != SKA_OK) /* goes on when the publisher repeats the command */
        log_error("close_failed", "status=%s", ska_status_name(status));
}
