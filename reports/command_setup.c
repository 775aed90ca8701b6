/* SPDX-License-Identifier: EUPL-1.2 */
/* command_setup.c - keys (init) and collections (new). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/scoped.h"
#include "reports/commands.h"
#include "reports/home.h"
#include "support/file.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(DIR *, dir_release, (void)closedir)

/* Names of files in a folder, sorted. Valid when zeroed. */
struct names {
    size_t n, room;
    char **at;
};

static void names_clear(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->at[i]);
    free(names->at);
    *names = (struct names){0};
}

/* init ---------------------------------------------------------------------------------------- */

static enum ska_status make_keys(const char *signing_path, const char *hpke_path,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key signing = {0};
    SKA_SCOPED(ska_hpke_key_clear) struct ska_hpke_key hpke = {0};
    if (!file_exists(hpke_path)) {
        SKA_TRY(ska_hpke_key_generate(&hpke));
        SKA_TRY(keyfile_write_hpke(hpke_path, &hpke, err));
    }
    SKA_TRY(ska_signing_key_generate(&signing));
    return keyfile_write_signing(signing_path, &signing, err);
}

/* The key of who signs releases beside the publisher. */
static enum ska_status init_second(const char *home, struct ska_error *err)
{
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key key = {0};
    SKA_SCOPED(ska_scoped_free) char *path = file_join(home, "second.key");
    SKA_SCOPED(ska_scoped_free) char *publishers = file_join(home, "signing.key");
    if (path == NULL || publishers == NULL)
        return SKA_E_MEMORY;
    if (file_exists(publishers))
        return ska_fail(err, SKA_E_CONFLICT,
                        tr("%s är utgivarens mapp; den andra undertecknaren är en annan person, "
                           "med en egen mapp",
                           "%s is the publisher's folder; the second signer is another person, "
                           "with a folder of their own"),
                        home);
    if (!file_exists(path)) {
        SKA_TRY(ska_signing_key_generate(&key));
        SKA_TRY(keyfile_write_signing(path, &key, err));
    }
    SKA_TRY(keyfile_read_signing(&key, path, err));
    char text[KEY_TEXT_BYTES];
    ska_base64url_encode(text, key.public_key, 32);
    printf("second %s\n", text);
    return SKA_OK;
}

enum ska_status command_init(const struct options *o, struct ska_error *err)
{
    char buffer[HOME_PATH_MAX + 1];
    const char *home = home_folder(o, buffer);
    if (home == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("ange --home MAPP", "say --home FOLDER"));
    SKA_TRY(file_make_folder(home, true, err));
    if (o->second)
        return init_second(home, err);
    SKA_SCOPED(ska_scoped_free) char *signing_path = file_join(home, "signing.key");
    SKA_SCOPED(ska_scoped_free) char *hpke_path = file_join(home, "hpke.key");
    if (signing_path == NULL || hpke_path == NULL)
        return SKA_E_MEMORY;
    /* The signing key is written last, so a crash in between is repaired by running init again. */
    if (!file_exists(signing_path))
        SKA_TRY(make_keys(signing_path, hpke_path, err));
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key signing = {0};
    SKA_SCOPED(ska_hpke_key_clear) struct ska_hpke_key hpke = {0};
    SKA_TRY(home_keys_read(&signing, &hpke, home, err));
    char text[KEY_TEXT_BYTES];
    ska_base64url_encode(text, signing.public_key, 32);
    printf("publisher %s\n", text);
    return SKA_OK;
}

/* new ----------------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

static enum ska_status add_name(struct names *names, char *name)
{
    if (name == NULL)
        return SKA_E_MEMORY;
    if (names->n == names->room) {
        size_t room = names->room > 0 ? names->room * 2 : 16;
        char **at = realloc(names->at, room * sizeof *at);
        if (at == NULL) {
            free(name);
            return SKA_E_MEMORY;
        }
        names->at = at;
        names->room = room;
    }
    names->at[names->n++] = name;
    return SKA_OK;
}

/* A file stands for itself, a folder for its files that do not start with a dot. */
static enum ska_status find_cards(struct names *names, const char *path, struct ska_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return ska_fail(err, SKA_E_NOT_FOUND, tr("--cards: %s finns inte", "--cards: no %s"), path);
    if (!S_ISDIR(st.st_mode))
        return add_name(names, strdup(path));
    SKA_SCOPED(dir_release) DIR *dir = opendir(path);
    if (dir == NULL)
        return ska_fail(err, SKA_E_FILE,
                        tr("--cards: %s kan inte läsas", "--cards: cannot read %s"), path);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            SKA_TRY(add_name(names, file_join(path, entry->d_name)));
    return SKA_OK;
}

