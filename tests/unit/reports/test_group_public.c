/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_group_public.c - what is public of a release with groups leaves every small figure as many
 * values as are demanded: by trying every table, without the solver and the certificate. Groups
 * overlap, lie apart or within one another; counts are exact or rounded.
 */
#include "protocol/rounding.h"
#include "reports/disclosure/disclosure.h"

#include "crypto/scoped.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#define CELLS 3u /* A | A.x A.y */
#define ATOM 3u  /* contributors of each atom */
#define ATOMS_MAX 4u
#define FIGURES_MAX 64u
#define KINDS_MAX 32u /* tables of one atom */

static const struct ska_term terms[] = {{0, -1}, {1, 1}, {2, 1}};
static const struct ska_rule rules[] = {{0, 0, 3, terms}};
static struct ska_rule_source sources[] = {{SKA_RULE_TABLE, 0}};
static struct ska_cell cells[CELLS] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.x", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.y", .flag = SKA_NONE, .total = 0}};

/* Groups by the atoms that they have; each contributor has at most `bound` cases. */
static const struct world {
    const char *name;
    uint32_t n_atoms, n_groups, masks[2];
    uint64_t bound;
    struct ska_policy policy;
    uint32_t step; /* every so many'th table is published */
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
    struct ska_linked *linked;
    uint64_t kind[KINDS_MAX][CELLS];
    uint32_t n_kinds, n_tables;
    uint8_t reason[FIGURES_MAX];
    uint64_t total[FIGURES_MAX], shown[FIGURES_MAX];
    uint64_t lo[FIGURES_MAX], hi[FIGURES_MAX];      /* what labels say */
    uint64_t least[FIGURES_MAX], most[FIGURES_MAX]; /* of all tables that satisfy them */
    struct ska_needed needed[FIGURES_MAX];
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

/* What is said of a published figure. */
static void say(struct tried *t, uint32_t f)
{
    const struct ska_policy *p = &t->w->policy;
    uint64_t cap = t->linked->blocks[f / CELLS].n_counted * t->w->bound, b = p->rounding;
    t->lo[f] = 0;
    t->hi[f] = cap;
    if (t->reason[f] == SKA_HIDDEN_SMALL) {
        t->lo[f] = p->show_zero ? 1 : 0;
        t->hi[f] = p->threshold - 1 < cap ? p->threshold - 1 : cap;
    } else if (t->reason[f] == SKA_HIDDEN_COMPLEMENT) {
        t->lo[f] = p->threshold;
    } else if (t->reason[f] == 0) {
        uint64_t r = t->shown[f];
        bool is_exact = b == 0 || r == 0;
        uint64_t low = r >= b ? r - (b - 1) : 0;
        t->lo[f] = is_exact ? r : low > p->threshold ? low : p->threshold;
        t->hi[f] = is_exact ? r : r + b - 1 < cap ? r + b - 1 : cap;
    }
}

static bool fits(const struct tried *t, const uint64_t *total)
{
    for (uint32_t f = 0; f < t->linked->n_published; f++) {
        if (total[f] < t->lo[f] || total[f] > t->hi[f])
            return false;
        const struct ska_needed *n = &t->needed[f];
        bool is_in = n->n_runs == 0;
        for (uint32_t i = 0; i < n->n_runs; i++)
            is_in = is_in || (total[f] >= n->run[i].lo && total[f] <= n->run[i].hi);
        if (!is_in)
            return false;
    }
    return true;
}

static void publish(struct tried *t)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    uint64_t b = t->w->policy.rounding;
    memset(t->reason, 0, sizeof t->reason);
    memset(t->needed, 0, sizeof t->needed);
    memcpy(t->shown, t->total, sizeof t->shown);
    for (uint32_t f = 0; b > 0 && f < t->linked->n_published; f++)
        t->shown[f] = (t->total[f] + (t->total[f] * 7 + f * 5) % b) / b * b;
    const struct disclosure_input input = {
        .linked = t->linked, .policy = t->w->policy, .totals = t->total, .shown = t->shown};
    ck_assert_status(disclosure_decide(&hidden, &certificate, NULL, &input, &err), SKA_OK);
    for (uint32_t i = 0; i < hidden.n; i++)
        t->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    for (uint32_t i = 0; i < hidden.n_needed; i++)
        t->needed[hidden.needed[i].figure] = hidden.needed[i];
    for (uint32_t f = 0; f < t->linked->n_published; f++)
        say(t, f);
}

static void tell(const struct tried *t, uint32_t f, const char *what)
{
    printf("%s: %s figure %u is %u..%u:", t->w->name, what, f, (unsigned)t->least[f],
           (unsigned)t->most[f]);
    for (uint32_t g = 0; g < t->linked->n_figures; g++)
        printf(" %u%c", (unsigned)t->total[g],
               "_123456789?"[t->reason[g] < 10 ? t->reason[g] : 10]);
    printf("\n");
}

/* Whether a count of at least 1 is shown: else there is nothing that could be hidden (section 10,
 * point 4). */
