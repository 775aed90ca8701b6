/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_pages.c - numbers, days and periods as people read them, escaping, figures kept and read
 * back, what may be said about change, and pages that show every figure of a model and no other.
 */
#include "reports/data/figures.h"
#include "reports/data/words.h"
#include "reports/html.h"
#include "reports/pages/change.h"
#include "reports/pages/page.h"
#include "reports/pages/site.h"
#include "reports/pages/style.h"

#include "tests/unit/reports/county.h"
#include "tests/unit/reports/cube_world.h"
#include "tests/unit/reports/markup.h"

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
    char text[WORDS_PERIOD_MAX];
    words_period(text, periods[_i].period, true);
    ck_assert_str_eq(text, periods[_i].sv);
    words_period(text, periods[_i].period, false);
    ck_assert_str_eq(text, periods[_i].en);
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

/* Words -----------------------------------------------------------------------------------------
 */

static const struct {
    uint64_t value;
    uint32_t per;
    uint64_t inhabitants;
    unsigned decimals;
    const char *sv, *en;
} rates[] = {
    {121, 10000, 132708, 1, "9,1", "9.1"},
    {1, 1000, 3, 2, "333,33", "333.33"},
    {5, 1000, 10000, 0, "1", "1"}, /* halves up */
    {4, 1000, 10000, 0, "0", "0"},
    {0, 1000, 7, 2, "0,00", "0.00"},
    {5, 10000, 40, 1, "1" NBSP "250,0", "1,250.0"},
    {UINT32_MAX, 10000, 1, 2, "42" NBSP "949" NBSP "672" NBSP "950" NBSP "000,00",
     "42,949,672,950,000.00"},
};

START_TEST(rates_are_rounded_and_written_as_each_language_does)
{
    char text[FIGURES_TEXT_MAX];
    uint64_t rate =
        words_rate(rates[_i].value, rates[_i].per, rates[_i].inhabitants, rates[_i].decimals);
    words_decimal(text, rate, rates[_i].decimals, true);
    ck_assert_str_eq(text, rates[_i].sv);
    words_decimal(text, rate, rates[_i].decimals, false);
    ck_assert_str_eq(text, rates[_i].en);
}
END_TEST

START_TEST(days_and_short_periods_have_words)
{
    char text[WORDS_PERIOD_MAX], day[WORDS_DAY_MAX];
    words_day(day, UINT64_C(1769558399), true); /* one second before midnight */
    ck_assert_str_eq(day, "27 januari 2026");
    words_day(day, UINT64_C(1769558399), false);
    ck_assert_str_eq(day, "27 January 2026");
    words_day_iso(day, UINT64_C(1769558400));
    ck_assert_str_eq(day, "2026-01-28");
    words_period_short(text, "2025Q4", true);
    ck_assert_str_eq(text, "kv. 4 2025");
    words_period_short(text, "2025Q4", false);
    ck_assert_str_eq(text, "Q4 2025");
    words_period_short(text, "2025", true);
    ck_assert_str_eq(text, "2025");
    words_period_short(text, "2025H1", true);
    ck_assert_str_eq(text, "halvår 1 2025");
    words_period_short(text, "2025H1", false);
    ck_assert_str_eq(text, "H1 2025");
    words_period_short(text, "2025T3", true);
    ck_assert_str_eq(text, "tertial 3 2025");
    words_period_short(text, "2025T3", false);
    ck_assert_str_eq(text, "Sep\xE2\x80\x93"
                           "Dec 2025");
    for (uint8_t reason = 1; reason <= SKA_HIDDEN_WITHDRAWN; reason++)
        for (uint8_t other = 0; other < reason; other++) /* each has words of its own */
            for (unsigned swedish = 0; swedish < 2; swedish++)
                ck_assert_str_ne(words_hidden(reason, swedish == 1),
                                 words_hidden(other, swedish == 1));
}
END_TEST

/* Change ----------------------------------------------------------------------------------------
 */

#define SHOWN(x)         \
    {                    \
        CUBE_SHOWN, 0, x \
    }
#define HIDDEN                           \
    {                                    \
        CUBE_HIDDEN, SKA_HIDDEN_SMALL, 0 \
    }

