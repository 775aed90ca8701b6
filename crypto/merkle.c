/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * merkle.c - Merkle tree hashing (RFC 6962, section 2.1), without recursion.
 *
 * A tree over n leaves splits at k, the largest power of two below n: the left subtree is full, the
 * right one holds the rest. Reading leaves from the left, the full subtrees that are complete so
 * far are the one-bits of the number of leaves read.
 */
#include "crypto/merkle.h"

#include <assert.h>
#include <string.h>

static const uint8_t leaf_prefix = 0x00;
static const uint8_t node_prefix = 0x01;

static void hash_node(uint8_t out[static SKA_HASH_BYTES], const uint8_t left[static SKA_HASH_BYTES],
                      const uint8_t right[static SKA_HASH_BYTES])
{
    const struct ska_slice pieces[] = {
        {&node_prefix, 1}, {left, SKA_HASH_BYTES}, {right, SKA_HASH_BYTES}};
    ska_sha256_pieces(out, pieces, 3);
}

void ska_merkle_leaf(uint8_t out[static SKA_HASH_BYTES], const void *data, size_t len)
{
    const struct ska_slice pieces[] = {{&leaf_prefix, 1}, {data, len}};
    ska_sha256_pieces(out, pieces, 2);
}

size_t ska_merkle_edge_len(uint64_t size)
{
    size_t len = 0;
    for (; size != 0; size &= size - 1)
        len++;
    return len;
}

void ska_merkle_edge_add(struct ska_merkle_edge *edge, const uint8_t leaf[static SKA_HASH_BYTES])
{
    size_t len = ska_merkle_edge_len(edge->size);
    assert(len < SKA_MERKLE_PATH_MAX);
    memcpy(edge->at[len++], leaf, SKA_HASH_BYTES);
    for (uint64_t joins = edge->size; (joins & 1) != 0; joins >>= 1) {
        hash_node(edge->at[len - 2], edge->at[len - 2], edge->at[len - 1]);
        len--;
    }
    edge->size++;
}

void ska_merkle_edge_root(uint8_t out[static SKA_HASH_BYTES], const struct ska_merkle_edge *edge)
{
    size_t len = ska_merkle_edge_len(edge->size);
    if (len == 0) {
        ska_sha256(out, "", 0);
        return;
    }
    uint8_t hash[SKA_HASH_BYTES];
    memcpy(hash, edge->at[--len], sizeof hash);
    while (len > 0)
        hash_node(hash, edge->at[--len], hash);
    memcpy(out, hash, sizeof hash);
}

void ska_merkle_root(uint8_t out[static SKA_HASH_BYTES], const uint8_t (*leaves)[SKA_HASH_BYTES],
                     size_t n)
{
    struct ska_merkle_edge edge;
    edge.size = 0;
    for (size_t i = 0; i < n; i++)
        ska_merkle_edge_add(&edge, leaves[i]);
    ska_merkle_edge_root(out, &edge);
}

uint64_t ska_merkle_split(uint64_t n)
{
    uint64_t k = 1;
    while (k < n - k)
        k *= 2;
    return k;
}

void ska_merkle_path_turn(uint8_t (*path)[SKA_HASH_BYTES], size_t len)
{
    for (size_t i = 0; i < len / 2; i++) {
        uint8_t swap[SKA_HASH_BYTES];
        memcpy(swap, path[i], SKA_HASH_BYTES);
        memcpy(path[i], path[len - 1 - i], SKA_HASH_BYTES);
        memcpy(path[len - 1 - i], swap, SKA_HASH_BYTES);
    }
}

void ska_merkle_path(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                     const uint8_t (*leaves)[SKA_HASH_BYTES], size_t n, size_t index)
{
    assert(index < n);
    /* Walk down from the root, which finds the highest hash first; turn the order around after. */
    size_t len = 0;
    while (n > 1) {
        size_t k = (size_t)ska_merkle_split(n); /* below n */
        if (index < k) {
            ska_merkle_root(path[len++], leaves + k, n - k);
            n = k;
        } else {
            ska_merkle_root(path[len++], leaves, k);
            leaves += k;
            index -= k;
            n -= k;
        }
    }
    ska_merkle_path_turn(path, len);
    *path_len = len;
}

/* The tree in levels, the leaves first: above each two hashes stands theirs, above a last one alone
 * itself. A level of n hashes has n - n / 2 above it. */
size_t ska_merkle_tree_len(size_t n)
{
    size_t len = n;
    for (; n > 1; n -= n / 2)
        len += n - n / 2;
    return len;
}

void ska_merkle_tree(uint8_t (*tree)[SKA_HASH_BYTES], const uint8_t (*leaves)[SKA_HASH_BYTES],
                     size_t n)
{
    memcpy(tree, leaves, n * sizeof *tree);
    for (; n > 1; n -= n / 2) {
        uint8_t(*above)[SKA_HASH_BYTES] = tree + n;
        for (size_t i = 0; i < n / 2; i++)
            hash_node(above[i], tree[2 * i], tree[2 * i + 1]);
        if (n % 2 == 1)
            memcpy(above[n / 2], tree[n - 1], SKA_HASH_BYTES);
        tree = above;
    }
}

