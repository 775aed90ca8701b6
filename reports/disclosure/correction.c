/* SPDX-License-Identifier: EUPL-1.2 */
/* correction.c - reading the release that a correction corrects. */
#include "reports/disclosure/correction.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/collect.h"
#include "support/language.h"

bool correction_is(const struct period *p)
{
    return p->task != NULL && p->task->config.statement->compares;
}

void correction_clear(struct correction *c)
{
    for (uint32_t i = 0; c->shares != NULL && i < c->n_roster; i++)
        free(c->shares[i]);
    free(c->shares);
    free(c->earlier);
    free(c->kept);
    ska_accepted_clear(&c->list);
    period_clear(&c->before);
    *c = (struct correction){0};
}

/* The folder of the task that is named: the newest first. */
static enum ska_status find_before(struct correction *c, const struct period *p,
                                   struct ska_error *err)
{
    for (uint32_t r = p->revision; r > 0; r--) {
        char name[PERIOD_NAME_MAX + 1];
        period_name(name, p->base, r - 1);
        SKA_TRY(period_load(&c->before, p->collection, name, err));
        if (c->before.task != NULL &&
            memcmp(c->before.task->context.task_id, p->task->context.previous_task_id, 32) == 0)
            return SKA_OK;
        period_clear(&c->before);
    }
    return ska_fail(err, SKA_E_NOT_FOUND,
                    tr("%s: det som rättas finns inte i hemkatalogen; hämta tillbaka mappen "
                       "%s/periods/%s, med revisioner, från säkerhetskopian",
                       "%s: what is corrected is not in the home folder; restore the folder "
                       "%s/periods/%s, and its revisions, from the backup"),
                    p->name, p->collection->folder, p->base);
}

static enum ska_status read_share(uint8_t **data, size_t *len, const struct period *p,
                                  const struct ska_accepted_entry *entry, struct ska_error *err)
{
    char name[32];
    uint8_t hash[32];
    SKA_SCOPED(ska_scoped_free) uint8_t *file = NULL;
    (void)snprintf(name, sizeof name, "submissions/%05" PRIu32, entry->contributor);
    SKA_TRY(period_read(&file, len, p, name, false, err));
    bool is_whole = *len > 16;
    if (is_whole)
        ska_sha256(hash, file + 16, *len - 16);
    if (!is_whole || memcmp(hash, entry->sha256, sizeof hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "%s/%s: %s", p->folder, name,
                        ska_status_text(SKA_E_MISMATCH));
    *data = file;
    file = NULL;
    return SKA_OK;
}

static enum ska_status read_earlier(struct correction *c, struct ska_error *err)
{
    for (uint32_t i = 0; i < c->list.n; i++) {
        const struct ska_accepted_entry *entry = &c->list.at[i];
        size_t len = 0;
        if (!ska_accepted_is_counted(&c->list, i))
            continue;
        uint8_t **share = &c->shares[entry->contributor]; /* on the roster: checked with the list */
        SKA_TRY(read_share(share, &len, &c->before, entry, err));
        SKA_TRY(ska_revision_earlier(&c->earlier[entry->contributor], c->before.task,
                                     (struct ska_slice){*share + 16, len - 16}));
    }
    return SKA_OK;
}

static enum ska_status read_kept(struct correction *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    size_t len = 0;
    if (!period_has(&c->before, "suppression")) /* nothing was decided, so nothing was released */
        return SKA_OK;
    SKA_TRY(period_read(&data, &len, &c->before, "suppression", false, err));
    SKA_TRY(ska_suppression_decode(&hidden, (struct ska_slice){data, len}));
    for (uint32_t i = 0; i < hidden.n; i++)
        if (hidden.at[i].figure < c->before.task->n_figures)
            c->kept[hidden.at[i].figure] = 1;
    return SKA_OK;
}

enum ska_status correction_load(struct correction *c, const struct period *p, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    uint8_t hash[32];
    if (!correction_is(p))
        return SKA_OK;
    SKA_TRY(find_before(c, p, err));
    SKA_TRY(collect_read_accepted(&c->list, &bytes, &len, hash, &c->before, err));
    SKA_TRY(ska_revision_check(p->task, c->before.task, hash, err));
    c->n_roster = p->task->parameters.roster.n;
    c->shares = ska_alloc(c->n_roster, sizeof *c->shares);
    c->earlier = ska_alloc(c->n_roster, sizeof *c->earlier);
    c->kept = ska_alloc(p->task->n_figures, 1);
    if (c->shares == NULL || c->earlier == NULL || c->kept == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(read_earlier(c, err));
    return read_kept(c, err);
}

static enum ska_status fill_tally(struct ska_change_tally *tally, const struct correction *c,
                                  const struct period *p, const struct ska_accepted *list,
                                  struct ska_error *err)
{
    SKA_TRY(ska_change_tally_init(tally, p->task));
    for (uint32_t i = 0; i < list->n; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *share = NULL;
        size_t len = 0;
        if (!ska_accepted_is_counted(list, i))
            continue;
        SKA_TRY(read_share(&share, &len, p, &list->at[i], err));
        SKA_TRY(ska_change_tally_add(tally, p->task, (struct ska_slice){share + 16, len - 16}));
    }
    ska_change_tally_compare(tally, &c->list, list);
    return SKA_OK;
}

enum ska_status correction_check_changes(uint32_t *n_changed, struct ska_slice both,
                                         const struct correction *c, const struct period *p,
                                         const struct ska_accepted *list,
                                         const uint8_t accepted_hash[static 32],
                                         struct ska_error *err)
{
    static const enum ska_role roles[2] = {SKA_ROLE_LEADER, SKA_ROLE_HELPER};
    const uint8_t *keys[2] = {p->task->parameters.leader_key, p->task->parameters.helper_key};
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    struct ska_changes at[2];
    struct ska_reader r;
    enum ska_status status = SKA_OK;
    SKA_TRY(fill_tally(&tally, c, p, list, err));
    ska_reader_init(&r, both.data, both.len);
    for (int k = 0; k < 2 && status == SKA_OK; k++) {
        struct ska_slice one;
        status = ska_read_opaque32(&one.data, &one.len, &r, SKA_CHANGES_BYTES_MAX);
        if (status == SKA_OK)
            status = ska_changes_read(&at[k], one, keys[k]);
        if (status == SKA_OK)
            status = ska_changes_verify(&at[k], &tally, p->task, roles[k], accepted_hash);
    }
    if (status == SKA_OK)
        status = ska_read_end(&r);
    if (status == SKA_OK)
        status = ska_changes_open(&tally, &at[0], &at[1]);
    if (status != SKA_OK)
        return ska_fail(
            err, status,
            tr("%s: hur många som ändrat stämmer inte med inlämningarna: %s; ge inte ut, "
               "och visa det för dem som sköter de båda servrarna",
               "%s: how many changed does not agree with the submissions: %s; do not "
               "publish, and show it to those who run the two servers"),
            p->name, ska_status_text(status));
    *n_changed = 0;
    for (uint32_t i = 0; i < tally.atoms.n; i++)
        *n_changed += tally.changed[i];
    return ska_changes_judge(&tally, err);
}
