/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_proof_vector.c - the example of docs/proofs.md, section 11: a proof whose bytes must hold
 * for ever. `test_proof_vector --print` prints it in the document's form.
 */
#include "crypto/bytes.h"
#include "crypto/labels.h"
#include "crypto/proof_context.h"
#include "crypto/proof_parse.h"
#include "crypto/random.h"

#include "tests/kat/proof_vector.h"
#include "tests/unit/crypto/plain_proof.h"

#include <stdio.h>
#include <string.h>

#define N_CELLS 2
#define N_VALUES 3

static const struct ska_term terms[] = {{0, 1}, {1, -1}};
static const struct ska_rule rule = {.constant = 0, .width = 4, .n_terms = 2, .terms = terms};
static const uint64_t bound[N_VALUES] = {5, 1, 4}; /* two cells, then the rule */
static const uint64_t value[N_VALUES] = {4, 1, 3};
static const int64_t share[2][N_CELLS] = {{2, 2}, {2, -1}}; /* x1, x2 */
static const int64_t blinding[2][N_CELLS] = {{11, 12}, {21, 22}};

struct example {
    uint8_t wire[2][N_CELLS * SKA_POINT_BYTES]; /* V1, V2 */
    ska_point v[N_VALUES];
    ska_scalar r[N_VALUES];
    struct ska_transcript context;
};

static void example_init(struct example *e)
{
    static const uint32_t cells[N_CELLS] = {0, 1};
    const struct ska_statement s = {N_CELLS, bound, 1, &rule, false};
    const struct ska_prover prover = {SKA_PROOF_SUBMISSION, SKA_ROLE_CLIENT, 7, 1};
    struct ska_task_context task = {.period = "2025Q2"};
    memset(task.task_id, 1, 32);
    memset(task.collection_hash, 2, 32);
    memset(task.catalogue_hash, 3, 32);
    memset(task.parameters_hash, 4, 32);
    memset(task.roster_hash, 5, 32);
    for (size_t j = 0; j < N_CELLS; j++) {
        ska_point_set_identity(&e->v[j]);
        e->r[j] = ska_scalar_zero;
        for (size_t k = 0; k < 2; k++) {
            ska_point part;
            ska_scalar x = ska_scalar_from_i64(share[k][j]);
            ska_scalar r = ska_scalar_from_i64(blinding[k][j]);
            ska_commit(&part, &x, &r);
            ska_point_encode(e->wire[k] + j * SKA_POINT_BYTES, &part);
            ska_point_add(&e->v[j], &e->v[j], &part);
            ska_scalar_add(&e->r[j], &e->r[j], &r);
        }
    }
    ska_point_sub(&e->v[2], &e->v[0], &e->v[1]);
    ska_scalar_sub(&e->r[2], &e->r[0], &e->r[1]);
    ska_proof_context_absorb(&e->context, &task, &prover, cells, N_CELLS, bound, N_VALUES, &s);
    ska_transcript_absorb(&e->context, SKA_LABEL_T_V1, e->wire[0], sizeof e->wire[0]);
    ska_transcript_absorb(&e->context, SKA_LABEL_T_V2, e->wire[1], sizeof e->wire[1]);
}

static void counting_bytes(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)i;
}

static enum ska_status prove(uint8_t *proof, size_t len, const struct example *e)
{
    struct ska_transcript t = e->context;
    const struct ska_proof_values values = {N_VALUES, bound, e->v};
    ska_random_replace_for_test(counting_bytes);
    enum ska_status status = ska_proof_prove(proof, len, &t, &values, value, e->r);
    ska_random_replace_for_test(NULL);
    return status;
}

/* The bytes written in proof_vector.h. */
static void take(uint8_t *out, size_t len, const char *hex)
{
    ck_assert(ska_hex_decode(out, len, hex) == SKA_OK);
}

START_TEST(the_context_and_commitments_have_not_changed)
{
    struct example e;
    uint8_t want[64];
    uint8_t generators[32];
    example_init(&e);
    ska_proof_generators_hash(generators);
    take(want, 32, VECTOR_GENERATORS_HASH);
    ck_assert_mem_eq(generators, want, 32);
    take(want, 64, VECTOR_V1);
    ck_assert_mem_eq(e.wire[0], want, 64);
    take(want, 64, VECTOR_V2);
    ck_assert_mem_eq(e.wire[1], want, 64);
    take(want, 64, VECTOR_CONTEXT);
    ck_assert_mem_eq(e.context.state, want, 64);
}
END_TEST

