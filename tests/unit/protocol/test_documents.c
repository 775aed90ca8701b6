/* SPDX-License-Identifier: EUPL-1.2 */
/* test_documents.c - control commands, status, queries, receipts, accepted lists. */
#include "tests/samples.h"
#include "tests/test.h"

#include "crypto/labels.h"

static struct ska_slice slice(const struct ska_writer *w)
{
    return (struct ska_slice){w->data, w->len};
}

static struct ska_signing_key other_key(void)
{
    static const uint8_t seed[SKA_SIGN_SEED_BYTES] = {42};
    struct ska_signing_key key;
    ck_assert_status(ska_signing_key_from_seed(&key, seed), SKA_OK);
    return key;
}

/* --- control --- */

START_TEST(a_control_command_has_these_bytes_and_its_signature)
{
    struct ska_control c = {.kind = SKA_CONTROL_REOPEN, .serial = 0x0102};
    uint8_t wire[SKA_CONTROL_BYTES];
    uint8_t want[42] = {1, 3};
    sample_fill(c.task_id, 32, 0xA0);
    sample_fill(want + 2, 32, 0xA0);
    want[40] = 1;
    want[41] = 2;
    ck_assert_status(ska_control_encode(wire, &c, sample_key()), SKA_OK);
    ck_assert_mem_eq(wire, want, sizeof want);
    ck_assert_status(
        ska_sign_verify(wire + 42, sample_key()->public_key, "skarva-1 sign control", wire, 42),
        SKA_OK);
}
END_TEST

struct control_case {
    const char *name;
    size_t at;
    uint8_t value;
    enum ska_status want;
};
static const struct control_case control_cases[] = {
    {"version", 0, 2, SKA_E_VERSION},
    {"kind 0", 1, 0, SKA_E_RANGE},
    {"kind 5", 1, 5, SKA_E_RANGE},
    {"serial 0", 41, 0, SKA_E_RANGE},
    {"other serial", 41, 8, SKA_E_SIGNATURE},
    {"other kind", 1, 1, SKA_E_SIGNATURE},
    {"other task", 10, 99, SKA_E_SIGNATURE},
    {"signature R", 42, 0x11, SKA_E_SIGNATURE},
    {"signature S", 105, 0xFF, SKA_E_SIGNATURE},
};

START_TEST(a_changed_control_command_is_refused)
{
    const struct control_case *k = &control_cases[_i];
    struct ska_writer w = {0};
    struct ska_control c = {.serial = 77};
    sample_control(&w);
    ck_assert_status(ska_control_decode(&c, slice(&w), sample_key()->public_key), SKA_OK);
    ck_assert(w.data[k->at] != k->value);
    c.serial = 77;
    w.data[k->at] = k->value;
    enum ska_status got = ska_control_decode(&c, slice(&w), sample_key()->public_key);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    ck_assert_uint_eq(c.serial, 77);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_control_command_of_someone_else_is_refused)
{
    struct ska_writer w = {0};
    struct ska_control c;
    struct ska_signing_key other = other_key();
    sample_control(&w);
    ck_assert_status(ska_control_decode(&c, slice(&w), other.public_key), SKA_E_SIGNATURE);
    ska_writer_clear(&w);
}
END_TEST

/* A query's signature is worth nothing on a command, even over the same bytes. */
START_TEST(a_signature_for_another_purpose_is_refused)
{
    struct ska_writer w = {0};
    struct ska_control c;
    sample_control(&w);
    ck_assert_status(ska_sign(w.data + 42, sample_key(), SKA_LABEL_SIGN_QUERY, w.data, 42), SKA_OK);
    ck_assert_status(ska_control_decode(&c, slice(&w), sample_key()->public_key), SKA_E_SIGNATURE);
    ska_writer_clear(&w);
}
END_TEST

/* --- status and list --- */

START_TEST(a_status_has_these_bytes)
{
    struct ska_task_status s = {.state = SKA_TASK_CLOSED, .serial = 9};
    struct ska_task_status back;
    uint8_t wire[SKA_TASK_STATUS_BYTES];
    uint8_t want[SKA_TASK_STATUS_BYTES] = {1};
    sample_fill(s.task_id, 32, 1);
    sample_fill(want + 1, 32, 1);
    want[33] = 5;
    want[41] = 9;
    ska_task_status_encode(wire, &s);
    ck_assert_mem_eq(wire, want, sizeof want);
    ck_assert_status(ska_task_status_decode(&back, (struct ska_slice){wire, sizeof wire}), SKA_OK);
    ck_assert_int_eq((int)back.state, SKA_TASK_CLOSED);
    wire[33] = 0;
    ck_assert_status(ska_task_status_decode(&back, (struct ska_slice){wire, sizeof wire}),
                     SKA_E_RANGE);
    wire[33] = 7;
    ck_assert_status(ska_task_status_decode(&back, (struct ska_slice){wire, sizeof wire}),
                     SKA_E_RANGE);
    wire[33] = 5;
    wire[0] = 0;
    ck_assert_status(ska_task_status_decode(&back, (struct ska_slice){wire, sizeof wire}),
                     SKA_E_VERSION);
}
END_TEST

