/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * chart.h - one line over time as SVG, made here: axis from zero, labels at the points, and a
 * hatched gap with words where a value is hidden or missing. A gap is never a zero and no line
 * crosses it.
 */
#ifndef SKA_REPORTS_CHART_H
#define SKA_REPORTS_CHART_H

#include "crypto/bytes.h"

enum chart_state { CHART_MISSING, CHART_HIDDEN, CHART_SHOWN };

struct chart_point {
    const char *label; /* borrowed: "2025Q2" */
    enum chart_state state;
    uint64_t value; /* 0 unless shown */
};

/* All borrowed. */
struct chart {
    const char *id; /* unique on its page: an indicator's code */
    const char *title, *description, *unit;
    size_t n; /* at least 1 */
    const struct chart_point *points;
};

/* Append an svg element. Failure is remembered by the writer. */
void chart_write(struct ska_writer *w, const struct chart *chart, bool swedish);

/* The distance of the grid's lines: 1, 2 or 5 times a power of ten, at most five up to `max`. */
uint64_t chart_step(uint64_t max);

#endif
