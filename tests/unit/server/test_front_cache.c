/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front_cache.c - what is kept of the site in memory, and that nothing is told from there that
 * is no longer so on the disk. */
#define _GNU_SOURCE /* nftw, mkdtemp, O_DIRECTORY, utimensat */
#include "server/front/front_cache.h"

#include "tests/test.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[100];
static int site_fd = -1;
static struct cache *cache;

static void put(const char *name, const char *text, size_t len)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(text, 1, len, f), len);
    ck_assert_int_eq(fclose(f), 0);
}

/* Files of which the clock says that their next change will have another time. */
static void make_folder(void)
{
    static char block[CACHE_FILE_MAX + 1];
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-cache.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    char path[400];
    (void)snprintf(path, sizeof path, "%s/q", folder);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    memset(block, 'b', sizeof block);
    put("index.html", "start", 5);
    put("other.html", "other", 5);
    put("moved.html", "moved", 5);
    put("gone.html", "gone!", 5);
    put("empty.txt", "", 0);
    put("q/index.html", "quarter", 7);
    put("longest.txt", block, CACHE_FILE_MAX);
    put("longer.txt", block, CACHE_FILE_MAX + 1);
    for (unsigned i = 0; i < CACHE_BYTES_MAX / CACHE_FILE_MAX + 1; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "block%03u.txt", i);
        put(name, block, CACHE_FILE_MAX);
    }
    site_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(site_fd, 0);
    (void)sleep(CACHE_SETTLE_S + 2);
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

static void make_cache(void)
{
    ck_assert_status(cache_new(&cache), SKA_OK);
}

static void free_cache(void)
{
    cache_free(cache);
    cache = NULL;
}

/* Ask for a path as front does: from memory, else from the disk, which is then kept. */
static struct cached *ask(const char *path)
{
    struct cached *one = cache_find(cache, site_fd, path);
    struct site_file file;
    if (one != NULL)
        return one;
    ck_assert_status(site_open(&file, site_fd, path), SKA_OK);
    cache_keep(cache, path, &file);
    ck_assert_int_eq(close(file.fd), 0);
    return cache_find(cache, site_fd, path);
}

static void check_body(const struct cached *one, const char *want)
{
    ck_assert_ptr_nonnull(one);
    struct ska_slice body = cached_body(one);
    ck_assert_uint_eq(body.len, strlen(want));
    ck_assert_mem_eq(body.data, want, body.len);
}

START_TEST(file_is_kept_with_what_was_told_of_it)
{
    static const struct {
        const char *path, *body;
    } files[] = {
        {"", "start"}, {"index.html", "start"}, {"q/", "quarter"}, {"q/index%2ehtml", "quarter"}};
    struct site_file file;
    ck_assert_ptr_null(cache_find(cache, site_fd, files[_i].path));
    struct cached *one = ask(files[_i].path);
    check_body(one, files[_i].body);
    ck_assert_status(site_open(&file, site_fd, files[_i].path), SKA_OK);
    ck_assert_int_eq(close(file.fd), 0);
    ck_assert_str_eq(cached_file(one)->etag, file.etag);
    ck_assert_str_eq(cached_file(one)->type, file.type);
    ck_assert_uint_eq(cached_file(one)->changed_day_s, file.changed_day_s);
    ck_assert_uint_eq(cached_file(one)->len, file.len);
    ck_assert_int_eq(cached_file(one)->fd, -1);
}
END_TEST

START_TEST(length_decides_what_is_kept)
{
    ck_assert_ptr_nonnull(ask("longest.txt"));
    ck_assert_ptr_nonnull(ask("empty.txt"));
    ck_assert_ptr_null(ask("longer.txt"));
}
END_TEST

