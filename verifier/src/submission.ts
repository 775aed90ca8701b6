// SPDX-License-Identifier: EUPL-1.2
// submission.ts - submissions: their form, their commitments, their proofs, many at once (docs/protocol.md, section 11).
import { concat, demand, Reader, refuse } from "./bytes";
import { type Generators, generatorsFor } from "./generators";
import { addPoint, decodePoint, encodePoint, POINT, setIdentity } from "./group";
import { type Limbs } from "./limbs";
import { type Task } from "./parameters";
import { Batch } from "./proof";
import { mod } from "./scalar";
import { startTranscript } from "./transcript";

export interface Submission {
    /** By the file's name. */
    contributor: number;
    reportId: Uint8Array;
    /** The public share. */
    share: Uint8Array;
    number: bigint;
    V: [Uint8Array, Uint8Array];
    proof: Uint8Array;
    signature: Uint8Array;
    signedBytes: Uint8Array;
}

export function nAtoms(task: Task): number {
    return Math.max(...task.atoms) + 1;
}

export function shareLength(task: Task): number {
    return 12 + 64 * task.nCells + task.shape.proofLength + 64;
}

export function readSubmission(name: string, data: Uint8Array, task: Task): Submission {
    const contributor = Number(name.slice(-5));
    const reportId = data.subarray(0, 16);
    const share = data.subarray(16);
    demand(share.length === shareLength(task), "another length than the parameters give");
    const r = new Reader(share);
    demand(r.u32() === contributor, "of another contributor than its file's name");
    const number = r.u64();
    demand(number >= 1n, "its number is 0");
    const V: [Uint8Array, Uint8Array] = [r.bytes(32 * task.nCells), r.bytes(32 * task.nCells)];
    const proof = r.bytes(task.shape.proofLength);
    const signedBytes = share.subarray(0, r.at);
    const signature = r.bytes(64);
    r.end();
    return { contributor, reportId, share, number, V, proof, signature, signedBytes };
}

/** Decode n points; null if one is not canonical. */
export function decodeRow(bytes: Uint8Array): Limbs | null {
    const n = bytes.length / 32;
    const out = new Float64Array(POINT * n);
    for (let i = 0; i < n; i++) if (!decodePoint(out, i * POINT, bytes, 32 * i)) return null;
    return out;
}

export function encodeRow(row: Limbs): Uint8Array {
    return concat(...Array.from({ length: row.length / POINT }, (_, i) => encodePoint(row, i * POINT)));
}

export interface Job {
    submission: Submission;
    /** In a correction: V1 + V2 of the contributor's submission before; null if it had none. */
    earlier: [Uint8Array, Uint8Array] | null;
}
export interface Outcome {
    badProofs: { contributor: number; why: string }[];
    badCommitments: number[];
    /** For each atom, each cell: leader's V1, helper's V2, added up. */
    sums: [Limbs, Limbs];
}

interface Decoded {
    job: Job;
    /** V1 + V2 */
    V: Limbs;
    E: Limbs | null;
    encodedE: Uint8Array | null;
}

export class SubmissionVerifier {
    private generators: Generators;
    private sums: [Limbs, Limbs];
    private outcome: Outcome;
    private nCounts: number;

    constructor(private readonly task: Task) {
        this.generators = generatorsFor(task.shape.n);
        const n = nAtoms(task) + 1; // the last is for those who are not on the roster
        this.nCounts = task.layout.cells.length;
        this.sums = [0, 1].map(() => {
            const sum = new Float64Array(POINT * n * task.nCells);
            for (let i = 0; i < sum.length; i += POINT) setIdentity(sum, i);
            return sum;
        }) as [Limbs, Limbs];
        this.outcome = { badProofs: [], badCommitments: [], sums: this.sums };
    }

    /** Verify all; `onProgress` is told of each. */
    verify(jobs: Job[], portion: number, onProgress: () => void): Outcome {
        for (let i = 0; i < jobs.length; i += portion) {
            const decoded: Decoded[] = [];
            for (const job of jobs.slice(i, i + portion)) {
                const one = this.decode(job);
                if (one !== null) decoded.push(one);
                onProgress();
            }
            this.judge(decoded);
        }
        this.outcome.badProofs.sort((a, b) => a.contributor - b.contributor);
        return this.outcome;
    }

