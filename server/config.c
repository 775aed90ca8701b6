/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * config.c - the configuration: one table, from which parser, checks, --print-config and --help
 * come.
 */
#define _GNU_SOURCE /* seteuid, setegid */
#include "server/config.h"

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "support/file.h"
#include "support/language.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX (64u * 1024u)
#define SECRET_BYTES_MAX (64u * 1024u)
#define KEY_TEXT_LEN 43 /* base64url of 32 bytes */

enum option_kind {
    KIND_ROLE,
    KIND_NUMBER,
    KIND_URL,         /* https://..., ends in a slash */
    KIND_NAME,        /* one word of visible ASCII */
    KIND_LEVEL,       /* error warn info debug */
    KIND_KEY,         /* 32 bytes as base64url */
    KIND_FILE,        /* a file that is there */
    KIND_SECRET_FILE, /* a file that is there and nobody else can read */
    KIND_NEW_FILE,    /* a file that may not be there yet, in a folder that is */
    KIND_FOLDER
};

struct option {
    const char *name;
    enum option_kind kind;
    size_t offset, size;    /* of the field in struct config */
    uint64_t min, max;      /* numbers: range; texts: lengths */
    const char *default_to; /* NULL: required */
    const char *unit;
    const char *swedish, *english;
};

#define FIELD(f) offsetof(struct config, f), sizeof(((struct config *)0)->f)
#define TEXT_RANGE(f) 0, sizeof(((struct config *)0)->f) - 1

