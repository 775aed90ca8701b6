/* SPDX-License-Identifier: EUPL-1.2 */
/* linked_join.c - one linked system of several releases: blocks and cells. */
#include "protocol/linked_join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/bundle.h"
#include "protocol/linked_join_part.h"

SKA_DEFINE_RELEASE(struct ska_linked *, linked_release, ska_linked_free)

/* A year by itself ------------------------------------------------------------------------------
 */

static bool has_members(const struct ska_linked *l, uint32_t block)
{
    for (uint32_t a = 0; a < l->n_atoms; a++)
        if (l->members[(size_t)block * l->n_atoms + a])
            return true;
    return false;
}

/* The groups, those without members that some part does not keep. Borrows; free only `at`. */
static enum ska_status keep_in_all(struct ska_groups *kept, const struct ska_linked *const *parts,
                                   uint32_t n)
{
    const struct ska_groups *groups = parts[0]->groups;
    kept->at = ska_alloc((size_t)groups->n + 1, sizeof *kept->at);
    if (kept->at == NULL)
        return SKA_E_MEMORY;
    kept->n = groups->n;
    for (uint32_t g = 0; g < groups->n; g++) {
        kept->at[g] = groups->at[g];
        for (uint32_t k = 0; k < n; k++)
            if (!has_members(parts[k], g + 1))
                kept->at[g].n_members = 0;
    }
    return SKA_OK;
}

/* The fewest counted in any part, by block. */
static void count_least(struct ska_linked *year, const struct ska_linked *const *parts, uint32_t n)
{
    for (uint32_t b = 0; b < year->n_blocks; b++)
        for (uint32_t k = 0; k < n; k++) {
            uint32_t same = ska_linked_find_same(parts[k], year, b);
            uint64_t counted =
                same == SKA_NONE ? year->blocks[b].n_counted / n : parts[k]->blocks[same].n_counted;
            if (k == 0 || counted < year->blocks[b].n_least)
                year->blocks[b].n_least = counted;
        }
}

