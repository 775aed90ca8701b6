/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_group_layers.c - what is public of a year, or a correction, with a group leaves small
 * figures as many values as are demanded: by trying every pair of tables, without the solver and
 * the certificate.
 */
#include "protocol/linked_join.h"
#include "tests/unit/reports/group_table.h"

#define FIGURES 9u   /* of one release: of all, of the group, of the others */
#define PUBLISHED 6u /* of all and of the group */
#define LAYERS 3u    /* the first release, the second, their year */
#define CAP 3u       /* cases of an atom */
#define KINDS 10u
#define TABLES 100u
#define STEP 67u /* every so many'th pair is published, by day every other of these */

static const uint64_t bounds[CELLS] = {1, 1, 1};
static const struct ska_policy policies[] = {
    {3, 3, true, 1, 0}, {3, 4, true, 2, 0}, {3, 3, false, 2, 0}};
static uint64_t tables[TABLES][FIGURES];
static uint32_t members[] = {0, 1, 2};
static const uint32_t counted[] = {0, 1, 2, 3, 4, 5};
static struct ska_group group = {.code = "G", .members = members, .n_members = 3};
static const struct ska_groups groups = {.n = 1, .at = &group};

/* A pair of tables: what is decided of each, and what all pairs that fit leave. */
struct pair {
    const struct ska_policy *policy;
    bool is_year;
    uint64_t real[LAYERS * FIGURES];
    struct group_decided one, two;
    struct group_left left[LAYERS * FIGURES];
};
struct counts {
    uint32_t n_tried, n_refused, n_small, n_near, n_between, n_between_near;
};

static struct ska_linked *alone(const struct ska_policy *p)
{
    static struct ska_layout layout; /* borrowed */
    struct ska_linked *l = NULL;
    layout = group_layout(bounds);
    ck_assert_status(ska_linked_new(&l, &layout, p, &groups, 6, counted, 6), SKA_OK);
    return l;
}

/* By figure of the first release, the second and their year: of one pair. */
static void of_pair(uint64_t *x, uint32_t a, uint32_t b)
{
    for (uint32_t f = 0; f < FIGURES; f++) {
        x[f] = tables[a][f];
        x[FIGURES + f] = tables[b][f];
        x[2 * FIGURES + f] = tables[a][f] + tables[b][f];
    }
}

/* The second release, with the year or as a correction of the first. */
static struct ska_linked *join(const struct pair *pair, struct ska_linked *first,
                               struct ska_linked *second)
{
    static const uint32_t changed[] = {3, 0};
    struct ska_linked *joined = NULL, *year = NULL;
    const struct ska_linked *parts[] = {first, second};
    const struct ska_linked_layer frozen = {.name = "2025H1",
                                            .alone = first,
                                            .reason = pair->one.reason,
                                            .total = pair->real,
                                            .needed = pair->one.needed,
                                            .n_needed = pair->one.n_needed,
                                            .corrects = SKA_NONE};
    if (!pair->is_year) {
        struct ska_linked_layer layers[] = {{.alone = second, .corrects = 1, .changed = changed},
                                            frozen};
        ck_assert_status(ska_linked_join(&joined, layers, 2), SKA_OK);
        return joined;
    }
    ck_assert_status(ska_linked_new_year(&year, parts, 2, pair->policy), SKA_OK);
    struct ska_linked_layer layers[] = {{.alone = second, .corrects = SKA_NONE},
                                        {.name = "2025",
                                         .alone = year,
                                         .is_year = true,
                                         .n_parts = 2,
                                         .part = {2, 0},
                                         .corrects = SKA_NONE},
                                        frozen};
    ck_assert_status(ska_linked_join(&joined, layers, 3), SKA_OK);
    return joined;
}

static enum ska_status publish(struct pair *pair)
{
    struct ska_linked *first = alone(pair->policy), *second = alone(pair->policy);
    uint64_t total[64] = {0};
    uint8_t kept[64] = {0};
    struct disclosure_input input = {
        .linked = first, .policy = *pair->policy, .totals = pair->real, .shown = pair->real};
    ck_assert_status(group_decide(&pair->one, &input), SKA_OK);
    struct ska_linked *joined = join(pair, first, second);
    memcpy(total, pair->real + FIGURES, PUBLISHED * sizeof *total);
    if (pair->is_year)
        memcpy(total + PUBLISHED, pair->real + 2 * FIGURES, PUBLISHED * sizeof *total);
    ck_assert_status(disclosure_subtract(total, joined), SKA_OK);
    for (uint32_t f = 0; f < PUBLISHED; f++)
        kept[f] = pair->one.reason[f] != 0;
    input.linked = joined;
    input.totals = input.shown = total;
    input.kept = pair->is_year ? NULL : kept;
    enum ska_status status = group_decide(&pair->two, &input);
    ska_linked_free(joined);
    return status;
}

