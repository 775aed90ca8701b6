/* SPDX-License-Identifier: EUPL-1.2 */
/* parallel.h - one loop over several threads, and the bar that shows how far it is. */
#ifndef SKA_AUDIT_PARALLEL_H
#define SKA_AUDIT_PARALLEL_H

#include <stddef.h>

#define PARALLEL_JOBS_MAX 256u

/* Cores of this machine, 1..PARALLEL_JOBS_MAX. */
unsigned parallel_cores(void);

/*
 * step(arg, i) for every i in [0, n), from up to `jobs` threads, in no order; returns when all are
 * done. If threads cannot be started, fewer do the work, in the end this one alone. `label` names
 * the loop in the progress bar, if progress_enable was called and the loop takes long.
 */
void parallel_run(unsigned jobs, size_t n, void (*step)(void *arg, size_t i), void *arg,
                  const char *label);

/* Draw progress on the standard error from now on. */
void progress_enable(void);

#endif
