/* SPDX-License-Identifier: EUPL-1.2 */
/* test_home.c - the officer's folder, prepared submissions in it, and the command line. */
#include "client/home.h"

#include "client/arguments.h"
#include "client/exits.h"
#include "client/submission.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#include "tests/test.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/skarva-test-XXXXXX");
    ck_assert(test_mkdtemp(folder) != NULL);
    ck_assert(language_choose("en"));
}

/* The folder holds files and one level of folders. */
static void remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    ck_assert(dir != NULL);
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char inner[400];
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlink(inner) != 0)
            remove_folder(inner);
    }
    closedir(dir);
    ck_assert_int_eq(rmdir(path), 0);
}

static void clean_folder(void)
{
    remove_folder(folder);
}

static void write_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_status(file_write(path, text, strlen(text), false, NULL), SKA_OK);
}

/* --- skarva.conf ------------------------------------------------------------------------------ */

#define BASE "code = 2303\nname = Ragunda kommun\nleader = https://x/\n"

static const struct {
    const char *name, *text;
    enum ska_status want;
    const char *message;
} configs[] = {
    {"good", BASE, SKA_OK, ""},
    {"comments, blanks, CR LF", "# us\r\n\r\n  code=2303 \r\nname =  Ragunda\r\nleader= https://x/",
     SKA_OK, ""},
    {"with a collection", BASE "collection = norrsken\n", SKA_OK, ""},
    {"when a figure dominates", BASE "dominance_share = 50\ndominance_times = 10\n", SKA_OK, ""},
    {"a share of nothing", BASE "dominance_share = 0\n", SKA_E_CONFIG,
     "line 4: dominance_share is not valid"},
    {"a share that is no number", BASE "dominance_share = 5x\n", SKA_E_CONFIG,
     "line 4: dominance_share is not valid"},
    {"too many times", BASE "dominance_times = 10000\n", SKA_E_CONFIG,
     "line 4: dominance_times is not valid"},
    {"unknown setting", BASE "colour = red\n", SKA_E_CONFIG,
     "skarva.conf, line 4: unknown setting"},
    {"part of a setting's name", BASE "cod = 1\n", SKA_E_CONFIG, "line 4: unknown setting"},
    {"no equals sign", "code 2303\n", SKA_E_CONFIG, "line 1: expected \"name = value\""},
    {"twice", BASE "code = 2305\n", SKA_E_CONFIG, "line 4: code is not valid or is there twice"},
    {"empty value", "code =\n", SKA_E_CONFIG, "line 1: code is not valid"},
    {"not a code", "code = 23 03\n", SKA_E_CONFIG, "line 1: code is not valid"},
    {"missing", "code = 2303\nname = X\n", SKA_E_CONFIG, "leader is missing"},
    {"a control character",
     "code = 2303\nname = a\x01"
     "b\n",
     SKA_E_CONFIG, "line 2: name is not valid"},
};

START_TEST(the_configuration_is_read_or_the_line_is_told)
{
    SKA_SCOPED(home_close) struct home home = {0};
    struct ska_error err = {0};
    write_file("skarva.conf", configs[_i].text);
    enum ska_status got = home_open(&home, folder, &err);
    ck_assert_msg(got == configs[_i].want, "%s: %s %s", configs[_i].name, ska_status_name(got),
                  err.text);
    ck_assert_msg(strstr(err.text, configs[_i].message) != NULL, "%s: %s", configs[_i].name,
                  err.text);
    ck_assert((home.dir != NULL) == (got == SKA_OK));
    if (got == SKA_OK)
        ck_assert_str_eq(home.code, "2303");
}
END_TEST

START_TEST(what_is_written_is_read_and_never_overwritten)
{
    SKA_SCOPED(home_close) struct home home = {.dir = strdup(folder)};
    SKA_SCOPED(home_close) struct home back = {0};
    snprintf(home.code, sizeof home.code, "2380");
    snprintf(home.name, sizeof home.name, "Östersunds kommun");
    snprintf(home.leader, sizeof home.leader, "https://x/");
    ck_assert_status(home_write(&home, NULL), SKA_OK);
    ck_assert_status(home_write(&home, NULL), SKA_E_CONFLICT);
    ck_assert_status(home_open(&back, folder, NULL), SKA_OK);
    ck_assert_str_eq(back.name, home.name);
    ck_assert_str_eq(back.collection, "");
}
END_TEST

START_TEST(the_folder_comes_from_the_option_the_environment_or_the_user)
{
    char *dir = NULL;
    ck_assert_int_eq(setenv("SKARVA_HOME", "/e", 1), 0);
    ck_assert_int_eq(setenv("HOME", "/u", 1), 0);
    ck_assert_status(home_find(&dir, "/o", NULL), SKA_OK);
    ck_assert_str_eq(dir, "/o");
    free(dir);
    ck_assert_status(home_find(&dir, NULL, NULL), SKA_OK);
    ck_assert_str_eq(dir, "/e");
    free(dir);
    ck_assert_int_eq(unsetenv("SKARVA_HOME"), 0);
    ck_assert_status(home_find(&dir, NULL, NULL), SKA_OK);
    ck_assert_str_eq(dir, "/u/.config/skarva");
    free(dir);
    ck_assert_int_eq(unsetenv("HOME"), 0);
    dir = NULL;
    ck_assert_status(home_find(&dir, NULL, NULL), SKA_E_CONFIG);
    ck_assert_ptr_null(dir);
}
END_TEST

