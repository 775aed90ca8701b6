/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_group_public.c - what is public of a release with groups leaves every small figure as many
 * values as are demanded: by trying every table, without the solver and the certificate. Groups
 * overlap, lie apart or within one another; counts are exact or rounded.
 */
#include "tests/unit/reports/group_table.h"

#define ATOMS_MAX 4u
#define FIGURES_MAX 64u
#define KINDS_MAX 32u /* tables of one atom */

/* Groups by the atoms that they have; each contributor has at most `bound` cases. */
static const struct world {
    const char *name;
    uint32_t n_atoms, n_groups, masks[2];
    uint64_t bound;
    struct ska_policy policy;
    uint32_t step; /* every so many'th table is published, by day every sixth of these */
} worlds[] = {
    {"overlap", 4, 2, {0x3, 0x6}, 1, {3, 3, true, 1, 0}, 61},
    {"overlap, t 4", 4, 2, {0x3, 0x6}, 1, {3, 4, true, 2, 0}, 61},
    {"overlap, zeros hidden", 4, 2, {0x3, 0x6}, 1, {3, 3, false, 2, 0}, 61},
    {"overlap all", 3, 2, {0x3, 0x6}, 2, {3, 4, true, 2, 0}, 149},
    {"apart with a rest", 3, 2, {0x1, 0x2}, 2, {3, 4, true, 2, 0}, 149},
    {"apart", 2, 2, {0x1, 0x2}, 2, {3, 4, true, 2, 0}, 5},
    {"within", 3, 2, {0x3, 0x1}, 2, {3, 4, false, 2, 0}, 149},
    {"one group, rounded", 2, 1, {0x1}, 2, {3, 4, true, 2, 3}, 5},
    {"one group, rounded, t 3", 2, 1, {0x1}, 2, {3, 3, true, 1, 3}, 5},
    {"apart with a rest, rounded", 3, 2, {0x1, 0x2}, 2, {3, 4, true, 2, 3}, 149},
    {"overlap, rounded", 4, 2, {0x3, 0x6}, 1, {3, 3, true, 1, 2}, 61},
};

struct tried {
    const struct world *w;
    uint64_t bounds[CELLS];
    struct ska_layout layout;
    uint32_t members[2][ATOM * ATOMS_MAX];
    struct ska_group at[2];
    struct ska_groups groups;
    struct ska_linked *linked; /* borrows layout and groups */
    uint64_t kind[KINDS_MAX][CELLS];
    uint32_t n_kinds, n_tables;
    struct group_decided decided;
    uint64_t total[FIGURES_MAX], shown[FIGURES_MAX];
    struct group_left left[FIGURES_MAX]; /* by all tables that satisfy what is said */
    uint32_t n_small, n_small_near, n_between, n_between_near, n_bare_near, n_other_near;
    uint64_t (*all)[FIGURES_MAX]; /* every table; owned */
};

static void table(uint64_t *total, const struct tried *t, uint32_t number)
{
    memset(total, 0, FIGURES_MAX * sizeof *total);
    for (uint32_t a = 0; a < t->w->n_atoms; a++, number /= t->n_kinds)
        for (uint32_t f = 0; f < t->linked->n_figures; f++)
            if (t->linked->members[f / CELLS * t->w->n_atoms + a])
                total[f] += t->kind[number % t->n_kinds][f % CELLS];
}

static uint64_t cap_of(const struct tried *t, uint32_t f)
{
    return t->linked->blocks[f / CELLS].n_counted * t->w->bound;
}

/* Whether a published figure that is not hidden can be x. */
static bool fits_shown(const struct tried *t, uint32_t f, uint64_t x)
{
    uint64_t r = t->shown[f], b = t->w->policy.rounding;
    if (b == 0 || r == 0)
        return x == r;
    return x >= t->w->policy.threshold && x + b > r && x < r + b;
}

static bool fits(const struct tried *t, const uint64_t *total)
{
    for (uint32_t f = 0; f < t->linked->n_published; f++)
        if (t->decided.reason[f] == 0
                ? !fits_shown(t, f, total[f])
                : !group_fits(&t->decided, f, total[f], &t->w->policy,
                              t->linked->blocks[f / CELLS].n_counted, cap_of(t, f)))
            return false;
    return true;
}

static void publish(struct tried *t)
{
    uint64_t b = t->w->policy.rounding;
    memcpy(t->shown, t->total, sizeof t->shown);
    for (uint32_t f = 0; b > 0 && f < t->linked->n_published; f++)
        t->shown[f] = (t->total[f] + (t->total[f] * 7 + f * 5) % b) / b * b;
    const struct disclosure_input input = {
        .linked = t->linked, .policy = t->w->policy, .totals = t->total, .shown = t->shown};
    ck_assert_status(group_decide(&t->decided, &input), SKA_OK);
}

static void tell(const struct tried *t, uint32_t f, const char *what)
{
    printf("%s: %s figure %u is %u..%u:", t->w->name, what, f, (unsigned)t->left[f].least,
           (unsigned)t->left[f].most);
    for (uint32_t g = 0; g < t->linked->n_figures; g++)
        printf(" %u%c", (unsigned)t->total[g],
               "_123456789?"[t->decided.reason[g] < 10 ? t->decided.reason[g] : 10]);
    printf("\n");
}

/* Whether a count of at least 1 is shown: else there is nothing that could be hidden (section 10,
 * point 4). */
