/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_proof_context.c - what a proof is bound to: the context's bytes rebuilt by hand, every field
 * changed one by one, and provers that forget one item.
 */
#include "crypto/proof_context.h"

#include "crypto/bytes.h"
#include "crypto/labels.h"

#include "tests/unit/crypto/proof_case.h"

#define N_CELLS 3

/* All inputs of a context, with the arrays in one place so that a copy can be changed. */
struct context {
    struct ska_task_context task;
    struct ska_prover prover;
    uint32_t cells[N_CELLS];
    size_t n_cells;
    uint64_t bound[N_CELLS + 1]; /* of the cells, then of the rule */
    size_t m;
    struct ska_term terms[2];
    struct ska_rule rule;
    bool with_rules;
};

static struct context context_new(void)
{
    struct context c = {.prover = {SKA_PROOF_SUBMISSION, SKA_ROLE_CLIENT, 7, 3},
                        .cells = {0, 1, 2},
                        .n_cells = N_CELLS,
                        .bound = {3, 5, 0, 9},
                        .m = N_CELLS + 1,
                        .terms = {{0, 1}, {2, -4}},
                        .rule = {.constant = -2, .width = 9, .n_terms = 2},
                        .with_rules = true};
    memset(c.task.task_id, 1, 32);
    memset(c.task.collection_hash, 2, 32);
    memset(c.task.catalogue_hash, 3, 32);
    memset(c.task.parameters_hash, 4, 32);
    memset(c.task.roster_hash, 5, 32);
    memcpy(c.task.period, "2025Q2", 7);
    c.task.revision = 1;
    return c;
}

static void absorb_real(struct ska_transcript *t, const struct context *c)
{
    struct ska_rule rule = c->rule;
    rule.terms = c->terms;
    const struct ska_statement s = {N_CELLS, c->bound, 1, &rule, false};
    ska_proof_context_absorb(t, &c->task, &c->prover, c->cells, c->n_cells, c->bound, c->m,
                             c->with_rules ? &s : NULL);
}

struct flat {
    struct ska_transcript *t;
    const char *forget; /* the item with this label is left out */
};

static void item(struct flat *f, const char *label, const void *data, size_t len)
{
    if (f->forget == NULL || strcmp(f->forget, label) != 0)
        ska_transcript_absorb(f->t, label, data, len);
}

static void number(struct flat *f, const char *label, uint64_t value)
{
    uint8_t wire[8];
    for (size_t i = 0; i < 8; i++)
        wire[i] = (uint8_t)(value >> (56 - 8 * i));
    item(f, label, wire, 8);
}

/* Everything up to the number of the submission. */
static void task_by_hand(struct flat *f, const struct context *c)
{
    static const char *const hash_labels[] = {"task", "collection", "catalogue", "parameters"};
    const uint8_t *const hashes[] = {c->task.task_id, c->task.collection_hash,
                                     c->task.catalogue_hash, c->task.parameters_hash};
    uint8_t generators[32];
    item(f, "protocol", "skarva-1", 8);
    number(f, "kind", c->prover.kind);
    for (size_t i = 0; i < 4; i++)
        item(f, hash_labels[i], hashes[i], 32);
    ska_proof_generators_hash(generators);
    item(f, "generators", generators, 32);
    item(f, "roster", c->task.roster_hash, 32);
    item(f, "period", c->task.period, strlen(c->task.period));
    number(f, "revision", c->task.revision);
    number(f, "role", c->prover.role);
    number(f, "identity", c->prover.identity);
    number(f, "number", c->prover.number);
}

/* What was written, as an item; then the writer is empty again. */
static void written(struct flat *f, const char *label, struct ska_writer *w)
{
    ck_assert(ska_writer_status(w) == SKA_OK);
    item(f, label, w->data, w->len);
    w->len = 0;
}

