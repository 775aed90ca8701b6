/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_parameters.c - parameters with their catalogue and roster: what is accepted is encoded again
 * to the very bytes it was read from, and makes a task or is refused. */
#include "tests/sample_task.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ska_group_init();
    struct ska_task *task = NULL;
    if (ska_task_new(&task, (struct ska_slice){data, size}, NULL) == SKA_OK)
        ska_task_free(task);
    return recode_or_abort(recode_parameters, data, size);
}
