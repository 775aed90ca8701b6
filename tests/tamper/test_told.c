/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_told.c - what a correction repeats of what was released before: nothing more is demanded of
 * it than was of that, so that what everybody knows already stops no correction; and what is not
 * repeated is protected as ever.
 */
#include "tests/tamper/group_world.h"

#include "protocol/linked_join.h"

/* Three groups of four. The first three contributors of the first are those who change. */
static const uint32_t masks[GROUPS] = {0x00F, 0x0F0, 0xF00};
static const uint32_t changed[ROSTER] = {3, 0, 0};

/* A is 20 each time, as x, y and z; all answer B; nothing else. */
static void set_counts(struct release *r, uint32_t i, uint64_t y, uint64_t z)
{
    const uint64_t x[CELLS] = {20, 20 - y - z, y, z, 0, 0, 7, 1};
    memcpy(r->counts[i], x, sizeof x);
}

/* A release whose y is 2 in the first group, 8 in the second and 3 in the third. */
static void make_release(struct release *r)
{
    r->policy = (struct ska_policy){3, 5, true, 3, 0};
    set_groups(r, masks, GROUPS);
    for (uint32_t i = 0; i < ROSTER; i++)
        set_counts(r, i, i == 0 ? 2 : i == 8 ? 3 : i / 4 == 1 ? 2 : 0, 5);
    link_release(r, 0);
}

static uint32_t figure_of(uint32_t block, uint32_t cell)
{
    return block * CELLS + cell;
}

/* As it may have been released: the small figures, and beside each what shares its table, more than
 * their sums demand: x of the third group is known for x of the others. */
static void hide_by_hand(struct release *r)
{
    r->reason[figure_of(1, 2)] = r->reason[figure_of(3, 2)] = SKA_HIDDEN_SMALL;
    r->reason[figure_of(1, 3)] = r->reason[figure_of(3, 3)] = SKA_HIDDEN_COMPLEMENT;
    r->reason[figure_of(3, 1)] = SKA_HIDDEN_COMPLEMENT;
}

/* The correction of a release, linked with it. */
static void correct(struct release *now, const struct release *before)
{
    memset(now, 0, sizeof *now);
    now->policy = before->policy;
    set_groups(now, masks, GROUPS);
    memcpy(now->counts, before->counts, sizeof now->counts);
    for (uint32_t i = 0; i < 3; i++)
        set_counts(now, i, i, 4);
    struct ska_linked_layer layers[] = {
        {.alone = link_alone(now, 0), .corrects = 1, .changed = changed},
        {.name = "2025H1",
         .alone = link_alone(before, 0),
         .reason = before->reason,
         .total = before->shown,
         .corrects = SKA_NONE}};
    ck_assert_status(ska_linked_join(&now->linked, layers, N_OF(layers)), SKA_OK);
    make_room(now);
    for (uint32_t f = 0; f < now->linked->n_published; f++)
        for (uint32_t i = 0; i < ROSTER; i++)
            if (ska_groups_has(&now->groups, f / CELLS, i))
                now->total[f] += now->counts[i][f % CELLS];
    show_totals(now);
    now->kept = calloc(now->linked->n_published, 1);
    memcpy(now->kept, before->reason, now->linked->n_published);
}

START_TEST(what_was_known_before_and_repeated_stops_no_correction)
{
    SKA_SCOPED(release_clear) struct release before = {0};
    SKA_SCOPED(release_clear) struct release now = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    make_release(&before);
    hide_by_hand(&before);
    ck_assert_uint_eq(audit(found, &before, &c), 1); /* no certificate: nothing else is wrong */
    correct(&now, &before);
    ck_assert_status(decide(&now, &c), SKA_OK);
    ck_assert_uint_eq(now.reason[figure_of(3, 1)], SKA_HIDDEN_KEPT);
    for (uint32_t f = 0; f < now.linked->n_published; f++)
        ck_assert_uint_ne(now.reason[f], SKA_HIDDEN_WITHDRAWN);
    ck_assert_msg(audit(found, &now, &c) == 0, "%s | %s | %s | %s", found[0].detail,
                  found[1].detail, found[2].detail, found[3].detail);
}
END_TEST

/* Of what is frozen and repeated, the frozen one is what is protected. */
START_TEST(a_small_figure_that_is_repeated_is_protected_where_it_was)
{
    SKA_SCOPED(release_clear) struct release before = {0};
    SKA_SCOPED(release_clear) struct release now = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    make_release(&before);
    hide_by_hand(&before);
    correct(&now, &before);
    ck_assert_status(decide(&now, &c), SKA_OK);
    struct finding found[4];
    now.reason[figure_of(3, 2)] = 0; /* shown where it is repeated */
    ck_assert_uint_gt(audit(found, &now, &c), 0);
    ck_assert_uint_gt(found[2].n_bad, 0);
}
END_TEST

