/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_page_cut.c - pages of very many indicators, categories, contributors and releases: none of
 * them weighs more than 100 kB, nothing of a page that is cut is lost or told twice, and every link
 * leads somewhere.
 */
#include <inttypes.h>

#include "reports/html.h"
#include "reports/pages/page.h"

#include "tests/unit/reports/bare_site.h"
#include "tests/unit/reports/many_world.h"

#define LANGUAGES 2

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        n++;
    return n;
}

/* One page --------------------------------------------------------------------------------------
 */

/* A page of two lists and an empty one, as the pages of the site are written. */
struct written {
    struct ska_writer w;
    struct page_marks marks;
};

static void mark(struct written *to, enum page_mark_kind kind)
{
    ck_assert_status(page_marks_add(&to->marks, kind, to->w.len), SKA_OK);
}

static void write_page(struct written *to, bool swedish, size_t n)
{
    const char *folder = swedish ? "en/" : "../";
    HTML(&to->w,
         "<title>T</title><link href=\"{}x.html\"><a href=\"{}x.html\">o</a>"
         "<a href=\"x.html\">x</a><a href=\"#innehall\">skip</a><main>\n",
         folder, folder);
    mark(to, PAGE_LOOSE);
    html_raw(&to->w, "<h1>H &amp; K</h1>\n<a href=\"#a-1\">1</a><a href=\"#b-1\">2</a>\n");
    for (char list = 'a'; list <= 'c'; list++) {
        const char name[] = {list, '\0'};
        mark(to, PAGE_LIST);
        HTML(&to->w, "<ul title=\"{}\">\n", name);
        for (size_t i = 1; i <= n && list != 'c'; i++) {
            char number[24];
            (void)snprintf(number, sizeof number, "%zu", i);
            mark(to, PAGE_ITEM);
            HTML(&to->w, "<li id=\"{}-{}\">{}</li>\n", name, number,
                 swedish ? "en rad som \xC3\xA4r l\xC3\xA4ngre" : "a row");
        }
        mark(to, PAGE_REST);
        html_raw(&to->w, "</ul>\n");
        mark(to, PAGE_LOOSE);
        html_raw(&to->w, "<p>between</p>\n");
    }
    mark(to, PAGE_TAIL);
    html_raw(&to->w, "</main>\n");
    ck_assert_status(ska_writer_status(&to->w), SKA_OK);
}

struct pair {
    struct written of[LANGUAGES]; /* Swedish, English */
    struct page_pieces pieces;
};

static void cut(struct pair *p, size_t n, size_t bytes_max)
{
    *p = (struct pair){0};
    struct page_marked pages[LANGUAGES];
    for (unsigned k = 0; k < LANGUAGES; k++) {
        write_page(&p->of[k], k == 0, n);
        pages[k] = (struct page_marked){{p->of[k].w.data, p->of[k].w.len}, &p->of[k].marks};
    }
    ck_assert_status(page_cut(&p->pieces, "x.html", &pages[0], &pages[1], bytes_max), SKA_OK);
}

static void clear(struct pair *p)
{
    for (unsigned k = 0; k < LANGUAGES; k++) {
        ska_writer_clear(&p->of[k].w);
        page_marks_clear(&p->of[k].marks);
    }
    page_pieces_clear(&p->pieces);
}

/* A piece as a string; the caller frees. */
static char *text_of(const struct pair *p, size_t piece, int language)
{
    const struct page_piece *at = &p->pieces.at[piece];
    size_t len = language == 0 ? at->sv_len : at->en_len;
    char *text = calloc(1, len + 1);
    ck_assert_ptr_nonnull(text);
    memcpy(text, language == 0 ? at->sv : at->en, len);
    return text;
}

