/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_sql.c - the schema, as numbered migrations, and every statement, as text.
 *
 * A migration that has been released is never edited; a change is a new one at the end.
 */
#include "server/store/store_internal.h"

/*
 * 1. Large values have tables of their own, so that walking over reports does not read them.
 * body: the encoded report, while the leader has to verify it. job: the leader's requests that have
 * no answer yet. answer: the helper's answers. collection: one per task.
 */
static const char MIGRATION_1[] =
    "CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), role INTEGER NOT NULL,"
    " signing_key BLOB NOT NULL CHECK (length(signing_key) = 32)) STRICT;"
    "CREATE TABLE task (id INTEGER PRIMARY KEY,"
    " task_id BLOB NOT NULL UNIQUE CHECK (length(task_id) = 32),"
    " collection TEXT NOT NULL, period TEXT NOT NULL, revision INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),"
    " serial INTEGER NOT NULL DEFAULT 0, control BLOB, parameters BLOB NOT NULL,"
    " UNIQUE (collection, period, revision)) STRICT;"
    "CREATE TABLE accepted (task INTEGER PRIMARY KEY REFERENCES task, signed BLOB NOT NULL) STRICT;"
    "CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " task INTEGER NOT NULL REFERENCES task, request BLOB NOT NULL) STRICT;"
    "CREATE TABLE report (id INTEGER PRIMARY KEY, task INTEGER NOT NULL REFERENCES task,"
    " report_id BLOB NOT NULL CHECK (length(report_id) = 16),"
    " contributor INTEGER NOT NULL, number INTEGER NOT NULL CHECK (number >= 1),"
    " state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4), error INTEGER NOT NULL DEFAULT 0,"
    " digest BLOB NOT NULL CHECK (length(digest) = 32),"
    " sha256 BLOB NOT NULL CHECK (length(sha256) = 32), length INTEGER NOT NULL,"
    " leader BLOB, helper BLOB, due_s INTEGER NOT NULL DEFAULT 0,"
    " job INTEGER REFERENCES job, place INTEGER,"
    " CHECK ((state = 2) = (job IS NOT NULL)), CHECK ((state = 3) = (leader IS NOT NULL)),"
    " CHECK ((state = 3) = (helper IS NOT NULL)), CHECK ((state = 4) = (error <> 0)),"
    " UNIQUE (task, report_id), UNIQUE (task, contributor, number)) STRICT;"
    "CREATE INDEX report_due ON report (id) WHERE state = 1;"
    "CREATE INDEX report_pending ON report (task) WHERE state IN (1, 2);"
    "CREATE INDEX report_job ON report (job) WHERE job IS NOT NULL;"
    "CREATE TABLE body (report INTEGER PRIMARY KEY REFERENCES report, encoded BLOB NOT NULL)"
    " STRICT;"
    "CREATE TABLE public_share (report INTEGER PRIMARY KEY REFERENCES report,"
    " encoded BLOB NOT NULL) STRICT;"
    "CREATE TABLE output (report INTEGER PRIMARY KEY REFERENCES report, share BLOB NOT NULL)"
    " STRICT;"
    "CREATE TABLE answer (task INTEGER NOT NULL REFERENCES task,"
    " name BLOB NOT NULL CHECK (length(name) = 16),"
    " request_sha256 BLOB NOT NULL CHECK (length(request_sha256) = 32), answer BLOB NOT NULL,"
    " PRIMARY KEY (task, name), UNIQUE (task, request_sha256)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE collection (task INTEGER PRIMARY KEY REFERENCES task,"
    " name BLOB NOT NULL CHECK (length(name) = 16), request BLOB NOT NULL, answer BLOB) STRICT;";

/* 2. The opened flags of a correction, once for ever; and the helper keeps public shares from now
 * on, which a correction is compared with. */
static const char MIGRATION_2[] =
    "CREATE TABLE changes (task INTEGER PRIMARY KEY REFERENCES task, both BLOB NOT NULL) STRICT;";

/* 3. The public log: entries, of which those with an idx stand in it; what they are about; and how
 * far it is signed, cosigned and published. */
static const char MIGRATION_3[] =
    "CREATE TABLE log_entry (id INTEGER PRIMARY KEY, idx INTEGER UNIQUE CHECK (idx >= 0),"
    " task INTEGER NOT NULL REFERENCES task, type INTEGER NOT NULL,"
    " contributor INTEGER NOT NULL, number INTEGER NOT NULL,"
    " hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), leaf BLOB NOT NULL,"
    " UNIQUE (task, type, contributor, number)) STRICT;"
    "CREATE INDEX log_entry_new ON log_entry (task) WHERE idx IS NULL;"
    "CREATE TABLE log_blob (sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),"
    " data BLOB NOT NULL) STRICT;"
    "CREATE TABLE log_head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL,"
    " root BLOB NOT NULL CHECK (length(root) = 32), note BLOB NOT NULL, lines BLOB,"
    " published_size INTEGER NOT NULL, published BLOB) STRICT;";

