/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_needed.c - what is proven of complements that are needed: every total in a run can be, no
 * other, and the proof is of these runs and this side.
 */
#include <string.h>

#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "protocol/suppression.h"
#include "tests/linked_alone.h"
#include "tests/test.h"

#define FIGURE 1u

static const struct ska_cell cells[] = {{.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE},
                                        {.kind = SKA_CELL_TOTAL, .code = "B", .flag = SKA_NONE}};
static const uint64_t bounds[] = {1000, 1000};

/* One complement, its commitment, and all that a statement is made from. */
struct ground {
    struct ska_cell own[2];
    struct ska_rule_source no_source[1];
    struct ska_layout layout;
    struct ska_task task;
    struct ska_linked *linked;
    struct ska_hidden_cell hidden;
    struct ska_needed needed;
    struct ska_suppression pattern;
    ska_scalar blinding, side_blinding;
    ska_point sum[2];
    uint64_t total;
};

static void ground_init(struct ground *g, struct ska_needed needed, uint64_t total)
{
    memset(g, 0, sizeof *g);
    memcpy(g->own, cells, sizeof cells);
    g->layout = (struct ska_layout){.n_cells = 2,
                                    .cells = g->own,
                                    .statement = {.n_cells = 2, .bound = bounds},
                                    .rule_sources = g->no_source};
    g->task.layout = &g->layout;
    g->task.parameters.policy = (struct ska_policy){3, 5, true, 2, 0};
    g->linked = linked_alone(&g->layout, &g->task.parameters.policy, 4);
    g->hidden = (struct ska_hidden_cell){FIGURE, SKA_HIDDEN_COMPLEMENT};
    g->needed = needed;
    g->needed.figure = FIGURE;
    g->total = total;
    g->pattern =
        (struct ska_suppression){.n = 1, .at = &g->hidden, .n_needed = 1, .needed = &g->needed};
    ska_scalar_random(&g->blinding);
    ska_scalar_random(&g->side_blinding);
    ska_scalar x = ska_scalar_from_u64(total);
    ska_scalar side = ska_scalar_from_u64(total > needed.run[0].hi ? 1 : 0);
    ska_point point;
    ska_point_set_identity(&g->sum[0]);
    ska_commit(&g->sum[FIGURE], &x, &g->blinding);
    ska_commit(&point, &side, &g->side_blinding);
    ska_point_encode(g->needed.side, &point);
}

static void ground_clear(struct ground *g)
{
    ska_linked_free(g->linked);
}

/* Returns what proving says. */
static enum ska_status prove(uint8_t proof[SKA_SUPPRESSION_PROOF_MAX], size_t *len,
                             const struct ground *g)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    uint64_t x[3];
    ska_scalar r[3];
    ck_assert_status(
        ska_suppression_statement_init(&s, &g->task, g->linked, &g->pattern, g->sum, 4), SKA_OK);
    ck_assert_uint_eq(s.m, g->needed.n_runs == 1 ? 1 : 3);
    ska_needed_open(x, r, &g->needed, g->total, &g->blinding, &g->side_blinding);
    const struct ska_proof_values values = {.m = s.m, .bound = s.bound, .v = s.v};
    ck_assert_status(ska_proof_length(len, s.bound, s.m), SKA_OK);
    return ska_proof_prove(proof, *len, &s.transcript, &values, x, r);
}

static enum ska_status verify(const uint8_t *proof, size_t len, const struct ground *g)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    SKA_TRY(ska_suppression_statement_init(&s, &g->task, g->linked, &g->pattern, g->sum, 4));
    const struct ska_proof_values values = {.m = s.m, .bound = s.bound, .v = s.v};
    return ska_proof_verify(proof, len, &s.transcript, &values);
}

static const struct ska_needed claims[] = {{.n_runs = 1, .run = {{7, 7}}},
                                           {.n_runs = 1, .run = {{5, 9}}},
                                           {.n_runs = 2, .run = {{5, 5}, {7, 7}}},
                                           {.n_runs = 2, .run = {{5, 7}, {9, 14}}},
                                           {.n_runs = 2, .run = {{6, 12}, {15, 16}}}};

START_TEST(a_total_is_provable_exactly_if_it_is_in_a_run)
{
    uint8_t proof[SKA_SUPPRESSION_PROOF_MAX];
    for (uint64_t total = 0; total < 20; total++) {
        struct ground g;
        size_t len = 0;
        ground_init(&g, claims[_i], total);
        enum ska_status status = prove(proof, &len, &g);
        ck_assert_status(status, ska_needed_has(&g.needed, total) ? SKA_OK : SKA_E_RANGE);
        if (status == SKA_OK)
            ck_assert_status(verify(proof, len, &g), SKA_OK);
        ground_clear(&g);
    }
}
END_TEST

