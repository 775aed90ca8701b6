/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secret.h - wiping, comparing and declassifying bytes that must not leak.
 *
 * The constant-time test build (BUILD=ctime) marks secrets as undefined memory and runs under
 * memcheck, which then reports every branch and address that depends on one. SKA_MARK_PUBLIC says,
 * with a reason, that a value derived from a secret is meant to be seen from here on;
 * crypto/CONSTANT_TIME.md lists its uses.
 */
#ifndef SKA_SECRET_H
#define SKA_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef SKA_CTIME
#include <valgrind/memcheck.h>
#define SKA_MARK_SECRET(address, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED((address), (len)))
#define SKA_MARK_PUBLIC(address, len, reason) \
    ((void)(reason), (void)VALGRIND_MAKE_MEM_DEFINED((address), (len)))
#else
#define SKA_MARK_SECRET(address, len) ((void)(address), (void)(len))
#define SKA_MARK_PUBLIC(address, len, reason) ((void)(address), (void)(len), (void)(reason))
#endif

/* Overwrite `len` bytes with zeros in a way no compiler removes. NULL with len 0 is accepted. */
void ska_wipe(void *secret, size_t len);

/* Whether `len` bytes are equal (or all zero). Time: depends on len only. The answer itself is
 * public. */
bool ska_ct_equal(const void *a, const void *b, size_t len);
bool ska_ct_is_zero(const void *a, size_t len);

/* Wipe, then free, heap memory of `len` bytes. NULL is accepted. */
void ska_wipe_free(void *secret, size_t len);

#endif
