/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_pattern.c - cheats with which cells are hidden, why, and the proof of it. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

static void set(struct world *w, enum world_cell cell, uint8_t reason)
{
    w->reason[cell] = reason;
    w->is_opened[cell] = reason == 0;
}

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
    set(w, CELL_C, SKA_HIDDEN_SMALL);
    world_close_pattern(w);
}

static void small_k(struct world *w)
{
    set(w, CELL_K, SKA_HIDDEN_SMALL);
    world_close_pattern(w);
}

static void small_zero(struct world *w)
{
    set(w, CELL_E, SKA_HIDDEN_SMALL);
}

static void open_small(struct world *w)
{
    set(w, CELL_M, 0);
}

static void open_small_alone(struct world *w)
{
    set(w, CELL_Q, 0);
}

static void few_though_enough(struct world *w)
{
    set(w, CELL_B_ANSWERED, SKA_HIDDEN_FEW);
    set(w, CELL_B, SKA_HIDDEN_DEPENDENT);
    set(w, CELL_P, SKA_HIDDEN_DEPENDENT);
    set(w, CELL_Q, SKA_HIDDEN_DEPENDENT);
}

static void open_few(struct world *w)
{
    set(w, CELL_D_ANSWERED, 0);
}

static void open_few_and_its_figure(struct world *w)
{
    set(w, CELL_D_ANSWERED, 0);
    set(w, CELL_D, 0);
}

static void open_dependent(struct world *w)
{
    set(w, CELL_D, 0);
}

static void dependent_as_complement(struct world *w)
{
    set(w, CELL_D, SKA_HIDDEN_COMPLEMENT);
}

static void complement_as_dependent(struct world *w)
{
    set(w, CELL_O, SKA_HIDDEN_DEPENDENT);
}

static void flag_as_complement(struct world *w)
{
    set(w, CELL_B_ANSWERED, SKA_HIDDEN_COMPLEMENT);
}

static void complement_missing(struct world *w)
{
    set(w, CELL_O, 0);
}

static void complement_elsewhere(struct world *w)
{
    set(w, CELL_O, 0);
    set(w, CELL_K, SKA_HIDDEN_COMPLEMENT);
}

static void complement_without_cause(struct world *w)
{
    set(w, CELL_C, SKA_HIDDEN_COMPLEMENT);
}

static void complement_unconnected(struct world *w)
{
    set(w, CELL_E, SKA_HIDDEN_COMPLEMENT);
}

static void complement_out_of_order(struct world *w)
{
    set(w, CELL_P, SKA_HIDDEN_COMPLEMENT);
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
        set(w, (enum world_cell)j, 0);
    memset(w->is_opened, 0, sizeof w->is_opened);
}

static void all_complements(struct world *w)
{
    for (size_t j = 0; j < WORLD_CELLS; j++)
        if (w->reason[j] == 0)
            set(w, (enum world_cell)j, SKA_HIDDEN_COMPLEMENT);
}

/* --- marks --- */

/* One contributor has most of E, and says so. */
static void mark_e(struct world *w)
{
    uint64_t counts[WORLD_CELLS];
    memcpy(counts, world_counts[4], sizeof counts);
    counts[CELL_E] = 16;
    counts[CELL_E_MARKED] = 1;
    w->submissions[4] = (struct world_submission){0};
    world_submit(w, 4, 1, counts);
}

static void nothing_is_wrong(struct world *w)
{
    world_expect(w->reason[CELL_E] == SKA_HIDDEN_MARKED &&
                     w->reason[CELL_E_MARKED] == SKA_HIDDEN_MARKED,
                 "E is marked");
    w->is_opened[CELL_E] = true;
}

static void marked_shown(struct world *w)
{
    set(w, CELL_E, 0);
}

static void mark_shown(struct world *w)
{
    set(w, CELL_E_MARKED, 0);
}

static void marked_shown_with_its_mark(struct world *w)
{
    set(w, CELL_E, 0);
    set(w, CELL_E_MARKED, 0);
}

static void marked_by_nobody(struct world *w)
{
    set(w, CELL_E, SKA_HIDDEN_MARKED);
    set(w, CELL_E_MARKED, SKA_HIDDEN_MARKED);
}

static void marked_without_its_mark(struct world *w)
{
    set(w, CELL_E, SKA_HIDDEN_MARKED);
}

static void mark_of_another(struct world *w)
{
    set(w, CELL_C, SKA_HIDDEN_MARKED);
}

static void marked_as_complement(struct world *w)
{
    set(w, CELL_E, SKA_HIDDEN_COMPLEMENT);
}

static void mark_as_complement(struct world *w)
{
    set(w, CELL_E_MARKED, SKA_HIDDEN_COMPLEMENT);
}

static void flag_as_marked(struct world *w)
{
    set(w, CELL_B_ANSWERED, SKA_HIDDEN_MARKED);
}

/* --- the proof
 * ------------------------------------------------------------------------------------ */

/* The pattern's file: version, a count, then a cell and a reason in five bytes each, then the proof
 * with its length in four. */
