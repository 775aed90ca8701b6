/* SPDX-License-Identifier: EUPL-1.2 */
/* test_aggregator_upload.c - which report error answers which upload, and that nothing changed. */
#include "tests/unit/server/world_report.h"

/* How many submissions the leader knows of a contributor. */
static size_t known(uint32_t contributor)
{
    size_t n = 0;
    free(world_submissions(&n, contributor));
    return n;
}

/* --- reports that are wrong in themselves --- */

static void earlier_time(struct ska_dap_report *r)
{
    r->metadata.time--;
}

static void later_time(struct ska_dap_report *r)
{
    r->metadata.time++;
}

static void much_later_time(struct ska_dap_report *r)
{
    r->metadata.time += 1000;
}

static void unknown_config(struct ska_dap_report *r)
{
    r->leader.config_id = 77;
}

static void with_extension(struct ska_dap_report *r)
{
    static const uint8_t extension[] = {0, 23, 0, 0};
    r->metadata.extensions = (struct ska_slice){extension, sizeof extension};
}

static void shorter_share(struct ska_dap_report *r)
{
    r->public_share.len--;
}

static void no_share(struct ska_dap_report *r)
{
    r->public_share.len = 0;
}

static void another_report_id(struct ska_dap_report *r)
{
    r->metadata.report_id[0] ^= 1; /* the signature is over the identifier */
}

static uint8_t changed_share[1u << 16];

static void change_share(struct ska_dap_report *r, size_t at)
{
    ck_assert_uint_le(r->public_share.len, sizeof changed_share);
    memcpy(changed_share, r->public_share.data, r->public_share.len);
    changed_share[at] ^= 1;
    r->public_share.data = changed_share;
}

static void unknown_contributor(struct ska_dap_report *r)
{
    change_share(r, 2); /* the contributor's index becomes 256 and more */
}

static void another_contributor(struct ska_dap_report *r)
{
    change_share(r, 3);
}

static void another_number(struct ska_dap_report *r)
{
    change_share(r, 10);
}

static void zero_number(struct ska_dap_report *r)
{
    change_share(r, 11);
    ck_assert_uint_eq(changed_share[11], 0); /* it was 1 */
}

static void huge_number(struct ska_dap_report *r)
{
    change_share(r, 4);
    changed_share[4] = 0xFF;
}

static void another_commitment(struct ska_dap_report *r)
{
    change_share(r, 20);
}

static void another_signature(struct ska_dap_report *r)
{
    change_share(r, r->public_share.len - 1);
}

static uint8_t longer[1u << 16];

/* One byte more than there was. */
static void lengthen(struct ska_slice *s)
{
    ck_assert_uint_lt(s->len, sizeof longer);
    memcpy(longer, s->data, s->len);
    *s = (struct ska_slice){longer, s->len + 1};
}

static void longer_leader_share(struct ska_dap_report *r)
{
    lengthen(&r->leader.payload);
}

static void shorter_leader_share(struct ska_dap_report *r)
{
    r->leader.payload.len--;
}

static void huge_helper_share(struct ska_dap_report *r)
{
    r->helper.payload = (struct ska_slice){longer, sizeof longer};
}

static void longer_helper_share(struct ska_dap_report *r)
{
    lengthen(&r->helper.payload);
}

static void shorter_helper_share(struct ska_dap_report *r)
{
    r->helper.payload.len--;
}

static void longer_encapsulation(struct ska_dap_report *r)
{
    lengthen(&r->helper.enc);
}

