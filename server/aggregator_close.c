/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_close.c - the end of closing at the leader: when nothing is pending, the accepted list
 * goes to the helper, which signs it if its own is the same.
 */
#include "server/aggregator_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/log.h"

/* control | opaque32 list | leader's signature[64] */
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
    return ska_writer_status(w);
}

/* Put our request and the helper's answer together: the list with both signatures. */
static enum ska_status join(struct ska_signed_accepted *out, const struct aggregator *a,
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
    SKA_TRY(ska_read_end(&r));
    SKA_TRY(ska_accepted_verify(s.helper, a->config->peer_key, s.list));
    *out = s;
    return SKA_OK;
}

static enum ska_status finish(struct aggregator *a, struct store_task *row,
                              const struct ska_signed_accepted *s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_signed_accepted_encode(&w, s);
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(store_begin(a->store));
    enum ska_status status =
        store_accepted_set(a->store, row->id, (struct ska_slice){w.data, w.len});
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
    enum ska_status status = join(&s, a, c, m->body);
    if (status != SKA_OK) {
        log_peer("peer_answered_wrongly", "what=close status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    struct store_task row;
    status = store_task_get(&row, a->store, c->key);
    if (status == SKA_OK)
        status = finish(a, &row, &s);
    if (status != SKA_OK) {
        log_error("store_failed", "what=close status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_CLOSE, c->key)) != 0)
        reply_task_state(a, handle, 200, &row);
    return CALL_DONE;
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
        status = send_list(a, &row);
    if (status != SKA_OK) /* goes on when the publisher repeats the command */
        log_error("close_failed", "status=%s", ska_status_name(status));
}
