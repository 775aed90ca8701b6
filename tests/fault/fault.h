/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fault.h - memory that runs out on purpose.
 *
 * Programs in this folder are linked with --wrap for malloc, calloc, realloc, aligned_alloc,
 * posix_memalign, strdup and free, so every allocation of our own objects comes here. Those of
 * shared libraries do not; libcheck's do, so nothing may be asserted while a fault is armed.
 * Include this in exactly one file of a program.
 *
 *     fault_arm(n, SKA_FAULT_ONCE);          the n-th allocation from now on fails, n = 0, 1, ...
 *     status = the_function_under_test();
 *     n_faults = fault_disarm();             how many did
 *
 * A test lets n grow until nothing fails any more, and counts: no fault at all means that it has
 * tested nothing.
 */
#ifndef SKA_TESTS_FAULT_H
#define SKA_TESTS_FAULT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

enum fault_mode {
    SKA_FAULT_ONCE,   /* a moment's shortage: later allocations work */
    SKA_FAULT_FOREVER /* and every later one fails too */
};

void *__real_malloc(size_t len);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t len);
void *__real_aligned_alloc(size_t alignment, size_t len);
int __real_posix_memalign(void **out, size_t alignment, size_t len);
char *__real_strdup(const char *text);
void __real_free(void *p);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t len);
void *__wrap_aligned_alloc(size_t alignment, size_t len);
int __wrap_posix_memalign(void **out, size_t alignment, size_t len);
char *__wrap_strdup(const char *text);
void __wrap_free(void *p);

static struct fault_state {
    bool armed;
    enum fault_mode mode;
    size_t n_before; /* allocations that still succeed */
    size_t n_faults;
    long n_live; /* allocations minus releases since the program began; of one thread only */
} fault_own, *fault = &fault_own;

/* From now on `state` says what fails in this process: memory shared with a process that arms it.
 */
static inline void fault_share(struct fault_state *state)
{
    fault = state;
}

static inline void fault_arm(size_t n, enum fault_mode mode)
{
    fault->armed = true;
    fault->mode = mode;
    fault->n_before = n;
    fault->n_faults = 0;
}

static inline size_t fault_disarm(void)
{
    fault->armed = false;
    return fault->n_faults;
}

/* Blocks that our code holds: equal before and after if nothing leaked. */
static inline long fault_live(void)
{
    return fault->n_live;
}

static inline bool fault_strikes(void)
{
    if (!fault->armed)
        return false;
    if (fault->n_before > 0) {
        fault->n_before--;
        return false;
    }
    if (fault->mode == SKA_FAULT_ONCE && fault->n_faults > 0)
        return false;
    fault->n_faults++;
    return true;
}

static inline void *fault_count(void *p)
{
    if (p != NULL)
        fault->n_live++;
    return p;
}

void *__wrap_malloc(size_t len)
{
    return fault_strikes() ? NULL : fault_count(__real_malloc(len));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fault_strikes() ? NULL : fault_count(__real_calloc(n, size));
}

void *__wrap_realloc(void *old, size_t len)
{
    if (fault_strikes())
        return NULL;
    void *p = __real_realloc(old, len);
    if (old == NULL)
        return fault_count(p);
    return p;
}

void *__wrap_aligned_alloc(size_t alignment, size_t len)
{
    return fault_strikes() ? NULL : fault_count(__real_aligned_alloc(alignment, len));
}

int __wrap_posix_memalign(void **out, size_t alignment, size_t len)
{
    if (fault_strikes())
        return ENOMEM;
    int failure = __real_posix_memalign(out, alignment, len);
    if (failure == 0)
        fault->n_live++;
    return failure;
}

char *__wrap_strdup(const char *text)
{
    return fault_strikes() ? NULL : fault_count(__real_strdup(text));
}

void __wrap_free(void *p)
{
    if (p != NULL)
        fault->n_live--;
    __real_free(p);
}

#endif
