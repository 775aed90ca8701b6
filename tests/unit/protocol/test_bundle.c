/* SPDX-License-Identifier: EUPL-1.2 */
/* test_bundle.c - the archive, the release, openings and suppression. */
#include "protocol/linked.h"
#include "tests/samples.h"
#include "tests/test.h"

#include <sys/wait.h>
#include <unistd.h>

static struct ska_slice slice(const struct ska_writer *w)
{
    return (struct ska_slice){w->data, w->len};
}

static enum ska_status read_names(const char *const *names, size_t n, struct ska_error *err)
{
    struct ska_writer w = {0};
    struct ska_bundle_file *files = NULL;
    size_t n_files = 0;
    for (size_t i = 0; i < n; i++)
        ska_bundle_write_file(&w, names[i], SAMPLE_SLICE("x"));
    ska_bundle_write_end(&w);
    enum ska_status status = ska_bundle_read(&files, &n_files, slice(&w), err);
    if (status == SKA_OK) {
        ck_assert_uint_eq(n_files, n);
        for (size_t i = 0; i < n; i++)
            ck_assert_str_eq(files[i].name, names[i]);
    }
    free(files);
    ska_writer_clear(&w);
    return status;
}

START_TEST(files_are_in_their_order)
{
    static const char *const all[] = {"bundle",
                                      "parameters",
                                      "accepted",
                                      "submissions/00000",
                                      "submissions/00001",
                                      "submissions/09999",
                                      "aggregates",
                                      "suppression",
                                      "certificate",
                                      "table.csv",
                                      "page.sv.html",
                                      "page.en.html",
                                      "release"};
    static const char *const swapped[] = {"parameters", "bundle"};
    static const char *const twice[] = {"bundle", "bundle"};
    static const char *const reversed[] = {"submissions/00001", "submissions/00000"};
    static const char *const late[] = {"aggregates", "submissions/00000"};
    static const char *const unknown[] = {"bundle", "notes"};
    static const char *const short_number[] = {"submissions/0001"};
    static const char *const beyond[] = {"submissions/10000"};
    static const char *const letters[] = {"submissions/0000a"};
    struct ska_error err = {0};
    ck_assert_status(read_names(all, N_OF(all), NULL), SKA_OK);
    ck_assert_status(read_names(all, 0, NULL), SKA_OK);
    ck_assert_status(read_names(swapped, 2, &err), SKA_E_FORMAT);
    ck_assert_ptr_nonnull(strstr(err.text, "1024"));
    ck_assert_status(read_names(twice, 2, NULL), SKA_E_FORMAT);
    ck_assert_status(read_names(reversed, 2, NULL), SKA_E_FORMAT);
    ck_assert_status(read_names(late, 2, NULL), SKA_E_FORMAT);
    ck_assert_status(read_names(unknown, 2, NULL), SKA_E_FORMAT);
    ck_assert_status(read_names(short_number, 1, NULL), SKA_E_FORMAT);
    ck_assert_status(read_names(beyond, 1, NULL), SKA_E_FORMAT);
    ck_assert_status(read_names(letters, 1, NULL), SKA_E_FORMAT);
}
END_TEST

START_TEST(submissions_are_named_by_contributor)
{
    ck_assert_uint_eq(ska_bundle_submission("submissions/00000"), 0);
    ck_assert_uint_eq(ska_bundle_submission("submissions/00290"), 290);
    ck_assert_uint_eq(ska_bundle_submission("submissions/09999"), 9999);
    ck_assert_uint_eq(ska_bundle_submission("submissions/10000"), SKA_NONE);
    ck_assert_uint_eq(ska_bundle_submission("submissions/0000 "), SKA_NONE);
    ck_assert_uint_eq(ska_bundle_submission("submissions/000000"), SKA_NONE);
    ck_assert_uint_eq(ska_bundle_submission("submissions"), SKA_NONE);
    ck_assert_uint_eq(ska_bundle_submission(""), SKA_NONE);
}
END_TEST

START_TEST(every_byte_of_a_header_counts)
{
    struct ska_writer w = {0};
    ska_bundle_write_file(&w, "bundle", SAMPLE_SLICE("skarva bundle 1\n"));
    ska_bundle_write_end(&w);
    for (size_t i = 0; i < w.len; i++) {
        struct ska_bundle_file *files = NULL;
        size_t n = 0;
        w.data[i] ^= 1;
        enum ska_status got = ska_bundle_read(&files, &n, slice(&w), NULL);
        bool is_content = i >= 512 && i < 528;
        ck_assert_msg((got == SKA_OK) == is_content, "byte %zu: got %s", i, ska_status_name(got));
        free(files);
        w.data[i] ^= 1;
    }
    ska_writer_clear(&w);
}
END_TEST

