/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_http_head.c - any bytes as the head of a request and of an answer, and what a request's path
 * leads to: never two lengths of one body, never a value longer than its field, never a name that
 * is not of its alphabet.
 */
#include "server/front/routes.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void route(const struct http_request *request)
{
    for (int role = SKA_ROLE_LEADER; role <= SKA_ROLE_HELPER; role++) {
        struct routed routed = {0};
        char path[ROUTES_PATH_MAX];
        if (routes_find(&routed, (enum ska_role)role, request->method, request->path + 1) !=
            ROUTES_FOUND)
            continue;
        assert(routes_path(path, routed.info, routed.task_id, routed.name));
        assert(strcmp(path, request->path + 1) == 0); /* one path for one resource */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_request request;
    struct http_response response;
    int status = 0;
    size_t len = http_head_length(data, size);
    if (http_response_parse(&response, data, size) == SKA_OK) {
        assert(len == size);
        assert(response.status >= 100 && response.status <= 599);
        assert(!(response.body.has_length && response.body.chunked));
    }
    if (http_request_parse(&request, &status, data, size) != SKA_OK) {
        assert(status >= 400 && status <= 505);
        return 0;
    }
    assert(len == size && status == 0);
    assert(!(request.body.has_length && request.body.chunked));
    assert(request.body.has_length || request.body.length == 0);
    assert(request.path[0] == '/' && strlen(request.path) <= HTTP_PATH_MAX);
    route(&request);
    return 0;
}
