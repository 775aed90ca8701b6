/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_attacks.c - attacks on published figures by arithmetic, by name (docs/disclosure-control.md,
 * "Attacks"): each succeeds where its rule is left out, and fails where it is kept. The attacker
 * tries every whole table (attacker.h). A rule is left out by calling what lies below it, or by a
 * policy that the parameters' check refuses.
 */
#include "protocol/revision.h"

#include "tests/sample_task.h"
#include "tests/unit/reports/attacker.h"

static const struct ska_policy usual = {3, 5, true, 2, 0};
#define WIDTH 3u /* values that the usual policy leaves at least: two that differ by 2 */

/* How a pattern is made. */
enum way {
    WAY_PRIMARY, /* small and few figures are hidden, and no others */
    WAY_ALONE,   /* everything, but each block by itself */
    WAY_WHOLE    /* as the publisher does it */
};

/* A scene made ready. Valid after ground_init. */
struct ground {
    const struct scene *scene;
    struct ska_policy policy;
    struct ska_catalogue *catalogue;
    struct ska_layout *layout;
    struct ska_groups groups;
    struct ska_group group[SCENE_BLOCKS - 1];
    uint32_t members[SCENE_BLOCKS - 1][SCENE_ROSTER];
    struct ska_linked *linked;
    uint64_t *total; /* linked->n_listed */
};

static uint64_t sum_over(const struct scene *s, uint32_t mask, uint32_t cell)
{
    uint64_t sum = 0;
    for (uint32_t p = 0; p < s->n_parts; p++)
        sum += mask >> p & 1 ? s->x[p][cell] : 0;
    return sum;
}

static uint32_t mask_of(const struct scene *s, const struct ska_linked *l, uint32_t block)
{
    if (l->blocks[block].kind == SKA_BLOCK_DIFFERENCE)
        return mask_of(s, l, l->blocks[block].plus) & ~mask_of(s, l, l->blocks[block].minus);
    return block == 0 ? (1u << s->n_parts) - 1 : s->group[block - 1];
}

/* Contributors are numbered part after part. */
static uint32_t make_groups(struct ground *g, uint32_t *counted, uint32_t *n_counted)
{
    uint32_t n = 0;
    g->groups = (struct ska_groups){g->scene->n_groups, g->group};
    for (uint32_t i = 0; i < g->scene->n_groups; i++) {
        g->group[i] = (struct ska_group){.sv = "g", .en = "g", .members = g->members[i]};
        (void)snprintf(g->group[i].code, sizeof g->group[i].code, "G%u", i);
    }
    *n_counted = 0;
    for (uint32_t p = 0; p < g->scene->n_parts; p++)
        for (uint32_t k = 0; k < g->scene->size[p]; k++, n++) {
            if (k < (uint32_t)scene_counted(g->scene, 1u << p))
                counted[(*n_counted)++] = n;
            for (uint32_t i = 0; i < g->scene->n_groups; i++)
                if (g->scene->group[i] >> p & 1)
                    g->members[i][g->group[i].n_members++] = n;
        }
    return n;
}

/* Each block alone is how it would be without rules about groups: then every group is summed. */
static void ground_init(struct ground *g, const struct scene *s, struct ska_policy policy,
                        enum way way)
{
    struct ska_policy summing = policy;
    if (way == WAY_ALONE)
        summing.min_contributors = 1;
    uint32_t counted[SCENE_ROSTER], n_counted;
    *g = (struct ground){.scene = s, .policy = policy, .catalogue = county_catalogue(SCENE_BOUND)};
    ck_assert_status(ska_layout_new(&g->layout, g->catalogue, SKA_QUARTER, NULL), SKA_OK);
    uint32_t n = make_groups(g, counted, &n_counted);
    ck_assert_status(
        ska_linked_new(&g->linked, g->layout, &summing, &g->groups, n, counted, n_counted), SKA_OK);
    g->total = calloc(g->linked->n_listed, sizeof *g->total);
    ck_assert_ptr_nonnull(g->total);
    for (uint32_t f = 0; f < g->linked->n_listed; f++)
        g->total[f] = sum_over(s, mask_of(s, g->linked, f / COUNTY_CELLS), f % COUNTY_CELLS);
}

