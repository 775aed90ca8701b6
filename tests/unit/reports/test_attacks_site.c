/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_attacks_site.c - attacks on everything else that is published beside figures, by name
 * (docs/disclosure-control.md, "Attacks"): pages, charts, rates, data files, bundles, the data
 * interface, and times. A county goes through a whole period in memory; its hidden totals are
 * numbers that stand nowhere by chance. The same county with other hidden totals, which are
 * published alike, must give the same site.
 */
#include "reports/about.h"
#include "reports/data/data_files.h"
#include "reports/data/release_day.h"
#include "reports/data/words.h"
#include "reports/pages/chart.h"
#include "reports/pages/site.h"
#include "server/front/pxweb.h"

#include "tests/unit/reports/bare_site.h"
#include "tests/unit/reports/county.h"
#include "tests/unit/reports/cube_world.h"
#include "tests/unit/reports/site_files.h"

/* Worlds -------------------------------------------------------------------------------------- */

#define BOUND 10000000u
#define TOTAL_A 7654324u
#define HIDDEN_B 4567891u

/* By world and contributor. A 7,654,324 and z 0 are shown; x, y, B (two answered) and C are not. */
static const uint64_t truth[2][COUNTY_CONTRIBUTORS][COUNTY_CELLS] = {
    {{3000000, 2999999, 1, 0, 4000000, 1, 1},
     {2000000, 1999999, 1, 0, 567891, 1, 1},
     {2000000, 2000000, 0, 0, 0, 0, 2},
     {654324, 654323, 1, 0, 0, 0, 0}},
    {{3000000, 3000000, 0, 0, 1000000, 1, 1},
     {2000000, 2000000, 0, 0, 234567, 1, 0},
     {2000000, 1999999, 1, 0, 0, 0, 0},
     {654324, 654323, 1, 0, 0, 0, 0}}};