static bool shows_any(const struct tried *t)
{
    for (uint32_t f = 0; f < t->linked->n_published; f++)
        if (t->reason[f] == 0 && t->shown[f] > 0)
            return true;
    return false;
}

static void judge(struct tried *t)
{
    const struct ska_policy *p = &t->w->policy;
    for (uint32_t f = 0; f < t->linked->n_figures; f++) {
        uint64_t spread = t->most[f] - t->least[f];
        bool is_published = f < t->linked->n_published;
        uint64_t width = is_published ? t->hi[f] - t->lo[f]
                                      : t->linked->blocks[f / CELLS].n_counted * t->w->bound;
        bool is_near = spread < (p->protection < width ? p->protection : width);
        bool is_zero = p->show_zero && t->most[f] == 0;
        if (is_published && t->reason[f] == SKA_HIDDEN_SMALL) {
            t->n_small++;
            t->n_small_near += is_near;
            if (is_near)
                tell(t, f, "small");
        } else if (is_published) {
            bool is_kept = t->reason[f] != 0 && t->reason[f] != SKA_HIDDEN_COMPLEMENT;
            t->n_other_near += is_kept && is_near && !is_zero;
        } else if (t->least[f] < p->threshold && !is_zero) {
            t->n_between++;
            t->n_bare_near += is_near && !shows_any(t);
            t->n_between_near += is_near && shows_any(t);
            if (is_near && shows_any(t) && t->n_between_near < 4)
                tell(t, f, "between");
        }
    }
}

static void try_one(struct tried *t, uint32_t number)
{
    memcpy(t->total, t->all[number], sizeof t->total);
    publish(t);
    memset(t->least, 0xFF, sizeof t->least);
    memset(t->most, 0, sizeof t->most);
    for (uint32_t i = 0; i < t->n_tables; i++) {
        const uint64_t *total = t->all[i];
        if (!fits(t, total)) {
            ck_assert_uint_ne(i, number);
            continue;
        }
        for (uint32_t f = 0; f < t->linked->n_figures; f++) {
            t->least[f] = total[f] < t->least[f] ? total[f] : t->least[f];
            t->most[f] = total[f] > t->most[f] ? total[f] : t->most[f];
        }
    }
    judge(t);
}

START_TEST(what_is_public_leaves_as_many_values_as_are_demanded)
{
    const struct world *w = &worlds[_i];
    struct tried t = {.w = w, .n_tables = 1};
    const uint64_t bounds[CELLS] = {w->bound, w->bound, w->bound};
    const struct ska_layout layout = {
        .n_cells = CELLS,
        .cells = cells,
        .statement = {.n_cells = CELLS, .bound = bounds, .n_rules = N_OF(rules), .rules = rules},
        .rule_sources = sources};
    struct ska_group at[2] = {{.code = "G"}, {.code = "H"}};
    uint32_t members[2][ATOM * ATOMS_MAX], counted[ATOM * ATOMS_MAX], n = w->n_atoms * ATOM;
    for (uint32_t i = 0; i < n; i++) {
        counted[i] = i;
        for (uint32_t g = 0; g < w->n_groups; g++)
            if (w->masks[g] >> i / ATOM & 1)
                members[g][at[g].n_members++] = i;
    }
    at[0].members = members[0];
    at[1].members = members[1];
    const struct ska_groups groups = {.n = w->n_groups, .at = at};
    ck_assert_status(ska_linked_new(&t.linked, &layout, &w->policy, &groups, n, counted, n),
                     SKA_OK);
    ck_assert_uint_eq(t.linked->n_atoms, w->n_atoms);
    ck_assert_uint_le(t.linked->n_figures, FIGURES_MAX);
    for (uint64_t x = 0; x <= ATOM * w->bound; x++)
        for (uint64_t y = 0; x + y <= ATOM * w->bound; y++)
            memcpy(t.kind[t.n_kinds++], (uint64_t[CELLS]){x + y, x, y}, sizeof t.kind[0]);
    for (uint32_t a = 0; a < w->n_atoms; a++)
        t.n_tables *= t.n_kinds;
    t.all = calloc(t.n_tables, sizeof *t.all);
    ck_assert_ptr_nonnull(t.all);
    for (uint32_t i = 0; i < t.n_tables; i++)
        table(t.all[i], &t, i);
    uint32_t n_tried = 0;
    for (uint32_t i = 0; i < t.n_tables; i += w->step, n_tried++)
        try_one(&t, i);
    printf("%s: %u of %u tables, of %u small %u near, of %u between or atoms %u near (%u where "
           "nothing is shown), others %u\n",
           w->name, n_tried, t.n_tables, t.n_small, t.n_small_near, t.n_between, t.n_between_near,
           t.n_bare_near, t.n_other_near);
    free(t.all);
    ska_linked_free(t.linked);
    ck_assert_uint_eq(t.n_small_near, 0);
    ck_assert_uint_eq(t.n_between_near, 0);
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
