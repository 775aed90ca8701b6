/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * checkpoint.h - a log's size and root, as the text of a signed note.
 *
 *     origin LF
 *     size in decimal LF
 *     base64(root) LF
 *
 * Spec: C2SP tlog-checkpoint v1.0.0. Extension lines are refused: nobody who follows the log could
 * check them.
 */
#ifndef SKA_CHECKPOINT_H
#define SKA_CHECKPOINT_H

#include "crypto/hash.h"
#include "protocol/note.h"

#define SKA_CHECKPOINT_TEXT_MAX (SKA_NOTE_NAME_MAX + 1 + 19 + 1 + 44 + 1)

struct ska_checkpoint {
    char origin[SKA_NOTE_NAME_MAX + 1]; /* not empty, without LF and NUL */
    uint64_t size;                      /* leaves; below 2^63 */
    uint8_t root[SKA_HASH_BYTES];       /* of the RFC 6962 tree */
};

/* Read a note's text. SKA_OK; SKA_E_FORMAT; SKA_E_LIMIT for the origin's length; SKA_E_UNSUPPORTED
 * for extension lines. The root of an empty log is not looked at. */
enum ska_status ska_checkpoint_parse(struct ska_checkpoint *out,
                                     struct ska_slice text) SKA_MUST_CHECK;

/* The text, to be signed. */
void ska_checkpoint_format(struct ska_writer *w, const struct ska_checkpoint *checkpoint);

/* One line of base64 that is a hash, without LF, as in checkpoints and proofs. SKA_E_FORMAT. */
enum ska_status ska_checkpoint_hash(uint8_t out[static SKA_HASH_BYTES],
                                    struct ska_slice line) SKA_MUST_CHECK;

#endif