static const struct {
    struct cube_figure before, now;
    uint64_t rounding;
    enum change_kind want;
} changes[] = {
    {SHOWN(100), SHOWN(140), 0, CHANGE_MORE},
    {SHOWN(140), SHOWN(100), 0, CHANGE_FEWER},
    {SHOWN(100), SHOWN(120), 0, CHANGE_CHANCE},
    {SHOWN(100), SHOWN(100), 0, CHANGE_SAME},
    /* 1.96^2 * 200 = 768.3: between 27 and 28 */
    {SHOWN(86), SHOWN(114), 0, CHANGE_MORE},
    {SHOWN(87), SHOWN(113), 0, CHANGE_CHANCE},
    /* the least number of which anything is said */
    {SHOWN(0), SHOWN(19), 0, CHANGE_FEW},
    {SHOWN(0), SHOWN(20), 0, CHANGE_MORE},
    {SHOWN(19), SHOWN(19), 0, CHANGE_FEW},
    {SHOWN(20), SHOWN(19), 0, CHANGE_CHANCE},
    {HIDDEN, SHOWN(1000), 0, CHANGE_UNKNOWN},
    {SHOWN(1000), HIDDEN, 0, CHANGE_UNKNOWN},
    {{0}, SHOWN(1000), 0, CHANGE_UNKNOWN},
    {SHOWN(1000), {0}, 0, CHANGE_UNKNOWN},
    /* rounding to 5 may have added 8 to the difference */
    {{CUBE_ROUNDED, 0, 85}, {CUBE_ROUNDED, 0, 115}, 5, CHANGE_CHANCE},
    {{CUBE_ROUNDED, 0, 85}, {CUBE_ROUNDED, 0, 115}, 0, CHANGE_MORE},
    {SHOWN(UINT32_MAX), SHOWN(0), 0, CHANGE_FEWER},
};

START_TEST(no_more_is_said_of_a_change_than_the_figures_bear)
{
    ck_assert_int_eq(change_between(changes[_i].before, changes[_i].now, changes[_i].rounding),
                     changes[_i].want);
}
END_TEST

/* Pages -----------------------------------------------------------------------------------------
 */

static const char *checker; /* the hash of the site's verifier; NULL: it has none */
static bool checker_is_logged;

static char *write_page(const struct cube *cube, void (*write)(struct page *p), uint32_t indicator,
                        bool swedish)
{
    struct ska_writer w = {0};
    static const struct site_facts facts;
    const struct page_site site = {.cube = cube,
                                   .facts = &facts,
                                   .leader_url = "https://leder.example/",
                                   .publisher_key = "P",
                                   .second_key = "S",
                                   .leader_key = "L",
                                   .helper_key = "H",
                                   .checker_sha256 = checker,
                                   .checker_is_logged = checker_is_logged};
    struct page p = {.w = &w, .site = &site, .swedish = swedish};
    if (write != NULL)
        write(&p);
    else
        page_indicator(&p, indicator);
    return markup_take(&w);
}

static void (*const pages[])(struct page *p) = {
    page_overview, page_groups, page_map,           page_quality, page_method,
    page_check,    page_data,   page_accessibility, page_about,   NULL};

START_TEST(the_page_check_it_yourself_is_linked_where_there_is_one)
{
    struct cube_world k;
    cube_world_new(&k);
    static const char *const links[2] = {"<a href=\"../check/check.en.html\">",
                                         "<a href=\"check/check.sv.html\">"};
    static const char *const own[2] = {"<a href=\"../check/check.en.html#../bundles/",
                                       "<a href=\"check/check.sv.html#../bundles/"};
    static const char *const bundles[2] = {".tar\">derive it again in the browser</a>",
                                           ".tar\">räkna om i webbläsaren</a>"};
    for (unsigned swedish = 0; swedish < 2; swedish++) {
        static const char *const hashes[] = {NULL, "", "0123abcd"};
        for (size_t i = 0; i < N_OF(hashes); i++) {
            checker = hashes[i];
            char *html = write_page(&k.cube, page_check, 0, swedish == 1);
            ck_assert_uint_eq(markup_count(html, links[swedish]), i == 2);
            ck_assert_uint_eq(markup_count(html, "<code>0123abcd</code>"), i == 2);
            ck_assert_uint_eq(markup_count(html, "verifier.sha256"), i == 2);
            ck_assert_uint_eq(markup_count(html, own[swedish]) > 0, i == 2);
            ck_assert_uint_eq(markup_count(html, own[swedish]),
                              markup_count(html, bundles[swedish]) + (i == 2)); /* and at the top */
            free(html);
        }
    }
    checker = NULL;
    cube_world_clear(&k);
}
END_TEST

