/* SPDX-License-Identifier: EUPL-1.2 */
/* routes.c - the table of resources, and finding one from method and path. */
#include "server/front/routes.h"

#include "protocol/documents.h"
#include "protocol/resources.h"
#include "protocol/task.h"
#include "protocol/verifier.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define AT_LEADER (1u << SKA_ROLE_LEADER)
#define AT_HELPER (1u << SKA_ROLE_HELPER)
#define AT_BOTH (AT_LEADER | AT_HELPER)
#define DAP(message) SKA_MEDIA_DAP_PREFIX message

/* Longest bodies; uploads and aggregation jobs depend on the configuration. */
#define SMALL_BODY_MAX 8192u         /* queries, collection requests */
#define CONTROL_BODY_MAX (64u << 20) /* close carries the accepted list between the servers */
#define LOG_BODY_MAX (17u << 20)     /* leaves for the helper, and a checkpoint */
#define JOB_BODY_MAX (64u << 20)
#define RELEASE_BODY_MAX (2u << 20) /* a line for each of a bundle's 10,018 files */

/* clang-format off */
static const struct route_info table[] = {
    {ROUTE_HPKE_CONFIG, METHOD_GET, "hpke_config", ROUTE_NAME_NONE, AT_BOTH, 0, NULL},
    {ROUTE_REPORTS, METHOD_POST, "tasks/*/reports", ROUTE_NAME_NONE, AT_LEADER, 0, DAP("upload-req")},
    {ROUTE_COLLECTION_JOBS, METHOD_POST, "tasks/*/collection_jobs", ROUTE_NAME_NONE, AT_LEADER, 0, DAP("collection-job-req")},
    {ROUTE_COLLECTION_JOB_GET, METHOD_GET, "tasks/*/collection_jobs", ROUTE_NAME_ID, AT_LEADER, 0, NULL},
    {ROUTE_COLLECTION_JOB_DELETE, METHOD_DELETE, "tasks/*/collection_jobs", ROUTE_NAME_ID, AT_LEADER, 0, NULL},
    {ROUTE_AGGREGATION_JOBS, METHOD_POST, "tasks/*/aggregation_jobs", ROUTE_NAME_NONE, AT_HELPER, AT_HELPER, DAP("aggregation-job-init-req")},
    {ROUTE_AGGREGATION_JOB_CONTINUE, METHOD_POST, "tasks/*/aggregation_jobs", ROUTE_NAME_ID, AT_HELPER, AT_HELPER, DAP("aggregation-job-continue-req")},
    {ROUTE_AGGREGATION_JOB_GET, METHOD_GET, "tasks/*/aggregation_jobs", ROUTE_NAME_ID, AT_HELPER, AT_HELPER, NULL},
    {ROUTE_AGGREGATION_JOB_DELETE, METHOD_DELETE, "tasks/*/aggregation_jobs", ROUTE_NAME_ID, AT_HELPER, AT_HELPER, NULL},
    {ROUTE_AGGREGATE_SHARES, METHOD_POST, "tasks/*/aggregate_shares", ROUTE_NAME_NONE, AT_HELPER, AT_HELPER, DAP("aggregate-share-req")},
    {ROUTE_AGGREGATE_SHARE_GET, METHOD_GET, "tasks/*/aggregate_shares", ROUTE_NAME_ID, AT_HELPER, AT_HELPER, NULL},
    {ROUTE_AGGREGATE_SHARE_DELETE, METHOD_DELETE, "tasks/*/aggregate_shares", ROUTE_NAME_ID, AT_HELPER, AT_HELPER, NULL},
    {ROUTE_TASKS, METHOD_GET, "skarva/tasks", ROUTE_NAME_NONE, AT_LEADER, 0, NULL},
    {ROUTE_PARAMETERS_GET, METHOD_GET, "skarva/tasks/*/parameters", ROUTE_NAME_NONE, AT_BOTH, 0, NULL},
    {ROUTE_PARAMETERS_PUT, METHOD_PUT, "skarva/tasks/*/parameters", ROUTE_NAME_NONE, AT_BOTH, AT_HELPER, SKA_MEDIA_PARAMETERS},
    {ROUTE_CONTROL, METHOD_POST, "skarva/tasks/*/control", ROUTE_NAME_NONE, AT_BOTH, AT_HELPER, SKA_MEDIA_CONTROL},
    {ROUTE_STATUS, METHOD_GET, "skarva/tasks/*/status", ROUTE_NAME_NONE, AT_BOTH, 0, NULL},
    {ROUTE_SUBMISSIONS, METHOD_POST, "skarva/tasks/*/submissions", ROUTE_NAME_NONE, AT_LEADER, 0, SKA_MEDIA_QUERY},
    {ROUTE_ACCEPTED, METHOD_GET, "skarva/tasks/*/accepted", ROUTE_NAME_NONE, AT_LEADER, 0, NULL},
    {ROUTE_PUBLIC_SHARE, METHOD_GET, "skarva/tasks/*/public_shares", ROUTE_NAME_NUMBER, AT_LEADER, 0, NULL},
    {ROUTE_CHANGES, METHOD_GET, "skarva/tasks/*/changes", ROUTE_NAME_NONE, AT_LEADER, 0, NULL},
    {ROUTE_RELEASE, METHOD_PUT, "skarva/tasks/*/release", ROUTE_NAME_NONE, AT_BOTH, AT_HELPER, SKA_MEDIA_RELEASE},
    {ROUTE_VERIFIER, METHOD_PUT, "skarva/verifier", ROUTE_NAME_NONE, AT_BOTH, AT_HELPER, SKA_MEDIA_VERIFIER},
    {ROUTE_LOG_PROOF, METHOD_GET, "skarva/log/proof", ROUTE_NAME_HASH, AT_LEADER, 0, NULL},
    {ROUTE_LOG_EXTEND, METHOD_POST, "skarva/log/extend", ROUTE_NAME_NONE, AT_HELPER, AT_HELPER, SKA_MEDIA_LOG_EXTENSION},
    {ROUTE_ADD_CHECKPOINT, METHOD_POST, "add-checkpoint", ROUTE_NAME_NONE, 0, 0, SKA_MEDIA_TEXT},
};
/* clang-format on */
#define N_TABLE (sizeof table / sizeof table[0])
static_assert(N_TABLE == N_ROUTES - 1, "every route has its row, in the enum's order");

