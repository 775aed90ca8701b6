/* SPDX-License-Identifier: EUPL-1.2 */
/* home.c - the publisher's folder. */
#include "reports/home.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/log_policy.h"
#include "support/file.h"
#include "support/language.h"

#define SETTINGS_MAX 8192

SKA_DEFINE_RELEASE(DIR *, dir_release, (void)closedir)

const char *home_folder(const struct options *o, char buffer[static HOME_PATH_MAX + 1])
{
    if (o->home != NULL)
        return o->home;
    const char *chosen = getenv("SKARVA_PUBLISH_HOME");
    if (chosen != NULL && chosen[0] != '\0')
        return chosen;
    const char *own = getenv("HOME");
    if (own == NULL || own[0] == '\0')
        return NULL;
    int n = snprintf(buffer, HOME_PATH_MAX + 1, "%s/.skarva-publish", own);
    return n > 0 && n <= HOME_PATH_MAX ? buffer : NULL;
}

char *home_path(const char *folder, const char *a, const char *b)
{
    char *first = file_join(folder, a);
    if (first == NULL || b == NULL)
        return first;
    char *both = file_join(first, b);
    free(first);
    return both;
}

enum ska_status home_lock(const char *home, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(home, "lock");
    int fd = -1; /* left open: the lock ends with the process */
    if (path == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = file_lock(&fd, path, err);
    if (status != SKA_E_BUSY)
        return status;
    return ska_fail(err, status,
                    tr("en annan skarva-publish publicerar eller skriver under i %s; inget är "
                       "gjort, vänta tills den är klar",
                       "another skarva-publish is publishing or signing in %s; nothing was done, "
                       "wait until it is done"),
                    home);
}

enum ska_status home_keys_read(struct ska_signing_key *signing, struct ska_hpke_key *hpke,
                               const char *home, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *signing_path = file_join(home, "signing.key");
    SKA_SCOPED(ska_scoped_free) char *hpke_path = file_join(home, "hpke.key");
    if (signing_path == NULL || hpke_path == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = keyfile_read_signing(signing, signing_path, err);
    if (status == SKA_E_NOT_FOUND) {
        ska_error_clear(err);
        return ska_fail(err, status,
                        tr("%s: här finns inga nycklar; kör skarva-publish init --home %s",
                           "%s: there are no keys here; run skarva-publish init --home %s"),
                        home, home);
    }
    SKA_TRY(status);
    return keyfile_read_hpke(hpke, hpke_path, err);
}

/* Settings ------------------------------------------------------------------------------------ */

static enum ska_status copy_text(char *out, size_t size, const char *text, size_t len)
{
    if (len >= size)
        return SKA_E_LIMIT;
    memcpy(out, text, len);
    out[len] = '\0';
    return SKA_OK;
}

static enum ska_status set_number(uint64_t *out, const char *text, size_t len, uint64_t max)
{
    char number[24];
    SKA_TRY(copy_text(number, sizeof number, text, len));
    return options_number(out, number, max);
}

/* One line "name = value"; sets a bit of *seen. */
static enum ska_status set_setting(unsigned *seen, struct collection *c, const char *line,
                                   size_t len)
{
    static const char *const names[] = {"leader",    "helper",           "site",       "threshold",
                                        "show_zero", "min_contributors", "protection", "rounding"};
    const char *equals = memchr(line, '=', len);
    if (equals == NULL || equals == line || equals[-1] != ' ' || equals + 1 >= line + len)
        return SKA_E_FORMAT;
    const char *value = equals + 2;
    size_t name_len = (size_t)(equals - line) - 1, value_len = (size_t)(line + len - value);
    uint64_t number = 0;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) != name_len || memcmp(names[i], line, name_len) != 0)
            continue;
        *seen |= 1u << i;
        switch (i) {
        case 0:
            return copy_text(c->leader_url, sizeof c->leader_url, value, value_len);
        case 1:
            return copy_text(c->helper_url, sizeof c->helper_url, value, value_len);
        case 2:
            return copy_text(c->site, sizeof c->site, value, value_len);
        case 3:
            return set_number(&c->policy.threshold, value, value_len, UINT32_MAX);
        case 4:
            SKA_TRY(set_number(&number, value, value_len, 1));
            c->policy.show_zero = number == 1;
            return SKA_OK;
        case 5:
            SKA_TRY(set_number(&number, value, value_len, SKA_CONTRIBUTORS_MAX));
            c->policy.min_contributors = (uint32_t)number;
            return SKA_OK;
        case 6:
            return set_number(&c->policy.protection, value, value_len, UINT32_MAX);
        default:
            return set_number(&c->policy.rounding, value, value_len, SKA_ROUNDING_MAX);
        }
    }
    return SKA_E_FORMAT;
}

