/* SPDX-License-Identifier: EUPL-1.2 */
/* confine_secrets.c - a process' memory reaches neither core dumps nor other processes. */
#define _GNU_SOURCE /* prctl */
#include "server/confine_parts.h"

#ifndef SKA_SANITIZED

#include <sys/prctl.h>
#include <sys/resource.h>

void confine_secrets(void)
{
    const struct rlimit none = {0};
    (void)setrlimit(RLIMIT_CORE, &none); /* lowering is always allowed */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

#endif
