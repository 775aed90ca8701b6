/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_corrections.c - cheats with a correction: of contributors that say they changed nothing,
 * of aggregators that let too few be told apart, of a publisher that shows what was hidden.
 *
 * The honest one: contributors 0 to 2 have a case more each, one woman and two men, so that there
 * are 5 men now, whom no rule would hide if they had not been hidden before.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tamper/cheats.h"
#include "tests/tamper/weak.h"

#include "tests/test.h"

/* A contributor hands in its usual figures with `more` cases of a category, and the flag. */
static void hand_in(struct world *w, uint32_t contributor, enum world_cell category, uint64_t more,
                    uint64_t flag)
{
    uint64_t counts[WORLD_VALUES];
    memcpy(counts, world_counts[contributor], sizeof world_counts[contributor]);
    counts[CELL_A] += more;
    counts[category] += more;
    counts[CELL_CHANGED] = flag;
    for (size_t i = 0; i < w->n_submissions; i++)
        if (w->submissions[i].contributor == contributor)
            w->submissions[i] = (struct world_submission){.contributor = WORLD_CONTRIBUTORS};
    world_submit(w, contributor, 1, counts);
}

/* What is corrected, as the correction is linked with it. */
static struct world_part corrected;

void cheats_correct(struct world *w, struct ska_task *task, const struct world *first)
{
    if (corrected.world == NULL)
        world_part_make(&corrected, first);
    world_start_correction(w, task, first);
    world_link(w, &corrected);
    hand_in(w, 0, CELL_K, 1, 1);
    hand_in(w, 1, CELL_M, 1, 1);
    hand_in(w, 2, CELL_M, 1, 1);
    hand_in(w, 3, CELL_K, 0, 0);
    hand_in(w, 4, CELL_K, 0, 0);
}

static struct world_submission *find(struct world *w, uint32_t contributor)
{
    for (size_t i = 0; i < w->n_submissions; i++)
        if (w->submissions[i].contributor == contributor)
            return &w->submissions[i];
    world_expect(false, "a submission of that contributor");
    return NULL;
}

/* --- contributors --------------------------------------------------------------------------- */

static void four_changed(struct world *w)
{
    hand_in(w, 4, CELL_O, 1, 1);
}

/* Contributor 4 proves on a transcript that leaves something out. */
static void hand_in_without(struct world *w, const char *label)
{
    weak_forgotten = label;
    hand_in(w, 4, CELL_K, 0, 0);
    weak_forgotten = NULL;
}

static void transcript_without_the_task_before(struct world *w)
{
    hand_in_without(w, "previous");
}

static void transcript_without_what_was_before(struct world *w)
{
    hand_in_without(w, "earlier");
}

/* It commits to its new figures once more as if they were its old ones, and proves against that. */
static void unchanged_from_an_earlier_one_of_its_own(struct world *w)
{
    static struct world invented;
    const struct world *before = w->corrects;
    invented = *before;
    hand_in(&invented, 4, CELL_O, 1, 0);
    world_compare_with(w, &invented);
    hand_in(w, 4, CELL_O, 1, 0);
    world_compare_with(w, before);
}

/* It proves that it changed something, and takes that out of the flag's commitment. */
static void unchanged_after_the_proof(struct world *w)
{
    four_changed(w);
    world_shift(find(w, 4), CELL_CHANGED, -1);
    world_resign(w, find(w, 4), 4);
}

/* As one who was not there before: compared with nothing, every figure is a change. */
static void compared_with_nothing(struct world *w)
{
    static struct world without;
    const struct world *before = w->corrects;
    without = *before;
    find(&without, 4)->is_listed = false;
    world_compare_with(w, &without);
    hand_in(w, 4, CELL_O, 1, 1);
    world_compare_with(w, before);
}

static void flag_of_two(struct world *w)
{
    world_shift(find(w, 3), CELL_CHANGED, 2);
    world_resign(w, find(w, 3), 3);
}

static void flag_that_is_no_point(struct world *w)
{
    memset(world_commitment(find(w, 3), 1, CELL_CHANGED), 0xFF, 32);
    world_resign(w, find(w, 3), 3);
}