/* Nothing is said of a log that is not there. */
START_TEST(proofs_from_the_log_are_linked_where_there_are_some)
{
    struct cube_world k;
    cube_world_new(&k);
    static const char *const links[2] = {"<a href=\"../bundles/", "<a href=\"bundles/"};
    checker = "0123abcd";
    for (unsigned i = 0; i < 4; i++) {
        const bool swedish = i % 2 == 1;
        checker_is_logged = i >= 2;
        for (size_t t = 0; t < k.cube.series[0].n; t++)
            k.cube.series[0].periods[t].has_proof = i >= 2 && t == 0;
        char *html = write_page(&k.cube, page_check, 0, swedish);
        ck_assert_uint_eq(markup_count(html, ".release.tlog-proof\">"), i >= 2);
        ck_assert_uint_eq(markup_count(html, "check/verifier.js.tlog-proof\">"), i >= 2);
        ck_assert_uint_ge(markup_count(html, links[swedish]), 1);
        free(html);
    }
    checker = NULL;
    checker_is_logged = false;
    cube_world_clear(&k);
}
END_TEST

START_TEST(every_page_is_whole_in_both_languages_and_holds_no_style_or_script)
{
    struct cube_world k;
    cube_world_new(&k);
    for (unsigned swedish = 0; swedish < 2; swedish++) {
        char *html = write_page(&k.cube, pages[_i], 0, swedish == 1);
        ck_assert_uint_eq(markup_count(html, "<h1>"), 1);
        ck_assert_uint_eq(markup_count(html, "</html>\n"), 1);
        ck_assert_uint_eq(markup_count(html, swedish ? "<html lang=\"sv\">" : "<html lang=\"en\">"),
                          1);
        ck_assert_uint_eq(markup_count(html, " style=") + markup_count(html, "<style") +
                              markup_count(html, " onclick"),
                          0);
        ck_assert_uint_eq(markup_count(html, "<script"), 1);
        ck_assert_uint_eq(markup_count(html, "comfort.js\" defer></script>"), 1);
        ck_assert_uint_eq(markup_count(html, "{}"), 0);
        ck_assert_uint_le(strlen(html), 100000);
        free(html);
    }
    cube_world_clear(&k);
}
END_TEST

/* Whether `text` holds the digits of a value as a whole number. */
static bool holds_number(const char *text, const char *number)
{
    size_t n = strlen(number);
    for (const char *at = text; (at = strstr(at, number)) != NULL; at++)
        if ((at == text || at[-1] < '0' || at[-1] > '9') && (at[n] < '0' || at[n] > '9'))
            return true;
    return false;
}

START_TEST(a_hidden_figure_and_what_it_would_tell_is_nowhere)
{
    struct cube_world k;
    cube_world_new(&k);
    struct cube_series *q = cube_world_series(&k, SKA_QUARTER, false);
    /* A number that stands nowhere else, published, and then hidden. */
    cube_world_set(q, "2025Q4", 0, "A", (struct cube_figure)SHOWN(987654));
    char *shown = write_page(&k.cube, NULL, 0, false);
    ck_assert(holds_number(shown, "987,654"));
    cube_world_set(q, "2025Q4", 0, "A",
                   (struct cube_figure){CUBE_HIDDEN, SKA_HIDDEN_SMALL, 987654});
    for (size_t i = 0; i < N_OF(pages); i++) {
        char *html = write_page(&k.cube, pages[i], 0, false);
        ck_assert(!holds_number(html, "987,654"));
        ck_assert(!holds_number(html, "987654"));
        ck_assert_ptr_null(strstr(html, "74,421")); /* its rate, 10,000 / 132,708 of it */
        ck_assert_ptr_null(strstr(html, "More than in the third quarter of 2025</strong> (<span "
                                        "class=\"figure\" data-cell=\"A\""));
        free(html);
    }
    char *html = write_page(&k.cube, NULL, 0, true);
    ck_assert_ptr_nonnull(strstr(html, "<td data-period=\"2025Q4\"><abbr title=\"skyddat "
                                       "v\xC3\xA4rde: litet antal\">..</abbr></td>"));
    ck_assert_ptr_nonnull(strstr(html, "det nya v\xC3\xA4rdet \xC3\xA4r skyddat"));
    free(html);
    cube_world_set(q, "2025Q4", 0, "A",
                   (struct cube_figure){CUBE_HIDDEN, SKA_HIDDEN_MARKED, 987654});
    html = write_page(&k.cube, NULL, 0, true);
    ck_assert_ptr_nonnull(strstr(html, "<td data-period=\"2025Q4\"><abbr title=\"publiceras bara "
                                       "tillsammans med andras\">..</abbr></td>"));
    ck_assert_ptr_nonnull(strstr(html, "(publiceras bara tillsammans"));
    free(html);
    html = write_page(&k.cube, NULL, 0, false);
    ck_assert_ptr_nonnull(strstr(html, "published only together with others"));
    ck_assert(!holds_number(html, "987,654"));
    free(html);
    free(shown);
    cube_world_clear(&k);
}
END_TEST

