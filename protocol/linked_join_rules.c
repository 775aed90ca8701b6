/* SPDX-License-Identifier: EUPL-1.2 */
/* linked_join_rules.c - one linked system of several releases: rules, and links between releases.
 */
#include "protocol/linked_join.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/linked_join_part.h"

#define LINK_MOST (INT64_MAX / 4)

/* Where the next rule goes. The first pass only counts: l->rules is NULL then. */
struct putting {
    struct ska_linked *l;
    size_t n_rules, n_terms;
    struct ska_term *terms; /* scratch: room for every figure's block once */
};

static int by_cell(const void *a, const void *b)
{
    uint32_t x = ((const struct ska_term *)a)->cell, y = ((const struct ska_term *)b)->cell;
    return (x > y) - (x < y);
}

/* A rule over p->terms[0 .. n_terms); rule.terms is filled in. */
static void put(struct putting *p, struct ska_rule rule, uint64_t n, uint32_t layer, uint32_t in)
{
    struct ska_linked *l = p->l;
    if (l->rules != NULL) {
        struct ska_term *at = l->terms + p->n_terms;
        memcpy(at, p->terms, rule.n_terms * sizeof *at);
        qsort(at, rule.n_terms, sizeof *at, by_cell);
        rule.terms = at;
        l->rules[p->n_rules] = rule;
        l->rule_n[p->n_rules] = n;
        l->joined->rule_layer[p->n_rules] = layer;
        l->joined->rule_in[p->n_rules] = in;
    }
    p->n_rules++;
    p->n_terms += rule.n_terms;
}

/* The rules of a layer, but for those that have an absent figure. */
static void put_layer(struct putting *p, uint32_t layer)
{
    const struct ska_linked_joined *j = p->l->joined;
    const struct ska_linked *alone = j->layer[layer].alone;
    const uint32_t *map = j->block + j->first_block[layer];
    for (uint32_t k = 0; k < alone->statement.n_rules; k++) {
        const struct ska_rule *rule = &alone->rules[k];
        bool is_whole = true;
        for (uint32_t t = 0; t < rule->n_terms; t++) {
            uint32_t f = rule->terms[t].cell, n = alone->n_cells;
            f = map[f / n] * n + f % n;
            p->terms[t] = (struct ska_term){f, rule->terms[t].coefficient};
            is_whole = is_whole && !j->is_absent[f];
        }
        if (is_whole)
            put(p, *rule, alone->rule_n[k], layer, k);
    }
}

/* The first cells of the blocks of a part that make up a block of the year, behind n terms. */
static uint32_t add_part(struct putting *p, uint32_t n, uint32_t part,
                         const struct ska_linked *year, uint32_t block, uint8_t *is_covered)
{
    const struct ska_linked_joined *j = p->l->joined;
    const struct ska_linked *in = j->layer[part].alone;
    const uint32_t *map = j->block + j->first_block[part];
    uint32_t same = ska_linked_find_same(in, year, block), n_atoms = year->n_atoms;
    if (same != SKA_NONE) {
        p->terms[n] = (struct ska_term){map[same] * p->l->n_cells, 1};
        return n + 1;
    }
    memset(is_covered, 0, n_atoms);
    for (uint32_t a = 0; a < n_atoms; a++) {
        if (!year->members[(size_t)block * n_atoms + a] || is_covered[a])
            continue;
        uint32_t least = ska_linked_find_least(in, a);
        for (uint32_t b = 0; b < n_atoms; b++)
            is_covered[b] |= in->members[(size_t)least * n_atoms + b];
        p->terms[n++] = (struct ska_term){map[least] * p->l->n_cells, 1};
    }
    return n;
}

/* Whether a block of a year is linked: published with members, or some atom's least block. */
static bool is_linked(const struct ska_linked *year, uint32_t block)
{
    const uint8_t *members = year->members + (size_t)block * year->n_atoms;
    for (uint32_t a = 0; a < year->n_atoms; a++)
        if (members[a] && (year->blocks[block].kind == SKA_BLOCK_PUBLISHED ||
                           ska_linked_find_least(year, a) == block))
            return true;
    return false;
}

