/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_peer.c - requests to the other server, or to one outside witness, made for the aggregator.
 *
 * A fetch waits in the queue for a line, has it until it is answered, and always ends in one
 * FETCHED (finish_fetch). Lines are kept open between fetches. A line:
 *
 *     CLOSED --open_line--> CONNECTING --on_event--> IDLE --give--> HEAD --take_head--> BODY
 *        ^                                            ^                                   |
 *        |                                            +------------finish_answer----------+
 *        +------------------close_line, from every state (failure, deadline, "Connection: close")
 *
 * If a kept line turns out to be closed before a byte of the answer came, its fetch is tried once
 * more on a new line: all our requests may be repeated. Other repetition is the aggregator's.
 */
#include "server/front/front_parts.h"

#include "server/front/front_chunks.h"
#include "server/log.h"
#include "support/language.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <openssl/err.h>

#define LINES_MAX 4u
#define FETCHES_MAX 1024u      /* waiting or under way */
#define ANSWER_MAX (16u << 20) /* bytes of an answer's body */
#define IDLE_MS 30000u         /* how long a line is kept without use */

enum line_state { LINE_CLOSED, LINE_CONNECTING, LINE_IDLE, LINE_HEAD, LINE_BODY };

struct fetch {
    struct fetch *next; /* in the queue */
    struct peer *peer;  /* borrowed */
    struct line *line;  /* NULL while queued */
    struct event *deadline;
    uint32_t id;
    bool repeated;
    uint8_t *request; /* head and body, owned */
    size_t request_len;
};

struct line {
    struct peer *peer; /* borrowed */
    enum line_state state;
    struct bufferevent *bev; /* owned unless CLOSED */
    struct event *idle;      /* owned */
    struct fetch *fetch;     /* owned; NULL if IDLE or CLOSED */
    bool kept;               /* it has answered before */
    struct http_response response;
    struct chunks chunks;
    struct evbuffer *body; /* owned; of a chunked answer */
};

struct peer {
    struct front *front; /* borrowed */
    SSL_CTX *tls;
    struct evdns_base *dns; /* NULL if the host is an address */
    char name[256];         /* in its certificate */
    char host[256];
    uint16_t port;
    bool is_witness;
    char base_path[SKA_POLICY_URL_MAX + 2];
    struct line lines[LINES_MAX];
    struct fetch *first, **last; /* the queue */
    size_t n_fetches;
};

static void pump(struct peer *peer);

/* --- ends ------------------------------------------------------------------------------------- */

static void fetch_free(struct fetch *fetch)
{
    fetch->peer->n_fetches--;
    if (fetch->deadline != NULL)
        event_free(fetch->deadline);
    free(fetch->request);
    free(fetch);
}

static void send_fetched(struct front *front, uint32_t id, const struct ipc_fetched *fetched)
{
    struct ska_writer w = {0};
    ipc_write_fetched(&w, id, fetched);
    front_send(front, &w);
}

static void finish_fetch(struct fetch *fetch, const struct ipc_fetched *fetched)
{
    send_fetched(fetch->peer->front, fetch->id, fetched);
    fetch_free(fetch);
}

static void fail_fetch(struct fetch *fetch, enum ska_status why)
{
    finish_fetch(fetch, &(struct ipc_fetched){.outcome = why});
}

static void close_line(struct line *line)
{
    if (line->bev != NULL)
        bufferevent_free(line->bev);
    line->bev = NULL;
    line->state = LINE_CLOSED;
    line->kept = false;
    (void)evtimer_del(line->idle);
    (void)evbuffer_drain(line->body, evbuffer_get_length(line->body));
    ERR_clear_error();
}

