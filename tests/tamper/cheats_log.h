/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_log.h - cheats of leader, helper, publisher, or whoever serves a public log's files. */
#ifndef SKA_TESTS_CHEATS_LOG_H
#define SKA_TESTS_CHEATS_LOG_H

#include "tests/tamper/log_world.h"

struct cheat_log {
    const char *name, *want;            /* the checks that fail, with a space between */
    void (*close)(struct made_log *m);  /* before the close is signed */
    void (*closed)(struct made_log *m); /* instead of collect and release */
    void (*sealed)(struct made_log *m); /* before the checkpoint is signed */
    void (*noted)(struct made_log *m);  /* before files are written */
    void (*served)(struct made_log *m, const char *folder);
    void (*given)(struct log_given *given);
};

/* All of them, the honest ones first among their kind; the first two are honest. */
size_t log_cheats_count(void);
const struct cheat_log *log_cheat(size_t i);
const struct cheat_log *log_cheat_named(const char *name); /* must be there */

/* The log in an empty folder, and what goes with it; `m` is to be cleared by the caller. */
void play_log(struct made_log *m, struct log_given *given, const struct cheat_log *c,
              const char *folder);

/* By file, cheats_log_NAME.c. */
extern const struct cheat_log log_cheats_with_files[];
extern const size_t n_log_cheats_with_files;
extern const struct cheat_log log_cheats_with_notes[];
extern const size_t n_log_cheats_with_notes;
extern const struct cheat_log log_cheats_with_entries[];
extern const size_t n_log_cheats_with_entries;
extern const struct cheat_log log_cheats_with_closes[];
extern const size_t n_log_cheats_with_closes;
extern const struct cheat_log log_cheats_with_releases[];
extern const size_t n_log_cheats_with_releases;
extern const struct cheat_log log_cheats_with_given[];
extern const size_t n_log_cheats_with_given;

#endif