/* The same rule for every cell, from terms over first cells. */
static void put_for_cells(struct putting *p, uint32_t n_terms, uint32_t block)
{
    for (uint32_t cell = 0; cell < p->l->n_cells; cell++) {
        if (!p->l->joined->is_absent[block * p->l->n_cells + cell])
            put(p, (struct ska_rule){.n_terms = n_terms}, 0, SKA_NONE, 0);
        for (uint32_t t = 0; t < n_terms; t++)
            p->terms[t].cell++;
    }
}

static enum ska_status put_year(struct putting *p, uint32_t layer)
{
    const struct ska_linked_joined *j = p->l->joined;
    const struct ska_linked_layer *year = &j->layer[layer];
    SKA_SCOPED(ska_scoped_free) uint8_t *is_covered = ska_alloc(p->l->n_atoms, 1);
    if (is_covered == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < year->alone->n_blocks; b++) {
        uint32_t n = 0, block = j->block[j->first_block[layer] + b];
        if (!is_linked(year->alone, b))
            continue;
        for (uint32_t k = 0; k < year->n_parts; k++)
            n = add_part(p, n, year->part[k], year->alone, b, is_covered);
        p->terms[n++] = (struct ska_term){block * p->l->n_cells, -1};
        put_for_cells(p, n, block);
    }
    return SKA_OK;
}

/* Whether a figure's demand can be left to that of an earlier one: the blocks of both are
 * published. Of a difference the earlier release may have said nothing, and demanded nothing. */
static bool is_published(const struct ska_linked_layer *layer, uint32_t block)
{
    return layer->alone->blocks[block].kind == SKA_BLOCK_PUBLISHED;
}

/* new - old of one figure, of whose contributors m may have changed. `can_tell`: see above. */
static void put_change(struct putting *p, uint32_t now, uint32_t before, uint64_t m, bool can_tell)
{
    struct ska_linked *l = p->l;
    uint64_t most;
    if (__builtin_mul_overflow(m, l->bound[now], &most) || most > LINK_MOST)
        return;
    p->terms[0] = (struct ska_term){now, 1};
    p->terms[1] = (struct ska_term){before, -1};
    put(p, (struct ska_rule){.constant = (int64_t)most, .width = 2 * most, .n_terms = 2}, 1,
        SKA_NONE, 0);
    l->joined->is_told[now] |= can_tell && m == 0 && before >= l->n_own;
}

/* How many contributors of one of its blocks a correction may have changed. */
static uint64_t count_changed(const struct ska_linked_layer *now, uint32_t block)
{
    const struct ska_linked *alone = now->alone;
    uint64_t m = 0;
    for (uint32_t a = 0; a < alone->n_atoms; a++)
        m += alone->members[(size_t)block * alone->n_atoms + a] ? now->changed[a] : 0;
    return m;
}

static void put_correction(struct putting *p, uint32_t layer)
{
    const struct ska_linked_joined *j = p->l->joined;
    const struct ska_linked_layer *now = &j->layer[layer], *before = &j->layer[now->corrects];
    for (uint32_t b = 0; b < now->alone->n_blocks; b++) {
        uint32_t same = ska_linked_find_same(before->alone, now->alone, b);
        if (same == SKA_NONE)
            continue;
        uint64_t m = count_changed(now, b);
        if (m > 0 && m >= now->alone->blocks[b].n_counted &&
            m >= before->alone->blocks[same].n_counted)
            continue;
        uint32_t at = j->block[j->first_block[layer] + b] * p->l->n_cells;
        uint32_t was = j->block[j->first_block[now->corrects] + same] * p->l->n_cells;
        bool can_tell = is_published(now, b) && is_published(before, same);
        for (uint32_t cell = 0; cell < p->l->n_cells; cell++)
            put_change(p, at + cell, was + cell, m, can_tell);
    }
}

/* Whether two roll-ups have the same parts, for one block of the later: the same release, or a
 * correction of it in which nobody of the block changed. */
