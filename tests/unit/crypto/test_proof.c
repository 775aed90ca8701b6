/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_proof.c - the weighted-bit proof: its bits, every value of small ranges, both
 * implementations against each other, and refusal of everything that is not its exact bytes.
 */
#include "crypto/proof.h"

#include "crypto/labels.h"
#include "crypto/proof_bits.h"
#include "crypto/random.h"

#include "tests/test.h"
#include "tests/unit/crypto/proof_case.h"

static const struct plain_faults honest = {0};
static const struct plain_leniency strict = {0};

/* ---- bits ---- */

START_TEST(weights_reach_exactly_the_range)
{
    for (uint64_t bound = 0; bound <= 300; bound++) {
        static bool reached[1024];
        size_t n = ska_bits_of_bound(bound);
        ck_assert_uint_le(n, 9);
        memset(reached, 0, sizeof reached);
        for (uint64_t bits = 0; bits < UINT64_C(1) << n; bits++) {
            uint64_t sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += (bits >> i & 1) * ska_bit_weight(bound, i);
            ck_assert_uint_lt(sum, 1024);
            reached[sum] = true;
        }
        for (uint64_t v = 0; v < 1024; v++)
            ck_assert_msg(reached[v] == (v <= bound), "bound %u, value %u", (unsigned)bound,
                          (unsigned)v);
    }
}
END_TEST

START_TEST(bits_add_up_to_the_value)
{
    static const uint64_t bounds[] = {0,          1,
                                      2,          3,
                                      4,          5,
                                      6,          7,
                                      8,          9,
                                      15,         16,
                                      17,         99,
                                      100,        101,
                                      255,        65534,
                                      65535,      65536,
                                      UINT32_MAX, UINT64_MAX - 1,
                                      UINT64_MAX, UINT64_C(1) << 63};
    for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        uint64_t bound = bounds[b];
        size_t n = ska_bits_of_bound(bound);
        uint8_t bits[64];
        for (uint64_t i = 0; i < 300; i++) {
            uint64_t value = i < 100 ? i : i < 200 ? bound - (i - 100) : property_u64();
            memset(bits, 2, sizeof bits);
            uint64_t fits = ska_bits_split(bits, value, bound);
            ck_assert_uint_eq(fits, value <= bound);
            uint64_t sum = 0;
            for (size_t k = 0; k < n; k++) {
                ck_assert_uint_le(bits[k], 1);
                sum += bits[k] * ska_bit_weight(bound, k);
            }
            ck_assert(value > bound || sum == value);
        }
    }
}
END_TEST

START_TEST(length_follows_from_the_bounds)
{
    static const struct {
        size_t m;
        uint64_t bound;
        size_t want;
    } cases[] = {{0, 0, 288},
                 {1, 0, 288},
                 {50, 0, 288},
                 {1, 1, 288},
                 {1, 2, 352},
                 {2, 1, 352},
                 {3, 1, 416},
                 {4, 3, 480},
                 {500, 65535, 288 + 13 * 64},
                 {1, UINT64_MAX, 288 + 6 * 64},
                 {512, UINT64_MAX, 288 + 15 * 64},
                 {1024, UINT64_MAX, 288 + 16 * 64}};
    static uint64_t bound[2000];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = 0;
        for (size_t j = 0; j < cases[i].m; j++)
            bound[j] = cases[i].bound;
        ck_assert(ska_proof_length(&len, bound, cases[i].m) == SKA_OK);
        ck_assert_uint_eq(len, cases[i].want);
    }
    bound[1024] = 1; /* one bit more than allowed */
    size_t len = 7;
    ck_assert(ska_proof_length(&len, bound, 1025) == SKA_E_LIMIT);
    ck_assert_uint_eq(len, 7);
    ck_assert(ska_proof_generators_prepare(SKA_PROOF_BITS_MAX + 1) == SKA_E_LIMIT);
    ck_assert(ska_proof_generators_prepare(0) == SKA_OK);
}
END_TEST

START_TEST(more_bits_than_allowed_are_neither_proven_nor_verified)
{
    static uint64_t bound[1025], x[1025];
    static ska_scalar r[1025];
    static ska_point v[1025];
    for (size_t j = 0; j < N_OF(bound); j++)
        bound[j] = UINT64_MAX;
    const struct ska_proof_values values = {.m = N_OF(bound), .bound = bound, .v = v};
    struct ska_transcript t;
    ska_transcript_init(&t);
    const struct ska_transcript before = t;
    uint8_t proof[2000] = {0}, untouched[2000] = {0};
    ck_assert_status(ska_proof_prove(proof, 1312, &t, &values, x, r), SKA_E_LIMIT);
    ck_assert_mem_eq(proof, untouched, sizeof proof);
    ck_assert_status(ska_proof_verify(proof, 1312, &t, &values), SKA_E_LIMIT);
    ck_assert_mem_eq(&t, &before, sizeof t);
}
END_TEST

