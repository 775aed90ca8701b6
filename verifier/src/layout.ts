// SPDX-License-Identifier: EUPL-1.2
// layout.ts - the cells and rules of a task (docs/protocol.md, section 8).
import { demand } from "./bytes";
import { type Catalogue, type CatalogueRule, type Category, type Dimension, type Indicator } from "./catalogue";
import { type Rule } from "./transcript";

export type CellKind = "total" | "answered" | "mark" | "category";

export interface Cell {
    code: string;
    kind: CellKind;
    bound: bigint;
    indicator: Indicator;
    /** Cells of the same indicator. */
    total: number;
    flag: number | null;
    mark: number | null;
    dimension: Dimension | null;
    category: Category | null;
}
export interface Layout {
    cells: Cell[];
    rules: Rule[];
}

export function isCount(cell: Cell): boolean {
    return cell.kind === "total" || cell.kind === "category";
}

function addIndicator(layout: Layout, catalogue: Catalogue, indicator: Indicator): void {
    const { cells, rules } = layout;
    const total = cells.length;
    const flag = indicator.mayBeBlank ? total + 1 : null;
    const mark = indicator.hasMark ? total + (flag === null ? 1 : 2) : null;
    const common = { indicator, total, flag, mark, dimension: null, category: null };
    const bound = indicator.bound;
    cells.push({ ...common, code: indicator.code, kind: "total", bound });
    if (flag !== null) {
        cells.push({ ...common, code: `${indicator.code}.answered`, kind: "answered", bound: 1n });
        rules.push({ constant: 0n, width: bound, terms: [{ cell: total, k: -1n }, { cell: flag, k: bound }] });
    }
    if (mark !== null) cells.push({ ...common, code: `${indicator.code}.marked`, kind: "mark", bound: 1n });
    for (const table of indicator.tables) {
        const dimension = catalogue.dimensions[table]!;
        const first = cells.length;
        for (const category of dimension.categories)
            cells.push({ ...common, code: `${indicator.code}.${dimension.code}.${category.code}`, kind: "category", bound, dimension, category });
        const parts = dimension.categories.map((_, i) => ({ cell: first + i, k: 1n }));
        if (!dimension.isMultiple) rules.push({ constant: 0n, width: 0n, terms: [{ cell: total, k: -1n }, ...parts] });
        else for (const part of parts)
            rules.push({ constant: 0n, width: bound, terms: [{ cell: total, k: 1n }, { cell: part.cell, k: -1n }] });
    }
}

/** The rule in terms of cells; null if it is of another cadence. */
function placeRule(rule: CatalogueRule, where: Map<string, number>, layout: Layout, elsewhere: Set<string>): Rule | null {
    const isHere = rule.terms.every((t) => where.has(t.cell));
    if (!isHere) {
        demand(rule.terms.every((t) => elsewhere.has(t.cell)), `rule ${rule.code} names cells that are not there`);
        return null;
    }
    const terms = rule.terms.map((t) => ({ cell: where.get(t.cell)!, k: t.k }));
    terms.sort((a, b) => a.cell - b.cell);
    for (const t of terms) demand(layout.cells[t.cell]!.kind !== "mark", `rule ${rule.code} names a mark`);
    let [high, low] = [rule.constant, rule.constant];
    for (const { cell, k } of terms) {
        const extreme = k * layout.cells[cell]!.bound;
        if (k > 0n) high += extreme;
        else low += extreme;
    }
    demand(high >= 0n && (!rule.isEquality || low <= 0n), `rule ${rule.code} can never hold`);
    demand(high < 1n << 64n, `rule ${rule.code} is too wide`);
    return { constant: rule.constant, width: rule.isEquality ? 0n : high, terms };
}

function demandNoWrap(layout: Layout, nContributors: number): void {
    for (const rule of layout.rules) {
        let sum = rule.width + (rule.constant < 0n ? -rule.constant : rule.constant);
        for (const { cell, k } of rule.terms) sum += (k < 0n ? -k : k) * layout.cells[cell]!.bound;
        demand(sum < 1n << 128n, "a rule could wrap around");
    }
    for (const cell of layout.cells) demand(BigInt(nContributors) * cell.bound < 1n << 128n, "a total could wrap around");
}

function codesOf(catalogue: Catalogue, cadence: (c: number) => boolean): Set<string> {
    const layout: Layout = { cells: [], rules: [] };
    for (const indicator of catalogue.indicators) if (cadence(indicator.cadence)) addIndicator(layout, catalogue, indicator);
    return new Set(layout.cells.map((c) => c.code));
}

export function makeLayout(catalogue: Catalogue, cadence: number, nContributors: number): Layout {
    const layout: Layout = { cells: [], rules: [] };
    for (const indicator of catalogue.indicators) if (indicator.cadence === cadence) addIndicator(layout, catalogue, indicator);
    demand(layout.cells.length > 0, "the catalogue has no indicator of the cadence");
    const where = new Map(layout.cells.map((c, i) => [c.code, i]));
    demand(where.size === layout.cells.length, "two cells have one code");
    const elsewhere = codesOf(catalogue, (c) => c !== cadence);
    for (const rule of catalogue.rules) {
        const placed = placeRule(rule, where, layout, elsewhere);
        if (placed !== null) layout.rules.push(placed);
    }
    demand(layout.cells.length <= 4096 && layout.rules.length <= 4096, "too many cells or rules");
    for (const rule of layout.rules) demand(rule.terms.length <= 4096, "a rule has too many terms");
    demandNoWrap(layout, nContributors);
    return layout;
}
