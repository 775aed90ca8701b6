/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_year_groups.c - two halves, the year that comes with the second, and a correction of the
 * first that carries the year anew, over groups that overlap and at times rounded: what the
 * publisher hides the audit accepts.
 */
#include "tests/tamper/group_world.h"

#include "protocol/linked_join.h"

#define HALVES 2u
#define ROUNDS 24
#define PROVEN 24     /* first halves of which something is proven; some four in ten are seen */
#define REFUSED_MAX 2 /* one in some 300 is (docs/disclosure-control.md, section 10) */
#define RANDOM 4      /* seeds, and one in which a search for a farthest table was lost: */
#define SOLVER_LOST 4765723663741729050

/* The year's sums by themselves, taken from those of its parts. */
static struct ska_linked *year_of(const struct release *first, const struct release *second)
{
    const struct ska_linked *parts[HALVES] = {first->linked, second->linked};
    struct ska_linked *year = NULL;
    ck_assert_status(ska_linked_new_year(&year, parts, HALVES, &first->policy), SKA_OK);
    return year;
}

/* What is published of a release that carries the year: the half's own figures, then the sums. */
static void add_up(struct release *both, const struct release *own, const struct release *other)
{
    uint32_t n = both->linked->n_published / 2;
    make_room(both);
    for (uint32_t f = 0; f < n; f++) {
        both->total[f] = own->total[f];
        if (!ska_linked_is_absent(both->linked, n + f))
            both->total[n + f] = own->total[f] + other->total[f];
    }
    show_totals(both);
    memcpy(both->shown, own->shown, n * sizeof *both->shown);
}

/* Hidden figures of a release that carries the year, as those of one of its layers. */
static void take_layer(uint8_t *reason, const struct release *both, uint32_t n_listed, bool is_year)
{
    uint32_t n = both->linked->n_published / 2, n_differences = n_listed - n;
    uint32_t first = is_year ? n : 0, differences = 2 * n;
    if (is_year) /* after those of the half, which has at least as many */
        differences = both->linked->n_listed - n_differences;
    memcpy(reason, both->reason + first, n);
    memcpy(reason + n, both->reason + differences, n_differences);
}

static void expect_accepted(const struct release *r, const struct ska_certificate *certificate)
{
    struct finding found[4];
    audit(found, r, certificate);
    expect_pass(&found[0], "primary");
    expect_pass(&found[1], "complements");
    expect_pass(&found[2], "protection");
    expect_pass(&found[3], "certificate");
}

/* Other counts of three contributors with the same groups. Out: changed  by atom. Returns whether
 * there are three that were counted. */
static bool change_three(struct release *r, uint32_t changed[ROSTER], uint32_t absent)
{
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms atoms = {0};
    struct release other;
    ck_assert_status(ska_atoms_init(&atoms, &r->groups, ROSTER), SKA_OK);
    draw_counts(&other);
    uint32_t atom = (uint32_t)(test_random() % atoms.n), n = 0;
    memset(changed, 0, ROSTER * sizeof *changed);
    for (uint32_t i = 0; i < ROSTER && n < 3; i++)
        if (atoms.of[i] == atom && (absent >> i & 1) == 0) {
            memcpy(r->counts[i], other.counts[i], sizeof r->counts[i]);
            n++;
        }
    changed[atom] = n;
    return n == 3;
}

/* Draw who stays away: at times some, never so many that nothing is published. */
static uint32_t draw_absent(void)
{
    uint32_t absent = test_random() % 3 == 0 ? (uint32_t)test_random() & 0xFFF : 0;
    return __builtin_popcount(absent) > (int)ROSTER - 3 ? 0 : absent;
}

/* A frozen release, or its year, with what it hid and showed. */
static struct ska_linked_layer frozen_layer(const char *name, struct ska_linked *alone,
                                            const uint8_t *reason, const struct release *r)
{
    struct ska_linked_layer layer = {.alone = alone,
                                     .reason = reason,
                                     .total = r->shown,
                                     .needed = r->needed,
                                     .n_needed = r->n_needed,
                                     .corrects = SKA_NONE};
    (void)snprintf(layer.name, sizeof layer.name, "%s", name);
    return layer;
}

