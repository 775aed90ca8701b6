/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_pages.c - numbers as people read them, escaping, figures kept and read back, and charts in
 * which a hidden value is a gap and never a zero.
 */
#include "reports/chart.h"
#include "reports/figures.h"
#include "reports/html.h"
#include "reports/page.h"
#include "reports/site.h"
#include "reports/style.h"

#include "tests/unit/reports/county.h"

#define NBSP "\xC2\xA0"

static const struct {
    uint64_t value;
    const char *sv, *en;
} numbers[] = {
    {0, "0", "0"},
    {7, "7", "7"},
    {999, "999", "999"},
    {1000, "1" NBSP "000", "1,000"},
    {12345, "12" NBSP "345", "12,345"},
    {1000000, "1" NBSP "000" NBSP "000", "1,000,000"},
    {UINT64_MAX, "18" NBSP "446" NBSP "744" NBSP "073" NBSP "709" NBSP "551" NBSP "615",
     "18,446,744,073,709,551,615"},
};

START_TEST(numbers_are_grouped_as_each_language_does)
{
    char text[FIGURES_TEXT_MAX];
    figures_number_text(text, numbers[_i].value, true);
    ck_assert_str_eq(text, numbers[_i].sv);
    figures_number_text(text, numbers[_i].value, false);
    ck_assert_str_eq(text, numbers[_i].en);
}
END_TEST

START_TEST(text_can_only_ever_be_text)
{
    struct ska_writer w = {0};
    HTML(&w, "<a title=\"{}\">{}</a>", "\"'><script>", "a & b");
    ska_write_u8(&w, 0);
    ck_assert_str_eq((const char *)w.data,
                     "<a title=\"&quot;&#39;&gt;&lt;script&gt;\">a &amp; b</a>");
    ska_writer_clear(&w);
}
END_TEST

static const struct {
    const char *period, *sv, *en;
} periods[] = {
    {"2025Q1", "f\xC3\xB6rsta kvartalet 2025", "first quarter of 2025"},
    {"2025Q4", "fj\xC3\xA4rde kvartalet 2025", "fourth quarter of 2025"},
    {"2025H2", "andra halv\xC3\xA5ret 2025", "second half of 2025"},
    {"2025T3", "tredje tertialet 2025", "third four-month period of 2025"},
    {"2025-07", "juli 2025", "July 2025"},
    {"2025-12", "december 2025", "December 2025"},
    {"2025", "2025", "2025"},
};

START_TEST(periods_have_names)
{
    char text[PAGE_PERIOD_TEXT_MAX];
    page_period_text(text, periods[_i].period, true);
    ck_assert_str_eq(text, periods[_i].sv);
    page_period_text(text, periods[_i].period, false);
    ck_assert_str_eq(text, periods[_i].en);
}
END_TEST

/* Charts -------------------------------------------------------------------------------------- */

static char *draw(const struct chart_point *points, size_t n, bool swedish)
{
    struct ska_writer w = {0};
    const struct chart chart = {"A", "\xC3\x84renden", "text", "st", n, points};
    chart_write(&w, &chart, swedish);
    ska_write_u8(&w, 0);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_status(ska_writer_take(&data, &len, &w), SKA_OK);
    return (char *)data;
}

static unsigned count(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        n++;
    return n;
}

START_TEST(a_hidden_value_is_a_gap)
{
    static const struct chart_point points[] = {{"2024Q4", CHART_SHOWN, 40},
                                                {"2025Q1", CHART_SHOWN, 30},
                                                {"2025Q2", CHART_HIDDEN, 0},
                                                {"2025Q3", CHART_SHOWN, 20},
                                                {"2025Q4", CHART_MISSING, 0}};
    char *svg = draw(points, N_OF(points), true);
    const char *path = strstr(svg, "<path class=\"line\" d=\"");
    ck_assert_ptr_nonnull(path);
    char *end = strchr(path + 22, '"');
    *end = '\0';
    ck_assert_uint_eq(count(path, "M"), 2); /* two pieces: a line, and the point after the gap */
    ck_assert_uint_eq(count(path, "L"), 1);
    *end = '"';
    ck_assert_uint_eq(count(svg, "<circle"), 3);
    ck_assert_uint_eq(count(svg, "<g class=\"gap\">"), 2);
    ck_assert_uint_eq(count(svg, "<title>2025Q2: skyddat v\xC3\xA4rde</title>"), 1);
    ck_assert_uint_eq(count(svg, "<title>2025Q4: uppgift saknas</title>"), 1);
    ck_assert_uint_eq(count(svg, ">skyddat</text>"), 1);
    ck_assert_uint_eq(count(svg, "role=\"img\""), 1);
    ck_assert_uint_eq(count(svg, " style="), 0);
    free(svg);
}
END_TEST

