/* SPDX-License-Identifier: EUPL-1.2 */
/* serve.c - listening, TLS, and the end. */
#include "witness/serve.h"

#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"
#include "witness/connection.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#define BACKLOG 128
#define DRAIN_S 3 /* for those that are being answered, after a signal */

SKA_DEFINE_RELEASE(SSL_CTX *, ssl_ctx_release, SSL_CTX_free)
SKA_DEFINE_RELEASE(struct event_base *, base_release, event_base_free)
SKA_DEFINE_RELEASE(struct evconnlistener *, listener_release, evconnlistener_free)
SKA_DEFINE_RELEASE(struct event *, event_release, event_free)

/* What the callbacks need. */
struct listening {
    struct serving serving;
    SSL_CTX *tls;                    /* NULL: http */
    struct evconnlistener *listener; /* borrowed */
};

/* --- TLS -------------------------------------------------------------------------------------- */

static enum ska_status fail_file(struct ska_error *err, const char *option, const char *path)
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return ska_fail(err, SKA_E_CONFIG, "%s: %s: %s", option, path, reason == NULL ? "?" : reason);
}

/* *out stays NULL without a certificate. */
static enum ska_status make_tls(SSL_CTX **out, const struct witness_config *config,
                                struct ska_error *err)
{
    if (config->tls_certificate[0] == '\0')
        return SKA_OK;
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_num_tickets(context, 0) != 1)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    (void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(context, config->tls_certificate) != 1)
        return fail_file(err, "tls_certificate", config->tls_certificate);
    if (SSL_CTX_use_PrivateKey_file(context, config->tls_key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return fail_file(err, "tls_key", config->tls_key);
    *out = context;
    context = NULL;
    return SKA_OK;
}

enum ska_status witness_serve_check(const struct witness_config *config, struct ska_error *err)
{
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *tls = NULL;
    return make_tls(&tls, config, err);
}

/* --- events ----------------------------------------------------------------------------------- */

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int len, void *arg)
{
    struct listening *l = arg;
    struct bufferevent *bev = NULL;
    (void)listener;
    (void)address;
    (void)len;
    SSL *ssl = l->tls == NULL ? NULL : SSL_new(l->tls);
    if (l->tls == NULL)
        bev = bufferevent_socket_new(l->serving.base, fd, BEV_OPT_CLOSE_ON_FREE);
    else if (ssl != NULL)
        bev = bufferevent_openssl_socket_new(l->serving.base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                             BEV_OPT_CLOSE_ON_FREE);
    if (bev == NULL) {
        SSL_free(ssl);
        (void)evutil_closesocket(fd); /* nothing was written */
        return;
    }
    witness_connection_new(&l->serving, bev);
}

/* No descriptor is free: wait, the client tries again. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    struct listening *l = arg;
    (void)listener;
    if (l->serving.oldest != NULL)
        witness_connection_free(l->serving.oldest);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
    struct listening *l = arg;
    const struct timeval tv = {.tv_sec = DRAIN_S};
    (void)fd;
    (void)what;
    (void)evconnlistener_disable(l->listener); /* it is there */
    if (event_base_loopexit(l->serving.base, &tv) != 0)
        (void)event_base_loopbreak(l->serving.base); /* cannot fail on a base that runs */
    witness_connections_drain(&l->serving);
}

/* --- listening -------------------------------------------------------------------------------- */

static enum ska_status make_listener(struct evconnlistener **out, struct listening *l,
                                     const struct witness_config *config, struct ska_error *err)
{
    struct sockaddr_storage address = {0};
    char text[96];
    int len = sizeof address;
    const bool is_v6 = strchr(config->listen_address, ':') != NULL;
    (void)snprintf(text, sizeof text, is_v6 ? "[%s]:%" PRIu64 : "%s:%" PRIu64,
                   config->listen_address, config->listen_port); /* too long is no address */
    if (config->listen_port == 0)
        (void)snprintf(text, sizeof text, "%s", config->listen_address);
    if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&address, &len) != 0)
        return ska_fail(
            err, SKA_E_CONFIG,
            tr("listen_address: %s är ingen adress", "listen_address: %s is no address"),
            config->listen_address);
    *out =
        evconnlistener_new_bind(l->serving.base, on_accept, l,
                                LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                BACKLOG, (struct sockaddr *)&address, len);
    if (*out == NULL)
        return ska_fail(err, SKA_E_NETWORK, "%s: %s", text, ska_text(strerror(errno)));
    evconnlistener_set_error_cb(*out, on_accept_error);
    l->listener = *out;
    return SKA_OK;
}

/* The port, for whoever waits for it. */
static enum ska_status tell_port(const struct listening *l, const struct witness_config *config,
                                 struct ska_error *err)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    char host[64], port[16], line[20];
    if (getsockname(evconnlistener_get_fd(l->listener), (struct sockaddr *)&address, &len) != 0 ||
        getnameinfo((struct sockaddr *)&address, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return ska_fail(err, SKA_E_NETWORK, "%s", ska_text(strerror(errno)));
    (void)fprintf(stderr, "info listening address=%s port=%s tls=%d\n", host, port, l->tls != NULL);
    if (config->port_file[0] == '\0')
        return SKA_OK;
    (void)snprintf(line, sizeof line, "%s\n", port);
    return file_write(config->port_file, line, strlen(line), false, err);
}

enum ska_status witness_serve(struct witness *w, const struct witness_config *config,
                              struct ska_error *err)
{
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *tls = NULL;
    SKA_TRY(make_tls(&tls, config, err));
    SKA_SCOPED(base_release) struct event_base *base = event_base_new();
    if (base == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    struct listening l = {.serving = {.base = base, .witness = w}, .tls = tls};
    SKA_SCOPED(listener_release) struct evconnlistener *listener = NULL;
    SKA_TRY(make_listener(&listener, &l, config, err));
    SKA_SCOPED(event_release) struct event *on_term = evsignal_new(base, SIGTERM, on_signal, &l);
    SKA_SCOPED(event_release) struct event *on_int = evsignal_new(base, SIGINT, on_signal, &l);
    if (on_term == NULL || on_int == NULL || evsignal_add(on_term, NULL) != 0 ||
        evsignal_add(on_int, NULL) != 0)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    (void)signal(SIGPIPE, SIG_IGN);
    SKA_TRY(tell_port(&l, config, err));
    int ended = event_base_dispatch(base);
    while (l.serving.oldest != NULL)
        witness_connection_free(l.serving.oldest);
    return ended < 0 ? ska_fail(err, SKA_E_NETWORK, "%s", ska_status_text(SKA_E_NETWORK)) : SKA_OK;
}
