/* SPDX-License-Identifier: EUPL-1.2 */
/* attacker_reason.h - what is told by the reason for which a figure is hidden. */
#ifndef SKA_TESTS_ATTACKER_REASON_H
#define SKA_TESTS_ATTACKER_REASON_H

#include "protocol/bundle.h"

/* What the reason of a figure of n submissions says, by the documented rule. */
static inline void attacker_reason(int64_t *lo, int64_t *hi, uint8_t reason,
                                   const struct ska_policy *p, int64_t n, int64_t cap)
{
    *lo = 0;
    *hi = cap;
    if (reason == SKA_HIDDEN_SMALL) {
        *lo = p->show_zero ? 1 : 0;
        *hi = (int64_t)p->threshold - 1 < cap ? (int64_t)p->threshold - 1 : cap;
    } else if (reason == SKA_HIDDEN_FEW) {
        *hi = (int64_t)p->min_contributors - 1 < n ? (int64_t)p->min_contributors - 1 : n;
    } else if (reason == SKA_HIDDEN_COMPLEMENT) {
        *lo = p->threshold > 1 ? (int64_t)p->threshold : 1;
    }
}

#endif
