/* SPDX-License-Identifier: EUPL-1.2 */
/* test_close_record.c - close records: their bytes, what is refused, who signed, what is counted.
 */
#include "protocol/close_record.h"

#include "tests/test.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"

#define HEAD_BYTES (1 + SKA_CONTROL_BYTES + 32 + 8 + 32)

static struct ska_close_entry entries[] = {
    {.index = 8, .contributor = 3, .number = 1, .sha256 = {1}, .length = 100},
    {.index = 2, .contributor = 3, .number = 2, .sha256 = {2}, .length = 101},
    {.index = 9, .contributor = 4, .number = 1, .sha256 = {3}, .length = 102},
};

static struct ska_close_record example(void)
{
    struct ska_close_record record = {.log_size = 10, .n = N_OF(entries), .at = entries};
    memset(record.control, 0x11, sizeof record.control);
    memset(record.parameters_hash, 0x22, sizeof record.parameters_hash);
    memset(record.root, 0x33, sizeof record.root);
    return record;
}

static void encode(struct ska_writer *w, const struct ska_close_record *record)
{
    ska_close_record_encode(w, record);
    ck_assert_status(ska_writer_status(w), SKA_OK);
}

static enum ska_status decode(const struct ska_close_record *record)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record got = {0};
    encode(&w, record);
    return ska_close_record_decode(&got, (struct ska_slice){w.data, w.len});
}

/* Field by field at its place, so that the format cannot change unseen. */
START_TEST(a_record_has_exactly_these_bytes)
{
    static const char want_entry[] = "0000000000000002"
                                     "00000003"
                                     "0000000000000002"
                                     "02000000000000000000000000000000"
                                     "00000000000000000000000000000000"
                                     "0000000000000065";
    struct ska_close_record record = example();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    char text[2 * SKA_CLOSE_ENTRY_BYTES + 1];
    encode(&w, &record);
    ck_assert_uint_eq(w.len, HEAD_BYTES + 4 + 3 * SKA_CLOSE_ENTRY_BYTES);
    ck_assert_uint_eq(w.data[0], 1);
    ck_assert_mem_eq(w.data + 1, record.control, SKA_CONTROL_BYTES);
    ck_assert_mem_eq(w.data + 1 + SKA_CONTROL_BYTES, record.parameters_hash, 32);
    ck_assert_mem_eq(w.data + HEAD_BYTES - 40, "\0\0\0\0\0\0\0\12", 8);
    ck_assert_mem_eq(w.data + HEAD_BYTES - 32, record.root, 32);
    ck_assert_mem_eq(w.data + HEAD_BYTES, "\0\0\0\3", 4);
    ska_hex_encode(text, w.data + HEAD_BYTES + 4 + SKA_CLOSE_ENTRY_BYTES, SKA_CLOSE_ENTRY_BYTES);
    ck_assert_str_eq(text, want_entry);
}
END_TEST

START_TEST(decoding_gives_the_record_back)
{
    struct ska_close_record record = example();
    for (record.n = 0; record.n <= N_OF(entries); record.n++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        SKA_SCOPED(ska_writer_clear) struct ska_writer again = {0};
        SKA_SCOPED(ska_close_record_clear) struct ska_close_record got = {0};
        encode(&w, &record);
        ck_assert_status(ska_close_record_decode(&got, (struct ska_slice){w.data, w.len}), SKA_OK);
        encode(&again, &got);
        ck_assert_uint_eq(again.len, w.len);
        ck_assert_mem_eq(again.data, w.data, w.len);
        ska_close_record_clear(&got);
        for (size_t cut = 0; cut < w.len; cut++)
            ck_assert_status(ska_close_record_decode(&got, (struct ska_slice){w.data, cut}),
                             SKA_E_TRUNCATED);
        ska_write_u8(&w, 0);
        ck_assert_status(ska_close_record_decode(&got, (struct ska_slice){w.data, w.len}),
                         SKA_E_TRAILING);
        w.data[0] = 2;
        ck_assert_status(ska_close_record_decode(&got, (struct ska_slice){w.data, w.len}),
                         SKA_E_VERSION);
    }
}
END_TEST