START_TEST(states_have_names)
{
    static const char *const names[] = {"unknown", "proposed", "ready",     "open",
                                        "closing", "closed",   "collected", "unknown"};
    for (int i = 0; i < (int)N_OF(names); i++)
        ck_assert_str_eq(ska_task_state_name((enum ska_task_state)i), names[i]);
}
END_TEST

START_TEST(a_task_list_has_its_limits)
{
    struct ska_task_listing *at = NULL;
    size_t n = 99;
    static const uint8_t too_many[] = {0, 1, 0x86, 0xA1}; /* 100,001 */
    static const uint8_t most[] = {0, 1, 0x86, 0xA0};     /* 100,000, but none there */
    static const uint8_t none[] = {0, 0, 0, 0};
    ck_assert_status(ska_task_list_decode(&at, &n, (struct ska_slice){too_many, 4}), SKA_E_LIMIT);
    ck_assert_status(ska_task_list_decode(&at, &n, (struct ska_slice){most, 4}), SKA_E_TRUNCATED);
    ck_assert_uint_eq(n, 99);
    ck_assert_status(ska_task_list_decode(&at, &n, (struct ska_slice){none, 4}), SKA_OK);
    ck_assert_uint_eq(n, 0);
    free(at);
    struct ska_writer w = {0};
    ska_task_list_encode(&w, NULL, SKA_TASK_LIST_MAX + 1);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ska_writer_clear(&w);
}
END_TEST

/* --- query --- */

START_TEST(a_query_is_verified_under_the_contributors_key)
{
    struct ska_writer w = {0};
    struct ska_query q;
    struct ska_signing_key other = other_key();
    sample_query(&w);
    ck_assert_uint_eq(w.len, SKA_QUERY_BYTES);
    ck_assert_status(ska_query_decode(&q, slice(&w)), SKA_OK);
    ck_assert_uint_eq(q.contributor, 2);
    ck_assert(q.time_s == 1751500800);
    ck_assert_status(ska_query_verify(slice(&w), sample_key()->public_key), SKA_OK);
    ck_assert_status(ska_query_verify(slice(&w), other.public_key), SKA_E_SIGNATURE);
    for (size_t i = 1; i < w.len; i++) {
        w.data[i] ^= 0x04;
        enum ska_status got = ska_query_verify(slice(&w), sample_key()->public_key);
        /* A contributor's number over the largest is refused before its signature is looked at. */
        ck_assert_msg(got == SKA_E_SIGNATURE || (got == SKA_E_RANGE && i >= 33 && i < 37),
                      "byte %zu: got %s", i, ska_status_name(got));
        w.data[i] ^= 0x04;
    }
    w.data[35] = 0x27; /* contributor 10000 = 0x2710 */
    w.data[36] = 0x10;
    ck_assert_status(ska_query_decode(&q, slice(&w)), SKA_E_RANGE);
    w.data[36] = 0x0F;
    ck_assert_status(ska_query_decode(&q, slice(&w)), SKA_OK);
    ska_writer_clear(&w);
}
END_TEST

/* --- receipts --- */

/* A task of which only what receipts need is filled in. */
static struct ska_task receipt_task(struct ska_signing_key *leader, struct ska_signing_key *helper)
{
    static const uint8_t leader_seed[32] = {1};
    static const uint8_t helper_seed[32] = {2};
    struct ska_task task = {.context = {.period = "2025Q2", .revision = 1},
                            .parameters = {.roster = {.n = 3}}};
    ck_assert_status(ska_signing_key_from_seed(leader, leader_seed), SKA_OK);
    ck_assert_status(ska_signing_key_from_seed(helper, helper_seed), SKA_OK);
    sample_fill(task.context.task_id, 32, 1);
    memcpy(task.parameters.leader_key, leader->public_key, 32);
    memcpy(task.parameters.helper_key, helper->public_key, 32);
    return task;
}

