/* SPDX-License-Identifier: EUPL-1.2 */
/* test_order.c - which entries of a log of ours may follow which. */
#include "watch/order.h"

#include "tests/test.h"
#include "tests/unit/watch/orders.h"

START_TEST(an_entry_out_of_order_is_named)
{
    struct watch_order order = {0};
    const char *at = orders[_i].entries;
    for (size_t i = 0; at[2 * i] != '\0'; i++) {
        uint8_t bytes[SKA_LEAF_BYTES_MAX];
        struct ska_log_leaf leaf;
        enum ska_log_stage stage;
        const size_t len = make_entry(bytes, type_of(at[2 * i]), (uint8_t)at[2 * i + 1]);
        const enum ska_status got =
            watch_order_add(&leaf, &stage, &order, (struct ska_slice){bytes, len});
        ck_assert_msg(got == (i == orders[_i].wrong ? SKA_E_STATE : SKA_OK), "%s: entry %zu: %s",
                      at, i, ska_status_name(got));
    }
    watch_order_clear(&order);
}
END_TEST

START_TEST(what_is_no_entry_of_ours_is_passed_over)
{
    struct watch_order order = {0};
    struct ska_log_leaf leaf;
    enum ska_log_stage stage;
    const uint8_t text[] = "entry 17";
    ck_assert_status(watch_order_add(&leaf, &stage, &order, (struct ska_slice){text, 8}), SKA_OK);
    ck_assert_uint_eq(order.n, 0);
    for (uint32_t i = 0; i <= WATCH_TASKS_MAX; i++) { /* and so is what is too much */
        uint8_t bytes[SKA_LEAF_BYTES_MAX];
        const size_t len = make_entry(bytes, SKA_LEAF_PARAMETERS, 0);
        memcpy(bytes + 1, &i, sizeof i);
        ck_assert_status(watch_order_add(&leaf, &stage, &order, (struct ska_slice){bytes, len}),
                         SKA_OK);
    }
    ck_assert_uint_eq(order.n, WATCH_TASKS_MAX);
    watch_order_clear(&order);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("watch_order");
    TCase *tc = tcase_create("order");
    tcase_add_loop_test(tc, an_entry_out_of_order_is_named, 0, (int)N_OF(orders));
    tcase_add_test(tc, what_is_no_entry_of_ours_is_passed_over);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
