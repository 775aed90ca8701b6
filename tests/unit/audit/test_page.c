/* SPDX-License-Identifier: EUPL-1.2 */
/* test_page.c - which pages the reader takes, which figures it finds, which numbers it reads. */
#include "audit/page.h"

#include <string.h>

#include "tests/test.h"

#define SLICE(text) ((struct ska_slice){(const uint8_t *)(text), strlen(text)})

/* Figures as "code=text;" in a row. */
struct found {
    char text[256];
};

static void on_figure(void *arg, const struct page_figure *figure)
{
    struct found *f = arg;
    size_t len = strlen(f->text);
    snprintf(f->text + len, sizeof f->text - len, "%.*s=%.*s;", (int)figure->code.len,
             (const char *)figure->code.data, (int)figure->text.len,
             (const char *)figure->text.data);
}

#define D "<!doctype html>"

static const struct page_case {
    const char *html;
    enum ska_status want;
    const char *figures;
} pages[] = {
    {D, SKA_OK, ""},
    {"<!DOCTYPE html>\n<p>2025</p>", SKA_OK, ""},
    {D "<td data-cell=\"A\">12</td>", SKA_OK, "A=12;"},
    {D "<td><span class=\"x\" data-cell=\"A.B.C\">..</span><i> skyddat</i></td>", SKA_OK,
     "A.B.C=..;"},
    {D "<p data-cell=\"A\" lang=\"sv\">1</p><p data-cell=\"B\"\n>2</p >", SKA_OK, "A=1;B=2;"},
    {D "<br/><a title=\"a > b\"></a><p>9</p>", SKA_OK, ""},
    {D "<meta charset=\"utf-8\"><p>&amp;&lt;&gt;&quot;&#39;&nbsp;\xC3\xA5\xE2\x80\x93</p>", SKA_OK,
     ""},
    {D "<p data-cell=\"a&amp;b\">1</p>", SKA_OK, "a&amp;b=1;"},
    {D "<title>Kvartal 2</title>", SKA_OK, ""},
    {D "<td></td><p>7</p>", SKA_OK, ""},
    {"", SKA_E_FORMAT, ""},
    {"<html>", SKA_E_FORMAT, ""},
    {D "<!-- x -->", SKA_E_FORMAT, ""},
    {D "<![CDATA[x]]>", SKA_E_FORMAT, ""},
    {D "<?xml?>", SKA_E_FORMAT, ""},
    {D "<", SKA_E_FORMAT, ""},
    {D "<p", SKA_E_FORMAT, ""},
    {D "<p class=\"x", SKA_E_FORMAT, ""},
    {D "<p class='x'>", SKA_E_FORMAT, ""},
    {D "<p class=x>", SKA_E_FORMAT, ""},
    {D "<p class=\"x\"id=\"y\">", SKA_E_FORMAT, ""},
    {D "</p class=\"x\">", SKA_E_FORMAT, ""},
    {D "<p / >", SKA_E_FORMAT, ""},
    {D "a < b", SKA_E_FORMAT, ""},
    {D "<script>", SKA_E_FORMAT, ""},
    {D "<SCRIPT src=\"x\">", SKA_E_FORMAT, ""},
    {D "<p ONCLICK=\"x\">", SKA_E_FORMAT, ""},
    {D "<template>", SKA_E_FORMAT, ""},
    {D "<style>a{}<p data-cell=\"A\">1</p></style>", SKA_E_FORMAT, ""},
    {D "<title>x", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\">1", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\">1</b>", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\"/>1", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\" style=\"x\">1</p>", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\" hidden>1</p>", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\" data-cell=\"A\">1</p>", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\"><b>1</b></p>", SKA_E_FORMAT, ""},
    {D "<td>7</td>", SKA_E_FORMAT, ""},
    {D "<td><b data-cell=\"A\">1</b>7</td>", SKA_E_FORMAT, "A=1;"},
    {D "<td><i>&#55;</i></td>", SKA_E_FORMAT, ""},
    {D "<td/>7", SKA_E_FORMAT, ""},
    {D "<td>x<p>7</p>", SKA_E_FORMAT, ""},
    /* names in large letters */
    {D "<P>", SKA_E_FORMAT, ""},
    {D "<p LANG=\"sv\">", SKA_E_FORMAT, ""},
    {D "<p data-cell=\"A\">1</P>", SKA_E_FORMAT, ""},
    /* not every < begins a tag; the first of two attributes is a browser's */
    {D "<p title=\"a < b\">", SKA_E_FORMAT, ""},
    {D "<p lang=\"sv\" class=\"x\" lang=\"en\">", SKA_E_FORMAT, ""},
    /* a browser ends the cell there */
    {D "<td>x<td>y</td>", SKA_E_FORMAT, ""},
    {D "<td>x</tr>", SKA_E_FORMAT, ""},
    {D "<td>x<td data-cell=\"A\">1</td>", SKA_E_FORMAT, ""},
    {D "<td>x<th>7</th>", SKA_E_FORMAT, ""},
    {D "<td>x<col>7", SKA_E_FORMAT, ""},
    /* a browser takes all behind these as text of the element */
    {D "<title/><p data-cell=\"A\">1</p>", SKA_E_FORMAT, ""},
    {D "<style/><p data-cell=\"A\">1</p>", SKA_E_FORMAT, ""},
    {D "<title data-cell=\"A\">1</title>", SKA_E_FORMAT, ""},
    /* shown by no browser */
    {D "<svg><td data-cell=\"A\">1</td></svg>", SKA_E_FORMAT, ""},
    {D "<canvas data-cell=\"A\">1</canvas>", SKA_E_FORMAT, ""},
    {D "<datalist><p data-cell=\"A\">1</p></datalist>", SKA_E_FORMAT, ""},
    {D "<div hidden><p data-cell=\"A\">1</p></div>", SKA_E_FORMAT, ""},
    {D "<div style=\"display:none\"><p data-cell=\"A\">1</p></div>", SKA_E_FORMAT, ""},
    {D "<style>p{display:none}</style><p data-cell=\"A\">1</p>", SKA_E_FORMAT, ""},
    /* shown from right to left */
    {D "<bdo dir=\"rtl\"><p data-cell=\"A\">12</p></bdo>", SKA_E_FORMAT, ""},
    {D "<p>\xE2\x80\xAE<b data-cell=\"A\">12</b></p>", SKA_E_FORMAT, ""},
    {D "<p>&#8238;<b data-cell=\"A\">12</b></p>", SKA_E_FORMAT, ""},
    /* another page, another code of characters */
    {D "<meta http-equiv=\"refresh\" content=\"0;url=x\">", SKA_E_FORMAT, ""},
    {D "<meta charset=\"iso-2022-jp\">", SKA_E_FORMAT, ""},
    {D "<p>\x1B$B<b data-cell=\"A\">1</b></p>", SKA_E_FORMAT, ""},
    {D "<p>\xE5</p>", SKA_E_FORMAT, ""},
    /* figures in a table cell that are no ASCII digits, or not of its text */
    {D "<td>\xEF\xBC\x97</td>", SKA_E_FORMAT, ""},
    {D "<td>\xC2\xB9</td>", SKA_E_FORMAT, ""},
    {D "<td>&half;</td>", SKA_E_FORMAT, ""},
    {D "<td><input value=\"7\"></td>", SKA_E_FORMAT, ""},
    {D "<td><img src=\"7.png\"></td>", SKA_E_FORMAT, ""},
    {D "<td><ol start=\"7\"><li></li></ol></td>", SKA_E_FORMAT, ""},
    {D "<td><table><tr><td></td></tr></table>7</td>", SKA_E_FORMAT, ""},
};

