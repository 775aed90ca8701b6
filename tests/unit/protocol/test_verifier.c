/* SPDX-License-Identifier: EUPL-1.2 */
/* test_verifier.c - the publisher's statement about what its site offers for checking. */
#include "protocol/verifier.h"

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "tests/test.h"

static const char file[] = "export function check() {}\n";
#define FILE_LEN (sizeof file - 1)
#define ALL_LEN (SKA_VERIFIER_STATEMENT_BYTES + FILE_LEN)

static struct ska_signing_key key;

static void make(uint8_t out[static ALL_LEN])
{
    ck_assert_status(ska_signing_key_generate(&key), SKA_OK);
    ck_assert_status(
        ska_verifier_sign(out, &key, (struct ska_slice){(const uint8_t *)file, FILE_LEN}), SKA_OK);
    memcpy(out + SKA_VERIFIER_STATEMENT_BYTES, file, FILE_LEN);
}

START_TEST(a_statement_has_exactly_these_bytes)
{
    uint8_t bytes[ALL_LEN], hash[SKA_HASH_BYTES];
    struct ska_slice got = {0};
    make(bytes);
    ska_sha256(hash, file, FILE_LEN);
    ck_assert_uint_eq(bytes[0], 1);
    ck_assert_mem_eq(bytes + 1, hash, sizeof hash);
    for (size_t i = 33; i < 40; i++)
        ck_assert_uint_eq(bytes[i], 0);
    ck_assert_uint_eq(bytes[40], FILE_LEN);
    ck_assert_status(
        ska_sign_verify(bytes + 41, key.public_key, "skarva-1 sign verifier", bytes, 41), SKA_OK);
    ck_assert_status(
        ska_verifier_read(&got, (struct ska_slice){bytes, sizeof bytes}, key.public_key), SKA_OK);
    ck_assert_ptr_eq(got.data, bytes + SKA_VERIFIER_STATEMENT_BYTES);
    ck_assert_uint_eq(got.len, FILE_LEN);
}
END_TEST

START_TEST(any_other_byte_is_refused)
{
    uint8_t bytes[ALL_LEN];
    struct ska_slice got = {0};
    make(bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] ^= 1;
        enum ska_status want = i == 0                             ? SKA_E_VERSION
                               : i < SKA_VERIFIER_STATEMENT_BYTES ? SKA_E_SIGNATURE
                                                                  : SKA_E_MISMATCH;
        ck_assert_status(
            ska_verifier_read(&got, (struct ska_slice){bytes, sizeof bytes}, key.public_key), want);
        bytes[i] ^= 1;
    }
    for (size_t len = 0; len < sizeof bytes; len++)
        ck_assert_status(ska_verifier_read(&got, (struct ska_slice){bytes, len}, key.public_key),
                         len < SKA_VERIFIER_STATEMENT_BYTES ? SKA_E_TRUNCATED : SKA_E_MISMATCH);
    ck_assert_ptr_null(got.data);
}
END_TEST

START_TEST(a_file_that_is_too_long_is_refused)
{
    const size_t len = SKA_VERIFIER_STATEMENT_BYTES + SKA_VERIFIER_BYTES_MAX + 1;
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = ska_alloc(len, 1);
    struct ska_slice got = {0};
    ck_assert_ptr_nonnull(bytes);
    ck_assert_status(ska_signing_key_generate(&key), SKA_OK);
    ck_assert_status(
        ska_verifier_sign(bytes, &key, (struct ska_slice){bytes, SKA_VERIFIER_BYTES_MAX + 1}),
        SKA_E_LIMIT);
    bytes[0] = 1;
    ck_assert_status(ska_verifier_read(&got, (struct ska_slice){bytes, len}, key.public_key),
                     SKA_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("verifier");
    TCase *tc = tcase_create("verifier");
    tcase_add_test(tc, a_statement_has_exactly_these_bytes);
    tcase_add_test(tc, any_other_byte_is_refused);
    tcase_add_test(tc, a_file_that_is_too_long_is_refused);
    suite_add_tcase(s, tc);
    return test_run(s);
}
