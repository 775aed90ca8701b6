/* SPDX-License-Identifier: EUPL-1.2 */
/* terms.c - the terms accepted last, on disk and beside the ones of now. */
#include "client/terms.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "client/counts.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#define HOUR_S 3600u

void terms_clear(struct terms *t)
{
    ska_parameters_clear(&t->parameters);
    *t = (struct terms){0};
}

/* --- on disk ---------------------------------------------------------------------------------- */

/* Whether the folder holds the terms of another collection. Temporary files have a dot, codes
 * none. */
static bool has_others(const char *folder, const char *collection)
{
    bool found = false;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return false;
    for (const struct dirent *e = readdir(dir); e != NULL && !found; e = readdir(dir))
        found = strchr(e->d_name, '.') == NULL && strcmp(e->d_name, collection) != 0;
    (void)closedir(dir); /* was only read */
    return found;
}

enum ska_status terms_recall(struct terms *out, const struct home *home, const char *collection,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    struct terms found = {0};
    SKA_TRY(home_path(&folder, home, "terms"));
    SKA_TRY(home_path(&path, home, "terms/%s", collection));
    found.others = has_others(folder, collection);
    found.known = file_exists(path);
    if (found.known) {
        SKA_TRY(file_read_secret(&bytes, &len, path, SKA_PARAMETERS_BYTES_MAX, err));
        enum ska_status status =
            ska_parameters_decode(&found.parameters, (struct ska_slice){bytes, len}, NULL);
        if (status == SKA_E_MEMORY)
            return status;
        if (status != SKA_OK || strcmp(found.parameters.collection, collection) != 0) {
            terms_clear(&found);
            return ska_fail(err, SKA_E_FORMAT,
                            tr("%s: filen är skadad; ta bort den, så visas hela förteckningen på "
                               "nytt",
                               "%s: the file is damaged; remove it, and the whole roster is shown "
                               "anew"),
                            path);
        }
    }
    *out = found;
    return SKA_OK;
}

enum ska_status terms_remember(const struct home *home, const struct ska_task *task,
                               struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&folder, home, "terms"));
    SKA_TRY(home_path(&path, home, "terms/%s", task->parameters.collection));
    SKA_TRY(file_make_folder(folder, true, err));
    return file_write(path, task->encoded, task->encoded_len, true, err);
}

/* --- for the eye ------------------------------------------------------------------------------ */

static const char *zeros_text(const struct ska_policy *policy)
{
    return policy->show_zero ? tr("visas", "shown") : tr("döljs", "hidden");
}

void terms_print(FILE *out, const struct ska_parameters *p, uint32_t ours)
{
    fprintf(out,
            tr("Uppgiftslämnarna i %s, %s (%" PRIu32 "):\n",
               "The contributors of %s, %s (%" PRIu32 "):\n"),
            p->collection, p->period, p->roster.n);
    for (uint32_t i = 0; i < p->roster.n; i++)
        fprintf(out, "  %-12s %s%s\n", p->roster.at[i].code, p->roster.at[i].name,
                i == ours ? tr("  (vi)", "  (we)") : "");
    fprintf(out,
            tr("Ges ut: summor med minst %" PRIu32 " svar; värden 1 till %" PRIu64
               " döljs; nollor %s.\n",
               "Published: totals with at least %" PRIu32 " answers; values 1 to %" PRIu64
               " are hidden; zeros are %s.\n"),
            p->policy.min_contributors, p->policy.threshold - 1, zeros_text(&p->policy));
}

/* --- beside each other ------------------------------------------------------------------------ */

/* Where changes go, and how many there were. */
struct changes {
    FILE *out; /* may be NULL */
    uint32_t n;
};

static void note(struct changes *c, const char *format, ...) SKA_PRINTF(2, 3);
static void note(struct changes *c, const char *format, ...)
{
    c->n++;
    if (c->out == NULL)
        return;
    va_list args;
    va_start(args, format);
    fputs("  ", c->out);
    vfprintf(c->out, format, args);
    fputc('\n', c->out);
    va_end(args);
}

