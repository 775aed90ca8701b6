/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_year.c - cheating with a year's roll-up: its sums, the releases it is made of, what it
 * shows and hides.
 *
 * The fourth quarter carries the roll-up of four. As usual but for Q, which is 4 in every quarter,
 * and E, which is 3 in the second: the year hides D (DEPENDENT), E and Q (both SUMMED: E is small,
 * and a sum of 16 would tell that each of the hidden parts of Q is 4).
 */
#include "tests/tamper/cheats.h"

#include <string.h>

#include "tests/test.h"

#define YEAR(cell) ((enum world_cell)(WORLD_CELLS + (cell)))

/* The three quarters before, with other releases between them, and second quarters that no honest
 * year is made of. */
enum { Q1, Q2, Q3, UNSIGNED, EXCHANGED, DRAFT, OTHER_YEAR, OTHER_POLICY, PROVEN, N_RELEASES };
static struct world released[N_RELEASES], rounded[Q3 + 1];
static struct world_part parts[N_RELEASES], rounded_parts[Q3 + 1];

static void list_not_signed(struct world *w)
{
    memset(w->list_signatures[1], 0, sizeof w->list_signatures[1]);
}

static void submission_exchanged(struct world *w)
{
    world_find(w, "submissions/00001")->data[SKA_VDAF_NONCE_BYTES + 40] ^= 1;
}

static void not_signed_twice(struct world *w)
{
    w->release_key[1] = NULL;
}

/* With M, which is 3, it adds up to 15, so that M is 2, 3 or 4; without a proof it is 1 to 4. */
static void complement_proven(struct world *w)
{
    w->needed[0] = (struct ska_needed){.figure = CELL_O, .n_runs = 1, .run = {{11, 13}}};
    w->n_needed = 1;
}

static const struct {
    const char *period;
    uint64_t threshold;
    uint32_t number;
    void (*disclosed)(struct world *w);
    void (*closed)(struct world *w), (*published)(struct world *w);
} how[N_RELEASES] = {
    [Q1] = {.period = "2025Q1", .number = 1},
    [Q2] = {.period = "2025Q2", .number = 3},
    [Q3] = {.period = "2025Q3", .number = 5},
    [UNSIGNED] = {.period = "2025Q2", .number = 3, .closed = list_not_signed},
    [EXCHANGED] = {.period = "2025Q2", .number = 3, .published = submission_exchanged},
    [DRAFT] = {.period = "2025Q2", .number = 3, .published = not_signed_twice},
    [OTHER_YEAR] = {.period = "2024Q2", .number = 3},
    [OTHER_POLICY] = {.period = "2025Q2", .number = 3, .threshold = 6},
    [PROVEN] = {.period = "2025Q2", .number = 3, .disclosed = complement_proven},
};

/* Where figures are rounded enough have answered D in the last quarter, and only then: the year
 * hides it for what its earlier parts lack. */
static void submit_quarter(struct world *w)
{
    const struct ska_parameters *p = &w->task->parameters;
    bool is_answered = p->policy.rounding != 0 && p->period[5] == '4';
    for (uint32_t i = 0; i < WORLD_CONTRIBUTORS; i++) {
        uint64_t counts[WORLD_CELLS];
        memcpy(counts, world_counts[i], sizeof counts);
        counts[CELL_Q] = i < 2 ? 2 : 0;
        counts[CELL_E] = i == 0 && p->period[5] == '2' ? 3 : 0;
        if (is_answered && i == 2) {
            counts[CELL_D_ANSWERED] = 1;
            counts[CELL_D] = 9;
        }
        world_submit(w, i, 1, counts);
    }
}

static void release_quarter(struct world *w, const struct world_keys *keys, size_t at,
                            uint64_t rounding)
{
    world_start(w, keys,
                world_task(keys, &(struct world_options){.period = how[at].period,
                                                         .threshold = how[at].threshold,
                                                         .rounding = rounding,
                                                         .yearly = true}));
    w->place.number = how[at].number;
    memset(w->place.previous, how[at].number > 1 ? 7 : 0, sizeof w->place.previous);
    submit_quarter(w);
    world_close(w);
    if (how[at].closed != NULL)
        how[at].closed(w);
    world_aggregate(w);
    world_disclose(w);
    if (how[at].disclosed != NULL)
        how[at].disclosed(w);
    world_publish(w);
    if (how[at].published != NULL)
        how[at].published(w);
    world_pack(w);
}

