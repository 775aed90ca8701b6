/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_rounding.c - cheating with figures that the policy rounds to 5. */
#include "tests/tamper/cheats.h"
#include "tests/tamper/weak.h"

#include <string.h>

#include "tests/test.h"

/* 12, honestly shown as 10. */
static void one_base_off(struct world *w)
{
    w->shown[CELL_O] = 20;
}

static void one_base_off_below(struct world *w)
{
    w->shown[CELL_O] = 5;
}

/* 55 is a multiple; the next one is a whole base away. */
static void whole_base_off(struct world *w)
{
    w->shown[CELL_A] = 60;
}

static void one_off(struct world *w)
{
    w->shown[CELL_O] = 11;
}

static void truth_shown(struct world *w)
{
    w->shown[CELL_O] = 12;
}

/* To 10 instead of 5: what was 25 becomes 30. */
static void rounded_to_ten(struct world *w)
{
    static const uint32_t cells[] = {CELL_A, CELL_K, CELL_O, CELL_B, CELL_P, CELL_C};
    for (size_t i = 0; i < N_OF(cells); i++)
        w->shown[cells[i]] = (w->total[cells[i]] + 5) / 10 * 10;
}

/* To 3, under parameters that say 5. */
static void rounded_to_three(struct world *w)
{
    w->shown[CELL_K] = 39;
}

static void zero_shown_as_five(struct world *w)
{
    w->shown[CELL_E] = 5;
}

static void some_shown_as_zero(struct world *w)
{
    w->shown[CELL_C] = 0;
}

static void small_shown_rounded(struct world *w)
{
    w->reason[CELL_Q] = 0;
    w->is_rounded[CELL_Q] = true;
    w->shown[CELL_Q] = 5;
}

static void opened_too(struct world *w)
{
    w->is_opened[CELL_O] = true;
}

static void all_opened_too(struct world *w)
{
    for (uint32_t j = 0; j < WORLD_CELLS; j++)
        w->is_opened[j] = w->reason[j] == 0;
}

static void opened_instead(struct world *w)
{
    w->is_opened[CELL_O] = true;
    w->is_rounded[CELL_O] = false;
    w->shown[CELL_O] = w->total[CELL_O];
}

static void neither_rounded_nor_hidden(struct world *w)
{
    w->is_rounded[CELL_C] = false;
}

static void small_one_rounded_and_hidden(struct world *w)
{
    w->is_rounded[CELL_Q] = true;
    w->shown[CELL_Q] = 5;
}

static void few_answers_shown_rounded(struct world *w)
{
    w->reason[CELL_D] = 0;
    w->is_rounded[CELL_D] = true;
}

/* From what is small rules lead to A and C, over rounded figures; nothing leads to E. */
static void complement_that_nothing_needs(struct world *w)
{
    w->reason[CELL_E] = SKA_HIDDEN_COMPLEMENT;
    w->is_rounded[CELL_E] = false;
}

static void digit_in_the_file(struct world *w)
{
    struct world_file *file = world_find(w, "rounding");
    file->data[5 + 11] = 60; /* of the first figure, 55 */
    w->shown[CELL_A] = 60;
    world_put_tables(w);
    world_put_certificate(w);
}

static void proof_changed(struct world *w)
{
    struct world_file *file = world_find(w, "rounding");
    file->data[file->len - 1] ^= 1;
}

static void proof_a_byte_longer(struct world *w)
{
    world_find(w, "rounding")->len++;
}

static void proof_cut(struct world *w)
{
    world_find(w, "rounding")->len -= 32;
}

static void figures_out_of_order(struct world *w)
{
    uint8_t *at = world_find(w, "rounding")->data + 5, kept[12];
    memcpy(kept, at, 12);
    memcpy(at, at + 12, 12);
    memcpy(at + 12, kept, 12);
}

/* Made under another task, and put into this one. */
static void proof_under(struct world *w, const struct world_options *options)
{
    struct ska_task *mine = w->task;
    w->task = world_task(w->keys, options);
    world_put_rounding(w);
    ska_task_free(w->task);
    w->task = mine;
}

static void proof_of_other_period(struct world *w)
{
    proof_under(w, &(struct world_options){.period = "2025Q1", .rounding = 5});
}

static void proof_with_other_base(struct world *w)
{
    proof_under(w, &(struct world_options){.rounding = 2});
}

static void proof_for_other_count(struct world *w)
{
    w->n_counted++;
    world_put_rounding(w);
    w->n_counted--;
}

/* The proof that B is what it is, for P. */
static void proof_of_another_figure(struct world *w)
{
    struct world_file *file = world_find(w, "rounding");
    uint8_t list[WORLD_CELLS * 12 + 5];
    size_t len = 5 + 12 * (size_t)file->data[4];
    memcpy(list, file->data, len);
    w->is_rounded[CELL_D] = true;
    w->is_rounded[CELL_C] = false;
    world_put_rounding(w);
    memcpy(file->data, list, len);
}

static void file_left_out(struct world *w)
{
    size_t at = 0;
    while (strcmp(w->files[at].name, "rounding") != 0)
        at++;
    memmove(&w->files[at], &w->files[at + 1], (w->n_files - at - 1) * sizeof w->files[0]);
    w->n_files--;
}

/* Files of a policy that does not round, but for the one. */
static void policy_that_does_not_round(struct world *w)
{
    static struct ska_task *task; /* the world borrows it */
    ska_task_free(task);
    task = world_task(w->keys, &(struct world_options){0});
    world_start(w, w->keys, task);
    world_submit_all(w);
}

