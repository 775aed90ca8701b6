/* SPDX-License-Identifier: EUPL-1.2 */
/* test_proof_batch.c - many proofs at once: all good, some bad and named, and two that cancel. */
#include "crypto/proof.h"
#include "crypto/proof_sum.h"
#include "crypto/random.h"
#include "crypto/scoped.h"

#include "tests/unit/crypto/proof_case.h"

#define MANY 290

struct batch {
    struct proof_case c[MANY];
    struct ska_proof_job jobs[MANY];
    size_t n;
};

static struct batch *batch_new(size_t n)
{
    struct batch *b = calloc(1, sizeof *b);
    ck_assert(b != NULL);
    b->n = n;
    for (size_t i = 0; i < n; i++) {
        case_init(&b->c[i], 1 + i % 3, 1 + i % 7); /* different shapes in one batch */
        ck_assert(case_prove(&b->c[i]) == SKA_OK);
    }
    return b;
}

static enum ska_status batch_verify(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->jobs[i] = (struct ska_proof_job){.proof = b->c[i].proof,
                                            .proof_len = b->c[i].proof_len,
                                            .transcript = b->c[i].context,
                                            .values = b->c[i].values,
                                            .status = SKA_E_BUG};
    }
    return ska_proof_verify_batch(b->jobs, b->n);
}

/* Whether exactly the jobs in `bad` are refused, with what one by one says. */
static void expect_bad(struct batch *b, const size_t *bad, size_t n_bad)
{
    ck_assert(batch_verify(b) == (n_bad == 0 ? SKA_OK : SKA_E_PROOF));
    for (size_t i = 0; i < b->n; i++) {
        bool want_bad = false;
        for (size_t k = 0; k < n_bad; k++)
            want_bad = want_bad || bad[k] == i;
        ck_assert_msg((b->jobs[i].status != SKA_OK) == want_bad, "job %zu: %s", i,
                      ska_status_name(b->jobs[i].status));
        ck_assert(b->jobs[i].status == case_verify(&b->c[i]));
        ck_assert_mem_eq(b->jobs[i].transcript.state, b->c[i].context.state, 64);
    }
}

static void spoil(struct proof_case *c) /* a: another number, still canonical */
{
    c->proof[c->proof_len - 64] ^= 1;
}

START_TEST(batches_of_good_proofs_hold)
{
    static const size_t sizes[] = {0, 1, 2, 3, 17};
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(sizes[_i]);
    expect_bad(b, NULL, 0);
}
END_TEST

START_TEST(every_position_of_one_bad_proof_is_found)
{
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(11);
    for (size_t i = 0; i < 11; i++) {
        spoil(&b->c[i]);
        expect_bad(b, &i, 1);
        spoil(&b->c[i]);
    }
}
END_TEST

START_TEST(one_bad_in_many_is_named)
{
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(MANY);
    expect_bad(b, NULL, 0);
    static const size_t bad[] = {211};
    spoil(&b->c[211]);
    expect_bad(b, bad, 1);
}
END_TEST

START_TEST(all_bad_ones_are_named_for_their_own_fault)
{
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(20);
    static const size_t bad[] = {0, 3, 4, 9, 10, 19};
    spoil(&b->c[0]);
    b->c[3].proof[31] |= 0x80;          /* not canonical */
    b->c[4].proof_len--;                /* too short */
    b->c[9].proof_len++;                /* too long */
    memset(b->c[10].proof + 32, 0, 32); /* the identity */
    b->c[19].context.state[0] ^= 1;     /* another context */
    expect_bad(b, bad, 6);
    ck_assert(b->jobs[3].status == SKA_E_ENCODING);
    ck_assert(b->jobs[4].status == SKA_E_TRUNCATED);
    ck_assert(b->jobs[9].status == SKA_E_TRAILING);
}
END_TEST