void cheats_complete_year(struct world *w, const struct world_keys *keys, uint64_t rounding)
{
    struct world *from = rounding != 0 ? rounded : released;
    struct world_part *part = rounding != 0 ? rounded_parts : parts;
    for (size_t i = 0; i < (rounding != 0 ? N_OF(rounded) : N_OF(released)); i++) {
        release_quarter(&from[i], keys, i, rounding);
        world_part_make(&part[i], &from[i]);
    }
    world_start(w, keys,
                world_task(keys, &(struct world_options){
                                     .period = "2025Q4", .rounding = rounding, .yearly = true}));
    submit_quarter(w);
    for (size_t i = Q1; i <= Q3; i++)
        world_link(w, &part[i]);
}

/* --- the sums -----------------------------------------------------------------------------------
 */

/* In the file: a version, a count, then a figure and two openings each. */
static uint8_t *find_opening(struct world *w, uint32_t cell)
{
    struct world_file *file = world_find(w, "year");
    for (size_t at = 5; at < file->len; at += 4 + 128)
        if (file->data[at + 3] == WORLD_CELLS + cell)
            return file->data + at + 4;
    world_expect(false, "an opening of that cell");
    return NULL;
}

static void off_by_one(struct world *w)
{
    uint8_t *x = find_opening(w, CELL_A);
    ska_scalar a, one = ska_scalar_from_i64(1);
    world_must(ska_scalar_decode(&a, x));
    ska_scalar_add(&a, &a, &one);
    ska_scalar_encode(x, &a);
}

/* One more of the leader's, one fewer of the helper's: the figure is right. */
static void off_by_amounts_that_cancel(struct world *w)
{
    uint8_t *helper = find_opening(w, CELL_A) + 64;
    ska_scalar a, one = ska_scalar_from_i64(1);
    off_by_one(w);
    world_must(ska_scalar_decode(&a, helper));
    ska_scalar_sub(&a, &a, &one);
    ska_scalar_encode(helper, &a);
}

static void opening_of_other_figure(struct world *w)
{
    memcpy(find_opening(w, CELL_A), find_opening(w, CELL_K), 128);
}

static void opening_of_period_alone(struct world *w)
{
    for (size_t k = 0; k < 2; k++)
        memcpy(find_opening(w, CELL_A) + 64 * k, w->share[k] + 64 * CELL_A, 64);
}

/* The sum of a year that has another second quarter. */
static void opening_of_other_year(struct world *w)
{
    w->part[1] = &parts[OTHER_YEAR];
    for (size_t k = 0; k < 2; k++)
        world_year_opening(find_opening(w, CELL_A) + 64 * k, w, k, CELL_A);
    w->part[1] = &parts[Q2];
}

static void opening_not_reduced(struct world *w)
{
    memset(find_opening(w, CELL_A), 0xFF, 32);
}

static void year_cut(struct world *w)
{
    world_find(w, "year")->len--;
}

/* --- the releases that it is made of -------------------------------------------------------------
 */

static void take_instead(struct world *w, size_t release)
{
    w->part[1] = &parts[release];
    w->given[1].archive = parts[release].frozen.archive;
}

static void list_of_part_not_signed(struct world *w)
{
    take_instead(w, UNSIGNED);
}

static void submission_of_part_exchanged(struct world *w)
{
    take_instead(w, EXCHANGED);
}

static void part_not_released(struct world *w)
{
    take_instead(w, DRAFT);
}

static void part_given_is_another(struct world *w)
{
    w->given[1].archive = parts[Q3].frozen.archive;
    w->given[2].archive = parts[Q1].frozen.archive;
}

static void part_not_given(struct world *w)
{
    w->given[1] = w->given[2];
    w->n_given = 2;
}

static void hash_wrong(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    list.at[1].sha256[0] ^= 1;
    world_put_list(w, &list);
}

