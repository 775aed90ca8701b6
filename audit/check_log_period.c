/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_log_period.c - that what a log tells of submissions is signed, and that each close covers
 * exactly those before it; and a bundle against the log.
 */
#include "audit/log_check.h"
#include "audit/log_common.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/revision.h"

static bool is_type(const struct log_row *row, enum ska_leaf_type type)
{
    return row->is_known && row->leaf.type == type;
}

static void tell(struct finding *f, const struct log_evidence *log, uint64_t at,
                 enum ska_status status, const struct ska_error *err)
{
    if (!finding_is_undecided(f, status))
        finding_bad(f, "%s: %s", log_entry_name(log, at),
                    err != NULL && err->text[0] != '\0' ? err->text : ska_status_text(status));
}

/* --- submissions ------------------------------------------------------------------------------ */

struct each {
    struct log_evidence *log;
    uint64_t *rows;
    enum ska_status *status;
};

static void verify_one(void *arg, size_t i)
{
    struct each *each = arg;
    const struct log_row *row = log_row(each->log, each->rows[i]);
    const struct ska_parameters *p = &each->log->tasks[row->task].task->parameters;
    const struct ska_log_entry *entry = &row->leaf.entry;
    if (entry->contributor >= p->roster.n)
        each->status[i] = SKA_E_ROSTER;
    else if (strcmp(entry->period, p->period) != 0 || entry->revision != p->revision)
        each->status[i] = SKA_E_TASK;
    else
        each->status[i] = ska_log_leaf_verify(&row->leaf, p->leader_key, p->helper_key);
}

/* By task, contributor, number. */
static int compare_rows(const struct log_row *a, const struct log_row *b)
{
    const struct ska_log_entry *x = &a->leaf.entry, *y = &b->leaf.entry;
    if (a->task != b->task)
        return a->task < b->task ? -1 : 1;
    if (x->contributor != y->contributor)
        return x->contributor < y->contributor ? -1 : 1;
    return x->number != y->number ? (x->number < y->number ? -1 : 1) : 0;
}

static const struct log_row *sorted_rows; /* for qsort, which passes nothing on; one thread only */

static int compare_indices(const void *a, const void *b)
{
    return compare_rows(&sorted_rows[*(const uint64_t *)a], &sorted_rows[*(const uint64_t *)b]);
}

static void look_for_twins(struct log_evidence *log, struct finding *f, uint64_t *rows, uint64_t n)
{
    sorted_rows = log->rows;
    if (n > 1)
        qsort(rows, (size_t)n, sizeof *rows, compare_indices);
    for (uint64_t i = 1; i < n; i++)
        if (compare_rows(&log->rows[rows[i - 1]], &log->rows[rows[i]]) == 0)
            finding_bad(f, words("%s och %s är samma inlämning", "%s and %s are one submission"),
                        log_entry_name(log, rows[i - 1]), log_entry_name(log, rows[i]));
}

enum ska_status log_verify_submissions(struct evidence *e, struct finding *f, uint64_t *rows,
                                       uint64_t n)
{
    SKA_SCOPED(ska_scoped_free)
    enum ska_status *status = ska_alloc((size_t)n + 1, sizeof *status);
    struct each each = {.log = e->log, .rows = rows, .status = status};
    if (status == NULL)
        return SKA_E_MEMORY;
    parallel_run(e->jobs, (size_t)n, verify_one, &each, "log-submissions");
    for (uint64_t i = 0; i < n && !f->is_undecided; i++)
        if (status[i] != SKA_OK)
            tell(f, e->log, rows[i], status[i], NULL);
    return SKA_OK;
}

void check_log_submissions(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    SKA_SCOPED(ska_scoped_free) uint64_t *rows = ska_alloc((size_t)log->size, sizeof *rows);
    uint64_t n = 0;
    if (rows == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (uint64_t i = 0; i < log->size; i++)
        if (is_type(&log->rows[i], SKA_LEAF_SUBMISSION))
            rows[n++] = i;
    if (finding_is_undecided(f, log_verify_submissions(e, f, rows, n)))
        return;
    look_for_twins(log, f, rows, n);
    f->n_inputs = n;
    f->is_zero_right = n == 0; /* the entries, whose root is signed, have none */
}

/* --- closes ----------------------------------------------------------------------------------- */

/* The files of what is counted, if the period is still closed. */
static void read_counted(struct log_evidence *log, struct finding *f, const struct log_task *task)
{
    for (uint32_t i = 0; i < task->last_close.n && !f->is_undecided; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
        size_t len = 0;
        if (!ska_close_record_is_counted(&task->last_close, i))
            continue;
        const uint64_t at = task->last_close.at[i].index;
        enum ska_status status = log_blob(&data, &len, log, &log->rows[at].leaf, NULL);
        if (status != SKA_OK)
            tell(f, log, at, status, NULL);
    }
}

static void look_at_close(struct log_evidence *log, struct finding *f, uint64_t at)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    enum ska_status status = log_blob(&data, &len, log, &log->rows[at].leaf, NULL);
    if (status == SKA_OK) {
        log_take_close(log, f, at, (struct ska_slice){data, len});
        return;
    }
    f->n_inputs++;
    tell(f, log, at, status, NULL);
}

