/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_pattern.c - cheats with which cells are hidden, and why. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

/* C is 5, exactly the threshold. */
static void five_of_c(struct world *w)
{
    uint64_t counts[WORLD_CELLS];
    memcpy(counts, world_counts[4], sizeof counts);
    counts[CELL_C] = 0;
    w->submissions[4] = (struct world_submission){0};
    world_submit(w, 4, 1, counts);
}

static void small_c(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_SMALL);
    world_close_pattern(w);
}

static void small_k(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_SMALL);
}

static void small_zero(struct world *w)
{
    world_set_reason(w, CELL_E, SKA_HIDDEN_SMALL);
}

static void open_small(struct world *w)
{
    world_set_reason(w, CELL_M, 0);
}

static void open_small_alone(struct world *w)
{
    world_set_reason(w, CELL_Q, 0);
}

static void few_though_enough(struct world *w)
{
    world_set_reason(w, CELL_B_ANSWERED, SKA_HIDDEN_FEW);
    world_set_reason(w, CELL_B, SKA_HIDDEN_DEPENDENT);
    world_set_reason(w, CELL_P, SKA_HIDDEN_DEPENDENT);
    world_set_reason(w, CELL_Q, SKA_HIDDEN_DEPENDENT);
}

static void open_few(struct world *w)
{
    world_set_reason(w, CELL_D_ANSWERED, 0);
}

static void open_few_and_its_figure(struct world *w)
{
    world_set_reason(w, CELL_D_ANSWERED, 0);
    world_set_reason(w, CELL_D, 0);
}

static void open_dependent(struct world *w)
{
    world_set_reason(w, CELL_D, 0);
}

static void dependent_as_complement(struct world *w)
{
    world_set_reason(w, CELL_D, SKA_HIDDEN_COMPLEMENT);
}

static void complement_as_dependent(struct world *w)
{
    world_set_reason(w, CELL_O, SKA_HIDDEN_DEPENDENT);
}

static void category_withdrawn(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_WITHDRAWN);
}

static void withdrawn_but_for_its_parts(struct world *w)
{
    world_set_reason(w, CELL_A, SKA_HIDDEN_WITHDRAWN);
}

/* C, of which enough handed in, and which is shown: each reason that is for other figures. */
static void count_as_block(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_BLOCK);
}

static void count_as_kept(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_KEPT);
}

static void count_as_summed(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_SUMMED);
}

static void flag_as_complement(struct world *w)
{
    world_set_reason(w, CELL_B_ANSWERED, SKA_HIDDEN_COMPLEMENT);
}

static void complement_missing(struct world *w)
{
    world_set_reason(w, CELL_O, 0);
}

static void complement_elsewhere(struct world *w)
{
    world_set_reason(w, CELL_O, 0);
    world_set_reason(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
}

static void complement_without_cause(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_COMPLEMENT);
}

static void complement_unconnected(struct world *w)
{
    world_set_reason(w, CELL_E, SKA_HIDDEN_COMPLEMENT);
}

static void complement_out_of_order(struct world *w)
{
    world_set_reason(w, CELL_P, SKA_HIDDEN_COMPLEMENT);
}

static void hidden_cell_opened(struct world *w)
{
    w->is_opened[CELL_M] = true;
}

static void all_hidden_cells_opened(struct world *w)
{
    for (size_t j = 0; j < WORLD_CELLS; j++)
        w->is_opened[j] = true;
}

static void neither_opened_nor_hidden(struct world *w)
{
    w->is_opened[CELL_C] = false;
}

static void nothing_opened(struct world *w)
{
    for (size_t j = 0; j < WORLD_CELLS; j++)
        world_set_reason(w, (enum world_cell)j, 0);
    memset(w->is_opened, 0, sizeof w->is_opened);
}

static void all_complements(struct world *w)
{
    for (size_t j = 0; j < WORLD_CELLS; j++)
        if (w->reason[j] == 0)
            world_set_reason(w, (enum world_cell)j, SKA_HIDDEN_COMPLEMENT);
}