static bool are_parts_alike(const struct ska_linked_joined *j, const struct ska_linked_layer *now,
                            const struct ska_linked_layer *before, uint32_t block)
{
    if (now->n_parts != before->n_parts)
        return false;
    for (uint32_t k = 0; k < now->n_parts; k++) {
        const struct ska_linked_layer *part = &j->layer[now->part[k]];
        if (now->part[k] == before->part[k])
            continue;
        if (part->corrects != before->part[k])
            return false;
        uint32_t mine = ska_linked_find_same(part->alone, now->alone, block);
        if (mine == SKA_NONE || count_changed(part, mine) > 0 ||
            ska_linked_find_same(j->layer[part->corrects].alone, now->alone, block) == SKA_NONE)
            return false;
    }
    return true;
}

/* Figures of a roll-up that are those of an earlier one, since nothing they are sums of changed. */
static void tell_year(struct ska_linked *l, uint32_t layer, uint32_t earlier)
{
    const struct ska_linked_joined *j = l->joined;
    const struct ska_linked_layer *now = &j->layer[layer], *before = &j->layer[earlier];
    for (uint32_t b = 0; b < now->alone->n_blocks; b++) {
        uint32_t first = j->block[j->first_block[layer] + b] * l->n_cells;
        uint32_t same = ska_linked_find_same(before->alone, now->alone, b);
        if (same == SKA_NONE || !is_published(now, b) || !is_published(before, same) ||
            !are_parts_alike(j, now, before, b))
            continue;
        for (uint32_t cell = first; cell < first + l->n_cells; cell++)
            j->is_told[cell] |= !j->is_absent[cell];
    }
}

/* What a roll-up repeats of those released before it: of two that are alike one has the demand. The
 * release's own, which is the last, stands before the frozen ones. */
static void tell_years(struct ska_linked *l, uint32_t layer)
{
    const struct ska_linked_joined *j = l->joined;
    uint32_t end = j->layer[layer].reason != NULL ? layer : j->n_layers;
    for (uint32_t k = 1; k < end; k++)
        if (j->layer[k].is_year && j->layer[k].reason != NULL)
            tell_year(l, layer, k);
}

static enum ska_status put_all(struct putting *p)
{
    const struct ska_linked_joined *j = p->l->joined;
    p->n_rules = p->n_terms = 0;
    for (uint32_t k = 0; k < j->n_layers; k++)
        put_layer(p, k);
    for (uint32_t k = 0; k < j->n_layers; k++) {
        if (j->layer[k].is_year) {
            SKA_TRY(put_year(p, k));
            tell_years(p->l, k);
        }
        if (j->layer[k].corrects != SKA_NONE)
            put_correction(p, k);
    }
    return SKA_OK;
}

/* A rule never has more terms than there are blocks, or than a layout's rule has. */
static size_t count_most_terms(const struct ska_linked *l)
{
    size_t most = (size_t)l->n_blocks + 1;
    for (uint32_t k = 0; k < l->joined->n_layers; k++) {
        const struct ska_linked *alone = l->joined->layer[k].alone;
        for (uint32_t i = 0; i < alone->statement.n_rules; i++)
            most = alone->rules[i].n_terms > most ? alone->rules[i].n_terms : most;
    }
    return most;
}

enum ska_status ska_linked_join_rules(struct ska_linked *l)
{
    SKA_SCOPED(ska_scoped_free)
    struct ska_term *terms = ska_alloc(count_most_terms(l), sizeof *terms);
    struct putting p = {.l = l, .terms = terms};
    if (terms == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(put_all(&p));
    if (p.n_rules > UINT32_MAX)
        return SKA_E_LIMIT;
    l->terms = ska_alloc(p.n_terms + 1, sizeof *l->terms);
    l->rule_n = ska_alloc(p.n_rules + 1, sizeof *l->rule_n);
    l->joined->rule_layer = ska_alloc(p.n_rules + 1, sizeof *l->joined->rule_layer);
    l->joined->rule_in = ska_alloc(p.n_rules + 1, sizeof *l->joined->rule_in);
    l->rules = ska_alloc(p.n_rules + 1, sizeof *l->rules);
    if (l->terms == NULL || l->rule_n == NULL || l->joined->rule_layer == NULL ||
        l->joined->rule_in == NULL || l->rules == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(put_all(&p));
    l->statement = (struct ska_statement){.n_cells = l->n_figures,
                                          .bound = l->bound,
                                          .n_rules = (uint32_t)p.n_rules,
                                          .rules = l->rules};
    return SKA_OK;
}
