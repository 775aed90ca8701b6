/* SPDX-License-Identifier: EUPL-1.2 */
/* log_world.c - what public logs are about. */
#include "tests/tamper/log_world.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#define MANY 262 /* submissions of the first contributor that newer ones replace */

struct log_worlds log_worlds;

static void finish_world(struct world *w)
{
    world_close(w);
    world_aggregate(w);
    world_disclose(w);
    world_publish(w);
    world_pack(w);
}

void log_make(struct made_log *m, void (*close)(struct made_log *m),
              void (*closed)(struct made_log *m))
{
    made_log_start(m, &log_worlds.keys);
    made_log_task(m, &log_worlds.first, true);
    struct world_submission s = log_worlds.first.submissions[0];
    for (uint32_t i = 0; i < MANY; i++) { /* to a task whose list has one of each only */
        s.number = 2 + i;
        made_log_submission(m, log_worlds.second.task, &s)->is_filed = false;
    }
    /* They are the second task's: its parameters and opening go before them. */
    m->n -= MANY;
    static struct made_entry moved[MANY];
    memcpy(moved, m->at + m->n, sizeof moved);
    const size_t at = m->n;
    made_log_task(m, &log_worlds.second, false);
    for (size_t i = at; i < m->n; i++) /* submissions are given out from the close on */
        m->at[i].is_filed = m->at[i].leaf.type != SKA_LEAF_SUBMISSION;
    memmove(m->at + m->n, moved, sizeof moved);
    m->n += MANY;
    made_log_plan_close(m, log_worlds.first.task, 2);
    if (close != NULL)
        close(m);
    made_log_close(m, log_worlds.first.task);
    log_worlds.at_close = m->n - 1;
    if (closed != NULL)
        closed(m);
    else
        made_log_finish(m, &log_worlds.first);
}

void play_log_begin(void)
{
    static const struct world_options options[] = {
        {.period = "2025Q1"},
        {.period = "2025Q2"},
        {.period = "2025Q3"},
        {.period = "2025Q4", .first_name = "Ragunda nya"},
        {.period = "2025Q4", .first_name = "Ragunda nya", .collection = "soderskar"}};
    struct world *worlds[] = {&log_worlds.first, &log_worlds.second, &log_worlds.other,
                              &log_worlds.renamed, &log_worlds.elsewhere};
    ska_group_init();
    world_keys_make(&log_worlds.keys);
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        world_start(worlds[i], &log_worlds.keys, world_task(&log_worlds.keys, &options[i]));
        world_submit_all(worlds[i]);
        finish_world(worlds[i]);
    }
    const struct world_options corrects = {
        .period = "2025Q1", .revision = 1, .corrects = &log_worlds.first};
    cheats_correct(&log_worlds.correction, world_task(&log_worlds.keys, &corrects),
                   &log_worlds.first);
    finish_world(&log_worlds.correction);
    const struct world_options again = {
        .period = "2025Q1", .revision = 2, .corrects = &log_worlds.first};
    cheats_correct(&log_worlds.again, world_task(&log_worlds.keys, &again), &log_worlds.first);
    finish_world(&log_worlds.again);
    log_make(&log_worlds.honest, NULL, NULL);
    log_worlds.at_second = 3 + WORLD_CONTRIBUTORS;
    made_log_checkpoint(&log_worlds.honest);
}

struct made_entry *log_find(struct made_log *m, enum ska_leaf_type type, size_t n)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->at[i].leaf.type == type && n-- == 0)
            return &m->at[i];
    world_expect(false, "no such entry");
    return NULL;
}

void log_set_blob(struct made_entry *e, const void *data, size_t len)
{
    free(e->blob);
    e->blob = malloc(len + 1);
    memcpy(e->blob, data, len);
    e->blob_len = len;
    e->leaf.entry.length = len;
    ska_sha256(e->leaf.entry.sha256, data, len);
}

void log_collect(struct made_log *m)
{
    made_log_command(m, log_worlds.first.task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
}

struct made_entry *log_correct(struct made_log *m, struct world *correction)
{
    const struct world_file *changes = world_find(correction, "changes");
    made_log_task(m, correction, false);
    made_log_close(m, correction->task);
    made_log_command(m, correction->task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
    return made_log_add(m, correction->task, SKA_LEAF_CHANGES, 0,
                        (struct ska_slice){changes->data, changes->len});
}

void log_release_and_correct(struct made_log *m)
{
    made_log_finish(m, &log_worlds.first);
    (void)log_correct(m, &log_worlds.correction);
}

void log_give_bundle(struct log_given *g)
{
    g->bundle = &log_worlds.first;
}
