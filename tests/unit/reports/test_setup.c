/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_setup.c - the command line, keys, and what makes a collection: whatever is refused is
 * refused with its status and leaves nothing behind.
 */
#include "reports/commands.h"

#include <sys/stat.h>

#include "support/language.h"
#include "tests/unit/reports/county.h"

static const struct {
    const char *text;
    uint64_t now, want;
    enum ska_status status;
} times[] = {
    {"now", 1751328000, 1751328000, SKA_OK},
    {"now", 1751331599, 1751328000, SKA_OK},
    {"2025-07-01", 0, 1751328000, SKA_OK},
    {"2024-02-29", 0, 1709164800, SKA_OK},
    {"1970-01-01", 5, 0, SKA_OK},
    {"2000-03-01", 5, 951868800, SKA_OK},
    {"1751328001", 5, 1751328000, SKA_OK},
    {"2025-13-01", 5, 0, SKA_E_RANGE},
    {"2025-00-01", 5, 0, SKA_E_RANGE},
    {"2025-02-29", 5, 0, SKA_E_RANGE},
    {"2025-12-32", 5, 0, SKA_E_RANGE},
    {"1969-12-31", 5, 0, SKA_E_RANGE},
    {"tomorrow", 5, 0, SKA_E_FORMAT},
    {"", 5, 0, SKA_E_FORMAT},
    {"-5", 5, 0, SKA_E_FORMAT},
};

START_TEST(times_are_full_hours)
{
    uint64_t got = 77;
    ck_assert_status(options_time(&got, times[_i].text, times[_i].now), times[_i].status);
    ck_assert_uint_eq(got, times[_i].status == SKA_OK ? times[_i].want : 77);
}
END_TEST

START_TEST(numbers_are_digits_only)
{
    uint64_t got = 77;
    ck_assert_status(options_number(&got, "18446744073709551615", UINT64_MAX), SKA_OK);
    ck_assert_uint_eq(got, UINT64_MAX);
    got = 77;
    ck_assert_status(options_number(&got, "18446744073709551616", UINT64_MAX), SKA_E_RANGE);
    ck_assert_status(options_number(&got, "11", 10), SKA_E_RANGE);
    ck_assert_status(options_number(&got, "+1", 10), SKA_E_FORMAT);
    ck_assert_status(options_number(&got, "", 10), SKA_E_FORMAT);
    ck_assert_uint_eq(got, 77);
}
END_TEST

static enum ska_status read_line(struct options *o, const char *line, struct ska_error *err)
{
    static char copy[400];
    static char *argv[40];
    int argc = 0;
    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *at = strtok(copy, " "); at != NULL; at = strtok(NULL, " "))
        argv[argc++] = at;
    return options_read(o, argc, argv, err);
}

START_TEST(the_command_line_is_read)
{
    struct options o;
    struct ska_error err = {0};
    ck_assert_status(read_line(&o, "p --lang en close 2025Q2 --wait 30 --home /x", &err), SKA_OK);
    ck_assert_str_eq(o.command, "close");
    ck_assert_str_eq(o.periods[0], "2025Q2");
    ck_assert(o.wait);
    ck_assert_uint_eq(o.wait_s, 30);
    ck_assert_str_eq(o.home, "/x");
    options_clear(&o);
    ck_assert_status(read_line(&o, "p close --wait 2025", &err),
                     SKA_OK); /* a period, not seconds */
    ck_assert_uint_eq(o.n_periods, 1);
    ck_assert_uint_eq(o.wait_s, 600);
    options_clear(&o);
    ck_assert_status(read_line(&o, "p collect --wait 2025Q2 2025Q3", &err), SKA_OK);
    ck_assert_uint_eq(o.n_periods, 2);
    options_clear(&o);
    ck_assert_status(read_line(&o, "p new --cards a b c --name n --hide-zero", &err), SKA_OK);
    ck_assert_uint_eq(o.n_cards, 3);
    ck_assert(o.hide_zero);
    ck_assert_uint_eq(o.threshold, 5);
    options_clear(&o);
}
END_TEST

static const char *const bad_lines[] = {
    "p open --unknown",     "p new --name",     "p new --threshold x", "p open --window-days 99999",
    "p new --threshold -1", "p open --lang fi", "p new --protection 0"};

