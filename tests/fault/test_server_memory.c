/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_server_memory.c - the n-th allocation of a server fails, n = 0, 1, ...: parameters are
 * agreed on and a period that is open comes to its end all the same. Nothing that was acknowledged
 * is lost, no submission is refused for it, nothing is counted twice, no memory is lost (with
 * AddressSanitizer), and if a server ends, it does so by itself.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "tests/fault/fault.h"
#include "tests/unit/server/world_log.h"

#include <sys/mman.h>

static struct fault_state *states; /* by server, shared with both */
static size_t n_deaths;
static struct fault_state wanted; /* once the task is open */
static int wanted_at;

static void share(void)
{
    fault_share(&states[world.starting]);
}

/* 1: it had no memory for an answer, or to begin with; 3: none to open. */
static void on_death(int who, int how)
{
    n_deaths++;
    ck_assert_msg(WIFEXITED(how) && (WEXITSTATUS(how) == 1 || WEXITSTATUS(how) == 3),
                  "%s ended with %x", who == LEADER ? "leader" : "helper", (unsigned)how);
}

static void arm_wanted(void)
{
    states[wanted_at] = wanted;
}

static int asked; /* whom answers asks */

static struct got answers(void)
{
    return world_request(asked, ROUTE_HPKE_CONFIG, "", (struct ska_slice){0});
}

static void disarm(void)
{
    states[LEADER].armed = states[HELPER].armed = false;
}

/* The log has all of the period: roster, parameters, opening, submissions, close, collection. */
static void look_at_log(void)
{
    disarm();
    world_log_wait(5 + ROUNDS * N_CONTRIBUTORS);
    world_log_read();
    ck_assert_uint_eq(world_log.published.size, 5 + ROUNDS * N_CONTRIBUTORS);
}

/* A period in which allocation `n` of `who` fails; how many did. */
static size_t period_with_fault(int who, size_t n, enum fault_mode mode)
{
    world_make(NULL);
    world_log_make();
    world.in_child = share;
    world.may_die = true;
    world.may_end_with = 1;
    world.on_death = on_death;
    world.opened = arm_wanted;
    world.settled = look_at_log;
    states[LEADER] = states[HELPER] = (struct fault_state){0};
    wanted = (struct fault_state){.armed = true, .mode = mode, .n_before = n};
    wanted_at = who;
    whole_period();
    world_end();
    return states[who].n_faults;
}

/* Every SKARVA_FAULT_STEP-th allocation, by default few of them: most faults cost the pause after
 * which a server tries again. */
static void fail_each(int who)
{
    test_seed("n-th allocation");
    const char *text = getenv("SKARVA_FAULT_STEP");
    size_t step = text != NULL ? strtoul(text, NULL, 10) : 60;
    size_t n_faults = 0;
    size_t last = 1;
    n_deaths = 0;
    ck_assert_uint_gt(step, 0);
    for (size_t n = test_random() % step; last > 0; n += step) {
        last = period_with_fault(who, n, SKA_FAULT_ONCE);
        n_faults += last;
    }
    printf("%s: %zu allocations failed, %zu ends\n", who == LEADER ? "leader" : "helper", n_faults,
           n_deaths);
    ck_assert_uint_gt(n_faults, 5);
}

/* Propose and open while allocation `n` of `who` fails; how many did. */
static size_t agree_with_fault(int who, size_t n)
{
    world_make(NULL);
    world.in_child = share;
    world.may_die = true;
    world.may_end_with = 1;
    world.on_death = on_death;
    world.revive = revive;
    states[LEADER] = states[HELPER] = (struct fault_state){0};
    revive();
    asked = who;
    insist(answers); /* it has begun */
    states[who] = (struct fault_state){.armed = true, .mode = SKA_FAULT_ONCE, .n_before = n};
    insist(world_propose);
    insist(open_it);
    size_t n_faults = states[who].n_faults;
    disarm();
    world_end();
    return n_faults;
}

/* Each one: they are few. */
START_TEST(parameters_are_agreed_on_without_memory_for_a_moment)
{
    size_t n = 0;
    n_deaths = 0;
    while (agree_with_fault(_i, n) > 0)
        n++;
    printf("%s: %zu allocations failed, %zu ends\n", _i == LEADER ? "leader" : "helper", n,
           n_deaths);
    ck_assert_uint_gt(n, 20);
}
END_TEST

START_TEST(leader_without_memory_for_a_moment_loses_and_refuses_nothing)
{
    fail_each(LEADER);
}
END_TEST

START_TEST(helper_without_memory_for_a_moment_loses_and_refuses_nothing)
{
    fail_each(HELPER);
}
END_TEST

int main(void)
{
    states = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (states == MAP_FAILED)
        return 1;
    Suite *suite = suite_create("server_memory");
    TCase *tc = tcase_create("memory");
    tcase_set_timeout(tc, 1800);
    tcase_add_loop_test(tc, parameters_are_agreed_on_without_memory_for_a_moment, LEADER,
                        HELPER + 1);
    tcase_add_test(tc, leader_without_memory_for_a_moment_loses_and_refuses_nothing);
    tcase_add_test(tc, helper_without_memory_for_a_moment_loses_and_refuses_nothing);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
