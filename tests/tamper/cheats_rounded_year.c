/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_rounded_year.c - cheating with a year's figures that the policy rounds to 5. */
#include "tests/tamper/cheats.h"

#include <string.h>

#include "tests/test.h"

#define YEAR(cell) ((enum world_cell)(WORLD_CELLS + (cell)))

/* In the file: a version, a count, then a figure and a value each. */
static uint8_t *find_rounded(struct world *w, uint32_t cell)
{
    struct world_file *file = world_find(w, "rounding");
    for (size_t at = 5; at < file->len; at += 4 + 8)
        if (file->data[at + 3] == WORLD_CELLS + cell)
            return file->data + at;
    world_expect(false, "that cell, rounded");
    return NULL;
    return NULL;
}

/* A is 55 in each quarter, 220 in the year. */
static void base_too_much(struct world *w)
{
    w->shown[YEAR(CELL_A)] += 5;
}

static void no_multiple(struct world *w)
{
    w->shown[YEAR(CELL_A)]++;
}

static void last_part_alone(struct world *w)
{
    w->shown[YEAR(CELL_A)] = w->shown[CELL_A];
}

static void opened_too(struct world *w)
{
    w->is_opened[YEAR(CELL_K)] = true;
}

static void opened_instead(struct world *w)
{
    w->is_opened[YEAR(CELL_K)] = true;
    w->is_rounded[YEAR(CELL_K)] = false;
    w->shown[YEAR(CELL_K)] = w->total[YEAR(CELL_K)];
}

static void neither_rounded_nor_hidden(struct world *w)
{
    w->is_rounded[YEAR(CELL_C)] = false;
    world_set_reason(w, YEAR(CELL_C), 0);
    w->is_opened[YEAR(CELL_C)] = false;
}

static void small_one_shown(struct world *w)
{
    w->reason[YEAR(CELL_E)] = 0;
    w->is_rounded[YEAR(CELL_E)] = true;
    w->shown[YEAR(CELL_E)] = 5;
}

/* Enough answered in the last quarter, too few in those before. */
static void few_in_parts_shown(struct world *w)
{
    w->reason[YEAR(CELL_D)] = 0;
    w->is_rounded[YEAR(CELL_D)] = true;
}

static void hidden_one_rounded(struct world *w)
{
    w->is_rounded[YEAR(CELL_D)] = true;
    w->shown[YEAR(CELL_D)] = (w->total[YEAR(CELL_D)] + 2) / 5 * 5;
}

/* The number of answers instead of B. */
static void absent_one_rounded(struct world *w)
{
    find_rounded(w, CELL_B)[3] = WORLD_CELLS + CELL_B_ANSWERED;
}

static void value_changed(struct world *w)
{
    find_rounded(w, CELL_A)[11] = 225;
    w->shown[YEAR(CELL_A)] = 225;
    world_put_tables(w);
    world_put_certificate(w);
}

static void truth_in_table(struct world *w)
{
    w->shown[YEAR(CELL_O)] = w->total[YEAR(CELL_O)];
    world_put_tables(w);
}

#define ROUNDED "rounded-figures"

const struct cheat cheats_with_rounded_years[] = {
    {.name = "year's figure a base too much", .want = ROUNDED, .disclosed = base_too_much},
    {.name = "year's figure no multiple",
     .want = ROUNDED,
     .tells = "2025:A: 221 is no multiple of 5",
     .disclosed = no_multiple},
    {.name = "year's figure of the last part alone", .want = ROUNDED, .disclosed = last_part_alone},
    {.name = "year's rounded figure opened too",
     .want = ROUNDED,
     .tells = "2025:A.KON.K should be rounded but is opened",
     .disclosed = opened_too},
    {.name = "year's figure opened instead of rounded",
     .want = ROUNDED,
     .tells = "2025:A.KON.K",
     .disclosed = opened_instead},
    {.name = "year's figure neither rounded nor hidden",
     .want = "cells-accounted",
     .tells = "2025:C",
     .disclosed = neither_rounded_nor_hidden},
    {.name = "year's small figure shown rounded", .want = ROUNDED, .disclosed = small_one_shown},
    {.name = "year's figure shown that too few answered in a part",
     .want = "primary-suppression",
     .tells = "2025:D must be hidden as dependent",
     .disclosed = few_in_parts_shown},
    {.name = "year's hidden figure rounded too",
     .want = "no-hidden-openings",
     .tells = "2025:D",
     .disclosed = hidden_one_rounded},
    {.name = "what no year adds up rounded",
     .want = "cells-accounted",
     .published = absent_one_rounded},
    {.name = "year's value changed after its proof", .want = ROUNDED, .published = value_changed},
    {.name = "year's truth in the table",
     .want = "table-exact data-files pages",
     .published = truth_in_table},
};
const size_t n_cheats_with_rounded_years = N_OF(cheats_with_rounded_years);
