/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_lists.c - cheats with the accepted list, and with which submissions are in the bundle. */
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

static void list_signed_by_stranger(struct world *w)
{
    world_must(ska_accepted_sign(w->list_signatures[0], &w->keys->stranger,
                                 (struct ska_slice){w->list, w->list_len}));
}

static void no_helper_signature(struct world *w)
{
    memset(w->list_signatures[1], 0, sizeof w->list_signatures[1]);
}

static void signatures_swapped(struct world *w)
{
    uint8_t kept[64];
    memcpy(kept, w->list_signatures[0], 64);
    memcpy(w->list_signatures[0], w->list_signatures[1], 64);
    memcpy(w->list_signatures[1], kept, 64);
}

/* The list is one that both signed, for another period. */
static void list_of_other_period(struct world *w)
{
    struct ska_task *mine = w->task;
    w->task = world_task(w->keys, &(struct world_options){.period = "2025Q1"});
    world_sign_list(w);
    ska_task_free(w->task);
    w->task = mine;
}

static void entries_swapped(struct world *w)
{
    struct ska_accepted_entry kept = w->entries[1];
    w->entries[1] = w->entries[2];
    w->entries[2] = kept;
    world_sign_list(w);
}

static void entry_twice(struct world *w)
{
    w->entries[w->n_entries] = w->entries[w->n_entries - 1];
    w->n_entries++;
    world_sign_list(w);
    w->n_counted--;
}

static void empty_list(struct world *w)
{
    w->n_entries = 0;
    world_sign_list(w);
}

static void number_zero(struct world *w)
{
    w->entries[0].number = 0;
    world_sign_list(w);
}

static void other_number_in_list(struct world *w)
{
    w->entries[0].number = 2;
    world_sign_list(w);
}

static void other_report_in_list(struct world *w)
{
    w->entries[0].report_id[0] ^= 1;
    world_sign_list(w);
}

static void other_hash_in_list(struct world *w)
{
    w->entries[3].sha256[31] ^= 1;
    world_sign_list(w);
}

static void other_length_in_list(struct world *w)
{
    w->entries[3].length++;
    world_sign_list(w);
}

/* Two contributors' reports have one identifier: the second signs for it. */
static void report_twice(struct world *w)
{
    memcpy(w->submissions[1].report_id, w->submissions[0].report_id, SKA_VDAF_NONCE_BYTES);
    world_resign(w, &w->submissions[1], 1);
}

static void listed_one_dropped_from_bundle(struct world *w)
{
    w->submissions[2].is_filed = false;
}

static void unlisted_one_in_bundle(struct world *w)
{
    w->submissions[2].is_listed = false;
}

static void unlisted_last_one_in_bundle(struct world *w)
{
    w->submissions[4].is_listed = false;
}

/* The two aggregators and the publisher leave a contributor out: only its receipt knows. But if it
 * is on the list: */
static void dropped_by_leader(struct world *w)
{
    w->submissions[2].is_added[0] = false;
}

static void dropped_by_both(struct world *w)
{
    w->submissions[2].is_added[0] = w->submissions[2].is_added[1] = false;
}

/* A number 2 is listed and counts; the bundle and the sums still have number 1. */
static void older_one_counted(struct world *w)
{
    world_submit(w, 2, 2, world_counts[2]);
    w->submissions[5].is_filed = false;
    w->submissions[5].is_added[0] = w->submissions[5].is_added[1] = false;
}

static void both_of_one_added(struct world *w)
{
    world_submit(w, 2, 2, world_counts[2]);
    w->submissions[2].is_filed = false; /* number 2 counts; number 1 is listed, and added too */
}

static void unlisted_one_added_by_leader(struct world *w)
{
    world_submit(w, 2, 2, world_counts[2]);
    w->submissions[2].is_filed = w->submissions[2].is_listed = false;
    w->submissions[2].is_added[1] = false;
}

static void unlisted_one_added_by_both(struct world *w)
{
    world_submit(w, 2, 2, world_counts[2]);
    w->submissions[2].is_filed = w->submissions[2].is_listed = false;
}

