/* SPDX-License-Identifier: EUPL-1.2 */
/* proof_case.h - a small proof with everything that belongs to it, for the proof's tests. */
#ifndef SKA_TESTS_PROOF_CASE_H
#define SKA_TESTS_PROOF_CASE_H

#include "tests/unit/crypto/plain_proof.h"

#define CASE_VALUES_MAX 64

struct proof_case {
    size_t m;
    uint64_t bound[CASE_VALUES_MAX];
    uint64_t x[CASE_VALUES_MAX];
    ska_scalar r[CASE_VALUES_MAX];
    ska_point v[CASE_VALUES_MAX];
    struct ska_proof_values values; /* of the above */
    struct ska_transcript context;  /* before the proof */
    uint8_t proof[2048];
    size_t proof_len;
};

/* Commit to x (as a number modulo L) under fresh blindings. */
static inline void case_commit(struct proof_case *c, size_t j, ska_scalar x)
{
    c->r[j] = property_scalar();
    ska_commit(&c->v[j], &x, &c->r[j]);
}

/* m values at random within bounds; the caller may have set c->bound. */
static inline void case_init(struct proof_case *c, size_t m, uint64_t bound)
{
    uint8_t id[8];
    c->m = m;
    for (size_t j = 0; j < m; j++) {
        c->bound[j] = bound;
        c->x[j] = bound == UINT64_MAX ? property_u64() : property_u64() % (bound + 1);
        case_commit(c, j, ska_scalar_from_u64(c->x[j]));
    }
    c->values = (struct ska_proof_values){m, c->bound, c->v};
    property_bytes(id, sizeof id);
    ska_transcript_init(&c->context);
    ska_transcript_absorb(&c->context, "case", id, sizeof id);
    ck_assert(ska_proof_length(&c->proof_len, c->bound, m) == SKA_OK);
    ck_assert_uint_le(c->proof_len, sizeof c->proof);
}

static inline enum ska_status case_prove(struct proof_case *c)
{
    struct ska_transcript t = c->context;
    return ska_proof_prove(c->proof, c->proof_len, &t, &c->values, c->x, c->r);
}

static inline void case_prove_plain(struct proof_case *c, const struct plain_faults *faults)
{
    struct ska_transcript t = c->context;
    plain_prove(c->proof, &t, c->bound, c->m, c->x, c->r, faults);
}

static inline enum ska_status case_verify(const struct proof_case *c)
{
    struct ska_transcript t = c->context;
    return ska_proof_verify(c->proof, c->proof_len, &t, &c->values);
}

static inline bool case_verify_plain(const struct proof_case *c, struct plain_leniency weak)
{
    struct ska_transcript t = c->context;
    return plain_verify(c->proof, &t, &c->values, weak);
}

#endif