/* One code, before and now; either may be missing. */
static void compare_member(struct changes *c, const struct ska_contributor *before,
                           const struct ska_contributor *now)
{
    if (before == NULL)
        note(c, tr("ny uppgiftslämnare: %s %s", "new contributor: %s %s"), now->code, now->name);
    else if (now == NULL)
        note(c, tr("inte längre med: %s %s", "no longer there: %s %s"), before->code, before->name);
    else if (strcmp(before->name, now->name) != 0)
        note(c, tr("nytt namn på %s: %s, förut %s", "new name of %s: %s, before %s"), now->code,
             now->name, before->name);
    if (before != NULL && now != NULL && memcmp(before->key, now->key, sizeof now->key) != 0)
        note(c, tr("ny nyckel för %s %s", "new key of %s %s"), now->code, now->name);
}

/* Both rosters are sorted by code. */
static void compare_rosters(struct changes *c, const struct ska_roster *before,
                            const struct ska_roster *now)
{
    uint32_t b = 0;
    uint32_t n = 0;
    while (b < before->n || n < now->n) {
        int order = b == before->n ? 1
                    : n == now->n  ? -1
                                   : strcmp(before->at[b].code, now->at[n].code);
        compare_member(c, order <= 0 ? &before->at[b] : NULL, order >= 0 ? &now->at[n] : NULL);
        b += order <= 0 ? 1 : 0;
        n += order >= 0 ? 1 : 0;
    }
}

static void compare_policies(struct changes *c, const struct ska_policy *before,
                             const struct ska_policy *now)
{
    if (before->min_contributors != now->min_contributors)
        note(c,
             tr("minsta antal svar: %" PRIu32 ", förut %" PRIu32,
                "least number of answers: %" PRIu32 ", before %" PRIu32),
             now->min_contributors, before->min_contributors);
    if (before->threshold != now->threshold)
        note(c,
             tr("tröskeln för små värden: %" PRIu64 ", förut %" PRIu64,
                "the threshold of small values: %" PRIu64 ", before %" PRIu64),
             now->threshold, before->threshold);
    if (before->show_zero != now->show_zero)
        note(c, tr("nollor %s, förut %s", "zeros are %s, before %s"), zeros_text(now),
             zeros_text(before));
}

static void compare_addresses(struct changes *c, const struct ska_parameters *before,
                              const struct ska_parameters *now)
{
    if (strcmp(before->leader_url, now->leader_url) != 0)
        note(c, tr("ledarens adress: %s, förut %s", "the leader's address: %s, before %s"),
             now->leader_url, before->leader_url);
    if (strcmp(before->helper_url, now->helper_url) != 0)
        note(c, tr("hjälparens adress: %s, förut %s", "the helper's address: %s, before %s"),
             now->helper_url, before->helper_url);
}

uint32_t terms_changes(FILE *out, const struct ska_parameters *before,
                       const struct ska_parameters *now)
{
    struct changes c = {.out = out};
    char hash_before[2 * SKA_HASH_BYTES + 1];
    char hash_now[2 * SKA_HASH_BYTES + 1];
    if (counts_catalogue_hash(hash_before, before->catalogue) != SKA_OK ||
        counts_catalogue_hash(hash_now, now->catalogue) != SKA_OK)
        return SKA_NONE;
    compare_rosters(&c, &before->roster, &now->roster);
    compare_policies(&c, &before->policy, &now->policy);
    if (before->cadence == now->cadence && before->window_duration_s != now->window_duration_s)
        note(&c,
             tr("inlämningstiden: %" PRIu64 " timmar, förut %" PRIu64,
                "the window: %" PRIu64 " hours, before %" PRIu64),
             now->window_duration_s / HOUR_S, before->window_duration_s / HOUR_S);
    if (strcmp(hash_before, hash_now) != 0)
        note(&c,
             tr("katalogen: %s %s (%.16s), förut %s %s (%.16s)",
                "the catalogue: %s %s (%.16s), before %s %s (%.16s)"),
             now->catalogue->id, now->catalogue->edition, hash_now, before->catalogue->id,
             before->catalogue->edition, hash_before);
    compare_addresses(&c, before, now);
    return c.n;
}