/* As many items as make parts end within a list, at its end, and before the first of one. */
START_TEST(every_item_stands_once_within_its_list)
{
    struct pair p;
    const size_t n = 180 + (size_t)_i, most = 5000;
    cut(&p, n, most);
    ck_assert_uint_gt(p.pieces.n, 3);
    for (int language = 0; language < LANGUAGES; language++) {
        size_t next = 0, n_empty = 0, n_between = 0;
        for (size_t k = 0; k < p.pieces.n; k++) {
            char *text = text_of(&p, k, language), number[40], file[PAGE_CUT_FILE_MAX];
            ck_assert_uint_le(strlen(text), most);
            (void)snprintf(number, sizeof number, "%s %zu %s %zu", language ? "Part" : "Del", k + 1,
                           language ? "of" : "av", p.pieces.n);
            ck_assert_uint_eq(count(text, number), k == 0 ? 1 : 3); /* title, lead, neighbours */
            ck_assert_uint_eq(count(text, "<h1>H &amp; K</h1>"), 1);
            ck_assert_uint_eq(count(text, "<ul title"), count(text, "</ul>\n") - 1);
            ck_assert_uint_eq(count(text, "href=\"#innehall\""), 1);
            page_cut_file(file, "x.html", k);
            n_empty += count(text, "<ul title=\"c\">\n</ul>");
            n_between += count(text, "<p>between</p>");
            for (char *at = strstr(text, "<li id"); at != NULL; at = strstr(at + 1, "<li id")) {
                char want[40];
                char list = next < n ? 'a' : 'b', *open = text;
                (void)snprintf(want, sizeof want, "<li id=\"%c-%zu\">", list, 1 + next % n);
                ck_assert_int_eq(strncmp(at, want, strlen(want)), 0);
                for (char *o = text; o != NULL && o < at; o = strstr(o + 1, "<ul title=\""))
                    open = o;
                ck_assert_int_eq(open[strlen("<ul title=\"")], list);
                next++;
            }
            free(text);
        }
        ck_assert_uint_eq(next, 2 * n);
        ck_assert_uint_eq(n_empty, 1);
        ck_assert_uint_eq(n_between, 3);
    }
    clear(&p);
}
END_TEST

/* The first page's links lead to the first item of each list, wherever that is. */
START_TEST(a_link_within_the_page_leads_to_the_part_that_has_its_target)
{
    struct pair p;
    cut(&p, 300, 5000);
    char *text = text_of(&p, 0, _i);
    ck_assert_uint_eq(count(text, "<a href=\"#a-1\">"), 1);
    ck_assert_uint_eq(count(text, "<a href=\"#b-1\">"), 0);
    for (size_t k = 1; k < p.pieces.n; k++) {
        char file[PAGE_CUT_FILE_MAX], link[PAGE_CUT_FILE_MAX + 20];
        char *part = text_of(&p, k, _i);
        page_cut_file(file, "x.html", k);
        (void)snprintf(link, sizeof link, "<a href=\"%s#b-1\">", file);
        ck_assert_uint_eq(count(text, link), count(part, " id=\"b-1\""));
        free(part);
    }
    ck_assert_uint_eq(count(text, "#b-1"), 1);
    free(text);
    clear(&p);
}
END_TEST

START_TEST(a_page_that_is_not_heavy_or_not_marked_is_left_alone)
{
    struct pair p;
    cut(&p, 20, 5000);
    ck_assert_uint_eq(p.pieces.n, 1);
    ck_assert_uint_eq(p.pieces.at[0].sv_len, p.of[0].w.len);
    ck_assert_mem_eq(p.pieces.at[0].sv, p.of[0].w.data, p.of[0].w.len);
    page_pieces_clear(&p.pieces);
    p.of[1].marks.at[3].kind = PAGE_LOOSE; /* the languages are not marked alike */
    const struct page_marked sv = {{p.of[0].w.data, p.of[0].w.len}, &p.of[0].marks},
                             en = {{p.of[1].w.data, p.of[1].w.len}, &p.of[1].marks};
    ck_assert_status(page_cut(&p.pieces, "x.html", &sv, &en, 100), SKA_OK);
    ck_assert_uint_eq(p.pieces.n, 1);
    clear(&p);
}
END_TEST

/* A site ----------------------------------------------------------------------------------------
 */

#define CONTRIBUTORS 1500

