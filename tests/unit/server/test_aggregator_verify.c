/* SPDX-License-Identifier: EUPL-1.2 */
/* test_aggregator_verify.c - what only verification finds: each refusal with its report error, at
 * the server that can see it, and what the helper refuses of a leader. */
#include "tests/unit/server/world_report.h"

/* --- a contributor that lies and signs it --- */

static void spoil_proof(struct ska_writer *public_share, struct ska_writer *leader,
                        struct ska_writer *helper)
{
    (void)leader;
    (void)helper;
    public_share->data[public_share->len - 64 - 5] ^= 1;
}

static void spoil_commitment(struct ska_writer *public_share, struct ska_writer *leader,
                             struct ska_writer *helper)
{
    (void)leader;
    (void)helper; /* V2[0] becomes V2[1]: canonical, but not what the helper's share opens */
    memcpy(public_share->data + 12 + 2 * 32, public_share->data + 12 + 3 * 32, 32);
}

static void spoil_point(struct ska_writer *public_share, struct ska_writer *leader,
                        struct ska_writer *helper)
{
    (void)leader;
    (void)helper;
    memset(public_share->data + 12, 0xFF, 32);
}

static void spoil_leader_share(struct ska_writer *public_share, struct ska_writer *leader,
                               struct ska_writer *helper)
{
    (void)public_share;
    (void)helper;
    leader->data[0] ^= 1;
}

static void spoil_helper_share(struct ska_writer *public_share, struct ska_writer *leader,
                               struct ska_writer *helper)
{
    (void)public_share;
    (void)leader;
    helper->data[0] ^= 1;
}

static uint8_t spoiled[1u << 16];

static void spoil(struct ska_slice *payload)
{
    ck_assert_uint_le(payload->len, sizeof spoiled);
    memcpy(spoiled, payload->data, payload->len);
    spoiled[payload->len / 2] ^= 1;
    payload->data = spoiled;
}

static void spoil_leader_ciphertext(struct ska_dap_report *r)
{
    spoil(&r->leader.payload);
}

static void spoil_helper_ciphertext(struct ska_dap_report *r)
{
    spoil(&r->helper.payload);
}

static void unknown_helper_config(struct ska_dap_report *r)
{
    r->helper.config_id = 99;
}

static const struct {
    const char *name;
    void (*lie)(struct ska_writer *public_share, struct ska_writer *leader,
                struct ska_writer *helper);
    void (*damage)(struct ska_dap_report *report);
    uint8_t want;
} lies[] = {
    {"proof", spoil_proof, NULL, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"commitment", spoil_commitment, NULL, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"point", spoil_point, NULL, SKA_REPORT_INVALID_MESSAGE},
    {"leader's share", spoil_leader_share, NULL, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"helper's share", spoil_helper_share, NULL, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"leader's ciphertext", NULL, spoil_leader_ciphertext, SKA_REPORT_HPKE_DECRYPT_ERROR},
    {"helper's ciphertext", NULL, spoil_helper_ciphertext, SKA_REPORT_HPKE_DECRYPT_ERROR},
    {"helper's key configuration", NULL, unknown_helper_config, SKA_REPORT_HPKE_DECRYPT_ERROR},
};

START_TEST(lie_is_found_named_and_not_counted)
{
    world_begin();
    for (size_t i = 0; i < N_OF(lies); i++) {
        struct submission s = {
            .number = 10 + i, .counts = {1, 2}, .lie = lies[i].lie, .damage = lies[i].damage};
        ck_assert_msg(world_submit(&s) == 0, "%s", lies[i].name);
        uint8_t got = world_decided(0, 10 + i);
        ck_assert_msg(got == lies[i].want, "%s: got %s", lies[i].name, ska_report_error_name(got));
    }
    /* Only a valid submission replaces an older one: 5 counts although 10 and more were refused. */
    struct submission good = {.number = 5, .counts = {7, 2}};
    ck_assert_uint_eq(world_submit(&good), 0);
    ck_assert_uint_eq(world_decided(0, 5), 0);
    for (uint32_t i = 1; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, 1}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    world_close(2);
    world_check_totals(3, 9, 4);
    world_end();
}
END_TEST

