/* SPDX-License-Identifier: EUPL-1.2 */
/* test_window.c - bundles as mapped files: few bytes in memory, and changes noticed. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "audit/options.h"
#include "audit/parallel.h"
#include "audit/source.h"
#include "audit/window.h"
#include "audit/words.h"

#include "tests/test.h"

#define LARGE_BYTES ((off_t)512 << 20)
#define PAGE 4096

static char path[] = "/tmp/skarva-audit-test-XXXXXX";

/* A file of so many bytes, the last of which is 'z'. */
static int make_file(off_t len)
{
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int fd = test_mkstemp(path);
    ck_assert_int_ge(fd, 0);
    if (len > 0)
        ck_assert_int_eq(pwrite(fd, "z", 1, len - 1), 1);
    return fd;
}

/* A line of /proc/self/status, in bytes. */
static size_t status_bytes(const char *name)
{
    char line[200];
    unsigned long kb = 0;
    FILE *f = fopen("/proc/self/status", "re");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            ck_assert_int_eq(sscanf(line + strlen(name), ": %lu", &kb), 1);
    fclose(f);
    return (size_t)kb << 10;
}

/* Sums one byte of each page of a part. */
struct reading {
    struct ska_slice bytes;
    size_t part;
    uint64_t sum[64];
};

static void read_part(void *arg, size_t i)
{
    struct reading *r = arg;
    const volatile uint8_t *at = r->bytes.data;
    for (size_t k = i * r->part; k < (i + 1) * r->part && k < r->bytes.len; k += PAGE)
        r->sum[i] += at[k + PAGE - 1];
}

START_TEST(a_large_file_is_read_with_little_of_it_in_memory)
{
    struct window w = {0};
    int fd = make_file(LARGE_BYTES);
    const size_t before = status_bytes("VmRSS");
    ck_assert_status(window_map(&w, fd, (uint64_t)LARGE_BYTES), SKA_OK);
    struct reading r = {.bytes = w.bytes, .part = (size_t)LARGE_BYTES / 64};
    parallel_run(2, 64, read_part, &r, "test");
    ck_assert_uint_eq(r.sum[63], 'z');
    const size_t most = status_bytes("VmHWM");
    /* The window, and what two threads read before the other one wakes up. */
    ck_assert_msg(most < before + 4 * WINDOW_BYTES, "%zu MB", most >> 20);
    ck_assert(!window_has_changed(&w));
    window_unmap(&w);
    window_unmap(&w);
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

START_TEST(what_is_too_long_or_no_file_is_refused)
{
    struct window w = {0};
    int fd = make_file(PAGE);
    ck_assert_status(window_map(&w, fd, PAGE - 1), SKA_E_LIMIT);
    ck_assert_status(window_map(&w, fd, PAGE), SKA_OK);
    ck_assert_uint_eq(w.bytes.len, PAGE);
    window_unmap(&w);
    fd = open("/", O_RDONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert_status(window_map(&w, fd, PAGE), SKA_E_FILE);
    close(fd);
    ck_assert_int_eq(truncate(path, 0), 0);
    struct ska_error err = {0};
    ck_assert_status(source_open(&w, path, &err), SKA_OK);
    ck_assert_uint_eq(w.bytes.len, 0);
    ck_assert_ptr_nonnull(w.bytes.data);
    window_unmap(&w);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(source_open(&w, path, &err), SKA_E_FILE);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    ska_error_clear(&err);
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(path));
    ck_assert_status(source_open(&w, path, &err), SKA_E_FILE);
    ck_assert_ptr_nonnull(strstr(err.text, "the file bundle is missing"));
    ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

START_TEST(a_file_that_is_written_to_is_noticed)
{
    struct window w = {0};
    int fd = make_file(PAGE);
    const struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    ck_assert_int_eq(futimens(fd, old), 0);
    ck_assert_status(window_map(&w, fd, PAGE), SKA_OK);
    ck_assert(!window_has_changed(&w));
    int again = open(path, O_WRONLY);
    ck_assert_int_eq(pwrite(again, "y", 1, 0), 1);
    close(again);
    ck_assert(window_has_changed(&w));
    window_unmap(&w);
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

START_TEST(a_file_that_is_cut_short_ends_the_audit)
{
    struct window w = {0};
    int fd = make_file(8 * PAGE);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(window_map(&w, fd, 8 * PAGE), SKA_OK);
    ck_assert_int_eq(ftruncate(w.fd, PAGE), 0);
    const volatile uint8_t *at = w.bytes.data;
    (void)at[7 * PAGE]; /* exits with EXIT_BUNDLE */
    ck_abort_msg("went on");
}
END_TEST

static void speak_english(void)
{
    ck_assert(words_choose("en"));
}

static Suite *suite(void)
{
    Suite *s = suite_create("audit window");
    TCase *t = tcase_create("window");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, speak_english, NULL);
    tcase_add_test(t, a_large_file_is_read_with_little_of_it_in_memory);
    tcase_add_test(t, what_is_too_long_or_no_file_is_refused);
    tcase_add_test(t, a_file_that_is_written_to_is_noticed);
    tcase_add_exit_test(t, a_file_that_is_cut_short_ends_the_audit, EXIT_BUNDLE);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