static const struct {
    const char *name;
    void (*damage)(struct ska_dap_report *report);
    uint8_t want;
} wrong[] = {
    {"longer sealed leader's share", longer_leader_share, SKA_REPORT_INVALID_MESSAGE},
    {"shorter sealed leader's share", shorter_leader_share, SKA_REPORT_INVALID_MESSAGE},
    {"longer sealed helper's share", longer_helper_share, SKA_REPORT_INVALID_MESSAGE},
    {"shorter sealed helper's share", shorter_helper_share, SKA_REPORT_INVALID_MESSAGE},
    {"huge sealed helper's share", huge_helper_share, SKA_REPORT_INVALID_MESSAGE},
    {"longer encapsulated key", longer_encapsulation, SKA_REPORT_INVALID_MESSAGE},
    {"earlier time", earlier_time, SKA_REPORT_DROPPED},
    {"later time", later_time, SKA_REPORT_DROPPED},
    {"time after the window", much_later_time, SKA_REPORT_DROPPED},
    {"unknown key configuration", unknown_config, SKA_REPORT_OUTDATED_CONFIG},
    {"extension", with_extension, SKA_REPORT_INVALID_MESSAGE},
    {"shorter public share", shorter_share, SKA_REPORT_INVALID_MESSAGE},
    {"no public share", no_share, SKA_REPORT_INVALID_MESSAGE},
    {"another report identifier", another_report_id, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"unknown contributor", unknown_contributor, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"another contributor", another_contributor, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"another number", another_number, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"number 0", zero_number, SKA_REPORT_INVALID_MESSAGE},
    {"number over 2^63", huge_number, SKA_REPORT_INVALID_MESSAGE},
    {"another commitment", another_commitment, SKA_REPORT_VDAF_VERIFY_ERROR},
    {"another signature", another_signature, SKA_REPORT_VDAF_VERIFY_ERROR},
};

START_TEST(wrong_report_is_refused_by_name_and_not_kept)
{
    world_begin();
    for (size_t i = 0; i < N_OF(wrong); i++) {
        struct submission s = {.number = 1, .counts = {1, 2}, .damage = wrong[i].damage};
        uint8_t got = world_submit(&s);
        ck_assert_msg(got == wrong[i].want, "%s: got %s", wrong[i].name,
                      ska_report_error_name(got));
    }
    ck_assert_uint_eq(known(0), 0);
    struct submission good = {.number = 1, .counts = {1, 2}};
    ck_assert_uint_eq(world_submit(&good), 0);
    ck_assert_uint_eq(known(0), 1);
    world_end();
}
END_TEST

START_TEST(another_key_than_the_rosters_is_refused)
{
    world_begin();
    struct submission s = {.number = 1, .counts = {1, 2}, .key = &world.contributor[1]};
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_VDAF_VERIFY_ERROR);
    ck_assert_uint_eq(known(0), 0);
    ck_assert_uint_eq(known(1), 0);
    world_end();
}
END_TEST

/* Made, signed and sealed for the same period of another task, then sent here. */
START_TEST(report_of_another_task_is_refused)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world.task->context.task_id[5] ^= 1;
    world.task->config.task.task_id[5] ^= 1;
    world_report(&w, &s);
    world.task->context.task_id[5] ^= 1;
    world.task->config.task.task_id[5] ^= 1;
    ck_assert_uint_eq(world_upload_bytes(&w), SKA_REPORT_VDAF_VERIFY_ERROR);
    ck_assert_uint_eq(known(0), 0);
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_uint_eq(known(0), 1);
    world_end();
}
END_TEST

/* --- reports that are wrong after others --- */

START_TEST(same_report_again_is_acknowledged_and_counted_once)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    ck_assert_uint_eq(world_upload_bytes(&w), 0);
    ck_assert_uint_eq(world_upload_bytes(&w), 0);
    ck_assert_uint_eq(world_decided(0, 1), 0);
    ck_assert_uint_eq(world_upload_bytes(&w), 0);
    ck_assert_uint_eq(known(0), 1);
    world_end();
}
END_TEST

START_TEST(one_identifier_with_two_contents_is_refused)
{
    world_begin();
    struct submission first = {.number = 1, .counts = {1, 2}, .report_id = {7}};
    struct submission second = {.number = 2, .counts = {1, 2}, .report_id = {7}};
    struct submission other = {.contributor = 1, .number = 1, .report_id = {7}};
    ck_assert_uint_eq(world_submit(&first), 0);
    ck_assert_uint_eq(world_submit(&second), SKA_REPORT_REPLAYED);
    ck_assert_uint_eq(world_submit(&other), SKA_REPORT_REPLAYED);
    ck_assert_uint_eq(known(0), 1);
    ck_assert_uint_eq(known(1), 0);
    world_end();
}
END_TEST

START_TEST(one_number_with_two_contents_is_refused)
{
    world_begin();
    struct submission s = {.number = 5, .counts = {1, 2}};
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_REPLAYED); /* a new identifier and blindings */
    ck_assert_uint_eq(world_decided(0, 5), 0);
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_REPLAYED);
    ck_assert_uint_eq(known(0), 1);
    world_end();
}
END_TEST