enum ska_status ska_linked_new_year(struct ska_linked **out, const struct ska_linked *const *parts,
                                    uint32_t n, const struct ska_policy *policy)
{
    SKA_SCOPED(linked_release) struct ska_linked *year = NULL;
    size_t n_counted = 0, filled = 0;
    struct ska_groups kept = {0};
    for (uint32_t k = 0; k < n; k++)
        n_counted += parts[k]->n_contributors;
    SKA_SCOPED(ska_scoped_free) uint32_t *counted = ska_alloc(n_counted + 1, sizeof *counted);
    if (counted == NULL)
        return SKA_E_MEMORY;
    for (uint32_t k = 0; k < n; k++)
        for (size_t i = 0; i < parts[k]->n_contributors; i++)
            counted[filled++] = parts[k]->contributors[i];
    SKA_TRY(keep_in_all(&kept, parts, n));
    enum ska_status status = ska_linked_new_kept(&year, parts[0]->layout, policy, parts[0]->groups,
                                                 &kept, parts[0]->n_roster, counted, filled);
    free(kept.at);
    if (status != SKA_OK)
        return status;
    count_least(year, parts, n);
    *out = year;
    year = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* Members ---------------------------------------------------------------------------------------
 */

uint32_t ska_linked_find_same(const struct ska_linked *in, const struct ska_linked *of,
                              uint32_t block)
{
    const uint8_t *members = of->members + (size_t)block * of->n_atoms;
    for (uint32_t b = 0; b < in->n_blocks; b++)
        if (memcmp(in->members + (size_t)b * in->n_atoms, members, in->n_atoms) == 0)
            return b;
    return SKA_NONE;
}

uint32_t ska_linked_find_least(const struct ska_linked *l, uint32_t atom)
{
    uint32_t best = SKA_NONE, fewest = UINT32_MAX;
    for (uint32_t b = 0; b < l->n_blocks; b++) {
        const uint8_t *members = l->members + (size_t)b * l->n_atoms;
        uint32_t n = 0;
        for (uint32_t a = 0; a < l->n_atoms; a++)
            n += members[a];
        if (members[atom] && n < fewest) {
            best = b;
            fewest = n;
        }
    }
    return best;
}

/* Blocks ----------------------------------------------------------------------------------------
 */

/* Put the blocks of one kind, or of all (0), of a layer behind those that are there. */
static void put_blocks(struct ska_linked *l, uint32_t layer, int kind)
{
    struct ska_linked_joined *j = l->joined;
    const struct ska_linked *alone = j->layer[layer].alone;
    for (uint32_t b = 0; b < alone->n_blocks; b++) {
        if (kind != 0 && (int)alone->blocks[b].kind != kind)
            continue;
        j->block[j->first_block[layer] + b] = l->n_blocks;
        j->layer_of[l->n_blocks] = layer;
        j->block_in[l->n_blocks] = b;
        l->blocks[l->n_blocks++] = alone->blocks[b];
    }
}

static void map_differences(struct ska_linked *l)
{
    for (uint32_t b = 0; b < l->n_blocks; b++) {
        struct ska_block *block = &l->blocks[b];
        const uint32_t *map = l->joined->block + l->joined->first_block[l->joined->layer_of[b]];
        if (block->kind != SKA_BLOCK_DIFFERENCE)
            continue;
        block->plus = map[block->plus];
        block->minus = map[block->minus];
    }
}

static enum ska_status make_blocks(struct ska_linked *l, uint32_t n_open)
{
    struct ska_linked_joined *j = l->joined;
    uint32_t n = 0;
    for (uint32_t k = 0; k < j->n_layers; k++) {
        j->first_block[k] = n;
        n += j->layer[k].alone->n_blocks;
    }
    j->first_block[j->n_layers] = n;
    if ((uint64_t)n * l->n_cells > SKA_LINKED_MAX)
        return SKA_E_LIMIT;
    l->n_figures = n * l->n_cells;
    l->blocks = ska_alloc(n, sizeof *l->blocks);
    j->block = ska_alloc(n, sizeof *j->block);
    j->layer_of = ska_alloc(n, sizeof *j->layer_of);
    j->block_in = ska_alloc(n, sizeof *j->block_in);
    if (l->blocks == NULL || j->block == NULL || j->layer_of == NULL || j->block_in == NULL)
        return SKA_E_MEMORY;
    for (int kind = SKA_BLOCK_PUBLISHED; kind <= SKA_BLOCK_ATOM; kind++) {
        for (uint32_t k = 0; k < n_open; k++)
            put_blocks(l, k, kind);
        if (kind == SKA_BLOCK_PUBLISHED)
            l->n_published = l->n_blocks * l->n_cells;
        if (kind == SKA_BLOCK_DIFFERENCE)
            l->n_listed = l->n_blocks * l->n_cells;
    }
    l->n_own = l->n_blocks * l->n_cells;
    for (uint32_t k = n_open; k < j->n_layers; k++)
        put_blocks(l, k, 0);
    map_differences(l);
    return SKA_OK;
}

/* The order of primary reasons, and what is within what, layer by layer. */
static enum ska_status nest(struct ska_linked *l, uint32_t n_open)
{
    const struct ska_linked_joined *j = l->joined;
    uint32_t n_listed = l->n_listed / l->n_cells, n_ordered = 0, n_outer = 0;
    size_t most = 0;
    for (uint32_t k = 0; k < n_open; k++) {
        const struct ska_linked *alone = j->layer[k].alone;
        most += alone->first_outer[alone->n_listed / alone->n_cells];
    }
    l->order = ska_alloc(n_listed, sizeof *l->order);
    l->first_outer = ska_alloc((size_t)n_listed + 1, sizeof *l->first_outer);
    l->outer = ska_alloc(most + 1, sizeof *l->outer);
    if (l->order == NULL || l->first_outer == NULL || l->outer == NULL)
        return SKA_E_MEMORY;
    for (uint32_t k = 0; k < n_open; k++) {
        const struct ska_linked *alone = j->layer[k].alone;
        for (uint32_t i = 0; i < alone->n_listed / alone->n_cells; i++)
            l->order[n_ordered++] = j->block[j->first_block[k] + alone->order[i]];
    }
    for (uint32_t b = 0; b < n_listed; b++) {
        const struct ska_linked *alone = j->layer[j->layer_of[b]].alone;
        const uint32_t *map = j->block + j->first_block[j->layer_of[b]];
        uint32_t in = j->block_in[b];
        for (uint32_t i = alone->first_outer[in]; i < alone->first_outer[in + 1]; i++)
            l->outer[n_outer++] = map[alone->outer[i]];
        l->first_outer[b + 1] = n_outer;
    }
    return SKA_OK;
}

/* By block of a year and part: the part's block of the same members. */
static enum ska_status find_same(struct ska_linked *l)
{
    struct ska_linked_joined *j = l->joined;
    j->same_in = ska_alloc((size_t)l->n_blocks * SKA_YEAR_PARTS_MAX, sizeof *j->same_in);
    if (j->same_in == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < l->n_blocks; b++) {
        const struct ska_linked_layer *year = &j->layer[j->layer_of[b]];
        for (uint32_t k = 0; year->is_year && k < year->n_parts; k++) {
            uint32_t same =
                ska_linked_find_same(j->layer[year->part[k]].alone, year->alone, j->block_in[b]);
            j->same_in[b * SKA_YEAR_PARTS_MAX + k] =
                same == SKA_NONE ? SKA_NONE : j->block[j->first_block[year->part[k]] + same];
        }
    }
    return SKA_OK;
}

/* Cells -----------------------------------------------------------------------------------------
 */

/* A year's figure has no flag: its parts have, which ska_linked_lacks_part looks at. */
static void make_cell(struct ska_linked *l, uint32_t f)
{
    const struct ska_linked_joined *j = l->joined;
    uint32_t block = f / l->n_cells, cell = f % l->n_cells, first = block * l->n_cells;
    const struct ska_linked_layer *layer = &j->layer[j->layer_of[block]];
    uint32_t in = j->block_in[block] * l->n_cells + cell;
    l->cells[f] = l->layout->cells[cell];
    if (layer->is_year)
        l->cells[f].flag = SKA_NONE;
    if (l->cells[f].flag != SKA_NONE)
        l->cells[f].flag += first;
    if (l->cells[f].total != SKA_NONE)
        l->cells[f].total += first;
    l->bound[f] = layer->alone->bound[in];
    l->shows_zero[f] = layer->alone->shows_zero[in];
    j->is_absent[f] = layer->is_year && !ska_layout_is_summed(l->layout, cell);
    if (f < l->n_own)
        return;
    j->reason[f] = SKA_FIGURE_UNKNOWN;
    if (in < layer->alone->n_listed) {
        j->reason[f] = layer->reason[in];
        j->total[f] = in < layer->alone->n_published ? layer->total[in] : 0;
    }
    if (in >= layer->alone->n_published && j->reason[f] == 0)
        j->reason[f] = SKA_FIGURE_UNKNOWN;
    if (j->is_absent[f])
        j->reason[f] = 0;
}

static enum ska_status make_cells(struct ska_linked *l)
{
    struct ska_linked_joined *j = l->joined;
    l->cells = ska_alloc(l->n_figures, sizeof *l->cells);
    l->shows_zero = ska_alloc(l->n_figures, sizeof *l->shows_zero);
    l->bound = ska_alloc(l->n_figures, sizeof *l->bound);
    j->reason = ska_alloc(l->n_figures, sizeof *j->reason);
    j->total = ska_alloc(l->n_figures, sizeof *j->total);
    j->is_absent = ska_alloc(l->n_figures, sizeof *j->is_absent);
    j->is_told = ska_alloc(l->n_figures, sizeof *j->is_told);
    if (l->cells == NULL || l->shows_zero == NULL || l->bound == NULL || j->reason == NULL ||
        j->total == NULL || j->is_absent == NULL || j->is_told == NULL)
        return SKA_E_MEMORY;
    for (uint32_t f = 0; f < l->n_figures; f++)
        make_cell(l, f);
    return SKA_OK;
}

/* What frozen layers proved, with the figures that it is of here. A figure that is none was never
 * audited: it says nothing. */
static enum ska_status take_needed(struct ska_linked *l)
{
    struct ska_linked_joined *j = l->joined;
    size_t n = 0;
    for (uint32_t k = 0; k < j->n_layers; k++)
        n += j->layer[k].n_needed;
    j->needed = ska_alloc(n + 1, sizeof *j->needed);
    if (j->needed == NULL)
        return SKA_E_MEMORY;
    for (uint32_t k = 0; k < j->n_layers; k++)
        for (uint32_t i = 0; i < j->layer[k].n_needed; i++) {
            struct ska_needed needed = j->layer[k].needed[i];
            if (needed.figure >= j->layer[k].alone->n_published)
                continue;
            uint32_t block = j->block[j->first_block[k] + needed.figure / l->n_cells];
            needed.figure = block * l->n_cells + needed.figure % l->n_cells;
            j->needed[j->n_needed++] = needed;
        }
    return SKA_OK;
}

/* The whole -------------------------------------------------------------------------------------
 */

static enum ska_status start(struct ska_linked *l, const struct ska_linked_layer *layers,
                             uint32_t n)
{
    const struct ska_linked *first = layers[0].alone;
    if (n > SKA_LAYERS_MAX)
        return SKA_E_LIMIT;
    for (uint32_t k = 1; k < n; k++)
        if (layers[k].alone->n_cells != first->n_cells ||
            layers[k].alone->n_roster != first->n_roster ||
            layers[k].alone->n_atoms != first->n_atoms)
            return SKA_E_MISMATCH;
    l->layout = first->layout;
    l->groups = first->groups;
    l->n_cells = first->n_cells;
    l->n_roster = first->n_roster;
    l->n_atoms = first->n_atoms;
    l->joined = ska_alloc(1, sizeof *l->joined);
    if (l->joined == NULL)
        return SKA_E_MEMORY;
    l->joined->n_layers = n;
    l->joined->layer = ska_alloc(n, sizeof *l->joined->layer);
    l->joined->first_block = ska_alloc((size_t)n + 1, sizeof *l->joined->first_block);
    if (l->joined->layer == NULL || l->joined->first_block == NULL)
        return SKA_E_MEMORY;
    memcpy(l->joined->layer, layers, n * sizeof *layers);
    return SKA_OK;
}

static enum ska_status make(struct ska_linked *l, uint32_t n_open)
{
    SKA_TRY(make_blocks(l, n_open));
    SKA_TRY(nest(l, n_open));
    SKA_TRY(find_same(l));
    SKA_TRY(make_cells(l));
    SKA_TRY(take_needed(l));
    return ska_linked_join_rules(l);
}

enum ska_status ska_linked_join(struct ska_linked **out, struct ska_linked_layer *layers,
                                uint32_t n)
{
    SKA_SCOPED(linked_release) struct ska_linked *l = ska_alloc(1, sizeof *l);
    if (l == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = start(l, layers, n);
    if (status == SKA_OK)
        status = make(l, n > 1 && layers[1].is_year && layers[1].reason == NULL ? 2 : 1);
    for (uint32_t k = 0; l->joined != NULL && l->joined->layer != NULL && k < n; k++) {
        if (status == SKA_OK)
            layers[k].alone = NULL; /* the joined one's now */
        else
            l->joined->layer[k].alone = NULL;
        l->joined->layer[k].reason = NULL; /* were lent for this alone */
        l->joined->layer[k].total = NULL;
        l->joined->layer[k].needed = NULL;
        l->joined->layer[k].n_needed = 0;
        l->joined->layer[k].changed = NULL;
    }
    if (status != SKA_OK)
        return status;
    *out = l;
    l = NULL; /* the caller owns it now */
    return SKA_OK;
}

void ska_linked_joined_free(struct ska_linked_joined *j)
{
    if (j == NULL)
        return;
    for (uint32_t k = 0; j->layer != NULL && k < j->n_layers; k++)
        ska_linked_free(j->layer[k].alone);
    free(j->layer);
    free(j->first_block);
    free(j->block);
    free(j->layer_of);
    free(j->block_in);
    free(j->same_in);
    free(j->reason);
    free(j->total);
    free(j->needed);
    free(j->is_absent);
    free(j->is_told);
    free(j->rule_layer);
    free(j->rule_in);
    free(j);
}

/* What is asked of it ---------------------------------------------------------------------------
 */

uint8_t ska_linked_frozen_reason(const struct ska_linked *l, uint32_t figure)
{
    return l->joined->reason[figure];
}

uint64_t ska_linked_frozen_total(const struct ska_linked *l, uint32_t figure)
{
    return l->joined->total[figure];
}

const struct ska_needed *ska_linked_frozen_needed(uint32_t *n, const struct ska_linked *l)
{
    *n = l->joined != NULL ? l->joined->n_needed : 0;
    return l->joined != NULL ? l->joined->needed : NULL;
}

bool ska_linked_is_absent(const struct ska_linked *l, uint32_t figure)
{
    return l->joined != NULL && l->joined->is_absent[figure];
}

bool ska_linked_is_told(const struct ska_linked *l, uint32_t figure)
{
    return l->joined != NULL && l->joined->is_told[figure];
}

bool ska_linked_is_whole(const struct ska_linked *l, uint32_t figure)
{
    uint32_t block = ska_linked_block(l, figure);
    return figure < l->n_own && l->cells[figure].kind == SKA_CELL_TOTAL &&
           (l->joined == NULL ? block == 0 : l->joined->block_in[block] == 0);
}

bool ska_linked_is_whole_only(const struct ska_linked *l, uint32_t figure)
{
    uint32_t block = ska_linked_block(l, figure);
    return l->layout->catalogue != NULL && ska_cell_is_count(&l->cells[figure]) &&
           l->layout->catalogue->indicators[l->cells[figure].indicator].whole_only &&
           (l->joined == NULL ? block : l->joined->block_in[block]) != 0;
}

bool ska_linked_is_never_shown(const struct ska_linked *l, uint32_t figure)
{
    return figure < l->n_published && l->cells[figure].kind == SKA_CELL_TOTAL &&
           !ska_linked_is_absent(l, figure) && ska_linked_is_whole_only(l, figure);
}

uint32_t ska_linked_whole(const struct ska_linked *l, uint32_t figure)
{
    uint32_t cell = l->layout->cells[figure % l->n_cells].total;
    uint32_t year = l->n_published / 2 + cell;
    if (l->joined == NULL || l->joined->n_layers < 2 || l->joined->layer_of[year / l->n_cells] != 1)
        return cell;
    bool is_release = l->joined->layer_of[ska_linked_block(l, figure)] == 0;
    return is_release || l->joined->is_absent[year] ? cell : year;
}

bool ska_linked_is_of_year(const struct ska_linked *l, uint32_t figure)
{
    return l->joined != NULL && l->joined->layer[l->joined->layer_of[figure / l->n_cells]].is_year;
}

/* How many parts a figure of a roll-up has; the same cell in one of them, SKA_NONE if that has no
 * block of the same members. */
static uint32_t count_parts(const struct ska_linked *l, uint32_t figure)
{
    return l->joined->layer[l->joined->layer_of[ska_linked_block(l, figure)]].n_parts;
}

static uint32_t part_of(const struct ska_linked *l, uint32_t figure, uint32_t k)
{
    uint32_t block = ska_linked_block(l, figure);
    uint32_t part = l->joined->same_in[block * SKA_YEAR_PARTS_MAX + k];
    return part == SKA_NONE ? SKA_NONE : part * l->n_cells + figure % l->n_cells;
}

bool ska_linked_has_open_parts(const struct ska_linked *l, const uint8_t *reason, uint32_t figure)
{
    if (!ska_linked_is_of_year(l, figure))
        return false;
    for (uint32_t k = 0; k < count_parts(l, figure); k++) {
        uint32_t part = part_of(l, figure, k);
        if (part == SKA_NONE || reason[part] != 0)
            return false;
    }
    return true;
}

bool ska_linked_repeats_known(const struct ska_linked *l, uint32_t figure,
                              bool (*is_known)(const void *of, uint32_t figure), const void *of)
{
    uint32_t n_unknown = 0;
    if (!ska_linked_is_of_year(l, figure))
        return false;
    for (uint32_t k = 0; k < count_parts(l, figure); k++) {
        uint32_t part = part_of(l, figure, k);
        if (part == SKA_NONE)
            return false;
        n_unknown += is_known(of, part) ? 0u : 1u;
    }
    return n_unknown <= 1;
}

/* What is shown of figures. */
struct shown {
    const struct ska_linked *linked;
    const uint8_t *reason;
    bool is_exact;
};

static bool is_shown(const void *of, uint32_t figure)
{
    const struct shown *shown = of;
    return shown->linked->blocks[ska_linked_block(shown->linked, figure)].n_counted == 0 ||
           (shown->is_exact && shown->reason[figure] == 0);
}

bool ska_linked_repeats_part(const struct ska_linked *l, const uint8_t *reason, uint32_t figure,
                             bool is_exact)
{
    const struct shown shown = {l, reason, is_exact};
    return ska_linked_repeats_known(l, figure, is_shown, &shown);
}

bool ska_linked_hides_year(const struct ska_linked *l, const uint8_t *reason, uint32_t figure)
{
    if (!ska_linked_is_of_year(l, figure) || l->cells[figure].kind != SKA_CELL_TOTAL)
        return false;
    for (uint32_t k = 0; k < count_parts(l, figure); k++) {
        uint32_t part = part_of(l, figure, k);
        if (part != SKA_NONE &&
            (reason[part] == SKA_HIDDEN_COMPLEMENT || reason[part] == SKA_HIDDEN_KEPT))
            return true;
    }
    return false;
}

bool ska_linked_are_one_table(const struct ska_linked *l, uint32_t a, uint32_t b)
{
    const struct ska_cell *x = &l->cells[a], *y = &l->cells[b];
    return x->kind == SKA_CELL_CATEGORY && y->kind == SKA_CELL_CATEGORY && x->total == y->total &&
           x->dimension == y->dimension;
}

bool ska_linked_lacks_part(const struct ska_linked *l, const uint8_t *reason, uint32_t figure)
{
    uint32_t block = ska_linked_block(l, figure), cell = figure % l->n_cells;
    const struct ska_linked_joined *j = l->joined;
    if (j == NULL || !j->layer[j->layer_of[block]].is_year)
        return false;
    const uint32_t cells[2] = {l->layout->cells[cell].flag, ska_layout_mark(l->layout, cell)};
    for (uint32_t k = 0; k < j->layer[j->layer_of[block]].n_parts; k++) {
        uint32_t part = j->same_in[block * SKA_YEAR_PARTS_MAX + k];
        for (size_t i = 0; i < 2 && part != SKA_NONE; i++) {
            uint8_t why = cells[i] == SKA_NONE ? 0 : reason[part * l->n_cells + cells[i]];
            if (why != 0 && why != SKA_FIGURE_UNKNOWN)
                return true;
        }
    }
    return false;
}

void ska_linked_joined_code(char *out, size_t size, const struct ska_linked *l, uint32_t figure)
{
    const struct ska_linked_joined *j = l->joined;
    uint32_t block = ska_linked_block(l, figure);
    const struct ska_linked_layer *layer = &j->layer[j->layer_of[block]];
    char code[3 * SKA_CODE_MAX + SKA_CELL_CODE_MAX];
    ska_linked_code(code, sizeof code, layer->alone,
                    j->block_in[block] * l->n_cells + figure % l->n_cells);
    (void)snprintf(out, size, "%s%s%s", layer->name, layer->name[0] != '\0' ? ":" : "", code);
}

void ska_linked_joined_rule_name(char *out, size_t size, const struct ska_linked *l, uint32_t rule,
                                 bool swedish)
{
    const struct ska_linked_joined *j = l->joined;
    char name[200];
    if (j->rule_layer[rule] != SKA_NONE) {
        const struct ska_linked_layer *layer = &j->layer[j->rule_layer[rule]];
        ska_linked_rule_name(name, sizeof name, layer->alone, j->rule_in[rule], swedish);
        (void)snprintf(out, size, "%s%s%s", layer->name, layer->name[0] != '\0' ? ": " : "", name);
        return;
    }
    ska_linked_joined_code(name, sizeof name, l, l->rules[rule].terms[0].cell);
    (void)snprintf(out, size, swedish ? "%s över utgåvor" : "%s over releases", name);
}
