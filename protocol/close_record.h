/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * close_record.h - what a period covers: the log up to a size, and the task's submissions in it,
 * signed by both aggregators. The blob of a close's entry in the log.
 *
 *     u8 version = 1 | control[106] | parameters_hash[32] | u64 log_size | root[32]
 *     | u32 n | n x (u64 index | u32 contributor | u64 number | sha256[32] | u64 length)
 *     | leader[64] | helper[64]
 *
 * control is the publisher's close command, whole. log_size and root are the frozen log; every
 * index is below log_size. Submissions are in strictly increasing order of (contributor, number),
 * so that no two can have one index in a log whose leaves are theirs. Each signature is under
 * SKA_LABEL_SIGN_CLOSE over all before the two.
 */
#ifndef SKA_CLOSE_RECORD_H
#define SKA_CLOSE_RECORD_H

#include "crypto/hash.h"
#include "protocol/documents.h"

#define SKA_CLOSE_VERSION 1
#define SKA_CLOSE_ENTRY_BYTES (8u + 4u + 8u + 32u + 8u)
#define SKA_CLOSE_SIGNATURES_BYTES (2u * SKA_SIGNATURE_BYTES)
#define SKA_CLOSE_BYTES_MAX                                                                    \
    (1u + SKA_CONTROL_BYTES + 32u + 8u + 32u + 4u + SKA_CLOSE_ENTRY_BYTES * SKA_ACCEPTED_MAX + \
     SKA_CLOSE_SIGNATURES_BYTES)

struct ska_close_entry {
    uint64_t index; /* in the log */
    uint32_t contributor;
    uint64_t number;
    uint8_t sha256[32]; /* of the public share, like the length */
    uint64_t length;
};

/* Valid when zeroed: empty. */
struct ska_close_record {
    uint8_t control[SKA_CONTROL_BYTES];
    uint8_t parameters_hash[32];
    uint64_t log_size;
    uint8_t root[SKA_HASH_BYTES];
    uint32_t n;
    struct ska_close_entry *at; /* owned */
};

void ska_close_record_clear(struct ska_close_record *record);

/* Append what both sign: all but the signatures. */
void ska_close_record_encode(struct ska_writer *w, const struct ska_close_record *record);

/* The same back, whole: SKA_OK; SKA_E_TRUNCATED, SKA_E_TRAILING, SKA_E_VERSION; SKA_E_LIMIT for too
 * many; SKA_E_ENCODING for wrong order; SKA_E_RANGE for a number 0 or an index that is not below
 * log_size; SKA_E_MEMORY. The command is not looked at. Unchanged on failure; the caller clears. */
enum ska_status ska_close_record_decode(struct ska_close_record *out,
                                        struct ska_slice body) SKA_MUST_CHECK;

/* Ed25519 under SKA_LABEL_SIGN_CLOSE over that. verify: SKA_OK or SKA_E_SIGNATURE. */
enum ska_status ska_close_record_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                      const struct ska_signing_key *key,
                                      struct ska_slice body) SKA_MUST_CHECK;
enum ska_status ska_close_record_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                        const uint8_t key[static SKA_SIGN_PUBLIC_BYTES],
                                        struct ska_slice body) SKA_MUST_CHECK;

/* The record with its signatures, taken apart; all borrowed. SKA_E_TRUNCATED. */
struct ska_signed_close {
    struct ska_slice body;
    const uint8_t *leader, *helper; /* SKA_SIGNATURE_BYTES each */
};
enum ska_status ska_signed_close_split(struct ska_signed_close *out,
                                       struct ska_slice bytes) SKA_MUST_CHECK;

/* Counted is each contributor's highest number. */
bool ska_close_record_is_counted(const struct ska_close_record *record, uint32_t i);

#endif
