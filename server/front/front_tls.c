/* SPDX-License-Identifier: EUPL-1.2 */
/* front_tls.c - OpenSSL contexts and the check of the other server's certificate. */
#include "server/front/front_tls.h"

#include "crypto/scoped.h"
#include "support/language.h"

#include <string.h>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

SKA_DEFINE_RELEASE(SSL_CTX *, ssl_ctx_release, SSL_CTX_free)

static const unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

const char *tls_take_error(char *out, size_t size)
{
    unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    (void)snprintf(out, size, "%s", reason == NULL ? "no reason given" : reason);
    return out;
}

bool tls_is_address(const char *text)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

/* Fail naming the file that OpenSSL did not take. */
static enum ska_status fail_file(struct ska_error *err, const char *option, const char *path)
{
    char reason[120];
    return ska_fail(err, SKA_E_CONFIG,
                    tr("%s: %s går inte att använda: är det rätt fil, i PEM? (OpenSSL: %s)",
                       "%s: %s cannot be used: is it the right file, in PEM? (OpenSSL: %s)"),
                    option, path, tls_take_error(reason, sizeof reason));
}

/* What all share. */
static enum ska_status bare_context(SSL_CTX **out, const SSL_METHOD *method, struct ska_error *err)
{
    SSL_CTX *context = SSL_CTX_new(method);
    if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1) {
        SSL_CTX_free(context);
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    }
    *out = context;
    return SKA_OK;
}

/* What both directions between the servers share. */
static enum ska_status new_context(SSL_CTX **out, const SSL_METHOD *method,
                                   const struct config *config, struct ska_error *err)
{
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *context = NULL;
    SKA_TRY(bare_context(&context, method, err));
    (void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_set_num_tickets(context, 0) != 1)
        return ska_fail(err, SKA_E_CRYPTO, "SSL_CTX_set_num_tickets");
    if (SSL_CTX_use_certificate_chain_file(context, config->tls_certificate) != 1)
        return fail_file(err, "tls_certificate", config->tls_certificate);
    if (SSL_CTX_use_PrivateKey_file(context, config->tls_key, SSL_FILETYPE_PEM) != 1) {
        if (ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_VALUES_MISMATCH)
            return fail_file(err, "tls_key", config->tls_key);
        ERR_clear_error();
        return ska_fail(err, SKA_E_CONFIG,
                        tr("tls_key: %s är inte nyckeln till tls_certificate, %s",
                           "tls_key: %s is not the key of tls_certificate, %s"),
                        config->tls_key, config->tls_certificate);
    }
    if (SSL_CTX_load_verify_file(context, config->peer_ca) != 1)
        return fail_file(err, "peer_ca", config->peer_ca);
    ERR_clear_error();
    *out = context;
    context = NULL;
    return SKA_OK;
}

/* We speak HTTP/1.1 alone; a caller that offers a list without it is told so. */
static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                   const unsigned char *in, unsigned int in_len, void *arg)
{
    (void)ssl;
    (void)arg;
    unsigned char *selected;
    if (SSL_select_next_proto(&selected, out_len, http_1_1, sizeof http_1_1, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

enum ska_status tls_server_context(SSL_CTX **out, const struct config *config,
                                   struct ska_error *err)
{
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *context = NULL;
    SKA_TRY(new_context(&context, TLS_server_method(), config, err));
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(config->peer_ca);
    if (names == NULL)
        return fail_file(err, "peer_ca", config->peer_ca);
    SSL_CTX_set_client_CA_list(context, names); /* takes it over */
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_alpn_select_cb(context, on_alpn, NULL);
    *out = context;
    context = NULL;
    return SKA_OK;
}

enum ska_status tls_client_context(SSL_CTX **out, const struct config *config,
                                   struct ska_error *err)
{
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *context = NULL;
    SKA_TRY(new_context(&context, TLS_client_method(), config, err));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_set_alpn_protos(context, http_1_1, sizeof http_1_1) != 0) /* 0 is success here */
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    *out = context;
    context = NULL;
    return SKA_OK;
}

enum ska_status tls_witness_context(SSL_CTX **out, const struct config *config,
                                    struct ska_error *err)
{
    SKA_SCOPED(ssl_ctx_release) SSL_CTX *context = NULL;
    SKA_TRY(bare_context(&context, TLS_client_method(), err));
    if (SSL_CTX_load_verify_file(context, config->witness_ca) != 1)
        return fail_file(err, "witness_ca", config->witness_ca);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_set_alpn_protos(context, http_1_1, sizeof http_1_1) != 0) /* 0 is success here */
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    ERR_clear_error();
    *out = context;
    context = NULL;
    return SKA_OK;
}

SSL *tls_client_new(SSL_CTX *context, const char *peer_name, const char *host)
{
    SSL *ssl = SSL_new(context);
    if (ssl == NULL)
        return NULL;
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_WILDCARDS |
                                               X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    int named = tls_is_address(peer_name) ? X509_VERIFY_PARAM_set1_ip_asc(param, peer_name)
                                          : X509_VERIFY_PARAM_set1_host(param, peer_name, 0);
    char name[256]; /* OpenSSL's macro takes the const away */
    (void)snprintf(name, sizeof name, "%s", host);
    if (named != 1 || (!tls_is_address(host) && SSL_set_tlsext_host_name(ssl, name) != 1)) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}

bool tls_is_peer(SSL *ssl, const char *peer_name)
{
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == NULL || SSL_get_verify_result(ssl) != X509_V_OK)
        return false;
    if (tls_is_address(peer_name))
        return X509_check_ip_asc(certificate, peer_name, 0) == 1;
    unsigned flags = X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
    return X509_check_host(certificate, peer_name, 0, flags, NULL) == 1;
}
