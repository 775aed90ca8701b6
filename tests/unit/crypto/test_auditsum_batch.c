/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_auditsum_batch.c - many reports at once, each judged for itself; and the messages by which
 * the aggregators vouch for one.
 */
#include "tests/unit/crypto/auditsum_world.h"

#define BATCH 10

static struct world w;

static void setup(void)
{
    world_init(&w);
}

static void reports_clear(struct report *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        report_clear(&r[i]);
}

/* Judge all at once and compare each outcome. */
static void expect_batch(const struct report *r, size_t n, const enum ska_status *want, int agg)
{
    struct ska_vdaf_verification v[BATCH];
    ck_assert_uint_le(n, BATCH);
    for (size_t i = 0; i < n; i++)
        v[i] = report_view(&r[i], agg);
    ck_assert_status(ska_auditsum.verify_init(v, n, &w.config[agg], agg), SKA_OK);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(v[i].status == want[i], "aggregator %d, report %zu: %s", agg, i,
                      ska_status_name(v[i].status));
        ck_assert((v[i].state != NULL) == (want[i] == SKA_OK));
        ck_assert((v[i].verifier_share != NULL) == (want[i] == SKA_OK));
        ska_auditsum.verification_clear(&v[i]);
    }
}

/* Add k to a scalar of the leader's share. */
static void shift_share(struct report *r, size_t scalar, int64_t k)
{
    uint8_t *at = r->input[0].data + 32 * scalar;
    const ska_scalar by = ska_scalar_from_i64(k);
    ska_scalar x;
    ck_assert_status(ska_scalar_decode(&x, at), SKA_OK);
    ska_scalar_add(&x, &x, &by);
    ska_scalar_encode(at, &x);
}

START_TEST(each_report_of_a_batch_is_judged_for_itself)
{
    struct report r[BATCH];
    enum ska_status leader[BATCH] = {SKA_OK};
    enum ska_status helper[BATCH] = {SKA_OK};
    for (uint32_t i = 0; i < BATCH; i++)
        r[i] = report_make(&w, i % WORLD_CONTRIBUTORS, i + 1, i, 2 * i);
    expect_batch(r, BATCH, leader, 0);
    expect_batch(r, BATCH, helper, 1);

    r[1].nonce[0] ^= 1;
    leader[1] = helper[1] = SKA_E_SIGNATURE;
    shift_share(&r[3], 0, 1);
    leader[3] = SKA_E_COMMITMENT;
    r[4].input[1].len--;
    helper[4] = SKA_E_TRUNCATED;
    r[6].public_share.data[r[6].public_share.len - 64 - 1] = 0xFF; /* the proof's last scalar */
    report_resign(&r[6], &w.config[2].task, &w.contributor[1]);
    leader[6] = helper[6] = SKA_E_ENCODING;
    r[8].public_share.data[r[8].public_share.len - 64 - 32] ^= 1;
    report_resign(&r[8], &w.config[2].task, &w.contributor[3]);
    leader[8] = helper[8] = SKA_E_PROOF;
    r[9].public_share.data[0] = 1;
    leader[9] = helper[9] = SKA_E_ROSTER;
    expect_batch(r, BATCH, leader, 0);
    expect_batch(r, BATCH, helper, 1);
    reports_clear(r, BATCH);
}
END_TEST

START_TEST(a_batch_where_every_report_is_bad_names_them_all)
{
    struct report r[3];
    const enum ska_status want[3] = {SKA_E_COMMITMENT, SKA_E_COMMITMENT, SKA_E_COMMITMENT};
    for (uint32_t i = 0; i < 3; i++) {
        r[i] = report_make(&w, i, 1, 5, 5);
        shift_share(&r[i], WORLD_CELLS + i, 1); /* a blinding */
    }
    expect_batch(r, 3, want, 0);
    reports_clear(r, 3);
}
END_TEST

