/* SPDX-License-Identifier: EUPL-1.2 */
/* test_counts.c - counts on disk and back, hand-made counts, and what the officer is told of them.
 */
#include "client/counts.h"

#include "client/review.h"
#include "crypto/scoped.h"
#include "support/language.h"

#include "tests/unit/client/records.h"

#include <sys/stat.h>
#include <unistd.h>

SKA_DEFINE_RELEASE(struct ska_layout *, layout_release, records_free)

/* A6 and A4 blank, the rest answered. */
#define GOOD                                                                                     \
    "cell;value\nA1;5\nA1.KON.K;2\nA1.KON.M;3\nA1.KON.X;0\nA1.FORM.PSY;5\nA1.FORM.FYS;1\nA2;1\n" \
    "A3;2\nA3.KON.K;1\nA3.KON.M;1\nA3.KON.X;0\nA3.FORM.PSY;2\nA3.FORM.FYS;0\nA5;1\n"

static enum ska_status parse(struct counts *counts, struct counts_origin *origin,
                             const struct ska_layout *l, const char *text, struct ska_error *err)
{
    return counts_parse(counts, origin, text, strlen(text), "c.csv", l, err);
}

START_TEST(counts_come_back_as_they_were_written_and_nobody_else_can_read_them)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    SKA_SCOPED(counts_clear) struct counts back = {0};
    struct counts_origin origin;
    struct ska_error err = {0};
    ck_assert_status(parse(&counts, &origin, l, GOOD, &err), SKA_OK);
    ck_assert_str_eq(origin.period, "");
    char path[] = "/tmp/skarva-test-XXXXXX";
    int fd = test_mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_status(counts_write(path, &counts, l, "2025Q2", &err), SKA_OK);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    ck_assert_status(counts_read(&back, &origin, path, l, &err), SKA_OK);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_uint_eq(back.n, counts.n);
    ck_assert_mem_eq(back.at, counts.at, counts.n * sizeof *counts.at);
    ck_assert_str_eq(origin.period, "2025Q2");
    ck_assert_str_eq(origin.catalogue, "prov 1");
    ck_assert_status(counts_check_origin(&origin, path, "2025Q2", l->catalogue, &err), SKA_OK);
    ck_assert_status(counts_check_origin(&origin, path, "2025Q3", l->catalogue, NULL),
                     SKA_E_MISMATCH);
    origin.hash[0] = origin.hash[0] == '0' ? '1' : '0';
    ck_assert_status(counts_check_origin(&origin, path, "2025Q2", l->catalogue, NULL),
                     SKA_E_MISMATCH);
}
END_TEST

START_TEST(a_blank_indicator_is_told_from_zero)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    struct counts_origin origin;
    ck_assert_status(parse(&counts, &origin, l, GOOD "A4;\nA4.KON.K;.\nA6;0\n", NULL), SKA_OK);
    ck_assert(!counts_is_answered(&counts, l, ska_layout_find(l, "A4")));
    ck_assert(!counts_is_answered(&counts, l, ska_layout_find(l, "A4.KON.K")));
    ck_assert(counts_is_answered(&counts, l, ska_layout_find(l, "A6")));
    ck_assert(counts_is_answered(&counts, l, ska_layout_find(l, "A5")));
    ck_assert_uint_eq(counts.at[ska_layout_find(l, "A1.answered")], 1);
}
END_TEST

