/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_page_overview.c - the first page of many indicators over eight years weighs at most 100 kB:
 * first its curves become shorter, then it does without them; every figure is there all the same.
 */
#include "reports/html.h"
#include "reports/pages/page.h"
#include "reports/pages/page_split.h"

#include "tests/unit/reports/cube_world.h"

#define YEARS 8
#define JSON_BYTES 100000

/* So many indicators of a quarter, as C of cube_world.h. */
static struct ska_catalogue *make_catalogue(unsigned n)
{
    SKA_SCOPED(ska_scoped_free) char *text = calloc(1, JSON_BYTES);
    ck_assert_ptr_nonnull(text);
    size_t len = (size_t)snprintf(
        text, JSON_BYTES,
        "{'skarva_catalogue': 1, 'id': 'many', 'edition': '1', 'title': {'sv': 'M\xC3\xA5nga', "
        "'en': "
        "'Many'}, 'description': {'sv': 'Allt.', 'en': 'All.'}, 'dimensions': [], 'record_kinds': "
        "[{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': [{'code': 'a', "
        "'kind': 'flag'}]}], 'indicators': "
        "[");
    for (unsigned i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, JSON_BYTES - len,
                                "%s{'code': 'N%u', 'label': {'sv': 'Sort nummer %u', 'en': 'Kind "
                                "number %u'}, 'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': "
                                "'ordered', 'cadence': 'quarter', 'sensitivity': 'case', 'bound': "
                                "1000, 'count': {'records': 'fall'}}",
                                i > 0 ? ", " : "", i, i, i);
    (void)snprintf(text + len, JSON_BYTES - len, "]}");
    return cube_world_catalogue(text);
}

static void make_world(struct cube_world *w, unsigned n)
{
    *w = (struct cube_world){.catalogue = make_catalogue(n)};
    w->cube = (struct cube){.collection = "many", .catalogue = w->catalogue};
    cube_world_blocks(&w->cube);
    w->cube.rates = ska_alloc(n, sizeof *w->cube.rates);
    ck_assert_ptr_nonnull(w->cube.rates);
    for (unsigned q = 0; q < 4 * YEARS; q++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%uQ%u", 2018 + q / 4, 1 + q % 4);
        cube_world_add(w, SKA_QUARTER, false, name, CUBE_WORLD_DAY_S(4) + UINT64_C(7776000) * q);
    }
    ck_assert_status(cube_finish(&w->cube), SKA_OK);
}

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
    make_world(&w, n);
    const struct site_facts facts = {0};
    const struct page_site site = {.cube = &w.cube,
                                   .facts = &facts,
                                   .leader_url = "",
                                   .publisher_key = "",
                                   .second_key = "",
                                   .leader_key = "",
                                   .helper_key = ""};
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
