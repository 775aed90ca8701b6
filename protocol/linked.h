/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * linked.h - everything that one release's figures are tied together by: the cells and rules of
 * every block, and that blocks overlap (docs/disclosure-control.md, section 11).
 *
 * Blocks, in this order:
 *     published     all contributors, then each group (groups.h); figures as in figure.h. A group
 *                   that is not kept (ska_groups_keep) is a block of nobody
 *     differences   plus \ minus for two published blocks, minus within plus, by plus, then minus;
 *                   unless a block before it has the same members. Nobody publishes them, but
 * whoever knows both knows them. atoms         by number; unless a block before it has the same
 * members
 *
 * Figure = block * n_cells + cell, for all of them. The statement is over figures. Its rules:
 *     for each block the layout's rules, over its own figures, with its own number of submissions;
 *     for each difference and cell     plus - minus - difference = 0;
 *     for each published block of two or more atoms and cell     sum of its atoms - block = 0.
 *
 * A release that carries a year's roll-up, or corrects another, is linked with earlier releases
 * too: then the system is put together of several such systems (linked_join.h), and what they have
 * is *frozen*: hidden or open for ever, as it was released.
 */
#ifndef SKA_LINKED_H
#define SKA_LINKED_H

#include "protocol/task.h"

enum ska_block_kind { SKA_BLOCK_PUBLISHED = 1, SKA_BLOCK_DIFFERENCE, SKA_BLOCK_ATOM };

struct ska_block {
    enum ska_block_kind kind;
    uint32_t plus, minus; /* of a difference; else SKA_NONE */
    uint64_t n_counted;   /* counted submissions of its members; of a year's, in all its parts */
    uint64_t n_least;     /* the same; of a year's, in the part with the fewest */
};

/* Made by ska_linked_new. Arrays are owned. */
struct ska_linked {
    const struct ska_layout *layout; /* borrowed: of one block */
    const struct ska_groups *groups; /* borrowed */
    uint32_t n_blocks;
    struct ska_block *blocks;
    uint32_t n_cells;     /* of one block */
    uint32_t n_published; /* figures of published blocks: the first ones */
    uint32_t n_listed;    /* and of differences: those that a suppression list can name */
    uint32_t *order;      /* blocks that can be listed, those of more atoms first, then by number */
    uint32_t *first_outer, *outer; /* of each of them: the others that have all its members,
                                      outer[first_outer[b] .. first_outer[b + 1]) */
    uint32_t n_figures;            /* of all blocks */
    struct ska_cell *cells; /* by figure: those of the layout, flag and total as figures; the code
                               is the cell's, without the block's */
    bool *shows_zero;       /* by figure: the policy, or what the indicator says instead */
    struct ska_statement statement;
    uint64_t *rule_n; /* by rule: the submissions that it is added up over */

    uint64_t *bound; /* what the statement points into */
    struct ska_rule *rules;
    struct ska_term *terms;

    uint32_t n_roster, n_atoms; /* contributors; atoms of all groups, kept or not */
    uint8_t *members;           /* by block and atom: whether the block has it */
    size_t n_contributors;      /* counted, each part's of a year's */
    uint32_t *contributors;

    uint32_t n_own; /* figures that are not frozen: those of this release and of its roll-up */
    struct ska_linked_joined *joined; /* NULL: a release by itself */
};

/*
 * In:     contributors   the counted ones, n of them; also such as are not on the roster
 * Returns SKA_OK, SKA_E_LIMIT if there are more than SKA_LINKED_MAX figures, SKA_E_MEMORY.
 */
#define SKA_LINKED_MAX (1u << 20)
enum ska_status ska_linked_new(struct ska_linked **out, const struct ska_layout *layout,
                               const struct ska_policy *policy, const struct ska_groups *groups,
                               uint32_t n_roster, const uint32_t *contributors,
                               size_t n) SKA_MUST_CHECK;
void ska_linked_free(struct ska_linked *linked);

uint32_t ska_linked_block(const struct ska_linked *linked, uint32_t figure);

/* Why a frozen figure is hidden: 0 open, enum ska_hidden_reason, or SKA_FIGURE_UNKNOWN for one of a
 * difference or atom of which nothing was said; and the total of an open one. */
#define SKA_FIGURE_UNKNOWN 255
uint8_t ska_linked_frozen_reason(const struct ska_linked *linked, uint32_t figure);
uint64_t ska_linked_frozen_total(const struct ska_linked *linked, uint32_t figure);