static const char *const media_names[N_MEDIA] = {
    [MEDIA_NONE] = "",
    [MEDIA_PROBLEM] = SKA_MEDIA_PROBLEM,
    [MEDIA_HPKE_CONFIG_LIST] = DAP("hpke-config-list"),
    [MEDIA_UPLOAD_ERRORS] = DAP("upload-errors"),
    [MEDIA_AGGREGATION_JOB_RESP] = DAP("aggregation-job-resp"),
    [MEDIA_COLLECTION_JOB_RESP] = DAP("collection-job-resp"),
    [MEDIA_AGGREGATE_SHARE] = DAP("aggregate-share"),
    [MEDIA_PARAMETERS] = SKA_MEDIA_PARAMETERS,
    [MEDIA_TASK_STATUS] = SKA_MEDIA_TASK_STATUS,
    [MEDIA_TASK_LIST] = SKA_MEDIA_TASK_LIST,
    [MEDIA_SUBMISSIONS] = SKA_MEDIA_SUBMISSIONS,
    [MEDIA_ACCEPTED] = SKA_MEDIA_ACCEPTED,
    [MEDIA_PUBLIC_SHARE] = SKA_MEDIA_PUBLIC_SHARE,
    [MEDIA_CHANGES] = SKA_MEDIA_CHANGES,
    [MEDIA_LOG_LEAF] = SKA_MEDIA_LOG_LEAF,
    [MEDIA_LOG_COSIGNATURE] = SKA_MEDIA_LOG_COSIGNATURE,
    [MEDIA_LOG_SIZE] = SKA_MEDIA_LOG_SIZE,
    [MEDIA_TEXT] = SKA_MEDIA_TEXT,
};

