/* SPDX-License-Identifier: EUPL-1.2 */
/* https.c - the HTTPS client of the programs, over libcurl. */
#include "support/https.h"

#include "crypto/scoped.h"
#include "support/language.h"

#include <ctype.h>
#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX 512 /* of what a server says, as in struct ska_error */

struct https_client {
    CURL *curl;
    char *base_url;
    size_t answer_max;
    char error[CURL_ERROR_SIZE];
    int64_t server_time_s; /* 0: not told */
};

/* What the callbacks fill during one request. */
struct receiving {
    struct https_answer *answer;
    struct ska_writer body;
    size_t max;
    int64_t server_time_s; /* 0: not told */
};

SKA_DEFINE_RELEASE(struct curl_slist *, slist_release, curl_slist_free_all)
SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)

void https_answer_clear(struct https_answer *answer)
{
    free(answer->body);
    *answer = (struct https_answer){0};
}

void https_client_free(struct https_client *client)
{
    if (client == NULL)
        return;
    curl_easy_cleanup(client->curl);
    free(client->base_url);
    free(client);
}

/* Called by libcurl with a piece of the body; anything but `n` ends the transfer. */
static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
    struct receiving *in = arg;
    size_t len = size * n; /* libcurl: size is always 1 */
    if (len > in->max - in->body.len)
        in->body.status = SKA_E_LIMIT;
    ska_write_bytes(&in->body, data, len);
    return ska_writer_status(&in->body) == SKA_OK ? len : 0;
}

/* Copy a header's value without the spaces around it. */
static void copy_value(char *out, size_t size, const char *value, size_t len, bool lower)
{
    while (len > 0 && isspace((unsigned char)value[0])) {
        value++;
        len--;
    }
    while (len > 0 && isspace((unsigned char)value[len - 1]))
        len--;
    size_t n = len < size ? len : size - 1;
    for (size_t i = 0; i < n; i++)
        out[i] = lower ? (char)tolower((unsigned char)value[i]) : value[i];
    out[n] = '\0';
}

static bool is_header(const char *line, size_t len, const char *name)
{
    size_t n = strlen(name);
    return len > n && strncasecmp(line, name, n) == 0;
}

/* A Date header's value in seconds since 1970, or 0 if it is none. */
static int64_t read_date(const char *value, size_t len)
{
    char text[64];
    copy_value(text, sizeof text, value, len, false);
    time_t t = curl_getdate(text, NULL);
    return t > 0 ? (int64_t)t : 0;
}

/* Called by libcurl with one header line. */
static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
    struct receiving *in = arg;
    size_t len = size * n;
    struct https_answer *a = in->answer;
    if (is_header(line, len, "content-type:"))
        copy_value(a->content_type, sizeof a->content_type, line + 13, len - 13, true);
    else if (is_header(line, len, "location:"))
        copy_value(a->location, sizeof a->location, line + 9, len - 9, false);
    else if (is_header(line, len, "date:"))
        in->server_time_s = read_date(line + 5, len - 5);
    return len;
}

/* Everything that is the same for all requests of a client. */
static bool set_fixed_options(struct https_client *c, const struct https_options *o)
{
    CURL *h = c->curl;
    return curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->error) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, o->is_public ? "http,https" : "https") ==
               CURLE_OK &&
           (!o->is_public || curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK) &&
           curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSLVERSION,
                            o->is_public ? (long)CURL_SSLVERSION_TLSv1_2
                                         : (long)CURL_SSLVERSION_TLSv1_3) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (o->ca_file == NULL || curl_easy_setopt(h, CURLOPT_CAINFO, o->ca_file) == CURLE_OK) &&
           curl_easy_setopt(h, CURLOPT_TIMEOUT, o->timeout_s > 0 ? o->timeout_s : 60L) ==
               CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, 20L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_USERAGENT, "skarva/1") == CURLE_OK;
}

int64_t https_server_time(const struct https_client *client)
{
    return client->server_time_s;
}

enum ska_status https_client_new(struct https_client **out, const struct https_options *options,
                                 struct ska_error *err)
{
    const size_t len = strlen(options->base_url);
    const bool is_http = options->is_public && strncmp(options->base_url, "http://", 7) == 0;
    if ((!is_http && strncmp(options->base_url, "https://", 8) != 0) ||
        options->base_url[len - 1] != '/')
        return ska_fail(err, SKA_E_CONFIG,
                        options->is_public
                            ? tr("%s: adressen ska börja med https:// (eller "
                                 "http://) och sluta med /",
                                 "%s: the address must start with https:// (or "
                                 "http://) and end with /")
                            : tr("%s: adressen ska börja med https:// och sluta med /",
                                 "%s: the address must start with https:// and end "
                                 "with /"),
                        options->base_url);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ska_fail(err, SKA_E_MEMORY, "libcurl cannot start");
    struct https_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return SKA_E_MEMORY;
    client->curl = curl_easy_init();
    client->base_url = strdup(options->base_url);
    client->answer_max = options->answer_max > 0 ? options->answer_max : (size_t)16 << 20;
    if (client->curl == NULL || client->base_url == NULL || !set_fixed_options(client, options)) {
        https_client_free(client);
        return ska_fail(err, SKA_E_MEMORY, "libcurl cannot be set up");
    }
    *out = client;
    return SKA_OK;
}

