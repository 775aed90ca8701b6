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
#include "support/file.h"
#include "support/language.h"

#define KEPT_BYTES_MAX 65536u
#define MEDIA_UPLOAD SKA_MEDIA_DAP_PREFIX "upload-req"

/* Where an input share is sealed to. */
struct recipient {
    uint8_t config_id;
    uint8_t public_key[32];
};

/* --- encryption keys -------------------------------------------------------------------------- */

static enum ska_status choose_hpke(struct recipient *out, struct ska_slice list, const char *url,
                                   struct ska_error *err)
{
    enum ska_status status =
        ska_dap_hpke_config_list_choose(&out->config_id, out->public_key, list);
    if (status == SKA_OK || status == SKA_E_MEMORY)
        return status;
    return ska_fail(err, SKA_E_PEER,
                    tr("%s har ingen krypteringsnyckel som går att använda",
                       "%s has no encryption key that can be used"),
                    url);
}

/*
 * The helper's last list is kept (hpke-helper: opaque16 address | opaque32 list), so that figures
 * can be handed in while the helper is away: the leader keeps them until it is back. A list that is
 * out of date costs one more try, since the helper then refuses with outdated_config.
 */
static enum ska_status keep_list(const struct home *home, const char *url, struct ska_slice list)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(home_path(&path, home, "hpke-helper"));
    ska_write_opaque16(&w, url, strlen(url));
    ska_write_opaque32(&w, list.data, list.len);
    SKA_TRY(ska_writer_status(&w));
    return file_write(path, w.data, w.len, true, NULL);
}

static enum ska_status recall_list(struct recipient *out, const struct home *home, const char *url)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    SKA_TRY(home_path(&path, home, "hpke-helper"));
    SKA_TRY(file_read_secret(&bytes, &len, path, KEPT_BYTES_MAX, NULL)); /* ours, and only ours */
    struct ska_reader r;
    struct ska_slice kept_url = {NULL, 0};
    struct ska_slice list = {NULL, 0};
    ska_reader_init(&r, bytes, len);
    SKA_TRY(ska_read_opaque16(&kept_url.data, &kept_url.len, &r, SKA_URL_MAX));
    SKA_TRY(ska_read_opaque32(&list.data, &list.len, &r, KEPT_BYTES_MAX));
    SKA_TRY(ska_read_end(&r));
    if (kept_url.len != strlen(url) || memcmp(kept_url.data, url, kept_url.len) != 0)
        return SKA_E_NOT_FOUND;
    return choose_hpke(out, list, url, NULL);
}

static enum ska_status fetch_hpke(struct recipient *out, struct https_client *client,
                                  const char *url, const struct home *keep, struct ska_error *err)
{
    struct https_answer answer = {0};
    SKA_TRY(
        https_call(&answer, client, "GET", "hpke_config", NULL, (struct ska_slice){NULL, 0}, err));
    struct ska_slice list = {answer.body, answer.body_len};
    enum ska_status status = choose_hpke(out, list, url, err);
    if (status == SKA_OK && keep != NULL)
        ska_ignore(keep_list(keep, url, list), "only a help for when the helper is away");
    https_answer_clear(&answer);
    return status;
}

static enum ska_status fetch_recipients(struct recipient *leader, struct recipient *helper,
                                        const struct session *s, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *ca = NULL;
    SKA_TRY(home_path(&ca, s->home, "ca.pem"));
    const char *url = s->task->parameters.helper_url;
    struct https_options options = {.base_url = url, .ca_file = s->home->has_ca ? ca : NULL};
    struct https_client *client = NULL;
    struct ska_error why = {0};
    SKA_TRY(fetch_hpke(leader, s->leader, s->home->leader, NULL, err));
    SKA_TRY(https_client_new(&client, &options, err));
    enum ska_status status = fetch_hpke(helper, client, url, s->home, &why);
    https_client_free(client);
    bool away = status == SKA_E_TIMEOUT || status == SKA_E_NETWORK || status == SKA_E_PEER ||
                status == SKA_E_BUSY;
    if (away && recall_list(helper, s->home, url) == SKA_OK)
        return SKA_OK;
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s", why.text);
}

/* --- the report ------------------------------------------------------------------------------- */

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

static enum ska_status seal(struct ska_writer *out, const struct recipient *to, enum ska_role role,
                            const struct session *s, const struct ska_dap_metadata *metadata,
                            const struct parts *p, const struct ska_writer *share)
{
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
                                    const struct session *s, const uint64_t *counts,
                                    uint64_t number, struct ska_error *err)
{
    struct recipient leader = {0};
    struct recipient helper = {0};
    SKA_TRY(fetch_recipients(&leader, &helper, s, err));
    struct ska_dap_metadata metadata = {.time = ska_task_time(s->task)};
    ska_random(metadata.report_id, sizeof metadata.report_id);
    struct ska_auditsum_measurement measurement = {
        .counts = counts, .contributor = s->contributor, .number = number, .key = &s->key};
    SKA_SCOPED(parts_clear) struct parts p = {0};
    SKA_TRY(ska_auditsum.shard(&p.public_share, &p.leader_share, &p.helper_share, &s->task->config,
                               &measurement, metadata.report_id, err));
    SKA_TRY(seal(&p.leader_sealed, &leader, SKA_ROLE_LEADER, s, &metadata, &p, &p.leader_share));
    SKA_TRY(seal(&p.helper_sealed, &helper, SKA_ROLE_HELPER, s, &metadata, &p, &p.helper_share));
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
