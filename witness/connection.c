/* SPDX-License-Identifier: EUPL-1.2 */
/* connection.c - reading requests, writing answers. */
#include "witness/connection.h"

#include "crypto/scoped.h"
#include "protocol/add_checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>

#define REQUEST_S 30 /* for a whole request, and for taking its answer */

static const char submit_path[] = "/add-checkpoint";
static const char checkpoint_end[] = "/checkpoint";

void witness_connection_free(struct connection *c)
{
    struct serving *s = c->serving;
    *(c->previous != NULL ? &c->previous->next : &s->newest) = c->next;
    *(c->next != NULL ? &c->next->previous : &s->oldest) = c->previous;
    s->n_connections--;
    if (c->deadline != NULL)
        event_free(c->deadline);
    bufferevent_free(c->bev);
    free(c);
    if (s->is_draining && s->n_connections == 0)
        (void)event_base_loopexit(s->base,
                                  NULL); /* fails only without memory: a timer ends it too */
}

static void set_deadline(struct connection *c)
{
    const struct timeval tv = {.tv_sec = REQUEST_S};
    (void)evtimer_add(c->deadline, &tv); /* was added before: needs no memory */
}

/* --- answers ---------------------------------------------------------------------------------- */

static const char *date(char out[static 40])
{
    time_t now = time(NULL);
    struct tm tm;
    if (gmtime_r(&now, &tm) == NULL ||
        strftime(out, 40, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0) /* the C locale's names */
        out[0] = '\0';
    return out;
}

static void send_answer(struct connection *c, int status, const char *type, struct ska_slice body)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    char text[40];
    const bool has_body = c->request.method != METHOD_HEAD;
    c->is_answering = true;
    c->keep_alive = c->keep_alive && !c->serving->is_draining;
    (void)bufferevent_disable(c->bev, EV_READ); /* of a stream that is open */
    if (evbuffer_add_printf(out,
                            "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: %s\r\n"
                            "Content-Length: %zu\r\nX-Content-Type-Options: nosniff\r\n"
                            "Cache-Control: no-store\r\n%s\r\n",
                            status, http_reason(status), date(text), type, body.len,
                            c->keep_alive ? "" : "Connection: close\r\n") < 0 ||
        (has_body && evbuffer_add(out, body.data, body.len) != 0))
        c->keep_alive = false; /* cut short, and seen by its length */
    set_deadline(c);
}

static void refuse(struct connection *c, int status)
{
    const char *reason = http_reason(status);
    c->keep_alive = false;
    send_answer(c, status, "text/plain; charset=utf-8",
                (struct ska_slice){(const uint8_t *)reason, strlen(reason)});
}

/* Bytes from outside are not logged: the origin is the configuration's. */
static void log_answer(const struct witness_answer *a)
{
    const char *origin = a->origin == NULL ? "-" : a->origin;
    if (a->status == 200)
        (void)fprintf(stderr, "info cosigned origin=%s size=%" PRIu64 "\n", origin, a->size);
    else if (a->status == 422)
        (void)fprintf(stderr, "warn not_consistent origin=%s size=%" PRIu64 "\n", origin, a->size);
    else if (a->status == 503)
        (void)fprintf(stderr, "error not_remembered origin=%s reason=\"%s\"\n", origin,
                      a->error.text);
    else
        (void)fprintf(stderr, "info refused origin=%s status=%d size=%" PRIu64 "\n", origin,
                      a->status, a->size);
}

static void submit(struct connection *c, struct ska_slice body)
{
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = {0};
    const time_t now = time(NULL);
    witness_add_checkpoint(&a, c->serving->witness, body, now > 0 ? (uint64_t)now : 0);
    if (a.status == 200 && ska_writer_status(&a.body) != SKA_OK)
        a.status = 503; /* remembered; the log asks again */
    log_answer(&a);
    send_answer(c, a.status, a.content_type, (struct ska_slice){a.body.data, a.body.len});
}

/* "/<64 digits>/checkpoint" */
static bool is_monitoring(const char *path)
{
    return strlen(path) == 1 + 64 + sizeof checkpoint_end - 1 &&
           strcmp(path + 1 + 64, checkpoint_end) == 0;
}

static void monitor(struct connection *c)
{
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = {0};
    char hash[64 + 1] = {0};
    memcpy(hash, c->request.path + 1, 64);
    witness_get_checkpoint(&a, c->serving->witness, hash);
    if (ska_writer_status(&a.body) != SKA_OK)
        refuse(c, 503);
    else
        send_answer(c, a.status, a.content_type, (struct ska_slice){a.body.data, a.body.len});
}

