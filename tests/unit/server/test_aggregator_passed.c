/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_aggregator_passed.c - a correction that passes over a revision that was collected and never
 * released: neither server gives its share if the difference from that one could be that of fewer
 * than three; otherwise corrections go on.
 */
#define N_CONTRIBUTORS 9u

#include "tests/unit/server/correction.h"

enum { A = 9 * 2 + 36, B = 360 }; /* totals of the first revision */

/* What everyone had in it, and what opens that. */
static uint64_t first_counts[N_CONTRIBUTORS][3];
static ska_scalar first_blindings[N_CONTRIBUTORS][3];

static void begin(void)
{
    collected_once();
    memcpy(first_counts, before, sizeof before);
    memcpy(first_blindings, blindings, sizeof blindings);
    next.revision = 0;
}

/* Another correction of the first revision: add[i] to what everyone had there. */
static void correct_first(const int add[N_CONTRIBUTORS])
{
    memcpy(before, first_counts, sizeof before);
    memcpy(blindings, first_blindings, sizeof blindings);
    next.revision++;
    correct(add);
}

static uint64_t sum_of(const int add[N_CONTRIBUTORS])
{
    uint64_t sum = A;
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        sum += (uint64_t)add[i];
    return sum;
}

static void collect(const int add[N_CONTRIBUTORS])
{
    world_check_totals(N_CONTRIBUTORS, sum_of(add), B);
}

static const int three[N_CONTRIBUTORS] = {1, 1, 1};
static const int six[N_CONTRIBUTORS] = {1, 1, 1, 2, 2, 2};
static const int nine[N_CONTRIBUTORS] = {1, 1, 1, 2, 2, 2, 1, 1, 1};

START_TEST(three_more_than_in_what_is_passed_over_are_collected)
{
    begin();
    correct_first(three);
    collect(three);
    correct_first(six);
    collect(six);
    correct_first(nine); /* two are passed over */
    collect(nine);
    prepare_next(); /* that one was released: nothing is passed over any more */
    next.revision = 4;
    correct(three);
    world_check_totals(N_CONTRIBUTORS, sum_of(nine) + 3, B);
    world_end();
}
END_TEST

/* Between the two the difference is theirs who are not in both. */
static const int too_near[][N_CONTRIBUTORS] = {
    {1, 1, 0, 1},          /* 2 and 3 */
    {1, 1, 1, 7},          /* 3 */
    {1, 1, 1, 1, 1},       /* 3 and 4 */
    {1, 1, 1},             /* nobody; or as many others, which nobody can tell */
    {0, 0, 0, 1, 1, 1, 1}, /* seven, but four and three could be one */
};

START_TEST(too_few_more_are_refused_by_both)
{
    begin();
    correct_first(three);
    collect(three);
    correct_first(too_near[_i]);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 409, "SKA_E_BATCH_SIZE");
    check_refused();
    world_kill(LEADER);
    world_kill(HELPER);
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 4), 409, "SKA_E_BATCH_SIZE");
    check_refused();
    correct_first(six); /* and that does not end corrections */
    collect(six);
    world_end();
}
END_TEST

/* The collector's attack: two corrections of one release, of which one is never released. Then a
 * single contributor's change is the difference of two totals that it knows. */
START_TEST(the_attack_succeeds_only_with_the_rule_switched_off_in_both)
{
    is_off[LEADER] = (_i & 1) != 0;
    is_off[HELPER] = (_i & 2) != 0;
    begin();
    correct_first(three);
    collect(three);
    correct_first(too_near[1]);
    if (is_off[LEADER] && is_off[HELPER]) {
        world_check_totals(N_CONTRIBUTORS, sum_of(three) + 7, B); /* 7 is contributor 3's */
    } else {
        struct got got = world_control(SKA_CONTROL_COLLECT, 3);
        ck_assert_uint_eq(got.status, is_off[LEADER] ? 503 : 409);
        free(got.body);
        check_refused();
    }
    world_end();
}
END_TEST

/* 1 <- 2 <- 3, both refused; then 4 corrects 1: between 3 and 4 lie three comparisons. */
START_TEST(a_row_of_comparisons_is_added_up)
{
    static const int seven[N_CONTRIBUTORS] = {1, 1, 1, 2, 2, 2, 5};
    static const int other_three[N_CONTRIBUTORS] = {0, 0, 0, 2, 2, 2};
    static struct ska_earlier of_first[N_CONTRIBUTORS];
    static uint8_t kept[sizeof points];
    begin();
    const struct ska_previous first = next.previous;
    memcpy(kept, points, sizeof points);
    memcpy(of_first, earlier, sizeof earlier);
    correct_first(three);
    collect(three);
    prepare_next();
    next.revision = 2;
    correct(other_three); /* of the second */
    world_check_totals(N_CONTRIBUTORS, sum_of(six), B);
    next.previous = first;
    memcpy(points, kept, sizeof points);
    memcpy(earlier, of_first, sizeof earlier);
    correct_first(seven);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 409, "SKA_E_BATCH_SIZE");
    check_refused();
    correct_first(nine);
    collect(nine);
    world_end();
}
END_TEST