/* Three honest submissions are counted, of contributor 0 too, and nothing else; the end. */
static void check_others_count(void)
{
    for (uint32_t i = 0; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 9, .counts = {1, 1}};
        ck_assert_uint_eq(world_submit(&s), 0);
        ck_assert_uint_eq(world_decided(i, 9), 0);
    }
    world_close(2);
    world_check_totals(3, 3, 3);
    world_end();
}

/* A program that was changed: it takes numbers over the bound and proves them, over its own bound,
 * with as many bits in all as the right proof has. */
START_TEST(number_over_the_bound_is_refused_though_its_sender_checked_nothing)
{
    world_begin();
    const struct ska_statement *right = world.task->config.statement;
    ck_assert_uint_eq(right->n_cells, 2);
    static const uint64_t wider[2] = {UINT8_MAX, UINT8_MAX};
    const struct ska_statement other = {.n_cells = 2, .bound = wider};
    size_t n_bits = ska_statement_bits(right);
    ck_assert(right->n_rules == 0 && n_bits > 8 && n_bits < 16 && ska_statement_bits(&other) == 16);
    struct submission s = {.number = 1, .counts = {16, 2}, .believed = &other};
    ck_assert_uint_eq(world_submit(&s), 0); /* acknowledged: stored, not yet looked into */
    ck_assert_uint_eq(world_decided(0, 1), SKA_REPORT_VDAF_VERIFY_ERROR);
    static const uint64_t largest[2] = {UINT64_MAX, UINT8_MAX};
    const struct ska_statement longer = {.n_cells = 2, .bound = largest};
    s = (struct submission){.number = 2, .counts = {UINT64_MAX, 2}, .believed = &longer};
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_INVALID_MESSAGE); /* its proof has more bits */
    check_others_count();
}
END_TEST

static void add_rule(struct ska_parameters *p)
{
    static const char rule[] = ",\"rules\":[{\"code\":\"R\",\"label\":{\"sv\":\"R\",\"en\":\"R\"},"
                               "\"equality\":false,\"terms\":{\"A\":1,\"B\":-1}}]}";
    char text[sizeof WORLD_CATALOGUE + sizeof rule];
    memcpy(text, WORLD_CATALOGUE, sizeof WORLD_CATALOGUE);
    memcpy(text + sizeof WORLD_CATALOGUE - 2, rule, sizeof rule); /* in place of the last brace */
    struct ska_error err = {0};
    ska_catalogue_free(p->catalogue);
    p->catalogue = NULL;
    enum ska_status status = ska_catalogue_parse(&p->catalogue, text, strlen(text), &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
}

START_TEST(broken_rule_is_refused_though_its_sender_checked_nothing)
{
    world_start_both(add_rule);
    world_open();
    const struct ska_statement *right = world.task->config.statement;
    ck_assert_uint_eq(right->n_rules, 1);
    struct ska_rule easier = right->rules[0];
    easier.constant += 1; /* B may be one more than A */
    const struct ska_statement other = {right->n_cells, right->bound, 1, &easier, false};
    struct submission s = {.number = 1, .counts = {2, 3}, .believed = &other};
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_uint_eq(world_decided(0, 1), SKA_REPORT_VDAF_VERIFY_ERROR);
    check_others_count();
}
END_TEST

START_TEST(one_bad_report_in_a_job_does_not_harm_the_others)
{
    world_begin();
    world.helper_down = true; /* so that they gather */
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        struct submission s = {.contributor = i,
                               .number = 1,
                               .counts = {1, i},
                               .lie = i == 1 ? spoil_helper_share : NULL};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    world_run(50);
    world.helper_down = false;
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        ck_assert_uint_eq(world_decided(i, 1), i == 1 ? SKA_REPORT_VDAF_VERIFY_ERROR : 0);
    world_close(2);
    world_check_totals(3, 3, 5);
    world_end();
}
END_TEST

START_TEST(rejected_number_cannot_be_used_again)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}, .lie = spoil_proof};
    world_report(&w, &s);
    ck_assert_uint_eq(world_upload_bytes(&w), 0);
    ck_assert_uint_eq(world_decided(0, 1), SKA_REPORT_VDAF_VERIFY_ERROR);
    ck_assert_uint_eq(world_upload_bytes(&w), SKA_REPORT_VDAF_VERIFY_ERROR); /* told again why */
    s.lie = NULL;
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_REPLAYED);
    world_end();
}
END_TEST

