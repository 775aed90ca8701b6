/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_tls.h - TLS 1.3 both ways, without resumption: who we are, and whether the other side is
 * the other server.
 */
#ifndef SKA_SERVER_FRONT_TLS_H
#define SKA_SERVER_FRONT_TLS_H

#include "server/config.h"

#include <openssl/ssl.h>

/*
 * Contexts for being called and for calling. Both show tls_certificate and trust peer_ca alone.
 * A caller may show no certificate; one that peer_ca did not sign, or that is out of date, ends the
 * handshake.
 *
 * Returns SKA_OK; SKA_E_CONFIG naming the file that OpenSSL does not take; SKA_E_MEMORY. The caller
 * frees with SSL_CTX_free.
 */
enum ska_status tls_server_context(SSL_CTX **out, const struct config *config,
                                   struct ska_error *err) SKA_MUST_CHECK;
enum ska_status tls_client_context(SSL_CTX **out, const struct config *config,
                                   struct ska_error *err) SKA_MUST_CHECK;

/* For calling outside witnesses: shows nothing, trusts witness_ca. */
enum ska_status tls_witness_context(SSL_CTX **out, const struct config *config,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* A connection to the other server that only goes on if its certificate bears peer_name; `host` is
 * sent as the name asked for, unless it is an address. NULL without memory. */
SSL *tls_client_new(SSL_CTX *context, const char *peer_name, const char *host) SKA_MUST_CHECK;

/* Whether the other end of an established connection showed a certificate that verified and bears
 * peer_name (no wildcards, no common name). */
bool tls_is_peer(SSL *ssl, const char *peer_name);

/* The failures waiting in OpenSSL's queue as one short text, and the queue emptied. */
const char *tls_take_error(char *out, size_t size);

/* Whether text is an IPv4 or IPv6 address. */
bool tls_is_address(const char *text);

#endif