START_TEST(an_indicator_shows_counts_rates_parts_and_groups)
{
    struct cube_world k;
    cube_world_new(&k);
    char *html = write_page(&k.cube, NULL, 0, true);
    struct cube_series *q = cube_world_series(&k, SKA_QUARTER, false);
    struct cube_figure f = cube_at(&k.cube, q, cube_world_period(q, "2025Q4"), 0, 0);
    char text[80], number[FIGURES_TEXT_MAX];
    (void)snprintf(text, sizeof text, "<td data-period=\"2025Q4\">%" PRIu64 "</td>", f.value);
    ck_assert_uint_eq(markup_count(html, text), 1);
    words_decimal(number, words_rate(f.value, 10000, 132708, 1), 1, true); /* some are over 10 */
    (void)snprintf(text, sizeof text, "<td data-period=\"2025Q4\">%s</td>", number);
    ck_assert_uint_eq(markup_count(html, text), 1);
    ck_assert_uint_eq(markup_count(html, "id=\"d-D\"") + markup_count(html, "id=\"d-S\""), 2);
    ck_assert_uint_eq(markup_count(html, "id=\"grupper\""), 1);
    /* The missing quarter is a sign with words, never a nought. */
    ck_assert_uint_ge(markup_count(html, "<td data-period=\"2024Q3\"><abbr title=\"uppgift "
                                         "saknas\">.</abbr></td>"),
                      1);
    ck_assert_uint_ge(markup_count(html, "slag, &quot;art&quot;"), 1);
    ck_assert_uint_ge(markup_count(html, "Statistiska centralbyr\xC3\xA5n, 31 december 2025"), 1);
    free(html);
    cube_world_clear(&k);
}
END_TEST

/* The world's cube with as many groups as there may be, and eight years of quarters. */
static void make_large(struct cube_world *k)
{
    struct cube *cube = &k->cube;
    struct cube_block *blocks = ska_alloc(SKA_BLOCKS_MAX, sizeof *blocks);
    ck_assert_ptr_nonnull(blocks);
    memcpy(blocks, cube->blocks, CUBE_WORLD_BLOCKS * sizeof *blocks);
    for (uint32_t b = CUBE_WORLD_BLOCKS; b < SKA_BLOCKS_MAX; b++) {
        blocks[b] = (struct cube_block){.n_members = 3, .tile_x = -1, .tile_y = -1};
        (void)snprintf(blocks[b].code, sizeof blocks[b].code, "GROUP-%u", b);
        cube_world_text(&blocks[b].label, "Grupp med ett namn", "Group with a name");
    }
    free(cube->blocks);
    cube->blocks = blocks;
    cube->n_blocks = SKA_BLOCKS_MAX;
    for (size_t i = 0; i < cube->n_series; i++) {
        struct cube_series *s = &cube->series[i];
        for (size_t t = 0; t < s->n; t++)
            cube_period_clear(&s->periods[t]);
        s->n = 0;
        if (i > 0) {
            ska_layout_free(s->layout);
            free(s->periods);
        }
    }
    cube->n_series = 1; /* quarters: the first */
    for (uint32_t year = 2018; year < 2026; year++)
        for (uint32_t part = 1; part <= 4; part++) {
            struct cube_series *s = cube_world_series(k, SKA_QUARTER, false);
            struct cube_period p;
            char name[SKA_PERIOD_MAX + 1];
            (void)snprintf(name, sizeof name, "%uQ%u", year, part);
            ck_assert_status(cube_period_init(&p, name, SKA_BLOCKS_MAX, s->layout->n_cells, 8),
                             SKA_OK);
            for (size_t j = 0; j < (size_t)SKA_BLOCKS_MAX * s->layout->n_cells; j++)
                p.figures[j] = j % 3 == 0 ? (struct cube_figure)HIDDEN
                                          : (struct cube_figure)SHOWN(10 + 7 * j % 900);
            ck_assert_status(cube_add(s, &p, NULL), SKA_OK);
        }
    ck_assert_status(cube_finish(cube), SKA_OK);
    for (size_t i = 0; i < cube->n_populations; i++) {
        struct cube_population *population = &cube->populations[i];
        free(population->women);
        free(population->all);
        population->women = NULL;
        population->all = ska_alloc(SKA_BLOCKS_MAX, sizeof *population->all);
        ck_assert_ptr_nonnull(population->all);
        for (uint32_t b = 0; b < SKA_BLOCKS_MAX; b++)
            population->all[b] = 1000 + b;
    }
}

