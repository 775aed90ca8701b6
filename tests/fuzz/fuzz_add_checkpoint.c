/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_add_checkpoint.c - requests to a witness: what is taken is the parts taken, and nothing
 * else. */
#include <stdlib.h>

#include "crypto/scoped.h"
#include "protocol/add_checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ska_add_checkpoint request;
    if (ska_add_checkpoint_parse(&request, data, size) != SKA_OK)
        return 0;
    size_t digits = 1;
    for (uint64_t rest = request.old_size; rest >= 10; rest /= 10)
        digits++;
    const struct ska_note *note = &request.note;
    const struct ska_slice *last = &note->signatures[note->n_signatures - 1].line;
    if (request.n_proof > SKA_ADD_PROOF_MAX ||
        note->text.data != data + 4 + digits + 1 + 45 * request.n_proof + 1 ||
        last->data + last->len != data + size)
        abort();
    return 0;
}