/* -m bound <= new - old <= m bound, of answers (yes or no) as of counts: not one more or less. */
START_TEST(a_correction_moves_a_figure_by_no_more_than_those_who_changed)
{
    SKA_SCOPED(release_clear) struct release before = {0};
    SKA_SCOPED(release_clear) struct release now = {0};
    uint32_t n = 0;
    make_release(&before);
    correct(&now, &before);
    const struct ska_linked *l = now.linked;
    for (uint32_t k = 0; k < l->statement.n_rules; k++) {
        const struct ska_rule *rule = &l->rules[k];
        uint32_t f = rule->terms[0].cell;
        if (l->joined->rule_layer[k] != SKA_NONE || f >= l->n_published)
            continue;
        uint64_t m = f / CELLS < 2 ? changed[0] : 0, most = m * l->bound[f];
        ck_assert_uint_eq(rule->n_terms, 2);
        ck_assert_int_eq(rule->terms[0].coefficient, 1);
        ck_assert_int_eq(rule->terms[1].coefficient, -1);
        ck_assert_uint_ge(rule->terms[1].cell, l->n_own);
        ck_assert_uint_eq(l->rule_n[k], 1);
        ck_assert_int_eq(rule->constant, (int64_t)most);
        ck_assert_uint_eq(rule->width, 2 * most);
        n++;
    }
    ck_assert_uint_eq(n, (GROUPS + 1) * CELLS);
}
END_TEST

START_TEST(a_year_repeats_what_no_change_is_part_of)
{
    SKA_SCOPED(release_clear) struct release before = {0};
    make_release(&before);
    const struct ska_linked *halves[] = {before.linked, before.linked};
    struct ska_linked *year = NULL, *anew = NULL, *linked = NULL;
    ck_assert_status(ska_linked_new_year(&year, halves, N_OF(halves), &before.policy), SKA_OK);
    ck_assert_status(ska_linked_new_year(&anew, halves, N_OF(halves), &before.policy), SKA_OK);
    SKA_SCOPED(ska_scoped_free) uint8_t *open = calloc(year->n_listed, 1);
    SKA_SCOPED(ska_scoped_free) uint64_t *total = calloc(year->n_listed, sizeof *total);
    struct ska_linked_layer layers[] = {
        {.alone = link_alone(&before, 0), .corrects = 2, .changed = changed},
        {.alone = anew, .is_year = true, .n_parts = 2, .part = {0, 3}, .corrects = SKA_NONE},
        {.alone = link_alone(&before, 0), .reason = open, .total = total, .corrects = SKA_NONE},
        {.alone = link_alone(&before, 0), .reason = open, .total = total, .corrects = SKA_NONE},
        {.alone = year,
         .is_year = true,
         .n_parts = 2,
         .part = {2, 3},
         .corrects = SKA_NONE,
         .reason = open,
         .total = total}};
    if (_i == 1) /* of another part nothing is repeated */
        layers[4].part[1] = 2;
    ck_assert_status(ska_linked_join(&linked, layers, N_OF(layers)), SKA_OK);
    for (uint32_t block = 0; block < 2 * (GROUPS + 1); block++) {
        bool is_year = block > GROUPS, has_changed = block % (GROUPS + 1) < 2;
        ck_assert_msg(ska_linked_is_told(linked, figure_of(block, 2)) ==
                          (!has_changed && (!is_year || _i == 0)),
                      "block %u", block);
    }
    for (uint32_t f = linked->n_own; f < linked->n_figures; f++)
        ck_assert(!ska_linked_is_told(linked, f));
    ska_linked_free(linked);
}
END_TEST

/* Else nothing would be demanded of either. */
START_TEST(of_two_years_that_are_alike_the_first_has_the_demand)
{
    SKA_SCOPED(release_clear) struct release before = {0};
    make_release(&before);
    const struct ska_linked *halves[] = {before.linked, before.linked};
    struct ska_linked *linked = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *open = calloc(before.linked->n_listed, 1);
    SKA_SCOPED(ska_scoped_free)
    uint64_t *total = calloc(before.linked->n_listed, sizeof *total);
    struct ska_linked_layer layers[5];
    for (uint32_t k = 0; k < N_OF(layers); k++) {
        layers[k] = (struct ska_linked_layer){
            .is_year = k > 2, .n_parts = k > 2 ? 2 : 0, .part = {1, 2}, .corrects = SKA_NONE};
        if (k > 0) {
            layers[k].reason = open;
            layers[k].total = total;
        }
        if (k > 2)
            ck_assert_status(
                ska_linked_new_year(&layers[k].alone, halves, N_OF(halves), &before.policy),
                SKA_OK);
        else
            layers[k].alone = link_alone(&before, 0);
    }
    ck_assert_status(ska_linked_join(&linked, layers, N_OF(layers)), SKA_OK);
    for (uint32_t f = linked->n_own; f < linked->n_figures; f++) {
        uint32_t block = ska_linked_block(linked, f);
        bool is_last = linked->joined->layer_of[block] == 4;
        bool is_published = linked->blocks[block].kind == SKA_BLOCK_PUBLISHED;
        ck_assert_msg(ska_linked_is_told(linked, f) ==
                          (is_last && is_published && !ska_linked_is_absent(linked, f)),
                      "figure %u", f);
    }
    ska_linked_free(linked);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("told");
    TCase *t = tcase_create("told");
    tcase_add_test(t, what_was_known_before_and_repeated_stops_no_correction);
    tcase_add_test(t, a_small_figure_that_is_repeated_is_protected_where_it_was);
    tcase_add_test(t, a_correction_moves_a_figure_by_no_more_than_those_who_changed);
    tcase_add_loop_test(t, a_year_repeats_what_no_change_is_part_of, 0, 2);
    tcase_add_test(t, of_two_years_that_are_alike_the_first_has_the_demand);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