static enum ska_status read_settings(struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "settings");
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = file_read(&data, &len, path, SETTINGS_MAX, err);
    if (status == SKA_E_NOT_FOUND) {
        ska_error_clear(err);
        return ska_fail(err, status,
                        tr("det finns ingen insamling %s här; skapa den med skarva-publish new",
                           "there is no collection %s here; make it with skarva-publish new"),
                        c->name);
    }
    SKA_TRY(status);
    unsigned seen = 0;
    const char *at = (const char *)data, *end = at + len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        if (stop > at && set_setting(&seen, c, at, (size_t)(stop - at)) != SKA_OK)
            return ska_fail(err, SKA_E_FORMAT, "%s: \"%.*s\"", path, (int)(stop - at), at);
        at = stop + 1;
    }
    if (seen != 255)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: en rad saknas", "%s: a line is missing"), path);
    return SKA_OK;
}

static enum ska_status write_settings(const struct collection *c, struct ska_error *err)
{
    char text[SETTINGS_MAX];
    int n = snprintf(text, sizeof text,
                     "leader = %s\nhelper = %s\nmin_contributors = %u\nthreshold = %llu\n"
                     "show_zero = %d\nprotection = %llu\nrounding = %llu\nsite = %s\n",
                     c->leader_url, c->helper_url, c->policy.min_contributors,
                     (unsigned long long)c->policy.threshold, c->policy.show_zero,
                     (unsigned long long)c->policy.protection,
                     (unsigned long long)c->policy.rounding, c->site);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "settings");
    if (path == NULL)
        return SKA_E_MEMORY;
    if (n < 0 || (size_t)n >= sizeof text)
        return SKA_E_LIMIT;
    return file_write(path, text, (size_t)n, false, err);
}

/* Collections --------------------------------------------------------------------------------- */

static enum ska_status read_groups(struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "groups.json");
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_exists(path) ? home_groups_read(c, path, err) : SKA_OK;
}

enum ska_status home_groups_read(struct collection *c, const char *path, struct ska_error *err)
{
    SKA_TRY(file_read(&c->groups_json, &c->groups_json_len, path, GROUPS_FILE_MAX, err));
    SKA_TRY(groups_file_parse(&c->groups, (struct ska_slice){c->groups_json, c->groups_json_len},
                              path, &c->roster, err));
    struct ska_error inner = {0};
    enum ska_status status =
        ska_groups_check(&c->groups.groups, &c->roster, c->policy.min_contributors, &inner);
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s: %s", path, inner.text);
}

enum ska_status home_policy_read(struct collection *c, const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    struct ska_error inner = {0};
    size_t helper = 0;
    if (policy == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(file_read(&c->log_policy, &c->log_policy_len, path, SKA_POLICY_BYTES_MAX, err));
    enum ska_status status = ska_policy_parse(policy, c->log_policy, c->log_policy_len, &inner);
    if (status == SKA_OK)
        status = ska_log_policy_check(&helper, policy, c->leader_url, c->helper_url, &inner);
    return status == SKA_OK
               ? SKA_OK
               : ska_fail(err, status, "%s: %s", path,
                          inner.text[0] != '\0' ? inner.text : ska_status_text(status));
}

static enum ska_status read_policy(struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "log-policy");
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_exists(path) ? home_policy_read(c, path, err) : SKA_OK;
}

