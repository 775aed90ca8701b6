/* SPDX-License-Identifier: EUPL-1.2 */
/* data_atom.c - the Atom feed of releases (RFC 4287). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/data/data_feeds.h"
#include "reports/data/release_day.h"
#include "reports/data/words.h"
#include "reports/html.h"

struct release {
    const struct cube_period *period; /* borrowed from the cube */
};

static int compare_releases(const void *a, const void *b)
{
    const struct cube_period *left = ((const struct release *)a)->period;
    const struct cube_period *right = ((const struct release *)b)->period;
    if (left->released_at_s != right->released_at_s)
        return left->released_at_s > right->released_at_s ? -1 : 1; /* newest first */
    return strcmp(right->name, left->name);
}

/* The published periods of all series but roll-ups, which come with a period. */
static enum ska_status list_releases(struct release **out, size_t *n, const struct cube *cube)
{
    size_t room = 1;
    for (size_t s = 0; s < cube->n_series; s++)
        room += cube->series[s].n;
    struct release *at = ska_alloc(room, sizeof *at);
    if (at == NULL)
        return SKA_E_MEMORY;
    *n = 0;
    for (size_t s = 0; s < cube->n_series; s++)
        for (size_t i = 0; i < cube->series[s].n && !cube->series[s].is_rollup; i++)
            if (cube->series[s].periods[i].is_published)
                at[(*n)++].period = &cube->series[s].periods[i];
    qsort(at, *n, sizeof *at, compare_releases);
    *out = at;
    return SKA_OK;
}

static void write_entry(struct ska_writer *w, const struct cube *cube, const struct cube_period *p,
                        const char *base, bool swedish)
{
    char day[RELEASE_DAY_TEXT_BYTES], period[WORDS_PERIOD_MAX], revision[12], counted[64];
    const char *folder = swedish ? "" : "en/";
    release_day_text(day, p->released_at_s);
    words_period(period, p->name, swedish);
    (void)snprintf(revision, sizeof revision, "%u", p->revision);
    (void)snprintf(counted, sizeof counted,
                   swedish ? "%u av %u uppgiftslämnare svarade."
                           : "%u of %u contributors answered.",
                   p->n_counted, p->n_roster);
    HTML(w,
         "<entry>\n<id>{}{}.html#revision-{}</id>\n<title>{}, {}</title>\n"
         "<updated>{}T00:00:00Z</updated>\n<link rel=\"alternate\" type=\"text/html\" "
         "href=\"{}{}{}.html\"/>\n",
         base, p->name, revision, words_text(&cube->catalogue->title, swedish), period, day, base,
         folder, p->release);
    HTML(w,
         "<link rel=\"enclosure\" type=\"text/csv\" href=\"{}{}.csv\"/>\n"
         "<link rel=\"enclosure\" type=\"application/x-tar\" href=\"{}bundles/{}-{}.tar\"/>\n"
         "<summary>{}</summary>\n</entry>\n",
         base, p->release, base, cube->collection, p->release, counted);
}

void data_atom(struct ska_writer *w, const struct cube *cube, const struct about *about,
               const char *base, bool swedish)
{
    SKA_SCOPED(ska_scoped_free) struct release *at = NULL;
    size_t n = 0;
    char day[RELEASE_DAY_TEXT_BYTES] = "1970-01-01";
    const char *title = words_text(&cube->catalogue->title, swedish);
    const char *folder = swedish ? "" : "en/";
    if (list_releases(&at, &n, cube) != SKA_OK) {
        w->status = SKA_E_MEMORY;
        return;
    }
    if (n > 0)
        release_day_text(day, at[0].period->released_at_s);
    HTML(
        w,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<id>{}{}releases.atom</id>\n"
        "<title>{}</title>\n<updated>{}T00:00:00Z</updated>\n<author><name>{}</name></author>\n",
        swedish ? "sv" : "en", base, folder, title, day,
        about->publisher[0] != '\0' ? about->publisher : title);
    HTML(w,
         "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}{}releases.atom\"/>\n"
         "<link rel=\"alternate\" type=\"text/html\" href=\"{}{}\"/>\n",
         base, folder, base, folder);
    for (size_t i = 0; i < n; i++)
        write_entry(w, cube, at[i].period, base, swedish);
    html_raw(w, "</feed>\n");
}
