/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dap.c - what the messages of draft-ietf-ppm-dap-18 share: names of errors, HPKE configurations,
 * ciphertexts, extension lists, and HPKE under the draft's info strings.
 */
#include "protocol/dap_hpke.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

#define HPKE_CONFIG_BYTES_MIN 10
#define INFO_BYTES_MAX 40

const char *ska_report_error_name(uint8_t error)
{
    static const char *const names[] = {
        [SKA_REPORT_OK] = "reserved",
        [SKA_REPORT_BATCH_COLLECTED] = "batch_collected",
        [SKA_REPORT_REPLAYED] = "report_replayed",
        [SKA_REPORT_DROPPED] = "report_dropped",
        [SKA_REPORT_HPKE_UNKNOWN_CONFIG_ID] = "hpke_unknown_config_id",
        [SKA_REPORT_HPKE_DECRYPT_ERROR] = "hpke_decrypt_error",
        [SKA_REPORT_VDAF_VERIFY_ERROR] = "vdaf_verify_error",
        [SKA_REPORT_TASK_EXPIRED] = "task_expired",
        [SKA_REPORT_INVALID_MESSAGE] = "invalid_message",
        [SKA_REPORT_TOO_EARLY] = "report_too_early",
        [SKA_REPORT_TASK_NOT_STARTED] = "task_not_started",
        [SKA_REPORT_OUTDATED_CONFIG] = "outdated_config",
    };
    return error < sizeof names / sizeof names[0] ? names[error] : "unknown";
}

struct ska_dap_hpke_config ska_dap_hpke_config_of(const struct ska_hpke_recipient *to)
{
    return (struct ska_dap_hpke_config){.id = to->config_id,
                                        .kem_id = SKA_HPKE_KEM_ID,
                                        .kdf_id = SKA_HPKE_KDF_ID,
                                        .aead_id = SKA_HPKE_AEAD_ID,
                                        .public_key = {to->public_key, sizeof to->public_key}};
}

void ska_dap_hpke_config_write(struct ska_writer *w, const struct ska_dap_hpke_config *c)
{
    ska_write_u8(w, c->id);
    ska_write_u16(w, c->kem_id);
    ska_write_u16(w, c->kdf_id);
    ska_write_u16(w, c->aead_id);
    ska_write_opaque16(w, c->public_key.data, c->public_key.len);
}

void ska_dap_hpke_config_list_encode(struct ska_writer *w, const struct ska_dap_hpke_config *at,
                                     size_t n)
{
    size_t mark = ska_write_open16(w);
    for (size_t i = 0; i < n; i++)
        ska_dap_hpke_config_write(w, &at[i]);
    ska_write_close16(w, mark);
}

enum ska_status ska_dap_hpke_config_read(struct ska_dap_hpke_config *c, struct ska_reader *r)
{
    SKA_TRY(ska_read_u8(&c->id, r));
    SKA_TRY(ska_read_u16(&c->kem_id, r));
    SKA_TRY(ska_read_u16(&c->kdf_id, r));
    SKA_TRY(ska_read_u16(&c->aead_id, r));
    SKA_TRY(ska_read_opaque16(&c->public_key.data, &c->public_key.len, r, UINT16_MAX));
    return c->public_key.len > 0 ? SKA_OK : SKA_E_RANGE;
}

bool ska_dap_hpke_config_is_supported(const struct ska_dap_hpke_config *c)
{
    return c->kem_id == SKA_HPKE_KEM_ID && c->kdf_id == SKA_HPKE_KDF_ID &&
           c->aead_id == SKA_HPKE_AEAD_ID && c->public_key.len == SKA_HPKE_PUBLIC_BYTES;
}

enum ska_status ska_dap_hpke_config_list_choose(uint8_t *id, uint8_t public_key[static 32],
                                                struct ska_slice bytes)
{
    struct ska_reader outer;
    ska_reader_init(&outer, bytes.data, bytes.len);
    struct ska_reader r;
    SKA_TRY(ska_read_opaque16(&r.at, &r.left, &outer, UINT16_MAX));
    SKA_TRY(ska_read_end(&outer));
    if (r.left < HPKE_CONFIG_BYTES_MIN)
        return SKA_E_RANGE;
    bool seen[256] = {false};
    bool found = false;
    struct ska_dap_hpke_config choice = {0};
    while (r.left > 0) { /* the whole list must be valid, not only what we use of it */
        struct ska_dap_hpke_config c = {0};
        SKA_TRY(ska_dap_hpke_config_read(&c, &r));
        if (seen[c.id])
            return SKA_E_CONFLICT;
        seen[c.id] = true;
        if (!found && ska_dap_hpke_config_is_supported(&c)) {
            found = true;
            choice = c;
        }
    }
    if (!found)
        return SKA_E_UNSUPPORTED;
    *id = choice.id;
    memcpy(public_key, choice.public_key.data, SKA_HPKE_PUBLIC_BYTES);
    return SKA_OK;
}

