// SPDX-License-Identifier: EUPL-1.2
// heavy.ts - what takes long, cut into parts for several workers and joined again.
import { type Evidence, type Heavy } from "./finding";
import { addPoint, POINT } from "./group";
import { readTask } from "./parameters";
import { type Job, readSubmission, SubmissionVerifier } from "./submission";

/** What a worker gets: plain bytes, so that it can be sent. They are copies, each with memory of its own: of a view all that it is a view of would be sent,
 * the whole bundle to every worker. */
export interface Part {
    parameters: Uint8Array;
    files: { name: string; data: Uint8Array }[];
    earlier: ([Uint8Array, Uint8Array] | null)[];
}

const PORTION = 64;

export function workOn(part: Part, onProgress: () => void): Heavy {
    const task = readTask(part.parameters);
    const jobs: Job[] = part.files.map(({ name, data }, i) => ({
        submission: readSubmission(name, data, task), earlier: part.earlier[i]!,
    }));
    return new SubmissionVerifier(task).verify(jobs, PORTION, onProgress);
}

/** What goes over to the worker, instead of being copied once more. */
export function transfers(part: Part): ArrayBuffer[] {
    const all = [part.parameters, ...part.files.map((f) => f.data), ...part.earlier.flatMap((both) => both ?? [])];
    return all.map((bytes) => bytes.buffer as ArrayBuffer);
}

function copyOf(bytes: Uint8Array): Uint8Array {
    return new Uint8Array(bytes); // Node's Buffer has a slice of its own, which copies nothing
}

function copyBoth(both: [Uint8Array, Uint8Array] | undefined): [Uint8Array, Uint8Array] | null {
    return both === undefined ? null : [copyOf(both[0]), copyOf(both[1])];
}

export function split(e: Evidence, n: number): Part[] {
    const files = e.files.filter((f) => f.name.startsWith("submissions/"));
    const size = Math.ceil(files.length / n);
    const parts: Part[] = [];
    for (let i = 0; i < files.length; i += size) {
        const own = files.slice(i, i + size);
        parts.push({
            parameters: copyOf(e.files.find((f) => f.name === "parameters")!.data),
            files: own.map(({ name, data }) => ({ name, data: copyOf(data) })),
            earlier: own.map((_, k) => copyBoth(e.earlier?.submissions.get(e.submissions[i + k]!.contributor)?.V)),
        });
    }
    return parts;
}

export function join(parts: Heavy[]): Heavy {
    const [first, ...others] = parts as [Heavy, ...Heavy[]];
    for (const other of others) {
        first.badProofs.push(...other.badProofs);
        first.badCommitments.push(...other.badCommitments);
        for (const side of [0, 1] as const)
            for (let i = 0; i < first.sums[side].length; i += POINT) addPoint(first.sums[side], i, other.sums[side], i);
    }
    first.badProofs.sort((a, b) => a.contributor - b.contributor);
    first.badCommitments.sort((a, b) => a - b);
    return first;
}
