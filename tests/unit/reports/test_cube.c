/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_cube.c - the model of what is published: read from the publisher's folder it says what was
 * published, why the rest is hidden, who answered and when; gaps are missing, never zero.
 */
#include "reports/data/cube.h"
#include "reports/data/release_day.h"
#include "reports/publish.h"

#include "tests/unit/reports/county.h"
#include "tests/unit/reports/cube_world.h"

/* Example 1 of docs/disclosure-control.md: A 30, x 27, y 3, z 0, B 12, two answered, C 4. */
static const uint64_t example_1[COUNTY_CONTRIBUTORS][COUNTY_CELLS] = {
    {10, 9, 1, 0, 8, 1, 1}, {10, 9, 1, 0, 4, 1, 1}, {5, 5, 0, 0, 0, 0, 2}, {5, 4, 1, 0, 0, 0, 0}};

static const struct cube_figure want_1[COUNTY_CELLS] = {
    [CELL_A] = {CUBE_SHOWN, 0, 30},
    [CELL_X] = {CUBE_HIDDEN, SKA_HIDDEN_COMPLEMENT, 0},
    [CELL_Y] = {CUBE_HIDDEN, SKA_HIDDEN_SMALL, 0},
    [CELL_Z] = {CUBE_SHOWN, 0, 0},
    [CELL_B] = {CUBE_HIDDEN, SKA_HIDDEN_DEPENDENT, 0},
    [CELL_B_ANSWERED] = {CUBE_HIDDEN, SKA_HIDDEN_FEW, 0},
    [CELL_C] = {CUBE_HIDDEN, SKA_HIDDEN_SMALL, 0}};

static void publish(const struct county *k, const char *period)
{
    county_release(k, period);
}

