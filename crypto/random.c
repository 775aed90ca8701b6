/* SPDX-License-Identifier: EUPL-1.2 */
/* random.c - randomness from the operating system. */
#include "crypto/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static void (*replacement)(uint8_t *out, size_t len) = NULL;

void ska_random_replace_for_test(void (*source)(uint8_t *out, size_t len))
{
    replacement = source;
}

void ska_random(uint8_t *out, size_t len)
{
    if (replacement != NULL) {
        replacement(out, len);
        return;
    }
    size_t done = 0;
    while (done < len) {
        ssize_t n = getrandom(out + done, len - done, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fputs("the operating system gives no randomness: stopping\n", stderr);
            abort();
        }
        done += (size_t)n;
    }
}
