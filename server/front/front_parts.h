/* SPDX-License-Identifier: EUPL-1.2 */
/* front_parts.h - what the files of front share; private to front*.c. */
#ifndef SKA_SERVER_FRONT_PARTS_H
#define SKA_SERVER_FRONT_PARTS_H

#include "server/channel.h"
#include "server/front/front_address.h"
#include "server/front/front_cache.h"
#include "server/front/front_tls.h"
#include "server/front/routes.h"

#include "protocol/dap.h"
#include "protocol/resources.h"
#include "protocol/tlog_policy.h"
#include "support/http_head.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdatomic.h>

#define BODIES_BYTES_MAX (256u << 20)  /* of all requests being received or waiting, all fronts */
#define CHANNEL_BYTES_MAX (128u << 20) /* that the aggregator may be behind */

struct peer;

/* States of a connection: the drawing is in front_connection.c. */
enum connection_state {
    CONNECTION_HANDSHAKE,
    CONNECTION_IDLE,
    CONNECTION_HEAD,
    CONNECTION_BODY,
    CONNECTION_WAITING,
    CONNECTION_REPLYING,
    CONNECTION_LINGER
};

struct connection {
    struct front *front;                /* borrowed */
    struct connection *previous, *next; /* in the front's list, newest first */
    struct address *address;            /* whose it is; NULL: not limited */
    struct bufferevent *bev;            /* owned, with its socket and SSL */
    struct event *deadline;             /* owned */
    enum connection_state state;
    uint64_t since_ms;           /* HANDSHAKE, HEAD: since when, monotonic */
    bool is_peer;                /* the other server, shown by its certificate */
    bool keep_alive;             /* after the answer being made */
    struct http_request request; /* BODY, WAITING, REPLYING */
    struct routed routed;        /* BODY, WAITING */
    bool is_open;                /* pages of other sites may read a refusal too */
    size_t body_len;             /* BODY, WAITING */
    size_t body_here;            /* bytes of it that came: counted in front->bodies_bytes */
    uint32_t id;                 /* WAITING: of the REQUEST */
    int file_fd;                 /* REPLYING from a file, else -1; owned */
    uint64_t file_left;          /* bytes of it not yet sent */
};

/* A request that the aggregator has. */
struct open_request {
    struct connection *connection; /* NULL: this place is free */
    uint32_t id;
};

/* What all fronts of a server count together. */
struct front_shared {
    atomic_size_t n_connections; /* for a moment one more for each front may be accepted */
    atomic_size_t bodies_bytes;
    struct addresses *addresses; /* what each client's address takes */
};

struct front {
    const struct config *config; /* borrowed */
    struct front_shared *shared; /* borrowed */
    struct event_base *base;
    SSL_CTX *server_tls;
    int site_fd;            /* -1: none */
    int log_fd;             /* the public log's folder; -1: none */
    struct cache *cache;    /* of the site's files; NULL with no site */
    char base_path[501];    /* of own_url: starts and ends with a slash */
    int listen_fd;          /* -1 once draining; owned */
    struct event *listener; /* pending while connections are accepted */
    struct event *on_term, *on_int, *stop_timer, *accept_timer;
    struct channel *channel; /* NULL before front_run and after the aggregator's end */
    struct peer *peer;
    struct peer *witnesses[SKA_POLICY_MEMBERS_MAX]; /* by member of the log's policy; NULL: none */
    struct connection *connections;                 /* all, newest first */
    size_t n_connections;                           /* of this front */
    struct open_request *open;                      /* by id & open_mask */
    uint32_t open_mask;
    uint32_t next_id;
    size_t n_open;
    bool draining;
    int exit_status;
};

/* --- front.c ---------------------------------------------------------------------------------- */

/* Give the connection's request to the aggregator; sets connection->id. SKA_E_BUSY if it has too
 * much already. */
enum ska_status front_request(struct front *front, struct connection *connection,
                              struct ska_slice body) SKA_MUST_CHECK;
/* The connection of an open request ends without its answer. */
void front_request_closed(struct front *front, uint32_t id);
/* Whether another request with a body of `body_len` bytes fits all limits. */
bool front_has_room(const struct front *front, size_t body_len);
/* Send a frame to the aggregator; a failure ends the process' loop. */
void front_send(struct front *front, struct ska_writer *frame);
/* Milliseconds of a clock that is never set. */
uint64_t front_now_ms(void);
/* A connection was freed: perhaps accept again, perhaps all is drained. */
void front_connection_gone(struct front *front);

/* --- front_connection.c ----------------------------------------------------------------------- */

/* Take over an accepted socket and its place among those of `address`; closes it and gives that
 * back if there is no memory. */
void connection_new(struct front *front, int fd, struct address *address);
void connection_free(struct connection *connection);
/* The aggregator's answer to a WAITING connection. */
void connection_answer(struct connection *connection, const struct ipc_answer *answer);
/* Answer with a problem document; the connection is kept if its request was read whole. */
void connection_refuse(struct connection *connection, int status, enum ska_problem problem,
                       const char *detail);
/* The head and first bytes of an answer are in the output: wait until all is sent. */
void connection_reply(struct connection *connection);

/* --- front_answer.c: heads and bodies of answers into a connection's output ------------------- */

void answer_from_aggregator(struct connection *connection, const struct ipc_answer *answer);
void answer_problem(struct connection *connection, int status, enum ska_problem problem,
                    const char *detail);
/* The site's file of the request, a redirection, "not modified", or a problem. */
void answer_from_site(struct connection *connection, const char *path);
/* A file of the public log, by its path below the log's folder. */
void answer_from_log(struct connection *connection, const char *path);
/* An answer that is whole in memory, open to pages of other sites. `type` is static. */
void answer_whole(struct connection *connection, int status, const char *type,
                  struct ska_slice body);
/* Answer what a browser asks before a page of another site may post JSON to the data interface. */
void answer_preflight(struct connection *connection);
/* Put the next bytes of the file into the output; false if it cannot be read any more. */
bool answer_more_of_file(struct connection *connection);

/* --- front_witness.c: the outside witnesses of the leader's log ------------------------------- */

/* Those of the policy that have a URL. SKA_E_CONFIG. */
enum ska_status witnesses_open(struct front *front, struct ska_error *err) SKA_MUST_CHECK;
void witnesses_free(struct front *front);
/* Start a request for the aggregator, to the member that it names. */
void witness_fetch(struct front *front, uint32_t id, const struct ipc_fetch *fetch);

/* --- front_pxweb.c: the data interface -------------------------------------------------------- */

/* Whether a path below the server's URL is the data interface's. */
bool pxweb_is_ours(const char *path);
/* Answer the connection's request, whose body is given. */
void answer_from_pxweb(struct connection *connection, struct ska_slice body);

/* --- front_peer.c: requests to the other server, and to outside witnesses --------------------- */

enum ska_status peer_new(struct peer **out, struct front *front,
                         struct ska_error *err) SKA_MUST_CHECK;
/* A witness of the public log, at its URL. It is shown no certificate of ours. SKA_E_CONFIG. */
enum ska_status peer_new_witness(struct peer **out, struct front *front, const char *url,
                                 struct ska_error *err) SKA_MUST_CHECK;
uint16_t peer_port(const struct peer *peer);
void peer_free(struct peer *peer); /* NULL is accepted */
/* Start a request for the aggregator; front_send gets its FETCHED, perhaps at once. */
void peer_fetch(struct peer *peer, uint32_t id, const struct ipc_fetch *fetch);

#endif
