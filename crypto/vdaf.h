/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * vdaf.h - the table of functions behind which every VDAF stands (draft-irtf-cfrg-vdaf-20, section
 * "Definition of VDAFs"), for VDAFs with one round of verification and no aggregation parameter.
 *
 * Life of a report, by who calls what:
 *
 *     client     shard           measurement           -> public share, two input shares
 *     leader     verify_init     its input share       -> state, verifier share (to the helper)
 *     helper     verify_init     its input share       -> state, verifier share
 *     helper     verify_message  both verifier shares  -> verifier message (to the leader)
 *     both       verify_next     state, message        -> output share, or a refusal
 *     both       aggregate       output share          -> added to an aggregate share
 *     collector  unshard         two aggregate shares  -> totals
 *
 * `config` is the VDAF's own struct (struct ska_auditsum_config for AuditSum), borrowed. `ctx` of
 * the draft is "dap-18" || task_id and is derived from it.
 */
#ifndef SKA_VDAF_H
#define SKA_VDAF_H

#include "crypto/bytes.h"

#define SKA_VDAF_NONCE_BYTES 16
#define SKA_VDAF_AUDITSUM 0xFFFF5A01u /* private-use range of the registry */

/* One report as an aggregator sees it. Input borrowed; state and shares owned, secret; clear with
 * the table's function. */
struct ska_vdaf_verification {
    uint8_t nonce[SKA_VDAF_NONCE_BYTES]; /* in: the report identifier */
    struct ska_slice public_share;       /* in */
    struct ska_slice input_share;        /* in, secret */
    enum ska_status status;              /* out: SKA_OK, or why the report must be rejected */
    void *state;                         /* out: the VDAF's own */
    uint8_t *verifier_share;             /* out, owned */
    size_t verifier_share_len;
};

struct ska_vdaf {
    uint32_t type; /* codepoint */
    const char *name;

    /* Out: three growing writers, empty before, filled on success only. The input shares are
     * secret. */
    enum ska_status (*shard)(struct ska_writer *public_share, struct ska_writer *leader_share,
                             struct ska_writer *helper_share, const void *config,
                             const void *measurement, const uint8_t nonce[SKA_VDAF_NONCE_BYTES],
                             struct ska_error *err);

    /* Verify n reports as aggregator `agg_id` (0 leader, 1 helper); each report's outcome is in its
     * `status`, and a refused one has neither state nor verifier share. Returns SKA_OK also when
     * some were refused; SKA_E_CONFIG if this aggregator's key is not the one expected of it;
     * SKA_E_MEMORY or the like if nothing could be decided: then no report is touched. */
    enum ska_status (*verify_init)(struct ska_vdaf_verification *reports, size_t n,
                                   const void *config, int agg_id);

    /* Combine the verifier shares to the verifier message, appended to `message`. SKA_E_TRUNCATED,
     * SKA_E_TRAILING, SKA_E_SIGNATURE or the like if a share is not acceptable; SKA_E_STATE for a
     * report that verify_init has not accepted. */
    enum ska_status (*verify_message)(struct ska_writer *message, const void *config,
                                      const struct ska_vdaf_verification *report,
                                      struct ska_slice leader_verifier_share,
                                      struct ska_slice helper_verifier_share);

    /* Finish: append the encoded output share (secret). The same statuses for the message. */
    enum ska_status (*verify_next)(struct ska_writer *output_share, const void *config,
                                   const struct ska_vdaf_verification *report,
                                   struct ska_slice message);

    void (*verification_clear)(struct ska_vdaf_verification *report);

    /* aggregate_share += output_share; both encoded, same length. The first call gets a zeroed
     * aggregate share of aggregate_len(config) bytes. SKA_E_TRUNCATED, SKA_E_TRAILING,
     * SKA_E_ENCODING, and nothing is added. */
    size_t (*aggregate_len)(const void *config);
    enum ska_status (*aggregate)(uint8_t *aggregate_share, size_t len, const void *config,
                                 struct ska_slice output_share);

    /* Two aggregate shares to totals; `result` is the VDAF's own struct. The statuses of aggregate,
     * and SKA_E_RANGE for a sum that is no number; `result` is as it was. */
    enum ska_status (*unshard)(void *result, const void *config, struct ska_slice leader_share,
                               struct ska_slice helper_share, struct ska_error *err);
};

/* The VDAF of a codepoint, or NULL. */
const struct ska_vdaf *ska_vdaf_find(uint32_t type);

#endif