static void hash_of_another(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    memcpy(list.at[1].sha256, list.at[2].sha256, sizeof list.at[1].sha256);
    world_put_list(w, &list);
}

static void task_of_another(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    memcpy(list.at[1].task_id, list.at[2].task_id, sizeof list.at[1].task_id);
    world_put_list(w, &list);
}

static void parts_swapped(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    struct ska_earlier_entry kept = list.at[0];
    list.at[0] = list.at[1];
    list.at[1] = kept;
    world_put_list(w, &list);
}

static void part_left_out(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    list.at[1] = list.at[2];
    list.n = 2;
    world_put_list(w, &list);
}

static void put_instead(struct world *w, size_t release)
{
    struct ska_earlier_list list;
    take_instead(w, release);
    ska_earlier_name(w->given[1].name, how[release].period, 0);
    world_list(&list, w);
    world_put_list(w, &list);
}

static void part_of_other_year(struct world *w)
{
    put_instead(w, OTHER_YEAR);
}

static void part_of_other_policy(struct world *w)
{
    put_instead(w, OTHER_POLICY);
}

static void part_with_a_proof(struct world *w)
{
    take_instead(w, PROVEN);
}

static void released_before_its_part(struct world *w)
{
    w->place.number = 5;
}

static void no_sums(struct world *w)
{
    world_drop_file(w, "year");
    world_drop_file(w, "year.json");
    world_drop_file(w, "year.px");
}

/* Right after its third quarter, and naming another bundle as that. */
static void released_upon_another(struct world *w)
{
    w->place.previous[0] ^= 1;
}

static void empty_sums(struct world *w)
{
    world_find(w, "year")->len = 0;
}

static void no_list(struct world *w)
{
    world_drop_file(w, "earlier");
}

/* And nobody has what was released before. */
static void no_list_and_none_beside(struct world *w)
{
    w->n_given = 0;
    no_list(w);
}

/* As if nothing had been released before: neither list nor sums, and decided alone. */
static void not_linked(struct world *w)
{
    w->n_parts = 0;
}

/* The list names two quarters, which are no year with this one. */
static void linked_for_nothing(struct world *w)
{
    w->n_given = w->n_parts = 2;
}

/* --- what it hides, and how it is protected ------------------------------------------------------
 */

static void hidden_figure_opened(struct world *w)
{
    w->is_opened[YEAR(CELL_D)] = true;
    world_put_year(w);
}

static void absent_figure_opened(struct world *w)
{
    w->is_opened[YEAR(CELL_B_ANSWERED)] = true;
    world_put_year(w);
}

static void figure_left_out(struct world *w)
{
    w->is_opened[YEAR(CELL_K)] = false;
    world_put_year(w);
}

static void small_figure_shown(struct world *w)
{
    world_set_reason(w, YEAR(CELL_E), 0);
}

static void dependent_figure_shown(struct world *w)
{
    world_set_reason(w, YEAR(CELL_D), 0);
}

static void sum_shown_that_tells_parts(struct world *w)
{
    world_set_reason(w, YEAR(CELL_Q), 0);
}

static void large_figure_hidden_as_small(struct world *w)
{
    world_set_reason(w, YEAR(CELL_C), SKA_HIDDEN_SMALL);
}

static void small_figure_told(struct world *w)
{
    world_set_reason(w, YEAR(CELL_E), SKA_HIDDEN_SMALL);
}

static void complement_told(struct world *w)
{
    world_set_reason(w, YEAR(CELL_Q), SKA_HIDDEN_COMPLEMENT);
}

static void quarter_hidden_as_a_year(struct world *w)
{
    world_set_reason(w, CELL_Q, SKA_HIDDEN_SUMMED);
}

static void complement_without_cause(struct world *w)
{
    world_set_reason(w, YEAR(CELL_C), SKA_HIDDEN_SUMMED);
}

/* Of the quarter: E of the second one, which is small, leads to E over the year, nothing to C. */
static void complement_nothing_leads_to(struct world *w)
{
    world_set_reason(w, CELL_C, SKA_HIDDEN_COMPLEMENT);
    world_set_reason(w, YEAR(CELL_C), SKA_HIDDEN_SUMMED);
}

