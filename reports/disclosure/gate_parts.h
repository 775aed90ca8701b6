/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gate_parts.h - the gate's pieces, shared by its files: one component of a system, and the solver
 * that looks for its tables.
 *
 * A component is a set of variables that rows connect; a row that holds whatever its variables are
 * is left out. Components do not touch each other, so a table of the whole is put together from
 * one table of each.
 */
#ifndef SKA_REPORTS_GATE_PARTS_H
#define SKA_REPORTS_GATE_PARTS_H

#include "reports/disclosure/gate.h"

struct gate_component {
    uint32_t n;         /* variables, at least one */
    uint32_t *variable; /* of the system; owned */
    size_t n_rows;
    size_t *row;       /* of the system; owned */
    uint32_t n_tables; /* found so far */
    uint32_t room;
    uint64_t *value; /* table by table; owned */
};

void gate_component_clear(struct gate_component *c);

/* Every component of a system. The caller clears each and frees *out. SKA_E_MEMORY, SKA_E_LIMIT.
 * gate_components.c */
enum ska_status gate_find_components(struct gate_component **out, size_t *n_out,
                                     const struct gate_system *s) SKA_MUST_CHECK;

/* A solver set up for one component. gate_solver.c is the only file that knows the library. */
struct gate_solver;
enum ska_status gate_solver_new(struct gate_solver **out, const struct gate_system *s,
                                const struct gate_component *c) SKA_MUST_CHECK;
void gate_solver_free(struct gate_solver *solver);

/*
 * Look for a table in which one variable of the component is least (direction < 0) or greatest
 * (> 0), or at least as far as `enough`, and append it to the component. Downwards, where even
 * the linear relaxation does not get as far as `enough`, what it finds is taken only if it is whole
 * already.
 *
 * Returns SKA_OK; SKA_E_STATE if none was found: there is none, the search grew too long, or what
 * was found does not hold exactly; SKA_E_MEMORY.
 */
enum ska_status gate_solver_find(struct gate_component *c, struct gate_solver *solver, uint32_t at,
                                 int direction, gate_int enough) SKA_MUST_CHECK;

/* Give back what the library keeps between solvers. */
void gate_solver_end(void);

#endif
