/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_connection.c - one client's connection.
 *
 *     HANDSHAKE --on_event, start_head-->----+
 *                                            v
 *                             IDLE --start_head--> HEAD --take_head--> BODY --dispatch--> WAITING
 *                              ^                    |                   |                    |
 *                              |                    +--connection_refuse, connection_answer--+
 *                              |                                        v
 *                              +------------finish_reply----------- REPLYING
 *                                                                       |
 *                                               freed <-- LINGER <------+ (not kept alive)
 *
 * Each state but WAITING has a deadline, after which the connection is cut: HANDSHAKE, HEAD
 * header_timeout_ms in all; IDLE KEEP_ALIVE_MS; BODY request_timeout_ms in all; REPLYING
 * request_timeout_ms for each piece of the answer; LINGER LINGER_MS, in which what a refused client
 * still sends is thrown away, so that it gets to read the answer. A client that goes away while
 * WAITING is told to the aggregator. Input beyond what the state needs is left in the socket.
 */
#define _GNU_SOURCE /* TCP_QUICKACK */
#include "server/front/front_parts.h"

#include "server/front/pxweb.h"
#include "server/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>

#define KEEP_ALIVE_MS 60000u
#define LINGER_MS 1000u

static void set_deadline(struct connection *c, uint64_t ms)
{
    struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    if (ms == 0)
        (void)evtimer_del(c->deadline);
    else
        (void)evtimer_add(c->deadline, &tv);
}

/* At most `bytes` may lie unread in memory. */
static void limit_input(struct connection *c, size_t bytes)
{
    bufferevent_setwatermark(c->bev, EV_READ, 0, bytes);
}

/* The request's body is no longer in memory. */
static void release_body(struct connection *c)
{
    atomic_fetch_sub(&c->front->shared->bodies_bytes, c->body_here);
    c->body_here = 0;
    c->body_len = 0;
}

void connection_free(struct connection *c)
{
    struct front *front = c->front;
    if (c->state == CONNECTION_WAITING)
        front_request_closed(front, c->id);
    release_body(c);
    if (c->file_fd >= 0)
        (void)close(c->file_fd); /* only read from */
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        front->connections = c->next;
    if (c->next != NULL)
        c->next->previous = c->previous;
    front->n_connections--;
    atomic_fetch_sub(&front->shared->n_connections, 1);
    addresses_leave(front->shared->addresses, c->address);
    event_free(c->deadline);
    bufferevent_free(c->bev);
    free(c);
    ERR_clear_error();
    front_connection_gone(front);
}

/* --- answering -------------------------------------------------------------------------------- */

void connection_reply(struct connection *c)
{
    c->state = CONNECTION_REPLYING;
    limit_input(c, HTTP_HEAD_MAX);
    set_deadline(c, c->front->config->request_timeout_ms);
}

void connection_refuse(struct connection *c, int status, enum ska_problem problem,
                       const char *detail)
{
    answer_problem(c, status, problem, detail);
    connection_reply(c);
}

/* Refuse before the body was read: it would be taken for the next request. */
static void refuse_unread(struct connection *c, int status, enum ska_problem problem,
                          const char *detail)
{
    if (c->request.body.chunked || c->request.body.length > 0)
        c->keep_alive = false;
    connection_refuse(c, status, problem, detail);
}

void connection_answer(struct connection *c, const struct ipc_answer *answer)
{
    assert(c->state == CONNECTION_WAITING);
    release_body(c);
    if (c->front->draining)
        c->keep_alive = false;
    answer_from_aggregator(c, answer);
    connection_reply(c);
}

/* --- requests --------------------------------------------------------------------------------- */

/* The whole query of the data interface is here: answer it. */
static void dispatch_pxweb(struct connection *c, struct evbuffer *input, struct ska_slice body)
{
    answer_from_pxweb(c, body);
    (void)evbuffer_drain(input, body.len);
    release_body(c);
    connection_reply(c);
}

/* The whole body is here: give it to the aggregator. */
static void dispatch(struct connection *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    struct ska_slice body = {.len = c->body_len};
    if (body.len > 0)
        body.data = evbuffer_pullup(input, (ev_ssize_t)body.len);
    if (c->routed.info == NULL && (body.len == 0 || body.data != NULL)) {
        dispatch_pxweb(c, input, body);
        return;
    }
    enum ska_status status =
        body.len > 0 && body.data == NULL ? SKA_E_MEMORY : front_request(c->front, c, body);
    (void)evbuffer_drain(input, body.len);
    if (status != SKA_OK) {
        release_body(c);
        connection_refuse(c, 503, SKA_PROBLEM_NONE, "Too much at once. Try again.");
        return;
    }
    c->state = CONNECTION_WAITING;
    limit_input(c, HTTP_HEAD_MAX);
    set_deadline(c, 0);
}

