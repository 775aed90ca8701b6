/* SPDX-License-Identifier: EUPL-1.2 */
/* test_transcript.c - hashes against FIPS 180-4's examples, and the transcript rebuilt by hand. */
#include "crypto/transcript.h"

#include "crypto/labels.h"

#include "tests/unit/crypto/property.h"

#include <string.h>

START_TEST(sha2_answers_are_those_of_the_standard)
{
    uint8_t want[64];
    uint8_t got[64];
    ck_assert(ska_hex_decode(want, 32,
                             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") ==
              SKA_OK);
    ska_sha256(got, "abc", 3);
    ck_assert_mem_eq(got, want, 32);
    const struct ska_slice pieces[] = {
        {(const uint8_t *)"a", 1}, {NULL, 0}, {(const uint8_t *)"bc", 2}};
    ska_sha256_pieces(got, pieces, 3);
    ck_assert_mem_eq(got, want, 32);
    ska_sha256(got,
               "\x01"
               "abc",
               4);
    ska_sha256_labelled(want, "a", "bc", 2);
    ck_assert_mem_eq(got, want, 32);
    ck_assert(ska_hex_decode(want, 64,
                             "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                             "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f") ==
              SKA_OK);
    ska_sha512(got, "abc", 3);
    ck_assert_mem_eq(got, want, 64);
    struct ska_sha512_state h;
    ska_sha512_init(&h);
    ska_sha512_add(&h, "ab", 2);
    ska_sha512_add(&h, "c", 1);
    ska_sha512_finish(got, &h);
    ck_assert_mem_eq(got, want, 64);
    ska_sha512(want, "\x02zz\0\0\0\0\0\0\1\2", 11);
    ska_sha512_init(&h);
    ska_sha512_add_label(&h, "zz");
    ska_sha512_add_u64(&h, 258);
    ska_sha512_finish(got, &h);
    ck_assert_mem_eq(got, want, 64);
}
END_TEST

/* state = SHA-512(state || step || len8(label) || label || rest), written out flat. */
static void step_by_hand(uint8_t out[64], const uint8_t state[64], uint8_t step, const char *label,
                         const void *rest, size_t rest_len)
{
    uint8_t flat[512];
    size_t len = 64;
    memcpy(flat, state, 64);
    flat[len++] = step;
    flat[len++] = (uint8_t)strlen(label);
    memcpy(flat + len, label, strlen(label));
    len += strlen(label);
    if (rest_len > 0)
        memcpy(flat + len, rest, rest_len);
    ska_sha512(out, flat, len + rest_len);
}

START_TEST(bytes_are_those_of_the_description)
{
    struct ska_transcript t;
    uint8_t state[64] = {0};
    uint8_t answer[64];
    uint8_t rest[8 + 64] = {0, 0, 0, 0, 0, 0, 0, 8};
    ska_transcript_init(&t);
    memcpy(rest + 8, "skarva-1", 8);
    step_by_hand(state, state, 0, "protocol", rest, 16);
    ck_assert_mem_eq(t.state, state, 64);

    ska_transcript_absorb(&t, "A", "xyz", 3);
    rest[7] = 3;
    memcpy(rest + 8, "xyz", 3);
    step_by_hand(state, state, 0, "A", rest, 11);
    ck_assert_mem_eq(t.state, state, 64);

    ska_transcript_absorb_u64(&t, "n", 7);
    static const uint8_t number[16] = {0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7};
    step_by_hand(state, state, 0, "n", number, 16);
    ck_assert_mem_eq(t.state, state, 64);

    ska_scalar got;
    ska_scalar want;
    ck_assert(ska_transcript_challenge(&got, &t, "y") == SKA_OK);
    step_by_hand(answer, state, 1, "y", NULL, 0);
    ska_scalar_reduce64(&want, answer);
    ck_assert(ska_scalar_equal(&got, &want));
    rest[7] = 64;
    memcpy(rest + 8, answer, 64);
    step_by_hand(state, state, 0, "y", rest, 72);
    ck_assert_mem_eq(t.state, state, 64);
}
END_TEST

START_TEST(items_cannot_be_moved_across_their_borders)
{
    static const struct {
        const char *label[2];
        const char *data[2];
    } cases[] = {
        {{"a", "b"}, {"xy", "z"}}, {{"a", "b"}, {"x", "yz"}}, {{"ab", "b"}, {"xy", "z"}},
        {{"a", "b"}, {"xyz", ""}}, {{"b", "a"}, {"xy", "z"}}, {{"a", "bz"}, {"xy", ""}},
    };
    size_t n = sizeof cases / sizeof cases[0];
    struct ska_transcript t[sizeof cases / sizeof cases[0]];
    for (size_t i = 0; i < n; i++) {
        ska_transcript_init(&t[i]);
        for (size_t j = 0; j < 2; j++)
            ska_transcript_absorb(&t[i], cases[i].label[j], cases[i].data[j],
                                  strlen(cases[i].data[j]));
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(memcmp(t[i].state, t[j].state, 64) != 0, "%zu and %zu", i, j);
    }
}
END_TEST

START_TEST(challenges_chain_and_copies_fork)
{
    struct ska_transcript t;
    ska_scalar a;
    ska_scalar b;
    ska_scalar c;
    ska_transcript_init(&t);
    struct ska_transcript fork = t;
    ck_assert(ska_transcript_challenge(&a, &t, "y") == SKA_OK);
    ck_assert(ska_transcript_challenge(&b, &t, "y") == SKA_OK);
    ck_assert(!ska_scalar_equal(&a, &b));
    ck_assert(ska_transcript_challenge(&c, &fork, "y") == SKA_OK);
    ck_assert(ska_scalar_equal(&a, &c));
    ck_assert(ska_transcript_challenge(&c, &fork, "z") == SKA_OK);
    ck_assert(!ska_scalar_equal(&b, &c));
}
END_TEST

START_TEST(points_and_scalars_are_absorbed_as_their_encodings)
{
    struct ska_transcript t;
    struct ska_transcript u;
    uint8_t bytes[32];
    ska_point p = property_point();
    ska_scalar s = property_scalar();
    ska_transcript_init(&t);
    u = t;
    ska_point_encode(bytes, &p);
    ska_transcript_absorb_point(&t, "P", bytes);
    ska_transcript_absorb(&u, "P", bytes, 32);
    ska_scalar_encode(bytes, &s);
    ska_transcript_absorb_scalar(&t, "s", &s);
    ska_transcript_absorb(&u, "s", bytes, 32);
    ck_assert_mem_eq(t.state, u.state, 64);
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, sha2_answers_are_those_of_the_standard);
    tcase_add_test(tc, bytes_are_those_of_the_description);
    tcase_add_test(tc, items_cannot_be_moved_across_their_borders);
    tcase_add_test(tc, challenges_chain_and_copies_fork);
    tcase_add_test(tc, points_and_scalars_are_absorbed_as_their_encodings);
}

int main(void)
{
    return property_main("transcript", fill);
}