enum ska_status ska_read_not_empty32(struct ska_slice *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_slice found;
    SKA_TRY(ska_read_opaque32(&found.data, &found.len, &inner, UINT32_MAX));
    if (found.len == 0)
        return SKA_E_RANGE;
    *out = found;
    *r = inner;
    return SKA_OK;
}

void ska_dap_ciphertext_encode(struct ska_writer *w, const struct ska_dap_ciphertext *c)
{
    ska_write_u8(w, c->config_id);
    ska_write_opaque16(w, c->enc.data, c->enc.len);
    ska_write_opaque32(w, c->payload.data, c->payload.len);
}

enum ska_status ska_dap_ciphertext_decode(struct ska_dap_ciphertext *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_dap_ciphertext c = {0};
    SKA_TRY(ska_read_u8(&c.config_id, &inner));
    SKA_TRY(ska_read_opaque16(&c.enc.data, &c.enc.len, &inner, UINT16_MAX));
    if (c.enc.len == 0)
        return SKA_E_RANGE;
    SKA_TRY(ska_read_not_empty32(&c.payload, &inner));
    *out = c;
    *r = inner;
    return SKA_OK;
}

enum ska_status ska_dap_extensions_check(struct ska_slice extensions)
{
    struct ska_reader r;
    ska_reader_init(&r, extensions.data, extensions.len);
    int last = -1;
    while (r.left > 0) {
        uint16_t type;
        const uint8_t *data;
        size_t len;
        SKA_TRY(ska_read_u16(&type, &r));
        SKA_TRY(ska_read_opaque16(&data, &len, &r, UINT16_MAX));
        if (type <= last)
            return SKA_E_ENCODING;
        last = type;
    }
    return last < 0 ? SKA_OK : SKA_E_UNSUPPORTED;
}

/* info = "dap-18" || purpose || sender role || receiver role. Returns its length. */
static size_t make_info(uint8_t info[static INFO_BYTES_MAX], const struct ska_dap_sealing *s)
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, info, INFO_BYTES_MAX);
    ska_write_bytes(&w, SKA_LABEL_DAP, strlen(SKA_LABEL_DAP));
    ska_write_bytes(&w, s->purpose, strlen(s->purpose));
    ska_write_u8(&w, (uint8_t)s->sender);
    ska_write_u8(&w, (uint8_t)s->receiver);
    return w.len;
}

enum ska_status ska_dap_seal(struct ska_writer *ciphertext, uint8_t config_id,
                             const uint8_t public_key[static SKA_HPKE_PUBLIC_BYTES],
                             const struct ska_dap_sealing *s, struct ska_slice plain)
{
    size_t sealed_len;
    SKA_TRY(ska_size_add(&sealed_len, plain.len, SKA_HPKE_TAG_BYTES));
    SKA_SCOPED(ska_scoped_free) uint8_t *sealed = ska_alloc(sealed_len, 1);
    if (sealed == NULL)
        return SKA_E_MEMORY;
    uint8_t info[INFO_BYTES_MAX];
    size_t info_len = make_info(info, s);
    uint8_t enc[SKA_HPKE_ENC_BYTES];
    SKA_TRY(
        ska_hpke_seal(enc, sealed, public_key, (struct ska_slice){info, info_len}, s->aad, plain));
    const struct ska_dap_ciphertext c = {config_id, {enc, sizeof enc}, {sealed, sealed_len}};
    ska_dap_ciphertext_encode(ciphertext, &c);
    return ska_writer_status(ciphertext);
}

enum ska_status ska_dap_open(uint8_t **plain, size_t *plain_len, const struct ska_hpke_key *key,
                             const struct ska_dap_sealing *s, const struct ska_dap_ciphertext *c)
{
    if (c->enc.len != SKA_HPKE_ENC_BYTES || c->payload.len < SKA_HPKE_TAG_BYTES)
        return SKA_E_DECRYPT;
    size_t len = c->payload.len - SKA_HPKE_TAG_BYTES;
    uint8_t *out = ska_alloc(len + 1, 1);
    if (out == NULL)
        return SKA_E_MEMORY;
    uint8_t info[INFO_BYTES_MAX];
    size_t info_len = make_info(info, s);
    enum ska_status status = ska_hpke_open(out, key, c->enc.data,
                                           (struct ska_slice){info, info_len}, s->aad, c->payload);
    if (status != SKA_OK) {
        ska_wipe_free(out, len + 1);
        return status;
    }
    *plain = out;
    *plain_len = len;
    return SKA_OK;
}
