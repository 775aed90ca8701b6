/* SPDX-License-Identifier: EUPL-1.2 */
/* test_tlog_tile.c - tiles, bundles and the proofs from them, against the plain definitions. */
#include "protocol/tlog_tile.h"

#include "tests/plain_tree.h"
#include "tests/test.h"

#include "crypto/scoped.h"

#define LEAVES 70000u /* the example of C2SP tlog-tiles */

static const struct {
    struct ska_tile tile;
    const char *want;
} paths[] = {
    {{0, 0, 256}, "tile/0/000"},
    {{0, 1234067, 256}, "tile/0/x001/x234/067"}, /* the specification's */
    {{1, 1234067, 1}, "tile/1/x001/x234/067.p/1"},
    {{7, 999, 255}, "tile/7/999.p/255"},
    {{2, 1000, 256}, "tile/2/x001/000"},
    {{SKA_TILE_ENTRIES, 0, 9}, "tile/entries/000.p/9"},
    {{SKA_TILE_ENTRIES, 1000000, 256}, "tile/entries/x001/x000/000"},
    {{0, UINT64_MAX, 255}, "tile/0/x018/x446/x744/x073/x709/x551/615.p/255"},
};

START_TEST(a_tile_has_its_path)
{
    char path[SKA_TILE_PATH_MAX + 1];
    ska_tile_path(path, &paths[_i].tile);
    ck_assert_str_eq(path, paths[_i].want);
}
END_TEST

/* The tree, level by level, as the specification defines it. */
static uint8_t levels[3][LEAVES][SKA_HASH_BYTES];

static void make_levels(void)
{
    for (uint32_t i = 0; i < LEAVES; i++)
        ska_merkle_leaf(levels[0][i], &i, sizeof i);
    for (size_t level = 1; level < 3; level++)
        for (size_t i = 0; i < LEAVES >> 8 * level; i++)
            plain_root(levels[level][i],
                       (const uint8_t(*)[SKA_HASH_BYTES]) & levels[level - 1][i * 256], 256);
}

static const uint8_t (*const leaves)[SKA_HASH_BYTES] = (const uint8_t (*)[SKA_HASH_BYTES])levels[0];

/* Refuses what lies beyond the size that the test says. */
static enum ska_status give_hash(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                                 uint64_t index)
{
    const uint64_t *size = arg;
    if (level > 2 || index >= *size >> 8 * level)
        return SKA_E_NOT_FOUND;
    memcpy(out, levels[level][index], SKA_HASH_BYTES);
    return SKA_OK;
}

/* The specification's two examples: how many tiles of each kind. */
static const struct {
    uint64_t old_size, size;
    unsigned level;
    unsigned n_full, partial; /* the width of the partial one; 0: none */
} counts[] = {
    {0, 70000, SKA_TILE_ENTRIES, 273, 112},
    {0, 70000, 0, 273, 112},
    {0, 70000, 1, 1, 17},
    {0, 70000, 2, 0, 1},
    {0, 70000, 3, 0, 0},
    {0, 256, SKA_TILE_ENTRIES, 1, 0},
    {0, 256, 0, 1, 0},
    {0, 256, 1, 0, 1},
    {0, 256, 2, 0, 0},
    {0, 0, 0, 0, 0},
    {70000, 70000, 0, 0, 0},
    {255, 256, 0, 1, 0},
    {255, 256, 1, 0, 1},
    {256, 257, 0, 0, 1},
    {256, 257, 1, 0, 0}, /* is there already, with one hash */
    {69999, 70000, 0, 0, 112},
    {69999, 70000, 1, 0, 0},
    {69887, 70000, 0, 1, 112},
    {69887, 70000, 1, 0, 17},
    {65535, 65536, 1, 1, 0},
    {65535, 65536, 2, 0, 1},
};

