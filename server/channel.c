/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * channel.c - frames over a socketpair.
 *
 *     OPEN --end of file, broken frame, failed socket--> ENDED (end_channel)
 */
#include "server/channel.h"

#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/util.h>

#define READ_AT_ONCE (256u * 1024u) /* bytes taken per turn of the loop */

struct channel {
    struct bufferevent *bev;
    struct channel_events events;
    bool ended;
};

static void end_channel(struct channel *c, enum ska_status why)
{
    if (c->ended)
        return;
    c->ended = true;
    (void)bufferevent_disable(c->bev, EV_READ | EV_WRITE);
    c->events.on_end(c->events.arg, why);
}

/* Hand the first frame over if it is here whole. *got says whether. */
static enum ska_status take_frame(bool *got, struct channel *c)
{
    *got = false;
    struct evbuffer *input = bufferevent_get_input(c->bev);
    uint8_t header[IPC_HEADER_BYTES];
    if (evbuffer_get_length(input) < sizeof header)
        return SKA_OK;
    (void)evbuffer_copyout(input, header, sizeof header);
    uint32_t payload_len;
    uint8_t type;
    uint32_t id;
    SKA_TRY(ipc_read_header(&payload_len, &type, &id, header));
    size_t frame_len = sizeof header + payload_len;
    if (evbuffer_get_length(input) < frame_len) {
        /* Ask to be called when it is whole; a frame's length is limited by ipc_read_header. */
        bufferevent_setwatermark(c->bev, EV_READ, frame_len, 0);
        return SKA_OK;
    }
    const uint8_t *frame = evbuffer_pullup(input, (ev_ssize_t)frame_len);
    if (frame == NULL)
        return SKA_E_MEMORY;
    struct ska_slice payload = {frame + sizeof header, payload_len};
    SKA_TRY(c->events.on_frame(c->events.arg, (enum ipc_type)type, id, payload));
    (void)evbuffer_drain(input, frame_len);
    bufferevent_setwatermark(c->bev, EV_READ, sizeof header, 0);
    *got = true;
    return SKA_OK;
}

static void on_read(struct bufferevent *bev, void *arg)
{
    (void)bev;
    struct channel *c = arg;
    bool got = true;
    while (got && !c->ended) {
        enum ska_status status = take_frame(&got, c);
        if (status != SKA_OK)
            end_channel(c, status);
    }
}

static void on_write(struct bufferevent *bev, void *arg)
{
    (void)bev;
    struct channel *c = arg;
    if (!c->ended && c->events.on_sent != NULL)
        c->events.on_sent(c->events.arg);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct channel *c = arg;
    if ((what & BEV_EVENT_EOF) == 0) {
        end_channel(c, SKA_E_NETWORK);
        return;
    }
    on_read(bev, c); /* frames that came with the end */
    end_channel(c, evbuffer_get_length(bufferevent_get_input(bev)) == 0 ? SKA_OK : SKA_E_TRUNCATED);
}

enum ska_status channel_new(struct channel **out, struct event_base *base, int fd,
                            const struct channel_events *events)
{
    struct channel *c = ska_alloc(1, sizeof *c);
    if (c == NULL)
        return SKA_E_MEMORY;
    c->events = *events;
    if (evutil_make_socket_nonblocking(fd) != 0) {
        free(c);
        return SKA_E_NETWORK;
    }
    c->bev = bufferevent_socket_new(base, fd, 0);
    if (c->bev == NULL) {
        free(c);
        return SKA_E_MEMORY;
    }
    bufferevent_setcb(c->bev, on_read, on_write, on_event, c);
    bufferevent_setwatermark(c->bev, EV_READ, IPC_HEADER_BYTES, 0);
    (void)bufferevent_set_max_single_read(c->bev, READ_AT_ONCE);
    (void)bufferevent_set_max_single_write(c->bev, READ_AT_ONCE);
    if (bufferevent_enable(c->bev, EV_READ | EV_WRITE) != 0) {
        bufferevent_free(c->bev);
        free(c);
        return SKA_E_MEMORY;
    }
    *out = c;
    return SKA_OK;
}

void channel_free(struct channel *channel)
{
    if (channel == NULL)
        return;
    evutil_socket_t fd = bufferevent_getfd(channel->bev);
    bufferevent_free(channel->bev);
    (void)evutil_closesocket(fd);
    free(channel);
}

static void free_frame(const void *data, size_t len, void *arg)
{
    (void)len;
    (void)data;
    free(arg);
}

enum ska_status channel_send(struct channel *channel, struct ska_writer *frame)
{
    uint8_t *data;
    size_t len;
    SKA_TRY(ska_writer_take(&data, &len, frame));
    if (len > (size_t)IPC_FRAME_MAX + 4) {
        free(data);
        return SKA_E_LIMIT;
    }
    if (channel->ended) {
        free(data);
        return SKA_OK;
    }
    struct evbuffer *output = bufferevent_get_output(channel->bev);
    if (evbuffer_add_reference(output, data, len, free_frame, data) != 0) {
        free(data);
        return SKA_E_MEMORY;
    }
    return SKA_OK;
}

size_t channel_queued(const struct channel *channel)
{
    return evbuffer_get_length(bufferevent_get_output(channel->bev));
}