const struct route_info *routes_info(enum route route)
{
    assert(route >= ROUTE_HPKE_CONFIG && route < N_ROUTES);
    const struct route_info *info = &table[route - ROUTE_HPKE_CONFIG];
    assert(info->route == route);
    return info;
}

/* The next element of a path: its length; *at moves past it and its slash. */
static size_t take_element(const char **element, const char **at)
{
    *element = *at;
    size_t len = strcspn(*at, "/");
    *at += len;
    if (**at == '/')
        (*at)++;
    return len;
}

static bool is_name(enum route_name kind, const char *text, size_t len)
{
    switch (kind) {
    case ROUTE_NAME_NONE:
        return false;
    case ROUTE_NAME_ID: {
        uint8_t id[16];
        return ska_base64url_decode(id, sizeof id, text, len) == SKA_OK;
    }
    case ROUTE_NAME_NUMBER: {
        if (len == 0 || len > 10 || (text[0] == '0' && len > 1))
            return false;
        uint64_t value = 0;
        for (size_t i = 0; i < len; i++) {
            if (text[i] < '0' || text[i] > '9')
                return false;
            value = value * 10 + (uint64_t)(text[i] - '0');
        }
        return value <= UINT32_MAX;
    }
    case ROUTE_NAME_HASH:
        return len == 64 && strspn(text, "0123456789abcdef") == len;
    }
    return false;
}

/* Whether `path` is an instance of the row; fills in task and name. */
static bool matches(struct routed *out, const struct route_info *info, const char *path)
{
    struct routed found = {.info = info};
    const char *pattern = info->path;
    while (*pattern != '\0') {
        const char *want;
        const char *have;
        size_t want_len = take_element(&want, &pattern);
        if (*path == '\0')
            return false;
        size_t have_len = take_element(&have, &path);
        if (want_len == 1 && want[0] == '*') {
            if (ska_base64url_decode(found.task_id, sizeof found.task_id, have, have_len) != SKA_OK)
                return false;
        } else if (have_len != want_len || memcmp(have, want, want_len) != 0) {
            return false;
        }
    }
    if (info->name != ROUTE_NAME_NONE) {
        size_t len = strlen(path);
        if (len > IPC_NAME_MAX || !is_name(info->name, path, len))
            return false;
        memcpy(found.name, path, len);
    } else if (path[0] != '\0' || path[-1] == '/') {
        return false; /* something, or an empty element, follows */
    }
    *out = found;
    return true;
}

/* Append a method to an Allow field; GET brings HEAD. */
static void allow(char out[static ROUTES_ALLOW_MAX], enum method method)
{
    size_t len = strlen(out);
    int n = snprintf(out + len, ROUTES_ALLOW_MAX - len, "%s%s%s", len > 0 ? ", " : "",
                     http_method_name(method), method == METHOD_GET ? ", HEAD" : "");
    assert(n > 0 && (size_t)n < ROUTES_ALLOW_MAX - len); /* at most GET, HEAD, POST, PUT, DELETE */
}

enum routes_result routes_find(struct routed *out, enum ska_role role, enum method method,
                               const char *path)
{
    struct routed other = {0};
    enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
    for (size_t i = 0; i < N_TABLE; i++) {
        struct routed found;
        if ((table[i].served_by & 1u << role) == 0 || !matches(&found, &table[i], path))
            continue;
        if (table[i].method == wanted) {
            *out = found;
            return ROUTES_FOUND;
        }
        allow(other.allow, table[i].method);
    }
    if (other.allow[0] != '\0') {
        *out = other;
        return ROUTES_METHOD;
    }
    static const char *const reserved[] = {"hpke_config", "tasks", "skarva"};
    size_t first_len = strcspn(path, "/");
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strlen(reserved[i]) == first_len && memcmp(reserved[i], path, first_len) == 0)
            return ROUTES_UNKNOWN;
    return ROUTES_NOT_OURS;
}

