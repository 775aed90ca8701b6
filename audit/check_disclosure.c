/* SPDX-License-Identifier: EUPL-1.2 */
/* check_disclosure.c - that exactly the right cells are hidden (docs/disclosure-control.md, section
 * 7). */
#include "audit/check.h"

#include "audit/pattern_needed.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/suppression.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

SKA_DEFINE_RELEASE(struct pattern *, pattern_release, pattern_free)

/* lo = hi unless a count is rounded. */
struct range {
    uint64_t lo, hi;
};

/* What is known of the total of a figure that is shown. */
static struct range shown_range(const struct evidence *e, uint32_t figure)
{
    const struct ska_policy *policy = &e->task->parameters.policy;
    struct range r = {e->total[figure], e->total[figure]};
    if (ska_policy_rounds(policy, &e->linked->cells[figure]))
        ska_rounding_range(&r.lo, &r.hi, policy, e->total[figure]);
    return r;
}

/* The same of a figure that is not hidden, if something is known of it: it is shown, or is the
 * difference of two that are. */
static bool is_known(struct range *r, const struct evidence *e, uint32_t figure)
{
    const struct ska_linked *l = e->linked;
    const struct ska_block *block = &l->blocks[ska_linked_block(l, figure)];
    *r = shown_range(e, figure);
    if (block->kind == SKA_BLOCK_PUBLISHED)
        return true;
    uint32_t cell = figure % l->n_cells;
    uint32_t plus = block->plus * l->n_cells + cell, minus = block->minus * l->n_cells + cell;
    if (e->hidden_reason[plus] != 0 || e->hidden_reason[minus] != 0)
        return false;
    struct range a = shown_range(e, plus), b = shown_range(e, minus);
    r->lo = a.lo > b.hi ? a.lo - b.hi : 0;
    r->hi = a.hi - b.lo; /* not below 0: a rule over totals */
    return true;
}

/* A flag is open with enough answers, or FEW. */
static void check_flag(struct evidence *e, struct finding *f, uint32_t figure)
{
    uint8_t reason = e->hidden_reason[figure];
    struct range total;
    if (reason != 0 && reason != SKA_HIDDEN_FEW && reason != SKA_HIDDEN_KEPT)
        finding_bad(f,
                    words("%s: ett svarsantal kan bara döljas för att det är för litet",
                          "%s: a number of answers can only be hidden for being too small"),
                    evidence_figure(e, figure));
    else if (reason == 0 && is_known(&total, e, figure) &&
             total.lo < e->task->parameters.policy.min_contributors)
        finding_bad(f, words("%s är öppnad med för få svar", "%s is opened with too few answers"),
                    evidence_figure(e, figure));
}

/* A mark is open and nobody's, or MARKED. */
static void check_mark(struct evidence *e, struct finding *f, uint32_t figure)
{
    uint8_t reason = e->hidden_reason[figure];
    struct range total;
    if (reason != 0 && reason != SKA_HIDDEN_MARKED && reason != SKA_HIDDEN_KEPT)
        finding_bad(f,
                    words("%s: en markering kan bara döljas som markerad",
                          "%s: a mark can only be hidden as marked"),
                    evidence_figure(e, figure));
    else if (reason == 0 && is_known(&total, e, figure) && total.lo > 0)
        finding_bad(f, words("%s är satt men visas", "%s is set and shown"),
                    evidence_figure(e, figure));
}

/* What can be withdrawn is the total of an indicator in every group of the release, or of its
 * roll-up, and only then that of all contributors too. What is hidden there for a reason that goes
 * before, is. */
static bool can_be_withdrawn(const struct evidence *e, uint32_t figure)
{
    const struct ska_linked *l = e->linked;
    uint32_t n_blocks = l->groups->n + 1, block = ska_linked_block(l, figure);
    uint32_t first = (block - block % n_blocks) * l->n_cells + figure % l->n_cells;
    if (figure >= l->n_published || l->cells[figure].kind != SKA_CELL_TOTAL)
        return false;
    for (uint32_t g = 1; g < n_blocks; g++) {
        uint8_t reason = e->hidden_reason[first + g * l->n_cells];
        if (reason != SKA_HIDDEN_WITHDRAWN && reason != SKA_HIDDEN_BLOCK &&
            reason != SKA_HIDDEN_KEPT && reason != SKA_HIDDEN_MARKED)
            return false;
    }
    return true;
}