static void empty_list_added(struct world *w)
{
    size_t at = 0;
    while (strcmp(w->files[at].name, "table.csv") != 0)
        at++;
    memmove(&w->files[at + 1], &w->files[at], (w->n_files - at) * sizeof w->files[0]);
    w->n_files++;
    w->files[at] = (struct world_file){.name = "rounding", .data = {1}, .len = 5};
}

static void table_with_the_truth(struct world *w)
{
    w->shown[CELL_O] = w->total[CELL_O];
    world_put_tables(w);
}

static void unsaid_in_json(struct world *w)
{
    struct world_file *file = world_find(w, "table.json");
    for (size_t i = 0; i + 5 < file->len; i++)
        if (memcmp(file->data + i, ":\"r\",", 5) == 0)
            file->data[i + 2] = '.';
}

static void table_out_of_range(struct world *w)
{
    struct world_file *file = world_find(w, "certificate");
    size_t n = file->data[4];
    file->data[9 + 8 * n + 7] = 100; /* the first variable of the first table: A */
}

#define ROUNDED "rounded-figures"

static void prove_without(struct world *w, const char *label)
{
    weak_forgotten = label;
    world_put_rounding(w);
    weak_forgotten = NULL;
}

static void transcript_without_v(struct world *w)
{
    prove_without(w, "V");
}

static void transcript_without_values(struct world *w)
{
    prove_without(w, "rounded");
}

const struct cheat cheats_with_rounding[] = {
    {.name = "more than a base too much", .want = ROUNDED, .disclosed = one_base_off},
    {.name = "more than a base too little", .want = ROUNDED, .disclosed = one_base_off_below},
    {.name = "a whole base too much", .want = ROUNDED, .disclosed = whole_base_off},
    {.name = "no multiple",
     .want = ROUNDED,
     .tells = "A.KON.O: 11 is no multiple of 5",
     .disclosed = one_off},
    {.name = "not rounded at all", .want = ROUNDED, .tells = "A.KON.O", .disclosed = truth_shown},
    {.name = "rounded to another base", .want = ROUNDED, .disclosed = rounded_to_ten},
    {.name = "rounded to a third base", .want = ROUNDED, .disclosed = rounded_to_three},
    {.name = "a zero rounded up", .want = ROUNDED, .disclosed = zero_shown_as_five},
    {.name = "a count shown as zero", .want = ROUNDED, .disclosed = some_shown_as_zero},
    {.name = "a small count shown rounded", .want = ROUNDED, .disclosed = small_shown_rounded},
    {.name = "a rounded figure opened too",
     .want = ROUNDED,
     .tells = "A.KON.O should be rounded but is opened",
     .disclosed = opened_too},
    {.name = "all rounded figures opened too", .want = ROUNDED, .disclosed = all_opened_too},
    {.name = "a figure opened instead of rounded",
     .want = ROUNDED,
     .tells = "A.KON.O",
     .disclosed = opened_instead},
    {.name = "a figure neither rounded nor hidden",
     .want = "cells-accounted",
     .tells = "C",
     .disclosed = neither_rounded_nor_hidden},
    {.name = "a small figure rounded and hidden",
     .want = "no-hidden-openings " ROUNDED,
     .tells = "B.FORM.Q",
     .disclosed = small_one_rounded_and_hidden},
    {.name = "few answers, shown rounded",
     .want = "minimum-answers primary-suppression",
     .tells = "D",
     .disclosed = few_answers_shown_rounded},
    {.name = "a complement that no rounded figure leads to",
     .want = "complementary-suppression",
     .tells = "E",
     .disclosed = complement_that_nothing_needs},
    {.name = "value changed after its proof", .want = ROUNDED, .published = digit_in_the_file},
    {.name = "rounding proof changed", .want = ROUNDED, .published = proof_changed},
    {.name = "rounding proof a byte longer",
     .want = "rounding-form",
     .published = proof_a_byte_longer},
    {.name = "rounding proof cut", .want = "rounding-form", .published = proof_cut},
    {.name = "rounded figures out of order",
     .want = "rounding-form",
     .published = figures_out_of_order},
    {.name = "rounding proof of another period",
     .want = ROUNDED,
     .published = proof_of_other_period},
    {.name = "rounding proof with another base",
     .want = ROUNDED,
     .published = proof_with_other_base},
    {.name = "rounding proof for another number counted",
     .want = ROUNDED,
     .published = proof_for_other_count},
    {.name = "rounding proof of other figures",
     .want = ROUNDED,
     .published = proof_of_another_figure},
    {.name = "no rounded figures though the policy rounds",
     .want = "rounding-form",
     .published = file_left_out},
    {.name = "rounded figures though the policy does not round",
     .want = "rounding-form",
     .submitted = policy_that_does_not_round,
     .published = empty_list_added},
    {.name = "the truth in the table",
     .want = "table-exact data-files pages",
     .published = table_with_the_truth},
    {.name = "rounding not said in JSON-stat", .want = "data-files", .published = unsaid_in_json},
    {.name = "certificate: a rounded figure out of its range",
     .want = "certificate",
     .tells = "A",
     .published = table_out_of_range},
    {.name = "rounding proof's transcript without V",
     .want = "rounded-figures",
     .published = transcript_without_v},
    {.name = "rounding proof's transcript without the values shown",
     .want = "rounded-figures",
     .published = transcript_without_values},
};
const size_t n_cheats_with_rounding = N_OF(cheats_with_rounding);
