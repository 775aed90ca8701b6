/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_revision.c - corrections: what they are compared with, whether they may be collected,
 * and the flags that say how many changed. What they pass over: aggregator_passed.c.
 *
 * Flags are opened once per task, after it is closed and before anything of its totals is given
 * away; what was opened is kept with its verdict's inputs, so that a repetition says the same.
 */
#include "server/aggregator/aggregator_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/revision.h"

SKA_DEFINE_RELEASE(struct ska_task *, task_release, ska_task_free)

#define OPENING_BYTES 64u /* x | r */

/* --- which task may be collected --- */

bool is_of_period(const struct store_task *a, const struct store_task *b)
{
    return a->id != b->id && strcmp(a->collection, b->collection) == 0 &&
           strcmp(a->period, b->period) == 0;
}

/* The task that the parameters name, if it is one of the period. */
static enum ska_status find_named(struct store_task *named, struct aggregator *a,
                                  const struct store_task *row, const struct ska_task *task,
                                  struct ska_error *err)
{
    enum ska_status status = store_task_find(named, a->store, task->context.previous_task_id);
    if (status != SKA_OK && status != SKA_E_NOT_FOUND)
        return status;
    return status == SKA_OK && named->state == SKA_TASK_COLLECTED && is_of_period(named, row)
               ? SKA_OK
               : ska_fail(err, SKA_E_MISMATCH,
                          "a correction of this period: the task they name was not collected");
}

/* Every other task of the period that is collected, or about to be, comes before `row`. Out:
 * whether there is one. */
static enum ska_status check_order(bool *is_any, struct aggregator *a, const struct store_task *row,
                                   struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *at = NULL;
    size_t n = 0;
    SKA_TRY(store_task_all(&at, &n, a->store));
    *is_any = false;
    for (size_t i = 0; i < n; i++) {
        SKA_SCOPED(store_collection_clear) struct store_collection c = {0};
        if (!is_of_period(&at[i], row))
            continue;
        enum ska_status status = store_collection_get(&c, a->store, at[i].id);
        if (status == SKA_E_NOT_FOUND)
            continue;
        SKA_TRY(status);
        if (at[i].state != SKA_TASK_COLLECTED)
            return ska_fail(err, SKA_E_STATE, "another collection of the period is under way");
        if (at[i].revision > row->revision)
            return ska_fail(err, SKA_E_STATE,
                            "a higher revision of the period was collected already");
        *is_any = true;
    }
    return SKA_OK;
}

/* What was opened of it is there once it is to be collected. */
static enum ska_status check_passed_again(struct aggregator *a, const struct store_task *row,
                                          const struct ska_task *task, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *both = NULL;
    size_t len = 0;
    enum ska_status status = store_changes_get(&both, &len, a->store, row->id);
    if (status == SKA_E_NOT_FOUND)
        return SKA_OK;
    SKA_TRY(status);
    return passed_check(a, row, task, (struct ska_slice){both, len}, err);
}

enum ska_status collection_allowed(struct aggregator *a, const struct store_task *row,
                                   const struct ska_task *task, struct ska_error *err)
{
    struct store_task named;
    bool is_any = false;
    SKA_TRY(check_order(&is_any, a, row, err));
    if (!is_any)
        return task->parameters.previous.exists
                   ? ska_fail(err, SKA_E_STATE,
                              "nothing of the period was collected, so there is nothing to correct")
                   : SKA_OK;
    if (!task->parameters.previous.exists)
        return ska_fail(err, SKA_E_STATE,
                        "another revision of the period was collected already; only a correction "
                        "that names it may follow");
    SKA_TRY(find_named(&named, a, row, task, err));
    SKA_SCOPED(task_release) struct ska_task *previous = NULL;
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_TRY(task_decode(&previous, a, named.id));
    SKA_TRY(counted_load(&counted, a, named.id));
    SKA_TRY(ska_revision_check(task, previous, counted.list_hash, err));
    return check_passed_again(a, row, task, err);
}

/* --- what submissions are compared with --- */

static enum ska_status load_share(uint8_t **data, size_t *len, struct aggregator *a, int64_t task,
                                  const struct ska_accepted_entry *entry)
{
    struct store_report r;
    SKA_TRY(store_report_find(&r, a->store, task, entry->report_id));
    return store_public_share_get(data, len, a->store, r.id);
}