static void too_few_counted(struct world *w)
{
    for (size_t i = 2; i < WORLD_CONTRIBUTORS; i++)
        w->submissions[i] = (struct world_submission){0};
}

/* A sixth contributor, whom all but the roster know. */
static void not_on_the_roster(struct world *w)
{
    world_submit_dishonestly(w, WORLD_CONTRIBUTORS, 1, world_counts[1],
                             &(struct dishonesty){.key = &w->keys->stranger});
}

/* Likewise; nothing that has a place for each on the roster has one for this. */
static void far_beyond_the_roster(struct world *w)
{
    world_submit_dishonestly(w, 9999, 1, world_counts[1],
                             &(struct dishonesty){.key = &w->keys->stranger});
}

const struct cheat cheats_with_lists[] = {
    {.name = "list signed by a stranger for the leader",
     .want = "accepted-signatures",
     .tells = "leader",
     .closed = list_signed_by_stranger},
    {.name = "list not signed by the helper",
     .want = "accepted-signatures",
     .tells = "helper",
     .closed = no_helper_signature},
    {.name = "list's signatures swapped",
     .want = "accepted-signatures",
     .closed = signatures_swapped},
    {.name = "list of another period", .want = "accepted-entries", .closed = list_of_other_period},
    {.name = "list out of order", .want = "accepted-form", .closed = entries_swapped},
    {.name = "entry twice", .want = "accepted-form", .closed = entry_twice},
    {.name = "empty list", .want = "accepted-form", .closed = empty_list},
    {.name = "number 0", .want = "accepted-form", .closed = number_zero},
    {.name = "another number in the list",
     .want = "submissions-complete",
     .tells = "2303",
     .closed = other_number_in_list},
    {.name = "another report identifier in the list",
     .want = "submissions-complete",
     .tells = "2303",
     .closed = other_report_in_list},
    {.name = "another hash in the list",
     .want = "submissions-complete",
     .tells = "2306",
     .closed = other_hash_in_list},
    {.name = "another length in the list",
     .want = "accepted-entries submissions-complete",
     .tells = "2306",
     .closed = other_length_in_list},
    {.name = "report identifier twice", .want = "accepted-entries", .submitted = report_twice},
    {.name = "listed one dropped from the bundle",
     .want = "submissions-complete",
     .tells = "2305",
     .submitted = listed_one_dropped_from_bundle},
    {.name = "unlisted one added to the bundle",
     .want = "submissions-complete",
     .tells = "2305",
     .submitted = unlisted_one_in_bundle},
    {.name = "unlisted last one added to the bundle",
     .want = "submissions-complete",
     .tells = "2307",
     .submitted = unlisted_last_one_in_bundle},
    {.name = "listed one dropped by the leader",
     .want = "openings-leader suppression-proof",
     .tells = "the leader",
     .submitted = dropped_by_leader},
    {.name = "listed one dropped by both",
     .want = "openings-leader openings-helper suppression-proof",
     .submitted = dropped_by_both},
    {.name = "an older one counted",
     .want = "submissions-complete",
     .tells = "2305",
     .submitted = older_one_counted},
    {.name = "two of one contributor added",
     .want = "openings-leader openings-helper suppression-proof",
     .submitted = both_of_one_added},
    {.name = "unlisted one added by the leader",
     .want = "openings-leader suppression-proof",
     .submitted = unlisted_one_added_by_leader},
    {.name = "unlisted one added by both",
     .want = "openings-leader openings-helper suppression-proof",
     .submitted = unlisted_one_added_by_both},
    {.name = "fewer counted than the policy demands",
     .want = "minimum-contributors",
     .submitted = too_few_counted},
    {.name = "contributor not on the roster",
     .want = "accepted-entries submission-signatures",
     .submitted = not_on_the_roster},
    {.name = "contributor far beyond the roster",
     .want = "accepted-entries submission-signatures",
     .submitted = far_beyond_the_roster},
};
const size_t n_cheats_with_lists = N_OF(cheats_with_lists);