/* 4. A verifier's entry is of no task: task may be NULL. */
static const char MIGRATION_4[] =
    "CREATE TABLE log_entry_4 (id INTEGER PRIMARY KEY, idx INTEGER UNIQUE CHECK (idx >= 0),"
    " task INTEGER REFERENCES task, type INTEGER NOT NULL CHECK ((type = 10) = (task IS NULL)),"
    " contributor INTEGER NOT NULL, number INTEGER NOT NULL,"
    " hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), leaf BLOB NOT NULL,"
    " UNIQUE (task, type, contributor, number)) STRICT;"
    "INSERT INTO log_entry_4 SELECT id, idx, task, type, contributor, number, hash, leaf"
    " FROM log_entry;"
    "DROP TABLE log_entry;"
    "ALTER TABLE log_entry_4 RENAME TO log_entry;"
    "CREATE INDEX log_entry_new ON log_entry (task) WHERE idx IS NULL;";

const char *const store_migrations[] = {MIGRATION_1, MIGRATION_2, MIGRATION_3, MIGRATION_4, NULL};

#define TASK_COLUMNS "id, task_id, collection, period, revision, state, serial, control"
#define ENTRY_COLUMNS "id, task, idx, hash, leaf"
#define REPORT_COLUMNS                                                                         \
    "id, task, report_id, contributor, number, state, error, digest, sha256, length, leader, " \
    "helper"

