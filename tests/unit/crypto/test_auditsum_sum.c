/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_auditsum_sum.c - aggregate shares: adding, unsharding, the signed root, and the wrong sums
 * that openings catch.
 */
#include "crypto/merkle.h"

#include "tests/unit/crypto/auditsum_world.h"

#define SUM_BYTES ((size_t)WORLD_CELLS * 64)
#define N_REPORTS 4

static struct world w;
static uint8_t share[2][SUM_BYTES];           /* both aggregators' */
static ska_point commitments[2][WORLD_CELLS]; /* what they must open */
static uint64_t totals_want[WORLD_CELLS];

/* Four verified reports, added up. */
static void setup(void)
{
    world_init(&w);
    memset(share, 0, sizeof share);
    memset(totals_want, 0, sizeof totals_want);
    for (size_t i = 0; i < 2 * WORLD_CELLS; i++)
        ska_point_set_identity(&commitments[i / WORLD_CELLS][i % WORLD_CELLS]);
    for (uint32_t i = 0; i < N_REPORTS; i++) {
        struct report r = report_make(&w, i, 1, 100 * i, 7);
        struct ska_public_share public_share;
        struct ska_writer message = {0};
        struct ska_vdaf_verification v[2] = {report_view(&r, 0), report_view(&r, 1)};
        for (int agg = 0; agg < 2; agg++) {
            ck_assert_status(ska_auditsum.verify_init(&v[agg], 1, &w.config[agg], agg), SKA_OK);
            ck_assert_status(v[agg].status, SKA_OK);
            ska_write_bytes(&message, v[agg].verifier_share, v[agg].verifier_share_len);
        }
        ck_assert_status(ska_public_share_decode(&public_share, v[0].public_share, &w.statement),
                         SKA_OK);
        for (int agg = 0; agg < 2; agg++) {
            struct ska_writer out = {0};
            ck_assert_status(
                ska_auditsum.verify_next(&out, &w.config[agg], &v[agg],
                                         (struct ska_slice){message.data, message.len}),
                SKA_OK);
            ck_assert_status(ska_auditsum.aggregate(share[agg], SUM_BYTES, &w.config[agg],
                                                    (struct ska_slice){out.data, out.len}),
                             SKA_OK);
            ck_assert_status(ska_commitments_add(commitments[agg], &public_share, WORLD_CELLS,
                                                 agg == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER),
                             SKA_OK);
            ska_writer_clear(&out);
            ska_auditsum.verification_clear(&v[agg]);
        }
        totals_want[0] += 100 * i;
        totals_want[1] += 7;
        totals_want[2] += 100 * i + 7;
        totals_want[3] += 1;
        ska_writer_clear(&message);
        report_clear(&r);
    }
}

static void expect_openings(int agg, enum ska_status want)
{
    for (size_t i = 0; i < WORLD_CELLS; i++)
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][i], share[agg] + 64 * i),
                         want);
}

/* Add k to scalar number `at` of an aggregate share: x of cell c is 2 c, r is 2 c + 1. */
static void shift(int agg, size_t at, int64_t k)
{
    ska_scalar s;
    const ska_scalar by = ska_scalar_from_i64(k);
    ck_assert_status(ska_scalar_decode(&s, share[agg] + 32 * at), SKA_OK);
    ska_scalar_add(&s, &s, &by);
    ska_scalar_encode(share[agg] + 32 * at, &s);
}

static enum ska_status unshard(uint64_t total[WORLD_CELLS], ska_scalar blinding[WORLD_CELLS],
                               struct ska_error *err)
{
    struct ska_auditsum_totals t = {total, blinding};
    return ska_auditsum.unshard(&t, &w.config[2], (struct ska_slice){share[0], SUM_BYTES},
                                (struct ska_slice){share[1], SUM_BYTES}, err);
}

START_TEST(shares_open_the_sums_of_their_commitments_apart_and_together)
{
    expect_openings(0, SKA_OK);
    expect_openings(1, SKA_OK);
    uint64_t total[WORLD_CELLS];
    ska_scalar blinding[WORLD_CELLS];
    ck_assert_status(unshard(total, blinding, NULL), SKA_OK);
    for (size_t i = 0; i < WORLD_CELLS; i++) {
        ck_assert_uint_eq(total[i], totals_want[i]);
        ska_point opened;
        ska_point sum;
        const ska_scalar x = ska_scalar_from_u64(total[i]);
        ska_commit(&opened, &x, &blinding[i]);
        ska_point_add(&sum, &commitments[0][i], &commitments[1][i]);
        ck_assert(ska_point_equal(&opened, &sum));
    }
}
END_TEST

