/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * window.h - bundles as memory that is mapped from their files, with little of them in memory.
 *
 * A bundle may be larger than the machine's memory. It is mapped for reading, and while more is
 * mapped than WINDOW_BYTES, a thread of this module sends away what has been read whenever that
 * much of it is in memory; what is needed again is read from the file again.
 *
 *     no large file --window_map--> watched --window_unmap of the last--> no large file
 *
 * The file must not change meanwhile: window_has_changed tells if it did, and a file that has
 * become shorter ends the process with exit status 3.
 */
#ifndef SKA_AUDIT_WINDOW_H
#define SKA_AUDIT_WINDOW_H

#include <sys/stat.h>

#include "crypto/bytes.h"

#define WINDOW_BYTES ((size_t)64 << 20)

/* Valid when zeroed: nothing mapped. */
struct window {
    struct ska_slice bytes; /* data is not NULL once mapped, even if len is 0 */
    void *at;               /* owned; NULL if the file is empty */
    struct stat was;        /* when it was mapped */
    int fd;                 /* owned, if `at` is not NULL */
};

/* Map a regular file that is open. On success `fd` belongs to the window. SKA_E_FILE if it is no
 * regular file or cannot be mapped; SKA_E_LIMIT if it is longer than `max`. */
enum ska_status window_map(struct window *out, int fd, uint64_t max) SKA_MUST_CHECK;

/* Whether the file was written to since it was mapped, as far as its system tells. */
bool window_has_changed(const struct window *w);

void window_unmap(struct window *w);

#endif
