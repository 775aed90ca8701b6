/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_submissions.c - cheats with what contributors commit to, prove and sign. */
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

/* Contributor 4 makes its only submission dishonestly. */
static struct world_submission *replace_last(struct world *w, const uint64_t *counts,
                                             const struct dishonesty *how)
{
    w->submissions[4] = (struct world_submission){0};
    return world_submit_dishonestly(w, 4, 1, counts, how);
}

/* It commits to something else in one cell than it proves about. */
static void commit_to(struct world *w, enum world_cell cell, ska_scalar value)
{
    ska_scalar x[WORLD_CELLS];
    for (size_t j = 0; j < WORLD_CELLS; j++)
        x[j] = ska_scalar_from_u64(world_counts[4][j]);
    x[cell] = value;
    replace_last(w, world_counts[4], &(struct dishonesty){.x = x});
}

static void honest_by_the_second_prover(struct world *w)
{
    replace_last(w, world_counts[4], &(struct dishonesty){0});
}

static void over_the_bound(struct world *w)
{
    commit_to(w, CELL_E, ska_scalar_from_u64(61));
}

static void two_to_the_sixteen(struct world *w)
{
    commit_to(w, CELL_E, ska_scalar_from_u64(65536));
}

static void minus_one(struct world *w)
{
    commit_to(w, CELL_C, ska_scalar_from_i64(-1));
}

static void minus_one_in_all(struct world *w)
{
    commit_to(w, CELL_E, ska_scalar_from_i64(-1));
}

static void two_to_the_sixty_four(struct world *w)
{
    ska_scalar x = ska_scalar_from_u64(UINT64_MAX);
    ska_scalar_add(&x, &x, &ska_scalar_one);
    commit_to(w, CELL_E, x);
}

static void miscounted(struct world *w)
{
    commit_to(w, CELL_K, ska_scalar_from_u64(world_counts[4][CELL_K] + 1));
}

/* C is then 60, more than A, both opened. */
static void rule_broken_in_all(struct world *w)
{
    commit_to(w, CELL_C, ska_scalar_from_u64(55));
}

/* A - K is then 5, too little for a small M and a complement O. */
static void rules_contradicted(struct world *w)
{
    commit_to(w, CELL_A, ska_scalar_from_i64(-7));
}

static void counted_but_blank(struct world *w)
{
    commit_to(w, CELL_B, ska_scalar_one);
}

static void flag_of_two(struct world *w)
{
    commit_to(w, CELL_B_ANSWERED, ska_scalar_from_u64(2));
}

static void forged_without_w(struct world *w)
{
    static const uint64_t counts[WORLD_CELLS] = {
        [CELL_A] = 61, [CELL_K] = 20, [CELL_M] = 21, [CELL_O] = 20, [CELL_C] = 1};
    replace_last(w, counts, &(struct dishonesty){.forge_without_w = true});
}

/* --- the context, field by field ----------------------------------------------------------------
 */

static void prove_in(struct world *w, const struct ska_task_context *context)
{
    replace_last(w, world_counts[4], &(struct dishonesty){.context = context});
}

#define CONTEXT_CHEAT(name, change)                   \
    static void name(struct world *w)                 \
    {                                                 \
        struct ska_task_context c = w->task->context; \
        change;                                       \
        prove_in(w, &c);                              \
    }

CONTEXT_CHEAT(other_task_id, c.task_id[0] ^= 1)
CONTEXT_CHEAT(other_collection, c.collection_hash[31] ^= 1)
CONTEXT_CHEAT(other_catalogue, c.catalogue_hash[1] ^= 1)
CONTEXT_CHEAT(other_parameters, c.parameters_hash[2] ^= 1)
CONTEXT_CHEAT(other_roster, c.roster_hash[3] ^= 1)
CONTEXT_CHEAT(other_period, c.period[5] = '3')
CONTEXT_CHEAT(other_revision, c.revision = 1)

static void other_identity(struct world *w)
{
    replace_last(w, world_counts[4], &(struct dishonesty){.has_identity = true, .identity = 3});
}

static void other_number(struct world *w)
{
    replace_last(w, world_counts[4], &(struct dishonesty){.number = 2});
}

/* --- copies and replays
 * --------------------------------------------------------------------------- */

static void copy_of_another(struct world *w)
{
    struct world_submission *s = &w->submissions[1];
    *s = w->submissions[0];
    s->contributor = 1;
    s->report_id[0] ^= 1;
}

static void copy_signed_anew(struct world *w)
{
    copy_of_another(w);
    w->submissions[1].bytes[3] = 1; /* the contributor's index */
    world_resign(w, &w->submissions[1], 1);
}

/* What contributor 0 made for another task, under its own identifier. */
static void replay_from(struct world *w, const struct world_options *options)
{
    static struct world other;
    struct ska_task *task = world_task(w->keys, options);
    world_start(&other, w->keys, task);
    world_submit(&other, 0, 1, world_counts[0]);
    w->submissions[0] = other.submissions[0];
    ska_task_free(task);
}