static void rule_by_hand(struct flat *f, const struct context *c, struct ska_writer *w)
{
    number(f, "rules", c->with_rules ? 1 : 0);
    if (!c->with_rules)
        return;
    ska_write_u64(w, (uint64_t)c->rule.constant);
    ska_write_u64(w, c->rule.width);
    ska_write_u32(w, c->rule.n_terms);
    for (size_t i = 0; i < c->rule.n_terms; i++) {
        ska_write_u32(w, c->terms[i].cell);
        ska_write_u64(w, (uint64_t)c->terms[i].coefficient);
    }
    written(f, "rule", w);
}

/* The context a second time, from its description in docs/protocol.md, section 6. */
static void absorb_by_hand(struct ska_transcript *t, const struct context *c, const char *forget)
{
    struct flat f = {t, forget};
    struct ska_writer w = {0};
    static struct plain_layout layout;
    *t = (struct ska_transcript){{0}};
    task_by_hand(&f, c);
    for (size_t i = 0; i < c->n_cells; i++)
        ska_write_u32(&w, c->cells[i]);
    written(&f, "cells", &w);
    plain_layout_init(&layout, c->bound, c->m);
    number(&f, "N", layout.n);
    number(&f, "m", c->m);
    for (size_t j = 0; j < c->m; j++)
        ska_write_u64(&w, c->bound[j]);
    written(&f, "bounds", &w);
    for (size_t i = 0; i < layout.n; i++)
        ska_write_u32(&w, (uint32_t)layout.value_of[i]); /* SIZE_MAX becomes 2^32 - 1 */
    written(&f, "map", &w);
    for (size_t i = 0; i < layout.n; i++)
        ska_write_u64(&w, layout.weight[i]);
    written(&f, "weights", &w);
    rule_by_hand(&f, c, &w);
    ska_writer_clear(&w);
}

START_TEST(bytes_are_those_of_the_description)
{
    struct context c = context_new();
    struct ska_transcript real;
    struct ska_transcript by_hand;
    for (int with_rules = 0; with_rules < 2; with_rules++) {
        c.with_rules = with_rules == 1;
        absorb_real(&real, &c);
        absorb_by_hand(&by_hand, &c, NULL);
        ck_assert_mem_eq(real.state, by_hand.state, sizeof real.state);
    }
    c.m = 0; /* nothing at all still has a context */
    c.n_cells = 0;
    absorb_real(&real, &c);
    absorb_by_hand(&by_hand, &c, NULL);
    ck_assert_mem_eq(real.state, by_hand.state, sizeof real.state);
}
END_TEST

START_TEST(the_generators_hash_is_over_their_encodings)
{
    static uint8_t bytes[(3 + 128) * 32];
    uint8_t want[32];
    uint8_t got[32];
    uint8_t *at = bytes;
    ck_assert(ska_proof_generators_prepare(64) == SKA_OK);
    ska_point_encode(at, ska_group_g());
    ska_point_encode(at += 32, ska_group_h());
    ska_point_encode(at += 32, ska_proof_h());
    for (size_t i = 0; i < 64; i++)
        ska_point_encode(at += 32, &ska_proof_gs()[i]);
    for (size_t i = 0; i < 64; i++)
        ska_point_encode(at += 32, &ska_proof_hs()[i]);
    ska_sha256(want, bytes, sizeof bytes);
    ska_proof_generators_hash(got);
    ck_assert_mem_eq(got, want, 32);
}
END_TEST

