/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * marks.h - which of our indicators are to be published only together with others'.
 *
 * A mark is a cell of the layout like any other: it is shared and added up, and nobody sees whose
 * it is. Where one contributor at least has marked an indicator, its figures are hidden in all sums
 * that the contributor is in (docs/disclosure-control.md, section 2).
 *
 * File marks/PERIOD in the home folder, mode 0600: a code of an indicator on each line. It is what
 * was said last, so that submitting again keeps it.
 */
#ifndef SKA_CLIENT_MARKS_H
#define SKA_CLIENT_MARKS_H

#include "client/counts.h"
#include "client/home.h"

/* Set the marks in `counts` as remembered; none if there is no file. SKA_E_FORMAT naming a file
 * that is damaged, and what to do. */
enum ska_status marks_recall(struct counts *counts, const struct ska_layout *layout,
                             const struct home *home, const char *period,
                             struct ska_error *err) SKA_MUST_CHECK;

/*
 * Set (or take away) the marks of the indicators in a list "NS01,NS05"; NULL: none.
 *
 * Returns SKA_OK; SKA_E_USAGE if one is no indicator of the period or cannot be marked: nothing is
 * changed then.
 */
enum ska_status marks_change(struct counts *counts, const struct ska_layout *layout,
                             const char *list, bool is_marked,
                             struct ska_error *err) SKA_MUST_CHECK;

/* Durably; also makes the folder. */
enum ska_status marks_remember(const struct counts *counts, const struct ska_layout *layout,
                               const struct home *home, const char *period,
                               struct ska_error *err) SKA_MUST_CHECK;

/* Whether the indicator of a cell is marked. */
bool marks_has(const struct counts *counts, const struct ska_layout *layout, uint32_t cell);

#endif