START_TEST(no_page_weighs_too_much_with_64_groups_and_eight_years)
{
    struct cube_world k;
    cube_world_new(&k);
    make_large(&k);
    for (size_t i = 0; i < N_OF(pages); i++) {
        char *html = write_page(&k.cube, pages[i], 0, true);
        ck_assert_msg(strlen(html) <= 100000, "page %zu: %zu bytes", i, strlen(html));
        free(html);
    }
    cube_world_clear(&k);
}
END_TEST

/* Facts -----------------------------------------------------------------------------------------
 */

static const struct {
    const char *text;
    enum ska_status want;
} facts_cases[] = {
    {"", SKA_OK},
    {"# nothing\n\norganisation.sv = L\xC3\xA4nsstyrelsen\nemail = a@b.se\n", SKA_OK},
    {"web=https://x.se/", SKA_OK},
    {"accessibility.assessed = 2026-01-28\naccessibility.status = partial", SKA_OK},
    {"email = a b@c.se", SKA_E_FORMAT},
    {"email = \"><x@y", SKA_E_FORMAT},
    {"email = a@b@c", SKA_E_FORMAT},
    {"web = javascript:alert(1)", SKA_E_FORMAT},
    {"web = http://x.se/", SKA_E_FORMAT},
    {"accessibility.assessed = i fjol", SKA_E_FORMAT},
    {"accessibility.updated = 2026-02-01\naccessibility.method = external\n"
     "accessibility.burden.sv = Inget\naccessibility.burden.en = Nothing\n"
     "accessibility.exempt.sv = Inget\naccessibility.exempt.en = Nothing",
     SKA_OK},
    {"accessibility.updated = snart", SKA_E_FORMAT},
    {"accessibility.method = both", SKA_E_FORMAT},
    {"accessibility.status = good", SKA_E_FORMAT},
    {"phone = 1\nphone = 2", SKA_E_FORMAT},
    {"telephone = 1", SKA_E_FORMAT},
    {"phone", SKA_E_FORMAT},
    {"phone = ", SKA_E_FORMAT},
    {"phone = \x01", SKA_E_FORMAT},
    {"phone = \xff", SKA_E_FORMAT},
};

START_TEST(what_the_publisher_says_is_taken_or_refused_with_its_line)
{
    struct site_facts facts = {0};
    struct ska_error err = {0};
    const char *text = facts_cases[_i].text;
    enum ska_status got =
        site_facts_read(&facts, (struct ska_slice){(const uint8_t *)text, strlen(text)}, &err);
    ck_assert_msg(got == facts_cases[_i].want, "%s: %s", text, err.text);
    if (got != SKA_OK) {
        ck_assert_str_ne(err.text, "");
        for (size_t i = 0; i < SITE_FACTS; i++)
            ck_assert_ptr_null(facts.at[i]);
    }
    site_facts_clear(&facts);
}
END_TEST

