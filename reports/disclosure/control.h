/* SPDX-License-Identifier: EUPL-1.2 */
/* control.h - signed commands and the state they lead to, at the servers. */
#ifndef SKA_REPORTS_CONTROL_H
#define SKA_REPORTS_CONTROL_H

#include "reports/period.h"

/*
 * Send `control` to the leader until both servers have done it or `wait_s` seconds have passed (0:
 * once), with a line on standard error whenever the reason for waiting changes. A repetition sends
 * the same bytes, so that the servers take it for what it is.
 *
 * Out: state  the task's, now
 *
 * Returns SKA_OK; SKA_E_BUSY, SKA_E_NETWORK, SKA_E_TIMEOUT if it took too long; SKA_E_PEER; what a
 * refusal by the servers means (support/https.h); `err` says it in words.
 */
enum ska_status control_send(enum ska_task_state *state, const struct period *p,
                             const struct period_control *control, uint64_t wait_s,
                             struct ska_error *err) SKA_MUST_CHECK;

/* What the leader (or the helper) says about the task. SKA_E_NETWORK, SKA_E_TIMEOUT, SKA_E_PEER. */
enum ska_status control_ask(struct ska_task_status *out, const struct period *p, bool helper,
                            struct ska_error *err) SKA_MUST_CHECK;

#endif
