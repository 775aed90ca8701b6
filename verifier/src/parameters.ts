// SPDX-License-Identifier: EUPL-1.2
// parameters.ts - roster, groups, parameters and what follows from them (docs/protocol.md, sections 9 to 11).
import { ascii, compareBytes, concat, demand, isAllZero, Reader, readCode, readText, toHex } from "./bytes";
import { type Catalogue, readCatalogue, type Text } from "./catalogue";
import { areGenerators } from "./generators";
import { h256 } from "./hash";
import { type Layout, makeLayout } from "./layout";
import { Shape, type TaskContext } from "./transcript";

export interface Contributor {
    code: string;
    name: string;
    key: Uint8Array;
}
export interface Group {
    code: string;
    label: Text;
    members: number[];
}
export interface Policy {
    minContributors: number;
    threshold: bigint;
    showZero: boolean;
    protection: bigint;
    /** The base; 0 if figures are exact. */
    rounding: bigint;
}
export interface Parties {
    publisher: Uint8Array;
    second: Uint8Array;
    leader: Uint8Array;
    helper: Uint8Array;
}
export interface Task {
    collection: string;
    period: string;
    revision: number;
    cadence: number;
    /** In a correction. */
    previous: { taskId: Uint8Array; acceptedHash: Uint8Array } | null;
    policy: Policy;
    /** SHA-256 of the public log's policy; zeros: there is no log. */
    logPolicy: Uint8Array;
    leaderUrl: string;
    helperUrl: string;
    keys: Parties;
    catalogue: Catalogue;
    roster: Contributor[];
    rosterBytes: Uint8Array;
    rosterHash: Uint8Array;
    groups: Group[];
    /** For each contributor, the number of its atom. */
    atoms: number[];
    layout: Layout;
    /** With the flag of a correction. */
    nCells: number;
    shape: Shape;
    parametersHash: Uint8Array;
    taskId: Uint8Array;
    context: TaskContext;
    signatures: Uint8Array[];
}

const PERIODS: RegExp[] = [/./, /^\d{4}-(0[1-9]|1[0-2])$/, /^\d{4}Q[1-4]$/, /^\d{4}T[1-3]$/, /^\d{4}H[12]$/, /^\d{4}$/];

export function readPeriod(r: Reader): string {
    const period = String.fromCharCode(...r.opaque8(15));
    const year = Number(period.slice(0, 4));
    demand(PERIODS.slice(1).some((p) => p.test(period)) && year >= 1900 && year <= 2999, "the period");
    return period;
}

export function readRoster(data: Uint8Array): Contributor[] {
    const r = new Reader(data);
    const n = r.u32();
    demand(n >= 3 && n <= 10000, "the roster has too few or too many");
    const roster: Contributor[] = [];
    for (let i = 0; i < n; i++) {
        const code = readCode(r.opaque8(32));
        const name = readText(r.opaque16(200));
        demand(name.length > 0 && name.trim() === name, "a contributor's name");
        roster.push({ code, name, key: r.bytes(32) });
    }
    r.end();
    for (let i = 1; i < n; i++)
        demand(compareBytes(ascii(roster[i - 1]!.code), ascii(roster[i]!.code)) < 0, "the roster is out of order");
    demand(new Set(roster.map((c) => toHex(c.key))).size === n, "two contributors have one key");
    return roster;
}

function readGroups(data: Uint8Array, nRoster: number, least: number): Group[] {
    const r = new Reader(data);
    const n = r.u32();
    demand(n <= 64, "too many groups");
    const groups: Group[] = [];
    for (let g = 0; g < n; g++) {
        const code = readCode(r.opaque8(32));
        const label = { sv: readText(r.opaque16(200)), en: readText(r.opaque16(200)) };
        demand(label.sv !== "" && label.en !== "", "a group's label is empty");
        const nMembers = r.u32();
        demand(nMembers >= least && nMembers < nRoster, "a group is too small or everybody");
        const members = Array.from({ length: nMembers }, () => r.u32());
        members.forEach((m, i) => demand(m < nRoster && (i === 0 || m > members[i - 1]!), "a group's members"));
        groups.push({ code, label, members });
    }
    r.end();
    demand(new Set(groups.map((g) => g.code)).size === n && groups.every((g) => g.code !== "all"), "groups' codes");
    demand(new Set(groups.map((g) => g.members.join())).size === n, "two groups have the same members");
    return groups;
}

/** Contributors in the same groups, numbered in the order of their first members. */
export function findAtoms(groups: Group[], n: number): number[] {
    const numbers = new Map<string, number>();
    const member = groups.map((g) => new Set(g.members));
    return Array.from({ length: n }, (_, i) => {
        const key = member.map((m) => (m.has(i) ? "1" : "0")).join("");
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        return numbers.get(key)!;
    });
}

function readHpke(r: Reader): Uint8Array {
    r.u8();
    demand(r.u16() === 0x20 && r.u16() === 1 && r.u16() === 1, "an HPKE suite");
    const key = r.opaque16(32);
    demand(key.length === 32, "an HPKE key");
    return key;
}

function readUrl(r: Reader): string {
    const url = String.fromCharCode(...r.opaque16(500));
    demand(/^https:\/\/[A-Za-z0-9\-._~:/[\]%]+\/$/.test(url) && url[8] !== "/", "an address");
    return url;
}