size_t routes_body_max(const struct route_info *info, const struct config *config)
{
    if (info->request == NULL)
        return 0;
    switch (info->route) {
    case ROUTE_REPORTS:
        return config->upload_max;
    case ROUTE_AGGREGATION_JOBS: {
        uint64_t most = config->upload_max * config->reports_per_job_max + SMALL_BODY_MAX;
        return most < JOB_BODY_MAX ? most : JOB_BODY_MAX;
    }
    case ROUTE_PARAMETERS_PUT:
        return SKA_PARAMETERS_BYTES_MAX + SMALL_BODY_MAX;
    case ROUTE_CONTROL:
        return config->role == SKA_ROLE_HELPER ? CONTROL_BODY_MAX : SMALL_BODY_MAX;
    case ROUTE_RELEASE:
        return RELEASE_BODY_MAX;
    case ROUTE_VERIFIER:
        return SKA_VERIFIER_STATEMENT_BYTES + SKA_VERIFIER_BYTES_MAX;
    case ROUTE_LOG_EXTEND:
        return LOG_BODY_MAX;
    case ROUTE_HPKE_CONFIG:
    case ROUTE_COLLECTION_JOBS:
    case ROUTE_COLLECTION_JOB_GET:
    case ROUTE_COLLECTION_JOB_DELETE:
    case ROUTE_AGGREGATION_JOB_CONTINUE:
    case ROUTE_AGGREGATION_JOB_GET:
    case ROUTE_AGGREGATION_JOB_DELETE:
    case ROUTE_AGGREGATE_SHARES:
    case ROUTE_AGGREGATE_SHARE_GET:
    case ROUTE_AGGREGATE_SHARE_DELETE:
    case ROUTE_TASKS:
    case ROUTE_PARAMETERS_GET:
    case ROUTE_STATUS:
    case ROUTE_SUBMISSIONS:
    case ROUTE_ACCEPTED:
    case ROUTE_PUBLIC_SHARE:
    case ROUTE_CHANGES:
    case ROUTE_LOG_PROOF:
    case ROUTE_ADD_CHECKPOINT:
    case N_ROUTES:
        return SMALL_BODY_MAX;
    }
    return 0;
}

bool routes_path(char out[static ROUTES_PATH_MAX], const struct route_info *info,
                 const uint8_t task_id[static 32], const char *name)
{
    char task[48];
    ska_base64url_encode(task, task_id, 32);
    const char *star = strchr(info->path, '*');
    int head = star == NULL ? (int)strlen(info->path) : (int)(star - info->path);
    int n =
        snprintf(out, ROUTES_PATH_MAX, "%.*s%s%s%s%s", head, info->path, star == NULL ? "" : task,
                 star == NULL ? "" : star + 1, name[0] == '\0' ? "" : "/", name);
    return n > 0 && n < ROUTES_PATH_MAX;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool routes_is_media(const char *field, const char *wanted)
{
    for (;;) {
        if (*wanted == ';' || *wanted == '\0')
            while (*field == ' ' || *field == '\t')
                field++;
        if (lower(*field) != *wanted)
            return false;
        if (*wanted == '\0')
            return true;
        bool separator = *wanted == ';';
        field++;
        wanted++;
        if (separator)
            while (*field == ' ' || *field == '\t')
                field++;
    }
}

const char *routes_media_name(enum media media)
{
    assert(media < N_MEDIA);
    return media_names[media];
}

enum media routes_media_find(const char *field)
{
    for (int m = MEDIA_NONE + 1; m < N_MEDIA; m++)
        if (routes_is_media(field, media_names[m]))
            return (enum media)m;
    return MEDIA_NONE;
}