START_TEST(a_grown_tree_has_these_new_tiles)
{
    struct ska_tile_walk walk;
    struct ska_tile tile;
    unsigned n_full = 0, partial = 0;
    ska_tile_walk_init(&walk, counts[_i].old_size, counts[_i].size);
    while (ska_tile_walk_next(&tile, &walk)) {
        ck_assert_uint_eq(tile.width, ska_tile_width(tile.level, tile.index, counts[_i].size));
        ck_assert(tile.width != ska_tile_width(tile.level, tile.index, counts[_i].old_size));
        if (tile.level != counts[_i].level)
            continue;
        if (tile.width == SKA_TILE_WIDTH)
            n_full++;
        else
            partial = tile.width;
    }
    ck_assert_uint_eq(n_full, counts[_i].n_full);
    ck_assert_uint_eq(partial, counts[_i].partial);
    ck_assert(!ska_tile_walk_next(&tile, &walk));
}
END_TEST

/* Every tile of a tree is met in the step in which it gets its width, after those that it is hashed
 * from: what was met so far is always the whole tree. */
START_TEST(steps_meet_every_tile)
{
    test_seed("steps_meet_every_tile");
    static unsigned met[SKA_TILE_ENTRIES + 1][LEAVES / 256 + 1];
    memset(met, 0, sizeof met);
    uint64_t size = 0;
    while (size < LEAVES) {
        uint64_t next = size + test_random() % 600;
        next = next > LEAVES ? LEAVES : next;
        struct ska_tile_walk walk;
        struct ska_tile tile;
        ska_tile_walk_init(&walk, size, next);
        while (ska_tile_walk_next(&tile, &walk)) {
            if (tile.level != SKA_TILE_ENTRIES && tile.level > 0)
                for (uint64_t i = 0; i < tile.width; i++)
                    ck_assert_uint_eq(met[tile.level - 1][tile.index * 256 + i], 256);
            met[tile.level][tile.index] = tile.width;
        }
        size = next;
        for (unsigned level = 0; level <= SKA_TILE_ENTRIES; level++)
            for (uint64_t i = 0; i <= LEAVES / 256; i++)
                ck_assert_uint_eq(met[level][i], ska_tile_width(level, i, size));
    }
}
END_TEST

START_TEST(tiles_hold_the_hashes_of_the_definition)
{
    uint64_t size = LEAVES;
    const struct ska_tile_source source = {give_hash, &size};
    struct ska_tile_walk walk;
    struct ska_tile tile;
    ska_tile_walk_init(&walk, 0, size);
    while (ska_tile_walk_next(&tile, &walk)) {
        if (tile.level == SKA_TILE_ENTRIES)
            continue;
        uint8_t got[SKA_TILE_WIDTH][SKA_HASH_BYTES];
        ck_assert_status(ska_tile_hashes(got, &tile, &source), SKA_OK);
        ck_assert_mem_eq(got, levels[tile.level][tile.index * 256], tile.width * SKA_HASH_BYTES);
    }
    size = 5; /* a failure of the source is passed on */
    uint8_t got[SKA_TILE_WIDTH][SKA_HASH_BYTES];
    ck_assert_status(ska_tile_hashes(got, &(struct ska_tile){0, 0, 6}, &source), SKA_E_NOT_FOUND);
}
END_TEST

static uint64_t some_size(void)
{
    static const uint64_t edges[] = {1,   2,   255,   256,   257,   511,
                                     512, 513, 65535, 65536, 65537, LEAVES};
    const uint64_t choice = test_random() % (2 * N_OF(edges));
    return choice < N_OF(edges) ? edges[choice] : 1 + test_random() % LEAVES;
}

