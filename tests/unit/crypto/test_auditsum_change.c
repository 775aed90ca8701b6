/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_auditsum_change.c - a later revision of a period: the flag that says whether anything
 * changed, and who lies about it.
 *
 * Contributor 1 was counted in the revision before, contributor 2 was not.
 */
#include "tests/unit/crypto/auditsum_world.h"

#define N (WORLD_CELLS + 1) /* the flag is the last */
#define FLAG WORLD_CELLS
#define M (N + WORLD_RULES + 2 * WORLD_CELLS)
#define AT (N + WORLD_RULES) /* of the first comparison */

static const uint64_t before[WORLD_CELLS] = {20, 22, 42, 1};

static struct world w; /* the revision before */
static uint64_t bound[N];
static struct ska_statement statement;
static struct ska_earlier earlier[WORLD_CONTRIBUTORS];
static struct ska_auditsum_config config[3];
static struct report old;
static ska_scalar old_r[WORLD_CELLS];

static void setup(void)
{
    world_init(&w);
    old = (struct report){.nonce = {0}};
    struct ska_auditsum_measurement m = {.counts = before,
                                         .contributor = 1,
                                         .number = 7,
                                         .key = &w.contributor[1],
                                         .blindings = old_r};
    ck_assert_status(ska_auditsum.shard(&old.public_share, &old.input[0], &old.input[1],
                                        &w.config[2], &m, old.nonce, NULL),
                     SKA_OK);
    memcpy(bound, w.bound, sizeof w.bound);
    bound[FLAG] = 1;
    statement = w.statement;
    statement.n_cells = N;
    statement.bound = bound;
    statement.compares = true;
    memset(earlier, 0, sizeof earlier);
    earlier[1] = (struct ska_earlier){report_commitment(&old, 0, 0), report_commitment(&old, 1, 0)};
    for (int who = 0; who < 3; who++) {
        config[who] = w.config[who];
        config[who].statement = &statement;
        config[who].earlier = earlier;
        config[who].task.revision = 1;
        memcpy(config[who].task.previous_task_id, w.config[who].task.task_id, 32);
        memset(config[who].task.task_id, 0x5a, 32);
        memset(config[who].task.parameters_hash, 0xa5, 32);
    }
}

static void teardown(void)
{
    report_clear(&old);
}

static enum ska_status try(struct report *r, uint32_t contributor, const uint64_t *counts,
                           const uint64_t *old_counts, const ska_scalar *blindings)
{
    *r = (struct report){.nonce = {1}};
    const struct ska_auditsum_measurement m = {.counts = counts,
                                               .contributor = contributor,
                                               .number = 1,
                                               .key = &w.contributor[contributor],
                                               .earlier_counts = old_counts,
                                               .earlier_blindings = blindings};
    return ska_auditsum.shard(&r->public_share, &r->input[0], &r->input[1], &config[2], &m,
                              r->nonce, NULL);
}

static struct report make(const uint64_t *counts)
{
    struct report r;
    ck_assert_status(try(&r, 1, counts, before, old_r), SKA_OK);
    return r;
}

static void expect(const struct report *r, enum ska_status want)
{
    ck_assert_status(report_verdict_by(r, &config[0], 0), want);
    ck_assert_status(report_verdict_by(r, &config[1], 1), want);
    const struct ska_slice bytes = {r->public_share.data, r->public_share.len};
    enum ska_status status = SKA_E_BUG;
    ck_assert_status(ska_public_shares_verify(&status, &bytes, 1, &config[2]), want);
    ck_assert_status(status, want);
}

START_TEST(unchanged_and_changed_are_accepted_with_their_flags)
{
    static const uint64_t cases[][N] = {
        {20, 22, 42, 1, 0}, {20, 22, 42, 1, 1}, /* to say changed without a change is allowed */
        {21, 21, 42, 1, 1}, {0, 0, 0, 0, 1},    {WORLD_BOUND, 0, WORLD_BOUND, 1, 1},
    };
    struct report r = make(cases[_i]);
    expect(&r, SKA_OK);
    report_clear(&r);
}
END_TEST

START_TEST(the_flag_of_a_newcomer_is_about_zeros)
{
    static const uint64_t zeros[N] = {0};
    static const uint64_t counts[N] = {1, 0, 1, 1, 1};
    static const uint64_t lie[N] = {1, 0, 1, 1, 0};
    struct report r;
    ck_assert_status(try(&r, 2, zeros, NULL, NULL), SKA_OK);
    expect(&r, SKA_OK);
    report_clear(&r);
    ck_assert_status(try(&r, 2, counts, NULL, NULL), SKA_OK);
    expect(&r, SKA_OK);
    report_clear(&r);
    ck_assert_status(try(&r, 2, lie, NULL, NULL), SKA_E_RULE);
    ck_assert_uint_eq(r.public_share.len, 0);
}
END_TEST

