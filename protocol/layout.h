/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * layout.h - the cells of one task, derived from a catalogue and a cadence, and the statement that
 * submissions prove.
 *
 * For each indicator of the cadence, in catalogue order:
 *     total               code "NS01"            [0, bound]
 *     answered flag       code "NS01.answered"   [0, 1], only if the indicator may be blank
 *     mark                code "NS01.marked"     [0, 1], only if the indicator has marks: 1 is
 *                         "publish only together with others"; no rule has it
 *     each table's cells  code "NS01.TYP.PLA"    [0, bound], categories in order
 * Rules, in this order for each indicator: bound * flag - total >= 0 (if it has a flag); per table:
 * sum of categories - total = 0, or for multiple response total - category >= 0 for each category.
 * A blank indicator is thereby zero in all its cells. Then the catalogue's own rules in order,
 * those whose cells are all in this task; width of an inequality = the largest value its left side
 * can take. A rule that nothing can satisfy is refused, and so is one whose width does not fit 64
 * bits.
 */
#ifndef SKA_LAYOUT_H
#define SKA_LAYOUT_H

#include "crypto/statement.h"
#include "protocol/catalogue.h"

enum ska_cell_kind { SKA_CELL_TOTAL = 1, SKA_CELL_ANSWERED, SKA_CELL_CATEGORY, SKA_CELL_MARK };

#define SKA_CELL_CODE_MAX (3 * SKA_CODE_MAX + 2)

struct ska_cell {
    enum ska_cell_kind kind;
    char code[SKA_CELL_CODE_MAX + 1];
    uint32_t indicator; /* index into the catalogue */
    uint32_t dimension; /* index, or SKA_NONE */
    uint32_t category;  /* index within the dimension, or SKA_NONE */
    uint32_t flag;      /* cell of its answered flag, or SKA_NONE: always answered; SKA_NONE for
                           flags and marks */
    uint32_t total;     /* cell of its indicator's total */
};

/* A one-way table: total and its categories. */
struct ska_table {
    uint32_t indicator, dimension;
    uint32_t total; /* cell */
    uint32_t first; /* cell of the first category; the others follow */
    uint32_t n_categories;
    bool multiple_response;
};

enum ska_rule_origin { SKA_RULE_FLAG = 1, SKA_RULE_TABLE, SKA_RULE_CATALOGUE };

/* Where a rule of the statement comes from, to name it to people. */
struct ska_rule_source {
    enum ska_rule_origin origin;
    uint32_t index; /* indicator, table or catalogue rule */
};

/* An entry of the index by which ska_layout_find searches, sorted by code. */
struct ska_cell_name {
    const char *code;
    uint32_t cell;
};

struct ska_layout {
    const struct ska_catalogue *catalogue; /* borrowed, outlives the layout */
    enum ska_cadence cadence;
    uint32_t n_cells;
    struct ska_cell *cells;
    uint32_t n_tables;
    struct ska_table *tables;
    struct ska_statement statement;       /* its arrays are owned by the layout */
    struct ska_rule_source *rule_sources; /* statement.n_rules */
    struct ska_cell_name *by_code;        /* n_cells */
    uint64_t *owned_bounds;               /* what `statement` points into */
    struct ska_rule *owned_rules;
    struct ska_term *rule_terms;
};

/* SKA_E_NOT_FOUND if the catalogue has no indicator of this cadence; SKA_E_RANGE if a rule could
 * wrap (err names it). */
enum ska_status ska_layout_new(struct ska_layout **out, const struct ska_catalogue *catalogue,
                               enum ska_cadence cadence, struct ska_error *err) SKA_MUST_CHECK;
void ska_layout_free(struct ska_layout *layout);

/* Cell of a code, or SKA_NONE. */
uint32_t ska_layout_find(const struct ska_layout *layout, const char *code);

/* The mark of a cell's indicator, itself for a mark; SKA_NONE if it has none. */
uint32_t ska_layout_mark(const struct ska_layout *layout, uint32_t cell);

/* Whether a cell counts something: a total or a category. */
bool ska_cell_is_count(const struct ska_cell *cell);
/* Whether a year's roll-up has the cell: a count of what may be added up over a year. */
bool ska_layout_is_summed(const struct ska_layout *layout, uint32_t cell);

/* A cell's or rule's name for people, in Swedish or English: "Ärenden dragna i samråd, samrådets
 * karaktär: akut". Cut to `size`. A rule of a layout without a catalogue is "regel 3". */
void ska_layout_cell_name(char *out, size_t size, const struct ska_layout *layout, uint32_t cell,
                          bool swedish);
void ska_layout_rule_name(char *out, size_t size, const struct ska_layout *layout, uint32_t rule,
                          bool swedish);

#endif