START_TEST(generators_are_hashed_from_their_labels_and_stay_where_they_are)
{
    ck_assert(ska_proof_generators_prepare(4) == SKA_OK);
    const ska_point *gs = ska_proof_gs();
    ska_point third = gs[3];
    ck_assert(ska_proof_generators_prepare(1000) == SKA_OK);
    ck_assert_ptr_eq(gs, ska_proof_gs());
    ck_assert_mem_eq(&gs[3], &third, sizeof third);
    uint8_t name[64];
    uint8_t uniform[64];
    ska_point want;
    size_t len = strlen(SKA_LABEL_PROOF_HS);
    name[0] = (uint8_t)len;
    memcpy(name + 1, SKA_LABEL_PROOF_HS, len);
    memcpy(name + 1 + len, "\0\0\3\1", 4);
    ska_sha512(uniform, name, len + 5);
    ska_point_from_uniform(&want, uniform);
    ck_assert(ska_point_equal(&want, &ska_proof_hs()[769]));
    name[0] = (uint8_t)strlen(SKA_LABEL_PROOF_H);
    memcpy(name + 1, SKA_LABEL_PROOF_H, name[0]);
    ska_sha512(uniform, name, 1 + (size_t)name[0]);
    ska_point_from_uniform(&want, uniform);
    ck_assert(ska_point_equal(&want, ska_proof_h()));
}
END_TEST

/* From the last step to the first, and how many there were. */
static void run_backwards(void *arg, size_t n, void (*step)(void *arg, size_t i), void *step_arg)
{
    *(size_t *)arg = n;
    while (n-- > 0)
        step(step_arg, n);
}

START_TEST(generators_made_in_pieces_in_any_order_are_the_same)
{
    const size_t n = 5001; /* more than any other test has made, and no whole pieces */
    uint8_t name[64], uniform[64];
    ska_point want;
    size_t n_steps = 0;
    const uint8_t len = (uint8_t)strlen(SKA_LABEL_PROOF_GS);
    ck_assert(ska_proof_generators_prepare(1001) == SKA_OK);
    ck_assert(ska_proof_generators_prepare_by(n, run_backwards, &n_steps) == SKA_OK);
    ck_assert_uint_gt(n_steps, 4);
    name[0] = len;
    memcpy(name + 1, SKA_LABEL_PROOF_GS, len);
    for (uint32_t i = 990; i < n; i++) {
        const uint8_t wire[4] = {0, 0, (uint8_t)(i >> 8), (uint8_t)i};
        memcpy(name + 1 + len, wire, sizeof wire);
        ska_sha512(uniform, name, 1 + (size_t)len + sizeof wire);
        ska_point_from_uniform(&want, uniform);
        ck_assert_msg(ska_point_equal(&want, &ska_proof_gs()[i]), "Gs[%u]", i);
    }
    n_steps = 0;
    ck_assert(ska_proof_generators_prepare_by(n, run_backwards, &n_steps) == SKA_OK);
    ck_assert_uint_eq(n_steps, 0); /* they are there */
}
END_TEST

/* ---- each field, changed one by one ---- */

#define FIELDS(X)                                          \
    X(kind, c->prover.kind = SKA_PROOF_SUPPRESSION)        \
    X(task, c->task.task_id[31] ^= 1)                      \
    X(collection, c->task.collection_hash[0] ^= 1)         \
    X(catalogue, c->task.catalogue_hash[5] ^= 1)           \
    X(parameters, c->task.parameters_hash[9] ^= 1)         \
    X(roster, c->task.roster_hash[31] ^= 0x80)             \
    X(period, c->task.period[5] = '3')                     \
    X(period_longer, memcpy(c->task.period, "2025Q22", 8)) \
    X(revision, c->task.revision++)                        \
    X(role, c->prover.role = SKA_ROLE_COLLECTOR)           \
    X(identity, c->prover.identity++)                      \
    X(submission_number, c->prover.number++)               \
    X(cell, c->cells[1] = 4)                               \
    X(cells_permuted, (c->cells[0] = 1, c->cells[1] = 0))  \
    X(fewer_cells, c->n_cells--)                           \
    X(bound, c->bound[0] = 2)                              \
    X(bounds_permuted, (c->bound[0] = 5, c->bound[1] = 3)) \
    X(fewer_values, c->m--)                                \
    X(rule_constant, c->rule.constant++)                   \
    X(rule_width, c->rule.width--)                         \
    X(rule_terms, c->rule.n_terms--)                       \
    X(rule_cell, c->terms[1].cell--)                       \
    X(rule_coefficient, c->terms[1].coefficient++)         \
    X(no_rules, c->with_rules = false)

