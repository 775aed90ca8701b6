/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_round.c - rounding to a base: within one base, right on the mean, and the same for ever, so
 * that asking again and again gives nothing.
 */
#include "reports/disclosure/round.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

static const uint8_t key[ROUND_KEY_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};
static const struct round_figure figure = {"norrsken", "2025Q2", "OST/NS01.TYP.PLA"};

START_TEST(a_multiple_is_itself_and_all_others_are_within_one_base)
{
    static const uint64_t bases[] = {2, 3, 5, 7, 10, 1000};
    for (size_t b = 0; b < N_OF(bases); b++)
        for (uint64_t x = 0; x < 3000; x++) {
            uint64_t shown = round_value(key, &figure, bases[b], x);
            ck_assert_uint_eq(shown % bases[b], 0);
            ck_assert(shown < x + bases[b] && x < shown + bases[b]);
            ck_assert(x % bases[b] != 0 || shown == x);
        }
}
END_TEST

/* Over many figures with one remainder, the share rounded up is r / b: within five standard
 * deviations, with a key that is fixed, so the test always ends alike. */
START_TEST(the_mean_is_right_for_every_remainder)
{
    const uint64_t base = 5;
    const unsigned n = 20000;
    for (uint64_t r = 1; r < base; r++) {
        unsigned n_up = 0;
        for (unsigned i = 0; i < n; i++) {
            char code[32];
            (void)snprintf(code, sizeof code, "NS%u", i);
            const struct round_figure one = {"norrsken", "2025Q2", code};
            n_up += round_value(key, &one, base, 100 + r) == 105;
        }
        double p = (double)r / (double)base, sigma = sqrt(n * p * (1 - p));
        ck_assert_msg(fabs(n_up - n * p) < 5 * sigma, "remainder %u: %u of %u went up", (unsigned)r,
                      n_up, n);
    }
}
END_TEST

/* The attack that averages: whoever sees the figure released again and again sees one value. */
START_TEST(attack_rounding_averaged_over_releases)
{
    for (uint64_t x = 0; x < 200; x++) {
        uint64_t first = round_value(key, &figure, 5, x);
        for (int again = 0; again < 50; again++)
            ck_assert_uint_eq(round_value(key, &figure, 5, x), first);
    }
    /* Were it drawn anew for each release, the mean would tell. */
    double sum = 0;
    for (unsigned release = 0; release < 4000; release++) {
        char period[16];
        (void)snprintf(period, sizeof period, "r%u", release);
        const struct round_figure anew = {"norrsken", period, "NS01"};
        sum += (double)round_value(key, &anew, 5, 13);
    }
    ck_assert_double_eq_tol(sum / 4000, 13, 0.3);
}
END_TEST

/* Each part of what a figure is, and the key, decides: over many values some differ. */
START_TEST(everything_decides)
{
    uint8_t other_key[ROUND_KEY_BYTES] = {1, 2, 3, 4, 5, 6, 7, 9};
    const struct round_figure others[] = {{"norrskeN", "2025Q2", "OST/NS01.TYP.PLA"},
                                          {"norrsken", "2025Q3", "OST/NS01.TYP.PLA"},
                                          {"norrsken", "2025Q2", "NS01.TYP.PLA"},
                                          {"norrsken2", "025Q2", "OST/NS01.TYP.PLA"}};
    for (size_t i = 0; i <= N_OF(others); i++) {
        unsigned n_different = 0;
        for (uint64_t x = 0; x < 500; x++)
            n_different += round_value(i < N_OF(others) ? key : other_key,
                                       i < N_OF(others) ? &others[i] : &figure, 5,
                                       x) != round_value(key, &figure, 5, x);
        ck_assert_msg(n_different > 50, "%zu: %u", i, n_different);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("round");
    TCase *t = tcase_create("round");
    tcase_add_test(t, a_multiple_is_itself_and_all_others_are_within_one_base);
    tcase_add_test(t, the_mean_is_right_for_every_remainder);
    tcase_add_test(t, attack_rounding_averaged_over_releases);
    tcase_add_test(t, everything_decides);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