const char *const store_sql_text[N_STORE_SQL] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",

    [SQL_TASK_ADD] = "INSERT INTO task (task_id, collection, period, revision, state, parameters)"
                     " VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_TASK_FIND] = "SELECT " TASK_COLUMNS " FROM task WHERE task_id = ?",
    [SQL_TASK_GET] = "SELECT " TASK_COLUMNS " FROM task WHERE id = ?",
    [SQL_TASK_ALL] = "SELECT " TASK_COLUMNS " FROM task ORDER BY id",
    [SQL_TASK_PARAMETERS] = "SELECT parameters FROM task WHERE id = ?",
    [SQL_TASK_SET_PARAMETERS] = "UPDATE task SET parameters = ?2 WHERE id = ?1",
    [SQL_TASK_REPLACE] =
        "UPDATE task SET task_id = ?2, parameters = ?3 WHERE id = ?1 AND state = 1",
    [SQL_TASK_SET_STATE] = "UPDATE task SET state = ?2 WHERE id = ?1",
    [SQL_TASK_SET_CONTROL] =
        "UPDATE task SET serial = ?2, control = ?3 WHERE id = ?1 AND serial < ?2",

    [SQL_ACCEPTED_SET] = "INSERT INTO accepted (task, signed) VALUES (?, ?)",
    [SQL_ACCEPTED_GET] = "SELECT signed FROM accepted WHERE task = ?",
    [SQL_ACCEPTED_DELETE] = "DELETE FROM accepted WHERE task = ?",

    [SQL_CHANGES_SET] = "INSERT INTO changes (task, both) VALUES (?, ?)",
    [SQL_CHANGES_GET] = "SELECT both FROM changes WHERE task = ?",

    [SQL_REPORT_ADD] =
        "INSERT INTO report (task, report_id, contributor, number, state, digest, sha256, length,"
        " leader, helper) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_REPORT_FIND] = "SELECT " REPORT_COLUMNS " FROM report WHERE task = ? AND report_id = ?",
    [SQL_REPORT_FIND_NUMBER] =
        "SELECT " REPORT_COLUMNS " FROM report WHERE task = ? AND contributor = ? AND number = ?",
    [SQL_REPORT_HIGHEST] = "SELECT number FROM report WHERE task = ? AND contributor = ?"
                           " AND state <> 4 ORDER BY number DESC LIMIT 1",
    [SQL_REPORT_COUNT] = "SELECT count(*) FROM report WHERE task = ? AND contributor = ?",
    [SQL_REPORT_OF] =
        "SELECT " REPORT_COLUMNS " FROM report WHERE task = ? AND contributor = ? ORDER BY number",
    [SQL_REPORT_DUE] = "SELECT id FROM report WHERE state = 1 AND due_s <= ? ORDER BY id LIMIT ?",
    [SQL_REPORT_GET] = "SELECT " REPORT_COLUMNS " FROM report WHERE id = ?",
    [SQL_REPORT_PENDING] = "SELECT count(*) FROM report WHERE task = ? AND state IN (1, 2)",
    [SQL_REPORT_SEND] =
        "UPDATE report SET state = 2, job = ?2, place = ?3 WHERE id = ?1 AND state = 1",
    [SQL_REPORT_ACCEPT] = "UPDATE report SET state = 3, leader = ?2, helper = ?3, job = NULL,"
                          " place = NULL WHERE id = ?1 AND state = 2",
    [SQL_REPORT_REJECT] = "UPDATE report SET state = 4, error = ?2, job = NULL, place = NULL"
                          " WHERE id = ?1 AND state IN (1, 2)",
    [SQL_REPORT_POSTPONE] = "UPDATE report SET state = 1, due_s = ?2, job = NULL, place = NULL"
                            " WHERE id = ?1 AND state IN (1, 2)",
    [SQL_REPORT_ACCEPTED] = "SELECT contributor, number, report_id, sha256, length FROM report"
                            " WHERE task = ? AND state = 3 ORDER BY contributor, number",

    [SQL_BODY_ADD] = "INSERT INTO body (report, encoded) VALUES (?, ?)",
    [SQL_BODY_GET] = "SELECT encoded FROM body WHERE report = ?",
    [SQL_BODY_DELETE] = "DELETE FROM body WHERE report = ?",
    [SQL_OUTPUT_ADD] = "INSERT INTO output (report, share) VALUES (?, ?)",
    [SQL_OUTPUT_GET] = "SELECT share FROM output WHERE report = ?",
    [SQL_OUTPUT_DELETE] =
        "DELETE FROM output WHERE report IN (SELECT id FROM report WHERE task = ? AND state = 3)",
    [SQL_PUBLIC_SHARE_ADD] = "INSERT INTO public_share (report, encoded) VALUES (?, ?)",
    [SQL_PUBLIC_SHARE_GET] = "SELECT encoded FROM public_share WHERE report = ?",

    [SQL_JOB_ADD] = "INSERT INTO job (task, request) VALUES (?, ?)",
    [SQL_JOB_OPEN] = "SELECT id FROM job WHERE id > ? ORDER BY id LIMIT ?",
    [SQL_JOB_REQUEST] = "SELECT task, request FROM job WHERE id = ?",
    [SQL_JOB_REPORTS] = "SELECT id FROM report WHERE job = ? ORDER BY place LIMIT ?",
    [SQL_JOB_DELETE] = "DELETE FROM job WHERE id = ?",

    [SQL_ANSWER_ADD] =
        "INSERT INTO answer (task, name, request_sha256, answer) VALUES (?, ?, ?, ?)",
    [SQL_ANSWER_FIND] = "SELECT name, answer FROM answer WHERE task = ? AND request_sha256 = ?",
    [SQL_ANSWER_GET] = "SELECT answer FROM answer WHERE task = ? AND name = ?",
    [SQL_ANSWER_DELETE] = "DELETE FROM answer WHERE task = ? AND name = ?",

    [SQL_COLLECTION_ADD] =
        "INSERT INTO collection (task, name, request, answer) VALUES (?, ?, ?, ?)",
    [SQL_COLLECTION_GET] = "SELECT name, request, answer FROM collection WHERE task = ?",
    [SQL_COLLECTION_SET_ANSWER] = "UPDATE collection SET answer = ?2 WHERE task = ?1",
    [SQL_COLLECTION_DELETE] = "DELETE FROM collection WHERE task = ?",

    [SQL_ENTRY_ADD] = "INSERT INTO log_entry (task, type, contributor, number, hash, leaf)"
                      " VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_ENTRY_FIND] = "SELECT " ENTRY_COLUMNS " FROM log_entry WHERE hash = ?",
    [SQL_ENTRY_AT] = "SELECT " ENTRY_COLUMNS " FROM log_entry WHERE idx = ?",
    [SQL_ENTRY_OF] = "SELECT " ENTRY_COLUMNS " FROM log_entry WHERE task = ? AND type = ?"
                     " AND contributor = ? AND number = ?",
    [SQL_ENTRY_OF_TYPE] = "SELECT " ENTRY_COLUMNS " FROM log_entry WHERE task = ? AND type = ?"
                          " ORDER BY number LIMIT 1",
    [SQL_ENTRY_NEW] = /* those of no task first, as if its identifier were zeros */
    "SELECT e.id FROM log_entry AS e LEFT JOIN task ON task.id = e.task WHERE e.idx IS NULL"
    " ORDER BY task.task_id, e.type = 1, CASE e.type WHEN 1 THEN e.contributor ELSE e.id END,"
    " e.number LIMIT ?",
    [SQL_ENTRY_GET] = "SELECT " ENTRY_COLUMNS " FROM log_entry WHERE id = ?",
    [SQL_ENTRY_PLACE] = "UPDATE log_entry SET idx = ?2 WHERE id = ?1 AND idx IS NULL",
    [SQL_ENTRY_UNPLACED] = "SELECT count(*) FROM log_entry WHERE task = ? AND idx IS NULL",
    [SQL_ENTRY_COUNT] = "SELECT count(*) FROM log_entry WHERE idx IS NOT NULL",
    [SQL_ENTRY_HASHES] = "SELECT idx, hash FROM log_entry WHERE idx IS NOT NULL ORDER BY idx",
    [SQL_BLOB_ADD] = "INSERT OR IGNORE INTO log_blob (sha256, data) VALUES (?, ?)",
    [SQL_BLOB_GET] = "SELECT data FROM log_blob WHERE sha256 = ?",
    [SQL_HEAD_GET] = "SELECT size, root, note, lines, published_size, published FROM log_head",
    [SQL_HEAD_SET] = "INSERT OR REPLACE INTO log_head (one, size, root, note, lines,"
                     " published_size, published) VALUES (1, ?, ?, ?, ?, ?, ?)",
};
