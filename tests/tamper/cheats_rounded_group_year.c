/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_rounded_group_year.c - cheating with a group's figures of a year that the policy rounds to
 * 5. What is counted is that of cheats_year_groups.c: the group's year has A 240, E 3, and B is for
 * all together only.
 */
#include "tests/tamper/cheats.h"

#include "tests/test.h"

#define OF_GROUP(cell) ((enum world_cell)(WORLD_CELLS + (cell)))
#define YEAR(cell) ((enum world_cell)(WORLD_OWN + (cell)))
#define YEAR_OF_GROUP(cell) YEAR(OF_GROUP(cell))

static void base_too_much(struct world *w)
{
    w->shown[YEAR_OF_GROUP(CELL_A)] += 5;
}

static void no_multiple(struct world *w)
{
    w->shown[YEAR_OF_GROUP(CELL_A)]++;
}

static void that_of_all(struct world *w)
{
    w->shown[YEAR_OF_GROUP(CELL_A)] = w->shown[YEAR(CELL_A)];
}

static void last_part_alone(struct world *w)
{
    w->shown[YEAR_OF_GROUP(CELL_A)] = w->shown[OF_GROUP(CELL_A)];
}

static void opened_too(struct world *w)
{
    w->is_opened[YEAR_OF_GROUP(CELL_A)] = true;
}

static void neither_rounded_nor_hidden(struct world *w)
{
    w->is_rounded[YEAR_OF_GROUP(CELL_A)] = false;
}

static void small_one_shown(struct world *w)
{
    w->reason[YEAR_OF_GROUP(CELL_E)] = 0;
    w->is_rounded[YEAR_OF_GROUP(CELL_E)] = true;
    w->shown[YEAR_OF_GROUP(CELL_E)] = 5;
}

static void whole_only_shown(struct world *w)
{
    w->reason[YEAR_OF_GROUP(CELL_B)] = 0;
    w->is_rounded[YEAR_OF_GROUP(CELL_B)] = true;
}

static void certificate_without_year(struct world *w)
{
    uint32_t n = w->n_parts;
    w->n_parts = 0;
    world_put_certificate(w);
    w->n_parts = n;
}

#define ROUNDED "rounded-figures"

const struct cheat cheats_with_rounded_group_years[] = {
    {.name = "year's figure of a group a base too much",
     .want = ROUNDED,
     .disclosed = base_too_much},
    {.name = "year's figure of a group no multiple",
     .want = ROUNDED,
     .tells = "2025:OST/A",
     .disclosed = no_multiple},
    {.name = "year's rounded figure of a group that of all",
     .want = ROUNDED,
     .disclosed = that_of_all},
    {.name = "year's rounded figure of a group of the last part alone",
     .want = ROUNDED,
     .disclosed = last_part_alone},
    {.name = "year's rounded figure of a group opened too",
     .want = ROUNDED,
     .disclosed = opened_too},
    {.name = "year's figure of a group neither rounded nor hidden",
     .want = "cells-accounted",
     .disclosed = neither_rounded_nor_hidden},
    {.name = "year's small figure of a group shown rounded",
     .want = ROUNDED,
     .disclosed = small_one_shown},
    {.name = "year's rounded figure for all together only, shown of a group",
     .want = "primary-suppression",
     .disclosed = whole_only_shown},
    {.name = "certificate without the rounded year's rows of groups",
     .want = "certificate",
     .published = certificate_without_year},
};
const size_t n_cheats_with_rounded_group_years = N_OF(cheats_with_rounded_group_years);
