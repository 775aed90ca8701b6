/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_close_record.c - a close record that decodes must encode to the very bytes it was read from.
 */
#include "protocol/close_record.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_signed_close s;
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {0};
    if (ska_signed_close_split(&s, (struct ska_slice){data, size}) != SKA_OK ||
        ska_close_record_decode(&record, s.body) != SKA_OK)
        return 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_close_record_encode(&w, &record);
    ska_write_bytes(&w, s.leader, SKA_SIGNATURE_BYTES);
    ska_write_bytes(&w, s.helper, SKA_SIGNATURE_BYTES);
    if (ska_writer_status(&w) != SKA_OK || w.len != size || memcmp(w.data, data, size) != 0)
        abort();
    return 0;
}
