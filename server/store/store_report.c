/* SPDX-License-Identifier: EUPL-1.2 */
/* store_report.c - reports and what belongs to each: its encoding, public share and output share.
 */
#include "server/store/store_internal.h"

#include <stdlib.h>

#include "crypto/scoped.h"

static enum ska_status add_blob(struct store *store, enum store_sql which, int64_t id,
                                struct ska_slice blob)
{
    struct query q;
    query_start(&q, store, which);
    query_int(&q, id);
    query_blob(&q, blob.data, blob.len);
    return query_run(&q);
}

static enum ska_status get_blob(uint8_t **data, size_t *len, struct store *store,
                                enum store_sql which, int64_t id)
{
    struct query q;
    query_start(&q, store, which);
    query_int(&q, id);
    return query_one_blob(data, len, &q);
}

/* Which of the two names was taken: the identifier's or the number's. */
static enum ska_status name_conflict(struct store *store, const struct store_report *r)
{
    struct store_report other;
    enum ska_status status = store_report_find(&other, store, r->task, r->report_id);
    if (status == SKA_OK)
        return SKA_E_REPLAY;
    return status == SKA_E_NOT_FOUND ? SKA_E_CONFLICT : status;
}

enum ska_status store_report_add(int64_t *id, struct store *store, const struct store_report *r,
                                 struct ska_slice encoded)
{
    size_t signature_len = r->state == STORE_REPORT_ACCEPTED ? 64 : 0;
    struct query q;
    query_start(&q, store, SQL_REPORT_ADD);
    query_int(&q, r->task);
    query_blob(&q, r->report_id, sizeof r->report_id);
    query_int(&q, r->contributor);
    query_u64(&q, r->number);
    query_int(&q, r->state);
    query_blob(&q, r->digest, sizeof r->digest);
    query_blob(&q, r->sha256, sizeof r->sha256);
    query_u64(&q, r->length);
    query_blob_or_null(&q, r->leader, signature_len);
    query_blob_or_null(&q, r->helper, signature_len);
    enum ska_status status = query_run(&q);
    if (status == SKA_E_CONFLICT)
        return name_conflict(store, r);
    SKA_TRY(status);
    int64_t added = sqlite3_last_insert_rowid(store->db);
    if (encoded.len > 0)
        SKA_TRY(add_blob(store, SQL_BODY_ADD, added, encoded));
    *id = added;
    return SKA_OK;
}

static enum ska_status read_report(struct store_report *out, const struct query *q)
{
    struct store_report r = {.id = column_int(q, 0),
                             .task = column_int(q, 1),
                             .contributor = (uint32_t)column_int(q, 3),
                             .number = column_u64(q, 4),
                             .state = (enum store_report_state)column_int(q, 5),
                             .error = (uint8_t)column_int(q, 6),
                             .length = column_u64(q, 9)};
    SKA_TRY(column_bytes(r.report_id, sizeof r.report_id, q, 2));
    SKA_TRY(column_bytes(r.digest, sizeof r.digest, q, 7));
    SKA_TRY(column_bytes(r.sha256, sizeof r.sha256, q, 8));
    if (r.state == STORE_REPORT_ACCEPTED) {
        SKA_TRY(column_bytes(r.leader, sizeof r.leader, q, 10));
        SKA_TRY(column_bytes(r.helper, sizeof r.helper, q, 11));
    }
    *out = r;
    return SKA_OK;
}

static enum ska_status one_report(struct store_report *out, struct query *q)
{
    enum ska_status status = query_row(q);
    if (status == SKA_OK)
        status = read_report(out, q);
    query_end(q);
    return status;
}

enum ska_status store_report_find(struct store_report *out, struct store *store, int64_t task,
                                  const uint8_t report_id[static 16])
{
    struct query q;
    query_start(&q, store, SQL_REPORT_FIND);
    query_int(&q, task);
    query_blob(&q, report_id, 16);
    return one_report(out, &q);
}

enum ska_status store_report_find_number(struct store_report *out, struct store *store,
                                         int64_t task, uint32_t contributor, uint64_t number)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_FIND_NUMBER);
    query_int(&q, task);
    query_int(&q, contributor);
    query_u64(&q, number);
    return one_report(out, &q);
}

enum ska_status store_report_get(struct store_report *out, struct store *store, int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_GET);
    query_int(&q, id);
    return one_report(out, &q);
}

enum ska_status store_report_highest(uint64_t *number, struct store *store, int64_t task,
                                     uint32_t contributor)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_HIGHEST);
    query_int(&q, task);
    query_int(&q, contributor);
    enum ska_status status = query_row(&q);
    uint64_t highest = status == SKA_OK ? column_u64(&q, 0) : 0;
    query_end(&q);
    if (status != SKA_OK && status != SKA_E_NOT_FOUND)
        return status;
    *number = highest;
    return SKA_OK;
}

enum ska_status store_report_count(uint64_t *n, struct store *store, int64_t task,
                                   uint32_t contributor)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_COUNT);
    query_int(&q, task);
    query_int(&q, contributor);
    enum ska_status status = query_row(&q);
    if (status == SKA_OK)
        *n = column_u64(&q, 0);
    query_end(&q);
    return status;
}

/* Room for one more element in a growing array. */
static enum ska_status make_room(void **at, size_t *room, size_t used, size_t size)
{
    if (used < *room)
        return SKA_OK;
    size_t wanted = *room == 0 ? 16 : *room;
    SKA_TRY(ska_size_mul(&wanted, wanted, 2));
    size_t bytes = 0;
    SKA_TRY(ska_size_mul(&bytes, wanted, size));
    void *more = realloc(*at, bytes);
    if (more == NULL)
        return SKA_E_MEMORY;
    *at = more;
    *room = wanted;
    return SKA_OK;
}