/* What is shown needed no reason: of a rounded figure, not every possible total would have. What is
 * between two figures never gets one: that is for the certificate. */
static void check_open_count(struct evidence *e, struct finding *f, uint32_t figure)
{
    struct range total;
    if (figure >= e->linked->n_published || !is_known(&total, e, figure))
        return;
    bool shows_zero = e->linked->shows_zero[figure];
    if (total.hi == 0 && !shows_zero)
        finding_bad(f, words("%s är 0 men visas", "%s is 0 and shown"), evidence_figure(e, figure));
    else if (total.lo >= (shows_zero ? 1u : 0u) &&
             total.hi < e->task->parameters.policy.threshold && total.hi > 0)
        finding_bad(f,
                    words("%s är under tröskeln men visas", "%s is below the threshold and shown"),
                    evidence_figure(e, figure));
}

/* A year's figures have one reason of their own, so that nobody is told which of them are small,
 * and what is between two figures has none, unless it is MARKED. */
static bool is_reason_of_layer(const struct ska_linked *l, uint32_t figure, uint8_t reason)
{
    bool is_of_year = ska_linked_is_of_year(l, figure);
    if (figure >= l->n_published)
        return reason == 0 || reason == SKA_HIDDEN_MARKED; /* which is right: check_count */
    return is_of_year ? reason != SKA_HIDDEN_SMALL && reason != SKA_HIDDEN_COMPLEMENT
                      : reason != SKA_HIDDEN_SUMMED;
}

static void check_count(struct evidence *e, struct finding *f, uint32_t figure)
{
    uint8_t reason = e->hidden_reason[figure];
    if (reason == SKA_HIDDEN_KEPT)
        return; /* goes before all other reasons; correction-kept looks whether it was hidden */
    bool must_depend = pattern_is_dependent(e->linked, e->hidden_reason, figure);
    bool must_be_marked = pattern_is_marked(e->linked, e->hidden_reason, figure);
    if (must_be_marked != (reason == SKA_HIDDEN_MARKED))
        finding_bad(f,
                    must_be_marked
                        ? words("%s ska döljas som markerad", "%s must be hidden as marked")
                        : words("%s är inte markerad", "%s is not marked"),
                    evidence_figure(e, figure));
    else if (ska_linked_is_never_shown(e->linked, figure) && reason != SKA_HIDDEN_WITHDRAWN &&
             reason != SKA_HIDDEN_MARKED)
        finding_bad(
            f,
            words("%s ges bara ut för alla tillsammans", "%s is published for all together only"),
            evidence_figure(e, figure));
    else if (must_depend != (reason == SKA_HIDDEN_DEPENDENT))
        finding_bad(
            f,
            must_depend
                ? words("%s ska döljas som beroende", "%s must be hidden as dependent")
                : words("%s beror inte på något dolt", "%s does not depend on anything hidden"),
            evidence_figure(e, figure));
    else if (reason == SKA_HIDDEN_FEW)
        finding_bad(f, words("%s är inget svarsantal", "%s is not a number of answers"),
                    evidence_figure(e, figure));
    else if (!is_reason_of_layer(e->linked, figure, reason))
        finding_bad(f,
                    words("%s är dold av ett skäl som är för andra tal",
                          "%s is hidden for a reason that is for other figures"),
                    evidence_figure(e, figure));
    else if (reason == 0 && pattern_is_hidden_along(e->linked, e->hidden_reason, figure,
                                                    e->task->parameters.policy.rounding > 0))
        finding_bad(f,
                    words("%s ska döljas tillsammans med en annan",
                          "%s must be hidden together with another"),
                    evidence_figure(e, figure));
    else if (reason == SKA_HIDDEN_WITHDRAWN && !can_be_withdrawn(e, figure))
        finding_bad(f, words("%s kan inte dras tillbaka", "%s cannot be withdrawn"),
                    evidence_figure(e, figure));
    else if (reason == 0)
        check_open_count(e, f, figure);
}

