/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_leaf.h - the leaves of the public log: an entry of any type and, for a submission, what both
 * aggregators signed.
 *
 *     leaf    u8 type | task_id[32] | opaque8 period | u32 revision | u32 contributor | u64 number
 *             | sha256[32] | u64 length
 *             and for type 1   report_id[16] | leader[64] | helper[64]
 *
 * sha256 and length are those of the entry's blob (docs/log.md). contributor is
 * SKA_LEAF_NO_CONTRIBUTOR but for type 1. number is that of the submission (type 1), the serial of
 * the command (4 to 7) or the number of the release (9), each at least 1; else 0. A verifier (10)
 * is of no task: task_id is zeros, the period SKA_LEAF_NO_PERIOD, the revision 0. What the log
 * hashes is SHA-256(0x00 | leaf), as in RFC 6962.
 */
#ifndef SKA_LOG_LEAF_H
#define SKA_LOG_LEAF_H

#include "crypto/hash.h"
#include "crypto/log_entry.h"

enum ska_leaf_type {
    SKA_LEAF_SUBMISSION = SKA_ENTRY_SUBMISSION,
    SKA_LEAF_PARAMETERS = 2,
    SKA_LEAF_ROSTER = 3,
    SKA_LEAF_OPEN = 4,
    SKA_LEAF_CLOSE = 5,
    SKA_LEAF_REOPEN = 6,
    SKA_LEAF_COLLECT = 7,
    SKA_LEAF_CHANGES = 8,
    SKA_LEAF_RELEASE = 9,
    SKA_LEAF_VERIFIER = 10
};

#define SKA_LEAF_NO_CONTRIBUTOR UINT32_MAX
#define SKA_LEAF_NO_PERIOD "-"
#define SKA_LEAF_SIGNED_BYTES (16 + 64 + 64) /* what only a submission's leaf has */
#define SKA_LEAF_BYTES_MAX (SKA_LOG_ENTRY_BYTES_MAX + SKA_LEAF_SIGNED_BYTES)

struct ska_log_leaf {
    enum ska_leaf_type type;
    struct ska_log_entry entry;
    uint8_t report_id[16]; /* a submission's, like the signatures over the entry; else zeros */
    uint8_t leader[64], helper[64];
};

/* "submission", "parameters", ... */
const char *ska_log_leaf_name(enum ska_leaf_type type);

/* In SKA_LEAF_BYTES_MAX bytes, which always suffice. Returns the length. */
size_t ska_log_leaf_encode(uint8_t out[static SKA_LEAF_BYTES_MAX], const struct ska_log_leaf *leaf);

/*
 * One whole leaf. Signatures are not verified.
 *
 * Returns SKA_OK; SKA_E_UNSUPPORTED: of a type that this program does not know, to be counted and
 * hashed only; SKA_E_TRUNCATED, SKA_E_TRAILING; SKA_E_LIMIT, SKA_E_FORMAT for the period;
 * SKA_E_RANGE: a number, contributor or task that its type does not have. *out is unchanged on
 * failure.
 */
enum ska_status ska_log_leaf_decode(struct ska_log_leaf *out,
                                    struct ska_slice bytes) SKA_MUST_CHECK;

/* Both signatures of a submission's leaf; SKA_OK at once for another type. SKA_E_SIGNATURE. */
enum ska_status
ska_log_leaf_verify(const struct ska_log_leaf *leaf,
                    const uint8_t leader_key[static SKA_SIGN_PUBLIC_BYTES],
                    const uint8_t helper_key[static SKA_SIGN_PUBLIC_BYTES]) SKA_MUST_CHECK;

/* The hash in the tree. */
void ska_log_leaf_hash(uint8_t out[static SKA_HASH_BYTES], const struct ska_log_leaf *leaf);

/*
 * How far a task has come in the log.
 *
 *     START --parameters--> READY --open--> OPEN --close--> CLOSED --collect--> COLLECTED
 *                                            ^                |                      |     |
 *                                            +---- reopen ----+                 changes   release
 *                                                                                      v     v
 *                                                                     CHANGED --release--> RELEASED
 *
 * Rosters stand before parameters, submissions between open and close. Changes are a correction's,
 * which is released after them. A verifier is of no task, and takes no step.
 */
enum ska_log_stage {
    SKA_LOG_START,
    SKA_LOG_READY,
    SKA_LOG_OPEN,
    SKA_LOG_CLOSED,
    SKA_LOG_COLLECTED,
    SKA_LOG_CHANGED,
    SKA_LOG_RELEASED
};

/* Go on to what an entry of this type leads to; false, and no step, if it has no place here. */
bool ska_log_step(enum ska_log_stage *stage, enum ska_leaf_type type);

#endif
