/* SPDX-License-Identifier: EUPL-1.2 */
/* dap_hpke.h - what the dap*.c files share among themselves; others include dap.h. */
#ifndef SKA_DAP_HPKE_H
#define SKA_DAP_HPKE_H

#include "protocol/dap.h"

/* What a sealed message is bound to: info = "dap-18" || purpose || sender || receiver, and aad. */
struct ska_dap_sealing {
    const char *purpose; /* " input share" */
    enum ska_role sender, receiver;
    struct ska_slice aad;
};

/* Seal `plain` and append the encoded HpkeCiphertext. Statuses of ska_hpke_seal and of the writer.
 */
enum ska_status ska_dap_seal(struct ska_writer *ciphertext, uint8_t config_id,
                             const uint8_t public_key[static SKA_HPKE_PUBLIC_BYTES],
                             const struct ska_dap_sealing *s,
                             struct ska_slice plain) SKA_MUST_CHECK;

/* Open one: the caller wipes and frees `*plain`. SKA_E_DECRYPT and the others of ska_hpke_open. */
enum ska_status ska_dap_open(uint8_t **plain, size_t *plain_len, const struct ska_hpke_key *key,
                             const struct ska_dap_sealing *s,
                             const struct ska_dap_ciphertext *c) SKA_MUST_CHECK;

/* A vector <1..2^32-1>, borrowed: SKA_E_RANGE if it is empty. */
enum ska_status ska_read_not_empty32(struct ska_slice *out, struct ska_reader *r) SKA_MUST_CHECK;

#endif
