/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_log_root.c - the root of a part of a log at any size is that of its leaves one by one, and
 * many closes do not each go over all of them.
 */
#include <string.h>
#include <time.h>

#include "audit/log_evidence.h"
#include "crypto/hash.h"
#include "crypto/scoped.h"

#include "tests/test.h"

static void make_leaf(uint8_t out[static SKA_HASH_BYTES], uint64_t i)
{
    ska_sha256(out, (const uint8_t *)&i, sizeof i);
}

/* A part of `n` leaves after `first` others. */
static void make_part(struct log_evidence *log, uint64_t first, uint64_t n)
{
    uint8_t hash[SKA_HASH_BYTES];
    *log = (struct log_evidence){.is_part = true, .first = first, .size = first + n};
    for (uint64_t i = 0; i < first; i++) {
        make_leaf(hash, i);
        ska_merkle_edge_add(&log->part.left, hash);
    }
    log->hashes[0] = ska_alloc((size_t)n, sizeof *log->hashes[0]);
    ck_assert_ptr_nonnull(log->hashes[0]);
    for (uint64_t i = 0; i < n; i++)
        make_leaf(log->hashes[0][i], first + i);
}

START_TEST(a_parts_root_at_each_size_is_that_of_its_leaves)
{
    static const uint64_t firsts[] = {0, 1, 255, 300};
    for (size_t k = 0; k < N_OF(firsts); k++) {
        SKA_SCOPED(log_evidence_clear) struct log_evidence log;
        make_part(&log, firsts[k], 1030);
        struct ska_merkle_edge edge = log.part.left;
        for (uint64_t size = firsts[k]; size <= log.size; size++) {
            uint8_t got[SKA_HASH_BYTES], want[SKA_HASH_BYTES];
            ck_assert_status(log_root_at(got, &log, size), SKA_OK);
            ska_merkle_edge_root(want, &edge);
            ck_assert_msg(memcmp(got, want, sizeof got) == 0, "first %u, size %u",
                          (unsigned)firsts[k], (unsigned)size);
            if (size < log.size)
                ska_merkle_edge_add(&edge, log.hashes[0][size - firsts[k]]);
        }
    }
}
END_TEST

/* 2,000 roots over 200,000 leaves, which would be some 1,500 passes each on its own. */
START_TEST(many_roots_cost_little_more_than_one)
{
    SKA_SCOPED(log_evidence_clear) struct log_evidence log;
    uint8_t root[SKA_HASH_BYTES];
    make_part(&log, 5, 200000);
    clock_t begin = clock();
    ck_assert_status(log_root_at(root, &log, log.size), SKA_OK);
    const clock_t one = clock() - begin;
    begin = clock();
    for (uint64_t i = 0; i < 2000; i++)
        ck_assert_status(log_root_at(root, &log, log.size - 100 * (i % 1000)), SKA_OK);
    const clock_t many = clock() - begin;
    ck_assert_msg(many < 20 * one, "%ld, one is %ld", (long)many, (long)one);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("log_root");
    TCase *t = tcase_create("log_root");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_parts_root_at_each_size_is_that_of_its_leaves);
    tcase_add_test(t, many_roots_cost_little_more_than_one);
    suite_add_tcase(s, t);
    return test_run(s);
}
