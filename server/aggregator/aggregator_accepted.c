/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_accepted.c - the list of accepted submissions, which of them count, and the sum over
 * those; the same at both aggregators.
 */
#include "server/aggregator/aggregator_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

enum ska_status accepted_build(uint8_t **list, size_t *len, struct aggregator *a, int64_t task,
                               const struct ska_task *decoded, uint64_t serial)
{
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted accepted = {.close_serial = serial};
    memcpy(accepted.task_id, decoded->context.task_id, sizeof accepted.task_id);
    memcpy(accepted.parameters_hash, decoded->context.parameters_hash,
           sizeof accepted.parameters_hash);
    SKA_TRY(store_report_accepted(&accepted.at, &accepted.n, a->store, task));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_accepted_encode(&w, &accepted);
    return ska_writer_take(list, len, &w);
}

void counted_clear(struct counted *c)
{
    if (c == NULL)
        return;
    ska_accepted_clear(&c->list);
    *c = (struct counted){0};
}

enum ska_status counted_load(struct counted *out, struct aggregator *a, int64_t task)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(store_accepted_get(&data, &len, a->store, task));
    struct ska_signed_accepted s;
    SKA_TRY(ska_signed_accepted_decode(&s, (struct ska_slice){data, len}));
    struct counted c = {0};
    SKA_TRY(ska_accepted_decode(&c.list, s.list));
    ska_accepted_hash(c.list_hash, s.list);
    for (uint32_t i = 0; i < c.list.n; i++) {
        if (!ska_accepted_is_counted(&c.list, i))
            continue;
        uint8_t hash[SKA_HASH_BYTES];
        ska_sha256(hash, c.list.at[i].report_id, sizeof c.list.at[i].report_id);
        for (size_t j = 0; j < sizeof hash; j++)
            c.checksum[j] ^= hash[j];
        c.n++;
    }
    *out = c;
    return SKA_OK;
}

/* Secret heap bytes that wipe themselves. */
struct secret_bytes {
    uint8_t *data;
    size_t len;
};

static void secret_clear(struct secret_bytes *s)
{
    ska_wipe_free(s->data, s->len);
    *s = (struct secret_bytes){0};
}

/* One output share at a time is in memory; it is added to every block that its contributor is in,
 * without a correction's flag, which is the last cell. */
static enum ska_status add_share(struct secret_bytes *sum, struct aggregator *a, int64_t task,
                                 const struct ska_task *decoded, const struct ska_groups *kept,
                                 const struct ska_accepted_entry *entry)
{
    struct store_report r;
    SKA_TRY(store_report_find(&r, a->store, task, entry->report_id));
    SKA_SCOPED(secret_clear) struct secret_bytes share = {0};
    SKA_TRY(store_output_get(&share.data, &share.len, a->store, r.id));
    size_t len = a->vdaf->aggregate_len(&decoded->figures);
    if (share.len < len)
        return SKA_E_STORE;
    for (uint32_t block = 0; block < decoded->n_blocks; block++)
        if (ska_groups_has(kept, block, entry->contributor))
            SKA_TRY(a->vdaf->aggregate(sum->data + block * len, len, &decoded->figures,
                                       (struct ska_slice){share.data, len}));
    return SKA_OK;
}

/* Append the signature over the Merkle root of the sum, which is the first `len` bytes. */
static enum ska_status sign_root(struct secret_bytes *sum, size_t len, const struct aggregator *a,
                                 const struct ska_task *decoded, const struct counted *counted)
{
    uint8_t root[SKA_HASH_BYTES];
    SKA_TRY(ska_aggregate_root(root, (struct ska_slice){sum->data, len}));
    return ska_aggregate_root_sign(sum->data + len, &a->signing, decoded->context.task_id,
                                   a->config->role, counted->list_hash, decoded->n_figures, root);
}

enum ska_status counted_seal(struct ska_writer *ciphertext, struct aggregator *a, int64_t task,
                             const struct ska_task *decoded, const struct counted *counted,
                             struct ska_slice collection_req)
{
    size_t len = decoded->n_blocks * a->vdaf->aggregate_len(&decoded->figures);
    SKA_SCOPED(secret_clear) struct secret_bytes sum = {0};
    sum.data = ska_alloc(len + SKA_SIGNATURE_BYTES, 1);
    if (sum.data == NULL)
        return SKA_E_MEMORY;
    sum.len = len;
    const struct ska_accepted *list = &counted->list;
    SKA_SCOPED(ska_groups_clear) struct ska_groups kept = {0};
    SKA_TRY(ska_accepted_groups(&kept, list, decoded));
    for (uint32_t i = 0; i < list->n; i++)
        if (ska_accepted_is_counted(list, i))
            SKA_TRY(add_share(&sum, a, task, decoded, &kept, &list->at[i]));
    sum.len = len + SKA_SIGNATURE_BYTES;
    SKA_TRY(sign_root(&sum, len, a, decoded, counted));
    return ska_dap_aggregate_share_seal(ciphertext, a->config->role, decoded, collection_req,
                                        (struct ska_slice){sum.data, sum.len});
}

enum ska_problem query_check(const struct ska_dap_collection_req *q, const struct ska_task *task)
{
    if (q->batch_mode != SKA_DAP_BATCH_TIME_INTERVAL)
        return SKA_PROBLEM_INVALID_MESSAGE;
    if (q->agg_param.len != 0)
        return SKA_PROBLEM_INVALID_AGGREGATION_PARAMETER;
    enum ska_status status = ska_dap_extensions_check(q->extensions);
    if (status == SKA_E_UNSUPPORTED)
        return SKA_PROBLEM_UNSUPPORTED_EXTENSION;
    if (status == SKA_E_ENCODING)
        return SKA_PROBLEM_INVALID_EXTENSION;
    if (status != SKA_OK)
        return SKA_PROBLEM_INVALID_MESSAGE;
    if (q->start != ska_task_time(task) || q->duration != 1)
        return SKA_PROBLEM_BATCH_INVALID;
    return SKA_PROBLEM_NONE;
}
