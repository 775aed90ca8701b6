/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * recode.h - decode a message and encode it again, one function per kind of message, for unit tests
 * and fuzz targets alike.
 *
 * Every decoder accepts exactly what its encoder writes. So whatever a decoder accepts must come
 * out of the encoder byte for byte; a recode function returns the decoder's status and, on success,
 * has appended the new encoding.
 */
#ifndef SKA_TESTS_RECODE_H
#define SKA_TESTS_RECODE_H

#include "crypto/scoped.h"
#include "protocol/bundle.h"
#include "protocol/certificate.h"
#include "protocol/dap.h"
#include "protocol/earlier.h"
#include "protocol/release.h"
#include "protocol/revision.h"
#include "protocol/rounding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum ska_status recode_function(struct ska_writer *w, struct ska_slice in);

/* The key under which samples that carry a signature are signed. */
static inline const struct ska_signing_key *sample_key(void)
{
    static struct ska_signing_key key;
    static const uint8_t seed[SKA_SIGN_SEED_BYTES] = "the samples of skarva's messages";
    if (ska_signing_key_from_seed(&key, seed) != SKA_OK)
        abort();
    return &key;
}

static inline struct ska_reader recode_reader(struct ska_slice in)
{
    struct ska_reader r;
    ska_reader_init(&r, in.data, in.len);
    return r;
}

static inline enum ska_status recode_roster(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    SKA_SCOPED(ska_roster_clear) struct ska_roster roster = {0};
    SKA_TRY(ska_roster_decode(&roster, &r));
    SKA_TRY(ska_read_end(&r));
    ska_roster_encode(w, &roster);
    return ska_writer_status(w);
}

static inline enum ska_status recode_groups(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    SKA_SCOPED(ska_groups_clear) struct ska_groups groups = {0};
    SKA_TRY(ska_groups_decode(&groups, &r));
    SKA_TRY(ska_read_end(&r));
    ska_groups_encode(w, &groups);
    return ska_writer_status(w);
}

/* A card may come with blanks and line ends of any kind: what is compared is the card written of
 * what was read, so this is its own inverse only on canonical cards. */
static inline enum ska_status recode_key_card(struct ska_writer *w, struct ska_slice in)
{
    struct ska_contributor c;
    SKA_TRY(ska_key_card_parse(&c, (const char *)in.data, in.len, NULL));
    SKA_TRY(ska_contributor_check(&c, NULL));
    ska_write_bytes(w, in.data, in.len);
    return ska_writer_status(w);
}

static inline enum ska_status recode_signed_parameters(struct ska_writer *w, struct ska_slice in)
{
    struct ska_signed_parameters s;
    SKA_TRY(ska_signed_parameters_decode(&s, in));
    ska_signed_parameters_encode(w, &s);
    return ska_writer_status(w);
}

static inline enum ska_status recode_control(struct ska_writer *w, struct ska_slice in)
{
    struct ska_control c;
    SKA_TRY(ska_control_decode(&c, in, sample_key()->public_key));
    uint8_t out[SKA_CONTROL_BYTES];
    SKA_TRY(ska_control_encode(out, &c, sample_key())); /* Ed25519 is deterministic */
    ska_write_bytes(w, out, sizeof out);
    return ska_writer_status(w);
}

static inline enum ska_status recode_task_status(struct ska_writer *w, struct ska_slice in)
{
    struct ska_task_status s;
    SKA_TRY(ska_task_status_decode(&s, in));
    uint8_t out[SKA_TASK_STATUS_BYTES];
    ska_task_status_encode(out, &s);
    ska_write_bytes(w, out, sizeof out);
    return ska_writer_status(w);
}

static inline enum ska_status recode_task_list(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_scoped_free) struct ska_task_listing *at = NULL;
    size_t n;
    SKA_TRY(ska_task_list_decode(&at, &n, in));
    ska_task_list_encode(w, at, n);
    return ska_writer_status(w);
}

