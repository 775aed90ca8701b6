/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_address.h - what one client address may take of front: connections at a time, and requests
 * by time. A client is an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has
 * one address there has all of them. This machine's own (127.0.0.1, ::1) is not limited: there are
 * its own programs, and a proxy that must limit by itself.
 *
 * Requests: a bucket of `requests_per_s` * ADDRESS_BURST_S requests, filled with `requests_per_s` a
 * second; each request takes one.
 *
 * The table is in memory that processes share if they were forked after addresses_new: the limits
 * hold for all of them together. Its lock outlives a process that dies with it.
 *
 * Memory is fixed. When there are more addresses than it can tell apart, one without connections is
 * forgotten, the one with the fullest bucket first: it may then take a full bucket once more.
 */
#ifndef SKA_SERVER_FRONT_ADDRESS_H
#define SKA_SERVER_FRONT_ADDRESS_H

#include "crypto/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

#define ADDRESS_BURST_S 20u /* seconds of requests that may come at once */

struct addresses;
struct address;

struct address_limits {
    uint64_t connections;       /* of one address; 0: no limit */
    uint64_t requests_per_s;    /* of one address; 0: no limit */
    uint64_t connections_total; /* of all: so many addresses at least are told apart */
};

/* SKA_E_MEMORY. */
enum ska_status addresses_new(struct addresses **out,
                              const struct address_limits *limits) SKA_MUST_CHECK;
void addresses_free(struct addresses *a); /* NULL is accepted */

/*
 * A connection from `from`. False: its address has as many as it may; do not take it. True: give
 * *out back with addresses_leave when it ends. *out is NULL for an address that is not limited.
 */
bool addresses_enter(struct address **out, struct addresses *a, const struct sockaddr *from,
                     uint64_t now_ms);
void addresses_leave(struct addresses *a, struct address *one); /* NULL is accepted for `one` */

/* A request on a connection of this address. False: too many in too short a time. */
bool addresses_request(struct addresses *a, struct address *one, uint64_t now_ms);

#endif
