/* SPDX-License-Identifier: EUPL-1.2 */
/* gate_components.c - the parts of a linked system that no row connects. */
#include "reports/disclosure/gate_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

static void *array(size_t n, size_t size)
{
    return ska_alloc(n > 0 ? n : 1, size);
}

void gate_component_clear(struct gate_component *c)
{
    free(c->variable);
    free(c->row);
    free(c->value);
    memset(c, 0, sizeof *c);
}

static uint32_t find_root(uint32_t *parent, uint32_t j)
{
    while (parent[j] != j) {
        parent[j] = parent[parent[j]];
        j = parent[j];
    }
    return j;
}

/* Whether a row holds whatever its variables are. A sum that does not fit is not slack. */
static bool is_slack(const struct gate_system *s, const struct gate_row *row)
{
    gate_int min = 0, max = 0;
    for (uint32_t t = 0; t < row->n_terms; t++) {
        const struct gate_term *term = &s->terms[row->first + t];
        gate_int k = term->coefficient, a, b;
        if (__builtin_mul_overflow(k, s->lo[term->variable], &a) ||
            __builtin_mul_overflow(k, s->hi[term->variable], &b) ||
            __builtin_add_overflow(min, k > 0 ? a : b, &min) ||
            __builtin_add_overflow(max, k > 0 ? b : a, &max))
            return false;
    }
    return min >= row->lo && max <= row->hi;
}

/* Each component's variables and rows, counted first. `index` is by root: the component. */
static enum ska_status fill(struct gate_component *at, const uint32_t *index,
                            const struct gate_system *s, uint32_t *root, const uint8_t *slack)
{
    for (uint32_t j = 0; j < s->n; j++)
        at[index[find_root(root, j)]].n++;
    for (size_t i = 0; i < s->n_rows; i++)
        if (!slack[i])
            at[index[find_root(root, s->terms[s->rows[i].first].variable)]].n_rows++;
    for (uint32_t j = 0; j < s->n; j++) {
        struct gate_component *c = &at[index[find_root(root, j)]];
        if (c->variable == NULL) {
            c->variable = array(c->n, sizeof *c->variable);
            c->row = array(c->n_rows, sizeof *c->row);
            c->n = 0;
            c->n_rows = 0;
        }
        if (c->variable == NULL || c->row == NULL)
            return SKA_E_MEMORY;
        c->variable[c->n++] = j;
    }
    for (size_t i = 0; i < s->n_rows; i++)
        if (!slack[i]) {
            struct gate_component *c =
                &at[index[find_root(root, s->terms[s->rows[i].first].variable)]];
            c->row[c->n_rows++] = i;
        }
    return SKA_OK;
}

/* Variables in one component get one root. */
static void join(uint32_t *root, uint8_t *slack, const struct gate_system *s)
{
    for (uint32_t j = 0; j < s->n; j++)
        root[j] = j;
    for (size_t i = 0; i < s->n_rows; i++) {
        slack[i] = is_slack(s, &s->rows[i]);
        for (uint32_t t = 1; !slack[i] && t < s->rows[i].n_terms; t++) {
            uint32_t a = find_root(root, s->terms[s->rows[i].first].variable);
            uint32_t b = find_root(root, s->terms[s->rows[i].first + t].variable);
            root[a < b ? b : a] = a < b ? a : b;
        }
    }
}

enum ska_status gate_find_components(struct gate_component **out, size_t *n_out,
                                     const struct gate_system *s)
{
    SKA_SCOPED(ska_scoped_free) uint32_t *root = array(s->n, sizeof *root);
    SKA_SCOPED(ska_scoped_free) uint32_t *index = array(s->n, sizeof *index);
    SKA_SCOPED(ska_scoped_free) uint8_t *slack = array(s->n_rows, sizeof *slack);
    if (root == NULL || index == NULL || slack == NULL)
        return SKA_E_MEMORY;
    join(root, slack, s);
    size_t n = 0;
    for (uint32_t j = 0; j < s->n; j++)
        if (find_root(root, j) == j)
            index[j] = (uint32_t)n++;
    struct gate_component *at = array(n, sizeof *at);
    if (at == NULL)
        return SKA_E_MEMORY;
    *out = at; /* the caller's also after failure */
    *n_out = n;
    return fill(at, index, s, root, slack);
}