static void kept_without_cause(struct world *w)
{
    world_set_reason(w, YEAR(CELL_C), SKA_HIDDEN_KEPT);
}

static void certificate_without_year(struct world *w)
{
    uint32_t n = w->n_parts;
    w->n_parts = 0;
    world_put_certificate(w);
    w->n_parts = n;
}

static void certificate_without_proof(struct world *w)
{
    w->part[1] = &parts[Q2];
    world_put_certificate(w);
    w->part[1] = &parts[PROVEN];
}

/* --- what it shows -------------------------------------------------------------------------------
 */

static char *find_text(struct world *w, const char *name, const char *text)
{
    struct world_file *file = world_find(w, name);
    world_expect(file->len < sizeof file->data, "room for an end");
    file->data[file->len] = '\0';
    char *at = strstr((char *)file->data, text);
    world_expect(at != NULL, text);
    return at + strlen(text);
}

static void digit_in_table(struct world *w)
{
    char *end = strchr(find_text(w, "table.csv", ",2025,0,,,,A,"), '\n');
    world_expect(end[-2] == '0', "220");
    end[-2] = '1';
}

static void year_in_table(struct world *w)
{
    find_text(w, "table.csv", ",2025,0,,,,A,")[-10] = '4';
}

static void hidden_figure_in_table(struct world *w)
{
    char *value = find_text(w, "table.csv", ",2025,0,,,,D,");
    memcpy(strstr(value, ",..,") + 1, "64", 2);
}

static void digit_in_page(struct world *w)
{
    *find_text(w, "page.sv.html", "data-cell=\"2025:A\">") = '3';
}

static void hidden_figure_in_page(struct world *w)
{
    memcpy(find_text(w, "page.en.html", "data-cell=\"2025:D\">"), "64", 2);
}

static void figure_of_other_year_in_page(struct world *w)
{
    find_text(w, "page.sv.html", "data-cell=\"2025:A\">")[-5] = '4';
}

static void period_figure_in_page(struct world *w)
{
    memcpy(find_text(w, "page.sv.html", "data-cell=\"2025:A\">"), "055", 3);
}

