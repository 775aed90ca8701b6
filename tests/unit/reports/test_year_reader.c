/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_year_reader.c - a reader who knows the public rule and tries every year: the parts one after
 * the other, the last together with the roll-up. Of all years that are published in exactly the
 * same way, no hidden figure may have values nearer each other than the policy's protection.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/linked_join.h"
#include "reports/disclosure/disclosure.h"
#include "tests/test.h"

#define CELLS_MAX 3u
#define PARTS_MAX 4u
#define N_COUNTED 3u
#define LEFT_OUT 0xee
#define LAYER_PARTS (PARTS_MAX + 1u)
#define VALUES_MAX ((PARTS_MAX + 1u) * CELLS_MAX)

static const char catalogue_text[] =
    "{\"skarva_catalogue\": 1, \"id\": \"sample\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"Prov\", \"en\": \"Sample\"},"
    " \"dimensions\": [{\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"},"
    "   \"categories\": [{\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},"
    "                    {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}}]}],"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"columns\": [{\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"}]}],"
    " \"indicators\": [{\"code\": \"A\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"}, \"origin\": \"ordered\","
    "   \"cadence\": \"%s\", \"sensitivity\": \"case\", \"bound\": %u, \"yearly\": \"sum\","
    "   \"tables\": [%s], \"count\": {\"records\": \"fall\"}}],"
    " \"rules\": []}";

struct world {
    const char *name;
    uint32_t n_parts;
    bool has_table;
    uint32_t bound;
    struct ska_policy policy;
};
static const struct world worlds[] = {
    {"two halves, two categories", 2, true, 5, {3, 5, true, 2, 0}},
    {"two halves, two categories", 2, true, 4, {3, 5, true, 2, 0}},
    {"two halves, two categories", 2, true, 4, {3, 4, true, 2, 0}},
    {"two halves, two categories", 2, true, 4, {3, 5, false, 2, 0}},
    {"four quarters", 4, false, 3, {3, 5, true, 2, 0}},
    {"four quarters", 4, false, 3, {3, 5, false, 2, 0}},
    {"four quarters", 4, false, 3, {3, 4, true, 2, 0}},
};

/* One year, and how it is published: parts, then the roll-up; reasons, then figures, 0 if hidden.
 */
struct year {
    uint8_t reason[VALUES_MAX];
    uint8_t needed[VALUES_MAX][4]; /* in which runs complements are proven to be */
    uint8_t shown[VALUES_MAX];
    uint8_t total[VALUES_MAX];
};

struct ground {
    struct ska_catalogue *catalogue;
    struct ska_layout *layout;
    struct ska_groups groups;
    const struct world *world;
    uint32_t n_cells;
};

static void ground_init(struct ground *g, const struct world *w)
{
    char text[sizeof catalogue_text + 40];
    *g = (struct ground){.world = w};
    int n = snprintf(text, sizeof text, catalogue_text, w->n_parts == 2 ? "half_year" : "quarter",
                     w->bound, w->has_table ? "\"KON\"" : "");
    ck_assert_status(ska_catalogue_parse(&g->catalogue, text, (size_t)n, NULL), SKA_OK);
    ck_assert_status(ska_layout_new(&g->layout, g->catalogue,
                                    w->n_parts == 2 ? SKA_HALF_YEAR : SKA_QUARTER, NULL),
                     SKA_OK);
    g->n_cells = g->layout->n_cells;
    ck_assert_uint_eq(g->n_cells, w->has_table ? 3 : 1);
}

static void ground_clear(struct ground *g)
{
    ska_layout_free(g->layout);
    ska_catalogue_free(g->catalogue);
}

static struct ska_linked *link_alone(const struct ground *g)
{
    static const uint32_t counted[N_COUNTED] = {0, 1, 2};
    struct ska_linked *l = NULL;
    ck_assert_status(
        ska_linked_new(&l, g->layout, &g->world->policy, &g->groups, N_COUNTED, counted, N_COUNTED),
        SKA_OK);
    return l;
}

static bool decide(uint8_t *reason, uint8_t (*needed)[4], const struct ground *g,
                   const struct ska_linked *l, const uint64_t *totals)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    const struct disclosure_input input = {
        .linked = l, .policy = g->world->policy, .totals = totals};
    struct ska_error err = {0};
    enum ska_status status = disclosure_decide(&hidden, &certificate, NULL, &input, &err);
    memset(reason, 0, l->n_published);
    if (status == SKA_E_STATE)
        return false;
    ck_assert_msg(status == SKA_OK, "%s", err.text);
    for (uint32_t i = 0; i < hidden.n; i++)
        reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    for (uint32_t i = 0; i < hidden.n_needed; i++)
        for (uint32_t k = 0; k < hidden.needed[i].n_runs; k++) {
            needed[hidden.needed[i].figure][2 * k] = (uint8_t)hidden.needed[i].run[k].lo;
            needed[hidden.needed[i].figure][2 * k + 1] = (uint8_t)hidden.needed[i].run[k].hi;
        }
    return true;
}

/* The tables of one part. */
static uint32_t list_parts(uint8_t (*part)[CELLS_MAX], const struct ground *g)
{
    uint32_t n = 0, cap = g->world->bound * N_COUNTED;
    for (uint32_t a = 0; a <= cap; a++)
        for (uint32_t k = 0; k <= (g->world->has_table ? a : 0); k++) {
            part[n][0] = (uint8_t)a;
            part[n][1] = (uint8_t)k;
            part[n++][2] = (uint8_t)(a - k);
        }
    return n;
}

