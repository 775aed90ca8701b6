/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_marks.c - cheats with what officers mark as to be published only with others'. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

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
    world_set_reason(w, CELL_E, 0);
}

static void mark_shown(struct world *w)
{
    world_set_reason(w, CELL_E_MARKED, 0);
}

static void marked_shown_with_its_mark(struct world *w)
{
    world_set_reason(w, CELL_E, 0);
    world_set_reason(w, CELL_E_MARKED, 0);
}

static void marked_by_nobody(struct world *w)
{
    world_set_reason(w, CELL_E, SKA_HIDDEN_MARKED);
    world_set_reason(w, CELL_E_MARKED, SKA_HIDDEN_MARKED);
}

static void marked_without_its_mark(struct world *w)
{
    world_set_reason(w, CELL_E, SKA_HIDDEN_MARKED);
}

static void mark_of_another(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_MARKED);
}

static void marked_as_complement(struct world *w)
{
    world_set_reason(w, CELL_E, SKA_HIDDEN_COMPLEMENT);
}

static void mark_as_complement(struct world *w)
{
    world_set_reason(w, CELL_E_MARKED, SKA_HIDDEN_COMPLEMENT);
}

static void flag_as_marked(struct world *w)
{
    world_set_reason(w, CELL_B_ANSWERED, SKA_HIDDEN_MARKED);
}

/* The hidden cells in order are M, O, Q, D, D.answered, E, E.marked: the proof leaves the last one
 * out, and the list says otherwise. */
static void marked_without_a_proof(struct world *w)
{
    w->reason[CELL_E_MARKED] = 0;
    world_put_suppression(w);
    w->reason[CELL_E_MARKED] = SKA_HIDDEN_MARKED;
    struct world_file *file = world_find(w, "suppression");
    uint8_t *after = world_hidden(w, 6), *end = file->data + file->len;
    memmove(after + 5, after, (size_t)(end - after));
    memcpy(after, (const uint8_t[]){0, 0, 0, CELL_E_MARKED, SKA_HIDDEN_MARKED}, 5);
    file->len += 5;
    file->data[4]++;
}

static void small_mark(struct world *w)
{
    world_hidden(w, 6)[4] = w->reason[CELL_E_MARKED] = SKA_HIDDEN_SMALL;
    world_put_tables(w);
}

/* The mark's proof says how many were counted, whoever they are. */
static void stranger_counted(struct world *w)
{
    world_submit_dishonestly(w, WORLD_CONTRIBUTORS, 1, world_counts[1],
                             &(struct dishonesty){.key = &w->keys->stranger});
}

#define PROOF "suppression-proof"

const struct cheat cheats_with_marks[] = {
    {.name = "marked indicator shown",
     .want = "primary-suppression",
     .tells = "E",
     .begun = mark_e,
     .disclosed = marked_shown},
    {.name = "marked indicator opened and not shown",
     .want = "no-hidden-openings",
     .tells = "E",
     .begun = mark_e,
     .disclosed = nothing_is_wrong},
    {.name = "marked indicator shown with its mark",
     .want = "primary-suppression",
     .tells = "E.marked",
     .begun = mark_e,
     .disclosed = marked_shown_with_its_mark},
    {.name = "mark shown",
     .want = "primary-suppression",
     .tells = "E.marked",
     .begun = mark_e,
     .disclosed = mark_shown},
    {.name = "hidden as marked by nobody", .want = PROOF, .disclosed = marked_by_nobody},
    {.name = "hidden as marked while the mark is open at zero",
     .want = "primary-suppression",
     .tells = "E",
     .disclosed = marked_without_its_mark},
    {.name = "hidden with the mark of another indicator",
     .want = "primary-suppression",
     .tells = "C",
     .begun = mark_e,
     .disclosed = mark_of_another},
    {.name = "marked indicator hidden as complement",
     .want = "primary-suppression",
     .tells = "E",
     .begun = mark_e,
     .disclosed = marked_as_complement},
    {.name = "mark hidden as complement",
     .want = "primary-suppression",
     .tells = "E.marked",
     .begun = mark_e,
     .disclosed = mark_as_complement},
    {.name = "answers hidden as marked",
     .want = "minimum-answers primary-suppression",
     .tells = "B.answered",
     .disclosed = flag_as_marked},
    {.name = "marked, and one counted who is not on the roster",
     .want = "accepted-entries submission-signatures",
     .begun = mark_e,
     .submitted = stranger_counted},
    {.name = "marked without a proof",
     .want = PROOF,
     .begun = mark_e,
     .published = marked_without_a_proof},
    {.name = "mark hidden as small",
     .want = "primary-suppression suppression-proof",
     .begun = mark_e,
     .published = small_mark},
};
const size_t n_cheats_with_marks = N_OF(cheats_with_marks);
