/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store.c - the database itself: opening, migrations, transactions, and the steps of a query.
 *
 * The connection holds the exclusive lock from opening to closing (locking_mode=EXCLUSIVE), so the
 * write-ahead log needs no shared memory file and a second process is refused.
 */
#include "server/store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/store/store_internal.h"
#include "support/language.h"

#define APPLICATION_ID 0x536B7601 /* "Skv" 1, in the file's header */
#define LOCK_WAIT_MS 2000         /* for the lock of a process that is just ending */
#define WAL_PAGES 4000            /* of 4 KiB, before the log is written back */
#define CACHE_KIB 16000
#define TEXT(x) TEXT_(x)
#define TEXT_(x) #x

enum ska_status store_status(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return SKA_OK;
    case SQLITE_NOMEM:
        return SKA_E_MEMORY;
    case SQLITE_FULL:
        return SKA_E_FULL;
    case SQLITE_CONSTRAINT:
        if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
            return SKA_E_CONFLICT;
        return SKA_E_STORE;
    default:
        return SKA_E_STORE;
    }
}

/* --- a query --- */

void query_start(struct query *q, struct store *store, enum store_sql which)
{
    *q = (struct query){.store = store, .stmt = store->statements[which], .next = 1};
    assert(!sqlite3_stmt_busy(q->stmt));
}

static void keep(struct query *q, int rc)
{
    if (q->rc == SQLITE_OK && rc != SQLITE_OK)
        q->rc = rc;
}

void query_int(struct query *q, int64_t value)
{
    keep(q, sqlite3_bind_int64(q->stmt, q->next++, value));
}

void query_int_or_null(struct query *q, int64_t value)
{
    if (value == 0)
        keep(q, sqlite3_bind_null(q->stmt, q->next++));
    else
        query_int(q, value);
}

void query_u64(struct query *q, uint64_t value)
{
    if (value > STORE_NUMBER_MAX)
        keep(q, SQLITE_RANGE);
    else
        query_int(q, (int64_t)value);
}

void query_text(struct query *q, const char *value)
{
    keep(q,
         sqlite3_bind_text64(q->stmt, q->next++, value, strlen(value), SQLITE_STATIC, SQLITE_UTF8));
}

void query_blob(struct query *q, const void *data, size_t len)
{
    keep(q, sqlite3_bind_blob64(q->stmt, q->next++, len == 0 ? "" : data, len, SQLITE_STATIC));
}

void query_blob_or_null(struct query *q, const void *data, size_t len)
{
    if (len == 0)
        keep(q, sqlite3_bind_null(q->stmt, q->next++));
    else
        query_blob(q, data, len);
}

enum ska_status query_row(struct query *q)
{
    if (q->rc != SQLITE_OK)
        return store_status(q->rc);
    int rc = sqlite3_step(q->stmt);
    if (rc == SQLITE_ROW)
        return SKA_OK;
    if (rc == SQLITE_DONE)
        return SKA_E_NOT_FOUND;
    q->rc = rc;
    return store_status(rc);
}

void query_end(struct query *q)
{
    if (q->stmt == NULL)
        return;
    (void)sqlite3_reset(q->stmt); /* repeats the failure of the step, which is known */
    (void)sqlite3_clear_bindings(q->stmt);
    q->stmt = NULL;
}

enum ska_status query_run(struct query *q)
{
    enum ska_status status = query_row(q);
    query_end(q);
    if (status == SKA_OK)
        return SKA_E_BUG; /* a row from a statement that gives none */
    return status == SKA_E_NOT_FOUND ? SKA_OK : status;
}

enum ska_status query_change(struct query *q)
{
    struct store *store = q->store;
    SKA_TRY(query_run(q));
    return sqlite3_changes(store->db) == 0 ? SKA_E_STATE : SKA_OK;
}

int64_t column_int(const struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

uint64_t column_u64(const struct query *q, int column)
{
    return (uint64_t)sqlite3_column_int64(q->stmt, column);
}

enum ska_status column_bytes(uint8_t *out, size_t len, const struct query *q, int column)
{
    const void *data = sqlite3_column_blob(q->stmt, column);
    if (data == NULL || (size_t)sqlite3_column_bytes(q->stmt, column) != len)
        return SKA_E_STORE;
    memcpy(out, data, len);
    return SKA_OK;
}

enum ska_status column_text(char *out, size_t size, const struct query *q, int column)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, column);
    if (text == NULL || (size_t)sqlite3_column_bytes(q->stmt, column) >= size)
        return SKA_E_STORE;
    memcpy(out, text, (size_t)sqlite3_column_bytes(q->stmt, column));
    out[sqlite3_column_bytes(q->stmt, column)] = '\0';
    return SKA_OK;
}

