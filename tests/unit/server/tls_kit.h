/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tls_kit.h - certificates made on the spot, and blocking TLS ends for tests. Everything has a
 * deadline of KIT_TIMEOUT_S, so that a test that waits for what never comes fails by itself.
 */
#ifndef SKA_TESTS_TLS_KIT_H
#define SKA_TESTS_TLS_KIT_H

#include "tests/test.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define KIT_TIMEOUT_S 10

struct kit_authority {
    EVP_PKEY *key;
    X509 *certificate;
};

static inline void kit_path(char out[static 300], const char *folder, const char *name,
                            const char *ending)
{
    (void)snprintf(out, 300, "%s/%s%s", folder, name, ending);
}

static inline void kit_extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

/* A certificate valid from `from_s` to `to_s` seconds from now, signed by `by` or by itself. */
static inline X509 *kit_certificate(EVP_PKEY *key, const struct kit_authority *by, const char *san,
                                    long from_s, long to_s)
{
    X509 *certificate = X509_new();
    ck_assert_ptr_nonnull(certificate);
    ck_assert_int_eq(X509_set_version(certificate, 2), 1);
    ck_assert_int_eq(ASN1_INTEGER_set(X509_get_serialNumber(certificate), random() % 100000 + 1),
                     1);
    ck_assert_ptr_nonnull(X509_gmtime_adj(X509_getm_notBefore(certificate), from_s));
    ck_assert_ptr_nonnull(X509_gmtime_adj(X509_getm_notAfter(certificate), to_s));
    ck_assert_int_eq(X509_set_pubkey(certificate, key), 1);
    X509_NAME *name = X509_get_subject_name(certificate);
    ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                                (const unsigned char *)(by == NULL ? "CA" : san),
                                                -1, -1, 0),
                     1);
    X509 *issuer = by == NULL ? certificate : by->certificate;
    ck_assert_int_eq(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)), 1);
    if (by == NULL) {
        kit_extend(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
        kit_extend(certificate, issuer, NID_key_usage, "critical,keyCertSign");
    } else {
        kit_extend(certificate, issuer, NID_subject_alt_name, san);
        kit_extend(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    }
    ck_assert_int_gt(X509_sign(certificate, by == NULL ? key : by->key, EVP_sha256()), 0);
    return certificate;
}

static inline void kit_write(const char *folder, const char *name, EVP_PKEY *key, X509 *certificate)
{
    char path[300];
    kit_path(path, folder, name, ".pem");
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(PEM_write_X509(f, certificate), 1);
    ck_assert_int_eq(fclose(f), 0);
    kit_path(path, folder, name, ".key");
    f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
    ck_assert_int_eq(fclose(f), 0);
}

static inline struct kit_authority kit_authority(const char *folder, const char *name)
{
    struct kit_authority authority = {.key = EVP_EC_gen("P-256")};
    ck_assert_ptr_nonnull(authority.key);
    authority.certificate = kit_certificate(authority.key, NULL, NULL, -60, 3600);
    kit_write(folder, name, authority.key, authority.certificate);
    return authority;
}

/* folder/name.pem and folder/name.key. */
static inline void kit_leaf(const char *folder, const char *name, const struct kit_authority *by,
                            const char *san, long from_s, long to_s)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    ck_assert_ptr_nonnull(key);
    X509 *certificate = kit_certificate(key, by, san, from_s, to_s);
    kit_write(folder, name, key, certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static inline void kit_authority_clear(struct kit_authority *authority)
{
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
}

/* A context with a certificate (NULL: none) that trusts folder/ca.pem. */
static inline SSL_CTX *kit_context(const SSL_METHOD *method, const char *folder, const char *name)
{
    SSL_CTX *context = SSL_CTX_new(method);
    ck_assert_ptr_nonnull(context);
    char path[300];
    kit_path(path, folder, "ca", ".pem");
    ck_assert_int_eq(SSL_CTX_load_verify_file(context, path), 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (name != NULL) {
        kit_path(path, folder, name, ".pem");
        ck_assert_int_eq(SSL_CTX_use_certificate_chain_file(context, path), 1);
        kit_path(path, folder, name, ".key");
        ck_assert_int_eq(SSL_CTX_use_PrivateKey_file(context, path, SSL_FILETYPE_PEM), 1);
    }
    return context;
}

static inline void kit_deadline(int fd)
{
    struct timeval tv = {.tv_sec = KIT_TIMEOUT_S};
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv), 0);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv), 0);
}

static inline struct sockaddr_in kit_address(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* A listening socket on a port of the system's choice. */
static inline int kit_listen(unsigned *port)
{
    struct sockaddr_in address = kit_address(0);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    kit_deadline(fd);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(fd, 8), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* A connected TLS end; NULL if the handshake fails. Takes over `fd`. */
static inline SSL *kit_handshake(SSL_CTX *context, int fd, bool server)
{
    kit_deadline(fd);
    SSL *ssl = SSL_new(context);
    ck_assert_ptr_nonnull(ssl);
    ck_assert_int_eq(SSL_set_fd(ssl, fd), 1);
    if ((server ? SSL_accept(ssl) : SSL_connect(ssl)) == 1)
        return ssl;
    SSL_free(ssl);
    (void)close(fd);
    return NULL;
}

/* The same from another of the loopback's addresses, 127.0.0.`from`. */
static inline SSL *kit_connect_from(SSL_CTX *context, unsigned port, unsigned from)
{
    struct sockaddr_in address = kit_address(port);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = {htonl(0x7F000000u + from)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&own, sizeof own), 0);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return kit_handshake(context, fd, false);
}

static inline SSL *kit_connect(SSL_CTX *context, unsigned port)
{
    struct sockaddr_in address = kit_address(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return kit_handshake(context, fd, false);
}

static inline void kit_close(SSL *ssl)
{
    int fd = SSL_get_fd(ssl);
    (void)SSL_shutdown(ssl);
    SSL_free(ssl);
    ck_assert_int_eq(close(fd), 0);
}

static inline void kit_send(SSL *ssl, const void *data, size_t len)
{
    ck_assert_int_eq(SSL_write(ssl, data, (int)len), (int)len);
}

/* Read until `text` of `size` bytes holds a whole message with Content-Length, or the end. Returns
 * its length; a NUL follows. */
static inline size_t kit_receive(char *text, size_t size, SSL *ssl, bool with_body)
{
    size_t len = 0;
    text[0] = '\0';
    for (;;) {
        const char *end = strstr(text, "\r\n\r\n");
        const char *field = strstr(text, "Content-Length: ");
        if (end != NULL) {
            size_t body = field != NULL && field < end && with_body
                              ? strtoul(field + strlen("Content-Length: "), NULL, 10)
                              : 0;
            if (len >= (size_t)(end - text) + 4 + body)
                return len;
        }
        ck_assert_uint_lt(len, size - 1);
        int n = SSL_read(ssl, text + len, (int)(size - 1 - len));
        if (n <= 0)
            return len;
        len += (size_t)n;
        text[len] = '\0';
    }
}

#endif
