// SPDX-License-Identifier: EUPL-1.2
// checks_log.ts - checks of a public log that need not know what its entries mean: checkpoint, entries, root, tiles, files.
import { demand, FormError, isSame, Reader, toHex } from "./bytes";
import { type CheckFunction, type Finding } from "./finding";
import { merkleLeaf } from "./hash";
import { entriesOf, type LogEvidence, type Placed, withBlobs } from "./log_evidence";
import { type Leaf, PARAMETERS, readLeaf, SUBMISSION, VERIFIER } from "./log_leaf";
import { inOrder } from "./log_source";
import { isMet, judgeCheckpoint } from "./note";
import { Tree } from "./tree";

const MAX_NOTE = 131072;
const WIDTH = 256;
const MAX_ENTRIES_FILE = WIDTH * (2 + 65535);

async function checkpoint(e: LogEvidence, f: Finding): Promise<void> {
    f.inputs = 1;
    const data = await e.source.read("checkpoint", MAX_NOTE);
    demand(data !== null, "the checkpoint is missing");
    e.judged = judgeCheckpoint(data, e.policy);
}

function quorum(e: LogEvidence, f: Finding): void {
    const { cosigned } = e.judged!;
    f.inputs = cosigned.size;
    f.expect(isMet(e.policy, (name) => cosigned.has(name)), "too few of the policy's witnesses cosigned it");
    f.note = [...cosigned].map(([name, time]) => `${e.policy.witnesses.get(name)!.name} (${timeText(time)})`).join(", ");
}

export function timeText(seconds: bigint): string {
    if (seconds > 253402300799n) return String(seconds);
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The name of a tile or bundle of entries, of this width (C2SP tlog-tiles). */
export function tileName(level: string, index: number, width: number): string {
    let digits = String(index % 1000).padStart(3, "0");
    for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) digits = `x${String(rest % 1000).padStart(3, "0")}/${digits}`;
    return `tile/${level}/${digits}${width === WIDTH ? "" : `.p/${width}`}`;
}

interface TileOf {
    name: string;
    from: number;
    width: number;
}

/** All tiles of a level that has so many hashes, or of so many entries. */
export function* tilesOf(level: string, n: number): Generator<TileOf> {
    for (let from = 0; from < n; from += WIDTH) {
        const width = Math.min(WIDTH, n - from);
        yield { name: tileName(level, from / WIDTH, width), from, width };
    }
}

async function entries(e: LogEvidence, f: Finding): Promise<void> {
    const size = e.judged!.checkpoint.size;
    demand(size > 0n, "the log is empty");
    demand(size <= BigInt(Number.MAX_SAFE_INTEGER), "the log is larger than can be");
    [e.leaves, e.tree] = [[], new Tree()];
    const files = inOrder(tilesOf("entries", Number(size)), (t) => e.source.read(t.name, MAX_ENTRIES_FILE));
    for await (const [{ name, width }, data] of files) {
        demand(data !== null, `${name} is missing`);
        try {
            addEntries(e, data, width);
        } catch (error) {
            throw error instanceof FormError ? new FormError(`${name}: ${error.message}`) : error;
        }
        f.inputs += width;
    }
    const nUnknown = e.leaves.filter((l) => l === null).length;
    if (nUnknown > 0) f.note = `${nUnknown} of a type that is not known`;
}

function addEntries(e: LogEvidence, data: Uint8Array, width: number): void {
    const r = new Reader(data);
    for (let i = 0; i < width; i++) {
        const leaf = r.opaque16();
        e.leaves.push(readLeaf(leaf));
        e.tree!.push(merkleLeaf(leaf));
    }
    r.end();
}

function root(e: LogEvidence, f: Finding): void {
    f.inputs = e.leaves.length;
    f.expect(isSame(e.tree!.root(e.tree!.size), e.judged!.checkpoint.root), "the root is another");
}

async function tiles(e: LogEvidence, f: Finding): Promise<void> {
    for (let level = 0; e.tree!.count(8 * level) > 0; level++) {
        const files = inOrder(tilesOf(String(level), e.tree!.count(8 * level)), (t) => e.source.read(t.name, 32 * WIDTH + 1));
        for await (const [{ name, from, width }, data] of files) {
            if (data === null) f.fail(`${name} is missing`);
            else f.expect(isSame(data, e.tree!.row(8 * level, from, from + width)), `${name} is not what follows from the entries`);
            f.inputs++;
        }
    }
}

