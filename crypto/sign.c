/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sign.c - labelled Ed25519 signatures (RFC 8032) through OpenSSL's EVP interface.
 *
 * OpenSSL refuses S >= L but takes any public key. We also refuse public keys that are not a
 * canonical point encoding or whose point is in the small subgroup: under such a key one signature
 * fits many messages.
 */
#include "crypto/sign.h"

#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <assert.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

SKA_DEFINE_RELEASE(EVP_PKEY *, pkey_release, EVP_PKEY_free)
SKA_DEFINE_RELEASE(EVP_MD_CTX *, md_ctx_release, EVP_MD_CTX_free)

/* Translate a failure of the library, whose queue is emptied. */
static enum ska_status library_failed(enum ska_status otherwise)
{
    unsigned long code = ERR_peek_error();
    ERR_clear_error();
    return code != 0 && ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE ? SKA_E_MEMORY : otherwise;
}

/* The bytes that are signed: len8(label) || label || message. */
static enum ska_status write_signed(struct ska_writer *w, const char *label, const void *message,
                                    size_t len)
{
    ska_write_opaque8(w, label, strlen(label));
    ska_write_bytes(w, message, len);
    return ska_writer_status(w);
}

enum ska_status ska_signing_key_from_seed(struct ska_signing_key *key,
                                          const uint8_t seed[static SKA_SIGN_SEED_BYTES])
{
    SKA_SCOPED(pkey_release)
    EVP_PKEY *pkey =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SKA_SIGN_SEED_BYTES);
    if (pkey == NULL)
        return library_failed(SKA_E_CRYPTO);
    uint8_t public_key[SKA_SIGN_PUBLIC_BYTES];
    size_t len = sizeof public_key;
    if (EVP_PKEY_get_raw_public_key(pkey, public_key, &len) != 1 || len != sizeof public_key)
        return library_failed(SKA_E_CRYPTO);
    SKA_MARK_PUBLIC(public_key, sizeof public_key, "public keys are published");
    memmove(key->seed, seed, sizeof key->seed);
    memcpy(key->public_key, public_key, sizeof public_key);
    return SKA_OK;
}

enum ska_status ska_signing_key_generate(struct ska_signing_key *key)
{
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key fresh = {0};
    ska_random(fresh.seed, sizeof fresh.seed);
    return ska_signing_key_from_seed(key, fresh.seed);
}

void ska_signing_key_clear(struct ska_signing_key *key)
{
    if (key != NULL)
        ska_wipe(key, sizeof *key);
}

enum ska_status ska_sign_bare(uint8_t signature[static SKA_SIGNATURE_BYTES],
                              const struct ska_signing_key *key, const void *message, size_t len)
{
    if (ska_ct_is_zero(key->public_key, sizeof key->public_key))
        return SKA_E_BUG; /* an empty key */
    SKA_SCOPED(pkey_release)
    EVP_PKEY *pkey =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->seed, SKA_SIGN_SEED_BYTES);
    SKA_SCOPED(md_ctx_release) EVP_MD_CTX *md = EVP_MD_CTX_new();
    if (pkey == NULL || md == NULL)
        return library_failed(SKA_E_MEMORY);
    uint8_t out[SKA_SIGNATURE_BYTES];
    size_t out_len = sizeof out;
    if (EVP_DigestSignInit(md, NULL, NULL, NULL, pkey) != 1 ||
        EVP_DigestSign(md, out, &out_len, message, len) != 1 || out_len != sizeof out)
        return library_failed(SKA_E_CRYPTO);
    SKA_MARK_PUBLIC(out, sizeof out, "signatures are published");
    memcpy(signature, out, sizeof out);
    return SKA_OK;
}

enum ska_status ska_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                         const struct ska_signing_key *key, const char *label, const void *message,
                         size_t len)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(write_signed(&w, label, message, len));
    return ska_sign_bare(signature, key, w.data, w.len);
}

/*
 * The y coordinates, little-endian, of the points whose order divides 8, with the sign bit clear:
 * 0 (order 4), 1 (the identity), -1 (order 2) and two of order 8. Other encodings of 0 and 1 are at
 * least 2^255 - 19 and fall to the check for canonical form.
 */
static const uint8_t small_order_y[5][32] = {
    {0x00},
    {0x01},
    {0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F},
    {0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4,
     0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6,
     0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05},
    {0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B,
     0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39,
     0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A},
};

/* Whether y < 2^255 - 19, for y of 255 bits. */
static bool is_canonical_y(const uint8_t y[static 32])
{
    if (y[31] != 0x7F || y[0] < 0xED)
        return true;
    for (size_t i = 1; i < 31; i++) {
        if (y[i] != 0xFF)
            return true;
    }
    return false;
}

static bool is_acceptable_key(const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES])
{
    uint8_t y[32];
    memcpy(y, public_key, sizeof y);
    y[31] &= 0x7F;
    if (!is_canonical_y(y))
        return false;
    for (size_t i = 0; i < sizeof small_order_y / sizeof small_order_y[0]; i++) {
        if (memcmp(y, small_order_y[i], sizeof y) == 0)
            return false;
    }
    return true;
}

/* Once through the library. */
static enum ska_status try_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                  const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                  const void *message, size_t len)
{
    SKA_SCOPED(pkey_release)
    EVP_PKEY *pkey =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, SKA_SIGN_PUBLIC_BYTES);
    SKA_SCOPED(md_ctx_release) EVP_MD_CTX *md = EVP_MD_CTX_new();
    if (pkey == NULL || md == NULL)
        return library_failed(SKA_E_MEMORY);
    if (EVP_DigestVerifyInit(md, NULL, NULL, NULL, pkey) != 1)
        return library_failed(SKA_E_CRYPTO);
    if (EVP_DigestVerify(md, signature, SKA_SIGNATURE_BYTES, message, len) != 1)
        return library_failed(SKA_E_SIGNATURE);
    return SKA_OK;
}

enum ska_status ska_sign_verify_bare(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                     const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                     const void *message, size_t len)
{
    if (!is_acceptable_key(public_key))
        return SKA_E_SIGNATURE;
    enum ska_status status = try_verify(signature, public_key, message, len);
    /* OpenSSL 3.0 calls a signature wrong also when its last allocation fails, and leaves no word
     * of it: believe a refusal only when it is said twice. */
    if (status == SKA_E_SIGNATURE)
        status = try_verify(signature, public_key, message, len);
    return status;
}

enum ska_status ska_sign_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                                const char *label, const void *message, size_t len)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(write_signed(&w, label, message, len));
    return ska_sign_verify_bare(signature, public_key, w.data, w.len);
}
