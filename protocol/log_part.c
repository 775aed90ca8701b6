/* SPDX-License-Identifier: EUPL-1.2 */
/* log_part.c - a bundle's part of the public log, to bytes and back. */
#include "protocol/log_part.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

#define LEAF_MAX 65535u

void ska_log_part_clear(struct ska_log_part *part)
{
    if (part == NULL)
        return;
    free(part->leaves);
    free(part->records);
    *part = (struct ska_log_part){0};
}

void ska_log_part_root(uint8_t out[static SKA_HASH_BYTES], const struct ska_log_part *part)
{
    struct ska_merkle_edge edge = part->left;
    uint8_t leaf[SKA_HASH_BYTES];
    for (uint64_t i = 0; i < part->n; i++) {
        ska_merkle_leaf(leaf, part->leaves[i].data, part->leaves[i].len);
        ska_merkle_edge_add(&edge, leaf);
    }
    ska_merkle_edge_root(out, &edge);
}

void ska_log_part_encode_left(struct ska_writer *w, const struct ska_log_part *part)
{
    ska_write_bytes(w, part->left.at, ska_merkle_edge_len(part->left.size) * SKA_HASH_BYTES);
}

void ska_log_part_encode_leaves(struct ska_writer *w, const struct ska_log_part *part)
{
    ska_write_u64(w, part->left.size);
    for (uint64_t i = 0; i < part->n; i++)
        ska_write_opaque16(w, part->leaves[i].data, part->leaves[i].len);
}

void ska_log_part_encode_records(struct ska_writer *w, const struct ska_log_part *part)
{
    ska_write_u32(w, part->n_records);
    for (uint32_t i = 0; i < part->n_records; i++)
        ska_write_opaque32(w, part->records[i].data, part->records[i].len);
}

static enum ska_status read_left(struct ska_log_part *p, struct ska_slice left)
{
    const size_t n = ska_merkle_edge_len(p->left.size);
    if (left.len != n * SKA_HASH_BYTES)
        return SKA_E_FORMAT;
    if (left.len > 0)
        memcpy(p->left.at, left.data, left.len);
    return SKA_OK;
}

/* All leaves up to the end, counted before there is room for them. */
static enum ska_status read_leaves(struct ska_log_part *p, struct ska_slice leaves)
{
    struct ska_reader r, count;
    struct ska_slice one;
    ska_reader_init(&r, leaves.data, leaves.len);
    SKA_TRY(ska_read_u64(&p->left.size, &r));
    for (count = r; count.left > 0; p->n++) {
        SKA_TRY(ska_read_opaque16(&one.data, &one.len, &count, LEAF_MAX));
        if (p->n == SKA_LOG_PART_LEAVES_MAX)
            return SKA_E_LIMIT;
    }
    if (p->n == 0)
        return SKA_E_FORMAT;
    if (p->left.size > (uint64_t)INT64_MAX - p->n)
        return SKA_E_RANGE;
    p->leaves = ska_alloc((size_t)p->n, sizeof *p->leaves);
    if (p->leaves == NULL)
        return SKA_E_MEMORY;
    for (uint64_t i = 0; i < p->n; i++)
        SKA_TRY(ska_read_opaque16(&p->leaves[i].data, &p->leaves[i].len, &r, LEAF_MAX));
    return SKA_OK;
}

static enum ska_status read_records(struct ska_log_part *p, struct ska_slice records)
{
    struct ska_reader r;
    ska_reader_init(&r, records.data, records.len);
    SKA_TRY(ska_read_u32(&p->n_records, &r));
    if (p->n_records > SKA_LOG_PART_RECORDS_MAX)
        return SKA_E_LIMIT;
    p->records = ska_alloc((size_t)p->n_records + 1, sizeof *p->records);
    if (p->records == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < p->n_records; i++)
        SKA_TRY(ska_read_opaque32(&p->records[i].data, &p->records[i].len, &r, records.len));
    return ska_read_end(&r);
}

enum ska_status ska_log_part_decode(struct ska_log_part *out, struct ska_slice left,
                                    struct ska_slice leaves, struct ska_slice records,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_log_part_clear) struct ska_log_part p = {0};
    enum ska_status status = read_leaves(&p, leaves);
    if (status != SKA_OK)
        return ska_fail(err, status, "log/leaves: %s", ska_status_text(status));
    status = read_left(&p, left);
    if (status != SKA_OK)
        return ska_fail(err, status, "log/left: %s", ska_status_text(status));
    status = read_records(&p, records);
    if (status != SKA_OK)
        return ska_fail(err, status, "log/records: %s", ska_status_text(status));
    *out = p;
    p = (struct ska_log_part){0}; /* the caller owns it now */
    return SKA_OK;
}