enum ska_status column_copy(uint8_t **data, size_t *len, const struct query *q, int column)
{
    const void *blob = sqlite3_column_blob(q->stmt, column);
    size_t n = (size_t)sqlite3_column_bytes(q->stmt, column);
    if (blob == NULL || n == 0) { /* an empty value, or no memory for one */
        if (sqlite3_errcode(q->store->db) == SQLITE_NOMEM)
            return SKA_E_MEMORY;
        *data = NULL;
        *len = 0;
        return SKA_OK;
    }
    uint8_t *copy = ska_alloc(n, 1);
    if (copy == NULL)
        return SKA_E_MEMORY;
    memcpy(copy, blob, n);
    *data = copy;
    *len = n;
    return SKA_OK;
}

enum ska_status query_one_blob(uint8_t **data, size_t *len, struct query *q)
{
    enum ska_status status = query_row(q);
    if (status == SKA_OK)
        status = column_copy(data, len, q, 0);
    query_end(q);
    return status;
}

/* --- transactions --- */

static enum ska_status run(struct store *store, enum store_sql which)
{
    struct query q;
    query_start(&q, store, which);
    return query_run(&q);
}

enum ska_status store_begin(struct store *store)
{
    assert(!store->in_transaction);
    SKA_TRY(run(store, SQL_BEGIN));
    store->in_transaction = true;
    return SKA_OK;
}

enum ska_status store_end(struct store *store, enum ska_status so_far)
{
    assert(store->in_transaction);
    store->in_transaction = false;
    enum ska_status status = so_far == SKA_OK ? run(store, SQL_COMMIT) : so_far;
    /* A failure may have rolled back by itself: then there is nothing left to end. */
    if (sqlite3_get_autocommit(store->db) == 0)
        ska_ignore(run(store, SQL_ROLLBACK), "the failure before it is told");
    return status;
}

