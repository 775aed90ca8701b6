/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_site_made.c - pages that are made no more leave the site, and nothing else does: a site of
 * heavy pages is written over by one of many indicators in groups, and that by one of few without.
 */
#include <unistd.h>

#include "crypto/hash.h"
#include "reports/pages/site.h"
#include "reports/pages/site_made.h"

#include "tests/unit/reports/bare_site.h"
#include "tests/unit/reports/many_world.h"
#include "tests/unit/reports/site_files.h"

#define MANY 40u
#define FEW 3u

/* A folder for a site, and one beside it for the list. */
struct ground {
    char home[40], site[60], list[60];
};

static void ground_new(struct ground *g)
{
    *g = (struct ground){.home = "/tmp/skarva-home-XXXXXX"};
    ck_assert_ptr_nonnull(test_mkdtemp(g->home));
    (void)snprintf(g->site, sizeof g->site, "%s/site", g->home);
    (void)snprintf(g->list, sizeof g->list, "%s/%s", g->home, SITE_MADE_LIST);
    ck_assert_status(file_make_folder(g->site, false, NULL), SKA_OK);
}

static void write_site(const struct ground *g, struct ska_catalogue *catalogue, bool with_groups,
                       bool with_list)
{
    static const struct site_facts facts;
    struct ska_error err = {0};
    struct cube_world w;
    many_world_of(&w, catalogue, MANY_WORLD_YEARS);
    const size_t n_blocks = w.cube.n_blocks;
    w.cube.n_blocks = with_groups ? w.cube.n_blocks : 1;
    const struct page_site site = bare_site(&w.cube, &facts);
    enum ska_status got = site_write_pages(g->site, with_list ? g->list : NULL, &site, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    w.cube.n_blocks = (uint32_t)n_blocks;
    cube_world_clear(&w);
}

static void put(const struct ground *g, const char *name, const char *text)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(g->site, name);
    ck_assert_status(file_write(path, text, strlen(text), false, NULL), SKA_OK);
}

static const struct site_file *find(const struct site_files *files, const char *name)
{
    for (size_t i = 0; i < files->n; i++)
        if (strcmp(files->at[i].name, name) == 0)
            return &files->at[i];
    return NULL;
}

/* What is somebody else's, though it is called like ours, or stands where ours stood. */
static const char *const others[] = {"data.9.html", "en/data.9.html", "indicator-MINE.html",
                                     "notes.txt",   "N7.html",        "indicator-N30.html"};

START_TEST(what_is_made_no_more_is_removed_and_nothing_else)
{
    struct ground g, fresh;
    struct site_files got, want;
    ground_new(&g);
    ground_new(&fresh);
    write_site(&g, many_world_wide(SKA_CATEGORIES_MAX), true, true);
    site_files_read(&got, g.site);
    ck_assert_ptr_nonnull(find(&got, "indicator-N0.2.html"));
    site_files_clear(&got);
    write_site(&g, many_world_catalogue(MANY), true, true);
    site_files_read(&got, g.site);
    ck_assert(find(&got, "indicator-N0.html") != NULL && find(&got, "en/map.html") != NULL &&
              find(&got, "indicator-N39.html") != NULL);
    ck_assert_ptr_null(find(&got, "indicator-N0.2.html"));
    site_files_clear(&got);
    for (size_t i = 0; i < N_OF(others); i++)
        put(&g, others[i], "<p>Somebody else's</p>");
    write_site(&g, many_world_catalogue(FEW), false, true);
    write_site(&fresh, many_world_catalogue(FEW), false, true);
    site_files_read(&got, g.site);
    site_files_read(&want, fresh.site);
    for (size_t i = 0; i < want.n; i++)
        ck_assert_msg(find(&got, want.at[i].name) != NULL, "%s is gone", want.at[i].name);
    for (size_t i = 0; i < N_OF(others); i++)
        ck_assert_msg(find(&got, others[i]) != NULL, "%s is gone", others[i]);
    for (size_t i = 0; i < got.n; i++) {
        bool is_other = false;
        for (size_t k = 0; k < N_OF(others); k++)
            is_other = is_other || strcmp(got.at[i].name, others[k]) == 0;
        ck_assert_msg(is_other || find(&want, got.at[i].name) != NULL, "%s is left",
                      got.at[i].name);
    }
    site_files_clear(&got);
    site_files_clear(&want);
}
END_TEST

