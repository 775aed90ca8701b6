/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_disclosure_plainly.c - looking again only at the part of the system that changed gives what
 * looking at everything gives, byte for byte: random catalogues, groups and figures, a half-year by
 * itself, and the next one linked with it and its year.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/linked_join.h"
#include "reports/disclosure/disclosure.h"
#include "tests/test.h"

#define ROSTER 12u
#define INDICATORS_MAX 6u
#define ROUNDS 100

/* A random world ------------------------------------------------------------------------------ */

struct world {
    struct ska_policy policy;
    struct ska_catalogue *catalogue;
    struct ska_layout *layout;
    uint32_t members[2][ROSTER];
    struct ska_group at[2];
    struct ska_groups groups;
    uint64_t most;        /* cases of an indicator that a contributor can have */
    uint32_t whole, part; /* indicators: the second is at most the first, if they differ */
};

static const char head[] =
    "{\"skarva_catalogue\": 1, \"id\": \"sample\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"Prov\", \"en\": \"Sample\"}, \"dimensions\": ["
    "  {\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"}, \"categories\": ["
    "    {\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},"
    "    {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}}]},"
    "  {\"code\": \"TYP\", \"label\": {\"sv\": \"typ\", \"en\": \"type\"}, \"categories\": ["
    "    {\"code\": \"A\", \"label\": {\"sv\": \"a\", \"en\": \"a\"}},"
    "    {\"code\": \"B\", \"label\": {\"sv\": \"b\", \"en\": \"b\"}},"
    "    {\"code\": \"C\", \"label\": {\"sv\": \"c\", \"en\": \"c\"}}]}],"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"columns\": [{\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"},"
    "                 {\"code\": \"typ\", \"kind\": \"category\", \"dimension\": \"TYP\"}]}],"
    " \"indicators\": [";

static void draw_catalogue(struct world *w)
{
    static const char *const tables[] = {"", "\"KON\"", "\"TYP\"", "\"KON\", \"TYP\""};
    char text[8000];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", head);
    uint32_t n = 2 + (uint32_t)test_random() % (INDICATORS_MAX - 1);
    for (uint32_t i = 0; i < n; i++)
        len += (size_t)snprintf(
            text + len, sizeof text - len,
            "%s{\"code\": \"I%" PRIu32 "\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
            " \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"}, \"origin\": \"ordered\","
            " \"cadence\": \"half_year\", \"sensitivity\": \"case\", \"bound\": 60,"
            " \"may_be_blank\": %s, \"yearly\": \"%s\", \"tables\": [%s],"
            " \"count\": {\"records\": \"fall\"}}",
            i > 0 ? ", " : "", i, test_random() % 3 == 0 ? "true" : "false",
            test_random() % 4 == 0 ? "none" : "sum", tables[test_random() % N_OF(tables)]);
    w->whole = (uint32_t)test_random() % n;
    w->part = (uint32_t)test_random() % n;
    char rule[200] = "";
    if (w->whole != w->part)
        (void)snprintf(rule, sizeof rule,
                       "{\"code\": \"R\", \"label\": {\"sv\": \"r\", \"en\": \"r\"}, \"equality\": "
                       "false, \"terms\": {\"I%" PRIu32 "\": 1, \"I%" PRIu32 "\": -1}}",
                       w->whole, w->part);
    len += (size_t)snprintf(text + len, sizeof text - len, "], \"rules\": [%s]}", rule);
    struct ska_error err = {0};
    ck_assert_msg(ska_catalogue_parse(&w->catalogue, text, len, &err) == SKA_OK, "%s", err.text);
    ck_assert_status(ska_layout_new(&w->layout, w->catalogue, SKA_HALF_YEAR, NULL), SKA_OK);
}

/* None, one of 3 to 9 contributors, or two that leave 3 or more on each side. */
static void draw_groups(struct world *w)
{
    uint32_t n = (uint32_t)test_random() % 3, first = 3 + (uint32_t)test_random() % 7;
    for (uint32_t g = 0; g < n; g++) {
        uint32_t begin = g == 0 || test_random() % 2 == 0 ? 0 : first;
        uint32_t end = g == 0 ? first : begin == 0 ? ROSTER - 3 : ROSTER;
        for (uint32_t i = begin; i < end; i++)
            w->members[g][i - begin] = i;
        w->at[g] = (struct ska_group){.n_members = end - begin, .members = w->members[g]};
        (void)snprintf(w->at[g].code, sizeof w->at[g].code, "G%" PRIu32, g);
    }
    w->groups = (struct ska_groups){n, w->at};
}

