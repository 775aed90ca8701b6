/* SPDX-License-Identifier: EUPL-1.2 */
/* test_sign.c - labelled Ed25519: keys of RFC 8032, what is signed, and what must be refused. */
#include "crypto/sign.h"

#include "tests/test.h"

#include <string.h>

#include <openssl/evp.h>

static const char label[] = "skarva-1 test";
static const char message[] = "eight municipalities";

/* RFC 8032, section 7.1: secret and public keys of tests 1, 2 and 3. */
static const struct {
    const char *seed;
    const char *public_key;
} rfc_keys[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"},
};

static struct ska_signing_key key_of(const char *seed_hex)
{
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    struct ska_signing_key key;
    ck_assert_status(ska_hex_decode(seed, sizeof seed, seed_hex), SKA_OK);
    ck_assert_status(ska_signing_key_from_seed(&key, seed), SKA_OK);
    return key;
}

START_TEST(a_seed_gives_the_published_public_key)
{
    struct ska_signing_key key = key_of(rfc_keys[_i].seed);
    uint8_t want[SKA_SIGN_PUBLIC_BYTES];
    ck_assert_status(ska_hex_decode(want, sizeof want, rfc_keys[_i].public_key), SKA_OK);
    ck_assert_mem_eq(key.public_key, want, sizeof want);
}
END_TEST

/* RFC 8032, section 7.1: messages (hexadecimal) and signatures of tests 1 and 2. */
static const char *const rfc_messages[] = {"", "72"};
static const char *const rfc_signatures[] = {
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
    "6bd25bf5f0595bbe24655141438e7a100b",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
    "8c387b2eaeb4302aeeb00d291612bb0c00"};

START_TEST(a_bare_signature_is_the_published_one)
{
    struct ska_signing_key key = key_of(rfc_keys[_i].seed);
    uint8_t want[SKA_SIGNATURE_BYTES], got[SKA_SIGNATURE_BYTES], text[1];
    size_t len = strlen(rfc_messages[_i]) / 2;
    ck_assert_status(ska_hex_decode(want, sizeof want, rfc_signatures[_i]), SKA_OK);
    ck_assert_status(ska_hex_decode(text, len, rfc_messages[_i]), SKA_OK);
    ck_assert_status(ska_sign_bare(got, &key, text, len), SKA_OK);
    ck_assert_mem_eq(got, want, sizeof got);
    ck_assert_status(ska_sign_verify_bare(got, key.public_key, text, len), SKA_OK);
    ck_assert_status(ska_sign_verify(got, key.public_key, label, text, len), SKA_E_SIGNATURE);
    got[_i] ^= 1;
    ck_assert_status(ska_sign_verify_bare(got, key.public_key, text, len), SKA_E_SIGNATURE);
    struct ska_signing_key empty = {0};
    ck_assert_status(ska_sign_bare(got, &empty, text, len), SKA_E_BUG);
}
END_TEST

/* An independent reading of the contract: OpenSSL alone verifies over len8(label) || label ||
 * message, and refuses the message alone. */
START_TEST(what_is_signed_is_the_label_with_its_length_and_the_message)
{
    struct ska_signing_key key = key_of(rfc_keys[0].seed);
    uint8_t signature[SKA_SIGNATURE_BYTES];
    ck_assert_status(ska_sign(signature, &key, label, message, strlen(message)), SKA_OK);
    uint8_t signed_bytes[100];
    const size_t label_len = strlen(label);
    signed_bytes[0] = (uint8_t)label_len;
    memcpy(signed_bytes + 1, label, label_len);
    memcpy(signed_bytes + 1 + label_len, message, strlen(message));
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key.public_key, 32);
    for (int whole = 0; whole < 2; whole++) {
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        ck_assert_int_eq(EVP_DigestVerifyInit(md, NULL, NULL, NULL, pkey), 1);
        const size_t skip = whole ? 0 : 1 + label_len;
        int verdict = EVP_DigestVerify(md, signature, sizeof signature, signed_bytes + skip,
                                       1 + label_len + strlen(message) - skip);
        ck_assert_int_eq(verdict == 1, whole);
        EVP_MD_CTX_free(md);
    }
    EVP_PKEY_free(pkey);
}
END_TEST