/* The line failed: so does its fetch, unless it may be tried once more. */
static void fail_line(struct line *line, enum ska_status why)
{
    struct peer *peer = line->peer;
    struct fetch *fetch = line->fetch;
    bool untouched =
        line->state == LINE_HEAD && evbuffer_get_length(bufferevent_get_input(line->bev)) == 0;
    bool again = fetch != NULL && line->kept && untouched && !fetch->repeated;
    line->fetch = NULL;
    close_line(line);
    if (again) {
        fetch->repeated = true;
        fetch->line = NULL;
        fetch->next = peer->first;
        if (peer->first == NULL)
            peer->last = &fetch->next;
        peer->first = fetch;
    } else if (fetch != NULL) {
        log_peer("peer_failed", "status=%s", ska_status_name(why));
        fail_fetch(fetch, why);
    }
    pump(peer);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* The whole answer is in `body`, from its start. */
static void finish_answer(struct line *line, struct evbuffer *body, size_t len)
{
    struct ipc_fetched fetched = {.outcome = SKA_OK,
                                  .status = line->response.status,
                                  .media = routes_media_find(line->response.content_type),
                                  .body.len = len};
    if (len > 0)
        fetched.body.data = evbuffer_pullup(body, (ev_ssize_t)len);
    if (len > 0 && fetched.body.data == NULL) {
        fail_line(line, SKA_E_MEMORY);
        return;
    }
    struct fetch *fetch = line->fetch;
    line->fetch = NULL;
    finish_fetch(fetch, &fetched);
    (void)evbuffer_drain(body, len);
    bool clean = evbuffer_get_length(bufferevent_get_input(line->bev)) == 0;
    if (!line->response.body.keep_alive || !clean) {
        close_line(line);
    } else {
        struct timeval tv = {.tv_sec = IDLE_MS / 1000};
        line->state = LINE_IDLE;
        line->kept = true;
        (void)evtimer_add(line->idle, &tv);
    }
    pump(line->peer);
}

/* Take the answer's head if it is whole; interim answers are passed over. Returns whether there may
 * be more to do. */
static bool take_head(struct line *line)
{
    struct evbuffer *input = bufferevent_get_input(line->bev);
    struct evbuffer_ptr end = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    if (end.pos < 0 && evbuffer_get_length(input) < HTTP_HEAD_MAX)
        return false;
    size_t len = end.pos < 0 ? HTTP_HEAD_MAX + 1 : (size_t)end.pos + 4;
    const uint8_t *head = len > HTTP_HEAD_MAX ? NULL : evbuffer_pullup(input, (ev_ssize_t)len);
    struct http_body *body = &line->response.body;
    if (head == NULL || http_response_parse(&line->response, head, len) != SKA_OK ||
        body->encoded || body->length > ANSWER_MAX) {
        fail_line(line, SKA_E_PEER);
        return false;
    }
    (void)evbuffer_drain(input, len);
    if (line->response.status < 200)
        return true;
    bool empty = line->response.status == 204 || line->response.status == 304;
    if (empty) {
        body->length = 0;
        body->chunked = false;
    } else if (!body->has_length && !body->chunked) {
        fail_line(line, SKA_E_PEER); /* ends with the connection: cannot be told from a cut */
        return false;
    }
    line->chunks = (struct chunks){0};
    line->state = LINE_BODY;
    size_t watch = body->chunked ? 2 * HTTP_HEAD_MAX : (size_t)body->length;
    bufferevent_setwatermark(line->bev, EV_READ, 0, watch > HTTP_HEAD_MAX ? watch : HTTP_HEAD_MAX);
    return true;
}

/* Take what is here of the body; finishes the answer when it is whole. */
static void take_body(struct line *line)
{
    struct evbuffer *input = bufferevent_get_input(line->bev);
    if (!line->response.body.chunked) {
        if (evbuffer_get_length(input) >= line->response.body.length)
            finish_answer(line, input, (size_t)line->response.body.length);
        return;
    }
    enum ska_status status = chunks_take(&line->chunks, line->body, input, ANSWER_MAX);
    if (status != SKA_OK)
        fail_line(line, SKA_E_PEER);
    else if (line->chunks.done)
        finish_answer(line, line->body, evbuffer_get_length(line->body));
}

static void on_read(struct bufferevent *bev, void *arg)
{
    struct line *line = arg;
    while (line->state == LINE_HEAD && take_head(line))
        ;
    if (line->state == LINE_BODY && line->bev == bev)
        take_body(line);
    else if (line->state == LINE_IDLE && line->bev == bev &&
             evbuffer_get_length(bufferevent_get_input(bev)) > 0)
        fail_line(line, SKA_E_PEER); /* nobody asked */
}

/* --- lines ------------------------------------------------------------------------------------ */

static void give(struct line *line, struct fetch *fetch)
{
    line->fetch = fetch;
    fetch->line = line;
    line->state = LINE_HEAD;
    (void)evtimer_del(line->idle);
    bufferevent_setwatermark(line->bev, EV_READ, 0, HTTP_HEAD_MAX);
    if (bufferevent_write(line->bev, fetch->request, fetch->request_len) != 0)
        fail_line(line, SKA_E_MEMORY);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct line *line = arg;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        struct fetch *fetch = line->fetch;
        give(line, fetch);
        return;
    }
    unsigned long code = bufferevent_get_openssl_error(bev);
    long verified = SSL_get_verify_result(bufferevent_openssl_get_ssl(bev));
    const char *reason = verified != X509_V_OK ? X509_verify_cert_error_string(verified)
                         : code != 0           ? ERR_reason_error_string(code)
                                               : NULL;
    if (line->state != LINE_IDLE)
        log_peer("peer_lost", "reason=\"%s\"", reason == NULL ? "no connection" : reason);
    if (line->state == LINE_CONNECTING) {
        fail_line(line, reason == NULL ? SKA_E_NETWORK : SKA_E_PEER);
        return;
    }
    on_read(bev, line); /* an answer that came with the end */
    if (line->bev == bev)
        fail_line(line, SKA_E_NETWORK);
}