/* Lengths around a block: content, padding and end are where they should be. */
START_TEST(a_file_of_any_length_comes_back)
{
    static const size_t lens[] = {0, 1, 511, 512, 513, 1024, 100000};
    size_t len = lens[_i];
    uint8_t *data = malloc(len + 1);
    ck_assert_ptr_nonnull(data);
    memset(data, 'd', len + 1);
    struct ska_writer w = {0};
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    ska_bundle_write_file(&w, "accepted", (struct ska_slice){data, len});
    ska_bundle_write_end(&w);
    ck_assert_uint_eq(w.len, 512 + (len + 511) / 512 * 512 + 1024);
    ck_assert_status(ska_bundle_read(&files, &n, slice(&w), NULL), SKA_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(files[0].data.len, len);
    ck_assert(len == 0 || memcmp(files[0].data.data, data, len) == 0);
    free(files);
    free(data);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_size_beyond_the_archive_is_refused)
{
    struct ska_writer w = {0};
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    static const uint8_t data[1025] = {0};
    ska_bundle_write_file(&w, "bundle", (struct ska_slice){data, sizeof data});
    w.len = 512 + 1024; /* its header says one byte more */
    ck_assert_status(ska_bundle_read(&files, &n, slice(&w), NULL), SKA_E_TRUNCATED);
    ck_assert_ptr_null(files);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_name_over_the_limit_is_not_written)
{
    char name[SKA_BUNDLE_NAME_MAX + 2] = {0};
    struct ska_writer w = {0};
    memset(name, 'n', SKA_BUNDLE_NAME_MAX);
    ska_bundle_write_file(&w, name, SAMPLE_SLICE("x"));
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    name[SKA_BUNDLE_NAME_MAX] = 'n';
    ska_bundle_write_file(&w, name, SAMPLE_SLICE("x"));
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ska_writer_clear(&w);
}
END_TEST

/* --- the system's tar --- */

/* Run a program without a shell; its standard output goes to `out` (NULL: nowhere). -1 if it cannot
 * be run. */
static int run(const char *const *arguments, const char *directory, char *out, size_t size)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)close(ends[0]);
        if (chdir(directory) != 0 || dup2(ends[1], STDOUT_FILENO) < 0)
            _exit(126);
        char *const *argv;
        memcpy(&argv, &arguments, sizeof argv); /* execvp does not change them */
        (void)execvp(argv[0], argv);
        _exit(127);
    }
    (void)close(ends[1]);
    size_t len = 0;
    char scrap[256];
    for (;;) {
        bool keep = out != NULL && len + 1 < size;
        ssize_t n = read(ends[0], keep ? out + len : scrap, keep ? size - 1 - len : sizeof scrap);
        if (n <= 0)
            break;
        len += keep ? (size_t)n : 0;
    }
    (void)close(ends[0]);
    if (out != NULL)
        out[len] = '\0';
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) < 126 ? WEXITSTATUS(status) : -1;
}

static void write_file(const char *directory, const char *name, struct ska_slice data)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data.data, 1, data.len, f), data.len);
    ck_assert_int_eq(fclose(f), 0);
}

static size_t read_back(uint8_t *out, size_t size, const char *directory, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s is missing", path);
    size_t len = fread(out, 1, size, f);
    ck_assert_int_eq(fclose(f), 0);
    return len;
}

START_TEST(the_systems_tar_reads_it_and_writes_the_same)
{
    static const char *const version[] = {"tar", "--version", NULL};
    static const char *const list[] = {"tar", "tf", "ours.tar", NULL};
    static const char *const unpack[] = {"tar", "xf", "ours.tar", NULL};
    static const char *const pack[] = {"tar",         "--format=ustar",    "--owner=0",
                                       "--group=0",   "--numeric-owner",   "--mtime=@0",
                                       "--mode=0644", "--blocking-factor", "1",
                                       "-cf",         "theirs.tar",        "bundle",
                                       "parameters",  "submissions/00000", "submissions/09999",
                                       "table.csv",   "release",           NULL};
    char directory[] = "/tmp/skarva-test-XXXXXX";
    char text[512];
    ck_assert_ptr_nonnull(test_mkdtemp(directory));
    struct ska_writer w = {0};
    sample_bundle(&w);
    write_file(directory, "ours.tar", slice(&w));
    bool is_gnu =
        run(version, directory, text, sizeof text) == 0 && strstr(text, "GNU tar") != NULL;
    ck_assert_int_eq(run(list, directory, text, sizeof text), 0);
    ck_assert_str_eq(text, "bundle\nparameters\nsubmissions/00000\nsubmissions/09999\n"
                           "table.csv\nrelease\n");
    ck_assert_int_eq(run(unpack, directory, NULL, 0), 0);
    uint8_t back[65536];
    ck_assert_uint_eq(read_back(back, sizeof back, directory, "table.csv"), 12);
    ck_assert_mem_eq(back, "period,cell\n", 12);
    if (is_gnu) {
        ck_assert_int_eq(run(pack, directory, NULL, 0), 0);
        ck_assert_uint_eq(read_back(back, sizeof back, directory, "theirs.tar"), w.len);
        ck_assert_mem_eq(back, w.data, w.len);
    }
    const char *const clean[] = {"rm", "-rf", directory, NULL};
    ck_assert_int_eq(run(clean, "/", NULL, 0), 0);
    ska_writer_clear(&w);
}
END_TEST