/* Whether figure f of what was decided, figure `at` of the pair, can be x. */
static bool fits(const struct pair *pair, const struct group_decided *d, uint32_t f, uint32_t at,
                 const uint64_t *x)
{
    if (d->reason[f] == 0)
        return x[at] == pair->real[at];
    return group_fits(d, f, x[at], pair->policy, 6, LAYERS * FIGURES);
}

static bool fits_all(const struct pair *pair, const uint64_t *x)
{
    for (uint32_t f = 0; f < PUBLISHED; f++)
        if (!fits(pair, &pair->one, f, f, x) || !fits(pair, &pair->two, f, FIGURES + f, x) ||
            (pair->is_year && !fits(pair, &pair->two, PUBLISHED + f, 2 * FIGURES + f, x)))
            return false;
    /* Of a correction is known that nobody changed outside the group. */
    return pair->is_year || memcmp(x + PUBLISHED, x + FIGURES + PUBLISHED, CELLS * sizeof *x) == 0;
}

/* Whether a count of at least 1 is shown: else nothing could be hidden. */
static bool shows_any(const struct pair *pair)
{
    for (uint32_t f = 0; f < PUBLISHED; f++)
        if ((pair->one.reason[f] == 0 && pair->real[f] > 0) ||
            (pair->two.reason[f] == 0 && pair->real[FIGURES + f] > 0))
            return true;
    return false;
}

static void judge(struct counts *counts, const struct pair *pair)
{
    const struct ska_policy *p = pair->policy;
    for (uint32_t f = 0; f < 2 * FIGURES; f++) {
        const struct group_left *left = &pair->left[f];
        const struct group_decided *d = f < FIGURES ? &pair->one : &pair->two;
        bool is_published = f % FIGURES < PUBLISHED;
        uint64_t width = is_published ? p->threshold - 1 - (p->show_zero ? 1 : 0) : CAP;
        bool is_near = left->most - left->least < (p->protection < width ? p->protection : width);
        if (is_published && d->reason[f % FIGURES] == SKA_HIDDEN_SMALL) {
            counts->n_small++;
            counts->n_near += is_near;
        } else if (!is_published && left->least < p->threshold &&
                   !(p->show_zero && left->most == 0)) {
            is_near = is_near && shows_any(pair);
            counts->n_between++;
            counts->n_between_near += is_near;
        } else {
            continue;
        }
        if (is_near)
            printf("figure %u: %u..%u\n", f, (unsigned)left->least, (unsigned)left->most);
    }
}

static void try_pair(struct counts *counts, struct pair *pair, uint32_t number)
{
    uint32_t a = number % TABLES, b = number / TABLES;
    if (!pair->is_year) /* the others' figures are as they were */
        b = a / KINDS * KINDS + b % KINDS;
    of_pair(pair->real, a, b);
    counts->n_tried++;
    if (publish(pair) != SKA_OK) {
        counts->n_refused++;
        return;
    }
    for (uint32_t f = 0; f < LAYERS * FIGURES; f++)
        pair->left[f] = (struct group_left){UINT64_MAX, 0};
    for (uint32_t i = 0; i < TABLES * TABLES; i++) {
        uint64_t x[LAYERS * FIGURES];
        of_pair(x, i % TABLES, i / TABLES);
        if (fits_all(pair, x))
            group_leave(pair->left, LAYERS * FIGURES, x);
    }
    judge(counts, pair);
}

START_TEST(what_is_public_of_two_releases)
{
    uint64_t kind[KINDS][CELLS];
    struct pair pair = {.policy = &policies[_i / 2], .is_year = _i % 2 == 0};
    struct counts c = {0};
    ck_assert_uint_eq(group_tables(kind, KINDS, CAP), KINDS);
    for (uint32_t i = 0; i < TABLES; i++)
        for (uint32_t j = 0; j < CELLS; j++) {
            tables[i][3 + j] = kind[i % KINDS][j];
            tables[i][6 + j] = kind[i / KINDS][j];
            tables[i][j] = kind[i % KINDS][j] + kind[i / KINDS][j];
        }
    for (uint32_t i = 0; i < TABLES * TABLES; i += group_is_whole() ? STEP : 2 * STEP + 1)
        try_pair(&c, &pair, i);
    printf("%s t %u p %u: %u tried, %u refused, small %u near %u, between %u near %u\n",
           pair.is_year ? "year" : "correction", (unsigned)pair.policy->threshold,
           (unsigned)pair.policy->protection, c.n_tried, c.n_refused, c.n_small, c.n_near,
           c.n_between, c.n_between_near);
    ck_assert_uint_eq(c.n_refused, 0);
    ck_assert_uint_gt(c.n_small, 0);
    ck_assert_uint_eq(c.n_near, 0);
    ck_assert_uint_eq(c.n_between_near, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("group layers");
    TCase *t = tcase_create("layers");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, what_is_public_of_two_releases, 0, 2 * N_OF(policies));
    suite_add_tcase(s, t);
    return test_run(s);
}
