/* SPDX-License-Identifier: EUPL-1.2 */
/* linked.c - the cells and rules of every block of a release, and how blocks overlap. */
#include "protocol/linked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/linked_join.h"

SKA_DEFINE_RELEASE(struct ska_linked *, linked_release, ska_linked_free)

bool ska_policy_shows_zero(const struct ska_policy *policy, const struct ska_indicator *indicator)
{
    return indicator->zeros == SKA_ZEROS_POLICY ? policy->show_zero
                                                : indicator->zeros == SKA_ZEROS_SHOWN;
}

/* Blocks -------------------------------------------------------------------------------------- */

/* While blocks are made: which atoms each has, a byte for each, block by block. */
struct making {
    struct ska_linked *l;
    const struct ska_atoms *atoms;
    uint8_t *has; /* blocks_max x atoms; owned */
    uint32_t blocks_max;
    uint32_t *n_atoms; /* by block; owned */
    uint32_t *alone;   /* by atom: the block that has it and no other; owned */
};

static void making_clear(struct making *m)
{
    free(m->has);
    free(m->n_atoms);
    free(m->alone);
}

static uint8_t *atoms_of(const struct making *m, uint32_t block)
{
    return m->has + (size_t)block * m->atoms->n;
}

static bool is_there_already(const struct making *m, const uint8_t *atoms)
{
    for (uint32_t b = 0; b < m->l->n_blocks; b++)
        if (memcmp(atoms_of(m, b), atoms, m->atoms->n) == 0)
            return true;
    return false;
}

/* The next block has the atoms written at its place; it stays only if none before has them. */
static void keep_new(struct making *m, struct ska_block block)
{
    if (!is_there_already(m, atoms_of(m, m->l->n_blocks)))
        m->l->blocks[m->l->n_blocks++] = block;
}

static bool is_within(const struct making *m, uint32_t inner, uint32_t outer)
{
    for (uint32_t a = 0; a < m->atoms->n; a++)
        if (atoms_of(m, inner)[a] && !atoms_of(m, outer)[a])
            return false;
    return true;
}

static void add_published(struct making *m, uint32_t n)
{
    for (uint32_t b = 0; b < n; b++) {
        for (uint32_t a = 0; a < m->atoms->n; a++)
            atoms_of(m, b)[a] = ska_atoms_in(m->atoms, a, b);
        m->l->blocks[m->l->n_blocks++] =
            (struct ska_block){.kind = SKA_BLOCK_PUBLISHED, .plus = SKA_NONE, .minus = SKA_NONE};
    }
}

static void add_differences(struct making *m, uint32_t n)
{
    for (uint32_t plus = 0; plus < n; plus++)
        for (uint32_t minus = 0; minus < n; minus++) {
            if (minus == plus || !is_within(m, minus, plus) || is_within(m, plus, minus))
                continue;
            uint8_t *next = atoms_of(m, m->l->n_blocks);
            for (uint32_t a = 0; a < m->atoms->n; a++)
                next[a] = atoms_of(m, plus)[a] && !atoms_of(m, minus)[a];
            keep_new(
                m, (struct ska_block){.kind = SKA_BLOCK_DIFFERENCE, .plus = plus, .minus = minus});
        }
}

static void add_atoms(struct making *m)
{
    for (uint32_t atom = 0; atom < m->atoms->n; atom++) {
        uint8_t *next = atoms_of(m, m->l->n_blocks);
        memset(next, 0, m->atoms->n);
        next[atom] = 1;
        keep_new(m,
                 (struct ska_block){.kind = SKA_BLOCK_ATOM, .plus = SKA_NONE, .minus = SKA_NONE});
    }
}