START_TEST(older_number_is_refused_and_a_newer_one_counts)
{
    world_begin();
    struct submission s = {.number = 5, .counts = {1, 2}};
    ck_assert_uint_eq(world_submit(&s), 0);
    s.number = 4;
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_DROPPED);
    s.number = 6;
    s.counts[0] = 9;
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_uint_eq(known(0), 2);
    for (uint32_t i = 1; i < 3; i++) {
        struct submission other = {.contributor = i, .number = 1, .counts = {1, 0}};
        ck_assert_uint_eq(world_submit(&other), 0);
    }
    world_close(2);
    world_check_totals(3, 11, 2);
    world_end();
}
END_TEST

static void spoil_proof(struct ska_writer *public_share, struct ska_writer *leader,
                        struct ska_writer *helper)
{
    (void)leader;
    (void)helper;
    public_share->data[public_share->len - 64 - 5] ^= 1;
}

/* Each is stored, verified and listed at the close: one contributor must not fill disk or list. */
START_TEST(more_submissions_of_one_contributor_than_allowed_are_dropped)
{
    world_begin();
    struct submission s = {.counts = {1, 2}};
    for (s.number = 1; s.number <= CONTRIBUTOR_REPORTS_MAX; s.number++) {
        /* Rejected ones count too: their signature holds, their proof does not. */
        s.lie = s.number % 2 == 0 ? spoil_proof : NULL;
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    s.lie = NULL;
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_DROPPED);
    ck_assert_uint_eq(known(0), CONTRIBUTOR_REPORTS_MAX);
    struct submission other = {.contributor = 1, .number = 1, .counts = {1, 0}};
    ck_assert_uint_eq(world_submit(&other), 0);
    world_end();
}
END_TEST

START_TEST(several_reports_in_one_upload_are_answered_each)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission good = {.number = 1, .counts = {1, 2}};
    struct submission bad = {
        .contributor = 1, .number = 1, .damage = unknown_config, .report_id = {9}};
    struct submission older = {.number = 1, .counts = {3, 2}, .report_id = {8}};
    world_report(&w, &good);
    world_report(&w, &bad);
    world_report(&w, &older);
    struct got got = world_request(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w.data, w.len});
    ck_assert_uint_eq(got.status, 200);
    ck_assert_uint_eq(got.len, 2 * 17);
    ck_assert_uint_eq(got.body[0], 9);
    ck_assert_uint_eq(got.body[16], SKA_REPORT_OUTDATED_CONFIG);
    ck_assert_uint_eq(got.body[17], 8);
    ck_assert_uint_eq(got.body[33], SKA_REPORT_REPLAYED);
    free(got.body);
    ck_assert_uint_eq(known(0), 1);
    ck_assert_uint_eq(known(1), 0);
    world_end();
}
END_TEST

/* --- the message and the task --- */

START_TEST(upload_cut_anywhere_is_invalid)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    for (size_t len = 0; len < w.len; len++)
        ck_assert_answer(world_request(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w.data, len}),
                         400, "invalidMessage");
    ck_assert_uint_eq(known(0), 0);
    world_end();
}
END_TEST

START_TEST(upload_of_more_reports_than_allowed_is_invalid)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer all = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    for (size_t i = 0; i <= UPLOAD_REPORTS_MAX; i++)
        ska_write_bytes(&all, w.data, w.len);
    ck_assert_answer(
        world_request(LEADER, ROUTE_REPORTS, "", (struct ska_slice){all.data, all.len}), 400,
        "invalidMessage");
    ck_assert_uint_eq(known(0), 0);
    world_end();
}
END_TEST

START_TEST(upload_to_an_unknown_task_is_refused)
{
    world_begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    world.task->context.task_id[0] ^= 1;
    ck_assert_answer(world_request(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w.data, w.len}),
                     404, "unrecognizedTask");
    world.task->context.task_id[0] ^= 1;
    ck_assert_uint_eq(known(0), 0);
    world_end();
}
END_TEST

