/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_page_overview.c - the first page of many indicators over eight years weighs at most 100 kB:
 * first its curves become shorter, then it does without them; every figure is there all the same.
 */
#include "reports/html.h"
#include "reports/pages/page.h"
#include "reports/pages/page_split.h"

#include "tests/unit/reports/bare_site.h"
#include "tests/unit/reports/many_world.h"

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        n++;
    return n;
}

/* first: what the curves begin with; NULL: there are none */
static const struct {
    unsigned n;
    const char *first;
} cases[] = {{10, "kv. 1 2018"}, {64, "kv. 1 2018"}, {75, "kv. 1 2023"}, {105, NULL}};

START_TEST(the_first_page_is_never_too_heavy)
{
    struct cube_world w;
    const unsigned n = cases[_i].n;
    many_world_init(&w, n);
    const struct site_facts facts = {0};
    const struct page_site site = bare_site(&w.cube, &facts);
    SKA_SCOPED(ska_writer_clear) struct ska_writer out = {0};
    struct page p = {.w = &out, .site = &site, .swedish = true};
    html_raw(&out, "before");
    page_overview(&p);
    ska_write_u8(&out, 0);
    ck_assert_status(ska_writer_status(&out), SKA_OK);
    const char *text = (const char *)out.data;
    ck_assert_uint_le(out.len, PAGE_BYTES_MAX + sizeof "before");
    ck_assert_int_eq(strncmp(text, "before<!DOCTYPE html>", 21), 0);
    ck_assert_uint_eq(count(text, "<!DOCTYPE"), 1);
    ck_assert_uint_eq(count(text, "<li class=\"row\""), n);
    ck_assert_uint_eq(count(text, "<span class=\"figure\""), 3 * n); /* now, and two before */
    ck_assert_uint_eq(count(text, "class=\"spark large\""), cases[_i].first != NULL ? n : 0);
    ck_assert_uint_eq(count(text, "rows bare"), cases[_i].first == NULL);
    ck_assert_uint_eq(count(text, "Varje kurva"), cases[_i].first != NULL);
    if (cases[_i].first != NULL) {
        char span[64];
        (void)snprintf(span, sizeof span, "<span>%s</span>", cases[_i].first);
        ck_assert_uint_eq(count(text, span), n);
    }
    cube_world_clear(&w);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("page overview");
    TCase *t = tcase_create("overview");
    tcase_add_loop_test(t, the_first_page_is_never_too_heavy, 0, N_OF(cases));
    suite_add_tcase(s, t);
    return test_run(s);
}
