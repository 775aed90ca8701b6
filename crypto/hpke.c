/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * hpke.c - HPKE in base mode, one message per context (RFC 9180), from OpenSSL 3.0's EVP, which has
 * X25519, HMAC and AES-GCM but no HPKE.
 *
 *     dh = X25519                                       section 4.1, encapsulate and decapsulate
 *     shared secret = ExtractAndExpand(dh, enc || pkR)  section 4.1
 *     key, nonce = KeySchedule(base, secret, info)      section 5.1; sequence number 0, so the
 *                                                       nonce is the base nonce as it is
 *     ciphertext || tag = AES-128-GCM                   section 5.2
 *
 * Nothing expanded here is longer than a hash, so HKDF-Expand is one HMAC over  info || 0x01
 * (RFC 5869, section 2.3).
 */
#include "crypto/hpke.h"

#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#define HASH_BYTES 32
#define KEY_BYTES 16
#define NONCE_BYTES 12
#define MESSAGE_MAX ((size_t)1 << 31)
#define PIECES_MAX 6

SKA_DEFINE_RELEASE(EVP_PKEY *, pkey_release, EVP_PKEY_free)
SKA_DEFINE_RELEASE(EVP_PKEY_CTX *, pkey_ctx_release, EVP_PKEY_CTX_free)
SKA_DEFINE_RELEASE(EVP_MAC *, mac_release, EVP_MAC_free)
SKA_DEFINE_RELEASE(EVP_MAC_CTX *, mac_ctx_release, EVP_MAC_CTX_free)
SKA_DEFINE_RELEASE(EVP_CIPHER_CTX *, cipher_ctx_release, EVP_CIPHER_CTX_free)

/* What the key schedule makes. Secret. */
struct aead_key {
    uint8_t key[KEY_BYTES];
    uint8_t nonce[NONCE_BYTES];
};

struct hash_secret {
    uint8_t bytes[HASH_BYTES];
};

static void aead_key_clear(struct aead_key *k)
{
    ska_wipe(k, sizeof *k);
}

static void hash_secret_clear(struct hash_secret *s)
{
    ska_wipe(s, sizeof *s);
}

/* suite_id of the KEM: "KEM" || I2OSP(kem_id, 2) (section 4.1). */
static const uint8_t kem_suite[] = {'K', 'E', 'M', 0x00, 0x20};
/* suite_id of HPKE: "HPKE" || kem_id || kdf_id || aead_id (section 5.1). */
static const uint8_t hpke_suite[] = {'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, 0x01};
_Static_assert(SKA_HPKE_KEM_ID == 0x0020, "the suite identifiers above name this KEM");
_Static_assert(SKA_HPKE_KDF_ID == 1, "... and this KDF");
_Static_assert(SKA_HPKE_AEAD_ID == 1, "... and this AEAD");

/* Translate a failure of the library, whose queue is emptied. */
static enum ska_status library_failed(enum ska_status otherwise)
{
    unsigned long code = ERR_peek_error();
    ERR_clear_error();
    return code != 0 && ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE ? SKA_E_MEMORY : otherwise;
}

static enum ska_status hmac_sha256(struct hash_secret *out, const uint8_t key[static HASH_BYTES],
                                   const struct ska_slice *pieces, size_t n)
{
    SKA_SCOPED(mac_release) EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (mac == NULL)
        return library_failed(SKA_E_CRYPTO);
    SKA_SCOPED(mac_ctx_release) EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
    if (ctx == NULL)
        return library_failed(SKA_E_MEMORY);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    if (EVP_MAC_init(ctx, key, HASH_BYTES, params) != 1)
        return library_failed(SKA_E_CRYPTO);
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].len > 0 && EVP_MAC_update(ctx, pieces[i].data, pieces[i].len) != 1)
            return library_failed(SKA_E_CRYPTO);
    }
    size_t len = 0;
    if (EVP_MAC_final(ctx, out->bytes, &len, sizeof out->bytes) != 1 || len != sizeof out->bytes)
        return library_failed(SKA_E_CRYPTO);
    return SKA_OK;
}

static struct ska_slice text(const char *s)
{
    return (struct ska_slice){(const uint8_t *)s, strlen(s)};
}