START_TEST(the_lock_keeps_a_second_program_out)
{
    SKA_SCOPED(home_close) struct home home = {.dir = strdup(folder)};
    ck_assert_status(home_lock(&home, NULL), SKA_OK);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct home other = {.dir = folder};
        _exit(home_lock(&other, NULL) == SKA_E_BUSY ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* --- submissions ------------------------------------------------------------------------------ */

static const uint8_t task_id[32] = {0xAB, 0xCD, 0x01};

static void save(const struct home *home, uint64_t number, const char *report)
{
    uint64_t values[3] = {1, 2, number};
    struct submission s = {.state = SUBMISSION_PREPARED,
                           .number = number,
                           .report_id = {7},
                           .report_len = strlen(report),
                           .counts = {.n = 3, .at = values}};
    uint8_t bytes[64];
    memcpy(bytes, report, strlen(report));
    s.report = bytes;
    memcpy(s.task_id, task_id, sizeof task_id);
    ck_assert_status(submission_save(&s, home, "2025Q2", NULL), SKA_OK);
}

START_TEST(the_latest_submission_comes_back_whole)
{
    SKA_SCOPED(home_close) struct home home = {.dir = strdup(folder)};
    SKA_SCOPED(submission_clear) struct submission s = {0};
    ck_assert_status(submission_latest(&s, &home, "2025Q2", task_id, NULL), SKA_OK);
    ck_assert_uint_eq(s.number, 0);
    save(&home, 2, "second");
    save(&home, 10, "tenth");
    save(&home, 9, "ninth");
    write_file("submissions/2025Q2-abcd0100-11.Xy12", "left by a crash");
    write_file("submissions/2025Q2-abcd0100-012", "another's");
    write_file("submissions/2025Q2-ffffffff-99", "another task's");
    ck_assert_status(submission_latest(&s, &home, "2025Q2", task_id, NULL), SKA_OK);
    ck_assert_uint_eq(s.number, 10);
    ck_assert_uint_eq(s.report_len, 5);
    ck_assert_mem_eq(s.report, "tenth", 5);
    ck_assert_uint_eq(s.report_id[0], 7);
    ck_assert_uint_eq(s.counts.n, 3);
    ck_assert_uint_eq(s.counts.at[2], 10);
    ck_assert_int_eq(s.state, SUBMISSION_PREPARED);
    struct submission other = {0};
    ck_assert_status(submission_latest(&other, &home, "2025Q3", task_id, NULL), SKA_OK);
    ck_assert_uint_eq(other.number, 0);
}
END_TEST

START_TEST(a_damaged_submission_is_told_wherever_it_is_cut)
{
    SKA_SCOPED(home_close) struct home home = {.dir = strdup(folder)};
    char path[200];
    uint8_t *bytes = NULL;
    size_t len = 0;
    save(&home, 1, "report");
    snprintf(path, sizeof path, "%s/submissions/2025Q2-abcd0100-1", folder);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    ck_assert_status(file_read(&bytes, &len, path, 4096, NULL), SKA_OK);
    for (size_t n = 0; n <= len + 1; n++) {
        if (n == len)
            continue;
        uint8_t changed[4096] = {0};
        memcpy(changed, bytes, n < len ? n : len);
        ck_assert_status(file_write(path, changed, n, true, NULL), SKA_OK);
        struct submission s = {0};
        struct ska_error err = {0};
        ck_assert_status(submission_latest(&s, &home, "2025Q2", task_id, &err), SKA_E_FORMAT);
        ck_assert_msg(strstr(err.text, "is damaged") != NULL, "%s", err.text);
        ck_assert_ptr_null(s.report);
    }
    ck_assert_int_eq(chmod(path, 0644), 0);
    struct submission s = {0};
    ck_assert_status(submission_latest(&s, &home, "2025Q2", task_id, NULL), SKA_E_CONFIG);
    free(bytes);
}
END_TEST

/* --- the command line ------------------------------------------------------------------------- */

static const struct {
    const char *line; /* words between single spaces */
    enum ska_status want;
    const char *message;
} lines[] = {
    {"skarva", SKA_OK, ""},
    {"skarva --help", SKA_OK, ""},
    {"skarva tally -h", SKA_OK, ""},
    {"skarva tally --period 2025Q2 a.csv samrad=b.csv --zero moten --zero kontakter", SKA_OK, ""},
    {"skarva tally --period=2025Q2 -- --odd.csv", SKA_OK, ""},
    {"skarva submit --period 2025Q2 --yes --wait 5", SKA_OK, ""},
    {"skarva sum", SKA_E_USAGE, "sum is no command"},
    {"skarva tally --perod 2025Q2", SKA_E_USAGE, "--perod is no option here"},
    {"skarva tally --yes", SKA_E_USAGE, "--yes is no option here"},
    {"skarva check --period", SKA_E_USAGE, "--period lacks its value"},
    {"skarva check --period 1 --period 2", SKA_E_USAGE, "--period is given twice"},
    {"skarva submit --yes=1", SKA_E_USAGE, "--yes takes no value"},
    {"skarva check a.csv", SKA_E_USAGE, "a.csv was not expected"},
    {"skarva check --lang de", SKA_E_USAGE, "--lang is sv or en"},
};

START_TEST(the_command_line_is_understood_or_the_word_is_told)
{
    char words[200];
    char *argv[20];
    int argc = 0;
    snprintf(words, sizeof words, "%s", lines[_i].line);
    for (char *word = words; word != NULL;) {
        argv[argc++] = word;
        word = strchr(word, ' ');
        if (word != NULL)
            *word++ = '\0';
    }
    struct arguments a;
    struct ska_error err = {0};
    ck_assert_int_eq(setenv("LC_ALL", "C", 1), 0);
    enum ska_status got = arguments_parse(&a, argc, argv, &err);
    ck_assert_msg(got == lines[_i].want, "%s: %s", lines[_i].line, err.text);
    ck_assert_msg(strstr(err.text, lines[_i].message) != NULL, "%s: %s", lines[_i].line, err.text);
}
END_TEST

START_TEST(options_and_files_are_where_they_belong)
{
    char *argv[] = {(char[]){"skarva"}, (char[]){"tally"}, (char[]){"--zero"},
                    (char[]){"moten"},  (char[]){"a.csv"}, (char[]){"--period=2025Q2"},
                    (char[]){"--home"}, (char[]){"/h"},    (char[]){"b.csv"},
                    (char[]){"--lang"}, (char[]){"sv"}};
    struct arguments a;
    ck_assert_status(arguments_parse(&a, N_OF(argv), argv, NULL), SKA_OK);
    ck_assert_int_eq(a.command, COMMAND_TALLY);
    ck_assert_str_eq(a.period, "2025Q2");
    ck_assert_str_eq(a.home, "/h");
    ck_assert_uint_eq(a.files.n, 2);
    ck_assert_str_eq(a.files.at[1], "b.csv");
    ck_assert_uint_eq(a.zero.n, 1);
    ck_assert(language_is_swedish());
}
END_TEST

START_TEST(every_failure_has_its_exit_code)
{
    static const struct {
        enum ska_status status;
        enum exits_phase phase;
        enum exits want;
    } k[] = {
        {SKA_OK, EXITS_DOING_SERVER, EXITS_OK},
        {SKA_E_USAGE, EXITS_DOING_HOME, EXITS_USAGE},
        {SKA_E_RULE, EXITS_DOING_INPUT, EXITS_REJECTED},
        {SKA_E_FORMAT, EXITS_DOING_INPUT, EXITS_INPUT},
        {SKA_E_FORMAT, EXITS_DOING_HOME, EXITS_HOME},
        {SKA_E_FORMAT, EXITS_DOING_SERVER, EXITS_NETWORK},
        {SKA_E_NETWORK, EXITS_DOING_SERVER, EXITS_NETWORK},
        {SKA_E_SIGNATURE, EXITS_DOING_SERVER, EXITS_TRUST},
        {SKA_E_ROSTER, EXITS_DOING_SERVER, EXITS_TRUST},
        {SKA_E_NOT_FOUND, EXITS_DOING_SERVER, EXITS_CLOSED},
        {SKA_E_NOT_FOUND, EXITS_DOING_INPUT, EXITS_INPUT},
        {SKA_E_STATE, EXITS_DOING_SERVER, EXITS_CLOSED},
        {SKA_E_MEMORY, EXITS_DOING_INPUT, EXITS_INTERNAL},
        {SKA_E_BUG, EXITS_DOING_SERVER, EXITS_INTERNAL},
    };
    for (size_t i = 0; i < N_OF(k); i++)
        ck_assert_msg(exits_of(k[i].status, k[i].phase) == k[i].want, "%s in phase %d",
                      ska_status_name(k[i].status), (int)k[i].phase);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("home");
    TCase *tc = tcase_create("home");
    tcase_add_checked_fixture(tc, make_folder, clean_folder);
    tcase_add_loop_test(tc, the_configuration_is_read_or_the_line_is_told, 0, (int)N_OF(configs));
    tcase_add_test(tc, what_is_written_is_read_and_never_overwritten);
    tcase_add_test(tc, the_folder_comes_from_the_option_the_environment_or_the_user);
    tcase_add_test(tc, the_lock_keeps_a_second_program_out);
    tcase_add_test(tc, the_latest_submission_comes_back_whole);
    tcase_add_test(tc, a_damaged_submission_is_told_wherever_it_is_cut);
    tcase_add_loop_test(tc, the_command_line_is_understood_or_the_word_is_told, 0,
                        (int)N_OF(lines));
    tcase_add_test(tc, options_and_files_are_where_they_belong);
    tcase_add_test(tc, every_failure_has_its_exit_code);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
