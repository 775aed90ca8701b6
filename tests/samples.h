/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * samples.h - one valid message of each kind, as bytes: what unit tests damage and fuzz targets
 * start from.
 */
#ifndef SKA_TESTS_SAMPLES_H
#define SKA_TESTS_SAMPLES_H

#include <stdlib.h>

#include "tests/recode.h"

/* Bytes that differ from each other, without meaning. */
static inline void sample_fill(uint8_t *out, size_t len, uint8_t first)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(first + i);
}

static inline void must(enum ska_status status)
{
    if (status != SKA_OK) {
        (void)fprintf(stderr, "a sample cannot be made: %s\n", ska_status_name(status));
        abort();
    }
}

#define SAMPLE_SLICE(text) ((struct ska_slice){(const uint8_t *)(text), sizeof(text) - 1})

static inline void sample_roster(struct ska_writer *w)
{
    static const struct ska_contributor at[] = {
        {"2303", "Ragunda kommun", {3}},
        {"2305", "Bräcke kommun", {2}},
        {"region-jh", "Region Jämtland Härjedalen", {1}},
    };
    SKA_SCOPED(ska_roster_clear) struct ska_roster roster = {0};
    must(ska_roster_build(&roster, at, 3, NULL));
    ska_roster_encode(w, &roster);
}

static inline void sample_groups(struct ska_writer *w)
{
    uint32_t some[] = {0, 1, 2}, others[] = {1, 4, 9999};
    struct ska_group at[] = {
        {.code = "OST", .sv = "öster", .en = "east", .n_members = 3, .members = some},
        {.code = "vast", .sv = "väster", .en = "west", .n_members = 3, .members = others}};
    const struct ska_groups groups = {2, at};
    ska_groups_encode(w, &groups);
}

static inline void sample_key_card(struct ska_writer *w)
{
    struct ska_contributor c = {"2303", "Ragunda kommun", {0}};
    memcpy(c.key, sample_key()->public_key, sizeof c.key);
    char card[SKA_KEY_CARD_MAX];
    must(ska_key_card_write(card, &c, sample_key()));
    ska_write_bytes(w, card, strlen(card));
}

static inline void sample_signed_parameters(struct ska_writer *w)
{
    struct ska_signed_parameters s = {.parameters = SAMPLE_SLICE("not looked into")};
    sample_fill(s.publisher, sizeof s.publisher, 1);
    sample_fill(s.leader, sizeof s.leader, 65);
    sample_fill(s.helper, sizeof s.helper, 129);
    ska_signed_parameters_encode(w, &s);
}

static inline void sample_control(struct ska_writer *w)
{
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = 7};
    sample_fill(c.task_id, sizeof c.task_id, 1);
    uint8_t out[SKA_CONTROL_BYTES];
    must(ska_control_encode(out, &c, sample_key()));
    ska_write_bytes(w, out, sizeof out);
}

static inline void sample_task_status(struct ska_writer *w)
{
    struct ska_task_status s = {.state = SKA_TASK_OPEN, .serial = 7};
    sample_fill(s.task_id, sizeof s.task_id, 1);
    uint8_t out[SKA_TASK_STATUS_BYTES];
    ska_task_status_encode(out, &s);
    ska_write_bytes(w, out, sizeof out);
}

static inline void sample_task_list(struct ska_writer *w)
{
    struct ska_task_listing at[] = {
        {{1}, "operation-norrsken", "2025Q1", 0, SKA_TASK_COLLECTED},
        {{2}, "operation-norrsken", "2025Q2", 1, SKA_TASK_OPEN},
    };
    ska_task_list_encode(w, at, 2);
}

static inline void sample_query(struct ska_writer *w)
{
    struct ska_query q = {.contributor = 2, .time_s = 1751500800};
    sample_fill(q.task_id, sizeof q.task_id, 1);
    uint8_t out[SKA_QUERY_BYTES];
    must(ska_query_encode(out, &q, sample_key()));
    ska_write_bytes(w, out, sizeof out);
}

static inline struct ska_receipt sample_receipt_struct(uint64_t number)
{
    struct ska_receipt receipt = {.entry = {.period = "2025Q2",
                                            .revision = 1,
                                            .contributor = 2,
                                            .number = number,
                                            .length = 40000}};
    sample_fill(receipt.entry.task_id, 32, 1);
    sample_fill(receipt.entry.sha256, 32, 77);
    sample_fill(receipt.leader, sizeof receipt.leader, 100);
    sample_fill(receipt.helper, sizeof receipt.helper, 200);
    return receipt;
}

