/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * scoped.h - locals that release themselves at the end of their block.
 *
 *     SKA_DEFINE_RELEASE(EVP_MD_CTX *, md_ctx_release, EVP_MD_CTX_free)
 *
 *     SKA_SCOPED(md_ctx_release) EVP_MD_CTX *md = EVP_MD_CTX_new();
 *     SKA_SCOPED(ska_seed_clear) struct ska_seed key = {0};
 *
 * A release function takes the address of the local. To hand an object over, copy the pointer out
 * and set the local to NULL. A function with scoped locals has no `goto`.
 */
#ifndef SKA_SCOPED_H
#define SKA_SCOPED_H

#include <stdlib.h>

#define SKA_SCOPED(release) __attribute__((cleanup(release)))

#define SKA_DEFINE_RELEASE(type, name, release) \
    static inline void name(type *object)       \
    {                                           \
        if (*object != NULL)                    \
            release(*object);                   \
        *object = NULL;                         \
    }

/* Frees what a `char *` or `uint8_t *` local owns. */
static inline void ska_scoped_free(void *pointer_to_pointer)
{
    void **object = pointer_to_pointer;
    free(*object);
    *object = NULL;
}

#endif
