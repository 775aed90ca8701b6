/* SPDX-License-Identifier: EUPL-1.2 */
/* http_head.c - parsing heads of HTTP/1.1 messages. */
#include "support/http_head.h"

#include <string.h>

/* One line or part of it, borrowed from the head. */
struct text {
    const char *at;
    size_t len;
};

/* What is found while walking over the fields. */
struct fields {
    struct http_body body;
    bool has_transfer_encoding, has_type, has_host, expects_continue;
    struct text content_type, if_none_match;
    int status; /* what answers the fault */
};

static const char *const method_names[] = {
    [METHOD_OTHER] = "",          [METHOD_GET] = "GET", [METHOD_HEAD] = "HEAD",
    [METHOD_POST] = "POST",       [METHOD_PUT] = "PUT", [METHOD_DELETE] = "DELETE",
    [METHOD_OPTIONS] = "OPTIONS",
};

enum method http_method(const char *text, size_t len)
{
    for (int m = METHOD_GET; m <= METHOD_OPTIONS; m++)
        if (strlen(method_names[m]) == len && memcmp(method_names[m], text, len) == 0)
            return (enum method)m;
    return METHOD_OTHER;
}

const char *http_method_name(enum method method)
{
    return method_names[method];
}

size_t http_head_length(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i + 3 < len; i++)
        if (data[i] == '\r' && data[i + 1] == '\n' && data[i + 2] == '\r' && data[i + 3] == '\n')
            return i + 4;
    return 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether `t` is `word` (lower case), in any case. */
static bool is_word(struct text t, const char *word)
{
    if (strlen(word) != t.len)
        return false;
    for (size_t i = 0; i < t.len; i++)
        if (lower(t.at[i]) != word[i])
            return false;
    return true;
}

static struct text trim(struct text t)
{
    while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == '\t')) {
        t.at++;
        t.len--;
    }
    while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\t'))
        t.len--;
    return t;
}

/* Whether a comma-separated list has `word`. */
static bool list_has(struct text list, const char *word)
{
    while (list.len > 0) {
        const char *comma = memchr(list.at, ',', list.len);
        size_t n = comma == NULL ? list.len : (size_t)(comma - list.at);
        if (is_word(trim((struct text){list.at, n}), word))
            return true;
        size_t used = comma == NULL ? n : n + 1;
        list.at += used;
        list.len -= used;
    }
    return false;
}

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool parse_length(uint64_t *out, struct text t)
{
    if (t.len == 0 || t.len > 18)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(t.at[i] - '0'); /* below 10^18 */
    }
    *out = value;
    return true;
}

/* One field that matters to us; others are passed over. Returns false for a fault. */
static bool take_field(struct fields *f, struct text name, struct text value)
{
    if (is_word(name, "content-length")) {
        bool repeated = f->body.has_length;
        f->body.has_length = true;
        return !repeated && parse_length(&f->body.length, value);
    }
    if (is_word(name, "transfer-encoding")) {
        bool repeated = f->has_transfer_encoding;
        f->has_transfer_encoding = true;
        f->body.chunked = is_word(value, "chunked");
        if (!f->body.chunked)
            f->status = 501;
        return !repeated && f->body.chunked;
    }
    if (is_word(name, "connection")) {
        if (list_has(value, "close"))
            f->body.keep_alive = false;
    } else if (is_word(name, "content-encoding")) {
        f->body.encoded = !is_word(value, "identity");
    } else if (is_word(name, "content-type")) {
        bool repeated = f->has_type;
        f->has_type = true;
        f->content_type = value;
        return !repeated;
    } else if (is_word(name, "if-none-match")) {
        f->if_none_match = value;
    } else if (is_word(name, "expect")) {
        f->expects_continue = is_word(value, "100-continue");
    } else if (is_word(name, "host")) {
        bool repeated = f->has_host;
        f->has_host = true;
        return !repeated && value.len > 0;
    }
    return true;
}

/* Take one line off the front of the head; false if it does not end with CR LF or has a control
 * byte. */
static bool take_line(struct text *line, struct text *head)
{
    size_t i = 0;
    while (i < head->len && head->at[i] != '\r' && head->at[i] != '\n') {
        unsigned char c = (unsigned char)head->at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
        i++;
    }
    if (i + 1 >= head->len || head->at[i] != '\r' || head->at[i + 1] != '\n')
        return false;
    *line = (struct text){head->at, i};
    head->at += i + 2;
    head->len -= i + 2;
    return true;
}

/* All fields up to the empty line, which must be the head's end. */
static bool take_fields(struct fields *f, struct text head)
{
    for (size_t n = 0;; n++) {
        struct text line;
        if (!take_line(&line, &head))
            return false;
        if (line.len == 0)
            break;
        if (n == HTTP_FIELDS_MAX) {
            f->status = 431;
            return false;
        }
        size_t name_len = 0;
        while (name_len < line.len && is_token_char(line.at[name_len]))
            name_len++;
        if (name_len == 0 || name_len == line.len || line.at[name_len] != ':')
            return false;
        struct text name = {line.at, name_len};
        struct text value = {line.at + name_len + 1, line.len - name_len - 1};
        if (!take_field(f, name, trim(value)))
            return false;
    }
    return head.len == 0 && !(f->body.has_length && f->has_transfer_encoding);
}