static inline void sample_receipt(struct ska_writer *w)
{
    const struct ska_receipt receipt = sample_receipt_struct(3);
    ska_receipt_encode(w, &receipt);
}

static inline void sample_submissions(struct ska_writer *w)
{
    const struct ska_submission_status at[] = {
        {.report_id = {1},
         .number = 1,
         .state = SKA_SUBMISSION_REJECTED,
         .report_error = SKA_REPORT_VDAF_VERIFY_ERROR},
        {.report_id = {2},
         .number = 3,
         .state = SKA_SUBMISSION_ACCEPTED,
         .has_receipt = true,
         .receipt = sample_receipt_struct(3)},
        {.report_id = {3}, .number = 4, .state = SKA_SUBMISSION_PENDING},
    };
    ska_submissions_encode(w, at, 3);
}

static inline void sample_accepted(struct ska_writer *w)
{
    struct ska_accepted_entry at[] = {
        {0, 1, {1}, {11}, 100}, {0, 3, {2}, {12}, 100}, {2, 1, {3}, {13}, 100}};
    struct ska_accepted a = {.close_serial = 2, .n = 3, .at = at};
    sample_fill(a.task_id, sizeof a.task_id, 1);
    sample_fill(a.parameters_hash, sizeof a.parameters_hash, 33);
    ska_accepted_encode(w, &a);
}

static inline void sample_signed_accepted(struct ska_writer *w)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    sample_accepted(&list);
    struct ska_signed_accepted s = {.list = {list.data, list.len}};
    must(ska_accepted_sign(s.leader, sample_key(), s.list));
    must(ska_accepted_sign(s.helper, sample_key(), s.list));
    ska_signed_accepted_encode(w, &s);
}

static inline void sample_hpke_config_list(struct ska_writer *w)
{
    static const uint8_t key[32] = {9};
    static const uint8_t other[5] = {1, 2, 3, 4, 5};
    const struct ska_dap_hpke_config at[] = {
        {194, 0x0010, 0x0001, 0x0001, {other, sizeof other}},
        {17, 0x0020, 0x0001, 0x0001, {key, sizeof key}},
    };
    ska_dap_hpke_config_list_encode(w, at, 2);
}

static inline struct ska_dap_ciphertext sample_ciphertext_struct(uint8_t config_id)
{
    return (struct ska_dap_ciphertext){config_id, SAMPLE_SLICE("encapsulated"),
                                       SAMPLE_SLICE("sealed")};
}

static inline void sample_ciphertext(struct ska_writer *w)
{
    const struct ska_dap_ciphertext c = sample_ciphertext_struct(17);
    ska_dap_ciphertext_encode(w, &c);
}

static inline struct ska_dap_metadata sample_metadata_struct(uint8_t first)
{
    struct ska_dap_metadata m = {.time = 486528};
    sample_fill(m.report_id, sizeof m.report_id, first);
    return m;
}

static inline void sample_upload(struct ska_writer *w)
{
    for (uint8_t i = 0; i < 2; i++) {
        const struct ska_dap_report report = {sample_metadata_struct(i), SAMPLE_SLICE("public"),
                                              sample_ciphertext_struct(1),
                                              sample_ciphertext_struct(2)};
        ska_dap_report_encode(w, &report);
    }
}

static inline void sample_upload_errors(struct ska_writer *w)
{
    static const uint8_t report_id[16] = {1, 2, 3};
    ska_dap_upload_status_encode(w, report_id, SKA_REPORT_REPLAYED);
    ska_dap_upload_status_encode(w, report_id, SKA_REPORT_OUTDATED_CONFIG);
}

static inline void sample_plaintext(struct ska_writer *w)
{
    ska_dap_plaintext_encode(w, SAMPLE_SLICE("input share"));
}

static inline void sample_agg_init(struct ska_writer *w)
{
    ska_dap_agg_init_header_encode(w);
    for (uint8_t i = 0; i < 2; i++) {
        const struct ska_dap_verify_init v = {sample_metadata_struct(i), SAMPLE_SLICE("public"),
                                              sample_ciphertext_struct(2),
                                              SAMPLE_SLICE("\0\0\0\0\2ab")};
        ska_dap_verify_init_encode(w, &v);
    }
}

static inline void sample_agg_resp(struct ska_writer *w)
{
    const struct ska_dap_verify_resp at[] = {
        {.report_id = {1}, .type = SKA_DAP_CONTINUE, .payload = SAMPLE_SLICE("\2\0\0\0\2ab")},
        {.report_id = {2}, .type = SKA_DAP_FINISH},
        {.report_id = {3}, .type = SKA_DAP_REJECT, .error = SKA_REPORT_VDAF_VERIFY_ERROR},
    };
    for (size_t i = 0; i < 3; i++)
        ska_dap_verify_resp_encode(w, &at[i]);
}

