/* SPDX-License-Identifier: EUPL-1.2 */
/* test_release.c - the list of a bundle's files, its place in the chain, and the two signatures. */
#include "protocol/release.h"

#include "crypto/hash.h"

#include "tests/samples.h"
#include "tests/test.h"

static const uint8_t task_id[32] = {1};
static const struct ska_bundle_file released[] = {
    {"bundle", {(const uint8_t *)"skarva bundle 1\n", 16}},
    {"parameters", {(const uint8_t *)"p", 1}},
};

static struct ska_slice slice(const struct ska_writer *w)
{
    return (struct ska_slice){w->data, w->len};
}

START_TEST(a_release_has_these_bytes)
{
    struct ska_writer w = {0};
    struct ska_release r;
    sample_release(&w);
    static const uint8_t number[] = {0, 0, 0, 2, 5};
    static const uint8_t count_and_name[] = {0, 0, 0, 2, 6, 'b', 'u', 'n', 'd', 'l', 'e'};
    static const uint8_t len_16[] = {0, 0, 0, 0, 0, 0, 0, 16};
    uint8_t hash[32];
    ska_sha256(hash, "skarva bundle 1\n", 16);
    size_t body = 1 + 32 + 4 + 32 + 4 + (1 + 6 + 8 + 32) + (1 + 10 + 8 + 32);
    ck_assert_uint_eq(w.len, body + 128);
    ck_assert_uint_eq(w.data[0], 1);
    ck_assert_mem_eq(w.data + 33, number, sizeof number); /* and the first byte of previous */
    ck_assert_mem_eq(w.data + 69, count_and_name, sizeof count_and_name);
    ck_assert_mem_eq(w.data + 80, len_16, sizeof len_16);
    ck_assert_mem_eq(w.data + 88, hash, 32);
    ck_assert_status(ska_sign_verify(w.data + body, sample_key()->public_key,
                                     "skarva-1 sign release", w.data, body),
                     SKA_OK);
    ck_assert_status(ska_sign_verify(w.data + body + 64, sample_key()->public_key,
                                     "skarva-1 sign release second", w.data, body),
                     SKA_OK);
    ck_assert_status(ska_release_decode(&r, slice(&w)), SKA_OK);
    ck_assert_uint_eq(r.place.number, 2);
    ck_assert_uint_eq(r.place.previous[0], 5);
    ck_assert_uint_eq(r.body.len, body);
    ck_assert_mem_eq(r.task_id, task_id, 32);
    ck_assert_status(ska_release_check(&r, task_id, released, 2, NULL), SKA_OK);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(no_byte_of_a_release_can_change)
{
    struct ska_writer w = {0};
    sample_release(&w);
    for (size_t i = 0; i < w.len; i++) {
        struct ska_release r;
        bool holds = true;
        w.data[i] ^= 1;
        if (ska_release_decode(&r, slice(&w)) == SKA_OK)
            for (int who = 0; who < 2; who++)
                holds = holds && ska_release_verify(r.signature[who], (enum ska_release_signer)who,
                                                    sample_key()->public_key, r.body) == SKA_OK;
        else
            holds = false;
        ck_assert_msg(!holds, "byte %zu", i);
        w.data[i] ^= 1;
    }
    for (size_t len = 0; len < w.len; len++) {
        struct ska_release r = {.place.number = 77};
        ck_assert(ska_release_decode(&r, (struct ska_slice){w.data, len}) != SKA_OK);
        ck_assert_uint_eq(r.place.number, 77); /* unchanged */
    }
    ska_writer_clear(&w);
}
END_TEST

START_TEST(neither_signature_stands_for_the_other)
{
    struct ska_writer w = {0};
    struct ska_release r;
    uint8_t other[32];
    sample_release(&w);
    ck_assert_status(ska_release_decode(&r, slice(&w)), SKA_OK);
    const uint8_t *key = sample_key()->public_key;
    memcpy(other, key, 32);
    other[0] ^= 1;
    for (int who = 0; who < 2; who++) {
        enum ska_release_signer mine = (enum ska_release_signer)who;
        ck_assert_status(ska_release_verify(r.signature[who], mine, key, r.body), SKA_OK);
        ck_assert_status(ska_release_verify(r.signature[1 - who], mine, key, r.body),
                         SKA_E_SIGNATURE);
        ck_assert_status(ska_release_verify(r.signature[who], mine, other, r.body),
                         SKA_E_SIGNATURE);
        ck_assert(ska_release_is_signed(&r, mine));
        memset(r.signature[who], 0, 64);
        ck_assert(!ska_release_is_signed(&r, mine));
        ck_assert_status(ska_release_verify(r.signature[who], mine, key, r.body), SKA_E_SIGNATURE);
    }
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_release_is_of_these_files_alone)
{
    struct ska_writer w = {0};
    struct ska_error err = {0};
    struct ska_release r;
    struct ska_bundle_file files[3] = {released[0], released[1], {"release", SAMPLE_SLICE("r")}};
    static const uint8_t other_task[32] = {2};
    sample_release(&w);
    ck_assert_status(ska_release_decode(&r, slice(&w)), SKA_OK);
    ck_assert_status(ska_release_check(&r, task_id, files, 1, NULL), SKA_E_MISMATCH);
    ck_assert_status(ska_release_check(&r, task_id, files, 3, NULL), SKA_E_MISMATCH);
    ck_assert_status(ska_release_check(&r, other_task, files, 2, NULL), SKA_E_TASK);
    files[1].data = SAMPLE_SLICE("q");
    ck_assert_status(ska_release_check(&r, task_id, files, 2, &err), SKA_E_MISMATCH);
    ck_assert_ptr_nonnull(strstr(err.text, "parameters"));
    files[1] = released[1];
    files[1].data.len = 0;
    ck_assert_status(ska_release_check(&r, task_id, files, 2, NULL), SKA_E_MISMATCH);
    files[1] = released[1];
    files[1].name[0] = 'q';
    ck_assert_status(ska_release_check(&r, task_id, files, 2, NULL), SKA_E_MISMATCH);
    files[0] = released[1];
    files[1] = released[0];
    ck_assert_status(ska_release_check(&r, task_id, files, 2, NULL), SKA_E_MISMATCH);
    ska_writer_clear(&w);
}
END_TEST

/* The first names none before it, every other one does. */
static const struct {
    const char *name;
    struct ska_release_place place;
    enum ska_status want;
} places[] = {
    {"first", {.number = 1}, SKA_OK},
    {"second", {2, {1}}, SKA_OK},
    {"last byte alone", {2, {[31] = 1}}, SKA_OK},
    {"the highest", {UINT32_MAX, {1}}, SKA_OK},
    {"number 0", {.number = 0}, SKA_E_RANGE},
    {"number 0 after another", {0, {1}}, SKA_E_RANGE},
    {"first after another", {1, {1}}, SKA_E_RANGE},
    {"second after none", {.number = 2}, SKA_E_RANGE},
};

START_TEST(a_place_is_the_first_or_after_another)
{
    struct ska_writer w = {0};
    ck_assert_msg(ska_release_body(&w, task_id, &places[_i].place, released, 2) == places[_i].want,
                  "%s", places[_i].name);
    ska_writer_clear(&w);
    struct ska_release r;
    sample_release(&w); /* the same from outside */
    w.data[33] = (uint8_t)(places[_i].place.number >> 24);
    w.data[34] = (uint8_t)(places[_i].place.number >> 16);
    w.data[35] = (uint8_t)(places[_i].place.number >> 8);
    w.data[36] = (uint8_t)places[_i].place.number;
    memcpy(w.data + 37, places[_i].place.previous, 32);
    ck_assert_msg(ska_release_decode(&r, slice(&w)) == places[_i].want, "%s", places[_i].name);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_release_of_wrong_form_is_refused)
{
    struct ska_writer w = {0};
    struct ska_release r;
    sample_release(&w);
    w.data[0] = 2;
    ck_assert_status(ska_release_decode(&r, slice(&w)), SKA_E_VERSION);
    w.data[0] = 1;
    ska_write_u8(&w, 0);
    ck_assert_status(ska_release_decode(&r, slice(&w)), SKA_E_TRAILING);
    w.len--;
    w.data[69] = 1; /* 16 million files */
    ck_assert_status(ska_release_decode(&r, slice(&w)), SKA_E_LIMIT);
    ck_assert_status(ska_release_decode(&r, (struct ska_slice){w.data, 127}), SKA_E_TRUNCATED);
    ska_writer_clear(&w);
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("release");
    TCase *tcase = tcase_create("release");
    tcase_add_test(tcase, a_release_has_these_bytes);
    tcase_add_test(tcase, no_byte_of_a_release_can_change);
    tcase_add_test(tcase, neither_signature_stands_for_the_other);
    tcase_add_test(tcase, a_release_is_of_these_files_alone);
    tcase_add_loop_test(tcase, a_place_is_the_first_or_after_another, 0,
                        (int)(sizeof places / sizeof places[0]));
    tcase_add_test(tcase, a_release_of_wrong_form_is_refused);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