START_TEST(an_empty_batch_is_no_failure)
{
    ck_assert_status(ska_auditsum.verify_init(NULL, 0, &w.config[0], 0), SKA_OK);
}
END_TEST

START_TEST(faults_that_cancel_are_found)
{
    struct report r[2] = {report_make(&w, 0, 1, 5, 6), report_make(&w, 1, 1, 7, 8)};
    enum ska_status want[2] = {SKA_E_COMMITMENT, SKA_E_COMMITMENT};
    shift_share(&r[0], 0, 1); /* between two reports */
    shift_share(&r[1], 0, -1);
    expect_batch(r, 2, want, 0);
    shift_share(&r[0], 0, -1);
    shift_share(&r[1], 0, 1);
    shift_share(&r[0], 0, 1); /* between two cells of one report */
    shift_share(&r[0], 1, -1);
    want[1] = SKA_OK;
    expect_batch(r, 2, want, 0);
    shift_share(&r[0], WORLD_CELLS, 1); /* and of blindings */
    shift_share(&r[0], WORLD_CELLS + 1, -1);
    expect_batch(r, 2, want, 0);
    reports_clear(r, 2);
}
END_TEST

/* Weights that an attacker can foresee let faults cancel: the twin that shows what the test above
 * rests on. All weights equal, +1 and -1 pass. */
static void give_ones(uint8_t *out, size_t len)
{
    memset(out, 0, len);
    if (len > 0)
        out[0] = 1;
}

START_TEST(predictable_weights_would_let_faults_cancel)
{
    struct report r = report_make(&w, 0, 1, 5, 6);
    shift_share(&r, 0, 1);
    shift_share(&r, 1, -1);
    ska_random_replace_for_test(give_ones);
    enum ska_status got = report_verdict(&r, &w, 0);
    ska_random_replace_for_test(NULL);
    ck_assert_status(got, SKA_OK);
    ck_assert_status(report_verdict(&r, &w, 0), SKA_E_COMMITMENT);
    report_clear(&r);
}
END_TEST

/* 4096 cells and 4095 rules: a batch holds eight. Nine copies, one in the first part and the last
 * one with a bad proof; all cells equal by rules of width 0. */
START_TEST(batches_larger_than_their_memory_are_verified_in_parts)
{
    enum { N = SKA_CELLS_MAX, COPIES = 9 };
    uint64_t *bound = ska_alloc(N, sizeof *bound);
    uint64_t *counts = ska_alloc(N, sizeof *counts);
    struct ska_rule *rules = ska_alloc(N, sizeof *rules);
    struct ska_term(*terms)[2] = ska_alloc(N, sizeof *terms);
    for (uint32_t i = 0; i < N; i++) {
        bound[i] = 1;
        counts[i] = 1;
        terms[i][0] = (struct ska_term){i, 1};
        terms[i][1] = (struct ska_term){i + 1, -1};
        rules[i] = (struct ska_rule){.n_terms = 2, .terms = terms[i]};
    }
    const struct ska_statement s = {.n_cells = N, .bound = bound, .n_rules = N - 1, .rules = rules};
    struct ska_auditsum_config c[3] = {w.config[0], w.config[1], w.config[2]};
    for (int i = 0; i < 3; i++)
        c[i].statement = &s;
    struct report good = {.nonce = {1}};
    struct report bad = {.nonce = {1}};
    const struct ska_auditsum_measurement m = {
        .counts = counts, .contributor = 0, .number = 1, .key = &w.contributor[0]};
    ck_assert_status(ska_auditsum.shard(&good.public_share, &good.input[0], &good.input[1], &c[2],
                                        &m, good.nonce, NULL),
                     SKA_OK);
    ska_write_bytes(&bad.public_share, good.public_share.data, good.public_share.len);
    bad.public_share.data[bad.public_share.len - 64 - 32] ^= 1;
    report_resign(&bad, &c[0].task, &w.contributor[0]);
    struct ska_vdaf_verification v[COPIES];
    struct ska_slice shares[COPIES];
    enum ska_status status[COPIES];
    for (size_t i = 0; i < COPIES; i++) {
        v[i] = report_view(&good, 1);
        shares[i] = v[i].public_share;
    }
    for (size_t i = 2; i < COPIES; i += COPIES - 3) {
        v[i].public_share.data = bad.public_share.data;
        shares[i] = v[i].public_share;
    }
    ck_assert_status(ska_auditsum.verify_init(v, COPIES, &c[1], 1), SKA_OK);
    ck_assert_status(ska_public_shares_verify(status, shares, COPIES, &c[2]), SKA_E_PROOF);
    for (size_t i = 0; i < COPIES; i++) {
        const enum ska_status want = i == 2 || i == COPIES - 1 ? SKA_E_PROOF : SKA_OK;
        ck_assert_status(v[i].status, want);
        ck_assert_status(status[i], want);
        ska_auditsum.verification_clear(&v[i]);
    }
    report_clear(&good);
    report_clear(&bad);
    free(bound);
    free(counts);
    free(rules);
    free(terms);
}
END_TEST

