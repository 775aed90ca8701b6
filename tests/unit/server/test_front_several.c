/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front_several.c - two fronts at one listening socket: both serve, and every limit holds for
 * both together. */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "tests/unit/server/front_kit.h"

#include <poll.h>
#include <time.h>

/* What comes to a client with a body that it does not send: it stays, and may not be pushed out. */
static const char half[] = "POST /tasks/" TASK "/reports HTTP/1.1\r\nHost: a\r\n"
                           "Content-Type: application/ppm-dap;message=upload-req\r\n"
                           "Content-Length: 100000\r\n\r\nhel";

static uint64_t now_ms(void)
{
    struct timespec t = {0};
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

/* Which of the two aggregators' ends has a request; the test fails if none gets one. */
static int who_was_asked(void)
{
    struct pollfd ends[2] = {{pair, POLLIN, 0}, {second_pair, POLLIN, 0}};
    ck_assert_int_gt(poll(ends, 2, 1000 * KIT_TIMEOUT_S), 0);
    return (ends[0].revents & POLLIN) != 0 ? 0 : 1;
}

/* Connections go to whom has time: of many, each gets some. */
START_TEST(both_serve)
{
    unsigned n[2] = {0, 0};
    config.requests_max = 200;
    config.connections_max = 200;
    start();
    for (int i = 0; i < 100 && (n[0] == 0 || n[1] == 0); i++) {
        uint8_t bytes[4096];
        SSL *ssl = client(stranger, STATUS);
        int who = who_was_asked();
        n[who]++;
        ck_assert_int_gt(read(who == 0 ? pair : second_pair, bytes, sizeof bytes), 0);
        kit_close(ssl);
        /* its CLOSED, before the next is looked for */
        ck_assert_int_eq(who_was_asked(), who);
        ck_assert_int_gt(read(who == 0 ? pair : second_pair, bytes, sizeof bytes), 0);
    }
    ck_assert_uint_gt(n[0], 0);
    ck_assert_uint_gt(n[1], 0);
}
END_TEST

START_TEST(connections_max_holds_for_both_together)
{
    SSL *held[4];
    config.connections_max = N_OF(held);
    config.request_timeout_ms = 2000;
    start();
    for (size_t i = 0; i < N_OF(held); i++)
        held[i] = client(stranger, half);
    uint64_t before = now_ms();
    SSL *late = kit_connect(stranger, port); /* when the others' time is up */
    ck_assert_ptr_nonnull(late);
    ck_assert_uint_ge(now_ms() - before, 500);
    kit_close(late);
    for (size_t i = 0; i < N_OF(held); i++)
        kit_close(held[i]);
}
END_TEST

START_TEST(address_has_its_share_of_both_together)
{
    SSL *held[20] = {NULL};
    size_t n = 0;
    config.address_connections_max = 2;
    start();
    for (size_t i = 0; i < N_OF(held); i++) {
        held[i] = kit_connect_from(stranger, port, 2);
        n += held[i] != NULL;
    }
    ck_assert_uint_eq(n, 2);
    for (size_t i = 0; i < N_OF(held); i++)
        if (held[i] != NULL)
            kit_close(held[i]);
}
END_TEST

/* A front that dies takes nothing of the listening socket with it: the other goes on until its own
 * end, which main sees to. */
START_TEST(one_goes_on_without_the_other)
{
    start();
    ck_assert_int_eq(kill(front_pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(front_pid, NULL, 0), front_pid);
    front_pid = 0;
    for (int i = 0; i < 20; i++) {
        SSL *ssl = kit_connect(stranger, port);
        ck_assert_ptr_nonnull(ssl);
        kit_close(ssl);
    }
}
END_TEST

static void make_two(void)
{
    make_world();
    config.front_processes = 2;
}

int main(void)
{
    Suite *suite = suite_create("front_several");
    TCase *tests = tcase_create("front_several");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_two, end_world);
    tcase_add_test(tests, both_serve);
    tcase_add_test(tests, connections_max_holds_for_both_together);
    tcase_add_test(tests, address_has_its_share_of_both_together);
    tcase_add_test(tests, one_goes_on_without_the_other);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
