/* SPDX-License-Identifier: EUPL-1.2 */
/* test_groups.c - groups of contributors: bytes, atoms, and combinations that isolate too few. */
#include "protocol/groups.h"
#include "protocol/linked.h"
#include "tests/samples.h"
#include "tests/test.h"

/* A roster of n contributors "0", "1", ... */
static void make_roster(struct ska_roster *roster, uint32_t n)
{
    struct ska_contributor at[12] = {{{0}, {0}, {0}}};
    ck_assert_uint_le(n, 12);
    for (uint32_t i = 0; i < n; i++) {
        (void)snprintf(at[i].code, sizeof at[i].code, "%02u", i);
        (void)snprintf(at[i].name, sizeof at[i].name, "Kommun %u", i);
        at[i].key[0] = (uint8_t)(i + 1);
    }
    ck_assert_status(ska_roster_build(roster, at, n, NULL), SKA_OK);
}

/* Groups from words such as "a:012 b:0345", members as hexadecimal digits. */
static void make_groups(struct ska_groups *groups, const char *text)
{
    groups->at = ska_alloc(SKA_GROUPS_MAX, sizeof *groups->at);
    ck_assert_ptr_nonnull(groups->at);
    while (*text != '\0') {
        struct ska_group *group = &groups->at[groups->n++];
        size_t code_len = strcspn(text, ":");
        memcpy(group->code, text, code_len);
        memcpy(group->sv, text, code_len);
        memcpy(group->en, text, code_len);
        text += code_len + 1;
        group->members = ska_alloc(12, sizeof *group->members);
        ck_assert_ptr_nonnull(group->members);
        for (; *text != '\0' && *text != ' '; text++)
            group->members[group->n_members++] =
                (uint32_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
        text += *text == ' ';
    }
}

START_TEST(groups_have_these_bytes)
{
    static const uint8_t want[] = {0, 0, 0, 2, 1, 'a', 0, 1, 'a', 0, 1, 'a', 0, 0, 0,   3, 0, 0,
                                   0, 0, 0, 0, 0, 1,   0, 0, 0,   2, 1, 'b', 0, 1, 'b', 0, 1, 'b',
                                   0, 0, 0, 3, 0, 0,   0, 3, 0,   0, 0, 4,   0, 0, 0,   11};
    struct ska_groups groups = {0}, back = {0};
    struct ska_writer w = {0};
    struct ska_reader r;
    make_groups(&groups, "a:012 b:34b");
    ska_groups_encode(&w, &groups);
    ck_assert_uint_eq(w.len, sizeof want);
    ck_assert_mem_eq(w.data, want, sizeof want);
    ska_reader_init(&r, w.data, w.len);
    ck_assert_status(ska_groups_decode(&back, &r), SKA_OK);
    ck_assert_status(ska_read_end(&r), SKA_OK);
    ck_assert_uint_eq(back.n, 2);
    ck_assert_str_eq(back.at[1].code, "b");
    ck_assert_uint_eq(back.at[1].members[2], 11);
    ska_groups_clear(&back);
    for (size_t cut = 0; cut < sizeof want; cut++) {
        ska_reader_init(&r, w.data, cut);
        ck_assert_status(ska_groups_decode(&back, &r), SKA_E_TRUNCATED);
        ck_assert_ptr_null(back.at);
    }
    ska_writer_clear(&w);
    ska_groups_clear(&groups);
    ska_groups_clear(&groups);
}
END_TEST

struct bytes_case {
    size_t at;
    uint8_t value;
    enum ska_status want;
};
static const struct bytes_case bytes[] = {
    {0, 1, SKA_E_LIMIT},      /* too many groups */
    {3, 60, SKA_E_TRUNCATED}, /* more groups than bytes for them */
    {5, ' ', SKA_E_FORMAT},   /* a code that is none */
    {8, 1, SKA_E_FORMAT},     /* a control character in a label */
    {13, 1, SKA_E_LIMIT},     /* too many members */
    {15, 0, SKA_E_RANGE},     /* no members */
    {23, 0, SKA_E_ENCODING},  /* a member twice */
    {27, 0, SKA_E_ENCODING},  /* members out of order */
};

START_TEST(other_bytes_are_refused)
{
    const struct bytes_case *k = &bytes[_i];
    struct ska_groups groups = {0}, back = {0};
    struct ska_writer w = {0};
    struct ska_reader r;
    make_groups(&groups, "a:012 b:34b");
    ska_groups_encode(&w, &groups);
    w.data[k->at] = k->value;
    ska_reader_init(&r, w.data, w.len);
    ck_assert_status(ska_groups_decode(&back, &r), k->want);
    ck_assert_ptr_null(back.at);
    ck_assert_ptr_eq(r.at, w.data);
    ska_writer_clear(&w);
    ska_groups_clear(&groups);
}
END_TEST

START_TEST(contributors_of_the_same_groups_are_an_atom)
{
    struct ska_groups groups = {0};
    struct ska_atoms atoms = {0};
    make_groups(&groups, "a:0123 b:2345");
    ck_assert_status(ska_atoms_init(&atoms, &groups, 8), SKA_OK);
    ck_assert_uint_eq(atoms.n, 4);
    static const uint32_t of[8] = {0, 0, 1, 1, 2, 2, 3, 3};
    static const uint64_t in[4] = {1, 3, 2, 0};
    for (uint32_t i = 0; i < 8; i++)
        ck_assert_uint_eq(atoms.of[i], of[i]);
    for (uint32_t a = 0; a < 4; a++) {
        ck_assert_uint_eq(atoms.groups[a], in[a]);
        ck_assert_uint_eq(atoms.size[a], 2);
        ck_assert(ska_atoms_in(&atoms, a, 0));
        ck_assert(ska_atoms_in(&atoms, a, 1) == (a < 2));
        ck_assert(ska_atoms_in(&atoms, a, 2) == (a == 1 || a == 2));
    }
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t block = 0; block <= groups.n; block++)
            ck_assert(ska_groups_has(&groups, block, i) ==
                      ska_atoms_in(&atoms, atoms.of[i], block));
    ska_atoms_clear(&atoms);
    ska_atoms_clear(&atoms);
    ska_groups_clear(&groups);
}
END_TEST