/* --- openings --- */

static enum ska_status decode_openings(struct ska_opening *at, uint32_t n)
{
    const struct ska_openings o = {.n = n, .at = at};
    struct ska_openings back = {0};
    struct ska_writer w = {0};
    ska_openings_encode(&w, &o);
    enum ska_status status = ska_openings_decode(&back, slice(&w));
    ck_assert(status == SKA_OK || back.at == NULL);
    ska_openings_clear(&back);
    ska_writer_clear(&w);
    return status;
}

START_TEST(openings_are_in_strict_order_within_their_limits)
{
    static const uint8_t path[65][32] = {{1}};
    struct ska_opening none = {.figure = 0};
    struct ska_opening good[] = {{.figure = 1}, {.figure = SKA_FIGURES_MAX - 1}};
    struct ska_opening twice[] = {{.figure = 1}, {.figure = 1}};
    struct ska_opening beyond[] = {{.figure = SKA_FIGURES_MAX}};
    struct ska_opening longest[] = {{.figure = 1, .by = {{{0}, 64, path}, {{0}, 0, NULL}}}};
    struct ska_opening too_long[] = {{.figure = 1, .by = {{{0}, 0, NULL}, {{0}, 65, path}}}};
    ck_assert_status(decode_openings(&none, 0), SKA_OK);
    ck_assert_status(decode_openings(good, 2), SKA_OK);
    ck_assert_status(decode_openings(twice, 2), SKA_E_ENCODING);
    ck_assert_status(decode_openings(beyond, 1), SKA_E_RANGE);
    ck_assert_status(decode_openings(longest, 1), SKA_OK);
    ck_assert_status(decode_openings(too_long, 1), SKA_E_LIMIT);
    uint8_t wire[1 + 2 * 96 + 4] = {1};
    struct ska_openings o = {0};
    wire[194] = 0x04; /* 266241 = 0x041001 */
    wire[195] = 0x10;
    wire[196] = 0x01;
    ck_assert_status(ska_openings_decode(&o, (struct ska_slice){wire, sizeof wire}), SKA_E_LIMIT);
    wire[196] = 0x00;
    ck_assert_status(ska_openings_decode(&o, (struct ska_slice){wire, sizeof wire}),
                     SKA_E_TRUNCATED);
    wire[0] = 2;
    ck_assert_status(ska_openings_decode(&o, (struct ska_slice){wire, sizeof wire}), SKA_E_VERSION);
}
END_TEST

START_TEST(openings_come_back_with_their_paths)
{
    struct ska_writer w = {0};
    struct ska_openings o = {0};
    sample_openings(&w);
    ck_assert_uint_eq(w.len, 1 + 2 * 96 + 4 + 2 * (4 + 2 * 65) + (3 + 3 + 2) * 32);
    ck_assert_status(ska_openings_decode(&o, slice(&w)), SKA_OK);
    ck_assert_uint_eq(o.n, 2);
    ck_assert_uint_eq(o.at[0].figure, 0);
    ck_assert_uint_eq(o.at[0].by[1].xr[0], 5);
    ck_assert_uint_eq(o.at[0].by[1].path_len, 3);
    ck_assert_uint_eq(o.at[0].by[1].path[2][0], 3);
    ck_assert_uint_eq(o.at[1].figure, 9);
    ck_assert_uint_eq(o.at[1].by[0].path[1][0], 2);
    ck_assert_uint_eq(o.at[1].by[1].path_len, 0);
    ska_openings_clear(&o);
    ska_openings_clear(&o);
    ska_writer_clear(&w);
}
END_TEST

/* --- suppression --- */

static enum ska_status decode_hidden(struct ska_hidden_cell *at, uint32_t n, size_t proof_len)
{
    static const uint8_t proof[SKA_SUPPRESSION_PROOF_MAX + 1] = {0};
    const struct ska_suppression s = {.n = n, .at = at, .proof = {proof, proof_len}};
    struct ska_suppression back = {0};
    struct ska_writer w = {0};
    ska_suppression_encode(&w, &s);
    enum ska_status status = ska_suppression_decode(&back, slice(&w));
    ck_assert(status == SKA_OK || back.at == NULL);
    ska_suppression_clear(&back);
    ska_writer_clear(&w);
    return status;
}

