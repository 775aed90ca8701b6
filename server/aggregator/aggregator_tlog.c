/* SPDX-License-Identifier: EUPL-1.2 */
/* aggregator_tlog.c - the public log at both aggregators: opening it, and adding entries. */
#include "server/aggregator/aggregator_tlog.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/policy.h"
#include "support/keyfile.h"
#include "support/language.h"

/* --- opening --- */

/* The tree is made anew from the leaves; its root must be the one that was signed. */
static enum ska_status load_tree(struct tlog *t, struct store *store, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *hashes = NULL;
    uint8_t root[SKA_HASH_BYTES];
    uint64_t n = 0;
    SKA_TRY(store_head_get(&t->head, store));
    SKA_TRY(store_entry_hashes(&hashes, &n, store));
    for (uint64_t i = 0; i < n; i++)
        SKA_TRY(tlog_tree_add(&t->tree, hashes + i * SKA_HASH_BYTES));
    SKA_TRY(tlog_tree_root(root, &t->tree, n));
    if (n != t->head.size || (n > 0 && memcmp(root, t->head.root, sizeof root) != 0))
        return ska_fail(err, SKA_E_STORE,
                        tr("loggen i databasen är inte den som signerades; lägg tillbaka "
                           "databasens nyaste kopia",
                           "the log in the database is not the one that was signed; put the "
                           "database's newest copy back"));
    return SKA_OK;
}