START_TEST(a_signature_holds_only_for_its_key_label_and_message)
{
    struct ska_signing_key key;
    struct ska_signing_key other;
    ck_assert_status(ska_signing_key_generate(&key), SKA_OK);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ck_assert_mem_ne(key.seed, other.seed, sizeof key.seed);
    uint8_t s[SKA_SIGNATURE_BYTES];
    const size_t len = strlen(message);
    ck_assert_status(ska_sign(s, &key, label, message, len), SKA_OK);
    ck_assert_status(ska_sign_verify(s, key.public_key, label, message, len), SKA_OK);
    ck_assert_status(ska_sign_verify(s, other.public_key, label, message, len), SKA_E_SIGNATURE);
    ck_assert_status(ska_sign_verify(s, key.public_key, "skarva-1 tesu", message, len),
                     SKA_E_SIGNATURE);
    ck_assert_status(ska_sign_verify(s, key.public_key, label, message, len - 1), SKA_E_SIGNATURE);
    ck_assert_status(ska_sign_verify(s, key.public_key, label, "", 0), SKA_E_SIGNATURE);
    /* a letter moved from the label to the message */
    ck_assert_status(
        ska_sign_verify(s, key.public_key, "skarva-1 tes", "teight municipalities", len + 1),
        SKA_E_SIGNATURE);
    for (size_t bit = 0; bit < 8 * sizeof s; bit++) {
        s[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_msg(ska_sign_verify(s, key.public_key, label, message, len) == SKA_E_SIGNATURE,
                      "bit %zu", bit);
        s[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ck_assert_status(ska_sign(s, &key, label, NULL, 0), SKA_OK);
    ck_assert_status(ska_sign_verify(s, key.public_key, label, "", 0), SKA_OK);
}
END_TEST

START_TEST(an_empty_or_cleared_key_signs_nothing)
{
    struct ska_signing_key key = {0};
    uint8_t s[SKA_SIGNATURE_BYTES];
    memset(s, 7, sizeof s);
    ck_assert_status(ska_sign(s, &key, label, message, 3), SKA_E_BUG);
    ck_assert_status(ska_signing_key_generate(&key), SKA_OK);
    ska_signing_key_clear(&key);
    ska_signing_key_clear(&key);
    ska_signing_key_clear(NULL);
    ck_assert_status(ska_sign(s, &key, label, message, 3), SKA_E_BUG);
    for (size_t i = 0; i < sizeof s; i++)
        ck_assert_uint_eq(s[i], 7);
}
END_TEST

/* S + L in place of S: the same signature for whoever forgets to check S < L (RFC 8032, 5.1.7). */
START_TEST(a_signature_with_s_plus_the_order_is_refused)
{
    static const uint8_t order[32] = {0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58,
                                      0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
                                      0,    0,    0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0x10};
    struct ska_signing_key key = key_of(rfc_keys[1].seed);
    uint8_t s[SKA_SIGNATURE_BYTES];
    ck_assert_status(ska_sign(s, &key, label, message, 3), SKA_OK);
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)s[32 + i] + order[i];
        s[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    ck_assert_uint_eq(carry, 0);
    ck_assert_status(ska_sign_verify(s, key.public_key, label, message, 3), SKA_E_SIGNATURE);
}
END_TEST

/* All encodings of points of order 1, 2, 4 and 8, and some y >= 2^255 - 19; each with both signs.
 */
static const char *const bad_keys[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

/* Under the identity as key, R = B * S with S = 1 verifies for every message: encode R = base
 * point. Under the other small keys some hash of a message does. */
START_TEST(a_key_of_small_order_or_odd_form_is_refused)
{
    uint8_t key[SKA_SIGN_PUBLIC_BYTES];
    ck_assert_status(ska_hex_decode(key, sizeof key, bad_keys[_i]), SKA_OK);
    uint8_t forged[SKA_SIGNATURE_BYTES] = {0};
    memset(forged, 0x66, 32);
    forged[0] = 0x58; /* the base point */
    forged[32] = 1;   /* S = 1 */
    for (int sign = 0; sign < 2; sign++) {
        key[31] ^= (uint8_t)(sign << 7);
        for (uint8_t i = 0; i < 64; i++)
            ck_assert_status(ska_sign_verify(forged, key, label, &i, 1), SKA_E_SIGNATURE);
    }
}
END_TEST

/* One key in some seventeen hundred begins and ends like the numbers from 2^255 - 19 on without
 * being one of them; the first such seed is found by counting. */
START_TEST(a_key_that_only_looks_too_large_is_good)
{
    struct ska_signing_key key = {0};
    uint8_t seed[32] = {0};
    for (uint32_t n = 0; n < 100000; n++) {
        seed[0] = (uint8_t)n;
        seed[1] = (uint8_t)(n >> 8);
        seed[2] = (uint8_t)(n >> 16);
        ck_assert_status(ska_signing_key_from_seed(&key, seed), SKA_OK);
        if ((key.public_key[31] & 0x7F) == 0x7F && key.public_key[0] >= 0xED)
            break;
    }
    ck_assert_uint_eq(key.public_key[31] & 0x7F, 0x7F);
    ck_assert_uint_ge(key.public_key[0], 0xED);
    uint8_t s[SKA_SIGNATURE_BYTES];
    ck_assert_status(ska_sign(s, &key, label, message, 3), SKA_OK);
    ck_assert_status(ska_sign_verify(s, key.public_key, label, message, 3), SKA_OK);
    ska_signing_key_clear(&key);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sign");
    TCase *t = tcase_create("sign");
    tcase_add_loop_test(t, a_seed_gives_the_published_public_key, 0, (int)N_OF(rfc_keys));
    tcase_add_loop_test(t, a_bare_signature_is_the_published_one, 0, 2);
    tcase_add_test(t, what_is_signed_is_the_label_with_its_length_and_the_message);
    tcase_add_test(t, a_signature_holds_only_for_its_key_label_and_message);
    tcase_add_test(t, an_empty_or_cleared_key_signs_nothing);
    tcase_add_test(t, a_signature_with_s_plus_the_order_is_refused);
    tcase_add_loop_test(t, a_key_of_small_order_or_odd_form_is_refused, 0, (int)N_OF(bad_keys));
    tcase_add_test(t, a_key_that_only_looks_too_large_is_good);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
