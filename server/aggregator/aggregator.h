/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator.h - the process with the keys, the shares and the database, and without any network.
 *
 *     main:  aggregator_open -> confine -> aggregator_run -> aggregator_free
 *
 * aggregator_open reads the secret files and opens the database, so that after it no file has to be
 * found by name but the database's own three (database, database-wal, database-journal).
 * aggregator_run starts the worker threads and takes the requests that the fronts send it (ipc.h).
 *
 * System calls after aggregator_open: those of libevent's epoll loop, of pthreads (clone, futex,
 * mmap, mprotect, munmap, madvise, rseq, set_robust_list, rt_sigprocmask), eventfd2, read, write,
 * recv, send, close, getrandom, clock_gettime, and SQLite's on its open files (pread64, pwrite64,
 * fdatasync, fsync, ftruncate, fcntl, fstat, stat, lseek) and on the three names above (openat,
 * unlink, access, stat).
 */
#ifndef SKA_SERVER_AGGREGATOR_H
#define SKA_SERVER_AGGREGATOR_H

#include "server/config.h"

struct aggregator;

/*
 * Read the signing key and the HPKE key, open or create the database (mode 0600) and bring its
 * schema up to date. `config` is borrowed until aggregator_free.
 *
 * Returns SKA_OK; SKA_E_CONFIG (a secret file readable by others, a database of the other role or
 * key), SKA_E_FILE, SKA_E_NOT_FOUND, SKA_E_FORMAT, SKA_E_VERSION (a newer schema), SKA_E_STORE,
 * SKA_E_MEMORY; `err` says what to do.
 */
enum ska_status aggregator_open(struct aggregator **out, const struct config *config,
                                struct ska_error *err) SKA_MUST_CHECK;

/*
 * Serve the fronts at the other ends of `fds` (n_fds, 1..CONFIG_FRONTS_MAX), which are taken over,
 * until all have sent DRAIN and have their answers (returns 0), or one goes away or breaks the
 * rules of ipc.h (returns 1, logged). Requests to the peer go through the first.
 */
int aggregator_run(struct aggregator *aggregator, const int *fds, size_t n_fds);

/* Close the database, wipe the keys. NULL is accepted. */
void aggregator_free(struct aggregator *aggregator);

#endif
