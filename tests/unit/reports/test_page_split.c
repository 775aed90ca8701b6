/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_page_split.c - a release of 500 counts in 21 groups with its year: every page that is served
 * weighs at most 100 kB, every table stands on exactly one of them, word for word, and every link
 * leads to it. A table too heavy for one page is cut by rows: every row stands once, under the
 * heads of its table and its category.
 */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/page.h"
#include "crypto/scoped.h"
#include "reports/pages/page.h"
#include "reports/pages/page_split.h"
#include "tests/test.h"

#define GROUPS 21u
#define INDICATORS 63u

/* A heavy release ----------------------------------------------------------------------------- */

struct heavy {
    struct ska_catalogue *catalogue;
    struct ska_layout *layout;
    struct ska_group groups[GROUPS];
    struct ska_task task;
    struct figures figures, year;
    struct ska_writer page[2]; /* Swedish, English */
};

static void make_catalogue(struct heavy *h)
{
    static const char head[] =
        "{\"skarva_catalogue\": 1, \"id\": \"heavy\", \"edition\": \"1\","
        " \"title\": {\"sv\": \"Våld & stöd\", \"en\": \"Violence & support\"}, \"dimensions\": ["
        "  {\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"}, \"categories\": ["
        "    {\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},"
        "    {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}},"
        "    {\"code\": \"O\", \"label\": {\"sv\": \"okänt\", \"en\": \"unknown\"}}]},"
        "  {\"code\": \"TYP\", \"label\": {\"sv\": \"typ\", \"en\": \"type\"}, \"categories\": ["
        "    {\"code\": \"A\", \"label\": {\"sv\": \"a\", \"en\": \"a\"}},"
        "    {\"code\": \"B\", \"label\": {\"sv\": \"b\", \"en\": \"b\"}},"
        "    {\"code\": \"C\", \"label\": {\"sv\": \"c\", \"en\": \"c\"}},"
        "    {\"code\": \"D\", \"label\": {\"sv\": \"d\", \"en\": \"d\"}}]}],"
        " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
        "   \"columns\": [{\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"},"
        "                 {\"code\": \"typ\", \"kind\": \"category\", \"dimension\": \"TYP\"}]}],"
        " \"indicators\": [";
    SKA_SCOPED(ska_scoped_free) char *text = calloc(1, 100000);
    ck_assert_ptr_nonnull(text);
    size_t len = (size_t)snprintf(text, 100000, "%s", head);
    for (unsigned i = 0; i < INDICATORS; i++)
        len += (size_t)snprintf(
            text + len, 100000 - len,
            "%s{\"code\": \"N%04u\", \"label\": {\"sv\": \"Ärenden av slaget %u som har inletts\","
            " \"en\": \"Cases of kind %u that were opened\"}, \"unit\": {\"sv\": \"ärenden\","
            " \"en\": \"cases\"}, \"origin\": \"ordered\", \"cadence\": \"quarter\","
            " \"sensitivity\": \"case\", \"bound\": 9000, \"yearly\": \"sum\","
            " \"tables\": [\"KON\", \"TYP\"], \"count\": {\"records\": \"fall\"}}",
            i > 0 ? ", " : "", i, i, i);
    len += (size_t)snprintf(text + len, 100000 - len, "], \"rules\": []}");
    struct ska_error err = {0};
    ck_assert_msg(ska_catalogue_parse(&h->catalogue, text, len, &err) == SKA_OK, "%s", err.text);
    ck_assert_status(ska_layout_new(&h->layout, h->catalogue, SKA_QUARTER, NULL), SKA_OK);
}

