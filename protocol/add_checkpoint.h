/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * add_checkpoint.h - what a log sends to a witness.
 *
 *     "old " size in decimal LF
 *     base64(hash) LF                     0 to 63 times: the consistency proof
 *     LF
 *     checkpoint                          a signed note
 *
 * Spec: C2SP tlog-witness, "add-checkpoint".
 */
#ifndef SKA_ADD_CHECKPOINT_H
#define SKA_ADD_CHECKPOINT_H

#include "protocol/checkpoint.h"

#define SKA_ADD_PROOF_MAX 63u
#define SKA_ADD_BYTES_MAX \
    (SKA_NOTE_BYTES_MAX + 4096u) /* more than the lines before the note take */

struct ska_add_checkpoint {
    uint64_t old_size;
    uint8_t proof[SKA_ADD_PROOF_MAX][SKA_HASH_BYTES];
    size_t n_proof;
    struct ska_note note; /* borrows from the request */
    struct ska_checkpoint checkpoint;
};

/* Take a request apart. Nothing is verified. SKA_OK; SKA_E_FORMAT; SKA_E_LIMIT; SKA_E_UNSUPPORTED
 * for a checkpoint with extension lines. Out is unchanged on failure. */
enum ska_status ska_add_checkpoint_parse(struct ska_add_checkpoint *out, const uint8_t *data,
                                         size_t len) SKA_MUST_CHECK;

/* Append a request; n_proof is at most SKA_ADD_PROOF_MAX. `note` is as it is signed. */
void ska_add_checkpoint_write(struct ska_writer *w, uint64_t old_size,
                              const uint8_t (*proof)[SKA_HASH_BYTES], size_t n_proof,
                              struct ska_slice note);

#endif