/* clang-format off */
static const struct option options[] = {
    {"role", KIND_ROLE, FIELD(role), 0, 0, NULL, "",
     "leader eller helper", "leader or helper"},
    {"own_url", KIND_URL, FIELD(own_url), TEXT_RANGE(own_url), NULL, "",
     "serverns adress, som i parametrarna", "this server's address, as in the parameters"},
    {"peer_url", KIND_URL, FIELD(peer_url), TEXT_RANGE(peer_url), NULL, "",
     "den andra serverns adress, som i parametrarna", "the other server's address, as in the parameters"},
    {"listen_address", KIND_NAME, FIELD(listen_address), TEXT_RANGE(listen_address), "127.0.0.1", "",
     "IP-adress att lyssna på", "IP address to listen on"},
    {"listen_port", KIND_NUMBER, FIELD(listen_port), 0, 65535, NULL, "",
     "port att lyssna på; 0: systemet väljer", "port to listen on; 0: the system chooses"},
    {"port_file", KIND_NEW_FILE, FIELD(port_file), TEXT_RANGE(port_file), "", "",
     "fil dit portens nummer skrivs när servern lyssnar", "file into which the port's number is written once the server listens"},
    {"tls_certificate", KIND_FILE, FIELD(tls_certificate), TEXT_RANGE(tls_certificate), NULL, "",
     "certifikatkedja (PEM), som också visas för den andra servern", "certificate chain (PEM), also shown to the other server"},
    {"tls_key", KIND_SECRET_FILE, FIELD(tls_key), TEXT_RANGE(tls_key), NULL, "",
     "certifikatets privata nyckel (PEM)", "the certificate's private key (PEM)"},
    {"peer_ca", KIND_FILE, FIELD(peer_ca), TEXT_RANGE(peer_ca), NULL, "",
     "utfärdare (PEM) av den andra serverns certifikat", "issuer (PEM) of the other server's certificate"},
    {"peer_name", KIND_NAME, FIELD(peer_name), TEXT_RANGE(peer_name), "", "",
     "DNS-namn i den andra serverns certifikat; tomt: värden i peer_url", "DNS name in the other server's certificate; empty: the host of peer_url"},
    {"database", KIND_NEW_FILE, FIELD(database), 1, CONFIG_PATH_MAX, NULL, "",
     "databasens fil", "the database's file"},
    {"signing_key", KIND_SECRET_FILE, FIELD(signing_key), TEXT_RANGE(signing_key), NULL, "",
     "signeringsnyckelns fil", "file of the signing key"},
    {"hpke_key", KIND_SECRET_FILE, FIELD(hpke_key), TEXT_RANGE(hpke_key), NULL, "",
     "HPKE-nyckelns fil", "file of the HPKE key"},
    {"hpke_config_id", KIND_NUMBER, FIELD(hpke_config_id), 0, 255, "1", "",
     "HPKE-nyckelns nummer", "number of the HPKE key"},
    {"peer_key", KIND_KEY, FIELD(peer_key), 0, 0, NULL, "",
     "den andra serverns publika signeringsnyckel", "the other server's public signing key"},
    {"publisher_key", KIND_KEY, FIELD(publisher_key), 0, 0, NULL, "",
     "utgivarens publika signeringsnyckel", "the publisher's public signing key"},
    {"second_key", KIND_KEY, FIELD(second_key), 0, 0, NULL, "",
     "publik signeringsnyckel för den andra undertecknaren av utgåvor", "public signing key of the second signer of releases"},
    {"site", KIND_FOLDER, FIELD(site), TEXT_RANGE(site), "", "",
     "mapp med publicerade sidor, som ledaren visar", "folder with published pages, which a leader serves"},
    {"log_key", KIND_SECRET_FILE, FIELD(log_key), TEXT_RANGE(log_key), "", "",
     "fil med nyckeln som signerar (ledare) eller intygar (hjälpare) den publika loggen", "file of the key that signs (leader) or cosigns (helper) the public log"},
    {"log_policy", KIND_FILE, FIELD(log_policy), TEXT_RANGE(log_policy), "", "",
     "den publika loggens policy; tomt: ingen logg", "the public log's policy; empty: no log"},
    {"log", KIND_FOLDER, FIELD(log), TEXT_RANGE(log), "", "",
     "mapp dit en ledare skriver den publika loggen, och från vilken den visas", "folder into which a leader writes the public log, and from which it is served"},
    {"witness_ca", KIND_FILE, FIELD(witness_ca), TEXT_RANGE(witness_ca), "", "",
     "utfärdare (PEM) av de yttre vittnenas certifikat; behövs om policyn ger ett vittne en adress", "issuer (PEM) of the outside witnesses' certificates; needed if the policy gives one an address"},
    {"log_interval_s", KIND_NUMBER, FIELD(log_interval_s), 1, 86400, "3600", "s",
     "hur ofta nya poster tas in i den publika loggen", "how often new entries go into the public log"},
    {"user", KIND_NAME, FIELD(user), TEXT_RANGE(user), "", "",
     "användare att bli om servern startas som root", "user to become if started as root"},
    {"front_processes", KIND_NUMBER, FIELD(front_processes), 0, CONFIG_FRONTS_MAX, "0", "",
     "processer som tar emot anslutningar; 0: en per kärna, högst 4", "processes that take connections; 0: one per core, at most 4"},
    {"upload_max", KIND_NUMBER, FIELD(upload_max), 1024, 64u << 20, "1048576", "bytes",
     "längsta uppladdning", "longest upload"},
    {"connections_max", KIND_NUMBER, FIELD(connections_max), 1, 60000, "1000", "",
     "flest samtidiga anslutningar", "most connections at a time"},
    {"address_connections_max", KIND_NUMBER, FIELD(address_connections_max), 0, 60000, "250", "",
     "flest samtidiga anslutningar från en adress; 0: ingen gräns", "most connections at a time from one address; 0: no limit"},
    {"address_requests_per_s", KIND_NUMBER, FIELD(address_requests_per_s), 0, 1000000, "100", "",
     "förfrågningar i sekunden från en adress, tjugofalt på en gång; 0: ingen gräns", "requests a second from one address, twenty times that at once; 0: no limit"},
    {"requests_max", KIND_NUMBER, FIELD(requests_max), 1, 60000, "500", "",
     "flest obesvarade förfrågningar", "most unanswered requests"},
    {"reports_per_job_max", KIND_NUMBER, FIELD(reports_per_job_max), 1, 64, "16", "",
     "flest rapporter i ett aggregeringsjobb", "most reports in an aggregation job"},
    {"header_timeout_ms", KIND_NUMBER, FIELD(header_timeout_ms), 10, 600000, "10000", "ms",
     "tid för handskakning och för en förfrågans huvud", "time for the handshake and for a request's head"},
    {"request_timeout_ms", KIND_NUMBER, FIELD(request_timeout_ms), 10, 3600000, "30000", "ms",
     "tid för en förfrågans kropp, och för att hämta svaret", "time for a request's body, and for taking the answer"},
    {"peer_timeout_ms", KIND_NUMBER, FIELD(peer_timeout_ms), 10, 3600000, "60000", "ms",
     "tid för den andra serverns svar", "time for the other server's answer"},
    {"retry_min_ms", KIND_NUMBER, FIELD(retry_min_ms), 1, 3600000, "500", "ms",
     "första väntan innan en förfrågan till den andra servern upprepas", "first wait before a request to the other server is repeated"},
    {"retry_max_ms", KIND_NUMBER, FIELD(retry_max_ms), 1, 3600000, "30000", "ms",
     "längsta väntan innan den upprepas", "longest wait before it is repeated"},
    {"commit_delay_ms", KIND_NUMBER, FIELD(commit_delay_ms), 0, 1000, "2", "ms",
     "hur länge uppladdningar väntar på att sparas tillsammans", "how long uploads wait for others to share a commit"},
    {"verify_threads", KIND_NUMBER, FIELD(verify_threads), 1, 64, "1", "",
     "trådar för bevis", "threads for proofs"},
    {"log_level", KIND_LEVEL, FIELD(log_level), TEXT_RANGE(log_level), "info", "",
     "error, warn, info eller debug", "error, warn, info or debug"},
};
/* clang-format on */
#define N_OPTIONS (sizeof options / sizeof options[0])

