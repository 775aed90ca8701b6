/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_audit_memory.c - an audit without memory: every allocation of the audit of a good bundle
 * fails in turn, once or from then on.
 *
 * It never crashes and never leaks. It never says that the bundle is bad: what could not be decided
 * is not checked. It passes only if every check did its work all the same.
 */
#include "tests/fault/fault.h"

#include <string.h>

#include "audit/check.h"
#include "crypto/sign.h"

#include "tests/test.h"

#define FAULTS_MAX 5000

static uint8_t archive[1u << 18];
static size_t archive_len;
static struct trust trust;

static void setup(void)
{
    static const char *const names[TRUST_N] = {"publisher", "leader", "helper", "second"};
    ska_group_init();
    FILE *f = fopen("tests/fuzz/corpus/audit_bundle/good", "rbe");
    ck_assert_ptr_nonnull(f);
    archive_len = fread(archive, 1, sizeof archive, f);
    (void)fclose(f);
    for (size_t i = 0; i < TRUST_N; i++) { /* the keys of tests/tamper/make_bundle.c */
        char text[64];
        uint8_t seed[SKA_SIGN_SEED_BYTES];
        struct ska_signing_key key;
        int len = snprintf(text, sizeof text, "test key of %s 0", names[i]);
        ska_sha256(seed, text, (size_t)len);
        ck_assert_status(ska_signing_key_from_seed(&key, seed), SKA_OK);
        memcpy(trust.key[i], key.public_key, sizeof trust.key[i]);
    }
}

static void audit(struct finding findings[static N_CHECKS])
{
    struct evidence e = {.archive = {archive, archive_len}, .trust = &trust, .jobs = 1};
    check_all(findings, &e, NULL);
    evidence_clear(&e);
}

static size_t count(const struct finding findings[static N_CHECKS], enum outcome outcome)
{
    size_t n = 0;
    for (size_t i = 0; i < N_CHECKS; i++)
        n += findings[i].outcome == outcome ? 1u : 0u;
    return n;
}

START_TEST(without_memory_nothing_is_called_bad_and_nothing_leaks)
{
    static struct finding findings[N_CHECKS];
    enum fault_mode mode = _i == 0 ? SKA_FAULT_ONCE : SKA_FAULT_FOREVER;
    size_t n_faults = 1, n_undecided = 0, n = 0;
    audit(findings); /* what is made once for the process is made now */
    ck_assert(check_is_verdict_pass(findings));
    for (; n < FAULTS_MAX && n_faults > 0; n++) {
        long before = fault_live();
        fault_arm(n, mode);
        audit(findings);
        n_faults = fault_disarm();
        ck_assert_msg(fault_live() == before, "allocation %zu: %ld blocks leak", n,
                      fault_live() - before);
        for (size_t i = 0; i < N_CHECKS; i++)
            ck_assert_msg(findings[i].outcome != OUTCOME_FAIL, "allocation %zu: %s fails: %s", n,
                          check_table[i].id, findings[i].detail);
        n_undecided += count(findings, OUTCOME_NOT_CHECKED) > 0 ? 1u : 0u;
    }
    ck_assert_uint_eq(n_faults, 0);
    ck_assert(check_is_verdict_pass(findings));
    ck_assert_uint_gt(n_undecided, 50);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("audit memory");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 600);
    tcase_add_unchecked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, without_memory_nothing_is_called_bad_and_nothing_leaks, 0, 2);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