/* One indicator, of two dimensions of 200 categories each. */
#define WIDE_CATEGORIES 200u
static void make_wide_catalogue(struct heavy *h)
{
    SKA_SCOPED(ska_scoped_free) char *text = calloc(1, 100000);
    ck_assert_ptr_nonnull(text);
    size_t len = (size_t)snprintf(
        text, 100000,
        "{\"skarva_catalogue\": 1, \"id\": \"wide\", \"edition\": \"1\","
        " \"title\": {\"sv\": \"Våld & stöd\", \"en\": \"Violence & support\"}, \"dimensions\": [");
    for (unsigned d = 0; d < 2; d++) {
        len += (size_t)snprintf(text + len, 100000 - len,
                                "%s{\"code\": \"D%u\", \"label\": {\"sv\": \"sort <%u>\", \"en\": "
                                "\"sort <%u>\"}, \"categories\": [",
                                d > 0 ? ", " : "", d, d, d);
        for (unsigned c = 0; c < WIDE_CATEGORIES; c++)
            len += (size_t)snprintf(text + len, 100000 - len,
                                    "%s{\"code\": \"C%03u\", \"label\": {\"sv\": \"slag %u\", "
                                    "\"en\": \"a kind, number %u\"}}",
                                    c > 0 ? ", " : "", c, c, c);
        len += (size_t)snprintf(text + len, 100000 - len, "]}");
    }
    (void)snprintf(
        text + len, 100000 - len,
        "], \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": "
        "\"cases\"}, \"columns\": [{\"code\": \"a\", \"kind\": \"category\", \"dimension\": "
        "\"D0\"},"
        " {\"code\": \"b\", \"kind\": \"category\", \"dimension\": \"D1\"}]}], \"indicators\": ["
        "{\"code\": \"N1\", \"label\": {\"sv\": \"Ärenden & fall\", \"en\": \"Cases\"},"
        " \"description\": {\"sv\": \"Alla.\", \"en\": \"All.\"}, \"unit\": {\"sv\": \"ärenden\","
        " \"en\": \"cases\"}, \"origin\": \"ordered\", \"cadence\": \"quarter\", \"sensitivity\": "
        "\"case\", \"bound\": 9000, \"yearly\": \"sum\", \"tables\": [\"D0\", \"D1\"], \"count\": "
        "{\"records\": \"fall\"}}], \"rules\": []}");
    struct ska_error err = {0};
    ck_assert_msg(ska_catalogue_parse(&h->catalogue, text, strlen(text), &err) == SKA_OK, "%s",
                  err.text);
    ck_assert_status(ska_layout_new(&h->layout, h->catalogue, SKA_QUARTER, NULL), SKA_OK);
}

static void fill(struct figures *f, uint32_t n)
{
    *f = (struct figures){.n = n};
    f->value = calloc(n, sizeof *f->value);
    f->reason = calloc(n, sizeof *f->reason);
    ck_assert(f->value != NULL && f->reason != NULL);
    for (uint32_t i = 0; i < n; i++) {
        f->value[i] = i % 5 == 0 ? 0 : 1000 + i;
        f->reason[i] = i % 5 == 0 ? SKA_HIDDEN_COMPLEMENT : 0;
    }
}

static void heavy_make(struct heavy *h, void (*make)(struct heavy *h))
{
    *h = (struct heavy){0};
    make(h);
    uint32_t n = h->layout->n_cells * (1 + GROUPS);
    h->task = (struct ska_task){.layout = h->layout, .n_blocks = 1 + GROUPS, .n_figures = n};
    struct ska_parameters *p = &h->task.parameters;
    (void)snprintf(p->period, sizeof p->period, "2025Q4");
    (void)snprintf(p->collection, sizeof p->collection, "heavy");
    p->policy = (struct ska_policy){3, 5, true, 2, 0};
    p->roster.n = 290;
    p->groups = (struct ska_groups){GROUPS, h->groups};
    for (uint32_t g = 0; g < GROUPS; g++) {
        (void)snprintf(h->groups[g].code, sizeof h->groups[g].code, "LAN%02u", g);
        (void)snprintf(h->groups[g].sv, sizeof h->groups[g].sv, "Län %u", g);
        (void)snprintf(h->groups[g].en, sizeof h->groups[g].en, "County %u", g);
    }
    fill(&h->figures, n);
    fill(&h->year, n);
    const struct page_release release = {
        .task = &h->task, .figures = &h->figures, .year = &h->year, .n_counted = 290};
    for (unsigned k = 0; k < 2; k++) {
        page_write_release(&h->page[k], &release, k == 0);
        ck_assert_status(ska_writer_status(&h->page[k]), SKA_OK);
    }
}

static void heavy_init(struct heavy *h)
{
    heavy_make(h, make_catalogue);
}

static void heavy_clear(struct heavy *h)
{
    ska_writer_clear(&h->page[0]);
    ska_writer_clear(&h->page[1]);
    figures_clear(&h->figures);
    figures_clear(&h->year);
    ska_layout_free(h->layout);
    ska_catalogue_free(h->catalogue);
}

static struct ska_slice page_of(const struct heavy *h, int language)
{
    return (struct ska_slice){h->page[language].data, h->page[language].len};
}

