/* SPDX-License-Identifier: EUPL-1.2 */
/* test_config.c - the configuration: what is taken, what is refused, and that it is named. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "server/config.h"

#include "support/language.h"
#include "tests/test.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_A "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
#define KEY_B "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"
#define KEY_C "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"

static char folder[100];

static void write_file(const char *name, mode_t mode)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_gt(fprintf(f, "text\n"), 0);
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static void make_folder(void)
{
    (void)language_choose("en");
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-config.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    write_file("cert", 0644);
    write_file("ca", 0644);
    write_file("tls.key", 0600);
    write_file("signing.key", 0600);
    write_file("hpke.key", 0600);
    write_file("open.key", 0640);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_folder(void)
{
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* The lines of a good configuration; %s is the folder. */
static const char *const good[] = {
    "role = leader",
    "own_url = https://leader.example:8443/",
    "peer_url = https://helper.example/dap/",
    "listen_port = 0",
    "tls_certificate = %s/cert",
    "tls_key = %s/tls.key",
    "peer_ca = %s/ca",
    "database = %s/database",
    "signing_key = %s/signing.key",
    "hpke_key = %s/hpke.key",
    "peer_key = " KEY_A,
    "publisher_key = " KEY_B,
    "second_key = " KEY_C,
};

/* The name before " = ". */
static size_t name_len(const char *line)
{
    return strcspn(line, " ");
}

/* The good lines, with `change` in place of the line of the same name, or added. */
static size_t compose(char out[static 8192], const char *change)
{
    size_t len = 0;
    bool used = change == NULL;
    for (size_t i = 0; i < N_OF(good); i++) {
        size_t n = name_len(good[i]);
        bool same = change != NULL && name_len(change) == n && memcmp(change, good[i], n) == 0;
        const char *line = same ? change : good[i];
        used = used || same;
        const char *mark = strstr(line, "%s");
        int head = mark == NULL ? (int)strlen(line) : (int)(mark - line);
        len += (size_t)snprintf(out + len, 8192 - len, "%.*s%s%s\n", head, line,
                                mark == NULL ? "" : folder, mark == NULL ? "" : mark + 2);
    }
    if (!used) {
        const char *mark = strstr(change, "%s");
        int head = mark == NULL ? (int)strlen(change) : (int)(mark - change);
        len += (size_t)snprintf(out + len, 8192 - len, "%.*s%s%s\n", head, change,
                                mark == NULL ? "" : folder, mark == NULL ? "" : mark + 2);
    }
    return len;
}

static enum ska_status parse(struct config *out, const char *change, struct ska_error *err)
{
    char text[8192];
    size_t len = compose(text, change);
    return config_parse(out, "file", text, len, err);
}

