/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_part.c - the bundle's part of the public log (docs/log.md, "In the bundle"): its files, its
 * policy, the checkpoint and the root. check_part_task.c goes on.
 *
 * Where the signed parameters promise no log there is nothing to look at.
 */
#include "audit/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/check_part.h"
#include "audit/log_check.h"
#include "audit/log_common.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/log_policy.h"

bool part_is_none(const struct evidence *e, struct finding *f)
{
    f->is_zero_right = !ska_parameters_have_log(&e->task->parameters);
    return f->is_zero_right;
}

/* --- log-form --------------------------------------------------------------------------------- */

/* That the files are there, all or none. */
static void look_for_files(const struct evidence *e, struct finding *f)
{
    for (size_t i = 0; i < SKA_BUNDLE_LOG_FILES; i++) {
        const bool is_there = e->log_file[i].data != NULL;
        if (is_there && f->is_zero_right)
            finding_bad(f,
                        words("%s: parametrarna utlovar ingen publik logg",
                              "%s: the parameters promise no public log"),
                        ska_bundle_log_names[i]);
        else if (!is_there && !f->is_zero_right)
            finding_bad(f,
                        words("%s saknas, fast parametrarna utlovar en publik logg",
                              "%s is missing, though the parameters promise a public log"),
                        ska_bundle_log_names[i]);
    }
}

/* Whether it could be the task's own: enough to make room. */
static bool may_be_own(const struct log_evidence *log, struct ska_slice leaf)
{
    const uint8_t *id = log->tasks[0].id;
    return leaf.len > sizeof log->tasks[0].id &&
           memcmp(leaf.data + 1, id, sizeof log->tasks[0].id) == 0;
}

/* What an entry is, and its hash. Of other tasks' no more is looked at, or kept: a short file may
 * have many. */
static void take_leaf(struct log_evidence *log, struct finding *f, uint64_t i, uint32_t *n_rows)
{
    const struct ska_slice bytes = log->part.leaves[i];
    struct ska_log_leaf leaf;
    ska_merkle_leaf(log->hashes[0][i], bytes.data, bytes.len);
    enum ska_status status = ska_log_leaf_decode(&leaf, bytes);
    if (status == SKA_E_UNSUPPORTED) {
        log->n_unknown++;
        return;
    }
    if (status != SKA_OK) {
        finding_bad(f, "%s: %s", log_entry_name(log, log->first + i), ska_status_text(status));
        return;
    }
    if (leaf.type == SKA_LEAF_VERIFIER || !may_be_own(log, bytes))
        return;
    log->row_of[i] = ++*n_rows;
    log->rows[*n_rows] = (struct log_row){.is_known = true, .leaf = leaf};
}

static enum ska_status take_leaves(struct log_evidence *log, struct finding *f)
{
    size_t most = 1;
    uint32_t n_rows = 0;
    log->first = log->part.left.size;
    log->size = log->first + log->part.n;
    for (uint64_t i = 0; i < log->part.n; i++)
        most += may_be_own(log, log->part.leaves[i]);
    log->rows = ska_alloc(most, sizeof *log->rows);
    log->row_of = ska_alloc((size_t)log->part.n, sizeof *log->row_of);
    log->hashes[0] = ska_alloc((size_t)log->part.n, sizeof *log->hashes[0]);
    if (log->rows == NULL || log->row_of == NULL || log->hashes[0] == NULL)
        return SKA_E_MEMORY;
    log->rows[0].task = SKA_NONE;
    for (uint64_t i = 0; i < log->part.n; i++)
        take_leaf(log, f, i, &n_rows);
    f->n_inputs = log->part.n;
    if (log->n_unknown > 0 && f->n_bad == 0)
        (void)snprintf(f->detail, sizeof f->detail,
                       words("%" PRIu64 " av en sort som detta program inte känner",
                             "%" PRIu64 " of a type that this program does not know"),
                       log->n_unknown);
    return SKA_OK;
}

/* A log of one task. */
static enum ska_status begin_log(struct evidence *e)
{
    struct log_evidence *log = ska_alloc(1, sizeof *log);
    if (log == NULL)
        return SKA_E_MEMORY;
    log->is_part = true;
    e->log = log; /* evidence_clear frees it */
    log->policy = e->log_file[SKA_BUNDLE_POLICY];
    log->tasks = ska_alloc(1, sizeof *log->tasks);
    if (log->tasks == NULL)
        return SKA_E_MEMORY;
    log->n_tasks = log->tasks_capacity = 1;
    log->tasks[0].task = e->task;
    memcpy(log->tasks[0].id, e->task->context.task_id, sizeof log->tasks[0].id);
    return SKA_OK;
}