/* --- a leader that does wrong: jobs made by hand, sent to the helper --- */

/* One report as the leader would pass it on; `w` is an encoded report. */
struct passing {
    const struct ska_writer *report;
    bool unsigned_by_leader; /* the leader's verifier share is not its signature */
    void (*change)(struct ska_dap_verify_init *v);
};

static void write_init(struct ska_writer *job, const struct passing *p)
{
    struct ska_reader r;
    struct ska_dap_report report;
    ska_reader_init(&r, p->report->data, p->report->len);
    need(ska_dap_report_decode(&report, &r), "report");
    struct ska_public_share share;
    need(ska_public_share_decode(&share, report.public_share, world.task->config.statement),
         "public share");
    struct ska_log_entry entry = {0};
    ska_public_share_entry(&entry, &share, &world.task->context, report.public_share);
    uint8_t signature[64];
    need(ska_log_entry_sign(signature, &world.party[LEADER].signing, &entry), "sign");
    if (p->unsigned_by_leader)
        signature[0] ^= 1;
    SKA_SCOPED(ska_writer_clear) struct ska_writer message = {0};
    ska_ping_pong_initialize_encode(&message, (struct ska_slice){signature, 64});
    struct ska_dap_verify_init v = {.metadata = report.metadata,
                                    .public_share = report.public_share,
                                    .encrypted_input_share = report.helper,
                                    .payload = {message.data, message.len}};
    if (p->change != NULL)
        p->change(&v);
    ska_dap_verify_init_encode(job, &v);
}

static struct got send_job(const struct passing *p, size_t n)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer job = {0};
    ska_dap_agg_init_header_encode(&job);
    for (size_t i = 0; i < n; i++)
        write_init(&job, &p[i]);
    need(ska_writer_status(&job), "job");
    return world_request(HELPER, ROUTE_AGGREGATION_JOBS, "", (struct ska_slice){job.data, job.len});
}

/* The error of the only report of a job's answer, 0 if it goes on. */
static uint8_t outcome(const struct passing *p)
{
    struct got got = send_job(p, 1);
    ck_assert_msg(got.status == 201, "job: %u %s", got.status, world_problem(&got));
    ck_assert_int_eq(got.media, MEDIA_AGGREGATION_JOB_RESP);
    struct ska_reader r;
    struct ska_dap_verify_resp resp;
    ska_reader_init(&r, got.body, got.len);
    need(ska_dap_verify_resp_decode(&resp, &r), "response");
    need(ska_read_end(&r), "response");
    ck_assert(resp.type == SKA_DAP_REJECT || resp.type == SKA_DAP_CONTINUE);
    free(got.body);
    return resp.type == SKA_DAP_REJECT ? resp.error : 0;
}

static uint8_t pass(const struct submission *s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    world_report(&w, s);
    struct passing p = {.report = &w};
    return outcome(&p);
}

static void before_the_window(struct ska_dap_verify_init *v)
{
    v->metadata.time -= 1;
}

static void after_the_window(struct ska_dap_verify_init *v)
{
    v->metadata.time += 48;
}

static void not_the_bucket(struct ska_dap_verify_init *v)
{
    v->metadata.time += 1;
}

static void extended(struct ska_dap_verify_init *v)
{
    static const uint8_t extension[] = {0, 23, 0, 0};
    v->metadata.extensions = (struct ska_slice){extension, sizeof extension};
}

