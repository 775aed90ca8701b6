/* SPDX-License-Identifier: EUPL-1.2 */
/* test_terms.c - whom an officer is told of: the whole roster, and each change since the last time.
 */
#include "client/terms.h"

#include "client/arguments.h"
#include "support/file.h"
#include "support/language.h"

#include "tests/sample_task.h"
#include "tests/test.h"

static struct ska_parameters before;
static struct ska_parameters now;

static void make(void)
{
    ska_group_init();
    ck_assert(language_choose("en"));
    sample_parameters(&before, 4);
    sample_parameters(&now, 4);
}

static void clear(void)
{
    ska_parameters_clear(&before);
    ska_parameters_clear(&now);
}

/* Build `now`'s roster anew from `n` of `at`. */
static void set_roster(const struct ska_contributor *at, uint32_t n)
{
    struct ska_roster roster = {0};
    ck_assert_status(ska_roster_build(&roster, at, n, NULL), SKA_OK);
    ska_roster_clear(&now.roster);
    now.roster = roster;
}

static uint32_t told(char *text, size_t size)
{
    memset(text, 0, size);
    FILE *out = fmemopen(text, size, "w");
    ck_assert_ptr_nonnull(out);
    uint32_t n = terms_changes(out, &before, &now);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_uint_eq(terms_changes(NULL, &before, &now), n);
    return n;
}

START_TEST(the_same_terms_are_no_change)
{
    char text[2000];
    sample_text(now.period, sizeof now.period, "2025Q3");
    now.window_start_s += 92 * UINT64_C(86400);
    now.revision = 1;
    ck_assert_uint_eq(told(text, sizeof text), 0);
    ck_assert_str_eq(text, "");
    now.cadence = SKA_YEAR; /* of which windows may be longer */
    now.window_duration_s *= 2;
    ck_assert_uint_eq(told(text, sizeof text), 0);
}
END_TEST

START_TEST(who_came_and_who_went_is_named)
{
    char text[2000];
    struct ska_contributor at[5];
    memcpy(at, before.roster.at, 4 * sizeof *at);
    at[4] = at[1]; /* 2301 goes, 2399 comes */
    at[1] = at[3];
    sample_text(at[4].code, sizeof at[4].code, "2399");
    sample_text(at[4].name, sizeof at[4].name, "Attrapp");
    memcpy(at[4].key, sample_party(77).public_key, 32);
    at[3] = at[4];
    set_roster(at, 4);
    ck_assert_uint_eq(told(text, sizeof text), 2);
    ck_assert_str_eq(text, "  no longer there: 2301 Kommun 1\n  new contributor: 2399 Attrapp\n");
    set_roster(before.roster.at, 3); /* the last of the old is alone at the end */
    ck_assert_uint_eq(told(text, sizeof text), 1);
    ck_assert_str_eq(text, "  no longer there: 2303 Kommun 3\n");
}
END_TEST

/* A county where only we are left: everyone else is new. */
START_TEST(all_others_exchanged_are_all_named)
{
    char text[20000];
    struct ska_contributor at[100];
    for (uint32_t i = 0; i < 100; i++) {
        at[i] = before.roster.at[0];
        (void)snprintf(at[i].code, sizeof at[i].code, "9%03u", i);
        memcpy(at[i].key, sample_party((uint8_t)(100 + i)).public_key, 32);
    }
    at[0] = before.roster.at[0];
    set_roster(at, 100);
    ck_assert_uint_eq(told(text, sizeof text), 99 + 3);
    for (uint32_t i = 1; i < 100; i++)
        ck_assert_ptr_nonnull(strstr(text, at[i].code));
}
END_TEST

START_TEST(another_name_or_key_under_one_code_is_told)
{
    char text[2000];
    struct ska_contributor at[4];
    memcpy(at, before.roster.at, sizeof at);
    memcpy(at[2].key, sample_party(77).public_key, 32);
    sample_text(at[3].name, sizeof at[3].name, "En annan");
    set_roster(at, 4);
    ck_assert_uint_eq(told(text, sizeof text), 2);
    ck_assert_str_eq(text, "  new key of 2302 Kommun 2\n"
                           "  new name of 2303: En annan, before Kommun 3\n");
}
END_TEST

static void change_min(void)
{
    now.policy.min_contributors = 4;
}
static void change_threshold(void)
{
    now.policy.threshold = 2;
}
static void change_zeros(void)
{
    now.policy.show_zero = false;
}
static void change_protection(void)
{
    now.policy.protection = 1;
}
static void change_groups(void)
{
    sample_group(&now, 3);
}
static void change_window(void)
{
    now.window_duration_s = 3600;
}
static void change_catalogue(void)
{
    now.catalogue->indicators[0].bound++;
}
static void change_leader(void)
{
    sample_text(now.leader_url, sizeof now.leader_url, "https://x.example/");
}
static void change_helper(void)
{
    sample_text(now.helper_url, sizeof now.helper_url, "https://y.example/");
}

static const struct {
    void (*change)(void);
    const char *want;
} changes[] = {
    {change_min, "  least number of answers: 4, before 3\n"},
    {change_threshold, "  the threshold of small values: 2, before 5\n"},
    {change_zeros, "  zeros are hidden, before shown\n"},
    {change_protection, "  least uncertainty of a hidden value: 1, before 2\n"},
    {change_groups, "  new group with totals of its own, OST (east): 2300 2301 2302\n"},
    {change_window, "  the window: 1 hours, before 744\n"},
    {change_catalogue, "  the catalogue: sample 1 ("},
    {change_leader, "  the leader's address: https://x.example/, before "},
    {change_helper, "  the helper's address: https://y.example/, before "},
};