function earlier(e: LogEvidence, f: Finding): void {
    f.mayBeEmpty = e.earlier === null;
    if (e.earlier === null) return;
    f.inputs = 1;
    compareEarlier(e, e.earlier, "the earlier checkpoint");
}

/** The log begins with what it had at a checkpoint of its own. */
export function compareEarlier(e: LogEvidence, note: Uint8Array, name: string): void {
    const before = judgeCheckpoint(note, e.policy).checkpoint;
    demand(before.origin === e.judged!.checkpoint.origin, `${name} is of another log`);
    demand(before.size <= e.tree!.size, `the log is smaller than at ${name}`);
    demand(isSame(e.tree!.root(before.size), before.root), `the log had another root at ${name}: it has forked`);
}

/** What a bundle's entries from one number on say; nothing of those that cannot be read. */
function readFrom(data: Uint8Array, width: number, from: number): (Leaf | null)[] {
    const said: (Leaf | null)[] = [];
    try {
        const r = new Reader(data);
        const all = Array.from({ length: width }, () => r.opaque16());
        r.end();
        for (const one of all.slice(from)) {
            try {
                said.push(readLeaf(one));
            } catch (error) {
                if (!(error instanceof FormError)) throw error;
            }
        }
    } catch (error) {
        if (!(error instanceof FormError)) throw error;
    }
    return said;
}

/** A file, if there is one; of no bytes if it is longer than it may be. */
async function readAny(e: LogEvidence, name: string): Promise<Uint8Array | null> {
    try {
        return await e.source.read(name, MAX_ENTRIES_FILE);
    } catch (error) {
        if (error instanceof FormError) return new Uint8Array(0);
        throw error;
    }
}

/** What stands in bundles beyond the checkpoint, which a log that grows has before the next one. */
async function laterLeaves(e: LogEvidence): Promise<(Leaf | null)[]> {
    const said: (Leaf | null)[] = [];
    let from = e.leaves.length % WIDTH;
    for (let index = Math.floor(e.leaves.length / WIDTH); ; index++, from = 0) {
        let width = WIDTH;
        let data: Uint8Array | null = null;
        while (width > from) {
            data = await readAny(e, tileName("entries", index, width));
            if (data !== null) break;
            width--;
        }
        if (data === null) return said;
        said.push(...readFrom(data, width, from));
    }
}

async function blobs(e: LogEvidence, f: Finding): Promise<void> {
    const all: Placed[] = [];
    for (let type = PARAMETERS; type <= VERIFIER; type++) all.push(...entriesOf(e, type));
    all.sort((a, b) => a.at - b.at);
    f.inputs = all.length;
    await withBlobs(e, f, all, () => {});
    f.mayBeEmpty = true;
    const names = e.source.list("blob");
    if (names === null || e.leaves.includes(null)) return; // an entry of a type that is not known may name any file
    const named = new Set(e.leaves.map((l) => toHex(l!.hash)));
    for (const leaf of await laterLeaves(e)) {
        if (leaf === null) return;
        named.add(toHex(leaf.hash));
    }
    for (const name of names.sort()) f.expect(named.has(name), `blob/${name}: no entry names it`);
}

/** Of periods that are closed, what is counted has its file. */
export async function countedFiles(e: LogEvidence, f: Finding): Promise<void> {
    const counted: Placed[] = [];
    for (const { listed } of e.closed.values())
        listed.forEach((one, i) => {
            if (listed[i + 1]?.contributor !== one.contributor) counted.push({ at: Number(one.index), leaf: e.leaves[Number(one.index)] as Leaf });
        });
    f.inputs += counted.filter(({ leaf }) => leaf.type === SUBMISSION).length;
    await withBlobs(e, f, counted, () => {});
}

export const LOG_FILE_CHECKS: Record<string, CheckFunction<LogEvidence>> = {
    "log-checkpoint": checkpoint, "log-quorum": quorum, "log-entries": entries, "log-root": root, "log-tiles": tiles, "log-earlier": earlier,
    "log-blobs": blobs,
};
