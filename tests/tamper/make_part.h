/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * make_part.h - the part of a public log that a world's bundle has, in steps between which a test
 * can cheat. A world whose task is made with the option `logged` has it.
 *
 *     other tasks' entries (N_PART_BEFORE)
 *     the world's: roster, parameters, open, its listed submissions
 *         planned(): m->record is what the close is to say; made anew by part_plan
 *     close
 *         closed(): instead of the collect and, in a correction, the changes
 *     two entries of other tasks
 *         sealed()
 *     the checkpoint, m->note
 *         noted()
 *     the files log/...: from the world's first entry on
 *         put(): change the world's files
 *
 * So leader, helper and witnesses have signed whatever a step before them made of it.
 */
#ifndef SKA_TESTS_MAKE_PART_H
#define SKA_TESTS_MAKE_PART_H

#include "tests/tamper/make_log.h"

#define N_PART_BEFORE 5 /* 101 in binary: two hashes on the left */

/* Each may be NULL. */
struct part_steps {
    void (*begun)(struct made_log *m, struct world *w); /* before its first entry; may set policy */
    void (*planned)(struct made_log *m, struct world *w);
    void (*closed)(struct made_log *m, struct world *w);
    void (*sealed)(struct made_log *m, struct world *w);
    void (*noted)(struct made_log *m, struct world *w);
    void (*put)(struct made_log *m, struct world *w);
};

/* In place of a quorum: helper and outsider as ever, but the outsider has the helper's name. */
#define PART_HELPER_OUTSIDE "the helper twice"

/* The policy of every logged world; `quorum` may be NULL. */
void part_policy_hash(uint8_t out[static 32], const struct world_keys *keys, const char *quorum);

/* All of it, into the world's files, which must be there. */
void part_make(struct world *w, const struct part_steps *steps);
void world_put_log(struct world *w); /* honestly */

/* The n-th entry of the world's, of a type. */
struct made_entry *part_find(struct made_log *m, const struct world *w, enum ska_leaf_type type,
                             size_t n);
/* Another entry instead, or none; those behind it move. */
void part_remove(struct made_log *m, const struct made_entry *entry);
/* What an honest close says of the log as it is now. */
void part_plan(struct made_log *m, const struct world *w);
/* Collect; in a correction the changes too. */
void part_collect(struct made_log *m, struct world *w);
/* An entry of a task that is nobody's here, or of none. */
void part_stranger(struct made_log *m, const struct world *w, enum ska_leaf_type type);

/* The files log/left, log/leaves, log/records from an entry on. */
void part_put_from(struct world *w, const struct made_log *m, size_t first);

#endif
