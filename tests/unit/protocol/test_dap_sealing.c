/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_dap_sealing.c - input and aggregate shares are sealed as draft-ietf-ppm-dap-18 has it, and
 * open only where they belong.
 */
#include "tests/samples.h"
#include "tests/test.h"

#include "crypto/secret.h"

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
    size_t len = sample_from_hex(&plain, hex);
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

int main(void)
{
    Suite *suite = suite_create("dap_sealing");
    TCase *tcase = tcase_create("dap_sealing");
    tcase_add_test(tcase, an_input_share_is_sealed_under_the_drafts_info_and_aad);
    tcase_add_test(tcase, an_input_share_opens_only_where_it_belongs);
    tcase_add_test(tcase, a_sealed_share_of_wrong_form_is_refused);
    tcase_add_test(tcase, an_input_share_is_not_sealed_to_a_key_without_security);
    tcase_add_test(tcase, an_aggregate_share_is_sealed_under_the_drafts_info_and_aad);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
