/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * follow.h - one look at a log: is it still the one that we have, only longer?
 *
 * 1. A checkpoint becomes ours only if a log of the policy and the quorum signed it, and our leaves
 *    with the new ones give its root: each step extends the one before, back to the first.
 * 2. What the log serves is compared with our copy again and again: all that is new, the tiles with
 *    it, and in each round WATCH_RECHECK of the old bundles, in turn.
 */
#ifndef SKA_WATCH_FOLLOW_H
#define SKA_WATCH_FOLLOW_H

#include "watch/alarm.h"

/* Old bundles, of 256 entries, that are compared in a round: two fewer for each new one, but some,
 * so that what is new costs its own share. */
#define WATCH_RECHECK 64u
#define WATCH_RECHECK_MIN 4u

struct watch_round {
    const struct watch_log *log;
    const struct ska_tlog_policy *policy;
    struct watch_copy *copy;
    uint64_t now_s;
    uint64_t age_max_s; /* the quorum must have cosigned within this time */

    /* what comes out */
    struct watch_alarms alarms;
    struct watch_answer checkpoint; /* as the log gave it; owned */
    uint64_t n_new;                 /* leaves that became ours */
};

/*
 * Look once. *round's outputs are to be zero before and cleared after.
 *
 * Returns SKA_OK if the log answered, with or without alarms; else why it did not, or why our copy
 * could not be written, or that it is damaged, in `err`: alarms may have been raised before that,
 * and WATCH_STALE is judged even then.
 */
enum ska_status watch_follow(struct watch_round *round, struct ska_error *err) SKA_MUST_CHECK;

#endif
