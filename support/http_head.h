/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * http_head.h - heads of HTTP/1.1 messages: bytes to structs, strictly. No sockets here.
 *
 * Spec: RFC 9112 (syntax), RFC 9110 (meaning). Stricter than they ask for: lines end with CR LF,
 * folded lines, repeated Content-Length or Host, Content-Length beside Transfer-Encoding, white
 * space before a colon and control bytes are refused, so that no proxy in between can read a
 * message differently from us.
 */
#ifndef SKA_HTTP_HEAD_H
#define SKA_HTTP_HEAD_H

#include "crypto/bytes.h"

#define HTTP_HEAD_MAX (16u * 1024u) /* bytes of a head, its empty line included */
#define HTTP_FIELDS_MAX 100u
#define HTTP_PATH_MAX 1000
#define HTTP_VALUE_MAX 200 /* of the values that are kept */

enum method {
    METHOD_OTHER,
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_DELETE,
    METHOD_OPTIONS
};

/* What a head says about the body that follows, and the connection. Valid when zeroed. */
struct http_body {
    bool has_length;
    uint64_t length; /* of a body with Content-Length */
    bool chunked;    /* the only transfer coding we know */
    bool keep_alive;
    bool encoded; /* a Content-Encoding other than identity */
};

struct http_request {
    enum method method;
    char path[HTTP_PATH_MAX + 1]; /* starts with a slash; percent signs as they came; no query */
    char query[HTTP_VALUE_MAX + 1];
    bool expects_continue;
    struct http_body body;
    char content_type[HTTP_VALUE_MAX + 1];  /* "" if none */
    char if_none_match[HTTP_VALUE_MAX + 1]; /* "" if none */
};

struct http_response {
    uint16_t status; /* 100..599 */
    struct http_body body;
    char content_type[HTTP_VALUE_MAX + 1];
};

/* Bytes up to and with the empty line that ends a head, or 0 if it is not among `data` yet. */
size_t http_head_length(const uint8_t *data, size_t len);

/*
 * Parse a whole head, `len` bytes as http_head_length counts them.
 *
 * Out:  *out     unchanged on failure
 *       *status  on failure the HTTP status that answers it: 400, 414, 431, 501, 505
 * Returns SKA_OK or SKA_E_FORMAT.
 */
enum ska_status http_request_parse(struct http_request *out, int *status, const uint8_t *head,
                                   size_t len) SKA_MUST_CHECK;

/* The same for an answer's head. */
enum ska_status http_response_parse(struct http_response *out, const uint8_t *head,
                                    size_t len) SKA_MUST_CHECK;

enum method http_method(const char *text, size_t len);
const char *http_method_name(enum method method); /* "GET"; METHOD_OTHER is "" */

/* "Bad Request"; "" for a status without a phrase here. */
const char *http_reason(int status);

#endif