/* What is wrong with the request's body, by its head: 0 if nothing. */
static int check_body(const struct connection *c, size_t body_max)
{
    const struct http_body *body = &c->request.body;
    if (body->chunked)
        return 411;
    if (c->routed.info->request == NULL)
        return body->length > 0 ? 413 : 0;
    if (!body->has_length)
        return 411;
    if (body->encoded || !routes_is_media(c->request.content_type, c->routed.info->request))
        return 415;
    return body->length > body_max ? 413 : 0;
}

/* Count what has come of the body. Only bytes that are here take room: lengths that are announced
 * and never sent must keep nobody out. False if there is no room for them. */
static bool count_body(struct connection *c)
{
    struct front *front = c->front;
    size_t here = evbuffer_get_length(bufferevent_get_input(c->bev));
    size_t more = (here < c->body_len ? here : c->body_len) - c->body_here;
    if (atomic_fetch_add(&front->shared->bodies_bytes, more) > BODIES_BYTES_MAX - more) {
        atomic_fetch_sub(&front->shared->bodies_bytes, more);
        return false;
    }
    c->body_here += more;
    return true;
}

/* The body goes no further: throw away what came of it. */
static void abandon_body(struct connection *c, int status, const char *detail)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    (void)evbuffer_drain(input, evbuffer_get_length(input));
    release_body(c);
    c->keep_alive = false;
    connection_refuse(c, status, SKA_PROBLEM_NONE, detail);
}