/* Form only: the signature is carried over. */
static inline enum ska_status recode_query(struct ska_writer *w, struct ska_slice in)
{
    struct ska_query q;
    SKA_TRY(ska_query_decode(&q, in));
    uint8_t out[SKA_QUERY_BYTES];
    SKA_TRY(ska_query_encode(out, &q, sample_key()));
    ska_write_bytes(w, out, SKA_QUERY_BYTES - SKA_SIGNATURE_BYTES);
    ska_write_bytes(w, in.data + SKA_QUERY_BYTES - SKA_SIGNATURE_BYTES, SKA_SIGNATURE_BYTES);
    return ska_writer_status(w);
}

static inline enum ska_status recode_receipt(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    struct ska_receipt receipt;
    SKA_TRY(ska_receipt_decode(&receipt, &r));
    SKA_TRY(ska_read_end(&r));
    ska_receipt_encode(w, &receipt);
    return ska_writer_status(w);
}

static inline enum ska_status recode_submissions(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_scoped_free) struct ska_submission_status *at = NULL;
    size_t n;
    SKA_TRY(ska_submissions_decode(&at, &n, in));
    ska_submissions_encode(w, at, n);
    return ska_writer_status(w);
}

static inline enum ska_status recode_accepted(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted a = {0};
    SKA_TRY(ska_accepted_decode(&a, in));
    ska_accepted_encode(w, &a);
    return ska_writer_status(w);
}

static inline enum ska_status recode_signed_accepted(struct ska_writer *w, struct ska_slice in)
{
    struct ska_signed_accepted s;
    SKA_TRY(ska_signed_accepted_decode(&s, in));
    ska_signed_accepted_encode(w, &s);
    return ska_writer_status(w);
}

static inline enum ska_status recode_ciphertext(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    struct ska_dap_ciphertext c;
    SKA_TRY(ska_dap_ciphertext_decode(&c, &r));
    SKA_TRY(ska_read_end(&r));
    ska_dap_ciphertext_encode(w, &c);
    return ska_writer_status(w);
}

/* An UploadRequest: reports until the end, at least one. */
static inline enum ska_status recode_upload(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    do {
        struct ska_dap_report report;
        SKA_TRY(ska_dap_report_decode(&report, &r));
        ska_dap_report_encode(w, &report);
    } while (r.left > 0);
    return ska_writer_status(w);
}

static inline enum ska_status recode_upload_errors(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    while (r.left > 0) {
        uint8_t report_id[SKA_DAP_REPORT_ID_BYTES];
        uint8_t error;
        SKA_TRY(ska_dap_upload_status_decode(report_id, &error, &r));
        ska_dap_upload_status_encode(w, report_id, error);
    }
    return ska_writer_status(w);
}

static inline enum ska_status recode_plaintext(struct ska_writer *w, struct ska_slice in)
{
    struct ska_slice payload;
    SKA_TRY(ska_dap_plaintext_decode(&payload, in));
    ska_dap_plaintext_encode(w, payload);
    return ska_writer_status(w);
}

/* An AggregationJobInitReq, at least one VerifyInit. */
static inline enum ska_status recode_agg_init(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    uint8_t key_id;
    struct ska_slice agg_param;
    struct ska_slice extensions;
    SKA_TRY(ska_dap_agg_init_header_decode(&key_id, &agg_param, &extensions, &r));
    ska_write_bytes(w, in.data, in.len - r.left); /* the encoder knows the empty header only */
    do {
        struct ska_dap_verify_init v;
        SKA_TRY(ska_dap_verify_init_decode(&v, &r));
        ska_dap_verify_init_encode(w, &v);
    } while (r.left > 0);
    return ska_writer_status(w);
}

static inline enum ska_status recode_agg_resp(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    while (r.left > 0) {
        struct ska_dap_verify_resp v;
        SKA_TRY(ska_dap_verify_resp_decode(&v, &r));
        ska_dap_verify_resp_encode(w, &v);
    }
    return ska_writer_status(w);
}