START_TEST(an_axis_starts_at_zero_and_has_round_steps)
{
    static const struct {
        uint64_t max, step;
    } cases[] = {
        {1, 1},   {5, 1},   {6, 2},    {10, 2},   {11, 5},    {25, 5},     {26, 10},
        {50, 10}, {51, 20}, {100, 20}, {101, 50}, {999, 200}, {1001, 500}, {10000000, 2000000}};
    for (size_t i = 0; i < N_OF(cases); i++)
        ck_assert_msg(chart_step(cases[i].max) == cases[i].step, "%" PRIu64 ": %" PRIu64,
                      cases[i].max, chart_step(cases[i].max));
    static const struct chart_point points[] = {{"2025Q1", CHART_SHOWN, 100},
                                                {"2025Q2", CHART_SHOWN, 90}};
    char *svg = draw(points, N_OF(points), false);
    ck_assert_uint_eq(count(svg, "<line class=\"axis\""), 1);
    ck_assert_uint_eq(count(svg, ">0</text>"), 1);
    ck_assert_uint_eq(count(svg, "<line class=\"grid\""), 5); /* 20, 40, ... 100 */
    free(svg);
}
END_TEST

START_TEST(a_chart_of_nothing_but_gaps_draws_no_line)
{
    static const struct chart_point points[] = {{"2025Q1", CHART_HIDDEN, 0},
                                                {"2025Q2", CHART_HIDDEN, 0}};
    char *svg = draw(points, N_OF(points), false);
    ck_assert_uint_eq(count(svg, "<circle"), 0);
    ck_assert_uint_eq(count(svg, "d=\"\""), 1);
    ck_assert_uint_eq(count(svg, "class=\"value\""), 0);
    free(svg);
}
END_TEST

/* Figures kept for trends --------------------------------------------------------------------- */

static const struct {
    const char *name, *text;
    enum ska_status want;
} kept[] = {
    {"as written", "A 30\nA.D.x ..\nA.D.y ..\nA.D.z 0\nB 7\nB.answered 3\nC 4\n", SKA_OK},
    {"no end of line", "A 30\nA.D.x ..\nA.D.y ..\nA.D.z 0\nB 7\nB.answered 3\nC 4", SKA_E_FORMAT},
    {"too short", "A 30\n", SKA_E_FORMAT},
    {"too long", "A 30\nA.D.x ..\nA.D.y ..\nA.D.z 0\nB 7\nB.answered 3\nC 4\nC 4\n", SKA_E_FORMAT},
    {"another cell", "A 30\nA.D.y ..\nA.D.y ..\nA.D.z 0\nB 7\nB.answered 3\nC 4\n", SKA_E_FORMAT},
    {"no number", "A x\nA.D.x ..\nA.D.y ..\nA.D.z 0\nB 7\nB.answered 3\nC 4\n", SKA_E_FORMAT},
    {"negative", "A -1\nA.D.x ..\nA.D.y ..\nA.D.z 0\nB 7\nB.answered 3\nC 4\n", SKA_E_FORMAT},
    {"empty", "", SKA_E_FORMAT},
};

START_TEST(kept_figures_are_read_back_or_refused)
{
    struct ska_catalogue *c = county_catalogue(100);
    struct ska_layout *l = NULL;
    struct figures f = {0};
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    const struct ska_groups none = {0};
    const char *text = kept[_i].text;
    enum ska_status got =
        figures_decode(&f, (struct ska_slice){(const uint8_t *)text, strlen(text)}, l, &none);
    ck_assert_msg(got == kept[_i].want, "%s: %s", kept[_i].name, ska_status_name(got));
    if (got == SKA_OK) {
        struct ska_writer w = {0};
        ck_assert_status(figures_encode(&w, &f, l, &none), SKA_OK);
        ska_write_u8(&w, 0);
        ck_assert_str_eq((const char *)w.data, text);
        ska_writer_clear(&w);
    } else {
        ck_assert_ptr_null(f.value);
    }
    figures_clear(&f);
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

/* The index ----------------------------------------------------------------------------------- */

static void keep_figures(const struct county *k, const char *period, const char *text)
{
    struct ska_error err = {0};
    SKA_SCOPED(ska_scoped_free) char *folder = home_path(k->collection.folder, "periods", period);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, "figures");
    ck_assert_status(file_make_folder(folder, true, &err), SKA_OK);
    ck_assert_status(file_write(path, text, strlen(text), false, &err), SKA_OK);
}