/* ---- every value of small ranges ---- */

START_TEST(every_value_of_a_small_range_is_proven_and_no_other)
{
    static struct proof_case c;
    uint64_t bound = (uint64_t)_i;
    for (uint64_t x = 0; x <= bound + 1; x++) {
        case_init(&c, 1, bound);
        c.x[0] = x;
        case_commit(&c, 0, ska_scalar_from_u64(x));
        memset(c.proof, 0xAB, sizeof c.proof);
        enum ska_status got = case_prove(&c);
        if (x <= bound) {
            ck_assert_msg(got == SKA_OK, "%u of %u", (unsigned)x, (unsigned)bound);
            ck_assert_msg(case_verify(&c) == SKA_OK, "%u of %u", (unsigned)x, (unsigned)bound);
            continue;
        }
        ck_assert(got == SKA_E_RANGE);
        for (size_t i = 0; i < sizeof c.proof; i++)
            ck_assert_uint_eq(c.proof[i], 0xAB); /* nothing came out */
        case_prove_plain(&c, &honest);           /* a prover that does not ask */
        ck_assert(case_verify(&c) == SKA_E_PROOF);
    }
    case_init(&c, 1, bound); /* -1: bits of 0, of 1 and of the bound, for a commitment to L - 1 */
    ska_scalar minus_one;
    ska_scalar_neg(&minus_one, &ska_scalar_one);
    case_commit(&c, 0, minus_one);
    for (uint64_t x = 0; x <= bound; x += bound > 1 ? bound - 1 : 1) {
        c.x[0] = x;
        ck_assert(case_prove(&c) == SKA_OK); /* it proves something, but not about this */
        ck_assert(case_verify(&c) == SKA_E_PROOF);
    }
    c.x[0] = UINT64_MAX;
    ck_assert(case_prove(&c) == SKA_E_RANGE);
    case_prove_plain(&c, &honest);
    ck_assert(case_verify(&c) == SKA_E_PROOF);
}
END_TEST

START_TEST(values_outside_a_wide_range_are_refused)
{
    static struct proof_case c;
    static const uint64_t bounds[] = {65535, 65536, 99999, UINT32_MAX};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        case_init(&c, 3, bounds[i]);
        ck_assert(case_prove(&c) == SKA_OK);
        ck_assert(case_verify(&c) == SKA_OK);
        c.x[1] = bounds[i] + 1;
        case_commit(&c, 1, ska_scalar_from_u64(c.x[1]));
        ck_assert(case_prove(&c) == SKA_E_RANGE);
        case_prove_plain(&c, &honest);
        ck_assert(case_verify(&c) == SKA_E_PROOF);
    }
}
END_TEST

START_TEST(bounds_may_be_mixed_and_zero_and_outnumber_the_bits)
{
    static struct proof_case c;
    case_init(&c, 50, 0); /* fifty values with no bits */
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify(&c) == SKA_OK);
    c.bound[7] = 1;
    c.bound[49] = 5;
    c.x[49] = 5;
    case_commit(&c, 49, ska_scalar_from_u64(5));
    ck_assert(ska_proof_length(&c.proof_len, c.bound, 50) == SKA_OK);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify(&c) == SKA_OK);
    ck_assert(case_verify_plain(&c, strict));
    case_commit(&c, 3, ska_scalar_one); /* a bound of 0 proves the value is 0 */
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify(&c) == SKA_E_PROOF);
    c.x[3] = 1;
    ck_assert(case_prove(&c) == SKA_E_RANGE);
}
END_TEST

START_TEST(no_values_and_identity_commitments_are_allowed)
{
    static struct proof_case c;
    case_init(&c, 0, 0);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify(&c) == SKA_OK);
    case_init(&c, 2, 3);
    c.x[0] = 0;
    c.r[0] = ska_scalar_zero; /* V is the identity, and opens to 0 */
    ska_commit(&c.v[0], &ska_scalar_zero, &ska_scalar_zero);
    ck_assert(ska_point_is_identity(&c.v[0]));
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify(&c) == SKA_OK);
}
END_TEST

/* ---- two implementations ---- */

START_TEST(both_implementations_accept_each_others_proofs)
{
    static struct proof_case c;
    static const struct {
        size_t m;
        uint64_t bound;
    } sizes[] = {{1, 0}, {1, 1}, {1, 2}, {3, 6}, {5, 40}, {13, 17}, {16, 255}, {3, UINT64_MAX}};
    case_init(&c, sizes[_i].m, sizes[_i].bound);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify_plain(&c, strict));
    case_prove_plain(&c, &honest);
    ck_assert(case_verify_plain(&c, strict));
    ck_assert(case_verify(&c) == SKA_OK);
    c.proof[c.proof_len - 64] ^= 1;
    ck_assert(!case_verify_plain(&c, strict));
}
END_TEST