/* Every way in which an aggregator may state a wrong sum is caught by the openings of the cells it
 * touches, and by no other aggregator's. */
START_TEST(a_wrong_sum_does_not_open_and_names_its_aggregator)
{
    for (int agg = 0; agg < 2; agg++) {
        shift(agg, 0, 1); /* off by one */
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][0], share[agg]),
                         SKA_E_COMMITMENT);
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][1], share[agg] + 64),
                         SKA_OK);
        shift(agg, 2, -1); /* compensated in another cell */
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][0], share[agg]),
                         SKA_E_COMMITMENT);
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][1], share[agg] + 64),
                         SKA_E_COMMITMENT);
        shift(agg, 1, -1); /* "compensated" in the blinding */
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][0], share[agg]),
                         SKA_E_COMMITMENT);
        expect_openings(1 - agg, SKA_OK);
        shift(agg, 1, 1);
        shift(agg, 2, 1);
        shift(agg, 0, -1);
        expect_openings(agg, SKA_OK);
    }
}
END_TEST

/* Both aggregators shift in opposite directions: the total is right, and each is caught. */
START_TEST(sums_that_compensate_between_the_aggregators_do_not_open)
{
    uint64_t total[WORLD_CELLS];
    ska_scalar blinding[WORLD_CELLS];
    shift(0, 0, 1);
    shift(1, 0, -1);
    ck_assert_status(unshard(total, blinding, NULL), SKA_OK);
    ck_assert_uint_eq(total[0], totals_want[0]);
    for (int agg = 0; agg < 2; agg++)
        ck_assert_status(ska_aggregate_opening_verify(&commitments[agg][0], share[agg]),
                         SKA_E_COMMITMENT);
}
END_TEST

START_TEST(swapped_cells_and_swapped_shares_do_not_open)
{
    uint8_t t[64];
    memcpy(t, share[0], 64);
    memcpy(share[0], share[0] + 64, 64);
    memcpy(share[0] + 64, t, 64);
    for (size_t i = 0; i < 2; i++)
        ck_assert_status(ska_aggregate_opening_verify(&commitments[0][i], share[0] + 64 * i),
                         SKA_E_COMMITMENT);
    for (size_t i = 0; i < WORLD_CELLS; i++)
        ck_assert_status(ska_aggregate_opening_verify(&commitments[0][i], share[1] + 64 * i),
                         SKA_E_COMMITMENT);
}
END_TEST

START_TEST(openings_must_be_canonical)
{
    memset(share[0] + 32, 0xFF, 32);
    ck_assert_status(ska_aggregate_opening_verify(&commitments[0][0], share[0]), SKA_E_ENCODING);
    memset(share[0] + 64, 0xFF, 32);
    ck_assert_status(ska_aggregate_opening_verify(&commitments[0][1], share[0] + 64),
                     SKA_E_ENCODING);
}
END_TEST

START_TEST(commitments_that_are_no_points_leave_the_sum_as_it_was)
{
    struct report r = report_make(&w, 4, 1, 1, 1);
    struct ska_public_share s;
    memset(report_commitment(&r, 0, WORLD_CELLS - 1), 0xFF, 32);
    ck_assert_status(
        ska_public_share_decode(&s, (struct ska_slice){r.public_share.data, r.public_share.len},
                                &w.statement),
        SKA_OK);
    ck_assert_status(ska_commitments_add(commitments[0], &s, WORLD_CELLS, SKA_ROLE_LEADER),
                     SKA_E_ENCODING);
    expect_openings(0, SKA_OK);
    report_clear(&r);
}
END_TEST

START_TEST(a_sum_that_is_no_number_is_refused_and_named)
{
    uint64_t total[WORLD_CELLS] = {9, 9, 9, 9};
    ska_scalar blinding[WORLD_CELLS] = {{{0}}};
    struct ska_error err = {0};
    shift(1, 4, -(int64_t)totals_want[2] - 1); /* cell 2 becomes -1 */
    ck_assert_status(unshard(total, blinding, &err), SKA_E_RANGE);
    ck_assert_msg(strstr(err.text, "cell 2") != NULL, "%s", err.text);
    for (size_t i = 0; i < WORLD_CELLS; i++) {
        ck_assert_uint_eq(total[i], 9);
        ck_assert(ska_scalar_is_zero(&blinding[i]));
    }
    shift(1, 4, 1);
    ck_assert_status(unshard(total, blinding, NULL), SKA_OK);
    ck_assert_uint_eq(total[2], 0);
    for (int i = 0; i < 4; i++) /* 2^64, in four steps */
        shift(0, 4, INT64_C(1) << 62);
    ck_assert_status(unshard(total, blinding, NULL), SKA_E_RANGE);
    shift(0, 4, -1);
    ck_assert_status(unshard(total, blinding, NULL), SKA_OK);
    ck_assert(total[2] == UINT64_MAX);
}
END_TEST

