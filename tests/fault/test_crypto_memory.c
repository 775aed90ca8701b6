/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_crypto_memory.c - crypto/ without memory: every allocation of every function fails in turn.
 *
 * Each time the status is SKA_E_MEMORY, the outputs are as they were, and nothing leaks; with
 * memory back, the same call succeeds.
 */
#include "crypto/secret.h"

#include "tests/fault/fault.h"

#include "tests/unit/crypto/auditsum_world.h"

#define N_REPORTS 3
#define FAULTS_MAX 2000

static struct world w;
static struct report reports[N_REPORTS];

static void setup(void)
{
    world_init(&w);
    for (uint32_t i = 0; i < N_REPORTS; i++) {
        reports[i] = report_make(&w, i, 1, i, 2);
        for (int agg = 0; agg < 2; agg++) /* generators and tables are cached from here on */
            ck_assert_status(report_verdict(&reports[i], &w, agg), SKA_OK);
    }
}

static void teardown(void)
{
    for (size_t i = 0; i < N_REPORTS; i++)
        report_clear(&reports[i]);
}

/*
 * What is tried. `run` may be called again after a failure, and looks itself that outputs did not
 * change. It must not assert while memory fails, since libcheck allocates for every assertion: what
 * it sees broken it notes.
 */
struct attempt {
    const char *name;
    enum ska_status (*run)(void);
};

static const char *broken; /* the first promise that was not kept */

#define promise(condition)                  \
    do {                                    \
        if (!(condition) && broken == NULL) \
            broken = #condition;            \
    } while (0)

static enum ska_status run_writer(void)
{
    struct ska_writer out = {0};
    for (uint32_t i = 0; i < 1000; i++)
        ska_write_u32(&out, i);
    const enum ska_status status = ska_writer_status(&out);
    promise((status == SKA_OK) == (out.len == 4000));
    for (size_t i = 0; i < out.len / 4; i++) /* what was written before the fault is whole */
        promise(((uint32_t)out.data[4 * i + 2] << 8 | out.data[4 * i + 3]) == i);
    uint8_t *data = NULL;
    size_t len = 7;
    enum ska_status taken = ska_writer_take(&data, &len, &out);
    promise((taken == SKA_OK) == (data != NULL));
    promise(status == SKA_OK || taken == status);
    promise(taken == SKA_OK || len == 7);
    free(data);
    return taken;
}

static enum ska_status run_take_empty(void)
{
    struct ska_writer out = {0};
    uint8_t *data = NULL;
    size_t len = 7;
    enum ska_status status = ska_writer_take(&data, &len, &out);
    promise((status == SKA_OK) == (data != NULL));
    free(data);
    return status;
}

static enum ska_status run_shard(void)
{
    const uint64_t counts[WORLD_CELLS] = {3, 4, 7, 1};
    struct report r;
    enum ska_status status = report_try(&r, &w, 1, 5, counts);
    struct ska_writer *const out[] = {&r.public_share, &r.input[0], &r.input[1]};
    for (size_t i = 0; i < N_OF(out); i++) {
        promise((out[i]->len > 0) == (status == SKA_OK));
        promise((out[i]->data != NULL) == (status == SKA_OK));
    }
    report_clear(&r);
    return status;
}

/* All reports at once, one of them bad: a shortage must not be mistaken for a verdict. */
static enum ska_status run_verify_init(int agg)
{
    struct ska_vdaf_verification v[N_REPORTS];
    for (size_t i = 0; i < N_REPORTS; i++)
        v[i] = report_view(&reports[i], agg);
    v[1].nonce[0] ^= 1;
    enum ska_status status = ska_auditsum.verify_init(v, N_REPORTS, &w.config[agg], agg);
    for (size_t i = 0; i < N_REPORTS; i++) {
        const bool verified = status == SKA_OK && i != 1;
        promise((v[i].state != NULL) == verified);
        promise((v[i].verifier_share != NULL) == verified);
        promise(v[i].status == (status != SKA_OK ? SKA_E_BUG /* preset */
                                : i == 1         ? SKA_E_SIGNATURE
                                                 : SKA_OK));
        ska_auditsum.verification_clear(&v[i]);
    }
    return status;
}

static enum ska_status run_verify_leader(void)
{
    return run_verify_init(0);
}

static enum ska_status run_verify_helper(void)
{
    return run_verify_init(1);
}