START_TEST(proofs_from_tiles_hold)
{
    test_seed("proofs_from_tiles_hold");
    for (int round = 0; round < 12; round++) {
        uint64_t size = some_size();
        const uint64_t old_size = test_random() % (size + 1), index = test_random() % size;
        const struct ska_tile_source source = {give_hash, &size};
        uint8_t root[SKA_HASH_BYTES], old_root[SKA_HASH_BYTES], got[SKA_HASH_BYTES];
        plain_root(root, leaves, size);
        plain_root(old_root, leaves, old_size);
        struct ska_merkle_edge edge;
        ck_assert_status(ska_tile_edge(&edge, size, &source), SKA_OK);
        ska_merkle_edge_root(got, &edge);
        ck_assert_mem_eq(got, root, sizeof root);

        uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
        size_t len = 0;
        const uint8_t(*const known)[SKA_HASH_BYTES] = (const uint8_t(*)[SKA_HASH_BYTES])path;
        ck_assert_status(ska_tile_inclusion(path, &len, index, size, &source), SKA_OK);
        ck_assert_status(ska_merkle_verify(root, leaves[index], index, size, known, len), SKA_OK);
        ck_assert_status(ska_tile_consistency(path, &len, old_size, size, &source), SKA_OK);
        ck_assert_status(ska_merkle_consistent(old_root, old_size, root, size, known, len), SKA_OK);
    }
}
END_TEST