    private decode(job: Job): Decoded | null {
        const { contributor, V } = job.submission;
        const rows = V.map(decodeRow);
        const [V1, V2] = rows;
        const at = (this.task.atoms[contributor] ?? nAtoms(this.task)) * this.task.nCells * POINT;
        if (!V1 || !V2) {
            this.addFlag(V, at);
            this.outcome.badCommitments.push(contributor);
            this.outcome.badProofs.push({ contributor, why: "a commitment is not canonical" });
            return null;
        }
        for (let i = 0; i < V1.length; i += POINT) {
            addPoint(this.sums[0], at + i, V1, i);
            addPoint(this.sums[1], at + i, V2, i);
        }
        addRows(V1, V2);
        let [E, encodedE]: [Limbs | null, Uint8Array | null] = [null, null];
        if (this.task.previous !== null) {
            E = this.earlierRow(job);
            encodedE = encodeRow(E);
        }
        return { job, V: V1, E, encodedE };
    }

    /** In a correction the flags are opened by themselves, so they count also where another commitment is none. */
    private addFlag(V: Uint8Array[], at: number): void {
        const last = this.task.nCells - 1;
        if (this.task.previous === null) return;
        V.forEach((row, side) => {
            const flag = decodeRow(row.subarray(32 * last, 32 * last + 32));
            if (flag) addPoint(this.sums[side]!, at + last * POINT, flag, 0);
        });
    }

    private earlierRow(job: Job): Limbs {
        if (job.earlier === null) {
            const row = new Float64Array(POINT * this.nCounts);
            for (let i = 0; i < row.length; i += POINT) setIdentity(row, i);
            return row;
        }
        const [E1, E2] = job.earlier.map((e) => decodeRow(e.subarray(0, 32 * this.nCounts)));
        if (!E1 || !E2) refuse("an earlier commitment is not canonical");
        addRows(E1, E2);
        return E1;
    }

    /** One batch; if it fails, halves, down to the bad ones. */
    private judge(range: Decoded[]): void {
        if (range.length === 0) return;
        const batch = new Batch(this.generators);
        const good: Decoded[] = [];
        for (const one of range) {
            try {
                this.addProof(batch, one);
                good.push(one);
            } catch (error) {
                this.outcome.badProofs.push({ contributor: one.job.submission.contributor, why: (error as Error).message });
            }
        }
        if (good.length === 0 || batch.check()) return;
        if (good.length === 1) {
            this.outcome.badProofs.push({ contributor: good[0]!.job.submission.contributor, why: "the proof does not hold" });
            return;
        }
        const middle = good.length >> 1;
        this.judge(good.slice(0, middle));
        this.judge(good.slice(middle));
    }

    private addProof(batch: Batch, one: Decoded): void {
        const { task } = this;
        const { submission } = one.job;
        const transcript = startTranscript(task.context, {
            kind: 1, role: 1, identity: submission.contributor, number: submission.number,
            cells: Array.from({ length: task.nCells }, (_, i) => i), rules: task.layout.rules,
        }, task.shape);
        transcript.absorb("V1", submission.V[0]);
        transcript.absorb("V2", submission.V[1]);
        if (task.previous !== null) {
            transcript.absorb("previous", task.previous.taskId);
            transcript.absorb("earlier", one.encodedE!);
        }
        batch.add(submission.proof, task.shape, transcript, (factors) => this.commit(batch, factors, one));
    }

    /** Cells, then rules, then in a correction the comparisons: all of them sums of the cells' commitments. */
    private commit(batch: Batch, factors: bigint[], one: Decoded): void {
        const n = this.task.nCells;
        const cells = factors.slice(0, n);
        let next = n;
        for (const rule of this.task.layout.rules) {
            const factor = factors[next++]!;
            batch.base(factor * rule.constant);
            for (const { cell, k } of rule.terms) cells[cell]! += factor * k;
        }
        if (one.E !== null) for (let j = 0; j < this.nCounts; j++) {
            const [up, down] = [factors[next++]!, factors[next++]!];
            cells[n - 1]! += (up + down) * this.task.layout.cells[j]!.bound;
            cells[j]! += up - down;
            batch.point(mod(down - up), one.E, j * POINT);
        }
        for (let j = 0; j < n; j++) batch.point(mod(cells[j]!), one.V, j * POINT);
    }
}

function addRows(o: Limbs, p: Limbs): void {
    for (let i = 0; i < o.length; i += POINT) addPoint(o, i, p, i);
}

