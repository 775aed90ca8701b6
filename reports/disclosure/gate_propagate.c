/* SPDX-License-Identifier: EUPL-1.2 */
/* gate_propagate.c - what each row of a linked system alone tells about its variables. */
#include "reports/disclosure/gate.h"

#define ROUNDS_MAX 100
#define LIMIT ((gate_int)1 << 120) /* so that a negation or a small step always fits */

/* a / b rounded down, or up; b > 0, and mostly 1, where nothing is to be divided. */
static gate_int divide_down(gate_int a, gate_int b)
{
    return b == 1 ? a : a / b - (a % b < 0);
}

static gate_int divide_up(gate_int a, gate_int b)
{
    return b == 1 ? a : a / b + (a % b > 0);
}

/* Least and greatest value of a term. */
static enum ska_status range(gate_int *min, gate_int *max, const struct gate_system *s,
                             const struct gate_term *term)
{
    gate_int k = term->coefficient, low = s->lo[term->variable], high = s->hi[term->variable];
    if (__builtin_mul_overflow(k, k > 0 ? low : high, min) ||
        __builtin_mul_overflow(k, k > 0 ? high : low, max))
        return SKA_E_LIMIT;
    return SKA_OK;
}

/* Sums over all terms of a row. */
static enum ska_status add_up(gate_int *min, gate_int *max, const struct gate_system *s,
                              const struct gate_row *row)
{
    *min = *max = 0;
    for (uint32_t t = 0; t < row->n_terms; t++) {
        gate_int a, b;
        SKA_TRY(range(&a, &b, s, &s->terms[row->first + t]));
        if (__builtin_add_overflow(*min, a, min) || __builtin_add_overflow(*max, b, max))
            return SKA_E_LIMIT;
        if (*min < -LIMIT || *max > LIMIT)
            return SKA_E_LIMIT;
    }
    return SKA_OK;
}

/* Narrow one variable to  low <= k x <= high. */
static enum ska_status narrow(bool *changed, struct gate_system *s, const struct gate_term *term,
                              gate_int low, gate_int high)
{
    gate_int k = term->coefficient;
    gate_int lo = k > 0 ? divide_up(low, k) : divide_up(-high, -k);
    gate_int hi = k > 0 ? divide_down(high, k) : divide_down(-low, -k);
    if (lo > s->lo[term->variable]) {
        s->lo[term->variable] = lo;
        *changed = true;
    }
    if (hi < s->hi[term->variable]) {
        s->hi[term->variable] = hi;
        *changed = true;
    }
    return s->lo[term->variable] <= s->hi[term->variable] ? SKA_OK : SKA_E_RULE;
}

static enum ska_status apply(bool *changed, struct gate_system *s, const struct gate_row *row)
{
    gate_int min, max;
    SKA_TRY(add_up(&min, &max, s, row));
    if (row->lo < -LIMIT || row->hi > LIMIT)
        return SKA_E_LIMIT;
    for (uint32_t t = 0; t < row->n_terms; t++) {
        const struct gate_term *term = &s->terms[row->first + t];
        gate_int a, b;
        SKA_TRY(range(&a, &b, s, term));
        SKA_TRY(narrow(changed, s, term, row->lo - (max - b), row->hi - (min - a)));
        min -= a;
        max -= b;
        SKA_TRY(range(&a, &b, s, term));
        min += a;
        max += b;
    }
    return SKA_OK;
}

enum ska_status gate_propagate(struct gate_system *s)
{
    bool changed = true;
    for (uint32_t j = 0; j < s->n; j++)
        if (s->lo[j] > s->hi[j])
            return SKA_E_RULE;
    for (int round = 0; round < ROUNDS_MAX && changed; round++) {
        changed = false;
        for (size_t i = 0; i < s->n_rows; i++)
            SKA_TRY(apply(&changed, s, &s->rows[i]));
    }
    return SKA_OK;
}
