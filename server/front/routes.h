/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * routes.h - every resource of a server in one table: method, path, who serves it, who may use it,
 * what its body is, how long that may be. Paths are relative to the server's URL.
 */
#ifndef SKA_SERVER_ROUTES_H
#define SKA_SERVER_ROUTES_H

#include "server/config.h"
#include "server/ipc.h"
#include "support/http_head.h"

#define ROUTES_PATH_MAX 200 /* bytes of a route's path, NUL included */
#define ROUTES_ALLOW_MAX 40 /* bytes of an Allow field, NUL included */

/* What the last element of a path is. */
enum route_name {
    ROUTE_NAME_NONE,
    ROUTE_NAME_ID,     /* base64url of 16 bytes */
    ROUTE_NAME_NUMBER, /* decimal, below 2^32, without leading zeros */
    ROUTE_NAME_HASH    /* 32 bytes in lower-case hexadecimal */
};

struct route_info {
    enum route route;
    enum method method;
    const char *path; /* elements; "*" is the task identifier; the name, if any, comes last */
    enum route_name name;
    unsigned served_by;  /* bits 1 << role */
    unsigned peer_only;  /* roles at which only the other server may use it */
    const char *request; /* media type of the body; NULL: no body */
};

/* What a path and method came to. */
enum routes_result {
    ROUTES_FOUND,
    ROUTES_NOT_OURS, /* no path of this table begins so: perhaps a page of the site */
    ROUTES_UNKNOWN,  /* 404 */
    ROUTES_METHOD    /* 405: the path is there for other methods */
};

struct routed {
    const struct route_info *info; /* static */
    uint8_t task_id[32];           /* zero if the path has none */
    char name[IPC_NAME_MAX + 1];   /* "" if the path has none */
    char allow[ROUTES_ALLOW_MAX];  /* ROUTES_METHOD: the path's methods, "GET, HEAD, PUT" */
};

/* Find what serves `path` (NUL-terminated, without base, leading slash and query). HEAD finds GET's
 * route. Identifiers must be in canonical base64url. */
enum routes_result routes_find(struct routed *out, enum ska_role role, enum method method,
                               const char *path);

/* The table's row; precondition: `route` is one of the enum. */
const struct route_info *routes_info(enum route route);

/* The longest body of a request, as the configuration has it; 0: none allowed. */
size_t routes_body_max(const struct route_info *info, const struct config *config);

/* "tasks/<task>/aggregation_jobs/<name>"; false if it does not fit (a name that is too long). */
bool routes_path(char out[static ROUTES_PATH_MAX], const struct route_info *info,
                 const uint8_t task_id[static 32], const char *name);

/* Whether a Content-Type field is the media type `wanted`: type and parameter names without case,
 * white space around ";" ignored. */
bool routes_is_media(const char *field, const char *wanted);

const char *routes_media_name(enum media media); /* "" for MEDIA_NONE */
enum media routes_media_find(const char *field); /* MEDIA_NONE if it is none of ours */

#endif
