/* SPDX-License-Identifier: EUPL-1.2 */
/* play.c - the worlds that cheats begin with, and their steps. */
#include "tests/tamper/play.h"

static struct world_keys keys;
static struct ska_task *task, *correction_task, *rounding_task, *logged_task;
static struct world base;                        /* all have submitted */
static struct world first, correction;           /* the same published, and a correction of it */
static struct world rounding;                    /* the same under a policy that rounds */
static struct world logged;                      /* the same with a public log */
static struct world year;                        /* a fourth quarter that carries the year */
static struct world first_year, year_correction; /* the same published, and a correction of it */
static struct world rounded_year;                /* the same under a policy that rounds */
static struct world rounded_group;               /* a quarter with a group, likewise */
static struct world group_year;                  /* a fourth quarter with a group and the year */
static struct world rounded_group_year;          /* the same under a policy that rounds */

struct cheat_group cheat_groups[N_CHEAT_GROUPS] = {
    {"files", cheats_with_files, &n_cheats_with_files, &base},
    {"lists", cheats_with_lists, &n_cheats_with_lists, &base},
    {"submissions", cheats_with_submissions, &n_cheats_with_submissions, &base},
    {"sums", cheats_with_sums, &n_cheats_with_sums, &base},
    {"pattern", cheats_with_pattern, &n_cheats_with_pattern, &base},
    {"marks", cheats_with_marks, &n_cheats_with_marks, &base},
    {"proof", cheats_with_proof, &n_cheats_with_proof, &base},
    {"weak", cheats_with_weak, &n_cheats_with_weak, &base},
    {"certificate", cheats_with_certificate, &n_cheats_with_certificate, &base},
    {"pages", cheats_with_pages, &n_cheats_with_pages, &base},
    {"corrections", cheats_with_corrections, &n_cheats_with_corrections, &correction},
    {"rounding", cheats_with_rounding, &n_cheats_with_rounding, &rounding},
    {"year", cheats_with_years, &n_cheats_with_years, &year},
    {"year files", cheats_with_year_files, &n_cheats_with_year_files, &year},
    {"year correction", cheats_with_year_corrections, &n_cheats_with_year_corrections,
     &year_correction},
    {"rounded year", cheats_with_rounded_years, &n_cheats_with_rounded_years, &rounded_year},
    {"rounded group", cheats_with_rounded_groups, &n_cheats_with_rounded_groups, &rounded_group},
    {"group's year", cheats_with_group_years, &n_cheats_with_group_years, &group_year},
    {"rounded group's year", cheats_with_rounded_group_years, &n_cheats_with_rounded_group_years,
     &rounded_group_year},
    {"log", cheats_with_part, &n_cheats_with_part, &logged},
};

const struct play_place play_places[N_PLAY_PLACES] = {
    {"a period", &base},
    {"a correction", &correction},
    {"a rounded period", &rounding},
    {"a year", &year},
    {"a rounded year", &rounded_year},
    {"a correction of a year", &year_correction},
    {"a rounded period with a group", &rounded_group},
    {"a period with a public log", &logged},
    {"a year with a group", &group_year},
    {"a rounded year with a group", &rounded_group_year}};

static const struct cheat honest = {.name = "honest"};

/* From the submissions to the archive. */
static void carry_out(struct world *w, const struct cheat *one, const struct cheat *other)
{
#define APPLY(step)          \
    if (one->step != NULL)   \
        one->step(w);        \
    if (other->step != NULL) \
    other->step(w)
    APPLY(begun);
    APPLY(submitted);
    world_close(w);
    APPLY(closed);
    world_aggregate(w);
    APPLY(added);
    world_disclose(w);
    APPLY(disclosed);
    world_publish(w);
    APPLY(published);
    world_pack(w);
    APPLY(packed);
#undef APPLY
}

void play_begin(void)
{
    ska_group_init();
    world_keys_make(&keys);
    task = world_task(&keys, &(struct world_options){0});
    world_start(&base, &keys, task);
    world_submit_all(&base);
    first = base;
    carry_out(&first, &honest, &honest);
    rounding_task = world_task(&keys, &(struct world_options){.rounding = 5});
    world_start(&rounding, &keys, rounding_task);
    world_submit_all(&rounding);
    logged_task = world_task(&keys, &(struct world_options){.logged = true});
    world_start(&logged, &keys, logged_task);
    world_submit_all(&logged);
    cheats_complete_year(&year, &keys, 0);
    first_year = year;
    carry_out(&first_year, &honest, &honest);
    cheats_correct_year(&year_correction, &keys, &first_year);
    cheats_complete_year(&rounded_year, &keys, 5);
    cheats_form_group(&rounded_group, &keys);
    cheats_complete_group_year(&group_year, &keys, 0);
    cheats_complete_group_year(&rounded_group_year, &keys, 5);
    /* The last to begin: what is submitted later is compared with this one's earlier figures. */
    correction_task = world_task(&keys, &(struct world_options){.revision = 1, .corrects = &first});
    cheats_correct(&correction, correction_task, &first);
}

void play(struct world *w, const struct cheat_group *group, const struct cheat *cheat)
{
    *w = *group->from;
    carry_out(w, cheat, &honest);
}

bool play_is_for(const struct cheat_group *group, const struct play_place *place)
{
    return group->from == place->from ||
           (group->from == &base && group->at != cheats_with_certificate &&
            place->from != &rounded_group && place->from != &group_year &&
            place->from != &rounded_group_year);
}

void play_both(struct world *w, const struct play_place *place, const struct cheat *one,
               const struct cheat *other)
{
    *w = *place->from;
    carry_out(w, one != NULL ? one : &honest, other != NULL ? other : &honest);
}