/* What is known about a file while it is read. */
struct source {
    const char *path;
    size_t lines[N_OPTIONS]; /* where each option stands; 0: nowhere */
};

static const void *field_at(const struct config *c, const struct option *o)
{
    return (const char *)c + o->offset;
}

/* Fail naming file, line and option. An option that stands nowhere has its default: no line. */
static enum ska_status fail_at(struct ska_error *err, enum ska_status status,
                               const struct source *source, size_t i, const char *what)
{
    if (source->lines[i] == 0)
        return ska_fail(err, status, "%s: %s: %s", source->path, options[i].name, what);
    return ska_fail(err, status, "%s:%zu: %s: %s", source->path, source->lines[i], options[i].name,
                    what);
}

static size_t index_of(const char *name)
{
    size_t i = 0;
    while (i < N_OPTIONS && strcmp(options[i].name, name) != 0)
        i++;
    return i;
}

/* Decimal digits only, without leading zeros. */
static bool parse_number(uint64_t *out, const char *text)
{
    uint64_t value = 0;
    if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}

/* "https://host[:port]/[path/]" of visible ASCII without user, query or fragment. */
static bool is_url(const char *text)
{
    static const char scheme[] = "https://";
    size_t len = strlen(text);
    if (strncmp(text, scheme, sizeof scheme - 1) != 0 || text[len - 1] != '/')
        return false;
    const char *host = text + sizeof scheme - 1;
    if (host[0] == '/' || host[0] == ':')
        return false;
    return strpbrk(host, "@?#%\"<>\\^`{|} ") == NULL && strstr(host, "//") == NULL &&
           strstr(host, "/.") == NULL;
}

