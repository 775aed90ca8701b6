/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_unlisted.c - releases that a release should have been linked with, and does not name.
 *
 * Any bundle that is given and is a release of the same collection, signed by both and with a lower
 * number, is looked at, whether it is named or not. Every release names the one before it, so that
 * who is given all bundles sees all; of fewer it is told how many were not looked at. A release
 * that names none must not be the one that completes a year.
 */
#include "audit/check.h"

#include "audit/words.h"
#include "crypto/scoped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A release of the collection in the chain. */
struct link {
    uint32_t number;
    uint8_t sha256[32], previous[32];
};

/* What is given and was released before. Owned arrays. */
struct looked {
    struct link *at; /* this release first */
    size_t n;
    struct ska_frozen *alike; /* their tasks alone */
    uint32_t n_alike;
};

static void looked_clear(struct looked *l)
{
    for (uint32_t i = 0; i < l->n_alike; i++)
        ska_frozen_clear(&l->alike[i]);
    free(l->alike);
    free(l->at);
}

static struct ska_slice find(const struct ska_bundle_file *files, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].name, name) == 0)
            return files[i].data;
    return (struct ska_slice){0};
}

static bool is_listed(const struct evidence *e, const struct link *l)
{
    for (uint32_t i = 0; i < e->linked_list.n; i++)
        if (memcmp(e->linked_list.at[i].sha256, l->sha256, sizeof l->sha256) == 0)
            return true;
    return false;
}

/* A release that nothing is linked with stands by itself, unless the year was added up already. */
static void judge(const struct evidence *e, struct finding *f, const struct link *l,
                  const struct ska_task *task, bool has_year)
{
    char name[SKA_EARLIER_NAME_MAX + 1];
    if (is_listed(e, l) || (e->earlier_file.data == NULL && !has_year))
        return;
    ska_earlier_name(name, task->parameters.period, task->parameters.revision);
    finding_bad(
        f,
        words("%s gavs ut tidigare, som nummer %u, och fattas i listan över tidigare "
              "utgåvor",
              "%s was released earlier, as number %u, and is missing in the list of earlier "
              "releases"),
        name, l->number);
}

/* Take in an archive if it is an earlier release of the collection; anything else that lies there
 * is no matter of this release. */
static void look_at(struct looked *l, const struct evidence *e, struct finding *f,
                    struct ska_slice archive)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    SKA_SCOPED(ska_frozen_clear) struct ska_frozen now = {.archive = archive};
    struct ska_signed_parameters s;
    size_t n = 0;
    bool is_alike = false;
    if (ska_bundle_read(&files, &n, archive, NULL) != SKA_OK || n == 0 ||
        ska_signed_parameters_decode(&s, find(files, n, "parameters")) != SKA_OK ||
        ska_task_new(&now.task, s.parameters, NULL) != SKA_OK ||
        ska_release_decode(&now.release, find(files, n, "release")) != SKA_OK ||
        now.release.place.number >= e->release.place.number ||
        memcmp(now.task->context.collection_hash, e->task->context.collection_hash, 32) != 0 ||
        ska_frozen_verify(&now, e->trust->key[TRUST_PUBLISHER], e->trust->key[TRUST_SECOND]) !=
            SKA_OK ||
        ska_release_check(&now.release, now.task->context.task_id, files, n - 1, NULL) != SKA_OK)
        return;
    struct link *out = &l->at[l->n++];
    out->number = now.release.place.number;
    memcpy(out->previous, now.release.place.previous, sizeof out->previous);
    ska_sha256(out->sha256, archive.data, archive.len);
    enum ska_status status = ska_frozen_are_alike(&is_alike, e->task, now.task);
    if (finding_is_undecided(f, status) || !is_alike)
        return;
    judge(e, f, out, now.task, find(files, n, "year").data != NULL);
    l->alike[l->n_alike++] = (struct ska_frozen){.task = now.task};
    now.task = NULL;
}

/* Of two that follow right upon each other the later names the earlier. Returns how many of those
 * before the first, which is this release, are there. */
static uint32_t check_links(struct finding *f, const struct link *at, size_t n)
{
    uint32_t n_seen = 0;
    for (size_t i = 1; i < n; i++) {
        bool is_again = false;
        for (size_t k = 1; k < i; k++)
            is_again = is_again || at[k].number == at[i].number;
        n_seen += is_again ? 0 : 1;
        for (size_t k = 0; k < n; k++)
            if (at[k].number == at[i].number + 1 &&
                memcmp(at[k].previous, at[i].sha256, sizeof at[i].sha256) != 0)
                finding_bad(f,
                            words("utgåva nummer %u är inte den som nästa namnger",
                                  "release number %u is not the one that the next names"),
                            at[i].number);
    }
    return n_seen;
}

/* A release that names none: whether what was looked at has, with it, all parts of a year that
 * would be added up. n_unseen: releases before it that were not looked at. */
static void check_unnamed(const struct evidence *e, struct finding *f, const struct looked *l,
                          uint32_t n_unseen)
{
    uint32_t part[SKA_YEAR_PARTS_MAX], n_parts = 0;
    if (f->n_bad > 0 || f->is_undecided)
        return;
    if (ska_year_parts(part, &n_parts, e->task, l->alike, l->n_alike))
        finding_bad(f, "%s",
                    words("med denna är årets alla delar utgivna: listan över tidigare utgåvor och "
                          "årets summor fattas",
                          "with this one all parts of the year are released: the list of earlier "
                          "releases and the year's sums are missing"));
    else if (n_unseen > 0 && n_unseen + l->n_alike + 1 >= n_parts && n_parts > 0)
        (void)snprintf(f->detail, sizeof f->detail,
                       words("om årets alla delar var utgivna vet bara den som har alla utgåvor: "
                             "%u av de %u före denna fanns inte att titta på; --earlier MAPP",
                             "whether all parts of the year were released can tell who has all "
                             "releases: %u of the %u before this one could not be looked at; "
                             "--earlier FOLDER"),
                       n_unseen, e->release.place.number - 1);
}

void check_unlisted(const struct evidence *e, struct finding *f)
{
    SKA_SCOPED(looked_clear)
    struct looked l = {.at = ska_alloc(e->n_given + 1, sizeof *l.at),
                       .alike = ska_alloc(e->n_given + 1, sizeof *l.alike)};
    if (l.at == NULL || l.alike == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    l.n = 1;
    l.at[0].number = e->release.place.number;
    memcpy(l.at[0].previous, e->release.place.previous, sizeof l.at[0].previous);
    for (size_t i = 0; i < e->n_given; i++)
        look_at(&l, e, f, e->given[i].archive);
    const uint32_t n_before = l.at[0].number - 1, n_seen = check_links(f, l.at, l.n);
    const uint32_t n_unseen = n_seen < n_before ? n_before - n_seen : 0;
    if (e->earlier_file.data == NULL)
        check_unnamed(e, f, &l, n_unseen);
    else if (f->n_bad == 0 && !f->is_undecided && n_unseen > 0)
        (void)snprintf(f->detail, sizeof f->detail,
                       words("%u av de %u utgåvorna före denna fanns inte att titta på; "
                             "--earlier MAPP med alla",
                             "%u of the %u releases before this one could not be looked at; "
                             "--earlier FOLDER with all of them"),
                       n_unseen, n_before);
}
