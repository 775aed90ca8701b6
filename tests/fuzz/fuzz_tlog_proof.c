/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_tlog_proof.c - proofs of entries: what is taken ends with the note taken. */
#include <stdlib.h>

#include "protocol/tlog_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ska_tlog_proof proof;
    if (ska_tlog_proof_parse(&proof, data, size) != SKA_OK)
        return 0;
    const struct ska_note *note = &proof.note;
    const struct ska_slice *last = &note->signatures[note->n_signatures - 1].line;
    if (proof.path_len > SKA_MERKLE_PATH_MAX || proof.extra_len > sizeof proof.extra ||
        last->data + last->len != data + size)
        abort();
    return 0;
}
