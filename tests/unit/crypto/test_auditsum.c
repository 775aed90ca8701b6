/* SPDX-License-Identifier: EUPL-1.2 */
/* test_auditsum.c - the life of a report through the VDAF table, from counts to totals. */
#include "crypto/vdaf.h"

#include "tests/unit/crypto/auditsum_world.h"

static const struct ska_vdaf *vdaf(void)
{
    return ska_vdaf_find(SKA_VDAF_AUDITSUM);
}

/* Verify one report at both aggregators, exchange messages, and add it to both aggregate shares. */
static void live(uint8_t (*sum)[WORLD_CELLS * 64], const struct world *w, const struct report *r)
{
    struct ska_vdaf_verification v[2] = {report_view(r, 0), report_view(r, 1)};
    for (int agg = 0; agg < 2; agg++) {
        ck_assert_status(vdaf()->verify_init(&v[agg], 1, &w->config[agg], agg), SKA_OK);
        ck_assert_status(v[agg].status, SKA_OK);
    }
    struct ska_writer message = {0};
    ck_assert_status(
        vdaf()->verify_message(&message, &w->config[1], &v[1],
                               (struct ska_slice){v[0].verifier_share, v[0].verifier_share_len},
                               (struct ska_slice){v[1].verifier_share, v[1].verifier_share_len}),
        SKA_OK);
    for (int agg = 0; agg < 2; agg++) {
        struct ska_writer out = {0};
        ck_assert_status(vdaf()->verify_next(&out, &w->config[agg], &v[agg],
                                             (struct ska_slice){message.data, message.len}),
                         SKA_OK);
        ck_assert_status(vdaf()->aggregate(sum[agg], vdaf()->aggregate_len(&w->config[agg]),
                                           &w->config[agg], (struct ska_slice){out.data, out.len}),
                         SKA_OK);
        ska_writer_clear(&out);
        vdaf()->verification_clear(&v[agg]);
        vdaf()->verification_clear(&v[agg]);
    }
    ska_writer_clear(&message);
}

START_TEST(the_table_knows_its_vdafs_by_codepoint)
{
    ck_assert_ptr_eq(ska_vdaf_find(SKA_VDAF_AUDITSUM), &ska_auditsum);
    ck_assert_uint_ge(ska_auditsum.type, 0xFFFF0000u); /* private use */
    ck_assert_ptr_null(ska_vdaf_find(0));
    ck_assert_ptr_null(ska_vdaf_find(SKA_VDAF_AUDITSUM + 1));
}
END_TEST

START_TEST(totals_are_the_sums_of_what_was_submitted)
{
    test_seed("totals_are_the_sums_of_what_was_submitted");
    struct world w;
    world_init(&w);
    uint8_t sum[2][WORLD_CELLS * 64] = {{0}};
    uint64_t want[WORLD_CELLS] = {0};
    ck_assert_uint_eq(vdaf()->aggregate_len(&w.config[0]), sizeof sum[0]);
    for (uint32_t i = 0; i < WORLD_CONTRIBUTORS; i++) {
        /* first the extremes, then anything */
        uint64_t women = i == 0 ? WORLD_BOUND : i == 1 ? 0 : test_random() % WORLD_BOUND;
        uint64_t men = i == 0 ? 0 : i == 1 ? 0 : test_random() % (WORLD_BOUND - women + 1);
        struct report r = report_make(&w, i, 1 + i, women, men);
        live(sum, &w, &r);
        report_clear(&r);
        want[0] += women;
        want[1] += men;
        want[2] += women + men;
        want[3] += 1;
    }
    uint64_t total[WORLD_CELLS] = {0};
    ska_scalar blinding[WORLD_CELLS];
    struct ska_auditsum_totals totals = {total, blinding};
    ck_assert_status(vdaf()->unshard(&totals, &w.config[2],
                                     (struct ska_slice){sum[0], sizeof sum[0]},
                                     (struct ska_slice){sum[1], sizeof sum[1]}, NULL),
                     SKA_OK);
    for (size_t i = 0; i < WORLD_CELLS; i++)
        ck_assert_uint_eq(total[i], want[i]);
}
END_TEST

