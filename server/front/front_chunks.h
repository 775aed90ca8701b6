/* SPDX-License-Identifier: EUPL-1.2 */
/* front_chunks.h - bodies in the chunked transfer coding (RFC 9112, section 7.1), piece by piece.
 */
#ifndef SKA_SERVER_FRONT_CHUNKS_H
#define SKA_SERVER_FRONT_CHUNKS_H

#include "crypto/bytes.h"

#include <event2/buffer.h>

/* Valid when zeroed: before the first chunk's size. */
struct chunks {
    enum { CHUNKS_SIZE, CHUNKS_DATA, CHUNKS_END, CHUNKS_TRAILER } state;
    size_t left; /* bytes of the chunk still to come */
    size_t trailer_len;
    bool done; /* the last chunk and the trailer were taken */
};

/* Move what is there of the body from `input` to the end of `body`, which may hold `max` bytes.
 * SKA_OK (look at done); SKA_E_FORMAT, SKA_E_LIMIT, SKA_E_MEMORY: the connection is of no use any
 * more. */
enum ska_status chunks_take(struct chunks *chunks, struct evbuffer *body, struct evbuffer *input,
                            size_t max) SKA_MUST_CHECK;

#endif