START_TEST(order_numbers_and_indices_are_kept_to)
{
    struct ska_close_entry wrong[N_OF(entries)];
    struct ska_close_record record = example();
    record.at = wrong;
    memcpy(wrong, entries, sizeof entries);
    ck_assert_status(decode(&record), SKA_OK);
    wrong[2].index = record.log_size;
    ck_assert_status(decode(&record), SKA_E_RANGE);
    memcpy(wrong, entries, sizeof entries);
    wrong[0].number = 0;
    ck_assert_status(decode(&record), SKA_E_RANGE);
    memcpy(wrong, entries, sizeof entries);
    wrong[1].number = 1; /* once more */
    ck_assert_status(decode(&record), SKA_E_ENCODING);
    memcpy(wrong, entries, sizeof entries);
    wrong[2].contributor = 2;
    ck_assert_status(decode(&record), SKA_E_ENCODING);
}
END_TEST

START_TEST(a_number_of_entries_that_cannot_be_is_refused)
{
    struct ska_close_record record = example();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record got = {0};
    encode(&w, &record);
    w.data[HEAD_BYTES] = 0xFF;
    ck_assert_status(ska_close_record_decode(&got, (struct ska_slice){w.data, w.len}), SKA_E_LIMIT);
}
END_TEST

START_TEST(the_signature_is_over_all_of_it)
{
    struct ska_signing_key key;
    struct ska_close_record record = example();
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ck_assert_status(ska_signing_key_generate(&key), SKA_OK);
    encode(&w, &record);
    const struct ska_slice body = {w.data, w.len};
    ck_assert_status(ska_close_record_sign(signature, &key, body), SKA_OK);
    ck_assert_status(ska_close_record_verify(signature, key.public_key, body), SKA_OK);
    ck_assert_status(
        ska_sign_verify(signature, key.public_key, "skarva-1 sign close", body.data, body.len),
        SKA_OK);
    for (size_t i = 0; i < w.len; i++) {
        w.data[i] ^= 1;
        ck_assert_status(ska_close_record_verify(signature, key.public_key, body), SKA_E_SIGNATURE);
        w.data[i] ^= 1;
    }
}
END_TEST

START_TEST(the_signatures_are_split_off)
{
    uint8_t bytes[2 * SKA_SIGNATURE_BYTES + 3] = {7, 7, 7};
    struct ska_signed_close s;
    ck_assert_status(ska_signed_close_split(&s, (struct ska_slice){bytes, sizeof bytes}), SKA_OK);
    ck_assert_uint_eq(s.body.len, 3);
    ck_assert(s.leader == bytes + 3 && s.helper == bytes + 3 + SKA_SIGNATURE_BYTES);
    ck_assert_status(ska_signed_close_split(&s, (struct ska_slice){bytes, sizeof bytes - 4}),
                     SKA_E_TRUNCATED);
}
END_TEST

START_TEST(each_contributors_highest_number_is_counted)
{
    struct ska_close_record record = example();
    ck_assert(!ska_close_record_is_counted(&record, 0));
    ck_assert(ska_close_record_is_counted(&record, 1));
    ck_assert(ska_close_record_is_counted(&record, 2));
    ck_assert(!ska_close_record_is_counted(&record, 3));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("close_record");
    TCase *tc = tcase_create("close_record");
    tcase_add_test(tc, a_record_has_exactly_these_bytes);
    tcase_add_test(tc, decoding_gives_the_record_back);
    tcase_add_test(tc, order_numbers_and_indices_are_kept_to);
    tcase_add_test(tc, a_number_of_entries_that_cannot_be_is_refused);
    tcase_add_test(tc, the_signature_is_over_all_of_it);
    tcase_add_test(tc, the_signatures_are_split_off);
    tcase_add_test(tc, each_contributors_highest_number_is_counted);
    suite_add_tcase(s, tc);
    return test_run(s);
}