static inline enum ska_status recode_ping_pong(struct ska_writer *w, struct ska_slice in)
{
    struct ska_slice content;
    if (ska_ping_pong_initialize_decode(&content, in) == SKA_OK) {
        ska_ping_pong_initialize_encode(w, content);
        return ska_writer_status(w);
    }
    SKA_TRY(ska_ping_pong_finish_decode(&content, in));
    ska_ping_pong_finish_encode(w, content);
    return ska_writer_status(w);
}

static inline enum ska_status recode_collection_req(struct ska_writer *w, struct ska_slice in)
{
    struct ska_reader r = recode_reader(in);
    struct ska_dap_collection_req q;
    SKA_TRY(ska_dap_collection_req_decode(&q, &r));
    SKA_TRY(ska_read_end(&r));
    ska_dap_collection_req_encode(w, &q);
    return ska_writer_status(w);
}

static inline enum ska_status recode_collection_resp(struct ska_writer *w, struct ska_slice in)
{
    struct ska_dap_collection_resp c;
    SKA_TRY(ska_dap_collection_resp_decode(&c, in));
    ska_dap_collection_resp_encode(w, &c);
    return ska_writer_status(w);
}

static inline enum ska_status recode_aggregate_share_req(struct ska_writer *w, struct ska_slice in)
{
    struct ska_dap_aggregate_share_req q;
    SKA_TRY(ska_dap_aggregate_share_req_decode(&q, in));
    ska_dap_aggregate_share_req_encode(w, &q);
    return ska_writer_status(w);
}

static inline enum ska_status recode_bundle(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t n;
    SKA_TRY(ska_bundle_read(&files, &n, in, NULL));
    for (size_t i = 0; i < n; i++)
        ska_bundle_write_file(w, files[i].name, files[i].data);
    ska_bundle_write_end(w);
    return ska_writer_status(w);
}

static inline enum ska_status recode_openings(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_openings_clear) struct ska_openings o = {0};
    SKA_TRY(ska_openings_decode(&o, in));
    ska_openings_encode(w, &o);
    return ska_writer_status(w);
}

static inline enum ska_status recode_suppression(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression s = {0};
    SKA_TRY(ska_suppression_decode(&s, in));
    ska_suppression_encode(w, &s);
    return ska_writer_status(w);
}

static inline enum ska_status recode_certificate(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    SKA_TRY(ska_certificate_decode(&c, in));
    ska_certificate_encode(w, &c);
    return ska_writer_status(w);
}

static inline enum ska_status recode_rounding(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_rounding_clear) struct ska_rounding r = {0};
    SKA_TRY(ska_rounding_decode(&r, in));
    ska_rounding_encode(w, &r);
    return ska_writer_status(w);
}

static inline enum ska_status recode_earlier(struct ska_writer *w, struct ska_slice in)
{
    struct ska_earlier_list list;
    SKA_TRY(ska_earlier_decode(&list, in));
    ska_earlier_encode(w, &list);
    return ska_writer_status(w);
}

static inline enum ska_status recode_year(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_year_openings_clear) struct ska_year_openings o = {0};
    SKA_TRY(ska_year_openings_decode(&o, in));
    ska_year_openings_encode(w, &o);
    return ska_writer_status(w);
}

static inline enum ska_status recode_changes(struct ska_writer *w, struct ska_slice in)
{
    struct ska_changes c;
    SKA_TRY(ska_changes_read(&c, in, sample_key()->public_key));
    return ska_changes_write(w, &c, sample_key()); /* signatures of one message are one */
}

/* For fuzz targets: end the process if what was accepted does not come out again as it was. */
static inline int recode_or_abort(recode_function *recode, const uint8_t *data, size_t len)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (recode(&w, (struct ska_slice){data, len}) != SKA_OK)
        return 0;
    if (w.len != len || (len > 0 && memcmp(w.data, data, len) != 0)) {
        (void)fprintf(stderr, "accepted, but not encoded again as it was\n");
        abort();
    }
    return 0;
}

#endif
