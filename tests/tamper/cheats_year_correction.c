/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_year_correction.c - cheating with a correction within a year that is added up: the fourth
 * quarter, which carried the year, is corrected and carries it anew.
 *
 * Contributors 0 to 2 have one more case and one more of E each. So E is 3 in the quarter now,
 * where it was 0, and 6 in the year, where it was 3: nothing asks that 6 be hidden but that 3 was.
 */
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

#define YEAR(cell) ((enum world_cell)(WORLD_CELLS + (cell)))
enum { Q1, Q2, Q3, Q4 };

/* The fourth quarter as a publisher leaves its year out: by itself, or with its list. */
enum { ALONE, LISTED, N_YEARLESS };
static struct world yearless[N_YEARLESS];
static struct world_part yearless_part[N_YEARLESS];

static void no_sums(struct world *w)
{
    world_drop_file(w, "year");
    world_drop_file(w, "year.json");
    world_drop_file(w, "year.px");
}

static void leave_year_out(const struct world *first)
{
    for (size_t i = 0; i < N_YEARLESS; i++) {
        struct world *w = &yearless[i];
        *w = *first;
        w->archive = NULL;
        w->n_parts = i == ALONE ? 0 : first->n_parts;
        world_disclose(w);
        world_publish(w);
        if (i == LISTED)
            no_sums(w);
        world_pack(w);
        world_part_make(&yearless_part[i], w);
    }
}

void cheats_correct_year(struct world *w, const struct world_keys *keys, const struct world *first)
{
    static struct world_part corrected;
    world_part_make(&corrected, first);
    world_start_correction(w,
                           world_task(keys, &(struct world_options){.period = "2025Q4",
                                                                    .yearly = true,
                                                                    .revision = 1,
                                                                    .corrects = first}),
                           first);
    for (uint32_t i = 0; i < WORLD_CONTRIBUTORS; i++) {
        uint64_t counts[WORLD_VALUES] = {0}, more = i < 3 ? 1 : 0;
        memcpy(counts, first->submissions[i].counts, sizeof first->submissions[i].counts);
        counts[CELL_A] += more;
        counts[CELL_K] += more;
        counts[CELL_E] += more;
        counts[CELL_CHANGED] = more;
        world_submit(w, i, 1, counts);
    }
    for (size_t i = Q1; i <= Q3; i++)
        world_link(w, first->part[i]);
    world_link(w, &corrected);
    leave_year_out(first);
}

/* By itself, as if neither quarter nor year had been released. */
static void not_linked(struct world *w)
{
    w->n_parts = 0;
}

static void linked_with_the_quarter_alone(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    list.at[0] = list.at[Q4];
    list.n = 1;
    world_put_list(w, &list);
}

static void linked_without_a_part(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    memmove(&list.at[Q2], &list.at[Q3], 2 * sizeof list.at[0]);
    list.n = 3;
    world_put_list(w, &list);
}

static void linked_with_the_year_alone(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    list.n = 3;
    world_put_list(w, &list);
}

static void correct_another(struct world *w, const struct world_part *part)
{
    w->part[Q4] = part;
    w->given[Q4].archive = w->earlier_bundle = part->frozen.archive;
    memcpy(w->place.previous, part->frozen.sha256, sizeof w->place.previous);
    world_put_earlier(w);
}

/* All parts are in its list, and neither it nor what it corrects adds them up. */
static void year_left_out_before_too(struct world *w)
{
    correct_another(w, &yearless_part[ALONE]);
    no_sums(w);
}

/* What it corrects names all other parts and does not add them up; it does. */
static void year_left_out_before_alone(struct world *w)
{
    correct_another(w, &yearless_part[LISTED]);
}

/* Of its year the list has what it corrects alone, which stands by itself, and no other part lies
 * beside. */
static void year_of_one_part(struct world *w)
{
    struct ska_earlier_list list;
    correct_another(w, &yearless_part[ALONE]);
    world_list(&list, w);
    list.at[0] = list.at[Q4];
    list.n = 1;
    world_put_list(w, &list);
    w->given[0] = w->given[Q4];
    w->n_given = 1;
}

static void hidden_sum_shown(struct world *w)
{
    world_set_reason(w, YEAR(CELL_E), 0);
}

static void shown_sum_kept(struct world *w)
{
    world_set_reason(w, YEAR(CELL_C), SKA_HIDDEN_KEPT);
}

/* The quarter is told as what it was before: the year is the sum of the old ones. */
static void sum_of_the_old(struct world *w)
{
    const struct world *first = w->corrects;
    struct world_file *file = world_find(w, "year");
    const struct world_file *old = NULL;
    for (size_t i = 0; i < first->n_files; i++)
        if (strcmp(first->files[i].name, "year") == 0)
            old = &first->files[i];
    world_expect(old != NULL && old->len >= 5 + 4 + 128, "the old sum");
    memcpy(file->data + 5, old->data + 5, 4 + 128); /* the first figure: A */
}

#define LINKED "earlier-releases"

const struct cheat cheats_with_year_corrections[] = {
    {.name = "year's correction not linked",
     .want = LINKED,
     .tells = "must be linked",
     .submitted = not_linked},
    {.name = "year's correction linked with the quarter alone",
     .want = LINKED,
     .tells = "linked with other releases",
     .published = linked_with_the_quarter_alone},
    {.name = "year's correction linked without a part",
     .want = LINKED,
     .published = linked_without_a_part},
    {.name = "year's correction linked without what it corrects",
     .want = LINKED,
     .tells = "is missing in the list",
     .published = linked_with_the_year_alone},
    {.name = "year's correction without sums",
     .want = LINKED,
     .tells = "sums are missing",
     .published = no_sums},
    {.name = "year left out of what is corrected and of the correction",
     .want = LINKED,
     .published = year_left_out_before_too},
    {.name = "year left out of what is corrected, listed there",
     .want = LINKED,
     .tells = "should have the year's sums",
     .published = year_left_out_before_alone},
    {.name = "year's correction carries a year of one part",
     .want = LINKED,
     .tells = "not all parts of the year",
     .published = year_of_one_part},
    {.name = "year's correction opens the old sum",
     .want = "year-openings",
     .tells = "2025:A",
     .published = sum_of_the_old},
    {.name = "year's hidden sum shown in a correction",
     .want = "correction-kept",
     .tells = "2025:E was hidden",
     .disclosed = hidden_sum_shown},
    {.name = "year's shown sum kept in a correction",
     .want = "correction-kept",
     .tells = "2025:C was not hidden",
     .disclosed = shown_sum_kept},
};
const size_t n_cheats_with_year_corrections = N_OF(cheats_with_year_corrections);