const struct cheat cheats_with_years[] = {
    {.name = "year's figure off by one",
     .want = "year-openings",
     .tells = "2025:A",
     .published = off_by_one},
    {.name = "year's openings off by amounts that cancel",
     .want = "year-openings",
     .published = off_by_amounts_that_cancel},
    {.name = "year's opening of another figure",
     .want = "year-openings",
     .published = opening_of_other_figure},
    {.name = "year's opening of the last part alone",
     .want = "year-openings",
     .published = opening_of_period_alone},
    {.name = "year's opening of another year",
     .want = "year-openings",
     .published = opening_of_other_year},
    {.name = "year's opening not reduced",
     .want = "year-openings",
     .published = opening_not_reduced},
    {.name = "year's openings cut", .want = "cells-accounted", .published = year_cut},
    {.name = "list of an earlier part not signed",
     .want = "year-commitments",
     .tells = "2025Q2",
     .submitted = list_of_part_not_signed},
    {.name = "submission of an earlier part exchanged",
     .want = "year-commitments",
     .tells = "2025Q2",
     .submitted = submission_of_part_exchanged},
    {.name = "earlier part a draft", .want = "earlier-releases", .submitted = part_not_released},
    {.name = "earlier part given is another",
     .want = "earlier-releases",
     .tells = "is not the one",
     .takes_beside = true,
     .submitted = part_given_is_another},
    {.name = "earlier part not given",
     .want = "",
     .waits = true,
     .takes_beside = true,
     .submitted = part_not_given},
    {.name = "hash of an earlier part wrong",
     .want = "earlier-releases",
     .tells = "2025Q2",
     .published = hash_wrong},
    {.name = "hash of an earlier part is another's",
     .want = "earlier-releases",
     .published = hash_of_another},
    {.name = "task of an earlier part is another's",
     .want = "earlier-releases",
     .published = task_of_another},
    {.name = "earlier parts swapped",
     .want = "earlier-releases",
     .tells = "order",
     .published = parts_swapped},
    {.name = "earlier part left out", .want = "earlier-releases", .published = part_left_out},
    {.name = "earlier part of another year",
     .want = "earlier-releases",
     .published = part_of_other_year},
    {.name = "earlier part under another policy",
     .want = "earlier-releases",
     .published = part_of_other_policy},
    {.name = "year released before its part",
     .want = "earlier-releases",
     .published = released_before_its_part},
    {.name = "year released upon another bundle",
     .want = "earlier-releases",
     .tells = "names another bundle",
     .published = released_upon_another},
    {.name = "quarter linked with two that are no year with it",
     .want = "earlier-releases",
     .tells = "belongs to corrections",
     .takes_beside = true,
     .submitted = linked_for_nothing},
    {.name = "year without sums", .want = "earlier-releases", .published = no_sums},
    {.name = "year's file of sums empty", .want = "cells-accounted", .published = empty_sums},
    {.name = "year without its list", .want = "earlier-releases", .published = no_list},
    {.name = "year without its list, and nothing beside",
     .want = "earlier-releases",
     .tells = "the list of earlier releases is missing",
     .takes_beside = true,
     .published = no_list_and_none_beside},
    {.name = "year without list and sums",
     .want = "earlier-releases",
     .tells = "with this one all parts of the year are released",
     .is_seen_beside = true,
     .submitted = not_linked},
    {.name = "year's hidden figure opened",
     .want = "no-hidden-openings",
     .tells = "2025:D",
     .published = hidden_figure_opened},
    {.name = "what no year adds up opened",
     .want = "cells-accounted",
     .published = absent_figure_opened},
    {.name = "year's figure neither opened nor hidden",
     .want = "cells-accounted",
     .tells = "2025:A.KON.K",
     .published = figure_left_out},
    {.name = "year's small figure shown",
     .want = "primary-suppression",
     .tells = "2025:E",
     .disclosed = small_figure_shown},
    {.name = "year's dependent figure shown",
     .want = "primary-suppression",
     .tells = "2025:D",
     .disclosed = dependent_figure_shown},
    {.name = "year's sum shown that tells its parts",
     .want = "protection certificate",
     .disclosed = sum_shown_that_tells_parts},
    {.name = "year's large figure hidden as small",
     .want = "primary-suppression suppression-proof",
     .disclosed = large_figure_hidden_as_small},
    {.name = "year's small figure told to be small",
     .want = "primary-suppression",
     .tells = "2025:E",
     .disclosed = small_figure_told},
    {.name = "year's sum told to be a complement",
     .want = "primary-suppression",
     .disclosed = complement_told},
    {.name = "period's small figure without a proof",
     .want = "primary-suppression",
     .disclosed = quarter_hidden_as_a_year},
    {.name = "year's figure hidden without a cause",
     .want = "complementary-suppression",
     .disclosed = complement_without_cause},
    {.name = "complement of a quarter that no other leads to",
     .want = "complementary-suppression",
     .tells = "C",
     .disclosed = complement_nothing_leads_to},
    {.name = "year's sum kept that nothing hid",
     .want = "correction-kept",
     .tells = "2025:C was not hidden",
     .disclosed = kept_without_cause},
    {.name = "certificate: without what an earlier release proved",
     .want = "certificate",
     .tells = "2025Q2:A.KON.O",
     .submitted = part_with_a_proof,
     .published = certificate_without_proof},
    {.name = "certificate: without the year",
     .want = "certificate",
     .published = certificate_without_year},
    {.name = "digit of a year in the table", .want = "table-exact", .published = digit_in_table},
    {.name = "other year in the table", .want = "table-exact", .published = year_in_table},
    {.name = "year's hidden figure in the table",
     .want = "table-exact",
     .published = hidden_figure_in_table},
    {.name = "digit of a year in the page", .want = "pages", .published = digit_in_page},
    {.name = "year's hidden figure shown in the page",
     .want = "pages",
     .published = hidden_figure_in_page},
    {.name = "other year in the page", .want = "pages", .published = figure_of_other_year_in_page},
    {.name = "period's figure as the year's in the page",
     .want = "pages",
     .published = period_figure_in_page},
};
const size_t n_cheats_with_years = N_OF(cheats_with_years);