START_TEST(a_proof_is_of_its_runs_and_its_side)
{
    uint8_t proof[SKA_SUPPRESSION_PROOF_MAX];
    struct ground g;
    size_t len = 0;
    ground_init(&g, claims[_i], 7);
    ck_assert_status(prove(proof, &len, &g), SKA_OK);
    const struct ska_needed honest = g.needed;
    for (uint32_t k = 0; k < honest.n_runs; k++) {
        g.needed.run[k].lo--;
        ck_assert(verify(proof, len, &g) != SKA_OK);
        g.needed = honest;
        g.needed.run[k].hi++;
        ck_assert(verify(proof, len, &g) != SKA_OK);
        g.needed = honest;
        g.needed.run[k].lo--;
        g.needed.run[k].hi--;
        ck_assert_status(verify(proof, len, &g), SKA_E_PROOF);
        g.needed = honest;
    }
    ska_point_encode(g.needed.side, ska_group_h());
    ck_assert_status(verify(proof, len, &g), honest.n_runs > 1 ? SKA_E_PROOF : SKA_OK);
    memset(g.needed.side, 0xFF, sizeof g.needed.side);
    ck_assert_status(verify(proof, len, &g), honest.n_runs > 1 ? SKA_E_ENCODING : SKA_OK);
    ground_clear(&g);
}
END_TEST

static enum ska_status decode(const struct ska_needed *needed, uint32_t n, uint8_t reason)
{
    struct ska_hidden_cell at[] = {{FIGURE, (enum ska_hidden_reason)reason},
                                   {FIGURE + 1, SKA_HIDDEN_COMPLEMENT}};
    struct ska_needed own[3];
    memcpy(own, needed, n * sizeof *own);
    const struct ska_suppression s = {
        .n = 2, .at = at, .proof = {(const uint8_t *)"p", 1}, .n_needed = n, .needed = own};
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression back = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_suppression_encode(&w, &s);
    enum ska_status status = ska_suppression_decode(&back, (struct ska_slice){w.data, w.len});
    for (uint32_t i = 0; status == SKA_OK && i < n; i++)
        ck_assert_mem_eq(&back.needed[i], &own[i], sizeof own[i]);
    return status;
}

START_TEST(what_is_needed_has_one_form)
{
    static const struct ska_needed good[] = {
        {.figure = FIGURE, .n_runs = 1, .run = {{1, 256}}},
        {.figure = FIGURE + 1, .n_runs = 2, .run = {{5, 7}, {9, 260}}, .side = {1}}};
    ck_assert_status(decode(good, 2, SKA_HIDDEN_COMPLEMENT), SKA_OK);
    ck_assert_status(decode(good + 1, 1, SKA_HIDDEN_KEPT), SKA_OK);
    ck_assert_status(decode(good, 2, SKA_HIDDEN_KEPT), SKA_E_FORMAT);
    const struct ska_needed twice[] = {good[1], good[1]}, swapped[] = {good[1], good[0]};
    ck_assert_status(decode(twice, 2, SKA_HIDDEN_COMPLEMENT), SKA_E_ENCODING);
    ck_assert_status(decode(swapped, 2, SKA_HIDDEN_COMPLEMENT), SKA_E_ENCODING);
    static const struct ska_needed bad[] = {
        {.figure = FIGURE, .n_runs = 1, .run = {{0, 3}}},
        {.figure = FIGURE, .n_runs = 1, .run = {{4, 3}}},
        {.figure = FIGURE, .n_runs = 1, .run = {{1, 257}}},
        {.figure = FIGURE, .n_runs = 2, .run = {{5, 7}, {8, 9}}},
        {.figure = FIGURE, .n_runs = 2, .run = {{5, 7}, {3, 9}}},
        {.figure = FIGURE, .n_runs = 2, .run = {{5, 7}, {9, 261}}}};
    for (size_t i = 0; i < N_OF(bad); i++)
        ck_assert_status(decode(&bad[i], 1, SKA_HIDDEN_COMPLEMENT), SKA_E_RANGE);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("needed");
    TCase *t = tcase_create("needed");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_total_is_provable_exactly_if_it_is_in_a_run, 0, N_OF(claims));
    tcase_add_loop_test(t, a_proof_is_of_its_runs_and_its_side, 0, N_OF(claims) - 1);
    tcase_add_test(t, what_is_needed_has_one_form);
    suite_add_tcase(s, t);
    return test_run(s);
}
