/* SPDX-License-Identifier: EUPL-1.2 */
/* tlog_tree.c - the public log's tree in memory. */
#include "server/aggregator/tlog_tree.h"

#include <stdlib.h>
#include <string.h>

void tlog_tree_clear(struct tlog_tree *tree)
{
    if (tree == NULL)
        return;
    for (unsigned i = 0; i < SKA_TILE_LEVELS; i++)
        free(tree->levels[i].hashes);
    *tree = (struct tlog_tree){0};
}

static uint64_t count_at(const struct tlog_tree *tree, unsigned level)
{
    return tree->size >> (SKA_TILE_HEIGHT * level);
}

static enum ska_status make_room(struct tlog_tree_level *level, uint64_t count)
{
    if (count < level->room)
        return SKA_OK;
    size_t room = level->room == 0 ? SKA_TILE_WIDTH : level->room;
    SKA_TRY(ska_size_mul(&room, room, 2));
    uint8_t(*more)[SKA_HASH_BYTES] = ska_alloc(room, sizeof *more);
    if (more == NULL)
        return SKA_E_MEMORY;
    if (level->room > 0)
        memcpy(more, level->hashes, level->room * sizeof *more);
    free(level->hashes);
    level->hashes = more;
    level->room = room;
    return SKA_OK;
}

enum ska_status tlog_tree_add(struct tlog_tree *tree, const uint8_t leaf[static SKA_HASH_BYTES])
{
    for (unsigned i = 0; i < SKA_TILE_LEVELS; i++)
        SKA_TRY(make_room(&tree->levels[i], count_at(tree, i)));
    memcpy(tree->levels[0].hashes[tree->size], leaf, SKA_HASH_BYTES);
    tree->size++;
    for (unsigned i = 0; i + 1 < SKA_TILE_LEVELS; i++) { /* a tile of level i just became full */
        const uint64_t count = count_at(tree, i);
        if (tree->size != count << (SKA_TILE_HEIGHT * i) || count % SKA_TILE_WIDTH != 0)
            break;
        const struct tlog_tree_level *level = &tree->levels[i];
        ska_merkle_root(tree->levels[i + 1].hashes[count / SKA_TILE_WIDTH - 1],
                        (const uint8_t(*)[SKA_HASH_BYTES])level->hashes + count - SKA_TILE_WIDTH,
                        SKA_TILE_WIDTH);
    }
    return SKA_OK;
}

void tlog_tree_cut(struct tlog_tree *tree, uint64_t size)
{
    if (size < tree->size)
        tree->size = size;
}

static enum ska_status hash_at(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                               uint64_t index)
{
    const struct tlog_tree *tree = arg;
    if (level >= SKA_TILE_LEVELS || index >= count_at(tree, level))
        return SKA_E_RANGE;
    memcpy(out, tree->levels[level].hashes[index], SKA_HASH_BYTES);
    return SKA_OK;
}

struct ska_tile_source tlog_tree_source(struct tlog_tree *tree)
{
    return (struct ska_tile_source){.hash = hash_at, .arg = tree};
}

enum ska_status tlog_tree_root(uint8_t out[static SKA_HASH_BYTES], struct tlog_tree *tree,
                               uint64_t size)
{
    const struct ska_tile_source source = tlog_tree_source(tree);
    struct ska_merkle_edge edge = {0};
    if (size > tree->size)
        return SKA_E_RANGE;
    SKA_TRY(ska_tile_edge(&edge, size, &source));
    ska_merkle_edge_root(out, &edge);
    return SKA_OK;
}
