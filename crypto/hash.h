/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * hash.h - SHA-256 and SHA-512 (FIPS 180-4) through OpenSSL.
 *
 * All of these end the process if the library fails, which it does only without memory. Time:
 * depends on lengths only.
 */
#ifndef SKA_HASH_H
#define SKA_HASH_H

#include "crypto/bytes.h"

#define SKA_HASH_BYTES 32
#define SKA_SHA512_BYTES 64

/* SHA-256 of one or of several pieces in a row. */
void ska_sha256(uint8_t out[static SKA_HASH_BYTES], const void *data, size_t len);
void ska_sha256_pieces(uint8_t out[static SKA_HASH_BYTES], const struct ska_slice *pieces,
                       size_t n);

/* SHA-256 under a domain label: SHA-256(len8(label) || label || data). The labels are the table in
 * labels.h, at most 255 bytes each. */
void ska_sha256_labelled(uint8_t out[static SKA_HASH_BYTES], const char *label, const void *data,
                         size_t len);

void ska_sha512(uint8_t out[static SKA_SHA512_BYTES], const void *data, size_t len);

/* SHA-512 in steps: init, add as often as needed, finish. Between init and finish it owns memory of
 * the library, which is wiped when finish releases it. */
struct ska_sha512_state {
    void *context;
};
void ska_sha512_init(struct ska_sha512_state *h);
void ska_sha512_add(struct ska_sha512_state *h, const void *data, size_t len);
void ska_sha512_add_u64(struct ska_sha512_state *h, uint64_t value);      /* big-endian */
void ska_sha512_add_label(struct ska_sha512_state *h, const char *label); /* len8(label) || label */
void ska_sha512_finish(uint8_t out[static SKA_SHA512_BYTES], struct ska_sha512_state *h);

#endif
