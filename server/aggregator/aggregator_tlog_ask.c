/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_tlog_ask.c - the leader asks the helper, then outside witnesses, for cosignatures.
 *
 *     to the helper        u64 old_size | u32 n | n x opaque16 leaf | opaque32 checkpoint
 *     its answer           opaque16 line; 409 with u64 size if it has another size than old_size
 *     to a witness         add-checkpoint (protocol/add_checkpoint.h), and as it answers
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/add_checkpoint.h"
#include "server/log.h"

#define ANSWER_LINES_MAX 16384u

static const uint8_t no_task[32] = {0};

/* Keys of calls: of no task. */
static int64_t key_of(size_t member)
{
    return -1 - (int64_t)member;
}

static size_t member_of(const struct call *c)
{
    return (size_t)(-1 - c->key);
}

/* Whether a member may be asked now. */
static bool may_ask(struct aggregator *a, size_t member)
{
    const uint64_t due_ms = a->tlog->witness_due_ms[member];
    if (call_is_open(a, key_of(member)))
        return false;
    if (due_ms > aggregator_now_ms()) {
        aggregator_wake_at(a, due_ms);
        return false;
    }
    return true;
}

static void ask_later(struct aggregator *a, size_t member)
{
    a->tlog->witness_due_ms[member] = aggregator_now_ms() + a->config->retry_max_ms;
}

static enum ska_status
start(struct aggregator *a, enum route route, size_t member, const struct ska_writer *w,
      enum call_next (*answered)(struct aggregator *a, struct call *c, enum call_result result,
                                 const struct ipc_fetched *m))
{
    struct call *c = NULL;
    SKA_TRY(ska_writer_status(w));
    SKA_TRY(call_new(&c, a, route, no_task, (struct ska_slice){w->data, w->len}));
    c->key = key_of(member);
    c->answered = answered;
    if (route == ROUTE_ADD_CHECKPOINT)
        (void)snprintf(c->name, sizeof c->name, "%zu", member);
    a->tlog->asked_size[member] = a->tlog->head.size;
    call_start(a, c);
    return SKA_OK;
}

/* What a member says that it has. False if we have less: then one of us is not what it was. */
static bool take_size(struct aggregator *a, size_t member, uint64_t size)
{
    struct tlog *t = a->tlog;
    if (size > t->head.size) {
        log_error("log_behind", "witness=%s size=%llu ours=%llu hint=old_copy_of_a_database",
                  t->policy.members[member].name, (unsigned long long)size,
                  (unsigned long long)t->head.size);
        return false;
    }
    t->witness_size[member] = size;
    return true;
}

/* After every answer: tasks that wait for the log, and the next step. */
static void go_on(struct aggregator *a)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *tasks = NULL;
    size_t n = 0;
    enum ska_status status = store_task_all(&tasks, &n, a->store);
    for (size_t i = 0; i < n; i++)
        if (tasks[i].state == SKA_TASK_CLOSING)
            close_advance(a, tasks[i].id);
    if (status != SKA_OK)
        log_error("store_failed", "what=log status=%s", ska_status_name(status));
    tlog_advance(a);
}

/* --- the helper --- */

static enum ska_status read_line(struct ska_slice *line, struct ska_slice body)
{
    struct ska_reader r;
    ska_reader_init(&r, body.data, body.len);
    SKA_TRY(ska_read_opaque16(&line->data, &line->len, &r, ANSWER_LINES_MAX));
    return ska_read_end(&r);
}

static bool read_size(uint64_t *size, const struct ipc_fetched *m)
{
    struct ska_reader r;
    ska_reader_init(&r, m->body.data, m->body.len);
    return m->status == 409 && m->media == MEDIA_LOG_SIZE && ska_read_u64(size, &r) == SKA_OK &&
           ska_read_end(&r) == SKA_OK;
}

static enum call_next on_extended(struct aggregator *a, struct call *c, enum call_result result,
                                  const struct ipc_fetched *m)
{
    const size_t helper = a->tlog->helper;
    struct ska_slice line = {0};
    uint64_t size = 0;
    if (result == CALL_FAILED)
        return CALL_REPEAT;
    c->key = 0; /* answered: another may be made */
    enum ska_status status = SKA_OK;
    if (result == CALL_REFUSED) {
        if (!read_size(&size, m) || !take_size(a, helper, size)) {
            log_error("log_refused", "by=helper status=%u", (unsigned)m->status);
            ask_later(a, helper);
        }
    } else {
        status = read_line(&line, m->body);
        if (status == SKA_OK)
            status = tlog_take_cosignature(a, helper, line);
        if (status == SKA_OK)
            a->tlog->witness_size[helper] = a->tlog->head.size;
    }
    if (status != SKA_OK) {
        log_peer("peer_answered_wrongly", "what=log status=%s", ska_status_name(status));
        ask_later(a, helper);
    }
    go_on(a);
    return CALL_DONE;
}