static bool is_visible(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* Put a text into its field, which has room for it: `max` is its size less one. */
static bool set_text(struct config *c, const struct option *o, const char *text)
{
    size_t len = strlen(text);
    if (len < o->min || len > o->max)
        return false;
    memset((char *)c + o->offset, 0, o->size);
    memcpy((char *)c + o->offset, text, len);
    return true;
}

static const char *set_role(struct config *c, const struct option *o, const char *text)
{
    enum ska_role role = strcmp(text, "helper") == 0 ? SKA_ROLE_HELPER : SKA_ROLE_LEADER;
    if (role == SKA_ROLE_LEADER && strcmp(text, "leader") != 0)
        return tr("ska vara leader eller helper", "must be leader or helper");
    memcpy((char *)c + o->offset, &role, sizeof role);
    return NULL;
}

static const char *set_number(struct config *c, const struct option *o, const char *text)
{
    uint64_t value;
    if (!parse_number(&value, text))
        return tr("ska vara ett heltal", "must be a whole number");
    if (value < o->min || value > o->max)
        return tr("talet är utanför det tillåtna (se skarvad --help)",
                  "the number is outside its range (see skarvad --help)");
    memcpy((char *)c + o->offset, &value, sizeof value);
    return NULL;
}

static bool is_level(const char *text)
{
    return strcmp(text, "error") == 0 || strcmp(text, "warn") == 0 || strcmp(text, "info") == 0 ||
           strcmp(text, "debug") == 0;
}

/* Set one field. Returns NULL, or what is wrong with the value. */
static const char *set_value(struct config *c, const struct option *o, const char *text)
{
    switch (o->kind) {
    case KIND_ROLE:
        return set_role(c, o, text);
    case KIND_NUMBER:
        return set_number(c, o, text);
    case KIND_KEY:
        if (ska_base64url_decode((uint8_t *)c + o->offset, o->size, text, strlen(text)) != SKA_OK)
            return tr("ska vara en publik nyckel, 43 tecken base64url",
                      "must be a public key, 43 characters of base64url");
        return NULL;
    case KIND_URL:
        if (!is_visible(text) || !is_url(text))
            return tr("ska vara https://värd:port/ med snedstreck sist",
                      "must be https://host:port/ with a slash at the end");
        break;
    case KIND_NAME:
        if (!is_visible(text))
            return tr("får bara ha synliga ASCII-tecken", "may only have visible ASCII characters");
        break;
    case KIND_LEVEL:
        if (!is_level(text))
            return tr("ska vara error, warn, info eller debug",
                      "must be error, warn, info or debug");
        break;
    case KIND_FILE:
    case KIND_SECRET_FILE:
    case KIND_NEW_FILE:
    case KIND_FOLDER:
        break;
    }
    return set_text(c, o, text)
               ? NULL
               : tr("värdet är för långt eller tomt", "the value is too long or empty");
}

/* Cut white space off both ends; returns the start. */
static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        text[--len] = '\0';
    return text;
}

static enum ska_status read_line(struct config *c, struct source *source, char *line, size_t number,
                                 struct ska_error *err)
{
    char *name = trim(line);
    if (name[0] == '\0' || name[0] == '#')
        return SKA_OK;
    char *equals = strchr(name, '=');
    if (equals == NULL)
        return ska_fail(
            err, SKA_E_CONFIG,
            tr("%s:%zu: raden ska vara: namn = värde", "%s:%zu: the line must be: name = value"),
            source->path, number);
    *equals = '\0';
    name = trim(name);
    size_t i = index_of(name);
    if (i == N_OPTIONS)
        return ska_fail(err, SKA_E_CONFIG,
                        tr("%s:%zu: okänt namn \"%.40s\" (se skarvad --help)",
                           "%s:%zu: unknown name \"%.40s\" (see skarvad --help)"),
                        source->path, number, name);
    if (source->lines[i] != 0)
        return ska_fail(
            err, SKA_E_CONFIG,
            tr("%s:%zu: %s står redan på rad %zu", "%s:%zu: %s stands on line %zu already"),
            source->path, number, name, source->lines[i]);
    source->lines[i] = number;
    const char *wrong = set_value(c, &options[i], trim(equals + 1));
    return wrong == NULL ? SKA_OK : fail_at(err, SKA_E_CONFIG, source, i, wrong);
}

static enum ska_status set_defaults(struct config *c, const struct source *source,
                                    struct ska_error *err)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (source->lines[i] != 0)
            continue;
        if (options[i].default_to == NULL)
            return fail_at(err, SKA_E_CONFIG, source, i, tr("saknas", "is missing"));
        const char *wrong = set_value(c, &options[i], options[i].default_to);
        if (wrong != NULL)
            return fail_at(err, SKA_E_BUG, source, i, wrong);
    }
    return SKA_OK;
}

/* The peer's name, if none is given, is the host of its URL. */
static enum ska_status default_peer_name(struct config *c, const struct source *source,
                                         struct ska_error *err)
{
    if (c->peer_name[0] != '\0')
        return SKA_OK;
    const char *host = c->peer_url + strlen("https://");
    size_t len = strcspn(host, ":/");
    if (host[0] == '[') {
        host++;
        len = strcspn(host, "]");
    }
    size_t i = index_of("peer_name");
    if (len >= sizeof c->peer_name)
        return fail_at(err, SKA_E_CONFIG, source, i,
                       tr("värden i peer_url är för lång", "the host of peer_url is too long"));
    memcpy(c->peer_name, host, len);
    return SKA_OK;
}

