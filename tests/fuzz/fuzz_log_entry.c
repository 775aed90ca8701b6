/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_log_entry.c - a log entry that decodes must encode to the very bytes it was read from. */
#include "crypto/log_entry.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_log_entry entry;
    struct ska_reader r;
    ska_reader_init(&r, data, size);
    if (ska_log_entry_decode(&entry, &r) != SKA_OK) {
        assert(r.at == data && r.left == size);
        return 0;
    }
    const size_t used = size - r.left;
    uint8_t again[SKA_LOG_ENTRY_BYTES_MAX];
    struct ska_writer w;
    ska_writer_init_fixed(&w, again, sizeof again);
    ska_log_entry_encode(&w, &entry);
    assert(ska_writer_status(&w) == SKA_OK);
    assert(w.len == used && memcmp(again, data, used) == 0);
    assert(entry.number > 0 && entry.period[0] != '\0');
    return 0;
}