static enum ska_status read_canonical(struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *catalogue_path = file_join(c->folder, "catalogue");
    SKA_SCOPED(ska_scoped_free) char *roster_path = file_join(c->folder, "roster");
    SKA_SCOPED(ska_scoped_free) uint8_t *catalogue = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *roster = NULL;
    size_t len = 0;
    struct ska_reader r;
    if (catalogue_path == NULL || roster_path == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(file_read(&catalogue, &len, catalogue_path, SKA_CATALOGUE_BYTES_MAX, err));
    ska_reader_init(&r, catalogue, len);
    SKA_TRY(ska_catalogue_decode(&c->catalogue, &r, err));
    SKA_TRY(file_read(&roster, &len, roster_path, SKA_PARAMETERS_BYTES_MAX, err));
    ska_reader_init(&r, roster, len);
    SKA_TRY(ska_roster_decode(&c->roster, &r));
    SKA_TRY(read_policy(c, err));
    return read_groups(c, err);
}

/* The only folder with settings under HOME/collections, if there is only one. */
static enum ska_status find_only(char name[static SKA_CODE_MAX + 1], const char *collections,
                                 struct ska_error *err)
{
    SKA_SCOPED(dir_release) DIR *dir = opendir(collections);
    unsigned n = 0;
    for (struct dirent *entry = NULL; dir != NULL && (entry = readdir(dir)) != NULL;) {
        SKA_SCOPED(ska_scoped_free)
        char *settings = home_path(collections, entry->d_name, "settings");
        if (settings == NULL)
            return SKA_E_MEMORY;
        if (entry->d_name[0] == '.' || strlen(entry->d_name) > SKA_CODE_MAX ||
            !file_exists(settings))
            continue;
        n++;
        memcpy(name, entry->d_name, strlen(entry->d_name) + 1); /* measured above */
    }
    if (n == 1)
        return SKA_OK;
    return ska_fail(
        err, n == 0 ? SKA_E_NOT_FOUND : SKA_E_USAGE,
        n == 0 ? tr("%s: här finns ingen insamling; gör en med skarva-publish new, eller ange "
                    "rätt mapp med --home",
                    "%s: there is no collection here; make one with skarva-publish "
                    "new, or name the right folder with --home")
               : tr("%s: flera insamlingar; säg vilken med --name",
                    "%s: several collections; say which with --name"),
        collections);
}

static enum ska_status find_ca(struct collection *c)
{
    c->ca_file = file_join(c->folder, "ca.pem");
    if (c->ca_file == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(c->ca_file)) {
        free(c->ca_file);
        c->ca_file = NULL;
    }
    return SKA_OK;
}

/* Periods of a collection that rounds need it; others have none. */
static enum ska_status find_rounding_key(struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "rounding.key");
    if (path == NULL)
        return SKA_E_MEMORY;
    c->has_rounding_key = file_exists(path);
    return c->has_rounding_key ? keyfile_read_rounding(c->rounding_key, path, err) : SKA_OK;
}

/* Made once: what a key has rounded, no other rounds alike. */
static enum ska_status make_rounding_key(const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "rounding.key");
    uint8_t key[32];
    if (path == NULL)
        return SKA_E_MEMORY;
    if (c->policy.rounding == 0 || file_exists(path))
        return SKA_OK;
    ska_random(key, sizeof key);
    enum ska_status status = keyfile_write_rounding(path, key, err);
    ska_wipe(key, sizeof key);
    return status;
}