/* LabeledExtract (section 4). An empty salt is as many zeros as a hash is long (RFC 5869, 2.2). */
static enum ska_status labeled_extract(struct hash_secret *out, const struct hash_secret *salt,
                                       struct ska_slice suite, const char *label,
                                       struct ska_slice ikm)
{
    static const struct hash_secret no_salt = {{0}};
    const struct ska_slice pieces[] = {text("HPKE-v1"), suite, text(label), ikm};
    return hmac_sha256(out, salt == NULL ? no_salt.bytes : salt->bytes, pieces, 4);
}

/* LabeledExpand (section 4) to `len` <= HASH_BYTES bytes. */
static enum ska_status labeled_expand(uint8_t *out, size_t len, const struct hash_secret *prk,
                                      struct ska_slice suite, const char *label,
                                      struct ska_slice info)
{
    static const uint8_t first_block = 0x01;
    const uint8_t wire_len[2] = {0, (uint8_t)len};
    const struct ska_slice pieces[PIECES_MAX] = {
        {wire_len, sizeof wire_len}, text("HPKE-v1"), suite, text(label), info, {&first_block, 1}};
    SKA_SCOPED(hash_secret_clear) struct hash_secret block = {{0}};
    SKA_TRY(hmac_sha256(&block, prk->bytes, pieces, PIECES_MAX));
    memcpy(out, block.bytes, len);
    return SKA_OK;
}

enum ska_status ska_hpke_key_from_secret(struct ska_hpke_key *key,
                                         const uint8_t secret[static SKA_HPKE_SECRET_BYTES])
{
    SKA_SCOPED(pkey_release)
    EVP_PKEY *pkey =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, SKA_HPKE_SECRET_BYTES);
    if (pkey == NULL)
        return library_failed(SKA_E_CRYPTO);
    uint8_t public_key[SKA_HPKE_PUBLIC_BYTES];
    size_t len = sizeof public_key;
    if (EVP_PKEY_get_raw_public_key(pkey, public_key, &len) != 1 || len != sizeof public_key)
        return library_failed(SKA_E_CRYPTO);
    SKA_MARK_PUBLIC(public_key, sizeof public_key, "public keys are published");
    memmove(key->secret, secret, sizeof key->secret);
    memcpy(key->public_key, public_key, sizeof public_key);
    return SKA_OK;
}

enum ska_status ska_hpke_key_generate(struct ska_hpke_key *key)
{
    SKA_SCOPED(ska_hpke_key_clear) struct ska_hpke_key fresh = {0};
    ska_random(fresh.secret, sizeof fresh.secret);
    return ska_hpke_key_from_secret(key, fresh.secret);
}

void ska_hpke_key_clear(struct ska_hpke_key *key)
{
    if (key != NULL)
        ska_wipe(key, sizeof *key);
}

/* X25519 with the check of section 7.1.4: an all-zero result is SKA_E_RANGE. */
static enum ska_status diffie_hellman(struct hash_secret *dh,
                                      const uint8_t secret[static SKA_HPKE_SECRET_BYTES],
                                      const uint8_t public_key[static SKA_HPKE_PUBLIC_BYTES])
{
    SKA_SCOPED(pkey_release)
    EVP_PKEY *own =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, SKA_HPKE_SECRET_BYTES);
    SKA_SCOPED(pkey_release)
    EVP_PKEY *peer =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public_key, SKA_HPKE_PUBLIC_BYTES);
    if (own == NULL || peer == NULL)
        return library_failed(SKA_E_CRYPTO);
    SKA_SCOPED(pkey_ctx_release) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
    if (ctx == NULL)
        return library_failed(SKA_E_MEMORY);
    if (EVP_PKEY_derive_init(ctx) != 1 || EVP_PKEY_derive_set_peer(ctx, peer) != 1)
        return library_failed(SKA_E_CRYPTO);
    size_t len = sizeof dh->bytes;
    /* With keys of the right kind and a buffer of the right size, an all-zero secret is what makes
     * the derivation itself fail. */
    if (EVP_PKEY_derive(ctx, dh->bytes, &len) != 1)
        return library_failed(SKA_E_RANGE);
    if (len != sizeof dh->bytes)
        return SKA_E_CRYPTO;
    return ska_ct_is_zero(dh->bytes, sizeof dh->bytes) ? SKA_E_RANGE : SKA_OK;
}

