/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_part.h - a bundle's part of the public log: every leaf from its task's first entry on, what
 * makes the root of them, and the blobs that are no other file of the bundle (docs/log.md, "In the
 * bundle").
 *
 *     log/left        the edge (merkle.h) of the tree of the first `first` leaves, 32 bytes a hash
 *     log/leaves      u64 first | n x opaque16 leaf         n >= 1, to the end
 *     log/records     u32 n | n x opaque32 blob
 *
 * first + n is the size of the checkpoint that goes with them.
 */
#ifndef SKA_LOG_PART_H
#define SKA_LOG_PART_H

#include "crypto/merkle.h"

#define SKA_LOG_PART_LEAVES_MAX 1048576u
#define SKA_LOG_PART_RECORDS_MAX 10000u

/* Valid when zeroed: empty. */
struct ska_log_part {
    struct ska_merkle_edge left; /* its size is `first` */
    struct ska_slice *leaves;    /* owned; what they point to is borrowed */
    uint64_t n;
    struct ska_slice *records; /* likewise */
    uint32_t n_records;
};
void ska_log_part_clear(struct ska_log_part *part);

/* The root of the tree of all leaves. */
void ska_log_part_root(uint8_t out[static SKA_HASH_BYTES], const struct ska_log_part *part);

/* Append the three files. At most 65,535 bytes a leaf. */
void ska_log_part_encode_left(struct ska_writer *w, const struct ska_log_part *part);
void ska_log_part_encode_leaves(struct ska_writer *w, const struct ska_log_part *part);
void ska_log_part_encode_records(struct ska_writer *w, const struct ska_log_part *part);

/*
 * The same back. What is in the leaves is not looked at.
 *
 * Returns SKA_OK; SKA_E_TRUNCATED, SKA_E_TRAILING; SKA_E_FORMAT: no leaf, or as many hashes as
 * `first` does not have; SKA_E_RANGE: a place is not below 2^63; SKA_E_LIMIT, SKA_E_MEMORY. `err`
 * names the file. Unchanged on failure; the caller clears.
 */
enum ska_status ska_log_part_decode(struct ska_log_part *out, struct ska_slice left,
                                    struct ska_slice leaves, struct ska_slice records,
                                    struct ska_error *err) SKA_MUST_CHECK;

#endif
