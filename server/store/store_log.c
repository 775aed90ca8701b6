/* SPDX-License-Identifier: EUPL-1.2 */
/* store_log.c - the public log's entries, what they are about, and how far it is signed. */
#include "server/store/store_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/merkle.h"
#include "crypto/scoped.h"

enum ska_status store_entry_add(struct store *store, int64_t task, const struct ska_log_leaf *leaf)
{
    uint8_t bytes[SKA_LEAF_BYTES_MAX];
    uint8_t hash[SKA_HASH_BYTES];
    size_t len = ska_log_leaf_encode(bytes, leaf);
    ska_merkle_leaf(hash, bytes, len);
    struct query q;
    query_start(&q, store, SQL_ENTRY_ADD);
    query_int_or_null(&q, task);
    query_int(&q, leaf->type);
    query_int(&q, leaf->entry.contributor);
    query_u64(&q, leaf->entry.number);
    query_blob(&q, hash, sizeof hash);
    query_blob(&q, bytes, len);
    return query_run(&q);
}

static enum ska_status read_leaf(struct store_entry *e, const struct query *q, int column)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *leaf = NULL;
    SKA_TRY(column_copy(&leaf, &e->leaf_len, q, column));
    if (leaf == NULL || e->leaf_len > sizeof e->leaf)
        return SKA_E_STORE;
    memcpy(e->leaf, leaf, e->leaf_len);
    return SKA_OK;
}

static enum ska_status one_entry(struct store_entry *out, struct query *q)
{
    struct store_entry e = {0};
    enum ska_status status = query_row(q);
    if (status == SKA_OK) {
        e.id = column_int(q, 0);
        e.task = column_int(q, 1); /* NULL reads as 0, STORE_NO_TASK */
        e.is_placed = sqlite3_column_type(q->stmt, 2) != SQLITE_NULL;
        e.index = column_u64(q, 2); /* NULL reads as 0 */
        status = column_bytes(e.hash, sizeof e.hash, q, 3);
    }
    if (status == SKA_OK)
        status = read_leaf(&e, q, 4);
    query_end(q);
    if (status == SKA_OK)
        *out = e;
    return status;
}

enum ska_status store_entry_find(struct store_entry *out, struct store *store,
                                 const uint8_t hash[static 32])
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_FIND);
    query_blob(&q, hash, 32);
    return one_entry(out, &q);
}

enum ska_status store_entry_at(struct store_entry *out, struct store *store, uint64_t index)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_AT);
    query_u64(&q, index);
    return one_entry(out, &q);
}

enum ska_status store_entry_of(struct store_entry *out, struct store *store, int64_t task,
                               enum ska_leaf_type type, uint32_t contributor, uint64_t number)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_OF);
    query_int(&q, task);
    query_int(&q, type);
    query_int(&q, contributor);
    query_u64(&q, number);
    return one_entry(out, &q);
}

enum ska_status store_entry_of_type(struct store_entry *out, struct store *store, int64_t task,
                                    enum ska_leaf_type type)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_OF_TYPE);
    query_int(&q, task);
    query_int(&q, type);
    return one_entry(out, &q);
}

enum ska_status store_entry_new(int64_t *ids, size_t *n, struct store *store, size_t max)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_NEW);
    query_u64(&q, max);
    size_t found = 0;
    enum ska_status status = SKA_OK;
    while (found < max && (status = query_row(&q)) == SKA_OK)
        ids[found++] = column_int(&q, 0);
    query_end(&q);
    if (status != SKA_OK && status != SKA_E_NOT_FOUND)
        return status;
    *n = found;
    return SKA_OK;
}

enum ska_status store_entry_get(struct store_entry *out, struct store *store, int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_GET);
    query_int(&q, id);
    return one_entry(out, &q);
}

enum ska_status store_entry_place(struct store *store, int64_t id, uint64_t index)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_PLACE);
    query_int(&q, id);
    query_u64(&q, index);
    return query_change(&q);
}

