/* SPDX-License-Identifier: EUPL-1.2 */
/* words.h - numbers, rates, days and periods as people read them, by each language's rules. */
#ifndef SKA_REPORTS_WORDS_H
#define SKA_REPORTS_WORDS_H

#include "protocol/catalogue.h"
#include "reports/data/figures.h"

/* One of a text's two languages. */
static inline const char *words_text(const struct ska_text *text, bool swedish)
{
    return swedish ? text->sv : text->en;
}

/* "andra kvartalet 2025", "second quarter of 2025"; a name that is no period comes back as it is.
 */
#define WORDS_PERIOD_MAX 64
void words_period(char out[static WORDS_PERIOD_MAX], const char *period, bool swedish);

/* The same in little room: "kv. 2 2025", "Q2 2025"; "2025"; "juli 2025". */
void words_period_short(char out[static WORDS_PERIOD_MAX], const char *period, bool swedish);

/* The head of a column of a year's parts: "Kv. 2", "Q2"; "Halvår 2", "H2"; "Jul"; "" for a year.
 * Static. */
const char *words_part(enum ska_cadence cadence, uint32_t part, bool swedish);

/* How many parts a year has: 12, 4, 3, 2, 1. */
uint32_t words_parts(enum ska_cadence cadence);

/* "varje kvartal", "every quarter". */
const char *words_cadence(enum ska_cadence cadence, bool swedish);

/* "per kvartal", "per quarter". */
const char *words_per(enum ska_cadence cadence, bool swedish);

/* The day (UTC) of a time: "28 januari 2026", "28 January 2026"; and as "2026-01-28". */
#define WORDS_DAY_MAX 40
void words_day(char out[static WORDS_DAY_MAX], uint64_t time_s, bool swedish);
void words_day_iso(char out[static WORDS_DAY_MAX], uint64_t time_s);

/* What ".." stands for: "skyddat värde: litet antal"; of a reason (enum ska_hidden_reason). */
const char *words_hidden(uint8_t reason, bool swedish);

/* A number of 10^-decimals, decimals 0 to 2: "1 234,5", "1,234.5". */
void words_decimal(char out[static FIGURES_TEXT_MAX], uint64_t value, unsigned decimals,
                   bool swedish);

/* value * per / inhabitants in units of 10^-decimals, halves up. inhabitants > 0. */
uint64_t words_rate(uint64_t value, uint32_t per, uint64_t inhabitants, unsigned decimals);

#endif
