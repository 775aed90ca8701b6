/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_groups.c - disclosure control over groups that overlap: what the publisher hides the audit
 * accepts, and attacks by subtraction that succeed where each block is looked at alone fail.
 */
#include "tests/tamper/group_world.h"

#define DRAWN 4 /* times that 400 releases are drawn, and once more */

/* Counts that are alike for every contributor, with nothing small to hide in a block. */
static void all_alike(struct release *r)
{
    for (uint32_t i = 0; i < ROSTER; i++)
        for (uint32_t j = 0; j < CELLS; j++)
            r->counts[i][j] = j == 0 ? 30 : j == 5 ? 0 : j == ANSWERED ? 1 : 10;
}

/* One over groups; every fourth is rounded. Returns whether enough handed in for it to be
 * published.
 */
static bool draw_release(struct release *r, int round)
{
    draw_policy(r);
    if (round % 4 == 3)
        r->policy.rounding = 2 + test_random() % (r->policy.threshold - 1);
    const uint32_t *masks = draw_groups();
    set_groups(r, masks, masks[2] != 0 ? 3 : 2);
    draw_counts(r);
    link_release(r, test_random() % 3 == 0 ? (uint32_t)test_random() & 0xFFF : 0);
    return r->linked->blocks[0].n_counted >= 3;
}

/* Whether a count of a difference is small. Nothing is said of it, but that its block is one of too
 * few, or that somebody marked it. */
static bool is_small_between(const struct release *r, uint32_t f)
{
    if (f < r->linked->n_published || !ska_cell_is_count(&r->linked->cells[f]))
        return false;
    ck_assert_msg(r->reason[f] == 0 || r->reason[f] == SKA_HIDDEN_BLOCK ||
                      r->reason[f] == SKA_HIDDEN_MARKED,
                  "figure %u: %u", f, r->reason[f]);
    return r->reason[f] == 0 && r->total[f] > 0 && r->total[f] < r->policy.threshold;
}

START_TEST(what_the_publisher_hides_the_audit_accepts)
{
    size_t n_refused = 0, n_differences = 0, n_complements = 0, n_blocks = 0, n_marked = 0;
    test_seed("groups");
    test_seed_state += (uint64_t)_i << 32;
    if (_i == DRAWN) /* a complement beyond figures that are shown rounded */
        test_seed_state = 40 * 7919 + 12345 + (UINT64_C(1) << 32);
    for (int round = 0; round < 400; round++) {
        SKA_SCOPED(release_clear) struct release r = {0};
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
        struct finding found[4];
        if (!draw_release(&r, round))
            continue;
        enum ska_status status = decide(&r, &c);
        if (status == SKA_E_STATE) {
            n_refused++;
            continue;
        }
        ck_assert_status(status, SKA_OK);
        for (uint32_t f = 0; f < r.linked->n_listed; f++) {
            n_complements += r.reason[f] == SKA_HIDDEN_COMPLEMENT;
            n_blocks += r.reason[f] == SKA_HIDDEN_BLOCK;
            n_marked += r.reason[f] == SKA_HIDDEN_MARKED;
            n_differences += is_small_between(&r, f);
        }
        audit(found, &r, &c);
        expect_pass(&found[0], "primary");
        expect_pass(&found[1], "complements");
        expect_pass(&found[2], "protection");
        expect_pass(&found[3], "certificate");
    }
    printf(
        "groups: %zu of 400 refused, %zu complements, %zu small differences, %zu of blocks of too "
        "few\n",
        n_refused, n_complements, n_differences, n_blocks);
    ck_assert_uint_gt(n_differences, 100);
    ck_assert_uint_gt(n_complements, 100);
    ck_assert_uint_gt(n_blocks, 10);
    ck_assert_uint_gt(n_marked, 100);
    ck_assert_uint_lt(n_refused, 100);
}
END_TEST

/* A release in which complements beyond P0 are proven to be needed: over two groups of all, or of
 * two of which one is within the other, with differences. */
