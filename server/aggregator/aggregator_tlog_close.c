/* SPDX-License-Identifier: EUPL-1.2 */
/* aggregator_tlog_close.c - what a close record says, by our own database. */
#include "server/aggregator/aggregator_tlog.h"

#include <string.h>

#include "crypto/scoped.h"

static enum ska_status fill_entry(struct ska_close_entry *e, struct aggregator *a, int64_t task,
                                  const struct ska_accepted_entry *accepted, uint64_t size)
{
    struct store_entry placed;
    SKA_TRY(store_entry_of(&placed, a->store, task, SKA_LEAF_SUBMISSION, accepted->contributor,
                           accepted->number));
    if (!placed.is_placed || placed.index >= size)
        return SKA_E_STATE;
    *e = (struct ska_close_entry){.index = placed.index,
                                  .contributor = accepted->contributor,
                                  .number = accepted->number,
                                  .length = accepted->length};
    memcpy(e->sha256, accepted->sha256, sizeof e->sha256);
    return SKA_OK;
}

static enum ska_status fill_entries(struct ska_close_record *record, struct aggregator *a,
                                    int64_t task)
{
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted accepted = {0};
    SKA_TRY(store_report_accepted(&accepted.at, &accepted.n, a->store, task));
    if (accepted.n == 0)
        return SKA_OK;
    record->at = ska_alloc(accepted.n, sizeof *record->at);
    if (record->at == NULL)
        return SKA_E_MEMORY;
    for (record->n = 0; record->n < accepted.n; record->n++)
        SKA_TRY(
            fill_entry(&record->at[record->n], a, task, &accepted.at[record->n], record->log_size));
    return SKA_OK;
}

enum ska_status tlog_close_body(struct ska_writer *w, struct aggregator *a, int64_t task,
                                const uint8_t control[static SKA_CONTROL_BYTES], uint64_t size)
{
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {.log_size = size};
    struct task_entry *t = NULL;
    SKA_TRY(task_load(&t, a, task));
    memcpy(record.control, control, sizeof record.control);
    memcpy(record.parameters_hash, t->task->context.parameters_hash, sizeof record.parameters_hash);
    SKA_TRY(tlog_tree_root(record.root, &a->tlog->tree, size));
    SKA_TRY(fill_entries(&record, a, task));
    ska_close_record_encode(w, &record);
    return ska_writer_status(w);
}

enum ska_status tlog_close_find(uint8_t **record, size_t *len, struct aggregator *a, int64_t task,
                                uint64_t serial)
{
    struct store_entry e;
    struct ska_log_leaf leaf;
    SKA_TRY(store_entry_of(&e, a->store, task, SKA_LEAF_CLOSE, SKA_LEAF_NO_CONTRIBUTOR, serial));
    SKA_TRY(ska_log_leaf_decode(&leaf, (struct ska_slice){e.leaf, e.leaf_len}));
    return store_blob_get(record, len, a->store, leaf.entry.sha256);
}
