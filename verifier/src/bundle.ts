// SPDX-License-Identifier: EUPL-1.2
// bundle.ts - the archive, and the documents in it (docs/protocol.md, sections 16 and 18).
import { ascii, demand, isAllZero, isSame, Reader, toHex } from "./bytes";
import { h256, sha256 } from "./hash";
import { readPeriod } from "./parameters";

export interface File {
    name: string;
    data: Uint8Array;
}

const BLOCK = 512;
/** Section 20. */
const FIGURES_MAX = 266240, LISTED_MAX = 1048576, PROOF_MAX = 1312;
const FIXED_BEFORE = ["bundle", "parameters", "accepted"];
const OF_LOG = ["log/policy", "log/checkpoint", "log/left", "log/leaves", "log/records"];
const OPTIONAL = ["rounding", "changes", "earlier", "year"];
/** There if and only if the file `year` is. */
const OF_YEAR = ["year.json", "year.px"];
const FIXED_AFTER = [...OF_LOG, "aggregates", "suppression", "certificate", ...OPTIONAL, "table.csv", "table.json", "table.px",
    ...OF_YEAR, "page.sv.html", "page.en.html", "release"];

function octal(value: number, digits: number): string {
    return value.toString(8).padStart(digits, "0");
}

/** The one header that a file of this name and size has. */
function header(name: string, size: number): Uint8Array {
    const out = new Uint8Array(BLOCK);
    const put = (at: number, text: string) => out.set(ascii(text), at);
    put(0, name);
    for (const at of [100, 108, 116, 329, 337]) put(at, at === 100 ? "0000644" : "0000000");
    put(124, octal(size, 11));
    put(136, "00000000000");
    put(148, "        0");
    put(257, "ustar");
    put(263, "00");
    put(148, octal(out.reduce((sum, b) => sum + b, 0), 6) + "\0 ");
    return out;
}

function readName(block: Uint8Array): string {
    let end = 0;
    while (end < 100 && block[end] !== 0) end++;
    return String.fromCharCode(...block.subarray(0, end));
}

/** Submissions stand where their numbers rise; of the others each stands once, the optional ones perhaps. */
function demandOrder(names: string[]): void {
    const submissions = names.filter((n) => n.startsWith("submissions/"));
    submissions.forEach((name, i) => {
        demand(/^submissions\/\d{5}$/.test(name), `${name} is no file of a bundle`);
        demand(i === 0 || name > submissions[i - 1]!, `${name} is out of order`);
    });
    const after = FIXED_AFTER.filter((n) => OF_YEAR.includes(n) ? names.includes("year") : ![...OF_LOG, ...OPTIONAL].includes(n) || names.includes(n));
    const wanted = [...FIXED_BEFORE, ...submissions, ...after];
    demand(names.length === wanted.length && names.every((n, i) => n === wanted[i]), "the files are not those of version 1");
}

export function readArchive(data: Uint8Array): File[] {
    const files: File[] = [];
    let at = 0;
    demand(data.length >= 2 * BLOCK && data.length % BLOCK === 0, "the archive is cut");
    while (data[at] !== 0) {
        demand(at + BLOCK <= data.length && files.length < 10025, "the archive is cut, or has too many files");
        const block = data.subarray(at, at + BLOCK);
        const name = readName(block);
        const digits = String.fromCharCode(...block.subarray(124, 135));
        demand(/^[0-7]{11}$/.test(digits), `${name}: the size`);
        const size = parseInt(digits, 8);
        demand(isSame(block, header(name, size)), `${name}: the header is not in canonical form`);
        at += BLOCK;
        demand(at + size <= data.length, `${name}: the archive is cut`);
        const padded = Math.ceil(size / BLOCK) * BLOCK;
        demand(at + padded <= data.length && isAllZero(data.subarray(at + size, at + padded)), `${name}: the padding is not zero`);
        files.push({ name, data: data.subarray(at, at + size) });
        at += padded;
    }
    demand(data.length - at === 2 * BLOCK && isAllZero(data.subarray(at)), "the archive's end");
    demandOrder(files.map((f) => f.name));
    demand(isSame(files[0]!.data, ascii("skarva bundle 1\n")), "the bundle's version is not 1");
    return files;
}

export interface Release {
    taskId: Uint8Array;
    number: number;
    previous: Uint8Array;
    files: { name: string; length: bigint; hash: Uint8Array }[];
    /** What is signed. */
    body: Uint8Array;
    publisher: Uint8Array;
    second: Uint8Array;
}

export function readRelease(data: Uint8Array): Release {
    const r = new Reader(data);
    demand(r.u8() === 1, "the release's version is not 1");
    const [taskId, number, previous] = [r.bytes(32), r.u32(), r.bytes(32)];
    demand(number >= 1 && (number === 1) === isAllZero(previous), "the release's place among the releases");
    const n = r.u32();
    demand(n <= 10025, "too many files");
    const files = Array.from({ length: n }, () => ({
        name: String.fromCharCode(...r.opaque8()), length: r.u64(), hash: r.bytes(32),
    }));
    const body = data.subarray(0, r.at);
    const [publisher, second] = [r.bytes(64), r.bytes(64)];
    r.end();
    return { taskId, number, previous, files, body, publisher, second };
}

