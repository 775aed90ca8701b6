/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_dap_hpke_config_list.c - choosing from another server's HPKE configurations. */
#include "tests/recode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t id;
    uint8_t key[SKA_HPKE_PUBLIC_BYTES];
    ska_ignore(ska_dap_hpke_config_list_choose(&id, key, (struct ska_slice){data, size}),
               "either answer is right, as long as there is one");
    return 0;
}