/* The last part with the roll-up; the parts before it are published already. */
static void publish_last(struct year *y, const struct ground *g)
{
    uint32_t n = g->n_cells, last = g->world->n_parts - 1;
    struct ska_linked *joined = NULL;
    struct ska_linked_layer layers[LAYER_PARTS] = {{.corrects = SKA_NONE}};
    const struct ska_linked *parts[PARTS_MAX];
    uint64_t total[VALUES_MAX];
    uint8_t reason[2 * CELLS_MAX];
    layers[0].alone = link_alone(g);
    layers[1] = (struct ska_linked_layer){
        .name = "2025", .is_year = true, .n_parts = last + 1, .corrects = SKA_NONE};
    for (uint32_t i = 0; i < (last + 1) * n; i++)
        total[i] = y->total[i];
    for (uint32_t k = 0; k < last; k++) {
        layers[2 + k] = (struct ska_linked_layer){.name = "2025",
                                                  .alone = link_alone(g),
                                                  .reason = y->reason + k * n,
                                                  .total = total + k * n,
                                                  .corrects = SKA_NONE};
        parts[k] = layers[2 + k].alone;
        layers[1].part[k] = 2 + k;
    }
    parts[last] = layers[0].alone;
    layers[1].part[last] = 0;
    ck_assert_status(ska_linked_new_year(&layers[1].alone, parts, last + 1, &g->world->policy),
                     SKA_OK);
    ck_assert_status(ska_linked_join(&joined, layers, last + 2), SKA_OK);
    for (uint32_t i = 0; i < 2 * n; i++)
        total[i] = y->total[last * n + i];
    if (decide(reason, y->needed + last * n, g, joined, total))
        memcpy(y->reason + last * n, reason, 2 * n);
    else
        memset(y->reason + last * n, LEFT_OUT, 2 * n);
    ska_linked_free(joined);
}

static int compare(const void *a, const void *b)
{
    const struct year *x = a, *y = b;
    int order = memcmp(x->reason, y->reason, sizeof x->reason);
    if (order == 0)
        order = memcmp(x->needed, y->needed, sizeof x->needed);
    return order != 0 ? order : memcmp(x->shown, y->shown, sizeof x->shown);
}

/* Every year. Returns how many; the caller frees *out. */
static size_t publish_all(struct year **out, const struct ground *g)
{
    static uint8_t part[400][CELLS_MAX], reason[400][CELLS_MAX], needed[400][CELLS_MAX][4];
    uint32_t n_parts = g->world->n_parts, n_tables = list_parts(part, g), n = g->n_cells;
    size_t n_years = 1;
    struct ska_linked *alone = link_alone(g);
    for (uint32_t i = 0; i < n_tables; i++) {
        uint64_t total[CELLS_MAX] = {part[i][0], part[i][1], part[i][2]};
        ck_assert(decide(reason[i], needed[i], g, alone, total));
    }
    ska_linked_free(alone);
    for (uint32_t k = 0; k < n_parts; k++)
        n_years *= n_tables;
    struct year *at = ska_alloc(n_years, sizeof *at);
    ck_assert_ptr_nonnull(at);
    for (size_t i = 0; i < n_years; i++) {
        size_t rest = i;
        for (uint32_t k = 0; k < n_parts; k++, rest /= n_tables)
            for (uint32_t c = 0; c < n; c++) {
                at[i].total[k * n + c] = part[rest % n_tables][c];
                at[i].reason[k * n + c] = reason[rest % n_tables][c];
                memcpy(at[i].needed[k * n + c], needed[rest % n_tables][c], 4);
                at[i].total[n_parts * n + c] =
                    (uint8_t)(at[i].total[n_parts * n + c] + part[rest % n_tables][c]);
            }
        publish_last(&at[i], g);
        for (uint32_t j = 0; j < (n_parts + 1) * n; j++)
            at[i].shown[j] = at[i].reason[j] == 0 ? at[i].total[j] : 0;
    }
    *out = at;
    return n_years;
}

/* The hidden figures of years that are published alike whose values are nearer each other than the
 * protection. That a zero is known is right where zeros are shown. */
static uint32_t count_near(const struct year *at, size_t n, const struct ground *g)
{
    uint32_t near = 0;
    for (uint32_t j = 0; j < (g->world->n_parts + 1) * g->n_cells; j++) {
        uint8_t least = at[0].total[j], most = least;
        for (size_t i = 1; i < n; i++) {
            least = at[i].total[j] < least ? at[i].total[j] : least;
            most = at[i].total[j] > most ? at[i].total[j] : most;
        }
        bool is_known_zero = most == 0 && g->world->policy.show_zero;
        near += at[0].reason[j] != 0 && !is_known_zero &&
                most - least < (int)g->world->policy.protection;
    }
    return near;
}

START_TEST(no_reader_who_knows_the_rule_comes_nearer_than_the_protection)
{
    struct ground g;
    struct year *at = NULL;
    uint32_t near = 0;
    ground_init(&g, &worlds[_i]);
    size_t n = publish_all(&at, &g), n_left_out = 0;
    qsort(at, n, sizeof *at, compare);
    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && compare(&at[i], &at[i + same]) == 0;)
            same++;
        near += count_near(&at[i], same, &g);
        n_left_out += at[i].reason[g.world->n_parts * g.n_cells] == LEFT_OUT ? same : 0;
    }
    ck_assert_msg(near == 0, "%s: %u hidden figures are told nearly, of %zu years", worlds[_i].name,
                  near, n);
    ck_assert_uint_eq(n_left_out, 0);
    free(at);
    ground_clear(&g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("year reader");
    TCase *t = tcase_create("reader");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, no_reader_who_knows_the_rule_comes_nearer_than_the_protection, 0,
                        N_OF(worlds));
    suite_add_tcase(s, t);
    return test_run(s);
}