static void no_message(struct ska_dap_verify_init *v)
{
    static const uint8_t finish[] = {2, 0, 0, 0, 0};
    v->payload = (struct ska_slice){finish, sizeof finish};
}

static void shorter_share(struct ska_dap_verify_init *v)
{
    v->encrypted_input_share.payload.len--;
}

static void longer_share(struct ska_dap_verify_init *v)
{
    static uint8_t longer[1u << 10];
    struct ska_slice *s = &v->encrypted_input_share.payload;
    ck_assert_uint_lt(s->len, sizeof longer);
    memcpy(longer, s->data, s->len);
    *s = (struct ska_slice){longer, s->len + 1};
}

static const struct {
    const char *name;
    void (*change)(struct ska_dap_verify_init *v);
    uint8_t want;
} changes[] = {
    {"time before the window", before_the_window, SKA_REPORT_TASK_NOT_STARTED},
    {"time to come", after_the_window, SKA_REPORT_TOO_EARLY},
    {"another bucket", not_the_bucket, SKA_REPORT_DROPPED},
    {"extension", extended, SKA_REPORT_INVALID_MESSAGE},
    {"a sealed share of fewer bytes", shorter_share, SKA_REPORT_INVALID_MESSAGE},
    {"a sealed share of more bytes", longer_share, SKA_REPORT_INVALID_MESSAGE},
    {"no verifier share", no_message, SKA_REPORT_INVALID_MESSAGE},
};

START_TEST(helper_refuses_what_the_leader_should_not_have_passed)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    for (size_t i = 0; i < N_OF(changes); i++) {
        struct passing p = {.report = &w, .change = changes[i].change};
        uint8_t got = outcome(&p);
        ck_assert_msg(got == changes[i].want, "%s: got %s", changes[i].name,
                      ska_report_error_name(got));
    }
    struct passing unsigned_one = {.report = &w, .unsigned_by_leader = true};
    ck_assert_uint_eq(outcome(&unsigned_one), SKA_REPORT_VDAF_VERIFY_ERROR);
    struct passing good = {.report = &w};
    ck_assert_uint_eq(outcome(&good), 0);
    world_end();
}
END_TEST

static void window_was_last_week(struct ska_parameters *p)
{
    p->window_start_s -= 7 * 86400;
}

START_TEST(helper_takes_late_what_the_leader_took_in_time)
{
    world_start_both(window_was_last_week);
    world_open();
    struct submission s = {.number = 1, .counts = {1, 2}};
    ck_assert_uint_eq(pass(&s), 0);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    s.contributor = 1;
    world_report(&w, &s);
    struct passing late = {.report = &w, .change = after_the_window};
    ck_assert_uint_eq(outcome(&late), SKA_REPORT_TASK_EXPIRED);
    world_end();
}
END_TEST

START_TEST(helper_accepts_an_identifier_and_a_number_once)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer other = {0};
    struct submission s = {.number = 5, .counts = {1, 2}, .report_id = {1}};
    world_report(&w, &s);
    s.contributor = 1;
    world_report(&other, &s);
    struct passing first = {.report = &w};
    ck_assert_uint_eq(outcome(&first), 0);
    ck_assert_uint_eq(outcome(&first), 0); /* the same bytes: the same answer */
    struct passing same_id = {.report = &other};
    ck_assert_uint_eq(outcome(&same_id), SKA_REPORT_REPLAYED);
    struct submission same_number = {.number = 5, .counts = {3, 2}};
    ck_assert_uint_eq(pass(&same_number), SKA_REPORT_REPLAYED);
    struct submission older = {.number = 4, .counts = {3, 2}};
    ck_assert_uint_eq(pass(&older), SKA_REPORT_DROPPED);
    struct submission newer = {.number = 6, .counts = {3, 2}};
    ck_assert_uint_eq(pass(&newer), 0);
    world_end();
}
END_TEST

