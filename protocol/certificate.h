/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * certificate.h - the file `certificate` of a bundle: that nobody can work out a hidden figure.
 *
 * A *table* gives every variable of the linked system (docs/disclosure-control.md, section 10) a
 * whole number. Each table agrees with all that is public, and is made from what is public alone,
 * so that it tells nothing. For each variable two tables are named that differ in it by at least
 * what the policy demands: whoever knows what is public cannot tell which is true.
 *
 *     u8 version = 1 | u32 n_variables | u32 n_tables |
 *     n_variables x (u32 low | u32 high) | n_tables x n_variables x u64 value
 *
 * low and high are tables; both are SKA_NONE exactly for a variable of which nothing is demanded.
 * No table without a variable, no variable without a table.
 */
#ifndef SKA_CERTIFICATE_H
#define SKA_CERTIFICATE_H

#include "crypto/bytes.h"
#include "protocol/task.h"

#define SKA_CERTIFICATE_VALUES_MAX (1u << 24) /* tables times variables */

struct ska_table_pair {
    uint32_t low, high;
};

/* Valid when zeroed (nothing is hidden). */
struct ska_certificate {
    uint32_t n_variables, n_tables;
    struct ska_table_pair *pair; /* n_variables; owned */
    uint64_t *value;             /* table by table; owned */
};

void ska_certificate_clear(struct ska_certificate *c);
void ska_certificate_encode(struct ska_writer *w, const struct ska_certificate *c);

/* SKA_E_LIMIT, SKA_E_TRUNCATED, SKA_E_TRAILING, SKA_E_VERSION; SKA_E_RANGE if a table is named that
 * is not there; SKA_E_FORMAT for tables without variables or the other way; SKA_E_MEMORY. */
enum ska_status ska_certificate_decode(struct ska_certificate *out,
                                       struct ska_slice bytes) SKA_MUST_CHECK;

#endif
