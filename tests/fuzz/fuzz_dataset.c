/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_dataset.c - a table's file: what is accepted can be written in every format. */
#include "server/front/pxweb.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (dataset_decode(&d, copy, size) != SKA_OK)
        return 0;
    for (int swedish = 0; swedish < 2; swedish++) {
        dataset_jsonstat(&w, &d, swedish != 0);
        pxweb_write_json(&w, &d, swedish != 0);
        pxweb_write_csv(&w, &d, swedish != 0);
        pxweb_write_variables(&w, &d, swedish != 0);
    }
    dataset_px(&w, &d, DATASET_UTF_8);
    dataset_px(&w, &d, DATASET_WINDOWS_1252);
    return 0;
}