static const struct {
    const char *name, *text;
    enum ska_status want;
    const char *message;
} cases[] = {
    {"commas, other columns", "cell,value,note\nA5,1,x\n", SKA_OK, ""},
    {"no header", "A5;1\n", SKA_OK, ""},
    {"empty", "", SKA_E_FORMAT, "c.csv: the file is empty"},
    {"comments only", "# skarva counts 1\n", SKA_E_FORMAT, "c.csv: the file is empty"},
    {"one column", "cell\nA5\n", SKA_E_FORMAT, "c.csv, row 1: a row is cell;value"},
    {"unknown cell", "cell;value\nA9;1\n", SKA_E_NOT_FOUND, "c.csv, row 2: the cell A9 is not in"},
    {"a flag", "cell;value\nA5;1\nA1.answered;1\n", SKA_E_NOT_FOUND, "c.csv, row 3: the cell A1.a"},
    {"a cell twice", "cell;value\nA5;1\nA5;1\n", SKA_E_CONFLICT, "c.csv, row 3: A5 is already in"},
    {"decimal", "cell;value\nA5;1,5\n", SKA_E_FORMAT, "c.csv, row 2, A5: 1,5 is a decimal number"},
    {"negative", "cell;value\nA5;-1\n", SKA_E_RANGE, "c.csv, row 2, A5: -1 is negative"},
    {"over the bound", "cell;value\nA5;3\n", SKA_E_RANGE, "c.csv, row 2, A5: 3 is too large, at"},
    {"at the bound", "cell;value\nA5;2\n", SKA_OK, ""},
    {"must be answered", "cell;value\nA5;\n", SKA_E_NOT_FOUND, "c.csv: A5 must be answered"},
    {"must be there", "cell;value\nA2;1\n", SKA_E_NOT_FOUND, "c.csv: A5 must be answered"},
    {"a category is missing", "A5;1\nA4;0\nA4.KON.K;0\nA4.KON.M;0\n", SKA_E_NOT_FOUND,
     "c.csv: A4.KON.X has no value, but A4 has one"},
    {"a category of a blank", "A5;1\nA4;\nA4.KON.K;0\n", SKA_E_MISMATCH,
     "c.csv, row 3: A4.KON.K has a value, but A4 is blank"},
};

START_TEST(hand_made_counts_are_taken_or_the_fault_is_told)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    struct counts_origin origin;
    struct ska_error err = {0};
    ck_assert(language_choose("en"));
    enum ska_status got = parse(&counts, &origin, l, cases[_i].text, &err);
    ck_assert_msg(got == cases[_i].want, "%s: got %s (%s)", cases[_i].name, ska_status_name(got),
                  err.text);
    ck_assert_msg(strstr(err.text, cases[_i].message) != NULL, "%s: %s", cases[_i].name, err.text);
    ck_assert((counts.at != NULL) == (got == SKA_OK));
}
END_TEST

/* --- what the officer is told ----------------------------------------------------------------- */

static bool has_note(const struct notes *notes, const char *text)
{
    for (size_t i = 0; i < notes->n && i < NOTES_MAX; i++)
        if (strstr(notes->at[i], text) != NULL)
            return true;
    return false;
}

START_TEST(every_broken_rule_is_named_with_its_values)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct counts_origin origin;
    ck_assert(language_choose("en"));
    ck_assert_status(parse(&counts, &origin, l, GOOD, NULL), SKA_OK);
    ck_assert_uint_eq(review_broken(&notes, l, &counts), 0);
    counts.at[ska_layout_find(l, "A1.KON.K")] = 3;
    counts.at[ska_layout_find(l, "A1.FORM.FYS")] = 6;
    counts.at[ska_layout_find(l, "A2")] = 7;
    counts.at[ska_layout_find(l, "A5")] = 3;
    counts.at[ska_layout_find(l, "A6")] = 1;
    ck_assert_uint_eq(review_broken(&notes, l, &counts), 5);
    ck_assert(has_note(&notes, "A5 meetings: 3 is over the limit 2"));
    ck_assert(has_note(&notes, "cases: the sum over sex equals the total (A1 = 5, A1.KON.K = 3, "
                               "A1.KON.M = 3, A1.KON.X = 0)"));
    ck_assert(has_note(&notes, "cases: physical is at most the total (A1 = 5, A1.FORM.FYS = 6)"));
    ck_assert(has_note(&notes, "reported at most cases (A1 = 5, A2 = 7)"));
    ck_assert(has_note(&notes, "unknown: whoever has not answered has no count"));
    size_t where = 0;
    ck_assert_status(ska_statement_holds(&where, &l->statement, counts.at), SKA_E_RANGE);
}
END_TEST

