/* SPDX-License-Identifier: EUPL-1.2 */
/* confine_parts.h - the layers of confine.h; private to confine*.c. */
#ifndef SKA_SERVER_CONFINE_PARTS_H
#define SKA_SERVER_CONFINE_PARTS_H

#include "server/confine.h"

/* No core dumps; the process cannot be looked into by others of the same user. */
void confine_secrets(void);

/* landlock: nothing but files under two `folders` (NULL or "": none), to read, or also to write,
 * make folders and remove files; TCP to `ports`. Logs a warning where the kernel has no landlock.
 */
enum ska_status confine_files(const char *const folders[static 2], bool may_write,
                              const uint16_t *ports, size_t n_ports,
                              struct ska_error *err) SKA_MUST_CHECK;

/* seccomp: the system calls of the process. */
enum ska_status confine_calls_front(struct ska_error *err) SKA_MUST_CHECK;
enum ska_status confine_calls_aggregator(struct ska_error *err) SKA_MUST_CHECK;

#endif