/* Nothing proves that an indicator had to be withdrawn, unless the catalogue says so: whoever reads
 * the verdict is to know. */
static void tell_withdrawn(struct finding *f, const struct evidence *e)
{
    uint32_t n = 0;
    uint32_t n_in_groups = 0;
    for (uint32_t figure = 0; figure < e->linked->n_published; figure++)
        if (e->hidden_reason[figure] == SKA_HIDDEN_WITHDRAWN &&
            !ska_linked_is_never_shown(e->linked, figure))
            *(ska_linked_is_whole(e->linked, figure) ? &n : &n_in_groups) += 1;
    if (n + n_in_groups > 0 && f->n_bad == 0)
        snprintf(f->detail, sizeof f->detail,
                 words("tillbakadraget, på utgivarens ord: %u indikatorer, %u gruppers summor",
                       "withdrawn, on the publisher's word: %u indicators, %u groups' totals"),
                 n, n_in_groups);
}

void check_primary_suppression(struct evidence *e, struct finding *f)
{
    const struct ska_linked *l = e->linked;
    f->n_inputs = l->n_listed;
    for (uint32_t figure = 0; figure < l->n_listed; figure++) {
        if (ska_linked_is_absent(l, figure))
            continue; /* in no list: cells-accounted */
        bool is_few = l->blocks[ska_linked_block(l, figure)].n_least <
                      e->task->parameters.policy.min_contributors;
        if (is_few != (e->hidden_reason[figure] == SKA_HIDDEN_BLOCK))
            finding_bad(f,
                        is_few ? words("%s: för få har lämnat in", "%s: too few have submitted")
                               : words("%s: nog många har lämnat in", "%s: enough have submitted"),
                        evidence_figure(e, figure));
        else if (is_few)
            continue;
        else if (l->cells[figure].kind == SKA_CELL_ANSWERED)
            check_flag(e, f, figure);
        else if (l->cells[figure].kind == SKA_CELL_MARK)
            check_mark(e, f, figure);
        else
            check_count(e, f, figure);
    }
    tell_withdrawn(f, e);
}

ska_point *check_join_sums(const struct evidence *e)
{
    ska_point *sum = ska_alloc(e->linked->n_listed, sizeof *sum);
    const uint32_t n = e->task->n_figures;
    if (sum == NULL)
        return NULL;
    for (uint32_t cell = 0; cell < e->linked->n_published; cell++)
        if (cell < n)
            ska_point_add(&sum[cell], &e->sum[0][cell], &e->sum[1][cell]);
        else if (ska_linked_is_absent(e->linked, cell))
            ska_point_set_identity(&sum[cell]);
        else
            ska_point_add(&sum[cell], &e->year_sum[0][cell - n], &e->year_sum[1][cell - n]);
    ska_suppression_subtract(sum, e->linked);
    return sum;
}

