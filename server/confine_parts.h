/* SPDX-License-Identifier: EUPL-1.2 */
/* confine_parts.h - the layers of confine.h; private to confine*.c. */
#ifndef SKA_SERVER_CONFINE_PARTS_H
#define SKA_SERVER_CONFINE_PARTS_H

#include "server/confine.h"

/* No core dumps; the process cannot be looked into by others of the same user. */
void confine_secrets(void);

/* landlock: nothing but files under `folder` (NULL or "": none), to read, or also to write and
 * remove; TCP to `port` (0: none). Logs a warning where the kernel has no landlock. */
enum ska_status confine_files(const char *folder, bool may_write, uint16_t port,
                              struct ska_error *err) SKA_MUST_CHECK;

/* seccomp: the system calls of the process. */
enum ska_status confine_calls_front(struct ska_error *err) SKA_MUST_CHECK;
enum ska_status confine_calls_aggregator(struct ska_error *err) SKA_MUST_CHECK;

#endif
