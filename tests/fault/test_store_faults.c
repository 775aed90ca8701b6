/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_store_faults.c - the n-th write, sync, truncation or deletion of the database fails, or is
 * cut off by a loss of power, for n = 0, 1, ...: what was committed is there afterwards, once; what
 * was not is there as a whole or not at all; and the file is sound.
 */
#include "server/store/store.h"
#include "tests/fault/lossy.h"
#include "tests/test.h"

#include <errno.h>
#include <sys/wait.h>

#define N_REPORTS 4u
#define BLOB_BYTES 9000u /* several pages */

static char folder[64];
static char path[80];
static const uint8_t key[32] = {7};
static uint8_t blob[BLOB_BYTES];

/* How far a report has come, as the caller was told. */
enum told { NOTHING, STORED, SENT, ACCEPTED, DELETED };

struct story {
    bool opened, has_task;
    enum told told[N_REPORTS];
    size_t n_failed;
};

static void (*tell)(const struct story *s); /* after every success; NULL: nobody */

static void make_folder(void)
{
    strcpy(folder, "/tmp/skarva-faults-XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/db", folder);
}

static void remove_folder(void)
{
    static const char *const ends[] = {"", "-wal", "-journal"};
    for (size_t i = 0; i < N_OF(ends); i++) {
        char name[100];
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left */
}

static struct ska_slice some(void)
{
    return (struct ska_slice){blob, sizeof blob};
}

/* One state change: run in a transaction; whether the caller may rely on it. */
static bool change(struct story *s, struct store *store,
                   enum ska_status (*work)(struct store *store, void *arg), void *arg)
{
    enum ska_status status = store_begin(store);
    if (status == SKA_OK)
        status = store_end(store, work(store, arg));
    if (status != SKA_OK) {
        ck_assert_msg(status == SKA_E_STORE || status == SKA_E_FULL || status == SKA_E_STATE ||
                          status == SKA_E_REPLAY || status == SKA_E_NOT_FOUND ||
                          status == SKA_E_CONFLICT,
                      "got %s", ska_status_name(status));
        s->n_failed++;
    }
    return status == SKA_OK;
}

static enum ska_status add_task(struct store *store, void *arg)
{
    struct store_task t = {
        .task_id = {1}, .collection = "c", .period = "2025Q2", .state = SKA_TASK_OPEN};
    return store_task_add(arg, store, &t, some());
}

struct step {
    int64_t task;
    uint32_t i;
};

static void report_id(uint8_t out[static 16], uint32_t i)
{
    memset(out, 0, 16);
    out[0] = (uint8_t)(i + 1);
}

static enum ska_status add_report(struct store *store, void *arg)
{
    const struct step *step = arg;
    struct store_report r = {.task = step->task,
                             .contributor = step->i,
                             .number = 1,
                             .state = STORE_REPORT_STORED,
                             .length = 1};
    report_id(r.report_id, step->i);
    int64_t id = 0;
    return store_report_add(&id, store, &r, some());
}

static enum ska_status find(struct store_report *r, struct store *store, const struct step *step)
{
    uint8_t id[16];
    report_id(id, step->i);
    return store_report_find(r, store, step->task, id);
}

static enum ska_status send_report(struct store *store, void *arg)
{
    struct store_report r;
    int64_t job = 0;
    SKA_TRY(find(&r, store, arg));
    SKA_TRY(store_job_add(&job, store, r.task, some()));
    return store_report_send(store, r.id, job, 0);
}

static enum ska_status accept_report(struct store *store, void *arg)
{
    struct store_report r;
    int64_t jobs[64];
    int64_t row = 0;
    size_t n = 0;
    size_t n_rows = 0;
    const uint8_t signature[64] = {1};
    SKA_TRY(find(&r, store, arg));
    SKA_TRY(store_job_open(jobs, &n, store, 64, 0));
    for (size_t i = 0; i < n; i++) {
        SKA_TRY(store_job_reports(&row, &n_rows, store, 1, jobs[i]));
        if (n_rows == 0 || row != r.id)
            continue;
        SKA_TRY(store_report_accept(store, r.id, signature, signature, some(), some()));
        return store_job_delete(store, jobs[i]);
    }
    return SKA_E_NOT_FOUND;
}

static enum ska_status delete_outputs(struct store *store, void *arg)
{
    const struct step *step = arg;
    return store_output_delete(store, step->task);
}

static void did(struct story *s, uint32_t i, enum told what)
{
    s->told[i] = what;
    if (tell != NULL)
        tell(s);
}

/* The life of a task; goes on after failures, as a server does. */
static void live(struct story *s)
{
    struct store *store = NULL;
    struct ska_error err = {0};
    struct step step = {0};
    if (store_open(&store, path, SKA_ROLE_LEADER, key, &err) != SKA_OK) {
        ck_assert_uint_gt(strlen(err.text), 0);
        s->n_failed++;
        return;
    }
    s->opened = true;
    s->has_task = change(s, store, add_task, &step.task);
    for (step.i = 0; step.i < N_REPORTS && s->has_task; step.i++) {
        if (change(s, store, add_report, &step))
            did(s, step.i, STORED);
        if (step.i % 2 == 0 && change(s, store, send_report, &step)) {
            did(s, step.i, SENT);
            if (change(s, store, accept_report, &step))
                did(s, step.i, ACCEPTED);
        }
        if (step.i == N_REPORTS / 2 && store_checkpoint(store) != SKA_OK)
            s->n_failed++;
    }
    if (s->has_task && change(s, store, delete_outputs, &step)) {
        for (uint32_t i = 0; i < N_REPORTS; i++)
            if (s->told[i] == ACCEPTED)
                did(s, i, DELETED);
        if (store_checkpoint(store) != SKA_OK)
            s->n_failed++;
    }
    store_close(store);
}

/* --- afterwards, on a sound file system --- */

static bool has_blob(enum ska_status (*get)(uint8_t **, size_t *, struct store *, int64_t),
                     struct store *store, int64_t id)
{
    uint8_t *data = NULL;
    size_t len = 0;
    enum ska_status status = get(&data, &len, store, id);
    ck_assert(status == SKA_OK || status == SKA_E_NOT_FOUND);
    if (status == SKA_OK) {
        ck_assert_uint_eq(len, sizeof blob);
        ck_assert_mem_eq(data, blob, len);
    }
    free(data);
    return status == SKA_OK;
}

static void check_report(struct store *store, const struct step *step, enum told told,
                         const char *where)
{
    struct store_report r;
    enum ska_status status = find(&r, store, step);
    if (status == SKA_E_NOT_FOUND) {
        ck_assert_msg(told == NOTHING, "%s: report %u was told %d and is lost", where, step->i,
                      (int)told);
        return;
    }
    ck_assert_status(status, SKA_OK);
    int reached = r.state == STORE_REPORT_STORED ? STORED
                  : r.state == STORE_REPORT_SENT ? SENT
                                                 : ACCEPTED;
    ck_assert_msg(reached >= (told == DELETED ? ACCEPTED : (int)told), "%s: report %u fell back",
                  where, step->i);
    /* Each state comes with exactly what belongs to it. */
    bool pending = r.state != STORE_REPORT_ACCEPTED;
    ck_assert(has_blob(store_report_encoded, store, r.id) == pending);
    ck_assert(has_blob(store_public_share_get, store, r.id) == !pending);
    bool output = has_blob(store_output_get, store, r.id);
    ck_assert(!(output && pending));
    ck_assert(!(output && told == DELETED));
}

static void check_sound(const char *where)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(stmt, 0);
    ck_assert_msg(strcmp(text, "ok") == 0, "%s: %s", where, text);
    (void)sqlite3_finalize(stmt);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &stmt, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(db);
}

