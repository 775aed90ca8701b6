/* SPDX-License-Identifier: EUPL-1.2 */
/* front_answer.c - heads and bodies of answers. */
#include "server/front/front_parts.h"

#include "crypto/scoped.h"
#include "server/front/front_site.h"
#include "server/log.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <event2/buffer.h>

SKA_DEFINE_RELEASE(struct evbuffer *, evbuffer_release, evbuffer_free)

#define FILE_PIECE 65536u /* bytes of a file that are in memory at a time */

/* Everything that is not a page of the site may do nothing in a browser; a page may use the site's
 * own style sheets, scripts, pictures and fonts, none of them inside the page. */
#define POLICY_NOTHING "default-src 'none'; frame-ancestors 'none'"
#define POLICY_PAGE                                                             \
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " \
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/* The page "check it yourself" fetches the bundle that it checks, from the same site. */
#define POLICY_CHECK POLICY_PAGE "; connect-src 'self'"

/* Pages of other sites may read it. */
#define ACCESS_OF_ALL "Access-Control-Allow-Origin: *\r\n"

/* What differs between answers' heads. */
struct head {
    int status;
    const char *type;   /* NULL: no body, also no length */
    uint64_t len;       /* of the body */
    const char *cache;  /* Cache-Control */
    const char *policy; /* Content-Security-Policy */
};

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7). */
static void format_date(char out[static 40], time_t when)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm t = {0};
    (void)gmtime_r(&when, &t);
    (void)snprintf(out, 40, "%s, %02d %s %d %02d:%02d:%02d GMT", days[t.tm_wday % 7], t.tm_mday,
                   months[t.tm_mon % 12], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* The lines that every answer has. The caller adds its own and the empty line. */
static void add_head(struct evbuffer *out, const struct connection *c, const struct head *head)
{
    char date[40];
    format_date(date, time(NULL));
    (void)evbuffer_add_printf(out,
                              "HTTP/1.1 %d %s\r\n"
                              "Date: %s\r\n"
                              "Strict-Transport-Security: max-age=31536000\r\n"
                              "X-Content-Type-Options: nosniff\r\n"
                              "Referrer-Policy: no-referrer\r\n"
                              "Content-Security-Policy: %s\r\n"
                              "Cache-Control: %s\r\n",
                              head->status, http_reason(head->status), date, head->policy,
                              head->cache);
    if (head->type != NULL)
        (void)evbuffer_add_printf(out, "Content-Type: %s\r\n", head->type);
    if (head->status != 204 && head->status != 304)
        (void)evbuffer_add_printf(out, "Content-Length: %llu\r\n", (unsigned long long)head->len);
    if (!c->keep_alive)
        (void)evbuffer_add_printf(out, "Connection: close\r\n");
}

/* The empty line and the body, unless only the head was asked for. */
static void add_body(struct evbuffer *out, const struct connection *c, struct ska_slice body)
{
    (void)evbuffer_add(out, "\r\n", 2);
    if (body.len > 0 && c->request.method != METHOD_HEAD)
        (void)evbuffer_add(out, body.data, body.len);
}

void answer_problem(struct connection *c, int status, enum ska_problem problem, const char *detail)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    struct ska_writer w = {0};
    bool has_task = c->routed.info != NULL && strchr(c->routed.info->path, '*') != NULL;
    if (ska_problem_write(&w, problem, status, detail, has_task ? c->routed.task_id : NULL) !=
        SKA_OK)
        ska_writer_clear(&w); /* without memory the status must do */
    struct head head = {.status = status,
                        .type = SKA_MEDIA_PROBLEM,
                        .len = w.len,
                        .cache = "no-store",
                        .policy = POLICY_NOTHING};
    add_head(out, c, &head);
    if (c->routed.allow[0] != '\0' && status == 405)
        (void)evbuffer_add_printf(out, "Allow: %s\r\n", c->routed.allow);
    if (c->is_open)
        (void)evbuffer_add_printf(out, ACCESS_OF_ALL);
    if (status == 503 || status == 429)
        (void)evbuffer_add_printf(out, "Retry-After: 1\r\n");
    add_body(out, c, (struct ska_slice){w.data, w.len});
    ska_writer_clear(&w);
}