static uint8_t *hidden(struct world *w, size_t index)
{
    return world_find(w, "suppression")->data + 5 + 5 * index;
}

/* The hidden cells in order are M, O, Q, D, D.answered: exchange the reasons of M and O. */
static void proof_moved(struct world *w)
{
    hidden(w, 0)[4] = w->reason[CELL_M] = SKA_HIDDEN_COMPLEMENT;
    hidden(w, 1)[4] = w->reason[CELL_O] = SKA_HIDDEN_SMALL;
    world_put_certificate(w);
    world_put_tables(w);
}

static void proof_changed(struct world *w)
{
    hidden(w, 5)[4 + 130] ^= 1;
}

static void proof_cut(struct world *w)
{
    world_find(w, "suppression")->len = 5 + 5 * 5 + 4;
    memset(hidden(w, 5), 0, 4);
}

static void proof_a_byte_longer(struct world *w)
{
    world_find(w, "suppression")->len++;
    hidden(w, 5)[3]++;
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

/* The hidden cells in order are M, O, Q, D, D.answered, E, E.marked: the proof leaves the last one
 * out, and the list says otherwise. */
static void marked_without_a_proof(struct world *w)
{
    w->reason[CELL_E_MARKED] = 0;
    world_put_suppression(w);
    w->reason[CELL_E_MARKED] = SKA_HIDDEN_MARKED;
    struct world_file *file = world_find(w, "suppression");
    uint8_t *after = hidden(w, 6), *end = file->data + file->len;
    memmove(after + 5, after, (size_t)(end - after));
    memcpy(after, (const uint8_t[]){0, 0, 0, CELL_E_MARKED, SKA_HIDDEN_MARKED}, 5);
    file->len += 5;
    file->data[4]++;
}

static void small_mark(struct world *w)
{
    hidden(w, 6)[4] = w->reason[CELL_E_MARKED] = SKA_HIDDEN_SMALL;
    world_put_tables(w);
}

static void small_flag(struct world *w)
{
    hidden(w, 4)[4] = w->reason[CELL_D_ANSWERED] = SKA_HIDDEN_SMALL;
    world_put_tables(w);
}

static void few_of_a_count(struct world *w)
{
    hidden(w, 0)[4] = w->reason[CELL_M] = SKA_HIDDEN_FEW;
    world_put_tables(w);
}

static void unknown_reason(struct world *w)
{
    hidden(w, 0)[4] = 9;
}

static void no_such_cell(struct world *w)
{
    hidden(w, 4)[3] = 200;
}

static void one_hidden_cell_more(struct world *w)
{
    struct world_file *file = world_find(w, "suppression");
    uint8_t *after = hidden(w, 5), *end = file->data + file->len;
    memmove(after + 5, after, (size_t)(end - after));
    memcpy(after, (const uint8_t[]){0, 0, 0, 200, SKA_HIDDEN_COMPLEMENT}, 5);
    file->len += 5;
    file->data[4]++;
}

static void hidden_out_of_order(struct world *w)
{
    hidden(w, 1)[3] = CELL_M;
}

/* --- the certificate --- */

/* The certificate's file: version and two counts in 9 bytes, two tables for each hidden cell in
 * eight, then tables of five values in eight bytes each. Hidden are M, O, Q, D, D.answered. */
#define N_HIDDEN 5

static uint8_t *pair_of(struct world *w, size_t index)
{
    return world_find(w, "certificate")->data + 9 + 8 * index;
}

static uint8_t *value_of(struct world *w, size_t table, size_t index)
{
    return pair_of(w, N_HIDDEN) + 8 * (N_HIDDEN * table + index);
}

static size_t count_tables(struct world *w)
{
    return world_find(w, "certificate")->data[8];
}

static void tables_break_a_sum(struct world *w)
{
    value_of(w, 0, 1)[7] ^= 1; /* O */
}

static void tables_break_the_flag(struct world *w)
{
    for (size_t k = 0; k < count_tables(w); k++)
        value_of(w, k, 4)[7] = 0; /* nobody answered, */
    value_of(w, 0, 3)[7] = 9;     /* yet there are decisions */
}

static void small_cell_large_in_a_table(struct world *w)
{
    for (size_t k = 0; k < count_tables(w); k++)
        value_of(w, k, 2)[7] = 5; /* Q, which no equality holds */
}

static void complement_small_in_a_table(struct world *w)
{
    value_of(w, 0, 1)[7] = 4;
    value_of(w, 0, 0)[7] = 11;
}

static void one_table_twice(struct world *w)
{
    memcpy(pair_of(w, 0) + 4, pair_of(w, 0), 4);
}

static void tables_exchanged(struct world *w)
{
    uint8_t low[4];
    memcpy(low, pair_of(w, 2), 4);
    memcpy(pair_of(w, 2), pair_of(w, 2) + 4, 4);
    memcpy(pair_of(w, 2) + 4, low, 4);
}

/* A cell of which something is demanded passed off as a part of a zero. */
static void no_tables_named(struct world *w)
{
    memset(pair_of(w, 0), 0xFF, 8);
}

static void only_one_table_named(struct world *w)
{
    memset(pair_of(w, 0), 0xFF, 4);
}

static void table_that_is_not_there(struct world *w)
{
    pair_of(w, 0)[7] = (uint8_t)count_tables(w);
}

static void certificate_empty(struct world *w)
{
    struct world_file *file = world_find(w, "certificate");
    file->len = 9;
    memset(file->data + 1, 0, 8);
}

static void certificate_cut(struct world *w)
{
    world_find(w, "certificate")->len -= 8;
}

static void certificate_a_byte_longer(struct world *w)
{
    world_find(w, "certificate")->len++;
}

/* Tables that would do if the threshold were another one. */
static void certificate_under_another_policy(struct world *w)
{
    struct ska_task *mine = w->task;
    w->task = world_task(w->keys, &(struct world_options){.threshold = 9});
    world_put_certificate(w);
    ska_task_free(w->task);
    w->task = mine;
}

/* Tables that would do if one more had answered. */
static void certificate_of_other_totals(struct world *w)
{
    w->total[CELL_A]++;
    world_put_certificate(w);
    w->total[CELL_A]--;
}

#define PROOF "suppression-proof"
#define COMPLEMENTS "complementary-suppression"

const struct cheat cheats_with_pattern[] = {
    {.name = "cell equal to the threshold hidden as small",
     .want = PROOF,
     .submitted = five_of_c,
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
    {.name = "marked indicator shown",
     .want = "primary-suppression",
     .tells = "E",
     .submitted = mark_e,
     .disclosed = marked_shown},
    {.name = "marked indicator opened and not shown",
     .want = "no-hidden-openings",
     .tells = "E",
     .submitted = mark_e,
     .disclosed = nothing_is_wrong},
    {.name = "marked indicator shown with its mark",
     .want = "primary-suppression",
     .tells = "E.marked",
     .submitted = mark_e,
     .disclosed = marked_shown_with_its_mark},
    {.name = "mark shown",
     .want = "primary-suppression",
     .tells = "E.marked",
     .submitted = mark_e,
     .disclosed = mark_shown},
    {.name = "hidden as marked by nobody", .want = PROOF, .disclosed = marked_by_nobody},
    {.name = "hidden as marked while the mark is open at zero",
     .want = "primary-suppression",
     .tells = "E",
     .disclosed = marked_without_its_mark},
    {.name = "hidden with the mark of another indicator",
     .want = "primary-suppression",
     .tells = "C",
     .submitted = mark_e,
     .disclosed = mark_of_another},
    {.name = "marked indicator hidden as complement",
     .want = "primary-suppression",
     .tells = "E",
     .submitted = mark_e,
     .disclosed = marked_as_complement},
    {.name = "mark hidden as complement",
     .want = "primary-suppression",
     .tells = "E.marked",
     .submitted = mark_e,
     .disclosed = mark_as_complement},
    {.name = "answers hidden as marked",
     .want = "minimum-answers primary-suppression",
     .tells = "B.answered",
     .disclosed = flag_as_marked},
    {.name = "marked without a proof",
     .want = PROOF,
     .submitted = mark_e,
     .published = marked_without_a_proof},
    {.name = "mark hidden as small",
     .want = "primary-suppression suppression-proof",
     .submitted = mark_e,
     .published = small_mark},
    {.name = "certificate: a table breaks a sum",
     .want = "certificate",
     .tells = "table 0",
     .published = tables_break_a_sum},
    {.name = "certificate: a table breaks the rule of answers",
     .want = "certificate",
     .published = tables_break_the_flag},
    {.name = "certificate: a small cell as large as the threshold",
     .want = "certificate",
     .tells = "B.FORM.Q",
     .published = small_cell_large_in_a_table},
    {.name = "certificate: a complement below the threshold",
     .want = "certificate",
     .tells = "A.KON.O",
     .published = complement_small_in_a_table},
    {.name = "certificate: one table twice",
     .want = "certificate",
     .tells = "A.KON.M",
     .published = one_table_twice},
    {.name = "certificate: the two tables exchanged",
     .want = "certificate",
     .tells = "B.FORM.Q",
     .published = tables_exchanged},
    {.name = "certificate: a cell that needs tables has none",
     .want = "certificate",
     .tells = "A.KON.M",
     .published = no_tables_named},
    {.name = "certificate: one of two tables",
     .want = "certificate-form",
     .published = only_one_table_named},
    {.name = "certificate: no such table",
     .want = "certificate-form",
     .published = table_that_is_not_there},
    {.name = "certificate: empty", .want = "certificate", .published = certificate_empty},
    {.name = "certificate: cut", .want = "certificate-form", .published = certificate_cut},
    {.name = "certificate: a byte longer",
     .want = "certificate-form",
     .published = certificate_a_byte_longer},
    {.name = "certificate: made under another threshold",
     .want = "certificate",
     .published = certificate_under_another_policy},
    {.name = "certificate: made for other totals",
     .want = "certificate",
     .published = certificate_of_other_totals},
};
const size_t n_cheats_with_pattern = N_OF(cheats_with_pattern);