/* Once for all: there may be thousands of both, and whoever reads a bundle must not wait for it. */
static enum ska_status count_atoms(struct making *m)
{
    m->n_atoms = ska_alloc(m->l->n_blocks, sizeof *m->n_atoms);
    m->alone = ska_alloc(m->atoms->n, sizeof *m->alone);
    if (m->n_atoms == NULL || m->alone == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < m->l->n_blocks; b++) {
        uint32_t last = 0;
        for (uint32_t a = 0; a < m->atoms->n; a++)
            if (atoms_of(m, b)[a]) {
                m->n_atoms[b]++;
                last = a;
            }
        if (m->n_atoms[b] == 1)
            m->alone[last] = b; /* no two blocks have the same; add_atoms made what lacked */
    }
    return SKA_OK;
}

/* Which of the first n blocks are within which, and the order that goes by it. */
static enum ska_status nest(struct making *m, uint32_t n)
{
    struct ska_linked *l = m->l;
    l->order = ska_alloc(n, sizeof *l->order);
    l->first_outer = ska_alloc((size_t)n + 1, sizeof *l->first_outer);
    l->outer = ska_alloc((size_t)n * n, sizeof *l->outer);
    if (l->order == NULL || l->first_outer == NULL || l->outer == NULL)
        return SKA_E_MEMORY;
    uint32_t n_ordered = 0, n_outer = 0;
    for (uint32_t left = m->atoms->n + 1; left > 0; left--)
        for (uint32_t b = 0; b < n; b++)
            if (m->n_atoms[b] == left - 1) /* a group that is not summed has none */
                l->order[n_ordered++] = b;
    for (uint32_t b = 0; b < n; b++) {
        for (uint32_t o = 0; o < n; o++)
            if (o != b && is_within(m, b, o)) /* two blocks never have the same members */
                l->outer[n_outer++] = o;
        l->first_outer[b + 1] = n_outer;
    }
    return SKA_OK;
}

/* Whoever is not on the roster, as a faulty list may say, is in the block of all alone. */
static bool has_contributor(const struct making *m, uint32_t block, uint32_t contributor)
{
    return contributor < m->atoms->n_roster ? atoms_of(m, block)[m->atoms->of[contributor]] != 0
                                            : block == 0;
}

static void count(struct making *m, const uint32_t *contributors, size_t n)
{
    for (uint32_t b = 0; b < m->l->n_blocks; b++) {
        for (size_t i = 0; i < n; i++)
            m->l->blocks[b].n_counted += has_contributor(m, b, contributors[i]);
        m->l->blocks[b].n_least = m->l->blocks[b].n_counted;
    }
}

/* Which atoms of all groups each block has: those between kept groups are made of them. */
static enum ska_status keep_members(struct making *m, const struct ska_groups *groups,
                                    uint32_t n_roster)
{
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms all = {0};
    SKA_TRY(ska_atoms_init(&all, groups, n_roster));
    m->l->n_roster = n_roster;
    m->l->n_atoms = all.n;
    m->l->members = ska_alloc(m->l->n_blocks, all.n);
    if (m->l->members == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < m->l->n_blocks; b++)
        for (uint32_t i = 0; i < n_roster; i++)
            m->l->members[(size_t)b * all.n + all.of[i]] = atoms_of(m, b)[m->atoms->of[i]];
    return SKA_OK;
}

static enum ska_status make_blocks(struct making *m, uint32_t n_groups,
                                   const uint32_t *contributors, size_t n)
{
    uint32_t n_published = n_groups + 1;
    m->blocks_max = n_published * n_published + m->atoms->n + 1;
    m->l->blocks = ska_alloc(m->blocks_max, sizeof *m->l->blocks);
    m->has = ska_alloc(m->blocks_max, m->atoms->n);
    if (m->l->blocks == NULL || m->has == NULL)
        return SKA_E_MEMORY;
    add_published(m, n_published);
    add_differences(m, n_published);
    uint32_t n_listed = m->l->n_blocks;
    add_atoms(m);
    count(m, contributors, n);
    uint64_t most = (uint64_t)m->l->n_blocks * m->l->n_cells;
    if (most > SKA_LINKED_MAX)
        return SKA_E_LIMIT;
    m->l->n_published = n_published * m->l->n_cells;
    m->l->n_listed = n_listed * m->l->n_cells;
    m->l->n_figures = (uint32_t)most;
    SKA_TRY(count_atoms(m));
    return nest(m, n_listed);
}