START_TEST(the_proof_still_holds_for_both_verifiers)
{
    struct example e;
    uint8_t proof[VECTOR_PROOF_BYTES];
    example_init(&e);
    take(proof, sizeof proof, VECTOR_PROOF);
    const struct ska_proof_values values = {N_VALUES, bound, e.v};
    struct ska_transcript t = e.context;
    ck_assert(ska_proof_verify(proof, sizeof proof, &t, &values) == SKA_OK);
    t = e.context;
    ck_assert(plain_verify(proof, &t, &values, (struct plain_leniency){0}));
}
END_TEST

START_TEST(its_challenges_have_not_changed)
{
    struct example e;
    struct ska_parsed_proof parsed;
    uint8_t proof[VECTOR_PROOF_BYTES];
    uint8_t want[32];
    uint8_t got[32];
    example_init(&e);
    take(proof, sizeof proof, VECTOR_PROOF);
    const struct ska_proof_values values = {N_VALUES, bound, e.v};
    struct ska_transcript t = e.context;
    ck_assert(ska_proof_parse(&parsed, &t, proof, sizeof proof, &values) == SKA_OK);
    static const char *const hex[] = {VECTOR_Y, VECTOR_Z, VECTOR_X, VECTOR_W, VECTOR_U};
    const ska_scalar *const challenge[] = {&parsed.y, &parsed.z, &parsed.x, &parsed.w,
                                           &parsed.u[2]};
    for (size_t i = 0; i < 5; i++) {
        take(want, 32, hex[i]);
        ska_scalar_encode(got, challenge[i]);
        ck_assert_mem_eq(got, want, 32);
    }
}
END_TEST

START_TEST(the_prover_still_makes_it_from_the_same_randomness)
{
    struct example e;
    uint8_t proof[VECTOR_PROOF_BYTES];
    uint8_t want[VECTOR_PROOF_BYTES];
    example_init(&e);
    take(want, sizeof want, VECTOR_PROOF);
    ck_assert(prove(proof, sizeof proof, &e) == SKA_OK);
    ck_assert_mem_eq(proof, want, sizeof want);
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, the_context_and_commitments_have_not_changed);
    tcase_add_test(tc, the_proof_still_holds_for_both_verifiers);
    tcase_add_test(tc, its_challenges_have_not_changed);
    tcase_add_test(tc, the_prover_still_makes_it_from_the_same_randomness);
}

static void print_hex(const char *name, const uint8_t *bytes, size_t len)
{
    printf("%s\n", name);
    for (size_t i = 0; i < len; i++)
        printf("%s%02x%s", i % 32 == 0 ? "    " : "", bytes[i], i % 32 == 31 ? "\n" : "");
}

static int print_example(void)
{
    struct example e;
    struct ska_parsed_proof parsed;
    uint8_t proof[VECTOR_PROOF_BYTES];
    uint8_t bytes[32];
    example_init(&e);
    const struct ska_proof_values values = {N_VALUES, bound, e.v};
    struct ska_transcript t = e.context;
    if (prove(proof, sizeof proof, &e) != SKA_OK ||
        ska_proof_parse(&parsed, &t, proof, sizeof proof, &values) != SKA_OK)
        return 1;
    ska_proof_generators_hash(bytes);
    print_hex("generators_hash", bytes, 32);
    print_hex("V1", e.wire[0], 64);
    print_hex("V2", e.wire[1], 64);
    print_hex("state", e.context.state, 64);
    print_hex("proof", proof, sizeof proof);
    const ska_scalar *const challenge[] = {&parsed.y, &parsed.z, &parsed.x, &parsed.w,
                                           &parsed.u[2]};
    static const char *const name[] = {"y", "z", "x", "w", "u"};
    for (size_t i = 0; i < 5; i++) {
        ska_scalar_encode(bytes, challenge[i]);
        print_hex(name[i], bytes, 32);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print") == 0)
        return print_example();
    return property_main("proof_vector", fill);
}
