/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * roster.h - who contributes: codes, names and signing keys, and the key card by which a key
 * reaches the publisher.
 *
 * Canonical roster:  u32 n | n x (opaque8 code | opaque16 name | key[32])
 * with codes strictly increasing in byte order and all keys distinct.
 *
 * Key card, a text file of five lines:
 *     skarva key card 1
 *     code: 2303
 *     name: Ragunda kommun
 *     key: <43 characters base64url>
 *     signature: <86 characters base64url>
 * The signature is the key's own, SKA_LABEL_SIGN_KEY_CARD over opaque8 code | opaque16 name | key.
 */
#ifndef SKA_ROSTER_H
#define SKA_ROSTER_H

#include "crypto/sign.h"
#include "protocol/catalogue.h"

#define SKA_CONTRIBUTORS_MAX 10000u
#define SKA_NAME_MAX 200
#define SKA_KEY_CARD_MAX 1024 /* bytes of the text */

struct ska_contributor {
    char code[SKA_CODE_MAX + 1];
    char name[SKA_NAME_MAX + 1]; /* UTF-8, one line */
    uint8_t key[SKA_SIGN_PUBLIC_BYTES];
};

/* Valid when zeroed. Sorted by code; keys are distinct too. */
struct ska_roster {
    uint32_t n;
    struct ska_contributor *at; /* owned */
    uint8_t (
        *keys)[SKA_SIGN_PUBLIC_BYTES]; /* owned copy of the keys in a row, as AuditSum wants them */
};

/* Code of its alphabet, name of 1..SKA_NAME_MAX bytes of text (text.h) without spaces around it.
 * SKA_E_RANGE, SKA_E_LIMIT, SKA_E_FORMAT; `err` says which. */
enum ska_status ska_contributor_check(const struct ska_contributor *c,
                                      struct ska_error *err) SKA_MUST_CHECK;

/* Copies and sorts. SKA_E_CONFLICT naming two contributors with one code or one key; SKA_E_LIMIT.
 */
enum ska_status ska_roster_build(struct ska_roster *out, const struct ska_contributor *at,
                                 uint32_t n, struct ska_error *err) SKA_MUST_CHECK;
void ska_roster_clear(struct ska_roster *roster);
void ska_roster_encode(struct ska_writer *w, const struct ska_roster *roster);
/* SKA_E_LIMIT over SKA_CONTRIBUTORS_MAX; SKA_E_ENCODING if the codes are not strictly increasing;
 * SKA_E_CONFLICT if a key occurs twice; SKA_E_RANGE, SKA_E_FORMAT for a code or name. */
enum ska_status ska_roster_decode(struct ska_roster *out, struct ska_reader *r) SKA_MUST_CHECK;
uint32_t ska_roster_find(const struct ska_roster *roster, const char *code); /* index or SKA_NONE */
uint32_t ska_roster_find_key(const struct ska_roster *roster,
                             const uint8_t key[static SKA_SIGN_PUBLIC_BYTES]);

/* The card as text (caller's buffer of SKA_KEY_CARD_MAX), and back with its signature checked.
 * Writing: SKA_E_MISMATCH if `key` is not the contributor's. Parsing: SKA_E_LIMIT, SKA_E_TRUNCATED
 * (a line is missing), SKA_E_TRAILING, SKA_E_VERSION, SKA_E_FORMAT, SKA_E_RANGE, SKA_E_SIGNATURE.
 */
enum ska_status ska_key_card_write(char *out, const struct ska_contributor *c,
                                   const struct ska_signing_key *key) SKA_MUST_CHECK;
enum ska_status ska_key_card_parse(struct ska_contributor *out, const char *text, size_t len,
                                   struct ska_error *err) SKA_MUST_CHECK;

#endif