START_TEST(prover_and_verifier_end_with_the_same_transcript)
{
    static struct proof_case c;
    case_init(&c, 3, 6);
    struct ska_transcript p = c.context;
    struct ska_transcript v = c.context;
    ck_assert(ska_proof_prove(c.proof, c.proof_len, &p, &c.values, c.x, c.r) == SKA_OK);
    ck_assert(ska_proof_verify(c.proof, c.proof_len, &v, &c.values) == SKA_OK);
    ck_assert_mem_eq(p.state, v.state, sizeof p.state);
    ck_assert(memcmp(p.state, c.context.state, sizeof p.state) != 0);
    c.proof[0] ^= 1;
    v = c.context;
    ck_assert(ska_proof_verify(c.proof, c.proof_len, &v, &c.values) != SKA_OK);
    ck_assert_mem_eq(v.state, c.context.state, sizeof v.state);
}
END_TEST

static void same_bytes(uint8_t *out, size_t len)
{
    memset(out, 0x11, len);
}

START_TEST(nonces_depend_on_the_witness_also_when_randomness_repeats)
{
    static struct proof_case c;
    static uint8_t first[2048];
    case_init(&c, 2, 3);
    ska_random_replace_for_test(same_bytes);
    ck_assert(case_prove(&c) == SKA_OK);
    memcpy(first, c.proof, c.proof_len);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert_mem_eq(first, c.proof, c.proof_len); /* all the same: the same proof */
    c.x[0] ^= 1;
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(memcmp(first + 32, c.proof + 32, 32) != 0); /* S is masks only */
    c.x[0] ^= 1;
    ska_transcript_absorb(&c.context, "x", "x", 1);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(memcmp(first + 32, c.proof + 32, 32) != 0);
    ska_random_replace_for_test(NULL);
    ck_assert(case_prove(&c) == SKA_OK);
    memcpy(first, c.proof, c.proof_len);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(memcmp(first + 32, c.proof + 32, 32) != 0);
}
END_TEST

/* ---- refusal ---- */

START_TEST(every_flipped_bit_is_refused)
{
    static struct proof_case c;
    case_init(&c, 2, 3);
    ck_assert(case_prove(&c) == SKA_OK);
    for (size_t i = 0; i < c.proof_len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            c.proof[i] ^= (uint8_t)(1u << bit);
            enum ska_status got = case_verify(&c);
            ck_assert_msg(got == SKA_E_PROOF || got == SKA_E_ENCODING, "byte %zu: %s", i,
                          ska_status_name(got));
            c.proof[i] ^= (uint8_t)(1u << bit);
        }
    }
    ck_assert(case_verify(&c) == SKA_OK);
}
END_TEST

START_TEST(every_wrong_length_is_refused)
{
    static struct proof_case c;
    case_init(&c, 2, 3);
    ck_assert(case_prove(&c) == SKA_OK);
    size_t right = c.proof_len;
    for (c.proof_len = 0; c.proof_len < 1000; c.proof_len++) {
        enum ska_status want = c.proof_len < right    ? SKA_E_TRUNCATED
                               : c.proof_len == right ? SKA_OK
                                                      : SKA_E_TRAILING;
        ck_assert_msg(case_verify(&c) == want, "%zu bytes", c.proof_len);
    }
    struct ska_transcript t = c.context; /* the prover's buffer too */
    ck_assert(ska_proof_prove(c.proof, right - 1, &t, &c.values, c.x, c.r) == SKA_E_LIMIT);
    ck_assert(ska_proof_prove(c.proof, right + 1, &t, &c.values, c.x, c.r) == SKA_E_LIMIT);
}
END_TEST

START_TEST(a_round_too_few_or_too_many_is_refused)
{
    static struct proof_case c;
    static uint8_t changed[2048];
    case_init(&c, 2, 3); /* two rounds, at bytes 224 and 288 */
    ck_assert(case_prove(&c) == SKA_OK);
    struct ska_transcript t = c.context;
    memcpy(changed, c.proof, 288);
    memcpy(changed + 288, c.proof + 352, 64);
    ck_assert(ska_proof_verify(changed, 352, &t, &c.values) == SKA_E_TRUNCATED);
    memcpy(changed, c.proof, 352);
    memcpy(changed + 352, c.proof + 288, 128);
    ck_assert(ska_proof_verify(changed, 480, &t, &c.values) == SKA_E_TRAILING);
}
END_TEST

