/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * change.h - what may be said about the change between two published figures. Never from a hidden
 * one; and of small numbers nothing, since they go up and down by chance.
 *
 * 1. One of them is not shown: UNKNOWN.
 * 2. Both are below CHANGE_FEW_BELOW: FEW, too few to say.
 * 3. Equal: SAME.
 * 4. d is their difference, less what rounding to base b may have added (2 (b - 1)). Counts of
 *    independent events vary by about their square root: if d^2 <= 1.96^2 (before + now), it is
 *    CHANCE, no more than chance often does; else MORE or FEWER.
 */
#ifndef SKA_REPORTS_CHANGE_H
#define SKA_REPORTS_CHANGE_H

#include "reports/data/cube.h"

#define CHANGE_FEW_BELOW 20

enum change_kind {
    CHANGE_UNKNOWN = 0,
    CHANGE_FEW,
    CHANGE_SAME,
    CHANGE_CHANCE,
    CHANGE_MORE,
    CHANGE_FEWER
};

/* `rounding` is the policy's base, 0 or 1: exact. */
enum change_kind change_between(struct cube_figure before, struct cube_figure now,
                                uint64_t rounding);

/* Whether a figure has a value. */
bool change_has_value(struct cube_figure f);

/* The published period before `at` (the one just before it, not an older one), or of the same part
 * a year earlier; SKA_NONE if it is not on the axis. */
uint32_t change_period_before(const struct cube_series *s, size_t at);
uint32_t change_year_before(const struct cube_series *s, size_t at);

#endif