function readWindow(r: Reader): void {
    const [start, duration] = [r.u64(), r.u64()];
    demand(start % 3600n === 0n && duration % 3600n === 0n && duration > 0n, "the window");
    demand(start + duration <= 253402300800n, "the window's end");
}

function readPolicy(r: Reader): Policy {
    const minContributors = r.u32();
    const threshold = r.u64();
    demand(threshold >= 1n, "the threshold is 0");
    const showZero = r.bool();
    const protection = r.u64();
    demand(minContributors >= 3, "fewer than 3 contributors");
    const range = threshold - (showZero ? 2n : 1n);
    const least = BigInt(minContributors) - 1n;
    const most = range < least ? range : least;
    demand(protection >= 1n && protection <= (most < 1n ? 1n : most), "the protection");
    const rounding = r.u64();
    demand(rounding === 0n || (rounding >= 2n && rounding <= 1000n && rounding <= threshold), "the rounding");
    return { minContributors, threshold, showZero, protection, rounding };
}

function demandDifferent(keys: Uint8Array[]): void {
    for (const key of keys) demand(!isAllZero(key), "a key is zero");
    demand(new Set(keys.map(toHex)).size === keys.length, "two keys are the same");
}

const TWO_62 = 1n << 62n;

/** The values that a submission proves: cells, rules, and in a correction the comparisons. */
function proofBounds(layout: Layout, isCorrection: boolean): bigint[] {
    const bounds = layout.cells.map((c) => c.bound);
    const all = [...bounds];
    if (isCorrection) all.push(1n);
    all.push(...layout.rules.map((x) => x.width));
    if (isCorrection) for (const bound of bounds) {
        demand(bound <= TWO_62, "a bound is too large for a correction");
        all.push(2n * bound, 2n * bound);
    }
    return all;
}

function demandAtoms(atoms: number[], nGroups: number, least: number): void {
    if (nGroups === 0) return;
    const sizes = new Map<number, number>();
    for (const a of atoms) sizes.set(a, (sizes.get(a) ?? 0) + 1);
    for (const size of sizes.values()) demand(size >= least, "groups leave too few between them");
}

export function readTask(signed: Uint8Array): Task {
    const outer = new Reader(signed);
    const data = outer.opaque32(4 << 20);
    const signatures = [outer.bytes(64), outer.bytes(64), outer.bytes(64)];
    outer.end();
    const r = new Reader(data);
    demand(r.u8() === 1, "the parameters' version is not 1");
    const collection = readCode(r.opaque8(32));
    const period = readPeriod(r);
    const revision = r.u32();
    demand(revision <= 9999, "the revision");
    const hasPrevious = revision > 0 && r.bool();
    const previous = hasPrevious ? { taskId: r.bytes(32), acceptedHash: r.bytes(32) } : null;
    const cadence = r.u8();
    demand(cadence >= 1 && cadence <= 5 && PERIODS[cadence]!.test(period), "the cadence");
    readWindow(r);
    const policy = readPolicy(r);
    const [leaderUrl, helperUrl] = [readUrl(r), readUrl(r)];
    demand(leaderUrl !== helperUrl, "the two addresses are the same");
    const keys: Parties = { publisher: r.bytes(32), second: r.bytes(32), leader: r.bytes(32), helper: r.bytes(32) };
    const hpke = [readHpke(r), readHpke(r)];
    r.u8();
    demandDifferent([...Object.values(keys), ...hpke, r.bytes(32)]);
    const generatorsHash = r.bytes(32);
    demand(areGenerators(generatorsHash), "the generators are others");
    const logPolicy = r.bytes(32);
    const catalogueBytes = r.opaque32(1 << 20);
    const rosterBytes = r.opaque32(4 << 20);
    const groupBytes = r.opaque32(4 << 20);
    r.end();
    const catalogue = readCatalogue(catalogueBytes);
    const roster = readRoster(rosterBytes);
    demand(policy.minContributors <= roster.length, "more contributors are demanded than there are");
    const groups = readGroups(groupBytes, roster.length, policy.minContributors);
    const atoms = findAtoms(groups, roster.length);
    demandAtoms(atoms, groups.length, policy.minContributors);
    const layout = makeLayout(catalogue, cadence, roster.length);
    const parametersHash = h256("skarva-1 parameters", data);
    const taskId = h256("skarva-1 task id", parametersHash);
    const rosterHash = h256("skarva-1 roster", rosterBytes);
    const context: TaskContext = {
        taskId, parametersHash, generatorsHash, rosterHash, period, revision,
        catalogueHash: h256("skarva-1 catalogue", catalogueBytes),
        collectionHash: h256("skarva-1 collection", concat(Uint8Array.of(collection.length), ascii(collection), keys.publisher)),
    };
    return {
        collection, period, revision, cadence, previous, policy, logPolicy, leaderUrl, helperUrl, keys, catalogue, roster, rosterBytes, rosterHash, groups, atoms, layout,
        nCells: layout.cells.length + (previous === null ? 0 : 1),
        shape: new Shape(proofBounds(layout, previous !== null)),
        parametersHash, taskId, context, signatures,
    };
}


