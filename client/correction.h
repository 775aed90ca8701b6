/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * correction.h - what a correction of a published period is proven against: our submission that
 * counted in the task it corrects, and what opens it.
 *
 * The task before and its accepted list come from the leader and are believed only as the signed
 * parameters name them. The opening (counts and blindings) is in our home folder and nowhere else:
 * without it nothing can be proven, whether anything changed or not.
 */
#ifndef SKA_CLIENT_CORRECTION_H
#define SKA_CLIENT_CORRECTION_H

#include "client/exits.h"
#include "client/session.h"
#include "client/submission.h"

/* Valid when zeroed: the period is no correction. */
struct correction {
    bool exists;
    bool counted;                /* something of ours counted before */
    struct submission before;    /* if so; secret */
    struct ska_earlier *earlier; /* owned; borrows from before.report */
};
void correction_clear(struct correction *c);

/*
 * If the session's task is a correction, find what of ours counted before, and put it into the
 * task's configuration. The session has identified us. Out: *doing, what failed if something did.
 *
 * Returns what https_call returns; SKA_E_MISMATCH, SKA_E_SIGNATURE, SKA_E_PEER if what the leader
 * gives is not what the parameters name; SKA_E_NOT_FOUND if our home folder has no opening, with
 * what to do.
 */
enum ska_status correction_load(struct correction *c, enum exits_phase *doing, struct session *s,
                                const char *period, struct ska_error *err) SKA_MUST_CHECK;

/* Whether these counts of the layout differ from what counted before (from zeros, if nothing did).
 */
bool correction_changes(const struct correction *c, const struct counts *counts);

#endif