/* As many contributors in every period. */
static void add_contributors(struct cube_world *w)
{
    for (size_t k = 0; k < w->cube.n_series; k++)
        for (size_t t = 0; t < w->cube.series[k].n; t++) {
            struct cube_period *p = &w->cube.series[k].periods[t];
            free(p->contributors);
            free(p->is_counted);
            p->contributors = ska_alloc(CONTRIBUTORS, sizeof *p->contributors);
            p->is_counted = ska_alloc(CONTRIBUTORS, sizeof *p->is_counted);
            ck_assert(p->contributors != NULL && p->is_counted != NULL);
            p->n_roster = CONTRIBUTORS;
            for (uint32_t i = 0; i < CONTRIBUTORS; i++)
                (void)snprintf(p->contributors[i], sizeof p->contributors[i], "Kommun %" PRIu32, i);
        }
}

/* A page, and what is counted on it. */
struct kind {
    void (*write)(struct page *p);
    const char *file, *item;
    size_t per_indicator, per_contributor;
    size_t parts; /* there are at least */
};

/* Parts: for 1000 indicators. */
static const struct kind kinds[] = {
    {page_overview, "index.html", "<li class=\"row\" id=", 1, 0, 6},
    {page_data, "data.html", "/indicators/", 4, 0, 3},
    {page_groups, "groups.html", "#grupper\">", 1, 0, 2},
    {page_map, "map.html", "#grupper\">", 1, 0, 2},
    {page_quality, "quality.html", "\"row\">Kommun ", 0, 1, 2},
};
static const unsigned sizes[] = {3, 105, 150, 1000};

/* Every link to a place of the same page leads there, or to the part that has it. */
static void check_links(const struct page_pieces *pieces, const char *file)
{
    for (size_t k = 0; k < pieces->n; k++) {
        const struct pair p = {.pieces = *pieces};
        char *text = text_of(&p, k, 1);
        for (char *at = strstr(text, "href=\"#"); at != NULL; at = strstr(at + 1, "href=\"#")) {
            char id[80], mark_of[100];
            ck_assert_int_eq(sscanf(at + strlen("href=\"#"), "%70[^\"]", id), 1);
            (void)snprintf(mark_of, sizeof mark_of, " id=\"%s\"", id);
            ck_assert_msg(strstr(text, mark_of) != NULL, "%s, part %zu: #%s", file, k + 1, id);
        }
        free(text);
    }
}

/* Cut it; `items` are on it, `parts` it has at least, and none is too heavy or broken. */
static void check_page(const struct page_site *site, const struct kind *kind, size_t items,
                       size_t parts)
{
    struct pair p = {0};
    struct page_marked pages[LANGUAGES];
    for (unsigned k = 0; k < LANGUAGES; k++) {
        struct page page = {
            .w = &p.of[k].w, .site = site, .swedish = k == 0, .marks = &p.of[k].marks};
        kind->write(&page);
        ck_assert_status(ska_writer_status(page.w), SKA_OK);
        pages[k] = (struct page_marked){{p.of[k].w.data, p.of[k].w.len}, &p.of[k].marks};
    }
    ck_assert_status(page_cut(&p.pieces, kind->file, &pages[0], &pages[1], PAGE_BYTES_MAX), SKA_OK);
    for (int language = 0; language < LANGUAGES; language++) {
        size_t seen = 0;
        for (size_t k = 0; k < p.pieces.n; k++) {
            char *text = text_of(&p, k, language);
            ck_assert_msg(strlen(text) <= PAGE_BYTES_MAX, "%s, part %zu of %zu: %zu bytes",
                          kind->file, k + 1, p.pieces.n, strlen(text));
            ck_assert_uint_eq(count(text, "<section"), count(text, "</section>"));
            ck_assert_uint_eq(count(text, "<div"), count(text, "</div>"));
            ck_assert_uint_eq(count(text, "<ul"), count(text, "</ul>"));
            ck_assert_uint_eq(count(text, "<nav"), count(text, "</nav>"));
            ck_assert_uint_eq(count(text, "<table"), count(text, "</table>"));
            seen += count(text, kind->item);
            free(text);
        }
        ck_assert_msg(seen == items, "%s: %zu items, not %zu", kind->file, seen, items);
    }
    ck_assert_msg(p.pieces.n >= parts, "%s: %zu parts", kind->file, p.pieces.n);
    check_links(&p.pieces, kind->file);
    clear(&p);
}

