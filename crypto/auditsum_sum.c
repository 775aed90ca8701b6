/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_sum.c - adding up: output shares to aggregate shares, aggregate shares to totals, and
 * what makes an aggregate share checkable by anyone: the sums of the commitments and the signed
 * Merkle root.
 */
#include "crypto/auditsum_internal.h"

#include "crypto/labels.h"
#include "crypto/merkle.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <assert.h>
#include <string.h>

/* Exactly len bytes of canonical scalars? */
static enum ska_status check_scalars(struct ska_slice share, size_t len)
{
    if (share.len < len)
        return SKA_E_TRUNCATED;
    if (share.len > len)
        return SKA_E_TRAILING;
    SKA_SCOPED(ska_scalar_clear) ska_scalar one = {{0}};
    for (size_t at = 0; at < len; at += SKA_SCALAR_BYTES)
        SKA_TRY(ska_scalar_decode(&one, share.data + at));
    return SKA_OK;
}

/* Decode what check_scalars has accepted. */
static void take_scalar(ska_scalar *out, const uint8_t *bytes)
{
    enum ska_status status = ska_scalar_decode(out, bytes);
    assert(status == SKA_OK);
}

size_t ska_auditsum_aggregate_len(const void *config)
{
    const struct ska_auditsum_config *c = config;
    return (size_t)c->statement->n_cells * SKA_CELL_SHARE_BYTES;
}

enum ska_status ska_auditsum_aggregate(uint8_t *aggregate_share, size_t len, const void *config,
                                       struct ska_slice output_share)
{
    const size_t want = ska_auditsum_aggregate_len(config);
    SKA_TRY(check_scalars((struct ska_slice){aggregate_share, len}, want));
    SKA_TRY(check_scalars(output_share, want));
    SKA_SCOPED(ska_scalar_clear) ska_scalar sum = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar part = {{0}};
    for (size_t at = 0; at < want; at += SKA_SCALAR_BYTES) {
        take_scalar(&sum, aggregate_share + at);
        take_scalar(&part, output_share.data + at);
        ska_scalar_add(&sum, &sum, &part);
        ska_scalar_encode(aggregate_share + at, &sum);
    }
    return SKA_OK;
}

/* The total of cell i, and with `blinding` its opening's other half. */
static enum ska_status join_cell(uint64_t *total, ska_scalar *blinding, size_t i,
                                 struct ska_slice leader_share, struct ska_slice helper_share)
{
    SKA_SCOPED(ska_scalar_clear) ska_scalar sum = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar part = {{0}};
    const size_t at = i * SKA_CELL_SHARE_BYTES;
    take_scalar(&sum, leader_share.data + at + SKA_SCALAR_BYTES);
    take_scalar(&part, helper_share.data + at + SKA_SCALAR_BYTES);
    ska_scalar_add(blinding, &sum, &part);
    take_scalar(&sum, leader_share.data + at);
    take_scalar(&part, helper_share.data + at);
    ska_scalar_add(&sum, &sum, &part);
    return ska_scalar_to_u64(total, &sum);
}

enum ska_status ska_auditsum_unshard(void *result, const void *config,
                                     struct ska_slice leader_share, struct ska_slice helper_share,
                                     struct ska_error *err)
{
    const struct ska_auditsum_totals *totals = result;
    const size_t len = ska_auditsum_aggregate_len(config);
    const size_t n = len / SKA_CELL_SHARE_BYTES;
    enum ska_status status = check_scalars(leader_share, len);
    if (status != SKA_OK)
        return ska_fail(err, status, "the leader's aggregate share is malformed");
    status = check_scalars(helper_share, len);
    if (status != SKA_OK)
        return ska_fail(err, status, "the helper's aggregate share is malformed");
    /* Once to see that every total is a number, once to keep them: outputs change on success only.
     */
    uint64_t total = 0;
    SKA_SCOPED(ska_scalar_clear) ska_scalar blinding = {{0}};
    for (size_t i = 0; i < n; i++) {
        status = join_cell(&total, &blinding, i, leader_share, helper_share);
        if (status != SKA_OK)
            return ska_fail(err, status, "cell %zu: the shares do not add up to a number", i);
    }
    for (size_t i = 0; i < n; i++) {
        status = join_cell(&totals->total[i], &totals->blinding[i], i, leader_share, helper_share);
        assert(status == SKA_OK);
    }
    return SKA_OK;
}

enum ska_status ska_commitments_add(ska_point *sum, const struct ska_public_share *share,
                                    uint32_t n_cells, enum ska_role role)
{
    assert(role == SKA_ROLE_LEADER || role == SKA_ROLE_HELPER);
    const uint8_t *v = role == SKA_ROLE_LEADER ? share->v1 : share->v2;
    SKA_SCOPED(ska_scoped_free) ska_point *points = ska_alloc(n_cells, sizeof *points);
    if (points == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n_cells; i++)
        SKA_TRY(ska_point_decode(&points[i], v + i * SKA_POINT_BYTES));
    for (size_t i = 0; i < n_cells; i++)
        ska_point_add(&sum[i], &sum[i], &points[i]);
    return SKA_OK;
}