enum ska_status tlog_ask_helper(struct aggregator *a)
{
    const struct tlog *t = a->tlog;
    const uint64_t old = t->witness_size[t->helper];
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (!may_ask(a, t->helper))
        return SKA_OK;
    ska_write_u64(&w, old);
    ska_write_u32(&w, (uint32_t)(t->head.size - old));
    for (uint64_t i = old; i < t->head.size; i++) {
        struct store_entry e;
        SKA_TRY(store_entry_at(&e, a->store, i));
        ska_write_opaque16(&w, e.leaf, e.leaf_len);
        if (w.len > TLOG_EXTEND_BYTES_MAX)
            return SKA_E_LIMIT;
    }
    ska_write_opaque32(&w, t->head.note, t->head.note_len);
    return start(a, ROUTE_LOG_EXTEND, t->helper, &w, on_extended);
}

/* --- outside witnesses --- */

/* The line of a member's key among those of an answer. */
static enum ska_status find_line(struct ska_slice *line, const struct tlog *t, size_t member,
                                 struct ska_slice body)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_note note;
    if (body.len > ANSWER_LINES_MAX)
        return SKA_E_LIMIT;
    ska_write_bytes(&w, t->head.note, t->head.note_len);
    const size_t before = w.len;
    ska_write_bytes(&w, body.data, body.len);
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(ska_note_parse(&note, w.data, w.len));
    for (size_t i = 0; i < note.n_signatures; i++) {
        const struct ska_slice *at = &note.signatures[i].line;
        if (at->data < w.data + before ||
            !ska_note_is_by(&note.signatures[i], &t->policy.members[member].key))
            continue;
        *line = (struct ska_slice){body.data + (at->data - w.data) - before, at->len};
        return SKA_OK;
    }
    return SKA_E_NOT_FOUND;
}

/* A conflict's body: the size that the witness has, in decimal, and LF. */
static bool read_decimal(uint64_t *size, const struct ipc_fetched *m)
{
    struct ska_slice rest = m->body;
    struct ska_slice line;
    return m->status == 409 && ska_note_line(&line, &rest) == SKA_OK && rest.len == 0 &&
           ska_note_number(size, line.data, line.len) == SKA_OK;
}

static enum call_next on_witnessed(struct aggregator *a, struct call *c, enum call_result result,
                                   const struct ipc_fetched *m)
{
    struct tlog *t = a->tlog;
    const size_t member = member_of(c);
    const char *name = t->policy.members[member].name;
    struct ska_slice line = {0};
    uint64_t size = 0;
    c->key = 0;
    bool later = true;
    if (result == CALL_OK) {
        t->witness_size[member] = t->asked_size[member];
        later = false;
        enum ska_status status = SKA_OK;
        if (t->asked_size[member] == t->head.size) /* else it is asked about the newer one */
            status = find_line(&line, t, member, m->body);
        if (status == SKA_OK && line.len > 0)
            status = tlog_take_cosignature(a, member, line);
        if (status != SKA_OK) {
            log_error("witness_wrong", "witness=%s status=%s", name, ska_status_name(status));
            later = true;
        }
    } else if (m->outcome == SKA_OK && read_decimal(&size, m)) {
        later = size == t->witness_size[member] || !take_size(a, member, size);
    } else {
        log_warn("witness_silent", "witness=%s status=%u", name, (unsigned)m->status);
    }
    if (later)
        ask_later(a, member);
    go_on(a);
    return CALL_DONE;
}

enum ska_status tlog_ask_witness(struct aggregator *a, size_t member)
{
    struct tlog *t = a->tlog;
    const struct ska_tile_source source = tlog_tree_source(&t->tree);
    uint8_t proof[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t n = 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (t->policy.members[member].url[0] == '\0' || !may_ask(a, member))
        return SKA_OK;
    SKA_TRY(ska_tile_consistency(proof, &n, t->witness_size[member], t->head.size, &source));
    ska_add_checkpoint_write(&w, t->witness_size[member], (const uint8_t(*)[SKA_HASH_BYTES])proof,
                             n, (struct ska_slice){t->head.note, t->head.note_len});
    return start(a, ROUTE_ADD_CHECKPOINT, member, &w, on_witnessed);
}
