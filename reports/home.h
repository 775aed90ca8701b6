/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * home.h - the publisher's folder: keys, collections and what is known of each period.
 *
 *     HOME/signing.key, HOME/hpke.key                  secret
 *     HOME/collections/NAME/settings                   text, "name = value"
 *                          /catalogue, roster          canonical forms
 *                          /groups.json                as given, if there are groups
 *                          /log-policy                 of the servers' public log, if they keep one
 *                          /trust                      the roots of trust
 *                          /ca.pem                     if one was given
 *                          /rounding.key               secret; if figures are rounded
 *                          /site-pages                 which pages were made (site_made.h)
 *                          /periods/2025Q2/            one folder for each period (period.h)
 *     HOME/lock                                        held while publishing or signing
 *
 * The settings are written last, so a collection without them does not exist.
 */
#ifndef SKA_REPORTS_HOME_H
#define SKA_REPORTS_HOME_H

#include "protocol/task.h"
#include "reports/groups_file.h"
#include "reports/options.h"
#include "support/https.h"
#include "support/keyfile.h"

#define HOME_HPKE_CONFIG_ID 1
#define HOME_PATH_MAX 2000

/* A collection, whole. Valid when zeroed; home_collection_clear releases everything and wipes the
 * keys. */
struct collection {
    char name[SKA_CODE_MAX + 1];
    char *folder;
    struct ska_signing_key signing_key; /* secret */
    struct ska_hpke_key hpke_key;       /* secret */
    struct ska_trust trust;
    struct ska_policy policy;
    bool has_rounding_key;
    uint8_t rounding_key[32]; /* secret */
    char leader_url[SKA_URL_MAX + 1], helper_url[SKA_URL_MAX + 1];
    char site[HOME_PATH_MAX + 1]; /* folder of pages and bundles */
    char *ca_file;                /* NULL: the system's */
    struct ska_catalogue *catalogue;
    struct ska_roster roster;
    struct groups_file groups;
    uint8_t *groups_json; /* the text they came from; NULL if there are none */
    size_t groups_json_len;
    uint8_t *log_policy; /* its text; NULL: no public log */
    size_t log_policy_len;
};

/* The home folder: --home, else the environment's SKARVA_PUBLISH_HOME, else
 * $HOME/.skarva-publish. NULL without any. */
const char *home_folder(const struct options *o, char buffer[static HOME_PATH_MAX + 1]);

/* A path below a folder, "folder/a/b"; the caller frees. NULL without memory. */
char *home_path(const char *folder, const char *a, const char *b) SKA_MUST_CHECK;

/* Keep every other skarva-publish from publishing or signing in the same folder, until this process
 * ends. SKA_E_BUSY, and nothing was done, if one is at it; SKA_E_FILE. */
enum ska_status home_lock(const char *home, struct ska_error *err) SKA_MUST_CHECK;

/* Load a collection: --name, or the only one there is. SKA_E_USAGE if it cannot be told which;
 * SKA_E_NOT_FOUND; SKA_E_MISMATCH if the keys are not those of the trust file; what reading files
 * gives. `c` is to be cleared also after failure. */
enum ska_status home_collection_load(struct collection *c, const struct options *o,
                                     struct ska_error *err) SKA_MUST_CHECK;
void home_collection_clear(struct collection *c);

/* Write a new collection, settings last. SKA_E_CONFLICT if the name is taken. */
enum ska_status home_collection_store(const struct collection *c, const char *home,
                                      struct ska_error *err) SKA_MUST_CHECK;

/* Read the groups of a collection whose roster and policy are known. Errors name the file, what
 * groups_file_parse and ska_groups_check say. */
enum ska_status home_groups_read(struct collection *c, const char *path,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Read the policy of the public log, and that it is one for the collection's leader and helper. As
 * file_read, ska_policy_parse, ska_log_policy_check, with the file in `err`. */
enum ska_status home_policy_read(struct collection *c, const char *path,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* The same, kept in the home folder in place of the one that the collection has: periods that are
 * opened from now on have it, those that are open keep theirs. *is_new: it is another. Nothing is
 * changed on failure. */
enum ska_status home_policy_replace(bool *is_new, struct collection *c, const char *path,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* Read both secret keys. */
enum ska_status home_keys_read(struct ska_signing_key *signing, struct ska_hpke_key *hpke,
                               const char *home, struct ska_error *err) SKA_MUST_CHECK;

/* An HTTPS client for the leader or the helper of a collection. */
enum ska_status home_connect(struct https_client **out, const struct collection *c, bool helper,
                             struct ska_error *err) SKA_MUST_CHECK;

#endif