/* ExtractAndExpand (section 4.1), kem_context = enc || pkR. */
static enum ska_status derive_shared(struct hash_secret *shared, const struct hash_secret *dh,
                                     const uint8_t enc[static SKA_HPKE_ENC_BYTES],
                                     const uint8_t recipient[static SKA_HPKE_PUBLIC_BYTES])
{
    const struct ska_slice suite = {kem_suite, sizeof kem_suite};
    uint8_t context[SKA_HPKE_ENC_BYTES + SKA_HPKE_PUBLIC_BYTES];
    memcpy(context, enc, SKA_HPKE_ENC_BYTES);
    memcpy(context + SKA_HPKE_ENC_BYTES, recipient, SKA_HPKE_PUBLIC_BYTES);
    SKA_SCOPED(hash_secret_clear) struct hash_secret prk = {{0}};
    SKA_TRY(labeled_extract(&prk, NULL, suite, "eae_prk",
                            (struct ska_slice){dh->bytes, sizeof dh->bytes}));
    return labeled_expand(shared->bytes, sizeof shared->bytes, &prk, suite, "shared_secret",
                          (struct ska_slice){context, sizeof context});
}

/* KeySchedule (section 5.1) for mode base: no PSK. */
static enum ska_status schedule_key(struct aead_key *out, const struct hash_secret *shared,
                                    struct ska_slice info)
{
    const struct ska_slice suite = {hpke_suite, sizeof hpke_suite};
    const struct ska_slice nothing = {NULL, 0};
    struct hash_secret psk_id_hash = {{0}};
    struct hash_secret info_hash = {{0}};
    SKA_TRY(labeled_extract(&psk_id_hash, NULL, suite, "psk_id_hash", nothing));
    SKA_TRY(labeled_extract(&info_hash, NULL, suite, "info_hash", info));
    uint8_t context[1 + 2 * HASH_BYTES] = {0}; /* mode_base = 0x00 */
    memcpy(context + 1, psk_id_hash.bytes, HASH_BYTES);
    memcpy(context + 1 + HASH_BYTES, info_hash.bytes, HASH_BYTES);
    const struct ska_slice context_bytes = {context, sizeof context};
    SKA_SCOPED(hash_secret_clear) struct hash_secret secret = {{0}};
    SKA_TRY(labeled_extract(&secret, shared, suite, "secret", nothing));
    SKA_TRY(labeled_expand(out->key, sizeof out->key, &secret, suite, "key", context_bytes));
    return labeled_expand(out->nonce, sizeof out->nonce, &secret, suite, "base_nonce",
                          context_bytes);
}

static enum ska_status setup(struct aead_key *out, const struct hash_secret *dh,
                             const uint8_t enc[static SKA_HPKE_ENC_BYTES],
                             const uint8_t recipient[static SKA_HPKE_PUBLIC_BYTES],
                             struct ska_slice info)
{
    SKA_SCOPED(hash_secret_clear) struct hash_secret shared = {{0}};
    SKA_TRY(derive_shared(&shared, dh, enc, recipient));
    return schedule_key(out, &shared, info);
}

/* EVP counts bytes in int: feed in pieces that fit. out NULL absorbs associated data. */
static bool cipher_update(EVP_CIPHER_CTX *ctx, uint8_t *out, struct ska_slice in)
{
    const size_t piece_max = (size_t)1 << 30;
    while (in.len > 0) {
        size_t piece = in.len < piece_max ? in.len : piece_max;
        int done = 0;
        if (EVP_CipherUpdate(ctx, out, &done, in.data, (int)piece) != 1 || done != (int)piece)
            return false;
        in.data += piece;
        in.len -= piece;
        if (out != NULL)
            out += piece;
    }
    return true;
}

static enum ska_status seal_gcm(uint8_t *ciphertext, const struct aead_key *key,
                                struct ska_slice aad, struct ska_slice plain)
{
    SKA_SCOPED(cipher_ctx_release) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL)
        return library_failed(SKA_E_MEMORY);
    int done = 0;
    if (EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, key->key, key->nonce) != 1 ||
        !cipher_update(ctx, NULL, aad) || !cipher_update(ctx, ciphertext, plain) ||
        EVP_EncryptFinal_ex(ctx, ciphertext + plain.len, &done) != 1 || done != 0 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SKA_HPKE_TAG_BYTES,
                            ciphertext + plain.len) != 1)
        return library_failed(SKA_E_CRYPTO);
    return SKA_OK;
}

