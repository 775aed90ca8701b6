/* SPDX-License-Identifier: EUPL-1.2 */
/* config.c - reading a witness's configuration. */
#include "witness/config.h"

#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG_BYTES_MAX 65536u

enum kind { KIND_TEXT, KIND_PORT, KIND_LOG };

struct option {
    const char *name;
    enum kind kind;
    bool is_required;
    size_t offset, size; /* of the field */
    const char *sv, *en;
};

#define FIELD(f) offsetof(struct witness_config, f), sizeof(((struct witness_config *)0)->f)
/* clang-format off */
static const struct option options[] = {
    {"name", KIND_TEXT, true, FIELD(name),
     "vittnets namn, som adress utan https://: vittne.tidningen.example", "the witness's name, as an address without https://: witness.newspaper.example"},
    {"listen_address", KIND_TEXT, false, FIELD(listen_address),
     "adress att lyssna på; annars 127.0.0.1", "address to listen on; else 127.0.0.1"},
    {"listen_port", KIND_PORT, true, FIELD(listen_port),
     "port att lyssna på", "port to listen on"},
    {"port_file", KIND_TEXT, false, FIELD(port_file),
     "fil som porten skrivs i när vittnet lyssnar", "file that the port is written to once it listens"},
    {"key", KIND_TEXT, true, FIELD(key),
     "nyckelns fil, hemlig", "file of the key, secret"},
    {"state", KIND_TEXT, true, FIELD(state),
     "fil med det som vittnet minns", "file of what the witness remembers"},
    {"tls_certificate", KIND_TEXT, false, FIELD(tls_certificate),
     "certifikatkedja (PEM); utan den http, bakom en omvänd proxy", "certificate chain (PEM); without it http, behind a reverse proxy"},
    {"tls_key", KIND_TEXT, false, FIELD(tls_key),
     "certifikatets nyckel (PEM)", "the certificate's key (PEM)"},
    {"log", KIND_LOG, true, FIELD(logs),
     "en loggs nyckel, NAMN+xxxxxxxx+...; en rad för varje logg", "a log's key, NAME+xxxxxxxx+...; one line for each log"},
};
/* clang-format on */
#define N_OPTIONS (sizeof options / sizeof options[0])

bool witness_config_option(const char **name, const char **sentence, size_t index)
{
    if (index >= N_OPTIONS)
        return false;
    *name = options[index].name;
    *sentence = tr(options[index].sv, options[index].en);
    return true;
}

struct source {
    const char *path;
    size_t line;
    size_t seen[N_OPTIONS]; /* how often */
};

static enum ska_status fail_at(struct ska_error *err, const struct source *s, const char *what)
{
    return ska_fail(err, SKA_E_CONFIG, "%s:%zu: %s", s->path, s->line, what);
}

static enum ska_status set_port(uint64_t *out, struct ska_slice value, const struct source *s,
                                struct ska_error *err)
{
    uint64_t port;
    if (ska_note_number(&port, value.data, value.len) != SKA_OK || port > 65535)
        return fail_at(err, s,
                       tr("porten är ett tal, högst 65535", "the port is a number, at most 65535"));
    *out = port;
    return SKA_OK;
}

static enum ska_status add_log(struct witness_config *c, struct ska_slice value,
                               const struct source *s, struct ska_error *err)
{
    struct ska_note_key key;
    size_t of_log = 0;
    if (ska_note_key_parse(&key, (const char *)value.data, value.len) != SKA_OK ||
        key.type != SKA_NOTE_ED25519)
        return fail_at(err, s,
                       tr("väntade en loggs nyckel, NAMN+xxxxxxxx+..., av typen Ed25519",
                          "expected a log's key, NAME+xxxxxxxx+..., of type Ed25519"));
    for (size_t i = 0; i < c->n_logs; i++) {
        of_log += strcmp(c->logs[i].name, key.name) == 0 ? 1u : 0u;
        if (memcmp(c->logs[i].public_key, key.public_key, sizeof key.public_key) == 0)
            return fail_at(err, s, tr("nyckeln står två gånger", "the key stands twice"));
    }
    if (c->n_logs == WITNESS_LOGS_MAX || of_log == WITNESS_KEYS_OF_LOG_MAX)
        return fail_at(
            err, s,
            tr("för många loggar, eller nycklar för en logg", "too many logs, or keys of one log"));
    c->logs[c->n_logs++] = key;
    return SKA_OK;
}

