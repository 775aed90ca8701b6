/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * correction.h - what a correction needs of the release it corrects: the commitments that its
 * submissions are compared with, and the figures that were hidden and stay so.
 */
#ifndef SKA_REPORTS_CORRECTION_H
#define SKA_REPORTS_CORRECTION_H

#include "protocol/bundle.h"
#include "protocol/revision.h"
#include "reports/period.h"

/* Owned arrays. Valid when zeroed: the period is no correction. */
struct correction {
    struct period before;     /* the period's folder that is corrected */
    struct ska_accepted list; /* its accepted list */
    uint8_t **shares;         /* n_roster: what `earlier` borrows from */
    uint32_t n_roster;
    struct ska_earlier *earlier; /* n_roster, as struct ska_auditsum_config wants it */
    uint8_t *kept;               /* by figure, not 0: hidden there */
};
void correction_clear(struct correction *c);

/* Whether a period is a correction. */
bool correction_is(const struct period *p);

/* Read the folder of the release that `p` names; nothing if it is no correction. SKA_E_NOT_FOUND if
 * it is not there; SKA_E_MISMATCH if it is not what is named; what reading files gives. Clear `c`
 * also after failure. */
enum ska_status correction_load(struct correction *c, const struct period *p,
                                struct ska_error *err) SKA_MUST_CHECK;

/* Both aggregators' openings of the flags, checked against the submissions in the period's folder,
 * and the rule (protocol/revision.h). Out: n_changed, in all. */
enum ska_status correction_check_changes(uint32_t *n_changed, struct ska_slice both,
                                         const struct correction *c, const struct period *p,
                                         const struct ska_accepted *list,
                                         const uint8_t accepted_hash[static 32],
                                         struct ska_error *err) SKA_MUST_CHECK;

#endif
