/* SPDX-License-Identifier: EUPL-1.2 */
/* tlog_tile.c - a log's tree and entries as plain files (C2SP tlog-tiles). */
#include "protocol/tlog_tile.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GROUP 1000u   /* three digits of an index */
#define GROUPS_MAX 7u /* 2^64 has 20 digits */

void ska_tile_path(char out[static SKA_TILE_PATH_MAX + 1], const struct ska_tile *tile)
{
    unsigned groups[GROUPS_MAX];
    size_t n = 0;
    uint64_t rest = tile->index;
    do {
        groups[n++] = (unsigned)(rest % GROUP);
        rest /= GROUP;
    } while (rest != 0);

    const size_t capacity = SKA_TILE_PATH_MAX + 1;
    int at = tile->level == SKA_TILE_ENTRIES ? snprintf(out, capacity, "tile/entries")
                                             : snprintf(out, capacity, "tile/%u", tile->level);
    for (; n > 0; n--)
        at += snprintf(out + at, capacity - (size_t)at, n > 1 ? "/x%03u" : "/%03u", groups[n - 1]);
    if (tile->width < SKA_TILE_WIDTH)
        (void)snprintf(out + at, capacity - (size_t)at, ".p/%u", tile->width); /* fits */
}

/* Full subtrees of 256^level leaves in a tree; bundles lie as level 0 does. */
static uint64_t count_at(unsigned level, uint64_t size)
{
    return level == SKA_TILE_ENTRIES ? size : size >> (SKA_TILE_HEIGHT * level);
}

unsigned ska_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    const uint64_t count = count_at(level, size);
    if (index > count / SKA_TILE_WIDTH)
        return 0;
    return index < count / SKA_TILE_WIDTH ? SKA_TILE_WIDTH : (unsigned)(count % SKA_TILE_WIDTH);
}

void ska_tile_walk_init(struct ska_tile_walk *walk, uint64_t old_size, uint64_t size)
{
    assert(old_size <= size);
    *walk = (struct ska_tile_walk){.old_size = old_size, .size = size};
}

bool ska_tile_walk_next(struct ska_tile *tile, struct ska_tile_walk *walk)
{
    for (; walk->step <= SKA_TILE_LEVELS; walk->step++, walk->is_begun = false) {
        const unsigned level = walk->step == 0 ? SKA_TILE_ENTRIES : walk->step - 1;
        const uint64_t old_count = count_at(level, walk->old_size);
        if (!walk->is_begun)
            walk->index = old_count / SKA_TILE_WIDTH;
        walk->is_begun = true;
        const unsigned width = ska_tile_width(level, walk->index, walk->size);
        if (count_at(level, walk->size) == old_count || width == 0)
            continue;
        *tile = (struct ska_tile){level, walk->index++, width};
        return true;
    }
    return false;
}

enum ska_status ska_tile_hashes(uint8_t (*out)[SKA_HASH_BYTES], const struct ska_tile *tile,
                                const struct ska_tile_source *source)
{
    assert(tile->level < SKA_TILE_LEVELS);
    for (unsigned i = 0; i < tile->width; i++)
        SKA_TRY(source->hash(out[i], source->arg, tile->level, tile->index * SKA_TILE_WIDTH + i));
    return SKA_OK;
}

/* The root over the 2^height leaves from `begin` on, a multiple of 2^height. */
static enum ska_status hash_full(uint8_t out[static SKA_HASH_BYTES], uint64_t begin,
                                 unsigned height, const struct ska_tile_source *source)
{
    const unsigned level = height / SKA_TILE_HEIGHT;
    const size_t n = (size_t)1 << height % SKA_TILE_HEIGHT;
    uint8_t hashes[SKA_TILE_WIDTH / 2][SKA_HASH_BYTES];
    for (size_t i = 0; i < n; i++)
        SKA_TRY(
            source->hash(hashes[i], source->arg, level, (begin >> (SKA_TILE_HEIGHT * level)) + i));
    ska_merkle_root(out, (const uint8_t(*)[SKA_HASH_BYTES])hashes, n);
    return SKA_OK;
}