static void ground_clear(struct ground *g)
{
    free(g->total);
    ska_linked_free(g->linked);
    ska_layout_free(g->layout);
    ska_catalogue_free(g->catalogue);
}

/* What disclosure control hides of a linked system, or only its first step. */
static void find_pattern(uint8_t *reason, const struct disclosure_input *input, enum way way)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    struct ska_error err = {0};
    if (way == WAY_PRIMARY) {
        SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern p = {0};
        ck_assert_status(disclosure_pattern_init(&p, input), SKA_OK);
        disclosure_primary(&p);
        memcpy(reason, p.reason, input->linked->n_listed);
        return;
    }
    enum ska_status got = disclosure_decide(&hidden, &certificate, NULL, input, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    memset(reason, 0, input->linked->n_listed);
    for (uint32_t i = 0; i < hidden.n; i++)
        reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
}

/* Each published block as if there were no others. */
static void find_alone(uint8_t *reason, const struct ground *g)
{
    for (uint32_t b = 0; b < g->linked->n_published / COUNTY_CELLS; b++) {
        struct ska_linked *alone =
            linked_alone(g->layout, &g->policy, g->linked->blocks[b].n_counted);
        const struct disclosure_input input = {
            .linked = alone, .policy = g->policy, .totals = g->total + b * COUNTY_CELLS};
        find_pattern(reason + b * COUNTY_CELLS, &input, WAY_WHOLE);
        ska_linked_free(alone);
    }
}

/* Publish, and look at it: shown figures, and the reasons of those that are listed. */
static void publish(struct seen *seen, const struct ground *g, enum way way)
{
    const struct ska_linked *l = g->linked;
    const struct disclosure_input input = {.linked = l, .policy = g->policy, .totals = g->total};
    uint8_t reason[SEEN_BLOCKS * COUNTY_CELLS] = {0};
    ck_assert_uint_le(l->n_listed, sizeof reason);
    if (way == WAY_ALONE)
        find_alone(reason, g);
    else
        find_pattern(reason, &input, way);
    *seen = (struct seen){.policy = g->policy, .n = l->n_listed / COUNTY_CELLS};
    for (uint32_t f = 0; f < l->n_listed; f++) {
        struct seen_block *block = &seen->block[f / COUNTY_CELLS];
        uint8_t *r = &block->reason[f % COUNTY_CELLS];
        bool is_listed_only = f >= l->n_published && (reason[f] == 0 || way == WAY_ALONE);
        *r = is_listed_only || reason[f] == DISCLOSURE_UNKNOWN ? SCENE_CLOSED : reason[f];
        block->mask = mask_of(g->scene, l, f / COUNTY_CELLS);
        block->value[f % COUNTY_CELLS] = *r == 0 ? g->total[f] : 0;
    }
}

/* What an attacker knows of a scene that is published under a policy in a way. */
static void attack(struct attacker *a, struct seen *seen, const struct scene *s,
                   struct ska_policy policy, enum way way)
{
    struct ground g;
    ground_init(&g, s, policy, way);
    publish(seen, &g, way);
    attacker_learn(a, s, seen);
    ground_clear(&g);
}

/* A policy below the floor, which no task can have. */
static struct ska_policy without_minimum(void)
{
    struct ska_policy policy = usual;
    struct ska_parameters p = {0};
    policy.min_contributors = 1;
    ska_group_init();
    sample_parameters(&p, 3);
    ck_assert_status(ska_parameters_check(&p, NULL), SKA_OK);
    p.policy.min_contributors = 2;
    p.policy.protection = 1; /* which would be fine under any minimum */
    ck_assert_status(ska_parameters_check(&p, NULL), SKA_E_RANGE);
    ska_parameters_clear(&p);
    return policy;
}

/* One contributor only ------------------------------------------------------------------------- */