/* Who stayed away from what is passed over, and is back alone, or the other way. */
START_TEST(nobody_disappears_or_returns_alone)
{
    static const int away[N_CONTRIBUTORS] = {1, 1, 1, 0, 0, 0, -1, -1, -1};
    static const int again[][N_CONTRIBUTORS] = {
        {1, 1, 1, 0, 0, -1, -1, -1, 0}, /* 8 is back alone, 5 is gone alone */
        {1, 1, 1, 0, 0, -1, -1, -1, -1},
    };
    begin();
    correct_first(away);
    world_check_totals(N_CONTRIBUTORS - 3, A + 3 - 8 - 9 - 10, B - 60 - 70 - 80);
    correct_first(again[_i]);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 409, "SKA_E_BATCH_SIZE");
    check_refused();
    world_end();
}
END_TEST

/* Three stay away from the second revision and are back in the third with what they had, and one
 * other changes: the third less the first is that one's change. Three others have to change. */
START_TEST(who_is_back_is_no_company_for_who_changes)
{
    static const int away[N_CONTRIBUTORS] = {0, 0, 0, 0, 0, 0, -1, -1, -1};
    static ska_scalar fresh[N_CONTRIBUTORS][3];
    const uint32_t n_others = _i < 4 ? 1 : 3;
    is_off[LEADER] = (_i & 1) != 0;
    is_off[HELPER] = (_i & 2) != 0;
    begin();
    correct_first(away);
    world_check_totals(6, A - 8 - 9 - 10, B - 60 - 70 - 80);
    for (uint32_t i = 0; i < 6; i++)
        fetch_earlier(i);
    memset(&earlier[6], 0, 3 * sizeof earlier[6]);
    next.revision = 2;
    memcpy(next.previous.task_id, world.task->context.task_id, 32);
    world_list_hash(next.previous.accepted_hash);
    world_sign(&next);
    world_open();
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        const bool changes = i < n_others;
        struct submission s = {.contributor = i,
                               .number = 1,
                               .counts = {first_counts[i][0] + (changes ? 7 : 0),
                                          first_counts[i][1], changes || i >= 6},
                               .earlier_counts = i < 6 ? before[i] : NULL,
                               .earlier_blindings = i < 6 ? blindings[i] : NULL,
                               .blindings = fresh[i],
                               .earlier = earlier};
        ck_assert_uint_eq(world_submit(&s), 0);
        ck_assert_uint_eq(world_decided(i, 1), 0);
    }
    world_close(2);
    if (n_others == 3 || _i == 3) {
        world_check_totals(N_CONTRIBUTORS, A + 7 * n_others, B);
    } else {
        struct got got = world_control(SKA_CONTROL_COLLECT, 3);
        ck_assert_uint_eq(got.status, is_off[LEADER] ? 503 : 409);
        free(got.body);
        check_refused();
    }
    world_end();
}
END_TEST

/* Both are closed and commanded before either is collected: what was judged then is judged again.
 */
START_TEST(the_second_of_two_that_are_open_at_once_is_refused)
{
    begin();
    correct_first(three);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    struct ska_task *one = world.task;
    const struct ska_control last = world.last;
    world.task = NULL;
    is_off[LEADER] = is_off[HELPER] = false;
    correct_first(too_near[0]);
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    struct ska_task *two = world.task;
    world.task = one;
    world.last = last;
    collect(three);
    world.task = two;
    struct got got = ask_collection();
    ck_assert_uint_eq(got.status, 400);
    ck_assert_str_eq(world_problem(&got), "batchOverlap");
    free(got.body);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    ska_task_free(one);
    world_end();
}
END_TEST

START_TEST(revisions_are_collected_in_their_order)
{
    begin();
    next.revision = 4;
    correct_first(three);
    collect(three);
    memcpy(before, first_counts, sizeof before);
    next.revision = 3;
    world_sign(&next);
    ck_assert_answer(world_propose(), 409, "SKA_E_STATE");
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator: corrections that pass over one");
    TCase *c = tcase_create("passed");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, NULL, correction_teardown);
    tcase_add_test(c, three_more_than_in_what_is_passed_over_are_collected);
    tcase_add_loop_test(c, too_few_more_are_refused_by_both, 0, N_OF(too_near));
    tcase_add_loop_test(c, the_attack_succeeds_only_with_the_rule_switched_off_in_both, 0, 4);
    tcase_add_test(c, a_row_of_comparisons_is_added_up);
    tcase_add_loop_test(c, nobody_disappears_or_returns_alone, 0, 2);
    tcase_add_loop_test(c, who_is_back_is_no_company_for_who_changes, 0, 5);
    tcase_add_test(c, the_second_of_two_that_are_open_at_once_is_refused);
    tcase_add_test(c, revisions_are_collected_in_their_order);
    suite_add_tcase(suite, c);
    return test_run(suite);
}