static void check_after(const struct story *s, const char *where)
{
    lossy.fault = LOSSY_NONE;
    struct store *store = NULL;
    struct ska_error err = {0};
    enum ska_status status = store_open(&store, path, SKA_ROLE_LEADER, key, &err);
    ck_assert_msg(status == SKA_OK, "%s: opened: %s", where, err.text);
    struct store_task *tasks = NULL;
    size_t n = 0;
    ck_assert_status(store_task_all(&tasks, &n, store), SKA_OK);
    ck_assert_msg(n == 1 || (n == 0 && !s->has_task), "%s: %zu tasks", where, n);
    for (uint32_t i = 0; i < N_REPORTS && n == 1; i++) {
        struct step step = {tasks[0].id, i};
        check_report(store, &step, s->told[i], where);
    }
    free(tasks);
    store_close(store);
    check_sound(where);
}

/* --- failures that are told --- */

static const struct {
    const char *name;
    enum lossy_fault fault;
} faults[] = {
    {"fails once", LOSSY_FAIL_ONCE},
    {"fails from then on", LOSSY_FAIL_ON},
    {"disk full once", LOSSY_FULL_ONCE},
};

START_TEST(nth_change_that_fails_loses_nothing_that_was_told)
{
    lossy_install();
    bool happened = true;
    uint64_t n = 0;
    size_t n_failed = 0;
    for (; happened; n++) {
        char where[80];
        (void)snprintf(where, sizeof where, "change %u %s", (unsigned)n, faults[_i].name);
        make_folder();
        struct story s = {0};
        lossy.fault = faults[_i].fault;
        lossy.at = n;
        lossy.changes = lossy.happened = 0;
        live(&s);
        happened = lossy.happened > 0;
        n_failed += s.n_failed;
        if (!happened) {
            ck_assert_uint_eq(s.n_failed, 0);
            for (uint32_t i = 0; i < N_REPORTS; i++)
                ck_assert_int_eq(s.told[i], i % 2 == 0 ? DELETED : STORED);
        }
        check_after(&s, where);
        remove_folder();
    }
    printf("%s: %u changes, %zu failures told\n", faults[_i].name, (unsigned)n - 1, n_failed);
    ck_assert_uint_gt(n, 50);
    ck_assert_uint_gt(n_failed, 10); /* some are harmless: closing, checkpoints */
}
END_TEST