static enum ska_status collect_reports(struct store_report **at, size_t *n, struct query *q)
{
    SKA_SCOPED(ska_scoped_free) void *reports = NULL;
    size_t used = 0;
    size_t room = 0;
    enum ska_status status = SKA_OK;
    while ((status = query_row(q)) == SKA_OK) {
        SKA_TRY(make_room(&reports, &room, used, sizeof **at));
        SKA_TRY(read_report((struct store_report *)reports + used, q));
        used++;
    }
    if (status != SKA_E_NOT_FOUND)
        return status;
    *at = reports;
    *n = used;
    reports = NULL;
    return SKA_OK;
}

enum ska_status store_report_of(struct store_report **at, size_t *n, struct store *store,
                                int64_t task, uint32_t contributor)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_OF);
    query_int(&q, task);
    query_int(&q, contributor);
    enum ska_status status = collect_reports(at, n, &q);
    query_end(&q);
    return status;
}

enum ska_status store_report_due(int64_t *ids, size_t *n, struct store *store, size_t max,
                                 uint64_t now_s)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_DUE);
    query_u64(&q, now_s);
    query_u64(&q, max);
    size_t found = 0;
    enum ska_status status = SKA_OK;
    while ((status = query_row(&q)) == SKA_OK && found < max)
        ids[found++] = column_int(&q, 0);
    query_end(&q);
    if (status != SKA_E_NOT_FOUND)
        return status == SKA_OK ? SKA_E_BUG : status;
    *n = found;
    return SKA_OK;
}

enum ska_status store_report_encoded(uint8_t **data, size_t *len, struct store *store, int64_t id)
{
    return get_blob(data, len, store, SQL_BODY_GET, id);
}

enum ska_status store_report_pending(uint64_t *n, struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_PENDING);
    query_int(&q, task);
    enum ska_status status = query_row(&q);
    if (status == SKA_OK)
        *n = column_u64(&q, 0);
    query_end(&q);
    return status;
}

enum ska_status store_report_send(struct store *store, int64_t id, int64_t job, uint32_t place)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_SEND);
    query_int(&q, id);
    query_int(&q, job);
    query_int(&q, place);
    return query_change(&q);
}

static enum ska_status delete_body(struct store *store, int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_BODY_DELETE);
    query_int(&q, id);
    return query_change(&q);
}

enum ska_status store_report_accept(struct store *store, int64_t id,
                                    const uint8_t leader[static 64],
                                    const uint8_t helper[static 64], struct ska_slice public_share,
                                    struct ska_slice output_share)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_ACCEPT);
    query_int(&q, id);
    query_blob(&q, leader, 64);
    query_blob(&q, helper, 64);
    SKA_TRY(query_change(&q));
    SKA_TRY(delete_body(store, id));
    SKA_TRY(store_public_share_add(store, id, public_share));
    return store_output_add(store, id, output_share);
}

enum ska_status store_report_reject(struct store *store, int64_t id, uint8_t error)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_REJECT);
    query_int(&q, id);
    query_int(&q, error);
    SKA_TRY(query_change(&q));
    return delete_body(store, id);
}

enum ska_status store_report_postpone(struct store *store, int64_t id, uint64_t due_s)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_POSTPONE);
    query_int(&q, id);
    query_u64(&q, due_s);
    return query_change(&q);
}

enum ska_status store_public_share_add(struct store *store, int64_t id,
                                       struct ska_slice public_share)
{
    return add_blob(store, SQL_PUBLIC_SHARE_ADD, id, public_share);
}

enum ska_status store_output_add(struct store *store, int64_t id, struct ska_slice output_share)
{
    return add_blob(store, SQL_OUTPUT_ADD, id, output_share);
}

enum ska_status store_output_get(uint8_t **data, size_t *len, struct store *store, int64_t id)
{
    return get_blob(data, len, store, SQL_OUTPUT_GET, id);
}

enum ska_status store_output_delete(struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_OUTPUT_DELETE);
    query_int(&q, task);
    return query_run(&q);
}

enum ska_status store_public_share_get(uint8_t **data, size_t *len, struct store *store, int64_t id)
{
    return get_blob(data, len, store, SQL_PUBLIC_SHARE_GET, id);
}

static enum ska_status read_entry(struct ska_accepted_entry *e, const struct query *q)
{
    *e = (struct ska_accepted_entry){.contributor = (uint32_t)column_int(q, 0),
                                     .number = column_u64(q, 1),
                                     .length = column_u64(q, 4)};
    SKA_TRY(column_bytes(e->report_id, sizeof e->report_id, q, 2));
    return column_bytes(e->sha256, sizeof e->sha256, q, 3);
}

static enum ska_status collect_entries(struct ska_accepted_entry **at, uint32_t *n, struct query *q)
{
    SKA_SCOPED(ska_scoped_free) void *entries = NULL;
    size_t used = 0;
    size_t room = 0;
    enum ska_status status = SKA_OK;
    while ((status = query_row(q)) == SKA_OK) {
        if (used == UINT32_MAX)
            return SKA_E_LIMIT;
        SKA_TRY(make_room(&entries, &room, used, sizeof **at));
        SKA_TRY(read_entry((struct ska_accepted_entry *)entries + used, q));
        used++;
    }
    if (status != SKA_E_NOT_FOUND)
        return status;
    *at = entries;
    *n = (uint32_t)used;
    entries = NULL;
    return SKA_OK;
}

enum ska_status store_report_accepted(struct ska_accepted_entry **at, uint32_t *n,
                                      struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_REPORT_ACCEPTED);
    query_int(&q, task);
    enum ska_status status = collect_entries(at, n, &q);
    query_end(&q);
    return status;
}
