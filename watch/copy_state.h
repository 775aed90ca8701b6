/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * copy_state.h - what follows from the entries of our copy, kept beside it, so that who looks again
 * reads what is new and not everything from the first entry on.
 *
 *     state   u8 version = 1 | u64 size | u32 n | n x hash[32] | u32 m | m x (task[32] | u8 stage)
 *             | SHA-256 of all before it
 *
 * The n hashes are the edge of the tree (crypto/merkle.h) of `size` entries, the m tasks their
 * order (order.h). The edge is believed only if it gives the root of our signed checkpoint; the
 * rest is our own word, as the file `recheck` is. A copy without it, or with one that is not of its
 * checkpoint, is hashed anew.
 */
#ifndef SKA_WATCH_COPY_STATE_H
#define SKA_WATCH_COPY_STATE_H

#include "crypto/bytes.h"
#include "protocol/checkpoint.h"
#include "protocol/tlog_tile.h"
#include "watch/order.h"

/* Adds to `out`, which carries a failure. */
void watch_state_encode(struct ska_writer *out, const struct ska_merkle_edge *edge,
                        const struct watch_order *order);

/* Returns SKA_OK; SKA_E_FORMAT, SKA_E_TRUNCATED, ...: damaged; SKA_E_MISMATCH: not of the
 * checkpoint; SKA_E_MEMORY. The outputs are unchanged on failure; *order is to be empty before. */
enum ska_status watch_state_decode(struct ska_merkle_edge *edge, struct watch_order *order,
                                   const struct ska_checkpoint *checkpoint,
                                   struct ska_slice bytes) SKA_MUST_CHECK;

#endif
