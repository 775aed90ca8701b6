/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front_site.c - what a path of the site opens, and that nothing outside of its folder is ever
 * opened. */
#define _GNU_SOURCE /* nftw, mkdtemp, O_DIRECTORY */
#include "server/front/front_site.h"

#include "tests/test.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[100];
static int site_fd = -1;

static void put(const char *name, const char *text)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_ge(fputs(text, f), 0);
    ck_assert_int_eq(fclose(f), 0);
}

static void make(const char *name)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void link_to(const char *target, const char *name)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_int_eq(symlink(target, path), 0);
}

static void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-site.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    put("secret", "secret");
    make("site");
    put("site/index.html", "start");
    put("site/style.css", "style");
    put("site/comfort.js", "script");
    put("site/\xc3\xa5r.svg", "svg");
    put("site/.hidden", "hidden");
    make("site/2025Q2");
    make("site/check");
    put("site/check/page.html", "page");
    put("site/2025Q2/index.html", "quarter");
    put("site/2025Q2/bundle.tar", "tar");
    put("site/2025Q2/table.csv", "");
    make("site/empty");
    link_to("../secret", "site/link");
    link_to("/etc", "site/etc");
    link_to("2025Q2", "site/latest");
    char path[200];
    (void)snprintf(path, sizeof path, "%s/site/pipe", folder);
    ck_assert_int_eq(mkfifo(path, 0644), 0);
    (void)snprintf(path, sizeof path, "%s/site", folder);
    site_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(site_fd, 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_folder(void)
{
    ck_assert_int_eq(close(site_fd), 0);
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static const struct {
    const char *path;
    const char *text; /* NULL: not opened */
    const char *type;
    enum ska_status want;
} cases[] = {
    {"", "start", "text/html; charset=utf-8", SKA_OK},
    {"index.html", "start", "text/html; charset=utf-8", SKA_OK},
    {"style.css", "style", "text/css; charset=utf-8", SKA_OK},
    {"comfort.js", "script", "text/javascript; charset=utf-8", SKA_OK},
    {"%C3%A5r.svg", "svg", "image/svg+xml", SKA_OK},
    {"%c3%a5r.svg", "svg", "image/svg+xml", SKA_OK},
    {"2025Q2/", "quarter", "text/html; charset=utf-8", SKA_OK},
    {"2025Q2/bundle.tar", "tar", "application/x-tar", SKA_OK},
    {"2025Q2/table.csv", "", "text/csv; charset=utf-8", SKA_OK},
    {"check/page.html", "page", "text/html; charset=utf-8", SKA_OK},
    {"2025Q2", NULL, NULL, SKA_E_STATE},
    {"empty/", NULL, NULL, SKA_E_NOT_FOUND},
    {"absent", NULL, NULL, SKA_E_NOT_FOUND},
    {"index.html/", NULL, NULL, SKA_E_NOT_FOUND},
    {"index.html/x", NULL, NULL, SKA_E_NOT_FOUND},
    {"../secret", NULL, NULL, SKA_E_NOT_FOUND},
    {"2025Q2/../../secret", NULL, NULL, SKA_E_NOT_FOUND},
    {"%2e%2e/secret", NULL, NULL, SKA_E_NOT_FOUND},
    {"..%2fsecret", NULL, NULL, SKA_E_NOT_FOUND},
    {"2025Q2%2Findex.html", NULL, NULL, SKA_E_NOT_FOUND},
    {"..%5csecret", NULL, NULL, SKA_E_NOT_FOUND},
    {"/etc/passwd", NULL, NULL, SKA_E_NOT_FOUND},
    {"//index.html", NULL, NULL, SKA_E_NOT_FOUND},
    {"./index.html", NULL, NULL, SKA_E_NOT_FOUND},
    {".hidden", NULL, NULL, SKA_E_NOT_FOUND},
    {"%2ehidden", NULL, NULL, SKA_E_NOT_FOUND},
    {"index.html%00", NULL, NULL, SKA_E_NOT_FOUND},
    {"index.html%0a", NULL, NULL, SKA_E_NOT_FOUND},
    {"index%2", NULL, NULL, SKA_E_NOT_FOUND},
    {"index%", NULL, NULL, SKA_E_NOT_FOUND},
    {"index%zz", NULL, NULL, SKA_E_NOT_FOUND},
    {"link", NULL, NULL, SKA_E_NOT_FOUND},
    {"etc/passwd", NULL, NULL, SKA_E_NOT_FOUND},
    {"latest/index.html", NULL, NULL, SKA_E_NOT_FOUND},
    {"pipe", NULL, NULL, SKA_E_NOT_FOUND},
    {"2025Q2/a/b/c/d/e/f/g/h/i/j/k", NULL, NULL, SKA_E_NOT_FOUND},
};

START_TEST(path_opens_its_file_or_nothing)
{
    struct site_file file = {.fd = -1};
    enum ska_status got = site_open(&file, site_fd, cases[_i].path);
    ck_assert_msg(got == cases[_i].want, "%s: got %s", cases[_i].path, ska_status_name(got));
    if (got != SKA_OK) {
        ck_assert_int_eq(file.fd, -1);
        return;
    }
    char text[20] = {0};
    ck_assert_int_eq(read(file.fd, text, sizeof text - 1), (ssize_t)strlen(cases[_i].text));
    ck_assert_str_eq(text, cases[_i].text);
    ck_assert_uint_eq(file.len, strlen(cases[_i].text));
    ck_assert_str_eq(file.type, cases[_i].type);
    ck_assert_int_eq(file.may_fetch, strncmp(cases[_i].path, "check/", 6) == 0);
    ck_assert_int_eq(close(file.fd), 0);
}
END_TEST

START_TEST(overlong_name_is_not_found)
{
    char path[SITE_NAME_MAX + 10];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    struct site_file file;
    ck_assert_status(site_open(&file, site_fd, path), SKA_E_NOT_FOUND);
}
END_TEST

START_TEST(etag_changes_with_the_file)
{
    struct site_file a;
    struct site_file b;
    ck_assert_status(site_open(&a, site_fd, "style.css"), SKA_OK);
    put("site/style.new", "other");
    char from[200];
    char to[200];
    (void)snprintf(from, sizeof from, "%s/site/style.new", folder);
    (void)snprintf(to, sizeof to, "%s/site/style.css", folder);
    ck_assert_int_eq(rename(from, to), 0);
    ck_assert_status(site_open(&b, site_fd, "style.css"), SKA_OK);
    ck_assert_str_ne(a.etag, b.etag);
    ck_assert_int_eq(close(a.fd), 0);
    ck_assert_int_eq(close(b.fd), 0);
}
END_TEST

START_TEST(a_file_tells_its_day_and_no_more)
{
    struct site_file file;
    char path[200], hex[40];
    (void)snprintf(path, sizeof path, "%s/site/style.css", folder);
    const struct timespec times[2] = {{1752999999, 123456789}, {1752999999, 123456789}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    ck_assert_status(site_open(&file, site_fd, "style.css"), SKA_OK);
    ck_assert_uint_eq(file.changed_day_s, 1752969600);
    ck_assert_uint_eq(strlen(file.etag), 34);
    (void)snprintf(hex, sizeof hex, "%x", 1752999999);
    ck_assert_ptr_null(strstr(file.etag, hex));
    (void)close(file.fd); /* only read from */
}
END_TEST

static const struct {
    const char *field;
    bool want;
} fields[] = {
    {"\"abc\"", true},         {"W/\"abc\"", true}, {"*", true},    {"\"x\", \"abc\"", true},
    {"\"x\",W/\"abc\"", true}, {"", false},         {"abc", false}, {"\"abcd\"", false},
    {"\"x\", \"y\"", false},   {"**", false}};

START_TEST(a_tag_is_found_in_the_field)
{
    ck_assert_msg(site_is_match(fields[_i].field, "\"abc\"") == fields[_i].want, "%s",
                  fields[_i].field);
}
END_TEST

static const struct {
    const char *name, *type;
    bool is_open; /* data */
} typed[] = {{"A.json", "application/json", true},
             {"A.px", "text/plain; charset=utf-8", true},
             {"A.ansi.px", "text/plain; charset=windows-1252", true},
             {"A.csv", "text/csv; charset=utf-8", true},
             {"A.csv-metadata.json", "application/csvm+json", true},
             {"releases.atom", "application/atom+xml; charset=utf-8", true},
             {"catalog.rdf", "application/rdf+xml; charset=utf-8", true},
             {"2025Q1.tar", "application/x-tar", true},
             {"A.table", "application/octet-stream", false},
             {"A.html", "text/html; charset=utf-8", false},
             {"A.js", "text/javascript; charset=utf-8", false},
             {"html", "application/octet-stream", false}};

START_TEST(a_file_has_its_type)
{
    struct site_file file;
    char name[100];
    (void)snprintf(name, sizeof name, "site/%s", typed[_i].name);
    put(name, "x");
    ck_assert_status(site_open(&file, site_fd, typed[_i].name), SKA_OK);
    ck_assert_str_eq(file.type, typed[_i].type);
    ck_assert_int_eq(file.is_open, typed[_i].is_open);
    (void)close(file.fd); /* only read from */
}
END_TEST

#define HASH "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff"

static const struct {
    const char *path, *type; /* type NULL: not found */
} logged[] = {
    {"checkpoint", "text/plain; charset=utf-8"},
    {"tile/0/000", "application/octet-stream"},
    {"tile/0/x001/234.p/5", "application/octet-stream"},
    {"tile/entries/000.p/7", "application/octet-stream"},
    {"blob/" HASH, "application/octet-stream"},
    {"checkpoint.Xa3f9B", NULL}, /* being written */
    {"tile/0/000.Xa3f9B", NULL},
    {"secret", NULL},
    {"../secret", NULL},
    {"tile/../secret", NULL},
    {"tile/../checkpoint", NULL},
    {"tile/%2e%2e/checkpoint", NULL},
    {"tile/0", NULL},
    {"tile/", NULL},
    {"tile/entries/", NULL},
    {"blob", NULL},
    {"blob/", NULL},
    {"blob/" HASH "0", NULL},
    {"blob/00FF", NULL},
    {"", NULL},
};

/* Files of the public log's folder are there by their names, and nothing else that lies in it. */
START_TEST(a_file_of_the_log_is_opened_by_its_name_alone)
{
    static const char *const folders[] = {"site/tile",         "site/tile/0",
                                          "site/tile/0/x001",  "site/tile/0/x001/234.p",
                                          "site/tile/entries", "site/tile/entries/000.p",
                                          "site/blob"};
    static const char *const files[] = {"site/checkpoint",          "site/checkpoint.Xa3f9B",
                                        "site/tile/0/000",          "site/tile/0/000.Xa3f9B",
                                        "site/tile/0/x001/234.p/5", "site/tile/entries/000.p/7",
                                        "site/blob/" HASH,          "site/blob/" HASH "0",
                                        "site/blob/00FF",           "site/secret"};
    struct site_file file;
    for (size_t i = 0; i < N_OF(folders); i++)
        make(folders[i]);
    for (size_t i = 0; i < N_OF(files); i++)
        put(files[i], "x");
    enum ska_status status = log_file_open(&file, site_fd, logged[_i].path);
    ck_assert_msg(status == (logged[_i].type == NULL ? SKA_E_NOT_FOUND : SKA_OK), "%s: %s",
                  logged[_i].path, ska_status_name(status));
    if (status != SKA_OK)
        return;
    ck_assert_str_eq(file.type, logged[_i].type);
    ck_assert(file.is_open);
    ck_assert(file.is_immutable == (strcmp(logged[_i].path, "checkpoint") != 0));
    (void)close(file.fd); /* only read from */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("front_site");
    TCase *tests = tcase_create("front_site");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, path_opens_its_file_or_nothing, 0, (int)N_OF(cases));
    tcase_add_test(tests, overlong_name_is_not_found);
    tcase_add_test(tests, etag_changes_with_the_file);
    tcase_add_test(tests, a_file_tells_its_day_and_no_more);
    tcase_add_loop_test(tests, a_tag_is_found_in_the_field, 0, N_OF(fields));
    tcase_add_loop_test(tests, a_file_has_its_type, 0, N_OF(typed));
    tcase_add_loop_test(tests, a_file_of_the_log_is_opened_by_its_name_alone, 0, (int)N_OF(logged));
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
