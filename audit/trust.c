/* SPDX-License-Identifier: EUPL-1.2 */
/* trust.c - reading the trust file. */
#include "audit/trust.h"

#include "audit/input.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#include <string.h>

#define KEY_CHARACTERS 43

static const char *const names[TRUST_N] = {"publisher", "leader", "helper", "second"};

const char *trust_party_name(enum trust_party party)
{
    switch (party) {
    case TRUST_PUBLISHER:
        return words("utgivaren", "the publisher");
    case TRUST_LEADER:
        return words("ledaren", "the leader");
    case TRUST_HELPER:
        return words("hjälparen", "the helper");
    case TRUST_SECOND:
        return words("den andra undertecknaren", "the second signer");
    }
    return "?";
}

/* One line without its end. */
static enum ska_status parse_line(struct trust *out, bool seen[TRUST_N], const char *line,
                                  size_t len)
{
    for (size_t i = 0; i < TRUST_N; i++) {
        size_t name_len = strlen(names[i]);
        if (len != name_len + 1 + KEY_CHARACTERS || memcmp(line, names[i], name_len) != 0 ||
            line[name_len] != ' ')
            continue;
        if (seen[i])
            return SKA_E_FORMAT;
        seen[i] = true;
        return ska_base64url_decode(out->key[i], sizeof out->key[i], line + name_len + 1,
                                    KEY_CHARACTERS);
    }
    return SKA_E_FORMAT;
}

/* The next line of `text` from *at on, without LF or CR LF. */
static const char *next_line(size_t *len, size_t *at, struct ska_slice text)
{
    const char *line = (const char *)text.data + *at;
    size_t left = text.len - *at;
    const char *end = memchr(line, '\n', left);
    *len = end != NULL ? (size_t)(end - line) : left;
    *at += *len + (end != NULL ? 1u : 0u);
    if (*len > 0 && line[*len - 1] == '\r')
        (*len)--;
    return line;
}

enum ska_status trust_parse(struct trust *out, struct ska_slice text, struct ska_error *err)
{
    struct trust trust = {0};
    bool seen[TRUST_N] = {false};
    size_t at = 0, number = 0;
    if (text.len > TRUST_BYTES_MAX)
        return ska_fail(err, SKA_E_FORMAT, words("filen är för stor", "the file is too large"));
    while (at < text.len) {
        size_t len;
        const char *line = next_line(&len, &at, text);
        number++;
        if (len == 0 || line[0] == '#')
            continue;
        if (parse_line(&trust, seen, line, len) != SKA_OK)
            return ska_fail(
                err, SKA_E_FORMAT,
                words("rad %zu: väntade \"publisher\", \"second\", \"leader\" eller \"helper\", "
                      "ett blanksteg och en nyckel om 43 tecken, var och en en gång",
                      "line %zu: expected \"publisher\", \"second\", \"leader\" or \"helper\", a "
                      "space and a key of 43 characters, each once"),
                number);
    }
    for (size_t i = 0; i < TRUST_N; i++)
        if (!seen[i])
            return ska_fail(err, SKA_E_FORMAT, words("raden \"%s\" saknas", "no line \"%s\""),
                            names[i]);
    for (size_t i = 0; i < TRUST_N; i++)
        for (size_t j = 0; j < i; j++)
            if (memcmp(trust.key[i], trust.key[j], sizeof trust.key[i]) == 0)
                return ska_fail(err, SKA_E_CONFLICT,
                                words("%s och %s har samma nyckel", "%s and %s have one key"),
                                names[j], names[i]);
    *out = trust;
    return SKA_OK;
}

enum ska_status trust_read(struct trust *out, const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    struct ska_error found = {0};
    SKA_TRY(input_read(&text, &len, path, TRUST_BYTES_MAX, err));
    enum ska_status status = trust_parse(out, (struct ska_slice){text, len}, &found);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", path, found.text);
    return SKA_OK;
}
