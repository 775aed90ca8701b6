/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_auditsum_refusals.c - what an aggregator must not accept, each with its exact status.
 *
 * Every case begins with a report that both aggregators accept. Most of them are then signed anew
 * with the contributor's own key, since a dishonest contributor signs what it likes: what refuses
 * them is the mathematics, not the signature.
 */
#include "tests/unit/crypto/auditsum_world.h"

static struct world w;
static struct report good;

static void setup(void)
{
    world_init(&w);
    good = report_make(&w, 1, 3, 20, 22);
    for (int agg = 0; agg < 2; agg++)
        ck_assert_status(report_verdict(&good, &w, agg), SKA_OK);
}

static void teardown(void)
{
    report_clear(&good);
}

static void resign(void)
{
    report_resign(&good, &w.config[2].task, &w.contributor[1]);
}

static void expect(enum ska_status leader, enum ska_status helper)
{
    ck_assert_status(report_verdict(&good, &w, 0), leader);
    ck_assert_status(report_verdict(&good, &w, 1), helper);
}

START_TEST(a_flipped_bit_anywhere_breaks_the_signature)
{
    for (size_t at = 0; at < good.public_share.len; at++) {
        for (int agg = 0; agg < 2; agg++) {
            /* the roster has five: most bits of the index lead out of it */
            const bool index = at < 4;
            good.public_share.data[at] ^= (uint8_t)(1u << at % 8);
            enum ska_status got = report_verdict(&good, &w, agg);
            good.public_share.data[at] ^= (uint8_t)(1u << at % 8);
            ck_assert_msg(got == SKA_E_SIGNATURE || (index && got == SKA_E_ROSTER), "byte %zu: %s",
                          at, ska_status_name(got));
        }
    }
    expect(SKA_OK, SKA_OK);
}
END_TEST

/* What a flipped and re-signed byte of the public share may be refused as, by its place. */
static bool is_expected_refusal(enum ska_status got, size_t at, int agg)
{
    const size_t v1 = 12;
    const size_t v2 = v1 + 32 * WORLD_CELLS;
    const size_t proof = v2 + 32 * WORLD_CELLS;
    if (at < 4)
        return got == SKA_E_ROSTER || got == SKA_E_SIGNATURE;
    if (at < v1) /* the number: in the helper's expansion and in the proof's context */
        return got == (agg == 1 ? SKA_E_COMMITMENT : SKA_E_PROOF);
    if (at < proof) { /* a commitment: seldom still a point, then no longer the share's */
        const int owner = at < v2 ? 0 : 1;
        return got == SKA_E_ENCODING || got == (agg == owner ? SKA_E_COMMITMENT : SKA_E_PROOF);
    }
    return got == SKA_E_PROOF || got == SKA_E_ENCODING;
}

START_TEST(a_flipped_bit_anywhere_is_refused_though_signed_anew)
{
    const size_t body = good.public_share.len - SKA_SIGNATURE_BYTES;
    size_t n_proof = 0;
    for (size_t at = 0; at < body; at++) {
        for (int agg = 0; agg < 2; agg++) {
            good.public_share.data[at] ^= (uint8_t)(1u << at % 8);
            resign();
            enum ska_status got = report_verdict(&good, &w, agg);
            good.public_share.data[at] ^= (uint8_t)(1u << at % 8);
            ck_assert_msg(is_expected_refusal(got, at, agg), "byte %zu, aggregator %d: %s", at, agg,
                          ska_status_name(got));
            n_proof += got == SKA_E_PROOF;
        }
    }
    ck_assert_uint_gt(n_proof, 100);
    resign();
    expect(SKA_OK, SKA_OK);
}
END_TEST

START_TEST(a_flipped_bit_in_an_input_share_does_not_open_the_commitments)
{
    for (int agg = 0; agg < 2; agg++) {
        for (size_t at = 0; at < good.input[agg].len; at++) {
            good.input[agg].data[at] ^= (uint8_t)(1u << at % 8);
            enum ska_status got = report_verdict(&good, &w, agg);
            good.input[agg].data[at] ^= (uint8_t)(1u << at % 8);
            const bool top = agg == 0 && at % 32 == 31; /* now perhaps not below L */
            ck_assert_msg(got == SKA_E_COMMITMENT || (top && got == SKA_E_ENCODING),
                          "aggregator %d, byte %zu: %s", agg, at, ska_status_name(got));
        }
    }
}
END_TEST

