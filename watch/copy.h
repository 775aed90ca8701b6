/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * copy.h - our own copy of a log, in a folder of ours, laid out as the log itself is.
 *
 *     checkpoint      the last one that was found good, with its cosignatures
 *     tile/...        bundles and tiles of that size, as protocol/tlog_tile.h has them
 *     recheck         number of the bundle from which old ones are compared next
 *     state           what follows from the entries (copy_state.h)
 *     alarms/         checkpoints that an alarm was raised about (alarm.h)
 *     lock            held by who has the copy open
 *
 * 1. What the checkpoint covers is in the folder: tiles are written, synced and renamed first, the
 *    checkpoint last, whole (watch_copy_commit). Files beyond it mean nothing.
 * 2. The edge of a copy that is opened gives the checkpoint's root: it is in `state`, or everything
 *    is hashed anew. What entries are compared with is hashed before an alarm comes of it
 *    (watch_copy_check): a disk that fails is not the log's fault.
 */
#ifndef SKA_WATCH_COPY_H
#define SKA_WATCH_COPY_H

#include "watch/log.h"
#include "watch/order.h"

/* Valid when zeroed; closed by watch_copy_close. */
struct watch_copy {
    const char *folder; /* borrowed */
    int lock;           /* descriptor; 0: none */
    bool has_checkpoint;
    bool is_hashed;                   /* all that the checkpoint covers, since it was opened */
    struct ska_checkpoint checkpoint; /* size 0 without one */
    struct watch_answer note;         /* the file checkpoint */
    struct ska_merkle_edge edge;      /* of checkpoint.size leaves */
    struct watch_order order;         /* after them */
    uint64_t recheck;
    struct watch_answer last; /* the bundle or tile that was read last */
    struct ska_tile last_tile;
};

/*
 * Open or begin a copy. The policy decides which logs may have signed what is there.
 *
 * Returns SKA_OK; SKA_E_BUSY: another process has it; SKA_E_SIGNATURE: the checkpoint there is by
 * no log of the policy; SKA_E_MISMATCH: the copy is not what its checkpoint says: damaged;
 * SKA_E_FILE, SKA_E_MEMORY. `err` tells.
 */
enum ska_status watch_copy_open(struct watch_copy *copy, const char *folder,
                                const struct ska_tlog_policy *policy,
                                struct ska_error *err) SKA_MUST_CHECK;
void watch_copy_close(struct watch_copy *copy);

/* A tile or bundle of ours, borrowed until the next call. SKA_E_NOT_FOUND, SKA_E_FILE. */
enum ska_status watch_copy_read(struct ska_slice *out, struct watch_copy *copy,
                                const struct ska_tile *tile, struct ska_error *err) SKA_MUST_CHECK;

/* Keep one. It counts once a checkpoint that covers it is committed. */
enum ska_status watch_copy_write(struct watch_copy *copy, const struct ska_tile *tile,
                                 struct ska_slice bytes, struct ska_error *err) SKA_MUST_CHECK;

/* The hashes of a tile of the tree of `size` leaves, from our bundles and full tiles. */
enum ska_status watch_copy_hashes(uint8_t (*out)[SKA_HASH_BYTES], struct watch_copy *copy,
                                  const struct ska_tile *tile, uint64_t size,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* The log has come to this checkpoint, with this edge. Partial tiles of the one before go. */
enum ska_status watch_copy_commit(struct watch_copy *copy, const struct ska_checkpoint *checkpoint,
                                  const struct ska_merkle_edge *edge, struct ska_slice note,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* Keep what follows from the entries, so that the next who opens the copy need not hash it. */
enum ska_status watch_copy_remember(struct watch_copy *copy, struct ska_error *err) SKA_MUST_CHECK;

/* Hash the copy, unless that was done. SKA_E_MISMATCH: it is damaged. */
enum ska_status watch_copy_check(struct watch_copy *copy, struct ska_error *err) SKA_MUST_CHECK;

/* Remember where to go on comparing. */
enum ska_status watch_copy_set_recheck(struct watch_copy *copy, uint64_t bundle,
                                       struct ska_error *err) SKA_MUST_CHECK;

/* Keep a file beside the copy, such as a forged checkpoint. */
enum ska_status watch_copy_keep(struct watch_copy *copy, const char *name, struct ska_slice bytes,
                                struct ska_error *err) SKA_MUST_CHECK;

#endif