START_TEST(an_auditor_verifies_public_shares_alone)
{
    struct report r[4];
    struct ska_slice shares[4];
    enum ska_status status[4];
    for (uint32_t i = 0; i < 4; i++) {
        r[i] = report_make(&w, i, 1, i, i);
        shares[i] = (struct ska_slice){r[i].public_share.data, r[i].public_share.len};
    }
    ck_assert_status(ska_public_shares_verify(status, shares, 4, &w.config[2]), SKA_OK);
    for (size_t i = 0; i < 4; i++)
        ck_assert_status(status[i], SKA_OK);
    ck_assert_status(ska_public_shares_verify(status, shares, 0, &w.config[2]), SKA_OK);

    shares[0].len--;
    memset(report_commitment(&r[1], 1, 2), 0xFF, 32);
    memcpy(report_commitment(&r[3], 1, 2), report_commitment(&r[3], 1, 1), 32);
    ck_assert_status(ska_public_shares_verify(status, shares, 4, &w.config[2]), SKA_E_TRUNCATED);
    ck_assert_status(status[0], SKA_E_TRUNCATED);
    ck_assert_status(status[1], SKA_E_ENCODING);
    ck_assert_status(status[2], SKA_OK);
    ck_assert_status(status[3], SKA_E_PROOF);
    reports_clear(r, 4);
}
END_TEST

START_TEST(an_aggregator_vouches_only_with_the_key_named_for_it)
{
    struct report r = report_make(&w, 0, 1, 5, 6);
    for (int agg = 0; agg < 2; agg++) {
        struct ska_vdaf_verification v = report_view(&r, agg);
        struct ska_auditsum_config c = w.config[agg];
        c.own_key = &w.aggregator[1 - agg];
        ck_assert_status(ska_auditsum.verify_init(&v, 1, &c, agg), SKA_E_CONFIG);
        c.own_key = NULL;
        ck_assert_status(ska_auditsum.verify_init(&v, 1, &c, agg), SKA_E_CONFIG);
        struct ska_auditsum_config unknown = w.config[agg]; /* nobody knows whom to expect */
        unknown.leader_key = NULL;
        ck_assert_status(ska_auditsum.verify_init(&v, 1, &unknown, agg), SKA_E_CONFIG);
        unknown = w.config[agg];
        unknown.helper_key = NULL;
        ck_assert_status(ska_auditsum.verify_init(&v, 1, &unknown, agg), SKA_E_CONFIG);
        c.own_key = &w.aggregator[agg]; /* one key for both roles */
        c.leader_key = c.helper_key = w.aggregator[agg].public_key;
        ck_assert_status(ska_auditsum.verify_init(&v, 1, &c, agg), SKA_E_CONFIG);
        ck_assert_status(v.status, SKA_E_BUG); /* as it was */
        ck_assert_ptr_null(v.state);
        ck_assert_ptr_null(v.verifier_share);
    }
    report_clear(&r);
}
END_TEST