/* Two quarters of it, released, with pages and data files. Both worlds have the same keys. */
static void world_new(struct county *k, int world)
{
    static const char *const periods[] = {"2025Q1", "2025Q2"};
    struct ska_error err = {0};
    test_seed_state = 20250101;
    ska_random_replace_for_test(test_random_bytes);
    county_new_bound(k, BOUND);
    for (size_t i = 0; i < N_OF(periods); i++) {
        county_collect(k, periods[i], &truth[world][0][0]);
        county_release(k, periods[i]);
    }
    ska_random_replace_for_test(NULL);
    enum ska_status got = site_write_index(&k->collection, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    got = data_files_write(&k->collection, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
}

/* The site as it would be if it were made from the totals: nothing is hidden in the model. */
static void unprotect(struct cube *cube, int world)
{
    struct cube_series *s = &cube->series[0];
    for (size_t t = 0; t < s->n; t++)
        for (uint32_t j = 0; j < COUNTY_CELLS; j++) {
            uint64_t total = 0;
            for (int i = 0; i < COUNTY_CONTRIBUTORS; i++)
                total += truth[world][i][j];
            s->periods[t].figures[j] = (struct cube_figure){CUBE_SHOWN, 0, total};
        }
}

static void write_unprotected(const struct county *k, int world)
{
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    static const struct site_facts facts;
    struct ska_error err = {0};
    ck_assert_status(cube_load(&cube, &k->collection, &err), SKA_OK);
    unprotect(&cube, world);
    const struct page_site site = bare_site(&cube, &facts);
    ck_assert_status(site_write_pages(k->collection.site, NULL, &site, &err), SKA_OK);
}

/* A number anywhere --------------------------------------------------------------------------- */

/* In how many files a number stands as people or programs write it. */
static unsigned files_with(const struct site_files *files, uint32_t number, bool as_bytes)
{
    static const char *const marks[] = {"", " ", "\xC2\xA0", "\xE2\x80\xAF", ",", ".", "&nbsp;"};
    unsigned n = 0;
    for (size_t i = 0; i < files->n; i++) {
        bool found = false;
        for (size_t m = 0; m < N_OF(marks); m++) {
            char text[40];
            int len = snprintf(text, sizeof text, "%u%s%03u%s%03u", number / 1000000, marks[m],
                               number / 1000 % 1000, marks[m], number % 1000);
            found = found || site_file_find(&files->at[i], text, (size_t)len) != NULL;
        }
        const uint8_t big[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                               (uint8_t)(number >> 8), (uint8_t)number};
        const uint8_t little[] = {big[3], big[2], big[1], big[0]};
        if (as_bytes)
            found = found || site_file_find(&files->at[i], big, 4) != NULL ||
                    site_file_find(&files->at[i], little, 4) != NULL;
        n += found;
        if (found)
            printf("%u is in %s\n", number, files->at[i].name);
    }
    return n;
}

static void blank_out(struct site_file *f, const void *bytes, size_t len)
{
    for (const uint8_t *at; (at = site_file_find(f, bytes, len)) != NULL;)
        memset(f->data + (at - f->data), '*', len);
}

/* Hashes of bundles, which hold commitments, are blanked out; everything else stays. */
static void blank_hashes(struct site_files *files, const struct county *k)
{
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    struct ska_error err = {0};
    ck_assert_status(cube_load(&cube, &k->collection, &err), SKA_OK);
    for (size_t t = 0; t < cube.series[0].n; t++) {
        const uint8_t *hash = cube.series[0].periods[t].bundle_sha256;
        char hex[65];
        for (size_t i = 0; i < 32; i++)
            (void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
        for (size_t i = 0; i < files->n; i++) {
            blank_out(&files->at[i], hash, 32);
            blank_out(&files->at[i], hex, 64);
        }
    }
}

/* The files of bundles that may differ: commitments to figures, shares of what is open, proofs, and
 * signatures and hashes of these. */
static bool is_sealed(const char *name)
{
    static const char *const sealed[] = {"accepted", "aggregates", "suppression", "release"};
    for (size_t i = 0; i < N_OF(sealed); i++)
        if (strcmp(name, sealed[i]) == 0)
            return true;
    return strncmp(name, "submissions/", 12) == 0;
}

static unsigned count_different_within(const struct site_file *a, const struct site_file *b)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *x = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *y = NULL;
    size_t n_x = 0, n_y = 0;
    unsigned n = 0;
    ck_assert_status(ska_bundle_read(&x, &n_x, (struct ska_slice){a->data, a->len}, NULL), SKA_OK);
    ck_assert_status(ska_bundle_read(&y, &n_y, (struct ska_slice){b->data, b->len}, NULL), SKA_OK);
    ck_assert_uint_eq(n_x, n_y);
    for (size_t i = 0; i < n_x; i++) {
        ck_assert_str_eq(x[i].name, y[i].name);
        ck_assert_uint_eq(x[i].data.len, y[i].data.len); /* lengths tell nothing either */
        bool same = memcmp(x[i].data.data, y[i].data.data, x[i].data.len) == 0;
        if (!same && !is_sealed(x[i].name))
            printf("%s of %s tells the two apart\n", x[i].name, a->name);
        n += !same && !is_sealed(x[i].name);
    }
    return n;
}

/* How many files differ that may not. */
static unsigned count_different(const struct site_files *a, const struct site_files *b)
{
    unsigned n = 0;
    ck_assert_uint_eq(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct site_file *x = &a->at[i], *y = &b->at[i];
        ck_assert_str_eq(x->name, y->name);
        if (site_file_ends(x, ".tar")) {
            n += count_different_within(x, y);
            continue;
        }
        bool same = x->len == y->len && memcmp(x->data, y->data, x->len) == 0;
        if (!same)
            printf("%s tells the two apart\n", x->name);
        n += !same;
    }
    return n;
}

START_TEST(attack_figures_embedded_in_a_chart_or_page)
{
    static struct site_files sites[2], without[2];
    for (int world = 0; world < 2; world++) {
        struct county k;
        world_new(&k, world);
        site_files_read(&sites[world], k.collection.site);
        blank_hashes(&sites[world], &k);
        write_unprotected(&k, world);
        site_files_read(&without[world], k.collection.site);
        blank_hashes(&without[world], &k);
        county_clear(&k);
    }
    printf("%zu files\n", sites[0].n);
    ck_assert_uint_gt(sites[0].n, 40);
    ck_assert_uint_gt(files_with(&sites[0], TOTAL_A, true), 10); /* what is shown is found */
    ck_assert_uint_eq(files_with(&sites[0], HIDDEN_B, true), 0);
    ck_assert_uint_eq(files_with(&sites[0], TOTAL_A - 3, false), 0); /* x */
    ck_assert_uint_eq(count_different(&sites[0], &sites[1]), 0);
    printf("without the rule:\n");
    ck_assert_uint_gt(files_with(&without[0], HIDDEN_B, true), 2);
    ck_assert_uint_gt(count_different(&without[0], &without[1]), 2);
    for (int world = 0; world < 2; world++) {
        site_files_clear(&sites[world]);
        site_files_clear(&without[world]);
    }
}
END_TEST

/* Coordinates ---------------------------------------------------------------------------------- */

#define CHART_TRIED 200u

/* A value at the third place of a small line, and as a bar, which are coordinates alone; and in a
 * chart with text. */
static void draw_all(struct ska_writer *w, enum chart_state state, uint64_t value, bool with_text)
{
    struct chart_point points[] = {{"2024Q4", "kv. 4 2024", 2024, 4, CHART_SHOWN, 40},
                                   {"2025Q1", "kv. 1 2025", 2025, 1, CHART_SHOWN, 30},
                                   {"2025Q2", "kv. 2 2025", 2025, 2, state, value},
                                   {"2025Q3", "kv. 3 2025", 2025, 3, CHART_SHOWN, 20}};
    const struct chart chart = {.id = "a",
                                .title = "t",
                                .description = "d",
                                .unit = "st",
                                .cell = "A",
                                .n = N_OF(points),
                                .points = points};
    uint64_t max = chart_largest(points, N_OF(points));
    if (with_text)
        chart_write(w, &chart, true);
    chart_write_spark(w, points, N_OF(points), max, "spark");
    chart_write_bar(w, state, value, max);
}

/* The attacker draws the chart for every value, and keeps those that look as what is published. */
static unsigned values_drawn_alike(enum chart_state state, bool with_text)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer published = {0};
    unsigned n = 0;
    draw_all(&published, state, 17, with_text);
    for (uint64_t v = 0; v < CHART_TRIED; v++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        draw_all(&w, state, v, with_text);
        ck_assert_status(ska_writer_status(&w), SKA_OK);
        n += w.len == published.len && memcmp(w.data, published.data, w.len) == 0;
    }
    printf("a chart with a %s 17: %u possible values\n", state == CHART_SHOWN ? "shown" : "hidden",
           n);
    return n;
}

START_TEST(attack_coordinates_of_a_chart)
{
    ck_assert_uint_eq(values_drawn_alike(CHART_SHOWN, false), 1);
    ck_assert_uint_eq(values_drawn_alike(CHART_HIDDEN, false), CHART_TRIED);
    ck_assert_uint_eq(values_drawn_alike(CHART_HIDDEN, true), CHART_TRIED);
}
END_TEST

/* Rates times population ----------------------------------------------------------------------- */

#define PEOPLE 30000u
#define RATES_TRIED 1000u

/* All pages' bytes with a figure of A in this state. */
static void write_rates(struct ska_writer *w, enum cube_status status, uint64_t value)
{
    SKA_SCOPED(cube_world_clear) struct cube_world k = {0};
    static const struct site_facts facts;
    cube_world_new(&k);
    struct cube_series *q = cube_world_series(&k, SKA_QUARTER, false);
    k.cube.populations[1].all[0] = PEOPLE;
    uint8_t reason = status == CUBE_HIDDEN ? SKA_HIDDEN_SMALL : 0;
    cube_world_set(q, "2025Q4", 0, "A", (struct cube_figure){status, reason, value});
    const struct page_site site = bare_site(&k.cube, &facts);
    struct page p = {.w = w, .site = &site};
    page_overview(&p);
    page_indicator(&p, 0);
    page_groups(&p);
    page_map(&p);
    ska_write_u8(w, 0);
    ck_assert_status(ska_writer_status(w), SKA_OK);
}

/* The published rate of that figure, the cell of its table: ">0.23<". */
static bool shows_rate(const struct ska_writer *w, uint64_t value)
{
    char number[FIGURES_TEXT_MAX], cell[FIGURES_TEXT_MAX + 40];
    for (unsigned decimals = 1; decimals <= 2; decimals++) {
        words_decimal(number, words_rate(value, 10000, PEOPLE, decimals), decimals, false);
        (void)snprintf(cell, sizeof cell, "<td data-period=\"2025Q4\">%s</td>", number);
        if (strstr((const char *)w->data, cell) != NULL)
            return true;
    }
    return false;
}

START_TEST(attack_rates_times_population)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer shown = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer hidden = {0};
    unsigned n_shown = 0, n_hidden = 0, n_rates = 0;
    write_rates(&shown, CUBE_SHOWN, 3);
    write_rates(&hidden, CUBE_HIDDEN, 3);
    for (uint64_t v = 0; v < RATES_TRIED; v++)
        n_shown += shows_rate(&shown, v);
    for (uint64_t v = 0; v < RATES_TRIED; v++)
        n_rates += shows_rate(&hidden, v);
    for (uint64_t v = 0; v < RATES_TRIED; v += 100) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer other = {0};
        write_rates(&other, CUBE_HIDDEN, v);
        n_hidden += other.len == hidden.len && memcmp(other.data, hidden.data, other.len) == 0;
    }
    printf("a rate of a hidden 3: %u possible values; without a rate: %u of %u\n", n_shown,
           n_hidden, RATES_TRIED / 100);
    ck_assert_uint_eq(n_shown, 1);
    ck_assert_uint_eq(n_rates, 0);
    ck_assert_uint_eq(n_hidden, RATES_TRIED / 100);
}
END_TEST

