/* SPDX-License-Identifier: EUPL-1.2 */
/* close_record.c - what a period covers, to bytes and back. */
#include "protocol/close_record.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/labels.h"
#include "crypto/scoped.h"

void ska_close_record_clear(struct ska_close_record *record)
{
    if (record == NULL)
        return;
    free(record->at);
    *record = (struct ska_close_record){0};
}

void ska_close_record_encode(struct ska_writer *w, const struct ska_close_record *record)
{
    ska_write_u8(w, SKA_CLOSE_VERSION);
    ska_write_bytes(w, record->control, sizeof record->control);
    ska_write_bytes(w, record->parameters_hash, sizeof record->parameters_hash);
    ska_write_u64(w, record->log_size);
    ska_write_bytes(w, record->root, sizeof record->root);
    ska_write_u32(w, record->n);
    for (uint32_t i = 0; i < record->n; i++) {
        const struct ska_close_entry *e = &record->at[i];
        ska_write_u64(w, e->index);
        ska_write_u32(w, e->contributor);
        ska_write_u64(w, e->number);
        ska_write_bytes(w, e->sha256, sizeof e->sha256);
        ska_write_u64(w, e->length);
    }
}

static enum ska_status read_entry(struct ska_close_entry *e, uint64_t log_size,
                                  struct ska_reader *r)
{
    SKA_TRY(ska_read_u64(&e->index, r));
    SKA_TRY(ska_read_u32(&e->contributor, r));
    SKA_TRY(ska_read_u64(&e->number, r));
    if (e->index >= log_size || e->number == 0)
        return SKA_E_RANGE;
    SKA_TRY(ska_read_bytes(e->sha256, sizeof e->sha256, r));
    return ska_read_u64(&e->length, r);
}

static bool is_before(const struct ska_close_entry *a, const struct ska_close_entry *b)
{
    return a->contributor < b->contributor ||
           (a->contributor == b->contributor && a->number < b->number);
}

static enum ska_status read_entries(struct ska_close_record *record, struct ska_reader *r)
{
    SKA_TRY(ska_read_u32(&record->n, r));
    if (record->n > SKA_ACCEPTED_MAX)
        return SKA_E_LIMIT;
    if (record->n > r->left / SKA_CLOSE_ENTRY_BYTES)
        return SKA_E_TRUNCATED;
    if (record->n == 0)
        return SKA_OK;
    record->at = ska_alloc(record->n, sizeof *record->at);
    if (record->at == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < record->n; i++) {
        SKA_TRY(read_entry(&record->at[i], record->log_size, r));
        if (i > 0 && !is_before(&record->at[i - 1], &record->at[i]))
            return SKA_E_ENCODING;
    }
    return SKA_OK;
}

enum ska_status ska_close_record_decode(struct ska_close_record *out, struct ska_slice body)
{
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record found = {0};
    struct ska_reader r;
    uint8_t version;
    ska_reader_init(&r, body.data, body.len);
    SKA_TRY(ska_read_u8(&version, &r));
    if (version != SKA_CLOSE_VERSION)
        return SKA_E_VERSION;
    SKA_TRY(ska_read_bytes(found.control, sizeof found.control, &r));
    SKA_TRY(ska_read_bytes(found.parameters_hash, sizeof found.parameters_hash, &r));
    SKA_TRY(ska_read_u64(&found.log_size, &r));
    SKA_TRY(ska_read_bytes(found.root, sizeof found.root, &r));
    SKA_TRY(read_entries(&found, &r));
    SKA_TRY(ska_read_end(&r));
    *out = found;
    found.at = NULL;
    return SKA_OK;
}

enum ska_status ska_close_record_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                      const struct ska_signing_key *key, struct ska_slice body)
{
    return ska_sign(signature, key, SKA_LABEL_SIGN_CLOSE, body.data, body.len);
}

enum ska_status ska_close_record_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                        const uint8_t key[static SKA_SIGN_PUBLIC_BYTES],
                                        struct ska_slice body)
{
    return ska_sign_verify(signature, key, SKA_LABEL_SIGN_CLOSE, body.data, body.len);
}

enum ska_status ska_signed_close_split(struct ska_signed_close *out, struct ska_slice bytes)
{
    if (bytes.len < SKA_CLOSE_SIGNATURES_BYTES)
        return SKA_E_TRUNCATED;
    out->body = (struct ska_slice){bytes.data, bytes.len - SKA_CLOSE_SIGNATURES_BYTES};
    out->leader = bytes.data + out->body.len;
    out->helper = out->leader + SKA_SIGNATURE_BYTES;
    return SKA_OK;
}

bool ska_close_record_is_counted(const struct ska_close_record *record, uint32_t i)
{
    if (i >= record->n)
        return false;
    return i + 1 == record->n || record->at[i + 1].contributor != record->at[i].contributor;
}