START_TEST(malformed_shares_are_refused_and_nothing_is_added)
{
    uint8_t before[SUM_BYTES];
    uint8_t part[SUM_BYTES + 1] = {0};
    memcpy(before, share[0], sizeof before);
    const struct ska_auditsum_config *c = &w.config[0];
    ck_assert_status(
        ska_auditsum.aggregate(share[0], SUM_BYTES, c, (struct ska_slice){part, SUM_BYTES - 1}),
        SKA_E_TRUNCATED);
    ck_assert_status(
        ska_auditsum.aggregate(share[0], SUM_BYTES, c, (struct ska_slice){part, SUM_BYTES + 1}),
        SKA_E_TRAILING);
    ck_assert_status(
        ska_auditsum.aggregate(share[0], SUM_BYTES - 64, c, (struct ska_slice){part, SUM_BYTES}),
        SKA_E_TRUNCATED);
    part[0] = 1;
    memset(part + SUM_BYTES - 32, 0xFF, 32); /* the last scalar, so that others come before */
    ck_assert_status(
        ska_auditsum.aggregate(share[0], SUM_BYTES, c, (struct ska_slice){part, SUM_BYTES}),
        SKA_E_ENCODING);
    ck_assert_mem_eq(share[0], before, sizeof before);

    uint64_t total[WORLD_CELLS];
    ska_scalar blinding[WORLD_CELLS];
    struct ska_auditsum_totals t = {total, blinding};
    struct ska_error err = {0};
    const struct ska_slice ok = {share[0], SUM_BYTES};
    ck_assert_status(ska_auditsum.unshard(&t, c, ok, (struct ska_slice){part, SUM_BYTES}, &err),
                     SKA_E_ENCODING);
    ck_assert_msg(strstr(err.text, "helper") != NULL, "%s", err.text);
    ska_error_clear(&err);
    ck_assert_status(ska_auditsum.unshard(&t, c, (struct ska_slice){part, SUM_BYTES - 1}, ok, &err),
                     SKA_E_TRUNCATED);
    ck_assert_msg(strstr(err.text, "leader") != NULL, "%s", err.text);
}
END_TEST

/* The leaf's bytes, written down by hand. */
START_TEST(a_leaf_binds_label_cell_and_both_numbers)
{
    uint8_t xr[64];
    for (uint8_t i = 0; i < 64; i++)
        xr[i] = i;
    uint8_t bytes[1 + 23 + 4 + 64] = {23};
    memcpy(bytes + 1, "skarva-1 aggregate leaf", 23);
    bytes[26] = 1; /* cell 258, big-endian */
    bytes[27] = 2;
    memcpy(bytes + 28, xr, 64);
    uint8_t want[32];
    uint8_t got[32];
    ska_merkle_leaf(want, bytes, sizeof bytes);
    ska_aggregate_leaf(got, 258, xr);
    ck_assert_mem_eq(got, want, sizeof got);
}
END_TEST

START_TEST(every_cell_has_a_path_to_the_root_and_no_other_place)
{
    uint8_t(*leaves)[SKA_HASH_BYTES];
    uint32_t n;
    uint8_t root[32];
    ck_assert_status(ska_aggregate_leaves(&leaves, &n, (struct ska_slice){share[0], SUM_BYTES}),
                     SKA_OK);
    ck_assert_status(ska_aggregate_root(root, (struct ska_slice){share[0], SUM_BYTES}), SKA_OK);
    ck_assert_uint_eq(n, WORLD_CELLS);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
        const uint8_t(*p)[SKA_HASH_BYTES] = (const uint8_t(*)[SKA_HASH_BYTES])path;
        size_t len;
        ska_merkle_path(path, &len, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n, i);
        for (uint32_t j = 0; j < n; j++) {
            uint8_t leaf[32];
            ska_aggregate_leaf(leaf, j, share[0] + (size_t)j * 64);
            ck_assert_status(ska_merkle_verify(root, leaf, i, n, p, len),
                             i == j ? SKA_OK : SKA_E_MISMATCH);
        }
        uint8_t moved[32]; /* the right numbers under another cell's index */
        ska_aggregate_leaf(moved, (i + 1) % n, share[0] + (size_t)i * 64);
        ck_assert_status(ska_merkle_verify(root, moved, i, n, p, len), SKA_E_MISMATCH);
    }
    free(leaves);
    shift(0, 2, 1);
    uint8_t other[32];
    ck_assert_status(ska_aggregate_root(other, (struct ska_slice){share[0], SUM_BYTES}), SKA_OK);
    ck_assert_mem_ne(root, other, sizeof root);
}
END_TEST

