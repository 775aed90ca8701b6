/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_catalogue.c - a catalogue's canonical form: what is accepted is encoded again to the very
 * bytes it was read from. */
#include "protocol/catalogue.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_reader r;
    struct ska_catalogue *c = NULL;
    ska_reader_init(&r, data, size);
    if (ska_catalogue_decode(&c, &r, NULL) != SKA_OK) {
        if (c != NULL || r.left != size)
            abort(); /* outputs change only on success */
        return 0;
    }
    struct ska_writer w = {0};
    ska_catalogue_encode(&w, c);
    if (ska_writer_status(&w) != SKA_OK || w.len != size - r.left ||
        memcmp(w.data, data, w.len) != 0)
        abort();
    ska_writer_clear(&w);
    ska_catalogue_free(c);
    return 0;
}
