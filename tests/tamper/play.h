/* SPDX-License-Identifier: EUPL-1.2 */
/* play.h - all cheats by group, and how one is played, for tests and for tools that write what
 * comes of them. */
#ifndef SKA_TESTS_PLAY_H
#define SKA_TESTS_PLAY_H

#include "tests/tamper/cheats.h"

struct cheat_group {
    const char *name;
    const struct cheat *at;
    const size_t *n;
    const struct world *from; /* what they begin with; filled by play_begin */
};
#define N_CHEAT_GROUPS 15
extern struct cheat_group cheat_groups[N_CHEAT_GROUPS];

/* Make the worlds that cheats begin with. Once. */
void play_begin(void);

/* Carry a cheat out from what its group begins with, up to the archive. *w is overwritten, then the
 * caller's to clear. */
void play(struct world *w, const struct cheat_group *group, const struct cheat *cheat);

#endif