struct check_case {
    const char *groups;
    enum ska_status want;
    const char *named; /* a word that the error must hold */
};
static const struct check_case checks[] = {
    {"", SKA_OK, NULL},
    {"a:012", SKA_OK, NULL},
    {"a:012 b:345", SKA_OK, NULL},
    {"a:01234567 b:012", SKA_OK, NULL},
    {"a:01", SKA_E_BATCH_SIZE, "a"},                 /* too few themselves */
    {"a:01234567ab", SKA_E_CONFLICT, "a"},           /* everyone: 12 on the roster, see below */
    {"a:0123456789", SKA_E_BATCH_SIZE, "10, 11"},    /* the complement is two */
    {"a:012345 b:01234", SKA_E_BATCH_SIZE, "05"},    /* the difference is one */
    {"a:01234 b:34567", SKA_E_BATCH_SIZE, "03, 04"}, /* the overlap is two */
    {"a:012 a:345", SKA_E_CONFLICT, "a"},
    {"a:012 b:012", SKA_E_CONFLICT, "b"},
    {"all:012", SKA_E_CONFLICT, "all"},
};

START_TEST(no_combination_of_groups_isolates_too_few)
{
    const struct check_case *k = &checks[_i];
    struct ska_groups groups = {0};
    struct ska_roster roster = {0};
    struct ska_error err = {0};
    make_groups(&groups, k->groups);
    make_roster(&roster, strcmp(k->groups, "a:01234567ab") == 0 ? 10 : 12);
    if (roster.n == 10) { /* 0..7 and the last two, as indices of ten */
        groups.at[0].members[8] = 8;
        groups.at[0].members[9] = 9;
    }
    enum ska_status got = ska_groups_check(&groups, &roster, 3, &err);
    ck_assert_msg(got == k->want, "%s: got %s (%s)", k->groups, ska_status_name(got), err.text);
    if (k->named != NULL)
        ck_assert_msg(strstr(err.text, k->named) != NULL, "%s: %s", k->groups, err.text);
    ska_error_clear(&err);
    ska_roster_clear(&roster);
    ska_groups_clear(&groups);
}
END_TEST

START_TEST(a_member_must_be_on_the_roster)
{
    struct ska_groups groups = {0};
    struct ska_roster roster = {0};
    make_groups(&groups, "a:567");
    make_roster(&roster, 7);
    ck_assert_status(ska_groups_check(&groups, &roster, 3, NULL), SKA_E_ROSTER);
    ska_roster_clear(&roster);
    ska_groups_clear(&groups);
}
END_TEST

/* Every nonempty combination of blocks with coefficients -1, 0, 1 that the check lets pass touches
 * no contributor or at least three: tried on all families of two groups over seven contributors. */
