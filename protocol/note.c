/* SPDX-License-Identifier: EUPL-1.2 */
/* note.c - signed notes (C2SP signed-note v1.0.0). */
#include "protocol/note.h"

#include "crypto/hash.h"
#include "crypto/secret.h"
#include "protocol/words.h"

#include <stdio.h>
#include <string.h>

#define KEY_BASE64 44 /* of the type and 32 bytes */
#define DASH_LEN 4

/* White_Space of Unicode. */
static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static enum ska_status check_name(const uint8_t *name, size_t len)
{
    if (len == 0)
        return SKA_E_FORMAT;
    if (len > SKA_NOTE_NAME_MAX)
        return SKA_E_LIMIT;
    for (size_t i = 0; i < len;) {
        uint32_t c;
        size_t width = ska_utf8_next(&c, (const char *)name + i, len - i);
        if (width == 0 || c < 0x20 || is_space(c) || c == '+')
            return SKA_E_FORMAT;
        i += width;
    }
    return SKA_OK;
}

/* UTF-8 without control characters below U+0020, but LF. */
static enum ska_status check_text(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t c;
        size_t width = ska_utf8_next(&c, (const char *)data + i, len - i);
        if (width == 0 || (c < 0x20 && c != '\n'))
            return SKA_E_FORMAT;
        i += width;
    }
    return SKA_OK;
}

static uint32_t read_id(const uint8_t data[static 4])
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

enum ska_status ska_note_key_init(struct ska_note_key *out, const char *name,
                                  enum ska_note_type type,
                                  const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES])
{
    const size_t len = strlen(name);
    SKA_TRY(check_name((const uint8_t *)name, len));
    struct ska_note_key key = {.type = type};
    memcpy(key.name, name, len);
    memcpy(key.public_key, public_key, sizeof key.public_key);
    const uint8_t between[2] = {'\n', (uint8_t)type};
    const struct ska_slice pieces[] = {{(const uint8_t *)name, len},
                                       {between, sizeof between},
                                       {key.public_key, sizeof key.public_key}};
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256_pieces(hash, pieces, 3);
    key.id = read_id(hash);
    *out = key;
    return SKA_OK;
}

enum ska_status ska_note_key_parse(struct ska_note_key *out, const char *text, size_t len)
{
    const char *plus = memchr(text, '+', len);
    if (plus == NULL)
        return SKA_E_FORMAT;
    const size_t name_len = (size_t)(plus - text), rest_len = len - name_len;
    if (name_len > SKA_NOTE_NAME_MAX)
        return SKA_E_LIMIT;
    if (rest_len < 1 + 8 + 1 + 1 || plus[9] != '+')
        return SKA_E_FORMAT;
    char name[SKA_NOTE_NAME_MAX + 1] = {0}, digits[8 + 1] = {0};
    memcpy(name, text, name_len);
    memcpy(digits, plus + 1, 8);
    uint8_t id[4], key[1 + SKA_SIGN_PUBLIC_BYTES];
    size_t key_len = 0;
    SKA_TRY(ska_hex_decode(id, sizeof id, digits));
    enum ska_status status = ska_base64_decode(key, &key_len, sizeof key, plus + 10, rest_len - 10);
    if (status == SKA_E_LIMIT ||
        (status == SKA_OK && key[0] != SKA_NOTE_ED25519 && key[0] != SKA_NOTE_COSIGNATURE))
        return SKA_E_UNSUPPORTED; /* longer keys are of other kinds */
    if (status != SKA_OK || key_len != sizeof key || strlen(name) != name_len)
        return SKA_E_FORMAT;
    struct ska_note_key parsed;
    SKA_TRY(ska_note_key_init(&parsed, name, (enum ska_note_type)key[0], key + 1));
    if (parsed.id != read_id(id))
        return SKA_E_MISMATCH;
    *out = parsed;
    return SKA_OK;
}

void ska_note_key_format(char out[static SKA_NOTE_KEY_TEXT_MAX + 1], const struct ska_note_key *key)
{
    uint8_t bytes[1 + SKA_SIGN_PUBLIC_BYTES] = {(uint8_t)key->type};
    char text[KEY_BASE64 + 1];
    memcpy(bytes + 1, key->public_key, sizeof key->public_key);
    ska_base64_encode(text, bytes, sizeof bytes);
    (void)snprintf(out, SKA_NOTE_KEY_TEXT_MAX + 1, "%s+%08x+%s", key->name, (unsigned)key->id,
                   text); /* fits: that is what the constant counts */
}

enum ska_status ska_note_number(uint64_t *out, const uint8_t *text, size_t len)
{
    uint64_t value = 0;
    if (len == 0 || len > 19 || (len > 1 && text[0] == '0'))
        return SKA_E_FORMAT;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return SKA_E_FORMAT;
        value = value * 10 + (uint64_t)(text[i] - '0'); /* below 10^19 < 2^64 */
    }
    if (value > INT64_MAX)
        return SKA_E_FORMAT;
    *out = value;
    return SKA_OK;
}

