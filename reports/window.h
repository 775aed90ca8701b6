/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * window.h - when submissions are taken: what may be asked for, and what is told of it.
 *
 * The window is among the parameters that all three sign, so one that nobody can use spends the
 * period: it is refused before anything is signed or sent.
 */
#ifndef SKA_REPORTS_WINDOW_H
#define SKA_REPORTS_WINDOW_H

#include <stdio.h>

#include "protocol/task.h"

/* Shorter than this from now to its end is as good as over. */
#define WINDOW_LEFT_MIN_S 3600

struct window {
    uint64_t start_s, duration_s;
};

/* Whether there is too little left of it to open with. */
bool window_is_over(struct window window, uint64_t now_s);

/* The first second (UTC) after a period: of "2025Q2" that of 2025-07-01. 0 before 1970.
 * Precondition: `period` parses. */
uint64_t window_period_end(const char *period);

/* Whether a window may be proposed. SKA_E_USAGE with what was asked and what to give instead: it is
 * over already, or it starts before the period ended and `is_early` does not say that this is
 * meant. */
enum ska_status window_check(struct window window, const char *period, bool is_early,
                             uint64_t now_s, struct ska_error *err) SKA_MUST_CHECK;

/* Whether anything could be taken if a signed period were opened, or opened again. SKA_E_STATE. */
enum ska_status window_check_open(const struct ska_parameters *p, const char *name, uint64_t now_s,
                                  struct ska_error *err) SKA_MUST_CHECK;
enum ska_status window_check_reopen(const struct ska_parameters *p, const char *name,
                                    uint64_t now_s, struct ska_error *err) SKA_MUST_CHECK;

/* Its dates, and whether it is over. */
void window_tell(FILE *out, const struct ska_parameters *p, uint64_t now_s);

#endif