START_TEST(a_bad_command_line_is_refused)
{
    struct options o;
    struct ska_error err = {0};
    ck_assert_status(read_line(&o, bad_lines[_i], &err), SKA_E_USAGE);
    ck_assert_str_ne(err.text, "");
    options_clear(&o);
}
END_TEST

/* What follows --wait is about --wait, whatever else the line has. */
static const char *const bad_waits[] = {
    "p close 2025Q2 --wait x",    "p close --wait x 2025Q2",  "p close 2025Q2 --wait 1000",
    "p close 2025Q2 --wait 2025", "p close 2025Q2 --wait 5s", "p close 2025Q2 --wait 2025Q9"};

START_TEST(a_bad_wait_is_told_as_one)
{
    struct options o;
    struct ska_error err = {0};
    ck_assert_status(read_line(&o, bad_waits[_i], &err), SKA_E_USAGE);
    ck_assert_msg(strncmp(err.text, "--wait: ", 8) == 0, "%s", err.text);
    options_clear(&o);
}
END_TEST

/* Keys ---------------------------------------------------------------------------------------- */

START_TEST(init_makes_private_keys_once)
{
    char home[] = "/tmp/skarva-county-XXXXXX", path[80];
    ck_assert_ptr_nonnull(test_mkdtemp(home));
    struct options o = {.home = home};
    struct ska_error err = {0};
    struct ska_signing_key first = {0}, again = {0};
    struct ska_hpke_key hpke = {0};
    ck_assert_status(command_init(&o, &err), SKA_OK);
    ck_assert_status(home_keys_read(&first, &hpke, home, &err), SKA_OK);
    ck_assert_status(command_init(&o, &err), SKA_OK);
    ck_assert_status(home_keys_read(&again, &hpke, home, &err), SKA_OK);
    ck_assert_mem_eq(first.public_key, again.public_key, 32);
    const char *const names[] = {"signing.key", "hpke.key"};
    for (size_t i = 0; i < N_OF(names); i++) {
        struct stat st;
        (void)snprintf(path, sizeof path, "%s/%s", home, names[i]);
        ck_assert_int_eq(stat(path, &st), 0);
        ck_assert_uint_eq(st.st_mode & 0777, 0600);
        ck_assert_int_eq(unlink(path), 0);
    }
    ck_assert_int_eq(rmdir(home), 0);
}
END_TEST

/* Collections --------------------------------------------------------------------------------- */

/* A home with keys, a trust file, a catalogue and key cards, and the command that works. */
struct desk {
    char home[40], trust[60], catalogue[60], cards[60], site[60];
    const char *card_list[1];
    struct ska_signing_key contributor[COUNTY_CONTRIBUTORS];
    struct options o;
};

static void write_text(const char *path, const char *text)
{
    ck_assert_status(file_write(path, text, strlen(text), false, NULL), SKA_OK);
}

static void write_card(const struct desk *d, const char *file, const char *code, int key)
{
    char text[SKA_KEY_CARD_MAX], path[100];
    struct ska_contributor c = {.name = "Kommun"};
    (void)snprintf(c.code, sizeof c.code, "%s", code);
    memcpy(c.key, d->contributor[key].public_key, 32);
    ck_assert_status(ska_key_card_write(text, &c, &d->contributor[key]), SKA_OK);
    (void)snprintf(path, sizeof path, "%s/%s", d->cards, file);
    write_text(path, text);
}

