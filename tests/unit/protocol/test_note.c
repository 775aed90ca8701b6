/* SPDX-License-Identifier: EUPL-1.2 */
/* test_note.c - signed notes and their keys: the specification's own, and what must be refused. */
#include "protocol/note.h"

#include "tests/test.h"

#include "crypto/scoped.h"

/* C2SP signed-note v1.0.0, "Verifier keys", example; and the note of Go's sumdb/note package. */
static const char foo_key[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char foo_note[] =
    "This is an example message.\n\n" SKA_NOTE_DASH
    "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHj"
    "G1Yu72IneyaQM=\n";
static const char neumann_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char neumann_note[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n" SKA_NOTE_DASH "PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
    "RyyBwJnAM=\n";

static struct ska_note parse(const char *text)
{
    struct ska_note note;
    ck_assert_status(ska_note_parse(&note, (const uint8_t *)text, strlen(text)), SKA_OK);
    return note;
}

static struct ska_note_key key_of(const char *text)
{
    struct ska_note_key key;
    ck_assert_status(ska_note_key_parse(&key, text, strlen(text)), SKA_OK);
    return key;
}

START_TEST(published_notes_hold)
{
    static const char *const both[][2] = {{foo_key, foo_note}, {neumann_key, neumann_note}};
    struct ska_note_key key = key_of(both[_i][0]), other = key_of(both[1 - _i][0]);
    struct ska_note note = parse(both[_i][1]);
    ck_assert_status(ska_note_verify(&note, &key), SKA_OK);
    ck_assert_status(ska_note_verify(&note, &other), SKA_E_NOT_FOUND);
    char text[SKA_NOTE_KEY_TEXT_MAX + 1];
    ska_note_key_format(text, &key);
    ck_assert_str_eq(text, both[_i][0]);
}
END_TEST

START_TEST(every_changed_byte_of_the_text_is_seen)
{
    struct ska_note_key key = key_of(foo_key);
    char text[sizeof foo_note];
    struct ska_note note = parse(foo_note);
    for (size_t i = 0; i + 1 < note.text.len; i++) {
        memcpy(text, foo_note, sizeof text);
        text[i] = (char)(text[i] ^ 1);
        struct ska_note changed = parse(text);
        ck_assert_status(ska_note_verify(&changed, &key), SKA_E_SIGNATURE);
    }
}
END_TEST

/* Same name or same identifier, but not both, is somebody else. */
START_TEST(a_key_is_its_name_and_its_identifier)
{
    struct ska_note note = parse(foo_note);
    struct ska_note_key key = key_of(foo_key), other = key;
    other.id ^= 1;
    ck_assert_status(ska_note_verify(&note, &other), SKA_E_NOT_FOUND);
    other = key;
    other.name[0] = 'f';
    ck_assert_status(ska_note_verify(&note, &other), SKA_E_NOT_FOUND);
    other.name[0] = 'e';
    other.name[strlen(other.name) - 1] = '\0';
    ck_assert_status(ska_note_verify(&note, &other), SKA_E_NOT_FOUND);
    other = key;
    other.public_key[3] ^= 1;
    ck_assert_status(ska_note_verify(&note, &other), SKA_E_SIGNATURE);
    other = key;
    other.type = SKA_NOTE_COSIGNATURE;
    ck_assert_status(ska_note_verify(&note, &other), SKA_E_SIGNATURE);
}
END_TEST

struct made {
    struct ska_signing_key secret;
    struct ska_note_key key;
};

static struct made make_key(const char *name)
{
    struct made m;
    ck_assert_status(ska_signing_key_generate(&m.secret), SKA_OK);
    ck_assert_status(ska_note_key_init(&m.key, name, SKA_NOTE_ED25519, m.secret.public_key),
                     SKA_OK);
    return m;
}

/* `text`, an empty line, and `n` signatures of each key. */
static struct ska_writer sign(const char *text, const struct made *keys, size_t n_keys, size_t n)
{
    struct ska_writer w = {0};
    const struct ska_slice slice = {(const uint8_t *)text, strlen(text)};
    ska_write_bytes(&w, text, slice.len);
    ska_write_bytes(&w, "\n", 1);
    for (size_t i = 0; i < n_keys * n; i++)
        ck_assert_status(ska_note_sign(&w, &keys[i % n_keys].key, &keys[i % n_keys].secret, slice),
                         SKA_OK);
    return w;
}

START_TEST(what_is_signed_holds_for_each_signer)
{
    struct made keys[2] = {make_key("leader.example.se/log"), make_key("helper.example.se/x")};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = sign("a\n\nb\n", keys, 2, 1);
    struct ska_note note;
    ck_assert_status(ska_note_parse(&note, w.data, w.len), SKA_OK);
    ck_assert_uint_eq(note.n_signatures, 2);
    ck_assert_uint_eq(note.text.len, 5); /* up to the last empty line */
    for (size_t i = 0; i < 2; i++)
        ck_assert_status(ska_note_verify(&note, &keys[i].key), SKA_OK);
    struct ska_writer no = {0};
    ck_assert_status(ska_note_sign(&no, &keys[0].key, &keys[1].secret, note.text), SKA_E_BUG);
    keys[0].key.type = SKA_NOTE_COSIGNATURE;
    ck_assert_status(ska_note_sign(&no, &keys[0].key, &keys[0].secret, note.text), SKA_E_BUG);
}
END_TEST

START_TEST(one_bad_line_among_good_ones_of_a_key_is_seen)
{
    struct made key = make_key("a");
    SKA_SCOPED(ska_writer_clear) struct ska_writer good = sign("text\n", &key, 1, 2);
    SKA_SCOPED(ska_writer_clear) struct ska_writer bad = sign("tezt\n", &key, 1, 1);
    ska_write_bytes(&good, bad.data + 6, bad.len - 6);
    struct ska_note note;
    ck_assert_status(ska_note_parse(&note, good.data, good.len), SKA_OK);
    ck_assert_uint_eq(note.n_signatures, 3);
    ck_assert_status(ska_note_verify(&note, &key.key), SKA_E_SIGNATURE);
}
END_TEST

START_TEST(sixteen_signatures_are_taken_and_no_more)
{
    struct made key = make_key("a");
    struct ska_note note;
    SKA_SCOPED(ska_writer_clear) struct ska_writer most = sign("text\n", &key, 1, 16);
    ck_assert_status(ska_note_parse(&note, most.data, most.len), SKA_OK);
    ck_assert_status(ska_note_verify(&note, &key.key), SKA_OK);
    SKA_SCOPED(ska_writer_clear) struct ska_writer more = sign("text\n", &key, 1, 17);
    ck_assert_status(ska_note_parse(&note, more.data, more.len), SKA_E_LIMIT);
}
END_TEST

#define SIGNED "\n" SKA_NOTE_DASH "a AAAAAAA=\n"

static const struct {
    const char *name, *text;
    enum ska_status want;
} notes[] = {
    {"least", "t\n" SIGNED, SKA_OK},
    {"empty line as text", "\n" SIGNED, SKA_OK},
    {"letters with dots", "\xC3\xA5\n" SIGNED, SKA_OK},
    {"a signature of a kind unknown", "t\n\n" SKA_NOTE_DASH "a AAAAAAAAAAAAAAA=\n", SKA_OK},
    {"nothing", "", SKA_E_FORMAT},
    {"no signature", "t\n\n", SKA_E_FORMAT},
    {"no empty line", "t\n" SKA_NOTE_DASH "a AAAAAAA=\n", SKA_E_FORMAT},
    {"no last line end", "t\n\n" SKA_NOTE_DASH "a AAAAAAA=", SKA_E_FORMAT},
    {"trailing bytes", "t\n" SIGNED "x", SKA_E_FORMAT},
    {"trailing line", "t\n" SIGNED "x\n", SKA_E_FORMAT},
    {"trailing empty line", "t\n" SIGNED "\n", SKA_E_FORMAT},
    {"carriage return in the text", "t\r\n" SIGNED, SKA_E_FORMAT},
    {"carriage return behind a signature", "t\n\n" SKA_NOTE_DASH "a AAAAAAA=\r\n", SKA_E_FORMAT},
    {"tab", "t\tt\n" SIGNED, SKA_E_FORMAT},
    {"not UTF-8", "\xC3\n" SIGNED, SKA_E_FORMAT},
    {"hyphen for dash", "t\n\n- a AAAAAAA=\n", SKA_E_FORMAT},
    {"no name", "t\n\n" SKA_NOTE_DASH " AAAAAAA=\n", SKA_E_FORMAT},
    {"no signature behind the name", "t\n\n" SKA_NOTE_DASH "a\n", SKA_E_FORMAT},
    {"plus in a name", "t\n\n" SKA_NOTE_DASH "a+b AAAAAAA=\n", SKA_E_FORMAT},
    {"no-break space in a name", "t\n\n" SKA_NOTE_DASH "a\xC2\xA0 AAAAAAA=\n", SKA_E_FORMAT},
    {"two spaces", "t\n\n" SKA_NOTE_DASH "a  AAAAAAA=\n", SKA_E_FORMAT},
    {"four bytes", "t\n\n" SKA_NOTE_DASH "a AAAAAA==\n", SKA_E_FORMAT},
    {"bits left over", "t\n\n" SKA_NOTE_DASH "a AAAAAAB=\n", SKA_E_FORMAT},
    {"no padding", "t\n\n" SKA_NOTE_DASH "a AAAAAAA\n", SKA_E_FORMAT},
    {"URL-safe letters", "t\n\n" SKA_NOTE_DASH "a AAAA_-A=\n", SKA_E_FORMAT},
};

START_TEST(notes_have_one_form)
{
    struct ska_note note = {0};
    enum ska_status got =
        ska_note_parse(&note, (const uint8_t *)notes[_i].text, strlen(notes[_i].text));
    ck_assert_msg(got == notes[_i].want, "%s: got %s", notes[_i].name, ska_status_name(got));
    ck_assert_uint_eq(note.n_signatures, got == SKA_OK ? 1 : 0);
}
END_TEST

START_TEST(long_notes_names_and_signatures_have_a_limit)
{
    static uint8_t data[SKA_NOTE_BYTES_MAX + 1];
    struct ska_note note;
    memset(data, 'a', sizeof data);
    const size_t at = SKA_NOTE_BYTES_MAX - strlen("\n" SIGNED);
    memcpy(data + at, "\n" SIGNED, strlen("\n" SIGNED));
    ck_assert_status(ska_note_parse(&note, data, SKA_NOTE_BYTES_MAX), SKA_OK);
    ck_assert_status(ska_note_parse(&note, data, sizeof data), SKA_E_LIMIT);

    char text[8000];
    (void)snprintf(text, sizeof text, "t\n\n" SKA_NOTE_DASH "%0255d AAAAAAA=\n", 0);
    (void)parse(text);
    (void)snprintf(text, sizeof text, "t\n\n" SKA_NOTE_DASH "%0256d AAAAAAA=\n", 0);
    ck_assert_status(ska_note_parse(&note, (const uint8_t *)text, strlen(text)), SKA_E_LIMIT);
    (void)snprintf(text, sizeof text, "t\n\n" SKA_NOTE_DASH "a %06824d\n", 0); /* 5,118 bytes */
    ck_assert_uint_eq(parse(text).signatures[0].signature_len, 5114);
    (void)snprintf(text, sizeof text, "t\n\n" SKA_NOTE_DASH "a %06828d\n", 0);
    ck_assert_status(ska_note_parse(&note, (const uint8_t *)text, strlen(text)), SKA_E_LIMIT);
}
END_TEST

static const struct {
    const char *name, *text;
    enum ska_status want;
} keys[] = {
    {"cosigner", "example.com/foo+20ad79d0+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
     SKA_E_MISMATCH},
    {"other identifier", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
     SKA_E_MISMATCH},
    {"other name", "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
     SKA_E_MISMATCH},
    {"capital digits", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
     SKA_E_FORMAT},
    {"another algorithm", "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
     SKA_E_UNSUPPORTED},
    {"a longer key", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAAAA",
     SKA_E_UNSUPPORTED},
    {"a shorter key",
     "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U==", SKA_E_FORMAT},
    {"no name", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", SKA_E_FORMAT},
    {"a space", "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", SKA_E_FORMAT},
    {"no plus", "example.com", SKA_E_FORMAT},
    {"one plus", "a+530d903aAekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", SKA_E_FORMAT},
    {"short", "a+530d903a+", SKA_E_FORMAT},
    {"line end", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
     SKA_E_FORMAT},
};

START_TEST(keys_have_one_form)
{
    struct ska_note_key key = {0};
    enum ska_status got = ska_note_key_parse(&key, keys[_i].text, strlen(keys[_i].text));
    ck_assert_msg(got == keys[_i].want, "%s: got %s", keys[_i].name, ska_status_name(got));
    ck_assert_uint_eq(key.id, 0);
}
END_TEST

START_TEST(names_of_keys_are_checked)
{
    struct ska_note_key key;
    char name[SKA_NOTE_NAME_MAX + 2];
    const uint8_t public_key[32] = {1};
    (void)snprintf(name, sizeof name, "%0255d", 0);
    ck_assert_status(ska_note_key_init(&key, name, SKA_NOTE_ED25519, public_key), SKA_OK);
    (void)snprintf(name, sizeof name, "%0256d", 0);
    ck_assert_status(ska_note_key_init(&key, name, SKA_NOTE_ED25519, public_key), SKA_E_LIMIT);
    ck_assert_status(ska_note_key_init(&key, "", SKA_NOTE_ED25519, public_key), SKA_E_FORMAT);
    ck_assert_status(ska_note_key_init(&key, "a\nb", SKA_NOTE_ED25519, public_key), SKA_E_FORMAT);
}
END_TEST

static const struct {
    const char *text;
    enum ska_status want;
} numbers[] = {{"0", SKA_OK},
               {"1", SKA_OK},
               {"9223372036854775807", SKA_OK},
               {"9223372036854775808", SKA_E_FORMAT},
               {"18446744073709551616", SKA_E_FORMAT},
               {"00", SKA_E_FORMAT},
               {"01", SKA_E_FORMAT},
               {"", SKA_E_FORMAT},
               {"+1", SKA_E_FORMAT},
               {"1 ", SKA_E_FORMAT},
               {"1e3", SKA_E_FORMAT}};

START_TEST(numbers_have_one_form)
{
    const char *text = numbers[_i].text;
    uint64_t value = 77;
    ck_assert_status(ska_note_number(&value, (const uint8_t *)text, strlen(text)),
                     numbers[_i].want);
    ck_assert_uint_eq(value, numbers[_i].want == SKA_OK ? (uint64_t)strtoll(text, NULL, 10) : 77);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("note");
    TCase *t = tcase_create("note");
    tcase_add_loop_test(t, published_notes_hold, 0, 2);
    tcase_add_test(t, every_changed_byte_of_the_text_is_seen);
    tcase_add_test(t, a_key_is_its_name_and_its_identifier);
    tcase_add_test(t, what_is_signed_holds_for_each_signer);
    tcase_add_test(t, one_bad_line_among_good_ones_of_a_key_is_seen);
    tcase_add_test(t, sixteen_signatures_are_taken_and_no_more);
    tcase_add_loop_test(t, notes_have_one_form, 0, (int)N_OF(notes));
    tcase_add_test(t, long_notes_names_and_signatures_have_a_limit);
    tcase_add_loop_test(t, keys_have_one_form, 0, (int)N_OF(keys));
    tcase_add_test(t, names_of_keys_are_checked);
    tcase_add_loop_test(t, numbers_have_one_form, 0, (int)N_OF(numbers));
    suite_add_tcase(suite, t);
    return test_run(suite);
}
