/* SPDX-License-Identifier: EUPL-1.2 */
/* test_roster.c - rosters and key cards. */
#include "tests/samples.h"
#include "tests/test.h"

static const struct ska_contributor three[] = {
    {"region-jh", "Region Jämtland Härjedalen", {1}},
    {"2305", "Bräcke kommun", {2}},
    {"2303", "Ragunda kommun", {3}},
};

START_TEST(a_roster_is_sorted_by_code_and_found_by_code_and_key)
{
    struct ska_roster roster = {0};
    ck_assert_status(ska_roster_build(&roster, three, 3, NULL), SKA_OK);
    ck_assert_uint_eq(roster.n, 3);
    ck_assert_str_eq(roster.at[0].code, "2303");
    ck_assert_str_eq(roster.at[1].code, "2305");
    ck_assert_str_eq(roster.at[2].code, "region-jh");
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(ska_roster_find(&roster, roster.at[i].code), i);
        ck_assert_uint_eq(ska_roster_find_key(&roster, roster.at[i].key), i);
        ck_assert_mem_eq(roster.keys[i], roster.at[i].key, 32);
    }
    ck_assert_uint_eq(ska_roster_find(&roster, "2304"), SKA_NONE);
    ck_assert_uint_eq(ska_roster_find(&roster, ""), SKA_NONE);
    ck_assert_uint_eq(ska_roster_find(&roster, "z"), SKA_NONE);
    ck_assert_uint_eq(ska_roster_find_key(&roster, (const uint8_t[32]){4}), SKA_NONE);
    ska_roster_clear(&roster);
    ska_roster_clear(&roster);
}
END_TEST

START_TEST(a_roster_has_these_bytes)
{
    static const struct ska_contributor two[] = {{"b", "\xC3\x85re", {0xBB}}, {"a", "N", {0xAA}}};
    uint8_t want[4 + (2 + 3 + 32) + (2 + 6 + 32)] = {0, 0, 0, 2, 1, 'a', 0, 1, 'N', 0xAA};
    static const uint8_t second[] = {1, 'b', 0, 4, 0xC3, 0x85, 'r', 'e', 0xBB};
    memcpy(want + 4 + 37, second, sizeof second);
    struct ska_roster roster = {0};
    struct ska_writer w = {0};
    ck_assert_status(ska_roster_build(&roster, two, 2, NULL), SKA_OK);
    ska_roster_encode(&w, &roster);
    ck_assert_uint_eq(w.len, sizeof want);
    ck_assert_mem_eq(w.data, want, sizeof want);
    ska_writer_clear(&w);
    ska_roster_clear(&roster);
}
END_TEST

START_TEST(two_with_one_code_or_key_are_named)
{
    struct ska_contributor at[3];
    struct ska_roster roster = {0};
    struct ska_error err = {0};
    memcpy(at, three, sizeof at);
    memcpy(at[0].code, "2305", 5);
    ck_assert_status(ska_roster_build(&roster, at, 3, &err), SKA_E_CONFLICT);
    ck_assert_ptr_nonnull(strstr(err.text, "2305"));
    ck_assert_ptr_nonnull(strstr(err.text, "Region Jämtland"));
    ck_assert_ptr_nonnull(strstr(err.text, "Bräcke"));
    ska_error_clear(&err);
    memcpy(at, three, sizeof at);
    at[2].key[0] = 1;
    ck_assert_status(ska_roster_build(&roster, at, 3, &err), SKA_E_CONFLICT);
    ck_assert_ptr_nonnull(strstr(err.text, "2303"));
    ck_assert_ptr_nonnull(strstr(err.text, "region-jh"));
    ck_assert_ptr_null(roster.at);
}
END_TEST

struct name_case {
    const char *code, *name;
    enum ska_status want;
};
static const struct name_case names[] = {
    {"", "N", SKA_E_RANGE},      {"a b", "N", SKA_E_FORMAT}, {"a", "", SKA_E_RANGE},
    {"a", " N", SKA_E_FORMAT},   {"a", "N ", SKA_E_FORMAT},  {"a", "N\nM", SKA_E_FORMAT},
    {"a", "\xFF", SKA_E_FORMAT}, {"a", "N M", SKA_OK},
};

