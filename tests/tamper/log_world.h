/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_world.h - what the public logs of cheats_log.h are about, an honest one, and steps that
 * cheats have in common.
 *
 * The log: a quarter that is released, with a part of the next one, which is open, between, so many
 * submissions of which that there is more than one tile.
 */
#ifndef SKA_TESTS_LOG_WORLD_H
#define SKA_TESTS_LOG_WORLD_H

#include "tests/tamper/make_log.h"

/* What an auditor is given beside the folder. */
struct log_given {
    const char *policy;
    const char *earlier;        /* a note; NULL: none */
    const struct world *bundle; /* NULL: none */
    const struct trust *trust;
};

struct log_worlds {
    struct world_keys keys;
    struct world first, second;      /* a released quarter, an open one */
    struct world correction, again;  /* of the first quarter: revision 1; 2, which passes it over */
    struct world other;              /* not in the log */
    struct world renamed, elsewhere; /* a contributor has another name; in another collection */
    struct made_log honest;
    size_t at_close, at_second; /* entries */
};
extern struct log_worlds log_worlds;

void play_log_begin(void); /* once: makes all of them */

/* The log up to the first quarter's close, which `close` may change what it is to be of, then
 * `closed`, which may be NULL: collect and release. Makes log_worlds.at_close. */
void log_make(struct made_log *m, void (*close)(struct made_log *m),
              void (*closed)(struct made_log *m));

/* The n-th entry of a type, from 0 on. */
struct made_entry *log_find(struct made_log *m, enum ska_leaf_type type, size_t n);
void log_set_blob(struct made_entry *e, const void *data, size_t len);

/* The first quarter after its close: collected, not released, so that only the lists tell a bundle
 * from the log. */
void log_collect(struct made_log *m);
/* Released, and corrected; the correction is not released. */
void log_release_and_correct(struct made_log *m);
/* A correction up to what changed, the entry of which is returned. */
struct made_entry *log_correct(struct made_log *m, struct world *correction);

/* The first quarter's. */
void log_give_bundle(struct log_given *given);

#endif