static void world_init(struct world *w)
{
    static const uint64_t most[] = {1, 2, 4, 8, 20};
    *w = (struct world){.policy = {3, 5, test_random() % 2 == 0, 1 + test_random() % 3, 0}};
    w->most = most[test_random() % N_OF(most)];
    draw_catalogue(w);
    draw_groups(w);
}

static void world_clear(struct world *w)
{
    ska_layout_free(w->layout);
    ska_catalogue_free(w->catalogue);
}

static void draw_contributor(uint64_t *x, const struct world *w)
{
    const struct ska_layout *l = w->layout;
    memset(x, 0, l->n_cells * sizeof *x);
    uint64_t of[INDICATORS_MAX];
    for (size_t i = 0; i < INDICATORS_MAX; i++)
        of[i] = test_random() % (w->most + 1);
    if (w->whole != w->part && of[w->part] > of[w->whole])
        of[w->part] = of[w->whole];
    bool is_blank = test_random() % 6 == 0 && w->whole == w->part;
    for (uint32_t j = 0; j < l->n_cells; j++) {
        bool has_flag = l->cells[j].flag != SKA_NONE;
        if (l->cells[j].kind != SKA_CELL_TOTAL || (is_blank && has_flag))
            continue;
        x[j] = of[l->cells[j].indicator];
        if (has_flag)
            x[l->cells[j].flag] = 1;
    }
    for (uint32_t t = 0; t < l->n_tables; t++)
        for (uint64_t k = 0; k < x[l->tables[t].total]; k++) {
            uint64_t n = l->tables[t].n_categories, at = test_random() % n;
            x[l->tables[t].first + at * (test_random() % n) / n]++; /* uneven */
        }
}

/* The totals of every block that is published. */
static void draw_totals(uint64_t *total, const struct world *w)
{
    uint32_t n = w->layout->n_cells;
    SKA_SCOPED(ska_scoped_free) uint64_t *x = calloc(n, sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (uint32_t i = 0; i < ROSTER; i++) {
        draw_contributor(x, w);
        for (uint32_t f = 0; f < (1 + w->groups.n) * n; f++)
            if (ska_groups_has(&w->groups, f / n, i))
                total[f] += x[f % n];
    }
}

/* Both ways ----------------------------------------------------------------------------------- */

struct decision {
    enum ska_status status;
    struct ska_error err;
    struct ska_suppression hidden;
    struct ska_certificate certificate;
    uint32_t n_extra;
};

static void decision_clear(struct decision *d)
{
    ska_suppression_clear(&d->hidden);
    ska_certificate_clear(&d->certificate);
}

static void compare(const struct decision *got, const struct decision *want)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer a = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer b = {0};
    ck_assert_status(got->status, want->status);
    ck_assert_str_eq(got->err.text, want->err.text);
    ck_assert_uint_eq(got->hidden.n, want->hidden.n);
    for (uint32_t i = 0; i < got->hidden.n; i++) {
        ck_assert_uint_eq(got->hidden.at[i].figure, want->hidden.at[i].figure);
        ck_assert_uint_eq(got->hidden.at[i].reason, want->hidden.at[i].reason);
    }
    ck_assert_uint_eq(got->n_extra, want->n_extra);
    ska_certificate_encode(&a, &got->certificate);
    ska_certificate_encode(&b, &want->certificate);
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_mem_eq(a.data, b.data, a.len);
}