void check_part_form(struct evidence *e, struct finding *f)
{
    struct ska_error err = {0};
    const bool is_none = part_is_none(e, f);
    look_for_files(e, f);
    if (is_none || f->n_bad > 0 || finding_is_undecided(f, begin_log(e)))
        return;
    enum ska_status status =
        ska_log_part_decode(&e->log->part, e->log_file[SKA_BUNDLE_LEFT],
                            e->log_file[SKA_BUNDLE_LEAVES], e->log_file[SKA_BUNDLE_RECORDS], &err);
    if (finding_is_undecided(f, status))
        return;
    if (status != SKA_OK) {
        finding_bad(f, "%s", err.text[0] != '\0' ? err.text : ska_status_text(status));
        return;
    }
    finding_is_undecided(f, take_leaves(e->log, f));
}

/* --- log-policy ------------------------------------------------------------------------------- */

static bool is_same(struct ska_slice a, struct ska_slice b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* By its own words: one for this leader and helper. */
static enum ska_status judge_policy(const struct evidence *e, struct ska_error *err)
{
    const struct ska_parameters *p = &e->task->parameters;
    const struct ska_slice text = e->log->policy;
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    uint8_t hash[SKA_HASH_BYTES];
    size_t helper;
    if (policy == NULL)
        return SKA_E_MEMORY;
    ska_sha256(hash, text.data, text.len);
    if (memcmp(hash, p->log_policy, sizeof hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        words("log/policy är inte den policy som parametrarna namnger",
                              "log/policy is not the policy that the parameters name"));
    SKA_TRY(ska_policy_parse(policy, text.data, text.len, err));
    return ska_log_policy_check(&helper, policy, p->leader_url, p->helper_url, err);
}

void check_part_policy(struct evidence *e, struct finding *f)
{
    const bool is_given = e->policy.data != NULL;
    struct ska_error err = {0};
    if (part_is_none(e, f)) {
        if (is_given)
            finding_bad(f, "%s",
                        words("en policy är given (--policy), men parametrarna utlovar ingen "
                              "publik logg",
                              "a policy is given (--policy), but the parameters promise no public "
                              "log"));
        return;
    }
    f->n_inputs = is_given ? 2 : 1;
    enum ska_status status = judge_policy(e, &err);
    if (finding_is_undecided(f, status))
        return;
    if (status != SKA_OK)
        finding_bad(f, "%s", err.text[0] != '\0' ? err.text : ska_status_text(status));
    if (is_given && !is_same(e->policy, e->log->policy))
        finding_bad(f, "%s",
                    words("log/policy är inte den policy som du gav (--policy)",
                          "log/policy is not the policy that you gave (--policy)"));
    if (f->n_bad == 0)
        (void)snprintf(f->detail, sizeof f->detail, "%s",
                       is_given ? words("jämförd med den policy som du gav (--policy)",
                                        "compared with the policy that you gave (--policy)")
                                : words("inte jämförd med en policy från annat håll (--policy)",
                                        "not compared with a policy got elsewhere (--policy)"));
}

/* --- checkpoint, quorum, root ------------------------------------------------------------------
 */

void check_part_checkpoint(struct evidence *e, struct finding *f)
{
    if (!part_is_none(e, f))
        log_take_checkpoint(e->log, f, e->log_file[SKA_BUNDLE_CHECKPOINT]);
}

void check_part_quorum(struct evidence *e, struct finding *f)
{
    if (part_is_none(e, f))
        return;
    check_log_quorum(e, f);
    if (f->n_bad == 0)
        (void)snprintf(f->detail, sizeof f->detail, "%s", e->log->note.witnesses);
}

void check_part_root(struct evidence *e, struct finding *f)
{
    if (part_is_none(e, f))
        return;
    if (e->log->size == e->log->note.size) {
        check_log_root(e, f);
        f->n_inputs = f->is_undecided ? 0 : e->log->part.n; /* those that were looked at here */
        return;
    }
    f->n_inputs = e->log->part.n;
    finding_bad(f,
                words("log/leaves slutar vid %" PRIu64 ", kontrollpunkten är av %" PRIu64,
                      "log/leaves ends at %" PRIu64 ", the checkpoint is of %" PRIu64),
                e->log->size, e->log->note.size);
}