/* The message and the end of a verification that begins once, in the first call, with memory. */
static enum ska_status run_finish(void)
{
    static struct ska_vdaf_verification v[2];
    for (int agg = 0; agg < 2 && v[agg].state == NULL; agg++) {
        v[agg] = report_view(&reports[0], agg);
        ck_assert_status(ska_auditsum.verify_init(&v[agg], 1, &w.config[agg], agg), SKA_OK);
    }
    struct ska_writer message = {0};
    struct ska_writer out = {0};
    enum ska_status status = ska_auditsum.verify_message(
        &message, &w.config[1], &v[1],
        (struct ska_slice){v[0].verifier_share, v[0].verifier_share_len},
        (struct ska_slice){v[1].verifier_share, v[1].verifier_share_len});
    promise((message.len == 128) == (status == SKA_OK));
    if (status == SKA_OK)
        status = ska_auditsum.verify_next(&out, &w.config[0], &v[0],
                                          (struct ska_slice){message.data, message.len});
    promise((out.len > 0) == (status == SKA_OK));
    ska_writer_clear(&message);
    ska_writer_clear(&out);
    return status;
}

static struct ska_slice share_bytes(size_t i)
{
    return (struct ska_slice){reports[i].public_share.data, reports[i].public_share.len};
}

/* The first one is bad: a shortage later on must still be told as one. */
static enum ska_status run_audit(void)
{
    struct ska_slice shares[N_REPORTS];
    enum ska_status status[N_REPORTS];
    for (size_t i = 0; i < N_REPORTS; i++)
        shares[i] = share_bytes(i);
    shares[0].len--;
    enum ska_status all = ska_public_shares_verify(status, shares, N_REPORTS, &w.config[2]);
    if (all != SKA_E_TRUNCATED)
        return all;
    for (size_t i = 0; i < N_REPORTS; i++)
        promise(status[i] == (i == 0 ? SKA_E_TRUNCATED : SKA_OK));
    return SKA_OK;
}

static enum ska_status run_public_share(void)
{
    struct ska_public_share share = {.number = 77};
    size_t len = 77;
    enum ska_status status = ska_public_share_length(&len, &w.statement);
    if (status != SKA_OK) {
        promise(len == 77);
        return status;
    }
    status = ska_public_share_decode(&share, share_bytes(0), &w.statement);
    if (status != SKA_OK) {
        promise(share.number == 77);
        return status;
    }
    return ska_public_share_authenticate(&share, &w.config[2], reports[0].nonce);
}

static enum ska_status run_sums(void)
{
    struct ska_public_share share;
    ska_point sum[WORLD_CELLS];
    uint8_t root[SKA_HASH_BYTES] = {9};
    const uint8_t aggregate[WORLD_CELLS * 64] = {0};
    for (size_t i = 0; i < WORLD_CELLS; i++)
        ska_point_set_identity(&sum[i]);
    SKA_TRY(ska_public_share_decode(&share, share_bytes(0), &w.statement));
    enum ska_status status = ska_commitments_add(sum, &share, WORLD_CELLS, SKA_ROLE_LEADER);
    for (size_t i = 0; i < WORLD_CELLS; i++)
        promise(ska_point_is_identity(&sum[i]) == (status != SKA_OK));
    if (status != SKA_OK)
        return status;
    status = ska_aggregate_root(root, (struct ska_slice){aggregate, sizeof aggregate});
    promise(status == SKA_OK || root[0] == 9);
    return status;
}

static enum ska_status run_sign(void)
{
    static const struct ska_log_entry entry = {.period = "2025", .number = 1};
    uint8_t signature[SKA_SIGNATURE_BYTES] = {0};
    enum ska_status status = ska_log_entry_sign(signature, &w.aggregator[0], &entry);
    promise(ska_ct_is_zero(signature, sizeof signature) == (status != SKA_OK));
    return status == SKA_OK ? ska_log_entry_verify(signature, w.aggregator[0].public_key, &entry)
                            : status;
}

/* The search for the bad one of four proofs, which are made once, in the first call. */
static enum ska_status run_batch(void)
{
    enum { N = 4, BAD = 2, LEN = 352 };
    static const uint64_t bound = 3;
    static const uint64_t x = 2;
    static uint8_t proof[N][LEN];
    static bool made;
    struct ska_transcript t;
    ska_point v;
    ska_scalar two = ska_scalar_from_u64(x);
    ska_commit(&v, &two, &ska_scalar_one);
    const struct ska_proof_values values = {1, &bound, &v};
    struct ska_proof_job jobs[N];
    ska_transcript_init(&t);
    for (size_t i = 0; i < N; i++) {
        struct ska_transcript own = t;
        if (!made)
            SKA_TRY(ska_proof_prove(proof[i], LEN, &own, &values, &x, &ska_scalar_one));
        jobs[i] = (struct ska_proof_job){
            .proof = proof[i], .proof_len = LEN, .transcript = t, .values = values};
    }
    if (!made)
        proof[BAD][LEN - 64] ^= 1;
    made = true;
    enum ska_status status = ska_proof_verify_batch(jobs, N);
    if (status != SKA_E_PROOF)
        return status;
    for (size_t i = 0; i < N; i++)
        promise(jobs[i].status == (i == BAD ? SKA_E_PROOF : SKA_OK));
    return SKA_OK;
}

