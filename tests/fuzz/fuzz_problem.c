/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_problem.c - a problem document of another server: what is shown of it is text, and fits. */
#include "tests/recode.h"

#include "protocol/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char type[16];
    char detail[24];
    if (ska_problem_read(type, sizeof type, detail, sizeof detail,
                         (struct ska_slice){data, size}) != SKA_OK)
        return 0;
    assert(ska_text_check(type, strlen(type), sizeof type - 1) == SKA_OK);
    assert(ska_text_check(detail, strlen(detail), sizeof detail - 1) == SKA_OK);
    return 0;
}
