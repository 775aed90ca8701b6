/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gate_solver.c - looks for whole tables of one component with GLPK.
 *
 * A variable is given to the library as its distance from its least value, so that numbers stay
 * small. The linear relaxation is solved first, going on from the last solution; where that is
 * whole, as it mostly is, nothing more is done, else the library branches. Its numbers are doubles:
 * what it finds is rounded and then checked in exact integers, and is no table if it does not hold.
 * The search is cut after a number of nodes, not after a time, so that the same system gives the
 * same tables.
 */
#include "reports/disclosure/gate_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glpk.h>

#include "crypto/scoped.h"

#define NODES_MAX 2000
#define TOLERANCE 1e-9
#define TOLERANCE_WIDE 1e-7
#define WHOLE_BELOW 9007199254740992.0 /* 2^53: from here on doubles miss whole numbers */

struct gate_solver {
    glp_prob *lp; /* owned */
    int nodes_max;
    bool is_cut; /* the last search met nodes_max */
    const struct gate_system *system;
    uint64_t *found; /* scratch, by variable of the component; owned */
    uint32_t last;   /* the variable that is aimed at */
    int direction;
    double enough;
};

SKA_DEFINE_RELEASE(struct gate_solver *, solver_release, gate_solver_free)

void gate_solver_free(struct gate_solver *solver)
{
    if (solver == NULL)
        return;
    if (solver->lp != NULL)
        glp_delete_prob(solver->lp);
    free(solver->found);
    free(solver);
}

void gate_solver_end(void)
{
    glp_free_env();
}

static void add_columns(glp_prob *lp, const struct gate_system *s, const struct gate_component *c)
{
    glp_add_cols(lp, (int)c->n);
    for (uint32_t j = 0; j < c->n; j++) {
        double width = (double)(s->hi[c->variable[j]] - s->lo[c->variable[j]]);
        glp_set_col_kind(lp, (int)j + 1, GLP_IV);
        glp_set_col_bnds(lp, (int)j + 1, width > 0 ? GLP_DB : GLP_FX, 0, width);
    }
}

/* A row's bounds, less what its variables' least values make; sums fit: they did when the system
 * was propagated. */
static enum ska_status add_row(glp_prob *lp, int at, const struct gate_system *s,
                               const struct gate_row *row, const uint32_t *index, int *columns,
                               double *values)
{
    gate_int base = 0, product;
    for (uint32_t t = 0; t < row->n_terms; t++) {
        const struct gate_term *term = &s->terms[row->first + t];
        columns[t + 1] = (int)index[term->variable] + 1;
        values[t + 1] = (double)term->coefficient;
        if (__builtin_mul_overflow((gate_int)term->coefficient, s->lo[term->variable], &product) ||
            __builtin_add_overflow(base, product, &base))
            return SKA_E_LIMIT;
    }
    double lo = (double)(row->lo - base), hi = (double)(row->hi - base);
    glp_set_row_bnds(lp, at, row->lo == row->hi ? GLP_FX : GLP_DB, lo, hi);
    glp_set_mat_row(lp, at, (int)row->n_terms, columns, values);
    return SKA_OK;
}

static enum ska_status add_rows(glp_prob *lp, const struct gate_system *s,
                                const struct gate_component *c)
{
    uint32_t longest = 0;
    for (size_t i = 0; i < c->n_rows; i++)
        longest = s->rows[c->row[i]].n_terms > longest ? s->rows[c->row[i]].n_terms : longest;
    SKA_SCOPED(ska_scoped_free) uint32_t *index = ska_alloc(s->n, sizeof *index);
    SKA_SCOPED(ska_scoped_free) int *columns = ska_alloc((size_t)longest + 1, sizeof *columns);
    SKA_SCOPED(ska_scoped_free) double *values = ska_alloc((size_t)longest + 1, sizeof *values);
    if (index == NULL || columns == NULL || values == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < c->n; j++)
        index[c->variable[j]] = j;
    if (c->n_rows > 0)
        glp_add_rows(lp, (int)c->n_rows);
    for (size_t i = 0; i < c->n_rows; i++)
        SKA_TRY(add_row(lp, (int)i + 1, s, &s->rows[c->row[i]], index, columns, values));
    return SKA_OK;
}

