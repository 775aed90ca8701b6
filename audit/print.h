/* SPDX-License-Identifier: EUPL-1.2 */
/* print.h - what the auditor reads: lines for people, or one JSON object. */
#ifndef SKA_AUDIT_PRINT_H
#define SKA_AUDIT_PRINT_H

#include "audit/check.h"

/* One check as it is done. */
void print_finding(enum check_index index, const struct finding *f);

/* The last lines: what was audited, and the verdict. */
void print_verdict(const struct evidence *e, const struct finding findings[static N_CHECKS]);

/* Everything as one JSON object (docs/audit.md). */
void print_json(const struct evidence *e, const struct finding findings[static N_CHECKS]);

/* The table of checks. */
void print_check_list(bool as_json);

#endif
