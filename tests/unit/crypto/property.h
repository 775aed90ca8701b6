/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * property.h - repeatable randomness for property tests, and the main function they share.
 *
 * The seed is printed; SKARVA_TEST_SEED=<number> repeats a run.
 */
#ifndef SKA_TESTS_PROPERTY_H
#define SKA_TESTS_PROPERTY_H

#include "crypto/group.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <check.h>

static uint64_t property_state = 0;

static inline void property_seed(void)
{
    const char *text = getenv("SKARVA_TEST_SEED");
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    property_state = text != NULL ? strtoull(text, NULL, 10)
                                  : (uint64_t)now.tv_sec * 1000003u + (uint64_t)now.tv_nsec;
    printf("SKARVA_TEST_SEED=%" PRIu64 "\n", property_state);
    (void)fflush(stdout);
}

/* splitmix64 */
static inline uint64_t property_u64(void)
{
    uint64_t z = property_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static inline void property_bytes(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)property_u64();
}

static inline ska_scalar property_scalar(void)
{
    uint8_t bytes[64];
    ska_scalar out;
    property_bytes(bytes, sizeof bytes);
    ska_scalar_reduce64(&out, bytes);
    return out;
}

static inline ska_point property_point(void)
{
    uint8_t bytes[64];
    ska_point out;
    property_bytes(bytes, sizeof bytes);
    ska_point_from_uniform(&out, bytes);
    return out;
}

/* Run one suite whose cases `fill` adds. */
static inline int property_main(const char *name, void (*fill)(TCase *))
{
    property_seed();
    Suite *suite = suite_create(name);
    TCase *tc = tcase_create(name);
    tcase_set_timeout(tc, 120);
    fill(tc);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

#endif
