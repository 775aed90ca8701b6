/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_release.c - a release, whoever signed it: what is taken has these bytes, and is of the task
 * and files it says or is refused. */
#include "tests/recode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ska_bundle_file files[] = {
        {"bundle", {(const uint8_t *)"skarva bundle 1\n", 16}},
        {"parameters", {(const uint8_t *)"p", 1}},
    };
    struct ska_release r;
    if (ska_release_decode(&r, (struct ska_slice){data, size}) != SKA_OK)
        return 0;
    if (ska_release_check(&r, r.task_id, files, 2, NULL) != SKA_OK)
        return 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (ska_release_body(&w, r.task_id, &r.place, files, 2) != SKA_OK || w.len != r.body.len ||
        memcmp(w.data, data, w.len) != 0)
        abort();
    return 0;
}
