/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dap_aggregate.c - aggregation jobs (draft-ietf-ppm-dap-18, section "Aggregate Initialization")
 * and the ping-pong messages inside (draft-irtf-cfrg-vdaf-20, section "The Ping-Pong Topology").
 */
#include "protocol/dap_hpke.h"

#define PING_PONG_INITIALIZE 0
#define PING_PONG_FINISH 2

void ska_dap_agg_init_header_encode(struct ska_writer *w)
{
    ska_write_u8(w, 0); /* verification_key_id: AuditSum has no verification key */
    ska_write_opaque32(w, NULL, 0);
    ska_write_opaque16(w, NULL, 0);
}

enum ska_status ska_dap_agg_init_header_decode(uint8_t *verification_key_id,
                                               struct ska_slice *agg_param,
                                               struct ska_slice *extensions, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    uint8_t id;
    struct ska_slice param;
    struct ska_slice list;
    SKA_TRY(ska_read_u8(&id, &inner));
    SKA_TRY(ska_read_opaque32(&param.data, &param.len, &inner, UINT32_MAX));
    SKA_TRY(ska_read_opaque16(&list.data, &list.len, &inner, UINT16_MAX));
    *verification_key_id = id;
    *agg_param = param;
    *extensions = list;
    *r = inner;
    return SKA_OK;
}

void ska_dap_verify_init_encode(struct ska_writer *w, const struct ska_dap_verify_init *v)
{
    ska_dap_metadata_encode(w, &v->metadata);
    ska_write_opaque32(w, v->public_share.data, v->public_share.len);
    ska_dap_ciphertext_encode(w, &v->encrypted_input_share);
    ska_write_opaque32(w, v->payload.data, v->payload.len);
}

enum ska_status ska_dap_verify_init_decode(struct ska_dap_verify_init *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_dap_verify_init v = {0};
    SKA_TRY(ska_dap_metadata_decode(&v.metadata, &inner));
    SKA_TRY(ska_read_opaque32(&v.public_share.data, &v.public_share.len, &inner, UINT32_MAX));
    SKA_TRY(ska_dap_ciphertext_decode(&v.encrypted_input_share, &inner));
    SKA_TRY(ska_read_not_empty32(&v.payload, &inner));
    *out = v;
    *r = inner;
    return SKA_OK;
}

void ska_dap_verify_resp_encode(struct ska_writer *w, const struct ska_dap_verify_resp *v)
{
    ska_write_bytes(w, v->report_id, sizeof v->report_id);
    ska_write_u8(w, (uint8_t)v->type);
    switch (v->type) {
    case SKA_DAP_CONTINUE:
        ska_write_opaque32(w, v->payload.data, v->payload.len);
        break;
    case SKA_DAP_FINISH:
        break;
    case SKA_DAP_REJECT:
        ska_write_u8(w, v->error);
        break;
    }
}

enum ska_status ska_dap_verify_resp_decode(struct ska_dap_verify_resp *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_dap_verify_resp v = {0};
    uint8_t type;
    SKA_TRY(ska_read_bytes(v.report_id, sizeof v.report_id, &inner));
    SKA_TRY(ska_read_u8(&type, &inner));
    if (type > SKA_DAP_REJECT)
        return SKA_E_FORMAT;
    v.type = (enum ska_dap_verify_resp_type)type;
    if (v.type == SKA_DAP_CONTINUE)
        SKA_TRY(ska_read_not_empty32(&v.payload, &inner));
    if (v.type == SKA_DAP_REJECT) {
        SKA_TRY(ska_read_u8(&v.error, &inner));
        if (v.error == SKA_REPORT_OK)
            return SKA_E_RANGE;
    }
    *out = v;
    *r = inner;
    return SKA_OK;
}

static void write_ping_pong(struct ska_writer *w, uint8_t type, struct ska_slice content)
{
    ska_write_u8(w, type);
    ska_write_opaque32(w, content.data, content.len);
}

static enum ska_status read_ping_pong(struct ska_slice *content, struct ska_slice bytes,
                                      uint8_t want)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    uint8_t type;
    struct ska_slice found;
    SKA_TRY(ska_read_u8(&type, &r));
    if (type != want)
        return SKA_E_FORMAT;
    SKA_TRY(ska_read_opaque32(&found.data, &found.len, &r, UINT32_MAX));
    SKA_TRY(ska_read_end(&r));
    *content = found;
    return SKA_OK;
}

void ska_ping_pong_initialize_encode(struct ska_writer *w, struct ska_slice verifier_share)
{
    write_ping_pong(w, PING_PONG_INITIALIZE, verifier_share);
}

void ska_ping_pong_finish_encode(struct ska_writer *w, struct ska_slice verifier_message)
{
    write_ping_pong(w, PING_PONG_FINISH, verifier_message);
}

enum ska_status ska_ping_pong_initialize_decode(struct ska_slice *verifier_share,
                                                struct ska_slice bytes)
{
    return read_ping_pong(verifier_share, bytes, PING_PONG_INITIALIZE);
}

enum ska_status ska_ping_pong_finish_decode(struct ska_slice *verifier_message,
                                            struct ska_slice bytes)
{
    return read_ping_pong(verifier_message, bytes, PING_PONG_FINISH);
}
