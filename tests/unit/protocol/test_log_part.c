/* SPDX-License-Identifier: EUPL-1.2 */
/* test_log_part.c - a bundle's part of the public log: its three files, and the root of them. */
#include "protocol/log_part.h"

#include "crypto/scoped.h"
#include "tests/plain_tree.h"
#include "tests/test.h"

#include <string.h>

#define N_LEAVES 300u

static uint8_t leaves[N_LEAVES][4];
static uint8_t hashes[N_LEAVES][SKA_HASH_BYTES];
static struct ska_slice slices[N_LEAVES];

static void make_leaves(void)
{
    for (uint32_t i = 0; i < N_LEAVES; i++) {
        memcpy(leaves[i], &i, sizeof i);
        ska_merkle_leaf(hashes[i], leaves[i], sizeof leaves[i]);
        slices[i] = (struct ska_slice){leaves[i], sizeof leaves[i]};
    }
}

/* The part of a tree of `size` leaves from `first` on. */
static struct ska_log_part make_part(size_t first, size_t size)
{
    struct ska_log_part part = {.leaves = slices + first, .n = size - first};
    for (size_t i = 0; i < first; i++)
        ska_merkle_edge_add(&part.left, hashes[i]);
    return part;
}

START_TEST(the_root_is_the_whole_trees_wherever_the_part_begins)
{
    static const size_t sizes[] = {1, 2, 3, 5, 64, 255, 256, 257, N_LEAVES};
    uint8_t want[SKA_HASH_BYTES], got[SKA_HASH_BYTES];
    make_leaves();
    for (size_t k = 0; k < N_OF(sizes); k++) {
        plain_root(want, (const uint8_t(*)[SKA_HASH_BYTES])hashes, sizes[k]);
        for (size_t first = 0; first < sizes[k]; first++) {
            const struct ska_log_part part = make_part(first, sizes[k]);
            ska_log_part_root(got, &part);
            ck_assert_mem_eq(got, want, sizeof want);
        }
    }
}
END_TEST

/* Encoded files, with bytes more or less. */
static const struct {
    const char *name;
    size_t first, size;
    int left, leaves, records; /* bytes more, or less */
    uint32_t n_records;        /* that are said to be there, instead of 2 */
    enum ska_status want;
    const char *tells;
} cases[] = {
    {"whole", 5, 20, 0, 0, 0, 2, SKA_OK, ""},
    {"from the start", 0, 20, 0, 0, 0, 2, SKA_OK, ""},
    {"a hash too many", 5, 20, 32, 0, 0, 2, SKA_E_FORMAT, "log/left"},
    {"a hash too few", 5, 20, -32, 0, 0, 2, SKA_E_FORMAT, "log/left"},
    {"a byte of a hash", 5, 20, -1, 0, 0, 2, SKA_E_FORMAT, "log/left"},
    {"no leaf", 5, 5, 0, 0, 0, 2, SKA_E_FORMAT, "log/leaves"},
    {"a leaf cut", 5, 20, 0, -1, 0, 2, SKA_E_TRUNCATED, "log/leaves"},
    {"a byte after the leaves", 5, 20, 0, 1, 0, 2, SKA_E_TRUNCATED, "log/leaves"},
    {"without its first place", 5, 5, 0, -1, 0, 2, SKA_E_TRUNCATED, "log/leaves"},
    {"a record cut", 5, 20, 0, 0, -1, 2, SKA_E_TRUNCATED, "log/records"},
    {"a byte after the records", 5, 20, 0, 0, 1, 2, SKA_E_TRAILING, "log/records"},
    {"a record too few", 5, 20, 0, 0, 0, 3, SKA_E_TRUNCATED, "log/records"},
    {"a record more than is said", 5, 20, 0, 0, 0, 1, SKA_E_TRAILING, "log/records"},
    {"too many records", 5, 20, 0, 0, 0, 10001, SKA_E_LIMIT, "log/records"},
};

static void change(struct ska_writer *w, int by)
{
    for (int i = 0; i < by; i++)
        ska_write_u8(w, 0);
    if (by < 0)
        w->len -= (size_t)-by;
}

START_TEST(files_decode_to_what_they_were_or_name_the_fault)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer left = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer all = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer records = {0};
    SKA_SCOPED(ska_log_part_clear) struct ska_log_part got = {0};
    struct ska_slice blobs[2] = {{(const uint8_t *)"open", 4}, {(const uint8_t *)"", 0}};
    struct ska_error err = {0};
    make_leaves();
    struct ska_log_part part = make_part(cases[_i].first, cases[_i].size);
    part.records = blobs;
    part.n_records = 2;
    ska_log_part_encode_left(&left, &part);
    ska_log_part_encode_leaves(&all, &part);
    ska_log_part_encode_records(&records, &part);
    records.data[2] = (uint8_t)(cases[_i].n_records >> 8);
    records.data[3] = (uint8_t)cases[_i].n_records;
    change(&left, cases[_i].left);
    change(&all, cases[_i].leaves);
    change(&records, cases[_i].records);
    const enum ska_status status = ska_log_part_decode(
        &got, (struct ska_slice){left.data, left.len}, (struct ska_slice){all.data, all.len},
        (struct ska_slice){records.data, records.len}, &err);
    ck_assert_msg(status == cases[_i].want, "%s: %s", cases[_i].name, ska_status_name(status));
    ck_assert_msg(strstr(err.text, cases[_i].tells) != NULL, "%s: %s", cases[_i].name, err.text);
    ck_assert_uint_eq(got.n, status == SKA_OK ? part.n : 0);
    if (status != SKA_OK)
        return;
    ck_assert_uint_eq(got.left.size, part.left.size);
    ck_assert_uint_eq(got.n_records, 2);
    ck_assert_mem_eq(got.leaves[got.n - 1].data, leaves[cases[_i].size - 1], 4);
    ck_assert_mem_eq(got.records[0].data, "open", 4);
}
END_TEST

/* Places are below 2^63. */
START_TEST(a_place_that_is_none_is_refused)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint8_t left[64 * SKA_HASH_BYTES] = {0};
    struct ska_log_part got = {0};
    ska_write_u64(&w, UINT64_C(0x7FFFFFFFFFFFFFFF));
    ska_write_opaque16(&w, "x", 1);
    ck_assert_status(ska_log_part_decode(&got, (struct ska_slice){left, 63 * SKA_HASH_BYTES},
                                         (struct ska_slice){w.data, w.len},
                                         (struct ska_slice){left, 4}, NULL),
                     SKA_E_RANGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_part");
    TCase *tc = tcase_create("log_part");
    tcase_add_test(tc, the_root_is_the_whole_trees_wherever_the_part_begins);
    tcase_add_loop_test(tc, files_decode_to_what_they_were_or_name_the_fault, 0, (int)N_OF(cases));
    tcase_add_test(tc, a_place_that_is_none_is_refused);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