START_TEST(honest_sharding_refuses_a_lie_or_foreign_openings)
{
    static const uint64_t lie[N] = {21, 21, 42, 1, 0};
    static const uint64_t same[N] = {20, 22, 42, 1, 0};
    static const uint64_t other[WORLD_CELLS] = {21, 21, 42, 1};
    struct report r;
    ck_assert_status(try(&r, 1, lie, before, old_r), SKA_E_RULE);
    ck_assert_status(try(&r, 1, same, other, old_r), SKA_E_COMMITMENT);
    ck_assert_status(try(&r, 1, same, NULL, NULL), SKA_E_COMMITMENT); /* openings lost */
    ck_assert_status(try(&r, 2, same, before, old_r), SKA_E_COMMITMENT);
    ska_scalar wrong[WORLD_CELLS];
    memcpy(wrong, old_r, sizeof wrong);
    ska_scalar_random(&wrong[3]);
    ck_assert_status(try(&r, 1, same, before, wrong), SKA_E_COMMITMENT);
}
END_TEST

START_TEST(later_statements_need_the_revision_before_and_first_ones_must_not_have_it)
{
    static const uint64_t same[N] = {20, 22, 42, 1, 0};
    struct report r = make(same);
    struct ska_auditsum_config c = config[0];
    struct ska_vdaf_verification v = report_view(&r, 0);
    c.earlier = NULL;
    ck_assert_status(ska_auditsum.verify_init(&v, 1, &c, 0), SKA_E_CONFIG);
    c = w.config[0];
    c.earlier = earlier;
    ck_assert_status(ska_auditsum.verify_init(&v, 1, &c, 0), SKA_E_CONFIG);
    const struct ska_slice bytes = {r.public_share.data, r.public_share.len};
    enum ska_status status = SKA_OK;
    ck_assert_status(ska_public_shares_verify(&status, &bytes, 1, &c), SKA_E_CONFIG);
    report_clear(&r);
}
END_TEST

/*
 * A contributor that commits to `x` and proves about `claimed`, whatever the truth: with true
 * claims the honest algorithm, written a second time.
 */
static struct report cheat(const uint64_t x[N], const uint64_t claimed[2 * WORLD_CELLS])
{
    const struct ska_auditsum_config *c = &config[2];
    struct report made = {.nonce = {3}};
    const uint8_t seed[SKA_SEED_BYTES] = {9};
    uint8_t wire[2][2][N][SKA_SCALAR_BYTES]; /* [aggregator][x or r] */
    uint8_t points[2][N][SKA_POINT_BYTES];
    uint64_t values[M] = {0};
    ska_scalar r[M] = {{{0}}};
    ska_point v[M];
    ska_point e[WORLD_CELLS];
    struct ska_xof xof;
    ska_helper_share_init(&xof, seed, c->task.task_id, 1, 1);
    for (size_t i = 0; i < N; i++) {
        ska_scalar part[2][2]; /* [aggregator][x or r] */
        const ska_scalar whole = ska_scalar_from_u64(x[i]);
        values[i] = x[i];
        ska_scalar_random(&r[i]);
        ska_xof_next_scalar(&part[1][0], &xof);
        ska_xof_next_scalar(&part[1][1], &xof);
        ska_scalar_sub(&part[0][0], &whole, &part[1][0]);
        ska_scalar_sub(&part[0][1], &r[i], &part[1][1]);
        ska_commit(&v[i], &whole, &r[i]);
        for (int agg = 0; agg < 2; agg++) {
            ska_point p;
            ska_commit(&p, &part[agg][0], &part[agg][1]);
            ska_point_encode(points[agg][i], &p);
            ska_scalar_encode(wire[agg][0][i], &part[agg][0]);
            ska_scalar_encode(wire[agg][1][i], &part[agg][1]);
        }
    }
    values[N] = 0; /* women + men - all: the test's counts obey it */
    values[N + 1] = WORLD_BOUND * x[3] - x[2];
    memcpy(values + AT, claimed, 2 * WORLD_CELLS * sizeof *claimed);
    for (size_t k = 0; k < WORLD_RULES; k++) {
        for (size_t i = 0; i < w.rules[k].n_terms; i++) {
            const ska_scalar a = ska_scalar_from_i64(w.rules[k].terms[i].coefficient);
            ska_scalar_muladd(&r[N + k], &a, &r[w.rules[k].terms[i].cell], &r[N + k]);
        }
    }
    for (size_t j = 0; j < WORLD_CELLS; j++) {
        const ska_scalar b = ska_scalar_from_u64(bound[j]);
        ska_scalar change;
        ska_scalar_sub(&change, &r[j], &old_r[j]);
        ska_scalar_muladd(&r[AT + 2 * j], &b, &r[FLAG], &change);
        ska_scalar_mul(&r[AT + 2 * j + 1], &b, &r[FLAG]);
        ska_scalar_sub(&r[AT + 2 * j + 1], &r[AT + 2 * j + 1], &change);
    }
    ska_write_u32(&made.public_share, 1);
    ska_write_u64(&made.public_share, 1);
    ska_write_bytes(&made.public_share, points, sizeof points);
    ska_write_bytes(&made.input[0], wire[0], sizeof wire[0]);
    ska_write_bytes(&made.input[1], seed, sizeof seed);
    ck_assert_status(ska_submission_earlier(e, c, 1), SKA_OK);
    ska_submission_rule_commitments_vartime(v, &statement);
    ska_submission_comparisons_vartime(v, &statement, e);
    struct ska_submission_layout layout;
    ck_assert_status(ska_submission_layout_init(&layout, &statement), SKA_OK);
    const struct ska_public_share share = {
        .contributor = 1, .number = 1, .v1 = points[0][0], .v2 = points[1][0]};
    struct ska_transcript t;
    ska_submission_transcript(&t, c, &layout, &share, e);
    uint8_t proof[4096];
    size_t len;
    ck_assert_status(ska_proof_length(&len, layout.bound, layout.m), SKA_OK);
    const struct ska_proof_values pv = {layout.m, layout.bound, v};
    ck_assert_status(ska_proof_prove(proof, len, &t, &pv, values, r), SKA_OK);
    ska_write_bytes(&made.public_share, proof, len);
    ska_write_bytes(&made.public_share, (uint8_t[SKA_SIGNATURE_BYTES]){0}, SKA_SIGNATURE_BYTES);
    ck_assert_status(ska_writer_status(&made.public_share), SKA_OK);
    ska_submission_layout_clear(&layout);
    report_resign(&made, &c->task, &w.contributor[1]);
    return made;
}

