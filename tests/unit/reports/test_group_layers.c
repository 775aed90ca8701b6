/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_group_layers.c - what is public of a year, or a correction, with a group leaves small
 * figures as many values as are demanded: by trying every pair of tables, without the solver and
 * the certificate.
 */
#include "protocol/linked_join.h"
#include "reports/disclosure/disclosure.h"

#include "crypto/scoped.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#define CELLS 3u /* A | A.x A.y */
#define ATOM 3u  /* contributors of each atom */
#define FIGURES 9u
#define KINDS 10u
#define TABLES 100u
#define STEP 67u

static const struct ska_term terms[] = {{0, -1}, {1, 1}, {2, 1}};
static const struct ska_rule rules[] = {{0, 0, 3, terms}};
static struct ska_rule_source sources[] = {{SKA_RULE_TABLE, 0}};
static struct ska_cell cells[CELLS] = {
    {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.x", .flag = SKA_NONE, .total = 0},
    {.kind = SKA_CELL_CATEGORY, .code = "A.y", .flag = SKA_NONE, .total = 0}};

static const uint64_t bounds[CELLS] = {1, 1, 1};
static const struct ska_layout layout = {
    .n_cells = CELLS,
    .cells = cells,
    .statement = {.n_cells = CELLS, .bound = bounds, .n_rules = N_OF(rules), .rules = rules},
    .rule_sources = sources};
static const struct ska_policy policies[] = {
    {3, 3, true, 1, 0}, {3, 4, true, 2, 0}, {3, 3, false, 2, 0}};
static uint64_t tables[TABLES][FIGURES];
static uint32_t members[] = {0, 1, 2};
static const uint32_t counted[] = {0, 1, 2, 3, 4, 5};
static struct ska_group group = {.code = "G", .members = members, .n_members = 3};
static const struct ska_groups groups = {.n = 1, .at = &group};

struct out {
    uint8_t reason[64];
    struct ska_needed needed[64];
    uint32_t n_needed;
    struct ska_needed list[64];
};

static struct ska_linked *alone(const struct ska_policy *p)
{
    struct ska_linked *l = NULL;
    ck_assert_status(ska_linked_new(&l, &layout, p, &groups, 6, counted, 6), SKA_OK);
    return l;
}

static enum ska_status decide(struct out *o, const struct ska_linked *l, const struct ska_policy *p,
                              const uint64_t *total, const uint8_t *kept)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct ska_error err = {0};
    memset(o, 0, sizeof *o);
    const struct disclosure_input in = {l, *p, total, total, kept, false};
    enum ska_status status = disclosure_decide(&hidden, &c, NULL, &in, &err);
    for (uint32_t i = 0; i < hidden.n; i++)
        o->reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    for (uint32_t i = 0; i < hidden.n_needed; i++)
        o->needed[hidden.needed[i].figure] = o->list[o->n_needed++] = hidden.needed[i];
    return status;
}

