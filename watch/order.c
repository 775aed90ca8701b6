/* SPDX-License-Identifier: EUPL-1.2 */
/* order.c - the stage of each task of a log. */
#include "watch/order.h"

#include <stdlib.h>
#include <string.h>

void watch_order_clear(struct watch_order *order)
{
    free(order->tasks);
    *order = (struct watch_order){0};
}

/* The task, newest first, since entries of one stand together; a new one at the end, NULL if there
 * is no room. */
static struct watch_task *find(struct watch_order *order, const uint8_t id[static 32])
{
    for (size_t i = order->n; i-- > 0;)
        if (memcmp(order->tasks[i].id, id, sizeof order->tasks[i].id) == 0)
            return &order->tasks[i];
    if (order->n == WATCH_TASKS_MAX)
        return NULL;
    struct watch_task *task = &order->tasks[order->n++];
    *task = (struct watch_task){.stage = SKA_LOG_START};
    memcpy(task->id, id, sizeof task->id);
    return task;
}

enum ska_status watch_order_add(struct ska_log_leaf *leaf, enum ska_log_stage *stage,
                                struct watch_order *order, struct ska_slice entry)
{
    struct ska_log_leaf read;
    if (ska_log_leaf_decode(&read, entry) != SKA_OK || read.type == SKA_LEAF_VERIFIER)
        return SKA_OK;
    if (order->tasks == NULL)
        order->tasks = ska_alloc(WATCH_TASKS_MAX, sizeof *order->tasks);
    if (order->tasks == NULL)
        return SKA_E_MEMORY;
    struct watch_task *task = find(order, read.entry.task_id);
    if (task == NULL)
        return SKA_OK;
    *leaf = read;
    *stage = task->stage;
    return ska_log_step(&task->stage, read.type) ? SKA_OK : SKA_E_STATE;
}
