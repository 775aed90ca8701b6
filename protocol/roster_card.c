/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * roster_card.c - the key card: five lines of text by which a contributor's key reaches the
 * publisher, signed by that key.
 *
 * Cards travel by mail and through editors, so a byte order mark, CR LF, blanks at the ends of
 * lines and empty lines are forgiven; what the lines say is signed.
 */
#include "protocol/roster.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"
#include "protocol/text.h"

#include <stdio.h>
#include <string.h>

#define KEY_TEXT_LEN 43 /* base64url of 32 bytes */
#define SIGNATURE_TEXT_LEN 86
#define N_LINES 5

static const char *const prefixes[N_LINES] = {"skarva key card 1",
                                              "code: ", "name: ", "key: ", "signature: "};

/* The signed bytes: opaque8 code | opaque16 name | key. */
static void write_signed(struct ska_writer *w, const struct ska_contributor *c)
{
    ska_write_string8(w, c->code);
    ska_write_string16(w, c->name);
    ska_write_bytes(w, c->key, sizeof c->key);
}

enum ska_status ska_key_card_write(char *out, const struct ska_contributor *c,
                                   const struct ska_signing_key *key)
{
    SKA_TRY(ska_contributor_check(c, NULL));
    if (memcmp(c->key, key->public_key, sizeof c->key) != 0)
        return SKA_E_MISMATCH;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_signed(&w, c);
    SKA_TRY(ska_writer_status(&w));
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_TRY(ska_sign(signature, key, SKA_LABEL_SIGN_KEY_CARD, w.data, w.len));
    char key_text[KEY_TEXT_LEN + 1];
    char signature_text[SIGNATURE_TEXT_LEN + 1];
    ska_base64url_encode(key_text, c->key, sizeof c->key);
    ska_base64url_encode(signature_text, signature, sizeof signature);
    int len =
        snprintf(out, SKA_KEY_CARD_MAX, "%s\n%s%s\n%s%s\n%s%s\n%s%s\n", prefixes[0], prefixes[1],
                 c->code, prefixes[2], c->name, prefixes[3], key_text, prefixes[4], signature_text);
    return len > 0 && len < SKA_KEY_CARD_MAX ? SKA_OK : SKA_E_BUG;
}

/* The next line that is not empty, without blanks at its end. False at the end of the text. */
static bool next_line(struct ska_slice *line, struct ska_reader *r)
{
    while (r->left > 0) {
        const uint8_t *end = memchr(r->at, '\n', r->left);
        size_t len = end == NULL ? r->left : (size_t)(end - r->at);
        *line = (struct ska_slice){r->at, len};
        size_t step = end == NULL ? len : len + 1;
        r->at += step;
        r->left -= step;
        while (line->len > 0 &&
               (line->data[line->len - 1] == ' ' || line->data[line->len - 1] == '\t' ||
                line->data[line->len - 1] == '\r'))
            line->len--;
        if (line->len > 0)
            return true;
    }
    return false;
}

/* Take the five lines apart; `values` are what follows their prefixes. */
static enum ska_status read_lines(struct ska_slice values[static N_LINES], struct ska_reader *r,
                                  struct ska_error *err)
{
    for (size_t i = 0; i < N_LINES; i++) {
        struct ska_slice line;
        if (!next_line(&line, r))
            return ska_fail(err, SKA_E_TRUNCATED, "key card: the line \"%s\" is missing",
                            prefixes[i]);
        size_t len = strlen(prefixes[i]);
        if (line.len < len || memcmp(line.data, prefixes[i], len) != 0)
            return ska_fail(err, SKA_E_FORMAT, "key card: expected a line that starts with \"%s\"",
                            prefixes[i]);
        values[i] = (struct ska_slice){line.data + len, line.len - len};
    }
    if (values[0].len > 0)
        return ska_fail(err, SKA_E_VERSION,
                        "key card: its first line is not \"%s\"; this program knows that version "
                        "alone",
                        prefixes[0]);
    struct ska_slice line;
    if (next_line(&line, r))
        return ska_fail(err, SKA_E_TRAILING, "key card: there is text after the signature");
    return SKA_OK;
}

static enum ska_status copy_text(char *out, size_t max, struct ska_slice value, const char *field,
                                 struct ska_error *err)
{
    if (value.len > max)
        return ska_fail(err, SKA_E_LIMIT, "key card: the %s is longer than %zu bytes", field, max);
    if (value.len == 0)
        return SKA_OK; /* which no field may be: ska_contributor_check says so */
    if (memchr(value.data, '\0', value.len) != NULL)
        return ska_fail(err, SKA_E_FORMAT, "key card: the %s holds a NUL", field);
    memcpy(out, value.data, value.len);
    return SKA_OK;
}

enum ska_status ska_key_card_parse(struct ska_contributor *out, const char *text, size_t len,
                                   struct ska_error *err)
{
    if (len > SKA_KEY_CARD_MAX)
        return ska_fail(err, SKA_E_LIMIT, "key card: longer than %d bytes", SKA_KEY_CARD_MAX);
    struct ska_reader r;
    ska_reader_init(&r, (const uint8_t *)text, len);
    if (r.left >= 3 && memcmp(r.at, "\xEF\xBB\xBF", 3) == 0)
        ska_reader_init(&r, r.at + 3, r.left - 3);
    struct ska_slice values[N_LINES] = {{0}};
    SKA_TRY(read_lines(values, &r, err));
    struct ska_contributor c = {0};
    SKA_TRY(copy_text(c.code, SKA_CODE_MAX, values[1], "code", err));
    SKA_TRY(copy_text(c.name, SKA_NAME_MAX, values[2], "name", err));
    SKA_TRY(ska_contributor_check(&c, err));
    uint8_t signature[SKA_SIGNATURE_BYTES];
    if (ska_base64url_decode(c.key, sizeof c.key, (const char *)values[3].data, values[3].len) !=
            SKA_OK ||
        ska_base64url_decode(signature, sizeof signature, (const char *)values[4].data,
                             values[4].len) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT,
                        "key card of %s: the key is %d and the signature %d characters of "
                        "base64url",
                        c.code, KEY_TEXT_LEN, SIGNATURE_TEXT_LEN);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_signed(&w, &c);
    SKA_TRY(ska_writer_status(&w));
    enum ska_status status =
        ska_sign_verify(signature, c.key, SKA_LABEL_SIGN_KEY_CARD, w.data, w.len);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        "key card of %s (%s): the signature does not hold; the card was changed "
                        "after it was made",
                        c.code, c.name);
    *out = c;
    return SKA_OK;
}