static inline void sample_ping_pong(struct ska_writer *w)
{
    ska_ping_pong_finish_encode(w, SAMPLE_SLICE("verifier message"));
}

static inline void sample_collection_req(struct ska_writer *w)
{
    const struct ska_dap_collection_req q = {
        .batch_mode = SKA_DAP_BATCH_TIME_INTERVAL, .start = 486528, .duration = 1};
    ska_dap_collection_req_encode(w, &q);
}

static inline void sample_collection_resp(struct ska_writer *w)
{
    const struct ska_dap_collection_resp c = {10, 486528, 1, sample_ciphertext_struct(1),
                                              sample_ciphertext_struct(1)};
    ska_dap_collection_resp_encode(w, &c);
}

static inline void sample_aggregate_share_req(struct ska_writer *w)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer collection = {0};
    sample_collection_req(&collection);
    struct ska_dap_aggregate_share_req q = {.collection_req = {collection.data, collection.len},
                                            .batch_mode = SKA_DAP_BATCH_TIME_INTERVAL,
                                            .start = 486528,
                                            .duration = 1,
                                            .report_count = 10};
    sample_fill(q.checksum, sizeof q.checksum, 5);
    ska_dap_aggregate_share_req_encode(w, &q);
}

static inline void sample_problem(struct ska_writer *w)
{
    static const uint8_t task_id[32] = {1, 2, 3};
    must(ska_problem_write(w, SKA_PROBLEM_INVALID_MESSAGE, 400, "SKA_E_TRAILING: \"é\"", task_id));
}

static inline void sample_openings(struct ska_writer *w)
{
    static const uint8_t path[3][32] = {{1}, {2}, {3}};
    struct ska_opening at[] = {
        {.figure = 0, .by = {{{4}, 3, path}, {{5}, 3, path}}},
        {.figure = 9, .by = {{{6}, 2, path}, {{7}, 0, NULL}}},
    };
    struct ska_openings o = {.root = {{1}, {2}}, .signature = {{3}, {4}}, .n = 2, .at = at};
    ska_openings_encode(w, &o);
}

static inline void sample_suppression(struct ska_writer *w)
{
    struct ska_hidden_cell at[] = {{1, SKA_HIDDEN_SMALL},
                                   {5, SKA_HIDDEN_FEW},
                                   {6, SKA_HIDDEN_DEPENDENT},
                                   {9, SKA_HIDDEN_COMPLEMENT},
                                   {11, SKA_HIDDEN_COMPLEMENT}};
    struct ska_needed needed[] = {
        {.figure = 9, .n_runs = 2, .run = {{7, 9}, {12, 14}}, .side = {8}},
        {.figure = 11, .n_runs = 1, .run = {{6, 6}}}};
    const struct ska_suppression s = {.n = 5,
                                      .at = at,
                                      .proof = SAMPLE_SLICE("a proof, not looked into"),
                                      .n_needed = 2,
                                      .needed = needed};
    ska_suppression_encode(w, &s);
}

static inline void sample_certificate(struct ska_writer *w)
{
    struct ska_table_pair pairs[] = {{0, 1}, {1, 0}, {SKA_NONE, SKA_NONE}};
    uint64_t values[] = {1, 7, 0, 3, 5, 0};
    const struct ska_certificate c = {3, 2, pairs, values};
    ska_certificate_encode(w, &c);
}

static inline void sample_rounding(struct ska_writer *w)
{
    struct ska_rounded_figure at[] = {{0, 55}, {3, 0}, {7, 10}};
    struct ska_slice proofs[] = {SAMPLE_SLICE("a proof, not looked into")};
    const struct ska_rounding r = {3, at, 1, proofs};
    ska_rounding_encode(w, &r);
}

static inline void sample_earlier(struct ska_writer *w)
{
    const struct ska_earlier_list list = {
        .n = 3, .at = {{"2025Q1", 0, {1}, {2}}, {"2025Q2", 0, {3}, {4}}, {"2025Q2", 1, {5}, {6}}}};
    ska_earlier_encode(w, &list);
}

static inline void sample_year(struct ska_writer *w)
{
    struct ska_year_opening at[] = {{13, {{1}, {2}}}, {16, {{3}, {4}}}};
    const struct ska_year_openings o = {2, at};
    ska_year_openings_encode(w, &o);
}