static enum ska_status one_count(uint64_t *n, struct query *q)
{
    enum ska_status status = query_row(q);
    if (status == SKA_OK)
        *n = column_u64(q, 0);
    query_end(q);
    return status;
}

enum ska_status store_entry_unplaced(uint64_t *n, struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_ENTRY_UNPLACED);
    query_int(&q, task);
    return one_count(n, &q);
}

/* Exactly n hashes, in places 0 to n - 1. */
static enum ska_status read_hashes(uint8_t *hashes, uint64_t n, struct query *q)
{
    for (uint64_t i = 0; i < n; i++) {
        enum ska_status status = query_row(q);
        if (status != SKA_OK)
            return status == SKA_E_NOT_FOUND ? SKA_E_STORE : status;
        if (column_u64(q, 0) != i)
            return SKA_E_STORE;
        SKA_TRY(column_bytes(hashes + i * SKA_HASH_BYTES, SKA_HASH_BYTES, q, 1));
    }
    return SKA_OK;
}

enum ska_status store_entry_hashes(uint8_t **hashes, uint64_t *n, struct store *store)
{
    uint64_t count = 0;
    struct query q;
    query_start(&q, store, SQL_ENTRY_COUNT);
    SKA_TRY(one_count(&count, &q));
    SKA_SCOPED(ska_scoped_free) uint8_t *all = ska_alloc((size_t)count + 1, SKA_HASH_BYTES);
    if (all == NULL)
        return SKA_E_MEMORY;
    query_start(&q, store, SQL_ENTRY_HASHES);
    enum ska_status status = read_hashes(all, count, &q);
    query_end(&q);
    SKA_TRY(status);
    *hashes = all;
    *n = count;
    all = NULL;
    return SKA_OK;
}

enum ska_status store_blob_add(struct store *store, const uint8_t sha256[static 32],
                               struct ska_slice data)
{
    struct query q;
    query_start(&q, store, SQL_BLOB_ADD);
    query_blob(&q, sha256, 32);
    query_blob(&q, data.data, data.len);
    return query_run(&q);
}

enum ska_status store_blob_get(uint8_t **data, size_t *len, struct store *store,
                               const uint8_t sha256[static 32])
{
    struct query q;
    query_start(&q, store, SQL_BLOB_GET);
    query_blob(&q, sha256, 32);
    return query_one_blob(data, len, &q);
}

void store_head_clear(struct store_head *head)
{
    if (head == NULL)
        return;
    free(head->note);
    free(head->lines);
    free(head->published);
    *head = (struct store_head){0};
}

static enum ska_status read_head(struct store_head *head, const struct query *q)
{
    head->size = column_u64(q, 0);
    head->published_size = column_u64(q, 4);
    SKA_TRY(column_bytes(head->root, sizeof head->root, q, 1));
    SKA_TRY(column_copy(&head->note, &head->note_len, q, 2));
    SKA_TRY(column_copy(&head->lines, &head->lines_len, q, 3));
    return column_copy(&head->published, &head->published_len, q, 5);
}

enum ska_status store_head_get(struct store_head *out, struct store *store)
{
    SKA_SCOPED(store_head_clear) struct store_head head = {0};
    struct query q;
    query_start(&q, store, SQL_HEAD_GET);
    enum ska_status status = query_row(&q);
    if (status == SKA_OK)
        status = read_head(&head, &q);
    query_end(&q);
    if (status != SKA_OK && status != SKA_E_NOT_FOUND)
        return status;
    *out = head;
    head = (struct store_head){0};
    return SKA_OK;
}

enum ska_status store_head_set(struct store *store, const struct store_head *head)
{
    struct query q;
    query_start(&q, store, SQL_HEAD_SET);
    query_u64(&q, head->size);
    query_blob(&q, head->root, sizeof head->root);
    query_blob(&q, head->note, head->note_len);
    query_blob_or_null(&q, head->lines, head->lines_len);
    query_u64(&q, head->published_size);
    query_blob_or_null(&q, head->published, head->published_len);
    return query_run(&q);
}