/* The head is fine: wait for the body. */
static void await_body(struct connection *c, size_t body_len)
{
    if (!front_has_room(c->front, body_len)) {
        refuse_unread(c, 503, SKA_PROBLEM_NONE, "Too much at once. Try again.");
        return;
    }
    c->body_len = body_len;
    if (body_len > 0 && c->request.expects_continue) {
        static const char proceed[] = "HTTP/1.1 100 Continue\r\n\r\n";
        (void)bufferevent_write(c->bev, proceed, sizeof proceed - 1);
    }
    if (body_len > 0) { /* a client with Nagle's algorithm holds its last segment back for this */
        int yes = 1;
        (void)setsockopt(bufferevent_getfd(c->bev), IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
    }
    c->state = CONNECTION_BODY;
    limit_input(c, body_len > HTTP_HEAD_MAX ? body_len : HTTP_HEAD_MAX);
    set_deadline(c, c->front->config->request_timeout_ms);
}

/* A request for a resource of the table. */
static void begin_request(struct connection *c)
{
    const struct route_info *info = c->routed.info;
    const struct front *front = c->front;
    if ((info->peer_only & 1u << front->config->role) != 0 && !c->is_peer) {
        log_peer("not_the_peer", "route=%s", info->path);
        refuse_unread(c, 403, SKA_PROBLEM_NONE,
                      "Only the other server may do this, with its certificate.");
        return;
    }
    int fault = check_body(c, routes_body_max(info, front->config));
    if (fault != 0) {
        refuse_unread(c, fault, SKA_PROBLEM_NONE, http_reason(fault));
        return;
    }
    bool steps = info->route == ROUTE_AGGREGATION_JOB_GET && c->request.query[0] != '\0';
    if (steps && strcmp(c->request.query, "step=0") != 0) {
        refuse_unread(c, 400, SKA_PROBLEM_STEP_MISMATCH, "The only step is 0.");
        return;
    }
    await_body(c, (size_t)c->request.body.length); /* at most routes_body_max */
}

/* A request to the data interface: a GET is answered at once, a POST when its query is here. */
static void begin_pxweb(struct connection *c)
{
    const struct http_body *body = &c->request.body;
    bool is_post = c->request.method == METHOD_POST;
    bool is_preflight = c->request.method == METHOD_OPTIONS;
    int fault = 0;
    if (c->front->site_fd < 0)
        fault = 404;
    else if (!is_post && !is_preflight && c->request.method != METHOD_GET &&
             c->request.method != METHOD_HEAD)
        fault = 405;
    else if (body->chunked || (is_post && !body->has_length))
        fault = 411;
    else if (body->length > (is_post ? PXWEB_BODY_MAX : 0))
        fault = 413;
    else if (body->encoded)
        fault = 415;
    if (fault == 405)
        (void)snprintf(c->routed.allow, sizeof c->routed.allow, "GET, HEAD, POST, OPTIONS");
    if (fault != 0) {
        refuse_unread(c, fault, SKA_PROBLEM_NONE, http_reason(fault));
    } else if (is_post) {
        await_body(c, (size_t)body->length);
    } else if (is_preflight) {
        answer_preflight(c);
        connection_reply(c);
    } else {
        answer_from_pxweb(c, (struct ska_slice){0});
        connection_reply(c);
    }
}

/* What follows "log/", if the path is one of the public log; else NULL. */
static const char *path_in_log(const struct connection *c, const char *path)
{
    static const char folder[] = "log/";
    bool is_log = c->front->log_fd >= 0 && strncmp(path, folder, sizeof folder - 1) == 0;
    return is_log ? path + sizeof folder - 1 : NULL;
}

/* A request for a page of the site or a file of the public log. */
static void begin_file(struct connection *c, const char *path)
{
    const char *in_log = path_in_log(c, path);
    if (c->request.method != METHOD_GET && c->request.method != METHOD_HEAD) {
        bool is_there = in_log != NULL || c->front->site_fd >= 0;
        if (is_there)
            (void)snprintf(c->routed.allow, sizeof c->routed.allow, "GET, HEAD");
        refuse_unread(c, is_there ? 405 : 404, SKA_PROBLEM_NONE, "Pages can only be read.");
        return;
    }
    if (c->request.body.chunked || c->request.body.length > 0) {
        refuse_unread(c, 413, SKA_PROBLEM_NONE, http_reason(413));
        return;
    }
    if (in_log != NULL)
        answer_from_log(c, in_log);
    else
        answer_from_site(c, path);
    connection_reply(c);
}

/* The head is parsed: find what serves it. The other server may ask as much as it must. */
static void route_request(struct connection *c)
{
    const char *base = c->front->base_path;
    size_t base_len = strlen(base);
    memset(&c->routed, 0, sizeof c->routed);
    c->is_open =
        strncmp(c->request.path, base, base_len) == 0 && pxweb_is_ours(c->request.path + base_len);
    if (!c->is_peer &&
        !addresses_request(c->front->shared->addresses, c->address, front_now_ms())) {
        log_peer("address_too_fast", "connections=%zu", c->front->n_connections);
        refuse_unread(c, 429, SKA_PROBLEM_NONE, "Too many requests from your address. Wait.");
        return;
    }
    if (strncmp(c->request.path, base, base_len) != 0) {
        refuse_unread(c, 404, SKA_PROBLEM_NONE, "There is nothing here.");
        return;
    }
    const char *path = c->request.path + base_len;
    switch (routes_find(&c->routed, c->front->config->role, c->request.method, path)) {
    case ROUTES_FOUND:
        begin_request(c);
        return;
    case ROUTES_NOT_OURS:
        if (pxweb_is_ours(path))
            begin_pxweb(c);
        else
            begin_file(c, path);
        return;
    case ROUTES_UNKNOWN:
        refuse_unread(c, 404, SKA_PROBLEM_NONE, "There is no such resource.");
        return;
    case ROUTES_METHOD:
        refuse_unread(c, 405, SKA_PROBLEM_NONE, "The resource cannot be used with this method.");
        return;
    }
}

/* Parse the head if it is whole. Returns whether the state changed. */
static bool take_head(struct connection *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    struct evbuffer_ptr end = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    if (end.pos < 0 && evbuffer_get_length(input) < HTTP_HEAD_MAX)
        return false;
    size_t len = end.pos < 0 ? HTTP_HEAD_MAX + 1 : (size_t)end.pos + 4;
    int status = 431;
    const uint8_t *head = len > HTTP_HEAD_MAX ? NULL : evbuffer_pullup(input, (ev_ssize_t)len);
    c->request = (struct http_request){0};
    memset(&c->routed, 0, sizeof c->routed);
    c->is_open = false;
    if (head == NULL || http_request_parse(&c->request, &status, head, len) != SKA_OK) {
        c->request.method = METHOD_OTHER;
        c->keep_alive = false;
        log_peer("bad_request", "status=%d", status);
        connection_refuse(c, status, SKA_PROBLEM_NONE, http_reason(status));
        return true;
    }
    (void)evbuffer_drain(input, len);
    c->keep_alive = c->request.body.keep_alive && !c->front->draining;
    route_request(c);
    return true;
}

static void start_head(struct connection *c)
{
    c->state = CONNECTION_HEAD;
    c->since_ms = front_now_ms();
    set_deadline(c, c->front->config->header_timeout_ms);
}

/* Go on as far as the input reaches. */
static void advance(struct connection *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    bool moved = true;
    while (moved) {
        moved = false;
        switch (c->state) {
        case CONNECTION_IDLE:
            if (evbuffer_get_length(input) > 0) {
                start_head(c);
                moved = true;
            }
            break;
        case CONNECTION_HEAD:
            moved = take_head(c);
            break;
        case CONNECTION_BODY:
            if (!count_body(c))
                abandon_body(c, 503, "Too much at once. Try again.");
            else if (c->body_here == c->body_len)
                dispatch(c); /* then WAITING or REPLYING: both wait */
            break;
        case CONNECTION_LINGER:
            (void)evbuffer_drain(input, evbuffer_get_length(input));
            break;
        case CONNECTION_HANDSHAKE:
        case CONNECTION_WAITING:
        case CONNECTION_REPLYING:
            break;
        }
    }
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void on_read(struct bufferevent *bev, void *arg)
{
    (void)bev;
    advance(arg);
}

/* Everything of an answer was sent: the next request, or the end. */
static void finish_reply(struct connection *c)
{
    if (!c->keep_alive || c->front->draining) {
        c->state = CONNECTION_LINGER;
        (void)SSL_shutdown(bufferevent_openssl_get_ssl(c->bev)); /* best effort */
        ERR_clear_error();
        (void)shutdown(bufferevent_getfd(c->bev), SHUT_WR);
        set_deadline(c, LINGER_MS);
    } else {
        c->state = CONNECTION_IDLE;
        set_deadline(c, KEEP_ALIVE_MS);
    }
    advance(c);
}

static void on_written(struct bufferevent *bev, void *arg)
{
    struct connection *c = arg;
    if (c->state != CONNECTION_REPLYING || evbuffer_get_length(bufferevent_get_output(bev)) > 0)
        return;
    if (c->file_fd < 0) {
        finish_reply(c);
        return;
    }
    set_deadline(c, c->front->config->request_timeout_ms);
    if (!answer_more_of_file(c))
        connection_free(c);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct connection *c = arg;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        c->is_peer = tls_is_peer(bufferevent_openssl_get_ssl(bev), c->front->config->peer_name);
        start_head(c);
        advance(c);
        return;
    }
    if (c->state == CONNECTION_HANDSHAKE) {
        unsigned long code = bufferevent_get_openssl_error(bev);
        const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
        log_peer("tls_refused", "reason=\"%s\"", reason == NULL ? "connection lost" : reason);
    }
    connection_free(c);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct connection *c = arg;
    if (c->state == CONNECTION_HANDSHAKE || c->state == CONNECTION_HEAD ||
        c->state == CONNECTION_BODY)
        log_peer("too_slow", "state=%d", (int)c->state);
    if (c->state != CONNECTION_HEAD && c->state != CONNECTION_BODY) {
        connection_free(c);
        return;
    }
    abandon_body(c, 408, http_reason(408));
}

/* Give the accepted socket its TLS, buffers and timer. */
static bool open_parts(struct connection *c, int fd)
{
    struct front *front = c->front;
    c->deadline = evtimer_new(front->base, on_deadline, c);
    SSL *ssl = c->deadline == NULL ? NULL : SSL_new(front->server_tls);
    if (ssl == NULL)
        return false;
    c->bev = bufferevent_openssl_socket_new(front->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                            BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (c->bev == NULL) {
        SSL_free(ssl);
        return false;
    }
    bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
    bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
    limit_input(c, HTTP_HEAD_MAX);
    return bufferevent_enable(c->bev, EV_READ | EV_WRITE) == 0;
}

void connection_new(struct front *front, int fd, struct address *address)
{
    int yes = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); /* an optimisation */
    struct connection *c = ska_alloc(1, sizeof *c);
    if (c == NULL) {
        addresses_leave(front->shared->addresses, address);
        (void)close(fd);
        return;
    }
    c->front = front;
    c->address = address;
    c->file_fd = -1;
    c->since_ms = front_now_ms();
    if (!open_parts(c, fd)) {
        if (c->bev != NULL)
            bufferevent_free(c->bev); /* closes fd */
        else
            (void)close(fd);
        if (c->deadline != NULL)
            event_free(c->deadline);
        addresses_leave(front->shared->addresses, address);
        free(c);
        ERR_clear_error();
        log_warn("connection_refused", "reason=\"out of memory\"");
        return;
    }
    c->next = front->connections;
    if (c->next != NULL)
        c->next->previous = c;
    front->connections = c;
    front->n_connections++;
    atomic_fetch_add(&front->shared->n_connections, 1);
    set_deadline(c, front->config->header_timeout_ms);
}