static void sign_receipt(struct ska_receipt *receipt, const struct ska_signing_key *leader,
                         const struct ska_signing_key *helper)
{
    ck_assert_status(ska_log_entry_sign(receipt->leader, leader, &receipt->entry), SKA_OK);
    ck_assert_status(ska_log_entry_sign(receipt->helper, helper, &receipt->entry), SKA_OK);
}

START_TEST(a_receipt_holds_for_its_task_and_both_signatures)
{
    struct ska_signing_key leader;
    struct ska_signing_key helper;
    struct ska_task task = receipt_task(&leader, &helper);
    struct ska_receipt good = sample_receipt_struct(3);
    sign_receipt(&good, &leader, &helper);
    ck_assert_status(ska_receipt_verify(&good, &task, NULL), SKA_OK);

    struct ska_error err = {0};
    struct ska_receipt bad = good;
    bad.leader[0] ^= 1;
    ck_assert_status(ska_receipt_verify(&bad, &task, &err), SKA_E_SIGNATURE);
    ck_assert_ptr_nonnull(strstr(err.text, "leader"));
    ska_error_clear(&err);
    bad = good;
    bad.helper[63] ^= 1;
    ck_assert_status(ska_receipt_verify(&bad, &task, &err), SKA_E_SIGNATURE);
    ck_assert_ptr_nonnull(strstr(err.text, "helper"));
    bad = good; /* the leader alone cannot make one */
    sign_receipt(&bad, &leader, &leader);
    ck_assert_status(ska_receipt_verify(&bad, &task, NULL), SKA_E_SIGNATURE);
    bad = good;
    bad.entry.number++;
    ck_assert_status(ska_receipt_verify(&bad, &task, NULL), SKA_E_SIGNATURE);

    bad = good;
    bad.entry.task_id[0] ^= 1;
    sign_receipt(&bad, &leader, &helper);
    ck_assert_status(ska_receipt_verify(&bad, &task, NULL), SKA_E_TASK);
    bad = good;
    bad.entry.revision = 0;
    sign_receipt(&bad, &leader, &helper);
    ck_assert_status(ska_receipt_verify(&bad, &task, NULL), SKA_E_TASK);
    bad = good;
    bad.entry.period[5] = '3';
    sign_receipt(&bad, &leader, &helper);
    ck_assert_status(ska_receipt_verify(&bad, &task, NULL), SKA_E_TASK);
    bad = good;
    bad.entry.contributor = 3;
    sign_receipt(&bad, &leader, &helper);
    ck_assert_status(ska_receipt_verify(&bad, &task, NULL), SKA_E_ROSTER);
}
END_TEST

/* --- submissions --- */

struct submission_case {
    const char *name;
    struct ska_submission_status s;
    enum ska_status want;
};

START_TEST(a_submission_is_in_one_state)
{
    const struct submission_case cases[] = {
        {"pending", {.number = 1, .state = SKA_SUBMISSION_PENDING}, SKA_OK},
        {"accepted, its receipt yet to come",
         {.number = 1, .state = SKA_SUBMISSION_ACCEPTED},
         SKA_OK},
        {"number 0", {.number = 0, .state = SKA_SUBMISSION_PENDING}, SKA_E_RANGE},
        {"state 0", {.number = 1}, SKA_E_RANGE},
        {"state 4", {.number = 1, .state = (enum ska_submission_state)4}, SKA_E_RANGE},
        {"pending with a reason",
         {.number = 1, .state = SKA_SUBMISSION_PENDING, .report_error = 6},
         SKA_E_RANGE},
        {"rejected without one", {.number = 1, .state = SKA_SUBMISSION_REJECTED}, SKA_E_RANGE},
        {"rejected with a receipt",
         {.number = 3,
          .state = SKA_SUBMISSION_REJECTED,
          .report_error = 6,
          .has_receipt = true,
          .receipt = sample_receipt_struct(3)},
         SKA_E_RANGE},
        {"a receipt of another",
         {.number = 4,
          .state = SKA_SUBMISSION_ACCEPTED,
          .has_receipt = true,
          .receipt = sample_receipt_struct(3)},
         SKA_E_MISMATCH},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct ska_writer w = {0};
        struct ska_submission_status *at = NULL;
        size_t n = 0;
        ska_submissions_encode(&w, &cases[i].s, 1);
        enum ska_status got = ska_submissions_decode(&at, &n, slice(&w));
        ck_assert_msg(got == cases[i].want, "%s: got %s", cases[i].name, ska_status_name(got));
        ck_assert(got == SKA_OK || at == NULL);
        free(at);
        ska_writer_clear(&w);
    }
}
END_TEST