START_TEST(what_passes_isolates_nobody)
{
    uint32_t passed = 0;
    struct ska_roster roster = {0};
    make_roster(&roster, 7);
    for (uint32_t m = 1; m < 128 * 128; m++) {
        uint32_t bits[3] = {127, m & 127, m >> 7};
        struct ska_groups groups = {0};
        make_groups(&groups, bits[2] != 0 ? "a:0 b:0" : "a:0");
        for (uint32_t g = 0; g < groups.n; g++) {
            groups.at[g].n_members = 0;
            for (uint32_t i = 0; i < 7; i++)
                if (bits[g + 1] >> i & 1)
                    groups.at[g].members[groups.at[g].n_members++] = i;
        }
        bool is_fine = ska_groups_check(&groups, &roster, 3, NULL) == SKA_OK;
        passed += is_fine;
        for (int c = 1; is_fine && c < 27; c++) {
            int k[3] = {c % 3 - 1, c / 3 % 3 - 1, groups.n == 2 ? c / 9 - 1 : 0};
            uint32_t touched = 0;
            for (uint32_t i = 0; i < 7; i++) {
                int sum = 0;
                for (int b = 0; b < 3; b++)
                    sum += bits[b] >> i & 1 ? k[b] : 0;
                touched += sum != 0;
            }
            ck_assert_msg(touched == 0 || touched >= 3, "groups %x %x isolate %u", bits[1], bits[2],
                          touched);
        }
        ska_groups_clear(&groups);
    }
    ck_assert_uint_gt(passed, 100);
    ska_roster_clear(&roster);
}
END_TEST

/* CHAIN groups within each other, and OTHERS that cut all of those in two: parameters that a
 * hostile bundle may have. What ties their blocks together is made in Check's few seconds. */
#define CHAIN 30u
#define OTHERS 5u
#define MANY_ATOMS ((CHAIN + 1) << OTHERS)

static bool is_member(uint32_t group, uint32_t atom)
{
    return group < CHAIN ? atom >> OTHERS > group : (atom >> (group - CHAIN) & 1) != 0;
}

START_TEST(many_atoms_are_linked_without_waiting)
{
    static const uint64_t bound[] = {60};
    static const uint32_t counted[] = {0, 1, 2};
    struct ska_cell cell = {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0};
    const struct ska_layout layout = {
        .n_cells = 1, .cells = &cell, .statement = {.n_cells = 1, .bound = bound}};
    const struct ska_policy policy = {3, 5, true, 2, 0};
    struct ska_groups groups = {.n = CHAIN + OTHERS};
    struct ska_linked *linked = NULL;
    groups.at = ska_alloc(groups.n, sizeof *groups.at);
    ck_assert_ptr_nonnull(groups.at);
    for (uint32_t g = 0; g < groups.n; g++) {
        groups.at[g].members = ska_alloc(3 * MANY_ATOMS, sizeof *groups.at[g].members);
        ck_assert_ptr_nonnull(groups.at[g].members);
        for (uint32_t i = 0; i < 3 * MANY_ATOMS; i++)
            if (is_member(g, i / 3))
                groups.at[g].members[groups.at[g].n_members++] = i;
    }
    ck_assert_status(ska_linked_new(&linked, &layout, &policy, &groups, 3 * MANY_ATOMS, counted, 3),
                     SKA_OK);
    ck_assert_uint_gt(linked->n_blocks, MANY_ATOMS);
    const struct ska_rule *all = &linked->rules[linked->statement.n_rules - groups.n - 1];
    ck_assert_uint_eq(all->n_terms, MANY_ATOMS + 1); /* all contributors are all atoms */
    ska_linked_free(linked);
    ska_groups_clear(&groups);
}
END_TEST

/* A list that is wrong may count somebody who is not on the roster: in the block of all alone. */
START_TEST(who_is_not_on_the_roster_is_in_no_group)
{
    static const uint64_t bound[] = {60};
    static const uint32_t counted[] = {0, 1, 2, 3, 4, 5, 6, 200000000};
    struct ska_cell cell = {.kind = SKA_CELL_TOTAL, .code = "A", .flag = SKA_NONE, .total = 0};
    const struct ska_layout layout = {
        .n_cells = 1, .cells = &cell, .statement = {.n_cells = 1, .bound = bound}};
    const struct ska_policy policy = {3, 5, true, 2, 0};
    uint32_t members[] = {0, 1, 2};
    struct ska_group group = {.members = members, .n_members = N_OF(members)};
    const struct ska_groups groups = {.at = &group, .n = 1};
    struct ska_linked *linked = NULL;
    ck_assert_status(ska_linked_new(&linked, &layout, &policy, &groups, 6, counted, N_OF(counted)),
                     SKA_OK);
    ck_assert_uint_eq(linked->n_blocks, 3);
    ck_assert_uint_eq(linked->blocks[0].n_counted, 8);
    ck_assert_uint_eq(linked->blocks[1].n_counted, 3);
    ck_assert_uint_eq(linked->blocks[2].n_counted, 3); /* the others on the roster */
    ska_linked_free(linked);
}
END_TEST

