/* SPDX-License-Identifier: EUPL-1.2 */
/* test_checkpoint.c - checkpoints and witnesses' cosignatures on them. */
#include "protocol/checkpoint.h"

#include "tests/test.h"

#include "crypto/scoped.h"
#include "protocol/cosignature.h"

#include <openssl/evp.h>

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

/* C2SP tlog-cosignature v1.0.0, the example at its beginning. */
static const char sofa[] =
    "example.com/behind-the-sofa\n20852163\n" ROOT "\n\n" SKA_NOTE_DASH
    "example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" SKA_NOTE_DASH "witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n";

START_TEST(the_example_is_read)
{
    struct ska_note note;
    struct ska_checkpoint c;
    ck_assert_status(ska_note_parse(&note, (const uint8_t *)sofa, strlen(sofa)), SKA_OK);
    ck_assert_uint_eq(note.n_signatures, 2);
    ck_assert_uint_eq(note.signatures[0].id, 0x033de0ae);
    ck_assert_uint_eq(note.signatures[0].signature_len, 64);
    ck_assert_uint_eq(note.signatures[1].signature_len, 72);
    /* The time that the specification's text of the signed message has, 1679315147. */
    ck_assert_mem_eq(note.signatures[1].signature, "\0\0\0\0\x64\x18\x50\xCB", 8);
    ck_assert_status(ska_checkpoint_parse(&c, note.text), SKA_OK);
    ck_assert_str_eq(c.origin, "example.com/behind-the-sofa");
    ck_assert_uint_eq(c.size, 20852163);
    ck_assert_uint_eq(c.root[0], 0x0A);
    ck_assert_uint_eq(c.root[31], 0x62);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_checkpoint_format(&w, &c);
    ck_assert_uint_eq(w.len, note.text.len);
    ck_assert_mem_eq(w.data, note.text.data, w.len);
}
END_TEST

static const struct {
    const char *name, *text;
    enum ska_status want;
} texts[] = {
    {"empty log", "o\n0\n" ROOT "\n", SKA_OK},
    {"largest", "o\n9223372036854775807\n" ROOT "\n", SKA_OK},
    {"blank origin", "a b\n1\n" ROOT "\n", SKA_OK},
    {"over 2^63", "o\n9223372036854775808\n" ROOT "\n", SKA_E_FORMAT},
    {"leading zero", "o\n01\n" ROOT "\n", SKA_E_FORMAT},
    {"sign", "o\n+1\n" ROOT "\n", SKA_E_FORMAT},
    {"no size", "o\n\n" ROOT "\n", SKA_E_FORMAT},
    {"no origin", "\n1\n" ROOT "\n", SKA_E_FORMAT},
    {"extension line", "o\n1\n" ROOT "\nx\n", SKA_E_UNSUPPORTED},
    {"empty extension line", "o\n1\n" ROOT "\n\n", SKA_E_UNSUPPORTED},
    {"two lines", "o\n1\n", SKA_E_FORMAT},
    {"no last line end", "o\n1\n" ROOT, SKA_E_FORMAT},
    {"short root", "o\n1\nAAAA\n", SKA_E_FORMAT},
    {"root of 33 bytes", "o\n1\n" ROOT "AAAA\n", SKA_E_FORMAT},
    {"bits left over", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", SKA_E_FORMAT},
    {"root with a blank", "o\n1\n" ROOT " \n", SKA_E_FORMAT},
    {"carriage return", "o\r\n1\r\n" ROOT "\r\n", SKA_E_FORMAT},
    {"nothing", "", SKA_E_FORMAT},
};

START_TEST(checkpoints_have_one_form)
{
    struct ska_checkpoint c = {0};
    const char *text = texts[_i].text;
    enum ska_status got =
        ska_checkpoint_parse(&c, (struct ska_slice){(const uint8_t *)text, strlen(text)});
    ck_assert_msg(got == texts[_i].want, "%s: got %s", texts[_i].name, ska_status_name(got));
    ck_assert(got == SKA_OK || c.origin[0] == '\0');
}
END_TEST

START_TEST(a_long_origin_is_refused)
{
    char text[400];
    struct ska_checkpoint c;
    int len = snprintf(text, sizeof text, "%0255d\n1\n" ROOT "\n", 0);
    struct ska_slice slice = {(const uint8_t *)text, (size_t)len};
    ck_assert_status(ska_checkpoint_parse(&c, slice), SKA_OK);
    len = snprintf(text, sizeof text, "%0256d\n1\n" ROOT "\n", 0);
    slice.len = (size_t)len;
    ck_assert_status(ska_checkpoint_parse(&c, slice), SKA_E_LIMIT);
}
END_TEST

/* --- cosignatures ----------------------------------------------------------------------------- */

static const char text[] = "leader.example.se/log\n7\n" ROOT "\n";

struct witness {
    struct ska_signing_key secret;
    struct ska_note_key key;
};

static struct witness make_witness(const char *name)
{
    struct witness w;
    ck_assert_status(ska_signing_key_generate(&w.secret), SKA_OK);
    ck_assert_status(ska_note_key_init(&w.key, name, SKA_NOTE_COSIGNATURE, w.secret.public_key),
                     SKA_OK);
    return w;
}

static const struct ska_slice text_slice = {(const uint8_t *)text, sizeof text - 1};

static void start_note(struct ska_writer *w)
{
    ska_write_bytes(w, text, sizeof text - 1);
    ska_write_bytes(w, "\n", 1);
}

static struct ska_note parse(const struct ska_writer *w)
{
    struct ska_note note;
    ck_assert_status(ska_note_parse(&note, w->data, w->len), SKA_OK);
    return note;
}

/* An independent reading of the specification: OpenSSL alone, over the message word for word. */
START_TEST(a_cosignature_is_over_header_time_and_text)
{
    static const char message[] =
        "cosignature/v1\ntime 1679315147\nleader.example.se/log\n7\n" ROOT "\n";
    struct witness a = make_witness("a");
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    start_note(&w);
    ck_assert_status(ska_cosignature_sign(&w, &a.key, &a.secret, text_slice, 1679315147), SKA_OK);
    struct ska_note note = parse(&w);
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, a.key.public_key, 32);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    ck_assert_int_eq(EVP_DigestVerifyInit(md, NULL, NULL, NULL, pkey), 1);
    ck_assert_int_eq(EVP_DigestVerify(md, note.signatures[0].signature + 8, 64,
                                      (const uint8_t *)message, strlen(message)),
                     1);
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(pkey);
    uint64_t time = 0;
    ck_assert_status(ska_cosignature_verify(&time, &note, &a.key), SKA_OK);
    ck_assert_uint_eq(time, 1679315147);
}
END_TEST

