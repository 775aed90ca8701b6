/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_client_memory.c - the officer's program without memory: each allocation of tallying, of
 * reading, writing and checking counts, and of the files of a session fails in turn, once or from
 * then on.
 *
 * It never crashes and never leaks; what comes out is right or SKA_E_MEMORY; and in the folder
 * every file is the old one or the new one, whole, with none besides.
 */
#include "tests/fault/fault.h"

#include <dirent.h>
#include <unistd.h>

#include "client/counted.h"
#include "client/counts.h"
#include "client/encoding.h"
#include "client/home.h"
#include "client/inclusion.h"
#include "client/marks.h"
#include "client/published.h"
#include "client/review.h"
#include "client/submission.h"
#include "client/tally.h"
#include "client/terms.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#include "tests/made_part.h"
#include "tests/sample_task.h"
#include "tests/unit/client/records.h"

#define FAULTS_MAX 20000
#define CELLS_MAX 64

static const char cases[] = "\xEF\xBB\xBF"
                            "Ärende;Kön;Våldsform;anmalt;antal;person;annat\r\n"
                            "1;K;\"PSY, FYS\";ja;3;Anna;x\r\n"
                            "2;M;PSY;nej;4;\"Bo \"\"B\"\" B\";y\r\n"
                            "3;pojke (ä, ö);FYS;ja;5;anna;z\r\n"
                            "4;;PSY;nej;0;Okänd;\r\n";
static const char meetings[] = "mote\n1\n2\n";

static char folder[64];
static struct home home;
static struct ska_layout *layout;
static struct ska_task *task;
static uint64_t right[CELLS_MAX];
static uint64_t altered[CELLS_MAX];
static uint64_t marked[CELLS_MAX];

/* --- what is attempted: SKA_E_MISMATCH if something came out that is not right ------------------
 */

static enum ska_status tally_all(uint64_t *out)
{
    struct tally *t = NULL;
    struct notes notes = {0};
    struct ska_error err = {0};
    SKA_SCOPED(ska_scoped_free) char *text = NULL;
    size_t len = 0;
    enum encoding encoding = ENCODING_UTF8;
    const struct ska_slice bytes = {(const uint8_t *)cases, sizeof cases - 1};
    enum ska_status status = tally_new(&t, layout);
    if (status == SKA_OK)
        status = encoding_read(&text, &len, &encoding, bytes, "cases.csv", &err);
    if (status == SKA_OK)
        status = tally_text(t, text, len, "cases.csv", SKA_NONE, &notes, &err);
    if (status == SKA_OK)
        status = tally_text(t, meetings, sizeof meetings - 1, "m.csv", KIND_MOTEN, &notes, &err);
    if (status == SKA_OK)
        status = tally_finish(out, t, &notes, &err);
    tally_free(t);
    notes_clear(&notes);
    return status;
}

static enum ska_status run_tally(void)
{
    uint64_t counts[CELLS_MAX] = {0};
    enum ska_status status = tally_all(counts);
    size_t bytes = layout->n_cells * sizeof *counts;
    return status != SKA_OK || memcmp(counts, right, bytes) == 0 ? status : SKA_E_MISMATCH;
}

