/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctime_proof.c - no branch and no address in scalars, commitments and the prover depends on a
 * secret.
 *
 * tests/ctime/test_ctime.sh runs it twice under memcheck: as it is, which must report nothing, and
 * with --leak, which must be reported.
 *
 * Secrets are marked as undefined memory; memcheck reports whatever is decided by them. With --leak
 * the secrets go to functions that take variable time, which shows that the check can fail. Run
 * without valgrind, or built otherwise, it tests nothing and says so (status 3).
 */
#include "crypto/msm.h"
#include "crypto/proof.h"
#include "crypto/proof_bits.h"

#include "tests/ctime/ctime.h"

#define N_TERMS 5
#define N_VALUES 4

static void require(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "ctime_proof: %s\n", what);
    exit(2);
}

/* Repeatable, and as secret as the system's. */
static void secret_bytes(uint8_t *out, size_t len)
{
    static uint64_t state = 1;
    for (size_t i = 0; i < len; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        out[i] = (uint8_t)(state >> 56);
    }
    SKA_MARK_SECRET(out, len);
}

static ska_scalar secret_scalar(void)
{
    uint8_t bytes[64];
    ska_scalar out;
    secret_bytes(bytes, sizeof bytes);
    ska_scalar_reduce64(&out, bytes);
    return out;
}

static void check_scalars(void)
{
    ska_scalar a = secret_scalar();
    ska_scalar b = secret_scalar();
    ska_scalar out;
    uint8_t bytes[SKA_SCALAR_BYTES];
    bool pick = true;
    uint64_t count = 77;
    int64_t change = -5;
    SKA_MARK_SECRET(&pick, sizeof pick);
    SKA_MARK_SECRET(&count, sizeof count);
    SKA_MARK_SECRET(&change, sizeof change);
    ska_scalar_add(&out, &a, &b);
    ska_scalar_sub(&out, &out, &b);
    ska_scalar_neg(&out, &out);
    ska_scalar_mul(&out, &out, &b);
    ska_scalar_muladd(&out, &out, &a, &b);
    ska_scalar_invert(&out, &out);
    ska_scalar_select(&out, &out, &a, pick);
    ska_scalar_encode(bytes, &out);
    require(ska_scalar_decode(&out, bytes) == SKA_OK, "a scalar does not decode");
    require(ska_scalar_equal(&out, &out), "a scalar is not itself");
    require(!ska_scalar_is_zero(&a), "a random scalar is zero");
    out = ska_scalar_from_u64(count);
    require(ska_scalar_to_u64(&count, &out) == SKA_OK, "a count does not come back");
    out = ska_scalar_from_i64(change);
    ska_scalar_clear(&a);
    ska_scalar_clear(&out);
}

static void check_group(void)
{
    ska_scalar x = secret_scalar();
    ska_scalar r = secret_scalar();
    ska_point v;
    ska_point w;
    uint8_t bytes[SKA_POINT_BYTES];
    bool pick = false;
    SKA_MARK_SECRET(&pick, sizeof pick);
    ska_commit(&v, &x, &r);
    ska_point_mul(&w, ska_group_h(), &r);
    ska_point_add(&w, &w, &v);
    ska_point_sub(&w, &w, &v);
    ska_point_neg(&w, &w);
    ska_point_select(&w, &w, &v, pick);
    require(!ska_point_equal(&w, ska_group_g()), "a random point is G");
    require(!ska_point_is_identity(&v), "a random point is the identity");
    ska_point_encode(bytes, &v);
    ska_point_clear(&v);
}

static void check_msm(bool leak)
{
    ska_scalar k[N_TERMS];
    ska_point p[N_TERMS];
    ska_point out;
    for (size_t i = 0; i < N_TERMS; i++) {
        ska_scalar public_k = ska_scalar_from_u64(1000 + i);
        ska_point_mul(&p[i], ska_group_h(), &public_k);
        k[i] = secret_scalar();
    }
    if (leak)
        require(ska_msm_vartime(&out, k, p, N_TERMS) == SKA_OK, "no memory");
    else
        require(ska_msm(&out, k, p, N_TERMS) == SKA_OK, "no memory");
}

static void check_bits(void)
{
    static const uint64_t bounds[] = {0, 1, 2, 65535, 99999, UINT64_MAX};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        uint8_t bits[64];
        uint64_t value = bounds[i] / 2;
        SKA_MARK_SECRET(&value, sizeof value);
        uint64_t fits = ska_bits_split(bits, value, bounds[i]);
        SKA_MARK_PUBLIC(&fits, sizeof fits, "only this test asks");
        require(fits == 1, "a value does not fit");
    }
}

/* The whole prover; then the proof is checked, so that it was the real thing. */
static void check_prover(void)
{
    static const uint64_t bound[N_VALUES] = {65535, 3, 0, 99};
    uint64_t x[N_VALUES] = {1234, 2, 0, 99};
    ska_scalar r[N_VALUES];
    ska_point v[N_VALUES];
    uint8_t proof[1024];
    size_t len;
    struct ska_transcript t;
    SKA_MARK_SECRET(x, sizeof x);
    for (size_t j = 0; j < N_VALUES; j++) {
        ska_scalar value = ska_scalar_from_u64(x[j]);
        r[j] = secret_scalar();
        ska_commit(&v[j], &value, &r[j]);
    }
    require(ska_proof_length(&len, bound, N_VALUES) == SKA_OK && len <= sizeof proof, "length");
    const struct ska_proof_values values = {N_VALUES, bound, v};
    ska_transcript_init(&t);
    struct ska_transcript again = t;
    require(ska_proof_prove(proof, len, &t, &values, x, r) == SKA_OK, "no proof");
    SKA_MARK_PUBLIC(v, sizeof v, "commitments are published");
    ska_random_replace_for_test(NULL); /* a verifier's weights are no secret once drawn */
    require(ska_proof_verify(proof, len, &again, &values) == SKA_OK, "the proof does not hold");
    ska_random_replace_for_test(secret_bytes);
    x[1] = 4; /* out of range is found after all the work */
    SKA_MARK_SECRET(x, sizeof x);
    require(ska_proof_prove(proof, len, &t, &values, x, r) == SKA_E_RANGE, "a false proof");
}

int main(int argc, char **argv)
{
    bool leak = argc == 2 && strcmp(argv[1], "--leak") == 0;
    must_run_under_memcheck();
    ska_random_replace_for_test(secret_bytes);
    check_scalars();
    check_group();
    check_msm(leak);
    check_bits();
    check_prover();
    puts("ctime_proof: done");
    return 0;
}
