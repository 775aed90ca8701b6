/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_store_full.c - the disk of a server is full: what cannot be stored is not acknowledged,
 * nothing changes, and all goes on by itself when there is room again.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "tests/fault/lossy.h"
#include "tests/unit/server/world_report.h"

#include <sys/mman.h>

static volatile int *full; /* by server, shared with both */

static void install(void)
{
    lossy_install();
    lossy.full = &full[world.starting];
}

static void begin(void)
{
    void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(shared != MAP_FAILED);
    full = shared;
    world_make(NULL);
    world.in_child = install;
    world_start(HELPER);
    world_start(LEADER);
    world_open();
}

static void submit_others(void)
{
    for (uint32_t i = 1; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, i}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
}

static void check_pending(uint32_t contributor)
{
    size_t n = 0;
    SKA_SCOPED(ska_scoped_free)
    struct ska_submission_status *list = world_submissions(&n, contributor);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(list[0].state, SKA_SUBMISSION_PENDING);
}

START_TEST(upload_to_a_full_disk_is_not_acknowledged_until_there_is_room)
{
    begin();
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct submission s = {.number = 1, .counts = {5, 6}};
    world_report(&w, &s);
    full[LEADER] = 1;
    for (int i = 0; i < 3; i++) {
        ck_assert_answer(
            world_request(LEADER, ROUTE_REPORTS, "", (struct ska_slice){w.data, w.len}), 503,
            "SKA_E_FULL");
        size_t n = 9;
        free(world_submissions(&n, 0));
        ck_assert_uint_eq(n, 0);
    }
    full[LEADER] = 0;
    ck_assert_uint_eq(world_upload_bytes(&w), 0); /* the same bytes */
    ck_assert_uint_eq(world_decided(0, 1), 0);
    submit_others();
    world_close(2);
    world_check_totals(3, 7, 9);
    world_end();
}
END_TEST

START_TEST(command_on_a_full_disk_changes_nothing)
{
    begin();
    submit_others();
    struct submission s = {.number = 1, .counts = {5, 6}};
    ck_assert_uint_eq(world_submit(&s), 0);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    full[LEADER] = 1;
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 2), 503, "SKA_E_FULL");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_OPEN);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    full[LEADER] = 0;
    s.number = 2; /* still open */
    ck_assert_uint_eq(world_submit(&s), 0);
    world_close(2);
    world_check_totals(3, 7, 9);
    world_end();
}
END_TEST

START_TEST(helper_with_a_full_disk_is_waited_for)
{
    begin();
    full[HELPER] = 1;
    struct submission s = {.number = 1, .counts = {5, 6}};
    ck_assert_uint_eq(world_submit(&s), 0);
    submit_others();
    world_run(300);
    for (uint32_t i = 0; i < 3; i++)
        check_pending(i);
    full[HELPER] = 0;
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    full[HELPER] = 1;
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 2), 202, "");
    world_run(300);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_CLOSING);
    full[HELPER] = 0;
    world_close(2);
    world_check_totals(3, 7, 9);
    world_end();
}
END_TEST

START_TEST(answer_that_finds_no_room_is_asked_for_again)
{
    begin();
    world.helper_down = true;
    struct submission s = {.number = 1, .counts = {5, 6}};
    ck_assert_uint_eq(world_submit(&s), 0);
    submit_others();
    full[LEADER] = 1;
    world.helper_down = false;
    world_run(300);
    for (uint32_t i = 0; i < 3; i++)
        check_pending(i);
    full[LEADER] = 0;
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    world_close(2);
    world_check_totals(3, 7, 9);
    world_end();
}
END_TEST

static void check_states(enum ska_task_state leader, enum ska_task_state helper)
{
    ck_assert_int_eq(world_state(LEADER), leader);
    ck_assert_int_eq(world_state(HELPER), helper);
}

START_TEST(signed_list_that_finds_no_room_is_asked_for_again)
{
    begin();
    struct submission s = {.number = 1, .counts = {5, 6}};
    ck_assert_uint_eq(world_submit(&s), 0);
    submit_others();
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    world.helper_down = true;
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 2), 202, "");
    full[LEADER] = 1;
    world.helper_down = false;
    world_run(300);
    check_states(SKA_TASK_CLOSING, SKA_TASK_CLOSED);
    ck_assert_answer(world_request(LEADER, ROUTE_ACCEPTED, "", (struct ska_slice){0}), 409,
                     "SKA_E_STATE"); /* no half of a list */
    ck_assert_answer(world_control(SKA_CONTROL_CLOSE, 2), 202, "");
    full[LEADER] = 0;
    world_close(2);
    check_states(SKA_TASK_CLOSED, SKA_TASK_CLOSED);
    world_check_totals(3, 7, 9);
    world_end();
}
END_TEST

static struct got ask_totals(void)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer q = {0};
    world_query(&q);
    return world_request(LEADER, ROUTE_COLLECTION_JOBS, "", (struct ska_slice){q.data, q.len});
}

START_TEST(collection_on_a_full_disk_is_told_and_nowhere_half_done)
{
    begin();
    struct submission s = {.number = 1, .counts = {5, 6}};
    ck_assert_uint_eq(world_submit(&s), 0);
    submit_others();
    world_close(2);
    full[HELPER] = 1; /* the command, at one and at the other */
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 503, "SKA_E_PEER");
    full[HELPER] = 0;
    full[LEADER] = 1;
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 503, "SKA_E_FULL");
    ck_assert_answer(ask_totals(), 409, "SKA_E_STATE");
    full[LEADER] = 0;
    ck_assert_answer(world_control(SKA_CONTROL_COLLECT, 3), 200, "");
    full[LEADER] = 1; /* the job */
    ck_assert_answer(ask_totals(), 503, "SKA_E_FULL");
    check_states(SKA_TASK_CLOSED, SKA_TASK_CLOSED);
    full[LEADER] = 0;
    full[HELPER] = 1; /* the helper's share */
    ck_assert_answer(ask_totals(), 201, "");
    world_run(300);
    check_states(SKA_TASK_CLOSED, SKA_TASK_CLOSED);
    full[LEADER] = 1; /* then the leader's answer, made of it */
    full[HELPER] = 0;
    ck_assert_answer(ask_totals(), 201, "");
    check_states(SKA_TASK_CLOSED, SKA_TASK_COLLECTED);
    full[LEADER] = 0;
    world_check_totals(3, 7, 9);
    check_states(SKA_TASK_COLLECTED, SKA_TASK_COLLECTED);
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store_full");
    TCase *tc = tcase_create("full");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, upload_to_a_full_disk_is_not_acknowledged_until_there_is_room);
    tcase_add_test(tc, command_on_a_full_disk_changes_nothing);
    tcase_add_test(tc, helper_with_a_full_disk_is_waited_for);
    tcase_add_test(tc, answer_that_finds_no_room_is_asked_for_again);
    tcase_add_test(tc, signed_list_that_finds_no_room_is_asked_for_again);
    tcase_add_test(tc, collection_on_a_full_disk_is_told_and_nowhere_half_done);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
