/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_dap.c - DAP messages against encodings worked out by hand from the presentation language of
 * draft-ietf-ppm-dap-18, and what is refused.
 */
#include "tests/samples.h"
#include "tests/test.h"

#include "crypto/secret.h"
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

static size_t from_hex(uint8_t **out, const char *hex)
{
    size_t len = strlen(hex) / 2;
    *out = malloc(len + 1);
    ck_assert_ptr_nonnull(*out);
    ck_assert_status(ska_hex_decode(*out, len, hex), SKA_OK);
    return len;
}

START_TEST(a_message_of_wrong_form_is_refused)
{
    const struct wire_case *k = &wires[_i];
    uint8_t *bytes;
    struct ska_writer w = {0};
    size_t len = from_hex(&bytes, k->hex);
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
    size_t len = from_hex(&bytes, k->hex);
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

/* --- sealing --- */

/* A task with what sealing binds to. */
static struct ska_task sealing_task(const struct ska_hpke_key *collector)
{
    static uint8_t configuration[] = "the task's configuration";
    struct ska_task task = {.dap_configuration = configuration,
                            .dap_configuration_len = sizeof configuration - 1,
                            .parameters = {.collector_hpke_config_id = 44}};
    sample_fill(task.context.task_id, 32, 1);
    memcpy(task.parameters.collector_hpke_key, collector->public_key, 32);
    return task;
}

static struct ska_hpke_key hpke_key(uint8_t first)
{
    const uint8_t secret[32] = {first};
    struct ska_hpke_key key;
    ck_assert_status(ska_hpke_key_from_secret(&key, secret), SKA_OK);
    return key;
}

static struct ska_dap_ciphertext decode_ciphertext(const struct ska_writer *w)
{
    struct ska_dap_ciphertext c;
    struct ska_reader r;
    ska_reader_init(&r, w->data, w->len);
    ck_assert_status(ska_dap_ciphertext_decode(&c, &r), SKA_OK);
    ck_assert_status(ska_read_end(&r), SKA_OK);
    return c;
}

struct opening {
    struct ska_hpke_key key;
    enum ska_role role;
    struct ska_task task;
    struct ska_dap_metadata metadata;
    struct ska_slice public_share;
    struct ska_dap_ciphertext ciphertext;
};

static enum ska_status open_share(const struct opening *o)
{
    uint8_t *plain = NULL;
    size_t plain_len = 0;
    struct ska_slice payload = {NULL, 0};
    enum ska_status status =
        ska_dap_input_share_open(&plain, &plain_len, &payload, &o->key, o->role, &o->task,
                                 &o->metadata, o->public_share, &o->ciphertext);
    if (status == SKA_OK) {
        ck_assert_uint_eq(payload.len, 5);
        ck_assert_mem_eq(payload.data, "share", 5);
        ska_wipe_free(plain, plain_len);
    } else {
        ck_assert_ptr_null(plain);
    }
    return status;
}

static struct opening seal_share(struct ska_writer *w)
{
    struct opening o = {.key = hpke_key(7),
                        .role = SKA_ROLE_HELPER,
                        .metadata = sample_metadata_struct(0),
                        .public_share = SAMPLE_SLICE("public")};
    o.task = sealing_task(&o.key);
    ck_assert_status(ska_dap_input_share_seal(w, 9, o.key.public_key, o.role, &o.task, &o.metadata,
                                              o.public_share, SAMPLE_SLICE("share")),
                     SKA_OK);
    o.ciphertext = decode_ciphertext(w);
    return o;
}

/* The draft's bytes, put together here once more: another implementation must open what we seal. */
START_TEST(an_input_share_is_sealed_under_the_drafts_info_and_aad)
{
    struct ska_writer w = {0};
    struct ska_writer aad = {0};
    struct opening o = seal_share(&w);
    static const uint8_t info[] = "dap-18 input share\x01\x03";
    ck_assert_uint_eq(o.ciphertext.config_id, 9);
    ska_write_bytes(&aad, o.task.context.task_id, 32);
    ska_write_bytes(&aad, "the task's configuration", 24);
    ska_write_bytes(&aad, o.metadata.report_id, 16);
    ska_write_u64(&aad, o.metadata.time);
    ska_write_u16(&aad, 0);
    ska_write_opaque32(&aad, "public", 6);
    uint8_t plain[64];
    ck_assert_uint_eq(o.ciphertext.payload.len, 2 + 4 + 5 + 16);
    ck_assert_status(ska_hpke_open(plain, &o.key, o.ciphertext.enc.data,
                                   (struct ska_slice){info, sizeof info - 1},
                                   (struct ska_slice){aad.data, aad.len}, o.ciphertext.payload),
                     SKA_OK);
    ck_assert_mem_eq(plain, "\0\0\0\0\0\5share", 11);
    ska_writer_clear(&aad);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(an_input_share_opens_only_where_it_belongs)
{
    struct ska_writer w = {0};
    const struct opening good = seal_share(&w);
    ck_assert_status(open_share(&good), SKA_OK);
    struct opening bad = good;
    bad.key = hpke_key(8);
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.role = SKA_ROLE_LEADER;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.task.context.task_id[31] ^= 1;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.task.dap_configuration_len--;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.metadata.report_id[0] ^= 1;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.metadata.time++;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.metadata.extensions = SAMPLE_SLICE("\0\1\0\0");
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.public_share.len--;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    bad = good;
    bad.ciphertext.enc.len--;
    ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    for (size_t len = 0; len < good.ciphertext.payload.len; len++) {
        bad = good;
        bad.ciphertext.payload.len = len;
        ck_assert_status(open_share(&bad), SKA_E_DECRYPT);
    }
    ska_writer_clear(&w);
}
END_TEST

/* A client that seals something else than a PlaintextInputShare without extensions. */
static enum ska_status open_of(const char *hex)
{
    struct opening o = {.key = hpke_key(7),
                        .role = SKA_ROLE_LEADER,
                        .metadata = sample_metadata_struct(0),
                        .public_share = SAMPLE_SLICE("public")};
    o.task = sealing_task(&o.key);
    struct ska_writer aad = {0};
    static const uint8_t info[] = "dap-18 input share\x01\x02";
    ska_write_bytes(&aad, o.task.context.task_id, 32);
    ska_write_bytes(&aad, "the task's configuration", 24);
    ska_dap_metadata_encode(&aad, &o.metadata);
    ska_write_opaque32(&aad, "public", 6);
    uint8_t *plain;
    size_t len = from_hex(&plain, hex);
    uint8_t enc[32];
    uint8_t sealed[64];
    ck_assert_status(
        ska_hpke_seal(enc, sealed, o.key.public_key, (struct ska_slice){info, sizeof info - 1},
                      (struct ska_slice){aad.data, aad.len}, (struct ska_slice){plain, len}),
        SKA_OK);
    o.ciphertext = (struct ska_dap_ciphertext){1, {enc, 32}, {sealed, len + 16}};
    enum ska_status status = open_share(&o);
    free(plain);
    ska_writer_clear(&aad);
    return status;
}

START_TEST(a_sealed_share_of_wrong_form_is_refused)
{
    ck_assert_status(open_of("0000"
                             "00000005"
                             "7368617265"),
                     SKA_OK);
    ck_assert_status(open_of(""), SKA_E_TRUNCATED);
    ck_assert_status(open_of("0000"
                             "00000005"
                             "73686172"),
                     SKA_E_TRUNCATED);
    ck_assert_status(open_of("0000"
                             "00000005"
                             "7368617265"
                             "00"),
                     SKA_E_TRAILING);
    ck_assert_status(open_of("0000"
                             "00000000"),
                     SKA_E_RANGE);
    ck_assert_status(open_of("0004"
                             "00170000"
                             "00000005"
                             "7368617265"),
                     SKA_E_UNSUPPORTED);
}
END_TEST

START_TEST(an_input_share_is_not_sealed_to_a_key_without_security)
{
    struct ska_writer w = {0};
    struct ska_hpke_key key = hpke_key(7);
    const struct ska_task task = sealing_task(&key);
    const struct ska_dap_metadata metadata = sample_metadata_struct(0);
    static const uint8_t zero[32] = {0};
    ck_assert_status(ska_dap_input_share_seal(&w, 9, zero, SKA_ROLE_LEADER, &task, &metadata,
                                              SAMPLE_SLICE("public"), SAMPLE_SLICE("share")),
                     SKA_E_RANGE);
    ck_assert_uint_eq(w.len, 0);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(an_aggregate_share_is_sealed_under_the_drafts_info_and_aad)
{
    struct ska_writer w = {0};
    struct ska_writer aad = {0};
    struct ska_writer query = {0};
    struct ska_hpke_key key = hpke_key(7);
    const struct ska_task task = sealing_task(&key);
    static const uint8_t info[] = "dap-18 aggregate share\x02\x00";
    sample_collection_req(&query);
    const struct ska_slice q = {query.data, query.len};
    ck_assert_status(
        ska_dap_aggregate_share_seal(&w, SKA_ROLE_LEADER, &task, q, SAMPLE_SLICE("aggregate")),
        SKA_OK);
    struct ska_dap_ciphertext c = decode_ciphertext(&w);
    ck_assert_uint_eq(c.config_id, 44);
    ska_write_bytes(&aad, task.context.task_id, 32);
    ska_write_bytes(&aad, "the task's configuration", 24);
    ska_write_bytes(&aad, query.data, query.len);
    uint8_t plain[9];
    ck_assert_uint_eq(c.payload.len, 9 + 16);
    ck_assert_status(ska_hpke_open(plain, &key, c.enc.data,
                                   (struct ska_slice){info, sizeof info - 1},
                                   (struct ska_slice){aad.data, aad.len}, c.payload),
                     SKA_OK);
    ck_assert_mem_eq(plain, "aggregate", 9);

    uint8_t *opened = NULL;
    size_t len = 0;
    ck_assert_status(
        ska_dap_aggregate_share_open(&opened, &len, &key, SKA_ROLE_LEADER, &task, q, &c), SKA_OK);
    ck_assert_uint_eq(len, 9);
    ck_assert_mem_eq(opened, "aggregate", 9);
    ska_wipe_free(opened, len);
    opened = NULL;
    ck_assert_status(
        ska_dap_aggregate_share_open(&opened, &len, &key, SKA_ROLE_HELPER, &task, q, &c),
        SKA_E_DECRYPT);
    query.data[10] ^= 1;
    ck_assert_status(
        ska_dap_aggregate_share_open(&opened, &len, &key, SKA_ROLE_LEADER, &task, q, &c),
        SKA_E_DECRYPT);
    ck_assert_ptr_null(opened);
    ska_writer_clear(&aad);
    ska_writer_clear(&query);
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
    tcase_add_test(tcase, an_input_share_is_sealed_under_the_drafts_info_and_aad);
    tcase_add_test(tcase, an_input_share_opens_only_where_it_belongs);
    tcase_add_test(tcase, a_sealed_share_of_wrong_form_is_refused);
    tcase_add_test(tcase, an_input_share_is_not_sealed_to_a_key_without_security);
    tcase_add_test(tcase, an_aggregate_share_is_sealed_under_the_drafts_info_and_aad);
    tcase_add_test(tcase, extension_lists_are_checked);
    tcase_add_test(tcase, report_errors_have_the_drafts_names);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