/* Byte offsets of the items of a proof with two rounds. */
static const size_t points_at[] = {0, 32, 64, 96, 224, 256, 288, 320};
static const size_t scalars_at[] = {128, 160, 192, 352, 384};

START_TEST(points_that_are_not_canonical_or_the_identity_are_refused)
{
    static struct proof_case c;
    uint8_t saved[32];
    case_init(&c, 2, 3);
    ck_assert(case_prove(&c) == SKA_OK);
    for (size_t i = 0; i < sizeof points_at / sizeof points_at[0]; i++) {
        uint8_t *at = c.proof + points_at[i];
        memcpy(saved, at, 32);
        at[31] |= 0x80;
        ck_assert(case_verify(&c) == SKA_E_ENCODING);
        memset(at, 0xFF, 32);
        ck_assert(case_verify(&c) == SKA_E_ENCODING);
        memset(at, 0, 32);
        ck_assert(case_verify(&c) == SKA_E_PROOF);
        memcpy(at, saved, 32);
    }
    ck_assert(case_verify(&c) == SKA_OK);
}
END_TEST

START_TEST(numbers_from_l_upwards_are_refused)
{
    /* L, little-endian */
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    static struct proof_case c;
    uint8_t saved[32];
    case_init(&c, 2, 3);
    ck_assert(case_prove(&c) == SKA_OK);
    for (size_t i = 0; i < sizeof scalars_at / sizeof scalars_at[0]; i++) {
        uint8_t *at = c.proof + scalars_at[i];
        unsigned carry = 0;
        memcpy(saved, at, 32);
        for (size_t k = 0; k < 32; k++) { /* the same number, plus L */
            carry += (unsigned)at[k] + order[k];
            at[k] = (uint8_t)carry;
            carry >>= 8;
        }
        ck_assert(case_verify(&c) == SKA_E_ENCODING);
        memcpy(at, saved, 32);
    }
    ck_assert(case_verify(&c) == SKA_OK);
}
END_TEST

START_TEST(a_proof_holds_for_its_own_commitments_bounds_and_context_only)
{
    static struct proof_case c;
    case_init(&c, 4, 6);
    ck_assert(case_prove(&c) == SKA_OK);
    static struct proof_case d;
    d = c;
    d.values = (struct ska_proof_values){d.m, d.bound, d.v};
    d.v[0] = c.v[1]; /* two commitments swapped */
    d.v[1] = c.v[0];
    ck_assert(case_verify(&d) == SKA_E_PROOF);
    d.v[0] = c.v[0];
    d.v[1] = c.v[1];
    ck_assert(case_verify(&d) == SKA_OK);
    ska_point_add(&d.v[2], &d.v[2], ska_group_g());
    ck_assert(case_verify(&d) == SKA_E_PROOF);
    d.v[2] = c.v[2];
    d.bound[3] = 7; /* another last weight, the same number of bits */
    ck_assert(case_verify(&d) == SKA_E_PROOF);
    d.bound[3] = 6;
    d.context.state[5] ^= 1;
    ck_assert(case_verify(&d) == SKA_E_PROOF);
    d.context.state[5] ^= 1;
    ck_assert(case_verify(&d) == SKA_OK);
    d.bound[3] = 8; /* another N */
    ck_assert(case_verify(&d) != SKA_OK);
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, weights_reach_exactly_the_range);
    tcase_add_test(tc, bits_add_up_to_the_value);
    tcase_add_test(tc, length_follows_from_the_bounds);
    tcase_add_test(tc, more_bits_than_allowed_are_neither_proven_nor_verified);
    tcase_add_loop_test(tc, every_value_of_a_small_range_is_proven_and_no_other, 0, 41);
    tcase_add_test(tc, values_outside_a_wide_range_are_refused);
    tcase_add_test(tc, bounds_may_be_mixed_and_zero_and_outnumber_the_bits);
    tcase_add_test(tc, no_values_and_identity_commitments_are_allowed);
    tcase_add_loop_test(tc, both_implementations_accept_each_others_proofs, 0, 8);
    tcase_add_test(tc, prover_and_verifier_end_with_the_same_transcript);
    tcase_add_test(tc, nonces_depend_on_the_witness_also_when_randomness_repeats);
    tcase_add_test(tc, every_flipped_bit_is_refused);
    tcase_add_test(tc, every_wrong_length_is_refused);
    tcase_add_test(tc, a_round_too_few_or_too_many_is_refused);
    tcase_add_test(tc, points_that_are_not_canonical_or_the_identity_are_refused);
    tcase_add_test(tc, numbers_from_l_upwards_are_refused);
    tcase_add_test(tc, a_proof_holds_for_its_own_commitments_bounds_and_context_only);
}

int main(void)
{
    return property_main("proof", fill);
}