START_TEST(two_shardings_of_the_same_counts_share_nothing)
{
    struct world w;
    world_init(&w);
    struct report a = report_make(&w, 0, 1, 3, 4);
    struct report b = report_make(&w, 0, 1, 3, 4);
    for (size_t i = 0; i < WORLD_CELLS; i++) {
        for (size_t j = 0; j < WORLD_CELLS; j++) {
            for (int agg = 0; agg < 2; agg++)
                ck_assert_mem_ne(report_commitment(&a, agg, i), report_commitment(&b, agg, j), 32);
            ck_assert_mem_ne(report_commitment(&a, 0, i), report_commitment(&a, 1, j), 32);
        }
    }
    ck_assert_mem_ne(a.input[0].data, b.input[0].data, 32);
    ck_assert_mem_ne(a.input[1].data, b.input[1].data, 32);
    report_clear(&a);
    report_clear(&b);
}
END_TEST

/* The blindings must not follow from the helper's seed: with the seed fixed, and everything else
 * from the operating system, the commitments' sum V1 + V2 still differs. */
static int n_draws;

static void fix_the_seed_only(uint8_t *out, size_t len)
{
    if (len == SKA_SEED_BYTES) {
        memset(out, 0x11, len);
        n_draws++;
        return;
    }
    ska_random_replace_for_test(NULL);
    ska_random(out, len);
    ska_random_replace_for_test(fix_the_seed_only);
}

START_TEST(blindings_do_not_come_from_the_seed)
{
    struct world w;
    world_init(&w);
    struct report r[2];
    ska_random_replace_for_test(fix_the_seed_only);
    for (int k = 0; k < 2; k++)
        r[k] = report_make(&w, 0, 1, 3, 4);
    ska_random_replace_for_test(NULL);
    ck_assert_int_ge(n_draws, 2);
    ck_assert_mem_eq(r[0].input[1].data, r[1].input[1].data, SKA_SEED_BYTES);
    for (size_t i = 0; i < WORLD_CELLS; i++) {
        ck_assert_mem_eq(report_commitment(&r[0], 1, i), report_commitment(&r[1], 1, i), 32);
        ck_assert_mem_ne(report_commitment(&r[0], 0, i), report_commitment(&r[1], 0, i), 32);
    }
    report_clear(&r[0]);
    report_clear(&r[1]);
}
END_TEST

START_TEST(a_public_share_takes_apart_into_its_fields)
{
    struct world w;
    world_init(&w);
    struct report r = report_make(&w, 3, UINT64_C(0x0102030405060708), 3, 4);
    const struct ska_slice bytes = {r.public_share.data, r.public_share.len};
    size_t len = 0;
    ck_assert_status(ska_public_share_length(&len, &w.statement), SKA_OK);
    ck_assert_uint_eq(len, bytes.len);
    struct ska_public_share share;
    ck_assert_status(ska_public_share_decode(&share, bytes, &w.statement), SKA_OK);
    ck_assert_uint_eq(share.contributor, 3);
    ck_assert(share.number == UINT64_C(0x0102030405060708));
    ck_assert_ptr_eq(share.v1, bytes.data + 12);
    ck_assert_ptr_eq(share.v2, share.v1 + 32 * WORLD_CELLS);
    ck_assert_ptr_eq(share.proof.data, share.v2 + 32 * WORLD_CELLS);
    ck_assert_ptr_eq(share.signature, share.proof.data + share.proof.len);
    ck_assert_uint_eq(share.signed_part.len + 64, bytes.len);
    struct ska_log_entry entry;
    ska_public_share_entry(&entry, &share, &w.config[2].task, bytes);
    uint8_t hash[32];
    ska_sha256(hash, bytes.data, bytes.len);
    ck_assert_mem_eq(entry.sha256, hash, sizeof hash);
    ck_assert_mem_eq(entry.task_id, w.config[2].task.task_id, 32);
    ck_assert_str_eq(entry.period, "2025Q2");
    ck_assert_uint_eq(entry.length, bytes.len);
    ck_assert_uint_eq(entry.contributor, 3);
    report_clear(&r);
}
END_TEST

