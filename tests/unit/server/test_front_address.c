/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front_address.c - what one client address may take. */
#define _GNU_SOURCE /* nanosleep, kill */
#include "server/front/front_address.h"

#include "tests/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct addresses *table;

static void make(uint64_t connections, uint64_t requests_per_s)
{
    const struct address_limits limits = {
        .connections = connections, .requests_per_s = requests_per_s, .connections_total = 1000};
    ck_assert_status(addresses_new(&table, &limits), SKA_OK);
}

/* A connection from an address in text form. */
static bool enter(struct address **out, const char *text, uint64_t now_ms)
{
    struct sockaddr_storage from = {0};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        memcpy(&from, &v4, sizeof v4);
    else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        memcpy(&from, &v6, sizeof v6);
    else
        ck_abort_msg("%s is no address", text);
    return addresses_enter(out, table, (const struct sockaddr *)&from, now_ms);
}

static const struct {
    const char *first, *second;
    bool same;
} clients[] = {
    {"192.0.2.1", "192.0.2.1", true},          {"192.0.2.1", "192.0.2.2", false},
    {"192.0.2.1", "::ffff:192.0.2.1", true},   /* through a socket for both families */
    {"2001:db8::1", "2001:db8::ffff:2", true}, /* one network of 64 bits */
    {"2001:db8::1", "2001:db8:0:1::1", false}, {"192.0.2.1", "c000:201::", false},
};

START_TEST(client_is_an_address_or_a_network_of_64_bits)
{
    struct address *a = NULL;
    struct address *b = NULL;
    make(1, 0);
    ck_assert(enter(&a, clients[_i].first, 0));
    ck_assert_ptr_nonnull(a);
    ck_assert_msg(enter(&b, clients[_i].second, 0) != clients[_i].same, "%s %s", clients[_i].first,
                  clients[_i].second);
    addresses_leave(table, a);
    addresses_leave(table, b);
    ck_assert(enter(&a, clients[_i].second, 0)); /* it is free again */
    addresses_leave(table, a);
    addresses_free(table);
}
END_TEST

START_TEST(own_machine_and_no_limit_are_not_limited)
{
    static const char *const own[] = {"127.0.0.1", "::1", "::ffff:127.0.0.1"};
    struct address *one = NULL;
    make(1, 1);
    for (size_t i = 0; i < N_OF(own); i++)
        for (int n = 0; n < 50; n++) {
            ck_assert(enter(&one, own[i], 0));
            ck_assert_ptr_null(one);
            ck_assert(addresses_request(table, one, 0));
        }
    addresses_leave(table, NULL);
    addresses_free(table);
    make(0, 0);
    for (int n = 0; n < 500; n++) {
        ck_assert(enter(&one, "192.0.2.1", 0));
        ck_assert(addresses_request(table, one, 0));
    }
    addresses_free(table);
    addresses_free(NULL);
}
END_TEST

static size_t asked(struct address *one, uint64_t now_ms)
{
    size_t n = 0;
    while (n < 100000 && addresses_request(table, one, now_ms))
        n++;
    return n;
}

START_TEST(requests_come_back_with_time_up_to_the_burst)
{
    struct address *one = NULL;
    struct address *other = NULL;
    make(5, 10);
    ck_assert(enter(&one, "192.0.2.1", 1000));
    ck_assert(enter(&other, "192.0.2.2", 1000));
    ck_assert_uint_eq(asked(one, 1000), 10 * ADDRESS_BURST_S);
    ck_assert_uint_eq(asked(one, 1099), 0);
    ck_assert_uint_eq(asked(one, 1100), 1);
    ck_assert_uint_eq(asked(one, 2100), 10);
    ck_assert_uint_eq(asked(one, 2000), 0); /* a clock that stands still gives nothing */
    ck_assert_uint_eq(asked(other, 2100), 10 * ADDRESS_BURST_S);
    ck_assert_uint_eq(asked(one, UINT64_MAX), 10 * ADDRESS_BURST_S); /* and no more */
    struct address *again = NULL; /* a new connection is no new bucket */
    addresses_leave(table, one);
    ck_assert(enter(&again, "192.0.2.1", UINT64_MAX));
    ck_assert_uint_eq(asked(again, UINT64_MAX), 0);
    addresses_leave(table, again);
    addresses_leave(table, other);
    addresses_free(table);
}
END_TEST

/* Far more addresses than places: whoever is connected keeps its place and count. */
START_TEST(crowd_of_addresses_does_not_free_the_connected)
{
    struct address *held = NULL;
    struct address *one = NULL;
    make(1, 1);
    ck_assert(enter(&held, "192.0.2.1", 0));
    (void)asked(held, 0);
    for (uint32_t i = 0; i < 100000; i++) {
        char text[20];
        (void)snprintf(text, sizeof text, "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
        ck_assert(enter(&one, text, i / 100));
        ck_assert_ptr_nonnull(one);
        addresses_leave(table, one);
    }
    ck_assert(!enter(&one, "192.0.2.1", 999));
    ck_assert_uint_eq(asked(held, 999), 0);
    addresses_leave(table, held);
    addresses_free(table);
}
END_TEST

/* Several fronts have one table: what one took, another does not give again. */
START_TEST(limits_hold_for_all_processes_together)
{
    struct address *one = NULL;
    make(2, 1);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(enter(&one, "192.0.2.1", 0) && asked(one, 0) == ADDRESS_BURST_S ? 0 : 1);
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert(enter(&one, "192.0.2.1", 0));
    ck_assert_uint_eq(asked(one, 0), 0);
    ck_assert(!enter(&one, "192.0.2.1", 0));
    ck_assert(enter(&one, "192.0.2.2", 0));
    addresses_free(table);
}
END_TEST

/* The lock goes with the process that held it. */
START_TEST(a_process_killed_in_the_middle_holds_nobody_up)
{
    struct address *one = NULL;
    make(0, 1000000);
    ck_assert(enter(&one, "192.0.2.1", 0));
    for (int i = 0; i < 100; i++) {
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
            for (uint64_t ms = 0;; ms++)
                (void)addresses_request(table, one, ms);
        const struct timespec a_while = {.tv_nsec = 1000000 + i * 10000};
        (void)nanosleep(&a_while, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        (void)addresses_request(table, one, 0);
    }
    addresses_leave(table, one);
    addresses_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("front_address");
    TCase *tc = tcase_create("address");
    tcase_add_loop_test(tc, client_is_an_address_or_a_network_of_64_bits, 0, (int)N_OF(clients));
    tcase_add_test(tc, own_machine_and_no_limit_are_not_limited);
    tcase_add_test(tc, requests_come_back_with_time_up_to_the_burst);
    tcase_add_test(tc, crowd_of_addresses_does_not_free_the_connected);
    tcase_add_test(tc, limits_hold_for_all_processes_together);
    tcase_add_test(tc, a_process_killed_in_the_middle_holds_nobody_up);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
