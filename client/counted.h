/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * counted.h - whether a published bundle counts a receipt's submission, by the list that both
 * aggregators signed. That the totals are those of that list is the audit's business.
 */
#ifndef SKA_CLIENT_COUNTED_H
#define SKA_CLIENT_COUNTED_H

#include "protocol/documents.h"
#include "support/keyfile.h"

enum counted {
    COUNTED_THIS,  /* this very submission */
    COUNTED_NEWER, /* a newer one of the same contributor */
    COUNTED_NOT    /* the list lacks it: it must not */
};

/*
 * Look a receipt up in a bundle.
 *
 * Out: *number  the submission that is counted, unless COUNTED_NOT
 *
 * Returns SKA_OK; SKA_E_FORMAT: no bundle; SKA_E_TASK: of another period, collection or revision;
 * SKA_E_SIGNATURE: the list is not signed by both aggregators; SKA_E_NOT_FOUND, SKA_E_FILE for the
 * file. `err` tells.
 */
enum ska_status counted_find(enum counted *out, uint64_t *number, const char *bundle_path,
                             const struct ska_receipt *receipt, const struct ska_trust *trust,
                             struct ska_error *err) SKA_MUST_CHECK;

#endif