START_TEST(attack_one_contributor_only)
{
    static const struct scene s = {
        .n_parts = 2, .size = {1, 4}, .x = {{20, 20, 0, 0, 37, 1, 9}, {80, 30, 30, 20, 0, 0, 40}}};
    struct attacker a;
    struct seen seen;
    attack(&a, &seen, &s, without_minimum(), WAY_WHOLE);
    attacker_learn_part(&a, &s, 1); /* that they left it blank */
    ck_assert_uint_eq(attacker_count(&a, &s, 1, CELL_B, "one answered, no minimum"), 1);
    attack(&a, &seen, &s, usual, WAY_WHOLE);
    attacker_learn_part(&a, &s, 1);
    ck_assert_uint_eq(seen.block[0].reason[CELL_B], SKA_HIDDEN_DEPENDENT);
    ck_assert_uint_gt(attacker_count(&a, &s, 1, CELL_B, "one answered, minimum 3"), 30);
}
END_TEST

/* A group of three, of whom one was counted. */
START_TEST(attack_one_submission_of_a_group)
{
    static const struct scene s = {.n_parts = 2,
                                   .size = {3, 6},
                                   .counted = {1, 6},
                                   .n_groups = 1,
                                   .group = {1},
                                   .x = {{20, 8, 6, 6, 12, 1, 9}, {80, 30, 30, 20, 50, 6, 40}}};
    struct attacker a;
    struct seen seen;
    attack(&a, &seen, &s, without_minimum(), WAY_WHOLE);
    ck_assert_uint_eq(attacker_count(&a, &s, 1, CELL_A, "one of the group, no minimum"), 1);
    attack(&a, &seen, &s, usual, WAY_WHOLE);
    for (uint32_t j = 0; j < COUNTY_CELLS; j++)
        ck_assert_uint_eq(seen.block[1].reason[j], SKA_HIDDEN_BLOCK);
    ck_assert_uint_ge(attacker_count(&a, &s, 1, CELL_A, "one of the group, minimum 3"), WIDTH);
}
END_TEST

/* All but one collude -------------------------------------------------------------------------- */

/* The values that the last contributor's A has for a coalition of the first k of n. */
static uint64_t against_last(uint32_t n, uint32_t k, struct ska_policy policy)
{
    struct scene s = {.n_parts = n};
    struct attacker a;
    struct seen seen;
    char what[80];
    for (uint32_t p = 0; p < n; p++) {
        static const uint64_t x[COUNTY_CELLS] = {10, 10, 0, 0, 8, 1, 5};
        s.size[p] = 1;
        memcpy(s.x[p], x, sizeof x);
        s.x[p][CELL_A] += p;
        s.x[p][CELL_X] += p;
    }
    attack(&a, &seen, &s, policy, WAY_WHOLE);
    for (uint32_t p = 0; p < k; p++)
        attacker_learn_part(&a, &s, p);
    (void)snprintf(what, sizeof what, "%u of %u collude, minimum %u", k, n,
                   policy.min_contributors);
    return attacker_count(&a, &s, 1u << (n - 1), CELL_A, what);
}

/* Not protected, as documented: n - 1 know the last one's. What the minimum does is that there are
 * at least two who must give theirs away; without it one of two needs nobody. */
START_TEST(attack_all_but_one_collude)
{
    ck_assert_uint_eq(against_last(2, 1, without_minimum()), 1);
    ck_assert_uint_gt(against_last(2, 1, usual), WIDTH); /* two counted: nothing is shown */
    ck_assert_uint_eq(against_last(3, 2, usual), 1);     /* the limit */
    ck_assert_uint_gt(against_last(3, 1, usual), WIDTH);
    ck_assert_uint_eq(against_last(4, 3, usual), 1);
    for (uint32_t k = 0; k < 3; k++)
        ck_assert_uint_gt(against_last(4, k, usual), WIDTH);
}
END_TEST

/* A contributor publishes its own figure elsewhere --------------------------------------------- */

/* In a group with one other, whose figure is then what is left; in a group with two others it is
 * their sum. */