START_TEST(lengths_must_be_exact)
{
    static const uint8_t zero[512];
    struct ska_writer *all[] = {&good.input[0], &good.input[1], &good.public_share};
    for (size_t i = 0; i < N_OF(all); i++) {
        const int agg = i == 1;
        const size_t len = all[i]->len;
        for (size_t cut = 0; cut < len; cut += i == 2 ? 7 : 1) {
            all[i]->len = cut;
            ck_assert_status(report_verdict(&good, &w, agg), SKA_E_TRUNCATED);
        }
        all[i]->len = len;
        ska_write_bytes(all[i], zero, 1);
        ck_assert_status(report_verdict(&good, &w, agg), SKA_E_TRAILING);
        ska_write_bytes(all[i], zero, sizeof zero);
        ck_assert_status(report_verdict(&good, &w, agg), SKA_E_TRAILING);
        all[i]->len = len;
    }
    expect(SKA_OK, SKA_OK);
}
END_TEST

START_TEST(number_zero_is_refused)
{
    memset(good.public_share.data + 4, 0, 8);
    resign();
    expect(SKA_E_RANGE, SKA_E_RANGE);
}
END_TEST

START_TEST(another_contributor_or_key_is_refused)
{
    uint8_t *index = good.public_share.data + 3;
    *index = 2; /* signed by contributor 1 */
    expect(SKA_E_SIGNATURE, SKA_E_SIGNATURE);
    resign();
    expect(SKA_E_SIGNATURE, SKA_E_SIGNATURE);
    *index = WORLD_CONTRIBUTORS;
    resign();
    expect(SKA_E_ROSTER, SKA_E_ROSTER);
    *index = 1;
    struct ska_signing_key foreign;
    ck_assert_status(ska_signing_key_generate(&foreign), SKA_OK);
    report_resign(&good, &w.config[2].task, &foreign);
    expect(SKA_E_SIGNATURE, SKA_E_SIGNATURE);
    memset(good.public_share.data + good.public_share.len - 64, 0, 64);
    expect(SKA_E_SIGNATURE, SKA_E_SIGNATURE);
    resign();
    expect(SKA_OK, SKA_OK);
}
END_TEST

/* Contributor 2 takes the report of 1, with both input shares, and signs it in its own name. */
START_TEST(a_copy_of_anothers_submission_is_refused)
{
    good.public_share.data[3] = 2;
    report_resign(&good, &w.config[2].task, &w.contributor[2]);
    expect(SKA_E_PROOF, SKA_E_COMMITMENT);
}
END_TEST

START_TEST(another_report_identifier_is_refused)
{
    good.nonce[15] ^= 1;
    expect(SKA_E_SIGNATURE, SKA_E_SIGNATURE);
}
END_TEST

/* One field of what the proof is bound to, changed on the aggregators' side. */
static void change_task(struct ska_task_context *task, int field)
{
    uint8_t *const hashes[] = {task->task_id, task->parameters_hash, task->collection_hash,
                               task->catalogue_hash, task->roster_hash};
    if (field < 5)
        hashes[field][7] ^= 0x10;
    else if (field == 5)
        task->period[5] = '3';
    else
        task->revision++;
}

START_TEST(a_report_of_another_task_is_refused)
{
    for (int field = 0; field < 7; field++) {
        struct ska_auditsum_config c[2] = {w.config[0], w.config[1]};
        for (int agg = 0; agg < 2; agg++) {
            change_task(&c[agg].task, field);
            /* the signature names task and parameters; the proof all of it */
            ck_assert_status(report_verdict_by(&good, &c[agg], agg),
                             field < 2 ? SKA_E_SIGNATURE : SKA_E_PROOF);
        }
        report_resign(&good, &c[0].task, &w.contributor[1]);
        ck_assert_status(report_verdict_by(&good, &c[0], 0), SKA_E_PROOF);
        /* the helper's seed is bound to the task too */
        ck_assert_status(report_verdict_by(&good, &c[1], 1),
                         field == 0 ? SKA_E_COMMITMENT : SKA_E_PROOF);
        resign();
    }
    expect(SKA_OK, SKA_OK);
}
END_TEST

