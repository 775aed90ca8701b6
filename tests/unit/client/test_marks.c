/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_marks.c - an officer's marks are remembered and changed, the last published table is read,
 * and a figure that dominates is told.
 */
#include "client/marks.h"

#include "client/dominance.h"
#include "client/review.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#include "tests/unit/client/records.h"

#include <sys/stat.h>
#include <unistd.h>

/* A1 and A3 can be marked; A2 cannot. */
static struct ska_layout *marked_layout(void)
{
    ck_assert(language_choose("en"));
    return records_layout_with_marks();
}

SKA_DEFINE_RELEASE(struct ska_layout *, layout_release, records_free)

static bool is_set(const struct counts *counts, const struct ska_layout *l, const char *code)
{
    return counts->at[ska_layout_find(l, code)] == 1;
}

/* --- marks ------------------------------------------------------------------------------------ */

START_TEST(marks_are_set_and_taken_away_or_nothing_is)
{
    static const char *const bad[] = {"",
                                      "A9",
                                      "A2",
                                      "A1.marked",
                                      "A1.KON.K",
                                      "A1,A9",
                                      "A1,,A3",
                                      ",A1",
                                      "A3,A2",
                                      "A1;A3",
                                      "a-code-that-is-longer-than-any-code-can-be"};
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    struct ska_error err = {0};
    ck_assert_status(counts_init(&counts, l->n_cells), SKA_OK);
    for (size_t i = 0; i < N_OF(bad); i++) {
        ck_assert_msg(marks_change(&counts, l, bad[i], true, &err) == SKA_E_USAGE, "%s", bad[i]);
        ck_assert_ptr_nonnull(strstr(err.text, "is no indicator that can be marked"));
        ck_assert(!is_set(&counts, l, "A1.marked") && !is_set(&counts, l, "A3.marked"));
    }
    ck_assert_status(marks_change(&counts, l, NULL, true, &err), SKA_OK);
    ck_assert_status(marks_change(&counts, l, "A1,A3", true, &err), SKA_OK);
    ck_assert(is_set(&counts, l, "A1.marked") && is_set(&counts, l, "A3.marked"));
    ck_assert(marks_has(&counts, l, ska_layout_find(l, "A1.KON.K")));
    ck_assert(!marks_has(&counts, l, ska_layout_find(l, "A2")));
    ck_assert_status(marks_change(&counts, l, "A3", false, &err), SKA_OK);
    ck_assert(is_set(&counts, l, "A1.marked") && !is_set(&counts, l, "A3.marked"));
}
END_TEST

START_TEST(marks_are_remembered_and_a_damaged_memory_is_told)
{
    static const char *const damaged[] = {"A9\n", "A1\n\nA3\n", "A2\n", "A1 \n"};
    char folder[] = "/tmp/skarva-test-XXXXXX", path[100];
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    SKA_SCOPED(counts_clear) struct counts back = {0};
    struct ska_error err = {0};
    struct stat st;
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    const struct home home = {.dir = folder};
    ck_assert_status(counts_init(&counts, l->n_cells), SKA_OK);
    ck_assert_status(counts_init(&back, l->n_cells), SKA_OK);
    snprintf(path, sizeof path, "%s/marks/2025Q2", folder);
    ck_assert_status(marks_recall(&back, l, &home, "2025Q2", &err), SKA_OK);
    ck_assert_status(marks_remember(&counts, l, &home, "2025Q2", &err), SKA_OK);
    ck_assert(!file_exists(path)); /* nothing to remember */
    ck_assert_status(marks_change(&counts, l, "A3,A1", true, &err), SKA_OK);
    ck_assert_status(marks_remember(&counts, l, &home, "2025Q2", &err), SKA_OK);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    ck_assert_status(marks_recall(&back, l, &home, "2025Q1", &err), SKA_OK);
    ck_assert(!is_set(&back, l, "A1.marked"));
    ck_assert_status(marks_recall(&back, l, &home, "2025Q2", &err), SKA_OK);
    ck_assert_mem_eq(back.at, counts.at, counts.n * sizeof *counts.at);
    ck_assert_status(marks_change(&counts, l, "A1,A3", false, &err), SKA_OK);
    ck_assert_status(marks_remember(&counts, l, &home, "2025Q2", &err), SKA_OK);
    memset(back.at, 0, back.n * sizeof *back.at);
    ck_assert_status(marks_recall(&back, l, &home, "2025Q2", &err), SKA_OK);
    ck_assert(!is_set(&back, l, "A1.marked"));
    for (size_t i = 0; i < N_OF(damaged); i++) {
        ck_assert_status(file_write(path, damaged[i], strlen(damaged[i]), true, NULL), SKA_OK);
        ck_assert_msg(marks_recall(&back, l, &home, "2025Q2", &err) == SKA_E_FORMAT, "%zu", i);
        ck_assert_ptr_nonnull(strstr(err.text, "remove the file and mark again"));
        ck_assert(!is_set(&back, l, "A1.marked"));
    }
    ck_assert_int_eq(unlink(path), 0);
    *strrchr(path, '/') = '\0';
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(the_table_tells_what_is_marked)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    char text[4000] = "";
    ck_assert_status(counts_init(&counts, l->n_cells), SKA_OK);
    ck_assert_status(marks_change(&counts, l, "A3", true, NULL), SKA_OK);
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert_ptr_nonnull(out);
    review_print(out, l, "2025Q2", &counts, NULL);
    ck_assert_int_eq(fclose(out), 0);
    const char *at = strstr(text, "only together with others'");
    ck_assert_ptr_nonnull(at);
    ck_assert_ptr_null(strstr(at + 1, "only together"));
    ck_assert_ptr_nonnull(strstr(text, "A3  persons"));
    ck_assert(strstr(text, "A3  persons") < at && at < strstr(text, "A4  sum"));
    ck_assert_ptr_null(strstr(text, "marked"));
}
END_TEST