START_TEST(attack_own_figure_published_elsewhere)
{
    static const struct scene two = {
        .n_parts = 3,
        .size = {1, 1, 4},
        .n_groups = 1,
        .group = {3},
        .x = {{10, 10, 0, 0, 8, 1, 5}, {13, 13, 0, 0, 8, 1, 5}, {60, 30, 20, 10, 30, 4, 20}}};
    static const struct scene three = {.n_parts = 4,
                                       .size = {1, 1, 1, 4},
                                       .n_groups = 1,
                                       .group = {7},
                                       .x = {{10, 10, 0, 0, 8, 1, 5},
                                             {13, 13, 0, 0, 8, 1, 5},
                                             {9, 9, 0, 0, 8, 1, 5},
                                             {60, 30, 20, 10, 30, 4, 20}}};
    struct attacker a;
    struct seen seen;
    struct ground g;
    struct ska_parameters p = {0};
    attack(&a, &seen, &two, without_minimum(), WAY_WHOLE);
    attacker_learn_part(&a, &two, 0);
    ck_assert_uint_eq(attacker_count(&a, &two, 2, CELL_A, "a group of two, one told its own"), 1);
    sample_parameters(&p, 6);
    ground_init(&g, &two, usual, WAY_WHOLE);
    ck_assert_status(ska_groups_check(&g.groups, &p.roster, 3, NULL), SKA_E_BATCH_SIZE);
    ground_clear(&g);
    ska_parameters_clear(&p);
    attack(&a, &seen, &three, usual, WAY_WHOLE);
    attacker_learn_part(&a, &three, 0);
    ck_assert_uint_eq(seen.block[1].reason[CELL_A], 0);
    ck_assert_uint_gt(attacker_count(&a, &three, 2, CELL_A, "a group of three, one told its own"),
                      WIDTH);
}
END_TEST

/* Margin subtraction --------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint64_t total[COUNTY_CELLS];
    uint32_t attacked;
} margins[] = {
    {"one hidden category", {30, 27, 3, 0, 12, 4, 9}, CELL_Y},
    {"two hidden categories that sum to 2", {22, 20, 1, 1, 12, 4, 9}, CELL_Y},
    {"two hidden categories that sum to 8", {28, 20, 4, 4, 12, 4, 9}, CELL_Z},
    {"two categories of a total, none else", {6, 5, 1, 0, 12, 4, 5}, CELL_Y},
};

START_TEST(attack_margin_subtraction)
{
    struct scene s = {.n_parts = 1, .size = {4}};
    struct attacker a;
    struct seen seen;
    memcpy(s.x[0], margins[_i].total, sizeof s.x[0]);
    attack(&a, &seen, &s, usual, WAY_PRIMARY);
    ck_assert_uint_eq(seen.block[0].reason[margins[_i].attacked], SKA_HIDDEN_SMALL);
    ck_assert_uint_eq(attacker_count(&a, &s, 1, margins[_i].attacked, margins[_i].name), 1);
    attack(&a, &seen, &s, usual, WAY_WHOLE);
    for (uint32_t j = 0; j < COUNTY_CELLS; j++)
        if (seen.block[0].reason[j] != 0)
            ck_assert_uint_ge(attacker_count(&a, &s, 1, j, "  protected"), WIDTH);
}
END_TEST

/* Groups --------------------------------------------------------------------------------------- */

#define BIG_2                    \
    {                            \
        30, 12, 10, 8, 25, 3, 15 \
    }
#define LITTLE               \
    {                        \
        2, 2, 0, 0, 20, 3, 0 \
    }
#define BIG_SIX                \
    {                          \
        20, 8, 6, 6, 20, 3, 12 \
    }

