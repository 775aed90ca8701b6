/* SPDX-License-Identifier: EUPL-1.2 */
/* test_charts.c - charts in which a hidden value is a gap and never a zero. */
#include "crypto/scoped.h"
#include "reports/pages/chart.h"

#include "tests/unit/reports/markup.h"

/* The wide shape alone. */
static char *draw(const struct chart_point *points, size_t n, bool swedish)
{
    struct ska_writer w = {0};
    const struct chart chart = {.id = "A",
                                .title = "\xC3\x84renden",
                                .description = "text",
                                .unit = "st",
                                .cell = "A",
                                .n = n,
                                .points = points};
    chart_write(&w, &chart, swedish);
    char *both = markup_take(&w);
    char *narrow = strstr(both, "<svg class=\"chart narrow\"");
    ck_assert_ptr_nonnull(narrow);
    *narrow = '\0';
    return both;
}

#define POINT(year, part, state, value)                                   \
    {                                                                     \
#year "Q" #part, "kv. " #part " " #year, year, part, state, value \
    }

START_TEST(a_hidden_value_is_a_gap)
{
    static const struct chart_point points[] = {
        POINT(2024, 4, CHART_SHOWN, 40), POINT(2025, 1, CHART_SHOWN, 30),
        POINT(2025, 2, CHART_HIDDEN, 0), POINT(2025, 3, CHART_SHOWN, 20),
        POINT(2025, 4, CHART_MISSING, 0)};
    char *svg = draw(points, N_OF(points), true);
    const char *path = strstr(svg, "<path class=\"line\" d=\"");
    ck_assert_ptr_nonnull(path);
    char *end = strchr(path + 22, '"');
    *end = '\0';
    ck_assert_uint_eq(markup_count(path, "M"),
                      2); /* two pieces: a line, and the point after the gap */
    ck_assert_uint_eq(markup_count(path, "L"), 1);
    *end = '"';
    ck_assert_uint_eq(markup_count(svg, "<circle"), 3);
    ck_assert_uint_eq(markup_count(svg, "<g class=\"gap\">"), 2);
    ck_assert_uint_eq(markup_count(svg, "<rect class=\"hatched\""),
                      1); /* the hidden one, not the missing */
    ck_assert_uint_eq(markup_count(svg, "<title>kv. 2 2025: skyddat</title>"), 1);
    ck_assert_uint_eq(markup_count(svg, "<title>kv. 4 2025: saknas</title>"), 1);
    ck_assert_uint_eq(markup_count(svg, ">skyddat</text>"), 1); /* the words, in any width */
    ck_assert_uint_eq(markup_count(svg, ">..</text>"), 1);
    ck_assert_uint_eq(markup_count(svg, "role=\"img\""), 1);
    ck_assert_uint_eq(markup_count(svg, " style="), 0);
    free(svg);
}
END_TEST

START_TEST(a_small_chart_breaks_where_a_value_is_hidden)
{
    static const struct chart_point points[] = {
        POINT(2025, 1, CHART_SHOWN, 3), POINT(2025, 2, CHART_HIDDEN, 0),
        POINT(2025, 3, CHART_SHOWN, 3), POINT(2025, 4, CHART_SHOWN, 4)};
    struct ska_writer w = {0};
    chart_write_spark(&w, points, N_OF(points), 4, "small");
    chart_write_bar(&w, CHART_HIDDEN, 0, 4);
    chart_write_bar(&w, CHART_MISSING, 0, 4);
    chart_write_bar(&w, CHART_SHOWN, 1, 4);
    char *svg = markup_take(&w);
    ck_assert_uint_eq(markup_count(svg, "M"), 2);
    ck_assert_uint_eq(markup_count(svg, "L"), 1);
    ck_assert_uint_eq(markup_count(svg, "<rect class=\"hatched\""), 2);
    ck_assert_uint_eq(markup_count(svg, "<rect class=\"fill\" width=\"25\""), 1);
    ck_assert_uint_eq(markup_count(svg, "<rect"), 3); /* nothing at all for the missing one */
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
    static const struct chart_point points[] = {POINT(2025, 1, CHART_SHOWN, 100),
                                                POINT(2025, 2, CHART_SHOWN, 90)};
    char *svg = draw(points, N_OF(points), false);
    ck_assert_uint_eq(markup_count(svg, "<line class=\"axis\""), 1);
    ck_assert_uint_eq(markup_count(svg, ">0</text>"), 1);
    ck_assert_uint_eq(markup_count(svg, "<line class=\"grid\""), 5); /* 20, 40, ... 100 */
    free(svg);
}
END_TEST

