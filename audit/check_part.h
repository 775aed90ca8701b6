/* SPDX-License-Identifier: EUPL-1.2 */
/* check_part.h - what the checks of the bundle's part of the public log share. */
#ifndef SKA_AUDIT_CHECK_PART_H
#define SKA_AUDIT_CHECK_PART_H

#include "audit/check.h"

/* Whether the parameters promise no public log: then there is nothing to look at, which is said in
 * the finding. */
bool part_is_none(const struct evidence *e, struct finding *f);

#endif