/* Every number of the statement, changed on the aggregators' side. */
START_TEST(a_proof_of_another_statement_is_refused)
{
    for (int change = 0; change < 8; change++) {
        struct world other = w;
        struct ska_term terms[WORLD_RULES][3];
        memcpy(terms, w.terms, sizeof terms);
        other.rules[0].terms = terms[0];
        other.rules[1].terms = terms[1];
        other.statement.bound = other.bound;
        other.statement.rules = other.rules;
        enum ska_status want = SKA_E_PROOF;
        switch (change) {
        case 0: /* the same number of bits, other weights */
            other.bound[0]--;
            break;
        case 1: /* more bits, but as many after padding */
            other.bound[3] = 1000;
            break;
        case 2:
            other.bound[0] = other.bound[3] = UINT64_MAX; /* now more than 128 bits */
            want = SKA_E_TRUNCATED;
            break;
        case 3:
            other.rules[0].constant = 1;
            break;
        case 4:
            other.rules[1].width--;
            break;
        case 5:
            terms[1][1].coefficient++;
            break;
        case 6:
            terms[1][0].cell = 1;
            break;
        default: /* a rule dropped */
            other.statement.n_rules = 1;
            want = SKA_E_TRAILING; /* half the bits fit */
            break;
        }
        for (int agg = 0; agg < 2; agg++) {
            struct ska_auditsum_config c = w.config[agg];
            c.statement = &other.statement;
            enum ska_status got = report_verdict_by(&good, &c, agg);
            ck_assert_msg(got == want, "change %d: %s", change, ska_status_name(got));
        }
    }
}
END_TEST

struct lie {
    const char *name;
    int64_t x[WORLD_CELLS];         /* what is committed to */
    uint64_t claimed[WORLD_VALUES]; /* what the prover says of it */
};

#define RULE_B(all) ((uint64_t)(WORLD_BOUND - (all)))

static const struct lie lies[] = {
    {"2^16", {65536, 0, 65535, 1}, {0, 0, 65535, 1, 0, 0}},
    {"2^16, low bits, sums true", {65536, 0, 65536, 1}, {0, 0, 0, 1, 0, RULE_B(0)}},
    {"-1", {-1, 1, 0, 1}, {65535, 1, 0, 1, 0, RULE_B(0)}},
    {"-1 claimed 0", {-1, 1, 0, 1}, {0, 1, 0, 1, 0, RULE_B(0)}},
    {"flag of 2", {0, 0, 0, 2}, {0, 0, 0, 1, 0, RULE_B(0)}},
    {"flag of -1", {0, 0, 0, -1}, {0, 0, 0, 1, 0, RULE_B(0)}},
    {"sum broken by one", {3, 4, 8, 1}, {3, 4, 8, 1, 0, RULE_B(8)}},
    {"two rules broken that cancel", {3, 4, 7, 0}, {3, 4, 7, 0, 0, 0}},
    {"another value in range", {3, 4, 7, 1}, {4, 3, 7, 1, 0, RULE_B(7)}},
    {"2^32", {INT64_C(1) << 32, 0, INT64_C(1) << 32, 1}, {0, 0, 0, 1, 0, RULE_B(0)}},
};

/* The shares open their commitments, the contributor has signed, and the proof is made with the
 * right algorithm for numbers that are in range - only not for what was committed to. */
START_TEST(values_out_of_range_and_broken_rules_are_refused)
{
    ska_scalar x[WORLD_CELLS];
    for (size_t i = 0; i < WORLD_CELLS; i++)
        x[i] = ska_scalar_from_i64(lies[_i].x[i]);
    struct report r = report_dishonest(&w, 4, 1, x, lies[_i].claimed);
    for (int agg = 0; agg < 2; agg++) {
        enum ska_status got = report_verdict(&r, &w, agg);
        ck_assert_msg(got == SKA_E_PROOF, "%s: %s", lies[_i].name, ska_status_name(got));
    }
    report_clear(&r);
}
END_TEST

/* The order's neighbours and a random scalar: L - 1, L - 2^16, something. */
START_TEST(values_that_are_no_small_numbers_are_refused)
{
    const uint64_t claimed[WORLD_VALUES] = {0, 0, 0, 1, 0, RULE_B(0)};
    ska_scalar x[WORLD_CELLS] = {{{0}}};
    x[3] = ska_scalar_one;
    x[0] = ska_scalar_from_i64(_i == 0 ? -1 : -65536);
    if (_i == 2)
        ska_scalar_random(&x[0]);
    x[1] = ska_scalar_zero;
    x[2] = x[0]; /* the sum is kept */
    struct report r = report_dishonest(&w, 4, 1, x, claimed);
    for (int agg = 0; agg < 2; agg++)
        ck_assert_status(report_verdict(&r, &w, agg), SKA_E_PROOF);
    report_clear(&r);
}
END_TEST

static void swap(uint8_t *a, uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t t = a[i];
        a[i] = b[i];
        b[i] = t;
    }
}

START_TEST(the_aggregators_commitments_swapped_are_refused)
{
    swap(report_commitment(&good, 0, 0), report_commitment(&good, 1, 0), 32 * WORLD_CELLS);
    expect(SKA_E_SIGNATURE, SKA_E_SIGNATURE);
    resign();
    expect(SKA_E_COMMITMENT, SKA_E_COMMITMENT);
}
END_TEST