/* Slices by the interface ---------------------------------------------------------------------- */

static enum ska_status read_data(uint8_t **data, size_t *len, const char *name, void *arg)
{
    const struct county *k = arg;
    SKA_SCOPED(ska_scoped_free) char *path = file_join(k->collection.site, name);
    return file_read(data, len, path, PXWEB_FILE_MAX, NULL);
}

/* What the attacker has from all slices: values of 2025Q2, -1 where nothing is told. */
struct slices {
    int64_t known[COUNTY_CELLS];
    unsigned n_asked, n_numbers;
};

/* Lines  "cell's label",value  of a table of one time. */
static void take_answer(struct slices *s, const char *text, const char *const *codes,
                        uint32_t subset)
{
    const char *line = strchr(text, '\n'); /* the header */
    for (uint32_t j = 0; j < 4; j++) {
        if ((subset >> j & 1) == 0)
            continue;
        ck_assert_msg(line != NULL, "%s: %s", codes[j], text);
        const char *end = strchr(line + 1, '\n');
        ck_assert_ptr_nonnull(end);
        const char *value = end;
        while (value[-1] != ',')
            value--;
        if (*value >= '0' && *value <= '9') {
            int64_t x = (int64_t)strtoull(value, NULL, 10);
            ck_assert(s->known[j] < 0 || s->known[j] == x); /* every slice says the same */
            s->known[j] = x;
            s->n_numbers++;
        }
        line = end;
    }
}