START_TEST(a_second_writing_of_the_algorithm_is_accepted)
{
    struct world w;
    world_init(&w);
    const uint64_t claimed[WORLD_VALUES] = {3, 4, 7, 1, 0, WORLD_BOUND - 7};
    ska_scalar x[WORLD_CELLS];
    for (size_t i = 0; i < WORLD_CELLS; i++)
        x[i] = ska_scalar_from_u64(claimed[i]);
    struct report r = report_dishonest(&w, 2, 9, x, claimed);
    for (int agg = 0; agg < 2; agg++)
        ck_assert_status(report_verdict(&r, &w, agg), SKA_OK);
    report_clear(&r);
}
END_TEST

static const struct {
    const char *name;
    uint32_t contributor;
    uint64_t number;
    uint64_t counts[WORLD_CELLS];
    enum ska_status want;
} shard_cases[] = {
    {"good", 0, 1, {1, 2, 3, 1}, SKA_OK},
    {"all zero, not answered", 0, 1, {0, 0, 0, 0}, SKA_OK},
    {"largest", 0, UINT64_MAX, {65535, 0, 65535, 1}, SKA_OK},
    {"one over the bound", 0, 1, {65536, 0, 65536, 1}, SKA_E_RANGE},
    {"far over the bound", 0, 1, {UINT64_MAX, 0, 1, 1}, SKA_E_RANGE},
    {"flag of two", 0, 1, {0, 0, 0, 2}, SKA_E_RANGE},
    {"sum one too small", 0, 1, {1, 2, 2, 1}, SKA_E_RULE},
    {"sum one too large", 0, 1, {1, 2, 4, 1}, SKA_E_RULE},
    {"counted but not answered", 0, 1, {1, 2, 3, 0}, SKA_E_RULE},
    {"number 0", 0, 0, {1, 2, 3, 1}, SKA_E_RANGE},
    {"not on the roster", WORLD_CONTRIBUTORS, 1, {1, 2, 3, 1}, SKA_E_ROSTER},
};

START_TEST(a_contributor_cannot_shard_what_would_be_refused)
{
    struct world w;
    world_init(&w);
    struct report r;
    enum ska_status got = report_try(&r, &w, shard_cases[_i].contributor, shard_cases[_i].number,
                                     shard_cases[_i].counts);
    ck_assert_msg(got == shard_cases[_i].want, "%s: %s", shard_cases[_i].name,
                  ska_status_name(got));
    const bool ok = shard_cases[_i].want == SKA_OK;
    ck_assert((r.public_share.len > 0) == ok);
    ck_assert((r.input[0].len > 0) == ok);
    ck_assert((r.input[1].len > 0) == ok);
    for (int agg = 0; ok && agg < 2; agg++)
        ck_assert_status(report_verdict(&r, &w, agg), SKA_OK);
    report_clear(&r);
}
END_TEST

START_TEST(input_shares_have_the_length_that_is_said)
{
    struct world w;
    world_init(&w);
    struct report r = report_make(&w, 0, 1, 3, 4);
    ck_assert_uint_eq(ska_auditsum_input_share_length(&w.statement, SKA_ROLE_LEADER),
                      r.input[0].len);
    ck_assert_uint_eq(ska_auditsum_input_share_length(&w.statement, SKA_ROLE_HELPER),
                      r.input[1].len);
    report_clear(&r);
}
END_TEST

START_TEST(a_key_that_is_not_the_rosters_shards_nothing)
{
    struct world w;
    world_init(&w);
    const uint64_t counts[WORLD_CELLS] = {1, 2, 3, 1};
    memcpy(w.roster[0], w.roster[1], sizeof w.roster[0]);
    struct report r;
    ck_assert_status(report_try(&r, &w, 0, 1, counts), SKA_E_ROSTER);
    ck_assert_uint_eq(r.public_share.len, 0);
}
END_TEST