/* Decide both ways. Out: reasons of what can be listed. Returns whether it could be published. */
static bool decide(uint8_t *reason, uint32_t *n_extra, const struct ska_linked *l,
                   const struct world *w, const uint64_t *total)
{
    struct disclosure_input input = {.linked = l, .policy = w->policy, .totals = total};
    SKA_SCOPED(decision_clear) struct decision got = {0};
    SKA_SCOPED(decision_clear) struct decision want = {0};
    got.status = disclosure_decide(&got.hidden, &got.certificate, &got.n_extra, &input, &got.err);
    input.plainly = true;
    want.status =
        disclosure_decide(&want.hidden, &want.certificate, &want.n_extra, &input, &want.err);
    compare(&got, &want);
    for (uint32_t i = 0; i < got.hidden.n; i++)
        reason[got.hidden.at[i].figure] = (uint8_t)got.hidden.at[i].reason;
    *n_extra += got.n_extra;
    return got.status == SKA_OK;
}

static struct ska_linked *link_alone(const struct world *w)
{
    static const uint32_t counted[ROSTER] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct ska_linked *l = NULL;
    ck_assert_status(ska_linked_new(&l, w->layout, &w->policy, &w->groups, ROSTER, counted, ROSTER),
                     SKA_OK);
    return l;
}

/* The half that completes the year, linked with the one before. */
static struct ska_linked *link_year(const struct world *w, const uint8_t *before,
                                    const uint64_t *total)
{
    struct ska_linked *joined = NULL, *one = link_alone(w), *two = link_alone(w), *year = NULL;
    const struct ska_linked *parts[2] = {one, two};
    ck_assert_status(ska_linked_new_year(&year, parts, 2, &w->policy), SKA_OK);
    struct ska_linked_layer layers[3] = {
        {.alone = two, .corrects = SKA_NONE},
        {.name = "2025",
         .alone = year,
         .is_year = true,
         .n_parts = 2,
         .part = {2, 0},
         .corrects = SKA_NONE},
        {.name = "2025H1", .alone = one, .reason = before, .total = total, .corrects = SKA_NONE},
    };
    ck_assert_status(ska_linked_join(&joined, layers, 3), SKA_OK);
    return joined;
}

static void *array(size_t n, size_t size)
{
    void *at = calloc(n, size);
    ck_assert_ptr_nonnull(at);
    return at;
}

static void decide_year(uint32_t *n_extra, const struct world *w, const uint8_t *before,
                        const uint64_t *first)
{
    struct ska_linked *l = link_year(w, before, first);
    uint32_t n = l->n_published / 2; /* of the release; as many of its roll-up */
    SKA_SCOPED(ska_scoped_free) uint64_t *total = array(l->n_listed, sizeof *total);
    SKA_SCOPED(ska_scoped_free) uint8_t *reason = array(l->n_figures, 1);
    draw_totals(total, w);
    for (uint32_t f = 0; f < n; f++)
        total[n + f] = ska_linked_is_absent(l, n + f) ? 0 : first[f] + total[f];
    ck_assert_status(disclosure_subtract(total, l), SKA_OK);
    (void)decide(reason, n_extra, l, w, total);
    ska_linked_free(l);
}

START_TEST(only_what_changed_is_looked_at_and_the_same_comes_of_it)
{
    uint32_t n_extra = 0, n_published = 0;
    test_seed("decided plainly");
    for (int round = 0; round < ROUNDS; round++) {
        struct world w;
        world_init(&w);
        struct ska_linked *l = link_alone(&w);
        SKA_SCOPED(ska_scoped_free) uint64_t *total = array(l->n_listed, sizeof *total);
        SKA_SCOPED(ska_scoped_free) uint8_t *reason = array(l->n_figures, 1);
        draw_totals(total, &w);
        ck_assert_status(disclosure_subtract(total, l), SKA_OK);
        if (decide(reason, &n_extra, l, &w, total)) {
            n_published++;
            decide_year(&n_extra, &w, reason, total);
        }
        ska_linked_free(l);
        world_clear(&w);
    }
    printf("%" PRIu32 " of %d published, with %" PRIu32 " figures hidden beyond P0\n", n_published,
           ROUNDS, n_extra);
    ck_assert_uint_gt(n_published, ROUNDS / 2);
    ck_assert_uint_gt(n_extra, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("disclosure plainly");
    TCase *t = tcase_create("plainly");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, only_what_changed_is_looked_at_and_the_same_comes_of_it);
    suite_add_tcase(s, t);
    return test_run(s);
}