/* --- power cuts --- */

static int told_fd;

static void tell_parent(const struct story *s)
{
    if (write(told_fd, s, sizeof *s) != (ssize_t)sizeof *s)
        _exit(1);
}

/* Live in a child until the cut; *s is what it told last. Whether the cut came. */
static bool live_until_cut(struct story *s, uint64_t at, uint64_t luck)
{
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(fds[0]);
        told_fd = fds[1];
        tell = tell_parent;
        lossy.fault = LOSSY_CUT;
        lossy.at = at;
        lossy.luck = luck;
        lossy.changes = 0;
        struct story mine = {0};
        live(&mine);
        tell_parent(&mine);
        _exit(0);
    }
    (void)close(fds[1]);
    struct story said;
    while (read(fds[0], &said, sizeof said) == (ssize_t)sizeof said)
        *s = said;
    (void)close(fds[0]);
    int how = 0;
    ck_assert_int_eq(waitpid(pid, &how, 0), pid);
    ck_assert(WIFEXITED(how));
    ck_assert(WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == LOSSY_CUT_STATUS);
    return WEXITSTATUS(how) == LOSSY_CUT_STATUS;
}

START_TEST(power_cut_at_any_change_loses_nothing_that_was_told)
{
    test_seed("power_cut_at_any_change_loses_nothing_that_was_told");
    lossy_install();
    bool cut = true;
    uint64_t n = 0;
    for (; cut; n++) {
        char where[40];
        (void)snprintf(where, sizeof where, "cut at change %u", (unsigned)n);
        make_folder();
        struct story s = {0};
        cut = live_until_cut(&s, n, test_random());
        check_after(&s, where);
        remove_folder();
    }
    printf("power was cut at each of %u changes\n", (unsigned)n - 1);
    ck_assert_uint_gt(n, 50);
}
END_TEST

int main(void)
{
    for (size_t i = 0; i < sizeof blob; i++)
        blob[i] = (uint8_t)(i * 7 + i / 256);
    Suite *suite = suite_create("store_faults");
    TCase *tc = tcase_create("faults");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, nth_change_that_fails_loses_nothing_that_was_told, 0,
                        (int)N_OF(faults));
    tcase_add_test(tc, power_cut_at_any_change_loses_nothing_that_was_told);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