START_TEST(submissions_come_by_number_within_their_limit)
{
    struct ska_submission_status two[] = {{.number = 2, .state = SKA_SUBMISSION_PENDING},
                                          {.number = 1, .state = SKA_SUBMISSION_PENDING}};
    struct ska_writer w = {0};
    struct ska_submission_status *at = NULL;
    size_t n = 0;
    ska_submissions_encode(&w, two, 2);
    ck_assert_status(ska_submissions_decode(&at, &n, slice(&w)), SKA_E_ENCODING);
    ska_writer_clear(&w);
    two[1].number = 2; /* a refused one and another with its number */
    ska_submissions_encode(&w, two, 2);
    ck_assert_status(ska_submissions_decode(&at, &n, slice(&w)), SKA_OK);
    ck_assert_uint_eq(n, 2);
    free(at);
    w.data[0] = 2;
    ck_assert_status(ska_submissions_decode(&at, &n, slice(&w)), SKA_E_VERSION);
    ska_writer_clear(&w);
    ska_submissions_encode(&w, NULL, SKA_SUBMISSIONS_MAX + 1);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ska_writer_clear(&w);
    static const uint8_t too_many[] = {1, 0, 1, 0x86, 0xA1};
    ck_assert_status(ska_submissions_decode(&at, &n, (struct ska_slice){too_many, 5}), SKA_E_LIMIT);
}
END_TEST

/* --- accepted lists --- */

START_TEST(an_accepted_list_has_these_bytes)
{
    struct ska_writer w = {0};
    sample_accepted(&w);
    ck_assert_uint_eq(w.len, 1 + 32 + 32 + 8 + 4 + 3 * 68);
    static const uint8_t head[] = {0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3};
    static const uint8_t second[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2};
    ck_assert_uint_eq(w.data[0], 1);
    ck_assert_mem_eq(w.data + 65, head, sizeof head);
    ck_assert_mem_eq(w.data + 77 + 68, second, sizeof second);
    ck_assert_uint_eq(w.data[77 + 68 + 28], 12);  /* sha256 */
    ck_assert_uint_eq(w.data[77 + 68 + 67], 100); /* length */
    ska_writer_clear(&w);
}
END_TEST

START_TEST(each_contributors_highest_number_is_counted)
{
    struct ska_writer w = {0};
    struct ska_accepted a = {0};
    sample_accepted(&w);
    ck_assert_status(ska_accepted_decode(&a, slice(&w)), SKA_OK);
    ck_assert(!ska_accepted_is_counted(&a, 0)); /* contributor 0, number 1 */
    ck_assert(ska_accepted_is_counted(&a, 1));  /* contributor 0, number 3 */
    ck_assert(ska_accepted_is_counted(&a, 2));  /* contributor 2 */
    ck_assert(!ska_accepted_is_counted(&a, 3)); /* nothing there */
    ska_accepted_clear(&a);
    ska_accepted_clear(&a);
    ska_writer_clear(&w);
}
END_TEST

static enum ska_status decode_entries(struct ska_accepted_entry *at, uint32_t n)
{
    const struct ska_accepted a = {.n = n, .at = at};
    struct ska_accepted back = {0};
    struct ska_writer w = {0};
    ska_accepted_encode(&w, &a);
    enum ska_status status = ska_accepted_decode(&back, slice(&w));
    ck_assert(status == SKA_OK || back.at == NULL);
    ska_accepted_clear(&back);
    ska_writer_clear(&w);
    return status;
}

START_TEST(an_accepted_list_is_in_strict_order)
{
    struct ska_accepted_entry good[] = {{.contributor = 1, .number = 9},
                                        {.contributor = 2, .number = 1}};
    struct ska_accepted_entry contributors[] = {{.contributor = 2, .number = 1},
                                                {.contributor = 1, .number = 2}};
    struct ska_accepted_entry numbers[] = {{.contributor = 1, .number = 2},
                                           {.contributor = 1, .number = 1}};
    struct ska_accepted_entry twice[] = {{.contributor = 1, .number = 2},
                                         {.contributor = 1, .number = 2, .report_id = {1}}};
    struct ska_accepted_entry number_zero[] = {{.contributor = 1, .number = 0}};
    struct ska_accepted_entry last[] = {{.contributor = SKA_CONTRIBUTORS_MAX - 1, .number = 1}};
    struct ska_accepted_entry beyond[] = {{.contributor = SKA_CONTRIBUTORS_MAX, .number = 1}};
    ck_assert_status(decode_entries(good, 2), SKA_OK);
    ck_assert_status(decode_entries(good, 0), SKA_OK);
    ck_assert_status(decode_entries(contributors, 2), SKA_E_ENCODING);
    ck_assert_status(decode_entries(numbers, 2), SKA_E_ENCODING);
    ck_assert_status(decode_entries(twice, 2), SKA_E_ENCODING);
    ck_assert_status(decode_entries(number_zero, 1), SKA_E_RANGE);
    ck_assert_status(decode_entries(last, 1), SKA_OK);
    ck_assert_status(decode_entries(beyond, 1), SKA_E_RANGE);
}
END_TEST

