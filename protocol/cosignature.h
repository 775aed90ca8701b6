/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cosignature.h - what a witness adds to a checkpoint: "at this time, this was the largest
 * consistent tree of the log that I had seen".
 *
 *     signature    u64 time | Ed25519 over  "cosignature/v1" LF "time " time in decimal LF text
 *
 * Spec: C2SP tlog-cosignature v1.0.0, Ed25519. Times are Unix time in seconds, 1 to 2^63 - 1.
 */
#ifndef SKA_COSIGNATURE_H
#define SKA_COSIGNATURE_H

#include "protocol/note.h"

/* Append the line. `key` is the public side of `secret`, of type SKA_NOTE_COSIGNATURE, and the time
 * in its range, else SKA_E_BUG. */
enum ska_status ska_cosignature_sign(struct ska_writer *w, const struct ska_note_key *key,
                                     const struct ska_signing_key *secret, struct ska_slice text,
                                     uint64_t time_s) SKA_MUST_CHECK;

/*
 * A witness's cosignature on a note.
 *
 * Out: *time_s  the newest time, if the witness signed more than once; unchanged on failure
 *
 * Returns SKA_OK if there is one and all of this key hold; SKA_E_NOT_FOUND if there is none;
 * SKA_E_SIGNATURE if one does not hold; SKA_E_MEMORY, SKA_E_CRYPTO.
 */
enum ska_status ska_cosignature_verify(uint64_t *time_s, const struct ska_note *note,
                                       const struct ska_note_key *key) SKA_MUST_CHECK;

#endif