static inline void sample_release(struct ska_writer *w)
{
    static const uint8_t task_id[32] = {1};
    const struct ska_bundle_file files[] = {{"bundle", SAMPLE_SLICE("skarva bundle 1\n")},
                                            {"parameters", SAMPLE_SLICE("p")}};
    const struct ska_release_place place = {.number = 2, .previous = {5}};
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = {0};
    must(ska_release_body(&body, task_id, &place, files, 2));
    ska_write_bytes(w, body.data, body.len);
    for (int who = SKA_RELEASE_PUBLISHER; who <= SKA_RELEASE_SECOND; who++) {
        uint8_t signature[SKA_SIGNATURE_BYTES];
        must(ska_release_sign(signature, (enum ska_release_signer)who, sample_key(),
                              (struct ska_slice){body.data, body.len}));
        ska_write_bytes(w, signature, sizeof signature);
    }
}

static inline void sample_bundle(struct ska_writer *w)
{
    ska_bundle_write_file(w, "bundle", SAMPLE_SLICE("skarva bundle 1\n"));
    ska_bundle_write_file(w, "parameters", SAMPLE_SLICE("p"));
    ska_bundle_write_file(w, "submissions/00000", (struct ska_slice){NULL, 0});
    ska_bundle_write_file(w, "submissions/09999", SAMPLE_SLICE("s"));
    ska_bundle_write_file(w, "table.csv", SAMPLE_SLICE("period,cell\n"));
    SKA_SCOPED(ska_writer_clear) struct ska_writer release = {0};
    sample_release(&release);
    ska_bundle_write_file(w, "release", (struct ska_slice){release.data, release.len});
    ska_bundle_write_end(w);
}

/* The flags' sums of two atoms. */
static inline void sample_changes(struct ska_writer *w)
{
    uint8_t openings[128];
    struct ska_changes c = {.role = SKA_ROLE_HELPER, .n_atoms = 2, .openings = openings};
    sample_fill(c.task_id, sizeof c.task_id, 1);
    sample_fill(c.accepted_hash, sizeof c.accepted_hash, 50);
    sample_fill(openings, sizeof openings, 100);
    must(ska_changes_write(w, &c, sample_key()));
}

/* Every kind of message with a recode function. */
struct sample {
    const char *name;
    recode_function *recode;
    void (*write)(struct ska_writer *w);
    bool is_sequence; /* cut between two items, it is a shorter message */
};

static const struct sample samples[] = {
    {"roster", recode_roster, sample_roster, false},
    {"groups", recode_groups, sample_groups, false},
    {"key_card", recode_key_card, sample_key_card, false},
    {"signed_parameters", recode_signed_parameters, sample_signed_parameters, false},
    {"control", recode_control, sample_control, false},
    {"task_status", recode_task_status, sample_task_status, false},
    {"task_list", recode_task_list, sample_task_list, false},
    {"query", recode_query, sample_query, false},
    {"receipt", recode_receipt, sample_receipt, false},
    {"submissions", recode_submissions, sample_submissions, false},
    {"accepted", recode_accepted, sample_accepted, false},
    {"signed_accepted", recode_signed_accepted, sample_signed_accepted, false},
    {"dap_ciphertext", recode_ciphertext, sample_ciphertext, false},
    {"dap_upload", recode_upload, sample_upload, true},
    {"dap_upload_errors", recode_upload_errors, sample_upload_errors, true},
    {"dap_plaintext", recode_plaintext, sample_plaintext, false},
    {"dap_agg_init", recode_agg_init, sample_agg_init, true},
    {"dap_agg_resp", recode_agg_resp, sample_agg_resp, true},
    {"dap_ping_pong", recode_ping_pong, sample_ping_pong, false},
    {"dap_collection_req", recode_collection_req, sample_collection_req, false},
    {"dap_collection_resp", recode_collection_resp, sample_collection_resp, false},
    {"dap_aggregate_share_req", recode_aggregate_share_req, sample_aggregate_share_req, false},
    {"bundle", recode_bundle, sample_bundle, false},
    {"openings", recode_openings, sample_openings, false},
    {"suppression", recode_suppression, sample_suppression, false},
    {"certificate", recode_certificate, sample_certificate, false},
    {"rounding", recode_rounding, sample_rounding, false},
    {"earlier", recode_earlier, sample_earlier, false},
    {"year", recode_year, sample_year, false},
    {"changes", recode_changes, sample_changes, false},
};

/* Bytes from hexadecimal digits, for the caller to free. */
static inline size_t sample_from_hex(uint8_t **out, const char *hex)
{
    size_t len = strlen(hex) / 2;
    *out = malloc(len + 1);
    if (*out == NULL || ska_hex_decode(*out, len, hex) != SKA_OK)
        abort();
    return len;
}

#endif
