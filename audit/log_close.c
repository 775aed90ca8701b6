/* SPDX-License-Identifier: EUPL-1.2 */
/* log_close.c - one close: that its record is signed, and covers exactly the submissions before it.
 */
#include "audit/log_common.h"

#include <inttypes.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"

#define LATE_TOLD 8u

static bool is_submission(const struct log_row *row, uint32_t task)
{
    return row->is_known && row->leaf.type == SKA_LEAF_SUBMISSION && row->task == task;
}

/* The record of a close, by its own bytes and signatures. */
static enum ska_status read_close(struct ska_close_record *out, const struct log_evidence *log,
                                  uint64_t at, struct ska_slice bytes)
{
    const struct log_row *row = log_row(log, at);
    const struct log_task *task = &log->tasks[row->task];
    const struct ska_parameters *p = &task->task->parameters;
    struct ska_signed_close s;
    struct ska_control c;
    SKA_TRY(ska_signed_close_split(&s, bytes));
    SKA_TRY(ska_close_record_verify(s.leader, p->leader_key, s.body));
    SKA_TRY(ska_close_record_verify(s.helper, p->helper_key, s.body));
    SKA_TRY(ska_close_record_decode(out, s.body));
    SKA_TRY(ska_control_decode(&c, (struct ska_slice){out->control, sizeof out->control},
                               p->publisher_key));
    if (c.kind != SKA_CONTROL_CLOSE || c.serial != row->leaf.entry.number ||
        memcmp(c.task_id, task->id, sizeof c.task_id) != 0 ||
        memcmp(out->parameters_hash, task->task->context.parameters_hash, 32) != 0)
        return SKA_E_TASK;
    return out->log_size <= at && (!log->is_part || out->log_size > log->first) ? SKA_OK
                                                                                : SKA_E_RANGE;
}

/* Whether an entry of the record is the log's at its place. */
static bool is_the_entry(const struct log_evidence *log, uint32_t task,
                         const struct ska_close_entry *c)
{
    if (c->index < log->first)
        return false;
    const struct log_row *row = log_row(log, c->index); /* below log_size, and that the close */
    const struct ska_log_entry *entry = &row->leaf.entry;
    return is_submission(row, task) && entry->contributor == c->contributor &&
           entry->number == c->number && entry->length == c->length &&
           memcmp(entry->sha256, c->sha256, sizeof c->sha256) == 0;
}

/* How many of `n` places in order are below one. */
static uint64_t count_below(const uint64_t *places, uint64_t n, uint64_t below)
{
    uint64_t from = 0;
    while (from < n) {
        const uint64_t middle = from + (n - from) / 2;
        if (places[middle] < below)
            from = middle + 1;
        else
            n = middle;
    }
    return from;
}

/* The task's submissions before its close, and that none is from log_size on; the first of those
 * are told, the others counted. */
static enum ska_status count_before(uint64_t *n, struct log_evidence *log, struct finding *f,
                                    uint64_t at, uint64_t log_size)
{
    const uint64_t *places;
    uint64_t n_all;
    SKA_TRY(log_submissions_of(&places, &n_all, log, log_row(log, at)->task));
    *n = count_below(places, n_all, at);
    const uint64_t first_late = count_below(places, n_all, log_size);
    for (uint64_t i = first_late; i < *n; i++) {
        if (i == first_late + LATE_TOLD) {
            f->n_bad += *n - i;
            break;
        }
        finding_bad(f,
                    words("%s kom efter den frysta loggen, före %s",
                          "%s came after the frozen log, before %s"),
                    log_entry_name(log, places[i]), log_entry_name(log, at));
    }
    return SKA_OK;
}

/* It lists exactly the task's submissions before it. Those between the frozen log and the close are
 * too late to count: there must be none. */
static void compare_close(struct log_evidence *log, struct finding *f, uint64_t at,
                          const struct ska_close_record *record)
{
    const uint32_t task = log_row(log, at)->task;
    uint8_t root[SKA_HASH_BYTES];
    uint64_t n = 0;
    if (finding_is_undecided(f, log_root_at(root, log, record->log_size)))
        return;
    if (memcmp(root, record->root, sizeof root) != 0)
        finding_bad(f,
                    words("%s: en annan rot än loggens vid %" PRIu64,
                          "%s: another root than the log's at %" PRIu64),
                    log_entry_name(log, at), record->log_size);
    for (uint32_t i = 0; i < record->n; i++)
        if (!is_the_entry(log, task, &record->at[i]))
            finding_bad(f,
                        words("%s räknar något som post %" PRIu64 " inte är",
                              "%s counts what entry %" PRIu64 " is not"),
                        log_entry_name(log, at), record->at[i].index);
    if (finding_is_undecided(f, count_before(&n, log, f, at, record->log_size)))
        return;
    if (n != record->n)
        finding_bad(f,
                    words("%s räknar upp %u inlämningar, loggen har %" PRIu64,
                          "%s lists %u submissions, the log has %" PRIu64),
                    log_entry_name(log, at), record->n, n);
    f->n_inputs += n;
}

void log_take_close(struct log_evidence *log, struct finding *f, uint64_t at,
                    struct ska_slice bytes)
{
    struct log_task *task = &log->tasks[log_row(log, at)->task];
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {0};
    enum ska_status status = read_close(&record, log, at, bytes);
    f->n_inputs++;
    if (status != SKA_OK) {
        if (!finding_is_undecided(f, status))
            finding_bad(f, "%s: %s", log_entry_name(log, at), ska_status_text(status));
        return;
    }
    const uint64_t n_bad = f->n_bad;
    compare_close(log, f, at, &record);
    if (f->n_bad > n_bad)
        return; /* its places may be nobody's */
    ska_close_record_clear(&task->last_close);
    task->last_close = record;
    task->last_close_at = at;
    task->is_closed = true;
    record = (struct ska_close_record){0}; /* the task owns it now */
}
