/* SPDX-License-Identifier: EUPL-1.2 */
/* test_xof.c - the XOF's interface: pieces do not matter, every input does. Vectors: tests/kat. */
#include "crypto/xof.h"

#include "tests/test.h"

#include <string.h>

START_TEST(output_does_not_depend_on_how_it_is_cut)
{
    test_seed("output_does_not_depend_on_how_it_is_cut");
    for (int round = 0; round < 200; round++) {
        uint8_t message[700];
        uint8_t whole[700];
        uint8_t pieces[700];
        test_random_bytes(message, sizeof message);
        const size_t len = test_random() % sizeof message;
        struct ska_xof x;
        ska_turboshake128_init(&x, 0x1F);
        ska_xof_absorb(&x, message, len);
        ska_xof_squeeze(&x, whole, sizeof whole);
        ska_turboshake128_init(&x, 0x1F);
        for (size_t at = 0; at < len;) {
            size_t piece = test_random() % (len - at + 1);
            ska_xof_absorb(&x, message + at, piece);
            at += piece;
        }
        for (size_t at = 0; at < sizeof pieces;) {
            size_t piece = test_random() % (sizeof pieces - at + 1);
            ska_xof_squeeze(&x, pieces + at, piece);
            at += piece;
        }
        ck_assert_mem_eq(pieces, whole, sizeof whole);
    }
}
END_TEST

static void first_bytes(uint8_t out[32], const char *seed, const char *dst, const char *binder)
{
    struct ska_xof x;
    ska_xof_init(&x, (struct ska_slice){(const uint8_t *)seed, strlen(seed)},
                 (struct ska_slice){(const uint8_t *)dst, strlen(dst)},
                 (struct ska_slice){(const uint8_t *)binder, strlen(binder)});
    ska_xof_squeeze(&x, out, 32);
}

/* Also where only the borders between the three move. */
START_TEST(seed_dst_and_binder_cannot_be_confused)
{
    static const char *const inputs[][3] = {
        {"seed", "dst", "binder"}, {"seee", "dst", "binder"}, {"seed", "dsu", "binder"},
        {"seed", "dst", "bindes"}, {"see", "dstd", "binder"}, {"seedb", "dst", "inder"},
        {"dst", "seed", "binder"}, {"", "dst", "seedbinder"}, {"seed", "", "dstbinder"},
        {"seed", "dst", ""},       {"seed", "dst", "binder0"}};
    uint8_t out[N_OF(inputs)][32];
    for (size_t i = 0; i < N_OF(inputs); i++) {
        first_bytes(out[i], inputs[i][0], inputs[i][1], inputs[i][2]);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(memcmp(out[i], out[j], 32) != 0, "%zu and %zu", i, j);
    }
}
END_TEST

START_TEST(scalars_are_sixty_four_bytes_each_reduced)
{
    struct ska_xof bytes;
    struct ska_xof scalars;
    const struct ska_slice seed = {(const uint8_t *)"0123456789abcdef0123456789abcdef", 32};
    const struct ska_slice text = {(const uint8_t *)"text", 4};
    ska_xof_init(&bytes, seed, text, text);
    ska_xof_init(&scalars, seed, text, text);
    for (int i = 0; i < 20; i++) {
        uint8_t wide[64];
        ska_scalar want;
        ska_scalar got;
        ska_xof_squeeze(&bytes, wide, sizeof wide);
        ska_scalar_reduce64(&want, wide);
        ska_xof_next_scalar(&got, &scalars);
        ck_assert(ska_scalar_equal(&got, &want));
        ck_assert(!ska_scalar_is_zero(&got));
    }
}
END_TEST

START_TEST(a_cleared_xof_is_wiped)
{
    struct ska_xof zero;
    struct ska_xof x;
    memset(&zero, 0, sizeof zero);
    ska_turboshake128_init(&x, 1);
    ska_xof_absorb(&x, "secret", 6);
    ska_xof_clear(&x);
    ska_xof_clear(NULL);
    ck_assert_mem_eq(&x, &zero, sizeof x);
}
END_TEST

START_TEST(absorbing_after_squeezing_ends_the_process)
{
    struct ska_xof x;
    uint8_t out[1];
    ska_turboshake128_init(&x, 1);
    ska_xof_squeeze(&x, out, sizeof out);
    ska_xof_absorb(&x, "late", 4);
}
END_TEST

static const uint8_t bad_separators[] = {0x00, 0x80, 0xFF};

START_TEST(a_separator_outside_its_range_ends_the_process)
{
    struct ska_xof x;
    ska_turboshake128_init(&x, bad_separators[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xof");
    TCase *t = tcase_create("xof");
    tcase_add_test(t, output_does_not_depend_on_how_it_is_cut);
    tcase_add_test(t, seed_dst_and_binder_cannot_be_confused);
    tcase_add_test(t, scalars_are_sixty_four_bytes_each_reduced);
    tcase_add_test(t, a_cleared_xof_is_wiped);
    if (test_may_abort("xof misuse")) {
        tcase_add_test_raise_signal(t, absorbing_after_squeezing_ends_the_process, 6 /* SIGABRT */);
        tcase_add_loop_test_raise_signal(t, a_separator_outside_its_range_ends_the_process, 6, 0,
                                         3);
    }
    suite_add_tcase(suite, t);
    return test_run(suite);
}
