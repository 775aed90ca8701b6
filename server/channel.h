/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * channel.h - frames of ipc.h over one end of a socketpair, on a libevent loop, without ever
 * blocking.
 *
 * Both processes use it. The header of every frame is checked here; its payload is the receiver's.
 * A channel that has ended (the other side closed it, a frame was broken, the socket failed) tells
 * on_end once and calls nothing any more.
 */
#ifndef SKA_SERVER_CHANNEL_H
#define SKA_SERVER_CHANNEL_H

#include "server/ipc.h"

#include <event2/event.h>

struct channel; /* owns its socket */

struct channel_events {
    /* A whole frame; the payload is borrowed for the call. May send; may not free the channel. A
     * failure ends the channel: on_end gets it. */
    enum ska_status (*on_frame)(void *arg, enum ipc_type type, uint32_t id,
                                struct ska_slice payload);
    /* The channel ended: SKA_OK if the other side closed it between two frames; SKA_E_TRUNCATED
     * within one; SKA_E_LIMIT, SKA_E_RANGE for a broken header; what on_frame returned;
     * SKA_E_NETWORK if the socket failed; SKA_E_MEMORY. */
    void (*on_end)(void *arg, enum ska_status why);
    /* May be NULL: everything sent so far was taken by the kernel. */
    void (*on_sent)(void *arg);
    void *arg; /* borrowed, for all three */
};

/* Take over the socket `fd` (made non-blocking) and start reading. SKA_E_MEMORY, SKA_E_NETWORK; on
 * failure the caller keeps `fd`. */
enum ska_status channel_new(struct channel **out, struct event_base *base, int fd,
                            const struct channel_events *events) SKA_MUST_CHECK;
void channel_free(struct channel *channel); /* closes the socket; NULL is accepted */

/*
 * Queue the one frame that was written into `frame` (with ipc_write_*), taking its bytes over and
 * leaving the writer empty also on failure. Never blocks.
 *
 * Returns SKA_OK (also after the end: on_end tells); the writer's own failure; SKA_E_LIMIT if the
 * frame is longer than IPC_FRAME_MAX; SKA_E_MEMORY.
 */
enum ska_status channel_send(struct channel *channel, struct ska_writer *frame) SKA_MUST_CHECK;

/* Bytes sent that the kernel has not taken yet: what the other side is behind. */
size_t channel_queued(const struct channel *channel);

#endif