/* The flag is an upper bound: who says it changed something need not have. */
static void changed_but_not(struct world *w)
{
    hand_in(w, 3, CELL_K, 0, 1);
}

static void the_earlier_one_again(struct world *w)
{
    struct world_submission *s = find(w, 3);
    const struct world_submission *old = &w->corrects->submissions[3];
    memcpy(s->bytes, old->bytes, old->len);
    s->len = old->len;
    world_resign(w, s, 3);
}

/* --- aggregators that accept what they must refuse ------------------------------------------- */

static void two_changed(struct world *w)
{
    hand_in(w, 0, CELL_K, 0, 0);
}

static void nobody_changed(struct world *w)
{
    for (uint32_t i = 0; i < 3; i++)
        hand_in(w, i, CELL_K, 0, 0);
}

static void one_disappeared(struct world *w)
{
    *find(w, 4) = (struct world_submission){.contributor = WORLD_CONTRIBUTORS};
}

static void add_to_flags(struct world *w, size_t k, int64_t more)
{
    ska_scalar x, d = ska_scalar_from_i64(more);
    world_must(ska_scalar_decode(&x, w->flag_sum[k]));
    ska_scalar_add(&x, &x, &d);
    ska_scalar_encode(w->flag_sum[k], &x);
}

/* Two changed; the leader tells of three. */
static void leader_tells_of_three(struct world *w)
{
    add_to_flags(w, 0, 1);
}

static void helper_tells_of_three(struct world *w)
{
    add_to_flags(w, 1, 1);
}

/* The sum is right, but neither opens its own. */
static void flags_moved_between_the_two(struct world *w)
{
    add_to_flags(w, 0, 1);
    add_to_flags(w, 1, -1);
}

static void changes_of_another_list(struct world *w)
{
    w->list_hash[0] ^= 1;
    world_put_changes(w);
    w->list_hash[0] ^= 1;
}

static void changes_signed_by_another(struct world *w)
{
    struct world_file *file = world_find(w, "changes");
    file->data[file->len - 1] ^= 1;
}

/* The leader's part stands in both places. */
static void leaders_changes_twice(struct world *w)
{
    struct world_file *file = world_find(w, "changes");
    memcpy(file->data + file->len / 2, file->data, file->len / 2);
}

static void no_changes(struct world *w)
{
    struct world_file *file = world_find(w, "changes");
    size_t at = (size_t)(file - w->files);
    memmove(file, file + 1, (w->n_files - at - 1) * sizeof *file);
    w->n_files--;
}

/* --- publishers ------------------------------------------------------------------------------ */

/* Nothing but the earlier release asks that 5 men and 12 unknown be hidden. */
static void kept_ones_shown(struct world *w)
{
    world_set_reason(w, CELL_M, 0);
    world_set_reason(w, CELL_O, 0);
}

static void one_kept_shown(struct world *w)
{
    world_set_reason(w, CELL_M, 0);
}

static void kept_one_is_small_again(struct world *w)
{
    world_set_reason(w, CELL_Q, SKA_HIDDEN_SMALL);
}

static void shown_one_is_kept(struct world *w)
{
    world_set_reason(w, CELL_E, SKA_HIDDEN_KEPT);
}

/* A copy of the earlier bundle, to be changed. */
static uint8_t *own_earlier(struct world *w)
{
    static uint8_t copy[WORLD_FILES_MAX * WORLD_FILE_MAX];
    world_expect(w->earlier_bundle.len <= sizeof copy, "room for the earlier bundle");
    memcpy(copy, w->earlier_bundle.data, w->earlier_bundle.len);
    w->earlier_bundle.data = copy;
    return copy;
}

/* Where a file of the earlier bundle has its contents. */
static uint8_t *earlier_file(struct world *w, const char *name)
{
    uint8_t *copy = own_earlier(w);
    for (size_t at = 0; at + 1024 < w->earlier_bundle.len; at += 512)
        if (strcmp((const char *)copy + at, name) == 0)
            return copy + at + 512;
    world_expect(false, name);
    return NULL;
}

static void no_earlier(struct world *w)
{
    w->earlier_bundle.len = 0;
    w->n_given = 0;
}

static void itself_as_the_earlier(struct world *w)
{
    w->earlier_bundle = (struct ska_slice){w->archive, w->archive_len};
}