/* A sentence for a transfer that did not come to an answer. */
static enum ska_status transfer_failed(CURLcode code, const struct https_client *c, const char *url,
                                       struct ska_error *err)
{
    const char *why = c->error[0] != '\0' ? c->error : curl_easy_strerror(code);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return ska_fail(err, SKA_E_TIMEOUT,
                        tr("%s svarar inte i tid. Försök igen om en stund. (%s)",
                           "%s does not answer in time. Try again in a while. (%s)"),
                        url, why);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
        return ska_fail(
            err, SKA_E_NETWORK,
            tr("Servern %s kan inte visa ett giltigt certifikat; ingenting skickades. "
               "Kontrollera adressen, --ca och att datorns klocka går rätt. (%s)",
               "The server %s cannot show a valid certificate; nothing was sent. Check the "
               "address, --ca and that this computer's clock is right. (%s)"),
            url, why);
    case CURLE_OUT_OF_MEMORY:
        return ska_fail(err, SKA_E_MEMORY, "%s: %s", url, why);
    default:
        return ska_fail(err, SKA_E_NETWORK,
                        tr("%s kan inte nås. Kontrollera adress, nät och proxy (https_proxy). (%s)",
                           "%s cannot be reached. Check the address, the network and the proxy "
                           "(https_proxy). (%s)"),
                        url, why);
    }
}

static bool set_method(CURL *h, const char *method, struct ska_slice body)
{
    if (strcmp(method, "GET") == 0)
        return curl_easy_setopt(h, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    return curl_easy_setopt(h, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.len > 0 ? (const char *)body.data : "") ==
               CURLE_OK;
}

/* Headers of one request: its media type, and no "Expect", which would cost a round trip. */
static struct curl_slist *make_headers(const char *content_type)
{
    char line[200];
    (void)snprintf(line, sizeof line, "Content-Type:%s%s", content_type != NULL ? " " : "",
                   content_type != NULL ? content_type : "");
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    struct curl_slist *longer = list != NULL ? curl_slist_append(list, line) : NULL;
    if (longer == NULL)
        curl_slist_free_all(list);
    return longer;
}

/* Run the request that is set up, into `in`. */
static CURLcode perform(struct https_client *c, const char *url, const char *method,
                        struct curl_slist *headers, struct ska_slice body, struct receiving *in)
{
    CURL *h = c->curl;
    c->error[0] = '\0';
    bool set = curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, NULL) == CURLE_OK &&
               set_method(h, method, body) && curl_easy_setopt(h, CURLOPT_URL, url) == CURLE_OK &&
               curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
               curl_easy_setopt(h, CURLOPT_WRITEDATA, in) == CURLE_OK &&
               curl_easy_setopt(h, CURLOPT_HEADERDATA, in) == CURLE_OK;
    if (!set)
        return CURLE_OUT_OF_MEMORY;
    CURLcode code = curl_easy_perform(h);
    /* The pointers above die with this request. */
    (void)curl_easy_setopt(h, CURLOPT_HTTPHEADER, NULL);
    (void)curl_easy_setopt(h, CURLOPT_POSTFIELDS, NULL);
    return code;
}

enum ska_status https_request(struct https_answer *answer, struct https_client *client,
                              const char *method, const char *path, const char *content_type,
                              struct ska_slice body, struct ska_error *err)
{
    size_t size = strlen(client->base_url) + strlen(path) + 1;
    SKA_SCOPED(ska_scoped_free) char *url = malloc(size);
    SKA_SCOPED(slist_release) struct curl_slist *headers = make_headers(content_type);
    if (url == NULL || headers == NULL)
        return ska_fail(err, SKA_E_MEMORY, "out of memory");
    (void)snprintf(url, size, "%s%s", client->base_url, path); /* fits: measured above */
    struct https_answer fresh = {0};
    struct receiving in = {.answer = &fresh, .max = client->answer_max};
    CURLcode code = perform(client, url, method, headers, body, &in);
    enum ska_status received = ska_writer_status(&in.body);
    if (code != CURLE_OK || received != SKA_OK) {
        ska_writer_clear(&in.body);
        if (received == SKA_E_LIMIT)
            return ska_fail(err, SKA_E_LIMIT, "%s: the answer is longer than %zu bytes", url,
                            in.max);
        return transfer_failed(code, client, url, err);
    }
    long http_status = 0;
    curl_off_t retry_after = 0;
    if (curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &http_status) != CURLE_OK ||
        curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &retry_after) != CURLE_OK) {
        ska_writer_clear(&in.body);
        return SKA_E_BUG;
    }
    fresh.status = (int)http_status;
    fresh.retry_after_s = (long)retry_after;
    client->server_time_s = in.server_time_s;
    SKA_TRY(ska_writer_take(&fresh.body, &fresh.body_len, &in.body));
    *answer = fresh;
    return SKA_OK;
}

