/* SPDX-License-Identifier: EUPL-1.2 */
/* workplace.c - what several commands begin with. */
#include "client/commands.h"

#include <stdlib.h>
#include <string.h>

#include "client/marks.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

void workplace_close(struct workplace *w)
{
    session_close(&w->session);
    ska_layout_free(w->file_layout);
    ska_catalogue_free(w->file_catalogue);
    home_close(&w->home);
    *w = (struct workplace){0};
}

static enum exits usage(const char *text)
{
    fprintf(stderr, "skarva: %s\n", text);
    return EXITS_USAGE;
}

enum exits workplace_open_home(struct workplace *w, const struct arguments *a)
{
    enum ska_cadence cadence = SKA_YEAR;
    uint32_t year = 0;
    uint32_t part = 0;
    if (a->period == NULL)
        return usage(tr("ange --period, till exempel --period 2025Q2",
                        "give --period, for instance --period 2025Q2"));
    if (ska_period_parse(&cadence, &year, &part, a->period) != SKA_OK)
        return usage(tr("--period är 2025, 2025H1, 2025T3, 2025Q2 eller 2025-07",
                        "--period is 2025, 2025H1, 2025T3, 2025Q2 or 2025-07"));
    w->period = a->period;
    struct ska_error err = {0};
    enum ska_status status = home_open(&w->home, a->home, &err);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_HOME, &err);
}

static enum ska_status read_catalogue(struct workplace *w, const char *path, struct ska_error *err)
{
    enum ska_cadence cadence = SKA_YEAR;
    uint32_t year = 0;
    uint32_t part = 0;
    SKA_TRY(ska_period_parse(&cadence, &year, &part, w->period));
    SKA_SCOPED(ska_scoped_free) uint8_t *json = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&json, &len, path, SKA_CATALOGUE_BYTES_MAX, err));
    struct ska_error why = {0};
    enum ska_status status = ska_catalogue_parse(&w->file_catalogue, (const char *)json, len, &why);
    if (status == SKA_OK) /* the roster is not known here; cells and rules do not depend on it */
        status = ska_layout_new(&w->file_layout, w->file_catalogue, cadence, &why);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", path, why.text);
    w->layout = w->file_layout;
    return SKA_OK;
}

enum exits workplace_open(struct workplace *w, const struct arguments *a)
{
    enum exits code = workplace_open_home(w, a);
    if (code != EXITS_OK)
        return code;
    struct ska_error err = {0};
    enum ska_status status = SKA_OK;
    if (a->catalogue != NULL) {
        status = read_catalogue(w, a->catalogue, &err);
        return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_INPUT, &err);
    }
    status = session_open(&w->session, &w->home, a->collection, w->period, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    w->layout = w->session.task->layout;
    return EXITS_OK;
}

void workplace_read_earlier(struct counts *earlier, const struct workplace *w, const char *period)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    struct counts_origin origin;
    *earlier = (struct counts){0};
    if (home_path(&path, &w->home, "counts/%s.csv", period) != SKA_OK || !file_exists(path))
        return;
    ska_ignore(counts_read(earlier, &origin, path, w->layout, NULL),
               "a help for the eye; another catalogue then has nothing to compare with");
}

void workplace_read_before(struct counts *before, const struct workplace *w)
{
    char previous[SKA_PERIOD_MAX + 1];
    ska_period_previous(previous, w->period);
    workplace_read_earlier(before, w, previous);
}

enum exits workplace_read_counts(struct counts *counts, const struct workplace *w,
                                 const struct arguments *a)
{
    SKA_SCOPED(ska_scoped_free) char *kept = NULL;
    struct ska_error err = {0};
    struct counts_origin origin = {0};
    enum ska_status status = home_path(&kept, &w->home, "counts/%s.csv", w->period);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    const char *path = a->counts != NULL ? a->counts : kept;
    if (a->counts == NULL && !file_exists(path)) {
        fprintf(stderr,
                tr("skarva: %s finns inte; kör först skarva tally --period %s\n",
                   "skarva: %s does not exist; run skarva tally --period %s first\n"),
                path, w->period);
        return EXITS_INPUT;
    }
    status = counts_read(counts, &origin, path, w->layout, &err);
    if (status == SKA_OK)
        status = counts_check_origin(&origin, path, w->period, w->layout->catalogue, &err);
    enum exits_phase phase = EXITS_DOING_INPUT;
    if (status == SKA_OK) {
        phase = EXITS_DOING_HOME;
        status = marks_recall(counts, w->layout, &w->home, w->period, &err);
    }
    if (status == SKA_OK)
        return EXITS_OK;
    counts_clear(counts);
    return exits_fail(status, phase, &err);
}