static void split(struct page_pieces *out, const struct heavy *h, size_t bytes_max)
{
    ck_assert_status(page_split(out, "2025Q4", page_of(h, 0), page_of(h, 1), bytes_max), SKA_OK);
}

/* A piece as a string. The caller frees. */
static char *text_of(const struct page_piece *piece, int language)
{
    size_t len = language == 0 ? piece->sv_len : piece->en_len;
    char *text = calloc(1, len + 1);
    ck_assert_ptr_nonnull(text);
    memcpy(text, language == 0 ? piece->sv : piece->en, len);
    return text;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        n++;
    return n;
}

/* Facts --------------------------------------------------------------------------------------- */

START_TEST(no_page_of_a_heavy_release_weighs_too_much)
{
    struct heavy h;
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    heavy_init(&h);
    ck_assert_uint_gt(h.page[0].len, 5 * PAGE_BYTES_MAX);
    split(&pieces, &h, PAGE_BYTES_MAX);
    ck_assert_uint_gt(pieces.n, 8);
    for (size_t k = 0; k < pieces.n; k++) {
        ck_assert_uint_le(pieces.at[k].sv_len, PAGE_BYTES_MAX);
        ck_assert_uint_le(pieces.at[k].en_len, PAGE_BYTES_MAX);
    }
    heavy_clear(&h);
}
END_TEST

static void on_figure(void *arg, const struct page_figure *figure)
{
    (void)figure;
    *(size_t *)arg += 1;
}

/* One section after the other is looked for where the last one ended, in piece after piece; and the
 * figures are as many as in the whole. */
START_TEST(every_table_stands_on_one_page_word_for_word)
{
    struct heavy h;
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    heavy_init(&h);
    split(&pieces, &h, PAGE_BYTES_MAX);
    size_t k = 1, n_figures = 0, n_sections = 0;
    char *text = text_of(&pieces.at[k], _i), *whole = calloc(1, h.page[_i].len + 1), *rest = text;
    ck_assert_ptr_nonnull(whole);
    memcpy(whole, h.page[_i].data, h.page[_i].len);
    for (char *at = strstr(whole, "<section>"); at != NULL; at = strstr(at, "<section>")) {
        char *end = strstr(at, "</section>");
        ck_assert_ptr_nonnull(end);
        size_t len = (size_t)(end - at);
        if (memmem(at, len, "data-cell", 9) != NULL) {
            char *found = memmem(rest, strlen(rest), at, len);
            while (found == NULL) {
                ck_assert_uint_lt(++k, pieces.n);
                free(text);
                rest = text = text_of(&pieces.at[k], _i);
                found = memmem(rest, strlen(rest), at, len);
            }
            rest = found + len;
            n_sections++;
        }
        at = end;
    }
    ck_assert_uint_eq(k, pieces.n - 1);
    ck_assert_uint_eq(n_sections, 2 * INDICATORS);
    free(text);
    for (k = 0; k < pieces.n; k++) {
        const struct page_piece *p = &pieces.at[k];
        struct ska_slice html =
            _i == 0 ? (struct ska_slice){p->sv, p->sv_len} : (struct ska_slice){p->en, p->en_len};
        if (k > 0) /* nothing but what the audit reads */
            ck_assert_status(page_read(html, on_figure, &n_figures, NULL), SKA_OK);
    }
    ck_assert_uint_eq(n_figures, count(whole, "data-cell"));
    free(whole);
    heavy_clear(&h);
}
END_TEST

/* The first page's links in a piece's name lead to what is there, by its id. */
START_TEST(every_link_to_a_table_leads_there)
{
    struct heavy h;
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    heavy_init(&h);
    split(&pieces, &h, PAGE_BYTES_MAX);
    char *first = text_of(&pieces.at[0], _i);
    size_t n = 0;
    for (size_t k = 1; k < pieces.n; k++) {
        char link[64];
        char *text = text_of(&pieces.at[k], _i);
        (void)snprintf(link, sizeof link, "<a href=\"2025Q4-%zu.html#", k);
        for (char *at = strstr(first, link); at != NULL; at = strstr(at + 1, link)) {
            char id[64], want[80];
            ck_assert_int_eq(sscanf(at + strlen(link), "%60[^\"]", id), 1);
            (void)snprintf(want, sizeof want, " id=\"%s\"", id);
            ck_assert_uint_eq(count(text, want), 1);
            n++;
        }
        free(text);
    }
    ck_assert_uint_eq(n, 2 * INDICATORS);
    free(first);
    heavy_clear(&h);
}
END_TEST