/* Every subset of A's cells is asked for. */
static void ask_all(struct slices *s, const struct county *k)
{
    static const char *const codes[] = {"A", "A.D.x", "A.D.y", "A.D.z"};
    struct county at = *k;
    const struct pxweb_site site = {read_data, &at};
    *s = (struct slices){.known = {-1, -1, -1, -1, -1, -1, -1}};
    for (uint32_t subset = 1; subset < 16; subset++) {
        char body[400], values[100] = "";
        struct pxweb_answer answer = {0};
        for (uint32_t j = 0; j < 4; j++)
            if (subset >> j & 1) {
                size_t n = strlen(values);
                (void)snprintf(values + n, sizeof values - n, "%s\"%s\"", n > 0 ? "," : "",
                               codes[j]);
            }
        (void)snprintf(body, sizeof body,
                       "{\"query\":[{\"code\":\"content\",\"selection\":{\"filter\":\"item\","
                       "\"values\":[%s]}},{\"code\":\"time\",\"selection\":{\"filter\":\"item\","
                       "\"values\":[\"2025Q2\"]}}],\"response\":{\"format\":\"csv\"}}",
                       values);
        const struct pxweb_request request = {.is_post = true,
                                              .path = "en/lan/indicators/A",
                                              .query = "",
                                              .body = {(const uint8_t *)body, strlen(body)}};
        pxweb_answer(&answer, &site, &request);
        ck_assert_int_eq(answer.status, 200);
        ska_write_u8(&answer.body, 0);
        take_answer(s, (const char *)answer.body.data, codes, subset);
        s->n_asked++;
        ska_writer_clear(&answer.body);
    }
}

