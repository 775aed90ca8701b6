/* SPDX-License-Identifier: EUPL-1.2 */
/* world_report.h - what contributors and the collector do in world.h: honest or not, they submit,
 * ask after their submissions, and collect. */
#ifndef SKA_TESTS_WORLD_REPORT_H
#define SKA_TESTS_WORLD_REPORT_H

#include "tests/unit/server/world_request.h"

/* --- reports --- */

/* What a contributor sends. Fields of the report may be changed before encoding, and what sharding
 * gave before it is signed again and sealed: a dishonest contributor signs its lies. */
struct submission {
    uint32_t contributor;
    uint64_t number;
    uint64_t counts[3];             /* the third: a correction's flag */
    const uint64_t *earlier_counts; /* in a correction; NULL: none counted */
    const ska_scalar *earlier_blindings;
    ska_scalar *blindings;                /* out, unless NULL */
    const struct ska_earlier *earlier;    /* in a correction: by contributor */
    const struct ska_statement *believed; /* what its program checks and proves; NULL: the task's */
    const struct ska_signing_key *key;    /* signs at the end; NULL: the contributor's own */
    void (*damage)(struct ska_dap_report *report); /* NULL: none */
    void (*lie)(struct ska_writer *public_share, struct ska_writer *leader,
                struct ska_writer *helper); /* NULL: none */
    uint8_t report_id[16];                  /* zeros: random */
};

static inline void world_resign(struct ska_writer *public_share, const struct ska_signing_key *key,
                                const uint8_t report_id[static 16])
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ck_assert_uint_gt(public_share->len, 64);
    size_t body = public_share->len - 64;
    ska_submission_write_signed(&w, &world.task->context, report_id,
                                (struct ska_slice){public_share->data, body});
    need(ska_sign(public_share->data + body, key, SKA_LABEL_SIGN_SUBMISSION, w.data, w.len),
         "resign");
}

static inline struct ska_dap_ciphertext world_ciphertext(const struct ska_writer *w)
{
    struct ska_reader r;
    struct ska_dap_ciphertext c;
    ska_reader_init(&r, w->data, w->len);
    need(ska_dap_ciphertext_decode(&c, &r), "ciphertext");
    return c;
}

static inline void world_seal(struct ska_writer *out, int who, const struct ska_dap_report *report,
                              const struct ska_writer *share)
{
    const struct party *p = &world.party[who];
    need(ska_dap_input_share_seal(
             out, (uint8_t)p->config.hpke_config_id, p->hpke.public_key, p->config.role, world.task,
             &report->metadata, report->public_share, (struct ska_slice){share->data, share->len}),
         "seal");
}

static inline void world_report(struct ska_writer *out, const struct submission *s)
{
    struct ska_error err = {0};
    struct ska_dap_report report = {.metadata = {.time = ska_task_time(world.task)}};
    memcpy(report.metadata.report_id, s->report_id, 16);
    if (ska_ct_is_zero(s->report_id, 16))
        ska_random(report.metadata.report_id, 16);
    struct ska_auditsum_measurement m = {.counts = s->counts,
                                         .contributor = s->contributor,
                                         .number = s->number,
                                         .key = &world.contributor[s->contributor],
                                         .earlier_counts = s->earlier_counts,
                                         .earlier_blindings = s->earlier_blindings,
                                         .blindings = s->blindings};
    SKA_SCOPED(ska_writer_clear) struct ska_writer public_share = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer leader_share = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer helper_share = {0};
    struct ska_auditsum_config believed = world.task->config;
    believed.earlier = s->earlier;
    if (s->believed != NULL)
        believed.statement = s->believed;
    enum ska_status status = ska_auditsum.shard(&public_share, &leader_share, &helper_share,
                                                &believed, &m, report.metadata.report_id, &err);
    ck_assert_msg(status == SKA_OK, "shard: %s %s", ska_status_name(status), err.text);
    if (s->lie != NULL)
        s->lie(&public_share, &leader_share, &helper_share);
    if (s->lie != NULL || s->key != NULL)
        world_resign(&public_share, s->key != NULL ? s->key : m.key, report.metadata.report_id);
    report.public_share = (struct ska_slice){public_share.data, public_share.len};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sealed_leader = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sealed_helper = {0};
    world_seal(&sealed_leader, LEADER, &report, &leader_share);
    world_seal(&sealed_helper, HELPER, &report, &helper_share);
    report.leader = world_ciphertext(&sealed_leader);
    report.helper = world_ciphertext(&sealed_helper);
    if (s->damage != NULL)
        s->damage(&report);
    ska_dap_report_encode(out, &report);
    need(ska_writer_status(out), "report");
}