/* A request that is there whole. */
static void dispatch(struct connection *c, struct ska_slice body)
{
    const enum method method = c->request.method;
    const bool reads = method == METHOD_GET || method == METHOD_HEAD;
    c->keep_alive = c->request.body.keep_alive;
    if (strcmp(c->request.path, submit_path) == 0) {
        if (method == METHOD_POST)
            submit(c, body);
        else
            refuse(c, 405);
    } else if (is_monitoring(c->request.path)) {
        if (reads)
            monitor(c);
        else
            refuse(c, 405);
    } else {
        refuse(c, 404);
    }
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The status that refuses a head, or 0. */
static int check_head(const struct http_request *r)
{
    if (r->body.chunked)
        return 411;
    if (r->body.encoded)
        return 415;
    return r->body.length > SKA_ADD_BYTES_MAX ? 413 : 0;
}

/* False: not all of it is there. */
static bool take_head(struct connection *c, struct evbuffer *in)
{
    const size_t there = evbuffer_get_length(in);
    const size_t look = there < HTTP_HEAD_MAX ? there : HTTP_HEAD_MAX;
    const uint8_t *data = look == 0 ? NULL : evbuffer_pullup(in, (ev_ssize_t)look);
    const size_t len = data == NULL ? 0 : http_head_length(data, look);
    int status = 0;
    if (len == 0) {
        if (there >= HTTP_HEAD_MAX)
            refuse(c, 431);
        return false;
    }
    if (http_request_parse(&c->request, &status, data, len) == SKA_OK)
        status = check_head(&c->request);
    if (status != 0) {
        refuse(c, status);
        return false;
    }
    (void)evbuffer_drain(in, len); /* that much is there */
    c->has_head = true;
    if (c->request.expects_continue && c->request.body.length > 0 &&
        evbuffer_add_printf(bufferevent_get_output(c->bev), "HTTP/1.1 100 Continue\r\n\r\n") < 0)
        refuse(c, 503);
    return !c->is_answering;
}

static void on_read(struct bufferevent *bev, void *arg)
{
    struct connection *c = arg;
    struct evbuffer *in = bufferevent_get_input(bev);
    if (c->is_answering || (!c->has_head && !take_head(c, in)))
        return;
    const size_t len = (size_t)c->request.body.length; /* at most SKA_ADD_BYTES_MAX */
    if (evbuffer_get_length(in) < len)
        return;
    const uint8_t *body = len == 0 ? NULL : evbuffer_pullup(in, (ev_ssize_t)len);
    if (len > 0 && body == NULL) {
        refuse(c, 503);
        return;
    }
    dispatch(c, (struct ska_slice){body, len});
    (void)evbuffer_drain(in, len); /* that much is there */
}

/* All that was written is sent: after an answer, the next request. */
static void on_sent(struct bufferevent *bev, void *arg)
{
    struct connection *c = arg;
    if (!c->is_answering)
        return; /* it was "100 Continue" */
    if (!c->keep_alive || bufferevent_enable(bev, EV_READ) != 0) {
        witness_connection_free(c);
        return;
    }
    c->is_answering = false;
    c->has_head = false;
    set_deadline(c);
    on_read(bev, c); /* what came meanwhile */
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0)
        witness_connection_free(arg);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    witness_connection_free(arg);
}

void witness_connection_new(struct serving *s, struct bufferevent *bev)
{
    const struct timeval tv = {.tv_sec = REQUEST_S};
    struct connection *c = ska_alloc(1, sizeof *c);
    if (c == NULL) {
        bufferevent_free(bev);
        return;
    }
    if (s->n_connections == WITNESS_CONNECTIONS_MAX)
        witness_connection_free(s->oldest);
    c->serving = s;
    c->bev = bev;
    c->next = s->newest;
    *(c->next != NULL ? &c->next->previous : &s->oldest) = c;
    s->newest = c;
    s->n_connections++;
    c->deadline = evtimer_new(s->base, on_deadline, c);
    bufferevent_setcb(bev, on_read, on_sent, on_event, c);
    bufferevent_setwatermark(bev, EV_READ, 0, SKA_ADD_BYTES_MAX + HTTP_HEAD_MAX);
    if (c->deadline == NULL || evtimer_add(c->deadline, &tv) != 0 ||
        bufferevent_enable(bev, EV_READ | EV_WRITE) != 0)
        witness_connection_free(c);
}

void witness_connections_drain(struct serving *s)
{
    struct connection *next;
    s->is_draining = true;
    for (struct connection *c = s->newest; c != NULL; c = next) {
        next = c->next;
        if (!c->is_answering)
            witness_connection_free(c);
    }
    if (s->n_connections == 0)
        (void)event_base_loopexit(s->base,
                                  NULL); /* fails only without memory: a timer ends it too */
}