START_TEST(a_pattern_has_a_proof_exactly_if_a_reason_needs_one)
{
    struct ska_hidden_cell none = {0, SKA_HIDDEN_SMALL};
    struct ska_hidden_cell small[] = {{0, SKA_HIDDEN_SMALL}};
    struct ska_hidden_cell few[] = {{1, SKA_HIDDEN_DEPENDENT}, {2, SKA_HIDDEN_FEW}};
    struct ska_hidden_cell others[] = {{1, SKA_HIDDEN_DEPENDENT},
                                       {SKA_CELLS_MAX - 1, SKA_HIDDEN_COMPLEMENT}};
    ck_assert_status(decode_hidden(&none, 0, 0), SKA_OK);
    ck_assert_status(decode_hidden(&none, 0, 1), SKA_E_FORMAT);
    ck_assert_status(decode_hidden(small, 1, 1), SKA_OK);
    ck_assert_status(decode_hidden(small, 1, 0), SKA_E_FORMAT);
    ck_assert_status(decode_hidden(few, 2, 1), SKA_OK);
    ck_assert_status(decode_hidden(few, 2, 0), SKA_E_FORMAT);
    ck_assert_status(decode_hidden(others, 2, 0), SKA_OK);
    ck_assert_status(decode_hidden(others, 2, 1), SKA_E_FORMAT);
}
END_TEST

START_TEST(a_pattern_is_in_strict_order_within_its_limits)
{
    struct ska_hidden_cell twice[] = {{1, SKA_HIDDEN_SMALL}, {1, SKA_HIDDEN_COMPLEMENT}};
    struct ska_hidden_cell swapped[] = {{2, SKA_HIDDEN_SMALL}, {1, SKA_HIDDEN_COMPLEMENT}};
    struct ska_hidden_cell beyond[] = {{SKA_LINKED_MAX, SKA_HIDDEN_COMPLEMENT}};
    struct ska_hidden_cell reason_0[] = {{1, (enum ska_hidden_reason)0}};
    struct ska_hidden_cell reason_10[] = {{1, (enum ska_hidden_reason)10}};
    struct ska_hidden_cell small[] = {{1, SKA_HIDDEN_SMALL}};
    ck_assert_status(decode_hidden(twice, 2, 1), SKA_E_ENCODING);
    ck_assert_status(decode_hidden(swapped, 2, 1), SKA_E_ENCODING);
    ck_assert_status(decode_hidden(beyond, 1, 0), SKA_E_RANGE);
    ck_assert_status(decode_hidden(reason_0, 1, 0), SKA_E_RANGE);
    ck_assert_status(decode_hidden(reason_10, 1, 0), SKA_E_RANGE);
    ck_assert_status(decode_hidden(small, 1, SKA_SUPPRESSION_PROOF_MAX), SKA_OK);
    ck_assert_status(decode_hidden(small, 1, SKA_SUPPRESSION_PROOF_MAX + 1), SKA_E_LIMIT);
    struct ska_suppression s = {0};
    static const uint8_t too_many[] = {1, 0, 0x10, 0, 0x01};
    static const uint8_t most[] = {1, 0, 0x10, 0, 0x00};
    static const uint8_t version[] = {2};
    ck_assert_status(ska_suppression_decode(&s, (struct ska_slice){too_many, 5}), SKA_E_LIMIT);
    ck_assert_status(ska_suppression_decode(&s, (struct ska_slice){most, 5}), SKA_E_TRUNCATED);
    ck_assert_status(ska_suppression_decode(&s, (struct ska_slice){version, 1}), SKA_E_VERSION);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle");
    TCase *tcase = tcase_create("bundle");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, files_are_in_their_order);
    tcase_add_test(tcase, submissions_are_named_by_contributor);
    tcase_add_test(tcase, every_byte_of_a_header_counts);
    tcase_add_loop_test(tcase, a_file_of_any_length_comes_back, 0, 7);
    tcase_add_test(tcase, a_size_beyond_the_archive_is_refused);
    tcase_add_test(tcase, a_name_over_the_limit_is_not_written);
    tcase_add_test(tcase, the_systems_tar_reads_it_and_writes_the_same);
    tcase_add_test(tcase, openings_are_in_strict_order_within_their_limits);
    tcase_add_test(tcase, openings_come_back_with_their_paths);
    tcase_add_test(tcase, a_pattern_has_a_proof_exactly_if_a_reason_needs_one);
    tcase_add_test(tcase, a_pattern_is_in_strict_order_within_its_limits);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
