/* SPDX-License-Identifier: EUPL-1.2 */
/* hash.c - SHA-2 through OpenSSL's EVP interface; the digests are fetched once for the process. */
#include "crypto/hash.h"

#include "crypto/secret.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256_digest = NULL;
static EVP_MD *sha512_digest = NULL;

/* Hashing has no other way to fail than the library being out of memory or broken. */
static void require(bool ok)
{
    if (ok)
        return;
    fputs("hashing failed in libcrypto: stopping\n", stderr);
    abort();
}

static void fetch_digests(void)
{
    sha256_digest = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    sha512_digest = EVP_MD_fetch(NULL, "SHA2-512", NULL);
    require(sha256_digest != NULL && sha512_digest != NULL);
}

static EVP_MD_CTX *start(EVP_MD *const *digest)
{
    require(pthread_once(&once, fetch_digests) == 0);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    require(ctx != NULL && EVP_DigestInit_ex2(ctx, *digest, NULL) == 1);
    return ctx;
}

static void add(EVP_MD_CTX *ctx, const void *data, size_t len)
{
    if (len > 0)
        require(EVP_DigestUpdate(ctx, data, len) == 1);
}

/* EVP_MD_CTX_free wipes the digest's state. */
static void finish(uint8_t *out, EVP_MD_CTX *ctx)
{
    require(EVP_DigestFinal_ex(ctx, out, NULL) == 1);
    EVP_MD_CTX_free(ctx);
}

void ska_sha256(uint8_t out[static SKA_HASH_BYTES], const void *data, size_t len)
{
    const struct ska_slice piece = {data, len};
    ska_sha256_pieces(out, &piece, 1);
}

void ska_sha256_pieces(uint8_t out[static SKA_HASH_BYTES], const struct ska_slice *pieces, size_t n)
{
    EVP_MD_CTX *ctx = start(&sha256_digest);
    for (size_t i = 0; i < n; i++)
        add(ctx, pieces[i].data, pieces[i].len);
    finish(out, ctx);
}

/* The length of a label, which must fit its one-byte prefix. */
static size_t label_length(const char *label)
{
    size_t len = strlen(label);
    assert(len <= UINT8_MAX);
    return len;
}

void ska_sha256_labelled(uint8_t out[static SKA_HASH_BYTES], const char *label, const void *data,
                         size_t len)
{
    size_t label_len = label_length(label);
    uint8_t prefix = (uint8_t)label_len;
    const struct ska_slice pieces[] = {
        {&prefix, 1}, {(const uint8_t *)label, label_len}, {data, len}};
    ska_sha256_pieces(out, pieces, sizeof pieces / sizeof pieces[0]);
}

void ska_sha512(uint8_t out[static SKA_SHA512_BYTES], const void *data, size_t len)
{
    EVP_MD_CTX *ctx = start(&sha512_digest);
    add(ctx, data, len);
    finish(out, ctx);
}

void ska_sha512_init(struct ska_sha512_state *h)
{
    h->context = start(&sha512_digest);
}

void ska_sha512_add(struct ska_sha512_state *h, const void *data, size_t len)
{
    add(h->context, data, len);
}

void ska_sha512_add_u64(struct ska_sha512_state *h, uint64_t value)
{
    uint8_t wire[8];
    for (size_t i = 0; i < sizeof wire; i++)
        wire[i] = (uint8_t)(value >> (8 * (sizeof wire - 1 - i)));
    add(h->context, wire, sizeof wire);
    ska_wipe(wire, sizeof wire); /* the prover hashes its counts this way */
}

void ska_sha512_add_label(struct ska_sha512_state *h, const char *label)
{
    size_t len = label_length(label);
    uint8_t prefix = (uint8_t)len;
    add(h->context, &prefix, 1);
    add(h->context, label, len);
}

void ska_sha512_finish(uint8_t out[static SKA_SHA512_BYTES], struct ska_sha512_state *h)
{
    finish(out, h->context);
    h->context = NULL;
}