START_TEST(an_accepted_list_has_its_limits)
{
    uint8_t wire[77] = {1};
    struct ska_accepted a = {0};
    wire[74] = 0x0F; /* 1,000,001 = 0x0F4241 */
    wire[75] = 0x42;
    wire[76] = 0x41;
    ck_assert_status(ska_accepted_decode(&a, (struct ska_slice){wire, sizeof wire}), SKA_E_LIMIT);
    wire[76] = 0x40;
    ck_assert_status(ska_accepted_decode(&a, (struct ska_slice){wire, sizeof wire}),
                     SKA_E_TRUNCATED);
    wire[0] = 9;
    ck_assert_status(ska_accepted_decode(&a, (struct ska_slice){wire, sizeof wire}), SKA_E_VERSION);
    a.n = SKA_ACCEPTED_MAX + 1;
    struct ska_writer w = {0};
    ska_accepted_encode(&w, &a);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(an_accepted_list_is_signed_whole)
{
    struct ska_writer w = {0};
    uint8_t signature[SKA_SIGNATURE_BYTES];
    struct ska_signing_key other = other_key();
    sample_accepted(&w);
    ck_assert_status(ska_accepted_sign(signature, sample_key(), slice(&w)), SKA_OK);
    ck_assert_status(ska_accepted_verify(signature, sample_key()->public_key, slice(&w)), SKA_OK);
    ck_assert_status(ska_accepted_verify(signature, other.public_key, slice(&w)), SKA_E_SIGNATURE);
    for (size_t i = 0; i < w.len; i += 13) {
        w.data[i] ^= 1;
        ck_assert_status(ska_accepted_verify(signature, sample_key()->public_key, slice(&w)),
                         SKA_E_SIGNATURE);
        w.data[i] ^= 1;
    }
    w.len -= 68;
    ck_assert_status(ska_accepted_verify(signature, sample_key()->public_key, slice(&w)),
                     SKA_E_SIGNATURE);
    w.len += 68;
    ska_writer_clear(&w);
}
END_TEST

START_TEST(the_hash_of_an_accepted_list_is_labelled)
{
    static const uint8_t list[] = {1, 2, 3};
    static const char signed_bytes[] = "\x16" /* 22 bytes of label */
                                       "skarva-1 sign accepted\1\2\3";
    uint8_t got[32];
    uint8_t want[32];
    ska_accepted_hash(got, (struct ska_slice){list, sizeof list});
    ska_sha256(want, signed_bytes, sizeof signed_bytes - 1);
    ck_assert_mem_eq(got, want, 32);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("documents");
    TCase *tcase = tcase_create("documents");
    tcase_add_test(tcase, a_control_command_has_these_bytes_and_its_signature);
    tcase_add_loop_test(tcase, a_changed_control_command_is_refused, 0, (int)N_OF(control_cases));
    tcase_add_test(tcase, a_control_command_of_someone_else_is_refused);
    tcase_add_test(tcase, a_signature_for_another_purpose_is_refused);
    tcase_add_test(tcase, a_status_has_these_bytes);
    tcase_add_test(tcase, states_have_names);
    tcase_add_test(tcase, a_task_list_has_its_limits);
    tcase_add_test(tcase, a_query_is_verified_under_the_contributors_key);
    tcase_add_test(tcase, a_receipt_holds_for_its_task_and_both_signatures);
    tcase_add_test(tcase, a_submission_is_in_one_state);
    tcase_add_test(tcase, submissions_come_by_number_within_their_limit);
    tcase_add_test(tcase, an_accepted_list_has_these_bytes);
    tcase_add_test(tcase, each_contributors_highest_number_is_counted);
    tcase_add_test(tcase, an_accepted_list_is_in_strict_order);
    tcase_add_test(tcase, an_accepted_list_has_its_limits);
    tcase_add_test(tcase, an_accepted_list_is_signed_whole);
    tcase_add_test(tcase, the_hash_of_an_accepted_list_is_labelled);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
