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

/* The codes of a group's members, to the end of the line. */
static void print_members(FILE *out, const struct ska_group *group, const struct ska_roster *roster)
{
    for (uint32_t i = 0; i < group->n_members; i++)
        fprintf(out, " %s", roster->at[group->members[i]].code);
    fputc('\n', out);
}

static void print_groups(FILE *out, const struct ska_parameters *p)
{
    if (p->groups.n > 0)
        fputs(tr("Summor ges ut också för dessa grupper:\n",
                 "Totals are published for these groups too:\n"),
              out);
    for (uint32_t g = 0; g < p->groups.n; g++) {
        const struct ska_group *group = &p->groups.at[g];
        fprintf(out, "  %-12s %s:", group->code, tr(group->sv, group->en));
        print_members(out, group, &p->roster);
    }
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
    if (p->policy.rounding != 0)
        fprintf(out,
                tr("Antal visas avrundade till multiplar av %" PRIu64 ".\n",
                   "Counts are shown rounded to multiples of %" PRIu64 ".\n"),
                p->policy.rounding);
    print_groups(out, p);
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

/* Whether a group has the same members, by code. Members stand in the order of codes. */
static bool is_same_group(const struct ska_group *a, const struct ska_roster *a_roster,
                          const struct ska_group *b, const struct ska_roster *b_roster)
{
    if (a->n_members != b->n_members)
        return false;
    for (uint32_t i = 0; i < a->n_members; i++)
        if (strcmp(a_roster->at[a->members[i]].code, b_roster->at[b->members[i]].code) != 0)
            return false;
    return true;
}

/* Who is added up with us: a sum of three, two of whom are the publisher's, is ours. */
static void compare_groups(struct changes *c, const struct ska_parameters *before,
                           const struct ska_parameters *now)
{
    for (uint32_t g = 0; g < now->groups.n; g++) {
        const struct ska_group *group = &now->groups.at[g];
        uint32_t old = ska_groups_find(&before->groups, group->code);
        if (old != SKA_NONE &&
            is_same_group(&before->groups.at[old], &before->roster, group, &now->roster))
            continue;
        c->n++;
        if (c->out == NULL)
            continue;
        fprintf(c->out,
                old == SKA_NONE
                    ? tr("  ny grupp med egna summor, %s (%s):",
                         "  new group with totals of its own, %s (%s):")
                    : tr("  gruppen %s (%s) består nu av:", "  the group %s (%s) now consists of:"),
                group->code, tr(group->sv, group->en));
        print_members(c->out, group, &now->roster);
    }
    for (uint32_t g = 0; g < before->groups.n; g++)
        if (ska_groups_find(&now->groups, before->groups.at[g].code) == SKA_NONE)
            note(c, tr("inte längre en grupp: %s", "no longer a group: %s"),
                 before->groups.at[g].code);
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
    if (before->protection != now->protection)
        note(c,
             tr("minsta osäkerhet om ett dolt värde: %" PRIu64 ", förut %" PRIu64,
                "least uncertainty of a hidden value: %" PRIu64 ", before %" PRIu64),
             now->protection, before->protection);
    if (before->rounding != now->rounding)
        note(c,
             tr("avrundning till multiplar av: %" PRIu64 ", förut %" PRIu64 " (0: exakta antal)",
                "rounding to multiples of: %" PRIu64 ", before %" PRIu64 " (0: exact counts)"),
             now->rounding, before->rounding);
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
    compare_groups(&c, before, now);
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