static void desk_new(struct desk *d)
{
    char trust[300], catalogue[sizeof county_json * 2], key[4][KEY_TEXT_BYTES];
    struct ska_signing_key own = {0}, other = {0};
    struct ska_hpke_key hpke = {0};
    *d = (struct desk){.home = "/tmp/skarva-county-XXXXXX"};
    ck_assert_ptr_nonnull(test_mkdtemp(d->home));
    (void)snprintf(d->trust, sizeof d->trust, "%s/roots", d->home);
    (void)snprintf(d->catalogue, sizeof d->catalogue, "%s/catalogue.json", d->home);
    (void)snprintf(d->cards, sizeof d->cards, "%s/cards", d->home);
    (void)snprintf(d->site, sizeof d->site, "%s/site", d->home);
    ck_assert_status(file_make_folder(d->cards, false, NULL), SKA_OK);
    struct options init = {.home = d->home};
    ck_assert_status(command_init(&init, NULL), SKA_OK);
    ck_assert_status(home_keys_read(&own, &hpke, d->home, NULL), SKA_OK);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ska_base64url_encode(key[0], own.public_key, 32);
    ska_base64url_encode(key[1], other.public_key, 32);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ska_base64url_encode(key[2], other.public_key, 32);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ska_base64url_encode(key[3], other.public_key, 32);
    (void)snprintf(trust, sizeof trust, "publisher %s\nsecond %s\nleader %s\nhelper %s\n", key[0],
                   key[3], key[1], key[2]);
    write_text(d->trust, trust);
    size_t n = 0;
    for (const char *c = county_json; *c != '\0'; c++) {
        if (strncmp(c, "BOUND", 5) == 0) {
            n += (size_t)snprintf(catalogue + n, sizeof catalogue - n, "100");
            c += 4;
        } else {
            catalogue[n++] = *c == '\'' ? '"' : *c;
        }
    }
    catalogue[n] = '\0';
    write_text(d->catalogue, catalogue);
    for (int i = 0; i < COUNTY_CONTRIBUTORS; i++)
        ck_assert_status(ska_signing_key_generate(&d->contributor[i]), SKA_OK);
    write_card(d, "a", "2301", 0);
    write_card(d, "b", "2302", 1);
    write_card(d, "c", "2303", 2);
    d->card_list[0] = d->cards;
    d->o = (struct options){.home = d->home,
                            .name = "lan",
                            .catalogue = d->catalogue,
                            .leader = "https://leader.example",
                            .helper = "https://helper.example/",
                            .trust = d->trust,
                            .site = d->site,
                            .cards = d->card_list,
                            .n_cards = 1,
                            .min_contributors = 3,
                            .threshold = 5};
}

static void desk_clear(struct desk *d)
{
    char command[80];
    ck_assert(strncmp(d->home, "/tmp/skarva-county-", 19) == 0);
    (void)snprintf(command, sizeof command, "rm -r %s", d->home);
    ck_assert_int_eq(system(command), 0);
}

/* The refusal, its words, and that nothing was made. */
static void must_refuse(const struct desk *d, enum ska_status want, const char *words)
{
    struct ska_error err = {0};
    struct collection c = {0};
    ck_assert_status(command_new(&d->o, &err), want);
    ck_assert_msg(strstr(err.text, words) != NULL, "\"%s\" does not say \"%s\"", err.text, words);
    const struct options o = {.home = d->home, .name = "lan"};
    ck_assert_status(home_collection_load(&c, &o, NULL), SKA_E_NOT_FOUND);
    home_collection_clear(&c);
}

START_TEST(a_collection_is_made_and_read_back)
{
    struct desk d;
    struct collection c = {0};
    struct ska_error err = {0};
    desk_new(&d);
    ck_assert_status(command_new(&d.o, &err), SKA_OK);
    const struct options o = {.home = d.home}; /* the only one: no name needed */
    ck_assert_status(home_collection_load(&c, &o, &err), SKA_OK);
    ck_assert_str_eq(c.name, "lan");
    ck_assert_str_eq(c.leader_url, "https://leader.example/");
    ck_assert_str_eq(c.site, d.site);
    ck_assert_uint_eq(c.roster.n, 3);
    ck_assert_str_eq(c.roster.at[2].code, "2303");
    ck_assert_uint_eq(c.policy.threshold, 5);
    ck_assert(c.policy.show_zero);
    home_collection_clear(&c);
    ck_assert_status(command_new(&d.o, &err), SKA_E_CONFLICT);
    desk_clear(&d);
}
END_TEST

START_TEST(two_contributors_are_too_few)
{
    struct desk d;
    char path[100];
    desk_new(&d);
    (void)snprintf(path, sizeof path, "%s/c", d.cards);
    ck_assert_int_eq(unlink(path), 0);
    must_refuse(&d, SKA_E_BATCH_SIZE, "too few contributors (2)");
    d.o.min_contributors = 2;
    must_refuse(&d, SKA_E_USAGE, "at least 3");
    desk_clear(&d);
}
END_TEST

