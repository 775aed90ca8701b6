/* SPDX-License-Identifier: EUPL-1.2 */
/* aggregator_task.c - tasks decoded from the database, kept while they are useful. */
#include "server/aggregator/aggregator_internal.h"

#include <assert.h>
#include <stdlib.h>

#include "crypto/scoped.h"
#include "server/log.h"

const char *task_text(char out[static TASK_TEXT_BYTES], const uint8_t task_id[static 32])
{
    ska_base64url_encode(out, task_id, 32);
    return out;
}

static void drop(struct aggregator *a, struct task_entry *gone)
{
    struct task_entry **at = &a->tasks;
    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    ska_task_free(gone->task);
    free(gone->earlier);
    free(gone->earlier_bytes);
    free(gone);
}

/* Keep at most TASKS_CACHED_MAX: the one unused longest goes. */
static void make_room(struct aggregator *a)
{
    size_t n = 0;
    struct task_entry *oldest = NULL;
    for (struct task_entry *t = a->tasks; t != NULL; t = t->next) {
        n++;
        if (t->n_uses == 0 && (oldest == NULL || t->last_use < oldest->last_use))
            oldest = t;
    }
    if (n >= TASKS_CACHED_MAX && oldest != NULL)
        drop(a, oldest);
}

enum ska_status task_decode(struct ska_task **out, struct aggregator *a, int64_t id)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(store_task_parameters(&data, &len, a->store, id));
    struct ska_signed_parameters s;
    struct ska_error err = {0};
    enum ska_status status = ska_signed_parameters_decode(&s, (struct ska_slice){data, len});
    if (status == SKA_OK)
        status = ska_task_new(out, s.parameters, &err);
    if (status == SKA_OK || ska_status_class(status) == SKA_CLASS_RESOURCE)
        return status;
    log_error("stored_parameters_bad", "status=%s text=\"%s\"", ska_status_name(status), err.text);
    return SKA_E_STORE;
}

enum ska_status task_load(struct task_entry **out, struct aggregator *a, int64_t id)
{
    static uint64_t uses = 0;
    for (struct task_entry *t = a->tasks; t != NULL; t = t->next) {
        if (t->id != id)
            continue;
        t->last_use = ++uses;
        *out = t;
        return SKA_OK;
    }
    struct ska_task *task = NULL;
    SKA_TRY(task_decode(&task, a, id));
    struct task_entry *t = ska_alloc(1, sizeof *t);
    enum ska_status status = t == NULL ? SKA_E_MEMORY : SKA_OK;
    if (status == SKA_OK && task->config.statement->compares)
        status = revision_fill(&t->earlier, &t->earlier_bytes, a, task);
    if (status != SKA_OK) {
        ska_task_free(task);
        free(t);
        return status;
    }
    make_room(a);
    task->config.own_key = &a->signing;
    task->config.earlier = t->earlier;
    t->next = a->tasks;
    t->id = id;
    t->last_use = ++uses;
    t->task = task;
    a->tasks = t;
    *out = t;
    return SKA_OK;
}

void task_forget(struct aggregator *a, int64_t id)
{
    for (struct task_entry *t = a->tasks; t != NULL; t = t->next) {
        if (t->id != id)
            continue;
        assert(t->n_uses == 0);
        drop(a, t);
        return;
    }
}

void task_pin(struct task_entry *t)
{
    t->n_uses++;
}

void task_unpin(struct task_entry *t)
{
    if (t == NULL)
        return;
    assert(t->n_uses > 0);
    t->n_uses--;
}

void task_free_all(struct aggregator *a)
{
    while (a->tasks != NULL)
        drop(a, a->tasks);
}

bool task_find_or_answer(struct store_task *out, struct aggregator *a, uint64_t handle,
                         const struct ipc_request *m)
{
    enum ska_status status = store_task_find(out, a->store, m->task_id);
    if (status == SKA_OK)
        return true;
    if (status == SKA_E_NOT_FOUND)
        reply_problem(a, handle, SKA_PROBLEM_UNRECOGNIZED_TASK, 404,
                      "no task of this identifier is known here");
    else
        reply_status(a, handle, status, NULL);
    return false;
}

bool task_load_or_answer(struct store_task *row, struct task_entry **t, struct aggregator *a,
                         uint64_t handle, const struct ipc_request *m)
{
    if (!task_find_or_answer(row, a, handle, m))
        return false;
    enum ska_status status = task_load(t, a, row->id);
    if (status == SKA_OK)
        return true;
    reply_status(a, handle, status, NULL);
    return false;
}
