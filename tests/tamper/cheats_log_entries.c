/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_log_entries.c - public logs of which single entries are wrong, before the close:
 * submissions, parameters, rosters, commands; and verifiers.
 */
#include "tests/tamper/cheats_log.h"

#include <stdlib.h>
#include <string.h>

/* Entries before the close. */
static void unsigned_by_leader(struct made_log *m)
{
    log_find(m, SKA_LEAF_SUBMISSION, 1)->leaf.leader[3] ^= 1;
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void unsigned_by_helper(struct made_log *m)
{
    log_find(m, SKA_LEAF_SUBMISSION, 1)->leaf.helper[3] ^= 1;
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void signatures_exchanged(struct made_log *m)
{
    struct ska_log_leaf *leaf = &log_find(m, SKA_LEAF_SUBMISSION, 1)->leaf;
    memcpy(leaf->leader, leaf->helper, sizeof leaf->leader);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void not_on_the_roster(struct made_log *m)
{
    struct made_entry *e = log_find(m, SKA_LEAF_SUBMISSION, WORLD_CONTRIBUTORS - 1);
    e->leaf.entry.contributor = WORLD_CONTRIBUTORS;
    made_log_sign(m, e);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void another_period(struct made_log *m)
{
    struct made_entry *e = log_find(m, SKA_LEAF_SUBMISSION, 1);
    memcpy(e->leaf.entry.period, "2025Q4", 7);
    made_log_sign(m, e);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void one_number_twice(struct made_log *m)
{
    struct made_entry *e = &m->at[m->n - 1]; /* of the open quarter */
    e->leaf.entry.number = 5;
    made_log_sign(m, e);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void parameters_twice(struct made_log *m)
{
    const struct world_file *p = world_find(&log_worlds.first, "parameters");
    made_log_add(m, log_worlds.first.task, SKA_LEAF_PARAMETERS, 0,
                 (struct ska_slice){p->data, p->len});
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void parameters_unsigned(struct made_log *m)
{
    struct made_entry *e = log_find(m, SKA_LEAF_PARAMETERS, 0);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    memset(data + len - 64, 0, 64);
    log_set_blob(e, data, len);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void parameters_of_another(struct made_log *m)
{
    const struct world_file *p = world_find(&log_worlds.other, "parameters");
    log_set_blob(log_find(m, SKA_LEAF_PARAMETERS, 0), p->data, p->len);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void roster_of_another(struct made_log *m)
{
    struct made_entry *e = log_find(m, SKA_LEAF_ROSTER, 0);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    data[len - 1] ^= 1;
    log_set_blob(e, data, len);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void no_roster(struct made_log *m)
{
    free(m->at[0].blob);
    memmove(&m->at[0], &m->at[1], (m->n - 1) * sizeof m->at[0]);
    m->n--;
    made_log_plan_close(m, log_worlds.first.task, 2);
}

/* Exchange two neighbours. */
static void swap(struct made_log *m, size_t i)
{
    const struct made_entry e = m->at[i];
    m->at[i] = m->at[i + 1];
    m->at[i + 1] = e;
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void submission_before_open(struct made_log *m)
{
    swap(m, 2);
}

static void open_before_parameters(struct made_log *m)
{
    swap(m, 1);
}

static void roster_after_parameters(struct made_log *m)
{
    swap(m, 0);
}

/* Behind the parameters of the next quarter too, which has none of its own. */
static void roster_after_the_next_s(struct made_log *m)
{
    made_log_move(m, 0, (size_t)(log_find(m, SKA_LEAF_PARAMETERS, 1) - m->at));
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void opened_before_all(struct made_log *m)
{
    made_log_move(m, (size_t)(log_find(m, SKA_LEAF_OPEN, 1) - m->at), 0);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

/* One more period, of another roster. */
static void log_another(struct made_log *m, struct world *w)
{
    const size_t from = m->n;
    made_log_task(m, w, true);
    for (size_t i = from; i < m->n; i++)
        m->at[i].is_filed = m->at[i].leaf.type != SKA_LEAF_SUBMISSION;
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void another_roster_later(struct made_log *m)
{
    log_another(m, &log_worlds.renamed);
}

static void another_roster_elsewhere(struct made_log *m)
{
    log_another(m, &log_worlds.elsewhere);
}

/* After another that has its own. */
static void roster_again(struct made_log *m)
{
    const struct made_entry *e = log_find(m, SKA_LEAF_ROSTER, 0);
    log_another(m, &log_worlds.renamed);
    made_log_add(m, log_worlds.first.task, SKA_LEAF_ROSTER, 0,
                 (struct ska_slice){e->blob, e->blob_len});
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void command_by_a_stranger(struct made_log *m)
{
    struct made_entry *e = log_find(m, SKA_LEAF_OPEN, 0);
    struct ska_control c = {.kind = SKA_CONTROL_OPEN, .serial = 1};
    uint8_t bytes[SKA_CONTROL_BYTES];
    memcpy(c.task_id, log_worlds.first.task->context.task_id, 32);
    world_must(ska_control_encode(bytes, &c, &log_worlds.keys.stranger));
    log_set_blob(e, bytes, sizeof bytes);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void command_of_another_serial(struct made_log *m)
{
    log_find(m, SKA_LEAF_OPEN, 0)->leaf.entry.number = 7;
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void command_of_another_task(struct made_log *m)
{
    const struct made_entry *from = log_find(m, SKA_LEAF_OPEN, 1);
    log_set_blob(log_find(m, SKA_LEAF_OPEN, 0), from->blob, from->blob_len);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

static void command_of_another_kind(struct made_log *m)
{
    struct ska_control c = {.kind = SKA_CONTROL_REOPEN, .serial = 1};
    uint8_t bytes[SKA_CONTROL_BYTES];
    memcpy(c.task_id, log_worlds.first.task->context.task_id, 32);
    world_must(ska_control_encode(bytes, &c, &log_worlds.keys.publisher));
    log_set_blob(log_find(m, SKA_LEAF_OPEN, 0), bytes, sizeof bytes);
    made_log_plan_close(m, log_worlds.first.task, 2);
}

/* Of no task. */
static struct made_entry *log_verifier(struct made_log *m)
{
    struct made_entry *e = made_log_add(m, log_worlds.first.task, SKA_LEAF_VERIFIER, 0,
                                        (struct ska_slice){(const uint8_t *)"xx", 2});
    memset(e->leaf.entry.task_id, 0, sizeof e->leaf.entry.task_id);
    memset(e->leaf.entry.period, 0, sizeof e->leaf.entry.period);
    memcpy(e->leaf.entry.period, SKA_LEAF_NO_PERIOD, sizeof SKA_LEAF_NO_PERIOD);
    return e;
}

static void unknown_type(struct made_log *m)
{
    log_verifier(m);
    m->at[m->n - 1].type = 77;
    m->at[m->n - 1].is_filed = false;
}

static void verifier(struct made_log *m)
{
    log_verifier(m);
}

static void verifier_of_a_task(struct made_log *m)
{
    memcpy(log_verifier(m)->leaf.entry.task_id, log_worlds.first.task->context.task_id, 32);
}

static void verifier_of_a_period(struct made_log *m)
{
    memcpy(log_verifier(m)->leaf.entry.period, "2025Q1", 7);
}

static void verifier_of_a_revision(struct made_log *m)
{
    log_verifier(m)->leaf.entry.revision = 1;
}

static void verifier_not_there(struct made_log *m)
{
    log_verifier(m)->is_filed = false;
}

static void task_without_parameters(struct made_log *m)
{
    made_log_command(m, log_worlds.other.task, SKA_LEAF_OPEN, SKA_CONTROL_OPEN, 1);
}

const struct cheat_log log_cheats_with_entries[] = {
    {.name = "honest, of another roster later", .want = "", .close = another_roster_later},
    {.name = "honest, of another roster elsewhere",
     .want = "",
     .close = another_roster_elsewhere,
     .closed = log_release_and_correct},
    {.name = "honest, of a type that nobody knows", .want = "", .sealed = unknown_type},
    {.name = "honest, with a verifier", .want = "", .sealed = verifier},
    {.name = "unsigned by the leader", .want = "log-submissions", .close = unsigned_by_leader},
    {.name = "unsigned by the helper", .want = "log-submissions", .close = unsigned_by_helper},
    {.name = "signed twice by one", .want = "log-submissions", .close = signatures_exchanged},
    {.name = "not on the roster", .want = "log-submissions", .close = not_on_the_roster},
    {.name = "of another period", .want = "log-submissions", .close = another_period},
    {.name = "one number twice", .want = "log-submissions", .close = one_number_twice},
    {.name = "parameters twice", .want = "log-parameters", .close = parameters_twice},
    {.name = "parameters not signed by all",
     .want = "log-parameters",
     .close = parameters_unsigned},
    {.name = "parameters of another task",
     .want = "log-parameters",
     .close = parameters_of_another},
    {.name = "another roster", .want = "log-parameters", .close = roster_of_another},
    {.name = "no roster", .want = "log-parameters", .close = no_roster},
    {.name = "a task without parameters",
     .want = "log-parameters",
     .sealed = task_without_parameters},
    {.name = "submission before the opening", .want = "log-order", .close = submission_before_open},
    {.name = "opened before parameters", .want = "log-order", .close = open_before_parameters},
    {.name = "roster after parameters", .want = "log-order", .close = roster_after_parameters},
    {.name = "roster after the next quarter's parameters",
     .want = "log-parameters",
     .close = roster_after_the_next_s},
    {.name = "roster again, after another's", .want = "log-order", .close = roster_again},
    {.name = "the next quarter opened before all", .want = "log-order", .close = opened_before_all},
    {.name = "another roster, and none of the correction",
     .want = "log-parameters",
     .close = another_roster_later,
     .closed = log_release_and_correct},
    {.name = "command of a stranger", .want = "log-commands", .close = command_by_a_stranger},
    {.name = "command of another serial",
     .want = "log-commands",
     .close = command_of_another_serial},
    {.name = "command of another task", .want = "log-commands", .close = command_of_another_task},
    {.name = "command of another kind", .want = "log-commands", .close = command_of_another_kind},
    {.name = "a verifier of a task", .want = "log-entries", .sealed = verifier_of_a_task},
    {.name = "a verifier of a period", .want = "log-entries", .sealed = verifier_of_a_period},
    {.name = "a verifier of a revision", .want = "log-entries", .sealed = verifier_of_a_revision},
    {.name = "a verifier that is not there", .want = "log-blobs", .sealed = verifier_not_there},
};
const size_t n_log_cheats_with_entries =
    sizeof log_cheats_with_entries / sizeof log_cheats_with_entries[0];