static void earlier_cut(struct world *w)
{
    w->earlier_bundle.len -= 512;
}

static void earlier_parameters_changed(struct world *w)
{
    earlier_file(w, "parameters")[20] ^= 1;
}

static void earlier_list_changed(struct world *w)
{
    earlier_file(w, "accepted")[100] ^= 1;
}

static void earlier_submission_changed(struct world *w)
{
    earlier_file(w, "submissions/00003")[40] ^= 1;
}

/* It was SMALL; the publisher says now that it was the one after. */
static void earlier_pattern_changed(struct world *w)
{
    earlier_file(w, "suppression")[8] ^= 1;
}

static void earlier_release_unsigned(struct world *w)
{
    uint8_t *release = earlier_file(w, "release");
    size_t len = (size_t)(w->earlier_bundle.data + w->earlier_bundle.len - release);
    size_t end = len - 1024;
    while (release[end - 1] == 0)
        end--; /* the padding; a signature's last byte is not 0 but for one in 16 */
    memset(release + end - 64, 0, 64);
}

/* The release's place among the others: number, and the hash of the one before. */
static void as_the_first_release(struct world *w)
{
    w->place = (struct ska_release_place){.number = 1};
}

static void after_another_bundle(struct world *w)
{
    w->place.previous[5] ^= 1;
}

/* Others came between: only a ledger of all releases tells. */
static void ninth_release(struct world *w)
{
    w->place = (struct ska_release_place){.number = 9, .previous = {1}};
}

/* --- what it is linked with ------------------------------------------------------------------ */

static void not_linked(struct world *w)
{
    w->n_parts = 0;
}

/* A second version of what is corrected, of the same task, that both signed too. */
static void linked_with_a_second_version(struct world *w)
{
    static struct world second;
    static struct world_part part;
    second = *w->corrects;
    second.archive = NULL;
    second.place = (struct ska_release_place){.number = 9, .previous = {1}};
    world_pack(&second);
    world_part_make(&part, &second);
    w->n_parts = 0;
    w->n_given = 0;
    world_link(w, &part);
}

/* The quarter before, which nothing of this one hangs on. */
static void linked_with_another_period(struct world *w)
{
    static struct world quarter;
    static struct world_part part;
    struct ska_earlier_list list;
    world_start(&quarter, w->keys,
                world_task(w->keys, &(struct world_options){.period = "2025Q1"}));
    world_submit_all(&quarter);
    world_close(&quarter);
    world_aggregate(&quarter);
    world_disclose(&quarter);
    world_publish(&quarter);
    world_pack(&quarter);
    world_part_make(&part, &quarter);
    w->place = (struct ska_release_place){.number = 9, .previous = {1}};
    w->part[0] = &part;
    world_list(&list, w);
    world_put_list(w, &list);
    (void)snprintf(w->given[0].name, sizeof w->given[0].name, "2025Q1");
    w->given[0].archive = part.frozen.archive;
}

/* Between what is corrected and the correction another quarter was released, and lies beside. */
static void release_between(struct world *w, const char *period, uint8_t previous)
{
    static struct world quarter;
    static struct world_part part;
    struct evidence_given *given = &w->given[w->n_given++];
    world_start(&quarter, w->keys, world_task(w->keys, &(struct world_options){.period = period}));
    world_submit_all(&quarter);
    world_close(&quarter);
    world_aggregate(&quarter);
    world_disclose(&quarter);
    world_publish(&quarter);
    quarter.place.number = 2;
    memcpy(quarter.place.previous, corrected.frozen.sha256, sizeof quarter.place.previous);
    quarter.place.previous[0] ^= previous;
    world_pack(&quarter);
    world_part_make(&part, &quarter);
    w->place = (struct ska_release_place){.number = 9, .previous = {1}};
    (void)snprintf(given->name, sizeof given->name, "%s", period);
    given->archive = part.frozen.archive;
}

static void release_between_left_out(struct world *w)
{
    release_between(w, "2025Q1", 0);
}

static void release_of_another_year_between(struct world *w)
{
    release_between(w, "2024Q1", 0);
}

static void release_upon_a_second_version(struct world *w)
{
    release_between(w, "2024Q1", 1);
}