START_TEST(true_claims_written_a_second_time_are_accepted)
{
    static const uint64_t x[N] = {21, 21, 42, 1, 1};
    static const uint64_t claimed[] = {WORLD_BOUND + 1,
                                       WORLD_BOUND - 1,
                                       WORLD_BOUND - 1,
                                       WORLD_BOUND + 1,
                                       WORLD_BOUND,
                                       WORLD_BOUND,
                                       1,
                                       1};
    struct report r = cheat(x, claimed);
    expect(&r, SKA_OK);
    report_clear(&r);
}
END_TEST

START_TEST(who_changes_and_says_unchanged_is_refused)
{
    static const uint64_t cases[][N] = {
        {21, 22, 43, 1, 0}, /* a change in all */
        {21, 21, 42, 1, 0}, /* changes that compensate each other */
        {19, 23, 42, 1, 0},
    };
    static const uint64_t claims[][2 * WORLD_CELLS] = {
        {0},
        {1, 0, 0, 1}, /* the true differences where they can be claimed */
        {0, 1, 1, 0},
    };
    for (size_t k = 0; k < 3; k++) {
        struct report r = cheat(cases[_i], claims[k]);
        expect(&r, SKA_E_PROOF);
        report_clear(&r);
    }
}
END_TEST

START_TEST(other_earlier_commitments_or_another_task_before_are_refused)
{
    static const uint64_t same[N] = {20, 22, 42, 1, 0};
    struct report r = make(same);
    struct report second = report_make(&w, 1, 8, 20, 22); /* the same counts, other blindings */
    const struct ska_earlier was = earlier[1];
    expect(&r, SKA_OK);
    earlier[1] =
        (struct ska_earlier){report_commitment(&second, 0, 0), report_commitment(&second, 1, 0)};
    expect(&r, SKA_E_PROOF);
    earlier[1] = (struct ska_earlier){0};
    expect(&r, SKA_E_PROOF);
    earlier[1] = (struct ska_earlier){was.v1, was.v1};
    expect(&r, SKA_E_PROOF);
    earlier[1] = (struct ska_earlier){was.v2, was.v1}; /* the same sums: nothing else is compared */
    expect(&r, SKA_OK);
    earlier[1] = was;
    for (int who = 0; who < 3; who++)
        config[who].task.previous_task_id[31] ^= 1;
    expect(&r, SKA_E_PROOF);
    for (int who = 0; who < 3; who++)
        config[who].task.previous_task_id[31] ^= 1;
    expect(&r, SKA_OK);
    report_clear(&r);
    report_clear(&second);
}
END_TEST

