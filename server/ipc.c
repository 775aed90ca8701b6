/* SPDX-License-Identifier: EUPL-1.2 */
/* ipc.c - the messages between front and aggregator: structs to frames and back. */
#include "server/ipc.h"

#include <string.h>

/* A frame is a growing message with its length in front; the header's part of it is type and id. */
static size_t open_frame(struct ska_writer *w, enum ipc_type type, uint32_t id)
{
    size_t mark = ska_write_open32(w);
    ska_write_u8(w, (uint8_t)type);
    ska_write_u32(w, id);
    return mark;
}

/* Names travel as text of the alphabet of base64url; "" is none. */
static enum ska_status check_name(const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t c = name[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '-' || c == '_'))
            return SKA_E_ENCODING;
    }
    return SKA_OK;
}

static enum ska_status copy_name(char out[static IPC_NAME_MAX + 1], const uint8_t *name, size_t len)
{
    SKA_TRY(check_name(name, len));
    memset(out, 0, IPC_NAME_MAX + 1);
    if (len > 0)
        memcpy(out, name, len);
    return SKA_OK;
}

static enum ska_status read_name(char out[static IPC_NAME_MAX + 1], struct ska_reader *r)
{
    const uint8_t *name;
    size_t len;
    SKA_TRY(ska_read_opaque8(&name, &len, r, IPC_NAME_MAX));
    return copy_name(out, name, len);
}

static enum ska_status read_route(enum route *out, struct ska_reader *r)
{
    uint8_t route;
    SKA_TRY(ska_read_u8(&route, r));
    if (route < ROUTE_HPKE_CONFIG || route >= N_ROUTES)
        return SKA_E_RANGE;
    *out = (enum route)route;
    return SKA_OK;
}

static enum ska_status read_media(enum media *out, struct ska_reader *r)
{
    uint8_t media;
    SKA_TRY(ska_read_u8(&media, r));
    if (media >= N_MEDIA)
        return SKA_E_RANGE;
    *out = (enum media)media;
    return SKA_OK;
}

/* A final status of HTTP. */
static enum ska_status read_http_status(uint16_t *out, struct ska_reader *r)
{
    uint16_t status;
    SKA_TRY(ska_read_u16(&status, r));
    if (status < 200 || status > 599)
        return SKA_E_RANGE;
    *out = status;
    return SKA_OK;
}

/* The body is last: nothing may follow it. */
static enum ska_status read_body(struct ska_slice *out, struct ska_reader *r)
{
    struct ska_slice body = {0};
    SKA_TRY(ska_read_opaque32(&body.data, &body.len, r, IPC_FRAME_MAX));
    SKA_TRY(ska_read_end(r));
    *out = body;
    return SKA_OK;
}

void ipc_write_request(struct ska_writer *w, uint32_t id, const struct ipc_request *m)
{
    size_t mark = open_frame(w, IPC_REQUEST, id);
    ska_write_u8(w, (uint8_t)m->route);
    ska_write_u8(w, m->peer ? 1 : 0);
    ska_write_bytes(w, m->task_id, sizeof m->task_id);
    ska_write_opaque8(w, m->name, strlen(m->name));
    ska_write_opaque32(w, m->body.data, m->body.len);
    ska_write_close32(w, mark);
}

void ipc_write_answer(struct ska_writer *w, uint32_t id, const struct ipc_answer *m)
{
    size_t mark = open_frame(w, IPC_ANSWER, id);
    ska_write_u16(w, m->status);
    ska_write_u8(w, (uint8_t)m->media);
    ska_write_opaque16(w, m->location, strlen(m->location));
    ska_write_u32(w, m->retry_after_s);
    ska_write_opaque32(w, m->body.data, m->body.len);
    ska_write_close32(w, mark);
}

void ipc_write_fetch(struct ska_writer *w, uint32_t id, const struct ipc_fetch *m)
{
    size_t mark = open_frame(w, IPC_FETCH, id);
    ska_write_u8(w, (uint8_t)m->route);
    ska_write_bytes(w, m->task_id, sizeof m->task_id);
    ska_write_opaque8(w, m->name, strlen(m->name));
    ska_write_opaque32(w, m->body.data, m->body.len);
    ska_write_close32(w, mark);
}

