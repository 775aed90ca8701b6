/* SPDX-License-Identifier: EUPL-1.2 */
/* layout_part.h - what the files layout*.c share. */
#ifndef SKA_PROTOCOL_LAYOUT_PART_H
#define SKA_PROTOCOL_LAYOUT_PART_H

#include "protocol/layout.h"

/* Fill statement.rules and rule_sources; cells, tables and by_code are there already.
 * SKA_E_RANGE naming a rule that nothing can satisfy or whose width does not fit; SKA_E_LIMIT. */
enum ska_status layout_make_rules(struct ska_layout *l, struct ska_error *err) SKA_MUST_CHECK;

#endif
