/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_internal.h - what the store's files share: the table of statements and the steps of a
 * query.
 */
#ifndef SKA_SERVER_STORE_INTERNAL_H
#define SKA_SERVER_STORE_INTERNAL_H

#include "server/store/store.h"

#include <sqlite3.h>

/* Every statement; the texts are in store_sql.c, in this order. */
enum store_sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_TASK_ADD,
    SQL_TASK_FIND,
    SQL_TASK_GET,
    SQL_TASK_ALL,
    SQL_TASK_PARAMETERS,
    SQL_TASK_SET_PARAMETERS,
    SQL_TASK_REPLACE,
    SQL_TASK_SET_STATE,
    SQL_TASK_SET_CONTROL,
    SQL_ACCEPTED_SET,
    SQL_ACCEPTED_GET,
    SQL_ACCEPTED_DELETE,
    SQL_CHANGES_SET,
    SQL_CHANGES_GET,
    SQL_REPORT_ADD,
    SQL_REPORT_FIND,
    SQL_REPORT_FIND_NUMBER,
    SQL_REPORT_HIGHEST,
    SQL_REPORT_COUNT,
    SQL_REPORT_OF,
    SQL_REPORT_DUE,
    SQL_REPORT_GET,
    SQL_REPORT_PENDING,
    SQL_REPORT_SEND,
    SQL_REPORT_ACCEPT,
    SQL_REPORT_REJECT,
    SQL_REPORT_POSTPONE,
    SQL_REPORT_ACCEPTED,
    SQL_BODY_ADD,
    SQL_BODY_GET,
    SQL_BODY_DELETE,
    SQL_OUTPUT_ADD,
    SQL_OUTPUT_GET,
    SQL_OUTPUT_DELETE,
    SQL_PUBLIC_SHARE_ADD,
    SQL_PUBLIC_SHARE_GET,
    SQL_JOB_ADD,
    SQL_JOB_OPEN,
    SQL_JOB_REQUEST,
    SQL_JOB_REPORTS,
    SQL_JOB_DELETE,
    SQL_ANSWER_ADD,
    SQL_ANSWER_FIND,
    SQL_ANSWER_GET,
    SQL_ANSWER_DELETE,
    SQL_COLLECTION_ADD,
    SQL_COLLECTION_GET,
    SQL_COLLECTION_SET_ANSWER,
    SQL_COLLECTION_DELETE,
    SQL_ENTRY_ADD,
    SQL_ENTRY_FIND,
    SQL_ENTRY_AT,
    SQL_ENTRY_OF,
    SQL_ENTRY_OF_TYPE,
    SQL_ENTRY_NEW,
    SQL_ENTRY_GET,
    SQL_ENTRY_PLACE,
    SQL_ENTRY_UNPLACED,
    SQL_ENTRY_COUNT,
    SQL_ENTRY_HASHES,
    SQL_BLOB_ADD,
    SQL_BLOB_GET,
    SQL_HEAD_GET,
    SQL_HEAD_SET,
    N_STORE_SQL
};

extern const char *const store_sql_text[N_STORE_SQL];

/* Scripts that take an empty database from version i to i + 1; the last entry is followed by NULL.
 */
extern const char *const store_migrations[];

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[N_STORE_SQL];
    bool in_transaction;
};

/* One run of a statement: bind in order, step, read columns, end. Remembers its first failure. */
struct query {
    struct store *store;
    sqlite3_stmt *stmt; /* borrowed from the store */
    int next;           /* parameter to bind next, from 1 */
    int rc;             /* the first failure, or SQLITE_OK */
};
void query_start(struct query *q, struct store *store, enum store_sql which);
void query_int(struct query *q, int64_t value);
void query_int_or_null(struct query *q, int64_t value); /* NULL if it is 0 */
void query_u64(struct query *q, uint64_t value);     /* at most INT64_MAX, else the query fails */
void query_text(struct query *q, const char *value); /* borrowed until query_end */
void query_blob(struct query *q, const void *data, size_t len); /* borrowed until query_end */
void query_blob_or_null(struct query *q, const void *data, size_t len); /* NULL if len is 0 */
/* The next row: SKA_OK, or SKA_E_NOT_FOUND after the last; SKA_E_CONFLICT for a broken constraint.
 */
enum ska_status query_row(struct query *q) SKA_MUST_CHECK;
void query_end(struct query *q); /* may be called twice */
/* A statement without rows, from binding to its end. */
enum ska_status query_run(struct query *q) SKA_MUST_CHECK;
/* The same; SKA_E_STATE if it changed no row. */
enum ska_status query_change(struct query *q) SKA_MUST_CHECK;

/* Columns of the current row. A blob or text of the wrong length is SKA_E_STORE. */
int64_t column_int(const struct query *q, int column);
uint64_t column_u64(const struct query *q, int column);
enum ska_status column_bytes(uint8_t *out, size_t len, const struct query *q,
                             int column) SKA_MUST_CHECK;
enum ska_status column_text(char *out, size_t size, const struct query *q,
                            int column) SKA_MUST_CHECK;
/* A copy for the caller to free; an empty or NULL column gives NULL and 0. */
enum ska_status column_copy(uint8_t **data, size_t *len, const struct query *q,
                            int column) SKA_MUST_CHECK;

/* The one blob of a row that a bound query gives, then its end. */
enum ska_status query_one_blob(uint8_t **data, size_t *len, struct query *q) SKA_MUST_CHECK;

/* SQLite's extended result code as our status. */
enum ska_status store_status(int rc);

#endif
