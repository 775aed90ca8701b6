/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_log.h - a public log, and the cheats about it.
 *
 * The log: a quarter that is released, with a part of the next one, which is open, between, so many
 * submissions of which that there is more than one tile.
 */
#ifndef SKA_TESTS_CHEATS_LOG_H
#define SKA_TESTS_CHEATS_LOG_H

#include "tests/tamper/make_log.h"

/* What an auditor is given beside the folder. */
struct log_given {
    const char *policy;
    const char *earlier;        /* a note; NULL: none */
    const struct world *bundle; /* NULL: none */
    const struct trust *trust;
};

struct cheat_log {
    const char *name, *want;            /* the checks that fail, with a space between */
    void (*close)(struct made_log *m);  /* before the close is signed */
    void (*closed)(struct made_log *m); /* instead of collect and release */
    void (*sealed)(struct made_log *m); /* before the checkpoint is signed */
    void (*noted)(struct made_log *m);  /* before files are written */
    void (*served)(struct made_log *m, const char *folder);
    void (*given)(struct log_given *given);
};
extern const struct cheat_log log_cheats[];
extern const size_t n_log_cheats;

void play_log_begin(void); /* once */

/* The log in an empty folder, and what goes with it; `m` is to be cleared by the caller. */
void play_log(struct made_log *m, struct log_given *given, const struct cheat_log *c,
              const char *folder);

#endif