static char *read_page(const struct county *k, const char *folder, const char *name)
{
    SKA_SCOPED(ska_scoped_free) char *path = home_path(k->collection.site, folder, name);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_status(file_read(&data, &len, path, (size_t)1 << 20, NULL), SKA_OK);
    return (char *)data;
}

START_TEST(the_index_shows_each_indicator_of_each_cadence_and_its_gaps)
{
    struct county k;
    struct ska_error err = {0};
    county_new(&k);
    keep_figures(&k, "2024Q4", "A 30\nA.D.x 27\nA.D.y 0\nA.D.z 3\nB 7\nB.answered 3\nC 4321\n");
    keep_figures(&k, "2025Q2", "A ..\nA.D.x ..\nA.D.y ..\nA.D.z ..\nB 8\nB.answered 4\nC 0\n");
    keep_figures(&k, "2024", "Y 12\nY.answered 4\n");
    enum ska_status got = site_write_index(&k.collection, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    char *sv = read_page(&k, ".", "index.html"), *en = read_page(&k, "en", "index.html");
    char *css = read_page(&k, ".", "style.css");
    ck_assert_uint_eq(count(sv, "<h1>"), 1);
    ck_assert_uint_eq(count(sv, "<svg"), 4);                     /* A, B, C, Y */
    ck_assert_uint_eq(count(sv, "data-cell=\"A\""), 2);          /* 2024Q4 and 2025Q2 */
    ck_assert_uint_eq(count(sv, "<th scope=\"row\">2025Q1"), 3); /* missing for A, B, C */
    ck_assert_uint_eq(count(sv, "<abbr title=\"skyddat v\xC3\xA4rde\" data-cell=\"A\">..</abbr>"),
                      1);
    ck_assert_uint_eq(count(sv, "<span data-cell=\"C\">4" NBSP "321</span>"), 1);
    ck_assert_uint_eq(count(en, "<span data-cell=\"C\">4,321</span>"), 1);
    ck_assert_uint_eq(count(sv, "<html lang=\"sv\">"), 1);
    ck_assert_uint_eq(count(en, "<html lang=\"en\">"), 1);
    ck_assert_uint_eq(count(sv, "href=\"en/index.html\""), 1);
    ck_assert_uint_eq(count(en, "href=\"../index.html\""), 1);
    ck_assert_uint_eq(count(en, "href=\"../style.css\""), 1);
    ck_assert_uint_eq(count(sv, "<script") + count(sv, " style=") + count(sv, "<dess>"), 0);
    ck_assert_uint_eq(count(sv, "role=\"region\" tabindex=\"0\" aria-label=\"Diagram: "), 4);
    ck_assert_uint_eq(count(en, "role=\"region\" tabindex=\"0\" aria-label=\"Chart: "), 4);
    ck_assert_uint_ge(count(css, "prefers-color-scheme: dark"), 1);
    /* Forced colours reach the charts through the same names: nothing is more specific. */
    ck_assert_uint_eq(count(css, "--quiet: CanvasText"), 1);
    free(sv);
    free(en);
    free(css);
    county_clear(&k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pages");
    TCase *t = tcase_create("pages");
    tcase_add_loop_test(t, numbers_are_grouped_as_each_language_does, 0, N_OF(numbers));
    tcase_add_test(t, text_can_only_ever_be_text);
    tcase_add_loop_test(t, periods_have_names, 0, N_OF(periods));
    tcase_add_test(t, a_hidden_value_is_a_gap);
    tcase_add_test(t, an_axis_starts_at_zero_and_has_round_steps);
    tcase_add_test(t, a_chart_of_nothing_but_gaps_draws_no_line);
    tcase_add_loop_test(t, kept_figures_are_read_back_or_refused, 0, N_OF(kept));
    tcase_add_test(t, the_index_shows_each_indicator_of_each_cadence_and_its_gaps);
    suite_add_tcase(s, t);
    return test_run(s);
}