START_TEST(a_published_collection_is_read_whole)
{
    struct county k;
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    struct ska_error err = {0};
    county_new(&k);
    county_collect(&k, "2024Q4", &example_1[0][0]);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    county_collect(&k, "2025Q3", &example_1[0][0]); /* collected, never published */
    publish(&k, "2025Q2");
    publish(&k, "2024Q4");
    enum ska_status got = cube_load(&cube, &k.collection, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    ck_assert_uint_eq(cube.n_series, 1);
    const struct cube_series *s = &cube.series[0];
    ck_assert_uint_eq(s->n, 3);
    ck_assert_str_eq(s->periods[0].name, "2024Q4");
    ck_assert_str_eq(s->periods[1].name, "2025Q1");
    ck_assert_str_eq(s->periods[2].name, "2025Q2");
    for (uint32_t j = 0; j < COUNTY_CELLS; j++) {
        struct cube_figure f = cube_at(&cube, s, 2, 0, j), gap = cube_at(&cube, s, 1, 0, j);
        ck_assert_uint_eq(f.status, want_1[j].status);
        ck_assert_uint_eq(f.reason, want_1[j].reason);
        ck_assert_uint_eq(f.value, want_1[j].value);
        ck_assert_uint_eq(gap.status, CUBE_MISSING);
    }
    const struct cube_period *p = &s->periods[2];
    ck_assert(p->is_published && !s->periods[1].is_published);
    ck_assert_uint_eq(p->n_roster, COUNTY_CONTRIBUTORS);
    ck_assert_uint_eq(p->n_counted, COUNTY_CONTRIBUTORS);
    ck_assert_uint_eq(p->n_counted_in[0], COUNTY_CONTRIBUTORS);
    ck_assert(p->is_counted[3] && p->contributors[3][0] != '\0');
    ck_assert_uint_eq(p->year, 2025);
    ck_assert_uint_eq(p->part, 2);
    ck_assert_uint_ge(p->window_duration_s, SKA_TIME_PRECISION_S);
    county_clear(&k);
}
END_TEST

START_TEST(a_release_is_dated_by_day_and_keeps_its_day)
{
    struct county k;
    struct release_day first, second;
    struct ska_error err = {0};
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    publish(&k, "2025Q2");
    SKA_SCOPED(ska_scoped_free)
    char *folder = home_path(k.collection.folder, "periods", "2025Q2");
    ck_assert_status(release_day_read(&first, folder, &err), SKA_OK);
    ck_assert_uint_eq(first.day_s % RELEASE_DAY_S, 0);
    ck_assert_uint_le(first.day_s, (uint64_t)time(NULL));
    uint64_t later = first.day_s + 10 * RELEASE_DAY_S;
    second = first;
    second.day_s = later;
    ck_assert_status(release_day_write(folder, &second, &err), SKA_E_CONFLICT); /* for ever */
    publish(&k, "2025Q2");
    ck_assert_status(release_day_read(&second, folder, &err), SKA_OK);
    ck_assert_uint_eq(second.day_s, first.day_s);
    ck_assert_mem_eq(second.bundle_sha256, first.bundle_sha256, 32);
    ck_assert_uint_eq(second.place.number, 1);
    ck_assert_uint_eq(second.n_shown + second.n_hidden, COUNTY_CELLS);
    ck_assert_mem_eq(second.second, k.second.public_key, 32);
    county_clear(&k);
}
END_TEST

static const char good[] =
    "day 2025-07-20\nbundle 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
    "number 1\nprevious 0000000000000000000000000000000000000000000000000000000000000000\n"
    "period 2025Q2\nrevision 0\nshown 2\nhidden 5\n"
    "publisher AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
    "second AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
static const struct {
    const char *name;
    size_t at;
    char byte;
} damage[] = {{"another word", 0, 'D'},
              {"month 37", 9, '3'},
              {"no dash", 8, ' '},
              {"no line end", 14, ' '},
              {"not hexadecimal", 22, 'g'},
              {"a dash in the hash", 32, '-'},
              {"no line end after the hash", 86, ' '},
              {"a number that is none", 94, 'x'},
              {"another letter in a key", sizeof good - 3, '='},
              {"no last line end", sizeof good - 2, ' '}};

START_TEST(a_damaged_day_is_refused)
{
    struct county k;
    char text[sizeof good];
    struct release_day day;
    struct ska_error err = {0};
    county_new(&k);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(k.home, "released");
    memcpy(text, good, sizeof good);
    ck_assert_status(file_write(path, text, strlen(text), false, &err), SKA_OK);
    ck_assert_status(release_day_read(&day, k.home, &err), SKA_OK);
    ck_assert_uint_eq(day.day_s, UINT64_C(1752969600));
    text[damage[_i].at] = damage[_i].byte;
    ck_assert_status(file_write(path, text, strlen(text), false, &err), SKA_OK);
    enum ska_status got = release_day_read(&day, k.home, &err);
    ck_assert_msg(got == SKA_E_FORMAT, "%s: %s", damage[_i].name, ska_status_name(got));
    county_clear(&k);
}
END_TEST

/* A release that carries the year says so in one more line, and it is its own year. */
START_TEST(a_day_with_a_year)
{
    static const struct {
        const char *line;
        enum ska_status want;
    } lines[] = {{"year 2025\n", SKA_OK},        {"year 2024\n", SKA_E_FORMAT},
                 {"year 2025", SKA_E_FORMAT},    {"year 20255\n", SKA_E_FORMAT},
                 {"years 2025\n", SKA_E_FORMAT}, {"year 2025\nyear 2025\n", SKA_E_FORMAT}};
    struct county k;
    county_new(&k);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(k.home, "released");
    for (size_t i = 0; i < N_OF(lines); i++) {
        char text[sizeof good + 40];
        struct release_day day = {0};
        struct ska_error err = {0};
        (void)snprintf(text, sizeof text, "%s%s", good, lines[i].line);
        ck_assert_status(file_write(path, text, strlen(text), false, &err), SKA_OK);
        ck_assert_status(release_day_read(&day, k.home, &err), lines[i].want);
        ck_assert(day.has_year == (lines[i].want == SKA_OK));
        ck_assert_int_eq(unlink(path), 0);
        if (!day.has_year)
            continue;
        ck_assert_status(release_day_write(k.home, &day, &err), SKA_OK);
        SKA_SCOPED(ska_scoped_free) uint8_t *again = NULL;
        size_t len = 0;
        ck_assert_status(file_read(&again, &len, path, sizeof text, &err), SKA_OK);
        ck_assert_uint_eq(len, strlen(text));
        ck_assert_mem_eq(again, text, len);
        ck_assert_int_eq(unlink(path), 0);
    }
    county_clear(&k);
}
END_TEST

/* Each file that the model is read from, damaged, is refused by name. */
static const char *const files[] = {"signed", "accepted", "figures", "suppression", "released"};

START_TEST(a_damaged_file_is_named)
{
    struct county k;
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    struct ska_error err = {0};
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    publish(&k, "2025Q2");
    SKA_SCOPED(ska_scoped_free)
    char *folder = home_path(k.collection.folder, "periods", "2025Q2");
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, files[_i]);
    ck_assert_status(file_write(path, "x", 1, false, &err), SKA_OK);
    enum ska_status got = cube_load(&cube, &k.collection, &err);
    ck_assert_msg(got == SKA_E_FORMAT, "%s", ska_status_name(got));
    ck_assert_msg(strstr(err.text, files[_i]) != NULL, "%s", err.text);
    county_clear(&k);
}
END_TEST

