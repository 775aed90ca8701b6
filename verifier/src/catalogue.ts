// SPDX-License-Identifier: EUPL-1.2
// catalogue.ts - the binary catalogue (docs/protocol.md, section 7; what must hold in it: docs/catalogue.md).
import { compareBytes, ascii, demand, Reader, readCode, readText } from "./bytes";

export interface Text {
    sv: string;
    en: string;
}
export interface Category {
    code: string;
    label: Text;
}
export interface Dimension {
    code: string;
    label: Text;
    isMultiple: boolean;
    categories: Category[];
}
export interface Indicator {
    code: string;
    label: Text;
    unit: Text;
    cadence: number;
    bound: bigint;
    mayBeBlank: boolean;
    /** 0 as the policy says, 1 shown, 2 hidden */
    zeros: number;
    yearly: number;
    hasMark: boolean;
    /** Published for all contributors together, never for a group. */
    isWholeOnly: boolean;
    tables: number[];
}
export interface CatalogueRule {
    code: string;
    isEquality: boolean;
    constant: bigint;
    terms: { cell: string; k: bigint }[];
}
export interface Catalogue {
    id: string;
    edition: string;
    title: Text;
    source: Text;
    dimensions: Dimension[];
    indicators: Indicator[];
    rules: CatalogueRule[];
}

const NONE = 0xffffffff;
const LARGEST = 1n << 53n;

function readLabel(r: Reader): Text {
    return { sv: readText(r.opaque16(2000)), en: readText(r.opaque16(2000)) };
}

export function readList<T>(r: Reader, max: number, read: () => T, min = 0): T[] {
    const n = r.u16();
    demand(n >= min && n <= max, "a list is longer or shorter than allowed");
    return Array.from({ length: n }, read);
}

function skipStrings(r: Reader): void {
    readList(r, 200, () => readText(r.opaque16(2000)));
}

export function demandDistinct(codes: string[], what: string): void {
    demand(new Set(codes.map((c) => c.toLowerCase())).size === codes.length, `${what}: a code stands twice`);
}

function readDimension(r: Reader): Dimension {
    const code = readCode(r.opaque8(32));
    const label = readLabel(r);
    const isMultiple = r.bool();
    const categories = readList(r, 200, () => {
        const category = { code: readCode(r.opaque8(32)), label: readLabel(r) };
        skipStrings(r);
        return category;
    }, 1);
    demandDistinct(categories.map((c) => c.code), "categories");
    return { code, label, isMultiple, categories };
}

function inRange(value: number, low: number, high: number, what: string): number {
    demand(value >= low && value <= high, `${what} is out of range`);
    return value;
}

/** A record kind; only its number of columns is of use. */
function readKind(r: Reader, nDimensions: number): { code: string; nColumns: number } {
    const code = readCode(r.opaque8(32));
    readLabel(r);
    const columns = readList(r, 200, () => {
        const column = readCode(r.opaque8(32));
        const kind = inRange(r.u8(), 1, 5, "a column's kind");
        const dimension = r.u32();
        demand(kind === 2 ? dimension < nDimensions : dimension === NONE, "a column's dimension");
        r.bool();
        skipStrings(r);
        return column;
    }, 1);
    demandDistinct(columns, "columns");
    return { code, nColumns: columns.length };
}

function readIndicator(r: Reader, version: number, nDimensions: number, kinds: { nColumns: number }[]): Indicator {
    const code = readCode(r.opaque8(32));
    const label = readLabel(r);
    readLabel(r);
    const unit = readLabel(r);
    inRange(r.u8(), 1, 2, "origin");
    readLabel(r);
    const cadence = inRange(r.u8(), 1, 5, "cadence");
    inRange(r.u8(), 1, 2, "sensitivity");
    const bound = r.u64();
    demand(bound >= 1n && bound <= 1n << 32n, "a bound is out of range");
    demand(r.u64() <= bound, "soft_warn is out of range");
    const mayBeBlank = r.bool();
    const zeros = inRange(r.u8(), 0, 2, "zeros");
    const yearly = inRange(r.u8(), 0, 1, "yearly");
    const hasMark = r.bool();
    const population = inRange(r.u8(), 0, 3, "population");
    const per = r.u32();
    demand(population === 0 ? per === 0 : per === 1000 || per === 10000, "a denominator");
    const isWholeOnly = version === 3 && r.bool();
    const tables = readList(r, 100, () => inRange(r.u32(), 0, nDimensions - 1, "a table's dimension"));
    demand(new Set(tables).size === tables.length, "a table stands twice");
    const kind = r.u32();
    demand(kind < kinds.length, "a record kind is not there");
    const [sum, distinct] = [r.u32(), r.u32()];
    const nColumns = kinds[kind]!.nColumns;
    for (const column of [sum, distinct]) demand(column < nColumns || column === NONE, "a column is not there");
    demand(sum === NONE || distinct === NONE, "both sum and distinct");
    demand(yearly === 0 || (cadence !== 5 && distinct === NONE), "yearly");
    readList(r, 65535, () => {
        demand(r.u32() < nColumns, "a column is not there");
        skipStrings(r);
    });
    return { code, label, unit, cadence, bound, mayBeBlank, zeros, yearly, hasMark, isWholeOnly, tables };
}

function readRule(r: Reader): CatalogueRule {
    const code = readCode(r.opaque8(32));
    readLabel(r);
    const isEquality = r.bool();
    const constant = r.i64();
    demand(constant < LARGEST && constant > -LARGEST, "a constant is out of range");
    let before = "";
    const terms = readList(r, 4096, () => {
        const cell = String.fromCharCode(...r.opaque8());
        demand(before === "" || compareBytes(ascii(before), ascii(cell)) < 0, "terms are out of order");
        before = cell;
        const k = r.i64();
        demand(k !== 0n && k < LARGEST && k > -LARGEST, "a coefficient is out of range");
        return { cell, k };
    }, 1);
    return { code, isEquality, constant, terms };
}

export function readCatalogue(data: Uint8Array): Catalogue {
    const r = new Reader(data);
    const version = r.u8();
    demand(version === 2 || version === 3, "the catalogue's version is neither 2 nor 3");
    const id = readCode(r.opaque8(32));
    const edition = readCode(r.opaque8(32));
    const title = readLabel(r);
    readLabel(r);
    const source = readLabel(r);
    const dimensions = readList(r, 100, () => readDimension(r));
    const kinds = readList(r, 50, () => readKind(r, dimensions.length), 1);
    const indicators = readList(r, 1000, () => readIndicator(r, version, dimensions.length, kinds), 1);
    const rules = readList(r, 4096, () => readRule(r));
    r.end();
    demand(indicators.some((i) => i.isWholeOnly) === (version === 3), "the catalogue's version");
    demandDistinct(dimensions.map((d) => d.code), "dimensions");
    demandDistinct(kinds.map((k) => k.code), "record kinds");
    demandDistinct(indicators.map((i) => i.code), "indicators");
    demandDistinct(rules.map((x) => x.code), "rules");
    return { id, edition, title, source, dimensions, indicators, rules };
}
