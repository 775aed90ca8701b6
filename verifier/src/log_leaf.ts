// SPDX-License-Identifier: EUPL-1.2
// log_leaf.ts - entries of a public log, and the records that they name (docs/log.md, "Entries"; docs/protocol.md, section 15).
import { concat, demand, isSame, Reader, toHex } from "./bytes";
import { isSigned } from "./hash";
import { type Parties } from "./parameters";

export const SUBMISSION = 1, PARAMETERS = 2, ROSTER = 3, OPEN = 4, CLOSE = 5, REOPEN = 6, COLLECT = 7, CHANGES = 8, RELEASE = 9, VERIFIER = 10;

export const TYPE_NAMES = ["", "submission", "parameters", "roster", "open", "close", "reopen", "collect", "changes", "release", "verifier"];

const NOBODY = 0xffffffff;
const NUMBERED = [SUBMISSION, OPEN, CLOSE, REOPEN, COLLECT, RELEASE];

/** The kind of the command that an entry of this type has, or whose record it is. */
export const COMMAND_KIND: Record<number, number> = { [OPEN]: 1, [CLOSE]: 2, [REOPEN]: 3, [COLLECT]: 4 };

export interface Leaf {
    type: number;
    taskId: Uint8Array;
    /** Of taskId, to look things up. */
    task: string;
    period: string;
    revision: number;
    contributor: number;
    number: bigint;
    hash: Uint8Array;
    length: bigint;
    /** A submission alone: what both aggregators sign, and their signatures. */
    submission: null | { entry: Uint8Array; reportId: Uint8Array; leader: Uint8Array; helper: Uint8Array };
}

/** That it is a period follows from the parameters alone. */
function readPeriod(data: Uint8Array): string {
    const period = String.fromCharCode(...data);
    demand(/^[A-Z0-9-]+$/.test(period), "an entry's period");
    return period;
}

/** Null for one of a type that is not known. */
export function readLeaf(data: Uint8Array): Leaf | null {
    const r = new Reader(data);
    const type = r.u8();
    if (type < SUBMISSION || type > VERIFIER) return null;
    const taskId = r.bytes(32);
    const leaf: Leaf = {
        type, taskId, task: toHex(taskId), period: readPeriod(r.opaque8(15)), revision: r.u32(), contributor: r.u32(), number: r.u64(),
        hash: r.bytes(32), length: r.u64(), submission: null,
    };
    const entry = data.subarray(0, r.at);
    if (type === SUBMISSION) leaf.submission = { entry, reportId: r.bytes(16), leader: r.bytes(64), helper: r.bytes(64) };
    r.end();
    demand((leaf.contributor === NOBODY) === (type !== SUBMISSION), "an entry's contributor");
    demand((leaf.number > 0n) === NUMBERED.includes(type), "an entry's number");
    demand(type !== VERIFIER || (taskId.every((b) => b === 0) && leaf.period === "-" && leaf.revision === 0), "a verifier of a task");
    return leaf;
}

/** A command of this kind, for this entry, by this publisher; refuses every other. */
export function demandCommand(data: Uint8Array, leaf: Leaf, publisher: Uint8Array): void {
    const r = new Reader(data);
    const [version, kind, taskId, serial] = [r.u8(), r.u8(), r.bytes(32), r.u64()];
    const body = data.subarray(0, r.at);
    const signature = r.bytes(64);
    r.end();
    demand(version === 1 && kind === COMMAND_KIND[leaf.type] && isSame(taskId, leaf.taskId), "a command of another kind or task");
    demand(serial === leaf.number, "a command of another serial");
    demand(isSigned("skarva-1 sign control", body, signature, publisher), "the publisher did not sign the command");
}

/** From a stage, by an entry of a type, to the next: docs/audit.md, "A public log". */
const NEXT: Record<string, Record<number, string>> = {
    new: { [ROSTER]: "new", [PARAMETERS]: "ready" }, ready: { [OPEN]: "open" }, open: { [SUBMISSION]: "open", [CLOSE]: "closed" },
    closed: { [REOPEN]: "open", [COLLECT]: "collected" }, collected: { [CHANGES]: "changed", [RELEASE]: "released" },
    changed: { [RELEASE]: "released" }, released: {},
};

/** The stage of a task behind an entry of this type; refuses one that has no place there. */
export function afterEntry(stage: string, type: number): string {
    const next = NEXT[stage]![type];
    demand(next !== undefined, `${TYPE_NAMES[type]!} has no place there, the task is ${stage}`);
    return next;
}

export interface Listed {
    index: bigint;
    contributor: number;
    number: bigint;
    hash: Uint8Array;
    length: bigint;
}

export interface CloseRecord {
    command: Uint8Array;
    parametersHash: Uint8Array;
    logSize: bigint;
    root: Uint8Array;
    listed: Listed[];
}

/** A close record that leader and helper signed; refuses every other. */
export function readClose(data: Uint8Array, keys: Parties): CloseRecord {
    const r = new Reader(data);
    demand(r.u8() === 1, "the close record's version is not 1");
    const [command, parametersHash, logSize, root, n] = [r.bytes(106), r.bytes(32), r.u64(), r.bytes(32), r.u32()];
    demand(r.left === 60 * n + 128, "the close record's length");
    const listed: Listed[] = [];
    for (let i = 0; i < n; i++) {
        const one: Listed = { index: r.u64(), contributor: r.u32(), number: r.u64(), hash: r.bytes(32), length: r.u64() };
        const before = listed[i - 1];
        demand(before === undefined || one.contributor > before.contributor
            || (one.contributor === before.contributor && one.number > before.number), "the close record is out of order");
        demand(one.number >= 1n && one.index < logSize, "the close record has a number or place that cannot be");
        listed.push(one);
    }
    const body = data.subarray(0, r.at);
    for (const who of ["leader", "helper"] as const)
        demand(isSigned("skarva-1 sign close", body, r.bytes(64), keys[who]), `the ${who} did not sign the close record`);
    r.end();
    return { command, parametersHash, logSize, root, listed };
}

/** Refuses a record that does not list exactly these: the task's submissions before it, by their places. */
export function demandListed(record: CloseRecord, own: Map<bigint, Leaf>): void {
    demand(record.listed.length === own.size, `it lists ${record.listed.length} submissions, the log has ${own.size}`);
    for (const one of record.listed) {
        const leaf = own.get(one.index);
        demand(leaf !== undefined && one.contributor === leaf.contributor && one.number === leaf.number
            && isSame(one.hash, leaf.hash) && one.length === leaf.length, `it lists another submission at ${one.index} than the log has`);
    }
}

/** Both changes of a task's correction, signed; refuses every other. */
export function demandChanges(data: Uint8Array, taskId: Uint8Array, keys: Parties): void {
    const both = new Reader(data);
    for (const [role, who] of [[2, "leader"], [3, "helper"]] as const) {
        const one = both.opaque32(data.length);
        const r = new Reader(one);
        const head = r.bytes(34);
        demand(isSame(head, concat(Uint8Array.of(1), taskId, Uint8Array.of(role))), `the ${who}'s changes are of another task or role`);
        r.bytes(32);
        r.bytes(64 * r.u32());
        const body = one.subarray(0, r.at);
        demand(isSigned("skarva-1 sign changes", body, r.bytes(64), keys[who]), `the ${who} did not sign the changes`);
        r.end();
    }
    both.end();
}
