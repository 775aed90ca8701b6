/* SPDX-License-Identifier: EUPL-1.2 */
/* test_hpke.c - sealing and opening, and every way in which a message must not open. */
#include "crypto/hpke.h"
#include "crypto/random.h"

#include "tests/test.h"

#include <string.h>

#define PLAIN_BYTES 40

struct sealed {
    struct ska_hpke_key key;
    uint8_t enc[SKA_HPKE_ENC_BYTES];
    uint8_t info[5];
    uint8_t aad[7];
    uint8_t plain[PLAIN_BYTES];
    uint8_t ciphertext[PLAIN_BYTES + SKA_HPKE_TAG_BYTES];
};

static struct sealed seal_something(void)
{
    struct sealed s;
    memset(s.info, 'i', sizeof s.info);
    memset(s.aad, 'a', sizeof s.aad);
    memset(s.plain, 'p', sizeof s.plain);
    ck_assert_status(ska_hpke_key_generate(&s.key), SKA_OK);
    ck_assert_status(ska_hpke_seal(s.enc, s.ciphertext, s.key.public_key,
                                   (struct ska_slice){s.info, sizeof s.info},
                                   (struct ska_slice){s.aad, sizeof s.aad},
                                   (struct ska_slice){s.plain, sizeof s.plain}),
                     SKA_OK);
    return s;
}

static enum ska_status open_it(uint8_t *plain, const struct sealed *s)
{
    return ska_hpke_open(plain, &s->key, s->enc, (struct ska_slice){s->info, sizeof s->info},
                         (struct ska_slice){s->aad, sizeof s->aad},
                         (struct ska_slice){s->ciphertext, sizeof s->ciphertext});
}

START_TEST(what_is_sealed_opens)
{
    struct sealed s = seal_something();
    uint8_t got[PLAIN_BYTES];
    ck_assert_status(open_it(got, &s), SKA_OK);
    ck_assert_mem_eq(got, s.plain, sizeof got);
}
END_TEST

START_TEST(two_sealings_share_nothing)
{
    struct sealed a = seal_something();
    struct sealed b = seal_something();
    ck_assert_mem_ne(a.enc, b.enc, sizeof a.enc);
    ck_assert_mem_ne(a.ciphertext, b.ciphertext, PLAIN_BYTES);
}
END_TEST

/* Flip every bit of `len` bytes at `part` of `s` in turn: it must not open, and what it would have
 * opened to must be wiped. */