START_TEST(a_changed_term_is_told)
{
    char text[2000];
    changes[_i].change();
    ck_assert_uint_eq(told(text, sizeof text), 1);
    ck_assert_msg(strncmp(text, changes[_i].want, strlen(changes[_i].want)) == 0, "%s", text);
}
END_TEST

/* The publisher's own two beside us in a group: their sum is our figure. */
START_TEST(other_company_in_a_group_is_told)
{
    char text[2000];
    sample_group(&before, 3);
    sample_group(&now, 3);
    ck_assert_uint_eq(told(text, sizeof text), 0);
    now.groups.at[0].members[2] = 3;
    ck_assert_uint_eq(told(text, sizeof text), 1);
    ck_assert_str_eq(text, "  the group OST (east) now consists of: 2300 2301 2303\n");
    sample_text(now.groups.at[0].code, sizeof now.groups.at[0].code, "VAST");
    ck_assert_uint_eq(told(text, sizeof text), 2);
    ck_assert_str_eq(text, "  new group with totals of its own, VAST (east): 2300 2301 2303\n"
                           "  no longer a group: OST\n");
}
END_TEST

/* One who came before all others moves every place on the roster; nobody's company changes. */
START_TEST(groups_are_compared_by_code)
{
    char text[2000];
    struct ska_contributor at[5];
    sample_group(&before, 3);
    sample_group(&now, 3);
    memcpy(at + 1, before.roster.at, 4 * sizeof *at);
    at[0] = at[1];
    sample_text(at[0].code, sizeof at[0].code, "1000");
    memcpy(at[0].key, sample_party(77).public_key, 32);
    set_roster(at, 5);
    for (uint32_t i = 0; i < 3; i++)
        now.groups.at[0].members[i]++;
    ck_assert_uint_eq(told(text, sizeof text), 1);
    ck_assert_str_eq(text, "  new contributor: 1000 Kommun 0\n");
}
END_TEST

START_TEST(the_whole_roster_is_shown)
{
    char text[2000] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    sample_group(&before, 3);
    terms_print(out, &before, 2);
    ck_assert_int_eq(fclose(out), 0);
    for (uint32_t i = 0; i < before.roster.n; i++)
        ck_assert_ptr_nonnull(strstr(text, before.roster.at[i].name));
    ck_assert_ptr_nonnull(strstr(text, "Kommun 2  (we)\n"));
    ck_assert_ptr_nonnull(strstr(text, "at least 3 answers; values 1 to 4 are hidden"));
    ck_assert_ptr_nonnull(strstr(text, "  OST          east: 2300 2301 2302\n"));
}
END_TEST

START_TEST(terms_come_back_as_they_were_remembered)
{
    char folder[] = "/tmp/skarva-terms-XXXXXX";
    char path[100];
    struct home home = {.dir = test_mkdtemp(folder)};
    struct terms t = {0};
    struct ska_error err = {0};
    struct ska_task *task = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ck_assert_ptr_nonnull(home.dir);
    ck_assert_status(ska_parameters_encode(&w, &before), SKA_OK);
    ck_assert_status(ska_task_new(&task, (struct ska_slice){w.data, w.len}, NULL), SKA_OK);
    ck_assert_status(terms_recall(&t, &home, before.collection, &err), SKA_OK);
    ck_assert(!t.known && !t.others);
    ck_assert_status(terms_remember(&home, task, &err), SKA_OK);
    ck_assert_status(terms_recall(&t, &home, before.collection, &err), SKA_OK);
    ck_assert(t.known && !t.others);
    ck_assert_uint_eq(terms_changes(NULL, &t.parameters, &now), 0);
    terms_clear(&t);
    ck_assert_status(terms_recall(&t, &home, "another", &err), SKA_OK);
    ck_assert(!t.known && t.others);
    (void)snprintf(path, sizeof path, "%s/terms/%s", folder, before.collection);
    for (size_t cut = 0; cut < w.len; cut += 97) {
        ck_assert_status(file_write(path, w.data, cut, true, NULL), SKA_OK);
        ska_error_clear(&err);
        ck_assert_status(terms_recall(&t, &home, before.collection, &err), SKA_E_FORMAT);
        ck_assert_ptr_nonnull(strstr(err.text, "is damaged; remove it"));
        ck_assert(!t.known);
    }
    ska_task_free(task);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("terms");
    TCase *tc = tcase_create("terms");
    tcase_add_checked_fixture(tc, make, clear);
    tcase_add_test(tc, the_same_terms_are_no_change);
    tcase_add_test(tc, who_came_and_who_went_is_named);
    tcase_add_test(tc, all_others_exchanged_are_all_named);
    tcase_add_test(tc, another_name_or_key_under_one_code_is_told);
    tcase_add_loop_test(tc, a_changed_term_is_told, 0, (int)N_OF(changes));
    tcase_add_test(tc, other_company_in_a_group_is_told);
    tcase_add_test(tc, groups_are_compared_by_code);
    tcase_add_test(tc, the_whole_roster_is_shown);
    tcase_add_test(tc, terms_come_back_as_they_were_remembered);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
