/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_http_chunks.c - a chunked body is read alike whether it comes whole or byte by byte. */
#include "server/front/front_chunks.h"

#include <assert.h>
#include <string.h>

#define BODY_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read `data` in pieces of `piece` bytes. */
static enum ska_status take(struct chunks *chunks, struct evbuffer *body, const uint8_t *data,
                            size_t size, size_t piece)
{
    struct evbuffer *input = evbuffer_new();
    assert(input != NULL);
    enum ska_status status = SKA_OK;
    for (size_t at = 0; at < size && status == SKA_OK && !chunks->done; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        assert(evbuffer_add(input, data + at, n) == 0);
        status = chunks_take(chunks, body, input, BODY_MAX);
        assert(evbuffer_get_length(body) <= BODY_MAX);
    }
    evbuffer_free(input);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chunks one = {0};
    struct chunks many = {0};
    struct evbuffer *body_one = evbuffer_new();
    struct evbuffer *body_many = evbuffer_new();
    assert(body_one != NULL && body_many != NULL);
    enum ska_status status_one = size > 0 ? take(&one, body_one, data, size, size) : SKA_OK;
    enum ska_status status_many = take(&many, body_many, data, size, 1);
    if (status_one == SKA_OK && status_many == SKA_OK) {
        assert(one.done == many.done);
        size_t len = evbuffer_get_length(body_one);
        assert(len == evbuffer_get_length(body_many));
        assert(len == 0 ||
               memcmp(evbuffer_pullup(body_one, -1), evbuffer_pullup(body_many, -1), len) == 0);
    }
    if (one.done)
        assert(many.done || status_many != SKA_OK);
    evbuffer_free(body_one);
    evbuffer_free(body_many);
    return 0;
}
