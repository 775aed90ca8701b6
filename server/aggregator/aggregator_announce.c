/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_announce.c - what the publisher announces, so that it stands in the public log: a
 * task's release (type 9), and the program that the site offers for checking (type 10).
 *
 *     leader: looked at --the helper looked at it and made the same entry--> entry, checkpoint
 *     helper: looked at --> entry
 *
 * A task has one release: the same bytes again are nothing new, others are refused. Releases of a
 * collection come in the order of their numbers, and no two follow upon the same bundle; what was
 * released before there was a log is not known here.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <string.h>

#include "crypto/scoped.h"
#include "protocol/release.h"
#include "protocol/verifier.h"
#include "server/log.h"

/* Of calls and parked requests: one at a time, so that both servers take them in one order. */
#define ANNOUNCE_KEY INT64_MIN

/* What is announced, looked at. Zeroed: nothing. */
struct announcement {
    int64_t task; /* STORE_NO_TASK: of none */
    struct ska_log_leaf leaf;
    struct ska_slice blob; /* borrowed */
    bool is_there;         /* the entry is made already */
};

/* --- a release --- */

static enum ska_status check_signature(const struct ska_release *r, enum ska_release_signer who,
                                       const uint8_t key[static 32], struct ska_error *err)
{
    const char *name = who == SKA_RELEASE_PUBLISHER ? "publisher" : "second signer";
    if (!ska_release_is_signed(r, who))
        return ska_fail(err, SKA_E_SIGNATURE, "the %s's signature is missing", name);
    enum ska_status status = ska_release_verify(r->signature[who], who, key, r->body);
    return status == SKA_E_SIGNATURE
               ? ska_fail(err, status, "the %s's signature does not hold", name)
               : status;
}

/* The release that a task has in the log. NOT_FOUND. The caller frees *data. */
static enum ska_status find_release(struct ska_release *out, uint8_t **data, struct aggregator *a,
                                    int64_t task)
{
    struct store_entry e;
    struct ska_log_leaf leaf;
    size_t len = 0;
    SKA_TRY(store_entry_of_type(&e, a->store, task, SKA_LEAF_RELEASE));
    SKA_TRY(ska_log_leaf_decode(&leaf, (struct ska_slice){e.leaf, e.leaf_len}));
    SKA_TRY(store_blob_get(data, &len, a->store, leaf.entry.sha256));
    return ska_release_decode(out, (struct ska_slice){*data, len});
}

/* Against another release of the collection. */
static enum ska_status compare_places(const struct ska_release_place *new,
                                      const struct ska_release_place *old, struct ska_error *err)
{
    if (new->number <= old->number)
        return ska_fail(err, SKA_E_NUMBER,
                        "release %u of the collection is in the log; release %u cannot come after "
                        "it",
                        (unsigned)old->number, (unsigned)new->number);
    if (memcmp(new->previous, old->previous, sizeof new->previous) == 0)
        return ska_fail(err, SKA_E_CONFLICT, "release %u follows upon the same bundle",
                        (unsigned)old->number);
    return SKA_OK;
}

/* It must come after all others of its collection that we know of. */
static enum ska_status check_place(struct aggregator *a, const struct store_task *row,
                                   const struct ska_release *r, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *tasks = NULL;
    size_t n = 0;
    SKA_TRY(store_task_all(&tasks, &n, a->store));
    for (size_t i = 0; i < n; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
        struct ska_release other;
        if (tasks[i].id == row->id || strcmp(tasks[i].collection, row->collection) != 0)
            continue;
        enum ska_status status = find_release(&other, &data, a, tasks[i].id);
        if (status == SKA_OK)
            status = compare_places(&r->place, &other.place, err);
        if (status != SKA_OK && status != SKA_E_NOT_FOUND)
            return status;
    }
    return SKA_OK;
}

/* Whether the task has this very release; SKA_E_CONFLICT if it has another. */
static enum ska_status look_for_same(struct announcement *n, struct aggregator *a,
                                     struct ska_error *err)
{
    struct store_entry e;
    uint8_t hash[SKA_HASH_BYTES];
    enum ska_status status = store_entry_of_type(&e, a->store, n->task, SKA_LEAF_RELEASE);
    if (status == SKA_E_NOT_FOUND)
        return SKA_OK;
    SKA_TRY(status);
    ska_log_leaf_hash(hash, &n->leaf);
    if (memcmp(hash, e.hash, sizeof hash) != 0)
        return ska_fail(err, SKA_E_CONFLICT,
                        "another release of this task is in the log; a task is released once");
    n->is_there = true;
    return SKA_OK;
}

static enum ska_status read_release(struct announcement *out, struct aggregator *a,
                                    const uint8_t task_id[static 32], struct ska_slice body,
                                    struct ska_error *err)
{
    struct store_task row;
    struct store_entry e;
    struct ska_release r;
    struct task_entry *t = NULL;
    SKA_TRY(store_task_find(&row, a->store, task_id));
    SKA_TRY(ska_release_decode(&r, body));
    if (memcmp(r.task_id, task_id, sizeof r.task_id) != 0)
        return ska_fail(err, SKA_E_TASK, "the release is of another task");
    SKA_TRY(task_load(&t, a, row.id));
    const struct ska_parameters *p = &t->task->parameters;
    SKA_TRY(check_signature(&r, SKA_RELEASE_PUBLISHER, p->publisher_key, err));
    SKA_TRY(check_signature(&r, SKA_RELEASE_SECOND, p->second_key, err));
    if (row.state != SKA_TASK_COLLECTED)
        return ska_fail(err, SKA_E_STATE, "the task is not collected, so it has no release");
    enum ska_status status = store_entry_of_type(&e, a->store, row.id, SKA_LEAF_PARAMETERS);
    if (status != SKA_OK)
        return status == SKA_E_NOT_FOUND
                   ? ska_fail(err, SKA_E_STATE, "the task is older than this server's log")
                   : status;
    *out = (struct announcement){.task = row.id, .blob = body};
    SKA_TRY(tlog_make(&out->leaf, a, row.id, SKA_LEAF_RELEASE, r.place.number, body));
    SKA_TRY(look_for_same(out, a, err));
    return out->is_there ? SKA_OK : check_place(a, &row, &r, err);
}