START_TEST(a_root_needs_whole_cells_and_not_too_many)
{
    uint8_t root[32];
    ck_assert_status(ska_aggregate_root(root, (struct ska_slice){share[0], 0}), SKA_E_TRUNCATED);
    ck_assert_status(ska_aggregate_root(root, (struct ska_slice){share[0], 63}), SKA_E_TRUNCATED);
    ck_assert_status(ska_aggregate_root(root, (struct ska_slice){share[0], 65}), SKA_E_TRUNCATED);
    ck_assert_status(ska_aggregate_root(
                         root, (struct ska_slice){share[0], 64 * (size_t)(SKA_AGGREGATE_MAX + 1)}),
                     SKA_E_LIMIT);
}
END_TEST

START_TEST(the_roots_signature_holds_for_every_field_as_it_was)
{
    const uint8_t *task = w.config[0].task.task_id;
    const uint8_t *key = w.aggregator[0].public_key;
    uint8_t accepted[32] = {1};
    uint8_t root[32];
    uint8_t s[64];
    uint8_t other[32] = {2};
    ck_assert_status(ska_aggregate_root(root, (struct ska_slice){share[0], SUM_BYTES}), SKA_OK);
    ck_assert_status(ska_aggregate_root_sign(s, &w.aggregator[0], task, SKA_ROLE_LEADER, accepted,
                                             WORLD_CELLS, root),
                     SKA_OK);
    const struct {
        const uint8_t *key, *task, *accepted, *root;
        enum ska_role role;
        uint32_t n_cells;
        enum ska_status want;
    } cases[] = {
        {key, task, accepted, root, SKA_ROLE_LEADER, WORLD_CELLS, SKA_OK},
        {w.aggregator[1].public_key, task, accepted, root, SKA_ROLE_LEADER, WORLD_CELLS,
         SKA_E_SIGNATURE},
        {key, other, accepted, root, SKA_ROLE_LEADER, WORLD_CELLS, SKA_E_SIGNATURE},
        {key, task, other, root, SKA_ROLE_LEADER, WORLD_CELLS, SKA_E_SIGNATURE},
        {key, task, accepted, other, SKA_ROLE_LEADER, WORLD_CELLS, SKA_E_SIGNATURE},
        {key, task, accepted, root, SKA_ROLE_HELPER, WORLD_CELLS, SKA_E_SIGNATURE},
        {key, task, accepted, root, SKA_ROLE_LEADER, WORLD_CELLS + 1, SKA_E_SIGNATURE},
    };
    for (size_t i = 0; i < N_OF(cases); i++)
        ck_assert_status(ska_aggregate_root_verify(s, cases[i].key, cases[i].task, cases[i].role,
                                                   cases[i].accepted, cases[i].n_cells,
                                                   cases[i].root),
                         cases[i].want);
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("auditsum sum");
    TCase *t = tcase_create("sum");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, shares_open_the_sums_of_their_commitments_apart_and_together);
    tcase_add_test(t, a_wrong_sum_does_not_open_and_names_its_aggregator);
    tcase_add_test(t, sums_that_compensate_between_the_aggregators_do_not_open);
    tcase_add_test(t, swapped_cells_and_swapped_shares_do_not_open);
    tcase_add_test(t, openings_must_be_canonical);
    tcase_add_test(t, commitments_that_are_no_points_leave_the_sum_as_it_was);
    tcase_add_test(t, a_sum_that_is_no_number_is_refused_and_named);
    tcase_add_test(t, malformed_shares_are_refused_and_nothing_is_added);
    tcase_add_test(t, a_leaf_binds_label_cell_and_both_numbers);
    tcase_add_test(t, every_cell_has_a_path_to_the_root_and_no_other_place);
    tcase_add_test(t, a_root_needs_whole_cells_and_not_too_many);
    tcase_add_test(t, the_roots_signature_holds_for_every_field_as_it_was);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
