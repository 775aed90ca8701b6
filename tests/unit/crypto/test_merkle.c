/* SPDX-License-Identifier: EUPL-1.2 */
/* test_merkle.c - RFC 6962 trees against its own recursive definition, and paths that must fail. */
#include "crypto/merkle.h"

#include "tests/plain_tree.h"
#include "tests/test.h"

#include <string.h>

#define LEAVES_MAX 70

static uint8_t leaves[LEAVES_MAX][SKA_HASH_BYTES];

static void make_leaves(void)
{
    for (uint8_t i = 0; i < LEAVES_MAX; i++)
        ska_merkle_leaf(leaves[i], &i, 1);
}

static const uint8_t (*const tree)[SKA_HASH_BYTES] = (const uint8_t (*)[SKA_HASH_BYTES])leaves;

/* The published test tree of certificate-transparency's reference implementation: its leaves and
 * the root over the first i + 1 of them. */
static const char *const known_leaves[] = {"",
                                           "00",
                                           "10",
                                           "2021",
                                           "3031",
                                           "40414243",
                                           "5051525354555657",
                                           "606162636465666768696a6b6c6d6e6f"};
static const char *const known_roots[] = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

START_TEST(known_trees_have_their_known_roots)
{
    uint8_t hashes[8][SKA_HASH_BYTES];
    for (size_t i = 0; i < 8; i++) {
        uint8_t data[16];
        const size_t len = strlen(known_leaves[i]) / 2;
        ck_assert_status(ska_hex_decode(data, len, known_leaves[i]), SKA_OK);
        ska_merkle_leaf(hashes[i], data, len);
        uint8_t want[SKA_HASH_BYTES];
        uint8_t got[SKA_HASH_BYTES];
        ck_assert_status(ska_hex_decode(want, sizeof want, known_roots[i]), SKA_OK);
        ska_merkle_root(got, (const uint8_t(*)[SKA_HASH_BYTES])hashes, i + 1);
        ck_assert_mem_eq(got, want, sizeof want);
    }
    uint8_t root[SKA_HASH_BYTES];
    uint8_t empty[SKA_HASH_BYTES];
    ska_merkle_root(root, NULL, 0);
    ska_sha256(empty, "", 0);
    ck_assert_mem_eq(root, empty, sizeof root);
}
END_TEST

START_TEST(roots_agree_with_the_definition)
{
    make_leaves();
    for (size_t n = 1; n <= LEAVES_MAX; n++) {
        uint8_t got[SKA_HASH_BYTES];
        uint8_t want[SKA_HASH_BYTES];
        ska_merkle_root(got, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n);
        plain_root(want, tree, n);
        ck_assert_msg(memcmp(got, want, sizeof got) == 0, "%zu leaves", n);
    }
}
END_TEST

/* For every size and index: the true path holds; with any other index, size, length, leaf or hash
 * it does not. */
START_TEST(a_path_proves_its_leaf_and_no_other)
{
    make_leaves();
    const size_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33};
    const size_t n = sizes[_i];
    uint8_t root[SKA_HASH_BYTES];
    ska_merkle_root(root, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n);
    for (size_t index = 0; index < n; index++) {
        uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES] = {{0}};
        const uint8_t(*p)[SKA_HASH_BYTES] = (const uint8_t(*)[SKA_HASH_BYTES])path;
        size_t len = 99;
        ska_merkle_path(path, &len, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n, index);
        ck_assert_uint_le(len, 6);
        ck_assert_status(ska_merkle_verify(root, leaves[index], index, n, p, len), SKA_OK);
        for (size_t other = 0; other <= n; other++) {
            if (other != index)
                ck_assert_status(ska_merkle_verify(root, leaves[index], other, n, p, len),
                                 SKA_E_MISMATCH);
        }
        for (size_t other = 0; other < n; other++) {
            if (other != index)
                ck_assert_status(ska_merkle_verify(root, leaves[other], index, n, p, len),
                                 SKA_E_MISMATCH);
        }
        ck_assert_status(ska_merkle_verify(root, leaves[index], index, n, p, len + 1),
                         SKA_E_MISMATCH);
        if (len > 0)
            ck_assert_status(ska_merkle_verify(root, leaves[index], index, n, p, len - 1),
                             SKA_E_MISMATCH);
        for (size_t i = 0; i < len; i++) {
            path[i][31 - i] ^= 4;
            ck_assert_status(ska_merkle_verify(root, leaves[index], index, n, p, len),
                             SKA_E_MISMATCH);
            path[i][31 - i] ^= 4;
        }
        root[5] ^= 1;
        ck_assert_status(ska_merkle_verify(root, leaves[index], index, n, p, len), SKA_E_MISMATCH);
        root[5] ^= 1;
    }
    ck_assert_status(ska_merkle_verify(root, leaves[0], 0, 0, NULL, 0), SKA_E_MISMATCH);
}
END_TEST

