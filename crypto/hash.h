/* SPDX-License-Identifier: EUPL-1.2 */
/* hash.h - SHA-256 and SHA-512 (FIPS 180-4) through OpenSSL. */
#ifndef SKA_HASH_H
#define SKA_HASH_H

#include "crypto/bytes.h"

#define SKA_HASH_BYTES 32

/* SHA-256 of one or of several pieces in a row. Ends the process if the library fails, which it
 * does only without memory at start. */
void ska_sha256(uint8_t out[static SKA_HASH_BYTES], const void *data, size_t len);
void ska_sha256_pieces(uint8_t out[static SKA_HASH_BYTES], const struct ska_slice *pieces,
                       size_t n);

/* SHA-256 under a domain label: SHA-256(len8(label) || label || data). The labels are the table in
 * labels.h. */
void ska_sha256_labelled(uint8_t out[static SKA_HASH_BYTES], const char *label, const void *data,
                         size_t len);

void ska_sha512(uint8_t out[static 64], const void *data, size_t len);

#endif
