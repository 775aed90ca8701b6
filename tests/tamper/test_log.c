/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_log.c - a public log passes every check; each cheat of leader, helper, publisher or whoever
 * serves its files fails exactly the checks that it must.
 */
#include <stdio.h>
#include <string.h>

#include "audit/words.h"

#include "tests/tamper/log_suite.h"

#include "tests/test.h"

static void expect_failed(const struct finding findings[static N_LOG_CHECKS], const char *name,
                          const char *want)
{
    char got[400], details[1200] = "";
    log_failed(got, sizeof got, findings);
    for (size_t i = 0; i < N_LOG_CHECKS; i++) {
        const size_t len = strlen(details);
        if (findings[i].outcome != OUTCOME_PASS)
            (void)snprintf(details + len, sizeof details - len, "%s: %.100s; ",
                           log_check_table[i].id, findings[i].detail);
    }
    ck_assert_msg(strcmp(got, want) == 0, "%s: got \"%s\", want \"%s\": %s", name, got, want,
                  details);
}

START_TEST(each_cheat_fails_exactly_the_checks_that_it_must)
{
    const struct cheat_log *c = log_cheat((size_t)_i);
    struct log_given g;
    static struct made_log m;
    struct finding findings[N_LOG_CHECKS];
    char folder[] = "/tmp/skarva-log-test-XXXXXX";
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    play_log(&m, &g, c, folder);
    log_judge(findings, folder, &g);
    expect_failed(findings, c->name, c->want);
    made_log_clear(&m);
}
END_TEST

/* What log-root says of a log, `spoil` done to its folder. */
static void ck_root_tells(const char *cheat, void (*spoil)(const char *folder), const char *tells)
{
    static struct made_log m;
    struct finding findings[N_LOG_CHECKS];
    struct log_given g;
    char folder[] = "/tmp/skarva-log-test-XXXXXX";
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    play_log(&m, &g, log_cheat_named(cheat), folder);
    if (spoil != NULL)
        spoil(folder);
    log_judge(findings, folder, &g);
    const char *detail = findings[LOG_ROOT].detail;
    ck_assert_int_eq(findings[LOG_ROOT].outcome, OUTCOME_FAIL);
    ck_assert_msg(tells != NULL ? strstr(detail, tells) != NULL : strchr(detail, ':') == NULL, "%s",
                  detail);
    made_log_clear(&m);
}

static void flip_first(const char *folder, const char *name)
{
    uint8_t *data;
    const size_t len = made_file_read(&data, folder, name);
    data[0] ^= 1;
    made_file_write(folder, name, data, len);
}

static void spoil_tile(const char *folder)
{
    flip_first(folder, "tile/0/000");
}

static void spoil_top(const char *folder)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/tile/1/000.p/1", folder);
    ck_assert_int_eq(remove(path), 0);
}

START_TEST(an_entry_that_is_another_is_named_where_the_tiles_tell)
{
    ck_root_tells("entry flipped", NULL, "tile/entries/000 has another entry ");
    ck_root_tells("entry flipped", spoil_tile, "tile/0/000 is not what the file above it has");
    ck_root_tells("entry flipped", spoil_top, NULL);
}
END_TEST

/* The identifiers of the checks that looked at nothing, with a space between. */
static void list_idle(char out[static 300], const struct finding findings[static N_LOG_CHECKS])
{
    out[0] = '\0';
    for (size_t i = 0; i < N_LOG_CHECKS; i++) {
        const size_t len = strlen(out);
        if (findings[i].n_inputs == 0)
            (void)snprintf(out + len, 300 - len, "%s%s", len > 0 ? " " : "", log_check_table[i].id);
    }
}

/* What the auditor was given, and the signed entries, say of these that there is nothing to look
 * at; of no other. */
START_TEST(nothing_passes_without_having_looked)
{
    static const struct {
        const char *name, *idle;
    } cases[] = {
        {"honest", "log-earlier log-changes log-bundle"},
        {"honest, with its bundle", "log-earlier log-changes"},
        {"honest, continues an earlier one", "log-changes log-bundle"},
        {"honest, corrected", "log-earlier log-bundle"},
        {"honest, reopened", "log-earlier log-changes log-releases log-bundle"},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        static struct made_log m;
        struct finding findings[N_LOG_CHECKS];
        struct log_given g;
        const struct cheat_log *c = log_cheat_named(cases[i].name);
        char folder[] = "/tmp/skarva-log-test-XXXXXX", idle[300];
        ck_assert_ptr_nonnull(test_mkdtemp(folder));
        play_log(&m, &g, c, folder);
        log_judge(findings, folder, &g);
        list_idle(idle, findings);
        ck_assert_msg(strcmp(idle, cases[i].idle) == 0, "%s: %s", c->name, idle);
        made_log_clear(&m);
    }
}
END_TEST

/* Every check fails in some cheat, so none is idle. */
START_TEST(every_check_has_a_cheat_that_it_alone_sees)
{
    for (size_t i = 0; i < N_LOG_CHECKS; i++) {
        bool is_seen = false;
        for (size_t k = 0; k < log_cheats_count(); k++)
            is_seen = is_seen || strcmp(log_cheat(k)->want, log_check_table[i].id) == 0;
        ck_assert_msg(is_seen, "%s", log_check_table[i].id);
    }
}
END_TEST

START_TEST(nothing_passes_without_a_log)
{
    struct finding findings[N_LOG_CHECKS];
    char folder[] = "/tmp/skarva-log-test-XXXXXX";
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    log_judge(findings, folder,
              &(struct log_given){
                  .policy =
                      "log "
                      "leader.example/"
                      "log+8c0b2a53+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh\nquorum none\n"});
    ck_assert_int_eq(findings[LOG_CHECKPOINT].outcome, OUTCOME_FAIL);
    for (size_t i = 1; i < N_LOG_CHECKS; i++)
        ck_assert_int_eq(findings[i].outcome, OUTCOME_NOT_CHECKED);
}
END_TEST

static void begin(void)
{
    ck_assert(words_choose("en"));
    play_log_begin();
}

static Suite *suite(void)
{
    Suite *s = suite_create("log");
    TCase *t = tcase_create("log");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, begin, NULL);
    tcase_add_loop_test(t, each_cheat_fails_exactly_the_checks_that_it_must, 0,
                        (int)log_cheats_count());
    tcase_add_test(t, an_entry_that_is_another_is_named_where_the_tiles_tell);
    tcase_add_test(t, nothing_passes_without_having_looked);
    tcase_add_test(t, every_check_has_a_cheat_that_it_alone_sees);
    tcase_add_test(t, nothing_passes_without_a_log);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
