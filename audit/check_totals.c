/* SPDX-License-Identifier: EUPL-1.2 */
/* check_totals.c - every cell is opened, rounded or hidden, and what is opened is right. */
#include "audit/check.h"

#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/merkle.h"
#include "crypto/scoped.h"
#include "protocol/figure.h"

#include <string.h>

__extension__ typedef __int128 wide;

static bool is_opened(const struct evidence *e, uint32_t cell)
{
    return e->opening_of[cell] != SKA_NONE;
}

static bool is_shown(const struct evidence *e, uint32_t cell)
{
    return is_opened(e, cell) || e->rounded_of[cell] != SKA_NONE;
}

/* What ties the figures together. The list may name contributors that are not on the roster; that
 * is for another check to say. */
static enum ska_status link_figures(struct evidence *e)
{
    SKA_SCOPED(ska_scoped_free) uint32_t *counted = ska_alloc(e->accepted.n, sizeof *counted);
    size_t n = 0;
    if (counted == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < e->accepted.n; i++)
        if (ska_accepted_is_counted(&e->accepted, i))
            counted[n++] = e->accepted.at[i].contributor;
    const struct ska_release_figures of = {.task = e->task,
                                           .counted = counted,
                                           .n_counted = n,
                                           .frozen = e->frozen,
                                           .n_frozen = e->n_frozen,
                                           .changed = e->changed};
    return ska_linked_of_release(&e->linked, NULL, &of);
}

