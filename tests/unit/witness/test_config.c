/* SPDX-License-Identifier: EUPL-1.2 */
/* test_config.c - a witness's configuration: what is taken, and what stops the start. */
#include "witness/config.h"

#include "tests/test.h"

#define LOG "log = example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"
#define REST "name = w.example\nlisten_port = 8090\nkey = k\nstate = s\n"

START_TEST(a_whole_configuration_is_read)
{
    static struct witness_config c;
    static const char text[] =
        "# comment\n\n  name=w.example/1 \r\nlisten_address = ::1\nlisten_port = 0\nport_file = p\n"
        "key = a key\nstate = s\ntls_certificate = c\ntls_key = t\n" LOG
        "log = PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    ck_assert_status(witness_config_parse(&c, "f", text, strlen(text), NULL), SKA_OK);
    ck_assert_str_eq(c.name, "w.example/1");
    ck_assert_str_eq(c.listen_address, "::1");
    ck_assert_uint_eq(c.listen_port, 0);
    ck_assert_str_eq(c.port_file, "p");
    ck_assert_str_eq(c.key, "a key");
    ck_assert_str_eq(c.state, "s");
    ck_assert_str_eq(c.tls_certificate, "c");
    ck_assert_str_eq(c.tls_key, "t");
    ck_assert_uint_eq(c.n_logs, 2);
    ck_assert_str_eq(c.logs[1].name, "PeterNeumann");
    ck_assert_status(witness_config_parse(&c, "f", REST LOG, strlen(REST LOG), NULL), SKA_OK);
    ck_assert_str_eq(c.listen_address, "127.0.0.1");
}
END_TEST

static const struct {
    const char *text, *says;
} faults[] = {
    {"", "f: name "},
    {REST, "f: log "},
    {LOG "name = w\nkey = k\nstate = s\n", "f: listen_port "},
    {REST LOG "nme = x\n", "f:6: "},
    {REST LOG "name = x\n", "f:6: "},
    {REST LOG "word\n", "f:6: "},
    {REST LOG LOG, "f:6: "},
    {REST "log = x\n", "f:5: "},
    {REST "log = w+7d9be2f2+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n", "f:5: "},
    {"listen_port = 65536\n", "f:1: "},
    {"listen_port = 080\n", "f:1: "},
    {"listen_port = \n", "f:1: "},
    {"name = \n", "f:1: "},
    {"listen_address = 0123456789012345678901234567890123456789012345678901234567890123\n",
     "f:1: "},
    {"name = a b\nlisten_port = 1\nkey = k\nstate = s\n" LOG, "f: name: "},
    {REST LOG "tls_key = x\n", "f: tls_certificate "},
};

START_TEST(a_fault_names_file_and_line)
{
    static struct witness_config c;
    struct ska_error err = {0};
    ck_assert_status(witness_config_parse(&c, "f", faults[_i].text, strlen(faults[_i].text), &err),
                     SKA_E_CONFIG);
    ck_assert_msg(strncmp(err.text, faults[_i].says, strlen(faults[_i].says)) == 0, "got: %s",
                  err.text);
    ck_assert_uint_eq(c.n_logs, 0);
}
END_TEST

START_TEST(a_log_has_at_most_eight_keys)
{
    static struct witness_config c;
    static char text[4096] = REST;
    char key_text[SKA_NOTE_KEY_TEXT_MAX + 1];
    for (uint8_t i = 1; i <= WITNESS_KEYS_OF_LOG_MAX + 1; i++) {
        struct ska_note_key key;
        const uint8_t public_key[32] = {i};
        const size_t len = strlen(text);
        ck_assert_status(ska_note_key_init(&key, "a/log", SKA_NOTE_ED25519, public_key), SKA_OK);
        ska_note_key_format(key_text, &key);
        (void)snprintf(text + len, sizeof text - len, "log = %s\n", key_text);
        ck_assert_status(witness_config_parse(&c, "f", text, strlen(text), NULL),
                         i <= WITNESS_KEYS_OF_LOG_MAX ? SKA_OK : SKA_E_CONFIG);
    }
}
END_TEST

START_TEST(a_zero_byte_is_no_text)
{
    static struct witness_config c;
    static const char text[] = REST LOG "\0";
    ck_assert_status(witness_config_parse(&c, "f", text, sizeof text - 1, NULL), SKA_E_CONFIG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("witness_config");
    TCase *t = tcase_create("config");
    tcase_add_test(t, a_whole_configuration_is_read);
    tcase_add_loop_test(t, a_fault_names_file_and_line, 0, (int)N_OF(faults));
    tcase_add_test(t, a_log_has_at_most_eight_keys);
    tcase_add_test(t, a_zero_byte_is_no_text);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
