/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats.h - ways to cheat, each with the checks that must fail, no more and no fewer.
 *
 * A cheat starts from a world in which all five contributors have submitted honestly, and changes
 * it after the steps it names. All other steps are honest, so that whoever cheats has signed,
 * listed and added up everything to fit as well as it can: what is left is what the audit must see.
 */
#ifndef SKA_TESTS_CHEATS_H
#define SKA_TESTS_CHEATS_H

#include "tests/tamper/dishonest.h"

struct cheat {
    const char *name;
    const char *want;    /* identifiers of the checks that fail, in order, with a space between */
    const char *tells;   /* what some failed check's detail must hold, or NULL */
    bool waits;          /* nothing fails, but something cannot be checked */
    bool is_seen_beside; /* by the bundles that are given beside it alone */
    bool takes_beside;   /* takes one of these away */
    void (*begun)(struct world *w); /* no cheat: what it needs, honestly submitted */
    void (*submitted)(struct world *w);
    void (*closed)(struct world *w);
    void (*added)(struct world *w);
    void (*disclosed)(struct world *w);
    void (*published)(struct world *w);
    void (*packed)(struct world *w);
};

extern const struct cheat cheats_with_files[];
extern const size_t n_cheats_with_files;
extern const struct cheat cheats_with_lists[];
extern const size_t n_cheats_with_lists;
extern const struct cheat cheats_with_submissions[];
extern const size_t n_cheats_with_submissions;
extern const struct cheat cheats_with_sums[];
extern const size_t n_cheats_with_sums;
extern const struct cheat cheats_with_pattern[];
extern const size_t n_cheats_with_pattern;
extern const struct cheat cheats_with_marks[];
extern const size_t n_cheats_with_marks;
extern const struct cheat cheats_with_proof[];
extern const size_t n_cheats_with_proof;
/* cheats_weak.c */
extern const struct cheat cheats_with_weak[];
extern const size_t n_cheats_with_weak;
extern const struct cheat cheats_with_certificate[];
extern const size_t n_cheats_with_certificate;
/* These begin with a correction in which contributors 0 to 2 changed something
 * (cheats_corrections.c says what). */
extern const struct cheat cheats_with_corrections[];
extern const size_t n_cheats_with_corrections;
void cheats_correct(struct world *w, struct ska_task *task, const struct world *first);
/* These begin with a policy that rounds to 5. */
extern const struct cheat cheats_with_rounding[];
extern const size_t n_cheats_with_rounding;
/* These begin with a fourth quarter that carries the year's roll-up (cheats_year.c). */
extern const struct cheat cheats_with_years[];
extern const size_t n_cheats_with_years;
void cheats_complete_year(struct world *w, const struct world_keys *keys, uint64_t rounding);
/* As do these (cheats_year_files.c). */
extern const struct cheat cheats_with_year_files[];
extern const size_t n_cheats_with_year_files;
/* These begin with the same under a policy that rounds to 5. */
extern const struct cheat cheats_with_rounded_years[];
extern const size_t n_cheats_with_rounded_years;
/* These begin with a correction of that quarter (cheats_year_correction.c). */
extern const struct cheat cheats_with_year_corrections[];
extern const size_t n_cheats_with_year_corrections;
void cheats_correct_year(struct world *w, const struct world_keys *keys, const struct world *first);
/* These begin with six contributors, three of them a group, under a policy that rounds to 5. */
extern const struct cheat cheats_with_rounded_groups[];
extern const size_t n_cheats_with_rounded_groups;
void cheats_form_group(struct world *w, const struct world_keys *keys);
/* These begin with a fourth quarter that carries the year, of the same six (cheats_year_groups.c).
 */
extern const struct cheat cheats_with_group_years[];
extern const size_t n_cheats_with_group_years;
void cheats_complete_group_year(struct world *w, const struct world_keys *keys, uint64_t rounding);
/* These begin with the same under a policy that rounds (cheats_rounded_group_year.c). */
extern const struct cheat cheats_with_rounded_group_years[];
extern const size_t n_cheats_with_rounded_group_years;
/* These begin with a period whose parameters promise a public log. */
extern const struct cheat cheats_with_part[];
extern const size_t n_cheats_with_part;
extern const struct cheat cheats_with_pages[];
extern const size_t n_cheats_with_pages;

#endif
