/* SPDX-License-Identifier: EUPL-1.2 */
/* command_population.c - population: take in a table of inhabitants, for rates. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "reports/commands.h"
#include "reports/data/population.h"
#include "reports/data/release_day.h"
#include "support/file.h"
#include "support/language.h"

#define MISSING_NAMED 8 /* codes of four digits */

static enum ska_status check_options(struct population *p, const struct options *o,
                                     struct ska_error *err)
{
    uint64_t day_s = 0;
    if (o->n_periods != 1 || o->source == NULL || o->date == NULL)
        return ska_fail(
            err, SKA_E_USAGE,
            tr("skriv: skarva-publish population FIL --source TEXT --date 2024-12-31",
               "write: skarva-publish population FILE --source TEXT --date 2024-12-31"));
    if (release_day_parse(&day_s, o->date) != SKA_OK)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--date: \"%s\" är inget datum som 2024-12-31",
                           "--date: \"%s\" is not a date like 2024-12-31"),
                        o->date);
    if (day_s > (uint64_t)time(NULL) + 86400)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--date: %s har inte varit än", "--date: %s has not been yet"), o->date);
    size_t len = strlen(o->source);
    if (len == 0 || ska_text_check(o->source, len, SKA_NAME_MAX) != SKA_OK)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--source: en rad text på högst %d byte",
                           "--source: one line of text of at most %d bytes"),
                        SKA_NAME_MAX);
    memcpy(p->date, o->date, sizeof p->date);
    memcpy(p->source, o->source, len + 1);
    return SKA_OK;
}

/* A municipality of the collection without a row would quietly take the rates of every group that
 * it is in, unless the table has a row of all, and so sums of its own. */
static enum ska_status check_members(const struct population *p, const struct ska_roster *roster,
                                     const char *path, struct ska_error *err)
{
    char names[200] = "";
    size_t n = 0, n_missing = 0;
    if (population_find(p, "all") != NULL)
        return SKA_OK;
    for (uint32_t i = 0; i < roster->n; i++) {
        const char *code = roster->at[i].code;
        if (!population_is_municipality(code) || population_find(p, code) != NULL)
            continue;
        if (n_missing++ < MISSING_NAMED)
            n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", n > 0 ? ", " : "", code);
    }
    if (n_missing == 0)
        return SKA_OK;
    return ska_fail(err, SKA_E_FORMAT,
                    tr("%s: kolumnen med koder saknar %zu av insamlingens kommuner: %s%s",
                       "%s: the column of codes lacks %zu of the collection's municipalities: "
                       "%s%s"),
                    path, n_missing, names, n_missing > MISSING_NAMED ? " ..." : "");
}

enum ska_status command_population(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(population_clear) struct population p = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *csv = NULL;
    size_t len = 0;
    SKA_TRY(check_options(&p, o, err));
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(file_read(&csv, &len, o->periods[0], POPULATION_FILE_MAX, err));
    struct ska_error inner = {0};
    enum ska_status status = population_parse(&p, (struct ska_slice){csv, len}, &inner);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", o->periods[0],
                        inner.text[0] != '\0' ? inner.text : ska_status_text(status));
    SKA_TRY(check_members(&p, &c.roster, o->periods[0], err));
    SKA_TRY(population_store(&p, &c, err));
    uint32_t n_found = 0;
    for (uint32_t i = 0; i < p.n; i++)
        n_found += ska_roster_find(&c.roster, p.at[i].code) != SKA_NONE;
    printf(tr("%s: %u rader, %u av dem om uppgiftslämnare i insamlingen. Används från nästa "
              "publish.\n",
              "%s: %u rows, %u of them about contributors of the collection. In use from the next "
              "publish on.\n"),
           p.date, p.n, n_found);
    return SKA_OK;
}
