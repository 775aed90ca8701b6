/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_dap.c - DAP messages against encodings worked out by hand from the presentation language of
 * draft-ietf-ppm-dap-18, and what is refused.
 */
#include "tests/samples.h"
#include "tests/test.h"

#include "protocol/resources.h"

#define ID "000102030405060708090a0b0c0d0e0f"
#define ID2 "0102030405060708090a0b0c0d0e0f10"
#define METADATA          \
    ID "0000000000076c80" \
       "0000" /* report_id | time 486528 | no extensions */
#define METADATA2          \
    ID2 "0000000000076c80" \
        "0000"
#define ENC \
    "000c"  \
    "656e63617073756c61746564" /* "encapsulated" */
#define SEALED \
    "00000006" \
    "7365616c6564" /* "sealed" */
#define PUBLIC \
    "00000006" \
    "7075626c6963" /* "public" */
#define CIPHERTEXT1 "01" ENC SEALED
#define CIPHERTEXT2 "02" ENC SEALED
#define INTERVAL       \
    "0000000000076c80" \
    "0000000000000001"
#define CHECKSUM "05060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324"

struct known_case {
    const char *name;
    const char *hex;
};

/* The messages of samples.h. */
static const struct known_case known[] = {
    {"dap_ciphertext", "11" ENC SEALED},
    {"dap_upload", METADATA PUBLIC CIPHERTEXT1 CIPHERTEXT2 /* and the next report */
                       METADATA2 PUBLIC CIPHERTEXT1 CIPHERTEXT2},
    {"dap_upload_errors", "01020300000000000000000000000000"
                          "02" /* report_replayed */
                          "01020300000000000000000000000000"
                          "0b" /* outdated_config */},
    {"dap_plaintext", "0000"
                      "0000000b"
                      "696e707574207368617265"},
    {"dap_agg_init", "00"
                     "00000000"
                     "0000" /* key identifier, agg_param, extensions */
     METADATA PUBLIC CIPHERTEXT2 "00000007"
                     "00"
                     "00000002"
                     "6162" /* initialize("ab") */
     METADATA2 PUBLIC CIPHERTEXT2 "00000007"
                     "00"
                     "00000002"
                     "6162"},
    {"dap_agg_resp", "01000000000000000000000000000000"
                     "00"
                     "00000007"
                     "02"
                     "00000002"
                     "6162"
                     "02000000000000000000000000000000"
                     "01"
                     "03000000000000000000000000000000"
                     "02"
                     "06" /* vdaf_verify_error */},
    {"dap_ping_pong", "02"
                      "00000010"
                      "7665726966696572206d657373616765"},
    {"dap_collection_req", "01"
                           "0010" INTERVAL "00000000"
                           "0000"},
    {"dap_collection_resp", "000000000000000a" INTERVAL CIPHERTEXT1 CIPHERTEXT1},
    {"dap_aggregate_share_req", "01"
                                "0010" INTERVAL "00000000"
                                "0000" /* CollectionJobReq */
                                "01"
                                "0010" INTERVAL /* BatchSelector */
                                "000000000000000a" CHECKSUM},
};

static const struct sample *find_sample(const char *name)
{
    for (size_t i = 0; i < N_OF(samples); i++) {
        if (strcmp(samples[i].name, name) == 0)
            return &samples[i];
    }
    ck_abort_msg("no sample %s", name);
    return NULL;
}

START_TEST(a_message_has_the_bytes_of_the_draft)
{
    const struct known_case *k = &known[_i];
    struct ska_writer w = {0};
    find_sample(k->name)->write(&w);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    char *got = malloc(2 * w.len + 1);
    ck_assert_ptr_nonnull(got);
    ska_hex_encode(got, w.data, w.len);
    ck_assert_str_eq(got, k->hex);
    free(got);
    ska_writer_clear(&w);
}
END_TEST

struct wire_case {
    const char *name;
    recode_function *recode;
    const char *hex;
    enum ska_status want;
};

