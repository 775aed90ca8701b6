/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_rounded_groups.c - cheating with a group's figures that the policy rounds to 5, with one
 * that is published for all together only, and with what the group leaves of all, which nobody
 * publishes.
 *
 * Of A and its parts, and of B, the group has most; M is 4 in all, 2 of them in the group.
 */
#include "tests/tamper/cheats.h"

#include <string.h>

#include "tests/test.h"

#define OF_GROUP(cell) ((enum world_cell)(WORLD_CELLS + (cell)))
#define LEFT(cell) ((enum world_cell)(2 * WORLD_CELLS + (cell)))

void cheats_form_group(struct world *w, const struct world_keys *keys)
{
    static const uint64_t sixth[WORLD_CELLS] = {8, 6, 1, 1, 5, 1, 4, 0, 1, 5, 1, 0};
    world_start(w, keys, world_task(keys, &(struct world_options){.rounding = 5, .grouped = true}));
    world_submit_all(w);
    world_submit(w, WORLD_CONTRIBUTORS, 1, sixth);
}

static void base_too_much(struct world *w)
{
    w->shown[OF_GROUP(CELL_K)] += 5;
}

static void no_multiple(struct world *w)
{
    w->shown[OF_GROUP(CELL_K)]++;
}

static void that_of_all(struct world *w)
{
    w->shown[OF_GROUP(CELL_A)] = w->shown[CELL_A];
}

static void opened_too(struct world *w)
{
    w->is_opened[OF_GROUP(CELL_K)] = true;
}

static void neither_rounded_nor_hidden(struct world *w)
{
    w->is_rounded[OF_GROUP(CELL_K)] = false;
}

static void small_one_shown(struct world *w)
{
    w->reason[OF_GROUP(CELL_M)] = 0;
    w->is_rounded[OF_GROUP(CELL_M)] = true;
    w->shown[OF_GROUP(CELL_M)] = 5;
}

static void whole_only_shown(struct world *w)
{
    w->reason[OF_GROUP(CELL_B)] = 0;
    w->is_rounded[OF_GROUP(CELL_B)] = true;
}

static void whole_only_as_complement(struct world *w)
{
    w->reason[OF_GROUP(CELL_B)] = SKA_HIDDEN_COMPLEMENT;
}

static void small_difference_told(struct world *w)
{
    w->reason[LEFT(CELL_O)] = SKA_HIDDEN_SMALL;
}

static void few_answers_shown(struct world *w)
{
    w->reason[OF_GROUP(CELL_D)] = 0;
    w->is_rounded[OF_GROUP(CELL_D)] = true;
}

static void truth_in_table(struct world *w)
{
    w->shown[OF_GROUP(CELL_K)] = w->total[OF_GROUP(CELL_K)];
    world_put_tables(w);
}

#define ROUNDED "rounded-figures"

const struct cheat cheats_with_rounded_groups[] = {
    {.name = "group's figure a base too much", .want = ROUNDED, .disclosed = base_too_much},
    {.name = "group's figure no multiple",
     .want = ROUNDED,
     .tells = "OST/A.KON.K: 36 is no multiple of 5",
     .disclosed = no_multiple},
    {.name = "group's figure that of all", .want = ROUNDED, .disclosed = that_of_all},
    {.name = "group's rounded figure opened too",
     .want = ROUNDED,
     .tells = "OST/A.KON.K should be rounded but is opened",
     .disclosed = opened_too},
    {.name = "group's figure neither rounded nor hidden",
     .want = "cells-accounted",
     .tells = "OST/A.KON.K",
     .disclosed = neither_rounded_nor_hidden},
    {.name = "group's small figure shown rounded", .want = ROUNDED, .disclosed = small_one_shown},
    {.name = "figure for all together only, shown of a group",
     .want = "primary-suppression",
     .tells = "OST/B is published for all together only",
     .disclosed = whole_only_shown},
    {.name = "figure for all together only, called a complement",
     .want = "primary-suppression",
     .disclosed = whole_only_as_complement},
    {.name = "group's figure of too few answers shown rounded",
     .want = "minimum-answers primary-suppression",
     .tells = "OST/D",
     .disclosed = few_answers_shown},
    {.name = "small difference between rounded figures told",
     .want = "primary-suppression",
     .disclosed = small_difference_told},
    {.name = "group's truth in the table",
     .want = "table-exact data-files pages",
     .published = truth_in_table},
};
const size_t n_cheats_with_rounded_groups = N_OF(cheats_with_rounded_groups);
