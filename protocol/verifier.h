/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * verifier.h - what the publisher says of the program that its site offers for checking in a
 * browser, so that it becomes an entry of the public log (docs/log.md):
 *
 *     statement   u8 version = 1 | sha256[32] | u64 length | signature[64]
 *
 * of the built file; the publisher signs what precedes. The file follows it on its way to the
 * servers.
 */
#ifndef SKA_VERIFIER_H
#define SKA_VERIFIER_H

#include "crypto/sign.h"

#define SKA_VERIFIER_STATEMENT_BYTES (1 + 32 + 8 + 64)
#define SKA_VERIFIER_BYTES_MAX (4u << 20)

enum ska_status ska_verifier_sign(uint8_t out[static SKA_VERIFIER_STATEMENT_BYTES],
                                  const struct ska_signing_key *publisher,
                                  struct ska_slice file) SKA_MUST_CHECK;

/*
 * Take a statement and its file apart.
 *
 * Out: file  borrowed; what the statement is about, unchanged on failure
 *
 * Returns SKA_OK; SKA_E_TRUNCATED; SKA_E_VERSION; SKA_E_LIMIT; SKA_E_SIGNATURE; SKA_E_MISMATCH: it
 * is about another file.
 */
enum ska_status ska_verifier_read(struct ska_slice *file, struct ska_slice bytes,
                                  const uint8_t publisher_key[static 32]) SKA_MUST_CHECK;

#endif