static const struct {
    const char *json;
    enum ska_status want;
    bool is_of_period, passed;
} audits[] = {
    {"{'version':1,'verdict':'pass','task':{'collection':'lan','period':'2025Q2','revision':0},"
     "'checks':[{'outcome':'pass'},{'outcome':'pass'}]}",
     SKA_OK, true, true},
    {"{'version':1,'verdict':'fail','task':{'collection':'lan','period':'2025Q2','revision':0},"
     "'checks':[{'outcome':'pass'},{'outcome':'fail'}]}",
     SKA_OK, true, false},
    /* a verdict that its checks do not bear out */
    {"{'version':1,'verdict':'pass','task':{'collection':'lan','period':'2025Q2','revision':0},"
     "'checks':[{'outcome':'pass'},{'outcome':'not checked'}]}",
     SKA_OK, true, false},
    {"{'version':1,'verdict':'pass','task':{'collection':'lan','period':'2025Q1','revision':0},"
     "'checks':[{'outcome':'pass'}]}",
     SKA_OK, false, true},
    {"{'version':1,'verdict':'pass','task':{'collection':'lan','period':'2025Q2','revision':1},"
     "'checks':[{'outcome':'pass'}]}",
     SKA_OK, false, true},
    {"{'version':1,'verdict':'pass','task':{'collection':'x','period':'2025Q2','revision':0},"
     "'checks':[{'outcome':'pass'}]}",
     SKA_OK, false, true},
    {"{'version':1,'verdict':'pass','task':null,'checks':[]}", SKA_E_FORMAT, false, false},
    {"{'version':2,'verdict':'pass','checks':[{'outcome':'pass'}]}", SKA_E_FORMAT, false, false},
    {"", SKA_E_FORMAT, false, false},
    {"[]", SKA_E_FORMAT, false, false},
};

START_TEST(an_audit_speaks_for_its_own_release_alone)
{
    char json[400];
    size_t n = strlen(audits[_i].json);
    for (size_t i = 0; i <= n; i++)
        json[i] = audits[_i].json[i] == '\'' ? '"' : audits[_i].json[i];
    const struct cube_period period = {.name = "2025Q2", .release = "2025Q2", .is_published = true};
    struct site_audit audit = {0};
    bool is_of_period = false;
    enum ska_status got = site_audit_take(
        &audit, &is_of_period, (struct ska_slice){(const uint8_t *)json, n}, "lan", &period);
    ck_assert_status(got, audits[_i].want);
    ck_assert_int_eq(is_of_period, audits[_i].is_of_period);
    ck_assert_int_eq(audit.passed, audits[_i].passed);
}
END_TEST

/* Sentences about change ------------------------------------------------------------------------
 */

static const struct {
    struct cube_figure now, last, year;
    const char *sv, *en;
} sentences[] = {
    {SHOWN(121), SHOWN(73), SHOWN(200),
     "\u2191 Fler \u00e4n tredje kvartalet 2025 (73). \u2193 F\u00e4rre \u00e4n fj\u00e4rde "
     "kvartalet 2024 "
     "(200).",
     "\u2191 More than in the third quarter of 2025 (73). \u2193 Fewer than in the fourth quarter "
     "of "
     "2024 (200)."},
    {SHOWN(81), SHOWN(81), SHOWN(85),
     "= Lika m\u00e5nga som tredje kvartalet 2025 (81). \u2248 Ungef\u00e4r som fj\u00e4rde "
     "kvartalet 2024 "
     "(85). Skillnaden \u00e4r inte st\u00f6rre \u00e4n vad slumpen ofta ger.",
     "= As many as in the third quarter of 2025 (81). \u2248 About as in the fourth quarter of "
     "2024 "
     "(85). The difference is no larger than chance often makes it."},
    {SHOWN(7), SHOWN(16), HIDDEN,
     "\u00b7 F\u00f6r f\u00e5 f\u00f6r att s\u00e4ga n\u00e5got om f\u00f6r\u00e4ndringen sedan "
     "tredje kvartalet 2025 (16). "
     "\u2013 Kan inte j\u00e4mf\u00f6ras med fj\u00e4rde kvartalet 2024: det \u00e4ldre "
     "v\u00e4rdet \u00e4r skyddat.",
     "\u00b7 Too few to say anything about the change since the third quarter of 2025 (16). \u2013 "
     "Cannot be compared with the fourth quarter of 2024: the older figure is protected."},
    {HIDDEN, SHOWN(30), HIDDEN,
     "\u2013 Kan inte j\u00e4mf\u00f6ras med tredje kvartalet 2025: det nya v\u00e4rdet \u00e4r "
     "skyddat. \u2013 Kan "
     "inte j\u00e4mf\u00f6ras med fj\u00e4rde kvartalet 2024: b\u00e5da v\u00e4rdena \u00e4r "
     "skyddade.",
     "\u2013 Cannot be compared with the third quarter of 2025: the new figure is protected. "
     "\u2013 "
     "Cannot be compared with the fourth quarter of 2024: both figures are protected."},
    {SHOWN(30),
     {CUBE_MISSING, 0, 0},
     SHOWN(30),
     "\u2013 Kan inte j\u00e4mf\u00f6ras med tredje kvartalet 2025: det finns inget \u00e4ldre "
     "v\u00e4rde. = Lika "
     "m\u00e5nga som fj\u00e4rde kvartalet 2024 (30).",
     "\u2013 Cannot be compared with the third quarter of 2025: there is no older figure. = As "
     "many as "
     "in the fourth quarter of 2024 (30)."},
};

