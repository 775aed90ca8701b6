/* SPDX-License-Identifier: EUPL-1.2 */
/* command_announce.c - announce: releases, and what the site offers for checking, into the public
 * log, where publish could not do it. */
#include <stdio.h>

#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "reports/announce.h"
#include "reports/commands.h"
#include "reports/pages/site.h"
#include "support/language.h"

#define WAIT_S 5 /* for the proof, unless --wait says otherwise */

static enum ska_status announce_named(const struct collection *c, const struct options *o,
                                      uint64_t wait_s, struct ska_error *err)
{
    for (size_t i = 0; i < o->n_periods; i++) {
        SKA_SCOPED(period_clear) struct period p = {0};
        bool proven = false;
        SKA_TRY(period_load_open(&p, c, o->periods[i], err));
        SKA_TRY(announce_release(&proven, &p, wait_s, err));
        if (!proven)
            printf(tr("%s: perioden har ingen publik logg\n", "%s: the period has no public log\n"),
                   p.name);
        else
            printf(
                tr("%s: utgåvan står i den publika loggen. %s/bundles/%s-%s.release.tlog-proof\n",
                   "%s: the release is in the public log. %s/bundles/%s-%s.release.tlog-proof\n"),
                p.name, c->site, c->name, p.name);
    }
    return SKA_OK;
}

static enum ska_status announce_what_waits(const struct collection *c, uint64_t wait_s,
                                           struct ska_error *err)
{
    size_t n = 0;
    enum ska_status status = announce_all(&n, c, wait_s, err);
    printf(tr("Utgåvor som nu står i den publika loggen och inte gjorde det förut: %zu\n",
              "Releases that are in the public log now and were not before: %zu\n"),
           n);
    return status;
}

enum ska_status command_announce(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    char buffer[HOME_PATH_MAX + 1];
    const uint64_t wait_s = o->wait ? o->wait_s : WAIT_S;
    SKA_TRY(home_collection_load(&c, o, err)); /* there is a home, then */
    SKA_TRY(home_lock(home_folder(o, buffer), err));
    ska_group_init();
    if (o->verifier != NULL) {
        SKA_TRY(announce_verifier(&c, o->verifier, wait_s, err));
        printf(tr("%s står i den publika loggen. %s.tlog-proof\n",
                  "%s is in the public log. %s.tlog-proof\n"),
               o->verifier, o->verifier);
    }
    enum ska_status status = SKA_OK;
    if (o->n_periods > 0)
        status = announce_named(&c, o, wait_s, err);
    else if (o->verifier == NULL)
        status = announce_what_waits(&c, wait_s, err);
    struct ska_error site_err = {0};
    enum ska_status written = site_write_index(&c, &site_err); /* "Is this right?" names proofs */
    if (status == SKA_OK && written != SKA_OK)
        return ska_fail(err, written, "%s", site_err.text);
    return status;
}