/* Same name, same length, same time of change: the system's own time tells all the same. */
START_TEST(change_in_place_is_seen_at_once)
{
    char path[200];
    struct stat before;
    check_body(ask("other.html"), "other");
    (void)snprintf(path, sizeof path, "%s/other.html", folder);
    ck_assert_int_eq(stat(path, &before), 0);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "OTHER", 5), 5);
    ck_assert_int_eq(close(fd), 0);
    const struct timespec times[2] = {before.st_atim, before.st_mtim};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    ck_assert_ptr_null(cache_find(cache, site_fd, "other.html"));
    ck_assert_ptr_null(ask("other.html")); /* too fresh to be kept: read from the disk each time */
}
END_TEST

START_TEST(replaced_or_removed_file_is_seen_at_once)
{
    char from[200], to[200];
    check_body(ask("moved.html"), "moved");
    check_body(ask("gone.html"), "gone!");
    (void)snprintf(from, sizeof from, "%s/gone.html", folder);
    (void)snprintf(to, sizeof to, "%s/moved.html", folder);
    ck_assert_int_eq(rename(from, to), 0);
    ck_assert_ptr_null(cache_find(cache, site_fd, "moved.html"));
    ck_assert_ptr_null(cache_find(cache, site_fd, "gone.html"));
}
END_TEST

START_TEST(head_and_body_are_sent_as_one_piece)
{
    struct evbuffer *out = evbuffer_new();
    ck_assert_ptr_nonnull(out);
    struct cached *one = ask("");
    ck_assert(!cached_has_head(one, 7));
    ck_assert_status(cached_set_head(one, (struct ska_slice){(const uint8_t *)"head ", 5}, 7),
                     SKA_OK);
    ck_assert(cached_has_head(one, 7));
    ck_assert(!cached_has_head(one, 8));
    ck_assert_status(cached_send(one, out), SKA_OK);
    ck_assert_status(cached_set_head(one, (struct ska_slice){(const uint8_t *)"HEAD! ", 6}, 8),
                     SKA_OK);
    ck_assert_status(cached_send(one, out), SKA_OK);
    check_body(one, "start");
    ck_assert_uint_eq(evbuffer_get_contiguous_space(out), 10); /* one piece, not yet changed */
    ck_assert_uint_eq(evbuffer_get_length(out), 21);
    ck_assert_mem_eq(evbuffer_pullup(out, -1), "head startHEAD! start", 21);
    evbuffer_free(out);
}
END_TEST

/* What slow clients still take counts: then nothing more is kept, and nothing lost. */
START_TEST(memory_is_bounded)
{
    struct evbuffer *out = evbuffer_new();
    char name[20];
    unsigned n = 0;
    ck_assert_ptr_nonnull(out);
    for (; n < CACHE_BYTES_MAX / CACHE_FILE_MAX; n++) {
        (void)snprintf(name, sizeof name, "block%03u.txt", n);
        struct cached *one = ask(name);
        ck_assert_msg(one != NULL, "%s", name);
        ck_assert_status(cached_send(one, out), SKA_OK);
    }
    (void)snprintf(name, sizeof name, "block%03u.txt", n);
    ck_assert_ptr_null(ask(name));
    ck_assert_ptr_null(ask("index.html"));
    ck_assert_uint_eq(evbuffer_get_length(out), CACHE_BYTES_MAX);
    ck_assert_int_eq(evbuffer_drain(out, CACHE_BYTES_MAX), 0);
    check_body(ask("index.html"), "start");
    ck_assert_ptr_nonnull(ask(name));
    evbuffer_free(out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("front_cache");
    TCase *t = tcase_create("site");
    tcase_set_timeout(t, 60);
    tcase_add_unchecked_fixture(t, make_folder, remove_folder);
    tcase_add_checked_fixture(t, make_cache, free_cache);
    tcase_add_loop_test(t, file_is_kept_with_what_was_told_of_it, 0, 4);
    tcase_add_test(t, length_decides_what_is_kept);
    tcase_add_test(t, head_and_body_are_sent_as_one_piece);
    tcase_add_test(t, memory_is_bounded);
    tcase_add_test(t, change_in_place_is_seen_at_once);
    tcase_add_test(t, replaced_or_removed_file_is_seen_at_once);
    suite_add_tcase(s, t);
    return test_run(s);
}
