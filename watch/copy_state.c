/* SPDX-License-Identifier: EUPL-1.2 */
/* copy_state.c - what follows from the entries of our copy, as a file. */
#include "watch/copy_state.h"

#include <string.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"

#define VERSION 1u

void watch_state_encode(struct ska_writer *out, const struct ska_merkle_edge *edge,
                        const struct watch_order *order)
{
    const size_t start = out->len, n = ska_merkle_edge_len(edge->size);
    uint8_t hash[SKA_HASH_BYTES];
    ska_write_u8(out, VERSION);
    ska_write_u64(out, edge->size);
    ska_write_u32(out, (uint32_t)n); /* at most 63 */
    ska_write_bytes(out, edge->at, n * sizeof edge->at[0]);
    ska_write_u32(out, (uint32_t)order->n); /* at most WATCH_TASKS_MAX */
    for (size_t i = 0; i < order->n; i++) {
        ska_write_bytes(out, order->tasks[i].id, sizeof order->tasks[i].id);
        ska_write_u8(out, (uint8_t)order->tasks[i].stage);
    }
    if (ska_writer_status(out) != SKA_OK)
        return;
    ska_sha256(hash, out->data + start, out->len - start);
    ska_write_bytes(out, hash, sizeof hash);
}

static enum ska_status read_edge(struct ska_merkle_edge *edge, struct ska_reader *r)
{
    uint32_t n;
    SKA_TRY(ska_read_u64(&edge->size, r));
    SKA_TRY(ska_read_u32(&n, r));
    if (edge->size >> 63 != 0 || n != ska_merkle_edge_len(edge->size))
        return SKA_E_FORMAT;
    return ska_read_bytes(edge->at[0], n * sizeof edge->at[0], r);
}

static enum ska_status read_order(struct watch_order *order, struct ska_reader *r)
{
    uint32_t n;
    SKA_TRY(ska_read_u32(&n, r));
    if (n > WATCH_TASKS_MAX)
        return SKA_E_FORMAT;
    order->tasks = ska_alloc(WATCH_TASKS_MAX, sizeof *order->tasks);
    if (order->tasks == NULL)
        return SKA_E_MEMORY;
    for (; order->n < n; order->n++) {
        uint8_t stage;
        SKA_TRY(ska_read_bytes(order->tasks[order->n].id, sizeof order->tasks->id, r));
        SKA_TRY(ska_read_u8(&stage, r));
        if (stage > SKA_LOG_RELEASED)
            return SKA_E_FORMAT;
        order->tasks[order->n].stage = (enum ska_log_stage)stage;
    }
    return SKA_OK;
}

enum ska_status watch_state_decode(struct ska_merkle_edge *edge, struct watch_order *order,
                                   const struct ska_checkpoint *checkpoint, struct ska_slice bytes)
{
    SKA_SCOPED(watch_order_clear) struct watch_order read = {0};
    struct ska_merkle_edge found = {0};
    struct ska_reader r;
    uint8_t hash[SKA_HASH_BYTES], root[SKA_HASH_BYTES], version;
    if (bytes.len < sizeof hash)
        return SKA_E_TRUNCATED;
    const size_t len = bytes.len - sizeof hash;
    ska_sha256(hash, bytes.data, len);
    if (memcmp(hash, bytes.data + len, sizeof hash) != 0)
        return SKA_E_FORMAT;
    ska_reader_init(&r, bytes.data, len);
    SKA_TRY(ska_read_u8(&version, &r));
    if (version != VERSION)
        return SKA_E_FORMAT;
    SKA_TRY(read_edge(&found, &r));
    SKA_TRY(read_order(&read, &r));
    SKA_TRY(ska_read_end(&r));
    if (found.size != checkpoint->size)
        return SKA_E_MISMATCH;
    ska_merkle_edge_root(root, &found);
    if (memcmp(root, checkpoint->root, sizeof root) != 0)
        return SKA_E_MISMATCH;
    *edge = found;
    *order = read;
    read = (struct watch_order){0}; /* the caller owns it now */
    return SKA_OK;
}
