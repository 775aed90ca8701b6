/* SPDX-License-Identifier: EUPL-1.2 */
/* test_file.c - whole files, key files and the trust file. */
#define _GNU_SOURCE /* mkdtemp, syscall */
#include "support/file.h"

#include "crypto/scoped.h"
#include "support/keyfile.h"

#include "tests/test.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Stand before the C library's: with `room` bytes left on the disk, and with a cause why what was
 * written cannot be brought to it. */
static ssize_t room = SSIZE_MAX;
static int sync_cause; /* 0: fsync works */
static bool dies_syncing;

ssize_t write(int fd, const void *data, size_t len)
{
    if (room == SSIZE_MAX)
        return syscall(SYS_write, fd, data, len);
    if (room == 0) {
        errno = ENOSPC;
        return -1;
    }
    ssize_t n = syscall(SYS_write, fd, data, len < (size_t)room ? len : (size_t)room);
    room -= n > 0 ? n : 0;
    return n;
}

int fsync(int fd)
{
    if (dies_syncing)
        _exit(0);
    if (sync_cause == 0)
        return (int)syscall(SYS_fsync, fd);
    errno = sync_cause;
    return -1;
}

static char folder[] = "/tmp/skarva-test-XXXXXX";

static void make_folder(void)
{
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
}

static void remove_folder(void)
{
    static const char *const names[] = {"a", "key", "trust", "x/y/z", "x/y", "x"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = file_join(folder, names[i]);
        (void)remove(path);
        free(path);
    }
    ck_assert_int_eq(rmdir(folder), 0);
    memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
}

static char *place(const char *name)
{
    char *path = file_join(folder, name);
    ck_assert_ptr_nonnull(path);
    return path;
}

START_TEST(a_written_file_reads_back_and_ends_in_nul)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("a");
    ck_assert_int_eq(file_write(path, "hej\n", 4, false, NULL), SKA_OK);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_int_eq(file_read(&data, &len, path, 4, NULL), SKA_OK);
    ck_assert_uint_eq(len, 4);
    ck_assert_mem_eq(data, "hej\n", 5);
    free(data);
}
END_TEST

START_TEST(a_file_over_the_limit_is_refused_by_name)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("a");
    ck_assert_int_eq(file_write(path, "hej\n", 4, false, NULL), SKA_OK);
    uint8_t *data = NULL;
    size_t len = 77;
    struct ska_error err = {0};
    ck_assert_int_eq(file_read(&data, &len, path, 3, &err), SKA_E_LIMIT);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(len, 77);
    ck_assert_ptr_nonnull(strstr(err.text, path));
}
END_TEST

START_TEST(a_missing_file_and_a_folder_are_told_apart)
{
    uint8_t *data = NULL;
    size_t len = 0;
    SKA_SCOPED(ska_scoped_free) char *path = place("none");
    ck_assert_int_eq(file_read(&data, &len, path, 10, NULL), SKA_E_NOT_FOUND);
    ck_assert_int_eq(file_read(&data, &len, folder, 1u << 20, NULL), SKA_E_FILE);
}
END_TEST

START_TEST(a_secret_is_written_private_and_refused_when_others_can_read_it)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("key");
    ck_assert_int_eq(file_write(path, "x", 1, true, NULL), SKA_OK);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_int_eq(file_read_secret(&data, &len, path, 10, NULL), SKA_OK);
    free(data);
    data = NULL;
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_assert_int_eq(file_read_secret(&data, &len, path, 10, NULL), SKA_E_CONFIG);
    ck_assert_ptr_null(data);
}
END_TEST

static size_t n_entries(void)
{
    DIR *dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    size_t n = 0;
    while (readdir(dir) != NULL)
        n++;
    ck_assert_int_eq(closedir(dir), 0);
    return n - 2; /* . and .. */
}

static const struct {
    const char *name;
    ssize_t room;
    int sync_cause;
    enum ska_status want;
} disks[] = {
    {"full", 0, 0, SKA_E_FULL},
    {"full after three bytes", 3, 0, SKA_E_FULL},
    {"full when synced", SSIZE_MAX, ENOSPC, SKA_E_FULL},
    {"over the user's share when synced", SSIZE_MAX, EDQUOT, SKA_E_FULL},
    {"broken when synced", SSIZE_MAX, EIO, SKA_E_FILE},
};

START_TEST(what_finds_no_room_leaves_the_old_file_and_nothing_else)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("a");
    ck_assert_int_eq(file_write(path, "old", 3, false, NULL), SKA_OK);
    struct ska_error err = {0};
    room = disks[_i].room;
    sync_cause = disks[_i].sync_cause;
    enum ska_status got = file_write(path, "newer", 5, false, &err);
    room = SSIZE_MAX;
    sync_cause = 0;
    ck_assert_msg(got == disks[_i].want, "%s: got %s", disks[_i].name, ska_status_name(got));
    ck_assert_ptr_nonnull(strstr(err.text, path));
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_int_eq(file_read(&data, &len, path, 10, NULL), SKA_OK);
    ck_assert_uint_eq(len, 3);
    ck_assert_mem_eq(data, "old", 3);
    free(data);
    ck_assert_uint_eq(n_entries(), 1);
    ck_assert_int_eq(file_write(path, "newer", 5, false, NULL), SKA_OK); /* there is room again */
}
END_TEST

