/* SPDX-License-Identifier: EUPL-1.2 */
/* test_store.c - the store's states, names taken once, transactions, and who may open the file. */
#include "server/store/store.h"

#include "tests/test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

static char folder[] = "/tmp/skarva-store-XXXXXX";
static char path[64];
static const uint8_t key[32] = {7};
static struct store *store;
static int64_t task;

static const struct store_task TASK = {.task_id = {1},
                                       .collection = "norrsken",
                                       .period = "2025Q2",
                                       .revision = 0,
                                       .state = SKA_TASK_READY};

static struct ska_slice text(const char *s)
{
    return (struct ska_slice){(const uint8_t *)s, strlen(s)};
}

static void must(enum ska_status got)
{
    ck_assert_msg(got == SKA_OK, "got %s", ska_status_name(got));
}

static void reopen(void)
{
    struct ska_error err = {0};
    enum ska_status got = store_open(&store, path, SKA_ROLE_LEADER, key, &err);
    ck_assert_msg(got == SKA_OK, "got %s: %s", ska_status_name(got), err.text);
}

static void setup(void)
{
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/db", folder);
    reopen();
    must(store_begin(store));
    must(store_end(store, store_task_add(&task, store, &TASK, text("parameters"))));
}

static void teardown(void)
{
    store_close(store);
    store = NULL;
    char wal[80];
    (void)snprintf(wal, sizeof wal, "%s-wal", path);
    (void)unlink(wal);
    (void)unlink(path);
    (void)rmdir(folder);
}

static struct store_report report(uint8_t id, uint32_t contributor, uint64_t number)
{
    return (struct store_report){.task = task,
                                 .report_id = {id},
                                 .contributor = contributor,
                                 .number = number,
                                 .state = STORE_REPORT_STORED,
                                 .digest = {id, 1},
                                 .sha256 = {id, 2},
                                 .length = 100};
}

static int64_t add(uint8_t id, uint32_t contributor, uint64_t number)
{
    struct store_report r = report(id, contributor, number);
    int64_t row = 0;
    must(store_report_add(&row, store, &r, text("encoded")));
    return row;
}

START_TEST(file_is_private_and_wal)
{
    struct stat s;
    ck_assert_int_eq(stat(path, &s), 0);
    ck_assert_uint_eq(s.st_mode & 0777, 0600);
    char wal[80];
    (void)snprintf(wal, sizeof wal, "%s-wal", path);
    ck_assert_int_eq(stat(wal, &s), 0);
    ck_assert_uint_eq(s.st_mode & 0777, 0600);
    (void)snprintf(wal, sizeof wal, "%s-shm", path);
    ck_assert_int_ne(stat(wal, &s), 0);
}
END_TEST

START_TEST(task_comes_back_as_it_was_added)
{
    struct store_task got;
    must(store_task_find(&got, store, TASK.task_id));
    ck_assert_int_eq(got.id, task);
    ck_assert_str_eq(got.collection, "norrsken");
    ck_assert_str_eq(got.period, "2025Q2");
    ck_assert_int_eq(got.state, SKA_TASK_READY);
    ck_assert_uint_eq(got.serial, 0);
    uint8_t other[32] = {2};
    ck_assert_int_eq(store_task_find(&got, store, other), SKA_E_NOT_FOUND);
    ck_assert_int_eq(got.id, task);
}
END_TEST

START_TEST(period_and_revision_of_a_collection_are_taken_once)
{
    struct store_task again = TASK;
    again.task_id[0] = 9;
    int64_t id = 77;
    ck_assert_int_eq(store_task_add(&id, store, &again, text("p")), SKA_E_CONFLICT);
    ck_assert_int_eq(id, 77);
    again.revision = 1;
    must(store_task_add(&id, store, &again, text("p")));
    struct store_task *all = NULL;
    size_t n = 0;
    must(store_task_all(&all, &n, store));
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(all[1].id, id);
    free(all);
}
END_TEST

START_TEST(control_serial_only_grows)
{
    const uint8_t control[SKA_CONTROL_BYTES] = {5};
    must(store_task_set_control(store, task, 4, control));
    ck_assert_int_eq(store_task_set_control(store, task, 4, control), SKA_E_NUMBER);
    ck_assert_int_eq(store_task_set_control(store, task, 3, control), SKA_E_NUMBER);
    struct store_task got;
    must(store_task_get(&got, store, task));
    ck_assert_uint_eq(got.serial, 4);
    ck_assert_mem_eq(got.control, control, sizeof control);
}
END_TEST