/* What the list of changes of an indicator's page reads; the caller frees. */
static char *changes_of(const char *html)
{
    const char *at = strstr(html, "<ul class=\"changes\">"), *end = strstr(at, "</ul>");
    char *text = calloc(1, (size_t)(end - at) + 1);
    size_t n = 0;
    bool in_tag = false;
    ck_assert_ptr_nonnull(text);
    for (; at < end; at++) {
        in_tag = in_tag || *at == '<';
        char c = *at == '\n' ? ' ' : *at;
        if (!in_tag && (c != ' ' || (n > 0 && text[n - 1] != ' ')))
            text[n++] = c;
        in_tag = in_tag && *at != '>';
    }
    while (n > 0 && text[n - 1] == ' ')
        text[--n] = '\0';
    return text;
}

START_TEST(what_changed_is_said_in_whole_sentences)
{
    for (unsigned swedish = 0; swedish < 2; swedish++) {
        struct cube_world k;
        cube_world_new(&k);
        struct cube_series *s = cube_world_series(&k, SKA_QUARTER, false);
        cube_world_set(s, "2025Q4", 0, "A", sentences[_i].now);
        cube_world_set(s, "2025Q3", 0, "A", sentences[_i].last);
        cube_world_set(s, "2024Q4", 0, "A", sentences[_i].year);
        char *html = write_page(&k.cube, NULL, 0, swedish == 1), *text = changes_of(html);
        ck_assert_str_eq(text, swedish == 1 ? sentences[_i].sv : sentences[_i].en);
        free(text);
        free(html);
        cube_world_clear(&k);
    }
}
END_TEST

/* Of the first period nothing; of the second nothing of a year before. */
START_TEST(what_cannot_be_compared_yet_is_said)
{
    static const char *const want[2][2] = {
        {"The first period; there is nothing to compare with.",
         "Den f\u00f6rsta perioden; det finns inget att j\u00e4mf\u00f6ra med."},
        {"\u2013 Nothing is published for the same time a year earlier.",
         "\u2013 Inget \u00e4r publicerat f\u00f6r samma tid ett \u00e5r tidigare."}};
    for (unsigned swedish = 0; swedish < 2; swedish++) {
        struct cube_world k;
        cube_world_new(&k);
        struct cube_series *s = cube_world_series(&k, SKA_QUARTER, false);
        const size_t n = s->n;
        s->n = _i == 0 ? 1 : 2;
        char *html = write_page(&k.cube, NULL, 0, swedish == 1), *text = changes_of(html);
        ck_assert_ptr_nonnull(strstr(text, want[_i][swedish]));
        free(text);
        free(html);
        s->n = n;
        cube_world_clear(&k);
    }
}
END_TEST