START_TEST(without_a_list_nothing_is_removed)
{
    struct ground g;
    struct site_files before, after;
    ground_new(&g);
    write_site(&g, many_world_catalogue(MANY), true, false);
    site_files_read(&before, g.site);
    write_site(&g, many_world_catalogue(FEW), false, _i == 1);
    site_files_read(&after, g.site);
    ck_assert_uint_eq(after.n, before.n);
    site_files_clear(&before);
    site_files_clear(&after);
}
END_TEST

/* A list that somebody wrote leads nowhere else; what is no line is passed over. */
static const struct {
    const char *before, *between;
} lines[] = {{"", " ../"}, {"", " en/../../"}, {"", " en//../"}, {"x", " "},
             {"", "  "},   {"", " ./"},        {"", ""}};

START_TEST(a_list_never_leads_out_of_the_folder)
{
    static const char text[] = "<p>not ours</p>", name[] = "outside.html";
    struct ground g;
    const struct site_made none = {0};
    struct ska_error err = {0};
    char hash[65], list[400];
    uint8_t sha256[32];
    ground_new(&g);
    ska_sha256(sha256, text, sizeof text - 1);
    ska_hex_encode(hash, sha256, sizeof sha256);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(g.home, name);
    ck_assert_status(file_write(path, text, sizeof text - 1, false, &err), SKA_OK);
    put(&g, name, text);
    int n =
        snprintf(list, sizeof list, "%s%s%s%s\n", lines[_i].before, hash, lines[_i].between, name);
    ck_assert_status(file_write(g.list, list, (size_t)n, false, &err), SKA_OK);
    ck_assert_status(site_made_finish(&none, g.site, g.list, &err), SKA_OK);
    SKA_SCOPED(ska_scoped_free) char *inside = file_join(g.site, name);
    ck_assert(file_exists(path) && file_exists(inside));
}
END_TEST

/* As if the first time had ended between what it removed and its list. */
START_TEST(the_same_again_after_a_crash_does_the_rest)
{
    static const char text[] = "<p>ours</p>";
    struct ground g;
    struct ska_error err = {0};
    struct site_made made = {0};
    const struct site_made none = {0};
    const struct ska_slice page = {(const uint8_t *)text, sizeof text - 1};
    ground_new(&g);
    put(&g, "a.html", text);
    put(&g, "b.html", text);
    ck_assert_status(site_made_add(&made, "a.html", page), SKA_OK);
    ck_assert_status(site_made_add(&made, "b.html", page), SKA_OK);
    ck_assert_status(site_made_finish(&made, g.site, g.list, &err), SKA_OK);
    SKA_SCOPED(ska_scoped_free) char *a = file_join(g.site, "a.html");
    SKA_SCOPED(ska_scoped_free) char *b = file_join(g.site, "b.html");
    ck_assert(file_exists(a) && file_exists(b));
    ck_assert_int_eq(unlink(a), 0);
    ck_assert_status(site_made_finish(&none, g.site, g.list, &err), SKA_OK);
    ck_assert(!file_exists(b));
    site_made_clear(&made);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("site made");
    TCase *t = tcase_create("made");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, what_is_made_no_more_is_removed_and_nothing_else);
    tcase_add_loop_test(t, without_a_list_nothing_is_removed, 0, 2);
    tcase_add_loop_test(t, a_list_never_leads_out_of_the_folder, 0, N_OF(lines));
    tcase_add_test(t, the_same_again_after_a_crash_does_the_rest);
    suite_add_tcase(s, t);
    return test_run(s);
}