START_TEST(nothing_published_is_no_failure)
{
    struct county k;
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    struct ska_error err = {0};
    county_new(&k);
    ck_assert_status(cube_load(&cube, &k.collection, &err), SKA_OK);
    ck_assert_uint_eq(cube.n_series, 0);
    ck_assert_uint_eq(cube.n_blocks, 1);
    county_clear(&k);
}
END_TEST

START_TEST(series_are_in_order_and_have_no_holes)
{
    SKA_SCOPED(cube_world_clear) struct cube_world w = {0};
    cube_world_new(&w);
    ck_assert_uint_eq(w.cube.n_series, 3);
    ck_assert(w.cube.series[0].cadence == SKA_QUARTER && !w.cube.series[0].is_rollup);
    ck_assert(w.cube.series[1].cadence == SKA_YEAR && !w.cube.series[1].is_rollup);
    ck_assert(w.cube.series[2].cadence == SKA_QUARTER && w.cube.series[2].is_rollup);
    const struct cube_series *q = &w.cube.series[0];
    ck_assert_uint_eq(q->n, 8);
    for (size_t i = 0; i < q->n; i++) {
        ck_assert_uint_eq(q->periods[i].year, 2024 + i / 4);
        ck_assert_uint_eq(q->periods[i].part, 1 + i % 4);
        ck_assert(q->periods[i].is_published == (i != 2));
    }
    ck_assert_uint_eq(cube_at(&w.cube, q, 2, 1, 0).status, CUBE_MISSING);
    ck_assert_uint_eq(cube_at(&w.cube, q, 1, 1, 0).status, CUBE_SHOWN);
}
END_TEST

START_TEST(a_denominator_is_the_latest_before_the_year_else_the_oldest)
{
    static const struct {
        uint32_t block, indicator, year;
        uint64_t want;      /* 0: none */
        uint32_t want_year; /* of the population */
    } cases[] = {{0, 0, 2025, 132708, 2025}, {0, 0, 2030, 132708, 2025}, {0, 0, 2024, 132054, 2024},
                 {0, 0, 2019, 132054, 2024}, {1, 0, 2025, 40708, 2025},  {2, 2, 2025, 46000, 2025},
                 {0, 1, 2025, 0, 0},         {0, 3, 2025, 0, 0}};
    SKA_SCOPED(cube_world_clear) struct cube_world w = {0};
    cube_world_new(&w);
    for (size_t i = 0; i < N_OF(cases); i++) {
        uint64_t n = 0;
        const struct cube_population *p =
            cube_denominator(&n, &w.cube, cases[i].block, cases[i].indicator, cases[i].year);
        ck_assert_uint_eq(n, cases[i].want);
        ck_assert_uint_eq(p != NULL ? p->year : 0, cases[i].want_year);
    }
    w.cube.populations[1].all[1] = 0; /* not known for one block: the year before has it */
    uint64_t n = 0;
    ck_assert_ptr_eq(cube_denominator(&n, &w.cube, 1, 0, 2025), &w.cube.populations[0]);
    ck_assert_uint_eq(n, 41000);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cube");
    TCase *t = tcase_create("cube");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_published_collection_is_read_whole);
    tcase_add_test(t, a_release_is_dated_by_day_and_keeps_its_day);
    tcase_add_loop_test(t, a_damaged_day_is_refused, 0, N_OF(damage));
    tcase_add_test(t, a_day_with_a_year);
    tcase_add_loop_test(t, a_damaged_file_is_named, 0, N_OF(files));
    tcase_add_test(t, nothing_published_is_no_failure);
    tcase_add_test(t, series_are_in_order_and_have_no_holes);
    tcase_add_test(t, a_denominator_is_the_latest_before_the_year_else_the_oldest);
    suite_add_tcase(s, t);
    return test_run(s);
}
