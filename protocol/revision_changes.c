/* SPDX-License-Identifier: EUPL-1.2 */
/* revision_changes.c - an aggregator's opening of the flags' sums: bytes and signature. */
#include "protocol/revision.h"

#include <string.h>

#include "crypto/labels.h"
#include "crypto/scoped.h"

#define CHANGES_VERSION 1
#define ATOMS_MAX 10000u /* as many as contributors */

enum ska_status ska_changes_write(struct ska_writer *w, const struct ska_changes *changes,
                                  const struct ska_signing_key *key)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = {0};
    uint8_t signature[SKA_SIGNATURE_BYTES];
    ska_write_u8(&body, CHANGES_VERSION);
    ska_write_bytes(&body, changes->task_id, sizeof changes->task_id);
    ska_write_u8(&body, (uint8_t)changes->role);
    ska_write_bytes(&body, changes->accepted_hash, sizeof changes->accepted_hash);
    ska_write_u32(&body, changes->n_atoms);
    ska_write_bytes(&body, changes->openings, (size_t)64 * changes->n_atoms);
    SKA_TRY(ska_writer_status(&body));
    SKA_TRY(ska_sign(signature, key, SKA_LABEL_SIGN_CHANGES, body.data, body.len));
    ska_write_bytes(w, body.data, body.len);
    ska_write_bytes(w, signature, sizeof signature);
    return ska_writer_status(w);
}

static enum ska_status decode(struct ska_changes *out, struct ska_slice bytes)
{
    struct ska_changes c = {0};
    struct ska_reader r;
    uint8_t version = 0;
    uint8_t role = 0;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_read_u8(&version, &r));
    if (version != CHANGES_VERSION)
        return SKA_E_VERSION;
    SKA_TRY(ska_read_bytes(c.task_id, sizeof c.task_id, &r));
    SKA_TRY(ska_read_u8(&role, &r));
    if (role != SKA_ROLE_LEADER && role != SKA_ROLE_HELPER)
        return SKA_E_RANGE;
    c.role = (enum ska_role)role;
    SKA_TRY(ska_read_bytes(c.accepted_hash, sizeof c.accepted_hash, &r));
    SKA_TRY(ska_read_u32(&c.n_atoms, &r));
    if (c.n_atoms == 0 || c.n_atoms > ATOMS_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(ska_read_borrow(&c.openings, &r, (size_t)64 * c.n_atoms));
    SKA_TRY(ska_read_bytes(c.signature, sizeof c.signature, &r));
    SKA_TRY(ska_read_end(&r));
    *out = c;
    return SKA_OK;
}

enum ska_status ska_changes_read(struct ska_changes *out, struct ska_slice bytes,
                                 const uint8_t key[static 32])
{
    struct ska_changes c;
    SKA_TRY(decode(&c, bytes));
    SKA_TRY(ska_sign_verify(c.signature, key, SKA_LABEL_SIGN_CHANGES, bytes.data,
                            bytes.len - SKA_SIGNATURE_BYTES));
    *out = c;
    return SKA_OK;
}
