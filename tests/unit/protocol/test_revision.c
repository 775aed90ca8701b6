/* SPDX-License-Identifier: EUPL-1.2 */
/* test_revision.c - corrections: parameters that name one, the verdict by atoms, the openings'
 * bytes. */
#include "protocol/revision.h"

#include "tests/sample_task.h"
#include "tests/test.h"

#define N 9 /* contributors; the first 3 are a group */

static struct ska_task *make_task(uint32_t revision, const struct ska_previous *previous,
                                  uint64_t threshold)
{
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_task *task = NULL;
    struct ska_error err = {0};
    sample_parameters(&p, N);
    sample_group(&p, 3);
    p.revision = revision;
    p.policy.threshold = threshold;
    if (previous != NULL)
        p.previous = *previous;
    ck_assert_status(ska_parameters_encode(&w, &p), SKA_OK);
    enum ska_status status = ska_task_new(&task, (struct ska_slice){w.data, w.len}, &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    return task;
}

START_TEST(a_correction_has_a_flag_that_is_no_figure)
{
    struct ska_previous previous = {.exists = true};
    struct ska_task *first = make_task(0, NULL, 5);
    struct ska_task *higher = make_task(1, NULL, 5); /* nothing was collected before */
    memcpy(previous.task_id, first->context.task_id, 32);
    struct ska_task *task = make_task(2, &previous, 5);
    ck_assert(!first->statement.compares && !higher->statement.compares);
    ck_assert_uint_eq(higher->statement.n_cells, first->statement.n_cells);
    ck_assert(task->config.statement->compares);
    ck_assert_uint_eq(task->config.statement->n_cells, first->statement.n_cells + 1);
    ck_assert_uint_eq(task->config.statement->bound[first->statement.n_cells], 1);
    ck_assert_uint_eq(task->figures.statement->n_cells, first->statement.n_cells);
    ck_assert_uint_eq(task->n_figures, first->n_figures);
    ck_assert_mem_eq(task->context.previous_task_id, first->context.task_id, 32);
    ska_task_free(first);
    ska_task_free(higher);
    ska_task_free(task);
}
END_TEST

START_TEST(parameters_name_what_they_correct_in_one_way)
{
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_error err = {0};
    sample_parameters(&p, 3);
    p.previous.exists = true;
    ck_assert_status(ska_parameters_check(&p, &err), SKA_E_RANGE);
    p.revision = 1;
    ck_assert_status(ska_parameters_check(&p, &err), SKA_OK);
    ck_assert_status(ska_parameters_encode(&w, &p), SKA_OK);
    /* u8 version | opaque8 collection | opaque8 period | u32 revision | u8 exists */
    size_t at = 1 + 1 + strlen(p.collection) + 1 + strlen(p.period) + 4;
    ck_assert_uint_eq(w.data[at], 1);
    struct ska_parameters read = {0};
    for (unsigned value = 2; value < 256; value++) {
        w.data[at] = (uint8_t)value;
        ck_assert_status(ska_parameters_decode(&read, (struct ska_slice){w.data, w.len}, &err),
                         SKA_E_RANGE);
    }
}
END_TEST

START_TEST(what_may_correct_what)
{
    static const char *const texts[] = {NULL, "not the one", "hash", "revision", "policy"};
    uint8_t hash[32] = {1, 2, 3};
    struct ska_error err = {0};
    struct ska_previous previous = {.exists = true};
    struct ska_task *first = make_task(_i == 3 ? 1 : 0, NULL, 5);
    memcpy(previous.task_id, first->context.task_id, 32);
    memcpy(previous.accepted_hash, hash, 32);
    if (_i == 1)
        previous.task_id[7] ^= 1;
    if (_i == 2)
        previous.accepted_hash[7] ^= 1;
    struct ska_task *task = make_task(1, &previous, _i == 4 ? 6 : 5);
    ck_assert_status(ska_revision_check(task, first, hash, &err),
                     _i == 0 ? SKA_OK : SKA_E_MISMATCH);
    if (texts[_i] != NULL)
        ck_assert_msg(strstr(err.text, texts[_i]) != NULL, "%s", err.text);
    ska_task_free(first);
    ska_task_free(task);
}
END_TEST

/* Numbers of contributors of the group and of the others. */
static const struct {
    uint32_t changed[2], gone[2];
    enum ska_status want;
} verdicts[] = {
    {{3, 0}, {0, 0}, SKA_OK},           {{0, 3}, {0, 0}, SKA_OK},
    {{3, 6}, {0, 0}, SKA_OK},           {{0, 0}, {0, 3}, SKA_OK},
    {{3, 3}, {0, 3}, SKA_OK},           {{0, 0}, {0, 0}, SKA_E_BATCH_SIZE},
    {{1, 0}, {0, 0}, SKA_E_BATCH_SIZE}, {{0, 2}, {0, 0}, SKA_E_BATCH_SIZE},
    {{2, 3}, {0, 0}, SKA_E_BATCH_SIZE}, /* five in all, but the group's difference is two's */
    {{3, 1}, {0, 0}, SKA_E_BATCH_SIZE}, /* all but the group's is one's */
    {{1, 1}, {0, 0}, SKA_E_BATCH_SIZE}, {{3, 3}, {0, 1}, SKA_E_BATCH_SIZE},
    {{3, 3}, {2, 0}, SKA_E_BATCH_SIZE},
};

START_TEST(nobody_or_three_in_every_atom)
{
    struct ska_task *task = make_task(0, NULL, 5);
    struct ska_error err = {0};
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    ck_assert_status(ska_change_tally_init(&tally, task), SKA_OK);
    ck_assert_uint_eq(tally.atoms.n, 2);
    memcpy(tally.changed, verdicts[_i].changed, sizeof verdicts[_i].changed);
    memcpy(tally.gone, verdicts[_i].gone, sizeof verdicts[_i].gone);
    ck_assert_status(ska_changes_judge(&tally, &err), verdicts[_i].want);
    ska_task_free(task);
}
END_TEST

START_TEST(who_is_gone_is_counted_by_atom)
{
    struct ska_task *task = make_task(0, NULL, 5);
    struct ska_accepted_entry old[] = {{.contributor = 0, .number = 1},
                                       {.contributor = 0, .number = 2},
                                       {.contributor = 2, .number = 1},
                                       {.contributor = 4, .number = 1},
                                       {.contributor = 8, .number = 1}};
    struct ska_accepted_entry new[] = {{.contributor = 1, .number = 1},
                                       {.contributor = 2, .number = 1},
                                       {.contributor = 5, .number = 1}};
    const struct ska_accepted before = {.n = 5, .at = old};
    const struct ska_accepted now = {.n = 3, .at = new};
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    ck_assert_status(ska_change_tally_init(&tally, task), SKA_OK);
    ska_change_tally_compare(&tally, &before, &now);
    ck_assert_uint_eq(tally.gone[0], 1); /* 0 */
    ck_assert_uint_eq(tally.gone[1], 2); /* 4 and 8 */
    ska_task_free(task);
}
END_TEST

START_TEST(openings_are_read_as_written_and_open_the_sums)
{
    struct ska_previous previous = {.exists = true};
    struct ska_task *task = make_task(1, &previous, 5);
    const struct ska_signing_key key[2] = {sample_party(2), sample_party(3)};
    const uint8_t hash[32] = {9};
    uint8_t openings[2][128];
    struct ska_writer w[2] = {{0}, {0}};
    struct ska_changes read[2];
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    ck_assert_status(ska_change_tally_init(&tally, task), SKA_OK);
    for (uint32_t atom = 0; atom < 2; atom++) {
        ska_scalar x[2];
        const ska_scalar sum = ska_scalar_from_u64(2 + atom);
        ska_scalar_random(&x[1]);
        ska_scalar_sub(&x[0], &sum, &x[1]);
        for (int k = 0; k < 2; k++) {
            ska_scalar r;
            ska_scalar_random(&r);
            ska_commit(&tally.flags[k][atom], &x[k], &r);
            ska_scalar_encode(openings[k] + 64 * atom, &x[k]);
            ska_scalar_encode(openings[k] + 64 * atom + 32, &r);
        }
    }
    for (int k = 0; k < 2; k++) {
        const enum ska_role role = k == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER;
        struct ska_changes c = {.role = role, .n_atoms = 2, .openings = openings[k]};
        memcpy(c.task_id, task->context.task_id, 32);
        memcpy(c.accepted_hash, hash, 32);
        ck_assert_status(ska_changes_write(&w[k], &c, &key[k]), SKA_OK);
        const struct ska_slice bytes = {w[k].data, w[k].len};
        ck_assert_status(ska_changes_read(&read[k], bytes, key[1 - k].public_key), SKA_E_SIGNATURE);
        ck_assert_status(ska_changes_read(&read[k], bytes, key[k].public_key), SKA_OK);
        ck_assert_status(ska_changes_verify(&read[k], &tally, task, role, hash), SKA_OK);
        ck_assert_status(ska_changes_verify(&read[k], &tally, task, role, task->context.task_id),
                         SKA_E_MISMATCH);
        ck_assert_status(ska_changes_verify(&read[k], &tally, task,
                                            k == 0 ? SKA_ROLE_HELPER : SKA_ROLE_LEADER, hash),
                         SKA_E_MISMATCH);
        for (size_t at = 0; at < w[k].len; at += 7) {
            w[k].data[at] ^= 4;
            ck_assert_int_ne(ska_changes_read(&read[k], bytes, key[k].public_key), SKA_OK);
            w[k].data[at] ^= 4;
        }
        for (size_t len = 0; len < bytes.len; len += 13)
            ck_assert_int_ne(
                ska_changes_read(&read[k], (struct ska_slice){bytes.data, len}, key[k].public_key),
                SKA_OK);
        ck_assert_status(ska_changes_read(&read[k], bytes, key[k].public_key), SKA_OK);
    }
    ck_assert_status(ska_changes_open(&tally, &read[0], &read[1]), SKA_OK);
    ck_assert_uint_eq(tally.changed[0], 2);
    ck_assert_uint_eq(tally.changed[1], 3);
    openings[0][64] ^= 1; /* an opening of something else, rightly signed */
    struct ska_changes lie = read[0];
    lie.openings = openings[0];
    ck_assert_status(ska_changes_verify(&lie, &tally, task, SKA_ROLE_LEADER, hash),
                     SKA_E_COMMITMENT);
    ska_writer_clear(&w[0]);
    ska_writer_clear(&w[1]);
    ska_task_free(task);
}
END_TEST

#define WHO 6
#define WAYS 729 /* 3^WHO */

/* Everyone's figures in a revision, 0 to 2, as digits; how many differ between two. */
static uint32_t differ(uint32_t one, uint32_t two)
{
    uint32_t n = 0;
    for (int i = 0; i < WHO; i++, one /= 3, two /= 3)
        n += one % 3 != two % 3;
    return n;
}

/* Whether the rule takes the ends of a row of `n` revisions; one atom. */
static bool is_taken(const uint32_t *revision, size_t n)
{
    SKA_SCOPED(ska_passed_clear) struct ska_passed row = {0};
    ck_assert_status(ska_passed_init(&row, 1), SKA_OK);
    for (size_t i = 1; i < n; i++) {
        const uint32_t n_differ = differ(revision[i - 1], revision[i]);
        ska_passed_add(&row, &n_differ);
    }
    return ska_passed_judge(&row, NULL) == SKA_OK;
}

/* Each comparison by itself has passed the rule of three. */
START_TEST(what_is_taken_differs_in_nobody_or_three)
{
    uint32_t n_taken = 0;
    for (uint32_t one = 0; one < WAYS; one++) {
        for (uint32_t two = 0; two < WAYS; two++) {
            const uint32_t row[] = {one, 0, two};
            const uint32_t n = differ(one, two), a = differ(one, 0), b = differ(0, two);
            if ((a > 0 && a < SKA_CHANGED_MIN) || (b > 0 && b < SKA_CHANGED_MIN) ||
                !is_taken(row, N_OF(row)))
                continue;
            n_taken++;
            ck_assert_msg(n == 0 || n >= SKA_CHANGED_MIN, "%u and %u differ in %u", one, two, n);
        }
    }
    ck_assert_uint_gt(n_taken, WAYS);
}
END_TEST

START_TEST(a_longer_row_differs_in_nobody_or_three)
{
    test_seed("a longer row");
    uint32_t n_taken = 0;
    for (int round = 0; round < 200000; round++) {
        uint32_t row[4] = {0};
        for (size_t i = 0; i < N_OF(row); i++)
            row[i] =
                test_random() % 2 == 0 ? (uint32_t)(test_random() % WAYS) : row[i > 0 ? i - 1 : 0];
        const uint32_t n = differ(row[0], row[3]);
        bool is_small = false;
        for (size_t i = 1; i < N_OF(row); i++) {
            const uint32_t step = differ(row[i - 1], row[i]);
            is_small = is_small || (step > 0 && step < SKA_CHANGED_MIN);
        }
        if (is_small || !is_taken(row, N_OF(row)))
            continue;
        n_taken++;
        ck_assert_msg(n == 0 || n >= SKA_CHANGED_MIN, "the ends differ in %u", n);
    }
    ck_assert_uint_gt(n_taken, 1000);
}
END_TEST

START_TEST(each_atom_is_judged_by_itself)
{
    static const struct {
        uint32_t one[2], two[2];
        enum ska_status want;
    } cases[] = {
        {{3, 0}, {0, 4}, SKA_OK},           {{3, 0}, {6, 4}, SKA_OK},
        {{3, 3}, {6, 5}, SKA_E_BATCH_SIZE}, {{3, 3}, {3, 6}, SKA_E_BATCH_SIZE},
        {{7, 0}, {4, 0}, SKA_OK},           {{0, 0}, {0, 0}, SKA_OK},
    };
    SKA_SCOPED(ska_passed_clear) struct ska_passed row = {0};
    struct ska_error err = {0};
    ck_assert_status(ska_passed_init(&row, 2), SKA_OK);
    ska_passed_add(&row, cases[_i].one);
    ska_passed_add(&row, cases[_i].two);
    ck_assert_status(ska_passed_judge(&row, &err), cases[_i].want);
    ck_assert_int_eq(err.text[0] != '\0', cases[_i].want != SKA_OK);
}
END_TEST

int main(void)
{
    ska_group_init();
    Suite *suite = suite_create("revision");
    TCase *c = tcase_create("corrections");
    tcase_add_test(c, a_correction_has_a_flag_that_is_no_figure);
    tcase_add_test(c, parameters_name_what_they_correct_in_one_way);
    tcase_add_loop_test(c, what_may_correct_what, 0, 5);
    tcase_add_loop_test(c, nobody_or_three_in_every_atom, 0,
                        (int)(sizeof verdicts / sizeof verdicts[0]));
    tcase_add_test(c, who_is_gone_is_counted_by_atom);
    tcase_add_test(c, openings_are_read_as_written_and_open_the_sums);
    tcase_add_test(c, what_is_taken_differs_in_nobody_or_three);
    tcase_add_test(c, a_longer_row_differs_in_nobody_or_three);
    tcase_add_loop_test(c, each_atom_is_judged_by_itself, 0, 6);
    suite_add_tcase(suite, c);
    return test_run(suite);
}
