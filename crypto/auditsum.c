/* SPDX-License-Identifier: EUPL-1.2 */
/* auditsum.c - AuditSum's row in the table of VDAFs. */
#include "crypto/auditsum_internal.h"

const struct ska_vdaf ska_auditsum = {
    .type = SKA_VDAF_AUDITSUM,
    .name = "AuditSum",
    .shard = ska_auditsum_shard,
    .verify_init = ska_auditsum_verify_init,
    .verify_message = ska_auditsum_verify_message,
    .verify_next = ska_auditsum_verify_next,
    .verification_clear = ska_auditsum_verification_clear,
    .aggregate_len = ska_auditsum_aggregate_len,
    .aggregate = ska_auditsum_aggregate,
    .unshard = ska_auditsum_unshard,
};
