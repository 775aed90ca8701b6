/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * diff.h - the command verify-diff: that nothing which an older bundle released has disappeared or
 * changed in a newer one. docs/audit.md lists its checks.
 */
#ifndef SKA_AUDIT_DIFF_H
#define SKA_AUDIT_DIFF_H

#include "audit/check.h"
#include "audit/options.h"

/* In the order in which they run. */
enum diff_index {
    DIFF_OLDER,
    DIFF_NEWER,
    DIFF_COLLECTION,
    DIFF_ORDER,
    DIFF_UNCHANGED,
    DIFF_CHAIN,
    N_DIFFS
};
extern const struct check diff_table[N_DIFFS];

/* Run them. `e` is the newer bundle's evidence, with `archive`, `trust` and `older` given; `given`
 * are bundles of releases between the two, as far as there are any. Returns whether all passed. */
bool diff_all(struct finding findings[static N_DIFFS], struct evidence *e, check_on_done *on_done);

/* The command: opens what the options name, prints, and returns the exit status. */
int diff_verify(const struct options *o);

#endif