void answer_from_aggregator(struct connection *c, const struct ipc_answer *answer)
{
    if (answer->status >= 400 && answer->body.len == 0) {
        answer_problem(c, answer->status, SKA_PROBLEM_NONE, http_reason(answer->status));
        return;
    }
    struct evbuffer *out = bufferevent_get_output(c->bev);
    struct head head = {.status = answer->status,
                        .type = answer->body.len > 0 && answer->media != MEDIA_NONE
                                    ? routes_media_name(answer->media)
                                    : NULL,
                        .len = answer->body.len,
                        .cache = "no-store",
                        .policy = POLICY_NOTHING};
    add_head(out, c, &head);
    char path[ROUTES_PATH_MAX];
    if (answer->location[0] != '\0' &&
        routes_path(path, c->routed.info, c->routed.task_id, answer->location))
        (void)evbuffer_add_printf(out, "Location: %s%s\r\n", c->front->config->own_url, path);
    if (answer->retry_after_s > 0)
        (void)evbuffer_add_printf(out, "Retry-After: %lu\r\n",
                                  (unsigned long)answer->retry_after_s);
    add_body(out, c, answer->body);
}

void answer_whole(struct connection *c, int status, const char *type, struct ska_slice body)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    struct head head = {.status = status,
                        .type = type,
                        .len = body.len,
                        .cache = status == 200 ? "public, max-age=60" : "no-store",
                        .policy = POLICY_NOTHING};
    add_head(out, c, &head);
    (void)evbuffer_add_printf(out, ACCESS_OF_ALL);
    add_body(out, c, body);
}

void answer_preflight(struct connection *c)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    struct head head = {.status = 204, .cache = "no-store", .policy = POLICY_NOTHING};
    add_head(out, c, &head);
    (void)evbuffer_add_printf(out, ACCESS_OF_ALL "Access-Control-Allow-Methods: GET, HEAD, POST\r\n"
                                                 "Access-Control-Allow-Headers: Content-Type\r\n"
                                                 "Access-Control-Max-Age: 86400\r\n");
    add_body(out, c, (struct ska_slice){0});
}

/* Add the slash that a folder's path lacks. `path` came through the request's parser: visible
 * ASCII. */
static void answer_redirection(struct connection *c, const char *path)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    struct head head = {.status = 301, .cache = "no-cache", .policy = POLICY_NOTHING};
    add_head(out, c, &head);
    (void)evbuffer_add_printf(out, "Location: %s%s/\r\n", c->front->config->own_url, path);
    add_body(out, c, (struct ska_slice){0});
}

static const char *policy_of(const struct site_file *file)
{
    if (file->is_open)
        return POLICY_NOTHING;
    return file->may_fetch ? POLICY_CHECK : POLICY_PAGE;
}

/* The head of an answer that is a file, with the empty line, or tells that it is unchanged. */
static void add_file_head(struct evbuffer *out, const struct connection *c,
                          const struct site_file *file, bool unchanged)
{
    char changed[40];
    struct head head = {.status = unchanged ? 304 : 200,
                        .type = unchanged ? NULL : file->type,
                        .len = file->len,
                        .cache =
                            file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache",
                        .policy = policy_of(file)};
    add_head(out, c, &head);
    format_date(changed, (time_t)file->changed_day_s);
    if (file->is_open)
        (void)evbuffer_add_printf(out, ACCESS_OF_ALL);
    (void)evbuffer_add_printf(out, "ETag: %s\r\nLast-Modified: %s\r\n\r\n", file->etag, changed);
}

