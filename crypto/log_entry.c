/* SPDX-License-Identifier: EUPL-1.2 */
/* log_entry.c - the bytes of "this submission is in", and the aggregators' signatures over them. */
#include "crypto/log_entry.h"

#include "crypto/labels.h"

#include <string.h>

void ska_log_entry_encode_as(struct ska_writer *w, uint8_t type, const struct ska_log_entry *entry)
{
    ska_write_u8(w, type);
    ska_write_bytes(w, entry->task_id, sizeof entry->task_id);
    ska_write_opaque8(w, entry->period, strnlen(entry->period, SKA_PERIOD_MAX));
    ska_write_u32(w, entry->revision);
    ska_write_u32(w, entry->contributor);
    ska_write_u64(w, entry->number);
    ska_write_bytes(w, entry->sha256, sizeof entry->sha256);
    ska_write_u64(w, entry->length);
}

void ska_log_entry_encode(struct ska_writer *w, const struct ska_log_entry *entry)
{
    ska_log_entry_encode_as(w, SKA_ENTRY_SUBMISSION, entry);
}

/* Digits, capital letters and hyphen: what the names of periods are made of. */
static bool is_period_character(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
}

static enum ska_status read_period(char period[static SKA_PERIOD_MAX + 1], struct ska_reader *r)
{
    const uint8_t *text;
    size_t len;
    SKA_TRY(ska_read_opaque8(&text, &len, r, SKA_PERIOD_MAX));
    if (len == 0)
        return SKA_E_RANGE;
    for (size_t i = 0; i < len; i++) {
        if (!is_period_character(text[i]))
            return SKA_E_FORMAT;
    }
    memcpy(period, text, len);
    return SKA_OK; /* the rest of `period` was zero */
}

enum ska_status ska_log_entry_decode_as(uint8_t *type, struct ska_log_entry *entry,
                                        struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_log_entry found = {0};
    uint8_t found_type;
    SKA_TRY(ska_read_u8(&found_type, &inner));
    SKA_TRY(ska_read_bytes(found.task_id, sizeof found.task_id, &inner));
    SKA_TRY(read_period(found.period, &inner));
    SKA_TRY(ska_read_u32(&found.revision, &inner));
    SKA_TRY(ska_read_u32(&found.contributor, &inner));
    SKA_TRY(ska_read_u64(&found.number, &inner));
    SKA_TRY(ska_read_bytes(found.sha256, sizeof found.sha256, &inner));
    SKA_TRY(ska_read_u64(&found.length, &inner));
    *type = found_type;
    *entry = found;
    *r = inner;
    return SKA_OK;
}

enum ska_status ska_log_entry_decode(struct ska_log_entry *entry, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_log_entry found = {0};
    uint8_t type;
    if (r->left > 0 && r->at[0] != SKA_ENTRY_SUBMISSION)
        return SKA_E_FORMAT;
    SKA_TRY(ska_log_entry_decode_as(&type, &found, &inner));
    if (found.number == 0)
        return SKA_E_RANGE;
    *entry = found;
    *r = inner;
    return SKA_OK;
}

/* The encoding in the caller's SKA_LOG_ENTRY_BYTES_MAX bytes, which always suffice. */
static size_t encode_fixed(uint8_t out[static SKA_LOG_ENTRY_BYTES_MAX],
                           const struct ska_log_entry *entry)
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, out, SKA_LOG_ENTRY_BYTES_MAX);
    ska_log_entry_encode(&w, entry);
    return w.len;
}

enum ska_status ska_log_entry_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                   const struct ska_signing_key *key,
                                   const struct ska_log_entry *entry)
{
    uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX];
    size_t len = encode_fixed(bytes, entry);
    return ska_sign(signature, key, SKA_LABEL_SIGN_ENTRY, bytes, len);
}

enum ska_status ska_log_entry_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                     const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                     const struct ska_log_entry *entry)
{
    uint8_t bytes[SKA_LOG_ENTRY_BYTES_MAX];
    size_t len = encode_fixed(bytes, entry);
    return ska_sign_verify(signature, public_key, SKA_LABEL_SIGN_ENTRY, bytes, len);
}