static enum ska_status read_cards(struct ska_contributor *at, const struct names *names,
                                  struct ska_error *err)
{
    for (size_t i = 0; i < names->n; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
        size_t len = 0;
        struct ska_error inner = {0};
        SKA_TRY(file_read(&text, &len, names->at[i], SKA_KEY_CARD_MAX, err));
        enum ska_status status = ska_key_card_parse(&at[i], (const char *)text, len, &inner);
        if (status != SKA_OK)
            return ska_fail(
                err, status,
                tr("%s: nyckelkortet kan inte användas: %s", "%s: the key card cannot be used: %s"),
                names->at[i], inner.text[0] != '\0' ? inner.text : ska_status_text(status));
    }
    return SKA_OK;
}

static enum ska_status read_roster(struct ska_roster *out, const struct options *o,
                                   struct ska_error *err)
{
    SKA_SCOPED(names_clear) struct names names = {0};
    for (size_t i = 0; i < o->n_cards; i++)
        SKA_TRY(find_cards(&names, o->cards[i], err));
    if (names.n < o->min_contributors)
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        tr("%zu uppgiftslämnare räcker inte: det måste vara minst %llu, annars "
                           "visar en summa vad en enskild lämnat",
                           "too few contributors (%zu): there must be at least %llu, or a sum "
                           "shows what a single one reported"),
                        names.n, (unsigned long long)o->min_contributors);
    if (names.n > SKA_CONTRIBUTORS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "--cards: %zu > %u", names.n, SKA_CONTRIBUTORS_MAX);
    qsort(names.at, names.n, sizeof *names.at, compare_names);
    SKA_SCOPED(ska_scoped_free) struct ska_contributor *at = ska_alloc(names.n, sizeof *at);
    if (at == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(read_cards(at, &names, err));
    return ska_roster_build(out, at, (uint32_t)names.n, err);
}

/* Three possible values where the ranges of small values and of too few answers allow it. */
static uint64_t usual_protection(const struct options *o)
{
    return o->threshold > (o->hide_zero ? 2u : 3u) ? 2 : 1;
}

/* As ska_parameters_check has it: what is hidden leaves no wider range open. */
static uint64_t most_protection(const struct options *o)
{
    uint64_t small = o->threshold - 1;
    if (!o->hide_zero && small > 0)
        small--;
    uint64_t most = small < o->min_contributors - 1 ? small : o->min_contributors - 1;
    return most > 0 ? most : 1;
}

static enum ska_status check_policy(struct ska_policy *out, const struct options *o,
                                    struct ska_error *err)
{
    if (o->min_contributors < SKA_MIN_CONTRIBUTORS_FLOOR)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--min-contributors: minst %u", "--min-contributors: at least %u"),
                        SKA_MIN_CONTRIBUTORS_FLOOR);
    uint64_t useless = o->hide_zero ? 1 : 2;
    if (o->threshold < 1 || o->threshold == useless)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--threshold %llu döljer ingenting: läsaren ser av mönstret vad de "
                           "dolda värdena är; välj ett större tal (eller 1 med visade nollor för "
                           "att inte dölja några värden alls)",
                           "--threshold %llu hides nothing: the pattern tells what the hidden "
                           "values are; choose a larger number (or 1 with zeros shown, to hide no "
                           "values at all)"),
                        (unsigned long long)o->threshold);
    if (o->rounding == 1 || o->rounding > o->threshold)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--rounding %llu: en bas är minst 2 och inte större än --threshold, "
                           "annars visas som 0 vad som inte är 0",
                           "--rounding %llu: a base is at least 2 and not larger than --threshold, "
                           "or something is shown as 0 that is not"),
                        (unsigned long long)o->rounding);
    if (o->protection > most_protection(o))
        return ska_fail(err, SKA_E_USAGE,
                        tr("--protection %llu: från 1 till %llu med detta --threshold och "
                           "--min-contributors; för mer, välj dem större",
                           "--protection %llu: from 1 to %llu with this --threshold and "
                           "--min-contributors; for more, choose them larger"),
                        (unsigned long long)o->protection, (unsigned long long)most_protection(o));
    *out =
        (struct ska_policy){.min_contributors = (uint32_t)o->min_contributors,
                            .threshold = o->threshold,
                            .show_zero = !o->hide_zero,
                            .protection = o->protection > 0 ? o->protection : usual_protection(o),
                            .rounding = o->rounding};
    return SKA_OK;
}

static enum ska_status copy_option(char *out, size_t size, const char *name, const char *value,
                                   struct ska_error *err)
{
    if (value == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("%s saknas", "%s is missing"), name);
    if (strlen(value) >= size)
        return ska_fail(err, SKA_E_USAGE, tr("%s: för långt", "%s: too long"), name);
    memcpy(out, value, strlen(value) + 1);
    return SKA_OK;
}