/* A county of one municipality (Gotland): its sums are that one's figures. */
START_TEST(one_contributor_is_refused_in_words)
{
    struct desk d;
    char path[100];
    desk_new(&d);
    for (const char *card = "bc"; *card != '\0'; card++) {
        (void)snprintf(path, sizeof path, "%s/%c", d.cards, *card);
        ck_assert_int_eq(unlink(path), 0);
    }
    must_refuse(&d, SKA_E_BATCH_SIZE,
                "too few contributors (1): there must be at least 3, or a sum shows what a single "
                "one reported");
    ck_assert(language_choose("sv"));
    must_refuse(&d, SKA_E_BATCH_SIZE,
                "1 uppgiftslämnare räcker inte: det måste vara minst 3, annars visar en summa vad "
                "en enskild lämnat");
    ck_assert(language_choose("en"));
    d.o.min_contributors = 1;
    must_refuse(&d, SKA_E_USAGE, "at least 3");
    desk_clear(&d);
}
END_TEST

START_TEST(one_key_twice_is_refused)
{
    struct desk d;
    desk_new(&d);
    write_card(&d, "d", "2304", 0);
    must_refuse(&d, SKA_E_CONFLICT, "230");
    desk_clear(&d);
}
END_TEST

START_TEST(one_code_twice_is_refused)
{
    struct desk d;
    desk_new(&d);
    write_card(&d, "d", "2301", 3);
    must_refuse(&d, SKA_E_CONFLICT, "2301");
    desk_clear(&d);
}
END_TEST

START_TEST(a_card_that_was_changed_is_refused)
{
    struct desk d;
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    char path[100];
    desk_new(&d);
    (void)snprintf(path, sizeof path, "%s/b", d.cards);
    ck_assert_status(file_read(&text, &len, path, SKA_KEY_CARD_MAX, NULL), SKA_OK);
    char *code = strstr((char *)text, "2302");
    ck_assert_ptr_nonnull(code);
    code[3] = '9';
    ck_assert_status(file_write(path, text, len, false, NULL), SKA_OK);
    must_refuse(&d, SKA_E_SIGNATURE, "/b: ");
    desk_clear(&d);
}
END_TEST

START_TEST(policies_that_hide_nothing_are_refused)
{
    struct desk d;
    desk_new(&d);
    d.o.threshold = 2;
    must_refuse(&d, SKA_E_USAGE, "hides nothing");
    d.o.threshold = 0;
    must_refuse(&d, SKA_E_USAGE, "hides nothing");
    d.o.threshold = 1;
    d.o.hide_zero = true;
    must_refuse(&d, SKA_E_USAGE, "hides nothing");
    desk_clear(&d);
}
END_TEST

START_TEST(a_base_of_rounding_is_from_2_to_the_threshold)
{
    struct desk d;
    desk_new(&d);
    d.o.rounding = 1;
    must_refuse(&d, SKA_E_USAGE, "--rounding 1: a base is at least 2");
    d.o.rounding = d.o.threshold + 1;
    must_refuse(&d, SKA_E_USAGE, "not larger than --threshold");
    desk_clear(&d);
}
END_TEST

/* As the protocol has it, or it would be refused only when the first period opens. */
START_TEST(a_protection_is_from_1_to_what_is_hidden)
{
    static const struct {
        uint64_t min_contributors, threshold, most;
        bool hide_zero;
    } rules[] = {{3, 5, 2, false}, {3, 3, 1, false},  {3, 3, 2, true},
                 {3, 1, 1, false}, {10, 5, 3, false}, {10, 5, 4, true}};
    struct desk d;
    struct ska_error err = {0};
    desk_new(&d);
    for (size_t i = 0; i < N_OF(rules); i++) {
        char words[80];
        d.o.min_contributors = rules[i].min_contributors;
        d.o.threshold = rules[i].threshold;
        d.o.hide_zero = rules[i].hide_zero;
        d.o.protection = rules[i].most + 1;
        (void)snprintf(words, sizeof words, "--protection %d: from 1 to %d with",
                       (int)rules[i].most + 1, (int)rules[i].most);
        must_refuse(&d, SKA_E_USAGE, words);
    }
    d.o.min_contributors = 3;
    d.o.hide_zero = false;
    d.o.protection = 2;
    ck_assert_status(command_new(&d.o, &err), SKA_OK);
    desk_clear(&d);
}
END_TEST