START_TEST(upload_is_refused_in_every_state_but_open)
{
    world_start_both(NULL);
    struct submission late = {.contributor = 3, .number = 1, .counts = {1, 2}};
    ck_assert_answer(world_propose(), 200, "");
    ck_assert_uint_eq(world_submit(&late), SKA_REPORT_TASK_NOT_STARTED);
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 200, "");
    for (uint32_t i = 0; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, 2}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    world_close(2);
    ck_assert_uint_eq(world_submit(&late), SKA_REPORT_TASK_EXPIRED);
    world_check_totals(3, 3, 6);
    ck_assert_uint_eq(world_submit(&late), SKA_REPORT_BATCH_COLLECTED);
    ck_assert_uint_eq(known(3), 0);
    world_end();
}
END_TEST

static void window_is_over(struct ska_parameters *p)
{
    p->window_start_s -= 7 * 86400;
}

static void window_is_to_come(struct ska_parameters *p)
{
    p->window_start_s += 7 * 86400;
}

static void submit_outside(void (*change)(struct ska_parameters *p), uint8_t want)
{
    world_start_both(change);
    world_open();
    struct submission s = {.number = 1, .counts = {1, 2}};
    ck_assert_uint_eq(world_submit(&s), want);
    ck_assert_uint_eq(known(0), 0);
    world_end();
}

START_TEST(upload_before_the_window_is_too_early)
{
    submit_outside(window_is_to_come, SKA_REPORT_TOO_EARLY);
}
END_TEST

START_TEST(upload_after_the_window_is_expired)
{
    submit_outside(window_is_over, SKA_REPORT_TASK_EXPIRED);
}
END_TEST

START_TEST(uploads_of_one_moment_are_all_answered_and_counted)
{
    world_begin();
    struct ska_writer w[N_CONTRIBUTORS] = {0};
    struct asked *asked[N_CONTRIBUTORS];
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {i, 1}};
        world_report(&w[i], &s);
    }
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        asked[i] = world_ask(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w[i].data, w[i].len});
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        ck_assert_answer(world_wait(asked[i]), 200, "");
    world_close(2);
    world_check_totals(4, 6, 4);
    world_end();
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        ska_writer_clear(&w[i]);
}
END_TEST

START_TEST(more_open_requests_than_allowed_are_told_to_wait)
{
    world_make(NULL);
    world.party[LEADER].config.requests_max = 2;
    world.party[LEADER].config.commit_delay_ms = 300;
    world_start(HELPER);
    world_start(LEADER);
    world_open();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {1, 2}};
    world_report(&w, &s);
    struct asked *asked[3];
    for (size_t i = 0; i < 3; i++)
        asked[i] = world_ask(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w.data, w.len});
    ck_assert_answer(world_wait(asked[2]), 503, "SKA_E_BUSY");
    ck_assert_answer(world_wait(asked[0]), 200, "");
    ck_assert_answer(world_wait(asked[1]), 200, "");
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_upload");
    TCase *tc = tcase_create("upload");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, wrong_report_is_refused_by_name_and_not_kept);
    tcase_add_test(tc, another_key_than_the_rosters_is_refused);
    tcase_add_test(tc, report_of_another_task_is_refused);
    tcase_add_test(tc, same_report_again_is_acknowledged_and_counted_once);
    tcase_add_test(tc, one_identifier_with_two_contents_is_refused);
    tcase_add_test(tc, one_number_with_two_contents_is_refused);
    tcase_add_test(tc, older_number_is_refused_and_a_newer_one_counts);
    tcase_add_test(tc, more_submissions_of_one_contributor_than_allowed_are_dropped);
    tcase_add_test(tc, several_reports_in_one_upload_are_answered_each);
    tcase_add_test(tc, upload_cut_anywhere_is_invalid);
    tcase_add_test(tc, upload_of_more_reports_than_allowed_is_invalid);
    tcase_add_test(tc, upload_to_an_unknown_task_is_refused);
    tcase_add_test(tc, upload_is_refused_in_every_state_but_open);
    tcase_add_test(tc, upload_before_the_window_is_too_early);
    tcase_add_test(tc, upload_after_the_window_is_expired);
    tcase_add_test(tc, uploads_of_one_moment_are_all_answered_and_counted);
    tcase_add_test(tc, more_open_requests_than_allowed_are_told_to_wait);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
