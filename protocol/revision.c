/* SPDX-License-Identifier: EUPL-1.2 */
/* revision.c - which task may correct which, and whether so many changed that both may be known. */
#include "protocol/revision.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"

/* --- two tasks -------------------------------------------------------------------------------- */

static bool is_same_policy(const struct ska_policy *a, const struct ska_policy *b)
{
    struct ska_writer one = {0};
    struct ska_writer two = {0};
    uint8_t bytes[2][64];
    ska_writer_init_fixed(&one, bytes[0], sizeof bytes[0]);
    ska_writer_init_fixed(&two, bytes[1], sizeof bytes[1]);
    ska_policy_encode(&one, a);
    ska_policy_encode(&two, b);
    assert(ska_writer_status(&one) == SKA_OK && ska_writer_status(&two) == SKA_OK);
    return one.len == two.len && memcmp(bytes[0], bytes[1], one.len) == 0;
}

static enum ska_status compare_groups(bool *same, const struct ska_groups *a,
                                      const struct ska_groups *b)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer one = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer two = {0};
    ska_groups_encode(&one, a);
    ska_groups_encode(&two, b);
    SKA_TRY(ska_writer_status(&one));
    SKA_TRY(ska_writer_status(&two));
    *same = one.len == two.len && memcmp(one.data, two.data, one.len) == 0;
    return SKA_OK;
}

enum ska_status ska_revision_check(const struct ska_task *task, const struct ska_task *previous,
                                   const uint8_t accepted_hash[static 32], struct ska_error *err)
{
    const struct ska_parameters *p = &task->parameters;
    const struct ska_parameters *q = &previous->parameters;
    bool same_groups = false;
    SKA_TRY(compare_groups(&same_groups, &p->groups, &q->groups));
    const struct {
        bool holds;
        const char *what;
    } conditions[] = {
        {p->previous.exists && memcmp(p->previous.task_id, previous->context.task_id,
                                      sizeof p->previous.task_id) == 0,
         ska_text("the task that is there is not the one they name")},
        {memcmp(p->previous.accepted_hash, accepted_hash, sizeof p->previous.accepted_hash) == 0,
         ska_text("the accepted list of the task before has another hash")},
        {p->revision > q->revision, ska_text("their revision is not higher")},
        {memcmp(task->context.collection_hash, previous->context.collection_hash, 32) == 0,
         ska_text("another collection or publisher")},
        {strcmp(p->period, q->period) == 0, ska_text("another period")},
        {memcmp(task->context.catalogue_hash, previous->context.catalogue_hash, 32) == 0,
         ska_text("another catalogue")},
        {memcmp(task->context.roster_hash, previous->context.roster_hash, 32) == 0,
         ska_text("another roster")},
        {same_groups, ska_text("other groups")},
        {is_same_policy(&p->policy, &q->policy), ska_text("another policy")},
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        if (!conditions[i].holds)
            return ska_fail(err, SKA_E_MISMATCH, "a correction of this period: %s",
                            conditions[i].what);
    }
    return SKA_OK;
}

enum ska_status ska_revision_earlier(struct ska_earlier *out, const struct ska_task *previous,
                                     struct ska_slice public_share)
{
    struct ska_public_share share;
    SKA_TRY(ska_public_share_decode(&share, public_share, previous->config.statement));
    *out = (struct ska_earlier){share.v1, share.v2}; /* a flag of its own comes last in each */
    return SKA_OK;
}

/* --- who changed ------------------------------------------------------------------------------ */

void ska_change_tally_clear(struct ska_change_tally *tally)
{
    if (tally == NULL)
        return;
    ska_atoms_clear(&tally->atoms);
    free(tally->flags[0]);
    free(tally->flags[1]);
    free(tally->changed);
    free(tally->gone);
    *tally = (struct ska_change_tally){0};
}

enum ska_status ska_change_tally_init(struct ska_change_tally *tally, const struct ska_task *task)
{
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally made = {0};
    const struct ska_parameters *p = &task->parameters;
    SKA_TRY(ska_atoms_init(&made.atoms, &p->groups, p->roster.n));
    made.flags[0] = ska_alloc(made.atoms.n, sizeof *made.flags[0]);
    made.flags[1] = ska_alloc(made.atoms.n, sizeof *made.flags[1]);
    made.changed = ska_alloc(made.atoms.n, sizeof *made.changed);
    made.gone = ska_alloc(made.atoms.n, sizeof *made.gone);
    if (made.flags[0] == NULL || made.flags[1] == NULL || made.changed == NULL || made.gone == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < made.atoms.n; i++) {
        ska_point_set_identity(&made.flags[0][i]);
        ska_point_set_identity(&made.flags[1][i]);
    }
    *tally = made;
    made = (struct ska_change_tally){0};
    return SKA_OK;
}