static bool draw_needed(struct release *r, struct ska_certificate *c)
{
    const uint32_t masks[] = {0x03F, test_random() % 2 == 0 ? 0xFC0 : 0x1FF};
    r->policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(r, masks, 2);
    draw_counts(r);
    link_release(r, 0);
    return decide(r, c) == SKA_OK && r->n_needed > 0;
}

/* Whether the audit says of the complements that something is wrong. */
static bool is_told(const struct release *r, const struct ska_certificate *c)
{
    struct finding found[4];
    audit(found, r, c);
    return found[1].n_bad > 0;
}

/* Every way to say something else than what is proven. */
static void lie_about_need(struct release *r, const struct ska_certificate *c, uint32_t at)
{
    struct ska_needed honest = r->needed[at], *n = &r->needed[at];
    n->run[n->n_runs - 1].hi++;
    ck_assert_msg(is_told(r, c), "a run one total longer");
    *n = honest;
    n->run[0].lo--;
    ck_assert_msg(is_told(r, c), "a run one total longer, downwards");
    *n = honest;
    if (n->run[0].lo < n->run[0].hi) {
        n->run[0].lo++;
        ck_assert_msg(is_told(r, c), "a run one total shorter");
        *n = honest;
    }
    if (n->n_runs > 1) {
        n->n_runs = 1;
        ck_assert_msg(is_told(r, c), "one run left out");
        n->n_runs = 2;
        n->run[0].hi = n->run[1].hi;
        n->n_runs = 1;
        ck_assert_msg(is_told(r, c), "the gap filled");
        *n = honest;
    }
}

/* Something proven of a complement of which nothing is: it follows from others, is of P0, or rests
 * on the publisher's word, and these are no totals that would have told too much. Returns how many.
 */
static size_t prove_another(struct release *r, const struct ska_certificate *c)
{
    struct ska_needed *honest = r->needed, *more = calloc(r->n_needed + 1u, sizeof *more);
    size_t n = 0;
    uint32_t at = 0;
    for (uint32_t f = 0; f < r->linked->n_published; f++) {
        if (at < r->n_needed && honest[at].figure == f)
            at++;
        else if (r->reason[f] == SKA_HIDDEN_COMPLEMENT) {
            memcpy(more, honest, at * sizeof *more);
            memcpy(more + at + 1, honest + at, (r->n_needed - at) * sizeof *more);
            more[at] = (struct ska_needed){
                .figure = f, .n_runs = 1, .run = {{5, 4 + SKA_NEEDED_WIDTH_MAX}}};
            r->needed = more;
            r->n_needed++;
            ck_assert_msg(is_told(r, c), "figure %u", f);
            r->needed = honest;
            r->n_needed--;
            n++;
        }
    }
    free(more);
    return n;
}

START_TEST(what_is_proven_of_complements_is_what_the_rule_says)
{
    size_t n_needed = 0, n_word = 0, n_others = 0;
    test_seed("needed complements");
    for (int round = 0; round < 300; round++) {
        SKA_SCOPED(release_clear) struct release r = {0};
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
        struct finding found[4];
        if (!draw_needed(&r, &c))
            continue;
        ck_assert_uint_eq(audit(found, &r, &c), 0);
        n_needed += r.n_needed;
        for (uint32_t i = 0; i < r.n_needed; i++) {
            ck_assert(ska_needed_has(&r.needed[i], r.total[r.needed[i].figure]));
            lie_about_need(&r, &c, i);
        }
        n_others += prove_another(&r, &c);
        /* Not to prove it is no lie: it rests on the publisher's word then. */
        uint32_t n = r.n_needed;
        r.n_needed = 0;
        ck_assert_msg(!is_told(&r, &c), "nothing is proven");
        audit(found, &r, &c);
        n_word += strstr(found[1].detail, " 0 proven") != NULL;
        r.n_needed = n;
    }
    printf("needed: %zu complements are proven to be\n", n_needed);
    ck_assert_uint_gt(n_needed, 50);
    ck_assert_uint_gt(n_word, 20);
    ck_assert_uint_gt(n_others, 50);
}
END_TEST