/* Cells --------------------------------------------------------------------------------------- */

static uint32_t shifted(uint32_t cell, uint32_t first)
{
    return cell == SKA_NONE ? SKA_NONE : first + cell;
}

static enum ska_status make_cells(struct ska_linked *l, const struct ska_policy *policy)
{
    l->cells = ska_alloc(l->n_figures, sizeof *l->cells);
    l->shows_zero = ska_alloc(l->n_figures, sizeof *l->shows_zero);
    l->bound = ska_alloc(l->n_figures, sizeof *l->bound);
    if (l->cells == NULL || l->shows_zero == NULL || l->bound == NULL)
        return SKA_E_MEMORY;
    for (uint32_t f = 0; f < l->n_figures; f++) {
        uint32_t cell = f % l->n_cells, first = f - cell;
        l->cells[f] = l->layout->cells[cell];
        l->cells[f].flag = shifted(l->cells[f].flag, first);
        l->cells[f].total = shifted(l->cells[f].total, first);
        l->bound[f] = l->layout->statement.bound[cell];
        /* A layout made by hand has no catalogue. */
        l->shows_zero[f] =
            l->layout->catalogue == NULL
                ? policy->show_zero
                : ska_policy_shows_zero(policy,
                                        &l->layout->catalogue->indicators[l->cells[f].indicator]);
    }
    return SKA_OK;
}

/* Rules --------------------------------------------------------------------------------------- */

/* A place for the next rule and its terms. The first pass only counts: rules is NULL then. */
struct rules {
    struct ska_linked *l;
    size_t n_rules, n_terms;
};

static void put_rule(struct rules *r, int64_t constant, uint64_t width, uint64_t n,
                     const struct ska_term *terms, uint32_t n_terms, uint32_t first)
{
    if (r->l->rules != NULL) {
        struct ska_term *at = r->l->terms + r->n_terms;
        for (uint32_t t = 0; t < n_terms; t++)
            at[t] = (struct ska_term){first + terms[t].cell, terms[t].coefficient};
        r->l->rules[r->n_rules] = (struct ska_rule){
            .constant = constant, .width = width, .n_terms = n_terms, .terms = at};
        r->l->rule_n[r->n_rules] = n;
    }
    r->n_rules++;
    r->n_terms += n_terms;
}

static void put_layout_rules(struct rules *r)
{
    const struct ska_statement *s = &r->l->layout->statement;
    for (uint32_t b = 0; b < r->l->n_blocks; b++)
        for (uint32_t k = 0; k < s->n_rules; k++)
            put_rule(r, s->rules[k].constant, s->rules[k].width, r->l->blocks[b].n_counted,
                     s->rules[k].terms, s->rules[k].n_terms, b * r->l->n_cells);
}

static void put_differences(struct rules *r)
{
    for (uint32_t b = 0; b < r->l->n_blocks; b++) {
        const struct ska_block *block = &r->l->blocks[b];
        if (block->kind != SKA_BLOCK_DIFFERENCE)
            continue;
        uint32_t plus = block->plus * r->l->n_cells, minus = block->minus * r->l->n_cells;
        const struct ska_term low = {plus < minus ? plus : minus, plus < minus ? 1 : -1};
        const struct ska_term high = {plus < minus ? minus : plus, plus < minus ? -1 : 1};
        const struct ska_term terms[] = {low, high, {b * r->l->n_cells, -1}};
        for (uint32_t j = 0; j < r->l->n_cells; j++)
            put_rule(r, 0, 0, 0, terms, 3, j);
    }
}

static int by_cell(const void *a, const void *b)
{
    uint32_t x = ((const struct ska_term *)a)->cell, y = ((const struct ska_term *)b)->cell;
    return (x > y) - (x < y);
}