void check_suppression_proof(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    SKA_SCOPED(ska_scoped_free) ska_point *sum = check_join_sums(e);
    if (sum == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    enum ska_status status =
        ska_suppression_statement_init(&s, e->task, e->linked, &e->suppression, sum, e->n_counted);
    if (finding_is_undecided(f, status))
        return;
    f->n_inputs = s.m;
    if (status != SKA_OK) {
        finding_bad(f, "%s",
                    words("en cell har ett skäl som policyn inte ger",
                          "a cell has a reason that the policy does not give"));
        return;
    }
    /* cells-accounted passed: every other cell is opened, or follows from the rule. */
    if (s.m == 0) {
        f->is_zero_right = true;
        if (e->suppression.proof.len != 0)
            finding_bad(f, "%s", words("ett bevis om ingenting", "a proof about nothing"));
        return;
    }
    const struct ska_proof_values values = {.m = s.m, .bound = s.bound, .v = s.v};
    status = ska_proof_verify(e->suppression.proof.data, e->suppression.proof.len, &s.transcript,
                              &values);
    if (!finding_is_undecided(f, status) && status != SKA_OK)
        finding_bad(f, "%s", ska_status_text(status));
}

/* Start a pattern with the bundle's totals and candidates and nothing hidden. */
static enum ska_status start_pattern(struct pattern **out, const struct evidence *e)
{
    const struct ska_linked *l = e->linked;
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    SKA_TRY(pattern_new(&d, l, &e->task->parameters.policy));
    for (uint32_t cell = 0; cell < l->n_published; cell++) {
        uint8_t reason = e->hidden_reason[cell];
        d->total[cell] = e->total[cell];
        d->is_candidate[cell] =
            ska_cell_is_count(&l->cells[cell]) &&
            (reason == SKA_HIDDEN_COMPLEMENT || (reason == 0 && e->total[cell] >= 1));
    }
    *out = d;
    d = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* A period whose numbers do not fit is undecided, whatever the status' class. */
static bool is_unsolved(struct finding *f, enum ska_status status)
{
    if (status != SKA_E_LIMIT)
        return finding_is_undecided(f, status);
    finding_undecided(
        f, words("reglernas tal ryms inte i 128 bitar", "the rules' numbers exceed 128 bits"));
    return true;
}

/* Every cell of P0 must be hidden in the bundle. */
static void compare_first(const struct pattern *d, const struct evidence *e, struct finding *f)
{
    for (uint32_t cell = 0; cell < d->linked->n_published; cell++)
        if (d->reason[cell] != 0 && e->hidden_reason[cell] == 0)
            finding_bad(f, words("%s skulle ha dolts", "%s should have been hidden"),
                        evidence_figure(e, cell));
}

/* A pattern with all that the bundle hides, solved; SKA_E_RULE if totals contradict the rules. */
static enum ska_status take_pattern(struct pattern **out, const struct evidence *e)
{
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    SKA_TRY(start_pattern(&d, e));
    for (uint32_t cell = 0; cell < e->linked->n_listed; cell++)
        if (e->hidden_reason[cell] != 0)
            pattern_hide(d, cell, (enum ska_hidden_reason)e->hidden_reason[cell]);
    SKA_TRY(pattern_solve(d));
    SKA_TRY(pattern_intervals(d));
    *out = d;
    d = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* Every complement, and what is SUMMED, must be led to over hidden cells from something else that
 * is to be kept. */
static void check_reach(const struct evidence *e, struct finding *f)
{
    const struct ska_linked *l = e->linked;
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    SKA_SCOPED(ska_scoped_free) bool *is_reached = ska_alloc(l->n_figures, sizeof *is_reached);
    enum ska_status status = is_reached == NULL ? SKA_E_MEMORY : take_pattern(&d, e);
    if (status == SKA_E_RULE || is_unsolved(f, status))
        return; /* contradictions are told by the check of protection */
    assert(d != NULL && is_reached != NULL);
    for (uint32_t j = 0; j < l->n_figures; j++)
        is_reached[j] = (pattern_is_sensitive(d, j) &&
                         (j >= l->n_published || d->reason[j] != SKA_HIDDEN_SUMMED)) ||
                        (d->reason[j] == PATTERN_UNKNOWN && ska_cell_is_count(&l->cells[j]) &&
                         !pattern_is_harmless(d, j));
    pattern_reach(is_reached, d, false);
    for (uint32_t j = 0; j < l->n_published; j++)
        if ((e->hidden_reason[j] == SKA_HIDDEN_COMPLEMENT ||
             e->hidden_reason[j] == SKA_HIDDEN_SUMMED) &&
            !is_reached[j])
            finding_bad(f,
                        words("%s är dold utan skäl enligt regeln",
                              "%s is hidden without a reason under the rule"),
                        evidence_figure(e, j));
}

/* What is wrong with one complement beyond P0, or NULL. */
static const char *need_wrong(uint8_t need)
{
    if (need == PATTERN_NEED_OTHER)
        return words("bevisat är andra tal än de som den måste döljas med",
                     "proven are other numbers than those with which it must be hidden");
    if (need == PATTERN_NEED_NOT_ASKED)
        return words("ett bevis som regeln inte frågar efter",
                     "a proof that the rule does not ask for");
    if (need == PATTERN_NEED_MISSING)
        return words("skulle ha dolts med en annan", "should have been hidden with another");
    return NULL;
}

/* Those beyond P0: how many are proven to be needed, follow from one that is, and rest on the
 * publisher's word. */
static enum ska_status check_need(size_t count[3], struct pattern *d, const struct evidence *e,
                                  struct finding *f)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *need = ska_alloc(e->linked->n_published, 1);
    if (need == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(pattern_find_need(need, d, e->hidden_reason, e->suppression.needed,
                              e->suppression.n_needed));
    for (uint32_t cell = 0; cell < e->linked->n_published; cell++) {
        const char *wrong = need_wrong(need[cell]);
        if (wrong != NULL)
            finding_bad(f, "%s: %s", evidence_figure(e, cell), wrong);
        count[0] += need[cell] == PATTERN_NEED_PROVEN;
        count[1] += need[cell] == PATTERN_NEED_ALONG;
        count[2] += need[cell] == PATTERN_NEED_WORD;
    }
    return SKA_OK;
}

void check_complementary_suppression(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    uint32_t n = e->linked->n_listed;
    size_t n_complements = 0, count[3] = {0};
    if (is_unsolved(f, start_pattern(&d, e)))
        return;
    assert(d != NULL);
    f->n_inputs = n;
    for (uint32_t cell = 0; cell < n; cell++) {
        if (e->hidden_reason[cell] == SKA_HIDDEN_COMPLEMENT)
            n_complements++;
        else if (e->hidden_reason[cell] != 0)
            pattern_hide(d, cell, (enum ska_hidden_reason)e->hidden_reason[cell]);
    }
    if (is_unsolved(f, pattern_find_first(d)))
        return;
    compare_first(d, e, f);
    check_reach(e, f);
    if (f->n_bad > 0 || is_unsolved(f, check_need(count, d, e, f)))
        return;
    if (f->n_bad == 0)
        snprintf(
            f->detail, sizeof f->detail,
            words("%zu kompletterande, %zu av dem utöver dem som likheterna kräver: %zu bevisade, "
                  "%zu följer av de bevisade, %zu på utgivarens ord",
                  "%zu complements, %zu of them beyond those that the equalities demand: %zu "
                  "proven, %zu that follow from those, %zu on the publisher's word"),
            n_complements, count[0] + count[1] + count[2], count[0], count[1], count[2]);
}

void check_protection(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    for (uint32_t cell = 0; cell < e->linked->n_listed; cell++)
        f->n_inputs += e->hidden_reason[cell] != 0;
    f->is_zero_right = f->n_inputs == 0; /* cells-accounted passed: everything is opened */
    enum ska_status status = take_pattern(&d, e);
    if (is_unsolved(f, status))
        return;
    if (status == SKA_E_RULE) {
        finding_bad(f, "%s",
                    words("summorna motsäger reglerna", "the totals contradict the rules"));
        return;
    }
    assert(d != NULL);
    pattern_find_null(d);
    for (uint32_t cell = 0; cell < e->linked->n_listed; cell++)
        if (pattern_fails(d, cell))
            finding_bad(f, words("%s går att räkna ut", "%s can be worked out"),
                        evidence_figure(e, cell));
}

void check_no_hidden_openings(struct evidence *e, struct finding *f)
{
    f->n_inputs = e->task->n_figures;
    for (uint32_t cell = 0; cell < e->task->n_figures; cell++) {
        if (e->hidden_reason[cell] == 0)
            continue;
        if (e->opening_of[cell] != SKA_NONE)
            finding_bad(
                f, words("%s ska vara dold men är öppnad", "%s should be hidden but is opened"),
                evidence_figure(e, cell));
    }
    for (uint32_t i = 0; i < e->rounding.n; i++)
        if (e->hidden_reason[e->rounding.at[i].figure] != 0)
            finding_bad(f,
                        words("%s ska vara dold men visas avrundad",
                              "%s should be hidden but is shown rounded"),
                        evidence_figure(e, e->rounding.at[i].figure));
    for (uint32_t i = 0; i < e->year_openings.n; i++)
        if (e->hidden_reason[e->year_openings.at[i].figure] != 0)
            finding_bad(
                f, words("%s ska vara dold men är öppnad", "%s should be hidden but is opened"),
                evidence_figure(e, e->year_openings.at[i].figure));
    f->n_inputs += e->year_openings.n;
}
