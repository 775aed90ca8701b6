/* SPDX-License-Identifier: EUPL-1.2 */
/* secret.c - wiping and comparing secret bytes. */
#define _GNU_SOURCE /* explicit_bzero: a final memset is removed at -O2 by both our compilers */
#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

void ska_wipe(void *secret, size_t len)
{
    if (len > 0)
        explicit_bzero(secret, len);
}

bool ska_ct_equal(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a;
    const uint8_t *y = b;
    uint8_t diff = 0;
    for (size_t i = 0; i < len; i++)
        diff |= (uint8_t)(x[i] ^ y[i]);
    SKA_MARK_PUBLIC(&diff, sizeof diff, "callers act on the outcome of a comparison");
    return diff == 0;
}

bool ska_ct_is_zero(const void *a, size_t len)
{
    const uint8_t *x = a;
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++)
        any |= x[i];
    SKA_MARK_PUBLIC(&any, sizeof any, "callers act on the outcome of a comparison");
    return any == 0;
}

void ska_wipe_free(void *secret, size_t len)
{
    if (secret == NULL)
        return;
    ska_wipe(secret, len);
    free(secret);
}
