/* SPDX-License-Identifier: EUPL-1.2 */
/* command_publish.c - publish: drafts of collected periods, and, once the second person signed,
 * bundles and pages and the index over all; preview; ledger. */
#include <stdio.h>

#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "reports/announce.h"
#include "reports/commands.h"
#include "reports/data/data_files.h"
#include "reports/pages/site.h"
#include "reports/preview.h"
#include "reports/publish.h"
#include "support/language.h"

#define LOG_WAIT_S 60      /* a checkpoint comes within seconds if the witnesses answer */
#define ANNOUNCE_WAIT_S 10 /* for the proof that a release is in the public log */

static enum ska_status need_period(const struct options *o, const char *command,
                                   struct ska_error *err)
{
    if (o->n_periods > 0)
        return SKA_OK;
    return ska_fail(err, SKA_E_USAGE,
                    tr("ange en period, till exempel: skarva-publish %s 2025Q2",
                       "name a period, for example: skarva-publish %s 2025Q2"),
                    command);
}

/* All that is made of every released period. */
static enum ska_status write_site(const struct collection *c, struct ska_error *err)
{
    SKA_TRY(ledger_write_site(c, err));
    SKA_TRY(data_files_write(c, err));
    SKA_TRY(site_write_index(c, err));
    printf("%s/index.html\n", c->site);
    return SKA_OK;
}

/* Into the public log, as far as the servers can be reached: what is released is released. */
static void announce(const struct collection *c)
{
    struct ska_error err = {0};
    size_t n = 0;
    if (announce_all(&n, c, ANNOUNCE_WAIT_S, &err) != SKA_OK)
        (void)fprintf(stderr,
                      tr("Utgåvan står inte i den publika loggen än: %s\n"
                         "Kör senare: skarva-publish announce\n",
                         "The release is not in the public log yet: %s\n"
                         "Run later: skarva-publish announce\n"),
                      err.text);
    else if (n > 0)
        printf("%s",
               tr("Utgåvan står i den publika loggen.\n", "The release is in the public log.\n"));
}

enum ska_status command_publish(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    char buffer[HOME_PATH_MAX + 1];
    SKA_TRY(need_period(o, "publish", err));
    if (o->signature != NULL && o->n_periods > 1)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--signature: en period i taget", "--signature: one period at a time"));
    SKA_TRY(home_collection_load(&c, o, err)); /* there is a home, then */
    SKA_TRY(home_lock(home_folder(o, buffer), err));
    ska_group_init();
    size_t n_released = 0;
    enum ska_status status = SKA_OK;
    for (size_t i = 0; i < o->n_periods && status == SKA_OK; i++) {
        bool is_released = false;
        status = publish_period(&is_released, &c, o->periods[i], o->signature, o->redraft,
                                o->wait ? o->wait_s : LOG_WAIT_S, err);
        if (status != SKA_OK)
            break;
        n_released += is_released ? 1u : 0u;
        /* The next release names this one's bundle, which has no hash yet. */
        if (!is_released && i + 1 < o->n_periods)
            status = ska_fail(err, SKA_E_BUSY,
                              tr("%s väntar tills %s är utgiven: kör samma kommando igen när den "
                                 "andra personen skrivit under",
                                 "%s waits until %s is released: run the same command again when "
                                 "the second person has signed"),
                              o->periods[i + 1], o->periods[i]);
    }
    if (n_released > 0)
        announce(&c);
    if (n_released > 0 && !o->no_pages) {
        struct ska_error site_err = {0};
        enum ska_status written = write_site(&c, &site_err);
        if (status == SKA_OK && written != SKA_OK)
            return ska_fail(err, written, "%s", site_err.text);
    }
    return status;
}

enum ska_status command_preview(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_TRY(need_period(o, "preview", err));
    SKA_TRY(home_collection_load(&c, o, err));
    ska_group_init();
    for (size_t i = 0; i < o->n_periods; i++) {
        SKA_SCOPED(period_clear) struct period p = {0};
        SKA_SCOPED(publish_material_clear) struct publish_material m = {0};
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        SKA_TRY(period_load_open(&p, &c, o->periods[i], err));
        SKA_TRY(publish_load(&m, &p, err));
        const struct preview_input input = {.task = p.task,
                                            .reason = m.figures.reason,
                                            .total = m.result.total,
                                            .shown = m.figures.value,
                                            .year_reason =
                                                m.linking.has_year ? m.year.reason : NULL};
        preview_write(&w, &input);
        SKA_TRY(ska_writer_status(&w));
        printf("%.*s", (int)w.len, (const char *)w.data);
    }
    return SKA_OK;
}

enum ska_status command_ledger(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(ledger_clear) struct ledger l = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(ledger_load(&l, &c, err));
    if (o->csv)
        ledger_csv(&w, &l);
    else if (o->json)
        ledger_json(&w, &l, c.name);
    else
        ledger_table(&w, &l, c.name);
    SKA_TRY(ska_writer_status(&w));
    if (fwrite(w.data, 1, w.len, stdout) != w.len || fflush(stdout) != 0)
        return ska_fail(err, SKA_E_FILE, "%s", ska_status_text(SKA_E_FILE));
    return SKA_OK;
}
