/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_log_part.c - a bundle's part of the public log that decodes must encode to the very bytes it
 * was read from. Input: log/left and log/leaves, each with its length in four bytes, then
 * log/records.
 */
#include "protocol/log_part.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SKA_SCOPED(ska_log_part_clear) struct ska_log_part part = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_slice left, leaves;
    struct ska_reader r;
    uint8_t root[SKA_HASH_BYTES];
    ska_reader_init(&r, data, size);
    if (ska_read_opaque32(&left.data, &left.len, &r, size) != SKA_OK ||
        ska_read_opaque32(&leaves.data, &leaves.len, &r, size) != SKA_OK ||
        ska_log_part_decode(&part, left, leaves, (struct ska_slice){r.at, r.left}, NULL) != SKA_OK)
        return 0;
    ska_log_part_root(root, &part);
    size_t mark = ska_write_open32(&w);
    ska_log_part_encode_left(&w, &part);
    ska_write_close32(&w, mark);
    mark = ska_write_open32(&w);
    ska_log_part_encode_leaves(&w, &part);
    ska_write_close32(&w, mark);
    ska_log_part_encode_records(&w, &part);
    if (ska_writer_status(&w) != SKA_OK || w.len != size || memcmp(w.data, data, size) != 0)
        abort();
    return 0;
}