START_TEST(earlier_commitments_that_are_no_points_are_refused)
{
    static const uint64_t same[N] = {20, 22, 42, 1, 0};
    static uint8_t no_points[WORLD_CELLS * SKA_POINT_BYTES];
    const struct ska_earlier was = earlier[1];
    struct report none;
    struct report r = make(same);
    memset(no_points, 0xff, sizeof no_points);
    earlier[1] =
        _i == 0 ? (struct ska_earlier){no_points, was.v2} : (struct ska_earlier){was.v1, no_points};
    expect(&r, SKA_E_ENCODING);
    ck_assert_status(try(&none, 1, same, before, old_r), SKA_E_ENCODING);
    ck_assert_uint_eq(none.public_share.len, 0);
    report_clear(&r);
}
END_TEST

START_TEST(a_contributor_beyond_the_roster_is_compared_with_nothing)
{
    static const uint64_t same[N] = {20, 22, 42, 1, 0};
    struct report r = make(same);
    const struct ska_slice bytes = {r.public_share.data, r.public_share.len};
    enum ska_status status = SKA_E_BUG;
    r.public_share.data[3] = WORLD_CONTRIBUTORS;
    ck_assert_status(ska_public_shares_verify(&status, &bytes, 1, &config[2]), SKA_E_ROSTER);
    ck_assert_status(status, SKA_E_ROSTER);
    report_clear(&r);
}
END_TEST

START_TEST(half_an_opening_or_no_revision_before_shards_nothing)
{
    static const uint64_t same[N] = {20, 22, 42, 1, 0};
    struct report r;
    ck_assert_status(try(&r, 1, same, before, NULL), SKA_E_COMMITMENT);
    config[2].earlier = NULL;
    ck_assert_status(try(&r, 1, same, before, old_r), SKA_E_CONFIG);
    ck_assert_uint_eq(r.public_share.len, 0);
}
END_TEST

START_TEST(statements_that_compare_have_limits)
{
    struct ska_error err = {0};
    ck_assert_status(ska_statement_check(&statement, &err), SKA_OK);
    bound[0] = (UINT64_C(1) << 62) + 1;
    ck_assert_status(ska_statement_check(&statement, &err), SKA_E_RANGE);
    ck_assert_ptr_nonnull(strstr(err.text, "cell 0"));
    bound[0] = UINT64_C(1) << 62;
    ck_assert_status(ska_statement_check(&statement, &err), SKA_OK);
    bound[FLAG] = 2;
    ck_assert_status(ska_statement_check(&statement, &err), SKA_E_RANGE);
    bound[FLAG] = 1;
    const size_t with = ska_statement_bits(&statement);
    statement.compares = false;
    bound[0] = WORLD_BOUND;
    const size_t without = ska_statement_bits(&statement);
    /* 2 x 63 bits and one more for the wide cell; 2 x 17 for two others; 2 x 2 for the flag's */
    ck_assert_uint_eq(with - without, 2 * 64 + (63 - 16) + 2 * 2 * 17 + 2 * 2);
    statement.compares = true;
    statement.n_rules = 0;
    err = (struct ska_error){0};
    statement.n_cells = 1; /* a flag and nothing to compare */
    ck_assert_status(ska_statement_check(&statement, &err), SKA_E_RANGE);
    ck_assert_ptr_nonnull(strstr(err.text, "a flag of bound 1"));
    ck_assert_uint_eq(ska_statement_compared(&statement), 0);
    statement.n_cells = 0;
    ck_assert_uint_eq(ska_statement_compared(&statement), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("auditsum: later revisions");
    TCase *c = tcase_create("flag");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, unchanged_and_changed_are_accepted_with_their_flags, 0, 5);
    tcase_add_test(c, the_flag_of_a_newcomer_is_about_zeros);
    tcase_add_test(c, honest_sharding_refuses_a_lie_or_foreign_openings);
    tcase_add_test(c, later_statements_need_the_revision_before_and_first_ones_must_not_have_it);
    tcase_add_test(c, true_claims_written_a_second_time_are_accepted);
    tcase_add_loop_test(c, who_changes_and_says_unchanged_is_refused, 0, 3);
    tcase_add_test(c, other_earlier_commitments_or_another_task_before_are_refused);
    tcase_add_loop_test(c, earlier_commitments_that_are_no_points_are_refused, 0, 2);
    tcase_add_test(c, a_contributor_beyond_the_roster_is_compared_with_nothing);
    tcase_add_test(c, half_an_opening_or_no_revision_before_shards_nothing);
    tcase_add_test(c, statements_that_compare_have_limits);
    suite_add_tcase(suite, c);
    return test_run(suite);
}
