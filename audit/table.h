/* SPDX-License-Identifier: EUPL-1.2 */
/* table.h - the published table, derived again (docs/protocol.md, "The table"). */
#ifndef SKA_AUDIT_TABLE_H
#define SKA_AUDIT_TABLE_H

#include "protocol/bundle.h"
#include "protocol/linked.h"

/* Append the table, and that of the roll-up if there is one. In, by figure of `linked`: total of
 * each cell that is not hidden; reason it is hidden for, else 0. Failures are the writer's. */
void table_write(struct ska_writer *w, const struct ska_task *task, const struct ska_linked *linked,
                 const uint64_t *total, const uint8_t *hidden_reason);

/* "small" and so on; "" for no reason. */
const char *table_reason(const struct ska_task *task, uint32_t figure, uint8_t reason);

#endif
