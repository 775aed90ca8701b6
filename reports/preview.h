/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * preview.h - what a release will hide, why, and how much is lost by it, for the two who sign it.
 *
 * A table of all contributors and each group: figures, how many are shown and hidden, the hidden
 * ones by reason, and, where the totals are known (to the publisher alone), the share of the counts
 * that is hidden and what rounding changes; then each hidden figure by name. At most 100 columns
 * wide.
 */
#ifndef SKA_REPORTS_PREVIEW_H
#define SKA_REPORTS_PREVIEW_H

#include "protocol/figure.h"

/* A figure that the roll-up does not have. */
#define PREVIEW_MISSING 254

struct preview_input {
    const struct ska_task *task;
    const uint8_t *reason; /* by figure; 0: published, else enum ska_hidden_reason */
    const uint64_t *total; /* by figure; NULL: not known to whom it is shown */
    const uint64_t *shown; /* by figure, what is published where reason is 0; NULL if total is */
    const uint8_t
        *year_reason; /* by figure of the roll-up, PREVIEW_MISSING: none; NULL: no roll-up */
};

/* In the chosen language, appended. */
void preview_write(struct ska_writer *w, const struct preview_input *input);

#endif