static void replay_from_other_period(struct world *w)
{
    replay_from(w, &(struct world_options){.period = "2025Q1"});
}

static void replay_from_other_period_signed_anew(struct world *w)
{
    replay_from_other_period(w);
    world_resign(w, &w->submissions[0], 0);
}

static void replay_from_other_collection_signed_anew(struct world *w)
{
    replay_from(w, &(struct world_options){.collection = "soderskar"});
    world_resign(w, &w->submissions[0], 0);
}

static void replay_under_other_number(struct world *w)
{
    w->submissions[0].number = 2;
    w->submissions[0].bytes[11] = 2;
    world_resign(w, &w->submissions[0], 0);
}

/* --- bytes
 * ---------------------------------------------------------------------------------------- */

static void signature_flipped(struct world *w)
{
    w->submissions[3].bytes[w->submissions[3].len - 1] ^= 1;
}

static void signed_by_another(struct world *w)
{
    world_resign(w, &w->submissions[3], 2);
}

static void swap(uint8_t *a, uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

static void cells_permuted(struct world *w)
{
    struct world_submission *s = &w->submissions[0];
    for (size_t k = 0; k < 2; k++) {
        swap(world_commitment(s, k, CELL_K), world_commitment(s, k, CELL_M), 32);
        swap(s->output[k] + 64 * CELL_K, s->output[k] + 64 * CELL_M, 64);
    }
    world_resign(w, s, 0);
}

static void halves_swapped(struct world *w)
{
    struct world_submission *s = &w->submissions[0];
    swap(world_commitment(s, 0, 0), world_commitment(s, 1, 0), 32 * WORLD_CELLS);
    swap(s->output[0], s->output[1], sizeof s->output[0]);
    world_resign(w, s, 0);
}

static void point_over_the_field(struct world *w)
{
    memset(world_commitment(&w->submissions[1], 1, CELL_E), 0xFF, 32);
    world_resign(w, &w->submissions[1], 1);
}

/* p itself, which an unreduced decoder takes for 0, the identity. */
static void point_not_reduced(struct world *w)
{
    uint8_t *v = world_commitment(&w->submissions[1], 0, CELL_E);
    memset(v, 0xFF, 32);
    v[0] = 0xED;
    v[31] = 0x7F;
    world_resign(w, &w->submissions[1], 1);
}

static void commitments_to_nothing(struct world *w)
{
    for (size_t k = 0; k < 2; k++) {
        memset(world_commitment(&w->submissions[1], k, CELL_E), 0, 32);
        memset(w->submissions[1].output[k] + 64 * CELL_E, 0, 64);
    }
    world_resign(w, &w->submissions[1], 1);
}

static void identity_in_proof(struct world *w)
{
    memset(world_proof(&w->submissions[1]), 0, 32);
    world_resign(w, &w->submissions[1], 1);
}

/* The same number, L larger. */
static void scalar_not_reduced(struct world *w)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    uint8_t *t_hat = world_proof(&w->submissions[1]) + 128;
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)t_hat[i] + order[i];
        t_hat[i] = (uint8_t)carry;
        carry >>= 8;
    }
    world_resign(w, &w->submissions[1], 1);
}

/* Insert or take away bytes of the proof, and sign. */
static void lengthen_proof(struct world *w, size_t n)
{
    struct world_submission *s = &w->submissions[2];
    uint8_t *rounds = world_proof(s) + 224;
    memmove(rounds + n, rounds, s->len - (size_t)(rounds - s->bytes));
    s->len += n;
    world_resign(w, s, 2);
}

static void shorten_proof(struct world *w, size_t n)
{
    struct world_submission *s = &w->submissions[2];
    uint8_t *rounds = world_proof(s) + 224;
    memmove(rounds, rounds + n, s->len - n - (size_t)(rounds - s->bytes));
    s->len -= n;
    world_resign(w, s, 2);
}

static void one_round_more(struct world *w)
{
    lengthen_proof(w, 64);
}

static void one_round_less(struct world *w)
{
    shorten_proof(w, 64);
}

static void one_byte_more(struct world *w)
{
    w->submissions[2].len++;
}

static void no_bytes(struct world *w)
{
    w->submissions[2].len = 0;
}

static void one_proof_flipped(struct world *w)
{
    world_proof(&w->submissions[3])[140] ^= 1;
    world_resign(w, &w->submissions[3], 3);
}

static void two_that_cancel(struct world *w)
{
    world_shift(&w->submissions[0], CELL_P, 1);
    world_shift(&w->submissions[1], CELL_P, -1);
    world_resign(w, &w->submissions[0], 0);
    world_resign(w, &w->submissions[1], 1);
}

static void proof_of_another(struct world *w)
{
    memcpy(world_proof(&w->submissions[0]), world_proof(&w->submissions[1]),
           w->submissions[0].len - 64 - (12 + 64 * WORLD_CELLS));
    world_resign(w, &w->submissions[0], 0);
}

