/* SPDX-License-Identifier: EUPL-1.2 */
/* site.c - writing the folder of published pages. */
#include "reports/site.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/period.h"
#include "reports/style.h"
#include "reports/trend.h"
#include "support/file.h"

#define FIGURES_MAX_BYTES ((size_t)1 << 20)
#define AXIS_MAX 400 /* places on a time axis: a month's series over 33 years */

SKA_DEFINE_RELEASE(DIR *, dir_release, (void)closedir)

static enum ska_status write_file(const struct collection *c, const char *folder, const char *stem,
                                  const char *ending, struct ska_slice data, struct ska_error *err)
{
    char name[SKA_CODE_MAX + SKA_PERIOD_MAX + 32];
    (void)snprintf(name, sizeof name, "%s%s", stem, ending); /* fits: a code, a period */
    SKA_SCOPED(ska_scoped_free) char *path = home_path(c->site, folder, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_write(path, data.data, data.len, false, err);
}

static enum ska_status make_folders(const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *en = file_join(c->site, "en");
    SKA_SCOPED(ska_scoped_free) char *bundles = file_join(c->site, "bundles");
    if (en == NULL || bundles == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(file_make_folder(en, false, err));
    return file_make_folder(bundles, false, err);
}

enum ska_status site_write_period(const struct collection *c, const char *period,
                                  struct ska_slice bundle, struct ska_slice table,
                                  struct ska_slice page_sv, struct ska_slice page_en,
                                  struct ska_error *err)
{
    char stem[SKA_CODE_MAX + SKA_PERIOD_MAX + 2];
    (void)snprintf(stem, sizeof stem, "%s-%s", c->name, period); /* fits: a code, a period */
    SKA_TRY(make_folders(c, err));
    SKA_TRY(write_file(c, "bundles", stem, ".tar", bundle, err));
    SKA_TRY(write_file(c, ".", period, ".csv", table, err));
    SKA_TRY(write_file(c, ".", period, ".html", page_sv, err));
    return write_file(c, "en", period, ".html", page_en, err);
}

/* Index --------------------------------------------------------------------------------------- */

static int compare_periods(const void *a, const void *b)
{
    const struct trend_period *left = a, *right = b;
    return strcmp(left->name, right->name); /* within a cadence names sort by time */
}

/* The place for one more period at the end, not counted yet; NULL if the axis is full. */
static struct trend_period *next_place(struct trend_series *s)
{
    return s->n < AXIS_MAX ? &s->periods[s->n] : NULL;
}

/* Add the periods between the first and the last for which nothing is published. */
static enum ska_status fill_gaps(struct trend_series *s)
{
    size_t n_published = s->n;
    for (size_t i = 1; i < n_published; i++) {
        char name[SKA_PERIOD_MAX + 1];
        ska_period_previous(name, s->periods[i].name);
        while (strcmp(name, s->periods[i - 1].name) > 0) {
            struct trend_period *place = next_place(s);
            if (place == NULL)
                return SKA_E_LIMIT;
            memcpy(place->name, name, sizeof place->name);
            s->n++;
            char before[SKA_PERIOD_MAX + 1];
            ska_period_previous(before, name);
            memcpy(name, before, sizeof name);
        }
    }
    qsort(s->periods, s->n, sizeof *s->periods, compare_periods);
    return SKA_OK;
}

static enum ska_status read_figures(struct figures *f, const char *path,
                                    const struct ska_layout *layout,
                                    const struct ska_groups *groups, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&text, &len, path, FIGURES_MAX_BYTES, err));
    if (figures_decode(f, (struct ska_slice){text, len}, layout, groups) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, "%s: %s", path, ska_status_text(SKA_E_FORMAT));
    return SKA_OK;
}

static enum ska_status add_period(struct trend *trend, const struct collection *c, const char *name,
                                  struct ska_error *err)
{
    enum ska_cadence cadence;
    uint32_t year, part;
    SKA_SCOPED(ska_scoped_free) char *periods = home_path(c->folder, "periods", name);
    SKA_SCOPED(ska_scoped_free) char *path = periods != NULL ? file_join(periods, "figures") : NULL;
    if (path == NULL)
        return SKA_E_MEMORY;
    if (strlen(name) > SKA_PERIOD_MAX || !file_exists(path) ||
        ska_period_parse(&cadence, &year, &part, name) != SKA_OK)
        return SKA_OK;
    struct trend_series *s = trend->series;
    while (s < trend->series + trend->n && s->cadence != cadence)
        s++;
    if (s == trend->series + trend->n) {
        s->cadence = cadence;
        s->periods = ska_alloc(AXIS_MAX, sizeof *s->periods);
        if (s->periods == NULL)
            return SKA_E_MEMORY;
        trend->n++;
        SKA_TRY(ska_layout_new(&s->layout, c->catalogue, cadence, err));
    }
    struct trend_period *p = next_place(s);
    if (p == NULL)
        return ska_fail(err, SKA_E_LIMIT, "%s: %s", path, ska_status_text(SKA_E_LIMIT));
    p->is_published = true;
    memcpy(p->name, name, strlen(name) + 1);
    SKA_TRY(read_figures(&p->figures, path, s->layout, &c->groups.groups, err));
    s->n++;
    return SKA_OK;
}

static int compare_series(const void *a, const void *b)
{
    const struct trend_series *left = a, *right = b;
    return (int)left->cadence - (int)right->cadence;
}

static enum ska_status load_trend(struct trend *trend, const struct collection *c,
                                  struct ska_error *err)
{
    *trend = (struct trend){.collection = c->name, .catalogue = c->catalogue};
    trend->series = ska_alloc(SKA_YEAR + 1, sizeof *trend->series); /* one for each cadence */
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "periods");
    if (trend->series == NULL || path == NULL)
        return SKA_E_MEMORY;
    SKA_SCOPED(dir_release) DIR *dir = opendir(path);
    if (dir == NULL)
        return ska_fail(err, SKA_E_FILE, "%s: %s", path, ska_status_text(SKA_E_FILE));
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            SKA_TRY(add_period(trend, c, entry->d_name, err));
    qsort(trend->series, trend->n, sizeof *trend->series, compare_series);
    for (size_t s = 0; s < trend->n; s++) {
        struct trend_series *series = &trend->series[s];
        if (series->n == 0)
            continue;
        qsort(series->periods, series->n, sizeof *series->periods, compare_periods);
        SKA_TRY(fill_gaps(series));
    }
    return SKA_OK;
}

enum ska_status site_write_index(const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(trend_clear) struct trend trend = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer en = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer css = {0};
    for (const char *const *piece = site_style; *piece != NULL; piece++)
        ska_write_bytes(&css, *piece, strlen(*piece));
    SKA_TRY(ska_writer_status(&css));
    SKA_TRY(load_trend(&trend, c, err));
    trend_write(&sv, &trend, true);
    trend_write(&en, &trend, false);
    SKA_TRY(ska_writer_status(&sv));
    SKA_TRY(ska_writer_status(&en));
    SKA_TRY(make_folders(c, err));
    SKA_TRY(write_file(c, ".", "style", ".css", (struct ska_slice){css.data, css.len}, err));
    SKA_TRY(write_file(c, ".", "index", ".html", (struct ska_slice){sv.data, sv.len}, err));
    return write_file(c, "en", "index", ".html", (struct ska_slice){en.data, en.len}, err);
}