START_TEST(codes_and_names_are_checked)
{
    struct ska_contributor c = {.key = {1}};
    struct ska_roster roster = {0};
    memcpy(c.code, names[_i].code, strlen(names[_i].code));
    memcpy(c.name, names[_i].name, strlen(names[_i].name));
    ck_assert_status(ska_roster_build(&roster, &c, 1, NULL), names[_i].want);
    ska_roster_clear(&roster);
}
END_TEST

START_TEST(the_longest_name_fits_and_one_more_byte_does_not)
{
    struct ska_contributor c = {.code = "a", .key = {1}};
    memset(c.name, 'x', SKA_NAME_MAX);
    ck_assert_status(ska_contributor_check(&c, NULL), SKA_OK);
    c.name[SKA_NAME_MAX] = 'x';
    ck_assert_status(ska_contributor_check(&c, NULL), SKA_E_LIMIT);
}
END_TEST

START_TEST(the_largest_roster_passes_and_one_more_contributor_does_not)
{
    const uint32_t n = SKA_CONTRIBUTORS_MAX + 1;
    struct ska_contributor *at = calloc(n, sizeof *at);
    ck_assert_ptr_nonnull(at);
    for (uint32_t i = 0; i < n; i++) {
        (void)snprintf(at[i].code, sizeof at[i].code, "c%05u", n - i);
        (void)snprintf(at[i].name, sizeof at[i].name, "N");
        memcpy(at[i].key, &i, sizeof i);
        at[i].key[31] = 1;
    }
    struct ska_roster roster = {0};
    struct ska_writer w = {0};
    ck_assert_status(ska_roster_build(&roster, at, n, NULL), SKA_E_LIMIT);
    ck_assert_status(ska_roster_build(&roster, at, n - 1, NULL), SKA_OK);
    ska_roster_encode(&w, &roster);
    ska_roster_clear(&roster);
    struct ska_reader r;
    ska_reader_init(&r, w.data, w.len);
    ck_assert_status(ska_roster_decode(&roster, &r), SKA_OK);
    ck_assert_uint_eq(roster.n, SKA_CONTRIBUTORS_MAX);
    ck_assert_uint_eq(r.left, 0);
    ska_roster_clear(&roster);
    w.data[3]++; /* one more than the most: 10000 = 0x2710 */
    ska_reader_init(&r, w.data, w.len);
    ck_assert_status(ska_roster_decode(&roster, &r), SKA_E_LIMIT);
    ck_assert_uint_eq(r.left, w.len);
    ska_writer_clear(&w);
    free(at);
}
END_TEST

START_TEST(an_empty_roster_is_four_zeros)
{
    struct ska_roster roster = {0};
    struct ska_writer w = {0};
    ska_roster_encode(&w, &roster);
    ck_assert_uint_eq(w.len, 4);
    struct ska_reader r;
    ska_reader_init(&r, w.data, w.len);
    ck_assert_status(ska_roster_decode(&roster, &r), SKA_OK);
    ck_assert_uint_eq(roster.n, 0);
    ska_writer_clear(&w);
}
END_TEST

/* Encode as given, without sorting or checking. */
static enum ska_status decode_as_given(const struct ska_contributor *at, uint32_t n)
{
    struct ska_contributor *copy = malloc(n * sizeof *copy);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, at, n * sizeof *at);
    const struct ska_roster wrong = {.n = n, .at = copy};
    struct ska_writer w = {0};
    ska_roster_encode(&w, &wrong);
    struct ska_reader r;
    ska_reader_init(&r, w.data, w.len);
    struct ska_roster roster = {0};
    enum ska_status status = ska_roster_decode(&roster, &r);
    ck_assert(status == SKA_OK || roster.at == NULL);
    ska_roster_clear(&roster);
    ska_writer_clear(&w);
    free(copy);
    return status;
}

START_TEST(a_roster_out_of_order_or_with_doubles_is_refused)
{
    const struct ska_contributor sorted[] = {three[2], three[1], three[0]};
    const struct ska_contributor swapped[] = {three[1], three[2], three[0]};
    const struct ska_contributor twice[] = {three[2], three[2], three[0]};
    struct ska_contributor one_key[] = {three[2], three[1], three[0]};
    one_key[2].key[0] = 3;
    ck_assert_status(decode_as_given(sorted, 3), SKA_OK);
    ck_assert_status(decode_as_given(swapped, 3), SKA_E_ENCODING);
    ck_assert_status(decode_as_given(twice, 3), SKA_E_ENCODING);
    ck_assert_status(decode_as_given(one_key, 3), SKA_E_CONFLICT);
}
END_TEST

