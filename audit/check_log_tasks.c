/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_log_tasks.c - that a log tells of each task in the right order, from parameters that three
 * signed. What the right order is: protocol/log_leaf.h.
 */
#include "audit/log_check.h"
#include "audit/log_common.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"

/* Where entries of a task stand that log-parameters looks at. */
struct places {
    uint64_t n_parameters, parameters; /* the first of them */
    uint64_t n_rosters, roster;        /* the last of them */
    bool is_read;                      /* the parameters can be relied on */
};

static void find_places(struct places *of, const struct log_evidence *log)
{
    for (uint64_t i = 0; i < log->size; i++) {
        const struct log_row *row = &log->rows[i];
        if (!row->is_known || row->task == SKA_NONE)
            continue;
        struct places *p = &of[row->task];
        if (row->leaf.type == SKA_LEAF_PARAMETERS && p->n_parameters++ == 0)
            p->parameters = i;
        if (row->leaf.type == SKA_LEAF_ROSTER) {
            p->n_rosters++;
            p->roster = i;
        }
    }
}

/* The task's parameters from their entry. */
static enum ska_status read_parameters(struct log_evidence *log, struct log_task *task,
                                       const struct ska_log_leaf *leaf, struct ska_error *err)
{
    SKA_TRY(log_blob(&task->parameters, &task->parameters_len, log, leaf, err));
    const struct ska_slice bytes = {task->parameters, task->parameters_len};
    SKA_TRY(ska_signed_parameters_decode(&task->signed_parameters, bytes));
    SKA_TRY(ska_task_new(&task->task, task->signed_parameters.parameters, err));
    const struct ska_parameters *p = &task->task->parameters;
    if (memcmp(task->task->context.task_id, task->id, sizeof task->id) != 0 ||
        strcmp(p->period, leaf->entry.period) != 0 || p->revision != leaf->entry.revision)
        return SKA_E_TASK;
    return ska_signed_parameters_verify(&task->signed_parameters, task->task, err);
}

/*
 * The entry whose roster must be the task's: the last of its own, wherever that stands (log-order
 * says where it may); without one the last of its collection before its parameters. NULL: none.
 */
static const struct log_row *roster_of(const struct log_evidence *log, const struct places *of,
                                       uint32_t task)
{
    if (of[task].n_rosters > 0)
        return &log->rows[of[task].roster];
    const char *collection = log->tasks[task].task->parameters.collection;
    for (uint64_t i = of[task].parameters; i > 0; i--) {
        const struct log_row *row = &log->rows[i - 1];
        if (row->is_known && row->leaf.type == SKA_LEAF_ROSTER && of[row->task].is_read &&
            strcmp(log->tasks[row->task].task->parameters.collection, collection) == 0)
            return row;
    }
    return NULL;
}

/* The parameters of one task: one entry, whole. */
static void look_at_task(struct log_evidence *log, struct finding *f, struct places *place,
                         struct log_task *task)
{
    struct ska_error err = {0};
    char id[2 * sizeof task->id + 1];
    ska_hex_encode(id, task->id, sizeof task->id);
    if (place->n_parameters != 1) {
        finding_bad(f,
                    words("uppgiften %.16s har %" PRIu64 " poster med parametrar",
                          "the task %.16s has %" PRIu64 " entries of parameters"),
                    id, place->n_parameters);
        return;
    }
    enum ska_status status = read_parameters(log, task, &log->rows[place->parameters].leaf, &err);
    if (finding_is_undecided(f, status))
        return;
    place->is_read = status == SKA_OK;
    if (status != SKA_OK)
        finding_bad(f, "%s: %s", log_entry_name(log, place->parameters),
                    err.text[0] != '\0' ? err.text : ska_status_text(status));
}

/* When all parameters are read: the roster of one task is what the log has for it. */
static void look_at_roster(struct log_evidence *log, struct finding *f, const struct places *of,
                           uint32_t task)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint8_t hash[SKA_HASH_BYTES];
    if (!of[task].is_read)
        return;
    ska_roster_encode(&w, &log->tasks[task].task->parameters.roster);
    if (finding_is_undecided(f, ska_writer_status(&w)))
        return;
    ska_sha256(hash, w.data, w.len);
    const struct log_row *roster = roster_of(log, of, task);
    if (roster == NULL || memcmp(roster->leaf.entry.sha256, hash, sizeof hash) != 0)
        finding_bad(f,
                    words("%s: förteckningen är inte den som loggen har",
                          "%s: the roster is not the one that the log has"),
                    log_entry_name(log, of[task].parameters));
}