/* The roll-up: what is to be added up is opened or hidden, the rest neither. */
static void account_year(struct evidence *e, struct finding *f)
{
    uint32_t n = e->task->n_figures;
    enum ska_status status = ska_year_openings_decode(&e->year_openings, e->year_file);
    if (finding_is_undecided(f, status))
        return;
    SKA_SCOPED(ska_scoped_free) bool *is_open = ska_alloc(n, sizeof *is_open);
    if (is_open == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    if (status != SKA_OK)
        finding_bad(f, "year: %s (%s)", ska_status_text(status), ska_status_name(status));
    for (uint32_t i = 0; i < e->year_openings.n; i++) {
        uint32_t figure = e->year_openings.at[i].figure;
        if (figure < n || figure >= 2 * n) {
            finding_bad(f,
                        words("öppning av cell %u: finns inte", "opening of cell %u: no such cell"),
                        figure);
            continue;
        }
        is_open[figure - n] = true;
    }
    for (uint32_t j = 0; j < n; j++) {
        bool is_there =
            is_open[j] || e->rounded_of[n + j] != SKA_NONE || e->hidden_reason[n + j] != 0;
        if (is_there == ska_linked_is_absent(e->linked, n + j))
            finding_bad(
                f,
                is_there ? words("%s räknas inte ihop över året", "%s is not added up over a year")
                         : words("%s är varken öppnad, avrundad eller dold",
                                 "%s is neither opened, rounded nor hidden"),
                evidence_figure(e, n + j));
    }
    f->n_inputs += n;
}

/* Where each figure's opening or rounded value is. */
static void place_shown(struct evidence *e, struct finding *f)
{
    uint32_t n = e->task->n_figures;
    for (uint32_t i = 0; i < e->openings.n; i++) {
        uint32_t cell = e->openings.at[i].figure;
        if (cell >= n || is_opened(e, cell))
            finding_bad(f,
                        words("öppning av cell %u: finns inte eller två gånger",
                              "opening of cell %u: no such cell, or twice"),
                        cell);
        else
            e->opening_of[cell] = i;
    }
    for (uint32_t i = 0; i < e->rounding.n; i++) {
        uint32_t cell = e->rounding.at[i].figure;
        if (cell >= e->linked->n_published) /* they are in order: none is there twice */
            finding_bad(f, words("avrundad cell %u finns inte", "rounded cell %u: no such cell"),
                        cell);
        else
            e->rounded_of[cell] = i;
    }
}

/* Why figures are hidden: as the bundle says, and as earlier releases said. */
static void take_reasons(struct evidence *e, struct finding *f)
{
    const struct ska_linked *l = e->linked;
    for (uint32_t i = 0; i < e->suppression.n; i++) {
        uint32_t cell = e->suppression.at[i].figure;
        if (cell >= l->n_listed || e->hidden_reason[cell] != 0)
            finding_bad(f,
                        words("dold cell %u: finns inte eller två gånger",
                              "hidden cell %u: no such cell, or twice"),
                        cell);
        else
            e->hidden_reason[cell] = (uint8_t)e->suppression.at[i].reason;
    }
    for (uint32_t j = l->n_own; j < l->n_figures; j++)
        e->hidden_reason[j] = ska_linked_frozen_reason(l, j);
}

void check_cells_accounted(struct evidence *e, struct finding *f)
{
    uint32_t n = e->task->n_figures;
    enum ska_status status = link_figures(e);
    if (status == SKA_OK) {
        e->opening_of = ska_alloc(n, sizeof *e->opening_of);
        e->rounded_of = ska_alloc(e->linked->n_published, sizeof *e->rounded_of);
        e->hidden_reason = ska_alloc(e->linked->n_figures, sizeof *e->hidden_reason);
    }
    if (status != SKA_OK || e->opening_of == NULL || e->rounded_of == NULL ||
        e->hidden_reason == NULL) {
        finding_undecided(f, ska_status_text(status != SKA_OK ? status : SKA_E_MEMORY));
        return;
    }
    f->n_inputs = n;
    for (uint32_t cell = 0; cell < n; cell++)
        e->opening_of[cell] = SKA_NONE;
    for (uint32_t cell = 0; cell < e->linked->n_published; cell++)
        e->rounded_of[cell] = SKA_NONE;
    place_shown(e, f);
    take_reasons(e, f);
    for (uint32_t cell = 0; cell < n; cell++)
        if (!is_shown(e, cell) && e->hidden_reason[cell] == 0)
            finding_bad(f,
                        words("%s är varken öppnad, avrundad eller dold",
                              "%s is neither opened, rounded nor hidden"),
                        evidence_figure(e, cell));
    if (e->has_year)
        account_year(e, f);
}

/* cells-accounted has passed: without openings every cell of the signed layout is hidden, or is
 * rounded, which is for other checks. */
static void count_openings(struct evidence *e, struct finding *f)
{
    f->n_inputs = e->openings.n;
    f->is_zero_right = e->openings.n == 0;
}

void check_openings_paths(struct evidence *e, struct finding *f)
{
    count_openings(e, f);
    for (uint32_t i = 0; i < e->openings.n; i++) {
        const struct ska_opening *o = &e->openings.at[i];
        for (size_t k = 0; k < 2; k++) {
            uint8_t leaf[SKA_HASH_BYTES];
            ska_aggregate_leaf(leaf, o->figure, o->by[k].xr);
            if (ska_merkle_verify(e->openings.root[k], leaf, o->figure, e->task->n_figures,
                                  o->by[k].path, o->by[k].path_len) != SKA_OK)
                finding_bad(f,
                            words("%s: ingår inte i det som %s skrev under",
                                  "%s: not part of what %s signed"),
                            evidence_figure(e, o->figure),
                            trust_party_name(k == 0 ? TRUST_LEADER : TRUST_HELPER));
        }
    }
}

/* Whether one half of an opening opens the sum of the aggregator's commitments. */
static enum ska_status open_half(const struct ska_opening_half *half, const ska_point *sum)
{
    ska_scalar x, r;
    ska_point v;
    SKA_TRY(ska_scalar_decode(&x, half->xr));
    SKA_TRY(ska_scalar_decode(&r, half->xr + SKA_SCALAR_BYTES));
    ska_commit(&v, &x, &r);
    return ska_point_equal(&v, sum) ? SKA_OK : SKA_E_COMMITMENT;
}

/* Of one aggregator. */
struct opening_halves {
    const struct evidence *e;
    enum ska_status *status; /* one for each opening */
    size_t k;
};

static void open_one(void *arg, size_t i)
{
    const struct opening_halves *all = arg;
    const struct ska_opening *o = &all->e->openings.at[i];
    all->status[i] = open_half(&o->by[all->k], &all->e->sum[all->k][o->figure]);
}

static void check_openings_of(struct evidence *e, struct finding *f, size_t k, const char *id)
{
    count_openings(e, f);
    SKA_SCOPED(ska_scoped_free)
    enum ska_status *status = ska_alloc((size_t)e->openings.n + 1, sizeof *status);
    if (status == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    struct opening_halves all = {.e = e, .status = status, .k = k};
    parallel_run(e->jobs, e->openings.n, open_one, &all, id);
    for (uint32_t i = 0; i < e->openings.n; i++)
        if (status[i] != SKA_OK)
            finding_bad(f,
                        words("%s har skrivit under en felaktig summa för %s (%s)",
                              "%s signed a wrong sum for %s (%s)"),
                        trust_party_name(k == 0 ? TRUST_LEADER : TRUST_HELPER),
                        evidence_figure(e, e->openings.at[i].figure), ska_status_text(status[i]));
}

void check_openings_leader(struct evidence *e, struct finding *f)
{
    check_openings_of(e, f, 0, "openings-leader");
}

void check_openings_helper(struct evidence *e, struct finding *f)
{
    check_openings_of(e, f, 1, "openings-helper");
}

/* The total of an opened cell. SKA_E_RANGE if it is more than all contributors together can have.
 */
static enum ska_status add_halves(uint64_t *total, const struct ska_opening *o, uint64_t n_counted,
                                  uint64_t bound)
{
    ska_scalar x1, x2;
    uint64_t sum, most;
    SKA_TRY(ska_scalar_decode(&x1, o->by[0].xr));
    SKA_TRY(ska_scalar_decode(&x2, o->by[1].xr));
    ska_scalar_add(&x1, &x1, &x2);
    SKA_TRY(ska_scalar_to_u64(&sum, &x1));
    if (__builtin_mul_overflow(n_counted, bound, &most))
        return SKA_E_LIMIT;
    if (sum > most)
        return SKA_E_RANGE;
    *total = sum;
    return SKA_OK;
}

/* A rule over opened cells only holds for the totals too: 0 <= n c + sum a_j X_j <= n W. Each term
 * is below 2^63 2^64 and there are few, but a hostile bundle may have many: overflow is a failure.
 */
static bool holds(const struct evidence *e, const struct ska_rule *rule, uint32_t block)
{
    uint32_t first = block * e->task->layout->n_cells;
    wide sum = (wide)rule->constant * e->n_in[block];
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        wide product;
        if (!is_opened(e, first + term->cell) || e->rounded_of[first + term->cell] != SKA_NONE)
            return true; /* nothing to compare */
        if (__builtin_mul_overflow((wide)term->coefficient, e->total[first + term->cell],
                                   &product) ||
            __builtin_add_overflow(sum, product, &sum))
            return false;
    }
    return sum >= 0 && sum <= (wide)rule->width * e->n_in[block];
}

static void tell_rule(const struct evidence *e, struct finding *f, uint32_t rule, uint32_t block)
{
    char name[200];
    const char *code = ska_block_code(e->task, block);
    ska_layout_rule_name(name, sizeof name, e->task->layout, rule, words("sv", "en")[0] == 's');
    finding_bad(f, words("regeln håller inte: %s%s%s", "rule broken: %s%s%s"), code,
                code[0] != '\0' ? ": " : "", name);
}

void check_totals(struct evidence *e, struct finding *f)
{
    const struct ska_statement *s = &e->task->layout->statement;
    uint32_t n_cells = s->n_cells;
    e->total = ska_alloc(e->linked->n_figures, sizeof *e->total);
    if (e->total == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    count_openings(e, f);
    for (uint32_t i = 0; i < e->openings.n; i++) {
        const struct ska_opening *o = &e->openings.at[i];
        if (add_halves(&e->total[o->figure], o, e->n_in[o->figure / n_cells],
                       s->bound[o->figure % n_cells]) != SKA_OK)
            finding_bad(f, words("%s: summan är orimlig", "%s: the total is impossible"),
                        evidence_figure(e, o->figure));
    }
    for (uint32_t i = 0; i < e->rounding.n; i++)
        e->total[e->rounding.at[i].figure] = e->rounding.at[i].value;
    if (f->n_bad > 0)
        return;
    for (uint32_t block = 0; block < e->task->n_blocks; block++)
        for (uint32_t k = 0; k < s->n_rules; k++)
            if (!holds(e, &s->rules[k], block))
                tell_rule(e, f, k, block);
}

void check_minimum_answers(struct evidence *e, struct finding *f)
{
    const struct ska_layout *layout = e->task->layout;
    uint64_t min = e->task->parameters.policy.min_contributors;
    f->n_inputs = (uint64_t)e->openings.n + e->rounding.n;
    f->is_zero_right = f->n_inputs == 0; /* cells-accounted passed: everything is hidden */
    for (uint32_t figure = 0; figure < e->task->n_figures; figure++) {
        if (!is_shown(e, figure))
            continue;
        uint32_t block = ska_figure_block(e->task, figure);
        const struct ska_cell *cell = ska_figure_cell(e->task, figure);
        uint32_t flag = cell->kind == SKA_CELL_ANSWERED ? figure : SKA_NONE;
        if (cell->flag != SKA_NONE)
            flag = block * layout->n_cells + cell->flag;
        if (flag != SKA_NONE && !is_opened(e, flag))
            finding_bad(f, words("%s visas utan antalet svar", "%s is shown without its answers"),
                        evidence_figure(e, figure));
        else if ((flag != SKA_NONE ? e->total[flag] : e->n_in[block]) < min)
            finding_bad(f, words("%s visas med för få svar", "%s is shown with too few answers"),
                        evidence_figure(e, figure));
    }
}
