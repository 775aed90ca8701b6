/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_tlog_leader.c - the leader's steps, from new entries to a published checkpoint (see
 * aggregator_tlog.h), and proofs from it.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/cosignature.h"
#include "protocol/tlog_proof.h"
#include "server/log.h"

#define REFRESH_S 43200u  /* cosignatures of this age are made anew */
#define PROOF_RETRY_S 10u /* told with 202: known, but not published yet */

/* --- sequencing --- */

static enum ska_status sign_head(struct store_head *head, const struct tlog *t)
{
    struct ska_checkpoint c = {.size = head->size};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    memcpy(c.origin, t->key.name, sizeof c.origin);
    memcpy(c.root, head->root, sizeof c.root);
    ska_checkpoint_format(&text, &c);
    SKA_TRY(ska_writer_status(&text));
    ska_write_bytes(&w, text.data, text.len);
    ska_write_u8(&w, '\n');
    SKA_TRY(ska_note_sign(&w, &t->key, &t->secret, (struct ska_slice){text.data, text.len}));
    return ska_writer_take(&head->note, &head->note_len, &w);
}

/* Within a transaction: places for what has none, and the checkpoint over it. `next` is the head
 * then, with what is published borrowed from the old one. */
static enum ska_status place_all(struct store_head *next, struct aggregator *a, const int64_t *ids,
                                 size_t n)
{
    struct tlog *t = a->tlog;
    for (size_t i = 0; i < n; i++) {
        struct store_entry e;
        SKA_TRY(store_entry_get(&e, a->store, ids[i]));
        SKA_TRY(store_entry_place(a->store, ids[i], t->tree.size));
        SKA_TRY(tlog_tree_add(&t->tree, e.hash));
    }
    *next = (struct store_head){.size = t->tree.size,
                                .published = t->head.published,
                                .published_len = t->head.published_len,
                                .published_size = t->head.published_size};
    SKA_TRY(tlog_tree_root(next->root, &t->tree, next->size));
    SKA_TRY(sign_head(next, t));
    return store_head_set(a->store, next);
}

static enum ska_status sequence(struct aggregator *a)
{
    struct tlog *t = a->tlog;
    SKA_SCOPED(ska_scoped_free) int64_t *ids = ska_alloc(TLOG_CUT_MAX, sizeof *ids);
    struct store_head next = {0};
    size_t n = 0;
    if (ids == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(store_entry_new(ids, &n, a->store, TLOG_CUT_MAX));
    if (n < TLOG_CUT_MAX)
        t->cut_wanted = false; /* all that there is */
    if (n == 0)
        return SKA_OK;
    SKA_TRY(store_begin(a->store));
    enum ska_status status = store_end(a->store, place_all(&next, a, ids, n));
    if (status != SKA_OK) {
        tlog_tree_cut(&t->tree, t->head.size);
        free(next.note);
        return status;
    }
    free(t->head.note);
    free(t->head.lines);
    t->head = next;
    t->is_judged = false;
    log_info("log_cut", "size=%llu entries=%zu", (unsigned long long)next.size, n);
    return SKA_OK;
}

/* --- cosignatures --- */

/* The signed checkpoint with all cosignatures so far and perhaps one line more. */
static enum ska_status write_note(struct ska_writer *w, const struct tlog *t, struct ska_slice line)
{
    ska_write_bytes(w, t->head.note, t->head.note_len);
    ska_write_bytes(w, t->head.lines, t->head.lines_len);
    ska_write_bytes(w, line.data, line.len);
    return ska_writer_status(w);
}

/* What the policy says of the newest checkpoint: SKA_OK, or SKA_E_BATCH_SIZE without a quorum. */
static enum ska_status judge(struct ska_policy_result *result, const struct tlog *t)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_note note;
    SKA_TRY(write_note(&w, t, (struct ska_slice){0}));
    SKA_TRY(ska_note_parse(&note, w.data, w.len));
    return ska_policy_verify(result, &t->policy, &note);
}

/* One transaction: `lines` are the cosignatures, and what has a quorum is published. Takes over
 * `lines`. */
static enum ska_status keep_lines(struct aggregator *a, uint8_t *lines, size_t len)
{
    struct tlog *t = a->tlog;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *old = t->head.lines;
    struct ska_policy_result result;
    struct store_head next = t->head;
    const size_t old_len = t->head.lines_len;
    t->head.lines = next.lines = lines;
    t->head.lines_len = next.lines_len = len;
    enum ska_status status = judge(&result, t);
    if (status == SKA_OK) {
        status = write_note(&w, t, (struct ska_slice){0});
        next.published = w.data;
        next.published_len = w.len;
        next.published_size = next.size;
    } else if (status == SKA_E_BATCH_SIZE) {
        status = SKA_OK;
    }
    if (status == SKA_OK)
        status = store_begin(a->store);
    if (status == SKA_OK)
        status = store_end(a->store, store_head_set(a->store, &next));
    if (status != SKA_OK) {
        t->head.lines = old;
        t->head.lines_len = old_len;
        old = lines;
        return status;
    }
    if (next.published != t->head.published) {
        free(t->head.published);
        w = (struct ska_writer){0};
        t->is_shown = false;
        log_info("log_published", "size=%llu", (unsigned long long)next.size);
    }
    t->head = next;
    t->result = result;
    t->is_judged = true;
    return SKA_OK;
}