static const struct {
    const char *name;
    struct scene scene;
    uint32_t attacked; /* mask */
} families[] = {
    {"the county without the other two groups is the hidden one",
     {.n_parts = 3,
      .size = {3, 3, 3},
      .n_groups = 3,
      .group = {1, 2, 4},
      .x = {LITTLE, BIG_SIX, BIG_2}},
     1},
    {"the county without the group is what has no group",
     {.n_parts = 2, .size = {3, 6}, .n_groups = 1, .group = {2}, .x = {LITTLE, BIG_2}},
     1},
    {"a group without the group within it",
     {.n_parts = 3,
      .size = {3, 3, 3},
      .n_groups = 2,
      .group = {3, 2},
      .x = {LITTLE, BIG_SIX, BIG_2}},
     1},
    {"the county without the group within another group",
     {.n_parts = 3,
      .size = {3, 3, 3},
      .n_groups = 2,
      .group = {1, 3},
      .x = {BIG_2, {1, 1, 0, 0, 20, 3, 0}, {1, 1, 0, 0, 20, 3, 0}}},
     6},
    {"two groups less the county is what they have in common",
     {.n_parts = 3,
      .size = {3, 3, 3},
      .n_groups = 2,
      .group = {3, 6},
      .x = {BIG_SIX, LITTLE, BIG_2}},
     2},
    {"one submission of what two groups have in common",
     {.n_parts = 3,
      .size = {3, 3, 3},
      .counted = {3, 1, 3},
      .n_groups = 2,
      .group = {3, 6},
      .x = {BIG_SIX, {17, 17, 0, 0, 9, 1, 8}, BIG_2}},
     2},
};

static void attack_family(int i)
{
    struct attacker a;
    struct seen seen;
    const struct scene *s = &families[i].scene;
    attack(&a, &seen, s, usual, WAY_ALONE);
    ck_assert_uint_eq(attacker_count(&a, s, families[i].attacked, CELL_A, families[i].name), 1);
    attack(&a, &seen, s, usual, WAY_WHOLE);
    ck_assert_uint_ge(attacker_count(&a, s, families[i].attacked, CELL_A, "  linked"), WIDTH);
    for (uint32_t b = 0; b < seen.n; b++)
        for (uint32_t j = 0; j < COUNTY_CELLS; j++)
            if (seen.block[b].reason[j] == SKA_HIDDEN_SMALL)
                ck_assert_uint_ge(
                    attacker_count(&a, s, seen.block[b].mask, j, "  another small figure"), WIDTH);
}

START_TEST(attack_complement_of_a_suppressed_group)
{
    attack_family(_i);
}
END_TEST

START_TEST(attack_overlapping_groups)
{
    attack_family(_i);
}
END_TEST

/* Groups that leave one contributor alone between them. */
START_TEST(attack_overlap_of_one)
{
    static const struct scene s = {.n_parts = 3,
                                   .size = {4, 1, 4},
                                   .n_groups = 2,
                                   .group = {3, 6},
                                   .x = {BIG_SIX, {17, 17, 0, 0, 9, 1, 8}, BIG_2}};
    struct attacker a;
    struct seen seen;
    struct ground g;
    struct ska_parameters p = {0};
    attack(&a, &seen, &s, usual, WAY_ALONE);
    ck_assert_uint_eq(attacker_count(&a, &s, 2, CELL_A, "one contributor in both groups"), 1);
    ska_group_init();
    sample_parameters(&p, 9);
    ground_init(&g, &s, usual, WAY_WHOLE);
    ck_assert_status(ska_groups_check(&g.groups, &p.roster, 3, NULL), SKA_E_BATCH_SIZE);
    ground_clear(&g);
    ska_parameters_clear(&p);
}
END_TEST

/* Roster change between periods ---------------------------------------------------------------- */

static struct ska_task *task_of(uint32_t n, const struct ska_task *previous)
{
    static const uint8_t hash[32] = {1};
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_task *task = NULL;
    sample_parameters(&p, n);
    if (previous != NULL) {
        p.revision = 1;
        p.previous.exists = true;
        memcpy(p.previous.task_id, previous->context.task_id, 32);
        memcpy(p.previous.accepted_hash, hash, 32);
    }
    ck_assert_status(ska_parameters_encode(&w, &p), SKA_OK);
    ck_assert_status(ska_task_new(&task, (struct ska_slice){w.data, w.len}, NULL), SKA_OK);
    return task;
}

