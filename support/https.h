/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * https.h - the HTTPS client of the officer's and the publisher's programs, over libcurl: TLS 1.3,
 * certificates and host names verified, proxies as curl takes them from the environment
 * (https_proxy, no_proxy), limits on everything. For what needs no trust in who answers, because
 * signatures in it are checked, and sends nothing, anybody's server can be read, over http:// too:
 * is_public. Who stands between can hold an answer back or spoil it, which is noticed.
 */
#ifndef SKA_HTTPS_H
#define SKA_HTTPS_H

#include "crypto/bytes.h"

/* Valid when zeroed but for base_url. Strings borrowed. */
struct https_options {
    const char *base_url; /* "https://host:port/path/", ends in a slash */
    const char *ca_file;  /* PEM; NULL: the system's */
    long timeout_s;       /* for a whole request; 0: 60 */
    size_t answer_max;    /* bytes of an answer; 0: 16 MiB */
    bool is_public;       /* http:// too, and TLS 1.2; answers may be compressed */
};

/* Valid when zeroed. */
struct https_answer {
    int status;             /* HTTP status */
    char content_type[128]; /* lower case, "" if none */
    char location[512];     /* "" if none */
    long retry_after_s;     /* 0 if none */
    uint8_t *body;          /* owned */
    size_t body_len;
};
void https_answer_clear(struct https_answer *answer);

struct https_client; /* keeps its connection open between requests */
enum ska_status https_client_new(struct https_client **out, const struct https_options *options,
                                 struct ska_error *err) SKA_MUST_CHECK;
void https_client_free(struct https_client *client);

/* The server's clock in its last answer (the Date header), seconds since 1970; 0 if it gave none.
 */
int64_t https_server_time(const struct https_client *client);

/*
 * One request. `path` is relative to base_url; content_type NULL without a body.
 * SKA_OK for any HTTP status: the caller looks at answer->status. SKA_E_NETWORK, SKA_E_TIMEOUT,
 * SKA_E_LIMIT, SKA_E_MEMORY with a sentence that says what to do.
 */
enum ska_status https_request(struct https_answer *answer, struct https_client *client,
                              const char *method, const char *path, const char *content_type,
                              struct ska_slice body, struct ska_error *err) SKA_MUST_CHECK;

/* Like https_request, but a status outside 200..299 is an error: the problem document's detail
 * becomes the text, in the program's language and without the status name that a server of ours
 * puts before it. 404 is SKA_E_NOT_FOUND, 403 FORBIDDEN, 413 LIMIT, 503 BUSY, other 4xx
 * SKA_E_STATE, 5xx SKA_E_PEER. 409 is SKA_E_BATCH_SIZE, STATE or NUMBER if the server names it,
 * else CONFLICT: what is done about a refusal goes by that, never by the text. */
enum ska_status https_call(struct https_answer *answer, struct https_client *client,
                           const char *method, const char *path, const char *content_type,
                           struct ska_slice body, struct ska_error *err) SKA_MUST_CHECK;

/* The body of a GET by https_call; the caller frees *data. `client` is a struct https_client, and
 * untyped so that this can stand behind what reads files from anywhere (watch/log.h,
 * reports/log_fetch.h). SKA_E_LIMIT too if it is over `max` bytes. */
enum ska_status https_get_file(uint8_t **data, size_t *len, void *client, const char *path,
                               size_t max, struct ska_error *err) SKA_MUST_CHECK;

#endif