/* A year of the layers with its halves. */
static struct ska_linked_layer year_layer(struct ska_linked *alone, uint32_t first, uint32_t second)
{
    return (struct ska_linked_layer){.name = "2025",
                                     .alone = alone,
                                     .is_year = true,
                                     .n_parts = HALVES,
                                     .part = {first, second},
                                     .corrects = SKA_NONE};
}

/* The halves, and what is published with the second. */
struct year {
    uint32_t absent[HALVES];
    struct release half[HALVES], whole;
};

static void year_clear(struct year *y)
{
    release_clear(&y->half[0]);
    release_clear(&y->half[1]);
    release_clear(&y->whole);
}

/* Decide, and have it audited. Returns whether it can be published. */
static bool publish(struct release *r)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    enum ska_status status = decide(r, &c);
    ck_assert_msg(status == SKA_OK || status == SKA_E_STATE, "%s", ska_status_name(status));
    if (status == SKA_OK)
        expect_accepted(r, &c);
    return status == SKA_OK;
}

static bool publish_year(struct year *y)
{
    const uint32_t *masks = draw_groups();
    struct release *first = &y->half[0], *second = &y->half[1];
    draw_policy(first);
    if (test_random() % 2 == 0)
        first->policy.rounding = 2 + test_random() % (first->policy.threshold - 1);
    second->policy = y->whole.policy = first->policy;
    for (uint32_t h = 0; h < HALVES; h++) {
        y->absent[h] = draw_absent();
        set_groups(&y->half[h], masks, masks[2] != 0 ? 3 : 2);
        draw_counts(&y->half[h]);
        link_release(&y->half[h], y->absent[h]);
    }
    if (!publish(first))
        return false;
    struct ska_linked_layer layers[] = {
        {.alone = link_alone(second, y->absent[1]), .corrects = SKA_NONE},
        year_layer(year_of(first, second), 2, 0),
        frozen_layer("2025H1", link_alone(first, y->absent[0]), first->reason, first)};
    ck_assert_status(ska_linked_join(&y->whole.linked, layers, N_OF(layers)), SKA_OK);
    add_up(&y->whole, second, first);
    return publish(&y->whole);
}

/* The year once more, as if nobody knew what the first half proved. Returns whether the audit finds
 * a table that was not among what it proved. */
static bool is_proof_seen(struct year *y)
{
    SKA_SCOPED(release_clear) struct release r = {.policy = y->whole.policy};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct release *first = &y->half[0], *second = &y->half[1], unproven = *first;
    struct finding found[4];
    unproven.n_needed = 0;
    struct ska_linked_layer layers[] = {
        {.alone = link_alone(second, y->absent[1]), .corrects = SKA_NONE},
        year_layer(year_of(first, second), 2, 0),
        frozen_layer("2025H1", link_alone(first, y->absent[0]), first->reason, &unproven)};
    ck_assert_status(ska_linked_join(&r.linked, layers, N_OF(layers)), SKA_OK);
    add_up(&r, second, first);
    memcpy(r.shown, y->whole.shown, r.linked->n_listed * sizeof *r.shown);
    enum ska_status status = decide(&r, &c);
    ck_assert_msg(status == SKA_OK || status == SKA_E_STATE, "%s", ska_status_name(status));
    if (status != SKA_OK)
        return false;
    ska_linked_free(r.linked);
    r.linked = y->whole.linked; /* in which it is known */
    audit(found, &r, &c);
    r.linked = NULL;
    ck_assert_msg(found[3].n_bad == 0 || strstr(found[3].detail, "2025H1") != NULL, "%s",
                  found[3].detail);
    return found[3].n_bad > 0;
}

START_TEST(what_an_earlier_release_proved_is_known)
{
    size_t n_proven = 0, n_seen = 0;
    test_seed("what was proven");
    while (n_proven < PROVEN) {
        SKA_SCOPED(year_clear) struct year y = {0};
        if (!publish_year(&y) || y.half[0].n_needed == 0)
            continue;
        n_proven++;
        n_seen += is_proof_seen(&y);
    }
    printf("%zu first halves with proofs, %zu certificates that did not keep to them\n", n_proven,
           n_seen);
    ck_assert_uint_gt(n_seen, 0);
}
END_TEST

