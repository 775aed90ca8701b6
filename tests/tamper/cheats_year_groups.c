/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_year_groups.c - cheating with the roll-up of a year with a group.
 *
 * Four quarters of six contributors, of whom the first three are a group. B is published for all
 * together only. E is 3 in the second quarter, of one in the group. D may be blank: the group
 * answers always, the others in the first three quarters, when they have 3, 3 and 0, and not in the
 * last one: what they have in the year is 6, of two parts that are to be kept.
 */
#include "tests/tamper/cheats.h"

#include <string.h>

#include "tests/test.h"

#define OF_GROUP(cell) ((enum world_cell)(WORLD_CELLS + (cell)))
#define YEAR(cell) ((enum world_cell)(WORLD_OWN + (cell)))
#define YEAR_OF_GROUP(cell) YEAR(OF_GROUP(cell))

enum { Q1, Q2, Q3, N_RELEASES };
static struct world released[2][N_RELEASES]; /* exact, rounded */
static struct world_part parts[2][N_RELEASES];
static const char *const periods[] = {"2025Q1", "2025Q2", "2025Q3", "2025Q4"};

static void start_quarter(struct world *w, const struct world_keys *keys, uint32_t quarter,
                          uint64_t rounding)
{
    const struct world_options options = {
        .period = periods[quarter], .yearly = true, .grouped = true, .rounding = rounding};
    world_start(w, keys, world_task(keys, &options));
    for (uint32_t i = 0; i < WORLD_ROSTER_MAX; i++) {
        uint64_t counts[WORLD_CELLS] = {20, 10, 5, 5, 12, 1, 10, 2, 3, 6, 1, 0};
        if (i >= 3) {
            counts[CELL_D] = quarter < Q3 ? 1 : 0;
            counts[CELL_D_ANSWERED] = quarter <= Q3;
        }
        counts[CELL_E] = quarter == Q2 && i == 0 ? 3 : 0;
        world_submit(w, i, 1, counts);
    }
}

static void release_quarter(struct world *w, const struct world_keys *keys, uint32_t quarter,
                            uint64_t rounding, const struct world_part *before)
{
    start_quarter(w, keys, quarter, rounding);
    w->place.number = quarter + 1;
    memset(w->place.previous, 0, sizeof w->place.previous);
    if (quarter > Q1)
        memcpy(w->place.previous, before->frozen.sha256, sizeof w->place.previous);
    world_close(w);
    world_aggregate(w);
    world_disclose(w);
    world_expect(!w->is_refused, "a quarter with a group");
    world_publish(w);
    world_pack(w);
}

void cheats_complete_group_year(struct world *w, const struct world_keys *keys, uint64_t rounding)
{
    struct world *from = released[rounding != 0];
    struct world_part *part = parts[rounding != 0];
    for (uint32_t q = Q1; q < N_RELEASES; q++) {
        release_quarter(&from[q], keys, q, rounding, q > Q1 ? &part[q - 1] : NULL);
        world_part_make(&part[q], &from[q]);
    }
    start_quarter(w, keys, N_RELEASES, rounding);
    for (uint32_t q = Q1; q < N_RELEASES; q++)
        world_link(w, &part[q]);
}

/* --- the sums --- */

static uint8_t *find_opening(struct world *w, uint32_t figure)
{
    struct world_file *file = world_find(w, "year");
    for (size_t at = 5; at < file->len; at += 4 + 128)
        if (file->data[at + 3] == figure)
            return file->data + at + 4;
    world_expect(false, "an opening of that figure");
    return NULL;
}

static void off_by_one(struct world *w)
{
    uint8_t *x = find_opening(w, YEAR_OF_GROUP(CELL_A));
    ska_scalar a, one = ska_scalar_from_i64(1);
    world_must(ska_scalar_decode(&a, x));
    ska_scalar_add(&a, &a, &one);
    ska_scalar_encode(x, &a);
}

static void opening_of_all(struct world *w)
{
    memcpy(find_opening(w, YEAR_OF_GROUP(CELL_A)), find_opening(w, YEAR(CELL_A)), 128);
}

static void opening_of_quarter_alone(struct world *w)
{
    for (size_t k = 0; k < 2; k++)
        memcpy(find_opening(w, YEAR_OF_GROUP(CELL_A)) + 64 * k, w->share[k] + 64 * OF_GROUP(CELL_A),
               64);
}

/* --- what it hides --- */

static void small_figure_shown(struct world *w)
{
    world_set_reason(w, YEAR_OF_GROUP(CELL_E), 0);
}

static void summed_told_withdrawn(struct world *w)
{
    world_set_reason(w, YEAR_OF_GROUP(CELL_E), SKA_HIDDEN_WITHDRAWN);
}

static void summed_told_complement(struct world *w)
{
    world_set_reason(w, YEAR_OF_GROUP(CELL_E), SKA_HIDDEN_COMPLEMENT);
}

static void whole_only_shown(struct world *w)
{
    world_set_reason(w, YEAR_OF_GROUP(CELL_B), 0);
}

static void whole_only_told_summed(struct world *w)
{
    world_set_reason(w, YEAR_OF_GROUP(CELL_B), SKA_HIDDEN_SUMMED);
}

/* How many answered is told of a group too. */
static void answers_of_whole_only_hidden(struct world *w)
{
    world_set_reason(w, OF_GROUP(CELL_B_ANSWERED), SKA_HIDDEN_FEW);
}

static void certificate_without_year(struct world *w)
{
    uint32_t n = w->n_parts;
    w->n_parts = 0;
    world_put_certificate(w);
    w->n_parts = n;
}

const struct cheat cheats_with_group_years[] = {
    {.name = "year's figure of a group off by one",
     .want = "year-openings",
     .tells = "OST/A",
     .published = off_by_one},
    {.name = "year's opening of a group that of all",
     .want = "year-openings",
     .published = opening_of_all},
    {.name = "year's opening of a group that of its last part",
     .want = "year-openings",
     .published = opening_of_quarter_alone},
    {.name = "year's small figure of a group shown",
     .want = "primary-suppression",
     .disclosed = small_figure_shown},
    /* Of all groups, here one: that is on the publisher's word. */
    {.name = "year's sum of a group called withdrawn",
     .want = "",
     .disclosed = summed_told_withdrawn},
    {.name = "year's sum of a group called a complement",
     .want = "primary-suppression",
     .disclosed = summed_told_complement},
    {.name = "year's figure for all together only, shown of a group",
     .want = "primary-suppression",
     .disclosed = whole_only_shown},
    {.name = "year's figure for all together only, called summed",
     .want = "primary-suppression",
     .disclosed = whole_only_told_summed},
    {.name = "group's answers hidden of what is for all together only",
     .want = "suppression-proof protection certificate",
     .disclosed = answers_of_whole_only_hidden},
    {.name = "certificate without the year's rows of groups",
     .want = "certificate",
     .published = certificate_without_year},
};
const size_t n_cheats_with_group_years = N_OF(cheats_with_group_years);
