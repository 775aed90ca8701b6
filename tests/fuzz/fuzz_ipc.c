/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_ipc.c - a frame between the processes that decodes must encode to the very bytes it was read
 * from. */
#include "server/ipc.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decode as the type says and write again; false if it is refused. */
static bool repeat(struct ska_writer *w, uint8_t type, uint32_t id, struct ska_slice payload)
{
    struct ipc_request request;
    struct ipc_answer answer;
    struct ipc_fetch fetch;
    struct ipc_fetched fetched;
    switch ((enum ipc_type)type) {
    case IPC_REQUEST:
        if (ipc_read_request(&request, payload) != SKA_OK)
            return false;
        ipc_write_request(w, id, &request);
        return true;
    case IPC_ANSWER:
        if (ipc_read_answer(&answer, payload) != SKA_OK)
            return false;
        ipc_write_answer(w, id, &answer);
        return true;
    case IPC_FETCH:
        if (ipc_read_fetch(&fetch, payload) != SKA_OK)
            return false;
        ipc_write_fetch(w, id, &fetch);
        return true;
    case IPC_FETCHED:
        if (ipc_read_fetched(&fetched, payload) != SKA_OK)
            return false;
        ipc_write_fetched(w, id, &fetched);
        return true;
    case IPC_CLOSED:
    case IPC_DRAIN:
        return false;
    }
    assert(false); /* the header lets no other type through */
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t len;
    uint8_t type;
    uint32_t id;
    if (size < IPC_HEADER_BYTES || ipc_read_header(&len, &type, &id, data) != SKA_OK ||
        len > size - IPC_HEADER_BYTES)
        return 0;
    struct ska_writer w = {0};
    if (repeat(&w, type, id, (struct ska_slice){data + IPC_HEADER_BYTES, len})) {
        assert(ska_writer_status(&w) == SKA_OK);
        assert(w.len == IPC_HEADER_BYTES + len && memcmp(w.data, data, w.len) == 0);
    }
    ska_writer_clear(&w);
    return 0;
}