/* The edge of the tree over n leaves from `begin` on, where a subtree of the whole tree begins, so
 * that begin is a multiple of every full subtree's size. */
static enum ska_status find_edge(struct ska_merkle_edge *out, uint64_t begin, uint64_t n,
                                 const struct ska_tile_source *source)
{
    size_t len = 0;
    uint64_t at = begin;
    for (unsigned height = 63; height-- > 0;) {
        if ((n >> height & 1) == 0)
            continue;
        SKA_TRY(hash_full(out->at[len++], at, height, source));
        at += UINT64_C(1) << height;
    }
    out->size = n;
    return SKA_OK;
}

enum ska_status ska_tile_edge(struct ska_merkle_edge *out, uint64_t size,
                              const struct ska_tile_source *source)
{
    return find_edge(out, 0, size, source);
}

/* A step down from the root: the hash of the half that is not gone into. */
static enum ska_status add_half(uint8_t (*path)[SKA_HASH_BYTES], size_t *len, uint64_t begin,
                                uint64_t n, const struct ska_tile_source *source)
{
    struct ska_merkle_edge edge;
    SKA_TRY(find_edge(&edge, begin, n, source));
    ska_merkle_edge_root(path[(*len)++], &edge);
    return SKA_OK;
}

enum ska_status ska_tile_inclusion(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                                   uint64_t index, uint64_t size,
                                   const struct ska_tile_source *source)
{
    if (index >= size)
        return SKA_E_RANGE;
    size_t len = 0;
    for (uint64_t begin = 0, n = size; n > 1;) {
        const uint64_t k = ska_merkle_split(n);
        if (index - begin < k) {
            SKA_TRY(add_half(path, &len, begin + k, n - k, source));
            n = k;
        } else {
            SKA_TRY(add_half(path, &len, begin, k, source));
            begin += k;
            n -= k;
        }
    }
    ska_merkle_path_turn(path, len);
    *path_len = len;
    return SKA_OK;
}

/* RFC 6962, section 2.1.2. `is_known`: the subtree is a whole old tree, whose root the verifier
 * has. */
enum ska_status ska_tile_consistency(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                                     uint64_t old_size, uint64_t size,
                                     const struct ska_tile_source *source)
{
    if (old_size > size)
        return SKA_E_RANGE;
    size_t len = 0;
    uint64_t begin = 0, m = old_size, n = size;
    while (m != 0 && m < n) {
        const uint64_t k = ska_merkle_split(n);
        if (m <= k) {
            SKA_TRY(add_half(path, &len, begin + k, n - k, source));
            n = k;
        } else {
            SKA_TRY(add_half(path, &len, begin, k, source));
            begin += k;
            m -= k;
            n -= k;
        }
    }
    if (begin != 0)
        SKA_TRY(add_half(path, &len, begin, n, source));
    ska_merkle_path_turn(path, len);
    *path_len = len;
    return SKA_OK;
}

enum ska_status ska_tile_entries(struct ska_slice entries[static SKA_TILE_WIDTH], unsigned width,
                                 struct ska_slice bytes)
{
    assert(width <= SKA_TILE_WIDTH);
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    for (unsigned i = 0; i < width; i++)
        SKA_TRY(ska_read_opaque16(&entries[i].data, &entries[i].len, &r, SKA_TILE_ENTRY_MAX));
    return ska_read_end(&r);
}

enum ska_status ska_tile_add_entries(struct ska_merkle_edge *edge, const struct ska_tile *bundle,
                                     struct ska_slice bytes)
{
    struct ska_slice entries[SKA_TILE_WIDTH];
    const uint64_t first = bundle->index * SKA_TILE_WIDTH;
    if (edge->size < first)
        return SKA_E_RANGE;
    SKA_TRY(ska_tile_entries(entries, bundle->width, bytes));
    for (uint64_t i = edge->size - first; i < bundle->width; i++) {
        uint8_t leaf[SKA_HASH_BYTES];
        ska_merkle_leaf(leaf, entries[i].data, entries[i].len);
        ska_merkle_edge_add(edge, leaf);
    }
    return SKA_OK;
}
