/* SPDX-License-Identifier: EUPL-1.2 */
/* review.h - counts as a table to look at, what looks odd about them, and which rules they break.
 */
#ifndef SKA_CLIENT_REVIEW_H
#define SKA_CLIENT_REVIEW_H

#include <stdio.h>

#include "client/counts.h"
#include "client/notes.h"

/* The table, aligned; `before` (may be NULL) is the period before. A blank indicator shows ".", a
 * marked one says so. */
void review_print(FILE *out, const struct ska_layout *layout, const char *period,
                  const struct counts *counts, const struct counts *before);

/* Remarks that never leave this machine: values over the catalogue's soft warning; values more than
 * twice or less than half of the period before and at least 5 apart; answered now and not before,
 * or the other way. */
void review_odd(struct notes *notes, const struct ska_layout *layout, const struct counts *counts,
                const struct counts *before);

/* Every bound and rule that is broken, by name with its values. Returns how many. */
size_t review_broken(struct notes *notes, const struct ska_layout *layout,
                     const struct counts *counts);

#endif
