/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sign.h - Ed25519 (RFC 8032) through OpenSSL. Every signature of ours is over  len8(label) ||
 * label
 * || message,  with a label from labels.h, so that a signature made for one purpose is worth
 * nothing for another. Where a format of others is signed (signed notes), it is over the bare
 * message, and with a key that signs nothing else.
 */
#ifndef SKA_SIGN_H
#define SKA_SIGN_H

#include "crypto/bytes.h"

#define SKA_SIGN_PUBLIC_BYTES 32
#define SKA_SIGN_SEED_BYTES 32
#define SKA_SIGNATURE_BYTES 64

/* Secret. Valid after generate or from_seed; zeroed is empty and signs nothing (SKA_E_BUG). */
struct ska_signing_key {
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    uint8_t public_key[SKA_SIGN_PUBLIC_BYTES];
};

/* SKA_OK; SKA_E_MEMORY or SKA_E_CRYPTO if the library fails, and *key is as it was. */
enum ska_status ska_signing_key_generate(struct ska_signing_key *key) SKA_MUST_CHECK;
enum ska_status
ska_signing_key_from_seed(struct ska_signing_key *key,
                          const uint8_t seed[static SKA_SIGN_SEED_BYTES]) SKA_MUST_CHECK;
void ska_signing_key_clear(struct ska_signing_key *key);

/* SKA_OK; SKA_E_MEMORY or SKA_E_CRYPTO if the library fails. */
enum ska_status ska_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                         const struct ska_signing_key *key, const char *label, const void *message,
                         size_t len) SKA_MUST_CHECK;

/* The same over the message alone. */
enum ska_status ska_sign_bare(uint8_t signature[static SKA_SIGNATURE_BYTES],
                              const struct ska_signing_key *key, const void *message,
                              size_t len) SKA_MUST_CHECK;

/* SKA_OK; SKA_E_SIGNATURE, also for a key that is not a canonical point encoding or of small order;
 * SKA_E_MEMORY or SKA_E_CRYPTO if nothing could be decided. */
enum ska_status ska_sign_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                const char *label, const void *message, size_t len) SKA_MUST_CHECK;
enum ska_status ska_sign_verify_bare(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                     const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                     const void *message, size_t len) SKA_MUST_CHECK;

#endif
