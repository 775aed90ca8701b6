/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_group_reader.c - a reader who knows the public rule and tries every table of a county with
 * one group: those that would have been published in exactly this way. Nothing is said of what is
 * between the county and the group. Without groups no small figure has values nearer each other
 * than the protection (test_disclosure_reader); with them hardly one has, and some of what may be
 * small between the two, for what turning the rule round tells (docs/disclosure-control.md,
 * section 8): no more than here.
 */
#include "tests/unit/reports/group_table.h"

#include "crypto/scoped.h"

#define FIGURES 9u       /* of all, of the group, of the others */
#define PUBLISHED 6u     /* of all and of the group */
#define CASES_MAX 9u     /* of either atom: three contributors, up to 3 each */
#define TABLES_MAX 3025u /* (10 * 11 / 2)^2 */

static const uint64_t bounds[CELLS] = {3, 3, 3};

/* One table and how it is published: the pattern, what is proven of complements and the figures, 0
 * where hidden; then what is not seen. */
struct published {
    uint8_t reason[FIGURES];
    uint64_t shown[PUBLISHED];
    struct ska_needed needed[FIGURES];
    uint64_t total[FIGURES];
};

static int compare(const void *a, const void *b)
{
    const struct published *x = a, *y = b;
    int order = memcmp(x->reason, y->reason, sizeof x->reason);
    if (order == 0)
        order = memcmp(x->shown, y->shown, sizeof x->shown);
    return order != 0 ? order : memcmp(x->needed, y->needed, sizeof x->needed);
}

static void publish(struct published *p, struct disclosure_input *input)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    input->totals = p->total;
    enum ska_status status = disclosure_decide(&hidden, &certificate, NULL, input, &err);
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    for (uint32_t i = 0; i < hidden.n; i++)
        p->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    for (uint32_t i = 0; i < hidden.n_needed; i++)
        p->needed[hidden.needed[i].figure] = hidden.needed[i];
    for (uint32_t j = 0; j < PUBLISHED; j++)
        p->shown[j] = p->reason[j] == 0 ? p->total[j] : 0;
}

/* The group has x and y, the others the rest. */
static void publish_one(struct published *p, struct disclosure_input *input, const uint64_t *group,
                        const uint64_t *rest)
{
    for (uint32_t j = 0; j < CELLS; j++) {
        p->total[j] = group[j] + rest[j];
        p->total[CELLS + j] = group[j];
    }
    ck_assert_status(disclosure_subtract(p->total, input->linked), SKA_OK);
    ck_assert_mem_eq(p->total + PUBLISHED, rest, CELLS * sizeof *rest);
    publish(p, input);
}

static size_t publish_all(struct published *at, struct disclosure_input *input)
{
    size_t n = 0;
    uint64_t atom[CASES_MAX * CASES_MAX][CELLS];
    size_t n_atoms = group_tables(atom, N_OF(atom), CASES_MAX);
    for (size_t g = 0; g < n_atoms; g++)
        for (size_t r = 0; r < n_atoms; r++) {
            ck_assert_uint_lt(n, TABLES_MAX);
            publish_one(&at[n++], input, atom[g], atom[r]);
        }
    return n;
}

/* Figures of which something is to be kept; those whose values are nearer each other than the
 * protection; and those that have one value. */
struct counts {
    uint32_t n, near, known;
};
struct found {
    struct counts small, between;
};

static bool is_small(uint64_t total, const struct ska_policy *policy)
{
    return total >= (policy->show_zero ? 1u : 0u) && total < policy->threshold;
}

/* Of n tables that are published alike: adds up the figures that are SMALL, and what may be small
 * between two figures. */
static void count(struct found *found, const struct published *at, size_t n,
                  const struct ska_policy *policy)
{
    uint64_t width = policy->threshold - 1 - (policy->show_zero ? 1 : 0);
    uint64_t demand = policy->protection < width ? policy->protection : width;
    for (uint32_t j = 0; j < FIGURES; j++) {
        uint64_t least = UINT64_MAX, most = 0;
        bool may_be_small = false;
        for (size_t i = 0; i < n; i++) {
            least = at[i].total[j] < least ? at[i].total[j] : least;
            most = at[i].total[j] > most ? at[i].total[j] : most;
            may_be_small = may_be_small || is_small(at[i].total[j], policy);
        }
        struct counts *counts = j < PUBLISHED ? &found->small : &found->between;
        if (j < PUBLISHED ? at[0].reason[j] != SKA_HIDDEN_SMALL : !may_be_small)
            continue;
        counts->n++;
        counts->near += most - least < demand;
        counts->known += most == least;
    }
}

/* What a reader reached when this was written: no more than that. */
static const struct world {
    struct ska_policy policy;
    struct counts small, between;
} worlds[] = {{{3, 5, true, 2, 0}, {0, 0, 0}, {0, 30, 10}},
              {{3, 5, false, 2, 0}, {0, 0, 0}, {0, 6, 6}},
              {{3, 4, true, 2, 0}, {0, 4, 0}, {0, 51, 16}}};

static void expect(const char *what, const struct counts *found, const struct counts *most)
{
    printf("of %u %s %u nearly known, %u known\n", found->n, what, found->near, found->known);
    ck_assert_uint_gt(found->n, 0);
    ck_assert_uint_le(found->near, most->near);
    ck_assert_uint_le(found->known, most->known);
}

START_TEST(no_reader_learns_more_of_a_small_figure_than_was_found)
{
    const struct world *w = &worlds[_i];
    static const uint32_t counted[] = {0, 1, 2, 3, 4, 5};
    const struct ska_layout layout = group_layout(bounds);
    uint32_t members[] = {0, 1, 2};
    struct ska_group group = {.code = "G", .members = members, .n_members = N_OF(members)};
    const struct ska_groups groups = {.n = 1, .at = &group};
    struct ska_linked *linked = NULL;
    ck_assert_status(ska_linked_new(&linked, &layout, &w->policy, &groups, N_OF(counted), counted,
                                    N_OF(counted)),
                     SKA_OK);
    ck_assert_uint_eq(linked->n_figures, FIGURES);
    struct disclosure_input input = {.linked = linked, .policy = w->policy};
    struct published *at = calloc(TABLES_MAX, sizeof *at);
    ck_assert_ptr_nonnull(at);
    size_t n = publish_all(at, &input);
    qsort(at, n, sizeof *at, compare);
    struct found found = {0};
    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && compare(&at[i], &at[i + same]) == 0;)
            same++;
        count(&found, &at[i], same, &w->policy);
    }
    expect("small figures", &found.small, &w->small);
    expect("small differences", &found.between, &w->between);
    free(at);
    ska_linked_free(linked);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("group reader");
    TCase *t = tcase_create("reader");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, no_reader_learns_more_of_a_small_figure_than_was_found, 0, N_OF(worlds));
    suite_add_tcase(s, t);
    return test_run(s);
}
