/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release.h - the last file of a bundle: which files it has, where it stands in the chain of a
 * collection's releases, and the signatures of publisher and second signer over that.
 *
 *     body     u8 version = 1 | task_id[32] | u32 number | previous[32] |
 *              u32 n | n x (opaque8 name | u64 length | sha256[32])
 *     release  body | publisher[64] | second[64]
 *
 * number is 1 for a collection's first release, and one more for each after it, whatever its period
 * or revision. previous is the SHA-256 of the whole bundle file of the release before, zeros for
 * the first: who has two bundles sees their order. Both sign the same body, each under a label of
 * its own. A signature of zeros means "not signed yet": a bundle in which the second signer's is
 * missing is a draft.
 */
#ifndef SKA_RELEASE_H
#define SKA_RELEASE_H

#include "crypto/sign.h"
#include "protocol/bundle.h"

enum ska_release_signer { SKA_RELEASE_PUBLISHER, SKA_RELEASE_SECOND };

/* Where a release stands among those of its collection. */
struct ska_release_place {
    uint32_t number;      /* from 1 */
    uint8_t previous[32]; /* zeros if number is 1 */
};

struct ska_release {
    uint8_t task_id[32];
    struct ska_release_place place;
    struct ska_slice body;    /* borrowed: what is signed */
    uint8_t signature[2][64]; /* by enum ska_release_signer */
};

/* The body over `files`, which are all that stand before the release. SKA_E_RANGE for a place that
 * is none; SKA_E_LIMIT, SKA_E_MEMORY. */
enum ska_status ska_release_body(struct ska_writer *w, const uint8_t task_id[static 32],
                                 const struct ska_release_place *place,
                                 const struct ska_bundle_file *files, size_t n) SKA_MUST_CHECK;

enum ska_status ska_release_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                 enum ska_release_signer who, const struct ska_signing_key *key,
                                 struct ska_slice body) SKA_MUST_CHECK;
/* SKA_E_SIGNATURE. */
enum ska_status ska_release_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                   enum ska_release_signer who, const uint8_t key[static 32],
                                   struct ska_slice body) SKA_MUST_CHECK;

/* Take it apart: form only, neither signatures nor files. SKA_E_TRUNCATED, SKA_E_TRAILING,
 * SKA_E_VERSION, SKA_E_LIMIT, SKA_E_RANGE. */
enum ska_status ska_release_decode(struct ska_release *out, struct ska_slice bytes) SKA_MUST_CHECK;

/* Whether it is of this task and of exactly these files in this order. SKA_E_TASK; SKA_E_MISMATCH
 * naming the file that differs. */
enum ska_status ska_release_check(const struct ska_release *r, const uint8_t task_id[static 32],
                                  const struct ska_bundle_file *files, size_t n,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* The same where the files' hashes are known already. */
enum ska_status ska_release_check_hashes(const struct ska_release *r,
                                         const uint8_t task_id[static 32],
                                         const struct ska_bundle_file *files,
                                         const uint8_t (*sha256)[32], size_t n,
                                         struct ska_error *err) SKA_MUST_CHECK;

/* Whether the signature is there at all, valid or not. */
bool ska_release_is_signed(const struct ska_release *r, enum ska_release_signer who);

#endif