/* --- the published table ---------------------------------------------------------------------- */

#define HEAD "collection,period,revision,group,cell,kind,value,reason\n"

START_TEST(the_published_table_is_read)
{
    static const char text[] =
        HEAD "lan,2025Q1,0,,A1,total,60,\nlan,2025Q1,0,,A1.KON.K,category,..,small\n"
             "lan,2025Q1,0,OST,A1,total,11,\nlan,2025Q1,0,,A99,total,7,\n"
             "lan,2025Q1,0,,A2,total,\"18446744073709551615\",\n";
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    SKA_SCOPED(published_clear) struct published p = {0};
    ck_assert_status(published_parse(&p, text, strlen(text), "lan", l, NULL), SKA_OK);
    uint32_t a1 = ska_layout_find(l, "A1"), a2 = ska_layout_find(l, "A2");
    ck_assert(p.is_shown[a1] && p.total[a1] == 60);
    ck_assert(p.is_shown[a2] && p.total[a2] == UINT64_MAX);
    ck_assert(!p.is_shown[ska_layout_find(l, "A1.KON.K")]);
    ck_assert(!p.is_shown[ska_layout_find(l, "A3")]);
}
END_TEST

static const struct {
    const char *name, *text;
    enum ska_status want;
} tables[] = {
    {"nothing", "", SKA_E_FORMAT},
    {"a page", "<!DOCTYPE html>\n<html>\n", SKA_E_FORMAT},
    {"a short row", HEAD "lan,2025Q1\n", SKA_E_FORMAT},
    {"no number", HEAD "lan,2025Q1,0,,A1,total,many,\n", SKA_E_FORMAT},
    {"negative", HEAD "lan,2025Q1,0,,A1,total,-1,\n", SKA_E_FORMAT},
    {"too large", HEAD "lan,2025Q1,0,,A1,total,18446744073709551616,\n", SKA_E_FORMAT},
    {"empty value", HEAD "lan,2025Q1,0,,A1,total,,\n", SKA_E_FORMAT},
    {"another collection", HEAD "lan2,2025Q1,0,,A1,total,1,\n", SKA_E_MISMATCH},
    {"a quote that does not end", HEAD "lan,2025Q1,0,,A1,total,\"1,\n", SKA_E_FORMAT},
};

START_TEST(what_is_no_such_table_is_refused)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    struct published p = {0};
    enum ska_status got =
        published_parse(&p, tables[_i].text, strlen(tables[_i].text), "lan", l, NULL);
    ck_assert_msg(got == tables[_i].want, "%s: %s", tables[_i].name, ska_status_name(got));
    ck_assert_ptr_null(p.total);
}
END_TEST

/* --- dominance -------------------------------------------------------------------------------- */

/* Our A1, before and now; what was published of it last (0: nothing); what is told. */
static const struct {
    const char *name;
    uint64_t ours, total;
    uint64_t earlier[4]; /* UINT64_MAX: blank */
    size_t n_earlier;
    uint64_t share, times;
    const char *told; /* NULL: nothing */
} figures[] = {
    {"just below", 59, 100, {0}, 0, 60, 3, NULL},
    {"60 percent",
     60,
     100,
     {0},
     0,
     60,
     3,
     "A1 cases: our 60 is 60 % of the last published total, 100"},
    {"more than all", 120, 100, {0}, 0, 60, 3, "our 120 is 120 % of"},
    {"a part of little", 3, 5, {0}, 0, 60, 3, "our 3 is 60 % of"},
    {"another limit", 40, 100, {0}, 0, 40, 3, "our 40 is 40 % of"},
    {"nothing published", 60, 0, {0}, 0, 60, 3, NULL},
    {"three times the median", 30, 0, {10, 9, 40}, 3, 60, 3, NULL},
    {"more than that",
     31,
     0,
     {10, 9, 40},
     3,
     60,
     3,
     "our 31 is more than 3 times the usual (10 is"},
    {"the lower of two", 31, 0, {10, 40}, 2, 60, 3, "(10 is the median of 2 periods)"},
    {"one period is no habit", 100, 0, {1}, 1, 60, 3, NULL},
    {"blank periods do not count", 100, 0, {1, UINT64_MAX, UINT64_MAX}, 3, 60, 3, NULL},
    {"close to nothing", 4, 0, {0, 0, 1}, 3, 60, 3, NULL},
    {"five apart", 5, 0, {0, 0, 1}, 3, 60, 3, "(0 is the median of 3 periods)"},
    {"other times", 31, 0, {10, 9, 40}, 3, 60, 4, NULL},
    {"zero", 0, 100, {0}, 0, 60, 3, NULL},
    {"large numbers", UINT64_MAX, UINT64_MAX, {UINT64_MAX - 1, 1}, 2, 60, 3, "is 100 % of"},
};