START_TEST(good_configuration_gives_values_and_defaults)
{
    struct config c;
    struct ska_error err = {0};
    enum ska_status got = parse(&c, NULL, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    ck_assert_int_eq(c.role, SKA_ROLE_LEADER);
    ck_assert_str_eq(c.own_url, "https://leader.example:8443/");
    ck_assert_str_eq(c.peer_name, "helper.example");
    ck_assert_str_eq(c.listen_address, "127.0.0.1");
    ck_assert_uint_eq(c.listen_port, 0);
    ck_assert_str_eq(c.port_file, "");
    ck_assert_uint_eq(c.upload_max, 1048576);
    ck_assert_uint_eq(c.hpke_config_id, 1);
    ck_assert_str_eq(c.log_level, "info");
    for (size_t i = 0; i < 32; i++) {
        ck_assert_uint_eq(c.peer_key[i], 1);
        ck_assert_uint_eq(c.publisher_key[i], 2);
        ck_assert_uint_eq(c.second_key[i], 3);
    }
}
END_TEST

START_TEST(white_space_and_comments_are_passed_over)
{
    char text[8192 + 100];
    static const char head[] = "# kommentar med \xc3\xa5\r\n\r\n   \t\r\n\tsite=\t\r\n";
    memcpy(text, head, sizeof head - 1);
    size_t len = sizeof head - 1 + compose(text + sizeof head - 1, NULL);
    struct config c;
    struct ska_error err = {0};
    enum ska_status got = config_parse(&c, "file", text, len, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
}
END_TEST

struct fault {
    const char *change;
    const char *want; /* in the error text */
};

static const struct fault faults[] = {
    {"unknown = 1", "file:14: unknown name \"unknown\""},
    {"Role = leader", "file:14: unknown name"},
    {"no equals sign", "file:14: the line must be"},
    {"role = collector", "file:1: role: must be leader or helper"},
    {"role =", "file:1: role: must be"},
    {"own_url = http://leader.example/", "file:2: own_url: must be https"},
    {"own_url = https://leader.example", "file:2: own_url: must be https"},
    {"own_url = https:///", "file:2: own_url: must be https"},
    {"own_url = https://user@leader.example/", "file:2: own_url: must be https"},
    {"own_url = https://leader.example/a/../", "file:2: own_url: must be https"},
    {"own_url = https://leader.example/?x/", "file:2: own_url: must be https"},
    {"own_url = https://helper.example/dap/", "peer_url: is the same as own_url"},
    {"listen_port = 65536", "file:4: listen_port: the number is outside"},
    {"listen_port = -1", "file:4: listen_port: must be a whole number"},
    {"listen_port = 0x10", "file:4: listen_port: must be a whole number"},
    {"listen_port = 007", "file:4: listen_port: must be a whole number"},
    {"listen_port = 99999999999999999999999", "file:4: listen_port: must be a whole number"},
    {"listen_port =", "file:4: listen_port: must be a whole number"},
    {"upload_max = 0", "file:14: upload_max: the number is outside"},
    {"upload_max = 1048576 bytes", "file:14: upload_max: must be a whole number"},
    {"hpke_config_id = 256", "file:14: hpke_config_id: the number is outside"},
    {"verify_threads = 0", "file:14: verify_threads: the number is outside"},
    {"retry_max_ms = 499", "file:14: retry_max_ms: is less than retry_min_ms"},
    {"log_level = verbose", "file:14: log_level: must be"},
    {"peer_key = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ", "file:11: peer_key: must be"},
    {"peer_key = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF", "file:11: peer_key: must be"},
    {"publisher_key = " KEY_A, "file:12: publisher_key: is the same as peer_key"},
    {"second_key = " KEY_B, "file:13: second_key: is the same as publisher_key"},
    {"tls_certificate =", "file:5: tls_certificate: "},
    {"tls_certificate = %s/absent", "file:5: tls_certificate: "},
    {"tls_key = %s/open.key", "file:6: tls_key: "},
    {"signing_key = %s/open.key", "others can read this secret"},
    {"hpke_key = %s/open.key", "file:10: hpke_key: "},
    {"hpke_key = %s/signing.key", "file:9: signing_key: is the same file as hpke_key"},
    {"hpke_key = %s/absent", "file:10: hpke_key: "},
    {"hpke_key = %s", "file:10: hpke_key: "},
    {"database = %s/absent/database", "file:8: database: "},
    {"database =", "file:8: database: "},
    {"port_file = %s/absent/port", "file:14: port_file: "},
    {"site = %s/cert", "file:14: site: "},
    {"site = %s/absent", "file:14: site: "},
    {"peer_name = helper example", "file:14: peer_name: may only have visible"},
    {"log_policy = %s/cert", "file:14: log_policy: needs log_key"},
    {"log = %s", "file:14: log: only a leader with log_policy writes the log"},
    {"log_key = %s/open.key", "others can read this secret"},
    {"log_key = %s/absent", "file:14: log_key: "},
    {"log_interval_s = 0", "file:14: log_interval_s: the number is outside"},
    {"log_interval_s = 86401", "file:14: log_interval_s: the number is outside"},
    {"user = no-such-user-as-this", "user: there is no such user"},
};

START_TEST(fault_is_refused_and_named)
{
    const struct fault *k = &faults[_i];
    struct config c;
    memset(&c, 0x5a, sizeof c);
    struct config before = c;
    struct ska_error err = {0};
    if (strncmp(k->change, "user", 4) == 0 && geteuid() != 0)
        return; /* only root becomes another */
    enum ska_status got = parse(&c, k->change, &err);
    ck_assert_msg(got == SKA_E_CONFIG, "%s: got %s", k->change, ska_status_name(got));
    ck_assert_msg(strstr(err.text, k->want) != NULL, "%s: got text: %s", k->change, err.text);
    ck_assert_mem_eq(&c, &before, sizeof c);
}
END_TEST

START_TEST(helper_serves_no_site)
{
    char text[8192];
    size_t len = compose(text, "role = helper");
    len += (size_t)snprintf(text + len, sizeof text - len, "site = %s\n", folder);
    struct config c;
    struct ska_error err = {0};
    ck_assert_status(config_parse(&c, "file", text, len, &err), SKA_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "only a leader serves pages"));
}
END_TEST

START_TEST(repeated_name_is_refused_with_both_lines)
{
    char text[8192];
    size_t len = compose(text, NULL);
    len += (size_t)snprintf(text + len, sizeof text - len, "role = helper\n");
    struct config c;
    struct ska_error err = {0};
    ck_assert_status(config_parse(&c, "file", text, len, &err), SKA_E_CONFIG);
    ck_assert_str_eq(err.text, "file:14: role stands on line 1 already");
}
END_TEST

START_TEST(each_required_name_is_missed)
{
    char line[200];
    (void)snprintf(line, sizeof line, "%s", good[_i]);
    char text[8192];
    size_t len = 0;
    for (size_t i = 0; i < N_OF(good); i++) {
        if (i == (size_t)_i)
            continue;
        char one[8192];
        (void)compose(one, NULL);
        const char *at = one;
        for (size_t skip = 0; skip < i; skip++)
            at = strchr(at, '\n') + 1;
        size_t n = strcspn(at, "\n") + 1;
        memcpy(text + len, at, n);
        len += n;
    }
    text[len] = '\0';
    struct config c;
    struct ska_error err = {0};
    ck_assert_status(config_parse(&c, "file", text, len, &err), SKA_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "is missing"));
    line[name_len(line)] = '\0';
    ck_assert_ptr_nonnull(strstr(err.text, line));
}
END_TEST