START_TEST(every_part_says_which_it_is_and_leads_to_itself_in_the_other_language)
{
    struct heavy h;
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    heavy_init(&h);
    split(&pieces, &h, PAGE_BYTES_MAX);
    for (size_t k = 1; k < pieces.n; k++) {
        char other[64], title[80], number[64];
        char *text = text_of(&pieces.at[k], _i);
        (void)snprintf(number, sizeof number, "%s %zu %s %zu", _i == 0 ? "Del" : "Part", k,
                       _i == 0 ? "av" : "of", pieces.n - 1);
        (void)snprintf(title, sizeof title, "<title>%s, ", number);
        (void)snprintf(other, sizeof other, "href=\"%s2025Q4-%zu.html\"", _i == 0 ? "en/" : "../",
                       k);
        ck_assert_uint_eq(count(text, title), 1);
        ck_assert_uint_eq(count(text, other), 1);
        ck_assert_uint_eq(count(text, "<h1"), 1);
        ck_assert_uint_eq(count(text, "id=\"legend\""), 1);
        ck_assert_uint_eq(count(text, "href=\"2025Q4.html\""), 1);
        ck_assert_uint_eq(count(text, "id=\"year\""), strstr(text, " id=\"y-") != NULL);
        ck_assert(strstr(text, " id=\"y-") == NULL || strstr(text, " id=\"h-") == NULL);
        free(text);
    }
    heavy_clear(&h);
}
END_TEST

/* Wide tables --------------------------------------------------------------------------------- */

/* Codes of figures, one after the other. */
struct codes {
    char *text;
    size_t len, n;
};

static void on_code(void *arg, const struct page_figure *figure)
{
    struct codes *c = arg;
    c->text = realloc(c->text, c->len + figure->code.len + figure->text.len + 3);
    ck_assert_ptr_nonnull(c->text);
    memcpy(c->text + c->len, figure->code.data, figure->code.len);
    c->len += figure->code.len;
    c->text[c->len++] = '=';
    memcpy(c->text + c->len, figure->text.data, figure->text.len);
    c->len += figure->text.len;
    c->text[c->len++] = '\n';
    c->text[c->len] = '\0';
    c->n++;
}

/* In the order of the whole page: no row is lost, twice or elsewhere. */
START_TEST(a_wide_table_is_cut_by_rows_and_none_is_lost)
{
    static const size_t bytes_max[] = {PAGE_BYTES_MAX, 50000, 20001};
    const size_t most = bytes_max[_i / 2];
    const int language = _i % 2;
    struct heavy h;
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    struct codes whole = {0}, cut = {0};
    heavy_make(&h, make_wide_catalogue);
    split(&pieces, &h, most);
    ck_assert_uint_gt(pieces.n, 8);
    ck_assert_status(page_read(page_of(&h, language), on_code, &whole, NULL), SKA_OK);
    for (size_t k = 0; k < pieces.n; k++) {
        const struct page_piece *p = &pieces.at[k];
        ck_assert_uint_le(p->sv_len, most);
        ck_assert_uint_le(p->en_len, most);
        struct ska_slice html = language == 0 ? (struct ska_slice){p->sv, p->sv_len}
                                              : (struct ska_slice){p->en, p->en_len};
        ck_assert_status(page_read(html, on_code, &cut, NULL), SKA_OK);
    }
    ck_assert_uint_eq(whole.n, 2 * (1 + 2 * WIDE_CATEGORIES) * (1 + GROUPS));
    ck_assert_msg(strcmp(cut.text, whole.text) == 0, "other figures, or in another order");
    free(cut.text);
    free(whole.text);
    heavy_clear(&h);
}
END_TEST

/* The heads of columns, that of the category, and which part it is; and a link from the first page.
 */