/* Start sending an open file, whose descriptor is taken over. */
static void answer_file(struct connection *c, const struct site_file *file)
{
    bool unchanged = site_is_match(c->request.if_none_match, file->etag);
    add_file_head(bufferevent_get_output(c->bev), c, file, unchanged);
    if (unchanged || c->request.method == METHOD_HEAD || file->len == 0) {
        (void)close(file->fd); /* only read from */
        return;
    }
    c->file_fd = file->fd;
    c->file_left = file->len;
}

/* Send head and body of a kept file as one piece, whose head is made once a second. */
static enum ska_status send_kept(struct connection *c, struct cached *one)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    uint64_t now_s = (uint64_t)time(NULL);
    if (!cached_has_head(one, now_s)) {
        SKA_SCOPED(evbuffer_release) struct evbuffer *head = evbuffer_new();
        if (head == NULL)
            return SKA_E_MEMORY;
        add_file_head(head, c, cached_file(one), false);
        size_t len = evbuffer_get_length(head);
        const uint8_t *data = evbuffer_pullup(head, -1);
        if (data == NULL)
            return SKA_E_MEMORY;
        SKA_TRY(cached_set_head(one, (struct ska_slice){data, len}, now_s));
    }
    return cached_send(one, out);
}

/* Answer with a kept file: from memory as it is, if it is asked for plainly. */
static void answer_kept(struct connection *c, struct cached *one)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    const struct site_file *file = cached_file(one);
    bool unchanged = site_is_match(c->request.if_none_match, file->etag);
    if (!unchanged && c->keep_alive && c->request.method == METHOD_GET &&
        send_kept(c, one) == SKA_OK)
        return;
    struct ska_slice body = cached_body(one);
    add_file_head(out, c, file, unchanged);
    if (!unchanged && c->request.method == METHOD_GET && body.len > 0)
        (void)evbuffer_add(out, body.data, body.len);
}

void answer_from_site(struct connection *c, const char *path)
{
    struct site_file file;
    const struct front *front = c->front;
    struct cached *kept =
        front->site_fd < 0 ? NULL : cache_find(front->cache, front->site_fd, path);
    if (kept != NULL) {
        answer_kept(c, kept);
        return;
    }
    enum ska_status status =
        front->site_fd < 0 ? SKA_E_NOT_FOUND : site_open(&file, front->site_fd, path);
    if (status == SKA_OK) {
        cache_keep(front->cache, path, &file);
        answer_file(c, &file);
    } else if (status == SKA_E_STATE)
        answer_redirection(c, path);
    else if (status == SKA_E_FILE)
        answer_problem(c, 503, SKA_PROBLEM_NONE, "Too many files are open. Try again.");
    else
        answer_problem(c, 404, SKA_PROBLEM_NONE, "There is nothing here.");
}

void answer_from_log(struct connection *c, const char *path)
{
    struct site_file file;
    enum ska_status status = log_file_open(&file, c->front->log_fd, path);
    if (status == SKA_OK)
        answer_file(c, &file);
    else if (status == SKA_E_FILE)
        answer_problem(c, 503, SKA_PROBLEM_NONE, "Too many files are open. Try again.");
    else
        answer_problem(c, 404, SKA_PROBLEM_NONE, "There is nothing here.");
}

bool answer_more_of_file(struct connection *c)
{
    uint8_t piece[FILE_PIECE];
    size_t want = c->file_left < sizeof piece ? (size_t)c->file_left : sizeof piece;
    ssize_t got = read(c->file_fd, piece, want);
    if (got <= 0) {
        log_warn("site_file_short", "missing=%llu", (unsigned long long)c->file_left);
        return false;
    }
    c->file_left -= (uint64_t)got;
    if (c->file_left == 0) {
        (void)close(c->file_fd); /* only read from */
        c->file_fd = -1;
    }
    return evbuffer_add(bufferevent_get_output(c->bev), piece, (size_t)got) == 0;
}
