/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_log_closes.c - public logs of which the close, or what comes after it, is not what was
 * collected.
 */
#include "tests/tamper/cheats_log.h"

#include <string.h>

/* The close itself. */
static void close_drops_one(struct made_log *m)
{
    memmove(&m->record.at[1], &m->record.at[2], (m->record.n - 2) * sizeof m->record.at[0]);
    m->record.n--;
}

static void close_drops_one_by_leader(struct made_log *m)
{
    made_log_drop_by_leader(m, &m->at[log_worlds.at_close]);
    made_log_finish(m, &log_worlds.first);
}

static void close_drops_all(struct made_log *m)
{
    m->record.n = 0;
}

static void close_adds_one(struct made_log *m)
{
    struct ska_close_entry *e = &m->record.at[m->record.n];
    *e = m->record.at[m->record.n - 1];
    e->number++;
    m->record.n++;
}

static void close_takes_another_s(struct made_log *m)
{
    m->record.at[2].index = m->record.at[1].index;
}

static void close_takes_the_next_quarter_s(struct made_log *m)
{
    m->record.at[2].index = log_worlds.at_second + 2;
}

static void close_takes_a_command(struct made_log *m)
{
    m->record.at[2].index = 2;
}

static void close_other_hash(struct made_log *m)
{
    m->record.at[2].sha256[0] ^= 1;
}

static void close_other_length(struct made_log *m)
{
    m->record.at[2].length++;
}

static void close_other_root(struct made_log *m)
{
    m->record.root[0] ^= 1;
}

static void close_other_size(struct made_log *m)
{
    m->record.log_size--;
}

static void close_larger(struct made_log *m)
{
    m->record.log_size += 3;
}

static void close_other_parameters(struct made_log *m)
{
    m->record.parameters_hash[0] ^= 1;
}

static void close_by_one(struct made_log *m)
{
    m->close_signer[1] = &log_worlds.keys.leader;
}

static void close_by_a_stranger(struct made_log *m)
{
    m->close_signer[0] = &log_worlds.keys.stranger;
}

static void close_command_forged(struct made_log *m)
{
    m->record.control[60] ^= 1;
}

static void close_of_the_next_quarter(struct made_log *m)
{
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = 2};
    memcpy(c.task_id, log_worlds.second.task->context.task_id, 32);
    world_must(ska_control_encode(m->record.control, &c, &log_worlds.keys.publisher));
}

static void late_before_close(struct made_log *m)
{
    struct world_submission s = log_worlds.first.submissions[1];
    s.number = 9;
    made_log_submission(m, log_worlds.first.task, &s); /* after the log was frozen */
}

static void late_counted(struct made_log *m)
{
    late_before_close(m);
    struct ska_close_entry *e = &m->record.at[1];
    e->number = 9;
    e->index = m->n - 1;
    m->record.log_size = m->n;
}

/* After the close. */
static void late_after_close(struct made_log *m)
{
    struct world_submission s = log_worlds.first.submissions[1];
    s.number = 9;
    made_log_submission(m, log_worlds.first.task, &s);
    made_log_finish(m, &log_worlds.first);
}

static void close_twice(struct made_log *m)
{
    made_log_close(m, log_worlds.first.task);
    made_log_finish(m, &log_worlds.first);
}

static void reopened(struct made_log *m)
{
    made_log_command(m, log_worlds.first.task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 3);
}

static void reopened_and_closed(struct made_log *m)
{
    struct world_submission s = log_worlds.first.submissions[1];
    reopened(m);
    s.number = 9;
    made_log_submission(m, log_worlds.first.task, &s);
    made_log_plan_close(m, log_worlds.first.task, 2);
    made_log_close(m, log_worlds.first.task);
}

static void reopened_after_collect(struct made_log *m)
{
    made_log_finish(m, &log_worlds.first);
    made_log_command(m, log_worlds.first.task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 4);
}

const struct cheat_log log_cheats_with_closes[] = {
    {.name = "honest, reopened", .want = "", .closed = reopened},
    {.name = "honest, reopened and closed", .want = "", .closed = reopened_and_closed},
    {.name = "logged one dropped by both", .want = "log-closes", .close = close_drops_one},
    {.name = "logged one dropped by the leader alone",
     .want = "log-closes",
     .closed = close_drops_one_by_leader},
    {.name = "all dropped by both", .want = "log-closes", .close = close_drops_all},
    {.name = "one that is not logged is counted", .want = "log-closes", .close = close_adds_one},
    {.name = "another's entry", .want = "log-closes", .close = close_takes_another_s},
    {.name = "the next quarter's entry",
     .want = "log-closes",
     .close = close_takes_the_next_quarter_s},
    {.name = "a command is counted", .want = "log-closes", .close = close_takes_a_command},
    {.name = "another hash in the close", .want = "log-closes", .close = close_other_hash},
    {.name = "another length in the close", .want = "log-closes", .close = close_other_length},
    {.name = "another root in the close", .want = "log-closes", .close = close_other_root},
    {.name = "a smaller log in the close", .want = "log-closes", .close = close_other_size},
    {.name = "a log of the future in the close", .want = "log-closes", .close = close_larger},
    {.name = "other parameters in the close",
     .want = "log-closes",
     .close = close_other_parameters},
    {.name = "the close not signed by the helper", .want = "log-closes", .close = close_by_one},
    {.name = "the close signed by a stranger", .want = "log-closes", .close = close_by_a_stranger},
    {.name = "the close's command forged", .want = "log-closes", .close = close_command_forged},
    {.name = "the close of another task", .want = "log-closes", .close = close_of_the_next_quarter},
    {.name = "late, and not counted", .want = "log-closes", .close = late_before_close},
    {.name = "late submission counted", .want = "log-closes", .close = late_counted},
    {.name = "submission after the close", .want = "log-order", .closed = late_after_close},
    {.name = "closed twice", .want = "log-order", .closed = close_twice},
    {.name = "reopened after collection", .want = "log-order", .closed = reopened_after_collect},
};
const size_t n_log_cheats_with_closes =
    sizeof log_cheats_with_closes / sizeof log_cheats_with_closes[0];
