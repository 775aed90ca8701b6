// SPDX-License-Identifier: EUPL-1.2
// log_evidence.ts - what the checks of a whole public log find out, and what they share (docs/audit.md, "A public log").
import { demand, FormError, isSame } from "./bytes";
import { type Finding } from "./finding";
import { sha256 } from "./hash";
import { type CloseRecord, type Leaf, TYPE_NAMES } from "./log_leaf";
import { inOrder, type LogSource } from "./log_source";
import { type Judged, type Policy } from "./note";
import { type Parties, type Task } from "./parameters";
import { type Tree } from "./tree";

/** What earlier checks found out; a field is there if the check that fills it has passed. */
export interface LogEvidence {
    source: LogSource;
    policy: Policy;
    trust: Parties | null;
    bundle: Uint8Array | null;
    /** A checkpoint that the log is to continue. */
    earlier: Uint8Array | null;
    judged: Judged | null;
    /** Null for an entry of a type that is not known. */
    leaves: (Leaf | null)[];
    tree: Tree | null;
    /** By the task's identifier in hexadecimal. */
    tasks: Map<string, { task: Task; signed: Uint8Array }>;
    /** The last close of each task that is closed. */
    closed: Map<string, CloseRecord>;
    /** By the entry of a release: the SHA-256 of the bundle that it names as the one before. */
    previousOf: Map<number, Uint8Array>;
}

export interface Placed {
    at: number;
    leaf: Leaf;
}

/** The known entries of these types, in order. */
export function* entriesOf(e: LogEvidence, ...types: number[]): Generator<Placed> {
    for (let at = 0; at < e.leaves.length; at++) {
        const leaf = e.leaves[at];
        if (leaf !== null && leaf !== undefined && types.includes(leaf.type)) yield { at, leaf };
    }
}

const MOST_BLOB = 1n << 28n;

/** The file of an entry; refuses one that is missing, or not of its length and hash. */
export async function blobOf(e: LogEvidence, leaf: Leaf): Promise<Uint8Array> {
    const most = leaf.length < MOST_BLOB ? Number(leaf.length) : 0;
    const data = await e.source.read(`blob/${Array.from(leaf.hash, (b) => b.toString(16).padStart(2, "0")).join("")}`, most);
    demand(data !== null, "the file is missing");
    demand(BigInt(data.length) === leaf.length && isSame(sha256(data), leaf.hash), "the file is not the one that the entry names");
    return data;
}

/** Look at the file of each of these entries; what `look` refuses is a fault of the entry. Files that are to be had later are fetched meanwhile. */
export async function withBlobs(e: LogEvidence, f: Finding, all: Iterable<Placed>, look: (data: Uint8Array, placed: Placed) => void): Promise<void> {
    const fetched = (placed: Placed) => blobOf(e, placed.leaf).catch((error: Error) => {
        if (error instanceof FormError) return error;
        throw error;
    });
    for await (const [placed, data] of inOrder(all, fetched))
        ofEntry(f, placed, () => {
            if (data instanceof FormError) throw data;
            look(data, placed);
        });
}

/** What this refuses is a fault of the entry. */
export function ofEntry(f: Finding, { at, leaf }: Placed, look: () => void): void {
    try {
        look();
    } catch (error) {
        if (!(error instanceof FormError)) throw error;
        f.fail(`entry ${at} (${TYPE_NAMES[leaf.type]!}, ${leaf.period}): ${error.message}`);
    }
}