static const struct attempt attempts[] = {
    {"a growing writer", run_writer},
    {"taking an empty message", run_take_empty},
    {"shard", run_shard},
    {"verify_init, leader", run_verify_leader},
    {"verify_init, helper", run_verify_helper},
    {"verify_message and verify_next", run_finish},
    {"public shares, for auditors", run_audit},
    {"one public share", run_public_share},
    {"sums of commitments and the root", run_sums},
    {"signing and verifying", run_sign},
    {"a batch with a bad proof", run_batch},
};

static void exhaust(const struct attempt *a, enum fault_mode mode)
{
    ck_assert_status(a->run(), SKA_OK); /* so that what is made once is made */
    size_t n_faults = 0;
    for (size_t n = 0; n < FAULTS_MAX; n++) {
        const long before = fault_live();
        fault_arm(n, mode);
        const enum ska_status status = a->run();
        const size_t struck = fault_disarm();
        const long leaked = fault_live() - before;
        n_faults += struck > 0;
        ck_assert_msg(status == (struck > 0 ? SKA_E_MEMORY : SKA_OK), "%s, allocation %zu: %s",
                      a->name, n, ska_status_name(status));
        ck_assert_msg(broken == NULL, "%s, allocation %zu: not %s", a->name, n, broken);
        ck_assert_msg(leaked == 0, "%s, allocation %zu: %ld blocks leak", a->name, n, leaked);
        if (struck == 0)
            break;
    }
    printf("%s: %zu allocations failed in turn\n", a->name, n_faults);
    fflush(stdout);
    ck_assert_msg(n_faults > 0, "%s allocates nothing: nothing was tested", a->name);
    ck_assert_msg(n_faults < FAULTS_MAX, "%s never succeeded", a->name);
    ck_assert_status(a->run(), SKA_OK);
}

START_TEST(one_failed_allocation_is_a_status_and_nothing_else)
{
    exhaust(&attempts[_i], SKA_FAULT_ONCE);
}
END_TEST

START_TEST(no_memory_from_some_point_on_is_a_status_and_nothing_else)
{
    exhaust(&attempts[_i], SKA_FAULT_FOREVER);
}
END_TEST

/* In a process of its own, where nothing is cached yet. */
START_TEST(generators_can_be_made_when_memory_is_back)
{
    const uint64_t counts[WORLD_CELLS] = {3, 4, 7, 1};
    size_t n_faults = 0;
    for (size_t n = 0; n < 2; n++) { /* neither of the two lists, then the first only */
        fault_arm(n, SKA_FAULT_FOREVER);
        enum ska_status status = ska_proof_generators_prepare(8);
        ck_assert_uint_eq(fault_disarm(), 2 - n);
        ck_assert_status(status, SKA_E_MEMORY);
    }
    world_init(&w);
    for (size_t n = 0;; n++) {
        struct report r;
        fault_arm(n, SKA_FAULT_ONCE);
        enum ska_status status = report_try(&r, &w, 0, 1, counts);
        const size_t struck = fault_disarm();
        n_faults += struck;
        ck_assert_status(status, struck > 0 ? SKA_E_MEMORY : SKA_OK);
        if (struck > 0)
            continue;
        for (int agg = 0; agg < 2; agg++)
            ck_assert_status(report_verdict(&r, &w, agg), SKA_OK);
        report_clear(&r);
        break;
    }
    ck_assert_uint_gt(n_faults, 10);
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("crypto without memory");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, one_failed_allocation_is_a_status_and_nothing_else, 0,
                        (int)N_OF(attempts));
    tcase_add_loop_test(t, no_memory_from_some_point_on_is_a_status_and_nothing_else, 0,
                        (int)N_OF(attempts));
    suite_add_tcase(suite, t);
    TCase *fresh = tcase_create("fresh");
    tcase_set_timeout(fresh, 120);
    if (test_may_abort("generators_can_be_made_when_memory_is_back"))
        tcase_add_test(fresh, generators_can_be_made_when_memory_is_back);
    suite_add_tcase(suite, fresh);
    return test_run(suite);
}
