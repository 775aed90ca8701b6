/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gate.h - what an attacker can work out from everything that is public, in whole numbers.
 *
 * The *linked system* is all that is public about hidden figures: whole variables, each with the
 * interval that its reason leaves, and rows  lo <= sum of k x <= hi  over them, in which what is
 * open has been filled in. It says nothing about which tables, periods or groups it came from, so
 * that one gate serves all of them (gate_task.c builds it).
 *
 *     gate_new -> gate_add_row ... -> gate_propagate -> gate_certify
 *
 * The gate's claim is a certificate: whole tables that satisfy the system, and for each variable
 * two of them that differ in it by what is demanded. They are found with GLPK, which works in
 * floating point; a table is taken only after it has been checked exactly here. The system holds
 * nothing secret, so the tables tell nothing.
 */
#ifndef SKA_REPORTS_GATE_H
#define SKA_REPORTS_GATE_H

#include "protocol/bundle.h"
#include "protocol/certificate.h"

__extension__ typedef __int128 gate_int;

struct gate_term {
    uint32_t variable;
    int64_t coefficient; /* not zero */
};

struct gate_row {
    gate_int lo, hi;
    size_t first; /* of its terms */
    uint32_t n_terms;
};

/* Made by gate_new. All arrays are owned. */
struct gate_system {
    uint32_t n;       /* variables */
    gate_int *lo;     /* by variable: what is known of each alone */
    gate_int *hi;     /* never below lo */
    uint64_t *demand; /* by variable: the least width to be left to an attacker; 0: none */
    size_t n_rows, rows_room, n_terms, terms_room;
    struct gate_row *rows;
    struct gate_term *terms;
};

/* n variables, each known to be 0, without demands or rows. SKA_E_MEMORY. */
enum ska_status gate_new(struct gate_system **out, uint32_t n) SKA_MUST_CHECK;
void gate_free(struct gate_system *s);

/* Copies the terms; a row without terms is left out. SKA_E_RULE if it could never hold,
 * SKA_E_MEMORY. */
enum ska_status gate_add_row(struct gate_system *s, gate_int lo, gate_int hi,
                             const struct gate_term *terms, uint32_t n_terms) SKA_MUST_CHECK;

/*
 * The same system, in which some variables are in runs of numbers: `variable` says which each is
 * of (SKA_NONE: none). Where there are two runs, a variable that says which is added at the end.
 * Then the certificate without what was added. SKA_E_RULE if a run is out of a variable's interval,
 * SKA_E_MEMORY. gate_runs.c
 */
enum ska_status gate_with_runs(struct gate_system **out, const struct gate_system *s,
                               const struct ska_needed *needed, const uint32_t *variable,
                               uint32_t n) SKA_MUST_CHECK;
void gate_without_runs(struct ska_certificate *c, uint32_t n_variables);

/* Narrow lo and hi by the rows, one at a time, until nothing changes, at most 100 rounds. Takes
 * nothing from an attacker: what is cut off no table has. SKA_E_RULE if an interval is empty,
 * SKA_E_LIMIT if a number does not fit. gate_propagate.c */
enum ska_status gate_propagate(struct gate_system *s) SKA_MUST_CHECK;

/* Whether whole numbers satisfy the system, exactly. */
bool gate_holds(const struct gate_system *s, const uint64_t *x);

/*
 * Find the certificate of a propagated system, or the variables that have none.
 *
 * Out:    out     n_variables = s->n, pairs by variable; the caller clears it
 *         fails   s->n of them: the lowest variable of each component for which no two tables were
 *                 found that differ by the demand
 *
 * Returns SKA_OK; SKA_E_STATE if some variable fails (`out` is untouched); SKA_E_RULE if no table
 * was found at all; SKA_E_LIMIT, SKA_E_MEMORY. Same system, same library, same bytes.
 */
enum ska_status gate_certify(struct ska_certificate *out, bool *fails,
                             const struct gate_system *s) SKA_MUST_CHECK;

#endif