static enum ska_status open_gcm(uint8_t *plain, const struct aead_key *key, struct ska_slice aad,
                                struct ska_slice ciphertext)
{
    SKA_SCOPED(cipher_ctx_release) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL)
        return library_failed(SKA_E_MEMORY);
    const struct ska_slice body = {ciphertext.data, ciphertext.len - SKA_HPKE_TAG_BYTES};
    uint8_t tag[SKA_HPKE_TAG_BYTES]; /* the interface wants it writable */
    memcpy(tag, ciphertext.data + body.len, sizeof tag);
    if (EVP_DecryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, key->key, key->nonce) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1 ||
        !cipher_update(ctx, NULL, aad) || !cipher_update(ctx, plain, body))
        return library_failed(SKA_E_CRYPTO);
    int done = 0;
    uint8_t nothing[16];
    if (EVP_DecryptFinal_ex(ctx, nothing, &done) != 1 || done != 0)
        return library_failed(SKA_E_DECRYPT);
    return SKA_OK;
}

enum ska_status ska_hpke_seal(uint8_t enc[static SKA_HPKE_ENC_BYTES], uint8_t *ciphertext,
                              const uint8_t public_key[static SKA_HPKE_PUBLIC_BYTES],
                              struct ska_slice info, struct ska_slice aad, struct ska_slice plain)
{
    if (plain.len > MESSAGE_MAX || aad.len > MESSAGE_MAX || info.len > MESSAGE_MAX)
        return SKA_E_LIMIT;
    SKA_SCOPED(ska_hpke_key_clear) struct ska_hpke_key ephemeral = {0};
    SKA_TRY(ska_hpke_key_generate(&ephemeral));
    SKA_SCOPED(hash_secret_clear) struct hash_secret dh = {{0}};
    SKA_TRY(diffie_hellman(&dh, ephemeral.secret, public_key));
    SKA_SCOPED(aead_key_clear) struct aead_key key = {{0}, {0}};
    SKA_TRY(setup(&key, &dh, ephemeral.public_key, public_key, info));
    enum ska_status status = seal_gcm(ciphertext, &key, aad, plain);
    if (status != SKA_OK) {
        ska_wipe(ciphertext, plain.len + SKA_HPKE_TAG_BYTES);
        return status;
    }
    SKA_MARK_PUBLIC(ciphertext, plain.len + SKA_HPKE_TAG_BYTES, "ciphertexts are sent");
    memcpy(enc, ephemeral.public_key, SKA_HPKE_ENC_BYTES);
    return SKA_OK;
}

static enum ska_status open_message(uint8_t *plain, const struct ska_hpke_key *key,
                                    const uint8_t enc[static SKA_HPKE_ENC_BYTES],
                                    struct ska_slice info, struct ska_slice aad,
                                    struct ska_slice ciphertext)
{
    SKA_SCOPED(hash_secret_clear) struct hash_secret dh = {{0}};
    SKA_TRY(diffie_hellman(&dh, key->secret, enc));
    SKA_SCOPED(aead_key_clear) struct aead_key aead = {{0}, {0}};
    SKA_TRY(setup(&aead, &dh, enc, key->public_key, info));
    return open_gcm(plain, &aead, aad, ciphertext);
}

enum ska_status ska_hpke_open(uint8_t *plain, const struct ska_hpke_key *key,
                              const uint8_t enc[static SKA_HPKE_ENC_BYTES], struct ska_slice info,
                              struct ska_slice aad, struct ska_slice ciphertext)
{
    if (ciphertext.len < SKA_HPKE_TAG_BYTES || ciphertext.len - SKA_HPKE_TAG_BYTES > MESSAGE_MAX ||
        aad.len > MESSAGE_MAX || info.len > MESSAGE_MAX)
        return SKA_E_DECRYPT;
    enum ska_status status = open_message(plain, key, enc, info, aad, ciphertext);
    if (status != SKA_OK)
        ska_wipe(plain, ciphertext.len - SKA_HPKE_TAG_BYTES);
    return status;
}