START_TEST(a_count_without_its_entries_is_refused)
{
    static const uint8_t wire[] = {0, 0, 0x27, 0x10};
    struct ska_roster roster = {0};
    struct ska_reader r;
    ska_reader_init(&r, wire, sizeof wire);
    ck_assert_status(ska_roster_decode(&roster, &r), SKA_E_TRUNCATED);
}
END_TEST

/* --- key cards --- */

static void make_card(char card[static SKA_KEY_CARD_MAX], struct ska_contributor *c)
{
    *c = (struct ska_contributor){"2303", "Åre & Östersund", {0}};
    memcpy(c->key, sample_key()->public_key, sizeof c->key);
    ck_assert_status(ska_key_card_write(card, c, sample_key()), SKA_OK);
}

static enum ska_status parse(struct ska_contributor *c, const char *text, struct ska_error *err)
{
    return ska_key_card_parse(c, text, strlen(text), err);
}

START_TEST(a_card_comes_back)
{
    char card[SKA_KEY_CARD_MAX];
    struct ska_contributor c;
    struct ska_contributor back = {0};
    make_card(card, &c);
    ck_assert_msg(
        strncmp(card, "skarva key card 1\ncode: 2303\nname: Åre & Östersund\nkey: ", 56) == 0, "%s",
        card);
    ck_assert_status(parse(&back, card, NULL), SKA_OK);
    ck_assert_mem_eq(&back, &c, sizeof c);
}
END_TEST

START_TEST(a_card_survives_mail_programs)
{
    char card[SKA_KEY_CARD_MAX];
    char sent[2 * SKA_KEY_CARD_MAX] = "\xEF\xBB\xBF\r\n";
    struct ska_contributor c;
    struct ska_contributor back = {0};
    make_card(card, &c);
    size_t at = strlen(sent);
    for (const char *from = card; *from != '\0'; from++) {
        if (*from == '\n') {
            memcpy(sent + at, " \t\r\n\r\n", 6);
            at += 6;
        } else {
            sent[at++] = *from;
        }
    }
    sent[at] = '\0';
    ck_assert_status(parse(&back, sent, NULL), SKA_OK);
    ck_assert_mem_eq(&back, &c, sizeof c);
    ck_assert_uint_gt(strlen(card), 1);
    card[strlen(card) - 1] = '\0'; /* no line end at the end */
    ck_assert_status(parse(&back, card, NULL), SKA_OK);
}
END_TEST

struct card_case {
    const char *name;
    const char *find, *replace;
    enum ska_status want;
};
static const struct card_case card_cases[] = {
    {"another code", "2303", "2305", SKA_E_SIGNATURE},
    {"another name", "Åre", "Are", SKA_E_SIGNATURE},
    {"two names", "Åre", "Åre  ", SKA_E_SIGNATURE},
    {"version 2", "card 1", "card 12", SKA_E_VERSION},
    {"not a card", "skarva key", "skarva lock", SKA_E_FORMAT},
    {"no code", "code: 2303\n", "", SKA_E_FORMAT},
    {"empty code", "code: 2303", "code: ", SKA_E_FORMAT},
    {"bad code", "2303", "23.3", SKA_E_FORMAT},
    {"long code", "2303", "0123456789012345678901234567890123456789", SKA_E_LIMIT},
    {"a tab in the name", "Åre", "\t", SKA_E_FORMAT},
    {"Latin-1", "Åre", "\xC5re", SKA_E_FORMAT},
    {"key cut", "key: ", "key: A", SKA_E_FORMAT},
    {"text after", "signature: ", "signature: x\nsignature: ", SKA_E_TRAILING},
    {"lines swapped", "name: ", "mane: ", SKA_E_FORMAT},
};

