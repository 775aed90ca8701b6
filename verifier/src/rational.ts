// SPDX-License-Identifier: EUPL-1.2
// rational.ts - which unknowns a system of equations gives away (docs/disclosure-control.md, section 4), in exact integers.
//
// Rows are kept in reduced row echelon form without fractions: each divided by the greatest common divisor of its entries.
export type Row = Map<number, bigint>;

function gcd(a: bigint, b: bigint): bigint {
    while (b !== 0n) [a, b] = [b, a % b];
    return a < 0n ? -a : a;
}

function simplify(row: Row): void {
    let divisor = 0n;
    for (const v of row.values()) {
        divisor = gcd(divisor, v);
        if (divisor === 1n) return;
    }
    if (divisor > 1n) for (const [k, v] of row) row.set(k, v / divisor);
}

/** row = row * a - pivot * b, so that column `at` becomes 0. */
function eliminate(row: Row, pivot: Row, at: number): void {
    const [a, b] = [pivot.get(at)!, row.get(at)!];
    const common = gcd(a, b);
    const [up, down] = [a / common, b / common];
    if (up !== 1n) for (const [k, v] of row) row.set(k, v * up);
    for (const [k, v] of pivot) {
        const value = (row.get(k) ?? 0n) - v * down;
        if (value === 0n) row.delete(k);
        else row.set(k, value);
    }
    simplify(row);
}

/** Columns, rising, whose unit vector is in the row space. */
export function derivable(rows: Row[]): number[] {
    const pivots = new Map<number, Row>();
    for (const given of rows) {
        const row = new Map(given);
        for (const column of [...row.keys()]) {
            const pivot = pivots.get(column);
            if (pivot !== undefined && row.has(column)) eliminate(row, pivot, column);
        }
        if (row.size === 0) continue;
        const column = Math.min(...row.keys());
        for (const other of pivots.values()) if (other.has(column)) eliminate(other, row, column);
        pivots.set(column, row);
    }
    return [...pivots].filter(([, row]) => row.size === 1).map(([column]) => column).sort((a, b) => a - b);
}