/* POST a report; the report error of the answer, 0 if none; 255 if there was no answer. */
static inline uint8_t world_upload_bytes(const struct ska_writer *w)
{
    struct got got = world_request(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w->data, w->len});
    uint8_t error = 255;
    if (got.status == 200) {
        struct ska_reader r;
        uint8_t id[16];
        error = 0;
        ska_reader_init(&r, got.body, got.len);
        if (got.len > 0)
            need(ska_dap_upload_status_decode(id, &error, &r), "upload status");
        ck_assert_int_eq(got.media, got.len > 0 ? MEDIA_UPLOAD_ERRORS : MEDIA_NONE);
    } else if (got.status != 0 && got.status != 503) {
        ck_abort_msg("upload: %u %s", got.status, world_problem(&got));
    }
    free(got.body);
    return error;
}

static inline uint8_t world_submit(const struct submission *s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    world_report(&w, s);
    return world_upload_bytes(&w);
}

/* The first submission of each of the first `n` contributors: 1 and its own number. */
static inline void world_submit_all(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, i}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
}

/* --- looking --- */

/* A contributor's submissions; the caller frees. */
static inline struct ska_submission_status *world_submissions(size_t *n, uint32_t contributor)
{
    struct ska_query q = {.contributor = contributor, .time_s = (uint64_t)time(NULL)};
    memcpy(q.task_id, world.task->context.task_id, 32);
    uint8_t bytes[SKA_QUERY_BYTES];
    need(ska_query_encode(bytes, &q, &world.contributor[contributor]), "query");
    struct got got =
        world_request(LEADER, ROUTE_SUBMISSIONS, "", (struct ska_slice){bytes, sizeof bytes});
    ck_assert_msg(got.status == 200, "submissions: %u %s", got.status, world_problem(&got));
    struct ska_submission_status *list = NULL;
    need(ska_submissions_decode(&list, n, (struct ska_slice){got.body, got.len}), "submissions");
    free(got.body);
    return list;
}

/* Wait until the submission is decided: 0 with a receipt that holds, else its report error. */
static inline uint8_t world_decided(uint32_t contributor, uint64_t number)
{
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    while (aggregator_now_ms() < until) {
        size_t n = 0;
        SKA_SCOPED(ska_scoped_free)
        struct ska_submission_status *list = world_submissions(&n, contributor);
        for (size_t i = 0; i < n; i++) {
            struct ska_error err = {0};
            if (list[i].number != number || list[i].state == SKA_SUBMISSION_PENDING)
                continue;
            if (list[i].state == SKA_SUBMISSION_REJECTED)
                return list[i].report_error;
            ck_assert(list[i].has_receipt);
            need(ska_receipt_verify(&list[i].receipt, world.task, &err), "receipt");
            return 0;
        }
        world_run(10);
    }
    ck_abort_msg("contributor %u number %u stays pending", contributor, (unsigned)number);
    return 255;
}

