/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_publish.c - from collected shares to bundle and pages: what is shown is right, what is
 * hidden is nowhere, and publishing again gives the same bytes.
 */
#include "reports/publish.h"

#include "crypto/merkle.h"
#include "crypto/proof.h"
#include "protocol/suppression.h"
#include "reports/pages/site.h"
#include "tests/linked_alone.h"

#include "tests/unit/reports/county.h"

/* Example 1 of docs/disclosure-control.md over four contributors: A 30, x 27, y 3, z 0, B 12, two
 * answered, C 4. */
static const uint64_t example_1[COUNTY_CONTRIBUTORS][COUNTY_CELLS] = {
    {10, 9, 1, 0, 8, 1, 1}, {10, 9, 1, 0, 4, 1, 1}, {5, 5, 0, 0, 0, 0, 2}, {5, 4, 1, 0, 0, 0, 0}};

struct content {
    uint8_t *data;
    size_t len;
};

static struct content read_site(const struct county *k, const char *folder, const char *name)
{
    SKA_SCOPED(ska_scoped_free) char *path = home_path(k->collection.site, folder, name);
    struct content c = {0};
    struct ska_error err = {0};
    enum ska_status got = file_read(&c.data, &c.len, path, (size_t)1 << 24, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    return c;
}

static void publish(const struct county *k, const char *period)
{
    struct ska_error err = {0};
    county_release(k, period);
    enum ska_status got = site_write_index(&k->collection, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", ska_status_name(got), err.text);
}

static const struct ska_bundle_file *find(const struct ska_bundle_file *files, size_t n,
                                          const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    ck_abort_msg("no %s in the bundle", name);
    return NULL;
}

START_TEST(the_table_of_example_1_is_exact)
{
    static const char want[] =
        "collection,period,revision,group,group_sv,group_en,cell,kind,indicator_sv,indicator_en,"
        "dimension_sv,dimension_en,"
        "category_sv,category_en,unit_sv,unit_en,value,reason\n"
        "lan,2025Q2,0,,,,A,total,\xC3\x84renden,Cases,,,,,st,pcs,30,\n"
        "lan,2025Q2,0,,,,A.D.x,category,\xC3\x84renden,Cases,\"slag, "
        "\"\"art\"\"\",kind,ex,ex,st,pcs,"
        "..,complement\n"
        "lan,2025Q2,0,,,,A.D.y,category,\xC3\x84renden,Cases,\"slag, \"\"art\"\"\",kind,yps,why,st,"
        "pcs,..,small\n"
        "lan,2025Q2,0,,,,A.D.z,category,\xC3\x84renden,Cases,\"slag, \"\"art\"\"\",kind,"
        "\xC3\xB6vrigt,other,st,pcs,0,\n"
        "lan,2025Q2,0,,,,B,total,M\xC3\xB6ten,Meetings,,,,,st,pcs,..,dependent\n"
        "lan,2025Q2,0,,,,B.answered,answered,M\xC3\xB6ten,Meetings,,,,,svarande,answering,..,few\n"
        "lan,2025Q2,0,,,,C,total,Planer,Plans,,,,,st,pcs,..,small\n";
    struct county k;
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    publish(&k, "2025Q2");
    struct content csv = read_site(&k, ".", "2025Q2.csv");
    ck_assert_str_eq((const char *)csv.data, want);
    free(csv.data);
    county_clear(&k);
}
END_TEST

/* What an auditor would look at first, with the library's own decoders. */
static void check_bundle(const struct county *k, struct ska_slice archive)
{
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    struct ska_error err = {0};
    struct ska_task *task = NULL;
    struct ska_openings o = {0};
    struct ska_signed_parameters s;
    enum ska_status got = ska_bundle_read(&files, &n, archive, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    ck_assert_status(ska_signed_parameters_decode(&s, find(files, n, "parameters")->data), SKA_OK);
    ck_assert_status(ska_task_new(&task, s.parameters, &err), SKA_OK);
    struct ska_release release;
    ck_assert_status(ska_release_decode(&release, files[n - 1].data), SKA_OK);
    got = ska_release_check(&release, task->context.task_id, files, n - 1, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    ck_assert_status(ska_release_verify(release.signature[0], SKA_RELEASE_PUBLISHER,
                                        k->collection.trust.publisher, release.body),
                     SKA_OK);
    ck_assert_status(ska_release_verify(release.signature[1], SKA_RELEASE_SECOND,
                                        k->collection.trust.second, release.body),
                     SKA_OK);
    ck_assert_status(ska_openings_decode(&o, find(files, n, "aggregates")->data), SKA_OK);
    ck_assert_uint_eq(o.n, 2); /* A and z */
    ck_assert_uint_eq(o.at[0].figure, CELL_A);
    ck_assert_uint_eq(o.at[1].figure, CELL_Z);
    for (uint32_t i = 0; i < o.n; i++) {
        ska_scalar x[2], sum;
        uint64_t value = 0;
        for (int a = 0; a < 2; a++) {
            uint8_t leaf[32];
            const struct ska_opening_half *half = &o.at[i].by[a];
            ska_aggregate_leaf(leaf, o.at[i].figure, half->xr);
            ck_assert_status(ska_merkle_verify(o.root[a], leaf, o.at[i].figure, COUNTY_CELLS,
                                               half->path, half->path_len),
                             SKA_OK);
            ck_assert_status(ska_scalar_decode(&x[a], half->xr), SKA_OK);
        }
        ska_scalar_add(&sum, &x[0], &x[1]);
        ck_assert_status(ska_scalar_to_u64(&value, &sum), SKA_OK);
        ck_assert_uint_eq(value, i == 0 ? 30 : 0);
    }
    ska_openings_clear(&o);
    ska_task_free(task);
    free(files);
}

START_TEST(the_bundle_opens_exactly_the_open_cells)
{
    struct county k;
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    publish(&k, "2025Q2");
    struct content tar = read_site(&k, "bundles", "lan-2025Q2.tar");
    check_bundle(&k, (struct ska_slice){tar.data, tar.len});
    free(tar.data);
    county_clear(&k);
}
END_TEST

START_TEST(the_suppression_proof_verifies_for_an_auditor)
{
    struct county k;
    struct ska_error err = {0};
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    publish(&k, "2025Q2");
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(collect_sums_clear) struct collect_sums sums = {0};
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression pattern = {0};
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", &err), SKA_OK);
    ck_assert_status(collect_load_sums(&sums, &p, &err), SKA_OK);
    ck_assert_status(period_read(&data, &len, &p, "suppression", false, &err), SKA_OK);
    ck_assert_status(ska_suppression_decode(&pattern, (struct ska_slice){data, len}), SKA_OK);
    for (uint32_t j = 0; j < COUNTY_CELLS; j++)
        ska_point_add(&sums.v[0][j], &sums.v[0][j], &sums.v[1][j]);
    struct ska_linked *linked = linked_alone(p.task->layout, &p.task->parameters.policy, 4);
    ck_assert_status(ska_suppression_statement_init(&s, p.task, linked, &pattern, sums.v[0], 4),
                     SKA_OK);
    ska_linked_free(linked);
    ck_assert_uint_eq(s.m, 3); /* y, B.answered, C */
    const struct ska_proof_values values = {.m = s.m, .bound = s.bound, .v = s.v};
    struct ska_transcript t = s.transcript;
    ck_assert_status(ska_proof_verify(pattern.proof.data, pattern.proof.len, &t, &values), SKA_OK);
    county_clear(&k);
}
END_TEST

START_TEST(publishing_again_gives_the_same_bytes)
{
    struct county k;
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    publish(&k, "2025Q2");
    struct content first = read_site(&k, "bundles", "lan-2025Q2.tar");
    publish(&k, "2025Q2");
    struct content again = read_site(&k, "bundles", "lan-2025Q2.tar");
    ck_assert_uint_eq(first.len, again.len);
    ck_assert_mem_eq(first.data, again.data, first.len);
    free(first.data);
    free(again.data);
    county_clear(&k);
}
END_TEST

/* How often `part` stands in a page of the site. */
static unsigned times_in(const struct county *k, const char *folder, const char *part)
{
    unsigned n = 0;
    struct content page = read_site(k, folder, "2025Q2.html");
    for (size_t i = 0; i + strlen(part) <= page.len; i++)
        n += memcmp(page.data + i, part, strlen(part)) == 0;
    free(page.data);
    return n;
}

/* A county whose one period was collected on that day: "" if it was not kept. */
static void collected_on(struct county *k, const char *day)
{
    SKA_SCOPED(period_clear) struct period p = {0};
    county_new(k);
    county_collect(k, "2025Q2", &example_1[0][0]);
    ck_assert_status(period_load_open(&p, &k->collection, "2025Q2", NULL), SKA_OK);
    struct ska_slice text = {(const uint8_t *)day, strlen(day)};
    if (text.len > 0)
        ck_assert_status(period_write(&p, "collected-on", text, false, NULL), SKA_OK);
    publish(k, "2025Q2");
}

START_TEST(a_page_says_when_it_was_collected_and_no_more)
{
    static const char window_sv[] =
        "<dd><time datetime=\"2025-07-01\">1 juli 2025</time> \xE2\x80\x93 "
        "<time datetime=\"2025-07-14\">14 juli 2025</time></dd>";
    static const char window_en[] =
        "<dd><time datetime=\"2025-07-01\">1 July 2025</time> \xE2\x80\x93 "
        "<time datetime=\"2025-07-14\">14 July 2025</time></dd>";
    struct county k;
    collected_on(&k, ""); /* the day was not kept */
    ck_assert_uint_eq(times_in(&k, ".", "<dt>Rapporteringstid</dt>"), 1);
    ck_assert_uint_eq(times_in(&k, "en", "<dt>Reporting window</dt>"), 1);
    ck_assert_uint_eq(times_in(&k, ".", window_sv), 1);
    ck_assert_uint_eq(times_in(&k, "en", window_en), 1);
    ck_assert_uint_eq(times_in(&k, ".", "<dt>Insamlat"), 0);
    county_clear(&k);
    collected_on(&k, "2025-07-08\n");
    ck_assert_uint_eq(
        times_in(&k, ".", "<dt>Insamlat</dt><dd><time datetime=\"2025-07-08\">8 juli 2025</time>"),
        1);
    ck_assert_uint_eq(
        times_in(&k, "en",
                 "<dt>Collected</dt><dd><time datetime=\"2025-07-08\">8 July 2025</time>"),
        1);
    county_clear(&k);
    collected_on(&k, "2025-07<08\n");
    ck_assert_uint_eq(times_in(&k, ".", "<dt>Insamlat"), 0);
    county_clear(&k);
}
END_TEST

/* Counts that hold the rules, drawn small so that much is hidden. */
static void draw(uint64_t counts[COUNTY_CONTRIBUTORS][COUNTY_CELLS])
{
    for (int i = 0; i < COUNTY_CONTRIBUTORS; i++) {
        uint64_t *c = counts[i];
        for (int j = CELL_X; j <= CELL_Z; j++)
            c[j] = test_random() % 3 == 0 ? test_random() % 30 : test_random() % 3;
        c[CELL_A] = c[CELL_X] + c[CELL_Y] + c[CELL_Z];
        c[CELL_B_ANSWERED] = test_random() % 4 != 0;
        c[CELL_B] = c[CELL_B_ANSWERED] * (test_random() % 40);
        c[CELL_C] = c[CELL_A] > 0 ? test_random() % (c[CELL_A] + 1) : 0;
    }
}

/* The text of the element with this data-cell; NULL if there is none from `from` on. */
static const char *figure_in(char *out, size_t size, const char *from, const char *code)
{
    char mark[64];
    (void)snprintf(mark, sizeof mark, "data-cell=\"%s\"", code);
    const char *at = strstr(from, mark);
    if (at == NULL)
        return NULL;
    const char *begin = strchr(at, '>') + 1, *end = strchr(begin, '<');
    ck_assert_uint_lt((size_t)(end - begin), size);
    memcpy(out, begin, (size_t)(end - begin));
    out[end - begin] = '\0';
    return end;
}

static void check_page(const struct content *page, const struct ska_layout *layout,
                       const struct figures *f)
{
    const char *text = (const char *)page->data;
    for (uint32_t j = 0; j < f->n; j++) {
        char got[64], want[24];
        (void)snprintf(want, sizeof want, "%u", (unsigned)f->value[j]); /* below 1000 here */
        if (f->reason[j] != 0)
            (void)snprintf(want, sizeof want, "..");
        const char *rest = figure_in(got, sizeof got, text, layout->cells[j].code);
        ck_assert_msg(rest != NULL, "%s is not on the page", layout->cells[j].code);
        ck_assert_str_eq(got, want);
        ck_assert_ptr_null(figure_in(got, sizeof got, rest, layout->cells[j].code));
    }
    ck_assert_ptr_null(strstr(text, "<script"));
    ck_assert_ptr_null(strstr(text, " style="));
    ck_assert_ptr_null(strstr(text, "<style"));
    ck_assert_ptr_null(strstr(text, "<dess>"));
}

static bool holds(const struct content *file, const uint8_t scalar[static 32])
{
    for (size_t at = 0; at + 32 <= file->len; at++)
        if (file->data[at] == scalar[0] && memcmp(file->data + at, scalar, 32) == 0)
            return true;
    return false;
}

/* The openings hold neither share of a hidden cell, nor does any other file of the bundle. */
static void check_nowhere(const struct content *file, const struct collect_result *r,
                          const struct figures *f)
{
    for (uint32_t j = 0; j < f->n; j++)
        for (int a = 0; a < 2 && f->reason[j] != 0; a++)
            for (size_t part = 0; part < 2; part++) {
                const uint8_t *scalar = r->share[a].data + 64 * (size_t)j + 32 * part;
                ck_assert_msg(!holds(file, scalar), "an opening of cell %u is published", j);
            }
}

START_TEST(no_hidden_figure_leaves_the_house)
{
    static const char *const periods[] = {"2024Q4", "2025Q1", "2025Q2"};
    struct county k;
    test_seed("no_hidden_figure_leaves_the_house");
    county_new(&k);
    for (size_t i = 0; i < N_OF(periods); i++) {
        uint64_t counts[COUNTY_CONTRIBUTORS][COUNTY_CELLS];
        struct ska_error err = {0};
        char name[40];
        draw(counts);
        county_collect(&k, periods[i], &counts[0][0]);
        publish(&k, periods[i]);
        SKA_SCOPED(period_clear) struct period p = {0};
        SKA_SCOPED(collect_result_clear) struct collect_result r = {0};
        SKA_SCOPED(figures_clear) struct figures f = {0};
        SKA_SCOPED(ska_suppression_clear) struct ska_suppression pattern = {0};
        SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
        size_t len = 0;
        ck_assert_status(period_load_open(&p, &k.collection, periods[i], &err), SKA_OK);
        ck_assert_status(collect_load(&r, &p, &err), SKA_OK);
        ck_assert_status(period_read(&data, &len, &p, "suppression", false, &err), SKA_OK);
        ck_assert_status(ska_suppression_decode(&pattern, (struct ska_slice){data, len}), SKA_OK);
        ck_assert_status(figures_init(&f, r.n_figures, r.total, &pattern), SKA_OK);
        for (uint32_t j = 0; j < f.n; j++)
            ck_assert_uint_eq(f.value[j], f.reason[j] == 0 ? r.total[j] : 0);
        (void)snprintf(name, sizeof name, "%s.html", periods[i]);
        struct content sv = read_site(&k, ".", name), en = read_site(&k, "en", name);
        check_page(&sv, p.task->layout, &f);
        check_page(&en, p.task->layout, &f);
        (void)snprintf(name, sizeof name, "lan-%s.tar", periods[i]);
        struct content tar = read_site(&k, "bundles", name);
        check_nowhere(&tar, &r, &f);
        free(sv.data);
        free(en.data);
        free(tar.data);
    }
    county_clear(&k);
}
END_TEST

START_TEST(a_wrong_sum_names_the_aggregator_and_the_cell)
{
    struct county k;
    struct ska_error err = {0};
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(collect_result_clear) struct collect_result r = {0};
    SKA_SCOPED(collect_sums_clear) struct collect_sums sums = {0};
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    uint8_t hash[32], root[32];
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", &err), SKA_OK);
    ck_assert_status(collect_load(&r, &p, &err), SKA_OK);
    ck_assert_status(collect_load_sums(&sums, &p, &err), SKA_OK);
    ck_assert_status(collect_read_accepted(&list, &bytes, &len, hash, &p, &err), SKA_OK);
    ck_assert_status(collect_check_share(r.share[1], SKA_ROLE_HELPER, &sums, hash, p.task, &err),
                     SKA_OK);
    uint8_t wrong[COUNTY_CELLS * 64 + 64];
    memcpy(wrong, r.share[1].data, sizeof wrong);
    wrong[64 * CELL_C] ^= 1; /* the helper's x of C is off by one, and signed by it */
    struct ska_slice xr = {wrong, COUNTY_CELLS * 64};
    ck_assert_status(collect_check_share((struct ska_slice){wrong, sizeof wrong}, SKA_ROLE_HELPER,
                                         &sums, hash, p.task, &err),
                     SKA_E_SIGNATURE);
    ska_error_clear(&err);
    ck_assert_status(ska_aggregate_root(root, xr), SKA_OK);
    ck_assert_status(ska_aggregate_root_sign(wrong + xr.len, &k.aggregator[1],
                                             p.task->context.task_id, SKA_ROLE_HELPER, hash,
                                             COUNTY_CELLS, root),
                     SKA_OK);
    ck_assert_status(collect_check_share((struct ska_slice){wrong, sizeof wrong}, SKA_ROLE_HELPER,
                                         &sums, hash, p.task, &err),
                     SKA_E_COMMITMENT);
    ck_assert_msg(strstr(err.text, "the helper") != NULL && strstr(err.text, "cell C:") != NULL,
                  "%s", err.text);
    county_clear(&k);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("publish");
    TCase *t = tcase_create("publish");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_table_of_example_1_is_exact);
    tcase_add_test(t, the_bundle_opens_exactly_the_open_cells);
    tcase_add_test(t, the_suppression_proof_verifies_for_an_auditor);
    tcase_add_test(t, publishing_again_gives_the_same_bytes);
    tcase_add_test(t, a_page_says_when_it_was_collected_and_no_more);
    tcase_add_test(t, no_hidden_figure_leaves_the_house);
    tcase_add_test(t, a_wrong_sum_names_the_aggregator_and_the_cell);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(make_suite());
}