START_TEST(report_identifier_and_number_are_taken_once)
{
    (void)add(1, 0, 1);
    struct store_report same_id = report(1, 0, 2);
    struct store_report same_number = report(2, 0, 1);
    int64_t row = 0;
    ck_assert_int_eq(store_report_add(&row, store, &same_id, text("e")), SKA_E_REPLAY);
    ck_assert_int_eq(store_report_add(&row, store, &same_number, text("e")), SKA_E_CONFLICT);
    ck_assert_int_eq(row, 0);
    struct store_report got;
    must(store_report_find_number(&got, store, task, 0, 1));
    ck_assert_uint_eq(got.report_id[0], 1);
}
END_TEST

START_TEST(report_walks_from_stored_to_accepted)
{
    int64_t row = add(1, 3, 5);
    int64_t job = 0;
    uint8_t leader[64] = {1};
    uint8_t helper[64] = {2};
    ck_assert_int_eq(
        store_report_accept(store, row, leader, helper, text("public"), text("output")),
        SKA_E_STATE);
    must(store_job_add(&job, store, task, text("request")));
    must(store_report_send(store, row, job, 0));
    ck_assert_int_eq(store_report_send(store, row, job, 0), SKA_E_STATE);
    ck_assert_int_eq(store_job_delete(store, job), SKA_E_STORE); /* its report is still SENT */
    must(store_report_accept(store, row, leader, helper, text("public"), text("output")));
    ck_assert_int_eq(store_report_reject(store, row, 6), SKA_E_STATE);
    must(store_job_delete(store, job));
    struct store_report got;
    must(store_report_get(&got, store, row));
    ck_assert_int_eq(got.state, STORE_REPORT_ACCEPTED);
    ck_assert_mem_eq(got.leader, leader, 64);
    ck_assert_mem_eq(got.helper, helper, 64);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_int_eq(store_report_encoded(&data, &len, store, row), SKA_E_NOT_FOUND);
    must(store_output_get(&data, &len, store, row));
    ck_assert_uint_eq(len, 6);
    free(data);
    struct ska_accepted_entry *entries = NULL;
    uint32_t n = 0;
    must(store_report_accepted(&entries, &n, store, task));
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(entries[0].number, 5);
    free(entries);
}
END_TEST

