/* SPDX-License-Identifier: EUPL-1.2 */
/* retry.c - pauses between tries. */
#include "reports/retry.h"

void retry_begin(struct retry *r, uint64_t wait_s)
{
    *r = (struct retry){.wait_s = wait_s, .pause = {.tv_nsec = 200 * 1000 * 1000}};
    (void)clock_gettime(CLOCK_MONOTONIC, &r->begin); /* cannot fail for this clock */
}

bool retry_is_due(const struct retry *r, enum ska_status status)
{
    struct timespec now;
    if (status != SKA_E_BUSY && status != SKA_E_NETWORK && status != SKA_E_TIMEOUT)
        return false;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)(now.tv_sec - r->begin.tv_sec) < r->wait_s;
}

void retry_pause(struct retry *r)
{
    (void)nanosleep(&r->pause, NULL); /* an interrupted pause is only shorter */
    if (r->pause.tv_sec < 2 && r->pause.tv_nsec >= 800 * 1000 * 1000)
        r->pause = (struct timespec){.tv_sec = 2};
    else if (r->pause.tv_sec == 0)
        r->pause.tv_nsec *= 2;
}