static bool fits(const struct out *o, uint32_t f, uint64_t x, uint64_t real,
                 const struct ska_policy *p)
{
    uint8_t r = o->reason[f];
    const struct ska_needed *n = &o->needed[f];
    return (r != 0 || x == real) && (r != SKA_HIDDEN_COMPLEMENT || x >= p->threshold) &&
           (r != SKA_HIDDEN_SMALL || (x < p->threshold && x >= (p->show_zero ? 1 : 0))) &&
           (n->n_runs == 0 || ska_needed_has(n, x));
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

static void try_all(bool is_year, const struct ska_policy *p)
{
    uint32_t n_small = 0, n_near = 0, n_between = 0, n_between_near = 0, n_refused = 0, n_tried = 0;
    for (uint32_t pair = 0; pair < TABLES * TABLES; pair += STEP) {
        uint32_t a = pair % TABLES, b = pair / TABLES;
        struct out one, two;
        if (!is_year && memcmp(tables[a] + 6, tables[b] + 6, 3 * sizeof(uint64_t)) != 0)
            b = b / KINDS * 0 + (a / KINDS * KINDS + b % KINDS);
        struct ska_linked *first = alone(p), *second = alone(p), *joined = NULL;
        ck_assert_status(decide(&one, first, p, tables[a], NULL), SKA_OK);
        const struct ska_linked *parts[] = {first, second};
        const uint32_t changed[] = {3, 0};
        uint8_t frozen_reason[FIGURES];
        memcpy(frozen_reason, one.reason, sizeof frozen_reason);
        struct ska_linked_layer frozen = {.name = "2025H1",
                                          .alone = first,
                                          .reason = frozen_reason,
                                          .total = tables[a],
                                          .needed = one.list,
                                          .n_needed = one.n_needed,
                                          .corrects = SKA_NONE};
        uint64_t total[64] = {0}, x[27], least[27], most[27], real[27];
        uint8_t kept[64] = {0};
        of_pair(real, a, b);
        if (is_year) {
            struct ska_linked *year = NULL;
            ck_assert_status(ska_linked_new_year(&year, parts, 2, p), SKA_OK);
            struct ska_linked_layer layers[] = {{.alone = second, .corrects = SKA_NONE},
                                                {.name = "2025",
                                                 .alone = year,
                                                 .is_year = true,
                                                 .n_parts = 2,
                                                 .part = {2, 0},
                                                 .corrects = SKA_NONE},
                                                frozen};
            ck_assert_status(ska_linked_join(&joined, layers, 3), SKA_OK);
        } else {
            struct ska_linked_layer layers[] = {
                {.alone = second, .corrects = 1, .changed = changed}, frozen};
            ck_assert_status(ska_linked_join(&joined, layers, 2), SKA_OK);
            for (uint32_t f = 0; f < 6; f++)
                kept[f] = one.reason[f] != 0;
        }
        memcpy(total, tables[b], 6 * sizeof *total);
        if (is_year)
            memcpy(total + 6, real + 18, 6 * sizeof *total);
        ck_assert_status(disclosure_subtract(total, joined), SKA_OK);
        n_tried++;
        if (decide(&two, joined, p, total, is_year ? NULL : kept) != SKA_OK) {
            n_refused++;
            ska_linked_free(joined);
            continue;
        }
        memset(least, 0xFF, sizeof least);
        memset(most, 0, sizeof most);
        for (uint32_t i = 0; i < TABLES * TABLES; i++) {
            bool ok = true;
            of_pair(x, i % TABLES, i / TABLES);
            for (uint32_t f = 0; ok && f < 6; f++)
                ok = fits(&one, f, x[f], real[f], p) && fits(&two, f, x[9 + f], real[9 + f], p) &&
                     (!is_year || fits(&two, 6 + f, x[18 + f], real[18 + f], p));
            for (uint32_t f = 6; ok && !is_year && f < 9; f++)
                ok = x[f] == x[9 + f];
            for (uint32_t f = 0; ok && f < 27; f++) {
                least[f] = x[f] < least[f] ? x[f] : least[f];
                most[f] = x[f] > most[f] ? x[f] : most[f];
            }
        }
        bool shows = false;
        for (uint32_t f = 0; f < 6; f++)
            shows = shows || (one.reason[f] == 0 && real[f] > 0) ||
                    (two.reason[f] == 0 && real[9 + f] > 0);
        for (uint32_t f = 0; f < 18; f++) {
            uint64_t width = p->threshold - 1 - (p->show_zero ? 1 : 0), cap = 3;
            bool is_published = f % 9 < 6;
            uint8_t r = f < 6 ? one.reason[f] : two.reason[f % 9];
            bool is_kept = is_published && r == SKA_HIDDEN_SMALL;
            uint64_t demand = is_published ? width : cap;
            demand = demand < p->protection ? demand : p->protection;
            bool near = most[f] - least[f] < demand;
            if (is_kept) {
                n_small++;
                n_near += near;
            } else if (!is_published && least[f] < p->threshold &&
                       !(p->show_zero && most[f] == 0)) {
                n_between++;
                n_between_near += near && shows;
            } else
                continue;
            if (near && (is_published || shows) && n_near + n_between_near < 4)
                printf("pair %u %u figure %u: %u..%u\n", a, b, f, (unsigned)least[f],
                       (unsigned)most[f]);
        }
        ska_linked_free(joined);
    }
    printf("%s t %u p %u: %u tried, %u refused, small %u near %u, between %u near %u\n",
           is_year ? "year" : "correction", (unsigned)p->threshold, (unsigned)p->protection,
           n_tried, n_refused, n_small, n_near, n_between, n_between_near);
    ck_assert_uint_gt(n_small, 0);
    ck_assert_uint_eq(n_near, 0);
    ck_assert_uint_eq(n_between_near, 0);
}

START_TEST(what_is_public_of_two_releases)
{
    for (uint32_t i = 0; i < TABLES; i++) {
        uint64_t kind[KINDS][CELLS];
        uint32_t n = 0;
        for (uint64_t x = 0; x <= 3; x++)
            for (uint64_t y = 0; x + y <= 3; y++)
                memcpy(kind[n++], (uint64_t[CELLS]){x + y, x, y}, sizeof kind[0]);
        for (uint32_t j = 0; j < CELLS; j++) {
            tables[i][3 + j] = kind[i % KINDS][j];
            tables[i][6 + j] = kind[i / KINDS][j];
            tables[i][j] = kind[i % KINDS][j] + kind[i / KINDS][j];
        }
    }
    try_all(_i % 2 == 0, &policies[_i / 2]);
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