enum ska_status gate_solver_new(struct gate_solver **out, const struct gate_system *s,
                                const struct gate_component *c)
{
    SKA_SCOPED(solver_release) struct gate_solver *solver = ska_alloc(1, sizeof *solver);
    if (solver == NULL)
        return SKA_E_MEMORY;
    glp_term_out(GLP_OFF);
    solver->system = s;
    solver->found = ska_alloc(c->n, sizeof *solver->found);
    solver->lp = glp_create_prob();
    if (solver->found == NULL)
        return SKA_E_MEMORY;
    add_columns(solver->lp, s, c);
    SKA_TRY(add_rows(solver->lp, s, c));
    *out = solver;
    solver = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* Whether an objective gets as far as is enough. */
static bool is_far(const struct gate_solver *solver, double objective)
{
    return solver->direction < 0 ? objective <= solver->enough + 1e-6
                                 : objective >= solver->enough - 1e-6;
}

/* Called by the library between nodes, and when it has found a table. */
static void on_node(glp_tree *tree, void *arg)
{
    struct gate_solver *solver = arg;
    int n_active, n_now, n_ever;
    glp_ios_tree_size(tree, &n_active, &n_now, &n_ever);
    bool is_enough = glp_ios_reason(tree) == GLP_IBINGO &&
                     is_far(solver, glp_mip_obj_val(glp_ios_get_prob(tree)));
    solver->is_cut = n_ever > solver->nodes_max && !is_enough;
    if (solver->is_cut || is_enough)
        glp_ios_terminate(tree);
}

/* Round the columns' values. Returns whether they were near whole numbers that fit. */
static bool take_values(struct gate_solver *solver, const struct gate_component *c,
                        double (*value_of)(glp_prob *lp, int column))
{
    const struct gate_system *s = solver->system;
    for (uint32_t j = 0; j < c->n; j++) {
        double value = value_of(solver->lp, (int)j + 1), whole = round(value);
        if (!(fabs(value - whole) < 1e-5) || whole < 0 || whole >= WHOLE_BELOW)
            return false;
        gate_int x = s->lo[c->variable[j]] + (gate_int)whole;
        if (x < 0 || x > (gate_int)UINT64_MAX)
            return false;
        solver->found[j] = (uint64_t)x;
    }
    return true;
}

/* The rows and intervals of the component, exactly. */
static bool is_table(const struct gate_component *c, const struct gate_system *s, const uint64_t *x,
                     uint64_t *whole)
{
    for (uint32_t j = 0; j < c->n; j++) {
        gate_int value = (gate_int)x[j];
        if (value < s->lo[c->variable[j]] || value > s->hi[c->variable[j]])
            return false;
        whole[c->variable[j]] = x[j];
    }
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct gate_row *row = &s->rows[c->row[i]];
        gate_int sum = 0, product;
        for (uint32_t t = 0; t < row->n_terms; t++) {
            const struct gate_term *term = &s->terms[row->first + t];
            if (__builtin_mul_overflow((gate_int)whole[term->variable], (gate_int)term->coefficient,
                                       &product) ||
                __builtin_add_overflow(sum, product, &sum))
                return false;
        }
        if (sum < row->lo || sum > row->hi)
            return false;
    }
    return true;
}

static enum ska_status keep(struct gate_component *c, const struct gate_solver *solver)
{
    SKA_SCOPED(ska_scoped_free) uint64_t *whole = ska_alloc(solver->system->n, sizeof *whole);
    if (whole == NULL)
        return SKA_E_MEMORY;
    if (!is_table(c, solver->system, solver->found, whole))
        return SKA_E_STATE;
    if (c->n_tables == c->room) {
        uint32_t room = c->room == 0 ? 4 : 2 * c->room;
        size_t n_values, bytes;
        SKA_TRY(ska_size_mul(&n_values, room, c->n));
        SKA_TRY(ska_size_mul(&bytes, n_values, sizeof *c->value));
        uint64_t *larger = realloc(c->value, bytes);
        if (larger == NULL)
            return SKA_E_MEMORY;
        c->value = larger;
        c->room = room;
    }
    memcpy(c->value + (size_t)c->n_tables * c->n, solver->found, c->n * sizeof *c->value);
    c->n_tables++;
    return SKA_OK;
}

/* Ways to look for a whole table, one after the other until one finds it. Which of them is quick
 * cannot be told from a system; one that is not gets lost for very long. */
struct way {
    int br_tech, gmi_cuts, nodes_max;
};
static const struct way only[] = {{GLP_BR_FFV, GLP_OFF, NODES_MAX}};
/* When that was cut. */
static const struct way nearest[] = {{GLP_BR_FFV, GLP_OFF, NODES_MAX},
                                     {GLP_BR_DTH, GLP_OFF, NODES_MAX}};
/* Any table will do, and one there must be: the truth is one. */
static const struct way first[] = {{GLP_BR_FFV, GLP_OFF, NODES_MAX},
                                   {GLP_BR_DTH, GLP_OFF, NODES_MAX},
                                   {GLP_BR_DTH, GLP_ON, NODES_MAX},
                                   {GLP_BR_FFV, GLP_ON, NODES_MAX},
                                   {GLP_BR_DTH, GLP_OFF, 100000}};

