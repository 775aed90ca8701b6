/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_flips.c - a bit flipped anywhere, a cut anywhere; with the publisher's signature made anew
 * or not. Never accepted, never a crash. (Random mutations: tool_suite.c.)
 */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/mutate.h"

#include "tests/test.h"

#define ALL_UP_TO 300 /* bytes of a file in which every byte is flipped */
#define SAMPLES 60    /* else so many */

static struct world_keys keys;
static struct world base; /* published and packed */

static void make_base(void)
{
    ska_group_init();
    world_keys_make(&keys);
    world_start(&base, &keys, world_task(&keys, &(struct world_options){.logged = true}));
    world_submit_all(&base);
    world_close(&base);
    world_aggregate(&base);
    world_disclose(&base);
    world_publish(&base);
    world_pack(&base);
}

static void expect_refused(const struct finding findings[static N_CHECKS], const char *what,
                           size_t at)
{
    char failed[1000];
    world_failed(failed, sizeof failed, findings);
    ck_assert_msg(failed[0] != '\0' && !check_is_verdict_pass(findings), "%s, byte %zu", what, at);
}

/* The k-th of the positions to damage in `len` bytes; `len` or more if there is none. */
static size_t position(size_t k, size_t len)
{
    if (len <= ALL_UP_TO)
        return k;
    return k < SAMPLES ? (k * len + test_random() % len) / SAMPLES % len : len;
}

/* --- the publisher damages a file and signs the release anew
 * -------------------------------------- */

START_TEST(a_flipped_bit_under_a_new_release_is_refused)
{
    static struct world w;
    test_seed("flips");
    for (size_t i = 0; i < base.n_files; i++) {
        for (size_t k = 0, at; (at = position(k, base.files[i].len)) < base.files[i].len; k++) {
            const struct world_file *file = &base.files[i];
            if (k >= ALL_UP_TO || mutate_is_harmless_at(file->name, file->data, 0))
                break;
            struct finding findings[N_CHECKS];
            w = base;
            w.archive = NULL;
            w.files[i].data[at] ^= (uint8_t)(1u << test_random() % 8);
            world_pack(&w);
            world_audit(findings, &w);
            if (!mutate_is_harmless_at(file->name, file->data, at))
                expect_refused(findings, w.files[i].name, at);
            ck_assert_int_eq(findings[CHECK_BUNDLE_FORM].outcome,
                             i == 0 ? OUTCOME_FAIL : OUTCOME_PASS);
            world_clear(&w);
        }
    }
}
END_TEST

/* --- someone else damages the archive
 * -------------------------------------------------------------- */

static void expect_form_or_release(const struct finding findings[static N_CHECKS], size_t at)
{
    expect_refused(findings, "archive", at);
    ck_assert(findings[CHECK_BUNDLE_FORM].outcome == OUTCOME_FAIL ||
              findings[CHECK_PARAMETERS_FORM].outcome == OUTCOME_FAIL ||
              findings[CHECK_RELEASE_FORM].outcome == OUTCOME_FAIL ||
              findings[CHECK_RELEASE_SIGNATURE].outcome == OUTCOME_FAIL ||
              findings[CHECK_RELEASE_SECOND_SIGNATURE].outcome == OUTCOME_FAIL);
}

START_TEST(a_flipped_bit_anywhere_in_the_archive_is_refused)
{
    uint8_t *damaged = malloc(base.archive_len);
    ck_assert_ptr_nonnull(damaged);
    test_seed("flips");
    for (size_t at = 0; at < base.archive_len; at += 1 + test_random() % 59) {
        struct finding findings[N_CHECKS];
        memcpy(damaged, base.archive, base.archive_len);
        damaged[at] ^= (uint8_t)(1u << test_random() % 8);
        world_audit_bytes(findings, &base, (struct ska_slice){damaged, base.archive_len});
        expect_form_or_release(findings, at);
    }
    free(damaged);
}
END_TEST

START_TEST(an_archive_cut_anywhere_is_refused)
{
    test_seed("flips");
    for (size_t len = 0; len < base.archive_len; len += 1 + test_random() % 97) {
        struct finding findings[N_CHECKS];
        uint8_t *cut = malloc(len > 0 ? len : 1); /* of its own, so that reading past it shows */
        ck_assert_ptr_nonnull(cut);
        memcpy(cut, base.archive, len);
        world_audit_bytes(findings, &base, (struct ska_slice){cut, len});
        ck_assert_int_eq(findings[CHECK_BUNDLE_FORM].outcome, OUTCOME_FAIL);
        free(cut);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("flips");
    TCase *t = tcase_create("flips");
    tcase_set_timeout(t, 600);
    tcase_add_unchecked_fixture(t, make_base, NULL);
    tcase_add_test(t, a_flipped_bit_under_a_new_release_is_refused);
    tcase_add_test(t, a_flipped_bit_anywhere_in_the_archive_is_refused);
    tcase_add_test(t, an_archive_cut_anywhere_is_refused);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