START_TEST(a_statement_that_could_wrap_is_refused)
{
    struct report r = report_make(&w, 0, 1, 5, 6);
    struct ska_vdaf_verification v = report_view(&r, 0);
    enum ska_status status;
    w.bound[0] = 0;
    ck_assert_status(ska_auditsum.verify_init(&v, 1, &w.config[0], 0), SKA_E_RANGE);
    ck_assert_status(ska_public_shares_verify(&status, &v.public_share, 1, &w.config[2]),
                     SKA_E_RANGE);
    const uint64_t counts[WORLD_CELLS] = {0, 6, 6, 1};
    struct report again;
    ck_assert_status(report_try(&again, &w, 0, 1, counts), SKA_E_RANGE);
    report_clear(&r);
}
END_TEST

/* Both verifications of one report, and the message that both accept. */
struct exchange {
    struct report r;
    struct ska_vdaf_verification v[2];
    struct ska_slice share[2];
    struct ska_writer message;
};

static void exchange_init(struct exchange *x, uint32_t contributor)
{
    *x = (struct exchange){.r = report_make(&w, contributor, 1, 5, 6)};
    for (int agg = 0; agg < 2; agg++) {
        x->v[agg] = report_view(&x->r, agg);
        ck_assert_status(ska_auditsum.verify_init(&x->v[agg], 1, &w.config[agg], agg), SKA_OK);
        ck_assert_status(x->v[agg].status, SKA_OK);
        x->share[agg] = (struct ska_slice){x->v[agg].verifier_share, x->v[agg].verifier_share_len};
    }
    ck_assert_status(
        ska_auditsum.verify_message(&x->message, &w.config[1], &x->v[1], x->share[0], x->share[1]),
        SKA_OK);
}

static void exchange_clear(struct exchange *x)
{
    ska_auditsum.verification_clear(&x->v[0]);
    ska_auditsum.verification_clear(&x->v[1]);
    ska_writer_clear(&x->message);
    report_clear(&x->r);
}

static void expect_message_refused(const struct exchange *x, struct ska_slice leader,
                                   struct ska_slice helper, enum ska_status want)
{
    struct ska_writer out = {0};
    ck_assert_status(ska_auditsum.verify_message(&out, &w.config[1], &x->v[1], leader, helper),
                     want);
    ck_assert_uint_eq(out.len, 0);
    ska_writer_clear(&out);
}

