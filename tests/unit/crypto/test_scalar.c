/* SPDX-License-Identifier: EUPL-1.2 */
/* test_scalar.c - arithmetic modulo L: laws, edges, and libdecaf's scalars as a second opinion. */
#include "crypto/scalar.h"

#include "tests/unit/crypto/property.h"

#include <string.h>

#include <decaf/point_255.h>

#define ROUNDS 2000

/* L, little-endian. */
static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                  0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};

static void to_decaf(decaf_255_scalar_t out, const ska_scalar *a)
{
    uint8_t bytes[32];
    ska_scalar_encode(bytes, a);
    ck_assert(decaf_255_scalar_decode(out, bytes) == DECAF_SUCCESS);
}

static bool same(const ska_scalar *a, const decaf_255_scalar_t b)
{
    uint8_t x[32];
    uint8_t y[32];
    ska_scalar_encode(x, a);
    decaf_255_scalar_encode(y, b);
    return memcmp(x, y, sizeof x) == 0;
}

/* Random numbers with the edges mixed in. */
static ska_scalar pick(void)
{
    ska_scalar out = property_scalar();
    switch (property_u64() % 12) {
    case 0:
        return ska_scalar_zero;
    case 1:
        return ska_scalar_one;
    case 2:
        ska_scalar_neg(&out, &ska_scalar_one);
        return out;
    case 3:
        return ska_scalar_from_u64(UINT64_MAX);
    case 4:
        return ska_scalar_from_i64(INT64_MIN);
    default:
        return out;
    }
}

START_TEST(agrees_with_libdecaf)
{
    for (int i = 0; i < ROUNDS; i++) {
        ska_scalar a = pick();
        ska_scalar b = pick();
        ska_scalar got;
        decaf_255_scalar_t x;
        decaf_255_scalar_t y;
        decaf_255_scalar_t want;
        to_decaf(x, &a);
        to_decaf(y, &b);
        ska_scalar_add(&got, &a, &b);
        decaf_255_scalar_add(want, x, y);
        ck_assert(same(&got, want));
        ska_scalar_sub(&got, &a, &b);
        decaf_255_scalar_sub(want, x, y);
        ck_assert(same(&got, want));
        ska_scalar_mul(&got, &a, &b);
        decaf_255_scalar_mul(want, x, y);
        ck_assert(same(&got, want));
        ska_scalar_muladd(&got, &a, &b, &a);
        decaf_255_scalar_add(want, want, x);
        ck_assert(same(&got, want));
    }
}
END_TEST

START_TEST(inverse_agrees_with_libdecaf_and_zero_stays_zero)
{
    for (int i = 0; i < 200; i++) {
        ska_scalar a = pick();
        ska_scalar got;
        decaf_255_scalar_t x;
        decaf_255_scalar_t want;
        to_decaf(x, &a);
        ska_scalar_invert(&got, &a);
        (void)!decaf_255_scalar_invert(want, x);
        ck_assert(same(&got, want));
        ska_scalar_mul(&got, &got, &a);
        ck_assert(ska_scalar_equal(&got, ska_scalar_is_zero(&a) ? &a : &ska_scalar_one));
    }
}
END_TEST

START_TEST(reduction_of_512_bits_agrees_with_libdecaf)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t wide[64];
        ska_scalar got;
        decaf_255_scalar_t want;
        property_bytes(wide, sizeof wide);
        if (i < 64)
            memset(wide, i % 2 == 0 ? 0xFF : 0, (size_t)i + 1);
        if (i == 64)
            memset(wide, 0xFF, sizeof wide);
        ska_scalar_reduce64(&got, wide);
        decaf_255_scalar_decode_long(want, wide, sizeof wide);
        ck_assert(same(&got, want));
    }
}
END_TEST

START_TEST(laws_hold_also_when_the_output_is_an_operand)
{
    for (int i = 0; i < ROUNDS; i++) {
        ska_scalar a = pick();
        ska_scalar b = pick();
        ska_scalar c = pick();
        ska_scalar left;
        ska_scalar right;
        ska_scalar_add(&left, &a, &b); /* (a + b) c = a c + b c */
        ska_scalar_mul(&left, &left, &c);
        ska_scalar_mul(&right, &a, &c);
        ska_scalar_muladd(&right, &b, &c, &right);
        ck_assert(ska_scalar_equal(&left, &right));
        left = a;
        ska_scalar_sub(&left, &left, &b); /* (a - b) + b = a; a - b = -(b - a) */
        ska_scalar_sub(&right, &b, &a);
        ska_scalar_neg(&right, &right);
        ck_assert(ska_scalar_equal(&left, &right));
        ska_scalar_add(&left, &b, &left);
        ck_assert(ska_scalar_equal(&left, &a));
        left = a;
        ska_scalar_mul(&left, &left, &left);
        ska_scalar_mul(&right, &a, &a);
        ck_assert(ska_scalar_equal(&left, &right));
        ska_scalar_select(&left, &a, &b, false);
        ck_assert(ska_scalar_equal(&left, &a));
        ska_scalar_select(&left, &left, &b, true);
        ck_assert(ska_scalar_equal(&left, &b));
    }
}
END_TEST