/* What frozen releases proved of their complements: in which runs of numbers each is, with its
 * figure here. Borrowed; n = 0 of a release by itself. */
struct ska_needed;
const struct ska_needed *ska_linked_frozen_needed(uint32_t *n, const struct ska_linked *linked);

/* Whether a figure is one of a roll-up, frozen or not: a sum over the parts of a year. */
bool ska_linked_is_of_year(const struct ska_linked *linked, uint32_t figure);

/* Whether a roll-up's total is hidden since a part of it is COMPLEMENT or KEPT, which is not so for
 * every value. And whether two figures are categories of one table, of one block. */
bool ska_linked_hides_year(const struct ska_linked *linked, const uint8_t *reason, uint32_t figure);
bool ska_linked_are_one_table(const struct ska_linked *linked, uint32_t a, uint32_t b);

/* Whether a figure of a roll-up is known for what is shown of its parts: all of them are open. In:
 * reason  as below */
bool ska_linked_has_open_parts(const struct ska_linked *linked, const uint8_t *reason,
                               uint32_t figure);

/* Whether a figure of a roll-up is that of one part and what is known besides: all other parts are
 * open, or of a block of which nobody is counted. Whoever knows the one knows the other, and the
 * part has its own demand. In: is_exact  whether open figures are published as they are */
bool ska_linked_repeats_part(const struct ska_linked *linked, const uint8_t *reason,
                             uint32_t figure, bool is_exact);

/* The same, where of each part it is asked whether it is known. In: of  what is asked with */
bool ska_linked_repeats_known(const struct ska_linked *linked, uint32_t figure,
                              bool (*is_known)(const void *of, uint32_t figure), const void *of);

/* Whether a figure of a roll-up is none: a flag, a mark, or of what is not to be added up. It is in
 * no rule, neither hidden nor open. */
bool ska_linked_is_absent(const struct ska_linked *linked, uint32_t figure);

/* Whether a figure of a roll-up is DEPENDENT since in some part its answers are too few or it was
 * marked. In: reason  by figure, enum ska_hidden_reason or SKA_FIGURE_UNKNOWN */
bool ska_linked_lacks_part(const struct ska_linked *linked, const uint8_t *reason, uint32_t figure);

/* Whether a figure of a correction, or of the roll-up that it carries anew, is that of an earlier
 * release: nobody of its contributors changed. It is known as far as that is, shown or not. */
bool ska_linked_is_told(const struct ska_linked *linked, uint32_t figure);

/* Whether a figure is all contributors' total of an indicator, of the release or of its roll-up:
 * what can be withdrawn. And which of them is withdrawn where a figure cannot be protected: the
 * release's own for a figure of the release, else that of its roll-up, if it has it. */
bool ska_linked_is_whole(const struct ska_linked *linked, uint32_t figure);
uint32_t ska_linked_whole(const struct ska_linked *linked, uint32_t figure);

/* Whether a figure is a count that the catalogue publishes for all contributors together only, in
 * any other block; and whether such a total of a group is WITHDRAWN for that alone. */
bool ska_linked_is_whole_only(const struct ska_linked *linked, uint32_t figure);
bool ska_linked_is_never_shown(const struct ska_linked *linked, uint32_t figure);

/* The parents of a figure that can be listed are what it is a part of: the total of its table, if
 * it is a category, then the same cell in every larger block that can be listed. */
uint32_t ska_linked_count_parents(const struct ska_linked *linked, uint32_t figure);
uint32_t ska_linked_parent(const struct ska_linked *linked, uint32_t figure, uint32_t i);

/* The mark of a figure's indicator in its block, itself for a mark; SKA_NONE if there is none. */
uint32_t ska_linked_mark(const struct ska_linked *linked, uint32_t figure);

/* "NS01", "OST/NS01", "all-OST/NS01" for a difference, "#3/NS01" for an atom. Cut to `size`. */
void ska_linked_code(char *out, size_t size, const struct ska_linked *linked, uint32_t figure);
/* A rule's name for people. Cut to `size`. */
void ska_linked_rule_name(char *out, size_t size, const struct ska_linked *linked, uint32_t rule,
                          bool swedish);

/* Whether a zero of an indicator's cells is shown. */
bool ska_policy_shows_zero(const struct ska_policy *policy, const struct ska_indicator *indicator);

#endif