#define PROOF "suppression-proof"
#define COMPLEMENTS "complementary-suppression"

const struct cheat cheats_with_pattern[] = {
    {.name = "cell equal to the threshold hidden as small",
     .want = PROOF,
     .begun = five_of_c,
     .disclosed = small_c},
    {.name = "cell over the threshold hidden as small", .want = PROOF, .disclosed = small_c},
    {.name = "large cell in a table hidden as small", .want = PROOF, .disclosed = small_k},
    {.name = "zero hidden as small", .want = PROOF, .disclosed = small_zero},
    {.name = "small cell shown",
     .want = "primary-suppression",
     .tells = "A.KON.M",
     .disclosed = open_small},
    {.name = "small cell shown, of no equality",
     .want = "primary-suppression",
     .tells = "B.FORM.Q",
     .disclosed = open_small_alone},
    {.name = "enough answers hidden as few", .want = PROOF, .disclosed = few_though_enough},
    {.name = "few answers shown",
     .want = "minimum-answers primary-suppression",
     .tells = "D.answered",
     .disclosed = open_few},
    {.name = "few answers shown with their figure",
     .want = "minimum-answers primary-suppression",
     .tells = "D.answered",
     .disclosed = open_few_and_its_figure},
    {.name = "figure with few answers shown",
     .want = "minimum-answers primary-suppression",
     .tells = "D",
     .disclosed = open_dependent},
    {.name = "dependent cell called complement",
     .want = "primary-suppression",
     .disclosed = dependent_as_complement},
    {.name = "complement called dependent",
     .want = "primary-suppression",
     .tells = "A.KON.O",
     .disclosed = complement_as_dependent},
    {.name = "category withdrawn by itself",
     .want = "primary-suppression",
     .tells = "A.KON.K",
     .disclosed = category_withdrawn},
    {.name = "indicator withdrawn, its parts shown",
     .want = "primary-suppression",
     .tells = "A.KON.K",
     .disclosed = withdrawn_but_for_its_parts},
    {.name = "count hidden as of too few submissions",
     .want = "primary-suppression",
     .tells = "C: enough have submitted",
     .disclosed = count_as_block},
    {.name = "count hidden as if it had been before",
     .want = "correction-kept",
     .tells = "C was not hidden",
     .disclosed = count_as_kept},
    {.name = "count of a quarter hidden as a year's",
     .want = "primary-suppression",
     .tells = "C is hidden for a reason",
     .disclosed = count_as_summed},
    {.name = "answers hidden as complement",
     .want = "minimum-answers primary-suppression",
     .disclosed = flag_as_complement},
    {.name = "complement missing",
     .want = COMPLEMENTS " protection certificate",
     .tells = "A.KON.O",
     .disclosed = complement_missing},
    {.name = "another complement than the rule's",
     .want = COMPLEMENTS,
     .tells = "A.KON.O",
     .disclosed = complement_elsewhere},
    {.name = "complement without a cause",
     .want = COMPLEMENTS,
     .tells = "C",
     .disclosed = complement_without_cause},
    {.name = "complement that nothing leads to",
     .want = COMPLEMENTS,
     .tells = "E",
     .disclosed = complement_unconnected},
    {.name = "complement before its turn",
     .want = COMPLEMENTS,
     .tells = "B.FORM.P",
     .disclosed = complement_out_of_order},
    {.name = "hidden cell opened",
     .want = "no-hidden-openings",
     .tells = "A.KON.M",
     .disclosed = hidden_cell_opened},
    {.name = "all hidden cells opened",
     .want = "no-hidden-openings minimum-answers",
     .disclosed = all_hidden_cells_opened},
    {.name = "cell neither opened nor hidden",
     .want = "cells-accounted",
     .tells = "C",
     .disclosed = neither_opened_nor_hidden},
    {.name = "nothing opened and nothing hidden",
     .want = "cells-accounted",
     .disclosed = nothing_opened},
    {.name = "everything hidden", .want = "primary-suppression", .disclosed = all_complements},
};
const size_t n_cheats_with_pattern = N_OF(cheats_with_pattern);