/* Nothing is small, and two of three outside G1 answered B: the difference is theirs, and no rule
 * leads to its figures from anything that is sensitive. What is hidden for it is proven all the
 * same, and a publisher that goes on to what need not be hidden has nothing to prove. */
START_TEST(what_hiding_was_gone_on_to_is_proven)
{
    static const uint32_t masks[] = {0x1FF};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    const uint32_t county = BLANK, group = CELLS + BLANK;
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 1);
    all_alike(&r);
    for (uint32_t i = 0; i < ROSTER; i++)
        r.counts[i][ANSWERED] = i != 11, r.counts[i][BLANK] = i != 11 ? 10 : 0;
    link_release(&r, 0);
    ck_assert_status(decide(&r, &c), SKA_OK);
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    ck_assert_uint_eq(r.reason[county], 0);
    ck_assert_uint_eq(r.reason[group], SKA_HIDDEN_COMPLEMENT);
    ck_assert_msg(strstr(found[1].detail, " 0 on the publisher's word") != NULL, "%s",
                  found[1].detail);
    ck_assert_uint_eq(r.n_needed, 1);
    lie_about_need(&r, &c, 0);
    /* As if three had answered there: then the figure may be known. */
    r.counts[11][ANSWERED] = 1;
    r.counts[11][BLANK] = 10;
    for (uint32_t f = 0; f < 2 * CELLS; f++)
        r.total[f] = 0;
    for (uint32_t f = 0; f < 2 * CELLS; f++)
        for (uint32_t i = 0; i < ROSTER; i++)
            r.total[f] += ska_groups_has(&r.groups, f / CELLS, i) ? r.counts[i][f % CELLS] : 0;
    show_totals(&r);
    ck_assert_msg(is_told(&r, &c), "it need not be hidden");
}
END_TEST

/* Two of A in the six outside G1; all else is large. */
static void small_rest(struct release *r)
{
    static const uint32_t masks[] = {0x03F};
    r->policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(r, masks, 1);
    for (uint32_t i = 0; i < ROSTER; i++) {
        r->counts[i][1] = i < 6 ? 10 : 0;
        r->counts[i][2] = i < 6 ? 20 : 0;
        r->counts[i][3] = i < 6 ? 30 : 0;
        r->counts[i][BLANK] = 10;
        r->counts[i][ANSWERED] = 1;
    }
    r->counts[7][2] = 2;
    for (uint32_t i = 0; i < ROSTER; i++)
        r->counts[i][0] = r->counts[i][1] + r->counts[i][2] + r->counts[i][3];
    link_release(r, 0);
}

/* What is left of the county without the group: the difference of two figures that are shown. */
START_TEST(the_complement_of_a_group_is_protected)
{
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    small_rest(&r);
    uint32_t county = 2, group = CELLS + 2;
    /* Each block alone has nothing to hide: a reader subtracts, and finds two cases. */
    ck_assert_uint_eq(r.total[county] - r.total[group], 2);
    ck_assert_uint_gt(audit(found, &r, &c), 0);
    ck_assert_msg(found[3].n_bad > 0, "the audit lets the difference be seen");
    ck_assert_status(decide(&r, &c), SKA_OK);
    ck_assert(r.reason[county] != 0 || r.reason[group] != 0);
    ck_assert_uint_eq(audit(found, &r, &c), 0);
}
END_TEST

/* A publisher that hides nothing beside the difference is found out, whether it says that the
 * difference is small or not; and one that says it and hides what is to be hidden, too. */
