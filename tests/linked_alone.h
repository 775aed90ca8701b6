/* SPDX-License-Identifier: EUPL-1.2 */
/* linked_alone.h - the linked system of a release without groups, as tests of one block need it. */
#ifndef SKA_TESTS_LINKED_ALONE_H
#define SKA_TESTS_LINKED_ALONE_H

#include <stdlib.h>

#include "protocol/linked.h"

/* All of n contributors are counted. Ends the process if memory runs out. */
static inline struct ska_linked *linked_alone(const struct ska_layout *layout,
                                              const struct ska_policy *policy, uint64_t n)
{
    static const struct ska_groups none;
    struct ska_linked *linked = NULL;
    uint32_t *counted = calloc((size_t)n + 1, sizeof *counted);
    if (counted == NULL)
        abort();
    for (uint32_t i = 0; i < n; i++)
        counted[i] = i;
    if (ska_linked_new(&linked, layout, policy, &none, n > 0 ? (uint32_t)n : 1, counted,
                       (size_t)n) != SKA_OK)
        abort();
    free(counted);
    return linked;
}

#endif