enum ska_status tlog_open(struct aggregator *a, struct ska_error *err)
{
    if (a->config->log_policy[0] == '\0')
        return SKA_OK;
    a->tlog = ska_alloc(1, sizeof *a->tlog);
    if (a->tlog == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    SKA_TRY(keyfile_read_signing(&a->tlog->secret, a->config->log_key, err));
    SKA_TRY(policy_read(&a->tlog->policy, a->tlog->policy_hash, a->config, err));
    SKA_TRY(policy_judge(&a->tlog->helper, &a->tlog->key, &a->tlog->policy, a->config,
                         a->tlog->secret.public_key, err));
    SKA_TRY(load_tree(a->tlog, a->store, err));
    if (a->config->role == SKA_ROLE_LEADER) {
        const struct store_head *head = &a->tlog->head;
        a->tlog->witness_size[a->tlog->helper] =
            head->lines_len > 0 ? head->size : head->published_size;
        SKA_TRY(tlog_find_written(a, err));
    }
    return SKA_OK;
}

void tlog_close(struct aggregator *a)
{
    if (a->tlog == NULL)
        return;
    ska_signing_key_clear(&a->tlog->secret);
    tlog_tree_clear(&a->tlog->tree);
    store_head_clear(&a->tlog->head);
    free(a->tlog);
    a->tlog = NULL;
}

/* --- entries --- */

/* A leaf of the task with nothing of its own yet. */
static enum ska_status start_leaf(struct ska_log_leaf *leaf, struct aggregator *a, int64_t task,
                                  enum ska_leaf_type type)
{
    struct store_task row;
    if (task == STORE_NO_TASK) {
        *leaf = (struct ska_log_leaf){
            .type = type,
            .entry = {.period = SKA_LEAF_NO_PERIOD, .contributor = SKA_LEAF_NO_CONTRIBUTOR}};
        return SKA_OK;
    }
    SKA_TRY(store_task_get(&row, a->store, task));
    *leaf = (struct ska_log_leaf){
        .type = type, .entry = {.revision = row.revision, .contributor = SKA_LEAF_NO_CONTRIBUTOR}};
    memcpy(leaf->entry.task_id, row.task_id, sizeof leaf->entry.task_id);
    memcpy(leaf->entry.period, row.period, sizeof leaf->entry.period);
    return SKA_OK;
}

enum ska_status tlog_make(struct ska_log_leaf *leaf, struct aggregator *a, int64_t task,
                          enum ska_leaf_type type, uint64_t number, struct ska_slice blob)
{
    SKA_TRY(start_leaf(leaf, a, task, type));
    leaf->entry.number = number;
    leaf->entry.length = blob.len;
    ska_sha256(leaf->entry.sha256, blob.data, blob.len);
    return SKA_OK;
}

enum ska_status tlog_add_leaf(struct aggregator *a, int64_t task, const struct ska_log_leaf *leaf,
                              struct ska_slice blob)
{
    SKA_TRY(store_blob_add(a->store, leaf->entry.sha256, blob));
    return store_entry_add(a->store, task, leaf);
}

enum ska_status tlog_add(struct aggregator *a, int64_t task, enum ska_leaf_type type,
                         uint64_t number, struct ska_slice blob)
{
    struct ska_log_leaf leaf;
    SKA_TRY(tlog_make(&leaf, a, task, type, number, blob));
    return tlog_add_leaf(a, task, &leaf, blob);
}

enum ska_status tlog_add_parameters(struct aggregator *a, int64_t task,
                                    struct ska_slice signed_parameters)
{
    struct ska_signed_parameters s;
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer roster = {0};
    SKA_TRY(ska_signed_parameters_decode(&s, signed_parameters));
    SKA_TRY(ska_parameters_decode(&p, s.parameters, NULL));
    ska_roster_encode(&roster, &p.roster);
    SKA_TRY(ska_writer_status(&roster));
    SKA_TRY(tlog_add(a, task, SKA_LEAF_ROSTER, 0, (struct ska_slice){roster.data, roster.len}));
    return tlog_add(a, task, SKA_LEAF_PARAMETERS, 0, signed_parameters);
}

enum ska_status tlog_add_report(struct aggregator *a, int64_t report)
{
    struct store_report r;
    struct ska_log_leaf leaf;
    SKA_TRY(store_report_get(&r, a->store, report));
    SKA_TRY(start_leaf(&leaf, a, r.task, SKA_LEAF_SUBMISSION));
    leaf.entry.contributor = r.contributor;
    leaf.entry.number = r.number;
    leaf.entry.length = r.length;
    memcpy(leaf.entry.sha256, r.sha256, sizeof leaf.entry.sha256);
    memcpy(leaf.report_id, r.report_id, sizeof leaf.report_id);
    memcpy(leaf.leader, r.leader, sizeof leaf.leader);
    memcpy(leaf.helper, r.helper, sizeof leaf.helper);
    return store_entry_add(a->store, r.task, &leaf);
}

enum ska_status tlog_add_control(struct aggregator *a, int64_t task, const struct ska_control *c,
                                 const uint8_t bytes[static SKA_CONTROL_BYTES])
{
    const struct ska_slice blob = {bytes, SKA_CONTROL_BYTES};
    switch (c->kind) {
    case SKA_CONTROL_OPEN:
        return tlog_add(a, task, SKA_LEAF_OPEN, c->serial, blob);
    case SKA_CONTROL_REOPEN:
        return tlog_add(a, task, SKA_LEAF_REOPEN, c->serial, blob);
    case SKA_CONTROL_COLLECT:
        return tlog_add(a, task, SKA_LEAF_COLLECT, c->serial, blob);
    case SKA_CONTROL_CLOSE: /* told by its record, once both signed it */
        break;
    }
    return SKA_OK;
}

enum ska_status tlog_check_parameters(const struct aggregator *a, const struct ska_parameters *p,
                                      struct ska_error *err)
{
    if (a->tlog == NULL)
        return ska_parameters_have_log(p)
                   ? ska_fail(err, SKA_E_MISMATCH,
                              "log_policy: the parameters promise a public log, and this server "
                              "keeps none")
                   : SKA_OK;
    if (!ska_parameters_have_log(p))
        return ska_fail(err, SKA_E_MISMATCH,
                        "log_policy: the parameters promise no public log, and this server keeps "
                        "one; the publisher names its policy with --log-policy");
    if (memcmp(p->log_policy, a->tlog->policy_hash, sizeof p->log_policy) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        "log_policy: the parameters name another policy of the public log than "
                        "this server's; publisher, leader and helper must have the same file");
    return SKA_OK;
}

enum ska_status tlog_covers(bool *covers, struct aggregator *a, int64_t task)
{
    struct store_entry e;
    *covers = false;
    if (a->tlog == NULL)
        return SKA_OK;
    enum ska_status status =
        store_entry_of(&e, a->store, task, SKA_LEAF_PARAMETERS, SKA_LEAF_NO_CONTRIBUTOR, 0);
    *covers = status == SKA_OK;
    return status == SKA_E_NOT_FOUND ? SKA_OK : status;
}