enum ska_status ska_aggregate_opening_verify(const ska_point *sum, const uint8_t xr[static 64])
{
    SKA_SCOPED(ska_scalar_clear) ska_scalar x = {{0}};
    SKA_SCOPED(ska_scalar_clear) ska_scalar r = {{0}};
    SKA_TRY(ska_scalar_decode(&x, xr));
    SKA_TRY(ska_scalar_decode(&r, xr + SKA_SCALAR_BYTES));
    ska_point opened;
    ska_commit(&opened, &x, &r);
    SKA_MARK_PUBLIC(&opened, sizeof opened, "equal to what is committed, or the sum is refused");
    uint8_t got[SKA_POINT_BYTES];
    uint8_t want[SKA_POINT_BYTES];
    ska_point_encode(got, &opened);
    ska_point_encode(want, sum);
    return ska_ct_equal(got, want, sizeof got) ? SKA_OK : SKA_E_COMMITMENT;
}

void ska_aggregate_leaf(uint8_t out[static SKA_HASH_BYTES], uint32_t figure,
                        const uint8_t xr[static 64])
{
    uint8_t bytes[1 + sizeof SKA_LABEL_MERKLE_AGGREGATE + 4 + SKA_CELL_SHARE_BYTES];
    struct ska_writer w;
    ska_writer_init_fixed(&w, bytes, sizeof bytes);
    ska_write_opaque8(&w, SKA_LABEL_MERKLE_AGGREGATE, strlen(SKA_LABEL_MERKLE_AGGREGATE));
    ska_write_u32(&w, figure);
    ska_write_bytes(&w, xr, SKA_CELL_SHARE_BYTES);
    assert(ska_writer_status(&w) == SKA_OK);
    ska_merkle_leaf(out, w.data, w.len);
    ska_writer_clear(&w); /* shares of hidden cells */
}

enum ska_status ska_aggregate_leaves(uint8_t (**leaves)[SKA_HASH_BYTES], uint32_t *n_figures,
                                     struct ska_slice aggregate_share)
{
    const size_t n = aggregate_share.len / SKA_CELL_SHARE_BYTES;
    if (n == 0 || aggregate_share.len % SKA_CELL_SHARE_BYTES != 0)
        return SKA_E_TRUNCATED;
    if (n > SKA_AGGREGATE_MAX)
        return SKA_E_LIMIT;
    uint8_t(*made)[SKA_HASH_BYTES] = ska_alloc(n, sizeof *made);
    if (made == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        ska_aggregate_leaf(made[i], i, aggregate_share.data + (size_t)i * SKA_CELL_SHARE_BYTES);
    *leaves = made;
    *n_figures = (uint32_t)n;
    return SKA_OK;
}

enum ska_status ska_aggregate_root(uint8_t root[static SKA_HASH_BYTES],
                                   struct ska_slice aggregate_share)
{
    uint8_t(*leaves)[SKA_HASH_BYTES];
    uint32_t n;
    SKA_TRY(ska_aggregate_leaves(&leaves, &n, aggregate_share));
    ska_merkle_root(root, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n);
    free(leaves);
    return SKA_OK;
}

#define ROOT_SIGNED_BYTES (32 + 1 + 32 + 4 + SKA_HASH_BYTES)

static void encode_root(uint8_t out[static ROOT_SIGNED_BYTES], const uint8_t task_id[static 32],
                        enum ska_role role, const uint8_t accepted_hash[static 32],
                        uint32_t n_figures, const uint8_t root[static 32])
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, out, ROOT_SIGNED_BYTES);
    ska_write_bytes(&w, task_id, 32);
    ska_write_u8(&w, (uint8_t)role);
    ska_write_bytes(&w, accepted_hash, 32);
    ska_write_u32(&w, n_figures);
    ska_write_bytes(&w, root, SKA_HASH_BYTES);
    assert(ska_writer_status(&w) == SKA_OK && w.len == ROOT_SIGNED_BYTES);
}

enum ska_status ska_aggregate_root_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                        const struct ska_signing_key *key,
                                        const uint8_t task_id[static 32], enum ska_role role,
                                        const uint8_t accepted_hash[static 32], uint32_t n_figures,
                                        const uint8_t root[static 32])
{
    uint8_t bytes[ROOT_SIGNED_BYTES];
    encode_root(bytes, task_id, role, accepted_hash, n_figures, root);
    return ska_sign(signature, key, SKA_LABEL_SIGN_AGGREGATE, bytes, sizeof bytes);
}

enum ska_status ska_aggregate_root_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                          const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                          const uint8_t task_id[static 32], enum ska_role role,
                                          const uint8_t accepted_hash[static 32],
                                          uint32_t n_figures, const uint8_t root[static 32])
{
    uint8_t bytes[ROOT_SIGNED_BYTES];
    encode_root(bytes, task_id, role, accepted_hash, n_figures, root);
    return ska_sign_verify(signature, public_key, SKA_LABEL_SIGN_AGGREGATE, bytes, sizeof bytes);
}
