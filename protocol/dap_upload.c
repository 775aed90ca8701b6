/* SPDX-License-Identifier: EUPL-1.2 */
/* dap_upload.c - reports and their input shares (draft-ietf-ppm-dap-18, section "Upload Request").
 */
#include "protocol/dap_hpke.h"

#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <stdlib.h>

#define FRAME_BYTES (2 + 4) /* before a payload: its extensions, its length */

void ska_dap_metadata_encode(struct ska_writer *w, const struct ska_dap_metadata *m)
{
    ska_write_bytes(w, m->report_id, sizeof m->report_id);
    ska_write_u64(w, m->time);
    ska_write_opaque16(w, m->extensions.data, m->extensions.len);
}

enum ska_status ska_dap_metadata_decode(struct ska_dap_metadata *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_dap_metadata m = {0};
    SKA_TRY(ska_read_bytes(m.report_id, sizeof m.report_id, &inner));
    SKA_TRY(ska_read_u64(&m.time, &inner));
    SKA_TRY(ska_read_opaque16(&m.extensions.data, &m.extensions.len, &inner, UINT16_MAX));
    *out = m;
    *r = inner;
    return SKA_OK;
}

void ska_dap_report_encode(struct ska_writer *w, const struct ska_dap_report *report)
{
    ska_dap_metadata_encode(w, &report->metadata);
    ska_write_opaque32(w, report->public_share.data, report->public_share.len);
    ska_dap_ciphertext_encode(w, &report->leader);
    ska_dap_ciphertext_encode(w, &report->helper);
}

enum ska_status ska_dap_report_decode(struct ska_dap_report *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_dap_report report = {0};
    SKA_TRY(ska_dap_metadata_decode(&report.metadata, &inner));
    SKA_TRY(
        ska_read_opaque32(&report.public_share.data, &report.public_share.len, &inner, UINT32_MAX));
    SKA_TRY(ska_dap_ciphertext_decode(&report.leader, &inner));
    SKA_TRY(ska_dap_ciphertext_decode(&report.helper, &inner));
    *out = report;
    *r = inner;
    return SKA_OK;
}

void ska_dap_upload_status_encode(struct ska_writer *w, const uint8_t report_id[static 16],
                                  uint8_t error)
{
    ska_write_bytes(w, report_id, SKA_DAP_REPORT_ID_BYTES);
    ska_write_u8(w, error);
}

enum ska_status ska_dap_upload_status_decode(uint8_t report_id[static 16], uint8_t *error,
                                             struct ska_reader *r)
{
    struct ska_reader inner = *r;
    const uint8_t *id;
    uint8_t found;
    SKA_TRY(ska_read_borrow(&id, &inner, SKA_DAP_REPORT_ID_BYTES));
    SKA_TRY(ska_read_u8(&found, &inner));
    if (found == SKA_REPORT_OK)
        return SKA_E_RANGE;
    SKA_TRY(ska_read_bytes(report_id, SKA_DAP_REPORT_ID_BYTES, r));
    *error = found;
    *r = inner;
    return SKA_OK;
}

void ska_dap_plaintext_encode(struct ska_writer *w, struct ska_slice payload)
{
    ska_write_opaque16(w, NULL, 0);
    ska_write_opaque32(w, payload.data, payload.len);
}

enum ska_status ska_dap_plaintext_decode(struct ska_slice *payload, struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    struct ska_slice extensions;
    struct ska_slice found;
    SKA_TRY(ska_read_opaque16(&extensions.data, &extensions.len, &r, UINT16_MAX));
    SKA_TRY(ska_read_not_empty32(&found, &r));
    SKA_TRY(ska_read_end(&r));
    SKA_TRY(ska_dap_extensions_check(extensions));
    *payload = found;
    return SKA_OK;
}

/* InputShareAad: task_id | TaskConfiguration | ReportMetadata | opaque32 public_share. */
static void write_aad(struct ska_writer *w, const struct ska_task *task,
                      const struct ska_dap_metadata *metadata, struct ska_slice public_share)
{
    ska_write_bytes(w, task->context.task_id, sizeof task->context.task_id);
    ska_write_bytes(w, task->dap_configuration, task->dap_configuration_len);
    ska_dap_metadata_encode(w, metadata);
    ska_write_opaque32(w, public_share.data, public_share.len);
}

static struct ska_dap_sealing input_share_sealing(enum ska_role receiver,
                                                  const struct ska_writer *aad)
{
    return (struct ska_dap_sealing){
        " input share", SKA_ROLE_CLIENT, receiver, {aad->data, aad->len}};
}

bool ska_dap_input_share_fits(const struct ska_dap_ciphertext *c, size_t payload_len)
{
    const size_t around = FRAME_BYTES + SKA_HPKE_TAG_BYTES;
    return c->enc.len == SKA_HPKE_ENC_BYTES && c->payload.len > around &&
           c->payload.len - around == payload_len;
}

enum ska_status ska_dap_input_share_seal(struct ska_writer *ciphertext, uint8_t config_id,
                                         const uint8_t public_key[static 32],
                                         enum ska_role receiver, const struct ska_task *task,
                                         const struct ska_dap_metadata *metadata,
                                         struct ska_slice public_share, struct ska_slice payload)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer aad = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer plain = {0};
    write_aad(&aad, task, metadata, public_share);
    ska_dap_plaintext_encode(&plain, payload);
    SKA_TRY(ska_writer_status(&aad));
    SKA_TRY(ska_writer_status(&plain));
    const struct ska_dap_sealing s = input_share_sealing(receiver, &aad);
    return ska_dap_seal(ciphertext, config_id, public_key, &s,
                        (struct ska_slice){plain.data, plain.len});
}

enum ska_status ska_dap_input_share_open(uint8_t **plain, size_t *plain_len,
                                         struct ska_slice *payload, const struct ska_hpke_key *key,
                                         enum ska_role receiver, const struct ska_task *task,
                                         const struct ska_dap_metadata *metadata,
                                         struct ska_slice public_share,
                                         const struct ska_dap_ciphertext *c)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer aad = {0};
    write_aad(&aad, task, metadata, public_share);
    SKA_TRY(ska_writer_status(&aad));
    const struct ska_dap_sealing s = input_share_sealing(receiver, &aad);
    uint8_t *found;
    size_t found_len;
    SKA_TRY(ska_dap_open(&found, &found_len, key, &s, c));
    if (found_len >= FRAME_BYTES)
        SKA_MARK_PUBLIC(found, FRAME_BYTES, "the lengths follow from the ciphertext's");
    enum ska_status status =
        ska_dap_plaintext_decode(payload, (struct ska_slice){found, found_len});
    if (status != SKA_OK) {
        ska_wipe_free(found, found_len);
        return status;
    }
    *plain = found;
    *plain_len = found_len;
    return SKA_OK;
}