/* Four, and then a fifth. If the same period were collected again, the difference would be the
 * newcomer's; aggregators refuse a correction with another roster. A later period says nothing for
 * sure: the four have other figures then (who believes that they have not, believes to know). */
START_TEST(attack_roster_change_between_periods)
{
    static const struct scene s = {
        .n_parts = 2, .size = {4, 1}, .x = {{80, 30, 30, 20, 40, 4, 40}, {17, 5, 6, 6, 12, 1, 9}}};
    static const uint8_t hash[32] = {1};
    struct attacker a;
    struct seen seen;
    attack(&a, &seen, &s, usual, WAY_WHOLE);
    struct attacker again = a; /* with the first collection's total of the same figure */
    struct attacker_row *row = attacker_row(&again, 80, 80);
    attacker_term(row, attacker_variable(0, CELL_A), 1);
    ck_assert_uint_eq(attacker_count(&again, &s, 2, CELL_A, "collected again with a fifth"), 1);
    ck_assert_uint_gt(attacker_count(&a, &s, 2, CELL_A, "the next period, with a fifth"), 30);
    ska_group_init();
    struct ska_error err = {0};
    struct ska_task *four = task_of(4, NULL), *same = task_of(4, four), *five = task_of(5, four);
    ck_assert_status(ska_revision_check(same, four, hash, &err), SKA_OK);
    ck_assert_status(ska_revision_check(five, four, hash, &err), SKA_E_MISMATCH);
    ck_assert_ptr_nonnull(strstr(err.text, "roster"));
    ska_task_free(four);
    ska_task_free(same);
    ska_task_free(five);
}
END_TEST

/* Blank taken for zero ------------------------------------------------------------------------- */

/* Everybody knows that three have no such activity. Who counts their blanks as zeros has four
 * answers, and shows the fourth's figure as if it were four's. */
START_TEST(attack_blank_taken_for_zero)
{
    static const struct scene s = {
        .n_parts = 2, .size = {1, 3}, .x = {{20, 20, 0, 0, 37, 1, 9}, {80, 30, 30, 20, 0, 0, 40}}};
    struct scene zeros = s;
    struct attacker a;
    struct seen seen;
    zeros.x[0][CELL_B_ANSWERED] = 1;
    zeros.x[1][CELL_B_ANSWERED] = 3;
    attack(&a, &seen, &zeros, usual, WAY_WHOLE);
    ck_assert_uint_eq(seen.block[0].reason[CELL_B], 0);
    a.known.hi[attacker_variable(1, CELL_B)] = 0;
    ck_assert_uint_eq(attacker_count(&a, &zeros, 1, CELL_B, "blanks as zeros"), 1);
    attack(&a, &seen, &s, usual, WAY_WHOLE);
    ck_assert_uint_eq(seen.block[0].reason[CELL_B], SKA_HIDDEN_DEPENDENT);
    a.known.hi[attacker_variable(1, CELL_B)] = 0;
    ck_assert_uint_gt(attacker_count(&a, &s, 1, CELL_B, "blanks as blanks"), 30);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("attacks");
    TCase *t = tcase_create("attacks");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, attack_one_contributor_only);
    tcase_add_test(t, attack_one_submission_of_a_group);
    tcase_add_test(t, attack_all_but_one_collude);
    tcase_add_test(t, attack_own_figure_published_elsewhere);
    tcase_add_loop_test(t, attack_margin_subtraction, 0, N_OF(margins));
    tcase_add_loop_test(t, attack_complement_of_a_suppressed_group, 0, 4);
    tcase_add_loop_test(t, attack_overlapping_groups, 4, N_OF(families));
    tcase_add_test(t, attack_overlap_of_one);
    tcase_add_test(t, attack_roster_change_between_periods);
    tcase_add_test(t, attack_blank_taken_for_zero);
    suite_add_tcase(s, t);
    return test_run(s);
}