static const struct wire_case wires[] = {
    {"ciphertext with empty enc", recode_ciphertext,
     "01"
     "0000" SEALED,
     SKA_E_RANGE},
    {"ciphertext with empty payload", recode_ciphertext, "01" ENC "00000000", SKA_E_RANGE},
    {"ciphertext longer than what is there", recode_ciphertext,
     "01" ENC "ffffffff"
     "00",
     SKA_E_TRUNCATED},
    {"enc longer than what is there", recode_ciphertext,
     "01"
     "ffff"
     "00",
     SKA_E_TRUNCATED},
    {"report with extensions passes the decoder", recode_upload,
     ID "0000000000076c80"
        "0004"
        "00170000" PUBLIC CIPHERTEXT1 CIPHERTEXT2,
     SKA_OK},
    {"report with an empty public share", recode_upload,
     METADATA "00000000" CIPHERTEXT1 CIPHERTEXT2, SKA_OK},
    {"no report", recode_upload, "", SKA_E_TRUNCATED},
    {"upload error 0", recode_upload_errors, ID "00", SKA_E_RANGE},
    {"upload error of a later draft", recode_upload_errors, ID "0c", SKA_OK},
    {"no upload errors", recode_upload_errors, "", SKA_OK},
    {"plaintext without payload", recode_plaintext,
     "0000"
     "00000000",
     SKA_E_RANGE},
    {"plaintext with an extension", recode_plaintext,
     "0004"
     "00170000"
     "00000001"
     "61",
     SKA_E_UNSUPPORTED},
    {"plaintext with extensions out of order", recode_plaintext,
     "0008"
     "00170000"
     "00170000"
     "00000001"
     "61",
     SKA_E_ENCODING},
    {"plaintext with half an extension", recode_plaintext,
     "0003"
     "001700"
     "00000001"
     "61",
     SKA_E_TRUNCATED},
    {"aggregation job without reports", recode_agg_init,
     "00"
     "00000000"
     "0000",
     SKA_E_TRUNCATED},
    {"VerifyInit without payload", recode_agg_init,
     "00"
     "00000000"
     "0000" METADATA PUBLIC CIPHERTEXT2 "00000000",
     SKA_E_RANGE},
    {"VerifyResp of type 3", recode_agg_resp, ID "03", SKA_E_FORMAT},
    {"VerifyResp that goes on with nothing", recode_agg_resp,
     ID "00"
        "00000000",
     SKA_E_RANGE},
    {"VerifyResp that rejects for no reason", recode_agg_resp,
     ID "02"
        "00",
     SKA_E_RANGE},
    {"VerifyResp that finishes", recode_agg_resp, ID "01", SKA_OK},
    {"ping-pong continue", recode_ping_pong,
     "01"
     "00000001"
     "61"
     "00000001"
     "61",
     SKA_E_FORMAT},
    {"ping-pong message 3", recode_ping_pong,
     "03"
     "00000000",
     SKA_E_FORMAT},
    {"ping-pong with an empty share", recode_ping_pong,
     "00"
     "00000000",
     SKA_OK},
    {"leader-selected query", recode_collection_req,
     "02"
     "0000"
     "00000000"
     "0000",
     SKA_E_UNSUPPORTED},
    {"batch mode 0", recode_collection_req,
     "00"
     "0010" INTERVAL "00000000"
     "0000",
     SKA_E_UNSUPPORTED},
    {"query of 15 bytes", recode_collection_req,
     "01"
     "000f"
     "0000000000076c80"
     "00000000000000"
     "00000000"
     "0000",
     SKA_E_TRUNCATED},
    {"query of 17 bytes", recode_collection_req,
     "01"
     "0011" INTERVAL "00"
     "00000000"
     "0000",
     SKA_E_TRAILING},
    {"selector of another batch mode", recode_aggregate_share_req,
     "01"
     "0010" INTERVAL "00000000"
     "0000"
     "02"
     "0010" INTERVAL "000000000000000a" CHECKSUM,
     SKA_E_UNSUPPORTED},
};

START_TEST(a_message_of_wrong_form_is_refused)
{
    const struct wire_case *k = &wires[_i];
    uint8_t *bytes;
    struct ska_writer w = {0};
    size_t len = sample_from_hex(&bytes, k->hex);
    enum ska_status got = k->recode(&w, (struct ska_slice){bytes, len});
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    free(bytes);
    ska_writer_clear(&w);
}
END_TEST

/* --- HPKE configurations --- */

#define KEY1 \
    "0020"   \
    "0900000000000000000000000000000000000000000000000000000000000000"
#define KEY2 \
    "0020"   \
    "0800000000000000000000000000000000000000000000000000000000000000"
#define OURS \
    "0020"   \
    "0001"   \
    "0001"

