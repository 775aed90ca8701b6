/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_generators.c - the cache of the proof's generators.
 *
 * 1. The two arrays are reserved for the largest N at first use and never move; memory that is not
 *    yet written costs address space only.
 * 2. `n_ready` counts the generators made; it grows under the lock, after they are written, so that
 *    whoever reads it with ska_proof_generators_prepare sees them.
 */
#include "crypto/proof_generators.h"

#include "crypto/hash.h"
#include "crypto/labels.h"
#include "crypto/msm.h"
#include "crypto/proof.h"

#include <assert.h>
#include <pthread.h>

#define PIECE 256u /* generators of each kind made in one step */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ska_point *gs = NULL; /* owned by the process */
static ska_point *hs = NULL;
static ska_point h_prime;
static size_t n_ready = 0;

static pthread_once_t hash_once = PTHREAD_ONCE_INIT;
static uint8_t generators_hash[SKA_HASH_BYTES];

static void derive(ska_point *out, const char *label, const uint32_t *index)
{
    struct ska_sha512_state hash;
    uint8_t uniform[SKA_SHA512_BYTES];
    ska_sha512_init(&hash);
    ska_sha512_add_label(&hash, label);
    if (index != NULL) {
        const uint8_t wire[4] = {(uint8_t)(*index >> 24), (uint8_t)(*index >> 16),
                                 (uint8_t)(*index >> 8), (uint8_t)*index};
        ska_sha512_add(&hash, wire, sizeof wire);
    }
    ska_sha512_finish(uniform, &hash);
    ska_point_from_uniform(out, uniform);
}

/* Those of indices `first` to `end` - 1, made piece by piece. */
struct making {
    size_t first, end;
};

static void make_piece(void *arg, size_t piece)
{
    const struct making *m = arg;
    const size_t first = m->first + piece * PIECE;
    const size_t n = m->end - first < PIECE ? m->end - first : PIECE;
    for (uint32_t i = (uint32_t)first; i < first + n; i++) { /* at most SKA_PROOF_BITS_MAX */
        derive(&gs[i], SKA_LABEL_PROOF_GS, &i);
        derive(&hs[i], SKA_LABEL_PROOF_HS, &i);
    }
    ska_points_normalise_vartime(gs + first, n);
    ska_points_normalise_vartime(hs + first, n);
}

static void run_here(void *arg, size_t n, void (*step)(void *arg, size_t i), void *step_arg)
{
    (void)arg;
    for (size_t i = 0; i < n; i++)
        step(step_arg, i);
}

/* With the lock held. */
static enum ska_status extend(size_t n, ska_proof_run *run, void *arg)
{
    if (gs == NULL)
        gs = ska_alloc(SKA_PROOF_BITS_MAX, sizeof *gs);
    if (hs == NULL)
        hs = ska_alloc(SKA_PROOF_BITS_MAX, sizeof *hs);
    if (gs == NULL || hs == NULL)
        return SKA_E_MEMORY;
    if (n_ready == 0)
        derive(&h_prime, SKA_LABEL_PROOF_H, NULL);
    if (n <= n_ready)
        return SKA_OK;
    struct making making = {.first = n_ready, .end = n};
    run(arg, (n - n_ready + PIECE - 1) / PIECE, make_piece, &making);
    n_ready = n;
    return SKA_OK;
}

enum ska_status ska_proof_generators_prepare_by(size_t n, ska_proof_run *run, void *arg)
{
    if (n > SKA_PROOF_BITS_MAX)
        return SKA_E_LIMIT;
    int failed = pthread_mutex_lock(&lock);
    assert(failed == 0);
    enum ska_status status = extend(n == 0 ? 1 : n, run, arg);
    failed = pthread_mutex_unlock(&lock);
    assert(failed == 0);
    return status;
}

enum ska_status ska_proof_generators_prepare(size_t n)
{
    return ska_proof_generators_prepare_by(n, run_here, NULL);
}

const ska_point *ska_proof_gs(void)
{
    return gs;
}

const ska_point *ska_proof_hs(void)
{
    return hs;
}

const ska_point *ska_proof_h(void)
{
    return &h_prime;
}

static void add_points(struct ska_writer *w, const ska_point *p, size_t n)
{
    uint8_t wire[SKA_POINT_BYTES];
    for (size_t i = 0; i < n; i++) {
        ska_point_encode(wire, &p[i]);
        ska_write_bytes(w, wire, sizeof wire);
    }
}

static void make_hash(void)
{
    uint8_t bytes[(3 + 2 * SKA_GENERATORS_HASHED) * SKA_POINT_BYTES];
    struct ska_writer w;
    ska_writer_init_fixed(&w, bytes, sizeof bytes);
    enum ska_status status = ska_proof_generators_prepare(SKA_GENERATORS_HASHED);
    assert(status == SKA_OK && "no memory for generators at start");
    add_points(&w, ska_group_g(), 1);
    add_points(&w, ska_group_h(), 1);
    add_points(&w, ska_proof_h(), 1);
    add_points(&w, ska_proof_gs(), SKA_GENERATORS_HASHED);
    add_points(&w, ska_proof_hs(), SKA_GENERATORS_HASHED);
    assert(ska_writer_status(&w) == SKA_OK && w.len == sizeof bytes);
    ska_sha256(generators_hash, bytes, sizeof bytes);
}

void ska_proof_generators_hash(uint8_t out[static 32])
{
    int failed = pthread_once(&hash_once, make_hash);
    assert(failed == 0);
    for (size_t i = 0; i < sizeof generators_hash; i++)
        out[i] = generators_hash[i];
}
