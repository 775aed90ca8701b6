/* SPDX-License-Identifier: EUPL-1.2 */
/* publish_period.c - one step of publishing a period: draft, release, site. */
#include "reports/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/scoped.h"
#include "reports/publish_log.h"
#include "reports/release.h"
#include "support/file.h"
#include "support/language.h"

static enum ska_status show(const struct period *p, bool is_new, struct ska_error *err)
{
    struct release_day r;
    const struct collection *c = p->collection;
    SKA_TRY(release_show(p, err));
    SKA_TRY(release_day_read(&r, p->folder, err));
    if (!is_new)
        printf(tr("%s: utgiven redan, oförändrad.\n", "%s: released before, unchanged.\n"),
               p->name);
    printf(tr("%s: %" PRIu32 " värden visas, %" PRIu32 " är dolda. %s/bundles/%s-%s.tar\n",
              "%s: %" PRIu32 " figures are shown, %" PRIu32 " are hidden. %s/bundles/%s-%s.tar\n"),
           p->name, r.n_shown, r.n_hidden, c->site, c->name, p->name);
    return SKA_OK;
}

static void tell_second(const char *name, const char *draft, uint32_t number)
{
    printf(tr("%s: utkastet till utgåva %" PRIu32 " är klart: %s\n"
              "Den andra personen kontrollerar och skriver under med sin egen nyckel:\n"
              "    skarva-publish sign %s --home SIN_MAPP --trust FIL --draft %s\n"
              "Sedan: skarva-publish publish %s --signature FIL\n",
              "%s: the draft of release %" PRIu32 " is ready: %s\n"
              "The second person checks and signs it with a key of their own:\n"
              "    skarva-publish sign %s --home THEIR_FOLDER --trust FILE --draft %s\n"
              "Then: skarva-publish publish %s --signature FILE\n"),
           name, number, draft, name, draft, name);
}

/* What a later correction passes over is never released: that one names what was released before.
 */
static enum ska_status check_not_passed(const struct period *p, struct ska_error *err)
{
    SKA_SCOPED(period_clear) struct period next = {0};
    SKA_TRY(period_load_next(&next, p, err));
    return next.task == NULL ||
                   memcmp(next.task->context.previous_task_id, p->task->context.task_id,
                          sizeof p->task->context.task_id) == 0
               ? SKA_OK
               : ska_fail(err, SKA_E_STATE,
                          tr("%s: rättelsen %s är öppnad och hoppar över den; den ges inte ut",
                             "%s: the correction %s is open and passes it over; it is not "
                             "released"),
                          p->name, next.name);
}

enum ska_status publish_period(bool *is_released, const struct collection *c, const char *name,
                               const char *signature, bool redraft, uint64_t log_wait_s,
                               struct ska_error *err)
{
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(ledger_clear) struct ledger ledger = {0};
    bool has_draft = false;
    SKA_TRY(period_load_open(&p, c, name, err));
    SKA_TRY(ledger_load(&ledger, c, err));
    const struct ska_release_place place = ledger_next(&ledger);
    SKA_SCOPED(ska_scoped_free) char *draft = release_draft_path(&p);
    SKA_SCOPED(ska_scoped_free) char *path = release_signature_path(&p, signature);
    if (draft == NULL || path == NULL)
        return SKA_E_MEMORY;
    *is_released = release_is_done(&p);
    if (*is_released)
        return show(&p, false, err);
    SKA_TRY(check_not_passed(&p, err));
    if (!redraft)
        SKA_TRY(release_has_draft(&has_draft, &p, &place, err));
    if (has_draft && (signature != NULL || file_exists(path))) {
        SKA_TRY(release_complete(&p, &place, path, (uint64_t)time(NULL), err));
        *is_released = true;
        return show(&p, true, err);
    }
    if (!has_draft && file_exists(draft) && !redraft)
        printf(tr("%s: utkastet var till ett annat nummer än %" PRIu32 "; ett nytt görs.\n",
                  "%s: the draft was for another number than %" PRIu32 "; a new one is made.\n"),
               name, place.number);
    if (!has_draft) {
        SKA_TRY(publish_log_keep(&p, log_wait_s, err));
        SKA_TRY(publish_draft(&p, &place, err));
    }
    tell_second(name, draft, place.number);
    return SKA_OK;
}
