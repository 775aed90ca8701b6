/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * confine.h - what a process may still do once it reads bytes from outside.
 *
 *     front        may: accept, connect to the peer's port and those of the log's outside
 * witnesses, read under the site's folder and the public log's aggregator   may: read and write in
 * the database's folder and the log's, start threads; no sockets at all
 *
 * Three layers: another user (when started as root), landlock (which files, which ports; where the
 * kernel has it, else a warning), seccomp (which system calls; a forbidden one ends the process
 * with its number in the log). None can be undone. Sanitizer builds have the first only.
 */
#ifndef SKA_SERVER_CONFINE_H
#define SKA_SERVER_CONFINE_H

#include "server/config.h"

/* First in main: no core dumps, not to be looked into by others, SIGPIPE ignored, time zone read.
 */
void confine_begin(void);

/* Become config->user for good if we are root; a warning if we stay root. SKA_E_CONFIG without such
 * a user; SKA_E_FORBIDDEN if the system does not let us. */
enum ska_status confine_drop_user(const struct config *config,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* The rest, for one of the two processes, after it opened its files; at most SKA_POLICY_MEMBERS_MAX
 * witness_ports. SKA_E_FORBIDDEN if seccomp is
 * not to be had. */
enum ska_status confine_front(const struct config *config, const uint16_t *witness_ports,
                              size_t n_ports, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status confine_aggregator(const struct config *config,
                                   struct ska_error *err) SKA_MUST_CHECK;

#endif