START_TEST(a_chart_of_nothing_but_gaps_draws_no_line)
{
    static const struct chart_point points[] = {POINT(2025, 1, CHART_HIDDEN, 0),
                                                POINT(2025, 2, CHART_HIDDEN, 0)};
    char *svg = draw(points, N_OF(points), false);
    ck_assert_uint_eq(markup_count(svg, "<circle"), 0);
    ck_assert_uint_eq(markup_count(svg, "d=\"\""), 1);
    ck_assert_uint_eq(markup_count(svg, "class=\"value\""), 0);
    ck_assert_uint_ge(markup_count(svg, ">0</text>"),
                      1); /* an axis says nothing but where zero is */
    ck_assert_uint_eq(markup_count(svg, "tick-y"), markup_count(svg, ">0</text>"));
    free(svg);
}
END_TEST

/* A name in a tile, the lines separated by '|'. */
static const struct {
    const char *name, *want;
    bool is_small;
} tile_names[] = {
    {"Inlandet", "Inlandet", false},
    {"Norra l\xC3\xA4nsdelen", "Norra l\xC3\xA4nsdelen", false},
    {"\xC3\x85ngermanlands k", "\xC3\x85ngermanlands k", false}, /* as long as a line */
    {"\xC3\x96stersund och de l\xC3\xA4nsgemensamma",
     "\xC3\x96stersund och|de|l\xC3\xA4nsgemensamma", false},
    {"Nord-v\xC3\xA4stra l\xC3\xA4net", "Nord-v\xC3\xA4stra|l\xC3\xA4net", false},
    {"Norra nordv\xC3\xA4stkommunerna", "Norra|nordv\xC3\xA4stkommunerna", true},
    {"The municipalities of \xC3\x85ngermanland", "The|municipalities|of \xC3\x85ngermanland",
     false},
    {"Socialtj\xC3\xA4nstf\xC3\xB6rvaltningen", "Socialtj\xC3\xA4nstf\xC3\xB6rval-|tningen", true},
    {"Aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff",
     "Aaaaaaaaaa|bbbbbbbbbb|cccccccccc|dddddddddd\xE2\x80\xA6", true},
};

START_TEST(a_name_stays_within_its_tile)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    char got[400] = "";
    size_t len = 0, n_small = 0;
    const struct chart_tile tile = {
        .name = tile_names[_i].name, .text = "12", .block = "G", .state = CHART_SHOWN};
    chart_write_tiles(&w, &tile, 1, "N1", "title", "description");
    ska_write_u8(&w, 0);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    static const char begin[] = "class=\"tile-name";
    for (const char *at = strstr((const char *)w.data, begin); at != NULL;
         at = strstr(at + 1, begin)) {
        const char *text = strchr(at, '>') + 1;
        n_small += strncmp(at + sizeof begin - 1, " small\"", 7) == 0;
        len += (size_t)snprintf(got + len, sizeof got - len, "%s%.*s", len > 0 ? "|" : "",
                                (int)(strchr(text, '<') - text), text);
    }
    ck_assert_str_eq(got, tile_names[_i].want);
    ck_assert_int_eq(n_small > 0, tile_names[_i].is_small);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("charts");
    TCase *t = tcase_create("charts");
    tcase_add_test(t, a_hidden_value_is_a_gap);
    tcase_add_test(t, an_axis_starts_at_zero_and_has_round_steps);
    tcase_add_test(t, a_chart_of_nothing_but_gaps_draws_no_line);
    tcase_add_test(t, a_small_chart_breaks_where_a_value_is_hidden);
    tcase_add_loop_test(t, a_name_stays_within_its_tile, 0, N_OF(tile_names));
    suite_add_tcase(s, t);
    return test_run(s);
}