/* The pattern is decided as if nothing had been released before; the list is there. */
static void decided_alone(struct world *w)
{
    w->n_parts = 0;
    world_put_certificate(w);
    w->n_parts = 1;
}

/* All agree on a task that differs from what it corrects. */
static void correct_as(struct world *w, struct world_options options)
{
    static struct ska_task *task; /* the last one, which the world borrows */
    const struct world *first = w->corrects;
    ska_task_free(task);
    options.corrects = first;
    task = world_task(w->keys, &options);
    cheats_correct(w, task, first);
}

/* Windows in which too few changed leave numbers out. */
static void revision_seven(struct world *w)
{
    correct_as(w, (struct world_options){.revision = 7});
}

/* Revision 1 was released; this is revision 2, and corrects revision 0. Its list has both. */
static void release_passed_over(struct world *w)
{
    static struct world between;
    static struct world_part part;
    static struct ska_task *task;
    const struct world *first = w->corrects;
    ska_task_free(task);
    task = world_task(w->keys, &(struct world_options){.revision = 1, .corrects = first});
    cheats_correct(&between, task, first);
    world_close(&between);
    world_aggregate(&between);
    world_disclose(&between);
    world_publish(&between);
    world_pack(&between);
    world_part_make(&part, &between);
    const struct world_file *changes = world_find(&between, "changes");
    world_must(ska_frozen_count_changes(&part.frozen.changed, task,
                                        (struct ska_slice){changes->data, changes->len},
                                        &corrected.frozen.accepted, &part.frozen.accepted));
    correct_as(w, (struct world_options){.revision = 2});
    world_link(w, &part);
}

static void threshold_lowered(struct world *w)
{
    correct_as(w, (struct world_options){.revision = 1, .threshold = 4});
}

static void catalogue_changed(struct world *w)
{
    correct_as(w, (struct world_options){.revision = 1, .title = "Mindre"});
}

static void roster_changed(struct world *w)
{
    correct_as(w, (struct world_options){.revision = 1, .first_name = "Ragunda nya"});
}

static void period_changed(struct world *w)
{
    correct_as(w, (struct world_options){.revision = 1, .period = "2025Q3"});
}

#define PROOFS "submission-proofs"
#define CHANGES "correction-changes"
#define EARLIER "correction-earlier"
#define KEPT "correction-kept"
#define CHAIN "correction-chain"
#define LINKED "earlier-releases"