/* A value that is kept: cut to nothing if it is longer than anything we know. */
static void keep(char out[static HTTP_VALUE_MAX + 1], struct text value)
{
    memset(out, 0, HTTP_VALUE_MAX + 1);
    if (value.len > 0 && value.len <= HTTP_VALUE_MAX)
        memcpy(out, value.at, value.len);
}

/* The target in origin form, or in absolute form, whose authority is passed over. */
static int take_target(struct http_request *out, struct text target)
{
    static const char scheme[] = "https://";
    const size_t scheme_len = sizeof scheme - 1;
    for (size_t i = 0; i < target.len; i++)
        if (target.at[i] <= ' ' || target.at[i] > '~' || target.at[i] == '#')
            return 400;
    if (target.len > scheme_len && memcmp(target.at, scheme, scheme_len) == 0) {
        const char *slash = memchr(target.at + scheme_len, '/', target.len - scheme_len);
        if (slash == NULL)
            return 400;
        target.len -= (size_t)(slash - target.at);
        target.at = slash;
    }
    if (target.len == 0 || target.at[0] != '/')
        return 400;
    const char *mark = memchr(target.at, '?', target.len);
    size_t path_len = mark == NULL ? target.len : (size_t)(mark - target.at);
    size_t query_len = mark == NULL ? 0 : target.len - path_len - 1;
    if (path_len > HTTP_PATH_MAX || query_len > HTTP_VALUE_MAX)
        return 414;
    memcpy(out->path, target.at, path_len);
    if (query_len > 0)
        memcpy(out->query, mark + 1, query_len);
    return 0;
}

/* "POST /path HTTP/1.1". Returns 0 or the status that answers the fault. */
static int take_request_line(struct http_request *out, bool *is_1_0, struct text line)
{
    const char *first = memchr(line.at, ' ', line.len);
    if (first == NULL)
        return 400;
    size_t method_len = (size_t)(first - line.at);
    for (size_t i = 0; i < method_len; i++)
        if (!is_token_char(line.at[i]))
            return 400;
    struct text rest = {first + 1, line.len - method_len - 1};
    const char *second = memchr(rest.at, ' ', rest.len);
    if (method_len == 0 || second == NULL)
        return 400;
    struct text target = {rest.at, (size_t)(second - rest.at)};
    struct text version = {second + 1, rest.len - target.len - 1};
    if (version.len != 8 || memcmp(version.at, "HTTP/", 5) != 0)
        return 400;
    *is_1_0 = memcmp(version.at, "HTTP/1.0", 8) == 0;
    if (!*is_1_0 && memcmp(version.at, "HTTP/1.1", 8) != 0)
        return 505;
    out->method = http_method(line.at, method_len);
    return take_target(out, target);
}

enum ska_status http_request_parse(struct http_request *out, int *status, const uint8_t *head,
                                   size_t len)
{
    struct http_request request = {0};
    struct text rest = {(const char *)head, len};
    struct text line;
    bool is_1_0 = false;
    *status = 400;
    if (!take_line(&line, &rest))
        return SKA_E_FORMAT;
    int fault = take_request_line(&request, &is_1_0, line);
    if (fault != 0) {
        *status = fault;
        return SKA_E_FORMAT;
    }
    struct fields f = {.status = 400, .body.keep_alive = !is_1_0};
    if (!take_fields(&f, rest) || (!is_1_0 && !f.has_host)) {
        *status = f.status;
        return SKA_E_FORMAT;
    }
    if (is_1_0 && f.has_transfer_encoding)
        return SKA_E_FORMAT;
    request.body = f.body;
    request.expects_continue = f.expects_continue && !is_1_0;
    keep(request.content_type, f.content_type);
    keep(request.if_none_match, f.if_none_match);
    *out = request;
    *status = 0;
    return SKA_OK;
}

enum ska_status http_response_parse(struct http_response *out, const uint8_t *head, size_t len)
{
    struct http_response response = {0};
    struct text rest = {(const char *)head, len};
    struct text line;
    if (!take_line(&line, &rest) || line.len < 12 || memcmp(line.at, "HTTP/1.", 7) != 0 ||
        (line.at[7] != '0' && line.at[7] != '1') || line.at[8] != ' ' ||
        (line.len > 12 && line.at[12] != ' '))
        return SKA_E_FORMAT;
    uint64_t code;
    if (!parse_length(&code, (struct text){line.at + 9, 3}) || code < 100 || code > 599)
        return SKA_E_FORMAT;
    struct fields f = {.status = 400, .body.keep_alive = line.at[7] == '1'};
    if (!take_fields(&f, rest))
        return SKA_E_FORMAT;
    response.status = (uint16_t)code;
    response.body = f.body;
    keep(response.content_type, f.content_type);
    *out = response;
    return SKA_OK;
}

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "";
}