/* It lies in the correction's own folder; the first publication's says nothing of it. */
START_TEST(a_correction_has_its_own_audit)
{
    static const char json[] =
        "{\"version\":1,\"verdict\":\"pass\",\"task\":{\"collection\":\"jamtland\",\"period\":"
        "\"2025Q4\",\"revision\":%d},\"checks\":[{\"outcome\":\"pass\"}]}";
    char home[] = "/tmp/skarva-audits-XXXXXX", folder[80], text[200];
    struct ska_error err = {0};
    struct site_audits found = {0};
    struct cube_world k;
    ck_assert_ptr_nonnull(test_mkdtemp(home));
    cube_world_new(&k);
    struct cube_series *s = cube_world_series(&k, SKA_QUARTER, false);
    struct cube_period *period = &s->periods[cube_world_period(s, "2025Q4")];
    period->revision = 1;
    (void)snprintf(period->release, sizeof period->release, "2025Q4.r1");
    for (int revision = 0; revision < 2; revision++) {
        (void)snprintf(folder, sizeof folder, "%s/periods/2025Q4%s", home,
                       revision == 0 ? "" : ".r1");
        ck_assert_status(file_make_folder(folder, false, &err), SKA_OK);
        SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, "audit.json");
        int n = snprintf(text, sizeof text, json, revision);
        ck_assert_status(file_write(path, text, (size_t)n, false, &err), SKA_OK);
        site_audits_clear(&found);
        ck_assert_status(site_audits_read(&found, home, &k.cube, &err), SKA_OK);
        ck_assert_uint_eq(found.n, revision == 0 ? 0 : 1);
    }
    ck_assert_ptr_nonnull(site_audit_of(&found, "2025Q4.r1"));
    ck_assert_ptr_null(site_audit_of(&found, "2025Q4"));
    site_audits_clear(&found);
    cube_world_clear(&k);
}
END_TEST

START_TEST(a_statement_claims_nothing_that_the_publisher_did_not_say)
{
    struct cube_world k;
    cube_world_new(&k);
    char *html = write_page(&k.cube, page_accessibility, 0, true);
    ck_assert_ptr_nonnull(strstr(html, "Utgivaren har \xC3\xA4nnu inte gjort sin bed"));
    ck_assert_ptr_nonnull(strstr(html, "inte angett n\xC3\xA5gon kontaktuppgift"));
    ck_assert_ptr_null(strstr(html, "f\xC3\xB6renlig med lagen"));
    ck_assert_ptr_nonnull(strstr(html, "inte angett vilka bristerna"));
    ck_assert_ptr_null(strstr(html, "k\xC3\xA4nner inte till"));
    ck_assert_uint_eq(markup_count(html, "<dd>inte angiven</dd>"), 3); /* method and both days */
    free(html);
    cube_world_clear(&k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pages");
    TCase *t = tcase_create("pages");
    tcase_add_loop_test(t, numbers_are_grouped_as_each_language_does, 0, N_OF(numbers));
    tcase_add_test(t, text_can_only_ever_be_text);
    tcase_add_loop_test(t, periods_have_names, 0, N_OF(periods));
    tcase_add_loop_test(t, kept_figures_are_read_back_or_refused, 0, N_OF(kept));
    tcase_add_loop_test(t, rates_are_rounded_and_written_as_each_language_does, 0, N_OF(rates));
    tcase_add_test(t, days_and_short_periods_have_words);
    tcase_add_loop_test(t, no_more_is_said_of_a_change_than_the_figures_bear, 0, N_OF(changes));
    tcase_add_test(t, the_page_check_it_yourself_is_linked_where_there_is_one);
    tcase_add_test(t, proofs_from_the_log_are_linked_where_there_are_some);
    tcase_add_loop_test(t, every_page_is_whole_in_both_languages_and_holds_no_style_or_script, 0,
                        N_OF(pages));
    tcase_add_test(t, a_hidden_figure_and_what_it_would_tell_is_nowhere);
    tcase_add_test(t, no_page_weighs_too_much_with_64_groups_and_eight_years);
    tcase_add_test(t, an_indicator_shows_counts_rates_parts_and_groups);
    tcase_add_loop_test(t, what_the_publisher_says_is_taken_or_refused_with_its_line, 0,
                        N_OF(facts_cases));
    tcase_add_loop_test(t, an_audit_speaks_for_its_own_release_alone, 0, N_OF(audits));
    tcase_add_loop_test(t, what_changed_is_said_in_whole_sentences, 0, N_OF(sentences));
    tcase_add_loop_test(t, what_cannot_be_compared_yet_is_said, 0, 2);
    tcase_add_test(t, a_correction_has_its_own_audit);
    tcase_add_test(t, a_statement_claims_nothing_that_the_publisher_did_not_say);
    suite_add_tcase(s, t);
    return test_run(s);
}