START_TEST(every_changed_byte_of_a_cosignature_is_seen)
{
    struct witness a = make_witness("a"), b = make_witness("b");
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    start_note(&w);
    ck_assert_status(ska_cosignature_sign(&w, &a.key, &a.secret, text_slice, 1700000000), SKA_OK);
    struct ska_note note = parse(&w);
    uint64_t time = 5;
    for (size_t i = 0; i < note.signatures[0].signature_len; i++) {
        note.signatures[0].signature[i] ^= 0x20;
        ck_assert_status(ska_cosignature_verify(&time, &note, &a.key), SKA_E_SIGNATURE);
        note.signatures[0].signature[i] ^= 0x20;
    }
    ck_assert_status(ska_cosignature_verify(&time, &note, &b.key), SKA_E_NOT_FOUND);
    ck_assert_uint_eq(time, 5);
    note.signatures[0].signature_len = 64;
    ck_assert_status(ska_cosignature_verify(&time, &note, &a.key), SKA_E_SIGNATURE);
    struct ska_note_key as_log = a.key;
    as_log.type = SKA_NOTE_ED25519; /* the same key does not become a log's */
    note.signatures[0].signature_len = 72;
    ck_assert_status(ska_note_verify(&note, &as_log), SKA_E_SIGNATURE);
    ck_assert_status(ska_cosignature_verify(&time, &note, &as_log), SKA_E_SIGNATURE);
}
END_TEST

START_TEST(the_newest_time_of_a_witness_counts)
{
    struct witness a = make_witness("a");
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    start_note(&w);
    const uint64_t times[] = {1700000007, 1700000009, 1700000008};
    for (size_t i = 0; i < 3; i++)
        ck_assert_status(ska_cosignature_sign(&w, &a.key, &a.secret, text_slice, times[i]), SKA_OK);
    struct ska_note note = parse(&w);
    uint64_t time = 0;
    ck_assert_status(ska_cosignature_verify(&time, &note, &a.key), SKA_OK);
    ck_assert_uint_eq(time, 1700000009);
    note.signatures[2].signature[20] ^= 1;
    ck_assert_status(ska_cosignature_verify(&time, &note, &a.key), SKA_E_SIGNATURE);
}
END_TEST

START_TEST(a_cosignature_has_a_time_and_its_own_key)
{
    struct witness a = make_witness("a"), b = make_witness("b");
    struct ska_writer w = {0};
    ck_assert_status(ska_cosignature_sign(&w, &a.key, &a.secret, text_slice, 0), SKA_E_BUG);
    ck_assert_status(ska_cosignature_sign(&w, &a.key, &a.secret, text_slice, UINT64_C(1) << 63),
                     SKA_E_BUG);
    ck_assert_status(ska_cosignature_sign(&w, &a.key, &b.secret, text_slice, 1), SKA_E_BUG);
    a.key.type = SKA_NOTE_ED25519;
    ck_assert_status(ska_cosignature_sign(&w, &a.key, &a.secret, text_slice, 1), SKA_E_BUG);
    ck_assert_uint_eq(w.len, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *t = tcase_create("checkpoint");
    tcase_add_test(t, the_example_is_read);
    tcase_add_loop_test(t, checkpoints_have_one_form, 0, (int)N_OF(texts));
    tcase_add_test(t, a_long_origin_is_refused);
    tcase_add_test(t, a_cosignature_is_over_header_time_and_text);
    tcase_add_test(t, every_changed_byte_of_a_cosignature_is_seen);
    tcase_add_test(t, the_newest_time_of_a_witness_counts);
    tcase_add_test(t, a_cosignature_has_a_time_and_its_own_key);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
