/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * merkle.h - Merkle tree hashing as in RFC 6962, section 2.1: leaf = SHA-256(0x00 || data), node =
 * SHA-256(0x01 || l || r), the root of nothing = SHA-256(""). Used for the aggregators' signed
 * sums and for the log.
 */
#ifndef SKA_MERKLE_H
#define SKA_MERKLE_H

#include "crypto/hash.h"

#define SKA_MERKLE_PATH_MAX 64 /* hashes in the longest path */

void ska_merkle_leaf(uint8_t out[static SKA_HASH_BYTES], const void *data, size_t len);

/* Root over n leaf hashes. */
void ska_merkle_root(uint8_t out[static SKA_HASH_BYTES], const uint8_t (*leaves)[SKA_HASH_BYTES],
                     size_t n);

/*
 * A tree's right edge: the hashes of the full subtrees that make it up, from the largest, one for
 * each one-bit of its size. All that must be remembered of a tree to let it grow.
 *
 * Valid when zeroed: the empty tree.
 */
struct ska_merkle_edge {
    uint64_t size; /* leaves; below 2^63 */
    uint8_t at[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
};

/* How many hashes the edge of a tree of `size` leaves has. */
size_t ska_merkle_edge_len(uint64_t size);

/* The next leaf's hash. Its number is edge->size before. */
void ska_merkle_edge_add(struct ska_merkle_edge *edge, const uint8_t leaf[static SKA_HASH_BYTES]);

/* The root of the whole tree. */
void ska_merkle_edge_root(uint8_t out[static SKA_HASH_BYTES], const struct ska_merkle_edge *edge);

/* The leaves in the left subtree of a tree of n >= 2: the largest power of two below n. */
uint64_t ska_merkle_split(uint64_t n);

/* Turn a path around: walking down from the root finds its highest hash first. */
void ska_merkle_path_turn(uint8_t (*path)[SKA_HASH_BYTES], size_t len);

/* The audit path of leaf `index` < n, lowest first; at most SKA_MERKLE_PATH_MAX hashes. */
void ska_merkle_path(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                     const uint8_t (*leaves)[SKA_HASH_BYTES], size_t n, size_t index);

/*
 * The same for many leaves of one tree: ska_merkle_tree works out all hashes once, into
 * ska_merkle_tree_len(n) of them (below 2^32 leaves, at least one), from which each path is read.
 */
size_t ska_merkle_tree_len(size_t n);
void ska_merkle_tree(uint8_t (*tree)[SKA_HASH_BYTES], const uint8_t (*leaves)[SKA_HASH_BYTES],
                     size_t n);
void ska_merkle_tree_path(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                          const uint8_t (*tree)[SKA_HASH_BYTES], size_t n, size_t index);

/* SKA_OK if `path` leads from the leaf at `index` of `n` to `root`; else SKA_E_MISMATCH, also for a
 * wrong path length. */
enum ska_status ska_merkle_verify(const uint8_t root[static SKA_HASH_BYTES],
                                  const uint8_t leaf[static SKA_HASH_BYTES], uint64_t index,
                                  uint64_t n, const uint8_t (*path)[SKA_HASH_BYTES],
                                  size_t path_len) SKA_MUST_CHECK;

/*
 * SKA_OK if `path` proves that the tree of `new_size` leaves with `new_root` begins with the one of
 * `old_size` leaves with `old_root`; else SKA_E_MISMATCH. Equal sizes: an empty path and equal
 * roots. Nothing (size 0) begins every tree: an empty path; its root, on either side, is that of
 * nothing.
 *
 * Spec: RFC 6962, section 2.1.2; the climb is RFC 9162, section 2.1.4.2.
 */
enum ska_status ska_merkle_consistent(const uint8_t old_root[static SKA_HASH_BYTES],
                                      uint64_t old_size,
                                      const uint8_t new_root[static SKA_HASH_BYTES],
                                      uint64_t new_size, const uint8_t (*path)[SKA_HASH_BYTES],
                                      size_t path_len) SKA_MUST_CHECK;

#endif