static char *path_of(const char *name)
{
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static enum ska_status run_counts_write(void)
{
    struct counts counts = {layout->n_cells, altered};
    return counts_write(path_of("counts.csv"), &counts, layout, "2025Q2", NULL);
}

static enum ska_status run_counts_read(void)
{
    struct counts counts = {0};
    struct counts_origin origin = {0};
    struct ska_error err = {0};
    enum ska_status status = counts_read(&counts, &origin, path_of("kept.csv"), layout, &err);
    if (status == SKA_OK)
        status = counts_check_origin(&origin, "kept.csv", "2025Q2", layout->catalogue, &err);
    bool same = status == SKA_OK && memcmp(counts.at, right, layout->n_cells * sizeof *right) == 0;
    counts_clear(&counts);
    return status != SKA_OK || same ? status : SKA_E_MISMATCH;
}

/* Remarks may be lost for want of memory, but are counted. */
static enum ska_status run_check(void)
{
    struct counts counts = {layout->n_cells, right};
    struct counts broken = {layout->n_cells, altered};
    struct notes none = {0};
    struct notes some = {0};
    struct notes odd = {0};
    size_t n_none = review_broken(&none, layout, &counts);
    size_t n_some = review_broken(&some, layout, &broken);
    review_odd(&odd, layout, &broken, &counts);
    notes_clear(&none);
    notes_clear(&some);
    notes_clear(&odd);
    return n_none == 0 && n_some > 0 ? SKA_OK : SKA_E_MISMATCH;
}

static enum ska_status run_home(void)
{
    struct home opened = {0};
    struct ska_error err = {0};
    enum ska_status status = home_open(&opened, folder, &err);
    bool same = status == SKA_OK && strcmp(opened.code, "2303") == 0;
    home_close(&opened);
    return status != SKA_OK || same ? status : SKA_E_MISMATCH;
}

static void fill_submission(struct submission *s, enum submission_state state)
{
    static uint8_t report[500];
    memset(report, 7, sizeof report);
    *s = (struct submission){.state = state,
                             .number = 1,
                             .report = report,
                             .report_len = sizeof report,
                             .counts = {layout->n_cells, right}};
}

static enum ska_status run_submission_save(void)
{
    struct submission s;
    fill_submission(&s, SUBMISSION_SENT);
    return submission_save(&s, &home, "2025Q2", NULL);
}

static enum ska_status run_submission_latest(void)
{
    const uint8_t task_id[32] = {0};
    struct submission s = {0};
    struct ska_error err = {0};
    enum ska_status status = submission_latest(&s, &home, "2025Q2", task_id, &err);
    bool same = status == SKA_OK && s.number == 1 && s.report_len == 500 &&
                memcmp(s.counts.at, right, layout->n_cells * sizeof *right) == 0;
    submission_clear(&s);
    return status != SKA_OK || same ? status : SKA_E_MISMATCH;
}

static enum ska_status run_terms_remember(void)
{
    return terms_remember(&home, task, NULL);
}

static enum ska_status run_terms_recall(void)
{
    struct terms t = {0};
    struct ska_error err = {0};
    enum ska_status status = terms_recall(&t, &home, task->parameters.collection, &err);
    uint32_t n = status == SKA_OK && t.known ? terms_changes(NULL, &t.parameters, &task->parameters)
                                             : SKA_NONE;
    bool known = t.known;
    terms_clear(&t);
    if (status != SKA_OK)
        return status;
    return n == 0 ? SKA_OK : known && n == SKA_NONE ? SKA_E_MEMORY : SKA_E_MISMATCH;
}

static enum ska_status run_marks_remember(void)
{
    struct counts counts = {layout->n_cells, marked};
    return marks_remember(&counts, layout, &home, "2025Q2", NULL);
}

static enum ska_status run_marks_recall(void)
{
    uint64_t x[CELLS_MAX] = {0};
    struct counts counts = {layout->n_cells, x};
    struct ska_error err = {0};
    SKA_TRY(marks_recall(&counts, layout, &home, "2025Q2", &err));
    bool same = x[ska_layout_find(layout, "A3.marked")] == 1 &&
                x[ska_layout_find(layout, "A1.marked")] == 0;
    return same ? SKA_OK : SKA_E_MISMATCH;
}

static enum ska_status run_published(void)
{
    static const char table[] = "collection,group,cell,value\nlan,,A1,60\nlan,,A3,..\n";
    struct published p = {0};
    SKA_TRY(published_parse(&p, table, sizeof table - 1, "lan", layout, NULL));
    bool same = p.total[0] == 60;
    published_clear(&p);
    return same ? SKA_OK : SKA_E_MISMATCH;
}

/* A receipt, its proof from a log, the policy, and a bundle that counts it (tests/made_receipt.h).
 * Made before anything fails. */
static struct ska_receipt receipt;
static struct ska_trust receipt_trust;
static struct ska_writer proof;

static enum ska_status run_policy(void)
{
    static struct ska_tlog_policy policy;
    struct ska_policy_result result;
    uint64_t index = 0;
    SKA_TRY(inclusion_read_policy(&policy, &home, NULL, NULL));
    SKA_TRY(inclusion_verify(&result, &index, (struct ska_slice){proof.data, proof.len}, &receipt,
                             &policy, NULL));
    return index == 7 ? SKA_OK : SKA_E_MISMATCH;
}

static enum ska_status run_counted(void)
{
    enum counted counted = COUNTED_NOT;
    uint64_t number = 0;
    bool is_logged = false;
    SKA_TRY(counted_find(&counted, &number, &is_logged, path_of("bundle.tar"), &receipt,
                         &receipt_trust, NULL, NULL));
    return counted == COUNTED_THIS ? SKA_OK : SKA_E_MISMATCH;
}

static const struct {
    const char *name;
    enum ska_status (*run)(void);

} attempts[] = {
    {"tallying", run_tally},
    {"writing counts", run_counts_write},
    {"reading counts", run_counts_read},
    {"checking", run_check},
    {"opening the home folder", run_home},
    {"saving a submission", run_submission_save},
    {"finding the latest submission", run_submission_latest},
    {"remembering the terms", run_terms_remember},
    {"recalling the terms", run_terms_recall},
    {"remembering the marks", run_marks_remember},
    {"recalling the marks", run_marks_recall},
    {"reading a published table", run_published},
    {"judging a proof from the log", run_policy},
    {"looking a receipt up in a bundle", run_counted},
};

/* --- the folder --------------------------------------------------------------------------------
 */

static void make_receipt(void)
{
    char policy[2000];
    struct made_log log = {0};
    struct ska_signing_key key;
    SKA_SCOPED(ska_writer_clear) struct ska_writer bundle = {0};
    made_log_keys(&log);
    made_log_policy(policy, sizeof policy, &log);
    made_receipt(&receipt, 2);
    made_proof(&proof, &receipt, 20, 7, 3, 1800000000);
    made_bundle_logged(&bundle, 2, &(struct made_part){.witnesses = 3});
    made_party_key(&key, MADE_LEADER);
    memcpy(receipt_trust.leader, key.public_key, sizeof receipt_trust.leader);
    made_party_key(&key, MADE_HELPER);
    memcpy(receipt_trust.helper, key.public_key, sizeof receipt_trust.helper);
    ck_assert_status(file_write(path_of("policy.txt"), policy, strlen(policy), false, NULL),
                     SKA_OK);
    ck_assert_status(file_write(path_of("bundle.tar"), bundle.data, bundle.len, false, NULL),
                     SKA_OK);
}

static void make(void)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s;
    ska_group_init();
    ck_assert(language_choose("en"));
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-memory-XXXXXX");
    home = (struct home){.dir = test_mkdtemp(folder)};
    ck_assert_ptr_nonnull(home.dir);
    layout = records_layout_with_marks();
    ck_assert_uint_le(layout->n_cells, CELLS_MAX);
    ck_assert_status(tally_all(right), SKA_OK);
    memcpy(altered, right, sizeof right);
    altered[0] += 1; /* no longer the sum of its categories */
    sample_parameters_bytes(&w);
    ck_assert_status(ska_task_new(&task, (struct ska_slice){w.data, w.len}, NULL), SKA_OK);
    static const char conf[] = "code = 2303\nname = Ragunda\nleader = https://x/\n";
    ck_assert_status(file_write(path_of("skarva.conf"), conf, sizeof conf - 1, false, NULL),
                     SKA_OK);
    struct counts counts = {layout->n_cells, right};
    ck_assert_status(counts_write(path_of("counts.csv"), &counts, layout, "2025Q2", NULL), SKA_OK);
    ck_assert_status(counts_write(path_of("kept.csv"), &counts, layout, "2025Q2", NULL), SKA_OK);
    fill_submission(&s, SUBMISSION_PREPARED);
    ck_assert_status(submission_save(&s, &home, "2025Q2", NULL), SKA_OK);
    ck_assert_status(terms_remember(&home, task, NULL), SKA_OK);
    marked[ska_layout_find(layout, "A3.marked")] = 1;
    ck_assert_status(run_marks_remember(), SKA_OK);
    make_receipt();
}