void check_log_parameters(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    if (log->n_tasks == 0)
        return;
    SKA_SCOPED(ska_scoped_free) struct places *of = ska_alloc(log->n_tasks, sizeof *of);
    if (of == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    find_places(of, log);
    for (uint32_t i = 0; i < log->n_tasks && !f->is_undecided; i++)
        look_at_task(log, f, &of[i], &log->tasks[i]);
    for (uint32_t i = 0; i < log->n_tasks && !f->is_undecided; i++)
        look_at_roster(log, f, of, i);
    f->n_inputs = log->n_tasks;
}

void check_log_trust(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    f->is_zero_right = !log->has_trust; /* none is given */
    for (uint32_t i = 0; log->has_trust && i < log->n_tasks; i++) {
        const struct ska_parameters *p = &log->tasks[i].task->parameters;
        f->n_inputs += 2;
        if (memcmp(p->leader_key, e->trust->key[TRUST_LEADER], 32) != 0)
            finding_bad(f, words("%s %s: en annan ledare", "%s %s: another leader"), p->collection,
                        p->period);
        if (memcmp(p->helper_key, e->trust->key[TRUST_HELPER], 32) != 0)
            finding_bad(f, words("%s %s: en annan hjälpare", "%s %s: another helper"),
                        p->collection, p->period);
    }
}

/* --- order ------------------------------------------------------------------------------------ */

void log_take_step(enum ska_log_stage *stage, const struct log_evidence *log, struct finding *f,
                   uint64_t index)
{
    const struct log_row *row = log_row(log, index);
    const bool was_closed = *stage >= SKA_LOG_CLOSED;
    if (ska_log_step(stage, row->leaf.type))
        return;
    if (row->leaf.type == SKA_LEAF_SUBMISSION)
        finding_bad(f,
                    was_closed ? words("%s kommer efter stängningen", "%s comes after the close")
                               : words("%s kommer före öppningen", "%s comes before the opening"),
                    log_entry_name(log, index));
    else
        finding_bad(f, words("%s står på fel plats", "%s has no place there"),
                    log_entry_name(log, index));
}

void check_log_order(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    SKA_SCOPED(ska_scoped_free) enum ska_log_stage *stage = ska_alloc(log->n_tasks, sizeof *stage);
    if (stage == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (uint64_t i = 0; i < log->size; i++) {
        const struct log_row *row = &log->rows[i];
        if (!row->is_known || row->task == SKA_NONE)
            continue;
        f->n_inputs++;
        log_take_step(&stage[row->task], log, f, i);
    }
}

/* --- commands --------------------------------------------------------------------------------- */

int log_command_of(enum ska_leaf_type type)
{
    switch (type) {
    case SKA_LEAF_OPEN:
        return SKA_CONTROL_OPEN;
    case SKA_LEAF_REOPEN:
        return SKA_CONTROL_REOPEN;
    case SKA_LEAF_COLLECT:
        return SKA_CONTROL_COLLECT;
    case SKA_LEAF_CLOSE: /* the command is in the close record: log-closes */
    case SKA_LEAF_SUBMISSION:
    case SKA_LEAF_PARAMETERS:
    case SKA_LEAF_ROSTER:
    case SKA_LEAF_CHANGES:
    case SKA_LEAF_RELEASE:
    case SKA_LEAF_VERIFIER:
        break;
    }
    return 0;
}

enum ska_status log_command_verify(const struct log_evidence *log, const struct log_row *row,
                                   int kind, struct ska_slice command)
{
    const struct log_task *task = &log->tasks[row->task];
    struct ska_control c;
    SKA_TRY(ska_control_decode(&c, command, task->task->parameters.publisher_key));
    if ((int)c.kind != kind || c.serial != row->leaf.entry.number ||
        memcmp(c.task_id, task->id, sizeof c.task_id) != 0)
        return SKA_E_MISMATCH;
    return SKA_OK;
}

static enum ska_status read_command(struct log_evidence *log, const struct log_row *row, int kind)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(log_blob(&data, &len, log, &row->leaf, NULL));
    return log_command_verify(log, row, kind, (struct ska_slice){data, len});
}

void check_log_commands(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    for (uint64_t i = 0; i < log->size; i++) {
        const struct log_row *row = &log->rows[i];
        const int kind = row->is_known ? log_command_of(row->leaf.type) : 0;
        if (kind == 0)
            continue;
        f->n_inputs++;
        enum ska_status status = read_command(log, row, kind);
        if (finding_is_undecided(f, status))
            return;
        if (status != SKA_OK)
            finding_bad(f, "%s: %s", log_entry_name(log, i), ska_status_text(status));
    }
    f->is_zero_right = f->n_inputs == 0; /* the entries, whose root is signed, have none */
}
