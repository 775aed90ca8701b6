/* SPDX-License-Identifier: EUPL-1.2 */
/* test_layout.c - cells and rules of a task against expectations worked out by hand. */
#include "protocol/layout.h"

#include "tests/test.h"

/*
 * A1: answered by all, bound 100, table KON (single response, 2 categories)
 * A2: may be blank, bound 50, table FORM (multiple response, 2 categories)
 * Y1: yearly, bound 7
 * R1: 2 A1 - A2 + 3 >= 0;  R2: A1.KON.K - A2.FORM.B = 0;  R3: 7 - Y1 >= 0
 */
static const char tiny[] =
    "{'skarva_catalogue': 1, 'id': 'tiny', 'edition': '1', 'title': {'sv': 'L', 'en': 'T'},"
    " 'dimensions': ["
    "  {'code': 'KON', 'label': {'sv': 'kön', 'en': 'sex'}, 'categories': ["
    "    {'code': 'K', 'label': {'sv': 'kvinna', 'en': 'woman'}},"
    "    {'code': 'M', 'label': {'sv': 'man', 'en': 'man'}}]},"
    "  {'code': 'FORM', 'label': {'sv': 'form', 'en': 'form'}, 'multiple_response': true,"
    "   'categories': ["
    "    {'code': 'A', 'label': {'sv': 'psykiskt', 'en': 'psychological'}},"
    "    {'code': 'B', 'label': {'sv': 'fysiskt', 'en': 'physical'}}]}],"
    " 'record_kinds': [{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': ["
    "    {'code': 'kon', 'kind': 'category', 'dimension': 'KON'},"
    "    {'code': 'form', 'kind': 'category', 'dimension': 'FORM'}]}],"
    " 'indicators': ["
    "  {'code': 'A1', 'label': {'sv': 'ärenden', 'en': 'cases'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 100, 'tables': ['KON'], 'count': {'records': 'fall'}},"
    "  {'code': 'Y1', 'label': {'sv': 'år', 'en': 'year'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'year',"
    "   'sensitivity': 'case', 'bound': 7, 'count': {'records': 'fall'}},"
    "  {'code': 'A2', 'label': {'sv': 'anmälda', 'en': 'reported'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 50, 'may_be_blank': true, 'tables': ['FORM'],"
    "   'count': {'records': 'fall'}}],"
    " 'rules': ["
    "  {'code': 'R1', 'label': {'sv': 'regel ett', 'en': 'rule one'}, 'constant': 3,"
    "   'terms': {'A2': -1, 'A1': 2}},"
    "  {'code': 'R2', 'label': {'sv': 'regel två', 'en': 'rule two'}, 'equality': true,"
    "   'terms': {'A2.FORM.B': -1, 'A1.KON.K': 1}},"
    "  {'code': 'R3', 'label': {'sv': 'regel tre', 'en': 'rule three'}, 'constant': 7,"
    "   'terms': {'Y1': -1}}]}";

/* Parse a catalogue written with ' for ", after replacing the first `old` by `new`. */
static struct ska_catalogue *parse(const char *old, const char *new)
{
    char text[2 * sizeof tiny];
    const char *at = strstr(tiny, old);
    ck_assert(at != NULL);
    int n = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - tiny), tiny, new, at + strlen(old));
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&c, text, (size_t)n, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    return c;
}

