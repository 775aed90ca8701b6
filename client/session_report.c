/* SPDX-License-Identifier: EUPL-1.2 */
/* session_report.c - counts become a report, and the report goes to the leader
 * (draft-ietf-ppm-dap-18, section "Uploading Reports"). */
#include "client/session.h"

#include <stdio.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/resources.h"
#include "support/language.h"

#define MEDIA_UPLOAD SKA_MEDIA_DAP_PREFIX "upload-req"

/* The three parts of a report before they are joined; the shares are secret. */
struct parts {
    struct ska_writer public_share, leader_share, helper_share, leader_sealed, helper_sealed;
};

static void parts_clear(struct parts *p)
{
    ska_writer_clear(&p->public_share);
    ska_writer_clear(&p->leader_share);
    ska_writer_clear(&p->helper_share);
    ska_writer_clear(&p->leader_sealed);
    ska_writer_clear(&p->helper_sealed);
}

static struct ska_slice slice_of(const struct ska_writer *w)
{
    return (struct ska_slice){w->data, w->len};
}

/* To the key that the signed parameters name for that role. */
static enum ska_status seal(struct ska_writer *out, enum ska_role role, const struct session *s,
                            const struct ska_dap_metadata *metadata, const struct parts *p,
                            const struct ska_writer *share)
{
    const struct ska_parameters *parameters = &s->task->parameters;
    const struct ska_hpke_recipient *to =
        role == SKA_ROLE_LEADER ? &parameters->leader_hpke : &parameters->helper_hpke;
    return ska_dap_input_share_seal(out, to->config_id, to->public_key, role, s->task, metadata,
                                    slice_of(&p->public_share), slice_of(share));
}

/* Metadata, public share and the two ciphertexts in a row are the report. */
static enum ska_status join(uint8_t **report, size_t *len, const struct ska_dap_metadata *metadata,
                            const struct parts *p)
{
    struct ska_writer w = {0};
    ska_dap_metadata_encode(&w, metadata);
    ska_write_opaque32(&w, p->public_share.data, p->public_share.len);
    ska_write_bytes(&w, p->leader_sealed.data, p->leader_sealed.len);
    ska_write_bytes(&w, p->helper_sealed.data, p->helper_sealed.len);
    return ska_writer_take(report, len, &w);
}

enum ska_status session_make_report(uint8_t **report, size_t *len, uint8_t report_id[static 16],
                                    const struct session *s,
                                    struct ska_auditsum_measurement measurement,
                                    struct ska_error *err)
{
    struct ska_dap_metadata metadata = {.time = ska_task_time(s->task)};
    ska_random(metadata.report_id, sizeof metadata.report_id);
    measurement.contributor = s->contributor;
    measurement.key = &s->key;
    SKA_SCOPED(parts_clear) struct parts p = {0};
    SKA_TRY(ska_auditsum.shard(&p.public_share, &p.leader_share, &p.helper_share, &s->task->config,
                               &measurement, metadata.report_id, err));
    SKA_TRY(seal(&p.leader_sealed, SKA_ROLE_LEADER, s, &metadata, &p, &p.leader_share));
    SKA_TRY(seal(&p.helper_sealed, SKA_ROLE_HELPER, s, &metadata, &p, &p.helper_share));
    SKA_TRY(join(report, len, &metadata, &p));
    memcpy(report_id, metadata.report_id, sizeof metadata.report_id);
    return SKA_OK;
}

/* What an answer of UploadErrors says about our one report. */
static enum ska_status read_refusal(uint8_t *refused, const struct https_answer *answer,
                                    const uint8_t report_id[static 16], struct ska_error *err)
{
    struct ska_reader r;
    ska_reader_init(&r, answer->body, answer->body_len);
    *refused = 0;
    while (r.left > 0) {
        uint8_t id[16];
        uint8_t error = 0;
        if (ska_dap_upload_status_decode(id, &error, &r) != SKA_OK)
            return ska_fail(err, SKA_E_PEER,
                            tr("servern svarade något som inte går att förstå på inlämningen",
                               "the server's answer to the submission cannot be understood"));
        if (memcmp(id, report_id, sizeof id) == 0)
            *refused = error;
    }
    return SKA_OK;
}

enum ska_status session_upload(uint8_t *refused, const struct session *s, struct ska_slice report,
                               const uint8_t report_id[static 16], struct ska_error *err)
{
    char path[128];
    snprintf(path, sizeof path, "%s/reports", s->dap_base);
    struct https_answer answer = {0};
    SKA_TRY(https_call(&answer, s->leader, "POST", path, MEDIA_UPLOAD, report, err));
    enum ska_status status = read_refusal(refused, &answer, report_id, err);
    https_answer_clear(&answer);
    return status;
}