/* A web server that gives out what lies in the folder does not give out what begins with a dot. */
START_TEST(what_a_killed_process_leaves_is_hidden)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("a");
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        dies_syncing = true;
        ck_assert_int_eq(file_write(path, "newer", 5, false, NULL), SKA_OK);
        _exit(1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    DIR *dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    size_t n = 0;
    for (struct dirent *at; (at = readdir(dir)) != NULL;) {
        if (strcmp(at->d_name, ".") == 0 || strcmp(at->d_name, "..") == 0)
            continue;
        ck_assert_int_eq(at->d_name[0], '.');
        n++;
        SKA_SCOPED(ska_scoped_free) char *left = place(at->d_name);
        ck_assert_int_eq(unlink(left), 0);
    }
    closedir(dir);
    ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(a_pipe_is_written_to_and_not_replaced)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("a");
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    int fd =
        open(path, O_RDWR | O_CLOEXEC); /* a reader, so that opening it to write waits for nobody */
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_write(path, "told", 4, false, NULL), SKA_OK);
    struct ska_error err = {0};
    ck_assert_int_eq(file_write(path, "secret", 6, true, &err), SKA_E_FILE);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    char got[16];
    ck_assert_int_eq(read(fd, got, sizeof got), 4);
    ck_assert_mem_eq(got, "told", 4);
    struct stat st;
    ck_assert_int_eq(lstat(path, &st), 0);
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert_uint_eq(n_entries(), 1);
    (void)close(fd);
}
END_TEST

START_TEST(folders_are_made_with_their_parents)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("x/y/z");
    ck_assert_int_eq(file_make_folder(path, true, NULL), SKA_OK);
    ck_assert_int_eq(file_make_folder(path, true, NULL), SKA_OK);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0700);
}
END_TEST

START_TEST(a_signing_key_survives_its_file_and_no_other_kind_is_taken)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("key");
    struct ska_signing_key key = {0};
    struct ska_signing_key back = {0};
    struct ska_hpke_key wrong = {0};
    ck_assert_int_eq(ska_signing_key_generate(&key), SKA_OK);
    ck_assert_int_eq(keyfile_write_signing(path, &key, NULL), SKA_OK);
    ck_assert_int_eq(keyfile_read_signing(&back, path, NULL), SKA_OK);
    ck_assert_mem_eq(&back, &key, sizeof key);
    ck_assert_int_eq(keyfile_read_hpke(&wrong, path, NULL), SKA_E_FORMAT);
}
END_TEST

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_C "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct {
    const char *name;
    const char *text;
    enum ska_status want;
    const char *says;
} trusts[] = {
    {"whole",
     "# roots\npublisher " KEY_A "\nleader " KEY_B "\r\n\nsecond " KEY_C "\nhelper " KEY_A "\n",
     SKA_OK, ""},
    {"no final newline", "publisher " KEY_A "\nsecond " KEY_C "\nleader " KEY_B "\nhelper " KEY_A,
     SKA_OK, ""},
    {"one missing", "publisher " KEY_A "\nsecond " KEY_C "\nleader " KEY_B "\n", SKA_E_FORMAT,
     "helper"},
    {"the second signer missing", "publisher " KEY_A "\nleader " KEY_B "\nhelper " KEY_C "\n",
     SKA_E_FORMAT, "second signer"},
    {"one twice", "leader " KEY_A "\nleader " KEY_B "\n", SKA_E_CONFLICT, "line 2"},
    {"unknown role", "publisher " KEY_A "\nwitness " KEY_B "\n", SKA_E_FORMAT, "line 2"},
    {"short key", "publisher AAAA\n", SKA_E_FORMAT, "line 1"},
    {"empty", "", SKA_E_FORMAT, "publisher"},
};

START_TEST(trust_files_are_read_or_name_the_line)
{
    SKA_SCOPED(ska_scoped_free) char *path = place("trust");
    const char *text = trusts[_i].text;
    ck_assert_int_eq(file_write(path, text, strlen(text), false, NULL), SKA_OK);
    struct ska_trust trust = {{9}, {9}, {9}, {9}};
    struct ska_error err = {0};
    enum ska_status got = ska_trust_read(&trust, path, &err);
    ck_assert_msg(got == trusts[_i].want, "%s: got %s", trusts[_i].name, ska_status_name(got));
    ck_assert_ptr_nonnull(strstr(err.text, trusts[_i].says));
    ck_assert_int_eq(trust.leader[0], got == SKA_OK ? 1 : 9);
    ck_assert_int_eq(trust.second[0], got == SKA_OK ? 2 : 9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *tcase = tcase_create("file");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, a_written_file_reads_back_and_ends_in_nul);
    tcase_add_test(tcase, a_file_over_the_limit_is_refused_by_name);
    tcase_add_test(tcase, a_missing_file_and_a_folder_are_told_apart);
    tcase_add_test(tcase, a_secret_is_written_private_and_refused_when_others_can_read_it);
    tcase_add_loop_test(tcase, what_finds_no_room_leaves_the_old_file_and_nothing_else, 0,
                        (int)(sizeof disks / sizeof disks[0]));
    tcase_add_test(tcase, what_a_killed_process_leaves_is_hidden);
    tcase_add_test(tcase, a_pipe_is_written_to_and_not_replaced);
    tcase_add_test(tcase, folders_are_made_with_their_parents);
    tcase_add_test(tcase, a_signing_key_survives_its_file_and_no_other_kind_is_taken);
    tcase_add_loop_test(tcase, trust_files_are_read_or_name_the_line, 0,
                        (int)(sizeof trusts / sizeof trusts[0]));
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