void ipc_write_fetched(struct ska_writer *w, uint32_t id, const struct ipc_fetched *m)
{
    size_t mark = open_frame(w, IPC_FETCHED, id);
    ska_write_u8(w, (uint8_t)m->outcome);
    ska_write_u16(w, m->status);
    ska_write_u8(w, (uint8_t)m->media);
    ska_write_opaque32(w, m->body.data, m->body.len);
    ska_write_close32(w, mark);
}

void ipc_write_empty(struct ska_writer *w, uint32_t id, enum ipc_type type)
{
    ska_write_close32(w, open_frame(w, type, id));
}

enum ska_status ipc_read_header(uint32_t *payload_len, uint8_t *type, uint32_t *id,
                                const uint8_t header[static IPC_HEADER_BYTES])
{
    struct ska_reader r;
    ska_reader_init(&r, header, IPC_HEADER_BYTES);
    uint32_t len;
    uint8_t wire_type;
    uint32_t wire_id;
    SKA_TRY(ska_read_u32(&len, &r));
    SKA_TRY(ska_read_u8(&wire_type, &r));
    SKA_TRY(ska_read_u32(&wire_id, &r));
    const uint32_t minimum = IPC_HEADER_BYTES - 4; /* type and id */
    if (len < minimum || len > IPC_FRAME_MAX)
        return SKA_E_LIMIT;
    if (wire_type < IPC_REQUEST || wire_type > IPC_DRAIN)
        return SKA_E_RANGE;
    *payload_len = len - minimum;
    *type = wire_type;
    *id = wire_id;
    return SKA_OK;
}

enum ska_status ipc_read_request(struct ipc_request *out, struct ska_slice payload)
{
    struct ska_reader r;
    ska_reader_init(&r, payload.data, payload.len);
    struct ipc_request m = {0};
    uint8_t peer;
    SKA_TRY(read_route(&m.route, &r));
    SKA_TRY(ska_read_u8(&peer, &r));
    if (peer > 1)
        return SKA_E_RANGE;
    m.peer = peer == 1;
    SKA_TRY(ska_read_bytes(m.task_id, sizeof m.task_id, &r));
    SKA_TRY(read_name(m.name, &r));
    SKA_TRY(read_body(&m.body, &r));
    *out = m;
    return SKA_OK;
}

enum ska_status ipc_read_answer(struct ipc_answer *out, struct ska_slice payload)
{
    struct ska_reader r;
    ska_reader_init(&r, payload.data, payload.len);
    struct ipc_answer m = {0};
    const uint8_t *location;
    size_t location_len;
    SKA_TRY(read_http_status(&m.status, &r));
    SKA_TRY(read_media(&m.media, &r));
    SKA_TRY(ska_read_opaque16(&location, &location_len, &r, IPC_NAME_MAX));
    SKA_TRY(copy_name(m.location, location, location_len));
    SKA_TRY(ska_read_u32(&m.retry_after_s, &r));
    SKA_TRY(read_body(&m.body, &r));
    *out = m;
    return SKA_OK;
}

enum ska_status ipc_read_fetch(struct ipc_fetch *out, struct ska_slice payload)
{
    struct ska_reader r;
    ska_reader_init(&r, payload.data, payload.len);
    struct ipc_fetch m = {0};
    SKA_TRY(read_route(&m.route, &r));
    SKA_TRY(ska_read_bytes(m.task_id, sizeof m.task_id, &r));
    SKA_TRY(read_name(m.name, &r));
    SKA_TRY(read_body(&m.body, &r));
    *out = m;
    return SKA_OK;
}

enum ska_status ipc_read_fetched(struct ipc_fetched *out, struct ska_slice payload)
{
    struct ska_reader r;
    ska_reader_init(&r, payload.data, payload.len);
    struct ipc_fetched m = {0};
    uint8_t outcome;
    SKA_TRY(ska_read_u8(&outcome, &r));
    if (outcome >= SKA_N_STATUSES)
        return SKA_E_RANGE;
    m.outcome = (enum ska_status)outcome;
    if (m.outcome == SKA_OK) {
        SKA_TRY(read_http_status(&m.status, &r));
    } else {
        SKA_TRY(ska_read_u16(&m.status, &r));
        if (m.status != 0)
            return SKA_E_RANGE;
    }
    SKA_TRY(read_media(&m.media, &r));
    SKA_TRY(read_body(&m.body, &r));
    *out = m;
    return SKA_OK;
}
