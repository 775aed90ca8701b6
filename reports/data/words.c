/* SPDX-License-Identifier: EUPL-1.2 */
/* words.c - numbers, rates, days and periods as people read them. */
#include "reports/data/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "protocol/bundle.h"
#include "reports/data/figures.h"

static const char *in(bool swedish, const char *sv, const char *en)
{
    return swedish ? sv : en;
}

static const char *const months[2][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
     "oktober", "november", "december"}};

void words_period(char out[static WORDS_PERIOD_MAX], const char *period, bool swedish)
{
    static const char *const ordinal[2][4] = {{"first", "second", "third", "fourth"},
                                              {"första", "andra", "tredje", "fjärde"}};
    enum ska_cadence cadence;
    uint32_t year = 0, part = 1;
    const char *unit = "";
    if (ska_period_parse(&cadence, &year, &part, period) != SKA_OK || part < 1) {
        (void)snprintf(out, WORDS_PERIOD_MAX, "%s", period);
        return;
    }
    switch (cadence) {
    case SKA_YEAR:
        (void)snprintf(out, WORDS_PERIOD_MAX, "%" PRIu32, year);
        return;
    case SKA_MONTH:
        (void)snprintf(out, WORDS_PERIOD_MAX, "%s %" PRIu32, months[swedish][(part - 1) % 12],
                       year);
        return;
    case SKA_QUARTER:
        unit = in(swedish, "kvartalet", "quarter of");
        break;
    case SKA_FOUR_MONTHS:
        unit = in(swedish, "tertialet", "four-month period of");
        break;
    case SKA_HALF_YEAR:
        unit = in(swedish, "halvåret", "half of");
        break;
    }
    (void)snprintf(out, WORDS_PERIOD_MAX, "%s %s %" PRIu32, ordinal[swedish][(part - 1) % 4], unit,
                   year); /* fits: the longest is 42 bytes */
}

void words_period_short(char out[static WORDS_PERIOD_MAX], const char *period, bool swedish)
{
    enum ska_cadence cadence;
    uint32_t year = 0, part = 1;
    if (ska_period_parse(&cadence, &year, &part, period) != SKA_OK || cadence == SKA_YEAR ||
        cadence == SKA_MONTH) {
        words_period(out, period, swedish);
        return;
    }
    char head[16];
    (void)snprintf(head, sizeof head, "%s", words_part(cadence, part, swedish));
    if (swedish) /* "Kv. 2", "Halvår 2": ASCII */
        head[0] = (char)(head[0] | 0x20);
    (void)snprintf(out, WORDS_PERIOD_MAX, "%s %" PRIu32, head, year);
}

const char *words_part(enum ska_cadence cadence, uint32_t part, bool swedish)
{
    static const char *const quarters[2][4] = {{"Q1", "Q2", "Q3", "Q4"},
                                               {"Kv. 1", "Kv. 2", "Kv. 3", "Kv. 4"}};
    static const char *const thirds[2][3] = {{"Jan\xE2\x80\x93"
                                              "Apr",
                                              "May\xE2\x80\x93"
                                              "Aug",
                                              "Sep\xE2\x80\x93"
                                              "Dec"},
                                             {"Tertial 1", "Tertial 2", "Tertial 3"}};
    static const char *const halves[2][2] = {{"H1", "H2"}, {"Halvår 1", "Halvår 2"}};
    static const char *const short_months[2][12] = {
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
        {"Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec"}};
    uint32_t i = part > 0 ? part - 1 : 0;
    switch (cadence) {
    case SKA_MONTH:
        return short_months[swedish][i % 12];
    case SKA_QUARTER:
        return quarters[swedish][i % 4];
    case SKA_FOUR_MONTHS:
        return thirds[swedish][i % 3];
    case SKA_HALF_YEAR:
        return halves[swedish][i % 2];
    case SKA_YEAR:
        break;
    }
    return "";
}

uint32_t words_parts(enum ska_cadence cadence)
{
    switch (cadence) {
    case SKA_MONTH:
        return 12;
    case SKA_QUARTER:
        return 4;
    case SKA_FOUR_MONTHS:
        return 3;
    case SKA_HALF_YEAR:
        return 2;
    case SKA_YEAR:
        break;
    }
    return 1;
}

