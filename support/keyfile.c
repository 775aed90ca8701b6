/* SPDX-License-Identifier: EUPL-1.2 */
/* keyfile.c - keys and roots of trust as small text files. */
#include "support/keyfile.h"

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "support/file.h"

#include <stdio.h>
#include <string.h>

#define KEYFILE_MAX 200

#define HEAD_MAX 64

/* "skarva <kind> key 1 ", which fits: kinds are short. */
static size_t format_head(char out[static HEAD_MAX], const char *kind)
{
    return (size_t)snprintf(out, HEAD_MAX, "skarva %s key 1 ", kind);
}

/* The head, the key as text, a newline. */
static enum ska_status write_key(const char *path, const char *kind,
                                 const uint8_t secret[static 32], struct ska_error *err)
{
    char line[HEAD_MAX + KEY_TEXT_BYTES];
    const size_t n = format_head(line, kind);
    ska_base64url_encode(line + n, secret, 32);
    line[n + KEY_TEXT_BYTES - 1] = '\n'; /* where encoding has put its zero byte */
    enum ska_status status = file_write(path, line, n + KEY_TEXT_BYTES, true, err);
    ska_wipe(line, sizeof line);
    return status;
}

static enum ska_status parse_key(uint8_t secret[static 32], const uint8_t *data, size_t len,
                                 const char *kind)
{
    char head[HEAD_MAX];
    const size_t n = format_head(head, kind);
    if (len != n + KEY_TEXT_BYTES || memcmp(data, head, n) != 0 || data[len - 1] != '\n')
        return SKA_E_FORMAT;
    return ska_base64url_decode(secret, 32, (const char *)data + n, KEY_TEXT_BYTES - 1);
}

static enum ska_status read_key(uint8_t secret[static 32], const char *path, const char *kind,
                                struct ska_error *err)
{
    uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(file_read_secret(&data, &len, path, KEYFILE_MAX, err));
    enum ska_status status = parse_key(secret, data, len, kind);
    ska_wipe_free(data, len);
    if (status != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, "%s: is not a skarva %s key file", path, kind);
    return SKA_OK;
}

enum ska_status keyfile_read_signing(struct ska_signing_key *key, const char *path,
                                     struct ska_error *err)
{
    uint8_t seed[32];
    SKA_TRY(read_key(seed, path, "signing", err));
    enum ska_status status = ska_signing_key_from_seed(key, seed);
    ska_wipe(seed, sizeof seed);
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s: the key cannot be used", path);
}

enum ska_status keyfile_write_signing(const char *path, const struct ska_signing_key *key,
                                      struct ska_error *err)
{
    return write_key(path, "signing", key->seed, err);
}

enum ska_status keyfile_read_hpke(struct ska_hpke_key *key, const char *path, struct ska_error *err)
{
    uint8_t secret[32];
    SKA_TRY(read_key(secret, path, "hpke", err));
    enum ska_status status = ska_hpke_key_from_secret(key, secret);
    ska_wipe(secret, sizeof secret);
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s: the key cannot be used", path);
}

enum ska_status keyfile_write_hpke(const char *path, const struct ska_hpke_key *key,
                                   struct ska_error *err)
{
    return write_key(path, "hpke", key->secret, err);
}

enum ska_status keyfile_read_rounding(uint8_t key[static 32], const char *path,
                                      struct ska_error *err)
{
    return read_key(key, path, "rounding", err);
}

enum ska_status keyfile_write_rounding(const char *path, const uint8_t key[static 32],
                                       struct ska_error *err)
{
    return write_key(path, "rounding", key, err);
}

/* One line "name key": the role it names, or -1; the key into `out`. */
static int parse_trust_line(uint8_t out[static 32], const char *line, size_t len)
{
    static const char *const roles[] = {"publisher ", "second ", "leader ", "helper "};
    for (int i = 0; i < 4; i++) {
        size_t n = strlen(roles[i]);
        if (len > n && memcmp(line, roles[i], n) == 0)
            return ska_base64url_decode(out, 32, line + n, len - n) == SKA_OK ? i : -1;
    }
    return -1;
}

static enum ska_status parse_trust(struct ska_trust *out, const char *text, size_t len,
                                   const char *path, struct ska_error *err)
{
    uint8_t *const places[] = {out->publisher, out->second, out->leader, out->helper};
    unsigned seen = 0;
    size_t number = 0;
    for (size_t at = 0; at < len;) {
        const char *line = text + at;
        const char *newline = memchr(line, '\n', len - at);
        size_t line_len = newline == NULL ? len - at : (size_t)(newline - line);
        at += line_len + 1;
        number++;
        if (line_len > 0 && line[line_len - 1] == '\r')
            line_len--;
        if (line_len == 0 || line[0] == '#')
            continue;
        uint8_t key[32];
        int role = parse_trust_line(key, line, line_len);
        if (role < 0)
            return ska_fail(
                err, SKA_E_FORMAT,
                "%s, line %zu: expected \"publisher\", \"second\", \"leader\" or \"helper\", a "
                "space and a key of 43 characters",
                path, number);
        if ((seen >> role & 1u) != 0)
            return ska_fail(err, SKA_E_CONFLICT, "%s, line %zu: a second key for the same role",
                            path, number);
        seen |= 1u << role;
        memcpy(places[role], key, 32);
    }
    if (seen != 15)
        return ska_fail(err, SKA_E_FORMAT, "%s: the key of the %s is missing", path,
                        (seen & 1u) == 0   ? "publisher"
                        : (seen & 2u) == 0 ? "second signer"
                        : (seen & 4u) == 0 ? "leader"
                                           : "helper");
    return SKA_OK;
}

enum ska_status ska_trust_read(struct ska_trust *out, const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&data, &len, path, 4096, err));
    struct ska_trust trust = {0};
    SKA_TRY(parse_trust(&trust, (const char *)data, len, path, err));
    *out = trust;
    return SKA_OK;
}
