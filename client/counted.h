/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * counted.h - whether a published bundle counts a receipt's submission: by the list that both
 * aggregators signed, and, where the bundle has its part of the public log, by the record of the
 * last close and by the submission's own entry. That the totals are those of that list is the
 * audit's business.
 */
#ifndef SKA_CLIENT_COUNTED_H
#define SKA_CLIENT_COUNTED_H

#include "protocol/documents.h"
#include "protocol/tlog_policy.h"
#include "support/keyfile.h"

enum counted {
    COUNTED_THIS,    /* this very submission */
    COUNTED_NEWER,   /* a newer one of the same contributor */
    COUNTED_NOT,     /* list or record lacks it: it must not */
    COUNTED_UNLOGGED /* the bundle's log has no entry of it: it must */
};

/*
 * Look a receipt up in a bundle.
 *
 * In:  policy   of the public log, by which the bundle's checkpoint is judged; NULL: it is not
 * Out: *number  the submission that is counted, unless COUNTED_NOT
 *      *is_logged  the bundle has its part of the log, and it was looked at
 *
 * Returns SKA_OK; SKA_E_FORMAT: no bundle; SKA_E_TASK: of another period, collection or revision;
 * SKA_E_SIGNATURE: the list, or the record, is not signed by both aggregators; SKA_E_MISMATCH: the
 * two are of other submissions; SKA_E_PROOF: the checkpoint does not hold under the policy, or has
 * another root; SKA_E_NOT_FOUND, SKA_E_FILE for the file. `err` tells.
 */
enum ska_status counted_find(enum counted *out, uint64_t *number, bool *is_logged,
                             const char *bundle_path, const struct ska_receipt *receipt,
                             const struct ska_trust *trust, const struct ska_tlog_policy *policy,
                             struct ska_error *err) SKA_MUST_CHECK;

#endif
