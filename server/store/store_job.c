/* SPDX-License-Identifier: EUPL-1.2 */
/* store_job.c - aggregation jobs (leader: unanswered requests; helper: answers) and collections. */
#include "server/store/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum ska_status store_job_add(int64_t *id, struct store *store, int64_t task,
                              struct ska_slice request)
{
    struct query q;
    query_start(&q, store, SQL_JOB_ADD);
    query_int(&q, task);
    query_blob(&q, request.data, request.len);
    SKA_TRY(query_run(&q));
    *id = sqlite3_last_insert_rowid(store->db);
    return SKA_OK;
}

/* The first column of every row, at most `max` rows. */
static enum ska_status collect_ids(int64_t *ids, size_t *n, size_t max, struct query *q)
{
    size_t found = 0;
    enum ska_status status = SKA_OK;
    while ((status = query_row(q)) == SKA_OK && found < max)
        ids[found++] = column_int(q, 0);
    query_end(q);
    if (status != SKA_E_NOT_FOUND)
        return status == SKA_OK ? SKA_E_BUG : status;
    *n = found;
    return SKA_OK;
}

enum ska_status store_job_open(int64_t *ids, size_t *n, struct store *store, size_t max,
                               int64_t after)
{
    struct query q;
    query_start(&q, store, SQL_JOB_OPEN);
    query_int(&q, after);
    query_u64(&q, max);
    return collect_ids(ids, n, max, &q);
}

enum ska_status store_job_reports(int64_t *ids, size_t *n, struct store *store, size_t max,
                                  int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_JOB_REPORTS);
    query_int(&q, id);
    query_u64(&q, max);
    return collect_ids(ids, n, max, &q);
}

enum ska_status store_job_request(int64_t *task, uint8_t **data, size_t *len, struct store *store,
                                  int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_JOB_REQUEST);
    query_int(&q, id);
    enum ska_status status = query_row(&q);
    int64_t found = status == SKA_OK ? column_int(&q, 0) : 0;
    if (status == SKA_OK)
        status = column_copy(data, len, &q, 1);
    query_end(&q);
    if (status == SKA_OK)
        *task = found;
    return status;
}

enum ska_status store_job_delete(struct store *store, int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_JOB_DELETE);
    query_int(&q, id);
    return query_change(&q);
}

enum ska_status store_answer_add(struct store *store, int64_t task,
                                 const uint8_t name[static STORE_NAME_BYTES],
                                 const uint8_t request_sha256[static 32], struct ska_slice answer)
{
    struct query q;
    query_start(&q, store, SQL_ANSWER_ADD);
    query_int(&q, task);
    query_blob(&q, name, STORE_NAME_BYTES);
    query_blob(&q, request_sha256, 32);
    query_blob(&q, answer.data, answer.len);
    return query_run(&q);
}

enum ska_status store_answer_find(uint8_t name[static STORE_NAME_BYTES], uint8_t **data,
                                  size_t *len, struct store *store, int64_t task,
                                  const uint8_t request_sha256[static 32])
{
    struct query q;
    query_start(&q, store, SQL_ANSWER_FIND);
    query_int(&q, task);
    query_blob(&q, request_sha256, 32);
    uint8_t found[STORE_NAME_BYTES] = {0};
    enum ska_status status = query_row(&q);
    if (status == SKA_OK)
        status = column_bytes(found, sizeof found, &q, 0);
    if (status == SKA_OK)
        status = column_copy(data, len, &q, 1);
    query_end(&q);
    if (status == SKA_OK)
        memcpy(name, found, sizeof found);
    return status;
}

enum ska_status store_answer_get(uint8_t **data, size_t *len, struct store *store, int64_t task,
                                 const uint8_t name[static STORE_NAME_BYTES])
{
    struct query q;
    query_start(&q, store, SQL_ANSWER_GET);
    query_int(&q, task);
    query_blob(&q, name, STORE_NAME_BYTES);
    return query_one_blob(data, len, &q);
}

enum ska_status store_answer_delete(struct store *store, int64_t task,
                                    const uint8_t name[static STORE_NAME_BYTES])
{
    struct query q;
    query_start(&q, store, SQL_ANSWER_DELETE);
    query_int(&q, task);
    query_blob(&q, name, STORE_NAME_BYTES);
    return query_run(&q);
}

void store_collection_clear(struct store_collection *c)
{
    if (c == NULL)
        return;
    free(c->request);
    free(c->answer);
    *c = (struct store_collection){0};
}

enum ska_status store_collection_add(struct store *store, int64_t task,
                                     const uint8_t name[static STORE_NAME_BYTES],
                                     struct ska_slice request, struct ska_slice answer)
{
    struct query q;
    query_start(&q, store, SQL_COLLECTION_ADD);
    query_int(&q, task);
    query_blob(&q, name, STORE_NAME_BYTES);
    query_blob(&q, request.data, request.len);
    query_blob_or_null(&q, answer.data, answer.len);
    return query_run(&q);
}

enum ska_status store_collection_get(struct store_collection *out, struct store *store,
                                     int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_COLLECTION_GET);
    query_int(&q, task);
    struct store_collection c = {0};
    enum ska_status status = query_row(&q);
    if (status == SKA_OK)
        status = column_bytes(c.name, sizeof c.name, &q, 0);
    if (status == SKA_OK)
        status = column_copy(&c.request, &c.request_len, &q, 1);
    if (status == SKA_OK)
        status = column_copy(&c.answer, &c.answer_len, &q, 2);
    query_end(&q);
    if (status != SKA_OK) {
        store_collection_clear(&c);
        return status;
    }
    *out = c;
    return SKA_OK;
}

enum ska_status store_collection_set_answer(struct store *store, int64_t task,
                                            struct ska_slice answer)
{
    struct query q;
    query_start(&q, store, SQL_COLLECTION_SET_ANSWER);
    query_int(&q, task);
    query_blob(&q, answer.data, answer.len);
    return query_change(&q);
}

enum ska_status store_collection_delete(struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_COLLECTION_DELETE);
    query_int(&q, task);
    return query_run(&q);
}