enum ska_status ska_change_tally_add(struct ska_change_tally *tally, const struct ska_task *task,
                                     struct ska_slice public_share)
{
    struct ska_public_share share;
    SKA_TRY(ska_public_share_decode(&share, public_share, task->config.statement));
    if (share.contributor >= tally->atoms.n_roster)
        return SKA_E_ROSTER;
    const size_t at = ((size_t)task->config.statement->n_cells - 1) * SKA_POINT_BYTES;
    const uint32_t atom = tally->atoms.of[share.contributor];
    ska_point v[2];
    SKA_TRY(ska_point_decode(&v[0], share.v1 + at));
    SKA_TRY(ska_point_decode(&v[1], share.v2 + at));
    for (int k = 0; k < 2; k++)
        ska_point_add(&tally->flags[k][atom], &tally->flags[k][atom], &v[k]);
    return SKA_OK;
}

/* Whether a list that is in order of contributors has one; *at moves on. */
static bool has_entry(const struct ska_accepted *list, uint32_t *at, uint32_t contributor)
{
    while (*at < list->n && list->at[*at].contributor < contributor)
        (*at)++;
    return *at < list->n && list->at[*at].contributor == contributor;
}

void ska_change_tally_compare(struct ska_change_tally *tally, const struct ska_accepted *before,
                              const struct ska_accepted *now)
{
    uint32_t old = 0;
    uint32_t new = 0;
    memset(tally->gone, 0, tally->atoms.n * sizeof *tally->gone);
    for (uint32_t i = 0; i < tally->atoms.n_roster; i++)
        if (has_entry(before, &old, i) && !has_entry(now, &new, i))
            tally->gone[tally->atoms.of[i]]++;
}

enum ska_status ska_changes_verify(const struct ska_changes *changes,
                                   const struct ska_change_tally *tally,
                                   const struct ska_task *task, enum ska_role role,
                                   const uint8_t accepted_hash[static 32])
{
    if (memcmp(changes->task_id, task->context.task_id, sizeof changes->task_id) != 0 ||
        changes->role != role || changes->n_atoms != tally->atoms.n ||
        memcmp(changes->accepted_hash, accepted_hash, sizeof changes->accepted_hash) != 0)
        return SKA_E_MISMATCH;
    const ska_point *flags = tally->flags[role == SKA_ROLE_LEADER ? 0 : 1];
    for (uint32_t i = 0; i < tally->atoms.n; i++)
        SKA_TRY(ska_aggregate_opening_verify(&flags[i], changes->openings + (size_t)64 * i));
    return SKA_OK;
}

enum ska_status ska_changes_open(struct ska_change_tally *tally, const struct ska_changes *leader,
                                 const struct ska_changes *helper)
{
    SKA_SCOPED(ska_scalar_clear) ska_scalar one = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar two = {{0}};
    for (uint32_t i = 0; i < tally->atoms.n; i++) {
        uint64_t sum = 0;
        SKA_TRY(ska_scalar_decode(&one, leader->openings + (size_t)64 * i));
        SKA_TRY(ska_scalar_decode(&two, helper->openings + (size_t)64 * i));
        ska_scalar_add(&one, &one, &two);
        SKA_TRY(ska_scalar_to_u64(&sum, &one));
        SKA_MARK_PUBLIC(&sum, sizeof sum, "how many changed is opened to both aggregators");
        if (sum > tally->atoms.size[i])
            return SKA_E_RANGE;
        tally->changed[i] = (uint32_t)sum;
    }
    return SKA_OK;
}

static enum ska_status fail_gone(struct ska_error *err)
{
    return ska_fail(err, SKA_E_BATCH_SIZE,
                    "fewer than %u of the contributors counted before are missing now: the "
                    "difference from what is published would be theirs",
                    SKA_CHANGED_MIN);
}