const struct cheat cheats_with_corrections[] = {
    {.name = "none, four changed", .want = "", .submitted = four_changed},
    {.name = "unchanged from an earlier submission that it invented",
     .want = PROOFS,
     .tells = "2307",
     .submitted = unchanged_from_an_earlier_one_of_its_own},
    {.name = "changed, but the flag taken back",
     .want = PROOFS,
     .tells = "2307",
     .submitted = unchanged_after_the_proof},
    {.name = "compared with nothing",
     .want = PROOFS,
     .tells = "2307",
     .submitted = compared_with_nothing},
    {.name = "changed twice", .want = PROOFS, .tells = "2306", .submitted = flag_of_two},
    {.name = "flag that is no point",
     .want = PROOFS " " CHANGES " commitments",
     .tells = "2306",
     .submitted = flag_that_is_no_point},
    {.name = "said to be changed and is not: no fault", .want = "", .submitted = changed_but_not},
    {.name = "the earlier submission once more",
     .want = "accepted-entries submissions-form",
     .submitted = the_earlier_one_again},
    {.name = "two changed",
     .want = CHANGES,
     .tells = "fewer than 3 contributors",
     .submitted = two_changed},
    {.name = "nobody changed",
     .want = CHANGES,
     .tells = "nobody changed",
     .submitted = nobody_changed},
    {.name = "one disappeared alone",
     .want = CHANGES,
     .tells = "are missing now",
     .submitted = one_disappeared},
    {.name = "two changed, the leader tells of three",
     .want = CHANGES,
     .submitted = two_changed,
     .added = leader_tells_of_three},
    {.name = "two changed, the helper tells of three",
     .want = CHANGES,
     .submitted = two_changed,
     .added = helper_tells_of_three},
    {.name = "flags moved from helper to leader",
     .want = CHANGES,
     .added = flags_moved_between_the_two},
    {.name = "changes of another list", .want = CHANGES, .published = changes_of_another_list},
    {.name = "changes signed by another", .want = CHANGES, .published = changes_signed_by_another},
    {.name = "the leader's changes twice", .want = CHANGES, .published = leaders_changes_twice},
    {.name = "no changes", .want = CHANGES, .published = no_changes},
    {.name = "kept ones shown",
     .want = KEPT,
     .tells = "A.KON.M was hidden",
     .disclosed = kept_ones_shown},
    {.name = "one kept shown",
     .want = KEPT " complementary-suppression protection certificate",
     .tells = "A.KON.M was hidden",
     .disclosed = one_kept_shown},
    {.name = "a kept one is small again",
     .want = KEPT,
     .tells = "B.FORM.Q was hidden",
     .disclosed = kept_one_is_small_again},
    {.name = "a shown one is kept",
     .want = KEPT,
     .tells = "E was not hidden",
     .disclosed = shown_one_is_kept},
    {.name = "no earlier bundle",
     .want = "",
     .waits = true,
     .takes_beside = true,
     .packed = no_earlier},
    {.name = "itself as the earlier bundle", .want = EARLIER, .packed = itself_as_the_earlier},
    {.name = "earlier bundle cut", .want = EARLIER, .packed = earlier_cut},
    {.name = "earlier bundle's parameters changed",
     .want = EARLIER,
     .packed = earlier_parameters_changed},
    {.name = "earlier bundle's list changed", .want = EARLIER, .packed = earlier_list_changed},
    {.name = "earlier bundle's submission changed",
     .want = EARLIER,
     .tells = "2306",
     .packed = earlier_submission_changed},
    {.name = "earlier bundle's pattern changed",
     .want = LINKED " " CHAIN,
     .packed = earlier_pattern_changed},
    {.name = "earlier bundle a draft",
     .want = LINKED " " CHAIN,
     .packed = earlier_release_unsigned},
    {.name = "correction released before what it corrects",
     .want = LINKED " " CHAIN,
     .published = as_the_first_release},
    {.name = "correction released after another bundle",
     .want = LINKED " " CHAIN,
     .published = after_another_bundle},
    {.name = "not linked with what it corrects",
     .want = LINKED,
     .tells = "must be linked",
     .submitted = not_linked},
    {.name = "linked with a second version of what it corrects",
     .want = LINKED,
     .tells = "another bundle",
     .submitted = linked_with_a_second_version},
    {.name = "a release of the year left out that no listed one names",
     .want = "earlier-releases",
     .tells = "2025Q1 was released earlier, as number 2",
     .published = release_between_left_out},
    {.name = "another year's release beside, not named",
     .want = "",
     .published = release_of_another_year_between},
    {.name = "a release beside names a second version of what is corrected",
     .want = "earlier-releases",
     .tells = "release number 1 is not the one",
     .published = release_upon_a_second_version},
    {.name = "linked with another period's release instead",
     .want = LINKED,
     .tells = "is missing in the list",
     .published = linked_with_another_period},
    {.name = "certificate: as if nothing was released before",
     .want = "certificate",
     .published = decided_alone},
    {.name = "other releases between: no fault", .want = "", .published = ninth_release},
    {.name = "revisions left out: no fault", .want = "", .submitted = revision_seven},
    {.name = "a released correction passed over",
     .want = LINKED,
     .tells = "passes over 2025Q2.r1",
     .submitted = release_passed_over},
    {.name = "threshold lowered in a correction", .want = EARLIER, .submitted = threshold_lowered},
    {.name = "catalogue changed in a correction", .want = EARLIER, .submitted = catalogue_changed},
    {.name = "roster changed in a correction", .want = EARLIER, .submitted = roster_changed},
    {.name = "correction of another period", .want = EARLIER, .submitted = period_changed},
    {.name = "transcript without the task that is corrected",
     .want = "submission-proofs",
     .submitted = transcript_without_the_task_before},
    {.name = "transcript without the earlier commitments",
     .want = "submission-proofs",
     .submitted = transcript_without_what_was_before},
};
const size_t n_cheats_with_corrections = N_OF(cheats_with_corrections);