static void on_idle(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    close_line(arg);
}

/* Start connecting; the fetch waits for it. */
static void open_line(struct line *line, struct fetch *fetch)
{
    struct peer *peer = line->peer;
    line->fetch = fetch;
    fetch->line = line;
    line->state = LINE_CONNECTING;
    SSL *ssl = tls_client_new(peer->tls, peer->name, peer->host);
    if (ssl != NULL)
        line->bev =
            bufferevent_openssl_socket_new(peer->front->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
                                           BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (line->bev == NULL) {
        SSL_free(ssl);
        fail_line(line, SKA_E_MEMORY);
        return;
    }
    bufferevent_openssl_set_allow_dirty_shutdown(line->bev, 1);
    bufferevent_setcb(line->bev, on_read, NULL, on_event, line);
    if (bufferevent_enable(line->bev, EV_READ | EV_WRITE) != 0 ||
        bufferevent_socket_connect_hostname(line->bev, peer->dns, AF_UNSPEC, peer->host,
                                            peer->port) != 0) {
        if (line->state == LINE_CONNECTING && line->bev != NULL)
            fail_line(line, SKA_E_NETWORK);
    }
}

/* The line that the next fetch gets: a kept one, else a closed one; NULL if all are busy. A fetch
 * that is repeated gets a new line, since the kept ones may have died together. */
static struct line *choose_line(struct peer *peer, const struct fetch *fetch)
{
    struct line *idle = NULL;
    struct line *closed = NULL;
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct line *line = &peer->lines[i];
        if (line->state == LINE_IDLE && idle == NULL)
            idle = line;
        if (line->state == LINE_CLOSED && closed == NULL)
            closed = line;
    }
    if (!fetch->repeated)
        return idle != NULL ? idle : closed;
    if (closed == NULL && idle != NULL)
        close_line(idle);
    return closed != NULL ? closed : idle;
}

/* Give queued fetches to free lines. */
static void pump(struct peer *peer)
{
    while (peer->first != NULL) {
        struct fetch *fetch = peer->first;
        struct line *line = choose_line(peer, fetch);
        if (line == NULL)
            return;
        peer->first = fetch->next;
        if (peer->first == NULL)
            peer->last = &peer->first;
        fetch->next = NULL;
        if (line->state == LINE_IDLE)
            give(line, fetch);
        else
            open_line(line, fetch);
    }
}