/* The detail (or title) of a problem document, or NULL. The text lives as long as `document`. */
static const char *problem_text(json_t **document, const struct https_answer *answer)
{
    if (strncmp(answer->content_type, "application/problem+json", 24) != 0)
        return NULL;
    *document = json_loadb((const char *)answer->body, answer->body_len, 0, NULL);
    const char *detail = json_string_value(json_object_get(*document, "detail"));
    return detail != NULL ? detail : json_string_value(json_object_get(*document, "title"));
}

static enum ska_status status_of_http(int http_status)
{
    switch (http_status) {
    case 403:
        return SKA_E_FORBIDDEN;
    case 404:
        return SKA_E_NOT_FOUND;
    case 409:
        return SKA_E_CONFLICT;
    case 413:
        return SKA_E_LIMIT;
    case 429:
    case 503:
        return SKA_E_BUSY;
    default:
        return http_status >= 400 && http_status < 500 ? SKA_E_STATE : SKA_E_PEER;
    }
}

/* The status a server of ours puts before its detail ("SKA_E_STATE: ..."), SKA_OK if there is none;
 * *rest is what follows. */
static enum ska_status named_status(const char **rest, const char *text)
{
    for (int i = 1; i < SKA_N_STATUSES; i++) {
        const char *name = ska_status_name((enum ska_status)i);
        size_t len = strlen(name);
        if (strncmp(text, name, len) == 0 && strncmp(text + len, ": ", 2) == 0) {
            *rest = text + len + 2;
            return (enum ska_status)i;
        }
    }
    *rest = text;
    return SKA_OK;
}

/* What a 409 means, by the status that is named. */
static enum ska_status status_of_conflict(const char *text)
{
    const char *rest = NULL;
    enum ska_status named = named_status(&rest, text);
    return named == SKA_E_BATCH_SIZE || named == SKA_E_STATE || named == SKA_E_NUMBER
               ? named
               : SKA_E_CONFLICT;
}

/* Servers answer in English: in Swedish their known sentences are translated, and others are quoted
 * behind what their status means. */
static void own_words(char out[static TEXT_MAX], const char *text)
{
    static const char peer[] = "the other server answered ";
    const char *rest = text;
    enum ska_status named = named_status(&rest, text);
    const char *passed = strncmp(rest, peer, strlen(peer)) == 0 ? strstr(rest, ": ") : NULL;
    if (passed != NULL) { /* what one server says of the other's answer */
        char said[TEXT_MAX];
        own_words(said, passed + 2);
        (void)snprintf(out, TEXT_MAX, "%s%.480s",
                       tr("den andra servern svarar: ", "the other server answers: "), said);
        return;
    }
    const char *translated = ska_text(rest);
    if (!language_is_swedish())
        (void)snprintf(out, TEXT_MAX, "%s", rest); /* cut if it must be */
    else if (translated != rest)
        (void)snprintf(out, TEXT_MAX, "%s", translated);
    else if (named != SKA_OK)
        (void)snprintf(out, TEXT_MAX, "%s (\"%s\")", ska_status_text(named), rest);
    else
        (void)snprintf(out, TEXT_MAX, "\"%s\"", text);
}

enum ska_status https_call(struct https_answer *answer, struct https_client *client,
                           const char *method, const char *path, const char *content_type,
                           struct ska_slice body, struct ska_error *err)
{
    struct https_answer got = {0};
    SKA_TRY(https_request(&got, client, method, path, content_type, body, err));
    if (got.status >= 200 && got.status < 300) {
        *answer = got;
        return SKA_OK;
    }
    SKA_SCOPED(json_release) json_t *document = NULL;
    const char *text = problem_text(&document, &got);
    char said[TEXT_MAX];
    if (text != NULL)
        own_words(said, text);
    else
        (void)snprintf(said, sizeof said, "%s", path);
    enum ska_status status =
        got.status == 409 && text != NULL ? status_of_conflict(text) : status_of_http(got.status);
    status = ska_fail(err, status, tr("Servern svarar %d: %s", "The server answers %d: %s"),
                      got.status, said);
    https_answer_clear(&got);
    return status;
}

enum ska_status https_get_file(uint8_t **data, size_t *len, void *client, const char *path,
                               size_t max, struct ska_error *err)
{
    struct https_answer answer = {0};
    SKA_TRY(https_call(&answer, client, "GET", path, NULL, (struct ska_slice){NULL, 0}, err));
    if (answer.body_len > max) {
        https_answer_clear(&answer);
        return ska_fail(err, SKA_E_LIMIT, tr("%s är för stor", "%s is too large"), path);
    }
    *data = answer.body;
    *len = answer.body_len;
    return SKA_OK;
}
