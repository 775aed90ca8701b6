/* SPDX-License-Identifier: EUPL-1.2 */
/* test_secret.c - wiping and comparing secrets, and the source of randomness. */
#include "crypto/random.h"
#include "crypto/secret.h"

#include "tests/test.h"

#include <string.h>

START_TEST(wiping_leaves_zeros_and_stops_at_the_length)
{
    uint8_t bytes[8];
    memset(bytes, 0xAA, sizeof bytes);
    ska_wipe(bytes + 1, 6);
    ck_assert_mem_eq(bytes, "\xAA\0\0\0\0\0\0\xAA", 8);
    ska_wipe(NULL, 0);
    ska_wipe_free(NULL, 5);
    uint8_t *heap = malloc(16);
    ck_assert_ptr_nonnull(heap);
    ska_wipe_free(heap, 16);
}
END_TEST

START_TEST(comparison_sees_every_single_bit)
{
    uint8_t a[33];
    uint8_t b[33];
    memset(a, 0x5A, sizeof a);
    memcpy(b, a, sizeof b);
    ck_assert(ska_ct_equal(a, b, sizeof a));
    ck_assert(ska_ct_equal(a, b, 0));
    for (size_t bit = 0; bit < 8 * sizeof b; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_msg(!ska_ct_equal(a, b, sizeof a), "bit %zu", bit);
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    uint8_t zero[33] = {0};
    ck_assert(ska_ct_is_zero(zero, sizeof zero));
    ck_assert(ska_ct_is_zero(a, 0));
    for (size_t bit = 0; bit < 8 * sizeof zero; bit++) {
        zero[bit / 8] = (uint8_t)(1u << bit % 8);
        ck_assert_msg(!ska_ct_is_zero(zero, sizeof zero), "bit %zu", bit);
        zero[bit / 8] = 0;
    }
}
END_TEST

START_TEST(randomness_fills_exactly_what_is_asked_for)
{
    static const size_t lengths[] = {0, 1, 32, 255, 256, 257, 5000};
    for (size_t i = 0; i < N_OF(lengths); i++) {
        uint8_t a[5002] = {0};
        uint8_t b[5002] = {0};
        ska_random(a + 1, lengths[i]);
        ska_random(b + 1, lengths[i]);
        ck_assert_uint_eq(a[0], 0);
        ck_assert_uint_eq(a[lengths[i] + 1], 0);
        if (lengths[i] >= 32) /* equal with probability 2^-256 */
            ck_assert_mem_ne(a + 1, b + 1, lengths[i]);
    }
}
END_TEST

static void give_sevens(uint8_t *out, size_t len)
{
    memset(out, 7, len);
}

START_TEST(randomness_can_be_replaced_and_restored)
{
    uint8_t bytes[32];
    ska_random_replace_for_test(give_sevens);
    ska_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        ck_assert_uint_eq(bytes[i], 7);
    ska_random_replace_for_test(NULL);
    uint8_t others[32];
    ska_random(others, sizeof others);
    ck_assert_mem_ne(bytes, others, sizeof bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secret");
    TCase *t = tcase_create("secret");
    tcase_add_test(t, wiping_leaves_zeros_and_stops_at_the_length);
    tcase_add_test(t, comparison_sees_every_single_bit);
    tcase_add_test(t, randomness_fills_exactly_what_is_asked_for);
    tcase_add_test(t, randomness_can_be_replaced_and_restored);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