START_TEST(a_batch_of_only_bad_proofs_is_all_named)
{
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(9);
    static const size_t bad[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    for (size_t i = 0; i < 9; i++)
        spoil(&b->c[i]);
    expect_bad(b, bad, 9);
    for (size_t i = 0; i < 9; i++)
        b->c[i].proof_len = 0; /* not one can be parsed */
    expect_bad(b, bad, 9);
}
END_TEST

/* Add to b, the last number of a proof, which enters no challenge: the sum is linear in it. */
static void shift_b(struct proof_case *c, ska_scalar by)
{
    uint8_t *wire = c->proof + c->proof_len - 32;
    ska_scalar b;
    ck_assert(ska_scalar_decode(&b, wire) == SKA_OK);
    ska_scalar_add(&b, &b, &by);
    ska_scalar_encode(wire, &b);
}

static void same_bytes(uint8_t *out, size_t len)
{
    memset(out, 0x11, len);
}

/*
 * Two proofs of the same shape in the same transcript state differ from a good one by opposite
 * amounts: with equal weights the errors would add up to nothing.
 */
START_TEST(two_bad_proofs_that_cancel_are_refused)
{
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(2);
    ska_scalar one = ska_scalar_one;
    ska_scalar minus_one;
    ska_scalar_neg(&minus_one, &one);
    b->c[1] = b->c[0]; /* the same proof twice, then one a little more, one a little less */
    b->c[1].values = (struct ska_proof_values){b->c[1].m, b->c[1].bound, b->c[1].v};
    shift_b(&b->c[0], one);
    shift_b(&b->c[1], minus_one);
    static const size_t bad[] = {0, 1};
    expect_bad(b, bad, 2);
    for (size_t i = 0; i < b->n; i++)
        b->jobs[i].status = SKA_E_BUG;
    ska_random_replace_for_test(same_bytes); /* weights that everyone can foresee */
    ck_assert_msg(ska_proof_verify_batch(b->jobs, 2) == SKA_OK,
                  "the two errors were meant to cancel under equal weights");
    ska_random_replace_for_test(NULL);
    expect_bad(b, bad, 2);
}
END_TEST

static int weight_calls;

static void count_weights(uint8_t *out, size_t len)
{
    weight_calls++;
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)property_u64();
}

START_TEST(two_fresh_weights_are_drawn_for_each_proof_each_time)
{
    SKA_SCOPED(ska_scoped_free) struct batch *b = batch_new(5);
    ska_random_replace_for_test(count_weights);
    ck_assert(batch_verify(b) == SKA_OK);
    ck_assert_int_eq(weight_calls, 10);
    ck_assert(batch_verify(b) == SKA_OK);
    ck_assert_int_eq(weight_calls, 20);
    ska_random_replace_for_test(NULL);
}
END_TEST

/*
 * More terms than are multiplied at once: `m` values of bound 0 whose commitments are the identity,
 * the commitment to 0 with blinding 0.
 */
START_TEST(batches_larger_than_a_portion_are_still_one_batch)
{
    static const struct {
        size_t m, n;
    } sizes[] = {{60000, 3}, {SKA_SUM_TERMS + 1, 1}};
    size_t m = sizes[_i].m;
    size_t n = sizes[_i].n;
    SKA_SCOPED(ska_scoped_free) uint64_t *zeros = calloc(m, sizeof *zeros);
    SKA_SCOPED(ska_scoped_free) ska_scalar *r = calloc(m, sizeof *r);
    SKA_SCOPED(ska_scoped_free) ska_point *v = calloc(m, sizeof *v);
    uint8_t proof[3][288];
    struct ska_proof_job jobs[3];
    struct ska_transcript t;
    ck_assert(zeros != NULL && r != NULL && v != NULL);
    for (size_t j = 0; j < m; j++)
        ska_point_set_identity(&v[j]);
    const struct ska_proof_values values = {m, zeros, v};
    ska_transcript_init(&t);
    for (size_t i = 0; i < n; i++) {
        struct ska_transcript own = t;
        ck_assert(ska_proof_prove(proof[i], 288, &own, &values, zeros, r) == SKA_OK);
        jobs[i] = (struct ska_proof_job){
            .proof = proof[i], .proof_len = 288, .transcript = t, .values = values};
    }
    ck_assert(ska_proof_verify_batch(jobs, n) == SKA_OK);
    v[m - 1] = *ska_group_g(); /* the last value of every proof is now 1 */
    ck_assert(ska_proof_verify_batch(jobs, n) == SKA_E_PROOF);
    for (size_t i = 0; i < n; i++)
        ck_assert(jobs[i].status == SKA_E_PROOF);
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_loop_test(tc, batches_of_good_proofs_hold, 0, 5);
    tcase_add_test(tc, every_position_of_one_bad_proof_is_found);
    tcase_add_test(tc, one_bad_in_many_is_named);
    tcase_add_test(tc, all_bad_ones_are_named_for_their_own_fault);
    tcase_add_test(tc, a_batch_of_only_bad_proofs_is_all_named);
    tcase_add_test(tc, two_bad_proofs_that_cancel_are_refused);
    tcase_add_loop_test(tc, batches_larger_than_a_portion_are_still_one_batch, 0, 2);
    tcase_add_test(tc, two_fresh_weights_are_drawn_for_each_proof_each_time);
}

int main(void)
{
    return property_main("proof_batch", fill);
}
