/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_audit_trust.c - the trust file: what is taken has three different keys. */
#include <stdlib.h>
#include <string.h>

#include "audit/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust trust = {0};
    struct ska_error err = {0};
    if (trust_parse(&trust, (struct ska_slice){data, size}, &err) != SKA_OK) {
        static const struct trust empty;
        if (memcmp(&trust, &empty, sizeof trust) != 0 || err.text[0] == '\0')
            abort();
        return 0;
    }
    for (size_t i = 0; i < TRUST_N; i++)
        if (memcmp(trust.key[i], trust.key[(i + 1) % TRUST_N], sizeof trust.key[i]) == 0)
            abort();
    return 0;
}