static void put(struct counts *counts, const struct ska_layout *l, uint64_t value)
{
    ck_assert_status(counts_init(counts, l->n_cells), SKA_OK);
    counts->at[ska_layout_find(l, "A1.answered")] = value != UINT64_MAX;
    counts->at[ska_layout_find(l, "A1")] = value;
}

START_TEST(a_figure_that_dominates_is_told)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    SKA_SCOPED(counts_clear) struct counts now = {0};
    SKA_SCOPED(published_clear) struct published p = {.period = "2025Q1"};
    struct counts earlier[4] = {0};
    uint32_t a1 = ska_layout_find(l, "A1");
    put(&now, l, figures[_i].ours);
    now.at[ska_layout_find(l, "A1.answered")] = 1;
    for (size_t i = 0; i < figures[_i].n_earlier; i++)
        put(&earlier[i], l, figures[_i].earlier[i]);
    if (figures[_i].total > 0) {
        p.total = calloc(l->n_cells, sizeof *p.total);
        p.is_shown = calloc(l->n_cells, sizeof *p.is_shown);
        ck_assert(p.total != NULL && p.is_shown != NULL);
        p.total[a1] = figures[_i].total;
        p.is_shown[a1] = true;
    }
    struct dominance_input in = {
        l, &now, earlier, N_OF(earlier), &p, figures[_i].share, figures[_i].times};
    dominance_find(&notes, &in);
    if (figures[_i].told == NULL)
        ck_assert_msg(notes.n == 0, "%s: %s", figures[_i].name, notes.at[0]);
    else
        ck_assert_msg(notes.n > 0 && strstr(notes.at[0], figures[_i].told) != NULL, "%s: %s",
                      figures[_i].name, notes.n > 0 ? notes.at[0] : "nothing");
    notes_clear(&notes);
    now.at[ska_layout_find(l, "A1.marked")] = 1; /* the officer knows */
    dominance_find(&notes, &in);
    ck_assert_uint_eq(notes.n, 0);
    now.at[ska_layout_find(l, "A1.marked")] = 0;
    now.at[ska_layout_find(l, "A1.answered")] = 0; /* blank */
    dominance_find(&notes, &in);
    ck_assert_uint_eq(notes.n, 0);
    for (size_t i = 0; i < N_OF(earlier); i++)
        counts_clear(&earlier[i]);
}
END_TEST

/* A2 is no less ours, but nothing can be done about it. */
START_TEST(what_cannot_be_marked_is_not_told)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = marked_layout();
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    SKA_SCOPED(counts_clear) struct counts now = {0};
    SKA_SCOPED(published_clear) struct published p = {.period = "2025Q1"};
    uint32_t a2 = ska_layout_find(l, "A2");
    ck_assert_status(counts_init(&now, l->n_cells), SKA_OK);
    p.total = calloc(l->n_cells, sizeof *p.total);
    p.is_shown = calloc(l->n_cells, sizeof *p.is_shown);
    ck_assert(p.total != NULL && p.is_shown != NULL);
    p.total[a2] = 10;
    p.is_shown[a2] = true;
    now.at[a2] = 10;
    now.at[l->cells[a2].flag] = 1;
    dominance_find(&notes, &(struct dominance_input){l, &now, NULL, 0, &p, 60, 3});
    ck_assert_uint_eq(notes.n, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("marks");
    TCase *tc = tcase_create("marks");
    tcase_add_test(tc, marks_are_set_and_taken_away_or_nothing_is);
    tcase_add_test(tc, marks_are_remembered_and_a_damaged_memory_is_told);
    tcase_add_test(tc, the_table_tells_what_is_marked);
    tcase_add_test(tc, the_published_table_is_read);
    tcase_add_loop_test(tc, what_is_no_such_table_is_refused, 0, N_OF(tables));
    tcase_add_loop_test(tc, a_figure_that_dominates_is_told, 0, N_OF(figures));
    tcase_add_test(tc, what_cannot_be_marked_is_not_told);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
