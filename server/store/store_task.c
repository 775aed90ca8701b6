/* SPDX-License-Identifier: EUPL-1.2 */
/* store_task.c - tasks, their control commands and their accepted lists. */
#include "server/store/store_internal.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

enum ska_status store_task_add(int64_t *id, struct store *store, const struct store_task *t,
                               struct ska_slice signed_parameters)
{
    struct query q;
    query_start(&q, store, SQL_TASK_ADD);
    query_blob(&q, t->task_id, sizeof t->task_id);
    query_text(&q, t->collection);
    query_text(&q, t->period);
    query_int(&q, t->revision);
    query_int(&q, t->state);
    query_blob(&q, signed_parameters.data, signed_parameters.len);
    SKA_TRY(query_run(&q));
    *id = sqlite3_last_insert_rowid(store->db);
    return SKA_OK;
}

static enum ska_status read_task(struct store_task *out, const struct query *q)
{
    struct store_task t = {.id = column_int(q, 0),
                           .revision = (uint32_t)column_int(q, 4),
                           .state = (enum ska_task_state)column_int(q, 5),
                           .serial = column_u64(q, 6)};
    SKA_TRY(column_bytes(t.task_id, sizeof t.task_id, q, 1));
    SKA_TRY(column_text(t.collection, sizeof t.collection, q, 2));
    SKA_TRY(column_text(t.period, sizeof t.period, q, 3));
    if (t.serial != 0)
        SKA_TRY(column_bytes(t.control, sizeof t.control, q, 7));
    *out = t;
    return SKA_OK;
}

static enum ska_status one_task(struct store_task *out, struct query *q)
{
    enum ska_status status = query_row(q);
    if (status == SKA_OK)
        status = read_task(out, q);
    query_end(q);
    return status;
}

enum ska_status store_task_find(struct store_task *out, struct store *store,
                                const uint8_t task_id[static 32])
{
    struct query q;
    query_start(&q, store, SQL_TASK_FIND);
    query_blob(&q, task_id, 32);
    return one_task(out, &q);
}

enum ska_status store_task_get(struct store_task *out, struct store *store, int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_TASK_GET);
    query_int(&q, id);
    return one_task(out, &q);
}

static enum ska_status collect_tasks(struct store_task **at, size_t *n, struct query *q)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *tasks = NULL;
    size_t used = 0;
    size_t room = 0;
    enum ska_status status = SKA_OK;
    while ((status = query_row(q)) == SKA_OK) {
        if (used == room) {
            room = room == 0 ? 16 : 2 * room;
            struct store_task *more = realloc(tasks, room * sizeof *tasks);
            if (more == NULL)
                return SKA_E_MEMORY;
            tasks = more;
        }
        SKA_TRY(read_task(&tasks[used], q));
        used++;
    }
    if (status != SKA_E_NOT_FOUND)
        return status;
    *at = tasks;
    *n = used;
    tasks = NULL;
    return SKA_OK;
}

enum ska_status store_task_all(struct store_task **at, size_t *n, struct store *store)
{
    struct query q;
    query_start(&q, store, SQL_TASK_ALL);
    enum ska_status status = collect_tasks(at, n, &q);
    query_end(&q);
    return status;
}

enum ska_status store_task_parameters(uint8_t **data, size_t *len, struct store *store, int64_t id)
{
    struct query q;
    query_start(&q, store, SQL_TASK_PARAMETERS);
    query_int(&q, id);
    return query_one_blob(data, len, &q);
}

enum ska_status store_task_set_parameters(struct store *store, int64_t id,
                                          struct ska_slice signed_parameters)
{
    struct query q;
    query_start(&q, store, SQL_TASK_SET_PARAMETERS);
    query_int(&q, id);
    query_blob(&q, signed_parameters.data, signed_parameters.len);
    return query_change(&q);
}

enum ska_status store_task_replace(struct store *store, int64_t id,
                                   const uint8_t task_id[static 32],
                                   struct ska_slice signed_parameters)
{
    struct query q;
    query_start(&q, store, SQL_TASK_REPLACE);
    query_int(&q, id);
    query_blob(&q, task_id, 32);
    query_blob(&q, signed_parameters.data, signed_parameters.len);
    return query_change(&q);
}

enum ska_status store_task_set_state(struct store *store, int64_t id, enum ska_task_state state)
{
    struct query q;
    query_start(&q, store, SQL_TASK_SET_STATE);
    query_int(&q, id);
    query_int(&q, state);
    return query_change(&q);
}

enum ska_status store_task_set_control(struct store *store, int64_t id, uint64_t serial,
                                       const uint8_t control[static SKA_CONTROL_BYTES])
{
    struct query q;
    query_start(&q, store, SQL_TASK_SET_CONTROL);
    query_int(&q, id);
    query_u64(&q, serial);
    query_blob(&q, control, SKA_CONTROL_BYTES);
    enum ska_status status = query_change(&q);
    return status == SKA_E_STATE ? SKA_E_NUMBER : status;
}

enum ska_status store_accepted_set(struct store *store, int64_t task,
                                   struct ska_slice signed_accepted)
{
    struct query q;
    query_start(&q, store, SQL_ACCEPTED_SET);
    query_int(&q, task);
    query_blob(&q, signed_accepted.data, signed_accepted.len);
    return query_run(&q);
}

enum ska_status store_accepted_get(uint8_t **data, size_t *len, struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_ACCEPTED_GET);
    query_int(&q, task);
    return query_one_blob(data, len, &q);
}

enum ska_status store_accepted_delete(struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_ACCEPTED_DELETE);
    query_int(&q, task);
    return query_run(&q);
}

enum ska_status store_changes_set(struct store *store, int64_t task, struct ska_slice both)
{
    struct query q;
    query_start(&q, store, SQL_CHANGES_SET);
    query_int(&q, task);
    query_blob(&q, both.data, both.len);
    return query_run(&q);
}

enum ska_status store_changes_get(uint8_t **data, size_t *len, struct store *store, int64_t task)
{
    struct query q;
    query_start(&q, store, SQL_CHANGES_GET);
    query_int(&q, task);
    return query_one_blob(data, len, &q);
}
