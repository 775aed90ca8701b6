/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_flips.c - damage without a plan: a bit flipped anywhere, a cut anywhere, 2,000 random
 * mutations; with the publisher's signature made anew or not. Never accepted, never a crash.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/make_bundle.h"

#include "tests/test.h"

#define ALL_UP_TO 300 /* bytes of a file in which every byte is flipped */
#define SAMPLES 60    /* else so many */
#define MUTATIONS 2000
#define MUTATIONS_AT_ONCE 250

static struct world_keys keys;
static struct world base; /* published and packed */

static void make_base(void)
{
    ska_group_init();
    world_keys_make(&keys);
    world_start(&base, &keys, world_task(&keys, &(struct world_options){0}));
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

/* Pages have words too, which may be any: there only the figures are held. */
static bool has_words(const char *name)
{
    return strncmp(name, "page.", 5) == 0;
}

/* --- the publisher damages a file and signs the release anew
 * -------------------------------------- */

/* Whether a byte is of a certificate's tables: another one may be as good. */
static bool is_other_table(const struct world_file *file, size_t at)
{
    return strcmp(file->name, "certificate") == 0 && at >= 9u + 8u * file->data[4];
}

START_TEST(a_flipped_bit_under_a_new_release_is_refused)
{
    static struct world w;
    test_seed("flips");
    for (size_t i = 0; i < base.n_files; i++) {
        for (size_t k = 0, at; (at = position(k, base.files[i].len)) < base.files[i].len; k++) {
            if (k >= ALL_UP_TO || has_words(base.files[i].name))
                break;
            struct finding findings[N_CHECKS];
            w = base;
            w.archive = NULL;
            w.files[i].data[at] ^= (uint8_t)(1u << test_random() % 8);
            world_pack(&w);
            world_audit(findings, &w);
            if (!is_other_table(&w.files[i], at))
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

/* --- random mutations
 * ------------------------------------------------------------------------------ */

/* Change bytes of a buffer with room for a half more, in one of several ways. */
static size_t mutate(uint8_t *data, size_t len, size_t room)
{
    size_t at = test_random() % (len + 1), n = 1 + test_random() % 64;
    if (at == len)
        at = len > 0 ? len - 1 : 0;
    if (n > len - at)
        n = len - at;
    switch (test_random() % 6) {
    case 0:
        data[at] ^= (uint8_t)(1u << test_random() % 8);
        return len;
    case 1:
        for (size_t i = 0; i < n; i++)
            data[at + i] = (uint8_t)test_random();
        return len;
    case 2: /* take away */
        memmove(data + at, data + at + n, len - at - n);
        return len - n;
    case 3: /* double */
        if (len + n > room)
            return len;
        memmove(data + at + n, data + at, len - at);
        return len + n;
    case 4: /* copy from elsewhere */
        memmove(data + at, data + test_random() % (len - n + 1), n);
        return len;
    default:
        memset(data + at, test_random() % 2 == 0 ? 0 : 0xFF, n);
        return len;
    }
}

static bool is_same(const struct world_file *a, const struct world_file *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

/* Of two files that differ: the first byte that does; where one is longer, the first of all. */
static size_t first_change(const struct world_file *a, const struct world_file *b)
{
    size_t at = 0;
    if (a->len != b->len)
        return 0;
    while (at < a->len && a->data[at] == b->data[at])
        at++;
    return at;
}

static void mutate_a_file(size_t round)
{
    static struct world w;
    size_t i = test_random() % base.n_files;
    struct finding findings[N_CHECKS];
    w = base;
    w.archive = NULL;
    do
        w.files[i].len = mutate(w.files[i].data, w.files[i].len, sizeof w.files[i].data);
    while (is_same(&w.files[i], &base.files[i]));
    world_pack(&w);
    world_audit(findings, &w);
    if (!has_words(w.files[i].name) && /* they may say anything; it must not crash */
        !is_other_table(&base.files[i], first_change(&w.files[i], &base.files[i])))
        expect_refused(findings, w.files[i].name, round);
    world_clear(&w);
}

static void mutate_the_archive(size_t round)
{
    size_t room = base.archive_len + base.archive_len / 2, len = base.archive_len;
    uint8_t *damaged = malloc(room);
    struct finding findings[N_CHECKS];
    ck_assert_ptr_nonnull(damaged);
    memcpy(damaged, base.archive, len);
    do
        len = mutate(damaged, len, room);
    while (len == base.archive_len && memcmp(damaged, base.archive, len) == 0);
    world_audit_bytes(findings, &base, (struct ska_slice){damaged, len});
    expect_form_or_release(findings, round);
    free(damaged);
}

START_TEST(mutations_are_refused)
{
    test_seed("flips");
    test_seed_state += (uint64_t)_i << 32; /* loops may start within one second */
    for (size_t round = 0; round < MUTATIONS_AT_ONCE; round++) {
        if (round % 2 == 0)
            mutate_a_file(round);
        else
            mutate_the_archive(round);
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
    tcase_add_loop_test(t, mutations_are_refused, 0, MUTATIONS / MUTATIONS_AT_ONCE);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