enum ska_status home_collection_load(struct collection *c, const struct options *o,
                                     struct ska_error *err)
{
    char buffer[HOME_PATH_MAX + 1];
    const char *home = home_folder(o, buffer);
    if (home == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("ange --home MAPP", "say --home FOLDER"));
    SKA_SCOPED(ska_scoped_free) char *collections = file_join(home, "collections");
    if (collections == NULL)
        return SKA_E_MEMORY;
    if (o->name == NULL)
        SKA_TRY(find_only(c->name, collections, err));
    else if (copy_text(c->name, sizeof c->name, o->name, strlen(o->name)) != SKA_OK)
        return ska_fail(err, SKA_E_USAGE, "--name: %s", ska_status_text(SKA_E_LIMIT));
    SKA_TRY(home_keys_read(&c->signing_key, &c->hpke_key, home, err));
    c->folder = file_join(collections, c->name);
    if (c->folder == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(read_settings(c, err));
    SKA_SCOPED(ska_scoped_free) char *trust = file_join(c->folder, "trust");
    if (trust == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(ska_trust_read(&c->trust, trust, err));
    SKA_TRY(read_canonical(c, err));
    if (memcmp(c->trust.publisher, c->signing_key.public_key, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s: utgivarens nyckel är inte den i %s/signing.key",
                           "%s: the publisher's key is not the one in %s/signing.key"),
                        trust, home);
    SKA_TRY(find_rounding_key(c, err));
    return find_ca(c);
}

void home_collection_clear(struct collection *c)
{
    ska_signing_key_clear(&c->signing_key);
    ska_hpke_key_clear(&c->hpke_key);
    ska_wipe(c->rounding_key, sizeof c->rounding_key);
    free(c->folder);
    free(c->ca_file);
    ska_catalogue_free(c->catalogue);
    ska_roster_clear(&c->roster);
    groups_file_clear(&c->groups);
    free(c->groups_json);
    free(c->log_policy);
    *c = (struct collection){0};
}

static enum ska_status store_file(const char *folder, const char *name, struct ska_slice data,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_write(path, data.data, data.len, false, err);
}

enum ska_status home_policy_replace(bool *is_new, struct collection *c, const char *path,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *before = c->log_policy;
    const size_t before_len = c->log_policy_len;
    c->log_policy = NULL;
    enum ska_status status = home_policy_read(c, path, err);
    const bool differs = before == NULL || before_len != c->log_policy_len ||
                         (status == SKA_OK && memcmp(before, c->log_policy, before_len) != 0);
    if (status == SKA_OK && differs)
        status = store_file(c->folder, "log-policy",
                            (struct ska_slice){c->log_policy, c->log_policy_len}, err);
    if (status == SKA_OK) {
        *is_new = differs;
        return SKA_OK;
    }
    free(c->log_policy);
    c->log_policy = before;
    c->log_policy_len = before_len;
    before = NULL; /* the collection owns it again */
    return status;
}

static enum ska_status store_trust(const struct collection *c, struct ska_error *err)
{
    char key[4][KEY_TEXT_BYTES], text[300];
    ska_base64url_encode(key[0], c->trust.publisher, 32);
    ska_base64url_encode(key[1], c->trust.leader, 32);
    ska_base64url_encode(key[2], c->trust.helper, 32);
    ska_base64url_encode(key[3], c->trust.second, 32);
    int n = snprintf(text, sizeof text, "publisher %s\nsecond %s\nleader %s\nhelper %s\n", key[0],
                     key[3], key[1], key[2]);
    return store_file(c->folder, "trust", (struct ska_slice){(const uint8_t *)text, (size_t)n},
                      err);
}

enum ska_status home_collection_store(const struct collection *c, const char *home,
                                      struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *settings = file_join(c->folder, "settings");
    SKA_SCOPED(ska_scoped_free) char *periods = file_join(c->folder, "periods");
    SKA_SCOPED(ska_writer_clear) struct ska_writer catalogue = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer roster = {0};
    if (settings == NULL || periods == NULL)
        return SKA_E_MEMORY;
    if (file_exists(settings))
        return ska_fail(err, SKA_E_CONFLICT,
                        tr("insamlingen %s finns redan i %s", "collection %s exists already in %s"),
                        c->name, home);
    SKA_TRY(file_make_folder(periods, true, err));
    ska_catalogue_encode(&catalogue, c->catalogue);
    ska_roster_encode(&roster, &c->roster);
    SKA_TRY(ska_writer_status(&catalogue));
    SKA_TRY(ska_writer_status(&roster));
    SKA_TRY(
        store_file(c->folder, "catalogue", (struct ska_slice){catalogue.data, catalogue.len}, err));
    SKA_TRY(store_file(c->folder, "roster", (struct ska_slice){roster.data, roster.len}, err));
    if (c->groups_json != NULL)
        SKA_TRY(store_file(c->folder, "groups.json",
                           (struct ska_slice){c->groups_json, c->groups_json_len}, err));
    if (c->log_policy != NULL)
        SKA_TRY(store_file(c->folder, "log-policy",
                           (struct ska_slice){c->log_policy, c->log_policy_len}, err));
    SKA_TRY(store_trust(c, err));
    if (c->ca_file != NULL) {
        SKA_SCOPED(ska_scoped_free) uint8_t *pem = NULL;
        size_t len = 0;
        SKA_TRY(file_read(&pem, &len, c->ca_file, 1u << 20, err));
        SKA_TRY(store_file(c->folder, "ca.pem", (struct ska_slice){pem, len}, err));
    }
    SKA_TRY(make_rounding_key(c, err));
    return write_settings(c, err);
}

enum ska_status home_connect(struct https_client **out, const struct collection *c, bool helper,
                             struct ska_error *err)
{
    const struct https_options options = {.base_url = helper ? c->helper_url : c->leader_url,
                                          .ca_file = c->ca_file,
                                          .timeout_s = 120,
                                          .answer_max = (size_t)64 << 20};
    return https_client_new(out, &options, err);
}