/* A caller that did not check its statement: refused all the same, and nothing is left. */
START_TEST(a_statement_over_the_limits_has_no_submission)
{
    static uint64_t bound[SKA_CELLS_MAX];
    for (size_t i = 0; i < SKA_CELLS_MAX; i++)
        bound[i] = UINT64_MAX;
    const struct ska_statement no_cells = {.n_cells = 0, .bound = bound};
    const struct ska_statement many_cells = {.n_cells = SKA_CELLS_MAX + 1, .bound = bound};
    const struct ska_statement many_rules = {
        .n_cells = 1, .bound = bound, .n_rules = SKA_RULES_MAX + 1};
    const struct ska_statement many_bits = {.n_cells = SKA_CELLS_MAX, .bound = bound};
    const struct ska_statement *const all[] = {&no_cells, &many_cells, &many_rules, &many_bits};
    for (size_t i = 0; i < N_OF(all); i++) {
        size_t len = 7;
        ck_assert_status(ska_public_share_length(&len, all[i]), SKA_E_LIMIT);
        ck_assert_uint_eq(len, 7);
    }
    struct world w;
    world_init(&w);
    struct ska_statement wide = w.statement;
    wide.n_cells = SKA_PROOF_BITS_MAX / 64 + 1;
    wide.n_rules = 0;
    wide.bound = bound;
    w.config[2].statement = &wide;
    static const uint64_t counts[SKA_PROOF_BITS_MAX / 64 + 1];
    struct report r;
    ck_assert_status(report_try(&r, &w, 0, 1, counts), SKA_E_LIMIT);
    ck_assert_uint_eq(r.public_share.len, 0);
    ska_submission_layout_clear(NULL);
    ska_submission_batch_clear(NULL);
}
END_TEST

/* Any statement that passes its check, any counts that hold: random coefficients, constants and
 * widths, bounds that are no powers of two. The rules are made to hold by choosing their constant.
 */
START_TEST(random_statements_and_counts_are_accepted)
{
    test_seed("random_statements_and_counts_are_accepted");
    for (int round = 0; round < 10; round++) {
        struct world w;
        world_init(&w);
        uint64_t counts[WORLD_CELLS];
        for (size_t i = 0; i < WORLD_CELLS; i++) {
            w.bound[i] = 1 + test_random() % 1000;
            counts[i] = test_random() % (w.bound[i] + 1);
        }
        for (size_t k = 0; k < WORLD_RULES; k++) {
            int64_t value = 0;
            w.rules[k].n_terms = 2;
            for (uint32_t i = 0; i < 2; i++) {
                int64_t coefficient = (int64_t)(test_random() % 2000) - 1000;
                w.terms[k][i].cell = 2 * i + (uint32_t)(test_random() % 2);
                w.terms[k][i].coefficient = coefficient == 0 ? 1 : coefficient;
                value += w.terms[k][i].coefficient * (int64_t)counts[w.terms[k][i].cell];
            }
            w.rules[k].width = test_random() % 3 == 0 ? 0 : test_random() % 100000;
            w.rules[k].constant = (int64_t)(test_random() % (w.rules[k].width + 1)) - value;
        }
        struct report r;
        ck_assert_status(report_try(&r, &w, 1, 1, counts), SKA_OK);
        for (int agg = 0; agg < 2; agg++)
            ck_assert_status(report_verdict(&r, &w, agg), SKA_OK);
        report_clear(&r);
        w.rules[0].constant -= 1 + (int64_t)w.rules[0].width; /* now below zero */
        ck_assert_status(report_try(&r, &w, 1, 1, counts), SKA_E_RULE);
        report_clear(&r);
    }
}
END_TEST