START_TEST(pages_are_taken_or_refused)
{
    const struct page_case *c = &pages[_i];
    struct found f = {""};
    struct ska_error err = {0};
    enum ska_status got = page_read(SLICE(c->html), on_figure, &f, &err);
    ck_assert_msg(got == c->want, "%s: %s %s", c->html, ska_status_name(got), err.text);
    ck_assert_msg(strcmp(f.text, c->figures) == 0, "%s: %s", c->html, f.text);
    ck_assert((got == SKA_OK) == (err.text[0] == '\0'));
}
END_TEST

START_TEST(a_nul_character_is_refused)
{
    static const uint8_t html[] = "<!doctype html>a\0b";
    struct found f = {""};
    ck_assert_status(page_read((struct ska_slice){html, sizeof html - 1}, on_figure, &f, NULL),
                     SKA_E_FORMAT);
}
END_TEST

static const struct number_case {
    const char *text;
    enum ska_status want;
    bool is_hidden;
    uint64_t value;
} numbers[] = {
    {"0", SKA_OK, false, 0},
    {"7", SKA_OK, false, 7},
    {" 12\n", SKA_OK, false, 12},
    {"1234567", SKA_OK, false, 1234567},
    {"1\xC2\xA0"
     "234",
     SKA_OK, false, 1234},
    {"1\xE2\x80\xAF"
     "234\xE2\x80\xAF"
     "567",
     SKA_OK, false, 1234567},
    {"12&nbsp;345", SKA_OK, false, 12345},
    {"123&#160;456", SKA_OK, false, 123456},
    {"1,234", SKA_OK, false, 1234},
    {"999999999999999999", SKA_OK, false, 999999999999999999},
    {"999,999,999,999,999,999", SKA_OK, false, 999999999999999999},
    {"..", SKA_OK, true, 0},
    {" .. ", SKA_OK, true, 0},
    {"", SKA_E_FORMAT, false, 0},
    {" ", SKA_E_FORMAT, false, 0},
    {".", SKA_E_FORMAT, false, 0},
    {"...", SKA_E_FORMAT, false, 0},
    {"-1", SKA_E_FORMAT, false, 0},
    {"+1", SKA_E_FORMAT, false, 0},
    {"01", SKA_E_FORMAT, false, 0},
    {"0,001", SKA_E_FORMAT, false, 0},
    {"1.5", SKA_E_FORMAT, false, 0},
    {"1 234", SKA_E_FORMAT, false, 0},
    {"1,23", SKA_E_FORMAT, false, 0},
    {"1,2345", SKA_E_FORMAT, false, 0},
    {"1234,567", SKA_E_FORMAT, false, 0},
    {"1,", SKA_E_FORMAT, false, 0},
    {",123", SKA_E_FORMAT, false, 0},
    {"1,234\xC2\xA0"
     "567",
     SKA_E_FORMAT, false, 0},
    {"1\xC2"
     "234",
     SKA_E_FORMAT, false, 0},
    {"12a", SKA_E_FORMAT, false, 0},
    {"1000000000000000000", SKA_E_FORMAT, false, 0},
    {"1,000,000,000,000,000,000", SKA_E_RANGE, false, 0},
};

START_TEST(figures_are_read_exactly)
{
    const struct number_case *c = &numbers[_i];
    bool is_hidden = false;
    uint64_t value = 0;
    enum ska_status got = page_figure_value(&is_hidden, &value, SLICE(c->text));
    ck_assert_msg(got == c->want, "\"%s\": %s", c->text, ska_status_name(got));
    ck_assert(is_hidden == c->is_hidden);
    ck_assert_uint_eq(value, c->value);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("audit page");
    TCase *t = tcase_create("page");
    tcase_add_loop_test(t, pages_are_taken_or_refused, 0, N_OF(pages));
    tcase_add_test(t, a_nul_character_is_refused);
    tcase_add_loop_test(t, figures_are_read_exactly, 0, N_OF(numbers));
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
