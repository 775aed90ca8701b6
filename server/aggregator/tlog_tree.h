/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tlog_tree.h - the public log's tree in memory: every leaf hash and the root of every full tile,
 * 33 bytes a leaf, so that tiles, roots and proofs of any size so far are at hand.
 */
#ifndef SKA_SERVER_TLOG_TREE_H
#define SKA_SERVER_TLOG_TREE_H

#include "protocol/tlog_tile.h"

/* Valid when zeroed: the empty tree. */
struct tlog_tree {
    uint64_t size;
    struct tlog_tree_level {
        uint8_t (*hashes)[SKA_HASH_BYTES]; /* owned: size >> 8 level of them */
        size_t room;
    } levels[SKA_TILE_LEVELS];
};

void tlog_tree_clear(struct tlog_tree *tree);

/* The next leaf's hash. SKA_E_MEMORY: the tree is as it was. */
enum ska_status tlog_tree_add(struct tlog_tree *tree,
                              const uint8_t leaf[static SKA_HASH_BYTES]) SKA_MUST_CHECK;

/* Forget all leaves from `size` on. */
void tlog_tree_cut(struct tlog_tree *tree, uint64_t size);

/* The tree as tlog_tile.h wants it; borrows. */
struct ska_tile_source tlog_tree_source(struct tlog_tree *tree);

/* The root of the first `size` leaves, of at most tree->size: SKA_E_RANGE. */
enum ska_status tlog_tree_root(uint8_t out[static SKA_HASH_BYTES], struct tlog_tree *tree,
                               uint64_t size) SKA_MUST_CHECK;

#endif