START_TEST(permuted_cells_are_refused)
{
    for (int agg = 0; agg < 2; agg++)
        swap(report_commitment(&good, agg, 0), report_commitment(&good, agg, 1), 32);
    resign();
    expect(SKA_E_COMMITMENT, SKA_E_COMMITMENT);
    /* the leader's shares permuted alike: they open, but were proven in another order */
    swap(good.input[0].data, good.input[0].data + 32, 32);
    swap(good.input[0].data + 32 * WORLD_CELLS, good.input[0].data + 32 * WORLD_CELLS + 32, 32);
    expect(SKA_E_PROOF, SKA_E_COMMITMENT);
}
END_TEST

START_TEST(input_shares_of_another_report_are_refused)
{
    struct report other = report_make(&w, 1, 3, 20, 22);
    for (int agg = 0; agg < 2; agg++) {
        swap(good.input[agg].data, other.input[agg].data, good.input[agg].len);
        ck_assert_status(report_verdict(&good, &w, agg), SKA_E_COMMITMENT);
        ck_assert_status(report_verdict(&other, &w, agg), SKA_E_COMMITMENT);
    }
    report_clear(&other);
}
END_TEST

/* Add L to a scalar of the leader's share: the same number, another encoding. */
START_TEST(scalars_not_below_the_order_are_refused)
{
    uint8_t minus_one[32];
    const ska_scalar m = ska_scalar_from_i64(-1);
    ska_scalar_encode(minus_one, &m);
    for (size_t k = 0; k < 2 * (size_t)WORLD_CELLS; k++) {
        uint8_t *x = good.input[0].data + 32 * k;
        uint8_t before[32];
        memcpy(before, x, sizeof before);
        unsigned carry = 1; /* x + (L - 1) + 1 */
        for (size_t i = 0; i < 32; i++) {
            carry += (unsigned)x[i] + minus_one[i];
            x[i] = (uint8_t)carry;
            carry >>= 8;
        }
        ck_assert_status(report_verdict(&good, &w, 0), SKA_E_ENCODING);
        memcpy(x, before, sizeof before);
    }
    expect(SKA_OK, SKA_OK);
}
END_TEST

/* From RFC 9496, appendix A.2: a non-canonical field element, a negative one, one that is no
 * square, and 2^255 - 19 itself; then the identity, which is a point but not the right one. */
static const char *const bad_points[] = {
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
};

START_TEST(points_must_be_canonical)
{
    const bool identity = _i == 4;
    for (int agg = 0; agg < 2; agg++) {
        for (size_t cell = 0; cell < WORLD_CELLS; cell++) {
            uint8_t *at = report_commitment(&good, agg, cell);
            uint8_t before[32];
            memcpy(before, at, sizeof before);
            ck_assert_status(ska_hex_decode(at, 32, bad_points[_i]), SKA_OK);
            resign();
            ck_assert_status(report_verdict(&good, &w, agg),
                             identity ? SKA_E_COMMITMENT : SKA_E_ENCODING);
            ck_assert_status(report_verdict(&good, &w, 1 - agg),
                             identity ? SKA_E_PROOF : SKA_E_ENCODING);
            memcpy(at, before, sizeof before);
        }
    }
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("auditsum refusals");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_flipped_bit_anywhere_breaks_the_signature);
    tcase_add_test(t, a_flipped_bit_anywhere_is_refused_though_signed_anew);
    tcase_add_test(t, a_flipped_bit_in_an_input_share_does_not_open_the_commitments);
    tcase_add_test(t, lengths_must_be_exact);
    tcase_add_test(t, number_zero_is_refused);
    tcase_add_test(t, another_contributor_or_key_is_refused);
    tcase_add_test(t, a_copy_of_anothers_submission_is_refused);
    tcase_add_test(t, another_report_identifier_is_refused);
    tcase_add_test(t, a_report_of_another_task_is_refused);
    tcase_add_test(t, a_proof_of_another_statement_is_refused);
    tcase_add_loop_test(t, values_out_of_range_and_broken_rules_are_refused, 0, (int)N_OF(lies));
    tcase_add_loop_test(t, values_that_are_no_small_numbers_are_refused, 0, 3);
    tcase_add_test(t, the_aggregators_commitments_swapped_are_refused);
    tcase_add_test(t, permuted_cells_are_refused);
    tcase_add_test(t, input_shares_of_another_report_are_refused);
    tcase_add_test(t, scalars_not_below_the_order_are_refused);
    tcase_add_loop_test(t, points_must_be_canonical, 0, (int)N_OF(bad_points));
    suite_add_tcase(suite, t);
    return test_run(suite);
}
