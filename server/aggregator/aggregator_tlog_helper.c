/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_tlog_helper.c - the helper as a witness that knows more than a witness must: every
 * leaf must be an entry that it made itself.
 *
 *     request     u64 old_size | u32 n | n x opaque16 leaf | opaque32 checkpoint
 *     answer      opaque16 cosignature line; 409 with u64 size, if old_size is not ours
 */
#include "server/aggregator/aggregator_tlog.h"

#include <string.h>

#include "crypto/scoped.h"
#include "protocol/cosignature.h"
#include "server/log.h"

/* The request's end, after the leaves. */
struct extension {
    uint64_t old_size;
    uint32_t n;
    struct ska_reader leaves; /* n x opaque16 leaf, and what follows */
    struct ska_note note;
    struct ska_checkpoint checkpoint;
    struct ska_slice signed_note;
};

/* Form, and that the log signed it. */
static enum ska_status read_extension(struct extension *e, const struct tlog *t,
                                      struct ska_slice body)
{
    struct ska_reader r;
    struct ska_slice leaf;
    ska_reader_init(&r, body.data, body.len);
    SKA_TRY(ska_read_u64(&e->old_size, &r));
    SKA_TRY(ska_read_u32(&e->n, &r));
    e->leaves = r;
    for (uint32_t i = 0; i < e->n; i++)
        SKA_TRY(ska_read_opaque16(&leaf.data, &leaf.len, &r, SKA_LEAF_BYTES_MAX));
    SKA_TRY(ska_read_opaque32(&e->signed_note.data, &e->signed_note.len, &r, SKA_NOTE_BYTES_MAX));
    SKA_TRY(ska_read_end(&r));
    SKA_TRY(ska_note_parse(&e->note, e->signed_note.data, e->signed_note.len));
    SKA_TRY(ska_note_verify(&e->note, &t->policy.logs[0]));
    SKA_TRY(ska_checkpoint_parse(&e->checkpoint, e->note.text));
    bool is_ours = strcmp(e->checkpoint.origin, t->policy.logs[0].name) == 0;
    return is_ours && e->checkpoint.size >= e->n && e->checkpoint.size - e->n == e->old_size
               ? SKA_OK
               : SKA_E_MISMATCH;
}

/* Within a transaction: places for the leaves, which must be entries of ours without one; then the
 * root must be the checkpoint's. */
static enum ska_status take_leaves(struct aggregator *a, struct extension *e)
{
    struct tlog *t = a->tlog;
    struct ska_slice leaf;
    uint8_t root[SKA_HASH_BYTES];
    for (uint32_t i = 0; i < e->n; i++) {
        uint8_t hash[SKA_HASH_BYTES];
        struct store_entry own;
        SKA_TRY(ska_read_opaque16(&leaf.data, &leaf.len, &e->leaves, SKA_LEAF_BYTES_MAX));
        ska_merkle_leaf(hash, leaf.data, leaf.len);
        SKA_TRY(store_entry_find(&own, a->store, hash));
        SKA_TRY(store_entry_place(a->store, own.id, t->tree.size));
        SKA_TRY(tlog_tree_add(&t->tree, hash));
    }
    SKA_TRY(tlog_tree_root(root, &t->tree, t->tree.size));
    if (memcmp(root, e->checkpoint.root, sizeof root) != 0)
        return SKA_E_MISMATCH;
    SKA_SCOPED(store_head_clear)
    struct store_head head = {.size = t->tree.size, .note_len = e->signed_note.len};
    head.note = ska_alloc(head.note_len, 1);
    if (head.note == NULL)
        return SKA_E_MEMORY;
    memcpy(head.note, e->signed_note.data, head.note_len);
    memcpy(head.root, root, sizeof head.root);
    return store_head_set(a->store, &head);
}

static enum ska_status extend(struct ska_writer *line, struct aggregator *a, struct extension *e)
{
    struct tlog *t = a->tlog;
    const uint64_t old_size = t->tree.size;
    SKA_TRY(store_begin(a->store));
    enum ska_status status = store_end(a->store, take_leaves(a, e));
    if (status != SKA_OK) {
        tlog_tree_cut(&t->tree, old_size);
        return status;
    }
    t->head.size = t->tree.size;
    return ska_cosignature_sign(line, &t->key, &t->secret, e->note.text, aggregator_now_s());
}

static void answer_line(struct aggregator *a, uint64_t handle, const struct ska_writer *line)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_write_opaque16(&w, line->data, line->len);
    if (ska_writer_status(&w) == SKA_OK)
        reply_body(a, handle, 200, MEDIA_LOG_COSIGNATURE, (struct ska_slice){w.data, w.len});
    else
        reply_status(a, handle, SKA_E_MEMORY, NULL);
}

void handle_log_extend(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct extension e = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer line = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer size = {0};
    enum ska_status status =
        a->tlog == NULL ? SKA_E_NOT_FOUND : read_extension(&e, a->tlog, m->body);
    if (status == SKA_OK && e.old_size != a->tlog->tree.size) {
        ska_write_u64(&size, a->tlog->tree.size);
        if (ska_writer_status(&size) == SKA_OK)
            reply_body(a, handle, 409, MEDIA_LOG_SIZE, (struct ska_slice){size.data, size.len});
        else
            reply_status(a, handle, SKA_E_MEMORY, NULL);
        return;
    }
    if (status == SKA_OK)
        status = extend(&line, a, &e);
    if (status == SKA_OK) {
        log_info("log_cosigned", "size=%llu entries=%lu", (unsigned long long)a->tlog->tree.size,
                 (unsigned long)e.n);
        answer_line(a, handle, &line);
        return;
    }
    log_error("log_not_cosigned", "status=%s", ska_status_name(status));
    bool undecided = ska_status_class(status) != SKA_CLASS_INPUT &&
                     ska_status_class(status) != SKA_CLASS_REJECTED;
    if (undecided)
        reply_status(a, handle, status, NULL);
    else
        reply_problem(a, handle, SKA_PROBLEM_NONE, 403,
                      "not an extension of the log by entries of this server");
}