static enum ska_status check_combinations(const struct config *c, const struct source *source,
                                          struct ska_error *err)
{
    const struct {
        const char *name;
        bool wrong;
        const char *text;
    } checks[] = {
        {"peer_url", strcmp(c->own_url, c->peer_url) == 0,
         tr("är densamma som own_url", "is the same as own_url")},
        {"publisher_key", memcmp(c->peer_key, c->publisher_key, sizeof c->peer_key) == 0,
         tr("är densamma som peer_key", "is the same as peer_key")}, /* both public */
        {"second_key", memcmp(c->second_key, c->publisher_key, sizeof c->second_key) == 0,
         tr("är densamma som publisher_key", "is the same as publisher_key")},
        {"signing_key", strcmp(c->signing_key, c->hpke_key) == 0,
         tr("är samma fil som hpke_key", "is the same file as hpke_key")},
        {"retry_max_ms", c->retry_max_ms < c->retry_min_ms,
         tr("är mindre än retry_min_ms", "is less than retry_min_ms")},
        {"site", c->role == SKA_ROLE_HELPER && c->site[0] != '\0',
         tr("bara en ledare visar sidor", "only a leader serves pages")},
        {"log_policy", c->log_policy[0] != '\0' && c->log_key[0] == '\0',
         tr("behöver log_key", "needs log_key")},
        {"log", c->log[0] != '\0' && (c->role == SKA_ROLE_HELPER || c->log_policy[0] == '\0'),
         tr("bara en ledare med log_policy skriver loggen",
            "only a leader with log_policy writes the log")},
        {"log_policy", c->role == SKA_ROLE_LEADER && c->log_policy[0] != '\0' && c->log[0] == '\0',
         tr("behöver log hos en ledare", "needs log at a leader")},
        {"upload_max", c->upload_max / 1024 * c->connections_max > (UINT64_C(64) << 20),
         tr("gånger connections_max är över 64 GiB", "times connections_max is over 64 GiB")},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (checks[i].wrong)
            return fail_at(err, SKA_E_CONFIG, source, index_of(checks[i].name), checks[i].text);
    return SKA_OK;
}

static enum ska_status check_folder(const char *path, struct ska_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return ska_fail(err, SKA_E_CONFIG, "%s: %s", path, ska_text(strerror(errno)));
    if (!S_ISDIR(st.st_mode))
        return ska_fail(err, SKA_E_CONFIG, tr("%s: är ingen mapp", "%s: is not a folder"), path);
    return SKA_OK;
}

/* The folder in which a file will be made. */
static enum ska_status check_parent(const char *path, struct ska_error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return SKA_OK;
    char folder[CONFIG_PATH_MAX + 1] = {0};
    memcpy(folder, path, slash == path ? 1 : (size_t)(slash - path));
    return check_folder(folder, err);
}

static enum ska_status check_secret(const char *path, struct ska_error *err)
{
    uint8_t *secret;
    size_t len;
    SKA_TRY(file_read_secret(&secret, &len, path, SECRET_BYTES_MAX, err));
    ska_wipe_free(secret, len);
    return SKA_OK;
}

static enum ska_status check_file(const char *path, struct ska_error *err)
{
    uint8_t *data;
    size_t len;
    SKA_TRY(file_read(&data, &len, path, 1u << 20, err));
    free(data);
    return SKA_OK;
}

static bool is_required(const struct option *o)
{
    return o->default_to == NULL;
}

/* Whether the file of option `o` is as its kind demands. */
static enum ska_status check_path(const struct config *c, const struct option *o,
                                  struct ska_error *err)
{
    const char *path = field_at(c, o);
    switch (o->kind) {
    case KIND_FILE:
        return path[0] == '\0' && !is_required(o) ? SKA_OK : check_file(path, err);
    case KIND_SECRET_FILE:
        return path[0] == '\0' && !is_required(o) ? SKA_OK : check_secret(path, err);
    case KIND_NEW_FILE:
        return path[0] == '\0' ? SKA_OK : check_parent(path, err);
    case KIND_FOLDER:
        return path[0] == '\0' ? SKA_OK : check_folder(path, err);
    case KIND_ROLE:
    case KIND_NUMBER:
    case KIND_URL:
    case KIND_NAME:
    case KIND_LEVEL:
    case KIND_KEY:
        return SKA_OK;
    }
    return SKA_OK;
}

static enum ska_status check_paths(const struct config *c, const struct source *source,
                                   struct ska_error *err)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        struct ska_error inner = {0};
        if (check_path(c, &options[i], &inner) != SKA_OK)
            return fail_at(err, SKA_E_CONFIG, source, i, inner.text);
    }
    return SKA_OK;
}