START_TEST(an_edited_card_is_refused)
{
    const struct card_case *k = &card_cases[_i];
    char card[SKA_KEY_CARD_MAX];
    char edited[2 * SKA_KEY_CARD_MAX];
    struct ska_contributor c;
    struct ska_contributor back = {.code = "untouched"};
    struct ska_error err = {0};
    make_card(card, &c);
    const char *at = strstr(card, k->find);
    ck_assert_ptr_nonnull(at);
    (void)snprintf(edited, sizeof edited, "%.*s%s%s", (int)(at - card), card, k->replace,
                   at + strlen(k->find));
    enum ska_status got = parse(&back, edited, &err);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    ck_assert_str_eq(back.code, "untouched");
    ck_assert_uint_gt(strlen(err.text), 0);
}
END_TEST

START_TEST(no_character_of_key_or_signature_can_be_exchanged)
{
    char card[SKA_KEY_CARD_MAX];
    struct ska_contributor c;
    struct ska_contributor back;
    make_card(card, &c);
    char *at = strstr(card, "key: ");
    ck_assert_ptr_nonnull(at);
    at += 5;
    for (; *at != '\0'; at++) {
        char kept = *at;
        *at = kept == 'B' ? 'C' : 'B';
        ck_assert_int_ne((int)parse(&back, card, NULL), SKA_OK);
        *at = kept;
    }
    ck_assert_status(parse(&back, card, NULL), SKA_OK);
}
END_TEST

START_TEST(a_card_is_written_with_its_own_key_and_a_valid_name)
{
    char card[SKA_KEY_CARD_MAX];
    struct ska_contributor c = {"a", "N", {1}};
    ck_assert_status(ska_key_card_write(card, &c, sample_key()), SKA_E_MISMATCH);
    memcpy(c.key, sample_key()->public_key, 32);
    memcpy(c.name, "N\nM", 4);
    ck_assert_status(ska_key_card_write(card, &c, sample_key()), SKA_E_FORMAT);
}
END_TEST

START_TEST(the_longest_card_fits_its_buffer)
{
    char card[SKA_KEY_CARD_MAX];
    struct ska_contributor c = {{0}, {0}, {0}};
    struct ska_contributor back;
    memset(c.code, 'x', SKA_CODE_MAX);
    memset(c.name, 'y', SKA_NAME_MAX);
    memcpy(c.key, sample_key()->public_key, 32);
    ck_assert_status(ska_key_card_write(card, &c, sample_key()), SKA_OK);
    ck_assert_status(parse(&back, card, NULL), SKA_OK);
    ck_assert_mem_eq(&back, &c, sizeof c);
}
END_TEST

START_TEST(a_text_over_the_limit_is_not_looked_into)
{
    char text[SKA_KEY_CARD_MAX + 1];
    struct ska_contributor back;
    memset(text, '\n', sizeof text);
    ck_assert_status(ska_key_card_parse(&back, text, sizeof text, NULL), SKA_E_LIMIT);
    ck_assert_status(ska_key_card_parse(&back, text, sizeof text - 1, NULL), SKA_E_TRUNCATED);
    ck_assert_status(ska_key_card_parse(&back, text, 0, NULL), SKA_E_TRUNCATED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("roster");
    TCase *tcase = tcase_create("roster");
    tcase_add_test(tcase, a_roster_is_sorted_by_code_and_found_by_code_and_key);
    tcase_add_test(tcase, a_roster_has_these_bytes);
    tcase_add_test(tcase, two_with_one_code_or_key_are_named);
    tcase_add_loop_test(tcase, codes_and_names_are_checked, 0, (int)N_OF(names));
    tcase_add_test(tcase, the_longest_name_fits_and_one_more_byte_does_not);
    tcase_add_test(tcase, the_largest_roster_passes_and_one_more_contributor_does_not);
    tcase_add_test(tcase, an_empty_roster_is_four_zeros);
    tcase_add_test(tcase, a_roster_out_of_order_or_with_doubles_is_refused);
    tcase_add_test(tcase, a_count_without_its_entries_is_refused);
    tcase_add_test(tcase, a_card_comes_back);
    tcase_add_test(tcase, a_card_survives_mail_programs);
    tcase_add_loop_test(tcase, an_edited_card_is_refused, 0, (int)N_OF(card_cases));
    tcase_add_test(tcase, no_character_of_key_or_signature_can_be_exchanged);
    tcase_add_test(tcase, a_card_is_written_with_its_own_key_and_a_valid_name);
    tcase_add_test(tcase, the_longest_card_fits_its_buffer);
    tcase_add_test(tcase, a_text_over_the_limit_is_not_looked_into);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
