/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_part_task.c - the task's entries in the bundle's part of the public log: in order, of this
 * bundle, closed over exactly its submissions; and the accepted list, entry for entry.
 */
#include "audit/check_part.h"

#include <inttypes.h>
#include <string.h>

#include "audit/log_common.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#define N_TYPES (SKA_LEAF_VERIFIER + 1)

/* Where going over the task's entries has come to. */
struct walk {
    struct evidence *e;
    struct finding *f;
    enum ska_log_stage stage;
    uint64_t n_of[N_TYPES]; /* entries of each type */
    uint32_t n_records;     /* of log/records, that were met */
};

static bool is_own(const struct log_row *row)
{
    return row->is_known && row->task == 0;
}

/* Whether an entry's blob is a record of its own in log/records. */
static bool has_record(enum ska_leaf_type type)
{
    return type == SKA_LEAF_CLOSE || log_command_of(type) != 0;
}

static void tell(const struct walk *w, uint64_t index, const char *what)
{
    finding_bad(w->f, "%s: %s", log_entry_name(w->e->log, index), what);
}

/* The roster as it stands in the parameters. */
static enum ska_status is_roster(bool *out, const struct evidence *e,
                                 const struct ska_log_leaf *leaf)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_roster_encode(&w, &e->task->parameters.roster);
    SKA_TRY(ska_writer_status(&w));
    *out = log_is_blob(leaf, (struct ska_slice){w.data, w.len});
    return SKA_OK;
}

static void look_at_record(struct walk *w, uint64_t index)
{
    const struct log_evidence *log = w->e->log;
    const struct log_row *row = log_row(log, index);
    const uint32_t k = w->n_records++;
    if (k >= log->part.n_records) {
        tell(w, index, words("saknas i log/records", "is missing in log/records"));
        return;
    }
    if (!log_is_blob(&row->leaf, log->part.records[k])) {
        tell(w, index,
             words("det som står i log/records är något annat",
                   "what stands in log/records is something else"));
        return;
    }
    const int kind = log_command_of(row->leaf.type);
    enum ska_status status =
        kind == 0 ? SKA_OK : log_command_verify(log, row, kind, log->part.records[k]);
    if (!finding_is_undecided(w->f, status) && status != SKA_OK)
        tell(w, index, ska_status_text(status));
}

/* What its blob must be. */
static void look_at_blob(struct walk *w, uint64_t index)
{
    const struct evidence *e = w->e;
    const struct ska_log_leaf *leaf = &log_row(e->log, index)->leaf;
    bool is_right = true;
    switch (leaf->type) {
    case SKA_LEAF_ROSTER:
        if (finding_is_undecided(w->f, is_roster(&is_right, e, leaf)))
            return;
        break;
    case SKA_LEAF_PARAMETERS:
        is_right = log_is_blob(leaf, e->parameters_file);
        break;
    case SKA_LEAF_CHANGES:
        is_right = e->changes_file.data != NULL && log_is_blob(leaf, e->changes_file);
        break;
    case SKA_LEAF_OPEN:
    case SKA_LEAF_CLOSE:
    case SKA_LEAF_REOPEN:
    case SKA_LEAF_COLLECT:
        look_at_record(w, index);
        break;
    case SKA_LEAF_RELEASE:
        tell(w, index, words("uppgiften var redan utgiven", "the task had been released already"));
        break;
    case SKA_LEAF_SUBMISSION:
    case SKA_LEAF_VERIFIER:
        break;
    }
    if (!is_right)
        tell(w, index, words("inte det som paketet har", "not what the bundle has"));
}

static void look_at_entry(struct walk *w, uint64_t index)
{
    const struct ska_parameters *p = &w->e->task->parameters;
    const struct ska_log_leaf *leaf = &log_row(w->e->log, index)->leaf;
    w->f->n_inputs++;
    w->n_of[leaf->type]++;
    if (strcmp(leaf->entry.period, p->period) != 0 || leaf->entry.revision != p->revision)
        tell(w, index, words("av en annan period eller revision", "of another period or revision"));
    log_take_step(&w->stage, w->e->log, w->f, index);
    look_at_blob(w, index);
}

/* How many there must be of a type. */
static void expect(const struct walk *w, enum ska_leaf_type type, uint64_t n)
{
    if (w->n_of[type] != n)
        finding_bad(w->f,
                    words("loggen har %" PRIu64 " poster av uppgiften av sorten %s, inte %" PRIu64,
                          "the log has %" PRIu64 " entries of the task of type %s, not %" PRIu64),
                    w->n_of[type], ska_log_leaf_name(type), n);
}

void check_part_task(struct evidence *e, struct finding *f)
{
    if (part_is_none(e, f))
        return;
    const struct log_evidence *log = e->log;
    struct walk w = {.e = e, .f = f};
    const struct log_row *first = log_row(log, log->first);
    if (!is_own(first) || first->leaf.type != SKA_LEAF_ROSTER)
        finding_bad(f, "%s",
                    words("log/leaves börjar inte med uppgiftens förteckning",
                          "log/leaves does not begin with the task's roster"));
    for (uint64_t i = log->first; i < log->size && !f->is_undecided; i++)
        if (is_own(log_row(log, i)))
            look_at_entry(&w, i);
    if (f->is_undecided)
        return;
    expect(&w, SKA_LEAF_ROSTER, 1);
    expect(&w, SKA_LEAF_PARAMETERS, 1);
    expect(&w, SKA_LEAF_CHANGES, e->task->parameters.previous.exists ? 1 : 0);
    if (w.stage < SKA_LOG_COLLECTED)
        finding_bad(f, "%s",
                    words("uppgiften är inte insamlad vid kontrollpunkten",
                          "the task is not collected at the checkpoint"));
    if (w.n_records < log->part.n_records)
        finding_bad(f,
                    words("log/records har %u till som ingen post är av",
                          "log/records has %u more that no entry is of"),
                    log->part.n_records - w.n_records);
}

void check_part_close(struct evidence *e, struct finding *f)
{
    uint32_t record = 0;
    if (part_is_none(e, f))
        return;
    struct log_evidence *log = e->log;
    for (uint64_t i = log->first; i < log->size && !f->is_undecided; i++) {
        const struct log_row *row = log_row(log, i);
        if (!is_own(row) || !has_record(row->leaf.type))
            continue;
        if (row->leaf.type == SKA_LEAF_CLOSE)
            log_take_close(log, f, i, log->part.records[record]);
        record++;
    }
}

void check_part_accepted(struct evidence *e, struct finding *f)
{
    if (part_is_none(e, f))
        return;
    const struct log_evidence *log = e->log;
    const struct log_task *task = &log->tasks[0];
    const struct ska_close_record *closed = &task->last_close;
    SKA_SCOPED(ska_scoped_free) uint64_t *rows = ska_alloc((size_t)closed->n + 1, sizeof *rows);
    if (rows == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    const uint64_t serial = log_row(log, task->last_close_at)->leaf.entry.number;
    if (e->accepted.close_serial != serial)
        finding_bad(f,
                    words("listan är av stängning %" PRIu64 ", den sista i loggen är %" PRIu64,
                          "the list is of close %" PRIu64 ", the last one in the log is %" PRIu64),
                    e->accepted.close_serial, serial);
    log_compare_lists(e, f, task);
    for (uint32_t i = 0; i < closed->n; i++)
        rows[i] = closed->at[i].index;
    finding_is_undecided(f, log_verify_submissions(e, f, rows, closed->n));
}
