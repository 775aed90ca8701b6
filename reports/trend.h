/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * trend.h - the index page: one line and one table for each indicator over all published periods.
 * It is made from published figures alone (figures.h).
 */
#ifndef SKA_REPORTS_TREND_H
#define SKA_REPORTS_TREND_H

#include "protocol/layout.h"
#include "reports/figures.h"

/* One place on the time axis. */
struct trend_period {
    char name[SKA_PERIOD_MAX + 1];
    bool is_published; /* else nothing is published for it: a gap */
    struct figures figures;
};

/* Periods of one cadence, oldest first, none left out between the first and the last. */
struct trend_series {
    enum ska_cadence cadence;
    struct ska_layout *layout; /* owned */
    size_t n;
    struct trend_period *periods; /* owned */
};

struct trend {
    const char *collection;                /* name, borrowed */
    const struct ska_catalogue *catalogue; /* borrowed */
    size_t n;
    struct trend_series *series; /* owned; cadences with at least one published period */
};
void trend_clear(struct trend *trend);

/* Append the index page. Failure is remembered by the writer. */
void trend_write(struct ska_writer *w, const struct trend *trend, bool swedish);

#endif