START_TEST(no_page_of_very_many_indicators_or_contributors_weighs_too_much)
{
    struct cube_world w;
    many_world_init(&w, sizes[_i]);
    add_contributors(&w);
    const struct site_facts facts = {0};
    const struct page_site site = bare_site(&w.cube, &facts);
    for (size_t kind = 0; kind < N_OF(kinds); kind++)
        check_page(&site, &kinds[kind],
                   kinds[kind].per_indicator * sizes[_i] +
                       kinds[kind].per_contributor * CONTRIBUTORS,
                   sizes[_i] == 1000 ? kinds[kind].parts : 1);
    cube_world_clear(&w);
}
END_TEST

static void write_first_indicator(struct page *p)
{
    page_indicator(p, 0);
}

/* Of each category a row of the latest periods and one of all, and the totals; as many bars. */
START_TEST(no_page_of_very_many_categories_weighs_too_much)
{
    static const unsigned categories[] = {2, 40, 70, 90, 150, SKA_CATEGORIES_MAX};
    static const struct kind rows = {
        write_first_indicator, "indicator-N0.html", "<tr data-cell=\"N0.D.k", 0, 0, 0};
    struct cube_world w;
    unsigned n = categories[_i];
    bool is_cut = n > 80; /* of labels as long as these */
    many_world_of(&w, many_world_wide(n), MANY_WORLD_YEARS);
    const struct site_facts facts = {0};
    const struct page_site site = bare_site(&w.cube, &facts);
    check_page(&site, &rows, is_cut ? 2 * (size_t)n : n, is_cut ? 2 : 1);
    cube_world_clear(&w);
}
END_TEST

START_TEST(no_page_of_very_many_releases_weighs_too_much)
{
    static const struct {
        struct kind kind; /* parts: for the most years */
        size_t per_year, more;
    } lists[] = {
        {{page_check, "check.html", ".tar</a>", 0, 0, 2}, 4, 0},
        {{page_quality, "quality.html", "<th scope=\"row\"><a href", 0, 0, 2}, 4, 0},
        {{page_overview, "index.html", "Q4.html", 0, 0, 1}, 1, 1},
        {{write_first_indicator, "indicator-N0.html", "id=\"om\"", 0, 0, 1}, 0, 1},
    };
    static const unsigned years[] = {8, 90, CUBE_AXIS_MAX / 4};
    struct cube_world w;
    many_world_of(&w, many_world_catalogue(3), years[_i]);
    const struct site_facts facts = {0};
    struct page_site site = bare_site(&w.cube, &facts);
    site.checker_sha256 = "c7ad44cbad762a5da0a452f9e854fdc1e0e7a52a38015f23f3eab1d80b931dd4";
    for (size_t kind = 0; kind < N_OF(lists); kind++)
        check_page(&site, &lists[kind].kind, lists[kind].per_year * years[_i] + lists[kind].more,
                   _i == 2 ? lists[kind].kind.parts : 1);
    cube_world_clear(&w);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("page cut");
    TCase *t = tcase_create("cut");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, every_item_stands_once_within_its_list, 0, 12);
    tcase_add_loop_test(t, a_link_within_the_page_leads_to_the_part_that_has_its_target, 0,
                        LANGUAGES);
    tcase_add_test(t, a_page_that_is_not_heavy_or_not_marked_is_left_alone);
    tcase_add_loop_test(t, no_page_of_very_many_indicators_or_contributors_weighs_too_much, 0,
                        N_OF(sizes));
    tcase_add_loop_test(t, no_page_of_very_many_categories_weighs_too_much, 0, 6);
    tcase_add_loop_test(t, no_page_of_very_many_releases_weighs_too_much, 0, 3);
    suite_add_tcase(s, t);
    return test_run(s);
}