static void clear(void)
{
    ska_writer_clear(&proof);
    ska_task_free(task);
    records_free(layout);
}

/* Nothing in a folder but these names; a temporary file has a dot and six letters behind its own.
 */
static void check_names(const char *below, size_t want)
{
    DIR *dir = opendir(path_of(below));
    size_t n = 0;
    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
        n += e->d_name[0] != '.' ? 1u : 0u;
    closedir(dir);
    ck_assert_msg(n == want, "%s/%s: %zu files, %zu wanted", folder, below, n, want);
}

/* Every file can be read and says the old or the new. */
static void check_folder(void)
{
    struct counts counts = {0};
    struct counts_origin origin = {0};
    check_names(".", 8);
    check_names("submissions", 1);
    check_names("terms", 1);
    check_names("marks", 1);
    ck_assert_status(counts_read(&counts, &origin, path_of("counts.csv"), layout, NULL), SKA_OK);
    size_t bytes = layout->n_cells * sizeof *right;
    ck_assert(memcmp(counts.at, right, bytes) == 0 || memcmp(counts.at, altered, bytes) == 0);
    counts_clear(&counts);
    ck_assert_status(run_submission_latest(), SKA_OK);
    ck_assert_status(run_terms_recall(), SKA_OK);
    ck_assert_status(run_marks_recall(), SKA_OK);
}

START_TEST(without_memory_nothing_is_wrong_or_half_done)
{
    const enum fault_mode mode = _i % 2 == 0 ? SKA_FAULT_ONCE : SKA_FAULT_FOREVER;
    const char *name = attempts[_i / 2].name;
    enum ska_status (*run)(void) = attempts[_i / 2].run;
    size_t n_faults = 0;
    size_t struck = 1;
    for (size_t n = 0; struck > 0; n++) {
        ck_assert_uint_lt(n, FAULTS_MAX);
        const long before = fault_live();
        fault_arm(n, mode);
        enum ska_status status = run();
        struck = fault_disarm();
        const long kept = fault_live() - before;
        n_faults += struck;
        ck_assert_msg(status == SKA_OK || (struck > 0 && status == SKA_E_MEMORY),
                      "%s, allocation %zu: %s", name, n, ska_status_name(status));
        ck_assert_msg(kept == 0, "%s, allocation %zu: %ld blocks leaked", name, n, kept);
        check_folder();
    }
    printf("%s: %zu faults\n", name, n_faults);
    ck_assert_msg(n_faults > 0, "%s: nothing failed", name);
    ck_assert_status(run(), SKA_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("client_memory");
    TCase *tc = tcase_create("client_memory");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, make, clear);
    tcase_add_loop_test(tc, without_memory_nothing_is_wrong_or_half_done, 0,
                        2 * (int)N_OF(attempts));
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