#define FIELD_FUNCTION(name, change)             \
    static void change_##name(struct context *c) \
    {                                            \
        (void)(change);                          \
    }
FIELDS(FIELD_FUNCTION)

static const struct {
    const char *name;
    void (*change)(struct context *c);
} fields[] = {
#define FIELD_ROW(name, change) {#name, change_##name},
    FIELDS(FIELD_ROW)};

#define N_FIELDS (sizeof fields / sizeof fields[0])

/* A proof over the context's bounds. */
static void prove_in(struct proof_case *c, const struct context *context)
{
    case_init(c, context->m, 0);
    for (size_t j = 0; j < c->m; j++) {
        c->bound[j] = context->bound[j];
        c->x[j] = context->bound[j] / 2;
        case_commit(c, j, ska_scalar_from_u64(c->x[j]));
    }
    ck_assert(ska_proof_length(&c->proof_len, c->bound, c->m) == SKA_OK);
    absorb_real(&c->context, context);
    ck_assert(case_prove(c) == SKA_OK);
    ck_assert(case_verify(c) == SKA_OK);
}

START_TEST(a_proof_does_not_survive_the_change_of_a_field)
{
    static struct proof_case c;
    struct context context = context_new();
    struct context changed = context_new();
    prove_in(&c, &context);
    fields[_i].change(&changed);
    absorb_real(&c.context, &changed); /* the verifier has another context, all else the same */
    ck_assert_msg(case_verify(&c) == SKA_E_PROOF, "%s", fields[_i].name);
    absorb_real(&c.context, &context);
    ck_assert(case_verify(&c) == SKA_OK);
}
END_TEST

START_TEST(no_two_changes_give_the_same_transcript)
{
    struct ska_transcript t[N_FIELDS];
    for (size_t i = 0; i < N_FIELDS; i++) {
        struct context changed = context_new();
        fields[i].change(&changed);
        absorb_real(&t[i], &changed);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(memcmp(t[i].state, t[j].state, sizeof t[i].state) != 0, "%s and %s",
                          fields[i].name, fields[j].name);
    }
}
END_TEST

static const char *const items[] = {
    "protocol", "kind",   "task",     "collection", "catalogue", "parameters", "generators",
    "roster",   "period", "revision", "role",       "identity",  "number",     "cells",
    "N",        "m",      "bounds",   "map",        "weights",   "rules",      "rule"};

START_TEST(a_prover_that_forgets_an_item_is_refused)
{
    static struct proof_case c;
    struct context context = context_new();
    prove_in(&c, &context);
    absorb_by_hand(&c.context, &context, items[_i]);
    ck_assert(case_prove(&c) == SKA_OK);
    ck_assert(case_verify(&c) == SKA_OK); /* against a verifier that forgets the same */
    absorb_real(&c.context, &context);
    ck_assert_msg(case_verify(&c) == SKA_E_PROOF, "%s", items[_i]);
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_test(tc, bytes_are_those_of_the_description);
    tcase_add_test(tc, the_generators_hash_is_over_their_encodings);
    tcase_add_test(tc, generators_are_hashed_from_their_labels_and_stay_where_they_are);
    tcase_add_test(tc, generators_made_in_pieces_in_any_order_are_the_same);
    tcase_add_loop_test(tc, a_proof_does_not_survive_the_change_of_a_field, 0, (int)N_FIELDS);
    tcase_add_test(tc, no_two_changes_give_the_same_transcript);
    tcase_add_loop_test(tc, a_prover_that_forgets_an_item_is_refused, 0,
                        (int)(sizeof items / sizeof items[0]));
}

int main(void)
{
    return property_main("proof_context", fill);
}