START_TEST(value_as_long_as_allowed_is_taken_and_one_more_is_not)
{
    char line[700] = "own_url = https://";
    size_t head = strlen(line);
    size_t prefix = strlen("own_url = ");
    memset(line + head, 'a', 500 - (head - prefix) - 1);
    line[prefix + 499] = '/';
    line[prefix + 500] = '\0';
    struct config c;
    ck_assert_status(parse(&c, line, NULL), SKA_OK);
    ck_assert_uint_eq(strlen(c.own_url), 500);
    line[prefix + 499] = 'a';
    line[prefix + 500] = '/';
    line[prefix + 501] = '\0';
    ck_assert_status(parse(&c, line, NULL), SKA_E_CONFIG);
}
END_TEST

START_TEST(printed_configuration_is_accepted_and_the_same)
{
    struct config c;
    struct config again;
    ck_assert_status(parse(&c, "peer_name = leader.test", NULL), SKA_OK);
    char text[16384] = {0};
    FILE *f = fmemopen(text, sizeof text - 1, "w");
    ck_assert_ptr_nonnull(f);
    config_print(f, &c);
    ck_assert_int_eq(fclose(f), 0);
    struct ska_error err = {0};
    enum ska_status got = config_parse(&again, "file", text, strlen(text), &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    ck_assert_mem_eq(&c, &again, sizeof c);
}
END_TEST

START_TEST(help_names_every_option_that_is_printed)
{
    struct config c;
    ck_assert_status(parse(&c, NULL, NULL), SKA_OK);
    char printed[16384] = {0};
    char help[16384] = {0};
    FILE *f = fmemopen(printed, sizeof printed - 1, "w");
    config_print(f, &c);
    ck_assert_int_eq(fclose(f), 0);
    f = fmemopen(help, sizeof help - 1, "w");
    config_help(f);
    ck_assert_int_eq(fclose(f), 0);
    size_t n = 0;
    for (char *at = printed; *at != '\0'; at = strchr(at, '\n') + 1, n++) {
        char name[64] = "  ";
        memcpy(name + 2, at, name_len(at));
        ck_assert_msg(strstr(help, name) != NULL, "%s", name);
    }
    ck_assert_uint_gt(n, 25);
}
END_TEST

START_TEST(nul_byte_and_absent_file_are_refused)
{
    char text[8192];
    size_t len = compose(text, NULL);
    text[3] = '\0';
    struct config c;
    struct ska_error err = {0};
    ck_assert_status(config_parse(&c, "file", text, len, &err), SKA_E_CONFIG);
    ska_error_clear(&err);
    char path[200];
    (void)snprintf(path, sizeof path, "%s/absent", folder);
    ck_assert_status(config_read(&c, path, &err), SKA_E_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.text, path));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *tests = tcase_create("config");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, good_configuration_gives_values_and_defaults);
    tcase_add_test(tests, white_space_and_comments_are_passed_over);
    tcase_add_loop_test(tests, fault_is_refused_and_named, 0, (int)N_OF(faults));
    tcase_add_test(tests, helper_serves_no_site);
    tcase_add_test(tests, repeated_name_is_refused_with_both_lines);
    tcase_add_loop_test(tests, each_required_name_is_missed, 0, (int)N_OF(good));
    tcase_add_test(tests, value_as_long_as_allowed_is_taken_and_one_more_is_not);
    tcase_add_test(tests, printed_configuration_is_accepted_and_the_same);
    tcase_add_test(tests, help_names_every_option_that_is_printed);
    tcase_add_test(tests, nul_byte_and_absent_file_are_refused);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
