/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tlog_proof.h - a proof that an entry is in a log, to be checked offline.
 *
 *     "c2sp.org/tlog-proof@v1" LF
 *     "extra " base64(bytes) LF           perhaps
 *     "index " decimal LF
 *     base64(hash) LF                     the inclusion proof, from the leaf's sibling up
 *     LF
 *     checkpoint                          a signed note
 *
 * Spec: C2SP tlog-proof. `extra` is of at most SKA_TLOG_PROOF_EXTRA_MAX bytes and not empty, so
 * that a proof has one form.
 */
#ifndef SKA_TLOG_PROOF_H
#define SKA_TLOG_PROOF_H

#include "crypto/merkle.h"
#include "protocol/tlog_policy.h"

#define SKA_TLOG_PROOF_EXTRA_MAX 4096u
#define SKA_TLOG_PROOF_BYTES_MAX (SKA_NOTE_BYTES_MAX + 16384u)

struct ska_tlog_proof {
    uint8_t extra[SKA_TLOG_PROOF_EXTRA_MAX];
    size_t extra_len; /* 0: none */
    uint64_t index;
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t path_len;
    struct ska_note note; /* borrows from the text */
};

/* Take a proof apart. Nothing is verified. SKA_OK; SKA_E_FORMAT; SKA_E_LIMIT. */
enum ska_status ska_tlog_proof_parse(struct ska_tlog_proof *out, const uint8_t *data,
                                     size_t len) SKA_MUST_CHECK;

/* Append a proof: `extra` if it is not empty, `path_len` hashes, and a note as it is. */
void ska_tlog_proof_write(struct ska_writer *w, struct ska_slice extra, uint64_t index,
                          const uint8_t (*path)[SKA_HASH_BYTES], size_t path_len,
                          struct ska_slice note);

/*
 * Whether the leaf hash is in a log of the policy, at the proof's index.
 *
 * Returns SKA_OK; SKA_E_MISMATCH: the inclusion proof does not hold; as ska_policy_verify. *out is
 * filled as there.
 */
enum ska_status ska_tlog_proof_verify(struct ska_policy_result *out,
                                      const struct ska_tlog_proof *proof,
                                      const uint8_t leaf[static SKA_HASH_BYTES],
                                      const struct ska_tlog_policy *policy) SKA_MUST_CHECK;

/* Why a proof, or a checkpoint under a policy, does not hold: a sentence for people about a status
 * that ska_tlog_proof_verify or ska_policy_verify returned. */
const char *ska_tlog_proof_fault(enum ska_status status);

#endif
