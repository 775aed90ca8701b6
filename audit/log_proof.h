/* SPDX-License-Identifier: EUPL-1.2 */
/* log_proof.h - the command check-proof: whether an entry is in a public log, offline. */
#ifndef SKA_AUDIT_LOG_PROOF_H
#define SKA_AUDIT_LOG_PROOF_H

#include "audit/options.h"

/* Reads the files that the options name, prints what the proof shows, and returns the exit status:
 * EXIT_PASS, EXIT_FAIL, EXIT_BUNDLE (the proof, entry or bundle cannot be read), EXIT_TRUST (the
 * policy). With a bundle the entry must be that of its release.
 */
int log_proof_check(const struct options *o);

#endif
