/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue_period.c - names of periods: "2025" year, "2025H1" half-year, "2025T3" four months,
 * "2025Q2" quarter, "2025-07" month.
 */
#include "protocol/catalogue.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define YEAR_MIN 1900u
#define YEAR_MAX 2999u

struct period_form {
    const char *code;
    enum ska_cadence cadence;
    uint32_t parts;  /* periods in a year */
    uint32_t digits; /* of the part */
    char mark;       /* after the year; 0: nothing follows */
};

static const struct period_form forms[] = {
    {"month", SKA_MONTH, 12, 2, '-'},
    {"quarter", SKA_QUARTER, 4, 1, 'Q'},
    {"four_months", SKA_FOUR_MONTHS, 3, 1, 'T'},
    {"half_year", SKA_HALF_YEAR, 2, 1, 'H'},
    {"year", SKA_YEAR, 1, 0, '\0'},
};

static const struct period_form *form_of(char mark)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].mark == mark)
            return &forms[i];
    return NULL;
}

const char *ska_cadence_code(enum ska_cadence cadence)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].cadence == cadence)
            return forms[i].code;
    return "";
}

/* Exactly n decimal digits. */
static bool read_digits(uint32_t *value, const char *text, size_t n)
{
    uint32_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (uint32_t)(text[i] - '0');
    }
    *value = v;
    return true;
}

enum ska_status ska_period_parse(enum ska_cadence *cadence, uint32_t *year, uint32_t *part,
                                 const char *period)
{
    uint32_t y = 0;
    uint32_t p = 1;
    if (!read_digits(&y, period, 4) || y < YEAR_MIN || y > YEAR_MAX)
        return SKA_E_FORMAT;
    const struct period_form *form = form_of(period[4]);
    if (form == NULL)
        return SKA_E_FORMAT;
    if (form->digits > 0) {
        if (!read_digits(&p, period + 5, form->digits) || period[5 + form->digits] != '\0')
            return SKA_E_FORMAT;
        if (p < 1 || p > form->parts)
            return SKA_E_FORMAT;
    }
    *cadence = form->cadence;
    *year = y;
    *part = p;
    return SKA_OK;
}

void ska_period_previous(char out[static SKA_PERIOD_MAX + 1], const char *period)
{
    enum ska_cadence cadence = SKA_YEAR;
    uint32_t year = 0;
    uint32_t part = 0;
    enum ska_status status = ska_period_parse(&cadence, &year, &part, period);
    assert(status == SKA_OK);
    const struct period_form *form = form_of(period[4]);
    assert(form != NULL);
    if (part > 1) {
        part--;
    } else {
        part = form->parts;
        year--;
    }
    if (form->digits == 0)
        snprintf(out, SKA_PERIOD_MAX + 1, "%04u", year);
    else
        snprintf(out, SKA_PERIOD_MAX + 1, "%04u%c%0*u", year, form->mark, (int)form->digits, part);
}
