/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * hpke.h - HPKE base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256) = 0x0020, HKDF-SHA256 = 0x0001,
 * AES-128-GCM = 0x0001, single-shot, from OpenSSL's EVP primitives.
 */
#ifndef SKA_HPKE_H
#define SKA_HPKE_H

#include "crypto/bytes.h"

#define SKA_HPKE_KEM_ID 0x0020u
#define SKA_HPKE_KDF_ID 0x0001u
#define SKA_HPKE_AEAD_ID 0x0001u
#define SKA_HPKE_PUBLIC_BYTES 32
#define SKA_HPKE_SECRET_BYTES 32
#define SKA_HPKE_ENC_BYTES 32
#define SKA_HPKE_TAG_BYTES 16

/* Secret. */
struct ska_hpke_key {
    uint8_t secret[SKA_HPKE_SECRET_BYTES];
    uint8_t public_key[SKA_HPKE_PUBLIC_BYTES];
};

/* SKA_OK; SKA_E_MEMORY or SKA_E_CRYPTO if the library fails, and *key is as it was. */
enum ska_status ska_hpke_key_generate(struct ska_hpke_key *key) SKA_MUST_CHECK;
enum ska_status
ska_hpke_key_from_secret(struct ska_hpke_key *key,
                         const uint8_t secret[static SKA_HPKE_SECRET_BYTES]) SKA_MUST_CHECK;
void ska_hpke_key_clear(struct ska_hpke_key *key);

/*
 * SealBase (RFC 9180, section 6.1).
 *
 * Out:    enc         encapsulated key
 *         ciphertext  plain.len + SKA_HPKE_TAG_BYTES bytes; may not overlap the plaintext
 * Returns SKA_OK; SKA_E_RANGE if the public key gives an all-zero shared secret (section 7.1.4);
 * SKA_E_LIMIT over 2^31 bytes; SKA_E_MEMORY, SKA_E_CRYPTO.
 */
enum ska_status ska_hpke_seal(uint8_t enc[static SKA_HPKE_ENC_BYTES], uint8_t *ciphertext,
                              const uint8_t public_key[static SKA_HPKE_PUBLIC_BYTES],
                              struct ska_slice info, struct ska_slice aad,
                              struct ska_slice plain) SKA_MUST_CHECK;

/*
 * OpenBase. Out: plain, ciphertext.len - SKA_HPKE_TAG_BYTES bytes, wiped on failure.
 * Returns SKA_OK; SKA_E_DECRYPT if it does not open (also when too short); SKA_E_RANGE;
 * SKA_E_MEMORY, SKA_E_CRYPTO.
 */
enum ska_status ska_hpke_open(uint8_t *plain, const struct ska_hpke_key *key,
                              const uint8_t enc[static SKA_HPKE_ENC_BYTES], struct ska_slice info,
                              struct ska_slice aad, struct ska_slice ciphertext) SKA_MUST_CHECK;

#endif