/* --- fetches ---------------------------------------------------------------------------------- */

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct fetch *fetch = arg;
    struct peer *peer = fetch->peer;
    if (fetch->line != NULL) {
        fetch->line->fetch = NULL;
        close_line(fetch->line);
    } else {
        struct fetch **at = &peer->first;
        while (*at != fetch)
            at = &(*at)->next;
        *at = fetch->next;
        if (fetch->next == NULL)
            peer->last = at;
    }
    log_peer("peer_failed", "status=%s", ska_status_name(SKA_E_TIMEOUT));
    fail_fetch(fetch, SKA_E_TIMEOUT);
    pump(peer);
}

/* The bytes of the request. */
static enum ska_status write_request(struct fetch *fetch, const struct ipc_fetch *m)
{
    const struct route_info *info = routes_info(m->route);
    const struct peer *peer = fetch->peer;
    char path[ROUTES_PATH_MAX];
    if (!routes_path(path, info, m->task_id, peer->is_witness ? "" : m->name))
        return SKA_E_LIMIT;
    bool is_v6 = strchr(peer->host, ':') != NULL;
    char head[2048];
    int n = snprintf(
        head, sizeof head,
        "%s %s%s HTTP/1.1\r\n"
        "Host: %s%s%s:%u\r\n"
        "%s%s%s"
        "Content-Length: %zu\r\n\r\n",
        http_method_name(info->method), peer->base_path, path, is_v6 ? "[" : "", peer->host,
        is_v6 ? "]" : "", peer->port,
        info->request == NULL ? "" : "Content-Type: ", info->request == NULL ? "" : info->request,
        info->request == NULL ? "" : "\r\n", m->body.len);
    if (n < 0 || (size_t)n >= sizeof head)
        return SKA_E_LIMIT;
    struct ska_writer w = {0};
    ska_write_bytes(&w, head, (size_t)n);
    ska_write_bytes(&w, m->body.data, m->body.len);
    return ska_writer_take(&fetch->request, &fetch->request_len, &w);
}

static enum ska_status fetch_new(struct fetch **out, struct peer *peer, uint32_t id,
                                 const struct ipc_fetch *m)
{
    if (peer->front->draining || peer->n_fetches >= FETCHES_MAX)
        return SKA_E_BUSY;
    struct fetch *fetch = ska_alloc(1, sizeof *fetch);
    if (fetch == NULL)
        return SKA_E_MEMORY;
    peer->n_fetches++;
    fetch->peer = peer;
    fetch->id = id;
    fetch->deadline = evtimer_new(peer->front->base, on_deadline, fetch);
    enum ska_status status = fetch->deadline == NULL ? SKA_E_MEMORY : write_request(fetch, m);
    if (status != SKA_OK) {
        fetch_free(fetch);
        return status;
    }
    uint64_t ms = peer->front->config->peer_timeout_ms;
    struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    (void)evtimer_add(fetch->deadline, &tv);
    *out = fetch;
    return SKA_OK;
}