/* --- a verifier --- */

static enum ska_status read_verifier(struct announcement *out, struct aggregator *a,
                                     struct ska_slice body, struct ska_error *err)
{
    struct store_entry e;
    uint8_t hash[SKA_HASH_BYTES];
    *out = (struct announcement){.task = STORE_NO_TASK};
    enum ska_status status = ska_verifier_read(&out->blob, body, a->config->publisher_key);
    if (status == SKA_E_SIGNATURE)
        return ska_fail(err, status, "the publisher's signature does not hold");
    SKA_TRY(status);
    SKA_TRY(tlog_make(&out->leaf, a, STORE_NO_TASK, SKA_LEAF_VERIFIER, 0, out->blob));
    ska_log_leaf_hash(hash, &out->leaf);
    status = store_entry_find(&e, a->store, hash);
    out->is_there = status == SKA_OK;
    return status == SKA_E_NOT_FOUND ? SKA_OK : status;
}

/* --- both --- */

static enum ska_status read_any(struct announcement *out, struct aggregator *a, enum route route,
                                const uint8_t task_id[static 32], struct ska_slice body,
                                struct ska_error *err)
{
    return route == ROUTE_VERIFIER ? read_verifier(out, a, body, err)
                                   : read_release(out, a, task_id, body, err);
}

static enum ska_status keep(struct aggregator *a, const struct announcement *n)
{
    if (n->is_there)
        return SKA_OK;
    SKA_TRY(store_begin(a->store));
    SKA_TRY(store_end(a->store, tlog_add_leaf(a, n->task, &n->leaf, n->blob)));
    log_info("log_announced", "what=%s row=%lld", ska_log_leaf_name(n->leaf.type),
             (long long)n->task);
    tlog_cut(a);
    return SKA_OK;
}

static void answer(struct aggregator *a, uint64_t handle, const struct announcement *n)
{
    uint8_t leaf[SKA_LEAF_BYTES_MAX];
    size_t len = ska_log_leaf_encode(leaf, &n->leaf);
    reply_body(a, handle, 200, MEDIA_LOG_LEAF, (struct ska_slice){leaf, len});
}

void handle_announce_helper(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct announcement n = {0};
    struct ska_error err = {0};
    enum ska_status status = read_any(&n, a, m->route, m->task_id, m->body, &err);
    if (status == SKA_OK)
        status = keep(a, &n);
    if (status == SKA_OK)
        answer(a, handle, &n);
    else
        reply_status(a, handle, status, err.text);
}

/* --- the leader's call to the helper --- */

/* The helper's entry must be ours, byte for byte. */
static enum ska_status take(struct announcement *n, struct aggregator *a, const struct call *c,
                            struct ska_slice theirs, struct ska_error *err)
{
    uint8_t leaf[SKA_LEAF_BYTES_MAX];
    SKA_TRY(read_any(n, a, c->route, c->task_id, (struct ska_slice){c->body, c->body_len}, err));
    size_t len = ska_log_leaf_encode(leaf, &n->leaf);
    if (len != theirs.len || memcmp(leaf, theirs.data, len) != 0) {
        log_peer("peer_answered_wrongly", "what=announcement");
        return ska_fail(err, SKA_E_PEER, "the helper made another entry");
    }
    return keep(a, n);
}

static enum call_next on_announced(struct aggregator *a, struct call *c, enum call_result result,
                                   const struct ipc_fetched *m)
{
    struct announcement n = {0};
    struct ska_error err = {0};
    char detail[500] = {0};
    enum ska_status status = SKA_OK;
    if (result == CALL_OK) {
        status = take(&n, a, c, m->body, &err);
    } else {
        call_explain(detail, sizeof detail, m);
        status = result == CALL_REFUSED ? SKA_E_STATE : SKA_E_PEER;
    }
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_FORWARD, c->key)) != 0) {
        if (status == SKA_OK)
            answer(a, handle, &n);
        else
            reply_status(a, handle, status, detail[0] != '\0' ? detail : err.text);
    }
    return CALL_DONE;
}

static enum ska_status forward(struct aggregator *a, uint64_t handle, const struct ipc_request *m,
                               struct ska_error *err)
{
    struct call *c = NULL;
    if (call_is_open(a, ANNOUNCE_KEY))
        return ska_fail(err, SKA_E_BUSY, "another announcement is under way");
    SKA_TRY(call_new(&c, a, m->route, m->task_id, m->body));
    c->key = ANNOUNCE_KEY;
    c->answered = on_announced;
    const struct ipc_answer late = {.status = 503, .retry_after_s = RETRY_AFTER_S};
    request_park(a, handle, PARKED_FORWARD, ANNOUNCE_KEY, a->config->peer_timeout_ms, &late);
    call_start(a, c);
    return SKA_OK;
}

void handle_announce_leader(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct announcement n = {0};
    struct ska_error err = {0};
    enum ska_status status = read_any(&n, a, m->route, m->task_id, m->body, &err);
    if (status == SKA_OK && n.is_there) {
        answer(a, handle, &n); /* the helper made it first */
        return;
    }
    if (status == SKA_OK)
        status = forward(a, handle, m, &err);
    if (status != SKA_OK)
        reply_status(a, handle, status, err.text);
}
