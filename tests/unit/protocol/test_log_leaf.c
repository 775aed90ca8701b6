/* SPDX-License-Identifier: EUPL-1.2 */
/* test_log_leaf.c - leaves of the public log: their bytes, what is refused. */
#include "protocol/log_leaf.h"

#include "tests/test.h"

#include "crypto/merkle.h"

#define ENTRY_BYTES ((size_t)(1 + 32 + 1 + 6 + 4 + 4 + 8 + 32 + 8)) /* with a period of six */

static struct ska_log_leaf example(enum ska_leaf_type type)
{
    struct ska_log_leaf l = {
        .type = type,
        .entry = {.period = "2025Q2", .contributor = SKA_LEAF_NO_CONTRIBUTOR, .length = 33000}};
    memset(l.entry.task_id, 0xAA, sizeof l.entry.task_id);
    memset(l.entry.sha256, 0xBB, sizeof l.entry.sha256);
    if (type == SKA_LEAF_SUBMISSION) {
        l.entry.contributor = 7;
        memset(l.report_id, 0xCC, sizeof l.report_id);
        memset(l.leader, 0xDD, sizeof l.leader);
        memset(l.helper, 0xEE, sizeof l.helper);
    }
    bool has_number = type == SKA_LEAF_SUBMISSION || type == SKA_LEAF_RELEASE ||
                      (type >= SKA_LEAF_OPEN && type <= SKA_LEAF_COLLECT);
    l.entry.number = has_number ? 3 : 0;
    if (type == SKA_LEAF_VERIFIER) {
        memset(l.entry.task_id, 0, sizeof l.entry.task_id);
        (void)snprintf(l.entry.period, sizeof l.entry.period, "%s", SKA_LEAF_NO_PERIOD);
    }
    return l;
}

static void check_hex(const struct ska_log_leaf *leaf, const char *want)
{
    uint8_t bytes[SKA_LEAF_BYTES_MAX];
    char text[2 * SKA_LEAF_BYTES_MAX + 1];
    ska_hex_encode(text, bytes, ska_log_leaf_encode(bytes, leaf));
    ck_assert_str_eq(text, want);
}

#define AA4 "aaaaaaaa"
#define AA32 AA4 AA4 AA4 AA4 AA4 AA4 AA4 AA4
#define BB4 "bbbbbbbb"
#define BB32 BB4 BB4 BB4 BB4 BB4 BB4 BB4 BB4
#define CC4 "cccccccc"
#define DD4 "dddddddd"
#define DD32 DD4 DD4 DD4 DD4 DD4 DD4 DD4 DD4
#define EE4 "eeeeeeee"
#define EE32 EE4 EE4 EE4 EE4 EE4 EE4 EE4 EE4

/* Byte for byte, so that the format cannot change unseen. */
START_TEST(leaves_have_exactly_these_bytes)
{
    struct ska_log_leaf submission = example(SKA_LEAF_SUBMISSION);
    check_hex(&submission,
              "01" AA32 "06323032355132"
              "00000000"
              "00000007"
              "0000000000000003" BB32 "00000000000080e8" CC4 CC4 CC4 CC4 DD32 DD32 EE32 EE32);
    struct ska_log_leaf close_leaf = example(SKA_LEAF_CLOSE);
    check_hex(&close_leaf, "05" AA32 "06323032355132"
                           "00000000"
                           "ffffffff"
                           "0000000000000003" BB32 "00000000000080e8");
}
END_TEST

/* The hash of a leaf is that of RFC 6962 over its bytes, put together here by hand. */
START_TEST(the_hash_is_that_of_the_bytes)
{
    struct ska_log_leaf leaf = example(SKA_LEAF_SUBMISSION);
    uint8_t bytes[1 + SKA_LEAF_BYTES_MAX] = {0};
    uint8_t want[SKA_HASH_BYTES];
    uint8_t got[SKA_HASH_BYTES];
    size_t len = ska_log_leaf_encode(bytes + 1, &leaf);
    ska_sha256(want, bytes, 1 + len);
    ska_log_leaf_hash(got, &leaf);
    ck_assert_mem_eq(got, want, sizeof want);
}
END_TEST

START_TEST(decoding_gives_every_type_back)
{
    for (int type = SKA_LEAF_SUBMISSION; type <= SKA_LEAF_VERIFIER; type++) {
        struct ska_log_leaf leaf = example((enum ska_leaf_type)type);
        struct ska_log_leaf got;
        uint8_t bytes[SKA_LEAF_BYTES_MAX + 1] = {0};
        uint8_t again[SKA_LEAF_BYTES_MAX];
        size_t len = ska_log_leaf_encode(bytes, &leaf);
        ck_assert_uint_eq(len, ENTRY_BYTES +
                                   (type == SKA_LEAF_SUBMISSION ? SKA_LEAF_SIGNED_BYTES : 0) -
                                   (type == SKA_LEAF_VERIFIER ? 5u : 0u));
        ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len}), SKA_OK);
        ck_assert_int_eq((int)got.type, type);
        ck_assert_uint_eq(ska_log_leaf_encode(again, &got), len);
        ck_assert_mem_eq(again, bytes, len);
        ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len + 1}),
                         SKA_E_TRAILING);
        for (size_t cut = 0; cut < len; cut++) {
            struct ska_log_leaf kept = got;
            ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, cut}),
                             SKA_E_TRUNCATED);
            ck_assert_mem_eq(&kept, &got, sizeof got);
        }
    }
}
END_TEST

