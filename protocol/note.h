/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * note.h - signed notes: a text, and lines of signatures over it.
 *
 *     text, any lines, ends in LF
 *     (empty line)
 *     U+2014 SP name SP base64(u32 key identifier | signature) LF          once or more
 *
 * Spec: C2SP signed-note v1.0.0. We take what it takes, with these limits where it leaves them to
 * us: a note is at most SKA_NOTE_BYTES_MAX, with at most SKA_NOTE_SIGNATURES_MAX signatures of at
 * most SKA_NOTE_SIGNATURE_BYTES_MAX; names are at most SKA_NOTE_NAME_MAX bytes; base64 is
 * canonical. Two kinds of keys are known: Ed25519 over the text (0x01), which logs sign with, and
 * timestamped cosignatures (0x04, cosignature.h), which witnesses make.
 */
#ifndef SKA_NOTE_H
#define SKA_NOTE_H

#include "crypto/sign.h"

#define SKA_NOTE_BYTES_MAX 131072u
#define SKA_NOTE_SIGNATURES_MAX 16u
#define SKA_NOTE_SIGNATURE_BYTES_MAX                             \
    5120u /* with the key identifier; post-quantum ones are long \
           */
#define SKA_NOTE_NAME_MAX 255u
#define SKA_NOTE_KEPT_BYTES 72u /* of signatures that we can verify: 64, with a timestamp 72 */
#define SKA_NOTE_KEY_TEXT_MAX (SKA_NOTE_NAME_MAX + 1 + 8 + 1 + 44)
#define SKA_NOTE_DASH "\xE2\x80\x94 " /* a signature line's first bytes */

enum ska_note_type { SKA_NOTE_ED25519 = 0x01, SKA_NOTE_COSIGNATURE = 0x04 };

/* A public key with its name. Valid after init or parse. */
struct ska_note_key {
    char name[SKA_NOTE_NAME_MAX + 1];
    enum ska_note_type type;
    uint32_t id; /* first four bytes of SHA-256(name | LF | u8 type | public_key) */
    uint8_t public_key[SKA_SIGN_PUBLIC_BYTES];
};

/* SKA_OK; SKA_E_FORMAT if the name is empty, not UTF-8, or has a space or a plus; SKA_E_LIMIT. */
enum ska_status
ska_note_key_init(struct ska_note_key *out, const char *name, enum ska_note_type type,
                  const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES]) SKA_MUST_CHECK;

/* A verifier key, "name+identifier+base64(type | public key)". parse: SKA_OK; SKA_E_FORMAT;
 * SKA_E_LIMIT for the name; SKA_E_UNSUPPORTED for another type of key; SKA_E_MISMATCH if the
 * identifier is not the key's. */
enum ska_status ska_note_key_parse(struct ska_note_key *out, const char *text,
                                   size_t len) SKA_MUST_CHECK;
void ska_note_key_format(char out[static SKA_NOTE_KEY_TEXT_MAX + 1],
                         const struct ska_note_key *key);

/* One line of signature. Slices borrow from the note. */
struct ska_note_signature {
    struct ska_slice line; /* all of it, with its LF */
    struct ska_slice name;
    uint32_t id;
    uint8_t signature[SKA_NOTE_KEPT_BYTES]; /* without the identifier; zero if it is longer */
    size_t signature_len;
};

struct ska_note {
    struct ska_slice text; /* with its last LF */
    struct ska_note_signature signatures[SKA_NOTE_SIGNATURES_MAX];
    size_t n_signatures; /* 1.. */
};

/* Take a note apart. Nothing is verified. SKA_OK; SKA_E_LIMIT; SKA_E_FORMAT. */
enum ska_status ska_note_parse(struct ska_note *out, const uint8_t *data,
                               size_t len) SKA_MUST_CHECK;

/* Whether a line names this key. */
bool ska_note_is_by(const struct ska_note_signature *signature, const struct ska_note_key *key);

/*
 * An Ed25519 key's signature over the text. Lines of other keys do not matter.
 *
 * Returns SKA_OK if there is one and all of this key hold; SKA_E_NOT_FOUND if there is none;
 * SKA_E_SIGNATURE if one does not hold; SKA_E_MEMORY, SKA_E_CRYPTO.
 */
enum ska_status ska_note_verify(const struct ska_note *note,
                                const struct ska_note_key *key) SKA_MUST_CHECK;

/* Append a signature line over `text` (not the text). `key` is the public side of `secret`, of type
 * SKA_NOTE_ED25519, else SKA_E_BUG. */
enum ska_status ska_note_sign(struct ska_writer *w, const struct ska_note_key *key,
                              const struct ska_signing_key *secret,
                              struct ska_slice text) SKA_MUST_CHECK;

/* Append the line of a signature made elsewhere, of at most SKA_NOTE_KEPT_BYTES. */
void ska_note_write_line(struct ska_writer *w, const struct ska_note_key *key,
                         const uint8_t *signature, size_t len);

/* A whole number in decimal below 2^63, without leading zeros, as checkpoints and cosignatures have
 * it. SKA_E_FORMAT. */
enum ska_status ska_note_number(uint64_t *out, const uint8_t *text, size_t len) SKA_MUST_CHECK;

/* Take a line, which must end in LF, off the front of `text`; it comes without LF. SKA_E_FORMAT. */
enum ska_status ska_note_line(struct ska_slice *line, struct ska_slice *text) SKA_MUST_CHECK;

#endif
