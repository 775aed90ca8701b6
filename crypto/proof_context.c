/* SPDX-License-Identifier: EUPL-1.2 */
/* proof_context.c - absorbing what a proof is bound to, in the order of DESIGN section 4. */
#include "crypto/proof_context.h"

#include "crypto/labels.h"
#include "crypto/proof.h"
#include "crypto/proof_bits.h"

#include <string.h>

#define PADDING_VALUE UINT32_C(0xFFFFFFFF) /* in the map, for a bit that belongs to no value */

static void add_u32(struct ska_transcript_item *item, uint32_t value)
{
    const uint8_t wire[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    ska_sha512_add(&item->hash, wire, sizeof wire);
}

static void absorb_task(struct ska_transcript *t, const struct ska_task_context *task,
                        const struct ska_prover *prover)
{
    uint8_t generators[SKA_HASH_BYTES];
    ska_proof_generators_hash(generators);
    ska_transcript_absorb_u64(t, SKA_LABEL_T_KIND, (uint64_t)prover->kind);
    ska_transcript_absorb(t, SKA_LABEL_T_TASK, task->task_id, sizeof task->task_id);
    ska_transcript_absorb(t, SKA_LABEL_T_COLLECTION, task->collection_hash,
                          sizeof task->collection_hash);
    ska_transcript_absorb(t, SKA_LABEL_T_CATALOGUE, task->catalogue_hash,
                          sizeof task->catalogue_hash);
    ska_transcript_absorb(t, SKA_LABEL_T_PARAMETERS, task->parameters_hash,
                          sizeof task->parameters_hash);
    ska_transcript_absorb(t, SKA_LABEL_T_GENERATORS, generators, sizeof generators);
    ska_transcript_absorb(t, SKA_LABEL_T_ROSTER, task->roster_hash, sizeof task->roster_hash);
    ska_transcript_absorb(t, SKA_LABEL_T_PERIOD, task->period,
                          strnlen(task->period, sizeof task->period));
    ska_transcript_absorb_u64(t, SKA_LABEL_T_REVISION, task->revision);
    ska_transcript_absorb_u64(t, SKA_LABEL_T_ROLE, (uint64_t)prover->role);
    ska_transcript_absorb_u64(t, SKA_LABEL_T_IDENTITY, prover->identity);
    ska_transcript_absorb_u64(t, SKA_LABEL_T_NUMBER, prover->number);
}

/* The bounds, and what follows from them: to which value each of the N bits belongs, and what it
 * weighs. */
static void absorb_bits(struct ska_transcript *t, const uint64_t *bound, size_t m)
{
    size_t n_bits = 0;
    for (size_t j = 0; j < m; j++)
        n_bits += ska_bits_of_bound(bound[j]);
    size_t n = 1;
    while (n < n_bits)
        n *= 2;
    struct ska_transcript_item item;
    ska_transcript_absorb_u64(t, SKA_LABEL_T_N_BITS, n);
    ska_transcript_absorb_u64(t, SKA_LABEL_T_N_VALUES, m);
    ska_transcript_item_begin(&item, t, SKA_LABEL_T_BOUNDS, 8 * (uint64_t)m);
    for (size_t j = 0; j < m; j++)
        ska_sha512_add_u64(&item.hash, bound[j]);
    ska_transcript_item_end(&item);
    ska_transcript_item_begin(&item, t, SKA_LABEL_T_MAP, 4 * (uint64_t)n);
    for (size_t j = 0; j < m; j++) {
        for (size_t i = ska_bits_of_bound(bound[j]); i > 0; i--)
            add_u32(&item, (uint32_t)j);
    }
    for (size_t i = n_bits; i < n; i++)
        add_u32(&item, PADDING_VALUE);
    ska_transcript_item_end(&item);
    ska_transcript_item_begin(&item, t, SKA_LABEL_T_WEIGHTS, 8 * (uint64_t)n);
    for (size_t j = 0; j < m; j++) {
        size_t n_here = ska_bits_of_bound(bound[j]);
        for (size_t i = 0; i < n_here; i++)
            ska_sha512_add_u64(&item.hash, ska_bit_weight(bound[j], i));
    }
    for (size_t i = n_bits; i < n; i++)
        ska_sha512_add_u64(&item.hash, 0);
    ska_transcript_item_end(&item);
}

static void absorb_rules(struct ska_transcript *t, const struct ska_statement *s)
{
    size_t n_rules = s == NULL ? 0 : s->n_rules;
    ska_transcript_absorb_u64(t, SKA_LABEL_T_N_RULES, n_rules);
    for (size_t i = 0; i < n_rules; i++) {
        const struct ska_rule *rule = &s->rules[i];
        struct ska_transcript_item item;
        ska_transcript_item_begin(&item, t, SKA_LABEL_T_RULE, 20 + 12 * (uint64_t)rule->n_terms);
        ska_sha512_add_u64(&item.hash, (uint64_t)rule->constant);
        ska_sha512_add_u64(&item.hash, rule->width);
        add_u32(&item, rule->n_terms);
        for (size_t j = 0; j < rule->n_terms; j++) {
            add_u32(&item, rule->terms[j].cell);
            ska_sha512_add_u64(&item.hash, (uint64_t)rule->terms[j].coefficient);
        }
        ska_transcript_item_end(&item);
    }
}

void ska_proof_context_absorb(struct ska_transcript *t, const struct ska_task_context *task,
                              const struct ska_prover *prover, const uint32_t *cells,
                              size_t n_cells, const uint64_t *bound, size_t m,
                              const struct ska_statement *rules)
{
    struct ska_transcript_item item;
    ska_transcript_init(t);
    absorb_task(t, task, prover);
    ska_transcript_item_begin(&item, t, SKA_LABEL_T_CELLS, 4 * (uint64_t)n_cells);
    for (size_t i = 0; i < n_cells; i++)
        add_u32(&item, cells[i]);
    ska_transcript_item_end(&item);
    absorb_bits(t, bound, m);
    absorb_rules(t, rules);
}
