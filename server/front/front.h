/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front.h - the process with the sockets: TLS, HTTP, the site's files, connections to the other
 * server. It has no keys but TLS's, no database, and decides nothing about reports.
 *
 *     main:  front_listen, front_shared_new -> fork -> drop privileges -> front_open -> confine ->
 *            front_run -> front_free
 *
 * A server has several of them (front_processes), which accept from one listening socket, each its
 * own connections, and count them and what they hold together: front_shared.
 *
 * front_open reads every file it ever needs but those of the site; after it, only files under the
 * site's folder are opened, relative to its open descriptor.
 */
#ifndef SKA_SERVER_FRONT_H
#define SKA_SERVER_FRONT_H

#include "protocol/tlog_policy.h"
#include "server/config.h"

struct front;
struct front_shared; /* in memory of all processes forked after front_shared_new */

/* Open the listening socket; the caller owns it. SKA_E_CONFIG (no address), SKA_E_NETWORK naming
 * address and port. */
enum ska_status front_listen(int *fd, const struct config *config,
                             struct ska_error *err) SKA_MUST_CHECK;

/* SKA_E_MEMORY. */
enum ska_status front_shared_new(struct front_shared **out, const struct config *config,
                                 struct ska_error *err) SKA_MUST_CHECK;
void front_shared_free(struct front_shared *shared); /* of this process; NULL is accepted */

/*
 * Read certificates and key, open the site's folder, take over the socket of front_listen; the
 * first front (is_first) tells the port, in the log and port_file, and alone may be asked to call
 * the other server. `config` and `shared` are borrowed until front_free. On failure the socket is
 * closed.
 *
 * Returns SKA_OK; SKA_E_CONFIG naming what cannot be used; SKA_E_FILE, SKA_E_MEMORY.
 */
enum ska_status front_open(struct front **out, const struct config *config,
                           struct front_shared *shared, int listen_fd, bool is_first,
                           struct ska_error *err) SKA_MUST_CHECK;

/*
 * Serve until SIGTERM or SIGINT, then drain: accept nothing, let the aggregator answer what it has
 * (DRAIN), send the answers, end. The aggregator is at the other end of `socket_fd`, which is taken
 * over. Returns the exit status: 0 after draining, 1 if the aggregator went away or broke the rules
 * of ipc.h.
 */
int front_run(struct front *front, int socket_fd);

/* The TCP ports of the public log's outside witnesses, which the process must be able to reach; how
 * many. */
size_t front_witness_ports(uint16_t ports[static SKA_POLICY_MEMBERS_MAX],
                           const struct front *front);

void front_free(struct front *front); /* NULL is accepted */

#endif