enum ska_status ska_note_line(struct ska_slice *line, struct ska_slice *text)
{
    const uint8_t *end = text->len == 0 ? NULL : memchr(text->data, '\n', text->len);
    if (end == NULL)
        return SKA_E_FORMAT;
    const size_t len = (size_t)(end - text->data);
    *line = (struct ska_slice){text->data, len};
    *text = (struct ska_slice){end + 1, text->len - len - 1};
    return SKA_OK;
}

/* One signature line, given without its LF. */
static enum ska_status parse_signature(struct ska_note_signature *out, struct ska_slice line)
{
    uint8_t bytes[SKA_NOTE_SIGNATURE_BYTES_MAX];
    size_t len = 0;
    if (line.len < DASH_LEN || memcmp(line.data, SKA_NOTE_DASH, DASH_LEN) != 0)
        return SKA_E_FORMAT;
    const uint8_t *name = line.data + DASH_LEN;
    const uint8_t *space = memchr(name, ' ', line.len - DASH_LEN);
    if (space == NULL)
        return SKA_E_FORMAT;
    const size_t name_len = (size_t)(space - name);
    SKA_TRY(check_name(name, name_len));
    SKA_TRY(ska_base64_decode(bytes, &len, sizeof bytes, (const char *)space + 1,
                              line.len - DASH_LEN - name_len - 1));
    if (len < 5)
        return SKA_E_FORMAT;
    *out = (struct ska_note_signature){.line = {line.data, line.len + 1},
                                       .name = {name, name_len},
                                       .id = read_id(bytes),
                                       .signature_len = len - 4};
    if (out->signature_len <= sizeof out->signature)
        memcpy(out->signature, bytes + 4, out->signature_len);
    return SKA_OK;
}

/* Where the signatures begin: behind the last empty line. 0: nowhere. */
static size_t find_signatures(const uint8_t *data, size_t len)
{
    for (size_t i = len; i >= 2; i--)
        if (data[i - 1] == '\n' && data[i - 2] == '\n')
            return i;
    return 0;
}

enum ska_status ska_note_parse(struct ska_note *out, const uint8_t *data, size_t len)
{
    if (len > SKA_NOTE_BYTES_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(check_text(data, len));
    const size_t start = find_signatures(data, len);
    if (start == 0)
        return SKA_E_FORMAT;
    struct ska_note note = {.text = {data, start - 1}};
    struct ska_slice rest = {data + start, len - start}, line;
    while (rest.len > 0) {
        if (note.n_signatures == SKA_NOTE_SIGNATURES_MAX)
            return SKA_E_LIMIT;
        SKA_TRY(ska_note_line(&line, &rest));
        SKA_TRY(parse_signature(&note.signatures[note.n_signatures], line));
        note.n_signatures++;
    }
    if (note.n_signatures == 0)
        return SKA_E_FORMAT;
    *out = note;
    return SKA_OK;
}

bool ska_note_is_by(const struct ska_note_signature *signature, const struct ska_note_key *key)
{
    return signature->id == key->id && signature->name.len == strlen(key->name) &&
           memcmp(signature->name.data, key->name, signature->name.len) == 0;
}

enum ska_status ska_note_verify(const struct ska_note *note, const struct ska_note_key *key)
{
    enum ska_status status = SKA_E_NOT_FOUND;
    for (size_t i = 0; i < note->n_signatures; i++) {
        const struct ska_note_signature *s = &note->signatures[i];
        if (!ska_note_is_by(s, key))
            continue;
        if (key->type != SKA_NOTE_ED25519 || s->signature_len != SKA_SIGNATURE_BYTES)
            return SKA_E_SIGNATURE;
        SKA_TRY(
            ska_sign_verify_bare(s->signature, key->public_key, note->text.data, note->text.len));
        status = SKA_OK;
    }
    return status;
}

void ska_note_write_line(struct ska_writer *w, const struct ska_note_key *key,
                         const uint8_t *signature, size_t len)
{
    uint8_t bytes[4 + SKA_NOTE_KEPT_BYTES];
    char text[(sizeof bytes + 2) / 3 * 4 + 1];
    struct ska_writer b;
    ska_writer_init_fixed(&b, bytes, sizeof bytes);
    ska_write_u32(&b, key->id);
    ska_write_bytes(&b, signature, len);
    if (w->status == SKA_OK && b.status != SKA_OK)
        w->status = b.status;
    ska_base64_encode(text, bytes, b.len);
    ska_write_bytes(w, SKA_NOTE_DASH, DASH_LEN);
    ska_write_bytes(w, key->name, strlen(key->name));
    ska_write_bytes(w, " ", 1);
    ska_write_bytes(w, text, strlen(text));
    ska_write_bytes(w, "\n", 1);
}

enum ska_status ska_note_sign(struct ska_writer *w, const struct ska_note_key *key,
                              const struct ska_signing_key *secret, struct ska_slice text)
{
    uint8_t signature[SKA_SIGNATURE_BYTES];
    if (key->type != SKA_NOTE_ED25519 ||
        !ska_ct_equal(key->public_key, secret->public_key, sizeof key->public_key))
        return SKA_E_BUG;
    SKA_TRY(ska_sign_bare(signature, secret, text.data, text.len));
    ska_note_write_line(w, key, signature, sizeof signature);
    return ska_writer_status(w);
}
