/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ipc.h - the messages between `front` (sockets, TLS, HTTP) and `aggregator` (keys, shares, store)
 * over one socketpair.
 *
 * Frame:  u32 length of what follows | u8 type | u32 id | payload
 *
 *   type         direction            payload
 *   REQUEST   1  front -> aggregator  u8 route | u8 peer | task_id[32] | opaque8 name | opaque32
 * body ANSWER    2  aggregator -> front  u16 http status | u8 media | opaque16 location | u32
 * retry_after_s | opaque32 body FETCH     3  aggregator -> front  u8 route | task_id[32] | opaque8
 * name | opaque32 body     (to the peer aggregator) FETCHED   4  front -> aggregator  u8 outcome
 * (an enum ska_status) | u16 http status | u8 media | opaque32 body CLOSED    5  front ->
 * aggregator  empty: the client of request `id` went away; its ANSWER is not expected any more
 *   DRAIN     6  front -> aggregator  empty: shutting down, no REQUEST follows; the aggregator
 * answers what it has, then ends
 *
 * Ids are chosen by whoever asks and are unused until answered. A frame that is longer than its
 * route allows, of unknown type or route, or with an id that is not open, ends the process that
 * received it: the other side is broken or hostile. `peer` is 1 if the connection showed a client
 * certificate that the peer CA signed and whose name is the peer's.
 */
#ifndef SKA_IPC_H
#define SKA_IPC_H

#include "crypto/bytes.h"

#define IPC_HEADER_BYTES 9
#define IPC_FRAME_MAX ((64u << 20) + 4096u)
#define IPC_NAME_MAX 64

enum ipc_type { IPC_REQUEST = 1, IPC_ANSWER, IPC_FETCH, IPC_FETCHED, IPC_CLOSED, IPC_DRAIN };

/* Every resource a server has: routes.c gives method, path, roles, media types and the largest body
 * of each. */
enum route {
    ROUTE_HPKE_CONFIG = 1,
    ROUTE_REPORTS,
    ROUTE_COLLECTION_JOBS,
    ROUTE_COLLECTION_JOB_GET,
    ROUTE_COLLECTION_JOB_DELETE,
    ROUTE_AGGREGATION_JOBS,
    ROUTE_AGGREGATION_JOB_CONTINUE,
    ROUTE_AGGREGATION_JOB_GET,
    ROUTE_AGGREGATION_JOB_DELETE,
    ROUTE_AGGREGATE_SHARES,
    ROUTE_AGGREGATE_SHARE_GET,
    ROUTE_AGGREGATE_SHARE_DELETE,
    ROUTE_TASKS,
    ROUTE_PARAMETERS_GET,
    ROUTE_PARAMETERS_PUT,
    ROUTE_CONTROL,
    ROUTE_STATUS,
    ROUTE_SUBMISSIONS,
    ROUTE_ACCEPTED,
    ROUTE_PUBLIC_SHARE,
    ROUTE_CHANGES,
    ROUTE_RELEASE,
    ROUTE_VERIFIER,
    ROUTE_LOG_PROOF,
    ROUTE_LOG_EXTEND,
    ROUTE_ADD_CHECKPOINT, /* of outside witnesses: only fetched; its name is a member of the policy
                           */
    N_ROUTES
};

/* Media types of answers, as numbers between the processes. */
enum media {
    MEDIA_NONE,
    MEDIA_PROBLEM,
    MEDIA_HPKE_CONFIG_LIST,
    MEDIA_UPLOAD_ERRORS,
    MEDIA_AGGREGATION_JOB_RESP,
    MEDIA_COLLECTION_JOB_RESP,
    MEDIA_AGGREGATE_SHARE,
    MEDIA_PARAMETERS,
    MEDIA_TASK_STATUS,
    MEDIA_TASK_LIST,
    MEDIA_SUBMISSIONS,
    MEDIA_ACCEPTED,
    MEDIA_PUBLIC_SHARE,
    MEDIA_CHANGES,
    MEDIA_LOG_LEAF,
    MEDIA_LOG_COSIGNATURE,
    MEDIA_LOG_SIZE,
    MEDIA_TEXT,
    N_MEDIA
};

/* Payloads; slices borrow from the frame. */
struct ipc_request {
    enum route route;
    bool peer;
    uint8_t task_id[32];
    char name[IPC_NAME_MAX + 1]; /* the last path element, "" if the route has none */
    struct ska_slice body;
};
struct ipc_answer {
    uint16_t status;
    enum media media;
    char location[IPC_NAME_MAX +
                  1]; /* name of the created resource; front makes the URL. "" if none */
    uint32_t retry_after_s;
    struct ska_slice body;
};
struct ipc_fetch {
    enum route route;
    uint8_t task_id[32];
    char name[IPC_NAME_MAX + 1];
    struct ska_slice body;
};
struct ipc_fetched {
    enum ska_status outcome; /* SKA_OK: there is an answer; else why not */
    uint16_t status;
    enum media media;
    struct ska_slice body;
};

void ipc_write_request(struct ska_writer *w, uint32_t id, const struct ipc_request *m);
void ipc_write_answer(struct ska_writer *w, uint32_t id, const struct ipc_answer *m);
void ipc_write_fetch(struct ska_writer *w, uint32_t id, const struct ipc_fetch *m);
void ipc_write_fetched(struct ska_writer *w, uint32_t id, const struct ipc_fetched *m);
void ipc_write_empty(struct ska_writer *w, uint32_t id, enum ipc_type type); /* CLOSED, DRAIN */

/* Header of a frame: SKA_E_LIMIT if the length is under its own minimum or over IPC_FRAME_MAX.
 * `payload_len` excludes the header. */
enum ska_status ipc_read_header(uint32_t *payload_len, uint8_t *type, uint32_t *id,
                                const uint8_t header[static IPC_HEADER_BYTES]) SKA_MUST_CHECK;
enum ska_status ipc_read_request(struct ipc_request *out, struct ska_slice payload) SKA_MUST_CHECK;
enum ska_status ipc_read_answer(struct ipc_answer *out, struct ska_slice payload) SKA_MUST_CHECK;
enum ska_status ipc_read_fetch(struct ipc_fetch *out, struct ska_slice payload) SKA_MUST_CHECK;
enum ska_status ipc_read_fetched(struct ipc_fetched *out, struct ska_slice payload) SKA_MUST_CHECK;

#endif
