/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_fetch.c - the publisher's fetching of a period's part of the public log: from an honest log
 * the very files of an honest bundle; from one with a fault a status, a sentence, and nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/log_cache.h"
#include "support/file.h"
#include "support/language.h"

#include "tests/tamper/make_part.h"

#include "tests/test.h"

static struct world_keys keys;
static struct world w; /* packed, with a log */
static struct ska_task *task;
static struct made_log honest;
static struct ska_accepted list;
static char folder[] = "/tmp/skarva-fetch-test-XXXXXX";

/* A file as it comes: changed, or not at all. */
struct fault {
    const char *name,
        *path; /* of the file, or what it begins with; NULL: the `at`-th that is read */
    enum ska_status want;
    const char *tells;
    enum { WHOLE, GONE, CUT, FLIPPED, LONGER, NO_NETWORK } how;
    void (*made)(struct made_log *m, struct world *w); /* the log is another one */
};

static struct {
    const struct fault *fault;
    size_t n_read, at;
} serving;

static bool is_it(const char *path)
{
    const struct fault *f = serving.fault;
    if (f->path == NULL)
        return serving.n_read == serving.at;
    return strncmp(path, f->path, strlen(f->path)) == 0;
}

static enum ska_status serve(uint8_t **data, size_t *len, void *arg, const char *path, size_t max,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *file = file_join(arg, path);
    const bool is_bad = is_it(path);
    serving.n_read++;
    if (is_bad && serving.fault->how == NO_NETWORK)
        return ska_fail(err, SKA_E_NETWORK, "no network");
    if (is_bad && serving.fault->how == GONE)
        return ska_fail(err, SKA_E_NOT_FOUND, "not there");
    SKA_TRY(file_read(data, len, file, 1u << 20, err));
    if (is_bad && serving.fault->how == CUT)
        *len -= 1;
    if (is_bad && serving.fault->how == FLIPPED)
        (*data)[strcmp(path, "checkpoint") == 0 ? 0 : *len / 2] ^= 1; /* of it the origin */
    if (is_bad && serving.fault->how == LONGER) {
        *data = realloc(*data, *len + 32);
        memset(*data + *len, 0, 32);
        *len += 32;
    }
    if (*len <= max)
        return SKA_OK;
    free(*data);
    return ska_fail(err, SKA_E_LIMIT, "too large");
}

static void keep(struct made_log *m, struct world *of)
{
    (void)of;
    made_log_clear(&honest);
    made_log_copy(&honest, m);
}

static enum ska_status fetch_from(struct log_fetched *out, const struct log_source *source,
                                  struct ska_error *err)
{
    const struct world_file *parameters = world_find(&w, "parameters");
    const struct log_wanted wanted = {
        .task = task,
        .parameters = {parameters->data, parameters->len},
        .policy = {(const uint8_t *)honest.policy, strlen(honest.policy)},
        .list = &list};
    serving.n_read = 0;
    return log_fetch(out, &wanted, source, err);
}

static enum ska_status fetch(struct log_fetched *out, struct ska_error *err)
{
    const struct log_source source = {.get = serve, .arg = folder};
    return fetch_from(out, &source, err);
}

