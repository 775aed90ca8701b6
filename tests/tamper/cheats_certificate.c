/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_certificate.c - cheats with the tables that show that no hidden cell can be worked out. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

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

/* The same in one table alone, so that every pair is as far apart as it must be. */
static void table_breaks_the_flag(struct world *w)
{
    size_t nobody = pair_of(w, 4)[3], high = pair_of(w, 3)[7];
    value_of(w, high, 3)[7] = 30;
    value_of(w, nobody, 3)[7] = 1;
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

/* Q may be 1 to 4, and two are demanded. */
static void tables_one_too_near(struct world *w)
{
    size_t low = pair_of(w, 2)[3], high = pair_of(w, 2)[7];
    value_of(w, high, 2)[7] = value_of(w, low, 2)[7] + 1;
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
    w->shown[CELL_A]++;
    world_put_certificate(w);
    w->shown[CELL_A]--;
}

const struct cheat cheats_with_certificate[] = {
    {.name = "certificate: a table breaks a sum",
     .want = "certificate",
     .tells = "table 0",
     .published = tables_break_a_sum},
    {.name = "certificate: a table breaks the rule of answers",
     .want = "certificate",
     .published = tables_break_the_flag},
    {.name = "certificate: one table breaks the rule of answers",
     .want = "certificate",
     .tells = "breaks",
     .published = table_breaks_the_flag},
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
    {.name = "certificate: two tables one too near",
     .want = "certificate",
     .tells = "B.FORM.Q: the tables differ too little",
     .published = tables_one_too_near},
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
const size_t n_cheats_with_certificate = N_OF(cheats_with_certificate);