/* What is shown of a figure that did not change is shown again. */
static void show_alike(struct release *r, uint32_t from, const uint64_t *total,
                       const uint64_t *shown, uint32_t n)
{
    for (uint32_t f = 0; f < n; f++)
        if (r->total[from + f] == total[f])
            r->shown[from + f] = shown[f];
}

/* What came of a correction. */
enum came_of { NOT_DRAWN, REFUSED, PUBLISHED };

/* The first half corrected, with the year anew. */
static enum came_of publish_correction(const struct year *y)
{
    SKA_SCOPED(release_clear) struct release r = {.policy = y->whole.policy};
    SKA_SCOPED(release_clear) struct release anew = {.policy = y->whole.policy};
    const struct release *first = &y->half[0], *second = &y->half[1], *whole = &y->whole;
    uint32_t changed[ROSTER], n = first->linked->n_published;
    r.groups = first->groups; /* borrowed */
    memcpy(r.counts, first->counts, sizeof r.counts);
    if (!change_three(&r, changed, y->absent[0]))
        return NOT_DRAWN;
    link_release(&r, y->absent[0]);
    show_alike(&r, 0, first->total, first->shown, n);
    struct ska_linked *year = year_of(first, second);
    SKA_SCOPED(ska_scoped_free) uint8_t *half_reason = calloc(second->linked->n_listed, 1);
    SKA_SCOPED(ska_scoped_free) uint8_t *year_reason = calloc(year->n_listed, 1);
    take_layer(half_reason, whole, second->linked->n_listed, false);
    take_layer(year_reason, whole, year->n_listed, true);
    struct ska_linked_layer layers[] = {
        {.alone = link_alone(&r, y->absent[0]), .corrects = 2, .changed = changed},
        year_layer(year_of(&r, second), 0, 3),
        frozen_layer("2025H1", link_alone(first, y->absent[0]), first->reason, first),
        frozen_layer("2025H2", link_alone(second, y->absent[1]), half_reason, whole),
        year_layer(year, 2, 3)};
    layers[4].reason = year_reason;
    layers[4].total = whole->shown + n;
    ck_assert_status(ska_linked_join(&anew.linked, layers, N_OF(layers)), SKA_OK);
    add_up(&anew, &r, second);
    show_alike(&anew, n, whole->total + n, whole->shown + n, n);
    anew.kept = calloc(2, n);
    memcpy(anew.kept, first->reason, n);
    memcpy(anew.kept + n, whole->reason + n, n);
    return publish(&anew) ? PUBLISHED : REFUSED;
}

START_TEST(what_the_publisher_hides_of_a_year_the_audit_accepts)
{
    size_t n_years = 0, n_corrections[PUBLISHED + 1] = {0};
    test_seed("year groups");
    test_seed_state = _i == RANDOM ? SOLVER_LOST : test_seed_state + ((uint64_t)_i << 32);
    for (int round = 0; round < ROUNDS; round++) {
        SKA_SCOPED(year_clear) struct year y = {0};
        if (!publish_year(&y))
            continue;
        n_years++;
        n_corrections[publish_correction(&y)]++;
    }
    printf("year groups: %zu years of %d; %zu corrections, %zu refused\n", n_years, ROUNDS,
           n_corrections[PUBLISHED], n_corrections[REFUSED]);
    ck_assert_uint_ge(n_years, ROUNDS - 1u); /* one in some 2,000 is refused, by the rule */
    ck_assert_uint_gt(n_corrections[PUBLISHED], ROUNDS / 8);
    ck_assert_uint_le(n_corrections[REFUSED], REFUSED_MAX);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("year groups");
    TCase *t = tcase_create("years");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, what_the_publisher_hides_of_a_year_the_audit_accepts, 0, RANDOM + 1);
    tcase_add_test(t, what_an_earlier_release_proved_is_known);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_run(suite());
}
