/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_tile_entries.c - bundles of entries: the first byte is the width; what is taken is written
 * back the same, and lets a tree grow by its width. */
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/tlog_tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_slice entries[SKA_TILE_WIDTH];
    if (size == 0)
        return 0;
    const struct ska_tile bundle = {SKA_TILE_ENTRIES, 0, 1u + data[0]};
    const struct ska_slice bytes = {data + 1, size - 1};
    const enum ska_status status = ska_tile_entries(entries, bundle.width, bytes);
    struct ska_merkle_edge edge = {0};
    if (ska_tile_add_entries(&edge, &bundle, bytes) != status)
        abort();
    if (status != SKA_OK)
        return 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    for (unsigned i = 0; i < bundle.width; i++)
        ska_write_opaque16(&w, entries[i].data, entries[i].len);
    if (ska_writer_status(&w) != SKA_OK || w.len != bytes.len ||
        memcmp(w.data, bytes.data, w.len) != 0 || edge.size != bundle.width)
        abort();
    return 0;
}