struct keep_case {
    const char *groups;
    const char *counted; /* hexadecimal digits */
    const char *want;    /* codes of the groups that are summed */
};
static const struct keep_case keeps[] = {
    {"a:012 b:345", "0123456789", "ab"},
    {"a:012 b:345", "01345678", "b"}, /* two of a */
    {"a:012 b:345", "345678", "ab"},  /* nobody of a */
    {"a:012 b:345", "0123456", "a"},  /* with both, one is left beside them */
    {"a:012 b:345", "0126", "b"},     /* all less a is one; of b there is nobody */
    {"a:01234567 b:012", "0123456", "ab"},
    {"a:01234567 b:012", "01234", "a"}, /* a less b is two */
    {"a:01234 b:345678", "012345678", "a"},
};

START_TEST(a_group_is_summed_only_if_no_atom_of_few_handed_in)
{
    const struct keep_case *k = &keeps[_i];
    struct ska_groups groups = {0}, kept = {0};
    uint32_t counted[12], n = 0;
    char got[8] = "";
    make_groups(&groups, k->groups);
    for (const char *c = k->counted; *c != '\0'; c++)
        counted[n++] = (uint32_t)(*c - '0');
    ck_assert_status(ska_groups_keep(&kept, &groups, 12, counted, n, 3), SKA_OK);
    ck_assert_uint_eq(kept.n, groups.n);
    for (uint32_t g = 0; g < kept.n; g++) {
        ck_assert_str_eq(kept.at[g].code, groups.at[g].code);
        ck_assert(kept.at[g].n_members == 0 || kept.at[g].n_members == groups.at[g].n_members);
        if (kept.at[g].n_members > 0)
            strcat(got, kept.at[g].code);
    }
    ck_assert_msg(strcmp(got, k->want) == 0, "%s of %s: %s", k->groups, k->counted, got);
    ska_groups_clear(&kept);
    ska_groups_clear(&groups);
}
END_TEST

/* The same for whoever hands in: no combination of what is summed is that of one or two. */
START_TEST(what_is_summed_isolates_nobody)
{
    uint32_t kept_once = 0;
    for (uint32_t m = 1; m < 128 * 128; m += 5) {
        uint32_t bits[3] = {127, m & 127, m >> 7}, counted[7], n = 0, who = (m * 2654435761u) >> 25;
        struct ska_groups groups = {0}, kept = {0};
        make_groups(&groups, "a:0 b:0");
        for (uint32_t g = 0; g < 2; g++) {
            groups.at[g].n_members = 0;
            for (uint32_t i = 0; i < 7; i++)
                if (bits[g + 1] >> i & 1)
                    groups.at[g].members[groups.at[g].n_members++] = i;
        }
        for (uint32_t i = 0; i < 7; i++)
            if (who >> i & 1)
                counted[n++] = i;
        ck_assert_status(ska_groups_keep(&kept, &groups, 7, counted, n, 3), SKA_OK);
        for (int c = 1; n >= 3 && c < 27; c++) {
            int k[3] = {c % 3 - 1, c / 3 % 3 - 1, c / 9 - 1};
            uint32_t touched = 0;
            for (uint32_t i = 0; i < n; i++) {
                int sum = 0;
                for (uint32_t b = 0; b < 3; b++)
                    sum += ska_groups_has(&kept, b, counted[i]) ? k[b] : 0;
                touched += sum != 0;
            }
            ck_assert_msg(touched == 0 || touched >= 3, "groups %x %x of %x isolate %u", bits[1],
                          bits[2], who, touched);
        }
        kept_once += kept.at[0].n_members > 0 && n < 7;
        ska_groups_clear(&kept);
        ska_groups_clear(&groups);
    }
    ck_assert_uint_gt(kept_once, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("groups");
    TCase *tcase = tcase_create("groups");
    tcase_add_test(tcase, groups_have_these_bytes);
    tcase_add_loop_test(tcase, other_bytes_are_refused, 0, (int)N_OF(bytes));
    tcase_add_test(tcase, contributors_of_the_same_groups_are_an_atom);
    tcase_add_loop_test(tcase, no_combination_of_groups_isolates_too_few, 0, (int)N_OF(checks));
    tcase_add_test(tcase, a_member_must_be_on_the_roster);
    tcase_add_test(tcase, what_passes_isolates_nobody);
    tcase_add_test(tcase, many_atoms_are_linked_without_waiting);
    tcase_add_test(tcase, who_is_not_on_the_roster_is_in_no_group);
    tcase_add_loop_test(tcase, a_group_is_summed_only_if_no_atom_of_few_handed_in, 0,
                        (int)N_OF(keeps));
    tcase_add_test(tcase, what_is_summed_isolates_nobody);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
