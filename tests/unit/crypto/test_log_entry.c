/* SPDX-License-Identifier: EUPL-1.2 */
/* test_log_entry.c - the bytes of a log entry, and what a decoder and a verifier must refuse. */
#include "crypto/log_entry.h"

#include "tests/test.h"

#include <string.h>

static struct ska_log_entry example(void)
{
    struct ska_log_entry e = {.period = "2025Q2",
                              .revision = 1,
                              .contributor = 7,
                              .number = UINT64_C(0x0102030405060708),
                              .length = 33000};
    memset(e.task_id, 0xAA, sizeof e.task_id);
    memset(e.sha256, 0xBB, sizeof e.sha256);
    return e;
}

static size_t encode_example(uint8_t out[SKA_LOG_ENTRY_BYTES_MAX], const struct ska_log_entry *e)
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, out, SKA_LOG_ENTRY_BYTES_MAX);
    ska_log_entry_encode(&w, e);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    return w.len;
}

/* Byte for byte, so that the format cannot change unseen. */
START_TEST(an_entry_has_exactly_these_bytes)
{
    static const char want[] = "01"
                               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                               "06323032355132"
                               "00000001"
                               "00000007"
                               "0102030405060708"
                               "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                               "00000000000080e8";
    struct ska_log_entry e = example();
    uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX];
    size_t len = encode_example(bytes, &e);
    char text[2 * SKA_LOG_ENTRY_BYTES_MAX + 1];
    ska_hex_encode(text, bytes, len);
    ck_assert_str_eq(text, want);
}
END_TEST

START_TEST(decoding_gives_the_entry_back_and_leaves_what_follows)
{
    static const char *const periods[] = {"2025", "2025-07", "ABCDEFGHIJKLMNO"};
    for (size_t i = 0; i < N_OF(periods); i++) {
        struct ska_log_entry e = example();
        memset(e.period, 0, sizeof e.period);
        memcpy(e.period, periods[i], strlen(periods[i]));
        uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX + 1];
        size_t len = encode_example(bytes, &e);
        struct ska_reader r;
        struct ska_log_entry got;
        memset(&got, 0x77, sizeof got);
        ska_reader_init(&r, bytes, len + 1);
        ck_assert_status(ska_log_entry_decode(&got, &r), SKA_OK);
        ck_assert_uint_eq(r.left, 1);
        ck_assert_str_eq(got.period, periods[i]);
        ck_assert_mem_eq(got.task_id, e.task_id, sizeof e.task_id);
        ck_assert_mem_eq(got.sha256, e.sha256, sizeof e.sha256);
        ck_assert_uint_eq(got.revision, e.revision);
        ck_assert_uint_eq(got.contributor, e.contributor);
        ck_assert(got.number == e.number && got.length == e.length);
    }
}
END_TEST

START_TEST(an_entry_cut_at_any_byte_is_truncated_and_changes_nothing)
{
    struct ska_log_entry e = example();
    uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX];
    size_t len = encode_example(bytes, &e);
    for (size_t cut = 0; cut < len; cut++) {
        struct ska_log_entry got;
        struct ska_log_entry before;
        memset(&got, 0x77, sizeof got);
        memset(&before, 0x77, sizeof before);
        struct ska_reader r;
        ska_reader_init(&r, bytes, cut);
        ck_assert_status(ska_log_entry_decode(&got, &r), SKA_E_TRUNCATED);
        ck_assert_mem_eq(&got, &before, sizeof got);
        ck_assert_ptr_eq(r.at, bytes);
        ck_assert_uint_eq(r.left, cut);
    }
}
END_TEST

static const struct {
    const char *name;
    size_t at;
    uint8_t value;
    enum ska_status want;
} faults[] = {
    {"type 0", 0, 0, SKA_E_FORMAT},
    {"type 2", 0, 2, SKA_E_FORMAT},
    {"period of no bytes", 33, 0, SKA_E_RANGE},
    {"period too long", 33, 16, SKA_E_LIMIT},
    {"zero byte in the period", 35, 0, SKA_E_FORMAT},
    {"small letter in the period", 38, 'q', SKA_E_FORMAT},
    {"before the digits", 34, '/', SKA_E_FORMAT},
    {"behind the digits", 34, ':', SKA_E_FORMAT},
    {"before the letters", 34, '@', SKA_E_FORMAT},
    {"behind the letters", 34, '[', SKA_E_FORMAT},
};

START_TEST(a_malformed_entry_is_named)
{
    struct ska_log_entry e = example();
    uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX];
    size_t len = encode_example(bytes, &e);
    bytes[faults[_i].at] = faults[_i].value;
    struct ska_log_entry got = {.number = 5};
    struct ska_reader r;
    ska_reader_init(&r, bytes, len);
    enum ska_status status = ska_log_entry_decode(&got, &r);
    ck_assert_msg(status == faults[_i].want, "%s: %s", faults[_i].name, ska_status_name(status));
    ck_assert_uint_eq(got.number, 5);
    ck_assert_uint_eq(r.left, len);
}
END_TEST

START_TEST(submission_number_zero_is_refused)
{
    struct ska_log_entry e = example();
    e.number = 0;
    uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX];
    size_t len = encode_example(bytes, &e);
    struct ska_log_entry got;
    struct ska_reader r;
    ska_reader_init(&r, bytes, len);
    ck_assert_status(ska_log_entry_decode(&got, &r), SKA_E_RANGE);
}
END_TEST

static void change_field(struct ska_log_entry *e, int field)
{
    switch (field) {
    case 0:
        e->task_id[31] ^= 1;
        break;
    case 1:
        e->period[5] = '3';
        break;
    case 2:
        e->revision++;
        break;
    case 3:
        e->contributor++;
        break;
    case 4:
        e->number++;
        break;
    case 5:
        e->sha256[0] ^= 1;
        break;
    case 6:
        e->length++;
        break;
    default:
        ck_abort_msg("no such field");
    }
}

START_TEST(a_signature_holds_for_every_field_as_it_was)
{
    struct ska_log_entry e = example();
    struct ska_signing_key key;
    struct ska_signing_key other;
    uint8_t signature[SKA_SIGNATURE_BYTES];
    ck_assert_status(ska_signing_key_generate(&key), SKA_OK);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ck_assert_status(ska_log_entry_sign(signature, &key, &e), SKA_OK);
    ck_assert_status(ska_log_entry_verify(signature, key.public_key, &e), SKA_OK);
    ck_assert_status(ska_log_entry_verify(signature, other.public_key, &e), SKA_E_SIGNATURE);
    for (int field = 0; field < 7; field++) {
        struct ska_log_entry changed = e;
        change_field(&changed, field);
        ck_assert_msg(ska_log_entry_verify(signature, key.public_key, &changed) == SKA_E_SIGNATURE,
                      "field %d", field);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log entry");
    TCase *t = tcase_create("log entry");
    tcase_add_test(t, an_entry_has_exactly_these_bytes);
    tcase_add_test(t, decoding_gives_the_entry_back_and_leaves_what_follows);
    tcase_add_test(t, an_entry_cut_at_any_byte_is_truncated_and_changes_nothing);
    tcase_add_loop_test(t, a_malformed_entry_is_named, 0, (int)N_OF(faults));
    tcase_add_test(t, submission_number_zero_is_refused);
    tcase_add_test(t, a_signature_holds_for_every_field_as_it_was);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
