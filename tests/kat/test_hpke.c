/* SPDX-License-Identifier: EUPL-1.2 */
/* test_hpke.c - HPKE base mode against RFC 9180, appendix A: our suite, first message. */
#include "crypto/hpke.h"
#include "crypto/random.h"

#include "tests/kat/kat_hpke.h"
#include "tests/kat/vectors.h"

static struct vector_bytes ephemeral; /* what ska_random gives while it is replaced */

static void give_ephemeral(uint8_t *out, size_t len)
{
    ck_assert_uint_eq(len, ephemeral.len);
    memcpy(out, ephemeral.data, len);
}

static void expect_case(const struct kat_hpke *k)
{
    struct vector_bytes info = vector_hex(k->info);
    struct vector_bytes sk_r = vector_hex(k->sk_r);
    struct vector_bytes pk_r = vector_hex(k->pk_r);
    struct vector_bytes want_enc = vector_hex(k->enc);
    struct vector_bytes plain = vector_hex(k->plain);
    struct vector_bytes aad = vector_hex(k->aad);
    struct vector_bytes want = vector_hex(k->ciphertext);
    ck_assert_uint_eq(sk_r.len, SKA_HPKE_SECRET_BYTES);
    ck_assert_uint_eq(want.len, plain.len + SKA_HPKE_TAG_BYTES);

    struct ska_hpke_key key;
    ck_assert_status(ska_hpke_key_from_secret(&key, sk_r.data), SKA_OK);
    ck_assert_mem_eq(key.public_key, pk_r.data, sizeof key.public_key);

    ephemeral = vector_hex(k->sk_e);
    uint8_t enc[SKA_HPKE_ENC_BYTES];
    uint8_t got[VECTOR_BYTES_MAX];
    ska_random_replace_for_test(give_ephemeral);
    ck_assert_status(ska_hpke_seal(enc, got, key.public_key, vector_slice(&info),
                                   vector_slice(&aad), vector_slice(&plain)),
                     SKA_OK);
    ska_random_replace_for_test(NULL);
    ck_assert_mem_eq(enc, want_enc.data, sizeof enc);
    ck_assert_mem_eq(got, want.data, want.len);

    ck_assert_status(ska_hpke_open(got, &key, want_enc.data, vector_slice(&info),
                                   vector_slice(&aad), vector_slice(&want)),
                     SKA_OK);
    ck_assert_mem_eq(got, plain.data, plain.len);
}

START_TEST(hpke_seals_and_opens_the_published_message)
{
    expect_case(&kat_hpke[_i]);
}
END_TEST

static bool is_our_suite(const json_t *setup)
{
    return strcmp(vector_text(setup, "kem_id"), "32") == 0 &&
           strcmp(vector_text(setup, "kdf_id"), "1") == 0 &&
           strcmp(vector_text(setup, "aead_id"), "1") == 0;
}

static size_t expect_suite(const json_t *vector)
{
    const json_t *setup = json_object_get(vector, "setup");
    const json_t *messages = json_object_get(vector, "encryptions");
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *m = json_array_get(messages, i);
        if (strcmp(vector_text(m, "sequence number"), "0") != 0)
            continue;
        const struct kat_hpke k = {
            vector_text(setup, "info"), vector_text(setup, "skEm"), vector_text(setup, "pkEm"),
            vector_text(setup, "skRm"), vector_text(setup, "pkRm"), vector_text(setup, "enc"),
            vector_text(m, "pt"),       vector_text(m, "aad"),      vector_text(m, "ct")};
        expect_case(&k);
        n++;
    }
    return n;
}

START_TEST(hpke_gives_every_applicable_case_of_the_file)
{
    json_t *doc = vector_file("hpke", "hpke/rfc9180_appendix_a_base_mode.json");
    const json_t *vectors = json_object_get(doc, "vectors");
    size_t n_suites = 0;
    size_t n_messages = 0;
    size_t n_done = 0;
    for (size_t i = 0; i < json_array_size(vectors); i++) {
        const json_t *vector = json_array_get(vectors, i);
        n_messages += json_array_size(json_object_get(vector, "encryptions"));
        if (!is_our_suite(json_object_get(vector, "setup")))
            continue;
        n_suites++;
        n_done += expect_suite(vector);
    }
    ck_assert_uint_eq(n_suites, 1);
    ck_assert_uint_eq(n_done, 1);
    printf("hpke: %zu of %zu suites in the file is ours, %zu are not built; of the %zu messages "
           "%zu is the first of our suite and holds, the rest are of other suites or have a later "
           "sequence number and do not apply\n",
           n_suites, json_array_size(vectors), json_array_size(vectors) - n_suites, n_messages,
           n_done);
    json_decref(doc);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hpke vectors");
    TCase *t = tcase_create("hpke");
    tcase_add_loop_test(t, hpke_seals_and_opens_the_published_message, 0, (int)N_OF(kat_hpke));
    json_t *doc = vector_file("hpke", "hpke/rfc9180_appendix_a_base_mode.json");
    if (doc != NULL)
        tcase_add_test(t, hpke_gives_every_applicable_case_of_the_file);
    json_decref(doc);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
