/* SPDX-License-Identifier: EUPL-1.2 */
/* openings.c - both aggregators' openings of the published cells, with their Merkle paths. */
#include "protocol/bundle.h"

#include "crypto/merkle.h"
#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

#define OPENING_BYTES_MIN (4 + 2 * (64 + 1))

void ska_openings_clear(struct ska_openings *o)
{
    if (o == NULL)
        return;
    free(o->at);
    *o = (struct ska_openings){0};
}

void ska_openings_encode(struct ska_writer *w, const struct ska_openings *o)
{
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    for (size_t k = 0; k < 2; k++) {
        ska_write_bytes(w, o->root[k], sizeof o->root[k]);
        ska_write_bytes(w, o->signature[k], sizeof o->signature[k]);
    }
    ska_write_u32(w, o->n);
    for (uint32_t i = 0; i < o->n; i++) {
        ska_write_u32(w, o->at[i].figure);
        for (size_t k = 0; k < 2; k++) {
            const struct ska_opening_half *half = &o->at[i].by[k];
            ska_write_bytes(w, half->xr, sizeof half->xr);
            ska_write_u8(w, half->path_len);
            ska_write_bytes(w, half->path, (size_t)half->path_len * SKA_HASH_BYTES);
        }
    }
}

static enum ska_status read_half(struct ska_opening_half *half, struct ska_reader *r)
{
    SKA_TRY(ska_read_bytes(half->xr, sizeof half->xr, r));
    SKA_TRY(ska_read_u8(&half->path_len, r));
    if (half->path_len > SKA_MERKLE_PATH_MAX)
        return SKA_E_LIMIT;
    const uint8_t *path;
    SKA_TRY(ska_read_borrow(&path, r, (size_t)half->path_len * SKA_HASH_BYTES));
    /* The bytes are an array of hashes too; C17 has no cast to pointer to array of const that both
     * compilers take without a warning. */
    memcpy(&half->path, &path, sizeof path);
    return SKA_OK;
}

static enum ska_status read_openings(struct ska_openings *o, uint32_t n, struct ska_reader *r)
{
    if (n > SKA_FIGURES_MAX)
        return SKA_E_LIMIT;
    if (n > r->left / OPENING_BYTES_MIN)
        return SKA_E_TRUNCATED;
    if (n == 0)
        return SKA_OK;
    o->at = ska_alloc(n, sizeof *o->at);
    if (o->at == NULL)
        return SKA_E_MEMORY;
    o->n = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(ska_read_u32(&o->at[i].figure, r));
        if (o->at[i].figure >= SKA_FIGURES_MAX)
            return SKA_E_RANGE;
        if (i > 0 && o->at[i - 1].figure >= o->at[i].figure)
            return SKA_E_ENCODING;
        SKA_TRY(read_half(&o->at[i].by[0], r));
        SKA_TRY(read_half(&o->at[i].by[1], r));
    }
    return SKA_OK;
}

enum ska_status ska_openings_decode(struct ska_openings *out, struct ska_slice bytes)
{
    SKA_SCOPED(ska_openings_clear) struct ska_openings o = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    for (size_t k = 0; k < 2; k++) {
        SKA_TRY(ska_read_bytes(o.root[k], sizeof o.root[k], &r));
        SKA_TRY(ska_read_bytes(o.signature[k], sizeof o.signature[k], &r));
    }
    uint32_t n;
    SKA_TRY(ska_read_u32(&n, &r));
    SKA_TRY(read_openings(&o, n, &r));
    SKA_TRY(ska_read_end(&r));
    *out = o;
    o = (struct ska_openings){0};
    return SKA_OK;
}
