/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_codec.c - what holds for every message: it comes out as it went in, no shorter or longer one
 * passes, and a damaged one is refused or is another message in its one encoding.
 */
#include "tests/samples.h"
#include "tests/test.h"

/* The sample's bytes in memory of exactly their size, so that a sanitizer sees one byte too many.
 */
static uint8_t *exact(const uint8_t *data, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    ck_assert_ptr_nonnull(copy);
    if (len > 0)
        memcpy(copy, data, len);
    return copy;
}

static enum ska_status recode(struct ska_writer *w, const struct sample *sample,
                              const uint8_t *data, size_t len)
{
    uint8_t *copy = exact(data, len);
    enum ska_status status = sample->recode(w, (struct ska_slice){copy, len});
    free(copy);
    return status;
}

static void assert_same(const struct sample *sample, const struct ska_writer *got,
                        const uint8_t *want, size_t len)
{
    ck_assert_msg(got->len == len && (len == 0 || memcmp(got->data, want, len) == 0),
                  "%s: comes out otherwise than it went in", sample->name);
}

START_TEST(a_message_comes_out_as_it_went_in)
{
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    struct ska_writer again = {0};
    sample->write(&w);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    ck_assert_status(recode(&again, sample, w.data, w.len), SKA_OK);
    assert_same(sample, &again, w.data, w.len);
    ska_writer_clear(&w);
    ska_writer_clear(&again);
}
END_TEST

START_TEST(a_message_cut_anywhere_is_refused)
{
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    sample->write(&w);
    size_t n_accepted = 0;
    for (size_t len = 0; len < w.len; len++) {
        struct ska_writer again = {0};
        if (recode(&again, sample, w.data, len) == SKA_OK) {
            n_accepted++;
            assert_same(sample, &again, w.data, len);
        }
        ska_writer_clear(&again);
    }
    /* Sequences of two or three items have one or two places to cut, and some may be empty. A key
     * card may lack its last line end. */
    bool is_card = strcmp(sample->name, "key_card") == 0;
    size_t most = sample->is_sequence ? 3 : is_card ? 1 : 0;
    ck_assert_msg(n_accepted <= most, "%s: %zu cuts pass", sample->name, n_accepted);
    ck_assert_msg(!sample->is_sequence || n_accepted > 0, "%s: no cut passes", sample->name);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_byte_too_many_is_refused)
{
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    struct ska_writer again = {0};
    sample->write(&w);
    ska_write_u8(&w, 'x');
    enum ska_status want = sample->is_sequence ? SKA_E_TRUNCATED : SKA_E_TRAILING;
    ck_assert_status(recode(&again, sample, w.data, w.len), want);
    ska_writer_clear(&w);
    ska_writer_clear(&again);
}
END_TEST

START_TEST(a_changed_byte_is_refused_or_is_another_message)
{
    static const uint8_t changes[] = {0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xFF};
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    sample->write(&w);
    uint8_t *damaged = exact(w.data, w.len);
    for (size_t i = 0; i < w.len; i++) {
        for (size_t k = 0; k < N_OF(changes); k++) {
            struct ska_writer again = {0};
            damaged[i] ^= changes[k];
            if (sample->recode(&again, (struct ska_slice){damaged, w.len}) == SKA_OK)
                assert_same(sample, &again, damaged, w.len);
            damaged[i] ^= changes[k];
            ska_writer_clear(&again);
        }
    }
    free(damaged);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(many_changed_bytes_are_refused_or_are_another_message)
{
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    sample->write(&w);
    test_seed(sample->name);
    for (size_t round = 0; round < 2000; round++) {
        struct ska_writer again = {0};
        uint8_t *damaged = exact(w.data, w.len);
        for (size_t k = test_random() % 4 + 1; k > 0; k--)
            damaged[test_random() % w.len] = (uint8_t)(test_random() >> 20);
        if (sample->recode(&again, (struct ska_slice){damaged, w.len}) == SKA_OK)
            assert_same(sample, &again, damaged, w.len);
        free(damaged);
        ska_writer_clear(&again);
    }
    ska_writer_clear(&w);
}
END_TEST

/* Encoders remember a failure of the writer: a buffer that is one byte too small is never a
 * message. */
START_TEST(an_encoder_without_room_fails)
{
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    sample->write(&w);
    uint8_t *room = malloc(w.len);
    ck_assert_ptr_nonnull(room);
    struct ska_writer small;
    ska_writer_init_fixed(&small, room, w.len - 1);
    enum ska_status status = sample->recode(&small, (struct ska_slice){w.data, w.len});
    ck_assert_status(status, SKA_E_LIMIT);
    free(room);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(the_committed_seed_is_the_sample)
{
    const struct sample *sample = &samples[_i];
    struct ska_writer w = {0};
    char path[256];
    sample->write(&w);
    uint8_t *seed = malloc(w.len + 1);
    ck_assert_ptr_nonnull(seed);
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/%s/sample", sample->name);
    FILE *f = fopen(path, "rbe");
    ck_assert_msg(f != NULL, "%s is missing: make fuzz-seeds", path);
    size_t len = fread(seed, 1, w.len + 1, f);
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_msg(len == w.len && memcmp(seed, w.data, len) == 0, "%s is old: make fuzz-seeds",
                  path);
    free(seed);
    ska_writer_clear(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codec");
    TCase *tcase = tcase_create("codec");
    const int n = (int)N_OF(samples);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_message_comes_out_as_it_went_in, 0, n);
    tcase_add_loop_test(tcase, a_message_cut_anywhere_is_refused, 0, n);
    tcase_add_loop_test(tcase, a_byte_too_many_is_refused, 0, n);
    tcase_add_loop_test(tcase, a_changed_byte_is_refused_or_is_another_message, 0, n);
    tcase_add_loop_test(tcase, many_changed_bytes_are_refused_or_are_another_message, 0, n);
    tcase_add_loop_test(tcase, an_encoder_without_room_fails, 0, n);
    tcase_add_loop_test(tcase, the_committed_seed_is_the_sample, 0, n);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