START_TEST(cells_come_in_catalogue_order)
{
    static const struct {
        const char *code;
        enum ska_cell_kind kind;
        uint64_t bound;
        uint32_t indicator, dimension, category, flag, total;
    } want[] = {
        {"A1", SKA_CELL_TOTAL, 100, 0, SKA_NONE, SKA_NONE, SKA_NONE, 0},
        {"A1.KON.K", SKA_CELL_CATEGORY, 100, 0, 0, 0, SKA_NONE, 0},
        {"A1.KON.M", SKA_CELL_CATEGORY, 100, 0, 0, 1, SKA_NONE, 0},
        {"A2", SKA_CELL_TOTAL, 50, 2, SKA_NONE, SKA_NONE, 4, 3},
        {"A2.answered", SKA_CELL_ANSWERED, 1, 2, SKA_NONE, SKA_NONE, SKA_NONE, 3},
        {"A2.FORM.A", SKA_CELL_CATEGORY, 50, 2, 1, 0, 4, 3},
        {"A2.FORM.B", SKA_CELL_CATEGORY, 50, 2, 1, 1, 4, 3},
    };
    struct ska_catalogue *c = parse("", "");
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    ck_assert_uint_eq(l->n_cells, N_OF(want));
    ck_assert_uint_eq(l->statement.n_cells, N_OF(want));
    for (uint32_t i = 0; i < N_OF(want); i++) {
        const struct ska_cell *cell = &l->cells[i];
        ck_assert_str_eq(cell->code, want[i].code);
        ck_assert_int_eq(cell->kind, want[i].kind);
        ck_assert_uint_eq(l->statement.bound[i], want[i].bound);
        ck_assert_uint_eq(cell->indicator, want[i].indicator);
        ck_assert_uint_eq(cell->dimension, want[i].dimension);
        ck_assert_uint_eq(cell->category, want[i].category);
        ck_assert_uint_eq(cell->flag, want[i].flag);
        ck_assert_uint_eq(cell->total, want[i].total);
        ck_assert_uint_eq(ska_layout_find(l, want[i].code), i);
    }
    ck_assert_uint_eq(ska_layout_find(l, "Y1"), SKA_NONE);
    ck_assert_uint_eq(ska_layout_find(l, ""), SKA_NONE);
    ck_assert_uint_eq(l->n_tables, 2);
    ck_assert_uint_eq(l->tables[0].first, 1);
    ck_assert_uint_eq(l->tables[1].first, 5);
    ck_assert_uint_eq(l->tables[1].total, 3);
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

START_TEST(marks_come_after_the_flag_or_the_total_and_in_no_rule)
{
    static const char *const want[] = {"A1",          "A1.marked", "A1.KON.K",  "A1.KON.M", "A2",
                                       "A2.answered", "A2.marked", "A2.FORM.A", "A2.FORM.B"};
    struct ska_catalogue *c = parse("", "");
    struct ska_layout *plain = NULL, *l = NULL;
    ck_assert_status(ska_layout_new(&plain, c, SKA_QUARTER, NULL), SKA_OK);
    c->indicators[0].marks = c->indicators[2].marks = true;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    ck_assert_uint_eq(l->n_cells, N_OF(want));
    for (uint32_t i = 0; i < N_OF(want); i++) {
        const struct ska_cell *cell = &l->cells[i];
        uint32_t mark = i < 4 ? 1 : 6;
        ck_assert_str_eq(cell->code, want[i]);
        ck_assert_uint_eq(cell->total, i < 4 ? 0 : 4);
        ck_assert_uint_eq(ska_layout_mark(l, i), mark);
        ck_assert_int_eq(cell->kind == SKA_CELL_MARK, i == mark);
        if (i == mark) {
            ck_assert_uint_eq(l->statement.bound[i], 1);
            ck_assert_uint_eq(cell->flag, SKA_NONE);
        }
    }
    for (uint32_t i = 0; i < plain->n_cells; i++)
        ck_assert_uint_eq(ska_layout_mark(plain, i), SKA_NONE);
    ck_assert_uint_eq(l->statement.n_rules, plain->statement.n_rules);
    for (uint32_t k = 0; k < l->statement.n_rules; k++)
        for (uint32_t i = 0; i < l->statement.rules[k].n_terms; i++)
            ck_assert_int_ne(l->cells[l->statement.rules[k].terms[i].cell].kind, SKA_CELL_MARK);
    ska_layout_free(l);
    ska_layout_free(plain);
    ska_catalogue_free(c);
}
END_TEST

START_TEST(rules_come_from_flags_and_tables_then_the_catalogue)
{
    static const struct {
        const char *name;
        enum ska_rule_origin origin;
        uint32_t index;
        int64_t constant;
        uint64_t width;
        uint32_t n_terms;
        struct ska_term terms[3];
    } want[] = {
        {"table KON", SKA_RULE_TABLE, 0, 0, 0, 3, {{0, -1}, {1, 1}, {2, 1}}},
        {"flag of A2", SKA_RULE_FLAG, 2, 0, 50, 2, {{3, -1}, {4, 50}}},
        {"table FORM, A", SKA_RULE_TABLE, 1, 0, 50, 2, {{3, 1}, {5, -1}}},
        {"table FORM, B", SKA_RULE_TABLE, 1, 0, 50, 2, {{3, 1}, {6, -1}}},
        {"R1", SKA_RULE_CATALOGUE, 0, 3, 203, 2, {{0, 2}, {3, -1}}},
        {"R2", SKA_RULE_CATALOGUE, 1, 0, 0, 2, {{1, 1}, {6, -1}}},
    };
    struct ska_catalogue *c = parse("", "");
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    ck_assert_uint_eq(l->statement.n_rules, N_OF(want));
    for (size_t i = 0; i < N_OF(want); i++) {
        const struct ska_rule *rule = &l->statement.rules[i];
        ck_assert_msg(l->rule_sources[i].origin == want[i].origin, "%s", want[i].name);
        ck_assert_msg(l->rule_sources[i].index == want[i].index, "%s", want[i].name);
        ck_assert_msg(rule->constant == want[i].constant, "%s", want[i].name);
        ck_assert_msg(rule->width == want[i].width, "%s", want[i].name);
        ck_assert_msg(rule->n_terms == want[i].n_terms, "%s", want[i].name);
        for (uint32_t j = 0; j < rule->n_terms; j++) {
            ck_assert_msg(rule->terms[j].cell == want[i].terms[j].cell, "%s", want[i].name);
            ck_assert_msg(rule->terms[j].coefficient == want[i].terms[j].coefficient, "%s",
                          want[i].name);
        }
    }
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

START_TEST(each_cadence_is_a_task_of_its_own)
{
    struct ska_catalogue *c = parse("", "");
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_YEAR, NULL), SKA_OK);
    ck_assert_uint_eq(l->n_cells, 1);
    ck_assert_uint_eq(l->statement.n_rules, 1);
    ck_assert_uint_eq(l->statement.rules[0].width, 7);
    ska_layout_free(l);
    l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_MONTH, NULL), SKA_E_NOT_FOUND);
    ck_assert_ptr_null(l);
    ska_catalogue_free(c);
}
END_TEST