START_TEST(what_is_between_two_groups_is_protected_and_not_spoken_of)
{
    static const uint8_t reasons[] = {SKA_HIDDEN_SMALL,      SKA_HIDDEN_FEW,   SKA_HIDDEN_DEPENDENT,
                                      SKA_HIDDEN_COMPLEMENT, SKA_HIDDEN_BLOCK, SKA_HIDDEN_MARKED,
                                      SKA_HIDDEN_WITHDRAWN,  SKA_HIDDEN_SUMMED};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    small_rest(&r);
    uint32_t between = 2 * CELLS + 2;
    ck_assert_uint_eq(r.total[between], 2);
    ck_assert_status(decide(&r, &c), SKA_OK);
    ck_assert_uint_eq(r.reason[between], 0);
    for (size_t i = 0; i < N_OF(reasons); i++) {
        r.reason[between] = reasons[i];
        audit(found, &r, &c);
        ck_assert_msg(found[0].n_bad > 0, "reason %u", reasons[i]);
    }
    r.reason[between] = 0;
    for (uint32_t f = 0; f < r.linked->n_published; f++)
        if (r.reason[f] == SKA_HIDDEN_COMPLEMENT)
            r.reason[f] = 0;
    audit(found, &r, &c);
    ck_assert_uint_eq(found[0].n_bad, 0);
    ck_assert_uint_gt(found[3].n_bad, 0);
    r.reason[between] = SKA_HIDDEN_SMALL;
    audit(found, &r, &c);
    ck_assert_uint_gt(found[0].n_bad, 0);
}
END_TEST