START_TEST(helper_accepts_two_numbers_of_one_job_only_in_order)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer five = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer four = {0};
    struct submission s = {.number = 5, .counts = {1, 2}};
    world_report(&five, &s);
    s.number = 4;
    world_report(&four, &s);
    const struct passing p[2] = {{.report = &five}, {.report = &four}};
    struct got got = send_job(p, 2);
    ck_assert_uint_eq(got.status, 201);
    struct ska_reader r;
    struct ska_dap_verify_resp resp;
    ska_reader_init(&r, got.body, got.len);
    need(ska_dap_verify_resp_decode(&resp, &r), "first");
    ck_assert_int_eq(resp.type, SKA_DAP_CONTINUE);
    need(ska_dap_verify_resp_decode(&resp, &r), "second");
    ck_assert_int_eq(resp.type, SKA_DAP_REJECT);
    ck_assert_uint_eq(resp.error, SKA_REPORT_DROPPED);
    free(got.body);
    world_end();
}
END_TEST

START_TEST(helper_refuses_reports_unless_the_task_is_open)
{
    world_start_both(NULL);
    ck_assert_answer(world_propose(), 200, "");
    struct submission s = {.contributor = 3, .number = 1, .counts = {1, 2}};
    ck_assert_uint_eq(pass(&s), SKA_REPORT_TASK_NOT_STARTED);
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 200, "");
    for (uint32_t i = 0; i < 3; i++) {
        struct submission good = {.contributor = i, .number = 1, .counts = {1, 2}};
        ck_assert_uint_eq(world_submit(&good), 0);
    }
    world_close(2);
    ck_assert_uint_eq(pass(&s), SKA_REPORT_TASK_EXPIRED);
    world_check_totals(3, 3, 6);
    ck_assert_uint_eq(pass(&s), SKA_REPORT_BATCH_COLLECTED);
    world_end();
}
END_TEST

/* --- the job as a resource --- */

START_TEST(job_is_created_once_and_can_be_read_and_deleted)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    struct passing p = {.report = &w};
    struct got first = send_job(&p, 1);
    struct got again = send_job(&p, 1);
    ck_assert_uint_eq(first.status, 201);
    ck_assert_str_eq(first.location, again.location);
    ck_assert_uint_eq(first.len, again.len);
    ck_assert_mem_eq(first.body, again.body, first.len);
    struct got read =
        world_request(HELPER, ROUTE_AGGREGATION_JOB_GET, first.location, (struct ska_slice){0});
    ck_assert_uint_eq(read.status, 200);
    ck_assert_uint_eq(read.len, first.len);
    ck_assert_mem_eq(read.body, first.body, first.len);
    ck_assert_answer(world_request(HELPER, ROUTE_AGGREGATION_JOB_CONTINUE, first.location,
                                   (struct ska_slice){(const uint8_t *)"\0\1", 2}),
                     400, "stepMismatch");
    ck_assert_answer(
        world_request(HELPER, ROUTE_AGGREGATION_JOB_DELETE, first.location, (struct ska_slice){0}),
        200, "");
    ck_assert_answer(
        world_request(HELPER, ROUTE_AGGREGATION_JOB_GET, first.location, (struct ska_slice){0}),
        404, "unrecognizedAggregationJob");
    ck_assert_answer(world_request(HELPER, ROUTE_AGGREGATION_JOB_CONTINUE, first.location,
                                   (struct ska_slice){0}),
                     404, "unrecognizedAggregationJob");
    ck_assert_uint_eq(outcome(&p), SKA_REPORT_REPLAYED); /* replay protection has not forgotten */
    free(first.body);
    free(again.body);
    free(read.body);
    world_end();
}
END_TEST