/* An address always ends in a slash. */
static enum ska_status copy_url(char out[static SKA_URL_MAX + 1], const char *name,
                                const char *value, struct ska_error *err)
{
    SKA_TRY(copy_option(out, SKA_URL_MAX, name, value, err));
    if (strncmp(out, "https://", 8) != 0)
        return ska_fail(
            err, SKA_E_USAGE,
            tr("%s: adressen ska börja med https://", "%s: the address must start with https://"),
            name);
    size_t len = strlen(out);
    if (out[len - 1] != '/')
        memcpy(out + len, "/", 2);
    return SKA_OK;
}

static enum ska_status read_catalogue(struct collection *c, const struct options *o,
                                      struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *json = NULL;
    size_t len = 0;
    if (o->catalogue == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("%s saknas", "%s is missing"), "--catalogue");
    SKA_TRY(file_read(&json, &len, o->catalogue, SKA_CATALOGUE_BYTES_MAX, err));
    struct ska_error inner = {0};
    enum ska_status status = ska_catalogue_parse(&c->catalogue, (const char *)json, len, &inner);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", o->catalogue,
                        inner.text[0] != '\0' ? inner.text : ska_status_text(status));
    return SKA_OK;
}

static enum ska_status make_site(struct collection *c, const struct options *o,
                                 struct ska_error *err)
{
    if (o->site == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("%s saknas", "%s is missing"), "--site");
    SKA_TRY(file_make_folder(o->site, false, err));
    if (o->site[0] == '/')
        return copy_option(c->site, sizeof c->site, "--site", o->site, err);
    /* Later commands may be run from anywhere. */
    char here[HOME_PATH_MAX + 1];
    if (getcwd(here, sizeof here) == NULL)
        return ska_fail(err, SKA_E_FILE, "--site: %s", ska_status_text(SKA_E_FILE));
    SKA_SCOPED(ska_scoped_free) char *absolute = file_join(here, o->site);
    if (absolute == NULL)
        return SKA_E_MEMORY;
    return copy_option(c->site, sizeof c->site, "--site", absolute, err);
}

static enum ska_status fill_collection(struct collection *c, const struct options *o,
                                       const char *home, struct ska_error *err)
{
    SKA_TRY(copy_option(c->name, sizeof c->name, "--name", o->name, err));
    SKA_TRY(copy_url(c->leader_url, "--leader", o->leader, err));
    SKA_TRY(copy_url(c->helper_url, "--helper", o->helper, err));
    SKA_TRY(check_policy(&c->policy, o, err));
    if (o->trust == NULL || o->n_cards == 0)
        return ska_fail(err, SKA_E_USAGE, tr("%s saknas", "%s is missing"),
                        o->trust == NULL ? "--trust" : "--cards");
    SKA_TRY(home_keys_read(&c->signing_key, &c->hpke_key, home, err));
    SKA_TRY(ska_trust_read(&c->trust, o->trust, err));
    if (memcmp(c->trust.publisher, c->signing_key.public_key, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s: utgivarens nyckel är inte den som finns i %s",
                           "%s: the publisher's key is not the one in %s"),
                        o->trust, home);
    SKA_TRY(read_catalogue(c, o, err));
    SKA_TRY(read_roster(&c->roster, o, err));
    if (o->groups != NULL)
        SKA_TRY(home_groups_read(c, o->groups, err));
    if (o->log_policy != NULL)
        SKA_TRY(home_policy_read(c, o->log_policy, err));
    SKA_TRY(make_site(c, o, err));
    c->folder = home_path(home, "collections", c->name);
    c->ca_file = o->ca != NULL ? strdup(o->ca) : NULL;
    return c->folder == NULL || (o->ca != NULL && c->ca_file == NULL) ? SKA_E_MEMORY : SKA_OK;
}

/* A name that is not a code would be refused only when the first period opens. */
static enum ska_status check_name(const char *name, struct ska_error *err)
{
    for (const char *c = name; c != NULL && *c != '\0'; c++)
        if (!((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
              *c == '_' || *c == '-'))
            return ska_fail(
                err, SKA_E_USAGE,
                tr("--name: bara A-Z a-z 0-9 _ och -", "--name: only A-Z a-z 0-9 _ and -"));
    return SKA_OK;
}

enum ska_status command_new(const struct options *o, struct ska_error *err)
{
    char buffer[HOME_PATH_MAX + 1];
    const char *home = home_folder(o, buffer);
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    if (home == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("ange --home MAPP", "say --home FOLDER"));
    SKA_TRY(check_name(o->name, err));
    SKA_TRY(fill_collection(&c, o, home, err));
    SKA_TRY(home_collection_store(&c, home, err));
    printf(tr("Insamlingen %s är skapad: %u uppgiftslämnare, katalogen %s %s.\n",
              "Collection %s made: %u contributors, catalogue %s %s.\n"),
           c.name, c.roster.n, c.catalogue->id, c.catalogue->edition);
    for (uint32_t i = 0; i < c.roster.n; i++)
        printf("  %-12s %s\n", c.roster.at[i].code, c.roster.at[i].name);
    return SKA_OK;
}