static inline enum ska_task_state world_state(int who)
{
    struct got got = world_request(who, ROUTE_STATUS, "", (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 200);
    struct ska_task_status s;
    need(ska_task_status_decode(&s, (struct ska_slice){got.body, got.len}), "status");
    free(got.body);
    return s.state;
}

/* --- collecting --- */

static inline void world_query(struct ska_writer *w)
{
    const struct ska_dap_collection_req q = {.batch_mode = SKA_DAP_BATCH_TIME_INTERVAL,
                                             .start = ska_task_time(world.task),
                                             .duration = 1};
    ska_dap_collection_req_encode(w, &q);
    need(ska_writer_status(w), "query");
}

/* Open one aggregate share and check its signed root; its (x, r) cells, owned by the caller. */
static inline uint8_t *world_open_share(size_t *len, int who, struct ska_slice query,
                                        const struct ska_dap_ciphertext *c,
                                        const uint8_t list_hash[static 32])
{
    enum ska_role role = who == LEADER ? SKA_ROLE_LEADER : SKA_ROLE_HELPER;
    uint8_t *plain = NULL;
    size_t plain_len = 0;
    need(ska_dap_aggregate_share_open(&plain, &plain_len, &world.collector, role, world.task, query,
                                      c),
         "aggregate share");
    uint32_t n = world.task->n_figures;
    ck_assert_uint_eq(plain_len, 64 * n + 64);
    uint8_t root[32];
    need(ska_aggregate_root(root, (struct ska_slice){plain, 64 * n}), "root");
    need(ska_aggregate_root_verify(plain + 64 * n, world.party[who].signing.public_key,
                                   world.task->context.task_id, role, list_hash, n, root),
         "signed root");
    *len = 64 * n;
    return plain;
}

static inline void world_list_hash(uint8_t out[static 32])
{
    struct got got = world_request(LEADER, ROUTE_ACCEPTED, "", (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 200);
    struct ska_signed_accepted s;
    need(ska_signed_accepted_decode(&s, (struct ska_slice){got.body, got.len}), "accepted");
    need(ska_accepted_verify(s.leader, world.party[LEADER].signing.public_key, s.list), "leader");
    need(ska_accepted_verify(s.helper, world.party[HELPER].signing.public_key, s.list), "helper");
    ska_accepted_hash(out, s.list);
    free(got.body);
}

/* Command the collection, create the job and wait for its result (status 201 with a body). */
static inline struct got world_collect(struct ska_slice query)
{
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    struct got got = {0};
    do {
        free(got.body);
        got = world_release();
        ck_assert_msg(aggregator_now_ms() < until, "no command");
    } while (got.status == 503);
    ck_assert_msg(got.status == 200, "collect: %u %s", got.status, world_problem(&got));
    do {
        free(got.body);
        got = world_request(LEADER, ROUTE_COLLECTION_JOBS, "", query);
        ck_assert_msg(aggregator_now_ms() < until, "no collection");
    } while ((got.status == 201 && got.len == 0) || got.status == 503);
    return got;
}

/* Collect and check count and totals. */
static inline void world_check_totals(uint64_t count, uint64_t a, uint64_t b)
{
    uint8_t hash[32];
    world_list_hash(hash);
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    struct ska_slice query = {q.data, q.len};
    struct got got = world_collect(query);
    ck_assert_msg(got.status == 201, "collect: %u %s", got.status, world_problem(&got));
    struct ska_dap_collection_resp resp;
    need(ska_dap_collection_resp_decode(&resp, (struct ska_slice){got.body, got.len}), "resp");
    ck_assert_uint_eq(resp.report_count, count);
    size_t len = 0;
    SKA_SCOPED(ska_scoped_free)
    uint8_t *leader = world_open_share(&len, LEADER, query, &resp.leader, hash);
    SKA_SCOPED(ska_scoped_free)
    uint8_t *helper = world_open_share(&len, HELPER, query, &resp.helper, hash);
    uint64_t total[2] = {0};
    ska_scalar blinding[2];
    struct ska_auditsum_totals totals = {total, blinding};
    struct ska_error err = {0};
    enum ska_status status =
        ska_auditsum.unshard(&totals, &world.task->figures, (struct ska_slice){leader, len},
                             (struct ska_slice){helper, len}, &err);
    ck_assert_msg(status == SKA_OK, "unshard: %s %s", ska_status_name(status), err.text);
    ck_assert_uint_eq(total[0], a);
    ck_assert_uint_eq(total[1], b);
    free(got.body);
}

#endif