enum ska_status store_checkpoint(struct store *store)
{
    return store_status(
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
}

/* --- opening --- */

static enum ska_status database_failed(const struct store *store, const char *path,
                                       const char *what, struct ska_error *err)
{
    int rc = sqlite3_extended_errcode(store->db);
    if ((rc & 0xFF) == SQLITE_BUSY || (rc & 0xFF) == SQLITE_LOCKED)
        return ska_fail(err, SKA_E_CONFIG,
                        tr("%s: är öppen i ett annat program; avsluta det först",
                           "%s: open in another process; stop that one first"),
                        path);
    if ((rc & 0xFF) == SQLITE_NOTADB)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: är ingen databas", "%s: not a database"), path);
    enum ska_status status = store_status(rc);
    return ska_fail(err, status == SKA_OK ? SKA_E_STORE : status, "%s: %s: %s (SQLite %d)", path,
                    what, sqlite3_errmsg(store->db), rc);
}

/* Create the file ourselves, so that it is private from its first moment. */
static enum ska_status create_private(const char *path, struct ska_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return ska_fail(
            err, SKA_E_FILE,
            tr("%s: kan inte öppnas för att skrivas: %s", "%s: cannot be opened for writing: %s"),
            path, ska_text(strerror(errno)));
    (void)close(fd);
    return SKA_OK;
}

static enum ska_status read_pragma(int64_t *value, struct store *store, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *value = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return rc == SQLITE_ROW ? SKA_OK : SKA_E_STORE;
}

static enum ska_status configure(struct store *store, const char *path, struct ska_error *err)
{
    static const char pragmas[] =
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
        "PRAGMA cache_size = -" TEXT(CACHE_KIB) "; PRAGMA wal_autocheckpoint = " TEXT(
            WAL_PAGES) ";";
    (void)sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_busy_timeout(store->db, LOCK_WAIT_MS);
    if (sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_exec(store->db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
        return database_failed(store, path, tr("kan inte ställas in", "cannot be set up"), err);
    int64_t value = 0;
    if (read_pragma(&value, store, "PRAGMA synchronous") != SKA_OK || value != 2)
        return ska_fail(err, SKA_E_STORE,
                        tr("%s: databasbiblioteket godtog inte synchronous=FULL",
                           "%s: the database library refused synchronous=FULL"),
                        path);
    return SKA_OK;
}

static enum ska_status migrate_once(struct store *store, int64_t version, const char *path,
                                    struct ska_error *err)
{
    char mark[100] = {0};
    (void)snprintf(mark, sizeof mark,
                   "PRAGMA user_version = %" PRId64 "; PRAGMA application_id = %d;", version + 1,
                   APPLICATION_ID);
    bool done = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(store->db, store_migrations[version], NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(store->db, mark, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (done)
        return SKA_OK;
    enum ska_status status = database_failed(
        store, path, tr("kan inte föras till ny version", "cannot be brought up to date"), err);
    if (sqlite3_get_autocommit(store->db) == 0)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static enum ska_status migrate(struct store *store, const char *path, struct ska_error *err)
{
    int64_t version = 0;
    int64_t application = 0;
    if (read_pragma(&version, store, "PRAGMA user_version") != SKA_OK ||
        read_pragma(&application, store, "PRAGMA application_id") != SKA_OK)
        return database_failed(store, path, tr("kan inte läsas", "cannot be read"), err);
    if (version != 0 && application != APPLICATION_ID)
        return ska_fail(
            err, SKA_E_FORMAT,
            tr("%s: är ett annat programs databas", "%s: a database of another program"), path);
    int64_t newest = 0;
    while (store_migrations[newest] != NULL)
        newest++;
    if (version < 0 || version > newest)
        return ska_fail(err, SKA_E_VERSION,
                        tr("%s: är skriven av en nyare version av programmet; installera den",
                           "%s: written by a newer version of this program; install that one"),
                        path);
    for (; version < newest; version++)
        SKA_TRY(migrate_once(store, version, path, err));
    return SKA_OK;
}

/* The file's owner: written at the first opening, compared at every later one. */
static enum ska_status check_owner(struct store *store, const char *path, enum ska_role role,
                                   const uint8_t own_key[static 32], struct ska_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(store->db, "SELECT role, signing_key FROM owner", -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    bool found = rc == SQLITE_ROW;
    bool same = found && sqlite3_column_int64(stmt, 0) == (int64_t)role &&
                sqlite3_column_bytes(stmt, 1) == 32 &&
                memcmp(sqlite3_column_blob(stmt, 1), own_key, 32) == 0;
    (void)sqlite3_finalize(stmt);
    if (found && !same)
        return ska_fail(err, SKA_E_CONFIG,
                        tr("%s: hör till en server med annan roll eller signeringsnyckel",
                           "%s: belongs to a server of another role or signing key"),
                        path);
    if (found)
        return SKA_OK;
    if (rc != SQLITE_DONE || sqlite3_prepare_v2(store->db, "INSERT INTO owner VALUES (1, ?, ?)", -1,
                                                &stmt, NULL) != SQLITE_OK)
        return database_failed(store, path, tr("kan inte läsas", "cannot be read"), err);
    (void)sqlite3_bind_int64(stmt, 1, (int64_t)role);
    (void)sqlite3_bind_blob(stmt, 2, own_key, 32, SQLITE_STATIC);
    (void)sqlite3_step(stmt);
    rc = sqlite3_finalize(stmt);
    return rc == SQLITE_OK
               ? SKA_OK
               : database_failed(store, path, tr("kan inte skrivas", "cannot be written"), err);
}

static enum ska_status prepare_all(struct store *store, const char *path, struct ska_error *err)
{
    for (int i = 0; i < N_STORE_SQL; i++)
        if (sqlite3_prepare_v3(store->db, store_sql_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK)
            return database_failed(store, path, tr("går inte att förstå", "cannot be understood"),
                                   err);
    return SKA_OK;
}

static enum ska_status open_database(struct store *store, const char *path, enum ska_role role,
                                     const uint8_t own_key[static 32], struct ska_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK)
        return database_failed(store, path, tr("kan inte öppnas", "cannot be opened"), err);
    SKA_TRY(configure(store, path, err));
    SKA_TRY(migrate(store, path, err));
    SKA_TRY(check_owner(store, path, role, own_key, err));
    return prepare_all(store, path, err);
}

enum ska_status store_open(struct store **out, const char *path, enum ska_role role,
                           const uint8_t own_key[static 32], struct ska_error *err)
{
    SKA_TRY(create_private(path, err));
    struct store *store = ska_alloc(1, sizeof *store);
    if (store == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s: %s", path, ska_status_text(SKA_E_MEMORY));
    enum ska_status status = open_database(store, path, role, own_key, err);
    if (status != SKA_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return SKA_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (int i = 0; i < N_STORE_SQL; i++)
        (void)sqlite3_finalize(store->statements[i]);
    (void)sqlite3_close(store->db);
    free(store);
}