/** The first file that the release does not list as it is, or null. */
export function findUnlisted(release: Release, files: File[]): string | null {
    const wanted = files.slice(0, -1);
    for (let i = 0; i < wanted.length; i++) {
        const [file, listed] = [wanted[i]!, release.files[i]];
        if (listed === undefined || listed.name !== file.name || listed.length !== BigInt(file.data.length)) return file.name;
        if (!isSame(listed.hash, sha256(file.data))) return file.name;
    }
    return release.files.length > wanted.length ? release.files[wanted.length]!.name : null;
}

export interface Entry {
    contributor: number;
    number: bigint;
    reportId: Uint8Array;
    hash: Uint8Array;
    length: bigint;
}
export interface Accepted {
    taskId: Uint8Array;
    parametersHash: Uint8Array;
    closeSerial: bigint;
    entries: Entry[];
    /** The last entry of each contributor. */
    counted: Entry[];
    hash: Uint8Array;
    leader: Uint8Array;
    helper: Uint8Array;
}

export function readAccepted(signed: Uint8Array): Accepted {
    const outer = new Reader(signed);
    const data = outer.opaque32(signed.length);
    const [leader, helper] = [outer.bytes(64), outer.bytes(64)];
    outer.end();
    const r = new Reader(data);
    demand(r.u8() === 1, "the list's version is not 1");
    const [taskId, parametersHash] = [r.bytes(32), r.bytes(32)];
    const closeSerial = r.u64();
    const n = r.u32();
    demand(n >= 1, "the list is empty");
    demand(n <= 1000000 && r.left === 68 * n, "the list's length");
    const entries: Entry[] = [];
    for (let i = 0; i < n; i++) {
        const e: Entry = { contributor: r.u32(), number: r.u64(), reportId: r.bytes(16), hash: r.bytes(32), length: r.u64() };
        const before = entries[i - 1];
        demand(before === undefined || e.contributor > before.contributor
            || (e.contributor === before.contributor && e.number > before.number), "the list is out of order");
        demand(e.number >= 1n && e.contributor < 10000, "a number or contributor is out of range");
        entries.push(e);
    }
    r.end();
    const counted = entries.filter((e, i) => entries[i + 1]?.contributor !== e.contributor);
    return { taskId, parametersHash, closeSerial, entries, counted, hash: h256("skarva-1 sign accepted", data), leader, helper };
}

export function hasDoubleReport(list: Accepted): boolean {
    return new Set(list.entries.map((e) => toHex(e.reportId))).size !== list.entries.length;
}

export interface Opening {
    figure: number;
    /** Leader's, helper's. */
    sides: { x: Uint8Array; r: Uint8Array; path: Uint8Array[] }[];
}
export interface Openings {
    roots: { root: Uint8Array; signature: Uint8Array }[];
    all: Opening[];
}

export function readOpenings(data: Uint8Array): Openings {
    const r = new Reader(data);
    demand(r.u8() === 1, "the openings' version is not 1");
    const roots = [0, 1].map(() => ({ root: r.bytes(32), signature: r.bytes(64) }));
    const n = r.u32();
    const all: Opening[] = [];
    for (let i = 0; i < n; i++) {
        const figure = r.u32();
        demand(figure < FIGURES_MAX, "an opening is of no figure");
        demand(i === 0 || figure > all[i - 1]!.figure, "openings are out of order");
        const sides = [0, 1].map(() => {
            const [x, blinding, length] = [r.bytes(32), r.bytes(32), r.u8()];
            demand(length <= 64, "a path is too long");
            return { x, r: blinding, path: Array.from({ length }, () => r.bytes(32)) };
        });
        all.push({ figure, sides });
    }
    r.end();
    return { roots, all };
}

export const SMALL = 1, FEW = 2, DEPENDENT = 3, COMPLEMENT = 4, BLOCK_ = 5, MARKED = 6, KEPT = 7, WITHDRAWN = 8, SUMMED = 9;

/** Totals, from the first to the last. */
export interface Run {
    lo: bigint;
    hi: bigint;
}

/** A complement that is proven to be needed: its total is in one of its runs; `side` commits to which of two. */
export interface Needed {
    figure: number;
    runs: Run[];
    side: Uint8Array | null;
}

export const WIDTH_MAX = 256n;

export interface Suppression {
    hidden: { figure: number; reason: number }[];
    needed: Needed[];
    proof: Uint8Array;
}