START_TEST(a_role_has_one_key)
{
    struct desk d;
    char key[KEY_TEXT_BYTES], more[80];
    struct ska_signing_key other = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    desk_new(&d);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ska_base64url_encode(key, other.public_key, 32);
    (void)snprintf(more, sizeof more, "second %s\n", key);
    ck_assert_status(file_read(&text, &len, d.trust, 4096, NULL), SKA_OK);
    SKA_SCOPED(ska_scoped_free) char *both = calloc(len + sizeof more, 1);
    memcpy(both, text, len);
    memcpy(both + len, more, strlen(more));
    ck_assert_int_eq(unlink(d.trust), 0);
    write_text(d.trust, both);
    must_refuse(&d, SKA_E_CONFLICT, "a second key for the same role");
    desk_clear(&d);
}
END_TEST

START_TEST(a_trust_file_of_another_publisher_is_refused)
{
    struct desk d;
    char trust[300], key[KEY_TEXT_BYTES];
    struct ska_signing_key other = {0};
    desk_new(&d);
    ck_assert_status(ska_signing_key_generate(&other), SKA_OK);
    ska_base64url_encode(key, other.public_key, 32);
    (void)snprintf(trust, sizeof trust, "publisher %s\nsecond %s\nleader %s\nhelper %s\n", key, key,
                   key, key);
    write_text(d.trust, trust);
    must_refuse(&d, SKA_E_MISMATCH, "publisher's key");
    desk_clear(&d);
}
END_TEST

START_TEST(what_is_missing_is_named)
{
    struct desk d;
    desk_new(&d);
    const struct options whole = d.o;
    d.o.leader = NULL;
    must_refuse(&d, SKA_E_USAGE, "--leader");
    d.o = whole;
    d.o.helper = "http://helper.example/";
    must_refuse(&d, SKA_E_USAGE, "--helper");
    d.o = whole;
    d.o.trust = NULL;
    must_refuse(&d, SKA_E_USAGE, "--trust");
    d.o = whole;
    d.o.name = "a b";
    must_refuse(&d, SKA_E_USAGE, "--name");
    d.o = whole;
    d.o.site = NULL;
    must_refuse(&d, SKA_E_USAGE, "--site");
    d.o = whole;
    d.o.catalogue = "/nonexistent";
    must_refuse(&d, SKA_E_NOT_FOUND, "/nonexistent");
    desk_clear(&d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("setup");
    TCase *t = tcase_create("setup");
    tcase_add_loop_test(t, times_are_full_hours, 0, N_OF(times));
    tcase_add_test(t, numbers_are_digits_only);
    tcase_add_test(t, the_command_line_is_read);
    tcase_add_loop_test(t, a_bad_command_line_is_refused, 0, N_OF(bad_lines));
    tcase_add_loop_test(t, a_bad_wait_is_told_as_one, 0, N_OF(bad_waits));
    tcase_add_test(t, init_makes_private_keys_once);
    tcase_add_test(t, a_collection_is_made_and_read_back);
    tcase_add_test(t, two_contributors_are_too_few);
    tcase_add_test(t, one_contributor_is_refused_in_words);
    tcase_add_test(t, one_key_twice_is_refused);
    tcase_add_test(t, one_code_twice_is_refused);
    tcase_add_test(t, a_card_that_was_changed_is_refused);
    tcase_add_test(t, policies_that_hide_nothing_are_refused);
    tcase_add_test(t, a_base_of_rounding_is_from_2_to_the_threshold);
    tcase_add_test(t, a_protection_is_from_1_to_what_is_hidden);
    tcase_add_test(t, a_role_has_one_key);
    tcase_add_test(t, a_trust_file_of_another_publisher_is_refused);
    tcase_add_test(t, what_is_missing_is_named);
    suite_add_tcase(s, t);
    return test_run(s);
}