const char *words_cadence(enum ska_cadence cadence, bool swedish)
{
    switch (cadence) {
    case SKA_MONTH:
        return in(swedish, "varje månad", "every month");
    case SKA_QUARTER:
        return in(swedish, "varje kvartal", "every quarter");
    case SKA_FOUR_MONTHS:
        return in(swedish, "varje tertial", "every four months");
    case SKA_HALF_YEAR:
        return in(swedish, "varje halvår", "every half-year");
    case SKA_YEAR:
        break;
    }
    return in(swedish, "varje år", "every year");
}

const char *words_per(enum ska_cadence cadence, bool swedish)
{
    switch (cadence) {
    case SKA_MONTH:
        return in(swedish, "per månad", "per month");
    case SKA_QUARTER:
        return in(swedish, "per kvartal", "per quarter");
    case SKA_FOUR_MONTHS:
        return in(swedish, "per tertial", "per four months");
    case SKA_HALF_YEAR:
        return in(swedish, "per halvår", "per half-year");
    case SKA_YEAR:
        break;
    }
    return in(swedish, "per år", "per year");
}

static bool day_of(struct tm *day, uint64_t time_s)
{
    time_t t = (time_t)time_s;
    return gmtime_r(&t, day) != NULL;
}

void words_day(char out[static WORDS_DAY_MAX], uint64_t time_s, bool swedish)
{
    struct tm day;
    out[0] = '\0';
    if (day_of(&day, time_s))
        (void)snprintf(out, WORDS_DAY_MAX, "%d %s %d", day.tm_mday, months[swedish][day.tm_mon],
                       day.tm_year + 1900);
}

void words_day_iso(char out[static WORDS_DAY_MAX], uint64_t time_s)
{
    struct tm day;
    out[0] = '\0';
    if (day_of(&day, time_s))
        (void)strftime(out, WORDS_DAY_MAX, "%Y-%m-%d", &day);
}

const char *words_hidden(uint8_t reason, bool swedish)
{
    static const char *const words[][2] = {
        {"protected figure", "skyddat värde"},
        [SKA_HIDDEN_SMALL] = {"protected figure: a small number", "skyddat värde: litet antal"},
        [SKA_HIDDEN_FEW] = {"protected figure: too few answered",
                            "skyddat värde: för få har svarat"},
        [SKA_HIDDEN_DEPENDENT] = {"protected figure: belongs to another one",
                                  "skyddat värde: hör till ett annat"},
        [SKA_HIDDEN_COMPLEMENT] = {"protected figure: protects another one",
                                   "skyddat värde: skyddar ett annat"},
        [SKA_HIDDEN_BLOCK] = {"protected figure: too few of the group answered",
                              "skyddat värde: för få i gruppen har svarat"},
        [SKA_HIDDEN_MARKED] = {"published only together with others\'",
                               "publiceras bara tillsammans med andras"},
        [SKA_HIDDEN_KEPT] = {"protected figure: protected before the correction too",
                             "skyddat värde: skyddat redan före rättelsen"},
        [SKA_HIDDEN_WITHDRAWN] = {"withheld: cannot be protected otherwise",
                                  "hålls inne: kan inte skyddas på annat sätt"},
        [SKA_HIDDEN_SUMMED] = {"protected figure: protects the year\'s parts",
                               "skyddat värde: skyddar årets delar"},
        [FIGURES_WHOLE] = {"published for the whole area only", "publiceras bara för hela området"},
    };
    return words[reason < sizeof words / sizeof words[0] ? reason : 0][swedish];
}

void words_decimal(char out[static FIGURES_TEXT_MAX], uint64_t value, unsigned decimals,
                   bool swedish)
{
    uint64_t scale = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
    figures_number_text(out, value / scale, swedish);
    size_t n = strlen(out);
    if (decimals > 0)
        (void)snprintf(out + n, FIGURES_TEXT_MAX - n, "%s%0*" PRIu64, in(swedish, ",", "."),
                       (int)decimals, value % scale); /* fits: three more bytes */
}

uint64_t words_rate(uint64_t value, uint32_t per, uint64_t inhabitants, unsigned decimals)
{
    uint64_t scale = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
    __extension__ unsigned __int128 top = (unsigned __int128)value * per * scale * 2 + inhabitants,
                                    twice = (unsigned __int128)inhabitants * 2;
    return (uint64_t)(top / twice);
}