START_TEST(verifier_shares_must_be_the_two_aggregators_signatures)
{
    struct exchange x;
    struct exchange other;
    exchange_init(&x, 0);
    exchange_init(&other, 1);
    const struct ska_slice *s = x.share;
    const uint8_t zero[SKA_SIGNATURE_BYTES + 1] = {0};
    expect_message_refused(&x, s[1], s[1], SKA_E_SIGNATURE);
    expect_message_refused(&x, s[0], s[0], SKA_E_SIGNATURE);
    expect_message_refused(&x, s[1], s[0], SKA_E_SIGNATURE);
    expect_message_refused(&x, other.share[0], s[1], SKA_E_SIGNATURE);
    expect_message_refused(&x, s[0], other.share[1], SKA_E_SIGNATURE);
    expect_message_refused(&x, (struct ska_slice){zero, 64}, s[1], SKA_E_SIGNATURE);
    expect_message_refused(&x, (struct ska_slice){zero, 65}, s[1], SKA_E_TRAILING);
    expect_message_refused(&x, s[0], (struct ska_slice){zero, 65}, SKA_E_TRAILING);
    expect_message_refused(&x, (struct ska_slice){NULL, 0}, s[1], SKA_E_TRUNCATED);
    expect_message_refused(&x, (struct ska_slice){s[0].data, 63}, s[1], SKA_E_TRUNCATED);
    for (size_t bit = 0; bit < 512; bit++) {
        x.v[0].verifier_share[bit / 8] ^= (uint8_t)(1u << bit % 8);
        expect_message_refused(&x, s[0], s[1], SKA_E_SIGNATURE);
        x.v[0].verifier_share[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    exchange_clear(&x);
    exchange_clear(&other);
}
END_TEST

START_TEST(a_message_must_be_the_two_signatures_in_order)
{
    struct exchange x;
    struct exchange other;
    exchange_init(&x, 0);
    exchange_init(&other, 1);
    ck_assert_uint_eq(x.message.len, 128);
    uint8_t swapped[129] = {0};
    memcpy(swapped, x.share[1].data, 64);
    memcpy(swapped + 64, x.share[0].data, 64);
    for (int agg = 0; agg < 2; agg++) {
        const struct {
            struct ska_slice message;
            enum ska_status want;
        } cases[] = {{{other.message.data, 128}, SKA_E_SIGNATURE},
                     {{swapped, 128}, SKA_E_SIGNATURE},
                     {{swapped, 129}, SKA_E_TRAILING},
                     {{x.message.data, 127}, SKA_E_TRUNCATED},
                     {{NULL, 0}, SKA_E_TRUNCATED}};
        struct ska_writer out = {0};
        for (size_t i = 0; i < N_OF(cases); i++)
            ck_assert_status(
                ska_auditsum.verify_next(&out, &w.config[agg], &x.v[agg], cases[i].message),
                cases[i].want);
        const struct ska_slice message = {x.message.data, x.message.len};
        for (size_t at = 0; at < 128; at++) {
            x.message.data[at] ^= 0x20;
            ck_assert_status(ska_auditsum.verify_next(&out, &w.config[agg], &x.v[agg], message),
                             SKA_E_SIGNATURE);
            x.message.data[at] ^= 0x20;
        }
        ck_assert_uint_eq(out.len, 0);
        ck_assert_status(ska_auditsum.verify_next(&out, &w.config[agg], &x.v[agg], message),
                         SKA_OK);
        ck_assert_uint_eq(out.len, 64 * WORLD_CELLS);
        ska_writer_clear(&out);
    }
    exchange_clear(&x);
    exchange_clear(&other);
}
END_TEST

START_TEST(nothing_follows_for_a_report_that_was_not_verified)
{
    struct exchange x;
    exchange_init(&x, 0);
    struct ska_vdaf_verification fresh = report_view(&x.r, 1);
    struct ska_writer out = {0};
    ck_assert_status(
        ska_auditsum.verify_message(&out, &w.config[1], &fresh, x.share[0], x.share[1]),
        SKA_E_STATE);
    ck_assert_status(ska_auditsum.verify_next(&out, &w.config[1], &fresh,
                                              (struct ska_slice){x.message.data, x.message.len}),
                     SKA_E_STATE);
    ska_auditsum.verification_clear(NULL);
    ska_auditsum.verification_clear(&fresh);
    exchange_clear(&x);
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("auditsum batch");
    TCase *t = tcase_create("batch");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, each_report_of_a_batch_is_judged_for_itself);
    tcase_add_test(t, a_batch_where_every_report_is_bad_names_them_all);
    tcase_add_test(t, an_empty_batch_is_no_failure);
    tcase_add_test(t, faults_that_cancel_are_found);
    tcase_add_test(t, predictable_weights_would_let_faults_cancel);
    tcase_add_test(t, batches_larger_than_their_memory_are_verified_in_parts);
    tcase_add_test(t, an_auditor_verifies_public_shares_alone);
    tcase_add_test(t, an_aggregator_vouches_only_with_the_key_named_for_it);
    tcase_add_test(t, a_statement_that_could_wrap_is_refused);
    tcase_add_test(t, verifier_shares_must_be_the_two_aggregators_signatures);
    tcase_add_test(t, a_message_must_be_the_two_signatures_in_order);
    tcase_add_test(t, nothing_follows_for_a_report_that_was_not_verified);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
