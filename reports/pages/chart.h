/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * chart.h - charts as SVG, made here from published figures: a line over time, a small line for a
 * row of a table, a bar, a map of tiles. Axes begin at zero. A value that is hidden is a hatch with
 * words and a break in the line, a missing one a gap; neither is ever a zero, and no line crosses
 * it. No style stands in an SVG: classes and attributes only.
 *
 * The hatch is one pattern for a page, chart_write_hatch, before the first chart.
 */
#ifndef SKA_REPORTS_CHART_H
#define SKA_REPORTS_CHART_H

#include "crypto/bytes.h"

enum chart_state { CHART_MISSING, CHART_HIDDEN, CHART_SHOWN };

/* Values are whole units of 10^-decimals of their chart. */
struct chart_point {
    const char *name;  /* borrowed: "2025Q2" */
    const char *label; /* borrowed: "kv. 2 2025" */
    uint32_t year, part;
    enum chart_state state;
    uint64_t value; /* 0 unless shown */
};

/* All borrowed. */
struct chart {
    const char *id;          /* unique on its page: letters, digits, _ and - */
    const char *title;       /* what the chart shows */
    const char *description; /* for those who cannot see it */
    const char *unit;
    const char *cell; /* the figures' code, for data-cell */
    unsigned decimals;
    size_t n; /* at least 1 */
    const struct chart_point *points;
};

/* Append the page's hatch pattern. Failure is remembered by the writer, here and below. */
void chart_write_hatch(struct ska_writer *w);

/* Append the line twice, wide and narrow; the style sheet shows the one that fits. */
void chart_write(struct ska_writer *w, const struct chart *chart, bool swedish);

/* Append a small line without axis, for eyes only (the numbers stand beside it). `max` is the value
 * at its top, the same for all rows of a table. */
void chart_write_spark(struct ska_writer *w, const struct chart_point *points, size_t n,
                       uint64_t max, const char *class);

/* Append a bar of value / max of the full length, or a hatch. For eyes only. */
void chart_write_bar(struct ska_writer *w, enum chart_state state, uint64_t value, uint64_t max);

/* The largest value shown, at least 1. */
uint64_t chart_largest(const struct chart_point *points, size_t n);

/* The distance of the grid's lines: 1, 2 or 5 times a power of ten, at most five up to `max`. */
uint64_t chart_step(uint64_t max);

/* A tile of a map: a square with a name and a value. */
struct chart_tile {
    const char *name, *text; /* borrowed; `text` is the value as written, ".." or "." */
    const char *block;       /* the group's code, for data-block */
    enum chart_state state;
    int32_t x, y;  /* place, from 0 */
    unsigned step; /* depth of its colour, 0 (least) to CHART_STEPS - 1 */
};
#define CHART_STEPS 5
void chart_write_tiles(struct ska_writer *w, const struct chart_tile *tiles, size_t n,
                       const char *id, const char *title, const char *description);

#endif