static void file_shorter_than_its_identifier(struct world *w)
{
    world_find(w, "submissions/00002")->len = SKA_VDAF_NONCE_BYTES - 1;
}

#define PROOFS "submission-proofs"
#define BAD_LENGTH "accepted-entries submissions-form"

const struct cheat cheats_with_submissions[] = {
    {.name = "none, by the second prover", .want = "", .submitted = honest_by_the_second_prover},
    {.name = "over the bound", .want = PROOFS, .tells = "2307", .submitted = over_the_bound},
    {.name = "2^16", .want = PROOFS " totals", .submitted = two_to_the_sixteen},
    {.name = "-1 among others", .want = PROOFS, .submitted = minus_one},
    {.name = "L-1 in all", .want = PROOFS " totals", .submitted = minus_one_in_all},
    {.name = "2^64", .want = PROOFS " totals", .submitted = two_to_the_sixty_four},
    {.name = "categories are not the total", .want = PROOFS, .submitted = miscounted},
    {.name = "rule broken by the totals",
     .want = PROOFS " totals",
     .tells = "rule broken",
     .submitted = rule_broken_in_all},
    {.name = "totals contradict the reasons of hidden cells",
     .want = PROOFS " protection certificate",
     .tells = "contradict",
     .submitted = rules_contradicted},
    {.name = "counted but blank", .want = PROOFS, .submitted = counted_but_blank},
    {.name = "answered twice", .want = PROOFS " totals", .submitted = flag_of_two},
    {.name = "forged without w", .want = PROOFS, .submitted = forged_without_w},
    {.name = "proof for another task", .want = PROOFS, .submitted = other_task_id},
    {.name = "proof for another collection", .want = PROOFS, .submitted = other_collection},
    {.name = "proof for another catalogue", .want = PROOFS, .submitted = other_catalogue},
    {.name = "proof for other parameters", .want = PROOFS, .submitted = other_parameters},
    {.name = "proof for another roster", .want = PROOFS, .submitted = other_roster},
    {.name = "proof for another period", .want = PROOFS, .submitted = other_period},
    {.name = "proof for another revision", .want = PROOFS, .submitted = other_revision},
    {.name = "proof of another contributor", .want = PROOFS, .submitted = other_identity},
    {.name = "proof of another number", .want = PROOFS, .submitted = other_number},
    {.name = "verbatim copy of another",
     .want = "submissions-form",
     .tells = "2304",
     .submitted = copy_of_another},
    {.name = "copy of another, signed anew",
     .want = PROOFS,
     .tells = "2304",
     .submitted = copy_signed_anew},
    {.name = "replay from another period",
     .want = "submission-signatures " PROOFS,
     .submitted = replay_from_other_period},
    {.name = "replay from another period, signed anew",
     .want = PROOFS,
     .submitted = replay_from_other_period_signed_anew},
    {.name = "replay from another collection, signed anew",
     .want = PROOFS,
     .submitted = replay_from_other_collection_signed_anew},
    {.name = "replay under another number", .want = PROOFS, .submitted = replay_under_other_number},
    {.name = "signature flipped",
     .want = "submission-signatures",
     .tells = "2306",
     .submitted = signature_flipped},
    {.name = "signed by another contributor",
     .want = "submission-signatures",
     .tells = "2306",
     .submitted = signed_by_another},
    {.name = "cells permuted", .want = PROOFS, .submitted = cells_permuted},
    {.name = "V1 and V2 swapped", .want = PROOFS, .submitted = halves_swapped},
    {.name = "point over the field",
     .want = PROOFS " commitments",
     .tells = "2304",
     .submitted = point_over_the_field},
    {.name = "point not reduced",
     .want = PROOFS " commitments",
     .tells = "2304",
     .submitted = point_not_reduced},
    {.name = "commitments that are the identity",
     .want = PROOFS,
     .submitted = commitments_to_nothing},
    {.name = "identity in the proof", .want = PROOFS, .submitted = identity_in_proof},
    {.name = "scalar not reduced", .want = PROOFS, .submitted = scalar_not_reduced},
    {.name = "one L, R too many", .want = BAD_LENGTH, .submitted = one_round_more},
    {.name = "one L, R too few", .want = BAD_LENGTH, .submitted = one_round_less},
    {.name = "one byte too many", .want = BAD_LENGTH, .submitted = one_byte_more},
    {.name = "no bytes", .want = BAD_LENGTH, .submitted = no_bytes},
    {.name = "file shorter than its identifier",
     .want = "submissions-form",
     .tells = "2305",
     .published = file_shorter_than_its_identifier},
    {.name = "one bad proof among all",
     .want = PROOFS,
     .tells = "2306",
     .submitted = one_proof_flipped},
    {.name = "two bad ones that cancel",
     .want = PROOFS,
     .tells = "; 2304",
     .submitted = two_that_cancel},
    {.name = "another's proof", .want = PROOFS, .submitted = proof_of_another},
};
const size_t n_cheats_with_submissions = N_OF(cheats_with_submissions);
