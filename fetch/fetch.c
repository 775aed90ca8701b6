/* SPDX-License-Identifier: EUPL-1.2 */
/* fetch.c - one file from an address, over libcurl. */
#include "fetch/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "crypto/scoped.h"
#include "support/language.h"

#define PROGRESS_EVERY_MS 200

/* What the callbacks see. */
struct fetching {
    const struct fetch_options *o;
    CURL *curl;
    uint64_t n_bytes;
    enum ska_status status; /* why we ended it ourselves */
    long long drawn_ms;     /* 0: never */
};

SKA_DEFINE_RELEASE(CURL *, curl_release, curl_easy_cleanup)

/* Called by libcurl with a piece of the body; anything but `len` ends the transfer. Bodies of other
 * answers than 200 are not of interest. */
static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
    struct fetching *f = arg;
    const size_t len = size * n; /* libcurl: size is always 1 */
    long status = 0;
    if (curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200)
        return 0;
    if (len > f->o->max - f->n_bytes) {
        f->status = SKA_E_LIMIT;
        return 0;
    }
    for (size_t done = 0; done < len;) {
        ssize_t written = write(f->o->to, data + done, len - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            f->status = SKA_E_FILE;
            return 0;
        }
        done += (size_t)written;
    }
    f->n_bytes += len;
    return len;
}

static int on_progress(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    struct fetching *f = arg;
    struct timespec t = {0};
    (void)up_total;
    (void)up_now;
    clock_gettime(CLOCK_MONOTONIC, &t);
    const long long now_ms = (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    if (now == 0 || now_ms - f->drawn_ms < PROGRESS_EVERY_MS)
        return 0;
    f->drawn_ms = now_ms;
    if (total > 0)
        fprintf(stderr, "\r  %.1f / %.1f MB", (double)now / 1e6, (double)total / 1e6);
    else
        fprintf(stderr, "\r  %.1f MB", (double)now / 1e6);
    return 0;
}

static bool is_https(const char *address)
{
    return strncasecmp(address, "https://", 8) == 0;
}

static bool set_limits(CURL *h, const struct fetch_options *o)
{
    return curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR,
                            is_https(o->address) ? "https" : "http,https") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_MAXREDIRS, FETCH_REDIRECTS_MAX) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (o->ca_file == NULL || curl_easy_setopt(h, CURLOPT_CAINFO, o->ca_file) == CURLE_OK) &&
           curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, FETCH_CONNECT_S) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1024L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, FETCH_STALL_S) == CURLE_OK;
}

static bool set_up(struct fetching *f, char error[static CURL_ERROR_SIZE])
{
    CURL *h = f->curl;
    return set_limits(h, f->o) && curl_easy_setopt(h, CURLOPT_URL, f->o->address) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_ERRORBUFFER, error) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_WRITEDATA, f) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOPROGRESS, f->o->shows_progress ? 0L : 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_XFERINFODATA, f) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_USERAGENT, "skarva/1") == CURLE_OK;
}

/* Why a transfer came to no answer. */
static enum ska_status tell_transfer(CURLcode code, const struct fetch_options *o, const char *text,
                                     struct ska_error *err)
{
    const char *why = text[0] != '\0' ? text : curl_easy_strerror(code);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return ska_fail(err, SKA_E_TIMEOUT,
                        tr("%s svarar inte, eller för långsamt. Försök igen om en stund. (%s)",
                           "%s does not answer, or too slowly. Try again in a while. (%s)"),
                        o->address, why);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
        return ska_fail(
            err, SKA_E_NETWORK,
            tr("%s kan inte visa ett giltigt certifikat. Kontrollera adressen, --ca och att "
               "datorns klocka går rätt. (%s)",
               "%s cannot show a valid certificate. Check the address, --ca and that "
               "this computer's clock is right. (%s)"),
            o->address, why);
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return ska_fail(err, SKA_E_NETWORK,
                        tr("%s leder vidare för många gånger, eller dit som inte följs. (%s)",
                           "%s leads on too many times, or to where one does not follow. (%s)"),
                        o->address, why);
    case CURLE_OUT_OF_MEMORY:
        return ska_fail(err, SKA_E_MEMORY, "%s: %s", o->address, why);
    default:
        return ska_fail(err, SKA_E_NETWORK,
                        tr("%s kan inte hämtas. Kontrollera adress, nät och proxy (https_proxy). "
                           "(%s)",
                           "%s cannot be fetched. Check the address, the network and the proxy "
                           "(https_proxy). (%s)"),
                        o->address, why);
    }
}

static enum ska_status tell_ours(const struct fetching *f, struct ska_error *err)
{
    if (f->status == SKA_E_LIMIT)
        return ska_fail(err, SKA_E_LIMIT, tr("%s är för stor", "%s is too large"), f->o->address);
    return ska_fail(err, SKA_E_FILE, tr("%s kan inte sparas: %s", "%s cannot be stored: %s"),
                    f->o->address, ska_text(strerror(errno)));
}

static enum ska_status tell_answer(const struct fetching *f, struct ska_error *err)
{
    long status = 0;
    (void)curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status); /* 0 is none of ours */
    if (status == 404 || status == 410)
        return SKA_E_NOT_FOUND;
    if (status != 200)
        return ska_fail(err, SKA_E_PEER,
                        tr("%s svarar med status %ld", "%s answers with status %ld"), f->o->address,
                        status);
    return SKA_OK;
}

enum ska_status fetch_file(const struct fetch_options *o, struct ska_error *err)
{
    char error[CURL_ERROR_SIZE] = {0};
    if (!is_https(o->address) && strncasecmp(o->address, "http://", 7) != 0)
        return ska_fail(err, SKA_E_USAGE,
                        tr("%s: adressen ska börja med https:// eller http://",
                           "%s: the address must start with https:// or http://"),
                        o->address);
    SKA_SCOPED(curl_release)
    CURL *curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    struct fetching f = {.o = o, .curl = curl};
    if (curl == NULL || !set_up(&f, error))
        return ska_fail(err, SKA_E_MEMORY, "%s", "libcurl cannot be set up");
    CURLcode code = curl_easy_perform(curl);
    if (f.drawn_ms != 0)
        fprintf(stderr, "\r\033[K");
    if (f.status != SKA_OK)
        return tell_ours(&f, err);
    long answer = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    if (code != CURLE_OK && (code != CURLE_WRITE_ERROR || answer == 200))
        return tell_transfer(code, o, error, err);
    return tell_answer(&f, err);
}