static enum ska_status fill_one(struct ska_earlier *earlier, uint8_t *bytes, struct aggregator *a,
                                const struct ska_task *previous, int64_t previous_id,
                                const struct ska_accepted_entry *entry)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *share = NULL;
    size_t len = 0;
    struct ska_earlier found;
    const size_t half = (size_t)previous->layout->n_cells * SKA_POINT_BYTES;
    SKA_TRY(load_share(&share, &len, a, previous_id, entry));
    SKA_TRY(ska_revision_earlier(&found, previous, (struct ska_slice){share, len}));
    memcpy(bytes, found.v1, half);
    memcpy(bytes + half, found.v2, half);
    *earlier = (struct ska_earlier){bytes, bytes + half};
    return SKA_OK;
}

enum ska_status revision_fill(struct ska_earlier **earlier, uint8_t **bytes, struct aggregator *a,
                              const struct ska_task *task)
{
    struct store_task row;
    SKA_SCOPED(task_release) struct ska_task *previous = NULL;
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_TRY(store_task_find(&row, a->store, task->context.previous_task_id));
    SKA_TRY(task_decode(&previous, a, row.id));
    SKA_TRY(counted_load(&counted, a, row.id));
    if (previous->layout->n_cells + 1 != task->config.statement->n_cells)
        return SKA_E_MISMATCH; /* ska_revision_check has seen to it */
    const uint32_t n = task->parameters.roster.n;
    const size_t each = 2 * (size_t)previous->layout->n_cells * SKA_POINT_BYTES;
    SKA_SCOPED(ska_scoped_free) struct ska_earlier *at = ska_alloc(n, sizeof *at);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = ska_alloc(n, each);
    if (at == NULL || data == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < counted.list.n; i++) {
        const struct ska_accepted_entry *entry = &counted.list.at[i];
        if (ska_accepted_is_counted(&counted.list, i) && entry->contributor < n)
            SKA_TRY(fill_one(&at[entry->contributor], data + each * entry->contributor, a, previous,
                             row.id, entry));
    }
    *earlier = at;
    *bytes = data;
    at = NULL;
    data = NULL;
    return SKA_OK;
}

/* --- our own opening --- */

/* Secret sums of flags and their blindings, by atom, until they are opened. */
struct flag_sums {
    uint8_t *bytes; /* n * OPENING_BYTES */
    size_t len;
};

static void flag_sums_clear(struct flag_sums *s)
{
    ska_wipe_free(s->bytes, s->len);
    *s = (struct flag_sums){0};
}

/* The flag is the last cell of an output share. */
static enum ska_status add_flag(uint8_t sum[static OPENING_BYTES], struct aggregator *a,
                                int64_t task, const struct ska_accepted_entry *entry)
{
    struct store_report r;
    SKA_SCOPED(flag_sums_clear) struct flag_sums share = {0};
    SKA_TRY(store_report_find(&r, a->store, task, entry->report_id));
    SKA_TRY(store_output_get(&share.bytes, &share.len, a->store, r.id));
    if (share.len < OPENING_BYTES)
        return SKA_E_STORE;
    const uint8_t *flag = share.bytes + share.len - OPENING_BYTES;
    SKA_SCOPED(ska_scalar_clear) ska_scalar total = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar part = {{0}};
    for (size_t at = 0; at < OPENING_BYTES; at += SKA_SCALAR_BYTES) {
        SKA_TRY(ska_scalar_decode(&total, sum + at));
        SKA_TRY(ska_scalar_decode(&part, flag + at));
        ska_scalar_add(&total, &total, &part);
        ska_scalar_encode(sum + at, &total);
    }
    return SKA_OK;
}

static enum ska_status write_new(struct ska_writer *w, struct aggregator *a,
                                 const struct store_task *row, const struct ska_task *task)
{
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms atoms = {0};
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_SCOPED(flag_sums_clear) struct flag_sums sums = {0};
    SKA_TRY(ska_atoms_init(&atoms, &task->parameters.groups, task->parameters.roster.n));
    SKA_TRY(counted_load(&counted, a, row->id));
    sums.bytes = ska_alloc(atoms.n, OPENING_BYTES);
    if (sums.bytes == NULL)
        return SKA_E_MEMORY;
    sums.len = (size_t)atoms.n * OPENING_BYTES;
    for (uint32_t i = 0; i < counted.list.n; i++) {
        const struct ska_accepted_entry *entry = &counted.list.at[i];
        if (ska_accepted_is_counted(&counted.list, i))
            SKA_TRY(add_flag(sums.bytes + (size_t)OPENING_BYTES * atoms.of[entry->contributor], a,
                             row->id, entry));
    }
    struct ska_changes own = {.role = a->config->role, .n_atoms = atoms.n, .openings = sums.bytes};
    memcpy(own.task_id, task->context.task_id, sizeof own.task_id);
    memcpy(own.accepted_hash, counted.list_hash, sizeof own.accepted_hash);
    return ska_changes_write(w, &own, &a->signing);
}