static bool shows_any(const struct tried *t)
{
    for (uint32_t f = 0; f < t->linked->n_published; f++)
        if (t->decided.reason[f] == 0 && t->shown[f] > 0)
            return true;
    return false;
}

/* What is demanded of a figure (section 10): no more than its reason leaves. */
static uint64_t demand_of(const struct tried *t, uint32_t f)
{
    const struct ska_policy *p = &t->w->policy;
    int64_t lo = 0, hi = (int64_t)cap_of(t, f);
    if (f < t->linked->n_published)
        attacker_reason(&lo, &hi, t->decided.reason[f], p, 0, hi);
    return p->protection < (uint64_t)(hi - lo) ? p->protection : (uint64_t)(hi - lo);
}

static void judge_one(struct tried *t, uint32_t f)
{
    const struct group_left *left = &t->left[f];
    uint8_t reason = t->decided.reason[f];
    bool is_published = f < t->linked->n_published;
    bool is_near = left->most - left->least < demand_of(t, f);
    bool is_zero = t->w->policy.show_zero && left->most == 0;
    if (is_published && reason == SKA_HIDDEN_SMALL) {
        t->n_small++;
        t->n_small_near += is_near;
        if (is_near)
            tell(t, f, "small");
    } else if (is_published) {
        bool is_kept = reason != 0 && reason != SKA_HIDDEN_COMPLEMENT;
        t->n_other_near += is_kept && is_near && !is_zero;
        if (is_kept && is_near && !is_zero)
            tell(t, f, "other");
    } else if (left->least < t->w->policy.threshold && !is_zero) {
        t->n_between++;
        t->n_bare_near += is_near && !shows_any(t);
        t->n_between_near += is_near && shows_any(t);
        if (is_near && shows_any(t))
            tell(t, f, "between");
    }
}

static void try_one(struct tried *t, uint32_t number)
{
    memcpy(t->total, t->all[number], sizeof t->total);
    publish(t);
    for (uint32_t f = 0; f < FIGURES_MAX; f++)
        t->left[f] = (struct group_left){UINT64_MAX, 0};
    for (uint32_t i = 0; i < t->n_tables; i++)
        if (fits(t, t->all[i]))
            group_leave(t->left, t->linked->n_figures, t->all[i]);
        else
            ck_assert_uint_ne(i, number);
    for (uint32_t f = 0; f < t->linked->n_figures; f++)
        judge_one(t, f);
}

/* The contributors of the world's groups, linked. */
static void link_groups(struct tried *t)
{
    const struct world *w = t->w;
    for (uint32_t j = 0; j < CELLS; j++)
        t->bounds[j] = w->bound;
    t->layout = group_layout(t->bounds);
    uint32_t counted[ATOM * ATOMS_MAX], n = w->n_atoms * ATOM;
    t->at[0] = (struct ska_group){.code = "G", .members = t->members[0]};
    t->at[1] = (struct ska_group){.code = "H", .members = t->members[1]};
    for (uint32_t i = 0; i < n; i++) {
        counted[i] = i;
        for (uint32_t g = 0; g < w->n_groups; g++)
            if (w->masks[g] >> i / ATOM & 1)
                t->members[g][t->at[g].n_members++] = i;
    }
    t->groups = (struct ska_groups){.n = w->n_groups, .at = t->at};
    ck_assert_status(ska_linked_new(&t->linked, &t->layout, &w->policy, &t->groups, n, counted, n),
                     SKA_OK);
    ck_assert_uint_eq(t->linked->n_atoms, w->n_atoms);
    ck_assert_uint_le(t->linked->n_figures, FIGURES_MAX);
}

static void list_tables(struct tried *t)
{
    t->n_kinds = group_tables(t->kind, KINDS_MAX, ATOM * t->w->bound);
    t->n_tables = 1;
    for (uint32_t a = 0; a < t->w->n_atoms; a++)
        t->n_tables *= t->n_kinds;
    t->all = calloc(t->n_tables, sizeof *t->all);
    ck_assert_ptr_nonnull(t->all);
    for (uint32_t i = 0; i < t->n_tables; i++)
        table(t->all[i], t, i);
}

START_TEST(what_is_public_leaves_as_many_values_as_are_demanded)
{
    struct tried t = {.w = &worlds[_i]};
    uint32_t step = group_is_whole() ? t.w->step : 6 * t.w->step + 1, n_tried = 0;
    link_groups(&t);
    list_tables(&t);
    for (uint32_t i = 0; i < t.n_tables; i += step, n_tried++)
        try_one(&t, i);
    printf("%s: %u of %u tables, of %u small %u near, of %u between or atoms %u near (%u where "
           "nothing is shown), others %u\n",
           t.w->name, n_tried, t.n_tables, t.n_small, t.n_small_near, t.n_between, t.n_between_near,
           t.n_bare_near, t.n_other_near);
    free(t.all);
    ska_linked_free(t.linked);
    ck_assert_uint_gt(t.n_small, 0);
    ck_assert_uint_eq(t.n_small_near, 0);
    ck_assert_uint_eq(t.n_between_near, 0);
    ck_assert_uint_eq(t.n_other_near, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("group public");
    TCase *t = tcase_create("public");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, what_is_public_leaves_as_many_values_as_are_demanded, 0, N_OF(worlds));
    suite_add_tcase(s, t);
    return test_run(s);
}
