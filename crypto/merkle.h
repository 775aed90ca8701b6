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

/* The audit path of leaf `index` < n, lowest first; at most SKA_MERKLE_PATH_MAX hashes. */
void ska_merkle_path(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                     const uint8_t (*leaves)[SKA_HASH_BYTES], size_t n, size_t index);

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
