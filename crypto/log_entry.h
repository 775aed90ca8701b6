/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_entry.h - the fixed bytes that say "this submission is in": what a receipt carries and both
 * aggregators sign.
 *
 *     u8 type = 1 | task_id[32] | u8 len, period | u32 revision | u32 contributor | u64 number
 *     | sha256[32] | u64 length
 *
 * sha256 and length are those of the encoded public share. Entries of other types, which nobody
 * signs, have the same form with another first byte (protocol/log_leaf.h).
 */
#ifndef SKA_LOG_ENTRY_H
#define SKA_LOG_ENTRY_H

#include "crypto/proof_context.h"
#include "crypto/sign.h"

#define SKA_ENTRY_SUBMISSION 1
#define SKA_LOG_ENTRY_BYTES_MAX (1 + 32 + 1 + SKA_PERIOD_MAX + 4 + 4 + 8 + 32 + 8)

struct ska_log_entry {
    uint8_t task_id[32];
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    uint32_t contributor; /* index in the roster */
    uint64_t number;      /* submission number, >= 1 */
    uint8_t sha256[32];
    uint64_t length;
};

/*
 * Append an entry; take the next one. decode: SKA_OK; SKA_E_TRUNCATED; SKA_E_LIMIT for a period
 * that is too long; SKA_E_FORMAT for another type, or a period of other than digits, capital
 * letters and hyphens; SKA_E_RANGE for an empty period or number 0. On failure *entry and `r` are
 * as they were.
 */
void ska_log_entry_encode(struct ska_writer *w, const struct ska_log_entry *entry);
enum ska_status ska_log_entry_decode(struct ska_log_entry *entry,
                                     struct ska_reader *r) SKA_MUST_CHECK;

/* The same with any type before it, and any number. */
void ska_log_entry_encode_as(struct ska_writer *w, uint8_t type, const struct ska_log_entry *entry);
enum ska_status ska_log_entry_decode_as(uint8_t *type, struct ska_log_entry *entry,
                                        struct ska_reader *r) SKA_MUST_CHECK;

/* Ed25519 under SKA_LABEL_SIGN_ENTRY over the encoding. verify: SKA_OK or SKA_E_SIGNATURE. */
enum ska_status ska_log_entry_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                   const struct ska_signing_key *key,
                                   const struct ska_log_entry *entry) SKA_MUST_CHECK;
enum ska_status ska_log_entry_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                     const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                     const struct ska_log_entry *entry) SKA_MUST_CHECK;

#endif