START_TEST(rejected_number_stays_taken_but_is_not_highest)
{
    int64_t row = add(1, 3, 5);
    (void)add(2, 3, 4);
    must(store_report_reject(store, row, 6));
    uint64_t highest = 0;
    must(store_report_highest(&highest, store, task, 3));
    ck_assert_uint_eq(highest, 4);
    struct store_report again = report(9, 3, 5);
    ck_assert_int_eq(store_report_add(&row, store, &again, text("e")), SKA_E_CONFLICT);
    must(store_report_highest(&highest, store, task, 1));
    ck_assert_uint_eq(highest, 0);
    uint64_t n = 0;
    must(store_report_count(&n, store, task, 3));
    ck_assert_uint_eq(n, 2); /* the rejected one too */
    must(store_report_count(&n, store, task, 1));
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(postponed_report_is_due_later)
{
    int64_t first = add(1, 0, 1);
    int64_t second = add(2, 1, 1);
    must(store_report_postpone(store, first, 1000));
    int64_t ids[4] = {0};
    size_t n = 0;
    must(store_report_due(ids, &n, store, 4, 999));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(ids[0], second);
    must(store_report_due(ids, &n, store, 4, 1000));
    ck_assert_uint_eq(n, 2);
    must(store_report_due(ids, &n, store, 1, 1000));
    ck_assert_uint_eq(n, 1);
    uint64_t pending = 0;
    must(store_report_pending(&pending, store, task));
    ck_assert_uint_eq(pending, 2);
}
END_TEST

START_TEST(jobs_come_back_in_order_with_their_reports)
{
    int64_t a = add(1, 0, 1);
    int64_t b = add(2, 1, 1);
    int64_t job = 0;
    must(store_job_add(&job, store, task, text("request")));
    must(store_report_send(store, a, job, 1));
    must(store_report_send(store, b, job, 0));
    int64_t ids[4] = {0};
    size_t n = 0;
    must(store_job_open(ids, &n, store, 4, 0));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(ids[0], job);
    must(store_job_open(ids, &n, store, 4, job));
    ck_assert_uint_eq(n, 0);
    must(store_job_reports(ids, &n, store, 4, job));
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(ids[0], b);
    ck_assert_int_eq(ids[1], a);
    int64_t of_task = 0;
    uint8_t *data = NULL;
    size_t len = 0;
    must(store_job_request(&of_task, &data, &len, store, job));
    ck_assert_int_eq(of_task, task);
    ck_assert_mem_eq(data, "request", len);
    free(data);
}
END_TEST

START_TEST(failed_change_leaves_no_trace)
{
    must(store_begin(store));
    (void)add(1, 0, 1);
    ck_assert_int_eq(store_end(store, SKA_E_STATE), SKA_E_STATE);
    struct store_report got;
    ck_assert_int_eq(store_report_find(&got, store, task, report(1, 0, 1).report_id),
                     SKA_E_NOT_FOUND);
    must(store_begin(store));
    (void)add(1, 0, 1);
    must(store_end(store, SKA_OK));
    must(store_report_find(&got, store, task, report(1, 0, 1).report_id));
}
END_TEST

START_TEST(answers_are_found_by_request_and_by_name)
{
    const uint8_t name[16] = {3};
    const uint8_t hash[32] = {4};
    must(store_answer_add(store, task, name, hash, text("answer")));
    ck_assert_int_eq(store_answer_add(store, task, name, hash, text("other")), SKA_E_CONFLICT);
    uint8_t found[16] = {0};
    uint8_t *data = NULL;
    size_t len = 0;
    must(store_answer_find(found, &data, &len, store, task, hash));
    ck_assert_mem_eq(found, name, 16);
    ck_assert_mem_eq(data, "answer", len);
    free(data);
    must(store_answer_get(&data, &len, store, task, name));
    free(data);
    must(store_answer_delete(store, task, name));
    ck_assert_int_eq(store_answer_get(&data, &len, store, task, name), SKA_E_NOT_FOUND);
}
END_TEST

START_TEST(one_collection_per_task)
{
    const uint8_t name[16] = {3};
    const struct ska_slice none = {0};
    must(store_collection_add(store, task, name, text("request"), none));
    ck_assert_int_eq(store_collection_add(store, task, name, text("request"), none),
                     SKA_E_CONFLICT);
    struct store_collection c = {0};
    must(store_collection_get(&c, store, task));
    ck_assert_ptr_null(c.answer);
    store_collection_clear(&c);
    must(store_collection_set_answer(store, task, text("answer")));
    must(store_collection_get(&c, store, task));
    ck_assert_mem_eq(c.answer, "answer", c.answer_len);
    store_collection_clear(&c);
    must(store_collection_delete(store, task));
    ck_assert_int_eq(store_collection_get(&c, store, task), SKA_E_NOT_FOUND);
}
END_TEST

/* The bytes `needle` in a file; false if the file is absent. */
static bool file_holds(const char *name, const char *needle)
{
    FILE *f = fopen(name, "rb");
    if (f == NULL)
        return false;
    static char all[1 << 20];
    size_t n = fread(all, 1, sizeof all, f);
    (void)fclose(f);
    size_t len = strlen(needle);
    for (size_t i = 0; i + len <= n; i++)
        if (memcmp(all + i, needle, len) == 0)
            return true;
    return false;
}

START_TEST(deleted_output_share_is_in_no_file)
{
    static const char secret[] = "an output share nobody may read any more";
    uint8_t signature[64] = {1};
    char wal[80];
    (void)snprintf(wal, sizeof wal, "%s-wal", path);
    struct store_report r = report(1, 0, 1);
    r.state = STORE_REPORT_ACCEPTED;
    memcpy(r.leader, signature, 64);
    memcpy(r.helper, signature, 64);
    int64_t row = 0;
    must(store_report_add(&row, store, &r, (struct ska_slice){0}));
    must(store_output_add(store, row, text(secret)));
    ck_assert(file_holds(path, secret) || file_holds(wal, secret));
    must(store_output_delete(store, task));
    must(store_checkpoint(store));
    ck_assert(!file_holds(path, secret));
    ck_assert(!file_holds(wal, secret));
}
END_TEST

START_TEST(store_is_of_one_role_and_key)
{
    store_close(store);
    store = NULL;
    struct ska_error err = {0};
    const uint8_t other[32] = {8};
    ck_assert_int_eq(store_open(&store, path, SKA_ROLE_HELPER, key, &err), SKA_E_CONFIG);
    ska_error_clear(&err);
    ck_assert_int_eq(store_open(&store, path, SKA_ROLE_LEADER, other, &err), SKA_E_CONFIG);
    ck_assert_ptr_null(store);
    reopen();
}
END_TEST

/* As the third schema had them: none without a task. */
static const char OLD_ENTRIES[] =
    "CREATE TABLE old (id INTEGER PRIMARY KEY, idx INTEGER UNIQUE CHECK (idx >= 0),"
    " task INTEGER NOT NULL REFERENCES task, type INTEGER NOT NULL,"
    " contributor INTEGER NOT NULL, number INTEGER NOT NULL,"
    " hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), leaf BLOB NOT NULL,"
    " UNIQUE (task, type, contributor, number)) STRICT;"
    "INSERT INTO old SELECT * FROM log_entry; DROP TABLE log_entry;"
    "ALTER TABLE old RENAME TO log_entry;"
    "CREATE INDEX log_entry_new ON log_entry (task) WHERE idx IS NULL; PRAGMA user_version = 3";

static struct ska_log_leaf leaf_of(enum ska_leaf_type type)
{
    struct ska_log_leaf leaf = {
        .type = type,
        .entry = {.contributor = SKA_LEAF_NO_CONTRIBUTOR, .sha256 = {(uint8_t)type}, .length = 9}};
    (void)snprintf(leaf.entry.period, sizeof leaf.entry.period, "%s",
                   type == SKA_LEAF_VERIFIER ? SKA_LEAF_NO_PERIOD : "2025Q2");
    if (type != SKA_LEAF_VERIFIER)
        memcpy(leaf.entry.task_id, TASK.task_id, 32);
    return leaf;
}

START_TEST(entries_of_an_older_schema_are_taken_over)
{
    const struct ska_log_leaf roster = leaf_of(SKA_LEAF_ROSTER);
    const struct ska_log_leaf parameters = leaf_of(SKA_LEAF_PARAMETERS);
    const struct ska_log_leaf verifier = leaf_of(SKA_LEAF_VERIFIER);
    struct store_entry e;
    int64_t ids[4];
    size_t n = 0;
    sqlite3 *db = NULL;
    must(store_entry_add(store, task, &roster));
    must(store_entry_add(store, task, &parameters));
    must(store_entry_of_type(&e, store, task, SKA_LEAF_ROSTER));
    must(store_entry_place(store, e.id, 0));
    store_close(store);
    store = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, OLD_ENTRIES, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
    reopen();
    must(store_entry_at(&e, store, 0));
    ck_assert_int_eq(e.task, task);
    must(store_entry_of(&e, store, task, SKA_LEAF_PARAMETERS, SKA_LEAF_NO_CONTRIBUTOR, 0));
    ck_assert(!e.is_placed);
    const int64_t old = e.id;
    must(store_entry_add(store, STORE_NO_TASK, &verifier));
    ck_assert_int_eq(store_entry_add(store, STORE_NO_TASK, &verifier), SKA_E_CONFLICT);
    must(store_entry_new(ids, &n, store, 4)); /* what is of no task comes first */
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(ids[1], old);
    must(store_entry_get(&e, store, ids[0]));
    ck_assert_int_eq(e.task, STORE_NO_TASK);
    ck_assert_int_eq(store_entry_of_type(&e, store, task, SKA_LEAF_RELEASE), SKA_E_NOT_FOUND);
}
END_TEST

START_TEST(newer_schema_is_refused)
{
    store_close(store);
    store = NULL;
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
    struct ska_error err = {0};
    ck_assert_int_eq(store_open(&store, path, SKA_ROLE_LEADER, key, &err), SKA_E_VERSION);
}
END_TEST

START_TEST(another_programs_file_is_refused)
{
    store_close(store);
    store = NULL;
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < 1000; i++)
        (void)fputs("this is no database\n", f);
    (void)fclose(f);
    struct ska_error err = {0};
    ck_assert_int_eq(store_open(&store, path, SKA_ROLE_LEADER, key, &err), SKA_E_FORMAT);
}
END_TEST