void peer_fetch(struct peer *peer, uint32_t id, const struct ipc_fetch *m)
{
    struct fetch *fetch;
    enum ska_status status = fetch_new(&fetch, peer, id, m);
    if (status != SKA_OK) {
        send_fetched(peer->front, id, &(struct ipc_fetched){.outcome = status});
        return;
    }
    *peer->last = fetch;
    peer->last = &fetch->next;
    pump(peer);
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Host, port and path of a URL that ends in a slash. */
static enum ska_status take_url(struct peer *peer, const char *url, struct ska_error *err)
{
    static const char scheme[] = "https://";
    const char *from = peer->is_witness ? "log_policy" : "peer_url";
    if (strncmp(url, scheme, sizeof scheme - 1) != 0)
        return ska_fail(err, SKA_E_CONFIG,
                        tr("%s: %s: börjar inte med %s", "%s: %s: does not begin with %s"), from,
                        url, scheme);
    const char *host = url + sizeof scheme - 1;
    const char *host_end = host + strcspn(host, host[0] == '[' ? "]" : ":/");
    if (host[0] == '[')
        host++;
    const char *after = *host_end == ']' ? host_end + 1 : host_end;
    const char *slash = strchr(after, '/');
    size_t host_len = host_end > host ? (size_t)(host_end - host) : 0;
    if (host_len == 0 || host_len >= sizeof peer->host || slash == NULL ||
        strlen(slash) >= sizeof peer->base_path)
        return ska_fail(err, SKA_E_CONFIG, tr("%s: %s: ingen värd", "%s: %s: no host"), from, url);
    memcpy(peer->host, host, host_len);
    memcpy(peer->base_path, slash, strlen(slash));
    unsigned port = after == slash ? 443 : 0;
    for (const char *at = after + 1; at < slash; at++) {
        if (*after != ':' || *at < '0' || *at > '9' || port > 6553)
            return ska_fail(err, SKA_E_CONFIG, tr("%s: %s: ingen port", "%s: %s: no port"), from,
                            url);
        port = port * 10 + (unsigned)(*at - '0');
    }
    if (port == 0 || port > 65535)
        return ska_fail(err, SKA_E_CONFIG, tr("%s: %s: ingen port", "%s: %s: no port"), from, url);
    peer->port = (uint16_t)port;
    return SKA_OK;
}

static enum ska_status open_peer(struct peer *peer, const char *url, struct ska_error *err)
{
    struct front *front = peer->front;
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct line *line = &peer->lines[i];
        line->peer = peer;
        line->idle = evtimer_new(front->base, on_idle, line);
        line->body = evbuffer_new();
        if (line->idle == NULL || line->body == NULL)
            return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    }
    SKA_TRY(take_url(peer, url, err));
    (void)snprintf(peer->name, sizeof peer->name, "%s",
                   peer->is_witness ? peer->host : front->config->peer_name);
    SKA_TRY(peer->is_witness ? tls_witness_context(&peer->tls, front->config, err)
                             : tls_client_context(&peer->tls, front->config, err));
    if (!tls_is_address(peer->host)) {
        peer->dns = evdns_base_new(front->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
                                                    EVDNS_BASE_DISABLE_WHEN_INACTIVE);
        if (peer->dns == NULL)
            return ska_fail(err, SKA_E_CONFIG,
                            tr("%s: namn går inte att slå upp", "%s: names cannot be looked up"),
                            url);
    }
    return SKA_OK;
}

static enum ska_status new_peer(struct peer **out, struct front *front, const char *url,
                                bool is_witness, struct ska_error *err)
{
    struct peer *peer = ska_alloc(1, sizeof *peer);
    if (peer == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    peer->front = front;
    peer->last = &peer->first;
    peer->is_witness = is_witness;
    enum ska_status status = open_peer(peer, url, err);
    if (status != SKA_OK) {
        peer_free(peer);
        return status;
    }
    *out = peer;
    return SKA_OK;
}

enum ska_status peer_new(struct peer **out, struct front *front, struct ska_error *err)
{
    return new_peer(out, front, front->config->peer_url, false, err);
}

enum ska_status peer_new_witness(struct peer **out, struct front *front, const char *url,
                                 struct ska_error *err)
{
    char whole[SKA_POLICY_URL_MAX + 2];
    bool ends = url[0] != '\0' && url[strlen(url) - 1] == '/';
    (void)snprintf(whole, sizeof whole, "%s%s", url, ends ? "" : "/"); /* a policy's: fits */
    return new_peer(out, front, whole, true, err);
}

uint16_t peer_port(const struct peer *peer)
{
    return peer->port;
}

void peer_free(struct peer *peer)
{
    if (peer == NULL)
        return;
    while (peer->first != NULL) {
        struct fetch *fetch = peer->first;
        peer->first = fetch->next;
        fetch_free(fetch);
    }
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct line *line = &peer->lines[i];
        if (line->fetch != NULL)
            fetch_free(line->fetch);
        if (line->bev != NULL)
            bufferevent_free(line->bev);
        if (line->idle != NULL)
            event_free(line->idle);
        if (line->body != NULL)
            evbuffer_free(line->body);
    }
    if (peer->dns != NULL)
        evdns_base_free(peer->dns, 0);
    SSL_CTX_free(peer->tls);
    free(peer);
}
