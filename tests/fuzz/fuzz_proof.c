/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_proof.c - a proof from a stranger, about two fixed commitments. Alone and in a batch with a
 * good neighbour it gets the same answer, the neighbour is not harmed, and only the seed itself is
 * ever accepted: whatever else holds would be a forgery.
 */
#include "crypto/proof.h"
#include "crypto/random.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROOF_BYTES 416 /* four bits: two rounds */

static const uint64_t bound[] = {3, 1};
static const uint64_t x[] = {2, 1};

/* Made once: the commitments, and the proof that is the corpus's sample. */
static struct {
    bool made;
    ska_point v[2];
    struct ska_transcript context;
    uint8_t proof[PROOF_BYTES];
} fixed;

static void counting_bytes(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)i;
}

static void make_fixed(void)
{
    ska_scalar r[2];
    for (size_t j = 0; j < 2; j++) {
        ska_scalar value = ska_scalar_from_u64(x[j]);
        r[j] = ska_scalar_from_u64(7 + j);
        ska_commit(&fixed.v[j], &value, &r[j]);
    }
    const struct ska_proof_values values = {2, bound, fixed.v};
    ska_transcript_init(&fixed.context);
    struct ska_transcript t = fixed.context;
    ska_random_replace_for_test(counting_bytes);
    enum ska_status status = ska_proof_prove(fixed.proof, PROOF_BYTES, &t, &values, x, r);
    ska_random_replace_for_test(NULL);
    assert(status == SKA_OK);
    fixed.made = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!fixed.made)
        make_fixed();
    const struct ska_proof_values values = {2, bound, fixed.v};
    struct ska_transcript t = fixed.context;
    enum ska_status alone = ska_proof_verify(data, size, &t, &values);
    assert((alone == SKA_E_TRUNCATED) == (size < PROOF_BYTES));
    assert((alone == SKA_E_TRAILING) == (size > PROOF_BYTES));
    assert((alone == SKA_OK) ==
           (size == PROOF_BYTES && memcmp(data, fixed.proof, PROOF_BYTES) == 0));
    struct ska_proof_job jobs[] = {
        {.proof = data, .proof_len = size, .transcript = fixed.context, .values = values},
        {.proof = fixed.proof,
         .proof_len = PROOF_BYTES,
         .transcript = fixed.context,
         .values = values}};
    enum ska_status together = ska_proof_verify_batch(jobs, 2);
    assert(together == (alone == SKA_OK ? SKA_OK : SKA_E_PROOF));
    assert(jobs[0].status == alone && jobs[1].status == SKA_OK);
    return 0;
}