/* The files are looked at as the user that will use them, if we are root and become another. */
static enum ska_status check_paths_as_user(const struct config *c, const struct source *source,
                                           struct ska_error *err)
{
    if (geteuid() != 0 || c->user[0] == '\0')
        return check_paths(c, source, err);
    size_t i = index_of("user");
    const struct passwd *user = getpwnam(c->user);
    if (user == NULL)
        return fail_at(err, SKA_E_CONFIG, source, i, tr("finns inte", "there is no such user"));
    gid_t group = getegid();
    if (setegid(user->pw_gid) != 0 || seteuid(user->pw_uid) != 0)
        return fail_at(err, SKA_E_CONFIG, source, i, ska_text(strerror(errno)));
    enum ska_status status = check_paths(c, source, err);
    if (seteuid(0) != 0 || setegid(group) != 0)
        return fail_at(err, SKA_E_CONFIG, source, i, ska_text(strerror(errno)));
    return status;
}

enum ska_status config_parse(struct config *out, const char *name, char *text, size_t len,
                             struct ska_error *err)
{
    struct source source = {.path = name};
    struct config c = {0};
    if (memchr(text, '\0', len) != NULL)
        return ska_fail(err, SKA_E_CONFIG, tr("%s: är ingen text", "%s: is not a text"), name);
    size_t number = 1;
    for (char *line = text; line != NULL; number++) {
        char *next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        SKA_TRY(read_line(&c, &source, line, number, err));
        line = next;
    }
    SKA_TRY(set_defaults(&c, &source, err));
    SKA_TRY(default_peer_name(&c, &source, err));
    SKA_TRY(check_combinations(&c, &source, err));
    SKA_TRY(check_paths_as_user(&c, &source, err));
    *out = c;
    return SKA_OK;
}

enum ska_status config_read(struct config *out, const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len;
    SKA_TRY(file_read(&text, &len, path, FILE_BYTES_MAX, err));
    return config_parse(out, path, (char *)text, len, err);
}

void config_print(FILE *out, const struct config *config)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option *o = &options[i];
        const void *field = field_at(config, o);
        if (o->kind == KIND_NUMBER) {
            uint64_t value;
            memcpy(&value, field, sizeof value);
            fprintf(out, "%s = %" PRIu64 "\n", o->name, value);
        } else if (o->kind == KIND_ROLE) {
            fprintf(out, "%s = %s\n", o->name,
                    config->role == SKA_ROLE_LEADER ? "leader" : "helper");
        } else if (o->kind == KIND_KEY) {
            char text[KEY_TEXT_LEN + 2];
            ska_base64url_encode(text, field, o->size);
            fprintf(out, "%s = %s\n", o->name, text);
        } else {
            fprintf(out, "%s = %s\n", o->name, (const char *)field);
        }
    }
}

static const char *kind_name(enum option_kind kind)
{
    switch (kind) {
    case KIND_ROLE:
        return tr("roll", "role");
    case KIND_NUMBER:
        return tr("heltal", "whole number");
    case KIND_URL:
        return "URL";
    case KIND_NAME:
        return tr("ord", "word");
    case KIND_LEVEL:
        return tr("nivå", "level");
    case KIND_KEY:
        return tr("publik nyckel", "public key");
    case KIND_FILE:
        return tr("fil", "file");
    case KIND_SECRET_FILE:
        return tr("hemlig fil", "secret file");
    case KIND_NEW_FILE:
        return tr("fil att skriva", "file to write");
    case KIND_FOLDER:
        return tr("mapp", "folder");
    }
    return "";
}

void config_help(FILE *out)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option *o = &options[i];
        fprintf(out, "  %-20s (%s", o->name, kind_name(o->kind));
        if (o->kind == KIND_NUMBER)
            fprintf(out, " %" PRIu64 "..%" PRIu64, o->min, o->max);
        if (o->unit[0] != '\0')
            fprintf(out, " %s", o->unit);
        if (o->default_to == NULL)
            fprintf(out, ", %s", tr("måste anges", "required"));
        else if (o->default_to[0] != '\0')
            fprintf(out, ", %s %s", tr("annars", "default"), o->default_to);
        fprintf(out, ")\n  %-20s %s\n", "", tr(o->swedish, o->english));
    }
}
