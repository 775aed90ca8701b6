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
#define N_CHEAT_GROUPS 20
extern struct cheat_group cheat_groups[N_CHEAT_GROUPS];

/* Make the worlds that cheats begin with. Once. */
void play_begin(void);

/* What cheats begin with: a period, its correction, those that round, ends of years, and a period
 * with a public log. */
#define N_PLAY_PLACES 10
struct play_place {
    const char *name;
    const struct world *from; /* all have submitted */
};
extern const struct play_place play_places[N_PLAY_PLACES];

/* Whether a group's cheats can be tried there: where they are made for, and a plain period's cheats
 * everywhere but where there are groups, except those that know where each value of its certificate
 * lies. What one needs may be missing there: then it ends the process by world_expect. */
bool play_is_for(const struct cheat_group *group, const struct play_place *place);

/* Carry out two cheats, each of whose steps follows the other's; either may be NULL. *w as below.
 */
void play_both(struct world *w, const struct play_place *place, const struct cheat *one,
               const struct cheat *other);

/* Carry a cheat out from what its group begins with, up to the archive. *w is overwritten, then the
 * caller's to clear. */
void play(struct world *w, const struct cheat_group *group, const struct cheat *cheat);

#endif