START_TEST(same_job_twice_at_once_is_verified_once)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer job = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    struct passing p = {.report = &w};
    ska_dap_agg_init_header_encode(&job);
    write_init(&job, &p);
    struct ska_slice body = {job.data, job.len};
    struct asked *a = world_ask(HELPER, ROUTE_AGGREGATION_JOBS, "", body);
    struct asked *b = world_ask(HELPER, ROUTE_AGGREGATION_JOBS, "", body);
    struct got first = world_wait(a);
    struct got second = world_wait(b);
    ck_assert_uint_eq(first.status, 201);
    ck_assert_uint_eq(second.status, 201);
    ck_assert_uint_eq(first.len, second.len);
    ck_assert_mem_eq(first.body, second.body, first.len);
    free(first.body);
    free(second.body);
    world_end();
}
END_TEST

static struct got send_raw(const struct ska_writer *w, size_t len)
{
    return world_request(HELPER, ROUTE_AGGREGATION_JOBS, "", (struct ska_slice){w->data, len});
}

START_TEST(malformed_job_is_refused_by_name)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer job = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer twice = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    struct passing p = {.report = &w};
    ska_dap_agg_init_header_encode(&job);
    ck_assert_answer(send_raw(&job, job.len), 400, "invalidMessage"); /* no reports */
    write_init(&job, &p);
    for (size_t len = 0; len < job.len; len++)
        ck_assert_answer(send_raw(&job, len), 400, "invalidMessage");
    ska_write_bytes(&twice, job.data, job.len);
    write_init(&twice, &p);
    ck_assert_answer(send_raw(&twice, twice.len), 400, "invalidMessage"); /* one report twice */
    const uint8_t key_id[] = {1, 0, 0, 0, 0, 0, 0};
    const uint8_t param[] = {0, 0, 0, 0, 1, 5, 0, 0};
    const uint8_t extension[] = {0, 0, 0, 0, 0, 0, 4, 0, 9, 0, 0};
    const uint8_t order[] = {0, 0, 0, 0, 0, 0, 8, 0, 9, 0, 0, 0, 9, 0, 0};
    ck_assert_answer(world_request(HELPER, ROUTE_AGGREGATION_JOBS, "",
                                   (struct ska_slice){key_id, sizeof key_id}),
                     400, "invalidMessage");
    ck_assert_answer(
        world_request(HELPER, ROUTE_AGGREGATION_JOBS, "", (struct ska_slice){param, sizeof param}),
        400, "invalidAggregationParameter");
    ck_assert_answer(world_request(HELPER, ROUTE_AGGREGATION_JOBS, "",
                                   (struct ska_slice){extension, sizeof extension}),
                     400, "unsupportedExtension");
    ck_assert_answer(
        world_request(HELPER, ROUTE_AGGREGATION_JOBS, "", (struct ska_slice){order, sizeof order}),
        400, "invalidMessage");
    world.task->context.task_id[0] ^= 1;
    ck_assert_answer(send_raw(&job, job.len), 404, "unrecognizedTask");
    world.task->context.task_id[0] ^= 1;
    ck_assert_uint_eq(outcome(&p), 0);
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_verify");
    TCase *tc = tcase_create("verify");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lie_is_found_named_and_not_counted);
    tcase_add_test(tc, number_over_the_bound_is_refused_though_its_sender_checked_nothing);
    tcase_add_test(tc, broken_rule_is_refused_though_its_sender_checked_nothing);
    tcase_add_test(tc, one_bad_report_in_a_job_does_not_harm_the_others);
    tcase_add_test(tc, rejected_number_cannot_be_used_again);
    tcase_add_test(tc, helper_refuses_what_the_leader_should_not_have_passed);
    tcase_add_test(tc, helper_takes_late_what_the_leader_took_in_time);
    tcase_add_test(tc, helper_accepts_an_identifier_and_a_number_once);
    tcase_add_test(tc, helper_accepts_two_numbers_of_one_job_only_in_order);
    tcase_add_test(tc, helper_refuses_reports_unless_the_task_is_open);
    tcase_add_test(tc, job_is_created_once_and_can_be_read_and_deleted);
    tcase_add_test(tc, same_job_twice_at_once_is_verified_once);
    tcase_add_test(tc, malformed_job_is_refused_by_name);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