void check_log_closes(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    for (uint64_t i = 0; i < log->size && !f->is_undecided; i++) {
        if (is_type(&log->rows[i], SKA_LEAF_CLOSE))
            look_at_close(log, f, i);
        else if (is_type(&log->rows[i], SKA_LEAF_REOPEN))
            log->tasks[log->rows[i].task].is_closed = false;
    }
    f->is_zero_right = f->n_inputs == 0; /* the entries, whose root is signed, have none */
    for (uint32_t i = 0; i < log->n_tasks; i++)
        if (log->tasks[i].is_closed)
            read_counted(log, f, &log->tasks[i]);
}

/* --- what comes after --------------------------------------------------------------------------
 */

static enum ska_status read_changes(struct log_evidence *log, uint64_t at)
{
    const struct log_row *row = &log->rows[at];
    const struct log_task *task = &log->tasks[row->task];
    const struct ska_parameters *p = &task->task->parameters;
    const uint8_t *keys[2] = {p->leader_key, p->helper_key};
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    struct ska_reader r;
    size_t len = 0;
    SKA_TRY(log_blob(&data, &len, log, &row->leaf, NULL));
    ska_reader_init(&r, data, len);
    for (size_t k = 0; k < 2; k++) {
        struct ska_slice one;
        struct ska_changes changes;
        SKA_TRY(ska_read_opaque32(&one.data, &one.len, &r, SKA_CHANGES_BYTES_MAX));
        SKA_TRY(ska_changes_read(&changes, one, keys[k]));
        if (memcmp(changes.task_id, task->id, sizeof changes.task_id) != 0 ||
            changes.role != (k == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER))
            return SKA_E_TASK;
    }
    SKA_TRY(ska_read_end(&r));
    return p->previous.exists ? SKA_OK : SKA_E_STATE;
}

void check_log_changes(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    for (uint64_t i = 0; i < log->size && !f->is_undecided; i++) {
        if (!is_type(&log->rows[i], SKA_LEAF_CHANGES))
            continue;
        f->n_inputs++;
        enum ska_status status = read_changes(log, i);
        if (status != SKA_OK)
            tell(f, log, i, status, NULL);
    }
    f->is_zero_right = f->n_inputs == 0; /* the entries, whose root is signed, have none */
}

/* --- a bundle ----------------------------------------------------------------------------------
 */

void log_compare_lists(struct evidence *e, struct finding *f, const struct log_task *task)
{
    const struct ska_close_record *closed = &task->last_close;
    if (e->accepted.n != closed->n)
        finding_bad(f,
                    words("paketet räknar upp %u inlämningar, loggen %u",
                          "the bundle lists %u submissions, the log %u"),
                    e->accepted.n, closed->n);
    const uint32_t n = e->accepted.n < closed->n ? e->accepted.n : closed->n;
    for (uint32_t i = 0; i < n; i++) {
        const struct ska_accepted_entry *a = &e->accepted.at[i];
        const struct ska_close_entry *c = &closed->at[i];
        const struct ska_log_leaf *leaf = &log_row(e->log, c->index)->leaf;
        f->n_inputs++;
        if (a->contributor != c->contributor || a->number != c->number || a->length != c->length ||
            memcmp(a->sha256, c->sha256, sizeof a->sha256) != 0 ||
            memcmp(a->report_id, leaf->report_id, sizeof a->report_id) != 0)
            finding_bad(f,
                        words("%s: paketets inlämning är inte loggens",
                              "%s: the bundle's submission is not the log's"),
                        evidence_contributor(e, a->contributor));
    }
}

void check_log_bundle(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    uint32_t task = 0;
    f->is_zero_right = !log->has_bundle; /* none is given */
    if (f->is_zero_right)
        return;
    check_released(e, f);
    if (f->n_bad > 0 || f->is_undecided)
        return;
    check_accepted_form(e, f);
    if (f->n_bad > 0 || f->is_undecided)
        return;
    f->n_inputs = 0; /* what follows counts submissions */
    while (task < log->n_tasks &&
           memcmp(log->tasks[task].id, e->task->context.task_id, sizeof log->tasks[0].id) != 0)
        task++;
    if (task == log->n_tasks) {
        finding_bad(f, "%s",
                    words("loggen har inte paketets uppgift", "the log has not the bundle's task"));
        return;
    }
    const struct log_task *of = &log->tasks[task];
    if (of->parameters_len != e->parameters_file.len ||
        memcmp(of->parameters, e->parameters_file.data, of->parameters_len) != 0)
        finding_bad(f, "%s",
                    words("loggen har andra parametrar än paketet",
                          "the log has other parameters than the bundle"));
    if (!of->is_closed) {
        finding_bad(
            f, "%s",
            words("perioden är inte stängd i loggen", "the period is not closed in the log"));
        return;
    }
    log_compare_lists(e, f, of);
    if (e->log_file[SKA_BUNDLE_CHECKPOINT].data != NULL)
        log_compare_earlier(log, f, e->log_file[SKA_BUNDLE_CHECKPOINT],
                            words("paketets kontrollpunkt", "the bundle's checkpoint"));
    check_log_release_of(e, f, task);
}
