/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_witness_config.c - a witness's configuration: what is taken can be worked with. */
#include <stdlib.h>

#include "witness/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct witness_config config;
    struct ska_error err = {0};
    if (witness_config_parse(&config, "file", (const char *)data, size, &err) != SKA_OK) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    if (config.n_logs == 0 || config.name[0] == '\0' || config.key[0] == '\0' ||
        config.state[0] == '\0' || config.listen_port > 65535 ||
        (config.tls_certificate[0] == '\0') != (config.tls_key[0] == '\0'))
        abort();
    return 0;
}