/* Values of y, which is small, for which there are x and z that sum with it to A. */
static unsigned values_of_y(const struct slices *s, const char *what)
{
    unsigned n = 0;
    ck_assert(s->known[CELL_A] >= 0 && s->known[CELL_Z] >= 0);
    for (int64_t y = 1; y < 5; y++) {
        int64_t x = s->known[CELL_A] - s->known[CELL_Z] - y;
        n += (s->known[CELL_Y] < 0 || s->known[CELL_Y] == y) && x >= 0 &&
             (s->known[CELL_X] < 0 || s->known[CELL_X] == x);
    }
    printf("%s: %u numbers of %u slices, %u possible values\n", what, s->n_numbers, s->n_asked, n);
    return n;
}

START_TEST(attack_slices_by_the_interface)
{
    static const struct about about = {.publisher = "L", .licence = ABOUT_LICENCE_DEFAULT};
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    struct ska_error err = {0};
    struct county k;
    struct slices s;
    world_new(&k, 0);
    ask_all(&s, &k);
    ck_assert_uint_eq(values_of_y(&s, "slices of what is protected"), 4);
    ck_assert(s.known[CELL_X] < 0 && s.known[CELL_Y] < 0);
    /* A table in which only the small figure is hidden. */
    ck_assert_status(cube_load(&cube, &k.collection, &err), SKA_OK);
    struct cube_period *q2 = &cube.series[0].periods[1];
    ck_assert_str_eq(q2->name, "2025Q2");
    q2->figures[CELL_X] = (struct cube_figure){CUBE_SHOWN, 0, TOTAL_A - 3};
    ck_assert_status(
        data_files_write_cube(k.collection.site, "https://l.example/", &cube, &about, &err),
        SKA_OK);
    ask_all(&s, &k);
    ck_assert_uint_eq(values_of_y(&s, "slices without complements"), 1);
    county_clear(&k);
}
END_TEST

/* Submission times ----------------------------------------------------------------------------- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* "14:37", but not midnight and not part of a longer number. */
static bool is_clock(const uint8_t *t)
{
    return is_digit(t[0]) && is_digit(t[1]) && t[2] == ':' && is_digit(t[3]) && is_digit(t[4]) &&
           t[0] <= '2' && t[3] <= '5' && memcmp(t, "00:00", 5) != 0;
}