struct hpke_case {
    const char *name;
    const char *hex;
    enum ska_status want;
    uint8_t id, key;
};
static const struct hpke_case hpke_cases[] = {
    {"the sample",
     "0037"
     "c2"
     "0010"
     "0001"
     "0001"
     "0005"
     "0102030405"
     "11" OURS KEY1,
     SKA_OK, 17, 9},
    {"the first of two",
     "0052"
     "05" OURS KEY2 "06" OURS KEY1,
     SKA_OK, 5, 8},
    {"another AEAD first",
     "0052"
     "05"
     "0020"
     "0001"
     "0003" KEY2 "06" OURS KEY1,
     SKA_OK, 6, 9},
    {"another KDF",
     "0029"
     "05"
     "0020"
     "0002"
     "0001" KEY1,
     SKA_E_UNSUPPORTED, 0, 0},
    {"a key of 31 bytes",
     "0028"
     "05" OURS "001f"
     "09000000000000000000000000000000000000000000000000000000000000",
     SKA_E_UNSUPPORTED, 0, 0},
    {"an empty list", "0000", SKA_E_RANGE, 0, 0},
    {"an empty key",
     "0009"
     "05" OURS "0000",
     SKA_E_RANGE, 0, 0},
    {"an empty key after a good one",
     "0032"
     "05" OURS KEY1 "06" OURS "0000",
     SKA_E_RANGE, 0, 0},
    {"one identifier twice",
     "0052"
     "05" OURS KEY1 "05" OURS KEY2,
     SKA_E_CONFLICT, 0, 0},
    {"a list cut",
     "0029"
     "05" OURS,
     SKA_E_TRUNCATED, 0, 0},
    {"an entry cut",
     "0020"
     "05" OURS "0020"
     "0900000000000000000000000000000000000000000000",
     SKA_E_TRUNCATED, 0, 0},
    {"a byte after",
     "0029"
     "05" OURS KEY1 "00",
     SKA_E_TRAILING, 0, 0},
    {"nothing", "", SKA_E_TRUNCATED, 0, 0},
};

START_TEST(the_first_supported_hpke_configuration_is_chosen)
{
    const struct hpke_case *k = &hpke_cases[_i];
    uint8_t *bytes;
    uint8_t id = 255;
    uint8_t key[32] = {255};
    size_t len = sample_from_hex(&bytes, k->hex);
    enum ska_status got = ska_dap_hpke_config_list_choose(&id, key, (struct ska_slice){bytes, len});
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    ck_assert_uint_eq(id, k->want == SKA_OK ? k->id : 255);
    ck_assert_uint_eq(key[0], k->want == SKA_OK ? k->key : 255);
    free(bytes);
}
END_TEST

START_TEST(hpke_configurations_have_the_bytes_of_the_draft)
{
    struct ska_writer w = {0};
    char got[200];
    sample_hpke_config_list(&w);
    ck_assert_uint_lt(2 * w.len, sizeof got);
    ska_hex_encode(got, w.data, w.len);
    ck_assert_str_eq(got, hpke_cases[0].hex);
    ska_writer_clear(&w);
}
END_TEST

/* --- extensions and names --- */

START_TEST(extension_lists_are_checked)
{
    ck_assert_status(ska_dap_extensions_check((struct ska_slice){NULL, 0}), SKA_OK);
    ck_assert_status(ska_dap_extensions_check(SAMPLE_SLICE("\0\0\0\0")), SKA_E_UNSUPPORTED);
    ck_assert_status(ska_dap_extensions_check(SAMPLE_SLICE("\0\1\0\1x\0\2\0\0")),
                     SKA_E_UNSUPPORTED);
    ck_assert_status(ska_dap_extensions_check(SAMPLE_SLICE("\0\2\0\1x\0\1\0\0")), SKA_E_ENCODING);
    ck_assert_status(ska_dap_extensions_check(SAMPLE_SLICE("\0\2\0\0\0\2\0\0")), SKA_E_ENCODING);
    ck_assert_status(ska_dap_extensions_check(SAMPLE_SLICE("\0\2\0\2x")), SKA_E_TRUNCATED);
    ck_assert_status(ska_dap_extensions_check(SAMPLE_SLICE("\0")), SKA_E_TRUNCATED);
}
END_TEST

START_TEST(report_errors_have_the_drafts_names)
{
    static const char *const names[] = {"reserved",
                                        "batch_collected",
                                        "report_replayed",
                                        "report_dropped",
                                        "hpke_unknown_config_id",
                                        "hpke_decrypt_error",
                                        "vdaf_verify_error",
                                        "task_expired",
                                        "invalid_message",
                                        "report_too_early",
                                        "task_not_started",
                                        "outdated_config",
                                        "unknown"};
    for (size_t i = 0; i < N_OF(names); i++)
        ck_assert_str_eq(ska_report_error_name((uint8_t)i), names[i]);
    ck_assert_str_eq(ska_report_error_name(255), "unknown");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dap");
    TCase *tcase = tcase_create("dap");
    tcase_add_loop_test(tcase, a_message_has_the_bytes_of_the_draft, 0, (int)N_OF(known));
    tcase_add_loop_test(tcase, a_message_of_wrong_form_is_refused, 0, (int)N_OF(wires));
    tcase_add_loop_test(tcase, the_first_supported_hpke_configuration_is_chosen, 0,
                        (int)N_OF(hpke_cases));
    tcase_add_test(tcase, hpke_configurations_have_the_bytes_of_the_draft);
    tcase_add_test(tcase, extension_lists_are_checked);
    tcase_add_test(tcase, report_errors_have_the_drafts_names);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
