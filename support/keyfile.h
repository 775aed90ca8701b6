/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * keyfile.h - keys on disk as text: one line "skarva <kind> key 1 <43 base64url characters>" and a
 * newline.
 *
 * Secret kinds: "signing" (Ed25519 seed), "hpke" (X25519 secret),
 * "rounding" (32 random bytes). Public form for configurations:
 * 43 base64url characters. trust file: lines "publisher <key>", "second <key>" (who signs
 * each release beside the publisher), "leader <key>", "helper <key>"; empty lines and lines
 * starting with # are skipped.
 */
#ifndef SKA_KEYFILE_H
#define SKA_KEYFILE_H

#include "crypto/hpke.h"
#include "crypto/sign.h"

#define KEY_TEXT_BYTES 44 /* 43 characters and NUL */

enum ska_status keyfile_read_signing(struct ska_signing_key *key, const char *path,
                                     struct ska_error *err) SKA_MUST_CHECK;
enum ska_status keyfile_write_signing(const char *path, const struct ska_signing_key *key,
                                      struct ska_error *err) SKA_MUST_CHECK;
enum ska_status keyfile_read_hpke(struct ska_hpke_key *key, const char *path,
                                  struct ska_error *err) SKA_MUST_CHECK;
enum ska_status keyfile_write_hpke(const char *path, const struct ska_hpke_key *key,
                                   struct ska_error *err) SKA_MUST_CHECK;
enum ska_status keyfile_read_rounding(uint8_t key[static 32], const char *path,
                                      struct ska_error *err) SKA_MUST_CHECK;
enum ska_status keyfile_write_rounding(const char *path, const uint8_t key[static 32],
                                       struct ska_error *err) SKA_MUST_CHECK;

struct ska_trust {
    uint8_t publisher[32], second[32], leader[32], helper[32];
};
/* All four lines, once each; SKA_E_FORMAT naming the line. */
enum ska_status ska_trust_read(struct ska_trust *out, const char *path,
                               struct ska_error *err) SKA_MUST_CHECK;

#endif