static enum ska_status set(struct witness_config *c, struct source *s, size_t i,
                           struct ska_slice value, struct ska_error *err)
{
    const struct option *o = &options[i];
    if (o->kind != KIND_LOG && s->seen[i] > 0)
        return fail_at(err, s, tr("namnet står två gånger", "the name stands twice"));
    s->seen[i]++;
    switch (o->kind) {
    case KIND_LOG:
        return add_log(c, value, s, err);
    case KIND_PORT:
        return set_port(&c->listen_port, value, s, err);
    case KIND_TEXT:
        break;
    }
    if (value.len == 0 || value.len >= o->size)
        return fail_at(err, s,
                       tr("värdet saknas eller är för långt", "the value is missing or too long"));
    memcpy((char *)c + o->offset, value.data, value.len);
    return SKA_OK;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct ska_slice trim(struct ska_slice t)
{
    while (t.len > 0 && is_blank(t.data[0])) {
        t.data++;
        t.len--;
    }
    while (t.len > 0 && is_blank(t.data[t.len - 1]))
        t.len--;
    return t;
}

static enum ska_status parse_line(struct witness_config *c, struct source *s, struct ska_slice line,
                                  struct ska_error *err)
{
    line = trim(line);
    if (line.len == 0 || line.data[0] == '#')
        return SKA_OK;
    const uint8_t *equals = memchr(line.data, '=', line.len);
    if (equals == NULL)
        return fail_at(err, s, tr("väntade namn = värde", "expected name = value"));
    struct ska_slice name = trim((struct ska_slice){line.data, (size_t)(equals - line.data)});
    struct ska_slice value =
        trim((struct ska_slice){equals + 1, line.len - (size_t)(equals - line.data) - 1});
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (strlen(options[i].name) == name.len &&
            memcmp(options[i].name, name.data, name.len) == 0)
            return set(c, s, i, value, err);
    return fail_at(err, s, tr("okänt namn", "unknown name"));
}

/* What lines alone do not show. */
static enum ska_status check(struct witness_config *c, const struct source *s,
                             struct ska_error *err)
{
    static const uint8_t no_key[SKA_SIGN_PUBLIC_BYTES];
    struct ska_note_key key;
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (options[i].is_required && s->seen[i] == 0)
            return ska_fail(err, SKA_E_CONFIG, tr("%s: %s saknas", "%s: %s is missing"), s->path,
                            options[i].name);
    if (ska_note_key_init(&key, c->name, SKA_NOTE_COSIGNATURE, no_key) != SKA_OK)
        return ska_fail(err, SKA_E_CONFIG,
                        tr("%s: name: utan mellanslag och plustecken",
                           "%s: name: without spaces and plus signs"),
                        s->path);
    if ((c->tls_certificate[0] == '\0') != (c->tls_key[0] == '\0'))
        return ska_fail(err, SKA_E_CONFIG,
                        tr("%s: tls_certificate och tls_key står båda eller ingen",
                           "%s: tls_certificate and tls_key stand both or neither"),
                        s->path);
    if (c->listen_address[0] == '\0')
        memcpy(c->listen_address, "127.0.0.1", sizeof "127.0.0.1");
    return SKA_OK;
}

enum ska_status witness_config_parse(struct witness_config *out, const char *name, const char *text,
                                     size_t len, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct witness_config *c = ska_alloc(1, sizeof *c);
    struct source s = {.path = name};
    struct ska_slice rest = {(const uint8_t *)text, len};
    if (c == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    if (len > 0 && memchr(text, '\0', len) != NULL)
        return ska_fail(err, SKA_E_CONFIG, "%s: %s", name, ska_status_text(SKA_E_FORMAT));
    while (rest.len > 0) {
        struct ska_slice line = rest;
        s.line++;
        if (ska_note_line(&line, &rest) != SKA_OK)
            rest.len = 0; /* the last line may lack its end */
        SKA_TRY(parse_line(c, &s, line, err));
    }
    SKA_TRY(check(c, &s, err));
    *out = *c;
    return SKA_OK;
}

enum ska_status witness_config_read(struct witness_config *out, const char *path,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&data, &len, path, CONFIG_BYTES_MAX, err));
    return witness_config_parse(out, path, (const char *)data, len, err);
}