/* A number or contributor that the type does not have. */
START_TEST(numbers_of_another_type_are_refused)
{
    for (int type = SKA_LEAF_SUBMISSION; type <= SKA_LEAF_VERIFIER; type++) {
        struct ska_log_leaf leaf = example((enum ska_leaf_type)type);
        struct ska_log_leaf got;
        uint8_t bytes[SKA_LEAF_BYTES_MAX];
        leaf.entry.number = leaf.entry.number == 0 ? 1 : 0;
        size_t len = ska_log_leaf_encode(bytes, &leaf);
        ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len}), SKA_E_RANGE);
        leaf = example((enum ska_leaf_type)type);
        leaf.entry.contributor = type == SKA_LEAF_SUBMISSION ? SKA_LEAF_NO_CONTRIBUTOR : 0;
        len = ska_log_leaf_encode(bytes, &leaf);
        ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len}), SKA_E_RANGE);
    }
}
END_TEST

START_TEST(a_verifier_is_of_no_task)
{
    const struct ska_log_leaf right = example(SKA_LEAF_VERIFIER);
    check_hex(&right, "0a"
                      "0000000000000000000000000000000000000000000000000000000000000000"
                      "012d"
                      "00000000"
                      "ffffffff"
                      "0000000000000000" BB32 "00000000000080e8");
    for (int i = 0; i < 3; i++) {
        struct ska_log_leaf leaf = right;
        struct ska_log_leaf got;
        uint8_t bytes[SKA_LEAF_BYTES_MAX];
        if (i == 0)
            leaf.entry.task_id[31] = 1;
        else if (i == 1)
            leaf.entry.revision = 1;
        else
            leaf.entry.period[0] = 'A';
        size_t len = ska_log_leaf_encode(bytes, &leaf);
        ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len}), SKA_E_RANGE);
    }
}
END_TEST

START_TEST(types_of_the_future_are_unsupported)
{
    struct ska_log_leaf leaf = example(SKA_LEAF_CLOSE);
    struct ska_log_leaf got;
    uint8_t bytes[SKA_LEAF_BYTES_MAX];
    size_t len = ska_log_leaf_encode(bytes, &leaf);
    static const uint8_t unknown[] = {0, 11, 255};
    for (size_t i = 0; i < N_OF(unknown); i++) {
        bytes[0] = unknown[i];
        ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len}),
                         SKA_E_UNSUPPORTED);
    }
    bytes[0] = SKA_LEAF_CLOSE;
    bytes[34] = 'q'; /* the period's first letter */
    ck_assert_status(ska_log_leaf_decode(&got, (struct ska_slice){bytes, len}), SKA_E_FORMAT);
}
END_TEST

START_TEST(a_submission_needs_both_signatures)
{
    struct ska_signing_key leader;
    struct ska_signing_key helper;
    struct ska_log_leaf leaf = example(SKA_LEAF_SUBMISSION);
    ck_assert_status(ska_signing_key_generate(&leader), SKA_OK);
    ck_assert_status(ska_signing_key_generate(&helper), SKA_OK);
    ck_assert_status(ska_log_entry_sign(leaf.leader, &leader, &leaf.entry), SKA_OK);
    ck_assert_status(ska_log_entry_sign(leaf.helper, &helper, &leaf.entry), SKA_OK);
    ck_assert_status(ska_log_leaf_verify(&leaf, leader.public_key, helper.public_key), SKA_OK);
    ck_assert_status(ska_log_leaf_verify(&leaf, helper.public_key, leader.public_key),
                     SKA_E_SIGNATURE);
    leaf.helper[5] ^= 1;
    ck_assert_status(ska_log_leaf_verify(&leaf, leader.public_key, helper.public_key),
                     SKA_E_SIGNATURE);
    leaf.helper[5] ^= 1;
    leaf.leader[5] ^= 1;
    ck_assert_status(ska_log_leaf_verify(&leaf, leader.public_key, helper.public_key),
                     SKA_E_SIGNATURE);
    struct ska_log_leaf unsigned_leaf = example(SKA_LEAF_OPEN);
    ck_assert_status(ska_log_leaf_verify(&unsigned_leaf, leader.public_key, helper.public_key),
                     SKA_OK);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("log_leaf");
    TCase *tc = tcase_create("log_leaf");
    tcase_add_test(tc, leaves_have_exactly_these_bytes);
    tcase_add_test(tc, the_hash_is_that_of_the_bytes);
    tcase_add_test(tc, decoding_gives_every_type_back);
    tcase_add_test(tc, numbers_of_another_type_are_refused);
    tcase_add_test(tc, a_verifier_is_of_no_task);
    tcase_add_test(tc, types_of_the_future_are_unsupported);
    tcase_add_test(tc, a_submission_needs_both_signatures);
    suite_add_tcase(s, tc);
    return test_run(s);
}
