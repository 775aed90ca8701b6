/* SPDX-License-Identifier: EUPL-1.2 */
/* check_log_releases.c - what a log tells of releases: signed by both, one of each task, in a chain
 * in each collection. */
#include "audit/log_check.h"

#include <stdlib.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/release.h"

/* A release of the log that could be read. */
struct logged {
    uint64_t at;
    struct ska_release_place place;
};

static bool is_release(const struct log_row *row)
{
    return row->is_known && row->leaf.type == SKA_LEAF_RELEASE;
}

static const struct ska_task *task_of(const struct log_evidence *log, uint64_t at)
{
    return log->tasks[log->rows[at].task].task;
}

static bool is_of_collection(const struct log_evidence *log, uint64_t at,
                             const struct ska_task *task)
{
    return strcmp(task_of(log, at)->parameters.collection, task->parameters.collection) == 0;
}

static enum ska_status read_release(struct ska_release_place *place, struct log_evidence *log,
                                    uint64_t at)
{
    const struct log_row *row = &log->rows[at];
    const struct log_task *task = &log->tasks[row->task];
    const struct ska_parameters *p = &task->task->parameters;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    struct ska_release release;
    size_t len = 0;
    SKA_TRY(log_blob(&data, &len, log, &row->leaf, NULL));
    SKA_TRY(ska_release_decode(&release, (struct ska_slice){data, len}));
    if (memcmp(release.task_id, task->id, sizeof release.task_id) != 0)
        return SKA_E_TASK;
    if (release.place.number != row->leaf.entry.number)
        return SKA_E_NUMBER;
    *place = release.place;
    SKA_TRY(ska_release_verify(release.signature[SKA_RELEASE_PUBLISHER], SKA_RELEASE_PUBLISHER,
                               p->publisher_key, release.body));
    return ska_release_verify(release.signature[SKA_RELEASE_SECOND], SKA_RELEASE_SECOND,
                              p->second_key, release.body);
}

/* A correction is released after what it says of its changes. */
static void look_for_changes(struct log_evidence *log, struct finding *f, uint64_t at)
{
    const struct ska_parameters *p = &task_of(log, at)->parameters;
    bool is_there = !p->previous.exists;
    for (uint64_t i = 0; i < at && !is_there; i++)
        is_there = log->rows[i].is_known && log->rows[i].task == log->rows[at].task &&
                   log->rows[i].leaf.type == SKA_LEAF_CHANGES;
    if (!is_there)
        finding_bad(f,
                    words("%s är en rättelse vars ändringar inte står före den",
                          "%s is a correction whose changes do not stand before it"),
                    log_entry_name(log, at));
}

static void compare(const struct log_evidence *log, struct finding *f, const struct logged *a,
                    const struct logged *b)
{
    if (log->rows[a->at].task == log->rows[b->at].task)
        finding_bad(f, words("%s: uppdraget är redan utgivet", "%s: the task is released already"),
                    log_entry_name(log, b->at));
    else if (!is_of_collection(log, a->at, task_of(log, b->at)))
        return;
    else if (a->place.number == b->place.number)
        finding_bad(f, words("%s och %s har samma nummer", "%s and %s have one number"),
                    log_entry_name(log, a->at), log_entry_name(log, b->at));
    else if (memcmp(a->place.previous, b->place.previous, sizeof a->place.previous) == 0)
        finding_bad(f, words("%s och %s följer på samma paket", "%s and %s follow upon one bundle"),
                    log_entry_name(log, a->at), log_entry_name(log, b->at));
}

static const struct ska_task *find_task(const struct log_evidence *log, const uint8_t id[static 32])
{
    for (uint32_t i = 0; i < log->n_tasks; i++)
        if (log->tasks[i].task != NULL && memcmp(log->tasks[i].id, id, 32) == 0)
            return log->tasks[i].task;
    return NULL;
}

/* A correction that was released after `passed` of its period corrects that, or a later one. */
static void look_for_passed(const struct log_evidence *log, struct finding *f,
                            const struct logged *passed, const struct logged *now)
{
    const struct ska_parameters *p = &task_of(log, now->at)->parameters;
    const struct ska_parameters *q = &task_of(log, passed->at)->parameters;
    if (!p->previous.exists || passed->place.number >= now->place.number ||
        strcmp(p->period, q->period) != 0 || strcmp(p->collection, q->collection) != 0)
        return;
    const struct ska_task *named = find_task(log, p->previous.task_id);
    if (named != NULL && q->revision > named->parameters.revision)
        finding_bad(f,
                    words("%s är en rättelse som hoppar över en utgåva av sin period",
                          "%s is a correction that passes over a release of its period"),
                    log_entry_name(log, now->at));
}

void check_log_releases(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    SKA_SCOPED(ska_scoped_free) struct logged *found = ska_alloc((size_t)log->size, sizeof *found);
    size_t n = 0;
    if (found == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (uint64_t i = 0; i < log->size && !f->is_undecided; i++) {
        if (!is_release(&log->rows[i]))
            continue;
        f->n_inputs++;
        found[n].at = i;
        enum ska_status status = read_release(&found[n].place, log, i);
        if (status == SKA_OK) {
            look_for_changes(log, f, i);
            for (size_t k = 0; k < n; k++) {
                compare(log, f, &found[k], &found[n]);
                look_for_passed(log, f, &found[k], &found[n]);
                look_for_passed(log, f, &found[n], &found[k]);
            }
            n++;
        } else if (!finding_is_undecided(f, status)) {
            finding_bad(f, "%s: %s", log_entry_name(log, i), ska_status_text(status));
        }
    }
    f->is_zero_right = f->n_inputs == 0; /* the entries, whose root is signed, have none */
}

/* --- a bundle ----------------------------------------------------------------------------------
 */

/* The release after the bundle's names it. */
static void look_at_next(struct evidence *e, struct finding *f, uint64_t at)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    uint8_t hash[SKA_HASH_BYTES];
    struct ska_release next;
    size_t len = 0;
    enum ska_status status = log_blob(&data, &len, e->log, &e->log->rows[at].leaf, NULL);
    if (status == SKA_OK)
        status = ska_release_decode(&next, (struct ska_slice){data, len});
    if (finding_is_undecided(f, status))
        return;
    ska_sha256(hash, e->archive.data, e->archive.len);
    if (status != SKA_OK || memcmp(next.place.previous, hash, sizeof hash) != 0)
        finding_bad(f,
                    words("%s följer på ett annat paket med nummer %u",
                          "%s follows upon another bundle of number %u"),
                    log_entry_name(e->log, at), e->release.place.number);
}

void check_log_release_of(struct evidence *e, struct finding *f, uint32_t task)
{
    const uint64_t number = (uint64_t)e->release.place.number;
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256(hash, e->release_file.data, e->release_file.len);
    for (uint64_t i = 0; i < e->log->size && !f->is_undecided; i++) {
        const struct log_row *row = &e->log->rows[i];
        if (!is_release(row) || !is_of_collection(e->log, i, e->task))
            continue;
        if (row->task == task && memcmp(row->leaf.entry.sha256, hash, sizeof hash) != 0)
            finding_bad(
                f,
                words("%s är en annan utgåva än paketet", "%s is another release than the bundle"),
                log_entry_name(e->log, i));
        else if (row->task != task && row->leaf.entry.number == number + 1)
            look_at_next(e, f, i);
    }
}