START_TEST(every_part_of_a_wide_table_has_its_heads)
{
    struct heavy h;
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    heavy_make(&h, make_wide_catalogue);
    split(&pieces, &h, PAGE_BYTES_MAX);
    char *first = text_of(&pieces.at[0], _i), head[2000] = "";
    size_t n_year = 0;
    for (size_t k = 1; k < pieces.n; k++)
        n_year += memmem(pieces.at[k].sv, pieces.at[k].sv_len, "id=\"year\"", 9) != NULL;
    size_t n = pieces.n - 1 - n_year, part = 0;
    for (size_t k = 1; k < pieces.n; k++) {
        char number[64], id[40], link[100];
        char *text = text_of(&pieces.at[k], _i);
        bool is_year = k > n;
        part = k == n + 1 ? 1 : part + 1;
        (void)snprintf(number, sizeof number, ", %s %zu %s %zu", _i == 0 ? "del" : "part", part,
                       _i == 0 ? "av" : "of", is_year ? n_year : n);
        if (part == 1)
            (void)snprintf(id, sizeof id, "%s-N1", is_year ? "y" : "h");
        else
            (void)snprintf(id, sizeof id, "%s-N1.%zu", is_year ? "y" : "h", part);
        (void)snprintf(link, sizeof link, "<a href=\"2025Q4-%zu.html#%s\">", k, id);
        ck_assert_uint_eq(count(first, link), 1);
        (void)snprintf(link, sizeof link, " id=\"%s\"", id);
        ck_assert_uint_eq(count(text, link), 1);
        ck_assert_uint_eq(count(text, number), 3); /* heading, name of the region, caption */
        ck_assert_uint_eq(count(text, "<table>"), 1);
        ck_assert_uint_eq(count(text, "<tbody>"), count(text, "</tbody>"));
        char *begin = strstr(text, "<thead>"), *end = strstr(text, "</thead>\n<tbody>\n<tr class=");
        ck_assert(begin != NULL && end != NULL);
        if (head[0] == '\0')
            memcpy(head, begin, (size_t)(end - begin));
        ck_assert_int_eq(strncmp(begin, head, (size_t)(end - begin)), 0);
        const char *row = end + strlen("</thead>\n<tbody>\n<tr class=");
        ck_assert_int_eq(strncmp(row, part == 1 ? "\"total\"" : "\"group\"", 7), 0);
        ck_assert_ptr_null(strstr(text, "rowgroup\" colspan=\"23\"></th></tr>\n</tbody>"));
        ck_assert_uint_eq(count(text, "<p>Al"), !is_year && part == 1); /* what it is, once */
        free(text);
    }
    free(first);
    heavy_clear(&h);
}
END_TEST

START_TEST(a_page_that_is_not_heavy_or_not_ours_is_left_alone)
{
    struct heavy h;
    heavy_init(&h);
    struct ska_slice sv = page_of(&h, 0), en = page_of(&h, 1);
    const struct {
        struct ska_slice sv, en;
        size_t bytes_max;
    } cases[] = {
        {sv, en, sv.len > en.len ? sv.len : en.len},        /* not heavy */
        {sv, {en.data, en.len - en.len / 3}, 50000},        /* cut in the middle */
        {{sv.data + 100, sv.len - 100}, en, 50000},         /* without its head */
        {{(const uint8_t *)"text", 4}, en, PAGE_BYTES_MAX}, /* something else */
        {{sv.data, 0}, en, PAGE_BYTES_MAX},                 /* nothing */
    };
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    ck_assert_status(page_split(&pieces, "2025Q4", cases[_i].sv, cases[_i].en, cases[_i].bytes_max),
                     SKA_OK);
    ck_assert_uint_eq(pieces.n, 1);
    ck_assert_uint_eq(pieces.at[0].sv_len, cases[_i].sv.len);
    ck_assert_mem_eq(pieces.at[0].sv, cases[_i].sv.data, cases[_i].sv.len);
    ck_assert_uint_eq(pieces.at[0].en_len, cases[_i].en.len);
    ck_assert_mem_eq(pieces.at[0].en, cases[_i].en.data, cases[_i].en.len);
    heavy_clear(&h);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("page split");
    TCase *t = tcase_create("split");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, no_page_of_a_heavy_release_weighs_too_much);
    tcase_add_loop_test(t, every_table_stands_on_one_page_word_for_word, 0, 2);
    tcase_add_loop_test(t, every_link_to_a_table_leads_there, 0, 2);
    tcase_add_loop_test(t, every_part_says_which_it_is_and_leads_to_itself_in_the_other_language, 0,
                        2);
    tcase_add_loop_test(t, a_wide_table_is_cut_by_rows_and_none_is_lost, 0, 6);
    tcase_add_loop_test(t, every_part_of_a_wide_table_has_its_heads, 0, 2);
    tcase_add_loop_test(t, a_page_that_is_not_heavy_or_not_ours_is_left_alone, 0, 5);
    suite_add_tcase(s, t);
    return test_run(s);
}