START_TEST(a_tree_worked_out_once_has_the_same_paths)
{
    static uint8_t all[4 * LEAVES_MAX][SKA_HASH_BYTES];
    make_leaves();
    for (size_t n = 1; n <= LEAVES_MAX; n++) {
        const uint8_t(*of)[SKA_HASH_BYTES] = (const uint8_t(*)[SKA_HASH_BYTES])leaves;
        ck_assert_uint_le(ska_merkle_tree_len(n), N_OF(all));
        ska_merkle_tree(all, of, n);
        for (size_t index = 0; index < n; index++) {
            uint8_t got[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES],
                want[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
            size_t got_len = 99, want_len = 0;
            ska_merkle_path(want, &want_len, of, n, index);
            ska_merkle_tree_path(got, &got_len, (const uint8_t(*)[SKA_HASH_BYTES])all, n, index);
            ck_assert_uint_eq(got_len, want_len);
            ck_assert_mem_eq(got, want, want_len * SKA_HASH_BYTES);
        }
    }
}
END_TEST

START_TEST(a_node_is_not_a_leaf)
{
    make_leaves();
    uint8_t node[2 * SKA_HASH_BYTES];
    uint8_t as_leaf[SKA_HASH_BYTES];
    uint8_t root[SKA_HASH_BYTES];
    memcpy(node, leaves, sizeof node);
    ska_merkle_leaf(as_leaf, node, sizeof node);
    ska_merkle_root(root, (const uint8_t(*)[SKA_HASH_BYTES])leaves, 2);
    ck_assert_mem_ne(as_leaf, root, sizeof root);
}
END_TEST

struct trees {
    uint8_t old_root[SKA_HASH_BYTES], new_root[SKA_HASH_BYTES];
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t len;
};

static enum ska_status check_trees(const struct trees *t, size_t m, size_t n, size_t len)
{
    return ska_merkle_consistent(t->old_root, m, t->new_root, n,
                                 (const uint8_t(*)[SKA_HASH_BYTES])t->path, len);
}

/* A proof that holds, and any bit of it or of a root turned over, a hash more or less, other sizes.
 */
static void attack_trees(struct trees *t, size_t m, size_t n)
{
    ck_assert_status(check_trees(t, m, n, t->len + 1), SKA_E_MISMATCH);
    if (t->len > 0)
        ck_assert_status(check_trees(t, m, n, t->len - 1), SKA_E_MISMATCH);
    for (size_t i = 0; i < t->len; i++) {
        t->path[i][i % 32] ^= 0x10;
        ck_assert_status(check_trees(t, m, n, t->len), SKA_E_MISMATCH);
        t->path[i][i % 32] ^= 0x10;
    }
    t->old_root[31] ^= 1;
    ck_assert_status(check_trees(t, m, n, t->len), SKA_E_MISMATCH);
    t->old_root[31] ^= 1;
    t->new_root[0] ^= 1;
    ck_assert_status(check_trees(t, m, n, t->len), SKA_E_MISMATCH);
    t->new_root[0] ^= 1;
    for (size_t other = 0; other <= n; other++)
        if (other != m)
            ck_assert_status(check_trees(t, other, n, t->len), SKA_E_MISMATCH);
}

START_TEST(a_larger_tree_is_consistent_with_each_before_it)
{
    make_leaves();
    for (size_t n = 1; n <= 34; n++) {
        for (size_t m = 1; m <= n; m++) {
            struct trees t = {.len = 0};
            plain_root(t.old_root, tree, m);
            plain_root(t.new_root, tree, n);
            plain_proof(t.path, &t.len, tree, m, n, true);
            ck_assert_status(check_trees(&t, m, n, t.len), SKA_OK);
            attack_trees(&t, m, n);
        }
    }
}
END_TEST

START_TEST(nothing_begins_every_tree)
{
    make_leaves();
    struct trees t = {.len = 0};
    ska_sha256(t.old_root, "", 0);
    plain_root(t.new_root, tree, 5);
    ck_assert_status(check_trees(&t, 0, 5, 0), SKA_OK);
    ck_assert_status(check_trees(&t, 0, 5, 1), SKA_E_MISMATCH);
    ck_assert_status(check_trees(&t, 0, 0, 0), SKA_E_MISMATCH); /* the new root is not nothing's */
    t.old_root[0] ^= 1;
    ck_assert_status(check_trees(&t, 0, 5, 0), SKA_E_MISMATCH);
    t.old_root[0] ^= 1;
    memcpy(t.new_root, t.old_root, sizeof t.new_root);
    ck_assert_status(check_trees(&t, 0, 0, 0), SKA_OK);
    ck_assert_status(check_trees(&t, 1, 0, 0), SKA_E_MISMATCH); /* a tree does not shrink */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merkle");
    TCase *t = tcase_create("merkle");
    tcase_add_test(t, known_trees_have_their_known_roots);
    tcase_add_test(t, roots_agree_with_the_definition);
    tcase_add_loop_test(t, a_path_proves_its_leaf_and_no_other, 0, 13);
    tcase_add_test(t, a_tree_worked_out_once_has_the_same_paths);
    tcase_add_test(t, a_node_is_not_a_leaf);
    tcase_add_test(t, a_larger_tree_is_consistent_with_each_before_it);
    tcase_add_test(t, nothing_begins_every_tree);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
