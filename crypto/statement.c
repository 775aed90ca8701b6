/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * statement.c - whether a statement is well formed, cannot wrap around, and holds.
 *
 * Sums of terms are kept in 128 bits: a coefficient is below 2^63 and a bound below 2^64 in
 * magnitude, so one product is below 2^127; sums are checked.
 */
#include "crypto/statement.h"

#include "crypto/proof.h"
#include "crypto/proof_bits.h"

__extension__ typedef unsigned __int128 wide;

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

/* The positive and the negative part of c + sum of c_j x_j, each as a magnitude. `x` are the
 * bounds, or plain counts. Returns false if a part does not fit 128 bits. */
static bool sum_rule(wide part[2], const struct ska_rule *rule, const uint64_t *x)
{
    part[0] = part[1] = 0;
    part[rule->constant < 0] = magnitude(rule->constant);
    for (size_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        wide *p = &part[term->coefficient < 0];
        wide product = (wide)magnitude(term->coefficient) * x[term->cell];
        if (__builtin_add_overflow(*p, product, p))
            return false;
    }
    return true;
}

static enum ska_status check_rule(const struct ska_statement *s, size_t at, struct ska_error *err)
{
    const struct ska_rule *rule = &s->rules[at];
    if (rule->n_terms == 0 || rule->n_terms > SKA_TERMS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "rule %zu: has %u terms, allowed are 1 to %u", at,
                        (unsigned)rule->n_terms, SKA_TERMS_MAX);
    if (rule->constant == INT64_MIN)
        return ska_fail(err, SKA_E_RANGE, "rule %zu: its constant is -2^63", at);
    for (size_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        if (term->cell >= s->n_cells)
            return ska_fail(err, SKA_E_RANGE, "rule %zu: term %zu names cell %u of %u", at, i,
                            (unsigned)term->cell, (unsigned)s->n_cells);
        if (i > 0 && term->cell <= rule->terms[i - 1].cell)
            return ska_fail(err, SKA_E_RANGE, "rule %zu: term %zu is not in order of cells", at, i);
        if (term->coefficient == 0 || term->coefficient == INT64_MIN)
            return ska_fail(err, SKA_E_RANGE, "rule %zu: term %zu has coefficient 0 or -2^63", at,
                            i);
    }
    wide part[2];
    wide sum;
    if (!sum_rule(part, rule, s->bound) || __builtin_add_overflow(part[0], part[1], &sum) ||
        __builtin_add_overflow(sum, (wide)rule->width, &sum))
        return ska_fail(err, SKA_E_RANGE,
                        "rule %zu: its largest values and its width reach 2^128, so it could wrap "
                        "around",
                        at);
    return SKA_OK;
}

uint32_t ska_statement_compared(const struct ska_statement *s)
{
    return s->compares && s->n_cells > 0 ? s->n_cells - 1 : 0;
}

#define COMPARED_BOUND_MAX (UINT64_C(1) << 62)

/* The widths of comparisons, 2 B, fit 64 bits, and so do their values, from -B to 2 B, without two
 * of them looking the same; and P + N + W = 2 B + B + 2 B is far below 2^128. */
static enum ska_status check_comparisons(const struct ska_statement *s, struct ska_error *err)
{
    if (!s->compares)
        return SKA_OK;
    if (s->n_cells < 2 || s->bound[s->n_cells - 1] != 1)
        return ska_fail(err, SKA_E_RANGE,
                        "a later revision has cells to compare and, last, a flag of bound 1");
    for (size_t j = 0; j + 1 < s->n_cells; j++) {
        if (s->bound[j] > COMPARED_BOUND_MAX)
            return ska_fail(err, SKA_E_RANGE,
                            "cell %zu: its bound is over 2^62, so a comparison with the "
                            "revision before does not fit 64 bits",
                            j);
    }
    return SKA_OK;
}

enum ska_status ska_statement_check(const struct ska_statement *s, struct ska_error *err)
{
    if (s->n_cells > SKA_CELLS_MAX || s->n_rules > SKA_RULES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "%u cells and %u rules: allowed are %u and %u",
                        (unsigned)s->n_cells, (unsigned)s->n_rules, SKA_CELLS_MAX, SKA_RULES_MAX);
    for (size_t j = 0; j < s->n_cells; j++) {
        if (s->bound[j] == 0)
            return ska_fail(err, SKA_E_RANGE, "cell %zu: its bound is 0", j);
    }
    for (size_t i = 0; i < s->n_rules; i++)
        SKA_TRY(check_rule(s, i, err));
    SKA_TRY(check_comparisons(s, err));
    size_t n_bits = ska_statement_bits(s);
    if (n_bits > SKA_PROOF_BITS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "a proof of it has %zu bits, allowed are %u", n_bits,
                        SKA_PROOF_BITS_MAX);
    return SKA_OK;
}

size_t ska_statement_bits(const struct ska_statement *s)
{
    size_t n = 0; /* at most 64 * 16384 */
    for (size_t j = 0; j < s->n_cells; j++)
        n += ska_bits_of_bound(s->bound[j]);
    for (size_t i = 0; i < s->n_rules; i++)
        n += ska_bits_of_bound(s->rules[i].width);
    for (size_t j = 0; j < ska_statement_compared(s); j++)
        n += 2 * ska_bits_of_bound(2 * s->bound[j]);
    return n;
}

enum ska_status ska_statement_holds(size_t *where, const struct ska_statement *s,
                                    const uint64_t *counts)
{
    for (size_t j = 0; j < s->n_cells; j++) {
        if (counts[j] > s->bound[j]) {
            *where = j;
            return SKA_E_RANGE;
        }
    }
    for (size_t i = 0; i < s->n_rules; i++) {
        wide part[2];
        bool fits = sum_rule(part, &s->rules[i], counts);
        if (!fits || part[0] < part[1] || part[0] - part[1] > s->rules[i].width) {
            *where = i;
            return SKA_E_RULE;
        }
    }
    return SKA_OK;
}