function readNeeded(r: Reader, hidden: { figure: number; reason: number }[]): Needed[] {
    const [needed, reasons] = [[] as Needed[], new Map(hidden.map((h) => [h.figure, h.reason]))];
    for (let n = r.u32(), i = 0; i < n; i++) {
        const [figure, nRuns] = [r.u32(), r.u8()];
        demand(nRuns === 1 || nRuns === 2, "there are one or two runs");
        const runs = Array.from({ length: nRuns }, () => ({ lo: r.u64(), hi: r.u64() }));
        const [first, last] = [runs[0]!, runs[nRuns - 1]!];
        demand(runs.every((run) => run.lo <= run.hi) && first.lo >= 1n && last.hi < 1n << 63n, "a run's ends");
        demand(last.hi - first.lo < WIDTH_MAX && (nRuns === 1 || last.lo > first.hi + 1n), "runs too far apart, or without a gap");
        demand(i === 0 || figure > needed[i - 1]!.figure, "needed figures are out of order");
        demand(reasons.get(figure) === COMPLEMENT, "what is needed is a complement");
        needed.push({ figure, runs, side: nRuns === 2 ? r.bytes(32) : null });
    }
    return needed;
}

export function readSuppression(data: Uint8Array): Suppression {
    const r = new Reader(data);
    demand(r.u8() === 1, "the list's version is not 1");
    const n = r.u32();
    const hidden: { figure: number; reason: number }[] = [];
    for (let i = 0; i < n; i++) {
        const [figure, reason] = [r.u32(), r.u8()];
        demand(figure < LISTED_MAX, "a hidden figure is none");
        demand(i === 0 || figure > hidden[i - 1]!.figure, "hidden figures are out of order");
        demand(reason >= SMALL && reason <= SUMMED, "a reason is unknown");
        hidden.push({ figure, reason });
    }
    const needed = readNeeded(r, hidden);
    const proof = r.opaque32(PROOF_MAX);
    r.end();
    const isProven = needed.length > 0 || hidden.some((h) => h.reason === SMALL || h.reason === FEW || h.reason === MARKED);
    demand(isProven === proof.length > 0, "a proof without a reason for it, or the other way");
    return { hidden, needed, proof };
}

/** Shown figures of a policy that rounds, and a proof for every 256 of them. */
export interface Rounding {
    all: { figure: number; value: bigint }[];
    proofs: Uint8Array[];
}

export const PORTION = 256;

export function readRounding(data: Uint8Array): Rounding {
    const r = new Reader(data);
    demand(r.u8() === 1, "the rounded figures' version is not 1");
    const n = r.u32();
    demand(n * 12 <= r.left, "the rounded figures' length");
    const all: { figure: number; value: bigint }[] = [];
    for (let i = 0; i < n; i++) {
        const [figure, value] = [r.u32(), r.u64()];
        demand(i === 0 || figure > all[i - 1]!.figure, "rounded figures are out of order");
        demand(figure < FIGURES_MAX && value <= 1n << 63n, "a rounded figure is none, or too large");
        all.push({ figure, value });
    }
    const proofs = Array.from({ length: Math.ceil(n / PORTION) }, () => r.opaque32(PROOF_MAX));
    r.end();
    demand(proofs.every((p) => p.length > 0), "a proof is empty");
    return { all, proofs };
}

/** An earlier release that this one is linked with. */
export interface LinkedEntry {
    period: string;
    revision: number;
    taskId: Uint8Array;
    hash: Uint8Array;
}

export function readEarlier(data: Uint8Array): LinkedEntry[] {
    const r = new Reader(data);
    demand(r.u8() === 1, "the list's version is not 1");
    const n = r.u32();
    demand(n >= 1 && n <= 48, "the number of earlier releases");
    const all = Array.from({ length: n }, () => ({
        period: readPeriod(r), revision: r.u32(), taskId: r.bytes(32), hash: r.bytes(32),
    }));
    r.end();
    return all;
}

/** The openings of a roll-up; they have no paths. */
export function readYear(data: Uint8Array): Opening[] {
    const r = new Reader(data);
    demand(r.u8() === 1, "the version of the year's openings is not 1");
    const n = r.u32();
    demand(n <= FIGURES_MAX, "too many openings");
    demand(132 * n === r.left, "the length of the year's openings");
    const all = Array.from({ length: n }, () => ({
        figure: r.u32(), sides: [0, 1].map(() => ({ x: r.bytes(32), r: r.bytes(32), path: [] })),
    }));
    r.end();
    all.forEach((o, i) => demand(i === 0 || o.figure > all[i - 1]!.figure, "the year's openings are out of order"));
    return all;
}

export interface Certificate {
    variables: { low: number; high: number }[];
    tables: bigint[][];
}

export function readCertificate(data: Uint8Array): Certificate {
    const r = new Reader(data);
    demand(r.u8() === 1, "the certificate's version is not 1");
    const [nVariables, nTables] = [r.u32(), r.u32()];
    demand(nVariables * nTables <= 16777216 && (nTables === 0) === (nVariables === 0), "the certificate's size");
    demand(r.left === 8 * nVariables + 8 * nVariables * nTables, "the certificate's length");
    const variables = Array.from({ length: nVariables }, () => {
        const v = { low: r.u32(), high: r.u32() };
        demand((v.low < nTables && v.high < nTables) || (v.low === 0xffffffff && v.high === 0xffffffff), "a table is not there");
        return v;
    });
    const tables = Array.from({ length: nTables }, () => Array.from({ length: nVariables }, () => r.u64()));
    r.end();
    return { variables, tables };
}
