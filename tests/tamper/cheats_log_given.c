/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_log_given.c - public logs that are not what the auditor was given: an earlier checkpoint,
 * the trust file, a bundle.
 */
#include "tests/tamper/cheats_log.h"

#include <string.h>

/* What the auditor is given. */
static char earlier[MADE_NOTE_MAX];

static const enum made_key all_three[3] = {MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE};

static void earlier_of(struct log_given *g, size_t n, uint8_t flip_root,
                       const enum made_key *signers)
{
    uint8_t root[32];
    made_log_root(root, &log_worlds.honest, n < log_worlds.honest.n ? n : log_worlds.honest.n);
    root[0] ^= flip_root;
    made_log_note(earlier, &log_worlds.honest, n, root, signers);
    g->earlier = earlier;
}

static void earlier_honest(struct log_given *g)
{
    earlier_of(g, 12, 0, all_three);
}

static void earlier_same(struct log_given *g)
{
    earlier_of(g, log_worlds.honest.n, 0, all_three);
}

static void earlier_at_tile(struct log_given *g)
{
    earlier_of(g, 256, 0, all_three);
}

static void earlier_fork(struct log_given *g)
{
    earlier_of(g, 12, 1, all_three);
}

static void earlier_larger(struct log_given *g)
{
    earlier_of(g, log_worlds.honest.n + 5, 0, all_three);
}

static void earlier_unsigned(struct log_given *g)
{
    static const enum made_key signers[3] = {MADE_HELPER, MADE_OUTSIDE, N_MADE_KEYS};
    earlier_of(g, 12, 0, signers);
}

static void earlier_no_note(struct log_given *g)
{
    g->earlier = "x";
}

static struct trust other_trust;

static void trust_of_others(struct log_given *g)
{
    other_trust = log_worlds.first.trust;
    memcpy(other_trust.key[TRUST_HELPER], log_worlds.keys.stranger.public_key, 32);
    g->trust = &other_trust;
}

static void with_open_bundle(struct log_given *g)
{
    g->bundle = &log_worlds.second;
}

static void with_foreign_bundle(struct log_given *g)
{
    g->bundle = &log_worlds.other;
}

static struct world dishonest; /* the first quarter's task, with another list */
static void pack_dishonest(struct log_given *g)
{
    world_sign_list(&dishonest);
    world_aggregate(&dishonest);
    world_publish(&dishonest);
    world_pack(&dishonest);
    g->bundle = &dishonest;
}

static void start_dishonest(void)
{
    static bool is_made;
    if (is_made)
        world_clear(&dishonest);
    is_made = true;
    dishonest = log_worlds.first;
    dishonest.archive = NULL;
    dishonest.n_files = 0;
}

static void bundle_drops_one(struct log_given *g)
{
    start_dishonest();
    dishonest.n_entries--;
    pack_dishonest(g);
}

static void bundle_other_report(struct log_given *g)
{
    start_dishonest();
    dishonest.entries[1].report_id[0] ^= 1;
    pack_dishonest(g);
}

static void bundle_other_number(struct log_given *g)
{
    start_dishonest();
    dishonest.entries[1].number = 8;
    pack_dishonest(g);
}

/* The first quarter's bundle, with the checkpoint of the log that it says it is from. */
static void pack_with_checkpoint(struct log_given *g)
{
    start_dishonest();
    world_publish(&dishonest);
    struct world_file *file = world_insert_file(&dishonest, "log/checkpoint", "aggregates");
    file->len = strlen(earlier);
    memcpy(file->data, earlier, file->len);
    world_pack(&dishonest);
    g->earlier = NULL;
    g->bundle = &dishonest;
}

static void bundle_of_this_log(struct log_given *g)
{
    earlier_honest(g);
    pack_with_checkpoint(g);
}

static void bundle_of_a_fork(struct log_given *g)
{
    earlier_fork(g);
    pack_with_checkpoint(g);
}

static void bundle_of_a_larger_log(struct log_given *g)
{
    earlier_larger(g);
    pack_with_checkpoint(g);
}

static void bundle_of_an_unsigned_log(struct log_given *g)
{
    earlier_unsigned(g);
    pack_with_checkpoint(g);
}

static void bundle_released_again(struct log_given *g)
{
    start_dishonest();
    dishonest.place = (struct ska_release_place){.number = 2, .previous = {1}};
    pack_dishonest(g);
}

const struct cheat_log log_cheats_with_given[] = {
    {.name = "honest, with its bundle, not released yet",
     .want = "",
     .closed = log_collect,
     .given = log_give_bundle},
    {.name = "honest, with a bundle that has a checkpoint",
     .want = "",
     .closed = log_collect,
     .given = bundle_of_this_log},
    {.name = "honest, continues an earlier one", .want = "", .given = earlier_honest},
    {.name = "honest, the same as before", .want = "", .given = earlier_same},
    {.name = "honest, continues one of a full tile", .want = "", .given = earlier_at_tile},
    {.name = "fork", .want = "log-earlier", .given = earlier_fork},
    {.name = "rollback", .want = "log-earlier", .given = earlier_larger},
    {.name = "an earlier one that nobody signed", .want = "log-earlier", .given = earlier_unsigned},
    {.name = "an earlier one that is no note", .want = "log-earlier", .given = earlier_no_note},
    {.name = "another helper", .want = "log-trust", .given = trust_of_others},
    {.name = "bundle of an open period", .want = "log-bundle", .given = with_open_bundle},
    {.name = "bundle of a task that is not logged",
     .want = "log-bundle",
     .given = with_foreign_bundle},
    {.name = "bundle drops a logged one",
     .want = "log-bundle",
     .closed = log_collect,
     .given = bundle_drops_one},
    {.name = "bundle of another report",
     .want = "log-bundle",
     .closed = log_collect,
     .given = bundle_other_report},
    {.name = "bundle of another number",
     .want = "log-bundle",
     .closed = log_collect,
     .given = bundle_other_number},
    {.name = "bundle from a fork of the log",
     .want = "log-bundle",
     .closed = log_collect,
     .given = bundle_of_a_fork},
    {.name = "bundle from more of the log than is shown",
     .want = "log-bundle",
     .closed = log_collect,
     .given = bundle_of_a_larger_log},
    {.name = "bundle whose checkpoint the log did not sign",
     .want = "log-bundle",
     .closed = log_collect,
     .given = bundle_of_an_unsigned_log},
    {.name = "bundle released otherwise", .want = "log-bundle", .given = bundle_released_again},
};
const size_t n_log_cheats_with_given =
    sizeof log_cheats_with_given / sizeof log_cheats_with_given[0];
