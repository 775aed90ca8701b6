/* SPDX-License-Identifier: EUPL-1.2 */
/* plain_tree.h - roots and consistency proofs as RFC 6962, section 2.1, defines them, word for
 * word: recursive and slow, to compare with. */
#ifndef SKA_TESTS_PLAIN_TREE_H
#define SKA_TESTS_PLAIN_TREE_H

#include "crypto/merkle.h"

#include <string.h>

/* The largest power of two smaller than n > 1. */
static inline size_t plain_split(size_t n)
{
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    return k;
}

/* MTH over n leaf hashes. */
static inline void plain_root(uint8_t out[SKA_HASH_BYTES], const uint8_t (*leaves)[SKA_HASH_BYTES],
                              size_t n)
{
    if (n == 0) {
        ska_sha256(out, "", 0);
    } else if (n == 1) {
        memcpy(out, leaves[0], SKA_HASH_BYTES);
    } else {
        size_t k = plain_split(n);
        uint8_t node[1 + 2 * SKA_HASH_BYTES] = {0x01};
        plain_root(node + 1, leaves, k);
        plain_root(node + 1 + SKA_HASH_BYTES, leaves + k, n - k);
        ska_sha256(out, node, sizeof node);
    }
}

/* SUBPROOF(m, D[n], is_known), appended to `path`; PROOF is this with is_known true, 0 < m <= n. */
static inline void plain_proof(uint8_t (*path)[SKA_HASH_BYTES], size_t *len,
                               const uint8_t (*leaves)[SKA_HASH_BYTES], size_t m, size_t n,
                               bool is_known)
{
    if (m == n) {
        if (!is_known)
            plain_root(path[(*len)++], leaves, n);
        return;
    }
    size_t k = plain_split(n);
    if (m <= k) {
        plain_proof(path, len, leaves, m, k, is_known);
        plain_root(path[(*len)++], leaves + k, n - k);
    } else {
        plain_proof(path, len, leaves + k, m - k, n - k, false);
        plain_root(path[(*len)++], leaves, k);
    }
}

#endif
