/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_log.c - all cheats about a public log, and the logs that come of them. */
#include "tests/tamper/cheats_log.h"

#include <string.h>

static const struct cheat_log honest[] = {
    {.name = "honest", .want = ""},
    {.name = "honest, with its bundle", .want = "", .given = log_give_bundle},
};
static const size_t n_honest = sizeof honest / sizeof honest[0];

static const struct {
    const struct cheat_log *at;
    const size_t *n;
} kinds[] = {
    {honest, &n_honest},
    {log_cheats_with_files, &n_log_cheats_with_files},
    {log_cheats_with_notes, &n_log_cheats_with_notes},
    {log_cheats_with_entries, &n_log_cheats_with_entries},
    {log_cheats_with_closes, &n_log_cheats_with_closes},
    {log_cheats_with_releases, &n_log_cheats_with_releases},
    {log_cheats_with_given, &n_log_cheats_with_given},
};

size_t log_cheats_count(void)
{
    size_t n = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        n += *kinds[k].n;
    return n;
}

const struct cheat_log *log_cheat(size_t i)
{
    size_t k = 0;
    for (; i >= *kinds[k].n; k++) {
        i -= *kinds[k].n;
        world_expect(k + 1 < sizeof kinds / sizeof kinds[0], "a cheat's number");
    }
    return &kinds[k].at[i];
}

const struct cheat_log *log_cheat_named(const char *name)
{
    size_t i = 0;
    while (strcmp(log_cheat(i)->name, name) != 0)
        world_expect(++i < log_cheats_count(), name);
    return log_cheat(i);
}

void play_log(struct made_log *m, struct log_given *given, const struct cheat_log *c,
              const char *folder)
{
    if (c->close != NULL || c->closed != NULL)
        log_make(m, c->close, c->closed);
    else
        made_log_copy(m, &log_worlds.honest);
    if (c->sealed != NULL)
        c->sealed(m);
    made_log_checkpoint(m);
    if (c->noted != NULL)
        c->noted(m);
    made_log_write(m, folder);
    if (c->served != NULL)
        c->served(m, folder);
    *given = (struct log_given){.policy = m->policy, .trust = &log_worlds.first.trust};
    if (c->given != NULL)
        c->given(given);
}
