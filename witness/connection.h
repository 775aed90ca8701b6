/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * connection.h - one client of a witness; what serve.c and connection.c share.
 *
 *     READING --whole request--> judged, ANSWERING --sent--> READING, or freed (not kept alive)
 *
 * READING has a deadline for the whole of a request, from the connection or the last answer on;
 * ANSWERING has one too. Nothing is read while ANSWERING.
 */
#ifndef SKA_WITNESS_CONNECTION_H
#define SKA_WITNESS_CONNECTION_H

#include "support/http_head.h"
#include "witness/judge.h"

#include <event2/bufferevent.h>
#include <event2/event.h>

#define WITNESS_CONNECTIONS_MAX 200u

struct serving;

struct connection {
    struct serving *serving;            /* borrowed */
    struct connection *previous, *next; /* in its list, newest first */
    struct bufferevent *bev;            /* owned, with its socket and SSL */
    struct event *deadline;             /* owned */
    bool has_head;
    bool is_answering;
    bool keep_alive;
    struct http_request request; /* if has_head */
};

struct serving {
    struct event_base *base; /* borrowed */
    struct witness *witness; /* borrowed */
    struct connection *newest, *oldest;
    size_t n_connections;
    bool is_draining; /* no request is begun any more */
};

/* Take over an accepted, established or not, stream. On failure it is freed. */
void witness_connection_new(struct serving *s, struct bufferevent *bev);
void witness_connection_free(struct connection *c);

/* Let go of those that wait for a request. */
void witness_connections_drain(struct serving *s);

#endif
