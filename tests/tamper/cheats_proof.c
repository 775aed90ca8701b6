/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_proof.c - cheats with the list of hidden cells, and the proof about them. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"
#include "tests/tamper/weak.h"

#include "tests/test.h"

/* The hidden cells in order are M, O, Q, D, D.answered: exchange the reasons of M and O. */
static void proof_moved(struct world *w)
{
    world_hidden(w, 0)[4] = w->reason[CELL_M] = SKA_HIDDEN_COMPLEMENT;
    world_hidden(w, 1)[4] = w->reason[CELL_O] = SKA_HIDDEN_SMALL;
    world_put_certificate(w);
    world_put_tables(w);
}

static void proof_changed(struct world *w)
{
    world_hidden(w, 5)[4 + 4 + 130] ^= 1; /* after two lengths */
}

static void proof_cut(struct world *w)
{
    world_find(w, "suppression")->len = 5 + 5 * 5 + 4 + 4;
    memset(world_hidden(w, 5), 0, 4 + 4);
}

static void proof_a_byte_longer(struct world *w)
{
    world_find(w, "suppression")->len++;
    world_hidden(w, 5)[4 + 3]++;
}

static void prove_in(struct world *w, const struct world_options *options)
{
    struct ska_task *mine = w->task;
    w->task = world_task(w->keys, options);
    world_put_suppression(w);
    ska_task_free(w->task);
    w->task = mine;
}

static void proof_of_other_period(struct world *w)
{
    prove_in(w, &(struct world_options){.period = "2025Q1"});
}

static void proof_with_other_threshold(struct world *w)
{
    prove_in(w, &(struct world_options){.threshold = 9});
}

static void proof_over_other_count(struct world *w)
{
    w->n_counted--;
    world_put_suppression(w);
    w->n_counted++;
}

static void proof_over_fewer_submissions(struct world *w)
{
    w->submissions[4].is_filed = false;
    world_put_suppression(w);
    w->submissions[4].is_filed = true;
}

static void small_flag(struct world *w)
{
    world_hidden(w, 4)[4] = w->reason[CELL_D_ANSWERED] = SKA_HIDDEN_SMALL;
    world_put_tables(w);
}

static void few_of_a_count(struct world *w)
{
    world_hidden(w, 0)[4] = w->reason[CELL_M] = SKA_HIDDEN_FEW;
    world_put_tables(w);
}

static void unknown_reason(struct world *w)
{
    world_hidden(w, 0)[4] = 10;
}

static void no_such_cell(struct world *w)
{
    world_hidden(w, 4)[3] = 200;
}

static void one_hidden_cell_more(struct world *w)
{
    struct world_file *file = world_find(w, "suppression");
    uint8_t *after = world_hidden(w, 5), *end = file->data + file->len;
    memmove(after + 5, after, (size_t)(end - after));
    memcpy(after, (const uint8_t[]){0, 0, 0, 200, SKA_HIDDEN_COMPLEMENT}, 5);
    file->len += 5;
    file->data[4]++;
}

static void hidden_out_of_order(struct world *w)
{
    world_hidden(w, 1)[3] = CELL_M;
}

/* What is said to be proven of a complement: its total is 40 in K, 12 in O. */
static void need(struct world *w, uint32_t figure, uint64_t lo, uint64_t hi)
{
    w->needed[0] = (struct ska_needed){.figure = figure, .n_runs = 1, .run = {{lo, hi}}};
    w->n_needed = 1;
}

static void need_two(struct world *w, uint32_t figure, struct ska_run first, struct ska_run second)
{
    w->needed[0] = (struct ska_needed){.figure = figure, .n_runs = 2, .run = {first, second}};
    w->n_needed = 1;
}

static void needs_nothing(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
    need(w, CELL_K, 30, 50);
}

static void needs_no_side(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
    need_two(w, CELL_K, (struct ska_run){20, 30}, (struct ska_run){39, 44});
}

static void need_of_the_first_pattern(struct world *w)
{
    need(w, CELL_O, 5, 20);
}

static void need_where_it_is_not(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
    need(w, CELL_K, 41, 60);
}

static void need_in_the_gap(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
    need_two(w, CELL_K, (struct ska_run){20, 39}, (struct ska_run){41, 60});
}