START_TEST(a_group_of_too_few_submissions_is_not_shown)
{
    static const uint32_t masks[] = {0x00F, 0x0F0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    all_alike(&r);
    link_release(&r, 0x003);                             /* two of G1 stay away */
    ck_assert_uint_eq(r.linked->blocks[1].n_counted, 0); /* two, who are not summed */
    ck_assert_status(decide(&r, &c), SKA_OK);
    for (uint32_t j = 0; j < CELLS; j++) {
        ck_assert_uint_eq(r.reason[CELLS + j], SKA_HIDDEN_BLOCK);
        ck_assert_uint_eq(r.reason[j] + r.reason[2 * CELLS + j], 0);
    }
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    r.reason[CELLS] = 0;
    audit(found, &r, &c);
    ck_assert(found[0].n_bad > 0);
}
END_TEST

/* One of G2 has most of C in the county, and asks that it be published only with others'. */
START_TEST(a_mark_hides_the_sums_that_its_contributor_is_in_and_no_others)
{
    static const uint32_t masks[] = {0x03F, 0xFC0};
    static const uint32_t hidden[] = {4, 5, 2 * CELLS + 4, 2 * CELLS + 5};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    for (uint32_t i = 0; i < ROSTER; i++) {
        r.counts[i][0] = 60;
        for (uint32_t j = 1; j <= 3; j++)
            r.counts[i][j] = 20;
        r.counts[i][4] = i == 7 ? 50 : 1;
        r.counts[i][5] = i == 7;
        r.counts[i][BLANK] = 10;
        r.counts[i][ANSWERED] = 1;
    }
    link_release(&r, 0);
    ck_assert_status(decide(&r, &c), SKA_OK);
    for (uint32_t f = 0; f < r.linked->n_published; f++) {
        bool is_in = false;
        for (size_t i = 0; i < N_OF(hidden); i++)
            is_in = is_in || hidden[i] == f;
        ck_assert_msg(r.reason[f] == (is_in ? SKA_HIDDEN_MARKED : 0), "figure %u: %u", f,
                      r.reason[f]);
    }
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    for (size_t i = 0; i < N_OF(hidden); i++) {
        r.reason[hidden[i]] = 0;
        audit(found, &r, &c);
        ck_assert_msg(found[0].n_bad > 0, "figure %u shown", hidden[i]);
        r.reason[hidden[i]] = SKA_HIDDEN_MARKED;
    }
}
END_TEST

/* All contributors are in G1 or G2, four in both; of those four one alone has answered B. What is
 * shown of B is G1 + G2 - all: that one's figure, though each block and each difference of two is
 * of enough answers. */
START_TEST(what_one_answered_is_not_told_by_three_blocks)
{
    static const uint32_t masks[] = {0x0FF, 0xFF0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    for (uint32_t i = 0; i < ROSTER; i++) {
        for (uint32_t j = 0; j < CELLS; j++)
            r.counts[i][j] = j == 0 ? 30 : j == 5 ? 0 : 10;
        r.counts[i][ANSWERED] = i < 5 || i > 7;
        r.counts[i][BLANK] = r.counts[i][ANSWERED] * (10 + i);
    }
    link_release(&r, 0);
    uint64_t told = r.total[CELLS + BLANK] + r.total[2 * CELLS + BLANK] - r.total[BLANK];
    ck_assert_uint_eq(told, r.counts[4][BLANK]);
    ck_assert_uint_gt(audit(found, &r, &c), 0); /* a publisher that shows all of it */
    ck_assert_msg(found[3].n_bad > 0, "the audit lets one contributor's figure be seen");
    ck_assert_status(decide(&r, &c), SKA_OK);
    ck_assert(r.reason[BLANK] != 0 || r.reason[CELLS + BLANK] != 0 ||
              r.reason[2 * CELLS + BLANK] != 0);
    audit(found, &r, &c);
    expect_pass(&found[0], "primary");
    expect_pass(&found[1], "complements");
    expect_pass(&found[2], "protection");
    expect_pass(&found[3], "certificate");
}
END_TEST

/* What three blocks tell of an atom may be known from the threshold on, or as a zero that is shown,
 * if at least the minimum answered, or nobody: each value on both sides, by the audit of a
 * publisher that shows everything, and by the publisher, who shows everything exactly where it may.
 */
START_TEST(what_three_blocks_tell_may_be_known_from_the_threshold_and_the_minimum_on)
{
    static const uint32_t masks[] = {0x0FF, 0xFF0};
    for (uint32_t k = 0; k < 2 * 2 * 7; k++) {
        bool is_answers = k % 2 == 1;
        uint32_t n = k / 4; /* how much of C, or how many of four answered */
        SKA_SCOPED(release_clear) struct release r = {0};
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate none = {0}, c = {0};
        struct finding found[4];
        if (is_answers && n > 4)
            continue;
        r.policy = (struct ska_policy){3, 5, k / 2 % 2 == 0, 2, 0};
        set_groups(&r, masks, 2);
        all_alike(&r);
        for (uint32_t i = 4; i < 8; i++) {
            r.counts[i][4] = is_answers ? 10 : i == 4 ? n : 0;
            r.counts[i][ANSWERED] = !is_answers || i - 4 < n;
            r.counts[i][BLANK] = 10 * r.counts[i][ANSWERED];
        }
        link_release(&r, 0);
        bool may = is_answers ? n == 0 || n >= 3 : n >= 5 || (n == 0 && r.policy.show_zero);
        audit(found, &r, &none);
        ck_assert_msg((found[3].n_bad == 0) == may, "audit, %s, %u, zeros %d",
                      is_answers ? "answers" : "cases", n, r.policy.show_zero);
        ck_assert_status(decide(&r, &c), SKA_OK);
        uint32_t n_hidden = 0;
        for (uint32_t f = 0; f < r.linked->n_published; f++)
            n_hidden += r.reason[f] != 0;
        ck_assert_msg((n_hidden == 0) == may, "publisher, %s, %u, zeros %d",
                      is_answers ? "answers" : "cases", n, r.policy.show_zero);
        ck_assert_uint_eq(audit(found, &r, &c), 0);
    }
}
END_TEST

/* Between blocks of which everything is shown and large there is nothing that may not be known, so
 * nothing that one of them could be hidden for. */
START_TEST(nothing_is_hidden_for_what_may_be_known)
{
    static const uint32_t masks[] = {0x0FF, 0xFF0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate none = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    all_alike(&r);
    link_release(&r, 0);
    ck_assert_uint_eq(audit(found, &r, &none), 0);
    r.reason[CELLS] = SKA_HIDDEN_COMPLEMENT;
    ck_assert_uint_eq(audit(found, &r, &none), 1);
    ck_assert_str_eq(found[1].detail, "G1/A is hidden without a reason under the rule");
}
END_TEST

/* Withdrawing has no proof, so the auditor is told of it. */
START_TEST(what_is_withdrawn_without_a_cause_is_told)
{
    static const uint32_t masks[] = {0x03F, 0xFC0};
    SKA_SCOPED(release_clear) struct release r = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct finding found[4];
    r.policy = (struct ska_policy){3, 5, true, 2, 0};
    set_groups(&r, masks, 2);
    all_alike(&r);
    link_release(&r, 0);
    ck_assert_uint_eq(audit(found, &r, &c), 0);
    ck_assert_str_eq(found[0].detail, "");
    r.reason[BLANK] = SKA_HIDDEN_WITHDRAWN;
    for (uint32_t b = 1; b <= 2; b++)
        r.reason[b * CELLS + BLANK] = SKA_HIDDEN_DEPENDENT;
    audit(found, &r, &c);
    ck_assert(found[0].n_bad > 0); /* of all before the groups */
    for (uint32_t b = 1; b <= 2; b++)
        r.reason[b * CELLS + BLANK] = SKA_HIDDEN_WITHDRAWN;
    audit(found, &r, &c);
    expect_pass(&found[0], "primary");
    ck_assert_str_eq(found[0].detail,
                     "withdrawn, on the publisher's word: 1 indicators, 2 groups' totals");
    r.reason[BLANK] = 0;
    audit(found, &r, &c);
    expect_pass(&found[0], "primary");
    r.reason[CELLS + BLANK] = 0; /* of one group alone: never */
    audit(found, &r, &c);
    ck_assert(found[0].n_bad > 0);
}
END_TEST

/* It is hidden in every group, on nobody's word, and nothing is said of what lies between; and all
 * of it, drawn at random, is what the audit demands. */
START_TEST(what_is_for_all_together_only_is_in_no_group)
{
    static struct ska_indicator indicators[] = {
        {.whole_only = false}, {.whole_only = true}, {.whole_only = true}};
    static const struct ska_catalogue catalogue = {.n_indicators = 3, .indicators = indicators};
    size_t n_shown = 0, n_kept = 0;
    own_catalogue =
        &catalogue; /* B is for all contributors together only, and C, which is marked */
    test_seed("whole only");
    for (int round = 0; round < 200; round++) {
        SKA_SCOPED(release_clear) struct release r = {0};
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
        struct finding found[4];
        if (!draw_release(&r, round))
            continue;
        if (round % 2 == 1) { /* a correction of what was published alike */
            r.kept = calloc(r.linked->n_published, 1);
            for (uint32_t f = CELLS + BLANK; f < r.linked->n_published; f += CELLS)
                r.kept[f] = 1;
        }
        ck_assert_status(decide(&r, &c), SKA_OK);
        for (uint32_t f = CELLS + BLANK; f < r.linked->n_published; f += CELLS) {
            bool is_few = r.linked->blocks[f / CELLS].n_counted < r.policy.min_contributors;
            ck_assert_uint_eq(r.reason[f], is_few           ? SKA_HIDDEN_BLOCK
                                           : r.kept != NULL ? SKA_HIDDEN_KEPT
                                                            : SKA_HIDDEN_WITHDRAWN);
            n_kept += r.reason[f] == SKA_HIDDEN_KEPT;
        }
        for (uint32_t f = r.linked->n_published + BLANK; f < r.linked->n_listed; f += CELLS)
            (void)is_small_between(&r, f);
        size_t n_words = 0; /* on the publisher's word */
        audit(found, &r, &c);
        expect_pass(&found[0], "primary");
        expect_pass(&found[1], "complements");
        expect_pass(&found[2], "protection");
        expect_pass(&found[3], "certificate");
        for (uint32_t f = 0; f < r.linked->n_published; f++)
            n_words +=
                r.reason[f] == SKA_HIDDEN_WITHDRAWN && !ska_linked_is_never_shown(r.linked, f);
        ck_assert_msg((found[0].detail[0] != '\0') == (n_words > 0), "%s", found[0].detail);
        n_shown += r.reason[BLANK] == 0;
        uint32_t group = CELLS + BLANK;
        if (r.reason[group] == SKA_HIDDEN_WITHDRAWN) {
            r.reason[group] = 0; /* a publisher that shows it */
            audit(found, &r, &c);
            ck_assert_msg(found[0].n_bad > 0, "a group's figure is shown");
        }
    }
    own_catalogue = NULL;
    ck_assert_uint_gt(n_shown, 20);
    ck_assert_uint_gt(n_kept, 20);
}
END_TEST

/* What an indicator says of zeros goes before what the policy says, for the publisher and the
 * audit: B the other way than the policy. A zero of a block of enough, of whom enough answered. */
START_TEST(an_indicator_says_of_its_zeros_itself)
{
    static struct ska_indicator indicators[3];
    static const struct ska_catalogue catalogue = {.n_indicators = 3, .indicators = indicators};
    size_t n_zeros = 0;
    own_catalogue = &catalogue;
    test_seed("zeros");
    for (int round = 0; round < 100; round++) {
        SKA_SCOPED(release_clear) struct release r = {0};
        SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
        struct finding found[4];
        bool shows = round % 2 == 0;
        indicators[1].zeros = shows ? SKA_ZEROS_SHOWN : SKA_ZEROS_HIDDEN;
        draw_policy(&r);
        r.policy.show_zero = !shows;
        r.policy.protection = 1;
        set_groups(&r, draw_groups(), 2);
        draw_counts(&r);
        for (uint32_t i = 0; i < ROSTER; i++)
            r.counts[i][BLANK] = round % 4 < 2 ? 0 : r.counts[i][BLANK];
        link_release(&r, 0);
        ck_assert_status(decide(&r, &c), SKA_OK);
        for (uint32_t f = BLANK; f < r.linked->n_published; f += CELLS) {
            if (r.total[BLANK] > 0 || r.total[f - BLANK + ANSWERED] < r.policy.min_contributors)
                continue;
            ck_assert_msg((r.reason[f] == 0) == shows, "round %d, figure %u: %u", round, f,
                          r.reason[f]);
            n_zeros++;
        }
        ck_assert_uint_eq(audit(found, &r, &c), 0);
    }
    own_catalogue = NULL;
    ck_assert_uint_gt(n_zeros, 50);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("groups");
    TCase *t = tcase_create("groups");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, what_the_publisher_hides_the_audit_accepts, 0, DRAWN + 1);
    tcase_add_test(t, what_is_proven_of_complements_is_what_the_rule_says);
    tcase_add_test(t, what_hiding_was_gone_on_to_is_proven);
    tcase_add_test(t, the_complement_of_a_group_is_protected);
    tcase_add_test(t, what_is_between_two_groups_is_protected_and_not_spoken_of);
    tcase_add_test(t, a_group_of_too_few_submissions_is_not_shown);
    tcase_add_test(t, what_one_answered_is_not_told_by_three_blocks);
    tcase_add_test(t, what_three_blocks_tell_may_be_known_from_the_threshold_and_the_minimum_on);
    tcase_add_test(t, nothing_is_hidden_for_what_may_be_known);
    tcase_add_test(t, what_is_withdrawn_without_a_cause_is_told);
    tcase_add_test(t, what_is_for_all_together_only_is_in_no_group);
    tcase_add_test(t, an_indicator_says_of_its_zeros_itself);
    tcase_add_test(t, a_mark_hides_the_sums_that_its_contributor_is_in_and_no_others);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