START_TEST(what_is_proven_are_the_cells_bounds_and_then_the_rules_widths)
{
    struct world w;
    world_init(&w);
    w.bound[1] = 77;
    struct ska_submission_layout layout = {0};
    ck_assert_status(ska_submission_layout_init(&layout, &w.statement), SKA_OK);
    const uint64_t want[WORLD_VALUES] = {WORLD_BOUND, 77, WORLD_BOUND, 1, 0, WORLD_BOUND};
    ck_assert_uint_eq(layout.n_cells, WORLD_CELLS);
    ck_assert_uint_eq(layout.m, WORLD_VALUES);
    for (size_t i = 0; i < WORLD_VALUES; i++)
        ck_assert_uint_eq(layout.bound[i], want[i]);
    for (uint32_t i = 0; i < WORLD_CELLS; i++)
        ck_assert_uint_eq(layout.cells[i], i);
    ska_submission_layout_clear(&layout);
    ska_submission_layout_clear(&layout);
    w.statement.n_cells = 0;
    ck_assert_status(ska_submission_layout_init(&layout, &w.statement), SKA_E_LIMIT);
    w.statement.n_cells = SKA_CELLS_MAX + 1;
    ck_assert_status(ska_submission_layout_init(&layout, &w.statement), SKA_E_LIMIT);
}
END_TEST

/* The commitments, contributor and number; the task's part is tested with proof_context.h. */
START_TEST(the_transcript_hears_every_byte_of_the_commitments)
{
    struct world w;
    world_init(&w);
    uint8_t v[2][WORLD_CELLS * 32] = {{0}};
    struct ska_submission_layout layout = {0};
    struct ska_transcript t[3 + sizeof v];
    struct ska_public_share share = {.contributor = 1, .number = 2, .v1 = v[0], .v2 = v[1]};
    ck_assert_status(ska_submission_layout_init(&layout, &w.statement), SKA_OK);
    for (size_t i = 0; i < N_OF(t); i++) {
        share.contributor = i == 1 ? 3 : 1;
        share.number = i == 2 ? 4 : 2;
        if (i >= 3)
            v[(i - 3) / sizeof v[0]][(i - 3) % sizeof v[0]] = 1;
        ska_submission_transcript(&t[i], &w.config[2], &layout, &share, NULL);
        memset(v, 0, sizeof v);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(memcmp(t[i].state, t[j].state, 64) != 0, "%zu and %zu", i, j);
    }
    ska_submission_layout_clear(&layout);
}
END_TEST

/* A rule's value is computed modulo 2^128: what is 0 modulo 2^64 only must not pass for 0. */
START_TEST(a_rules_value_is_not_cut_to_sixty_four_bits)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        struct world w;
        world_init(&w);
        const uint64_t counts[WORLD_CELLS] = {4, 0, 0, 0};
        w.terms[0][0] = (struct ska_term){0, sign * (INT64_C(1) << 62)}; /* 2^64 or -2^64 */
        w.rules[0].n_terms = 1;
        w.statement.n_rules = 1;
        struct report r;
        for (uint64_t width = 0; width < 2; width++) {
            w.rules[0].width = width == 0 ? 0 : UINT64_MAX;
            ck_assert_status(report_try(&r, &w, 0, 1, counts), SKA_E_RULE);
        }
        const uint64_t zero[WORLD_CELLS] = {0};
        ck_assert_status(report_try(&r, &w, 0, 1, zero), SKA_OK);
        report_clear(&r);
    }
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("auditsum");
    TCase *t = tcase_create("auditsum");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_table_knows_its_vdafs_by_codepoint);
    tcase_add_test(t, totals_are_the_sums_of_what_was_submitted);
    tcase_add_test(t, two_shardings_of_the_same_counts_share_nothing);
    tcase_add_test(t, blindings_do_not_come_from_the_seed);
    tcase_add_test(t, a_public_share_takes_apart_into_its_fields);
    tcase_add_test(t, a_second_writing_of_the_algorithm_is_accepted);
    tcase_add_loop_test(t, a_contributor_cannot_shard_what_would_be_refused, 0,
                        (int)N_OF(shard_cases));
    tcase_add_test(t, input_shares_have_the_length_that_is_said);
    tcase_add_test(t, a_key_that_is_not_the_rosters_shards_nothing);
    tcase_add_test(t, a_statement_over_the_limits_has_no_submission);
    tcase_add_test(t, random_statements_and_counts_are_accepted);
    tcase_add_test(t, what_is_proven_are_the_cells_bounds_and_then_the_rules_widths);
    tcase_add_test(t, the_transcript_hears_every_byte_of_the_commitments);
    tcase_add_test(t, a_rules_value_is_not_cut_to_sixty_four_bits);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
