/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * command_init.c - skarva init: a folder, a key, a key card.
 *
 * skarva.conf is written last: a folder that has it is complete. Nothing is ever overwritten; a key
 * that is already there (from an init that was cut off) is used.
 */
#include "client/commands.h"
#include "client/inclusion.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "support/file.h"
#include "support/language.h"

#define PEM_BYTES_MAX (1u << 20)

static enum ska_status copy_field(char *out, size_t size, const char *text, const char *option,
                                  bool is_code, struct ska_error *err)
{
    if (text == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("--%s saknas", "--%s is missing"), option);
    size_t len = strlen(text);
    bool fits = len > 0 && len < size;
    enum ska_status status = !fits     ? SKA_E_RANGE
                             : is_code ? ska_code_check(text, len)
                                       : ska_text_check(text, len, size - 1);
    if (status != SKA_OK)
        return ska_fail(err, SKA_E_USAGE,
                        is_code ? tr("--%s: en kod har 1 till 32 tecken av A-Z a-z 0-9 _ och -",
                                     "--%s: a code has 1 to 32 characters of A-Z a-z 0-9 _ and -")
                                : tr("--%s är tomt, för långt eller inte en rad text",
                                     "--%s is empty, too long or not a line of text"),
                        option);
    memcpy(out, text, len + 1);
    return SKA_OK;
}

static enum ska_status take_settings(struct home *home, const struct arguments *a,
                                     struct ska_error *err)
{
    SKA_TRY(copy_field(home->code, sizeof home->code, a->code, "code", true, err));
    SKA_TRY(copy_field(home->name, sizeof home->name, a->name, "name", false, err));
    SKA_TRY(copy_field(home->leader, sizeof home->leader, a->leader, "leader", false, err));
    size_t len = strlen(home->leader);
    if (strncmp(home->leader, "https://", 8) != 0)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--leader ska börja med https://", "--leader must start with https://"));
    if (home->leader[len - 1] != '/' && len + 1 < sizeof home->leader)
        memcpy(home->leader + len, "/", 2);
    if (a->collection != NULL)
        SKA_TRY(copy_field(home->collection, sizeof home->collection, a->collection, "collection",
                           true, err));
    if (a->trust == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("--trust saknas", "--trust is missing"));
    return SKA_OK;
}

/* Copy a public file into the folder. */
static enum ska_status copy_file(const struct home *home, const char *from, const char *name,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_scoped_free) char *to = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&data, &len, from, PEM_BYTES_MAX, err));
    SKA_TRY(home_path(&to, home, "%s", name));
    return file_write(to, data, len, false, err);
}

static enum ska_status make_key(struct ska_signing_key *key, const struct home *home,
                                struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&path, home, "signing.key"));
    if (file_exists(path))
        return keyfile_read_signing(key, path, err);
    SKA_TRY(ska_signing_key_generate(key));
    return keyfile_write_signing(path, key, err);
}

static enum ska_status write_card(char card[static SKA_KEY_CARD_MAX], const struct home *home,
                                  const struct ska_signing_key *key, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    struct ska_contributor c = {0};
    memcpy(c.code, home->code, sizeof c.code);
    memcpy(c.name, home->name, sizeof c.name);
    memcpy(c.key, key->public_key, sizeof c.key);
    SKA_TRY(ska_key_card_write(card, &c, key));
    SKA_TRY(home_path(&path, home, "key-card.txt"));
    return file_write(path, card, strlen(card), false, err);
}

/* A policy that cannot be used is said now, and not when the first receipt comes. */
static enum ska_status check_policy(const struct home *home, const struct arguments *a,
                                    struct ska_error *err)
{
    if (a->policy == NULL)
        return SKA_OK;
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    return policy == NULL ? SKA_E_MEMORY : inclusion_read_policy(policy, home, a->policy, err);
}

static enum ska_status fill_folder(char card[static SKA_KEY_CARD_MAX], const struct home *home,
                                   const struct arguments *a, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *config = NULL;
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key key = {0};
    SKA_TRY(home_path(&config, home, "skarva.conf"));
    if (file_exists(config))
        return ska_fail(
            err, SKA_E_CONFLICT,
            tr("%s finns redan; inget skrivs över", "%s exists; nothing is overwritten"), config);
    struct ska_trust trust;
    SKA_TRY(ska_trust_read(&trust, a->trust, err));
    SKA_TRY(check_policy(home, a, err));
    SKA_TRY(file_make_folder(home->dir, true, err));
    SKA_TRY(make_key(&key, home, err));
    SKA_TRY(copy_file(home, a->trust, "trust.txt", err));
    if (a->ca != NULL)
        SKA_TRY(copy_file(home, a->ca, "ca.pem", err));
    if (a->policy != NULL)
        SKA_TRY(copy_file(home, a->policy, "policy.txt", err));
    SKA_TRY(write_card(card, home, &key, err));
    return home_write(home, err);
}

enum exits command_init(const struct arguments *a)
{
    SKA_SCOPED(home_close) struct home home = {0};
    struct ska_error err = {0};
    enum ska_status status = home_find(&home.dir, a->home, &err);
    if (status == SKA_OK)
        status = take_settings(&home, a, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    char card[SKA_KEY_CARD_MAX];
    status = fill_folder(card, &home, a, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    printf(tr("Mappen %s är klar. Lämna nyckelkortet (key-card.txt) till den som publicerar, och "
              "låt ingen annan än du läsa signing.key:\n\n",
              "The folder %s is ready. Hand the key card (key-card.txt) to the publisher, and let "
              "nobody but you read signing.key:\n\n"),
           home.dir);
    fputs(card, stdout);
    return EXITS_OK;
}