START_TEST(odd_values_are_remarked_and_ordinary_ones_are_not)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(counts_clear) struct counts now = {0};
    SKA_SCOPED(counts_clear) struct counts then = {0};
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct counts_origin origin;
    ck_assert(language_choose("en"));
    ck_assert_status(parse(&now, &origin, l, GOOD, NULL), SKA_OK);
    ck_assert_status(parse(&then, &origin, l, GOOD, NULL), SKA_OK);
    review_odd(&notes, l, &now, &then);
    ck_assert_uint_eq(notes.n, 0);
    now.at[ska_layout_find(l, "A1")] = 20; /* at the soft warning */
    then.at[ska_layout_find(l, "A1")] = 10;
    review_odd(&notes, l, &now, &then);
    ck_assert_uint_eq(notes.n, 0);
    now.at[ska_layout_find(l, "A1")] = 21; /* over it, and more than twice */
    review_odd(&notes, l, &now, &then);
    ck_assert_uint_eq(notes.n, 2);
    ck_assert(has_note(&notes, "A1 cases: 21 is unusually much (over 20)"));
    ck_assert(has_note(&notes, "A1 cases: 21, the period before 10"));
    notes_clear(&notes);
    now.at[ska_layout_find(l, "A1")] = 4;  /* under half, 6 apart */
    then.at[ska_layout_find(l, "A2")] = 4; /* 3 apart */
    now.at[ska_layout_find(l, "A3.answered")] = 0;
    review_odd(&notes, l, &now, &then);
    ck_assert_uint_eq(notes.n, 2);
    ck_assert(has_note(&notes, "A1 cases: 4, the period before 10"));
    ck_assert(has_note(&notes, "A3 persons: not answered now, but the period before"));
}
END_TEST

START_TEST(the_table_is_aligned_by_letters_not_by_bytes)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    struct counts_origin origin;
    ck_assert(language_choose("sv"));
    ck_assert_status(parse(&counts, &origin, l, GOOD, NULL), SKA_OK);
    char text[4000] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert(out != NULL);
    review_print(out, l, "2025Q2", &counts, NULL);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert(language_choose("en"));
    ck_assert_str_eq(text, "                    2025Q2\n"
                           "A1  fall                 5\n"
                           "      kön:\n"
                           "        kvinna           2\n"
                           "        man              3\n"
                           "        okänt            0\n"
                           "      form:\n"
                           "        psykiskt         5\n"
                           "        fysiskt          1\n"
                           "A2  anmälda              1\n"
                           "A3  personer             2\n"
                           "      kön:\n"
                           "        kvinna           1\n"
                           "        man              1\n"
                           "        okänt            0\n"
                           "      form:\n"
                           "        psykiskt         2\n"
                           "        fysiskt          0\n"
                           "A4  summa                .\n"
                           "      kön:\n"
                           "        kvinna           .\n"
                           "        man              .\n"
                           "        okänt            .\n"
                           "A5  möten                1\n"
                           "A6  okända               .\n");
}
END_TEST

START_TEST(notes_past_their_limit_are_only_numbered)
{
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    for (int i = 0; i < NOTES_MAX + 3; i++)
        notes_add(&notes, "note %d", i);
    char text[4000] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert(out != NULL);
    notes_print(out, &notes, "Look:");
    ck_assert_int_eq(fclose(out), 0);
    ck_assert(strstr(text, "note 39\n  - and 3 more\n") != NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("counts");
    TCase *tc = tcase_create("counts");
    tcase_add_test(tc, counts_come_back_as_they_were_written_and_nobody_else_can_read_them);
    tcase_add_test(tc, a_blank_indicator_is_told_from_zero);
    tcase_add_loop_test(tc, hand_made_counts_are_taken_or_the_fault_is_told, 0, (int)N_OF(cases));
    tcase_add_test(tc, every_broken_rule_is_named_with_its_values);
    tcase_add_test(tc, odd_values_are_remarked_and_ordinary_ones_are_not);
    tcase_add_test(tc, the_table_is_aligned_by_letters_not_by_bytes);
    tcase_add_test(tc, notes_past_their_limit_are_only_numbered);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