/* SKA_E_STATE if this way finds none. */
static enum ska_status branch(struct gate_component *c, struct gate_solver *solver,
                              const struct way *way)
{
    glp_iocp whole;
    glp_init_iocp(&whole);
    whole.msg_lev = GLP_MSG_OFF;
    whole.br_tech = way->br_tech;
    whole.gmi_cuts = way->gmi_cuts;
    whole.cb_func = on_node;
    whole.cb_info = solver;
    solver->nodes_max = way->nodes_max;
    solver->is_cut = false;
    if (glp_intopt(solver->lp, &whole) != 0 && glp_mip_status(solver->lp) != GLP_FEAS)
        return SKA_E_STATE;
    int status = glp_mip_status(solver->lp);
    if ((status != GLP_OPT && status != GLP_FEAS) || !take_values(solver, c, glp_mip_col_val))
        return SKA_E_STATE;
    return keep(c, solver);
}

/* The linear relaxation, from the last solution. What is left of it after many steps can be so far
 * off that the library finds no solution where tables are known: then from the beginning, and if
 * that does not help either, less strictly. What is found is checked exactly all the same. */
static bool solve_linear(struct gate_solver *solver)
{
    static const double tolerances[] = {TOLERANCE, TOLERANCE, TOLERANCE_WIDE};
    glp_smcp linear;
    glp_init_smcp(&linear);
    linear.msg_lev = GLP_MSG_OFF;
    for (size_t i = 0; i < sizeof tolerances / sizeof tolerances[0]; i++) {
        linear.tol_bnd = tolerances[i];
        if (i > 0)
            glp_std_basis(solver->lp);
        if (glp_simplex(solver->lp, &linear) == 0 && glp_get_status(solver->lp) == GLP_OPT)
            return true;
    }
    glp_std_basis(solver->lp);
    return false;
}

/* Ways in turn, from the solution of the relaxation. */
static enum ska_status branch_by(struct gate_component *c, struct gate_solver *solver,
                                 const struct way *ways, size_t n)
{
    enum ska_status status = SKA_E_STATE;
    for (size_t i = 0; status == SKA_E_STATE && i < n; i++)
        status = branch(c, solver, &ways[i]);
    return status;
}

/* A search for the farthest table that was cut may have been lost in a corner where none is. So
 * one that is just far enough, which is nearer the tables that are known. */
static enum ska_status find_nearest(struct gate_component *c, struct gate_solver *solver)
{
    int column = (int)solver->last + 1;
    double width = glp_get_col_ub(solver->lp, column), enough = solver->enough;
    if (enough < 0 || enough > width)
        return SKA_E_STATE;
    double lo = solver->direction < 0 ? 0 : enough, hi = solver->direction < 0 ? enough : width;
    glp_set_col_bnds(solver->lp, column, lo < hi ? GLP_DB : GLP_FX, lo, hi);
    glp_set_obj_dir(solver->lp, solver->direction < 0 ? GLP_MAX : GLP_MIN);
    enum ska_status status = SKA_E_STATE;
    if (solve_linear(solver))
        status = branch_by(c, solver, nearest, sizeof nearest / sizeof nearest[0]);
    glp_set_col_bnds(solver->lp, column, width > 0 ? GLP_DB : GLP_FX, 0, width);
    return status;
}

enum ska_status gate_solver_find(struct gate_component *c, struct gate_solver *solver, uint32_t at,
                                 int direction, gate_int enough)
{
    glp_set_obj_coef(solver->lp, (int)solver->last + 1, 0);
    glp_set_obj_coef(solver->lp, (int)at + 1, 1);
    glp_set_obj_dir(solver->lp, direction < 0 ? GLP_MIN : GLP_MAX);
    solver->last = at;
    solver->direction = direction;
    solver->enough = (double)(enough - solver->system->lo[c->variable[at]]);
    if (!solve_linear(solver))
        return SKA_E_STATE;
    if (take_values(solver, c, glp_get_col_prim)) {
        enum ska_status status = keep(c, solver);
        if (status != SKA_E_STATE)
            return status;
    }
    if (direction < 0 && c->n_tables > 0 && !is_far(solver, glp_get_obj_val(solver->lp)))
        return SKA_E_STATE;
    if (c->n_tables == 0)
        return branch_by(c, solver, first, sizeof first / sizeof first[0]);
    enum ska_status status = branch_by(c, solver, only, sizeof only / sizeof only[0]);
    return solver->is_cut && (status == SKA_OK || status == SKA_E_STATE) ? find_nearest(c, solver)
                                                                         : status;
}
