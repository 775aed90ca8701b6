/* SPDX-License-Identifier: EUPL-1.2 */
/* test_aggregator.c - a period from parameters to collection, through both aggregators. */
#include "tests/unit/server/world_report.h"

START_TEST(a_quarter_comes_out_as_the_sum_of_what_was_submitted)
{
    world_begin();
    for (uint32_t i = 0; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {i + 1, 10 * i}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    world_close(2);
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSED);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    world_check_totals(3, 6, 30);
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_COLLECTED);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_COLLECTED);
    world_check_totals(3, 6, 30); /* once more: the same answer */
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator");
    TCase *tc = tcase_create("aggregator");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_quarter_comes_out_as_the_sum_of_what_was_submitted);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