START_TEST(decoding_gives_back_what_was_encoded)
{
    for (int i = 0; i < ROUNDS; i++) {
        ska_scalar a = pick();
        ska_scalar back;
        uint8_t bytes[32];
        ska_scalar_encode(bytes, &a);
        ck_assert(ska_scalar_decode(&back, bytes) == SKA_OK);
        ck_assert(ska_scalar_equal(&a, &back));
    }
}
END_TEST

START_TEST(numbers_from_l_upwards_are_refused)
{
    uint8_t bytes[32];
    ska_scalar out = ska_scalar_from_u64(77);
    const ska_scalar before = out;
    ska_scalar minus_one;
    memcpy(bytes, order, sizeof bytes);
    bytes[0]--; /* L - 1 is the largest */
    ck_assert(ska_scalar_decode(&out, bytes) == SKA_OK);
    ska_scalar_neg(&minus_one, &ska_scalar_one);
    ck_assert(ska_scalar_equal(&out, &minus_one));
    out = before;
    ck_assert(ska_scalar_decode(&out, order) == SKA_E_ENCODING);
    for (size_t i = 0; i < 32; i++) { /* more than L in each of its bytes */
        memcpy(bytes, order, sizeof bytes);
        for (size_t k = i; k < 32; k++) {
            if (bytes[k] < 0xFF) {
                bytes[k]++;
                break;
            }
        }
        ck_assert_msg(ska_scalar_decode(&out, bytes) == SKA_E_ENCODING, "byte %zu", i);
    }
    memset(bytes, 0xFF, sizeof bytes);
    ck_assert(ska_scalar_decode(&out, bytes) == SKA_E_ENCODING);
    ck_assert(ska_scalar_equal(&out, &before));
}
END_TEST

START_TEST(small_numbers_go_in_and_out)
{
    static const uint64_t cases[] = {0, 1, 2, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ska_scalar a = ska_scalar_from_u64(cases[i]);
        uint64_t back = 5;
        ck_assert(ska_scalar_to_u64(&back, &a) == SKA_OK);
        ck_assert_uint_eq(back, cases[i]);
    }
    uint64_t value = 5;
    ska_scalar a = ska_scalar_from_u64(UINT64_MAX);
    ska_scalar_add(&a, &a, &ska_scalar_one);
    ck_assert(ska_scalar_to_u64(&value, &a) == SKA_E_RANGE);
    ska_scalar_neg(&a, &ska_scalar_one);
    ck_assert(ska_scalar_to_u64(&value, &a) == SKA_E_RANGE);
    ck_assert_uint_eq(value, 5);
    static const int64_t signs[] = {0, 1, -1, INT64_MAX, -INT64_MAX};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        ska_scalar plus = ska_scalar_from_i64(signs[i]);
        ska_scalar minus = ska_scalar_from_i64(-signs[i]);
        ska_scalar_add(&a, &plus, &minus);
        ck_assert(ska_scalar_is_zero(&a));
        if (signs[i] >= 0) {
            ck_assert(ska_scalar_to_u64(&value, &plus) == SKA_OK);
            ck_assert_uint_eq(value, (uint64_t)signs[i]);
        }
    }
    ska_scalar lowest = ska_scalar_from_i64(INT64_MIN);
    ska_scalar power = ska_scalar_from_u64(UINT64_C(1) << 63);
    ska_scalar_add(&a, &lowest, &power);
    ck_assert(ska_scalar_is_zero(&a));
}
END_TEST

START_TEST(random_numbers_differ_and_clear_wipes)
{
    ska_scalar a;
    ska_scalar b;
    ska_scalar_random(&a);
    ska_scalar_random(&b);
    ck_assert(!ska_scalar_equal(&a, &b));
    ska_scalar_clear(&a);
    ck_assert(ska_scalar_equal(&a, &ska_scalar_zero));
    ck_assert(ska_scalar_is_zero(&a));
    ck_assert(!ska_scalar_is_zero(&ska_scalar_one));
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, agrees_with_libdecaf);
    tcase_add_test(tc, inverse_agrees_with_libdecaf_and_zero_stays_zero);
    tcase_add_test(tc, reduction_of_512_bits_agrees_with_libdecaf);
    tcase_add_test(tc, laws_hold_also_when_the_output_is_an_operand);
    tcase_add_test(tc, decoding_gives_back_what_was_encoded);
    tcase_add_test(tc, numbers_from_l_upwards_are_refused);
    tcase_add_test(tc, small_numbers_go_in_and_out);
    tcase_add_test(tc, random_numbers_differ_and_clear_wipes);
}

int main(void)
{
    return property_main("scalar", fill);
}
