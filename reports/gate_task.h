/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gate_task.h - the linked system of one release (docs/disclosure-control.md, section 6), and the
 * gate over it.
 */
#ifndef SKA_REPORTS_GATE_TASK_H
#define SKA_REPORTS_GATE_TASK_H

#include "protocol/bundle.h"
#include "protocol/linked.h"
#include "reports/gate.h"

#define GATE_UNKNOWN \
    SKA_FIGURE_UNKNOWN /* a figure of a difference or atom that nothing is said about */

/* What is public once a pattern is published. All borrowed. */
struct gate_view {
    const struct ska_linked *linked;
    struct ska_policy policy;
    const uint8_t *reason; /* by figure: 0 open, enum ska_hidden_reason, or GATE_UNKNOWN */
    const uint64_t *total; /* of open figures what is published; others are not looked at */
};

/* Out: by figure, whether it is a part of a published zero (docs/disclosure-control.md, section
 * 10). gate_null.c */
void gate_find_null(uint8_t *is_null, const struct gate_view *view);

/* Out: by figure, whether no open count of at least 1 can be reached from it: PICK_NEAR has
 * nothing. SKA_E_MEMORY. gate_null.c */
enum ska_status gate_find_stranded(uint8_t *is_stranded,
                                   const struct gate_view *view) SKA_MUST_CHECK;

/*
 * The gate over it.
 *
 * Out:    out     the certificate, if every demand is met; the caller clears it
 *         fails   by figure: the lowest of each component of the system without two tables
 *
 * Returns SKA_OK; SKA_E_STATE if a figure fails; SKA_E_RULE if what is public contradicts itself;
 * SKA_E_LIMIT if a number does not fit; SKA_E_MEMORY.
 */
enum ska_status gate_task_certify(struct ska_certificate *out, bool *fails,
                                  const struct gate_view *view) SKA_MUST_CHECK;

#endif