/* Counts that satisfy everything, and one broken rule or bound at a time. */
START_TEST(the_statement_holds_for_good_counts_and_names_what_is_broken)
{
    static const struct {
        const char *name;
        uint64_t counts[7]; /* A1 K M A2 flag A B */
        enum ska_status want;
        size_t where;
    } cases[] = {
        {"all zero", {0, 0, 0, 0, 0, 0, 0}, SKA_OK, 0},
        {"good", {10, 4, 6, 23, 1, 22, 4}, SKA_OK, 0},
        {"at the bounds", {100, 50, 50, 50, 1, 50, 50}, SKA_OK, 0},
        {"over the bound", {101, 51, 50, 50, 1, 50, 50}, SKA_E_RANGE, 0},
        {"women and men are not all", {10, 4, 5, 10, 1, 10, 4}, SKA_E_RULE, 0},
        {"counted but not answered", {10, 4, 6, 1, 0, 0, 0}, SKA_E_RULE, 1},
        {"form A over total", {10, 4, 6, 5, 1, 6, 4}, SKA_E_RULE, 2},
        {"form B over total", {10, 4, 6, 3, 1, 3, 4}, SKA_E_RULE, 3},
        {"R1", {10, 4, 6, 24, 1, 0, 4}, SKA_E_RULE, 4},
        {"R2", {10, 4, 6, 20, 1, 0, 3}, SKA_E_RULE, 5},
    };
    struct ska_catalogue *c = parse("", "");
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    for (size_t i = 0; i < N_OF(cases); i++) {
        size_t where = 0;
        enum ska_status got = ska_statement_holds(&where, &l->statement, cases[i].counts);
        ck_assert_msg(got == cases[i].want, "%s: %s", cases[i].name, ska_status_name(got));
        ck_assert_msg(where == cases[i].where, "%s: %zu", cases[i].name, where);
    }
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

START_TEST(a_rule_that_cannot_hold_or_does_not_fit_is_refused_by_name)
{
    static const struct {
        const char *name, *old, *new, *want;
    } cases[] = {
        {"never positive", "'constant': 3", "'constant': -201", "rule R1 can never hold"},
        {"equality with a positive constant", "'equality': true",
         "'equality': true, 'constant': 51", "rule R2 can never hold"},
        {"wide, and it fits", "'bound': 100", "'bound': 4294967296", ""},
        {"too wide", "'bound': 100", "'bound': 4294967296, 'soft_warn': 0", "rule R1: its largest"},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct ska_catalogue *c = parse(cases[i].old, cases[i].new);
        if (strcmp(cases[i].name, "too wide") == 0)
            c->rules[0].terms[0].coefficient = INT64_C(1) << 32;
        struct ska_layout *l = NULL;
        struct ska_error err = {0};
        enum ska_status got = ska_layout_new(&l, c, SKA_QUARTER, &err);
        enum ska_status want = cases[i].want[0] != '\0' ? SKA_E_RANGE : SKA_OK;
        ck_assert_msg(got == want, "%s: %s", cases[i].name, err.text);
        ck_assert_msg(strstr(err.text, cases[i].want) != NULL, "%s: %s", cases[i].name, err.text);
        ska_layout_free(l);
        ska_catalogue_free(c);
    }
}
END_TEST

START_TEST(names_are_in_the_chosen_language_and_cut_at_a_character)
{
    struct ska_catalogue *c = parse("", "");
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    char name[200];
    ska_layout_cell_name(name, sizeof name, l, 1, true);
    ck_assert_str_eq(name, "ärenden, kön: kvinna");
    ska_layout_cell_name(name, sizeof name, l, 1, false);
    ck_assert_str_eq(name, "cases, sex: woman");
    ska_layout_cell_name(name, sizeof name, l, 4, true);
    ck_assert_str_eq(name, "anmälda, besvarad");
    ska_layout_cell_name(name, 5, l, 3, true);
    ck_assert_str_eq(name, "anm"); /* no room for both bytes of the next letter */
    ska_layout_rule_name(name, sizeof name, l, 0, true);
    ck_assert_str_eq(name, "ärenden: summan över kön är lika med totalen");
    ska_layout_rule_name(name, sizeof name, l, 3, false);
    ck_assert_str_eq(name, "reported: physical is at most the total");
    ska_layout_rule_name(name, sizeof name, l, 4, true);
    ck_assert_str_eq(name, "regel ett");
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

/* 1 + 4 + 3 + 5 + 3 + 7, 1 + 3 + 4, 1, 1, 1 + 4, 1, 1 + 6, 1, 1, 1 + 2, 1 + 3 counts, 11 flags
 * and 9 marks in a quarter; 1 + 3, 1 counts and 2 flags in a year. */
START_TEST(norrsken_has_the_cells_it_should)
{
    FILE *f = fopen("catalogues/operation-norrsken.json", "rbe");
    ck_assert_msg(f != NULL, "run from the project's root");
    static char text[SKA_CATALOGUE_BYTES_MAX];
    size_t len = fread(text, 1, sizeof text, f);
    fclose(f);
    struct ska_catalogue *c = NULL;
    ck_assert_status(ska_catalogue_parse(&c, text, len, NULL), SKA_OK);
    struct ska_layout *l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_QUARTER, NULL), SKA_OK);
    ck_assert_uint_eq(l->n_cells, 55 + 11 + 9);
    /* 11 flags, 4 + 2 + 1 + 1 + 1 + 1 single-response tables, 7 forms, 10 rules of its own */
    ck_assert_uint_eq(l->statement.n_rules, 11 + 10 + 7 + 10);
    ska_layout_free(l);
    l = NULL;
    ck_assert_status(ska_layout_new(&l, c, SKA_YEAR, NULL), SKA_OK);
    ck_assert_uint_eq(l->n_cells, 5 + 2);
    ska_layout_free(l);
    ska_catalogue_free(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *tc = tcase_create("layout");
    tcase_add_test(tc, cells_come_in_catalogue_order);
    tcase_add_test(tc, marks_come_after_the_flag_or_the_total_and_in_no_rule);
    tcase_add_test(tc, rules_come_from_flags_and_tables_then_the_catalogue);
    tcase_add_test(tc, each_cadence_is_a_task_of_its_own);
    tcase_add_test(tc, the_statement_holds_for_good_counts_and_names_what_is_broken);
    tcase_add_test(tc, a_rule_that_cannot_hold_or_does_not_fit_is_refused_by_name);
    tcase_add_test(tc, names_are_in_the_chosen_language_and_cut_at_a_character);
    tcase_add_test(tc, norrsken_has_the_cells_it_should);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