static void write_log(const struct fault *f)
{
    static struct world other;
    other = w; /* its files are changed too */
    struct part_steps steps = {.put = keep};
    if (f != NULL && f->made != NULL)
        steps.planned = f->made;
    part_make(&other, &steps);
    strcpy(folder, "/tmp/skarva-fetch-test-XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    made_log_write(&honest, folder);
}

static void ck_is_file(const struct ska_writer *got, enum ska_bundle_log which)
{
    const struct world_file *want = world_find(&w, ska_bundle_log_names[which]);
    ck_assert_msg(got->len == want->len && memcmp(got->data, want->data, want->len) == 0, "%s",
                  want->name);
}

START_TEST(from_an_honest_log_come_an_honest_bundles_files)
{
    static const struct fault none = {.path = "none"};
    struct log_fetched f = {0};
    struct ska_error err = {0};
    serving.fault = &none;
    write_log(NULL);
    enum ska_status status = fetch(&f, &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    ck_is_file(&f.left, SKA_BUNDLE_LEFT);
    ck_is_file(&f.leaves, SKA_BUNDLE_LEAVES);
    ck_is_file(&f.records, SKA_BUNDLE_RECORDS);
    ck_assert_uint_eq(f.checkpoint_len, world_find(&w, "log/checkpoint")->len);
    ck_assert_uint_eq(f.size, honest.n);
    log_fetched_clear(&f);
}
END_TEST

/* --- faults ------------------------------------------------------------------------------------
 */

static void other_submissions(struct made_log *m, struct world *of)
{
    part_remove(m, part_find(m, of, SKA_LEAF_SUBMISSION, 1));
    part_plan(m, of);
}

static void other_list(struct made_log *m, struct world *of)
{
    (void)of;
    m->record.at[0].sha256[3] ^= 1;
}

static void not_by_the_helper(struct made_log *m, struct world *of)
{
    (void)of;
    m->close_signer[1] = &keys.stranger;
}

static void other_parameters(struct made_log *m, struct world *of)
{
    struct made_entry *e = part_find(m, of, SKA_LEAF_PARAMETERS, 0);
    e->blob[40] ^= 1;
    ska_sha256(e->leaf.entry.sha256, e->blob, e->blob_len);
    part_plan(m, of);
}

static void not_opened(struct made_log *m, struct world *of)
{
    part_remove(m, part_find(m, of, SKA_LEAF_OPEN, 0));
    part_plan(m, of);
}

static const struct fault faults[] = {
    {"no checkpoint", "checkpoint", SKA_E_BUSY, "no checkpoint that covers", GONE, NULL},
    {"checkpoint cut", "checkpoint", SKA_E_FORMAT, "checkpoint", CUT, NULL},
    {"another origin", "checkpoint", SKA_E_NOT_FOUND, "checkpoint", FLIPPED, NULL},
    {"no entries", "tile/entries", SKA_E_MISMATCH, "has no tile/entries", GONE, NULL},
    {"entries cut", "tile/entries", SKA_E_FORMAT, "cannot be read", CUT, NULL},
    {"entries longer", "tile/entries", SKA_E_FORMAT, "cannot be read", LONGER, NULL},
    {"entry flipped", "tile/entries", SKA_E_MISMATCH, "another root", FLIPPED, NULL},
    {"no hashes", "tile/0", SKA_E_MISMATCH, "has no tile/0", GONE, NULL},
    {"hashes cut", "tile/0", SKA_E_FORMAT, "wrong length", CUT, NULL},
    {"hashes longer", "tile/0", SKA_E_FORMAT, "wrong length", LONGER, NULL},
    {"no blob", "blob/", SKA_E_MISMATCH, "has no blob/", GONE, NULL},
    {"blob cut", "blob/", SKA_E_MISMATCH, "not the one that the entry names", CUT, NULL},
    {"blob flipped", "blob/", SKA_E_MISMATCH, "not the one that the entry names", FLIPPED, NULL},
    {"blob longer", "blob/", SKA_E_LIMIT, "too large", LONGER, NULL},
    {"a submission less in the log", "none", SKA_E_MISMATCH, "other submissions", WHOLE,
     other_submissions},
    {"another submission closed", "none", SKA_E_MISMATCH, "other submissions", WHOLE, other_list},
    {"close signed by one", "none", SKA_E_MISMATCH, "entry", WHOLE, not_by_the_helper},
    {"other parameters", "none", SKA_E_MISMATCH, "something else", WHOLE, other_parameters},
    {"not opened", "none", SKA_E_MISMATCH, "no place", WHOLE, not_opened},
};

START_TEST(a_fault_is_named_and_nothing_comes_of_it)
{
    const struct fault *f = &faults[_i];
    struct log_fetched got = {0};
    struct ska_error err = {0};
    serving.fault = f;
    write_log(f);
    enum ska_status status = fetch(&got, &err);
    ck_assert_msg(status == f->want, "%s: %s %s", f->name, ska_status_name(status), err.text);
    ck_assert_msg(strstr(err.text, f->tells) != NULL, "%s: %s", f->name, err.text);
    ck_assert_ptr_null(got.checkpoint);
    ck_assert_uint_eq(got.leaves.len, 0);
}
END_TEST

/* The honest log with its first `n` entries, in a folder of its own. */
static void show_first(size_t n)
{
    honest.n = n;
    made_log_checkpoint(&honest);
    strcpy(folder, "/tmp/skarva-fetch-test-XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    made_log_write(&honest, folder);
}

/* A log that is shown as it was before the collect: the publisher waits. */
START_TEST(a_checkpoint_before_the_collect_is_waited_for)
{
    static const struct fault none = {.path = "none"};
    struct log_fetched got = {0};
    struct ska_error err = {0};
    serving.fault = &none;
    write_log(NULL);
    for (size_t n = honest.n - 3; n > 0; n--) { /* two of another task, the collect */
        show_first(n);
        ck_assert_status(fetch(&got, &err), SKA_E_BUSY);
        ck_assert_ptr_null(got.checkpoint);
    }
}
END_TEST

/* Who waits asks for the checkpoint alone, until it is another one, and then for what is new. */
START_TEST(waiting_reads_the_checkpoint_alone_and_then_what_is_new)
{
    static const struct fault none = {.path = "none"};
    SKA_SCOPED(log_cache_clear)
    struct log_cache cache = {.from = {.get = serve, .arg = folder}};
    const struct log_source source = log_cache_source(&cache);
    struct log_fetched got = {0}, want = {0};
    struct ska_error err = {0};
    serving.fault = &none;
    write_log(NULL);
    const size_t whole = honest.n;
    show_first(whole - 3); /* without the collect */
    ck_assert_status(fetch_from(&got, &source, &err), SKA_E_BUSY);
    const size_t n_first = serving.n_read;
    ck_assert_uint_ge(n_first, 3); /* checkpoint, entries, blobs */
    for (int i = 0; i < 3; i++) {
        ck_assert_status(fetch_from(&got, &source, &err), SKA_E_BUSY);
        ck_assert_uint_eq(serving.n_read, 1);
    }
    show_first(whole);
    ck_assert_status(fetch_from(&got, &source, &err), SKA_OK);
    const size_t n_new = serving.n_read;
    ck_assert_status(fetch(&want, &err), SKA_OK);
    ck_assert_uint_lt(n_new, serving.n_read); /* the opening's and the close's blobs are known */
    ck_assert_uint_eq(got.leaves.len, want.leaves.len);
    ck_assert_int_eq(memcmp(got.leaves.data, want.leaves.data, want.leaves.len), 0);
    ck_assert_int_eq(memcmp(got.checkpoint, want.checkpoint, want.checkpoint_len), 0);
    log_fetched_clear(&got);
    log_fetched_clear(&want);
}
END_TEST

/* Whatever is read when the network goes: its status, and nothing of it kept. */
START_TEST(a_network_that_goes_at_any_file_is_told)
{
    static const struct fault gone = {.how = NO_NETWORK};
    struct log_fetched got = {0};
    serving.fault = &gone;
    write_log(NULL);
    for (serving.at = 0;; serving.at++) {
        struct ska_error err = {0};
        enum ska_status status = fetch(&got, &err);
        if (status == SKA_OK)
            break;
        ck_assert_status(status, SKA_E_NETWORK);
        ck_assert_ptr_null(got.checkpoint);
    }
    ck_assert_uint_ge(serving.at, 6); /* checkpoint, entries, hashes, three blobs */
    log_fetched_clear(&got);
}
END_TEST

static void begin(void)
{
    ck_assert(language_choose("en"));
    ska_group_init();
    world_keys_make(&keys);
    task = world_task(&keys, &(struct world_options){.logged = true});
    world_start(&w, &keys, task);
    world_submit_all(&w);
    world_close(&w);
    world_aggregate(&w);
    world_disclose(&w);
    world_publish(&w);
    ck_assert_status(ska_accepted_decode(&list, (struct ska_slice){w.list, w.list_len}), SKA_OK);
}

static Suite *suite(void)
{
    Suite *s = suite_create("fetch");
    TCase *t = tcase_create("fetch");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, begin, NULL);
    tcase_add_test(t, from_an_honest_log_come_an_honest_bundles_files);
    tcase_add_loop_test(t, a_fault_is_named_and_nothing_comes_of_it, 0, (int)N_OF(faults));
    tcase_add_test(t, a_checkpoint_before_the_collect_is_waited_for);
    tcase_add_test(t, waiting_reads_the_checkpoint_alone_and_then_what_is_new);
    tcase_add_test(t, a_network_that_goes_at_any_file_is_told);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