enum ska_status tlog_take_cosignature(struct aggregator *a, size_t member, struct ska_slice line)
{
    const struct tlog *t = a->tlog;
    SKA_SCOPED(ska_writer_clear) struct ska_writer whole = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer lines = {0};
    struct ska_note note;
    uint64_t time_s = 0;
    uint8_t *taken = NULL;
    size_t len = 0;
    SKA_TRY(write_note(&whole, t, line));
    SKA_TRY(ska_note_parse(&note, whole.data, whole.len));
    SKA_TRY(ska_cosignature_verify(&time_s, &note, &t->policy.members[member].key));
    ska_write_bytes(&lines, t->head.lines, t->head.lines_len);
    ska_write_bytes(&lines, line.data, line.len);
    SKA_TRY(ska_writer_take(&taken, &len, &lines));
    return keep_lines(a, taken, len);
}

/* --- the steps --- */

/* Whether it is time; sets the next. At the same moments after every start, so that one that is
 * started often cuts too. */
static bool is_time(struct tlog *t, uint64_t interval_s)
{
    const uint64_t now_s = aggregator_now_s();
    const bool due = t->next_cut_s != 0 && now_s >= t->next_cut_s;
    t->next_cut_s = (now_s / interval_s + 1) * interval_s;
    return due;
}

static enum ska_status advance(struct aggregator *a, struct ska_error *err)
{
    struct tlog *t = a->tlog;
    if (is_time(t, a->config->log_interval_s))
        t->cut_wanted = true;
    SKA_TRY(tlog_write_files(a, err));
    if (t->cut_wanted && (t->head.size == 0 || t->head.lines_len > 0)) {
        SKA_TRY(sequence(a));
        SKA_TRY(tlog_write_files(a, err));
    }
    if (!t->is_shown && t->head.published_len > 0) {
        SKA_TRY(tlog_write_checkpoint(a, err));
        t->is_shown = true;
    }
    if (t->head.size == 0)
        return SKA_OK;
    if (t->head.lines_len == 0)
        return tlog_ask_helper(a);
    enum ska_status status = t->is_judged ? SKA_OK : judge(&t->result, t);
    if (status != SKA_OK && status != SKA_E_BATCH_SIZE)
        return status;
    t->is_judged = true;
    if (t->result.time_s[t->helper] + REFRESH_S <= aggregator_now_s()) {
        free(t->head.lines); /* what is published stays until there is a quorum again */
        t->head.lines = NULL;
        t->head.lines_len = 0;
        t->is_judged = false;
        return tlog_ask_helper(a);
    }
    for (size_t i = 0; i < t->policy.n_members; i++)
        if (!t->policy.members[i].is_group && i != t->helper && !t->result.witnessed[i])
            SKA_TRY(tlog_ask_witness(a, i));
    return SKA_OK;
}

void tlog_advance(struct aggregator *a)
{
    struct ska_error err = {0};
    if (a->tlog == NULL || a->config->role != SKA_ROLE_LEADER || a->draining)
        return;
    enum ska_status status = advance(a, &err);
    const uint64_t now_ms = aggregator_now_ms();
    const uint64_t now_s = aggregator_now_s();
    uint64_t wait_ms = a->tlog->next_cut_s > now_s ? 1000u * (a->tlog->next_cut_s - now_s) : 1000u;
    if (status != SKA_OK) {
        log_error("log_failed", "status=%s text=\"%s\"", ska_status_name(status), err.text);
        wait_ms = STORE_RETRY_MS;
    }
    aggregator_wake_at(a, now_ms + wait_ms);
}

void tlog_cut(struct aggregator *a)
{
    if (a->tlog == NULL || a->config->role != SKA_ROLE_LEADER)
        return;
    a->tlog->cut_wanted = true;
    tlog_advance(a);
}

enum ska_status tlog_is_settled(bool *settled, struct aggregator *a, int64_t task)
{
    uint64_t n = 0;
    SKA_TRY(store_entry_unplaced(&n, a->store, task));
    *settled = n == 0 && a->tlog->head.lines_len > 0;
    if (!*settled)
        tlog_cut(a);
    return SKA_OK;
}

/* --- proofs --- */

static enum ska_status write_proof(struct ska_writer *w, struct aggregator *a,
                                   const struct store_entry *e)
{
    struct tlog *t = a->tlog;
    const struct ska_tile_source source = tlog_tree_source(&t->tree);
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t len = 0;
    SKA_TRY(ska_tile_inclusion(path, &len, e->index, t->head.published_size, &source));
    ska_tlog_proof_write(w, (struct ska_slice){e->leaf, e->leaf_len}, e->index,
                         (const uint8_t(*)[SKA_HASH_BYTES])path, len,
                         (struct ska_slice){t->head.published, t->head.published_len});
    return ska_writer_status(w);
}

void handle_log_proof(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct store_entry e;
    uint8_t hash[SKA_HASH_BYTES];
    enum ska_status status = a->tlog == NULL ? SKA_E_NOT_FOUND : SKA_OK;
    if (status == SKA_OK) /* checked by front, which is not trusted */
        status = ska_hex_decode(hash, sizeof hash, m->name);
    if (status == SKA_OK)
        status = store_entry_find(&e, a->store, hash);
    if (status == SKA_OK && (!e.is_placed || e.index >= a->tlog->head.published_size)) {
        const struct ipc_answer later = {.status = 202, .retry_after_s = PROOF_RETRY_S};
        reply(a, handle, &later);
        return;
    }
    if (status == SKA_OK)
        status = write_proof(&w, a, &e);
    if (status == SKA_OK)
        reply_body(a, handle, 200, MEDIA_TEXT, (struct ska_slice){w.data, w.len});
    else
        reply_status(a, handle, status, NULL);
}
