/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gate_task.h - the linked system of one release (docs/disclosure-control.md, section 6), and the
 * gate over it.
 */
#ifndef SKA_REPORTS_GATE_TASK_H
#define SKA_REPORTS_GATE_TASK_H

#include "protocol/bundle.h"
#include "reports/gate.h"

/* What is public once a pattern is published. All borrowed. */
struct gate_view {
    const struct ska_layout *layout;
    struct ska_policy policy;
    uint64_t n_counted;
    const uint8_t *reason; /* by cell: 0 open, else enum ska_hidden_reason */
    const uint64_t *total; /* by cell; those of hidden cells are not looked at */
};

/*
 * The system: one variable for each hidden cell, in order of cells; a row for each rule with a
 * hidden cell. Propagated.
 *
 * SKA_E_RULE if what is public contradicts itself; SKA_E_LIMIT if a number does not fit;
 * SKA_E_MEMORY.
 */
enum ska_status gate_task_system(struct gate_system **out,
                                 const struct gate_view *view) SKA_MUST_CHECK;

/*
 * The gate over it.
 *
 * Out:    out     the certificate, if every demand is met; the caller clears it
 *         failed  the lowest cell without two tables, or SKA_NONE
 *
 * Returns SKA_OK, also if a cell failed; statuses of gate_task_system and gate_certify.
 */
enum ska_status gate_task_certify(struct ska_certificate *out, uint32_t *failed,
                                  const struct gate_view *view) SKA_MUST_CHECK;

#endif
