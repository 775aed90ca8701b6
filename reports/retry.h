/* SPDX-License-Identifier: EUPL-1.2 */
/* retry.h - doing again what the servers are not ready for, with growing pauses. */
#ifndef SKA_REPORTS_RETRY_H
#define SKA_REPORTS_RETRY_H

#include "crypto/status.h"

#include <stdint.h>
#include <time.h>

struct retry {
    uint64_t wait_s;
    struct timespec begin, pause;
};

/* Until `wait_s` seconds have passed; 0: one try. */
void retry_begin(struct retry *r, uint64_t wait_s);

/* After a try: whether it may do better and there is time; a pause is to come then. */
bool retry_is_due(const struct retry *r, enum ska_status status);
void retry_pause(struct retry *r);

#endif