enum ska_status changes_write_own(struct ska_writer *w, struct aggregator *a,
                                  const struct store_task *row, const struct ska_task *task)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *both = NULL;
    size_t len = 0;
    enum ska_status status = store_changes_get(&both, &len, a->store, row->id);
    if (status == SKA_E_NOT_FOUND && row->state == SKA_TASK_CLOSED)
        return write_new(w, a, row, task);
    SKA_TRY(status);
    struct ska_reader r;
    struct ska_slice at[2];
    ska_reader_init(&r, both, len);
    for (int k = 0; k < 2; k++)
        SKA_TRY(ska_read_opaque32(&at[k].data, &at[k].len, &r, SKA_CHANGES_BYTES_MAX));
    const struct ska_slice *own = &at[a->config->role == SKA_ROLE_LEADER ? 0 : 1];
    ska_write_bytes(w, own->data, own->len);
    return ska_writer_status(w);
}

/* --- the verdict --- */

/* Commitments to the flags, and who is gone. */
static enum ska_status fill_tally(struct ska_change_tally *tally, struct aggregator *a,
                                  const struct store_task *row, const struct ska_task *task,
                                  const struct counted *counted)
{
    struct store_task before;
    SKA_SCOPED(counted_clear) struct counted counted_before = {0};
    SKA_TRY(ska_change_tally_init(tally, task));
    for (uint32_t i = 0; i < counted->list.n; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *share = NULL;
        size_t len = 0;
        if (!ska_accepted_is_counted(&counted->list, i))
            continue;
        SKA_TRY(load_share(&share, &len, a, row->id, &counted->list.at[i]));
        SKA_TRY(ska_change_tally_add(tally, task, (struct ska_slice){share, len}));
    }
    SKA_TRY(store_task_find(&before, a->store, task->context.previous_task_id));
    SKA_TRY(counted_load(&counted_before, a, before.id));
    ska_change_tally_compare(tally, &counted_before.list, &counted->list);
    return SKA_OK;
}

enum ska_status changes_judge(struct ska_writer *both, struct aggregator *a,
                              const struct store_task *row, const struct ska_task *task,
                              struct ska_slice own, struct ska_slice peers, struct ska_error *err)
{
    const bool is_leader = a->config->role == SKA_ROLE_LEADER;
    const enum ska_role peer = is_leader ? SKA_ROLE_HELPER : SKA_ROLE_LEADER;
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    struct ska_changes ours;
    struct ska_changes theirs;
    SKA_TRY(counted_load(&counted, a, row->id));
    SKA_TRY(fill_tally(&tally, a, row, task, &counted));
    SKA_TRY(ska_changes_read(&theirs, peers, a->config->peer_key));
    SKA_TRY(ska_changes_verify(&theirs, &tally, task, peer, counted.list_hash));
    SKA_TRY(ska_changes_read(&ours, own, a->signing.public_key));
    SKA_TRY(ska_changes_verify(&ours, &tally, task, a->config->role, counted.list_hash));
    SKA_TRY(ska_changes_open(&tally, is_leader ? &ours : &theirs, is_leader ? &theirs : &ours));
    const struct ska_slice at[2] = {is_leader ? own : peers, is_leader ? peers : own};
    for (int k = 0; k < 2; k++)
        ska_write_opaque32(both, at[k].data, at[k].len);
    SKA_TRY(ska_writer_status(both));
    SKA_TRY(ska_changes_judge(&tally, err));
    return passed_check(a, row, task, (struct ska_slice){both->data, both->len}, err);
}

enum ska_status changes_keep(struct aggregator *a, int64_t task, struct ska_slice both)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *kept = NULL;
    size_t len = 0;
    enum ska_status status = store_changes_get(&kept, &len, a->store, task);
    if (status == SKA_E_NOT_FOUND)
        return store_changes_set(a->store, task, both);
    SKA_TRY(status);
    return len == both.len && memcmp(kept, both.data, len) == 0 ? SKA_OK : SKA_E_MISMATCH;
}

void handle_changes(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!task_find_or_answer(&row, a, handle, m))
        return;
    SKA_SCOPED(ska_scoped_free) uint8_t *both = NULL;
    size_t len = 0;
    enum ska_status status = row.state == SKA_TASK_COLLECTED
                                 ? store_changes_get(&both, &len, a->store, row.id)
                                 : SKA_E_STATE;
    if (status == SKA_OK)
        reply_body(a, handle, 200, MEDIA_CHANGES, (struct ska_slice){both, len});
    else
        reply_status(a, handle, status, NULL);
}
