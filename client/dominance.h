/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dominance.h - whether a published total would say much about our own figure.
 *
 * No server sees a contributor's figure, so that only its own program can see that it dominates. It
 * looks at the totals of indicators that can be marked (client/marks.h) and are not, and tells the
 * officer when our figure is
 *
 *     at least `share` percent of the last published total; or
 *     more than `times` times the median of our own earlier periods, and 5 more than it.
 *
 * Both are in skarva.conf: dominance_share (60) and dominance_times (3). What is compared never
 * leaves this machine.
 */
#ifndef SKA_CLIENT_DOMINANCE_H
#define SKA_CLIENT_DOMINANCE_H

#include "client/commands.h"
#include "client/notes.h"
#include "client/published.h"

#define DOMINANCE_SHARE 60    /* percent */
#define DOMINANCE_TIMES 3     /* the median */
#define DOMINANCE_PERIODS 8   /* earlier ones that are looked at */
#define DOMINANCE_MEDIAN_OF 2 /* at least so many of them have the figure */

/* What is compared with. All borrowed. */
struct dominance_input {
    const struct ska_layout *layout;
    const struct counts *counts;
    const struct counts *earlier; /* n_earlier of them; those that are empty are passed over */
    size_t n_earlier;
    const struct published *published;
    uint64_t share, times;
};
void dominance_find(struct notes *notes, const struct dominance_input *in);

/* All of it: earlier counts from the home folder, the last published table from the leader's site.
 * A table that cannot be had is a note, never a failure. */
void dominance_warn(struct notes *notes, const struct workplace *w, const struct counts *counts);

#endif