static void need_of_what_is_small(struct world *w)
{
    need(w, CELL_M, 1, 4);
}

static void need_without_a_gap(struct world *w)
{
    need_two(w, CELL_O, (struct ska_run){5, 9}, (struct ska_run){10, 20});
}

static void need_too_wide(struct world *w)
{
    need(w, CELL_O, 5, 5 + SKA_NEEDED_WIDTH_MAX);
}

/* Another side than the one that the proof is about. */
static void side_exchanged(struct world *w)
{
    ska_point_encode(world_hidden(w, 6) + 4 + 4 + 1 + 4 * 8, ska_group_h());
}

static void needs_one_total(struct world *w)
{
    world_set_reason(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
    need(w, CELL_K, 40, 40);
}

/* A table in which it has another total than is proven. */
static void table_where_it_is_not(struct world *w)
{
    uint32_t n = w->n_needed;
    w->n_needed = 0;
    world_put_certificate(w);
    w->n_needed = n;
}

#define PROOF "suppression-proof"
#define NEED "complementary-suppression"

static void transcript_without_v(struct world *w)
{
    weak_forgotten = "V";
    world_put_suppression(w);
    weak_forgotten = NULL;
}

const struct cheat cheats_with_proof[] = {
    {.name = "suppression proof moved to another cell", .want = PROOF, .published = proof_moved},
    {.name = "suppression proof changed", .want = PROOF, .published = proof_changed},
    {.name = "suppression proof left out", .want = "suppression-form", .published = proof_cut},
    {.name = "suppression proof a byte longer", .want = PROOF, .published = proof_a_byte_longer},
    {.name = "suppression proof of another period",
     .want = PROOF,
     .published = proof_of_other_period},
    {.name = "suppression proof with another threshold",
     .want = PROOF,
     .published = proof_with_other_threshold},
    {.name = "suppression proof for another number counted",
     .want = PROOF,
     .published = proof_over_other_count},
    {.name = "suppression proof over fewer submissions",
     .want = PROOF,
     .published = proof_over_fewer_submissions},
    {.name = "answers hidden as small",
     .want = "primary-suppression suppression-proof",
     .published = small_flag},
    {.name = "count hidden for few answers",
     .want = "primary-suppression suppression-proof",
     .published = few_of_a_count},
    {.name = "unknown reason", .want = "suppression-form", .published = unknown_reason},
    {.name = "hidden cell that is none", .want = "cells-accounted", .published = no_such_cell},
    {.name = "hidden cell that is none beside the others",
     .want = "cells-accounted",
     .tells = "200",
     .published = one_hidden_cell_more},
    {.name = "hidden cells out of order",
     .want = "suppression-form",
     .published = hidden_out_of_order},
    {.name = "proof that a complement is needed, without a need",
     .want = NEED,
     .disclosed = needs_nothing},
    {.name = "proof that a complement is needed, of two runs, without a need",
     .want = NEED,
     .disclosed = needs_no_side},
    {.name = "proof that a complement is needed, of one that the equalities demand",
     .want = NEED,
     .disclosed = need_of_the_first_pattern},
    {.name = "needed complement said to be where it is not",
     .want = PROOF " " NEED,
     .disclosed = need_where_it_is_not},
    {.name = "needed complement said to be in two runs, and between them",
     .want = PROOF " " NEED,
     .disclosed = need_in_the_gap},
    {.name = "needed complement's side exchanged",
     .want = PROOF " " NEED,
     .disclosed = needs_no_side,
     .published = side_exchanged},
    {.name = "certificate with a needed complement where it is not",
     .want = NEED " certificate",
     .disclosed = needs_one_total,
     .published = table_where_it_is_not},
    {.name = "small cell said to be a needed complement",
     .want = "suppression-form",
     .disclosed = need_of_what_is_small},
    {.name = "needed complement's runs without a gap",
     .want = "suppression-form",
     .disclosed = need_without_a_gap},
    {.name = "needed complement's run too wide",
     .want = "suppression-form",
     .disclosed = need_too_wide},
    {.name = "suppression proof's transcript without V",
     .want = "suppression-proof",
     .published = transcript_without_v},
};
const size_t n_cheats_with_proof = N_OF(cheats_with_proof);