void ska_merkle_tree_path(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                          const uint8_t (*tree)[SKA_HASH_BYTES], size_t n, size_t index)
{
    assert(index < n);
    size_t len = 0;
    for (; n > 1; n -= n / 2, index /= 2) {
        if ((index ^ 1) < n)
            memcpy(path[len++], tree[index ^ 1], SKA_HASH_BYTES);
        tree += n;
    }
    *path_len = len;
}

/*
 * Climb from the leaf (RFC 9162, section 2.1.3.2). `last` is the index of the last node of the
 * level; a node that is last on its level and has an even index has no sibling there and rises
 * unhashed.
 */
enum ska_status ska_merkle_verify(const uint8_t root[static SKA_HASH_BYTES],
                                  const uint8_t leaf[static SKA_HASH_BYTES], uint64_t index,
                                  uint64_t n, const uint8_t (*path)[SKA_HASH_BYTES],
                                  size_t path_len)
{
    if (index >= n)
        return SKA_E_MISMATCH;
    uint8_t hash[SKA_HASH_BYTES];
    memcpy(hash, leaf, sizeof hash);
    uint64_t last = n - 1;
    for (size_t i = 0; i < path_len; i++) {
        if (last == 0)
            return SKA_E_MISMATCH; /* at the root already: the path is too long */
        while (index == last && (index & 1) == 0) {
            index >>= 1;
            last >>= 1;
        }
        if ((index & 1) != 0)
            hash_node(hash, path[i], hash);
        else
            hash_node(hash, hash, path[i]);
        index >>= 1;
        last >>= 1;
    }
    if (last != 0 || memcmp(hash, root, sizeof hash) != 0)
        return SKA_E_MISMATCH;
    return SKA_OK;
}

/* Where sizes leave nothing to prove: the path is empty and the roots decide. */
static enum ska_status compare_ends(const uint8_t old_root[static SKA_HASH_BYTES],
                                    uint64_t old_size,
                                    const uint8_t new_root[static SKA_HASH_BYTES],
                                    uint64_t new_size, size_t path_len)
{
    uint8_t nothing[SKA_HASH_BYTES];
    ska_sha256(nothing, "", 0);
    if (old_size > new_size || path_len != 0)
        return SKA_E_MISMATCH;
    if (old_size == 0 && memcmp(old_root, nothing, sizeof nothing) != 0)
        return SKA_E_MISMATCH;
    if (old_size == new_size && memcmp(old_root, new_root, SKA_HASH_BYTES) != 0)
        return SKA_E_MISMATCH;
    return SKA_OK;
}

/*
 * Climb from the largest full subtree at the old tree's right edge, whose hash is the path's first,
 * or the old root itself if the old tree is full. Left siblings belong to both trees, right ones to
 * the new one alone; `index` and `last` are as in ska_merkle_verify.
 */
enum ska_status ska_merkle_consistent(const uint8_t old_root[static SKA_HASH_BYTES],
                                      uint64_t old_size,
                                      const uint8_t new_root[static SKA_HASH_BYTES],
                                      uint64_t new_size, const uint8_t (*path)[SKA_HASH_BYTES],
                                      size_t path_len)
{
    if (old_size == 0 || old_size >= new_size)
        return compare_ends(old_root, old_size, new_root, new_size, path_len);
    const bool is_full = (old_size & (old_size - 1)) == 0;
    if (!is_full && path_len == 0)
        return SKA_E_MISMATCH;
    uint64_t index = old_size - 1, last = new_size - 1;
    for (; (index & 1) != 0; index >>= 1)
        last >>= 1;
    uint8_t old_hash[SKA_HASH_BYTES], new_hash[SKA_HASH_BYTES];
    memcpy(old_hash, is_full ? old_root : path[0], sizeof old_hash);
    memcpy(new_hash, old_hash, sizeof new_hash);
    for (size_t i = is_full ? 0 : 1; i < path_len; i++) {
        if (last == 0)
            return SKA_E_MISMATCH; /* at the root already: the path is too long */
        if ((index & 1) != 0 || index == last) {
            hash_node(old_hash, path[i], old_hash);
            hash_node(new_hash, path[i], new_hash);
            while ((index & 1) == 0) { /* it is odd, or last, which is not 0: so this ends */
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash_node(new_hash, new_hash, path[i]);
        }
        index >>= 1;
        last >>= 1;
    }
    if (last != 0 || memcmp(old_hash, old_root, sizeof old_hash) != 0 ||
        memcmp(new_hash, new_root, sizeof new_hash) != 0)
        return SKA_E_MISMATCH;
    return SKA_OK;
}