START_TEST(second_process_is_refused)
{
    pid_t child = fork();
    if (child == 0) {
        struct store *mine = NULL;
        struct ska_error err = {0};
        _exit(store_open(&mine, path, SKA_ROLE_LEADER, key, &err) == SKA_E_CONFIG ? 0 : 1);
    }
    int how = 0;
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert(WIFEXITED(how));
    ck_assert_int_eq(WEXITSTATUS(how), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tc = tcase_create("store");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, file_is_private_and_wal);
    tcase_add_test(tc, task_comes_back_as_it_was_added);
    tcase_add_test(tc, period_and_revision_of_a_collection_are_taken_once);
    tcase_add_test(tc, control_serial_only_grows);
    tcase_add_test(tc, report_identifier_and_number_are_taken_once);
    tcase_add_test(tc, report_walks_from_stored_to_accepted);
    tcase_add_test(tc, rejected_number_stays_taken_but_is_not_highest);
    tcase_add_test(tc, postponed_report_is_due_later);
    tcase_add_test(tc, jobs_come_back_in_order_with_their_reports);
    tcase_add_test(tc, failed_change_leaves_no_trace);
    tcase_add_test(tc, answers_are_found_by_request_and_by_name);
    tcase_add_test(tc, one_collection_per_task);
    tcase_add_test(tc, deleted_output_share_is_in_no_file);
    tcase_add_test(tc, store_is_of_one_role_and_key);
    tcase_add_test(tc, entries_of_an_older_schema_are_taken_over);
    tcase_add_test(tc, newer_schema_is_refused);
    tcase_add_test(tc, another_programs_file_is_refused);
    tcase_add_test(tc, second_process_is_refused);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
