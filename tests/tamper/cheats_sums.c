/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_sums.c - cheats with what the aggregators add up and sign, and with its openings. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                  0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};

/* Add a small number to x (half 0) or r (half 1) of a cell in an aggregator's share. */
static void shift(struct world *w, size_t k, size_t cell, size_t half, int64_t delta)
{
    uint8_t *at = w->share[k] + 64 * cell + 32 * half;
    ska_scalar a, d = ska_scalar_from_i64(delta);
    world_must(ska_scalar_decode(&a, at));
    ska_scalar_add(&a, &a, &d);
    ska_scalar_encode(at, &a);
}

static void add_order(uint8_t *at)
{
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)at[i] + order[i];
        at[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void leader_off_by_one(struct world *w)
{
    shift(w, 0, CELL_K, 0, 1);
    world_sign_aggregates(w);
}

static void helper_off_by_one(struct world *w)
{
    shift(w, 1, CELL_C, 0, -1);
    world_sign_aggregates(w);
}

static void leader_blinding_off_by_one(struct world *w)
{
    shift(w, 0, CELL_K, 1, 1);
    world_sign_aggregates(w);
}

static void off_by_amounts_that_cancel(struct world *w)
{
    shift(w, 0, CELL_K, 0, 5);
    shift(w, 1, CELL_K, 0, -5);
    world_sign_aggregates(w);
}

static void leader_swaps_cells(struct world *w)
{
    uint8_t kept[64];
    memcpy(kept, w->share[0] + 64 * CELL_K, 64);
    memcpy(w->share[0] + 64 * CELL_K, w->share[0] + 64 * CELL_P, 64);
    memcpy(w->share[0] + 64 * CELL_P, kept, 64);
    world_sign_aggregates(w);
}

static void both_swap_cells(struct world *w)
{
    for (size_t k = 0; k < 2; k++) {
        uint8_t kept[64];
        memcpy(kept, w->share[k] + 64 * CELL_K, 64);
        memcpy(w->share[k] + 64 * CELL_K, w->share[k] + 64 * CELL_P, 64);
        memcpy(w->share[k] + 64 * CELL_P, kept, 64);
    }
    world_sign_aggregates(w);
}

static void leader_wrong_in_hidden_cell(struct world *w)
{
    shift(w, 0, CELL_M, 0, 1);
    world_sign_aggregates(w);
}

static void leader_signs_unreduced(struct world *w)
{
    add_order(w->share[0] + 64 * CELL_K);
    world_sign_aggregates(w);
}

static void sign_root(struct world *w, size_t k, const struct ska_signing_key *key,
                      enum ska_role role, const uint8_t *list_hash, uint32_t n_cells)
{
    world_must(ska_aggregate_root_sign(w->root_signature[k], key, w->task->context.task_id, role,
                                       list_hash, n_cells, w->root[k]));
}

static void root_signed_by_stranger(struct world *w)
{
    sign_root(w, 0, &w->keys->stranger, SKA_ROLE_LEADER, w->list_hash, WORLD_CELLS);
}

static void root_not_signed(struct world *w)
{
    memset(w->root_signature[1], 0, 64);
}

static void root_signed_in_other_role(struct world *w)
{
    sign_root(w, 0, &w->keys->leader, SKA_ROLE_HELPER, w->list_hash, WORLD_CELLS);
}

static void root_signed_for_other_list(struct world *w)
{
    uint8_t hash[32];
    memcpy(hash, w->list_hash, sizeof hash);
    hash[0] ^= 1;
    sign_root(w, 1, &w->keys->helper, SKA_ROLE_HELPER, hash, WORLD_CELLS);
}

static void root_signed_for_fewer_cells(struct world *w)
{
    sign_root(w, 1, &w->keys->helper, SKA_ROLE_HELPER, w->list_hash, WORLD_CELLS - 1);
}

/* --- by the publisher
 * ----------------------------------------------------------------------------- */

/* The openings file: version, two roots with signatures, a count, then openings with two paths. */

static uint8_t *find_opening(struct world *w, uint32_t cell)
{
    struct world_file *file = world_find(w, "aggregates");
    for (size_t at = 1 + 2 * 96 + 4; at < file->len;) {
        struct ska_reader r;
        uint32_t found;
        ska_reader_init(&r, file->data + at, file->len - at);
        world_must(ska_read_u32(&found, &r));
        if (found == cell)
            return file->data + at;
        at += 4;
        for (size_t k = 0; k < 2; k++)
            at += 65 + (size_t)file->data[at + 64] * 32;
    }
    world_expect(false, "an opening of that cell");
    return NULL;
    return NULL;
}

static void opening_changed(struct world *w)
{
    find_opening(w, CELL_K)[4] ^= 1;
}

static void opening_not_reduced(struct world *w)
{
    add_order(find_opening(w, CELL_K) + 4);
}

static void path_changed(struct world *w)
{
    find_opening(w, CELL_K)[4 + 65] ^= 1;
}

/* The first path's length byte and bytes. */
static void change_path_length(struct world *w, int change)
{
    struct world_file *file = world_find(w, "aggregates");
    uint8_t *len = find_opening(w, CELL_K) + 4 + 64, *end = file->data + file->len;
    uint8_t *after = len + 1 + (size_t)*len * 32;
    if (change > 0) {
        memmove(after + 32, after, (size_t)(end - after));
        memset(after, 0, 32);
        file->len += 32;
    } else {
        memmove(after - 32, after, (size_t)(end - after));
        file->len -= 32;
    }
    *len = (uint8_t)(*len + change);
}

static void path_too_long(struct world *w)
{
    change_path_length(w, 1);
}

static void path_too_short(struct world *w)
{
    change_path_length(w, -1);
}

static void opening_of_other_cell(struct world *w)
{
    uint8_t *k = find_opening(w, CELL_K), *c = find_opening(w, CELL_C);
    memcpy(k + 4, c + 4, 64);
}

static void opening_of_no_cell(struct world *w)
{
    find_opening(w, CELL_E_MARKED)[3] = WORLD_CELLS;
}

/* After the last, that of E's mark, with the same content. */
static void one_opening_more(struct world *w)
{
    struct world_file *file = world_find(w, "aggregates");
    uint8_t *e = find_opening(w, CELL_E_MARKED), *end = file->data + file->len;
    size_t len = (size_t)(end - e);
    memcpy(end, e, len);
    end[3] = WORLD_CELLS;
    file->len += len;
    file->data[1 + 2 * 96 + 3]++;
}

static void openings_out_of_order(struct world *w)
{
    find_opening(w, CELL_K)[3] = CELL_P;
}

static void openings_cut(struct world *w)
{
    world_find(w, "aggregates")->len--;
}

static void too_many_openings(struct world *w)
{
    struct world_file *file = world_find(w, "aggregates");
    memset(file->data + 1 + 2 * 96, 0xFF, 4);
}

const struct cheat cheats_with_sums[] = {
    {.name = "leader off by one",
     .want = "openings-leader",
     .tells = "the leader signed a wrong sum for A.KON.K",
     .added = leader_off_by_one},
    {.name = "helper off by one",
     .want = "openings-helper",
     .tells = "the helper signed a wrong sum for C",
     .added = helper_off_by_one},
    {.name = "leader's blinding off by one",
     .want = "openings-leader",
     .added = leader_blinding_off_by_one},
    {.name = "both off by amounts that cancel",
     .want = "openings-leader openings-helper",
     .added = off_by_amounts_that_cancel},
    {.name = "leader swaps cells",
     .want = "openings-leader",
     .tells = "B.FORM.P",
     .added = leader_swaps_cells},
    {.name = "both swap cells",
     .want = "openings-leader openings-helper",
     .added = both_swap_cells},
    {.name = "leader wrong in a hidden cell",
     .want = "suppression-proof",
     .added = leader_wrong_in_hidden_cell},
    {.name = "leader signs a scalar that is not reduced",
     .want = "openings-leader",
     .added = leader_signs_unreduced},
    {.name = "root signed by a stranger for the leader",
     .want = "aggregates-signatures",
     .tells = "leader",
     .added = root_signed_by_stranger},
    {.name = "root not signed by the helper",
     .want = "aggregates-signatures",
     .tells = "helper",
     .added = root_not_signed},
    {.name = "root signed in the other role",
     .want = "aggregates-signatures",
     .added = root_signed_in_other_role},
    {.name = "root signed for another list",
     .want = "aggregates-signatures",
     .added = root_signed_for_other_list},
    {.name = "root signed for fewer cells",
     .want = "aggregates-signatures",
     .added = root_signed_for_fewer_cells},
    {.name = "publisher changes an opening",
     .want = "openings-paths",
     .tells = "A.KON.K",
     .published = opening_changed},
    {.name = "publisher writes a scalar that is not reduced",
     .want = "openings-paths",
     .published = opening_not_reduced},
    {.name = "publisher changes a path", .want = "openings-paths", .published = path_changed},
    {.name = "path too long", .want = "openings-paths", .published = path_too_long},
    {.name = "path too short", .want = "openings-paths", .published = path_too_short},
    {.name = "opening of another cell",
     .want = "openings-paths",
     .published = opening_of_other_cell},
    {.name = "opening of no cell", .want = "cells-accounted", .published = opening_of_no_cell},
    {.name = "opening of no cell beside the others",
     .want = "cells-accounted",
     .tells = "13",
     .published = one_opening_more},
    {.name = "openings out of order", .want = "openings-form", .published = openings_out_of_order},
    {.name = "openings cut", .want = "openings-form", .published = openings_cut},
    {.name = "2^32 - 1 openings", .want = "openings-form", .published = too_many_openings},
};
const size_t n_cheats_with_sums = N_OF(cheats_with_sums);