enum ska_status ska_changes_judge(const struct ska_change_tally *tally, struct ska_error *err)
{
    bool is_any = false;
    for (uint32_t i = 0; i < tally->atoms.n; i++) {
        is_any = is_any || tally->changed[i] > 0 || tally->gone[i] > 0;
        if (tally->changed[i] > 0 && tally->changed[i] < SKA_CHANGED_MIN)
            return ska_fail(err, SKA_E_BATCH_SIZE,
                            "fewer than %u contributors of those that belong to the same groups "
                            "changed anything: the difference from what is published would be "
                            "theirs; the change waits for the next correction",
                            SKA_CHANGED_MIN);
        if (tally->gone[i] > 0 && tally->gone[i] < SKA_CHANGED_MIN)
            return fail_gone(err);
    }
    return is_any ? SKA_OK
                  : ska_fail(err, SKA_E_BATCH_SIZE,
                             "nobody changed anything: there is nothing to "
                             "correct");
}

/* --- what is passed over ---------------------------------------------------------------------- */

void ska_passed_clear(struct ska_passed *row)
{
    if (row == NULL)
        return;
    free(row->sum);
    free(row->most);
    *row = (struct ska_passed){0};
}

enum ska_status ska_passed_init(struct ska_passed *row, uint32_t n_atoms)
{
    SKA_SCOPED(ska_passed_clear) struct ska_passed made = {.n_atoms = n_atoms};
    made.sum = ska_alloc(n_atoms, sizeof *made.sum);
    made.most = ska_alloc(n_atoms, sizeof *made.most);
    if (made.sum == NULL || made.most == NULL)
        return SKA_E_MEMORY;
    *row = made;
    made = (struct ska_passed){0};
    return SKA_OK;
}

void ska_passed_add(struct ska_passed *row, const uint32_t *n_differ)
{
    for (uint32_t i = 0; i < row->n_atoms; i++) {
        row->sum[i] += n_differ[i];
        if (n_differ[i] > row->most[i])
            row->most[i] = n_differ[i];
    }
}

enum ska_status ska_passed_judge(const struct ska_passed *row, struct ska_error *err)
{
    for (uint32_t i = 0; i < row->n_atoms; i++) {
        const uint64_t others = row->sum[i] - row->most[i];
        if (others > 0 && row->most[i] < others + SKA_CHANGED_MIN)
            return ska_fail(err, SKA_E_BATCH_SIZE,
                            "a revision collected earlier and never released is passed over, and "
                            "the difference from it could be that of fewer than %u contributors: "
                            "of those that belong to the same groups nobody, or at least %u more "
                            "or fewer than in that one, must have changed; the change waits for "
                            "the next correction",
                            SKA_CHANGED_MIN, SKA_CHANGED_MIN);
    }
    return SKA_OK;
}

enum ska_status ska_passed_judge_gone(struct ska_change_tally *tally,
                                      const struct ska_accepted *before,
                                      const struct ska_accepted *now, struct ska_error *err)
{
    ska_change_tally_compare(tally, before, now);
    for (uint32_t i = 0; i < tally->atoms.n; i++)
        if (tally->gone[i] > 0 && tally->gone[i] < SKA_CHANGED_MIN)
            return fail_gone(err);
    return SKA_OK;
}

/* Each who is back takes one from those who changed: what is left must be enough, or nobody of the
 * atom is back. */
enum ska_status ska_passed_judge_back(struct ska_change_tally *tally, const uint32_t *n_differ,
                                      const struct ska_accepted *before,
                                      const struct ska_accepted *corrected,
                                      const struct ska_accepted *now, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint32_t *n_back = ska_alloc(tally->atoms.n, sizeof *n_back);
    uint32_t at[3] = {0};
    if (n_back == NULL)
        return SKA_E_MEMORY;
    ska_change_tally_compare(tally, corrected, now);
    for (uint32_t i = 0; i < tally->atoms.n; i++)
        tally->changed[i] = n_differ[i] - tally->gone[i];
    for (uint32_t i = 0; i < tally->atoms.n_roster; i++)
        if (has_entry(before, &at[0], i) && has_entry(now, &at[1], i) &&
            !has_entry(corrected, &at[2], i))
            n_back[tally->atoms.of[i]]++;
    for (uint32_t i = 0; i < tally->atoms.n; i++)
        if (n_back[i] > 0 && tally->changed[i] < n_back[i] + SKA_CHANGED_MIN)
            return ska_fail(err, SKA_E_BATCH_SIZE,
                            "contributors who were counted in an earlier revision and not in the "
                            "one that is corrected are back, and beside them fewer than %u of "
                            "those that belong to the same groups changed anything: the "
                            "difference from that revision would be theirs; the change waits for "
                            "the next correction",
                            SKA_CHANGED_MIN);
    return SKA_OK;
}