/* Byte for byte as RFC 6962 defines them: all sizes up to one over a tile. */
START_TEST(consistency_proofs_are_the_definitions)
{
    for (uint64_t size = 1; size <= 257; size += size < 20 ? 1 : 47)
        for (uint64_t old_size = 1; old_size <= size; old_size++) {
            uint64_t limit = size;
            const struct ska_tile_source source = {give_hash, &limit};
            uint8_t got[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES],
                want[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
            size_t got_len = 0, want_len = 0;
            ck_assert_status(ska_tile_consistency(got, &got_len, old_size, size, &source), SKA_OK);
            plain_proof(want, &want_len, leaves, old_size, size, true);
            ck_assert_uint_eq(got_len, want_len);
            ck_assert_mem_eq(got, want, want_len * SKA_HASH_BYTES);
        }
}
END_TEST

START_TEST(proofs_of_what_is_not_there_are_refused)
{
    uint64_t size = 10;
    const struct ska_tile_source source = {give_hash, &size};
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t len = 77;
    ck_assert_status(ska_tile_inclusion(path, &len, 10, 10, &source), SKA_E_RANGE);
    ck_assert_status(ska_tile_inclusion(path, &len, 0, 0, &source), SKA_E_RANGE);
    ck_assert_status(ska_tile_consistency(path, &len, 11, 10, &source), SKA_E_RANGE);
    ck_assert_status(ska_tile_inclusion(path, &len, 3, 20, &source), SKA_E_NOT_FOUND);
    ck_assert_status(ska_tile_consistency(path, &len, 3, 20, &source), SKA_E_NOT_FOUND);
    struct ska_merkle_edge edge;
    ck_assert_status(ska_tile_edge(&edge, 11, &source), SKA_E_NOT_FOUND);
    ck_assert_uint_eq(len, 77);
    ck_assert_status(ska_tile_consistency(path, &len, 0, 10, &source), SKA_OK);
    ck_assert_uint_eq(len, 0);
}
END_TEST

static const struct {
    const char *name, *bytes;
    size_t len;
    unsigned width;
    enum ska_status want;
} bundles[] = {
    {"one", "\0\3abc", 5, 1, SKA_OK},
    {"two", "\0\3abc\0\1d", 8, 2, SKA_OK},
    {"empty entry", "\0\0", 2, 1, SKA_OK},
    {"empty file", "", 0, 1, SKA_E_TRUNCATED},
    {"half a length", "\0", 1, 1, SKA_E_TRUNCATED},
    {"cut", "\0\3ab", 4, 1, SKA_E_TRUNCATED},
    {"one missing", "\0\3abc", 5, 2, SKA_E_TRUNCATED},
    {"one too many", "\0\3abc\0\1d", 8, 1, SKA_E_TRAILING},
    {"a byte too many", "\0\3abc\0", 6, 1, SKA_E_TRAILING},
};

START_TEST(bundles_are_read_or_refused)
{
    struct ska_slice entries[SKA_TILE_WIDTH];
    const struct ska_slice bytes = {(const uint8_t *)bundles[_i].bytes, bundles[_i].len};
    const enum ska_status got = ska_tile_entries(entries, bundles[_i].width, bytes);
    ck_assert_msg(got == bundles[_i].want, "%s: got %s", bundles[_i].name, ska_status_name(got));
    if (got == SKA_OK && bundles[_i].len > 4)
        ck_assert_mem_eq(entries[0].data, "abc", entries[0].len);
}
END_TEST

/* Leaf i's bytes are the number itself, as make_levels has them. */
static void write_bundle(struct ska_writer *w, uint32_t first, unsigned width)
{
    for (uint32_t i = first; i < first + width; i++)
        ska_write_opaque16(w, &i, sizeof i);
    ck_assert_status(ska_writer_status(w), SKA_OK);
}

START_TEST(bundles_rebuild_the_tree_from_any_edge)
{
    test_seed("bundles_rebuild_the_tree_from_any_edge");
    for (int round = 0; round < 10; round++) {
        uint64_t size = 1 + test_random() % 2000;
        const uint64_t from = test_random() % (size + 1);
        const struct ska_tile_source source = {give_hash, &size};
        struct ska_merkle_edge edge;
        ck_assert_status(ska_tile_edge(&edge, from, &source), SKA_OK);
        for (uint64_t i = from / 256; i * 256 < size; i++) {
            const struct ska_tile bundle = {SKA_TILE_ENTRIES, i,
                                            ska_tile_width(SKA_TILE_ENTRIES, i, size)};
            SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
            write_bundle(&w, (uint32_t)i * 256, bundle.width);
            ck_assert_status(
                ska_tile_add_entries(&edge, &bundle, (struct ska_slice){w.data, w.len}), SKA_OK);
        }
        uint8_t got[SKA_HASH_BYTES], want[SKA_HASH_BYTES];
        ck_assert_uint_eq(edge.size, size);
        ska_merkle_edge_root(got, &edge);
        plain_root(want, leaves, size);
        ck_assert_mem_eq(got, want, sizeof want);
    }
}
END_TEST

START_TEST(a_bundle_that_does_not_fit_leaves_the_edge)
{
    struct ska_merkle_edge edge = {0}, before;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_bundle(&w, 0, 3);
    const struct ska_slice bytes = {w.data, w.len};
    const struct ska_tile three = {SKA_TILE_ENTRIES, 0, 3}, four = {SKA_TILE_ENTRIES, 0, 4},
                          later = {SKA_TILE_ENTRIES, 1, 3};
    ck_assert_status(ska_tile_add_entries(&edge, &three, bytes), SKA_OK);
    before = edge;
    ck_assert_status(ska_tile_add_entries(&edge, &four, bytes), SKA_E_TRUNCATED);
    ck_assert_status(ska_tile_add_entries(&edge, &later, bytes), SKA_E_RANGE);
    ck_assert_status(ska_tile_add_entries(&edge, &three, bytes), SKA_OK); /* all passed over */
    ck_assert_mem_eq(&edge, &before, sizeof edge);
}
END_TEST

int main(void)
{
    make_levels();
    Suite *suite = suite_create("tlog_tile");
    TCase *tc = tcase_create("tlog_tile");
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, a_tile_has_its_path, 0, (int)N_OF(paths));
    tcase_add_loop_test(tc, a_grown_tree_has_these_new_tiles, 0, (int)N_OF(counts));
    tcase_add_test(tc, steps_meet_every_tile);
    tcase_add_test(tc, tiles_hold_the_hashes_of_the_definition);
    tcase_add_test(tc, proofs_from_tiles_hold);
    tcase_add_test(tc, consistency_proofs_are_the_definitions);
    tcase_add_test(tc, proofs_of_what_is_not_there_are_refused);
    tcase_add_loop_test(tc, bundles_are_read_or_refused, 0, (int)N_OF(bundles));
    tcase_add_test(tc, bundles_rebuild_the_tree_from_any_edge);
    tcase_add_test(tc, a_bundle_that_does_not_fit_leaves_the_edge);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