static enum ska_status put_sums(struct rules *r, const struct making *m)
{
    uint32_t n_published = r->l->n_published / r->l->n_cells;
    SKA_SCOPED(ska_scoped_free)
    struct ska_term *terms = ska_alloc((size_t)m->atoms->n + 1, sizeof *terms);
    if (terms == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < n_published; b++) {
        uint32_t n = 0;
        for (uint32_t a = 0; a < m->atoms->n; a++)
            if (atoms_of(m, b)[a])
                terms[n++] = (struct ska_term){m->alone[a] * r->l->n_cells, 1};
        if (n < 2)
            continue;
        terms[n++] = (struct ska_term){b * r->l->n_cells, -1};
        qsort(terms, n, sizeof *terms, by_cell);
        for (uint32_t j = 0; j < r->l->n_cells; j++)
            put_rule(r, 0, 0, 0, terms, n, j);
    }
    return SKA_OK;
}

static enum ska_status put_all(struct rules *r, const struct making *m)
{
    r->n_rules = r->n_terms = 0;
    put_layout_rules(r);
    put_differences(r);
    return put_sums(r, m);
}

static enum ska_status make_rules(struct making *m)
{
    struct rules r = {.l = m->l};
    SKA_TRY(put_all(&r, m));
    if (r.n_rules > UINT32_MAX)
        return SKA_E_LIMIT;
    m->l->terms = ska_alloc(r.n_terms + 1, sizeof *m->l->terms);
    m->l->rule_n = ska_alloc(r.n_rules + 1, sizeof *m->l->rule_n);
    m->l->rules = ska_alloc(r.n_rules + 1, sizeof *m->l->rules);
    if (m->l->terms == NULL || m->l->rule_n == NULL || m->l->rules == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(put_all(&r, m));
    m->l->statement = (struct ska_statement){.n_cells = m->l->n_figures,
                                             .bound = m->l->bound,
                                             .n_rules = (uint32_t)r.n_rules,
                                             .rules = m->l->rules};
    return SKA_OK;
}

/* The whole ----------------------------------------------------------------------------------- */

static enum ska_status make(struct making *m, const struct ska_policy *policy,
                            const struct ska_groups *groups, uint32_t n_roster,
                            const uint32_t *contributors, size_t n)
{
    SKA_TRY(make_blocks(m, groups->n, contributors, n));
    m->l->contributors = ska_alloc(n + 1, sizeof *contributors);
    if (m->l->contributors == NULL)
        return SKA_E_MEMORY;
    m->l->n_contributors = n;
    for (size_t i = 0; i < n; i++)
        m->l->contributors[i] = contributors[i];
    SKA_TRY(keep_members(m, groups, n_roster));
    SKA_TRY(make_cells(m->l, policy));
    m->l->n_own = m->l->n_figures;
    return make_rules(m);
}

enum ska_status ska_linked_new_kept(struct ska_linked **out, const struct ska_layout *layout,
                                    const struct ska_policy *policy,
                                    const struct ska_groups *groups, const struct ska_groups *kept,
                                    uint32_t n_roster, const uint32_t *contributors, size_t n)
{
    SKA_SCOPED(linked_release) struct ska_linked *l = ska_alloc(1, sizeof *l);
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms atoms = {0};
    if (l == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(ska_atoms_init(&atoms, kept, n_roster));
    l->layout = layout;
    l->groups = groups;
    l->n_cells = layout->n_cells;
    struct making m = {.l = l, .atoms = &atoms};
    enum ska_status status = make(&m, policy, groups, n_roster, contributors, n);
    making_clear(&m);
    if (status != SKA_OK)
        return status;
    *out = l;
    l = NULL; /* the caller owns it now */
    return SKA_OK;
}

enum ska_status ska_linked_new(struct ska_linked **out, const struct ska_layout *layout,
                               const struct ska_policy *policy, const struct ska_groups *groups,
                               uint32_t n_roster, const uint32_t *contributors, size_t n)
{
    SKA_SCOPED(ska_groups_clear) struct ska_groups kept = {0};
    SKA_TRY(ska_groups_keep(&kept, groups, n_roster, contributors, n, policy->min_contributors));
    return ska_linked_new_kept(out, layout, policy, groups, &kept, n_roster, contributors, n);
}

void ska_linked_free(struct ska_linked *l)
{
    if (l == NULL)
        return;
    free(l->blocks);
    free(l->order);
    free(l->first_outer);
    free(l->outer);
    free(l->cells);
    free(l->shows_zero);
    free(l->bound);
    free(l->rules);
    free(l->terms);
    free(l->rule_n);
    free(l->members);
    free(l->contributors);
    ska_linked_joined_free(l->joined);
    free(l);
}

uint32_t ska_linked_block(const struct ska_linked *l, uint32_t figure)
{
    return figure / l->n_cells;
}

uint32_t ska_linked_count_parents(const struct ska_linked *l, uint32_t figure)
{
    uint32_t b = ska_linked_block(l, figure);
    return l->first_outer[b + 1] - l->first_outer[b] +
           (l->cells[figure].kind == SKA_CELL_CATEGORY ? 1 : 0);
}

uint32_t ska_linked_parent(const struct ska_linked *l, uint32_t figure, uint32_t i)
{
    uint32_t b = ska_linked_block(l, figure), cell = figure % l->n_cells;
    if (l->cells[figure].kind == SKA_CELL_CATEGORY && i == 0)
        return l->cells[figure].total;
    i -= l->cells[figure].kind == SKA_CELL_CATEGORY ? 1 : 0;
    return l->outer[l->first_outer[b] + i] * l->n_cells + cell;
}

uint32_t ska_linked_mark(const struct ska_linked *l, uint32_t figure)
{
    uint32_t cell = figure % l->n_cells;
    return shifted(ska_layout_mark(l->layout, cell), figure - cell);
}

/* Names --------------------------------------------------------------------------------------- */

static const char *code_of(const struct ska_linked *l, uint32_t block)
{
    return block == 0 ? "all" : l->groups->at[block - 1].code;
}

static void block_name(char *out, size_t size, const struct ska_linked *l, uint32_t block)
{
    const struct ska_block *b = &l->blocks[block];
    if (b->kind == SKA_BLOCK_DIFFERENCE)
        (void)snprintf(out, size, "%s-%s", code_of(l, b->plus), code_of(l, b->minus));
    else if (b->kind == SKA_BLOCK_ATOM)
        (void)snprintf(out, size, "#%u", (unsigned)block);
    else
        (void)snprintf(out, size, "%s", code_of(l, block));
}

void ska_linked_code(char *out, size_t size, const struct ska_linked *l, uint32_t figure)
{
    char block[2 * SKA_CODE_MAX + 2];
    if (l->joined != NULL) {
        ska_linked_joined_code(out, size, l, figure);
        return;
    }
    uint32_t at = ska_linked_block(l, figure);
    block_name(block, sizeof block, l, at);
    (void)snprintf(out, size, "%s%s%s", at == 0 ? "" : block, at == 0 ? "" : "/",
                   l->cells[figure].code);
}

void ska_linked_rule_name(char *out, size_t size, const struct ska_linked *l, uint32_t rule,
                          bool swedish)
{
    char block[2 * SKA_CODE_MAX + 2], name[200];
    if (l->joined != NULL) {
        ska_linked_joined_rule_name(out, size, l, rule, swedish);
        return;
    }
    uint32_t n = l->layout->statement.n_rules;
    if (rule < n * l->n_blocks) {
        block_name(block, sizeof block, l, rule / n);
        ska_layout_rule_name(name, sizeof name, l->layout, rule % n, swedish);
        (void)snprintf(out, size, "%s%s%s", rule < n ? "" : block, rule < n ? "" : ": ", name);
        return;
    }
    (void)snprintf(out, size, swedish ? "%s över grupper" : "%s over groups",
                   l->cells[l->rules[rule].terms[0].cell].code);
}