/* How many times finer than a day stand in a file: of the clock in texts; between two times, in
 * digits, in a tar's octal digits, or as four bytes, anywhere. */
static unsigned times_in(const struct site_file *f, uint64_t from_s, uint64_t to_s)
{
    unsigned n = 0;
    bool is_tar = site_file_ends(f, ".tar") || site_file_ends(f, ".table");
    for (size_t i = 1; !is_tar && i + 5 <= f->len; i++)
        n += !is_digit(f->data[i - 1]) && is_clock(f->data + i);
    for (uint64_t t = from_s; t <= to_s; t++) {
        char decimal[24], octal[24];
        const uint8_t bytes[] = {(uint8_t)(t >> 24), (uint8_t)(t >> 16), (uint8_t)(t >> 8),
                                 (uint8_t)t};
        (void)snprintf(decimal, sizeof decimal, "%" PRIu64, t);
        (void)snprintf(octal, sizeof octal, "%" PRIo64, t);
        bool stands = site_file_find(f, decimal, strlen(decimal)) != NULL ||
                      site_file_find(f, octal, strlen(octal)) != NULL ||
                      site_file_find(f, bytes, 4) != NULL;
        n += stands && t % 86400 != 0;
    }
    if (n > 0)
        printf("%s tells %u times\n", f->name, n);
    return n;
}

/* How many of four, who are known to submit at these times of the day, a published time fits. */
static unsigned who_fits(const char *published)
{
    static const uint64_t at_s[] = {1752192000 + 8 * 3600, 1752192000 + 11 * 3600 + 125,
                                    1752192000 + 14 * 3600 + 2225, 1752192000 + 16 * 3600 + 59};
    unsigned n = 0;
    for (size_t i = 0; i < N_OF(at_s); i++) {
        char day[RELEASE_DAY_TEXT_BYTES], exact[40];
        uint64_t s = at_s[i] % 86400;
        release_day_text(day, at_s[i]);
        (void)snprintf(exact, sizeof exact, "%sT%02u:%02u:%02uZ", day, (unsigned)(s / 3600),
                       (unsigned)(s / 60 % 60), (unsigned)(s % 60));
        n += strncmp(exact, published, strlen(published)) == 0;
    }
    return n;
}

START_TEST(attack_submission_times)
{
    static struct site_files files;
    struct county k;
    uint64_t from_s = (uint64_t)time(NULL);
    world_new(&k, 0);
    uint64_t to_s = (uint64_t)time(NULL);
    unsigned n = 0;
    site_files_read(&files, k.collection.site);
    for (size_t i = 0; i < files.n; i++)
        n += times_in(&files.at[i], from_s, to_s);
    ck_assert_uint_eq(n, 0);
    site_files_clear(&files);
    county_clear(&k);
    /* The attacker would see them, and whose they are. */
    char html_name[] = "p.html", tar_name[] = "b.tar";
    char text[] = "<updated>2025-07-11T14:37:05Z</updated>", tar[24];
    struct site_file page = {html_name, (uint8_t *)text, sizeof text - 1};
    ck_assert_uint_eq(times_in(&page, from_s, to_s), 1);
    (void)snprintf(tar, sizeof tar, "%011" PRIo64, to_s);
    struct site_file bundle = {tar_name, (uint8_t *)tar, strlen(tar)};
    ck_assert(to_s % 86400 == 0 || times_in(&bundle, from_s, to_s) == 1);
    ck_assert_uint_eq(who_fits("2025-07-11T14:37:05Z"), 1);
    ck_assert_uint_eq(who_fits("2025-07-11"), 4);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("attacks on the site");
    TCase *t = tcase_create("site");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, attack_figures_embedded_in_a_chart_or_page);
    tcase_add_test(t, attack_coordinates_of_a_chart);
    tcase_add_test(t, attack_rates_times_population);
    tcase_add_test(t, attack_slices_by_the_interface);
    tcase_add_test(t, attack_submission_times);
    suite_add_tcase(s, t);
    return test_run(s);
}