static void expect_tampering_refused(struct sealed *s, uint8_t *part, size_t len, const char *what)
{
    static const uint8_t zero[PLAIN_BYTES];
    for (size_t bit = 0; bit < 8 * len; bit++) {
        uint8_t got[PLAIN_BYTES];
        memset(got, 9, sizeof got);
        part[bit / 8] ^= (uint8_t)(1u << bit % 8);
        enum ska_status status = open_it(got, s);
        part[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_msg(status == SKA_E_DECRYPT, "%s bit %zu: %s", what, bit,
                      ska_status_name(status));
        ck_assert_mem_eq(got, zero, sizeof got);
    }
}

START_TEST(a_flipped_bit_anywhere_keeps_it_shut)
{
    struct sealed s = seal_something();
    expect_tampering_refused(&s, s.ciphertext, sizeof s.ciphertext, "ciphertext");
    expect_tampering_refused(&s, s.info, sizeof s.info, "info");
    expect_tampering_refused(&s, s.aad, sizeof s.aad, "associated data");
    expect_tampering_refused(&s, s.enc, sizeof s.enc, "encapsulated key");
    expect_tampering_refused(&s, s.key.public_key, sizeof s.key.public_key, "recipient");
}
END_TEST

START_TEST(another_key_opens_nothing)
{
    struct sealed s = seal_something();
    uint8_t got[PLAIN_BYTES];
    ck_assert_status(ska_hpke_key_generate(&s.key), SKA_OK);
    ck_assert_status(open_it(got, &s), SKA_E_DECRYPT);
}
END_TEST

START_TEST(a_message_cut_or_lengthened_keeps_shut)
{
    struct sealed s = seal_something();
    for (size_t len = 0; len < sizeof s.ciphertext; len++) {
        uint8_t got[PLAIN_BYTES];
        ck_assert_status(ska_hpke_open(got, &s.key, s.enc,
                                       (struct ska_slice){s.info, sizeof s.info},
                                       (struct ska_slice){s.aad, sizeof s.aad},
                                       (struct ska_slice){s.ciphertext, len}),
                         SKA_E_DECRYPT);
    }
    uint8_t longer[sizeof s.ciphertext + 1] = {0};
    memcpy(longer, s.ciphertext, sizeof s.ciphertext);
    uint8_t got[PLAIN_BYTES + 1];
    ck_assert_status(ska_hpke_open(got, &s.key, s.enc, (struct ska_slice){s.info, sizeof s.info},
                                   (struct ska_slice){s.aad, sizeof s.aad},
                                   (struct ska_slice){longer, sizeof longer}),
                     SKA_E_DECRYPT);
}
END_TEST

START_TEST(empty_message_and_empty_data_are_messages_too)
{
    struct ska_hpke_key key;
    ck_assert_status(ska_hpke_key_generate(&key), SKA_OK);
    const struct ska_slice nothing = {NULL, 0};
    uint8_t enc[SKA_HPKE_ENC_BYTES];
    uint8_t tag[SKA_HPKE_TAG_BYTES];
    uint8_t unused[1] = {5};
    ck_assert_status(ska_hpke_seal(enc, tag, key.public_key, nothing, nothing, nothing), SKA_OK);
    const struct ska_slice sealed = {tag, sizeof tag};
    ck_assert_status(ska_hpke_open(unused, &key, enc, nothing, nothing, sealed), SKA_OK);
    ck_assert_uint_eq(unused[0], 5);
    tag[3] ^= 1;
    ck_assert_status(ska_hpke_open(unused, &key, enc, nothing, nothing, sealed), SKA_E_DECRYPT);
}
END_TEST

/* Points of small order on Curve25519 and its twist, with which X25519 gives zero (RFC 7748,
 * section 6.1). */
static const char *const small_order[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

START_TEST(a_key_that_makes_the_shared_secret_zero_is_refused)
{
    uint8_t point[32];
    ck_assert_status(ska_hex_decode(point, sizeof point, small_order[_i]), SKA_OK);
    struct sealed s = seal_something();
    uint8_t enc[SKA_HPKE_ENC_BYTES];
    uint8_t ciphertext[SKA_HPKE_TAG_BYTES];
    memset(enc, 3, sizeof enc);
    const struct ska_slice nothing = {NULL, 0};
    ck_assert_status(ska_hpke_seal(enc, ciphertext, point, nothing, nothing, nothing), SKA_E_RANGE);
    ck_assert_uint_eq(enc[0], 3);
    memcpy(s.enc, point, sizeof point);
    uint8_t got[PLAIN_BYTES];
    ck_assert_status(open_it(got, &s), SKA_E_RANGE);
}
END_TEST

START_TEST(too_much_is_refused_before_it_is_touched)
{
    struct sealed s = seal_something();
    static const uint8_t one = 0;
    const struct ska_slice nothing = {NULL, 0};
    const struct ska_slice huge = {&one, ((size_t)1 << 31) + 1};
    uint8_t out[SKA_HPKE_TAG_BYTES];
    ck_assert_status(ska_hpke_seal(s.enc, out, s.key.public_key, nothing, nothing, huge),
                     SKA_E_LIMIT);
    ck_assert_status(ska_hpke_seal(s.enc, out, s.key.public_key, nothing, huge, nothing),
                     SKA_E_LIMIT);
    ck_assert_status(ska_hpke_seal(s.enc, out, s.key.public_key, huge, nothing, nothing),
                     SKA_E_LIMIT);
    const struct ska_slice huge_sealed = {&one, huge.len + SKA_HPKE_TAG_BYTES};
    const struct ska_slice sealed = {out, sizeof out};
    ck_assert_status(ska_hpke_open(out, &s.key, s.enc, nothing, nothing, huge_sealed),
                     SKA_E_DECRYPT);
    ck_assert_status(ska_hpke_open(out, &s.key, s.enc, nothing, huge, sealed), SKA_E_DECRYPT);
    ck_assert_status(ska_hpke_open(out, &s.key, s.enc, huge, nothing, sealed), SKA_E_DECRYPT);
}
END_TEST

START_TEST(a_cleared_key_is_wiped)
{
    static const struct ska_hpke_key zero;
    struct ska_hpke_key key;
    ck_assert_status(ska_hpke_key_generate(&key), SKA_OK);
    ska_hpke_key_clear(&key);
    ska_hpke_key_clear(NULL);
    ck_assert_mem_eq(&key, &zero, sizeof key);
}
END_TEST

START_TEST(random_messages_open_to_themselves)
{
    test_seed("random_messages_open_to_themselves");
    struct ska_hpke_key key;
    ck_assert_status(ska_hpke_key_generate(&key), SKA_OK);
    for (int round = 0; round < 50; round++) {
        uint8_t plain[600];
        uint8_t sealed[sizeof plain + SKA_HPKE_TAG_BYTES];
        uint8_t got[sizeof plain];
        uint8_t info[100];
        uint8_t enc[SKA_HPKE_ENC_BYTES];
        test_random_bytes(plain, sizeof plain);
        test_random_bytes(info, sizeof info);
        const struct ska_slice p = {plain, test_random() % sizeof plain};
        const struct ska_slice i = {info, test_random() % sizeof info};
        const struct ska_slice a = {info, test_random() % sizeof info};
        ck_assert_status(ska_hpke_seal(enc, sealed, key.public_key, i, a, p), SKA_OK);
        const struct ska_slice c = {sealed, p.len + SKA_HPKE_TAG_BYTES};
        ck_assert_status(ska_hpke_open(got, &key, enc, i, a, c), SKA_OK);
        ck_assert(p.len == 0 || memcmp(got, plain, p.len) == 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hpke");
    TCase *t = tcase_create("hpke");
    tcase_add_test(t, what_is_sealed_opens);
    tcase_add_test(t, two_sealings_share_nothing);
    tcase_add_test(t, a_flipped_bit_anywhere_keeps_it_shut);
    tcase_add_test(t, another_key_opens_nothing);
    tcase_add_test(t, a_message_cut_or_lengthened_keeps_shut);
    tcase_add_test(t, empty_message_and_empty_data_are_messages_too);
    tcase_add_loop_test(t, a_key_that_makes_the_shared_secret_zero_is_refused, 0,
                        (int)N_OF(small_order));
    tcase_add_test(t, too_much_is_refused_before_it_is_touched);
    tcase_add_test(t, a_cleared_key_is_wiped);
    tcase_add_test(t, random_messages_open_to_themselves);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
