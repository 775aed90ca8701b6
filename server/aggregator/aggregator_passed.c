/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_passed.c - a correction beside every revision of its period that was collected before,
 * and not only the one that it corrects.
 *
 * Each collected one names the one that it was compared with, so that there is one row of
 * comparisons between any two:
 *
 *     1 <-- 2 (passed over)          2 and 3: by what 2 opened, and what 3 opened
 *     1 <-- 3
 *
 * Those collected before the one that is corrected were compared with it, or what it corrects, when
 * it was collected.
 */
#include "server/aggregator/aggregator_internal.h"

#include <string.h>

#include "crypto/scoped.h"
#include "protocol/frozen.h"

/* One end of the row. Owned; valid when zeroed. */
struct end {
    struct store_task row;
    struct ska_task *task;
    struct counted counted;
};

static void end_clear(struct end *e)
{
    ska_task_free(e->task);
    counted_clear(&e->counted);
    *e = (struct end){0};
}

static enum ska_status end_load(struct end *e, struct aggregator *a, const struct store_task *row)
{
    const struct store_task of = *row;
    end_clear(e);
    e->row = of;
    SKA_TRY(task_decode(&e->task, a, of.id));
    return counted_load(&e->counted, a, of.id);
}

/* Add the comparison of an end with what it corrects, which is the end from then on. */
static enum ska_status step(struct end *e, struct ska_passed *passed, struct aggregator *a,
                            struct ska_slice both)
{
    SKA_SCOPED(ska_scoped_free) uint32_t *n_differ = NULL;
    SKA_SCOPED(end_clear) struct end before = {0};
    struct store_task row;
    if (!e->task->parameters.previous.exists)
        return SKA_E_MISMATCH; /* the first of the period, to which every row leads */
    SKA_TRY(store_task_find(&row, a->store, e->task->context.previous_task_id));
    SKA_TRY(end_load(&before, a, &row));
    SKA_TRY(
        ska_frozen_count_changes(&n_differ, e->task, both, &before.counted.list, &e->counted.list));
    ska_passed_add(passed, n_differ);
    end_clear(e);
    *e = before;
    before = (struct end){0};
    return SKA_OK;
}

/* The same, with what it opened when it was collected. */
static enum ska_status step_kept(struct end *e, struct ska_passed *passed, struct aggregator *a)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *both = NULL;
    size_t len = 0;
    SKA_TRY(store_changes_get(&both, &len, a->store, e->row.id));
    return step(e, passed, a, (struct ska_slice){both, len});
}

/* Of the ends the later one steps back until both are one. Revisions fall along each row. */
static enum ska_status judge(struct aggregator *a, const struct store_task *row,
                             struct ska_slice both, const struct store_task *other,
                             uint32_t n_atoms, struct ska_error *err)
{
    SKA_SCOPED(end_clear) struct end now = {0};
    SKA_SCOPED(end_clear) struct end then = {0};
    SKA_SCOPED(ska_passed_clear) struct ska_passed passed = {0};
    SKA_TRY(ska_passed_init(&passed, n_atoms));
    SKA_TRY(end_load(&now, a, row));
    SKA_TRY(end_load(&then, a, other));
    SKA_TRY(step(&now, &passed, a, both));
    while (now.row.id != then.row.id)
        SKA_TRY(step_kept(now.row.revision > then.row.revision ? &now : &then, &passed, a));
    return ska_passed_judge(&passed, err);
}

enum ska_status passed_check(struct aggregator *a, const struct store_task *row,
                             const struct ska_task *task, struct ska_slice both,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *at = NULL;
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    SKA_SCOPED(counted_clear) struct counted counted = {0};
    SKA_SCOPED(counted_clear) struct counted corrected = {0};
    SKA_SCOPED(ska_scoped_free) uint32_t *n_differ = NULL;
    struct store_task named;
    size_t n = 0;
    SKA_TRY(store_task_find(&named, a->store, task->context.previous_task_id));
    SKA_TRY(store_task_all(&at, &n, a->store));
    SKA_TRY(ska_change_tally_init(&tally, task));
    SKA_TRY(counted_load(&counted, a, row->id));
    SKA_TRY(counted_load(&corrected, a, named.id));
    SKA_TRY(ska_frozen_count_changes(&n_differ, task, both, &corrected.list, &counted.list));
    for (size_t i = 0; i < n; i++) {
        SKA_SCOPED(counted_clear) struct counted before = {0};
        if (at[i].state != SKA_TASK_COLLECTED || !is_of_period(&at[i], row))
            continue;
        SKA_TRY(counted_load(&before, a, at[i].id));
        SKA_TRY(ska_passed_judge_gone(&tally, &before.list, &counted.list, err));
        SKA_TRY(ska_passed_judge_back(&tally, n_differ, &before.list, &corrected.list,
                                      &counted.list, err));
        if (at[i].revision > named.revision)
            SKA_TRY(judge(a, row, both, &at[i], tally.atoms.n, err));
    }
    return SKA_OK;
}
