/* SPDX-License-Identifier: EUPL-1.2 */
/* print.h - what the auditor reads: lines for people, or one JSON object. */
#ifndef SKA_AUDIT_PRINT_H
#define SKA_AUDIT_PRINT_H

#include "audit/check.h"
#include "audit/log_evidence.h"

/* One check as it is done. */
void print_finding(const struct check *check, const struct finding *f);

/* The last lines: what was audited, and the verdict. */
void print_verdict(const struct evidence *e, const struct finding findings[static N_CHECKS]);

/* Everything as one JSON object (docs/audit.md). */
void print_json(const struct evidence *e, const struct finding findings[static N_CHECKS]);

/* How many of n checks passed, failed and were not checked, in one line. Returns whether all
 * passed.
 */
bool print_counts(const struct finding *findings, size_t n);

/* What verify-diff found between two bundles, `e` and the older `e->older`: one JSON object. */
void print_json_diff(const struct evidence *e, const struct check *table,
                     const struct finding *findings, size_t n);

/* What check-log found: one JSON object. */
void print_json_log(const struct log_evidence *log, const struct check *table,
                    const struct finding *findings, size_t n);

/* The table of checks. */
void print_check_list(bool as_json);

#endif
